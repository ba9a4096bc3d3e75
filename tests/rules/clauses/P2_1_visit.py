# SPDX-License-Identifier: MIT
"""P2.1 visit: on site within the band of the address, or by the end of the agreed window; every agreed
time is a promise of its own."""

from cases import KEPT, _booked, _finish, _repair


def the_band_of_the_city(county):
    """24 hours while nothing is agreed, to the millisecond."""
    t = _repair(county)
    t.fill("08:31")
    t.contact("08:32")
    t.assign("08:33", "xu")
    t.done("xu", accept="08:40", contact="08:45", check_in="03-02 08:30:00.000",
           complete="03-02 09:00", file="03-02 09:10", callback="03-03 10:00")
    t.dues["visit#1"] = "03-02 08:30:00"
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")


def exactly_twenty_kilometres_is_near(county):
    t = _repair(county, product="television A1", km=20)
    t.fill("08:31")
    t.contact("08:32")
    t.assign("08:33", "huang")
    t.done("huang", accept="08:40", contact="08:45", check_in="03-03 08:30:00.000",
           complete="03-03 09:00", file="03-03 09:10", callback="03-05 10:00")
    t.dues["visit#1"] = "03-03 08:30:00"
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")


def a_metre_more_is_far(county):
    t = _repair(county, product="television A1", km=20.001)
    t.fill("08:31")
    t.contact("08:32")
    t.assign("08:33", "huang")
    t.done("huang", accept="08:40", contact="08:45", check_in="03-03 08:30:00.001",
           complete="03-03 09:00", file="03-03 09:10", callback="03-05 10:00")
    t.dues["visit#1"] = "03-04 08:30:00"
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")


def a_nearer_address_makes_nobody_late_before_it_was_known(county):
    """Thought to be far, found to be near 54 hours later: the band of 48 hours is over, and
    the due is the instant of the correction."""
    t = _repair(county, km=30)
    t.fill("08:31")
    t.contact("08:32")
    t.correct_address("03-03 14:30:00", "城东解放路 1 号", 5)
    t.cancel("03-03 15:00", "不修了")
    t.callback("03-05 10:00")
    t.dues["visit#1"] = "03-03 14:30:00"
    t.judged("order- visit- complaintx callback+")


def half_an_hour_before_the_window(county):
    """On site from window start - 30 min on."""
    t = _booked(county)
    _finish(t, check_in="14:30:00.000", complete="15:20")
    t.all_kept()


def earlier_than_that(county):
    """An earlier one does not count; what he completes at the end of the window does."""
    t = _booked(county)
    t.check_in("14:29:59.999", "xu")
    t.complete("17:00:00.001", "xu")
    t.file("17:10", "xu")
    t.callback("03-02 10:00")
    t.judged(KEPT.replace("visit+", "visit-"))


def earlier_with_the_customer_there(county):
    t = _booked(county)
    t.check_in("14:00:00", "xu", present=True)
    t.complete("15:00", "xu")
    t.file("15:10", "xu")
    t.callback("03-02 10:00")
    t.all_kept()


def nobody_at_home(county):
    """Customer absent inside the window: met; the new appointment is the next instance."""
    t = _booked(county)
    t.check_in("15:10", "xu", absent=True)
    t.book("15:30", "03-02 09:00-11:00")
    _finish(t, check_in="03-02 09:10", complete="03-02 10:00", file="03-02 10:10",
            callback="03-03 10:00")
    t.all_kept("visit#2+")


def nobody_at_home_before_the_window(county):
    """Half an hour early he may come, but nobody had to be at home."""
    t = _booked(county)
    t.check_in("14:59:59.999", "xu", absent=True)
    _finish(t, check_in="17:00:00.001", complete="17:30", file="17:40")
    t.judged(KEPT.replace("visit+", "visit-"))


def nobody_at_home_as_the_window_opens(county):
    t = _booked(county)
    t.check_in("15:00:00.000", "xu", absent=True)
    _finish(t, check_in="17:00:00.001", complete="17:30", file="17:40")
    t.all_kept()


def moved_by_us_at_the_windows_start(county):
    t = _booked(county)
    t.move("15:00:00.000", "03-02 09:00-11:00", "COMPANY")
    _finish(t, check_in="03-02 09:10", complete="03-02 10:00", file="03-02 10:10",
            callback="03-03 10:00")
    t.all_kept()


def moved_by_us_a_millisecond_later(county):
    t = _booked(county)
    t.move("15:00:00.001", "03-02 09:00-11:00", "COMPANY")
    _finish(t, check_in="03-02 09:10", complete="03-02 10:00", file="03-02 10:10",
            callback="03-03 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit- visit#2+ complaint+ result+ callback+")


def _moved_too_late(county):
    """Window 15:00-17:00, moved by us half an hour into it: the next instance, the old due stays."""
    t = _booked(county)
    t.move("15:30", "03-02 09:00-11:00", "COMPANY")
    return t


def moved_too_late_and_came_all_the_same(county):
    t = _moved_too_late(county)
    _finish(t, check_in="16:00", complete="16:20", file="16:30")
    t.dues["visit#1"] = "17:00:00"
    t.all_kept("visit#2+")


def moved_too_late_and_came_to_both(county):
    """Whoever stands there today is in the old window, not in the new one."""
    t = _moved_too_late(county)
    t.check_in("17:00:00.000", "xu")
    t.leave("17:20", "xu")
    _finish(t, check_in="03-02 09:10", complete="03-02 10:00", file="03-02 10:10",
            callback="03-03 10:00")
    t.dues.update({"visit#1": "17:00:00", "visit#2": "03-02 11:00:00"})
    t.judged(KEPT + " visit#2+")


def moved_too_late_and_cancelled(county):
    """Both of them, as long as the old window lasts ..."""
    t = _moved_too_late(county)
    t.cancel("17:00:00.000", "不修了")
    t.callback("03-02 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visitx visit#2x complaintx callback+")


def moved_too_late_and_cancelled_after_that(county):
    """... and only the new one after it."""
    t = _moved_too_late(county)
    t.cancel("17:00:00.001", "不修了")
    t.callback("03-02 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit- visit#2x complaintx callback+")


def agreed_for_the_lunch_break(county):
    """Visits begin at the next opening, but not after the time that is agreed for them."""
    t = _repair(county, at="12:10:00")
    t.order("12:30-13:30")
    t.done("xu", accept="12:15", contact="12:16")
    _finish(t, check_in="13:00", complete="13:20", file="13:40")
    t.dues["visit#1"] = "13:30:00"
    t.all_kept()


def on_site_a_millisecond_after_the_band(county):
    """An alert and a line in the table; without an appointment it costs nothing."""
    t = _repair(county)
    t.fill("08:31")
    t.contact("08:32")
    t.assign("08:33", "xu")
    t.done("xu", accept="08:40", contact="08:45", check_in="03-02 08:30:00.001",
           complete="03-02 09:00", file="03-02 09:10", callback="03-03 10:00")
    t.judged("order- accept+ contact+ visit- complaint+ result+ callback+")
