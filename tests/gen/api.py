#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The schemas of services/gateway/openapi.yaml and asyncapi.yaml, from proto/ with its comments. What
stands above the mark in each file is written by hand.

    tests/gen/api.py [--check]      writes both files, or fails when one is not as it would be written
"""
import os
import re
import subprocess
import sys
import tempfile

import yaml
from google.protobuf import descriptor_pb2

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GATEWAY = os.path.join(SOURCE, "services", "gateway")
MARK = "# From here on written by tests/gen/api.py, from proto/. Change the protos, then run it.\n"
Field = descriptor_pb2.FieldDescriptorProto
INT64 = {Field.TYPE_INT64, Field.TYPE_UINT64, Field.TYPE_FIXED64}
INT32 = {Field.TYPE_INT32, Field.TYPE_UINT32, Field.TYPE_FIXED32}


def read(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


def descriptors():
    """All messages and enums by full name, as (descriptor, comment, {number of field: comment})."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "all")
        names = sorted(n for n in os.listdir(os.path.join(SOURCE, "proto")) if n.endswith(".proto"))
        subprocess.run(["protoc", "-I", os.path.join(SOURCE, "proto"), "--include_source_info",
                        "--descriptor_set_out", out, *names], check=True)
        with open(out, "rb") as file:
            files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    messages, enums = {}, {}
    for file in files.file:
        said = {tuple(at.path): (at.leading_comments or at.trailing_comments)
                for at in file.source_code_info.location}

        def walk(message, prefix, path):
            name = prefix + "." + message.name
            messages[name] = (message, said.get(path, ""), {
                field.number: said.get(path + (2, i), "") for i, field in enumerate(message.field)})
            for i, enum in enumerate(message.enum_type):
                enums[name + "." + enum.name] = (enum, said.get(path, ""))
            for i, inner in enumerate(message.nested_type):
                walk(inner, name, path + (3, i))
        for i, message in enumerate(file.message_type):
            walk(message, "." + file.package, (4, i))
    return messages, enums


MESSAGES, ENUMS = descriptors()


def clean(comment):
    return " ".join(comment.split())


def short(name):
    """.ds.Judged -> Judged, .ds.Clock.Name -> Clock"""
    return re.sub(r"\.Name$", "", name[len(".ds."):])


def of_field(field):
    if field.type in INT64:
        ref = "Instant" if field.name.endswith("_at_ms") or field.name in (
            "from_ms", "to_ms", "at_ms") else "Int64"
        return {"$ref": "#/components/schemas/" + ref}
    if field.type in INT32:
        return {"type": "integer"}
    if field.type == Field.TYPE_BOOL:
        return {"type": "boolean"}
    if field.type == Field.TYPE_DOUBLE:
        return {"type": "number"}
    if field.type == Field.TYPE_BYTES:
        return {"type": "string", "contentEncoding": "base64"}
    if field.type == Field.TYPE_STRING:
        return {"type": "string"}
    return {"$ref": "#/components/schemas/" + short(field.type_name)}


def of_message(name):
    message, comment, comments = MESSAGES[name]
    properties = {}
    for field in message.field:
        schema = of_field(field)
        if field.label == Field.LABEL_REPEATED:
            schema = {"type": "array", "items": schema}
        if clean(comments[field.number]):
            schema["description"] = clean(comments[field.number])
        properties[field.name] = schema
    schema = {"type": "object"}
    if clean(comment):
        schema["description"] = clean(comment)
    schema["properties"] = properties
    schema["additionalProperties"] = False
    body = [field.name for field in message.field if field.HasField("oneof_index")]
    if body:
        schema["oneOf"] = [{"required": [member]} for member in body]
    return schema


def reached(*roots):
    """Messages and enums that these consist of, themselves included."""
    found, waiting = [], list(roots)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.append(name)
        if name in MESSAGES:
            waiting += [field.type_name for field in MESSAGES[name][0].field if field.type_name]
    return found


def schemas(*roots):
    out = {
        "Int64": {"type": ["string", "integer"], "pattern": "^-?[0-9]+$",
                  "description": "An integer of 64 bits: answered as a decimal string, taken as a "
                                 "number, too. Amounts (_fen) are in fen, spans (_ms) in ms."},
        "Instant": {"type": ["string", "integer"],
                    "description": "UTC in ms, as a decimal string; taken as a number, and where a "
                                   "name ends in _ms also as RFC 3339."},
    }
    for name in sorted(reached(*roots)):
        if name in MESSAGES:
            out[short(name)] = of_message(name)
        else:
            out[short(name)] = {"type": "string",
                                "enum": [value.name for value in ENUMS[name][0].value]}
            if clean(ENUMS[name][1]):
                out[short(name)]["description"] = clean(ENUMS[name][1])
    return out


