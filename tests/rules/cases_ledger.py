# SPDX-License-Identifier: MIT
"""The books: proposals, obligations, appeals, months, instalments, statements. What a clause costs is
in clauses/, one file each. See cases.py for the notation; what the ledger says beside entries and
proposals a story writes down in day.books."""

from day_book import FEN, account
from day_ticket import Territory
from cases import KEPT, _booked, _finish, _repair

FEN.update({"7.2": -5000, "7.7": -50000, "7.9": -5000, "7.11": -10000, "7.12": -10000,
            "7.14": -10000, "7.15": -10000, "7.18": -10000, "7.19": -50000, "7.20": -2000})
DAY = 86400000


def _say(county, what, at, body, value, outcome="APPLIED", reason=None, who="liu", sent=None):
    county.day.send(what, at, who, body, value, county.name, outcome=(outcome, reason), sent=sent)


def _report(county, what, at, clause, whose="wang", fen=None, outcome="APPLIED", reason=None,
            **more):
    """The manager reports a clause. Returns the key that its entry has, or would have."""
    value = {"clause": clause, "account": account(whose), **more}
    if fen is not None:
        value["amount_fen"] = fen
    _say(county, what, at, "report_violation", value, outcome, reason)
    return "%s/%s/{event:%s}" % (clause, account(whose), what)


def _reported(county, what, at, clause, whose="wang", costs=None, fen=None, month=None, relates_to="",
              **more):
    """... and it is booked. costs: the effect on pay; what the rulebook says unless given."""
    key = _report(county, what, at, clause, whose, fen, reason="REPORTED_BY_MANAGER", **more)
    county.day.entry(clause, whose, "{event:%s}" % what, None,
                     FEN[clause] if costs is None else costs, actual=at,
                     reason="REPORTED_BY_MANAGER", month=month, relates_to=relates_to)
    return key


def _reversed(county, key, clause, whose, fen, at, reason="REVERSED_BY_MANAGER", month=None,
              relates_to="", ticket=None):
    """The compensating entry."""
    county.day.entry(clause, whose, key, ticket, -fen, actual=at, reason=reason,
                     key="reversal/" + key, month=month, relates_to=relates_to)


def _owed(county, key, what, n=1):
    county.day.books.append(("obligation_opened", "%s/owed#%d" % (key, n), what))


def _proposed(county, ref="x1", confirm="03-05 10:00", **answers):
    """A repair by Xu whose customer is called back on 03-02 10:00 and answers so."""
    t = _booked(county, ref=ref)
    _finish(t, callback=None)
    t.callback("03-02 10:00", **answers)
    t.all_kept()
    return t


def _confirmed(county, clause, whose, fen, at="03-05 10:00", ref="x1", month=None, relates_to="",
               **more):
    """The manager is asked and confirms; the occasion is the callback."""
    cause = "{%s}/callback#1" % ref
    key = "%s/%s/%s" % (clause, account(whose), cause)
    county.day.propose(clause, whose, cause)
    _say(county, "confirm-" + clause, at, "confirm_proposal", {"proposal": key, **more},
         reason="CONFIRMED_BY_MANAGER")
    county.day.entry(clause, whose, cause, "{%s}" % ref, fen, actual="03-02 10:00",
                     reason="PROPOSED_BY_CALLBACK", month=month, relates_to=relates_to)
    return key


def _close(county, what, at, month, outcome="APPLIED", reason="MONTH_CLOSED_BY_MANAGER"):
    _say(county, what, at, "close_month", {"month": month}, outcome, reason)
    if outcome == "APPLIED":
        county.day.books.append(("month_closed", county.name, str(month)))


# ---- proposals ----

def _shoe_covers(county):
    _proposed(county, shoe_covers=False)
    cause = "{x1}/callback#1"
    county.day.propose("7.20", "xu", cause)
    return "7.20/person:xu/" + cause


def a_proposal_confirmed_in_its_last_millisecond(county):
    """Sixty days after it was made: callback at 10:00 and its grace."""
    key = _shoe_covers(county)
    _say(county, "confirm", "05-01 12:00:00.001", "confirm_proposal", {"proposal": key},
         reason="CONFIRMED_BY_MANAGER")
    county.day.entry("7.20", "xu", "{x1}/callback#1", "{x1}", -2000, actual="03-02 10:00",
                     reason="PROPOSED_BY_CALLBACK")


