#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How fast the past is judged under other rules: the made-up year from an export, beside the raw
limit, which is reading and unpacking the same journals.

    tests/bench/backtest.py --build build/release [--runs 5]

An event counts once, whichever service said it, and everything counts as time: start, reading files,
compiling rules, judging under both rulebooks, printing. The figure is events of all journals by
seconds of processor time, user and system, of the fastest run; one core, no threads."""
import argparse
import glob
import json
import os
import resource
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def seconds(argv, runs):
    """(processor time of the fastest run, what it printed)"""
    best, out = None, ""
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        best = took if best is None else min(best, took)
    return best, out


def measure(build, runs=5):
    """Events, events a second of a backtest, and of only unpacking the same."""
    doorstep = os.path.join(build, "bin", "doorstep")
    with tempfile.TemporaryDirectory(prefix="dsbench") as root:
        year, journals = os.path.join(root, "year"), os.path.join(root, "journals")
        subprocess.run([sys.executable, os.path.join(SOURCE, "tests", "gen", "year.py"), year],
                       check=True)
        subprocess.run([doorstep, "replay", os.path.join(year, "year.ndjson"), "--out",
                        os.path.join(root, "out"), "--journals", journals], check=True,
                       stdout=subprocess.DEVNULL)
        new = os.path.join(root, "new.yaml")
        with open(os.path.join(year, "rulebook.yaml"), encoding="utf-8") as old, \
                open(new, "w", encoding="utf-8") as out:
            out.write(old.read().replace("    limit: 72h", "    limit: 47h"))
        took, told = seconds([doorstep, "backtest", "--rulebook", new, "--json", journals], runs)
        events = json.loads(told)["summary"]["rows"][0]["events"]
        raw, _ = seconds([os.path.join(build, "tests", "bench_decode"),
                          *glob.glob(os.path.join(journals, "*.journal"))], runs)
    return events, events / took, events / raw


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--build", default=os.path.join(SOURCE, "build", "release"))
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    events, judged, raw = measure(options.build, options.runs)
    print("backtest of the year, %d events: %d /s; only unpacked: %d /s; %d %% of it" % (
        events, judged, raw, 100 * judged / raw))


if __name__ == "__main__":
    main()