# ---- events ----

def events():
    """(event, services that say it, what it says), in the order of proto/README.md."""
    rows = re.findall(r"^\| `(\w+)` \| ([a-z, -]+) \| [^|]* \| [^|]* \| ([^|]+) \|$",
                      read("proto", "README.md"), re.M)
    known = [f.name for f in MESSAGES[".ds.Event"][0].field if f.HasField("oneof_index")]
    if sorted(row[0] for row in rows) != sorted(known):
        raise SystemExit("the table of proto/README.md and Event differ")
    return [(name, services.split(", "), says.strip()) for name, services, says in rows]


def alerts():
    body = re.search(r"static bool is_alert.*?\n}", read("services", "gateway", "stream.c"), re.S)
    return [name.lower() for name in re.findall(r"DS__EVENT__BODY_(\w+):", body.group())]


def example_of(name):
    found = re.search(r"^\{.*\"%s\": ?\{.*\}$" % name, read("proto", "README.md"), re.M)
    return found.group() if found else None


def message_of(name, services, says):
    types = ["doorstep.%s.%s" % (service, name) for service in services]
    return {"name": name, "title": says, "contentType": "application/json", "payload": {
        "allOf": [{"$ref": "#/components/schemas/CloudEvent"},
                  {"type": "object", "properties": {
                      "type": {"const": types[0]} if len(types) == 1 else {"enum": types},
                      "data": {"type": "object", "required": [name]}}}]}}


CLOUD_EVENT = {
    "type": "object", "description": "An event as CloudEvents 1.0 in JSON; `data` is the event.",
    "required": ["specversion", "id", "source", "type", "subject", "time", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": "Service, partition and number: unique for ever."},
        "source": {"type": "string"}, "type": {"type": "string"},
        "subject": {"type": "string", "description": "Ticket, call, or person and day."},
        "time": {"type": "string", "format": "date-time"},
        "data": {"$ref": "#/components/schemas/Event"},
        "entry": {"$ref": "#/components/schemas/Entry"}}}
MARKED = {"name": "mark", "title": "where the services are, once a second",
          "contentType": "application/json", "payload": {
              "type": "object", "required": ["now_ms", "store", "marks"],
              "additionalProperties": False, "properties": {
                  "now_ms": {"type": "integer"}, "store": {"enum": ["up", "down"]},
                  "marks": {"type": "object", "additionalProperties": {"type": "integer"}}}}}
RESET = {"name": "reset", "title": "the cursor is not of this installation: read everything again",
         "contentType": "application/json", "payload": {"type": "object", "maxProperties": 0}}


def channels():
    rows, alarm = events(), alerts()
    messages = {name: message_of(name, services, says) for name, services, says in rows}
    messages.update(mark=MARKED, reset=RESET)
    out = {}
    for channel, names, says in (
            ("feed", list(messages), "Every event of all services."),
            ("alerts", [n for n in messages if n in alarm or n in ("mark", "reset")],
             "What somebody has to look at; of judged only breaches.")):
        out[channel] = {"address": "/v1/" + channel, "description": says, "messages": {
            name: {"$ref": "#/components/messages/" + name} for name in names}}
    return out, messages


# ---- files ----

def dump(value, indent):
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=96 - indent)
    return "".join(" " * indent + line for line in text.splitlines(True))


def openapi():
    return dump(schemas(".ds.Command", ".ds.Receipt", ".ds.Event", ".ds.Entry"), 4)


def asyncapi():
    where, messages = channels()
    parts = schemas(".ds.Event", ".ds.Entry")
    parts["CloudEvent"] = CLOUD_EVENT
    return dump({"channels": where, "components": {"messages": messages, "schemas": parts}}, 0)


def main():
    code = 0
    for name, make in (("openapi.yaml", openapi), ("asyncapi.yaml", asyncapi)):
        text = read("services", "gateway", name)
        whole = text[:text.index(MARK) + len(MARK)] + make()
        if whole == text:
            continue
        if "--check" in sys.argv:
            print("%s is not what tests/gen/api.py writes" % name)
            code = 1
            continue
        with open(os.path.join(GATEWAY, name), "w", encoding="utf-8") as file:
            file.write(whole)
    return code


if __name__ == "__main__":
    sys.exit(main())
