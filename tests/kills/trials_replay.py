# SPDX-License-Identifier: MIT
"""D. A file of commands without an installation: `doorstep replay` gives what the stepped run gave, and
gives it again when every line stands there three times."""
import csv
import json
import os
from datetime import datetime, timezone

import compare
import journals
import scenario
import stepped
from google.protobuf import json_format
from harness import commands_pb2
from place import Place, Violation
from trials_stepped import baseline, play


def line(one, raw):
    command = commands_pb2.Command()
    command.ParseFromString(raw)
    at = datetime.fromtimestamp(one.send_at_ms / 1000, timezone.utc)
    return json.dumps({
        "send_at": at.isoformat(timespec="milliseconds"),
        "command": json_format.MessageToDict(command, preserving_proto_field_name=True)}) + "\n"


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def replayed(trial, times):
    """Replays the commands of the unkilled run, each line so often."""
    outcome = baseline(trial)
    inputs = scenario.make(trial.seed, commands_pb2)
    sent = [raw for id, raw in outcome.sent.items() if id != "activate-1"]
    place = trial.place = Place()
    rules = stepped.activation(0).activate
    write(os.path.join(place.root, "rulebook.yaml"), rules.rulebook)
    write(os.path.join(place.root, "directory.yaml"), rules.directory)
    file, out = os.path.join(place.root, "day.ndjson"), os.path.join(place.root, "out")
    write(file, "".join(line(one, raw) * times for one, raw in zip(inputs, sent, strict=True)))
    place.cli("replay", file, "--rules", place.root, "--partitions", "2", "--out", out)
    with open(os.path.join(out, "ledger.csv")) as csv_file:
        rows = list(csv.reader(csv_file))[1:]
    if len(rows) != len(outcome.ledger):
        raise Violation("%d rows, not %d" % (len(rows), len(outcome.ledger)))
    compare.demand_same("ledgers", outcome.ledger, {row[0]: tuple(row[:-1]) for row in rows})


# ---- journals of a run in which everybody had to wait for the store ----

def merge_batches(path):
    """The journal's batches, but for the first (the activation), a dozen in one."""
    head, batches = journals.read(path)
    journals.write(path, head, batches[:1] + [journals.merged(batches[i:i + 12])
                                              for i in range(1, len(batches), 12)])


def long_batches(trial):
    """A batch may span hours, while other journals have short ones from the midst of it: what is known
    to be complete when is another matter than what comes when."""
    place = trial.place = Place()
    place.launch()
    play(trial, place)
    out = os.path.join(place.root, "journals")
    place.cli("export", "--out", out)
    for partition in compare.PARTITIONS:
        merge_batches(os.path.join(out, "intake-p%03d.journal" % partition))
    place.cli("replay", "--recorded", out, "--out", os.path.join(place.root, "again"))


def trials():
    yield "D/replay/long-batches", long_batches
    for name, times in (("once", 1), ("thrice", 3)):
        yield "D/replay/%s" % name, lambda trial, times=times: replayed(trial, times)
