# SPDX-License-Identifier: MIT
"""The cases of test_rules.py, in the order of the handbook; from 3.3 on in cases_visits.py. A job of
the category small_appliance in the city has one candidate, Xu; a television has two, Huang and (in
the city) Xu."""

KEPT = "order+ dispatch+ accept+ contact+ visit+ complaint+ result+ callback+"


def _repair(county, at="08:30:00", ref="x1", product="small_appliance A1", **more):
    return county.repair(ref, at, "lin", "田甲", "城东 解放路 1 号", product, "坏了",
                         channel="COUNTER", **more)


def _install(county, at="08:30:00", ref="x1", **more):
    return county.install(ref, at, "lin", "田甲", "城东 解放路 1 号", "television A1", "安装",
                          channel="COUNTER", **more)


def _booked(county, when="15:00-17:00", **more):
    """Reported 08:30, complete 08:32, accepted and contacted at once."""
    t = _repair(county, **more)
    t.order(when)
    t.done("xu", accept="08:40:00", contact="08:45:00")
    return t


def _finish(t, check_in="15:30", complete="16:00", file="16:10", callback="03-02 10:00", who="xu"):
    t.done(who, check_in=check_in, complete=complete, file=file, callback=callback)


# ---- a maker's dispatch in our inbox ----

def _from_a_maker(county, at, by="maker"):
    return county.install("x1", at, by, "田甲", "城东 解放路 1 号", "television A1", "厂家派工",
                          channel="MAKER")


def a_makers_dispatch_at_night(county):
    """Whoever is on duty at the next opening answers for it: on Friday mornings Zhou."""
    t = _from_a_maker(county, "20:00:00")
    t.clerk = "lin"
    t.fill("03-02 08:31")
    t.cancel("03-02 08:40", "厂家撤单")
    t.callback("03-03 10:00")
    t.judged("accept#0- order- visitx callback+")
    t.dues["accept#0"] = "03-02 08:30:00"
    t.fine("7.1", "zhou", "dispatch#0", due="03-02 08:30", actual="03-02 08:31")


def a_makers_dispatch_typed_in_by_a_clerk(county):
    """On Thursdays Zhou is on duty, and Lin only types."""
    t = _from_a_maker(county, "08:30:00", "lin")
    t.fill("09:00:00.001")
    t.cancel("09:00:00.001", "厂家撤单")
    t.callback("03-02 10:00")
    t.judged("accept#0- order- visitx callback+")
    t.fine("7.1", "zhou", "dispatch#0", due="09:00", actual="09:00:00.001")


def a_makers_dispatch_that_nobody_brought(county):
    """7.6: nobody was sent, so the visit is still the clerk's."""
    t = county.install("x1", "20:00:00", "maker", "田甲", "城东 解放路 1 号", "nothing A1",
                       "厂家派工", channel="MAKER")
    t.clerk = "lin"
    t.fill("03-02 08:05")
    t.contact("03-02 08:06")
    t.book("03-02 08:07", "03-02 10:00-12:00")
    t.judged("accept#0+ order+ dispatch- visit-")
    k = county.service("x2", "03-02 14:00:00", "lin", t, "NOT_ON_TIME", "没人来")
    k.cancel("03-02 14:05", "已道歉")
    k.callback("03-03 10:00")
    k.judged("orderx complaintx callback+")
    t.fine("7.6", "zhou", "visit#1", due="03-02 12:00", reason="NOT_ON_TIME_AND_COMPLAINT")


def a_makers_dispatch_that_nobody_was_there_for(county):
    """Nobody is rostered on Fridays: both fines are put before the manager."""
    t = county.install("x1", "20:00:00", "maker", "田甲", "城东 解放路 1 号", "nothing A1",
                       "厂家派工", channel="MAKER")
    t.clerk = "lin"
    t.fill("03-02 09:05")
    t.contact("03-02 09:06")
    t.book("03-02 09:07", "03-02 10:00-12:00")
    t.judged("accept#0- order- dispatch- visit-")
    k = county.service("x2", "03-02 14:00:00", "lin", t, "NOT_ON_TIME", "没人来")
    k.cancel("03-02 14:05", "已道歉")
    k.callback("03-03 10:00")
    k.judged("orderx complaintx callback+")
    for clause, cause, due in (("7.1", "{x1}/dispatch#0", "03-02 08:30"),
                               ("7.6", "{x1}/visit#1", "03-02 12:00")):
        county.day.propose(clause, "liu", cause)
        county.day.manager("confirm-" + clause, "03-05 10:00", "confirm_proposal",
                           {"proposal": "%s/person:liu/%s" % (clause, cause)}, "county")
        county.day.entry(clause, "liu", cause, "{x1}", -5000, due=due,
                         reason="NOBODY_ROSTERED")


a_makers_dispatch_that_nobody_was_there_for.directory = ("[thu, fri, sat]", "[thu, sat]")


