"""BVLC GoogLeNet with seeded weights in the forms that the peers read: an ONNX file, ncnn's weights, PyTorch tensors. Needs numpy only."""
import struct
import numpy as np

# Inputs; 1x1; 3x3 reduce, 3x3; 5x5 reduce, 5x5; pool projection.
BLOCKS = {'3a': (192, 64, 96, 128, 16, 32, 32), '3b': (256, 128, 128, 192, 32, 96, 64),
          '4a': (480, 192, 96, 208, 16, 48, 64), '4b': (512, 160, 112, 224, 24, 64, 64),
          '4c': (512, 128, 128, 256, 24, 64, 64), '4d': (512, 112, 144, 288, 32, 64, 64),
          '4e': (528, 256, 160, 320, 32, 128, 128), '5a': (832, 256, 160, 320, 32, 128, 128),
          '5b': (832, 384, 192, 384, 48, 128, 128)}
HEADS = {'loss1': 512, 'loss2': 528}


def shapes(heads):
    found = {'conv1/7x7_s2': (64, 3, 7, 7), 'conv2/3x3_reduce': (64, 64, 1, 1), 'conv2/3x3': (192, 64, 3, 3)}
    for name, (i, a, b, c, d, e, f) in BLOCKS.items():
        p = f'inception_{name}/'
        found |= {p + '1x1': (a, i, 1, 1), p + '3x3_reduce': (b, i, 1, 1), p + '3x3': (c, b, 3, 3),
                  p + '5x5_reduce': (d, i, 1, 1), p + '5x5': (e, d, 5, 5), p + 'pool_proj': (f, i, 1, 1)}
    for name, channels in HEADS.items() if heads else ():
        found |= {name + '/conv': (128, channels, 1, 1), name + '/fc': (1024, 2048), name + '/classifier': (1000, 1024)}
    found['loss3/classifier'] = (1000, 1024)
    return found


def weights(heads=False, seed=1):
    """Filter and bias by layer: He's variance, so that the logits of made-up images are neither tiny nor huge."""
    random, found = np.random.default_rng(seed), {}
    for name, shape in shapes(heads).items():
        deviation = np.sqrt(2 / np.prod(shape[1:]))
        found[name] = ((random.standard_normal(shape) * deviation).astype(np.float32), (random.standard_normal(shape[0]) / 32).astype(np.float32))
    return found


def images(count, seed=2):
    return np.random.default_rng(seed).standard_normal((count, 3, 224, 224)).astype(np.float32)


# --- ONNX: the protocol buffers of onnx.proto, fields by number ----------------------------------------------------------------
def varint(value):
    out = bytearray()
    value &= (1 << 64) - 1
    while True:
        out.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


def integer(field, value):
    return varint(field << 3) + varint(value)


def blob(field, value):
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value


def attribute(name, value):
    if isinstance(value, float):
        return blob(5, blob(1, name) + varint(2 << 3 | 5) + struct.pack('<f', value) + integer(20, 1))
    if isinstance(value, int):
        return blob(5, blob(1, name) + integer(3, value) + integer(20, 2))
    return blob(5, blob(1, name) + b''.join(integer(8, v) for v in value) + integer(20, 7))


def node(kind, inputs, output, **attributes):
    return blob(1, b''.join(blob(1, i) for i in inputs) + blob(2, output) + blob(3, output) + blob(4, kind) + b''.join(attribute(k, v) for k, v in attributes.items()))


def constant(name, array):
    kind = {np.float32: 1, np.int64: 7}[array.dtype.type]
    return blob(5, b''.join(integer(1, d) for d in array.shape) + integer(2, kind) + blob(8, name) + blob(9, array.tobytes()))


def value(field, name, dims):
    shape = b''.join(blob(1, integer(1, d)) for d in dims)
    return blob(field, blob(1, name) + blob(2, blob(1, integer(1, 1) + blob(2, shape))))


def write_onnx(path, layers, batch):
    """The inference network with a fixed batch, softmax left out: logits come out."""
    nodes, constants = [], []

    def conv(name, x, pad=0, stride=1):
        w, b = layers[name]
        constants.extend((constant(name + '_w', w), constant(name + '_b', b)))
        nodes.append(node('Conv', (x, name + '_w', name + '_b'), name + '_sum', kernel_shape=w.shape[2:], strides=(stride, stride), pads=(pad,) * 4))
        nodes.append(node('Relu', (name + '_sum',), name))
        return name

    def pool(name, x, stride=2, pad=0):
        nodes.append(node('MaxPool', (x,), name, kernel_shape=(3, 3), strides=(stride, stride), pads=(pad,) * 4, ceil_mode=1 - pad))
        return name

    def lrn(name, x):
        nodes.append(node('LRN', (x,), name, size=5, alpha=1e-4, beta=0.75, bias=1.0))
        return name

    def inception(name, x):
        p = f'inception_{name}/'
        parts = (conv(p + '1x1', x), conv(p + '3x3', conv(p + '3x3_reduce', x), 1), conv(p + '5x5', conv(p + '5x5_reduce', x), 2),
                 conv(p + 'pool_proj', pool(p + 'pool', x, 1, 1)))
        nodes.append(node('Concat', parts, p + 'output', axis=1))
        return p + 'output'

    x = lrn('pool1/norm1', pool('pool1/3x3_s2', conv('conv1/7x7_s2', 'data', 3, 2)))
    x = pool('pool2/3x3_s2', lrn('conv2/norm2', conv('conv2/3x3', conv('conv2/3x3_reduce', x), 1)))
    for name in BLOCKS:
        if name in ('4a', '5a'):
            x = pool(f'pool{int(name[0]) - 1}/3x3_s2', x)
        x = inception(name, x)
    nodes.append(node('GlobalAveragePool', (x,), 'pool5'))
    nodes.append(node('Flatten', ('pool5',), 'flat', axis=1))
    w, b = layers['loss3/classifier']
    constants.extend((constant('classifier_w', w), constant('classifier_b', b)))
    nodes.append(node('Gemm', ('flat', 'classifier_w', 'classifier_b'), 'logits', transB=1))
    graph = b''.join(nodes) + blob(2, 'googlenet') + b''.join(constants) + value(11, 'data', (batch, 3, 224, 224)) + value(12, 'logits', (batch, 1000))
    with open(path, 'wb') as file:
        file.write(integer(1, 7) + blob(2, 'peers') + blob(7, graph) + blob(8, integer(2, 11)))


def write_ncnn(definition, path, layers):
    """Weights in the order of ncnn's own googlenet.param, each filter behind the tag that says float32."""
    with open(definition) as lines, open(path, 'wb') as out:
        for line in lines.read().splitlines()[2:]:
            kind, name = line.split()[:2]
            if kind in ('Convolution', 'InnerProduct'):
                w, b = next(layers[l] for l in sorted(layers, key=len, reverse=True) if name.startswith(l))
                out.write(struct.pack('<I', 0) + w.tobytes() + b.tobytes())
