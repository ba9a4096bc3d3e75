# SPDX-License-Identifier: MIT
"""7.11: an air conditioner placed without consent or badly, so that it came back, -100: the manager reports it."""

from cases_ledger import _report, _reported, _reversed, _say
from cases_returns import CAUSED, EARLY, FAULT, _called_off, _check, _confirmed, _placed, _record, _unheard



def reported_in_the_last_millisecond_of_march(county):
    """The occasion decides the month."""
    _reported(county, "march", "03-31 23:59:59.999", "7.11")
    _reported(county, "april", "04-01 00:00:00.000", "7.11")


def reversed_by_the_manager(county):
    key = _reported(county, "m", "03-05 10:00", "7.11")
    _say(county, "reverse", "03-06 10:00", "reverse_entry", {"entry": key, "reason": "记错人"})
    _reversed(county, key, "7.11", "wang", -10000, "03-06 10:00")


def its_amount_is_fixed(county):
    _report(county, "m", "03-05 10:00", "7.11", fen=10000, outcome="REFUSED", reason="AMOUNT_IS_FIXED")


def placed_without_consent(county):
    t = _placed(county, "air_conditioner", "PLACEMENT")
    t.causes = [("7.11", "person:wang")]
    _confirmed(county, t, "7.11", "wang", "15:00")


def unreasonably_installed(county):
    t = _placed(county, "air_conditioner", "INSTALLATION")
    t.causes = [("7.11", "person:wang")]
    _confirmed(county, t, "7.11", "wang", "15:00")


def is_about_air_conditioners(county):
    _placed(county, "television", "PLACEMENT")


def nobody_has_asked(county):
    """The ticket itself says that it is an air conditioner."""
    t = _called_off(county, product="air_conditioner A1")
    _record(t, "15:00", None, who="xu", outcome=CAUSED, taken_in="RETURN", cause="INSTALLATION",
            account="person:wang")
    t.causes = [("7.11", "person:wang")]
    _confirmed(county, t, "7.11", "wang", "15:00")


def long_after_it_was_placed(county):
    """The ticket is finished and forgotten."""
    t = _called_off(county, product="air_conditioner A1")
    _record(t, "03-20 15:00", None, who="xu", outcome=CAUSED, taken_in="RETURN",
            cause="PLACEMENT", account="person:wang", lacks=["包装箱"])
    t.causes = [("7.17", "person:xu"), ("7.11", "person:wang")]
    _unheard(county, "7.17", "xu", "2007-05-19T15:00:00+08:00")
    _unheard(county, "7.11", "wang", "2007-05-19T15:00:00+08:00")


def the_ticket_knows_better_than_who_asks(county):
    t = _called_off(county, product="television A1")
    _check(t, "08:40", EARLY, category="air_conditioner", cause="PLACEMENT", account="person:wang", **FAULT)
    _record(t, "15:00", EARLY, who="xu", taken_in="RETURN")
