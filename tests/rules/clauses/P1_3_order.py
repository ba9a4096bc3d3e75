# SPDX-License-Identifier: MIT
"""P1.3 order: a report is filled, contacted and booked within half an hour of working time, the last of
the three counts. A breach is an alert; it costs nothing."""

from cases import KEPT, _finish, _repair


def working_time_stands_still_at_noon(county):
    """Half an hour from 11:45 ends at 14:15."""
    t = _repair(county, at="11:45:00")
    t.fill("11:46")
    t.contact("14:10")
    t.book("14:15:00.000", "16:00-17:00")
    t.done("xu", accept="14:20", contact="14:25")
    _finish(t, check_in="16:05", complete="16:30", file="16:40")
    t.dues.update({"order#1": "14:15:00", "accept#1": "14:45:00"})
    t.all_kept()


def an_order_is_as_late_as_its_last_part(county):
    t = _repair(county, at="11:45:00")
    t.fill("11:46")
    t.book("11:50", "16:00-17:00")
    t.contact("14:15:00.001")
    t.done("xu", accept="14:20", contact="14:25")
    _finish(t, check_in="16:05", complete="16:30", file="16:40")
    t.judged(KEPT.replace("order+", "order-"))


def cancelled_at_the_due(county):
    """Cancel at <= due cancels the clock. The order was never complete, so nobody was asked."""
    t = _repair(county)
    t.cancel("09:00:00.000", "不修了")
    t.callback("03-02 10:00")
    t.dues["order#1"] = "09:00:00"
    t.judged("orderx visitx complaintx callback+")


def cancelled_after_the_due(county):
    """After it the breach stands."""
    t = _repair(county)
    t.cancel("09:00:00.001", "不修了")
    t.callback("03-02 10:00")
    t.judged("order- visitx complaintx callback+")


def an_order_put_down_afterwards(county):
    """Filled at nine, registered forty minutes later: the order was in time, its dispatch not."""
    t = _repair(county, at="09:40:00")
    t.fill("09:01", typed="09:41")
    t.contact("09:02", typed="09:41")
    t.book("09:03", "15:00-17:00", typed="09:41")
    t.done("xu", accept="09:45", contact="09:50")
    _finish(t)
    t.dues["dispatch#1"] = "09:33:00"
    t.judged(KEPT.replace("dispatch+", "dispatch-"))
