# SPDX-License-Identifier: MIT
"""Wrong bytes: frames that no client of ours would send, values that no field takes, messages of the
wrong shape, and what the control sockets are asked that they cannot answer."""
from collections import namedtuple

from wrong_inputs import GOOD, Row, good
from wrong_stage import Edited, Raw, Say, commands_pb2

FIELDS = commands_pb2.Command.DESCRIPTOR.fields_by_name


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7f | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def tag(number, wire):
    return varint(number << 3 | wire)


def part(number, content):
    """A length-delimited field."""
    return tag(number, 2) + varint(len(content)) + content


def number_of(name):
    return FIELDS[name].number


class Written:
    """A command whose body is written byte by byte behind a good envelope."""

    def __init__(self, kind, body, by="lin", **envelope):
        self.kind, self.body = kind, body
        self.envelope = Say(None, by, **envelope)

    def frame(self, stage):
        return self.envelope.frame(stage) + part(number_of(self.kind), self.body)


MARK = "????????"
MARKED = good("urge", body={"note": MARK})


def noted(content):
    """A note of these eight bytes."""
    assert len(content) == len(MARK)
    return Edited(MARKED, lambda frame: frame.replace(MARK.encode(), content))


def plus(extra, say=GOOD["urge"]):
    return Edited(say, lambda frame: frame + extra)


def cut_short(frame):
    return frame[:-3]


# ---- not a message at all ----

SHAPES = [
    Row("a byte that begins no field", Raw(b"\xff"), "malformed"),
    Row("a request of another protocol", Raw(b"GET / HTTP/1.1\r\n\r\n"), "malformed"),
    Row("a line of JSON", Raw(b'{"id":"c-1","by":"lin"}'), "malformed"),
    Row("sixty-four thousand zeros", Raw(b"\0" * 64000), "malformed"),
    Row("a command without its last bytes", Edited(GOOD["urge"], cut_short), "malformed", "urge"),
    Row("a text that is longer than the frame", Raw(tag(1, 2) + b"\x7fx"), "malformed", "id"),
    Row("a number of eleven bytes", plus(tag(3, 0) + b"\xff" * 10 + b"\x01"), "malformed",
        "occurred_at_ms"),
    Row("field number nought", plus(b"\0\0"), "malformed"),
    Row("a group", plus(tag(33, 3) + tag(33, 4)), "malformed"),
    Row("wire type six", plus(tag(3, 6) + b"\0"), "malformed"),
    Row("more than a mebibyte", Raw(b"\0" * (1 << 20) + b"\0"), "too_large"),
    Row("an activation of more than a mebibyte", good("activate", body={
        "rulebook": "#" * (1 << 19), "directory": "#" * (1 << 19)}), "too_large", "", "1 MiB"),
    Row("a note of seventy thousand bytes", good("urge", body={"note": "x" * 70000}),
        "out_of_range", "urge.note", "2000 bytes"),
]

# ---- fields that are not there, too often, or of another type ----

FIELD_ROWS = [
    Row("a field that commands do not have", plus(part(15, b"x")), "unknown_field", "#15",
        "it has id"),
    Row("a field that notes do not have", Written("urge", part(9, b"x"), on="open"),
        "unknown_field", "urge.#9", "it has note"),
    Row("a field where there are none", Written("accept", part(1, b"x"), "wang", on="open"),
        "unknown_field", "accept.#1", "it has no fields"),
    Row("a field deep inside",
        Written("register", part(10, part(99, b"x"))), "unknown_field", "register.customer.#99"),
    Row("the id twice", plus(part(1, b"again")), "duplicate_field", "id"),
    Row("the sender twice, the same", plus(part(4, b"lin")), "duplicate_field", "by"),
    Row("a note twice", Written("urge", part(1, b"a") + part(1, b"b"), on="open"),
        "duplicate_field", "urge.note"),
    Row("the same body twice", plus(part(number_of("urge"), b"")), "duplicate_field", "urge"),
    Row("two commands in one", plus(part(number_of("cancel"), b"")), "duplicate_field", "cancel",
        "urge stands already"),
    Row("a text where an instant stands", plus(part(3, b"now")), "wrong_type", "occurred_at_ms",
        "varint"),
    Row("eight bytes where an instant stands", plus(tag(3, 1) + b"\0" * 8), "wrong_type",
        "occurred_at_ms", "varint"),
    Row("a number where a name stands", plus(tag(5, 0) + b"\1"), "wrong_type", "person",
        "length-delimited"),
    Row("a number where a body stands", plus(tag(number_of("cancel"), 0) + b"\1", Say(None)),
        "wrong_type", "cancel", "length-delimited"),
    Row("a flag that is two", Written("set_urgency", tag(1, 0) + b"\2", on="open"), "bad_value",
        "set_urgency.urgent", "true (1) or false (0)"),
    Row("a kind that is nought", Written("register", tag(1, 0) + b"\0"), "unknown_value",
        "register.kind", "INSTALL, COMPLAINT, SYSTEM"),
    Row("a kind that does not exist", Written("register", tag(1, 0) + b"\x4d"), "unknown_value",
        "register.kind", "INSTALL, COMPLAINT, SYSTEM"),
    Row("a reason for a delay below nought",
        Written("report_delay", tag(1, 0) + b"\xff" * 9 + b"\1", "wang", on="open"),
        "unknown_value", "report_delay.reason", "PARTS"),
    Row("a wish of five thousand million",
        Written("book_appointment", tag(3, 0) + varint(5 * 10 ** 9), on="open"), "unknown_value",
        "book_appointment.wish", "CUSTOMER, COMPANY"),
    Row("what intake sets", Written("correct_address", tag(4, 0) + b"\5" + tag(5, 0) + b"\1",
                                    on="open"), "not_allowed_here", "correct_address.zone"),
]

