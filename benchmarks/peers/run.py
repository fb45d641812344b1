#!/usr/bin/python3
"""Measures VkInception beside other programs in one run, taking turns, and writes the comparison: report.md, report.html, report.json.

  benchmarks/peers/run.py --out DIR [--ncnn SOURCE] [--driver NAME=FILE]... [--rounds 5] [--batch 1,8] [--train-batch 8] [--quick]

A driver FILE ends in .json (a Vulkan driver's manifest) or is a program that runs its arguments with that driver.
Nothing is installed but ONNX Runtime's package, from the npm registry into the cache folder. What is not there is a row that says so."""
import argparse
import contextlib
import datetime
import json
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import numpy as np
import network
import report

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CACHE = pathlib.Path(os.environ.get('XDG_CACHE_HOME', pathlib.Path.home() / '.cache')) / 'vkinception-peers'


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', type=pathlib.Path, default=pathlib.Path('peers'))
    parser.add_argument('--ncnn', type=pathlib.Path, help="a checkout of ncnn's source with its submodule glslang")
    parser.add_argument('--ncnn-build', type=pathlib.Path, default=CACHE / 'ncnn', help='where it is built, and found again')
    parser.add_argument('--driver', action='append', default=[], metavar='NAME=FILE', help='a Vulkan driver; the system\'s own where none is given')
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=float, default=1.0, help='about how long one turn takes')
    parser.add_argument('--patience', type=float, default=180, help='seconds that a subject may take to get ready')
    parser.add_argument('--batch', default='1,8')
    parser.add_argument('--train-batch', type=int, default=8)
    parser.add_argument('--threads', type=int, default=os.cpu_count())
    parser.add_argument('--precision', default='fp32', help="VkInception's, a list such as fp32,fp16")
    parser.add_argument('--program', type=pathlib.Path, help='VkInception.Benchmarks where it is built already')
    parser.add_argument('--only', default='', help='parts of the names of the subjects to measure, with | between them')
    parser.add_argument('--while-measuring', metavar='PROGRAM', help='runs while the subjects take their turns, and is ended after; one that quiets the machine, say')
    parser.add_argument('--quick', action='store_true', help='two rounds, batch 1, no training')
    return parser.parse_args()


class Subject:
    """A process that runs one network when it is told to. Between its turns it is stopped, so that no spinning thread disturbs the others."""

    def __init__(self, name, command, environment=None, output=None, probability=False, baseline=False):
        self.name, self.command, self.environment, self.output, self.probability, self.baseline = name, command, environment or {}, output, probability, baseline
        self.process, self.missing, self.times, self.version, self.where, self.peak = None, None, [], '', '', 0

    def start(self, log, patience):
        try:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                                            env=os.environ | self.environment, start_new_session=True)
        except OSError as e:
            self.missing = f'{e.strerror}: {self.command[0]}'
            return
        late = threading.Timer(patience, self.signal, [signal.SIGKILL])
        late.start()
        ready = self.answer()
        late.cancel()
        if ready is None and self.process.returncode == -signal.SIGKILL:
            self.missing = f'it was not ready after {patience:.0f} s'
        if ready is not None:
            self.missing = ready.get('missing')
            self.version = ready.get('version', 'VkInception')
            self.where = ready.get('where') or f"{ready['device']}, {ready['driver']}" if not self.missing else ''
            self.memory()
        if self.missing:
            self.end()
        else:
            self.signal(signal.SIGSTOP)

    def answer(self):
        for line in self.process.stdout:
            with contextlib.suppress(json.JSONDecodeError):
                found = json.loads(line)
                if isinstance(found, dict):
                    return found
        self.missing = f'it ended with code {self.process.wait()}; its messages are in peers.log'
        return None

    def run(self, count):
        self.signal(signal.SIGCONT)
        self.process.stdin.write(f'{count}\n')
        self.process.stdin.flush()
        answer = self.answer()
        if answer is None:
            return []
        self.memory()
        self.signal(signal.SIGSTOP)
        return answer['ms']

    def memory(self):
        with contextlib.suppress(OSError), open(f'/proc/{self.process.pid}/status') as status:
            self.peak = next((int(line.split()[1]) * 1024 for line in status if line.startswith('VmHWM')), self.peak)

    def signal(self, which):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, which)

    def end(self):
        if self.process and self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.process.stdin.close()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.signal(signal.SIGKILL)


def blas(kind):
    """PyTorch of Debian calls whatever libblas.so.3 is found first."""
    for folder in pathlib.Path('/usr/lib').glob('*/' + kind):
        if (folder / 'libblas.so.3').exists():
            return {'LD_LIBRARY_PATH': str(folder)}
    return None


def python():
    """Debian's own, for which its packages are made."""
    return '/usr/bin/python3' if os.access('/usr/bin/python3', os.X_OK) else sys.executable


def drivers(options):
    if not options.driver:
        yield 'system driver', [], {}
    for text in options.driver:
        name, _, file = text.partition('=')
        if file.endswith('.json'):
            yield name, [], {'VK_DRIVER_FILES': file}
        else:
            yield name, [file] if file else [], {}


