#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The department's papers: the year 2006 comes out with the figures of its own report, replayed and
played live through all services; two years beside each other; what a spreadsheet gets.

    tests/e2e/test_reports.py --bin build/release/bin [unittest arguments]"""
import argparse
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
OPTIONS, REST = parser.parse_known_args()
BIN = os.path.abspath(OPTIONS.bin)
os.environ["DS_BUILD"] = os.path.dirname(BIN)
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(SOURCE, "tests", "lib"))
import harness  # noqa: E402

EN, ZH = "C.UTF-8", "zh_CN.UTF-8"
YEAR_S = 1200  # the whole year, through a build with sanitizers, on a busy machine
LIVE_S = 7200  # the same through all services
FORMULA = "=HYPERLINK(\"http://example.invalid\",\"来\")"
PAPERS = (("daily", "--date", "2006-07-03"), ("weekly", "--week", "2006-07-03"),
          ("monthly", "--month", "2006-06"), ("annual", "--year", "2006"))


def doorstep(*words, lang=EN, code=0, limit_s=YEAR_S):
    done = subprocess.run([os.path.join(BIN, "doorstep"), *words], text=True, timeout=limit_s,
                          env=dict(os.environ, LC_ALL=lang), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != code:
        raise AssertionError("doorstep %s ended with %d:\n%s\n%s" % (
            " ".join(words), done.returncode, done.stdout[-3000:], done.stderr[-3000:]))
    return done.stdout


def make_year(where, *options):
    subprocess.run([sys.executable, os.path.join(SOURCE, "tests", "gen", "year.py"), where,
                    *options], check=True)
    return os.path.join(where, "year.ndjson")


def figures(paper, column="now"):
    return {row["figure"]: row[column] for row in paper["figures"]["rows"]}


class Workbook:
    """What is in an .xlsx, read from its XML."""

    MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

    def __init__(self, path):
        with zipfile.ZipFile(path) as self.zip:
            self.strings = ["".join(si.itertext()) for si in self.xml("sharedStrings.xml")]
            book = self.xml("workbook.xml")
            self.names = [sheet.get("name") for sheet in book.iter(self.MAIN + "sheet")]
            self.defined = {(name.get("name"), name.get("localSheetId")): name.text
                            for name in book.iter(self.MAIN + "definedName")}
            self.sheets = [self.xml("worksheets/sheet%d.xml" % (n + 1))
                           for n in range(len(self.names))]
            styles = self.xml("styles.xml")
        formats = {int(one.get("numFmtId")): one.get("formatCode")
                   for one in styles.iter(self.MAIN + "numFmt")}
        formats.update({3: "#,##0", 4: "#,##0.00", 49: "@"})  # built in
        self.formats = [formats.get(int(xf.get("numFmtId")))
                        for xf in styles.find(self.MAIN + "cellXfs")]

    def xml(self, name):
        return ElementTree.fromstring(self.zip.read("xl/" + name))

    def rows(self, sheet):
        """Lists of (value, number format); texts as they are, numbers as floats."""
        found = []
        for row in self.sheets[sheet].iter(self.MAIN + "row"):
            cells = []
            for cell in row:
                value = cell.find(self.MAIN + "v")
                text = value.text if value is not None else None
                if cell.get("t") == "s":
                    text = self.strings[int(text)]
                elif text is not None:
                    text = float(text)
                cells.append((text, self.formats[int(cell.get("s", 0))]))
            found.append(cells)
        return found


class Papers(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="ds")
        cls.addClassCleanup(shutil.rmtree, cls.root)


class TestYear(Papers):
    """The whole year, replayed."""

    def test_its_figures(self):
        lines = make_year(self.root)
        book = os.path.join(self.root, "2006.xlsx")
        paper = json.loads(doorstep("report", "annual", "--year", "2006", "--json", "--xlsx", book,
                                    lines))
        found = figures(paper)
        self.assertEqual(
            {"received": 8362, "repairs_inhouse": 7275, "repairs_outlets": 1087,
             "cost_inhouse_fen": 11796600, "cost_per_repair_yuan_10": 162, "repairs": 8362,
             "cost_target_yuan_10": 150, "above_target_yuan_10": 12, "installs": 1990,
             "install_cost_fen": 131000 + 5756000 + 1238000, "makers": 6, "outlets_city": 6,
             "outlets_township": 0, "service_reports": 48, "jobs": 8362 + 48 + 1990},
            {key: found[key] for key in (
                "received", "repairs_inhouse", "repairs_outlets", "cost_inhouse_fen",
                "cost_per_repair_yuan_10", "repairs", "cost_target_yuan_10",
                "above_target_yuan_10", "installs", "install_cost_fen", "makers", "outlets_city",
                "outlets_township", "service_reports", "jobs")})
        for key, value in found.items():  # no part of the report is empty, but for the townships
            self.assertEqual(key == "outlets_township", value == 0, key)
        self.assertEqual({None}, set(figures(paper, "before").values()))
        county, river = paper["territories"]["rows"]
        self.assertEqual((7275, 0, 0, 1087), (
            county["repairs_inhouse"], county["repairs_outlets"], river["repairs_inhouse"],
            river["repairs_outlets"]))
        months = paper["months"]["rows"]
        self.assertEqual(12, len(months))
        for name in ("received", "repairs_inhouse", "cost_inhouse_fen", "fines_fen"):
            self.assertEqual(found[name], sum(row[name] for row in months), name)
        self.assertEqual(found["fines_fen"] + found["rewards_fen"],
                         sum(row["sum_fen"] for row in paper["clauses"]["rows"]))
        self.check_book(Workbook(book))

    def check_book(self, book):
        self.assertEqual(["annual report", "territories", "months", "fines and rewards", "key customers",
                          "makers"], book.names)
        rows = {row[0][0]: row for row in book.rows(0) if len(row) > 2}
        self.assertEqual((8362.0, "#,##0"), rows["complaints received"][2])
        self.assertEqual((117966.0, '"¥"#,##0.00'), rows["cost of repairs in-house"][2])
        self.assertEqual((16.2, '"¥"0.0'), rows["cost per repair in-house"][2])
        self.assertEqual("0.0%", rows["first-time-fix rate"][2][1])
        self.assertEqual("county department, 2006: Annual report 2006", book.rows(0)[0][0][0])
        self.assertRegex(book.rows(0)[1][0][0], r"^The year's figures, as of 2007-01-\d\d ")
        for n, name in enumerate(book.names):
            quoted = "'%s'" % name if " " in name else name
            self.assertEqual(quoted + "!$4:$4", book.defined["_xlnm.Print_Titles", str(n)])
        for n, sheet in enumerate(book.sheets):
            setup = sheet.find(book.MAIN + "pageSetup")
            self.assertEqual(("9", "landscape" if n < 3 else "portrait", "0"),
                             (setup.get("paperSize"), setup.get("orientation") or "portrait",
                              setup.get("fitToHeight")))
            self.assertEqual("&Lcounty department, 2006&CAnnual report 2006&Rprinted &D &T",
                             next(sheet.iter(book.MAIN + "oddHeader")).text)
            self.assertEqual("&Cpage &P of &N", next(sheet.iter(book.MAIN + "oddFooter")).text)
            self.assertEqual("1", sheet.find("%ssheetPr/%spageSetUpPr" % (
                book.MAIN, book.MAIN)).get("fitToPage"))
            self.assertEqual("frozen", next(sheet.iter(book.MAIN + "pane")).get("state"))
            self.assertEqual([], list(sheet.iter(book.MAIN + "f")))


class TestTwoYears(Papers):
    """A twentieth of two years: the year before, spreadsheets, Chinese, wrong words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = make_year(cls.root, "--since", "2005", "--part", "20")
        # an institution whose name a spreadsheet would take for a formula
        with open(cls.lines, "r+", encoding="utf-8") as file:
            first = next(line for line in map(json.loads, file)
                         if line["id"].startswith("2006-c") and "register" in line and
                         line["made_at_ms"] >= 1138723200000)  # February: some came in December
            first["id"] = first["register"]["ref"] = "formula"
            first["register"]["customer"].update(name=FORMULA, phone="13900000000",
                                                 institution=True)
            first["register"]["product"]["serial"] = "F1"
            file.seek(0, os.SEEK_END)
            file.write(json.dumps(first, ensure_ascii=False) + "\n")

    def annual(self, *words, **more):
        return doorstep("report", "annual", "--year", "2006", self.lines, *words, **more)

    def test_the_year_before(self):
        paper = json.loads(self.annual("--json"))
        now, before = figures(paper), figures(paper, "before")
        change = figures(paper, "change_permille")
        older = figures(json.loads(doorstep("report", "annual", "--year", "2005", self.lines,
                                            "--json")))
        self.assertEqual(older, before)
        self.assertEqual(round(1000 * (now["jobs"] - before["jobs"]) / before["jobs"]),
                         change["jobs"])
        self.assertGreater(change["jobs"], 90)
        self.assertIsNone(change["first_time_permille"])

    def test_territories_make_up_the_department(self):
        whole = figures(json.loads(self.annual("--json")))
        parts = [figures(json.loads(self.annual("--json", "--territory", name)))
                 for name in ("county", "river")]
        for key in ("received", "repairs", "cost_inhouse_fen", "installs", "fines_fen", "outlets",
                    "key_customers"):
            self.assertEqual(whole[key], sum(part[key] for part in parts), key)

    def test_no_formula_for_a_spreadsheet(self):
        text = self.annual("--csv")
        self.assertTrue(text.startswith("\ufeff"))
        cells = [cell for row in csv.reader(io.StringIO(text[1:])) for cell in row]
        self.assertEqual(["'" + FORMULA], [cell for cell in cells if cell[:1] == "'"])
        self.assertEqual([], [cell for cell in cells if cell[:1] in ("=", "+", "@")])
        self.assertEqual([], [cell for cell in cells if cell[:1] == "-" and
                              not re.fullmatch(r"-?[\d.]+%?", cell)])
        book = os.path.join(self.root, "formula.xlsx")
        self.annual("--xlsx", book)
        workbook = Workbook(book)
        self.assertIn(FORMULA, [row[0][0] for row in workbook.rows(4)])
        self.assertEqual([], list(workbook.sheets[3].iter(workbook.MAIN + "f")))

    def test_the_same_bytes_again(self):
        for one in ("1", "2"):
            self.annual("--xlsx", os.path.join(self.root, one))
        with open(os.path.join(self.root, "1"), "rb") as one:
            with open(os.path.join(self.root, "2"), "rb") as two:
                self.assertEqual(one.read(), two.read())

    def test_in_chinese(self):
        text = self.annual(lang=ZH)
        for words in ("2006 年度售后工作报告", "投诉总量", "单台维修费", "一次性维修率", "口径",
                      "重点客户", "厂家指定维修点", "洞庭空调", "同比"):
            self.assertIn(words, text)
        book = os.path.join(self.root, "zh.xlsx")
        self.assertIn("已写入", self.annual("--xlsx", book, lang=ZH))
        self.assertEqual(["年度报告", "各片区", "各月", "正负激励", "重点客户", "厂家指定维修点"],
                         Workbook(book).names)
        for words, title in zip(PAPERS, ("2006-07-03 效率表", "任务进度表 2006-07-03 至 2006-07-09",
                                         "2006-06 月报", "2006 年度")):
            self.assertTrue(doorstep("report", *words, self.lines, lang=ZH).startswith(title))

    def test_a_week_adds_up(self):
        paper = json.loads(doorstep("report", "weekly", "--week", "2006-07-03", self.lines,
                                    "--json"))
        rows = paper["workload"]["rows"]
        self.assertGreater(len(rows), 5)
        for row in rows + paper["workload"]["sums"]:
            self.assertEqual(row["carried"] + row["new"], row["done"] + row["gone"] + row["open"])
        for key in ("new", "done", "open"):
            self.assertEqual(sum(row[key] for row in rows), paper["workload"]["sums"][-1][key])

    def test_a_month_is_its_statements(self):
        """Each row says what `statement` would, and the year's cost is that of its months."""
        cost = 0
        for month in range(1, 14):
            when = "2006-%02d" % month if month < 13 else "2007-01"
            paper = json.loads(doorstep("report", "monthly", "--month", when, self.lines, "--json"))
            cost += sum(row["pieces_fen"] for row in paper["statements"]["rows"])
            self.assertEqual(sum(row["settlement_fen"] for row in paper["statements"]["rows"]),
                             paper["statements"]["sums"][0]["settlement_fen"])
        year = figures(json.loads(self.annual("--json")))
        self.assertEqual(cost, year["cost_inhouse_fen"] + year["cost_outlets_fen"] +
                         year["install_cost_fen"])

    def refused(self, words, en, zh, code=2):
        """In each language, wholly."""
        for lang, expected in ((EN, en), (ZH, zh)):
            done = subprocess.run([os.path.join(BIN, "doorstep"), "report", *words], text=True,
                                  env=dict(os.environ, LC_ALL=lang), stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=YEAR_S)
            self.assertEqual((code, "doorstep report: %s\n" % expected),
                             (done.returncode, done.stderr), words)

    def test_wrong_words(self):
        day = ("expected a day of the calendar from 2000 to 2060, YYYY-MM-DD",
               "应为日历上有的日期,写作 YYYY-MM-DD(2000 至 2060 年)")
        for words, en, zh in (
                (["hourly"], "hourly: expected daily, weekly, monthly or annual",
                 "hourly:应为 daily、weekly、monthly 或 annual"),
                (["daily"], "daily: say which with --date YYYY-MM-DD",
                 "daily:请用 --date YYYY-MM-DD 说明"),
                (["daily", "--date", "2007-02-30"], "--date 2007-02-30: " + day[0],
                 "--date 2007-02-30:" + day[1]),
                (["weekly", "--week", "2006-07-04"],
                 "--week 2006-07-04 is a Tuesday: expected its Monday, 2006-07-03",
                 "--week 2006-07-04 是星期二:应为该周星期一,即 2006-07-03"),
                (["monthly", "--month", "July"],
                 "--month July: expected a month from 2000-01 to 2060-12, YYYY-MM",
                 "--month July:应为月份,写作 YYYY-MM(2000-01 至 2060-12)"),
                (["annual", "--year", " 2006"],
                 "--year  2006: expected a year from 2000 to 2060, YYYY",
                 "--year  2006:应为年份,写作 YYYY(2000 至 2060)"),
                (["annual", "--year", "2006", "--month", "2006-01"],
                 "annual goes by --year, not by --month", "annual 用 --year,不用 --month"),
                (["daily", "--date", "2006-07-03", "--year", "2006"],
                 "daily goes by --date, not by --year", "daily 用 --date,不用 --year"),
                (["annual", "--year", "2006", "--csv", "--json"],
                 "expected --csv or --json, not both", "--csv 与 --json 只能选一个")):
            self.refused([*words, self.lines], en, zh)
        self.refused(["annual", "--year", "2006", "--rules", self.root],
                     "--rules is for a FILE of commands: the installation has its own",
                     "--rules 只用于命令文件:安装有自己的规则")
        self.refused(["annual", "--year", "2006", "--territory", "atlantis", self.lines],
                     "the directory has no territory atlantis", "目录中没有片区 atlantis", code=1)
        doorstep("report", "annual", "--year", "2006", os.path.join(self.root, "none"), code=2)

    def test_what_cannot_be_written(self):
        asked = ["annual", "--year", "2006", self.lines]
        for path, en, zh in (
                (os.path.join(self.root, "no", "such.xlsx"), "No such file or directory",
                 "没有这个文件或目录"),
                (self.root, "Is a directory", "是一个目录"),
                ("/dev/full", "No space left on device", "磁盘空间不足")):
            self.refused([*asked, "--xlsx", path], "%s cannot be written: %s" % (path, en),
                         "无法写入 %s:%s" % (path, zh))
        for form in ([], ["--csv"], ["--json"]):
            with open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run([os.path.join(BIN, "doorstep"), "report", *asked, *form],
                                      env=dict(os.environ, LC_ALL=EN), stdout=full, text=True,
                                      stderr=subprocess.PIPE, timeout=YEAR_S)
            self.assertEqual((69, "doorstep report: the output could not be written: "
                              "No space left on device\n"), (done.returncode, done.stderr))

    def test_nothing_recorded(self):
        for words in (("daily", "--date", "2008-03-01"), ("weekly", "--week", "2003-12-01"),
                      ("monthly", "--month", "2008-03"), ("annual", "--year", "2008")):
            self.assertIn("Nothing was recorded in this time: the journals go from 2004-12-30 to "
                          "2007-01-", doorstep("report", *words, self.lines))
            self.assertIn("这段时间没有任何记录:日志自 2004-12-30 至 2007-01-",
                          doorstep("report", *words, self.lines, lang=ZH))
        text = doorstep("report", "daily", "--date", "2008-03-01", self.lines)
        self.assertEqual(3, text.count("\n(none)\n"))
        self.assertNotIn("Nothing was recorded", self.annual())
        self.assertTrue(self.annual().endswith("\n\nAmounts are in yuan.\n"))
        self.assertIn("This time may not be over: what was recorded up to 2007-01-",
                      doorstep("report", "monthly", "--month", "2007-01", self.lines))


