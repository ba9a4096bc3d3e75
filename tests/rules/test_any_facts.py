#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Facts of all kinds in any order, with the times of devices whose clocks are wrong: whatever makes
no sense is without effect, and nothing ends a service. Every day is a replay of its own.

    tests/rules/test_any_facts.py --bin build/release/bin [--seed N] [--count N]"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HOUR = 3600 * 1000
START = 1172678400000  # 2007-03-01T00:00:00+08:00
TECHNICIANS = ["wang", "chen"]
BY_TECHNICIANS = {"accept", "reject", "check_in", "report_delay", "complete", "file_result", "resume"}
BODIES = {
    "fill_order": [{}], "contact_customer": [{}, {"failed": True}], "urge": [{}],
    "cancel": [{"reason": "x"}], "reopen": [{"reason": "x"}], "register_delay": [{}],
    "answer_complaint": [{"channel": "PHONE", "text": "x"}], "accept": [{}],
    "reject": [{"reason": "x"}], "check_in": [{}, {"customer_absent": True}],
    "report_delay": [{"reason": reason} for reason in ("PARTS", "MAJOR_REPAIR", "CUSTOMER", "OTHER")],
    "resume": [{}], "complete": [{}], "file_result": [{"fixed": True}],
    "record_callback": [{"reached": False},
                        {"reached": True, "answers": [{"question": "FIXED", "yes": False}]}],
    "set_urgency": [{"urgent": True}],
    "correct_address": [{"distance_m": "%d" % metres} for metres in (1000, 20000, 30000)],
    "assign": [{"account": "person:" + who} for who in TECHNICIANS],
    "book_appointment": [None], "move_appointment": [None],  # windows are made
}


class Day:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        for k in range(6):
            self.ticket(k)

    def say(self, made_ms, occurred_ms, by, kind, body, **more):
        command = {"id": "f%d" % len(self.lines), "made_at_ms": str(made_ms), "by": by,
                   "occurred_at_ms": str(occurred_ms), "territory": "county", kind: body}
        self.lines.append((made_ms, json.dumps(dict(command, **more))))

    def report(self, k):
        report = {"kind": self.random.choice(["INSTALL", "COMPLAINT", "SYSTEM"]), "ref": "r%d" % k,
                  "customer": {"phone": "13%d" % k, "city": True},
                  "product": {"category": "television"}}
        if report["kind"] == "COMPLAINT":
            report["complaint_type"] = self.random.choice(["REPAIR", "SERVICE"])
        if report.get("complaint_type") == "SERVICE":
            report["subject"] = self.random.choice(["NOT_ON_TIME", "CHARGE"])
            report.update({"about_ref": "r%d" % (k - 1)} if k else {})
        return report

    def window(self, at_ms):
        from_ms = at_ms + self.random.randint(-3, 30) * HOUR // 2
        return {"from_ms": str(from_ms), "wish": self.random.choice(["CUSTOMER", "COMPANY"]),
                "to_ms": str(from_ms + self.random.choice([0, HOUR, 2 * HOUR]))}

    def ticket(self, k):
        at_ms = START + self.random.randint(6, 16) * HOUR
        self.say(at_ms, at_ms + self.random.choice([0, 0, 1, -60000, 60000]), "lin", "register",
                 self.report(k))
        for _ in range(self.random.randint(1, 14)):
            at_ms += self.random.choice([0, 1, 1000, 60000, 600000, HOUR, 6 * HOUR])
            kind = self.random.choice(sorted(BODIES))
            by = "liu" if kind == "set_urgency" else "lin"
            if kind in BY_TECHNICIANS:
                by = self.random.choice(TECHNICIANS)
            off_ms = self.random.choice([0, 0, -1, 1, -1000, -60000, 60000, -600000, -HOUR, -6 * HOUR])
            body = self.random.choice(BODIES[kind])
            self.say(at_ms, at_ms + off_ms, by, kind, self.window(at_ms) if body is None else body,
                     ref="r%d" % k)

    def text(self):
        return "".join(line + "\n" for _, line in sorted(self.lines, key=lambda line: line[0]))


def replay(binaries, root, seed):
    path = os.path.join(root, "day")
    with open(path, "w") as file:
        file.write(Day(seed).text())
    return subprocess.run([os.path.join(binaries, "doorstep"), "replay", path, "--rules",
                           os.path.join(SOURCE, "deploy"), "--out", os.path.join(root, "out")],
                          env=dict(os.environ, LC_ALL="C"), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dsany") as root:
        for seed in range(options.seed, options.seed + options.count):
            done = replay(options.bin, root, seed)
            # 1: some lines are refused, which is what some of them are for
            if done.returncode not in (0, 1) or "commands recorded" not in done.stdout:
                print("seed %d: status %d\n%s" % (seed, done.returncode, done.stderr[-3000:]))
                return 1
    print("%d days from seed %d" % (options.count, options.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
