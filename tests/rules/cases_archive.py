# SPDX-License-Identifier: MIT
"""The archive of cases (R5) and 7.14, for test_rules.py: which repairs did not last, which remedies
an offer carries, and what is put before the manager. A day's end lies weeks behind its last line, so
whatever can become final does.

    county.day.archive[ref] = [(remedy, worked, failed), ...]   what the last offer of a job carries
    county.day.repeats      = [(ref, repeated ref or None), ...] in order; None: withdrawn"""

from day_book import instant, stamp

LAST = "03-01 16:10:00"        # when x1 is filed as fixed
MONTH_LATER = "03-31 16:10:00"  # repeat_within of the shipped rules later
CLOCKS = "order+ dispatch+ accept+ contact+ visit+ complaint+ result+ callback+"
REDO = (" dispatch#33+ accept#33+ contact#33+ visit#17+ complaint#2+ result#17+ callback#17+")


def _report(county, ref, at, serial="SN-0001", symptom="坏了", product="small_appliance A1", **more):
    t = county.repair(ref, at, "lin", "田甲", "城东 解放路 1 号", product, symptom,
                      channel="COUNTER", **more)
    if serial:
        t.report["product"]["serial"] = serial
    return t


def _job(county, ref="x1", day="03-01", at="08:30:00", filed="16:10:00", cause=None, remedy=None,
         fixed=True, **more):
    t = _report(county, ref, day + " " + at, **more)
    t.order(day + " 15:00-17:00")
    t.done("xu", accept=day + " 08:40:00", contact=day + " 08:45:00", check_in=day + " 15:30",
           complete=day + " 16:00")
    value = {"fixed": fixed, "labour_fen": 0, "parts_fen": 0, "tariff_fen": 0}
    value.update({"cause": cause} if cause else {}, **({"remedy": remedy} if remedy else {}))
    t._do("result", day + " " + filed, "xu", "file_result", value)
    following = "04-02" if day == "03-31" else day[:3] + "%02d" % (int(day[3:]) + 1)
    t.callback(following + " 10:00")
    t.judged(CLOCKS)
    return t


def _evidence(county, due="03-12 16:10:00", whose="xu", ticket="x1"):
    """The case of a ticket is put before the manager; if he says nothing it is dropped."""
    case = "{%s}/case#1" % ticket
    county.day.propose("7.14", whose, case)
    grace_and_60_days_ms = 61 * 24 * 3600000
    county.day.books.append(("proposal_expired", "7.14/person:%s/%s" % (whose, case),
                             stamp(instant(due) + grace_and_60_days_ms + 1)))


def _told(county, *repeats):
    county.day.repeats = list(repeats)


def _helps(county, ref, *rows):
    county.day.archive[ref] = [list(row) for row in rows]


# ---- what a job carries ----

def a_remedy_is_offered_with_the_next_job_of_its_case(county):
    """Full width, capitals and punctuation make no other symptom."""
    _job(county, symptom="E1: 不通电!", cause="保险烧断", remedy="换保险", product="small_appliance KF-3")
    _job(county, "x2", "03-05", serial="SN-0002", symptom="Ｅ１不通电。", product="small_appliance kf3")
    _helps(county, "x1")
    _helps(county, "x2", ("换保险", 1, 0))


def a_number_is_not_read_together(county):
    """E1.2 is neither E12 nor E1 alone."""
    _job(county, symptom="E1.2", remedy="换保险")
    _job(county, "x2", "03-05", serial="SN-0002", symptom="E12", remedy="换线")
    _job(county, "x3", "03-06", serial="SN-0003", symptom="E1-2")
    _helps(county, "x3", ("换保险", 1, 0))


def two_wordings_are_two_remedies(county):
    _job(county, remedy="换 保险")
    _job(county, "x2", "03-05", serial="SN-0002", remedy=" 换\u3000保险 ")
    _job(county, "x3", "03-06", serial="SN-0003", remedy="更换保险")
    _job(county, "x4", "03-07", serial="SN-0004")
    _helps(county, "x4", ("换 保险", 2, 0), ("更换保险", 1, 0))


