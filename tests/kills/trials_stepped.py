# SPDX-License-Identifier: MIT
"""A. Stepped time: whatever is killed whenever, afterwards everything is as if nothing had been.

What must hold at the end, all final and at rest:
  - ledger equal by key, in every column but the numbers of the events cited;
  - journals equal to the last field of every event, but for event numbers (so also every provisional
    alert: virtual time stands still while a process is away, so nothing comes late);
  - receipts true, each command recorded once; `check` and `ledger verify` clean;
  - a reader of the alert feed has seen every event of the watcher once and in order.

D. The same with every command delivered three times; in trials_replay.py also without an
installation."""
import random
import signal

import compare
import scenario
import stepped
from follower import Follower
from harness import SERVICES, commands_pb2
from place import Place, Violation

POINTS = ["after_receive", "before_commit", "commit_sent", "after_commit", "before_publish"]
OCCURRENCES = [1, 2, 7, 23, 60]
baselines = {}


def play(trial, place, hook=None, times=1, feed=True):
    """Plays the trial's scenario to its end; returns what is left. feed: somebody reads the alerts."""
    inputs = scenario.make(trial.seed, commands_pb2, trial.stories)
    player = stepped.Player(place, inputs, hook, times)
    place.player = player
    player.activate()
    reader = Follower(place) if feed else None
    player.play()
    trial.deaths = place.deaths
    outcome = compare.Outcome(place, player.client)
    if reader:
        reader.demand_all(outcome.journals)
    return outcome


def baseline(trial):
    """The unkilled run of a scenario, made once."""
    key = trial.seed, tuple(trial.stories or ())
    if key not in baselines:
        place = Place()
        try:
            place.launch()
            outcome = play(trial, place)
            compare.check_receipts(outcome)
            compare.check_clean(place)
            outcome.instants = place.player.instant
            if not trial.stories:
                demand_scenario(outcome)
            baselines[key] = outcome
        finally:
            place.shut(False)
    return baselines[key]


def demand_scenario(outcome):
    """A scenario that books nothing would prove nothing."""
    clauses = {row[1] for row in outcome.ledger.values()}
    missing = {"7.1", "7.3", "7.4", "7.6", "7.8", "7.9", "7.16", "7.22", "7.23"} - clauses
    if missing or not any(key.startswith("reversal/") for key in outcome.ledger):
        raise Violation("the scenario books nothing of %s" % sorted(missing))


def demand_unchanged(trial, place, outcome):
    unkilled = baseline(trial)
    compare.demand_same("ledgers", unkilled.ledger, outcome.ledger)
    compare.demand_same("commands", unkilled.sent, outcome.sent)
    compare.demand_same("journals", unkilled.events(compare.named), outcome.events(compare.named))
    compare.demand_same("events", unkilled.events(compare.told), outcome.events(compare.told))
    compare.check_receipts(outcome)
    compare.check_clean(place)


def killed(trial, hook=None, crashes=None, times=1, bus=True, need=1, setup=None,
           extra=""):
    """One run with kills; hook(place, random) -> hook of the player."""
    baseline(trial)
    place = trial.place = Place(bus=bus, extra=extra)
    place.crashes.update(crashes or {})
    if setup:
        setup(place)
    place.launch()
    outcome = play(trial, place, hook(place, random.Random("%d %s" % (trial.seed, trial.name)))
                   if hook else None, times)
    if trial.deaths < need:
        raise Violation("only %d kills of %d: the point was not reached" % (trial.deaths, need))
    demand_unchanged(trial, place, outcome)


# ---- who dies when ----

def at_moments(trial, names, moments, how=signal.SIGKILL, together=False):
    """Kills at random instants, some µs after a service was set to work."""
    def hook_of(place, rng):
        last = baseline(trial).instants - 1
        at = sorted(rng.sample(range(1, last), moments))
        targets = [names if together else [rng.choice(names)] for _ in at]

        def hook(when, name, instant):
            if when != "asked" or not at or instant < at[0]:
                return
            if not together and name not in targets[0] and "redis" not in targets[0]:
                return
            if "redis" in targets[0] and rng.random() < 0.7:
                return  # any service may be the one at work
            at.pop(0)
            place.pause(rng.choice([0, 0, 1, 2, 4]))
            place.strike(*targets.pop(0), how=how)
        return hook
    return hook_of


