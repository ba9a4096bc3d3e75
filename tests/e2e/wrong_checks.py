# SPDX-License-Identifier: MIT
"""How one row of each table is tried: what it sends, what it must get, and that nothing changed."""
import os
import re
import subprocess

import wrong_calls
import wrong_files
import wrong_frames
import wrong_inputs
import wrong_store
import wrong_submit
from wrong_stage import (
    BUILD, LIMIT_S, SERVICES, SOURCE, commands_pb2, control_pb2, run, wait_for, zmq)

ROW_GROUPS = dict(wrong_inputs.GROUPS)
ROW_GROUPS.update(wrong_frames.GROUPS)
ROW_GROUPS["activations"] = wrong_files.ACTIVATIONS

STATUS = commands_pb2.Receipt.Status


# ---- the documented sentences ----

def read_codes():
    """Code -> (English, Chinese), as codes.def has them."""
    with open(os.path.join(SOURCE, "common/domain/codes.def"), encoding="utf-8") as file:
        rows = re.findall(r'^DS_CODE\((\w+), "(.*)", "(.*)"\)$', file.read(), re.M)
    return {name.lower(): (english, chinese) for name, english, chinese in rows}


CODES = read_codes()


def read_phrases():
    """What is expected, English to Chinese, as expected.def has it; {} is anything."""
    with open(os.path.join(SOURCE, "common/text/expected.def"), encoding="utf-8") as file:
        rows = re.findall(r'^DS_EXPECTED\("(.*)", "(.*)"\)$', file.read(), re.M)
    return sorted(rows, key=lambda row: "{}" in row[0])


PHRASES = read_phrases()


def in_chinese(expected):
    """A phrase in Chinese; what has no row has no English either."""
    for english, chinese in PHRASES:
        holes = re.fullmatch("(.+?)".join(map(re.escape, english.split("{}"))), expected)
        if holes:
            for hole in holes.groups():
                chinese = chinese.replace("{}", in_chinese(hole), 1)
            return chinese
    assert not re.search("[a-z]{2,} [a-z]{2,}", expected), "no Chinese for " + expected
    return expected


def sentence(code, language, field, expected):
    if language == 1 and code != "bad_rulebook":
        expected = in_chinese(expected)
    text = CODES[code][language]
    if not field and text.startswith("{field}"):
        field = ("the frame", "内容")[language]
    return text.replace("{field}", field).replace("{expected}", expected)


def check_receipt(receipt, status, code, field, expected=""):
    got = (STATUS.Name(receipt.status), receipt.code, receipt.field)
    if got != (status, code, field) or expected not in receipt.expected:
        raise AssertionError("got %s %s, wanted %s %s" % (
            got, receipt.expected, (status, code, field), expected))
    for language, text in enumerate((receipt.text, receipt.text_zh)):
        if code == "bad_rulebook" and language == 1:
            assert re.search("[\u4e00-\u9fff]", text.split(":", 1)[1]), text
            assert "found" not in text and "expected" not in text, text
            continue
        wanted = sentence(code, language, receipt.field, receipt.expected)
        assert wanted.startswith(text) and len(text.encode()) >= min(len(wanted.encode()), 508), text
    assert (receipt.retry_after_ms > 0) == (status == "BUSY")
    assert not receipt.event and not receipt.ticket


# ---- one row of each table ----

def check_row(stage, row, frame=None):
    frame = frame or row.input.frame(stage)
    before = stage.snapshot()
    receipt = stage.send(frame)
    check_receipt(receipt, row.status, row.code, row.field, row.expected)
    changed = stage.difference(before)
    assert not changed, "changed: %s" % changed


