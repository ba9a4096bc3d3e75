# SPDX-License-Identifier: MIT
"""7.20: no shoe covers, tools or furniture handled badly, -20 for whoever was last at the customer's: proposed from the callback."""

from cases_ledger import _confirmed, _proposed
from cases_visits import conduct_when_nobody_said_who_was_there  # noqa: F401


def the_callback_says_so(county):
    _proposed(county, shoe_covers=False)
    _confirmed(county, "7.20", "xu", -2000)


def the_callback_says_nothing_of_it(county):
    _proposed(county, shoe_covers=True)