def a_proposal_a_millisecond_later(county):
    key = _shoe_covers(county)
    county.day.books.append(("proposal_expired", key, "2007-05-01T12:00:00.001+08:00"))
    _say(county, "confirm", "05-01 12:00:00.002", "confirm_proposal", {"proposal": key}, "REFUSED")
    _say(county, "reject", "05-01 12:00:00.003", "reject_proposal",
         {"proposal": key, "reason": "晚了"}, "REFUSED")


def a_proposal_that_nobody_decides(county):
    """It costs nothing, and says why it is gone."""
    key = _shoe_covers(county)
    county.day.books.append(("proposal_expired", key, "2007-05-01T12:00:00.001+08:00"))


def a_proposal_rejected_with_a_reason(county):
    key = _shoe_covers(county)
    _say(county, "reject", "03-05 10:00", "reject_proposal", {"proposal": key, "reason": "有照片"},
         reason="REJECTED_BY_MANAGER")
    county.day.books.append(("proposal_rejected", key))
    _say(county, "confirm", "03-05 10:01", "confirm_proposal", {"proposal": key}, "REFUSED",
         "NO_SUCH_PROPOSAL")


def a_fixed_amount_is_not_assessed(county):
    key = _shoe_covers(county)
    _say(county, "confirm-0", "03-05 09:00", "confirm_proposal",
         {"proposal": key, "amount_fen": 1}, "REFUSED", "AMOUNT_IS_FIXED")
    _say(county, "confirm-1", "03-05 09:01", "confirm_proposal",
         {"proposal": key, "serious": True}, "REFUSED", "NO_SERIOUS_CASE")
    _say(county, "confirm-2", "03-05 10:00", "confirm_proposal", {"proposal": key})
    county.day.entry("7.20", "xu", "{x1}/callback#1", "{x1}", -2000, actual="03-02 10:00",
                     reason="PROPOSED_BY_CALLBACK")


# ---- obligations ----

def an_obligation_is_open_until_a_manager_closes_it(county):
    key = _reported(county, "m", "03-05 10:00", "7.22", costs=-40000, fen=4000)
    _owed(county, key, "apology at the door")
    _say(county, "close", "03-06 10:00", "close_obligation",
         {"obligation": key + "/owed#1", "note": "已上门致歉"}, reason="OBLIGATION_DONE")
    county.day.books.append(("obligation_closed", key + "/owed#1"))
    _say(county, "again", "03-06 10:01", "close_obligation", {"obligation": key + "/owed#1"},
         "REFUSED", "NO_SUCH_OBLIGATION")
    _say(county, "other", "03-06 10:02", "close_obligation", {"obligation": key + "/owed#2"},
         "REFUSED", "NO_SUCH_OBLIGATION")


# ---- appeals ----

def _appeal(county, what, at, who, key, outcome="APPLIED", reason="APPEAL_TO_DECIDE", sent=None):
    _say(county, what, at, "appeal_entry", {"entry": key, "reason": "不服"}, outcome, reason, who,
         sent)
    if outcome == "APPLIED":
        county.day.books.append(("appeal_opened", key, who))


def an_appeal_in_its_last_millisecond_is_granted(county):
    """Booked 03-05 10:00: thirty days. No entry is edited; a reversal stands beside it."""
    key = _reported(county, "m", "03-05 10:00", "7.16")
    _appeal(county, "appeal", "04-04 10:00:00.000", "wang", key)
    _say(county, "grant", "04-05 10:00", "decide_appeal",
         {"entry": key, "grant": True, "reason": "当日在外抢修"}, reason="APPEAL_GRANTED")
    county.day.books.append(("appeal_decided", key, "granted"))
    _reversed(county, key, "7.16", "wang", -5000, "04-05 10:00", "APPEAL_GRANTED",
              relates_to=200703)
    _say(county, "again", "04-05 10:01", "decide_appeal",
         {"entry": key, "grant": True, "reason": "再次"}, "REFUSED", "NO_SUCH_APPEAL")


def an_appeal_a_millisecond_too_late(county):
    key = _reported(county, "m", "03-05 10:00", "7.16")
    _appeal(county, "appeal", "04-04 10:00:00.001", "wang", key, "REFUSED", "APPEAL_TOO_LATE")


