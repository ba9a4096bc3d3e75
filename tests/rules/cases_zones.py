# SPDX-License-Identifier: MIT
"""Places where the clocks are put forward and back, and half days. Notation as in cases.py.

    Europe/Berlin      +01:00 until Sunday 2007-03-25 01:00Z (02:00 -> 03:00, a day of 23 hours),
                       +02:00 until Sunday 2007-10-28 01:00Z (03:00 -> 02:00, a day of 25 hours)
    Australia/Sydney   +11:00 until 2007-03-24 16:00Z (Sunday the 25th 03:00 -> 02:00, 25 hours),
                       +10:00 until 2007-10-27 16:00Z (Sunday the 28th 02:00 -> 03:00, 23 hours)"""
from day_book import instant
from cases import KEPT, _repair
from cases_survey import _fine, _job

BERLIN, SYDNEY = "Europe/Berlin", "Australia/Sydney"
DAY = 86400000


def _sundays(hours="00:00-24:00"):
    """Both Sundays are worked on."""
    made_up = "      - {date: 2007-02-25, like: fri}"
    return made_up, made_up + "".join('\n      - {date: %s, hours: ["%s"]}' % (date, hours)
                                      for date in ("2007-03-25", "2007-10-28"))


# ---- elapsed hours are hours, whatever the clocks on the wall do ----

def _band(county, saturday, sunday, monday, check_in, complaint):
    """Reported on a Saturday at ten; nothing is agreed, so 24 hours. A complaint has 72."""
    t = _repair(county, at=saturday + " 10:00")
    t.fill(saturday + " 10:01")
    t.contact(saturday + " 10:02")
    t.assign(saturday + " 10:03", "xu")
    t.done("xu", accept=saturday + " 10:10", contact=saturday + " 10:12",
           check_in=sunday + " " + check_in, complete=sunday + " 12:00", file=sunday + " 12:10",
           callback=monday + " 10:00")
    t.dues.update({"visit#1": sunday + " " + check_in[:8], "complaint#1": complaint})
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")
    return t


def a_visit_over_the_hour_that_is_left_out(county):
    """24 March 10:00 +01:00 is 09:00Z; 24 hours later it is 11:00 +02:00."""
    _band(county, "03-24", "03-25", "03-26", "11:00:00.000", "03-27 11:00:00")


def a_visit_a_millisecond_later(county):
    t = _band(county, "03-24", "03-25", "03-26", "11:00:00.001", "03-27 11:00:00")
    t.judged("order- accept+ contact+ visit- complaint+ result+ callback+")


def a_visit_over_the_hour_that_comes_twice(county):
    """27 October 10:00 +02:00 is 08:00Z; 24 hours later it is 09:00 +01:00."""
    _band(county, "10-27", "10-28", "10-29", "09:00:00.000", "10-30 09:00:00")


def a_visit_in_a_southern_autumn(county):
    """24 March 10:00 +11:00 is 23:00Z of the 23rd; 24 hours later it is 09:00 +10:00."""
    _band(county, "03-24", "03-25", "03-26", "09:00:00.000", "03-27 09:00:00")


def a_visit_in_a_southern_spring(county):
    """27 October 10:00 +10:00 is 00:00Z; 24 hours later it is 11:00 +11:00."""
    _band(county, "10-27", "10-28", "10-29", "11:00:00.000", "10-30 11:00:00")


a_visit_over_the_hour_that_is_left_out.zone = BERLIN
a_visit_a_millisecond_later.zone = BERLIN
a_visit_over_the_hour_that_comes_twice.zone = BERLIN
a_visit_in_a_southern_autumn.zone = SYDNEY
a_visit_in_a_southern_spring.zone = SYDNEY


# ---- working hours are those that pass between opening and closing ----

