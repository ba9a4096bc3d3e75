# SPDX-License-Identifier: MIT
"""What the model may know: the commands as they were sent, and of the record only the names that
were given (which ticket a command was about) and the dispatcher's own acts, which the handbook
calls inputs."""
import dataclasses
import datetime
import json

RANK = {"offered": 0, "taken_back": 0, "assigned": 0, "returned_to_clerk": 0, "assign": 0,
        "report_delay": 1, "resume": 2, "correct_address": 3, "set_urgency": 4,
        "book_appointment": 5, "move_appointment": 5, "reopen": 6, "cancel": 7}
ACTS = {"offered", "taken_back", "assigned", "returned_to_clerk"}
LATE_MS, AHEAD_MS = "late_max", "ahead_max"
ENVELOPE = {"id", "made_at_ms", "occurred_at_ms", "by", "person", "territory", "ticket", "ref",
            "supersedes", "traceparent"}


@dataclasses.dataclass
class Fact:
    kind: str
    at: int         # the instant it is judged at
    received: int
    id: str
    by: str = ""    # who did it
    body: dict = dataclasses.field(default_factory=dict)
    subject: str = ""
    territory: str = ""
    event: str = ""
    seq: int = 0

    def number(self):
        """Where it stands in its journal."""
        return int(self.event.rpartition("/")[2])

    def key(self):
        """Canonical order of facts: stops come last."""
        return (self.at, RANK.get(self.kind, 8), self.seq if self.kind in ACTS else 0, self.id)


def instant(value):
    if isinstance(value, int) or value.lstrip("-").isdigit():
        return int(value)
    at = datetime.datetime.fromisoformat(value)
    return round(at.timestamp() * 1000)


def judged_at(rules, occurred, received):
    """By its own time, unless that lies too far off its arrival."""
    from rules import span
    times = rules.book["times"]
    near = received - span(times[LATE_MS]) <= occurred <= received + span(times[AHEAD_MS])
    return occurred if near else received


def body_of(value):
    return {key: instant(one) if key.endswith("_ms") else
            list(map(body_of, one)) if key == "intervals" else one for key, one in value.items()}


def fact_of(rules, line, names):
    """A command line -> Fact, or None if it was not recorded (refused, or known already)."""
    command = line.get("command", line)
    event, subject = names.get(command["id"], (None, None))
    if event is None:
        return None
    kind = next(key for key in command if key not in ENVELOPE)
    made = instant(command["made_at_ms"])
    received = instant(line["send_at"]) if "send_at" in line else made
    occurred = instant(command["occurred_at_ms"]) if "occurred_at_ms" in command else made
    return Fact(kind, judged_at(rules, occurred, received), received, command["id"],
                command.get("person", command.get("by", "")), body_of(command[kind]), subject,
                command.get("territory", ""), event)


def act_of(event):
    data = event["data"]
    kind = event["type"].rpartition(".")[2]
    at = int(data["received_at_ms"])
    return Fact(kind, at, at, event["id"], "", data.get(kind, {}), data["subject"],
                event=event["id"], seq=int(event["id"].rpartition("/")[2]))


def read(rules, lines, events):
    """Facts of all commands that were recorded, and the dispatcher's acts."""
    names, acts, repeated = {}, [], set()
    for event in events:
        source = event["source"].split("/")[2]
        kind = event["type"].rpartition(".")[2]
        if source == "intake" and event["data"].get("command_id"):
            names.setdefault(event["data"]["command_id"], (event["id"], event["data"]["subject"]))
            if kind == "report_repeated":
                repeated.add(event["data"]["command_id"])
        elif source == "dispatcher" and kind in ACTS:
            acts.append(act_of(event))
    facts, seen = [], set()
    for line in lines:
        fact = fact_of(rules, line, names)
        if fact and fact.id not in repeated and fact.id not in seen:
            seen.add(fact.id)
            facts.append(fact)
    return facts, acts


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
