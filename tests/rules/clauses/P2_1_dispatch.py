# SPDX-License-Identifier: MIT
"""P2.1 dispatch: a complete order is offered to somebody within half an hour of working time. The order is
complete at 08:32; nobody has the skill, so the clerk has to find somebody."""

from cases import _finish


def _nobody_by_itself(county, at):
    t = county.install("x1", "08:30:00", "lin", "田甲", "城东 解放路 1 号", "nothing A1", "安装",
                       channel="COUNTER")
    t.order("15:00-17:00")
    t.assign(at, "xu")
    t.done("xu", accept="09:10", contact="09:12")
    _finish(t)
    t.dues["dispatch#1"] = "09:02:00"
    return t


def dispatched_in_the_last_millisecond(county):
    _nobody_by_itself(county, "09:02:00.000").all_kept()


def dispatched_a_millisecond_late(county):
    """An alert and a line in the table; it costs nothing."""
    t = _nobody_by_itself(county, "09:02:00.001")
    t.judged("order+ dispatch- accept+ contact+ visit+ result+ callback+")
