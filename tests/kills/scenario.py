# SPDX-License-Identifier: MIT
"""Three days of a small department, made from a seed: every service has something to do, and every
clause that costs something by itself is broken at least once.

A scenario is a list of inputs in the order of sending. An input makes its command when it is sent,
because some commands name tickets by the ids that earlier receipts gave."""
import random
import re
from datetime import datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=8))
MONDAY = datetime(2007, 3, 5, tzinfo=LOCAL)
MINUTE = 60 * 1000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def instant(day, hour, minute=0, second=0):
    """ms of a local time on the day-th day of the scenario."""
    at = MONDAY + timedelta(days=day, hours=hour, minutes=minute, seconds=second)
    return int(at.timestamp() * 1000)


START_MS = instant(0, 7, 30)


class Input:
    def __init__(self, send_at_ms, ref, make):
        self.send_at_ms = send_at_ms
        self.ref = ref    # whose order must be kept: the ticket's order number, or a name of ours
        self.make = make  # tickets (ref -> id) -> Command


class Scenario:
    """Collects inputs; stories write into it."""

    def __init__(self, seed, pb):
        self.seed = seed
        self.pb = pb
        self.random = random.Random(seed)
        self.inputs = []
        self.made = 0

    def between(self, a, b):
        """A random time span, to the millisecond, so that hardly any two instants coincide."""
        return self.random.randint(a, b)

    def say(self, at_ms, by, territory, ref=None, sent_ms=None, fill=None, chain=None, **fields):
        """One command: at_ms is when it happened and was made, sent_ms when it comes in."""
        self.made += 1
        number = self.made

        def make(tickets):
            command = self.pb.Command(id="k%d-%d" % (self.seed, number), by=by,
                                      made_at_ms=at_ms, occurred_at_ms=at_ms)
            if territory:
                command.territory = territory
            if ref:
                command.ref = ref
            for name, value in fields.items():
                body = getattr(command, name)
                body.SetInParent()
                for field, content in value.items():
                    put(body, field, content)
            if fill:
                fill(command, tickets)
            return command
        self.inputs.append(Input(sent_ms or at_ms, chain or ref or territory or by, make))

    def sorted(self):
        self.inputs.sort(key=lambda one: one.send_at_ms)  # stable: order of writing at one instant
        return self.inputs


def put(message, field, value):
    if isinstance(value, dict):
        for inner, content in value.items():
            put(getattr(message, field), inner, content)
        getattr(message, field).SetInParent()
    elif isinstance(value, list):
        for one in value:
            item = getattr(message, field).add()
            for inner, content in one.items():
                put(item, inner, content)
    else:
        setattr(message, field, value)


# ---- pieces of a job ----

class Job:
    """A ticket's story: who says what, with the time going on."""

    def __init__(self, scenario, territory, clerk, ref, at_ms, chain=None):
        self.s = scenario
        self.territory = territory
        self.clerk = clerk
        self.ref = ref
        self.chain = chain or ref  # the ticket that must be known before
        self.at_ms = at_ms

    def wait(self, a, b):
        self.at_ms += self.s.between(a, b)
        return self

    def by(self, who, late_ms=0, **fields):
        self.s.say(self.at_ms, who, self.territory, ref=self.ref, chain=self.chain,
                   sent_ms=self.at_ms + late_ms if late_ms else None, **fields)
        return self

    def register(self, kind, category, about=None, **more):
        report = {"kind": kind, "channel": 1, "ref": self.ref,
                  "customer": {"phone": "1380736%04d" % self.s.between(0, 9999), "city": True,
                               "area": "城东"}}
        if category:
            report["product"] = {"category": category, "model": "M-1"}
        if about:
            report["about_ref"] = about
        report.update(more)
        self.s.say(self.at_ms, self.clerk, self.territory, chain=self.chain, register=report)
        return self

    def order(self, from_ms=None, to_ms=None):
        """Order filled, customer contacted, visit booked: complete."""
        self.wait(MINUTE, 6 * MINUTE).by(self.clerk, fill_order={"order_no": self.ref})
        self.wait(MINUTE, 6 * MINUTE).by(self.clerk, contact_customer={})
        from_ms = from_ms or self.at_ms + 4 * HOUR
        self.wait(MINUTE, 6 * MINUTE)
        return self.by(self.clerk, book_appointment={"from_ms": from_ms,
                                                     "to_ms": to_ms or from_ms + 2 * HOUR, "wish": 1})

    def work(self, who, result_after_ms=40 * MINUTE, **result):
        """On site, done, result filed."""
        self.wait(5 * MINUTE, 9 * MINUTE).by(who, contact_customer={})
        self.wait(2 * HOUR, 4 * HOUR).by(who, check_in={"customer_present": True})
        self.wait(20 * MINUTE, 50 * MINUTE).by(who, complete={})
        self.at_ms += result_after_ms
        return self.by(who, file_result=dict({"fixed": True, "labour_fen": 8000, "parts_fen": 2000,
                                              "tariff_fen": 8000}, **result))

    def callback(self, reached=True, redo=False, **answers):
        names = {"fixed": 1, "on_time": 2, "work_clothes": 3, "charged_fen": 5, "shoe_covers": 6}
        said = []
        for name, value in answers.items():
            said.append({"question": names[name],
                         "amount_fen" if name == "charged_fen" else "yes": value})
        record = {"reached": reached}
        if said:
            record["answers"] = said
        if redo:
            record["redo"] = True
        return self.by(self.clerk, record_callback=record)


