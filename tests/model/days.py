# SPDX-License-Identifier: MIT
"""Random days: what people of the shipped directory might send, sensible more often than not. Times
fall on the limits of the handbook or a millisecond beside them as often as anywhere else."""
import datetime
import random

import books
import comeback
import month
from hours import Hours, stamp
from record import RANK

MINUTE, HOUR, DAY = 60000, 3600000, 86400000
DATES = ["2007-03-01", "2007-03-02", "2007-03-03", "2007-02-16", "2007-02-17", "2007-02-25",
         "2007-03-29", "2007-03-30", "2007-02-27", "2007-03-10"]
# Where the clocks are put forward and back, the days about it.
CHANGES = {"Europe/Berlin": ["2007-03-24", "2007-03-25", "2007-10-27", "2007-10-28"]}
CATEGORIES = ["air_conditioner", "refrigerator", "washing_machine", "television", "water_heater",
              "small_appliance"]
QUESTIONS = ["FIXED", "ON_TIME", "WORK_CLOTHES", "ATTITUDE", "CHARGED_FEN", "SHOE_COVERS",
             "TOOK_NOTHING", "NO_EXAGGERATION", "VISITED"]


class Day:
    def __init__(self, rules, seed):
        self.rules, self.rng = rules, random.Random(seed)
        self.lines, self.taken = [], set()
        self.hours = {name: Hours(rules, name) for name in rules.territories}
        zone = str(self.hours["county"].zone)
        day = datetime.date.fromisoformat(self.rng.choice(CHANGES.get(zone, DATES)))
        self.midnight = self.hours["county"].instant(day, 0)
        self.n = 0

    # ---- chance ----

    def some(self, share):
        return self.rng.random() < share

    def about(self, limit):
        """A time near a limit: on it, beside it, or anywhere up to half as much again."""
        if self.some(0.35):
            return limit + self.rng.choice([-1, 0, 1])
        return self.rng.randrange(0, limit * 3 // 2 + 1) // MINUTE * MINUTE

    def spell(self, least, most):
        return self.rng.randrange(least, most + 1) // MINUTE * MINUTE

    def worked(self, territory, at, limit):
        """about(limit), but of working time."""
        hours = self.hours[territory]
        if self.some(0.35):
            return hours.after(at, limit) + self.rng.choice([-1, 0, 1])
        if self.some(0.1):
            return at + self.about(limit)
        return hours.after(at, self.rng.randrange(1, limit * 3 // 2) // MINUTE * MINUTE + 1) - 1

    # ---- commands ----

    def say(self, who, kind, at, body, ref=None, territory=None, late=0.0, group=None, very=0.1,
            known=0):
        """One command; late: how often a telephone in a cellar keeps it for a while."""
        self.n += 1
        while (ref, RANK.get(kind), at) in self.taken:
            at += 1
        self.taken.add((ref, RANK.get(kind), at))
        very = 0 if kind in ("cancel", "reopen") else very
        command = {"id": "c%d" % self.n, "by": who}
        if territory:
            command["territory"] = territory
        if ref:
            command["ref"] = ref
        sent = made = at
        if self.some(late):
            sent = at + self.rng.choice([MINUTE, self.about(HOUR), self.about(2 * HOUR),
                                         self.about(2 * HOUR)])
            if self.some(very):
                sent = made = at + self.about(DAY)
            elif self.some(0.4):
                made = sent
        elif self.some(late / 4):
            sent = at - self.rng.choice([MINUTE, 2 * MINUTE, 2 * MINUTE + 1])
        sent = max(sent, known)  # nobody can name a ticket before it is there
        command["made_at_ms"] = stamp(made)
        if made != at:
            command["occurred_at_ms"] = stamp(at)
        command[kind] = body
        line = {"command": command, "send_at": stamp(sent)} if sent != made else command
        self.lines.append((sent, group or ref or "", line))
        if self.some(0.02):  # once more, the same bytes
            self.lines.append((sent + MINUTE, group or ref or "",
                               {"command": command, "send_at": stamp(sent + MINUTE)}))

    def text(self):
        return [line for _, _, line in sorted(self.lines, key=lambda one: one[0])]


class Story:
    """One ticket, told from its report on."""

    def __init__(self, day, k):
        self.day, self.rng, self.ref = day, day.rng, "r%d" % k
        self.territory = self.rng.choice(["county", "county", "river"])
        self.clerk = self.rng.choice({"county": ["lin", "zhou"], "river": ["tan", "peng"]}
                                     [self.territory])
        self.kind = self.rng.choices(["INSTALL", "REPAIR", "SERVICE", "SYSTEM"], [4, 7, 2, 1])[0]
        self.category = self.rng.choice(CATEGORIES)
        self.city = self.territory == "county" and day.some(0.8)
        self.metres = self.rng.choice([None if self.city else 800, 5000, 20000, 20001, 31000])
        at = self.rng.randrange(7 * 60, 20 * 60) if day.some(0.3) else self.rng.choice(
            [self.rng.randrange(480, 720), self.rng.randrange(840, 1080)])
        self.at = day.midnight + at * MINUTE
        self.window, self.first, self.over = None, self.at, self.at + 12 * HOUR

    def say(self, who, kind, at, body, late=0.0):
        self.day.say(who, kind, at, body, self.ref, self.territory, late, known=self.known)

    # ---- who could do it ----

    def zone(self):
        return "city" if self.city else "near" if (self.metres or 0) <= 20000 else "far"

    def candidates(self):
        """(account, person) of those whom the directory fits."""
        rules, found = self.day.rules, []
        for person, row in rules.people.items():
            if row["role"] != "technician" or row.get("territory") != self.territory:
                continue
            able = rules.outlets[row["outlet"]] if "outlet" in row else row
            if self.kind != "SYSTEM" and not (
                    self.category in able["skills"] and self.zone() in able["zones"] and
                    ("install" if self.kind == "INSTALL" else "repair") in able["skills"]):
                continue
            found.append((rules.account(person), person))
        return found

    # ---- the desk ----

    def register(self, at=None, about=None, **more):
        day = self.day
        body = {"kind": {"REPAIR": "COMPLAINT", "SERVICE": "COMPLAINT"}.get(self.kind, self.kind),
                "channel": self.rng.choice(["PHONE", "COUNTER", "MESSAGE"]), "ref": self.ref,
                "customer": {"phone": "139%08d" % self.rng.randrange(10 ** 8), "name": "x",
                             "address": "y"}, "product": {"category": self.category}, "symptom": "z"}
        if self.kind in ("REPAIR", "SERVICE"):
            body["complaint_type"] = self.kind
        if self.city:
            body["customer"]["city"] = True
        if self.metres is not None:
            body["customer"]["distance_m"] = self.metres
        if day.some(0.12):
            body["urgent"] = True
        if self.kind == "SERVICE":
            body["subject"] = self.rng.choice(["ATTITUDE", "CHARGE"])
        who = self.clerk
        if self.kind in ("INSTALL", "REPAIR") and day.some(0.08):
            body["channel"], who = "MAKER", self.rng.choice([who, "maker"])
        if self.kind == "REPAIR" and day.some(0.3):  # a product that others have, too
            body["product"]["serial"] = "SN-0001"
        body.update(more)
        if day.some(0.04):  # the same customer, perhaps about the same thing
            body["customer"]["phone"] = "13900000000"
        if about:
            body["about_ref"] = about
        sent = day.spell(0, HOUR) if day.some(0.15) else 0
        self.day.n += 1
        at = self.at if at is None else at
        command = {"id": "c%d" % day.n, "by": who, "territory": self.territory,
                   "made_at_ms": stamp(at + sent), "occurred_at_ms": stamp(at), "register": body}
        day.lines.append((at + sent, self.ref, command))
        self.known = at + sent

    def desk(self, at, share=0.93):
        """Filled, contacted, booked."""
        day = self.day
        done = at
        for kind, body in (("fill_order", {"order_no": "n" + self.ref}), ("contact_customer", {})):
            if day.some(share):
                when = day.worked(self.territory, at, 30 * MINUTE) if day.some(0.4) else \
                    at + day.spell(MINUTE, 10 * MINUTE)
                if kind == "contact_customer" and day.some(0.1):
                    body = {"failed": True}
                self.say(self.clerk, kind, max(when, self.known), body, late=0.05)
                done = max(done, when)
        if day.some(share if self.kind != "SERVICE" else 0.3):
            done = max(self.known, done + day.spell(MINUTE, 10 * MINUTE))
            self.book(done)
        return max(done, self.known)

    def book(self, at, kind="book_appointment", who=None):
        day = self.day
        first = at // HOUR * HOUR + self.rng.choice([0, 1, 2, 4, 20, 24, 26, 48, 70, 96]) * HOUR
        last = first + self.rng.choice([1, 2, 2, 4]) * HOUR
        body = {"from_ms": stamp(first), "to_ms": stamp(last),
                "wish": self.rng.choice(["CUSTOMER", "CUSTOMER", "COMPANY"])}
        self.say(who or self.clerk, kind, at, body, late=0.05)
        self.window = (first, last)

    # ---- the technician ----

    def dispatched(self, at):
        """Somebody is asked, and answers or not. Returns (person or None, when)."""
        day, able = self.day, self.candidates()
        if self.territory == "river" or self.kind == "SYSTEM":
            at = day.worked(self.territory, at, 30 * MINUTE) if day.some(0.4) else at + MINUTE
            account, person = self.rng.choice(able or [("person:sun", "sun")])
            if day.some(0.93):
                self.say(self.clerk, "assign", at, {"account": account},
                         late=0.2 if self.kind == "SYSTEM" else 0.04)
        elif not able:
            return None, at
        else:
            person = self.rng.choice(able)[1]
        return self.answer(person, day.hours[self.territory].opening(at))

    def answer(self, person, at):
        day = self.day
        when = day.worked(self.territory, at, 30 * MINUTE) if day.some(0.7) else \
            at + day.spell(MINUTE, 25 * MINUTE)
        lot = self.rng.random()
        if lot < 0.08:
            self.say(person, "reject", when, {"reason": "x"}, late=0.2)
            return (self.answer(self.rng.choice(self.candidates())[1], when)
                    if self.candidates() and day.some(0.7) else (None, when))
        if lot < 0.9:
            self.say(person, "accept", when, {}, late=0.25)
        if day.some(0.85):
            spoke = day.worked(self.territory, when, 10 * MINUTE)
            self.say(person, "contact_customer", spoke, {"failed": True} if day.some(0.08) else {},
                     late=0.15)
            when = max(spoke, when)
        return person, when

    def check_in(self, person, at):
        day = self.day
        if self.window and day.some(0.85):
            first, last = self.window
            at = max(at, self.rng.choice([
                first - 30 * MINUTE, first - 30 * MINUTE - 1, first - day.spell(0, HOUR), first,
                first + (last - first) // 3, first + (last - first) // 2, last, last + 1,
                last + day.spell(0, 3 * HOUR)]))
        elif day.some(0.5):
            at = self.at + self.rng.choice([24, 48, 72]) * HOUR + self.rng.choice([-1, 0, 1])
        body = {}
        if day.some(0.08):
            body["customer_absent"] = True
        elif day.some(0.08):
            body["customer_present"] = True
        self.say(person, "check_in", at, body, late=0.15)
        return at

    def wait(self, person, at):
        """A delay, noted or not, over after a while or never."""
        day = self.day
        reason = self.rng.choice(["PARTS", "PARTS", "MAJOR_REPAIR", "CUSTOMER", "OTHER"])
        if day.some(0.15):  # somebody whose job it is not, or is no more
            person = self.rng.choice(self.candidates() or [("", person)])[1]
        self.say("liu" if reason == "OTHER" else person, "report_delay", at, {"reason": reason},
                 late=0.15)
        if day.some(0.85):
            self.say(self.clerk, "register_delay", day.worked(self.territory, at, 30 * MINUTE), {},
                     late=0.05)
        end = at + self.rng.choice([2 * HOUR, DAY, 3 * DAY, 7 * DAY, 7 * DAY + 1, 8 * DAY, 16 * DAY])
        if day.some(0.75):
            self.say(person, "resume", end, {}, late=0.1)
        return end if day.some(0.8) else at + HOUR

    def work(self, person, at):
        """From the door to the result. Returns when it was filed, or None."""
        day = self.day
        if day.some(0.92):
            at = self.check_in(person, at)
        if day.some(0.15):
            at = self.wait(person, at + day.spell(0, HOUR))
        if day.some(0.08):
            self.book(at + MINUTE, self.rng.choice(["book_appointment", "move_appointment"]),
                      self.rng.choice([self.clerk, person]))
            at = self.check_in(person, at + HOUR)
        if self.kind in ("REPAIR", "SERVICE") and day.some(0.2):
            at = max(at, self.at + self.rng.choice([24, 72]) * HOUR + self.rng.choice([-1, 0, 1]))
        at += day.spell(MINUTE, 2 * HOUR)
        if day.some(0.92):
            self.say(person, "complete", at, {}, late=0.1)
        if day.some(0.06):
            return None
        self.evening(person, at)
        at += day.about(12 * HOUR) if day.some(0.4) else day.spell(MINUTE, HOUR)
        self.file(person if day.some(0.85) else self.clerk, at)
        return at

    def file(self, who, at):
        tariff = self.rng.choice([0, 5000, 8000])
        self.say(who, "file_result", at, {
            "fixed": True, "labour_fen": self.rng.choice([tariff, 8000]), "tariff_fen": tariff,
            "parts_fen": self.rng.choice([0, 1200])}, late=0.1)

    def evening(self, person, at):
        day = self.day
        if day.some(0.6):
            date = day.hours[self.territory].day(at)
            end = day.hours[self.territory].end_of_day(at)
            said = self.rng.choice([end, end + 1, end - 3 * HOUR, at - HOUR, end + 9 * HOUR])
            day.say(person, "report_day", said, {"date": date.isoformat()},
                    territory=self.territory, late=0.1, group=self.ref)

    # ---- afterwards ----

    def callback(self, at):
        day, hours = self.day, self.day.hours[self.territory]
        if day.some(0.1):
            return
        due = hours.end_of_work(at, 3)
        at = self.rng.choice([due + self.rng.choice([-1, 0, 1]), hours.opening(at + 20 * HOUR)])
        for _ in range(4):
            reached = day.some(0.7)
            body = {"reached": reached}
            if reached and day.some(0.6):
                asked = self.rng.sample(QUESTIONS, self.rng.randrange(1, 4))
                body["answers"] = [
                    {"question": q, "amount_fen": self.rng.choice([0, 5000, 8000, 8100, 8101, 9200])}
                    if q == "CHARGED_FEN" else {"question": q, "yes": day.some(0.6)} for q in asked]
            self.say(self.clerk, "record_callback", at, body, late=0.05)
            if reached:
                return
            at = hours.opening(at + self.rng.choice([2 * HOUR, 22 * HOUR]))

    def disturb(self):
        """What may come between at any time."""
        day = self.day
        for share, who, kind, body in (
                (0.08, self.clerk, "set_urgency", {"urgent": True, "reason": "x"}),
                (0.03, "liu", "set_urgency", {"urgent": False, "reason": "x"}),
                (0.08, self.clerk, "correct_address", {"address": "w", "distance_m": self.rng.choice(
                    [3000, 20000, 20001, 40000])}),
                (0.05, self.clerk, "urge", {}),
                (0.08, self.clerk, "cancel", {"reason": "x"})):
            if day.some(share):
                at = self.at + self.rng.choice([day.spell(0, 4 * HOUR), day.spell(0, 3 * DAY),
                                                day.about(24 * HOUR)])
                self.say(who, kind, max(at, self.known), dict(body), late=0.1)
        if self.window and day.some(0.15):
            first, last = self.window
            edge = self.rng.choice([first, last]) + self.rng.choice([-1, 0, 1, -2 * HOUR])
            self.book(max(edge, self.known), "move_appointment")
        if self.kind in ("REPAIR", "SERVICE") and day.some(0.12 if self.kind == "REPAIR" else 0.7):
            at = self.at + (day.about(72 * HOUR) if day.some(0.4) else day.spell(0, 20 * HOUR))
            self.say(self.clerk, "answer_complaint", max(at, self.known),
                     {"channel": "PHONE", "text": "x"}, late=0.05)
            if self.kind == "SERVICE" and day.some(0.8):
                self.file(self.clerk, max(at, self.known) + day.about(12 * HOUR))

    def reassign(self, at):
        able = self.candidates()
        if not able or self.kind == "SERVICE" or not self.day.some(0.12):
            return None
        account, person = self.rng.choice(able)
        self.say(self.clerk, "assign", at, {"account": account})
        return self.answer(person, at)

    def tell(self):
        day = self.day
        self.register()
        at = self.desk(self.at)
        self.disturb()
        if self.kind == "SERVICE" and not day.some(0.15):
            return
        person, at = self.dispatched(at)
        moved = self.reassign(at + day.spell(MINUTE, 30 * HOUR))
        if moved:
            person, at = moved
        if person is None or day.some(0.06):
            return
        filed = self.work(person, at)
        if filed is None or self.kind == "SYSTEM":
            return
        self.over = filed
        self.callback(filed)
        if day.some(0.1):
            self.reopen(filed + day.spell(HOUR, 4 * DAY), person)

    def reopen(self, at, person):
        day = self.day
        self.say(self.clerk, "reopen", at, {"reason": "x"})
        self.at = self.known = at
        self.window = None
        at = self.desk(at)
        if self.territory == "river":
            self.say(self.clerk, "assign", at, {"account": day.rules.account(person)})
        person, at = self.answer(person, day.hours[self.territory].opening(at))
        if person:
            filed = self.work(person, at)
            if filed:
                self.callback(filed)
                self.analyse(person, filed)

    def analyse(self, person, at):
        """The case of a repair that did not last, about when that is due, or before it came back."""
        if self.day.some(0.7):
            after = self.rng.choice([7 * DAY - 1, 7 * DAY, 7 * DAY + 1, DAY, HOUR - self.day.spell(
                0, 6 * DAY)])
            self.say(person, "analyse_case", max(at + after, self.known), {"note": "x"}, late=0.2)


def complain(day, about, k):
    """A customer says that we were not on time."""
    story = Story(day, k)
    story.kind, story.territory, story.clerk = "SERVICE", about.territory, about.clerk
    first, last = about.window
    at = day.rng.choice([first, first - 1, last + day.spell(0, 2 * DAY), last + 30 * DAY,
                         last + 30 * DAY + 1, first + HOUR])
    story.at = at
    story.register(at, about.ref, subject="NOT_ON_TIME")
    story.desk(at)
    if day.some(0.8):
        story.say(story.clerk, "answer_complaint", story.known + HOUR,
                  {"channel": "PHONE", "text": "x"})


def calls(day, n):
    """Calls of one hour of the day, gaps of the feed among them."""
    territory = day.rng.choice(["county", "river"])
    number = day.rules.territories[territory]["numbers"][0]
    base = day.midnight + day.rng.choice([479, 480, 540, 700, 719, 840, 1000, 1079, 60]) * MINUTE
    for k in range(n):
        call, group = "call%d" % k, "call%d" % k
        at = base + day.rng.randrange(0, 15 * MINUTE) // 1000 * 1000
        if day.some(0.2):
            at = day.midnight + day.rng.choice([480, 720, 840, 1080]) * MINUTE + day.rng.choice(
                [-20000, -20001, -1, 0, -19999])
        day.say("phone", "call_offered", at, {
            "call": call, "called": number, "queue": "q",
            "caller": "130%08d" % day.rng.randrange(2)}, group=group)
        end = at + day.rng.choice([19999, 20000, 20001, 5000, 45000, 90000, 300000])
        if day.some(0.5):
            by = day.rng.choices(["PERSON", "IVR", "VOICEMAIL", "QUEUE"], [6, 1, 1, 1])[0]
            body = {"call": call, "answered_by": by}
            if by == "PERSON":
                body["agent"] = day.rng.choice({"county": ["lin", "zhou"],
                                                "river": ["tan", "peng"]}[territory])
                end += 200000
            day.say("phone", "call_answered", at + day.rng.randrange(1, 15) * 1000, body,
                    territory=territory, late=0.1, group=group)
        day.say("phone", "call_ended", end, {"call": call, "cause": "normal"}, territory=territory,
                late=0.2, group=group)
    if day.some(0.1):
        first = base + day.rng.randrange(0, 10 * MINUTE)
        last = first + day.rng.randrange(1, 5 * MINUTE)
        day.say("phone", "feed_gap", last, {"from_ms": stamp(first), "to_ms": stamp(last)},
                territory=territory, late=0.2, group="gap")


def make(rules, seed):
    """The lines of one random day."""
    day = Day(rules, seed)
    for k in range(day.rng.choice([1, 1, 2, 2, 3, 4])):
        story = Story(day, k)
        story.tell()
        if story.kind in ("INSTALL", "REPAIR") and day.some(0.2):
            comeback.come_back(story, story.first, story.over)
        if story.window and day.some(0.2):
            complain(day, story, 10 + k)
    if day.some(0.35):
        calls(day, day.rng.randrange(1, 6))
    if day.some(0.15):
        books.manage(day)
    if day.some(0.1):
        books.losses(day)
    if day.some(0.4):
        month.some_sheets(day)
    if day.some(0.4):
        month.some_weeks(day)
    if day.some(0.06):
        month.full(day, lambda k: Story(day, k))
    return day.text()
