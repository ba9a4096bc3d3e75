# SPDX-License-Identifier: MIT
"""`doorstep up` and quickstart as a user has them: started, watched, interrupted, and what is left
behind afterwards."""
import json
import os
import signal
import subprocess
import threading

import harness

DEPLOY = os.path.join(harness.SOURCE, "deploy")


def command(id, by, at, kind, body, **more):
    """One line of a day, on the example's Thursday."""
    line = {"id": id, "by": by, "made_at_ms": "2007-03-01T%s+08:00" % at}
    line.update(more)
    line[kind] = body
    return json.dumps(line, ensure_ascii=False)


def short_day(cancelled_at="14:00:00"):
    """One job that nobody accepts and one call that nobody answers; nothing hangs on seconds."""
    job = {"territory": "county", "ref": "a1"}
    return "\n".join([
        command("a1-register", "zhou", "08:05:00", "register", {
            "kind": "INSTALL", "channel": "PHONE", "ref": "a1",
            "customer": {"phone": "13000000001", "name": "陈国庆", "address": "城关 建设路 3",
                         "city": True, "distance_m": 2000},
            "product": {"category": "air_conditioner", "model": "KF-26"}}, territory="county"),
        command("a1-fill", "zhou", "08:07:00", "fill_order", {"order_no": "0703-a1"}, **job),
        command("a1-contact", "zhou", "08:08:00", "contact_customer", {}, **job),
        command("a1-book", "zhou", "08:10:00", "book_appointment",
                {"from_ms": "2007-03-01T15:00:00+08:00", "to_ms": "2007-03-01T17:00:00+08:00",
                 "wish": "CUSTOMER"}, **job),
        command("x1-offered", "phone", "10:20:00", "call_offered",
                {"call": "x1", "called": "07365550101", "caller": "13000020001",
                 "queue": "售后"}),
        command("x1-ended", "phone", "10:20:35", "call_ended",
                {"call": "x1", "cause": "caller hung up"}),
        command("a1-cancel", "zhou", cancelled_at, "cancel",
                {"reason": "CUSTOMER"}, **job),
    ]) + "\n"


def environment(root, **more):
    """A user whose home and sockets are under root."""
    values = dict(os.environ, LC_ALL="C.UTF-8", HOME=os.path.join(root, "home"),
                  XDG_RUNTIME_DIR=root)
    values.pop("DOORSTEP_DIR", None)
    values.update(more)
    return values


class Watched:
    """A process whose lines are read as they come."""

    def __init__(self, argv, root, **more):
        self.lines = []
        self.root = root
        self.process = subprocess.Popen(argv, env=environment(root, **more), cwd=root,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, errors="replace")
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def text(self):
        return "\n".join(self.lines)

    def wait_for(self, pattern, limit_s=None):
        """Until a line contains pattern; that line."""
        def seen():
            found = next((line for line in self.lines if pattern in line), None)
            if found is None and self.process.poll() is not None:
                self.reader.join()
                found = next((line for line in self.lines if pattern in line), None)
                if found is None:
                    raise AssertionError("ended with %d before %r:\n%s" % (
                        self.process.returncode, pattern, self.text()[-3000:]))
            return found
        return harness.wait_for(seen, repr(pattern), limit_s)

    def end(self, number=signal.SIGINT, limit_s=None):
        """Ends it as a user would; returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait(limit_s)

    def wait(self, limit_s=None):
        status = self.process.wait(limit_s or harness.LIMIT_S)
        self.reader.join()
        self.process.stdout.close()
        return status

    def discard(self):
        """After a test that failed: nothing of it stays."""
        if self.process.poll() is None:
            self.process.kill()
        self.wait()


def processes_of(path):
    """(pid, arguments) of processes that work on something below path."""
    found = []
    for pid in os.listdir("/proc"):
        if not pid.isdigit() or int(pid) == os.getpid():
            continue
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as file:
                words = file.read().split(b"\0")
            with open("/proc/%s/stat" % pid) as file:
                state = file.read().rpartition(")")[2].split()[0]
        except OSError:
            continue  # it has ended meanwhile
        title = b" ".join(words).decode(errors="replace")
        if state != "Z" and path + "/" in title + "/":  # redis-server names its socket
            found.append((int(pid), title))
    return found


def process_of(root, name):
    """Pid of redis-server or a service of an installation, once it runs."""
    def running():
        return next((pid for pid, words in processes_of(root) if name in words), None)
    return harness.wait_for(running, name)
