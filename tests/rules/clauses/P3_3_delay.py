# SPDX-License-Identifier: MIT
"""P3.3 delay: a reported delay is registered by the front desk within half an hour of working time; only
whoever has the job, or was asked for it, can delay it."""

from cases import _booked, _repair


def a_delay_that_a_stranger_reports(county):
    """Yang neither has the job nor was asked: it goes on, and nobody has a delay to register."""
    t = _booked(county)
    t.delay("10:00", "yang", "CUSTOMER", "没空")
    t.done("xu", check_in="15:30", complete="16:00", file="16:10", callback="03-02 10:00")
    t.all_kept()


def a_delay_that_is_reported_before_it_is_accepted(county):
    """He was asked, that is enough: the complaint waits for the part, and is closed waiting."""
    t = _repair(county)
    t.order("15:00-17:00")
    t.delay("08:39", "xu", "PARTS", "缺件")
    t.register_delay("08:50")
    t.done("xu", accept="08:40:00", contact="08:45:00", check_in="15:30", complete="16:00",
           file="16:10", callback="03-02 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint= delay+ result+ callback+")


def a_delay_of_whom_the_job_was_taken_from(county):
    """From the instant on at which the clerk gave it to another, he delays nothing."""
    t = _booked(county)
    t.assign("09:30:00", "yang")
    t.accept("09:40", "yang")
    t.contact("09:45", "yang")
    t.delay("09:50", "xu", "PARTS", "缺件")
    t.done("yang", check_in="15:30", complete="16:00", file="16:10", callback="03-02 10:00")
    t.judged("order+ dispatch+ accept+ contact+ accept#2+ contact#2+ visit+ complaint+ result+ "
             "callback+")


def another_reason_is_the_managers(county):
    """It pauses like the others, when he says so."""
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.delay("15:40", "liu", "OTHER", "小区停电")
    t.register_delay("15:45")
    t.resume("17:40", "xu")
    t.done("xu", complete="18:00", file="18:10", callback="03-02 10:00")
    t.dues["complaint#1"] = "03-04 10:30:00"
    t.all_kept("delay+")


def _registered(county, at):
    """The pause counts from the report, registered or not."""
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.delay("15:40:00.000", "xu", "PARTS", "缺件")
    t.register_delay(at)
    t.resume("17:40", "xu")
    t.done("xu", complete="18:00", file="18:10", callback="03-02 10:00")
    t.dues.update({"delay#1": "16:10:00", "complaint#1": "03-04 10:30:00"})
    return t


def registered_in_the_last_millisecond(county):
    _registered(county, "16:10:00.000").all_kept("delay+")


def registered_a_millisecond_late(county):
    """An alert and a line in the table; it costs nothing."""
    _registered(county, "16:10:00.001").all_kept("delay-")
