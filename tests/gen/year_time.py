# SPDX-License-Identifier: MIT
"""The working time of the department in a year, and the numbers that are drawn."""
import datetime

ZONE = datetime.timezone(datetime.timedelta(hours=8))
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
SPANS = ((8 * HOUR, 12 * HOUR), (14 * HOUR, 18 * HOUR))
WINDOW = 2 * HOUR  # what is agreed with a customer: 08-10, 10-12, 14-16, 16-18


class Numbers:
    """A fixed sequence (the 64-bit linear congruential one of Knuth's MMIX)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) * n >> 31

    def between(self, least, most):
        return least + self.below(most - least + 1)

    def one_of(self, things):
        return things[self.below(len(things))]

    def chance(self, percent):
        return self.below(1000) < percent * 10


def local(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, ZONE)


def midnight(day):
    return int(datetime.datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp()) * 1000


class Calendar:
    """Monday to Saturday, and no work at Spring Festival, as rulebook() writes it."""

    def __init__(self, year):
        self.year = year
        self.festival = {2005: "02-09", 2006: "01-29"}[year]
        first = datetime.date(year, 1, 1)
        length = (datetime.date(year + 1, 1, 1) - first).days
        self.days = [first + datetime.timedelta(days=n) for n in range(length)]
        self.days = [day for day in self.days if self.is_open(day)]

    def festival_days(self):
        begin = datetime.date.fromisoformat("%d-%s" % (self.year, self.festival))
        return begin, begin + datetime.timedelta(days=6)

    def is_open(self, day):
        begin, end = self.festival_days()
        return day.weekday() < 6 and not begin <= day <= end

    @staticmethod
    def at(day, worked_ms):
        """The instant after so much of a day's work."""
        for begin, end in SPANS:
            if worked_ms < end - begin:
                return midnight(day) + begin + worked_ms
            worked_ms -= end - begin
        return midnight(day) + SPANS[-1][1] - 1

    def spans(self, ms):
        """Hours of work that end after ms, one after the other for ever."""
        day = local(ms).date()
        while True:
            for begin, end in SPANS:
                if self.is_open(day) and ms < midnight(day) + end:
                    yield midnight(day) + begin, midnight(day) + end
            day += datetime.timedelta(days=1)

    def open_at(self, ms):
        """ms, or when work begins again after it."""
        return max(ms, next(self.spans(ms))[0])

    def worked(self, ms, worked_ms):
        """The instant by which so much was worked since ms."""
        for begin, end in self.spans(ms):
            begin = max(ms, begin)
            if worked_ms < end - begin:
                return begin + worked_ms
            worked_ms -= end - begin

    def window(self, ms, skip):
        """Begin of a time to agree upon: not before ms, so many others left out."""
        for begin, end in self.spans(ms):
            for slot in range(begin, end, WINDOW):
                if slot >= ms:
                    if skip == 0:
                        return slot
                    skip -= 1
