# SPDX-License-Identifier: MIT
"""7.5: a false report, -100 for whoever filed it: proposed from the callback, booked when confirmed."""

from cases_ledger import _confirmed, _proposed, _reversed, _say
from cases_visits import called_off_and_nothing_filed, conduct_is_whose_visit_it_was  # noqa: F401


def the_callback_says_not_fixed(county):
    _proposed(county, fixed=False)
    _confirmed(county, "7.5", "xu", -10000)


def the_callback_says_nobody_came(county):
    """The month is that of the callback, though confirmed in April."""
    _proposed(county, visited=False)
    _confirmed(county, "7.5", "xu", -10000, at="04-01 10:00")


def the_callback_agrees(county):
    _proposed(county, fixed=True, visited=True)


def reversed_by_the_manager(county):
    _proposed(county, fixed=False)
    key = _confirmed(county, "7.5", "xu", -10000)
    _say(county, "reverse", "03-06 10:00", "reverse_entry", {"entry": key, "reason": "用户记错"})
    _reversed(county, key, "7.5", "xu", -10000, "03-06 10:00", ticket="{x1}")
