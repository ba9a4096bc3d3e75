# SPDX-License-Identifier: MIT
"""More cases of test_rules.py: callbacks (P-2.1), what their answers propose, the month's satisfaction
sheet (P4, 7.2) and the sheet of the week (P3.2). March 2007 ends on a Saturday: its sheet is drawn at
the end of Sunday, 1 April, and due on Wednesday the 4th at 18:00, when Lin has been on duty."""
from cases import KEPT, _booked, _finish, _install, _repair
from cases_archive import _evidence
from cases_visits import OWED, _proposed

DUE = "04-04 18:00:00"


# ---- P-2.1: every end of a job is called back once ----

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


# ---- 4: what the answers propose ----

def charged_to_the_fen(county):
    """7.22: a fen above the tariff is too much; a yuan below it is not too little, a fen more is."""
    for ref, date, paid, fine in (("x1", "03-01", 3001, -30010), ("x2", "03-05", 3000, None),
                                  ("x3", "03-06", 2900, None), ("x4", "03-07", 2899, -30000)):
        t = _job(county, ref, date, callback=None)
        t.callback(date + " 17:00", charged_fen=paid)
        t.all_kept()
        if fine:
            _proposed_in(county, t, "7.22", "xu", fine, date + " 17:00")


def parts_are_no_repair_fee(county):
    """7.22: 10.00 of parts and 40.00 of labour were filed, 60.00 were taken for both."""
    t = _job(county, "x1", "03-01", callback=None, file=None)
    t.file("16:10", "xu", labour=3000, parts=1000)
    t.callback("17:00", charged_fen=6000)
    t.all_kept()
    _proposed(county, "7.22", "xu", -50000, at="17:00")


def all_that_a_callback_can_tell(county):
    """One proposal for each clause, though two answers speak of 7.5."""
    t = _job(county, "x1", "03-01", callback=None)
    t.callback("17:00", fixed=False, visited=False, on_time=False, work_clothes=False,
               attitude=False, no_exaggeration=False, shoe_covers=False, took_nothing=False,
               charged_fen=4000)
    t.all_kept()
    for clause, fen in (("7.5", -10000), ("7.9", -5000), ("7.10", -10000), ("7.12", -10000),
                        ("7.20", -2000), ("7.21", -5000), ("7.22", -40000)):
        _proposed(county, clause, "xu", fen, at="17:00")


def nothing_wrong_at_all(county):
    t = _job(county, "x1", "03-01", callback=None)
    t.callback("17:00", fixed=True, visited=True, on_time=True, work_clothes=True, attitude=True,
               no_exaggeration=True, shoe_covers=True, took_nothing=True, charged_fen=3000)
    t.all_kept()


# ---- P4, 7.2: the month's satisfaction sheet ----

def _job(county, ref, date, callback="17:00", sort="repair", file="16:10", **answers):
    """Reported, done and called back on one day."""
    make = _repair if sort == "repair" else _install
    who = "xu" if sort == "repair" else "huang"
    t = make(county, at=date + " 08:30:00", ref=ref)
    t.order(date + " 15:00-17:00")
    t.done(who, accept=date + " 08:40:00", contact=date + " 08:45:00", check_in=date + " 15:30",
           complete=date + " 16:00", file=file and date + " " + file)
    if callback:
        t.callback(callback if " " in callback else date + " " + callback, **answers)
    t.all_kept()
    return t


def _proposed_in(county, t, clause, whose, fen, at):
    cause = "{%s}/callback#1" % t.ref
    key = "%s/person:%s/%s" % (clause, whose, cause)
    county.day.propose(clause, whose, cause)
    county.day.send("confirm-%s-%s" % (clause, t.ref), "04-05 10:00", "liu", "confirm_proposal",
                    {"proposal": key}, county.name, call=True)
    county.day.entry(clause, whose, cause, "{%s}" % t.ref, fen, actual=at,
                     reason="PROPOSED_BY_CALLBACK")
    if clause in OWED:
        county.day.books.append(("obligation_opened", key + "/owed#1", OWED[clause]))


def _fine(county, whose="lin", due=DUE, month=200703, reason="FINAL_BREACH"):
    county.day.entry("7.2", whose, "county/%d" % month, None, -5000, due=due, reason=reason)


def handed_in_in_the_last_millisecond(county):
    _job(county, "x1", "03-01")
    county.day.sheet("county", 200703, "04-04 18:00:00.000")
    county.day.sheet_dues["county/200703"] = DUE


def handed_in_a_millisecond_late(county):
    """At six nobody is on duty any more: it is Lin's, who was until then, whoever brings it."""
    _job(county, "x1", "03-01")
    county.day.sheet("county", 200703, "04-04 18:00:00.001", "zhou", sign="-")
    _fine(county)


