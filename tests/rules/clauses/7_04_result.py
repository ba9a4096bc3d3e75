# SPDX-License-Identifier: MIT
"""7.4: a complaint's result filed more than twelve hours after the work, -50 for whoever completed it."""

from cases import (  # noqa: F401
    KEPT, _repair, a_result_a_millisecond_later, a_result_in_the_twelfth_hour,
    older_than_a_day_counts_from_its_arrival)
from P3_3_result import an_installation_has_no_complaint_clock  # noqa: F401


def _completed_at_noon(county, at):
    t = _repair(county, at="03-31 08:30:00")
    t.order("03-31 11:00-13:00")
    t.done("xu", accept="03-31 08:40", contact="03-31 08:45", check_in="03-31 11:30", complete=at,
           file="04-01 08:00", callback="04-02 10:00")
    t.judged(KEPT.replace("result+", "result-"))
    return t


def a_due_in_the_last_millisecond_of_march(county):
    t = _completed_at_noon(county, "03-31 11:59:59.999")
    t.fine("7.4", "xu", "completion#1", due="03-31 23:59:59.999", actual="04-01 08:00")


def a_due_in_the_first_of_april(county):
    t = _completed_at_noon(county, "03-31 12:00:00.000")
    t.fine("7.4", "xu", "completion#1", due="04-01 00:00", actual="04-01 08:00")
