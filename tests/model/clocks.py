# SPDX-License-Identifier: MIT
"""The clocks of a ticket (handbook 3) but visit and complaint: each is a function from a life to
verdicts."""
import visits
from life import CYCLE_DISPATCH


def spoke(fact):
    return fact.kind == "contact_customer" and not fact.body.get("failed")


def order_parts(life):
    """When the order was filled, the customer contacted and the visit booked: None while one lacks."""
    filled = [f.at for f in life.of("fill_order")]
    spoken = [f.at for f in life.facts if spoke(f)]
    booked = [f.at for f in life.of("book_appointment", "move_appointment")]
    parts = [filled, spoken] + ([] if life.kind == "service" else [booked])
    return max(min(part) for part in parts) if all(parts) else None


def order(life):
    if life.cycle or life.kind == "system":
        return
    start = life.began
    due = life.hours.after(start, life.rules.span("order", "limit"))
    yield life.settle("order", 1, start, due, order_parts(life), owner=life.clerk)


def dispatches(life):
    """(n, start, act): the order is complete or the ticket reopened; nobody was left (act)."""
    if life.kind in ("service", "system"):
        return
    first = CYCLE_DISPATCH * life.cycle + 1
    start = life.began if life.cycle else order_parts(life)
    if start is not None:
        yield first, start, None
    later = [a for a in life.acts_of("returned_to_clerk") if a.body["dispatch"] != first]
    for k, act in enumerate(later, 1):
        yield first + k, act.at, act


def dispatch(life):
    for n, start, back in dispatches(life):
        offers = [a.at for a in life.acts_of("offered") if not back or a.seq > back.seq]
        if offers and offers[0] < start:
            continue  # somebody was asked before the order was complete
        # moot: an earlier acceptance arrived, the work was done all the same, the job is off
        moot = [a.at for a in life.acts_of("assigned") if a.at >= start and
                life.offered_at(a.body["dispatch"]) < start]
        moot += [max(f.at, start) for f in (life.cancel, life.done, visits.settled(life)) if f]
        stop = min(offers, default=None)
        cancel = min(moot + [life.ended])
        due = life.hours.after(start, life.rules.span("dispatch", "limit"))
        yield life.settle("dispatch", n, start, due, stop, cancel, owner=life.clerk)


def asked(life):
    """Each offer with the instant at which it ended, and why: [(offer, end, why)]."""
    for i, offer in enumerate(life.acts):
        if offer.kind != "offered":
            continue
        n = offer.body["dispatch"]
        back = next((a for a in life.acts[i + 1:] if a.kind == "taken_back" and
                     a.body["dispatch"] == n), None)
        yield offer, back.at if back else None, back.body["why"] if back else None


def rejected(life, offer):
    return min((max(f.at, offer.at) for f in life.answers(offer) if f.kind == "reject"), default=None)


def needless(life, offer):
    """He who had been asked before had accepted in time, and got the job back: later dispatches
    are cancelled without verdict."""
    act = next((a for a in life.acts_of("assigned") if a.seq > offer.seq), None)
    if not act or act.body["dispatch"] >= offer.body["dispatch"]:
        return False
    before = next(a for a in life.acts_of("offered") if a.body["dispatch"] == act.body["dispatch"])
    took = life.accepted(before)
    return took is not None and took <= life.hours.after(before.at, life.rules.span("accept", "limit"))


def accept(life):
    if life.kind == "service":
        return
    yield from accept_of_maker(life)
    for offer, end, why in asked(life):
        stops = [life.accepted(offer), rejected(life, offer)]
        stop = min((s for s in stops if s is not None), default=None)
        due = life.hours.after(offer.at, life.rules.span("accept", "limit"))
        cancels = [f.at for f in (life.cancel,) if f] + [life.ended]
        if why == "LAPSED" and needless(life, offer):
            cancels.append(offer.at)
        if why in ("REASSIGNED", "CANCELLED", "REOPENED", "EARLIER_ACCEPTANCE"):
            cancels.append(end)
        yield life.settle("accept", offer.body["dispatch"], offer.at, due, stop,
                          min(cancels, default=None), owner=offer.body["account"])