class Desk:
    """Commands of a few repairs in the county, on the rules of the year 2006."""

    def __init__(self):
        self.lines = []

    def say(self, at, ref, by, body, value=None, **more):
        line = {"id": "%s-%d" % (ref, len(self.lines)), "by": by, "territory": "county",
                "made_at_ms": at + "+08:00", body: value or {}, **more}
        if body != "register":
            line["ref"] = ref
        self.lines.append(line)

    def report(self, at, ref, serial):
        self.say(at, ref, "lin", "register", {
            "kind": "COMPLAINT", "complaint_type": "REPAIR", "channel": "COUNTER", "ref": ref,
            "customer": {"phone": "1390000" + serial[1:], "name": "孙丽", "address": "学堂巷 2",
                         "city": True},
            "product": {"category": "television", "model": "C21", "serial": serial}})

    def repair(self, day, ref, serial=None, visits=1, fixed=True, accepted="08:20:00.000",
               result="11:00:00"):
        at = (day + "T%s").__mod__
        self.report(at("08:00:00"), ref, serial or "S%04d" % len(self.lines))
        self.say(at("08:01:00"), ref, "lin", "fill_order", {"order_no": ref})
        self.say(at("08:02:00"), ref, "lin", "contact_customer")
        self.say(at("08:03:00"), ref, "lin", "assign", {"account": "person:huang"})
        self.say(at(accepted), ref, "huang", "accept")
        for n in range(visits):
            self.say(at("09:%02d:00" % n), ref, "huang", "check_in", {"customer_present": True})
        self.say(at("10:00:00"), ref, "huang", "complete")
        self.say(at(result), ref, "huang", "file_result",
                 {"fixed": fixed, "labour_fen": 500, "parts_fen": 0, "tariff_fen": 500})


