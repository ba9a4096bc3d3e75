#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""openapi.yaml and asyncapi.yaml say what is so: of their form, beside proto/ field by field, beside
the table of routes, and before a running installation, which is asked every example.

    tests/e2e/test_api_documents.py --bin build/release/bin [unittest arguments]"""
import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import unittest
import urllib.parse
import warnings

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
OPTIONS, REST = parser.parse_known_args()
os.environ["DS_BUILD"] = os.path.dirname(os.path.abspath(OPTIONS.bin))
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path[:0] = [os.path.join(SOURCE, "tests", "lib")]
warnings.simplefilter("ignore", DeprecationWarning)  # of RefResolver, which Debian 12 has
import jsonschema  # noqa: E402
import api_form  # noqa: E402
import harness  # noqa: E402
import commands_pb2  # noqa: E402
import envelope_pb2  # noqa: E402
import ledger_pb2  # noqa: E402
from gateway import Client, Gateway  # noqa: E402

START_MS = 1172706900000  # 2007-03-01T07:55:00+08:00
UNTIL = "2007-03-01T10:45:00+08:00"
PROBLEM = "application/problem+json"


def source(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """One that takes no key twice."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise ValueError("%s: %s stands twice" % (node.start_mark, sorted(twice)))
        return super().construct_mapping(node, deep)


def document(name):
    return yaml.load(source("services", "gateway", name + ".yaml"), Loader)


OPENAPI, ASYNCAPI = document("openapi"), document("asyncapi")


def validator(schema, whole):
    return jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver("", whole))