def accept_of_maker(life):
    """A maker's dispatch in our inbox: accepted by the desk, or proved by what it does next."""
    if life.cycle or life.report.body.get("channel") != "MAKER":
        return
    start = life.began
    due = life.hours.after(start, life.rules.span("accept", "limit"))
    steps = life.of("accept", "fill_order", "book_appointment", "move_appointment")
    steps += life.of("contact_customer") + life.acts_of("offered")
    stop = min((f.at for f in steps), default=None)
    yield life.settle("accept", 0, start, due, stop, owner=life.ticket.duty)


def contact(life):
    if life.kind in ("service", "system"):
        return
    for offer, end, why in asked(life):
        n, account = offer.body["dispatch"], offer.body["account"]
        if not any(a.body["dispatch"] == n for a in life.acts_of("assigned")):
            continue
        start = life.accepted(offer)
        if start is None:
            continue
        after = next((a.at for a in life.acts_of("taken_back") if a.body["dispatch"] == n and
                      a.seq > next(b.seq for b in life.acts_of("assigned")
                                   if b.body["dispatch"] == n)), None)
        stop = next((f.at for f in life.facts if f.at >= start and life.account(f) == account and
                     (spoke(f) or f.kind in ("check_in", "complete", "file_result"))), None)
        cancels = ([life.cancel.at] if life.cancel else []) + ([after] if after else [])
        due = life.hours.after(start, life.rules.span("contact", "limit"))
        yield life.settle("contact", n, start, due, stop, min(cancels, default=None),
                          owner=account)


def delay(life):
    """A reported delay is registered by the front desk."""
    for k, fact in enumerate(life.delays(), 1):
        stop = next((f.at for f in life.of("register_delay") if f.at >= fact.at), None)
        # nobody needs to register the delay of a job that is over
        over = [f.at for f in life.of("complete", "file_result", "cancel") if f.key() > fact.key()]
        due = life.hours.after(fact.at, life.rules.span("delay", "limit"))
        yield life.settle("delay", life.number(k), fact.at, due, stop, min(over + [life.ended]),
                          owner=life.clerk)


def completion(life):
    """(completion, result): work done, or a complaint about service answered; a result proves what
    went before."""
    kinds = ["complete", "file_result"] + (["answer_complaint"] if life.kind == "service" else [])
    done = next(iter(life.of(*kinds)), None)
    return done, next(iter(life.of("file_result")), None)


def result(life):
    if life.kind == "system":
        return
    done, filed = completion(life)
    if done:
        due = done.at + life.rules.span("result", "limit")
        cancel = min([f.at for f in (life.cancel,) if f] + [life.ended])
        yield life.settle("result", life.number(1), done.at, due, filed.at if filed else None,
                          cancel, owner=life.account(done))


def callback(life):
    if life.kind == "system":
        return
    row = life.rules.clocks["callback"]
    calls = life.of("record_callback")
    fact = life.end
    if fact:
        due = life.hours.end_of_work(fact.at, int(row["limit"]["workdays"]))
        since = [c for c in calls if c.at >= fact.at]
        yield life.settle("callback", life.number(1), fact.at, due,
                          reached(life, since, row),
                          cancel=life.ended, owner=life.clerk)


def reached(life, calls, row):
    """The call that reached the customer, or that used up the attempts, which are spread over days
    and over mornings, afternoons and evenings."""
    tried, on, parts = 0, set(), set()
    for call in calls:
        tried += 1
        on.add(life.hours.day(call.at))
        time = life.hours.time(call.at)
        parts.add((time >= row["afternoon"]) + (time >= row["evening"]))
        if call.body.get("reached") or tried >= int(row["attempts"]) and \
                len(on) >= int(row["days"]) and len(parts) >= int(row["times_of_day"]):
            return call.at
    return None
