#!/usr/bin/env python3
"""Whether every network learns one batch of eight by heart: ten optimizer steps, the loss has to fall to under half.

    benchmarks/overfit.py [--cli tools/vkinception] [NETWORK...]

Runs `train --input --labels` for every network of `models` (or those named) with weights made up from a seed, dropout
off, and prints a table as each is done. Needs Python alone. Exit code 1 where a network did not learn.
"""
import argparse
import array
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

BATCH = 8
STEPS = 10
# Side of the input (few pixels, but enough for every window) and what is given to `train`, by the beginning of a name:
# the longest that fits counts. Networks without batch norm do not bear the rate of those with it.
SETTINGS = {
    "": (64, "--lr 0.01"),
    **{f"resnet{depth}-cifar": (32, "--lr 0.01") for depth in (20, 32, 44, 56, 110)},
    "resnet101": (32, "--lr 0.01"),
    "resnet152": (32, "--lr 0.01"),
    "densenet": (32, "--lr 0.01"),
    "lenet": (32, "--lr 0.01"),
    "alexnet": (64, "--lr 0.002"),
    "alexnet-bvlc": (99, "--lr 0.002"),
    "nin": (99, "--lr 0.002"),
    "vgg": (32, "--lr 0.001"),
    "vgg11_bn": (32, "--lr 0.002"),
    "vgg13_bn": (32, "--lr 0.005"),
    "vgg16_bn": (32, "--lr 0.004"),
    "vgg19_bn": (32, "--lr 0.003"),
    "googlenet-naive": (64, "--lr 0.0005"),
    "inception": (107, "--lr 0.01"),
    "squeezenet": (64, "--optimizer adam --lr 0.001"),
}


def npy(path, kind, shape, values):
    """A version 1.0 .npy file, little-endian, row by row."""
    header = "{'descr': '%s', 'fortran_order': False, 'shape': (%s,), }" % (kind, ", ".join(map(str, shape)))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    data = array.array({"<f4": "f", "<i8": "q"}[kind], values)
    if sys.byteorder == "big":
        data.byteswap()
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + data.tobytes())


def batch(folder, channels, side, classes):
    chance = random.Random(3)
    npy(folder / "x.npy", "<f4", (BATCH, channels, side, side), (chance.gauss(0, 1) for _ in range(BATCH * channels * side * side)))
    npy(folder / "l.npy", "<i8", (BATCH,), (chance.randrange(classes) for _ in range(BATCH)))


def learn(cli, model, channels, folder, extra):
    """The losses before each step and after the last one, or the error's line."""
    side, settings = SETTINGS[max((k for k in SETTINGS if model.startswith(k)), key=len)]
    batch(folder, channels, side, 10)
    command = [*cli, "train", "--model", model, "--input", str(folder / "x.npy"), "--labels", str(folder / "l.npy"),
               "--steps", str(STEPS + 1), "--no-dropout", "--json", "--quiet", *settings.split(), *extra]
    begin = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - begin
    losses = json.loads(done.stdout)["losses"] if done.returncode == 0 else None
    return side, settings, losses, seconds, (done.stderr.strip().splitlines() or ["no word"])[-1]


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("networks", nargs="*")
    words.add_argument("--cli", default=str(pathlib.Path(__file__).resolve().parent.parent / "tools" / "vkinception"),
                       help="the program, and arguments before the command")
    words.add_argument("--extra", default="", help="more options of train")
    given = words.parse_args()
    cli = given.cli.split()
    models = {m["name"]: m for m in json.loads(subprocess.run([*cli, "models", "--json"], check=True, capture_output=True, text=True).stdout)}
    failed = 0
    print("| network | side | settings | first loss | after ten steps | share | seconds |\n|---|---|---|---|---|---|---|", flush=True)
    for name in given.networks or models:
        with tempfile.TemporaryDirectory() as folder:
            side, settings, losses, seconds, word = learn(cli, name, models[name]["inputShape"][0], pathlib.Path(folder), given.extra.split())
        if losses is None:
            failed += 1
            print(f"| {name} | {side} | {settings} | | {word} | | {seconds:.0f} |", flush=True)
            continue
        learned = losses[-1] < losses[0] / 2
        failed += not learned
        share = losses[-1] / losses[0]
        print(f"| {name} | {side} | {settings} | {losses[0]:.4g} | {losses[-1]:.3g} | {share:.3g}{'' if learned else ' NOT LEARNED'} | {seconds:.0f} |", flush=True)
    print(f"{failed} of {len(given.networks or models)} did not learn" if failed else "all learned", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    sys.exit(main())