# ---- stories: one or two tickets each ----

def kept_but_careless(s):
    """All in time; at the callback two things come out, one the manager confirms, one he rejects."""
    job = Job(s, "county", "lin", "ac-1", instant(0, 8, s.between(5, 40)))
    job.register(2, "air_conditioner", complaint_type=1, symptom="drips").order()
    job.wait(4 * MINUTE, 20 * MINUTE).by("wang", accept={}).work("wang")
    job.wait(2 * HOUR, 3 * HOUR).callback(fixed=True, work_clothes=False, shoe_covers=False,
                                          charged_fen=15000)
    at_ms = job.at_ms + s.between(2 * HOUR + MINUTE, 3 * HOUR)  # what is proposed is final by then
    for clause, field in (("7.9", "confirm_proposal"), ("7.20", "reject_proposal"),
                          ("7.22", "confirm_proposal")):
        def fill(command, tickets, clause=clause, field=field):
            body = getattr(command, field)
            body.proposal = "%s/person:wang/%s/callback#1" % (clause, tickets["ac-1"])
            if field == "reject_proposal":
                body.reason = "covers were torn"
        s.say(at_ms, "liu", "county", fill=fill, chain="ac-1")
        at_ms += s.between(MINUTE, 5 * MINUTE)


def lapsed(s):
    """The first man is silent, the next one takes it; on some seeds the first one's acceptance comes
    late out of a dead spot, made in time."""
    job = Job(s, "county", "lin", "ac-2", instant(0, 9, s.between(0, 30)))
    job.register(2, "air_conditioner", complaint_type=1).order()
    if s.random.random() < 0.5:
        Job(s, "county", "lin", "ac-2", job.at_ms).wait(10 * MINUTE, 28 * MINUTE).by(
            "wang", late_ms=s.between(40 * MINUTE, 2 * HOUR), accept={})
    job.wait(35 * MINUTE, 50 * MINUTE).by("chen", accept={}).work("chen")
    job.wait(HOUR, 2 * HOUR).callback(fixed=False)  # contradicts what was filed: 7.5


def nobody_left(s):
    """Only one man can do it and he is silent: back to the clerk, who asks him in person."""
    job = Job(s, "county", "zhou", "fridge-1", instant(0, 10, s.between(0, 20)))
    job.register(2, "refrigerator", complaint_type=1, urgent=True).order()
    job.wait(45 * MINUTE, 60 * MINUTE).by("zhou", assign={"account": "person:yang"})
    job.wait(3 * MINUTE, 25 * MINUTE).by("yang", accept={}).work("yang", fixed=False)
    job.at_ms = instant(1, 9, s.between(0, 59))
    job.callback(reached=True, fixed=False, redo=True)
    job.wait(MINUTE, 9 * MINUTE).by("zhou", reopen={"reason": "customer wants it done"})
    job.wait(5 * MINUTE, 20 * MINUTE).by("yang", accept={}).work("yang")
    job.wait(HOUR, 2 * HOUR).callback(fixed=True)

    def fill(command, tickets):
        command.reverse_entry.entry = "7.1/person:yang/%s/dispatch#1" % tickets["fridge-1"]
        command.reverse_entry.reason = "his phone was being repaired"
    s.say(instant(1, 16, s.between(0, 59)), "liu", "county", fill=fill, chain="fridge-1")


def rejected(s):
    job = Job(s, "county", "lin", "tv-1", instant(0, 14, s.between(5, 30)))
    job.register(2, "television", complaint_type=1).order()
    job.wait(3 * MINUTE, 20 * MINUTE).by("huang", reject={"reason": "no ladder"})
    job.wait(3 * MINUTE, 20 * MINUTE).by("xu", accept={})
    job.wait(MINUTE, 9 * MINUTE).by("xu", contact_customer={"failed": True})
    job.work("xu", late_ms_result(s))
    job.at_ms = instant(1, 14, s.between(0, 59))
    job.callback(reached=False)
    job.at_ms = instant(1, 17, s.between(0, 30))
    job.callback(reached=False)
    job.at_ms = instant(2, 9, s.between(0, 30))
    job.callback(reached=False)


