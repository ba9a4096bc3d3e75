# SPDX-License-Identifier: MIT
"""The month's satisfaction sheet (P4, 7.2, the lot of handbook 6) and the sheet of the week (P3.2)."""
import datetime
import hashlib

import survey
from feedback import WORK
from hours import month_end, month_of
from life import Verdict
from rules import WEEKDAYS, hours as hours_of_day, span

WORD = (1 << 64) - 1


# ---- the lot ----

def seed_of(territory, month, answered, choices):
    """choices: [(ticket number, event number)], of both kinds."""
    text = "satisfaction sheet\n%s\n%d\n%d\n" % (territory, month, answered)
    text += "".join("%d %d\n" % pair for pair in sorted(choices))
    return hashlib.blake2b(text.encode("ascii"), digest_size=32).hexdigest()


def rank_of(seed, number):
    """SplitMix64 of the seed's first eight bytes and the ticket's number."""
    z = int(seed[:16], 16) + number * 0x9e3779b97f4a7c15 & WORD
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9 & WORD
    z = (z ^ z >> 27) * 0x94d049bb133111eb & WORD
    return z ^ z >> 31


def draw(row, seed, repairs, installs):
    """Blocks, and the orders on the sheet. repairs, installs: ticket numbers."""
    shares = int(row["repairs"]), int(row["installs"])
    blocks = min(len(repairs) // shares[0], len(installs) // shares[1], int(row["blocks"]))
    drawn = []
    for numbers, share in zip((repairs, installs), shares):
        lot = sorted(numbers, key=lambda n: rank_of(seed, n))
        drawn += lot[:blocks * share] if blocks else lot
    return blocks, drawn


def number_of(name):
    return int(name.rpartition("-")[2])


def answers(lives):
    """The callbacks of a ticket that were answered, each with the result that it was about."""
    for life in lives:
        call = survey.reached_customer(life)
        result = call and survey.result_before(life, call)
        if result and (call.body.get("answers") or call.body.get("satisfaction")):
            yield call, result


class Sheet:
    """One territory's month, as it is known when it is drawn."""

    def __init__(self, rules, hours, territory, month, tickets, asked, facts):
        self.row, self.hours = rules.clocks["survey_sheet"], hours
        self.territory, self.month = territory, month
        end = month_end(hours, month)
        self.drawn_at = end + span(rules.book["times"]["late_max"])

        def of_month(fact):
            return fact.received <= self.drawn_at and month_of(hours.day(fact.at)) == month
        self.any = any(f.kind == "file_result" and f.subject in tickets and
                       tickets[f.subject].kind != "system" and of_month(f) for f in facts)
        said = {name: call for name, whole in tickets.items()
                if whole.kind in ("repair", "install") for call, result in answers(asked[name])
                if of_month(call) and of_month(result)}  # the last word
        self.due = hours.end_of_work(end, int(self.row["limit"]["workdays"]))
        self.choices = {kind: sorted((number_of(name), fact.number())
                                     for name, fact in said.items() if tickets[name].kind == kind)
                        for kind in ("repair", "install")}
        self.answered_at = max((f.received for f in said.values()), default=0)

    def lot(self):
        pairs = self.choices["repair"] + self.choices["install"]
        seed = seed_of(self.territory, self.month, self.answered_at, pairs)
        blocks, drawn = draw(self.row, seed, *([n for n, _ in self.choices[kind]]
                                               for kind in ("repair", "install")))
        return (seed, blocks, tuple(drawn), tuple(self.choices["repair"]),
                tuple(self.choices["install"]))

    def verdict(self, rules, facts):
        """Handed in by its due, and known so: there is no grace."""
        grace = span(self.row["grace"])
        final = self.due + grace
        told = [f for f in facts if f.kind == "submit_sheet" and f.territory == self.territory and
                f.body["month"] == self.month and f.received <= final and
                self.drawn_at < min(f.at, f.received)]
        stop = min((f.at for f in told), default=None)
        kept = stop is not None and stop <= self.due
        people = self.hours.on_duty(self.due - 1)  # to the end of work
        return Verdict("%s/%d" % (self.territory, self.month), "survey_sheet", 1,
                       "met" if kept else "breached", self.due, stop,
                       "person:" + (people[0] if people else rules.manager),
                       max(self.drawn_at, stop) + grace if kept else final,
                       more={"nobody": not people, "territory": self.territory})


def sheets(rules, hours_of, tickets, asked, facts):
    """Months without any result have none. asked: the lives of each ticket whose callback is final."""
    for territory in rules.territories:
        hours = hours_of(territory)
        mine = {name: t for name, t in tickets.items() if t.territory == territory}
        for month in sorted({month_of(hours.day(f.at)) for f in facts
                             if f.kind == "file_result" and f.subject in mine}):
            sheet = Sheet(rules, hours, territory, month, mine, asked, facts)
            if sheet.any:
                yield sheet


# ---- the week ----

def weeks(rules, hours_of, facts):
    """Per technician and week with work: handed in by its due."""
    row = rules.clocks["weekly_sheet"]
    for person in sorted({f.by for f in facts if f.kind in WORK and
                          rules.role(f.by) == "technician"}):
        hours = hours_of(rules.people[person]["territory"])
        work = [f for f in facts if f.by == person and f.kind in WORK and
                not f.body.get("customer_absent")]
        for monday in sorted({monday_of(hours.day(f.at)) for f in work}):
            due = due_of_week(hours, row, monday)
            final = due + span(row["grace"])
            if not any(f.received <= final and monday_of(hours.day(f.at)) == monday for f in work):
                continue  # nobody knew
            told = [f for f in facts if f.kind == "submit_weekly" and f.by == person and
                    f.body["week"] == monday.isoformat() and f.received <= final]
            stop = min((f.at for f in told), default=None)
            kept = stop is not None and stop <= due
            yield Verdict("%s/%s" % (person, monday), "weekly_sheet", 1,
                          "met" if kept else "breached", due, stop, rules.account(person), final)


def monday_of(day):
    return day - datetime.timedelta(day.weekday())


def due_of_week(hours, row, monday):
    """On a day of the week after it."""
    limit = row["limit"]
    day = monday + datetime.timedelta(7 + WEEKDAYS.index(limit["day"]))
    (at, _), = hours_of_day("%s-24:00" % limit["time"])
    return hours.instant(day, at)
