#!/usr/bin/env python3
"""Writes OptimizerGoldens.json beside it: updates by torch.optim (PyTorch 1.13) in double precision.

Six weights, twelve updates; the learning rate falls after the eighth. Each entry has the optimizer as Optimizer.Parse reads it and the weights
after every update.
"""
import json
import pathlib

import torch

WEIGHTS, STEPS = 6, 12
CASES = {
    "sgd:momentum=0": lambda p: torch.optim.SGD(p, 0.1),
    "sgd:momentum=0.9": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9),
    "sgd:momentum=0.9,weight-decay=0.05": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, weight_decay=0.05),
    "sgd:momentum=0.75,nesterov=yes,weight-decay=0.05": lambda p: torch.optim.SGD(p, 0.1, momentum=0.75, weight_decay=0.05, nesterov=True),
    "rmsprop:form=pytorch,alpha=0.9,epsilon=1,momentum=0.9": lambda p: torch.optim.RMSprop(p, 0.1, alpha=0.9, eps=1, momentum=0.9),
    "rmsprop:form=pytorch,alpha=0.99,epsilon=1e-8,momentum=0,weight-decay=0.05": lambda p: torch.optim.RMSprop(p, 0.1, weight_decay=0.05),
    "adam": lambda p: torch.optim.Adam(p, 0.1),
    "adam:beta1=0.5,beta2=0.9,epsilon=0.001,weight-decay=0.05": lambda p: torch.optim.Adam(p, 0.1, betas=(0.5, 0.9), eps=1e-3, weight_decay=0.05),
    "adamw:weight-decay=0.05": lambda p: torch.optim.AdamW(p, 0.1, weight_decay=0.05),
}


def run(make, start, gradients):
    p = torch.nn.Parameter(start.clone())
    optimizer, after = make([p]), []
    for step, g in enumerate(gradients):
        optimizer.param_groups[0]["lr"] = rate(step)
        p.grad = g.clone()
        optimizer.step()
        after.append([round(v, 12) for v in p.detach().tolist()])
    return after


def rate(step):
    return 0.1 if step < 8 else 0.01


torch.manual_seed(7)
# Rounded through float32, so that single precision can hold what is written.
start = torch.randn(WEIGHTS).double()
gradients = torch.randn(STEPS, WEIGHTS).double()
golden = {
    "start": start.tolist(),
    "gradients": gradients.tolist(),
    "rates": [rate(s) for s in range(STEPS)],
    "cases": {name: run(make, start, gradients) for name, make in CASES.items()},
}
target = pathlib.Path(__file__).with_name("OptimizerGoldens.json")
target.write_text(json.dumps(golden).replace("]], ", "]],\n") + "\n")
