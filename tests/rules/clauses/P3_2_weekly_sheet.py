# SPDX-License-Identifier: MIT
"""P3.2 weekly_sheet: the sheet of a technician's week with work is handed in by Monday at noon."""

from cases import KEPT, _booked, _repair
from cases_survey import _job


def the_weeks_sheet_on_monday_at_noon(county):
    _job(county, "x1", "03-01")
    county.day.week("xu", "02-26", "03-05 12:00:00.000", "county")
    county.day.sheet_dues["xu/2007-02-26"] = "03-05 12:00:00"


def the_weeks_sheet_a_millisecond_later(county):
    """An alert and a line in the table; it costs nothing."""
    _job(county, "x1", "03-01")
    county.day.week("xu", "02-26", "03-05 12:00:00.001", "county", sign="-")


def the_weeks_sheet_told_a_millisecond_later(county):
    _job(county, "x1", "03-01")
    county.day.week("xu", "02-26", "03-05 11:00", "county", sent="03-05 12:00:00.001", sign="-")


def the_weeks_sheet_before_the_work(county):
    """Handed in on Saturday at noon; he was at a customer's once more after that."""
    county.day.week("xu", "02-26", "03-03 12:00", "county")
    _job(county, "x1", "03-03")


def the_sheet_of_another_week(county):
    _job(county, "x1", "03-01")
    county.day.week("xu", "03-05", "03-05 09:00", "county", sign=None)
    county.day.no_week("xu", "02-26")


def a_week_begins_on_monday(county):
    """Sunday's last millisecond belongs to the week before."""
    t = _repair(county, at="03-03 08:30:00")
    t.order("03-03 15:00-17:00")
    t.done("xu", accept="03-03 08:40", contact="03-03 08:45")
    t.check_in("03-04 23:59:59.999", "xu")
    t.complete("03-05 00:00:00.000", "xu")
    t.file("03-05 08:10", "xu")
    t.callback("03-05 17:00")
    t.judged(KEPT.replace("visit+", "visit-"))
    county.day.week("xu", "02-26", "03-05 09:00", "county")
    county.day.no_week("xu", "03-05")


def a_week_without_work(county):
    """Who found nobody at home has worked nowhere."""
    t = _booked(county)
    t.check_in("15:30", "xu", absent=True)
    t.cancel("16:30", "不修了")
    t.callback("03-02 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaintx callback+")
