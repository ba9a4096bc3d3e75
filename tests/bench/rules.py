# SPDX-License-Identifier: MIT
"""Rulebook and directory of the benchmark: the shipped rules around the clock, one territory, clerk and
technician for each partition, so that every ticket has exactly one candidate."""
import os
import re

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def rulebook():
    with open(os.path.join(SOURCE, "deploy", "rulebook.yaml")) as file:
        text = file.read()
    head = text[:text.index("\ncalendars:")]
    week = "".join('      %s: ["00:00-24:00"]\n' % day
                   for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    return head + "\ncalendars:\n  - id: county\n    zone: Asia/Shanghai\n    week:\n" + week


def directory(territories):
    out = ["format: 1", "name: benchmark", "skills: [install, repair, air_conditioner]", "areas: []",
           "territories:"]
    for t in range(territories):
        out += ["  - id: t%d" % t, "    name: territory %d" % t, "    partition: %d" % t,
                "    mode: auto", "    calendar: county", '    numbers: ["0736%07d"]' % t]
    out += ["people:", "  - {id: boss, name: boss, role: manager, calendar: county}"]
    for t in range(territories):
        out += ["  - {id: c%d, name: clerk, role: clerk, territory: t%d}" % (t, t),
                "  - {id: w%d, name: technician, role: technician, territory: t%d, "
                "skills: [install, repair, air_conditioner], zones: [city, near, far], "
                "max_open: 1000000}" % (t, t)]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    print(directory(4))
