# SPDX-License-Identifier: MIT
"""Exchange and return, 8.1 to 8.7: cases worked out by hand from the handbook, each with the
reasoning in a note. Nothing here was computed by the product. test_returns.py runs them through
`doorstep return check`, with the shipped rules (a television is guaranteed for 12 months) and dates
of Asia/Shanghai unless said.

A case is (clause and title, what is asked beside USUAL, what is expected, note). What is expected:

    holds    the clauses of 8.1-8.5 that hold
    choices  option -> clause, or for a return (clause, amount in fen, depreciation in fen)
    blocked  reasons of 8.7 (none unless said)
    other keys are fields of the decision as they stand

Intervals are written "KIND from .. to": local times, no end while it goes on."""
import re

# A television for 1,000.00 yuan; report and accessories are there.
USUAL = {"category": "television", "price_fen": 100000, "report": "MATCHES",
         "accessories_complete": True}
NOTHING = {"holds": [], "choices": {}}


def interval(text):
    match = re.fullmatch(r"(\w+) ([\d-]+(?: [\d:.]+)?) \.\.(?: ([\d-]+(?: [\d:.]+)?))?", text)
    kind, begin, end = match.groups()

    def instant(at):
        date, _, time = at.partition(" ")
        return "%sT%s+08:00" % (date, (time or "00:00") + (":00" if time.count(":") < 2 else ""))
    found = {"kind": kind, "from_ms": instant(begin)}
    if end:
        found["to_ms"] = instant(end)
    return found


def asked(**more):
    question = dict(USUAL)
    question.update(more)
    if "intervals" in question:
        question["intervals"] = [interval(text) for text in question["intervals"]]
    return {key: value for key, value in question.items() if value is not None}


CASES = []


def case(title, expected, note, **question):
    CASES.append((title, asked(**question), expected, note))


def seen_of(decided):
    """A decision in the words of the table."""
    choices = {}
    for choice in decided.get("choices", []):
        told = choice["clause"]
        if choice["option"] == "RETURN":
            told = (told, int(choice["amount_fen"]), int(choice["depreciation_fen"]))
        choices[choice["option"]] = told
    seen = dict(decided, choices=choices)
    seen["holds"] = [right["clause"] for right in decided["rights"] if right["holds"]]
    seen["blocked"] = decided.get("blocked", [])
    seen["account"] = next((choice["account"] for choice in decided.get("choices", [])
                            if "account" in choice), None)
    return seen


def full(clause, fen=100000):
    return clause, fen, 0


# What 8.1 gives: everything, at the full price.
ALL = {"REPAIR": "8.1", "EXCHANGE": "8.1", "RETURN": full("8.1")}


def less(fen, clause="8.2", repair=True):
    """An exchange under `clause`, with a return less this depreciation beside it."""
    choices = {"EXCHANGE": clause, "RETURN": ("8.6", 100000 - fen, fen)}
    if repair:
        choices["REPAIR"] = clause
    return choices


# ---- 8.1 and 8.2: days since the invoice ----

def fault(invoiced, reported, returned=None, **more):
    return dict(invoiced_on=invoiced, reported_on=reported, returned_on=returned or reported,
                main_fault=True, **more)


case("8.1 on the day of the invoice", {"holds": ["8.1", "8.2"], "choices": ALL, "days": 0},
     "day 0 is inside 0-7", **fault("2007-03-01", "2007-03-01"))
case("8.1 on day 1", {"holds": ["8.1", "8.2"], "choices": ALL, "days": 1},
     "the day of the invoice is not counted", **fault("2007-03-01", "2007-03-02"))
case("8.1 on day 7", {"holds": ["8.1", "8.2"], "choices": ALL, "days": 7},
     "1 + 7 = 8 March: the last day inside", **fault("2007-03-01", "2007-03-08"))
case("8.1 ends on day 8", {"holds": ["8.2"], "choices": less(800), "days": 8},
     "9 March: only 8.2; 8 days in use of 1,000.00: 8.00", **fault("2007-03-01", "2007-03-09"))
case("8.2 on day 15", {"holds": ["8.2"], "choices": less(1500), "days": 15},
     "1 + 15 = 16 March is still inside; 15 days in use", **fault("2007-03-01", "2007-03-16"))
