#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The books of a real installation: a month of one technician, its decisions, its closing, its
statement, as the command line shows them; and the same ledger from the exported journals.

    tests/e2e/test_books.py --bin build/release/bin [unittest arguments]"""
import csv
import io
import json
import os
import re
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "lib"))
from lived import REST, ZH, Lived  # noqa: E402
from cases import _booked, _finish  # noqa: E402
from cases_ledger import _say  # noqa: E402


def the_month(county):
    """A repair by Xu whose customer speaks of shoe covers, cigarettes and 50.00 paid for 30.00."""
    t = _booked(county)
    _finish(t, callback=None)
    t.callback("03-02 10:00", shoe_covers=False, took_nothing=False, charged_fen=5000)
    t.all_kept()
    keys = {clause: "%s/person:xu/{x1}/callback#1" % clause for clause in ("7.20", "7.21", "7.22")}
    _say(county, "reject", "03-05 10:00", "reject_proposal",
         {"proposal": keys["7.20"], "reason": "有照片"})
    _say(county, "confirm", "03-05 10:01", "confirm_proposal",
         {"proposal": keys["7.22"], "serious": True})
    _say(county, "loss", "03-05 10:02", "report_violation",
         {"clause": "7.17", "account": "person:xu", "amount_fen": 12000})
    _say(county, "instalments", "03-05 10:03", "set_instalments",
         {"entry": "7.17/person:xu/{event:loss}", "months": 6})
    _say(county, "apology", "03-06 10:00", "close_obligation",
         {"obligation": keys["7.22"] + "/owed#1", "note": "已上门致歉"})
    _say(county, "appeal", "03-06 10:01", "appeal_entry",
         {"entry": keys["7.22"], "reason": "用户给的小费"}, who="xu")
    _say(county, "close", "04-02 14:00", "close_month", {"month": 200703})
    _say(county, "uphold", "04-03 10:00", "decide_appeal",
         {"entry": keys["7.22"], "grant": False, "reason": "收据属实"})
    _say(county, "late", "04-03 10:01", "confirm_proposal", {"proposal": keys["7.21"]})


class Books(Lived):
    @classmethod
    def setUpClass(cls):
        cls.live(the_month, "2007-04-04T00:00:00+08:00")

    def rows(self, *words):
        return json.loads(self.ask(*words, "--json"))

    def test_proposals(self):
        self.assertIn("nothing is open", self.ask("proposals"))
        self.assertEqual({"7.20": "rejected", "7.21": "confirmed", "7.22": "confirmed"},
                         {row["key"].split("/")[0]: row["state"]
                          for row in self.rows("proposals", "--all")})
        self.assertEqual([], self.rows("proposals", "--all", "--account", "wang"))
        self.assertIn("已驳回", self.ask("proposals", "--all", lang=ZH))

    def test_obligations(self):
        """The apology was made; what is decided about him is open, and what he took not given back."""
        self.assertEqual(["dismissal decision", "give back what was taken"],
                         [row["text"] for row in self.rows("obligations", "--account", "xu")])
        done = [row for row in self.rows("obligations", "--all") if row["state"] == "done"]
        self.assertEqual(["apology at the door"], [row["text"] for row in done])
        self.assertIn("待处理", self.ask("obligations", lang=ZH))

    def test_appeals(self):
        self.assertIn("nothing is open", self.ask("appeals"))
        row, = self.rows("appeals", "--all", "--account", "person:xu")
        self.assertEqual(("upheld", "用户给的小费", "-50000"),
                         (row["state"], row["text"], row["amount_fen"]))

    def test_story_of_what_the_manager_reported(self):
        """All that became of it belongs to it, though it is about no ticket."""
        key, = [row["key"] for row in self.rows("statement", "--account", "person:xu", "--month",
                                                "200703")["entries"] if row["clause"] == "7.17"]
        self.assertRegex(self.ask("explain", key), "instalments.*: 6 months")

    def test_month(self):
        county, river = self.rows("month")
        self.assertEqual(("county", "2007-03", "2007-04"),
                         (county["territory"], county["closed"], county["next"]))
        self.assertEqual(("river", ""), (river["territory"], river["closed"]))
        self.assertRegex(self.ask("month"), r"county +closed up to 2007-03 \(2007-04-02 14:00:00\), "
                                            r"next 2007-04, not before 2007-05-02 14:00:00")
        self.assertIn("已结至 2007-03", self.ask("month", lang=ZH))

    def test_by_person(self):
        """A technician's view is cut here, whoever asks for it."""
        self.assertEqual(["county"], [row["territory"] for row in self.rows("month", "--person", "xu")])
        self.assertEqual({"person:xu"}, {row["account"] for row in self.rows("ledger", "--person", "xu")})
        for words in (["ledger", "--person"], ["proposals", "--all", "--account"],
                      ["obligations", "--all", "--account"], ["appeals", "--all", "--account"],
                      ["callbacks", "--person"], ["waits", "--person"]):
            self.assertEqual([], self.rows(*words, "wang"), words)

    def test_statement(self):
        out = self.ask("statement", "--account", "xu", "--month", "2007-03")
        self.assertIn("statement person:xu, 2007-03, county (closed: it is final)", out)
        sums = dict(re.findall(r"^  (piece rates|fines|rewards|carried on|settlement) +(-?[\d.]+) yuan$",
                               out, re.M))
        self.assertEqual({"piece rates": "16.00", "fines": "-620.00", "rewards": "0.00",
                          "carried on": "100.00", "settlement": "-504.00"}, sums)
        self.assertRegex(out, r"7\.17 +-20\.00  1/6, carried on -100\.00")
        april = self.rows("statement", "--account", "person:xu", "--month", "200704")
        self.assertEqual(("-5000", "-2000", "-7000", False),
                         (april["fines_fen"], april["carried_fen"], april["settlement_fen"],
                          april["closed"]))
        self.assertEqual([200703], [row.get("relates_to") for row in april["entries"]])
        self.assertIn("涉及 2007-03", self.ask("statement", "--account", "xu", "--month", "2007-04",
                                             lang=ZH))
        self.ask("statement", "--account", "nobody", code=1)

    def test_statement_for_a_spreadsheet(self):
        text = self.ask("statement", "--account", "xu", "--month", "2007-03", "--csv")
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(["piece", "entry", "entry", "instalment", "settlement"],
                         [row["line"] for row in rows])
        self.assertEqual("-50400", rows[-1]["amount_fen"])
        self.assertEqual(set(), {key for row in rows for key in row if key is None})

    def test_a_ticket_tells_of_them(self):
        out = self.ask("explain", self.ticket)
        for words in ("appealed", "appeal decided", "the manager upholds the entry",
                      "proposal rejected", "relates to 2007-03"):
            self.assertIn(words, out)

    def test_a_clause_of_the_rules_in_force(self):
        self.assertIn("10 times the repair fee", self.ask("explain", "7.22"))

    def test_check_and_the_same_ledger_again(self):
        self.ask("check")
        self.ask("ledger", "verify")
        out = os.path.join(self.stage.root, "journals")
        self.ask("export", "--out", out)
        self.assertIn("the same ledger", self.ask("replay", "--recorded", out, "--out",
                                                  os.path.join(self.stage.root, "again")))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
