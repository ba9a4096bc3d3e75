# SPDX-License-Identifier: MIT
"""Whatever arrives first: the order in which facts come in within the graces changes no verdict and
no entry. Notation as in cases.py."""
from cases import _booked
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