def late_ms_result(s):
    """After twelve hours: clause 7.4."""
    return s.between(13 * HOUR, 15 * HOUR)


def missed(s):
    """The agreed time is missed and the customer complains about it: clause 7.6."""
    job = Job(s, "county", "zhou", "heater-1", instant(0, 8, s.between(0, 20)))
    start_ms = instant(0, 15)
    job.register(1, "water_heater").order(start_ms, start_ms + 2 * HOUR)
    job.wait(5 * MINUTE, 25 * MINUTE).by("chen", accept={})
    job.wait(3 * MINUTE, 9 * MINUTE).by("chen", contact_customer={})
    grief = Job(s, "county", "lin", "grief-1", instant(0, 17, s.between(10, 50)), "heater-1")
    grief.register(2, None, about="heater-1", complaint_type=2, subject=1)
    grief.wait(HOUR, 2 * HOUR).by("lin", answer_complaint={"channel": 1, "text": "we apologise"})
    job.at_ms = instant(1, 8, s.between(30, 59))
    job.by("chen", check_in={"customer_present": True})
    job.wait(30 * MINUTE, 60 * MINUTE).by("chen", complete={})
    job.wait(MINUTE, 30 * MINUTE).by("chen", file_result={"fixed": True, "labour_fen": 5000})
    job.wait(HOUR, 2 * HOUR).callback(fixed=True, on_time=False)


def urgent_forgotten(s):
    """Urgent, taken, not done for more than a day: clause 7.3, and 7.4 for its result."""
    job = Job(s, "river", "tan", "wash-1", instant(0, 8, s.between(10, 40)))
    job.register(2, "washing_machine", complaint_type=1, urgent=True,
                 customer={"phone": "13907360001", "distance_m": 15000, "area": "漆河"}).order()
    job.wait(MINUTE, 20 * MINUTE).by("tan", assign={"account": "outlet:qihe"})
    job.wait(5 * MINUTE, 25 * MINUTE).by("qihe-deng", accept={})
    job.wait(HOUR, 2 * HOUR).by("tan", urge={"note": "water in the kitchen"})
    job.at_ms = instant(1, 10, s.between(0, 59))
    job.by("qihe-deng", check_in={})
    job.wait(30 * MINUTE, 60 * MINUTE).by("qihe-deng", complete={})
    job.at_ms += late_ms_result(s)
    job.by("qihe-deng", file_result={"fixed": True, "labour_fen": 6000})
    job.wait(9 * HOUR, 12 * HOUR).callback(fixed=True)


def delayed(s):
    """Parts are missing; the pause is registered late, the part comes, the work is done."""
    job = Job(s, "river", "peng", "tv-2", instant(0, 9, s.between(0, 40)))
    job.register(2, "television", complaint_type=1,
                 customer={"phone": "13907360002", "distance_m": 26000}).order()
    job.wait(MINUTE, 9 * MINUTE).by("peng", assign={"account": "person:ma"})
    job.wait(35 * MINUTE, 50 * MINUTE)  # too late: 7.1; nobody else is asked, the clerk asks again
    job.by("peng", assign={"account": "person:ma"})
    job.wait(3 * MINUTE, 20 * MINUTE).by("ma", accept={})
    job.wait(2 * HOUR, 3 * HOUR).by("ma", check_in={})
    job.wait(5 * MINUTE, 15 * MINUTE).by("ma", report_delay={"reason": 1, "note": "board"})
    job.wait(20 * MINUTE, 50 * MINUTE).by("peng", register_delay={"note": "ordered"})
    job.at_ms = instant(1, 15, s.between(0, 59))
    job.by("ma", resume={"note": "the board is here"})
    job.wait(HOUR, 2 * HOUR).by("ma", complete={})
    job.wait(10 * MINUTE, 40 * MINUTE).by("ma", file_result={"fixed": True, "parts_fen": 9000})
    job.at_ms = instant(2, 9, s.between(0, 59))
    job.callback(fixed=True, charged_fen=9000)


