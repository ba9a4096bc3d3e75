# SPDX-License-Identifier: MIT
"""Who was on duty: shifts that end, overlap or leave a gap, to the millisecond. Notation as in
cases.py. As shipped, Zhou and Lin share Thursdays; here Zhou has the morning until ten."""
from cases import _from_a_maker
from cases_survey import _fine, _job

THURSDAY = """      - days: [thu, fri, sat]
        hours: ["08:00-12:00", "14:00-18:00"]
        people: [zhou, lin]
"""
WEDNESDAY = """      - days: [mon, tue, wed]
        hours: ["08:00-12:00", "14:00-18:00"]
        people: [lin, zhou]
"""


def _shifts(days, *rows):
    return "".join("      - days: %s\n        hours: [%s]\n        people: [%s]\n" % (
        days, ", ".join('"%s"' % span for span in spans), who) for who, *spans in rows)


def _thursday(*rows):
    return THURSDAY, _shifts("[thu, fri, sat]", *rows)


HAND_OVER = _thursday(("zhou", "08:00-10:00"), ("lin", "10:00-12:00", "14:00-18:00"))
OVERLAP = _thursday(("zhou", "08:00-11:00"), ("lin", "10:00-12:00", "14:00-18:00"))
GAP = _thursday(("zhou", "08:00-10:00"), ("lin", "11:00-12:00", "14:00-18:00"))


def _rang(county, call, offered, due, whose, ended, caller="13000000001"):
    """Rang in vain. whose: None: it is no occasion."""
    county.day.call(call, "county", caller, offered, ended, judged="-" if whose else "x",
                    unanswered=True)
    if whose:
        county.day.entry("7.8", whose, call + "/occasion#1", None, -5000, due=due)


# ---- hand-over ----

def rang_in_the_last_millisecond_of_a_shift(county):
    """Most of its ringing is in Lin's time; it is whose it was at the offer."""
    _rang(county, "c1", "09:59:59.999", "10:00:19.999", "zhou", ended="10:00:40")


def rang_as_the_next_shift_began(county):
    _rang(county, "c1", "10:00:00.000", "10:00:20.000", "lin", ended="10:00:40")


def its_twenty_seconds_ended_with_the_shift(county):
    """A millisecond before the hand-over, at it, and after it."""
    for call, offered, due in (("c1", "09:59:39.999", "09:59:59.999"),
                               ("c2", "09:59:40.000", "10:00:00.000"),
                               ("c3", "09:59:40.001", "10:00:00.001")):
        _rang(county, call, offered, due, "zhou", caller="1300000000" + call[1], ended="10:00:20")


def one_occasion_is_one_clerks(county):
    """One caller within ten minutes: once for Zhou, once for Lin, and not a second time for her."""
    _rang(county, "c1", "09:55:00", "09:55:20", "zhou", ended="09:55:40")
    _rang(county, "c2", "09:59:00", None, None, ended="09:59:40")
    _rang(county, "c3", "10:00:00", "10:00:20", "lin", ended="10:00:40")
    _rang(county, "c4", "10:04:00", None, None, ended="10:04:40")


def who_is_off_duty_does_not_have_to_be_free(county):
    """Lin talks, Zhou has gone: everybody on duty was busy."""
    county.day.call("c0", "county", "13000000009", "09:59:50", "10:03:00", agent="lin",
                    answered="09:59:55")
    _rang(county, "c1", "10:00:05", None, None, ended="10:00:45")


def who_is_still_on_duty_has_to(county):
    """Ten seconds earlier Zhou was there, and free."""
    county.day.call("c0", "county", "13000000009", "09:59:40", "10:03:00", agent="lin",
                    answered="09:59:45")
    _rang(county, "c1", "09:59:55", "10:00:15", "zhou", ended="10:00:35")


def _inbox(county, at, due, whose, by="maker"):
    """A maker's dispatch that somebody looks at two hours later."""
    t = _from_a_maker(county, at, by)
    t.clerk = "lin"
    t.fill("11:50")
    t.cancel("11:55", "厂家撤单")
    t.callback("03-02 10:00")
    t.judged("accept#0- order- visitx callback+")
    t.dues["accept#0"] = due
    if whose:
        t.fine("7.1", whose, "dispatch#0", due=due, actual="11:50")
    return t


def an_inbox_whose_due_is_the_end_of_the_shift(county):
    """It is whose it was when it came in, however long it lay there."""
    _inbox(county, "09:30:00.000", "10:00:00", "zhou")


def an_inbox_as_the_shift_ends(county):
    _inbox(county, "09:59:59.999", "10:29:59.999", "zhou")


def an_inbox_as_the_next_shift_begins(county):
    _inbox(county, "10:00:00.000", "10:30:00", "lin")


for _story in (rang_in_the_last_millisecond_of_a_shift, rang_as_the_next_shift_began,
               its_twenty_seconds_ended_with_the_shift, one_occasion_is_one_clerks,
               who_is_off_duty_does_not_have_to_be_free, who_is_still_on_duty_has_to,
               an_inbox_whose_due_is_the_end_of_the_shift, an_inbox_as_the_shift_ends,
               an_inbox_as_the_next_shift_begins):
    _story.directory = HAND_OVER


# ---- shifts that overlap ----

def two_shifts_overlap(county):
    """From ten to eleven both are there: the one who is named first answers for the line."""
    for call, offered, due, whose in (
            ("c1", "09:59:59.999", "10:00:19.999", "zhou"), ("c2", "10:30:00", "10:30:20", "zhou"),
            ("c3", "10:59:59.999", "11:00:19.999", "zhou"), ("c4", "11:00:00", "11:00:20", "lin")):
        _rang(county, call, offered, due, whose, caller="1300000000" + call[1],
              ended=due.partition(".")[0][:6] + "45")


