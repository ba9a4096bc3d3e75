# SPDX-License-Identifier: MIT
"""What can be wrong in the store, or with it: journals and state that somebody edited, settings under
which nothing is safe, a Redis that is stopped, gone or full. A service that finds such a thing at its
start refuses to run, and `doorstep check` names it."""
import signal
from collections import namedtuple

from wrong_inputs import Row, good
from wrong_stage import DAY, SERVICES, Raw, Say, Stage, wait_for

# change(store): edits it; what it touches is put back afterwards. services: which of them must
# refuse to start, with status and a log line that says `logged`. checked: what `doorstep check`
# says; "" where it cannot see it.
Damage = namedtuple("Damage", "title change services status logged checked")


class Store:
    """Redis at rest, with what every edit needs to be undone."""

    def __init__(self, redis):
        self.redis = redis
        self.kept = {}

    def keep(self, key):
        if key not in self.kept:
            self.kept[key] = self.redis("DUMP", key)

    def put_back(self):
        for key, value in self.kept.items():
            if value is None:
                self.redis("DEL", key)
            else:
                self.redis("RESTORE", key, "0", value, "REPLACE")
        self.kept = {}

    # ---- journals ----

    def entries(self, key):
        return [(entry_id, fields[1]) for entry_id, fields in self.redis("XRANGE", key, "-", "+")]

    def rewrite(self, key, entries):
        """Entries of a stream cannot be edited; the stream is made anew."""
        self.keep(key)
        self.redis("DEL", key)
        for entry_id, content in entries:
            self.redis("XADD", key, entry_id, "b", content)

    # ---- state ----

    def armed(self, service):
        """(state key, due key, member, score) of some entity with a deadline."""
        for key in sorted(self.redis("KEYS", "*:%s:due" % service)):
            found = self.redis("ZRANGE", key, "0", "0", "WITHSCORES")
            return key.decode().replace(":due", ":state"), key.decode(), found[0], found[1]
        raise AssertionError(service + " has no deadline")


JOURNAL = "{p007}:intake:j"
META = "{p007}:intake:meta"


def flipped(at):
    """One byte of the newest entry of intake's journal."""
    def change(store):
        entries = store.entries(JOURNAL)
        entry_id, content = entries[-1]
        content = bytearray(content)
        content[at if at >= 0 else len(content) + at] ^= 0x20
        store.rewrite(JOURNAL, entries[:-1] + [(entry_id, bytes(content))])
    return change


def cut(store):
    entries = store.entries(JOURNAL)
    store.rewrite(JOURNAL, entries[:-1] + [(entries[-1][0], entries[-1][1][:-1])])


def exchanged(store):
    """The newest entry is that of another partition, as it stands there."""
    entries = store.entries(JOURNAL)
    other = store.entries("{p003}:intake:j")[-1][1]
    store.rewrite(JOURNAL, entries[:-1] + [(entries[-1][0], other)])


def lost(store):
    entries = store.entries(JOURNAL)
    store.rewrite(JOURNAL, entries[:-2] + entries[-1:])


def torn(store):
    store.rewrite(JOURNAL, store.entries(JOURNAL)[:-1])


def fallen(store):
    """Intake's journal and tail as if the last weeks had not been."""
    entries = store.entries(JOURNAL)
    store.rewrite(JOURNAL, entries[:1])
    store.keep(META)
    store.redis("HSET", META, "tail", entries[0][0].split(b"-")[0])


def without_due(service):
    def change(store):
        _, due, member, _ = store.armed(service)
        store.keep(due)
        store.redis("ZREM", due, member)
    return change


def with_other_due(service):
    def change(store):
        _, due, member, score = store.armed(service)
        store.keep(due)
        store.redis("ZADD", due, int(score) + 1, member)
    return change


def with_due_for_nobody(service):
    def change(store):
        _, due, _, score = store.armed(service)
        store.keep(due)
        store.redis("ZADD", due, score, "T007-424242")
    return change


def without_state(service):
    def change(store):
        state, _, member, _ = store.armed(service)
        store.keep(state)
        store.redis("HDEL", state, member)
    return change


def with_state(service, key, content):
    """One more entity."""
    def change(store):
        state = "{p007}:%s:state" % service
        store.keep(state)
        store.redis("HSET", state, key, content)
    return change


def cut_receipt(store):
    for key in store.redis("KEYS", "{p007}:intake:rcpt:*"):
        store.keep(key)
        store.redis("SETRANGE", key, store.redis("STRLEN", key), b"\0")
        return


READERS = SERVICES[1:]
WITH_DUES = ["intake", "dispatcher", "sla-watcher"]
# an entity of each kind that cannot be without content
ENTITIES = [(service, "TT007-424242") for service in ("intake", "dispatcher", "callback-survey",
                                                      "sla-watcher")] + [
    ("intake", "Rcounty/nobody"), ("intake", "Ck-424242"), ("sla-watcher", "Fwang/2007-03-09"),
    ("sla-watcher", "Ck-424242"), ("penalty-ledger", "E7.1/person:wang/T007-424242/dispatch#1"),
    ("penalty-ledger", "Q7.1/person:wang/T007-424242/dispatch#1"), ("penalty-ledger", "P")]

