# SPDX-License-Identifier: MIT
"""7.18: poor workmanship led to a return or exchange, -100: the manager reports it."""

from cases_ledger import _report, _reported, _reversed, _say
from cases_returns import EARLY, FAULT, _called_off, _check, _confirmed, _record, _unheard



def reported_in_the_last_millisecond_of_march(county):
    """The occasion decides the month."""
    _reported(county, "march", "03-31 23:59:59.999", "7.18")
    _reported(county, "april", "04-01 00:00:00.000", "7.18")


def reversed_by_the_manager(county):
    key = _reported(county, "m", "03-05 10:00", "7.18")
    _say(county, "reverse", "03-06 10:00", "reverse_entry", {"entry": key, "reason": "记错人"})
    _reversed(county, key, "7.18", "wang", -10000, "03-06 10:00")


def its_amount_is_fixed(county):
    _report(county, "m", "03-05 10:00", "7.18", fen=10000, outcome="REFUSED", reason="AMOUNT_IS_FIXED")


def once_it_has_come_back(county):
    """Workmanship is nobody's fine before there is an exchange or return, and one afterwards."""
    t = _called_off(county)
    _check(t, "08:40", EARLY, cause="WORKMANSHIP", account="person:wang", **FAULT)
    _record(t, "15:00", EARLY, who="xu", taken_in="RETURN")
    _record(t, "15:01", EARLY, who="xu", taken_in="RETURN")
    t.causes = [("7.18", "person:wang")]
    _confirmed(county, t, "7.18", "wang", "15:01")


def the_cause_is_found_afterwards(county):
    """Nobody is named: the manager finds out."""
    t = _called_off(county)
    _check(t, "08:40", EARLY, **FAULT)
    _record(t, "15:00", EARLY, who="xu", taken_in="RETURN")
    _record(t, "03-10 09:00", EARLY, cause="WORKMANSHIP")
    t.causes = [("7.18", None)]
    _confirmed(county, t, "7.18", "liu", "15:00")


def everybody_who_was_named(county):
    """Two are named before and after: both are put before the manager, whatever came first."""
    t = _called_off(county)
    _check(t, "08:40", EARLY, cause="WORKMANSHIP", account="person:wang", **FAULT)
    _record(t, "08:45", EARLY, cause="WORKMANSHIP", account="person:chen")
    _record(t, "15:00", EARLY, who="xu", taken_in="RETURN")
    _record(t, "15:05", EARLY, cause="WORKMANSHIP", account="person:wang")
    t.causes = [("7.18", "person:wang"), ("7.18", "person:chen")]
    for whose in ("wang", "chen"):
        _unheard(county, "7.18", whose, "2007-04-30T15:00:00+08:00")


def is_not_for_a_faulty_product(county):
    t = _called_off(county)
    _check(t, "08:40", EARLY, cause="PRODUCT", **FAULT)
    _record(t, "15:00", EARLY, who="xu", taken_in="RETURN")
