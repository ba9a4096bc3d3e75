#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`doorstep up` and deploy/quickstart as a user has them: what they show, what they leave behind,
what they say when something is in the way.

    tests/e2e/test_up.py --bin build/release/bin [unittest arguments]"""
import argparse
import contextlib
import csv
import io
import json
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import unittest
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"),
                    help="where the binaries are")
OPTIONS, REST = parser.parse_known_args()
BIN = os.path.abspath(OPTIONS.bin)
os.environ["DS_BUILD"] = os.path.dirname(BIN)
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(SOURCE, "tests", "lib"))
import harness  # noqa: E402
import installed  # noqa: E402

DOORSTEP = os.path.join(BIN, "doorstep")
DAY = os.path.join(installed.DEPLOY, "examples", "day.ndjson")
QUICK_S = 30  # "in seconds", on a machine that has other things to do


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def rows(text):
    return {row["key"]: row for row in csv.DictReader(io.StringIO(text))}


def essence(text):
    """What does not hang on milliseconds."""
    return sorted((row["clause"], row["account"], row["cause"], row["amount_fen"])
                  for row in rows(text).values())


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="dsup")
        self.addCleanup(shutil.rmtree, self.root)
        self.data = os.path.join(self.root, "data")
        os.mkdir(os.path.join(self.root, "home"))

    def path(self, *names):
        return os.path.join(self.root, *names)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def start(self, *words, data=None, **more):
        """doorstep up on self.data."""
        up = installed.Watched([DOORSTEP, "up", "--dir", data or self.data, *words], self.root,
                               **more)
        self.addCleanup(up.discard)
        return up

    def first(self, *words, **more):
        return self.start("--rules", installed.DEPLOY, *words, **more)

    def run_up(self, *words, code=0, **more):
        up = self.first(*words, **more)
        self.assertEqual(up.wait(), code, up.text()[-3000:])
        return up.text()

    def ask(self, *words, code=0, data=None):
        done = subprocess.run([DOORSTEP, *words, "--dir", data or self.data],
                              env=installed.environment(self.root), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=harness.LIMIT_S)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def status(self, service):
        lines = map(json.loads, self.ask("status", "--json").splitlines())
        return next(line for line in lines if line["service"] == service)

    def replayed(self, day):
        """The ledger that this day comes to."""
        out = self.path("replayed")
        subprocess.run([DOORSTEP, "replay", day, "--rules", installed.DEPLOY, "--out", out],
                       check=True, stdout=subprocess.DEVNULL, timeout=harness.LIMIT_S)
        return read(out, "ledger.csv")

    def assert_nothing_left(self, *besides):
        """No process, no socket, nothing but data directories and what the test put there."""
        harness.wait_for(lambda: not installed.processes_of(self.root), "everything to end")
        self.assertEqual(sorted({"data", "home", *besides}), sorted(os.listdir(self.root)))
        for directory, _, names in os.walk(self.root):
            for name in names:
                mode = os.lstat(os.path.join(directory, name)).st_mode
                self.assertTrue(stat.S_ISREG(mode), os.path.join(directory, name))


class TestQuickstart(Case):
    """A fresh clone of what is here, another home, and no way to the network."""

    def setUp(self):
        super().setUp()
        clone = self.path("clone")
        names = subprocess.run(["git", "-C", SOURCE, "ls-files", "-z"], check=True,
                               stdout=subprocess.PIPE).stdout.decode().split("\0")
        for name in filter(None, names):
            if os.path.exists(os.path.join(SOURCE, name)):
                os.makedirs(os.path.dirname(os.path.join(clone, name)), exist_ok=True)
                shutil.copy(os.path.join(SOURCE, name), os.path.join(clone, name))
        os.mkdir(self.path("tools"))
        self.write("tools/apt-get", "#!/bin/sh\necho no network >&2\nexit 1\n")
        os.chmod(self.path("tools", "apt-get"), 0o755)
        self.data = self.path("home", ".local", "state", "doorstep")

    def quickstart(self, *words, **more):
        started = installed.Watched([self.path("clone", "deploy", "quickstart"), *words], self.root,
                                    PATH=self.path("tools") + ":" + os.environ["PATH"], **more)
        self.addCleanup(started.discard)
        return started

    def assert_chinese(self, text):
        """Nothing for a person in it is English: names, commands and paths are."""
        self.assertRegex(text, "[\u4e00-\u9fff]")
        rest = re.sub(r"(\S*/)?(doorstep|quickstart)( [a-z]+)?( --[a-z]+)*|T\d+-\d+|\S*/\S*", "", text)
        self.assertNotRegex(rest, "[A-Za-z]{2,} [a-z]{2,}")

    def test_once_and_again(self):
        first = self.quickstart("--once")
        first.wait_for("==> building", 600)
        self.assertEqual(first.wait(600), 0, first.text()[-3000:])
        self.assertRegex(first.text(), r"all +-2270\.00 yuan +36 entries")
        self.assertIn("clocks running", first.text())
        self.assertIn("BREACH", first.text())
        self.assertIn("To look into it, keep it running", first.text())
        chinese = self.quickstart("--once", LC_ALL="zh_CN.UTF-8")
        self.assertEqual(chinese.wait(QUICK_S), 0, chinese.text()[-3000:])
        self.assertIn("==> 启动于 ", chinese.text())
        self.assert_chinese(chinese.text().partition("==> 启动于 ")[2])  # ninja has its own words
        again = self.quickstart("--once")
        self.assertEqual(again.wait(QUICK_S), 0, again.text()[-3000:])
        self.assertIn("This day was played before", again.text())
        self.assertRegex(again.text(), r"all +-2270\.00 yuan +36 entries")
        self.assertNotIn("clocks running", again.text())
        harness.wait_for(lambda: not installed.processes_of(self.data), "everything to end")
        self.assertEqual(["clone", "home", "tools"], sorted(os.listdir(self.root)))

    def test_words_are_looked_at_before_anything_is_built(self):
        for words, code, says in ((["--soon"], 2, "unknown option --soon"),
                                  (["--clock"], 2, "--clock wants a value"),
                                  (["--clock", "fast"], 2, "--clock wants a factor like 600x"),
                                  (["--clock", "0x"], 2, "--clock wants a factor"),
                                  (["--clock", "100001x"], 2, "--clock wants a factor"),
                                  (["--dir", self.path("tools")], 2, "neither empty nor a data"),
                                  (["--dir", "tools"], 2, self.path("tools") + " is neither"),
                                  (["--help"], 0, "usage: deploy/quickstart"),
                                  (["-h"], 0, "--fresh")):
            with self.subTest(words=words):
                done = self.quickstart(*words)
                self.assertEqual(done.wait(), code, done.text())
                self.assertIn(says, done.text())
                self.assertNotIn("==>", done.text())
                if code != 0:
                    chinese = self.quickstart(*words, LC_ALL="zh_CN.UTF-8")
                    self.assertEqual(chinese.wait(), code, chinese.text())
                    self.assert_chinese(chinese.text())
        self.assertFalse(os.path.exists(self.path("clone", "build")))
        self.assertEqual(["apt-get"], os.listdir(self.path("tools")))


class TestCutShort(Case):
    def test_killed_services_and_an_interrupted_day(self):
        """What is killed is started again, what is interrupted goes on; the ledger stays that of
        the table."""
        words = ("--play", DAY, "--once")
        up = self.first(*words)
        for name, at in (("doorstep-dispatcher", "2007-03-01 08:3"),
                         ("doorstep-intake", "2007-03-01 09:0"),
                         ("doorstep-sla-watcher", "2007-03-01 09:3"),
                         ("redis-server", "2007-03-01 10:"),
                         ("doorstep-penalty-ledger", "2007-03-01 10:3"),
                         ("doorstep-callback-survey", "2007-03-01 11:")):
            up.wait_for(at, 300)
            os.kill(installed.process_of(self.root, name), signal.SIGKILL)
            up.wait_for(name.replace("doorstep-", "") + " ended with signal 9; started again", 300)
        up.wait_for("2007-03-02 09:", 300)
        self.assertNotEqual(up.end(), 0)
        self.assertIn("Stopped; the same command goes on from here.", up.text())
        self.assert_nothing_left()
        rest = self.start(*words)
        self.assertEqual(rest.wait(300), 0, rest.text()[-3000:])
        self.assertNotIn("2007-03-01 08:", rest.text().partition("commands recorded")[0])
        again = self.start()
        again.wait_for("Running in")
        booked = rows(self.ask("ledger", "--csv"))
        for row in booked.values():
            del row["rulebook"], row["events"], row["relates_to"]
        self.assertEqual(rows(read(installed.DEPLOY, "examples", "day.ledger.csv")), booked)
        self.assertEqual(again.end(), 0)
        self.assert_nothing_left()


class TestShow(Case):
    """A short day before your eyes."""

    def play(self, *words, **more):
        self.day = self.write("day.ndjson", installed.short_day())
        return self.first("--play", self.day, "--clock", "600x", *words, **more)

    def ideas(self, up):
        """The commands that it says to try next."""
        return [line.split() for line in up.lines if line.startswith("  " + DOORSTEP)]

    def test_from_the_first_clock_to_what_to_try_next(self):
        up = self.play()
        up.wait_for("Running in %s; Ctrl-C ends it." % self.data)
        bars = up.wait_for("clocks running, the nearest:")
        self.assertRegex(bars, r"^-- 2007-03-01 08:\d\d:\d\d")
        up.wait_for("[###")
        for what in ("warning", "BREACH", "unanswered call", "final"):
            up.wait_for(what)
        up.wait_for("The day is over")
        up.wait_for("alerts --follow")
        self.assertRegex(up.text(), r"7\.8 +person:\w+ +-50\.00 .* x1/occasion#1")
        self.assertRegex(up.text(), r"  all +-\d+\.\d\d yuan +\d+ entries")
        # no column runs into the next
        self.assertNotRegex(up.text(), r"callx1|clerkT\d|capT\d")
        self.assertEqual(essence(self.replayed(self.day)), essence(self.ask("ledger", "--csv")))
        self.try_ideas(up)
        self.assertEqual(up.end(), 0)
        self.assert_nothing_left("day.ndjson", "replayed")

    def try_ideas(self, up):
        """They can be typed as they stand."""
        ideas = self.ideas(up)
        self.assertEqual(["explain", "ledger", "status", "alerts"], [words[1] for words in ideas])
        for words in ideas[:-1]:
            subprocess.run(words, check=True, cwd="/", stdout=subprocess.DEVNULL,
                           env=installed.environment(self.root), timeout=harness.LIMIT_S)
        following = installed.Watched(ideas[-1], self.root)
        self.addCleanup(following.discard)
        following.wait_for("BREACH")
        self.assertEqual(following.end(), 0)

    def test_at_any_pace_the_ledger_is_that_of_the_rules(self):
        """The clock waits for each line and each deadline, however slow the machine is."""
        self.day = self.write("day.ndjson", installed.short_day())
        for clock in ("36000x", "100000x"):
            with self.subTest(clock=clock):
                up = self.first("--play", self.day, "--clock", clock, "--fresh")
                up.wait_for("The day is over")
                self.assertIn("7 commands recorded, 0 rejected.", up.text())
                self.assertEqual(rows(self.replayed(self.day)), rows(self.ask("ledger", "--csv")))
                now_ms = int(self.status("intake")["now_ms"])
                harness.wait_for(lambda: now_ms + 1000 < int(self.status("intake")["now_ms"]),
                                 "the clock to go on by itself")
                self.assertEqual(up.end(), 0)

    def test_what_to_try_next_where_names_have_blanks(self):
        data = self.path("my data")
        up = self.first(data=data)
        words = shlex.split(up.wait_for("alerts --follow"))
        self.assertEqual([DOORSTEP, "alerts", "--follow", "--dir", data], words)
        self.assertEqual(up.end(), 0)

    def test_in_chinese(self):
        up = self.play(LC_ALL="zh_CN.UTF-8")
        for what in ("运行于 %s;按 Ctrl-C 结束。" % self.data, "运行中的时限", "未接来电", "违约"):
            up.wait_for(what)
        self.assertEqual(up.end(), 0)
        self.assertRegex(up.text(), r"未接来电 +x1 ")
        self.assert_nothing_left("day.ndjson")

    def test_json(self):
        day = self.write("day.ndjson", installed.short_day())
        out = self.path("out")
        with open(out, "w") as file:
            done = subprocess.run([DOORSTEP, "up", "--dir", self.data, "--rules", installed.DEPLOY,
                                   "--play", day, "--once", "--json"], stdout=file,
                                  env=installed.environment(self.root), timeout=harness.LIMIT_S)
        self.assertEqual(done.returncode, 0)
        lines = [json.loads(line) for line in read(out).splitlines()]
        self.assertIn("doorstep.sla-watcher.breached", {line.get("type") for line in lines})
        self.assertEqual(len(rows(self.replayed(day))), sum("amount_fen" in x for x in lines))

    def test_the_same_clocks_are_shown_once(self):
        """At the natural pace, into a file: a line for what is new, none for time that passes."""
        up = self.first()
        up.wait_for("alerts --follow")
        line = json.loads(installed.short_day().splitlines()[0])
        del line["id"], line["made_at_ms"]  # as somebody who types it
        job = self.write("job.ndjson", json.dumps(line))
        self.ask("submit", job)
        up.wait_for("clocks running, the nearest:")
        now_ms = self.status("sla-watcher")["now_ms"]
        harness.wait_for(lambda: int(self.status("sla-watcher")["now_ms"]) > int(now_ms) + 5000,
                         "two more looks at the clocks")
        self.assertEqual(up.text().count("clocks running"), 1, up.text())
        self.assertEqual(up.end(), 0)

    def test_status(self):
        """How late deadlines were noticed is real time, whatever the clock; and what has no mark
        yet has none."""
        up = self.first()
        up.wait_for("alerts --follow")
        text = self.ask("status")
        self.assertIn(", no mark yet\n", text)
        self.assertNotIn("mark -", text)
        self.assertEqual(up.end(), 0)
        up = self.first("--play", self.write("day.ndjson", installed.short_day()), "--clock",
                        "6000x", "--fresh")
        up.wait_for("The day is over")
        late, = [h for h in self.status("sla-watcher")["histograms"] if h["name"] == "late_ms"]
        self.assertGreater(int(late["count"]), 5)
        self.assertLess(int(late["sum"]) / int(late["count"]), 3000)
        self.assertIn("late by, in ms of the wall, p50 <= ", self.ask("status"))
        self.assertEqual(up.end(), 0)

    def test_a_killed_service_does_not_end_the_day(self):
        """Nor does Redis; and nothing is sent before its time meanwhile."""
        up = self.play()
        up.wait_for("2007-03-01 08:")
        for name in ("doorstep-intake", "redis-server", "doorstep-dispatcher"):
            os.kill(installed.process_of(self.root, name), signal.SIGKILL)
            up.wait_for(name.replace("doorstep-", "") + " ended with signal 9; started again")
        up.wait_for("The day is over")
        self.assertRegex(up.text(), r"7\.8 +person:\w+ +-50\.00 +2007-03-01 10:20")
        self.assertIn("7 commands recorded, 0 rejected.", up.text())
        self.assertNotIn("clock_ahead", up.text())
        self.assertEqual(up.end(), 0)
        self.assert_nothing_left("day.ndjson")

    def test_a_killed_gateway_comes_back_at_its_address(self):
        """A port that was chosen because the usual one is taken, too: pages and phones know it."""
        taken = socket.socket()
        self.addCleanup(taken.close)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # somebody else has it: as well
            taken.bind(("127.0.0.1", 8420))
            taken.listen()
        up = self.first()
        url = up.wait_for("Pages: ").split()[-1]
        self.assertNotIn(":8420/", url)

        def alive():
            with contextlib.suppress(OSError):
                return urllib.request.urlopen(url + "healthz", timeout=harness.LIMIT_S).status
        harness.wait_for(alive, url)
        os.kill(installed.process_of(self.root, "doorstep-gateway"), signal.SIGKILL)
        up.wait_for("gateway ended with signal 9; started again")
        harness.wait_for(alive, url)
        self.assertEqual(up.end(), 0)


class TestAgain(Case):
    def setUp(self):
        super().setUp()
        self.day = self.write("day.ndjson", installed.short_day())

    def test_a_second_start_does_not_replay(self):
        self.assertIn("7 commands recorded, 0 rejected.",
                      self.run_up("--play", self.day, "--once"))
        self.assertIn("This day was played before", self.run_up("--play", self.day, "--once"))
        up = self.start("--play", self.day, "--clock", "600x")
        up.wait_for("Running in", QUICK_S)
        up.wait_for("alerts --follow")
        self.assertEqual(rows(self.replayed(self.day)), rows(self.ask("ledger", "--csv")))
        self.assertIn("sla-watcher", self.ask("status"))
        self.assertEqual(up.end(), 0)
        self.assertIn("This day was played before", self.run_up("--play", self.day, "--once"))
        self.assert_nothing_left("day.ndjson", "replayed")

    def cut_short(self, *words, code=0, **more):
        """A day that is stopped in its morning."""
        up = self.first("--play", self.day, *words, **more)
        up.wait_for("2007-03-01 08:")
        self.assertEqual(up.end(), code)
        self.assertIn("Stopped; the same command goes on from here.", up.text())

    def commands_since_start(self):
        counters = self.status("intake")["counters"]
        return sum(int(c["value"]) for c in counters if c["name"] == "commands")

    def assert_as_replayed(self):
        self.assertEqual(essence(self.replayed(self.day)), essence(self.ask("ledger", "--csv")))

    def test_a_day_cut_short_goes_on(self):
        """At the clock that it had; everything is sent once; and then it is over."""
        self.cut_short("--clock", "600x")
        up = self.start("--play", self.day)
        line = up.wait_for("The day was cut short at 2007-03-01 ")
        sent, = re.findall(r" when (\d) of 7 commands were sent; it goes on from there\. --fresh ",
                           line)
        up.wait_for("The day is over")
        self.assert_as_replayed()
        self.assertEqual(7, int(sent) + self.commands_since_start())
        self.assertEqual(up.end(), 0)
        self.assertNotIn("Stopped", up.text())
        again = self.start("--play", self.day)
        again.wait_for("%s is not played (again). --fresh begins anew." % self.day)
        self.assertEqual(again.end(), 0)
        self.assertNotIn("cut short", again.text())

    def test_a_day_cut_short_is_named_to_whoever_does_not_ask_for_it(self):
        self.cut_short("--clock", "600x")
        other = self.write("other.ndjson", installed.short_day("15:00:00"))
        for words in ([], ["--play", other]):
            up = self.start(*words)
            line = up.wait_for("A day was cut short here at 2007-03-01 ")
            self.assertIn("--play %s goes on with it, --fresh begins anew" % self.day, line)
            up.wait_for("alerts --follow")
            self.assertEqual(up.end(), 0)
        chinese = self.start(LC_ALL="zh_CN.UTF-8")
        chinese.wait_for("这里有一天没有演示完,停在 2007-03-01 ")
        chinese.wait_for("alerts --follow")
        self.assertEqual(chinese.end(), 0)
        self.assertIn("up to then", self.run_up("--play", other, "--once", code=1))
        up = self.start("--play", self.day, "--clock", "3600x")
        up.wait_for("it goes on from there")
        up.wait_for("The day is over")
        self.assert_as_replayed()
        self.assertEqual(up.end(), 0)

    def test_a_stepped_day_cut_short_is_not_mixed_with_another(self):
        self.day = self.write("day.ndjson", read(DAY))
        other = self.write("other.ndjson", installed.short_day("15:00:00"))
        self.cut_short("--once", code=69)
        text = self.run_up("--play", other, "--once", code=1)
        self.assertIn("up to then", text)
        self.assertNotIn("commands recorded", text)
        rest = self.start("--play", self.day, "--once")
        self.assertEqual(rest.wait(300), 0, rest.text()[-3000:])
        self.assertIn("commands recorded, 0 rejected", rest.text())
        up = self.start()
        up.wait_for("Running in")
        self.assert_as_replayed()
        self.assertEqual(up.end(), 0)

    def test_a_day_cut_short_goes_on_at_another_pace(self):
        """From a clock to steps, and from steps to a clock."""
        self.cut_short("--clock", "600x")
        self.assertIn("it goes on from there", self.run_up("--play", self.day, "--once"))
        up = self.start()
        up.wait_for("alerts --follow")
        self.assertNotIn("cut short", up.text())
        self.assert_as_replayed()
        self.assertEqual(up.end(), 0)
        self.cut_short("--once", "--fresh", code=69)
        up = self.start("--play", self.day, "--clock", "3600x")
        up.wait_for("it goes on from there")
        up.wait_for("The day is over")
        self.assert_as_replayed()
        self.assertEqual(up.end(), 0)

    def test_fresh(self):
        self.run_up("--play", self.day, "--once")
        said = self.run_up("--play", self.day, "--once", "--fresh")
        aside, = re.findall(r"^(\S+) was set aside as (\S+)$", said, re.M)
        self.assertEqual(aside[0], self.data)
        self.assertIn("7 commands recorded, 0 rejected.", said)
        up = self.start(data=aside[1])
        up.wait_for("Running in")
        self.assertEqual(rows(self.replayed(self.day)),
                         rows(self.ask("ledger", "--csv", data=aside[1])))
        self.assertEqual(up.end(), 0)
        self.assert_nothing_left("day.ndjson", "replayed", os.path.basename(aside[1]))

    def test_a_backup_of_the_store_alone(self):
        """Is all truth there is, whatever else is in DATA."""
        self.run_up("--play", self.day, "--once")
        shutil.copytree(os.path.join(self.data, "redis"), self.path("backup", "redis"))
        up = self.first(data=self.path("backup"))
        up.wait_for("Running in")
        self.assertEqual(rows(self.replayed(self.day)),
                         rows(self.ask("ledger", "--csv", data=self.path("backup"))))
        self.assertEqual(up.end(), 0)

    def test_fresh_without_anything_there(self):
        self.assertNotIn("set aside", self.run_up("--play", self.day, "--once", "--fresh"))


class TestEnds(Case):
    """However it is ended, nothing stays but the data directory; and it can go on from there."""

    def setUp(self):
        super().setUp()
        self.day = self.write("day.ndjson", installed.short_day())

    def reach(self, up, place):
        if place.endswith(".log"):
            harness.wait_for(lambda: os.path.exists(os.path.join(self.data, place)), place)
        elif place.startswith("doorstep-") or place == "redis-server":
            installed.process_of(self.root, place)
        else:
            up.wait_for(place)

    def test_anywhere(self):
        for number, place in ((signal.SIGINT, "redis.log"), (signal.SIGINT, "redis-server"),
                              (signal.SIGINT, "doorstep-intake"),
                              (signal.SIGTERM, "doorstep-penalty-ledger"),
                              (signal.SIGINT, "Running in"), (signal.SIGHUP, "clocks running"),
                              (signal.SIGINT, "BREACH")):
            with self.subTest(place=place):
                up = self.first("--play", self.day, "--clock", "600x", "--fresh")
                self.reach(up, place)
                started = up.process.poll()
                self.assertIsNone(started, up.text())
                up.end(number, QUICK_S)
                shown = [line for line in up.lines if "set aside" not in line]
                self.assertNotIn("ended with", "\n".join(shown))
                aside = [name for name in os.listdir(self.root) if name.startswith("data.")]
                self.assert_nothing_left("day.ndjson", *aside)
                for name in aside:
                    shutil.rmtree(self.path(name))

    def test_nobody_reads(self):
        """Ends like by Ctrl-C when the pipe it prints into is closed."""
        up = subprocess.Popen([DOORSTEP, "up", "--dir", self.data, "--rules", installed.DEPLOY,
                               "--play", self.day, "--clock", "600x"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, env=installed.environment(self.root))
        up.stdout.readline()
        up.stdout.close()
        up.wait(harness.LIMIT_S)
        self.assert_nothing_left("day.ndjson")

    def test_killed(self):
        """Its processes follow it; the next start waits for them and cleans up."""
        up = self.first()
        up.wait_for("Running in")
        up.end(signal.SIGKILL)
        again = self.start()
        again.wait_for("Running in", QUICK_S)
        self.assertEqual(again.end(), 0)
        self.assert_nothing_left("day.ndjson")


class TestInTheWay(Case):
    """Every mistake says what it is and what to do; exit codes as in the help text."""

    def refused(self, *words, code=69, says=(), **more):
        up = self.first(*words, **more)
        self.assertEqual(up.wait(QUICK_S), code, up.text())
        for what in says:
            self.assertIn(what, up.text())
        return up.text()

    def test_data_in_use(self):
        up = self.first()
        up.wait_for("Running in")
        self.refused(says=["%s is in use by another `doorstep up`" % self.data])
        self.refused("--fresh", says=["%s is in use by another `doorstep up`" % self.data])
        self.assertIn("caught up", self.ask("status"))  # nobody was disturbed
        self.assertEqual(up.end(), 0)

    def test_sockets_of_another_data_directory(self):
        up = self.first()
        up.wait_for("Running in")
        shutil.copytree(self.data, self.path("copy"))
        self.refused(data=self.path("copy"), says=["is in use by another installation", "`run`"])
        self.assertIn("caught up", self.ask("status"))
        self.assertEqual(up.end(), 0)

    def test_data_cannot_be_made(self):
        self.write("file", "")
        path = self.path("file", "data")
        self.refused(data=path, says=["doorstep up: %s: Not a directory" % path])
        self.refused(data="/proc/doorstep", says=["/proc/doorstep: "])

    def test_data_is_full(self):
        """Or cannot be written for another reason."""
        os.mkdir(self.data)
        os.mkdir(os.path.join(self.data, "redis.conf"))
        self.write("data/doorstep.yaml", "run: %s\n" % self.path("run"))
        self.refused(says=[self.data + "/redis.conf: Is a directory"])

    def test_a_folder_of_somebody_else(self):
        """Is neither filled nor set aside; an empty one is fine."""
        os.mkdir(self.data)
        letter = self.write("data/letter.txt", "dear")
        for words in ([], ["--fresh"]):
            self.refused(*words, code=2, says=["%s is not empty and has no doorstep.yaml" % self.data,
                                               "--dir wants an empty or a new one"])
            self.refused(*words, code=2, says=["%s 不是空目录" % self.data], LC_ALL="zh_CN.UTF-8")
        self.assertEqual(["letter.txt"], os.listdir(self.data))
        self.assert_nothing_left()
        os.remove(letter)
        up = self.first()
        up.wait_for("Running in")
        self.assertEqual(up.end(), 0)

    def test_names_too_long(self):
        self.refused(data=self.path("d" * 600), code=2, says=["--dir", "at most 511 bytes"])
        os.mkdir(self.data)
        self.write("data/doorstep.yaml", "run: /tmp/%s\n" % ("r" * 100))
        self.refused(says=["doorstep.yaml:1:6", "at most", "doorstep.yaml cannot be used"])

    def test_sockets_where_others_may_look(self):
        os.mkdir(self.data)
        os.mkdir(self.path("run"))
        os.chmod(self.path("run"), 0o755)
        self.write("data/doorstep.yaml", "run: %s\n" % self.path("run"))
        self.refused(says=["%s must be a directory of yours with mode 0700" % self.path("run")])

    def test_missing_build(self):
        os.mkdir(self.path("bin"))
        shutil.copy(DOORSTEP, self.path("bin", "doorstep"))
        up = installed.Watched([self.path("bin", "doorstep"), "up", "--dir", self.data, "--rules",
                                installed.DEPLOY], self.root)
        self.addCleanup(up.discard)
        self.assertEqual(up.wait(QUICK_S), 69, up.text())
        self.assertIn("bin/doorstep-intake: No such file or directory", up.text())
        self.assertFalse(os.path.exists(self.data))

    def test_missing_redis(self):
        self.refused(PATH="/nowhere", says=["redis-server is not installed"])

    def test_store_that_cannot_be_read(self):
        self.run_up("--once", "--play", self.write("day.ndjson", installed.short_day()))
        directory = os.path.join(self.data, "redis", "appendonlydir")
        for name in os.listdir(directory):
            if name.endswith(".manifest"):
                with open(os.path.join(directory, name), "w") as file:
                    file.write("nonsense\n")
        self.refused(says=["redis-server did not start; see %s/redis.log" % self.data])
        self.assert_nothing_left("day.ndjson")

    def test_wrong_words(self):
        for words, says in ((["--clock", "fast"], "--clock wants real, step or a factor"),
                            (["--clock", "0x"], "--clock wants"),
                            (["--once"], "--once needs --play FILE"),
                            (["--play"], "unknown or incomplete option --play"),
                            (["extra"], "wants no arguments")):
            with self.subTest(words=words):
                self.refused(*words, code=2, says=[says])
        self.assertFalse(os.path.exists(self.data))

    def test_first_start_without_rules(self):
        up = self.start()
        self.assertEqual(up.wait(), 2)
        self.assertIn("the first start needs --rules DIR", up.text())
        self.assertEqual(["home"], os.listdir(self.root))

    def test_rules_that_are_none(self):
        self.refused("--rules", self.root, code=2, says=["rulebook.yaml: No such file"])
        os.mkdir(self.path("rules"))
        shutil.copy(os.path.join(installed.DEPLOY, "directory.yaml"), self.path("rules"))
        text = read(installed.DEPLOY, "rulebook.yaml")
        self.write("rules/rulebook.yaml", text.replace("limit:", "limmit:", 1))
        self.refused("--rules", self.path("rules"), code=1,
                     says=["rulebook.yaml:", "limmit", "known here: limit"])
        self.assertEqual({"home", "rules"}, set(os.listdir(self.root)))

    def test_a_day_that_is_none(self):
        self.refused("--play", self.path("no.ndjson"), code=1, says=["no.ndjson: No such file"])
        day = self.write("day.ndjson", installed.short_day() + "{\n")
        self.refused("--play", day, code=1, says=["day.ndjson:8:1: bad_json"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
