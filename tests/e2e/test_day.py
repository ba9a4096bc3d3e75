#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The example day end to end: what is checked in is what the generator writes, and both a replay
and a running installation come to what was worked out by hand.

    tests/e2e/test_day.py --bin build/release/bin [unittest arguments]"""
import argparse
import collections
import csv
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
DEPLOY = os.path.join(SOURCE, "deploy")
EXAMPLES = os.path.join(DEPLOY, "examples")
LIMIT_S = 240
CLOCKS = ["order", "dispatch", "accept", "contact", "visit", "complaint", "feedback", "delay",
          "result", "callback", "hotline"]

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"),
                    help="where the binaries are")
OPTIONS, REST = parser.parse_known_args()
BIN = os.path.abspath(OPTIONS.bin)
os.environ["DS_BUILD"] = os.path.dirname(BIN)
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path[:0] = [os.path.join(SOURCE, "tests", "gen"), os.path.join(SOURCE, "tests", "lib")]
import day as generator  # noqa: E402
import day_refused  # noqa: E402
import harness  # noqa: E402


def run(*words, code=0, sockets=""):
    """doorstep ...; returns what it printed. sockets: where a new installation makes RUN."""
    environment = dict(os.environ, LC_ALL="C", XDG_RUNTIME_DIR=sockets)
    done = subprocess.run([os.path.join(BIN, "doorstep"), *words], env=environment, timeout=LIMIT_S,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = done.stdout.decode(), done.stderr.decode()
    if done.returncode != code:
        raise AssertionError("doorstep %s ended with %d:\n%s\n%s" % (
            words[0], done.returncode, out[-3000:], err[-3000:]))
    return out, err


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def example(name):
    return os.path.join(EXAMPLES, name)


def explained():
    """Ticket and order number of the read-me's table."""
    return re.findall(r"`doorstep explain (T\d{3}-\d+)` \| (\w+) ", read(EXAMPLES, "README.md"))


def rows(text):
    return {row["key"]: row for row in csv.DictReader(io.StringIO(text))}


def alerts_of(directory):
    """(subject, kind of event, its body, reason) of a replay."""
    for line in read(directory, "alerts.ndjson").splitlines():
        event = json.loads(line)
        kind = event["type"].rpartition(".")[2]
        yield event["subject"], kind, event["data"][kind], event["data"].get("reason")


def journal(directory, service, partition):
    """(number, event) of an exported journal: "DSJ1", then records of a length and bytes; the
    first is the header."""
    with open(os.path.join(directory, "%s-p%03d.journal" % (service, partition)), "rb") as file:
        raw = file.read()
    at, first = 4, True
    while at < len(raw):
        size, = struct.unpack_from("<I", raw, at)
        record = raw[at + 4:at + 4 + size]
        at += 4 + size
        if not first:
            batch = harness.envelope_pb2.Batch.FromString(record)
            for i, event in enumerate(batch.events):
                yield batch.header.first_seq + i, event
        first = False


class Day(unittest.TestCase):
    maxDiff = None
    root = None

    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="dsday")
        cls.addClassCleanup(shutil.rmtree, cls.root)
        cls.expected = json.loads(read(EXAMPLES, "day.expected.json"))
        cls.prepare()

    @classmethod
    def prepare(cls):
        pass

    @classmethod
    def path(cls, *names):
        return os.path.join(cls.root, *names)

    def same(self, expected, found):
        """Only what differs is worth reading."""
        differ = {key: (expected.get(key), found.get(key)) for key in {*expected, *found}
                  if expected.get(key) != found.get(key)}
        self.assertEqual(differ, {}, "(expected, found)")