case("8.2 ends on day 16", dict(NOTHING, days=16), "17 March: no right without a repair's delay",
     **fault("2007-03-01", "2007-03-17"))
case("8.1 goes by the report, not by the return",
     {"holds": ["8.1", "8.2"], "choices": ALL, "days": 7, "returned_on": "2007-06-01"},
     "reported on day 7; that the return took until June takes nothing away",
     **fault("2007-03-01", "2007-03-08", "2007-06-01"))
case("8.2 goes by the report, but depreciation by the return",
     {"holds": ["8.2"], "choices": less(3100), "days": 8},
     "1 March to 1 April is 31 days: 31.00", **fault("2007-03-01", "2007-03-09", "2007-04-01"))
case("8.1 wants a fault of main performance", dict(NOTHING, days=3),
     "a scratched stand is none", invoiced_on="2007-03-01", reported_on="2007-03-04",
     returned_on="2007-03-04")
case("8.1 without the same model",
     {"holds": ["8.1", "8.2"],
      "choices": {"REPAIR": "8.1", "OTHER_MODEL": "8.6", "RETURN": full("8.1")}},
     "the same model is not there: another one (8.6) or back in full (8.1)",
     **fault("2007-03-01", "2007-03-05", no_same_model=True))
case("8.2 without the same model",
     {"holds": ["8.2"], "choices": {"REPAIR": "8.2", "OTHER_MODEL": "8.6", "RETURN": full("8.6")}},
     "8.6: no same model and the customer wants no other: in full",
     **fault("2007-03-01", "2007-03-12", no_same_model=True))
case("8.1 across the end of a leap February", {"holds": ["8.1", "8.2"], "choices": ALL, "days": 7},
     "25 February + 7 days of 2008: 26 27 28 29 1 2 3 March", **fault("2008-02-25", "2008-03-03"))
case("8.1 across the same days of a leap year, one later",
     {"holds": ["8.2"], "choices": less(800), "days": 8}, "4 March 2008 is day 8",
     **fault("2008-02-25", "2008-03-04"))
case("8.1 across the end of an ordinary February",
     {"holds": ["8.2"], "choices": less(800), "days": 8},
     "25 February + 8 days of 2007: 5 March, a day later than in 2008",
     **fault("2007-02-25", "2007-03-05"))
case("8.1 over new year", {"holds": ["8.1", "8.2"], "choices": ALL, "days": 7},
     "27 December + 7 = 3 January", **fault("2007-12-27", "2008-01-03"))
case("8.1 from a leap day", {"holds": ["8.1", "8.2"], "choices": ALL, "days": 7},
     "29 February + 7 = 7 March", **fault("2008-02-29", "2008-03-07"))

# ---- the local date across midnight in UTC ----

case("8.1 by the local date, before UTC's midnight",
     {"holds": ["8.2"], "choices": less(700), "days": 8, "reported_on": "2007-03-09"},
     "the report of 16:30 UTC on the 8th is of 00:30 on the 9th here: day 8. The repair touched the "
     "9th, which is the return, too: 8 - 1 = 7 days in use",
     invoiced_on="2007-03-01", returned_on="2007-03-09", main_fault=True,
     intervals=["REPAIR 2007-03-09 00:30 .. 2007-03-09 18:00"])
case("8.1 by the local date, a second before local midnight",
     {"holds": ["8.1", "8.2"], "choices": ALL, "days": 7, "reported_on": "2007-03-08"},
     "23:59:59.999 on the 8th here, 15:59 UTC: day 7", invoiced_on="2007-03-01",
     returned_on="2007-03-09", main_fault=True,
     intervals=["REPAIR 2007-03-08 23:59:59.999 .. 2007-03-09 18:00"])

# ---- 8.3: 90 days, a part that was not supplied ----

def part(sent, returned, waits=("PARTS 2007-03-05 08:00 ..",), end="", invoiced="2007-01-01",
         **more):
    """Sent for repair at 08:00, not repaired unless an end is given."""
    return dict(invoiced_on=invoiced, reported_on=None, returned_on=returned,
                intervals=["REPAIR %s 08:00 ..%s" % (sent, end and " " + end), *waits], **more)