def handed_in_in_time_and_told_a_millisecond_late(county):
    """There is no grace: what has not arrived at the due does not count."""
    _job(county, "x1", "03-01")
    county.day.sheet("county", 200703, "04-04 17:30", sent="04-04 18:00:00.001", sign="-")
    _fine(county)


def never_handed_in(county):
    _job(county, "x1", "03-01")
    county.day.no_sheet("county", 200703)
    _fine(county)


def handed_in_before_it_was_drawn(county):
    """On Sunday at midnight less a millisecond there was no sheet yet."""
    _job(county, "x1", "03-01")
    county.day.sheet("county", 200703, "04-01 23:59:59.999", sign="-", outcome="REFUSED",
                     reason="SHEET_NOT_DRAWN")
    _fine(county)


def handed_in_as_soon_as_it_was_drawn(county):
    _job(county, "x1", "03-01")
    county.day.sheet("county", 200703, "04-02 00:00:00.000")


def handed_in_by_the_manager(county):
    """Whoever brings it, it is there."""
    _job(county, "x1", "03-01")
    county.day.sheet("county", 200703, "04-03 09:00", "liu")


def handed_in_twice(county):
    """The second time changes nothing, though it comes too late."""
    _job(county, "x1", "03-01")
    county.day.sheet("county", 200703, "04-03 09:00")
    county.day.sheet("county", 200703, "04-04 18:30", "zhou", sign=None, outcome="NO_EFFECT",
                     reason="SHEET_HANDED_IN_BEFORE")


def handed_in_by_two_of_whom_one_has_a_fast_clock(county):
    """Told first, but done half a minute after six by her own clock; the other was earlier."""
    _job(county, "x1", "03-01")
    county.day.sheet("county", 200703, "04-04 18:00:30", "zhou", sent="04-04 17:59:30")
    county.day.sheet("county", 200703, "04-04 17:59:40", "lin", sign=None)


def handed_in_when_nobody_was_on_duty(county):
    """Put before the manager."""
    _job(county, "x1", "03-01")
    county.day.no_sheet("county", 200703)
    county.day.propose("7.2", "liu", "county/200703")
    county.day.send("confirm", "04-05 10:00", "liu", "confirm_proposal",
                    {"proposal": "7.2/person:liu/county/200703"}, county.name, call=True)
    _fine(county, "liu", reason="NOBODY_ROSTERED")


handed_in_when_nobody_was_on_duty.directory = ("[mon, tue, wed]\n", "[mon, tue]\n")


def a_month_ends_at_midnight(county):
    """A result of its last millisecond, and one of the next month's first. April ends on a Monday;
    its sheet is due on Thursday, when Zhou is on duty."""
    _job(county, "x1", "03-31", file="23:59:59.999", callback="04-02 10:00")
    t = _job(county, "x2", "03-31", sort="install", file=None, callback=None)
    t.file("04-01 00:00:00.000", "lin")
    t.callback("04-02 11:00")
    county.day.sheet("county", 200703, "04-02 12:00")
    county.day.no_sheet("county", 200704)
    county.day.sheet_dues.update({"county/200703": DUE, "county/200704": "05-03 18:00:00"})
    county.day.drawn.update({"county/200703": (0, 0, 0, 0), "county/200704": (0, 1, 0, 1)})
    _fine(county, "zhou", "05-03 18:00", 200704)


def told_a_day_later(county):
    """Filed on the last evening, told on Sunday just before the sheet is drawn: it is March's."""
    t = _job(county, "x1", "03-31", sort="install", file=None, callback=None)
    t.file("03-31 23:30", "huang", sent="04-01 23:29:59.999")
    t.callback("04-02 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ result- callback+")
    county.day.drawn["county/200703"] = (0, 0, 0, 0)


def told_more_than_a_day_later(county):
    """Judged when it came: April's."""
    t = _job(county, "x1", "03-31", file=None, callback=None)
    t.file("03-31 23:30", "xu", typed="04-01 23:30:00.001")
    t.callback("04-02 10:00")
    t.judged(KEPT.replace("result+", "result-"))
    t.fine("7.4", "xu", "completion#1", due="04-01 04:00", actual="04-01 23:30:00.001")
    county.day.sheet("county", 200704, "05-02 10:00")
    county.day.drawn["county/200704"] = (0, 1, 1, 0)


def a_month_without_a_result(county):
    """Nothing was done, so there is nothing to ask about and nothing to hand in."""
    t = _booked(county)
    t.cancel("10:00", "又好了")
    t.callback("03-02 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visitx complaintx callback+")
    county.day.sheet("county", 200703, "04-03 10:00", sign=None, outcome="REFUSED",
                     reason="NO_SUCH_SHEET")


def a_month_in_which_nobody_was_reached(county):
    """An empty sheet is handed in all the same."""
    t = _job(county, "x1", "03-01", callback=None)
    for at in ("03-02 10:00", "03-02 15:00", "03-03 10:00"):
        t.callback(at, reached=False)
    county.day.no_sheet("county", 200703)
    county.day.drawn["county/200703"] = (0, 0, 0, 0)
    _fine(county)


