# SPDX-License-Identifier: MIT
"""C. Something is away for long, and people go on working.

The dispatcher is dead for three hours of a working afternoon in which everybody does his duty: some
deadlines pass meanwhile, provisional alerts go out, but nothing becomes final, nobody is fined and
nobody loses a job, neither then nor when it is back. The ledger is dead while the manager decides.

The store has no room: intake says busy at 90 % of maxmemory, and beyond it commits wait. When there is
room again everything goes on as if nothing had been. Nor does a full or dead store keep a service
from stopping."""
import signal
import threading

import compare
import harness
import scenario
import stepped
from harness import commands_pb2, types_pb2
from place import Place, Violation
from scenario import HOUR, MINUTE, Job, instant
from trials_fast import replay
from trials_stepped import killed

DIES_MS = instant(0, 14, 10)
BACK_MS = DIES_MS + 3 * HOUR


# ---- a dead dispatcher ----

def job(s, ref, at_ms, category, kind=2, fill_ms=2 * MINUTE, day=1):
    """Reported, filled, customer contacted, visit booked for 9 to 11 on that day."""
    one = Job(s, "county", "lin", ref, at_ms)
    one.register(kind, category, **({"complaint_type": 1} if kind == 2 else {}))
    one.wait(fill_ms, fill_ms).by("lin", fill_order={"order_no": ref})
    one.wait(MINUTE, MINUTE).by("lin", contact_customer={})
    return one.wait(MINUTE, MINUTE).by("lin", book_appointment={
        "from_ms": instant(day, 9), "to_ms": instant(day, 11), "wish": 1})


def visit(one, who, at_ms):
    one.at_ms = at_ms
    one.by(who, check_in={"customer_present": True})
    one.wait(30 * MINUTE, 40 * MINUTE).by(who, complete={})
    one.wait(5 * MINUTE, 9 * MINUTE).by(who, file_result={"fixed": True, "labour_fen": 8000})
    one.wait(HOUR, 2 * HOUR).callback(fixed=True)


def accepted(one, who, at_ms, late_ms=0):
    one.at_ms = at_ms
    one.by(who, late_ms=late_ms, accept={})
    return one.wait(3 * MINUTE, 6 * MINUTE).by(who, late_ms=late_ms, contact_customer={})


def afternoon(s):
    """Offers are made just before the dispatcher dies at 14:10, orders come in while it is dead."""
    one = job(s, "ac-1", instant(0, 14, 4), "air_conditioner")
    visit(accepted(one, "wang", instant(0, 14, 25)), "wang", instant(0, 15))  # all while it is dead
    one = job(s, "fridge-1", instant(0, 14, 5), "refrigerator")
    # accepted in time in a dead spot; heard of long after the due
    visit(accepted(one, "yang", instant(0, 14, 30), late_ms=70 * MINUTE), "yang", instant(1, 9, 1))
    one = job(s, "tv-1", instant(0, 14, 5), "television")
    one.at_ms = instant(0, 14, 20)
    one.by("huang", reject={"reason": "no ladder"})
    visit(accepted(one, "xu", BACK_MS + 20 * MINUTE), "xu", instant(1, 9, 2))
    one = job(s, "heater-1", instant(0, 14, 30), "water_heater", kind=1)
    visit(accepted(one, "chen", BACK_MS + 25 * MINUTE), "chen", instant(1, 9, 3))
    one = job(s, "wash-1", instant(0, 14, 12), "washing_machine", fill_ms=50 * MINUTE)
    visit(accepted(one, "yang", BACK_MS + 10 * MINUTE), "yang", instant(1, 10))
    by_telephone(s)


def by_telephone(s):
    """Taken and done while there is nobody to make an offer; the offer is made afterwards."""
    one = job(s, "ac-2", instant(0, 14, 20), "air_conditioner")
    visit(accepted(one, "wang", instant(0, 14, 40)), "wang", instant(0, 16))


