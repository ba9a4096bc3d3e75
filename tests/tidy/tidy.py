#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The house rules that a machine can check. `tidy.py --build DIR` exits 1 with one line per finding."""
import argparse
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 500
COLUMNS_MAX = 100
MAIN_LINES_MAX = 30

# Who may include what. First match of a file's path decides; each entry names prefixes of quoted
# includes and the angle-bracket headers that this layer alone may use.
C_LIBRARY = {"assert.h", "errno.h", "inttypes.h", "limits.h", "math.h", "stdarg.h", "stdbool.h",
             "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "ctype.h"}
PURE = {"assert.h", "limits.h", "stdbool.h", "stddef.h", "stdint.h", "stdlib.h", "string.h"}
POSIX = {"fcntl.h", "signal.h", "sys/file.h", "sys/prctl.h", "sys/stat.h", "sys/time.h",
         "sys/types.h", "sys/wait.h", "time.h", "unistd.h", "dirent.h"}
PLUMBING = {"ev.h", "zmq.h", "hiredis/hiredis.h"}
LAYERS = [
    ("common/domain/", {"domain/", "proto/"}, PURE),
    ("common/text/", {"text/", "domain/", "proto/"}, C_LIBRARY),
    ("common/wire/", {"wire/", "domain/", "proto/"},
     C_LIBRARY | {"jansson.h", "sodium.h", "isa-l/crc.h", "protobuf-c/protobuf-c.h"}),
    ("common/rulebook/", {"rulebook/", "wire/", "domain/", "proto/"},
     C_LIBRARY | POSIX | {"yaml.h", "sodium.h", "protobuf-c/protobuf-c.h"}),
    ("common/engine/", {"engine/", "wire/", "text/", "domain/", "proto/"}, C_LIBRARY | {"sodium.h"}),
    ("common/runtime/", {"runtime/", "engine/", "rulebook/", "wire/", "text/", "domain/", "proto/",
                         "commit_lua.h"}, C_LIBRARY | POSIX | PLUMBING | {"sodium.h"}),
    ("services/doorstep/", {""}, C_LIBRARY | POSIX | PLUMBING | {"jansson.h", "sodium.h", "pwd.h", "termios.h", "xlsxwriter.h"}),
    ("services/gateway/", {""}, None),
]
# Services: rules are pure, the adapter meets the engine, only main meets the runtime.
ADAPTERS = {"intake.c", "intake_register.c", "intake_tickets.c", "dispatcher.c", "case_archive.c", "survey.c",
            "watcher.c", "watcher_days.c", "watcher_lines.c", "ledger.c", "ledger_books.c",
            "survey_months.c",
            "watcher_sheets.c", "adapter.h"}

# Rules may use these and nothing else from outside their own libraries.
PURE_SYMBOLS = re.compile(
    r"^(memcpy|memmove|memset|memcmp|strlen|strcmp|strncmp|strchr|strrchr|abort|__assert_fail|"
    r"__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|"
    r"protobuf_c_message_init|protobuf_c_message_descriptor_get_field(_by_name)?|"
    r"ds_.*|ds__.*|intake_.*|dispatch_.*|survey_.*|watch_.*|ledger_.*)$")
PURE_LIBRARIES = ["libds_domain.a", "libintake_rules.a", "libdispatcher_rules.a",
                  "libcallback_survey_rules.a", "libsla_watcher_rules.a",
                  "libpenalty_ledger_rules.a"]

BANNED = [  # (regex, where, why)
    (r"\b(gets|sprintf|vsprintf|strcat|strtok|alloca)\(", r"^(common|services)/", "unbounded or not re-entrant"),
    (r"\b(sleep|usleep)\(", r"^(common|services)/", "blocks the loop; wait for a condition"),
    (r"\btime\.sleep\(|\bsetTimeout\(", r"^tests/", "tests wait for a condition with a limit"),
    (r"\b(TODO|FIXME|XXX|HACK)\b", r"", "finish it or write it down as an issue"),
    (r"\bfloat\b|\bdouble\b", r"^common/domain/|_rules\.c$|services/[a-z-]+/(clause|clock)_", "money and time are integers"),
    (r"/(home|root|farm)/[a-z]", r"", "a path of one machine"),
]

findings = []


def found(path, line, text):
    findings.append("%s:%d: %s" % (path, line, text))


def tracked():
    out = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"],
                         capture_output=True, text=True, check=True).stdout
    return sorted(p for p in out.split("\n") if p and os.path.isfile(os.path.join(ROOT, p)))


