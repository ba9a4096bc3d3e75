# SPDX-License-Identifier: MIT
"""B, exactly at the bus and at the feed: readers that are overtaken, cut off or left alone."""
import compare
import fast
import follower
import harness
import proxy
import scenario
import stepped
from harness import commands_pb2
from place import Place, Violation
from trials_stepped import baseline, play

FACTOR = 1000


def reader(place):
    """Of the dispatcher in partition 0: how far it has read intake, intake's mark, its own mark."""
    status = place.status("dispatcher")
    if status is None:
        raise Violation("the dispatcher has ended:\n" + place.log("dispatcher"))
    part = status.partitions[0]
    return part.lags[0].position, part.lags[0].mark_ms, part.mark_ms


def answer_overtaken(trial):
    """Intake is silent, so its reader looks its tail up in the store. Before the answer comes, intake
    is back and publishes: the answer knows less than the reader, and nothing is lost."""
    place = trial.place = Place(fast=(FACTOR, scenario.START_MS))
    silent = []
    between = proxy.divert(place, "dispatcher", lambda request: "hold" if silent and
                           b"{p000}:intake:meta" in request else None)
    try:
        place.launch()
        player = fast.Player(place, [])
        player.activate()
        harness.wait_for(lambda: reader(place)[0] == 1, "the activation")
        silent.append(True)
        place.strike("intake")
        place.bury("intake")
        harness.wait_for(between.held.is_set, "the look-up")
        _, mark_ms, own_mark_ms = reader(place)
        place.launch("intake")
        harness.wait_for(lambda: reader(place)[1] > mark_ms, "heartbeats")
        report(place, player)
        harness.wait_for(lambda: reader(place)[0] == 2, "the published event")
        between.let_go.set()
        harness.wait_for(lambda: reader(place)[2] > own_mark_ms, "a commit after the answer")
        trial.deaths = place.deaths
    finally:
        between.close()


def report(place, player):
    command = commands_pb2.Command(id="r%d" % player.sendings, by="liu", made_at_ms=place.virtual_ms())
    command.report_violation.clause, command.report_violation.account = "7.16", "person:wang"
    player.fly("report", command, command.SerializeToString())
    while player.flying:
        player.turn(100)


def feed_cut(trial):
    """The reader loses the store between two journals; it goes on where it was."""
    place = trial.place = Place()
    place.launch()
    outcome = play(trial, place, feed=False)
    compare.demand_same("ledgers", baseline(trial).ledger, outcome.ledger)
    between = proxy.divert(place, "follower", proxy.counted(1, b"{p001}:sla-watcher:j", "drop"))
    try:
        follower.Follower(place, place.own_dir["follower"]).demand_all(outcome.journals)
    finally:
        between.close()


def feed_alone(trial):
    """Redis dies while the reader has nothing to read, and comes back: the same reader goes on."""
    place = trial.place = Place()
    place.launch()
    player = stepped.Player(place, scenario.make(trial.seed, commands_pb2))
    player.activate()
    feed = follower.Follower(place)
    player.play(scenario.instant(0, 18))
    feed.demand_all(compare.journals(place))
    place.strike("redis")
    place.revive("redis")
    player.play()
    feed.demand_all(compare.journals(place))
    trial.deaths = place.deaths
    if feed.restarts:
        raise Violation("the reader did not outlive Redis")


def trials():
    yield "B/dispatcher/answer-overtaken", answer_overtaken
    yield "B/feed/cut-between-journals", feed_cut
    yield "B/feed/alone", feed_alone
