# SPDX-License-Identifier: MIT
"""The smallest example of a difference: fewer tickets, then fewer commands, then simpler times, as
long as a difference of the same sort stays."""
import copy

from hours import stamp
from record import RANK, instant

TIMES = ("made_at_ms", "occurred_at_ms")
WINDOW = ("from_ms", "to_ms")


def group_of(line):
    command = line.get("command", line)
    body = command.get("register") or {}
    for kind in ("call_offered", "call_answered", "call_ended"):
        body = command.get(kind) or body
    return command.get("ref") or body.get("ref") or body.get("call") or command["id"]


def sent(line):
    return instant(line.get("send_at") or line["made_at_ms"])


def without(lines, keep, same):
    """Leaves out what the difference does not need, by halves, quarters and so on to single ones:
    keep(line) names what goes together."""
    names = list(dict.fromkeys(map(keep, lines)))
    size = len(names)
    while size > 0 and names:
        for start in reversed(range(0, len(names), size)):
            gone = set(names[start:start + size])
            fewer = [line for line in lines if keep(line) not in gone]
            if fewer and same(fewer):
                lines = fewer
                names = [name for name in names if name not in gone]
        size //= 2
    return lines


def plainer(line):
    """Simpler forms of one line, the simplest first."""
    command = line.get("command", line)
    if "send_at" in line:
        yield command
    if "occurred_at_ms" in command:
        bare = {key: value for key, value in command.items() if key != "occurred_at_ms"}
        yield dict(bare, made_at_ms=command["occurred_at_ms"])
    for unit in (3600000, 60000, 1000):
        one = copy.deepcopy(line)
        inner = one.get("command", one)
        for holder, keys in ((inner, TIMES), (one, ("send_at",))):
            for key in keys:
                if key in holder:
                    holder[key] = stamp(instant(holder[key]) // unit * unit)
        yield one
    kind = next((k for k in command if isinstance(command[k], dict)), None)
    for key in list(command[kind]) if kind else ():
        one = copy.deepcopy(line)
        one.get("command", one)[kind].pop(key)
        yield one


def simplify(lines, same):
    for i in range(len(lines)):
        for _ in range(8):
            for one in plainer(lines[i]):
                other = lines[:i] + [one] + lines[i + 1:]
                if one != lines[i] and same(sorted(other, key=sent)):
                    lines = other
                    break
            else:
                break
    return sorted(lines, key=sent)


def tied(lines):
    """Two facts of one ticket and rank in one millisecond: in what order they count is a question
    of its own."""
    seen = set()
    for line in lines:
        command = line.get("command", line)
        kind = next((k for k in command if isinstance(command[k], dict)), "")
        at = instant(command.get("occurred_at_ms") or command["made_at_ms"])
        key = (command.get("ref"), RANK.get(kind), at, command.get("id") if "ref" not in command
               else "")
        if key in seen:
            return True
        seen.add(key)
    return False


def shrink(lines, differs):
    """differs(lines) -> does the difference stay?"""
    was_tied = tied(lines)

    def same(fewer):
        return (was_tied or not tied(fewer)) and differs(fewer)
    lines = without(lines, group_of, same)
    size = None
    while size != len(lines):
        size = len(lines)
        lines = without(lines, lambda line: id(line), same)
    return simplify(lines, same)