def both_have_to_be_busy_while_they_overlap(county):
    """Zhou talks, Lin is free: it is an occasion at 10:30, and at 09:30 it was none."""
    county.day.call("c0", "county", "13000000009", "09:29:00", "10:40:00", agent="zhou",
                    answered="09:29:10")
    _rang(county, "c1", "09:30:00", None, None, ended="09:30:40")
    _rang(county, "c2", "10:30:00", "10:30:20", "zhou", ended="10:30:40")


two_shifts_overlap.directory = both_have_to_be_busy_while_they_overlap.directory = OVERLAP


# ---- a gap ----

def _asked(county, clause, cause, due, ticket=None, actual=None, at="03-06 10:00"):
    """Put before the manager, who answers for the roster, and confirmed by him."""
    key = "%s/person:liu/%s" % (clause, cause)
    county.day.propose(clause, "liu", cause)
    county.day.send("confirm-%s-%d" % (clause, len(county.day.lines)), at, "liu",
                    "confirm_proposal", {"proposal": key}, county.name, outcome=("APPLIED", None))
    county.day.entry(clause, "liu", cause, ticket, -5000, due=due, actual=actual,
                     reason="NOBODY_ROSTERED")


def rang_in_a_gap_of_the_roster(county):
    """Between ten and eleven nobody is rostered, though it is working time."""
    _rang(county, "c1", "09:59:59.999", "10:00:19.999", "zhou", ended="10:00:40")
    for call, offered, due in (("c2", "10:00:00.000", "10:00:20"),
                               ("c3", "10:59:59.999", "11:00:19.999")):
        county.day.call(call, "county", "1300000000" + call[1], offered, due[:6] + "40", judged="-",
                        unanswered=True)
        _asked(county, "7.8", call + "/occasion#1", due)
    _rang(county, "c4", "11:00:00.000", "11:00:20", "lin", caller="13000000004", ended="11:00:40")


def the_manager_finds_who_was_to_be_there(county):
    """Nobody was rostered: who was to be, he says when he confirms it."""
    county.day.call("c2", "county", "13000000002", "10:00:00.000", "10:00:40", judged="-",
                    unanswered=True)
    county.day.propose("7.8", "liu", "c2/occasion#1")
    county.day.send("confirm", "03-06 10:00", "liu", "confirm_proposal",
                    {"proposal": "7.8/person:liu/c2/occasion#1", "account": "person:lin"},
                    county.name, outcome=("APPLIED", None))
    county.day.entry("7.8", "lin", "c2/occasion#1", None, -5000, due="10:00:20",
                     reason="NOBODY_ROSTERED")


def an_inbox_in_a_gap_of_the_roster(county):
    _inbox(county, "10:00:00.000", "10:30:00", None)
    _asked(county, "7.1", "{x1}/dispatch#0", "10:30", "{x1}", "11:50")


def an_inbox_that_is_typed_in_in_a_gap_of_the_roster(county):
    """Lin, who is not on duty yet, puts down what the maker sent: she only types."""
    _inbox(county, "10:30:00.000", "11:00:00", None, by="lin")
    _asked(county, "7.1", "{x1}/dispatch#0", "11:00", "{x1}", "11:50")


def a_complaint_in_a_gap_of_the_roster(county):
    """7.3: a maker passes a customer's complaint on, and nobody ever looks. The hours that it was in
    nobody's hands are in nobody's name."""
    t = county.repair("x1", "10:00:00.000", "maker", "田甲", "城东 解放路 1 号", "small_appliance A1",
                      "坏了", channel="MAKER")
    t.judged("accept#0- order- visit- complaint-")
    t.dues["complaint#1"] = "03-04 10:00:00"
    _asked(county, "7.1", "{x1}/dispatch#0", "10:30", "{x1}")
    _asked(county, "7.3", "{x1}/complaint#1", "03-04 10:00", "{x1}")


for _story in (rang_in_a_gap_of_the_roster, the_manager_finds_who_was_to_be_there,
               an_inbox_in_a_gap_of_the_roster,
               an_inbox_that_is_typed_in_in_a_gap_of_the_roster, a_complaint_in_a_gap_of_the_roster):
    _story.directory = GAP


# ---- 7.2: in charge at the due ----

def in_charge_until_the_due(county):
    """Until six it is Lin; from six on, too late for the sheet, Zhou."""
    _job(county, "x1", "03-01")
    county.day.no_sheet("county", 200703)
    _fine(county, "lin")


def in_charge_in_the_last_minute_before_the_due(county):
    _job(county, "x1", "03-01")
    county.day.no_sheet("county", 200703)
    _fine(county, "zhou")


def nobody_in_charge_in_the_last_minute(county):
    _job(county, "x1", "03-01")
    county.day.no_sheet("county", 200703)
    _asked(county, "7.2", "county/200703", "04-04 18:00", at="04-05 10:00")


for _story, _rows in (
        (in_charge_until_the_due, (("lin", "08:00-18:00"), ("zhou", "18:00-20:00"))),
        (in_charge_in_the_last_minute_before_the_due, (("lin", "08:00-17:59"),
                                                       ("zhou", "17:59-18:00"))),
        (nobody_in_charge_in_the_last_minute, (("lin", "08:00-17:59"), ("zhou", "18:00-20:00")))):
    _story.directory = (WEDNESDAY, _shifts("[mon, tue, wed]", *_rows))
