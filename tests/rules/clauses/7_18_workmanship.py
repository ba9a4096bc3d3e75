# SPDX-License-Identifier: MIT
"""7.18: poor workmanship led to a return or exchange, -100: the manager reports it."""

from cases_ledger import _report, _reported, _reversed, _say
from cases_returns import CAUSED, EARLY, FAULT, _called_off, _check, _confirmed, _record, _unheard



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


def _caused(county, account=None):
    t = _called_off(county)
    said = {"account": account} if account else {}
    _record(t, "15:00", None, who="xu", outcome=CAUSED, taken_in="RETURN", cause="WORKMANSHIP",
            **said)
    t.causes = [("7.18", account)]
    county.day.propose("7.18", (account or "person:liu").partition(":")[2], "{x1}/return")
    return t


def _confirm(county, what, at, whose, outcome="APPLIED", **more):
    county.day.send(what, at, "liu", "confirm_proposal",
                    {"proposal": "7.18/person:%s/{x1}/return" % whose, **more}, "county",
                    outcome=outcome)


def _booked_on(county, whose):
    county.day.entry("7.18", whose, "{x1}/return", "{x1}", -10000, actual="15:00",
                     reason="RETURN_CAUSED")


def the_manager_finds_out_who(county):
    """It stands on him because nobody was named, and is booked on who he says it was."""
    _caused(county)
    _confirm(county, "c", "03-12 10:00", "liu", account="person:wang")
    _booked_on(county, "wang")
    _confirm(county, "again", "03-12 10:01", "liu", ("REFUSED", "NO_SUCH_PROPOSAL"))


def the_manager_finds_that_it_was_his_own(county):
    _caused(county)
    _confirm(county, "c", "03-12 10:00", "liu", account="person:liu")
    _booked_on(county, "liu")


def whoever_was_named_stays(county):
    _caused(county, "person:wang")
    _confirm(county, "c", "03-12 10:00", "wang", ("REFUSED", "PROPOSED_ON_SOMEBODY"),
             account="person:chen")
    _confirm(county, "d", "03-12 10:01", "wang", account="person:wang")
    _booked_on(county, "wang")


def one_entry_for_whoever_it_was(county):
    """Nobody was named, then Wang: what is before the manager for Wang is confirmed there."""
    t = _caused(county)
    _record(t, "15:10", None, who="xu", outcome=CAUSED, cause="WORKMANSHIP", account="person:wang")
    t.causes.append(("7.18", "person:wang"))
    county.day.propose("7.18", "wang", "{x1}/return")
    _confirm(county, "c", "03-12 10:00", "liu", ("REFUSED", "PROPOSED_ON_ACCOUNT"),
             account="person:wang")
    _confirm(county, "d", "03-12 10:01", "wang")
    _booked_on(county, "wang")
    _confirm(county, "e", "03-12 10:02", "liu", ("REFUSED", "ENTRY_EXISTS"), account="person:wang")
    county.day.books.append(("proposal_expired", "7.18/person:liu/T007-2/return",
                             "2007-04-30T15:00:00+08:00"))
