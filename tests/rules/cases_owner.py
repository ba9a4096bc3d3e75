# SPDX-License-Identifier: MIT
"""Handbook 3.4: who answers for a complaint that was not settled in time, and what moves its due; then
the table of clocks, line by line, where no other file has the boundary. Notation as in cases.py. A
complaint reported on Thursday at 08:30 is due on Sunday at 08:30."""
from cases import KEPT, _booked, _finish, _install, _repair
from cases_ledger import _say

MINUTE, HOUR = 60000, 3600000
TWO_HOLDERS = ("order+ dispatch+ accept+ accept#2+ contact+ contact#2+ visit+ complaint- result+ "
               "callback+")


def _asked(county, whose, cause="{x1}/complaint#1"):
    """Put before the manager, who rejects it."""
    key = "7.3/person:%s/%s" % (whose, cause)
    county.day.propose("7.3", whose, cause)
    county.day.books.append(("proposal_rejected", key))
    _say(county, "reject", "03-12 10:00", "reject_proposal", {"proposal": key, "reason": "刚接手"})


def _over(t, who="xu"):
    t.done(who, check_in="03-05 09:00", complete="03-05 09:30", file="03-05 09:40",
           callback="03-06 10:00")


def _with_huang(county, **more):
    """Huang was there in vain on the first afternoon."""
    t = _repair(county, product="television A1", **more)
    t.order("15:00-17:00")
    t.done("huang", accept="08:40:00", contact="08:45:00", check_in="15:30")
    return t


def _to_xu(t, assign, accept):
    t.assign(assign, "xu")
    t.accept(accept, "xu")
    t.contact(accept, "xu")


# ---- running time for each holder ----

def gaps_between_dispatches_are_the_clerks(county):
    """Lin: 08:30 to 08:40 before Huang, and from 08:10, when she took it from him, to Xu's 08:39."""
    t = _with_huang(county)
    t.leave("15:50", "huang")
    _to_xu(t, "03-03 08:10", "03-03 08:39")
    _over(t)
    t.judged(TWO_HOLDERS)
    t.holdings["complaint#1"] = {"person:lin": 39 * MINUTE, "person:huang": 47 * HOUR + 30 * MINUTE,
                                 "person:xu": 23 * HOUR + 51 * MINUTE}
    _asked(county, "xu")


def a_pause_is_of_who_held_the_job_then(county):
    """Ten hours in Huang's time: due at 18:30, and Xu's 24 hours are whole."""
    t = _with_huang(county)
    t.delay("16:00", "huang", "PARTS", "缺件")
    t.register_delay("16:05")
    t.resume("03-02 02:00", "huang")
    _to_xu(t, "03-03 18:10", "03-03 18:30:00.000")
    _over(t)
    t.judged(TWO_HOLDERS + " delay+")
    t.dues["complaint#1"] = "03-04 18:30:00"
    t.holdings["complaint#1"] = {"person:lin": 30 * MINUTE, "person:huang": 47 * HOUR + 30 * MINUTE,
                                 "person:xu": 24 * HOUR}
    t.fine("7.3", "xu", "complaint#1", due="03-04 18:30", actual="03-05 09:30")


def _paused_in_xus_time(county, accept):
    """Six hours in Xu's: due at 14:30, and of his thirty hours 24 count."""
    t = _with_huang(county)
    t.leave("15:50", "huang")
    _to_xu(t, "03-03 08:10", accept)
    t.delay("03-03 12:00", "xu", "PARTS", "缺件")
    t.register_delay("03-03 12:05")
    t.resume("03-03 18:00", "xu")
    _over(t)
    t.judged(TWO_HOLDERS + " delay+")
    t.dues["complaint#1"] = "03-04 14:30:00"
    return t


def a_pause_in_the_last_holders_time(county):
    t = _paused_in_xus_time(county, "03-03 08:30:00.000")
    t.holdings["complaint#1"] = {"person:lin": 30 * MINUTE, "person:huang": 47 * HOUR + 30 * MINUTE,
                                 "person:xu": 24 * HOUR}
    t.fine("7.3", "xu", "complaint#1", due="03-04 14:30", actual="03-05 09:30")


def a_pause_in_the_last_holders_time_and_a_millisecond_less(county):
    t = _paused_in_xus_time(county, "03-03 08:30:00.001")
    t.holdings["complaint#1"] = {"person:lin": 30 * MINUTE + 1,
                                 "person:huang": 47 * HOUR + 30 * MINUTE,
                                 "person:xu": 24 * HOUR - 1}
    _asked(county, "xu")