def _order(county, at, due, visit="x"):
    """Nothing is done about a report until it is called off, in the last millisecond."""
    t = _repair(county, at=at)
    t.cancel(instant(due), "不修了")
    t.callback(instant(due) + DAY)
    t.dues["order#1"] = due
    t.judged("orderx visit%s complaintx callback+" % visit)


def half_an_hour_over_the_hour_that_is_left_out(county):
    """01:45 +01:00; a quarter of an hour later it is 03:00 +02:00."""
    _order(county, "03-25 01:45", "03-25 03:15:00")


def half_an_hour_over_the_hour_that_comes_twice(county):
    """02:45 +02:00 the first time; a quarter of an hour later it is 02:00 +01:00."""
    _order(county, "10-28 02:45+02:00", "10-28 02:15:00+01:00")


def a_working_day_of_23_hours(county):
    """Open all Sunday, and a limit of 24 hours: 23 until midnight, one more on Monday from eight on."""
    _order(county, "03-25 00:00", "03-26 09:00:00", visit="-")


def a_working_day_of_25_hours(county):
    """00:00 +02:00 is 22:00Z of the 27th; 24 hours later it is 23:00 +01:00 of the same Sunday."""
    _order(county, "10-28 00:00", "10-28 23:00:00")


def a_southern_working_day_of_25_hours(county):
    """00:00 +11:00 is 13:00Z of the 24th; 24 hours later it is 23:00 +10:00 of the same Sunday."""
    _order(county, "03-25 00:00", "03-25 23:00:00")


def a_southern_working_day_of_23_hours(county):
    """23 hours until midnight, one more on Monday; 24 hours to come ended at one."""
    _order(county, "10-28 00:00", "10-29 09:00:00", visit="-")


def hours_that_begin_in_the_hour_that_is_left_out(county):
    """Open from 02:30 on, which never comes: from 03:00 +02:00 on."""
    _order(county, "03-24 20:00", "03-25 03:30:00")


def hours_that_begin_in_the_hour_that_comes_twice(county):
    """From 02:30 +02:00 on, the first time; half an hour later it is 02:00 +01:00."""
    _order(county, "10-27 20:00", "10-28 02:00:00+01:00")


def hours_that_end_in_the_hour_that_comes_twice(county):
    """02:15 is over when it comes the first time; the next opening is Monday's."""
    _order(county, "10-28 02:00+02:00", "10-29 08:15:00", visit="-")


LONG = ("  order:\n    limit: 30m", "  order:\n    limit: 24h")
for _story in (half_an_hour_over_the_hour_that_is_left_out,
               half_an_hour_over_the_hour_that_comes_twice):
    _story.zone, _story.rulebook = BERLIN, _sundays()
for _story, _zone in ((a_working_day_of_23_hours, BERLIN), (a_working_day_of_25_hours, BERLIN),
                      (a_southern_working_day_of_25_hours, SYDNEY),
                      (a_southern_working_day_of_23_hours, SYDNEY)):
    _story.zone, _story.rulebook = _zone, [_sundays(), LONG]
for _story, _hours in ((hours_that_begin_in_the_hour_that_is_left_out, "02:30-06:00"),
                       (hours_that_begin_in_the_hour_that_comes_twice, "02:30-06:00"),
                       (hours_that_end_in_the_hour_that_comes_twice, "01:00-02:15")):
    _story.zone, _story.rulebook = BERLIN, _sundays(_hours)


# ---- an appointment is an instant: its offset says which ----

def _agreed(county, saturday, window, check_in):
    """On Saturday at ten, for an hour of the night to Sunday."""
    t = _repair(county, at=saturday + " 10:00")
    t.order(window)
    t.done("xu", accept=saturday + " 10:10", contact=saturday + " 10:12", check_in=check_in)
    return t


def agreed_for_an_hour_that_does_not_exist(county):
    """02:30 to 02:45 +01:00 is 03:30 to 03:45 there: the offset counts."""
    t = _agreed(county, "03-24", "03-25 02:30+01:00-02:45+01:00", "03-25 03:45:00.000")
    t.done("xu", complete="03-25 04:00", file="03-25 04:10", callback="03-26 10:00")
    t.dues["visit#1"] = "03-25 03:45:00"
    t.judged(KEPT)