# ---- 3.1 met, breached, paused ----

def accepted_in_the_last_millisecond(county):
    """Met iff stop <= due."""
    t = _repair(county)
    t.order("15:00-17:00")
    t.done("xu", accept="09:02:00.000", contact="09:05")
    _finish(t)
    t.dues["accept#1"] = "09:02:00"
    t.all_kept()


def accepted_a_millisecond_late(county):
    """Before anything was taken back: the job is his, and the fine."""
    t = _repair(county)
    t.order("15:00-17:00")
    t.accept("09:02:00.001", "xu")
    t.contact("09:12:00.001", "xu")
    _finish(t)
    t.judged(KEPT.replace("accept+", "accept-"))
    t.fine("7.1", "xu", "dispatch#1", due="09:02:00", actual="09:02:00.001")


def a_pause_lengthens_by_itself(county):
    """Two hours of waiting for a part: 72 hours and two."""
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.delay("15:40", "xu", "PARTS", "缺件")
    t.register_delay("15:45")
    t.resume("17:40", "xu")
    t.done("xu", check_in="03-02 09:00", complete="03-02 10:00", file="03-02 10:10",
           callback="03-03 10:00")
    t.dues["complaint#1"] = "03-04 10:30:00"
    t.all_kept("delay+")


def a_pause_that_begins_at_the_due_changes_nothing(county):
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.delay("03-04 08:30:00.000", "xu", "PARTS", "缺件")
    t.register_delay("03-04 08:31")
    t.resume("03-05 08:30", "xu")
    t.done("xu", check_in="03-05 09:00", complete="03-05 09:30", file="03-05 09:40",
           callback="03-06 10:00")
    t.dues["complaint#1"] = "03-04 08:30:00"
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint- delay+ result+ callback+")
    t.fine("7.3", "xu", "complaint#1", due="03-04 08:30", actual="03-05 09:30")


def closed_while_paused(county):
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.delay("15:40", "xu", "PARTS", "缺件")
    t.register_delay("15:45")
    t.done("xu", check_in="03-03 09:00", complete="03-03 09:30", file="03-03 09:40",
           callback="03-05 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint= delay+ result+ callback+")


# ---- which clocks ----

def a_result_in_the_twelfth_hour(county):
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00", file="03-02 04:00:00.000", callback="03-02 10:00")
    t.all_kept()


def a_result_a_millisecond_later(county):
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00", file="03-02 04:00:00.001", callback="03-02 10:00")
    t.judged(KEPT.replace("result+", "result-"))
    t.fine("7.4", "xu", "completion#1", due="03-02 04:00", actual="03-02 04:00:00.001")


def a_system_ticket_is_only_accepted(county):
    t = county.system("x1", "08:30:00", "lin", "盘点配件")
    t.assign("08:35", "xu")
    t.accept("09:05:00.000", "xu")
    t.cancel("10:00", "改期")
    t.dues["accept#1"] = "09:05:00"
    t.judged("accept+")


def a_complaint_about_service_is_not_dispatched(county):
    """A clerk may ask somebody to look after it; no promise hangs on his answer, and when he does
    not answer nobody else is asked."""
    t = _booked(county)
    _finish(t)
    s = county.service("x2", "09:00", "lin", t, "ATTITUDE", "说话难听")
    s.fill("09:01")
    s.contact("09:02")
    s.assign("09:10", "wang")
    s.answer("11:00", "经理已致歉")
    s.file("11:10", "lin")
    s.callback("03-02 11:00")
    s.all_kept()
    t.all_kept()


def reported_at_night(county):
    """Visit and complaint start at the next opening."""
    t = _repair(county, at="20:00:00")
    t.fill("03-02 08:10")
    t.contact("03-02 08:11")
    t.book("03-02 08:12", "03-02 15:00-17:00")
    t.done("xu", accept="03-02 08:20", contact="03-02 08:25", check_in="03-02 15:10",
           complete="03-02 16:00", file="03-02 16:10", callback="03-03 10:00")
    t.dues.update({"order#1": "03-02 08:30:00", "complaint#1": "03-05 08:00:00"})
    t.all_kept()


def urgent_reports_never_wait(county):
    t = _repair(county, at="20:00:00", urgent=True)
    t.fill("03-02 08:10")
    t.contact("03-02 08:11")
    t.book("03-02 08:12", "03-02 15:00-17:00")
    t.done("xu", accept="03-02 08:20", contact="03-02 08:25", check_in="03-02 15:10",
           complete="03-02 16:00", file="03-02 16:10", callback="03-03 10:00")
    t.dues["complaint#1"] = "03-02 20:00:00"
    t.all_kept()


def made_urgent(county):
    """due = min(old due, upgrade + 24 h)."""
    t = _booked(county)
    t.make_urgent("11:00", "漏电")
    _finish(t)
    t.dues["complaint#1"] = "03-02 11:00:00"
    t.all_kept()