def _urgent(county, accept):
    """Due on Friday at 08:30; enough is eight hours."""
    t = _with_huang(county, urgent=True)
    t.leave("15:50", "huang")
    _to_xu(t, "03-02 00:10", accept)
    t.done("xu", check_in="03-02 09:00", complete="03-02 09:30", file="03-02 09:40",
           callback="03-03 10:00")
    t.judged(TWO_HOLDERS)
    t.dues["complaint#1"] = "03-02 08:30:00"
    return t


def urgent_and_held_for_eight_hours(county):
    t = _urgent(county, "03-02 00:30:00.000")
    t.fine("7.3", "xu", "complaint#1", due="03-02 08:30", actual="03-02 09:30")


def urgent_and_held_a_millisecond_less(county):
    t = _urgent(county, "03-02 00:30:00.001")
    t.holdings["complaint#1"] = {"person:lin": 30 * MINUTE + 1, "person:xu": 8 * HOUR - 1,
                                 "person:huang": 15 * HOUR + 30 * MINUTE}
    _asked(county, "xu")


def eight_hours_are_not_enough_if_it_is_not_urgent(county):
    t = _with_huang(county)
    t.leave("15:50", "huang")
    _to_xu(t, "03-04 00:10", "03-04 00:30:00.000")
    _over(t)
    t.judged(TWO_HOLDERS)
    _asked(county, "xu")


def alone_since_it_was_dispatched(county):
    """Not for a day, but nobody else was ever asked: Xu is the only candidate. That the visit was
    booked when its 24 hours were over is the clerk's, and costs nothing."""
    t = _repair(county)
    t.fill("03-03 09:00")
    t.contact("03-03 09:01")
    t.book("03-03 09:02", "03-03 15:00-17:00")
    t.done("xu", accept="03-03 09:05", contact="03-03 09:06", check_in="03-03 15:30")
    t.leave("03-03 15:50", "xu")
    _over(t)
    t.judged("order- dispatch+ accept+ contact+ visit- visit#2+ complaint- result+ callback+")
    t.holdings["complaint#1"] = {"person:lin": 48 * HOUR + 35 * MINUTE,
                                 "person:xu": 23 * HOUR + 25 * MINUTE}
    t.fine("7.3", "xu", "complaint#1", due="03-04 08:30", actual="03-05 09:30")


def twice_in_the_same_hands(county):
    """Huang had it for a day, and again for two hours before the due: together enough."""
    t = _with_huang(county)
    t.leave("15:50", "huang")
    _to_xu(t, "03-02 08:40", "03-02 08:50")
    t.assign("03-04 06:00", "huang")
    t.accept("03-04 06:30", "huang")
    t.contact("03-04 06:30", "huang")
    _over(t, "huang")
    t.judged(TWO_HOLDERS + " accept#3+ contact#3+")
    t.holdings["complaint#1"] = {"person:lin": 50 * MINUTE, "person:huang": 26 * HOUR,
                                 "person:xu": 45 * HOUR + 10 * MINUTE}
    t.fine("7.3", "huang", "complaint#1", due="03-04 08:30", actual="03-05 09:30")


def _accepted_at_the_due(county, accept):
    t = _with_huang(county)
    t.leave("15:50", "huang")
    _to_xu(t, "03-04 08:10", accept)
    _over(t)
    t.judged(TWO_HOLDERS)
    return t


def taken_over_at_the_due(county):
    """It is Xu's, and he has not had it for a millisecond: the manager decides."""
    t = _accepted_at_the_due(county, "03-04 08:30:00.000")
    t.holdings["complaint#1"] = {"person:lin": 30 * MINUTE,
                                 "person:huang": 71 * HOUR + 30 * MINUTE}
    _asked(county, "xu")


def taken_over_a_millisecond_before_the_due(county):
    t = _accepted_at_the_due(county, "03-04 08:29:59.999")
    t.holdings["complaint#1"] = {"person:lin": 30 * MINUTE - 1, "person:xu": 1,
                                 "person:huang": 71 * HOUR + 30 * MINUTE}
    _asked(county, "xu")


def taken_over_a_millisecond_after_the_due(county):
    """It was in nobody's hands: the clerk's."""
    t = _accepted_at_the_due(county, "03-04 08:30:00.001")
    t.holdings["complaint#1"] = {"person:lin": 30 * MINUTE,
                                 "person:huang": 71 * HOUR + 30 * MINUTE}
    _asked(county, "lin")


def a_technicians_own_proposal_beyond_the_due(county):
    """Huang moved it beyond the due; Xu has it for the last day and more, and pays nothing."""
    t = _repair(county, product="television A1")
    t.order("15:00-17:00")
    t.done("huang", accept="08:40:00", contact="08:45:00")
    t.move("09:00", "03-05 09:00-11:00", "COMPANY", who="huang")
    _to_xu(t, "03-02 08:10", "03-02 08:30")
    _over(t)
    t.judged(TWO_HOLDERS)
    t.fine("7.3", "huang", "complaint#1", due="03-04 08:30", actual="03-05 09:30",
           reason="APPOINTED_BEYOND_DUE")