# ---- texts ----

TEXTS = [
    Row("a byte that is no UTF-8", noted(b"abcd\xffefg"), "bad_text", "urge.note"),
    Row("a NUL", noted(b"abc\0efgh"), "bad_text", "urge.note"),
    Row("a character in two forms", noted(b"abcd\xc0\xafef"), "bad_text", "urge.note"),
    Row("half a surrogate pair", noted(b"abcd\xed\xa0\x80e"), "bad_text", "urge.note"),
    Row("half a character at the end", noted(b"abcdef\xe4\xb8"), "bad_text", "urge.note"),
    Row("beyond the last character", noted(b"abcd\xf4\x90\x80\x80"), "bad_text", "urge.note"),
    Row("a sender that is no UTF-8", Edited(Say("urge", "l?n", on="open"),
                                            lambda frame: frame.replace(b"l?n", b"l\xffn")),
        "bad_text", "by"),
    Row("an id without a letter", good("urge", id=""), "bad_value", "id", "1..64"),
    Row("an id of sixty-five letters", good("urge", id="x" * 65), "bad_value", "id", "1..64"),
    Row("an id with a blank", good("urge", id="c 1"), "bad_value", "id", "1..64"),
    Row("a Chinese id", good("urge", id="编号一"), "bad_value", "id", "1..64"),
    Row("a ticket with a slash", good("urge", on=None, ticket="T007/2"), "bad_value", "ticket"),
    Row("a territory with a blank", good("register", territory="the county"), "bad_value",
        "territory"),
    Row("a trace of another form", good("urge", traceparent="00-abc-def-01"), "bad_value",
        "traceparent", "W3C"),
    Row("a number to ask for", good("call_offered", body={"caller": "ask for Li"}), "bad_value",
        "call_offered.caller", "[0-9+*#-]"),
    Row("a clause without its number", good("report_violation", body={"clause": "7"}), "bad_value",
        "report_violation.clause", "7.24"),
    Row("an account without its kind", good("assign", body={"account": "wang"}), "bad_value",
        "assign.account", "person:<id>"),
    Row("a key with a blank", good("reverse_entry", body={"entry": "7.1 person"}), "bad_value",
        "reverse_entry.entry"),
    Row("the thirtieth of February", good("report_day", body={"date": "2007-02-30"}), "bad_value",
        "report_day.date", "YYYY-MM-DD"),
    Row("a week without its year", good("submit_weekly", body={"week": "03-05"}), "bad_value",
        "submit_weekly.week", "YYYY-MM-DD"),
    Row("a month by its name only", good("submit_sheet", body={"month": 3}), "out_of_range",
        "submit_sheet.month", "yyyymm"),
    Row("a day without its year", good("report_day", body={"date": "03-08"}), "bad_value",
        "report_day.date", "YYYY-MM-DD"),
    Row("a note of 2001 bytes", good("urge", body={"note": "x" * 2001}), "out_of_range",
        "urge.note", "2000 bytes"),
    Row("a note of 667 characters of three bytes", good("urge", body={"note": "误" * 667}),
        "out_of_range", "urge.note", "2000 bytes"),
    Row("a rulebook of more than half a mebibyte",
        good("activate", body={"rulebook": "#" * (512 * 1024 + 1)}), "out_of_range",
        "activate.rulebook", "524288 bytes"),
]

# ---- numbers ----

