# SPDX-License-Identifier: MIT
"""Money (handbook 4): entries from final verdicts, from proposals that were confirmed, from the
manager's own reports; reversals, appeals, closed months. What settles something at an instant is put
down with `at`; `run` then works all of it off in time. Statements: statement.py."""
from hours import month_end
from rules import fen, span

FINE = {"accept": "7.1", "complaint": "7.3", "result": "7.4"}
CAUSE = {"accept": "%s/dispatch#%d", "complaint": "%s/complaint#%d", "result": "%s/completion#%d",
         "visit": "%s/visit#%d", "hotline": "%s/occasion#%d"}
UNKNOWN = ("NOBODY_ROSTERED", "RETURN_CAUSED", "PROPOSED_BY_CALLBACK", "CASE_NOT_ANALYSED")
SPOKEN, FINAL = 0, 1  # a verdict is final when the last millisecond of its grace is over


class Ledger:
    def __init__(self, rules, hours_of):
        self.rules, self.hours_of = rules, hours_of
        self.rows, self.proposals = {}, {}
        self.proposed = {}  # ever
        self.told = {}      # whatever else is said: obligations, appeals, closed months
        self.open, self.appeals, self.closings, self.parts = {}, {}, {}, {}
        self.todo, self.now = [], 0

    def row(self, clause, account, cause, ticket, amount, reason, territory, due=None, actual=None):
        occasion = due if due is not None else actual
        day = self.hours_of(territory).day(occasion)
        return {"key": "%s/%s/%s" % (clause, account, cause), "clause": clause, "account": account,
                "cause": cause, "ticket": ticket, "amount_fen": amount,
                "month": day.year * 100 + day.month, "due_at": due, "actual_at": actual,
                "owner": account, "reason": reason, "territory": territory}

    def amount(self, clause, base=None):
        """As the rulebook has it: fines take away, rewards add."""
        row = self.rules.clauses[clause]
        value = fen(row["amount"])
        if isinstance(value, str):
            value = base * int(value[:-1]) if value.endswith("x") else base
        return value if row["kind"] == "reward" else -value

    # ---- in time ----

    def later(self, at, order, number, do):
        self.todo.append((at, order, number, len(self.todo), do))

    def run(self):
        for at, order, _, _, do in sorted(self.todo, key=lambda one: one[:4]):
            self.now = at + order  # when it can be written down
            do(at)
        for key, (_, until) in self.proposals.items():
            self.told["proposal_expired " + key] = until

    def post(self, row, at, order=FINAL, number=0):
        self.later(at, order, number, lambda now: self.enter(row, now))

    def propose(self, row, at, order=SPOKEN, number=0):
        self.later(at, order, number, lambda now: self.ask(row, now))

    def closed(self, row, at):
        """The last month that was closed before an instant."""
        territory = self.rules.territory_of_account(row["account"]) or row["territory"]
        return max((month for month, since in self.closings.get(territory, ())
                    if since < at), default=0)

    def enter(self, row, at, serious=False):
        """A line of a closed month goes to the earliest open one and says what it is about."""
        if row["key"] in self.rows:
            return False
        closed = self.closed(row, at)
        if row["month"] <= closed:
            row = dict(row, relates_to=row["month"], month=after(closed))
        self.rows[row["key"]] = dict(row, booked=self.now)
        clause = self.rules.clauses[row["clause"]]
        if row["key"].startswith("reversal/"):
            return True
        owed = [clause.get("obligation"), clause.get("serious") if serious else None]
        owed = [one and one["en"] for one in owed]
        for n, text in enumerate(owed, 1):
            if not text:
                continue
            key = "%s/owed#%d" % (row["key"], n)
            self.open[key] = True
            self.told["obligation_opened " + key] = (text, row["account"])
        return True

    def ask(self, row, _):
        """The manager has his time from when he is asked on, to its last millisecond."""
        until = self.now + span(self.rules.book["decisions"]["proposals_expire"])
        if row["key"] not in self.proposed:
            self.proposals[row["key"]] = (row, until)
            self.proposed[row["key"]] = row["amount_fen"]

    # ---- from verdicts ----

    def book(self, verdict, ticket):
        """7.1, 7.3, 7.4: a final breach of the clause's own clock."""
        clause = FINE.get(verdict.clock)
        if not clause or verdict.verdict != "breached":
            return
        if clause == "7.4" and ticket.kind == "install":
            return
        owner, reason, sure = verdict.owner, "FINAL_BREACH", True
        if clause == "7.3":
            if verdict.more["beyond"]:
                owner, reason = verdict.more["beyond"], "APPOINTED_BEYOND_DUE"
            elif not verdict.more["sure"]:
                reason, sure = "HELD_TOO_SHORT", False
        if ticket.nobody and owner == ticket.duty:
            owner, reason, sure = "person:" + self.rules.manager, "NOBODY_ROSTERED", False
        row = self.row(clause, owner, CAUSE[verdict.clock] % (verdict.subject, verdict.n),
                       verdict.subject, self.amount(clause), reason, ticket.territory, verdict.due,
                       verdict.stop)
        if sure:
            self.post(row, verdict.final)
        else:
            self.propose(row, verdict.final, FINAL)

    def book_call(self, verdict):
        self.book_duty(verdict, "7.8", CAUSE["hotline"] % (verdict.subject, 1))

    def book_sheet(self, verdict):
        """7.2: its subject, territory and month, is the cause."""
        self.book_duty(verdict, "7.2", verdict.subject)

    def book_duty(self, verdict, clause, cause):
        """Whoever was on duty; nobody: the manager finds out."""
        if verdict.verdict != "breached":
            return
        nobody = verdict.more["nobody"]
        row = self.row(clause, verdict.owner, cause, "", self.amount(clause), "NOBODY_ROSTERED"
                       if nobody else "FINAL_BREACH", verdict.more["territory"], verdict.due,
                       verdict.stop)
        (self.propose if nobody else self.post)(row, verdict.final, FINAL)

    def missed_visit(self, complaint, visits, ticket, over):
        """7.6: of the visits begun before the complaint, the latest that breached; until the visits'
        grace is over another that began before it may become known, unless the job is over."""
        window = span(self.rules.book["not_on_time"]["window"])
        guilty = [v for v in visits if v.verdict == "breached" and v.more["window"] and
                  v.start <= complaint.at and
                  v.more["window"][0] <= complaint.at <= v.due + window]
        if not guilty:
            return
        visit = max(guilty, key=lambda v: (v.start, v.n))
        nobody = ticket.nobody and visit.owner == ticket.duty
        owner, reason = visit.owner, "NOT_ON_TIME_AND_COMPLAINT"
        if nobody:
            owner, reason = "person:" + self.rules.manager, "NOBODY_ROSTERED"
        row = self.row("7.6", owner, CAUSE["visit"] % (visit.subject, visit.n), visit.subject,
                       self.amount("7.6"), reason, ticket.territory, visit.due, visit.stop)
        final = max(v.final for v in visits if v.start <= complaint.at)
        if not over:
            final = max(final, complaint.at + self.rules.grace("visit"))
        at, order = max((complaint.received, SPOKEN), (final, FINAL))
        (self.propose if nobody else self.post)(row, at, order)

    # ---- from the manager ----

    def manage(self, fact):
        self.later(fact.received, SPOKEN, fact.number(),
                   lambda at: getattr(self, fact.kind)(fact, fact.body, at))

    def assessed(self, clause):
        amount = self.rules.clauses[clause]["amount"]
        return amount == "assessed", amount.endswith("x")

    def report_violation(self, fact, body, at):
        clause = self.rules.clauses[body["clause"]]
        given = int(body["amount_fen"]) if "amount_fen" in body else None
        if clause["how"] == "auto" or any(self.assessed(body["clause"])) != (given is not None) or \
                body.get("serious") and "serious" not in clause:
            return
        self.enter(self.row(body["clause"], body["account"], fact.event, self.about(fact),
                            self.amount(body["clause"], given), "REPORTED_BY_MANAGER",
                            self.place(fact), actual=fact.at), at, body.get("serious"))

    def confirm_proposal(self, _, body, at):
        row, until = self.proposals.get(body["proposal"], (None, 0))
        if not row or at > until:
            return
        given = int(body["amount_fen"]) if "amount_fen" in body else None
        clause = self.rules.clauses[row["clause"]]
        if self.assessed(row["clause"])[0] != (given is not None) or \
                body.get("serious") and "serious" not in clause:
            return
        found = self.put_on(row, body.get("account", row["account"]))
        if not found:
            return
        self.proposals.pop(row["key"])
        self.told["proposal_confirmed " + row["key"]] = True
        row = found
        if given is not None:
            row = dict(row, amount_fen=self.amount(row["clause"], given))
        self.enter(row, at, body.get("serious"))

    def put_on(self, row, account):
        """Whoever the manager found out about; None: it is not to be changed, or is there already."""
        if account == row["account"]:
            return row
        unknown = row["reason"] in UNKNOWN and row["account"] == "person:" + self.rules.manager
        key = "%s/%s/%s" % (row["clause"], account, row["cause"])
        if not unknown or key in self.rows or key in self.proposals or \
                self.rules.territory_of_account(account) not in (None, row["territory"]):
            return None
        return dict(row, account=account, owner=account, key=key)

    def reject_proposal(self, _, body, at):
        _, until = self.proposals.get(body["proposal"], (None, -1))
        if at <= until:
            self.proposals.pop(body["proposal"])
            self.told["proposal_rejected " + body["proposal"]] = True

    def reverse_entry(self, fact, body, at, reason="REVERSED_BY_MANAGER"):
        """A compensating line; whoever still waits for an answer to his appeal has it."""
        old = self.rows.get(body["entry"])
        if not old:
            return
        row = self.row(old["clause"], old["account"], old["key"], old["ticket"],
                       -old["amount_fen"], reason, old["territory"], actual=fact.at)
        row = dict(row, key="reversal/" + old["key"])
        if row["month"] != old["month"]:
            row["relates_to"] = old["month"]
        if self.enter(row, at) and self.appeals.get(old["key"]):
            self.decided(old["key"], True)

    # ---- obligations, appeals, months, instalments ----

    def close_obligation(self, _, body, __):
        if self.open.pop(body["obligation"], None):
            self.told["obligation_closed " + body["obligation"]] = True

    def appeal_entry(self, fact, body, _):
        """Once, by him whose entry it is, so long after it was booked."""
        row = self.rows.get(body["entry"])
        within = span(self.rules.book["decisions"]["appeal_within"])
        if row and self.rules.account(fact.by) == row["account"] and \
                row["key"] not in self.appeals and "reversal/" + row["key"] not in self.rows and \
                fact.at <= row["booked"] + within:
            self.appeals[row["key"]] = True
            self.told["appeal_opened " + row["key"]] = fact.by

    def decided(self, key, granted):
        self.appeals[key] = False
        self.told["appeal_decided " + key] = granted

    def decide_appeal(self, fact, body, at):
        if not self.appeals.get(body["entry"]):
            return
        granted = bool(body.get("grant"))
        self.decided(body["entry"], granted)
        if granted:
            self.reverse_entry(fact, body, at, "APPEAL_GRANTED")

    def close_month(self, fact, body, at):
        """Once the last grace of what is due in it has passed, for all that may be told late."""
        territory, month = fact.territory, int(body["month"])
        done = self.closings.setdefault(territory, [])
        wait = max(span(row["grace"]) for row in self.rules.clocks.values())
        wait += span(self.rules.book["times"]["late_max"])
        if month > max((m for m, _ in done), default=0) and \
                at > month_end(self.hours_of(territory), month) + wait:
            done.append((month, at))
            self.told["month_closed %s/%d" % (territory, month)] = at

    def set_instalments(self, _, body, at):
        """While its month is open and it was not taken back; the last word counts."""
        row = self.rows.get(body["entry"])
        if "reversal/" + body["entry"] in self.rows:
            return
        most = row and self.rules.clauses[row["clause"]].get("instalments")
        if most and int(body["months"]) <= int(most) and row["month"] > self.closed(row, at):
            self.parts[row["key"]] = int(body["months"])
            self.told["instalments_set " + row["key"]] = int(body["months"])

    def place(self, fact):
        return fact.territory or self.rules.territory_of_account(fact.body.get("account", ""))

    def about(self, fact):
        return fact.body.get("about", "")


def after(month):
    return month + 1 if month % 100 < 12 else month + 89
