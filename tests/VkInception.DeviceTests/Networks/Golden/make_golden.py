#!/usr/bin/env python3
"""Writes NAME.npy (float32 logits) for whole networks with weights and inputs from the formula of SeededWeights.cs.

Needs PyTorch and torchvision; computes in float64. Usage: make_golden.py FOLDER_OF_bvlc_googlenet.py
The tests need only the .npy files.
"""
import os, sys
import numpy as np, torch, torchvision

MASK = (1 << 64) - 1
SEED, BATCH = 2014, 2


def fnv1a(key):
    h = 0xCBF29CE484222325
    for b in key.encode():
        h = ((h ^ b) * 0x100000001B3) & MASK
    return h


def uniform(seed, key, count):
    """splitmix64 of seed + fnv1a64(key) + i * golden ratio, top 24 bits, as -1 <= u < 1."""
    with np.errstate(over='ignore'):
        z = np.uint64((seed + fnv1a(key)) & MASK) + np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = z + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return 2 * ((z >> np.uint64(40)).astype(np.float64) / 16777216.0) - 1


def parameter(seed, key, shape):
    u = uniform(seed, key, int(np.prod(shape)))
    if len(shape) > 1:
        v = u * np.sqrt(6.0 / np.prod(shape[1:]))
    elif key.endswith('weight') or key.endswith('running_var'):
        v = 1 + 0.25 * u
    else:
        v = 0.125 * u
    return torch.from_numpy(v.reshape(shape).astype(np.float32)).double()


def image(scale):
    return torch.from_numpy((uniform(SEED, 'input', BATCH * 3 * 224 * 224) * scale).reshape(BATCH, 3, 224, 224).astype(np.float32)).double()


def save(name, logits):
    np.save(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + '.npy'), logits.float().numpy())
    print(name, float(logits.min()), float(logits.max()))


sys.path.insert(0, sys.argv[1])
import bvlc_googlenet as bvlc
weights = {f'{n}.{s}': parameter(SEED, f'{n}.{s}', shape if s == 'weight' else shape[:1]) for n, shape in bvlc.shapes().items() for s in ('weight', 'bias')}
with torch.no_grad():
    main, aux1, aux2 = bvlc.forward(image(1), weights, aux=True)
save('googlenet', main)
save('googlenet.aux1', aux1)
save('googlenet.aux2', aux2)

net = torchvision.models.googlenet(weights=None, init_weights=False, transform_input=False, aux_logits=True).double().eval()
net.load_state_dict({k: v if k.endswith('num_batches_tracked') else parameter(SEED, k, tuple(v.shape)) for k, v in net.state_dict().items()})
with torch.no_grad():
    save('googlenet-torchvision', net(image(1)))