def random_kills(trial, names, moments, together=False):
    killed(trial, at_moments(trial, names, moments, together=together),
           need=moments * (len(names) if together else 1))


def shutdowns(trial, service):
    """Killed while it was going down in good order."""
    def setup(place):
        place.crashes[service] = ["in_shutdown", "in_shutdown"]
    killed(trial, at_moments(trial, [service], 2, how=signal.SIGTERM), need=2, setup=setup)


def stops(trial, service):
    """Stopped for a while and continued: no kill, and nothing may come of it."""
    def hook_of(place, rng):
        at = set(rng.sample(range(1, baseline(trial).instants - 1), 3))

        def hook(when, name, instant):
            if when == "asked" and name == service and instant in at:
                at.discard(instant)
                place.strike(service, how=signal.SIGSTOP)
                place.pause(rng.randint(1, 300))
                place.strike(service, how=signal.SIGCONT)
        return hook
    killed(trial, hook_of, need=0)


def slow_driver(trial):
    """Real time passes between the services' turns, longer than heartbeats take to go round: virtual
    time alone may say what is done when."""
    def hook_of(place, rng):
        at = set(rng.sample(range(1, baseline(trial).instants // 2), 12))

        def hook(when, name, instant):
            if when == "asked" and name == "dispatcher" and instant in at:
                place.pause(250)
        return hook
    killed(trial, hook_of, need=0)


def restarts(trial):
    """All five killed at one instant and started in random order, and once more."""
    def hook_of(place, rng):
        at = rng.sample(range(1, baseline(trial).instants - 1), 3)

        def hook(when, name, instant):
            if when != "instant" or instant not in at:
                return
            names = rng.sample(SERVICES, len(SERVICES))
            place.strike(*names)
            for one in names:
                place.revive(one)
        return hook
    killed(trial, hook_of, need=15)


def trials():
    """(name, function of the trial)"""
    for service in SERVICES:
        points = POINTS + ([] if service == "intake" else ["in_catchup"])
        for point in points:
            for n in OCCURRENCES:
                name = "%s:%d" % (point, n)
                yield "A/%s/%s" % (service, name), lambda trial, service=service, name=name: killed(
                    trial, crashes={service: [name]})
        yield "A/%s/in_shutdown" % service, lambda trial, service=service: shutdowns(trial, service)
        yield "A/%s/random" % service, lambda trial, service=service: random_kills(
            trial, [service], 4)
        yield "A/%s/stopped" % service, lambda trial, service=service: stops(trial, service)
        # again and again at its first commits after each start
        yield "A/%s/thrice" % service, lambda trial, service=service: killed(
            trial, crashes={service: ["before_commit:3", "after_commit:2", "before_publish:2"]}, need=3)
    yield "A/none/slow-driver", slow_driver
    yield "A/redis/random", lambda trial: random_kills(trial, ["redis"], 3)
    yield "A/any/random", lambda trial: random_kills(trial, SERVICES + ["redis"], 8)
    yield "A/all/together", lambda trial: random_kills(trial, SERVICES + ["redis"], 2, together=True)
    yield "A/all/random-order", restarts
    yield "A/bus-off/unkilled", lambda trial: killed(trial, bus=False, need=0)
    yield "A/bus-off/random", lambda trial: killed(
        trial, at_moments(trial, SERVICES + ["redis"], 5), bus=False, need=5)
    yield "D/thrice", lambda trial: killed(trial, times=3, need=0)
    yield "D/thrice-killed", lambda trial: killed(
        trial, at_moments(trial, ["intake"], 5), times=3, need=5)
