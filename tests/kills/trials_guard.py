# SPDX-License-Identifier: MIT
"""E. One writer: a second instance is refused, an older one is fenced.
F. A store that does not keep, or did not keep, what it acknowledged: halt loudly, never go on.

The statuses are those of common/runtime/rt.h: 69 no store to work with, 70 must not go on, 75 the lock
is held."""
import os
import shutil
import signal

import compare
import harness
import scenario
import stepped
from harness import SERVICES, commands_pb2, control_pb2
from place import UNAVAILABLE, Place, Violation
from trials_stepped import demand_unchanged, killed, play

MUST_NOT, LOCKED = 70, 75


def demand_end(place, name, status, says, process=None):
    """The process ends with this status and its log says why."""
    try:
        code = (process or place.processes.pop(name)).wait(10)
    except harness.subprocess.TimeoutExpired:
        raise Violation("%s goes on; it should end with %d" % (name, status))
    if code != status or says not in place.log(name):
        raise Violation("%s ended with %d, not %d \"%s\":\n%s" % (
            name, code, status, says, place.log(name)[-1500:]))


def still_running(place):
    for name in SERVICES:
        if name in place.processes and place.processes[name].poll() is not None:
            raise Violation("%s ended with %d:\n%s" % (
                name, place.processes[name].returncode, place.log(name)[-1500:]))


# ---- E ----

def second_instance(trial):
    """Each service started twice: the second one ends, the first one notices nothing."""
    place = trial.place = Place()
    place.launch()

    def hook(when, name, instant):
        if when == "asked" and instant in (5, 50) and name:
            first = place.processes[name], place.pidfds.pop(name)
            place.spawn(name, [os.path.join(place.bin, "doorstep-" + name), "--dir", place.data])
            demand_end(place, name, LOCKED, "another instance is running")
            os.close(place.pidfds[name])
            place.processes[name], place.pidfds[name] = first
    player = player_of(trial, place, hook)
    player.play()
    demand_unchanged(trial, place, compare.Outcome(place, player.client))


def player_of(trial, place, hook=None):
    player = stepped.Player(place, scenario.make(trial.seed, commands_pb2), hook)
    player.activate()
    return player


def replaced(trial, service, paused):
    """A second instance takes over although the first one lives (its lock file is gone, as if it were
    on another host). The older one must not commit, nor acknowledge, anything any more."""
    place = trial.place = Place()
    place.launch()
    old = {}

    def hook(when, name, instant):
        if when == "asked" and name == service and instant == 60:
            take_over(place, service, paused, old)
    player = player_of(trial, place, hook)
    player.play()
    if not old:
        raise Violation("no second instance was started")
    trial.deaths = 1
    demand_unchanged(trial, place, compare.Outcome(place, player.client))


def take_over(place, service, paused, old):
    socket = place.only_this_life(service + ".ctl")
    door = place.only_this_life("intake.cmd") if service == "intake" else None
    process, fd = place.processes.pop(service), place.pidfds.pop(service)
    place.forget_sockets(service)
    old["process"] = process
    if paused:
        process.send_signal(signal.SIGSTOP)
    os.unlink(os.path.join(place.run, service + ".lock"))
    place.launch(service)
    place.wait_launched(service)
    if paused:
        process.send_signal(signal.SIGCONT)
    # what is asked of the old one now it must not do
    request = control_pb2.ControlRequest()
    request.advance.to_ms = place.now_ms + 40 * scenario.DAY
    socket.send(request.SerializeToString())
    if door:
        command = commands_pb2.Command(id="to-the-old-one", by="liu", made_at_ms=request.advance.to_ms)
        command.report_violation.clause, command.report_violation.account = "7.16", "person:wang"
        door.send(command.SerializeToString())
    demand_end(place, service, MUST_NOT, "FENCED", process)
    if door and door.poll(0):
        raise Violation("the fenced intake has answered a command")
    for one in (socket, door):
        if one:
            one.close(0)
    os.close(fd)


# ---- F ----

def start_redis_with(place, *options):
    conf = os.path.join(harness.SOURCE, "deploy", "redis", "redis.conf")
    place.spawn("redis", ["redis-server", conf, "--unixsocket", place.redis_path,
                          "--dir", os.path.join(place.data, "redis")] + list(options))
    place.wait_redis()


SETTINGS = [("--appendfsync", "everysec"), ("--appendonly", "no"),
            ("--maxmemory-policy", "allkeys-lru"), ("--no-appendfsync-on-rewrite", "yes")]