def made_urgent_before_the_opening(county):
    """Urgent ones never wait, from the moment they are: 24 hours from the evening on."""
    t = _repair(county, at="20:00:00")
    t.make_urgent("21:00", "漏电")
    t.fill("03-02 08:10")
    t.contact("03-02 08:11")
    t.book("03-02 08:12", "03-02 15:00-17:00")
    t.done("xu", accept="03-02 08:20", contact="03-02 08:25", check_in="03-02 15:10",
           complete="03-02 16:00", file="03-02 16:10", callback="03-03 10:00")
    t.dues["complaint#1"] = "03-02 21:00:00"
    t.all_kept()


def made_urgent_on_a_saturday_night(county):
    """Broken before Monday's opening: the hours are the clerk's, none of them less than nothing."""
    t = _repair(county, at="03-03 20:00:00")
    t.make_urgent("03-03 21:00", "漏电")
    t.cancel("03-05 09:00", "不修了")
    t.callback("03-05 10:00")
    t.dues.update({"visit#1": "03-04 21:00:00", "complaint#1": "03-04 21:00:00"})
    t.judged("order- visit- complaint- callback+")
    t.fine("7.3", "lin", "complaint#1", due="03-04 21:00")


# ---- 3.2 two times, two-stage verdicts ----

def evidence_in_the_last_millisecond_of_the_grace(county):
    """The acceptance happened in time and arrives at due + 2 h: the breach is withdrawn, and nobody
    has accepted since, so the job is his. That the clerk let it lie is another promise."""
    t = _repair(county)
    t.order("15:00-17:00")
    t.accept("08:50:00", "xu", sent="11:02:00.000")
    t.contact("11:05", "xu")
    _finish(t)
    t.judged("order+ dispatch+ dispatch#2- accept+~ contact- visit+ complaint+ result+ callback+")


def evidence_a_millisecond_too_late(county):
    t = _repair(county)
    t.order("15:00-17:00")
    t.accept("08:50:00", "xu", sent="11:02:00.001", outcome=None)
    t.assign("11:10:00", "xu")
    t.done("xu", accept="11:12", contact="11:15")
    _finish(t)
    t.judged("order+ dispatch+ accept- dispatch#2- accept#2+ contact#2+ visit+ complaint+ result+ "
             "callback+")
    t.fine("7.1", "xu", "dispatch#1", due="09:02:00")


def offers_that_lapsed_before_an_earlier_acceptance_arrived(county):
    """Huang accepted in time, far from any network; Xu was asked instead and did not answer either.
    The job is Huang's, and nobody pays."""
    t = _repair(county, product="television A1")
    t.order("15:00-17:00")
    t.accept("08:50:00", "huang", sent="10:00:00")
    t.contact("08:55", "huang", sent="10:00:00")
    _finish(t, who="huang")
    t.judged("order+ dispatch+ dispatch#2x accept+~ accept#2x~ contact+ visit+ complaint+ "
             "result+ callback+")


def an_offer_that_lapsed_after_somebody_else_had_the_job(county):
    """Huang's acceptance counts for himself; Xu, who had accepted meanwhile, keeps the job."""
    t = _repair(county, product="television A1")
    t.order("15:00-17:00")
    t.accept("08:50:00", "huang", sent="09:30:00", outcome=None)
    t.done("xu", accept="09:10:00", contact="09:15")
    _finish(t)
    t.judged("order+ dispatch+ accept+~ accept#2+ contact#2+ visit+ complaint+ result+ "
             "callback+")


def older_than_a_day_counts_from_its_arrival(county):
    """24 h is old enough to be judged by its own time ..."""
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.complete("16:00:00.000", "xu", sent="03-02 16:00:00.000")
    t.file("03-02 16:10", "xu")
    t.callback("03-03 10:00")
    t.judged(KEPT.replace("result+", "result-"))
    t.dues["result#1"] = "03-02 04:00:00"
    t.fine("7.4", "xu", "completion#1", due="03-02 04:00", actual="03-02 16:10")


def more_than_a_day_old(county):
    """... a millisecond more is not: judged when it arrived."""
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.complete("15:59:59.999", "xu", sent="03-02 16:00:00.000",
               typed="03-02 16:00:00.000")
    t.file("03-02 16:10", "xu")
    t.callback("03-03 10:00")
    t.dues["result#1"] = "03-03 04:00:00"
    t.all_kept()


def put_down_afterwards(county):
    """Done before anybody registered it. What ended before it began is decided when it began."""
    t = _repair(county)
    t.order("15:00-17:00")
    t.complete("08:29:00", "lin", typed="08:40:00")
    t.file("08:29:30", "lin", typed="08:41:00")
    t.callback("03-02 10:00")
    t.judged("order- acceptx visit+ complaint+ result+ callback+")
