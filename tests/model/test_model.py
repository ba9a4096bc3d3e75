#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""That the comparison can fail, and that the model sees no more than it may.

    tests/model/test_model.py --bin build/release/bin [unittest arguments]"""
import argparse
import copy
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


OPTIONS.hours = "usual"
DAYS = 120  # are looked at

# Where a value of a table has several figures.
FIGURES = {"verdict": ("verdict", "due", "owner"), "entry": compare.COLUMNS,
           "sheet": ("seed", "blocks", "drawn", "repairs", "installs")}

# Of each the product must have something to say on the days that are looked at.
CLOCKS = ("order", "dispatch", "accept", "contact", "visit", "complaint", "feedback", "delay", "result",
          "callback", "survey_sheet", "weekly_sheet", "hotline")
ENTRIES = ("7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "7.8", "7.9", "7.10", "7.12", "7.13", "7.17", "7.20",
           "7.21", "7.22", "7.23", "reversal")
PROPOSALS = ("7.5", "7.9", "7.10", "7.12", "7.17", "7.18", "7.20", "7.21", "7.22")
BOOKS = ("obligation_opened", "obligation_closed", "proposal_expired", "proposal_confirmed",
         "proposal_rejected", "appeal_opened", "appeal_decided", "month_closed", "instalments_set")
STATEMENT = ("pieces_fen", "fines_fen", "rewards_fen", "carried_fen", "settlement_fen", "closed",
             "territory", "jobs", "entries", "instalments")
RETURN = ("reported_on", "returned_on", "sent_on", "guarantee_until", "wish", "wish_granted", "days",
          "repair_days", "used_days", "holds", "blocked", "choices")
WANTED = {"%s %s" % (table, name) for table, names in (
    ("verdict", CLOCKS), ("entry", ENTRIES), ("proposal", PROPOSALS), ("book", BOOKS),
    ("verdict", FIGURES["verdict"]), ("entry", FIGURES["entry"]), ("sheet", FIGURES["sheet"]),
    ("statement", STATEMENT), ("return", RETURN)) for name in names}


class Kept:
    """A day on which the manager acts, as it was played once for all tests."""
    days = []

    def __init__(self, trial, seed):
        self.seed, self.lines = seed, run.random_day(trial, seed)
        self.kind = trial.kind
        played = trial.play(self.lines)
        self.events, self.said = played.events, played.tables()

    def tables(self):
        return copy.deepcopy(self.said)

    @classmethod
    def all(cls):
        with run.Trial(OPTIONS) as trial:
            for k in range(DAYS):
                if k == len(cls.days):
                    cls.days.append(cls(trial, 4 * k + 4))
                yield cls.days[k]


def other(value):
    """Something else of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    return value[:-1]


def wrong_figures(table, key, value):
    """(name, the value with one figure wrong): of figures that say something."""
    names = FIGURES.get(table) or (sorted(value) if isinstance(value, dict) else None)
    if names is None:
        yield run.sort_of("%s %s" % (table, key)), other(value)
        return
    yield run.sort_of("%s %s" % (table, key)), None
    for i, name in enumerate(names):
        at = name if isinstance(value, dict) else i
        if value[at]:
            bent = dict(value) if isinstance(value, dict) else list(value)
            bent[at] = other(value[at])
            yield "%s %s" % (table, name), bent if isinstance(value, dict) else tuple(bent)


def dearer(tables):
    """A product that takes one fen too many for each complaint."""
    rows = tables["entry"]
    for key, row in rows.items():
        if row[0] == "7.3":
            rows[key] = row[:4] + (row[4] - 1,) + row[5:]


def forgetful(table, about):
    """A product that does not say something."""
    def mutate(tables):
        for key in [key for key in tables[table] if about in key]:
            del tables[table][key]
    return mutate


def unfair(tables):
    """A lot that leaves somebody out."""
    for key, (seed, blocks, drawn, *rest) in tables["sheet"].items():
        tables["sheet"][key] = (seed, blocks, drawn[:-1], *rest)


def hasty(tables):
    """Rights that open a day early."""
    for one in tables["return"].values():
        one["days"] -= 1