DAMAGES = [
    Damage("the first byte of an entry", flipped(0), READERS, 70, "a journal entry is corrupt",
           "intake/p007: entry"),
    Damage("a byte in the middle of an entry", flipped(30), READERS, 70,
           "a journal entry is corrupt", "checksum does not fit"),
    Damage("the last byte of an entry", flipped(-1), READERS, 70, "a journal entry is corrupt",
           "checksum does not fit"),
    Damage("an entry cut short", cut, READERS, 70, "a journal entry is corrupt",
           "checksum does not fit"),
    Damage("an entry of another partition", exchanged, READERS, 70, "a journal entry is corrupt",
           "intake/p007: entry"),
    Damage("an entry that is gone", lost, READERS, 70, "a journal has a hole", "does not follow"),
    Damage("the newest entry is gone", torn, ["intake"], 70, "torn commit", "the journal ends at"),
    Damage("a journal that lost what was read", fallen, READERS, 70,
           "has lost what was read from it", "which has only"),
] + [
    Damage("%s: state without its due" % service, without_due(service), [service], 70,
           "state and due disagree", "state and due disagree") for service in WITH_DUES
] + [
    Damage("%s: state with another due" % service, with_other_due(service), [service], 70,
           "state and due disagree", "state and due disagree") for service in WITH_DUES
] + [
    Damage("%s: a due of nobody" % service, with_due_for_nobody(service), [service], 70,
           "state and due disagree", "is due but does not exist") for service in WITH_DUES
] + [
    Damage("%s: a due whose state is gone" % service, without_state(service), [service], 70,
           "state and due disagree", "is due but does not exist") for service in WITH_DUES
] + [
    Damage("%s: %s is no message" % (service, key), with_state(service, key, b"\xff\xff\xff"),
           [service], 70, "entity=" + key, key + ": its state cannot be read")
    for service, key in ENTITIES
] + [
    Damage("%s: %s says nothing" % (service, key), with_state(service, key, b""), [service], 70,
           "entity=" + key, key + ": its state cannot be read") for service, key in ENTITIES
] + [
    Damage("%s: state of nothing that there is" % service, with_state(service, "X7", b""),
           [service], 70, "entity=X7", "X7: its state cannot be read") for service in SERVICES
] + [
    Damage("a receipt cut short", cut_receipt, [], 0, "", "a receipt is cut short"),
]

class AtRest:
    """An installation that was stopped: unread facts in intake's journal, deadlines everywhere."""

    def __init__(self):
        self.stage = stage = Stage()
        stage.ticket("river")
        stage.ticket("done")
        stage.must(*[good(kind, by="lin") for kind in ("fill_order", "contact_customer",
                                                       "book_appointment")])
        stage.settle()
        for name in reversed(READERS):
            stage.it.stop(name)
        for second in range(3):
            stage.must(good("urge", occurred=-second))
        stage.it.stop("intake")
        self.store = Store(stage.it.redis())

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.store.redis.close()
        self.stage.close(kind is not None)

    def start(self, service):
        """Status and log of a service that ends at its start; 0 if it does not end."""
        it = self.stage.it
        at = len(it.log(service))
        it.start(service, wait=False)
        process = it.processes.pop(service)
        wait_for(lambda: process.poll() is not None or 'msg="ready"' in it.log(service)[at:],
                 service + " to start or end")
        status = process.poll() or 0
        process.kill()
        process.wait()
        return status, it.log(service)[at:]

    def refuses(self, service, status, logged):
        got, said = self.start(service)
        if got != status or logged not in said:
            raise AssertionError("%s: status %d, wanted %d; said %s" % (
                service, got, status, said[-1500:]))

    def check(self, damage, run):
        """Does this damage, looks at who notices, and undoes it. run: the command line."""
        try:
            damage.change(self.store)
            for service in damage.services:
                self.refuses(service, damage.status, damage.logged)
            done = run(["check"], self.stage.it.data)
            if done.returncode != 1 or damage.checked not in done.stdout + done.stderr:
                raise AssertionError("doorstep check: status %d, said %s" % (
                    done.returncode, done.stdout[-1500:] + done.stderr[-500:]))
        finally:
            self.store.put_back()

    def check_setting(self, name, wrong, right):
        """Redis under a wrong setting: nobody starts."""
        self.store.redis("CONFIG", "SET", name, wrong)
        try:
            for service in SERVICES:
                self.refuses(service, 69, "parameter=%s value=%s wanted=%s" % (name, wrong, right))
        finally:
            self.store.redis("CONFIG", "SET", name, right)
            self.wait_for_rewrite()

    def wait_for_rewrite(self):
        """Switching the append-only file on writes it anew; until then Redis does not let itself be
        stopped."""
        def rewritten():
            said = self.store.redis("INFO", "persistence")
            return b"aof_rewrite_in_progress:0" in said and b"aof_rewrite_scheduled:0" in said
        wait_for(rewritten, "Redis to rewrite its append-only file")


