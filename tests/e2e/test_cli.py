#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every command of `doorstep`: what it prints for people (English, Chinese) and for programs, how it
ends, and that its help teaches.

    tests/e2e/test_cli.py --bin build/debug/bin [unittest arguments]"""
import argparse
import csv
import io
import json
import os
import pwd
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "debug", "bin"),
                    help="where the binaries are")
OPTIONS, REST = parser.parse_known_args()
BIN = os.path.abspath(OPTIONS.bin)
os.environ["DS_BUILD"] = os.path.dirname(BIN)
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(SOURCE, "tests", "lib"))
import harness  # noqa: E402
import installed  # noqa: E402
import journals  # noqa: E402

DOORSTEP = os.path.join(BIN, "doorstep")
DAY = os.path.join(installed.DEPLOY, "examples", "day.ndjson")
START_MS = 1172707200000  # 2007-03-01 08:00 there
FINE, REJECTED, USAGE, UNAVAILABLE, INTERNAL = 0, 1, 2, 69, 70
EN, ZH = "C.UTF-8", "zh_CN.UTF-8"
COMMANDS = ["up", "activate", "submit", "play", "ticket", "explain", "alerts", "ledger",
            "statement", "month", "proposals", "appeals", "obligations", "status", "check",
            "replay", "export", "rulebook", "clock",
            "return", "callbacks", "waits", "cases", "sheet", "prove", "report", "backtest",
            "board", "customer", "candidates", "calls", "directory", "order"]


def doorstep(*words, code=FINE, lang=EN, stdin="", **more):
    """Runs a command; what it printed, what it said beside."""
    environment = dict(os.environ, LC_ALL=lang, **more)
    environment.pop("DOORSTEP_DIR", None)
    done = subprocess.run([DOORSTEP, *words], env=environment, input=stdin, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=2 * harness.LIMIT_S)
    if done.returncode != code:
        raise AssertionError("doorstep %s ended with %d instead of %d:\n%s\n%s" % (
            " ".join(words), done.returncode, code, done.stdout[-3000:], done.stderr[-3000:]))
    return done.stdout, done.stderr


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def is_chinese(text):
    return re.search("[\u4e00-\u9fff]", text) is not None


class TestHelp(unittest.TestCase):
    def test_the_list(self):
        for words, code, where in ((["--help"], FINE, 0), (["help"], FINE, 0), ([], USAGE, 1)):
            text = doorstep(*words, code=code)[where]
            self.assertEqual(COMMANDS, re.findall(r"^  (\w+) +\S", text, re.M)[:len(COMMANDS)])
            for exit_code in ("0 fine", "1 rejected", "2 wrong usage", "69 services", "70 internal"):
                self.assertIn(exit_code, text.replace("\n", " "))

    def test_however_it_is_asked_for(self):
        self.assertEqual(doorstep("--help"), doorstep("-h"))
        for command in COMMANDS:
            told = doorstep(command, "--help")
            self.assertEqual(told, doorstep(command, "-h"))
            self.assertEqual(told, doorstep("help", command))
        self.assertIn("there is no command fly", doorstep("help", "fly", code=USAGE)[1])
        self.assertRegex(doorstep("--version")[0], r"^doorstep \d+\.\d+\.\d+\n$")

    def test_every_command_teaches_by_an_example(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                text, _ = doorstep(command, "--help")
                self.assertIn("usage: doorstep " + command, text)
                self.assertIn("Exit codes:", text)
                self.assertRegex(text, r"(?m)^  .*\bdoorstep %s\b" % command)
                self.examples_use_what_there_is(command, text)

    def examples_use_what_there_is(self, command, text):
        options = set(re.findall(r"^  (--[\w-]+)", text, re.M))
        for example in re.findall(r"^  (doorstep .*)", text, re.M):
            for part in re.split("&&", re.sub(r" {4,}\(.*", "", example)):
                words = shlex.split(part)
                self.assertIn(words[1], COMMANDS)
                if words[1] == command:
                    self.assertLessEqual({w for w in words if w.startswith("--")}, options)

    def test_the_example_of_submit_is_a_command(self):
        text, _ = doorstep("submit", "--help")
        line = re.search(r"echo '(\{.*?\})'", text, re.S).group(1).replace("\n", "")
        self.assertIn("fill_order", json.loads(line))

    def test_wrong_usage(self):
        for words, says in ((["fly"], "there is no command fly; see doorstep --help"),
                            (["ledger", "--mouth", "200703"], "unknown or incomplete option --mouth"),
                            (["ledger", "--month"], "unknown or incomplete option --month"),
                            (["ticket"], "wants ID; see doorstep ticket --help"),
                            (["ticket", "a", "b"], "wants ID"),
                            (["ticket", "7"], "7 is no ticket id; they look like T007-123"),
                            (["explain", "T7 1"], "\"T7 1\" names nothing; what can be explained"),
                            (["sheet", "--month", "2007-03"], "wants --territory and --month"),
                            (["sheet", "--territory", "county", "--month", "march"],
                             "--month wants YYYY-MM"),
                            (["ledger", "sum"], "knows only `ledger` and `ledger verify`"),
                            (["ledger", "--month", "200713"], "--month wants YYYY-MM"),
                            (["ledger", "--month", "march"], "--month wants YYYY-MM"),
                            (["statement"], "say whose: --account person:wang"),
                            (["statement", "--account", "wang", "--month", "2007-13"],
                             "--month wants YYYY-MM"),
                            (["rulebook", "read"], "knows only `rulebook check`, `rulebook list`"),
                            (["return", "refuse"], "knows only `return check`"),
                            (["clock", "reject"], "knows only `clock accept`"),
                            (["activate", DAY, DAY], "say who activates it: --by PERSON"),
                            (["play", DAY, "--until"], "unknown or incomplete option --until"),
                            (["up", "--clock", "fast"], "--clock wants real, step or a factor"),
                            (["export"], "say where to: --out DIR"),
                            (["replay", DAY], "say where to: --out DIR"),
                            (["replay", DAY, "--out", "x", "--partitions", "0"], "wants 1..256"),
                            (["replay", DAY, "--out", "x", "--until", "noon"], "RFC 3339"),
                            (["play", DAY, "--until", "noon"], "RFC 3339"),
                            (["submit"], "wants FILE|-")):
            with self.subTest(words=words):
                out, err = doorstep(*words, code=USAGE)
                self.assertEqual("", out)
                self.assertIn(says, err)
                out, chinese = doorstep(*words, code=USAGE, lang=ZH)
                self.assertEqual("", out)
                self.assertTrue(is_chinese(chinese), chinese)
                rest = re.sub(r"doorstep( [a-z]+)?( --help)?|`[^`]*`|RFC \d+", "", chinese)
                self.assertNotRegex(rest, "[A-Za-z]{2,} [a-z]{2,}")

    def test_an_argument_after_two_dashes_is_no_option(self):
        self.assertIn("--help is no ticket id", doorstep("ticket", "--", "--help", code=USAGE)[1])


class Case(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="dscli")
        cls.addClassCleanup(shutil.rmtree, cls.root)

    @classmethod
    def path(cls, *names):
        return os.path.join(cls.root, *names)

    @classmethod
    def write(cls, name, text):
        with open(cls.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return cls.path(name)


class TestWithoutServices(Case):
    """What needs somebody to answer says that nobody does, and how to change it."""

    ASKS = (["ticket", "T007-2"], ["explain", "T007-2"], ["alerts"], ["ledger"], ["ledger", "verify"],
            ["check"])

    def test_no_installation(self):
        for words in (*self.ASKS, ["status"], ["export", "--out", self.path("x")],
                      ["submit", "-"], ["clock", "accept"], ["play", DAY],
                      ["activate", "--by", "liu", DAY, DAY]):
            with self.subTest(words=words):
                _, err = doorstep(*words, "--dir", self.path("none"), code=UNAVAILABLE)
                self.assertIn("no installation in %s; `doorstep up` makes one" % self.path("none"),
                              err)
        self.assertFalse(os.path.exists(self.path("x")))

    def test_the_data_directory(self):
        """--dir, else $DOORSTEP_DIR, else in the home directory."""
        asked = subprocess.run([DOORSTEP, "check"], stderr=subprocess.PIPE, text=True,
                               env=dict(os.environ, DOORSTEP_DIR=self.path("variable")))
        self.assertIn(self.path("variable"), asked.stderr)
        _, err = doorstep("check", code=UNAVAILABLE, HOME=self.path("home"))
        self.assertIn(self.path("home", ".local/state/doorstep"), err)
        nobody = {name: value for name, value in os.environ.items()
                  if name not in ("HOME", "DOORSTEP_DIR")}
        asked = subprocess.run([DOORSTEP, "check"], stderr=subprocess.PIPE, text=True, env=nobody)
        self.assertIn(os.path.join(pwd.getpwuid(os.geteuid()).pw_dir, ".local/state/doorstep"),
                      asked.stderr)

    def test_no_redis(self):
        os.mkdir(self.path("stopped"))
        self.write("stopped/doorstep.yaml", "run: %s\n" % self.path("stopped"))
        for words in self.ASKS:
            with self.subTest(words=words):
                _, err = doorstep(*words, "--dir", self.path("stopped"), code=UNAVAILABLE)
                self.assertIn("Redis does not answer at %s" % self.path("stopped", "redis.sock"),
                              err)
        out, _ = doorstep("status", "--dir", self.path("stopped"), code=UNAVAILABLE)
        self.assertEqual(5, out.count("does not answer"))
        out, _ = doorstep("status", "--json", "--dir", self.path("stopped"), code=UNAVAILABLE)
        self.assertEqual(harness.SERVICES, [line["service"] for line in lines(out)])


class TestRulebook(Case):
    def test_fine(self):
        out, _ = doorstep("rulebook", "check", installed.DEPLOY)
        self.assertRegex(out, r"^fine: \d+ clauses, 2 territories, \d+ people; version \w{12}$")
        out, _ = doorstep("rulebook", "check", installed.DEPLOY, lang=ZH)
        self.assertRegex(out, r"^规则可用:\d+ 条款,2 个区域,\d+ 人;版本 \w{12}$")
        out, _ = doorstep("rulebook", "check", "--json",
                          *(os.path.join(installed.DEPLOY, name + ".yaml")
                            for name in ("rulebook", "directory")))
        self.assertEqual(64, len(json.loads(out)["version"]))

    def test_problems(self):
        with open(os.path.join(installed.DEPLOY, "rulebook.yaml"), encoding="utf-8") as file:
            text = file.read()
        shutil.copy(os.path.join(installed.DEPLOY, "directory.yaml"), self.root)
        self.write("rulebook.yaml", text.replace("grace: 2h", "grace: 2hours", 2))
        out, err = doorstep("rulebook", "check", self.root, code=REJECTED)
        self.assertEqual("", out)
        place = re.escape(self.path("rulebook.yaml"))
        self.assertEqual(2, len(re.findall("(?m)^" + place + r":\d+:\d+: clocks\.\w+\.grace: ",
                                           err)))
        _, err = doorstep("rulebook", "check", self.root, code=REJECTED, lang=ZH)
        self.assertTrue(is_chinese(err))
        _, err = doorstep("rulebook", "check", self.path("nowhere"), code=USAGE)
        self.assertIn("rulebook.yaml: No such file or directory", err)
        _, err = doorstep("rulebook", "check", self.path("nowhere"), code=USAGE, lang=ZH)
        self.assertIn("rulebook.yaml:没有这个文件或目录", err)

    def test_problems_name_the_path_that_was_given(self):
        good = os.path.join(installed.DEPLOY, "rulebook.yaml")
        bad = self.write("people.yaml", "format: 1\npeeple: []\n")
        for words in (["rulebook", "check", good, bad],
                      ["replay", DAY, "--out", self.path("o"), "--rules", self.root]):
            shutil.copy(bad, self.path("directory.yaml"))
            shutil.copy(good, self.root)
            _, err = doorstep(*words, code=REJECTED)
            self.assertIn((bad if "check" in words else self.path("directory.yaml")) + ":2:1: ", err)

    def test_problems_as_json(self):
        good = os.path.join(installed.DEPLOY, "rulebook.yaml")
        bad = self.write("people.yaml", "format: 1\npeeple: []\n")
        out, err = doorstep("rulebook", "check", "--json", good, bad, code=REJECTED)
        self.assertEqual("", err)
        first = lines(out)[0]
        self.assertEqual((bad, 2, 1, "unknown_key", "people"),
                         tuple(first[name] for name in ("file", "line", "column", "code",
                                                        "did_you_mean")))
        self.assertIn("people", first["expected"])
        self.assertIn("did you mean", first["text"])
        self.assertTrue(is_chinese(first["text_zh"]))
        syntax = self.write("syntax.yaml", "format: [1\n")
        out, _ = doorstep("rulebook", "check", "--json", good, syntax, code=REJECTED)
        self.assertEqual("syntax", lines(out)[0]["code"])
        self.assertNotRegex(lines(out)[0]["text_zh"], "[a-z]{2,} [a-z]{2,}")


class TestForeignJournals(Case):
    """An export may come from anybody; what he wrote into it does not choose where we write."""

    def test_numbers_that_are_out_of_bounds(self):
        def large(batch):
            batch.header.rulebook = 0x70000000

        def far(batch):
            batch.header.first_seq = 2**62 - 1

        def activated(batch):
            batch.events[0].activated.number = 2000
        day = self.write("day.ndjson", installed.short_day())
        rulebook = os.path.join(installed.DEPLOY, "rulebook.yaml")
        for name, spoil in (("intake-p007", large), ("intake-p007", far),
                            ("intake-p007", activated), ("penalty-ledger-p007", activated)):
            with self.subTest(name + " " + spoil.__name__):
                out = self.path("journals")
                doorstep("replay", day, "--rules", installed.DEPLOY, "--out", self.path("out"),
                         "--journals", out)
                doorstep("backtest", "--rulebook", rulebook, out)
                path = os.path.join(out, name + ".journal")
                head, batches = journals.read(path)
                spoil(batches[-1])
                journals.write(path, head, batches)
                self.assertIn("not a batch", doorstep("backtest", "--rulebook", rulebook, out,
                                                      code=REJECTED)[1])
                shutil.rmtree(out)


class TestReplay(Case):
    def test_json_and_both_languages(self):
        day = self.write("day.ndjson", installed.short_day())
        words = ("replay", day, "--rules", installed.DEPLOY, "--out", self.path("out"))
        said = json.loads(doorstep(*words, "--json")[0])
        self.assertEqual((7, 0, 3, "-15000"), (said["recorded"], said["rejected"],
                                               said["entries"], said["amount_fen"]))
        self.assertIn("7 commands recorded, 0 duplicates, 0 rejected", doorstep(*words)[0])
        self.assertIn("受理 7 条", doorstep(*words, lang=ZH)[0])
        self.assertEqual({"alerts.ndjson", "events.ndjson", "tickets.ndjson", "ledger.csv",
                          "report.json"},
                         set(os.listdir(self.path("out"))))

    def test_rejected(self):
        day = self.write("bad.ndjson", installed.short_day() + installed.command(
            "late", "zhou", "15:00:00", "urge", {}, territory="county", ref="nobody") + "\n")
        words = ("replay", day, "--rules", installed.DEPLOY, "--out", self.path("out"))
        self.assertIn("bad.ndjson:8: unknown_ticket: ", doorstep(*words, code=REJECTED)[1])
        self.assertTrue(is_chinese(doorstep(*words, code=REJECTED, lang=ZH)[1]))


class Running(Case):
    """On an installation in stepped time whose short day has been played, up to midday."""

    until = "2007-03-01T12:00:00+08:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage = harness.Installation(clock="step", start_ms=START_MS)
        cls.addClassCleanup(cls.stage.close)
        cls.stage.start()
        for name in ("rulebook.yaml", "directory.yaml"):
            shutil.copy(os.path.join(installed.DEPLOY, name), cls.stage.data)
        cls.stage.activate()
        cls.play(installed.short_day(), cls.until)

    @classmethod
    def play(cls, day, until, *words, **more):
        return cls.ask("play", cls.write("day.ndjson", day), "--until", until, *words, **more)[0]

    @classmethod
    def ask(cls, *words, **more):
        return doorstep(*words, "--dir", cls.stage.data, **more)

    def json(self, *words, **more):
        """Its objects: one, a list of them, or one a line."""
        text = self.ask(*words, "--json", **more)[0]
        return json.loads(text) if text.startswith("[") else lines(text)

    def both(self, *words, **more):
        """In English, not a Chinese character that is not a name; in Chinese, some."""
        english, chinese = self.ask(*words, **more)[0], self.ask(*words, lang=ZH, **more)[0]
        self.assertTrue(is_chinese(chinese))
        self.assertNotEqual(english, chinese)
        return english, chinese


class TestReading(Running):
    def test_ticket(self):
        english, chinese = self.both("ticket", "T007-2")
        self.assertRegex(english, r"(?m)^  be on site +#1 +due 2007-03-01 17:00:00, left \d+h \d+m")
        self.assertIn("上门", chinese)
        found, = self.json("ticket", "T007-2")
        self.assertEqual("T007-2", found["ticket"])
        self.assertIn("visit", [clock["clock"] for clock in found["clocks"]])
        _, err = self.ask("ticket", "T007-99", code=REJECTED)
        self.assertIn("no live ticket T007-99; see doorstep explain T007-99", err)
        self.ask("ticket", "T255-1", code=REJECTED)

    def test_explain(self):
        english, chinese = self.both("explain", "T007-2")
        for what in ("order a1", "7.1", "person:chen", "nobody is left to ask"):
            self.assertIn(what, english)
        self.assertIn("信息员", chinese)
        self.assertRegex(english, r"(?m)^clocks now\n  be on site +#1 +due 2007-03-01 17:00:00, left "
                                  r".*\n\Z")
        self.assertIn("\n当前时限\n  上门 ", chinese)
        self.assertTrue(self.json("explain", "T007-2"))
        self.assertIn("there is no ticket T007-99", self.ask("explain", "T007-99",
                                                             code=REJECTED)[1])

    def test_explain_a_call(self):
        """While its verdict is provisional."""
        english, chinese = self.both("explain", "x1")
        for what in ("caller 13000020001, number 07365550101, queue 售后, territory county",
                     "call ended: caller hung up", "rang in working time for 35s [7.8]",
                     "breach (provisional) answer the phone #1, due 2007-03-01 10:20:20, "
                     "owner person:zhou", "nobody answered the public number"):
            self.assertIn(what, english)
        self.assertIn("主叫 13000020001", chinese)
        self.assertEqual(["call_offered", "call_ended", "call_unanswered", "breached"],
                         [event["type"].rpartition(".")[2] for event in self.json("explain", "x1")])

    def test_explain_an_entry_that_is_a_tickets(self):
        """By its key or by its cause alone: the story of the ticket, which says what is booked."""
        key = "7.1/person:wang/T007-2/dispatch#2"
        english, chinese = self.both("explain", key)
        self.assertEqual(key + ": T007-2", english.splitlines()[0])
        self.assertEqual(self.ask("explain", "T007-2")[0], english.partition("\n")[2])
        self.assertIn("booked -50.00 yuan, " + key, english)
        self.assertEqual(english.partition("\n")[2],
                         self.ask("explain", "T007-2/dispatch#2")[0].partition("\n")[2])
        self.assertEqual(self.json("explain", "T007-2"), self.json("explain", key))

    def test_explain_what_is_not_there(self):
        """What there is, and what may have been meant: a slip, an order number, another writing."""
        for id, near in (("x2", "x1"), ("t7-2", "T007-2"), ("a1", "T007-2"),
                         ("wnag/2007-03-01", "wang/2007-03-01"), ("T007-2/visit#1", "T007-2"),
                         ("7.1/person:wamg/T007-2/dispatch#2", "7.1/person:wang/T007-2/dispatch#2"),
                         ("nothing-like-it", None)):
            out, err = self.ask("explain", id, code=REJECTED)
            self.assertEqual("", out)
            self.assertIn("nothing here is called " + id, err)
            for what in ("a ticket (T007-123)", "a call (pbx-1)", "a technician's day",
                         "a ledger entry"):
                self.assertIn(what, err)
            self.assertEqual([near] if near else [], re.findall("did you mean ([^;]+);", err))
        self.assertIn("wang/2007-03-01: that day he was at no customer's and reported nothing",
                      self.ask("explain", "wang/2007-03-01", code=REJECTED)[1])

    def test_alerts(self):
        english, chinese = self.both("alerts")
        self.assertRegex(english, r"(?m)^2007-03-01 08:40:00\.001 +BREACH +T007-2 ")
        self.assertIn("违约", chinese)
        self.assertRegex(english, r"unanswered call +x1 +answer the phone, came in "
                                  r"2007-03-01 10:20:00, 13000020001 \[7\.8\]")
        self.assertIn("来电于 2007-03-01 10:20:00", chinese)
        found = self.json("alerts")
        self.assertEqual(["cursor"], list(found[-1]))
        events = [line for line in found if "cursor" not in line]
        self.assertEqual({"1.0"}, {event["specversion"] for event in events})
        cursor = re.fullmatch(r"cursor: (\S+)\n", self.ask("alerts")[1]).group(1)
        self.assertEqual(cursor, found[-1]["cursor"])
        self.assertEqual("", self.ask("alerts", "--after", cursor)[0])
        for wrong in ("AQUB", "nonsense!", cursor + "AA"):
            self.assertIn("--after wants a cursor", self.ask("alerts", "--after", wrong,
                                                             code=USAGE)[1])

    def test_status(self):
        out, _ = self.ask("status")
        for service in harness.SERVICES:
            self.assertRegex(out, r"(?m)^%s +pid \d+ +clock step +caught up$" % service)
        self.assertEqual(5, out.count("deadlines armed"))
        found = self.json("status")
        self.assertEqual(harness.SERVICES, [line["service"] for line in found])
        self.assertTrue(all(line["caught_up"] for line in found))

    def test_check(self):
        self.assertRegex(self.ask("check")[0], r"^80 journals, \d+ events: 0 violations\n$")
        self.assertEqual(0, self.json("check")[0]["violations"])

    def test_export_and_judged_again(self):
        out = self.path("journals")
        self.assertEqual("80 journals, 1 versions\n", self.ask("export", "--out", out)[0])
        self.assertEqual([{"journals": 80, "versions": 1}],
                         self.json("export", "--out", self.path("again")))
        names = sorted(os.listdir(out))
        self.assertEqual(81, len(names))
        self.assertIn("sla-watcher-p007.journal", names)
        words = ("replay", "--recorded", out, "--out", self.path("judged"))
        self.assertEqual("the same ledger\n", doorstep(*words)[0])
        self.assertEqual({"differences": 0}, json.loads(doorstep(*words, "--json")[0]))

    def test_a_disk_is_full(self):
        """Whichever file it is that has no room any more; both of an installation and of a replay."""
        out = self.path("full")
        self.ask("export", "--out", out)
        version, = os.listdir(os.path.join(out, "versions"))
        recorded = os.path.join(out, "played")
        for name in ("intake-p000.journal", "dispatcher-p007.journal",
                     os.path.join("versions", version)):
            with self.subTest(name):
                for place, words in ((out, ("export", "--dir", self.stage.data, "--out", out)),
                                     (recorded, ("replay", DAY, "--rules", installed.DEPLOY, "--out",
                                                 self.path("played"), "--journals", recorded))):
                    os.makedirs(os.path.join(place, "versions"), exist_ok=True)
                    full = os.path.join(place, name)
                    if os.path.exists(full):
                        os.remove(full)
                    os.symlink("/dev/full", full)
                    said = doorstep(*words, code=INTERNAL)[1]
                    self.assertIn("%s: No space left" % full, said)
                    os.remove(full)

    def test_a_journal_is_missing(self):
        """Without it nothing could differ."""
        out = self.path("incomplete")
        self.ask("export", "--out", out)
        os.remove(os.path.join(out, "sla-watcher-p007.journal"))
        os.remove(os.path.join(out, "intake-p003.journal"))
        words = ("replay", "--recorded", out, "--out", self.path("nothing"))
        out, err = doorstep(*words, code=REJECTED)
        self.assertEqual("", out)
        self.assertEqual(["intake-p003.journal", "sla-watcher-p007.journal"],
                         re.findall(r"(\S+) is missing", err))
        self.assertTrue(is_chinese(doorstep(*words, code=REJECTED, lang=ZH)[1]))

    def test_a_journal_ends_early(self):
        """Cut between two of its batches."""
        out = self.path("short")
        self.ask("export", "--out", out)
        path = os.path.join(out, "sla-watcher-p007.journal")
        head, batches = journals.read(path)
        journals.write(path, head, batches[:-1])
        self.assertRegex(doorstep("replay", "--recorded", out, "--out", self.path("nothing"),
                                  code=REJECTED)[1], r"sla-watcher-p007\.journal: .*cut short")

    def test_all_of_it_is_chinese_too(self):
        """Whatever a command says at its end, or of a service."""
        out = self.path("in-chinese")
        for words in (["status"], ["check"], ["ledger", "verify"], ["export", "--out", out],
                      ["month"], ["proposals"], ["statement", "--account", "wang"]):
            with self.subTest(words=words):
                _, chinese = self.both(*words)
                self.assertNotRegex(chinese, "[A-Za-z]{2,} [a-z]{2,}")
        chinese, _ = doorstep("replay", "--recorded", out, "--out", self.path("judged-zh"), lang=ZH)
        self.assertEqual("账本相同\n", chinese)

    def test_clock(self):
        self.assertEqual(5, len(self.json("clock", "accept")))
        self.assertEqual("", self.ask("clock", "accept")[0])


class TestOddCalls(Running):
    """What explain says of calls of which not everything came, or not in order."""

    until = "2007-03-01T13:00:00+08:00"

    @classmethod
    def play(cls, day, until, *words, **more):
        command, here = installed.command, {"territory": "county"}
        day = "\n".join(
            [command("c1-ended", "phone", "09:00:40", "call_ended", {"call": "c1"}, **here),
             command("c1-offered", "phone", "09:05:00", "call_offered",
                     {"call": "c1", "called": "07365550101", "caller": "13000020009"},
                     occurred_at_ms="2007-03-01T09:00:00+08:00"),
             command("lonely-ended", "phone", "09:10:00", "call_ended", {"call": "lonely"}, **here),
             command("gap", "phone", "09:40:00", "feed_gap",
                     {"from_ms": "2007-03-01T09:20:00+08:00",
                      "to_ms": "2007-03-01T09:30:00+08:00"}, **here),
             command("c2-offered", "phone", "09:41:00", "call_offered",
                     {"call": "c2", "called": "07365550101", "caller": "13000020002"},
                     occurred_at_ms="2007-03-01T09:30:00+08:00"),
             command("c2-ended", "phone", "09:41:01", "call_ended", {"call": "c2"},
                     occurred_at_ms="2007-03-01T09:30:40+08:00")] +
            [command("m%d-%s" % (n, what), "phone", "10:%02d:%02d" % (n // 60, n % 60), what,
                     dict({"call": "m%d" % n}, **more), **here)
             for n in range(260)
             for what, more in (("call_offered", {"called": "07365550101", "caller": "1300003"}),
                                ("call_ended", {}))]) + "\n"
        return super().play(day, until, *words, **more)

    def test_an_end_before_the_offer(self):
        told = self.ask("explain", "c1")[0]
        for what in ("call came in", "call ended", "nobody answered the public number", "-50.00"):
            self.assertIn(what, told)
        self.assertIn("call ended", self.ask("explain", "lonely")[0])

    def test_a_gap_that_ends_as_the_call_comes_in(self):
        told = self.ask("explain", "c2")[0]
        self.assertIn("-50.00", told)
        self.assertNotIn("gap", told)

    def test_the_last_of_more_calls_than_are_listed(self):
        told = self.ask("explain", "m259")[0]
        self.assertIn("call ended", told)
        self.assertIn("rang", told)


class TestLongBatches(Running):
    """Intake's commits may have waited for hours while the dispatcher's went on: what is known to be
    complete when is told by all that follows, however far apart."""

    until = "2007-03-01T18:00:00+08:00"

    @classmethod
    def play(cls, day, until, *words, **more):
        job = {"territory": "county", "ref": "b1"}
        command = installed.command
        day = "\n".join([
            command("x9-offered", "phone", "09:30:00", "call_offered",
                    {"call": "x9", "called": "07365550101", "caller": "13000020009"}),
            command("x9-ended", "phone", "09:30:40", "call_ended", {"call": "x9"}),
            command("b1-register", "zhou", "11:20:00", "register", {
                "kind": "INSTALL", "channel": "COUNTER", "ref": "b1",
                "customer": {"phone": "13000000002", "name": "陈", "address": "1", "city": True},
                "product": {"category": "air_conditioner"}}, territory="county"),
            command("b1-fill", "zhou", "11:21:00", "fill_order", {"order_no": "0703-b1"}, **job),
            command("b1-contact", "zhou", "11:22:00", "contact_customer", {}, **job),
            command("b1-book", "zhou", "11:25:00", "book_appointment",
                    {"from_ms": "2007-03-01T16:00:00+08:00",
                     "to_ms": "2007-03-01T17:00:00+08:00", "wish": "CUSTOMER"}, **job),
            # the call was answered after all; its verdict is final at 11:30:40
            command("x9-answered", "phone", "11:29:00", "call_answered",
                    {"call": "x9", "answered_by": "PERSON", "agent": "zhou"},
                    occurred_at_ms="2007-03-01T09:30:10+08:00"),
            command("b1-urge", "zhou", "15:00:00", "urge", {}, **job)]) + "\n"
        return super().play(day, until, *words, **more)

    def test_a_batch_of_hours(self):
        out = self.path("journals")
        self.ask("export", "--out", out)
        path = os.path.join(out, "intake-p007.journal")
        head, batches = journals.read(path)
        late = next(i for i, batch in enumerate(batches)
                    if batch.events[0].HasField("call_answered"))
        before = batches[late - 1].header.first_seq
        journals.write(path, head, batches[:late] + [journals.merged(batches[late:])])
        # the dispatcher did not see them before it took the job back, at 11:55 and at 14:25
        path = os.path.join(out, "dispatcher-p007.journal")
        head, batches = journals.read(path)
        spans = []
        for batch in batches:
            for applied in batch.header.applied:
                applied.seq = min(applied.seq, before)
            spans += [event.received_at_ms for event in batch.events
                      if event.HasField("taken_back")]
        self.assertEqual([START_MS + 14100001, START_MS + 23100002], spans)
        journals.write(path, head, batches)
        self.assertEqual("the same ledger\n", doorstep("replay", "--recorded", out, "--out",
                                                       self.path("judged"))[0])


    def test_a_batch_of_another_partition(self):
        out = self.path("strange")
        self.ask("export", "--out", out)
        path = os.path.join(out, "intake-p007.journal")
        head, batches = journals.read(path)
        batches[-1].header.partition = 200
        journals.write(path, head, batches)
        self.assertRegex(doorstep("replay", "--recorded", out, "--out", self.path("x"),
                                  code=REJECTED)[1],
                         r"intake-p007\.journal: byte \d+: a batch of another journal")


class TestLedger(Running):
    until = "2007-03-03T00:00:00+08:00"

    def rows(self, *words):
        return list(csv.DictReader(io.StringIO(self.ask("ledger", "--csv", *words)[0])))

    def test_for_people(self):
        english, chinese = self.both("ledger")
        self.assertRegex(english, r"(?m)^  all +-150\.00 yuan +3 entries$")
        self.assertRegex(chinese, r"(?m)^  合计 +-150\.00 元 +3 笔$")
        self.assertEqual(3, len(self.json("ledger")))

    def test_statement_per_person_and_month(self):
        everything = self.rows()
        self.assertEqual(["key", "clause", "account", "cause", "ticket", "amount_fen", "month",
                          "due_at", "actual_at", "owner", "rulebook", "reason", "relates_to",
                          "events"],
                         list(everything[0]))
        self.assertEqual(["person:chen", "person:wang", "person:zhou"],
                         sorted(row["account"] for row in everything))
        one, = self.rows("--person", "wang", "--month", "200703")
        self.assertEqual(("7.1", "-5000", "200703", "person:wang"),
                         (one["clause"], one["amount_fen"], one["month"], one["account"]))
        self.assertIn(one, everything)
        self.assertEqual([one], self.rows("--person", "person:wang"))
        self.assertEqual([], self.rows("--person", "wang", "--month", "200702"))
        self.assertEqual([], self.rows("--person", "ma"))
        _, err = self.ask("ledger", "--person", "nobody", code=REJECTED)
        self.assertIn("nobody is neither a person nor an account", err)

    def test_verify(self):
        """The head of each chain is printed: what is kept elsewhere a proof is held against."""
        self.assertRegex(self.ask("ledger", "verify")[0],
                         r"\A3 entries, 0 broken links\np007: position 3, head [0-9a-f]{64}\n\Z")
        self.assertEqual([{"entries": 3, "broken": 0}], self.json("ledger", "verify"))


class TestTransfer(Running):
    """A job of the county turns out to be the river's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        line = TestWaits.line
        day = line("m1", "03-02T09:00", None, "register", {
            "kind": "COMPLAINT", "complaint_type": "REPAIR", "ref": "m1", "channel": "COUNTER",
            "customer": {"phone": "13800000001", "city": True}, "product": {"category": "nothing"}})
        day += line("m1-moves", "03-02T09:10", "m1", "transfer",
                    {"territory": "river", "reason": "up there"})
        there = dict(by="tan", territory="river")
        day += line("m1-there", "03-02T09:20", "m1", "fill_order", {"order_no": "9"}, **there)
        day += line("m1-off", "03-02T09:30", "m1", "cancel", {"reason": "gone"}, **there)
        cls.play(day, "2007-03-03T12:00:00+08:00")

    def test_both_tickets_name_each_other(self):
        ticket = re.search(r"T00[37]-\d+", self.ask("explain", "m1", code=REJECTED)[1]).group()
        english, chinese = self.both("explain", ticket)
        self.assertRegex(english, r"(?m)cancelled, goes on in river: up there, by lin \[P2\.1\]$")
        self.assertIn("转至 river", chinese)
        there = re.search(r"(T003-\d+).* taken over from (T007-\d+)", english)
        self.assertEqual(ticket, there.group(2))
        other = self.ask("explain", there.group(1))[0]
        self.assertIn("taken over from " + ticket, other)
        self.assertRegex(other, r"service order filled, by tan")
        self.assertEqual(1, len(re.findall(r"call the customer back|called back", other)), other)


