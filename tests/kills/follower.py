# SPDX-License-Identifier: MIT
"""A reader of `doorstep alerts --follow --json` that outlives kills. It takes over what a cursor line
closes; when the reader ends because the store is away, another goes on from the last cursor."""
import json
import os

import harness
from place import UNAVAILABLE, Violation


class Follower:
    def __init__(self, place, directory=None):
        self.place = place
        self.directory = directory or place.data
        self.path = os.path.join(place.root, "alerts.ndjson")
        self.ids = []      # events taken over
        self.cursor = None
        self.read_to = 0   # bytes of the file that are taken over
        self.restarts = -1
        place.expected["follower"] = (UNAVAILABLE,)
        place.starters["follower"] = self.start
        self.start()

    def start(self):
        """Also drops what no cursor has closed: it comes again."""
        self.take_over()
        if os.path.exists(self.path):
            os.truncate(self.path, self.read_to)
        argv = [os.path.join(self.place.bin, "doorstep"), "alerts", "--dir", self.directory,
                "--follow", "--json"]
        self.place.spawn("follower", argv + (["--after", self.cursor] if self.cursor else []),
                         stdout=self.path)
        self.restarts += 1

    def take_over(self):
        if not os.path.exists(self.path):
            return
        with open(self.path, "rb") as file:
            file.seek(self.read_to)
            group, size = [], 0
            for line in file:
                size += len(line)
                if not line.endswith(b"\n"):
                    return
                said = json.loads(line)
                if "cursor" not in said:
                    group.append(said["id"])
                    continue
                self.ids += group
                self.cursor = said["cursor"]
                self.read_to += size
                group, size = [], 0

    def demand_all(self, journals):
        """Every watcher event exactly once and, within a journal, in its order."""
        wanted = {}
        for (service, partition), events in journals.items():
            if service == "sla-watcher":
                wanted[partition] = ["sla-watcher/p%03d/%d" % (partition, seq) for seq, _ in events]
        total = sum(len(ids) for ids in wanted.values())

        def seen_all():
            self.take_over()
            if self.place.processes["follower"].poll() is not None:
                self.place.revive("follower")
            return len(self.ids) >= total
        try:
            harness.wait_for(seen_all, "the feed", 5)
        except harness.Timeout:
            missing = sorted(set(sum(wanted.values(), [])) - set(self.ids))
            raise Violation("the feed lacks %s" % missing[:10])
        for partition, ids in wanted.items():
            seen = [one for one in self.ids if "/p%03d/" % partition in one]
            if seen != ids:
                at = [i for i, pair in enumerate(zip(seen, ids)) if pair[0] != pair[1]]
                raise Violation("the feed of p%03d differs at %s" % (partition, at[:1]))
