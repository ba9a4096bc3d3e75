#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The runtime around a service, on a real redis-server and real sockets: what it refuses to start
on, who is in charge, what it does when Redis or the bus fall silent.

    tests/runtime/test_services.py --bin build/debug/bin [unittest arguments]"""
import argparse
import os
import shutil
import signal
import stat
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "debug", "bin"),
                    help="where the binaries are")
OPTIONS, REST = parser.parse_known_args()
os.environ["DS_BUILD"] = os.path.dirname(os.path.abspath(OPTIONS.bin))
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(SOURCE, "tests", "lib"))
import harness  # noqa: E402
import zmq  # noqa: E402
from harness import commands_pb2, control_pb2, envelope_pb2  # noqa: E402

P = 7  # the partition of the county's territory
UNAVAILABLE, MUST_NOT, LOCKED = 69, 70, 75


def now_ms():
    return int(time.time() * 1000)


class Case(unittest.TestCase):
    extra = "store_timeout: 1s\n"
    services = ("intake",)

    def setUp(self):
        self.stage = harness.Installation(extra=self.extra)
        self.addCleanup(self.end)
        self.numbers = iter(range(1000000))
        if self.services:
            self.stage.start(*self.services)
            self.stage.activate()

    def end(self):
        for process in self.stage.processes.values():
            process.send_signal(signal.SIGCONT)
        self.stage.close()

    def redis(self, *words):
        client = self.stage.redis()
        try:
            return client(*words)
        finally:
            client.close()

    def call(self):
        """A command of this partition that is like no other."""
        n = next(self.numbers)
        command = commands_pb2.Command(id="k%d" % n, by="phone", made_at_ms=now_ms())
        command.call_offered.call = "k%d" % n
        command.call_offered.called = "07365550101"
        command.call_offered.caller = "1300000%04d" % n
        return command

    def record(self, n=1):
        """Sends so many commands; the number of the last event."""
        receipts = self.stage.send(*[self.call() for _ in range(n)])
        self.assertEqual({commands_pb2.Receipt.RECORDED}, {r.status for r in receipts})
        return int(receipts[-1].event.rpartition("/")[2])

    def ended(self, name, code):
        process = self.stage.processes.pop(name)
        self.assertEqual(code, process.wait(harness.LIMIT_S), self.stage.log(name))
        return self.stage.log(name)

    def position(self, name="dispatcher"):
        """How far a service has applied intake's journal."""
        status = self.stage.status(name)
        return next(p.lags[0].position for p in status.partitions if p.partition == P)

    def counter(self, service, name):
        return {c.name: c.value for c in self.stage.status(service).counters}[name]


