#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every clause and every clock of the shipped rulebook is decided somewhere, told of in a story and
explained in both languages, and nothing else is: rulebook, table of handlers, sentences and stories
name the same clauses and clocks. A story counts if it expects something: one of the clause and one
without it, one clock that is broken and one that is met.

    tests/rules/test_clauses.py --bin build/release/bin [unittest arguments]"""
import argparse
import collections
import glob
import importlib
import json
import os
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
DEPLOY = os.path.join(SOURCE, "deploy")
# Fines and rewards: the table of who decides them, in the folder of the files that it names.
LEDGER = "services/penalty-ledger"
# Exchange and return: the list of functions, one a clause.
RETURNS = "services/sla-watcher/return_right.c"
# Clocks: the table of who judges them, in the folder of the files that it names.
WATCHER = "services/sla-watcher"

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
OPTIONS, REST = parser.parse_known_args()

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path[:0] = [os.path.join(SOURCE, "tests", "gen"), HERE, os.path.join(HERE, "clauses")]
import day_book  # noqa: E402
from day_ticket import Territory  # noqa: E402


def read(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


def rulebook():
    """clause -> how; None: a right, which is nobody's to confirm"""
    text = read("deploy", "rulebook.yaml")
    found = dict(re.findall(r'^  - id: "([\d.]+)"\n(?:    .*\n)*?    how: (\w+)', text, re.M))
    rights = re.search(r"^  rights:\n((?:    .*\n)+)", text, re.M).group(1)
    found.update(dict.fromkeys(re.findall(r'^    "([\d.]+)":$', rights, re.M)))
    return found


def handlers():
    """clause -> how, file, where it is decided"""
    found = {clause: (how.lower(), file) for clause, how, file in
             re.findall(r'\{"([\d.]+)",\s*DS_HOW_(\w+),\s*"([\w.]+)"', read(LEDGER, "clauses.c"))}
    for chapter, number in re.findall(r"\[DS_(\d+)_(\d+)\] = \w+", read(RETURNS)):
        found["%s.%s" % (chapter, number)] = (None, os.path.basename(RETURNS))
    return found


def clocks():
    """clock -> its values in the rulebook, as text"""
    text = read("deploy", "rulebook.yaml")
    text = re.search(r"^clocks:\n(.*?)^(?=\w)", text, re.M | re.S).group(1)
    return dict(re.findall(r"^  (\w+):\n((?:    .*\n|\n)+)", text, re.M))


def judges():
    """clock -> clause, file"""
    return {clock.lower(): (clause, file) for clock, clause, file in
            re.findall(r'\{DS_CLOCK_(\w+),\s*"(P?[-\d.]+)",\s*"(\w+\.c)"',
                       read(WATCHER, "clocks.c"))}


def files():
    """clause, or clause and clock -> paths of its files"""
    found = {}
    for path in glob.glob(os.path.join(HERE, "clauses", "*.py")):
        name = os.path.basename(path)
        clause = re.match(r"(\d+)_(\d\d)_\w+\.py$", name)
        clock = re.match(r"(P-?\d+(?:_\d+)?)_([a-z_]+)\.py$", name)
        key = ("%s.%d" % (clause[1], int(clause[2])) if clause else
               (clock[1].replace("_", "."), clock[2]))
        found.setdefault(key, []).append(path)
    return found


def stories():
    """clause -> texts of its files"""
    return {clause: [read(path) for path in paths] for clause, paths in files().items()
            if isinstance(clause, str)}


def tell(story):
    """The Day that it is about, and what it expects of it."""
    day_book.use_zone(getattr(story, "zone", day_book.HOME))
    try:
        day = day_book.Day()
        story(Territory(day, "county"))
    finally:
        day_book.use_zone(day_book.HOME)
    return day


def days_of(paths):
    modules = [importlib.import_module(os.path.basename(path)[:-3]) for path in paths]
    return [tell(story) for module in modules for name, story in vars(module).items()
            if callable(story) and not isinstance(story, type) and name[0] != "_" and
            story.__code__.co_varnames[:story.__code__.co_argcount] == ("county",)]


def expects(clause, day):
    """Has True: something of the clause; has False: none, though there is something to decide."""
    if clause.startswith("8."):
        decided = [one for ticket in day.tickets.values() for one in ticket.returns]
        if clause == "8.7":
            return {bool(one.get("blocked")) for one in decided}
        return {'"%s"' % clause in json.dumps(one) for one in decided}
    if any(entry["clause"] == clause for entry in day.entries) or \
            any(key.startswith(clause + "/") for key in day.proposals) or \
            any(cause[0] == clause for ticket in day.tickets.values() for cause in ticket.causes):
        return {True}
    return {False} if day.lines else set()