# 1 January to 1 March is 59 days; every later one is touched by the repair.
case("8.3 not on day 90", dict(NOTHING, sent_on="2007-03-01", guarantee_until="2008-01-01"),
     "1 March + 90 = 30 May: not more than 90. 8.4: 1-4 March were the repairer's, the 5th was not "
     "covered from midnight on: 2 3 4 5 March = 4 days", **part("2007-03-01", "2007-05-30"))
case("8.3 from day 91 on", {"holds": ["8.3"], "choices": less(5800, "8.3")},
     "31 May, from 00:00: 30 + 30 + 31 = 91 days. In use: 1 January to 31 May is 150 days, 1 March "
     "to 31 May 92 dates of repair: 58", **part("2007-03-01", "2007-05-31"))
case("8.3 all days count, whoever was waited for", {"holds": ["8.3"], "choices": less(8700, "8.3")},
     "a customer's wait of May does not stop the 90 days; its dates 2-30 May are the customer's: "
     "150 days - 92 + 29 = 87 in use",
     **part("2007-03-01", "2007-05-31",
            ("PARTS 2007-03-05 08:00 .. 2007-05-02", "CUSTOMER 2007-05-02 .. 2007-05-31")))
case("8.3 wants a part that was waited for", {"holds": ["8.4"], "choices": less(5800, "8.4", False)},
     "91 days, but no part: then they are the repairer's, 8.4",
     **part("2007-03-01", "2007-05-31", ()))
case("8.3 an empty wait is none", {"holds": ["8.4"], "choices": less(5800, "8.4", False)},
     "a wait that ended as it began did not occur", **part("2007-03-01", "2007-05-31",
     ("PARTS 2007-03-05 08:00 .. 2007-03-05 08:00",)))
case("8.3 a wait in another repair is none of this one",
     {"holds": ["8.4"], "choices": less(5600, "8.4", False)},
     "the part was waited for in February, and came; dates touched: 10 and 11 February, 1 March to "
     "31 May: 94; 150 - 94 = 56",
     **part("2007-03-01", "2007-05-31", ("REPAIR 2007-02-10 09:00 .. 2007-02-11 09:00",
                                        "PARTS 2007-02-10 10:00 .. 2007-02-11 09:00")))
case("8.3 not once it is repaired", dict(NOTHING, sent_on="2007-03-01"),
     "repaired on the 91st day before it was claimed: no longer 'not repaired'",
     **part("2007-03-01", "2007-05-31", ("PARTS 2007-03-05 08:00 .. 2007-05-31 09:00",),
            "2007-05-31 10:00"))
case("8.3 not yet repaired on the day before", {"holds": ["8.3"], "choices": less(5800, "8.3")},
     "repaired on 1 June, asked for 31 May", **part("2007-03-01", "2007-05-31",
     ("PARTS 2007-03-05 08:00 .. 2007-06-01 09:00",), "2007-06-01 10:00"))
case("8.3 sent on the last day of the guarantee",
     {"holds": ["8.3"], "choices": {"REPAIR": "8.3", "EXCHANGE": "8.3",
                                    "RETURN": ("8.6", 100000 - 36400, 36400)},
      "guarantee_until": "2008-01-01"},
     "1 January 2008 is the last day; 91 days later it is 1 April (30 + 29 + 31 + 1). In use: 456 "
     "days less 92 touched = 364",
     **part("2008-01-01", "2008-04-01", ("PARTS 2008-01-02 ..",)))
case("8.3 sent a day after the guarantee", dict(NOTHING, guarantee_until="2008-01-01"),
     "2 January 2008; the wait covers all but that day, so 8.4 does not help",
     **part("2008-01-02", "2008-04-30", ("PARTS 2008-01-02 09:00 ..",)))

# ---- 8.4: 30 days of the repairer's own ----

case("8.4 not on day 30", dict(NOTHING, sent_on="2007-03-01"), "1 March + 30 = 31 March: not over",
     **part("2007-03-01", "2007-03-31", ()))
case("8.4 from day 31 on", {"holds": ["8.4"], "choices": less(5800, "8.4", False)},
     "1 April: 31 days. In use: 90 days less 32 touched (1 March to 1 April) = 58",
     **part("2007-03-01", "2007-04-01", ()))
