# SPDX-License-Identifier: MIT
"""A gateway before a real installation, and those who ask it: people with sessions, programs with
keys, readers of its streams."""
import http.client
import json
import os
import shutil
import subprocess
import threading
import time

import harness

PASSWORD = "correct horse battery"
ROLES = {  # role -> person of deploy/directory.yaml
    "admin": "", "manager": "liu", "clerk": "zhou", "technician": "wang", "board": "",
    "phone": "phone"}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.bytes = response.read()

    def json(self):
        return json.loads(self.bytes)

    @property
    def code(self):
        return self.json()["code"]


class Gateway:
    """Started by start(); may be killed and started again, on the same port."""

    def __init__(self, installation):
        self.installation = installation
        self.program = os.path.join(installation.bin, "doorstep-gateway")
        self.port = 0
        self.clients = []
        for name in ("rulebook.yaml", "directory.yaml"):  # `doorstep users` knows people by them
            shutil.copy(os.path.join(harness.SOURCE, "deploy", name), installation.data)

    def start(self, env=None):
        at = self.installation
        try:
            os.remove(os.path.join(at.run, "gateway.port"))
        except FileNotFoundError:
            pass
        process = at.spawn("gateway", [self.program, "--dir", at.data, "--listen",
                                       "127.0.0.1:%d" % self.port], env)

        def ready():
            if process.poll() is not None:
                raise RuntimeError("the gateway ended:\n" + at.log("gateway")[-3000:])
            return os.path.exists(os.path.join(at.run, "gateway.port"))
        harness.wait_for(ready, "the gateway")
        with open(os.path.join(at.run, "gateway.port")) as file:
            self.port = int(file.read())
        return self

    def kill(self):
        self.installation.kill("gateway")

    def stop(self):
        """Told to end; seconds that took."""
        for client in self.clients:
            client.close()
        process, began = self.installation.processes.pop("gateway"), time.monotonic()
        process.terminate()
        code = process.wait(harness.LIMIT_S)
        if code != 0:
            raise RuntimeError("the gateway ended with %d:\n%s" % (
                code, self.installation.log("gateway")[-4000:]))
        return time.monotonic() - began

    def rss_mb(self):
        with open("/proc/%d/status" % self.installation.processes["gateway"].pid) as file:
            for line in file:
                if line.startswith("VmRSS"):
                    return int(line.split()[1]) / 1024
        raise RuntimeError("no VmRSS")

    # ---- who asks ----

    def doorstep(self, *words, typed=""):
        done = subprocess.run([os.path.join(self.installation.bin, "doorstep"), *words, "--dir",
                               self.installation.data], input=typed, text=True, timeout=60,
                              env=dict(os.environ, LC_ALL="C.UTF-8"), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout

    def user(self, name, role, person="", keep=True):
        words = ["users", "new", name, "--role", role]
        self.doorstep(*words, *(["--person", person] if person else []),
                      *(["--keep"] if keep else []), typed=PASSWORD + "\n")
        return Client(self).sign_in(name)

    def key(self, name, role, person=""):
        out = self.doorstep("keys", "new", name, "--role", role,
                            *(["--person", person] if person else []))
        key = next(word for word in out.split() if word.startswith("ds_"))
        return Client(self, {"Authorization": "Bearer " + key})


class Client:
    def __init__(self, gateway, headers=None):
        self.gateway = gateway
        self.headers = headers or {}
        self.connection, self.asked_at_s = None, 0.
        gateway.clients.append(self)

    def sign_in(self, name, password=PASSWORD):
        answer = self.ask("POST", "/v1/session", {"user": name, "password": password})
        if answer.status != 200:
            raise RuntimeError(answer.bytes.decode())
        self.headers = {"Cookie": answer.headers["Set-Cookie"].split(";")[0],
                        "X-Doorstep-CSRF": answer.json()["csrf"]}
        return self

    def without(self, *names):
        return Client(self.gateway, {k: v for k, v in self.headers.items() if k not in names})

    def ask(self, method, path, body=None, **headers):
        """body: bytes as they are, anything else as JSON. Underscores of headers are dashes."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if self.connection and time.monotonic() - self.asked_at_s > 5:
            self.close()  # who idles is closed by the other side
        self.asked_at_s = time.monotonic()
        if not self.connection:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port,
                                                         timeout=harness.LIMIT_S)
        try:
            self.connection.request(method, path, body, dict(self.headers, **headers))
            return Answer(self.connection.getresponse())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def command(self, id, kind, body, **more):
        command = dict({"made_at_ms": int(time.time() * 1000), kind: body}, **more)
        return self.ask("POST", "/v1/commands", command, Idempotency_Key=id)

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def open(self, path, **headers):
        """An answer that is read by the caller: (connection, response)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port,
                                                timeout=harness.LIMIT_S)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=dict(self.headers, **headers))
        return connection, connection.getresponse()


class Reader:
    """Reads a stream in a thread, again and again from where it was; cut() drops the connection in
    the middle of whatever comes."""

    def __init__(self, client, path, cursor=None):
        self.client, self.path, self.cursor = client, path, cursor
        self.events, self.marks, self.resets, self.opened = [], [], 0, 0
        self.ended = False
        self.connection = None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ended:
            try:
                self.read()
            except (OSError, http.client.HTTPException, ValueError, AttributeError):
                harness.select_for(0.02)

    def read(self):
        headers = {"Last_Event_ID": self.cursor} if self.cursor else {}
        self.connection, response = self.client.open(self.path, **headers)
        if response.status != 200:
            self.connection.close()
            harness.select_for(0.05)
            return
        self.opened += 1
        event = {}
        while not self.ended:
            line = response.readline()
            if not line.endswith(b"\n"):
                return
            line = line.rstrip(b"\n").decode()
            if line:
                name, _, value = line.partition(": ")
                event[name] = value
                continue
            self.take(event)
            event = {}

    def take(self, event):
        if "id" in event:
            self.cursor = event["id"]
        if event.get("event") == "mark":
            self.marks.append(json.loads(event["data"]))
        elif event.get("event") == "reset":
            self.resets += 1
        elif "data" in event:
            self.events.append(json.loads(event["data"]))

    def cut(self):
        """False if there was nothing to cut."""
        try:
            self.connection.sock.shutdown(2)
            return True
        except (OSError, AttributeError):
            return False

    def close(self):
        self.ended = True
        self.cut()
        self.thread.join(harness.LIMIT_S)
