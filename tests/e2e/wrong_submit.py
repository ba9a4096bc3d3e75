# SPDX-License-Identifier: MIT
"""Files of lines, good and bad, for `doorstep submit`: each line gets its own answer, in its place,
and what was sent once is never sent twice."""
import hashlib
import json
import os
import zlib
from collections import namedtuple

from wrong_stage import NOW, report, run

# check(stage, homes): raises AssertionError where submit does not do what it promises.
Flow = namedtuple("Flow", "title check")


def order(ref, **changes):
    """A line that registers an order; None takes a field away."""
    command = {"id": "s-" + ref, "made_at_ms": NOW, "by": "lin",
               "register": report("137%08d" % (zlib.crc32(ref.encode()) % 10 ** 8), ref=ref)}
    command.update(changes)
    return json.dumps({name: value for name, value in command.items() if value is not None})


def submit(stage, homes, lines):
    """Status, lines of the output as [words], messages; and the file."""
    folder = homes.fresh({"day": "\n".join(lines) + "\n"})
    path = os.path.join(folder, "day")
    return again(stage, path) + (path,)


def again(stage, path):
    done = run(["submit", path], stage.it.data)
    return done.returncode, [line.split(" ") for line in done.stdout.splitlines()], done.stderr


def statuses(out):
    return [words[0] for words in out]


def digest(line):
    """How FILE.ids names a line."""
    return hashlib.blake2b(line.encode(), digest_size=16).hexdigest()


def refs_of(stage):
    return [event.registered.head.ref for _, event in stage.it.journal("intake", 7)
            if event.HasField("registered")]


def without_ids(stage, homes):
    """Lines without id get one, and a time, before they are sent; the second run recognises all."""
    lines = [order("one", id=None), "", "# a remark",
             order("two", id=None, made_at_ms=None), order("three")]
    status, out, _, path = submit(stage, homes, lines)
    assert status == 0 and statuses(out) == ["RECORDED"] * 3, out
    with open(path + ".ids") as file:
        kept = [line.split() for line in file]
    assert [words[:2] for words in kept] == [[digest(lines[at]), "1"] for at in (0, 3)], kept
    assert [words[1] for words in out] == [kept[0][2], kept[1][2], "s-three"]
    stage.settle()
    before = stage.snapshot()
    status, out_again, _ = again(stage, path)
    assert status == 0 and statuses(out_again) == ["DUPLICATE"] * 3, out_again
    assert [words[1:] for words in out_again] == [words[1:] for words in out]
    assert stage.difference(before) == []


def with_kept_ids(stage, homes):
    """A run that ended before it sent anything left its ids; they are used. Not so the last one: it
    was still being written."""
    line, other = order("kept", id=None), order("cut", id=None)
    folder = homes.fresh({"day": line + "\n" + other + "\n",
                          "day.ids": "%s 1 cli-kept 1772416800000\n%s 1 cli-cut 17724168" % (
                              digest(line), digest(other))})
    path = os.path.join(folder, "day")
    status, out, _ = again(stage, path)
    assert status == 0 and out[0][:2] == ["RECORDED", "cli-kept"], out
    assert out[1][0] == "RECORDED" and out[1][1] != "cli-cut", out
    events = [event for _, event in stage.it.journal("intake", 7)]
    assert events[-2].command_id == "cli-kept"
    assert statuses(again(stage, path)[1]) == ["DUPLICATE"] * 2


def with_other_lines_between(stage, homes):
    """A line is known by what it says, wherever it stands now; of two alike each is its own."""
    lines = [order("here", id=None, register=report("13755500001")), order("there", id=None)]
    lines.append(lines[0])
    _, out, _, path = submit(stage, homes, lines)
    assert out[0][0] == "RECORDED" and out[0][1] != out[2][1], out
    ids = [words[1] for words in out]
    with open(path, "w") as file:
        file.write("\n".join(["# a remark", order("new", id=None), lines[1], lines[0], lines[2]]) + "\n")
    status, out, _ = again(stage, path)
    assert status == 0 and statuses(out) == ["RECORDED"] + ["DUPLICATE"] * 3, out
    assert [words[1] for words in out[1:]] == [ids[1], ids[0], ids[2]], out


def with_ids_by_number(stage, homes):
    folder = homes.fresh({"day": order("numbered", id=None) + "\n",
                          "day.ids": "1 cli-numbered 1772416800000\n"})
    before = stage.snapshot()
    status, out, said = again(stage, os.path.join(folder, "day"))
    assert status == 2 and out == [], out
    assert os.path.join(folder, "day.ids") + " goes by line numbers" in said, said
    assert stage.difference(before) == []


