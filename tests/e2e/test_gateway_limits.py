#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The gateway under those who ask too much: bodies without end, requests that drip, connections by
the thousand, readers that do not read, everything at once and at the moment it is to end.

    tests/e2e/test_gateway_limits.py --bin build/release/bin [unittest arguments]"""
import argparse
import os
import resource
import socket
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

GB = 1 << 30
REQUEST_S = 15  # HTTP_REQUEST_S
MORE_MB = 128   # generous; what a sanitizer adds has room in it, 1 GB has not


class Case(unittest.TestCase):
    services = ()

    def setUp(self):
        self.installation = harness.Installation()
        self.addCleanup(self.installation.close)
        self.installation.start(*self.services) if self.services else None
        self.gateway = gateway.Gateway(self.installation).start({
            "ASAN_OPTIONS": "detect_stack_use_after_return=1:quarantine_size_mb=16"})
        self.addCleanup(self.stop)
        self.clerk = self.gateway.key("tan", "clerk", "tan")
        harness.wait_for(lambda: self.clerk.ask("GET", "/v1/session").status == 401, "an answer")

    def stop(self):
        if "gateway" in self.installation.processes:
            self.gateway.stop()

    def connect(self):
        sock = socket.create_connection(("127.0.0.1", self.gateway.port), harness.LIMIT_S)
        self.addCleanup(sock.close)
        return sock

    def head(self, *lines):
        return "\r\n".join(["POST /v1/commands HTTP/1.1", "Host: x", "Idempotency-Key: x1",
                            "Authorization: " + self.clerk.headers["Authorization"],
                            *lines, "", ""]).encode()

    def rest(self, sock):
        """What comes until the other side closes."""
        got = b""
        try:
            while True:
                piece = sock.recv(65536)
                if not piece:
                    return got
                got += piece
        except ConnectionError:
            return got

    def still_answers(self):
        client = gateway.Client(self.gateway, self.clerk.headers)
        began = time.monotonic()
        self.assertEqual(client.ask("GET", "/v1/session").status, 401)
        self.assertLess(time.monotonic() - began, 5)
        client.close()


class TestBodies(Case):
    def refused(self, sock, pieces):
        """Sends until nobody takes it any more; what was answered, and how much was sent."""
        answer, sent = [], 0
        reader = threading.Thread(target=lambda: answer.append(self.rest(sock)))
        reader.start()
        try:
            for piece in pieces:
                sock.sendall(piece)
                sent += len(piece)
        except OSError:
            pass
        reader.join(harness.LIMIT_S)
        return answer[0], sent

    def check(self, head, piece):
        before = self.gateway.rss_mb()
        sock = self.connect()
        sock.sendall(head)
        answer, sent = self.refused(sock, (piece for _ in range(GB // 65536)))
        self.assertTrue(answer.startswith(b"HTTP/1.1 413 "), answer[:200])
        self.assertIn(b'"code":"too_large"', answer)
        self.assertLess(sent, 64 << 20)
        self.assertLess(self.gateway.rss_mb() - before, MORE_MB)
        self.still_answers()

    def test_a_gigabyte_that_says_so(self):
        self.check(self.head("Content-Length: %d" % GB), b"x" * 65536)

    def test_a_gigabyte_in_pieces(self):
        self.check(self.head("Transfer-Encoding: chunked"), b"10000\r\n" + b"x" * 65536 + b"\r\n")

    def test_a_body_where_none_belongs(self):
        for method, path in (("GET", "/v1/users"), ("DELETE", "/v1/session"), ("GET", "/healthz")):
            answer = self.gateway.key("a-" + path[-3:], "admin").ask(method, path, b"x" * 5000)
            self.assertEqual((answer.status, answer.code), (413, "too_large"), path)

    def test_heads_without_end(self):
        sock = self.connect()
        answer, _ = self.refused(sock, [b"GET / HTTP/1.1\r\nHost: x\r\n"] + [
            b"X-%d: %s\r\n" % (i, b"y" * 1000) for i in range(10000)])
        self.assertTrue(answer.split(b" ")[1:2] in ([b"431"], [b"413"], []), answer[:200])
        self.still_answers()


class TestSlow(Case):
    def test_drips_are_cut_off(self):
        socks = {"nothing": self.connect(), "head": self.connect(), "body": self.connect(),
                 "second": self.connect()}
        began = time.monotonic()
        socks["head"].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        socks["body"].sendall(self.head("Content-Length: 60000"))
        socks["second"].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET / HT")
        ended = {}

        def drip(name, sock):
            sock.settimeout(0.5)
            while name not in ended and time.monotonic() - began < 3 * REQUEST_S:
                try:
                    if not sock.recv(65536):
                        ended[name] = time.monotonic() - began
                except TimeoutError:
                    try:
                        sock.send(b"y" if name != "nothing" else b"")
                    except OSError:
                        ended[name] = time.monotonic() - began
                except OSError:
                    ended[name] = time.monotonic() - began
        threads = [threading.Thread(target=drip, args=pair) for pair in socks.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(set(ended), set(socks))
        for name, seconds in ended.items():
            self.assertTrue(REQUEST_S - 1 <= seconds <= REQUEST_S + 8, (name, seconds))


class TestMany(Case):
    N = 10000

    def test_idle_connections(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < self.N + 500:
            self.skipTest("too few descriptors")
        resource.setrlimit(resource.RLIMIT_NOFILE, (self.N + 500, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        before, idle = self.gateway.rss_mb(), []
        began = time.monotonic()
        for i in range(self.N):
            idle.append(socket.create_connection(("127.0.0.1", self.gateway.port), 30))
            if i % 1000 == 999:
                self.still_answers()
        print("%d connections in %.1f s, %.0f MB more" % (
            self.N, time.monotonic() - began, self.gateway.rss_mb() - before))
        self.assertLess(self.gateway.rss_mb() - before, 2 * MORE_MB)
        self.still_answers()
        for sock in idle:
            sock.close()

    def test_requests_of_one_user(self):
        user = self.gateway.user("x1", "board")
        answers = [user.ask("GET", "/v1/users") for _ in range(500)]
        late = [answer for answer in answers if answer.status == 429]
        self.assertTrue(late)
        self.assertEqual({answer.status for answer in answers}, {403, 429})
        self.assertGreaterEqual(answers.index(late[0]), 300)  # RATE_USER_AT_ONCE
        self.assertEqual(late[0].code, "too_many")
        self.assertEqual(late[0].headers["Retry-After"], "1")
        self.still_answers()  # nobody else is held up
        harness.wait_for(lambda: user.ask("GET", "/v1/users").status == 403, "his next turn")


class TestStreams(Case):
    services = tuple(harness.SERVICES)

    def test_a_reader_that_stops_reading(self):
        self.installation.activate()
        client, before = self.clerk, self.gateway.rss_mb()
        sock = socket.socket()
        self.addCleanup(sock.close)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(harness.LIMIT_S)
        sock.connect(("127.0.0.1", self.gateway.port))
        sock.sendall(("GET /v1/feed HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n" %
                      client.headers["Authorization"]).encode())
        got = sock.recv(65536)
        stop, n = threading.Event(), [0]

        def fill():
            mine = gateway.Client(self.gateway, client.headers)
            while not stop.is_set():
                n[0] += 1
                mine.command("f%d" % n[0], "register", {
                    "kind": "INSTALL", "channel": "PHONE", "product": {"category": "television"},
                    "customer": {"phone": "13%09d" % n[0], "name": "陈" * 40, "address": "路" * 150,
                                 "city": True}}, territory="river")
            mine.close()
        thread = threading.Thread(target=fill)
        thread.start()

        def closed():
            """The other side gave it up: nothing of ours is taken any more."""
            with open("/proc/net/tcp") as file:
                mine = "0100007F:%04X 0100007F:%04X" % (self.gateway.port, sock.getsockname()[1])
                return not any(mine in line and " 01 " in line for line in file)
        harness.wait_for(closed, "the end of the stream", 90)
        stop.set()
        thread.join()
        print("%d commands, %.0f MB more" % (n[0], self.gateway.rss_mb() - before))
        self.assertLess(self.gateway.rss_mb() - before, MORE_MB)
        got += self.rest(sock)
        ids = [line[4:] for line in got.decode(errors="replace").split("\n")
               if line.startswith("id: ") and len(line) > 40]
        reader = gateway.Reader(client, "/v1/feed", ids[-2])
        harness.wait_for(lambda: len(reader.events) > 10, "the rest")
        reader.close()
        self.assertFalse(reader.resets)

    def test_the_end(self):
        self.installation.activate()
        readers = [gateway.Reader(self.clerk, "/v1/feed") for _ in range(50)]
        harness.wait_for(lambda: all(reader.marks for reader in readers), "streams")
        self.installation.kill("intake")
        answers, threads = [], []

        def ask(method, path, body, **headers):
            client = gateway.Client(self.gateway, self.clerk.headers)
            try:
                answers.append(client.ask(method, path, body, **headers).status)
            except (OSError, gateway.http.client.HTTPException):
                answers.append(0)
            client.close()
        for i in range(20):
            command = {"made_at_ms": int(time.time() * 1000), "ticket": "T003-1", "urge": {}}
            threads.append(threading.Thread(target=ask, args=("POST", "/v1/commands", command),
                                            kwargs={"Idempotency_Key": "e%d" % i}))
            threads.append(threading.Thread(target=ask, args=("GET", "/v1/board", None)))
        for reader in readers:
            reader.ended = True  # they do not come back
        for thread in threads:
            thread.start()
        harness.wait_for(lambda: len(answers) >= 1, "the first answers")
        self.assertLess(self.gateway.stop(), 5)
        for thread in threads:
            thread.join()
        self.assertLessEqual(set(answers), {0, 200, 503, 504})
        self.assertIn(504, answers)
        for reader in readers:
            reader.close()
        self.installation.start("intake")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
