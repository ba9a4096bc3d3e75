# SPDX-License-Identifier: MIT
"""What model and product do not agree in."""
import datetime
import typing

import product
from life import FOREVER
from model import Model

COLUMNS = ("clause", "account", "cause", "ticket", "amount_fen", "month", "due_at", "actual_at",
           "owner", "reason", "relates_to")


TABLES = ("verdict", "entry", "proposal", "book", "sheet", "statement", "return")


class Found(typing.NamedTuple):
    lines: list     # [(key, text)]
    verdicts: int   # how many the product had
    rows: int


def shown(value):
    if isinstance(value, int) and 10 ** 11 < value < 10 ** 14:
        at = datetime.datetime.fromtimestamp(value / 1000, datetime.timezone.utc)
        return "%s (%d)" % (at.isoformat(timespec="milliseconds"), value)
    return repr(value)


def unequal(what, expected, found):
    """One line for each key in which two tables differ: [(key, text)]."""
    lines = []
    for key in sorted(expected.keys() | found.keys()):
        if expected.get(key) != found.get(key):
            mine, other = (", ".join(map(shown, v)) if isinstance(v, tuple) else shown(v)
                           for v in (expected.get(key), found.get(key)))
            lines.append((what + " " + key, "model %s\n    product %s" % (mine, other)))
    return lines


def of_model(model):
    """One table for each of TABLES."""
    verdicts = {key: (v.verdict, v.due if v.due < FOREVER else 0, v.owner) for key, v in model.verdicts.items()}
    rows = {key: tuple(row.get(c) for c in COLUMNS) for key, row in model.ledger.rows.items()}
    return (verdicts, rows, model.ledger.proposed, model.ledger.told, model.lots,
            model.statements, model.returns)


def differences(rules, lines, played, mutate=None):
    model = Model(rules, lines, played.events)
    found = played.tables()
    if mutate:
        mutate(dict(zip(TABLES, found)))
    lines = [line for what, mine, other in zip(TABLES, of_model(model), found)
             for line in unequal(what, mine, other)]
    return Found(lines, len(found[0]), len(found[1]))
