# SPDX-License-Identifier: MIT
"""One life of a ticket, from its report or reopening to the next: what is known of it, who holds
the job when, when it pauses. A life is made anew for each state of knowledge."""
import dataclasses

from rules import span

CYCLE_DISPATCH, CYCLE_OTHER = 32, 16  # a reopened ticket counts on from the next multiple
FOREVER = 1 << 62
PROOFS = {"accept", "contact_customer", "check_in", "complete", "file_result"}


@dataclasses.dataclass
class Verdict:
    """What an instance comes to, as far as is known, and from when on that stands."""
    subject: str
    clock: str
    n: int
    verdict: str
    due: int
    stop: int = None
    owner: str = ""
    final: int = FOREVER
    start: int = None
    more: dict = dataclasses.field(default_factory=dict)

    def key(self):
        return "%s %s#%d" % (self.subject, self.clock, self.n)


class Life:
    def __init__(self, ticket, cycle, began, ended, facts, acts):
        self.ended = ended  # reopened; FOREVER if it was not
        self.ticket, self.rules, self.hours = ticket, ticket.rules, ticket.hours
        self.cycle, self.began, self.told = cycle, began, facts
        # its result or cancellation ends a life: only callbacks come after it
        self.end = next((f for f in facts if f.kind in ("file_result", "cancel")), None)
        self.facts = [f for f in facts if f.kind == "record_callback" or not self.end or
                      f.key() <= self.end.key()]
        self.acts = [a for a in acts if (a.body["dispatch"] - 1) // CYCLE_DISPATCH == cycle]
        self.report = ticket.report
        kind = self.report.body["kind"]
        service = self.report.body.get("complaint_type") == "SERVICE"
        self.kind = "service" if service else {"INSTALL": "install", "COMPLAINT": "repair",
                                               "SYSTEM": "system"}[kind]
        self.clerk = ticket.clerk
        self.cancel = next(iter(self.of("cancel")), None)
        self.done = next(iter(self.of("complete", "file_result")), None)
        self.holdings = self.find_holdings()
        self.pauses = self.find_pauses()
        self.memo = {}

    def of(self, *kinds):
        return [fact for fact in self.facts if fact.kind in kinds]

    def acts_of(self, *kinds):
        return [act for act in self.acts if act.kind in kinds]

    def number(self, k):
        return CYCLE_OTHER * self.cycle + k

    def account(self, fact):
        return self.rules.account(fact.by)

    # ---- who holds the job ----

    def offered_at(self, n):
        return next(a.at for a in self.acts_of("offered") if a.body["dispatch"] == n)

    def answers(self, offer):
        """What the account did since it was asked, or as much before as its clock may be ahead, and
        before it is asked anew."""
        account, ahead = offer.body["account"], span(self.rules.book["times"]["ahead_max"])
        again = min((a.at for a in self.acts_of("offered") if a.body["account"] == account and
                     a.seq > offer.seq), default=FOREVER)
        return [f for f in self.facts if offer.at - ahead <= f.at < again - ahead and
                self.account(f) == account]

    def accepted(self, offer):
        """When he whom it was offered to took the job: said so, or a later step of his proves it."""
        took = [max(f.at, offer.at) for f in self.answers(offer)
                if f.kind in PROOFS and not f.body.get("failed")]
        given = [int(a.body["accepted_at_ms"]) for a in self.acts_of("assigned")
                 if a.body["dispatch"] == offer.body["dispatch"]]
        # told before he was asked, as it turned out: the dispatcher gave it to him
        took += [offer.at for at in given if at < offer.at]
        return min(took or given, default=None)

    def find_holdings(self):
        """[(account, from, to)]: from the acceptance until the dispatcher took the job back."""
        found = []
        for i, act in enumerate(self.acts):
            if act.kind != "assigned":
                continue
            n = act.body["dispatch"]
            end = next((later.at for later in self.acts[i + 1:] if later.kind == "taken_back" and
                        later.body["dispatch"] == n), FOREVER)
            offer = next(a for a in self.acts_of("offered") if a.body["dispatch"] == n)
            since = self.accepted(offer)
            if since is not None:
                found.append((act.body["account"], since, end))
        return found

    def holder(self, at):
        """Whoever holds it at an instant; the clerk before, between and after."""
        for account, start, end in reversed(self.holdings):
            if start <= at < end:
                return account
        return self.clerk

    # ---- delays ----

    def delays(self):
        """Reported by whom the job was offered to or who held it then; OTHER is the manager's."""
        return [f for f in self.of("report_delay")
                if f.body["reason"] == "OTHER" or self.was_his(self.account(f), f.at)]

    def was_his(self, account, at):
        if any(whose == account and start <= at < end for whose, start, end in self.holdings):
            return True
        ahead = span(self.rules.book["times"]["ahead_max"])
        for offer in self.acts_of("offered"):
            end = next((a.at for a in self.acts_of("taken_back")
                        if a.body["dispatch"] == offer.body["dispatch"]), FOREVER)
            if offer.body["account"] == account and offer.at - ahead <= at < end:
                return True
        return False

    def find_pauses(self):
        """[from, to) of each reported delay, and where it ends if nobody says so."""
        found, resumes = [], self.of("resume")
        for fact in self.delays():
            cap, resume_at_cap = self.rules.pauses[fact.body["reason"].lower()]
            cap = fact.at + cap if resume_at_cap else FOREVER
            end = min([r.at for r in resumes if r.at >= fact.at] + [cap])
            found.append((fact.at, end, cap))
        return sorted(found)

    def waits(self):
        """Each reported delay and its [from, to)."""
        facts = self.of("report_delay")
        return list(zip(facts, ((a, b) for a, b, _ in self.pauses)))

    def running(self, start, limit, upto=FOREVER):
        """The earliest instant at which the time since start, less the pauses, equals the limit; upto:
        when the clock was stopped, what comes after that changes nothing."""
        due, until = start + limit, start
        for first, last, cap in self.pauses:
            if first > upto:
                break
            last = last if last <= upto else cap
            first = max(first, until)
            if last <= first:
                continue
            if first >= due:
                break
            if last == FOREVER:
                return FOREVER
            due += last - first
            until = last
        return due

    def paused_ms(self, start, end):
        total, until = 0, start
        for first, last, _ in self.pauses:
            first, last = max(first, until), min(last, end)
            if last > first:
                total += last - first
                until = last
        return total

    def paused_at(self, at):
        return any(first <= at < last for first, last, _ in self.pauses)

    # ---- met, breached, cancelled ----

    def settle(self, clock, n, start, due, stop=None, cancel=None, owner=None, grace=None, **more):
        """Met iff stop <= due; a cancellation at or before the due cancels what has not stopped. (A stop
        that comes after the cancellation in the canonical order is no fact of this life.)"""
        grace = self.rules.grace(grace or clock)
        if cancel is None and self.cancel:
            cancel = self.cancel.at
        if stop is not None and stop <= due and (cancel is None or stop <= cancel):
            word = "closed_paused" if more.pop("paused", False) else "met"
            # what was done before the clock began is decided when it begins
            final = max(stop, start) + grace
        elif cancel is not None and cancel <= due:
            word, stop, final = "cancelled", None, max(cancel, start) + grace
        else:
            word, final = "breached", due + grace
        more.pop("paused", None)
        if owner is None:  # whoever held it when it was decided
            owner = self.holder(min(at for at in (due, stop, cancel) if at is not None))
        return Verdict(self.ticket.id, clock, n, word, due, stop, owner or "", final, start, more)
