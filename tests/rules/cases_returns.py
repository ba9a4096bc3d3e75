# SPDX-License-Identifier: MIT
"""Exchange and return on tickets, 8.1 to 8.7, and what a unit that comes back proposes (7.11, 7.17,
7.18). The days themselves are in returns_table.py; here the intervals are the ticket's own: those
that pause its clocks."""
from day_ticket import Territory
from returns_table import ALL, full, less

NONE = {"holds": [], "choices": {}}
THERE = {"report": "MATCHES", "accessories_complete": True}
FAULT = dict(THERE, main_fault=True)
EARLY = {"holds": ["8.1", "8.2"], "choices": ALL}


def _repair(county, at="08:30:00", product="small_appliance A1", ref="x1"):
    return county.repair(ref, at, "lin", "田甲", "城东 解放路 1 号", product, "坏了",
                         channel="COUNTER")


def _in_work(county):
    """Reported 08:30, in work from 15:30 on."""
    t = _repair(county)
    t.order("15:00-17:00")
    t.done("xu", accept="08:40:00", contact="08:45:00", check_in="15:30")
    return t


def _called_off(county, product="small_appliance A1"):
    """A report that comes to nothing but what the clerk asks about it."""
    t = _repair(county, product=product)
    t.cancel("08:50", "退换")
    t.callback("03-02 10:00")
    t.judged("orderx visitx complaintx callback+")
    return t


def _check(t, at, expected, who="lin", outcome="APPLIED", invoiced="2007-02-22", sent=None, **said):
    """price: 1,000.00 yuan"""
    body = dict({"category": "television", "price_fen": 100000}, invoiced_on=invoiced, **said)
    t._do("check-return", at, who, "check_return", body, outcome=outcome, sent=sent)
    if expected is not None:
        t.returns.append(expected)


def _record(t, at, expected, who="lin", outcome="APPLIED", sent=None, **said):
    t._do("record-return", at, who, "record_return", said, outcome=outcome, sent=sent)
    if expected is not None:
        t.returns.append(expected)


# ---- 8.1 to 8.5 on a ticket ----

def clause_8_1_by_the_report(county):
    """22 February to 1 March is 7 days; the check of the next day changes nothing."""
    t = _called_off(county)
    _check(t, "08:40", dict(EARLY, days=7, returned_on="2007-03-01", sent_on="2007-03-01"), **FAULT)
    _check(t, "03-02 09:00", dict(EARLY, days=7, returned_on="2007-03-02"), **FAULT)


def clause_8_2_by_the_report(county):
    """14 February is 15 days before; less one touched: 14.00 of 1,000.00."""
    t = _called_off(county)
    _check(t, "08:40", {"holds": ["8.2"], "choices": less(1400)}, invoiced="2007-02-14", **FAULT)


def clause_8_2_with_repairs_before(county):
    """Of the fifteen days the unit was in repair on three, and on this one."""
    t = _called_off(county)
    _check(t, "08:40", {"holds": ["8.2"], "choices": less(1100), "repair_days": 4,
                        "guarantee_until": "2008-02-17"}, invoiced="2007-02-14",
           intervals=[{"kind": "REPAIR", "from_ms": "2007-02-15T09:00:00+08:00",
                       "to_ms": "2007-02-17T09:00:00+08:00"}], **FAULT)


def clause_8_3_on_the_day_it_opens(county):
    """The wait for the part that stops the complaint's clock is the one that counts."""
    t = _in_work(county)
    t.delay("15:40", "xu", "PARTS", "缺件")
    t.register_delay("15:45")
    _check(t, "05-30 23:59:59.999", dict(NONE, sent_on="2007-03-01"), invoiced="2007-01-01", **THERE)
    _check(t, "05-31 00:00", {"holds": ["8.3"], "choices": less(5800, "8.3")},
           invoiced="2007-01-01", **THERE)
    t.resume("05-31 09:00", "xu")
    t.done("xu", complete="05-31 09:30", file="05-31 09:40", callback="06-01 10:00")
    _check(t, "05-31 10:00", NONE, invoiced="2007-01-01", **THERE)
    t.dues["complaint#1"] = "06-03 01:50:00"
    t.all_kept("delay+")


