#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The year 2006 of a county department, made up so that its sums are those of the report that the
department wrote about it: 8,362 complaints, of which 7,275 were repaired in-house and 1,087 by
outlets, 117,966 yuan paid for the former, 16.2 yuan each.

`year.py DIR` writes DIR/year.ndjson, DIR/rulebook.yaml and DIR/directory.yaml. The same bytes each
time. --part N writes about one Nth of the complaints, for tests that want the shape, not the sums;
--year 2005 writes the year before: 2006 had a tenth more work; --since 2005 writes it before
2006, in one file.

What the sums hang on is chosen, not drawn: how many repairs of each category. The rest, who comes
when, what was wrong, who is late, comes from a fixed sequence of numbers."""
import argparse
import datetime
import json
import os
import re
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from year_job import CLERKS, GRIEVANCES, HOTLINE, INHOUSE, Job, OUTLETS  # noqa: E402
from year_time import Calendar, DAY, HOUR, local, midnight, MINUTE, Numbers  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
YEARS = (2005, 2006)

# category: (what the department pays for a repair in yuan, repairs in-house, by outlets)
WORK = {
    "air_conditioner": (25, 1400, 190),
    "refrigerator": (20, 900, 160),
    "water_heater": (18, 600, 180),
    "washing_machine": (16, 1099, 200),
    "television": (15, 1482, 230),
    "small_appliance": (8, 1794, 127),
}
INSTALLS = {"air_conditioner": (45, 1310), "water_heater": (20, 420), "television": (15, 260)}
# Complaints about service. As many repairs of a year were reported in the last days of the one
# before, so that the sums of both kinds of complaints, and of repairs, are those of the document.
SERVICE = 48
MAKERS = ("洞庭空调", "沅水冰箱", "武陵洗衣机", "桃花彩电", "澧阳热水器", "白马电器")
# What the manager writes down himself: month, day, clause, whose, why.
MANAGER = (
    (1, 18, "7.16", "person:tang", "缺席冬季培训"), (2, 21, "7.23", "person:wang", "用户送表扬信"),
    (3, 14, "7.10", "person:wu", "与用户争吵,本人承认"), (4, 11, "7.24", "person:lin", "配件领用卡被采纳"),
    (5, 16, "7.9", "person:xu", "上门未穿工作服"), (6, 13, "7.23", "person:chen", "用户来电表扬并核实"),
    (7, 12, "7.19", "person:gao", "三楼外机未系安全带"), (7, 26, "7.16", "person:deng", "缺席空调培训"),
    (8, 9, "7.20", "person:he", "工具直接放在地板上"), (9, 13, "7.23", "person:yang", "用户送锦旗"),
    (10, 18, "7.24", "person:huang", "回访分片办法被采纳"), (11, 15, "7.16", "outlet:hexi", "缺席年会培训"),
    (12, 6, "7.23", "person:he", "用户送表扬信"))


class Book:
    """Commands, in the order in which they are sent, and what later ones have to know of them."""

    def __init__(self, calendar, numbers):
        self.calendar, self.numbers, self.lines = calendar, numbers, []
        self.open_until, self.repaired, self.weeks, self.grievances = {}, {}, set(), 0

    def say(self, at_ms, name, by, territory, body, value, **more):
        """Recorded within seconds of when it happened."""
        line = {"id": "%d-%s" % (self.calendar.year, name), "by": by, "territory": territory,
                "made_at_ms": at_ms, **more, body: value}
        self.lines.append((at_ms, len(self.lines), line))

    def call(self, name, territory, caller, at_ms, agent):
        """The customer's call; at_ms lies in the talk. None: nobody picks it up."""
        call = "%d-call-%s" % (self.calendar.year, name)
        offer = {"call": call, "called": HOTLINE[territory], "caller": caller, "queue": "售后"}
        offered_ms = at_ms - 40 * MINUTE // 60 if agent else at_ms
        self.say(offered_ms, "call-%s-offered" % name, "phone", territory, "call_offered", offer)
        if agent:
            self.say(offered_ms + MINUTE // 6, "call-%s-answered" % name, "phone", territory,
                     "call_answered", {"call": call, "answered_by": "PERSON", "agent": agent})
        self.say(at_ms + (MINUTE if agent else MINUTE * 2 // 3), "call-%s-ended" % name, "phone",
                 territory, "call_ended", {"call": call})
        return call

    # ---- products and customers that come again ----

    def is_free(self, phone, kind, category, at_ms):
        """While a ticket of theirs is open, another report of the same would only repeat it."""
        return self.open_until.get((phone, kind, category), 0) + DAY < at_ms

    def finished(self, job, at_ms):
        self.open_until[job.customer["phone"], job.kind, job.category] = at_ms
        if job.kind == "COMPLAINT":
            self.repaired.setdefault((job.category, job.outlet is None), []).append((at_ms, job))

    def comes_again(self, job):
        """Customer and product of a repair of the last four weeks that did not last."""
        if not self.numbers.chance(1.5):
            return None
        for at_ms, before in reversed(self.repaired.get((job.category, job.outlet is None), [])):
            phone = before.customer["phone"]
            if job.at_ms - 28 * DAY < at_ms < job.at_ms - 3 * DAY and \
                    self.is_free(phone, job.kind, job.category, job.at_ms):
                return before.customer, before.product
        return None

    # ---- complaints about service ----

    def complain(self, about, at_ms):
        """About a visit that has just begun; a clerk's matter. One in twelve is left lying."""
        n, number = self.numbers, self.grievances
        subject, words, answer = GRIEVANCES[number % len(GRIEVANCES)]
        self.grievances += 1
        ref, clerk, where = "s%02d%05d" % (self.calendar.year % 100, number), about.clerk, \
            about.territory
        at_ms = self.calendar.open_at(at_ms + n.between(20, 90) * MINUTE)
        self.say(at_ms, ref, clerk, where, "register", {
            "kind": "COMPLAINT", "complaint_type": "SERVICE", "subject": subject,
            "channel": "COUNTER", "ref": ref, "about_ref": about.ref, "note": words,
            "customer": {key: about.customer[key] for key in ("phone", "name")}})
        for minutes, what, body, value in ((1, "fill", "fill_order", {"order_no": ref}),
                                           (2, "spoke", "contact_customer", {})):
            self.say(at_ms + minutes * MINUTE, "%s-%s" % (ref, what), clerk, where, body, value,
                     ref=ref)
        late_ms = 80 * HOUR if number % 12 == 7 else 0
        at_ms = self.calendar.open_at(at_ms + n.between(1, 20) * HOUR + late_ms)
        for minutes, what, body, value in (
                (0, "answer", "answer_complaint", {"channel": "PHONE", "text": answer}),
                (6, "result", "file_result", {"fixed": True, "note": "已向用户答复"})):
            self.say(at_ms + minutes * MINUTE, "%s-%s" % (ref, what), clerk, where, body, value,
                     ref=ref)
        at_ms = self.calendar.open_at(at_ms + 20 * HOUR)
        self.say(at_ms, ref + "-callback", clerk, where, "record_callback",
                 {"reached": True, "satisfaction": n.between(3, 4)}, ref=ref)

    # ---- weeks ----

    def worked(self, who, territory, at_ms):
        day = local(at_ms).date()
        self.weeks.add((day - datetime.timedelta(days=day.weekday()), who, territory))

    def hand_in_weeks(self):
        """On Monday morning; one in fifty is forgotten."""
        for monday, who, territory in sorted(self.weeks):
            if not self.numbers.chance(2):
                at_ms = midnight(monday + datetime.timedelta(days=7)) + \
                    8 * HOUR + self.numbers.between(5, 200) * MINUTE
                self.say(at_ms, "%s-%s-week" % (who, monday), who, territory, "submit_weekly",
                         {"week": monday.isoformat()})

    def write(self, path):
        with open(path, "w", encoding="utf-8") as out:
            for at_ms, _, line in sorted(self.lines, key=lambda one: one[:2]):
                out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def season(category, day):
    """How often that is asked for on a day, compared with others."""
    hot = day.month in (6, 7, 8)
    return (5 if hot else 1) if category == "air_conditioner" else 3 if hot else 2


def reports(category, count, calendar, numbers):
    """Instants, spread over the year's working days but the last, as the season has it."""
    days = calendar.days[:-3]
    weights = [season(category, day) for day in days]
    total, sum_so_far, at = sum(weights), 0, []
    for day, weight in zip(days, weights):
        before = count * sum_so_far // total
        sum_so_far += weight
        for _ in range(count * sum_so_far // total - before):
            at.append(calendar.at(day, numbers.below(7 * HOUR)))
    return at


def jobs(calendar, numbers, part):
    """(at_ms, kind, category, outlet or None) of every ticket, in time."""
    over = (10, 11) if calendar.year == 2005 else (1, 1)  # a tenth more the year after
    found = []
    for category, (_, inhouse, outside) in WORK.items():
        for at_ms in reports(category, inhouse * over[0] // over[1] // part, calendar, numbers):
            found.append((at_ms, "COMPLAINT", category, None))
        for at_ms in reports(category, outside * over[0] // over[1] // part, calendar, numbers):
            found.append((at_ms, "COMPLAINT", category, numbers.one_of(OUTLETS)))
    for category, (_, count) in INSTALLS.items():
        for at_ms in reports(category, count * over[0] // over[1] // part, calendar, numbers):
            found.append((at_ms, "INSTALL", category, None))
    return found


def eve(calendar, numbers, found, count):
    """The first repairs are reported on the last two working days of the year before."""
    found.sort(key=lambda one: one[0])
    first = [one for one in found if one[1] == "COMPLAINT"][:count]
    days = [day for day in (datetime.date(calendar.year - 1, 12, n) for n in (29, 30, 31))
            if day.weekday() < 6][-2:]
    moved = [(calendar.at(days[n % 2], numbers.below(7 * HOUR)), *one[1:])
             for n, one in enumerate(first)]
    return sorted(moved + [one for one in found if one not in first], key=lambda one: one[0])


def all_jobs(book, part):
    """In time; the n-th complaint about service is about the n-th of equal parts of the year."""
    found = jobs(book.calendar, book.numbers, part)
    service = min(max(1, SERVICE // part), len(found) // 4)
    found = eve(book.calendar, book.numbers, found, service)
    about = {(2 * n + 1) * len(found) // (2 * service): GRIEVANCES[n % len(GRIEVANCES)][0]
             for n in range(service)}
    for number, (at_ms, kind, category, outlet) in enumerate(found):
        Job(book, number, kind, category, outlet, at_ms, about.get(number)).whole()


def office(book, year):
    """Sheets of the month, in time but for one; calls that nobody picked up, one of them for a
    reason; the manager closes each month once the last grace is over."""
    for month in range(2, 13):
        begin = book.calendar.open_at(midnight(datetime.date(year, month, 2)) + 9 * HOUR)
        for territory, (clerk, _) in CLERKS.items():
            late = 5 * DAY if (territory, month) == ("river", 9) else 0
            book.say(book.calendar.open_at(begin + 2 * HOUR + late),
                     "sheet-%s-%02d" % (territory, month - 1), clerk, territory,
                     "submit_sheet", {"month": year * 100 + month - 1})
            close_ms = book.calendar.open_at(midnight(datetime.date(year, month, 12)) + 9 * HOUR)
            book.say(close_ms, "close-%s-%02d" % (territory, month - 1), "liu", territory,
                     "close_month", {"month": year * 100 + month - 1})
            if territory == "county" or month % 3 == 0:
                missed = book.calendar.open_at(midnight(datetime.date(year, month, 20)) + 10 * HOUR)
                call = book.call("missed-%s-%02d" % (territory, month), territory,
                                 "1370000%04d" % month, missed, None)
                if (territory, month) == ("county", 7):
                    book.say(book.calendar.open_at(missed + 2 * DAY), "reverse-07", "liu",
                             territory, "reverse_entry", {
                                 "entry": "7.8/person:lin/%s/occasion#1" % call,
                                 "reason": "停电,话机无法接听"})


def manager(book, year):
    for number, (month, day, clause, account, note) in enumerate(MANAGER):
        at_ms = book.calendar.open_at(midnight(datetime.date(year, month, day)) + 15 * HOUR)
        where = "river" if account.startswith("outlet:") else "county"
        book.say(at_ms, "manager-%02d" % number, "liu", where, "report_violation",
                 {"clause": clause, "account": account, "note": note})


def rulebook():
    """The shipped one, with the rates and the holidays of these years."""
    with open(os.path.join(ROOT, "deploy", "rulebook.yaml"), encoding="utf-8") as source:
        text = source.read()
    rates = ["  - {kind: install, category: %s, rate: %d.00元}" % (name, rate)
             for name, (rate, _) in INSTALLS.items()]
    rates += ["  - {kind: repair, category: %s, rate: %d.00元}" % (name, row[0])
              for name, row in WORK.items()]
    text, n = re.subn(r"(?m)^piece_rates:\n(  - .*\n)+",
                      "piece_rates:\n%s\n" % "\n".join(rates), text)
    festivals = "".join("      - {from: %s, to: %s, name: Spring Festival}\n" %
                        Calendar(year).festival_days() for year in YEARS)
    text, m = re.subn(r"(?m)^    holidays:\n(      .*\n)+    make_up:\n(      .*\n?)+",
                      "    holidays:\n" + festivals, text)
    assert n == m == 1, (n, m)
    return text


def directory():
    skills = ["install", "repair", *WORK]
    lines = ["format: 1", "name: county department, 2006", "skills: [%s]" % ", ".join(skills),
             "areas: []", "makers: [%s]" % ", ".join(MAKERS), "territories:"]
    for name, partition, clerks in (("county", 7, "lin, zhou"), ("river", 3, "tan, peng")):
        lines += ["  - id: %s" % name, "    name: %s" % name, "    partition: %d" % partition,
                  "    mode: clerk", "    calendar: county", '    numbers: ["0736555%04d"]' % partition,
                  "    hotline:", "      - days: [mon, tue, wed, thu, fri, sat]",
                  '        hours: ["08:00-12:00", "14:00-18:00"]', "        people: [%s]" % clerks]
    able = "skills: [%s], zones: [city, near, far], max_open: 1000" % ", ".join(skills)
    lines.append("outlets:")
    lines += ["  - {id: %s, name: %s, territory: river, place: city, %s}" % (one, one, able) for one in OUTLETS]
    lines.append("people:")
    for clerk, territory in (("lin", "county"), ("zhou", "county"), ("tan", "river"), ("peng", "river")):
        lines.append("  - {id: %s, name: %s, role: clerk, territory: %s}" % (clerk, clerk, territory))
    lines.append("  - {id: liu, name: 刘经理, role: manager, calendar: county}")
    lines.append("  - {id: phone, name: telephone system, role: system}")
    for one in sorted({name for names in INHOUSE.values() for name in names}):
        lines.append("  - {id: %s, name: %s, role: technician, territory: county, %s}" % (one, one, able))
    for one in OUTLETS:
        lines.append("  - {id: %s-man, name: %s, role: technician, territory: river, outlet: %s}"
                     % (one, one, one))
    return "\n".join(lines) + "\n"


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("dir")
    options.add_argument("--part", type=int, default=1)
    options.add_argument("--year", type=int, default=2006, choices=YEARS)
    options.add_argument("--since", type=int, choices=YEARS)
    told = options.parse_args()
    os.makedirs(told.dir, exist_ok=True)
    book = None
    for year in range(told.since or told.year, told.year + 1):
        before, book = book, Book(Calendar(year), Numbers(year))
        all_jobs(book, told.part)
        book.hand_in_weeks()
        office(book, year)
        manager(book, year)
        book.lines += before.lines if before else []
    book.write(os.path.join(told.dir, "year.ndjson"))
    for name, text in (("rulebook.yaml", rulebook()), ("directory.yaml", directory())):
        with open(os.path.join(told.dir, name), "w", encoding="utf-8") as out:
            out.write(text)


assert sum(row[1] for row in WORK.values()) == 7275
assert sum(row[2] for row in WORK.values()) == 1087
assert sum(row[0] * row[1] for row in WORK.values()) == 117966

if __name__ == "__main__":
    main()