case("8.4 dates covered by a part's wait do not count", dict(NOTHING, sent_on="2007-03-01"),
     "31 days, 6 March is covered from midnight to midnight: 30",
     **part("2007-03-01", "2007-04-01", ("PARTS 2007-03-06 .. 2007-03-07",)))
case("8.4 a date that is not fully covered counts",
     {"holds": ["8.4"], "choices": less(5800, "8.4", False)},
     "a millisecond of 6 March was the repairer's: 31",
     **part("2007-03-01", "2007-04-01", ("PARTS 2007-03-06 00:00:00.001 .. 2007-03-07",)))
case("8.4 nor one that ends a millisecond early",
     {"holds": ["8.4"], "choices": less(5800, "8.4", False)}, "the same at the other end",
     **part("2007-03-01", "2007-04-01", ("PARTS 2007-03-06 .. 2007-03-06 23:59:59.999",)))
case("8.4 two waits cover a date together", dict(NOTHING, sent_on="2007-03-01"),
     "a part until noon, then the customer: 6 March is nobody's fault here: 30",
     **part("2007-03-01", "2007-04-01", ("PARTS 2007-03-06 .. 2007-03-06 12:00",
                                        "CUSTOMER 2007-03-06 12:00 .. 2007-03-07")))
case("8.4 a hole between two waits is the repairer's",
     {"holds": ["8.4"], "choices": less(5800, "8.4", False)}, "a minute after noon was not covered",
     **part("2007-03-01", "2007-04-01", ("PARTS 2007-03-06 .. 2007-03-06 12:00",
                                        "CUSTOMER 2007-03-06 12:01 .. 2007-03-07")))
case("8.4 overlapping waits count a date once", dict(NOTHING, sent_on="2007-03-01"),
     "2 April is day 32; 6 and 7 March are covered twice over, and taken off once: 30",
     **part("2007-03-01", "2007-04-02", ("PARTS 2007-03-06 .. 2007-03-08",
                                        "CUSTOMER 2007-03-06 .. 2007-03-08")))
case("8.4 other waits are the repairer's own",
     {"holds": ["8.4"], "choices": less(5800, "8.4", False)}, "a major repair is his work",
     **part("2007-03-01", "2007-04-01", ("OTHER 2007-03-06 .. 2007-03-20",)))
case("8.4 the day it was sent does not count anyway",
     {"holds": ["8.4"], "choices": less(5800, "8.4", False)},
     "a wait that covers 1 March alone takes nothing off: 31",
     **part("2007-03-01", "2007-04-01", ("PARTS 2007-03-01 .. 2007-03-02",)))
case("8.4 ends with the repair", dict(NOTHING, sent_on="2007-03-01"),
     "repaired on 31 March, day 30; what follows is nobody's delay",
     **part("2007-03-01", "2007-05-01", (), "2007-03-31 23:59"))
case("8.4 repaired too late", {"holds": ["8.4"], "choices": less(6000, "8.4", False)},
     "repaired at 00:00 of 1 April, the 31st day: the right is kept until it is claimed. To 2 April: "
     "91 days in all; touched 1 to 31 March, the interval ends as April begins: 60 in use",
     **part("2007-03-01", "2007-04-02", (), "2007-04-01 00:00"))
case("8.4 at the outlet's cost", {"holds": ["8.4"], "choices": less(5800, "8.4", False),
                                 "account": "outlet:qihe"},
     "the outlet repaired: its account", account="outlet:qihe",
     **part("2007-03-01", "2007-04-01", ()))
case("8.4 at the department's own cost", {"holds": ["8.4"], "choices": less(5800, "8.4", False),
                                         "account": None},
     "a technician of ours repaired: the department pays", account="person:wang",
     **part("2007-03-01", "2007-04-01", ()))
case("8.4 after the guarantee gives no return", {"holds": ["8.4"], "choices": {"EXCHANGE": "8.4"},
                                                "guarantee_until": "2007-01-01"},
     "the repairer owes an exchange, but 8.6 is for the time of the guarantee",
     **part("2007-03-01", "2007-04-01", (), invoiced="2006-01-01"))
case("8.4 a repair before this fault is none of it", dict(NOTHING, days=69),
     "the long repair of January belongs to another fault; 1 January + 69 = 11 March",
     invoiced_on="2007-01-01", reported_on="2007-03-11", returned_on="2007-03-12",
     intervals=["REPAIR 2007-01-05 08:00 .. 2007-02-25 08:00"])

