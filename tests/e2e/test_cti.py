#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The telephone system's webhook: whatever it sends, twice, late, in another order or not at all,
who is fined by 7.8 and who is not.

    tests/e2e/test_cti.py --bin build/release/bin [unittest arguments]"""
import argparse
import json
import os
import sys
import time
import unittest
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--bin", default=os.path.join(SOURCE, "build", "release", "bin"))
OPTIONS, REST = parser.parse_known_args()
os.environ["DS_BUILD"] = os.path.dirname(os.path.abspath(OPTIONS.bin))
sys.dont_write_bytecode = True  # the source tree stays as it is
sys.path.insert(0, os.path.join(SOURCE, "tests", "lib"))
import harness  # noqa: E402
import types_pb2  # noqa: E402
from gateway import Client, Gateway  # noqa: E402
from ledger_pb2 import Entry  # noqa: E402

THURSDAY_MS = 1172707200000  # 2007-03-01T08:00:00+08:00; Zhou is on duty first, then Lin
COUNTY, RIVER = 7, 3
HOUR_MS = 3600 * 1000
PERSON = types_pb2.AnsweredBy.PERSON
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
JSON = {"Content_Type": "application/json"}


def directory():
    with open(os.path.join(SOURCE, "deploy", "directory.yaml"), encoding="utf-8") as file:
        text = file.read()
    for who, extension in (("zhou, name: 周敏", "801"), ("lin, name: 林静", "802")):
        assert "id: %s," % who in text
        text = text.replace("id: %s," % who, 'id: %s, extension: "%s",' % (who, extension))
    return text


class Case(unittest.TestCase):
    """A morning at the county's telephone. Time stands still until it is moved."""
    maxDiff = None

    def setUp(self):
        self.at = harness.Installation(clock="step", start_ms=THURSDAY_MS,
                                       extra="phone_silence: 2s\n")
        self.addCleanup(self.at.close)
        self.at.start()
        self.at.activate(by="liu", directory=directory())
        self.at.advance(THURSDAY_MS + 1000)
        self.gateway = Gateway(self.at).start()
        self.addCleanup(self.gateway.stop)  # which tells how it ended
        self.phone = self.key("exchange", "phone", "phone")
        self.board = self.key("wall", "board")
        self.calls = 0
        self.move(60 * 1000)

    def key(self, *words):
        client = self.gateway.key(*words)
        self.addCleanup(client.close)
        return client

    # ---- time ----

    def move(self, by_ms):
        """Rule time of services and gateway; waits until the gateway goes by it."""
        self.at.advance(self.at.now_ms + by_ms)
        redis = self.at.redis()
        redis("HSET", "doorstep:clock", "rule_ms", self.at.now_ms)
        redis.close()
        self.catch_up()

    def catch_up(self):
        harness.wait_for(lambda: self.mark_ms() >= self.at.now_ms, "the gateway's clock")

    def mark_ms(self):
        connection, answer = self.board.open("/v1/feed")
        try:
            for line in answer if answer.status == 200 else ():
                if line.startswith(b'data: {"now_ms"'):
                    return json.loads(line[6:])["now_ms"]
            return 0
        finally:
            connection.close()

    def silence(self):
        """Real time passes until a sender of heartbeats has been away for too long."""
        until = time.monotonic() + 2.1
        harness.wait_for(lambda: time.monotonic() > until, "silence")

    # ---- the exchange ----

    def new(self):
        self.calls += 1
        return "call-%d" % self.calls

    def post(self, event, call, status=200, form=FORM, path="/v1/cti", phone=None, **more):
        fields = {"event": event, "from": "1390000%04d" % self.calls, "to": "07365550101",
                  "direction": "in", "callId": call}
        fields.update({"from" if name == "caller" else name: value
                       for name, value in more.items()})
        body = (json.dumps(fields) if form is JSON else urllib.parse.urlencode(fields)).encode()
        answer = (phone or self.phone).ask("POST", path, body, **form)
        self.assertEqual(answer.status, status, answer.bytes)
        return answer.json()

    def offer(self, **more):
        call = self.new()
        self.assertEqual(self.post("newCall", call, **more)["status"], "RECORDED")
        return call

    def alive(self, phone=None):
        answer = (phone or self.phone).ask("POST", "/v1/cti/alive", b"")
        self.assertEqual(answer.status, 200, answer.bytes)
        return answer.json()

    # ---- what became of it ----

    def said(self, kind, partition=COUNTY):
        return [getattr(event, kind) for _, event in self.at.journal("intake", partition)
                if event.WhichOneof("body") == kind]

    def fined(self):
        """Calls for which somebody pays, once all of it is final."""
        self.at.advance(self.at.now_ms + 3 * HOUR_MS)
        found = {}
        for _, event in self.at.journal("penalty-ledger", COUNTY):
            if event.WhichOneof("body") == "entry_posted":
                entry = Entry.FromString(event.entry_posted.entry)
                self.assertEqual((entry.clause, entry.amount_fen), ("7.8", -5000))
                found[entry.cause.split("/")[0]] = entry.account
        return found


