# SPDX-License-Identifier: MIT
"""What belongs to no ticket: calls that nobody picked up, the manager's desk, the evenings.

The hotline's promise (7.8): offered in working time, ringing there for 20 seconds and more, picked
up by no person although somebody on duty was free. It costs the clerk on duty."""


def missed(day, call, territory, caller, offered, ended, judged, reason, **more):
    day.call(call, territory, caller, offered, ended, judged=judged, unanswered=True, **more)
    day.call_reasons[call] = reason


def fine(day, call, clerk, due, actual):
    day.entry("7.8", clerk, call + "/occasion#1", None, -5000, due, actual)


def unanswered_calls(day):
    """Both clerks are free and nobody answers; the same caller again after four minutes is the same
    occasion, after exactly ten a new one."""
    caller = "13000020001"
    missed(day, "miss-1", "county", caller, "10:20:00", "10:20:35", "-", "NOBODY_ANSWERED")
    fine(day, "miss-1", "zhou", due="10:20:20", actual="10:20:35")
    missed(day, "miss-2", "county", caller, "10:24:00", "10:24:30", "x", "SAME_OCCASION")
    missed(day, "miss-3", "county", caller, "10:30:00", "10:30:32", "-", "NOBODY_ANSWERED")
    fine(day, "miss-3", "zhou", due="10:30:20", actual="10:30:32")


def calls_that_cost_nothing(day):
    """Zhou and Lin are both talking; 19 seconds; 10 of 40 seconds before lunch; at lunch."""
    missed(day, "miss-4", "county", "13000020004", "08:36:10", "08:36:55", "x", "ALL_AGENTS_BUSY")
    missed(day, "miss-5", "county", "13000020005", "11:30:00", "11:30:19", "x", "RANG_TOO_SHORT")
    missed(day, "miss-6", "county", "13000020006", "11:59:50", "12:00:30", "x", "RANG_TOO_SHORT")
    missed(day, "miss-7", "county", "13000020007", "12:40:00", "12:40:45", "x",
           "OUTSIDE_WORKING_TIME")


def gap_in_the_feed(day):
    """The exchange falls silent from 15:10 to 15:20 and then tells of a call that ended in between:
    a breach at first, withdrawn when the gap is known."""
    missed(day, "miss-8", "county", "13000020008", "15:08:30", "15:11:00", "x~", "PHONE_FEED_GAP",
           end_sent="15:20:30")
    day.send("gap-1", "15:21:00", "phone", "feed_gap",
             {"from_ms": "2007-03-01T15:10:00+08:00", "to_ms": "2007-03-01T15:20:00+08:00"},
             "county")


def river_calls(day):
    """Exactly 20 seconds are enough. A recorded voice is nobody. And an answer that is told seven
    minutes after the end of the call: the breach is withdrawn."""
    missed(day, "miss-9", "river", "13000020009", "10:50:00", "10:50:20", "-", "NOBODY_ANSWERED")
    fine(day, "miss-9", "tan", due="10:50:20", actual="10:50:20")
    missed(day, "miss-10", "river", "13000020010", "17:30:00", "17:31:10", "-", "NOBODY_ANSWERED",
           answered="17:30:15", answered_by="VOICEMAIL")
    fine(day, "miss-10", "peng", due="17:30:20", actual="17:31:10")
    # on the call-back list all the same: when it ended, nobody was known to have answered
    missed(day, "late-1", "river", "13000020011", "16:10:00", "16:13:00", "+~", "PERSON_ANSWERED",
           agent="peng", answered="16:10:12", answer_sent="16:20:00")