class TestCounted(Papers):
    """What counts, and from which instant on it does not."""

    def paper(self, desk, *words):
        make_year(self.root, "--part", "9999")
        path = os.path.join(self.root, "desk.ndjson")
        desk.lines.sort(key=lambda line: line["made_at_ms"])
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in desk.lines)
        return json.loads(doorstep("report", *words, path, "--json"))

    def at_once(self, desk):
        return figures(self.paper(desk, "annual", "--year", "2006"))["first_time_permille"]

    def test_repaired_at_once(self):
        desk = Desk()
        desk.repair("2006-03-01", "once")
        self.assertEqual(1000, self.at_once(desk))
        desk.repair("2006-03-02", "nobody-there", visits=0)
        self.assertEqual(1000, self.at_once(desk))
        desk.repair("2006-03-03", "twice", visits=2)
        self.assertEqual(667, self.at_once(desk))
        desk.repair("2006-03-04", "not-fixed", fixed=False)
        self.assertEqual(500, self.at_once(desk))

    def test_not_if_reopened(self):
        desk = Desk()
        desk.repair("2006-03-01", "again")
        desk.say("2006-03-06T09:00:00", "again", "lin", "reopen", {"reason": "又坏了"})
        self.assertEqual(0, self.at_once(desk))

    def test_not_if_the_product_comes_again_within_thirty_days(self):
        for when, rate in (("2006-03-31T11:00:00", 0), ("2006-03-31T11:00:00.001", 1000)):
            desk = Desk()
            desk.repair("2006-03-01", "first", "S7001")
            desk.report(when, "second", "S7001")
            self.assertEqual(rate, self.at_once(desk), when)
        desk.lines[-1]["register"]["product"]["serial"] = "S7002"
        desk.lines[-1]["made_at_ms"] = "2006-03-31T10:00:00+08:00"
        self.assertEqual(1000, self.at_once(desk))

    def test_the_same_product_is_what_the_archive_of_cases_takes_for_it(self):
        for serials, rate in ((("00000", "00000"), 1000), (("S7001", "ｓ 7001"), 500)):
            desk = Desk()
            for i, serial in enumerate(serials):  # of two customers
                desk.repair("2006-03-0%d" % (1 + i), "job%d" % i, "S700%d" % i)
                register, = (line["register"] for line in desk.lines
                             if line["id"].startswith("job%d" % i) and "register" in line)
                register["product"]["serial"] = serial
            self.assertEqual(rate, self.at_once(desk), serials)

    def test_the_year_is_that_of_the_territory(self):
        desk = Desk()
        desk.repair("2006-12-30", "old", result="23:59:59.999")
        desk.repair("2006-12-31", "new")
        desk.lines[-1]["made_at_ms"] = "2007-01-01T00:00:00+08:00"
        found = figures(self.paper(desk, "annual", "--year", "2006"))
        self.assertEqual((2, 1, 1500), (found["received"], found["repairs"],
                                        found["cost_inhouse_fen"]))
        paper = self.paper(desk, "annual", "--year", "2007")
        self.assertEqual((0, 1), (figures(paper)["received"], figures(paper)["repairs"]))
        self.assertEqual(2, figures(paper, "before")["received"])

    def test_a_day(self):
        """Due at 08:33: the last instant is in time, the next one is not."""
        desk = Desk()
        desk.repair("2006-03-01", "kept", accepted="08:33:00.000")
        desk.repair("2006-03-01", "late", accepted="08:33:00.001")
        desk.report("2006-03-01T15:00:00", "open", "S7003")
        paper = self.paper(desk, "daily", "--date", "2006-03-01")
        row, = paper["technicians"]["rows"]
        self.assertEqual(("person:huang", 2, 1), (row["account"], row["received"],
                                                  row["accepted_in_time"]))
        self.assertIn(("late", "accept", "7.1"),
                      [(one["ref"], one["clock"], one["clause"])
                       for one in paper["broken"]["rows"]])
        self.assertNotIn("kept", [one["ref"] for one in paper["broken"]["rows"]
                                  if one["clock"] == "accept"])
        desk_row, = paper["desk"]["rows"]
        self.assertEqual(("person:lin", 3), (desk_row["account"], desk_row["registered"]))
        week = self.paper(desk, "weekly", "--week", "2006-02-27")
        nobody = [row for row in week["workload"]["rows"] if row["account"] is None]
        self.assertEqual([1], [row["open"] for row in nobody])


