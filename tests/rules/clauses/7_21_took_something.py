# SPDX-License-Identifier: MIT
"""7.21: ate, drank, smoked or took something, -50 for whoever was last at the customer's: proposed from the callback."""

from cases_ledger import _confirmed, _proposed, _owed


def the_callback_says_so(county):
    _proposed(county, took_nothing=False)
    key = _confirmed(county, "7.21", "xu", -5000)
    _owed(county, key, "give back what was taken")


def the_callback_says_nothing_of_it(county):
    _proposed(county, took_nothing=True)
