# SPDX-License-Identifier: MIT
"""7.17: a returned unit taken in without its parts, accessories or box: the whole loss, as the manager assesses it."""

from cases_ledger import _report, _reported, _reversed, _say
from cases_ledger import (  # noqa: F401
    a_loss_in_instalments_to_the_fen, a_loss_taken_back_gives_back_what_was_deducted)
from cases_returns import CAUSED, EARLY, FAULT, _called_off, _check, _record, _unheard



def a_loss_of_a_fen(county):
    _reported(county, "m", "03-05 10:00", "7.17", costs=-1, fen=1)


def the_month_is_that_of_the_occasion(county):
    _reported(county, "march", "03-31 23:59:59.999", "7.17", costs=-123456, fen=123456)
    _reported(county, "april", "04-01 00:00:00.000", "7.17", costs=-123456, fen=123456)


def a_loss_that_was_not_assessed(county):
    _report(county, "m", "03-05 10:00", "7.17", outcome="REFUSED", reason="AMOUNT_MUST_BE_ASSESSED")


def reversed_by_the_manager(county):
    key = _reported(county, "m", "03-05 10:00", "7.17", costs=-123456, fen=123456)
    _say(county, "reverse", "03-06 10:00", "reverse_entry", {"entry": key, "reason": "厂家赔付"})
    _reversed(county, key, "7.17", "wang", -123456, "03-06 10:00")


def on_whoever_took_it_in(county):
    """By the signed checklist; how much, the manager assesses."""
    t = _called_off(county)
    _check(t, "08:40", EARLY, **FAULT)
    _record(t, "15:00", EARLY, who="xu", taken_in="RETURN", lacks=["遥控器", "包装箱"], goes="FACTORY")
    t.causes = [("7.17", "person:xu")]
    county.day.propose("7.17", "xu", "{x1}/return")
    county.day.manager("confirm-7.17", "03-12 10:00", "confirm_proposal",
                       {"proposal": "7.17/person:xu/{x1}/return", "amount_fen": 12345}, "county")
    county.day.entry("7.17", "xu", "{x1}/return", "{x1}", -12345, actual="15:00",
                     reason="RETURN_CAUSED")


def nothing_lacks(county):
    t = _called_off(county)
    _check(t, "08:40", EARLY, **FAULT)
    _record(t, "15:00", EARLY, who="xu", taken_in="EXCHANGE", goes="DEPARTMENT")


def after_the_ticket_is_forgotten(county):
    """Whoever takes a unit in without its box answers for it."""
    t = _called_off(county)
    _record(t, "03-20 15:00", None, who="xu", outcome=CAUSED, taken_in="RETURN",
            lacks=["包装箱"])
    t.causes = [("7.17", "person:xu")]
    _unheard(county, "7.17", "xu", "2007-05-19T15:00:00+08:00")


def what_alone_is_kept_of_a_forgotten_ticket(county):
    """Nothing: it is to be told together."""
    t = _called_off(county)
    _record(t, "03-20 15:00", None, who="xu", outcome=("NO_EFFECT", "RETURN_NOT_KEPT"),
            cause="WORKMANSHIP", account="person:wang")


def before_anybody_asks(county):
    """The command that put somebody before the manager says so."""
    t = _called_off(county)
    _record(t, "15:00", None, who="xu", outcome=CAUSED, taken_in="RETURN", lacks=["包装箱"])
    t.causes = [("7.17", "person:xu")]
    _unheard(county, "7.17", "xu", "2007-04-30T15:00:00+08:00")
