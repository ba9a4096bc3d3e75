# SPDX-License-Identifier: MIT
"""8.6: a return less 1/1000 of the price a day in use; in full where the same model is not there."""

from cases_returns import EARLY, FAULT, _called_off, _check, _repair
from returns_table import ALL, full, less


def every_life_of_a_ticket(county):
    """Called off at 08:50, taken up again at 10:00: two repairs, and one date. It was sent for this
    repair the second time, and reported the first."""
    t = _repair(county)
    t.cancel("08:50", "退换")
    t.reopen("10:00", "还是要修")
    _check(t, "10:10", dict(EARLY, reported_on="2007-03-01", sent_on="2007-03-01", repair_days=1,
                            used_days=6), **FAULT)
    t.cancel("10:20", "退货")
    t.callback("03-02 10:00")
    t.judged("orderx visitx complaintx callbackx dispatch#33+ accept#33x visit#17x complaint#2x "
             "callback#17+")


def a_life_that_is_forgotten(county):
    """The first report of a fault is remembered; the repair of the first life somebody has to name."""
    t = _called_off(county)
    t.reopen("03-05 09:00", "又坏了")
    _check(t, "03-05 09:10", {"holds": ["8.1", "8.2"], "choices": ALL, "reported_on": "2007-03-01",
                              "sent_on": "2007-03-05", "repair_days": 1, "used_days": 10}, **FAULT)
    _check(t, "03-05 09:12", dict(EARLY, repair_days=2, used_days=9), intervals=[
        {"kind": "REPAIR", "from_ms": "2007-03-01T08:30:00+08:00",
         "to_ms": "2007-03-01T08:50:00+08:00"}], **FAULT)
    t.cancel("03-05 09:20", "退货")
    t.callback("03-06 10:00")
    t.judged("orderx visitx complaintx callback+ dispatch#33+ accept#33x visit#17x complaint#2x "
             "callback#17+")


def without_the_same_model(county):
    """Another model, or the whole price back."""
    t = _called_off(county)
    _check(t, "08:40", {"holds": ["8.2"], "choices": {"REPAIR": "8.2", "OTHER_MODEL": "8.6",
                                                      "RETURN": full("8.6")}},
           invoiced="2007-02-14", no_same_model=True, **FAULT)


def with_it_the_days_in_use_count(county):
    """15 days less the one of this repair at 1,000.00 yuan: 14.00 off; a day later 15, less the same one."""
    t = _called_off(county)
    _check(t, "08:40", {"holds": ["8.2"], "choices": less(1400), "used_days": 14},
           invoiced="2007-02-14", **FAULT)
    _check(t, "03-02 08:40", {"holds": ["8.2"], "choices": less(1500), "used_days": 15},
           invoiced="2007-02-14", **FAULT)
