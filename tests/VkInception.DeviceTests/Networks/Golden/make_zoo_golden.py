#!/usr/bin/env python3
"""Writes zoo.json: results of the zoo's networks (every so many elements), at reduced sizes and with ten classes, for weights and inputs from
seeded.py; and inception_v2.shapes.json for the host tests: what every module of Inception v2 puts out at its full size.

Needs PyTorch and torchvision; computes in float64. Usage: make_zoo_golden.py TEXT_OF_THE_INCEPTION_V2_MODULES
(the published code of its modules A, B and C, each on one line). The tests need only the .json files.
"""
import json, os, re, sys
import torch, torch.nn as nn, torch.nn.functional as F, torchvision.models as M
from seeded import SEED, image, load, parameter

HERE = os.path.dirname(os.path.abspath(__file__))
BATCH, CLASSES = 2, 10
results = {}


def record(name, size, value, output=None):
    value = value.flatten(1) if output is None else value
    step = -(-value.numel() // 256)
    results[name] = {'size': size, 'output': output, 'shape': list(value.shape), 'largest': float(value.abs().max()), 'step': step, 'values': [float(f'{v:.7g}') for v in value.flatten()[::step].tolist()]}
    print(name, tuple(value.shape), float(value.abs().max()), flush=True)


# --- torchvision's own -------------------------------------------------------------------------------------------------------

def torchvision_logits(name, size, **options):
    with torch.no_grad():
        record(name, size, load(getattr(M, name)(weights=None, num_classes=CLASSES, **options))(image(BATCH, 3, size, size)))


# --- the others, written out: every layer makes its parameters from its key ----------------------------------------------------

def convolution(key, x, channels, window, stride=1, padding=0, groups=1, bias=True):
    window = window if isinstance(window, tuple) else (window, window)
    w = parameter(SEED, key + '.weight', (channels, x.shape[1] // groups, *window))
    return F.conv2d(x, w, parameter(SEED, key + '.bias', (channels,)) if bias else None, stride, padding, groups=groups)


def linear(key, x, features):
    return F.linear(x, parameter(SEED, key + '.weight', (features, x.shape[1])), parameter(SEED, key + '.bias', (features,)))


def norm(key, x, eps):
    c = (x.shape[1],)
    return F.batch_norm(x, *(parameter(SEED, f'{key}.{s}', c) for s in ('running_mean', 'running_var', 'weight', 'bias')), eps=eps)


def rectified(*layer, **options):
    return F.relu(convolution(*layer, **options))


def lenet5(x):
    x = F.avg_pool2d(rectified('c1', x, 6, 5), 2)
    x = F.avg_pool2d(rectified('c3', x, 16, 5), 2).flatten(1)
    return linear('output', F.relu(linear('f6', F.relu(linear('c5', x, 120)), 84)), CLASSES)


def lrn(x):
    return F.local_response_norm(x, 5, alpha=1e-4, beta=0.75, k=1)


def ceil_pool(x):
    return F.max_pool2d(x, 3, 2, ceil_mode=True)


def alexnet_bvlc(x):
    x = ceil_pool(lrn(rectified('conv1', x, 96, 11, stride=4)))
    x = ceil_pool(lrn(rectified('conv2', x, 256, 5, padding=2, groups=2)))
    x = rectified('conv3', x, 384, 3, padding=1)
    x = rectified('conv4', x, 384, 3, padding=1, groups=2)
    return ceil_pool(rectified('conv5', x, 256, 3, padding=1, groups=2))


def nin(x):
    x = ceil_pool(rectified('cccp2', rectified('cccp1', rectified('conv1', x, 96, 11, stride=4), 96, 1), 96, 1))
    x = ceil_pool(rectified('cccp4', rectified('cccp3', rectified('conv2', x, 256, 5, padding=2), 256, 1), 256, 1))
    x = ceil_pool(rectified('cccp6', rectified('cccp5', rectified('conv3', x, 384, 3, padding=1), 384, 1), 384, 1))
    x = rectified('conv4-1024', x, 1024, 3, padding=1)
    return rectified('cccp8-1024', rectified('cccp7-1024', x, 1024, 1), CLASSES, 1).mean((2, 3))


WIDTHS = {'3a': (64, 128, 32), '3b': (128, 192, 96), '4a': (192, 208, 48)}


def googlenet_naive(x):
    """Up to the first module of the fourth stage."""
    x = lrn(ceil_pool(rectified('conv1/7x7_s2', x, 64, 7, stride=2, padding=3)))
    x = ceil_pool(lrn(rectified('conv2/3x3', rectified('conv2/3x3_reduce', x, 64, 1), 192, 3, padding=1)))
    for name, (c1, c3, c5) in WIDTHS.items():
        if name == '4a':
            x = ceil_pool(x)
        p = f'inception_{name}/'
        x = torch.cat([rectified(p + '1x1', x, c1, 1), rectified(p + '3x3', x, c3, 3, padding=1), rectified(p + '5x5', x, c5, 5, padding=2), F.max_pool2d(x, 3, 1, 1)], 1)
    return x


def resnet_cifar(x, layers):
    def unit(conv, bn, y, width, stride):
        return norm(bn, convolution(conv, y, width, 3, stride, 1, bias=False), 1e-5)
    x = F.relu(unit('conv1', 'bn1', x, 16, 1))
    for stage in (1, 2, 3):
        for block in range((layers - 2) // 6):
            p, width, stride = f'layer{stage}.{block}.', 8 << stage, 2 if stage > 1 and block == 0 else 1
            y = F.relu(unit(p + 'conv1', p + 'bn1', x, width, stride))
            y = unit(p + 'conv2', p + 'bn2', y, width, 1)
            if stride == 2:
                x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, width // 4, width // 4))
            x = F.relu(x + y)
    return linear('linear', x.mean((2, 3)), CLASSES)


def basic(key, x, channels, window, stride=1):
    window = window if isinstance(window, tuple) else (window, window)
    padding = (window[0] // 2, window[1] // 2) if stride == 1 else 0
    return F.relu(norm(key + '.bn', convolution(key + '.conv', x, channels, window, stride, padding, bias=False), 1e-3))


def chain(key, x, *layers):
    for i, layer in enumerate(layers):
        x = basic(f'{key}.{i}', x, *layer)
    return x


def valid(key, x, channels):
    return F.relu(norm(key + '.bn', convolution(key + '.conv', x, channels, 3, bias=False), 1e-3))


def inception_v4(x):
    """1602.07261, figures 3 to 9."""
    def pooled(key, y, channels):
        return basic(key + '.branch3.1', F.avg_pool2d(y, 3, 1, 1, count_include_pad=False), channels, 1)
    f = 'features.'
    x = basic(f + '2', valid(f + '1', basic(f + '0', x, 32, 3, 2), 32), 64, 3)
    x = torch.cat([F.max_pool2d(x, 3, 2), basic(f + '3.conv', x, 96, 3, 2)], 1)
    x = torch.cat([valid(f + '4.branch0.1', basic(f + '4.branch0.0', x, 64, 1), 96),
                   valid(f + '4.branch1.3', chain(f + '4.branch1', x, (64, 1), (64, (1, 7)), (64, (7, 1))), 96)], 1)
    x = torch.cat([basic(f + '5.conv', x, 192, 3, 2), F.max_pool2d(x, 3, 2)], 1)
    for i in range(6, 10):
        k = f + str(i)
        x = torch.cat([basic(k + '.branch0', x, 96, 1), chain(k + '.branch1', x, (64, 1), (96, 3)), chain(k + '.branch2', x, (64, 1), (96, 3), (96, 3)), pooled(k, x, 96)], 1)
    k = f + '10'
    x = torch.cat([basic(k + '.branch0', x, 384, 3, 2), chain(k + '.branch1', x, (192, 1), (224, 3), (256, 3, 2)), F.max_pool2d(x, 3, 2)], 1)
    for i in range(11, 18):
        k = f + str(i)
        x = torch.cat([basic(k + '.branch0', x, 384, 1), chain(k + '.branch1', x, (192, 1), (224, (1, 7)), (256, (7, 1))),
                       chain(k + '.branch2', x, (192, 1), (192, (7, 1)), (224, (1, 7)), (224, (7, 1)), (256, (1, 7))), pooled(k, x, 128)], 1)
    k = f + '18'
    x = torch.cat([chain(k + '.branch0', x, (192, 1), (192, 3, 2)), chain(k + '.branch1', x, (256, 1), (256, (1, 7)), (320, (7, 1)), (320, 3, 2)), F.max_pool2d(x, 3, 2)], 1)
    for i in range(19, 22):
        k = f + str(i)
        a = basic(k + '.branch1_0', x, 384, 1)
        b = basic(k + '.branch2_2', basic(k + '.branch2_1', basic(k + '.branch2_0', x, 384, 1), 448, (3, 1)), 512, (1, 3))
        x = torch.cat([basic(k + '.branch0', x, 256, 1),
                       basic(k + '.branch1_1a', a, 256, (1, 3)), basic(k + '.branch1_1b', a, 256, (3, 1)),
                       basic(k + '.branch2_3a', b, 256, (1, 3)), basic(k + '.branch2_3b', b, 256, (3, 1)), pooled(k, x, 256)], 1)
    return linear('last_linear', x.mean((2, 3)), CLASSES)


# --- Inception v2 out of the published modules -------------------------------------------------------------------------------

def published_modules(path):
    """The functions and classes of the text, whose lines have lost their breaks."""
    scope = {'torch': torch, 'nn': nn}
    lines = [line for line in open(path, encoding='utf8') if line.startswith(('import torch', 'class InceptionV2'))]
    for line in lines:
        line = re.sub(r'^import torch import torch.nn as nn import torchvision ', '', line.strip())
        line = re.sub(r' # [^\n]*?(?= self\.branch| # )', ' ', line)          # comments inside
        line = re.sub(r' # ->[^\n]*?(?= self\.branch)', ' ', line)
        line = re.sub(r' # (?:MaxPool|1x1)[^\n]*?(?= self\.branch)', ' ', line)
        depth = 0 if line.startswith('def') else 1
        line = re.sub(r'\s*def (?=ConvBNReLU)', '\ndef ', line)
        line = re.sub(r': return nn', ':\n    return nn', line)
        line = re.sub(r' def (?=__init__|forward)', '\n    def ', line)
        if depth:
            line = re.sub(r' (?=super\(|self\.\w+ = |out\d = |x\d = |out = |return out)', '\n        ', line)
        exec(compile(line, 'published', 'exec'), scope)
    return scope


def inception_v2(path, classes):
    m = published_modules(path)
    conv, a, b, c = m['ConvBNReLU'], m['InceptionV2A'], m['InceptionV2B'], m['InceptionV2C']

    class Reduction(nn.Module):
        """Figure 10 of the paper."""
        def __init__(self, channels, reduce1, width1, reduce2, width2):
            super().__init__()
            self.branch1 = nn.Sequential(conv(channels, reduce1, 1), conv(reduce1, width1, 3, stride=2))
            self.branch2 = nn.Sequential(conv(channels, reduce2, 1), conv(reduce2, width2, 3, padding=1), conv(width2, width2, 3, stride=2))
            self.branch3 = nn.MaxPool2d(3, 2)

        def forward(self, x):
            return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x)], 1)

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1, self.conv2, self.conv3 = conv(3, 32, 3, stride=2), conv(32, 32, 3), conv(32, 64, 3, padding=1)
            self.pool = nn.MaxPool2d(3, 2)
            self.conv4, self.conv5, self.conv6 = conv(64, 80, 3), conv(80, 192, 3, stride=2), conv(192, 288, 3, padding=1)
            self.inception_a = nn.Sequential(*(a(288, 64, 48, 64, 64, 96, 64) for _ in range(3)))
            self.reduction_a = Reduction(288, 192, 384, 64, 96)
            self.inception_b = nn.Sequential(*(b(768, 192, 128, 192, 128, 192, 192) for _ in range(5)))
            self.reduction_b = Reduction(768, 192, 320, 192, 192)
            self.inception_c = nn.Sequential(*(c(n, 320, 384, 384, 448, 384, 192) for n in (1280, 2048)))
            self.dropout, self.linear = nn.Dropout(0.2), nn.Linear(2048, classes)

        def forward(self, x):
            x = self.conv6(self.conv5(self.conv4(self.pool(self.conv3(self.conv2(self.conv1(x)))))))
            x = self.inception_c(self.reduction_b(self.inception_b(self.reduction_a(self.inception_a(x)))))
            return self.linear(self.dropout(x.mean((2, 3))))

    return Network()


def inception_v2_shapes(path):
    net, shapes = inception_v2(path, 1000), {}
    for name, module in net.named_modules():
        if not isinstance(module, nn.Sequential) and name:
            module.register_forward_hook(lambda _, __, out, name=name: shapes.__setitem__(name, list(out.shape)))
    net.eval()(torch.zeros(1, 3, 299, 299))
    keys = {k: list(v.shape) for k, v in net.state_dict().items() if not k.endswith('num_batches_tracked')}
    path = os.path.join(HERE, '../../../VkInception.Tests/Graph/Golden/inception_v2.shapes.json')
    with open(path, 'w') as file:
        rows = lambda d: ',\n'.join(f'  {json.dumps(k)}: {json.dumps(v)}' for k, v in d.items())
        file.write(f'{{"parameters": {sum(p.numel() for p in net.parameters())},\n "outputs": {{\n{rows(shapes)}\n }},\n "keys": {{\n{rows(keys)}\n }}}}\n')


inception_v2_shapes(sys.argv[1])
torchvision_logits('squeezenet1_0', 64)
torchvision_logits('squeezenet1_1', 64)
torchvision_logits('resnet18', 64)
torchvision_logits('resnet50', 64)
torchvision_logits('densenet121', 64)
torchvision_logits('inception_v3', 107, init_weights=False, aux_logits=True, transform_input=False)
with torch.no_grad():
    record('alexnet', 64, load(M.alexnet(weights=None, num_classes=CLASSES)).features(image(BATCH, 3, 64, 64)), 'features.12')
    record('vgg11_bn', 32, load(M.vgg11_bn(weights=None, num_classes=CLASSES)).features(image(BATCH, 3, 32, 32)), 'features.28')
    record('vgg16', 32, load(M.vgg16(weights=None, num_classes=CLASSES)).features(image(BATCH, 3, 32, 32)), 'features.30')
    record('lenet5', 32, lenet5(image(BATCH, 1, 32, 32)))
    record('alexnet-bvlc', 99, alexnet_bvlc(image(BATCH, 3, 99, 99)), 'pool5')
    record('nin', 99, nin(image(BATCH, 3, 99, 99)))
    record('googlenet-naive', 32, googlenet_naive(image(BATCH, 3, 32, 32)), 'inception_4a/output')
    record('resnet20-cifar', 32, resnet_cifar(image(BATCH, 3, 32, 32), 20))
    record('inception_v4', 107, inception_v4(image(BATCH, 3, 107, 107)))
    record('inception_v2', 107, load(inception_v2(sys.argv[1], CLASSES))(image(BATCH, 3, 107, 107)))
with open(os.path.join(HERE, 'zoo.json'), 'w') as file:
    file.write('{\n' + ',\n'.join(f'{json.dumps(k)}: {json.dumps(v)}' for k, v in results.items()) + '\n}\n')