def changed_and_cancelled(s):
    customer = {"phone": "13707360003", "city": True}
    job = Job(s, "county", "lin", "wash-2", instant(1, 8, s.between(5, 50)))
    job.register(2, "washing_machine", complaint_type=1, customer=customer).order()
    job.wait(2 * MINUTE, 9 * MINUTE).by("lin", correct_address={"distance_m": 18000, "area": "城西"})
    job.wait(2 * MINUTE, 9 * MINUTE).by("yang", accept={})
    to_ms = job.at_ms + 8 * HOUR
    job.wait(MINUTE, 9 * MINUTE).by(
        "lin", move_appointment={"from_ms": to_ms - HOUR, "to_ms": to_ms, "wish": 1})
    job.wait(MINUTE, 9 * MINUTE).by("lin", set_urgency={"urgent": True, "reason": "flooding"})
    again = Job(s, "county", "zhou", "wash-2b", job.at_ms, "wash-2").wait(5 * MINUTE, 30 * MINUTE)
    again.register(2, "washing_machine", complaint_type=1, customer=customer)  # finds the open one
    job.wait(HOUR, 2 * HOUR).by("lin", cancel={"reason": "sold it"})


def transferred(s):
    """Goes on in the other territory, which is another partition: once, whatever dies between."""
    job = Job(s, "county", "lin", "move-1", instant(0, 11, s.between(0, 20)))
    job.register(2, "television", complaint_type=1,
                 customer={"phone": "13707360005", "distance_m": 9000}).order()
    job.wait(MINUTE, 9 * MINUTE).by("huang", accept={})
    job.wait(MINUTE, 9 * MINUTE).by("lin", transfer={"territory": "river", "reason": "up there"})
    there = Job(s, "river", "peng", "move-1", instant(1, 14, s.between(5, 50)), "move-1")
    there.by("peng", cancel={"reason": "works again"})
    there.wait(HOUR, 2 * HOUR).callback(fixed=True)


def calls(s):
    """Clause 7.8: rings in vain, twice in one occasion, then a busy desk, an answer and a gap."""
    def call(name, called, caller, at_ms, rings_ms, answered_by=None):
        s.say(at_ms, "phone", None, chain=name,
              call_offered={"call": name, "called": called, "caller": caller})
        if answered_by:
            s.say(at_ms + rings_ms, "phone", None, chain=name,
                  call_answered={"call": name, "answered_by": 1, "agent": answered_by})
            rings_ms += s.between(MINUTE, 4 * MINUTE)
        s.say(at_ms + rings_ms, "phone", None, chain=name, call_ended={"call": name})
    at_ms = instant(0, 8, s.between(20, 50))
    call("c1", "07365550101", "13900000001", at_ms, s.between(21000, 60000))
    call("c2", "07365550102", "13900000001", at_ms + 3 * MINUTE, s.between(21000, 60000))
    call("c3", "07365550101", "13900000002", at_ms + 20 * MINUTE, 9000, "lin")
    call("c4", "07365550201", "13900000003", at_ms + HOUR, s.between(19000, 21000))
    call("c5", "07365550201", "anonymous", at_ms + 2 * HOUR, 70000)
    gap_ms = at_ms + 2 * HOUR - s.between(-60000, 60000)
    s.say(at_ms + 2 * HOUR + s.between(10, 50) * MINUTE, "phone", "river", chain="gap",
          feed_gap={"from_ms": gap_ms, "to_ms": gap_ms + 5 * MINUTE})
    call("c6", "07365550201", "13900000004", instant(1, 12, 30), 60000)  # nobody works then
    call("c7", "07365550201", "13900000004", instant(1, 15, s.between(0, 59)), 45000)


def manager(s):
    for day, account, clause in ((0, "person:wang", "7.23"), (1, "person:sun", "7.16"),
                                 (2, "outlet:qihe", "7.19")):
        s.say(instant(day, 16, s.between(0, 59)), "liu", None, chain="manager",
              report_violation={"clause": clause, "account": account, "note": "seen"})
    for who, territory in (("wang", "county"), ("ma", "river")):
        s.say(instant(0, 19, s.between(0, 59)), who, territory, chain=who,
              report_day={"date": "2007-03-05"})
    s.say(instant(2, 9, s.between(0, 59)), "liu", "county", chain="manager",
          reverse_entry={"entry": "7.1/person:nobody/T000-1/dispatch#1", "reason": "refused"})


STORIES = [kept_but_careless, lapsed, nobody_left, rejected, missed, urgent_forgotten, delayed,
           changed_and_cancelled, transferred, calls, manager]


def make(seed, pb, stories=None):
    scenario = Scenario(seed, pb)
    for story in stories or STORIES:
        story(scenario)
    return scenario.sorted()


def directory(text):
    """The example directory with its territories in partitions 0, 1, ...: fewer to poll."""
    numbers = iter(range(256))
    return re.sub(r"^(\s+partition:) \d+", lambda found: "%s %d" % (found.group(1), next(numbers)),
                  text, flags=re.M)
