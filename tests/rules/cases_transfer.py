# SPDX-License-Identifier: MIT
"""A job that goes on in another territory (P2.1). Notation as in cases.py; here River takes over,
where a clerk chooses from the list: Tan in the morning, Peng in the afternoon. Ma does small
appliances there."""
from cases import KEPT, _booked, _repair

HERE = "order+ dispatch+ accept+ contact+ visitx complaintx"


def _there(t, at="08:50", to="river", clerk="tan", **more):
    return t.transfer(at, to, clerk, **more)


def _done_there(t, order="08:52", assign="08:53", accept="08:55", contact="08:58",
                check_in="15:30", complete="16:00", file="16:10", callback="03-02 10:00"):
    t.fill(order)
    t.contact(order)
    t.book(order, "15:00-17:00")
    t.assign(assign, "ma")
    t.done("ma", accept, contact, check_in, complete, file, callback)


def taken_over(county):
    """Nobody of the county is asked for anything any more; the river's half hour begins."""
    t = _booked(county)
    r = _there(t)
    _done_there(r)
    t.judged(HERE)
    r.all_kept()
    r.dues = {"order#1": "09:20:00", "visit#1": "17:00:00", "complaint#1": "03-04 08:30:00"}


def taken_over_while_offered(county):
    """An offer is no obligation once the job has gone."""
    t = _repair(county)
    t.order("15:00-17:00")
    r = _there(t)
    _done_there(r)
    t.judged("order+ dispatch+ acceptx visitx complaintx")
    r.all_kept()


def the_technician_had_not_called(county):
    t = _repair(county)
    t.order("15:00-17:00")
    t.accept("08:40:00", "xu")
    r = _there(t)
    _done_there(r)
    t.judged("order+ dispatch+ accept+ contactx visitx complaintx")
    r.all_kept()


def the_technician_had_called_too_late(county):
    """A millisecond before the transfer his ten minutes were over."""
    t = _repair(county)
    t.order("15:00-17:00")
    t.accept("08:39:59.999", "xu")
    r = _there(t)
    _done_there(r)
    t.judged("order+ dispatch+ accept+ contact- visitx complaintx")
    r.all_kept()


def the_customers_day_goes_on(county):
    """24 hours from the first report, wherever it was made. The order's half hour and the dispatch's
    are the river's own."""
    t = _repair(county)
    t.fill("08:31")
    r = _there(t, "16:00", clerk="peng")
    r.fill("16:05")
    r.contact("16:06")
    r.cancel("03-02 08:31", "用户不修了")
    r.callback("03-03 10:00")
    t.judged("order- visitx complaintx")
    r.judged("order- visit- complaintx callback+")
    r.dues = {"order#1": "16:30:00", "visit#1": "03-02 08:30:00", "complaint#1": "03-04 08:30:00"}


def transferred_as_the_visit_was_due(county):
    """Due 08:30:00.000: what ends at its due was not late; there nobody could be in time."""
    t = _repair(county)
    t.fill("08:31")
    r = _there(t, "03-02 08:30")
    r.fill("03-02 08:35")
    r.cancel("03-02 08:40", "用户不修了")
    r.callback("03-03 10:00")
    t.judged("order- visitx complaintx")
    r.judged("orderx visit- complaintx callback+")
    r.dues = {"visit#1": "03-02 08:30:00"}


def transferred_after_the_visit_was_due(county):
    """The broken promise is the county's; the river makes it anew."""
    t = _repair(county)
    t.fill("08:31")
    r = _there(t, "03-02 08:30:00.001")
    r.fill("03-02 08:35")
    r.cancel("03-02 08:40", "用户不修了")
    r.callback("03-03 10:00")
    t.judged("order- visit- complaintx")
    r.judged("orderx visitx complaintx callback+")
    r.dues = {"visit#1": "03-03 08:30:00.001", "complaint#1": "03-04 08:30:00"}


def an_urgent_complaint_in_time(county):
    """24 hours from the report. Tan has had it for a millisecond: the manager decides."""
    t = _repair(county, urgent=True)
    t.fill("08:31")
    r = _there(t, "03-02 08:29:59.999")
    r.cancel("03-02 08:50:00", "用户不修了")
    r.callback("03-03 10:00")
    t.judged("order- visitx complaintx")
    r.judged("orderx visit- complaint- callback+")
    r.dues = {"complaint#1": "03-02 08:30:00"}
    county.day.propose("7.3", "tan", "{x1~}/complaint#1")
    county.day.books.append(("proposal_expired", "7.3/person:tan/{x1~}/complaint#1",
                             "2007-05-01T22:30:00.001+08:00"))


def an_urgent_complaint_too_late(county):
    t = _repair(county, urgent=True)
    t.fill("08:31")
    r = _there(t, "03-02 08:30:00.001")
    r.cancel("03-02 09:00:00", "用户不修了")
    r.callback("03-03 10:00")
    t.judged("order- visit- complaint-")
    r.judged("orderx visitx complaintx callback+")
    r.dues = {"complaint#1": "03-03 08:30:00.001"}
    t.fine("7.3", "lin", "complaint#1", "03-02 08:30")


