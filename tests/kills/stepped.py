# SPDX-License-Identifier: MIT
"""Plays a scenario in stepped time on an installation that is being killed. The same loop as
`doorstep play`: time goes to the next input or just past the next due instant; at each instant first
the inputs, then every service in flow order until it is at rest.

A client of this system keeps its commands until it has a receipt and sends the same bytes again; the
driver keeps the instant and asks for it again. Nothing else is done about a death."""
import os

import harness
import scenario as scenarios
from harness import SERVICES, commands_pb2, control_pb2
from place import Violation

RECORDED, DUPLICATE, BUSY = 1, 2, 5


def read(path):
    with open(os.path.join(harness.SOURCE, path)) as file:
        return file.read()


def activation(at_ms):
    command = commands_pb2.Command(id="activate-1", by="liu", made_at_ms=at_ms)
    command.activate.rulebook = read("deploy/rulebook.yaml")
    command.activate.directory = scenarios.directory(read("deploy/directory.yaml"))
    return command


class Client:
    """Sends commands, keeps their bytes and every receipt."""

    def __init__(self, place):
        self.place = place
        self.tickets = {}   # ref -> ticket id
        self.sent = []      # (id, bytes) in the order of sending
        self.receipts = {}  # id -> all receipts, in the order of arrival

    def bytes_of(self, one):
        command = one.make(self.tickets)
        raw = command.SerializeToString()
        self.sent.append((command.id, raw))
        return command, raw

    def note(self, command, receipt):
        self.receipts.setdefault(receipt.id, []).append(receipt)
        if receipt.status == BUSY:
            return False
        if receipt.status not in (RECORDED, DUPLICATE):
            raise Violation("%s was refused: %s %s" % (receipt.id, receipt.code, receipt.text))
        ref = command.register.ref if command.HasField("register") else None
        if ref:
            self.tickets[ref] = receipt.ticket
        return True


class Player:
    """hook(when, name, instant) is called at "inputs" (commands of an instant will be sent), "sent" (one
    is under way), "asked" (a service is at work on an instant) and "instant" (all at rest); it may
    kill whatever it likes."""

    def __init__(self, place, inputs, hook=None, times=1):
        self.place = place
        self.inputs = inputs
        self.hook = hook or (lambda when, name, instant: None)
        self.times = times  # each command is delivered so often
        self.client = Client(place)
        self.instant = 0
        self.now_ms = place.now_ms
        self.at = 0         # next input
        self.due_ms = None  # earliest thing due
        self.away = ()      # services that are dead and stay so for now

    def ask(self, name, to_ms, inputs_follow=False):
        """Moves a service; returns its reply, or None if it died over it."""
        request = control_pb2.ControlRequest()
        request.advance.to_ms = to_ms
        if inputs_follow:
            request.advance.inputs_follow = True
        if not inputs_follow:
            self.hook("asked", name, self.instant)
        while True:
            reply = self.place.control_of(name, request)
            if reply is None or not reply.error:
                return reply
            if reply.error != "not ready yet":
                raise Violation("%s: %s" % (name, reply.error))
            self.place.pause(2)

    def set_time(self, to_ms):
        while self.ask("intake", to_ms, inputs_follow=True) is None:
            pass

    def advance(self, to_ms):
        due_ms = None
        for name in [one for one in SERVICES if one not in self.away]:
            reply = None
            while reply is None:
                reply = self.ask(name, to_ms)
            if reply.advanced.HasField("next_due_ms"):
                next_ms = reply.advanced.next_due_ms
                due_ms = next_ms if due_ms is None else min(due_ms, next_ms)
        self.hook("instant", None, self.instant)
        self.instant += 1
        return due_ms

    # ---- inputs ----

    def take(self, inputs, to_ms):
        """Sends inputs of one instant; one whose making needs a receipt waits for it."""
        self.set_time(to_ms)
        for one in inputs:
            command, raw = self.client.bytes_of(one)
            for _ in range(self.times):
                self.deliver(command, raw, to_ms)

    def deliver(self, command, raw, to_ms):
        lives = self.place.processes["intake"].pid
        self.place.dealer("intake.cmd").send(raw)
        self.hook("sent", "intake", self.instant)
        while True:
            receipt = self.place.receipt(1000 * harness.LIMIT_S)
            if receipt and receipt.id != command.id:
                continue  # a second answer to something sent twice
            if receipt and self.client.note(command, receipt):
                return
            if receipt:
                self.place.pause(receipt.retry_after_ms // 10)
            if self.place.processes["intake"].pid != lives:
                lives = self.place.processes["intake"].pid
                self.set_time(to_ms)  # a new process does not know where we were
            elif not receipt:
                continue  # somebody else died
            self.place.dealer("intake.cmd").send(raw)

    def activate(self):
        command = activation(self.now_ms)
        raw = command.SerializeToString()
        self.client.sent.append((command.id, raw))
        self.set_time(self.now_ms)
        self.deliver(command, raw, self.now_ms)
        self.advance(self.now_ms)

    # ---- the whole ----

    def next_ms(self):
        """The instant to go to: the next input or just past the next due."""
        next_ms = None
        if self.due_ms is not None:
            next_ms = max(self.due_ms, self.now_ms) + 1
        if self.at < len(self.inputs):
            send_ms = self.inputs[self.at].send_at_ms
            next_ms = send_ms if next_ms is None else min(next_ms, send_ms)
        return next_ms

    def go(self, to_ms):
        """To an instant no later than the next input."""
        self.now_ms = to_ms
        upto = self.at
        while upto < len(self.inputs) and self.inputs[upto].send_at_ms == to_ms:
            upto += 1
        if upto > self.at:
            self.hook("inputs", None, self.instant)
            self.take(self.inputs[self.at:upto], to_ms)
            self.at = upto
        self.due_ms = self.advance(to_ms)

    def play(self, until_ms=None):
        """Until nothing is due any more, or the next thing would come after until_ms."""
        while True:
            to_ms = self.next_ms()
            if to_ms is None or until_ms is not None and to_ms > until_ms:
                return
            self.go(to_ms)
