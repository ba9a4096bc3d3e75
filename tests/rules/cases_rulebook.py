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


# ---- judged again ----

SLIP = ("""  accept:
    limit: 30m     # our default
    base: working  # of the technician or outlet that is asked
    warn_after: 10m""", """  accept:
    limit: 3m
    base: working
    warn_after: 1m""")
RIGHT_AGAIN = ("name: after-sales rules 2007", "name: after-sales rules 2007, mended")
FINE = "7.1/person:xu/{x1}/dispatch#1"


def _rejudge(county, at, under, outcome="APPLIED", reason="REJUDGED", what="again", ref="x1",
             **more):
    county.day.send(what, at, "liu", "rejudge",
                    {"under": under, "reason": "规则里的时限写错了", **more}, county.name, ref=ref,
                    outcome=(outcome, reason))


def _late_by_a_slip(county):
    """Accepted three minutes and a millisecond after the offer, under rules with a slip."""
    _activate(county, "08:10", SLIP)
    t = _repair(county)
    t.order("15:00-17:00")
    t.accept("08:35:00.001", "xu")
    t.contact("08:45", "xu")
    _finish(t)
    t.judged(KEPT.replace("accept+", "accept-"))
    t.fine("7.1", "xu", "dispatch#1", "08:35", "08:35:00.001")
    return t


def _reversal(county, key, clause, whose, fen, at):
    county.day.entry(clause, whose, key, "{x1}", fen, actual=at, reason="REJUDGED",
                     key="reversal/" + key)


def rejudged_under_the_rules_before(county):
    """The fine goes; nothing of what stands is touched, and the verdict that was said stays said."""
    t = _late_by_a_slip(county)
    _activate(county, "09:00", RIGHT_AGAIN, what="rules-3")
    _rejudge(county, "12:00", 1)
    t.rejudged = [("accept#1", "breached", "met", 1)]
    _reversal(county, FINE, "7.1", "xu", 5000, "12:00")


def rejudged_back_again(county):
    """The third word on one cause: its key is the old cause and the number of the rejudge."""
    t = _late_by_a_slip(county)
    _rejudge(county, "12:00", 1)
    _rejudge(county, "12:10", 1, "NO_EFFECT", "JUDGED_THE_SAME", what="again-same")
    _rejudge(county, "12:20", 2, what="again-back")
    t.rejudged = [("accept#1", "breached", "met", 1), ("accept#1", "met", "breached", 2)]
    _reversal(county, FINE, "7.1", "xu", 5000, "12:00")
    county.day.entry("7.1", "xu", "{x1}/dispatch#1/rejudged#2", "{x1}", -5000, "08:35",
                     "08:35:00.001")


def rejudged_for_another_amount(county):
    """The breach stands; only what it costs differs."""
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.complete("16:00", "xu")
    t.file("03-02 08:00", "xu")
    t.callback("03-02 10:00")
    t.judged(KEPT.replace("result+", "result-"))
    t.fine("7.4", "xu", "completion#1", "03-02 04:00", "03-02 08:00")
    _activate(county, "03-02 12:00", DEARER)
    _rejudge(county, "03-02 17:00", 2, clock="RESULT", n=1)
    t.rejudged = [("result#1", "breached", "breached", 1)]
    _reversal(county, "7.4/person:xu/{x1}/completion#1", "7.4", "xu", 5000, "03-02 17:00")
    county.day.entry("7.4", "xu", "{x1}/completion#1/rejudged#1", "{x1}", -6000, "03-02 04:00",
                     "03-02 08:00")


def rejudged_when_money_is_the_same(county):
    """A breach a quarter of an hour earlier costs as much: no line is booked."""
    _activate(county, "08:10", ("""  result:
    limit: 12h""", """  result:
    limit: 11h"""))
    t = _booked(county)
    t.check_in("15:30", "xu")
    t.complete("16:00", "xu")
    t.file("03-02 08:00", "xu")
    t.callback("03-02 10:00")
    t.judged(KEPT.replace("result+", "result-"))
    t.fine("7.4", "xu", "completion#1", "03-02 03:00", "03-02 08:00")
    _rejudge(county, "03-02 17:00", 1)
    t.rejudged = [("result#1", "breached", "breached", 1)]


