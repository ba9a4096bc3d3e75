# SPDX-License-Identifier: MIT
"""Unanswered phone (handbook 3.6, 7.8)."""
import dataclasses

from life import FOREVER, Verdict

DAY = 24 * 3600 * 1000
PHONE = ("call_offered", "call_answered", "call_ended")


@dataclasses.dataclass
class Call:
    id: str
    territory: str
    caller: str
    offered: int
    ended: int
    offer_received: int
    end_received: int
    answered: int = None
    agent: str = None
    seen: bool = False


def calls_of(rules, facts):
    """The calls of which offer and end are known."""
    parts = {}
    for fact in facts:
        if fact.kind in PHONE:
            parts.setdefault(fact.body["call"], {}).setdefault(fact.kind, fact)
    for call, found in sorted(parts.items()):
        offer, end, answer = (found.get(kind) for kind in ("call_offered", "call_ended",
                                                           "call_answered"))
        if not offer or not end:
            continue
        by_person = answer and answer.body.get("answered_by") == "PERSON"
        if forgotten([offer, end] + ([answer] if by_person else [])):
            continue
        yield Call(call, rules.territory_of_number(offer.body["called"]), offer.body["caller"],
                   offer.at, end.at, offer.received, end.received,
                   answer.at if by_person else None,
                   answer.body.get("agent") if by_person else None)


def forgotten(parts):
    """Nothing was heard of it for a day before its rest came in."""
    parts = sorted(parts, key=lambda f: f.received)
    known = [max(max(f.at, f.received) for f in parts[:n]) for n in range(1, len(parts))]
    return any(later.received > since + DAY for since, later in zip(known, parts[1:]))


def in_gap(call, gaps):
    return any(territory == call.territory and first <= at < last
               for territory, first, last in gaps for at in (call.offered, call.ended))


def told_too_late(call, grace):
    """Others would be judged by what is forgotten by then; nobody's phone rings for that long."""
    return (call.offer_received > call.offered + grace or
            call.end_received > call.ended + grace or call.ended > call.offered + grace)


def free(call, facts, people, ring):
    """Was one of those on duty not on another call for all of the ringing that is allowed?"""
    ended = {f.body["call"]: f.at for f in facts if f.kind == "call_ended"}
    busy = {f.body.get("agent") for f in facts if f.kind == "call_answered" and
            f.body.get("answered_by") == "PERSON" and f.body["call"] != call.id and
            f.at <= call.offered and ended.get(f.body["call"], FOREVER) >= call.offered + ring}
    return any(person not in busy for person in people)


def judge(rules, hours_of, facts):
    """Each call by what was received while it was not final."""
    steps = sorted({f.received for f in facts})
    found = {}
    for i, now in enumerate(steps):
        until = steps[i + 1] if i + 1 < len(steps) else FOREVER
        for verdict in judge_all(rules, hours_of, [f for f in facts if f.received <= now]):
            if verdict.subject not in found and verdict.final < until:
                found[verdict.subject] = verdict
    return found.values()


def judge_all(rules, hours_of, facts):
    calls = sorted(calls_of(rules, facts), key=lambda c: (c.offered, c.id))
    gaps = [(f.territory, int(f.body["from_ms"]), int(f.body["to_ms"]))
            for f in facts if f.kind == "feed_gap"]
    ring, width = rules.span("hotline", "ring"), rules.span("hotline", "occasion")
    occasions = {}
    for call in calls:
        hours = hours_of(call.territory)
        due = call.offered + ring
        people = hours.on_duty(call.offered)
        owner = "person:" + (people[0] if people else rules.manager)
        verdict = Verdict(call.id, "hotline", 1, "cancelled", due, None, owner,
                          more={"nobody": not people, "territory": call.territory})
        if call.answered is not None:
            verdict.verdict, verdict.stop = "met", call.answered
        elif in_gap(call, gaps) or told_too_late(call, rules.grace("hotline")):
            pass  # never judged
        elif (hours.working(call.offered) and hours.worked(call.offered, call.ended) >= ring and
              (not people or free(call, facts, people, ring))):
            first = occasions.get((call.territory, call.caller, owner))
            if first is None or call.offered >= first + width:
                occasions[call.territory, call.caller, owner] = call.offered
                verdict.verdict, verdict.stop = "breached", call.ended
        # judged when its end is known, without a timer: the grace runs from there, or from the end
        # itself if a clock that is ahead told of it before
        verdict.final = max(call.offer_received, call.end_received, call.ended) + \
            rules.grace("hotline")
        yield verdict
