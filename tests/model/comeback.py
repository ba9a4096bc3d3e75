# SPDX-License-Identifier: MIT
"""What is said of the product of a random ticket that may be exchanged or returned."""
import datetime

from hours import stamp

MINUTE, HOUR, DAY = 60000, 3600000, 86400000


def product(story, reported):
    """The question; reported: when the ticket begins."""
    day, rng = story.day, story.rng
    today = day.hours[story.territory].day(reported)
    ago = rng.choice([0, 3, 7, 8, 15, 16, 100, 366, 400, 1100])
    invoiced = today - datetime.timedelta(ago)
    body = {"category": rng.choice([story.category, "air_conditioner", "sewing_machine"]),
            "invoiced_on": invoiced.isoformat(),
            "price_fen": rng.choice([0, 111, 123456, 299900])}
    for key, share in (("main_fault", 0.7), ("deformed", 0.3), ("by_customer", 0.1),
                       ("no_same_model", 0.3), ("accessories_complete", 0.4)):
        if day.some(share):
            body[key] = day.some(0.8)
    for key in ("unpacked_on", "installed_on"):
        if day.some(0.3):
            body[key] = max(invoiced, today - datetime.timedelta(rng.choice([0, 0, 1]))).isoformat()
    if day.some(0.2):
        body["reported_on"] = max(invoiced, today - datetime.timedelta(1)).isoformat()
    said(story, body)
    if day.some(0.5):
        body["wish"] = rng.choice(["REPAIR", "EXCHANGE", "OTHER_MODEL", "RETURN"])
    if day.some(0.35) and ago > 3:  # there was time for some
        body["intervals"] = earlier(story, invoiced, ago)
    return body


def said(story, body):
    day, rng = story.day, story.rng
    if day.some(0.4):
        body["report"] = rng.choice(["MISSING", "MATCHES", "MATCHES", "DIFFERS"])
    if day.some(0.35):
        body["cause"] = rng.choice(["PRODUCT", "WORKMANSHIP", "PLACEMENT", "INSTALLATION"])
        if day.some(0.6):
            body["account"] = rng.choice({"county": ["person:wang", "person:chen"],
                                          "river": ["outlet:qihe", "person:sun"]}[story.territory])


def earlier(story, invoiced, ago):
    """Repairs before this one, with their waits, over before the fault is reported."""
    rng, found = story.rng, []
    first = story.day.hours[story.territory].instant(invoiced, 0)
    for _ in range(rng.choice([1, 1, 2])):
        start = first + rng.randrange(0, ago - 3) * DAY + rng.choice([0, 0, 9 * HOUR, DAY - 1])
        length = min(rng.choice([0, 1, 8 * HOUR, DAY, 3 * DAY, 40 * DAY]), first + (ago - 1) * DAY - start)
        found.append({"kind": "REPAIR", "from_ms": stamp(start), "to_ms": stamp(start + length)})
        if story.day.some(0.5):
            wait = start + rng.choice([0, HOUR, DAY])
            end = max(wait, min(wait + rng.choice([0, HOUR, DAY, 2 * DAY]), start + length))
            found.append({"kind": rng.choice(["PARTS", "CUSTOMER", "OTHER"]),
                          "from_ms": stamp(wait), "to_ms": stamp(end)})
    return found


def record(story):
    day, rng, body = story.day, story.rng, {}
    said(story, body)
    if day.some(0.4):
        body["accessories_complete"] = day.some(0.7)
    if day.some(0.5):
        body["taken_in"] = rng.choice(["EXCHANGE", "RETURN"])
        if day.some(0.5):
            body["lacks"] = ["box"]
        if day.some(0.3):
            body["goes"] = rng.choice(["DEPARTMENT", "FACTORY"])
    return body or {"accessories_complete": True}


def come_back(story, reported, end):
    """Checks and records in any order, while the ticket is open or a little after; and again when
    rights open at a midnight."""
    day, rng = story.day, story.rng
    who = [story.clerk] + [person for _, person in story.candidates()][:1]
    hours = day.hours[story.territory]
    first = hours.instant(hours.day(reported), 0)
    late = [first + n * DAY + rng.choice([-1, 0]) for n in (31, 33, 40, 91, 92)]
    times = [reported + day.spell(0, DAY), end + day.spell(0, 20 * HOUR)]
    at = max(min(rng.choice(times), end + 20 * HOUR), story.known)
    for k in range(rng.choice([1, 2, 3, 4])):
        kind = "check_return" if k == 0 and day.some(0.8) or day.some(0.25) else "record_return"
        body = product(story, reported) if kind == "check_return" else record(story)
        story.say(rng.choice(who), kind, at, body, late=0.15)
        at = rng.choice([at + day.spell(MINUTE, 6 * HOUR), at + DAY, max(at, rng.choice(late))])
