# SPDX-License-Identifier: MIT
"""7.11: an air conditioner placed without consent or badly, so that it came back, -100: the manager reports it."""

from cases_ledger import _report, _reported, _reversed, _say
from cases_returns import _confirmed, _placed



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
