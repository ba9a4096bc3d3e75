# SPDX-License-Identifier: MIT
"""The notebook in which the example day is written down.

A story says what people do (`t.accept("08:39:20", "chen")`) and, beside it, what must come of it:
who is asked, how every promise is judged, what it costs. All times are local, of 2007-03-01 unless
a date stands before them ("03-02 09:05"). Nothing here knows a rule of the department: what a story
expects was worked out by hand.

How a promise is judged is written in signs, one word per clock instance (#1 unless said):

    order+      met                     accept#2-   finally breached
    visitx      cancelled               complaint=  closed while a delay was open
    accept+~    met, after a provisional breach had been said and was withdrawn
"""
import datetime
import json
import re
import zlib
import zoneinfo

YEAR, MONTH, DAY = 2007, 3, 1
HOME = "Asia/Shanghai"
ZONE = zoneinfo.ZoneInfo(HOME)
PARTITIONS = {"county": 7, "river": 3}
OUTLETS = {"qihe": "qihe-deng", "jiaqiao": "jiaqiao-luo", "jianshi": "jianshi-zeng",
           "lingjintan": "lingjintan-hu"}
CLERKS = {"county": "lin", "river": "tan"}
OFFICE = {"lin", "zhou", "tan", "peng", "liu"}
# These type into the app; the others send from telephones of their own.
ON_THE_APP = {"wang", "huang", "wu", "xu", "sun", "ma", "qihe-deng"}
SIGNS = {"+": "met", "-": "breached", "x": "cancelled", "=": "closed_paused"}
# What a clause costs, in fen, as it acts on pay.
FEN = {"7.1": -5000, "7.2": -5000, "7.3": -5000, "7.4": -5000, "7.5": -10000, "7.6": -5000, "7.8": -5000,
       "7.10": -10000, "7.16": -5000, "7.21": -5000, "7.23": 10000, "7.24": 20000}


def use_zone(name):
    """From now on all times are local there."""
    global ZONE
    ZONE = zoneinfo.ZoneInfo(name)


def instant(text):
    """'08:06', '08:06:30', '16:00:00.001' or any of them after '03-02 ' -> ms since 1970. Where the
    clocks are put back a time comes twice: the offset behind it ('10-28 02:30+01:00') says which."""
    if isinstance(text, int):
        return text
    date, _, time = text.rpartition(" ")
    time, plus, offset = time.partition("+")
    month, day = map(int, date.split("-")) if date else (MONTH, DAY)
    parts = time.split(":")
    seconds, _, ms = (parts[2] if len(parts) > 2 else "0").partition(".")
    at = datetime.datetime(YEAR, month, day, int(parts[0]), int(parts[1]), int(seconds))
    zone = datetime.datetime.strptime("+" + offset, "%z").tzinfo if plus else ZONE
    first, second = (int(at.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1))
    if first != second:
        raise ValueError(text + (" comes twice" if first < second else " never comes"))
    return first * 1000 + int((ms or "0").ljust(3, "0"))


