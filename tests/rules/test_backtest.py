#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`doorstep backtest`: the past under other rules.

    tests/rules/test_backtest.py --bin build/release/bin [unittest arguments]

The oracle is `doorstep replay`. Under the rules that were in force a backtest says exactly what was
booked, for every story of the rules' tests, the example day, random days and a part of the year.
Under rules that no offer depends on it says what a replay under them would book, line by line."""
import argparse
import csv
import glob
import importlib
import importlib.machinery
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
parser.add_argument("--days", type=int, default=8, help="random days")
parser.add_argument("--every", type=int, default=1, help="only each n-th story of the rules")
OPTIONS, REST = parser.parse_known_args()
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path[:0] = [os.path.join(SOURCE, "tests", "gen"), HERE, os.path.join(HERE, "clauses"),
                os.path.join(SOURCE, "tests", "model")]
sys.argv[1:] = []  # the stories' own programs read none of ours
import day_book  # noqa: E402
import story_rules  # noqa: E402
from day_book import Day  # noqa: E402
from day_ticket import Territory  # noqa: E402

LOADER = importlib.machinery.SourceFileLoader("model_run",
                                              os.path.join(SOURCE, "tests", "model", "run"))
model_run = importlib.util.module_from_spec(
    importlib.util.spec_from_loader("model_run", LOADER))
LOADER.exec_module(model_run)

DEPLOY = os.path.join(SOURCE, "deploy")
EXAMPLE = os.path.join(DEPLOY, "examples", "day.ndjson")

# Nothing that was offered, asked or drawn hangs on these.
CHANGES = {
    "result 12h to 6h": [("    limit: 12h", "    limit: 6h")],
    "result 12h to 20h": [("    limit: 12h", "    limit: 20h")],
    "complaint 72h to 36h": [("    limit: 72h", "    limit: 36h")],
    "bands": [("      city: 24h", "      city: 6h"), ("      near: 48h", "      near: 12h")],
    "7.6 window": [("  window: 30d", "  window: 2d")],
    "amounts": [('  - id: "7.3"\n    kind: fine\n    amount: 50.00元',
                 '  - id: "7.3"\n    kind: fine\n    amount: 80.00元'),
                ('  - id: "7.5"\n    kind: fine\n    amount: 100.00元',
                 '  - id: "7.5"\n    kind: fine\n    amount: 60.00元')],
    "phone": [("    ring: 20s", "    ring: 40s"), ("    occasion: 10m", "    occasion: 1m")],
    "no clause on results": [('    clause: "7.4"  #', "    #"),
                             ('amount: 50.00元\n    how: auto\n    en: The result',
                              'amount: 50.00元\n    how: manual\n    en: The result')],
}


def changed(text, changes):
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def doorstep(*words, code=0):
    told = subprocess.run([os.path.join(OPTIONS.bin, "doorstep"), *words], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=120,
                          env=dict(os.environ, LC_ALL="C.UTF-8"))
    if told.returncode != code:
        raise AssertionError("%s: %d\n%s%s" % (words, told.returncode, told.stdout, told.stderr))
    return told


def replay(*words):
    """Commands that are refused are no failure."""
    told = subprocess.run([os.path.join(OPTIONS.bin, "doorstep"), "replay", *words],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
    if told.returncode not in (0, 1):
        raise AssertionError(told.stderr)


def rows_of(text):
    """Without the watcher's events: their numbers depend on the alerts that went before."""
    rows = {}
    for row in csv.DictReader(io.StringIO(text)):
        row["events"] = [event for event in row["events"].split() if "watcher" not in event]
        rows[row["key"]] = row
    return rows


def stories():
    names = [name[:-3] for name in sorted(os.listdir(HERE)) if re.fullmatch(r"cases\w*\.py", name)]
    names += [os.path.basename(path)[:-3]
              for path in sorted(glob.glob(os.path.join(HERE, "clauses", "[0-9]*_*.py")))]
    for name in names:
        module = importlib.import_module(name)
        for word, story in sorted(vars(module).items()):
            if getattr(story, "__module__", "") == name and not word.startswith("_") and \
                    callable(story):
                yield "%s.%s" % (name, word), story