# 25 March 2007 has 23 hours in Berlin, from 23:00 UTC on the 24th to 22:00 UTC.
SENT_IN_BERLIN = {"kind": "REPAIR", "from_ms": "2007-03-01T07:00:00Z"}


def berlin(title, until, expected, note):
    question = asked(invoiced_on="2007-01-01", returned_on="2007-04-01")
    question["intervals"] = [SENT_IN_BERLIN, {"kind": "PARTS", "from_ms": "2007-03-24T23:00:00Z",
                                              "to_ms": until}]
    CASES.append(("8.4 " + title, question, expected, note, "Europe/Berlin"))


berlin("a date of 23 hours is covered whole", "2007-03-25T22:00:00Z",
       dict(NOTHING, sent_on="2007-03-01"), "31 days less one: 30")
berlin("a date of 23 hours is not", "2007-03-25T21:59:59.999Z",
       {"holds": ["8.4"], "choices": less(5800, "8.4", False)}, "a millisecond short: 31")

# ---- 8.5: deformed when unpacked ----

def unpacked(reported, **more):
    return dict(invoiced_on="2007-03-01", reported_on=reported, returned_on="2007-04-01",
                deformed=True, **more)


case("8.5 on the day of unpacking", {"holds": ["8.5"], "choices": less(3100, "8.5")},
     "reported on 20 March, unpacked that day, long after day 15; 31 days to the return",
     **unpacked("2007-03-20", unpacked_on="2007-03-20"))
case("8.5 on the day of installation", {"holds": ["8.5"], "choices": less(3100, "8.5")},
     "unpacked and put aside, seen when it was installed",
     **unpacked("2007-03-20", unpacked_on="2007-03-10", installed_on="2007-03-20"))
case("8.5 the day after", NOTHING, "unpacked the day before",
     **unpacked("2007-03-20", unpacked_on="2007-03-19"))
case("8.5 the day before", NOTHING, "reported before it was unpacked: of another unit",
     **unpacked("2007-03-20", unpacked_on="2007-03-21"))
case("8.5 by the customer", NOTHING, "he dropped it",
     **unpacked("2007-03-20", unpacked_on="2007-03-20", by_customer=True))
case("8.5 without a day", NOTHING, "nobody knows when it was unpacked", **unpacked("2007-03-20"))

# ---- 8.6: depreciation ----

case("8.6 floor to the fen", {"holds": ["8.2"], "choices": {"REPAIR": "8.2", "EXCHANGE": "8.2",
                                                          "RETURN": ("8.6", 123456 - 1234, 1234)}},
     "123,456 fen x 10 days / 1000 = 1,234.56 fen: 1,234",
     **fault("2007-03-01", "2007-03-10", "2007-03-11", price_fen=123456))
case("8.6 less than a fen is none", {"holds": ["8.2"], "choices": {"REPAIR": "8.2", "EXCHANGE": "8.2",
                                                                 "RETURN": ("8.6", 111, 0)}},
     "111 fen x 9 / 1000 = 0.999: 0", **fault("2007-03-01", "2007-03-10", price_fen=111))
case("8.6 a whole fen", {"holds": ["8.2"], "choices": {"REPAIR": "8.2", "EXCHANGE": "8.2",
                                                     "RETURN": ("8.6", 111, 1)}},
     "112 fen x 9 / 1000 = 1.008: 1", **fault("2007-03-01", "2007-03-10", price_fen=112))
case("8.6 at most the price, on day 1000", {"holds": ["8.2"], "choices": less(100000)},
     "1 March 2007 + 1000 days = 25 November 2009 (306 to the end of 2007, 366, 328): all of it",
     **fault("2007-03-01", "2007-03-10", "2009-11-25"))
case("8.6 a day before", {"holds": ["8.2"], "choices": less(99900)}, "999 days",
     **fault("2007-03-01", "2007-03-10", "2009-11-24"))
case("8.6 never more than the price", {"holds": ["8.2"], "choices": less(100000)}, "1001 days",
     **fault("2007-03-01", "2007-03-10", "2009-11-26"))
