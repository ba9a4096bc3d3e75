# SPDX-License-Identifier: MIT
"""8.4: more than 30 days that were the repairer's own: the same model free, at his cost."""

from day_ticket import Territory
from cases_returns import NONE, THERE, _check, _in_work
from returns_table import less


def waits_of_the_customer_do_not_count(county):
    """2 and 3 March are covered whole: the 31st day of the repairer is 3 April. The same two days
    move the complaint's due."""
    t = _in_work(county)
    t.delay("03-02 00:00", "xu", "CUSTOMER", "用户外出")
    t.register_delay("03-02 08:10")
    t.resume("03-04 00:00", "xu")
    _check(t, "04-02 23:59:59.999", NONE, invoiced="2007-01-01", **THERE)
    # 92 days less 1 March and 4 March to 3 April, 31 + 1 dates
    _check(t, "04-03 00:00", {"holds": ["8.4"], "choices": less(6000, "8.4", False),
                              "account": None}, invoiced="2007-01-01", **THERE)
    t.done("xu", complete="04-03 09:30", file="04-03 09:40", callback="04-04 10:00")
    t.dues["complaint#1"] = "03-06 08:30:00"
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint- delay+ result+ callback+")
    t.fine("7.3", "xu", "complaint#1", due="03-06 08:30")


def major_repair_is_the_repairers(county):
    """It pauses the clock, for seven days, and takes nothing off the thirty."""
    t = _in_work(county)
    t.delay("15:40", "xu", "MAJOR_REPAIR", "返厂大修")
    t.register_delay("15:45")
    _check(t, "03-31 12:00", NONE, invoiced="2007-01-01", **THERE)
    _check(t, "04-01 12:00", {"holds": ["8.4"], "choices": less(5800, "8.4", False)},
           invoiced="2007-01-01", **THERE)
    t.done("xu", complete="04-02 09:30", file="04-02 09:40", callback="04-03 10:00")
    t.dues["complaint#1"] = "03-11 08:30:00"
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint- delay+ result+ callback+")
    t.fine("7.3", "xu", "complaint#1", due="03-11 08:30")


def at_the_outlets_cost(county):
    """The outlet held the job."""
    river = Territory(county.day, "river")
    t = river.repair("x2", "08:30:00", "tan", "田乙", "漆河 正街 1 号", "washing_machine A1", "坏了",
                     km=15, channel="COUNTER")
    t.order("15:00-17:00")
    t.assign("08:40", "qihe", outcome=None)
    t.done("qihe-deng", accept="08:45:00", contact="08:50:00", check_in="15:30")
    _check(t, "04-01 12:00", {"holds": ["8.4"], "choices": less(5800, "8.4", False),
                              "account": "outlet:qihe"}, who="tan", invoiced="2007-01-01", **THERE)
    t.done("qihe-deng", complete="04-02 09:30", file="04-02 09:40", callback="04-03 10:00")
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint- result+ callback+")
    t.fine("7.3", "qihe", "complaint#1", due="03-04 08:30")
