#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What goes on, as the command line reads it from live state: `board`, `customer`, `candidates`,
`order`, `calls`, `directory`; and that their rows say what `ticket` and `explain` say.

    tests/e2e/test_board.py --bin build/release/bin [unittest arguments]"""
import base64
import json
import os
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "lib"))
from lived import REST, ZH, Lived  # noqa: E402
from cases import _booked, _finish, _repair  # noqa: E402
import harness  # noqa: E402

NOW = "2007-03-05T10:00:00+08:00"
PARTITION = 7


def the_days(county):
    """x1 is over and was to the customer's content; x2 is held by Xu, who has not called yet; x3
    waits for a part; x4 is only registered."""
    first = _booked(county)
    _finish(first)
    first.all_kept()
    waits = _repair(county, at="03-05 08:15:00", ref="x3")
    waits.order("03-06 15:00-17:00")
    waits.accept("03-05 08:20", "xu")
    waits.contact("03-05 08:25", "xu")
    waits.delay("03-05 09:00", "xu", "PARTS", "缺压缩机")
    waits.register_delay("03-05 09:10")
    waits.all_kept()
    held = _repair(county, at="03-05 08:30:00", ref="x2")
    held.order("03-06 15:00-17:00")
    held.accept("03-05 08:40", "xu")
    held.all_kept()
    _repair(county, at="03-05 09:50:00", ref="x4").all_kept()


def sequence(cursor):
    """Its numbers: sources in the order of the flow, of each all partitions."""
    numbers, number, shift = [], 0, 0
    for byte in base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)):
        number |= (byte & 0x7f) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(number)
            number, shift = 0, 0
    return numbers


class Board(Lived):
    @classmethod
    def setUpClass(cls):
        cls.live(the_days, NOW)

    def json(self, *words, **how):
        return json.loads(self.ask(*words, "--json", **how))

    def board(self, *words):
        board = self.json("board", *words)
        return board, {row["ref"]: row for row in board["tickets"]}

    def test_rows(self):
        board, rows = self.board()
        self.assertEqual({"x2", "x3", "x4"}, set(rows))  # what is over and final is no row
        held = rows["x2"]
        self.assertEqual(("OPEN", 0), (held["phase"], held["cycle"]))
        self.assertEqual(("HELD", "person:xu", None, []),
                         tuple(held["dispatch"][key] for key in ("phase", "holder", "offer",
                                                                 "refused")))
        self.assertEqual("county", held["head"]["territory"])
        self.assertEqual(held["appointment"]["to_ms"] - held["appointment"]["from_ms"], 7200000)
        states = {clock["clock"]: clock["state"] for clock in held["clocks"]}
        self.assertEqual(("met", "met", "late", "running"),
                         tuple(states[name] for name in ("order", "accept", "contact", "visit")))
        waits = rows["x3"]
        self.assertEqual(["PARTS"], [wait["reason"] for wait in waits["waits"]])
        paused, = [clock for clock in waits["clocks"] if clock["clock"] == "complaint"]
        self.assertEqual(("paused", False), (paused["state"], "due_at_ms" in paused))
        self.assertEqual([], held["waits"])
        self.assertEqual(set(harness.SERVICES), set(board["marks"]))
        self.assertLessEqual(board["marks"]["sla-watcher"], board["now_ms"])

    def test_as_ticket_and_explain_say(self):
        """The same clocks, and the same verdicts."""
        board, rows = self.board()
        for row in rows.values():
            told = self.json("ticket", row["ticket"])
            self.assertEqual(told["now_ms"], board["now_ms"])
            keys = ("clock", "n", "owner", "start_at_ms", "due_at_ms", "stop_at_ms")
            self.assertEqual(told["clocks"], [{key: clock[key] for key in keys if key in clock}
                                              for clock in row["clocks"]])
            page = self.json("explain", row["ticket"], "--story")
            judged = {(clock["clock"], clock["n"]): clock for clock in page["clocks"]}
            for clock in row["clocks"]:
                also = judged[clock["clock"], clock["n"]]
                self.assertEqual(clock.get("due_at_ms"), also.get("due_at_ms"))
                self.assertEqual(clock["state"] in ("late", "breached"), also["late"])
            held = [each["account"] for each in page["held"]]
            self.assertEqual(held[-1:], [row["dispatch"]["holder"]] * bool(held))

    def test_narrower(self):
        self.assertEqual({"x2", "x3"}, set(self.board("--person", "xu")[1]))
        self.assertEqual({"x2", "x3"}, set(self.board("--person", "person:xu")[1]))
        self.assertEqual(set(), set(self.board("--person", "wang")[1]))
        self.assertEqual(set(), set(self.board("--territory", "river")[1]))
        self.assertEqual({"x2", "x3", "x4"}, set(self.board("--territory", "county")[1]))
        both = ",".join([self.ticket, self.board()[1]["x2"]["ticket"], "T007-99999"])
        named = self.board("--tickets", both)[1]
        self.assertEqual(("FINISHED", "DONE"), (named["x1"]["phase"],
                                                named["x1"]["dispatch"]["phase"]))
        self.assertEqual({"x1", "x2"}, set(named))
        self.assertEqual({"x2"}, set(self.board("--tickets", both, "--person", "xu")[1]))
        self.assertIn("neither", self.ask("board", "--person", "nobody", code=1))
        self.assertIn("no territory", self.ask("board", "--territory", "moon", code=1))
        self.assertIn("no ticket id", self.ask("board", "--tickets", "x", code=2))

    def test_cursor(self):
        """Not beyond any journal, nor beyond what those have read whose states are shown."""
        numbers = sequence(self.board()[0]["cursor"])[1:]  # before them: whose journals
        self.assertEqual(len(harness.SERVICES) * 16, len(numbers))
        redis = self.stage.redis()
        self.addCleanup(redis.close)

        def meta(name, field):
            return int(redis("HGET", "{p%03d}:%s:meta" % (PARTITION, name), field) or 0)
        for number, name in enumerate(harness.SERVICES):
            least = [meta(name, "tail")]
            if name == "intake":
                least += [meta("dispatcher", "ck:1"), meta("sla-watcher", "ck:1")]
            elif name != "sla-watcher" and name != "penalty-ledger":
                least.append(meta("sla-watcher", "ck:%d" % (number + 1)))
            self.assertEqual(min(least), numbers[number * 16 + PARTITION], name)
        self.assertGreater(numbers[PARTITION], 20)

    def test_table(self):
        """Late ones first, paused ones last; a bar for each."""
        english, chinese = self.ask("board"), self.ask("board", lang=ZH)
        lines = english.splitlines()
        self.assertEqual(sum(clock["state"] in ("running", "late", "paused")
                             for row in self.board()[1].values() for clock in row["clocks"]),
                         len(lines))
        self.assertIn("late by", lines[0])
        self.assertIn("█" * 20, lines[0])
        self.assertIn("paused", lines[-1])
        self.assertIn("剩余", chinese)
        self.assertNotRegex(chinese, "late by|left|paused")
        self.assertIn("no clock is running", self.ask("board", "--territory", "river"))

    def test_customer(self):
        phone = self.board()[1]["x2"]["head"]["phone"]
        known = self.json("customer", phone)
        self.assertEqual(phone, known["phone"])
        self.assertIn("x2", [row["ref"] for row in known["open"]])
        self.assertEqual([], known["recent"])
        self.assertEqual(self.board()[1]["x2"], [row for row in known["open"]
                                                 if row["ref"] == "x2"][0])
        over = self.board("--tickets", self.ticket)[1]["x1"]["head"]["phone"]
        recent, = self.json("customer", over)["recent"]
        self.assertEqual((self.ticket, "FINISHED"), (recent["ticket"], recent["phase"]))
        self.assertIn(self.ticket, self.ask("customer", over))
        self.assertEqual({"phone": "1", "open": [], "recent": []}, self.json("customer", "1"))
        self.assertIn("没有", self.ask("customer", "1", lang=ZH))

    def test_candidates(self):
        ticket = self.board()[1]["x2"]["ticket"]
        told = self.json("candidates", ticket)
        self.assertEqual(ticket, told["ticket"])
        fits = [one for one in told["candidates"] if one["fits"]]
        self.assertEqual(list(range(1, len(fits) + 1)), [one["rank"] for one in fits])
        self.assertEqual(told["candidates"][:len(fits)], fits)
        self.assertEqual("person:xu", fits[0]["account"])
        self.assertEqual(1, fits[0]["load"])  # the other job: the one at hand does not count
        self.assertIn("has it now", fits[0]["reasons"])
        other = [one for one in told["candidates"] if not one["fits"]][0]
        self.assertIn("lacks a skill that it asks for", other["reasons"])
        self.assertIn("缺少所需技能", other["reasons_zh"])
        self.assertIsNone(other["rank"])
        self.assertIn("在手 1 单", self.ask("candidates", ticket, lang=ZH))
        self.assertIn("no live ticket", self.ask("candidates", "T007-99999", code=1))

    def test_order(self):
        row = self.board()[1]["x2"]
        order = self.json("order", row["ticket"])
        self.assertEqual(("田甲", "坏了", row["appointment"]),
                         (order["customer"]["name"], order["symptom"], order["appointment"]))
        self.assertEqual({"visit", "complaint"}, {one["clock"] for one in order["promises"]})
        self.assertEqual("person:xu", order["technician"]["account"])
        self.assertEqual(["labour", "parts", "tariff", "total"],
                         [line["key"] for line in order["charges"]])
        self.assertEqual(3, len(order["signatures"]))
        self.assertIn("安装维修服务单", self.ask("order", row["ticket"], lang=ZH))
        self.assertEqual(order, self.json("order", row["ticket"], "--person", "xu"))
        self.assertIn("no live ticket", self.ask("order", row["ticket"], "--person", "wang", code=1))

    def test_story_of_one(self):
        ticket = self.board()[1]["x2"]["ticket"]
        told = self.json("explain", ticket, "--story", "--person", "xu")
        self.assertEqual(ticket, told["ticket"])
        for words in (["explain", ticket, "--person", "wang"],
                      ["explain", ticket, "--story", "--person", "wang", "--json"]):
            self.assertIn("there is no %s that concerns wang" % ticket, self.ask(*words, code=1))

    def test_waits_of_one(self):
        self.assertEqual(["person:xu"], [one["owner"] for one in self.json("waits", "--person", "xu")])
        self.assertEqual([], self.json("waits", "--person", "wang"))
        self.assertIn("neither", self.ask("waits", "--person", "nobody", code=1))

    def test_directory(self):
        told = self.json("directory")
        self.assertEqual({"county", "river"}, {one["id"] for one in told["territories"]})
        xu, = [one for one in told["people"] if one["id"] == "xu"]
        self.assertEqual(("technician", "county", ""), (xu["role"], xu["territory"], xu["outlet"]))
        self.assertIn("small_appliance", xu["skills"])
        self.assertTrue(told["outlets"])
        outlet = told["outlets"][0]["id"]
        self.assertIn(outlet, [one["outlet"] for one in told["people"]])
        self.assertIn("xu", self.ask("directory"))


def the_calls(county):
    """One that rang in vain, one that was answered."""
    county.day.call("c1", "county", "13000020001", "10:20:00", "10:20:35", judged="-",
                    unanswered=True)
    county.day.call("c2", "county", "13000020002", "11:20:00", "11:22:00", agent="zhou",
                    answered="11:20:05")
    county.day.entry("7.8", "zhou", "c1/occasion#1", None, -5000, due="10:20:20")
    _repair(county).all_kept()


class Calls(Lived):
    @classmethod
    def setUpClass(cls):
        cls.live(the_calls, "2007-03-02T00:00:00+08:00")

    def calls(self, *words):
        return json.loads(self.ask("calls", "--unanswered", "--json", *words))

    def test_unanswered(self):
        call, = self.calls()
        self.assertEqual(("c1", "county", "13000020001", 35000, False),
                         tuple(call[key] for key in ("call", "territory", "caller", "rang_ms",
                                                     "all_busy")))
        self.assertTrue(call["why"] and call["why_zh"])
        self.assertEqual([call], self.calls("--date", "2007-03-01", "--territory", "county"))
        self.assertEqual([], self.calls("--date", "2007-03-02"))
        self.assertEqual([], self.calls("--territory", "river"))
        self.assertIn("13000020001", self.ask("calls", "--unanswered"))
        self.assertIn("没有未接来电", self.ask("calls", "--unanswered", "--date", "2007-03-02", lang=ZH))
        self.assertIn("wants --unanswered", self.ask("calls", code=2))
        self.assertIn("--date wants", self.ask("calls", "--unanswered", "--date", "x", code=2))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + REST)
