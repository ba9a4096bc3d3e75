# SPDX-License-Identifier: MIT
"""The handbook's verdicts and ledger, worked out anew from commands and recorded acts."""
import functools

import feedback
import hotline
import returns
import sheets
import statement
import survey
import ticket
from hours import Hours
from ledger import Ledger
from life import CYCLE_OTHER
from record import read

MANAGER = ("report_violation", "confirm_proposal", "reject_proposal", "reverse_entry",
           "close_obligation", "appeal_entry", "decide_appeal", "close_month", "set_instalments")


class Model:
    def __init__(self, rules, lines, events):
        self.rules = rules
        self.facts, self.acts = read(rules, lines, events)
        self.hours_of = functools.lru_cache(lambda name: Hours(rules, name))
        self.tickets, self.verdicts, self.lots, self.returns = {}, {}, {}, {}
        self.asked = {}  # the lives of each ticket whose callback is final
        self.judge()
        self.ledger = Ledger(rules, self.hours_of)
        self.book()
        self.statements = statement.statements(self.ledger, self.tickets, self.hours_of)

    def by_ticket(self):
        reports = {f.subject: f for f in self.facts if f.kind == "register"}
        found = {name: ([], []) for name in reports}
        for fact in self.facts:
            if fact.subject in found:
                found[fact.subject][0].append(fact)
        for act in self.acts:
            if act.subject in found:
                found[act.subject][1].append(act)
        return found

    def judge(self):
        for name, (facts, acts) in self.by_ticket().items():
            report = next(f for f in facts if f.kind == "register")
            hours = self.hours_of(report.territory)
            self.verdicts.update(ticket.judge(self.rules, hours, facts, acts))
            whole = ticket.Ticket(self.rules, hours, sorted(facts, key=lambda f: f.key()), acts)
            whole.territory = report.territory
            whole.kind = whole.lives[0].kind
            self.tickets[name] = whole
            self.asked[name] = list(survey.judged(self.rules, hours, facts, acts))
        for verdict in [*feedback.judge(self.rules, self.hours_of, self.facts),
                        *hotline.judge(self.rules, self.hours_of, self.facts),
                        *sheets.weeks(self.rules, self.hours_of, self.facts)]:
            self.verdicts[verdict.key()] = verdict
        for sheet in sheets.sheets(self.rules, self.hours_of, self.tickets, self.asked,
                                   self.facts):
            verdict = sheet.verdict(self.rules, self.facts)
            self.verdicts[verdict.key()] = verdict
            self.lots[verdict.subject] = sheet.lot()

    def book(self):
        for verdict in self.verdicts.values():
            if verdict.clock == "hotline":
                self.ledger.book_call(verdict)
            elif verdict.clock == "survey_sheet":
                self.ledger.book_sheet(verdict)
            elif verdict.subject in self.tickets:
                self.ledger.book(verdict, self.tickets[verdict.subject])
        for lives in self.asked.values():
            for life in lives:
                survey.propose(self.ledger, life)
        cases = {name: returns.Case(self, name, facts, acts)
                 for name, (facts, acts) in self.by_ticket().items()}
        self.missed_visits(cases)
        for name, case in cases.items():
            self.returns.update(case.decisions)
            case.book(self.ledger, self.tickets[name].territory)
        for fact in self.facts:
            if fact.kind in MANAGER:
                self.ledger.manage(fact)
        self.ledger.run()

    @functools.cached_property
    def missed(self):
        """[(complaint, ticket)]: complaints that somebody was not on time there."""
        refs = {(t.territory, t.report.body.get("ref")): name for name, t in self.tickets.items()}
        found = [(t.report, t.report.body.get("about") or
                  refs.get((t.territory, t.report.body.get("about_ref"))))
                 for t in self.tickets.values()
                 if t.report.body.get("subject") == "NOT_ON_TIME"]
        return [(report, name) for report, name in found if name in self.tickets]

    def complaints_about(self, name):
        return [report for report, about in self.missed if about == name]

    def missed_visits(self, cases):
        for report, name in self.missed:
            visits = [v for v in self.verdicts.values() if v.clock == "visit" and v.subject == name]
            self.ledger.missed_visit(report, visits, self.tickets[name],
                                     report.id in cases[name].over)
