# SPDX-License-Identifier: MIT
"""Compares our JSON mapping with that of google.protobuf, on random messages, in both directions.

  json_differential.py --tool JSON_TOOL --python-protos DIR [--messages N] [--seed S]

Ours must equal theirs as parsed JSON; theirs, read by us, must give a message equal to the one it
was made from. DIR holds the output of protoc --python_out. Exits 1 at the first difference.
"""

import argparse
import importlib
import json
import math
import random
import struct
import subprocess
import sys

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor as F

# Type -> (module, share of the messages).
TYPES = {
    "Command": ("commands_pb2", 0.35),
    "Event": ("envelope_pb2", 0.35),
    "Batch": ("envelope_pb2", 0.10),
    "Version": ("intake_pb2", 0.08),
    "Receipt": ("commands_pb2", 0.06),
    "Heartbeat": ("envelope_pb2", 0.06),
}

# What JSON writers and UTF-8 readers are known to trip over; but not NUL: C strings end there.
PIECES = [chr(c) for c in range(1, 128)] + [
    "\u0080", "\u07ff", "\u0800", "\u2028", "\u2029", "\ud7ff", "\ue000", "\ufeff", "\uffff",
    "\U00010000", "\U0001f600", "\U0010ffff", "上门", "空调不制冷", "\\u0041", "</script>", "null"]

RANGES = {
    F.CPPTYPE_INT32: (-2**31, 2**31 - 1), F.CPPTYPE_UINT32: (0, 2**32 - 1),
    F.CPPTYPE_INT64: (-2**63, 2**63 - 1), F.CPPTYPE_UINT64: (0, 2**64 - 1),
}


def random_integer(rng, low, high):
    if rng.random() < 0.2:
        return rng.choice([low, high, 0, 1, max(low, -1), min(high, 2**53), min(high, 2**53 + 1)])
    bits = rng.getrandbits(rng.randint(1, 64))
    return max(low, min(high, bits if low == 0 or rng.random() < 0.5 else -bits))


def random_double(rng):
    if rng.random() < 0.3:
        return rng.choice([0.0, -0.0, 1.0, -90.0, 0.1, 1e300, 5e-324, 2.0**53, 1 / 3, 121.4737])
    value = struct.unpack("<d", rng.randbytes(8))[0]
    return value if math.isfinite(value) else 31.2304


def random_value(rng, field):
    if field.type == F.TYPE_BYTES:
        return rng.randbytes(rng.randint(0, 40))
    if field.cpp_type == F.CPPTYPE_STRING:
        return "".join(rng.choices(PIECES, k=rng.randint(0, 12)))
    if field.cpp_type == F.CPPTYPE_ENUM:
        return rng.choice(field.enum_type.values).number
    if field.cpp_type == F.CPPTYPE_BOOL:
        return rng.random() < 0.5
    if field.cpp_type == F.CPPTYPE_DOUBLE:
        return random_double(rng)
    return random_integer(rng, *RANGES[field.cpp_type])


def fill(rng, message):
    """Sets each field with its own luck; of a oneof, one member or none."""
    fields = list(message.DESCRIPTOR.fields)
    for oneof in message.DESCRIPTOR.oneofs:
        keep = rng.choice(oneof.fields) if rng.random() < 0.95 else None
        fields = [f for f in fields if f.containing_oneof is not oneof or f is keep]
    for field in fields:
        chosen = field.containing_oneof is not None
        if not chosen and rng.random() < 0.4:
            continue
        if field.label == F.LABEL_REPEATED:
            into = getattr(message, field.name)
            for _ in range(rng.randint(0, 3)):
                if field.cpp_type == F.CPPTYPE_MESSAGE:
                    fill(rng, into.add())
                else:
                    into.append(random_value(rng, field))
        elif field.cpp_type == F.CPPTYPE_MESSAGE:
            into = getattr(message, field.name)
            into.SetInParent()
            fill(rng, into)
        else:
            setattr(message, field.name, random_value(rng, field))
    return message


def members_met(messages):
    """Names of the oneof members that occur, to show that none was left out."""
    met = set()
    for message in messages:
        for oneof in message.DESCRIPTOR.oneofs:
            met.add(message.WhichOneof(oneof.name))
    return met - {None}


def run(tool, type_name, direction, data):
    done = subprocess.run([tool, type_name, direction], input=data, stdout=subprocess.PIPE,
                          timeout=300, check=False)
    if done.returncode != 0:
        sys.exit(f"{tool} {type_name} {direction}: exit {done.returncode}")
    return done.stdout


def same(ours, theirs):
    """Equal as JSON: 1 and 1.0 are one number, but true is not 1 and "1" is neither."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(same(ours[k], theirs[k]) for k in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    return isinstance(ours, str) == isinstance(theirs, str) and ours == theirs


def no_duplicates(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError(f"a key twice: {pairs}")
    return result


def compare_writing(tool, name, messages):
    frames = (m.SerializeToString() for m in messages)
    lines = run(tool, name, "to-json", b"".join(struct.pack("<I", len(f)) + f for f in frames))
    lines = lines.decode("utf-8").split("\n")[:-1]
    if len(lines) != len(messages):
        sys.exit(f"{name}: {len(messages)} messages gave {len(lines)} lines")
    for line, message in zip(lines, messages):
        ours = json.loads(line, object_pairs_hook=no_duplicates)
        theirs = json.loads(json_format.MessageToJson(message, preserving_proto_field_name=True))
        if not same(ours, theirs):
            sys.exit(f"{name} written differently:\nours   {line}\ntheirs {json.dumps(theirs)}")


def compare_reading(tool, rng, name, messages):
    lines = []
    for message in messages:
        value = json_format.MessageToDict(message, preserving_proto_field_name=True)
        lines.append(json.dumps(value, ensure_ascii=rng.random() < 0.5))
    data = run(tool, name, "from-json", "".join(line + "\n" for line in lines).encode("utf-8"))
    at = 0
    for line, message in zip(lines, messages):
        (length,) = struct.unpack_from("<I", data, at)
        read = type(message).FromString(data[at + 4:at + 4 + length])
        at += 4 + length
        # Equal messages may differ in presence: then their bytes do.
        if read != message or read.SerializeToString() != message.SerializeToString():
            sys.exit(f"{name} read differently:\n{line}\nours\n{read}\ntheirs\n{message}")
    if at != len(data):
        sys.exit(f"{name}: {len(data) - at} bytes too many")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--python-protos", required=True)
    parser.add_argument("--messages", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=20070304)
    args = parser.parse_args()
    print(f"seed {args.seed}, {args.messages} messages", flush=True)
    sys.path.insert(0, args.python_protos)
    rng = random.Random(args.seed)

    total = 0
    for name, (module, share) in TYPES.items():
        make = getattr(importlib.import_module(module), name)
        messages = [fill(rng, make()) for _ in range(round(args.messages * share))]
        wanted = {f.name for o in make.DESCRIPTOR.oneofs for f in o.fields}
        if wanted != members_met(messages):
            sys.exit(f"{name}: too few messages to meet {wanted - members_met(messages)}")
        compare_writing(args.tool, name, messages)
        compare_reading(args.tool, rng, name, messages)
        print(f"{name}: {len(messages)} the same both ways")
        total += len(messages)
    print(f"{total} messages compared")


if __name__ == "__main__":
    main()
