#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The page of a ticket (`doorstep explain --page`, `--story`): what is on it, for whom, in both
languages; and that whatever a customer is called, it stays a page. How it looks no test can tell.

    tests/e2e/test_page.py --bin build/release/bin [unittest arguments]"""
import argparse
import html.parser
import itertools
import json
import os
import re
import subprocess
import sys
import unicodedata
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
OPTIONS, REST = parser.parse_known_args()
BIN = os.path.abspath(OPTIONS.bin)
os.environ["DS_BUILD"] = os.path.dirname(BIN)
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path[:0] = [os.path.join(SOURCE, "tests", name) for name in ("gen", "lib", "rules")]
import harness  # noqa: E402
from cases import _booked, _repair  # noqa: E402
from day_book import Day  # noqa: E402
from cases_archive import repaired_again_within_the_month  # noqa: E402
from day_ticket import Territory  # noqa: E402
from lived import Lived  # noqa: E402

EN, ZH = "C.UTF-8", "zh_CN.UTF-8"
MEAN = "<script>alert('1')</script> & \"王\" <b>"
FAULT = "不制冷 </td></table><svg onload=x>"
VOID = {"meta", "br", "rect", "path", "circle"}
MARKS = "├─░━┃●▶·"


class Page(html.parser.HTMLParser):
    """Elements, texts and attributes of a page whose tags must close in their order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.texts, self.attributes = [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] != "style" and data.strip():
            self.texts.append(data.strip())

    @property
    def text(self):
        return "\n".join(self.texts)