def managers_desk(day):
    """What the manager reports himself, and what the ledger refuses him."""
    def report(what, at, clause, whose, note, territory="county", fen=None, outcome="APPLIED",
               reason=None, about=None):
        value = {"clause": clause, "account": whose, "note": note}
        if fen is not None:
            value["amount_fen"] = fen
        if about:
            value["about"] = about
        day.manager(what, at, "report_violation", value, territory, outcome, reason)

    def posted(what, at, clause, whose, fen, about=None):
        day.entry(clause, whose, "{event:%s}" % what, about, fen, actual=at,
                  reason="REPORTED_BY_MANAGER")

    report("m-training", "17:30:00", "7.16", "person:huang", "周三安全培训无故缺席")
    posted("m-training", "17:30:00", "7.16", "huang", -5000)
    report("m-praise", "03-06 09:20", "7.23", "person:ma", "枫树岗小学钟老师表扬信,已核实", "river",
           about="{r009}")
    posted("m-praise", "03-06 09:20", "7.23", "ma", 10000, "{r009}")
    report("m-idea", "03-06 09:22", "7.24", "outlet:qihe", "乡镇配件代存柜建议,全面采用", "river")
    posted("m-idea", "03-06 09:22", "7.24", "qihe", 20000)
    report("m-box", "03-06 09:25", "7.17", "outlet:jiaqiao", "退换电视缺包装箱,核定损失", "river",
           fen=12000)
    posted("m-box", "03-06 09:25", "7.17", "jiaqiao", -12000)
    # a private job: ten times the labour he collected, and an apology at the door
    report("m-private", "03-06 09:27", "7.22", "person:sun", "私自揽活,收工费 40 元", "river",
           fen=4000)
    posted("m-private", "03-06 09:27", "7.22", "sun", -40000)
    day.obligations.append("7.22/person:sun/{event:m-private}")
    report("m-by-hand", "03-06 09:30", "7.1", "person:wang", "手工补录", outcome="REFUSED",
           reason="CLAUSE_IS_AUTOMATIC")
    report("m-fixed", "03-06 09:31", "7.16", "person:huang", "金额应为定额", fen=8000,
           outcome="REFUSED", reason="AMOUNT_IS_FIXED")
    report("m-unassessed", "03-06 09:32", "7.13", "person:wang", "未核定损失", outcome="REFUSED",
           reason="AMOUNT_MUST_BE_ASSESSED")


def evenings(day):
    """P3.1: by midnight every job touched that day has a report, a delay or a result. Who has filed
    everything need not report; these have not. Chen's report is sent after midnight only: the
    breach is withdrawn. (Huang's Thursday is broken: see the paper that he left lying.)"""
    day.report_day("18:10:00", "yang", "county")
    day.report_day("18:15:00", "xu", "county")
    day.report_day("23:20:00", "chen", "county", sent="03-02 00:40:00")
    day.evening("chen", "03-01", "+~")
    day.report_day("17:50:00", "jiaqiao-luo", "river")
    day.report_day("18:00:00", "ma", "river")
    day.report_day("03-02 18:02", "huang", "county")
    day.report_day("03-02 18:20", "xu", "county")
    day.report_day("03-02 18:00", "ma", "river")


def sheets(day):
    """P4: the county hands in its sheet of March on the second working day, having tried before it
    was drawn; the townships ten minutes too late, which costs whoever was on duty then (7.2). P3.2:
    Chen forgets the sheet of the week."""
    def refused(territory, month, at, who, reason, outcome="REFUSED"):
        day.sheet(territory, month, at, who, sign=None, outcome=outcome, reason=reason)

    refused("county", 200703, "03-30 17:00", "zhou", "SHEET_NOT_DRAWN")
    refused("county", 200702, "04-03 16:15", "zhou", "NO_SUCH_SHEET")
    day.sheet("county", 200703, "04-03 16:20", "zhou")
    refused("county", 200703, "04-03 17:10", "lin", "SHEET_HANDED_IN_BEFORE", "NO_EFFECT")
    day.sheet("river", 200703, "04-04 18:10", "tan", sign="-")
    day.entry("7.2", "peng", "river/200703", None, -5000, due="04-04 18:00")
    day.no_week("chen", "02-26")


def tell(day):
    unanswered_calls(day)
    calls_that_cost_nothing(day)
    gap_in_the_feed(day)
    river_calls(day)
    managers_desk(day)
    evenings(day)
    sheets(day)