def build_vkinception(options, log):
    if options.program:
        return options.program.resolve()
    project = ROOT / 'benchmarks' / 'VkInception.Benchmarks'
    subprocess.run(['dotnet', 'build', project, '-c', 'Release', '-v', 'quiet', '--nologo'], check=True, stdout=log, stderr=log)
    return project / 'bin' / 'Release' / 'net10.0' / 'VkInception.Benchmarks'


def build_ncnn(options, log):
    program = options.ncnn_build / 'subject_ncnn'
    if options.ncnn is None:
        return None, 'no source folder was given (--ncnn)'
    if not program.exists() and subprocess.run([HERE / 'build_ncnn.sh', options.ncnn, options.ncnn_build], stdout=log, stderr=log).returncode != 0:
        return None, 'it could not be built; see peers.log'
    return program, None


def install_onnxruntime(log):
    """The package brings its library along; its install script, which would fetch more, is not run."""
    folder = CACHE / 'onnxruntime'
    if shutil.which('node') is None:
        return folder, 'there is no node'
    if not (folder / 'node_modules' / 'onnxruntime-node').exists():
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.which('npm') is None or subprocess.run(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', 'onnxruntime-node'], cwd=folder, stdout=log, stderr=log).returncode != 0:
            return folder, 'npm could not install onnxruntime-node'
    return folder / 'node_modules', None


def absent(name, why):
    subject = Subject(name, [])
    subject.missing = why
    return subject


def inference(options, batch, folder, programs):
    """The subjects of one batch size; all run one network with the same weights on the same images."""
    x, model, threads = folder / 'x.f32', folder / f'googlenet-{batch}.onnx', str(options.threads)
    network.write_onnx(model, network.weights(), batch)
    omp = {'OMP_NUM_THREADS': threads, 'OPENBLAS_NUM_THREADS': threads}

    def out(name):
        return folder / (''.join(c if c.isalnum() else '-' for c in name) + f'-{batch}.f32')

    for driver, prefix, environment in drivers(options):
        for precision in options.precision.split(','):
            name = f'VkInception, {driver}' + ('' if precision == 'fp32' else f', {precision}')
            yield Subject(name, [*prefix, programs['vkinception'], 'subject', '--model', model, '--batch', str(batch), '--precision', precision, '--input', x, '--output', out(name)],
                          environment, out(name), baseline=precision == 'fp32')
        program, why = programs['ncnn']
        # fp16 is what ncnn does unless it is told otherwise.
        for precision in ('fp32', 'fp16'):
            name = f'ncnn Vulkan, {driver}' + ('' if precision == 'fp32' else ', fp16')
            yield absent(name, why) if why else Subject(
                name, [*prefix, program, folder / 'googlenet.param', folder / 'googlenet.bin', str(batch), x, out(name), precision], environment | omp, out(name), probability=True)
    for kind, label in (('openblas-pthread', 'OpenBLAS'), ('blas', 'reference BLAS')):
        for form in ('eager', 'jit'):
            name = f'PyTorch {form}, {label}'
            yield absent(name, f"Debian's library for it is not installed ({'libopenblas0-pthread' if form else ''}{'' if kind != 'blas' else ' or libblas3'})") if blas(kind) is None else Subject(
                name, [python(), HERE / 'subject_torch.py', form, str(batch), out(name)], blas(kind) | omp, out(name))
    yield Subject('OpenCV DNN', [python(), HERE / 'subject_opencv.py', model, str(batch), out('OpenCV'), threads], omp, out('OpenCV'))
    modules, why = programs['onnxruntime']
    for provider, label in (('cpu', 'CPU'), ('webgpu', 'WebGPU, system driver')):
        name = f'ONNX Runtime {label}'
        yield absent(name, why) if why else Subject(
            name, ['node', HERE / 'subject_onnxruntime.mjs', modules, provider, model, str(batch), x, out(name), threads], {'ORT_LOG_LEVEL': '3'}, out(name))
    for form, label in (('eager', 'eager'), ('amp', 'channels_last, AMP'), ('graphs', 'CUDA graphs, AMP')):
        name = f'PyTorch on CUDA, {label}'
        yield Subject(name, [python(), HERE / 'subject_torch.py', form + ':cuda', str(batch), out(name)], {}, out(name))


def training(options, programs):
    batch, threads = str(options.train_batch), str(options.threads)
    omp = {'OMP_NUM_THREADS': threads, 'OPENBLAS_NUM_THREADS': threads}
    for driver, prefix, environment in drivers(options):
        yield Subject(f'VkInception, {driver}', [*prefix, programs['vkinception'], 'subject', '--model', 'googlenet', '--batch', batch, '--train'], environment, baseline=True)
        if 'fp16' in options.precision:
            yield Subject(f'VkInception, {driver}, mixed', [*prefix, programs['vkinception'], 'subject', '--model', 'googlenet', '--batch', batch, '--train', '--precision', 'mixed'], environment)
    for kind, label in (('openblas-pthread', 'OpenBLAS'), ('blas', 'reference BLAS')):
        name = f'PyTorch eager, {label}'
        yield absent(name, "Debian's library for it is not installed") if blas(kind) is None else Subject(name, [python(), HERE / 'subject_torch.py', 'train', batch, os.devnull], blas(kind) | omp)
    for form, label in (('train', 'channels_last'), ('train-amp', 'channels_last, AMP')):
        yield Subject(f'PyTorch on CUDA, {label}', [python(), HERE / 'subject_torch.py', form + ':cuda', batch, os.devnull])


@contextlib.contextmanager
def alongside(program):
    process = subprocess.Popen([program]) if program else None
    try:
        yield
    finally:
        if process:
            process.terminate()
            process.wait()


def measure(title, batch, subjects, options, log):
    subjects = [s for s in subjects if any(part in s.name.lower() for part in options.only.lower().split('|'))]
    print(f'{title}: {len(subjects)} subjects', file=sys.stderr)
    try:
        counts = {}
        for subject in subjects:
            if subject.missing is None:
                subject.start(log, options.patience)
            if subject.missing is None:
                # The turn that shows how many runs fill one is the warm-up.
                warm = subject.run(2)
                counts[subject.name] = max(1, min(50, round(options.seconds * 1000 / min(warm)))) if warm else 0
            print(f"  {subject.name}: {subject.missing or f'{subject.version}, {subject.where}'}", file=sys.stderr)
        with alongside(options.while_measuring):
            for turn in range(options.rounds):
                for subject in subjects if turn % 2 == 0 else subjects[::-1]:
                    if subject.missing is None:
                        subject.times.append(subject.run(counts[subject.name]))
    finally:
        for subject in subjects:
            subject.end()
    return {'title': title, 'batch': batch, 'rows': [row(s, batch, subjects) for s in subjects]}


def row(subject, batch, subjects):
    times = [t for turn in subject.times for t in turn]
    found = {'name': subject.name, 'missing': subject.missing, 'ours': subject.name.startswith('VkInception')}
    if subject.missing or not times:
        return found | {'missing': subject.missing or 'it gave no result'}
    return found | {'version': subject.version, 'where': subject.where, 'medianMs': statistics.median(times), 'minMs': min(times), 'runs': len(times),
                    'medians': [statistics.median(t) for t in subject.times if t], 'imagesPerSecond': 1000 * batch / statistics.median(times),
                    'peakBytes': subject.peak, 'difference': difference(subject, subjects)}


def difference(subject, subjects):
    """The largest difference of a probability from the first subject that has one: whether all computed the same."""
    first = next((s for s in subjects if s.output and s.missing is None and s.output.exists()), None)
    if first is None or subject.output is None or not subject.output.exists():
        return None
    return float(np.abs(probabilities(subject) - probabilities(first)).max())


def probabilities(subject):
    y = np.fromfile(subject.output, np.float32).reshape(-1, 1000).astype(np.float64)
    if subject.probability:
        return y
    e = np.exp(y - y.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def machine():
    name = next((line.split(':', 1)[1].strip() for line in open('/proc/cpuinfo') if line.startswith('model name')), platform.processor())
    memory = next(int(line.split()[1]) >> 20 for line in open('/proc/meminfo') if line.startswith('MemTotal'))
    return f'{name}, {os.cpu_count()} processors, {memory} GiB, {platform.system()} {platform.release()}'


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if options.quick:
        options.rounds, options.batch, options.train_batch = 2, '1', 0
    options.out.mkdir(parents=True, exist_ok=True)
    with open(options.out / 'peers.log', 'w') as log, tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        programs = {'vkinception': build_vkinception(options, log), 'ncnn': build_ncnn(options, log), 'onnxruntime': install_onnxruntime(log)}
        batches = [int(b) for b in options.batch.split(',') if b]
        network.images(max(batches, default=1)).tofile(folder / 'x.f32')
        if programs['ncnn'][1] is None:
            shutil.copy(options.ncnn / 'benchmark' / 'models' / 'googlenet.param', folder)
            network.write_ncnn(folder / 'googlenet.param', folder / 'googlenet.bin', network.weights())
        tables = [measure(f'GoogLeNet inference, 224×224, batch {b}', b, inference(options, b, folder, programs), options, log) for b in batches]
        if options.train_batch:
            tables.append(measure(f'GoogLeNet training step, 224×224, batch {options.train_batch}', options.train_batch, training(options, programs), options, log))
    found = {'date': datetime.datetime.now().astimezone().strftime('%Y-%m-%d %H:%M'), 'machine': machine(), 'rounds': options.rounds, 'threads': options.threads, 'tables': tables}
    (options.out / 'report.json').write_text(json.dumps(found, indent=1))
    (options.out / 'report.md').write_text(report.markdown(found))
    (options.out / 'report.html').write_text(report.html(found))
    print(options.out / 'report.html')


if __name__ == '__main__':
    main()
