#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""8.1 to 8.7 of exchange and return, through `doorstep return check`: the table that was worked out
by hand (returns_table.py), and what must hold of any product: a later return never gives more
money, one more repair never gives less, and never fewer rights.

    tests/rules/test_returns.py --bin build/release/bin [--seed N] [--count N] [unittest arguments]"""
import argparse
import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
parser.add_argument("--seed", type=int, default=20070301)
parser.add_argument("--count", type=int, default=4000)
OPTIONS, REST = parser.parse_known_args()
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, HERE)
from returns_table import CASES, USUAL, seen_of  # noqa: E402

DOORSTEP = os.path.join(OPTIONS.bin, "doorstep")
ZONE = datetime.timezone(datetime.timedelta(hours=8))


def doorstep(*arguments, text=None, lang="C.UTF-8"):
    return subprocess.run([DOORSTEP, "return", *arguments], input=text or "", capture_output=True,
                          text=True, timeout=120, env=dict(os.environ, LC_ALL=lang))


def check_all(questions, rules=os.path.join(SOURCE, "deploy")):
    """Decisions of many questions."""
    answers = []
    for i in range(0, len(questions), 5000):
        text = "".join(json.dumps(question) + "\n" for question in questions[i:i + 5000])
        done = doorstep("check", "--json", "--rules", rules, "-", text=text)
        assert done.returncode == 0, done.stderr
        answers += [json.loads(line) for line in done.stdout.splitlines()]
    return answers


class Table(unittest.TestCase):
    maxDiff = None

    def in_zone(self, zone):
        if not zone:
            return os.path.join(SOURCE, "deploy")
        root = tempfile.mkdtemp(prefix="dsret")
        self.addCleanup(shutil.rmtree, root)
        for name in ("rulebook.yaml", "directory.yaml"):
            with open(os.path.join(SOURCE, "deploy", name), encoding="utf-8") as file:
                text = file.read().replace("zone: Asia/Shanghai", "zone: " + zone)
            with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                file.write(text)
        return root

    def test_as_worked_out_by_hand(self):
        for zone in sorted({case[4] if len(case) > 4 else "" for case in CASES}):
            cases = [case for case in CASES if (case[4] if len(case) > 4 else "") == zone]
            answers = check_all([case[1] for case in cases], self.in_zone(zone))
            self.assertEqual(len(cases), len(answers))
            for (title, _, expected, note, *_), decided in zip(cases, answers):
                with self.subTest(title):
                    seen = seen_of(decided)
                    wanted = dict({"blocked": []}, **expected)
                    self.assertEqual(wanted, {key: seen.get(key) for key in wanted}, note)

    def test_the_table_is_one(self):
        self.assertGreaterEqual(len(CASES), 60)
        self.assertEqual(len(CASES), len({case[0] for case in CASES}))
        clauses = {case[0].split(" ")[0] for case in CASES}
        self.assertEqual({"8.%d" % n for n in range(1, 8)}, clauses)


class Words(unittest.TestCase):
    """What a person at the counter reads."""

    def told(self, *more, lang="C.UTF-8", category="television"):
        return doorstep("check", "--rules", os.path.join(SOURCE, "deploy"), "--category", category,
                        "--price-fen", "100", "--invoiced", "2007-03-01", "--returned",
                        "2007-03-05", *more, lang=lang)

    def test_a_right_that_is_only_blocked(self):
        out = self.told("--main-fault", "--wish", "RETURN").stdout
        self.assertIn("wished return: blocked\n", out)
        self.assertIn("within the days of this clause (blocked)\n", out)
        zh = self.told("--main-fault", "--wish", "RETURN", lang="zh_CN.UTF-8").stdout
        self.assertNotIn("不同意", zh)
        self.assertIn("wished return: not granted", self.told("--wish", "RETURN").stdout)

    def test_every_reason_against_a_right(self):
        late = self.told("--reported", "2007-03-09", "--returned", "2007-03-20").stdout
        self.assertIn("no fault of main performance, and reported after the days", late)
        self.assertIn("not found badly deformed at unpacking\n", late)
        self.assertIn("deformed by the customer's doing", self.told("--deformed", "--by-customer").stdout)

    def test_deformed_when_installed(self):
        self.assertIn("8.5 yes", self.told("--deformed", "--installed", "2007-03-05").stdout)

    def test_a_category_that_the_directory_does_not_have(self):
        done = self.told("--main-fault", category="rocket")
        self.assertEqual(done.returncode, 0)
        self.assertIn("has no category rocket", done.stderr)
        self.assertEqual(self.told("--main-fault").stderr, "")


# ---- random products ----

def date(day):
    return (datetime.date(2007, 1, 1) + datetime.timedelta(days=day)).isoformat()


def at(day, ms):
    instant = datetime.datetime(2007, 1, 1, tzinfo=ZONE) + datetime.timedelta(days=day,
                                                                              milliseconds=ms)
    return int(instant.timestamp() * 1000)


DAY_MS = 86400000


def some_interval(prng, kinds, begin, end):
    """Often at midnight, often empty, sometimes open."""
    day = prng.randint(begin, end)
    from_ms = at(day, prng.choice((0, 0, 1, DAY_MS - 1, prng.randrange(DAY_MS))))
    length = prng.choice((0, 1, DAY_MS - 1, DAY_MS, prng.randrange(3 * DAY_MS),
                          prng.randrange(40 * DAY_MS), None))
    interval = {"kind": prng.choice(kinds), "from_ms": from_ms}
    if length is not None:
        interval["to_ms"] = from_ms + length
    return interval


def some_product(prng):
    reported = prng.choice((0, 1, 7, 8, 15, 16, prng.randint(0, 400)))
    returned = reported + prng.choice((0, 1, 30, 31, 32, 90, 91, 92, prng.randint(0, 1200)))
    question = dict(USUAL, category=prng.choice(("television", "air_conditioner", "lamp")),
                    price_fen=prng.choice((0, 1, 999, 100000, prng.randrange(10 ** 9))),
                    invoiced_on=date(0), reported_on=date(reported), returned_on=date(returned),
                    main_fault=prng.random() < 0.6, no_same_model=prng.random() < 0.3,
                    deformed=prng.random() < 0.2, unpacked_on=date(reported),
                    accessories_complete=prng.random() < 0.7)
    if prng.random() < 0.6:  # in repair for this fault
        repair = {"kind": "REPAIR", "from_ms": at(reported, prng.randrange(DAY_MS))}
        if prng.random() < 0.5:
            repair["to_ms"] = repair["from_ms"] + prng.randrange(130 * DAY_MS)
        question["intervals"] = [repair]
    question.setdefault("intervals", []).extend(
        some_interval(prng, ("REPAIR", "PARTS", "CUSTOMER", "OTHER"), 0, returned + 2)
        for _ in range(prng.randrange(4)))
    return question, reported, returned


def money_of(decided):
    """What a return gives; None where there is none."""
    return next((int(choice["amount_fen"]) for choice in decided.get("choices", [])
                 if choice["option"] == "RETURN"), None)


def holding(decided):
    return {right["clause"] for right in decided["rights"] if right["holds"]}


class AnyProduct(unittest.TestCase):
    def pairs(self, change):
        """(question, decision) of random products, and the same of each after a change."""
        prng = random.Random(OPTIONS.seed)
        questions = []
        while len(questions) < 2 * OPTIONS.count:
            question, reported, returned = some_product(prng)
            changed = change(prng, question, reported, returned)
            if changed:
                questions += [question, changed]
        answers = check_all(questions)
        for i in range(0, len(questions), 2):
            yield questions[i], answers[i], questions[i + 1], answers[i + 1]

    def test_a_later_return_never_gives_more_money(self):
        def later(prng, question, _, returned):
            return dict(question, returned_on=date(returned + prng.choice((1, 2, 30, 400))))
        both = 0
        for question, first, changed, second in self.pairs(later):
            before, after = money_of(first), money_of(second)
            if before is None or after is None:
                continue
            both += 1
            self.assertLessEqual(after, before, (question, changed))
        self.assertGreater(both, OPTIONS.count // 5)

    def test_one_more_repair_never_takes_money_or_the_guarantee(self):
        """Of the time before the report: which repair is this fault's stays the same."""
        def repair(prng, question, reported, _):
            if reported == 0:
                return None
            earlier = some_interval(prng, ("REPAIR", "OTHER"), 0, reported - 1)
            earlier.setdefault("to_ms", earlier["from_ms"] + DAY_MS)
            return dict(question, intervals=question["intervals"] + [earlier])
        more = 0
        for question, first, changed, second in self.pairs(repair):
            self.assertLessEqual(holding(first), holding(second), (question, changed))
            self.assertLessEqual(first["guarantee_until"], second["guarantee_until"])
            self.assertLessEqual(second["used_days"], first["used_days"], (question, changed))
            before, after = money_of(first), money_of(second)
            if before is None:
                continue
            self.assertGreaterEqual(-1 if after is None else after, before, (question, changed))
            more += after > before
        self.assertGreater(more, OPTIONS.count // 100)

    def test_a_wait_of_others(self):
        """It can only help 8.3, and only hinder 8.4."""
        def wait(prng, question, reported, returned):
            extra = some_interval(prng, ("PARTS",), reported, returned)
            return dict(question, intervals=question["intervals"] + [extra])
        for question, first, changed, second in self.pairs(wait):
            gained, lost = holding(second) - holding(first), holding(first) - holding(second)
            self.assertLessEqual(gained, {"8.3"}, (question, changed))
            self.assertLessEqual(lost, {"8.4"}, (question, changed))

    def test_a_cure_takes_nothing_away(self):
        """8.7 says when, never whether."""
        def cure(_, question, __, ___):
            return dict(question, accessories_complete=True)
        for question, first, _, second in self.pairs(cure):
            free = [dict(choice, blocked=False) for choice in second.get("choices", [])]
            kept = [dict(choice, blocked=False) for choice in first.get("choices", [])]
            self.assertEqual(kept, free, question)
            self.assertEqual([], second.get("blocked", []))

    def test_order_and_repetition_of_intervals(self):
        def shuffled(prng, question, _, __):
            intervals = question["intervals"] * 2
            prng.shuffle(intervals)
            return dict(question, intervals=intervals)
        for question, first, _, second in self.pairs(shuffled):
            for decided in (first, second):
                decided.pop("intervals", None)
            self.assertEqual(first, second, question)


# ---- the command line ----

GOOD = ["--category", "television", "--invoiced", "2007-03-01", "--price-fen", "100000",
        "--reported", "2007-03-09", "--returned", "2007-03-11", "--main-fault", "--report",
        "MATCHES", "--complete"]
RULES = ["--rules", os.path.join(SOURCE, "deploy")]


class CommandLine(unittest.TestCase):
    def test_options_say_the_same_as_a_file(self):
        options = doorstep("check", "--json", *RULES, *GOOD, "--intervals",
                           "REPAIR=2007-03-09T09:00:00+08:00/2007-03-10T09:00:00+08:00,"
                           "PARTS=2007-03-09T10:00:00+08:00/")
        self.assertEqual("", options.stderr)
        asked = dict(USUAL, invoiced_on="2007-03-01", reported_on="2007-03-09",
                     returned_on="2007-03-11", main_fault=True,
                     intervals=[{"kind": "REPAIR", "from_ms": "2007-03-09T09:00:00+08:00",
                                 "to_ms": "2007-03-10T09:00:00+08:00"},
                                {"kind": "PARTS", "from_ms": "2007-03-09T10:00:00+08:00"}])
        self.assertEqual(check_all([asked]), [json.loads(options.stdout)])

    def test_in_both_languages(self):
        english = doorstep("check", *RULES, *GOOD, "--wish", "RETURN").stdout
        chinese = doorstep("check", *RULES, *GOOD, "--wish", "RETURN", lang="zh_CN.UTF-8").stdout
        for words in ("may choose: return [8.6], the customer gets 990.00 yuan, depreciation 10.00 yuan",
                      "8.1 no  8/7 days", "8.2 yes 8/15 days", "guarantee until 2008-03-01",
                      "wished return: granted", "our defaults"):
            self.assertIn(words, english)
        for words in ("可选择: 退货 [8.6], 退款 990.00 元, 折旧 10.00 元", "8.1 不符合",
                      "售出十五日内发生主要性能故障", "用户要求 退货: 同意"):
            self.assertIn(words, chinese)

    def test_blocked(self):
        told = doorstep("check", *RULES, *[word for word in GOOD if word != "--complete"]).stdout
        self.assertRegex(told, r"may choose: exchange for the same model \[8.2\]: .* \(blocked\)\n")
        self.assertIn("blocked until the accessories are complete", told)

    def wrong(self, words, *arguments, code=1, text=None):
        done = doorstep("check", *RULES, *arguments, text=text)
        self.assertEqual(code, done.returncode, done.stderr)
        self.assertEqual("", done.stdout)
        for word in words:
            self.assertIn(word, done.stderr)

    def test_what_is_wrong_is_said_with_its_field(self):
        def but(option, value):
            at_option = GOOD.index(option)
            return GOOD[:at_option] + ([option, value] if value else []) + GOOD[at_option + 2:]
        for words, arguments in [
                (("missing_field", "category"), but("--category", None)),
                (("missing_field", "invoiced_on", "YYYY-MM-DD"), but("--invoiced", None)),
                (("missing_field", "price_fen", "in fen"), but("--price-fen", None)),
                (("missing_field", "returned_on"), but("--returned", None)),
                (("bad_value", "invoiced_on", "YYYY-MM-DD"), but("--invoiced", "2007-02-29")),
                (("bad_value", "reported_on", "not before invoiced_on"),
                 but("--reported", "2007-02-28")),
                (("bad_value", "returned_on", "not before reported_on"),
                 but("--returned", "2007-03-08")),
                (("price_fen",), but("--price-fen", "-1")),
                (("price_fen",), but("--price-fen", "12.50")),
                (("unknown_value", "report", "MATCHES"), but("--report", "LOST")),
                (("unknown_value", "wish", "RETURN"), GOOD + ["--wish", "MONEY"]),
                (("unknown_value", "intervals", "PARTS"),
                 GOOD + ["--intervals", "PART=2007-03-09T10:00:00+08:00"]),
                (("missing_field", "intervals.from_ms"), GOOD + ["--intervals", "PARTS"]),
                (("intervals", "from_ms"), GOOD + ["--intervals", "PARTS=yesterday"]),
                (("bad_value", "intervals.to_ms", "not before from_ms"),
                 GOOD + ["--intervals",
                         "PARTS=2007-03-09T10:00:00+08:00/2007-03-09T09:59:59+08:00"])]:
            with self.subTest(words=words):
                self.wrong(words, *arguments)

    def test_a_file(self):
        self.wrong(("-:2: unknown_field", "main_faults", "main_fault"), "--json", "-",
                   text="\n" + json.dumps(dict(USUAL, main_faults=True)) + "\n")
        self.wrong(("-:1:1: bad_json", "ends too early"), "-", text="{\n")
        self.wrong(("-:1:1: bad_json", "an object"), "-", text="[]\n")
        self.wrong(("at most 32",), "-", text=json.dumps(
            dict(USUAL, invoiced_on="2007-03-01", returned_on="2007-03-02",
                 intervals=[{"kind": "OTHER", "from_ms": 1172700000000}] * 33)))
        self.wrong(("--wish beside a file",), "--wish", "RETURN", "-", code=2)
        self.wrong(("no territory",), *GOOD, "--territory", "atlantis", code=2)
        self.assertEqual(2, doorstep("chekc").returncode)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
