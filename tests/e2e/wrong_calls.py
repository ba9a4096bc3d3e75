# SPDX-License-Identifier: MIT
"""Wrong command lines of `doorstep`, and files that it is given: the exit status, and what it says.
{dir} stands for a directory with the row's files, {run} for a run directory."""
import json
from collections import namedtuple

from wrong_files import Rules, place
from wrong_stage import NOW, read_rules, report

# says: words that must be said; never: words that must not. home: "stage" (the installation of the
# test), "none" (no such directory), "dead" (settings, and nothing that runs), "wrong" (a mistake in
# doorstep.yaml). lang: LC_ALL. codes: error codes that the row shows.
Call = namedtuple("Call", "title args status says files home lang never codes", defaults=(
    (), {}, "stage", "C", (), ()))

ZH = "zh_CN.UTF-8"
RULES = {"rulebook.yaml": read_rules("rulebook"), "directory.yaml": read_rules("directory")}
ONE = json.dumps({"id": "l-1", "made_at_ms": NOW, "by": "lin", "territory": "county",
                  "ref": "unheard-of", "urge": {}})

# ---- exit 2: said wrongly ----

USAGE = [
    Call("no command", [], 2, ["usage: doorstep COMMAND"]),
    Call("a command that does not exist", ["sbumit"], 2, ["no command sbumit"]),
    Call("submit without a file", ["submit"], 2, ["wants FILE"]),
    Call("submit with two files", ["submit", "a", "b"], 2, ["wants FILE"]),
    Call("submit a file that does not exist", ["submit", "{dir}/none"], 2, ["No such file"]),
    Call("submit a directory", ["submit", "{dir}"], 2, ["directory"]),
    Call("an option that does not exist", ["check", "--fast"], 2, ["--fast", "check --help"]),
    Call("an option without its value", ["ledger", "--month"], 2, ["--month"]),
    Call("--dir without a directory", ["status", "--dir"], 2, ["--dir"]),
    Call("an argument too many", ["status", "now"], 2, ["no arguments"]),
    Call("check with an argument", ["check", "all"], 2, ["no arguments"]),
    Call("a ledger of something else", ["ledger", "verfy"], 2, ["ledger verify"]),
    Call("a year for a month", ["ledger", "--month", "2007"], 2, ["YYYY-MM"]),
    Call("a thirteenth month", ["ledger", "--month", "200713"], 2, ["YYYY-MM"]),
    Call("a month by its name", ["ledger", "--month", "march"], 2, ["YYYY-MM"]),
    Call("clock without accept", ["clock", "forward"], 2, ["clock accept"]),
    Call("rulebook without check", ["rulebook", "chek", "{dir}"], 2, ["rulebook check"]),
    Call("a ticket that is no id", ["ticket", "7"], 2, ["T007-123"]),
    Call("explain what is no id", ["explain", "order 7"], 2,
         ["T007-123", "pbx-1", "wang/2007-03-01", "7.1/person:wang/T007-6/dispatch#1"]),
    Call("a cursor that is none", ["alerts", "--after", "!"], 2, ["cursor"]),
    Call("a cursor of another installation", ["alerts", "--after", "AQUB"], 2, ["cursor"]),
    Call("export to nowhere", ["export"], 2, ["--out DIR"]),
    Call("replay to nowhere", ["replay", "{dir}/a"], 2, ["--out DIR"]),
    Call("replay until some time", ["replay", "{dir}/a", "--out", "{dir}/o", "--until", "noon"], 2,
         ["RFC 3339"]),
    Call("replay without partitions", ["replay", "{dir}/a", "--out", "{dir}/o", "--partitions",
                                       "0"], 2, ["1..256"]),
    Call("replay a file that does not exist", ["replay", "{dir}/none", "--out", "{dir}/o"], 2,
         ["No such file"]),
    Call("replay without rules", ["replay", "{dir}/deep/down/a", "--out", "{dir}/o"], 2,
         ["--rules DIR"], {"deep/down/a": ONE + "\n"}),
    Call("play a file that does not exist", ["play", "{dir}/none"], 2, ["No such file"]),
    Call("play until some time", ["play", "{dir}/a", "--until", "noon"], 2, ["RFC 3339"]),
    Call("activate one file", ["activate", "{dir}/a"], 2, ["RULEBOOK DIRECTORY"]),
    Call("activate files that do not exist", ["activate", "--by", "liu", "{dir}/a", "{dir}/b"], 2,
         ["No such file"]),
    Call("activate by nobody", ["activate", "{dir}/a", "{dir}/b"], 2, ["--by PERSON"]),
    Call("check rules that do not exist", ["rulebook", "check", "{dir}/a", "{dir}/b"], 2,
         ["No such file"]),
    Call("a clock of no speed", ["up", "--clock", "fast"], 2, ["600x"], {}, "none"),
    Call("a day without a file", ["up", "--once"], 2, ["--play FILE"], {}, "none"),
]

