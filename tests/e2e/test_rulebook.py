#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The life of a rulebook in a real installation: versions for a day to come, judging again, and what
the command line shows of both; the same ledger from the file and from the exported journals. And
what `rulebook check` warns of.

    tests/e2e/test_rulebook.py --bin build/release/bin [unittest arguments]"""
import csv
import io
import json
import os
import shutil
import sys
import tempfile
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "lib"))
from lived import REST, SOURCE, ZH, Lived, doorstep  # noqa: E402
from cases_rulebook import FINE, ORDER, RIGHT_AGAIN, _activate, _rejudge, rejudged_back_again  # noqa: E402,E501

UNTIL = "2007-03-08T00:00:00+08:00"


def rows_of(text):
    return sorted([row for row in csv.DictReader(io.StringIO(text))], key=lambda row: row["key"])


def the_days(county):
    """A slip, judged again twice; one version for a day, one that never comes into force, one that
    waits still."""
    rejudged_back_again(county)
    _activate(county, "13:00", RIGHT_AGAIN, what="rules-3", effective_from="03-02 00:00")
    _activate(county, "03-05 08:00", ORDER, what="rules-4", effective_from="03-12 00:00")
    _activate(county, "03-05 09:00", RIGHT_AGAIN, ORDER, what="rules-5",
              effective_from="03-13 00:00")
    _rejudge(county, "03-05 10:00", 3, "REFUSED", "FACTS_NOT_HELD", what="again-late")


class Life(Lived):
    @classmethod
    def setUpClass(cls):
        cls.live(the_days, UNTIL)

    def test_list(self):
        told = json.loads(self.ask("rulebook", "list", "--json"))
        listed = told["versions"]
        for kind, name in (("clauses", "clause"), ("rights", "clause"), ("clocks", "clock")):
            self.assertGreater(len(told[kind]), 5)
            for one in told[kind]:  # as it is explained by itself: of what is in force
                self.assertEqual(json.loads(self.ask("explain", one[name], "--json")), one)
        self.assertEqual([(1, "past"), (2, "past"), (3, "in_force"), (4, "withdrawn"),
                          (5, "waits")], [(row["number"], row["state"]) for row in listed])
        self.assertEqual("2007-03-01T16:00:00.000Z", listed[2]["effective_from"])
        self.assertEqual("2007-03-01T05:00:00.000Z", listed[2]["activated_at"])
        self.assertEqual("liu", listed[2]["by"])
        self.assertIn("waits  from 2007-03-13 00:00:00, activated 2007-03-05 09:00:00, by liu",
                      self.ask("rulebook", "list"))
        self.assertIn("待生效", self.ask("rulebook", "list", lang=ZH))

    def test_backtest(self):
        """From what runs as from an export; five versions, verdicts judged again: as booked."""
        rulebook = os.path.join(SOURCE, "deploy", "rulebook.yaml")
        journals = os.path.join(self.stage.root, "journals")
        self.ask("export", "--out", journals)
        live = json.loads(self.ask("backtest", "--rulebook", rulebook, "--json"))
        exported = json.loads(self.ask("backtest", "--rulebook", rulebook, "--json", journals))
        for table in ("clauses", "accounts", "months", "summary"):
            self.assertEqual(exported[table], live[table])
        summary, = live["summary"]["rows"]
        self.assertEqual(0, summary["drifted"])
        self.assertGreater(summary["different"], 0)  # the slip, and what took it back, are gone

    def test_what_changed_between_versions(self):
        said = self.ask("rulebook", "diff", "1", "2")
        self.assertRegex(said, r"(?m)^- .* \(was: .*\) \(for .*\)$")
        self.assertEqual("The two judge alike: nothing changes.\n",
                         self.ask("rulebook", "diff", "3", "3"))
        self.ask("rulebook", "diff", "1", "9", code=1)

    def test_explain(self):
        said = self.ask("explain", self.ticket)
        self.assertIn("judged again", said)
        self.assertIn("rulebook 1; before: breached, rulebook 2: 规则里的时限写错了", said)
        self.assertIn("judged again under another version of the rules", said)
        said = self.ask("explain", FINE.replace("{x1}", self.ticket), lang=ZH)
        self.assertIn("重新判定", said)

    def test_facts_that_are_gone(self):
        line = {"id": "gone", "made_at_ms": UNTIL, "by": "liu", "ticket": self.ticket,
                "rejudge": {"under": 1, "reason": "晚了"}}
        path = os.path.join(self.stage.root, "gone.ndjson")
        with open(path, "w", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self.ask("play", path, "--until", "2007-03-09T00:00:00+08:00")
        said = self.ask("submit", path, code=1)  # the same again: the answer of the first time
        self.assertIn("no longer held", said)
        self.assertIn("closed since 2007-03-01T08:10:00.000Z", said)

    def test_check(self):
        self.ask("check")

    def test_the_same_from_the_journals_and_from_the_file(self):
        live = rows_of(self.ask("ledger", "--csv"))
        keys = [row["key"] for row in live]
        self.assertIn("reversal/" + FINE.replace("{x1}", self.ticket), keys)
        self.assertIn(FINE.replace("{x1}", self.ticket) + "/rejudged#2", keys)
        out = os.path.join(self.stage.root, "journals")
        self.ask("export", "--out", out)
        self.assertIn("the same ledger", doorstep("replay", "--recorded", out, "--out",
                                                  os.path.join(self.stage.root, "again")))
        doorstep("replay", self.lines, "--rules", os.path.join(SOURCE, "deploy"), "--until", UNTIL,
                 "--out", os.path.join(self.stage.root, "file"))
        with open(os.path.join(self.stage.root, "file", "ledger.csv"), encoding="utf-8") as file:
            self.assertEqual(live, rows_of(file.read()))


WARNINGS = [
    ("never_booked", "clauses[7.4].how", ('    clause: "7.4"  # for', '    # for')),
    ("never_proposed", "clauses[7.9].how",
     ('  work_clothes: {clause: "7.9", bad_when: "no"}\n', "")),
    ("alert_only", "clocks.delay.clause", ("""  delay:
    limit: 30m     # our default
