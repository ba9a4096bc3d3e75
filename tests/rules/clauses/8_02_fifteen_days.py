# SPDX-License-Identifier: MIT
"""8.2: the same up to the fifteenth day: exchange or repair."""

from cases_returns import FAULT, NONE, _called_off, _check
from returns_table import less


def by_the_report(county):
    """14 February is 15 days before; less one touched: 14.00 of 1,000.00."""
    t = _called_off(county)
    _check(t, "08:40", {"holds": ["8.2"], "choices": less(1400)}, invoiced="2007-02-14", **FAULT)


def with_repairs_before(county):
    """Of the fifteen days the unit was in repair on three, and on this one."""
    t = _called_off(county)
    _check(t, "08:40", {"holds": ["8.2"], "choices": less(1100), "repair_days": 4,
                        "guarantee_until": "2008-02-17"}, invoiced="2007-02-14",
           intervals=[{"kind": "REPAIR", "from_ms": "2007-02-15T09:00:00+08:00",
                       "to_ms": "2007-02-17T09:00:00+08:00"}], **FAULT)


def a_day_later_it_is_over(county):
    """13 February to 1 March is 16 days."""
    t = _called_off(county)
    _check(t, "08:40", dict(NONE, days=16), invoiced="2007-02-13", **FAULT)
