# SPDX-License-Identifier: MIT
"""Rulebook and directory of the benchmark: the shipped rules around the clock; a territory with a clerk
and its technicians for each partition, each with an area of his own, so that the first
candidate of a ticket is known."""
import os
import re

TECHNICIANS_MAX, ACCOUNTS = 100, 960  # tests/bench/load.c counts on it
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def rulebook():
    with open(os.path.join(SOURCE, "deploy", "rulebook.yaml")) as file:
        text = file.read()
    head = text[:text.index("\ncalendars:")]
    week = "".join('      %s: ["00:00-24:00"]\n' % day
                   for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    return head + "\ncalendars:\n  - id: county\n    zone: Asia/Shanghai\n    week:\n" + week


def directory(territories):
    technicians = min(TECHNICIANS_MAX, ACCOUNTS // territories)
    out = ["format: 1", "name: benchmark", "skills: [install, repair, air_conditioner]",
           "areas: [%s]" % ", ".join("a%d" % k for k in range(technicians)), "territories:"]
    for t in range(territories):
        out += ["  - id: t%d" % t, "    name: territory %d" % t, "    partition: %d" % t,
                "    mode: auto", "    calendar: county", '    numbers: ["0736%07d"]' % t]
    out += ["people:", "  - {id: boss, name: boss, role: manager, calendar: county}"]
    for t in range(territories):
        out += ["  - {id: c%d, name: clerk, role: clerk, territory: t%d}" % (t, t)]
        out += ["  - {id: w%d-%d, name: technician, role: technician, territory: t%d, areas: [a%d], "
                "skills: [install, repair, air_conditioner], zones: [city, near, far], "
                "max_open: 1000000}" % (t, k, t, k) for k in range(technicians)]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    print(directory(4))