case("8.6 a price of nothing", {"holds": ["8.2"], "choices": {"REPAIR": "8.2", "EXCHANGE": "8.2",
                                                            "RETURN": ("8.6", 0, 0)}},
     "a gift", **fault("2007-03-01", "2007-03-10", price_fen=0))


def used(intervals, days, note, title, **more):
    """Reported on day 9; returned 31 March 2007, 30 days after the invoice."""
    question = fault("2007-03-01", "2007-03-10", "2007-03-31")
    question.update(more)
    case("8.6 " + title, {"holds": ["8.2"], "choices": less(100 * days), "used_days": days,
                          "repair_days": 30 - days}, note, intervals=intervals, **question)


used(["REPAIR 2007-03-10 09:00 .. 2007-03-12 09:00"], 27, "10, 11, 12 March", "dates in repair")
used(["REPAIR 2007-03-10 09:00 .. 2007-03-12 09:00", "OTHER 2007-03-11 09:00 .. 2007-03-13 09:00"],
     26, "10 to 13 March: overlaps count once", "overlapping intervals")
used(["REPAIR 2007-03-10 09:00 .. 2007-03-10 09:00"], 30, "empty: never", "an empty interval")
used(["REPAIR 2007-03-10 09:00 .. 2007-03-10 09:00:00.001"], 29, "a millisecond touches its date",
     "the shortest interval")
used(["REPAIR 2007-03-10 09:00 .. 2007-03-12 00:00"], 28, "10 and 11: the end is not inside",
     "an interval that ends at midnight")
used(["REPAIR 2007-03-01 09:00 .. 2007-03-03 09:00"], 28,
     "the date of the invoice itself is never counted: 2 and 3 March", "an interval from the invoice")
used(["REPAIR 2007-03-30 09:00 .. 2007-04-02 09:00"], 28,
     "up to the date of the return, which counts: 30 and 31 March", "an interval over the return")
used(["REPAIR 2007-03-30 09:00 .."], 28, "still open: 30 and 31 March", "an open interval")
used(["REPAIR 2007-04-01 09:00 .. 2007-04-02 09:00"], 30, "after the return",
     "an interval after the return")
used(["REPAIR 2007-03-10 09:00 .. 2007-03-14 09:00", "CUSTOMER 2007-03-11 .. 2007-03-13"], 27,
     "10, 13 and 14 March; 11 and 12 the customer had moved", "days that the customer moved")
used(["REPAIR 2007-03-10 09:00 .. 2007-03-14 09:00", "CUSTOMER 2007-03-11 08:00 .. 2007-03-12 20:00"],
     25, "11 and 12 March were touched before 08:00 and after 20:00, too", "part of a day moved")
used(["CUSTOMER 2007-03-10 09:00 .. 2007-03-14 09:00"], 30, "not a repair: nothing was in work",
     "only moved by the customer")
used(["REPAIR 2007-03-10 .. 2007-03-11", "REPAIR 2007-03-11 .. 2007-03-12"], 28,
     "10 and 11 March: they touch at midnight", "two that touch")
used(["OTHER 2007-03-10 09:00 .. 2007-03-11 09:00"], 28, "waiting for repair counts as repair",
     "a wait for repair")

# ---- the guarantee ----


def guaranteed(invoiced, end, note, title, reported="2007-05-01", **more):
    """A check that gives no right and shows the guarantee's last day."""
    case("8.6 guarantee " + title, dict(NOTHING, guarantee_until=end), note, invoiced_on=invoiced,
         reported_on=reported, returned_on=reported, **more)


guaranteed("2007-03-01", "2008-03-01", "12 months", "of a television")
guaranteed("2007-03-01", "2010-03-01", "36 months by category", "of an air conditioner",
           category="air_conditioner")
guaranteed("2007-03-01", "2008-03-01", "a category without a row of its own", "of anything else",
           category="sewing_machine")
guaranteed("2004-02-29", "2005-02-28", "2005 has no 29 February: the month's last", "from a leap day",
           reported="2004-05-01")
guaranteed("2007-02-28", "2008-02-28", "28 February stays the 28th in a leap year",
           "into a leap February")
guaranteed("2007-03-01", "2008-03-04", "10, 11 and 12 April lengthen it by three", "lengthened",
           intervals=["REPAIR 2007-04-10 09:00 .. 2007-04-12 09:00"])
