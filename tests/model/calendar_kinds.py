# SPDX-License-Identifier: MIT
"""The shipped rules with other working hours, for both sides alike: half days about the dates of the
random days; a zone whose clocks are put forward; and another place, where they are put forward and
back on Sundays that are worked on around the clock, and nobody is rostered then, nor at the end of a
week from ten to eleven."""
import os

HALF_DAYS = """    holidays:
      - {date: 2007-03-01, hours: ["08:00-12:00"]}
      - {date: 2007-03-02, hours: ["14:00-18:00"], name: half a day}
      - {date: 2007-02-28, hours: ["09:00-10:30", "15:00-16:00"]}
      - {date: 2007-02-17, hours: ["08:00-11:15"]}
      - {date: 2007-03-31, hours: ["14:30-17:00"]}
      - {date: 2007-04-04, hours: ["08:00-12:00"]}
"""
KINDS = {
    "usual": {},
    "half_days": {"rulebook.yaml": [("    holidays:\n", HALF_DAYS)]},
    "summer_time": {"rulebook.yaml": [  # from 2007-03-11
        ("zone: Asia/Shanghai", "zone: America/New_York")]},
    "elsewhere": {
        "rulebook.yaml": [("zone: Asia/Shanghai", "zone: Europe/Berlin"),
                          ("      - {date: 2007-02-25, like: fri}",
                           '      - {date: 2007-03-25, hours: ["00:00-24:00"]}\n'
                           '      - {date: 2007-10-28, hours: ["00:00-24:00"]}')],
        "directory.yaml": [('      - days: [thu, fri, sat]\n'
                            '        hours: ["08:00-12:00", "14:00-18:00"]',
                            '      - days: [thu, fri, sat]\n'
                            '        hours: ["08:00-10:00", "11:00-12:00", "14:00-18:00"]')]},
}


def write(source, kind, out):
    """The rules of source as a kind has them; kind usual: the source itself. Returns where they are."""
    if not KINDS[kind]:
        return source
    os.mkdir(out)
    for name in ("rulebook.yaml", "directory.yaml"):
        with open(os.path.join(source, name), encoding="utf-8") as file:
            text = file.read()
        for old, new in KINDS[kind].get(name, []):
            if text.count(old) != 1:
                raise RuntimeError("%s has no one %s" % (name, old.strip()))
            text = text.replace(old, new)
        with open(os.path.join(out, name), "w", encoding="utf-8") as file:
            file.write(text)
    return out
