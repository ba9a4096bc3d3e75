# SPDX-License-Identifier: MIT
"""The cases from handbook 3.3 on: visits, complaints, callbacks, the phone. See cases.py."""

from day_book import account
from cases import KEPT, _repair, _booked, _finish
from cases_archive import _evidence


# ---- 3.3 visits and appointments ----

def agreed_for_a_sunday(county):
    """And nobody came: a promise was broken on that Sunday, not on Monday morning."""
    t = _repair(county, at="03-03 20:00:00")
    t.order("03-04 10:00-12:00")
    t.done("xu", accept="03-03 20:10", contact="03-03 20:12", check_in="03-05 08:30",
           complete="03-05 09:00", file="03-05 09:10", callback="03-06 10:00")
    s = county.service("x2", "03-04 13:00", "lin", t, "NOT_ON_TIME", "没有人来")
    s.fill("03-04 13:01")
    s.contact("03-04 13:02")
    s.done("lin", file="03-05 08:20", callback="03-06 10:05")
    s.all_kept()
    t.dues["visit#1"] = "03-04 12:00:00"
    t.judged(KEPT.replace("visit+", "visit-"))
    t.fine("7.6", "xu", "visit#1", due="03-04 12:00", actual="03-05 08:30",
           reason="NOT_ON_TIME_AND_COMPLAINT")


# ---- 3.4 complaints ----

def the_customers_wish_beyond_the_due(county):
    """Moves the due to the end of that day."""
    t = _booked(county, when="03-05 09:00-11:00")
    _finish(t, check_in="03-05 09:10", complete="03-05 18:00", file="03-05 18:10",
            callback="03-06 10:00")
    t.dues["complaint#1"] = "03-05 23:59:59.999"
    t.all_kept()


def the_customers_wish_within_the_due(county):
    """Moves nothing: 72 hours remain 72 hours."""
    t = _booked(county, when="03-04 08:00-08:30")
    _finish(t, check_in="03-04 08:10", complete="03-04 08:30:00.001", file="03-04 09:00",
            callback="03-05 10:00")
    t.dues["complaint#1"] = "03-04 08:30:00"
    t.judged(KEPT.replace("complaint+", "complaint-"))
    t.fine("7.3", "xu", "complaint#1", due="03-04 08:30", actual="03-04 08:30:00.001")


def made_urgent_after_a_wish(county):
    """Danger counts more than a wish that came before it."""
    t = _booked(county, when="03-05 09:00-11:00")
    t.make_urgent("11:00", "漏电")
    t.move("12:00", "16:00-17:00", "COMPANY")
    _finish(t, check_in="16:10", complete="17:00", file="17:10")
    t.dues["complaint#1"] = "03-02 11:00:00"
    t.all_kept()


def our_proposal_beyond_the_due(county):
    """Does not move it, and whoever agreed it answers."""
    t = _repair(county)
    t.order("03-05 09:00-11:00", wish="COMPANY")
    t.done("xu", accept="08:40:00", contact="08:45:00")
    _finish(t, check_in="03-05 09:10", complete="03-05 10:00", file="03-05 10:10",
            callback="03-06 10:00")
    t.dues["complaint#1"] = "03-04 08:30:00"
    t.judged(KEPT.replace("complaint+", "complaint-"))
    t.fine("7.3", "lin", "complaint#1", due="03-04 08:30", actual="03-05 10:00",
           reason="APPOINTED_BEYOND_DUE")


def an_answer_with_content_settles(county):
    """Where no visit is needed: a repair for which none was agreed."""
    t = _repair(county)
    t.fill("08:31")
    t.contact("08:32")
    t.answer("08:40", "电话指导后恢复正常")
    t.file("08:50", "lin")
    t.callback("03-02 10:00")
    t.judged("order- visitx complaint+ result+ callback+")


def an_answer_does_not_stand_in_for_an_agreed_visit(county):
    """He is on his way: an answer with content, but the customer waits for somebody to come."""
    t = _booked(county)
    t.answer("16:30", "师傅已在路上")
    t.check_in("17:00:00.001", "xu")
    t.complete("03-04 08:30:00.001", "xu")
    t.file("03-04 08:40", "xu")
    t.callback("03-05 10:00")
    t.judged(KEPT.replace("visit+", "visit-").replace("complaint+", "complaint-"))
    t.fine("7.3", "xu", "complaint#1", due="03-04 08:30", actual="03-04 08:30:00.001")