def clause_8_4_waits_of_the_customer_do_not_count(county):
    """2 and 3 March are covered whole: the 31st day of the repairer is 3 April. The same two days
    move the complaint's due."""
    t = _in_work(county)
    t.delay("03-02 00:00", "xu", "CUSTOMER", "用户外出")
    t.register_delay("03-02 08:10")
    t.resume("03-04 00:00", "xu")
    _check(t, "04-02 23:59:59.999", NONE, invoiced="2007-01-01", **THERE)
    # 92 days less 1 March and 4 March to 3 April, 31 + 1 dates
    _check(t, "04-03 00:00", {"holds": ["8.4"], "choices": less(6000, "8.4", False),
                              "account": None}, invoiced="2007-01-01", **THERE)
    t.done("xu", complete="04-03 09:30", file="04-03 09:40", callback="04-04 10:00")
    t.dues["complaint#1"] = "03-06 08:30:00"
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint- delay+ result+ callback+")
    t.fine("7.3", "xu", "complaint#1", due="03-06 08:30")


def clause_8_4_major_repair_is_the_repairers(county):
    """It pauses the clock, for seven days, and takes nothing off the thirty."""
    t = _in_work(county)
    t.delay("15:40", "xu", "MAJOR_REPAIR", "返厂大修")
    t.register_delay("15:45")
    _check(t, "03-31 12:00", NONE, invoiced="2007-01-01", **THERE)
    _check(t, "04-01 12:00", {"holds": ["8.4"], "choices": less(5800, "8.4", False)},
           invoiced="2007-01-01", **THERE)
    t.done("xu", complete="04-02 09:30", file="04-02 09:40", callback="04-03 10:00")
    t.dues["complaint#1"] = "03-11 08:30:00"
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint- delay+ result+ callback+")
    t.fine("7.3", "xu", "complaint#1", due="03-11 08:30")


def clause_8_4_at_the_outlets_cost(county):
    """The outlet held the job."""
    river = Territory(county.day, "river")
    t = river.repair("x2", "08:30:00", "tan", "田乙", "漆河 正街 1 号", "washing_machine A1", "坏了",
                     km=15, channel="COUNTER")
    t.order("15:00-17:00")
    t.assign("08:40", "qihe", outcome=None)
    t.done("qihe-deng", accept="08:45:00", contact="08:50:00", check_in="15:30")
    _check(t, "04-01 12:00", {"holds": ["8.4"], "choices": less(5800, "8.4", False),
                              "account": "outlet:qihe"}, who="tan", invoiced="2007-01-01", **THERE)
    t.done("qihe-deng", complete="04-02 09:30", file="04-02 09:40", callback="04-03 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint- result+ callback+")
    t.fine("7.3", "qihe", "complaint#1", due="03-04 08:30")


def clause_8_5_found_by_the_installer(county):
    """On an installation the fault is first reported when it is found; the installation is no repair:
    nine days in use."""
    t = county.install("x1", "08:30:00", "lin", "田甲", "城东 解放路 1 号", "television A1", "安装",
                       channel="COUNTER")
    t.order("15:00-17:00")
    t.done("huang", accept="08:40:00", contact="08:45:00", check_in="15:10")
    _check(t, "15:20", {"holds": ["8.5"], "choices": less(900, "8.5"), "sent_on": None,
                        "repair_days": 0}, who="huang", invoiced="2007-02-20", deformed=True,
           installed_on="2007-03-01", **THERE)
    t.done("huang", complete="16:00", file="16:10", callback="03-02 10:00")
    t.all_kept()


# ---- 8.6 ----

def clause_8_6_every_life_of_a_ticket(county):
    """Called off at 08:50, taken up again at 10:00: two repairs, and one date. It was sent for this
    repair the second time, and reported the first."""
    t = _repair(county)
    t.cancel("08:50", "退换")
    t.reopen("10:00", "还是要修")
    _check(t, "10:10", dict(EARLY, reported_on="2007-03-01", sent_on="2007-03-01", repair_days=1,
                            used_days=6), **FAULT)
    t.cancel("10:20", "退货")
    t.callback("03-02 10:00")
    t.judged("orderx visitx complaintx callbackx dispatch#33+ accept#33x visit#17x complaint#2x "
             "callback#17+")


