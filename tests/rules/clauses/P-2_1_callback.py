# SPDX-License-Identifier: MIT
"""P-2.1 callback: every job that is over is called back by the end of work on the third working day: the
customer is reached, or three attempts on two days and at two times of the day were in vain."""

from cases import KEPT, _booked, _finish


def called_on_two_days_but_only_in_the_morning(county):
    """Three attempts on two days are not enough while all are at one time of the day; the fourth in
    the afternoon is. A minute to six on the third working day is the last chance."""
    t = _booked(county)
    _finish(t, callback=None)
    for at in ("03-02 10:00", "03-02 11:00", "03-03 11:59:59.999", "03-05 18:00:00.000"):
        t.callback(at, reached=False)
    t.dues["callback#1"] = "03-05 18:00:00"
    t.all_kept()


def called_in_the_mornings_and_then_too_late(county):
    t = _booked(county)
    _finish(t, callback=None)
    for at in ("03-02 10:00", "03-02 11:00", "03-03 11:59:59.999", "03-05 18:00:00.001"):
        t.callback(at, reached=False)
    t.judged(KEPT.replace("callback+", "callback-"))


def called_at_noon_as_well(county):
    """At twelve the afternoon begins."""
    t = _booked(county)
    _finish(t, callback=None)
    for at in ("03-02 10:00", "03-02 11:00", "03-03 12:00:00.000"):
        t.callback(at, reached=False)
    t.callback("03-03 15:00", outcome="NO_EFFECT", reason="NO_CALLBACK_OPEN")
    t.all_kept()


def one_callback_whatever_else_ends(county):
    """A corrected result and a cancellation after it ask for no other; a reopening does."""
    t = _booked(county)
    _finish(t, callback=None)
    t.file("16:20", "lin")
    t.cancel("16:30", "已办完")
    t.callback("03-02 10:00")
    t.reopen("03-02 11:00", "又坏了")
    t.cancel("03-02 11:10", "不修了")
    t.callback("03-03 10:00")
    t.judged(KEPT + " dispatch#33+ accept#33x visit#17x complaint#2x callback#17+")


def reopened_before_anybody_called(county):
    """The first callback's clock is cancelled; an answer about it finds no task until the new end."""
    t = _booked(county)
    _finish(t, callback=None)
    t.reopen("03-02 11:00", "又坏了")
    t.callback("03-02 11:05", outcome="NO_EFFECT", reason="NO_CALLBACK_OPEN", fixed=False)
    t.cancel("03-02 11:10", "不修了")
    t.callback("03-03 10:00")
    t.judged(KEPT.replace("callback+", "callbackx") +
             " dispatch#33+ accept#33x visit#17x complaint#2x callback#17+")


def answered_before_the_end_that_is_asked_about(county):
    """What was said before the result was filed is no answer about it, however late it comes in."""
    t = _booked(county)
    _finish(t, file="16:10", callback=None)
    t.callback("16:05", sent="16:20", fixed=False, outcome="NO_EFFECT", reason="NO_CALLBACK_OPEN")
    t.callback("03-02 10:00")
    t.all_kept()
