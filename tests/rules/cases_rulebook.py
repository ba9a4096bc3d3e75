# SPDX-License-Identifier: MIT
"""A second rulebook in the middle of running clocks: each keeps the version that it started under,
and what starts later goes by the later one, whatever ticket it belongs to. See cases.py for the
notation."""
import os

from cases import KEPT, _booked, _finish, _repair

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def _texts(*changes):
    """The shipped rulebook with some words changed, and the shipped directory."""
    texts = []
    for name in ("rulebook", "directory"):
        with open(os.path.join(SOURCE, "deploy", name + ".yaml"), encoding="utf-8") as file:
            texts.append(file.read())
    for before, after in changes:
        assert texts[0].count(before) == 1, before
        texts[0] = texts[0].replace(before, after)
    return texts


def _activate(county, at, *changes, what="rules-2", effective_from=None):
    county.day.activate(what, at, *_texts(*changes), effective_from=effective_from)


ORDER = ("""  order:
    limit: 30m""", """  order:
    limit: 20m""")
ACCEPT = ("""  accept:
    limit: 30m""", """  accept:
    limit: 20m""")
CONTACT = ("""  contact:
    limit: 10m""", """  contact:
    limit: 4m""")
COMPLAINT = ("    limit: 72h", "    limit: 36h")
BAND = ("      city: 24h", "      city: 4h")
RESULT = ("    limit: 12h", "    limit: 6h")
CALLBACK = ("""workdays: 3}  # our default
    attempts""", """workdays: 1}  # our default
    attempts""")
DELAY = ("""  delay:
    limit: 30m""", """  delay:
    limit: 5m""")
RING = ("    ring: 20s ", "    ring: 40s ")
DEARER = ("""  - id: "7.4"
    kind: fine
    amount: 50.00元""", """  - id: "7.4"
    kind: fine
    amount: 60.00元""")


def _filled(county, ref, at, **dues):
    """A repair of which only the order clock is of interest: nobody is there for it."""
    t = _repair(county, at=at, ref=ref, product="nothing A1")
    t.cancel("11:30", "用户撤单")
    t.callback("03-02 10:00")
    t.judged("order- visitx complaintx callback+")
    t.dues.update({"order#1": due for due in dues.values()})
    return t


def an_order_before_and_after(county):
    """The last report under the first rulebook, and the first under the second."""
    _filled(county, "x1", "08:59:59.999", order="09:29:59.999")
    _activate(county, "09:00:00.000", ORDER)
    _filled(county, "x2", "09:00:00.001", order="09:20:00.001")


def rules_for_a_day_to_come(county):
    """In force from that millisecond on, although nobody says anything at it."""
    _activate(county, "08:10", ORDER, effective_from="10:00:00.000")
    _filled(county, "x1", "08:30", order="09:00:00")
    _filled(county, "x2", "09:59:59.999", order="10:29:59.999")
    _filled(county, "x3", "10:00:00.000", order="10:20:00")


def a_later_activation_takes_the_place_of_one_that_waits(county):
    _activate(county, "08:10", ORDER, effective_from="10:00")
    _activate(county, "08:20", ("    limit: 72h", "    limit: 71h"), what="rules-3",
              effective_from="11:00")
    _filled(county, "x1", "10:15", order="10:45:00")


def an_activation_at_once_drops_what_waits(county):
    _activate(county, "08:10", ORDER, effective_from="10:00")
    _activate(county, "08:20", what="rules-3")
    _filled(county, "x1", "10:15", order="10:45:00")


def an_offer_that_is_out(county):
    """It keeps its thirty minutes; the next one has twenty."""
    t = _repair(county)
    t.order("15:00-17:00")
    _activate(county, "08:40", ACCEPT)
    t.done("xu", accept="09:02:00.000", contact="09:05")
    _finish(t)
    t.dues["accept#1"] = "09:02:00"
    t.all_kept()
    t = _repair(county, at="09:30:00", ref="x2")
    t.order("03-02 15:00-17:00")
    t.done("xu", accept="09:52:00.000", contact="09:55")
    _finish(t, "03-02 15:30", "03-02 16:00", "03-02 16:10", "03-03 10:00")
    t.dues["accept#1"] = "09:52:00"
    t.all_kept()


def what_starts_later_goes_by_the_later_rules(county):
    """One ticket under two rulebooks: reported and offered under the first; accepted, delayed, done
    and called back under the second. Its complaint runs on under the first."""
    t = _repair(county)
    t.order("15:00-17:00")
    _activate(county, "08:40", CONTACT, COMPLAINT, BAND, RESULT, CALLBACK, DELAY)
    t.done("xu", accept="08:45", contact="08:49")
    t.check_in("15:30", "xu")
    t.delay("15:40", "xu", "PARTS", "等配件")
    t.register_delay("15:45")
    t.resume("15:50", "xu")
    t.complete("16:00", "xu")
    t.file("22:00", "xu")
    t.callback("03-02 18:00")
    t.judged(KEPT + " delay+")
    t.dues.update({"order#1": "09:00:00", "accept#1": "09:02:00", "contact#1": "08:49:00",
                   "visit#1": "17:00:00", "complaint#1": "03-04 08:40:00", "delay#1": "15:45:00",
                   "result#1": "22:00:00", "callback#1": "03-02 18:00:00"})
    t.dues["complaint#1"] = "03-04 08:40:00"


def a_running_complaint_and_band(county):
    """Both began before: 72 and 24 hours, not 36 and 4."""
    t = _repair(county, product="nothing A1")
    t.fill("08:31")
    t.contact("08:32")
    _activate(county, "08:40", COMPLAINT, BAND)
    t.judged("order- visit- complaint-")
    t.dues.update({"visit#1": "03-02 08:30:00", "complaint#1": "03-04 08:30:00"})
    t.fine("7.3", "lin", "complaint#1", due="03-04 08:30")


def a_result_costs_what_its_clock_says(county):
    """Completed before: twelve hours, 50 yuan. Completed after: six, 60 yuan."""
    for ref, done, due, fen in (("x1", "15:31", "03-02 03:31:00", -5000),
                                ("x2", "16:01", "22:01:00", -6000)):
        t = _booked(county, "15:00-17:00" if ref == "x1" else "16:00-18:00", ref=ref)
        t.check_in("15:20" if ref == "x1" else "16:00", "xu")
        t.complete(done, "xu")
        t.file("03-02 08:00", "xu")
        t.callback("03-02 10:00")
        t.judged(KEPT.replace("result+", "result-"))
        t.dues["result#1"] = due
        t.day.entry("7.4", "xu", "{%s}/completion#1" % ref, "{%s}" % ref, fen, due,
                    "03-02 08:00")
    _activate(county, "15:45", RESULT, DEARER)


def a_call_that_rings_while_the_rules_change(county):
    """Thirty seconds were too long when it began; afterwards they are not."""
    _activate(county, "09:00:10", RING)
    county.day.call("c1", "county", "13000005001", "09:00:00", "09:00:30", judged="-",
                    unanswered=True)
    county.day.call("c2", "county", "13000005002", "09:10:00", "09:10:30", judged="x",
                    unanswered=True)
    county.day.entry("7.8", "zhou", "c1/occasion#1", None, -5000, due="09:00:20",
                     actual="09:00:30")