RANGES = [
    Row("made before there were computers here", good("urge", made=-10 ** 12), "out_of_range",
        "made_at_ms", "2000..2060"),
    Row("happened in 2061", good("urge", occurred=54 * 366 * 86400000), "out_of_range",
        "occurred_at_ms", "2000..2060"),
    Row("a window from 1970", good("book_appointment", body={"from_ms": 0}), "out_of_range",
        "book_appointment.from_ms", "2000..2060"),
    Row("a gap until the end of time", good("feed_gap", body={"to_ms": 2 ** 63 - 1}),
        "out_of_range", "feed_gap.to_ms", "2000..2060"),
    Row("a distance below nought", good("correct_address", body={"distance_m": -1}),
        "out_of_range", "correct_address.distance_m", "metres"),
    Row("a distance around the world", good("correct_address", body={"distance_m": 40000000}),
        "out_of_range", "correct_address.distance_m", "metres"),
    Row("work for less than nothing", good("file_result", body={"labour_fen": -1}), "out_of_range",
        "file_result.labour_fen", "fen"),
    Row("parts for more than there is", good("file_result", body={"parts_fen": 10 ** 12 + 1}),
        "out_of_range", "file_result.parts_fen", "fen"),
    Row("six points of five", good("record_callback", body={"satisfaction": 6}), "out_of_range",
        "record_callback.satisfaction", "1..5"),
    Row("no point of five", good("record_callback", body={"satisfaction": 0}), "out_of_range",
        "record_callback.satisfaction", "1..5"),
    Row("north of the north pole", good("check_in", body={"latitude": 91}), "out_of_range",
        "check_in.latitude", "-90..90"),
    Row("a longitude that is no number", good("check_in", body={"longitude": "NaN"}),
        "out_of_range", "check_in.longitude", "-180..180"),
    Row("more points than a number holds",
        Written("record_callback", tag(3, 0) + varint(2 ** 32), on="open"), "out_of_range",
        "record_callback.satisfaction", "32-bit"),
    Row("two hundred and fifty-seven answers",
        good("record_callback", body={"answers": [{"question": "FIXED", "yes": True}] * 257}),
        "out_of_range", "record_callback.answers", "256"),
]

GROUPS = {"shapes": SHAPES, "fields": FIELD_ROWS, "texts": TEXTS, "ranges": RANGES}

# ---- messages of several frames ----

# frames: what is sent, each an input with .frame(stage). answers: (status, code, field) in any order.
# kind: socket of the client; identity: what it calls itself.
Talk = namedtuple("Talk", "title frames answers kind identity", defaults=("DEALER", None))

NO_ID = ("REJECTED", "missing_field", "id")
TALKS = [
    Talk("a REQ client with an empty command", [Raw(b"")], [NO_ID], "REQ"),
    Talk("a REQ client with a bad command", [Raw(b"\xff")], [("REJECTED", "malformed", "")], "REQ"),
    Talk("a delimiter and an empty command", [Raw(b""), Raw(b"")], [NO_ID]),
    Talk("one empty frame", [Raw(b"")], [NO_ID]),
    Talk("three commands in one message, all bad",
         [Raw(b"\xff"), good("urge", by="nobody"), good("cancel", body={"reason": None})],
         [("REJECTED", "malformed", ""), ("REJECTED", "unknown_person", "by"),
          ("REJECTED", "missing_field", "cancel.reason")]),
    Talk("a delimiter and two bad commands", [Raw(b""), Raw(b"\0"), Say(None)],
         [("REJECTED", "malformed", ""), ("REJECTED", "missing_field", "body")]),
    Talk("an empty frame among commands", [Raw(b"\xff"), Raw(b""), Raw(b"\xff")],
         [("REJECTED", "malformed", ""), NO_ID, ("REJECTED", "malformed", "")]),
    Talk("a client with the longest name that ZeroMQ allows", [good("urge", by="nobody")],
         [("REJECTED", "unknown_person", "by")], "DEALER", b"n" * 255),
    Talk("a frame that is larger than any command", [Raw(b"\0" * ((1 << 20) + 4096))],
         [("REJECTED", "too_large", "")]),
]

# ---- control sockets ----

# asked: bytes sent to every service's control socket. error: what all of them answer.
Ask = namedtuple("Ask", "title asked error")

ASKS = [
    Ask("a control request that is no message", b"\xff\xff\xff", "not a control request"),
    Ask("half a control request", b"\x12\x7f", "not a control request"),
    Ask("a command on the control socket", part(1, b"c-1") + tag(2, 0) + b"\1",
        "not a control request"),
    Ask("a control request that asks for something unknown", part(100, b"x"),
        "not a control request"),
    Ask("half a mebibyte of noise", b"\xfe" * (1 << 19), "not a control request"),
    Ask("a stop that is none", tag(3, 0) + b"\0", "asks nothing"),
    Ask("a question for the status that is none", tag(1, 0) + b"\0", "asks nothing"),
    Ask("a flag that is two, on the control socket", tag(1, 0) + b"\2", "not a control request"),
    Ask("time before there were computers here", part(2, tag(1, 0) + b"\1"),
        "not a control request"),
    Ask("a text where a stop stands", part(3, b"stop"), "not a control request"),
]
