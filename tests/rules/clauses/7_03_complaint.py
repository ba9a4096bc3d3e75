# SPDX-License-Identifier: MIT
"""7.3: a complaint neither settled nor answered in time, -50: by itself if the owner at the due held it
long enough, else put before the manager. The month is that of the due."""

from cases import (  # noqa: F401
    _repair, a_pause_that_begins_at_the_due_changes_nothing, made_urgent_on_a_saturday_night)
from cases_visits import (  # noqa: F401
    an_answer_does_not_stand_in_for_an_agreed_visit, our_proposal_beyond_the_due,
    the_customers_wish_beyond_the_due, the_customers_wish_within_the_due)
from cases_ledger import _say


def _urgent_at_the_end_of_march(county, at, complete):
    """24 hours and no opening is waited for. Nobody is sent, so the clerk is the owner."""
    t = _repair(county, at=at, urgent=True)
    t.cancel(complete, "不修了")
    t.callback("04-03 10:00")
    return t


def settled_in_the_last_millisecond(county):
    t = _urgent_at_the_end_of_march(county, "03-30 12:00:00.000", "03-31 12:00:00.000")
    t.dues["complaint#1"] = "03-31 12:00:00"
    t.judged("order- visitx complaintx callback+")


def a_due_in_the_last_millisecond_of_march(county):
    """Called off a millisecond later: it belongs to March."""
    t = _urgent_at_the_end_of_march(county, "03-30 23:59:59.999", "04-01 00:00:00.000")
    t.dues["complaint#1"] = "03-31 23:59:59.999"
    t.judged("order- visit- complaint- callback+")
    t.fine("7.3", "lin", "complaint#1", due="03-31 23:59:59.999")


def a_due_in_the_first_of_april(county):
    """Reported in March all the same."""
    t = _urgent_at_the_end_of_march(county, "03-31 00:00:00.000", "04-01 00:00:00.001")
    t.dues["complaint#1"] = "04-01 00:00:00"
    t.judged("order- visit- complaint- callback+")
    t.fine("7.3", "lin", "complaint#1", due="04-01 00:00:00.000")


def _handed_over(county, at):
    """From Huang, who was there in vain, to Xu: due 03-04 08:30. Enough is a day of running time."""
    t = _repair(county, product="television A1")
    t.order("15:00-17:00")
    t.done("huang", accept="08:40:00", contact="08:45:00", check_in="15:30")
    t.leave("15:50", "huang")
    t.assign("03-03 08:10", "xu")
    t.accept(at, "xu")
    t.contact(at, "xu")
    t.done("xu", check_in="03-05 09:00", complete="03-05 09:30", file="03-05 09:40",
           callback="03-06 10:00")
    t.judged("order+ dispatch+ accept+ accept#2+ contact+ contact#2+ visit+ complaint- result+ "
             "callback+")
    return t


def held_for_a_day(county):
    t = _handed_over(county, "03-03 08:30:00.000")
    t.fine("7.3", "xu", "complaint#1", due="03-04 08:30", actual="03-05 09:30")


def held_a_millisecond_less(county):
    """The manager decides."""
    t = _handed_over(county, "03-03 08:30:00.001")
    t.dues["complaint#1"] = "03-04 08:30:00"
    key = "7.3/person:xu/{x1}/complaint#1"
    county.day.propose("7.3", "xu", "{x1}/complaint#1")
    county.day.books.append(("proposal_rejected", key))
    _say(county, "reject", "03-06 11:00", "reject_proposal", {"proposal": key, "reason": "刚接手"})
