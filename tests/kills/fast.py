# SPDX-License-Identifier: MIT
"""Plays a scenario in time that runs by itself, some thousand times faster, while things are killed.
The client is a careful one: commands about one ticket go one after the other, what has no receipt is
sent again as it is, what is too old to be recognised is sent as a new command that supersedes it."""
import time

import harness
import scenario as scenarios
import stepped
from harness import SERVICES, commands_pb2, control_pb2
from place import Violation

TOO_OLD, BUSY = 4, 5
FACTOR = 20000
SKIP_MS = scenarios.HOUR     # longer idle stretches are jumped over, as `doorstep up` does
LEAD_MS = scenarios.MINUTE   # so long before the next input
TAIL_FACTOR = 500000
TAIL_MS = 9 * scenarios.DAY  # by then every verdict of three days is final


class Player:
    """hook(i) is called after the i-th sending."""

    def __init__(self, place, inputs, hook=None):
        self.place = place
        self.inputs = inputs
        self.hook = hook or (lambda i: None)
        self.client = stepped.Client(place)
        self.chains = {}   # ref -> inputs that wait for their predecessor's receipt
        self.flying = {}   # command id -> (command, bytes, ref), in the order of sending
        self.again_at = {} # command id -> real ms to send it again
        self.life = None   # of intake
        self.sendings = 0

    def activate(self):
        command = stepped.activation(self.place.virtual_ms())
        self.fly("activation", command, command.SerializeToString())
        self.client.sent.append((command.id, self.flying[command.id][1]))
        while self.flying:
            self.turn(100)

    # ---- sending ----

    def fly(self, ref, command, raw):
        self.flying[command.id] = (command, raw, ref)
        self.send(raw)

    def send(self, raw):
        self.place.dealer("intake.cmd").send(raw)
        self.sendings += 1
        self.hook(self.sendings)

    def begin(self, ref):
        """The next input of a chain whose predecessor is answered."""
        chain = self.chains[ref]
        if not chain or any(flight[2] == ref for flight in self.flying.values()):
            return
        command, raw = self.client.bytes_of(chain.pop(0))
        self.fly(ref, command, raw)

    def resend_all(self):
        self.again_at.clear()
        for _, raw, _ in list(self.flying.values()):
            self.send(raw)

    # ---- receiving ----

    def supersede(self, command, ref):
        old = command.id
        self.client.sent = [one for one in self.client.sent if one[0] != old]
        command.supersedes, command.id = old, old + "~2"
        command.made_at_ms = self.place.virtual_ms()
        raw = command.SerializeToString()
        self.client.sent.append((command.id, raw))
        self.fly(ref, command, raw)

    def take(self, receipt):
        flight = self.flying.get(receipt.id)
        if not flight:
            self.client.receipts.setdefault(receipt.id, []).append(receipt)
            return
        command, raw, ref = flight
        if receipt.status == TOO_OLD:
            del self.flying[receipt.id]
            return self.supersede(command, ref)
        if receipt.code == "clock_ahead":
            # intake has not read yet that time has jumped, or was stopped with an old time in hand
            receipt.status, receipt.retry_after_ms = BUSY, 50
        if not self.client.note(command, receipt):
            self.again_at[receipt.id] = time.monotonic() + receipt.retry_after_ms / 10000
            return
        del self.flying[receipt.id]
        if ref in self.chains:
            self.begin(ref)

    def turn(self, limit_ms):
        """Waits for one thing to happen."""
        receipt = self.place.receipt(limit_ms)
        life = self.place.processes["intake"].pid
        if life != self.life:
            if self.life:
                self.resend_all()
            self.life = life
        if receipt:
            self.take(receipt)
        now = time.monotonic()
        for id in [id for id, at in self.again_at.items() if at <= now]:
            del self.again_at[id]
            if id in self.flying:
                self.send(self.flying[id][1])

    # ---- the whole ----

    def wait_ms(self, to_ms):
        left_ms = to_ms - self.place.virtual_ms()
        if left_ms > SKIP_MS and not self.flying:
            try:
                self.place.set_fast(self.place.factor, to_ms - LEAD_MS)
            except (OSError, RuntimeError):
                pass  # the store is away; later
            left_ms = to_ms - self.place.virtual_ms()
        return max(1, min(20, left_ms // self.place.factor))

    def stream(self):
        at = 0
        limit = time.monotonic() + harness.LIMIT_S
        while at < len(self.inputs) or self.flying:
            while at < len(self.inputs) and self.inputs[at].send_at_ms <= self.place.virtual_ms():
                ref = self.inputs[at].ref
                self.chains.setdefault(ref, []).append(self.inputs[at])
                self.begin(ref)
                at += 1
            self.turn(self.wait_ms(self.inputs[at].send_at_ms) if at < len(self.inputs) else 20)
            if time.monotonic() > limit:
                raise Violation("commands without receipt: %s" % list(self.flying)[:5])

    def settle(self):
        """On until everything is final, everywhere."""
        horizon_ms = self.inputs[-1].send_at_ms + TAIL_MS
        self.place.wait_redis()
        self.place.set_fast(TAIL_FACTOR, self.place.virtual_ms())
        limit = time.monotonic() + harness.LIMIT_S
        for name in SERVICES:
            while not self.has_settled(name, horizon_ms):
                self.place.pause(10)
                if time.monotonic() > limit:
                    raise Violation("%s does not get to the end" % name)

    def has_settled(self, name, horizon_ms):
        reply = self.place.control_of(name, control_pb2.ControlRequest(status=True))
        if reply is None:
            return False
        return reply.status.caught_up and all(
            one.mark_ms >= horizon_ms for one in reply.status.partitions)

    def play(self):
        self.stream()
        self.settle()
