# SPDX-License-Identifier: MIT
"""Sheets of random days: in time, late, twice, never, before they are drawn; and months full of
short jobs, so that something is drawn by lot."""
import datetime

MINUTE, HOUR, DAY = 60000, 3600000, 86400000


def some_sheets(day):
    """Of this month and the next one, of either territory."""
    hours = day.hours["county"]
    first = hours.day(day.midnight).replace(day=1)
    for territory in ("county", "river"):
        for month in (first, (first + datetime.timedelta(31)).replace(day=1)):
            if day.some(0.5):
                hand_in(day, territory, month)


def hand_in(day, territory, month):
    hours = day.hours[territory]
    over = hours.instant((month + datetime.timedelta(31)).replace(day=1), 0)
    drawn, due = over + DAY, hours.end_of_work(over - 1, 3)
    who = day.rng.choice({"county": ["lin", "zhou", "liu"], "river": ["tan", "peng"]}[territory])
    for _ in range(day.rng.choice([1, 1, 1, 2])):
        at = day.rng.choice([drawn - 1, drawn, due - 1, due, due + 1, due - day.spell(0, DAY),
                             due + day.spell(0, DAY)])
        day.say(who, "submit_sheet", at, {"month": month.year * 100 + month.month},
                territory=territory, late=0.2, group="sheet")


def some_weeks(day):
    """Of technicians, whether they have worked or not."""
    hours = day.hours["county"]
    monday = hours.day(day.midnight) - datetime.timedelta(hours.day(day.midnight).weekday())
    for person, row in day.rules.people.items():
        if row["role"] != "technician" or not day.some(0.5):
            continue
        week = monday + datetime.timedelta(day.rng.choice([0, 0, 0, 7, 14]))
        due = hours.instant(week + datetime.timedelta(7), 12 * HOUR)
        for _ in range(day.rng.choice([1, 1, 1, 2])):
            at = day.rng.choice([due - 1, due, due + 1, due - day.spell(0, 6 * DAY),
                                 due + day.spell(0, DAY)])
            day.say(person, "submit_weekly", at, {"week": week.isoformat()}, group="week",
                    late=0.2)


def full(day, make):
    """A month of many short jobs. make(k) begins a story."""
    for k in range(day.rng.choice([5, 6, 7, 12])):
        story = make(20 + k)
        story.kind = day.rng.choices(["REPAIR", "INSTALL"], [5, 1])[0]
        story.at = day.midnight + 8 * HOUR + k * 7 * MINUTE
        story.register()
        at = story.at + day.spell(0, 3 * HOUR)
        story.file(story.clerk, at)
        if day.some(0.9):
            at += day.spell(MINUTE, 30 * HOUR)
            story.say(story.clerk, "record_callback", at, {"reached": True, "answers": [
                {"question": "FIXED", "yes": True}]}, late=0.05)
