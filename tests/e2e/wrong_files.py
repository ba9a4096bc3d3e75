# SPDX-License-Identifier: MIT
"""Wrong files and command lines: rulebooks that an activation brings, doorstep.yaml, what is said to
`doorstep`. Places in files are found by what stands there, so that the files may change."""
from collections import namedtuple

from wrong_inputs import Row, good
from wrong_stage import Say, read_rules


def place(text, where):
    """LINE:COLUMN of the first place where this stands, counted as editors do."""
    at = text.index(where)
    return "%d:%d" % (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


class Rules:
    """The example's rulebook and directory with one thing replaced."""

    def __init__(self, file, old, new, where=None):
        self.file, self.where = file, where or new
        self.texts = {"rulebook": read_rules("rulebook"), "directory": read_rules("directory")}
        assert old in self.texts[file], old
        self.texts[file] = self.texts[file].replace(old, new)

    def place(self):
        return "%s.yaml:%s: " % (self.file, place(self.texts[self.file], self.where))

    def row(self, title, words):
        """An activation that is refused for the first problem, with its place."""
        return Row(title, good("activate", body=self.texts), "bad_rulebook", "",
                   self.place() + words)

    def moved(self, title, territory):
        return Row(title, good("activate", body=self.texts), "territory_moved", territory)


# ---- activation ----

ACTIVATIONS = [
    Rules("rulebook", "clocks:\n\n  # report received -> order filled, customer contacted and visit "
          "booked\n  order:\n    limit: 30m", "clocks:\n  order:\n    limit: 30mn", "30mn").row(
        "a duration that is none", 'clocks.order.limit: found "30mn"'),
    Rules("rulebook", "\npauses:\n", "\npausen:\n", "pausen:").row(
        "a key that the rulebook does not have", 'pausen: unknown key "pausen"'),
    Rules("rulebook", "format: 1\n", "format: 2\n", "2\nname").row(
        "a rulebook of a format to come", 'format: found "2"'),
    Rules("rulebook", 'clause: "7.1"', 'clause: "7.99"', '"7.99"').row(
        "a clock with a clause that does not exist", 'clocks.accept.clause: no clause "7.99"'),
    Rules("rulebook", "amount: 500.00元", "amount: 500", "500\n").row(
        "a fine without its unit", "clauses[7.7].amount: found"),
    Rules("rulebook", "near: 48h", "near: 20h", "20h\n").row(
        "further away and faster", "clocks.visit.bands.near: found"),
    Rules("rulebook", "    zone: Asia/Shanghai", "    zone: Asia/Shangai", "Asia/Shangai").row(
        "a time zone that does not exist", 'calendars[county].zone: this machine knows'),
    Rules("rulebook", "name: after-sales", "name: &a after-sales", "&a").row(
        "an anchor", "anchors"),
    Rules("rulebook", "times:\n", "times: [\n", "late_max: 24h ").row(
        "a rulebook that is no YAML", "not valid YAML"),
    Rules("directory", "territory: river\n", "territory: rvier\n", "rvier").row(
        "an outlet in a territory that does not exist", "outlets[qihe].territory: no terr"),
    Rules("directory", "partition: 7", "partition: 16", "16\n    mode").row(
        "a partition that this installation does not have", "territories[county].partition"),
    Rules("directory", "id: zhou, name", "id: lin, name", "lin, name: 周敏").row(
        "two people of one id", 'people[lin].id: "lin" stands twice'),
    Row("a rulebook and no directory", good("activate", body={"directory": None}), "bad_rulebook",
        "", "directory.yaml:1:1: the file says nothing"),
    Row("a directory and no rulebook", good("activate", body={"rulebook": None}), "bad_rulebook",
        "", "rulebook.yaml:1:1: the file says nothing"),
    Row("an activation of nothing", Say("activate", "liu"), "bad_rulebook", "",
        "rulebook.yaml:1:1: the file says nothing"),
    Rules("directory", "partition: 7", "partition: 8").moved(
        "a territory in another partition", "county"),
    Rules("directory", "river", "stream").moved(
        "a territory that disappears", "river"),
]

# ---- doorstep.yaml ----

# text: {run} is a good run directory. where: what stands at the place of the problem; None: 1:1.
Conf = namedtuple("Conf", "title text where words")

CONFS = [
    Conf("a key that does not exist", "run: {run}\nbux: true\n", "bux", 'did you mean "bus"?'),
    Conf("a key twice", "run: {run}\nbus: true\nbus: false\n", "bus: false", "stands twice"),
    Conf("no run directory", "partitions: 16\n", None, '"run" is missing'),
    Conf("a relative run directory", "run: run\n", "run\n", "an absolute path"),
    Conf("a run directory too long for sockets", "run: /" + "x" * 90 + "\n", "/x",
         "an absolute path of at most 76 bytes"),
    Conf("a relative socket", "run: {run}\nredis_socket: redis.sock\n", "redis.sock",
         "an absolute path"),
    Conf("partitions in words", "run: {run}\npartitions: sixteen\n", "sixteen", "a whole number"),
    Conf("no partition", "run: {run}\npartitions: 0\n", "0", "allowed is 1..256"),
    Conf("a partition too many", "run: {run}\npartitions: 257\n", "257", "allowed is 1..256"),
    Conf("partitions in octal", "run: {run}\npartitions: 016\n", "016", "a whole number"),
    Conf("partitions as a text", 'run: {run}\npartitions: "16"\n', '"16"', "a whole number"),
    Conf("too few receipts", "run: {run}\nreceipts_max: 999\n", "999", "1000..50000000"),
    Conf("too few entities", "run: {run}\nentities_max: 10\n", "10", "1000..100000000"),
    Conf("memory below nought", "run: {run}\nbusy_memory: -1\n", "-1", "10..100"),
    Conf("a time-out without its unit", "run: {run}\nstore_timeout: 5\n", "5", "a duration like"),
    Conf("a time-out in days", "run: {run}\nstore_timeout: 1d\n", "1d", "d is not allowed"),
    Conf("a time-out of more than a minute", "run: {run}\nstore_timeout: 61s\n", "61s", "..60s"),
    Conf("yes for true", "run: {run}\nbus: yes\n", "yes", "true, false"),
    Conf("a list for a flag", "run: {run}\nbus: [true]\n", "[true]", "one value"),
    Conf("a tab", "run: {run}\n\tbus: true\n", "\tbus", "not valid YAML"),
    Conf("a bracket too many", "}\nrun: {run}\n", None, "not valid YAML"),
    Conf("a list of settings", "- run\n", None, "keys with values"),
    Conf("nothing at all", "", None, "the file says nothing"),
    Conf("two documents", "run: {run}\n---\nrun: {run}\n", "---", "one document"),
    Conf("an anchor in doorstep.yaml", "run: &run {run}\n", "&run", "anchors"),
    Conf("bytes that are no UTF-8", "run: {run}\n# \udcff\n", "\udcff", "not UTF-8"),
]
