# SPDX-License-Identifier: MIT
"""7.16: a training missed, -50: the manager reports it."""

from cases_ledger import _report, _reported, _reversed, _say


def reported_in_the_last_millisecond_of_march(county):
    """The occasion decides the month."""
    _reported(county, "march", "03-31 23:59:59.999", "7.16")
    _reported(county, "april", "04-01 00:00:00.000", "7.16")


def reversed_by_the_manager(county):
    key = _reported(county, "m", "03-05 10:00", "7.16")
    _say(county, "reverse", "03-06 10:00", "reverse_entry", {"entry": key, "reason": "记错人"})
    _reversed(county, key, "7.16", "wang", -5000, "03-06 10:00")


def its_amount_is_fixed(county):
    _report(county, "m", "03-05 10:00", "7.16", fen=5000, outcome="REFUSED", reason="AMOUNT_IS_FIXED")


def two_trainings_are_two_entries(county):
    """Two causes; the same command again is the first one's duplicate."""
    _reported(county, "first", "03-05 10:00", "7.16")
    _reported(county, "second", "03-05 10:01", "7.16")


def nobody_knows_no_serious_case(county):
    _report(county, "m", "03-05 10:00", "7.16", outcome="REFUSED", reason="NO_SERIOUS_CASE",
            serious=True)