def the_top_three(county):
    """By how often they lasted; of two that are even the one that was used later."""
    for i, remedy in enumerate(("甲", "乙", "丙", "丁", "乙")):
        _job(county, "x%d" % (i + 1), "03-%02d" % (5 + i), serial="SN-%04d" % i, remedy=remedy)
    _job(county, "x6", "03-12", serial="SN-0009")
    _helps(county, "x6", ("乙", 2, 0), ("丁", 1, 0), ("丙", 1, 0))


def without_a_model_the_category_is_asked(county):
    _job(county, product="small_appliance", remedy="换保险")
    _job(county, "x2", "03-05", serial="SN-0002", product="small_appliance")
    _job(county, "x3", "03-06", serial="SN-0003", product="small_appliance A1")
    _helps(county, "x2", ("换保险", 1, 0))
    _helps(county, "x3")


def without_a_symptom_there_is_no_case(county):
    _job(county, symptom="...", remedy="换保险")
    _job(county, "x2", "03-05", serial="SN-0002", symptom="...")
    _helps(county, "x2")


def what_was_not_fixed_helped_nobody(county):
    """Nor is its product repaired: the next report repeats nothing."""
    _job(county, remedy="换保险", fixed=False)
    _job(county, "x2", "03-05")
    _helps(county, "x2")
    _told(county)


def the_seventeenth_row_takes_the_place_of_the_last(county):
    """All are even; the one that was used first goes. Used again, it is new."""
    for i in range(17):
        _job(county, "x%d" % (i + 1), "03-%02d" % (1 + i), serial="SN-%04d" % i, remedy="法%02d" % i)
    _job(county, "x18", "03-19", serial="SN-0020", remedy="法00")
    _job(county, "x19", "03-20", serial="SN-0021")
    _helps(county, "x19", ("法00", 1, 0), ("法16", 1, 0), ("法15", 1, 0))


# ---- what did not last ----

def reported_again_in_the_last_millisecond(county):
    """30 days after the result. What never lasted is offered to nobody, but named as what failed."""
    _job(county, remedy="换保险")
    t = _report(county, "x2", MONTH_LATER)
    t.cancel("03-31 16:20", "换新机")
    t.callback("04-02 10:00")
    t.judged("orderx visitx complaintx callback+")
    _told(county, ("x2", "x1"), ("x2", None))


def reported_again_a_millisecond_later(county):
    _job(county, remedy="换保险")
    t = _report(county, "x2", MONTH_LATER + ".001")
    t.cancel("03-31 16:20", "换新机")
    t.callback("04-02 10:00")
    t.judged("orderx visitx complaintx callback+")
    _told(county)


def repaired_again_within_the_month(county):
    """Its offer carries what did not last, and nothing else: it never did."""
    _job(county, remedy="换保险")
    _job(county, "x2", "03-05", remedy="换主板")
    _job(county, "x3", "03-07", serial="SN-0003")
    _helps(county, "x2", ("换保险", None, None))
    _helps(county, "x3", ("换主板", 1, 0))
    _told(county, ("x2", "x1"))
    _evidence(county)


def another_serial_number_is_another_product(county):
    _job(county, remedy="换保险")
    _job(county, "x2", "03-05", serial="SN-0002")
    _told(county)


def without_a_serial_number_the_customers_model_is_the_product(county):
    for ref in ("x1", "x2"):
        t = _job(county, ref, "03-01" if ref == "x1" else "03-05", serial=None, remedy="换保险")
        t.report["customer"]["phone"] = "13000010001"
    _told(county, ("x2", "x1"))
    _evidence(county)


def what_is_no_serial_number_tells_no_products_apart(county):
    """Other customers write the same when they have none; the same customer writes something else."""
    for i, nothing in enumerate(("无", "-", "1", "SN-1", "序列号 1", "00000", "０００００")):
        for k in (0, 1):
            t = _job(county, "x%d%d" % (i, k), "03-%02d" % (1 + 2 * i + k), serial=nothing,
                     remedy="换保险")
            t.report["customer"]["phone"] = "1300001%02d%02d" % (i, k)
    again = _job(county, "x9", "03-20", serial="unknown", remedy="换主板")
    again.report["customer"]["phone"] = "13000010000"
    _told(county, ("x9", "x00"))
    _evidence(county, "03-27 16:10:00", ticket="x00")


