# SPDX-License-Identifier: MIT
"""7.22: not charged by the tariff, -10 x the repair fee and an apology at the door; in a serious case a
decision on dismissal. The tariff of a small repair is 30.00 yuan."""

from cases import _booked
from cases_ledger import _confirmed, _owed, _proposed, _report, _reported
from cases_visits import called_off_and_paid_all_the_same, less_paid_than_filed  # noqa: F401


def paid_to_the_fen(county):
    _proposed(county, charged_fen=3000)


def a_fen_more(county):
    """The fee is what he collected: 30.01."""
    _proposed(county, charged_fen=3001)
    key = _confirmed(county, "7.22", "xu", -30010)
    _owed(county, key, "apology at the door")


def a_yuan_less(county):
    """Below the tariff by exactly the tolerance."""
    _proposed(county, charged_fen=2900)


def a_fen_below_that(county):
    """The fee is the tariff's, which is more than what he collected."""
    _proposed(county, charged_fen=2899)
    key = _confirmed(county, "7.22", "xu", -30000)
    _owed(county, key, "apology at the door")


def parts_are_no_part_of_the_fee(county):
    """20.00 of parts were filed; 60.00 paid: 40.00 of it for labour."""
    t = _booked(county)
    t.done("xu", check_in="15:30", complete="16:00")
    t.file("16:10", "xu", parts=2000)
    t.callback("03-02 10:00", charged_fen=6000)
    t.all_kept()
    key = _confirmed(county, "7.22", "xu", -40000)
    _owed(county, key, "apology at the door")


def a_serious_case(county):
    _proposed(county, charged_fen=9000)
    key = _confirmed(county, "7.22", "xu", -90000, serious=True)
    _owed(county, key, "apology at the door")
    _owed(county, key, "dismissal decision", 2)


def a_private_job_of_a_fen(county):
    """Reported by the manager: ten times the labour collected."""
    key = _reported(county, "m", "03-05 10:00", "7.22", costs=-10, fen=1)
    _owed(county, key, "apology at the door")
    _report(county, "n", "03-05 10:01", "7.22", outcome="REFUSED", reason="AMOUNT_MUST_BE_ASSESSED")


def as_much_as_a_command_can_say(county):
    """Ten thousand million yuan, ten times: no figure is cut short."""
    key = _reported(county, "m", "03-05 10:00", "7.22", costs=-10**13, fen=10**12)
    _owed(county, key, "apology at the door")
