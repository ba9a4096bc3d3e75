#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who may see what: `--person` is what stands between a technician and the money of others. The
example day, asked by every technician about every ticket that cost somebody something, in every
form; whose account is meant by an id; and that a version that waits moves nobody.

    tests/e2e/test_person.py --bin build/release/bin [unittest arguments]"""
import json
import os
import re
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "lib"))
from lived import REST, SOURCE, START_MS, ZH, Lived, doorstep  # noqa: E402
import harness  # noqa: E402

TECHNICIANS = {"wang": "person:wang", "chen": "person:chen", "yang": "person:yang",
               "huang": "person:huang", "wu": "person:wu", "xu": "person:xu", "sun": "person:sun",
               "ma": "person:ma", "qihe-deng": "outlet:qihe", "jiaqiao-luo": "outlet:jiaqiao",
               "jianshi-zeng": "outlet:jianshi", "lingjintan-hu": "outlet:lingjintan"}
FORMS = (["--json"], [], ["--story"], ["--story", "--json"], ["--page", "-"])
KEY = re.compile(r"\d+\.\d+/((?:person|outlet):[\w-]+)/")


def directory():
    with open(os.path.join(SOURCE, "deploy", "directory.yaml"), encoding="utf-8") as file:
        return file.read()


def objects(value):
    """All of them, however deep."""
    if isinstance(value, dict):
        yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(
            value, list) else ():
        yield from objects(below)


def body(event):
    return event["type"].split(".")[-1]


class Day(Lived):
    """The example day through a real installation."""

    @classmethod
    def setUpClass(cls):
        cls.stage = harness.Installation(clock="step", start_ms=START_MS)
        cls.addClassCleanup(cls.stage.close)
        cls.stage.start()
        cls.stage.activate()
        cls.ask("play", os.path.join(SOURCE, "deploy", "examples", "day.ndjson"))

    def json(self, *words, **how):
        return json.loads(self.ask(*words, "--json", **how))

    def fails(self, *words, **how):
        """What it complains of, of whatever was asked for."""
        return self.ask(*words, code=1, **how).replace(words[1], "X")

    def clauses(self, *asked):
        """What it says of clauses, in the two forms for reading; how many it says to programs."""
        told = self.json(*asked, "--story")
        said = sum(1 for one in told["clocks"] if one["late"] and one.get("clause"))
        said += sum(why.count("; clause ") for why in told["money_why"])
        self.assertEqual([said] * 2,
                         [self.ask(*asked, *form).count("; clause ") for form in FORMS[2::2]])

    def test_nobody_else_s_money(self):
        lines = self.json("ledger") + self.json("proposals", "--all")
        tickets = sorted({key for line in lines for key in re.findall(r"T\d{3}-\d+", line["key"])})
        self.assertGreater(len(tickets), 20)
        seen = 0
        for ticket in tickets:
            events = self.json("explain", ticket)
            his = {who for one in events
                   for who in (one.get("data", {}).get("offered", {}).get("account"),
                               one.get("entry", {}).get("account"))}
            for person, account in TECHNICIANS.items():
                asked = ["explain", ticket, "--person", person]
                if account not in his:
                    self.assertIn("there is no X that concerns", self.fails(*asked))
                    continue
                seen += 1
                for form in FORMS:
                    with self.subTest(ticket=ticket, person=person, form=form):
                        self.only_his(account, events, self.ask(*asked, *form), form)
                self.clauses(*asked)
        self.assertGreater(seen, 20)

    def only_his(self, account, events, text, form):
        self.assertEqual(set(), set(KEY.findall(text)) - {account})
        if "--json" not in form:
            costs = [line for line in text.splitlines()
                     if re.search(r"-\d+\.\d\d yuan|(breach|verdict).*\[\d", line)]
            self.assertEqual([], [line for line in costs if account not in line])
            return
        told = json.loads(text)
        for one in objects(told):
            if one.get("clause") and ("account" in one or "owner" in one):
                self.assertIn(account, one.get("account") or one.get("owner"))
        if form == ["--json"]:
            self.complaints(account, events, told)

    def complaints(self, account, events, told):
        """What the customer said of another's work is not there."""
        others = [one for one in events if body(one) == "contradiction_found" and
                  one["data"]["contradiction_found"].get("account") != account]
        self.assertEqual([], [one["id"] for one in told if one["id"] in {
            other["id"] for other in others}])
        for one in told if others else ():
            if body(one) == "callback_recorded":
                self.assertNotIn("answers", one["data"]["callback_recorded"])

    def test_story_of_an_entry(self):
        """Only for whose it is; and nobody learns which there are."""
        for line in self.json("ledger"):
            for person, account in TECHNICIANS.items():
                asked = ["explain", line["key"], "--person", person]
                if line["account"] == account:
                    self.assertEqual(set(), set(KEY.findall(self.ask(*asked))) - {account})
                else:
                    self.assertIn("there is no X that", self.fails(*asked))
        theirs = "7.1/person:chen/T007-133/dispatch#1"
        self.assertIn("person:chen", self.ask("explain", "T007-133"))
        for unknown in (theirs, theirs.replace("chen", "chem"), "T007-133/dispatch#7", "T007-99999",
                        "wang/2007-02-01", "wanh/2007-03-01", "no-call"):
            for lang in ("C.UTF-8", ZH):
                self.assertEqual(self.fails("explain", theirs, "--person", "xu", lang=lang),
                                 self.fails("explain", unknown, "--person", "xu", lang=lang))

    def test_whose(self):
        """A person of an outlet works on its account, wherever it is asked for."""
        for words in (["ledger"], ["appeals", "--all"], ["obligations", "--all"],
                      ["proposals", "--all"], ["statement"], ["month"], ["board"], ["waits"],
                      ["callbacks"]):
            mine = self.ask(*words, "--person", "jiaqiao-luo")
            self.assertEqual(mine, self.ask(*words, "--person", "outlet:jiaqiao"), words)
            self.assertIn("neither a person", self.ask(*words, "--person", "jiaqiao", code=1))
        for words in (["statement"], ["appeals", "--all"], ["obligations", "--all"]):
            for account in ("jiaqiao", "outlet:jiaqiao", "jiaqiao-luo"):
                self.assertEqual(self.ask(*words, "--person", "jiaqiao-luo"),
                                 self.ask(*words, "--account", account), words)
            self.assertIn("do not go together", self.ask(*words, "--account", "outlet:qihe",
                                                         "--person", "xu", code=2))
        self.assertEqual({"outlet:jiaqiao"},
                         {row["account"] for row in self.json("ledger", "--person", "jiaqiao-luo")})

    def test_not_text(self):
        self.assertIn("argument 2 is not UTF-8", self.ask("customer", b"\xff1", "--json", code=2))
        self.assertIn("不是 UTF-8", self.ask("customer", b"\xff1", code=2, lang=ZH))