def clause_8_6_a_life_that_is_forgotten(county):
    """The first report of a fault is remembered; the repair of the first life somebody has to name."""
    t = _called_off(county)
    t.reopen("03-05 09:00", "又坏了")
    _check(t, "03-05 09:10", {"holds": ["8.1", "8.2"], "choices": ALL, "reported_on": "2007-03-01",
                              "sent_on": "2007-03-05", "repair_days": 1, "used_days": 10}, **FAULT)
    _check(t, "03-05 09:12", dict(EARLY, repair_days=2, used_days=9), intervals=[
        {"kind": "REPAIR", "from_ms": "2007-03-01T08:30:00+08:00",
         "to_ms": "2007-03-01T08:50:00+08:00"}], **FAULT)
    t.cancel("03-05 09:20", "退货")
    t.callback("03-06 10:00")
    t.judged("orderx visitx complaintx callback+ dispatch#33+ accept#33x visit#17x complaint#2x "
             "callback#17+")


# ---- 8.7 ----

def clause_8_7_blocked_until_cured(county):
    """The right is kept, and free when the last of what was missing is there."""
    t = _called_off(county)
    _check(t, "08:40", dict(EARLY, blocked=["REPORT_MISSING", "ACCESSORIES_MISSING"], wish="RETURN",
                            wish_granted=False), main_fault=True, wish="RETURN")
    _record(t, "03-02 09:00", dict(EARLY, blocked=["REPORT_DIFFERS", "ACCESSORIES_MISSING"]),
            report="DIFFERS")
    _record(t, "03-02 10:30", dict(EARLY, blocked=["REPORT_DIFFERS"]), accessories_complete=True)
    _record(t, "03-03 09:00", dict(EARLY, wish_granted=True), report="MATCHES")


def clause_8_7_revives_after_the_ticket_is_closed(county):
    """All its clocks are final by the 5th; the report comes on the 28th."""
    t = _called_off(county)
    _check(t, "08:40", dict(EARLY, blocked=["REPORT_MISSING"]), main_fault=True,
           accessories_complete=True)
    _record(t, "03-28 09:00", dict(EARLY, returned_on="2007-03-28"), report="MATCHES")


def clause_8_7_what_is_known_before_the_check(county):
    """It is kept, and counts when somebody asks."""
    t = _called_off(county)
    _record(t, "08:35", None, outcome="NO_EFFECT", **THERE)
    _check(t, "08:40", EARLY, main_fault=True)


def clause_8_7_in_the_order_in_which_it_happened(county):
    """The later word on the report arrives first; what was missing before does not come back."""
    t = _called_off(county)
    _check(t, "08:31", dict(EARLY, blocked=["REPORT_MISSING"]), main_fault=True,
           accessories_complete=True)
    _record(t, "08:40", EARLY, report="MATCHES")
    _record(t, "08:35", EARLY, report="DIFFERS", sent="09:30")


def a_check_of_a_ticket_that_is_forgotten(county):
    """Its intervals are gone: the fault of today is a report of today."""
    t = _called_off(county)
    _check(t, "03-20 09:00", None, outcome="REFUSED", **FAULT)


def an_invoice_after_the_report(county):
    t = _called_off(county)
    _check(t, "03-02 09:00", None, outcome="REFUSED", invoiced="2007-03-02", **FAULT)


# ---- what a unit that comes back proposes ----

def clause_7_17_on_whoever_took_it_in(county):
    """By the signed checklist; how much, the manager assesses."""
    t = _called_off(county)
    _check(t, "08:40", EARLY, **FAULT)
    _record(t, "15:00", EARLY, who="xu", taken_in="RETURN", lacks=["遥控器", "包装箱"], goes="FACTORY")
    t.causes = [("7.17", "person:xu")]
    county.day.propose("7.17", "xu", "{x1}/return")
    county.day.manager("confirm-7.17", "03-12 10:00", "confirm_proposal",
                       {"proposal": "7.17/person:xu/{x1}/return", "amount_fen": 12345}, "county")
    county.day.entry("7.17", "xu", "{x1}/return", "{x1}", -12345, actual="15:00",
                     reason="RETURN_CAUSED")