# ---- exit 69: nobody is there ----

READING = [["status"], ["check"], ["ticket", "T007-2"], ["explain", "T007-2"], ["alerts"],
           ["ledger"], ["ledger", "verify"], ["export", "--out", "{dir}/o"], ["clock", "accept"],
           ["submit", "{dir}/a"], ["play", "{dir}/a"],
           ["activate", "--by", "liu", "{dir}/rulebook.yaml",
                                     "{dir}/directory.yaml"]]
FILES = dict(RULES, a=ONE + "\n")

AWAY = [
    Call("%s where there is no installation" % " ".join(args[:2]), args, 69,
         ["no installation", "doorstep up"], FILES, "none") for args in READING
] + [
    Call("%s when Redis is not there" % " ".join(args[:2]), args, 69, ["Redis does not answer"],
         FILES, "dead") for args in READING[1:8]
] + [
    Call("status when nothing runs", ["status"], 69, ["intake", "penalty-ledger", "not answer"],
         {}, "dead"),
    Call("clock accept when nothing runs", ["clock", "accept"], 69, ["sla-watcher does not answer"],
         {}, "dead"),
    Call("submit when nothing runs", ["submit", "{dir}/a"], 69, ["answer"],
         FILES, "dead"),
    Call("activate when nothing runs", ["activate", "--by", "liu", "{dir}/rulebook.yaml",
                                         "{dir}/directory.yaml"],
         69, ["no answer from intake"], FILES, "dead"),
    Call("a mistake in doorstep.yaml", ["status"], 69, ["doorstep.yaml:2:1: bux: unknown key"], {},
         "wrong"),
    Call("a mistake in doorstep.yaml is no missing installation", ["check"], 69,
         ["doorstep.yaml:2:1: bux: unknown key"], {}, "wrong", "C", ["no installation"]),
]

# ---- exit 1: lines that submit refuses ----


def line(**changes):
    """A good command of one line, changed; None takes a field away."""
    command = {"id": "l-9", "made_at_ms": NOW, "by": "lin", "register": report("13900000099")}
    command.update(changes)
    return json.dumps({name: value for name, value in command.items() if value is not None},
                      ensure_ascii=False)


def submit(title, text, *says, lang="C", codes=(), number=1, column=None):
    if isinstance(column, str):
        column = text.index(column) + 1
    place = "%d:%d" % (number, column) if column else "%d" % number
    return Call(title, ["submit", "{dir}/day"], 1, ["REJECTED ", "{dir}/day:%s: %s" % (place, says[0])] +
                list(says[1:]), {"day": text + "\n"}, "stage", lang, (), codes)


