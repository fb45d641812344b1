#!/usr/bin/env python3
"""Runs the device tests on several Vulkan drivers and writes a table: driver × group of tests × result × largest deviation from the references.

    tests/matrix.py --out DIR --driver NAME=FILE [--driver …] [--filter EXPRESSION]

FILE is a driver's manifest (.json), or a program that runs its arguments with that driver. NAME@128 sets LP_NATIVE_VECTOR_WIDTH=128 (lavapipe).
Needs a Release build of the tests (tools/setup.sh --tests). Writes DIR/NAME.trx, one table after each driver to DIR/matrix.md; exit status 1 if any test failed.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parent.parent
ASSEMBLY = ROOT / "tests/VkInception.DeviceTests/bin/Release/net10.0/VkInception.DeviceTests.dll"
TRX = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"
DEVIATION = re.compile(r"largest deviation ([0-9.E+-]+)")


class Group:
    """What the tests of one folder came to."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.deviation = 0.0

    def add(self, outcome, text):
        if outcome == "Passed":
            self.passed += 1
        elif outcome == "NotExecuted":
            self.skipped += 1
        else:
            self.failed += 1
        self.deviation = max([self.deviation, *map(float, DEVIATION.findall(text))])

    def __str__(self):
        parts = [f"{self.passed} passed"]
        if self.failed:
            parts.append(f"**{self.failed} failed**")
        if self.skipped:
            parts.append(f"{self.skipped} skipped")
        return ", ".join(parts) + (f"; {self.deviation:.1e}" if self.deviation else "")


def run(name, driver, out, expression):
    """The groups of one driver, the names of its failed tests, and seconds."""
    label, _, width = name.partition("@")
    environment = dict(os.environ)
    command = ["dotnet", "vstest", str(ASSEMBLY), f"--logger:trx;LogFileName={name}.trx", f"--ResultsDirectory:{out}"]
    if expression:
        command.append(f"--TestCaseFilter:{expression}")
    if driver.suffix == ".json":
        environment["VK_DRIVER_FILES"] = str(driver)
    else:
        command.insert(0, str(driver))
    if width:
        environment["LP_NATIVE_VECTOR_WIDTH"] = width
    results = out / f"{name}.trx"
    results.unlink(missing_ok=True)
    start = time.monotonic()
    with open(out / f"{name}.log", "wb") as log:
        status = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT).returncode
    seconds = time.monotonic() - start
    if not results.exists():
        sys.exit(f"matrix: {name}: no results (status {status}); {out / (name + '.log')} says why")
    groups, failed = read(results)
    if status and not failed:
        failed = [f"the run ended with {status} though no test failed (a crash?)"]
    return groups, failed, seconds


def read(results):
    tree = xml.parse(results).getroot()
    classes = {t.get("id"): t.find(f"{TRX}TestMethod").get("className") for t in tree.iter(f"{TRX}UnitTest")}
    groups, failed = {}, []
    for result in tree.iter(f"{TRX}UnitTestResult"):
        folder = classes[result.get("testId")].removeprefix("VkInception.DeviceTests.").split(".")[0]
        output = result.find(f"{TRX}Output/{TRX}StdOut")
        groups.setdefault(folder, Group()).add(result.get("outcome"), output.text or "" if output is not None else "")
        if result.get("outcome") == "Failed":
            failed.append(f"{folder}: {result.get('testName')}")
    return groups, failed


def table(rows):
    folders = sorted({f for _, groups, _, _ in rows for f in groups})
    lines = ["| driver | " + " | ".join(folders) + " | minutes |", "|" + "---|" * (len(folders) + 2)]
    for name, groups, _, seconds in rows:
        lines.append(f"| {name} | " + " | ".join(str(groups.get(f, "")) for f in folders) + f" | {seconds / 60:.0f} |")
    for name, _, failed, _ in rows:
        lines += ["", *(f"- {name}: {f}" for f in failed)] if failed else []
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--driver", action="append", required=True, metavar="NAME=FILE")
    parser.add_argument("--filter", metavar="EXPRESSION", help="as of 'dotnet test': FullyQualifiedName~Ops")
    arguments = parser.parse_args()
    if not ASSEMBLY.exists():
        sys.exit(f"matrix: {ASSEMBLY} is not there: run tools/setup.sh --tests")
    arguments.out.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, _, file in (d.partition("=") for d in arguments.driver):
        if not pathlib.Path(file).is_file():
            sys.exit(f"matrix: {name}: there is no file {file!r}")
        rows.append((name, *run(name, pathlib.Path(file).resolve(), arguments.out.resolve(), arguments.filter)))
        (arguments.out / "matrix.md").write_text(table(rows))
        print(table(rows[-1:]), flush=True)
    return 1 if any(failed for _, _, failed, _ in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
