#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the command line tells a person of times about the change of the clocks: each instant as the
clock on the wall showed it, and a time that came twice with its offset, the second time.

    tests/e2e/test_zones.py --bin build/release/bin [unittest arguments]"""
import os
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "lib"))
from lived import REST, Lived  # noqa: E402
from cases import _repair  # noqa: E402
from cases_zones import BERLIN  # noqa: E402


def asked_before_the_change(county):
    """On Saturday at ten, for the second half past two of the night."""
    t = _repair(county, at="10-27 10:00")
    t.order("10-28 02:15+01:00-02:45+01:00")
    t.done("xu", accept="10-27 10:10", contact="10-27 10:12")
    t.judged("order+")


class Zones(Lived):
    @classmethod
    def setUpClass(cls):
        cls.live(asked_before_the_change, "2007-10-27T20:00:00+02:00", BERLIN)

    def check(self, said):
        """The complaint's 72 hours end at nine by the clock of Tuesday."""
        self.assertRegex(said, r"complaint .*due 2007-10-30 09:00:00,")
        self.assertRegex(said, r"be on site .*due 2007-10-28 02:45:00\+01:00,")

    def test_running_clocks(self):
        self.check(self.ask("ticket", self.ticket))

    def test_explain(self):
        said = self.ask("explain", self.ticket)
        self.check(said)
        self.assertIn("2007-10-27 10:00:00", said)
        self.assertIn("2007-10-28 02:15:00+01:00", said)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