class TestWaits(Running):
    """Three jobs wait: for a part, for a part beyond the cap, for the customer. A fourth waited and
    was called off, a fifth goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        day = ""
        for ref, at, reason in (("w1", "03-02T10:00", "PARTS"), ("w2", "03-17T10:00", "PARTS"),
                                ("w3", "03-17T10:00", "CUSTOMER"), ("w4", "03-17T10:00", "PARTS"),
                                ("w5", "03-17T10:00", "PARTS")):
            day += cls.line(ref, at[:-1] + "0", None, "register", {
                "kind": "COMPLAINT", "complaint_type": "REPAIR", "ref": ref, "channel": "COUNTER",
                "customer": {"phone": "1380000000" + ref[1], "city": True},
                "product": {"category": "nothing"}})
            day += cls.line(ref + "-assign", at[:-1] + "1", ref, "assign",
                            {"account": "person:xu"})
            day += cls.line(ref + "-accept", at[:-1] + "2", ref, "accept", {}, person="xu")
            day += cls.line(ref + "-delay", at[:-1] + "5", ref, "report_delay", {"reason": reason},
                            person="xu")
        day += cls.line("w4-off", "03-17T11:00", "w4", "cancel", {"reason": "不修了"})
        day += cls.line("w5-on", "03-17T11:00", "w5", "resume", {"note": "到货"}, person="xu")
        day = "".join(sorted(day.splitlines(True), key=lambda one: json.loads(one)["made_at_ms"]))
        cls.play(day, "2007-03-19T10:04:59+08:00")

    @staticmethod
    def line(what, at, ref, body, value, **more):
        command = {"id": what, "by": "lin", "territory": "county",
                   "made_at_ms": "2007-%s:00+08:00" % at, body: value, **more}
        return json.dumps(dict(command, ref=ref) if ref else command) + "\n"

    def test_waits(self):
        english, chinese = self.both("waits")
        self.assertEqual(3, len(english.splitlines()), english)
        self.assertRegex(english.splitlines()[0], r"^T007-\d+ +waits for a part since 2007-03-02 "
                         r"10:05:00 \(16d \d\dh\), past its cap 2007-03-17 10:05:00, person:xu$")
        self.assertRegex(english, r"(?m)^T007-\d+ +waits for a part since 2007-03-17 10:05:00 "
                                  r"\(1d \d\dh\), cap 2007-04-01 10:05:00, person:xu$")
        self.assertRegex(english, r"(?m)the customer has no new date yet since 2007-03-17 10:05:00 "
                                  r"\(1d \d\dh\), cap 2007-03-24 10:05:00")
        self.assertIn("待配件 自 2007-03-02", chinese)

    def test_for_programs(self):
        found = self.json("waits", "--reason", "parts", "--territory", "county")
        self.assertEqual([16, 1], [one["age_days"] for one in found])
        self.assertEqual([True, False], [one["past_cap"] for one in found])
        self.assertEqual(["ticket", "territory", "delay", "reason", "since_ms", "age_days",
                          "cap_at_ms", "past_cap", "owner"], list(found[0]))
        rows = list(csv.DictReader(io.StringIO(self.ask("waits", "--csv")[0])))
        self.assertEqual(["parts", "parts", "customer"], [row["reason"] for row in rows])
        self.assertEqual([one["ticket"] for one in found], [row["ticket"] for row in rows[:2]])
        self.assertEqual(["16", "1", "1"], [row["age_days"] for row in rows])

    def test_nothing_and_wrong_words(self):
        self.assertIn("no job waits", self.ask("waits", "--territory", "river")[0])
        self.assertEqual([], self.json("waits", "--territory", "river"))
        self.ask("waits", "--territory", "atlantis", code=REJECTED)
        self.assertIn("parts, major_repair", self.ask("waits", "--reason", "rain", code=USAGE)[1])


class TestCases(Running):
    """A television is repaired, comes back within the month and is repaired again; another customer
    has the same fault, the third is in the other territory."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        day = ""
        for ref, at, serial, remedy in (("c1", "03-01", "SN-0001", "换电容"), ("c2", "03-05", "SN-0001", "+换电源板"),
                                        ("c3", "03-06", "SN-0002", None)):
            day += TestWaits.line(ref, at + "T10:00", None, "register", {
                "kind": "COMPLAINT", "complaint_type": "REPAIR", "ref": ref, "channel": "COUNTER",
                "customer": {"phone": "1380000001" + ref[1], "city": True}, "symptom": "E1: 不通电",
                "product": {"category": "nothing", "model": "KF-3", "serial": serial}})
            day += TestWaits.line(ref + "-assign", at + "T10:01", ref, "assign",
                                  {"account": "person:xu"})
            day += TestWaits.line(ref + "-accept", at + "T10:02", ref, "accept", {}, person="xu")
            if remedy:
                day += TestWaits.line(ref + "-result", at + "T11:00", ref, "file_result",
                                      {"fixed": True, "cause": "老化", "remedy": remedy}, person="xu")
        day += TestWaits.line("c4", "03-06T10:30", None, "register", {
            "kind": "COMPLAINT", "complaint_type": "REPAIR", "ref": "c4", "channel": "COUNTER",
            "customer": {"phone": "13800000014", "city": True}, "symptom": "异响",
            "product": {"category": "air_conditioner"}})
        day += TestWaits.line("c4-assign", "03-06T10:31", "c4", "assign",
                              {"account": "person:xu"})
        day += TestWaits.line("c4-accept", "03-06T10:32", "c4", "accept", {}, person="xu")
        day += TestWaits.line("c4-result", "03-06T10:50", "c4", "file_result",
                              {"fixed": True, "remedy": "紧固"}, person="xu")
        cls.play(day, "2007-03-06T11:00:00+08:00")

    def test_without_a_model_the_category_has_a_name(self):
        for words in (("--model", "air_conditioner"), ("--symptom", "异响")):
            english, chinese = self.both("cases", *words)
            self.assertEqual("air conditioner: 异响\n  紧固 (filed as fixed 1, came back 0)\n", english)
            self.assertEqual("空调: 异响\n  紧固 (填报修复 1, 复发 0)\n", chinese)
        self.assertEqual(("no cases\n", chinese), self.both("cases", "--model", "空调"))
        one, = self.json("cases", "--symptom", "异响")
        self.assertEqual("air_conditioner", one["model"])

    def test_cases(self):
        english, chinese = self.both("cases", "--model", "KF")
        self.assertEqual("KF-3: E1: 不通电\n  老化: +换电源板 (filed as fixed 1, came back 0)\n"
                         "  老化: 换电容 (filed as fixed 1, came back 1)\n", english)
        self.assertIn("换电容 (填报修复 1, 复发 1)", chinese)
        one, = self.json("cases", "--model", "kf3", "--symptom", "Ｅ１")
        self.assertEqual(["+换电源板", "换电容"], [row["remedy"] for row in one["remedies"]])
        self.assertEqual([1000, 0], [row["score"] for row in one["remedies"]])
        rows = list(csv.DictReader(io.StringIO(self.ask("cases", "--model", "KF", "--csv")[0])))
        self.assertEqual([("'+换电源板", "1", "0"), ("换电容", "1", "1")],
                         [(row["remedy"], row["worked"], row["failed"]) for row in rows])
        self.assertEqual("no cases\n", self.ask("cases", "--symptom", "漏水")[0])

    def test_open(self):
        one, = self.json("cases", "--open")
        self.assertEqual(("换电容", "person:xu"), (one["remedy"], one["account"]))
        english, chinese = self.both("cases", "--open")
        self.assertEqual("%-14s repeated by %s, due 2007-03-12 11:00:00, person:xu, did not last: "
                         "老化: 换电容\n" % (one["ticket"], one["repeated_by"]), english)
        self.assertIn("又报于", chinese)
        self.assertIn("goes with neither", self.ask("cases", "--open", "--model", "x", code=USAGE)[1])

    def test_explain_tells_both_ways(self):
        one, = self.json("cases", "--open")
        first, _ = self.both("explain", one["ticket"])
        second, _ = self.both("explain", one["repeated_by"])
        self.assertRegex(first, r"repeat repair %s.*repeats %s" % (one["repeated_by"], one["ticket"]))
        self.assertRegex(second, r"repeat repair, repeats %s, did not last: 老化: 换电容, "
                                 % one["ticket"])
        self.assertRegex(second, r"offered #1 to person:xu.*did not last: 老化: 换电容 \(%s\)"
                                 % one["ticket"])