class TestWhoAnswers(Case):
    def test_nobody(self):
        call = self.offer(queue="售后", caller="+86 139-0000-0001")
        self.move(35000)
        first = self.post("hangup", call, cause="cancel")
        self.assertEqual(first["status"], "RECORDED")
        self.assertEqual(first["event"].split("/")[:2], ["intake", "p007"])
        self.move(5000)
        for event in ("newCall", "hangup"):  # the exchange did not hear our answer
            self.assertEqual(self.post(event, call, cause="cancel")["status"], "DUPLICATE")
        offered, = self.said("call_offered")
        self.assertEqual((offered.called, offered.caller, offered.queue),
                         ("07365550101", "13900000001", "售后"))
        self.assertEqual([end.cause for end in self.said("call_ended")], ["caller hung up"])
        self.assertEqual(self.fined(), {call: "person:zhou"})

    def test_somebody(self):
        """By extension, name, id and address; in each of the forms."""
        boundary = "b0undary"
        for form, who, agent in (
                (FORM, {"answeringNumber": "801"}, "zhou"), (JSON, {"user": "林静"}, "lin"),
                (FORM, {"user[]": "周敏"}, "zhou"),
                (JSON, {"answeringNumber": "lin@office"}, "lin"),
                (JSON, {"answeringNumber": "802", "user": ["周敏", "林静"]}, "lin"),
                (JSON, {"user": ["周敏", "林静"]}, "unknown"), (FORM, {}, "unknown")):
            call = self.offer(form=form)
            self.move(25000)
            self.post("answer", call, form=form, **who)
            self.move(60000)
            self.post("hangup", call, form=form, cause="normalClearing")
            self.move(5000)
            answered = self.said("call_answered")[-1]
            self.assertEqual((answered.call, answered.answered_by, answered.agent),
                             (call, PERSON, agent))
        call = self.new()
        body = "".join('--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (
            boundary, *pair) for pair in (("event", "newCall"), ("from", "anonymous"),
                                          ("to", "867365550101"), ("direction", "in"),
                                          ("user[]", "周敏"), ("user[]", "林静"),
                                          ("callId", call))) + "--%s--\r\n" % boundary
        answer = self.phone.ask("POST", "/v1/cti", body.encode(),
                                Content_Type="multipart/form-data; boundary=" + boundary)
        self.assertEqual(answer.status, 200, answer.bytes)
        offered = self.said("call_offered")[-1]
        self.assertEqual((offered.call, offered.called, offered.caller),
                         (call, "07365550101", "anonymous"))
        self.assertEqual(self.fined(), {})

    def test_something_that_is_nobody(self):
        """A queue, a menu and a mailbox pick up, and that is no answer."""
        for who, by in (("queue", "QUEUE"), ("IVR", "IVR"), ("语音信箱", "VOICEMAIL")):
            call = self.offer()
            self.post("answer", call, answeringNumber=who)
            self.move(40000)
            self.post("hangup", call, cause="cancel")
            self.move(20000)
            answered = self.said("call_answered")[-1]
            self.assertEqual(answered.answered_by, types_pb2.AnsweredBy.Name.Value(by))
        call = self.offer()  # and then somebody does
        self.post("answer", call, answeringNumber="queue")
        self.move(30000)
        self.post("answer", call, answeringNumber="801")
        self.move(20000)
        self.post("hangup", call, cause="normalClearing")
        self.assertEqual(self.fined(), {"call-%d" % n: "person:zhou" for n in (1, 2, 3)})

    def test_what_does_not_count(self):
        short = self.offer()
        self.move(19000)
        self.post("hangup", short, cause="cancel")
        self.assertEqual(self.post("newCall", self.new(), direction="out"), {"status": "IGNORED"})
        self.assertEqual(self.post("hangup", "never-offered", cause="cancel")["status"], "RECORDED")
        self.post("answer", "never-offered-2", answeringNumber="801")
        early = self.new()  # in another order than it happened
        self.post("hangup", early, cause="cancel")
        self.post("newCall", early)
        late = self.new()
        self.post("answer", late, answeringNumber="801")
        self.move(1000)
        self.post("newCall", late)
        self.move(60000)
        self.post("hangup", late, cause="normalClearing")
        lost = self.offer()  # its answer never came, but its end says who talked
        self.move(60000)
        self.post("hangup", lost, cause="normalClearing", answeringNumber="801")
        self.assertEqual(len(self.said("call_offered")), 4)
        self.assertEqual(self.fined(), {})

    def test_ids_of_any_kind(self):
        """What is no id of ours stands for itself by its hash, the same for all of a call."""
        call = "SIP/2000@exchange:" + "x" * 200
        self.post("newCall", call)
        self.move(30000)
        self.post("hangup", call, cause="noAnswer")
        offered, = self.said("call_offered")
        ended, = self.said("call_ended")
        self.assertEqual(offered.call, ended.call)
        self.assertEqual(list(self.fined()), [offered.call])

    def test_wrong(self):
        for more, field in (({"event": "ring"}, "event"), ({"direction": "sideways"}, "direction"),
                            ({"callId": ""}, "callId"), ({"to": "reception"}, "to"),
                            ({"to": "07365559999"}, "to"), ({"queue": "x" * 300}, "queue")):
            fields = {"event": "newCall", "call": self.new(), "status": 422}
            fields.update({"call" if name == "callId" else name: value
                           for name, value in more.items()})
            problem = self.post(**fields)
            self.assertEqual(problem["errors"][0]["field"], field, problem)
            self.assertTrue(problem["detail"] and problem["detail_zh"])
        for form, body in ((JSON, b"[1]"), (JSON, b"{"), ({"Content_Type": "text/plain"}, b"x")):
            self.assertEqual(self.phone.ask("POST", "/v1/cti", body, **form).status, 400)
        self.assertEqual(self.said("call_offered"), [])

    def test_who_may(self):
        key = self.phone.headers["Authorization"].split()[1]
        nobody, clerk = Client(self.gateway), self.key("desk", "clerk", "zhou")
        self.addCleanup(nobody.close)
        call = self.new()
        self.post("newCall", call, phone=nobody, path="/v1/cti?key=" + key)
        self.assertEqual(self.post("newCall", call, phone=nobody, status=401)["code"], "no_session")
        self.post("newCall", call, phone=nobody, status=401, path="/v1/cti?key=ds_wrong")
        self.post("newCall", call, phone=clerk, status=403)
        self.assertEqual(nobody.ask("GET", "/v1/board?key=" + key).status, 401)
        self.assertEqual(self.phone.ask("GET", "/v1/board").status, 403)


