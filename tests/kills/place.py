# SPDX-License-Identifier: MIT
"""An installation whose processes die. Each process has a pidfd, so that waiting for an answer and
noticing a death are one wait; what died by kill is started again, what died otherwise is a finding."""
import os
import signal
import subprocess
import sys
import time

import zmq

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
import harness  # noqa: E402
import scenario  # noqa: E402
from harness import SERVICES, commands_pb2, control_pb2  # noqa: E402


UNAVAILABLE = 69  # status of who needs the store and has none


class Violation(Exception):
    """Something that must hold does not."""


class Place(harness.Installation):
    """bus=False: no PUB. fast=(factor, rule_ms): time runs that much faster from that instant;
    otherwise it is stepped from start_ms. extra: more lines for doorstep.yaml."""

    def __init__(self, bus=True, fast=None, start_ms=scenario.START_MS, extra=""):
        self.crashes = {}   # service -> crash points of its coming lives
        self.pidfds = {}
        self.ready_before = {}
        self.deaths = 0     # by kill, wished for
        self.expected = {}  # name -> statuses that are no finding
        self.own_dir = {}   # service -> data directory, if not the common one
        self.starters = {}  # name -> how to start what is neither service nor redis
        super().__init__(clock=None if fast else "step", start_ms=start_ms, partitions=2, bus=bus,
                         extra=extra)
        if fast:
            self.set_fast(*fast)

    def set_fast(self, factor, rule_ms):
        self.factor, self.rule_ms = factor, rule_ms
        self.real_ms = int(time.time() * 1000)
        self.store("HSET", "doorstep:clock", "mode", "fast", "factor", factor,
                   "real_ms", self.real_ms, "rule_ms", rule_ms)

    def virtual_ms(self):
        return self.rule_ms + int((time.time() * 1000 - self.real_ms) * self.factor)

    def store(self, *words):
        redis = self.redis()
        try:
            return redis(*words)
        finally:
            redis.close()

    # ---- processes ----

    def spawn(self, name, argv, env=None, stdout=None):
        if stdout:
            with open(stdout, "ab") as out, open(os.path.join(self.root, name + ".log"), "ab") as log:
                process = self.processes[name] = subprocess.Popen(
                    argv, stdout=out, stderr=log, stdin=subprocess.DEVNULL)
        else:
            process = super().spawn(name, argv, env)
        if name in self.pidfds:
            os.close(self.pidfds.pop(name))
        self.pidfds[name] = os.pidfd_open(process.pid)
        return process

    def launch(self, *names):
        """Starts services, each with the crash point of this life; waits for nothing."""
        for name in names or SERVICES:
            points = self.crashes.get(name)
            env = {"DS_CRASH_AT": points.pop(0)} if points else {}
            self.forget_sockets(name)
            self.ready_before[name] = self.times_ready(name)
            self.spawn(name, [os.path.join(self.bin, "doorstep-" + name), "--dir",
                              self.own_dir.get(name, self.data)], env)

    def times_ready(self, name):
        path = os.path.join(self.root, name + ".log")
        return self.log(name).count('msg="ready"') if os.path.exists(path) else 0

    def wait_launched(self, name):
        """Until this life of a service says that it is ready."""
        harness.wait_for(lambda: self.times_ready(name) > self.ready_before[name], name)

    def launch_redis(self):
        conf = os.path.join(harness.SOURCE, "deploy", "redis", "redis.conf")
        self.spawn("redis", ["redis-server", conf, "--unixsocket", self.redis_path,
                             "--dir", os.path.join(self.data, "redis")])

    def wait_redis(self):
        def answers():
            try:
                return self.store("PING") == "PONG"
            except (OSError, RuntimeError):
                return False
        harness.wait_for(answers, "redis-server")

    def forget_sockets(self, name):
        """A message that a dead process has not read must not reach the next one."""
        for address in (name + ".ctl", name + ".cmd"):
            socket = self.sockets.pop(address, None)
            if socket:
                socket.close(0)

    def strike(self, *names, how=signal.SIGKILL):
        for name in names:
            self.processes[name].send_signal(how)

    def bury(self, name):
        """Waits for a process that is to be dead; raises if it did not die as it should."""
        process = self.processes[name]
        code = process.wait(harness.LIMIT_S)
        if code != -signal.SIGKILL and code not in self.expected.get(name, ()):
            raise Violation("%s ended with %d:\n%s" % (name, code, self.log(name)[-3000:]))
        self.deaths += code == -signal.SIGKILL
        if name == "redis":
            # where a service needs the store and cannot wait it ends, and is started again
            for service in SERVICES:
                self.expected[service] = (UNAVAILABLE,)
        return code

    def revive(self, name):
        """Starts again what was killed."""
        self.bury(name)
        if name == "redis":
            self.launch_redis()
        elif name in self.starters:
            self.starters[name]()
        else:
            self.launch(name)

    def revive_dead(self):
        names = [name for name, process in self.processes.items() if process.poll() is not None]
        for name in names:
            self.revive(name)
        return names

    # ---- waiting ----

    def dealer(self, address):
        if address not in self.sockets:
            socket = self.context.socket(zmq.DEALER)
            socket.setsockopt(zmq.LINGER, 0)
            socket.setsockopt(zmq.RECONNECT_IVL, 2)
            socket.connect("ipc://%s/%s" % (self.run, address))
            self.sockets[address] = socket
        return self.sockets[address]

    def only_this_life(self, address):
        """A socket connected to the process that is bound now and never to the next one, which binds the
        same path. The caller closes it."""
        socket = self.context.socket(zmq.DEALER)
        socket.setsockopt(zmq.LINGER, 0)
        socket.setsockopt(zmq.RECONNECT_IVL, -1)
        monitor = socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED)
        socket.connect("ipc://%s/%s" % (self.run, address))
        if not monitor.poll(1000 * harness.LIMIT_S):
            raise Violation("%s takes no connection" % address)
        socket.disable_monitor()
        return socket

    def wait_any(self, socket, limit_ms):
        """True if the socket has something; revives what died meanwhile and returns their names, or
        an empty list when the time is over."""
        poller = zmq.Poller()
        if socket is not None:
            poller.register(socket, zmq.POLLIN)
        fds = dict((fd, name) for name, fd in self.pidfds.items() if name in self.processes)
        for fd in fds:
            poller.register(fd, zmq.POLLIN)
        ready = dict(poller.poll(limit_ms))
        if socket is not None and socket in ready:
            return True
        return self.revive_dead() if ready else []

    def control_of(self, name, request):
        """Asks until answered; returns None if the service died over it (it runs again by then)."""
        socket = self.dealer(name + ".ctl")
        socket.send(request.SerializeToString())
        while True:
            got = self.wait_any(socket, 1000 * harness.LIMIT_S)
            if got is True:
                reply = control_pb2.ControlReply()
                reply.ParseFromString(socket.recv())
                return reply
            if not got:
                raise Violation("%s does not answer:\n%s" % (name, self.log(name)[-3000:]))
            if name in got:
                return None

    def pause(self, ms):
        """Before asking again; a death ends it."""
        self.wait_any(None, ms)

    def receipt(self, limit_ms):
        """Next receipt of intake, None when there is none in time or intake died."""
        socket = self.dealer("intake.cmd")
        got = self.wait_any(socket, limit_ms)
        if got is not True:
            return None
        receipt = commands_pb2.Receipt()
        receipt.ParseFromString(socket.recv())
        return receipt

    # ---- the end ----

    def cli(self, *words, codes=(0,), directory=None):
        """Runs the doorstep command; returns what it prints."""
        argv = [os.path.join(self.bin, "doorstep")] + list(words[:1])
        argv += ["--dir", directory or self.data] + list(words[1:])
        done = subprocess.run(argv, capture_output=True, text=True, timeout=harness.LIMIT_S,
                              env=dict(os.environ, LC_ALL="C"))
        if done.returncode not in codes:
            raise Violation("%s: status %d\n%s%s" % (" ".join(words), done.returncode,
                                                     done.stdout[-3000:], done.stderr[-3000:]))
        return done.stdout

    def shut(self, keep):
        """Ends everything at once, however it stands."""
        for name, process in self.processes.items():
            if process.poll() is None:
                process.kill()
            process.wait()
        for fd in self.pidfds.values():
            os.close(fd)
        for socket in self.sockets.values():
            socket.close(0)
        self.context.term()
        if not keep:
            import shutil
            shutil.rmtree(self.root)
