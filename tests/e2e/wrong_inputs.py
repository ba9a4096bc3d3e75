# SPDX-License-Identifier: MIT
"""The table of wrong inputs: what somebody sends, and the documented error that he gets for it.
Commands are here; bytes in wrong_frames.py, files and command lines in wrong_files.py, what can be
wrong in the store in wrong_store.py. test_wrong_inputs.py runs all of it."""
from collections import namedtuple

from wrong_stage import DAY, HOUR, WINDOW, Say, instant, read_rules, report, ticket_named

# input: has .frame(stage). code, field: of the receipt. expected: words that its cure contains.
Row = namedtuple("Row", "title input code field expected status",
                 defaults=("", "", "REJECTED"))

# ---- one good command of every type ----

GOOD = {say.kind: say for say in [
    Say("call_offered", "phone", {"call": "k-1", "called": "07365550101", "caller": "13900000001"}),
    Say("call_answered", "phone", {"call": "k-1", "answered_by": "PERSON", "agent": "lin"},
        territory="county"),
    Say("call_ended", "phone", {"call": "k-1"}, territory="county"),
    Say("feed_gap", "phone", {"from_ms": instant(-HOUR), "to_ms": instant(-HOUR // 2)},
        territory="county"),
    Say("register", "lin", report("13900000077")),
    Say("correct_address", "lin", {"address": "3 Hill Road", "distance_m": 12000}, on="open"),
    Say("set_urgency", "lin", {"urgent": True}, on="open"),
    Say("fill_order", "lin", {"order_no": "A-17"}, on="open"),
    Say("contact_customer", "wang", on="open"),
    Say("book_appointment", "wang", dict(WINDOW), on="open"),
    Say("move_appointment", "lin", dict(WINDOW), on="open"),
    Say("urge", "lin", {"note": "asked again"}, on="open"),
    Say("cancel", "lin", {"reason": "moved away"}, on="open"),
    Say("reopen", "lin", {"reason": "broke again"}, on="done"),
    Say("answer_complaint", "lin", {"channel": "PHONE", "text": "tomorrow"}, on="open"),
    Say("register_delay", "lin", on="open"),
    Say("assign", "lin", {"account": "person:wang"}, on="open"),
    Say("accept", "wang", on="open"),
    Say("reject", "wang", {"reason": "no time"}, on="open"),
    Say("check_in", "wang", {"latitude": 29.0, "longitude": 111.0}, on="open"),
    Say("report_delay", "wang", {"reason": "PARTS"}, on="open"),
    Say("resume", "wang", on="open"),
    Say("complete", "wang", on="open"),
    Say("file_result", "wang", {"fixed": True, "labour_fen": 5000}, on="open"),
    Say("report_day", "wang", {"date": "2007-03-08"}),
    Say("record_callback", "lin", {"reached": True,
                                   "answers": [{"question": "FIXED", "yes": True}]}, on="done"),
    Say("check_return", "lin", {"category": "television", "invoiced_on": "2007-03-01",
                                "price_fen": 299900}, on="open"),
    Say("record_return", "wang", {"taken_in": "RETURN", "lacks": ["box"]}, on="open"),
    Say("submit_sheet", "lin", {"month": 200703}),
    Say("submit_weekly", "wang", {"week": "2007-03-05"}),
    Say("rejudge", "liu", {"under": 1, "reason": "a slip"}, on="open"),
    Say("report_violation", "liu", {"clause": "7.16", "account": "person:wang"}),
    Say("confirm_proposal", "liu", {"proposal": "7.5/person:wang/T007-2/callback#1"}),
    Say("reject_proposal", "liu", {"proposal": "7.5/person:wang/T007-2/callback#1",
                                   "reason": "not so"}),
    Say("reverse_entry", "liu", {"entry": "7.1/person:wang/T007-2/dispatch#1",
                                 "reason": "our fault"}),
    Say("close_obligation", "liu",
        {"obligation": "7.22/person:wang/T007-2/callback#1/owed#1"}),
    Say("appeal_entry", "wang", {"entry": "7.1/person:wang/T007-2/dispatch#1",
                                 "reason": "no network"}),
    Say("decide_appeal", "liu", {"entry": "7.1/person:wang/T007-2/dispatch#1", "grant": False,
                                 "reason": "there was one"}),
    Say("close_month", "liu", {"month": 200702}, territory="county"),
    Say("set_instalments", "liu", {"entry": "7.17/person:wang/intake/p007/9", "months": 6}),
    Say("activate", "liu", {"rulebook": read_rules("rulebook"),
                            "directory": read_rules("directory")}),
]}
ABOUT_TICKET = [kind for kind, say in GOOD.items() if say.on]


def good(kind, **changes):
    return GOOD[kind].but(**changes)


# ---- fields that must be there ----

REQUIRED = [
    ("call_offered", "call", "id of the call"), ("call_offered", "called", "number dialled"),
    ("call_offered", "caller", "caller's number"),
    ("call_answered", "call", "id of the call"), ("call_answered", "answered_by", "PERSON"),
    ("call_answered", "agent", "who picked up"), ("call_ended", "call", "id of the call"),
    ("feed_gap", "from_ms", "went silent"), ("feed_gap", "to_ms", "came back"),
    ("register", "kind", "INSTALL"), ("set_urgency", "urgent", "true or false"),
    ("correct_address", "distance_m", "distance in metres"),
    ("book_appointment", "from_ms", "start"), ("book_appointment", "to_ms", "end"),
    ("book_appointment", "wish", "CUSTOMER or COMPANY"),
    ("move_appointment", "from_ms", "start"), ("move_appointment", "to_ms", "end"),
    ("move_appointment", "wish", "CUSTOMER or COMPANY"),
    ("cancel", "reason", "why"), ("reopen", "reason", "why"),
    ("answer_complaint", "channel", "how"), ("answer_complaint", "text", "told"),
    ("assign", "account", "person:<id>"), ("reject", "reason", "why"),
    ("report_delay", "reason", "PARTS"), ("file_result", "fixed", "true or false"),
    ("report_day", "date", "YYYY-MM-DD"), ("record_callback", "reached", "true or false"),
    ("check_return", "category", "category"), ("check_return", "invoiced_on", "YYYY-MM-DD"),
    ("check_return", "price_fen", "in fen"), ("record_return", "taken_in", "taken in for"),
    ("submit_sheet", "month", "YYYYMM"), ("submit_weekly", "week", "YYYY-MM-DD"),
    ("report_violation", "clause", "7.16"), ("report_violation", "account", "person:<id>"),
    ("confirm_proposal", "proposal", "key"), ("reject_proposal", "proposal", "key"),
    ("reject_proposal", "reason", "why"), ("reverse_entry", "entry", "key"),
    ("reverse_entry", "reason", "why"),
    ("close_obligation", "obligation", "key"), ("appeal_entry", "entry", "key"),
    ("appeal_entry", "reason", "why"), ("decide_appeal", "entry", "key"),
    ("decide_appeal", "grant", "it stands"), ("decide_appeal", "reason", "why"),
    ("close_month", "month", "200703"), ("set_instalments", "entry", "key"),
    ("set_instalments", "months", "how many"),
    ("rejudge", "under", "rulebook list"), ("rejudge", "reason", "why"),
]


# Texts that must say something.
BLANK = [("cancel", "reason", "why"), ("reopen", "reason", "why"), ("reject", "reason", "why"),
         ("answer_complaint", "text", "told"), ("reject_proposal", "reason", "why"),
         ("reverse_entry", "reason", "why"), ("appeal_entry", "reason", "why"),
         ("decide_appeal", "reason", "why"), ("rejudge", "reason", "why")]


def complaint(kind, **more):
    return report("13900000078", kind="COMPLAINT", complaint_type=kind, **more)


MISSING = [
    Row("a command without an id", good("urge", without=("id",)), "missing_field", "id", "made by"),
    Row("a command without its sender", good("urge", without=("by",)), "missing_field", "by",
        "a person"),
    Row("a command without its time", good("urge", without=("made_at_ms",)), "missing_field",
        "made_at_ms", "when the client"),
    Row("a command that says nothing", Say(None), "missing_field", "body", "e.g. register"),
] + [
    Row("%s without %s" % (kind, name), good(kind, body={name: None}), "missing_field",
        "%s.%s" % (kind, name), cure) for kind, name, cure in REQUIRED
] + [
    Row("%s with %r for %s" % (kind, text, name), good(kind, body={name: text}), "missing_field",
        "%s.%s" % (kind, name), cure)
    for kind, name, cure in BLANK for text in ("", " \t\n", "\u3000\u00a0\u2003")
] + [
    Row("a product of a blank category",
        good("register", body={"product": {"category": "\u3000"}}), "missing_field",
        "register.product.category", "category"),
    Row("a complaint of no type", Say("register", body=report("1", kind="COMPLAINT")),
        "missing_field", "register.complaint_type", "REPAIR or SERVICE"),
    Row("a service complaint about nothing", Say("register", body=complaint("SERVICE")),
        "missing_field", "register.subject", "about"),
    Row("a report without a customer", good("register", body={"customer": None}), "missing_field",
        "register.customer.phone", "number"),
    Row("a customer without a number", good("register", body={"customer": {"city": True}}),
        "missing_field", "register.customer.phone", "number"),
    Row("a report without a product", good("register", body={"product": None}), "missing_field",
        "register.product.category", "category"),
    Row("a repair without distance or city",
        Say("register", body=complaint("REPAIR", customer={"phone": "13900000078"})),
        "missing_field", "register.customer.distance_m", "city: true"),
    Row("an answer to no question", good("record_callback", body={"answers": [{"yes": True}]}),
        "missing_field", "record_callback.answers.question", "asked"),
    Row("an answer that says neither yes nor no",
        good("record_callback", body={"answers": [{"question": "VISITED"}]}),
        "missing_field", "record_callback.answers.yes", "true or false"),
    Row("an amount that is not said",
        good("record_callback", body={"answers": [{"question": "CHARGED_FEN", "yes": True}]}),
        "missing_field", "record_callback.answers.amount_fen", "in fen"),
] + [
    Row("%s without a ticket" % kind, good(kind, on=None), "needs_ticket")
    for kind in ABOUT_TICKET
]

# ---- fields that must fit each other ----

SENSE = [
    Row("a window that ends before it begins",
        good("book_appointment", body={"to_ms": instant(HOUR - 1)}), "bad_value",
        "book_appointment.to_ms", "not before from_ms"),
    Row("a moved window that ends before it begins",
        good("move_appointment", body={"to_ms": instant(0)}), "bad_value",
        "move_appointment.to_ms", "not before from_ms"),
    Row("a gap that ends before it begins", good("feed_gap", body={"to_ms": instant(-2 * HOUR)}),
        "bad_value", "feed_gap.to_ms", "after from_ms"),
    Row("a month after December", good("close_month", body={"month": 200713}), "bad_value",
        "close_month.month", "200703"),
    Row("a month before January", good("close_month", body={"month": 200700}), "bad_value",
        "close_month.month", "200703"),
    Row("rules for a day that has passed",
        good("activate", body={"effective_from_ms": instant(-HOUR)}), "out_of_range",
        "activate.effective_from_ms", "still to come"),
    Row("judged again under rules that never were", good("rejudge", body={"under": 1000}),
        "out_of_range", "rejudge.under", "in force"),
    Row("judged again: which of the clocks?", good("rejudge", body={"clock": "ACCEPT"}),
        "missing_field", "rejudge.n", "a clock and its number"),
    Row("judged again: a number of no clock", good("rejudge", body={"n": 1}), "missing_field",
        "rejudge.clock", "a clock and its number"),
    Row("a gap of no length", good("feed_gap", body={"to_ms": instant(-HOUR)}), "bad_value",
        "feed_gap.to_ms", "after from_ms"),
    Row("a sheet of a thirteenth month", good("submit_sheet", body={"month": 200713}), "bad_value",
        "submit_sheet.month", "200703"),
    Row("a sheet of no month", good("submit_sheet", body={"month": 200700}), "bad_value",
        "submit_sheet.month", "200703"),
    Row("a week that begins on a Thursday", good("submit_weekly", body={"week": "2007-03-08"}),
        "bad_value", "submit_weekly.week", "the date of a Monday"),
    Row("answers of somebody who was not reached", good("record_callback", body={"reached": False}),
        "bad_value", "record_callback.answers", "absent"),
    Row("a question answered twice",
        good("record_callback", body={"answers": [{"question": "FIXED", "yes": True},
                                                  {"question": "FIXED", "yes": False}]}),
        "duplicate_field", "record_callback.answers.question"),
    Row("a fault before the invoice", good("check_return", body={"reported_on": "2007-02-28"}),
        "bad_value", "check_return.reported_on", "not before invoiced_on"),
    Row("a return before its report",
        good("check_return", body={"reported_on": "2007-03-05", "returned_on": "2007-03-04"}),
        "bad_value", "check_return.returned_on", "not before reported_on"),
    Row("a return before the invoice", good("check_return", body={"returned_on": "2007-02-28"}),
        "bad_value", "check_return.returned_on", "not before invoiced_on"),
    Row("unpacked before the invoice", good("check_return", body={"unpacked_on": "2007-02-28"}),
        "bad_value", "check_return.unpacked_on", "not before invoiced_on"),
    Row("installed before the invoice", good("check_return", body={"installed_on": "2007-02-28"}),
        "bad_value", "check_return.installed_on", "not before invoiced_on"),
    Row("an interval of no kind",
        good("check_return", body={"intervals": [{"from_ms": instant(0)}]}), "missing_field",
        "check_return.intervals.kind", "PARTS"),
    Row("an interval without its beginning",
        good("check_return", body={"intervals": [{"kind": "PARTS"}]}), "missing_field",
        "check_return.intervals.from_ms", "began"),
    Row("an interval that ends before it begins",
        good("check_return", body={"intervals": [{"kind": "PARTS", "from_ms": instant(0),
                                                  "to_ms": instant(-1)}]}), "bad_value",
        "check_return.intervals.to_ms", "not before from_ms"),
    Row("more intervals than anybody can check",
        good("check_return", body={"intervals": [{"kind": "PARTS", "from_ms": instant(0)}] * 33}),
        "out_of_range", "check_return.intervals", "at most 32"),
    Row("a return of which nothing is told", good("record_return", body={"taken_in": None,
                                                                        "lacks": None}),
        "missing_field", "record_return.report", "taken_in"),
    Row("taken in for a repair", good("record_return", body={"taken_in": "REPAIR"}), "bad_value",
        "record_return.taken_in", "EXCHANGE"),
    Row("a unit lacks more than it has", good("record_return", body={"lacks": ["box"] * 17}),
        "out_of_range", "record_return.lacks", "at most 16"),
    Row("a unit lacks nothing that is named", good("record_return", body={"lacks": ["\u3000"]}),
        "missing_field", "record_return.lacks", "what is missing"),
    Row("an installation of a complaint's type",
        Say("register", body=report("1", complaint_type="REPAIR")), "bad_value",
        "register.complaint_type", "absent unless"),
    Row("an installation about another ticket", Say("register", body=report("1", about="T007-2")),
        "bad_value", "register.about", "absent unless"),
    Row("a repair about another order",
        Say("register", body=complaint("REPAIR", about_ref="open")), "bad_value",
        "register.about_ref", "absent unless"),
]

# ---- who may say it ----

OFFICE_OR_SYSTEM, OFFICE = "a clerk, manager or system", "a clerk or manager"
OURS = "a clerk, manager or technician"
WRONG_ROLES = [
    ("call_offered", "wang", OFFICE_OR_SYSTEM), ("call_answered", "wang", OFFICE_OR_SYSTEM),
    ("call_ended", "wang", OFFICE_OR_SYSTEM), ("feed_gap", "wang", OFFICE_OR_SYSTEM),
    ("register", "wang", OFFICE_OR_SYSTEM), ("correct_address", "wang", OFFICE_OR_SYSTEM),
    ("set_urgency", "wang", OFFICE), ("fill_order", "maker", OFFICE),
    ("contact_customer", "app", OURS), ("book_appointment", "app", OURS),
    ("move_appointment", "maker", OURS), ("urge", "wang", OFFICE_OR_SYSTEM),
    ("cancel", "wang", OFFICE_OR_SYSTEM), ("reopen", "maker", OFFICE),
    ("answer_complaint", "phone", OFFICE), ("register_delay", "wang", OFFICE),
    ("assign", "wang", OFFICE), ("accept", "liu", "a technician, or a clerk for the inbox"),
    ("reject", "lin", "a technician"), ("check_in", "lin", "a technician"),
    ("report_delay", "liu", "a technician"), ("resume", "app", "a technician, clerk or manager"),
    ("complete", "app", "a technician, clerk or manager"),
    ("file_result", "phone", "a technician, clerk or manager"), ("report_day", "lin", "a technician"),
    ("record_callback", "wang", OFFICE), ("check_return", "app", OURS),
    ("submit_sheet", "wang", OFFICE), ("record_return", "phone", OURS),
    ("submit_weekly", "lin", "a technician"), ("report_violation", "lin", "a manager"),
    ("confirm_proposal", "lin", "a manager"), ("reject_proposal", "wang", "a manager"),
    ("reverse_entry", "lin", "a manager"), ("close_obligation", "lin", "a manager"),
    ("appeal_entry", "app", "the person whose entry it is"),
    ("decide_appeal", "wang", "a manager"), ("close_month", "lin", "a manager"),
    ("set_instalments", "wang", "a manager"), ("activate", "lin", "a manager"),
    ("rejudge", "lin", "a manager"),
]

PEOPLE = [
    Row("%s by %s" % (kind, by), good(kind, by=by), "wrong_role", "by", cure)
    for kind, by, cure in WRONG_ROLES
] + [
    Row("a technician has other reasons", good("report_delay", body={"reason": "OTHER"}),
        "wrong_role", "by", "a manager for OTHER; a technician says PARTS"),
    Row("a clerk has other reasons", good("report_delay", by="lin", body={"reason": "OTHER"}),
        "wrong_role", "by", "a manager for OTHER"),
    Row("a clerk types in a technician's other reasons",
        good("report_delay", by="lin", person="wang", body={"reason": "OTHER"}), "wrong_role",
        "by", "a manager for OTHER"),
    Row("a clerk takes urgency away", good("set_urgency", body={"urgent": False}), "wrong_role",
        "by", "only he takes urgency away"),
    Row("a technician speaks for another", good("accept", person="chen"), "wrong_role", "person",
        "himself"),
    Row("a clerk appeals for a technician", good("appeal_entry", by="lin", person="wang"),
        "wrong_role", "person", "himself"),
    Row("the manager appeals for a technician", good("appeal_entry", by="liu", person="wang"),
        "wrong_role", "person", "himself"),
    Row("a clerk enters a check-in of a clerk", good("check_in", by="lin", person="zhou"),
        "wrong_role", "person", "a technician"),
    Row("sent by nobody we know", good("urge", by="nobody"), "unknown_person", "by"),
    Row("a report by nobody we know", good("register", by="nobody"), "unknown_person", "by"),
    Row("done by nobody we know", good("check_in", by="lin", person="nobody"), "unknown_person",
        "person"),
    Row("a rulebook by nobody we know", good("activate", by="nobody"), "unknown_person", "by"),
]

# ---- where ----

PLACES = [
    Row("a report from nowhere", good("register", by="maker", territory="atlantis"),
        "unknown_territory", "territory", "of the directory"),
    Row("a call to a number that is not ours", good("call_offered", body={"called": "110"}),
        "unknown_number", "call_offered.called"),
    Row("a violation of an account that is not ours",
        good("report_violation", body={"account": "person:nobody"}), "unknown_account",
        "report_violation.account", "an account of the directory"),
    Row("a violation of an outlet that is not ours",
        good("report_violation", body={"account": "outlet:nowhere"}), "unknown_account",
        "report_violation.account", "an account of the directory"),
    Row("a clause that the rulebook does not have",
        good("report_violation", body={"clause": "7.99"}), "unknown_clause",
        "report_violation.clause"),
    Row("a technician on a ticket of another territory", good("accept", by="sun"),
        "other_territory", "by"),
    Row("a clerk on a ticket of another territory", good("urge", by="tan"), "other_territory", "by"),
    Row("a clerk enters it for a technician of another territory",
        good("check_in", by="liu", person="ma"), "other_territory", "person"),
    Row("a clerk of another territory enters it for a technician",
        good("check_in", by="tan", person="wang"), "other_territory", "by", "county"),
    Row("a violation of an outlet of another territory",
        good("report_violation", territory="county", body={"account": "outlet:qihe"}),
        "other_territory", "report_violation.account", "county"),
    Row("a proposal of another territory",
        good("confirm_proposal", territory="river"), "other_territory",
        "confirm_proposal.proposal", "river"),
    Row("a proposal of another territory, rejected", good("reject_proposal", territory="river"),
        "other_territory", "reject_proposal.proposal", "river"),
    Row("an obligation of another territory", good("close_obligation", territory="river"),
        "other_territory", "close_obligation.obligation", "river"),
    Row("an appeal in another territory", good("appeal_entry", territory="river"),
        "other_territory", "by"),
    Row("an appeal of another territory, decided", good("decide_appeal", territory="river"),
        "other_territory", "decide_appeal.entry", "river"),
    Row("instalments of another territory", good("set_instalments", territory="river"),
        "other_territory", "set_instalments.entry", "river"),
    Row("a month of nowhere", good("close_month", without=("territory",)), "missing_field",
        "territory", "of the directory"),
    Row("an entry of another territory", good("reverse_entry", territory="river"),
        "other_territory", "reverse_entry.entry", "river"),
    Row("an entry of another territory, of somebody who belongs to none",
        good("reverse_entry", territory="river",
             body={"entry": "7.16/person:liu/intake/p007/9"}), "other_territory",
        "reverse_entry.entry", "river"),
    Row("a clerk of another territory registers here",
        good("register", by="tan", territory="county"), "other_territory", "by", "county"),
    Row("a clerk registers in another territory", good("register", territory="river"),
        "other_territory", "by"),
    Row("a technician reports his day in another territory", good("report_day", territory="river"),
        "other_territory", "by"),
    Row("a clerk hands in the sheet of another territory", good("submit_sheet", territory="river"),
        "other_territory", "by"),
    Row("a technician hands in his week in another territory",
        good("submit_weekly", territory="river"), "other_territory", "by"),
    Row("a ticket and a territory that is not its own", good("urge", territory="river"),
        "other_territory", "territory"),
    Row("a ticket and a territory that does not exist", good("urge", territory="atlantis"),
        "unknown_territory", "territory", "of the directory"),
    Row("a report of a system that does not say where", good("register", by="maker"),
        "missing_field", "territory"),
    Row("an answer to a call that nobody was offered",
        good("call_answered", body={"call": "k-404"}, without=("territory",)), "missing_field",
        "territory", "of the directory"),
]

# ---- tickets ----

TICKETS = [
    Row("a ticket that will be one day", good("urge", on=None, ticket="T007-999999"),
        "unknown_ticket", "ticket"),
    Row("a ticket of a partition that we do not have", good("urge", on=None, ticket="T999-1"),
        "unknown_ticket", "ticket", "T007-123"),
    Row("an id that is no ticket's", good("urge", on=None, ticket="order-7"), "unknown_ticket",
        "ticket", "T007-123"),
    Row("an order number that nobody gave", good("urge", on=None, ref="unheard-of"),
        "unknown_ticket", "ref"),
    Row("an order number of the other territory", good("urge", by="tan", on=None, ref="open"),
        "unknown_ticket", "ref"),
    Row("ticket and order number of two tickets", good("urge", ref="done"), "ref_mismatch", "ref"),
    Row("ticket and order number of two tickets, by a manager", good("urge", by="liu", ref="done"),
        "ref_mismatch", "ref"),
    Row("a ticket that was archived", good("urge", on="archived"), "ticket_archived", "ticket"),
    Row("reopening what was archived", good("reopen", on="archived"), "ticket_archived", "ticket"),
    Row("reopening what was archived, by its order number",
        good("reopen", on=None, territory="county", ref="archived"), "ticket_archived", "ref"),
    Row("reopening what was archived, though somebody asked about it since",
        good("reopen", on=None, territory="county", ref="asked-about"), "ticket_archived", "ref"),
    Row("an order number that an archived ticket has",
        Say("register", body=report("2", ref="archived")), "ref_taken", "register.ref"),
    Row("reopening what is open", good("reopen", on="open"), "not_reopenable", "ticket"),
    Row("an order number that is taken", Say("register", body=report("2", ref="archived-too")).but(
        body={"ref": lambda stage: stage.ticket("open") and "open"}), "ref_taken", "register.ref"),
    Row("a service complaint about a ticket to come",
        Say("register", body=complaint("SERVICE", subject="CHARGE", about="T007-999999")),
        "unknown_ticket", "register.about"),
    Row("a service complaint about a ticket of another territory",
        Say("register", body=complaint("SERVICE", subject="CHARGE", about=ticket_named("river"))),
        "unknown_ticket", "register.about"),
    Row("a violation on a ticket to come",
        good("report_violation", body={"about": "T007-999999"}), "unknown_ticket",
        "report_violation.about"),
    Row("a violation on a ticket of another territory",
        good("report_violation", body={"about": ticket_named("river")}), "unknown_ticket",
        "report_violation.about"),
    Row("a service complaint about an unknown order",
        Say("register", body=complaint("SERVICE", subject="CHARGE", about_ref="unheard-of")),
        "unknown_ticket", "register.about_ref"),
    Row("a report that says which ticket it will be", good("register", ticket="T003-1"),
        "not_allowed_here", "ticket"),
    Row("a report of a system that names a ticket", good("register", by="maker", ticket="T007-1"),
        "not_allowed_here", "ticket"),
    Row("a day's report that names a ticket", good("report_day", ticket="T003-1"),
        "not_allowed_here", "ticket"),
    Row("a sheet that names a ticket", good("submit_sheet", ticket="T003-1"), "not_allowed_here",
        "ticket"),
    Row("a violation that names its ticket in the wrong field",
        good("report_violation", ticket="T003-1"), "not_allowed_here", "ticket"),
    Row("a report that names an order number in the wrong field", good("register", ref="open"),
        "not_allowed_here", "ref"),
    Row("a rulebook that names a ticket", good("activate", ticket="T007-1"), "not_allowed_here",
        "ticket"),
    Row("the 257th fact of a ticket", good("urge", on="facts"), "ticket_full", "ticket", "256 facts"),
    Row("the 17th appointment", good("book_appointment", on="appointments"), "ticket_full",
        "ticket", "16 appointments"),
    Row("the 17th appointment, moved", good("move_appointment", on="appointments"), "ticket_full",
        "ticket", "16 appointments"),
    Row("the 17th completion", good("complete", on="completions"), "ticket_full", "ticket",
        "16 completions"),
    Row("the 17th delay", good("report_delay", on="delays"), "ticket_full", "ticket", "16 delays"),
    Row("the 17th result", good("file_result", on="results"), "ticket_full", "ticket", "16 results"),
    Row("the ninth life", good("reopen", on="lives"), "ticket_full", "ticket", "8 lives"),
    Row("the 17th order number of one report",
        Say("register", body=dict(report("13900001616"), ref=lambda stage: stage.ticket("names") and
                                  "name-17")), "ticket_full", "register.ref", "16 order numbers"),
    Row("the 33rd open ticket of a customer",
        Say("register", body=dict(report("13900003232"), symptom=lambda stage: stage.ticket("crowd"))),
        "table_full", "register.customer.phone", "32 open tickets"),
    Row("the 65th complaint that one visit was not on time",
        Say("register", body=complaint("SERVICE", subject="NOT_ON_TIME",
                                       about=ticket_named("blamed"))),
        "ticket_full", "register.about", "64 complaints"),
]

# ---- time, and ids that were used ----


class Reused:
    """A second command under the id of a first one that was recorded."""

    def __init__(self, first, second):
        self.first, self.second = first, second

    def frame(self, stage):
        receipt = stage.must(self.first)[0]
        return self.second.but(id=receipt.id).frame(stage)


TIMES = [
    Row("an id that another command had", Reused(good("urge", occurred=-1), good("fill_order")),
        "id_reused", "id"),
    Row("an id that the same command had with another note",
        Reused(good("urge", occurred=-2), good("urge", occurred=-2, body={"note": "once more"})),
        "id_reused", "id"),
    Row("an id that the same command had at another time",
        Reused(good("urge", occurred=-3), good("urge", occurred=-3, made=-1)), "id_reused", "id"),
    Row("made more than an hour ahead", good("urge", made=HOUR + 1), "clock_ahead", "made_at_ms",
        "1 h after"),
    Row("made in a week", good("register", made=7 * DAY), "clock_ahead", "made_at_ms", "1 h after"),
    Row("made more than a day ago", good("urge", made=-DAY - 1), "too_old", "made_at_ms",
        "24 h before", "TOO_OLD"),
    Row("a rulebook made a week ago", good("activate", made=-7 * DAY), "too_old", "made_at_ms",
        "24 h before", "TOO_OLD"),
]

GROUPS = {"missing": MISSING, "sense": SENSE, "people": PEOPLE, "places": PLACES,
          "tickets": TICKETS, "times": TIMES}
