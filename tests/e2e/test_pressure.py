#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Too much at once, and a door that is shut: what is refused is told so, what is recorded can be
read by everybody, and nobody loses a job while he cannot answer.

    tests/e2e/test_pressure.py --bin build/release/bin [unittest arguments]"""
import argparse
import os
import re
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", required=True)
OPTIONS, REST = parser.parse_known_args()
os.environ["DS_BUILD"] = os.path.dirname(os.path.abspath(OPTIONS.bin))
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
import harness  # noqa: E402

RECORDED, BUSY = 1, 5
MORNING_MS = 1163464200000  # 2006-11-14 08:30 in the county
FACTOR = 60


class Pressure(unittest.TestCase):
    def setUp(self):
        self.it = it = harness.Installation()
        self.addCleanup(it.close)

    def make_fast(self):
        """Rule time runs FACTOR times faster, from a morning in working time."""
        self.real_ms = int(time.time() * 1000)
        redis = self.it.redis()
        self.addCleanup(redis.close)
        redis("HSET", "doorstep:clock", "mode", "fast", "factor", FACTOR, "real_ms",
              self.real_ms, "rule_ms", MORNING_MS)

    def rule_ms(self):
        return MORNING_MS + (int(time.time() * 1000) - self.real_ms) * FACTOR

    def test_one_message_of_more_commands_than_a_batch_holds(self):
        """The rest is told busy; all services can read what was recorded."""
        it = self.it
        it.start()
        it.activate()
        socket = it.dealer("intake.cmd")
        frames = []
        for n in range(1100):
            command = harness.commands_pb2.Command(id="c%d" % n, by="lin", territory="county",
                                                   made_at_ms=int(time.time() * 1000))
            command.call_offered.call = "x%d" % n
            command.call_offered.called = "07365550101"
            command.call_offered.caller = "139%08d" % n
            frames.append(command.SerializeToString())
        socket.send_multipart(frames)
        found = {}
        for _ in frames:
            self.assertTrue(socket.poll(20000))
            receipt = harness.commands_pb2.Receipt.FromString(socket.recv())
            found[receipt.status] = found.get(receipt.status, 0) + 1
        self.assertEqual(set(found), {RECORDED, BUSY})
        self.assertEqual(sum(found.values()), 1100)
        tail = 1 + found[RECORDED]  # the activation came first
        harness.wait_for(lambda: self.read_by(it, "sla-watcher") == tail,
                         "the watcher to have read everything")
        for service in harness.SERVICES:
            self.assertIsNone(it.processes[service].poll(), service)

    def test_nobody_loses_a_job_while_the_door_is_shut(self):
        """The store is nearly full when the offer lapses: he could not have accepted."""
        it = self.it
        self.make_fast()
        it.start()
        it.now_ms = self.rule_ms()
        it.activate()
        ticket = self.offered(it)
        redis = it.redis()
        self.addCleanup(redis.close)

        def is_shut():
            """Whatever Redis frees meanwhile, it stays at 95 %."""
            used = int(re.search(rb"used_memory:(\d+)", redis("INFO", "memory")).group(1))
            redis("CONFIG", "SET", "maxmemory", int(used / 0.95))
            return it.status("intake").busy

        offer = self.last(it, "offered")
        accept = self.command(it, "a1", "wang", ticket=ticket)
        accept.accept.SetInParent()
        harness.wait_for(is_shut, "the door to be shut")
        self.assertEqual(it.send(accept)[0].status, BUSY)
        harness.wait_for(lambda: is_shut() and self.rule_ms() > offer.accept_due_at_ms + 60000,
                         "the offer to lapse", 60)
        self.assertIsNone(self.last(it, "taken_back"))
        redis("CONFIG", "SET", "maxmemory", 0)
        harness.wait_for(lambda: self.last(it, "taken_back"), "the door to be open again", 60)

    # ---- helpers ----

    def read_by(self, it, service):
        """Last event of intake that the service has applied in partition 7."""
        rows = [row for row in it.status(service).partitions if row.partition == 7]
        return [lag.position for lag in rows[0].lags if lag.upstream == "intake"][0]

    def command(self, it, ident, by, **fields):
        return harness.commands_pb2.Command(id=ident, by=by, made_at_ms=self.rule_ms(), **fields)

    def offered(self, it):
        command = self.command(it, "r1", "lin", territory="county")
        report = command.register
        report.kind, report.complaint_type, report.channel, report.ref = 2, 1, 1, "R1"
        report.customer.phone, report.customer.city, report.customer.area = "139", True, "城东"
        report.product.category = "air_conditioner"
        ticket = it.send(command)[0].ticket
        order = [self.command(it, "f%d" % n, "lin", ticket=ticket) for n in range(3)]
        order[0].fill_order.order_no = "A1"
        order[1].contact_customer.SetInParent()
        order[2].book_appointment.from_ms = self.rule_ms() + 3600000
        order[2].book_appointment.to_ms = self.rule_ms() + 7200000
        order[2].book_appointment.wish = 1
        for one in order:
            self.assertEqual(it.send(one)[0].status, RECORDED)
        harness.wait_for(lambda: self.last(it, "offered"), "an offer")
        return ticket

    def last(self, it, kind):
        found = [getattr(event, kind) for _, event in it.journal("dispatcher", 7)
                 if event.WhichOneof("body") == kind]
        return found[-1] if found else None


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