def agreed_for_the_second_half_past_two(county):
    """02:15 to 02:45 +01:00. Half an hour before it is 02:45 +02:00: that early is early enough ..."""
    t = _agreed(county, "10-27", "10-28 02:15+01:00-02:45+01:00", "10-28 02:45:00.000+02:00")
    t.done("xu", complete="10-28 04:00", file="10-28 04:10", callback="10-29 10:00")
    t.dues["visit#1"] = "10-28 02:45:00+01:00"
    t.judged(KEPT)


def agreed_for_the_second_half_past_two_and_too_early(county):
    """... a millisecond earlier is not; what he had done by 02:45:00.001 the second time is too late."""
    t = _agreed(county, "10-27", "10-28 02:15+01:00-02:45+01:00", "10-28 02:44:59.999+02:00")
    t.complete("10-28 02:45:00.001+01:00", "xu")
    t.done("xu", file="10-28 04:10", callback="10-29 10:00")
    t.judged(KEPT.replace("visit+", "visit-"))


def agreed_for_the_first_half_past_two(county):
    """An hour earlier than the other; 02:45 +01:00 is an hour too late."""
    t = _agreed(county, "10-27", "10-28 02:15+02:00-02:45+02:00", "10-28 02:45+01:00")
    t.done("xu", complete="10-28 04:00", file="10-28 04:10", callback="10-29 10:00")
    t.dues["visit#1"] = "10-28 02:45:00+02:00"
    t.judged(KEPT.replace("visit+", "visit-"))


def a_wish_for_the_day_of_25_hours(county):
    """Due on Sunday the 28th at ten; wished for that evening: until 24:00 there, 23:00Z."""
    t = _repair(county, at="10-25 11:00")
    t.order("10-28 15:00-17:00")
    t.done("xu", accept="10-25 11:10", contact="10-25 11:12", check_in="10-28 15:10",
           complete="10-28 23:59:59.999", file="10-29 08:10", callback="10-30 10:00")
    t.dues["complaint#1"] = "10-28 23:59:59.999"
    t.judged(KEPT)


for _story in (agreed_for_an_hour_that_does_not_exist, agreed_for_the_second_half_past_two,
               agreed_for_the_second_half_past_two_and_too_early,
               agreed_for_the_first_half_past_two, a_wish_for_the_day_of_25_hours):
    _story.zone = BERLIN


# ---- days, weeks and months end there ----

def _evening(county, date, report, sign):
    """Work at ten on a Sunday, told of at the end of that day."""
    saturday = "%s-%02d" % (date[:2], int(date[3:]) - 1)
    t = _repair(county, at=saturday + " 10:00")
    t.order(date + " 09:00-11:00")
    t.done("xu", accept=saturday + " 10:10", contact=saturday + " 10:12", check_in=date + " 10:00")
    t.leave(date + " 10:20", "xu")
    county.day.report_day(report, "xu", "county", date="2007-" + date)
    county.day.evening("xu", date, sign)
    t.cancel("03-26 09:00" if date < "06" else "10-29 09:00", "不修了")
    t.callback("03-27 10:00" if date < "06" else "10-30 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaintx callback+")


def told_of_at_the_end_of_a_day_of_23_hours(county):
    """P3.1: 23:59:59.999 +02:00 is 21:59Z."""
    _evening(county, "03-25", "03-25 23:59:59.999", "+")


def told_of_a_millisecond_after_it(county):
    _evening(county, "03-25", "03-26 00:00:00.000", "-")


def told_of_at_the_end_of_a_day_of_25_hours(county):
    """23:59:59.999 +01:00 is 22:59Z."""
    _evening(county, "10-28", "10-28 23:59:59.999", "+")


