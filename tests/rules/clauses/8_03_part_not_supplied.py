# SPDX-License-Identifier: MIT
"""8.3: more than 90 days since it was sent for repair, and a part that the manufacturer did not supply:
exchange or repair. The right opens at midnight."""

from cases_returns import NONE, THERE, _check, _in_work
from returns_table import less


def on_the_day_it_opens(county):
    """The wait for the part that stops the complaint's clock is the one that counts."""
    t = _in_work(county)
    t.delay("15:40", "xu", "PARTS", "缺件")
    t.register_delay("15:45")
    _check(t, "05-30 23:59:59.999", dict(NONE, sent_on="2007-03-01"), invoiced="2007-01-01", **THERE)
    _check(t, "05-31 00:00", {"holds": ["8.3"], "choices": less(5800, "8.3")},
           invoiced="2007-01-01", **THERE)
    t.resume("05-31 09:00", "xu")
    t.done("xu", complete="05-31 09:30", file="05-31 09:40", callback="06-01 10:00")
    _check(t, "05-31 10:00", NONE, invoiced="2007-01-01", **THERE)
    t.dues["complaint#1"] = "06-03 01:50:00"
    t.all_kept("delay+")
