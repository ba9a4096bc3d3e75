# SPDX-License-Identifier: MIT
"""A ticket through all its lives, and when its verdicts become final (handbook 3.2)."""
import clocks
import complaint
import visits
from life import FOREVER, Life

CLOCKS = [clocks.order, clocks.dispatch, clocks.accept, clocks.contact, visits.visit,
          complaint.complaint, clocks.delay, clocks.result, clocks.callback]


class Ticket:
    """One state of knowledge about a ticket: its facts as they are known at some instant."""

    def __init__(self, rules, hours, facts, acts):
        self.rules, self.hours = rules, hours
        self.report = next(f for f in facts if f.kind == "register")
        self.id = self.report.subject
        self.facts = facts
        duty = hours.on_duty(hours.opening(self.report.at))
        self.duty = "person:" + duty[0] if duty else ""
        maker = (self.report.body.get("channel") == "MAKER" or
                 rules.role(self.report.by) == "system")
        self.clerk = self.duty if maker else rules.account(self.report.by)
        self.nobody = maker and not duty
        self.lives = list(self.split(acts))

    def split(self, acts):
        starts = [self.report] + [f for f in self.facts if f.kind == "reopen"]
        for cycle, fact in enumerate(starts):
            mine = [f for f in self.facts if f.kind not in ("register", "reopen") and
                    (cycle == 0 or f.key() > fact.key()) and
                    (cycle + 1 == len(starts) or f.key() < starts[cycle + 1].key())]
            ended = starts[cycle + 1].at if cycle + 1 < len(starts) else FOREVER
            yield Life(self, cycle, fact.at, ended, mine, acts)

    def urgent_at(self, at):
        """Before a life's own facts: as reported, or as set in the life before."""
        state = bool(self.report.body.get("urgent"))
        for fact in self.facts:
            if fact.kind == "set_urgency" and fact.at < at:
                state = bool(fact.body.get("urgent"))
        return state

    def place_at(self, at):
        where = visits.place(self.report.body.get("customer", {}))
        for fact in self.facts:
            if fact.kind == "correct_address" and fact.at < at:
                where = visits.place(fact.body)
        return where

    def verdicts(self):
        for life in self.lives:
            for clock in CLOCKS:
                yield from clock(life)


def judge(rules, hours, facts, acts):
    """Final verdicts of a ticket. Evidence counts if it is received while its instance is not
    final; what became final stands."""
    final = {}
    steps = sorted({f.received for f in facts + acts})
    for i, now in enumerate(steps):
        until = steps[i + 1] if i + 1 < len(steps) else FOREVER
        known = sorted((f for f in facts if f.received <= now), key=lambda f: f.key())
        if not any(f.kind == "register" for f in known):
            continue
        ticket = Ticket(rules, hours, known, sorted((a for a in acts if a.received <= now),
                                                    key=lambda a: a.seq))
        for verdict in ticket.verdicts():
            if verdict.key() not in final and verdict.final < until:
                final[verdict.key()] = verdict
    return final
