# SPDX-License-Identifier: MIT
"""Money (handbook 4): entries from final verdicts, from proposals that were confirmed, from the
manager's own reports; reversals. New clauses (7.2 sheets, appeals, returns) go beside these as
functions that add to `post` or `propose`."""
from rules import fen, span

FINE = {"accept": "7.1", "complaint": "7.3", "result": "7.4"}
CAUSE = {"accept": "%s/dispatch#%d", "complaint": "%s/complaint#%d", "result": "%s/completion#%d",
         "visit": "%s/visit#%d", "hotline": "%s/occasion#%d"}


class Ledger:
    def __init__(self, rules, hours_of):
        self.rules, self.hours_of = rules, hours_of
        self.rows, self.proposals = {}, {}
        self.proposed = {}  # ever

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

    def post(self, row):
        self.rows.setdefault(row["key"], row)

    def propose(self, row, since):
        """The manager has his time from `since` on, to its last millisecond."""
        until = since + span(self.rules.book["decisions"]["proposals_expire"])
        self.proposals.setdefault(row["key"], (row, until))
        self.proposed.setdefault(row["key"], row["amount_fen"])

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
            self.post(row)
        else:
            self.propose(row, verdict.final)

    def book_call(self, verdict):
        if verdict.verdict != "breached":
            return
        row = self.row("7.8", verdict.owner, CAUSE["hotline"] % (verdict.subject, 1), "",
                       self.amount("7.8"), "NOBODY_ROSTERED" if verdict.more["nobody"] else
                       "FINAL_BREACH", verdict.more["territory"], verdict.due, verdict.stop)
        if verdict.more["nobody"]:
            self.propose(row, verdict.final)
        else:
            self.post(row)

    def missed_visit(self, complaint, visits, ticket):
        """7.6: of the visits begun before the complaint, the latest that breached."""
        window = span(self.rules.book["not_on_time"]["window"])
        guilty = [v for v in visits if v.verdict == "breached" and v.more["window"] and
                  v.more["begun"] <= complaint.at and
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
        if nobody:
            self.propose(row, max([complaint.received] + [v.final for v in guilty]))
        else:
            self.post(row)

    # ---- from the manager ----

    def manage(self, fact):
        body, clauses = fact.body, self.rules.clauses
        if fact.kind == "report_violation":
            clause = clauses[body["clause"]]
            given = int(body["amount_fen"]) if "amount_fen" in body else None
            fixed = not (clause["amount"] == "assessed" or clause["amount"].endswith("x"))
            if clause["how"] == "auto" or fixed == (given is not None):
                return
            amount = self.amount(body["clause"], given)
            self.post(self.row(body["clause"], body["account"], fact.event, self.about(fact),
                               amount, "REPORTED_BY_MANAGER", self.place(fact), actual=fact.at))
        elif fact.kind == "confirm_proposal":
            row, until = self.proposals.get(body["proposal"], (None, 0))
            if row and fact.received <= until:
                self.proposals.pop(body["proposal"])
                self.post(row)
        elif fact.kind == "reject_proposal":
            self.proposals.pop(body["proposal"], None)
        elif fact.kind == "reverse_entry" and body["entry"] in self.rows:
            old = self.rows[body["entry"]]
            row = self.row(old["clause"], old["account"], old["key"], old["ticket"],
                           -old["amount_fen"], "REVERSED_BY_MANAGER", old["territory"],
                           actual=fact.at)
            self.post(dict(row, key="reversal/" + old["key"]))

    def place(self, fact):
        return fact.territory or self.rules.territory_of_account(fact.body.get("account", ""))

    def about(self, fact):
        return fact.body.get("about", "")
