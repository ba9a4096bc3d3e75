#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""`doorstep rulebook diff`: each value of the shipped rules, changed by itself, is told in a sentence
that names whom it concerns; what judges alike is no difference.

    tests/rules/test_rulebook_diff.py --bin build/release/bin [unittest arguments]"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
DEPLOY = os.path.join(SOURCE, "deploy")
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
OPTIONS, REST = parser.parse_known_args()

# What the compiled rules do not keep: the format's number, what a holiday is called, which of two days
# with the same hours another day is like.
UNSPOKEN = re.compile(r"^(format|calendars\.\d+\.(holidays\.\d+\.name|make_up\.\d+\.like))$")
WORDS = ["elapsed", "working", "calendar", "alert_keep", "resume", "auto", "confirm", "manual",
         "fine", "reward", "yes", "no", "end_of_day", "mon", "fri", "sun", "7.4", "7.16", "7.10",
         "7.18", "7.23", "assessed", "city", "near", "install", "repair", "television",
         "refrigerator", "Asia/Tokyo", "Europe/Berlin", "clerk", "technician", "limit", "grace",
         "warn", "base", "blocks", "xu", "lin"]


def scalars(node, path=""):
    """(path, value node) of every value, keys left out."""
    if isinstance(node, yaml.ScalarNode):
        yield path, node
    elif isinstance(node, yaml.SequenceNode):
        for n, item in enumerate(node.value):
            yield from scalars(item, "%s.%d" % (path, n) if path else str(n))
    else:
        for key, value in node.value:
            yield from scalars(value, path + "." + key.value if path else key.value)


def candidates(text):
    """Other values, the likeliest first."""
    for number in re.finditer(r"\d+", text):
        n, width = int(number[0]), len(number[0])
        for other in (n + 1, n - 1, 2 * n, n + 10):
            if other >= 0 and other != n:
                yield text[:number.start()] + str(other).zfill(width if number[0][0] == "0" else 0) \
                    + text[number.end():]
    yield from (word for word in WORDS if word != text)
    yield text + "x"


def doorstep(*words, lang="C.UTF-8"):
    return subprocess.run([os.path.join(OPTIONS.bin, "doorstep"), *words], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=60,
                          env=dict(os.environ, LC_ALL=lang))


