# SPDX-License-Identifier: MIT
"""The product, seen from outside: `doorstep replay` of a file of commands and what it wrote."""
import csv
import datetime
import json
import os
import subprocess


def replay(bin_dir, commands, rules, out):
    """Runs it; a refused command is no failure (exit status 1)."""
    run = subprocess.run([os.path.join(bin_dir, "doorstep"), "replay", commands, "--rules", rules,
                          "--out", out, "--statements"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.PIPE, timeout=120, text=True, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError("replay ended with %d: %s" % (run.returncode, run.stderr[-2000:]))
    return run.stderr


def events_of(out):
    with open(os.path.join(out, "events.ndjson"), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Played:
    """What a replay wrote."""

    def __init__(self, out):
        self.out = out
        with open(os.path.join(out, "events.ndjson"), encoding="utf-8") as file:
            self.events = [json.loads(line) for line in file]

    def said(self, kind):
        """(event, its message) of each event of a kind."""
        for event in self.events:
            if event["type"].endswith("." + kind):
                yield event, event["data"][kind]

    def tables(self):
        """As compare.TABLES."""
        return (self.verdicts(), self.rows(), self.proposals(), self.books(), self.sheets(),
                self.statements(), self.returns())

    def verdicts(self):
        """'T007-6 accept#1' -> (verdict, due, owner)."""
        return {"%s %s#%d" % (event["data"]["subject"], body["clock"].lower(), body["n"]):
                (body["verdict"].lower(), int(body.get("due_at_ms", 0)), body.get("owner", ""))
                for event, body in self.said("judged")}

    def rows(self):
        relates = {event["entry"]["key"]: event["entry"].get("relates_to")
                   for event, _ in self.said("entry_posted")}
        with open(os.path.join(self.out, "ledger.csv"), encoding="utf-8") as file:
            return {row["key"]: (row["clause"], row["account"], row["cause"], row["ticket"],
                                 int(row["amount_fen"]), int(row["month"]), instant(row["due_at"]),
                                 instant(row["actual_at"]), row["owner"], row["reason"],
                                 relates[row["key"]])
                    for row in csv.DictReader(file)}

    def booked(self):
        """Keys of the entries and when they were booked: for whoever appeals."""
        return {event["entry"]["key"]: int(event["data"]["received_at_ms"])
                for event, _ in self.said("entry_posted")}

    def proposals(self):
        """Keys and amounts of what was put before the manager."""
        return {body["entry"]["key"]: int(body["entry"].get("amount_fen", 0))
                for _, body in self.said("proposed")}

    def books(self):
        """What the ledger says beside entries and proposals."""
        found = {}
        for kind, key, value in BOOKS:
            for _, body in self.said(kind):
                found["%s %s" % (kind, key(body))] = value(body)
        return found

    def sheets(self):
        """The lots: seed, blocks, what was drawn, and from what."""
        def numbers(body, key):
            return tuple(map(int, body.get(key, ())))
        return {event["data"]["subject"]: (
            body["seed"], int(body.get("blocks", 0)), numbers(body, "drawn"),
            tuple(zip(numbers(body, "repair"), numbers(body, "repair_answer"))),
            tuple(zip(numbers(body, "install"), numbers(body, "install_answer"))))
            for event, body in self.said("sheet_drawn")}

    def statements(self):
        with open(os.path.join(self.out, "statements.ndjson"), encoding="utf-8") as file:
            return {"%s %s" % (one["account"], one["month"]): dict(
                {key: int(one[key]) for key in SUMS}, closed=one["closed"],
                territory=one["territory"],
                jobs=sorted((job["kind"], job.get("category", ""), job.get("zone", ""), job["jobs"],
                             int(job.get("rate_fen", 0)), int(job.get("sum_fen", 0))) for job in one["jobs"]),
                entries=sorted((e["key"], int(e["amount_fen"])) for e in one["entries"]),
                instalments=sorted((p["entry"], p["number"], p["months"], int(p["deducted_fen"]),
                                    int(p["balance_fen"])) for p in one["instalments"]))
                for one in map(json.loads, file)}

    def returns(self):
        """Decisions about exchange and return."""
        found = {}
        commands = {event["id"]: event["data"].get("command_id") for event in self.events}
        for event, one in self.said("return_decided"):
            cause = "intake/%s/%s" % (event["id"].split("/")[1], event["data"]["cause"]["seq"])
            same = {key: one.get(key) for key in ("reported_on", "returned_on", "sent_on",
                                                  "guarantee_until", "wish")}
            found["%s after %s" % (event["data"]["subject"], commands[cause])] = dict(
                same, wish_granted=bool(one.get("wish_granted")),
                **{key: one.get(key, 0) for key in ("days", "repair_days", "used_days")},
                holds=[right["clause"] for right in one["rights"] if right.get("holds")],
                blocked=one.get("blocked", []),
                choices=sorted((c["option"], c["clause"], fen(c, "amount_fen"),
                                fen(c, "depreciation_fen"), c.get("account"),
                                bool(c.get("blocked"))) for c in one.get("choices", [])))
        return found


def fen(message, key):
    return int(message[key]) if key in message else None


SUMS = ("pieces_fen", "fines_fen", "rewards_fen", "carried_fen", "settlement_fen")
BOOKS = (
    ("obligation_opened", lambda b: b["key"], lambda b: (b["obligation"], b["account"])),
    ("obligation_closed", lambda b: b["key"], lambda b: True),
    ("proposal_expired", lambda b: b["proposal"], lambda b: int(b["expired_at_ms"])),
    ("proposal_confirmed", lambda b: b["proposal"], lambda b: True),
    ("proposal_rejected", lambda b: b["proposal"], lambda b: True),
    ("appeal_opened", lambda b: b["entry"], lambda b: b["by"]),
    ("appeal_decided", lambda b: b["entry"], lambda b: bool(b.get("granted"))),
    ("month_closed", lambda b: "%s/%d" % (b["territory"], b["month"]),
     lambda b: int(b["closed_at_ms"])),
    ("instalments_set", lambda b: b["entry"], lambda b: int(b["months"])))


def instant(text):
    return round(datetime.datetime.fromisoformat(text).timestamp() * 1000) if text else None