def answers_of_other_months_and_matters(county):
    """A complaint about service is on no sheet, nor is who answered only in the next month."""
    t = _job(county, "x1", "03-30", callback="04-02 10:00")
    s = county.service("x2", "03-30 17:00", "lin", t, "ATTITUDE", "说话难听")
    s.fill("03-30 17:01")
    s.contact("03-30 17:02")
    s.answer("03-30 17:10", "经理已致歉")
    s.file("03-30 17:20", "lin")
    s.callback("03-31 10:00")
    s.all_kept()
    _job(county, "x3", "03-29")
    county.day.drawn["county/200703"] = (0, 1, 1, 0)


DATES = ["03-%02d" % day for day in range(5, 32) if day not in (11, 18, 25)]


def _month(county, repairs, installs):
    kinds = ["repair"] * repairs + ["install"] * installs
    for i, (kind, date) in enumerate(zip(kinds, DATES, strict=False)):
        _job(county, "x%d" % (i + 1), date, sort=kind)


def four_repairs_and_two_installs(county):
    """Less than one block: all of them."""
    _month(county, 4, 2)
    county.day.drawn["county/200703"] = (0, 6, 4, 2)


def many_repairs_and_no_install(county):
    _month(county, 7, 0)
    county.day.drawn["county/200703"] = (0, 7, 7, 0)


def one_install_to_eleven_repairs(county):
    """Two blocks of repairs, but installs for one."""
    _month(county, 11, 1)
    county.day.drawn["county/200703"] = (1, 6, 11, 1)


def many_installs_to_nine_repairs(county):
    _month(county, 9, 6)
    county.day.drawn["county/200703"] = (1, 6, 9, 6)


def exactly_two_blocks(county):
    _month(county, 10, 2)
    county.day.drawn["county/200703"] = (2, 12, 10, 2)


def answered_twice_in_a_month(county):
    """A reopened ticket is on the sheet once."""
    t = _job(county, "x1", "03-05")
    t.reopen("03-06 09:00", "又坏了")
    t.fill("03-06 09:01")
    t.contact("03-06 09:02")
    t.book("03-06 09:03", "03-06 15:00-17:00")
    t.done("xu", accept="03-06 09:10", contact="03-06 09:12", check_in="03-06 15:30",
           complete="03-06 16:00", file="03-06 16:10", callback="03-06 17:00")
    t.judged(KEPT + " dispatch#33+ accept#33+ contact#33+ visit#17+ complaint#2+ "
             "result#17+ callback#17+")
    _evidence(county, "03-13 16:10:00")
    county.day.drawn["county/200703"] = (0, 1, 1, 0)


# ---- P3.2: the sheet of the week ----

def the_weeks_sheet_on_monday_at_noon(county):
    _job(county, "x1", "03-01")
    county.day.week("xu", "02-26", "03-05 12:00:00.000", "county")
    county.day.sheet_dues["xu/2007-02-26"] = "03-05 12:00:00"


def the_weeks_sheet_a_millisecond_later(county):
    """An alert and a line in the table; it costs nothing."""
    _job(county, "x1", "03-01")
    county.day.week("xu", "02-26", "03-05 12:00:00.001", "county", sign="-")


def the_weeks_sheet_told_a_millisecond_later(county):
    _job(county, "x1", "03-01")
    county.day.week("xu", "02-26", "03-05 11:00", "county", sent="03-05 12:00:00.001", sign="-")


def the_weeks_sheet_before_the_work(county):
    """Handed in on Saturday at noon; he was at a customer's once more after that."""
    county.day.week("xu", "02-26", "03-03 12:00", "county")
    _job(county, "x1", "03-03")


def the_sheet_of_another_week(county):
    _job(county, "x1", "03-01")
    county.day.week("xu", "03-05", "03-05 09:00", "county", sign=None)
    county.day.no_week("xu", "02-26")


def a_week_begins_on_monday(county):
    """Sunday's last millisecond belongs to the week before."""
    t = _repair(county, at="03-03 08:30:00")
    t.order("03-03 15:00-17:00")
    t.done("xu", accept="03-03 08:40", contact="03-03 08:45")
    t.check_in("03-04 23:59:59.999", "xu")
    t.complete("03-05 00:00:00.000", "xu")
    t.file("03-05 08:10", "xu")
    t.callback("03-05 17:00")
    t.judged(KEPT.replace("visit+", "visit-"))
    county.day.week("xu", "02-26", "03-05 09:00", "county")
    county.day.no_week("xu", "03-05")


def a_week_without_work(county):
    """Who found nobody at home has worked nowhere."""
    t = _booked(county)
    t.check_in("15:30", "xu", absent=True)
    t.cancel("16:30", "不修了")
    t.callback("03-02 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaintx callback+")