class CanFail(unittest.TestCase):
    @staticmethod
    def sorts(trial, lines):
        return {run.sort_of(key) for key, _ in trial.differences(lines)}

    def test_every_figure(self):
        """Each of them occurs, and is missed when it is wrong."""
        missing = set(WANTED)
        with run.Trial(OPTIONS) as trial:
            for day in Kept.all():
                trial.take(day.kind)
                model = compare.of_model(Model(trial.rules, day.lines, day.events))
                for table, mine, found in zip(compare.TABLES, model, day.said):
                    for key, value in found.items():
                        for name, bent in wrong_figures(table, key, value):
                            if name not in missing:
                                continue
                            spoilt = {**found, key: bent}
                            self.assertEqual([table + " " + key], [
                                one for one, _ in compare.unequal(table, mine, spoilt)], name)
                            missing.remove(name)
                if not missing:
                    break
        self.assertEqual(set(), missing)

    def found(self, sort, most=None, mutate=None, bend=None):
        """The difference is seen; and shrunk to so many lines at most, if that is said."""
        with run.Trial(OPTIONS, mutate, bend) as trial:
            for day in Kept.all():
                trial.take(day.kind)
                differ = compare.differences(trial.rules, day.lines, day, mutate).lines
                if sort in {run.sort_of(key) for key, _ in differ}:
                    break
            else:
                self.fail("no day shows it")
            if most is None:
                return
            small = trial.smallest(day.lines, sort)
            self.assertLessEqual(len(small), most)
            self.assertIn(sort, self.sorts(trial, small))

    def test_a_changed_ledger_row(self):
        self.found("entry 7.3", 3, mutate=dearer)

    def test_a_lost_verdict(self):
        self.found("verdict delay", 6,  # somebody must hold the job
                   mutate=forgetful("verdict", " delay#"))

    def test_a_lost_fine_for_the_sheet(self):
        self.found("entry 7.2", mutate=forgetful("entry", "7.2/"))

    def test_a_lost_week(self):
        self.found("verdict weekly_sheet", mutate=forgetful("verdict", " weekly_sheet#"))

    def test_an_unfair_lot(self):
        self.found("sheet", mutate=unfair)

    def test_a_lost_appeal(self):
        self.found("book appeal_opened", mutate=forgetful("book", "appeal_opened"))

    def test_a_lost_obligation(self):
        self.found("book obligation_opened", mutate=forgetful("book", "obligation_opened"))

    def test_a_hasty_right(self):
        self.found("return", mutate=hasty)

    def test_a_changed_limit_of_the_model(self):
        self.found("verdict accept",
                   bend=lambda rules: rules.clocks["accept"].update(limit="31m"))

    def test_a_changed_grace_of_the_model(self):
        """Nobody's late evidence counts: what was withdrawn stands."""
        self.found("entry 7.1", 8, bend=lambda rules: rules.clocks["accept"].update(grace="0s"))

    def test_a_changed_band_of_the_model(self):
        self.found("verdict visit",
                   bend=lambda rules: rules.clocks["visit"]["bands"].update(city="25h"))

    def test_another_day_of_work_for_the_sheet(self):
        self.found("verdict survey_sheet", 2, bend=lambda rules: rules.clocks[
            "survey_sheet"]["limit"].update(workdays="4"))

    def test_a_whole_day_of_work_instead_of_half(self):
        def whole(rules):
            row = rules.calendars["county"]
            row["holidays"] = [one for one in row["holidays"] if "hours" not in one]
        self.found("verdict dispatch", bend=whole)

    def test_a_shorter_guarantee(self):
        self.found("return", 2, bend=lambda rules: rules.book["returns"]["guarantee"].update(
            air_conditioner="35months"))

    def test_another_piece_rate(self):
        self.found("statement", 3, bend=lambda rules: rules.book["piece_rates"][-1].update(
            rate="16.01元"))

    def test_proposals_that_stay_open_longer(self):
        self.found("book proposal_expired", bend=lambda rules: rules.book["decisions"].update(
            proposals_expire="61d"))

    def test_appeals_that_come_too_late(self):
        self.found("book appeal_opened", bend=lambda rules: rules.book["decisions"].update(
            appeal_within="19d"))

    def test_instalments_of_fewer_months(self):
        def fewer(rules):
            for clause in ("7.13", "7.17"):
                rules.clauses[clause].update(instalments="5")
        self.found("book instalments_set", bend=fewer)

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