guaranteed("2007-03-01", "2008-03-01", "the repair of this very fault does not lengthen it yet",
           "not lengthened by the repair that is asked about", reported="2007-05-01",
           intervals=["REPAIR 2007-05-01 09:00 .. 2007-05-03 09:00"])
guaranteed("2007-03-01", "2008-03-01", "a repair after the end lengthens nothing", "that is over",
           reported="2008-06-01", intervals=["REPAIR 2008-04-10 09:00 .. 2008-04-12 09:00"])
guaranteed("2007-03-01", "2008-03-04",
           "29 February and 1 March lengthen it to 3 March, which brings the 2nd inside; the 2nd "
           "was repaired on, too: to the 4th", "lengthened at its own end", reported="2008-03-10",
           intervals=["REPAIR 2008-02-29 09:00 .. 2008-03-02 09:00"])
case("8.6 on the last day of the guarantee",
     {"holds": ["8.5"], "choices": {"REPAIR": "8.5", "EXCHANGE": "8.5",
                                    "RETURN": ("8.6", 100000 - 36600, 36600)}},
     "1 March 2008, 366 days (29 February 2008 among them)", invoiced_on="2007-03-01",
     reported_on="2008-03-01", returned_on="2008-03-01", deformed=True, unpacked_on="2008-03-01")
case("8.6 a day after the guarantee", {"holds": ["8.5"], "choices": {"REPAIR": "8.5",
                                                                   "EXCHANGE": "8.5"}},
     "2 March 2008: 8.5 has no term, but no return is had for it", invoiced_on="2007-03-01",
     reported_on="2008-03-02", returned_on="2008-03-02", deformed=True, unpacked_on="2008-03-02")
case("8.6 a day that the lengthening brings inside",
     {"holds": ["8.5"], "choices": {"REPAIR": "8.5", "EXCHANGE": "8.5",
                                    "RETURN": ("8.6", 100000 - 36600, 36600)}},
     "one date of repair in April 2007: until 2 March 2008; 367 days less that one",
     invoiced_on="2007-03-01", reported_on="2008-03-02", returned_on="2008-03-02", deformed=True,
     unpacked_on="2008-03-02", intervals=["REPAIR 2007-04-10 09:00 .. 2007-04-10 17:00"])

# ---- 8.7 ----


def gate(title, blocked, note, wish="RETURN", granted=False, **more):
    case("8.7 " + title, {"holds": ["8.1", "8.2"], "choices": ALL, "blocked": blocked, "wish": wish,
                          "wish_granted": granted}, note,
         **dict(fault("2007-03-01", "2007-03-03"), wish=wish, **more))


gate("everything is there", [], "nothing blocks", granted=True)
gate("without a report", ["REPORT_MISSING"], "the right is there, and blocked", report=None)
gate("a report that is said to be missing", ["REPORT_MISSING"], "the same", report="MISSING")
gate("a report of another cause", ["REPORT_DIFFERS"], "not matching the real cause",
     report="DIFFERS")
gate("accessories missing", ["ACCESSORIES_MISSING"], "no remote control",
     accessories_complete=False)
gate("nobody has looked at the accessories", ["ACCESSORIES_MISSING"],
     "until somebody has, they are not complete", accessories_complete=None)
gate("neither", ["REPORT_MISSING", "ACCESSORIES_MISSING"], "both reasons are said", report=None,
     accessories_complete=False)
gate("an exchange is blocked as well", ["REPORT_MISSING"], "every exchange and return",
     wish="EXCHANGE", report=None)
gate("a repair is not", ["REPORT_MISSING"], "8.7 is about exchange and return", wish="REPAIR",
     granted=True, report=None)
case("8.7 cured weeks later", {"holds": ["8.1", "8.2"], "choices": ALL, "wish": "RETURN",
                              "wish_granted": True},
     "the report came on 20 April: the right of 3 March revives, without depreciation",
     **fault("2007-03-01", "2007-03-03", "2007-04-20", wish="RETURN"))
case("8.7 gives nothing that was not there", dict(NOTHING, wish="RETURN", wish_granted=False,
                                                 blocked=["REPORT_MISSING"]),
     "no right, whatever is cured", **fault("2007-03-01", "2007-05-03", wish="RETURN", report=None))