def rejected_once(stage, homes):
    """What was not recorded gets a new name, not the instant that was in its way."""
    line = order("late", id=None, made_at_ms=None, by="nobody")
    status, out, _, path = submit(stage, homes, [line])
    assert status == 1 and statuses(out) == ["REJECTED"], out
    with open(path + ".ids") as file:
        given, taken = [text.split() for text in file]
    assert given[:2] + ["-"] == taken, (given, taken)
    assert statuses(again(stage, path)[1]) == ["REJECTED"]
    with open(path + ".ids") as file:
        assert len({text.split()[2] for text in file} - {"-"}) == 2


def without_a_clock(stage, homes):
    """While the store does not tell the time nothing is named by another clock's."""
    redis = stage.it.redis()
    kept = redis("DUMP", "doorstep:clock")
    redis("SET", "doorstep:clock", "none")
    try:
        status, out, said, path = submit(stage, homes, [order("timeless", id=None, made_at_ms=None)])
    finally:
        redis("RESTORE", "doorstep:clock", 0, kept, "REPLACE")
        redis.close()
    assert status == 69 and out == [], out
    assert "does not tell the installation's time" in said, said
    assert not os.path.exists(path + ".ids")
    assert statuses(again(stage, path)[1]) == ["RECORDED"]


def from_standard_input(stage, homes):
    """Nothing is written down for lines that come through a pipe."""
    done = run(["submit", "-"], stage.it.data)
    assert done.returncode == 0 and done.stdout == "", done


def good_and_bad(stage, homes):
    """Every line has its receipt, in order; what cannot be sent is named with line and column."""
    lines = [order("a"), '{"id":', order("b", bye="x"), order("c"), order("d", by="liu")]
    status, out, said, path = submit(stage, homes, lines)
    assert status == 1
    assert statuses(out) == ["RECORDED", "REJECTED", "REJECTED", "RECORDED", "REJECTED"], out
    assert [words[1] for words in out] == ["s-a", "-", "s-b", "s-c", "s-d"]
    assert out[1][2:4] == [path + ":2:6:", "bad_json:"], out[1]
    assert out[2][2:4] == ["%s:3:%d:" % (path, lines[2].index('"bye"') + 1), "unknown_field:"], out[2]
    assert out[4][2:4] == [path + ":5:", "wrong_role:"] or path + ":5:" in out[4], out[4]
    assert said == "", said
    assert refs_of(stage)[-2:] == ["a", "c"]


def bad_id(stage, homes):
    """A refusal without id belongs to the line that has a bad one."""
    lines = [order("a"), order("b", id="not an id"), order("c")]
    status, out, _, path = submit(stage, homes, lines)
    assert status == 1
    assert statuses(out) == ["RECORDED", "REJECTED", "RECORDED"], out
    assert path + ":2:" in out[1], out[1]
    assert [out[0][1], out[2][1]] == ["s-a", "s-c"]


def id_of_two(stage, homes):
    lines = [order("a", id="same"), order("b", id="same")]
    status, out, _, path = submit(stage, homes, lines)
    assert status == 1
    assert statuses(out) == ["RECORDED", "REJECTED"], out
    assert path + ":2:" in out[1] and "id_reused:" in out[1], out[1]


def word_id(stage, homes):
    lines = [order("a", id=None, register=report("13700000001", note="id"))]
    status, out, _, path = submit(stage, homes, lines)
    assert status == 0 and statuses(out) == ["RECORDED"], out
    assert os.path.exists(path + ".ids")


def blank_before(stage, homes):
    status, out, _, path = submit(stage, homes, ["  " + order("a", id=None)])
    assert status == 0 and statuses(out) == ["RECORDED"], out
    assert os.path.exists(path + ".ids")


FLOWS = [
    Flow("lines without ids, sent twice", without_ids),
    Flow("ids that an interrupted run left", with_kept_ids),
    Flow("lines put between others", with_other_lines_between),
    Flow("ids by line number", with_ids_by_number),
    Flow("a line that was rejected", rejected_once),
    Flow("a store that does not tell the time", without_a_clock),
    Flow("no lines at all", from_standard_input),
    Flow("good and bad lines in one file", good_and_bad),
    Flow("a bad id among good lines", bad_id),
    Flow("an id of two commands in one file", id_of_two),
    Flow("a line whose note is the word id", word_id),
    Flow("a line that begins with a blank", blank_before),
]
