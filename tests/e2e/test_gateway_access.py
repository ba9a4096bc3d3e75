#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Who may do what at the gateway: every route for every role, with a session and with a key, for
nobody, for whoever must change his password, and without the header that only our pages know.

    tests/e2e/test_gateway_access.py --bin build/release/bin [unittest arguments]"""
import argparse
import json
import os
import re
import subprocess
import sys
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

LETTERS = {"a": "admin", "m": "manager", "c": "clerk", "t": "technician", "b": "board",
           "p": "phone"}

# Written by hand, so that a route which lets in the wrong people differs from it. "-": anybody,
# without a session, too.
MATRIX = {
    "POST /v1/session": "-",
    "GET /v1/session": "-",
    "DELETE /v1/session": "amctbp",
    "POST /v1/session/password": "amctbp",
    "GET /v1/users": "a",
    "POST /v1/users": "a",
    "PATCH /v1/users/*": "a",
    "GET /v1/keys": "a",
    "POST /v1/keys": "a",
    "DELETE /v1/keys/*": "a",
    "GET /v1/audit": "a",
    "POST /v1/commands": "amctp",
    "POST /v1/cti": "p",
    "POST /v1/cti/alive": "p",
    "GET /v1/feed": "amctb",
    "GET /v1/alerts": "amctb",
    "GET /v1/board": "amctb",
    "GET /v1/tickets/*": "amctb",
    "GET /v1/tickets/*/story": "amctb",
    "GET /v1/tickets/*/page": "amctb",
    "GET /v1/tickets/*/events": "amctb",
    "GET /v1/tickets/*/candidates": "amc",
    "GET /v1/tickets/*/order": "amct",
    "GET /v1/tickets/*/qr.svg": "amct",
    "GET /v1/customers": "amc",
    "GET /v1/waits": "amct",
    "GET /v1/callbacks": "amc",
    "GET /v1/calls/unanswered": "amc",
    "GET /v1/cases": "amct",
    "GET /v1/directory": "amctb",
    "GET /v1/ledger": "amct",
    "GET /v1/ledger/story": "amct",
    "GET /v1/statements": "amct",
    "GET /v1/proposals": "amc",
    "GET /v1/appeals": "amct",
    "GET /v1/obligations": "amct",
    "GET /v1/months": "amc",
    "GET /v1/sheet": "amc",
    "GET /v1/reports/*": "am",
    "GET /v1/rulebook": "amctb",
    "GET /v1/rulebook/versions/*": "am",
    "POST /v1/rulebook/diff": "am",
    "GET /v1/status": "amc",
    "GET /healthz": "-",
    "GET /readyz": "-",
    "GET /metrics": "-",
    "GET /v1/openapi.yaml": "-",
    "GET /v1/asyncapi.yaml": "-",
    "GET /": "-",
    "GET /login": "-",
    "GET /board": "-",
    "GET /wall": "-",
    "GET /desk": "-",
    "GET /order/*": "-",
    "GET /jobs": "-",
    "GET /manager": "-",
    "GET /admin": "-",
    "GET /app/**": "-",
}

PAGES = ("/", "/login", "/board", "/wall", "/desk", "/order/*", "/jobs", "/manager", "/admin", "/app/**")


def table():
    out = subprocess.run([os.path.join(BIN, "doorstep-gateway"), "--routes"], text=True, check=True,
                         stdout=subprocess.PIPE, timeout=60).stdout
    return {route["method"] + " " + route["path"]: set(route["roles"])
            for route in json.loads(out)["routes"]}


class TestTable(unittest.TestCase):
    def test_is_the_matrix(self):
        written = {row: {LETTERS[letter] for letter in letters if letter != "-"}
                   for row, letters in MATRIX.items()}
        self.assertEqual(table(), written)


class TestAccess(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.installation = harness.Installation()
        cls.addClassCleanup(cls.installation.close)
        cls.installation.start()
        cls.installation.activate()
        cls.gateway = gateway.Gateway(cls.installation).start()
        cls.people = {role: cls.gateway.user(role, role, person)
                      for role, person in gateway.ROLES.items()}
        cls.keys = {role: cls.gateway.key("k-" + role, role, person)
                    for role, person in gateway.ROLES.items()}
        cls.nobody = gateway.Client(cls.gateway)

    @classmethod
    def tearDownClass(cls):
        cls.gateway.stop()

    def rows(self):
        for row, letters in MATRIX.items():
            method, path = row.split(" ")
            if path not in PAGES and row != "DELETE /v1/session":
                yield method, path.replace("**", "x").replace("*", "x"), letters

    def ask(self, client, method, path):
        """Its status and code; of a stream the beginning. What is asked changes nothing."""
        if path in ("/v1/feed", "/v1/alerts"):
            connection, response = client.open(path)
            status, code = response.status, ""
            if status != 200:
                code = json.loads(response.read())["code"]
            connection.close()
            return status, code
        answer = client.ask(method, path, b"{}" if method != "GET" and method != "DELETE" else None)
        problem = answer.headers["Content-Type"] == "application/problem+json"
        return answer.status, answer.code if problem else ""

    def test_nobody(self):
        for method, path, letters in self.rows():
            with self.subTest(path=path, method=method):
                status, code = self.ask(self.nobody, method, path)
                if letters != "-":
                    self.assertEqual((status, code), (401, "no_session"))

    def test_every_role(self):
        for kind, clients in (("session", self.people), ("key", self.keys)):
            for letter, role in LETTERS.items():
                for method, path, letters in self.rows():
                    with self.subTest(kind=kind, role=role, path=path, method=method):
                        status, code = self.ask(clients[role], method, path)
                        if letters == "-" or letter in letters:
                            self.assertNotEqual(status, 403)
                            self.assertTrue(status != 401 or letters == "-", code)
                            self.assertNotIn(code, ("forbidden", "internal", "not_yours"))
                        else:
                            self.assertEqual((status, code), (403, "forbidden"))

    def test_without_the_pages_header(self):
        for role, client in self.people.items():
            forged = client.without("X-Doorstep-CSRF")
            wrong = gateway.Client(self.gateway, dict(client.headers, **{"X-Doorstep-CSRF": "x"}))
            for method, path, letters in self.rows():
                if method == "GET" or letters == "-":
                    continue
                with self.subTest(role=role, path=path, method=method):
                    self.assertEqual(self.ask(forged, method, path), (403, "bad_csrf"))
                    self.assertEqual(self.ask(wrong, method, path), (403, "bad_csrf"))

    def test_who_must_change_his_password_can_only_do_that(self):
        client = self.gateway.user("new-admin", "admin", keep=False)
        for method, path, letters in self.rows():
            if "a" not in letters or path == "/v1/session/password":
                continue
            with self.subTest(path=path, method=method):
                self.assertEqual(self.ask(client, method, path), (403, "must_change"))
        answer = client.ask("POST", "/v1/session/password", {
            "old": gateway.PASSWORD, "new": "another horse battery"})
        self.assertEqual(answer.status, 200)
        client.sign_in("new-admin", "another horse battery")
        self.assertEqual(client.ask("GET", "/v1/users").status, 200)

    def test_signing_out_ends_the_session(self):
        client = self.gateway.user("leaver", "board")
        self.assertEqual(client.ask("GET", "/v1/session").status, 200)
        self.assertEqual(client.ask("DELETE", "/v1/session").status, 204)
        self.assertEqual(client.ask("GET", "/v1/session").status, 401)

    def test_wrong_credentials(self):
        for headers in ({"Authorization": "Bearer ds_x"}, {"Authorization": "Basic eDp5"},
                        {"Cookie": "doorstep_session=x"}, {"Cookie": "doorstep_session="},
                        {"Authorization": "Bearer " + "x" * 5000}):
            answer = gateway.Client(self.gateway, headers).ask("GET", "/v1/board")
            self.assertEqual((answer.status, answer.code), (401, "no_session"))

    def test_what_is_too_long(self):
        admin, long = self.people["admin"], "x" * 300
        for method, path, body in (
                ("POST", "/v1/users", {"user": long, "role": "board", "password": gateway.PASSWORD}),
                ("POST", "/v1/users", {"user": "y", "role": "clerk", "person": long,
                                       "password": gateway.PASSWORD}),
                ("PATCH", "/v1/users/board", {"person": long}),
                ("PATCH", "/v1/users/board", {"language": long}),
                ("POST", "/v1/keys", {"name": long, "role": "board"})):
            with self.subTest(path=path, body=body):
                self.assertEqual(admin.ask(method, path, body).status, 422)

    def test_a_revoked_key_and_a_disabled_user_are_nobody(self):
        admin = self.people["admin"]
        key, user = self.gateway.key("gone", "clerk", "lin"), self.gateway.user("off", "board")
        self.assertEqual(admin.ask("DELETE", "/v1/keys/gone").status, 200)
        self.assertEqual(admin.ask("PATCH", "/v1/users/off", {"disabled": True}).status, 200)
        self.assertEqual(key.ask("GET", "/v1/waits").status, 401)
        self.assertEqual(user.ask("GET", "/v1/waits").status, 401)

    def test_what_was_refused_and_what_was_done_is_on_record(self):
        admin, clerk = self.people["admin"], self.people["clerk"]
        after = 0
        while True:  # to the end of what there is
            rows = admin.ask("GET", "/v1/audit?after=%d" % after).json()["rows"]
            if not rows:
                break
            after = rows[-1]["id"]
        clerk.ask("GET", "/v1/users")
        clerk.without("X-Doorstep-CSRF").ask("DELETE", "/v1/keys/x")
        admin.ask("POST", "/v1/users", {"user": "short", "role": "board", "password": "short"})
        admin.ask("POST", "/v1/users", {"user": "made", "role": "board",
                                        "password": gateway.PASSWORD})
        rows = admin.ask("GET", "/v1/audit?after=%d" % after).json()["rows"]
        self.assertEqual([(row["who"], row["action"], row["subject"], row["outcome"])
                          for row in rows],
                         [("clerk", "refused GET", "/v1/users", "forbidden"),
                          ("clerk", "refused DELETE", "/v1/keys/*", "bad_csrf"),
                          ("admin", "POST", "/v1/users", "bad_value"),
                          ("admin", "user_new", "made", "board")])
        self.assertEqual({row["address"] for row in rows}, {"127.0.0.1"})

    def test_who_is_locked_out_is_told_for_how_long(self):
        for _ in range(5):
            answer = self.nobody.ask("POST", "/v1/session", {"user": "x1", "password": "wrong"})
        while answer.status == 401:
            answer = self.nobody.ask("POST", "/v1/session", {"user": "x1", "password": "wrong"})
        self.assertEqual((answer.status, answer.code), (429, "locked_out"))
        self.assertTrue(0 < int(answer.headers["Retry-After"]) <= 60)


class TestOwn(unittest.TestCase):
    """What a technician is given of what is another's: nothing, whatever he asks for."""

    @classmethod
    def setUpClass(cls):
        cls.installation = harness.Installation()
        cls.addClassCleanup(cls.installation.close)
        cls.installation.start()
        cls.installation.activate()
        cls.gateway = gateway.Gateway(cls.installation).start()
        cls.addClassCleanup(cls.gateway.stop)
        cls.tan = cls.gateway.key("tan", "clerk", "tan")
        cls.liu = cls.gateway.key("liu", "manager", "liu")
        cls.sun = cls.gateway.user("sun", "technician", "sun")
        cls.ma = cls.gateway.user("ma", "technician", "ma")
        cls.tickets = {name: cls.job(name) for name in ("sun", "ma")}
        for name in ("sun", "ma"):
            answer = cls.liu.command("fine-" + name, "report_violation", {
                "clause": "7.23", "account": "person:" + name, "about": cls.tickets[name]},
                territory="river")
            assert answer.status == 200, answer.bytes
            assert answer.json()["outcome"]["outcome"]["outcome"] == "APPLIED", answer.bytes

    @classmethod
    def job(cls, name):
        def command(id, kind, body, **more):
            answer = cls.tan.command(id + name, kind, body, territory="river", **more)
            assert answer.status == 200, answer.bytes
            return answer.json()["receipt"]["ticket"]
        ticket = command("r-", "register", {
            "kind": "INSTALL", "channel": "PHONE", "product": {"category": "television"},
            "customer": {"phone": "1300000" + "%04d" % len(name), "name": "陈" + name,
                         "address": "城关", "city": True}})
        command("a-", "assign", {"account": "person:" + name}, ticket=ticket)
        return ticket

    def test_lists(self):
        mine, other = self.tickets["sun"], self.tickets["ma"]
        for path in ("/v1/board", "/v1/waits", "/v1/ledger", "/v1/statements", "/v1/appeals",
                     "/v1/obligations"):
            for query in ("", "?person=ma", "?account=person:ma", "?tickets=" + other,
                          "?person=person:ma", "?territory=river"):
                with self.subTest(path=path + query):
                    text = self.sun.ask("GET", path + query).bytes.decode()
                    self.assertNotIn(other, text.replace(query[1:], ""))
                    self.assertNotIn("person:ma", text.replace(query[1:], ""))
        self.assertIn(mine, self.sun.ask("GET", "/v1/board").bytes.decode())
        self.assertIn(other, self.tan.ask("GET", "/v1/board").bytes.decode())

    def test_one_ticket(self):
        mine, other = self.tickets["sun"], self.tickets["ma"]
        for end in ("", "/story", "/page", "/events", "/order"):
            path = "/v1/tickets/%s" + end
            with self.subTest(path=path):
                self.assertEqual(self.tan.ask("GET", path % other).status, 200)
                answer = self.sun.ask("GET", path % mine)
                self.assertEqual(answer.status, 200)
                self.assertIn(mine, answer.bytes.decode())
                answer = self.sun.ask("GET", path % other)
                if end:
                    self.assertIn(answer.status, (403, 404), answer.bytes[:500])
                else:
                    self.assertEqual(answer.json()["tickets"], [])
                self.assertNotIn("陈ma", answer.bytes.decode())

    def test_one_entry(self):
        def entries():
            found = {}
            for name, client in (("sun", self.sun), ("ma", self.ma)):
                text = client.ask("GET", "/v1/ledger").bytes.decode()
                found.update({name: key for key in re.findall(r'"key": ?"([^"]+)"', text)})
            return found if len(found) == 2 else None
        keys = harness.wait_for(entries, "entries")
        for path in ("/v1/ledger/story?key=%s", "/v1/ledger/story?person=ma&key=%s"):
            answer = self.sun.ask("GET", path % keys["ma"])
            self.assertIn(answer.status, (400, 403, 404), answer.bytes[:500])
        self.assertEqual(self.sun.ask("GET", "/v1/ledger/story?key=" + keys["sun"]).status, 200)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