def an_appeal_counts_from_when_it_was_made(county):
    """In time in a cellar without a network, and received ten minutes later."""
    key = _reported(county, "m", "03-05 10:00", "7.16", "chen")
    _appeal(county, "appeal", "04-04 10:00:00.000", "chen", key, sent="04-04 10:10")
    county.day.books.append(("appeal_decided", key, "upheld"))
    _say(county, "uphold", "04-05 10:00", "decide_appeal",
         {"entry": key, "grant": False, "reason": "已核实"}, reason="APPEAL_UPHELD")


def one_appeal_is_all(county):
    """By nobody but the person whose entry it is; upheld, it stands for good."""
    key = _reported(county, "m", "03-05 10:00", "7.16")
    _appeal(county, "other", "03-05 11:00", "chen", key, "REFUSED", "NOT_YOUR_ENTRY")
    _appeal(county, "manager", "03-05 11:01", "liu", key, "REFUSED", "NOT_YOUR_ENTRY")
    _appeal(county, "nothing", "03-05 11:02", "wang", key + "0", "REFUSED", "NO_SUCH_ENTRY")
    _appeal(county, "appeal", "03-05 11:03", "wang", key)
    _say(county, "uphold", "03-06 10:00", "decide_appeal",
         {"entry": key, "grant": False, "reason": "已核实"}, reason="APPEAL_UPHELD")
    county.day.books.append(("appeal_decided", key, "upheld"))
    _appeal(county, "again", "03-06 11:00", "wang", key, "REFUSED", "APPEALED_ALREADY")


def one_of_its_people_appeals_for_an_outlet(county):
    """Not one of another's."""
    river = Territory(county.day, "river")
    key = _reported(river, "m", "03-05 10:00", "7.16", "qihe")
    _appeal(river, "other", "03-05 11:00", "jiaqiao-luo", key, "REFUSED", "NOT_YOUR_ENTRY")
    _appeal(river, "appeal", "03-05 11:01", "qihe-deng", key)
    _say(river, "uphold", "03-06 10:00", "decide_appeal",
         {"entry": key, "grant": False, "reason": "已核实"}, reason="APPEAL_UPHELD")
    county.day.books.append(("appeal_decided", key, "upheld"))


def a_reversal_grants_the_appeal_that_waits(county):
    key = _reported(county, "m", "03-05 10:00", "7.16")
    _appeal(county, "appeal", "03-05 11:00", "wang", key)
    _say(county, "reverse", "03-06 10:00", "reverse_entry", {"entry": key, "reason": "记错人"},
         reason="REVERSED_BY_MANAGER")
    county.day.books.append(("appeal_decided", key, "granted"))
    _reversed(county, key, "7.16", "wang", -5000, "03-06 10:00")
    _say(county, "uphold", "03-06 11:00", "decide_appeal",
         {"entry": key, "grant": False, "reason": "晚了"}, "REFUSED", "NO_SUCH_APPEAL")


# ---- months ----

def a_month_closes_a_millisecond_after_its_last_grace(county):
    """31 March 23:59:59.999 + 14 h (complaint) + 24 h (how late anything is taken as it is said)."""
    _reported(county, "m", "03-05 10:00", "7.16")
    _close(county, "early", "04-02 13:59:59.999", 200703, "REFUSED", "MONTH_NOT_OVER")
    _close(county, "close", "04-02 14:00:00.000", 200703)
    _close(county, "again", "04-02 14:00:01", 200703, "REFUSED", "MONTH_IS_CLOSED")
    _close(county, "before", "04-02 14:00:02", 200702, "REFUSED", "MONTH_IS_CLOSED")


def what_comes_after_the_closing_is_booked_in_the_open_month(county):
    """The occasion was in March, and confirmed before and after the closing of March and of April."""
    _proposed(county, shoe_covers=False, took_nothing=False, work_clothes=False)
    _confirmed(county, "7.20", "xu", -2000, at="04-02 13:59")
    _close(county, "march", "04-02 14:00", 200703)
    key = _confirmed(county, "7.21", "xu", -5000, at="04-02 14:01", month=200704,
                     relates_to=200703)
    _owed(county, key, "give back what was taken")
    cause = "7.9/person:xu/{x1}/callback#1"
    county.day.propose("7.9", "xu", "{x1}/callback#1")
    county.day.books.append(("proposal_expired", cause, "2007-05-01T12:00:00.001+08:00"))
    _close(county, "april", "05-03 14:00", 200704)
    _reported(county, "m", "05-03 14:01", "7.16")


