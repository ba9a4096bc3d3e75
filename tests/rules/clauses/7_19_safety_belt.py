# SPDX-License-Identifier: MIT
"""7.19: work at two metres or higher without a safety belt, -500: the manager reports it."""

from cases_ledger import _report, _reported, _reversed, _say


def reported_in_the_last_millisecond_of_march(county):
    """The occasion decides the month."""
    _reported(county, "march", "03-31 23:59:59.999", "7.19")
    _reported(county, "april", "04-01 00:00:00.000", "7.19")


def reversed_by_the_manager(county):
    key = _reported(county, "m", "03-05 10:00", "7.19")
    _say(county, "reverse", "03-06 10:00", "reverse_entry", {"entry": key, "reason": "记错人"})
    _reversed(county, key, "7.19", "wang", -50000, "03-06 10:00")


def its_amount_is_fixed(county):
    _report(county, "m", "03-05 10:00", "7.19", fen=50000, outcome="REFUSED", reason="AMOUNT_IS_FIXED")
