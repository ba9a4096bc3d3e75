# SPDX-License-Identifier: MIT
"""8.1: a fault of main performance in the first seven days: return, exchange or repair, in full."""

from cases_returns import EARLY, FAULT, _called_off, _check
from returns_table import less


def by_the_report(county):
    """22 February to 1 March is 7 days; the check of the next day changes nothing."""
    t = _called_off(county)
    _check(t, "08:40", dict(EARLY, days=7, returned_on="2007-03-01", sent_on="2007-03-01"), **FAULT)
    _check(t, "03-02 09:00", dict(EARLY, days=7, returned_on="2007-03-02"), **FAULT)


def a_day_later_it_is_over(county):
    """21 February to 1 March is 8 days; on one of them it was in repair: 7.00 of 1,000.00."""
    t = _called_off(county)
    _check(t, "08:40", {"holds": ["8.2"], "choices": less(700), "days": 8}, invoiced="2007-02-21",
           **FAULT)
