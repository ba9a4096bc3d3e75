#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the fuzzers start from: the examples and golden files of the project, in the form of each
target. Written anew for each run.

    tests/fuzz/seeds.py --protos build/fuzz/tests/pb build/fuzz/seeds"""
import argparse
import os
import re
import struct
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--protos", required=True)
parser.add_argument("out")
options = parser.parse_args()
sys.dont_write_bytecode = True
sys.path.insert(0, options.protos)
import commands_pb2  # noqa: E402
import control_pb2  # noqa: E402


def read(*path):
    with open(os.path.join(SOURCE, *path), "rb") as file:
        return file.read()


def put(target, name, raw):
    folder = os.path.join(options.out, target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(raw)


def commands():
    """One line of the day for each kind of command, as text and as bytes."""
    from google.protobuf import json_format
    seen = set()
    for line in read("deploy", "examples", "day.ndjson").decode().splitlines():
        line = re.sub(r'^\{"send_at":"[^"]*","command":(.*)\}$', r"\1", line)
        kinds = re.findall(r'"(\w+)":\{', line)
        if not kinds or kinds[0] in seen:
            continue
        seen.add(kinds[0])
        put("json", kinds[0], line.encode())
        plain = re.sub(r'("\w+_ms":)"(\d{4}-[^"]*)"', r"\g<1>1172707200000", line)
        command = json_format.Parse(plain, commands_pb2.Command())
        put("command", kinds[0], command.SerializeToString())


def batches():
    """Of the golden journals, without the checksum, which the target puts behind them."""
    folder = os.path.join("tests", "golden", "1")
    for name in sorted(os.listdir(os.path.join(SOURCE, folder))):
        if not name.endswith(".journal"):
            continue
        raw, at, number = read(folder, name), 4, 0
        while at < len(raw):
            size, = struct.unpack_from("<I", raw, at)
            record = raw[at + 4:at + 4 + size]
            at += 4 + size
            if 0 < number < 6:
                put("batch", "%s-%d" % (name.partition(".")[0], number), record[:-5])
            number += 1


def main():
    commands()
    batches()
    for number, name in enumerate(("rulebook", "directory")):
        put("rules", name, bytes([number]) + read("deploy", name + ".yaml"))
    put("conf", "all", b"run: /tmp/run\nredis_socket: /tmp/run/redis.sock\npartitions: 16\n"
        b"receipts_max: 1000\nentities_max: 1000\nstore_timeout: 5s\nbusy_memory: 90\n"
        b"bus: true\nlog_debug: false\n")
    put("conf", "least", b"run: /tmp/run\n")
    for name, request in (("status", control_pb2.ControlRequest(status=True)),
                          ("stop", control_pb2.ControlRequest(stop=True)),
                          ("clock", control_pb2.ControlRequest(accept_clock=True))):
        put("control", name, request.SerializeToString())
    advance = control_pb2.ControlRequest()
    advance.advance.to_ms = 1172707200000
    put("control", "advance", advance.SerializeToString())
    advance.advance.inputs_follow = True
    put("control", "inputs", advance.SerializeToString())


main()