def the_shortest_serial_number_tells_products_apart(county):
    """Letters and digits count, however wide they are."""
    for ref, day, serial in (("x1", "03-01", "S1-234"), ("x2", "03-05", "ｓ１　２３４"),
                             ("x3", "03-06", "S1-235")):
        t = _job(county, ref, day, serial=serial, remedy="换保险")
        t.report["customer"]["phone"] = "130000100%s" % day[3:]
    _told(county, ("x2", "x1"))
    _evidence(county)


def of_another_category_it_is_another_product(county):
    _job(county, remedy="换保险")
    t = _report(county, "x2", "03-05 08:30:00", product="television A1")
    t.cancel("03-05 08:40", "插头没插")
    t.callback("03-06 10:00")
    t.judged("orderx visitx complaintx callback+")
    _told(county)


def a_repeat_that_is_called_off_is_none(county):
    """Nobody saw a fault: the remedy stands as it was, and nothing is to be analysed."""
    _job(county, remedy="换保险")
    t = _report(county, "x2", "03-05 08:30:00")
    t.cancel("03-05 08:40", "插头没插")
    t.callback("03-06 10:00")
    t.judged("orderx visitx complaintx callback+")
    _job(county, "x3", "03-07", serial="SN-0003")
    _told(county, ("x2", "x1"), ("x2", None))
    _helps(county, "x3", ("换保险", 1, 0))


def reopened_it_repeats_itself(county):
    t = _job(county, remedy="换保险")
    t.reopen("03-03 10:05", "又坏了")
    t.fill("03-03 10:06")
    t.contact("03-03 10:07")
    t.book("03-03 10:08", "03-03 15:00-17:00")
    t.done("xu", accept="03-03 10:15", contact="03-03 10:20", check_in="03-03 15:10",
           complete="03-03 16:00", file="03-03 16:10", callback="03-05 10:00")
    t.judged(CLOCKS + REDO)
    _told(county, ("x1", "x1"))
    _helps(county, "x1", ("换保险", None, None))
    _evidence(county, "03-10 16:10:00")


def a_failed_repair_is_counted_once(county):
    """x1 fixed it, x2 did not: both x2 and x3 come of x1, which failed once and is put before the
    manager once, by the end of x2."""
    _job(county, remedy="换保险")
    _job(county, "x2", "03-05", remedy="换线", fixed=False)
    _job(county, "x3", "03-07", remedy="换主板")
    _job(county, "x4", "03-09", serial="SN-0004", remedy="换保险")
    _job(county, "x5", "03-12", serial="SN-0005")
    _told(county, ("x2", "x1"), ("x3", "x1"))
    _helps(county, "x5", ("换主板", 1, 0), ("换保险", 2, 1))
    _evidence(county)


def two_results_of_a_life_count_once(county):
    """The first one, though it arrives last."""
    t = _job(county, filed="16:10:00", remedy="换保险")
    t._do("result", "03-01 16:05:00", "xu", "file_result",
          {"fixed": True, "remedy": "换线", "labour_fen": 0, "parts_fen": 0, "tariff_fen": 0},
          sent="03-02 09:00")
    t.judged(CLOCKS)
    _job(county, "x2", "03-05", serial="SN-0002")
    _helps(county, "x2", ("换线", 1, 0))


def a_result_that_arrives_after_the_report_that_repeats_it(county):
    """The telephone was in a cellar: what it says makes the report a repeat after the fact."""
    t = _report(county, "x1", "03-01 08:30:00")
    t.order("03-01 15:00-17:00")
    t.done("xu", accept="03-01 08:40:00", contact="03-01 08:45:00", check_in="03-01 15:30",
           complete="03-01 16:00")
    t._do("result", LAST, "xu", "file_result", {"fixed": True, "remedy": "换保险"},
          sent="03-02 10:00")
    t.callback("03-02 11:00")
    t.judged(CLOCKS.replace("result+", "result+~"))
    _job(county, "x2", "03-02", remedy="换主板")
    _told(county, ("x2", "x1"))
    _evidence(county, "03-09 16:10:00")