class TestSurvey(Running):
    """Three jobs are done on the 2nd: two customers were reached, one was not, in the morning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        day = "".join(cls.job(ref, kind) for ref, kind in (("s1", "INSTALL"), ("s2", "COMPLAINT"),
                                                           ("s3", "COMPLAINT")))
        day += cls.line("s1-call", "02T11:00", "s1", "record_callback", {
            "reached": True, "satisfaction": 5, "note": 'said "fine"',
            "answers": [{"question": "FIXED", "yes": True},
                        {"question": "CHARGED_FEN", "amount_fen": 12050}]})
        day += cls.line("s2-call", "02T11:01", "s2", "record_callback",
                        {"reached": True, "answers": [{"question": "ATTITUDE", "yes": False}]})
        day += "".join(cls.line("s3-call-%d" % i, "02T11:0%d" % (2 + i), "s3", "record_callback",
                                {"reached": False}) for i in range(2))
        cls.play(day, "2007-03-02T12:00:00+08:00")

    @staticmethod
    def line(what, at, ref, body, value):
        command = {"id": what, "by": "lin", "territory": "county",
                   "made_at_ms": "2007-03-%s:00+08:00" % at, body: value}
        return json.dumps(dict(command, ref=ref) if ref else command) + "\n"

    @classmethod
    def job(cls, ref, kind):
        report = {"kind": kind, "ref": ref, "channel": "COUNTER",
                  "customer": {"phone": "1380000000" + ref[1], "city": True},
                  "product": {"category": "refrigerator"}}
        if kind == "COMPLAINT":
            report["complaint_type"] = "REPAIR"
        return (cls.line(ref, "02T09:00", None, "register", report) +
                cls.line(ref + "-done", "02T10:00", ref, "file_result",
                         {"fixed": True, "labour_fen": 12050, "tariff_fen": 12050}))

    def test_callbacks_then_the_sheet(self):
        english, chinese = self.both("callbacks")
        open_task = [line for line in english.splitlines() if "2 attempts" in line]
        # Saturday, Monday, Tuesday are working days; both attempts were made on Friday morning
        self.assertRegex(open_task[0], r"^T007-\d+ +due 2007-03-06 18:00:00, 2 attempts, "
                                       r"next attempt from 2007-03-03 14:00:00$")
        self.assertIn("到期", chinese)
        task, = [one for one in self.json("callbacks", "--territory", "county")
                 if one["attempts"] == 2]
        self.assertEqual(["ticket", "territory", "from_ms", "due_at_ms", "attempts", "next_at_ms",
                          "overdue"], list(task))
        self.assertFalse(task["overdue"])
        rows = list(csv.DictReader(io.StringIO(self.ask("callbacks", "--csv")[0])))
        self.assertIn(task["ticket"], [row["ticket"] for row in rows])
        self.assertEqual([], self.json("callbacks", "--territory", "river"))
        self.assertIn("nobody is to be called back",
                      self.ask("callbacks", "--territory", "river")[0])
        self.ask("callbacks", "--territory", "atlantis", code=REJECTED)
        self.not_yet()
        self.play(self.line("sheet", "03T09:00", None, "submit_sheet", {"month": 200703}).replace(
            "2007-03-03", "2007-04-03"), "2007-04-03T10:00:00+08:00")
        english, chinese = self.both("callbacks")
        self.assertIn(" due 2007-03-06 18:00:00, overdue, 2 attempts", english)
        self.assertIn("已超时", chinese)
        self.sheet()

    def not_yet(self):
        words = ["sheet", "--territory", "county", "--month", "200703"]
        self.assertIn("no sheet was drawn: county, 200703", self.ask(*words, code=REJECTED)[1])
        words[2] = "atlantis"
        self.assertIn("the directory has no territory atlantis", self.ask(*words, code=REJECTED)[1])

    def sheet(self):
        words = ["sheet", "--territory", "county", "--month", "200703"]
        english, chinese = self.both(*words)
        self.assertRegex(english, r"^county 200703: too few answers .*; 2 \(of 1 repair, 1 install\)\n"
                                  r"seed [0-9a-f]{64}\nhanded in 2007-04-03 09:00:00\n\n")
        self.assertRegex(english, r"(?m)^T007-\d+ +s1 +install  satisfaction 5, fixed yes, "
                                  r'charged 120.50 yuan \(said "fine"\)$')
        self.assertIn("抽样种子", chinese)
        text, _ = self.ask(*words, "--csv")
        self.assertTrue(text.startswith("\ufeff"))
        rows = list(csv.DictReader(io.StringIO(text[1:])))
        self.assertEqual([("s2", "repair", "", "", "no", ""),
                          ("s1", "install", "5", "yes", "", 'said "fine"')],
                         [(row["order"], row["kind"], row["satisfaction"], row["fixed"],
                           row["good manners"], row["note"]) for row in rows])
        self.assertEqual("120.50", rows[1]["charged"])
        text, _ = self.ask(*words, "--json")
        self.assertEqual(["sheet_drawn", "callback_recorded", "callback_recorded",
                          "sheet_handed_in"],
                         [event["type"].rpartition(".")[2] for event in json.loads(text)])
        again = os.path.join(installed.DEPLOY, "examples", "draw_again.py")
        self.assertIn("2 drawn from 1 repairs and 1 installs, drawn as published",
                      subprocess.run([sys.executable, again], input=text, text=True, check=True,
                                     stdout=subprocess.PIPE, timeout=harness.LIMIT_S).stdout)
        seed = json.loads(text)[0]["data"]["sheet_drawn"]["seed"]
        other = text.replace(seed, "0" * 64)
        self.assertEqual(1, subprocess.run([sys.executable, again], input=other, text=True,
                                           stdout=subprocess.DEVNULL,
                                           timeout=harness.LIMIT_S).returncode)


class TestSubmit(Running):
    told = 0

    def at(self, **more):
        """A line that is made now, about an instant of its own."""
        TestSubmit.told += 1
        line = {"made_at_ms": str(self.stage.now_ms), "by": "zhou", "ticket": "T007-2",
                "occurred_at_ms": str(self.stage.now_ms - TestSubmit.told), "urge": {}}
        line.update(more)
        return json.dumps(line) + "\n"

    def now_ms(self):
        return int(self.json("status")[0]["now_ms"])

    def setUp(self):
        self.stage.now_ms = self.now_ms()

    def test_receipts_in_the_order_of_input(self):
        text = "".join(json.dumps({
            "id": "s-%d" % i, "made_at_ms": str(self.stage.now_ms), "by": "phone",
            "call_offered": {"call": "k%d" % i, "called": "07365550101", "queue": "售后",
                             "caller": "1300000%04d" % i}}) + "\n" for i in range(300))
        text += "# a note\n\n"
        out, _ = self.ask("submit", "-", stdin=text)
        ids = re.findall(r"(?m)^RECORDED (\S+) intake/p007/\d+$", out)
        self.assertTrue(ids == ["s-%d" % i for i in range(300)], out[:1000])
        out, _ = self.ask("submit", "-", stdin=text)
        self.assertEqual(300, len(re.findall(r"(?m)^DUPLICATE s-\d+ ", out)))

    def test_one_rejected(self):
        text = self.at(id="r-1") + self.at(id="r-2", ticket="T007-99999") + self.at(id="r-3")
        path = self.write("some.ndjson", text)
        out, _ = self.ask("submit", path, code=REJECTED)
        self.assertRegex(out, r"(?m)^REJECTED r-2 .*some\.ndjson:2: unknown_ticket: ")
        self.assertEqual(2, out.count("RECORDED"))
        self.assertTrue(is_chinese(self.ask("submit", path, code=REJECTED, lang=ZH)[0]))
        found = self.json("submit", path, code=REJECTED)
        self.assertEqual(["DUPLICATE", "REJECTED", "DUPLICATE"], [line["status"] for line in found])
        self.assertEqual("unknown_ticket", found[1]["code"])

    def test_lines_without_id_get_one_that_is_kept(self):
        path = self.write("ids.ndjson", self.at() + self.at(id="own") + self.at())
        first = re.findall(r"(?m)^RECORDED (\S+)", self.ask("submit", path)[0])
        with open(path + ".ids") as file:
            self.assertEqual([first[0], first[2]], [line.split()[2] for line in file])
        self.assertEqual("own", first[1])
        again = re.findall(r"(?m)^DUPLICATE (\S+)", self.ask("submit", path)[0])
        self.assertEqual(first, again)

    def test_while_redis_loads(self):
        """Its answer then is waited for: a line gets the installation's time or none."""
        self.stage.stop("redis")
        self.stage.start_redis()
        redis = self.stage.redis()
        for n in range(0, 20000, 100):
            redis("MSET", *(word for i in range(n, n + 100) for word in ("junk:%d" % i, "x")))
        redis("BGREWRITEAOF")
        harness.wait_for(lambda: b"aof_rewrite_in_progress:0" in redis("INFO", "persistence"),
                         "the journal to be written anew")
        redis.close()
        self.stage.stop("redis")
        self.stage.spawn("redis", [
            "redis-server", os.path.join(installed.DEPLOY, "redis", "redis.conf"), "--unixsocket",
            self.stage.redis_path, "--dir", os.path.join(self.stage.data, "redis"),
            "--key-load-delay", "100", "--loading-process-events-interval-bytes", "1024"])

        def loads():
            try:
                redis = self.stage.redis()
            except OSError:
                return False
            try:
                redis("GET", "junk:1")
            except RuntimeError as error:
                return "LOADING" in str(error)
            finally:
                redis.close()
        harness.wait_for(loads, "redis-server to be loading")
        path = self.write("loading.ndjson", json.dumps(
            {"by": "zhou", "ticket": "T007-2", "urge": {}}) + "\n")
        self.assertIn("RECORDED", self.ask("submit", path)[0])
        with open(path + ".ids") as file:
            self.assertLess(abs(int(file.read().split()[3]) - self.stage.now_ms), 3600000)

    def test_what_became_of_it(self):
        line = json.loads(self.at(id="o-1", by="liu", territory="county", report_violation={
            "clause": "7.16", "account": "person:wang"}))
        del line["urge"], line["ticket"]
        found = self.json("submit", self.write("outcome.ndjson", json.dumps(line)))
        self.assertIn("outcome", found[0])
        line = json.loads(self.at(id="o-2", accept={}, by="chen"))
        del line["urge"]
        self.assertIn(" -> ", self.ask("submit", "-", stdin=json.dumps(line))[0])

    def test_explain_says_what_did_not_become_of_it(self):
        """Of what was asked about the ticket and about its ledger entries."""
        line = json.loads(self.at(id="e-1", accept={}, by="yang"))
        wrong = json.loads(self.at(id="e-2", by="liu", territory="county", reverse_entry={
            "entry": "7.1/person:wang/T007-2/dispatch#9", "reason": "a mistake"}))
        del line["urge"], wrong["urge"], wrong["ticket"]
        self.ask("submit", "-", stdin=json.dumps(line) + "\n" + json.dumps(wrong), code=REJECTED)
        english, chinese = self.both("explain", "T007-2")
        self.assertRegex(english, r"outcome \(accepted\): no effect, by yang.*\n +\S")
        self.assertRegex(english, r"outcome \(reversal of an entry\).*: refused, by liu.*\n +\S")
        self.assertRegex(chinese, r"处理结论 \(接单\): 无影响, 操作人 yang")
        self.assertRegex(chinese, r"处理结论 \(冲销账目\).*: 未采纳, 操作人 liu")

    def test_a_duplicate_says_what_became_of_it(self):
        line = json.loads(self.at(id="k-1", by="liu", territory="county", report_violation={
            "clause": "7.16", "account": "person:wang"}))
        refused = json.loads(self.at(id="k-2", by="liu", territory="county", reverse_entry={
            "entry": "7.16/person:wang/none", "reason": "a mistake"}))
        for one in (line, refused):
            del one["urge"], one["ticket"]
        path = self.write("known.ndjson", json.dumps(line) + "\n" + json.dumps(refused) + "\n")
        first = self.json("submit", path, code=REJECTED)
        # and much happens in that journal afterwards
        more = "".join(json.dumps(dict(line, id="m-%d" % i, occurred_at_ms=str(
            self.stage.now_ms - 5000 - i))) + "\n" for i in range(300))
        self.ask("submit", "-", stdin=more)
        again = self.json("submit", path, code=REJECTED)
        self.assertEqual(["DUPLICATE"] * 2, [one["status"] for one in again])
        self.assertEqual(["APPLIED", "REFUSED"], [one["outcome"]["outcome"]["outcome"]
                                                  for one in again])
        for name in ("event", "outcome", "line"):
            self.assertEqual([one[name] for one in first], [one[name] for one in again])
        english, _ = self.ask("submit", path, code=REJECTED)
        self.assertRegex(english, r"(?m)^DUPLICATE k-1 intake/p007/\d+ -> applied")

    def test_an_unreadable_line_has_a_receipt(self):
        text = "\n".join(['{"id":"u-1",', '{"id":"u-2","id":"u-2"}', '{"id":"u-3","bye":"liu"}',
                          '{"id":"u-4","by":5}', '[1]', self.at(id="u-6").strip(),
                          '{"send_at":"2007-03-01T08:00:00Z","command":{"id":"u-7","urge":{"note":1}}}',
                          '{"id":"u-8","record_callback":{"answers":[{"yes":true},{"yas":1}]}}'])
        path = self.write("unreadable.ndjson", text)
        out, err = self.ask("submit", path, "--json", code=REJECTED)
        self.assertEqual("", err)
        found = lines(out)
        self.assertEqual(list(range(1, 9)), [one["line"] for one in found])
        self.assertEqual(["REJECTED"] * 5 + ["RECORDED"] + ["REJECTED"] * 2,
                         [one["status"] for one in found])
        refused = [one for one in found if one["status"] == "REJECTED"]
        self.assertEqual(["bad_json", "duplicate_field", "unknown_field", "wrong_type", "bad_json",
                          "wrong_type", "unknown_field"], [one["code"] for one in refused])
        self.assertEqual(["", "", "u-3", "u-4", "", "u-7", "u-8"],
                         [one.get("id", "") for one in refused])
        self.assertEqual([12, 16, 13, 13, 1, 65, 57], [one["column"] for one in refused])
        self.assertEqual("id", refused[1]["field"])
        for one in refused:
            self.assertTrue(one["text"] and is_chinese(one["text_zh"]), one)
            self.assertNotRegex(one["text_zh"], "[a-z]{2,} [a-z]{2,}")
        out, err = self.ask("submit", path, code=REJECTED)
        self.assertEqual("", err)
        self.assertIn("REJECTED - %s:2:16: duplicate_field: id stands twice\n" % path, out)
        self.assertIn("REJECTED u-3 %s:3:13: unknown_field: bye is not a field" % path, out)

    def test_a_return(self):
        """8.1 to 8.7 on the bus: answered by a decision, which `explain` shows with its reasons."""
        asked = json.loads(self.at(id="c-1", check_return={
            "category": "television", "invoiced_on": "2007-02-22", "price_fen": 299900,
            "reported_on": "2007-03-01", "main_fault": True, "wish": "RETURN"}))
        cured = json.loads(self.at(id="c-2", record_return={
            "report": "MATCHES", "accessories_complete": True}))
        del asked["urge"], cured["urge"]
        cured["occurred_at_ms"] = str(int(asked["occurred_at_ms"]) + 1)
        found = self.json("submit", "-", stdin=json.dumps(asked) + "\n" + json.dumps(cured))
        self.assertEqual(["APPLIED", "APPLIED"], [line["outcome"]["outcome"]["outcome"] for line in found])
        english, chinese = self.both("explain", "T007-2")
        for words in ("exchange or return asked for television, invoice 2007-02-22",
                      "blocked until the appraisal report is there", "wished return: blocked",
                      "8.1 yes 7/7 days", "the customer gets 2999.00 yuan",
                      "report matches the cause", "wished return: granted", "our defaults"):
            self.assertIn(words, english)
        for words in ("核查退换", "须先有退换机鉴定报告", "用户要求 退货: 同意"):
            self.assertIn(words, chinese)

    def test_activate(self):
        files = [os.path.join(self.stage.data, name) for name in ("rulebook.yaml",
                                                                  "directory.yaml")]
        _, err = self.ask("activate", "--by", "zhou", *files, code=REJECTED)
        self.assertIn("manager", err)
        self.stage.now_ms = self.now_ms() + 1000
        self.stage.advance(self.stage.now_ms)
        self.assertRegex(self.ask("activate", "--by", "liu", *files)[0],
                         r"^active: intake/p\d{3}/\d+\n$")
        self.stage.now_ms += 1000
        self.stage.advance(self.stage.now_ms)
        self.assertRegex(self.ask("activate", "--by", "liu", *files, lang=ZH)[0], "^已启用:intake/")
        self.stage.now_ms += 1000
        self.stage.advance(self.stage.now_ms)
        found = self.json("activate", "--by", "liu", *files)
        self.assertEqual("RECORDED", found[0]["status"])

    def test_play_says_what_it_did(self):
        line = self.at(id="p-1", made_at_ms=str(self.stage.now_ms + 1000))
        until = "2007-03-01T12:30:00+08:00"
        self.assertIn("1 commands recorded, 0 duplicates, 0 rejected", self.play(line, until))
        self.assertIn("受理 0 条,重复 1,拒绝 0", self.play(line, until, lang=ZH))
        self.assertEqual({"recorded": 0, "duplicates": 1, "rejected": 0},
                         json.loads(self.play(line, until, "--json")))


