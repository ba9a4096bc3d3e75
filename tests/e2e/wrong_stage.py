# SPDX-License-Identifier: MIT
"""What the tests of wrong inputs stand on: a small stepped installation with tickets that are made
when a row first names them, and a snapshot of everything that a refused input must not change."""
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))

from google.protobuf import json_format  # noqa: E402
from harness import (  # noqa: E402
    BUILD, LIMIT_S, SERVICES, SOURCE, Installation, Timeout, commands_pb2, control_pb2, wait_for, zmq)

HOUR = 3600 * 1000
DAY = 24 * HOUR
START = 1170633600000  # 2007-02-05T08:00:00+08:00, a Monday
NOW = START + 31 * DAY  # a Thursday morning, and what was closed at START is archived


def read_rules(name):
    with open(os.path.join(SOURCE, "deploy", name + ".yaml"), encoding="utf-8") as file:
        return file.read()


class Say:
    """A command as a client would make it. `on` names a ticket of the stage; `made` and `occurred`
    are offsets to its time in ms; `without` are fields of the envelope to leave out."""

    def __init__(self, kind, by="lin", body=None, on=None, made=0, occurred=None, without=(),
                 **envelope):
        self.kind, self.by, self.body, self.on = kind, by, body or {}, on
        self.made, self.occurred, self.without, self.envelope = made, occurred, without, envelope

    def but(self, **changes):
        """The same with something else; `body` replaces single fields, None removes one."""
        new = Say(self.kind, self.by, dict(self.body), self.on, self.made, self.occurred,
                  self.without, **self.envelope)
        for name, value in changes.pop("body", {}).items():
            new.body[name] = value
            if value is None:
                del new.body[name]
        for name, value in changes.items():
            if name in ("kind", "by", "on", "made", "occurred", "without"):
                setattr(new, name, value)
            else:
                new.envelope[name] = value
        return new

    def message(self, stage):
        command = commands_pb2.Command(id=stage.fresh_id(), made_at_ms=stage.now + self.made,
                                       by=self.by)
        if self.occurred is not None:
            command.occurred_at_ms = stage.now + self.occurred
        if self.on:
            command.ticket = stage.ticket(self.on)
        for name, value in self.envelope.items():
            setattr(command, name, value(stage) if callable(value) else value)
        for name in self.without:
            command.ClearField(name)
        if self.kind:
            json_format.ParseDict({self.kind: _resolved(self.body, stage)}, command)
        return command

    def frame(self, stage):
        return self.message(stage).SerializeToString()


def _resolved(value, stage):
    """Fields that depend on the stage (tickets, instants) are written as functions of it."""
    if callable(value):
        return value(stage)
    if isinstance(value, dict):
        return {name: _resolved(inner, stage) for name, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, stage) for inner in value]
    return value


class Raw:
    """Bytes that no client of ours would make."""

    def __init__(self, data):
        self.data = data

    def frame(self, stage):
        return self.data


class Edited:
    """The bytes of a command, changed."""

    def __init__(self, say, change):
        self.say, self.change = say, change

    def frame(self, stage):
        before = self.say.frame(stage)
        after = self.change(before)
        assert after != before
        return after


def ticket_named(name):
    return lambda stage: stage.ticket(name)


def instant(offset_ms):
    return lambda stage: stage.now + offset_ms


# ---- the stage ----

REPORT = {"kind": "INSTALL", "customer": {"phone": "13900000001", "city": True},
          "product": {"category": "television"}}


def report(phone, **changes):
    body = dict(REPORT, customer=dict(REPORT["customer"], phone=phone))
    body.update(changes)
    return body


