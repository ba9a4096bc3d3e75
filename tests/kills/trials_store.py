# SPDX-License-Identifier: MIT
"""A, exactly at the store: a commit that was executed but whose reply nobody saw, half a flush, half
an activation, and an answer that is older than the question."""
import re
import threading

import harness
import proxy
import scenario
import stepped
from harness import SERVICES, control_pb2
from place import Violation
from trials_stepped import baseline, killed


def cut_at(trial, service, mark, n, how, victim=None):
    """At its n-th request with this mark. victim: who dies of it, the service or Redis; else the
    service has only lost its connection and must find out itself."""
    def setup(place):
        def then():
            place.own_dir.pop(service)  # the next life talks to Redis directly
            place.strike(victim)
        place.proxy = proxy.divert(place, service, proxy.counted(n, mark, how),
                                   then if victim else None)
    try:
        killed(trial, setup=setup, need=1 if victim else 0)
    finally:
        if trial.place:
            trial.place.proxy.close()


def has_heard(place, name, to_ms):
    """The service has taken up the question for this instant, although it cannot answer it yet."""
    request = control_pb2.ControlRequest(status=True).SerializeToString()
    socket = place.context.socket(harness.zmq.DEALER)
    socket.connect("ipc://%s/%s.ctl" % (place.run, name))

    def says():
        socket.send(request)
        reply = control_pb2.ControlReply()
        if socket.poll(1000):
            reply.ParseFromString(socket.recv())
        return reply.status.now_ms >= to_ms
    try:
        harness.wait_for(says, name + " to hear of the instant")
    finally:
        socket.close(0)


def asked_while_polling(trial, service):
    """A service that has just started looks up how far the others are. Before it has the answer it is
    asked to go to the next instant, at which they have said more: the answer on its way is too old."""
    threads = []

    def hook_of(place, rng):
        at = [rng.randint(10, 40)]

        def hook(when, name, instant):
            if when == "inputs" and at and instant >= at[0]:
                at.pop()
                place.proxy = proxy.divert(place, service, proxy.counted(1, b"{p001}:intake:meta", "hold"))
                place.strike(service)
                place.revive(service)
                harness.wait_for(place.proxy.held.is_set, "the look-up")
            if when == "asked" and name == service and not at and not threads:
                def let_go(to_ms=place.player.now_ms):
                    try:
                        has_heard(place, service, to_ms)
                    finally:
                        place.proxy.let_go.set()
                threads.append(threading.Thread(target=let_go))
                threads[0].start()
        return hook
    try:
        killed(trial, hook_of)
    finally:
        for thread in threads:
            thread.join()
        if trial.place:
            trial.place.proxy.close()
    if not threads:
        raise Violation("nobody was asked meanwhile")


def amended(s):
    """From the second noon on, clause 7.16 costs more."""
    def fill(command, tickets):
        rules = stepped.activation(0).activate
        command.activate.directory = rules.directory
        command.activate.rulebook, n = re.subn(r'("7\.16".*?amount: )50\.00元', r"\g<1>60.00元",
                                               rules.rulebook, count=1, flags=re.S)
        if n != 1:
            raise Violation("the rulebook has changed its looks")
    s.say(scenario.instant(1, 12), "liu", None, chain="activation", fill=fill)


def half_activated(trial, how, victim):
    """A new rulebook is in force in one partition and its commit to the next one is cut off."""
    trial.stories = [scenario.kept_but_careless, scenario.manager, amended]
    now = []

    def hook_of(place, rng):
        def hook(when, name, instant):
            player = place.player
            if when == "inputs" and player.inputs[player.at].ref == "activation":
                now.append(True)
        return hook

    def setup(place):
        def then():
            place.own_dir.pop("intake")
            place.strike(victim)
        cut = proxy.counted(1, b"{p001}:intake:meta", how)
        place.proxy = proxy.divert(place, "intake", lambda request: cut(request) if now and
                                   b"ds_commit_" in request else None, then)
    try:
        killed(trial, hook_of, setup=setup)
    finally:
        if trial.place:
            trial.place.proxy.close()
    if not any(row[1] == "7.16" and row[5] == "-6000" for row in baseline(trial).ledger.values()):
        raise Violation("nothing was booked under the new rulebook")


def trials():
    for service in SERVICES:
        for n in (1, 8, 40):
            for how in ("lose", "drop"):
                for what, victim in (("reply-lost", service), ("connection-lost", None),
                                     ("redis-dies", "redis")):
                    yield "A/%s/%s-%s:%d" % (service, what, how, n), (
                        lambda trial, service=service, n=n, how=how, victim=victim: cut_at(
                            trial, service, b"ds_commit_", n, how, victim))
        yield "A/%s/redis-dies-while-it-loads" % service, lambda trial, service=service: cut_at(
            trial, service, b"{p001}:%s:state" % service.encode(), 1, "drop", "redis")
        if service == "intake":
            for how in ("lose", "drop"):
                for victim in ("intake", "redis"):
                    yield "A/intake/half-activated-%s-%s-dies" % (how, victim), (
                        lambda trial, how=how, victim=victim: half_activated(trial, how, victim))
        else:
            yield "A/%s/asked-while-polling" % service, (
                lambda trial, service=service: asked_while_polling(trial, service))
