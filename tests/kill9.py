#!/usr/bin/env python3
"""Kills train, import and tune with SIGKILL at moments that chance decides, and looks at what is left.

After every kill: no damaged file under its final name, no checkpoint lost, at most one unfinished file more than before.
At the end: the runs are finished, and their results equal those of runs that nobody disturbed, bit for bit.

    tests/kill9.py [--kills N] [--seed S] [--only train|import|tune] [--cli WORDS] [--source FILE --model NAME]

Needs the command line (built by tools/setup.sh) and a Vulkan device, the software one included. --source and --model
are what import reads; without them it is the network that train has made.
"""
import argparse, glob, hashlib, json, os, random, re, shlex, shutil, signal, struct, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TEMPORARY = re.compile(r"^\.[0-9a-f]{32}\.tmp$")


def fail(what):
    sys.exit(f"kill9: FAILED: {what}")


def temporaries(folder):
    return [f for f in os.listdir(folder) if TEMPORARY.match(f)] if os.path.isdir(folder) else []


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def check_safetensors(path, sealed):
    """Header, offsets and length agree; where the file is sealed, so does its own SHA-256."""
    with open(path, "rb") as file:
        content = file.read()
    try:
        (length,) = struct.unpack("<Q", content[:8])
        header = json.loads(content[8:8 + length])
    except (struct.error, ValueError) as error:
        fail(f"{path}: damaged under its final name: {error}")
    end = max((entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"), default=0)
    if 8 + length + end != len(content):
        fail(f"{path}: {len(content)} bytes, its header says {8 + length + end}")
    if sealed and hashlib.sha256(content[:-32]).digest() != content[-32:]:
        fail(f"{path}: its checksum does not agree")


class Command:
    """A command that is killed again and again: what it runs, and what must hold after every kill."""

    # It is killed in one of so many files that it writes.
    files = 1

    def __init__(self, options, folder):
        self.options, self.folder, self.kills, self.finished, self.in_writing = options, folder, 0, 0, 0
        self.chance = random.Random(f"{options.seed}/{type(self).__name__}")
        self.environment = dict(os.environ, VKINCEPTION_CACHE=os.path.join(folder, "cache"), LP_NUM_THREADS="1")

    def start(self, words, **more):
        return subprocess.Popen(self.options.cli + words, env=dict(self.environment, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def finish(self, words, **more):
        process = self.start(words, **more)
        output, error = process.communicate()
        if process.returncode != 0:
            fail(f"{' '.join(words)}: ended with {process.returncode}: {error.decode(errors='replace').strip()}")
        return output

    def kill_once(self, words, watched, seconds):
        """Half of the time when a file is being written, else at any time up to the usual end."""
        before = set(temporaries(watched))
        process = self.start(words)
        deadline = time.monotonic() + self.chance.uniform(0.2, 1.05) * seconds
        on_write, nth = self.chance.random() < 0.5, self.chance.randint(1, self.files)
        seen = set(before)
        while process.poll() is None:
            new = set(temporaries(watched)) - seen
            if on_write and new:
                seen |= new
                nth -= 1
                if nth <= 0:
                    time.sleep(self.chance.uniform(0, 0.003))
                    break
            if not on_write and time.monotonic() > deadline:
                break
            if time.monotonic() > deadline + 20 * seconds:
                fail(f"{' '.join(words)}: hangs")
            time.sleep(0.0005)
        if process.poll() is not None:
            self.finished += 1
            if process.returncode != 0:
                fail(f"{' '.join(words)}: ended with {process.returncode}: {process.stderr.read().decode(errors='replace').strip()}")
            return False
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        self.kills += 1
        left = len(set(temporaries(watched)) - before)
        self.in_writing += left > 0
        if left > 1:
            fail(f"{left} unfinished files after one kill in {watched}")
        return True

    def report(self):
        print(f"{type(self).__name__.lower():8} {self.kills:5} kills, {self.in_writing} of them in the middle of a file; {self.finished} runs were faster than their killer", flush=True)


class Train(Command):
    """LeNet-5 on noise, a checkpoint every step."""

    files = 3

    def run(self, kills):
        data = os.path.join(self.folder, "data")
        os.makedirs(data)
        noise = random.Random(5)
        for prefix, count in (("train", 48), ("t10k", 8)):
            with open(f"{data}/{prefix}-images-idx3-ubyte", "wb") as file:
                file.write(struct.pack(">IIII", 0x803, count, 28, 28) + bytes(noise.randrange(256) for _ in range(count * 784)))
            with open(f"{data}/{prefix}-labels-idx1-ubyte", "wb") as file:
                file.write(struct.pack(">II", 0x801, count) + bytes(i % 10 for i in range(count)))
        words = ["train", "--data", data, "--model", "lenet5", "--batch", "8", "--lr", "0.01", "--checkpoint-steps", "1", "--seed", "7", "--quiet", "--json", "--resume"]
        whole, killed = os.path.join(self.folder, "whole"), os.path.join(self.folder, "killed")
        begin = time.monotonic()
        self.finish(words + ["--epochs", "1", "--out", os.path.join(self.folder, "once")])
        # A killed run's share: it starts, and does some steps; there are more than enough for all of them.
        seconds = time.monotonic() - begin
        words += ["--epochs", str(2 * kills + 1), "--out"]
        self.finish(words + [whole])
        newest = 0
        while self.kills < kills and self.finished == 0:
            self.kill_once(words + [killed], killed, seconds)
            newest = self.check(killed, newest)
        self.finish(words + [killed])
        self.check(killed, newest)
        if temporaries(killed):
            fail(f"{killed}: unfinished files stay")
        for name in ("final.safetensors", "best.safetensors"):
            if digest(f"{whole}/{name}") != digest(f"{killed}/{name}"):
                fail(f"{name} differs from the run that was not killed")
        self.report()
        return f"{whole}/final.safetensors"

    def check(self, folder, newest):
        steps = [0]
        for path in glob.glob(f"{folder}/*.safetensors"):
            name = os.path.basename(path)
            check_safetensors(path, sealed=name.startswith("checkpoint-"))
            if name.startswith("checkpoint-"):
                steps.append(int(name[11:20]))
        if glob.glob(f"{folder}/*.damaged"):
            fail(f"{folder}: a checkpoint was found damaged")
        if max(steps) < newest:
            fail(f"{folder}: step {newest} had a checkpoint, now {max(steps)} is the newest")
        if os.path.exists(f"{folder}/log.jsonl"):
            with open(f"{folder}/log.jsonl", "rb") as file:
                for line in file.read().split(b"\n")[:-1]:
                    json.loads(line)
        if os.path.exists(f"{folder}/report.html"):
            with open(f"{folder}/report.html", "rb") as file:
                if not file.read().rstrip().endswith(b"</html>"):
                    fail(f"{folder}/report.html: ends early")
        return max(steps)


class Import(Command):
    """A checkpoint over an older one: there is always one of the two."""

    def run(self, kills, source, model):
        folder = os.path.join(self.folder, "imported")
        os.makedirs(folder)
        target = os.path.join(folder, "out.safetensors")
        words = ["import", source, "--model", model, "-o", target, "--quiet"]
        begin = time.monotonic()
        self.finish(words)
        seconds = time.monotonic() - begin
        new = digest(target)
        old = os.path.join(self.folder, "old.safetensors")
        with open(old, "wb") as file:
            file.write(b"what lay there before")
        allowed = {new, digest(old)}
        while self.kills < kills:
            shutil.copy(old, target)
            self.kill_once(words, folder, seconds)
            if digest(target) not in allowed:
                fail(f"{target}: neither the old file nor the new one")
        # Unfinished files go with the next file that is written, once they are old enough to be nobody's.
        for name in temporaries(folder):
            os.utime(os.path.join(folder, name), (time.time() - 3600,) * 2)
        self.finish(words)
        if digest(target) != new or temporaries(folder):
            fail(f"{folder}: unfinished files stay, or the result is another: {temporaries(folder)}")
        self.report()


class Tune(Command):
    """Measurements are kept whole or not at all, and change no result."""

    def run(self, kills, weights):
        cache = self.environment["VKINCEPTION_CACHE"]
        words = ["tune", "lenet5", "--budget", "5", "--quiet"]
        images = os.path.join(self.folder, "x.npy")
        noise = random.Random(3)
        header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 32, 32), }".ljust(117) + "\n"
        with open(images, "wb") as file:
            file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack("<1024f", *(noise.gauss(0, 1) for _ in range(1024))))
        untuned, tuned = os.path.join(self.folder, "untuned.npy"), os.path.join(self.folder, "tuned.npy")
        run = ["run", "lenet5", "--weights", weights, "--input", images, "--quiet", "--output"]
        self.finish(run + [untuned], VKINCEPTION_CACHE=os.path.join(self.folder, "no-cache"))
        begin = time.monotonic()
        self.finish(words)
        seconds = time.monotonic() - begin
        shutil.rmtree(cache)
        while self.kills < kills:
            if self.chance.random() < 0.25 and os.path.isdir(cache):
                # From time to time everything is measured anew.
                for path in glob.glob(f"{cache}/tuning-*.json"):
                    os.remove(path)
            self.kill_once(words + ["--again"], cache, seconds)
            self.check(cache)
        for name in temporaries(cache):
            os.utime(os.path.join(cache, name), (time.time() - 3600,) * 2)
        # Two at once, on what the killed ones left.
        both = [self.start(words + ["--again"]) for _ in range(2)]
        for process in both:
            _, error = process.communicate()
            if process.returncode != 0:
                fail(f"tune, two at once: {error.decode(errors='replace').strip()}")
        self.check(cache)
        if temporaries(cache):
            fail(f"{cache}: unfinished files stay: {temporaries(cache)}")
        self.finish(run + [tuned])
        with open(untuned, "rb") as a, open(tuned, "rb") as b:
            one, two = (struct.unpack("<10f", f.read()[-40:]) for f in (a, b))
        if max(abs(p - q) for p, q in zip(one, two)) > 1e-4 * max(1e-3, max(map(abs, one))):
            fail(f"tuned kernels compute something else: {one} {two}")
        self.report()

    def check(self, cache):
        for path in glob.glob(f"{cache}/tuning-*.json"):
            with open(path, "rb") as file:
                head, body = file.read().split(b"\n", 1)
            if head.split(b" ")[-1].decode() != hashlib.sha256(body).hexdigest():
                fail(f"{path}: damaged under its final name")
            json.loads(body)
        for path in glob.glob(f"{cache}/pipelines-*.bin"):
            with open(path, "rb") as file:
                content = file.read()
            if hashlib.sha256(content[40:]).digest() != content[8:40]:
                fail(f"{path}: damaged under its final name")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="in all, shared among the commands")
    parser.add_argument("--seed", type=int, default=2014)
    parser.add_argument("--only", choices=["train", "import", "tune"])
    parser.add_argument("--cli", default=os.path.join(ROOT, "tools", "vkinception"), help="the words that start the program")
    parser.add_argument("--source", help="a checkpoint for import")
    parser.add_argument("--model", default="lenet5", help="its network")
    options = parser.parse_args()
    options.cli = shlex.split(options.cli)
    if options.source:
        options.source = os.path.abspath(options.source)
    share = options.kills if options.only else (options.kills + 2) // 3
    with tempfile.TemporaryDirectory(prefix="vkinception-kill9-") as folder:
        weights = Train(options, folder).run(share if options.only in (None, "train") else 0)
        if options.only in (None, "import"):
            Import(options, folder).run(share, options.source or weights, options.model)
        if options.only in (None, "tune"):
            Tune(options, folder).run(share, weights)
    print("kill9: nothing damaged, nothing lost")


if __name__ == "__main__":
    main()
