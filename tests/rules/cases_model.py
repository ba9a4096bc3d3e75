# SPDX-License-Identifier: MIT
"""Cases that the independent model (tests/model) found. Notation as in cases.py."""
from cases import KEPT, _repair
from cases_returns import EARLY, _check, _record


def he_took_it_before_he_was_asked(county):
    """The booking came late, so he was asked late; he had taken the job by then, and his word came
    later still, within the grace. He is in time, whenever we heard of it."""
    t = _repair(county)
    t.fill("08:31")
    t.contact("08:32")
    t.book("08:33", "15:00-17:00", sent="09:40")
    t.accept("08:50", "xu", sent="10:30")
    t.contact("10:32", "xu")
    t.done("xu", check_in="15:30", complete="16:00", file="16:10", callback="03-02 10:00")
    t.judged("order+~ dispatch- dispatch#2x accept+~ contact- visit+ complaint+ result+ callback+")


def agreed_before_it_became_urgent(county):
    """When Lin proposed Saturday, the complaint was due on Sunday; that it became urgent afterwards
    is not her doing."""
    t = _repair(county)
    t.order("03-03 10:00-12:00", wish="COMPANY")
    t.done("xu", accept="08:40:00", contact="08:45:00")
    t.make_urgent("03-02 09:00", "漏电")
    t.done("xu", check_in="03-03 10:30", complete="03-03 11:00", file="03-03 11:10",
           callback="03-05 10:00")
    t.dues["complaint#1"] = "03-03 09:00:00"
    t.judged(KEPT.replace("complaint+", "complaint-"))
    t.fine("7.3", "xu", "complaint#1", due="03-03 09:00", actual="03-03 11:00")


def a_result_after_the_job_was_called_off(county):
    """Called off in March, done all the same in April, and the customer has told us of it: he is one
    of April's."""
    t = _repair(county, at="03-31 08:30:00")
    t.cancel("03-31 08:50", "又好了")
    t.file("04-02 10:00", "xu")
    t.callback("04-03 10:00")
    t.judged("orderx visitx complaintx callback+")
    county.day.sheet("county", 200704, "05-02 10:00")
    county.day.drawn["county/200704"] = (0, 1, 1, 0)


def a_second_result_after_its_callback_is_long_over(county):
    """The customer has been called, and nobody remembers the ticket for that any more: April has a
    result all the same, and so a sheet, handed in on 2 May."""
    t = _repair(county, at="03-30 15:00:00")
    t.order("03-30 16:00-17:00")
    t.done("xu", accept="03-30 15:10", contact="03-30 15:12", check_in="03-30 16:30",
           complete="03-30 16:50", file="03-30 17:00", callback="03-31 08:00")
    t._do("result", "04-02 10:00", "xu", "file_result", {"fixed": True})
    t.all_kept()


def the_report_comes_after_the_seventh_day(county):
    """22 February to 1 March is 7 days: seen on the installation and asked about at once. The report
    that 8.7 wants comes two days later, and the right revives as it was."""
    t = county.install("x1", "08:30:00", "lin", "田甲", "城东 解放路 1 号", "television A1", "安装",
                       channel="COUNTER")
    t.order("15:00-17:00")
    t.done("huang", accept="08:40:00", contact="08:45:00", check_in="15:10")
    _check(t, "15:20", dict(EARLY, days=7, blocked=["REPORT_MISSING"]), who="huang",
           main_fault=True, accessories_complete=True)
    t.done("huang", complete="16:00", file="16:10", callback="03-02 10:00")
    t.all_kept()
    _record(t, "03-03 09:00", dict(EARLY, days=7, reported_on="2007-03-01",
                                   returned_on="2007-03-03"), report="MATCHES")


def a_result_of_before_the_offer_came_in_after_the_acceptance(county):
    """Lin settled it on the telephone and says so two hours later; Xu was asked meanwhile, and his
    call to the customer shows that he had accepted. It costs him nothing."""
    t = _repair(county, at="09:00:00")
    t.fill("09:01")
    t.contact("09:02")
    t.assign("09:40", "xu")
    t.contact("09:50", "xu")
    t._do("result", "09:10", "lin", "file_result", {"fixed": True}, sent="11:00")
    t.callback("03-02 10:00")
    t.judged("order- accept+ contact- visit+ complaint+ result+ callback+")


def asked_for_somebody_else_at_the_same_instant(county):
    """Two wishes, not one that was told twice."""
    t = _repair(county)
    t.fill("08:31")
    t.contact("08:32")
    t.assign("08:40", "nobody", outcome="REFUSED", reason="UNKNOWN_ACCOUNT")
    t.assign("08:40", "xu")
    t.done("xu", accept="08:45", contact="08:50", check_in="09:30", complete="10:00", file="10:10",
           callback="03-02 10:00")
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")