def read(path):
    with open(os.path.join(ROOT, path), errors="replace") as file:
        return file.read().split("\n")


def is_pure_rule(path):
    name = os.path.basename(path)
    return (path.startswith("services/") and name not in ADAPTERS and name != "main.c" and
            not path.startswith(("services/doorstep/", "services/gateway/")))


def check_includes(path, lines):
    layer = next((l for l in LAYERS if path.startswith(l[0])), None)
    service = path.split("/")[1] if path.startswith("services/") else None
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
        if not match:
            continue
        quoted, header = match.group(1) == '"', match.group(2)
        if layer:
            allowed = layer[1] if quoted else layer[2]
            if allowed is None:
                continue
            fine = any(header.startswith(p) for p in allowed) if quoted else header in allowed
        elif service:
            own = header.startswith(service + "/")
            if os.path.basename(path) == "main.c":
                fine = own or header == "runtime/rt.h"
            elif is_pure_rule(path):
                fine = (own or header.startswith(("domain/", "proto/")) or
                        header in ("engine/service.h", "engine/part.h", "engine/table.h",
                                   "wire/check.h")) if quoted else header in PURE
            else:
                fine = (own or header.startswith(("domain/", "proto/", "engine/", "wire/"))
                        if quoted else header in PURE | {"sodium.h"})
        else:
            continue
        if not fine:
            found(path, number, "this layer does not include %s" % header)


def check_functions(path, lines):
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            if number - start - 1 > FUNCTION_LINES_MAX:
                # a switch over every event is a table: one line a case
                body = lines[start:number - 1]
                cases = sum(1 for text in body if re.match(r"\s*case \w+:( .*return.*;)?$", text))
                if number - start - 1 - cases > FUNCTION_LINES_MAX:
                    found(path, start, "a function of %d lines" % (number - start - 1))
            start = None


def check_text(path, lines):
    for number, line in enumerate(lines, 1):
        if path.endswith((".c", ".h")) and len(line) > COLUMNS_MAX:
            wide = sum(2 if ord(c) > 0x2e80 else 1 for c in line)
            if wide > COLUMNS_MAX and not path.endswith(".def"):
                found(path, number, "%d columns" % wide)
        for pattern, where, why in BANNED:
            if re.search(where, path) and re.search(pattern, line):
                if path.endswith("tidy.py") or path.endswith(".md"):
                    continue
                found(path, number, "%s: %s" % (re.search(pattern, line).group(0), why))
        if line.rstrip() != line and not path.endswith((".md", ".ndjson", ".csv")):
            found(path, number, "white space at the end")


def check_purity(build):
    defined, wanted = set(), {}
    for folder in ("common", "services"):
        for name in PURE_LIBRARIES:
            library = os.path.join(build, folder, name)
            if not os.path.exists(library):
                continue
            out = subprocess.run(["nm", "-A", library], capture_output=True, text=True).stdout
            for line in out.split("\n"):
                match = re.match(r"[^ ]*:([\w.-]+\.o):\S*\s+(\w) (\S+)$", line)
                if not match:
                    continue
                if match.group(2) == "U":
                    wanted.setdefault(match.group(3), match.group(1))
                else:
                    defined.add(match.group(3))
    if not wanted:
        found(build, 0, "no rules library to look at; build first")
    for symbol, member in sorted(wanted.items()):
        if symbol in defined or symbol.startswith(("__asan", "__ubsan", "__sanitizer")):
            continue
        if not PURE_SYMBOLS.match(symbol):
            found(member, 0, "rules use %s, which is not pure" % symbol)


def names_in(path, pattern):
    return set(re.findall(pattern, "\n".join(read(path))))


