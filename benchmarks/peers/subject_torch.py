#!/usr/bin/python3
"""PyTorch as a subject of run.py: subject_torch.py FORM BATCH OUTPUT, FORM one of eager, jit, train, and on NVIDIA eager, amp, graphs, train, train-amp with :cuda behind."""
import contextlib
import sys
import numpy as np
import torch
import torch.nn.functional as F
import network
import subject

form, _, place = sys.argv[1].partition(':')
batch, output = int(sys.argv[2]), sys.argv[3]
device = torch.device(place or 'cpu')
if device.type == 'cuda' and not torch.cuda.is_available():
    subject.missing('no CUDA device')
torch.manual_seed(0)
torch.backends.cudnn.benchmark = True
train, half = form.startswith('train'), 'amp' in form or form == 'graphs'


class GoogLeNet(torch.nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.layers = torch.nn.ModuleDict()
        for name, (w, b) in network.weights(heads).items():
            layer = torch.nn.Conv2d(w.shape[1], w.shape[0], w.shape[2:]) if w.ndim == 4 else torch.nn.Linear(w.shape[1], w.shape[0])
            if name == 'conv1/7x7_s2':
                layer.stride, layer.padding = (2, 2), (3, 3)
            elif w.ndim == 4:
                layer.padding = (w.shape[2] // 2,) * 2
            layer.weight.data, layer.bias.data = torch.from_numpy(w), torch.from_numpy(b)
            self.layers[name.replace('/', '_')] = layer
        self.heads = heads

    def conv(self, name: str, x):
        return F.relu(self.layers[name](x))

    def block(self, name: str, x):
        p = 'inception_' + name + '_'
        return torch.cat([self.conv(p + '1x1', x), self.conv(p + '3x3', self.conv(p + '3x3_reduce', x)), self.conv(p + '5x5', self.conv(p + '5x5_reduce', x)),
                          self.conv(p + 'pool_proj', F.max_pool2d(x, 3, 1, 1))], 1)

    def head(self, name: str, x):
        x = self.conv(name + '_conv', F.avg_pool2d(x, 5, 3, ceil_mode=True)).flatten(1)
        return self.layers[name + '_classifier'](F.dropout(F.relu(self.layers[name + '_fc'](x)), 0.7))

    def forward(self, x):
        def pool(x): return F.max_pool2d(x, 3, 2, ceil_mode=True)
        def lrn(x): return F.local_response_norm(x, 5, 1e-4, 0.75, 1.0)
        x = lrn(pool(self.conv('conv1_7x7_s2', x)))
        x = pool(lrn(self.conv('conv2_3x3', self.conv('conv2_3x3_reduce', x))))
        x = pool(self.block('3b', self.block('3a', x)))
        a = self.block('4a', x)
        d = self.block('4d', self.block('4c', self.block('4b', a)))
        x = self.block('5b', self.block('5a', pool(self.block('4e', d))))
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)
        logits = self.layers['loss3_classifier'](F.dropout(x, 0.4, self.training))
        return (logits, self.head('loss1', a), self.head('loss2', d)) if self.heads and self.training else logits


model = GoogLeNet(heads=train).to(device)
x = torch.from_numpy(network.images(batch)).to(device)
if half or (device.type == 'cuda' and train):
    model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
autocast = torch.autocast(device.type, dtype=torch.float16) if half else contextlib.nullcontext()


def finish():
    if device.type == 'cuda':
        torch.cuda.synchronize()


if train:
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0, momentum=0.9, weight_decay=2e-4)
    scaler = torch.cuda.amp.GradScaler(enabled=half)
    labels = torch.arange(batch, device=device)

    def run():
        optimizer.zero_grad(set_to_none=True)
        with autocast:
            y, y1, y2 = model(x)
            loss = F.cross_entropy(y, labels) + 0.3 * (F.cross_entropy(y1, labels) + F.cross_entropy(y2, labels))
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        finish()
else:
    model.eval()
    torch.set_grad_enabled(False)
    if form == 'jit':
        model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, x)))

    def run():
        with autocast:
            y = model(x).float().cpu()
        return y

    np.asarray(run(), np.float32).tofile(output)
    if form == 'graphs':
        stream = torch.cuda.Stream()
        with torch.cuda.stream(stream), autocast:
            for _ in range(3):
                model(x)
        finish()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph), autocast:
            model(x)

        def run():
            graph.replay()
            finish()

where = torch.cuda.get_device_name() if device.type == 'cuda' else f'CPU, {torch.get_num_threads()} threads'
subject.serve(run, f'PyTorch {torch.__version__}', where)