def judged(place, what):
    """Events of the watcher of one kind, of all partitions."""
    journals = compare.journals(place)
    return [getattr(event, what) for (service, _), events in journals.items() if service == "sla-watcher"
            for _, event in events if event.WhichOneof("body") == what]


def said_by_dispatcher(place):
    journals = compare.journals(place)
    return {event.subject + " " + event.WhichOneof("body") for (service, _), events in journals.items()
            if service == "dispatcher" for _, event in events}


def without(place, player, name, until_ms):
    """Kills a service and goes on without it, looking every five minutes and at every input."""
    place.strike(name)
    place.bury(name)
    del place.processes[name]
    player.away = (name,)
    while player.now_ms < until_ms:
        inputs = [one.send_at_ms for one in player.inputs[player.at:player.at + 1]]
        player.go(min([until_ms, player.now_ms + 5 * MINUTE] + inputs))
    player.away = ()
    # who starts later than an instant learns from the store that it has passed
    place.store("HSET", "doorstep:clock", "rule_ms", until_ms)


def dispatcher_away(trial):
    s = scenario.Scenario(trial.seed, commands_pb2)
    afternoon(s)
    place = trial.place = Place()
    place.launch()
    player = stepped.Player(place, s.sorted())
    player.activate()
    player.play(DIES_MS)
    player.go(DIES_MS)
    before = len(said_by_dispatcher(place))
    without(place, player, "dispatcher", BACK_MS)
    final = [one for one in judged(place, "judged") if one.due_at_ms > DIES_MS]
    if final or compare.ledger(place):
        raise Violation("judged without the dispatcher:\n%s%s" % (final, compare.ledger(place)))
    late = {one.clock for one in judged(place, "breached")}
    wanted = {types_pb2.Clock.ORDER, types_pb2.Clock.DISPATCH, types_pb2.Clock.ACCEPT}
    if not wanted <= late or len(said_by_dispatcher(place)) != before:
        raise Violation("provisional alerts of %s only" % late)
    place.launch("dispatcher")
    player.play()
    trial.deaths = place.deaths
    demand_nobody_fined(place, player)


def dispatcher_gone(trial, days):
    """Away until everything about a job that was done without it has long been final."""
    s = scenario.Scenario(trial.seed, commands_pb2)
    by_telephone(s)
    place = trial.place = Place()
    place.launch()
    player = stepped.Player(place, s.sorted())
    player.activate()
    player.play(DIES_MS)
    without(place, player, "dispatcher", DIES_MS + days * scenario.DAY)
    place.launch("dispatcher")
    player.play()
    trial.deaths = place.deaths
    demand_nobody_fined(place, player)


def demand_nobody_fined(place, player):
    """But for the month's sheet, which nobody hands in here whatever the dispatcher does."""
    outcome = compare.Outcome(place, player.client)
    rows = {key: row for key, row in outcome.ledger.items() if not key.startswith("7.2/")}
    fines = [one for one in judged(place, "judged")
             if one.verdict == types_pb2.Verdict.BREACHED and one.clause not in ("", "7.2")]
    if rows or fines:
        raise Violation("somebody pays: %s%s" % (rows, fines))
    rejected = player.client.tickets.get("tv-1", "-")
    if any("taken_back" in one for one in said_by_dispatcher(place) if rejected not in one):
        raise Violation("somebody lost his job: %s" % sorted(said_by_dispatcher(place)))
    compare.check_receipts(outcome)
    compare.check_clean(place)
    replay(place)


# ---- a full store ----

def set_room(place, used_share):
    """maxmemory so that what is used is this share of it; 0: no bound."""
    used = int(place.store("INFO", "memory").decode().split("used_memory:")[1].split()[0])
    place.store("CONFIG", "SET", "maxmemory", int(used / used_share) if used_share else 0)


def refused(place):
    """How many writes Redis has refused for want of memory."""
    stats = place.store("INFO", "errorstats").decode()
    return int(stats.split("errorstat_OOM:count=")[1].split()[0]) if "errorstat_OOM" in stats else 0


