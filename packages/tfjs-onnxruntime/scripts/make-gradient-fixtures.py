"""Writes test/fixtures/gradients.json: results and gradients of single functions in PyTorch, computed in float64 from inputs rounded to float32.

Inputs come from a linear congruential generator that the test repeats; the loss is the sum of the result times numbers drawn from seed 900. Of each array its norm is stored,
and about 40 elements, evenly spaced. Layouts are PyTorch's.
Run: python3 make-gradient-fixtures.py   (needs torch; CPU is enough)
"""
import json
import pathlib

import torch
import torch.nn.functional as F

KEPT = 40


def uniform(seed, shape, scale, offset):
    """Numbers in [-scale, scale) + offset: x <- 1664525 x + 1013904223 mod 2^32 (Numerical Recipes), rounded to float32 before and after the offset is added."""
    count = 1
    for extent in shape:
        count *= extent
    state, values = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values.append((state / 2**31 - 1) * scale)
    return (torch.tensor(values, dtype=torch.float64).to(torch.float32) + offset).to(torch.float64).reshape(shape)


def summary(values):
    flat = values.detach().reshape(-1)
    step = -(-flat.numel() // KEPT)
    return {"shape": list(values.shape), "norm": flat.norm().item(), "values": [float(f"{value:.9g}") for value in flat[::step].tolist()]}


def grid(mode, aligned):
    return lambda x, g: F.grid_sample(x, g, mode="bilinear", padding_mode=mode, align_corners=aligned)


def affine(aligned):
    return lambda x, t: F.grid_sample(x, F.affine_grid(t, (2, 3, 4, 6), align_corners=aligned), mode="bilinear", align_corners=aligned)


X, TALL, WIDE = (2, 3, 7, 6), (2, 8, 6, 7), (2, 9, 5, 30)
LARGE = (2, 4, 24, 25)
# Inputs as (shape, scale) or (shape, scale, offset); seeds are 1, 2, 3...
CASES = {
    "conv2d": ([(X, 1), ((4, 3, 3, 3), 1)], lambda x, w: F.conv2d(x, w, padding=1)),
    "conv2dStrided": ([(TALL, 1), ((4, 8, 3, 3), 1)], lambda x, w: F.conv2d(x, w, stride=2, padding=1)),
    "conv2dFewChannelsStrided": ([(X, 1), ((4, 3, 3, 3), 1)], lambda x, w: F.conv2d(x, w, stride=2, padding=1)),
    "conv2dPointwiseStrided": ([(TALL, 1), ((4, 8, 1, 1), 1)], lambda x, w: F.conv2d(x, w, stride=2)),
    "conv2dDilated": ([(TALL, 1), ((4, 8, 3, 3), 1)], lambda x, w: F.conv2d(x, w, padding=2, dilation=2)),
    "conv2dLargeKernel": ([((2, 3, 12, 11), 1), ((4, 3, 7, 7), 1)], lambda x, w: F.conv2d(x, w, stride=2, padding=3)),
    "conv2dWide": ([(WIDE, 1), ((4, 9, 3, 3), 1)], lambda x, w: F.conv2d(x, w, padding=1)),
    "conv2dWideUnpadded": ([(WIDE, 1), ((4, 9, 2, 3), 1)], lambda x, w: F.conv2d(x, w)),
    "conv2dWideDilated": ([(WIDE, 1), ((4, 9, 3, 3), 1)], lambda x, w: F.conv2d(x, w, padding=(1, 2), dilation=(1, 2))),
    "conv2dWideStrided": ([((2, 8, 9, 54), 1), ((5, 8, 3, 3), 1)], lambda x, w: F.conv2d(x, w, stride=2, padding=1)),
    "conv2dWideStridedThrice": ([((1, 8, 9, 80), 1), ((5, 8, 3, 5), 1)], lambda x, w: F.conv2d(x, w, stride=(1, 3), padding=(1, 2))),
    "conv2dGrouped": ([(TALL, 1), ((6, 4, 3, 3), 1)], lambda x, w: F.conv2d(x, w, padding=1, groups=2)),
    "conv2dGroupedStrided": ([(TALL, 1), ((6, 4, 3, 3), 1)], lambda x, w: F.conv2d(x, w, stride=2, padding=1, groups=2)),
    "conv2dGroupedDilatedStrided": ([(TALL, 1), ((6, 4, 3, 3), 1)], lambda x, w: F.conv2d(x, w, stride=2, padding=2, dilation=2, groups=2)),
    "depthwiseConv2d": ([(TALL, 1), ((8, 1, 3, 3), 1)], lambda x, w: F.conv2d(x, w, padding=1, groups=8)),
    "depthwiseConv2dStrided": ([(TALL, 1), ((16, 1, 3, 3), 1)], lambda x, w: F.conv2d(x, w, stride=2, padding=1, groups=8)),
    "depthwiseConv2dDilated": ([(TALL, 1), ((8, 1, 3, 3), 1)], lambda x, w: F.conv2d(x, w, padding=2, dilation=2, groups=8)),
    "conv2dTranspose": ([((2, 4, 3, 5), 1), ((4, 3, 2, 2), 1)], lambda x, w: F.conv_transpose2d(x, w, stride=2)),
    "conv2dTransposePadded": ([((2, 4, 3, 5), 1), ((4, 3, 4, 4), 1)], lambda x, w: F.conv_transpose2d(x, w, stride=2, padding=1)),
    "maxPool": ([(X, 1)], lambda x: F.max_pool2d(x, 3, 2, 1)),
    "maxPoolApart": ([(X, 1)], lambda x: F.max_pool2d(x, 2)),
    "maxPoolOfRelu": ([(X, 1)], lambda x: F.max_pool2d(F.relu(x), 3, 2, 1)),
    "avgPool": ([(X, 1)], lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)),
    "avgPoolApart": ([(X, 1)], lambda x: F.avg_pool2d(x, 2)),
    "avgPoolDense": ([(X, 1)], lambda x: F.avg_pool2d(x, 3, 1)),
    "resizeBilinearHalfPixel": ([(X, 1)], lambda x: F.interpolate(x, (10, 13), mode="bilinear", align_corners=False)),
    "resizeBilinearHalfPixelDown": ([(X, 1)], lambda x: F.interpolate(x, (3, 4), mode="bilinear", align_corners=False)),
    "resizeBilinearAligned": ([(X, 1)], lambda x: F.interpolate(x, (10, 13), mode="bilinear", align_corners=True)),
    "resizeBilinearAlignedDown": ([(X, 1)], lambda x: F.interpolate(x, (3, 4), mode="bilinear", align_corners=True)),
    "resizeNearest": ([(X, 1)], lambda x: F.interpolate(x, (10, 13), mode="nearest")),
    "resizeNearestHalfPixel": ([(X, 1)], lambda x: F.interpolate(x, (10, 13), mode="nearest-exact")),
    **{
        f"gridSample{mode.capitalize()}{'Aligned' if aligned else ''}": ([(X, 1), ((2, 4, 5, 2), 1.3)], grid(mode, aligned))
        for mode in ("zeros", "border", "reflection")
        for aligned in (False, True)
    },
    "affineGrid": ([((2, 3, 5, 4), 1), ((2, 2, 3), 0.7)], affine(False)),
    "affineGridAligned": ([((2, 3, 5, 4), 1), ((2, 2, 3), 0.7)], affine(True)),
    "batchNormTraining": (
        [(X, 1), ((3,), 0.5, 1), ((3,), 0.5)],
        lambda x, scale, offset: F.batch_norm(x, None, None, scale, offset, training=True, eps=1e-5),
    ),
    "batchNormTrainingLarge": (
        [(LARGE, 1, 3), ((4,), 0.5, 1), ((4,), 0.5)],
        lambda x, scale, offset: F.relu(F.batch_norm(x, None, None, scale, offset, training=True, eps=1e-5)),
    ),
    "batchNorm": (
        [(X, 1), ((3,), 0.5), ((3,), 0.4, 1), ((3,), 0.5, 1), ((3,), 0.5)],
        lambda x, mean, variance, scale, offset: (x - mean[:, None, None]) / (variance[:, None, None] + 1e-3).sqrt() * scale[:, None, None]
        + offset[:, None, None],
    ),
    "layerNorm": ([((4, 10), 1), ((10,), 0.5, 1), ((10,), 0.5)], lambda x, scale, offset: F.layer_norm(x, (10,), scale, offset)),
    "groupNorm": ([(TALL, 1), ((8,), 0.5, 1), ((8,), 0.5)], lambda x, scale, offset: F.group_norm(x, 4, scale, offset)),
    "softmax": ([((4, 7), 3)], lambda x: F.softmax(x, 1)),
    "logSoftmax": ([((4, 7), 3)], lambda x: F.log_softmax(x, 1)),
    "logSumExp": ([((4, 7), 3)], lambda x: torch.logsumexp(x, 1)),
    "crossEntropy": ([((4, 7), 3)], lambda x: F.cross_entropy(x, torch.tensor([2, 0, 6, 3]), reduction="none")),
    "padReflect": ([(X, 1)], lambda x: F.pad(x, (2, 1, 3, 2), mode="reflect")),
    "padConstant": ([(X, 1)], lambda x: F.pad(x, (2, 1, 0, 2), value=0.5)),
    "gather": ([((5, 6), 1)], lambda x: x[:, torch.tensor([3, 0, 3, 5])]),
    "gatherND": ([((5, 6), 1)], lambda x: x[torch.tensor([0, 4, 0]), torch.tensor([2, 5, 2])]),
    "scatterND": ([((3, 4), 1)], lambda x: torch.zeros(5, 4, dtype=torch.float64).index_add(0, torch.tensor([1, 3, 1]), x)),
    "topk": ([((4, 9), 1)], lambda x: x.topk(3, 1).values),
    "cumsum": ([((4, 7), 1)], lambda x: x.cumsum(1)),
    "max": ([((4, 7), 1)], lambda x: x.amax(1)),
    "prod": ([((3, 4), 0.5, 1)], lambda x: x.prod(1)),
    "variance": ([((4, 7), 1)], lambda x: x.var(1, unbiased=False)),
    "matMul": ([((2, 3, 4), 1), ((2, 4, 5), 1)], torch.matmul),
    "einsum": ([((2, 3, 4), 1), ((2, 4, 5), 1)], lambda a, b: torch.einsum("bij,bjk->bki", a, b)),
    "relu": ([(X, 1)], F.relu),
    "leakyRelu": ([(X, 1)], lambda x: F.leaky_relu(x, 0.1)),
    "prelu": ([(X, 1), ((3,), 0.2, 0.25)], F.prelu),
    "elu": ([(X, 1)], F.elu),
    "selu": ([(X, 1)], F.selu),
    "gelu": ([(X, 1)], F.gelu),
    "softplus": ([(X, 1)], F.softplus),
    "sigmoid": ([(X, 3)], torch.sigmoid),
    "tanh": ([(X, 3)], torch.tanh),
    "atan": ([(X, 3)], torch.atan),
}


def measure(shapes, compute):
    inputs = [uniform(1 + index, shape, scale, *offset or [0]).requires_grad_() for index, (shape, scale, *offset) in enumerate(shapes)]
    result = compute(*inputs)
    (result * uniform(900, result.shape, 1, 0)).sum().backward()
    return {
        "inputs": [{"shape": list(shape), "scale": scale, "offset": offset[0] if offset else 0} for shape, scale, *offset in shapes],
        "result": summary(result),
        "gradients": [summary(tensor.grad) for tensor in inputs],
    }


cases = {name: measure(*case) for name, case in CASES.items()}
path = pathlib.Path(__file__).parent.parent / "test" / "fixtures" / "gradients.json"
lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
path.write_text(f'{{\n  "torch": "{torch.__version__.split("+")[0]}",\n  "cases": {{\n{lines}\n  }}\n}}\n')
