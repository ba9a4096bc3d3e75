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

DOORSTEP = os.path.join(BIN, "doorstep")
DAY = os.path.join(installed.DEPLOY, "examples", "day.ndjson")
START_MS = 1172707200000  # 2007-03-01 08:00 there
FINE, REJECTED, USAGE, UNAVAILABLE = 0, 1, 2, 69
EN, ZH = "C.UTF-8", "zh_CN.UTF-8"
COMMANDS = ["up", "activate", "submit", "play", "ticket", "explain", "alerts", "ledger", "callbacks",
            "sheet", "status", "check", "replay", "export", "rulebook", "clock"]


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
                            (["explain", "T7-1"], "T7-1 is no ticket id"),
                            (["sheet", "--month", "200703"], "wants --territory and --month"),
                            (["sheet", "--territory", "county", "--month", "2007-03"],
                             "--month wants YYYYMM"),
                            (["ledger", "sum"], "knows only `ledger` and `ledger verify`"),
                            (["ledger", "--month", "200713"], "--month wants YYYYMM"),
                            (["ledger", "--month", "march"], "--month wants YYYYMM"),
                            (["rulebook", "read"], "knows only `rulebook check`"),
                            (["clock", "reject"], "knows only `clock accept`"),
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
                      ["activate", DAY, DAY]):
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
        self.assertEqual(2, len(re.findall(r"^rulebook\.yaml:\d+:\d+: clocks\.\w+\.grace: ", err,
                                           re.M)))
        _, err = doorstep("rulebook", "check", self.root, code=REJECTED, lang=ZH)
        self.assertTrue(is_chinese(err))
        _, err = doorstep("rulebook", "check", self.path("nowhere"), code=USAGE)
        self.assertIn("rulebook.yaml: No such file or directory", err)


class TestReplay(Case):
    def test_json_and_both_languages(self):
        day = self.write("day.ndjson", installed.short_day())
        words = ("replay", day, "--rules", installed.DEPLOY, "--out", self.path("out"))
        said = json.loads(doorstep(*words, "--json")[0])
        self.assertEqual((7, 0, 3, "-15000"), (said["recorded"], said["rejected"],
                                               said["entries"], said["amount_fen"]))
        self.assertIn("7 commands recorded, 0 duplicates, 0 rejected", doorstep(*words)[0])
        self.assertIn("受理 7 条", doorstep(*words, lang=ZH)[0])
        self.assertEqual({"alerts.ndjson", "tickets.ndjson", "ledger.csv", "report.json",
                          "sheets.ndjson"},
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
        return lines(self.ask(*words, "--json", **more)[0])

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
        self.assertTrue(self.json("explain", "T007-2"))
        self.assertIn("there is no ticket T007-99", self.ask("explain", "T007-99",
                                                             code=REJECTED)[1])

    def test_alerts(self):
        english, chinese = self.both("alerts")
        self.assertRegex(english, r"(?m)^2007-03-01 08:40:00\.001 +BREACH +T007-2 ")
        self.assertIn("违约", chinese)
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

    def test_clock(self):
        self.assertEqual(5, len(self.json("clock", "accept")))
        self.assertEqual("", self.ask("clock", "accept")[0])


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
                          "due_at", "actual_at", "owner", "rulebook", "reason", "events"],
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
        self.assertIn("nobody is neither a person nor an outlet", err)

    def test_verify(self):
        self.assertEqual("3 entries, 0 broken links\n", self.ask("ledger", "verify")[0])
        self.assertEqual([{"entries": 3, "broken": 0}], self.json("ledger", "verify"))


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
        self.assertEqual(["ticket", "territory", "from_ms", "due_at_ms", "attempts", "next_at_ms"],
                         list(task))
        rows = list(csv.DictReader(io.StringIO(self.ask("callbacks", "--csv")[0])))
        self.assertIn(task["ticket"], [row["ticket"] for row in rows])
        self.assertEqual([], self.json("callbacks", "--territory", "river"))
        self.assertIn("nobody is to be called back",
                      self.ask("callbacks", "--territory", "river")[0])
        self.ask("callbacks", "--territory", "atlantis", code=REJECTED)
        self.not_yet()
        self.play(self.line("sheet", "03T09:00", None, "submit_sheet", {"month": 200703}).replace(
            "2007-03-03", "2007-04-03"), "2007-04-03T10:00:00+08:00")
        self.sheet()

    def not_yet(self):
        words = ["sheet", "--territory", "county", "--month", "200703"]
        self.assertIn("no sheet of 200703 was drawn in county", self.ask(*words, code=REJECTED)[1])
        words[2] = "atlantis"
        self.assertIn("there is no territory atlantis", self.ask(*words, code=REJECTED)[1])

    def sheet(self):
        words = ["sheet", "--territory", "county", "--month", "200703"]
        english, chinese = self.both(*words)
        self.assertRegex(english, r"^county 200703: too few answers .*; 2 \(of 1 repair, 1 install\)\n"
                                  r"seed [0-9a-f]{64}\nhanded in 2007-04-03 09:00:00\n\n")
        self.assertRegex(english, r"(?m)^T007-\d+ +s1 +install  satisfaction 5, fixed yes, "
                                  r'charged 120.50 yuan \(said "fine"\)$')
        self.assertIn("抽样种子", chinese)
        rows = list(csv.DictReader(io.StringIO(self.ask(*words, "--csv")[0])))
        self.assertEqual([("s2", "repair", "", "", "no", ""),
                          ("s1", "install", "5", "yes", "", 'said "fine"')],
                         [(row["ref"], row["kind"], row["satisfaction"], row["fixed"],
                           row["attitude"], row["note"]) for row in rows])
        self.assertEqual("12050", rows[1]["charged_fen"])
        text, _ = self.ask(*words, "--json")
        self.assertEqual(["sheet_drawn", "callback_recorded", "callback_recorded",
                          "sheet_handed_in"],
                         [event["type"].rpartition(".")[2] for event in lines(text)])
        again = os.path.join(installed.DEPLOY, "examples", "draw_again.py")
        self.assertIn("2 drawn from 1 repairs and 1 installs, drawn as published",
                      subprocess.run([sys.executable, again], input=text, text=True, check=True,
                                     stdout=subprocess.PIPE, timeout=harness.LIMIT_S).stdout)
        seed = lines(text)[0]["data"]["sheet_drawn"]["seed"]
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
        text = self.at(id="r-1") + self.at(id="r-2", ticket="T007-99") + self.at(id="r-3")
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
            kept = dict(line.split()[:2] for line in file)
        self.assertEqual({"1": first[0], "3": first[2]}, kept)
        self.assertEqual("own", first[1])
        again = re.findall(r"(?m)^DUPLICATE (\S+)", self.ask("submit", path)[0])
        self.assertEqual(first, again)

    def test_what_became_of_it(self):
        line = json.loads(self.at(id="o-1", by="liu", territory="county", report_violation={
            "clause": "7.16", "account": "person:wang"}))
        del line["urge"], line["ticket"]
        found = self.json("submit", self.write("outcome.ndjson", json.dumps(line)))
        self.assertIn("outcome", found[0])
        line = json.loads(self.at(id="o-2", accept={}, by="chen"))
        del line["urge"]
        self.assertIn(" -> ", self.ask("submit", "-", stdin=json.dumps(line))[0])

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
        found = self.json("activate", "--by", "liu", *files)
        self.assertEqual("RECORDED", found[0]["status"])

    def test_play_says_what_it_did(self):
        line = self.at(id="p-1", made_at_ms=str(self.stage.now_ms + 1000))
        until = "2007-03-01T12:30:00+08:00"
        self.assertIn("1 commands recorded, 0 duplicates, 0 rejected", self.play(line, until))
        self.assertEqual({"recorded": 0, "duplicates": 1, "rejected": 0},
                         json.loads(self.play(line, until, "--json")))