def operations():
    for path, methods in OPENAPI["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def find(whole, reference):
    for part in reference.lstrip("#/").split("/"):
        whole = whole[part]
    return whole


class TestForm(unittest.TestCase):
    def test_of_the_formats(self):
        for whole, form in ((OPENAPI, api_form.OPENAPI), (ASYNCAPI, api_form.ASYNCAPI)):
            jsonschema.Draft202012Validator.check_schema(form)
            for error in jsonschema.Draft202012Validator(form).iter_errors(whole):
                self.fail("%s: %s" % ("/".join(map(str, error.path)), error.message[:300]))
            for name, schema in whole["components"]["schemas"].items():
                with self.subTest(name):
                    jsonschema.Draft202012Validator.check_schema(schema)

    def test_a_wrong_document_is_found(self):
        for spoil in (lambda d: d["info"].pop("title"), lambda d: d.update(tags=[]),
                      lambda d: d["paths"]["/v1/board"]["get"].pop("responses"),
                      lambda d: d["paths"]["/v1/board"]["get"]["parameters"][0].update(want=1)):
            whole = document("openapi")
            spoil(whole)
            self.assertFalse(jsonschema.Draft202012Validator(api_form.OPENAPI).is_valid(whole))
        whole = document("asyncapi")
        whole["channels"]["feed"]["messages"]["warned"] = {"$ref": "#/warned"}
        self.assertFalse(jsonschema.Draft202012Validator(api_form.ASYNCAPI).is_valid(whole))

    def test_references(self):
        for whole in (OPENAPI, ASYNCAPI):
            used = set(references(whole))
            for reference in used:
                self.assertIsNotNone(find(whole, reference), reference)
            for kind in ("schemas", "responses", "messages"):
                for name in whole["components"].get(kind, {}):
                    self.assertIn("#/components/%s/%s" % (kind, name), used)

    def test_operations(self):
        ids = [operation["operationId"] for _, _, operation in operations()]
        self.assertEqual(len(ids), len(set(ids)))
        for method, path, operation in operations():
            with self.subTest(method + " " + path):
                asked = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
                self.assertEqual(asked, set(re.findall(r"\{(\w+)\}", path)))
                answers = operation["responses"]
                self.assertEqual(sum(code < "300" for code in answers), 1)
                if operation["x-roles"] == ["anybody"]:
                    self.assertEqual(operation["security"], [])
                else:
                    self.assertLessEqual({"401", "403"}, set(answers))
                for media in operation.get("requestBody", {}).get("content", {}).values():
                    validator(media["schema"], OPENAPI).validate(media["example"])


class TestSource(unittest.TestCase):
    """Beside what they are about."""

    def test_written_from_the_protos(self):
        done = subprocess.run(["/usr/bin/python3", os.path.join(SOURCE, "tests/gen/api.py"),
                               "--check"], stdout=subprocess.PIPE, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def compare(self, whole, descriptor, seen):
        """Field by field, by the descriptors that python has, not those the schemas are made of."""
        name = re.sub(r"\.Name$", "", descriptor.full_name[len("ds."):])
        if name in seen:
            return
        seen.add(name)
        schema = whole["components"]["schemas"][name]
        if not hasattr(descriptor, "fields"):
            self.assertEqual(schema["enum"], [value.name for value in descriptor.values], name)
            return
        self.assertEqual(list(schema["properties"]), [f.name for f in descriptor.fields], name)
        self.assertIs(schema["additionalProperties"], False)
        for field in descriptor.fields:
            said = schema["properties"][field.name]
            if field.label == field.LABEL_REPEATED:
                self.assertEqual(said["type"], "array")
                said = said["items"]
            inner = field.message_type or field.enum_type
            if inner:
                self.assertEqual(said["$ref"].split("/")[-1],
                                 re.sub(r"\.Name$", "", inner.full_name[len("ds."):]))
                self.compare(whole, inner, seen)
                continue
            kind = {field.CPPTYPE_INT64: ("Int64", "Instant"),
                    field.CPPTYPE_UINT64: ("Int64", "Instant"), field.CPPTYPE_INT32: ("integer",),
                    field.CPPTYPE_UINT32: ("integer",), field.CPPTYPE_BOOL: ("boolean",),
                    field.CPPTYPE_DOUBLE: ("number",), field.CPPTYPE_STRING: ("string",)}
            self.assertIn(said.get("type") or said["$ref"].split("/")[-1], kind[field.cpp_type])
        for oneof in descriptor.oneofs:
            self.assertEqual([only["required"] for only in schema["oneOf"]],
                             [[field.name] for field in oneof.fields])

    def test_messages(self):
        self.compare(OPENAPI, commands_pb2.Command.DESCRIPTOR, set())
        self.compare(OPENAPI, commands_pb2.Receipt.DESCRIPTOR, set())
        for whole in (OPENAPI, ASYNCAPI):
            seen = set()
            self.compare(whole, envelope_pb2.Event.DESCRIPTOR, seen)
            self.compare(whole, ledger_pb2.Entry.DESCRIPTOR, seen)

    def test_events(self):
        kinds = [field.name for field in envelope_pb2.Event.DESCRIPTOR.oneofs[0].fields]
        channels = ASYNCAPI["channels"]
        self.assertEqual(sorted(channels["feed"]["messages"]), sorted(kinds + ["mark", "reset"]))
        body = re.search(r"static bool is_alert.*?\n}", source("services/gateway/stream.c"), re.S)
        alerts = [name.lower() for name in re.findall(r"BODY_(\w+):", body.group())]
        self.assertEqual(sorted(channels["alerts"]["messages"]), sorted(alerts + ["mark", "reset"]))

    def test_routes(self):
        """Every address but those of the pages, for the same roles."""
        masks = dict(re.findall(r"(MAY_\w+) = ([^,]+),", source("services/gateway/caller.h")))

        def roles(mask):
            out = set()
            for word in mask.split("|"):
                word = word.strip()
                role = re.match(r"GATEWAY_MAY\(GATEWAY_(\w+)\)", word)
                out |= {role.group(1).lower()} if role else (
                    set() if word == "0" else roles(masks[word]))
            return out
        rows = re.findall(r'\b(?:DO\("(\w+)", |(?:READ|(POST))\()"([^"]+)",\s*([A-Z_ |]+),\s*(\w+)',
                          source("services/gateway/routes.c"))
        table = {}
        for method, post, path, mask, handler in rows:
            if not handler.startswith("pages_"):
                table[(method or post or "GET"), path] = sorted(roles(mask)) or ["anybody"]
        said = {(method, re.sub(r"\{\w+\}", "*", path)): sorted(operation["x-roles"])
                for method, path, operation in operations()}
        self.assertEqual(said, table)


class TestLive(unittest.TestCase):
    """The example day at a quarter to eleven."""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.at = harness.Installation(clock="step", start_ms=START_MS)
        cls.addClassCleanup(cls.at.close)
        cls.at.start()
        cls.at.activate(by="liu")
        cls.gateway = Gateway(cls.at).start()
        cls.addClassCleanup(cls.gateway.stop)
        cls.gateway.doorstep("play", os.path.join(SOURCE, "deploy/examples/day.ndjson"), "--until",
                             UNTIL)
        redis = cls.at.redis()
        redis("HSET", "doorstep:clock", "rule_ms", 1172717100000)
        redis.close()
        cls.clients = {role: cls.gateway.key("key-" + role, role, person) for role, person in (
            ("admin", ""), ("manager", "liu"), ("clerk", "zhou"), ("technician", "chen"),
            ("board", ""), ("phone", "phone"))}
        cls.clients["user"] = cls.gateway.user("zhou", "clerk", "zhou")
        for client in cls.clients.values():
            cls.addClassCleanup(client.close)

    def who(self, path, operation):
        if path.startswith("/v1/session"):
            return self.clients["user"]
        if operation["x-roles"] == ["anybody"]:
            return self.clients["anybody"]
        order = ("manager", "clerk", "admin", "phone", "technician", "board")
        return self.clients[next(role for role in order if role in operation["x-roles"])]

    def ask(self, method, path, operation, media=None):
        query, headers = {}, {}
        for parameter in operation.get("parameters", ()):
            if "example" not in parameter:
                continue
            if parameter["in"] == "path":
                path = path.replace("{%s}" % parameter["name"], parameter["example"])
            elif parameter["in"] == "query":
                query[parameter["name"]] = parameter["example"]
            else:
                headers[parameter["name"].replace("-", "_")] = parameter["example"]
        body = None
        if media:
            example = operation["requestBody"]["content"][media]["example"]
            body = json.dumps(example) if "json" in media else urllib.parse.urlencode(example)
            headers["Content_Type"] = media
        if query:
            path += "?" + urllib.parse.urlencode(query)
        client = self.who(path, operation)
        return client.ask(method, path, body.encode() if body else None, **headers)

    def check(self, answer, operation):
        """Against what the document says of this status."""
        said = operation["responses"].get(str(answer.status))
        self.assertIsNotNone(said, (answer.status, answer.bytes[:500]))
        if "$ref" in said:
            said = find(OPENAPI, said["$ref"])
        for name in said.get("headers", ()):
            self.assertIn(name, answer.headers)
        if "content" not in said:
            self.assertEqual(answer.bytes, b"")
            return
        media, how = next(iter(said["content"].items()))
        self.assertEqual(answer.headers["Content-Type"], media)
        value = answer.json() if "json" in media and "ndjson" not in media else (
            answer.bytes.decode())
        if media.startswith("text/html"):
            self.assertIn("</html>", value)
        for error in validator(how["schema"], OPENAPI).iter_errors(value):
            self.fail("%s: %s" % ("/".join(map(str, error.path)), error.message[:500]))

    def test_every_example(self):
        self.clients["anybody"] = Client(self.gateway)
        self.addCleanup(self.clients["anybody"].close)
        last = []  # signing out ends what the others go by
        for method, path, operation in operations():
            if path in ("/v1/feed", "/v1/alerts"):
                continue  # they do not end; test_streams reads them
            if (method, path) == ("DELETE", "/v1/session"):
                last.append((method, path, operation))
                continue
            for media in operation.get("requestBody", {}).get("content", {None: None}):
                with self.subTest("%s %s %s" % (method, path, media or "")):
                    self.example(method, path, operation, media)
        for row in last:
            self.example(*row, None)

    def example(self, method, path, operation, media):
        answer = self.ask(method, path, operation, media)
        expected = next(code for code in operation["responses"] if code < "300")
        if path == "/v1/sheet":
            expected = "404"  # none was drawn so early in the month
        if path == "/v1/rulebook/diff":
            expected = "422"  # a whole rulebook is no example; what is wrong is listed
        self.assertEqual(str(answer.status), expected, answer.bytes[:500])
        self.check(answer, operation)
        if path == "/v1/session/password":
            self.clients["user"].headers["Cookie"] = answer.headers["Set-Cookie"].split(";")[0]
            self.clients["user"].headers["X-Doorstep-CSRF"] = answer.json()["csrf"]

    def test_refusals(self):
        """Each address asked by nobody, and by who may not."""
        nobody = Client(self.gateway)
        self.addCleanup(nobody.close)
        for method, path, operation in operations():
            path = re.sub(r"\{\w+\}", "T007-6", path)
            if operation["x-roles"] == ["anybody"]:
                continue
            with self.subTest(method + " " + path):
                answer = nobody.ask(method, path, b"" if method == "POST" else None)
                self.assertEqual(answer.status, 401)
                self.check(answer, operation)
                for role in {"phone", "board", "technician"} - set(operation["x-roles"]):
                    answer = self.clients[role].ask(method, path)
                    self.assertEqual(answer.status, 403)
                    self.check(answer, operation)

    def test_the_other_answers_of_a_command(self):
        operation = OPENAPI["paths"]["/v1/commands"]["post"]
        clerk, command = self.clients["clerk"], {"ticket": "T007-6", "urge": {}}
        for status, id, body in (
                (200, "again-1", dict(command, made_at_ms="2007-03-01T10:31:00+08:00")),
                (200, "again-1", dict(command, made_at_ms="2007-03-01T10:31:00+08:00")),
                (409, "again-1", dict(command, made_at_ms="2007-03-01T10:32:00+08:00")),
                (410, "old-1", dict(command, made_at_ms="2007-02-01T10:32:00+08:00")),
                (422, "none-1", {"made_at_ms": "2007-03-01T10:31:00+08:00", "ticket": "T007-9999",
                                 "urge": {}}),
                (400, "wrong-1", {"urgent": 1})):
            answer = clerk.ask("POST", "/v1/commands", body, Idempotency_Key=id)
            self.assertEqual(answer.status, status, answer.bytes)
            self.check(answer, operation)

    def events(self, path):
        """All there is, from the beginning to the first mark that is at the end of the journals."""
        cursor = self.clients["board"].ask("GET", "/v1/board").json()["cursor"]
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        ours = next(n for n, byte in enumerate(raw, 1) if byte < 0x80)  # whose cursor it is
        first = base64.urlsafe_b64encode(raw[:ours] + bytes(16 * 5)).decode().rstrip("=")
        connection, answer = self.clients["board"].open(path + "?after=" + first)
        try:
            self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
            event = {}
            for line in answer:
                line = line.rstrip(b"\n").decode()
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                    continue
                if "data" in event:
                    yield event
                if event.get("event") == "mark":
                    return
                event = {}
        finally:
            connection.close()

    def test_streams(self):
        messages = ASYNCAPI["components"]["messages"]
        checks = {name: validator(message["payload"], ASYNCAPI)
                  for name, message in messages.items()}
        seen = {}
        for path, channel in (("/v1/feed", "feed"), ("/v1/alerts", "alerts")):
            for event in self.events(path):
                value = json.loads(event["data"])
                name = event.get("event") or value["type"].split(".")[-1]
                self.assertIn(name, ASYNCAPI["channels"][channel]["messages"])
                if seen.setdefault((channel, name), 0) < 12:  # of each kind some
                    checks[name].validate(value)
                seen[channel, name] += 1
        feed = {name for channel, name in seen if channel == "feed"}
        self.assertGreaterEqual(len(feed), 25, feed)
        self.assertLessEqual({"registered", "offered", "judged", "call_unanswered", "mark"}, feed)

    def test_documents_are_served(self):
        for name in ("openapi", "asyncapi"):
            answer = self.clients["board"].ask("GET", "/v1/%s.yaml" % name)
            self.assertEqual(answer.bytes.decode(), source("services/gateway/%s.yaml" % name))

    def test_the_guide(self):
        """deploy/API.md: what it shows runs as it stands there."""
        shown = re.findall(r"```sh\n(.*?)```", source("deploy", "API.md"), re.S)
        self.assertGreaterEqual(len(shown), 4)
        zh = re.findall(r"(?s)```sh\n(.*?)```", source("deploy", "README.zh.md"))
        self.assertTrue([block for block in zh if "/v1/" in block])
        for block in zh:
            if "/v1/" in block:  # the same commands, so that they are run, too
                for line in block.splitlines():
                    if line.strip() and not line.startswith("#"):
                        self.assertIn(line, source("deploy", "API.md"))
        home = os.path.join(self.at.root, "guide")
        os.mkdir(home)
        self.addCleanup(shutil.rmtree, home)
        environment = dict(os.environ, LC_ALL="C.UTF-8", DOORSTEP_DIR=self.at.data, HOME=home,
                           PATH=self.at.bin + ":" + os.environ["PATH"],
                           DOORSTEP="http://127.0.0.1:%d" % self.gateway.port)
        script = "set -eu\n" + "\n".join(shown)
        done = subprocess.run(["bash", "-c", script], cwd=home, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=harness.LIMIT_S)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for expected in ('"status":"RECORDED"', '"status":"DUPLICATE"', '"tickets":[',
                         "doorstep.intake.urged", '"call":"pbx-99"'):
            self.assertIn(expected, done.stdout)
        self.assertNotIn("/problems/", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + REST)
