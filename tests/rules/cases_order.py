# SPDX-License-Identifier: MIT
"""Whatever arrives first: the order in which facts come in within the graces changes no verdict and
no entry. Notation as in cases.py."""
from cases import _booked, _repair
from cases_visits import _proposed


def the_second_callback_came_in_first(county):
    """He was reached at ten, and content; what he said ten minutes later is no answer any more."""
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00", file="16:10")
    t.callback("03-02 10:00", sent="03-02 11:30")
    t.callback("03-02 10:10", attitude=False)
    t.all_kept()


def the_first_callback_came_in_second(county):
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00", file="16:10")
    t.callback("03-02 10:00", sent="03-02 12:00", attitude=False)
    t.callback("03-02 10:10")
    t.all_kept()
    _proposed(county, "7.10", "xu", -10000)


def a_callback_after_its_grace(county):
    """A millisecond more than two hours after the first that was known."""
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00", file="16:10")
    t.callback("03-02 10:00", sent="03-02 12:10:00.001", outcome="NO_EFFECT",
               reason="NO_CALLBACK_OPEN", attitude=False)
    t.callback("03-02 10:10")
    t.all_kept()


def the_callback_came_in_before_its_result(county):
    """As of then nobody is to be called; what was said counts when the result is there."""
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00")
    t.file("16:10", "xu", sent="03-01 17:30")
    t.callback("16:20", outcome="NO_EFFECT", reason="NO_CALLBACK_OPEN", attitude=False)
    t.all_kept()
    _proposed(county, "7.10", "xu", -10000, at="03-01 16:20")


def the_corrected_result_came_in_after_the_callback(county):
    """Before the customer was asked, the result said that it is not fixed."""
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00", file="16:10")
    t._do("result", "03-02 09:30", "xu", "file_result", {"fixed": False}, sent="03-02 11:20")
    t.callback("03-02 10:00", fixed=False)
    t.all_kept()


def the_result_was_corrected_after_the_callback(county):
    """What he was asked about was the result that there was."""
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00", file="16:10")
    t._do("result", "03-02 10:30", "xu", "file_result", {"fixed": False})
    t.callback("03-02 10:00", fixed=False)
    t.all_kept()
    _proposed(county, "7.5", "xu", -10000)


def the_visitor_came_in_after_result_and_callback(county):
    """The clerk filed it; who had been there was known an hour after the customer's words."""
    t = _booked(county)
    t.check_in("15:30", "xu", sent="03-01 17:25")
    t.leave("16:00", "xu")
    t.file("16:10", "lin")
    t.callback("16:20", attitude=False)
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint+ result+ callback+")
    _proposed(county, "7.10", "xu", -10000, at="03-01 16:20")


# ---- what a job pays ----

def _paid(county, who, month, fen):
    county.day.statements.append(("person:" + who, month, {"pieces_fen": fen}))


def who_had_been_there_was_known_after_the_result(county):
    """The clerk filed it; the technician's telephone had been in a cellar. It is his job."""
    t = _booked(county)
    t.check_in("15:30", "xu", sent="03-01 17:25")
    t.file("16:10", "lin")
    t.callback("03-02 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint+ result+ callback+")
    _paid(county, "xu", 200703, "1600")


def the_first_result_came_in_second(county):
    """Filed at the end of March, corrected in April: the job is one of March."""
    t = _repair(county, at="03-31 15:00:00")
    t.order("03-31 16:00-17:00")
    t.done("xu", accept="03-31 15:10", contact="03-31 15:12", check_in="03-31 16:30",
           complete="03-31 17:00")
    t._do("result", "04-01 00:10", "xu", "file_result", {"fixed": True})
    t.file("03-31 23:30", "xu", sent="04-01 00:30")
    t.callback("04-02 10:00")
    t.all_kept()
    _paid(county, "xu", 200703, "1600")


def the_distance_was_corrected_before_the_result_and_known_after_it(county):
    """Far out, as the clerk knew at noon and wrote down in the evening."""
    t = _repair(county, product="television A1", km=5)
    t.fill("08:31")
    t.contact("08:32")
    t.assign("08:33", "huang")
    t.done("huang", accept="08:40", contact="08:45", check_in="15:30", complete="16:00",
           file="16:10", callback="03-02 10:00")
    t.correct_address("12:00", "城东 解放路 1 号", 30, sent="18:00")
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")
    _paid(county, "huang", 200703, "2500")


# ---- the phone ----

def its_end_was_told_when_who_was_talking_is_forgotten(county):
    """Both clerks were talking when it rang, but nobody remembers calls for as long as the end of
    another may be on its way: it is not judged, and on the list of those to be called back."""
    for call, clerk in (("c1", "zhou"), ("c2", "lin")):
        county.day.call(call, "county", "1300000000" + call[1], "09:00:00", "09:03:00", agent=clerk,
                        answered="09:00:05")
    county.day.call("c3", "county", "13000000003", "09:01:00", "09:01:30", end_sent="17:30:00",
                    judged="x", unanswered=True)


def its_end_was_told_a_millisecond_after_the_grace(county):
    county.day.call("c3", "county", "13000000003", "09:01:00", "09:01:30",
                    end_sent="11:01:30.001", judged="x", unanswered=True)


def its_end_was_told_in_the_last_millisecond(county):
    county.day.call("c3", "county", "13000000003", "09:01:00", "09:01:30", end_sent="11:01:30.000",
                    judged="-", unanswered=True)
    county.day.entry("7.8", "zhou", "c3/occasion#1", None, -5000, due="09:01:20")


def who_was_talking_is_remembered_for_as_long_as_it_can_matter(county):
    """The last millisecond again, with both clerks on the line at the time: nobody pays."""
    for call, clerk in (("c1", "zhou"), ("c2", "lin")):
        county.day.call(call, "county", "1300000000" + call[1], "09:00:00", "09:01:20.000",
                        agent=clerk, answered="09:00:05")
    county.day.call("c3", "county", "13000000003", "09:01:00", "10:31:00", end_sent="12:31:00.000",
                    judged="x", unanswered=True)


def no_phone_rings_for_more_than_two_hours(county):
    county.day.call("c3", "county", "13000000003", "09:01:00", "11:01:00.001", judged="x",
                    unanswered=True)


# ---- internal work ----

def internal_work_that_is_done_is_offered_to_nobody(county):
    """Nothing follows it: the watcher lets go of it after the longest grace."""
    t = county.system("x1", "08:30:00", "lin", "盘点配件")
    t.assign("08:35", "xu")
    t.accept("08:45", "xu")
    t.complete("09:30", "xu")
    t.assign("10:00", "yang", outcome="REFUSED", reason="TICKET_CLOSED")
    t.assign("03-02 09:00", "yang", outcome="REFUSED", reason="TICKET_CLOSED")
    t.judged("accept+")