# ---- what stops it and what moves its due ----

def talking_is_no_service(county):
    """First contact, the technician's contact, an attempt that failed, appointments, an urge and a
    visit in vain: nothing was done, and nothing answered."""
    t = _booked(county)
    t.urge("09:00")
    t.contact("09:10", failed=True)
    t.move("09:20", "16:00-17:00", "CUSTOMER")
    t.check_in("16:10", "xu")
    t.leave("16:20", "xu")
    t.contact("03-02 09:00", "xu")
    t.complete("03-04 08:30:00.001", "xu")
    t.file("03-04 09:00", "xu")
    t.callback("03-05 10:00")
    t.judged(KEPT.replace("complaint+", "complaint-"))
    t.fine("7.3", "xu", "complaint#1", due="03-04 08:30", actual="03-04 08:30:00.001")


def _wished_then(county, at):
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.leave("15:50", "xu")
    t.book(at, "03-05 09:00-11:00")
    _over(t)
    return t


def a_wish_at_the_due(county):
    """Agreed at or before it: until 24:00 of the day it is wished for."""
    t = _wished_then(county, "03-04 08:30:00.000")
    t.dues["complaint#1"] = "03-05 23:59:59.999"
    t.all_kept("visit#2+")


def a_wish_a_millisecond_after_the_due(county):
    t = _wished_then(county, "03-04 08:30:00.001")
    t.judged(KEPT.replace("complaint+", "complaint-") + " visit#2+")
    t.fine("7.3", "xu", "complaint#1", due="03-04 08:30", actual="03-05 09:30")


def _not_urgent_any_more(t, at):
    t._do("not-urgent", at, "liu", "set_urgency", {"urgent": False, "reason": "误报"})


def the_manager_takes_urgency_away_at_the_due(county):
    """Then it has its 72 hours, and the visit the hours it had."""
    t = _booked(county, urgent=True)
    _not_urgent_any_more(t, "03-02 08:30:00.000")
    t.check_in("15:30", "xu")
    t.leave("15:50", "xu")
    t.complete("03-04 08:30:00.000", "xu")
    t.file("03-04 09:00", "xu")
    t.callback("03-05 10:00")
    t.dues["complaint#1"] = "03-04 08:30:00"
    t.all_kept()


def the_manager_takes_urgency_away_too_late(county):
    t = _booked(county, urgent=True)
    _not_urgent_any_more(t, "03-02 08:30:00.001")
    t.check_in("15:30", "xu")
    t.leave("15:50", "xu")
    t.complete("03-03 08:30", "xu")
    t.file("03-03 09:00", "xu")
    t.callback("03-05 10:00")
    t.dues["complaint#1"] = "03-02 08:30:00"
    t.judged(KEPT.replace("complaint+", "complaint-"))
    t.fine("7.3", "xu", "complaint#1", due="03-02 08:30", actual="03-03 08:30")


def taken_away_and_given_back(county):
    """Urgent again at eleven: 24 hours from then, not from the report."""
    t = _booked(county, urgent=True)
    _not_urgent_any_more(t, "10:00")
    t.make_urgent("11:00", "漏电")
    _finish(t)
    t.dues["complaint#1"] = "03-02 11:00:00"
    t.all_kept()


def made_urgent_on_the_last_evening(county):
    """24 hours from then would be later than the due that it has."""
    t = _booked(county)
    t.make_urgent("03-03 20:00", "漏电")
    _finish(t)
    t.dues["complaint#1"] = "03-04 08:30:00"
    t.all_kept()


# ---- the address ----

def _corrected(county, at):
    """Thought to be near, 48 hours; it is 30 km away."""
    t = _repair(county, product="television A1", km=5)
    t.fill("08:31")
    t.contact("08:32")
    t.assign("08:33", "huang")
    t.done("huang", accept="08:40", contact="08:45")
    t.correct_address(at, "漆河正街 1 号", 30)
    t.done("huang", check_in="03-04 08:30:00.000", complete="03-04 08:30:00.000", file="03-04 09:00",
           callback="03-05 10:00")
    return t


def an_address_corrected_at_the_due(county):
    """72 hours from the same start."""
    t = _corrected(county, "03-03 08:30:00.000")
    t.dues["visit#1"] = "03-04 08:30:00"
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")


def an_address_corrected_a_millisecond_later(county):
    t = _corrected(county, "03-03 08:30:00.001")
    t.dues["visit#1"] = "03-03 08:30:00"
    t.judged("order- accept+ contact+ visit- complaint+ result+ callback+")


# ---- called off ----

