# SPDX-License-Identifier: MIT
"""Daily feedback (P3.1): each ticket a technician worked on that day has a report, delay or result."""
import datetime

from life import FOREVER, Verdict

WORK = ("check_in", "complete")
SAID = ("report_delay", "file_result")


def covers(said, work):
    """What is said tells of the work before it: the day's report of all, else of its ticket."""
    return said.at >= work.at and (said.kind == "report_day" or said.subject == work.subject)


def judge_day(rules, hours, person, day, facts):
    """The verdict of one person and day, from what is received within the grace."""
    due = hours.instant(day + datetime.timedelta(1), 0) - 1
    final = due + rules.grace("feedback")
    mine = [f for f in facts if f.by == person and f.received <= final]
    today = [f for f in mine if hours.day(f.at) == day]
    worked = [f for f in today if f.kind in WORK and not f.body.get("customer_absent")]
    if not worked:
        return None
    said = [f for f in mine if f.at <= due and (
        f.kind in SAID or f.kind == "report_day" and f.body["date"] == day.isoformat())]
    kept = all(any(covers(one, work) for one in said) for work in worked)
    return Verdict("%s/%s" % (person, day), "feedback", 1, "met" if kept else "breached", due, None,
                   rules.account(person), final)


def judge(rules, hours_of, facts):
    days = {(f.by, f.territory) for f in facts if f.kind in WORK}
    for person, territory in sorted(days):
        hours = hours_of(rules.people[person].get("territory") or territory)
        mine = [f for f in facts if f.by == person]
        for day in sorted({hours.day(f.at) for f in mine if f.kind in WORK}):
            verdict = judge_day(rules, hours, person, day, mine)
            if verdict:
                yield verdict
