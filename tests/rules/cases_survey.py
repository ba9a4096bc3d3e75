# SPDX-License-Identifier: MIT
"""More cases of test_rules.py: what the answers of callbacks propose, and the month's satisfaction
sheet handed in (7.2; who is drawn is in clauses/P4_survey_sheet.py). March 2007 ends on a Saturday:
its sheet is drawn at the end of Sunday, 1 April, and due on Wednesday the 4th at 18:00, when Lin has
been on duty."""
from cases import _install, _repair
from cases_visits import OWED, _proposed

DUE = "04-04 18:00:00"


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