class TestWritten(Day):
    def test_checked_in_is_what_the_generator_writes(self):
        self.assertEqual(set(generator.files()), {"day.ndjson", "day.ledger.csv",
                                                  "day.expected.json"})
        for name, text in generator.files().items():
            # not assertEqual: the difference of two such texts is computed for minutes
            self.assertTrue(text == read(EXAMPLES, name), name + ": run tests/gen/day.py")

    def test_read_me_names_the_right_tickets(self):
        named = explained()
        self.assertEqual(len(named), 10)
        for ticket, ref in named:
            self.assertEqual(self.expected["tickets"][ref]["ticket"], ticket, ref)


class TestReplay(Day):
    @classmethod
    def prepare(cls):
        cls.said, _ = run("replay", example("day.ndjson"), "--rules", DEPLOY, "--out",
                          cls.path("one"))
        cls.alerts = list(alerts_of(cls.path("one")))

    def test_every_command_is_taken(self):
        """Recorded or a duplicate, as written; which one is which shows in the journals."""
        lines = len(read(EXAMPLES, "day.ndjson").splitlines())
        again = len(self.expected["duplicates"])
        self.assertIn("%d commands recorded, %d duplicates, 0 rejected" % (lines - again, again),
                      self.said)

    def test_a_second_replay_gives_the_same_bytes(self):
        run("replay", example("day.ndjson"), "--rules", DEPLOY, "--out", self.path("two"))
        for name in ("alerts.ndjson", "tickets.ndjson", "ledger.csv", "report.json"):
            self.assertEqual(read(self.path("one"), name), read(self.path("two"), name), name)

    def test_ledger(self):
        expected = rows(read(EXAMPLES, "day.ledger.csv"))
        booked = rows(read(self.path("one"), "ledger.csv"))
        for row in booked.values():
            del row["rulebook"], row["events"], row["relates_to"]
        self.same(expected, booked)

    def test_tickets(self):
        refs = {}
        for line in read(self.path("one"), "tickets.ndjson").splitlines():
            ticket = json.loads(line)
            refs[ticket["ref"]] = ticket["ticket"]
        self.assertEqual(refs, {ref: ticket["ticket"]
                                for ref, ticket in self.expected["tickets"].items()})

    def test_every_verdict(self):
        """Exactly those that are expected, of tickets, technicians' days, calls and sheets."""
        expected, found = {}, {}
        for ref, ticket in self.expected["tickets"].items():
            for instance, verdict in ticket["verdicts"].items():
                expected[ref, instance] = verdict
        for key, one in self.expected["days"].items():
            expected[key, "feedback#1"] = one["verdict"]
        for call, one in self.expected["calls"].items():
            expected[call, "hotline#1"] = one["verdict"]
        for name, one in self.expected["sheets"].items():
            expected[name, one["clock"] + "#1"] = one["verdict"]
        for subject, kind, body, _ in self.alerts:
            if kind == "judged":
                what = self.name(subject), self.instance(body)
                self.assertNotIn(what, found)
                found[what] = body["verdict"].lower()
        self.same(expected, found)

    def test_withdrawn_breaches(self):
        expected = set()
        for ref, ticket in self.expected["tickets"].items():
            expected.update((ref, instance) for instance in ticket["withdrawn"])
        expected.update((key, "feedback#1") for key, one in self.expected["days"].items()
                        if one["withdrawn"])
        expected.update((call, "hotline#1") for call, one in self.expected["calls"].items()
                        if one["withdrawn"])
        found = {(self.name(subject), self.instance(body))
                 for subject, kind, body, _ in self.alerts if kind == "breach_withdrawn"}
        self.same(dict.fromkeys(expected, 1), dict.fromkeys(found, 1))

    def test_every_breach_was_announced(self):
        """What is finally broken was said provisionally before."""
        said = {(subject, self.instance(body)) for subject, kind, body, _ in self.alerts
                if kind == "breached"}
        for subject, kind, body, _ in self.alerts:
            if kind == "judged" and body["verdict"] == "BREACHED":
                self.assertIn((subject, self.instance(body)), said)

    def test_calls(self):
        reasons = {subject: reason for subject, kind, body, reason in self.alerts
                   if kind == "judged" and body["clock"] == "HOTLINE"}
        self.same({call: one["reason"] for call, one in self.expected["calls"].items()}, reasons)
        self.assertEqual(
            sorted(call for call, one in self.expected["calls"].items() if one["unanswered"]),
            sorted(subject for subject, kind, _, _ in self.alerts if kind == "call_unanswered"))

    def test_back_to_the_clerk_and_caps(self):
        back, caps = collections.defaultdict(list), collections.defaultdict(list)
        for subject, kind, body, _ in self.alerts:
            if kind == "returned_to_clerk":
                back[self.name(subject)].append(body["dispatch"])
            if kind == "cap_reached":
                caps[self.name(subject)].append(body["delay"])
        for ref, ticket in self.expected["tickets"].items():
            self.assertEqual(ticket["returned_to_clerk"], back[ref], ref)
            self.assertEqual(ticket["capped"], caps[ref], ref)

    # ---- the day shows what it should ----

    def test_every_clock_in_every_way(self):
        ways = collections.defaultdict(set)
        paused = set()
        for subject, kind, body, _ in self.alerts:
            if kind == "breach_withdrawn":
                ways[body["clock"].lower()].add("withdrawn")
            if kind == "judged":
                ways[body["clock"].lower()].add(body["verdict"].lower())
                if body.get("pauses") and body["verdict"] == "MET":
                    paused.add(body["clock"].lower())
                if body["n"] % 16 > 1 and body["clock"] in ("ACCEPT", "CONTACT", "DISPATCH"):
                    ways[body["clock"].lower()].add("again")
        for clock in CLOCKS:
            self.assertLessEqual({"met", "breached", "withdrawn"}, ways[clock], clock)
        for clock in ("order", "dispatch", "accept", "contact", "visit", "complaint", "hotline"):
            self.assertIn("cancelled", ways[clock], clock)
        for clock in ("accept", "contact", "dispatch"):
            self.assertIn("again", ways[clock], clock)
        for clock in ("visit", "complaint"):
            self.assertIn("closed_paused", ways[clock], clock)
            self.assertIn(clock, paused)

    def test_every_clause_in_every_way(self):
        booked = {(row["clause"], row["reason"])
                  for row in rows(read(self.path("one"), "ledger.csv")).values()}
        for clause in ("7.1", "7.2", "7.3", "7.4", "7.8"):
            self.assertIn((clause, "FINAL_BREACH"), booked)
        for reason in ("HELD_TOO_SHORT", "APPOINTED_BEYOND_DUE"):
            self.assertIn(("7.3", reason), booked)
        self.assertIn(("7.6", "NOT_ON_TIME_AND_COMPLAINT"), booked)
        for clause in ("7.5", "7.21", "7.22"):
            self.assertIn((clause, "PROPOSED_BY_CALLBACK"), booked)
        for clause in ("7.10", "7.16", "7.17", "7.22", "7.23", "7.24"):
            self.assertIn((clause, "REPORTED_BY_MANAGER"), booked)
        self.assertIn(("7.1", "REVERSED_BY_MANAGER"), booked)

    def test_complaints_before_and_after_the_visit_is_final(self):
        """Clause 7.6 in both orders."""
        final = {}
        for subject, kind, body, _ in self.alerts:
            if kind == "judged" and body["clock"] == "VISIT" and body["verdict"] == "BREACHED":
                final.setdefault(subject, int(body["final_at_ms"]))
        orders = {int(body["complained_at_ms"]) > final[subject]
                  for subject, kind, body, _ in self.alerts
                  if kind == "visits_final" and subject in final}
        self.assertEqual(orders, {True, False})

    # ---- what is refused ----

    def test_refused_commands_change_nothing(self):
        lines = day_refused.refused()
        played = len(read(EXAMPLES, "day.ndjson").splitlines())
        with open(self.path("refused.ndjson"), "w", encoding="utf-8") as file:
            file.write(read(EXAMPLES, "day.ndjson"))
            file.writelines(line + "\n" for _, line in lines)
        _, err = run("replay", self.path("refused.ndjson"), "--rules", DEPLOY, "--out",
                     self.path("refused"), code=1)
        found = {int(number) - played - 1: code for number, code in
                 re.findall(r"refused\.ndjson:(\d+): (\w+): ", err)}
        self.assertEqual({i: code for i, (code, _) in enumerate(lines)}, found)
        for name in ("alerts.ndjson", "tickets.ndjson", "ledger.csv", "report.json"):
            self.assertEqual(read(self.path("one"), name), read(self.path("refused"), name), name)

    # ---- helpers ----

    def name(self, subject):
        """Order number of a ticket; days and calls have names of their own."""
        for ref, ticket in self.expected["tickets"].items():
            if ticket["ticket"] == subject:
                return ref
        return subject

    @staticmethod
    def instance(body):
        return "%s#%d" % (body["clock"].lower(), body["n"])


