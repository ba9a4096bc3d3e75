# SPDX-License-Identifier: MIT
"""Repairs that did not last, and 7.14: a case that nobody analysed in time is put before the
manager."""
from ledger import FINAL
from rules import span


def product(report):
    """What tells one product from another; what is written for want of a serial number does not."""
    said = report.body.get("product", {})
    serial = [c for c in said.get("serial", "") if c.isalnum()]
    if len(serial) >= 5 and len(set(serial)) > 1 and any(c.isdigit() for c in serial):
        return "serial", said.get("category"), said["serial"]
    return report.body["customer"]["phone"], said.get("category"), said.get("model")


def fixed(life):
    return (life.end is not None and life.end.kind == "file_result" and
            bool(life.end.body.get("fixed")))


def repeated(repairs, life, within):
    """The latest repair before a report, if it was to last until then; a report that was called off
    repeats nothing."""
    if life.end is not None and life.end.kind == "cancel":
        return None
    before = [one for one in repairs if one is not life and fixed(one) and
              0 < life.began - one.end.at <= within]
    return max(before, key=lambda one: (one.end.at, number(one)), default=None)


def number(life):
    return int(life.ticket.id.rpartition("-")[2]), life.cycle


def evidence(rules, repairs, analysed):
    """(the repair that failed, the one that repeats it, due) of what was not analysed in time."""
    terms = rules.book["cases"]
    pairs = [(repeated(repairs, life, span(terms["repeat_within"])), life) for life in repairs]
    for failed in {id(one): one for one, _ in pairs if one}.values():
        again = [life for one, life in pairs if one is failed]
        ended = [life for life in again if life.end is not None]
        if not ended:
            continue
        first = min(ended, key=lambda life: (life.end.at, number(life)))
        due = first.end.at + span(terms["analyse_within"])
        if not any(min(life.began for life in again) <= at <= due for at in analysed):
            yield failed, first, due


def book(model):
    """All repairs of each product, each in the territory of its ticket."""
    products, analysed = {}, {}
    for ticket in model.tickets.values():
        if ticket.kind == "repair":
            key = ticket.territory, product(ticket.report)
            products.setdefault(key, []).extend(ticket.lives)
            analysed.setdefault(key, []).extend(f.at for f in ticket.facts
                                                if f.kind == "analyse_case")
    for key, repairs in products.items():
        for failed, _, due in evidence(model.rules, repairs, analysed[key]):
            put_before_the_manager(model, failed, due)


def put_before_the_manager(model, failed, due):
    clause = model.rules.book["cases"]["clause"]
    row = model.ledger.row(clause, answers_for(model.rules, failed),
                           "%s/case#%d" % (failed.ticket.id, failed.number(1)), failed.ticket.id,
                           model.ledger.amount(clause), "CASE_NOT_ANALYSED",
                           failed.ticket.territory, due=due)
    model.ledger.propose(row, due + span(model.rules.book["times"]["late_max"]), FINAL)


def answers_for(rules, life):
    """Whoever filed the repair, if he holds jobs; else the manager finds out."""
    filed = life.end.by
    return rules.account(filed if rules.role(filed) == "technician" else rules.manager)
