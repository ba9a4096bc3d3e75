# SPDX-License-Identifier: MIT
"""7.9: no work clothes, -50 for whoever was last at the customer's: proposed from the callback."""

from cases_ledger import _confirmed, _proposed
from cases_visits import a_callback_belongs_to_its_own_month  # noqa: F401


def the_callback_says_so(county):
    _proposed(county, work_clothes=False)
    _confirmed(county, "7.9", "xu", -5000)


def the_callback_says_nothing_of_it(county):
    _proposed(county, work_clothes=True)