""", """  delay:
    limit: 30m     # our default
    clause: "7.1"
""")),
    ("books_by_itself", "clocks.result.clause", ('    clause: "7.4"  # for',
                                                 '    clause: "7.16"  # for')),
    ("grace_beyond_late", "clocks.complaint.grace", ("    grace: 14h", "    grace: 25h")),
    ("cuts_nothing", "calendars[county].holidays[#2].from",
     ("name: Spring Festival}\n", "name: Spring Festival}\n"
      "      - {from: 2007-03-04, to: 2007-03-04}\n")),
    ("nobody_on_duty", "calendars[county].make_up[#2].date",
     ("{date: 2007-02-25, like: fri}\n", "{date: 2007-02-25, like: fri}\n"
      "      - {date: 2007-03-04, like: fri}\n")),
]
ERRORS = [
    ("band_shrinks", "clocks.visit.bands.far", ("far: 72h", "far: 47h")),
    ("days_not_allowed", "clocks.order.limit", ("""  order:
    limit: 30m""", """  order:
    limit: 3d""")),
    ("already_working", "calendars[county].make_up[#1].date",
     ("{date: 2007-02-25, like: fri}", "{date: 2007-02-26, like: fri}")),
    ("warn_after_limit", "clocks.accept.warn_after", ("warn_after: 10m", "warn_after: 30m")),
]


class Lint(unittest.TestCase):
    def changed(self, before, after):
        root = tempfile.mkdtemp(prefix="dslint")
        self.addCleanup(shutil.rmtree, root)
        for name in ("rulebook", "directory"):
            shutil.copy(os.path.join(SOURCE, "deploy", name + ".yaml"), root)
        with open(os.path.join(root, "rulebook.yaml"), "r+", encoding="utf-8") as file:
            text = file.read()
            self.assertEqual(1, text.count(before), before)
            file.seek(0)
            file.truncate()
            file.write(text.replace(before, after))
        return root

    def problems(self, root, *words, code=0):
        lines = doorstep("rulebook", "check", root, "--json", *words, code=code).splitlines()
        return [line for line in map(json.loads, lines) if "code" in line]

    def test_warnings(self):
        for code, path, change in WARNINGS:
            with self.subTest(code):
                root = self.changed(*change)
                found = [one for one in self.problems(root) if one["code"] == code]
                self.assertEqual({(path, "warning")}, {(one["path"], one["level"])
                                                       for one in found})
                self.assertTrue(found[0]["line"] > 1 and found[0]["column"] > 1 and
                                found[0]["text_zh"])
                self.problems(root, "--strict", code=1)
                self.assertIn("warning: ", doorstep("rulebook", "check", root))

    def test_errors(self):
        for code, path, change in ERRORS:
            with self.subTest(code):
                found = self.problems(self.changed(*change), code=1)
                self.assertIn((code, path), [(one["code"], one["path"]) for one in found])
                self.assertNotIn("level", found[0])

    def test_the_shipped_rules(self):
        self.assertEqual([], self.problems(os.path.join(SOURCE, "deploy"), "--strict"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