LINES = [
    submit("a line that is not finished", '{"id":"l-1",', "bad_json: not valid JSON: it ends",
           column=12, codes=["bad_json"]),
    submit("a line with a comma too many", '{"id":"l-1",}', "bad_json: not valid JSON: a comma",
           "near }", column=13),
    submit("a line that is a list", "[1]", "bad_json: not valid JSON: an object", column=1),
    submit("two commands on a line", line() + line(),
           "bad_json: not valid JSON: it goes on", column=len(line()) + 1),
    submit("a bad line behind comments", "# first\n\n{", "bad_json: not valid JSON",
           number=3, column=1),
    submit("a line with a key twice", '{"id":"l-1","id":"l-2"}', "duplicate_field: id stands twice",
           column=16, codes=["duplicate_field"]),
    submit("a key with a slip", line(regster={}), "unknown_field", "did you mean register?",
           column='"regster"'),
    submit("a key with a slip, deep inside", line(register={"custmer": {}}),
           "unknown_field: register.custmer", "did you mean customer?",
           column='"custmer"'),
    submit("a line with a kind that does not exist", line(register={"kind": "INSTAL"}),
           "unknown_value: register.kind", "INSTALL, COMPLAINT, SYSTEM", column='"kind"'),
    submit("a number for a name", line(by=5), "wrong_type: by must be text", column='"by"'),
    submit("a text for a flag", line(register={"urgent": "yes"}),
           "wrong_type: register.urgent must be true or false", column='"urgent"'),
    submit("a line of two commands", line(urge={}), "duplicate_field: ", column='"urge"'),
    submit("a NUL in a text", line(by="l\0n"), "bad_text: by must be UTF-8 without NUL",
           column='"by"'),
    submit("an instant in words", line(made_at_ms="soon"), "bad_value: made_at_ms",
           "2007-03-01T08:00:00+08:00", column='"made_at_ms"'),
    submit("an instant beyond all numbers", line(made_at_ms=str(2 ** 63)),
           "out_of_range: made_at_ms", column='"made_at_ms"'),
    submit("a time to send and nothing to send", '{"send_at":"2007-03-08T08:00:00+08:00"}',
           "bad_json", "send_at and command", column=1),
    submit("a time to send that is none", '{"send_at":"noon","command":%s}' % line(),
           "bad_value: send_at", "RFC 3339", column='"send_at"'),
    submit("a line of more than two mebibytes", line(register={"note": "x" * (2 << 20)}),
           "too_large: larger than allowed: 2 MiB", column=1),
    submit("a line that only intake refuses", line(by="nobody"),
           "unknown_person: by: nobody of this id"),
    submit("a line with an id of sixty-five letters", line(id="x" * 65), "bad_value: id must be"),
    submit("a line without what it is about", line(register=None, cancel={"reason": "x"}),
           "needs_ticket: say ticket, or territory and ref"),
    submit("a key with a slip, in Chinese", line(bye="lin"), "unknown_field: 没有字段 bye;是不是 by?",
           lang=ZH, column='"bye"'),
    submit("an unfinished line, in Chinese", "{", "bad_json: 不是有效的 JSON:没有写完",
           lang=ZH, column=1),
    submit("a line that only intake refuses, in Chinese", line(by="nobody"),
           "unknown_person: by:名录中没有此人", lang=ZH),
    Call("a command of more than a mebibyte", ["submit", "{dir}/day"], 1, ["too_large"],
         {"day": line(register=None, activate={"rulebook": "#" * (1200 << 10)}) + "\n"}),
]

# ---- exit 1: rules that do not pass ----


def check(title, rules, words, chinese):
    """The same wrong rules in both languages; the place is the same."""
    files = {name + ".yaml": text for name, text in rules.texts.items()}
    return [Call(title + tongue, ["rulebook", "check", "{dir}/rulebook.yaml",
                                  "{dir}/directory.yaml"], 1, [rules.place() + said], files,
                 "none", lang)
            for tongue, said, lang in (("", words, "C"), (", in Chinese", chinese, ZH))]


def bad_file(title, name, text, *says):
    return Call(title, ["rulebook", "check", "{dir}"], 1, says, dict(RULES, **{name: text}), "none")


CHECKS = check(
    "check a duration that is none", Rules("rulebook", "ahead_max: 2m ", "ahead_max: 2mn ", "2mn"),
    'times.ahead_max: found "2mn", expected a duration like',
    "times.ahead_max: 写的是“2mn”,应为时长,如",
) + check(
    "check a word with a slip", Rules("rulebook", "base: working  # of", "base: wroking  # of",
                                      "wroking"),
    'clocks.accept.base: found "wroking", expected one of elapsed, working, calendar; did you mean '
    '"working"?', "clocks.accept.base: 写的是“wroking”,应为以下之一:elapsed, working, calendar;"
    "是不是“working”?",
) + check(
    "check a key with a slip", Rules("rulebook", "near_up_to: 20km", "nearupto: 20km"),
    'clocks.visit.nearupto: unknown key "nearupto"; known here:',
    "clocks.visit.nearupto: 未知的键“nearupto”;此处可用:",
) + check(
    "check money without its unit", Rules("rulebook", "amount: 20.00元", "amount: 20.00",
                                          "20.00\n"),
    'clauses[7.20].amount: found "20.00", expected money with its unit',
    "clauses[7.20].amount: 写的是“20.00”,应为带单位的金额",
) + check(
    "check a person with a slip", Rules("directory", "people: [lin, zhou]", "people: [lin, zhuo]",
                                        "zhuo]"),
    'territories[county].hotline[#1].people[#2]: nobody has the id "zhuo"; did you mean "zhou"?',
    "territories[county].hotline[#1].people[#2]: 没有编号为“zhuo”的人;是不是“zhou”?",
) + [
    bad_file("check an empty file", "directory.yaml", "", "directory.yaml:1:1: the file says"),
    bad_file("check bytes that are no UTF-8", "rulebook.yaml", "format: 1\nname: a\udcff\n",
             "rulebook.yaml:2:8: not UTF-8"),
    bad_file("check a file with a NUL", "rulebook.yaml",
             RULES["rulebook.yaml"] + "\0nonsense: [", "rulebook.yaml:%s: an invisible control" %
             place(RULES["rulebook.yaml"] + "\0", "\0")),
    bad_file("check a file of more than half a mebibyte", "rulebook.yaml",
             "#" * (512 * 1024 + 1), "larger than 524288 bytes"),
    Call("check a directory in place of a file", ["rulebook", "check", "{dir}", "{dir}"], 2,
         ["directory"], RULES, "none"),
    Call("both files are wrong, and both are named", ["rulebook", "check", "{dir}"], 1,
         ["rulebook.yaml:20:1: ", "directory.yaml:1:1: "], {
             "rulebook.yaml": RULES["rulebook.yaml"].replace("\ncharges:", "\ncharge:"),
             "directory.yaml": "format: 1\n"}, "none"),
    Call("activate by somebody who may not", ["activate", "--by", "lin", "{dir}/rulebook.yaml",
                                              "{dir}/directory.yaml"], 1,
         ["wrong_role: by: this needs a manager"], RULES),
    Call("activate by somebody who may not, in Chinese",
         ["activate", "--by", "lin", "{dir}/rulebook.yaml", "{dir}/directory.yaml"], 1,
         ["wrong_role: by:此操作需要"], RULES, "stage", ZH),
    Call("activate by nobody we know", ["activate", "--by", "admin", "{dir}/rulebook.yaml",
                                        "{dir}/directory.yaml"], 1, ["unknown_person: by"], RULES),
    Call("activate a territory that moves", ["activate", "--by", "liu", "{dir}/rulebook.yaml",
                                             "{dir}/directory.yaml"], 1,
         ["territory_moved: county: a territory never changes"],
         dict(RULES, **{"directory.yaml": RULES["directory.yaml"].replace("partition: 7",
                                                                          "partition: 8")})),
    Call("activate rules that do not pass", ["activate", "--by", "liu", "{dir}/rulebook.yaml",
                                             "{dir}/directory.yaml"], 1,
         ["rulebook.yaml:1:1: the file says nothing"], dict(RULES, **{"rulebook.yaml": ""})),
]

