# SPDX-License-Identifier: MIT
"""7.10: rude or deceiving, -100 for whoever was last at the customer's: proposed from the callback."""

from cases_ledger import _confirmed, _proposed
from cases_visits import conduct_of_the_later_visitor  # noqa: F401


def the_callback_says_so(county):
    _proposed(county, attitude=False)
    _confirmed(county, "7.10", "xu", -10000)


def the_callback_says_nothing_of_it(county):
    _proposed(county, attitude=True)
