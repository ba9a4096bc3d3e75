# SPDX-License-Identifier: MIT
"""7.6: an agreed visit missed and a complaint that says so, -50. Neither half alone; the complaint from
the window's start to thirty days after the due, both inclusive."""

from cases import KEPT, _booked, _finish
from cases_visits import (  # noqa: F401
    a_complaint_from_before_the_reopening, agreed_for_a_sunday)
from cases import a_makers_dispatch_that_nobody_brought  # noqa: F401


def _complained(county, t, at, after, closed, subject="NOT_ON_TIME"):
    s = county.service("x2", at, "lin", t, subject, "没按约定时间来")
    s.cancel(after, "已道歉")
    s.callback(closed)
    return s


def _missed(county):
    """Window 15:00-17:00; he came at half past five."""
    t = _booked(county)
    _finish(t, check_in="17:30", complete="17:40", file="17:50")
    t.judged(KEPT.replace("visit+", "visit-"))
    return t


def _fine(t):
    t.fine("7.6", "xu", "visit#1", due="17:00", actual="17:30",
           reason="NOT_ON_TIME_AND_COMPLAINT")


def complained_as_the_window_begins(county):
    t = _missed(county)
    s = _complained(county, t, "15:00:00.000", "15:20", "03-02 10:30")
    s.judged("orderx complaintx callback+")
    _fine(t)


def complained_a_millisecond_before(county):
    """Before the window nobody can be late for it."""
    t = _missed(county)
    s = _complained(county, t, "14:59:59.999", "15:20", "03-02 10:30")
    s.judged("orderx complaintx callback+")


def complained_in_the_last_millisecond_of_thirty_days(county):
    t = _missed(county)
    s = _complained(county, t, "03-31 17:00:00.000", "03-31 17:10", "04-02 10:30")
    s.judged("orderx complaintx callback+")
    _fine(t)


def complained_a_millisecond_later(county):
    t = _missed(county)
    s = _complained(county, t, "03-31 17:00:00.001", "03-31 17:10", "04-02 10:30")
    s.judged("orderx complaintx callback+")


def complained_about_something_else(county):
    t = _missed(county)
    s = _complained(county, t, "18:00", "18:10", "03-02 10:30", "ATTITUDE")
    s.judged("orderx complaintx callback+")


def missed_and_no_complaint(county):
    """An urge is none, nor what he says when he is called back."""
    t = _booked(county)
    t.urge("17:10")
    t.done("xu", check_in="17:30", complete="17:40", file="17:50")
    t.callback("03-02 10:00", on_time=False)
    t.judged(KEPT.replace("visit+", "visit-"))


def in_time_and_a_complaint(county):
    t = _booked(county)
    _finish(t, check_in="17:00:00.000", complete="17:40", file="17:50")
    t.all_kept()
    s = _complained(county, t, "18:00", "18:10", "03-02 10:30")
    s.judged("orderx complaintx callback+")
