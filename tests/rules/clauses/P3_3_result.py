# SPDX-License-Identifier: MIT
"""P3.3 result: filed within twelve hours of the completion. Of a complaint a late one is 7.4, of an
installation an alert."""

from cases import _install


def an_installation_has_no_complaint_clock(county):
    """And its result may be late without a fine: 7.4 is about complaints."""
    t = _install(county)
    t.order("15:00-17:00")
    t.done("huang", accept="08:40:00", contact="08:45:00", check_in="15:10", complete="16:00",
           file="03-02 09:00", callback="03-03 10:00")
    t.dues["result#1"] = "03-02 04:00:00"
    t.judged("order+ dispatch+ accept+ contact+ visit+ result- callback+")


def _installed(county, file):
    t = _install(county)
    t.order("15:00-17:00")
    t.done("huang", accept="08:40:00", contact="08:45:00", check_in="15:10", complete="16:00",
           file=file, callback="03-03 10:00")
    t.dues["result#1"] = "03-02 04:00:00"
    return t


def an_installation_filed_in_the_last_millisecond(county):
    _installed(county, "03-02 04:00:00.000").all_kept()


def an_installation_filed_a_millisecond_late(county):
    t = _installed(county, "03-02 04:00:00.001")
    t.judged("order+ dispatch+ accept+ contact+ visit+ result- callback+")