class Diff(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="dsdiff")
        self.addCleanup(shutil.rmtree, self.root)
        for name in ("rulebook.yaml", "directory.yaml"):
            shutil.copy(os.path.join(DEPLOY, name), self.root)

    def path(self, name):
        return os.path.join(self.root, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def changes(self, old=DEPLOY, new=None, lang="C.UTF-8"):
        """Rows of the table; None if the new rules do not compile."""
        told = doorstep("rulebook", "diff", old, new or self.root, "--json", lang=lang)
        if told.returncode == 1:
            return None
        self.assertEqual(0, told.returncode, told.stderr)
        return json.loads(told.stdout)["changes"]["rows"]

    def every_scalar(self, name, unspoken):
        with open(os.path.join(DEPLOY, name), encoding="utf-8") as file:
            text = file.read()
        silent, stuck, n = [], [], 0
        for count, (path, node) in enumerate(scalars(yaml.compose(text))):
            lang = "zh_CN.UTF-8" if count % 2 else "C.UTF-8"
            found = self.change_one(name, text, node, lang)
            if found is None:
                stuck.append(path)
            elif not found:
                silent.append(path)
            else:
                n += 1
                for row in found:
                    self.assertTrue(row["concerns"], row)
                    if lang.startswith("zh"):
                        self.assertRegex(row["sentence"], "[\u4e00-\u9fff]", path)
            self.write(name, text)
        self.assertEqual([], [path for path in silent if not unspoken.match(path)])
        return n, stuck

    def change_one(self, name, text, node, lang):
        """Sentences for the first other value that says something; [] if none does; None if no other
        value compiles."""
        compiled = None
        for other in candidates(node.value):
            quoted = '"%s"' % other if node.style else other
            self.write(name, text[:node.start_mark.index] + quoted + text[node.end_mark.index:])
            found = self.changes(lang=lang)
            if found:
                return found
            if found is not None:
                compiled = found
                if node.value.startswith("20") or len(node.value) > 20:
                    return compiled
        return compiled

    def test_every_value_of_the_rulebook(self):
        n, stuck = self.every_scalar("rulebook.yaml", UNSPOKEN)
        self.assertGreater(n, 300)
        # what no other word fits by itself: ids that others name, the base of an instant
        self.assertLess(len(stuck), 60, stuck)

    def test_what_judges_alike(self):
        self.assertEqual([], self.changes())
        with open(os.path.join(DEPLOY, "rulebook.yaml"), encoding="utf-8") as file:
            text = file.read()
        text = re.sub(r"(?m)\s*#.*$", "", text)  # comments
        begin, end = text.index("  parts: {cap"), text.index("  major_repair: {cap")
        text = text[:begin] + text[end:].replace("  customer: {cap", text[begin:end] + "  customer: {cap", 1)
        text = text.replace("limit: 72h", "limit: 4320m")  # another way to say it
        self.write("rulebook.yaml", text)
        self.assertEqual([], self.changes())
        told = doorstep("rulebook", "diff", DEPLOY, self.root)
        self.assertEqual("The two judge alike: nothing changes.\n", told.stdout)

    def test_in_plain_words(self):
        with open(os.path.join(DEPLOY, "rulebook.yaml"), encoding="utf-8") as file:
            text = file.read()
        for before, after in (("    limit: 12h", "    limit: 6h"), ("      city: 24h", "      city: 12h"),
                              ('zone: Asia/Shanghai', 'zone: Asia/Shanghai'),
                              ('sat: ["08:00-12:00", "14:00-18:00"]', 'sat: ["08:00-12:00"]'),
                              ("from: 2007-02-18, to: 2007-02-24", "from: 2007-02-18, to: 2007-02-23"),
                              ('  - id: "7.16"\n    kind: fine\n    amount: 50.00元',
                               '  - id: "7.16"\n    kind: fine\n    amount: 30.00元')):
            self.assertEqual(1, text.count(before), before)
            text = text.replace(before, after)
        self.write("rulebook.yaml", text)
        self.assertEqual([
            "After the work its result is to be filed within 6h (was: within 12h)",
            "In the city somebody has to be on site within 12h (was 24h)",
            "Clause 7.16 (A training was missed): 30.00 yuan for each case (was: 50.00 yuan)",
            "county, Saturdays: 08:00-12:00 (was: 08:00-12:00 14:00-18:00)",
            "county, 2007-02-24 to 2007-02-24: 08:00-12:00 (was: day off)",
        ], [row["sentence"] for row in self.changes()])
        self.assertEqual(["technicians, outlets", "technicians, outlets, customers",
                          "technicians, outlets, clerks", "technicians, outlets, clerks",
                          "technicians, outlets, clerks"],
                         [row["concerns"] for row in self.changes()])
        told = doorstep("rulebook", "diff", DEPLOY, self.path("rulebook.yaml"), lang="zh_CN.UTF-8")
        self.assertIn("- 完工后须填报结果:6 小时内(原为 12 小时内)(涉及:技术员、网点)\n", told.stdout)

    def test_with_figures(self):
        with open(os.path.join(DEPLOY, "rulebook.yaml"), encoding="utf-8") as file:
            text = file.read()
        self.write("rulebook.yaml", text.replace('  - id: "7.1"\n    kind: fine\n    amount: 50.00元',
                                                 '  - id: "7.1"\n    kind: fine\n    amount: 70.00元'))
        day = os.path.join(DEPLOY, "examples", "day.ndjson")
        told = json.loads(doorstep("rulebook", "diff", DEPLOY, self.root, day, "--json").stdout)
        row, = told["changes"]["rows"]
        self.assertEqual(row["entries_before"], row["entries_after"])
        self.assertGreater(row["entries_before"], 0)
        self.assertNotEqual(row["before_fen"], row["after_fen"])

    def test_each_figure_once(self):
        """What several changes bear on is nobody's alone: it stands at the end, by clause."""
        with open(os.path.join(DEPLOY, "rulebook.yaml"), encoding="utf-8") as file:
            text = file.read()
        for before, after in (('sat: ["08:00-12:00", "14:00-18:00"]', 'sat: ["08:00-12:00"]'),
                              ("  late_max: 24h", "  late_max: 30h"),
                              ("      city: 24h", "      city: 12h")):
            self.assertIn(before, text)
            text = text.replace(before, after, 1)
        self.write("rulebook.yaml", text)
        day = os.path.join(DEPLOY, "examples", "day.ndjson")
        english = doorstep("rulebook", "diff", DEPLOY, self.root, day).stdout
        self.assertEqual(1, english.count("    all: "), english)
        self.assertNotRegex(english, r"Saturdays.*\n    7\.1")
        chinese = doorstep("rulebook", "diff", DEPLOY, self.root, day, lang="zh_CN.UTF-8").stdout
        self.assertEqual(1, chinese.count("    合计"), chinese)
        self.assertNotRegex(chinese, "[\u4e00-\u9fff] [\u4e00-\u9fff]|[\u4e00-\u9fff]\\d")
        saturday, = [row for row in self.changes() if "Saturdays" in row["sentence"]]
        self.assertIn("7.8", saturday["clause"])

    def test_a_figure_is_of_its_change(self):
        """A day off beside a dearer clause: what the clause costs more is not the day's."""
        with open(os.path.join(DEPLOY, "rulebook.yaml"), encoding="utf-8") as file:
            text = file.read()
        dearer = text.replace('  - id: "7.1"\n    kind: fine\n    amount: 50.00元',
                              '  - id: "7.1"\n    kind: fine\n    amount: 70.00元')
        shorter = dearer.replace('sat: ["08:00-12:00", "14:00-18:00"]', 'sat: ["08:00-12:00"]', 1)
        self.assertEqual(3, len({text, dearer, shorter}))
        self.write("rulebook.yaml", shorter)
        day = os.path.join(DEPLOY, "examples", "day.ndjson")
        told = json.loads(doorstep("rulebook", "diff", DEPLOY, self.root, day, "--json").stdout)
        self.assertEqual([None, None], [row.get("before_fen") for row in told["changes"]["rows"]])
        row, = [row for row in told["figures"]["rows"] if row["clause"] == "7.1"]
        self.assertEqual(row["after_fen"] * 5, row["before_fen"] * 7)

    def test_people_and_places(self):
        with open(os.path.join(DEPLOY, "directory.yaml"), encoding="utf-8") as file:
            text = file.read()
        other = re.sub(r"max_open: (\d+)", lambda found: "max_open: %d" % (int(found[1]) + 1), text,
                       count=1)
        self.assertNotEqual(text, other)
        self.write("directory.yaml", other)
        row, = self.changes()
        self.assertIn("jobs at a time", row["sentence"])

    def test_what_cannot_be_compared(self):
        self.write("rulebook.yaml", "format: 1\n")
        self.assertEqual(1, doorstep("rulebook", "diff", DEPLOY, self.root).returncode)
        self.assertEqual(2, doorstep("rulebook", "diff", DEPLOY).returncode)
        self.assertEqual(2, doorstep("rulebook", "diff", DEPLOY, self.path("nothing")).returncode)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