def told_of_a_millisecond_after_that(county):
    _evening(county, "10-28", "10-29 00:00:00.000", "-")


def a_week_ends_where_the_clocks_are_put_forward(county):
    """P3.2: work on Saturday; Monday 12:00 +02:00 is 10:00Z. Sunday has 23 hours."""
    _job(county, "x1", "03-24", callback="03-24 17:00")
    county.day.week("xu", "03-19", "03-26 12:00:00.000", "county")
    county.day.sheet_dues["xu/2007-03-19"] = "03-26 12:00:00"


def a_week_ends_where_the_clocks_are_put_back(county):
    """Monday 12:00 +01:00 is 11:00Z."""
    _job(county, "x1", "10-27", callback="10-27 17:00")
    county.day.week("xu", "10-22", "10-29 12:00:00.001", "county", sign="-")
    county.day.sheet_dues["xu/2007-10-22"] = "10-29 12:00:00"


def a_month_in_summer_time_ends_at_22_hours_utc(county):
    """7.3: due half an hour after midnight, 22:30Z of the last of March: a fine of April's."""
    t = _repair(county, at="03-31 00:30", urgent=True)
    t.cancel("04-01 00:30:00.001", "不修了")
    t.callback("04-03 10:00")
    t.dues["complaint#1"] = "04-01 00:30:00"
    t.judged("order- visit- complaint- callback+")
    t.fine("7.3", "lin", "complaint#1", due="04-01 00:30")
    county.day.entries[-1]["month"] = 200704


def a_month_that_the_clocks_were_put_back_in(county):
    """7.3: due at 23:30 +01:00 of the last of October, 22:30Z: October's."""
    t = _repair(county, at="10-30 23:30", urgent=True)
    t.cancel("10-31 23:30:00.001", "不修了")
    t.callback("11-02 10:00")
    t.judged("order- visit- complaint- callback+")
    t.fine("7.3", "lin", "complaint#1", due="10-31 23:30")
    county.day.entries[-1]["month"] = 200710


def a_months_sheet_in_summer_time(county):
    """7.2: Wednesday, 4 April 18:00 +02:00, 16:00Z; what was answered in March's last millisecond,
    21:59Z, is in it."""
    _job(county, "x1", "03-31", callback="03-31 23:59:59.999")
    county.day.sheet("county", 200703, "04-04 18:00:00.001", "zhou", sign="-")
    county.day.sheet_dues["county/200703"] = "04-04 18:00:00"
    county.day.drawn["county/200703"] = (0, 1, 1, 0)
    _fine(county)


def a_months_sheet_after_the_clocks_were_put_back(county):
    """Thursday to Saturday are the first working days of November: the 3rd, 18:00 +01:00."""
    _job(county, "x1", "10-31", file="23:59:59.999", callback="11-01 10:00")
    county.day.sheet("county", 200710, "11-03 18:00:00.000")
    county.day.sheet_dues["county/200710"] = "11-03 18:00:00"


for _story in (told_of_at_the_end_of_a_day_of_23_hours, told_of_a_millisecond_after_it,
               told_of_at_the_end_of_a_day_of_25_hours, told_of_a_millisecond_after_that,
               a_week_ends_where_the_clocks_are_put_forward,
               a_week_ends_where_the_clocks_are_put_back,
               a_month_in_summer_time_ends_at_22_hours_utc,
               a_month_that_the_clocks_were_put_back_in, a_months_sheet_in_summer_time,
               a_months_sheet_after_the_clocks_were_put_back):
    _story.zone = BERLIN


# ---- callbacks: days and times of day are those on the wall there ----

def noon_comes_by_summer_time(county):
    """Twice in the morning, on Saturday and, 09:59:59.999Z, on Sunday; 10:00Z is twelve."""
    t = _job(county, "x1", "03-23", callback=None)
    for at in ("03-24 11:00", "03-25 11:59:59.999", "03-26 12:00:00.000"):
        t.callback(at, reached=False)
    t.callback("03-26 15:00", outcome="NO_EFFECT", reason="NO_CALLBACK_OPEN")
    t.dues["callback#1"] = "03-27 18:00:00"


