"""Writes test/fixtures/training-losses.json: the losses of three small networks over 20 steps in PyTorch.

Weights and data come from a linear congruential generator that the tests repeat, so that only losses are stored.
Run: python3 make-training-fixtures.py   (needs torch; CPU is enough)
"""
import json
import pathlib

import torch
import torch.nn.functional as F


def uniform(seed, shape, scale):
    """Numbers in [-scale, scale): x <- 1664525 x + 1013904223 mod 2^32 (Numerical Recipes), from the given seed."""
    count = 1
    for extent in shape:
        count *= extent
    state, values = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values.append((state / 2**31 - 1) * scale)
    return torch.tensor(values, dtype=torch.float64).to(torch.float32).reshape(shape)


def parameter(seed, shape, scale, offset=0.0):
    return (uniform(seed, shape, scale) + offset).requires_grad_()


def convolutional():
    w1, g1, b1 = parameter(1, (8, 3, 3, 3), 0.3), parameter(2, (8,), 0.1, 1), parameter(3, (8,), 0.1)
    w2, g2, b2 = parameter(4, (16, 8, 3, 3), 0.2), parameter(5, (16,), 0.1, 1), parameter(6, (16,), 0.1)
    w3, b3 = parameter(7, (4, 16), 0.3), parameter(8, (4,), 0.1)
    parameters = [w1, g1, b1, w2, g2, b2, w3, b3]

    def loss(step):
        x = uniform(100 + step, (8, 3, 16, 16), 1)
        labels = torch.arange(8) % 4
        x = F.relu(F.batch_norm(F.conv2d(x, w1, padding=1), None, None, g1, b1, training=True))
        x = F.max_pool2d(x, 3, 2, 1)
        x = F.relu(F.batch_norm(F.conv2d(x, w2, stride=2, padding=1), None, None, g2, b2, training=True))
        return F.cross_entropy(F.linear(x.mean((2, 3)), w3, b3), labels)

    return parameters, loss, torch.optim.SGD(parameters, lr=0.1, momentum=0.9, weight_decay=1e-4)


def flow():
    blocks = [
        [parameter(10 + 4 * i, (16, 4, 3, 3), 0.2), parameter(11 + 4 * i, (16,), 0.1), parameter(12 + 4 * i, (8, 16, 3, 3), 0.1), parameter(13 + 4 * i, (8,), 0.05)]
        for i in range(4)
    ]
    gain, shift = parameter(50, (8, 8, 8), 0.1, 1), parameter(51, (8, 8, 8), 0.1)
    parameters = [gain, shift] + [tensor for block in blocks for tensor in block]
    order = torch.tensor([5, 2, 7, 0, 3, 6, 1, 4])

    def loss(step):
        x = F.layer_norm(uniform(200 + step, (4, 8, 8, 8), 2), (8, 8, 8), gain, shift)
        log_determinant = torch.zeros(4)
        for w1, b1, w2, b2 in blocks:
            first, second = x[:, :4], x[:, 4:]
            hidden = F.conv2d(F.relu(F.conv2d(first, w1, b1, padding=1)), w2, b2, padding=1)
            scale = 1.9 * 0.636 * torch.atan(hidden[:, :4])
            second = second * torch.exp(scale) + hidden[:, 4:]
            log_determinant = log_determinant + scale.sum((1, 2, 3))
            x = torch.cat([first, second], 1)[:, order]
        return (0.5 * (x**2).sum((1, 2, 3)) - log_determinant).mean()

    return parameters, loss, torch.optim.Adam(parameters, lr=1e-3, weight_decay=1e-5)


def transformer():
    w1, b1 = parameter(60, (8, 3, 3, 3), 0.3), parameter(61, (8,), 0.1)
    w2, b2 = parameter(62, (6, 8 * 8 * 8), 0.02), parameter(63, (6,), 0.05)
    w3, b3 = parameter(64, (4, 3, 3, 3), 0.3), parameter(65, (4,), 0.1)
    parameters = [w1, b1, w2, b2, w3, b3]
    start = torch.tensor([0.9, 0.1, 0.05, -0.1, 0.9, -0.05])

    def loss(step):
        # Smooth images: on noise the gradient jumps from pixel to pixel, and rounding decides the course of training.
        x = F.interpolate(uniform(300 + step, (4, 3, 5, 5), 1), (16, 16), mode="bilinear", align_corners=True)
        hidden = F.relu(F.conv2d(x, w1, b1, stride=2, padding=1))
        # Flattened with the channels last, as TensorFlow.js lays images out.
        theta = F.linear(hidden.permute(0, 2, 3, 1).reshape(4, -1), w2, b2) + start
        grid = F.affine_grid(theta.reshape(4, 2, 3), (4, 3, 16, 16), align_corners=False)
        x = F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
        result = F.conv2d(x, w3, b3, padding=1)
        return ((result - uniform(400, (4, 4, 16, 16), 1)) ** 2).mean()

    return parameters, loss, torch.optim.AdamW(parameters, lr=3e-3, weight_decay=1e-2, eps=1e-2)


def train(build):
    _, loss, optimizer = build()
    losses = []
    for step in range(20):
        optimizer.zero_grad()
        value = loss(step)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses


torch.set_num_threads(1)
result = {"torch": torch.__version__.split("+")[0], "losses": {build.__name__: train(build) for build in (convolutional, flow, transformer)}}
path = pathlib.Path(__file__).parent.parent / "test" / "fixtures" / "training-losses.json"
path.write_text(json.dumps(result, indent=2) + "\n")
