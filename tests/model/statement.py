# SPDX-License-Identifier: MIT
"""The statement of an account and month: piece rates + fines + rewards, and what of a loss is
deducted later (handbook 4)."""
import collections

from hours import month_of
from rules import fen
from survey import visitor


def job_of(whole, hours_of):
    """(account, month, kind, zone, category) of a ticket's first filed result."""
    hours = hours_of(whole.territory)
    for life in whole.lives:
        filed = next((f for f in life.told if f.kind == "file_result"), None)
        if not filed:
            continue
        account = visitor(life, filed)
        if account is None and life.rules.role(filed.by) == "technician":
            account = life.account(filed)
        return account, month_of(hours.day(filed.at)), life.kind, zone_of(whole, filed), \
            whole.report.body.get("product", {}).get("category")
    return None


def zone_of(whole, filed):
    """By the address as it was corrected before."""
    told = [f for f in whole.facts if f.kind == "correct_address" and f.at <= filed.at]
    where = told[-1].body if told else whole.report.body.get("customer", {})
    if not where.get("city") and where.get("distance_m") is None:
        return None  # nobody is visited
    return whole.rules.zone(bool(where.get("city")), where.get("distance_m"))


def rate(rules, kind, zone, category):
    """The first line that fits it."""
    return next((row for row in rules.book["piece_rates"] if row["kind"] == kind and
                 row.get("category", category) == category and row.get("zone", zone) == zone), None)


def portion(total, k, months):
    """What has been deducted after k of so many months."""
    return -(-total * k // months)


def following(month, k):
    index = month // 100 * 12 + month % 100 - 1 + k
    return index // 12 * 100 + index % 12 + 1


def instalments(ledger):
    """(account, month) -> [(entry, number, months, deducted, balance)]. A loss that is taken back is
    deducted no further: the rest goes where its reversal is."""
    found = collections.defaultdict(list)
    for key, months in ledger.parts.items():
        row = ledger.rows[key]
        back = ledger.rows.get("reversal/" + key)
        total, gone = row["amount_fen"], 0
        for k in range(1, months + 1):
            month = following(row["month"], k - 1)
            upto = portion(total, k, months)
            if back and month >= back["month"]:
                upto = total
            found[row["account"], month].append((key, k, months, upto - gone, total - upto))
            gone = upto
            if gone == total and back:
                break
    return found


def statements(ledger, tickets, hours_of):
    """'account month' -> what it says."""
    jobs, entries = collections.defaultdict(list), collections.defaultdict(list)
    for whole in tickets.values():
        job = job_of(whole, hours_of)
        if not job or not job[0]:
            continue
        row = rate(ledger.rules, *job[2:]) or dict(
            zip(("kind", "zone", "category"), job[2:]), rate="0fen")  # no rate: what it was
        jobs[job[:2]].append((row["kind"], row.get("category") or "", row.get("zone") or "",
                              fen(row["rate"])))
    for row in ledger.rows.values():
        entries[row["account"], row["month"]].append(row)
    filed = {month_of(hours_of(whole.territory).day(f.at)) for whole in tickets.values()
             for f in whole.facts if f.kind == "file_result"}
    months = filed | {row["month"] for row in ledger.rows.values()}  # in which anything happened
    parts = {key: rows for key, rows in instalments(ledger).items() if key[1] in months}
    return {"%s %d" % key: one(ledger, key, jobs.get(key, []), entries.get(key, []),
                               parts.get(key, []))
            for key in {*jobs, *entries, *parts}}


def one(ledger, key, jobs, entries, parts):
    account, month = key
    territory = ledger.rules.place_of_account(account)
    sums = {"fine": 0, "reward": 0}
    for row in entries:
        sums[ledger.rules.clauses[row["clause"]]["kind"]] += row["amount_fen"]
    carried = sum(deducted for _, _, _, deducted, _ in parts)
    carried -= sum(row["amount_fen"] for row in entries if row["key"] in ledger.parts)
    pieces = sum(job[-1] for job in jobs)
    own = ledger.rules.territory_of_account(account)
    closed = min(max((m for m, _ in ledger.closings.get(place, ())), default=0)
                 for place in ([own] if own else ledger.rules.territories))
    return {"territory": territory, "closed": month <= closed, "pieces_fen": pieces,
            "fines_fen": sums["fine"], "rewards_fen": sums["reward"], "carried_fen": carried,
            "settlement_fen": pieces + sum(sums.values()) + carried,
            "jobs": sorted((*job[:3], n, job[3], n * job[3])
                           for job, n in collections.Counter(jobs).items()),
            "entries": sorted((row["key"], row["amount_fen"]) for row in entries),
            "instalments": sorted(parts)}
