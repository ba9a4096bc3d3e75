#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every clause of the shipped rulebook is decided somewhere, told of in a story and explained in both
languages, and nothing else is: rulebook, table of handlers, sentences and stories name the same
clauses.

    tests/rules/test_clauses.py --bin build/release/bin [unittest arguments]"""
import argparse
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
# Chapter -> where it is handled: the table and the folder of the files that it names. A chapter
# that is not listed is not checked here.
HANDLERS = {"7": ("services/penalty-ledger/clauses.c", "services/penalty-ledger")}

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
OPTIONS, REST = parser.parse_known_args()


def read(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


def rulebook():
    """clause -> how"""
    text = read("deploy", "rulebook.yaml")
    return dict(re.findall(r'^  - id: "([\d.]+)"\n(?:    .*\n)*?    how: (\w+)', text, re.M))


def handlers(chapter):
    """clause -> how, file"""
    return {clause: (how.lower(), file) for clause, how, file in
            re.findall(r'\{"([\d.]+)",\s*DS_HOW_(\w+),\s*"([\w.]+)"', read(HANDLERS[chapter][0]))}


def stories():
    """clause -> texts of its files"""
    found = {}
    for path in glob.glob(os.path.join(HERE, "clauses", "*.py")):
        chapter, number = re.match(r"(\d+)_(\d\d)_\w+\.py$", os.path.basename(path)).groups()
        found.setdefault("%s.%d" % (chapter, int(number)), []).append(read(path))
    return found


def of(chapter, clauses):
    return {clause for clause in clauses if clause.split(".")[0] == chapter}


class Clauses(unittest.TestCase):
    def test_every_clause_has_a_handler_and_every_handler_a_clause(self):
        for chapter in HANDLERS:
            self.assertEqual(of(chapter, rulebook()), set(handlers(chapter)))

    def test_it_is_decided_as_the_rulebook_says(self):
        for chapter, (_, folder) in HANDLERS.items():
            for clause, (how, file) in handlers(chapter).items():
                self.assertEqual(rulebook()[clause], how, clause)
                text = read(folder, file)
                if how == "auto":
                    self.assertEqual(file, "clause_%s.c" % clause.replace(".", "_"))
                    self.assertIn("Clause " + clause, text)

    def test_every_clause_has_a_story_and_every_story_a_clause(self):
        for chapter in HANDLERS:
            self.assertEqual(of(chapter, rulebook()), of(chapter, stories()))

    def test_its_stories_speak_of_it(self):
        """By its number, and with the figure of its amount or what is no amount."""
        for clause, texts in stories().items():
            for text in texts:
                self.assertIn(clause, text)
                self.assertRegex(text, r"(?m)^(static void test|def [a-z])|import \(?")

    def test_every_clause_is_explained_in_both_languages(self):
        told = {clause: (en, zh) for clause, en, zh in re.findall(
            r'DS_CLAUSE\("([\d.]+)", "([^"]+)", "([^"]+)"\)', read("common/text/clauses.def"))}
        for chapter in HANDLERS:
            self.assertEqual(of(chapter, rulebook()), of(chapter, told))
        for clause, (en, zh) in told.items():
            self.assertRegex(zh, "[\u4e00-\u9fff]", clause)
            self.assertNotRegex(en, "[\u4e00-\u9fff]", clause)

    def explain(self, clause, *more, language="C"):
        done = subprocess.run([os.path.join(OPTIONS.bin, "doorstep"), "explain", clause, "--rules",
                               DEPLOY, *more], env=dict(os.environ, LC_ALL=language),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def test_explain(self):
        for chapter in HANDLERS:
            for clause, (how, file) in handlers(chapter).items():
                code, out, _ = self.explain(clause, "--json")
                self.assertEqual(code, 0, clause)
                told = json.loads(out)
                self.assertEqual((told["how"], told["decided_how"], told["file"]), (how, how, file))
                self.assertTrue(told["feeds"], clause)
                for language, key in (("C", "en"), ("zh_CN.UTF-8", "zh")):
                    code, out, _ = self.explain(clause, language=language)
                    self.assertEqual(code, 0, clause)
                    self.assertIn(told[key], out)
                    self.assertIn(told["decided_" + key], out)

    def test_explain_a_clause_that_is_none(self):
        code, _, err = self.explain("7.25")
        self.assertEqual(code, 1)
        self.assertIn("the rulebook has no clause 7.25", err)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
