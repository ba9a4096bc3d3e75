# SPDX-License-Identifier: MIT
"""7.8: the public phone not answered in working time, -50 for the clerk on duty at the offer."""

from cases_visits import (  # noqa: F401
    heard_of_last_that_it_rang, one_occasion_in_ten_minutes, rang_a_millisecond_less,
    rang_for_twenty_seconds, rang_in_the_lunch_break, rang_into_the_lunch_break)
from cases_ledger import _reversed, _say


def with_nobody_on_duty_the_manager_is_asked(county):
    county.day.call("c1", "county", "13000000001", "03-02 09:00:00", "03-02 09:00:30", judged="-",
                    unanswered=True)
    county.day.propose("7.8", "liu", "c1/occasion#1")
    key = "7.8/person:liu/c1/occasion#1"
    county.day.books.append(("proposal_rejected", key))
    _say(county, "reject", "03-05 10:00", "reject_proposal", {"proposal": key, "reason": "排班遗漏"})


with_nobody_on_duty_the_manager_is_asked.directory = ("[thu, fri, sat]", "[thu, sat]")


def reversed_by_the_manager(county):
    county.day.call("c1", "county", "13000000001", "09:00:00", "09:00:20.000", judged="-",
                    unanswered=True)
    county.day.entry("7.8", "zhou", "c1/occasion#1", None, -5000, due="09:00:20")
    key = "7.8/person:zhou/c1/occasion#1"
    _say(county, "reverse", "03-05 10:00", "reverse_entry", {"entry": key, "reason": "停电"})
    _reversed(county, key, "7.8", "zhou", -5000, "03-05 10:00")
