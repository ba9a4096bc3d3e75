# SPDX-License-Identifier: MIT
"""Working time of a territory and who is on duty in it (handbook 3.7)."""
import datetime
import functools
import zoneinfo

from rules import WEEKDAYS, date, hours

DAY_MS = 86400000
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
MS = datetime.timedelta(milliseconds=1)


def stamp(at):
    """An instant as commands have it, in local time of China."""
    return (EPOCH + at * MS).astimezone(datetime.timezone(datetime.timedelta(hours=8))).isoformat(
        timespec="milliseconds")


def month_of(day):
    return day.year * 100 + day.month


def month_end(hours, month):
    """The last millisecond of a local month."""
    following = datetime.date(month // 100 + month % 100 // 12, month % 100 % 12 + 1, 1)
    return hours.instant(following, 0) - 1


class Hours:
    def __init__(self, rules, territory):
        row = rules.territories[territory]
        calendar = rules.calendars[row["calendar"]]
        self.zone = zoneinfo.ZoneInfo(calendar["zone"])
        self.week = [hours(calendar["week"].get(day)) for day in WEEKDAYS]
        listed = calendar.get("holidays") or []
        self.half_days = {date(one["date"]): hours(one["hours"]) for one in listed
                          if "hours" in one}
        self.holidays = [self.range(one) for one in listed if "hours" not in one]
        self.made_up = {date(one["date"]): hours(one["hours"]) if "hours" in one else
                        self.week[WEEKDAYS.index(one["like"])]
                        for one in calendar.get("make_up") or []}
        self.roster = row["hotline"]

    @staticmethod
    def range(one):
        return ((date(one),) * 2 if isinstance(one, str) else (date(one["from"]), date(one["to"])))

    def local(self, at):
        return (EPOCH + at * MS).astimezone(self.zone)

    def day(self, at):
        return self.local(at).date()

    def time(self, at):
        """Wall-clock time as HH:MM."""
        return self.local(at).strftime("%H:%M")

    def instant(self, day, ms_of_day):
        """The UTC instant of a wall-clock time."""
        wall = datetime.datetime.combine(day, datetime.time(), self.zone) + ms_of_day * MS
        return (wall.astimezone(UTC) - EPOCH) // MS

    def end_of_day(self, at):
        """The day's last millisecond."""
        return self.instant(self.day(at) + datetime.timedelta(1), 0) - 1

    @functools.lru_cache(maxsize=4096)
    def spans(self, day):
        """Working spans of a date as UTC instants: make-up days beat holidays beat weekdays."""
        if day in self.made_up:
            found = self.made_up[day]
        elif day in self.half_days:
            found = self.half_days[day]
        elif any(first <= day <= last for first, last in self.holidays):
            found = []
        else:
            found = self.week[day.weekday()]
        return [tuple(self.instant(day, at) for at in one) for one in found]

    def from_here(self, at):
        """Working spans that end after an instant, in order, cut at it."""
        day = self.day(at)
        while True:
            for first, last in self.spans(day):
                if last > at:
                    yield max(first, at), last
            day += datetime.timedelta(1)

    def working(self, at):
        return any(first <= at < last for first, last in self.spans(self.day(at)))

    def opening(self, at):
        """The instant itself in working time, else the next opening."""
        return next(self.from_here(at))[0]

    def after(self, at, length):
        """The earliest instant with so much working time since at."""
        for first, last in self.from_here(at):
            if first + length <= last:
                return first + length
            length -= last - first

    def worked(self, start, end):
        """Working time in [start, end)."""
        total = 0
        for first, last in self.from_here(start):
            if first >= end:
                return total
            total += min(last, end) - first

    def end_of_work(self, at, workdays):
        """End of work on the n-th working day after the day of at."""
        day = self.day(at)
        while workdays:
            day += datetime.timedelta(1)
            workdays -= 1 if self.spans(day) else 0
        return self.spans(day)[-1][1]

    def on_duty(self, at):
        """Whom the roster names at an instant, the line's own person first."""
        day, wall = self.day(at), self.local(at)
        since = ((wall.hour * 60 + wall.minute) * 60 + wall.second) * 1000 + wall.microsecond // 1000
        dated = [row for row in self.roster if "from" in row and
                 date(row["from"]) <= day <= date(row["to"])]
        weekly = [row for row in self.roster if WEEKDAYS[day.weekday()] in row.get("days", ())]
        for row in dated or weekly:
            if any(first <= since < last for first, last in hours(row["hours"])):
                return row["people"]
        return []
