# SPDX-License-Identifier: MIT
"""7.17: a returned unit taken in without its parts, accessories or box: the whole loss, as the manager assesses it."""

from cases_ledger import _report, _reported, _reversed, _say
from cases_ledger import (  # noqa: F401
    a_loss_in_instalments_to_the_fen, a_loss_taken_back_gives_back_what_was_deducted)


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