def an_answer_after_the_visit(county):
    """Somebody was there and could not do it; what was answered then settles it."""
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.leave("16:00", "xu")
    t.answer("03-02 09:00", "厂家同意更换新机,用户同意")
    t.file("03-04 09:00", "lin")
    t.callback("03-05 10:00")
    t.judged(KEPT)


def reopened(county):
    """New complaint and visit instances; old verdicts stay."""
    t = _booked(county)
    _finish(t)
    t.reopen("03-02 10:05", "又坏了")
    t.fill("03-02 10:06")
    t.contact("03-02 10:07")
    t.book("03-02 10:08", "03-02 15:00-17:00")
    t.done("xu", accept="03-02 10:15", contact="03-02 10:20", check_in="03-02 15:10",
           complete="03-02 16:00", file="03-02 16:10", callback="03-03 10:00")
    t.dues["complaint#2"] = "03-05 10:05:00"
    _evidence(county, "03-09 16:10:00")
    t.all_kept("dispatch#33+ accept#33+ contact#33+ visit#17+ complaint#2+ result#17+ "
               "callback#17+")


# ---- 4 what the callback tells ----

OWED = {"7.21": "give back what was taken", "7.22": "apology at the door"}


def _proposed(county, clause, whose, fen, at="03-02 10:00", ref="x1"):
    """Put before the manager, and confirmed by him: what he names says which territory it is in."""
    cause = "{%s}/callback#1" % ref
    key = "%s/%s/%s" % (clause, account(whose), cause)
    county.day.propose(clause, whose, cause)
    county.day.send("confirm-" + clause, "04-05 10:00", "liu", "confirm_proposal",
                    {"proposal": key}, county.name, call=True)
    county.day.entry(clause, whose, cause, "{%s}" % ref, fen, actual=at,
                     reason="PROPOSED_BY_CALLBACK")
    if clause in OWED:
        county.day.books.append(("obligation_opened", key + "/owed#1", OWED[clause]))


def conduct_is_whose_visit_it_was(county):
    """The clerk filed the result and answers for it; for conduct, who was at the customer's."""
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00")
    t.file("16:10", "lin")
    t.callback("03-02 10:00", fixed=False, work_clothes=False, charged_fen=5000)
    t.all_kept()
    _proposed(county, "7.5", "lin", -10000)
    _proposed(county, "7.9", "xu", -5000)
    _proposed(county, "7.22", "xu", -50000)


def conduct_of_the_later_visitor(county):
    """By when it happened, not by when it came in; who found nobody was at no customer's."""
    t = _booked(county)
    t.check_in("15:30", "huang", sent="16:05")
    t.leave("15:40", "huang")
    t.check_in("15:45", "xu")
    t.complete("16:00", "xu")
    t.check_in("16:02", "yang", absent=True)
    t.file("16:10", "lin")
    t.callback("03-02 10:00", attitude=False)
    t.all_kept()
    _proposed(county, "7.10", "xu", -10000)


def conduct_when_nobody_said_who_was_there(county):
    """The technician who filed the result; if a clerk did, the manager finds out."""
    for ref, who, whose in (("x1", "xu", "xu"), ("x2", "lin", "liu")):
        t = _repair(county, ref=ref)
        t.order("15:00-17:00")
        t.done("xu", accept="08:40:00", contact="08:45:00")
        t.file("16:10", who)
        t.callback("03-02 10:00", shoe_covers=False)
        t.all_kept()
        _proposed(county, "7.20", whose, -2000, ref=ref)


def called_off_and_nothing_filed(county):
    """No result, so none is false and no charge differs from it."""
    t = _booked(county)
    t.cancel("10:00", "又好了")
    t.callback("03-02 10:00", visited=False, fixed=False, charged_fen=0)
    t.judged("order+ dispatch+ accept+ contact+ visitx complaintx callback+")


def called_off_and_paid_all_the_same(county):
    """7.22, private job: ten times the labour collected."""
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.cancel("15:50", "不修了")
    t.leave("15:50", "xu")
    t.callback("03-02 10:00", visited=True, charged_fen=3000, took_nothing=False)
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaintx callback+")
    _proposed(county, "7.22", "xu", -30000)
    _proposed(county, "7.21", "xu", -5000)


def less_paid_than_filed(county):
    """7.22: below the filed charge by more than a yuan, though it is the tariff."""
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00")
    t.file("16:10", "xu", labour=8000)
    t.callback("03-02 10:00", charged_fen=3000)
    t.all_kept()
    _proposed(county, "7.22", "xu", -30000)


