# SPDX-License-Identifier: MIT
"""P2.1 contact: the technician speaks to the customer within ten minutes of his working time from the
acceptance on; being there proves it."""

from cases import KEPT, _finish, _repair


def a_check_in_proves_what_came_before(county):
    """Nothing was said of acceptance and contact; he stood at the door in time for both."""
    t = _repair(county)
    t.order("08:30-10:30")
    t.done("xu", check_in="08:50:00", complete="09:30", file="09:40", callback="03-02 10:00")
    t.all_kept()


def _accepted_at_twenty_to_nine(county, contact):
    t = _repair(county)
    t.order("15:00-17:00")
    t.done("xu", accept="08:40:00", contact=contact)
    _finish(t)
    t.dues["contact#1"] = "08:50:00"
    return t


def contacted_in_the_last_millisecond(county):
    _accepted_at_twenty_to_nine(county, "08:50:00.000").all_kept()


def contacted_a_millisecond_late(county):
    """An alert and a line in the table; it costs nothing."""
    t = _accepted_at_twenty_to_nine(county, "08:50:00.001")
    t.judged(KEPT.replace("contact+", "contact-"))
