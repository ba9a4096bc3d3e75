# SPDX-License-Identifier: MIT
"""The complaint clock (handbook 3.4): until the work is done or an answer with content is given."""
import visits
from life import FOREVER


def limit(life, urgent):
    return life.rules.span("complaint", "urgent" if urgent else "limit")


def due_and_agreed(life, start, upto):
    """The due as urgency and the customer's own wishes move it, and our last proposal beyond it; what
    comes after the clock was stopped changes nothing."""
    due = life.running(start, limit(life, life.ticket.urgent_at(life.began)), upto)
    beyond, wished = None, start
    for fact in life.of("set_urgency", "book_appointment", "move_appointment"):
        if fact.at > min(due, upto):
            break
        if fact.kind == "set_urgency":
            due = urgency(life, start, due, fact, upto)
            if not fact.body.get("urgent"):
                due = max(due, wished)
            continue
        beyond = None
        if int(fact.body["to_ms"]) < fact.at:
            continue
        if int(fact.body["to_ms"]) > due:
            if fact.body.get("wish") == "CUSTOMER":
                due = wished = max(due, life.hours.end_of_day(int(fact.body["to_ms"])))
            else:
                beyond = fact
    return due, beyond if beyond and int(beyond.body["to_ms"]) > due else None


def urgency(life, start, due, fact, upto):
    if fact.body.get("urgent"):
        if urgent_at(life, fact):
            return due
        return min(due, life.running(fact.at, limit(life, True), upto))
    return max(due, life.running(start, limit(life, False), upto))


def urgent_at(life, upto):
    """Before a fact, or at an instant."""
    state = life.ticket.urgent_at(life.began)
    for fact in life.of("set_urgency"):
        if fact.at <= upto if isinstance(upto, int) else fact.key() < upto.key():
            state = bool(fact.body.get("urgent"))
    return state


def held(life, account, start, due):
    """Running time for which an account answered for the job; gaps are the clerk's."""
    edges = sorted({start, due} | {at for _, a, b in life.holdings for at in (a, b)
                                   if start < at < due})
    return sum(b - a - life.paused_ms(a, b) for a, b in zip(edges, edges[1:])
               if life.holder(a) == account)


def complaint(life):
    if life.kind not in ("repair", "service"):
        return
    start = visits.start_of(life)
    answer = visits.instances(life)[1]
    stops = [f.at for f in [*life.of("complete", "file_result"), answer] if f]
    stop = min(stops, default=None)
    ends = [f.at for f in (life.cancel,) if f] + [life.ended] + ([stop] if stops else [])
    due, beyond = due_and_agreed(life, start, max(min(ends), start))
    owner = life.holder(min(ends + [due]))
    # alone since the first dispatch: nobody else was even asked
    alone = {a.body["account"] for a in life.acts_of("offered") if a.at <= due} == {owner}
    urgent = urgent_at(life, due)
    enough = life.rules.span("complaint", "auto_held_urgent" if urgent else "auto_held")
    agreed = life.account(beyond) if beyond else None
    yield life.settle("complaint", life.cycle + 1, start, due, stop, owner=agreed or owner,
                      beyond=agreed,
                      sure=due < FOREVER and (alone or held(life, owner, start, due) >= enough),
                      paused=stop is not None and life.paused_at(stop))
