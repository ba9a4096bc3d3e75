# SPDX-License-Identifier: MIT
"""What the door refuses, each with its code: lines to be played together with the example day,
which must come out as if nobody had sent them."""
import json

from day_book import instant, stamp


def line(what, at, by, body, value, sent=None, **more):
    command = {"id": "x-" + what, "by": by, "made_at_ms": stamp(instant(at)), body: value}
    command.update(more)
    if sent:
        command = {"send_at": stamp(instant(sent)), "command": command}
    return json.dumps(command, ensure_ascii=False)


def job(ref):
    return {"territory": "county", "ref": ref}


def refused():
    """Code, line."""
    agreed = {"from_ms": "2007-03-02T10:00:00+08:00", "to_ms": "2007-03-02T09:00:00+08:00",
              "wish": "CUSTOMER"}
    report = {"kind": "SYSTEM", "ref": "d001"}
    return [
        ("unknown_person", line("nobody", "09:00", "nobody", "accept", {}, **job("d005"))),
        ("wrong_role", line("himself", "09:01", "wang", "accept", {}, person="chen",
                            **job("d005"))),
        ("wrong_role", line("no-manager", "09:02", "wu", "confirm_proposal",
                            {"proposal": "7.5/person:yang/x"}, territory="county")),
        ("wrong_role", line("calm-down", "11:00", "lin", "set_urgency", {"urgent": False},
                            **job("d026"))),
        ("other_territory", line("from-the-river", "09:03", "ma", "accept", {}, **job("d005"))),
        ("unknown_ticket", line("no-such", "09:04", "wang", "accept", {}, **job("d999"))),
        ("needs_ticket", line("no-name", "09:05", "wang", "accept", {})),
        ("ref_taken", line("same-form", "09:06", "zhou", "register", report, territory="county")),
        ("missing_field", line("no-reason", "09:07", "wang", "reject", {}, **job("d005"))),
        ("bad_value", line("backwards", "09:08", "zhou", "book_appointment", agreed,
                           **job("d005"))),
        ("not_reopenable", line("still-open", "09:09", "lin", "reopen", {"reason": "?"},
                                **job("d005"))),
        ("unknown_clause", line("clause", "09:10", "liu", "report_violation",
                                {"clause": "7.99", "account": "person:wang"})),
        ("unknown_account", line("ghost", "09:11", "liu", "report_violation",
                                 {"clause": "7.16", "account": "person:ghost"})),
        ("unknown_number", line("wrong-number", "09:12", "phone", "call_offered",
                                {"call": "x", "called": "110", "caller": "13000029999"})),
        ("clock_ahead", line("tomorrow", "12:00", "wang", "check_in", {}, sent="10:59:59.999",
                             **job("d002"))),
        ("too_old", line("long-ago", "10:00", "wang", "check_in", {}, sent="03-02 10:00:00.001",
                         **job("d002"))),
        # the id of Chen's acceptance, with other words
        ("id_reused", line("", "09:13", "chen", "accept", {}, id="d001-accept", **job("d003"))),
    ]
