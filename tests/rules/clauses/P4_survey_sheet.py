# SPDX-License-Identifier: MIT
"""P4 survey_sheet: the month's satisfaction sheet, five repairs to one install, drawn by lot and handed in
by the end of work on the third working day. Not handed in it is 7.2."""

from cases import KEPT, _booked
from cases_archive import _evidence
from cases_survey import (  # noqa: F401
    _fine, _job, handed_in_a_millisecond_late, handed_in_in_the_last_millisecond)


def told_a_day_later(county):
    """Filed on the last evening, told on Sunday just before the sheet is drawn: it is March's."""
    t = _job(county, "x1", "03-31", sort="install", file=None, callback=None)
    t.file("03-31 23:30", "huang", sent="04-01 23:29:59.999")
    t.callback("04-02 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ result- callback+")
    county.day.drawn["county/200703"] = (0, 0, 0, 0)


def told_more_than_a_day_later(county):
    """Judged when it came: April's."""
    t = _job(county, "x1", "03-31", file=None, callback=None)
    t.file("03-31 23:30", "xu", typed="04-01 23:30:00.001")
    t.callback("04-02 10:00")
    t.judged(KEPT.replace("result+", "result-"))
    t.fine("7.4", "xu", "completion#1", due="04-01 04:00", actual="04-01 23:30:00.001")
    county.day.sheet("county", 200704, "05-02 10:00")
    county.day.drawn["county/200704"] = (0, 1, 1, 0)


def a_month_without_a_result(county):
    """Nothing was done, so there is nothing to ask about and nothing to hand in."""
    t = _booked(county)
    t.cancel("10:00", "又好了")
    t.callback("03-02 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visitx complaintx callback+")
    county.day.sheet("county", 200703, "04-03 10:00", sign=None, outcome="REFUSED",
                     reason="NO_SUCH_SHEET")


def a_month_in_which_nobody_was_reached(county):
    """An empty sheet is handed in all the same."""
    t = _job(county, "x1", "03-01", callback=None)
    for at in ("03-02 10:00", "03-02 15:00", "03-03 10:00"):
        t.callback(at, reached=False)
    county.day.no_sheet("county", 200703)
    county.day.drawn["county/200703"] = (0, 0, 0, 0)
    _fine(county)


def answers_of_other_months_and_matters(county):
    """A complaint about service is on no sheet, nor is who answered only in the next month."""
    t = _job(county, "x1", "03-30", callback="04-02 10:00")
    s = county.service("x2", "03-30 17:00", "lin", t, "ATTITUDE", "说话难听")
    s.fill("03-30 17:01")
    s.contact("03-30 17:02")
    s.answer("03-30 17:10", "经理已致歉")
    s.file("03-30 17:20", "lin")
    s.callback("03-31 10:00")
    s.all_kept()
    _job(county, "x3", "03-29")
    county.day.drawn["county/200703"] = (0, 1, 1, 0)


DATES = ["03-%02d" % day for day in range(5, 32) if day not in (11, 18, 25)]


def _month(county, repairs, installs):
    kinds = ["repair"] * repairs + ["install"] * installs
    for i, (kind, date) in enumerate(zip(kinds, DATES, strict=False)):
        _job(county, "x%d" % (i + 1), date, sort=kind)


def four_repairs_and_two_installs(county):
    """Less than one block: all of them."""
    _month(county, 4, 2)
    county.day.drawn["county/200703"] = (0, 6, 4, 2)


def many_repairs_and_no_install(county):
    _month(county, 7, 0)
    county.day.drawn["county/200703"] = (0, 7, 7, 0)


def one_install_to_eleven_repairs(county):
    """Two blocks of repairs, but installs for one."""
    _month(county, 11, 1)
    county.day.drawn["county/200703"] = (1, 6, 11, 1)


def many_installs_to_nine_repairs(county):
    _month(county, 9, 6)
    county.day.drawn["county/200703"] = (1, 6, 9, 6)


def exactly_two_blocks(county):
    _month(county, 10, 2)
    county.day.drawn["county/200703"] = (2, 12, 10, 2)


def answered_twice_in_a_month(county):
    """A reopened ticket is on the sheet once."""
    t = _job(county, "x1", "03-05")
    t.reopen("03-06 09:00", "又坏了")
    t.fill("03-06 09:01")
    t.contact("03-06 09:02")
    t.book("03-06 09:03", "03-06 15:00-17:00")
    t.done("xu", accept="03-06 09:10", contact="03-06 09:12", check_in="03-06 15:30",
           complete="03-06 16:00", file="03-06 16:10", callback="03-06 17:00")
    t.judged(KEPT + " dispatch#33+ accept#33+ contact#33+ visit#17+ complaint#2+ "
             "result#17+ callback#17+")
    _evidence(county, "03-13 16:10:00")
    county.day.drawn["county/200703"] = (0, 1, 1, 0)