class Place(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="dsback")
        self.addCleanup(shutil.rmtree, self.root)

    def path(self, *names):
        return os.path.join(self.root, *names)

    def rules(self, name, *changes, directory=None, base=DEPLOY):
        """A directory with both files; changes: of the rulebook of base."""
        os.makedirs(self.path(name), exist_ok=True)
        write(self.path(name, "rulebook.yaml"),
              changed(read(os.path.join(base, "rulebook.yaml")), changes))
        write(self.path(name, "directory.yaml"),
              changed(read(os.path.join(base, "directory.yaml")), directory or []))
        return self.path(name)

    def backtest(self, rulebook, *inputs, rules=None, code=0):
        words = ["--rules", rules] if rules else []
        told = doorstep("backtest", "--rulebook", rulebook, *words, "--json", "--out",
                        self.path("books"), *inputs, code=code)
        return json.loads(told.stdout) if code == 0 else told.stderr

    def book(self, name):
        return rows_of(read(self.path("books", name + ".csv")))

    def same_as_booked(self, old, file, told=None, one_version=True):
        """Under the rules that were in force nothing differs from what was booked."""
        told = told or self.backtest(os.path.join(old, "rulebook.yaml"), file, rules=old)
        summary, = told["summary"]["rows"]
        if summary.get("drifted") is None:  # nothing was booked on the way: what would have been
            replay(file, "--rules", old, "--out", self.path("booked"))
            self.assertEqual(rows_of(read(self.path("booked", "ledger.csv"))), self.book("before"))
        else:
            self.assertEqual(0, summary["drifted"])
        if one_version:
            self.assertEqual((0, 0, 0), (summary["different"], summary["same_but_due"],
                                         summary["lost"]), told)
        return summary

    def same_as_replayed(self, old, new, file):
        """What is said to come of new rules is what a replay under them books."""
        told = self.backtest(os.path.join(new, "rulebook.yaml"), file, rules=old)
        replay(file, "--rules", new, "--out", self.path("again"))
        self.assertEqual(rows_of(read(self.path("again", "ledger.csv"))), self.book("after"))
        self.same_as_booked(old, file, told, one_version=False)
        return told


