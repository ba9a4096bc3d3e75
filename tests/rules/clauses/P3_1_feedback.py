# SPDX-License-Identifier: MIT
"""P3.1 feedback: every job of a technician's day has a report, a delay or a result before the day is over."""

from cases import _booked


def _reported(county, at, sign):
    """On site at 15:30, and no result before the next morning."""
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.leave("16:00", "xu")
    county.day.report_day(at, "xu", "county", date="2007-03-01")
    county.day.evening("xu", "03-01", sign)
    t.done("xu", check_in="03-02 09:00", complete="03-02 09:30", file="03-02 09:40",
           callback="03-03 10:00")
    t.all_kept()


def reported_in_the_last_millisecond_of_the_day(county):
    _reported(county, "23:59:59.999", "+")


def reported_as_the_next_day_begins(county):
    """A line in the table; it costs nothing."""
    _reported(county, "03-02 00:00:00.000", "-")