class TestGaps(Case):
    def spans(self, partition=COUNTY):
        return [(gap.from_ms, gap.to_ms) for gap in self.said("feed_gap", partition)]

    def test_sender_away(self):
        """It says that it is there, goes, and comes back: the gap is what lies between."""
        other = self.key("exchange-2", "phone", "phone")
        self.alive()
        before = self.offer()
        self.assertEqual(self.alive(), {"status": "HEARD"})
        self.assertEqual(self.spans(), [])
        heard_ms = self.at.now_ms
        self.silence()
        self.move(90000)
        self.assertEqual(self.alive()["gap_from_ms"], heard_ms)
        for partition in (COUNTY, RIVER):
            self.assertEqual(self.spans(partition), [(heard_ms, self.at.now_ms)])
        self.assertEqual(self.alive(), {"status": "HEARD"})
        heard_ms = self.at.now_ms
        self.silence()
        self.move(30000)
        self.post("hangup", before, cause="cancel")  # what was heard first lies in the next gap
        self.assertEqual(self.spans()[1:], [(heard_ms, self.at.now_ms + 1)])
        self.move(1000)
        after = self.offer(phone=other)  # another exchange, which sends no heartbeats
        self.move(30000)
        self.post("hangup", after, cause="cancel", phone=other)
        self.assertEqual(self.fined(), {after: "person:zhou"})

    def test_silence_of_who_sends_no_heartbeats_means_nothing(self):
        call = self.offer()
        self.silence()
        self.move(90000)
        self.post("hangup", call, cause="cancel")
        self.assertEqual(self.spans(), [])
        self.assertEqual(self.fined(), {call: "person:zhou"})

    def test_gateway_away(self):
        """Killed between ringing and end; what was sent meanwhile nobody knows."""
        call = self.offer()
        offered_ms = self.at.now_ms
        self.gateway.kill()
        self.at.advance(self.at.now_ms + 35000)
        redis = self.at.redis()
        redis("HSET", "doorstep:clock", "rule_ms", self.at.now_ms)
        redis.close()
        self.gateway.start()
        self.phone.close()
        self.catch_up()
        self.assertEqual(self.post("hangup", call, cause="cancel")["gap_from_ms"], offered_ms)
        self.assertEqual(self.spans(), [(offered_ms, self.at.now_ms + 1)])
        self.assertEqual(self.fined(), {})

    def test_services_away(self):
        """An answer that could not be recorded: its sender is told, and nobody pays for it."""
        call = self.offer()
        self.move(10000)
        lost_ms = self.at.now_ms
        self.at.kill("intake")
        self.assertEqual(self.phone.ask("POST", "/v1/cti", urllib.parse.urlencode({
            "event": "answer", "direction": "in", "callId": call, "to": "07365550101",
            "answeringNumber": "801"}).encode(), **FORM).status, 504)
        self.at.start("intake")
        self.move(30000)
        self.post("hangup", call, cause="cancel")
        self.assertEqual(self.spans(), [(lost_ms, self.at.now_ms + 1)])
        self.assertEqual(self.fined(), {})

    def test_something_that_makes_no_sense(self):
        """What it meant nobody knows: a gap from there to the next event."""
        call = self.offer()
        self.move(10000)
        lost_ms = self.at.now_ms
        self.post("answer", "", status=422, answeringNumber="801")
        self.move(30000)
        self.post("hangup", call, cause="cancel")
        self.assertEqual(self.spans(), [(lost_ms, self.at.now_ms + 1)])
        self.assertEqual(self.fined(), {})


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + REST)
