# SPDX-License-Identifier: MIT
"""A real Doorstep installation in a temporary directory: its own redis-server on a unix socket, the
five services, ZeroMQ sockets. Everything waits for a condition with a limit; what was started is
ended by process id."""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import zmq

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("DS_BUILD", os.path.join(SOURCE, "build", "debug"))
sys.path.insert(0, os.path.join(BUILD, "tests", "pb"))

import commands_pb2  # noqa: E402
import control_pb2  # noqa: E402
import envelope_pb2  # noqa: E402
import ledger_pb2  # noqa: E402
import types_pb2  # noqa: E402

SERVICES = ["intake", "dispatcher", "callback-survey", "sla-watcher", "penalty-ledger"]
LIMIT_S = float(os.environ.get("DS_TEST_LIMIT_S", "60"))


class Timeout(Exception):
    pass


def wait_for(condition, what, limit_s=None):
    """Calls condition until it returns something true; that is returned."""
    until = time.monotonic() + (limit_s or LIMIT_S)
    pause = 0.001
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > until:
            raise Timeout("waited in vain for " + what)
        # a poll with growing intervals, never a fixed wait for something to "have happened"
        select_for(pause)
        pause = min(pause * 2, 0.05)


def select_for(seconds):
    import select
    select.select([], [], [], seconds)