def check_lists():
    """Lists that have to name the same things."""
    events = names_in("common/domain/event.h", r"\bDS_EV_([A-Z_]+)\b")
    texts = names_in("common/text/events.def", r"^DS_EVENT\((\w+),|\nDS_EVENT\((\w+),")
    texts = {a or b for a, b in texts}
    for name in sorted(events ^ texts):
        found("common/text/events.def", 0, "%s is in only one of the lists of events" % name)
    proto = "\n".join(read("proto/envelope.proto"))
    body = proto[proto.index("oneof body"):proto.index("// A position in the journal")]
    members = {n.upper() for n in re.findall(r"\b\w+ (\w+) = \d+;", body)}
    for name in sorted(events ^ members):
        found("common/domain/event.h", 0, "%s is in only one of enum and proto" % name)
    reasons = {n for n, v in re.findall(r"\b([A-Z_]+) = (\d+);",
                                        "\n".join(read("proto/reasons.proto"))) if v != "0"}
    sentences = names_in("common/text/reasons.def", r"\nDS_REASON\((\w+),")
    for name in sorted(reasons ^ sentences):
        found("common/text/reasons.def", 0, "%s is in only one of the lists of reasons" % name)
    codes = names_in("common/domain/codes.def", r"\nDS_CODE\((\w+),") - {"OK"}
    readme = "\n".join(read("proto/README.md"))
    receipts = readme[readme.index("### Receipts"):readme.index("### Events")]
    told = re.findall(r"^\| `(\w+)` \|", receipts, re.M)
    for name in sorted(codes ^ {name.upper() for name in told}):
        found("proto/README.md", 0, "%s is in only one of the lists of codes" % name)


# who tells a client what was expected
FAULT_FILES = ["common/wire/check.c", "common/wire/json_read.c", "common/wire/json_number.c",
               "common/wire/constraint.c", "common/wire/fault.c", "common/engine/door.c",
               "common/runtime/rt_main.c", "common/runtime/cycle.c", "common/rulebook/activate.c",
               "services/doorstep/day.c", "services/doorstep/cmd_replay.c"] + sorted(
                   os.path.relpath(path, ROOT)
                   for path in glob.glob(os.path.join(ROOT, "services", "intake", "*.c")))
TEXT = r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*'


def check_expected():
    """What a fault expects can be said in Chinese, and no row of expected.def is left over."""
    rows = re.findall(r'^DS_EXPECTED\("((?:[^"\\]|\\.)*)", ',
                      "\n".join(read("common/text/expected.def")), re.M)
    pieces = [[re.escape(part) for part in row.split("{}")] for row in rows]
    patterns = [re.compile(".+".join(parts)) for parts in pieces]
    everything = ""
    for path in FAULT_FILES:
        text = "\n".join(read(path))
        everything += text
        told = re.findall(r"\b(?:fail|fail_in|intake_fail|ds_fault_at|fault_of)\(([^;{]*)\);", text)
        told = [re.findall(TEXT, call)[-1:] for call in told]
        told += [[last] for last in re.findall(r"^    \{BODY.*?(%s)\},$" % TEXT, text, re.M)]
        told += [[last] for last in re.findall(r"^#define [A-Z_]+ +DS_FORM.*?(%s)$" % TEXT, text, re.M)]
        for literal in [last[0] for last in told if last]:
            said = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literal))
            if re.search("[a-z]{2,} [a-z]+|[a-z] [a-z]{2,}", said) and \
                    not any(pattern.fullmatch(said) for pattern in patterns):
                found(path, 0, "expected.def has no Chinese for \"%s\"" % said)
    everything = re.sub(r'"\s*"', "", everything)
    for row in rows:
        for part in re.split(r"\{\}|, near|, column|of ", row):
            if part.strip(" :?") and part.strip() not in everything:
                found("common/text/expected.def", 0, "nobody says \"%s\"" % row)
                break


SERVICE_ORDER = ["intake", "dispatcher", "callback-survey", "sla-watcher", "penalty-ledger"]
SAID_BY = {range(20, 80): ["intake"], range(80, 90): ["dispatcher"],
           range(100, 120): ["callback-survey"], range(120, 140): ["sla-watcher"],
           range(140, 200): ["penalty-ledger"]}
# where a service picks out what it listens to
LISTENS = {"dispatcher": ["dispatch_rules.c", "case_archive.c"], "callback-survey": ["survey_rules.c"],
           "sla-watcher": ["watch_rules.c", "watcher.c", "watcher_days.c"],
           "penalty-ledger": ["ledger_rules.c"]}


