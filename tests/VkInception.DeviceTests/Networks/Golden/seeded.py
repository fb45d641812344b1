"""The formula of SeededWeights.cs: weights and inputs that are the same bits in every language."""
import numpy as np, torch

MASK = (1 << 64) - 1
SEED = 2014


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


def image(batch, channels, height, width):
    count = batch * channels * height * width
    return torch.from_numpy(uniform(SEED, 'input', count).reshape(batch, channels, height, width).astype(np.float32)).double()


def load(net):
    """Gives a module the seeded parameters, in float64 and evaluation mode."""
    net = net.double().eval()
    net.load_state_dict({k: v if k.endswith('num_batches_tracked') else parameter(SEED, k, tuple(v.shape)) for k, v in net.state_dict().items()})
    return net
