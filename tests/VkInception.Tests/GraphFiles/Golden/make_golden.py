"""Makes the golden ONNX files beside this script and results.json: python3 make_golden.py (PyTorch 1.13 or later).

Small networks over the operators that importers trip over, exported by PyTorch at several operator sets, with and
without the exporter's own constant folding; the batch is left open. Element i of the input is float32(sin(0.37 i));
results are computed in float64 for a batch of 2.
"""
import json
import os

import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


class Classic(nn.Module):
    """Convolution, batch norm, pooling in every mode, concat, classifier."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(6, eps=1e-3)
        self.conv2 = nn.Conv2d(6, 8, (3, 1), padding=(1, 0), groups=2, dilation=(1, 1))
        self.fc = nn.Linear(26, 5)
        with torch.no_grad():
            self.norm.running_mean.uniform_(-1, 1)
            self.norm.running_var.uniform_(0.5, 2)
            self.norm.weight.uniform_(0.5, 2)
            self.norm.bias.uniform_(-1, 1)

    def forward(self, x):
        x = F.relu(self.norm(self.conv1(x)))
        pooled = F.max_pool2d(x, 3, 2, ceil_mode=True)
        a = F.hardtanh(self.conv2(pooled), 0, 6)
        b = F.avg_pool2d(pooled, 3, 1, 1, count_include_pad=False)
        c = F.avg_pool2d(pooled, 3, 1, 1, count_include_pad=True)
        d = F.max_pool2d(pooled, 3, 1, 1)
        y = torch.cat([a, b, c, d], 1)
        y = torch.flatten(F.adaptive_avg_pool2d(y, 1), 1)
        return F.softmax(self.fc(F.dropout(y, 0.4, self.training)), dim=1)


class Shuffle(nn.Module):
    """Shapes computed from shapes, slices, splits, transposes, padding."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 4, 3, padding=1, groups=4)

    def forward(self, x):
        x = x.view(x.size(0), 2, 2, x.size(2), -1).transpose(1, 2).contiguous().view(x.size(0), -1, x.size(2), 6)
        left, right = x.chunk(2, dim=1)
        x = torch.cat([right, F.relu(left)], 1)
        x = self.conv(x)
        x = F.pad(x[:, 1:, :, 1:-1], (1, 2, 0, 1), value=0.5)
        x = x.permute(0, 2, 3, 1).reshape(x.size(0), -1, 3)
        return x[:, 2:7].unsqueeze(1)


class Arithmetic(nn.Module):
    """Broadcasts with constants on either side, gathers of a channel, clamps, global means."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.rand(3, 1, 1) + 0.5)
        self.shift = nn.Parameter(torch.randn(1, 3, 1, 1))
        self.field = nn.Parameter(torch.randn(4, 5))
        self.squeeze = nn.Conv2d(3, 3, 1)

    def forward(self, x):
        first = torch.unsqueeze(x[:, 0], 1) * (0.229 / 0.5) + (0.485 - 0.5) / 0.5
        rest = x[:, 1:3]
        x = torch.cat([first, rest], 1)
        x = x * self.scale + self.shift
        y = 1 - x
        y = y / 3 - self.field
        gate = F.relu6(self.squeeze(x.mean([2, 3], keepdim=True)))
        y = y * gate + x
        y = torch.clamp(y, -0.75, 1.5)
        y = torch.clamp(y, min=-0.5)
        z = F.softmax(y, dim=-1)
        return (z - y).mean([2, 3])


class Products(nn.Module):
    """Matrix products in the forms that exporters write, softmax over a middle axis."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.randn(6, 4))
        self.b = nn.Parameter(torch.randn(4))
        self.fc = nn.Linear(4, 3, bias=False)
        self.mix = nn.Parameter(torch.randn(15, 7))

    def forward(self, x):
        y = torch.matmul(x, self.w) + self.b
        y = self.fc(y)
        z = F.softmax(y, dim=1)
        flat = z.flatten(1)
        return torch.addmm(flat[:, :7], flat, self.mix, beta=1, alpha=0.5)


CASES = {
    "classic": (Classic, (2, 3, 17, 15)),
    "shuffle": (Shuffle, (2, 4, 6, 6)),
    "arithmetic": (Arithmetic, (2, 3, 4, 5)),
    "products": (Products, (2, 5, 6)),
}


def main():
    results = {}
    for name, (kind, shape) in CASES.items():
        torch.manual_seed(len(name))
        model = kind().eval()
        count = 1
        for d in shape:
            count *= d
        x = torch.sin(0.37 * torch.arange(count, dtype=torch.float64)).float().reshape(shape)
        with torch.no_grad():
            y = kind.forward(model.double(), x.double())
        model.float()
        results[name] = {"input": list(shape), "output": list(y.shape), "values": [float(f"{v:.9g}") for v in y.flatten().tolist()]}
        for opset, folds in ((9, True), (11, False), (13, True), (16, False)):
            torch.onnx.export(model, x, os.path.join(HERE, f"{name}-{opset}.onnx"), opset_version=opset, do_constant_folding=folds,
                              input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "batch"}})
    with open(os.path.join(HERE, "results.json"), "w") as f:
        json.dump(results, f)
        f.write("\n")


if __name__ == "__main__":
    main()
