#!/usr/bin/env python3
"""Writes NAME.npy (float32 logits) for whole networks with weights and inputs from the formula of SeededWeights.cs,
and googlenet.training.json: losses and gradient norms of three steps of SGD on one batch of small images.

Needs PyTorch and torchvision; computes in float64. Usage: make_golden.py FOLDER_OF_bvlc_googlenet.py
The tests need only the .npy files.
"""
import json, os, sys
import numpy as np, torch, torchvision
import torch.nn.functional as F

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


class AnySize:
    """torch.nn.functional whose last pool of GoogLeNet takes the mean of whatever is left of the image."""
    def __getattr__(self, name):
        return getattr(F, name)

    def avg_pool2d(self, x, *window):
        return x.mean((2, 3), keepdim=True)


def training(size=64, labels=(3, 7), steps=3, rate=0.002, momentum=0.9, decay=2e-4):
    """GoogLeNet on images too small for its auxiliary heads, dropout off."""
    bvlc.F = AnySize()
    x = torch.from_numpy(uniform(SEED, 'input', BATCH * 3 * size * size).reshape(BATCH, 3, size, size).astype(np.float32)).double()
    y = torch.tensor(labels)
    trained = {k: v.clone().requires_grad_() for k, v in weights.items() if not k.startswith(('loss1/', 'loss2/'))}
    optimizer = torch.optim.SGD(trained.values(), lr=rate, momentum=momentum, weight_decay=decay)
    losses, norms = [], {}
    for step in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(bvlc.forward(x, trained), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step == 0:
            norms = {k: trained[k].grad.norm().item() for k in ('conv1/7x7_s2.weight', 'conv2/3x3.bias', 'inception_3a/5x5.weight', 'inception_4d/pool_proj.weight', 'inception_5b/1x1.bias', 'loss3/classifier.weight')}
            norms['all'] = sum(v.grad.square().sum() for v in trained.values()).sqrt().item()
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'googlenet.training.json'), 'w') as file:
        json.dump({'size': size, 'labels': labels, 'rate': rate, 'momentum': momentum, 'decay': decay, 'losses': losses, 'norms': norms}, file, indent=1)
        file.write('\n')
    print('training', losses)


training()
