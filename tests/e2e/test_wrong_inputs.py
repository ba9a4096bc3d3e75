#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every wrong input of the tables gets its documented error, and nothing changes: no journal, state,
due, receipt or version; every service lives on."""
import concurrent.futures
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import wrong_calls  # noqa: E402
import wrong_files  # noqa: E402
import wrong_frames  # noqa: E402
import wrong_inputs  # noqa: E402
import wrong_store  # noqa: E402
import wrong_submit  # noqa: E402
from wrong_checks import (  # noqa: E402
    CODES, ROW_GROUPS, check_ask, check_call, check_conf, check_receipt, check_row, check_talk,
    codes_shown, titles)
from wrong_stage import (  # noqa: E402
    BUILD, DAY, LIMIT_S, SERVICES, Homes, Stage, commands_pb2, run)


# ---- all rows of the wire ----

class OnTheWire(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = Stage()

    @classmethod
    def tearDownClass(cls):
        cls.stage.close()

    def rows(self, rows):
        """Sends every row; the group as a whole changes nothing either, when all have looked."""
        stage = self.stage
        frames = [row.input.frame(stage) for row in rows]
        stage.settle()
        before, refused = stage.snapshot(), stage.counter("rejected")
        for row, frame in zip(rows, frames):
            with self.subTest(row.title):
                check_row(stage, row, frame)
        stage.settle()
        self.assertEqual(stage.difference(before), [])
        self.assertEqual(stage.counter("rejected") - refused, len(rows))
        stage.assert_alive()

    def test_every_prefix_of_a_command_is_refused(self):
        stage = self.stage
        frame = wrong_inputs.good("register").frame(stage)
        stage.settle()
        before = stage.snapshot()
        for receipt in stage.it.send(*[frame[:n] for n in range(1, len(frame))]):
            self.assertEqual(receipt.status, commands_pb2.Receipt.REJECTED)
            self.assertIn(receipt.code, ("malformed", "missing_field"))
        self.assertEqual(stage.difference(before), [])

    def test_talks(self):
        for talk in wrong_frames.TALKS:
            with self.subTest(talk.title):
                check_talk(self.stage, talk)

    def test_control_sockets(self):
        self.stage.settle()
        for ask in wrong_frames.ASKS:
            with self.subTest(ask.title):
                check_ask(self.stage, ask)
        self.stage.assert_alive()

    def test_what_is_too_old_may_come_again_under_a_new_id(self):
        stage = self.stage
        old = wrong_inputs.good("fill_order", made=-DAY - 1, occurred=-DAY + 1)
        frame = old.frame(stage)
        first = commands_pb2.Command.FromString(frame)
        self.assertEqual(stage.send(frame).status, commands_pb2.Receipt.TOO_OLD)
        again = old.but(made=0, supersedes=first.id)
        receipt = stage.must(again)[0]
        seq = int(receipt.event.rsplit("/", 1)[1])
        event = dict(stage.it.journal("intake", 7))[seq]
        self.assertEqual(event.supersedes, first.id)
        self.assertEqual(event.occurred_at_ms, first.occurred_at_ms)


def add_group(name, rows):
    setattr(OnTheWire, "test_group_" + name, lambda self: self.rows(rows))


for group_name, group_rows in ROW_GROUPS.items():
    add_group(group_name, group_rows)


class GoodInputs(unittest.TestCase):
    def test_what_the_rows_change_is_good_before(self):
        """Otherwise a row might be refused for something else than it says."""
        for kind, say in wrong_inputs.GOOD.items():
            with self.subTest(kind), Stage() as stage:
                receipt = stage.send(say.frame(stage))
                self.assertEqual(receipt.status, commands_pb2.Receipt.RECORDED, receipt)
                stage.settle()
                stage.assert_alive()


# ---- installations at a bound, or in trouble ----

class AtTheBounds(unittest.TestCase):
    def special(self, special):
        with Stage(**special.settings) as stage:
            special.prepare(stage)
            frames = [row.input.frame(stage) for row in special.rows]
            if special.settings.get("rules", True):
                stage.settle()
            for row, frame in zip(special.rows, frames):
                with self.subTest(row.title):
                    check_row(stage, row, frame)
            stage.assert_alive()

    def test_no_rulebook(self):
        self.special(wrong_store.SPECIALS[0])

    def test_receipts(self):
        self.special(wrong_store.SPECIALS[1])

    def test_entities(self):
        self.special(wrong_store.SPECIALS[2])

    def test_calls(self):
        self.special(wrong_store.SPECIALS[3])

    def test_full_receipts_still_know_what_they_hold_and_make_room(self):
        special = wrong_store.SPECIALS[1]
        with Stage(**special.settings) as stage:
            known = wrong_inputs.good("feed_gap").frame(stage)
            self.assertEqual(stage.send(known).status, commands_pb2.Receipt.RECORDED)
            stage.must(*[wrong_inputs.good("register", body={"customer": {"phone": str(i),
                                                                          "city": True}})
                         for i in range(999)])
            late = wrong_inputs.good("register")
            frame = late.frame(stage)
            self.assertEqual(stage.send(frame).code, "busy")
            self.assertEqual(stage.send(known).status, commands_pb2.Receipt.DUPLICATE)
            stage.go_to(stage.now + 28 * 3600 * 1000)
            self.assertEqual(stage.send(late.frame(stage)).status, commands_pb2.Receipt.RECORDED)

    def trouble(self, trouble):
        with Stage(extra="store_timeout: 1s\n") as stage:
            frame = wrong_inputs.good("register").frame(stage)
            others = [wrong_inputs.good("activate").frame(stage),
                      wrong_inputs.good("urge").frame(stage), b"\xff"]
            stage.settle()
            before = stage.snapshot()
            trouble.begin(stage)
            for busy in [frame] + others:
                check_receipt(stage.send(busy), "BUSY", "busy", "", trouble.expected)
            trouble.end(stage)
            self.assertEqual(stage.difference(before), [])
            first, second = stage.it.send(frame, frame)
            self.assertEqual(first.status, commands_pb2.Receipt.RECORDED)
            self.assertEqual(second.status, commands_pb2.Receipt.DUPLICATE)
            self.assertEqual(first.event, second.event)
            stage.settle()
            stage.assert_alive()

    def test_redis_stopped(self):
        self.trouble(wrong_store.TROUBLES[0])

    def test_redis_killed(self):
        self.trouble(wrong_store.TROUBLES[1])

    def test_redis_full(self):
        self.trouble(wrong_store.TROUBLES[2])


# ---- files and command lines ----

class OnTheCommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = Stage()
        cls.stage.settle()
        cls.homes = Homes()

    @classmethod
    def tearDownClass(cls):
        cls.stage.close()
        cls.homes.root.cleanup()

    def calls(self, calls):
        for call in calls:
            with self.subTest(call.title):
                check_call(self.homes, self.stage, call)
        self.stage.assert_alive()

    def test_usage(self):
        self.calls(wrong_calls.USAGE)

    def test_lines(self):
        self.calls(wrong_calls.LINES)

    def test_checks(self):
        self.calls(wrong_calls.CHECKS)

    def test_files_of_lines(self):
        for flow in wrong_submit.FLOWS:
            with self.subTest(flow.title), Stage() as stage:
                flow.check(stage, self.homes)
                stage.assert_alive()

    def test_nothing_there(self):
        self.calls(wrong_calls.NOTHING)

    def test_nobody_there(self):
        """Most of these wait for somebody who does not come; they wait together."""
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            waiting = [(call, pool.submit(check_call, self.homes, self.stage, call))
                       for call in wrong_calls.AWAY]
        for call, done in waiting:
            with self.subTest(call.title):
                done.result()

    def test_settings(self):
        for conf in wrong_files.CONFS:
            with self.subTest(conf.title):
                check_conf(self.homes, conf)


# ---- what is wrong in the store ----

class InTheStore(unittest.TestCase):
    def test_damages(self):
        with wrong_store.AtRest() as rest:
            before = rest.stage.snapshot()
            for damage in wrong_store.DAMAGES:
                with self.subTest(damage.title):
                    rest.check(damage, run)
            self.assertEqual(rest.stage.difference(before), [])
            rest.stage.it.start()
            rest.stage.settle()
            done = run(["check"], rest.stage.it.data)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_an_order_number_of_a_ticket_that_is_gone(self):
        """Open tickets have no deadline that would miss them; intake finds out when it looks."""
        with wrong_store.AtRest() as rest:
            stage = rest.stage
            state, ticket = "{p003}:intake:state", "T" + stage.ticket("river")
            rest.store.keep(state)
            rest.store.redis("HDEL", state, ticket)
            stage.it.start("intake")
            urge = wrong_inputs.good("urge", by="tan", on=None, ref="river")
            with self.assertRaisesRegex(AssertionError, "intake ended with 70"):
                stage.send(urge.frame(stage))
            self.assertIn('msg="a stored entity is corrupt" part=3 entity=%s' % ticket[1:],
                          stage.it.log("intake"))
            del stage.it.processes["intake"]
            rest.store.put_back()

    def test_settings(self):
        with wrong_store.AtRest() as rest:
            for setting in wrong_store.SETTINGS:
                with self.subTest(setting[0]):
                    rest.check_setting(*setting)

    def test_other_number_of_partitions(self):
        with wrong_store.AtRest() as rest:
            path = os.path.join(rest.stage.it.data, "doorstep.yaml")
            with open(path) as file:
                settings = file.read()
            with open(path, "w") as file:
                file.write(settings.replace("partitions: 16", "partitions: 8"))
            for name in SERVICES:
                rest.refuses(name, 64, "another number of partitions")

    def test_second_instance(self):
        with Stage() as stage:
            stage.settle()
            before = stage.snapshot()
            for name in SERVICES:
                done = subprocess.run([os.path.join(BUILD, "bin", "doorstep-" + name), "--dir",
                                       stage.it.data], capture_output=True, text=True,
                                      timeout=LIMIT_S)
                self.assertEqual(done.returncode, 75, done.stderr)
                self.assertIn("another instance is running", done.stderr)
            self.assertEqual(stage.difference(before), [])
            stage.assert_alive()


# ---- the table as a whole ----

class TheTable(unittest.TestCase):
    def test_every_code_is_shown(self):
        self.assertEqual(set(CODES) - codes_shown(), {"ok"})

    def test_rows(self):
        """Titles are how a failure is found, so no two rows share one."""
        rows = titles()
        self.assertEqual(len(rows), len(set(rows)))
        self.assertGreaterEqual(len(rows), 400)
        print("%d rows, %d codes" % (len(rows), len(codes_shown())), file=sys.stderr)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
