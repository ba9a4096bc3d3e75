# SPDX-License-Identifier: MIT
"""Exchange and return on tickets: how the stories of clauses 8.1 to 8.7, and of what a unit that comes
back proposes (7.11, 7.17, 7.18), are written. The days themselves are in returns_table.py; here the
intervals are the ticket's own: those that pause its clocks."""
from returns_table import ALL

NONE = {"holds": [], "choices": {}}
THERE = {"report": "MATCHES", "accessories_complete": True}
FAULT = dict(THERE, main_fault=True)
CAUSED = ("APPLIED", "RETURN_CAUSED")
EARLY = {"holds": ["8.1", "8.2"], "choices": ALL}


def _repair(county, at="08:30:00", product="small_appliance A1", ref="x1"):
    return county.repair(ref, at, "lin", "田甲", "城东 解放路 1 号", product, "坏了",
                         channel="COUNTER")


def _in_work(county):
    """Reported 08:30, in work from 15:30 on."""
    t = _repair(county)
    t.order("15:00-17:00")
    t.done("xu", accept="08:40:00", contact="08:45:00", check_in="15:30")
    return t


def _called_off(county, product="small_appliance A1"):
    """A report that comes to nothing but what the clerk asks about it."""
    t = _repair(county, product=product)
    t.cancel("08:50", "退换")
    t.callback("03-02 10:00")
    t.judged("orderx visitx complaintx callback+")
    return t


def _check(t, at, expected, who="lin", outcome="APPLIED", invoiced="2007-02-22", sent=None, **said):
    """price: 1,000.00 yuan"""
    body = dict({"category": "television", "price_fen": 100000}, invoiced_on=invoiced, **said)
    t._do("check-return", at, who, "check_return", body, outcome=outcome, sent=sent)
    if expected is not None:
        t.returns.append(expected)


def _record(t, at, expected, who="lin", outcome="APPLIED", sent=None, **said):
    t._do("record-return", at, who, "record_return", said, outcome=outcome, sent=sent)
    if expected is not None:
        t.returns.append(expected)


def a_check_of_a_ticket_that_is_forgotten(county):
    """Its intervals are gone: the fault of today is a report of today."""
    t = _called_off(county)
    _check(t, "03-20 09:00", None, outcome=("REFUSED", "RETURN_NEEDS_REPORT"), **FAULT)


def an_invoice_after_the_report(county):
    t = _called_off(county)
    _check(t, "03-02 09:00", None, outcome="REFUSED", invoiced="2007-03-02", **FAULT)


# ---- what a unit that comes back proposes ----

def _unheard(county, clause, whose, expires):
    """Proposed, and the manager says nothing."""
    county.day.propose(clause, whose, "{x1}/return")
    county.day.books.append(("proposal_expired", "%s/person:%s/T007-2/return" % (clause, whose),
                             expires))


def _confirmed(county, t, clause, whose, at):
    cause = "{x1}/return"
    county.day.propose(clause, whose, cause)
    county.day.manager("confirm-" + clause, "03-12 10:00", "confirm_proposal",
                       {"proposal": "%s/person:%s/%s" % (clause, whose, cause)}, "county")
    county.day.entry(clause, whose, cause, "{x1}", -10000, actual=at, reason="RETURN_CAUSED")


def _placed(county, category, cause):
    t = _called_off(county, product=category + " A1")
    _check(t, "08:40", dict(EARLY), category=category, cause=cause, account="person:wang", **FAULT)
    _record(t, "15:00", dict(EARLY), who="xu", taken_in="RETURN")
    return t
