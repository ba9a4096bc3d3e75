# SPDX-License-Identifier: MIT
"""Stands between one process and Redis and cuts in at an exact request: so that a commit is executed
whose reply nobody gets, or only half of a flush, or a read breaks off between two answers."""
import os
import select
import socket
import threading


def requests_in(data):
    """Ends of the complete requests at the beginning of data (RESP arrays of bulk strings)."""
    ends, at = [], 0
    while at < len(data):
        line = data.find(b"\r\n", at)
        if line < 0 or data[at:at + 1] != b"*":
            return ends
        words, at = int(data[at + 1:line]), line + 2
        for _ in range(words):
            line = data.find(b"\r\n", at)
            if line < 0:
                return ends
            at = line + 2 + int(data[at + 1:line]) + 2
        if at > len(data):
            return ends
        ends.append(at)
    return ends


class Proxy:
    """cut(request) is asked for each request, in order; when it says "lose", this request still goes
    to Redis, its reply is awaited and lost, and so is whatever came after it; "drop" does not pass it
    on at all. Then `then` is called, if given, and the connection closed. "hold" passes it on, but its
    reply and all later ones only when `let_go` is set."""

    def __init__(self, path, redis_path, cut, then=None):
        self.path, self.redis_path = path, redis_path
        self.cut, self.then = cut, then
        self.held, self.let_go = threading.Event(), threading.Event()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(8)
        self.threads = [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.serve, args=(client,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def serve(self, client):
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self.redis_path)
            self.pass_on(client, server)
        except OSError:
            pass
        finally:
            client.close()
            server.close()

    def pass_on(self, client, server):
        pending = b""
        while True:
            holds = self.held.is_set() and not self.let_go.is_set()
            ready = select.select([client] if holds else [client, server], [], [],
                                  0.01 if holds else None)[0]
            if server in ready:
                data = server.recv(65536)
                if not data:
                    return
                client.sendall(data)
            if client in ready:
                data = client.recv(65536)
                if not data:
                    return
                pending += data
                begin = 0
                for end in requests_in(pending):
                    how = self.cut(pending[begin:end])
                    if how in ("lose", "drop"):
                        return self.cut_off(server, pending[begin:end], how)
                    server.sendall(pending[begin:end])
                    if how == "hold":
                        select.select([server], [], [])
                        self.held.set()
                    begin = end
                pending = pending[begin:]

    def cut_off(self, server, request, how):
        if how == "lose":
            server.sendall(request)
            server.recv(65536)
        if self.then:
            self.then()

    def close(self):
        self.listener.close()
        os.unlink(self.path)


def counted(n, mark, how):
    """A cut at the n-th request that contains mark."""
    seen = [0]

    def cut(request):
        if mark in request:
            seen[0] += 1
        return how if mark in request and seen[0] == n else None
    return cut


def divert(place, name, cut, then=None):
    """The service gets a data directory of its own that says: Redis is where the proxy is."""
    path = os.path.join(place.run, "proxy.sock")
    directory = os.path.join(place.root, "diverted")
    os.makedirs(directory)
    with open(os.path.join(place.data, "doorstep.yaml")) as file:
        text = file.read()
    with open(os.path.join(directory, "doorstep.yaml"), "w") as file:
        file.write(text + "redis_socket: %s\n" % path)
    place.own_dir[name] = directory
    return Proxy(path, place.redis_path, cut, then)
