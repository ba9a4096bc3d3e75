#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the example day: Thursday 2007-03-01 in a county's after-sales department, its reports
followed to their end.

    tests/gen/day.py [--out DIR]        (deploy/examples unless said)

    day.ndjson          the commands, as `doorstep up --play` and `doorstep replay` take them
    day.ledger.csv      what it costs, worked out by hand beside each story
    day.expected.json   who is asked, how every promise is judged, what each command leads to

The stories: day_dispatch.py and day_visits.py (county), day_complaints.py (county),
day_river.py (townships), day_office.py (hotline, manager, evenings). day_book.py explains the
notation."""
import argparse
import csv
import io
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import day_complaints  # noqa: E402
import day_dispatch  # noqa: E402
import day_office  # noqa: E402
import day_river  # noqa: E402
import day_visits  # noqa: E402
from day_book import PARTITIONS, SIGNS, Day  # noqa: E402
from day_ticket import Territory  # noqa: E402

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "deploy", "examples")
COLUMNS = ["key", "clause", "account", "cause", "ticket", "amount_fen", "month", "due_at",
           "actual_at", "owner", "reason"]


def tell():
    """The whole day."""
    day = Day()
    county, river = Territory(day, "county"), Territory(day, "river")
    rude = day_dispatch.tell(county)
    day_visits.tell(county)
    day_complaints.tell(county, rude)
    day_river.tell(river)
    day_office.tell(day)
    return day.finish()


def verdicts_of(signs):
    return {"%s#%d" % (clock, n): SIGNS[sign] for clock, n, sign, _ in signs}


def withdrawn_of(signs):
    return sorted("%s#%d" % (clock, n) for clock, n, _, withdrawn in signs if withdrawn)


def count(counts, clock, verdict):
    of_clock = counts.setdefault(clock, {})
    of_clock[verdict] = of_clock.get(verdict, 0) + 1


def expected(day):
    tickets, counts = {}, {}
    for ref, ticket in sorted(day.tickets.items()):
        tickets[ref] = {"ticket": ticket.id, "offers": ticket.asked,
                        "returned_to_clerk": ticket.returned, "capped": ticket.caps,
                        "verdicts": verdicts_of(ticket.verdicts),
                        "withdrawn": withdrawn_of(ticket.verdicts)}
        for clock, _, sign, _ in ticket.verdicts:
            count(counts, clock, SIGNS[sign])
    days = {}
    for key, sign in sorted(day.work_days.items()):
        days[key] = {"verdict": SIGNS[sign[0]], "withdrawn": sign.endswith("~")}
        count(counts, "feedback", SIGNS[sign[0]])
    calls = {}
    for call, (verdict, withdrawn, unanswered) in sorted(day.calls.items()):
        calls[call] = {"verdict": verdict, "withdrawn": withdrawn, "unanswered": unanswered,
                       "reason": day.call_reasons.get(call, "PERSON_ANSWERED")}
        count(counts, "hotline", verdict)
    sheets = {}
    for name, sign in sorted(day.sheets.items()):
        clock = "survey_sheet" if name.partition("/")[0] in PARTITIONS else "weekly_sheet"
        sheets[name] = {"clock": clock, "verdict": SIGNS[sign]}
        count(counts, clock, SIGNS[sign])
    outcomes = {line.command["id"]: list(line.outcome) for line in day.lines if line.outcome}
    redo = [day.tickets[line.command["ref"]].id for line in day.lines
            if line.command.get("record_callback", {}).get("redo")]
    return {"tickets": tickets, "days": days, "calls": calls, "sheets": sheets,
            "counts": counts,
            "proposals": day.proposals, "obligations": day.obligations, "redo_wished": redo,
            "outcomes": outcomes,
            "duplicates": [[number, line.command["id"]] for number, line in
                           enumerate(day.lines, 1) if line.receipt == "DUPLICATE"]}


def files():
    """Name -> text of everything that is checked in."""
    day = tell()
    rows = io.StringIO()
    writer = csv.DictWriter(rows, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(day.entries)
    return {"day.ndjson": "".join(line.text() + "\n" for line in day.lines),
            "day.ledger.csv": rows.getvalue(),
            "day.expected.json": json.dumps(expected(day), indent=1, sort_keys=True) + "\n"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", default=os.path.normpath(EXAMPLES), help="where the files go")
    out = parser.parse_args().out
    os.makedirs(out, exist_ok=True)
    for name, text in files().items():
        with open(os.path.join(out, name), "w", encoding="utf-8", newline="") as file:
            file.write(text)


if __name__ == "__main__":
    main()
