# SPDX-License-Identifier: MIT
"""What the customer's answers put before the manager (7.5, 7.9, 7.10, 7.12, 7.20-7.22)."""
import clocks
from ledger import FINAL
from life import FOREVER
from ticket import Ticket

ABOUT_RESULT = {"7.5"}


def visitor(life, call):
    """Who had last been at the customer's when he was asked: checked in and found somebody, or
    completed."""
    there = [f for f in life.told if f.at <= call.at and (
        f.kind == "complete" or f.kind == "check_in" and not f.body.get("customer_absent"))]
    there = [f for f in there if life.rules.role(f.by) == "technician"]
    return life.account(there[-1]) if there else None


def money(result):
    return tuple(int(result.body.get(key, 0)) for key in ("labour_fen", "parts_fen", "tariff_fen"))


def charge(rules, paid, result):
    """7.22: the labour collected, if the customer paid something else than he should have."""
    if result is None:
        return paid if paid > 0 else None
    labour, parts, tariff = money(result)
    for right in (tariff + parts, labour + parts):
        if paid > right or right - paid > rules.tolerance_fen:
            return max(paid - parts, tariff, 0)
    return None


def wrong(rules, answer, result):
    """(clause, fee) that an answer proposes, or None."""
    row = rules.questions.get(answer["question"].lower())
    if not row:
        return None
    if answer["question"] == "CHARGED_FEN":
        fee = charge(rules, int(answer.get("amount_fen", 0)), result)
        return None if fee is None else (row["clause"], fee)
    return (row["clause"], None) if not answer.get("yes") else None


def blamed(life, clause, result, call):
    """A false report is his who filed it; conduct is his who was there."""
    if clause in ABOUT_RESULT:
        return life.account(result)
    who = visitor(life, call)
    if who is None and result and life.rules.role(result.by) == "technician":
        who = life.account(result)
    return who or "person:" + life.rules.manager


def judged(rules, hours, facts, acts):
    """Each life as it is known when its callback becomes final: what arrives later is not asked."""
    found = {}
    asked = any(f.kind == "record_callback" and f.body.get("reached") for f in facts)
    steps = sorted({f.received for f in facts}) if asked else []
    for i, now in enumerate(steps):
        until = steps[i + 1] if i + 1 < len(steps) else FOREVER
        known = sorted((f for f in facts if f.received <= now), key=lambda f: f.key())
        if not any(f.kind == "register" for f in known):
            continue
        for life in Ticket(rules, hours, known, acts).lives:
            end = answered(life)
            over = min(end.at if end else FOREVER, life.ended)
            if life.cycle in found or over == FOREVER:
                continue
            life.final = max(over + rules.grace("callback"), now)
            if life.final < until:
                found[life.cycle] = life
    return found.values()


def answered(life):
    """The call that ended the callback of a life."""
    if not life.end or life.kind == "system":
        return None
    calls = [c for c in life.of("record_callback") if c.at >= life.end.at]
    end = clocks.reached(life, calls, life.rules.clocks["callback"])
    at = [c for c in calls if c.at == end]
    return next((c for c in at if c.body.get("reached")), at[0] if at else None)


def reached_customer(life):
    """The call that ended it, if somebody picked it up."""
    call = answered(life)
    return call if call and call.body.get("reached") else None


def result_before(life, call):
    """The newest that the customer can have known of."""
    results = [f for f in life.told if f.kind == "file_result" and f.at <= call.at]
    return results[-1] if results else None


def propose(ledger, life):
    """The answers of the callback that reached the customer, against the newest result before it."""
    call = reached_customer(life)
    if not call:
        return
    result = result_before(life, call)
    for answer in call.body.get("answers", []):
        found = wrong(life.rules, answer, result)
        if not found or result is None and found[0] in ABOUT_RESULT:
            continue
        clause, fee = found
        account = blamed(life, clause, result, call)
        cause = "%s/callback#%d" % (life.ticket.id, life.number(1))
        ledger.propose(ledger.row(clause, account, cause, life.ticket.id,
                                  ledger.amount(clause, fee), "PROPOSED_BY_CALLBACK",
                                  life.ticket.report.territory, actual=call.at),
                       life.final, FINAL)