class Redis:
    """Minimal RESP client on a unix socket; enough for looking into the store."""

    def __init__(self, path):
        import socket
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(LIMIT_S)
        try:
            self.sock.connect(path)
        except OSError:
            self.sock.close()
            raise
        self.file = self.sock.makefile("rb")

    def close(self):
        self.file.close()
        self.sock.close()

    def __call__(self, *words):
        out = [b"*%d\r\n" % len(words)]
        for word in words:
            word = word if isinstance(word, bytes) else str(word).encode()
            out.append(b"$%d\r\n%s\r\n" % (len(word), word))
        self.sock.sendall(b"".join(out))
        return self._read()

    def _read(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("redis went away")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise RuntimeError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            size = int(rest)
            return None if size < 0 else self.file.read(size + 2)[:-2]
        size = int(rest)
        return None if size < 0 else [self._read() for _ in range(size)]


class Installation:
    def __init__(self, clock=None, start_ms=0, partitions=16, bus=True, extra=""):
        self.root = tempfile.mkdtemp(prefix="ds")
        self.data = os.path.join(self.root, "data")
        self.run = os.path.join(self.root, "run")
        self.bin = os.path.join(BUILD, "bin")
        self.processes = {}
        self.context = zmq.Context()
        self.sockets = {}
        self.now_ms = start_ms
        os.makedirs(os.path.join(self.data, "redis"))
        os.makedirs(self.run, mode=0o700)
        with open(os.path.join(self.data, "doorstep.yaml"), "w") as file:
            file.write("run: %s\npartitions: %d\nbus: %s\n%s" % (
                self.run, partitions, "true" if bus else "false", extra))
        self.redis_path = os.path.join(self.run, "redis.sock")
        self.start_redis()
        if clock == "step":
            redis = self.redis()
            redis("HSET", "doorstep:clock", "mode", "step", "rule_ms", start_ms)
            redis.close()

    # ---- processes ----

    def spawn(self, name, argv, env=None):
        log = open(os.path.join(self.root, name + ".log"), "ab")
        environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=1:abort_on_error=0:"
                           "detect_stack_use_after_return=1")
        environment.pop("DS_CRASH_AT", None)
        environment.update(env or {})
        process = subprocess.Popen(argv, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                   env=environment)
        log.close()
        self.processes[name] = process
        return process

    def start_redis(self):
        conf = os.path.join(SOURCE, "deploy", "redis", "redis.conf")
        self.spawn("redis", ["redis-server", conf, "--unixsocket", self.redis_path,
                             "--dir", os.path.join(self.data, "redis")])

        def answers():
            try:
                redis = self.redis()
            except OSError:
                return False
            try:
                return redis("PING") == "PONG"
            except (OSError, RuntimeError):
                return False
            finally:
                redis.close()
        wait_for(answers, "redis-server")

    def redis(self):
        return Redis(self.redis_path)

    def log(self, name):
        with open(os.path.join(self.root, name + ".log"), errors="replace") as file:
            return file.read()

    def start(self, *names, env=None, wait=True):
        names = names or SERVICES
        for name in names:
            self.spawn(name, [os.path.join(self.bin, "doorstep-" + name), "--dir", self.data], env)
        if wait:
            for name in names:
                self.wait_ready(name)

    def wait_ready(self, name):
        process = self.processes[name]
        marks = self.log(name).count('msg="ready"')

        def ready():
            if process.poll() is not None:
                raise RuntimeError("%s ended with %d:\n%s" % (name, process.returncode,
                                                              self.log(name)[-4000:]))
            return self.status(name, limit_s=0.2) is not None and self.log(name).count(
                'msg="ready"') >= max(1, marks)
        wait_for(ready, name + " to be ready")

    def kill(self, name):
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(LIMIT_S)
        self.sockets.pop(name + ".ctl", None)

    def stop(self, name):
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        code = process.wait(LIMIT_S)
        if name in SERVICES and code != 0:
            raise RuntimeError("%s ended with %d:\n%s" % (name, code, self.log(name)[-4000:]))

    def close(self, keep=False):
        for socket in self.sockets.values():
            socket.close(0)
        for name in [n for n in SERVICES if n in self.processes]:
            self.stop(name)
        for name in list(self.processes):
            self.stop(name)
        self.context.term()
        if not keep:
            shutil.rmtree(self.root)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            return self.close()
        for name, process in self.processes.items():
            process.kill()
            process.wait()
            sys.stderr.write("--- %s.log\n%s\n" % (name, self.log(name)[-3000:]))
        for socket in self.sockets.values():
            socket.close(0)
        self.context.term()
        shutil.rmtree(self.root)

    # ---- sockets ----

    def dealer(self, address):
        if address not in self.sockets:
            socket = self.context.socket(zmq.DEALER)
            socket.setsockopt(zmq.LINGER, 0)
            socket.setsockopt(zmq.IMMEDIATE, 0)
            socket.connect("ipc://%s/%s" % (self.run, address))
            self.sockets[address] = socket
        return self.sockets[address]

    def control(self, name, request, limit_s=None):
        socket = self.dealer(name + ".ctl")
        while socket.poll(0):  # an answer that came too late
            socket.recv()
        socket.send(request.SerializeToString())
        if not socket.poll(1000 * (limit_s or LIMIT_S)):
            socket.close(0)
            del self.sockets[name + ".ctl"]
            return None
        reply = control_pb2.ControlReply()
        reply.ParseFromString(socket.recv())
        if reply.error:
            raise RuntimeError("%s: %s" % (name, reply.error))
        return reply

    def status(self, name, limit_s=None):
        try:
            reply = self.control(name, control_pb2.ControlRequest(status=True), limit_s)
        except RuntimeError:
            return None
        return reply.status if reply else None

    # ---- commands ----

    def send(self, *commands):
        """Sends commands (messages or bytes) and returns their receipts, in order."""
        socket = self.dealer("intake.cmd")
        receipts = []
        for command in commands:
            raw = command if isinstance(command, bytes) else command.SerializeToString()
            socket.send(raw)
        for _ in commands:
            if not socket.poll(1000 * LIMIT_S):
                raise Timeout("no receipt")
            receipt = commands_pb2.Receipt()
            receipt.ParseFromString(socket.recv())
            receipts.append(receipt)
        return receipts

    def activate(self, by="boss", rulebook=None, directory=None, id="activate-1"):
        def read(path):
            with open(os.path.join(SOURCE, path)) as file:
                return file.read()
        command = commands_pb2.Command(id=id, by=by, made_at_ms=self.now_ms or int(
            time.time() * 1000))
        command.activate.rulebook = rulebook or read("deploy/rulebook.yaml")
        command.activate.directory = directory or read("deploy/directory.yaml")
        return self.send(command)[0]

    # ---- stepped time ----

    def advance(self, to_ms, names=None, inputs_follow=False):
        """Moves time; returns the earliest instant anything is due, or None."""
        self.now_ms = to_ms
        request = control_pb2.ControlRequest()
        request.advance.to_ms = to_ms
        if inputs_follow:
            request.advance.inputs_follow = True
            self.control("intake", request)
            return None
        due = None
        for name in names or SERVICES:
            reply = self.control(name, request)
            if reply is None:
                raise Timeout("%s does not advance" % name)
            if reply.advanced.HasField("next_due_ms"):
                due = min(due or reply.advanced.next_due_ms, reply.advanced.next_due_ms)
        return due

    # ---- journals ----

    def journal(self, service, partition):
        """All events of a journal: (seq, Event)."""
        events = []
        redis = self.redis()
        for _, (_, raw) in redis("XRANGE", "{p%03d}:%s:j" % (partition, service), "-", "+") or []:
            batch = envelope_pb2.Batch()
            batch.ParseFromString(raw)
            for i, event in enumerate(batch.events):
                events.append((batch.header.first_seq + i, event))
        redis.close()
        return events
