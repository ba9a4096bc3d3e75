# SPDX-License-Identifier: MIT
"""What the manager, and those whose entries they are, make of a random day."""
import days

MINUTE, HOUR, DAY = 60000, 3600000, 86400000


def manage(day):
    """The manager reports what no clock sees."""
    for clause, row in day.rng.sample(sorted(day.rules.clauses.items()), 2):
        body = {"clause": clause, "account": day.rng.choice(["person:wang", "outlet:qihe",
                                                             "person:lin"]), "note": "x"}
        if row["amount"] == "assessed" or row["amount"].endswith("x") or day.some(0.05):
            body["amount_fen"] = day.rng.randrange(1, 50000)
        if day.some(0.6 if "serious" in row else 0.05):
            body["serious"] = True
        territory = day.rules.territory_of_account(body["account"])
        at = day.midnight + day.rng.choice([17 * HOUR, 24 * HOUR - 1, 24 * HOUR])
        day.say("liu", "report_violation", at, body, territory=territory, group="manager")


def losses(day):
    """Losses, some of them due at the end of a month."""
    for _ in range(day.rng.choice([1, 2])):
        account = day.rng.choice(["person:wang", "outlet:qihe"])
        day.say("liu", "report_violation", day.midnight + day.rng.choice([17, 23]) * HOUR, {
            "clause": day.rng.choice(["7.13", "7.17"]), "account": account, "note": "x",
            "amount_fen": day.rng.choice([1, 2, 10001, 100000])},
            territory=day.rules.territory_of_account(account), group="manager")


def people_of(rules, account):
    return [p for p in rules.people if rules.account(p) == account]


class Desk:
    """What the manager finds before him, and what he says to it."""

    def __init__(self, rules, seed, proposals, entries, last):
        self.day = days.Day(rules, seed)
        self.rng, self.rules = self.day.rng, rules
        self.proposals, self.entries = proposals, entries
        self.start = last + self.rng.choice([1, 2, 20, 40, 61]) * DAY  # proposals expire in between

    def say(self, kind, at, body, who="liu", territory=None, late=0.0):
        self.day.say(who, kind, at, body, territory=territory, group="manager", late=late, very=0)

    def decide(self):
        day, rules = self.day, self.rules
        keys = dict(self.entries)
        for key in self.proposals:
            kind = self.rng.choice(["confirm_proposal", "confirm_proposal", "reject_proposal"])
            body = {"proposal": key}
            clause = rules.clauses[key.partition("/")[0]]
            if kind == "reject_proposal":
                body["reason"] = "x"
            else:
                if day.some(0.9 if clause["amount"] == "assessed" else 0.05):
                    body["amount_fen"] = self.rng.randrange(1, 99999)
                if day.some(0.3):
                    body["account"] = self.rng.choice(["person:wang", "person:sun", "outlet:qihe",
                                                       key.split("/")[1]])
                if day.some(0.5 if "serious" in clause else 0.04):
                    body["serious"] = True
            self.say(kind, self.start, body)
            keys[key] = self.start
        for key, booked in keys.items():
            self.about(key, booked)

    def about(self, key, booked):
        """Appeals, reversals, obligations, instalments."""
        day = self.day
        clause, account = key.split("/")[:2]
        if clause == "reversal":
            return
        if day.some(0.35):
            right = people_of(self.rules, account)
            who = self.rng.choice((right or ["liu"]) * 3 + ["wang", "lin", "qihe-deng", "liu"])
            at = booked + self.rng.choice([30 * DAY, 30 * DAY - 1, 30 * DAY + 1, 20 * DAY, DAY])
            for _ in range(self.rng.choice([1, 1, 2])):
                self.say("appeal_entry", at, {"entry": key, "reason": "x"}, who, late=0.2)
                at += self.rng.choice([HOUR, 3 * DAY])
            if day.some(0.8):
                body = {"entry": key, "reason": "x", "grant": day.some(0.5)}
                self.say("decide_appeal", at, body)
                if day.some(0.2):
                    self.say("decide_appeal", at + HOUR, dict(body))
        if day.some(0.3):
            for _ in range(self.rng.choice([1, 1, 2])):
                self.say("reverse_entry", self.start + day.about(40 * DAY),
                         {"entry": key, "reason": "x"})
        for n in (1, 2):
            if clause in ("7.7", "7.21", "7.22") and day.some(0.5):
                for _ in range(self.rng.choice([1, 1, 2])):
                    self.say("close_obligation", self.start + day.about(9 * DAY),
                             {"obligation": "%s/owed#%d" % (key, n), "note": "x"})
        if clause in ("7.13", "7.17") and day.some(0.8) or day.some(0.03):
            for _ in range(self.rng.choice([1, 1, 2])):
                self.say("set_instalments", self.start + day.about(4 * DAY),
                         {"entry": key, "months": self.rng.choice([2, 3, 6, 12, 13])})

    def close(self):
        """Months, in this order or another, a millisecond too early among them."""
        hours = self.day.hours["county"]
        first = hours.day(self.day.midnight).replace(day=1)
        for _ in range(self.rng.choice([1, 1, 2, 3])):
            k = self.rng.choice([0, 0, 1])
            month = first.month - 1 + k
            following = first.replace(year=first.year + (month + 1) // 12, month=(month + 1) % 12 + 1)
            over = hours.instant(following, 38 * HOUR)  # 14 h and 24 h after its end
            self.say("close_month", self.rng.choice([over - 1, over, over + 2 * DAY,
                                                     self.start + self.day.about(2 * DAY)]),
                     {"month": first.year * 100 + month + 1},
                     territory=self.rng.choice(["county", "river"]))


def decide(rules, seed, proposals, entries, last):
    """What is made of a day's proposals and entries, which somebody has read."""
    desk = Desk(rules, seed, proposals, entries, last)
    if desk.day.some(0.7):
        desk.close()
    desk.decide()
    for n, (_, _, line) in enumerate(desk.day.lines):
        line.get("command", line)["id"] = "m%d" % n
    return desk.day.text()
