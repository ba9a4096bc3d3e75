# SPDX-License-Identifier: MIT
"""7.12: a fault exaggerated, or the company brought into disrepute, -100 for whoever was last at the customer's: proposed from the callback."""

from cases_ledger import _confirmed, _proposed


def the_callback_says_so(county):
    _proposed(county, no_exaggeration=False)
    _confirmed(county, "7.12", "xu", -10000)


def the_callback_says_nothing_of_it(county):
    _proposed(county, no_exaggeration=True)
