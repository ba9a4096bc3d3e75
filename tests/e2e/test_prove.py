#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Proof of single ledger lines: every line of the example day is proved and judged anew from its
bundle alone; whatever is changed in one is found and named.

    tests/e2e/test_prove.py --bin build/release/bin [unittest arguments]"""
import argparse
import collections
import csv
import hashlib
import importlib
import io
import json
import os
import re
import resource
import shutil
import stat
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
parser.add_argument("--every", type=int, default=29, help="flip one byte of so many")
OPTIONS, REST = parser.parse_known_args()
BIN = os.path.abspath(OPTIONS.bin)
os.environ["DS_BUILD"] = os.path.dirname(BIN)
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path[:0] = [os.path.join(SOURCE, "tests", name) for name in ("gen", "lib", "rules",
                                                      os.path.join("rules", "clauses"))]
import harness  # noqa: E402
import journals  # noqa: E402
from day_book import Day  # noqa: E402
from day_ticket import Territory  # noqa: E402

EXAMPLES = os.path.join(SOURCE, "deploy", "examples")
EN, ZH = "C.UTF-8", "zh_CN.UTF-8"
WANG = "7.1/person:wang/T007-6/dispatch#1"


def doorstep(*words, lang=EN, code=0, stdout=subprocess.PIPE, **how):
    """What it printed; without an installation, a store or any environment of one."""
    done = subprocess.run([os.path.join(BIN, "doorstep"), *words],
                          env={"LC_ALL": lang, "HOME": "/nonexistent", "PATH": os.environ["PATH"],
                               "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")},
                          stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
                          text=True, timeout=2 * harness.LIMIT_S, **how)
    if done.returncode != code:
        raise AssertionError("%s ended with %d:\n%s\n%s" % (words, done.returncode, done.stdout,
                                                           done.stderr))
    return done.stdout, done.stderr


class Proofs(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.stage = harness.Installation(clock="step", start_ms=1172707200000)
        cls.addClassCleanup(cls.stage.close)
        cls.stage.start()
        cls.stage.activate()
        cls.prepare()
        cls.rows = list(csv.DictReader(io.StringIO(cls.ask("ledger", "--csv")[0])))

    @classmethod
    def ask(cls, *words, **more):
        return doorstep(*words, "--dir", cls.stage.data, **more)

    @classmethod
    def path(cls, *names):
        return os.path.join(cls.stage.root, *names)

    def prove(self, key, *more):
        """Directory of a new proof, and what was said of it."""
        out = self.path("proof%d" % len(os.listdir(self.stage.root)))
        said, _ = self.ask("prove", key, "--out", out, *more, "--json")
        return out, json.loads(said)

    def holds(self, directory, *more):
        return json.loads(doorstep("replay", "--recorded", directory, *more, "--json")[0])

    def fails(self, directory, *more, lang=EN):
        out, err = doorstep("replay", "--recorded", directory, *more, code=1, lang=lang)
        self.assertEqual("", out)
        return err


class TestDay(Proofs):
    @classmethod
    def prepare(cls):
        lines = cls.path("day.ndjson")
        shutil.copy(os.path.join(EXAMPLES, "day.ndjson"), lines)
        cls.ask("play", lines)

    def test_every_line_of_the_day(self):
        """Each of them is judged and booked the same from its bundle alone."""
        self.assertEqual(36, len(self.rows))
        sizes = []
        for row in self.rows:
            with self.subTest(row["key"]):
                directory, said = self.prove(row["key"])
                found = self.holds(directory, "--seal", said["seal"])
                self.assertEqual((row["key"], row["amount_fen"], 0),
                                 (found["entry"], found["amount_fen"], found["differences"]))
                self.assertEqual((said["position"], said["entries"], said["seal"]),
                                 (found["position"], found["entries"], found["seal"]))
                sizes.append(said["bytes"])
        print("%d proofs of %d to %d bytes" % (len(sizes), min(sizes), max(sizes)), file=sys.stderr)
        self.assertLess(max(sizes), 100000)

    def test_what_is_in_it(self):
        """The ticket's own customer, and nobody else's name or telephone."""
        with open(self.path("day.ndjson"), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        lines = [line.get("command", line) for line in lines]
        registered = [line["register"]["customer"] for line in lines
                      if "customer" in line.get("register", {})]
        phones = {each["phone"] for each in registered}
        phones |= {line["call_offered"]["caller"] for line in lines if "call_offered" in line}
        names = {each["name"] for each in registered if each.get("name")}
        self.assertGreater(len(names), 20)
        for key, own in ((WANG, 1), ("7.8/person:peng/miss-10/occasion#1", 1)):
            directory, _ = self.prove(key)
            raw = b"".join(self.bytes_of(directory, name) for name in self.files(directory))
            self.assertEqual(own, sum(phone.encode() in raw for phone in phones), key)
            self.assertLessEqual(sum(name.encode() in raw for name in names), 1, key)

    def files(self, directory):
        return sorted(os.path.relpath(os.path.join(at, name), directory)
                      for at, _, names in os.walk(directory) for name in names)

    def bytes_of(self, directory, name):
        with open(os.path.join(directory, name), "rb") as file:
            return file.read()

    def put(self, directory, name, raw):
        with open(os.path.join(directory, name), "wb") as file:
            file.write(raw)

    def named(self, err, name, at):
        """The message names the file and bytes of which `at` is one."""
        found = re.search(r"/%s: bytes (\d+)-(\d+)(?: were changed: (.+)|: line \d+ was changed)"
                          % re.escape(name), err)
        if name == "MANIFEST" and not found:
            return "its lines are not those that were sealed" in err
        return bool(found and int(found[1]) <= at <= int(found[2]))

    def test_every_changed_byte_is_found_and_named(self):
        directory, said = self.prove(WANG)
        flips = 0
        for name in self.files(directory):
            raw = self.bytes_of(directory, name)
            for at in range(flips % OPTIONS.every, len(raw), OPTIONS.every):
                changed = bytearray(raw)
                changed[at] ^= 1 << at % 8
                self.put(directory, name, bytes(changed))
                err = self.fails(directory)
                self.assertTrue(self.named(err, name, at), (name, at, err))
                flips += 1
            self.put(directory, name, raw)
        print("%d changed bytes of %d, each named" % (flips, said["bytes"]), file=sys.stderr)
        self.holds(directory)

    def test_what_was_changed(self):
        """In words: which event, which version and line, which part of the chain or the story."""
        directory, _ = self.prove(WANG)
        for name, what, lang, words in (
                ("intake-p007.journal", b"13", EN, "event intake/p007/"),
                ("intake-p007.journal", b"DSJ1", ZH, "字节被改动:文件标识\n"),
                ("penalty-ledger-p007.journal", b"person:wang", ZH,
                 "字节被改动:事件 penalty-ledger/p007/1(入账)"),
                ("chain.txt", b"partition", EN, "the chain, line 1 and after"),
                ("chain.txt", b"partition", ZH, "字节被改动:哈希链,第 1 行起"),
                ("story.zh.txt", "王".encode(), EN, "the story, line"),
                ("story.zh.txt", "王".encode(), ZH, "字节被改动:经过,第"),
                (None, b"7.1", EN, "version 1, rulebook.yaml, line"),
                (None, b"7.1", ZH, "字节被改动:规则版本 1,rulebook.yaml,第"),
                (None, b"wang", EN, "version 1, directory.yaml, line")):
            name = name or next(each for each in self.files(directory) if "version" in each)
            raw = self.bytes_of(directory, name)
            if what not in raw:
                what = raw[len(raw) // 2:len(raw) // 2 + 1]
            at = raw.rindex(what)
            self.put(directory, name, raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1:])
            self.assertIn(words, self.fails(directory, lang=lang))
            self.put(directory, name, raw)

    def test_cut_longer_missing_swapped_and_strange_files(self):
        directory, _ = self.prove(WANG)
        other, _ = self.prove(next(row["key"] for row in self.rows if row["clause"] == "7.6"))
        for name in self.files(directory):
            raw = self.bytes_of(directory, name)
            for cut in (0, 1, len(raw) // 2, len(raw) - 1):
                self.put(directory, name, raw[:cut])
                err = self.fails(directory)
                self.assertIn("/" + name, err)
                self.assertTrue(name == "MANIFEST" or "cut short at byte %d" % cut in err, err)
            self.put(directory, name, raw + b"x")
            self.assertIn("/" + name, self.fails(directory))
            os.remove(os.path.join(directory, name))
            self.assertIn(": MANIFEST is missing" if name == "MANIFEST" else "/" + name,
                          self.fails(directory))
            if name in self.files(other) and self.bytes_of(other, name) != raw:
                shutil.copy(os.path.join(other, name), os.path.join(directory, name))
                self.assertRegex(self.fails(directory), "No such file" if name == "MANIFEST"
                                 else "/" + re.escape(name))
            self.put(directory, name, raw)
        self.put(directory, "versions/2-x.version", b"")
        self.assertIn("versions/2-x.version: does not belong", self.fails(directory))

    def test_only_ordinary_files_are_read(self):
        """No link leads out of the directory, no pipe keeps anybody waiting, no device is endless."""
        directory, _ = self.prove(WANG)
        aside = self.path("aside")
        for name in self.files(directory):
            path = os.path.join(directory, name)
            os.rename(path, aside)
            for put in (lambda at: os.symlink(aside, at), os.mkfifo,
                        lambda at: os.symlink("/dev/zero", at)):
                put(path)
                self.assertIn("/%s: not an ordinary file" % name, self.fails(directory))
                os.remove(path)
            os.rename(aside, path)
        os.rename(os.path.join(directory, "versions"), aside)
        os.symlink(aside, os.path.join(directory, "versions"))
        self.assertIn("/versions: ", self.fails(directory))
        os.remove(os.path.join(directory, "versions"))
        os.rename(aside, os.path.join(directory, "versions"))
        self.holds(directory)

    def test_a_long_chain(self):
        """Reading it takes a time in proportion to it."""
        directory, said = self.prove(WANG)
        more = 300000
        lines = self.bytes_of(directory, "chain.txt")
        seq = int(lines.splitlines()[-1].split()[1])
        lines += b"".join(b"%d %d %064x\n" % (said["entries"] + i, seq + i, i)
                          for i in range(1, more + 1))
        self.put(directory, "chain.txt", lines)
        self.sealed(directory)
        self.assertEqual(said["entries"] + more, self.holds(directory)["entries"])

    def test_what_a_terminal_would_obey(self):
        directory, _ = self.prove(WANG)
        manifest = self.bytes_of(directory, "MANIFEST").splitlines(True)
        line = b"entry \x1b[2J"
        manifest[1] = line + b" ~" + hashlib.blake2b(line, digest_size=16).hexdigest()[:16].encode() \
            + b"\n"
        self.put(directory, "MANIFEST", b"".join(manifest))
        err = self.fails(directory)
        self.assertIn("line 2 was changed", err)
        self.assertNotIn("\x1b", err)

    def sealed(self, directory):
        """Digests that fit what is there now, as somebody would make them who has the program."""
        lines = []

        def say(text):
            lines.append(text + " ~" + hashlib.blake2b(text.encode(), digest_size=16)
                         .hexdigest()[:16] + "\n")
        with open(os.path.join(directory, "MANIFEST"), encoding="utf-8") as file:
            for line in list(file)[:2]:
                lines.append(line)
        for name in self.files(directory):
            raw = self.bytes_of(directory, name)
            if name != "MANIFEST":
                say("file %s %d %s" % (name, len(raw), hashlib.blake2b(raw, digest_size=32)
                                       .hexdigest()))
        say("seal " + hashlib.blake2b("".join(lines).encode(), digest_size=32).hexdigest())
        self.put(directory, "MANIFEST", "".join(lines).encode())

    def test_forged_with_digests_that_fit(self):
        """The amount lowered: the chain tells. Another due in the verdict, an assignment left out:
        the judging tells. And the seal tells of everything."""
        directory, said = self.prove(WANG)
        ledger = "penalty-ledger-p007.journal"
        original = {name: self.bytes_of(directory, name) for name in self.files(directory)}
        self.sealed(directory)
        self.assertNotEqual(said["seal"], self.holds(directory)["seal"])
        self.assertIn("this proof has the seal", self.fails(directory, "--seal", said["seal"]))

        path = os.path.join(directory, ledger)
        head, batches = journals.read(path)
        for batch in batches:
            if batch.events[0].HasField("entry_posted"):
                entry = harness.ledger_pb2.Entry.FromString(batch.events[0].entry_posted.entry)
                entry.amount_fen = -4000
                batch.events[0].entry_posted.entry = entry.SerializeToString()
        journals.write(path, head, batches)
        self.sealed(directory)
        self.assertIn("the chain is broken at position %d" % said["position"],
                      self.fails(directory))
        self.put(directory, ledger, original[ledger])

        path = os.path.join(directory, "sla-watcher-p007.journal")
        head, batches = journals.read(path)
        for batch in batches:
            if batch.events[0].HasField("judged"):
                batch.events[0].judged.due_at_ms += 60000
        journals.write(path, head, batches)
        self.sealed(directory)
        err = self.fails(directory)
        self.assertIn("T007-6: accept #1 is judged otherwise than recorded", err)
        self.put(directory, "sla-watcher-p007.journal",
                 original["sla-watcher-p007.journal"])

        path = os.path.join(directory, "dispatcher-p007.journal")
        head, batches = journals.read(path)
        offers = [each for each in batches if each.events[0].HasField("offered")]
        self.assertEqual(2, len(offers))
        offers[0].events[0].offered.accept_due_at_ms += 3600000
        journals.write(path, head, batches)
        self.sealed(directory)
        self.assertIn("no services can have said what stands there", self.fails(directory))
        self.put(directory, "dispatcher-p007.journal", original["dispatcher-p007.journal"])

        for chain in (b"", b"partition 7\n", b"partition 7\n0 0\n" + b"0" * 64 + b"\n1 1 00\n",
                      original["chain.txt"][:-2] + b"\n", original["chain.txt"] + b"1 2 3",
                      original["chain.txt"].replace(b"\n2 ", b"\n3 ")):
            self.put(directory, "chain.txt", chain)
            self.sealed(directory)
            self.assertIn("chain.txt: no chain", self.fails(directory))
        for name, raw in original.items():
            self.put(directory, name, raw)
        self.holds(directory, "--seal", said["seal"])

    def test_chain_up_to_the_head(self):
        """With the lines after it every link up to the head is followed; a head that was printed
        before is found."""
        first = min((row for row in self.rows), key=lambda row: self.proved(row)["position"])
        directory, said = self.prove(first["key"], "--to-head")
        found = self.holds(directory, "--head", said["head"])
        self.assertEqual((1, said["entries"]), (said["position"], found["links"]))
        printed, _ = self.ask("ledger", "verify")
        self.assertIn(said["head"], printed)
        directory, said = self.prove(first["key"])  # hashes alone vouch for nothing
        _, err = doorstep("replay", "--recorded", directory, "--head", said["head"], code=1)
        self.assertIn("the lines up to it are not in this proof", err)
        _, err = doorstep("replay", "--recorded", directory, "--head", "0" * 64, code=1)
        self.assertIn("no hash of this chain", err)
        _, err = doorstep("replay", "--recorded", directory, "--head", "1" * 64, code=1)
        self.assertIn("no hash of this chain", err)

    def proved(self, row):
        return self.prove(row["key"])[1]

    def test_wrong_words(self):
        missing = self.path("none")
        _, err = self.ask("prove", "7.1/person:wang/T007-6/dispatch#9", "--out", missing, code=1)
        self.assertIn("did you mean " + WANG, err)
        _, err = self.ask("prove", "T007-6/dispatch#9", "--out", missing, code=1)
        self.assertIn("nothing here is called", err)
        _, err = self.ask("prove", "T007-6", "--out", missing, code=2, lang=ZH)
        self.assertIn("不是账目的键", err)
        self.assertIn("--out DIR", self.ask("prove", WANG, code=2)[1])
        self.assertFalse(os.path.exists(missing))
        directory, _ = self.prove(WANG)
        _, err = self.ask("prove", WANG, "--out", directory, code=2)
        self.assertIn("is there already", err)
        doorstep("replay", "--recorded", directory, "--out", self.path("again"))
        with open(self.path("again", "ledger.csv"), encoding="utf-8") as file:
            self.assertEqual([WANG], [row["key"] for row in csv.DictReader(file)])
        doorstep("replay", self.path("day.ndjson"), "--seal", "x", "--out", missing, code=2)
        for words, code, lang, said in (
                ((missing,), 1, EN, "none: No such file"),
                ((self.stage.data,), 2, EN, "has no MANIFEST, so it is no proof"),
                ((self.stage.data,), 2, ZH, "中没有 MANIFEST,不是证明"),
                ((self.stage.data, "--seal", "0" * 64), 2, EN, "is no proof"),
                ((directory, "--seal", "x"), 2, EN, "--seal wants 64 hex digits"),
                ((directory, "--head", "F" * 64), 2, ZH, "--head 应为 64 位"),
                ((directory, "--until", "2007-03-01T00:00:00Z"), 2, EN, "--until is for a file"),
                ((directory, "--statements"), 2, EN, "--out DIR")):
            self.assertIn(said, doorstep("replay", "--recorded", *words, code=code, lang=lang)[1])
        self.assertIn("say --recorded", doorstep("replay", directory, code=2)[1])

    def test_a_cause_alone(self):
        """Stands for the line that has it; the key of one that was reversed stays its own."""
        reversed_key, = [row["cause"] for row in self.rows if row["key"].startswith("reversal/")]
        for id, key in (("T007-6/dispatch#1", WANG), (reversed_key, reversed_key),
                        ("miss-10/occasion#1", "7.8/person:peng/miss-10/occasion#1"),
                        ("intake/p003/453", "7.24/outlet:qihe/intake/p003/453"),
                        ("river/200703", "7.2/person:peng/river/200703")):
            self.assertEqual(key, self.prove(id)[1]["entry"])

    def test_written_for_whoever_wrote_it(self):
        """Customers are named in it, whatever the umask says."""
        root = self.path("modes")
        os.mkdir(root)
        open_to_all = os.umask(0)
        try:
            self.ask("prove", WANG, "--out", os.path.join(root, "proof"))
            self.ask("export", "--out", os.path.join(root, "journals"))
            self.ask("explain", "T007-6", "--page", os.path.join(root, "page.html"))
            doorstep("replay", "--recorded", os.path.join(root, "proof"), "--out",
                     os.path.join(root, "again"))
        finally:
            os.umask(open_to_all)
        seen = 0
        for at, directories, names in os.walk(root):
            for mode, each in ((0o700, directories), (0o600, names)):
                for name in each:
                    seen += 1
                    self.assertEqual(mode, stat.S_IMODE(os.stat(os.path.join(at, name)).st_mode),
                                     name)
        self.assertGreater(seen, 100)

    def test_a_full_disk(self):
        """It is said, and no half of a proof is left."""
        missing = self.path("none")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)

        def cut():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
        _, err = self.ask("prove", WANG, "--out", missing, code=70, preexec_fn=cut,
                          restore_signals=False)  # told by an error, not by a signal
        self.assertIn("none/story.en.txt: not all of it could be written", err)
        self.assertFalse(os.path.exists(missing))
        directory, _ = self.prove(WANG)
        for name, why in (("ledger.csv", "No space left on device"),
                          ("events.ndjson", "not all of it could be written")):
            again = self.path("full-" + name)
            os.mkdir(again)
            os.symlink("/dev/full", os.path.join(again, name))
            _, err = doorstep("replay", "--recorded", directory, "--out", again, code=70)
            self.assertIn("%s/%s: %s" % (os.path.basename(again), name, why), err)
        with open("/dev/full", "w", encoding="utf-8") as full:
            for words in (("explain", "T007-6", "--story"), ("explain", "T007-6"),
                          ("explain", "T007-6", "--page", "-"), ("prove", WANG, "--out", self.path("unsealed"))):
                err = self.ask(*words, code=70, stdout=full)[1]
                self.assertIn("standard output did not take it", err)
            doorstep("replay", "--recorded", directory, code=70, stdout=full)



class TestStories(Proofs):
    """Lines that came about in other ways than by a clock: each story of the rules is lived through
    in an installation of its own, and every line of its ledger is proved."""
    STORIES = [
        ("cases_ledger", "an_appeal_in_its_last_millisecond_is_granted"),
        ("cases_ledger", "one_of_its_people_appeals_for_an_outlet"),
        ("cases_ledger", "a_reversal_grants_the_appeal_that_waits"),
        ("cases_ledger", "what_comes_after_the_closing_is_booked_in_the_open_month"),
        ("cases_ledger", "a_reversal_after_the_closing_says_what_it_is_about"),
        ("cases_ledger", "a_missed_visit_whose_month_is_closed"),
        ("cases_ledger", "a_loss_taken_back_gives_back_what_was_deducted"),
        ("cases_rulebook", "rejudged_under_the_rules_before"),
        ("cases_rulebook", "rejudged_back_again"),
        ("cases_rulebook", "rejudged_for_another_amount"),
        ("7_02_satisfaction_sheet", None), ("7_06_not_on_time", None), ("7_08_phone", None),
        ("7_17_incomplete_return", None), ("7_22_tariff", None)]

    @classmethod
    def setUpClass(cls):
        pass

    def live(self, story):
        day = Day()
        story(Territory(day, "county"))
        day.finish()
        if not day.entries:
            return 0
        with harness.Installation(clock="step", start_ms=1172707200000) as stage:
            type(self).stage = stage
            stage.start()
            stage.activate()
            lines = self.path("day.ndjson")
            with open(lines, "w", encoding="utf-8") as file:
                file.writelines(line.text() + "\n" for line in day.lines)
            with subprocess.Popen(
                    [os.path.join(BIN, "doorstep"), "play", lines, "--dir", stage.data],
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as played:
                self.assertIn(played.wait(2 * harness.LIMIT_S), (0, 1))  # some are to be refused
            rows = list(csv.DictReader(io.StringIO(self.ask("ledger", "--csv")[0])))
            self.assertEqual(sorted(each["key"] for each in day.entries),
                             sorted(row["key"] for row in rows))
            for row in rows:
                directory, said = self.prove(row["key"])
                found = self.holds(directory, "--seal", said["seal"])
                self.assertEqual((row["key"], row["amount_fen"]),
                                 (found["entry"], found["amount_fen"]))
            self.shared += self.which_of(rows)
            return len(rows)

    def which_of(self, rows):
        """Causes of several lines: they are listed."""
        causes = collections.Counter(row["cause"] for row in rows)
        shared = [cause for cause, n in causes.items() if n > 1]
        missing = self.path("none")
        for cause in shared:
            for lang, said in ((EN, "is the cause of %d entries"), (ZH, "是 %d 笔账目的事由")):
                _, err = self.ask("prove", cause, "--out", missing, code=1, lang=lang)
                self.assertIn(said % causes[cause], err)
                self.assertEqual(sorted(row["key"] for row in rows if row["cause"] == cause),
                                 sorted(line.strip() for line in err.splitlines()[1:]))
        self.assertFalse(os.path.exists(missing))
        return len(shared)

    def test_stories(self):
        lines = self.shared = 0
        for module, name in self.STORIES:
            stories = vars(importlib.import_module(module))
            for each, story in list(stories.items()):
                if each.startswith("_") or getattr(story, "__module__", "") != module or \
                        (name and each != name) or hasattr(story, "directory") or \
                        hasattr(story, "rulebook"):
                    continue
                with self.subTest(module + "." + each):
                    lines += self.live(story)
        self.assertGreater(self.shared, 0)
        print("%d lines of stories proved" % lines, file=sys.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