class Stage:
    """An installation at NOW whose rulebook has been in force since START."""

    def __init__(self, rules=True, extra="", start=True):
        self.it = Installation(clock="step", start_ms=START, extra=extra)
        self.now = START
        self.count = 0
        self.tickets = {}
        if start:
            self.it.start()
        if start and rules:
            assert self.it.activate().status == commands_pb2.Receipt.RECORDED
            self._archive()
            self.go_to(NOW)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.close(kind is not None)

    def close(self, broken=False):
        """Ends what was started. broken: it may have died, and nobody asks why any more."""
        if not broken:
            return self.it.close()
        for process in self.it.processes.values():
            process.kill()
            process.wait()
        for socket in self.it.sockets.values():
            socket.close(0)
        self.it.context.destroy(0)
        return shutil.rmtree(self.it.root)

    def fresh_id(self):
        self.count += 1
        return "w%d" % self.count

    # ---- talking ----

    def send(self, frame):
        """One frame to the door and its receipt; ends early when intake does."""
        socket, intake = self.it.dealer("intake.cmd"), self.it.processes["intake"]
        socket.send(frame)
        wait_for(lambda: socket.poll(0) or intake.poll() is not None, "a receipt")
        if not socket.poll(0):
            raise AssertionError("intake ended with %d" % intake.returncode)
        return commands_pb2.Receipt.FromString(socket.recv())

    def must(self, *sayings):
        """Commands that the story needs; they are recorded or the test is wrong."""
        receipts = self.it.send(*[say.message(self) for say in sayings])
        for receipt in receipts:
            assert receipt.status == commands_pb2.Receipt.RECORDED, receipt
        return receipts

    def go_to(self, at_ms):
        self.now = at_ms
        return self.it.advance(at_ms)

    def settle(self):
        """Everybody takes in what there is; no time passes."""
        return self.go_to(self.now)

    def assert_alive(self):
        for name in SERVICES:
            process = self.it.processes[name]
            if process.poll() is not None:
                raise AssertionError("%s ended with %d:\n%s" % (
                    name, process.returncode, self.it.log(name)[-2000:]))
            assert self.it.status(name) is not None, name + " does not answer"

    def counter(self, name):
        status = self.it.status("intake")
        return next(c.value for c in status.counters if c.name == name)

    # ---- tickets ----

    def _archive(self):
        """Tickets that were cancelled so long ago that nobody keeps them. What is said of one later
        keeps it no longer."""
        for name in ("archived", "asked-about"):
            phone = "139%08d" % (9999 - len(self.tickets))
            said = self.must(Say("register", body=report(phone, ref=name)))
            self.tickets[name] = said[0].ticket
            self.must(Say("cancel", body={"reason": "moved away"}, on=name))
        self.go_to(START + 20 * DAY)
        self.must(Say("urge", on="asked-about"))

    def ticket(self, name):
        """Id of a ticket, made when first asked for."""
        if name not in self.tickets:
            by = "tan" if name == "river" else "lin"
            phone = "139%08d" % (1000 + len(self.tickets))
            said = self.must(Say("register", by, report(phone, ref=name)))
            self.tickets[name] = said[0].ticket
            STORIES.get(name, lambda stage: None)(self)
        return self.tickets[name]

    # ---- what must not change ----

    def snapshot(self):
        """Digest of every journal, state, due, receipt and version; tails, but no positions."""
        redis = self.it.redis()
        keys = sorted(key.decode() for key in redis("KEYS", "*"))
        # receipts beyond the horizon go whenever intake gets round to it
        hour = self.it.now_ms // 3600000 - 26
        keys = [key for key in keys if ":rcpt:" not in key or int(key.rsplit(":", 1)[1]) >= hour]
        asked = [(key, ask_for(key)) for key in keys if ask_for(key)]
        answers = ask_all(redis, [question for _, question in asked])
        redis.close()
        return {key: digest(question, answer)
                for (key, question), answer in zip(asked, answers)}

    def difference(self, before):
        after = self.snapshot()
        return sorted(key for key in set(before) | set(after)
                      if before.get(key) != after.get(key))


def ask_for(key):
    """How to read a key of the store; None for what may move."""
    kind = key.rsplit(":", 1)[-1] if not key.startswith("doorstep:") else ""
    if key in ("doorstep:clock",):
        return None
    if key == "doorstep:versions":
        return ("HGETALL", key)
    if kind == "j":
        return ("XRANGE", key, "-", "+")
    if kind == "state":
        return ("HGETALL", key)
    if kind == "due":
        return ("ZRANGE", key, "0", "-1", "WITHSCORES")
    if kind == "meta":
        return ("HMGET", key, "tail", "rulebook")
    return ("GET", key)