def a_callback_belongs_to_its_own_month(county):
    """Made ten minutes before midnight, sent ten minutes after it."""
    t = _repair(county, at="03-30 08:30:00")
    t.order("03-30 15:00-17:00")
    t.done("xu", accept="03-30 08:40", contact="03-30 08:45", check_in="03-30 15:30",
           complete="03-30 16:00", file="03-30 16:10")
    t.callback("03-31 23:50", work_clothes=False, sent="04-01 00:10")
    t.all_kept()
    _proposed(county, "7.9", "xu", -5000, at="03-31 23:50")
def a_complaint_from_before_the_reopening(county):
    """All was final and forgotten when the ticket was reopened; that he had been late came out
    half an hour later, of the time before."""
    t = _booked(county)
    _finish(t, check_in="17:30", complete="17:40", file="17:50")
    t.reopen("03-08 10:30", "又坏了")
    s = county.service("x2", "03-08 10:00", "lin", t, "NOT_ON_TIME", "上次迟到", typed="03-08 11:00")
    s.fill("03-08 11:01")
    s.contact("03-08 11:02")
    s.done("lin", file="03-08 11:03", callback="03-09 10:05")
    s.judged("order- complaint+ result+ callback+")
    t.cancel("03-08 10:50", "不修了")
    t.callback("03-09 10:00")
    t.judged(KEPT.replace("visit+", "visit-") +
             " dispatch#33+ accept#33x visit#17x complaint#2x callback#17+")
    t.fine("7.6", "xu", "visit#1", due="17:00", actual="17:30", reason="NOT_ON_TIME_AND_COMPLAINT")


# ---- 3.6 the phone ----

def rang_for_twenty_seconds(county):
    county.day.call("c1", "county", "13000000001", "09:00:00.000", "09:00:20.000", judged="-",
                    unanswered=True)
    county.day.entry("7.8", "zhou", "c1/occasion#1", None, -5000, due="09:00:20")


def rang_a_millisecond_less(county):
    county.day.call("c1", "county", "13000000001", "09:00:00.000", "09:00:19.999", judged="x",
                    unanswered=True)


def rang_in_the_lunch_break(county):
    county.day.call("c1", "county", "13000000001", "12:00:00.000", "12:01:00", judged="x",
                    unanswered=True)


def heard_of_last_that_it_rang(county):
    """The offer arrives after the answer and the end: the same verdicts as in any other order."""
    county.day.call("c1", "county", "13000000001", "09:00:00", "09:03:00", agent="lin",
                    answered="09:00:30", offer_sent="09:05:00", judged="+")
    county.day.call("c2", "county", "13000000002", "09:10:00", "09:10:30", offer_sent="09:15:00",
                    judged="-", unanswered=True)
    county.day.entry("7.8", "zhou", "c2/occasion#1", None, -5000, due="09:10:20")


def told_again_of_an_answer_long_ago(county):
    """It does not keep the clerk talking: the call of the next morning is hers to answer."""
    county.day.call("c1", "river", "13000000001", "09:00:00", "09:03:00", agent="tan",
                    answered="09:00:10", judged="+")
    county.day.send("c1-answered", "09:00:10", "phone", "call_answered",
                    {"call": "c1", "answered_by": "PERSON", "agent": "tan"}, "river",
                    sent="14:00:00", call=True)
    county.day.call("c2", "river", "13000000002", "03-02 08:30:00", "03-02 08:30:40", judged="-",
                    unanswered=True)
    county.day.entry("7.8", "tan", "c2/occasion#1", None, -5000, due="03-02 08:30:20")


def rang_into_the_lunch_break(county):
    """Twenty seconds of it inside working time."""
    county.day.call("c1", "county", "13000000001", "11:59:40.000", "12:01:00", judged="-",
                    unanswered=True)
    county.day.entry("7.8", "zhou", "c1/occasion#1", None, -5000, due="12:00:00")


def one_occasion_in_ten_minutes(county):
    """One caller twice: the second call in [first, first + 10 min) is the same occasion."""
    for call, at, end, judged in (("c1", "09:00:00", "09:00:30", "-"),
                                  ("c2", "09:09:59.999", "09:10:30", "x"),
                                  ("c3", "09:10:00", "09:10:40", "-")):
        county.day.call(call, "county", "13000000001", at, end, judged=judged, unanswered=True)
    county.day.entry("7.8", "zhou", "c1/occasion#1", None, -5000, due="09:00:20")
    county.day.entry("7.8", "zhou", "c3/occasion#1", None, -5000, due="09:10:20")