def what_the_manager_reversed_stays_so(county):
    t = _late_by_a_slip(county)
    county.day.send("reverse", "11:00", "liu", "reverse_entry",
                    {"entry": FINE, "reason": "规则有误"}, county.name,
                    outcome=("APPLIED", "REVERSED_BY_MANAGER"))
    county.day.entry("7.1", "xu", FINE, "{x1}", 5000, actual="11:00", reason="REVERSED_BY_MANAGER",
                     key="reversal/" + FINE)
    _rejudge(county, "12:00", 1)
    t.rejudged = [("accept#1", "breached", "met", 1)]


def rejudged_into_a_proposal_and_back(county):
    """A complaint that nobody was sent for. By the second rules its owner would have had to hold it
    for longer than it ran: the manager is asked instead; by the first again, and he is not."""
    t = _repair(county, product="nothing A1")
    t.fill("08:31")
    t.contact("08:32")
    t.judged("order- visit- complaint-")
    t.fine("7.3", "lin", "complaint#1", due="03-04 08:30")
    _activate(county, "03-05 09:00", ("auto_held: 24h ", "auto_held: 99h "))
    _rejudge(county, "03-05 10:00", 2, clock="COMPLAINT", n=1)
    _rejudge(county, "03-05 11:00", 1, clock="COMPLAINT", n=1, what="again-back")
    t.rejudged = [("complaint#1", "breached", "breached", 1),
                  ("complaint#1", "breached", "breached", 2)]
    _reversal(county, "7.3/person:lin/{x1}/complaint#1", "7.3", "lin", 5000, "03-05 10:00")
    county.day.propose("7.3", "lin", "{x1}/complaint#1/rejudged#1")
    county.day.books.append(("proposal_rejected",
                             "7.3/person:lin/{x1}/complaint#1/rejudged#1"))
    county.day.entry("7.3", "lin", "{x1}/complaint#1/rejudged#2", "{x1}", -5000, "03-04 08:30")


def rejudged_too_early(county):
    """Nothing final yet; final as it is, not yet by the longer limit; final by both."""
    t = _late_by_a_slip(county)
    _rejudge(county, "08:36", 1, "REFUSED", "NOTHING_FINAL", what="again-1")
    _rejudge(county, "10:34:59.999", 1, "REFUSED", "NOTHING_FINAL", what="again-2", clock="ACCEPT",
             n=1)
    _rejudge(county, "10:35:00.000", 1, "REFUSED", "NOT_FINAL_UNDER", what="again-3",
             clock="ACCEPT", n=1)
    _rejudge(county, "10:35:00.001", 1, what="again-4", clock="ACCEPT", n=1)
    t.rejudged = [("accept#1", "breached", "met", 1)]
    _reversal(county, FINE, "7.1", "xu", 5000, "10:35:00.001")


def taken_away_before_it_was_late(county):
    """He was silent, and the job was taken back after three minutes; by the old limit he had thirty:
    it was the system that ended his time."""
    _activate(county, "08:10", SLIP)
    t = _repair(county)
    t.order("15:00-17:00")
    t.cancel("11:00", "用户撤单")
    t.callback("03-02 10:00")
    t.judged("order+ dispatch+ accept- dispatch#2- visitx complaintx callback+")
    t.fine("7.1", "xu", "dispatch#1", "08:35")
    _rejudge(county, "12:00", 1, clock="ACCEPT", n=1)
    t.rejudged = [("accept#1", "breached", "cancelled", 1)]
    _reversal(county, FINE, "7.1", "xu", 5000, "12:00")


def rejudged_when_the_facts_are_gone(county):
    """Called back on the second, everything final that noon; on the fifth nobody holds them."""
    _late_by_a_slip(county)
    _rejudge(county, "03-05 12:00", 1, "REFUSED", "FACTS_NOT_HELD")
