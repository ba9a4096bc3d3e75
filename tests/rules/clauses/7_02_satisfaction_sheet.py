# SPDX-License-Identifier: MIT
"""7.2: the month's satisfaction sheet not handed in on its date, -50 of the clerk who was in charge at
the due. The due is inclusive; when nobody was rostered the manager is asked."""

from cases_survey import (  # noqa: F401
    a_month_ends_at_midnight, handed_in_a_millisecond_late, handed_in_as_soon_as_it_was_drawn,
    handed_in_before_it_was_drawn, handed_in_by_the_manager,
    handed_in_by_two_of_whom_one_has_a_fast_clock,
    handed_in_in_the_last_millisecond, handed_in_in_time_and_told_a_millisecond_late,
    handed_in_twice, handed_in_when_nobody_was_on_duty, never_handed_in)