class TestFollow(Running):
    """Killed at any time and resumed from the last cursor: every alert once."""

    until = "2007-03-01T08:06:00+08:00"

    def follow(self, after=None):
        out, beside = open(self.path("followed"), "wb"), open(self.path("beside"), "wb")
        process = subprocess.Popen([DOORSTEP, "alerts", "--follow", "--json", "--dir",
                                    self.stage.data, *(["--after", after] if after else [])],
                                   stdout=out, stderr=beside, env=dict(os.environ, LC_ALL=EN))
        out.close()
        beside.close()
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def said(self):
        with open(self.path("beside"), encoding="utf-8") as file:
            return file.read()

    def groups(self):
        """Ids of the groups that are complete, and the cursor behind them."""
        with open(self.path("followed"), encoding="utf-8") as file:
            text = file.read()
        taken, group, cursor = [], [], None
        for line in text.splitlines(keepends=True):
            if not line.endswith("\n"):
                break
            line = json.loads(line)
            if "cursor" in line:
                taken, group, cursor = taken + group, [], line["cursor"]
            else:
                group.append(line["id"])
        return taken, cursor

    def test_nothing_missed_nothing_twice(self):
        taken, cursor = [], None
        for until in ("08:30", "08:45", "09:15", "10:30"):
            process = self.follow(cursor)
            self.play(installed.short_day(), "2007-03-01T%s:00+08:00" % until)
            harness.wait_for(lambda: self.groups()[1], "alerts until " + until)
            process.send_signal(signal.SIGKILL)
            process.wait()
            group, cursor = self.groups()
            taken += group
        process = self.follow(cursor)
        self.play(installed.short_day(), "2007-03-01T18:30:00+08:00")
        harness.wait_for(lambda: self.groups()[1], "alerts until the evening")
        self.stage.kill("redis")  # it comes back; so does whoever follows
        harness.wait_for(lambda: "still waiting for Redis" in self.said(), "a word about it")
        self.assertEqual(1, self.said().count("Redis went away"))
        self.stage.start_redis()
        self.play(installed.short_day(), "2007-03-03T00:00:00+08:00")
        everything = [line["id"] for line in self.json("alerts") if "id" in line]
        harness.wait_for(lambda: len(taken) + len(self.groups()[0]) >= len(everything),
                         "the last alerts")
        process.send_signal(signal.SIGINT)
        self.assertEqual(FINE, process.wait(harness.LIMIT_S))
        taken += self.groups()[0]
        self.assertEqual(sorted(everything), sorted(taken))
        self.assertGreater(len(taken), 10)


