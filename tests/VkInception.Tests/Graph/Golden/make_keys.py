#!/usr/bin/env python3
"""Writes keys.txt: for each torchvision network that the zoo has, the number of its parameters and the SHA-256 of their
sorted names and shapes. Needs PyTorch and torchvision; the tests need only keys.txt."""
import hashlib, os
import torchvision.models as M

NAMES = ['alexnet', 'squeezenet1_0', 'squeezenet1_1', 'inception_v3', 'googlenet-torchvision',
         *(f'vgg{n}{bn}' for n in (11, 13, 16, 19) for bn in ('', '_bn')),
         *(f'resnet{n}' for n in (18, 34, 50, 101, 152)), *(f'densenet{n}' for n in (121, 161, 169, 201))]

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'keys.txt'), 'w') as file:
    for name in NAMES:
        options = {'init_weights': False, 'aux_logits': True} if name in ('inception_v3', 'googlenet-torchvision') else {}
        net = getattr(M, name.split('-')[0])(weights=None, **options)
        keys = sorted(f"{k} {'x'.join(map(str, v.shape))}\n" for k, v in net.state_dict().items() if not k.endswith('num_batches_tracked'))
        file.write(f"{name} {len(keys)} {hashlib.sha256(''.join(keys).encode()).hexdigest()}\n")