def a_result_came_in_after_the_transfer(county):
    """It was done before: Xu was in a cellar. The customer is asked in the county; the river's clerk
    cancels what is left."""
    t = _booked(county)
    t.done("xu", check_in="15:00")
    t.complete("15:40", "xu", sent="16:20")
    t.file("15:45", "xu", sent="16:20")
    r = _there(t, "16:00", clerk="peng")
    r.cancel("16:25", "已修好")
    r.callback("03-02 10:30")
    t.callback("03-02 10:00")
    t.judged(KEPT)
    r.judged("orderx visitx complaintx callback+")


def there_and_back(county):
    """A third ticket, in the county again; Zhou is on duty on Thursdays."""
    t = _booked(county)
    r = _there(t)
    back = r.transfer("09:00", "county", "zhou")
    back.number = None
    back.judged("order- visit- complaint-")
    t.judged(HERE)
    r.judged("orderx visitx complaintx")
    back.fine("7.3", "zhou", "complaint#1", "03-04 08:30")


def it_had_become_urgent(county):
    """24 hours from then on, here as there; and what was promised at first still stands."""
    t = _repair(county)
    t.fill("08:31")
    t.make_urgent("14:00", "漏水")
    r = _there(t, "14:05", clerk="peng")
    r.fill("14:10")
    r.contact("14:11")
    r.cancel("03-02 14:00", "用户不修了")
    r.callback("03-03 10:00")
    t.judged("order- visitx complaintx")
    r.judged("order- visit- complaintx callback+")
    r.dues = {"visit#1": "03-02 08:30:00", "complaint#1": "03-02 14:00:00"}


def it_had_become_urgent_a_day_after_the_report(county):
    """The complaint's own time was not over when it moved."""
    t = _repair(county)
    t.fill("08:31")
    t.make_urgent("03-02 08:00", "漏水")
    r = _there(t, "03-02 09:00")
    r.cancel("03-02 09:10", "用户不修了")
    r.callback("03-03 10:00")
    t.judged("order- visit- complaintx")
    r.judged("orderx visitx complaintx callback+")
    r.dues = {"visit#1": "03-03 09:00:00", "complaint#1": "03-03 08:00:00"}


def it_had_become_urgent_and_was_overdue(county):
    t = _repair(county)
    t.fill("08:31")
    t.make_urgent("09:00", "漏水")
    r = _there(t, "03-02 09:00:00.001")
    r.cancel("03-02 09:10", "用户不修了")
    r.callback("03-03 10:00")
    t.judged("order- visit- complaint-")
    r.judged("orderx visitx complaintx callback+")
    r.dues = {"visit#1": "03-03 09:00:00.001", "complaint#1": "03-03 09:00:00.001"}
    t.fine("7.3", "lin", "complaint#1", "03-02 09:00")


def it_is_urgent_no_more(county):
    t = _repair(county)
    t.fill("08:31")
    t.make_urgent("09:00", "漏水")
    t._do("calm", "09:10", "liu", "set_urgency", {"urgent": False})
    r = _there(t, "10:00")
    r.cancel("10:10", "用户不修了")
    r.callback("03-02 10:00")
    t.judged("order- visitx complaintx")
    r.judged("orderx visitx complaintx callback+")
    r.dues = {"visit#1": "03-02 08:30:00", "complaint#1": "03-04 08:30:00"}


def it_had_been_reopened(county):
    """What was promised then counts, not the first report."""
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00", file="16:10")
    t.reopen("03-02 10:00", "又坏了")
    r = _there(t, "03-02 10:20")
    r.cancel("03-02 10:40", "用户不修了")
    r.callback("03-03 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint+ result+ callback#1x "
             "dispatch#33+ accept#33x visit#17x complaint#2x")
    r.judged("orderx visitx complaintx callback+")
    r.dues = {"visit#1": "03-03 10:00:00", "complaint#1": "03-05 10:00:00"}


def it_had_waited_for_a_part(county):
    """How long is not handed over: the promises are made anew."""
    t = _booked(county)
    t.check_in("15:10", "xu")
    t.delay("15:20", "xu", "PARTS", "缺件")
    r = _there(t, "03-03 08:30")
    r.cancel("03-03 08:40", "用户不修了")
    r.callback("03-05 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ delay- complaintx")
    r.judged("orderx visitx complaintx callback+")
    r.dues = {"visit#1": "03-04 08:30:00", "complaint#1": "03-06 08:30:00"}


def twice_as_it_had_become_urgent(county):
    """What goes on once goes on twice."""
    t = _repair(county)
    t.fill("08:31")
    t.make_urgent("14:00", "漏水")
    r = _there(t, "14:05", clerk="peng")
    back = r.transfer("14:10", "county", "zhou")
    back.number = None
    t.judged("order- visitx complaintx")
    r.judged("orderx visitx complaintx")
    back.judged("order- visit- complaint-")
    back.dues = {"visit#1": "03-02 08:30:00", "complaint#1": "03-02 14:00:00"}
    back.fine("7.3", "zhou", "complaint#1", "03-02 14:00")


def without_a_grace_of_the_callback(county):
    """Nobody is called back for what goes on elsewhere, and that is final at once."""
    t = _booked(county)
    r = _there(t)
    _done_there(r)
    t.judged(HERE)
    r.all_kept()


without_a_grace_of_the_callback.rulebook = (
    "    afternoon: \"12:00\"    # our default: where the afternoon begins; before it is the morning\n"
    "    evening: \"18:00\"      # our default\n    base: working\n    grace: 2h",
    "    afternoon: \"12:00\"\n    evening: \"18:00\"\n    base: working\n    grace: 0m")