def stamp(ms, always_ms=False):
    at = datetime.datetime.fromtimestamp(ms // 1000, ZONE).isoformat()
    return at[:19] + (".%03d" % (ms % 1000) if always_ms or ms % 1000 else "") + at[19:]


def date_of(ms):
    return datetime.datetime.fromtimestamp(ms // 1000, ZONE).strftime("%Y-%m-%d")


def monday_of(ms):
    """Monday of an instant's week, as '02-26'."""
    at = datetime.datetime.fromtimestamp(ms // 1000, ZONE)
    return (at - datetime.timedelta(days=at.weekday())).strftime("%m-%d")


def window(text):
    """'15:00-17:00' or '03-02 09:00-11:00' -> from, to."""
    date, _, times = text.rpartition(" ")
    first, last = times.split("-")
    return tuple(instant((date + " " if date else "") + at) for at in (first, last))


def some(text, least, most):
    """A number between least and most that is always the same for this text: life is not even."""
    return least + zlib.crc32(text.encode()) % (most - least + 1)


def account(name):
    if ":" in name:
        return name
    return ("outlet:" if name in OUTLETS else "person:") + name


class Line:
    """One line of the player's file and what must become of it."""

    def __init__(self, send_ms, command, territory, receipt, outcome):
        self.send_ms = send_ms
        self.command = command
        self.territory = territory
        self.receipt = receipt  # RECORDED or DUPLICATE
        self.taken_over_by = None  # ticket of another territory
        self.outcome = outcome  # (code, reason or None), or None: nobody further right answers

    def made_ms(self):
        return self.command["made_at_ms"]

    def text(self):
        command = dict(self.command)
        for key in ("made_at_ms", "occurred_at_ms"):
            if key in command:
                command[key] = stamp(command[key])
        if self.send_ms != self.made_ms():
            command = {"send_at": stamp(self.send_ms), "command": command}
        return json.dumps(command, ensure_ascii=False, separators=(",", ":"))


class Day:
    def __init__(self):
        self.lines = []
        self.tickets = {}
        self.calls = {}      # call -> verdict, withdrawn, unanswered
        self.call_reasons = {}
        self.on_phone = []   # (agent, from, to)
        self.entries = []
        self.proposals = []  # keys that are put before the manager
        self.obligations = []
        self.books = []      # what else the ledger says, as tuples (tests/rules)
        self.statements = [] # (account, month, what it must say) (tests/rules)
        self.work = []       # (person, from, to or None, ticket)
        self.work_days = {}  # person/date -> sign with ~
        self.sheets = {}     # territory/yyyymm, person/Monday -> sign
        self.sheet_dues = {}  # where a rule is about it (tests/rules)
        self.drawn = {}      # territory/yyyymm -> blocks, drawn, repairs and installs to draw from
        self.ids = {}

    # ---- commands ----

    def send(self, what, at, who, body, value, territory, ref=None, sent=None, typed=None,
             outcome=None, call=False):
        """One command. at: when it happened; typed: when somebody entered it, if later; sent: when
        it reached us, if later still (a phone in a cellar) or earlier (a clock that is ahead)."""
        occurred = instant(at)
        made = instant(typed) if typed else occurred
        number = self.ids[what] = self.ids.get(what, 0) + 1
        command = {"id": what if number == 1 else "%s-%d" % (what, number)}
        if who in ON_THE_APP:
            command.update(by="app", person=who)
        else:
            command.update(by=who)
        if not call:
            command["territory"] = territory
        if ref:
            command["ref"] = ref
        command["made_at_ms"] = made
        if made != occurred:
            command["occurred_at_ms"] = occurred
        command[body] = value
        if isinstance(outcome, str):
            outcome = (outcome, None)
        line = Line(instant(sent) if sent else made, command, territory, "RECORDED", outcome)
        self.lines.append(line)
        return line

    def again(self, line, sent, new_id=None, who=None):
        """The same once more: a retry of the app, or the fact told a second time by other means."""
        command = dict(line.command)
        if new_id:
            command["id"] = new_id
            command.pop("person", None)
            command["by"] = who
        self.lines.append(Line(instant(sent), command, line.territory, "DUPLICATE", None))

    def judged_ms(self, line):
        """The instant a fact is judged at: its own, unless it lies too far off its arrival."""
        occurred = line.command.get("occurred_at_ms", line.made_ms())
        if occurred > line.send_ms + 2 * 60000 or occurred < line.send_ms - 24 * 3600000:
            return line.send_ms
        return occurred

    # ---- the phone ----

    def call(self, call, territory, caller, offered, ended, agent=None, answered=None,
             answered_by="PERSON", answer_sent=None, end_sent=None, offer_sent=None, judged="+",
             unanswered=False):
        """A call. judged: how the hotline's promise is judged; unanswered: nobody of ours spoke;
        offer_sent: later than the rest, which then has to name the territory."""
        known = offer_sent is None
        numbers = {"county": "07365550101", "river": "07365550201"}
        self.send(call + "-offered", offered, "phone", "call_offered",
                  {"call": call, "called": numbers[territory], "caller": caller, "queue": "售后"},
                  territory, sent=offer_sent, call=known)
        if answered:
            value = {"call": call, "answered_by": answered_by}
            if agent:
                value["agent"] = agent
                self.on_phone.append((agent, instant(answered), instant(ended)))
            self.send(call + "-answered", answered, "phone", "call_answered", value, territory,
                      sent=answer_sent, call=known)
        self.send(call + "-ended", ended, "phone", "call_ended",
                  {"call": call, "cause": "normal" if answered else "caller hung up"}, territory,
                  sent=end_sent, call=known)
        self.calls[call] = [SIGNS[judged[0]], judged.endswith("~"), unanswered]

    # ---- the manager ----

    def manager(self, what, at, body, value, territory, outcome="APPLIED", reason=None):
        self.send(what, at, "liu", body, value, territory, outcome=(outcome, reason))

    def entry(self, clause, whose, cause, ticket, fen, due=None, actual=None,
              reason="FINAL_BREACH", key=None, month=None, relates_to=""):
        self.entries.append({
            "key": key or "%s/%s/%s" % (clause, account(whose), cause), "clause": clause,
            "account": account(whose), "cause": cause, "ticket": ticket or "", "amount_fen": fen,
            "month": month or int(date_of(instant(due or actual)).replace("-", "")[:6]),
            "due_at": stamp(instant(due), True) if due else "",
            "actual_at": stamp(instant(actual), True) if actual else "",
            "owner": account(whose), "reason": reason})
        if relates_to:
            self.entries[-1]["relates_to"] = relates_to

    def propose(self, clause, whose, cause):
        self.proposals.append("%s/%s/%s" % (clause, account(whose), cause))

    def activate(self, what, at, rulebook, directory, effective_from=None, who="liu"):
        """Other rules, from `at` or from a later day on."""
        value = {"rulebook": rulebook, "directory": directory}
        if effective_from:
            value["effective_from_ms"] = stamp(instant(effective_from))
        return self.send(what, at, who, "activate", value, None, call=True)

    # ---- evenings ----

    def report_day(self, at, who, territory, sent=None, date=None):
        self.send("%s-%s-day" % (who, (date or date_of(instant(at)))[5:]), at, who, "report_day",
                  {"date": date or date_of(instant(at)), "note": "当日工单已逐一汇报"}, territory,
                  sent=sent)

    def evening(self, who, date, sign):
        """A day's feedback that is not simply met."""
        self.work_days["%s/%d-%s" % (who, YEAR, date)] = sign

    # ---- sheets ----

    def sheet(self, territory, month, at, who=None, sign="+", outcome="APPLIED",
              reason="SHEET_HANDED_IN", **more):
        """The month's satisfaction sheet is handed in; sign: how that is judged, None: not yet."""
        if sign:
            self.sheets["%s/%d" % (territory, month)] = sign
        return self.send("sheet-%s-%d" % (territory, month), at, who or CLERKS[territory],
                         "submit_sheet", {"month": month}, territory,
                         outcome=outcome and (outcome, reason), **more)

    def no_sheet(self, territory, month):
        self.sheets["%s/%d" % (territory, month)] = "-"

    def week(self, who, monday, at, territory, sign="+", **more):
        """A technician's sheet of the week that begins on this Monday ('02-26')."""
        if sign:
            self.sheets["%s/%d-%s" % (who, YEAR, monday)] = sign
        return self.send("%s-%s-week" % (who, monday), at, who, "submit_weekly",
                         {"week": "%d-%s" % (YEAR, monday)}, territory, **more)

    def no_week(self, who, monday):
        self.sheets["%s/%d-%s" % (who, YEAR, monday)] = "-"

    def _hand_in(self):
        """What no story speaks of is handed in as it should be: satisfaction sheets of months with a
        result on the 2nd of the next month, sheets of weeks with work on the Monday after."""
        months = set()
        for line in self.lines:
            ticket = self.tickets.get(line.command.get("ref"))
            if "file_result" in line.command and not (ticket and ticket.sort == "system"):
                month = date_of(self.judged_ms(line))[:7]
                months.add((line.territory, int(month[:4]), int(month[5:])))
        for territory, year, month in sorted(months):
            if "%s/%d%02d" % (territory, year, month) not in self.sheets:
                self.sheet(territory, 100 * year + month, "%02d-02 10:00" % (month + 1))
        weeks = {(who, monday_of(at), self.tickets[ref].territory.name)
                 for who, begin, end, ref in self.work if who not in OFFICE
                 for at in (begin, end or begin)}
        for who, monday, territory in sorted(weeks):
            if "%s/%d-%s" % (who, YEAR, monday) not in self.sheets:
                self.week(who, monday, instant(monday + " 09:00") + 7 * 24 * 3600000, territory)

    # ---- the end ----

    def finish(self):
        self._hand_in()
        self.lines.sort(key=lambda line: line.send_ms)  # stable: as written within an instant
        names = self._names()
        for line in self.lines:
            if "activate" not in line.command:  # whole files, with braces of their own
                line.command = fill_in(line.command, names)
        self.entries = sorted((fill_in(entry, names) for entry in self.entries),
                              key=lambda entry: entry["key"].encode())
        self.proposals = sorted(fill_in(key, names) for key in self.proposals)
        self.obligations = sorted(fill_in(row, names) for row in self.obligations)
        self.books = sorted(fill_in(row, names) for row in self.books)
        self.statements = fill_in(self.statements, names)
        for person, at, _, _ in self.work:
            self.work_days.setdefault("%s/%s" % (person, date_of(at)), "+")
        self._check()
        return self

    def _names(self):
        """Ticket and event ids follow from the order of what is recorded: the first event of a
        partition is the activation of the rules, then one for each recorded command."""
        seq = dict.fromkeys(PARTITIONS, 1)
        names = {}
        waits_ms = None  # rules that wait for their day
        for line in self.lines:
            if line.receipt != "RECORDED":
                continue
            rules = line.command.get("activate")
            for _ in range((waits_ms is not None and waits_ms <= line.send_ms) + bool(rules)):
                seq = {territory: n + 1 for territory, n in seq.items()}
            if waits_ms is not None and waits_ms <= line.send_ms:
                waits_ms = None
            if rules:
                day = rules.get("effective_from_ms")
                waits_ms = day and int(datetime.datetime.fromisoformat(day).timestamp() * 1000)
                continue
            seq[line.territory] += 1
            where = PARTITIONS[line.territory], seq[line.territory]
            names["event:" + line.command["id"]] = "intake/p%03d/%d" % where
            ref = line.command.get("register", {}).get("ref")
            if ref in self.tickets:
                names[ref] = self.tickets[ref].id = "T%03d-%d" % where
            there = line.taken_over_by
            if there:
                seq[there.territory.name] += 1
                there.id = "T%03d-%d" % (PARTITIONS[there.territory.name], seq[there.territory.name])
                names[there.ref] = there.id
        return names

    def _check(self):
        """The day must be possible: nobody in two places, nobody on two telephones."""
        for what, spans in (("on two calls", self.on_phone),
                            ("at two jobs", [(w, a, b) for w, a, b, _ in self.work if b])):
            last = {}
            for who, begin, end in sorted(spans, key=lambda span: span[1]):
                if begin < last.get(who, 0):
                    raise ValueError("%s is %s at %s" % (who, what, stamp(begin)))
                last[who] = end
        for ticket in self.tickets.values():
            if not ticket.verdicts:
                raise ValueError("nothing is expected of " + ticket.ref)


def fill_in(value, names):
    """Puts ids where {order number} or {event:command id} stands."""
    if isinstance(value, dict):
        return {key: fill_in(inner, names) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(fill_in(inner, names) for inner in value)
    if isinstance(value, str):
        return re.sub(r"\{([^}]+)\}", lambda found: names[found.group(1)], value)
    return value


def read_signs(text):
    """'order+ accept#2-~' -> [('order', 1, '+', ''), ('accept', 2, '-', '~')]."""
    found = []
    for word in text.split():
        match = re.fullmatch(r"([a-z]+)(?:#(\d+))?([-+x=])(~?)", word)
        if not match:
            raise ValueError("what is " + word)
        clock, n, sign, withdrawn = match.groups()
        found.append((clock, int(n or 1), sign, withdrawn))
    return found
