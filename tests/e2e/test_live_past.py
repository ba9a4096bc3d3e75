#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`doorstep backtest` of an installation that runs: whenever it is asked, under the rules that are in
force nothing differs from what is booked, however far behind watcher and ledger are.

    tests/e2e/test_live_past.py --bin build/release/bin [unittest arguments]"""
import argparse
import datetime
import json
import os
import random
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
OPTIONS, REST = parser.parse_known_args()
BIN = os.path.abspath(OPTIONS.bin)
os.environ["DS_BUILD"] = os.path.dirname(BIN)
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(SOURCE, "tests", "lib"))
import harness  # noqa: E402
import installed  # noqa: E402

DAY = os.path.join(installed.DEPLOY, "examples", "day.ndjson")
RULEBOOK = os.path.join(installed.DEPLOY, "rulebook.yaml")
HOUR_MS = 3600000
START_MS = 1172707200000  # 2007-03-01 08:00 there


def day():
    """The example day: (instant, lines that are sent then), in order."""
    at = {}
    with open(DAY, encoding="utf-8") as file:
        for line in file:
            told = json.loads(line)
            command = told.get("command", told)
            instant = datetime.datetime.fromisoformat(told.get("send_at", command["made_at_ms"]))
            at.setdefault(int(instant.timestamp() * 1000), []).append(
                json.dumps(command, ensure_ascii=False) + "\n")
    return sorted(at.items())


class LivePast(unittest.TestCase):
    def setUp(self):
        self.stage = harness.Installation(clock="step", start_ms=START_MS)
        self.addCleanup(self.stage.close)
        self.stage.start()
        self.stage.activate()
        self.lines = 0

    def doorstep(self, *words, stdin="", codes=(0,)):
        told = subprocess.run([os.path.join(BIN, "doorstep"), *words, "--dir", self.stage.data],
                              capture_output=True, text=True, input=stdin,
                              timeout=harness.LIMIT_S)
        self.assertIn(told.returncode, codes, told.stderr)
        return told.stdout

    def differences(self, *inputs):
        told = json.loads(self.doorstep("backtest", "--rulebook", RULEBOOK, "--json", *inputs))
        row, = told["summary"]["rows"]
        self.lines = max(self.lines, row["same"])
        return {name: row[name] for name in ("different", "same_but_due", "drifted", "lost")
                if row[name]}

    def look(self, ahead):
        """From the store, and from its journals as files."""
        self.assertEqual({}, self.differences(), ahead)
        out = os.path.join(self.stage.root, "journals")
        self.doorstep("export", "--out", out)
        self.assertEqual({}, self.differences(out), ahead)

    def test_at_any_instant(self):
        """Time and commands come to as many services as chance has it; the others come after."""
        chance = random.Random(4)
        instants = day()
        last_ms = instants[-1][0]
        instants += [(last_ms + n * 6 * HOUR_MS, []) for n in range(1, 40)]
        for n, (at_ms, lines) in enumerate(instants):
            self.stage.advance(at_ms, ["intake"], inputs_follow=True)
            if lines:
                self.doorstep("submit", "-", stdin="".join(lines), codes=(0, 1))
            ahead = chance.choice((1, 2, 3, 3, 4, 4, 5))
            self.stage.advance(at_ms, harness.SERVICES[:ahead])
            if n % 15 == 0:
                self.look((n, ahead))
        self.stage.advance(self.stage.now_ms + 1)
        self.look("all")
        self.assertGreater(self.lines, 10)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
