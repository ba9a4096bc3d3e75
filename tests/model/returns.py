# SPDX-License-Identifier: MIT
"""Exchange and return, 8.1-8.7 (handbook 5): dates, intervals, rights, what may be chosen for how
much, and who is put before the manager for a unit that came back."""
import datetime

from life import FOREVER
from rules import date, span
from ticket import Ticket

ONE = datetime.timedelta(1)
KINDS = {"PARTS": "PARTS", "CUSTOMER": "CUSTOMER"}  # of delays; the others are the repairer's own
TOLD = ("check_return", "record_return", "reopen")
CLOCKS = ("order", "dispatch", "accept", "contact", "visit", "complaint", "feedback", "delay",
          "result", "callback")
BLOCKABLE = ("EXCHANGE", "OTHER_MODEL", "RETURN")


# ---- intervals: [(kind, from, to)] ----

def minus(first, last, holes):
    """What is left of [first, last)."""
    for start, end in sorted(holes):
        if start > first:
            yield first, min(start, last)
        first = max(first, end)
        if first >= last:
            return
    yield first, last


def touched(hours, intervals, after, upto):
    """Local dates d, after < d <= upto, in repair or waiting for it; never those that the customer
    moved."""
    moved = [(a, b) for kind, a, b in intervals if kind == "CUSTOMER"]
    end = hours.instant(upto + ONE, 0)
    found = set()
    for kind, first, last in intervals:
        if kind == "CUSTOMER":
            continue
        for a, b in minus(first, min(last, end), moved):
            if a < b:
                day, final = hours.day(a), hours.day(b - 1)
                while day <= final:
                    found.add(day)
                    day += ONE
    return {day for day in found if after < day <= upto}


def covered(hours, intervals, after, upto):
    """How many local dates of those are whole in waits that are not of the repairer's making."""
    waits = [(a, b) for kind, a, b in intervals if kind in ("PARTS", "CUSTOMER")]
    count, day = 0, after + ONE
    while day <= upto:
        left = minus(hours.instant(day, 0), hours.instant(day + ONE, 0), waits)
        count += not any(a < b for a, b in left)
        day += ONE
    return count