def digest(question, answer):
    if question[0] == "HGETALL":
        answer = sorted(zip(answer[::2], answer[1::2]))
    if question[0] == "ZRANGE":
        answer = sorted(zip(answer[::2], answer[1::2]))
    return hashlib.sha256(repr(answer).encode()).hexdigest()


def ask_all(redis, questions):
    """Many questions at once; the harness' client asks one at a time."""
    out = []
    for words in questions:
        out.append(b"*%d\r\n" % len(words))
        for word in words:
            word = word if isinstance(word, bytes) else str(word).encode()
            out.append(b"$%d\r\n%s\r\n" % (len(word), word))
    redis.sock.sendall(b"".join(out))
    return [redis._read() for _ in questions]


# ---- tickets with a history ----

def _fill(name, kind, by, times, body=None):
    def story(stage):
        stage.must(*[Say(kind, by, body, on=name, occurred=-i - 1) for i in range(times)])
    return story


def _eight_lives(stage):
    for life in range(8):
        at = -10000 + 2 * life
        stage.must(Say("file_result", "wang", {"fixed": False}, on="lives", occurred=at))
        if life < 7:
            stage.must(Say("reopen", body={"reason": "again"}, on="lives", occurred=at + 1))


def _sixteen_names(stage):
    """Reports that repeat an open one, each under an order number of its own."""
    phone = "13900001616"
    stage.tickets["names"] = stage.must(Say("register", body=report(phone, ref="name")))[0].ticket
    stage.must(*[Say("register", body=report(phone, ref="name-%d" % i)) for i in range(16)])


def _crowd(stage):
    """A customer with as many open tickets as are remembered of one."""
    stage.must(*[Say("register", body=report("13900003232", product={"category": "thing-%d" % i}))
                 for i in range(32)])


WINDOW = {"from_ms": instant(HOUR), "to_ms": instant(2 * HOUR), "wish": "CUSTOMER"}

def _blamed(stage):
    """A ticket of which as many people complain that we were late as can be remembered."""
    stage.must(*[Say("register", body=dict(
        report("1380000%04d" % i), kind="COMPLAINT", complaint_type="SERVICE",
        subject="NOT_ON_TIME", about=stage.tickets["blamed"])) for i in range(64)])


STORIES = {
    "done": _fill("done", "file_result", "wang", 1, {"fixed": True}),
    "moved": _fill("moved", "transfer", "lin", 1, {"territory": "river", "reason": "moved there"}),
    "facts": _fill("facts", "fill_order", "lin", 256),
    "appointments": _fill("appointments", "book_appointment", "lin", 16, WINDOW),
    "completions": _fill("completions", "complete", "wang", 16),
    "delays": _fill("delays", "report_delay", "wang", 16, {"reason": "PARTS"}),
    "results": _fill("results", "file_result", "wang", 16, {"fixed": True}),
    "lives": _eight_lives,
    "names": _sixteen_names,
    "crowd": _crowd,
    "blamed": _blamed,
}


# ---- the command line ----

class Homes:
    """Data directories of all kinds, and a place for the files of a row."""

    def __init__(self):
        self.root = tempfile.TemporaryDirectory(prefix="ds")
        for name, more in (("dead", ""), ("wrong", "bux: true\n")):
            os.makedirs(os.path.join(self.root.name, name, "run"), mode=0o700)
            self.write(name, {"doorstep.yaml": "run: %s/%s/run\n%s" % (self.root.name, name, more)})

    def write(self, folder, files):
        for name, text in files.items():
            path = os.path.join(self.root.name, folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(text.encode("utf-8", "surrogateescape"))

    def fresh(self, files):
        folder = tempfile.mkdtemp(dir=self.root.name)
        self.write(folder, files)
        return folder


def run(args, home, lang="C"):
    environment = dict(os.environ, DOORSTEP_DIR=home, LC_ALL=lang)
    return subprocess.run([os.path.join(BUILD, "bin", "doorstep")] + args, env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=LIMIT_S)