# ---- exit 1: nothing there to show or to replay ----

NOTHING = [
    Call("a ticket that is not there", ["ticket", "T007-999999"], 1, ["no live ticket T007-999999"]),
    Call("a ticket of a partition that is not there", ["ticket", "T255-1"], 1, ["no live ticket"]),
    Call("explain a ticket that is not there", ["explain", "T007-999999"], 1, ["there is no ticket"]),
    Call("explain a call that is not there", ["explain", "pbx-999"], 1,
         ["nothing here is called pbx-999", "a call (pbx-1)"]),
    Call("explain the day of nobody", ["explain", "wnag/2007-03-01"], 1,
         ["did you mean wang/2007-03-01"]),
    Call("explain a day without work", ["explain", "wang/2001-03-01"], 1,
         ["reported nothing"]),
    Call("explain an entry that is not there", ["explain", "7.99/person:wang/x/dispatch#1"], 1,
         ["nothing here is called 7.99/", "a ledger entry"]),
    Call("replay nothing", ["replay", "{dir}/a", "--out", "{dir}/o"], 1, ["no commands"],
         dict(RULES, a="# nothing\n")),
    Call("replay a bad line", ["replay", "{dir}/a", "--out", "{dir}/o"], 1,
         ["{dir}/a:2:1: bad_json"], dict(RULES, a=ONE + "\n{\n")),
    Call("replay a line that is refused", ["replay", "{dir}/a", "--out", "{dir}/o"], 1,
         ["{dir}/a:1: unknown_ticket: ref"], dict(RULES, a=ONE + "\n")),
    Call("play a bad line", ["play", "{dir}/a"], 1, ["{dir}/a:2:1: bad_json"],
         {"a": ONE + "\n{\n"}),
    Call("replay journals that are not there", ["replay", "--recorded", "{dir}/none", "--out",
                                                "{dir}/o"], 1, ["none: No such file"]),
    Call("replay a directory without journals", ["replay", "--recorded", "{dir}", "--out",
                                                 "{dir}/o"], 1, ["no exported journals"],
         {"versions/none": ""}),
    Call("replay a journal that is none", ["replay", "--recorded", "{dir}", "--out", "{dir}/o"], 1,
         ["intake-p007.journal: byte 0: not an exported journal"],
         {"intake-p007.journal": "DSJ2", "versions/none": ""}),
    Call("replay a journal that was cut", ["replay", "--recorded", "{dir}", "--out", "{dir}/o"], 1,
         ["intake-p007.journal: byte 4: cut short"],
         {"intake-p007.journal": "DSJ1\x20\0\0\0", "versions/none": ""}),
]

GROUPS = {"usage": USAGE, "away": AWAY, "lines": LINES, "checks": CHECKS, "nothing": NOTHING}