def months_later(day, months):
    """The same day of a later month, or that month's last."""
    index = day.year * 12 + day.month - 1 + months
    first = datetime.date(index // 12, index % 12 + 1, 1)
    last = (first + datetime.timedelta(31)).replace(day=1) - ONE
    return min(first + datetime.timedelta(day.day - 1), last)


# ---- one question ----

class Question:
    """A product on a day. repair: (from, to) of the repair of this fault, or None."""

    def __init__(self, rules, hours, body, intervals, repair, reported, returned, repairer):
        self.rules, self.hours, self.body = rules, hours, body
        self.row = rules.book["returns"]
        self.intervals, self.repair, self.repairer = intervals, repair, repairer
        self.invoiced = date(body["invoiced_on"])
        self.reported = date(body["reported_on"]) if body.get("reported_on") else reported
        self.returned = date(body["returned_on"]) if body.get("returned_on") else returned
        self.sent = hours.day(repair[0]) if repair else None
        self.repaired = hours.day(repair[1]) if repair and repair[1] < FOREVER else None
        self.days = (self.reported - self.invoiced).days
        self.until = self.guarantee()
        dates = touched(hours, intervals, self.invoiced, self.returned)
        self.repair_days = len(dates)
        self.used = (self.returned - self.invoiced).days - len(dates)

    def fits(self):
        return self.invoiced <= self.reported <= self.returned

    def guarantee(self):
        """Lengthened by the dates of earlier repairs."""
        months = self.row["guarantee"]
        months = months.get(self.body["category"], months["other"])
        until = months_later(self.invoiced, int(months[:-len("months")]))
        for day in sorted(touched(self.hours, self.intervals, self.invoiced, self.returned)):
            if day <= until and day < self.reported:  # what is on from then on is about this fault
                until += ONE
        return until

    def limit(self, clause, key):
        return int(self.row["rights"][clause][key][:-1])

    def holds(self):
        """The clauses of 8.1-8.5 that give a right."""
        body, fault = self.body, bool(self.body.get("main_fault"))
        tests = {"8.1": fault and self.days <= self.limit("8.1", "within"),
                 "8.2": fault and self.days <= self.limit("8.2", "within"),
                 "8.3": self.without_part(), "8.4": self.too_slow(),
                 "8.5": body.get("deformed") and not body.get("by_customer") and
                 self.reported.isoformat() in (body.get("unpacked_on"), body.get("installed_on"))}
        return [clause for clause, true in tests.items() if true]

    def without_part(self):
        if not self.sent or self.repaired and self.repaired <= self.returned:
            return False
        end = min(self.repair[1], self.hours.instant(self.returned + ONE, 0))
        waited = any(kind == "PARTS" and max(a, self.repair[0]) < min(b, end)
                     for kind, a, b in self.intervals)
        return waited and self.sent <= self.until and \
            (self.returned - self.sent).days > self.limit("8.3", "over")

    def too_slow(self):
        if not self.sent:
            return False
        upto = min(self.returned, self.repaired or self.returned)
        return (upto - self.sent).days - covered(self.hours, self.intervals, self.sent, upto) > \
            self.limit("8.4", "over")

    def choices(self, holds):
        """option -> (clause, amount, depreciation, account)."""
        found = {}
        for clause in holds:
            if clause != "8.4":
                found.setdefault("REPAIR", (clause, None, None, None))
            if clause == "8.1":
                found["RETURN"] = (clause, int(self.body["price_fen"]), 0, None)
            cost = self.repairer if clause == "8.4" and self.repairer.startswith("outlet:") else None
            if not self.body.get("no_same_model"):
                found.setdefault("EXCHANGE", (clause, None, None, cost))
        if holds and self.body.get("no_same_model"):
            found["OTHER_MODEL"] = ("8.6", None, None, None)
        if holds and self.reported <= self.until:
            price = int(self.body["price_fen"])
            over, under = map(int, self.row["rights"]["8.6"]["rate"].split("/"))
            less = 0 if self.body.get("no_same_model") else \
                min(price, price * self.used * over // under)
            found.setdefault("RETURN", ("8.6", price - less, less, None))
        return found

    def decision(self, report, complete):
        blocked = {"MATCHES": [], "DIFFERS": ["REPORT_DIFFERS"]}.get(report, ["REPORT_MISSING"])
        blocked += [] if complete else ["ACCESSORIES_MISSING"]
        holds = self.holds()
        choices = self.choices(holds)
        wish = self.body.get("wish")
        return {
            "days": self.days, "reported_on": str(self.reported), "returned_on": str(self.returned),
            "sent_on": str(self.sent) if self.sent else None, "guarantee_until": str(self.until),
            "repair_days": self.repair_days, "used_days": self.used, "holds": holds,
            "choices": sorted((option, *rest, bool(blocked) and option in BLOCKABLE)
                              for option, rest in choices.items()),
            "blocked": blocked, "wish": wish,
            "wish_granted": wish in choices and not (blocked and wish in BLOCKABLE)}


# ---- a ticket ----

def repair_of(life):
    """[from, to) of a life's own repair: from its report until the work is done or the job is off."""
    if life.kind != "repair":
        return None
    ends = [f.at for f in (life.done, life.cancel) if f]
    if any(not f.body.get("fixed") for f in life.of("file_result")):
        ends = []  # it is still not repaired
    return life.began, max(life.began, min(ends, default=FOREVER))


def intervals_of(lives, body):
    """The ticket's own, and those that are named."""
    found = [(one["kind"], int(one["from_ms"]), int(one.get("to_ms", FOREVER)))
             for one in body.get("intervals", [])]
    for life in lives:
        repair = repair_of(life)
        if not repair:
            continue
        found.append(("REPAIR", *repair))
        for fact, (first, last) in life.waits():
            kind = KINDS.get(fact.body["reason"], "OTHER")
            found.append((kind, first, min(last, repair[1])))
    return [one for one in found if one[1] < one[2]]


def last_word(facts, key):
    return next((f.body[key] for f in reversed(facts) if key in f.body), None)


class Case:
    """What is said of the product that a ticket is about. It is remembered while the ticket is open or
    can still be judged, and so long after the last word as a ticket can be followed up; then the
    lives that are over are forgotten, too."""

    def __init__(self, model, name, facts, acts):
        self.model, self.rules, self.name = model, model.rules, name
        self.hours = model.hours_of(model.tickets[name].territory)
        self.facts, self.acts = facts, acts
        self.decisions, self.causes = {}, {}
        self.said, self.lost, self.waits = [], 0, []
        self.over = set()  # complaints about visits that came when all of it was over
        told = [f for f in facts if f.kind in TOLD] + model.complaints_about(name)
        for fact in sorted(told, key=lambda f: f.number()):
            self.hear(fact)

    def hear(self, fact):
        whole = self.known(fact)
        lives = whole.lives[self.lost:-1] if fact.kind == "reopen" else whole.lives[self.lost:]
        over = self.forgotten(lives, fact)
        if over:
            self.said, self.waits = [], []
            self.lost += len(lives)
        if fact.subject != self.name:  # 7.6 will ask for its visits
            if over:
                self.over.add(fact.id)
            else:
                self.waits.append(fact.at + self.rules.grace("visit"))
            return
        if fact.kind == "reopen":
            return
        told, self.said = self.said, sorted(self.said + [fact], key=lambda f: f.key())
        self.find_causes(fact)
        if over:
            self.said = told
        elif lives:
            self.decide(fact, whole, lives)

    def known(self, fact):
        return Ticket(self.rules, self.hours,
                      sorted((f for f in self.facts if f.number() <= fact.number()),
                             key=lambda f: f.key()),
                      [a for a in self.acts if a.received <= fact.received])

    def forgotten(self, lives, fact):
        end = lives[-1].end if lives else None
        if not end:
            return not lives
        graces = max(span(row["grace"]) for name, row in self.rules.clocks.items() if name in CLOCKS)
        times = [v.final for v in self.model.verdicts.values() if v.subject == self.name and
                 v.start is not None and v.start < fact.received]
        times += [end.at + graces, *self.waits]
        if self.said:
            times.append(max(f.received for f in self.said) + span(
                self.rules.book["times"]["follow_up"]))
        return max(times) < fact.received

    def decide(self, fact, whole, lives):
        checks = [f for f in self.said if f.kind == "check_return"]
        if not checks:
            return
        repair = repair_of(lives[-1])
        reported = whole.lives[0].began if repair else checks[0].at
        last = self.said[-1].at  # the latest that is known
        until = repair[1] if repair and repair[1] < FOREVER else last
        body = checks[-1].body
        question = Question(self.rules, self.hours, body, intervals_of(lives, body), repair,
                            self.hours.day(reported), self.hours.day(last),
                            lives[-1].holder(min(until, last)))
        if question.fits():
            self.decisions["%s after %s" % (self.name, fact.id)] = question.decision(
                last_word(self.said, "report"), bool(last_word(self.said, "accessories_complete")))

    def find_causes(self, fact):
        """Once a unit was taken in, everybody who is named answers, whichever was known first."""
        taken = [f for f in self.said if f.body.get("taken_in")]
        if not taken:
            return
        found = [(self.rules.book["returns"]["lacks"]["clause"], self.rules.account(f.by), f.at)
                 for f in taken if f.body.get("lacks")]
        product = self.model.tickets[self.name].report.body.get("product", {}).get("category")
        about = {product} if product else {f.body.get("category") for f in self.said}
        for one in self.said:
            row = self.row_of(one.body.get("cause"))
            if row and (row.get("category") is None or row["category"] in about):
                found.append((row["clause"], one.body.get("account") or
                              "person:" + self.rules.manager, taken[0].at))
        for clause, account, at in found:
            self.causes.setdefault((clause, account), (at, fact))

    def row_of(self, cause):
        rows = self.rules.book["returns"]
        return {"WORKMANSHIP": rows["workmanship"], "PLACEMENT": rows["placement"],
                "INSTALLATION": rows["placement"]}.get(cause)

    def book(self, ledger, territory):
        for (clause, account), (at, fact) in self.causes.items():
            ledger.propose(ledger.row(clause, account, self.name + "/return", self.name,
                                      ledger.amount(clause, 0), "RETURN_CAUSED", territory,
                                      actual=at), fact.received, number=fact.number())
