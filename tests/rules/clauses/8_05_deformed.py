# SPDX-License-Identifier: MIT
"""8.5: badly deformed when just unpacked, not by the customer, and reported that day: exchange or
repair."""

from cases_returns import NONE, THERE, _called_off, _check
from returns_table import less


def found_by_the_installer(county):
    """On an installation the fault is first reported when it is found; the installation is no repair:
    nine days in use."""
    t = county.install("x1", "08:30:00", "lin", "田甲", "城东 解放路 1 号", "television A1", "安装",
                       channel="COUNTER")
    t.order("15:00-17:00")
    t.done("huang", accept="08:40:00", contact="08:45:00", check_in="15:10")
    _check(t, "15:20", {"holds": ["8.5"], "choices": less(900, "8.5"), "sent_on": None,
                        "repair_days": 0}, who="huang", invoiced="2007-02-20", deformed=True,
           installed_on="2007-03-01", **THERE)
    t.done("huang", complete="16:00", file="16:10", callback="03-02 10:00")
    t.all_kept()


def reported_the_day_after(county):
    """Installed on the last of February, reported on the first of March; nor if the customer did it."""
    t = _called_off(county)
    _check(t, "08:40", NONE, invoiced="2007-02-20", deformed=True, installed_on="2007-02-28", **THERE)
    _check(t, "08:42", NONE, invoiced="2007-02-20", deformed=True, by_customer=True,
           installed_on="2007-03-01", **THERE)