def answers_to(stage, talk, frames):
    """What a client of its own gets for one message; ends early when intake does."""
    socket = stage.it.context.socket(getattr(zmq, talk.kind))
    socket.setsockopt(zmq.LINGER, 0)
    if talk.identity:
        socket.setsockopt(zmq.IDENTITY, talk.identity)
    socket.connect("ipc://%s/intake.cmd" % stage.it.run)
    socket.send_multipart(frames)
    got = []
    try:
        while len(got) < len(talk.answers):
            wait_for(lambda: socket.poll(0) or stage.it.processes["intake"].poll() is not None,
                     "an answer")
            if not socket.poll(0):
                break
            receipt = commands_pb2.Receipt.FromString(socket.recv_multipart()[-1])
            got.append((STATUS.Name(receipt.status), receipt.code, receipt.field))
    finally:
        socket.close(0)
    return got


def check_talk(stage, talk):
    frames = [part.frame(stage) for part in talk.frames]
    stage.settle()
    before = stage.snapshot()
    got = answers_to(stage, talk, frames)
    if sorted(got) != sorted(talk.answers):
        raise AssertionError("got %s, wanted %s" % (got, talk.answers))
    assert not stage.difference(before)
    stage.assert_alive()


def check_ask(stage, ask):
    before = stage.snapshot()
    for name in SERVICES:
        socket = stage.it.context.socket(zmq.DEALER)
        socket.setsockopt(zmq.LINGER, 0)
        socket.connect("ipc://%s/%s.ctl" % (stage.it.run, name))
        socket.send(ask.asked)
        assert socket.poll(1000 * LIMIT_S), name + " does not answer"
        reply = control_pb2.ControlReply.FromString(socket.recv())
        socket.close(0)
        assert reply.error == ask.error, (name, reply)
    assert not stage.difference(before)


def check_call(homes, stage, call):
    folder = homes.fresh(call.files)
    home = stage.it.data if call.home == "stage" else os.path.join(homes.root.name, call.home)
    before = stage.snapshot() if call.home == "stage" else {}
    done = run([word.replace("{dir}", folder) for word in call.args], home, call.lang)
    said = done.stdout + done.stderr
    missing = [words for words in call.says if words.replace("{dir}", folder) not in said]
    surplus = [words for words in call.never if words in said]
    if done.returncode != call.status or missing or surplus:
        raise AssertionError("status %d, wanted %d; not said: %s; should not be said: %s; said: %s" % (
            done.returncode, call.status, missing, surplus, said[:2000]))
    if call.home == "stage":
        assert not stage.difference(before)


def check_conf(homes, conf):
    """Every service refuses these settings in the same words."""
    folder = homes.fresh({})
    run_folder = os.path.join(homes.root.name, "dead", "run")
    homes.write(folder, {"doorstep.yaml": conf.text.replace("{run}", run_folder)})
    at = wrong_files.place(conf.text, conf.where) if conf.where else "1:1"
    for name in SERVICES:
        done = subprocess.run([os.path.join(BUILD, "bin", "doorstep-" + name), "--dir", folder],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=LIMIT_S)
        said = done.stderr
        if done.returncode != 64 or not said.startswith("doorstep.yaml:%s: " % at) or \
                conf.words not in said:
            raise AssertionError("%s: status %d, said %s; wanted 64, doorstep.yaml:%s and %s" % (
                name, done.returncode, said, at, conf.words))


# ---- the table as a whole ----

def titles():
    """Of all rows of all tables."""
    rows = [row for group in ROW_GROUPS.values() for row in group]
    rows += [row for special in wrong_store.SPECIALS for row in special.rows]
    rows += wrong_frames.TALKS + wrong_frames.ASKS + wrong_files.CONFS + wrong_submit.FLOWS
    rows += [call for calls in wrong_calls.GROUPS.values() for call in calls]
    rows += wrong_store.DAMAGES + wrong_store.TROUBLES
    return [row.title for row in rows]


def codes_shown():
    rows = [row for group in ROW_GROUPS.values() for row in group]
    rows += [row for special in wrong_store.SPECIALS for row in special.rows]
    shown = {row.code for row in rows}
    for calls in wrong_calls.GROUPS.values():
        for call in calls:
            shown.update(call.codes)
    return shown