class TestPage(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.stage = harness.Installation(clock="step", start_ms=1172707200000)
        cls.addClassCleanup(cls.stage.close)
        cls.stage.start()
        cls.stage.activate()
        day = Day()
        county = Territory(day, "county")
        t = _booked(county)
        t.check_in("15:30", "xu")
        t.delay("15:40", "xu", "PARTS", "缺压缩机")
        t.register_delay("15:50")
        t.resume("03-03 10:00", "xu")
        t.complete("03-03 11:00", "xu")
        t.file("03-04 08:00", "xu")
        t.callback("03-05 09:30")
        t.all_kept()  # a day wants to know; what became of it is looked at below
        late = _repair(county, at="03-05 08:30:00", ref="x2")
        late.order("03-06 15:00-17:00")
        late.accept("03-05 08:40", "xu")
        late.all_kept()
        day.finish()
        for line in day.lines:
            if "register" in line.command:
                line.command["register"]["customer"]["name"] = MEAN
                line.command["register"]["symptom"] = FAULT
        lines = cls.path("day.ndjson")
        with open(lines, "w", encoding="utf-8") as file:
            file.writelines(line.text() + "\n" for line in day.lines)
        cls.done, cls.goes_on = day.tickets["x1"].id, day.tickets["x2"].id
        cls.ask("play", lines, "--until", "2007-03-05T10:00:00+08:00")

    @classmethod
    def path(cls, *names):
        return os.path.join(cls.stage.root, *names)

    @classmethod
    def ask(cls, *words, lang=EN, code=0):
        done = subprocess.run([os.path.join(BIN, "doorstep"), *words, "--dir", cls.stage.data],
                              env=dict(os.environ, LC_ALL=lang), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=2 * harness.LIMIT_S)
        if done.returncode != code:
            raise AssertionError("%s ended with %d:\n%s\n%s" % (words, done.returncode, done.stdout,
                                                               done.stderr))
        return done.stdout if code == 0 else done.stderr

    def page(self, ticket, *more, lang=EN):
        path = self.path("page.html")
        self.assertEqual("", self.ask("explain", ticket, "--page", path, *more, lang=lang))
        with open(path, encoding="utf-8") as file:
            return Page(file.read())

    def test_everything_is_on_it(self):
        page = self.page(self.done)
        for text in (self.done, MEAN, FAULT, "finished", "2007-03-01 08:30", "徐军 (person:xu)",
                     "call the customer #1", "breached", "-50.00 yuan", "7.4/person:xu/%s/completion#1"
                     % self.done, "clause 7.4", "waits for a part", "delay reported"):
            self.assertIn(text, page.text)
        self.assertEqual(1, page.tags.count("h1"))
        # a drawing for every clock, the lanes, the hatching, five marks in the key, each owner
        story = json.loads(self.ask("explain", self.done, "--story", "--json"))
        clocks = sum("#" in text and "/" not in text for text in page.texts
                     if re.fullmatch(r"[a-z ]+ #\d+", text))
        self.assertEqual(9, clocks)
        owners = len(story["held"]) + len(story["offered"])
        self.assertEqual(clocks + 1 + 1 + 5 + owners, page.tags.count("svg"))

    def test_in_chinese(self):
        for page in (self.page(self.done, lang=ZH), self.page(self.done, "--lang", "zh")):
            for text in ("服务单 " + self.done, "已办结", "承诺时限与兑现", "判定说明", "条款 7.4",
                         "-50.00 元", "待配件", "上门打卡"):
                self.assertIn(text, page.text)
            self.assertIn(("lang", "zh-CN"), page.attributes)
        self.assertIn("What happened", self.page(self.done, "--lang", "en", lang=ZH).text)

    def test_nothing_from_outside_and_no_script(self):
        for ticket in (self.done, self.goes_on):
            for whom in ("staff", "customer"):
                page = self.page(ticket, "--for", whom)
                self.assertIn(MEAN, page.text)
                self.assertFalse({"script", "img", "link", "iframe", "b"} & set(page.tags))
                for name, value in page.attributes:
                    self.assertNotIn(name, ("href", "src"))
                    self.assertFalse(name.startswith("on"), name)
                with open(self.path("page.html"), encoding="utf-8") as file:
                    raw = file.read()
                self.assertEqual({"#hatch"}, set(re.findall(r"url\(([^)]*)\)", raw)))
                self.assertNotRegex(raw, "https?:|@import")

    def test_drawings_stay_in_their_frames(self):
        for ticket in (self.done, self.goes_on):
            self.page(ticket)
            with open(self.path("page.html"), encoding="utf-8") as file:
                raw = file.read()
            for width, drawing in re.findall(r'viewBox="0 0 (\d+) \d+"[^>]*>(.*?)</svg>', raw, re.S):
                for x, w in re.findall(r'x="(-?[\d.]+)"(?: width="(-?[\d.]+)")?', drawing):
                    self.assertGreaterEqual(float(x), 0)
                    self.assertLessEqual(float(x) + float(w or 0), float(width))
                for x in re.findall(r"translate\((-?[\d.]+),0\)", drawing):
                    self.assertTrue(0 <= float(x) <= float(width), x)

    def test_for_a_customer(self):
        """No money, no clause, no account, only what was promised to him and done with him."""
        page = self.page(self.done, "--for", "customer")
        text = self.ask("explain", self.done, "--story", "--for", "customer")
        line = self.ask("explain", self.done, "--story", "--json", "--for", "customer")
        for each in (page.text, text, line):
            self.assertNotRegex(each, r"person:|outlet:|50\.00|-5000|7\.\d|Fines|offered|assigned|"
                                      r"file the result|\(xu\)")
            for wanted in ("徐军", "be on site #1" if each is not line else '"VISIT"',
                           "waits for a part"):
                self.assertIn(wanted.lower(), each.lower())
        self.assertNotIn("money", json.loads(line))

    def test_as_json(self):
        story = json.loads(self.ask("explain", self.done, "--story", "--json"))
        self.assertEqual((self.done, "staff", MEAN, FAULT),
                         (story["ticket"], story["for"], story["customer"], story["fault"]))
        late, = [each for each in story["clocks"] if each["late"]]
        self.assertEqual(("7.4", True), (late["clause"], late["final"]))
        self.assertEqual(12 * 3600000, late["due_at_ms"] - late["start_at_ms"])
        complaint, = [each for each in story["clocks"] if each["pauses"]]
        self.assertEqual(complaint["pauses"][0]["to_at_ms"] - complaint["pauses"][0]["from_at_ms"],
                         complaint["due_at_ms"] - complaint["start_at_ms"] - 72 * 3600000)
        self.assertEqual("person:xu", story["held"][-1]["account"])
        self.assertEqual(["-5000"], [each["amount_fen"] for each in story["money"]])
        self.page(self.done, "--for", "staff")  # and nothing is printed beside the file

    def test_what_goes_on(self):
        """A running clock is drawn up to now; its due is still to come."""
        story = json.loads(self.ask("explain", self.goes_on, "--story", "--json"))
        runs = [each for each in story["clocks"] if "stop_at_ms" not in each]
        self.assertEqual({False}, {each["final"] for each in runs})
        self.assertIn("runs", {each["verdict"] for each in runs})
        contact, = [each for each in runs if "CONTACT" in each["clock"].upper()]
        self.assertEqual("overdue, not yet final", contact["verdict"])
        text = self.ask("explain", self.goes_on, "--story")
        self.assertIn("▶", text)
        self.assertIn("进行中", self.ask("explain", self.goes_on, "--story", lang=ZH))
        self.assertIn("going on", self.page(self.goes_on).text)

    def test_lines_of_the_terminal(self):
        text = self.ask("explain", self.done, "--story")
        lines = re.findall("[%s]{20,}" % MARKS, text)
        self.assertEqual(9, len(lines))
        self.assertEqual({44}, {len(line) for line in lines})
        for line in lines:
            self.assertEqual(1, line.count("●"), line)
        self.assertEqual(1, sum("░" in line for line in lines))
        self.assertEqual(1, sum("━" in line for line in lines))

    def test_lines_begin_below_one_another(self):
        """However long the name of a clock is, and in wide characters, too."""
        for words, lang in itertools.product(((), ("--for", "customer")), (EN, ZH)):
            text = self.ask("explain", self.done, "--story", *words, lang=lang)
            names = re.findall("(?m)^(.+?)[%s]{44}  " % MARKS, text)
            self.assertGreater(len(names), 2)
            columns = {sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in name)
                       for name in names}
            self.assertEqual(1, len(columns), names)
            for name in names:
                self.assertTrue(name.endswith(" "), name)

    def test_a_page_to_a_pipe(self):
        path = self.path("page.html")
        self.ask("explain", self.done, "--page", path)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), self.ask("explain", self.done, "--page", "-"))

    def test_wrong_words(self):
        page = self.path("no.html")
        for words, code, said in (
                ((self.done, "--page", page, "--for", "me"), 2, "staff or customer"),
                ((self.done, "--page", page, "--lang", "fr"), 2, "zh or en"),
                ((self.done, "--page", "-", "--json"), 2, "it needs a file"),
                ((self.done, "--page", "/dev/full"), 70, "No space left on device"),
                ((self.done, "--for", "staff"), 2, "go with --page or --story"),
                (("7.1", "--page", page), 2, "is no ticket id"),
                (("pbx-1", "--story"), 2, "is no ticket id"),
                (("T007-9999", "--story"), 1, "there is no ticket"),
                ((self.done, "--page", self.path("none", "a.html")), 2, "No such file")):
            self.assertIn(said, self.ask("explain", *words, code=code))
        self.assertFalse(os.path.exists(page))