def the_morning_lasts_by_summer_time(county):
    """A millisecond before twelve is morning like the others."""
    t = _job(county, "x1", "03-23", callback=None)
    for at in ("03-24 11:00", "03-25 11:00", "03-26 11:59:59.999"):
        t.callback(at, reached=False)
    t.callback("03-26 15:00")


def a_day_of_25_hours_is_one_day(county):
    """Three attempts over nearly 25 hours, in all parts of the day: still one day; the next
    millisecond is another."""
    t = _job(county, "x1", "10-27", callback=None)
    for at in ("10-28 00:00", "10-28 15:00", "10-28 23:59:59.999", "10-29 00:00:00.000"):
        t.callback(at, reached=False)
    t.callback("10-29 10:00", outcome="NO_EFFECT", reason="NO_CALLBACK_OPEN")


for _story in (noon_comes_by_summer_time, the_morning_lasts_by_summer_time,
               a_day_of_25_hours_is_one_day):
    _story.zone = BERLIN


# ---- half days ----

def half_an_hour_over_a_half_day(county):
    """Open until noon on that Thursday: a quarter of an hour of it, and one on Friday."""
    _order(county, "11:45", "03-02 08:15:00")


def reported_in_the_free_afternoon(county):
    """Visit and complaint begin on Friday at eight."""
    t = _repair(county, at="14:30")
    t.fill("14:31")
    t.contact("14:32")
    t.assign("14:33", "xu")
    t.done("xu", accept="03-02 08:30:00.000", contact="03-02 08:40:00.000",
           check_in="03-03 08:00:00.000", complete="03-03 09:00", file="03-03 09:10",
           callback="03-05 10:00")
    t.dues.update({"order#1": "03-02 08:30:00", "accept#1": "03-02 08:30:00",
                   "contact#1": "03-02 08:40:00", "visit#1": "03-03 08:00:00",
                   "complaint#1": "03-05 08:00:00"})
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")


def nobody_picks_up_in_the_free_afternoon(county):
    county.day.call("c1", "county", "13000000001", "11:59:40.000", "12:00:10", judged="-",
                    unanswered=True)
    county.day.entry("7.8", "zhou", "c1/occasion#1", None, -5000, due="12:00:00")
    county.day.call("c2", "county", "13000000002", "14:30", "14:31", judged="x", unanswered=True)


def the_third_working_day_is_a_half_day(county):
    """Work ends at noon on it, for callbacks and sheets: 26 February to 1 March."""
    t = _job(county, "x1", "02-26", callback="03-01 12:00:00.000")
    t.dues["callback#1"] = "12:00:00"
    county.day.sheet("county", 200702, "03-03 18:00:00.000")
    county.day.sheet_dues["county/200702"] = "03-03 18:00:00"


def a_months_sheet_on_a_half_day(county):
    """Thursday the 1st, Friday and Saturday: open until noon on the last of them."""
    _job(county, "x1", "02-26")
    county.day.sheet("county", 200702, "03-03 12:00:00.001", sign="-")
    county.day.sheet_dues["county/200702"] = "03-03 12:00:00"
    _fine(county, "zhou", due="03-03 12:00", month=200702)


def _half(date):
    week = "      - {from: 2007-02-18, to: 2007-02-24, name: Spring Festival}\n"
    return week, week + '      - {date: %s, hours: ["08:00-12:00"], name: outing}\n' % date


for _story in (half_an_hour_over_a_half_day, reported_in_the_free_afternoon,
               nobody_picks_up_in_the_free_afternoon, the_third_working_day_is_a_half_day):
    _story.rulebook = _half("2007-03-01")
a_months_sheet_on_a_half_day.rulebook = _half("2007-03-03")