def a_reversal_after_the_closing_says_what_it_is_about(county):
    key = _reported(county, "m", "03-31 23:59:59.999", "7.16")
    _reported(county, "n", "04-01 00:00:00.000", "7.16")
    _close(county, "close", "04-02 14:00", 200703)
    _say(county, "reverse", "04-03 10:00", "reverse_entry", {"entry": key, "reason": "记错人"})
    _reversed(county, key, "7.16", "wang", -5000, "04-03 10:00", relates_to=200703)


def months_left_open_are_closed_with_the_next(county):
    """Nobody closed February or March. The other territory's months are its own."""
    _close(county, "close", "05-03 14:00", 200704)
    _close(county, "march", "05-03 14:01", 200703, "REFUSED", "MONTH_IS_CLOSED")
    _close(county, "december", "05-03 14:02", 200712, "REFUSED", "MONTH_NOT_OVER")


def a_missed_visit_whose_month_is_closed(county):
    """7.6, automatic: the complaint comes in April, when March is closed."""
    t = _repair(county, at="03-30 08:30:00")
    t.order("03-30 15:00-17:00")
    t.done("xu", accept="03-30 08:40", contact="03-30 08:45", check_in="03-30 17:30",
           complete="03-30 17:40", file="03-30 17:50", callback="03-31 10:00")
    _close(county, "close", "04-02 14:00", 200703)
    s = county.service("x2", "04-03 09:00", "lin", t, "NOT_ON_TIME", "上次迟到")
    s.fill("04-03 09:01")
    s.contact("04-03 09:02")
    s.done("lin", file="04-03 09:10", callback="04-04 10:00")
    s.judged("order+ complaint+ result+ callback+")
    t.judged(KEPT.replace("visit+", "visit-"))
    county.day.entry("7.6", "xu", "{x1}/visit#1", "{x1}", -5000, due="03-30 17:00",
                     actual="03-30 17:30", reason="NOT_ON_TIME_AND_COMPLAINT", month=200704,
                     relates_to=200703)


# ---- instalments and statements ----

def _instalments(county, what, at, key, months, outcome="APPLIED", reason="IN_INSTALMENTS"):
    _say(county, what, at, "set_instalments", {"entry": key, "months": months}, outcome, reason)
    if outcome == "APPLIED":
        county.day.books.append(("instalments_set", key, str(months)))


def _row(key, number, months, deducted, balance):
    return {"entry": key, "number": number, "months": months, "deducted_fen": str(deducted),
            "balance_fen": str(balance)}


def a_loss_in_instalments_to_the_fen(county):
    """100.01 yuan over three months: 33.33, 33.34, 33.34. The ledger has all of it in March."""
    key = _reported(county, "m", "03-05 10:00", "7.17", costs=-10001, fen=10001)
    _instalments(county, "set", "03-05 11:00", key, 3)
    _reported(county, "april", "04-05 10:00", "7.16")
    _reported(county, "may", "05-05 10:00", "7.16")
    county.day.statements += [
        ("person:wang", 200703, {"fines_fen": "-10001", "carried_fen": "6668",
                                 "settlement_fen": "-3333",
                                 "instalments": [_row(key, 1, 3, -3333, -6668)]}),
        ("person:wang", 200704, {"fines_fen": "-5000", "carried_fen": "-3334",
                                 "settlement_fen": "-8334",
                                 "instalments": [_row(key, 2, 3, -3334, -3334)]}),
        ("person:wang", 200705, {"settlement_fen": "-8334",
                                 "instalments": [_row(key, 3, 3, -3334, 0)]})]