class Stories(Place):
    """Every story of the rules' tests: rejudged, appealed, closed months, calls, returns ..."""

    def day(self, story):
        day_book.use_zone(getattr(story, "zone", day_book.HOME))
        self.addCleanup(day_book.use_zone, day_book.HOME)
        day = Day()
        story(Territory(day, "county"))
        day.finish()
        write(self.path("day.ndjson"), "".join(line.text() + "\n" for line in day.lines))
        os.makedirs(self.path("old"), exist_ok=True)
        return day, story_rules.write(story, self.path("old")), self.path("day.ndjson")

    def test_as_booked(self):
        n = 0
        for name, story in list(stories())[::OPTIONS.every]:
            with self.subTest(name):
                _, old, file = self.day(story)
                self.same_as_booked(old, file, one_version="activate" not in read(file))
                n += 1
        self.assertGreater(n, 200 // OPTIONS.every)

    def test_as_replayed(self):
        """Each story under one change, in turn."""
        todo = list(CHANGES.values())
        for n, (name, story) in enumerate(list(stories())[::OPTIONS.every]):
            if hasattr(story, "rulebook"):
                continue
            _, old, file = self.day(story)
            if re.search("activate|rejudge|month", read(file)):
                continue  # what was decided on the old rules is not what would be decided
            with self.subTest(name):
                new = self.rules("new", *todo[n % len(todo)], base=old)
                self.same_as_replayed(old, new, file)


class Days(Place):
    def test_the_example_day(self):
        self.same_as_booked(DEPLOY, EXAMPLE)
        for name, changes in CHANGES.items():
            with self.subTest(name):
                self.same_as_replayed(DEPLOY, self.rules("new", *changes), EXAMPLE)

    def test_by_the_piece(self):
        """As the statements of the month have it under either rulebook."""
        new = self.rules("new", ("{kind: repair, rate: 16.00元}", "{kind: repair, rate: 20.00元}"),
                         ("{kind: install, rate: 15.00元}",
                          "{kind: install, zone: near, rate: 11.00元}"))
        told = self.backtest(new, EXAMPLE)
        paid = {(row["account"], row["month"]): [row["before_fen"], row["after_fen"]]
                for row in told["pieces"]["rows"]}
        self.assertGreater(len(paid), 5)
        for n, rules in enumerate((DEPLOY, new)):
            replay(EXAMPLE, "--rules", rules, "--out", self.path("paid"), "--statements")
            found = {}
            for line in read(self.path("paid", "statements.ndjson")).splitlines():
                line = json.loads(line)
                if line["jobs"]:
                    month = "%d-%02d" % divmod(line["month"], 100)
                    found[line["account"], month] = sum(int(job.get("sum_fen", 0))
                                                        for job in line["jobs"])
            self.assertEqual({key: fen[n] for key, fen in paid.items()}, found)
        self.assertNotIn("pieces", self.backtest(DEPLOY, EXAMPLE))

    def test_random_days(self):
        todo = list(CHANGES.values())
        trial_options = argparse.Namespace(bin=OPTIONS.bin, rules=DEPLOY, hours="usual")
        with model_run.Trial(trial_options) as trial:
            for seed in range(1, OPTIONS.days + 1):
                with self.subTest(seed):
                    lines = model_run.random_day(trial, seed)
                    self.random_day(lines, trial.where, todo[seed % len(todo)],
                                    managed=seed % 4 == 0)

    def random_day(self, lines, rules, changes, managed):
        file = write(self.path("day.ndjson"), "".join(
            json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
        replay(file, "--rules", rules, "--out", self.path("out"), "--journals", self.path("journals"))
        self.same_as_booked(rules, file)
        new = self.rules("new", *changes, base=rules)
        if not managed:  # else he would have decided on other proposals
            self.same_as_replayed(rules, new, file)
        told = self.backtest(os.path.join(new, "rulebook.yaml"), file, rules=rules)
        exported = self.backtest(os.path.join(new, "rulebook.yaml"), self.path("journals"))
        for table in ("clauses", "accounts", "months"):
            self.assertEqual(told[table]["rows"], exported[table]["rows"])
        shutil.rmtree(self.path("journals"))

    def test_a_part_of_the_year(self):
        part = self.path("year")
        subprocess.run([sys.executable, os.path.join(SOURCE, "tests", "gen", "year.py"), part,
                        "--part", "20"], check=True)
        file = os.path.join(part, "year.ndjson")
        self.same_as_booked(part, file)
        new = self.path("new")
        shutil.copytree(part, new)
        write(os.path.join(new, "rulebook.yaml"),
              changed(read(os.path.join(part, "rulebook.yaml")), CHANGES["result 12h to 6h"]))
        self.same_as_replayed(part, new, file)


class Foreign(Place):
    """Journals that somebody has changed, or mixed of two runs: named, never judged, no crash."""

    def setUp(self):
        super().setUp()
        self.journals = os.path.join(self.root, "j")
        day = os.path.join(DEPLOY, "examples", "day.ndjson")
        replay(day, "--rules", DEPLOY, "--out", self.path("out"), "--journals", self.journals)

    def refused(self, what):
        for words in (("backtest", "--rulebook", DEPLOY, self.journals),
                      ("replay", "--recorded", self.journals, "--out", self.root)):
            self.assertIn(what, doorstep(*words, code=1).stderr)

    def change(self, change):
        """records: the header, then the batches as they stand."""
        path = os.path.join(self.journals, "intake-p007.journal")
        with open(path, "rb") as file:
            data = file.read()
        at, records = 4, []
        while at < len(data):
            size = 4 + int.from_bytes(data[at:at + 4], "little")
            records.append(data[at:at + size])
            at += size
        change(records)
        with open(path, "wb") as file:
            file.write(data[:4] + b"".join(records))

    def test_a_batch_taken_out(self):
        self.change(lambda batches: batches.pop(20))
        self.refused("intake-p007.journal: byte ")

    def test_a_batch_put_in_twice(self):
        self.change(lambda batches: batches.insert(20, batches[20]))
        self.refused("intake-p007.journal: byte ")

    def test_two_files_of_one_version(self):
        versions = os.path.join(self.journals, "versions")
        name, = os.listdir(versions)
        shutil.copy(os.path.join(versions, name), os.path.join(versions, "1-0.version"))
        self.refused("there are two files for version 1")

    def test_the_version_of_another_run(self):
        other, rules = self.path("other"), self.path("rules")
        os.mkdir(rules)
        for name in ("rulebook.yaml", "directory.yaml"):
            with open(os.path.join(DEPLOY, name), encoding="utf-8") as file:
                text = file.read().replace("amount: 50.00元", "amount: 60.00元")
            with open(os.path.join(rules, name), "w", encoding="utf-8") as file:
                file.write(text)
        replay(os.path.join(DEPLOY, "examples", "day.ndjson"), "--rules", rules, "--out",
               self.path("out"), "--journals", other)
        shutil.rmtree(os.path.join(self.journals, "versions"))
        shutil.copytree(os.path.join(other, "versions"), os.path.join(self.journals, "versions"))
        self.refused("version 1 is not the one that was in force")


class ByHand(Place):
    """Two repairs of Xu: one filed seven hours after the work, in time; one thirteen hours after, late,
    and taken back by the manager. And a callback whose proposal he confirmed."""

    def setUp(self):
        super().setUp()
        day = Day()
        county = Territory(day, "county")
        for ref, at, window, there, done, filed, called in (
                ("x1", "08:30:00", "15:00-16:30", "15:30", "16:00", "23:00", "03-02 10:00"),
                ("x2", "08:55:00", "16:30-18:00", "16:45", "17:00", "03-02 06:00", "03-02 10:30")):
            t = county.repair(ref, at, "lin", "田甲" + ref, "城东 解放路 1 号", "small_appliance A1",
                              "坏了", channel="COUNTER")
            t.order(window)
            minutes = ("08:45:00", "08:50:00") if ref == "x1" else ("09:05:00", "09:10:00")
            t.done("xu", accept=minutes[0], contact=minutes[1], check_in=there, complete=done,
                   file=filed)
            t.callback(called, work_clothes=ref == "x2")
            t.all_kept()
        for what, at, body, value in (
                ("reverse", "03-03 09:00", "reverse_entry",
                 {"entry": "7.4/person:xu/{x2}/completion#1", "reason": "电话已报"}),
                ("confirm", "03-05 10:00", "confirm_proposal",
                 {"proposal": "7.9/person:xu/{x1}/callback#1"})):
            day.manager(what, at, body, value, "county")
        day.finish()
        write(self.path("day.ndjson"), "".join(line.text() + "\n" for line in day.lines))
        self.x1, self.x2 = (day.tickets[ref].id for ref in ("x1", "x2"))

    def table(self, told, name):
        return {row[name[:-1]]: (row["entries_before"], row["before_fen"], row["entries_after"],
                                 row["after_fen"]) for row in told[name]["rows"]}

    def told(self, *changes):
        return self.backtest(os.path.join(self.rules("new", *changes), "rulebook.yaml"),
                             self.path("day.ndjson"), rules=DEPLOY)

    def test_six_hours(self):
        """Both results are late; the manager's word takes back the one that he took back."""
        told = self.told(*CHANGES["result 12h to 6h"])
        self.assertEqual({"7.4": (2, 0, 3, -5000), "7.9": (1, -5000, 1, -5000)},
                         self.table(told, "clauses"))
        self.assertEqual({"person:xu": (3, -5000, 4, -10000)}, self.table(told, "accounts"))
        self.assertEqual({"2007-03": (3, -5000, 4, -10000)}, self.table(told, "months"))
        line, = told["lines"]["rows"]
        self.assertEqual(("+", "7.4", "person:xu", self.x1, -5000, "2007-03", "met"),
                         tuple(line[key] for key in ("change", "clause", "account", "ticket",
                                                     "after_fen", "month_after", "reason_before")))
        self.assertNotIn("lost", told)

    def test_twenty_hours(self):
        """Nothing is late; what was taken back is not there to be taken back."""
        told = self.told(*CHANGES["result 12h to 20h"])
        self.assertEqual({"7.4": (2, 0, 0, 0), "7.9": (1, -5000, 1, -5000)},
                         self.table(told, "clauses"))
        self.assertEqual(["-", "-"], [line["change"] for line in told["lines"]["rows"]])
        lost, = told["lost"]["rows"]
        self.assertEqual(("reversal_requested", "7.4/person:xu/%s/completion#1" % self.x2),
                         (lost["asked"], lost["about"]))

    def test_a_clause_that_is_gone(self):
        """Nothing proposes it any more: the manager's confirmation meets nothing."""
        told = self.told(('  - id: "7.9"\n    kind: fine\n    amount: 50.00元\n    how: confirm\n'
                          '    en: No work clothes at the customer\'s\n    zh: 上门时没有穿工作服\n', ""),
                         ('  work_clothes: {clause: "7.9", bad_when: "no"}\n', ""))
        self.assertEqual((1, -5000, 0, 0), self.table(told, "clauses")["7.9"])
        lost, = told["lost"]["rows"]
        self.assertEqual(("confirm_requested", "7.9/person:xu/%s/callback#1" % self.x1),
                         (lost["asked"], lost["about"]))

    def test_another_amount_of_what_was_confirmed(self):
        told = self.told(('  - id: "7.9"\n    kind: fine\n    amount: 50.00元',
                          '  - id: "7.9"\n    kind: fine\n    amount: 70.00元'))
        self.assertEqual((1, -5000, 1, -7000), self.table(told, "clauses")["7.9"])
        self.assertEqual("~", told["lines"]["rows"][0]["change"])

    def test_several_inputs_add_up(self):
        shutil.copytree(DEPLOY, self.path("place"), ignore=shutil.ignore_patterns("examples"))
        file = shutil.copy(self.path("day.ndjson"), self.path("place"))
        told = self.backtest(os.path.join(DEPLOY, "rulebook.yaml"), file, file)
        self.assertEqual({"7.4": (4, 0, 4, 0), "7.9": (2, -10000, 2, -10000)},
                         self.table(told, "clauses"))

    def test_for_people_and_spreadsheets(self):
        new = os.path.join(self.rules("new", *CHANGES["result 12h to 6h"]), "rulebook.yaml")
        words = ("backtest", "--rulebook", new, "--rules", DEPLOY, self.path("day.ndjson"))
        self.assertIn("--tickets", doorstep(*words).stdout)
        told = doorstep(*words, "--tickets").stdout
        self.assertNotIn("--tickets", told)
        self.assertRegex(told, r"7\.4 +2 +0\.00 +3 +-50\.00 +-50\.00")
        self.assertIn("7.4/person:xu/%s/completion#1" % self.x1, told)
        self.assertTrue(doorstep(*words, "--csv").stdout.startswith("\ufeff"))

    def test_what_cannot_be(self):
        broken = write(self.path("broken.yaml"), "format: 1\nname: x\n")
        told = doorstep("backtest", "--rulebook", broken, "--rules", DEPLOY,
                        self.path("day.ndjson"), code=1)
        self.assertIn(broken + ":", told.stderr)
        doorstep("backtest", self.path("day.ndjson"), code=2)
        doorstep("backtest", "--rulebook", self.path("none"), self.path("day.ndjson"), code=2)
        self.backtest(os.path.join(DEPLOY, "rulebook.yaml"), self.path("none"), code=2)
        os.mkdir(self.path("empty"))
        self.backtest(os.path.join(DEPLOY, "rulebook.yaml"), self.path("empty"), code=1)
        other = write(self.path("other.yaml"), changed(read(os.path.join(DEPLOY, "directory.yaml")),
                                                       [("partition: 7", "partition: 9")]))
        told = doorstep("backtest", "--rulebook", os.path.join(DEPLOY, "rulebook.yaml"), "--rules",
                        DEPLOY, "--directory", other, self.path("day.ndjson"), code=1)
        self.assertIn("county", told.stderr)

    def test_somebody_who_is_gone(self):
        """What he did was done by him, whatever another directory says; it is booked to him still."""
        text = read(os.path.join(DEPLOY, "directory.yaml"))
        text, n = re.subn(r"(?ms)^  - id: xu\n.*?(?=^  - id: )", "", text)
        self.assertEqual(1, n)
        told = doorstep("backtest", "--rulebook", os.path.join(DEPLOY, "rulebook.yaml"), "--rules",
                        DEPLOY, "--directory", write(self.path("other.yaml"), text), "--json",
                        self.path("day.ndjson"))
        self.assertEqual({"person:xu": (3, -5000, 3, -5000)},
                         self.table(json.loads(told.stdout), "accounts"))

    def export(self):
        doorstep("replay", self.path("day.ndjson"), "--rules", DEPLOY, "--out", self.path("out"),
                 "--journals", self.path("journals"))

    def test_journals_by_name(self):
        """As a shell writes them out: all of an export, those of one partition, of two exports; and
        rules by their directory."""
        self.export()
        new = self.rules("new", *CHANGES["result 12h to 6h"])
        rulebook = os.path.join(new, "rulebook.yaml")
        whole = self.backtest(rulebook, self.path("journals"))
        files = sorted(glob.glob(self.path("journals", "*.journal")))
        county = [file for file in files if "p007" in file]
        self.assertEqual((80, 5), (len(files), len(county)))
        for names in (files, county):
            told = self.backtest(new, *names)
            for table in ("clauses", "accounts", "months"):
                self.assertEqual(whole[table]["rows"], told[table]["rows"])
        shutil.copytree(self.path("journals"), self.path("more"))
        told = self.backtest(new, *files, *glob.glob(self.path("more", "*.journal")))
        self.assertEqual((4, 0, 6, -10000), self.table(told, "clauses")["7.4"])
        self.assertIn("sla-watcher-p007.journal is missing",
                      self.backtest(new, *[name for name in county if "watcher" not in name], code=1))

    def test_an_export_without_its_version(self):
        """What the events go by is named, by the name of its file."""
        self.export()
        name, = os.listdir(self.path("journals", "versions"))
        os.remove(self.path("journals", "versions", name))
        rulebook = os.path.join(DEPLOY, "rulebook.yaml")
        self.assertIn(name, self.backtest(rulebook, self.path("journals"), code=1))
        self.assertIn(name, doorstep("replay", "--recorded", self.path("journals"), "--out",
                                     self.path("again"), code=1).stderr)

    def test_a_header_of_no_service(self):
        self.export()
        path = self.path("journals", "intake-p003.journal")
        with open(path, "rb") as file:
            data = file.read()
        for source in (0, 6, 7, 100):
            with self.subTest(source), open(path, "wb") as file:
                at = data.index(b"\x10\x01", 4)  # source, right behind the format
                self.assertEqual(10, at)
                file.write(data[:at + 1] + bytes([source]) + data[at + 2:])
                file.flush()
                self.assertIn("intake-p003.journal: byte 4:", self.backtest(
                    os.path.join(DEPLOY, "rulebook.yaml"), self.path("journals"), code=1))

    def test_a_changed_byte_of_an_export(self):
        self.export()
        path = self.path("journals", "intake-p007.journal")
        with open(path, "r+b") as file:
            data = bytearray(file.read())
            data[len(data) // 2] ^= 1
            file.seek(0)
            file.write(data)
        told = self.backtest(os.path.join(DEPLOY, "rulebook.yaml"), self.path("journals"), code=1)
        self.assertIn("intake-p007.journal", told)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
