#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The first users of an installation, and `doorstep users` and `doorstep keys` as an admin has them.

    tests/e2e/test_users.py --bin build/release/bin [unittest arguments]"""
import argparse
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))

parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"),
                    help="where the binaries are")
OPTIONS, REST = parser.parse_known_args()
BIN = os.path.abspath(OPTIONS.bin)
os.environ["DS_BUILD"] = os.path.dirname(BIN)
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(SOURCE, "tests", "lib"))
import harness  # noqa: E402
import installed  # noqa: E402

DOORSTEP = os.path.join(BIN, "doorstep")
ZH = "zh_CN.UTF-8"
PASSWORD = "correct horse\n"


class Case(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="dsus")
        self.addCleanup(shutil.rmtree, self.root)
        self.data = os.path.join(self.root, "data")

    def up(self, *words):
        up = installed.Watched([DOORSTEP, "up", "--dir", self.data, "--rules", installed.DEPLOY,
                                *words], self.root)
        self.addCleanup(up.discard)
        return up

    def ask(self, *words, code=0, typed="", lang="C.UTF-8"):
        """Its output, or what it said was wrong."""
        done = subprocess.run([DOORSTEP, *words, "--dir", self.data], input=typed, text=True,
                              env=installed.environment(self.root, LC_ALL=lang),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=harness.LIMIT_S)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stderr if code else done.stdout

    def users(self):
        lines = map(json.loads, self.ask("users", "list", "--json").splitlines())
        return {user["name"]: user for user in lines}


class TestFirst(Case):
    def test_a_real_installation_has_one_admin_and_says_his_password_once(self):
        up = self.up()
        line = up.wait_for("First login: admin, password ")
        up.wait_for("Running in")
        self.assertEqual(up.end(), 0)
        self.assertRegex(line, r"password [a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}\. ")
        self.assertEqual(list(self.users()), ["admin"])
        self.assertTrue(self.users()["admin"]["must_change"])
        self.assertFalse(os.path.exists(os.path.join(self.data, "demo-logins")))
        mode = os.stat(os.path.join(self.data, "gateway.sqlite")).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)
        again = self.up()
        again.wait_for("Running in")
        self.assertEqual(again.end(), 0)
        self.assertNotIn("password", again.text())

    def test_a_played_day_has_a_login_of_each_kind_and_shows_them_again(self):
        day = os.path.join(self.root, "day.ndjson")
        with open(day, "w", encoding="utf-8") as file:
            file.write(installed.short_day())
        shown = []
        for _ in range(2):
            up = self.up("--play", day, "--once")
            self.assertEqual(up.wait(), 0, up.text()[-2000:])
            shown.append(re.findall(r"^  (\S+) +([a-z ]+) ([a-z0-9]{4}(?:-[a-z0-9]{4}){2})$",
                                    up.text(), re.M))
        self.assertEqual(shown[0], shown[1])
        self.assertEqual(sorted(name for name, _, _ in shown[0]), sorted(self.users()))
        self.assertEqual({user["role"] for user in self.users().values()},
                         {"admin", "manager", "clerk", "technician", "board"})
        self.assertFalse(any(user["must_change"] for user in self.users().values()))
        mode = os.stat(os.path.join(self.data, "demo-logins")).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)


class TestCommands(Case):
    def setUp(self):
        super().setUp()
        up = self.up()
        up.wait_for("Running in")
        self.assertEqual(up.end(), 0)

    def test_users(self):
        self.ask("users", "new", "lin", "--role", "clerk", "--person", "lin", typed=PASSWORD)
        self.assertTrue(self.users()["lin"]["must_change"])
        self.ask("users", "password", "lin", "--keep", typed="another horse\n")
        self.assertFalse(self.users()["lin"]["must_change"])
        self.ask("users", "role", "lin", "manager")
        self.assertEqual((self.users()["lin"]["role"], self.users()["lin"]["person"]),
                         ("manager", "lin"))
        self.ask("users", "disable", "lin")
        self.assertTrue(self.users()["lin"]["disabled"])
        self.assertRegex(self.ask("users"), r"(?m)^lin +manager +lin .*disabled$")
        self.assertRegex(self.ask("users", lang=ZH), r"(?m)^lin .*已停用$")
        self.ask("users", "enable", "lin")
        self.assertFalse(self.users()["lin"]["disabled"])

    def test_keys(self):
        key = self.ask("keys", "new", "pbx", "--role", "phone", "--person", "phone").strip()
        self.assertRegex(key, r"^ds_[0-9A-Za-z_-]{43}$")
        self.assertRegex(self.ask("keys"), r"(?m)^pbx +phone +phone ")
        self.ask("keys", "revoke", "pbx")
        self.assertRegex(self.ask("keys", "list", lang=ZH), r"(?m)^pbx .*已撤销$")
        row = json.loads(self.ask("keys", "--json"))
        self.assertGreater(row["revoked_at_ms"], 0)
        self.assertNotIn(key, json.dumps(row))

    def test_wrong_words(self):
        make = ["users", "new", "lin", "--role", "clerk", "--person", "lin"]
        self.ask(*make, typed=PASSWORD)
        for words, typed, code, english, chinese in (
                (["users", "make"], "", 2, "knows list, new NAME", "只有 list"),
                (["users", "new"], "", 2, "knows list, new NAME", "只有 list"),
                (["users", "disable"], "", 2, "knows list, new NAME", "只有 list"),
                (["users", "new", "a", "--role", "boss"], "", 2, "wants admin, manager", "要求:admin"),
                (["users", "new", "a"], "", 2, "wants admin, manager", "要求:admin"),
                (["users", "new", "a", "--role", "clerk"], "", 2, "id of a person", "人员的编号"),
                (["users", "new", "a", "--role", "clerk", "--person", "li"], "", 1,
                 "has no person li", "没有人员 li"),
                (["users", "new", "a b", "--role", "board"], PASSWORD, 2, "wants 1..64", "1 至 64"),
                (["users", "new", "a" * 65, "--role", "board"], PASSWORD, 2, "1..64", "1 至 64"),
                (["users", "new", "a", "--role", "board"], "", 2, "10 or more", "10 个以上"),
                (["users", "new", "a", "--role", "board"], "123456789\n", 2, "10 or more",
                 "10 个以上"),
                (["users", "new", "a", "--role", "board"], "x" * 257 + "\n", 2, "at most 256",
                 "256 字节"),
                (make, PASSWORD, 1, "lin: wants a name that is not taken", "尚未使用的名称"),
                (["users", "password", "li"], PASSWORD, 1, "one that exists", "已有的名称"),
                (["users", "role", "li", "board"], "", 1, "one that exists", "已有的名称"),
                (["users", "role", "admin", "board"], "", 1, "another admin", "另一位"),
                (["users", "disable", "admin"], "", 1, "another admin", "另一位"),
                (["keys", "make"], "", 2, "knows list, new NAME", "只有 list"),
                (["keys", "new", "a"], "", 2, "wants admin", "要求:admin"),
                (["keys", "new", "a:b", "--role", "board"], "", 2, "1..64", "1 至 64"),
                (["keys", "revoke", "a"], "", 1, "one that exists", "已有的名称")):
            with self.subTest(" ".join(words)):
                self.assertIn(english, self.ask(*words, code=code, typed=typed))
                self.assertIn(chinese, self.ask(*words, code=code, typed=typed, lang=ZH))
        self.assertEqual(sorted(self.users()), ["admin", "lin"])

    def test_a_file_that_is_not_ours_to_use(self):
        path = os.path.join(self.data, "gateway.sqlite")
        os.chmod(path, 0o644)
        self.assertIn("mode 0600", self.ask("users", code=69))
        os.chmod(path, 0o600)
        with sqlite3.connect(path) as file:
            file.execute("PRAGMA user_version=99")
        file.close()
        self.assertIn("this version or an older one", self.ask("users", code=69))
        self.assertIn("本版本", self.ask("keys", code=69, lang=ZH))
        shutil.rmtree(self.data)
        self.assertIn("no installation", self.ask("users", code=69))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + REST)
