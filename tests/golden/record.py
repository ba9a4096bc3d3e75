#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes golden files: what the programs of today store, byte by byte. Run once for each format
number, by hand; the files are kept for ever (see tests/README.md).

    tests/golden/record.py --bin build/release/bin tests/golden/1"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
P = 7
START_MS = 1172707200000  # 2007-03-01 08:00 there
NOON, END = "2007-03-01T12:00:00+08:00", "2007-03-02T12:00:00+08:00"
# lapsed, reopened, complained about, one half of clause 7.6; an unanswered call, calls never told of
REFS = ("d001", "d008", "d022", "d010", "miss-1", "gap")
MESSAGES = {
    "intake": {"T": "IntakeTicket", "U": "IntakeCustomer", "R": "IntakeRef", "C": "IntakeCall"},
    "dispatcher": {"T": "DispatchTicket"},
    "callback-survey": {"T": "SurveyTask", "M": "SurveyMonth", "S": "SurveyRows"},
    "sla-watcher": {"T": "WatchTicket", "F": "WatchDay", "C": "WatchCall", "P": "WatchPartition",
                    "W": "WatchSheet"},
    "penalty-ledger": {"T": "LedgerTicket", "M": "LedgerMonth", "E": "LedgerEntry",
                       "Q": "LedgerProposal", "O": "LedgerObligation", "C": "LedgerClosings",
                       "P": "LedgerPartition"},
}

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", required=True)
parser.add_argument("out")
options = parser.parse_args()
os.environ["DS_BUILD"] = os.path.dirname(os.path.abspath(options.bin))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "tests", "lib"))
import harness  # noqa: E402


# What those orders do not lead to: something that is owed, a month that is closed.
MANAGER = """\
{"id":"m-private","made_at_ms":"2007-03-02T10:29:00+08:00","by":"liu","territory":"county",\
"report_violation":{"clause":"7.22","account":"person:wang","amount_fen":"4000","serious":true}}
{"id":"m-close","made_at_ms":"2007-03-02T10:30:00+08:00","by":"liu","territory":"county",\
"close_month":{"month":200701}}
"""


def day():
    """The lines of a few orders of the example day, and the manager's."""
    with open(os.path.join(SOURCE, "deploy", "examples", "day.ndjson"), encoding="utf-8") as file:
        of_orders = "".join(line for line in file
                            if any('"id":"%s-' % ref in line or '"id":"c-%s-' % ref in line
                                   for ref in REFS))
    return of_orders + MANAGER


def doorstep(*words):
    subprocess.run([os.path.join(options.bin, "doorstep"), *words], check=True)


def state_lines(redis):
    for service, messages in MESSAGES.items():
        fields = redis("HGETALL", "{p%03d}:%s:state" % (P, service))
        for key, value in sorted(zip(fields[::2], fields[1::2])):
            key = key.decode()
            yield "%s %s %s %s\n" % (service, messages[key[0]], key, value.hex())


def receipt_lines(redis):
    for key in sorted(redis("KEYS", "{p%03d}:intake:rcpt:*" % P)):
        rows = redis("GET", key)
        for at in range(0, len(rows), 40):
            yield rows[at:at + 40].hex() + "\n"


def main():
    os.makedirs(options.out)
    with harness.Installation(clock="step", start_ms=START_MS) as stage, \
            tempfile.TemporaryDirectory() as exported:
        stage.start()
        stage.activate()
        lines = os.path.join(exported, "day.ndjson")
        with open(lines, "w", encoding="utf-8") as file:
            file.write(day())
        redis, state = stage.redis(), []
        for until in (NOON, END):
            doorstep("play", lines, "--until", until, "--dir", stage.data)
            state += state_lines(redis)
        journals = os.path.join(exported, "journals")
        doorstep("export", "--dir", stage.data, "--out", journals)
        for name in sorted(os.listdir(journals)):
            if "-p%03d." % P in name:
                shutil.copy(os.path.join(journals, name), options.out)
        shutil.copytree(os.path.join(journals, "versions"), os.path.join(options.out, "versions"))
        for name, text in (("state.txt", state), ("receipts.txt", receipt_lines(redis))):
            with open(os.path.join(options.out, name), "w") as file:
                file.writelines(text)
        redis.close()


main()
