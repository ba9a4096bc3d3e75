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

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
YEARS = (2005, 2006)
ZONE = datetime.timezone(datetime.timedelta(hours=8))
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
SPANS = ((8 * HOUR, 12 * HOUR), (14 * HOUR, 18 * HOUR))

# category: (what the department pays for a repair in yuan, repairs in-house, by outlets, models)
WORK = {
    "air_conditioner": (25, 1400, 190, ("KFR-35GW/A", "KFR-26GW", "KFR-50LW", "KFR-72LW/D")),
    "refrigerator": (20, 900, 160, ("BCD-181", "BCD-205", "BCD-239W")),
    "water_heater": (18, 600, 180, ("JSQ16-8", "DSE-50", "SR-150")),
    "washing_machine": (16, 1099, 200, ("XPB60", "XQG50-801", "XQB42")),
    "television": (15, 1482, 230, ("C21", "C25S", "LC-32")),
    "small_appliance": (8, 1794, 127, ("SR-21", "JYD-11", "MB-17A")),
}
INSTALLS = {"air_conditioner": (45, 1310), "water_heater": (20, 420), "television": (15, 260)}
# what is wrong, what it was, what helped; the first helps more often than the second
FAULTS = {
    "air_conditioner": [("不制冷", "缺氟", "检漏、补焊、加氟"), ("不制冷", "电容坏", "换电容"),
                        ("室内机漏水", "排水管堵", "疏通排水管")],
    "refrigerator": [("不停机", "温控器坏", "换温控器"), ("不制冷", "压缩机不启动", "换启动器"),
                     ("不制冷", "内漏", "开背检漏")],
    "water_heater": [("打不着火", "电池没电", "换电池"), ("打不着火", "水气联动阀坏", "换阀"),
                     ("不加热", "加热管坏", "换加热管")],
    "washing_machine": [("不脱水", "刹车带断", "换刹车带"), ("不进水", "进水阀堵", "清洗进水阀"),
                        ("漏水", "水封老化", "换水封")],
    "television": [("没有图像", "高压包坏", "换高压包"), ("没有彩色", "晶振坏", "换晶振"),
                   ("没有声音", "功放坏", "换功放块")],
    "small_appliance": [("不加热", "熔断器断", "换熔断器"), ("不通电", "插座接触不良", "修插座"),
                        ("控制失灵", "按键板受潮", "换按键板")],
}
INHOUSE = {"air_conditioner": ("wang", "chen", "gao"), "refrigerator": ("yang", "gao", "he"),
           "washing_machine": ("yang", "wu", "he"), "television": ("huang", "xu", "deng"),
           "water_heater": ("chen", "wu", "he"), "small_appliance": ("xu", "deng", "tang")}
MAKERS = ("洞庭空调", "沅水冰箱", "武陵洗衣机", "桃花彩电", "澧阳热水器", "白马电器")
OUTLETS = ("qihe", "jiaqiao", "jianshi", "lingjintan", "zhengyi", "longhu")
NAMES = "陈国庆 李桂英 王建军 张秀兰 刘志强 杨小红 周大爷 吴秀英 郑卫东 孙丽 马老师 胡春生".split()
STREETS = "解放路 沿江路 人民路 建设路 渡口街 杨家坪村 石板滩村 学堂巷".split()


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
        return self.below(100) < percent


def local(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, ZONE)


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
    def midnight(day):
        return int(datetime.datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp()) * 1000

    def at(self, day, worked_ms):
        """The instant after so much of a day's work."""
        for begin, end in SPANS:
            if worked_ms < end - begin:
                return self.midnight(day) + begin + worked_ms
            worked_ms -= end - begin
        return self.midnight(day) + SPANS[-1][1] - 1

    def open_at(self, ms):
        """ms, or when work begins again after it."""
        day = local(ms).date()
        while True:
            for begin, end in SPANS:
                if self.is_open(day) and ms < self.midnight(day) + end:
                    return max(ms, self.midnight(day) + begin)
            day += datetime.timedelta(days=1)


class Book:
    """Commands, in the order in which they are sent."""

    def __init__(self, calendar, numbers):
        self.calendar, self.numbers, self.lines = calendar, numbers, []

    def say(self, at_ms, name, by, territory, body, value, **more):
        """Recorded within seconds of when it happened."""
        line = {"id": "%d-%s" % (self.calendar.year, name), "by": by, "territory": territory,
                "made_at_ms": at_ms, **more, body: value}
        self.lines.append((at_ms, len(self.lines), line))

    def write(self, path):
        with open(path, "w", encoding="utf-8") as out:
            for at_ms, _, line in sorted(self.lines, key=lambda one: one[:2]):
                out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


