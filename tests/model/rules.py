# SPDX-License-Identifier: MIT
"""The two YAML files as the model reads them: durations in ms, money in fen, hours by weekday."""
import datetime
import os
import re

import yaml

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
UNITS = {"s": 1000, "m": 60000, "h": 3600000, "d": 86400000}


class Text(yaml.SafeLoader):
    """Scalars stay text: what a value means is decided here, by its place."""


Text.yaml_implicit_resolvers = {}


def span(text):
    """'30m' -> ms."""
    number, unit = re.fullmatch(r"(\d+)(ms|[smhd])", text).groups()
    return int(number) * UNITS[unit]


def metres(text):
    number, unit = re.fullmatch(r"(\d+)(m|km)", text).groups()
    return int(number) * (1000 if unit == "km" else 1)


def fen(text):
    """'50.00元', '5000fen' -> fen; '10x' and 'assessed' as they are."""
    if text.endswith("元"):
        yuan, _, rest = text[:-1].partition(".")
        return int(yuan) * 100 + int(rest.ljust(2, "0") or 0)
    return int(text[:-3]) if text.endswith("fen") else text


def hours(value):
    """['08:00-12:00', ...] -> [(from, to)] in ms after midnight."""
    spans = []
    for text in [value] if isinstance(value, str) else value or []:
        ends = [part.split(":") for part in text.split("-")]
        spans.append(tuple((int(h) * 60 + int(m)) * 60000 for h, m in ends))
    return sorted(spans)


def date(text):
    return datetime.date.fromisoformat(text)


class Rules:
    def __init__(self, directory):
        book, people = (self.load(os.path.join(directory, name))
                        for name in ("rulebook.yaml", "directory.yaml"))
        self.book = book
        self.clocks = book["clocks"]
        self.pauses = {name: (span(row["cap"]), row["at_cap"] == "resume")
                       for name, row in book["pauses"].items()}
        self.clauses = {row["id"]: row for row in book["clauses"]}
        self.questions = book["questions"]
        self.tolerance_fen = fen(book["charges"]["tolerance"])
        self.calendars = {row["id"]: row for row in book["calendars"]}
        self.territories = {row["id"]: row for row in people["territories"]}
        self.people = {row["id"]: row for row in people["people"]}
        self.outlets = {row["id"]: row for row in people["outlets"]}
        self.manager = next(p["id"] for p in people["people"] if p["role"] == "manager")

    @staticmethod
    def load(path):
        with open(path, encoding="utf-8") as file:
            return yaml.load(file, Text)

    def span(self, clock, key):
        return span(self.clocks[clock][key])

    def grace(self, clock):
        return self.span(clock, "grace")

    def account(self, person):
        """Whoever works for an outlet works on its account."""
        outlet = self.people.get(person, {}).get("outlet")
        return "outlet:" + outlet if outlet else "person:" + person

    def role(self, person):
        return self.people.get(person, {}).get("role")

    def band(self, city, distance_m):
        """The city flag beats the distance; exactly 20 km is near."""
        return span(self.clocks["visit"]["bands"][self.zone(city, distance_m)])

    def zone(self, city, distance_m):
        near = distance_m is None or int(distance_m) <= metres(self.clocks["visit"]["near_up_to"])
        return "city" if city else "near" if near else "far"

    def territory_of_number(self, called):
        return next((name for name, row in self.territories.items() if called in row["numbers"]),
                    None)

    def territory_of_account(self, account):
        kind, _, name = account.partition(":")
        row = (self.outlets if kind == "outlet" else self.people).get(name, {})
        return row.get("territory")

    def place_of_account(self, account):
        """A manager of all territories is of the first."""
        return self.territory_of_account(account) or next(iter(self.territories))