class Live(Papers):
    """Played through all services, each paper is the same to the byte as replayed."""

    def compare(self, *part):
        lines = make_year(self.root, *part)
        with open(lines, encoding="utf-8") as file:
            start_ms = json.loads(file.readline())["made_at_ms"]

        def read(name):
            with open(os.path.join(self.root, name), encoding="utf-8") as file:
                return file.read()
        with harness.Installation(clock="step", start_ms=start_ms) as stage:
            stage.start()
            stage.activate(by="liu", rulebook=read("rulebook.yaml"),
                           directory=read("directory.yaml"))
            out = doorstep("play", lines, "--dir", stage.data, limit_s=LIVE_S)
            self.assertIn(" 0 rejected", out)
            export = os.path.join(self.root, "export")
            doorstep("export", "--out", export, "--dir", stage.data)
            for words in PAPERS:
                live = doorstep("report", *words, "--json", "--dir", stage.data)
                self.assertEqual(doorstep("report", *words, "--json", lines), live)
                self.assertEqual(doorstep("report", *words, "--json", export), live)
            return json.loads(live)


class TestLive(Live):
    def test_a_sixtieth(self):
        paper = self.compare("--part", "60")
        self.assertEqual(119 + 16, figures(paper)["received"])


class TestLiveYear(Live):
    def test_the_whole_year(self):
        found = figures(self.compare())
        self.assertEqual((8362, 7275, 1087, 11796600, 162),
                         tuple(found[key] for key in (
                             "received", "repairs_inhouse", "repairs_outlets", "cost_inhouse_fen",
                             "cost_per_repair_yuan_10")))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