def _called_off(county, at):
    t = _repair(county)
    t.cancel("08:50", "又好了")
    t.callback(at, visited=False)
    t.dues["callback#1"] = "03-05 18:00:00"
    return t


def called_off_and_verified(county):
    """One call, by the end of work on the third working day: Friday, Saturday, Monday."""
    _called_off(county, "03-05 18:00:00.000").judged("orderx visitx complaintx callback+")


def called_off_and_verified_too_late(county):
    _called_off(county, "03-05 18:00:00.001").judged("orderx visitx complaintx callback-")


# ---- the table of clocks ----

def _dispatched(county, at):
    """Nobody fits: the clerk sends Xu. Complete at 08:32."""
    t = _repair(county, product="nothing A1")
    t.order("15:00-17:00")
    t.assign(at, "xu")
    t.done("xu", accept="09:10", contact="09:15")
    t.cancel("10:00", "不修了")
    t.callback("03-02 10:00")
    t.dues["dispatch#1"] = "09:02:00"
    return t


def dispatched_in_the_last_millisecond(county):
    t = _dispatched(county, "09:02:00.000")
    t.judged("order+ dispatch+ accept+ contact+ visitx complaintx callback+")


def dispatched_a_millisecond_late(county):
    t = _dispatched(county, "09:02:00.001")
    t.judged("order+ dispatch- accept+ contact+ visitx complaintx callback+")


def _contacted(county, at):
    """Ten minutes from the acceptance."""
    t = _repair(county)
    t.order("15:00-17:00")
    t.accept("08:55", "xu")
    t.contact(at, "xu")
    _finish(t)
    t.dues["contact#1"] = "09:05:00"
    return t


def contacted_in_the_last_millisecond(county):
    _contacted(county, "09:05:00.000").all_kept()


def contacted_a_millisecond_late(county):
    _contacted(county, "09:05:00.001").judged(KEPT.replace("contact+", "contact-"))


def _noted(county, at):
    """Told at 17:45; half an hour of work ends at 08:15."""
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.delay("17:45", "xu", "PARTS", "缺件")
    t.register_delay(at)
    t.resume("03-02 09:00", "xu")
    t.done("xu", complete="03-02 10:00", file="03-02 10:10", callback="03-03 10:00")
    t.dues.update({"delay#1": "03-02 08:15:00", "complaint#1": "03-04 23:45:00"})
    return t


def a_delay_registered_in_the_last_millisecond(county):
    _noted(county, "03-02 08:15:00.000").all_kept("delay+")


def a_delay_registered_a_millisecond_late(county):
    """It pauses all the same, from when it was told: 72 hours and 15:15."""
    _noted(county, "03-02 08:15:00.001").judged(KEPT + " delay-")


def who_completed_answers_for_the_result(county):
    """7.4: Lin settled it on the telephone, and Xu had the job."""
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.leave("15:50", "xu")
    t.complete("16:00", "lin")
    t.file("03-02 04:00:00.001", "xu")
    t.callback("03-02 10:00")
    t.judged(KEPT.replace("result+", "result-"))
    t.fine("7.4", "lin", "completion#1", due="03-02 04:00", actual="03-02 04:00:00.001")


def a_complaint_about_service_is_visited_if_it_is_booked(county):
    """Its order is complete without a booking; with one there is a visit, and no band of hours."""
    t = _booked(county)
    _finish(t)
    t.all_kept()
    s = county.service("x2", "09:00", "lin", t, "ATTITUDE", "说话难听")
    s.fill("09:01")
    s.contact("09:30:00.000")
    s.book("10:00", "03-02 14:00-15:00")
    s.assign("10:05", "wang")
    s.check_in("03-02 15:00:00.000", "wang")
    s.complete("03-02 15:10", "wang")
    s.file("03-02 15:20", "lin")
    s.callback("03-03 11:00")
    s.dues.update({"order#1": "09:30:00", "visit#1": "03-02 15:00:00"})
    s.all_kept("visit+")


def an_evening_without_a_word(county):
    """P3.1: the result of the next morning comes too late for the day's feedback."""
    t = _install(county)
    t.order("15:00-17:00")
    t.done("huang", accept="08:40:00", contact="08:45:00", check_in="15:10", complete="16:00",
           file="03-02 00:00:00.000", callback="03-03 10:00")
    county.day.evening("huang", "03-01", "-")
    t.all_kept()


def an_evening_with_a_result_in_its_last_millisecond(county):
    t = _install(county)
    t.order("15:00-17:00")
    t.done("huang", accept="08:40:00", contact="08:45:00", check_in="15:10", complete="16:00",
           file="23:59:59.999", callback="03-03 10:00")
    county.day.evening("huang", "03-01", "+")
    t.all_kept()
