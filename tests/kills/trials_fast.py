# SPDX-License-Identifier: MIT
"""B. Time that runs: kills while commands stream in.

What happens then depends on when it happened, so there is no unkilled run to compare with. It must
hold that
  - the recorded decisions give the recorded ledger again (`export`, `replay --recorded`);
  - receipts are true, each command is recorded once; `check` and `ledger verify` are clean;
  - a reader of the alert feed has seen every event of the watcher once and in order."""
import os
import random
import signal

import compare
import fast
import scenario
from follower import Follower
from harness import SERVICES, commands_pb2
from place import Place, Violation
from trials_stepped import POINTS

STORIES = 6  # of ten: a trial should not take long


def run(trial, hook=None, crashes=None, bus=True, need=1):
    """hook(place, random, inputs) -> hook of the player"""
    rng = random.Random("%d %s" % (trial.seed, trial.name))
    stories = rng.sample(scenario.STORIES, STORIES)
    inputs = scenario.make(trial.seed, commands_pb2, stories)
    place = trial.place = Place(bus=bus, fast=(fast.FACTOR, inputs[0].send_at_ms - scenario.HOUR))
    place.crashes.update(crashes or {})
    place.launch()
    player = fast.Player(place, inputs, hook(place, rng, inputs) if hook else None)
    player.activate()
    follower = Follower(place)
    player.play()
    trial.deaths = place.deaths
    if trial.deaths < need:
        raise Violation("only %d kills of %d: the point was not reached" % (trial.deaths, need))
    for name in SERVICES:
        place.stop(name)
    outcome = compare.Outcome(place, player.client)
    compare.check_receipts(outcome)
    compare.check_clean(place)
    follower.demand_all(outcome.journals)
    replay(place)


def replay(place):
    out = os.path.join(place.root, "journals")
    place.cli("export", "--out", out)
    place.cli("replay", "--recorded", out, "--out", os.path.join(place.root, "again"))


def at_sendings(place, rng, inputs, moments, act):
    at = sorted(rng.sample(range(3, len(inputs)), moments))

    def hook(i):
        while at and i >= at[0]:
            at.pop(0)
            act()
    return hook


def random_kills(trial, names, moments, together=False, bus=True):
    def hook_of(place, rng, inputs):
        def act():
            place.pause(rng.choice([0, 0, 1, 3]))
            for name in names if together else [rng.choice(names)]:
                if place.processes[name].poll() is None:
                    place.strike(name)
        return at_sendings(place, rng, inputs, moments, act)
    run(trial, hook_of, bus=bus)


def stops(trial, service):
    """Stopped for up to two thousandths of a scenario's real time: hours of virtual time."""
    def hook_of(place, rng, inputs):
        def act():
            place.strike(service, how=signal.SIGSTOP)
            place.pause(rng.randint(50, 1200))
            place.strike(service, how=signal.SIGCONT)
        return at_sendings(place, rng, inputs, 2, act)
    run(trial, hook_of, need=0)


def catching_up(trial, service):
    """Killed, and killed again while it reads what it missed."""
    def hook_of(place, rng, inputs):
        def act():
            place.crashes[service] = ["in_catchup:%d" % rng.randint(1, 3), "in_catchup:1"]
            place.strike(service)
        return at_sendings(place, rng, inputs, 2, act)
    run(trial, hook_of, need=2)


def trials():
    yield "B/none/unkilled", lambda trial: run(trial, need=0)
    for service in SERVICES:
        for point in POINTS:
            for n in (2, 9, 30):
                name = "%s:%d" % (point, n)
                yield "B/%s/%s" % (service, name), lambda trial, service=service, name=name: run(
                    trial, crashes={service: [name, name]})
        if service != "intake":
            yield "B/%s/catching-up" % service, lambda trial, service=service: catching_up(
                trial, service)
        yield "B/%s/random" % service, lambda trial, service=service: random_kills(
            trial, [service], 4)
        yield "B/%s/stopped" % service, lambda trial, service=service: stops(trial, service)
    yield "B/redis/random", lambda trial: random_kills(trial, ["redis"], 2)
    yield "B/any/random", lambda trial: random_kills(trial, SERVICES + ["redis"], 6)
    yield "B/all/together", lambda trial: random_kills(trial, SERVICES + ["redis"], 2, together=True)
    yield "B/bus-off/random", lambda trial: random_kills(trial, SERVICES, 3, bus=False)