class TestInstallation(Day):
    """The same day through five processes, Redis and ZeroMQ."""

    @classmethod
    def prepare(cls):
        cls.data = cls.path("data")
        run("up", "--dir", cls.data, "--fresh", "--rules", DEPLOY, "--play", example("day.ndjson"),
            "--once", sockets=cls.root)
        run("replay", example("day.ndjson"), "--rules", DEPLOY, "--out", cls.path("replayed"))
        cls.start_redis()
        run("export", "--dir", cls.data, "--out", cls.path("journals"))

    @classmethod
    def start_redis(cls):
        """`up --once` has ended everything; what reads needs the store only."""
        sockets = re.search(r"^run: (\S+)", read(cls.data, "doorstep.yaml"), re.M).group(1)
        os.makedirs(sockets, mode=0o700, exist_ok=True)
        socket = os.path.join(sockets, "redis.sock")
        log = open(cls.path("redis.log"), "wb")
        redis = subprocess.Popen(
            ["redis-server", os.path.join(cls.data, "redis.conf"), "--unixsocket", socket,
             "--dir", os.path.join(cls.data, "redis")], stdin=subprocess.DEVNULL, stdout=log,
            stderr=log)
        log.close()
        cls.addClassCleanup(redis.wait, LIMIT_S)
        cls.addClassCleanup(redis.terminate)

        def answers():
            if redis.poll() is not None:
                raise AssertionError("redis-server: " + read(cls.path("redis.log")))
            if not os.path.exists(socket):
                return False
            try:
                client = harness.Redis(socket)
            except OSError:
                return False
            try:
                return client("PING") == "PONG"
            except RuntimeError:  # still loading
                return False
            finally:
                client.close()
        harness.wait_for(answers, "redis-server")

    def events(self, service):
        for partition in (3, 7):
            yield from journal(self.path("journals"), service, partition)

    def test_the_same_ledger_in_all_columns(self):
        booked, _ = run("ledger", "--csv", "--dir", self.data)
        self.assertEqual(read(self.path("replayed"), "ledger.csv"), booked)

    def test_the_same_sheets(self):
        """Drawn live as in the replay, and again by anyone."""
        drawn = [line for line in read(self.path("replayed"), "events.ndjson").splitlines()
                 if "doorstep.callback-survey.sheet_drawn" in line]
        live = [run("sheet", "--territory", name, "--month", "200703", "--json", "--dir",
                    self.data)[0] for name in ("river", "county")]
        live = [json.dumps(json.loads(text)[0]) for text in live]
        self.assertEqual([json.loads(line) for line in drawn], [json.loads(line) for line in live])
        again = subprocess.run([sys.executable, example("draw_again.py")], timeout=LIMIT_S,
                               input="\n".join(live) + "\n", stdout=subprocess.PIPE, text=True,
                               check=True)
        self.assertEqual(again.stdout.count("drawn as published"), 2)

    def test_invariants_and_chain(self):
        said, _ = run("check", "--dir", self.data)
        self.assertIn(": 0 violations", said)
        said, _ = run("ledger", "verify", "--dir", self.data)
        self.assertIn("%d entries, 0 broken links" % len(rows(read(EXAMPLES, "day.ledger.csv"))),
                      said)

    def test_recorded_journals_judged_again(self):
        said, _ = run("replay", "--recorded", self.path("journals"), "--out", self.path("again"))
        self.assertIn("the same ledger", said)
        expected = rows(read(EXAMPLES, "day.ledger.csv"))
        self.same(dict.fromkeys(expected, 1),
                  dict.fromkeys(rows(read(self.path("again"), "ledger.csv")), 1))

    def test_recorded_journals_give_the_same_files(self):
        """Tickets as they were recorded; alerts as they went out, for in stepped time everybody
        looks when something happens."""
        run("replay", "--recorded", self.path("journals"), "--out", self.path("files"))
        for name in ("alerts.ndjson", "tickets.ndjson", "ledger.csv"):
            self.assertTrue(read(self.path("replayed"), name) == read(self.path("files"), name),
                            name)
        said, _ = run("alerts", "--json", "--dir", self.data)
        went_out = [line for line in said.splitlines() if not line.startswith('{"cursor"')]
        again = [line for line in read(self.path("files"), "alerts.ndjson").splitlines()
                 if "/doorstep/sla-watcher/" in line]
        # shown by time, whatever the territory; the file has one partition after the other
        again.sort(key=lambda line: int(json.loads(line)["data"]["received_at_ms"]))
        self.assertTrue(len(went_out) > 1000 and went_out == again)

    def test_receipts(self):
        """A recorded command has one event, a duplicate has that of the first time."""
        known = collections.Counter(event.command_id for _, event in self.events("intake")
                                    if not event.HasField("activated"))
        again = {number: what for number, what in self.expected["duplicates"]}
        expected = set()
        for number, line in enumerate(read(EXAMPLES, "day.ndjson").splitlines(), 1):
            command = json.loads(line)
            command = command.get("command", command)
            if number in again:
                self.assertEqual(again[number], command["id"])
            else:
                expected.add(command["id"])
        self.same(dict.fromkeys(expected, 1), known)

    def test_outcomes(self):
        reason = harness.envelope_pb2.reasons__pb2.Reason.Name.Name
        code = harness.envelope_pb2.types__pb2.OutcomeCode.Name.Name
        found = {}
        for service in harness.SERVICES:
            for _, event in self.events(service):
                if event.HasField("outcome"):
                    self.assertNotIn(event.outcome.command_id, found)
                    found[event.outcome.command_id] = [code(event.outcome.outcome),
                                                       reason(event.reason)]
        expected = self.expected["outcomes"]
        for command, (_, why) in expected.items():
            if command in found and why is None:  # the outcome itself says it
                found[command][1] = None
        self.same(expected, found)

    def test_who_is_asked(self):
        asked = collections.defaultdict(list)
        for _, event in self.events("dispatcher"):
            if event.HasField("offered"):
                asked[event.subject].append(event.offered.account)
        self.same({ticket["ticket"]: ticket["offers"] for ticket in
                   self.expected["tickets"].values() if ticket["offers"]}, asked)

    def test_proposals_obligations_and_wishes(self):
        proposed, owed = [], []
        for _, event in self.events("penalty-ledger"):
            if event.HasField("proposed"):
                proposed.append(event.proposed.entry.key)
            if event.HasField("obligation_opened"):
                owed.append(event.obligation_opened.entry)
        self.assertEqual(self.expected["proposals"], sorted(proposed))
        self.assertEqual(self.expected["obligations"], sorted(owed))
        wished = [event.subject for _, event in self.events("callback-survey")
                  if event.HasField("redo_wished")]
        self.assertEqual(self.expected["redo_wished"], wished)

    def explain(self, id):
        return run("explain", id, "--dir", self.data)[0]

    def test_calls_explained(self):
        """Each that was not just answered says its verdict and why, long after the watcher forgot
        it; what was fined, the key."""
        booked = rows(read(EXAMPLES, "day.ledger.csv"))
        table = read(SOURCE, "common", "text", "reasons.def")
        for call, one in self.expected["calls"].items():
            if one["verdict"] == "met" and not one["withdrawn"] and call != "c-d001":
                continue
            said = self.explain(call)
            why = re.search(r"DS_REASON\(%s, \"(.*?)\"" % one["reason"], table).group(1)
            self.assertIn(why, said, call)
            self.assertRegex(said, r"final verdict answer the phone #1: %s.*\n +%s" % (
                one["verdict"], re.escape(why)))
            keys = [key for key in booked if "/%s/occasion#1" % call in key]
            self.assertEqual(keys, re.findall(r"booked .* yuan, (\S*/%s/\S*)" % call, said))

    def test_calls_of_one_occasion(self):
        """Whichever is asked for, both are told; the next call opens another."""
        for call in ("miss-1", "miss-2"):
            said = self.explain(call)
            self.assertIn("one occasion: miss-1, miss-2\n", said)
            self.assertIn("booked -50.00 yuan, 7.8/person:zhou/miss-1/occasion#1", said)
            self.assertNotIn("miss-3", said)
        self.assertNotIn("miss-1", self.explain("miss-3"))
        self.assertNotIn("one occasion", self.explain("miss-3"))

    def test_what_else_belongs_to_a_call(self):
        self.assertIn("phone feed was interrupted 2007-03-01 15:10:00 .. 15:20:00",
                      self.explain("miss-8"))
        said = self.explain("c-d001")
        self.assertIn("call picked up, answered by zhou", said)
        self.assertRegex(said, r"registered T007-6 install, .*order d001")

    def test_days_explained(self):
        """Each technician's first day says its verdict, and which tickets nobody heard of."""
        for day, one in self.expected["days"].items():
            if not day.endswith("/2007-03-01"):
                continue
            said = self.explain(day)
            self.assertIn("final verdict daily feedback #1: %s" % one["verdict"], said)
            person, date = day.split("/")
            self.assertIn("to be reported by %s 23:59:59.999" % date, said)
            left = re.search("; not reported: (.*)\n$", said).group(1)
            self.assertEqual(one["verdict"] == "met", left == "-", day)
        said = self.explain("huang/2007-03-01")
        self.assertIn("reported: T007-150, T007-81; not reported: T007-98\n", said)
        self.assertRegex(said, "on site T007-98, by huang")
        # evidence from a dead spot, in its grace
        said = self.explain("chen/2007-03-01")
        self.assertRegex(said, "day reported 2007-03-01, by chen, received 2007-03-02 00:40:00\n")
        self.assertIn("breach withdrawn daily feedback #1", said)

    def test_every_entry_explained(self):
        """A key leads to the story that ends in it."""
        for key, row in rows(read(EXAMPLES, "day.ledger.csv")).items():
            said = self.explain(key)
            subject = row["ticket"] or key.rpartition("/")[0].split("/", 2)[2]
            if row["ticket"] or "/intake/" not in key and row["clause"] != "7.2":
                self.assertEqual("%s: %s" % (key, subject), said.splitlines()[0])
            self.assertRegex(said, r"booked -?\d+\.\d\d yuan, %s[ ,:]" % re.escape(key))
            if "/intake/" in key:
                self.assertRegex(said, "violation reported %s, %s" % (row["clause"],
                                                                      row["account"]))

    def test_the_read_me_can_be_followed(self):
        for ticket, ref in explained():
            said, _ = run("explain", ticket, "--dir", self.data)
            self.assertIn("order " + ref, said)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
