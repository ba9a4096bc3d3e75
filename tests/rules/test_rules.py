#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each rule of the handbook at its boundary: one ticket, what is done about it to the millisecond,
what must come of it. Every case is a replay of its own, so nobody is busy with another job.

    tests/rules/test_rules.py --bin build/release/bin [unittest arguments]

The notation is that of the example day (tests/gen/day_book.py): all times are local, of Thursday
2007-03-01 unless a date stands before them. Work is 08:00-12:00 and 14:00-18:00, Monday to
Saturday. due(...) names the due time of instances that the case is about."""
import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
OPTIONS, REST = parser.parse_known_args()
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path[:0] = [os.path.join(SOURCE, "tests", "gen"), HERE]
import cases  # noqa: E402
import cases_survey  # noqa: E402
import cases_visits  # noqa: E402
from day import verdicts_of, withdrawn_of  # noqa: E402
from day_book import SIGNS, Day, instant, stamp  # noqa: E402
from day_ticket import Territory  # noqa: E402

DRAW_AGAIN = os.path.join(SOURCE, "deploy", "examples", "draw_again.py")


def rules_in(root, change):
    """The shipped rules with one thing of the directory changed."""
    for name in ("rulebook.yaml", "directory.yaml"):
        shutil.copy(os.path.join(SOURCE, "deploy", name), root)
    with open(os.path.join(root, "directory.yaml"), "r+", encoding="utf-8") as file:
        text = file.read()
        assert text.count(change[0]) == 1, change
        file.seek(0)
        file.truncate()
        file.write(text.replace(*change))
    return root


def replay(day, root, rules):
    """Verdicts and alerts, ledger rows and numbers of events of a day."""
    with open(os.path.join(root, "day.ndjson"), "w", encoding="utf-8") as file:
        file.writelines(line.text() + "\n" for line in day.lines)
    subprocess.run([os.path.join(OPTIONS.bin, "doorstep"), "replay", file.name, "--rules",
                    rules, "--out", os.path.join(root, "out")], check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=60)
    with open(os.path.join(root, "out", "alerts.ndjson"), encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    with open(os.path.join(root, "out", "ledger.csv"), encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open(os.path.join(root, "out", "report.json"), encoding="utf-8") as file:
        counts = json.load(file)["events"]
    return events, rows, counts


def facts_of(row):
    return str(row["amount_fen"]), str(row["month"]), row["owner"]


class Rules(unittest.TestCase):
    maxDiff = None

    def check(self, story):
        root = tempfile.mkdtemp(prefix="dsrule")
        self.addCleanup(shutil.rmtree, root)
        day = Day()
        story(Territory(day, "county"))
        day.finish()
        change = getattr(story, "directory", None)
        rules = rules_in(root, change) if change else os.path.join(SOURCE, "deploy")
        events, rows, counts = replay(day, root, rules)
        for ticket in day.tickets.values():
            found, withdrawn, due = {}, [], {}
            for event in events:
                kind = event["type"].rpartition(".")[2]
                if event["subject"] != ticket.id or kind not in ("judged", "breach_withdrawn"):
                    continue
                body = event["data"][kind]
                name = "%s#%d" % (body["clock"].lower(), body["n"])
                if kind == "breach_withdrawn":
                    withdrawn.append(name)
                    continue
                found[name] = body["verdict"].lower()
                due[name] = stamp(int(body["due_at_ms"])) if "due_at_ms" in body else None
            self.assertEqual(verdicts_of(ticket.verdicts), found, ticket.ref)
            self.assertEqual(withdrawn_of(ticket.verdicts), sorted(set(withdrawn)), ticket.ref)
            for name, text in ticket.dues.items():
                self.assertEqual(stamp(instant(text)), due[name], ticket.ref + " " + name)
        self.check_sheets(day, events, root)
        self.assertEqual(ends_of(day), counts.get("callback_requested", 0))
        calls = {event["subject"]: event["data"]["judged"]["verdict"].lower() for event in events
                 if event["type"].endswith(".judged") and
                 event["data"]["judged"]["clock"] == "HOTLINE"}
        self.assertEqual({call: one[0] for call, one in day.calls.items()}, calls)
        self.assertEqual({entry["key"]: facts_of(entry) for entry in day.entries},
                         {row["key"]: facts_of(row) for row in rows})
        # which they were, only what the manager confirms can tell
        self.assertEqual(len(day.proposals), counts.get("proposed", 0))

    def check_sheets(self, day, events, root):
        """Those that were to be handed in, and the lots of the months'."""
        found, due, drawn = {}, {}, {}
        for event in events:
            body = event["data"].get("judged", {})
            if body.get("clock") in ("SURVEY_SHEET", "WEEKLY_SHEET"):
                found[event["subject"]] = body["verdict"].lower()
                due[event["subject"]] = stamp(int(body["due_at_ms"]))
        self.assertEqual({name: SIGNS[sign] for name, sign in day.sheets.items()}, found)
        for name, text in day.sheet_dues.items():
            self.assertEqual(stamp(instant(text)), due[name], name)
        with open(os.path.join(root, "out", "sheets.ndjson"), encoding="utf-8") as file:
            text = file.read()
        for line in text.splitlines():
            sheet = json.loads(line)["data"]["sheet_drawn"]
            drawn["%s/%s" % (sheet["territory"], sheet["month"])] = (
                sheet["blocks"], len(sheet.get("drawn", [])), sheet["repairs"], sheet["installs"])
        self.assertEqual(day.drawn, {name: drawn[name] for name in day.drawn})
        again = subprocess.run([sys.executable, DRAW_AGAIN], input=text, capture_output=True,
                               text=True, timeout=60)
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)


def ends_of(day):
    """How often a job was over (a result, or called off) that was not over already: each time the
    customer is called back, except for internal work."""
    over, n = {}, 0
    for line in day.lines:
        ref, ends = line.command.get("ref"), {"file_result", "cancel"} & set(line.command)
        ticket = day.tickets.get(ref)
        if line.receipt != "RECORDED" or not ticket or ticket.sort == "system":
            continue
        n += bool(ends) and not over.get(ref)
        over[ref] = (over.get(ref) or bool(ends)) and "reopen" not in line.command
    return n


def add(name, story):
    def test(self):
        self.check(story)
    test.__doc__ = " ".join((story.__doc__ or name).split())
    setattr(Rules, "test_" + name, test)


for module in (cases, cases_visits, cases_survey):
    for name, story in vars(module).items():
        if getattr(story, "__module__", "") == module.__name__ and not name.startswith("_"):
            add(name, story)

if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
