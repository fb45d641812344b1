"""What every subject of run.py speaks: a line of JSON when it is ready; then, for every number read from standard input, that many runs and a line with their milliseconds."""
import json
import sys
import time


def say(**what):
    print(json.dumps(what), flush=True)


def missing(why):
    say(missing=why)
    sys.exit(0)


def serve(run, version, where):
    run()
    say(version=version, where=where)
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            run()
            times.append((time.perf_counter() - start) * 1000)
        say(ms=times)