class Rules(Lived):
    """Whose an id is, as versions go by."""

    def setUp(self):
        self.stage = harness.Installation(clock="step", start_ms=START_MS)
        self.addCleanup(self.stage.close)
        self.stage.start()

    def ask(self, *words, **how):
        return doorstep(*words, "--dir", self.stage.data, **how)

    def rules(self, name, text):
        path = os.path.join(self.stage.root, name)
        os.mkdir(path)
        with open(os.path.join(path, "directory.yaml"), "w", encoding="utf-8") as file:
            file.write(text)
        with open(os.path.join(SOURCE, "deploy", "rulebook.yaml"), encoding="utf-8") as old:
            with open(os.path.join(path, "rulebook.yaml"), "w", encoding="utf-8") as file:
                file.write(old.read())
        return path

    def activate(self, path, *words):
        self.ask("activate", os.path.join(path, "rulebook.yaml"),
                 os.path.join(path, "directory.yaml"), "--by", "liu", *words)

    def test_what_waits_moves_nobody(self):
        self.stage.activate()
        moved = re.sub(r"(id: sun\n.*\n.*\n    territory: river\n)(    .*\n){3}",
                       r"\1    outlet: qihe\n", directory())
        self.assertNotEqual(moved, directory())
        self.activate(self.rules("moved", moved), "--from", "2007-06-01")
        rows = json.loads(self.ask("rulebook", "list", "--json"))
        self.assertIn("waits", json.dumps(rows))
        self.assertIn("person:sun", self.ask("statement", "--person", "sun"))
        self.assertIn("person:sun", self.ask("statement", "--account", "sun"))

    def test_an_id_of_two(self):
        """It was an outlet's, and is a person's now: he sees his own, and who asks is to say which."""
        self.stage.activate(directory=directory().replace("id: qihe\n", "id: dong\n")
                            .replace("outlet: qihe}", "outlet: dong}"))
        both = self.rules("both", directory().replace("  - id: sun\n", "  - id: qihe\n"))
        self.assertIn('"qihe" is the id of an outlet', self.ask("rulebook", "check", both, code=1))
        self.activate(self.rules("next", directory().replace("  - id: sun\n", "  - id: dong\n")))
        self.assertIn("person:dong", self.ask("statement", "--person", "dong"))
        self.assertIn("outlet:dong", self.ask("statement", "--account", "outlet:dong"))
        self.assertIn("say person:dong or outlet:dong",
                      self.ask("statement", "--account", "dong", code=1))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
