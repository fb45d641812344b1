#!/usr/bin/env python3
"""Writes NAME.npy (float32 logits) for whole networks with weights and inputs from the formula of SeededWeights.cs,
and NAME.training.json: losses and gradient norms of three steps of SGD on one batch of small images.

Needs PyTorch and torchvision; computes in float64. Usage: make_golden.py FOLDER_OF_bvlc_googlenet.py
The tests need only the .npy files.
"""
import json, os, sys
import numpy as np, torch, torchvision
import torch.nn.functional as F

from seeded import SEED, image, load, parameter, uniform

BATCH = 2


def save(name, logits):
    np.save(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + '.npy'), logits.float().numpy())
    print(name, float(logits.min()), float(logits.max()))


sys.path.insert(0, sys.argv[1])
import bvlc_googlenet as bvlc
weights = {f'{n}.{s}': parameter(SEED, f'{n}.{s}', shape if s == 'weight' else shape[:1]) for n, shape in bvlc.shapes().items() for s in ('weight', 'bias')}
with torch.no_grad():
    main, aux1, aux2 = bvlc.forward(image(BATCH, 3, 224, 224), weights, aux=True)
save('googlenet', main)
save('googlenet.aux1', aux1)
save('googlenet.aux2', aux2)

net = load(torchvision.models.googlenet(weights=None, init_weights=False, transform_input=False, aux_logits=True))
with torch.no_grad():
    save('googlenet-torchvision', net(image(BATCH, 3, 224, 224)))


class AnySize:
    """torch.nn.functional whose last pool of GoogLeNet takes the mean of whatever is left of the image."""
    def __getattr__(self, name):
        return getattr(F, name)

    def avg_pool2d(self, x, *window):
        return x.mean((2, 3), keepdim=True)


def training(size=64, labels=(3, 7), steps=3, rate=0.002, momentum=0.9, decay=2e-4):
    """GoogLeNet on images too small for its auxiliary heads, dropout off."""
    bvlc.F = AnySize()
    x = image(BATCH, 3, size, size)
    y = torch.tensor(labels)
    trained = {k: v.clone().requires_grad_() for k, v in weights.items() if not k.startswith(('loss1/', 'loss2/'))}
    learn('googlenet', lambda: F.cross_entropy(bvlc.forward(x, trained), y), trained, size, labels, steps, rate, momentum, decay,
          ('conv1/7x7_s2.weight', 'conv2/3x3.bias', 'inception_3a/5x5.weight', 'inception_4d/pool_proj.weight', 'inception_5b/1x1.bias', 'loss3/classifier.weight'))


def torchvision_training(size=64, labels=(3, 7), steps=3, rate=0.01, momentum=0.9, decay=2e-4):
    """torchvision's GoogLeNet with its auxiliary heads, dropout off; batch norm by the batch."""
    x = torch.from_numpy(uniform(SEED, 'input', BATCH * 3 * size * size).reshape(BATCH, 3, size, size).astype(np.float32)).double()
    y = torch.tensor(labels)
    net.train()
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0

    def loss():
        main, aux2, aux1 = net(x)
        return F.cross_entropy(main, y) + 0.3 * (F.cross_entropy(aux1, y) + F.cross_entropy(aux2, y))

    learn('googlenet-torchvision', loss, dict(net.named_parameters()), size, labels, steps, rate, momentum, decay,
          ('conv1.conv.weight', 'conv2.bn.bias', 'inception3a.branch3.1.conv.weight', 'inception4d.branch4.1.bn.weight', 'aux1.fc1.bias', 'fc.weight'))


def learn(name, loss_of, trained, size, labels, steps, rate, momentum, decay, shown):
    optimizer = torch.optim.SGD(trained.values(), lr=rate, momentum=momentum, weight_decay=decay)
    losses, norms = [], {}
    for step in range(steps):
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step == 0:
            norms = {k: trained[k].grad.norm().item() for k in shown}
            norms['all'] = sum(v.grad.square().sum() for v in trained.values()).sqrt().item()
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + '.training.json'), 'w') as file:
        json.dump({'size': size, 'labels': labels, 'rate': rate, 'momentum': momentum, 'decay': decay, 'losses': losses, 'norms': norms}, file, indent=1)
        file.write('\n')
    print('training', name, losses)


torchvision_training()
training()
