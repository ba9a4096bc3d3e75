# SPDX-License-Identifier: MIT
"""What the customer's answers put before the manager (7.5, 7.9, 7.10, 7.12, 7.20-7.22)."""
import clocks

ABOUT_RESULT = {"7.5"}


def visitor(life, ending):
    """Who was last at the customer's, as far as was known when the job ended: checked in and found
    somebody, or completed."""
    there = [f for f in life.told if f.received <= ending.received and (
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


def blamed(life, clause, ending):
    """A false report is his who filed it; conduct is his who was there."""
    if clause in ABOUT_RESULT:
        return life.account(ending)
    who = visitor(life, ending)
    if who is None and ending.kind == "file_result" and life.rules.role(ending.by) == "technician":
        who = life.account(ending)
    return who or "person:" + life.rules.manager


def reached_customer(life):
    """The callback that ended the search for the customer, if it found him."""
    row = life.rules.clocks["callback"]
    first = life.first_end
    if not first or life.kind == "system":
        return None
    calls = sorted((c for c in life.of("record_callback") if c.number() > first.number()),
                   key=lambda c: c.number())  # as they come in, while there is something to ask
    end = clocks.reached(life, calls, row)
    call = next((c for c in calls if c.at == end), None)
    return call if call and call.body.get("reached") else None


def result_before(life, call):
    """The newest that was known when the customer was called."""
    results = [f for f in life.told if f.kind == "file_result" and f.received <= call.received]
    return results[-1] if results else None


def propose(ledger, life):
    """The answers of the callback that reached the customer, against the newest result."""
    call, first = reached_customer(life), life.first_end
    if not call:
        return
    result = result_before(life, call)
    for answer in call.body.get("answers", []):
        found = wrong(life.rules, answer, result)
        if not found or result is None and found[0] in ABOUT_RESULT:
            continue
        clause, fee = found
        account = blamed(life, clause, result or first)
        cause = "%s/callback#%d" % (life.ticket.id, life.number(1))
        ledger.propose(ledger.row(clause, account, cause, life.ticket.id,
                                  ledger.amount(clause, fee), "PROPOSED_BY_CALLBACK",
                                  life.ticket.report.territory, actual=call.at), call.received,
                       number=call.number())
