# SPDX-License-Identifier: MIT
"""Visits and appointments (handbook 3.3): each agreed appointment is an instance of its own."""
import dataclasses

from life import FOREVER
from rules import span


@dataclasses.dataclass
class Visit:
    n: int
    start: int
    window: tuple = None
    agreed: object = None
    stop: int = None
    over: int = None  # its due, once another was agreed
    cancel: int = None


def start_of(life):
    """Outside working time at the next opening; urgent ones never wait, once they are urgent."""
    opening = life.hours.opening(life.began)
    start = life.began if life.ticket.urgent_at(life.began) else opening
    for fact in life.of("set_urgency"):
        if fact.at < opening:
            start = min(start, max(fact.at, life.began)) if fact.body.get("urgent") else opening
    return start


def band_due(life, start, upto=FOREVER):
    """The band, from the same start when the address is corrected before the due. upto: when it ended,
    perhaps before it began; what comes after that moves no due."""
    where = life.ticket.place_at(life.began)
    over = max(upto, start)
    due = life.running(start, life.rules.band(*where), over)
    for fact in life.of("correct_address"):
        if fact.at <= min(due, upto):
            due = max(life.running(start, life.rules.band(*place(fact.body)), over), fact.at)
    return due


def place(body):
    distance = body.get("distance_m")
    return bool(body.get("city")), None if distance is None else int(distance)


def due_of(life, visit, upto=FOREVER):
    return visit.window[1] if visit.window else band_due(life, visit.start, upto)


def on_site(life, visit, fact):
    """Does this step show that somebody was there?"""
    if life.kind == "service" and visit.window is None:
        return False
    if fact.kind != "check_in":
        return True
    if visit.window is None:
        return True
    if fact.body.get("customer_absent"):
        return fact.at >= visit.window[0]
    early = life.rules.span("visit", "early_arrival")
    return fact.at >= visit.window[0] - early or bool(fact.body.get("customer_present"))


def agree(life, visits, fact):
    """An appointment re-dates the open instance, or opens the next one."""
    window = (int(fact.body["from_ms"]), int(fact.body["to_ms"]))
    if window[1] < fact.at:
        return  # nobody can come then any more
    last = visits[-1]
    if last.window is None:  # a complaint about service has no visit until one is agreed
        limit = FOREVER if life.kind == "service" else band_due(life, last.start)
    else:
        limit = last.window[1] if fact.body.get("wish") == "CUSTOMER" else last.window[0]
    if last.stop is None and last.cancel is None and fact.at <= limit:
        if last.window is None and life.kind == "service":
            last.start = fact.at
        last.start = min(last.start, fact.at)  # before the next opening: it has begun with that
        last.window, last.agreed = window, fact
    else:
        last.over = due_of(life, last)
        visits.append(Visit(last.n + 1, fact.at, window, fact))


def needed(life, visits):
    """Is the customer waiting for somebody to come? To a complaint about service, an answer will
    always do."""
    last = visits[-1] if visits else None
    return life.kind != "service" and last.window is not None and not last.cancel and \
        last.stop is None


def instances(life):
    """The visits of a life, and the answer that settled the complaint without (another) one."""
    if life.kind == "system":
        return [], None
    visits, answer = [Visit(life.number(1), start_of(life))], None
    for fact in life.facts:
        if fact.kind in ("book_appointment", "move_appointment"):
            agree(life, visits, fact)
        elif fact.kind in ("check_in", "complete", "file_result"):
            for visit in visits:
                if visit.stop is None and not gone(visit, fact.at) and on_site(life, visit, fact):
                    visit.stop = fact.at
        elif fact.kind == "answer_complaint" and life.kind != "install":
            if not needed(life, visits):
                answer = answer or fact
                if life.kind != "service" or visits[0].window:
                    answered(visits, fact)
    if life.kind == "service":
        visits = [v for v in visits if v.window]
    return visits, answer


def gone(visit, at):
    """Was the visit called off, or its time over and another agreed?"""
    return visit.cancel is not None or visit.over is not None and at > visit.over


def settled(life):
    return instances(life)[1]


def answered(visits, fact):
    """Nobody is expected any more."""
    for visit in visits:
        if visit.stop is None and visit.over is None:
            visit.cancel = fact.at


def visit(life):
    cancel = min([f.at for f in (life.cancel,) if f] + [life.ended])
    for one in instances(life)[0]:
        upto = min(at for at in (one.stop, one.cancel, cancel) if at is not None)
        yield life.settle("visit", one.n, one.start, due_of(life, one, upto), one.stop,
                          min(one.cancel or cancel, cancel), window=one.window,
                          paused=one.window is None and one.stop is not None and
                          life.paused_at(one.stop))