# ---- 7.14: to be analysed within a week of the second result ----

def _repeated(county):
    first = _job(county, remedy="换保险")
    second = _job(county, "x2", "03-05", remedy="换主板")
    _told(county, ("x2", "x1"))
    return first, second


def analysed_in_the_last_millisecond(county):
    _, second = _repeated(county)
    second.analyse("03-12 16:10:00.000", "xu", "保险只是结果")


def analysed_a_millisecond_late(county):
    _, second = _repeated(county)
    second.analyse("03-12 16:10:00.001", "xu", "保险只是结果", outcome="NO_EFFECT",
                   reason="ANALYSED_TOO_LATE")
    _evidence(county)


def analysed_in_time_and_told_in_the_last_millisecond(county):
    _, second = _repeated(county)
    second.analyse("03-12 16:10:00", "xu", "保险只是结果", sent="03-13 16:10:00.000")


def analysed_by_the_clerk_on_the_first_ticket(county):
    """It is the product's case: either ticket names it, whoever has looked into it."""
    first, _ = _repeated(county)
    first.analyse("03-06 09:00", "lin", "保险只是结果")


def analysed_while_it_is_repaired_again(county):
    _job(county, remedy="换保险")
    second = _report(county, "x2", "03-05 08:30:00")
    second.order("03-05 15:00-17:00")
    second.done("xu", accept="03-05 08:40:00", contact="03-05 08:45:00", check_in="03-05 15:30")
    second.analyse("03-05 15:40", "xu", "保险只是结果")
    second.done("xu", complete="03-05 16:00", file="03-05 16:10", callback="03-06 10:00")
    second.judged(CLOCKS)
    _told(county, ("x2", "x1"))


def analysed_before_anything_came_back(county):
    """That cannot have been about what came back later."""
    first = _job(county, remedy="换保险")
    first.analyse("03-02 09:00", "xu", "没事", outcome="NO_EFFECT", reason="NO_CASE_TO_ANALYSE")
    _job(county, "x2", "03-05", remedy="换主板")
    _told(county, ("x2", "x1"))
    _evidence(county)


def analysed_twice(county):
    _, second = _repeated(county)
    second.analyse("03-12 09:00", "xu", "保险只是结果")
    second.analyse("03-12 17:00", "xu", "再说一遍", outcome="NO_EFFECT", reason="ANALYSED_TOO_LATE")


def of_what_the_clerk_filed_the_manager_finds_out(county):
    """Whose repair it was nobody said when it was filed."""
    t = _report(county, "x1", "03-01 08:30:00")
    t.order("03-01 15:00-17:00")
    t.done("xu", accept="03-01 08:40:00", contact="03-01 08:45:00", check_in="03-01 15:30",
           complete="03-01 16:00")
    t.file("03-01 16:10", "lin")
    t.callback("03-02 10:00")
    t.judged(CLOCKS)
    _job(county, "x2", "03-05")
    _told(county, ("x2", "x1"))
    _evidence(county, whose="liu")


def confirmed_it_costs_what_the_clause_says(county):
    """Dated at its due, in the month of it."""
    _repeated(county)
    county.day.propose("7.14", "xu", "{x1}/case#1")
    key = "7.14/person:xu/{x1}/case#1"
    county.day.manager("confirm", "03-14 10:00", "confirm_proposal", {"proposal": key}, "county")
    county.day.entry("7.14", "xu", "{x1}/case#1", "{x1}", -10000, due="03-12 16:10:00",
                     reason="CASE_NOT_ANALYSED")


def under_rules_with_a_shorter_memory(county):
    _job(county, remedy="换保险")
    _job(county, "x2", "03-05", remedy="换主板")
    _told(county)


under_rules_with_a_shorter_memory.rulebook = ("repeat_within: 30d ", "repeat_within: 3d ")
