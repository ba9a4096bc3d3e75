#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Each rule of the handbook at its boundary: one ticket, what is done about it to the millisecond,
what must come of it. Every case is a replay of its own, so nobody is busy with another job.

    tests/rules/test_rules.py --bin build/release/bin [unittest arguments]

The notation is that of the example day (tests/gen/day_book.py): all times are local, of Thursday
2007-03-01 unless a date stands before them. Work is 08:00-12:00 and 14:00-18:00, Monday to
Saturday. dues names the due times of instances that the case is about. A story may say other rules
(`rulebook`, `directory`: what to replace by what, once or a list) and another zone (`zone`)."""
import argparse
import csv
import functools
import glob
import importlib
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
sys.path[:0] = [os.path.join(SOURCE, "tests", "gen"), HERE, os.path.join(HERE, "clauses")]
import cases  # noqa: E402
import cases_archive  # noqa: E402
import cases_ledger  # noqa: E402
import cases_model  # noqa: E402
import cases_order  # noqa: E402
import cases_owner  # noqa: E402
import cases_returns  # noqa: E402
import cases_roster  # noqa: E402
import cases_rulebook  # noqa: E402
import cases_survey  # noqa: E402
import cases_transfer  # noqa: E402
import cases_visits  # noqa: E402
import cases_zones  # noqa: E402
import day_book  # noqa: E402
import story_rules  # noqa: E402
from day import verdicts_of, withdrawn_of  # noqa: E402
from day_book import HOME, SIGNS, Day, instant, stamp  # noqa: E402
from day_ticket import Territory  # noqa: E402
from returns_table import seen_of  # noqa: E402

DRAW_AGAIN = os.path.join(SOURCE, "deploy", "examples", "draw_again.py")


def replay(day, root, rules):
    """Verdicts and alerts, ledger rows, what else the books say, and statements of a day."""
    with open(os.path.join(root, "day.ndjson"), "w", encoding="utf-8") as file:
        file.writelines(line.text() + "\n" for line in day.lines)
    subprocess.run([os.path.join(OPTIONS.bin, "doorstep"), "replay", file.name, "--rules",
                    rules, "--out", os.path.join(root, "out"), "--statements"], check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=60)
    with open(os.path.join(root, "out", "events.ndjson"), encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    with open(os.path.join(root, "out", "ledger.csv"), encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    books = [event for event in events if event["type"].startswith("doorstep.penalty-ledger.") or
             event["type"] == "doorstep.sla-watcher.outcome"]
    with open(os.path.join(root, "out", "statements.ndjson"), encoding="utf-8") as file:
        statements = [json.loads(line) for line in file]
    return events, rows, books, statements


def facts_of(row):
    return (str(row["amount_fen"]), str(row["month"]), row["owner"], row["reason"],
            str(row.get("relates_to", "")))


# What the ledger says beside entries and proposals, as a story writes it.
SAID = {"proposal_rejected": lambda body: (body["proposal"],),
        "proposal_expired": lambda body: (body["proposal"], stamp(int(body["expired_at_ms"]))),
        "obligation_opened": lambda body: (body["key"], body["obligation"]),
        "obligation_closed": lambda body: (body["key"],),
        "appeal_opened": lambda body: (body["entry"], body["by"]),
        "appeal_decided": lambda body: (body["entry"], "granted" if body["granted"] else "upheld"),
        "month_closed": lambda body: (body["territory"], str(body["month"])),
        "instalments_set": lambda body: (body["entry"], str(body["months"]))}


SOURCES = {"INTAKE": "intake", "DISPATCHER": "dispatcher", "SURVEY": "callback-survey",
           "WATCHER": "sla-watcher", "LEDGER": "penalty-ledger"}
# What takes back or changes an entry of any clause.
ANY_CLAUSE = ("rejudged", "reversal_requested", "appeal_decision_requested")


@functools.lru_cache(maxsize=None)
def feeds_of(clause):
    told = subprocess.run([os.path.join(OPTIONS.bin, "doorstep"), "explain", clause, "--json",
                           "--rules", os.path.join(SOURCE, "deploy")], check=True, timeout=60,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return json.loads(told.stdout)["feeds"]


class Rules(unittest.TestCase):
    maxDiff = None

    def check(self, story):
        root = tempfile.mkdtemp(prefix="dsrule")
        self.addCleanup(shutil.rmtree, root)
        day_book.use_zone(getattr(story, "zone", HOME))
        self.addCleanup(day_book.use_zone, HOME)
        day = Day()
        story(Territory(day, "county"))
        evenings = dict(day.work_days)  # those that the story is about
        day.finish()
        events, rows, books, statements = replay(day, root, story_rules.write(story, root))
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
            self.check_holdings(ticket, events)
            self.check_returns(ticket, events)
            self.check_rejudged(ticket, events)
        self.check_archive(day, events)
        self.check_sheets(day, events, root)
        days = {event["subject"]: event["data"]["judged"]["verdict"].lower() for event in events
                if event["type"].endswith(".judged") and
                event["data"]["judged"]["clock"] == "FEEDBACK"}
        self.assertEqual({name: SIGNS[sign[0]] for name, sign in evenings.items()},
                         {name: days.get(name) for name in evenings})
        asked = [event for event in events if event["type"].endswith(".callback_requested")]
        self.assertEqual(ends_of(day), len(asked))
        calls = {event["subject"]: event["data"]["judged"]["verdict"].lower() for event in events
                 if event["type"].endswith(".judged") and
                 event["data"]["judged"]["clock"] == "HOTLINE"}
        self.assertEqual({call: one[0] for call, one in day.calls.items()}, calls)
        relates = {event["entry"]["key"]: event["entry"].get("relates_to", "") for event in books
                   if "entry" in event}
        for row in rows:
            row["relates_to"] = relates[row["key"]]
        self.assertEqual({entry["key"]: facts_of(entry) for entry in day.entries},
                         {row["key"]: facts_of(row) for row in rows})
        self.check_books(day, books)
        self.check_feeds(events)
        for account, month, wanted in day.statements:
            found = [one for one in statements
                     if one["account"] == account and one["month"] == month]
            self.assertEqual([wanted], [{key: one[key] for key in wanted} for one in found])

    def check_feeds(self, events):
        """What a clause is told to be decided from is what it was proposed and booked on."""
        types = {(event["source"].split("/")[2], event["id"].split("/")[1],
                  event["id"].split("/")[2]): event["type"].rpartition(".")[2] for event in events}
        for event in events:
            kind = event["type"].rpartition(".")[2]
            if kind not in ("proposed", "entry_posted"):
                continue
            cause = event["data"]["cause"]
            fed = types[(SOURCES[cause["source"]], event["id"].split("/")[1], cause["seq"])]
            if fed in ANY_CLAUSE:
                continue
            self.assertIn(fed, feeds_of(event["data"]["clause"]), event["data"]["clause"])

    def check_books(self, day, books):
        said, proposed, outcomes = [], [], {}
        for event in books:
            kind = event["type"].rpartition(".")[2]
            body = event["data"][kind]
            if kind == "proposed":
                proposed.append(body["entry"]["key"])
            elif kind == "outcome":
                outcomes[body["command_id"]] = (body["outcome"], event["data"].get("reason"))
            elif kind in SAID:
                said.append((kind, *SAID[kind](body)))
        self.assertEqual(day.proposals, sorted(proposed))
        self.assertEqual(day.books, sorted(said))
        for line in day.lines:
            number = line.command["id"]
            if line.outcome and number in outcomes:
                wanted = line.outcome[0], line.outcome[1] or outcomes[number][1]
                self.assertEqual(wanted, outcomes[number], number)


    def check_rejudged(self, ticket, events):
        found = []
        for event in events:
            if event["subject"] != ticket.id or not event["type"].endswith(".rejudged"):
                continue
            body = event["data"]["rejudged"]
            before, now = body["before"], body["now"]
            found.append(("%s#%d" % (before["clock"].lower(), before["n"]),
                          before["verdict"].lower(), now["verdict"].lower(),
                          body["number"]))
        self.assertEqual(ticket.rejudged, found, ticket.ref)

    def check_holdings(self, ticket, events):
        """How long each had the complaint, its clock running; whoever had it for no time is left
        out."""
        for event in events:
            body = event["data"].get("judged", {})
            if event["subject"] != ticket.id or body.get("clock") != "COMPLAINT":
                continue
            if "complaint#%d" % body["n"] in ticket.holdings:
                found = {one["account"]: int(one.get("running_ms", 0))
                         for one in body.get("holdings", []) if int(one.get("running_ms", 0))}
                self.assertEqual(ticket.holdings["complaint#%d" % body["n"]], found, ticket.ref)

    def check_returns(self, ticket, events):
        def said(kind):
            return [event["data"][kind] for event in events
                    if event["subject"] == ticket.id and event["type"].endswith("." + kind)]
        decided = [seen_of(body) for body in said("return_decided")]
        self.assertEqual(len(ticket.returns), len(decided), decided)
        for wanted, seen in zip(ticket.returns, decided):
            wanted = dict({"blocked": []}, **wanted)
            self.assertEqual(wanted, {key: seen.get(key) for key in wanted}, ticket.ref)
        self.assertEqual(ticket.causes, [(body["clause"], body.get("account"))
                                         for body in said("return_cause_found")], ticket.ref)

    def check_archive(self, day, events):
        """Which reports repeat which repair, and what the last offer of a job carries."""
        refs = {ticket.id: ref for ref, ticket in day.tickets.items()}
        told, carried = [], {}
        for event in events:
            kind = event["type"].rpartition(".")[2]
            body = event["data"].get(kind, {})
            if kind in ("repeat_found", "repeat_withdrawn"):
                told.append((refs[event["subject"]],
                             refs[body["repeats"]] if kind == "repeat_found" else None))
            if kind == "offered":
                rows = [[row["remedy"], row["worked"], row["failed"]]
                        for row in body.get("remedies", [])]
                tried = [[body["tried"]["remedy"], None, None]] if "tried" in body else []
                carried[refs[event["subject"]]] = tried + rows
        if day.repeats is not None:
            self.assertEqual(day.repeats, told)
        self.assertEqual(day.archive, {ref: carried[ref] for ref in day.archive})

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
        with open(os.path.join(root, "out", "events.ndjson"), encoding="utf-8") as file:
            lines = [line for line in file if "doorstep.callback-survey.sheet_drawn" in line]
        text = "".join(lines)
        for line in lines:
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
        where = line.territory, ref
        n += bool(ends) and not over.get(where)
        over[where] = (over.get(where) or bool(ends)) and "reopen" not in line.command
    return n


def add(name, story):
    def test(self):
        self.check(story)
    test.__doc__ = " ".join((story.__doc__ or name).split())
    assert not hasattr(Rules, "test_" + name), "two stories are called " + name
    setattr(Rules, "test_" + name, test)


CLAUSES = [importlib.import_module(os.path.basename(path)[:-3])
           for path in sorted(glob.glob(os.path.join(HERE, "clauses", "*_*.py")))]
for module in [cases, cases_archive, cases_visits, cases_ledger, cases_model, cases_order,
               cases_owner, cases_returns, cases_roster, cases_rulebook, cases_survey,
               cases_transfer, cases_zones] + CLAUSES:
    for name, story in list(vars(module).items()):
        if getattr(story, "__module__", "") == module.__name__ and not name.startswith("_"):
            # a clause's file says which clause; the name of the story need not
            add((module.__name__ + "_" if module in CLAUSES else "") + name, story)

if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
