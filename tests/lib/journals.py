# SPDX-License-Identifier: MIT
"""Exported journals: read, changed, written again."""
import struct

from harness import envelope_pb2

CRC = 15  # number of the batch's last field


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def packed(batch):
    """Bytes of a batch, with a checksum that fits."""
    batch.ClearField("crc")
    raw = batch.SerializeToString()
    return raw + struct.pack("<BI", CRC << 3 | 5, crc32c(raw))


def read(path):
    """What stands before the batches, and the batches."""
    with open(path, "rb") as file:
        data = file.read()
    at, parts = 4, []
    while at < len(data):
        size, = struct.unpack_from("<I", data, at)
        parts.append(data[at + 4:at + 4 + size])
        at += 4 + size
    head = data[:4] + struct.pack("<I", len(parts[0])) + parts[0]
    return head, [envelope_pb2.Batch.FromString(raw) for raw in parts[1:]]


def write(path, head, batches):
    with open(path, "wb") as file:
        file.write(head)
        for batch in batches:
            raw = packed(batch)
            file.write(struct.pack("<I", len(raw)) + raw)


def merged(batches):
    """One batch of the events of several, as when everybody had to wait for the store."""
    whole = envelope_pb2.Batch(header=batches[-1].header)
    whole.header.first_seq = batches[0].header.first_seq
    whole.header.rulebook = batches[0].header.rulebook
    for batch in batches:
        whole.events.extend(batch.events)
    whole.header.count = len(whole.events)
    return whole