def a_loss_taken_back_gives_back_what_was_deducted(county):
    """Reversed in the second of twelve months: the rest is deducted and given back at once."""
    key = _reported(county, "m", "03-05 10:00", "7.13", costs=-120000, fen=120000)
    _instalments(county, "set", "03-05 11:00", key, 12)
    _say(county, "reverse", "04-05 10:00", "reverse_entry", {"entry": key, "reason": "非其责任"})
    _reversed(county, key, "7.13", "wang", -120000, "04-05 10:00", relates_to=200703)
    _reported(county, "may", "05-05 10:00", "7.16")
    county.day.statements += [
        ("person:wang", 200703, {"settlement_fen": "-10000"}),
        ("person:wang", 200704, {"fines_fen": "120000", "settlement_fen": "10000"}),
        ("person:wang", 200705, {"settlement_fen": "-5000", "instalments": []})]


def whoever_works_everywhere_has_an_open_month_until_the_last_territory_closes_it(county):
    """The river townships may still book something on the manager."""
    _reported(county, "m", "03-05 10:00", "7.16", "liu")
    _close(county, "close", "04-02 14:00", 200703)
    county.day.statements.append(("person:liu", 200703, {"fines_fen": "-5000", "closed": False}))


def instalments_of_what_may_not_be(county):
    fixed = _reported(county, "fixed", "03-05 10:00", "7.16")
    loss = _reported(county, "loss", "03-05 10:01", "7.13", costs=-100, fen=100)
    _instalments(county, "a", "03-05 11:00", fixed, 3, "REFUSED", "NO_INSTALMENTS")
    _instalments(county, "b", "03-05 11:01", loss, 13, "REFUSED", "TOO_MANY_INSTALMENTS")
    _instalments(county, "c", "03-05 11:02", loss + "9", 3, "REFUSED", "NO_SUCH_ENTRY")
    _instalments(county, "d", "03-05 11:03", loss, 4)
    _instalments(county, "e", "03-05 11:04", loss, 2)  # while the month is open: the last word
    _close(county, "close", "04-02 14:00", 200703)
    _instalments(county, "f", "04-02 14:01", loss, 5, "REFUSED", "MONTH_IS_CLOSED")
    county.day.statements.append(
        ("person:wang", 200703, {"closed": True, "settlement_fen": "-5050",
                                 "instalments": [_row(loss, 1, 2, -50, -50)]}))


def a_job_is_paid_once(county):
    """In the month of its first result, to whoever was at the customer's, though the clerk filed it
    and it was done again: 16 yuan for a small repair; a fine; a praise."""
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00")
    t.file("16:10", "lin")
    t.callback("03-02 10:00")
    t.reopen("03-02 10:05", "又坏了")
    t.fill("03-02 10:06")
    t.contact("03-02 10:07")
    t.book("03-02 10:08", "03-02 15:00-17:00")
    t.done("xu", accept="03-02 10:15", contact="03-02 10:20", check_in="03-02 15:10",
           complete="03-02 16:00", file="03-02 16:10", callback="03-03 10:00")
    t.all_kept("dispatch#33+ accept#33+ contact#33+ visit#17+ complaint#2+ result#17+ "
               "callback#17+")
    _reported(county, "fine", "03-05 10:00", "7.16", "xu")
    _reported(county, "praise", "03-05 10:01", "7.23", "xu")
    county.day.statements.append(
        ("person:xu", 200703,
         {"jobs": [{"kind": "repair", "jobs": 1, "rate_fen": "1600", "sum_fen": "1600"}],
          "pieces_fen": "1600", "fines_fen": "-5000", "rewards_fen": "10000",
          "settlement_fen": "6600", "closed": False}))


def a_result_at_midnight_is_next_months_job(county):
    """And so is an installation of a kind that has its own rate far out."""
    t = _repair(county, at="03-31 15:00:00")
    t.order("03-31 16:00-17:00")
    t.done("xu", accept="03-31 15:10", contact="03-31 15:12", check_in="03-31 16:30",
           complete="03-31 17:00", file="04-01 00:00:00.000", callback="04-02 10:00")
    t.all_kept()
    s = _repair(county, at="03-31 15:00:00", ref="x2")
    s.order("03-31 17:00-18:00")
    s.done("xu", accept="03-31 15:11", contact="03-31 15:13", check_in="03-31 17:10",
           complete="03-31 17:30", file="03-31 23:59:59.999", callback="04-02 10:05")
    s.all_kept()
    for month in (200703, 200704):
        county.day.statements.append(("person:xu", month, {"pieces_fen": "1600"}))
