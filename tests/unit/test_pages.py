#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The pages as files: libraries of others unmodified, words in both languages, nothing that their
policy would refuse or that only one language says."""
import hashlib
import json
import os
import re
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGES = os.path.join(ROOT, "services", "gateway", "pages")
VENDOR = os.path.join(PAGES, "vendor")
COLUMNS_MAX = 180  # markup is wide
LINES_MAX = 500


def read(name):
    with open(os.path.join(PAGES, name), encoding="utf-8") as file:
        return file.read()


def own(ending):
    return sorted(name for name in os.listdir(PAGES) if name.endswith(ending))


def words(language):
    def once(pairs):
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys)), "a key twice in %s.json" % language
        return dict(pairs)
    return json.loads(read(language + ".json"), object_pairs_hook=once)


class TestVendor(unittest.TestCase):
    def test_files_are_those_of_the_list(self):
        listed = {}
        for line in read("vendor/SHA256SUMS").splitlines():
            digest, name = line.split()
            listed[name] = digest
        found = {}
        for folder, _, names in os.walk(VENDOR):
            for name in names:
                path = os.path.join(folder, name)
                if folder == VENDOR:
                    continue  # README.md and the list itself
                with open(path, "rb") as file:
                    found[os.path.relpath(path, VENDOR)] = hashlib.sha256(file.read()).hexdigest()
        self.assertEqual(listed, found)


class TestWords(unittest.TestCase):
    def test_both_languages_have_the_same_keys(self):
        zh, en = words("zh"), words("en")
        self.assertEqual(sorted(zh), sorted(en))
        self.assertEqual(list(zh), sorted(zh), "zh.json is sorted")
        self.assertEqual(list(en), sorted(en), "en.json is sorted")

    def test_sentences_name_the_same_values(self):
        zh, en = words("zh"), words("en")
        for key in zh:
            names = [sorted(re.findall(r"\{\w+\}", text)) for text in (zh[key], en[key])]
            self.assertEqual(names[0], names[1], key)

    def test_each_language_is_whole(self):
        for key, text in words("en").items():
            self.assertNotRegex(text, "[\u3000-\u9fff]", key)
            self.assertTrue(text.strip(), key)
        for key, text in words("zh").items():
            self.assertRegex(text, "[\u3000-\u9fff]", key)

    def test_every_key_that_a_page_names_exists(self):
        zh = words("zh")
        for name in own(".js"):
            for key in re.findall(r"\bt\('([^']+)'", read(name)):
                self.assertIn(key, zh, name)


class TestPolicy(unittest.TestCase):
    """default-src 'none'; script-src 'self'; style-src 'self'"""

    def test_nothing_inline(self):
        page = read("index.html")
        self.assertNotRegex(page, r"<style|style=|\son\w+=|javascript:")
        for script in re.findall(r"<script[^>]*>([^<]*)</script>", page):
            self.assertEqual(script.strip(), "")

    def test_nothing_from_elsewhere_and_nothing_evaluated(self):
        for name in own(".js") + own(".css") + ["index.html"]:
            text = read(name).replace("http://www.w3.org/", "")
            self.assertNotRegex(text, r"https?://|\beval\(|new Function|innerHTML|cssText", name)

    def test_style_attributes_are_objects(self):
        for name in own(".js"):
            self.assertNotRegex(read(name), r"\bstyle=(\"|'|\$\{`|\$\{')", name)

    def test_no_chinese_in_code(self):
        for name in own(".js"):
            for number, line in enumerate(read(name).split("\n"), 1):
                code = re.sub(r"//.*", "", line)
                # the name of the language itself, and what is shown before any words could be read
                if "'中文'" in code or "connecting …" in code:
                    continue
                self.assertNotRegex(code, "[\u4e00-\u9fff]", "%s:%d" % (name, number))


class TestShape(unittest.TestCase):
    def test_files_stay_readable(self):
        for name in own(".js") + own(".css"):
            lines = read(name).split("\n")
            self.assertLessEqual(len(lines), LINES_MAX, name)
            for number, line in enumerate(lines, 1):
                self.assertEqual(line.rstrip(), line, "%s:%d" % (name, number))
                if name.endswith(".js"):
                    self.assertLessEqual(len(line), COLUMNS_MAX, "%s:%d" % (name, number))

    def test_every_file_is_imported(self):
        named = " ".join(read(name) for name in own(".js")) + read("index.html")
        for name in own(".js"):
            self.assertIn(name, named, name)


if __name__ == "__main__":
    unittest.main()
