#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""That the comparison can fail, and that the model sees no more than it may.

    tests/model/test_model.py --bin build/release/bin [unittest arguments]"""
import argparse
import importlib.machinery
import importlib.util
import os
import sys
import unittest

sys.dont_write_bytecode = True  # the source tree stays as it is
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
import compare  # noqa: E402
from model import Model  # noqa: E402
from record import read_lines  # noqa: E402

LOADER = importlib.machinery.SourceFileLoader("run", os.path.join(HERE, "run"))
run = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", LOADER))
LOADER.exec_module(run)

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
parser.add_argument("--rules", default=os.path.join(SOURCE, "deploy"))
OPTIONS, REST = parser.parse_known_args()
EXAMPLE = read_lines(os.path.join(SOURCE, "deploy", "examples", "day.ndjson"))


def dearer(_verdicts, rows, _proposals):
    """A product that takes one fen too many for each complaint."""
    for key, row in rows.items():
        if row[0] == "7.3":
            rows[key] = row[:4] + (row[4] - 1,) + row[5:]


def forgetful(verdicts, _rows, _proposals):
    """A product that loses the verdicts on delays."""
    for key in [key for key in verdicts if " delay#" in key]:
        del verdicts[key]


class CanFail(unittest.TestCase):
    @staticmethod
    def sorts(trial, lines):
        return {run.sort_of(key) for key, _ in trial.differences(lines)}

    def found(self, sort, most, mutate=None, bend=None):
        """The difference is seen, and shrunk to so many lines at most."""
        with run.Trial(OPTIONS, mutate) as trial:
            if bend:
                bend(trial.rules)
            day = next((day for day in map(lambda seed: run.random_day(trial, seed), range(1, 100))
                        if self.sorts(trial, day) & {sort}), None)
            self.assertIsNotNone(day, "no day shows it")
            small = trial.smallest(day, sort)
            self.assertLessEqual(len(small), most)
            self.assertIn(sort, self.sorts(trial, small))

    def test_a_changed_ledger_row(self):
        self.found("entry 7.3", 3, mutate=dearer)

    def test_a_lost_verdict(self):
        self.found("verdict delay", 4, mutate=forgetful)  # somebody must hold the job

    def test_a_changed_limit_of_the_model(self):
        self.found("verdict accept", 6,
                   bend=lambda rules: rules.clocks["accept"].update(limit="31m"))

    def test_a_changed_grace_of_the_model(self):
        """Nobody's late evidence counts: what was withdrawn stands."""
        self.found("entry 7.1", 8, bend=lambda rules: rules.clocks["accept"].update(grace="0s"))

    def test_a_changed_band_of_the_model(self):
        self.found("verdict visit", 3,
                   bend=lambda rules: rules.clocks["visit"]["bands"].update(city="25h"))

    def test_another_day_of_work_for_the_sheet(self):
        self.found("verdict survey_sheet", 2, bend=lambda rules: rules.clocks[
            "survey_sheet"]["limit"].update(workdays="4"))

    def test_a_shorter_guarantee(self):
        self.found("return", 2, bend=lambda rules: rules.book["returns"]["guarantee"].update(
            air_conditioner="35months"))

    def test_another_piece_rate(self):
        self.found("statement", 3, bend=lambda rules: rules.book["piece_rates"][-1].update(
            rate="16.01元"))

    def test_months_that_close_later(self):
        """... and a line that is booked in another."""
        self.found("book month_closed", 1, bend=lambda rules: rules.clocks["complaint"].update(
            grace="15h"))


class SeesNoMore(unittest.TestCase):
    def test_only_names_and_the_dispatchers_acts(self):
        """Without anything else that the product said, it comes to the same."""
        with run.Trial(OPTIONS) as trial:
            events = trial.play(EXAMPLE).events
            bare = []
            for event in events:
                source = event["source"].split("/")[2]
                if source == "dispatcher":
                    bare.append(event)
                elif source == "intake":
                    data = {key: event["data"].get(key) for key in ("command_id", "subject")}
                    bare.append(dict(event, data=data))
            self.assertEqual(compare.of_model(Model(trial.rules, EXAMPLE, events)),
                             compare.of_model(Model(trial.rules, EXAMPLE, bare)))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