def signs(clock, day):
    """How the story expects this clock to be judged."""
    if clock == "feedback":
        return {sign[0] for sign in day.work_days.values()}
    if clock == "hotline":
        names = {name: sign for sign, name in day_book.SIGNS.items()}
        return {names[call[0]] for call in day.calls.values()}
    if clock.endswith("_sheet"):
        weekly = clock == "weekly_sheet"
        return {sign[0] for name, sign in day.sheets.items() if ("-" in name) == weekly}
    return {sign for ticket in day.tickets.values() for name, _, sign, _ in ticket.verdicts
            if name == clock}


class Clauses(unittest.TestCase):
    def test_every_clause_has_a_handler_and_every_handler_a_clause(self):
        self.assertEqual(set(rulebook()), set(handlers()))
        chapters = collections.Counter(clause.split(".")[0] for clause in rulebook())
        self.assertEqual({"7": 24, "8": 7}, dict(chapters))

    def test_it_is_decided_as_the_rulebook_says(self):
        for clause, (how, file) in handlers().items():
            self.assertEqual(rulebook()[clause], how, clause)
            if how is None:
                continue
            text = read(LEDGER, file)
            if how == "auto":
                self.assertEqual(file, "clause_%s.c" % clause.replace(".", "_"))
                self.assertIn("Clause " + clause, text)

    def test_every_clause_has_a_story_and_every_story_a_clause(self):
        self.assertEqual(set(rulebook()), set(stories()))

    def test_its_stories_speak_of_it(self):
        """By its number, and with the figure of its amount or what is no amount."""
        for clause, texts in stories().items():
            for text in texts:
                self.assertIn(clause, text)

    def test_its_stories_expect_it(self):
        """And one expects none of it, where it is not simply what the manager reports."""
        for clause, paths in files().items():
            if not isinstance(clause, str):
                continue
            expected = set().union(*(expects(clause, day) for day in days_of(paths)))
            self.assertIn(True, expected, clause)
            if rulebook()[clause] != "manual":
                self.assertIn(False, expected, clause)

    def test_every_clock_has_a_judge_a_sentence_and_a_story(self):
        """Of a clock that is fined the clause's stories are its own."""
        self.assertEqual(13, len(clocks()))
        self.assertEqual(set(clocks()), set(judges()))
        told = {name.lower() for name in
                re.findall(r"DS_CLOCK_TEXT\((\w+), ", read("common/text/clocks.def"))}
        self.assertEqual(set(clocks()), told)
        promised = {(clause, clock) for clock, (clause, _) in judges().items() if clause[0] == "P"}
        self.assertEqual(promised, {key for key in files() if not isinstance(key, str)})
        for clock, (clause, file) in judges().items():
            self.assertTrue(os.path.exists(os.path.join(SOURCE, WATCHER, file)), file)
            if clause[0] != "P":
                self.assertIn('clause: "%s"' % clause, clocks()[clock])

    def test_its_stories_meet_and_break_it(self):
        for clock, (clause, _) in judges().items():
            paths = files()[(clause, clock) if clause[0] == "P" else clause]
            found = set().union(*(signs(clock, day) for day in days_of(paths)))
            self.assertLessEqual({"+", "-"}, found, clock)

    def test_an_empty_story_expects_nothing(self):
        day = tell(lambda county: None)
        for clause in rulebook():
            self.assertEqual(set(), expects(clause, day))
        for clock in clocks():
            self.assertEqual(set(), signs(clock, day))

    def test_every_clause_is_explained_in_both_languages(self):
        told = {clause: (en, zh) for clause, en, zh in re.findall(
            r'DS_CLAUSE\("([\d.]+)", "([^"]+)", "([^"]+)"\)', read("common/text/clauses.def"))}
        self.assertEqual(set(rulebook()), set(told))
        for clause, (en, zh) in told.items():
            self.assertRegex(zh, "[\u4e00-\u9fff]", clause)
            self.assertNotRegex(en, "[\u4e00-\u9fff]", clause)

    def explain(self, clause, *more, language="C"):
        done = subprocess.run([os.path.join(OPTIONS.bin, "doorstep"), "explain", clause, "--rules",
                               DEPLOY, *more], env=dict(os.environ, LC_ALL=language),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def assert_chinese(self, out):
        """No word of English but the names of events, files and clocks, and spans of time."""
        plain = re.sub(r"\([a-z_]+\)|\w+\.c\b|\b\d+[dhms]", "", out)
        self.assertNotRegex(plain, "[a-z]{2}")

    def test_explain(self):
        for clause, (how, file) in handlers().items():
            code, out, _ = self.explain(clause, "--json")
            self.assertEqual(code, 0, clause)
            told = json.loads(out)
            self.assertEqual((told.get("how"), told.get("decided_how"), told["file"]),
                             (how, how, file))
            self.assertTrue(told["feeds"], clause)
            for language, key in (("C", "en"), ("zh_CN.UTF-8", "zh")):
                code, out, _ = self.explain(clause, language=language)
                self.assertEqual(code, 0, clause)
                self.assertIn(told[key], out)
                self.assertIn(told["decided_" + key], out)
                self.assertIn(told.get("obligation" + ("_zh" if key == "zh" else ""), ""), out)
                self.assertIn(told.get("serious" + ("_zh" if key == "zh" else ""), ""), out)
                if key == "zh":
                    self.assert_chinese(out)

    def test_explain_a_clock(self):
        ours = {clock: re.search(r"ours: \[(.*)\]", text) for clock, text in clocks().items()}
        for clock, (clause, file) in judges().items():
            code, out, err = self.explain(clock, "--json")
            self.assertEqual(code, 0, err)
            told = json.loads(out)
            self.assertEqual((told["clock"], told["clause"], told["file"]), (clock, clause, file))
            self.assertEqual(sorted(told["ours"]), sorted(ours[clock][1].split(", ")))
            self.assertTrue(told["feeds"], clock)
            cost = re.search(r'clause: "([\d.]+)"', clocks()[clock])
            self.assertEqual(told["cost"],
                             cost[1] if cost else "7.6" if clock == "visit" else "")
            for language, key in (("C", "en"), ("zh_CN.UTF-8", "zh")):
                code, out, _ = self.explain(clock, language=language)
                for part in ("promise_", "owner_", "breach_"):
                    self.assertIn(told[part + key], out)
                    self.assertEqual(key == "zh", bool(re.search("[\u4e00-\u9fff]", told[part + key])))
                if key == "zh":
                    self.assert_chinese(out)

    def test_explain_all_clocks_of_a_clause(self):
        code, out, _ = self.explain("P2.1", "--json")
        self.assertEqual(["dispatch", "contact", "visit"],
                         [clock["clock"] for clock in json.loads(out)])
        visit = json.loads(out)[2]
        self.assertEqual(visit["limit"], {"city_ms": 86400000, "near_ms": 2 * 86400000,
                                          "far_ms": 3 * 86400000, "near_up_to_m": 20000})
        self.assertEqual(("elapsed", 750, 43200000),
                         (visit["base"], visit["warn_permille"], visit["grace_ms"]))
        told = self.explain("P2.1")[1]
        self.assertIn("24h in the city, 48h up to 20 km", told)
        self.assertNotRegex(told, "[\x00-\x09\x0b-\x1f]")

    def test_what_is_proposed_lasts(self):
        """A clause of the manager's own that is put before him, too, says so, and how long."""
        for clause, (how, _) in handlers().items():
            if how != "manual":
                continue
            proposed = "confirm_requested" in json.loads(self.explain(clause, "--json")[1])["feeds"]
            out = self.explain(clause)[1]
            self.assertEqual(proposed, clause in ("7.11", "7.14", "7.17", "7.18"))
            self.assertEqual(proposed, "proposal lasts" in out, clause)
            self.assertEqual(proposed, "or proposed" in out, clause)

    def test_the_numbers_of_exchange_and_return(self):
        told = {clause: json.loads(self.explain(clause, "--json")[1]) for clause in rulebook()
                if clause.startswith("8.")}
        self.assertEqual({"8.1": 7, "8.2": 15, "8.3": 90, "8.4": 30},
                         {clause: one["limit_days"] for clause, one in told.items()
                          if "limit_days" in one})
        self.assertEqual([("8.6", 1, 1000)],
                         [(clause, one["rate_over"], one["rate_under"])
                          for clause, one in told.items() if "rate_over" in one])
        self.assertIn("depreciation a day", self.explain("8.6")[1])
        self.assertIn("1/1000", self.explain("8.6")[1])

    def test_explain_a_clause_that_is_none(self):
        for clause in ("7.25", "8.8", "P2.2", "visits"):
            code, _, err = self.explain(clause)
            self.assertEqual(code, 1)
            self.assertIn("the rulebook has no clause " + clause, err)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
