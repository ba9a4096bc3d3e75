# SPDX-License-Identifier: MIT
"""A job moves to another territory, which is another partition: it is registered there once, in the
order of the transfers, however often and however long intake is dead between the steps, and however
full it is there."""
import compare
import harness
from harness import commands_pb2
from place import Place, Violation
import scenario
import stepped
from scenario import DAY, HOUR, Job, instant
from trials_stepped import killed

MOVES_MS = instant(0, 11, 30)


def job(s, ref, to, phone="13707370000"):
    """Reported in one territory, transferred to the other at MOVES_MS."""
    home, clerk = ("county", "lin") if to == "river" else ("river", "tan")
    one = Job(s, home, clerk, ref, instant(0, 9))
    one.register(2, "television", complaint_type=1,
                 customer={"phone": phone, "distance_m": 9000}).order()
    s.say(MOVES_MS, clerk, home, ref=ref, chain=ref, transfer={"territory": to, "reason": "over there"})


def several(s):
    for i in range(8):
        job(s, "move-%d" % i, "river", "137073700%02d" % i)


def in_order(trial):
    """Killed before the second step, and in three lives after their first commit."""
    trial.stories = [several]

    def hook_of(place, rng):
        struck = []

        def hook(when, name, at):
            if (when, name, place.player.now_ms) == ("asked", "intake", MOVES_MS) and not struck:
                place.crashes["intake"] = ["after_commit"] * 3
                struck.append(at)
                place.strike("intake")
        return hook
    killed(trial, hook_of, need=4)


def registered(place, partition):
    return [event for _, event in compare.journals(place)["intake", partition]
            if event.HasField("registered")]


def ready_to_move(trial, stories, extra=""):
    """Everything has happened up to the transfer, which is recorded; nothing was asked for after."""
    s = scenario.Scenario(trial.seed, commands_pb2)
    for story in stories:
        story(s)
    place = trial.place = Place(extra=extra)
    place.launch()
    player = place.player = stepped.Player(place, s.sorted())
    player.activate()
    player.play(MOVES_MS - 1)
    player.now_ms = MOVES_MS
    player.take(player.inputs[player.at:], MOVES_MS)
    return place, player


def away(trial, for_ms):
    """Intake dies between the steps and comes back to another time: when the old ticket should have
    been archived, or to a clock that was set back."""
    place, _ = ready_to_move(trial, [lambda s: job(s, "move", "county")])
    if registered(place, 0):
        raise Violation("registered before anybody asked")
    old = registered(place, 1)[0].subject
    place.crashes["intake"] = ["after_commit"] * 3
    place.strike("intake")
    place.set_fast(1, MOVES_MS + for_ms)
    place.revive("intake")

    def carried():
        place.revive_dead()
        return registered(place, 0) and not place.store("HEXISTS", "{p000}:intake:state", "X" + old)
    harness.wait_for(carried, "the job to be carried on")
    trial.deaths = place.deaths
    if place.deaths < 2:  # the last step may be seen before its death is
        raise Violation("only %d kills" % place.deaths)
    there = registered(place, 0)
    if len(there) != 1 or there[0].registered.transferred_from != old:
        raise Violation("not registered once: %s" % there)
    if there[0].judged_at_ms != MOVES_MS or there[0].received_at_ms < MOVES_MS + max(0, for_ms):
        raise Violation("at another time: %s" % there)


def full_there(trial):
    def fill(s):
        for i in range(1000):
            s.say(instant(0, 8), "phone", None, chain="c%d" % i, call_offered={
                "call": "c%d" % i, "called": "07365550101", "caller": "139"})
    place, player = ready_to_move(trial, [fill, lambda s: job(s, "move", "county")],
                                  extra="entities_max: 1000\n")
    entities = place.store("HLEN", "{p000}:intake:state")
    if entities < 1000:
        raise Violation("only %d entities" % entities)
    player.advance(MOVES_MS)
    if [event.received_at_ms for event in registered(place, 0)] != [MOVES_MS]:
        raise Violation("not registered at once: %s" % registered(place, 0))


def trials():
    yield "A/transfer/in order", in_order
    yield "C/transfer/away for a month", lambda trial: away(trial, 40 * DAY)
    yield "C/transfer/back to an earlier time", lambda trial: away(trial, -HOUR)
    yield "C/transfer/full there", full_there
