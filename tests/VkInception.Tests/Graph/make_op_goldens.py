#!/usr/bin/env python3
"""Writes OpGoldens.json: what PyTorch gives for small cases of each operation.

Run with PyTorch 1.13 or newer: python3 make_op_goldens.py
Inputs are not stored: element i of a tensor is ((i * 37 + salt) mod 101) / 50 - 1, with salt 0 for x, 1 for the weight, 2 for the bias,
3 for the mean; the variance is that plus 1.5.
"""
import itertools
import json
import os

import torch
import torch.nn.functional as F


def tensor(shape, salt=0):
    count = 1
    for s in shape:
        count *= s
    i = torch.arange(count, dtype=torch.float64)
    return (((i * 37 + salt) % 101) / 50 - 1).reshape(shape)


def case(op, shape, args, y):
    return {"op": op, "input": list(shape), "args": args, "shape": list(y.shape), "values": [float(f"{v:.9g}") for v in y.flatten().tolist()]}


def main():
    cases = []
    for shape, out, k, s, p, d, g in [
        ((1, 3, 5, 5), 4, (3, 3), (1, 1), (1, 1), (1, 1), 1),
        ((2, 4, 6, 5), 6, (3, 2), (2, 1), (1, 0), (1, 2), 2),
        ((1, 4, 4, 4), 4, (1, 3), (1, 1), (0, 1), (1, 1), 4),
        ((2, 3, 3, 2), 5, (1, 1), (1, 1), (0, 0), (1, 1), 1),
    ]:
        y = F.conv2d(tensor(shape), tensor((out, shape[1] // g, *k), 1), tensor((out,), 2), s, p, d, g)
        cases.append(case("Conv2d", shape, [out, *k, *s, *p, *d, g], y))
    cases.append(case("Linear", (2, 7), [3], F.linear(tensor((2, 7)), tensor((3, 7), 1), tensor((3,), 2))))
    for shape, k, s, p, d, ceil in [((1, 2, 7, 6), 3, 2, 1, 1, True), ((1, 2, 7, 6), 3, 2, 0, 1, True), ((1, 1, 9, 9), 3, 3, 1, 2, False), ((2, 1, 4, 5), 2, 3, 0, 1, True)]:
        cases.append(case("MaxPool2d", shape, [k, s, p, d, int(ceil)], F.max_pool2d(tensor(shape), k, s, p, d, ceil)))
    for shape, k, s, p, ceil, include in [((1, 2, 7, 6), 3, 2, 1, True, True), ((1, 2, 7, 6), 3, 2, 1, True, False), ((1, 1, 6, 6), 3, 2, 0, True, True), ((2, 1, 5, 4), 2, 2, 1, False, True)]:
        cases.append(case("AvgPool2d", shape, [k, s, p, int(ceil), int(include)], F.avg_pool2d(tensor(shape), k, s, p, ceil, include)))
    for shape, h, w in [((1, 2, 7, 5), 3, 2), ((1, 1, 4, 6), 2, 3), ((1, 1, 2, 3), 4, 4)]:
        cases.append(case("AdaptiveAvgPool2d", shape, [h, w], F.adaptive_avg_pool2d(tensor(shape), (h, w))))
    for shape, size, alpha, beta, k in [((1, 7, 2, 2), 5, 1e-4, 0.75, 1), ((2, 4, 1, 3), 3, 2.0, 0.5, 2), ((1, 3, 2, 2), 9, 0.5, 0.75, 1)]:
        cases.append(case("LocalResponseNorm", shape, [size, alpha, beta, k], F.local_response_norm(tensor(shape), size, alpha, beta, k)))
    shape = (2, 3, 2, 2)
    cases.append(case("BatchNorm2d", shape, [1e-3], F.batch_norm(tensor(shape), tensor((3,), 3), tensor((3,), 3) + 1.5, tensor((3,), 1), tensor((3,), 2), False, 0, 1e-3)))
    for shape, axis in [((2, 5), 1), ((1, 3, 2, 2), 1), ((1, 3, 2, 2), 3)]:
        cases.append(case("Softmax", shape, [axis], F.softmax(tensor(shape), axis)))
    cases.append(case("Transpose", (2, 3, 2, 4), [2, 0, 3, 1], tensor((2, 3, 2, 4)).permute(2, 0, 3, 1)))
    cases.append(case("Pad", (1, 2, 3, 3), [0, 0, 1, -1, 0, 1, 2, 1], F.pad(tensor((1, 2, 3, 3)), (-1, 1, 1, 2, 0, 1), value=0.5)))
    # [input, kernel, stride, padding, dilation, ceil, output] of max_pool2d; 0 where PyTorch refuses.
    pool = []
    for h, k, s, p, d, ceil in itertools.product([1, 2, 5, 7, 8, 14], [1, 2, 3], [1, 2, 3, 5], [0, 1], [1, 2], [False, True]):
        if p > k // 2:
            continue
        try:
            out = F.max_pool2d(torch.zeros(1, 1, h, h), k, s, p, d, ceil).shape[2]
        except RuntimeError:
            out = 0
        pool.append([h, k, s, p, d, int(ceil), out])
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "OpGoldens.json")
    with open(path, "w") as f:
        f.write('{\n"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + '\n],\n"poolExtents": ' + json.dumps(pool) + "\n}\n")


main()