class TestFollow(Running):
    """Killed at any time and resumed from the last cursor: every alert once."""

    until = "2007-03-01T08:06:00+08:00"

    def follow(self, after=None):
        out = open(self.path("followed"), "wb")
        process = subprocess.Popen([DOORSTEP, "alerts", "--follow", "--json", "--dir",
                                    self.stage.data, *(["--after", after] if after else [])],
                                   stdout=out, stderr=subprocess.DEVNULL,
                                   env=dict(os.environ, LC_ALL=EN))
        out.close()
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

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


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


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
        batch.ClearField("crc")
        raw = batch.SerializeToString()
        number = harness.envelope_pb2.Batch.DESCRIPTOR.fields_by_name["crc"].number
        return raw + bytes([number << 3 | 5]) + crc32c(raw).to_bytes(4, "little")

    def test_a_row_of_the_ledger_with_a_good_checksum(self):
        """Somebody made a fine smaller; only the chain and the sums tell."""
        self.rewrite("{p007}:penalty-ledger:j", self.alter_a_fine)
        self.found("the chain is broken", "the stored sum is not that of its entries")
        out, _ = self.ask("ledger", "verify", code=REJECTED)
        self.assertRegex(out, r"penalty-ledger/p007/\d+: the chain is broken at 7\.1/person:")
        self.assertRegex(out, r"(?m)^3 entries, 3 broken links$")
        self.assertEqual(3, self.json("ledger", "verify", code=REJECTED)[0]["broken"])

    def test_readers_of_a_damaged_journal_say_so(self):
        self.rewrite("{p007}:sla-watcher:j",
                     lambda at, raw: bytes([raw[0], raw[1], raw[2] ^ 4, *raw[3:]]))
        for words in (["alerts"], ["explain", "T007-2"]):
            _, err = self.ask(*words, code=REJECTED)
            self.assertRegex(err, r"journal entry \d+-0 is corrupt")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
