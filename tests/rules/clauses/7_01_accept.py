# SPDX-License-Identifier: MIT
"""7.1: a dispatch not received in time, -50. The due is inclusive; the fine follows the offer, not the
job; a reversal compensates."""

from cases import (  # noqa: F401
    KEPT, _finish, _repair, a_makers_dispatch_at_night, a_makers_dispatch_that_nobody_was_there_for,
    a_makers_dispatch_typed_in_by_a_clerk, accepted_a_millisecond_late,
    accepted_in_the_last_millisecond, evidence_a_millisecond_too_late,
    evidence_in_the_last_millisecond_of_the_grace)
from cases_ledger import _reversed, _say
from P1_3_order import working_time_stands_still_at_noon  # noqa: F401


def rejected_with_a_reason_in_the_last_millisecond(county):
    """No fine: he has answered. A television has two candidates."""
    t = _repair(county, product="television A1")
    t.order("15:00-17:00")
    t.reject("09:02:00.000", "huang", "在外地")
    t.done("xu", accept="09:10", contact="09:15")
    _finish(t)
    t.judged("order+ dispatch+ accept+ accept#2+ contact#2+ visit+ complaint+ result+ callback+")


def reversed_by_the_manager(county):
    t = _repair(county)
    t.order("15:00-17:00")
    t.accept("09:02:00.001", "xu")
    t.contact("09:12:00.001", "xu")
    _finish(t)
    t.judged(KEPT.replace("accept+", "accept-"))
    t.fine("7.1", "xu", "dispatch#1", due="09:02:00", actual="09:02:00.001")
    key = "7.1/person:xu/{x1}/dispatch#1"
    _say(county, "reverse", "03-05 10:00", "reverse_entry", {"entry": key, "reason": "基站故障"},
         reason="REVERSED_BY_MANAGER")
    _reversed(county, key, "7.1", "xu", -5000, "03-05 10:00", ticket="{x1}")
    _say(county, "again", "03-05 10:01", "reverse_entry", {"entry": key, "reason": "再次"},
         "REFUSED", "ALREADY_REVERSED")
