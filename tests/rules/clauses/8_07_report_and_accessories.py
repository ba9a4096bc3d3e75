# SPDX-License-Identifier: MIT
"""8.7: no exchange or return without the accessories and a report that matches; the right is kept."""

from cases_returns import EARLY, THERE, _called_off, _check, _record


def blocked_until_cured(county):
    """The right is kept, and free when the last of what was missing is there."""
    t = _called_off(county)
    _check(t, "08:40", dict(EARLY, blocked=["REPORT_MISSING", "ACCESSORIES_MISSING"], wish="RETURN",
                            wish_granted=False), main_fault=True, wish="RETURN")
    _record(t, "03-02 09:00", dict(EARLY, blocked=["REPORT_DIFFERS", "ACCESSORIES_MISSING"]),
            report="DIFFERS")
    _record(t, "03-02 10:30", dict(EARLY, blocked=["REPORT_DIFFERS"]), accessories_complete=True)
    _record(t, "03-03 09:00", dict(EARLY, wish_granted=True), report="MATCHES")


def revives_after_the_ticket_is_closed(county):
    """All its clocks are final by the 5th; the report comes on the 28th."""
    t = _called_off(county)
    _check(t, "08:40", dict(EARLY, blocked=["REPORT_MISSING"]), main_fault=True,
           accessories_complete=True)
    _record(t, "03-28 09:00", dict(EARLY, returned_on="2007-03-28"), report="MATCHES")


def what_is_known_before_the_check(county):
    """It is kept, and counts when somebody asks."""
    t = _called_off(county)
    _record(t, "08:35", None, outcome="NO_EFFECT", **THERE)
    _check(t, "08:40", EARLY, main_fault=True)


def in_the_order_in_which_it_happened(county):
    """The later word on the report arrives first; what was missing before does not come back."""
    t = _called_off(county)
    _check(t, "08:31", dict(EARLY, blocked=["REPORT_MISSING"]), main_fault=True,
           accessories_complete=True)
    _record(t, "08:40", EARLY, report="MATCHES")
    _record(t, "08:35", EARLY, report="DIFFERS", sent="09:30")
