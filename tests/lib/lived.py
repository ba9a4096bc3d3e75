# SPDX-License-Identifier: MIT
"""A real installation that has lived through a story, for tests of what its command line tells of it
afterwards. Reads the option --bin; REST are the words left for unittest."""
import argparse
import os
import subprocess
import sys
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
parser = argparse.ArgumentParser(add_help=False)
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
OPTIONS, REST = parser.parse_known_args()
BIN = os.path.abspath(OPTIONS.bin)
os.environ["DS_BUILD"] = os.path.dirname(BIN)
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path[:0] = [os.path.join(SOURCE, "tests", name) for name in ("gen", "lib", "rules")]
import day_book  # noqa: E402
import harness  # noqa: E402
from day_book import Day  # noqa: E402
from day_ticket import Territory  # noqa: E402

START_MS = 1172707200000  # 2007-03-01 08:00 there
EN, ZH = "C.UTF-8", "zh_CN.UTF-8"


def doorstep(*words, lang=EN, code=0):
    """What it says, and then what it complains of."""
    done = subprocess.run([os.path.join(BIN, "doorstep"), *words],
                          env=dict(os.environ, LC_ALL=lang), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=2 * harness.LIMIT_S)
    if done.returncode != code:
        raise AssertionError("%s ended with %d:\n%s\n%s" % (words, done.returncode, done.stdout,
                                                           done.stderr))
    return done.stdout + done.stderr


class Lived(unittest.TestCase):
    maxDiff = None

    @classmethod
    def live(cls, story, until, zone=day_book.HOME):
        """Plays a story of x1, and of others, in the county."""
        day_book.use_zone(zone)
        cls.addClassCleanup(day_book.use_zone, day_book.HOME)
        with open(os.path.join(SOURCE, "deploy", "rulebook.yaml"), encoding="utf-8") as file:
            rulebook = file.read().replace("zone: " + day_book.HOME, "zone: " + zone)
        cls.stage = harness.Installation(clock="step", start_ms=START_MS)
        cls.addClassCleanup(cls.stage.close)
        cls.stage.start()
        cls.stage.activate(rulebook=rulebook)
        day = Day()
        story(Territory(day, "county"))
        day.finish()
        cls.lines = os.path.join(cls.stage.root, "day.ndjson")
        with open(cls.lines, "w", encoding="utf-8") as file:
            file.writelines(line.text() + "\n" for line in day.lines)
        cls.tickets = {ref: ticket.id for ref, ticket in day.tickets.items()}
        cls.ticket = cls.tickets["x1"]
        cls.ask("play", cls.lines, "--until", until)

    @classmethod
    def ask(cls, *words, **how):
        return doorstep(*words, "--dir", cls.stage.data, **how)