def clause_7_17_nothing_lacks(county):
    t = _called_off(county)
    _check(t, "08:40", EARLY, **FAULT)
    _record(t, "15:00", EARLY, who="xu", taken_in="EXCHANGE", goes="DEPARTMENT")


def clause_7_18_once_it_has_come_back(county):
    """Workmanship is nobody's fine before there is an exchange or return, and one afterwards."""
    t = _called_off(county)
    _check(t, "08:40", EARLY, cause="WORKMANSHIP", account="person:wang", **FAULT)
    _record(t, "15:00", EARLY, who="xu", taken_in="RETURN")
    _record(t, "15:01", EARLY, who="xu", taken_in="RETURN")
    t.causes = [("7.18", "person:wang")]
    _confirmed(county, t, "7.18", "wang", "15:01")


def clause_7_18_the_cause_is_found_afterwards(county):
    """Nobody is named: the manager finds out."""
    t = _called_off(county)
    _check(t, "08:40", EARLY, **FAULT)
    _record(t, "15:00", EARLY, who="xu", taken_in="RETURN")
    _record(t, "03-10 09:00", EARLY, cause="WORKMANSHIP")
    t.causes = [("7.18", None)]
    _confirmed(county, t, "7.18", "liu", "15:00")


def clause_7_18_everybody_who_was_named(county):
    """Two are named before and after: both are put before the manager, whatever came first."""
    t = _called_off(county)
    _check(t, "08:40", EARLY, cause="WORKMANSHIP", account="person:wang", **FAULT)
    _record(t, "08:45", EARLY, cause="WORKMANSHIP", account="person:chen")
    _record(t, "15:00", EARLY, who="xu", taken_in="RETURN")
    _record(t, "15:05", EARLY, cause="WORKMANSHIP", account="person:wang")
    t.causes = [("7.18", "person:wang"), ("7.18", "person:chen")]
    for whose in ("wang", "chen"):
        _unheard(county, "7.18", whose, "2007-04-30T15:00:00+08:00")


def clause_7_17_after_the_ticket_is_forgotten(county):
    """Whoever takes a unit in without its box answers for it."""
    t = _called_off(county)
    _record(t, "03-20 15:00", None, who="xu", outcome="NO_EFFECT", taken_in="RETURN",
            lacks=["包装箱"])
    t.causes = [("7.17", "person:xu")]
    _unheard(county, "7.17", "xu", "2007-05-19T15:00:00+08:00")


def clause_7_18_is_not_for_a_faulty_product(county):
    t = _called_off(county)
    _check(t, "08:40", EARLY, cause="PRODUCT", **FAULT)
    _record(t, "15:00", EARLY, who="xu", taken_in="RETURN")


def _unheard(county, clause, whose, expires):
    """Proposed, and the manager says nothing."""
    county.day.propose(clause, whose, "{x1}/return")
    county.day.books.append(("proposal_expired", "%s/person:%s/T007-2/return" % (clause, whose),
                             expires))


def _confirmed(county, t, clause, whose, at):
    cause = "{x1}/return"
    county.day.propose(clause, whose, cause)
    county.day.manager("confirm-" + clause, "03-12 10:00", "confirm_proposal",
                       {"proposal": "%s/person:%s/%s" % (clause, whose, cause)}, "county")
    county.day.entry(clause, whose, cause, "{x1}", -10000, actual=at, reason="RETURN_CAUSED")


def _placed(county, category, cause):
    t = _called_off(county, product=category + " A1")
    _check(t, "08:40", dict(EARLY), category=category, cause=cause, account="person:wang", **FAULT)
    _record(t, "15:00", dict(EARLY), who="xu", taken_in="RETURN")
    return t


def clause_7_11_placed_without_consent(county):
    t = _placed(county, "air_conditioner", "PLACEMENT")
    t.causes = [("7.11", "person:wang")]
    _confirmed(county, t, "7.11", "wang", "15:00")


def clause_7_11_unreasonably_installed(county):
    t = _placed(county, "air_conditioner", "INSTALLATION")
    t.causes = [("7.11", "person:wang")]
    _confirmed(county, t, "7.11", "wang", "15:00")


def clause_7_11_is_about_air_conditioners(county):
    _placed(county, "television", "PLACEMENT")
