#!/usr/bin/env python3
"""Writes TrainingGoldens.json: what PyTorch gives for small cases of each operation in a training step, forward and backward.

Run with PyTorch 1.13 or newer: python3 make_training_goldens.py
Inputs are not stored: element i of a tensor is ((i * 37 + salt) mod 101) / 50 - 1, with salt 0 for x, 1 for the weight, 2 for the bias,
3 for the mean, 4 for the gradient of the output; variances and class weights are that plus 1.5. Where a case is "coarse", x is rounded
to multiples of 0.5, so that there are ties. The gradients are those of sum(y * dy).
"""
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


def numbers(t):
    return [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]


def case(op, shape, args, forward, parameters=(), coarse=False, labels=None, after=()):
    x = tensor(shape)
    if coarse:
        x = torch.round(x * 2) / 2
    leaves = [x.requires_grad_()] + [p.requires_grad_() for p in parameters]
    y = forward(*leaves)
    gradients = torch.autograd.grad((y * tensor(y.shape, 4) if y.dim() else y).sum(), leaves)
    return {"op": op, "input": list(shape), "args": args, "coarse": coarse, "labels": labels, "values": numbers(y.reshape(-1)),
            "gradients": [numbers(g) for g in gradients], "after": [numbers(a) for a in after]}


def main():
    cases = []
    for shape, k, s, p, d, ceil in [((1, 2, 7, 6), 3, 2, 1, 1, True), ((1, 1, 9, 9), 3, 3, 1, 2, False), ((2, 1, 5, 5), 3, 1, 1, 1, False)]:
        cases.append(case("MaxPool2d", shape, [k, s, p, d, int(ceil)], lambda x: F.max_pool2d(x, k, s, p, d, ceil), coarse=True))
    for shape, k, s, p, ceil, include in [((1, 2, 7, 6), 3, 2, 1, True, True), ((1, 2, 7, 6), 3, 2, 1, True, False)]:
        cases.append(case("AvgPool2d", shape, [k, s, p, int(ceil), int(include)], lambda x: F.avg_pool2d(x, k, s, p, ceil, include)))
    cases.append(case("AdaptiveAvgPool2d", (1, 2, 7, 5), [3, 2], lambda x: F.adaptive_avg_pool2d(x, (3, 2))))
    for shape, size, alpha, beta, k in [((1, 7, 2, 2), 5, 1e-4, 0.75, 1), ((2, 4, 1, 3), 3, 2.0, 0.5, 2)]:
        cases.append(case("LocalResponseNorm", shape, [size, alpha, beta, k], lambda x: F.local_response_norm(x, size, alpha, beta, k)))
    cases.append(case("ReLU", (2, 3, 2, 2), [], F.relu, coarse=True))
    cases.append(case("Clip", (2, 3, 2, 2), [-0.5, 0.5], lambda x: F.hardtanh(x, -0.5, 0.5), coarse=True))
    cases.append(case("Softmax", (2, 5), [1], lambda x: F.softmax(x, 1)))
    for shape in [(4, 3, 3, 2), (5, 3)]:
        mean, variance = tensor((3,), 3), tensor((3,), 3) + 1.5
        c = case("BatchNorm2d", shape, [1e-3, 0.1], lambda x, w, b: F.batch_norm(x, mean, variance, w, b, True, 0.1, 1e-3), (tensor((3,), 1), tensor((3,), 2)))
        c["after"] = [numbers(mean), numbers(variance)]
        cases.append(c)
    labels = [2, -100, 0, 3, 2]
    target = torch.tensor(labels)
    for smoothing in [0, 0.1]:
        for weighted in [0, 1]:
            weights = tensor((4,), 1) + 1.5 if weighted else None
            cases.append(case("SoftmaxCrossEntropy", (5, 4), [smoothing, weighted], lambda x: F.cross_entropy(x, target, weights, label_smoothing=smoothing), labels=labels))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "TrainingGoldens.json")
    with open(path, "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")


main()
