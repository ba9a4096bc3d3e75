# SPDX-License-Identifier: MIT
"""The examples of proto/README.md: one of every command and every event, no others, each read alike by
our JSON reader and by google.protobuf.

  examples.py --tool JSON_TOOL --python-protos DIR
"""
import argparse
import datetime
import importlib
import json
import os
import re
import struct
import subprocess
import sys

from google.protobuf import json_format

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def blocks():
    with open(os.path.join(ROOT, "proto", "README.md")) as file:
        return [block.strip().split("\n")
                for block in re.findall(r"^```ndjson\n(.*?)^```", file.read(), re.M | re.S)]


def plain(value, key=""):
    """Our addition to the mapping undone: instants of *_ms fields as numbers."""
    if isinstance(value, dict):
        return {k: plain(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if key.endswith("_ms") and isinstance(value, str) and "T" in value:
        return str(int(datetime.datetime.fromisoformat(value).timestamp() * 1000))
    return value


def by_ours(tool, name, lines):
    out = subprocess.run([tool, name, "from-json"], capture_output=True,
                         input=("\n".join(lines) + "\n").encode())
    if out.returncode != 0:
        sys.exit("our reader: " + out.stderr.decode())
    data, messages = out.stdout, []
    while data:
        size = struct.unpack("<I", data[:4])[0]
        messages.append(data[4:4 + size])
        data = data[4 + size:]
    return messages


def check(tool, kind, name, lines):
    shown = []
    for line, ours in zip(lines, by_ours(tool, name, lines), strict=True):
        theirs = json_format.ParseDict(plain(json.loads(line)), kind())
        read = kind.FromString(ours)
        if read != theirs:
            sys.exit("read differently: %s\nours: %s\ntheirs: %s" % (line, read, theirs))
        shown.append(theirs.WhichOneof("body"))
    wanted = [field.name for field in kind.DESCRIPTOR.oneofs_by_name["body"].fields]
    if sorted(shown) != sorted(wanted):
        sys.exit("%s: missing %s, twice or unknown %s" % (
            name, sorted(set(wanted) - set(shown)),
            sorted(x for x in shown if shown.count(x) > 1 or x not in wanted)))
    print("%d examples of %s" % (len(lines), name))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--python-protos", required=True)
    args = parser.parse_args()
    sys.path.insert(0, args.python_protos)
    commands, events = blocks()
    check(args.tool, importlib.import_module("commands_pb2").Command, "Command", commands)
    check(args.tool, importlib.import_module("envelope_pb2").Event, "Event", events)


if __name__ == "__main__":
    main()