# ---- settings of the store ----

# parameter, wrong value, right value
SETTINGS = [("appendfsync", "everysec", "always"), ("maxmemory-policy", "allkeys-lru", "noeviction"),
            ("appendonly", "no", "yes"), ("no-appendfsync-on-rewrite", "yes", "no")]

# ---- a store that cannot take anything ----

# begin(stage), end(stage): makes the trouble and ends it. expected: words of the receipt.
Trouble = namedtuple("Trouble", "title begin end expected")


def is_up(stage, name):
    status = stage.it.status(name, limit_s=5)
    return status is not None and status.store == "up"


def wait_until_lost(stage):
    wait_for(lambda: not is_up(stage, "intake"), "intake to miss the store")


def wait_until_found(stage):
    for name in SERVICES:
        wait_for(lambda: is_up(stage, name), name + " to find the store")


def stop_redis(stage):
    stage.it.processes["redis"].send_signal(signal.SIGSTOP)
    wait_until_lost(stage)


def continue_redis(stage):
    stage.it.processes["redis"].send_signal(signal.SIGCONT)
    wait_until_found(stage)


def kill_redis(stage):
    stage.it.kill("redis")
    wait_until_lost(stage)


def restart_redis(stage):
    stage.it.start_redis()
    wait_until_found(stage)


def set_memory(stage, limit, busy):
    redis = stage.it.redis()
    redis("CONFIG", "SET", "maxmemory", limit)
    redis.close()

    def noticed():
        status = stage.it.status("intake", limit_s=5)
        return status is not None and status.busy == busy
    wait_for(noticed, "intake to notice the memory")


TROUBLES = [
    Trouble("Redis is stopped", stop_redis, continue_redis, "the store is away"),
    Trouble("Redis is killed", kill_redis, restart_redis, "the store is away"),
    Trouble("Redis is full", lambda stage: set_memory(stage, "1mb", True),
            lambda stage: set_memory(stage, "0", False), "the store is nearly full"),
]


# ---- installations at a bound ----

# settings: for Stage. prepare(stage): goes to the bound. rows: refused there.
Special = namedtuple("Special", "title settings prepare rows")


def fill_receipts(stage):
    """As many as are kept; those of the archived ticket were forgotten weeks ago."""
    stage.must(*[Say("feed_gap", "phone", {"from_ms": stage.now - 2 - i, "to_ms": stage.now - 1},
                     territory="county") for i in range(1000)])


def fill_entities(stage):
    """Each is a ticket; none names a customer or an order."""
    status = stage.it.status("intake")
    held = next(part.entities for part in status.partitions if part.partition == 7)
    stage.must(*[Say("register", body={"kind": "SYSTEM"}) for _ in range(1000 - held)])


def fill_calls(stage):
    calls = [good("call_offered", body={"call": "f-%d" % i}) for i in range(16384)]
    for at in range(0, len(calls), 1024):
        stage.must(*calls[at:at + 1024])


SPECIALS = [
    Special("no rulebook is active", {"rules": False}, lambda stage: None, [
        Row("a report before there are rules", good("register"), "no_rulebook"),
        Row("a ticket's fact before there are rules", good("urge", on=None, ticket="T007-2"),
            "no_rulebook"),
        Row("a call before there are rules", good("call_offered"), "no_rulebook"),
        Row("noise before there are rules", Raw(b"\xff"), "malformed"),
        Row("the first rules are wrong", good("activate", by="anybody", body={"rulebook": "x: 1"}),
            "bad_rulebook", "", "rulebook.yaml:1:1: "),
    ]),
    Special("as many receipts as are kept", {"extra": "receipts_max: 1000\n"}, fill_receipts, [
        Row("a report when receipts are full", good("register"), "busy", "", "receipts", "BUSY"),
        Row("a call when receipts are full", good("call_offered"), "busy", "", "receipts", "BUSY"),
        Row("rules when receipts are full", good("activate"), "busy", "", "receipts", "BUSY"),
        Row("noise when receipts are full", Raw(b"\xff"), "malformed"),
        Row("a command of a week ago when receipts are full", good("register", made=-7 * DAY),
            "too_old", "made_at_ms", "24 h", "TOO_OLD"),
    ]),
    Special("as many entities as are kept", {"extra": "entities_max: 1000\n"}, fill_entities, [
        Row("a report when entities are full", good("register"), "table_full", "register",
            "entities_max"),
        Row("a call when entities are full", good("call_offered"), "table_full", "", "calls"),
    ]),
    Special("as many calls as are kept", {}, fill_calls, [
        Row("the 16385th call of two days", good("call_offered"), "table_full", "", "16384 calls"),
        Row("the end of a call that was never offered",
            good("call_ended", body={"call": "k-404"}), "table_full", "", "16384 calls"),
    ]),
]