class TestDamage(Running):
    """What is damaged in the store is found, and nothing else is."""

    until = "2007-03-03T00:00:00+08:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for service in harness.SERVICES:
            cls.stage.stop(service)
        cls.redis = cls.stage.redis()
        cls.addClassCleanup(cls.redis.close)

    def found(self, *says, violations=None):
        out, _ = self.ask("check", code=REJECTED)
        for what in says:
            self.assertIn(what, out)
        chinese, _ = self.ask("check", code=REJECTED, lang=ZH)
        self.assertNotRegex(chinese, "[a-z]{2,} [a-z]{2,}")
        self.assertEqual(len(out.splitlines()), len(chinese.splitlines()))
        listed = self.json("check", code=REJECTED)
        self.assertEqual(len(listed) - 1, listed[-1]["violations"])
        if violations is not None:
            self.assertEqual(violations, listed[-1]["violations"], out)

    def damage(self, key, how):
        """Does it, and undoes it after the test."""
        kept = self.redis("DUMP", key)
        self.addCleanup(lambda: self.assertRegex(self.ask("check")[0], ": 0 violations"))
        self.addCleanup(self.redis, "RESTORE", key, 0, kept, "REPLACE")
        how(key)

    def rewrite(self, key, change):
        """A journal with other bytes under the same ids."""
        def how(_):
            entries = self.redis("XRANGE", key, "-", "+")
            self.redis("DEL", key)
            for at, (number, (field, raw)) in enumerate(entries):
                raw = change(at, raw)
                if raw is not None:
                    self.redis("XADD", key, number, field, raw)
        self.damage(key, how)

    def test_a_flipped_bit_in_a_journal(self):
        def flip(at, raw):
            return bytes([raw[0], raw[1], raw[2] ^ 4, *raw[3:]]) if at == 1 else raw
        self.rewrite("{p007}:intake:j", flip)
        self.found("intake/p007: entry ", "checksum")

    def test_an_entry_is_missing(self):
        self.rewrite("{p007}:intake:j", lambda at, raw: None if at == 1 else raw)
        self.found("does not follow")

    def test_the_end_is_missing(self):
        entries = len(self.redis("XRANGE", "{p007}:sla-watcher:j", "-", "+"))
        self.rewrite("{p007}:sla-watcher:j", lambda at, raw: None if at == entries - 1 else raw)
        self.found("sla-watcher/p007: tail ", "but the journal ends at")

    def test_a_position_beyond_its_upstream(self):
        self.damage("{p007}:dispatcher:meta",
                    lambda key: self.redis("HSET", key, "ck:1", "100000"))
        self.found("dispatcher/p007 has read 100000 of intake", violations=1)

    def test_a_deadline_of_nothing(self):
        self.damage("{p007}:intake:due", lambda key: self.redis("ZADD", key, "1", "TT007-77"))
        self.found("intake/p007: TT007-77 is due but does not exist", violations=1)

    def test_a_deadline_is_missing(self):
        self.damage("{p007}:intake:due", lambda key: self.redis("ZREM", key, "TT007-2"))
        self.found("intake/p007: TT007-2: state and due disagree", violations=1)

    def test_a_ticket_is_missing(self):
        self.damage("{p007}:intake:state", lambda key: self.redis("HDEL", key, "TT007-2"))
        self.found("intake/p007: TT007-2 is due but does not exist", violations=1)

    def test_a_ticket_is_empty(self):
        self.damage("{p007}:intake:state", lambda key: self.redis("HSET", key, "TT007-2", ""))
        self.found("intake/p007: TT007-2: ")

    def test_a_month_that_does_not_add_up(self):
        """The sum of one person, without its entries; the entries without their sum."""
        key = "{p007}:penalty-ledger:state"
        self.damage(key, lambda _: self.redis("HDEL", key, "M200703/person:wang"))
        self.found("2 month sums are stored, the entries have 3", violations=1)

    def test_receipts(self):
        key, = [key.decode() for key in self.redis("KEYS", "{p007}:intake:rcpt:*")][:1]
        self.damage(key, lambda _: self.redis("APPEND", key, b"xyz"))
        self.found("a receipt is cut short", violations=1)

    def alter_a_fine(self, at, raw):
        batch = harness.envelope_pb2.Batch.FromString(raw)
        for event in batch.events:
            if event.HasField("entry_posted"):
                entry = harness.ledger_pb2.Entry.FromString(event.entry_posted.entry)
                entry.amount_fen //= 5
                event.entry_posted.entry = entry.SerializeToString()
        return journals.packed(batch)

    def test_a_row_of_the_ledger_with_a_good_checksum(self):
        """Somebody made a fine smaller; only the chain and the sums tell."""
        self.rewrite("{p007}:penalty-ledger:j", self.alter_a_fine)
        self.found("the chain is broken", "the stored sum is not that of its entries")
        out, _ = self.ask("ledger", "verify", code=REJECTED, lang=ZH)
        self.assertRegex(out, r"penalty-ledger/p007/\d+:哈希链在 7\.1/person:\S+ 处断裂")
        out, _ = self.ask("ledger", "verify", code=REJECTED)
        self.assertRegex(out, r"penalty-ledger/p007/\d+: the chain is broken at 7\.1/person:")
        self.assertRegex(out, r"(?m)^3 entries, 3 broken links$")
        self.assertEqual(3, self.json("ledger", "verify", code=REJECTED)[0]["broken"])

    def test_readers_of_a_damaged_journal_say_so(self):
        self.rewrite("{p007}:sla-watcher:j",
                     lambda at, raw: bytes([raw[0], raw[1], raw[2] ^ 4, *raw[3:]]))
        for words in (["alerts"], ["explain", "T007-2"]):
            _, err = self.ask(*words, code=REJECTED)
            self.assertRegex(err, r"journal sla-watcher/p007: entry \d+-0 is corrupt")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