class TestRepeated(Lived):
    """x2 repeats x1, nobody analyses it, the manager says nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.live(repaired_again_within_the_month, "2007-06-01T00:00:00+08:00")
        cls.again = re.search(r"repeat repair (\S+),", cls.ask("explain", cls.ticket)).group(1)

    def story(self, ticket, *more, lang=EN):
        text = self.ask("explain", ticket, "--story", *more, lang=lang)
        return [re.sub(" {2,}", "  ", line.strip()) for line in text.splitlines()]

    def test_which_repair_whose_until_when(self):
        story = self.story(self.ticket)
        for line in ("03-05 08:30  repeat repair  %s, repeats %s, did not last: 换保险, "
                     "徐军 (person:xu), done 2007-03-01 16:10" % (self.again, self.ticket),
                     "03-13 16:10:00.001  case not analysed in time  repeated by %s, "
                     "徐军 (person:xu), due 2007-03-12 16:10" % self.again,
                     "03-13 16:10:00.001  proposed to the manager  徐军 (person:xu), clause 7.14, "
                     "-100.00 yuan, until 2007-05-12 16:10:00.001",
                     "05-12 16:10:00.002  proposal expired  徐军 (person:xu), clause 7.14, "
                     "-100.00 yuan, until 2007-05-12 16:10:00.001"):
            self.assertIn(line, story)
        chinese = self.story(self.ticket, lang=ZH)
        self.assertIn("03-13 16:10:00.001  提请经理确认  徐军 (person:xu), 条款 7.14, -100.00 元, "
                      "至 2007-05-12 16:10:00.001", chinese)

    def test_of_the_other_ticket(self):
        story = self.story(self.again)
        self.assertIn("03-05 08:30  repeat repair  repeats %s, did not last: 换保险, "
                      "徐军 (person:xu), done 2007-03-01 16:10" % self.ticket, story)
        self.assertIn("03-13 16:10:00.001  case not analysed in time  %s, repeated by %s, "
                      "徐军 (person:xu), due 2007-03-12 16:10" % (self.ticket, self.again), story)

    def test_the_category_has_a_name(self):
        self.assertIn("product  small appliance, A1, SN-0001", self.story(self.ticket))
        self.assertIn("产品  小家电, A1, SN-0001", self.story(self.ticket, lang=ZH))
        self.assertIn("小家电", self.ask("explain", self.ticket, lang=ZH))

    def test_not_for_the_customer(self):
        story = "\n".join(self.story(self.ticket, "--for", "customer"))
        for word in ("repeat", "proposed", "analysed", "7.14"):
            self.assertNotIn(word, story)


def _what_cost_money(county):
    """x1: done a day after its verdict was due. x2: paid more than was filed, in slippers. x3: not
    there at the agreed time, and x4 says so. x5: one was asked, the other took it."""
    late = _booked(county)
    late.check_in("15:30", "xu")
    late.leave("15:40", "xu")
    late.done("xu", complete="03-05 11:00", file="03-05 11:10", callback="03-06 09:00")
    late.judged("order+ dispatch+ accept+ contact+ visit+ complaint- result+ callback+")
    paid = _booked(county, ref="x2")
    paid.done("xu", check_in="16:00", complete="16:20")
    paid.file("16:30", "xu", parts=2000)
    paid.callback("03-02 10:00", charged_fen=6000, shoe_covers=False, fixed=False)
    paid.all_kept()
    missed = _booked(county, ref="x3")
    missed.done("xu", check_in="17:30", complete="17:50", file="17:55", callback="03-03 10:00")
    missed.judged("order+ dispatch+ accept+ contact+ visit- complaint+ result+ callback+")
    said = county.service("x4", "17:20:00", "lin", missed, "NOT_ON_TIME", "等到五点没人来")
    said.cancel("17:25", "已道歉")
    said.callback("03-02 10:00")
    said.judged("orderx complaintx callback+")
    asked = _repair(county, ref="x5", product="television A1")
    asked.order("03-02 10:00-12:00")
    asked.accept("09:05:00", "xu")
    asked.all_kept()


class TestWhy(Lived):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.live(_what_cost_money, "2007-03-08T10:00:00+08:00")

    def story(self, ref, *more, lang=EN):
        return self.ask("explain", self.tickets[ref], "--story", *more, lang=lang)

    def why(self, ref, lang=EN):
        heading = {EN: "\nWhy\n", ZH: "\n判定说明\n"}[lang]
        return self.story(ref, lang=lang).split(heading)[1].split("\n\n")[0]

    def page(self, ref, *more, lang=EN):
        return Page(self.ask("explain", self.tickets[ref], "--page", "-", *more, lang=lang)).text

    def test_done_after_the_verdict(self):
        """The verdict stands, but nobody reads that what was done was not."""
        for words in ((), ("--for", "customer")):
            said = self.story("x1", *words)
            self.assertIn("settle the complaint #1: due 03-04 08:30, done 03-05 11:00, late by "
                          "1d 2h 30m; done after the due time", said)
            self.assertNotIn("not done", said)
            line, = re.findall("settle the complaint #1 ([%s]+)  breached" % MARKS, said)
            self.assertTrue(line.endswith("●") and "━" in line, line)
            self.assertIn("done 03-05 11:00, late by 1d 2h 30m", self.page("x1", *words))
        complaint, = [each for each in json.loads(self.story("x1", "--json"))["clocks"]
                      if each["clock"] == "complaint"]
        self.assertEqual((True, 26 * 3600000 + 1800000), (
            complaint["late"], complaint["stop_at_ms"] - complaint["due_at_ms"]))

    def test_done_after_the_verdict_in_the_daily_table(self):
        row, = [line for line in self.ask("report", "daily", "--date", "2007-03-04").splitlines()
                if self.tickets["x1"] in line]
        self.assertRegex(row, "2007-03-05 11:00:00 +1d 02h ")

    def test_the_answer_and_the_sum(self):
        """7.22, and 7.5 and 7.20 beside it: each question with what follows from it."""
        sentences = (
            "asked: charged, answered 60.00 yuan; filed: labour 30.00 + parts 20.00 = 50.00 yuan; "
            "by the tariff: labour 30.00 + parts 20.00 = 50.00 yuan; repair fee, parts not "
            "counted: 60.00 - 20.00 = 40.00 yuan; by the clause: 10 x 40.00 = 400.00 yuan",
            "asked: shoe covers, answered no; by the clause: 20.00 yuan",
            "asked: fixed, answered no; filed: fixed; by the clause: 100.00 yuan")
        forms = (self.why("x2"), self.page("x2"), self.story("x2", "--json"),
                 self.ask("explain", self.tickets["x2"]))
        for form, sentence in itertools.product(forms, sentences):
            self.assertIn(sentence, form)
        for form in forms[:3]:
            self.assertIn("proposed to the manager -400.00 yuan, 徐军 (person:xu)", form)
            self.assertIn("clause 7.22: Charged by something else than the tariff", form)
        for form in (self.story("x2"), forms[3]):
            self.assertRegex(form, "reached.*, charged 60.00 yuan")
        chinese = self.why("x2", ZH)
        self.assertIn("60.00 - 20.00 = 40.00 元", chinese)
        self.assertIn("10 x 40.00 = 400.00 元", chinese)
        self.assertNotRegex(chinese, "asked|filed|tariff|yuan")

    def test_the_complaint_beside_a_missed_visit(self):
        why = "not there at the agreed time, and the customer complained"
        clause = "clause 7.6: The agreed visit was missed"
        complaint = "the customer's complaint %s, 03-01 17:20: 等到五点没人来" % self.tickets["x4"]
        for form in (self.why("x3"), self.page("x3"), self.story("x3", "--json")):
            self.assertIn("%s; %s; %s" % (why, complaint, clause), form)
        self.assertIn("用户投诉 %s" % self.tickets["x4"], self.why("x3", ZH))
        self.assertIn(self.tickets["x4"], self.ask("explain", self.tickets["x3"]))
        # the line of the money has its reason in the terminal, too
        self.assertRegex(self.story("x3"), r"7\.6/person:xu/%s/visit#1\n +2007-03  %s\n" % (
            self.tickets["x3"], why))

    def test_no_money_for_a_customer(self):
        for ref in ("x2", "x3"):
            for said in (self.story(ref, "--for", "customer"), self.page(ref, "--for", "customer"),
                         self.story(ref, "--for", "customer", "--json")):
                self.assertNotRegex(said, r"yuan|clause|asked|proposed|offered|complaint T007")

    def test_whom_it_was_offered_to(self):
        story = json.loads(self.story("x5", "--json"))
        first, second = story["offered"]
        self.assertEqual("person:xu", second["account"])
        self.assertNotIn(first["account"], [each["account"] for each in story["held"]])
        self.assertEqual(1800001, first["to_at_ms"] - first["from_at_ms"])
        self.assertEqual((first["to_at_ms"], 1172711100000),
                         (second["from_at_ms"], second["to_at_ms"]))
        self.assertIn("  offered to    03-01 08:32 .. 03-01 09:02:00.001  " + first["name"],
                      self.story("x5"))
        self.assertIn("派工待接", self.story("x5", lang=ZH))
        page = self.page("x5")
        self.assertIn(first["name"] + " 03-01 08:32 – 03-01 09:02:00.001", page)
        self.assertEqual(2, page.count("offered to"))  # its lane, and whose colour is whose


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