class Job:
    """One ticket from its report to its callback."""

    def __init__(self, book, number, kind, category, outlet, at_ms):
        self.book, self.n, self.kind, self.category = book, book.numbers, kind, category
        self.ref = "%s%02d%05d" % ("i" if kind == "INSTALL" else "c", book.calendar.year % 100, number)
        self.outlet, self.at_ms, self.number = outlet, at_ms, number
        self.territory = "river" if outlet else "county"
        self.clerk = (("tan", "peng") if outlet else ("lin", "zhou"))[number % 2]
        self.who = outlet + "-man" if outlet else self.n.one_of(INHOUSE[category])

    def say(self, at_ms, what, by, body, value=None):
        self.book.say(at_ms, "%s-%s" % (self.ref, what), by, self.territory, body, value or {},
                      ref=self.ref)

    def report(self, fault):
        n = self.n
        product = {"category": self.category, "model": n.one_of(WORK[self.category][3]),
                   "serial": "S%d%05d" % (self.book.calendar.year, self.number)}
        customer = {"phone": "139%08d" % (self.book.calendar.year % 10 * 10**7 + self.number * 2 +
                                          (self.kind == "INSTALL")),
                    "name": n.one_of(NAMES),
                    "address": "%s %d 号" % (n.one_of(STREETS), n.between(1, 180))}
        customer.update({"distance_m": n.between(6, 32) * 1000} if self.outlet else {"city": True})
        if n.chance(2):
            customer["institution"] = True
        body = {"kind": self.kind, "channel": "COUNTER" if n.chance(20) else "MESSAGE",
                "ref": self.ref, "customer": customer, "product": product}
        if self.kind == "COMPLAINT":
            body.update(complaint_type="REPAIR", symptom=fault[0])
        self.book.say(self.at_ms, self.ref, self.clerk, self.territory, "register", body)

    def prepare(self):
        """The clerk's half hour, the offer, the technician's ten minutes. When he has called."""
        n, at_ms = self.n, self.at_ms
        late = n.chance(1)
        at_ms += n.between(2, 8) * MINUTE + (35 * MINUTE if late else 0)
        self.say(at_ms, "fill", self.clerk, "fill_order", {"order_no": self.ref})
        self.say(at_ms + MINUTE, "spoke", self.clerk, "contact_customer")
        at_ms += 2 * MINUTE
        if n.chance(30):
            begin_ms = self.book.calendar.open_at(at_ms + n.between(3, 20) * HOUR)
            self.say(at_ms, "book", self.clerk, "book_appointment",
                     {"from_ms": begin_ms, "to_ms": begin_ms + 3 * HOUR, "wish": "CUSTOMER"})
        self.say(at_ms + MINUTE, "assign", self.clerk, "assign",
                 {"account": ("outlet:" + self.outlet) if self.outlet else "person:" + self.who})
        at_ms += MINUTE + n.between(1, 20) * MINUTE
        self.say(at_ms, "accept", self.who, "accept")
        at_ms += n.between(1, 8) * MINUTE + (5 * MINUTE if n.chance(2) else 0)
        self.say(at_ms, "call", self.who, "contact_customer")
        return at_ms

    def work(self, at_ms, fault):
        n = self.n
        at_ms = self.book.calendar.open_at(at_ms + n.between(1, 15) * HOUR)
        self.say(at_ms, "there", self.who, "check_in", {"customer_present": True})
        at_ms += n.between(20, 90) * MINUTE
        self.say(at_ms, "done", self.who, "complete")
        at_ms += n.between(5, 120) * MINUTE + (13 * HOUR if n.chance(1) else 0)
        fixed = self.kind == "INSTALL" or not n.chance(6)
        result = {"fixed": fixed, "labour_fen": 0, "parts_fen": 0, "tariff_fen": 0}
        if self.kind == "COMPLAINT":
            labour_fen = n.between(2, 12) * 500
            result.update(cause=fault[1], remedy=fault[2], labour_fen=labour_fen,
                          tariff_fen=labour_fen, parts_fen=n.between(0, 8) * 700)
        self.say(at_ms, "result", self.who, "file_result", result)
        return at_ms

    def call_back(self, at_ms):
        n = self.n
        at_ms = self.book.calendar.open_at(at_ms + n.between(4, 20) * HOUR)
        reached = not n.chance(5)
        value = {"reached": reached}
        if reached:
            value["satisfaction"] = n.between(3, 5)
        self.say(at_ms, "callback", self.clerk, "record_callback", value)

    def whole(self):
        fault = (FAULTS[self.category] * 2)[self.n.below(4)] if self.kind == "COMPLAINT" else None
        self.report(fault)
        self.call_back(self.work(self.prepare(), fault))


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
    for category, (_, inhouse, outside, _) in WORK.items():
        for at_ms in reports(category, inhouse * over[0] // over[1] // part, calendar, numbers):
            found.append((at_ms, "COMPLAINT", category, None))
        for at_ms in reports(category, outside * over[0] // over[1] // part, calendar, numbers):
            found.append((at_ms, "COMPLAINT", category, numbers.one_of(OUTLETS)))
    for category, (_, count) in INSTALLS.items():
        for at_ms in reports(category, count * over[0] // over[1] // part, calendar, numbers):
            found.append((at_ms, "INSTALL", category, None))
    return sorted(found, key=lambda one: one[0])


def office(book, year):
    """Sheets of the month, in time; the manager closes each month once the last grace is over."""
    for month in range(2, 13):
        begin = book.calendar.open_at(Calendar.midnight(datetime.date(year, month, 2)) + 9 * HOUR)
        for territory, clerk in (("county", "lin"), ("river", "tan")):
            book.say(begin + 2 * HOUR, "sheet-%s-%02d" % (territory, month - 1), clerk, territory,
                     "submit_sheet", {"month": year * 100 + month - 1})
            close_ms = book.calendar.open_at(
                Calendar.midnight(datetime.date(year, month, 12)) + 9 * HOUR)
            book.say(close_ms, "close-%s-%02d" % (territory, month - 1), "liu", territory,
                     "close_month", {"month": year * 100 + month - 1})


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
    lines += ["  - {id: %s, name: %s, territory: river, place: township, %s}" % (one, one, able) for one in OUTLETS]
    lines.append("people:")
    for clerk, territory in (("lin", "county"), ("zhou", "county"), ("tan", "river"), ("peng", "river")):
        lines.append("  - {id: %s, name: %s, role: clerk, territory: %s}" % (clerk, clerk, territory))
    lines.append("  - {id: liu, name: 刘经理, role: manager, calendar: county}")
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
        for number, (at_ms, kind, category, outlet) in enumerate(
                jobs(book.calendar, book.numbers, told.part)):
            Job(book, number, kind, category, outlet, at_ms).whole()
        office(book, year)
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
