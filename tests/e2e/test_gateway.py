#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Commands and streams through the gateway of a real installation: receipts, outcomes, the same id
again, services that are away; every event once, whatever is killed while a client reads.

    tests/e2e/test_gateway.py --bin build/release/bin [unittest arguments]"""
import argparse
import base64
import json
import os
import random
import signal
import sys
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"),
                    help="where the binaries are")
OPTIONS, REST = parser.parse_known_args()
BIN = os.path.abspath(OPTIONS.bin)
os.environ["DS_BUILD"] = os.path.dirname(BIN)
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "tests", "lib"))
import gateway  # noqa: E402
import harness  # noqa: E402

RIVER = {"territory": "river"}  # where clerks dispatch: nobody is asked before they say so


def order(phone="13000000001", category="television"):
    return {"kind": "INSTALL", "channel": "PHONE",
            "customer": {"phone": phone, "name": "陈国庆", "address": "城关 建设路 3", "city": True,
                         "distance_m": 2000},
            "product": {"category": category, "model": "KF-26"}}


class Case(unittest.TestCase):
    def setUp(self):
        self.installation = harness.Installation()
        self.addCleanup(self.installation.close)
        self.installation.start()
        self.installation.activate()
        self.gateway = gateway.Gateway(self.installation).start()
        self.addCleanup(self.stop)
        self.clerk = self.gateway.key("tan", "clerk", "tan")
        self.customers = 0

    def stop(self):
        if "gateway" in self.installation.processes:
            self.gateway.stop()

    def registered(self, client, id):
        self.customers += 1  # the same customer's report of the same product is one ticket
        answer = client.command(id, "register", order("13%09d" % self.customers), **RIVER)
        self.assertEqual(answer.status, 200, answer.bytes)
        return answer.json()["receipt"]["ticket"]

    def assigned(self, id, account):
        """A ticket that is offered to the account."""
        ticket = self.registered(self.clerk, id)
        answer = self.clerk.command(id + "-assign", "assign", {"account": account}, ticket=ticket,
                                    **RIVER)
        self.assertEqual(answer.status, 200, answer.bytes)
        self.assertEqual(answer.json()["outcome"]["outcome"]["outcome"], "APPLIED", answer.bytes)
        return ticket

    def journals(self):
        """Ids of all events."""
        return {"%s/p%03d/%d" % (service, p, seq) for service in harness.SERVICES
                for p in range(16) for seq, _ in self.installation.journal(service, p)}


class TestCommands(Case):
    def test_recorded_and_again(self):
        more = dict(RIVER, made_at_ms=int(time.time() * 1000))
        first = self.clerk.command("r1", "register", order(), **more)
        again = self.clerk.command("r1", "register", order(), **more)
        self.assertEqual((first.status, again.status), (200, 200), first.bytes + again.bytes)
        first, again = first.json()["receipt"], again.json()["receipt"]
        self.assertEqual((first["status"], again["status"]), ("RECORDED", "DUPLICATE"))
        self.assertEqual((first["event"], first["ticket"]), (again["event"], again["ticket"]))

    def test_other_content_under_the_same_id(self):
        self.registered(self.clerk, "r1")
        answer = self.clerk.command("r1", "register", order("13900000002"), **RIVER)
        self.assertEqual((answer.status, answer.code), (409, "id_reused"))

    def test_too_old(self):
        made_at_ms = int(time.time() * 1000) - 60 * 24 * 3600 * 1000
        answer = self.clerk.command("r1", "register", order(), made_at_ms=made_at_ms, **RIVER)
        self.assertEqual((answer.status, answer.code), (410, "too_old"))

    def test_an_outcome_told_long_ago_is_found(self):
        told = {}
        for i in range(30):
            ticket = self.registered(self.clerk, "r%d" % i)
            body = {"account": "person:sun"}
            more = dict(RIVER, ticket=ticket, made_at_ms=int(time.time() * 1000))
            answer = self.clerk.command("a%d" % i, "assign", body, **more).json()
            self.assertIsNotNone(answer["outcome"])
            told["a%d" % i] = (body, more, answer)
        self.gateway.kill()  # it remembers nothing
        self.gateway.start()
        self.clerk.close()
        for id, (body, more, first) in told.items():
            began = time.monotonic()
            again = self.clerk.command(id, "assign", body, **more).json()
            self.assertEqual(again["receipt"]["status"], "DUPLICATE")
            self.assertEqual(again["outcome"], first["outcome"])
            self.assertLess(time.monotonic() - began, 1.5)  # not by waiting for it

    def test_outcomes(self):
        ticket = self.assigned("r1", "person:sun")
        sun, ma = self.gateway.key("sun", "technician", "sun"), self.gateway.key(
            "ma", "technician", "ma")
        outcomes = []
        for client, id in ((ma, "x1"), (sun, "x2"), (sun, "x3")):
            answer = client.command(id, "accept", {}, ticket=ticket, **RIVER)
            self.assertEqual(answer.status, 200, answer.bytes)
            outcomes.append(answer.json()["outcome"]["outcome"]["outcome"])
        self.assertEqual(outcomes[1], "APPLIED")
        self.assertNotEqual(outcomes[0], "APPLIED")
        self.assertNotEqual(outcomes[2], "APPLIED")

    def test_rejected(self):
        for body, more, status, code, field in (
                (order(), {"territory": "nowhere"}, 422, None, "territory"),
                (dict(order(), kind="BREW"), RIVER, 400, None, None),
                ({"x": 1}, RIVER, 400, None, None),
                (order("13000000001\n"), RIVER, 422, None, None)):
            answer = self.clerk.command("w1", "register", body, **more)
            self.assertEqual(answer.status, status, answer.bytes)
            problem = answer.json()
            self.assertEqual(problem["type"], "/problems/" + problem["code"])
            self.assertTrue(problem["detail"] and problem["detail_zh"])
            if field:
                self.assertEqual(problem["errors"][0]["field"], field)
        for id in (None, "", "a b", "x" * 65, "ä"):
            headers = {} if id is None else {"Idempotency_Key": id.encode("utf-8").decode("latin1")}
            answer = self.clerk.ask("POST", "/v1/commands", {"register": order()}, **headers)
            self.assertEqual(answer.status, 400)
            self.assertIn(answer.code, ("no_key", "bad_id"))
        for body in (b"", b"{", b"[]", b"null", b"\xff", b'{"register":{},"cancel":{}}'):
            answer = self.clerk.ask("POST", "/v1/commands", body, Idempotency_Key="w2")
            self.assertEqual(answer.status, 400, answer.bytes)

    def test_who_may_say_what(self):
        ticket = self.assigned("r1", "person:sun")
        sun = self.gateway.key("sun", "technician", "sun")
        phone = self.gateway.key("cti", "phone", "phone")
        for client, kind, body, more, code in (
                (sun, "register", order(), {}, "forbidden"),
                (sun, "accept", {}, {"by": "ma"}, "not_yours"),
                (sun, "accept", {}, {"person": "ma"}, "not_yours"),
                (sun, "close_month", {"month": 202601}, {}, "forbidden"),
                (self.clerk, "activate", {"rulebook": "x", "directory": "y"}, {}, "forbidden"),
                (self.clerk, "assign", {"account": "person:ma"}, {"by": "zhou"}, "not_yours"),
                (phone, "cancel", {"reason": "CUSTOMER"}, {}, "forbidden")):
            with self.subTest(kind=kind, more=more):
                answer = client.command("n1", kind, body, ticket=ticket, **RIVER, **more)
                self.assertEqual((answer.status, answer.code), (403, code))
        answer = self.clerk.command("y1", "accept", {}, ticket=ticket, person="sun", **RIVER)
        self.assertEqual(answer.json()["outcome"]["outcome"]["outcome"], "APPLIED", answer.bytes)

    def test_the_same_id_twice_at_once(self):
        more = dict(RIVER, made_at_ms=int(time.time() * 1000))
        for n in range(10):
            answers = []

            def post():
                client = gateway.Client(self.gateway, self.clerk.headers)
                answers.append(client.command("t%d" % n, "register", order(), **more))
                client.close()
            threads = [threading.Thread(target=post) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual([answer.status for answer in answers], [200] * 4)
            self.assertEqual(len({answer.json()["receipt"]["event"] for answer in answers}), 1)

    def test_services_away(self):
        more = dict(RIVER, made_at_ms=int(time.time() * 1000))
        self.installation.kill("intake")
        answer = self.clerk.command("r1", "register", order(), **more)
        self.assertIn((answer.status, answer.code), ((504, "timeout"), (503, "busy")))
        self.installation.start("intake")
        answer = self.clerk.command("r1", "register", order(), **more)
        self.assertEqual(answer.status, 200, answer.bytes)
        self.installation.kill("dispatcher")  # recorded is recorded; the outcome comes later
        ticket = answer.json()["receipt"]["ticket"]
        answer = self.clerk.command("a1", "assign", {"account": "person:sun"}, ticket=ticket, **more)
        self.assertEqual((answer.status, answer.json()["outcome"]), (200, None))
        self.installation.start("dispatcher")

        def told():
            answer = self.clerk.command("a1", "assign", {"account": "person:sun"}, ticket=ticket,
                                        **more)
            return answer.json()["outcome"]
        self.assertEqual(harness.wait_for(told, "the outcome")["outcome"]["outcome"], "APPLIED")

    def test_receipts_hold_whatever_dies(self):
        """What a client was told is so, and what it was not told is recorded once or never."""
        told, sent, stop = {}, {}, threading.Event()

        def post(worker):
            client, n = gateway.Client(self.gateway, self.clerk.headers), 0
            while not stop.is_set():
                id = "k%d-%d" % (worker, n)
                command = sent.setdefault(id, dict(RIVER, made_at_ms=int(time.time() * 1000)))
                try:
                    answer = client.command(id, "register", order(), **command)
                    if answer.status in (503, 504):
                        continue
                    told[id] = answer.json()["receipt"]["event"]
                    n += 1
                except (OSError, gateway.http.client.HTTPException):
                    harness.select_for(0.01)
            client.close()
        threads = [threading.Thread(target=post, args=(w,)) for w in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(8):
            n = len(told)
            harness.wait_for(lambda: len(told) > n + 20, "receipts")
            self.gateway.kill()
            self.gateway.start()
        stop.set()
        for thread in threads:
            thread.join()
        recorded = {}
        for p in range(16):
            for seq, event in self.installation.journal("intake", p):
                if event.WhichOneof("body") in ("registered", "report_repeated"):
                    self.assertNotIn(event.command_id, recorded)
                    recorded[event.command_id] = "intake/p%03d/%d" % (p, seq)
        for id, event in told.items():
            self.assertEqual(recorded[id], event)
        self.assertLessEqual(set(recorded), set(sent))


class TestFeed(Case):
    def setUp(self):
        super().setUp()
        self.readers = []

    def stop(self):
        for reader in self.readers:
            reader.close()
        super().stop()

    def reader(self, client, path="/v1/feed", cursor=None):
        reader = gateway.Reader(client, path, cursor)
        self.readers.append(reader)
        harness.wait_for(lambda: reader.marks or reader.resets, "the stream")
        return reader

    def busy(self, n, prefix):
        """Keeps everybody busy: tickets that come, go to somebody and are called off."""
        for i in range(n):
            id = "%s-%d" % (prefix, i)
            self.sure(id, "register", order(), RIVER)
            more = dict(RIVER, ticket=self.ticket)
            self.sure(id + "a", "assign", {"account": "person:sun"}, more)
            self.sure(id + "c", "cancel", {"reason": "CUSTOMER"}, more)

    def sure(self, id, kind, body, more):
        more = dict(more, made_at_ms=int(time.time() * 1000))

        def done():
            try:
                answer = self.clerk.command(id, kind, body, **more)
            except (OSError, gateway.http.client.HTTPException):
                return False
            if answer.status in (503, 504):
                return False
            self.assertEqual(answer.status, 200, answer.bytes)
            self.ticket = answer.json()["receipt"]["ticket"]
            return True
        harness.wait_for(done, id)

    def compare(self, reader, before):
        """Everything that was recorded since, once, each journal in its order."""
        wanted = self.journals() - before
        harness.wait_for(lambda: len(reader.events) >= len(wanted), "all events")
        ids = [event["id"] for event in reader.events]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(set(ids), wanted)
        last = {}
        for id in ids:
            journal, _, seq = id.rpartition("/")
            self.assertGreater(int(seq), last.get(journal, 0))
            last[journal] = int(seq)

    def settled(self):
        """The services have said all that they will say: nothing is new for a while."""
        seen = [self.journals(), time.monotonic()]

        def quiet():
            now = self.journals()
            if now != seen[0]:
                seen[:] = [now, time.monotonic()]
            return time.monotonic() - seen[1] > 0.5
        harness.wait_for(quiet, "quiet")

    def test_no_gap_and_no_double(self):
        self.settled()
        before = self.journals()
        reader = self.reader(self.clerk)
        rng, stop = random.Random(1), threading.Event()

        def cutter():
            while not stop.is_set():
                reader.cut()
                harness.select_for(rng.uniform(0.01, 0.3))
        thread = threading.Thread(target=cutter)
        thread.start()
        self.busy(5, "before")
        for name in ["gateway", *harness.SERVICES, "redis"]:
            if name == "gateway":
                self.gateway.kill()
                self.gateway.start()
            elif name == "redis":
                self.installation.kill("redis")
                self.installation.start_redis()
            else:
                self.installation.kill(name)
                self.busy(2 if name != "intake" else 0, name + "-away")
                self.installation.start(name)
            self.busy(4, name)
        stop.set()
        thread.join()
        self.settled()
        self.compare(reader, before)
        self.assertGreater(reader.opened, 5)

    def test_from_the_beginning_and_from_the_middle(self):
        zero = self.reader(self.clerk).cursor
        before = self.journals()
        self.busy(20, "a")
        self.settled()
        first = self.reader(self.clerk, "/v1/feed?after=" + zero)
        self.compare(first, before)
        self.assertFalse(first.resets)

    def test_wrong_cursors(self):
        for cursor in ("x", "AAAA", "!!", "A" * 5000):
            answer = self.clerk.ask("GET", "/v1/feed?after=" + cursor)
            self.assertEqual(answer.status, 400, cursor)
            self.assertEqual(answer.code, "bad_cursor")
        with harness.Installation() as other:
            other.start()
            other.activate()
            abroad = gateway.Gateway(other).start()
            reader = gateway.Reader(abroad.key("tan", "clerk", "tan"), "/v1/feed")
            harness.wait_for(lambda: reader.marks, "a mark")
            reader.close()
            abroad.stop()
        self.assertEqual(self.reader(self.clerk, cursor=reader.cursor).resets, 1)

    def test_a_read_that_knows_more_than_the_stream(self):
        """Its cursor is no reset, and what it has seen does not come again."""
        self.busy(3, "a")
        for i in range(5):
            process = self.installation.processes["gateway"]
            process.send_signal(signal.SIGSTOP)
            self.installation.send(harness.commands_pb2.Command(
                id="s%d" % i, by="tan", territory="river", made_at_ms=int(time.time() * 1000),
                ticket=self.ticket, urge={}))
            board = json.loads(self.gateway.doorstep("board", "--json"))
            seen = self.journals()
            process.send_signal(signal.SIGCONT)
            reader = self.reader(self.clerk, cursor=board["cursor"])
            self.busy(1, "b%d" % i)
            self.settled()
            self.assertEqual(reader.resets, 0)
            ids = [event["id"] for event in reader.events]
            self.assertEqual(len(ids), len(set(ids)))
            self.assertLessEqual(self.journals() - seen, set(ids))
            reader.close()

    def test_a_cursor_of_events_that_are_not_there(self):
        cursor = self.reader(self.clerk).cursor
        raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        raw[-1] += 5
        ahead = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")
        self.assertEqual(self.reader(self.clerk, cursor=ahead).resets, 1)

    def test_alerts_are_alerts(self):
        reader, alerts = self.reader(self.clerk), self.reader(self.clerk, "/v1/alerts")
        self.sure("c1", "register", order(), RIVER)
        ring = dict(made_at_ms=int(time.time() * 1000), by="phone")
        phone = self.gateway.key("cti", "phone", "phone")
        call = {"call": "x1", "called": "07365550101", "caller": "13000020001", "queue": "售后"}
        self.assertEqual(phone.command("p1", "call_offered", call, **ring).status, 200)
        ended = {"call": "x1", "cause": "caller hung up"}
        self.assertEqual(phone.command("p2", "call_ended", ended, **ring).status, 200)
        harness.wait_for(lambda: len(reader.events) >= 3, "events")
        kinds = ("warned", "breached", "breach_withdrawn", "cap_reached", "call_unanswered",
                 "returned_to_clerk", "judged")
        for event in alerts.events:
            self.assertIn(event["type"].rpartition(".")[2], kinds)

    def test_a_technician_sees_his_own(self):
        sun, ma = self.gateway.key("sun", "technician", "sun"), self.gateway.key(
            "ma", "technician", "ma")
        deng = self.gateway.key("deng", "technician", "qihe-deng")
        readers = {client: self.reader(client) for client in (sun, ma, deng)}
        tickets = {sun: self.assigned("r1", "person:sun"), ma: self.assigned("r2", "person:ma"),
                   deng: self.assigned("r3", "outlet:qihe")}
        for client, ticket in tickets.items():
            self.sure(ticket + "-u", "urge", {}, dict(RIVER, ticket=ticket))
            self.sure(ticket + "-c", "cancel", {"reason": "CUSTOMER"}, dict(RIVER, ticket=ticket))
        for client, ticket in tickets.items():
            reader = readers[client]

            def heard():
                kinds = {event["type"].rpartition(".")[2] for event in reader.events}
                return {"offered", "urged", "cancelled"} <= kinds
            harness.wait_for(heard, "his events")
            others = set(tickets.values()) - {ticket}
            self.assertFalse([event for event in reader.events
                              if any(other in json.dumps(event) for other in others)])

    def test_what_he_holds_is_known_after_a_restart(self):
        sun = self.gateway.key("sun", "technician", "sun")
        ticket = self.assigned("r1", "person:sun")
        self.gateway.kill()
        self.gateway.start()
        self.clerk.close()
        reader = self.reader(sun)
        self.sure("u1", "urge", {}, dict(RIVER, ticket=ticket))
        harness.wait_for(lambda: [event for event in reader.events if event["subject"] == ticket],
                         "the urge")

    def test_what_was_taken_from_him_is_not_his(self):
        sun = self.gateway.key("sun", "technician", "sun")
        ticket = self.assigned("r1", "person:sun")
        answer = sun.command("x1", "reject", {"reason": "too far"}, ticket=ticket, **RIVER)
        self.assertEqual(answer.status, 200, answer.bytes)
        reader, office = self.reader(sun), self.reader(self.clerk)
        self.sure("u1", "urge", {}, dict(RIVER, ticket=ticket))
        harness.wait_for(lambda: office.events, "the urge")
        marks = len(reader.marks)
        harness.wait_for(lambda: len(reader.marks) > marks + 1, "marks")
        self.assertEqual(reader.events, [])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
