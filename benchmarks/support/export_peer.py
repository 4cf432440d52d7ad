"""WideResNet-50-2 to layer3 as an ONNX file: export_peer.py FOLDER. Reads weights.safetensors there, writes peer.onnx."""
import sys

import torch
from residual_network import load
from torch import nn


class Last(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x)[2]


folder = sys.argv[1]
net = Last(load((3, 4, 6), 2, f"{folder}/weights.safetensors")).eval()
torch.onnx.export(
    net,
    (torch.zeros(1, 3, 256, 256),),
    f"{folder}/peer.onnx",
    input_names=["images"],
    output_names=["layer3"],
    dynamic_axes={name: {0: "count"} for name in ("images", "layer3")},
    opset_version=18,
    dynamo=False,
)
print(torch.__version__)