def wrong_settings(trial, option, value, running):
    """A store that may forget is not worked with, at the start nor when it comes back."""
    place = trial.place = Place()
    if running:
        place.launch()
        half(trial, place)
    place.strike("redis")
    place.bury("redis")
    start_redis_with(place, option, value)
    if not running:
        place.launch()
    for name in SERVICES:
        demand_end(place, name, UNAVAILABLE, "Redis is not set to keep what it acknowledges")
    trial.deaths = place.deaths


def half(trial, place):
    """Plays the first 80 inputs."""
    player = stepped.Player(place, scenario.make(trial.seed, commands_pb2)[:80])
    player.activate()
    player.play()
    return player


def lost_store(trial, how):
    """Redis comes back empty, or as it was some time ago, to services that know better."""
    place = trial.place = Place()
    place.launch()
    player = stepped.Player(place, scenario.make(trial.seed, commands_pb2)[:40])
    player.activate()
    files, copy = os.path.join(place.data, "redis"), os.path.join(place.root, "older")
    for one in player.inputs[:15]:
        player.take([one], one.send_at_ms)
        player.advance(one.send_at_ms)
    if how == "older":
        shutil.copytree(files, copy)
    for one in player.inputs[15:]:
        player.take([one], one.send_at_ms)
        player.advance(one.send_at_ms)
    still_running(place)
    place.strike("redis")
    place.bury("redis")
    shutil.rmtree(files)
    if how == "older":
        shutil.copytree(copy, files)
    else:
        os.makedirs(files)
    start_redis_with(place)
    for name in SERVICES:
        # a service that has itself written nothing since sees it by what it has read
        demand_end(place, name, MUST_NOT, "has lost what")
    trial.deaths = place.deaths


def stopped(trial):
    """An installation at rest after the first 80 inputs, its services stopped in good order."""
    place = trial.place = Place()
    place.launch()
    half(trial, place)
    for name in SERVICES:
        place.stop(name)
    return place


def torn_commit(trial, service):
    """The journal's last entry is gone, or one too many is there: refuse to start."""
    place = stopped(trial)
    redis = place.redis()
    key = "{p000}:%s:j" % service
    (last, (_, raw)), = redis("XREVRANGE", key, "+", "-", "COUNT", 1)
    for tear in (lambda: redis("XDEL", key, last),
                 lambda: redis("XADD", key, "%d-0" % (int(last.split(b"-")[0]) + 1), "b", raw)):
        tear()
        place.launch(service)
        demand_end(place, service, MUST_NOT, "torn commit")
    redis.close()


def lost_upstream(trial):
    """A reader that has read more than its upstream still has must not go on."""
    place = stopped(trial)
    redis = place.redis()
    (last, _), (before, _) = redis("XREVRANGE", "{p000}:intake:j", "+", "-", "COUNT", 2)
    redis("XDEL", "{p000}:intake:j", last)
    redis("HSET", "{p000}:intake:meta", "tail", before.split(b"-")[0])
    redis.close()
    for name in SERVICES[1:]:
        place.launch(name)
    for name in SERVICES[1:]:
        demand_end(place, name, MUST_NOT, "an upstream journal has lost what was read from it")


def damaged(trial):
    """A bit of a journal entry is turned over: whoever reads it halts and names it."""
    place = trial.place = Place()
    place.launch("intake")
    player = stepped.Player(place, [])
    command = stepped.activation(player.now_ms)
    player.set_time(player.now_ms)
    player.deliver(command, command.SerializeToString(), player.now_ms)
    while player.ask("intake", player.now_ms) is None:
        pass
    redis = place.redis()
    key = "{p000}:intake:j"
    (id, (field, raw)), = redis("XRANGE", key, "-", "+")
    redis("DEL", key)
    redis("XADD", key, id, field, raw[:10] + bytes([raw[10] ^ 1]) + raw[11:])
    redis.close()
    place.launch("dispatcher")
    demand_end(place, "dispatcher", MUST_NOT, "a journal entry")


def trials():
    yield "E/second-instance", second_instance
    for service in SERVICES:
        for paused in (False, True):
            yield "E/replaced/%s%s" % (service, "-while-stopped" if paused else ""), (
                lambda trial, service=service, paused=paused: replaced(trial, service, paused))
    for option, value in SETTINGS:
        for running in (False, True):
            yield "F/settings/%s-%s%s" % (option[2:], value, "-later" if running else ""), (
                lambda trial, option=option, value=value, running=running: wrong_settings(
                    trial, option, value, running))
    yield "F/lost/empty", lambda trial: lost_store(trial, "empty")
    yield "F/lost/older", lambda trial: lost_store(trial, "older")
    yield "F/lost/upstream", lost_upstream
    for service in SERVICES:
        yield "F/torn/%s" % service, lambda trial, service=service: torn_commit(trial, service)
    yield "F/torn/damaged-entry", damaged
