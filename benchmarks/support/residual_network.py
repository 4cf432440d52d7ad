"""Residual networks to layer3 in plain PyTorch with torchvision's module names, and a reader of safetensors files."""
import json
import struct

import numpy as np
import torch
from torch import nn


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, values = json.loads(file.read(length)), file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            tensors[name] = torch.from_numpy(np.frombuffer(values[start:end], "<f4").copy().reshape(entry["shape"]))
    return tensors


def normalized(channels, output, kernel, stride=1):
    return nn.Conv2d(channels, output, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(output)


class Block(nn.Module):
    """Basic, or with a bottleneck of `inner` times the width."""

    def __init__(self, channels, width, stride, inner):
        super().__init__()
        output = width * 4 if inner else width
        if inner:
            self.conv1, self.bn1 = normalized(channels, width * inner, 1)
            self.conv2, self.bn2 = normalized(width * inner, width * inner, 3, stride)
            self.conv3, self.bn3 = normalized(width * inner, output, 1)
        else:
            self.conv1, self.bn1 = normalized(channels, width, 3, stride)
            self.conv2, self.bn2 = normalized(width, width, 3)
        self.inner = inner
        self.downsample = None if stride == 1 and channels == output else nn.Sequential(*normalized(channels, output, 1, stride))
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        if self.inner:
            y = self.bn3(self.conv3(self.relu(y)))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class Residual(nn.Module):
    def __init__(self, blocks, inner):
        super().__init__()
        self.conv1, self.bn1 = normalized(3, 64, 7, 2)
        self.relu, self.maxpool = nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        channels = 64
        for index, count in enumerate(blocks):
            layer = []
            for number in range(count):
                layer.append(Block(channels, 64 * 2**index, 2 if index > 0 and number == 0 else 1, inner))
                channels = 64 * 2**index * (4 if inner else 1)
            setattr(self, f"layer{index + 1}", nn.Sequential(*layer))

    def forward(self, x):
        one = self.layer1(self.maxpool(self.relu(self.bn1(self.conv1(x)))))
        two = self.layer2(one)
        return one, two, self.layer3(two)


def load(blocks, inner, weights):
    net = Residual(blocks, inner)
    state = {**net.state_dict(), **read_safetensors(weights)}
    net.load_state_dict(state)
    return net