class TestSettings(Case):
    services = ()
    WRONG = (("appendfsync", "everysec"), ("appendonly", "no"), ("maxmemory-policy", "allkeys-lru"),
             ("no-appendfsync-on-rewrite", "yes"), ("stop-writes-on-bgsave-error", "yes"))

    def test_a_redis_that_may_forget_is_refused(self):
        for name, value in self.WRONG:
            with self.subTest(name=name):
                before = self.redis("CONFIG", "GET", name)[1]
                self.redis("CONFIG", "SET", name, value)
                self.stage.start("intake", wait=False)
                log = self.ended("intake", UNAVAILABLE)
                self.assertIn("parameter=%s value=%s wanted=%s" % (name, value, before.decode()),
                              log)
                self.redis("CONFIG", "SET", name, before)
        harness.wait_for(lambda: b"aof_rewrite_in_progress:0" in self.redis("INFO", "persistence")
                         and b"aof_rewrite_scheduled:0" in self.redis("INFO", "persistence"),
                         "the new append-only file")
        self.assertIsNone(self.redis("HGET", "{p007}:intake:meta", "epoch"))

    def test_and_after_a_reconnect_too(self):
        self.stage.start("intake")
        self.redis("CONFIG", "SET", "appendfsync", "everysec")
        self.redis("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        self.assertIn("parameter=appendfsync value=everysec", self.ended("intake", UNAVAILABLE))

    def test_another_number_of_partitions(self):
        self.redis("SET", "doorstep:partitions", "32")
        self.stage.start("intake", wait=False)
        self.assertIn("store=32 configured=16", self.ended("intake", 64))


class TestRun(Case):
    """RUN, which a restart of the machine may sweep away."""

    services = ()

    def spawn_in(self, run):
        conf = os.path.join(self.stage.data, "doorstep.yaml")
        with open(conf, "w") as file:
            file.write("run: %s\nredis_socket: %s\n" % (run, self.stage.redis_path))
        self.stage.start("intake", wait=False)

    def test_is_made(self):
        run = os.path.join(self.stage.root, "swept")
        self.spawn_in(run)
        harness.wait_for(lambda: 'msg="ready"' in self.stage.log("intake"), "intake")
        self.assertEqual(0o700, stat.S_IMODE(os.stat(run).st_mode))

    def test_where_there_is_no_room_for_it(self):
        run = os.path.join(self.stage.root, "no", "run")
        self.spawn_in(run)
        log = self.ended("intake", UNAVAILABLE)
        self.assertIn('msg="the directory for sockets cannot be made" run=%s error="No such' % run,
                      log)


class TestInCharge(Case):
    def test_a_second_instance_of_a_service_is_refused(self):
        pid = self.stage.processes["intake"]
        self.stage.start("intake", wait=False)
        self.assertIn("another instance is running", self.ended("intake", LOCKED))
        self.stage.processes["intake"] = pid
        self.record()

    def test_an_instance_elsewhere_fences_this_one(self):
        """As from another machine: its own directory, the same Redis."""
        self.record()
        elsewhere = tempfile.mkdtemp(prefix="ds")
        self.addCleanup(shutil.rmtree, elsewhere)
        with open(os.path.join(elsewhere, "doorstep.yaml"), "w") as file:
            file.write("run: %s\nredis_socket: %s\npartitions: 16\n" % (
                elsewhere, self.stage.redis_path))
        epoch = int(self.redis("HGET", "{p007}:intake:meta", "epoch"))
        tail = int(self.redis("HGET", "{p007}:intake:meta", "tail"))
        self.stage.spawn("newer", [os.path.join(self.stage.bin, "doorstep-intake"), "--dir",
                                   elsewhere])
        harness.wait_for(lambda: 'msg="ready"' in self.stage.log("newer"), "the newer one")
        self.assertEqual(epoch + 1, int(self.redis("HGET", "{p007}:intake:meta", "epoch")))
        self.stage.dealer("intake.cmd").send(self.call().SerializeToString())
        self.assertIn("fenced", self.ended("intake", MUST_NOT).lower())
        self.assertEqual(tail, int(self.redis("HGET", "{p007}:intake:meta", "tail")))

    def test_a_torn_commit_is_not_gone_on_with(self):
        self.record(3)
        self.stage.stop("intake")
        self.redis("HINCRBY", "{p007}:intake:meta", "tail", 1)
        self.stage.start("intake", wait=False)
        self.assertIn("torn commit", self.ended("intake", MUST_NOT))


class TestSilentRedis(Case):
    def test_busy_then_the_oldest_first(self):
        """A Redis that hangs: the watchdog gives the connection up, the door says busy, nothing
        that was sealed is lost, no answer is given before the commit."""
        self.record()  # the rulebook is read from the store when it is first asked for
        redis = self.stage.processes["redis"]
        socket = self.stage.dealer("intake.cmd")
        redis.send_signal(signal.SIGSTOP)
        first = self.call()
        socket.send(first.SerializeToString())
        harness.wait_for(lambda: self.stage.status("intake").store != "up", "the watchdog")
        self.assertIn("store lost", self.stage.log("intake"))
        self.assertEqual(0, socket.poll(0))
        second = self.call()
        socket.send(second.SerializeToString())
        self.assertTrue(socket.poll(1000 * harness.LIMIT_S))
        busy = commands_pb2.Receipt.FromString(socket.recv())
        self.assertEqual((second.id, commands_pb2.Receipt.BUSY), (busy.id, busy.status))
        self.assertGreater(busy.retry_after_ms, 0)
        redis.send_signal(signal.SIGCONT)
        self.assertTrue(socket.poll(1000 * harness.LIMIT_S))
        late = commands_pb2.Receipt.FromString(socket.recv())
        self.assertEqual((first.id, commands_pb2.Receipt.RECORDED), (late.id, late.status))
        self.assertEqual(commands_pb2.Receipt.RECORDED, self.stage.send(second)[0].status)
        self.assertGreaterEqual(self.counter("intake", "reconnects"), 1)
        events = [event.command_id for _, event in self.stage.journal("intake", P)]
        self.assertEqual([first.id, second.id], events[-2:])

    def test_a_killed_redis_comes_back(self):
        last = self.record(5)
        self.stage.kill("redis")
        harness.wait_for(lambda: self.stage.status("intake").store != "up", "the loss")
        self.stage.start_redis()
        harness.wait_for(lambda: self.stage.status("intake").store == "up", "the store")
        self.assertRegex(self.stage.log("intake"),
                         r'store lost"(.*\n)+.*level=info service=intake '
                         r'msg="store is back" away_ms=[1-9]\d*\n')
        self.assertEqual(last + 1, self.record())


class Wire:
    """Between intake's PUB and its readers: lets through what it is told to."""

    def __init__(self, stage):
        path = os.path.join(stage.run, "intake.pub")
        os.rename(path, path + "-real")
        self.sub = stage.context.socket(zmq.SUB)
        self.sub.setsockopt(zmq.SUBSCRIBE, b"")
        self.sub.connect("ipc://" + path + "-real")
        self.pub = stage.context.socket(zmq.XPUB)
        self.pub.bind("ipc://" + path)
        self.passes = lambda topic, raw: True
        self.passed = self.dropped = 0
        self.readers = 0

    def pump(self):
        """Forwards what is there; to be called while waiting for something."""
        while self.pub.poll(0):
            self.readers += self.pub.recv()[0] == 1
        while self.sub.poll(0):
            topic, raw = self.sub.recv_multipart()
            if self.passes(topic, raw):
                self.pub.send_multipart([topic, raw])
                self.passed += topic != b"hb|"
            else:
                self.dropped += topic != b"hb|"

    def close(self):
        self.sub.close(0)
        self.pub.close(0)


class TestBus(Case):
    """A dispatcher behind a wire that loses frames."""

    def setUp(self):
        super().setUp()
        self.wire = Wire(self.stage)
        self.addCleanup(self.wire.close)
        self.stage.start("dispatcher", wait=False)
        self.until(lambda: 'msg="ready"' in self.stage.log("dispatcher"), "the dispatcher")
        self.until(lambda: self.wire.readers > 0, "its subscription")
        self.until(lambda: self.hears(), "the bus")

    def tearDown(self):
        self.wire.passes = lambda topic, raw: True

    def until(self, condition, what):
        def pumped():
            self.wire.pump()
            return condition()
        return harness.wait_for(pumped, what)

    def hears(self):
        """An event has come over the wire and been applied."""
        last = self.record()
        self.until(lambda: self.position() >= last, "the event")
        return self.wire.passed > 0

    def applied(self, last):
        self.until(lambda: self.position() >= last, "event %d at the dispatcher" % last)
        self.assertEqual(last, self.position())

    def test_a_gap_is_filled_from_the_journal(self):
        reads, lost = self.counter("dispatcher", "range_reads"), []

        def lose_first(topic, raw):
            if topic != b"hb|" and not lost:
                lost.append(raw)
                return False
            return topic != b"hb|" or not lost  # no heartbeat tells either: the gap itself does
        self.wire.passes = lose_first
        self.record()
        self.until(lambda: lost, "the frame that is lost")
        self.applied(self.record())
        self.assertGreater(self.counter("dispatcher", "range_reads"), reads)

    def test_a_lost_last_frame_is_noticed_by_the_heartbeat(self):
        self.wire.passes = lambda topic, raw: topic == b"hb|"
        self.applied(self.record())
        self.assertEqual(1, self.wire.dropped)

    def test_silence_is_noticed_without_any_frame(self):
        """Half a second without a heartbeat: the store is asked."""
        self.wire.passes = lambda topic, raw: False
        self.applied(self.record(3))
        self.applied(self.record())

    def test_frames_twice_and_out_of_order(self):
        kept = []
        self.wire.passes = lambda topic, raw: topic == b"hb|" or not kept.append((topic, raw)) and False
        last = self.record()
        last = self.record()
        self.until(lambda: len(kept) == 2, "two frames")
        for topic, raw in (*reversed(kept), *kept):
            self.wire.pub.send_multipart([topic, raw])
        self.applied(last)
        self.wire.passes = lambda topic, raw: True
        self.applied(self.record())

    def test_a_zombie_is_not_believed(self):
        """Heartbeats of an older epoch, damaged frames, frames of nobody."""
        beat = envelope_pb2.Heartbeat()
        row = beat.rows.add()
        row.partition, row.epoch, row.published_seq, row.mark_ms = P, 0, 99999, now_ms() + 10**9
        self.wire.pub.send_multipart([b"hb|", beat.SerializeToString()])
        kept = []
        self.wire.passes = lambda topic, raw: topic == b"hb|" or not kept.append(raw)
        last = self.record()
        self.until(lambda: kept, "a frame")
        self.wire.pub.send_multipart([b"p007|", kept[0][:-1] + bytes([kept[0][-1] ^ 1])])
        self.wire.pub.send_multipart([b"p007|", b""])
        self.wire.pub.send_multipart([b"hb|", b"\xff\xff"])
        self.wire.pub.send_multipart([b"p999|", kept[0]])
        self.applied(last)
        self.applied(self.record())
        lag = next(p.lags[0] for p in self.stage.status("dispatcher").partitions
                   if p.partition == P)
        self.assertEqual(0, lag.behind)
        self.assertLess(lag.mark_ms, now_ms() + 10**6)


class TestWithoutBus(unittest.TestCase):
    def test_journals_alone(self):
        with harness.Installation(bus=False) as stage:
            stage.start()
            stage.activate()
            command = commands_pb2.Command(id="k", by="phone", made_at_ms=now_ms())
            command.call_offered.call = "k"
            command.call_offered.called = "07365550101"
            command.call_offered.caller = "13000000001"
            event = int(stage.send(command)[0].event.rpartition("/")[2])
            for name in harness.SERVICES[1:]:
                def applied():
                    rows = [p for p in stage.status(name).partitions if p.partition == P]
                    lag, = [lag for lag in rows[0].lags if lag.upstream == "intake"]
                    return lag.position >= event
                harness.wait_for(applied, name)


class TestControl(Case):
    def ask(self, raw, name="intake"):
        socket = self.stage.dealer(name + ".ctl")
        socket.send(raw)
        self.assertTrue(socket.poll(1000 * harness.LIMIT_S))
        return control_pb2.ControlReply.FromString(socket.recv())

    def test_what_is_no_request(self):
        for raw in (b"\xff", b"\x08", b"\x12\x05\x08", b"x" * 1000):
            self.assertTrue(self.ask(raw).error, raw)
        advance = control_pb2.ControlRequest()
        advance.advance.to_ms = now_ms()
        self.assertEqual("the clock is not stepped", self.ask(advance.SerializeToString()).error)
        self.record()

    def test_counters_and_histograms(self):
        n = 200
        self.record(n)
        duplicate = self.call()
        self.stage.send(duplicate, duplicate)
        status = self.stage.status("intake")
        counters = {c.name: c.value for c in status.counters}
        self.assertEqual(1, counters["duplicates"])
        self.assertEqual(n + 3, counters["commands"])
        self.assertEqual(n + 2, counters["recorded"])
        histograms = {h.name: h for h in status.histograms}
        self.assertEqual({"commit_us", "batch", "late_ms"}, {name.replace("batch_events", "batch")
                                                             for name in histograms})
        for histogram in histograms.values():
            self.assertEqual(histogram.count, sum(histogram.buckets))
            self.assertLessEqual(histogram.max, histogram.sum)
        self.assertGreater(histograms["commit_us"].count, 0)
        batches = next(h for name, h in histograms.items() if name.startswith("batch"))
        self.assertEqual(sum(p.tail for p in status.partitions), batches.sum)

    def test_stop(self):
        self.ask(control_pb2.ControlRequest(stop=True).SerializeToString())
        self.assertIn('msg="stopped" status=0', self.ended("intake", 0))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST])