def heard_by(service):
    """Events that the service's step does something with: the cases of its exhaustive switch that do
    not just return, and what its adapter tests for."""
    heard = set()
    for name in LISTENS[service]:
        text = "\n".join(read("services/%s/%s" % (service, name)))
        heard |= set(re.findall(r"[=!]= DS_EV_(\w+)", text))
        for cases, answer in re.findall(r"((?:case DS_EV_\w+:\s*)+)([^\s][^\n]*)", text):
            if not re.fullmatch(r"return( false)?;", answer):
                heard |= set(re.findall(r"DS_EV_(\w+)", cases))
    return heard


def check_concerns():
    """What an adapter passes over unread, its rules do not ask for."""
    for service, source in (("callback-survey", "survey.c"), ("sla-watcher", "watcher.c"),
                            ("penalty-ledger", "ledger.c")):
        text = "\n".join(read("services/%s/%s" % (service, source)))
        body = re.search(r"^static bool concerns\(int type\)\n{(.*?)^}", text, re.M | re.S).group(1)
        named = set(re.findall(r"DS_EV_(\w+)", body))
        heard = heard_by(service)
        passed_over = named & heard if "default: return true" in body else heard - named
        for name in sorted(passed_over):
            found("services/%s/%s" % (service, source), 0,
                  "%s concerns the rules and is passed over" % name)


def check_event_map():
    """proto/README.md has a row for every event, and names who says it and who listens."""
    readme = "\n".join(read("proto/README.md"))
    numbers, number = {}, 0
    for name, given in re.findall(r"\bDS_EV_([A-Z_]+)(?: = (\d+))?,",
                                  "\n".join(read("common/domain/event.h"))):
        number = int(given) if given else number + 1
        numbers[name.lower()] = number
    rows = {row[0]: row[1:] for row in
            re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", readme, re.M)}
    for name in sorted(set(numbers) ^ set(rows)):
        found("proto/README.md", 0, "the event map and the code differ in %s" % name)
    heard = {service: heard_by(service) for service in LISTENS}
    for name in sorted(set(numbers) & set(rows)):
        said = next((who for span, who in SAID_BY.items() if numbers[name] in span), None)
        if said and rows[name][0].split(", ") != said:
            found("proto/README.md", 0, "%s is said by %s" % (name, said[0]))
        readers = [s for s in SERVICE_ORDER if name.upper() in heard.get(s, ())]
        if rows[name][1] != (", ".join(readers) or "–"):
            found("proto/README.md", 0, "%s is read by %s" % (name, ", ".join(readers) or "nobody"))


def check_flow():
    """Nobody reads from his right."""
    numbers = {"INTAKE": 0, "DISPATCHER": 1, "SURVEY": 2, "WATCHER": 3, "LEDGER": 4}
    for service, source in (("dispatcher", "dispatcher.c"), ("callback-survey", "survey.c"),
                            ("sla-watcher", "watcher.c"), ("penalty-ledger", "ledger.c")):
        text = "\n".join(read("services/%s/%s" % (service, source)))
        reads = re.findall(r"DS_(\w+)", re.search(r"\.upstreams = ([^,]+),", text).group(1))
        for name in reads:
            if numbers[name] >= SERVICE_ORDER.index(service):
                found("services/" + service, 0, "the flow must not go back: reads %s" % name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    args = parser.parse_args()
    for path in tracked():
        top = path.split("/")[0]
        if top not in ("proto", "services", "common", "deploy", "tests", "CMakeLists.txt",
                       "README.md", "LICENSE") and not top.startswith("."):
            found(path, 0, "does not belong at the top level")
        if not path.endswith((".c", ".h", ".def", ".py", ".proto", ".lua", ".cmake", ".txt", ".md",
                              ".yaml", ".conf")):
            continue
        lines = read(path)
        check_text(path, lines)
        if path.endswith((".c", ".h")):
            check_includes(path, lines)
            check_functions(path, lines)
            if len(lines) - 1 > FILE_LINES_MAX:
                found(path, 0, "%d lines" % (len(lines) - 1))
        if re.match(r"services/[^/]+/main\.c$", path) and len(lines) - 1 > MAIN_LINES_MAX:
            found(path, 0, "a main of %d lines" % (len(lines) - 1))
    check_purity(args.build)
    check_lists()
    check_expected()
    check_event_map()
    check_flow()
    check_concerns()
    for line in findings:
        print(line)
    print("%d findings" % len(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
