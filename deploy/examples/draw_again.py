#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Draws satisfaction sheets again, to see that nobody chose: reads the events of

    doorstep sheet --territory county --month 200703 --json | deploy/examples/draw_again.py

(or events.ndjson of a replay) and compares seed and sheet with what follows from the answers that
they were drawn from. Exit 1 if a sheet differs. What is computed stands in proto/README.md."""
import hashlib
import json
import sys

MASK = 2 ** 64 - 1
REPAIRS, INSTALLS, BLOCKS = 5, 1, 10  # of the rulebook: survey_sheet


def seed_of(sheet, rows):
    lines = ["satisfaction sheet", sheet["territory"], sheet["month"],
             sheet.get("answered_at_ms", 0)]
    lines += ["%d %d" % row for row in sorted(rows)]
    text = "".join("%s\n" % line for line in lines)
    return hashlib.blake2b(text.encode(), digest_size=32).hexdigest()


def rank(seed, ticket):
    z = (int(seed[:16], 16) + ticket * 0x9e3779b97f4a7c15) & MASK
    z = ((z ^ z >> 30) * 0xbf58476d1ce4e5b9) & MASK
    z = ((z ^ z >> 27) * 0x94d049bb133111eb) & MASK
    return z ^ z >> 31


def draw(sheet):
    """Seed, number of blocks and tickets that follow from the answers."""
    rows = {kind: list(zip(map(int, sheet.get(kind, [])), map(int, sheet.get(kind + "_answer", []))))
            for kind in ("repair", "install")}
    seed = seed_of(sheet, rows["repair"] + rows["install"])
    blocks = min(len(rows["repair"]) // REPAIRS, len(rows["install"]) // INSTALLS, BLOCKS)
    drawn = []
    for kind, share in (("repair", REPAIRS), ("install", INSTALLS)):
        tickets = sorted((ticket for ticket, _ in rows[kind]), key=lambda t: rank(seed, t))
        drawn += tickets[:blocks * share] if blocks else tickets
    return seed, blocks, drawn


def events(text):
    """A list, or one a line."""
    return json.loads(text) if text.startswith("[") else map(json.loads, text.splitlines())


def main():
    wrong = 0
    for event in events(sys.stdin.read()):
        if not event["type"].endswith(".sheet_drawn"):
            continue
        sheet = event["data"]["sheet_drawn"]
        found = sheet["seed"], int(sheet.get("blocks", 0)), list(map(int, sheet.get("drawn", [])))
        same = draw(sheet) == found
        wrong += not same
        print("%s %s: %d drawn from %d repairs and %d installs, %s" % (
            sheet["territory"], sheet["month"], len(found[2]), int(sheet.get("repairs", 0)),
            int(sheet.get("installs", 0)), "drawn as published" if same else "NOT as published"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
