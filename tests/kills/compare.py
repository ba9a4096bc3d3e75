# SPDX-License-Identifier: MIT
"""What a run leaves behind, and whether two runs left the same."""
import csv
import io
from collections import Counter

from google.protobuf import json_format
from harness import SERVICES, commands_pb2, envelope_pb2
from place import Violation

PARTITIONS = (0, 1)
# In another run the same event may stand at another number, and so may what it points at.
REFERENCES = {"cause", "events", "result", "start_event", "due_event", "stop_event", "complained",
              "entry", "chain"}


def journals(place):
    """{(service, partition): [(seq, Event), ...]}; raises on a hole."""
    found = {}
    redis = place.redis()
    for service in SERVICES:
        for partition in PARTITIONS:
            events = found[service, partition] = []
            rows = redis("XRANGE", "{p%03d}:%s:j" % (partition, service), "-", "+") or []
            for _, (_, raw) in rows:
                batch = envelope_pb2.Batch()
                batch.ParseFromString(raw)
                if batch.header.first_seq != len(events) + 1:
                    raise Violation("%s/p%03d: %d follows %d" % (
                        service, partition, batch.header.first_seq, len(events)))
                for event in batch.events:
                    events.append((len(events) + 1, event))
    redis.close()
    return found


def ledger(place):
    """{key: all columns but the events it cites}."""
    rows = list(csv.reader(io.StringIO(place.cli("ledger", "--csv"))))
    return {row[0]: tuple(row[:-1]) for row in rows[1:]}


def named(event):
    return event.WhichOneof("body"), event.subject


def told(event):
    """Everything an event says, but for event numbers."""
    def strip(value):
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in REFERENCES}
        if isinstance(value, list):
            return [strip(v) for v in value]
        return value
    said = json_format.MessageToDict(event, preserving_proto_field_name=True)
    if event.HasField("activated"):
        # a half activation is completed at the next start, and not by anybody
        for field in ("by", "command_id", "made_at_ms"):
            said.pop(field, None)
    return repr(sorted(strip(said).items()))


class Outcome:
    """All that is compared of a run."""

    def __init__(self, place, client):
        self.ledger = ledger(place)
        self.journals = journals(place)
        self.sent = dict(client.sent)
        self.receipts = client.receipts

    def events(self, how):
        return {where: Counter(how(event) for _, event in events)
                for where, events in self.journals.items()}


def differences(one, two):
    """Lines that stand in one counter or dict and not in the other."""
    lines = []
    for key in sorted(set(one) | set(two), key=str):
        if one.get(key) == two.get(key):
            continue
        a, b = one.get(key), two.get(key)
        if isinstance(a, Counter) and isinstance(b, Counter):
            lines += ["%s - %s" % (key, what) for what in (a - b).elements()]
            lines += ["%s + %s" % (key, what) for what in (b - a).elements()]
        else:
            lines.append("%s: %s, but %s" % (key, a, b))
    return lines


def demand_same(what, one, two):
    lines = differences(one, two)
    if lines:
        raise Violation("%s differ (- unkilled, + killed):\n  %s" % (what, "\n  ".join(lines[:12])))


def check_receipts(outcome):
    """Every answer given out is true: the event is there, with this command's id and the promised
    ticket; every command sent has exactly one event."""
    index = {}
    for partition in PARTITIONS:
        for seq, event in outcome.journals["intake", partition]:
            index["intake/p%03d/%d" % (partition, seq)] = event
    once = Counter(event.command_id for event in index.values()
                   if event.command_id and event.WhichOneof("body") != "activated")
    for id, raw in outcome.sent.items():
        command = commands_pb2.Command()
        command.ParseFromString(raw)
        for receipt in outcome.receipts.get(id, []):
            if receipt.status not in (commands_pb2.Receipt.RECORDED, commands_pb2.Receipt.DUPLICATE):
                continue
            event = index.get(receipt.event)
            if event is None or event.command_id != id:
                raise Violation("%s was told %s, which is %s" % (id, receipt.event, event))
            if receipt.ticket and receipt.ticket != event.subject:
                raise Violation("%s was told %s, but its event is about %s" % (
                    id, receipt.ticket, event.subject))
        if not command.HasField("activate") and once[id] != 1:
            raise Violation("%s stands %d times in intake's journals" % (id, once[id]))
        if not outcome.receipts.get(id):
            raise Violation("%s was never answered" % id)


def check_clean(place):
    """The product's own checks."""
    place.cli("check")
    place.cli("ledger", "verify")