def nearly_full(place):
    """Above 90 %: three commands are told to come again."""
    def told():
        receipts = list(place.player.client.receipts.values())
        return sum(one.status == commands_pb2.Receipt.BUSY for some in receipts for one in some) >= 3
    harness.wait_for(told, "intake to say busy")


def over_full(place):
    """A commit is tried again and again."""
    harness.wait_for(lambda: refused(place) >= 3, "refused commits")
    if 'msg="a commit has to wait"' not in place.log("intake"):
        raise Violation("intake does not say that a commit has to wait")


def ended_while_full(how):
    """Intake ends while its commit waits; the next one can only wait, too."""
    def act(place):
        over_full(place)
        process = place.processes["intake"]
        place.strike("intake", how=how)
        harness.wait_for(lambda: place.processes["intake"] is not process, "intake to end")
        before = refused(place)
        harness.wait_for(lambda: refused(place) >= before + 3, "the next intake to try")
    return act


def full(trial, used_share, act):
    """At a moment of rest the store gets that full; when act has seen what it waits for, there is room
    again. The run must not differ from one without all this."""
    threads = []

    def make_room(place, wrong):
        try:
            act(place)
        except (harness.Timeout, Violation) as violation:
            wrong.append(str(violation))
        set_room(place, 0)

    def hook_of(place, rng):
        at = rng.randint(20, 200)
        place.expected["intake"] = (0,)

        def hook(when, name, instant):
            if threads or when != "instant" or instant < at:
                return
            set_room(place, used_share)
            if used_share < 1:
                harness.wait_for(lambda: "the door says busy" in place.log("intake"), "the alarm")
            wrong = []
            threads.append((threading.Thread(target=make_room, args=(place, wrong)), wrong))
            threads[0][0].start()
        return hook
    try:
        killed(trial, hook_of, need=0, extra="store_timeout: 1s\n")
    finally:
        for thread, wrong in threads:
            thread.join()
    if not threads or threads[0][1]:
        raise Violation("the store was never full: %s" % [wrong for _, wrong in threads])


# ---- a dead ledger ----

def confirmed_unseen(trial):
    """Dead from before a callback contradicts a result until after the manager has confirmed what the
    ledger has not proposed yet. It refuses that, since it reads intake first, and keeps to it when
    the journals are judged again."""
    place = trial.place = Place()
    place.launch()
    player = stepped.Player(place, scenario.make(trial.seed, commands_pb2, [
        scenario.kept_but_careless]))
    player.activate()
    player.play(instant(0, 9))
    without(place, player, "penalty-ledger", player.inputs[-1].send_at_ms)
    place.launch("penalty-ledger")
    player.play()
    refused = [event for (service, _), events in compare.journals(place).items()
               for _, event in events if service == "penalty-ledger" and
               event.WhichOneof("body") == "outcome"]
    if len(refused) != 3 or any(one.outcome.outcome != types_pb2.OutcomeCode.REFUSED
                                for one in refused):
        raise Violation("the manager's three commands got %s" % refused)
    trial.deaths = place.deaths
    compare.check_clean(place)
    replay(place)


def trials():
    yield "C/dispatcher-away/three-hours", dispatcher_away
    for days in (1, 4):
        yield "C/dispatcher-away/days:%d" % days, lambda trial, days=days: dispatcher_gone(trial, days)
    yield "C/ledger-away/confirmed-unseen", confirmed_unseen
    yield "C/memory/nearly-full", lambda trial: full(trial, 0.92, nearly_full)
    yield "C/memory/full", lambda trial: full(trial, 1.1, over_full)
    yield "C/memory/killed-while-full", lambda trial: full(
        trial, 1.1, ended_while_full(signal.SIGKILL))
    yield "C/memory/stopped-while-full", lambda trial: full(
        trial, 1.1, ended_while_full(signal.SIGTERM))
