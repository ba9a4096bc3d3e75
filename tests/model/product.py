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
                          "--out", out], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                         stderr=subprocess.PIPE, timeout=120, text=True, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError("replay ended with %d: %s" % (run.returncode, run.stderr[-2000:]))
    return run.stderr


def events_of(out):
    with open(os.path.join(out, "events.ndjson"), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


SHEETS = ("SURVEY_SHEET", "WEEKLY_SHEET")  # not in the model yet, nor is 7.2


def verdicts_of(events):
    """'T007-6 accept#1' -> (verdict, due, owner)."""
    found = {}
    for event in events:
        if not event["type"].endswith(".judged"):
            continue
        body = event["data"]["judged"]
        if body["clock"] in SHEETS:
            continue
        key = "%s %s#%d" % (event["data"]["subject"], body["clock"].lower(), body["n"])
        found[key] = (body["verdict"].lower(), int(body.get("due_at_ms", 0)), body.get("owner", ""))
    return found


def instant(text):
    return round(datetime.datetime.fromisoformat(text).timestamp() * 1000) if text else None


def rows_of(out):
    with open(os.path.join(out, "ledger.csv"), encoding="utf-8") as file:
        return {row["key"]: (row["clause"], row["account"], row["cause"], row["ticket"],
                             int(row["amount_fen"]), int(row["month"]), instant(row["due_at"]),
                             instant(row["actual_at"]), row["owner"], row["reason"])
                for row in csv.DictReader(file) if row["clause"] != "7.2"}


def proposals_of(events):
    """Keys and amounts of what was put before the manager."""
    found = {}
    for event in events:
        if event["type"].endswith(".proposed"):
            entry = event["data"]["proposed"]["entry"]
            if entry["clause"] == "7.2":
                continue
            found[entry["key"]] = int(entry["amount_fen"])
    return found
