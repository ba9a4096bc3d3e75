#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every clause of the shipped rulebook is decided somewhere, told of in a story and explained in both
languages, and nothing else is: rulebook, table of handlers, sentences and stories name the same
clauses.

    tests/rules/test_clauses.py --bin build/release/bin [unittest arguments]"""
import argparse
import collections
import glob
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

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
OPTIONS, REST = parser.parse_known_args()


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


def stories():
    """clause -> texts of its files"""
    found = {}
    for path in glob.glob(os.path.join(HERE, "clauses", "*.py")):
        chapter, number = re.match(r"(\d+)_(\d\d)_\w+\.py$", os.path.basename(path)).groups()
        found.setdefault("%s.%d" % (chapter, int(number)), []).append(read(path))
    return found


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
                self.assertRegex(text, r"(?m)^(static void test|def [a-z])|import \(?")

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
        for clause in ("7.25", "8.8"):
            code, _, err = self.explain(clause)
            self.assertEqual(code, 1)
            self.assertIn("the rulebook has no clause " + clause, err)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
