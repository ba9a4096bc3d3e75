# SPDX-License-Identifier: MIT
"""A ticket of the example day: what is done about it, and what is expected of it."""
import copy

from day_book import FEN, account, instant, read_signs, some, stamp, window

SECOND, MINUTE = 1000, 60000
AREAS = {"城东", "城西", "漆河", "架桥", "剪市", "凌津滩"}
# What is found and done as a rule: fault, remedy, labour by the tariff in fen.
USUAL = {
    "air_conditioner": ("制冷剂不足", "检漏后补充制冷剂,试机正常", 6000),
    "refrigerator": ("温控器失灵", "更换温控器,试机正常", 5000),
    "washing_machine": ("排水泵堵塞", "清理排水泵,试机正常", 4000),
    "television": ("电源板电容老化", "更换电容,老化试验正常", 4500),
    "water_heater": ("点火针积碳", "清理点火针并检查气路", 5000),
    "small_appliance": ("温控保险烧断", "更换保险,通电正常", 3000),
}
# Clocks of each kind of ticket; a maker's dispatch and delays come on top.
CLOCKS = {
    "install": "order+ dispatch+ accept+ contact+ visit+ result+ callback+",
    "repair": "order+ dispatch+ accept+ contact+ visit+ complaint+ result+ callback+",
    "service": "order+ complaint+ result+ callback+",
    "system": "accept+",
}


class Territory:
    def __init__(self, day, name):
        self.day = day
        self.name = name

    def install(self, *args, **more):
        return self._job("install", "INSTALL", *args, **more)

    def repair(self, *args, **more):
        return self._job("repair", "COMPLAINT", *args, **more)

    def _job(self, sort, kind, ref, at, clerk, name, address, product, words, km=None,
             urgent=False, channel="PHONE", typed=None, key=None):
        """words: the symptom, or what the customer asks for; km: distance if not in the city."""
        category, _, model = product.partition(" ")
        area = address.split(" ")[0]
        customer = {"phone": phone_of(ref), "name": name, "address": address.replace(" ", "", 1)}
        if area in AREAS:
            customer["area"] = area
        if km is None:
            customer["city"] = True
        else:
            customer["distance_m"] = round(km * 1000)
        customer.update(key or {})
        report = {"kind": kind}
        if sort == "repair":
            report["complaint_type"] = "REPAIR"
        if urgent:
            report["urgent"] = True
        report.update(channel=channel, ref=ref, customer=customer,
                      product={"category": category, "model": model}, symptom=words)
        return Ticket(self, sort, ref, at, clerk, report, typed)

    def service(self, ref, at, clerk, about, subject, words, typed=None):
        """A complaint about our service on another ticket."""
        report = {"kind": "COMPLAINT", "complaint_type": "SERVICE", "subject": subject,
                  "channel": "PHONE", "ref": ref, "about_ref": about.ref,
                  "customer": {"phone": about.phone, "name": about.report["customer"]["name"]},
                  "note": words}
        return Ticket(self, "service", ref, at, clerk, report, typed)

    def system(self, ref, at, clerk, words):
        report = {"kind": "SYSTEM", "channel": "COUNTER", "ref": ref, "note": words}
        return Ticket(self, "system", ref, at, clerk, report)


def phone_of(ref):
    """Invented: no network gives out numbers like these."""
    return ("1300000%04d" if ref[0] == "d" else "1300001%04d") % int(ref[1:])


class Ticket:
    def __init__(self, territory, sort, ref, at, clerk, report, typed=None):
        self.day = territory.day
        self.territory = territory
        self.sort = sort
        self.ref = ref
        self.number = ref   # the desk's own order number; of a ticket taken over, the old one
        self.id = None  # known when the day is finished
        self.at = instant(typed or at)
        self.clerk = clerk
        self.report = report
        self.phone = report.get("customer", {}).get("phone")
        self.category = report.get("product", {}).get("category")
        self.asked = []     # accounts in the order of the offers
        self.returned = []  # dispatches for which the job came back to the clerk
        self.rejudged = []  # (instance, verdict before, now, number), in order (tests/rules)
        self.returns = []   # what is decided of an exchange or return, in order (tests/rules)
        self.causes = []    # (clause, account or None) that a return is put before the manager for
        self.caps = []      # delays that reached their cap
        self.verdicts = []
        self.dues = {}      # instance -> due, where a rule is about it (tests/rules)
        self.holdings = {}  # complaint instance -> account -> ms that it ran for (tests/rules)
        self.came = {}      # technician -> where he has checked in and is still at work
        self.day.tickets[ref] = self
        if report["channel"] == "PHONE":
            report["call"] = self.phone_call(self.at)
        self._do("register", at, clerk, "register", report, ref=None, typed=typed)

    def _do(self, what, at, who, body, value, ref="", **more):
        return self.day.send("%s-%s" % (self.ref, what), at, who, body, value,
                             self.territory.name, ref=self.number if ref == "" else ref, **more)

    def phone_call(self, at, what="c", clerk=None):
        """The customer's call; `at` lies a minute and a half into the talk."""
        answered = instant(at) - 87 * SECOND
        call = "%s-%s" % (what, self.ref)
        offered = answered - some(call, 5, 14) * SECOND
        self.day.call(call, self.territory.name, self.phone, offered, instant(at) + 150 * SECOND,
                      agent=clerk or self.clerk, answered=answered)
        return call

    # ---- the front desk ----

    def fill(self, at, **more):
        self._do("fill", at, self.clerk, "fill_order", {"order_no": "0703-" + self.ref}, **more)

    def contact(self, at, who=None, failed=False, **more):
        value = {"failed": True, "note": "无人接听"} if failed else {}
        return self._do("contact", at, who or self.clerk, "contact_customer", value, **more)

    def book(self, at, when, wish="CUSTOMER", who=None, **more):
        return self._do("book", at, who or self.clerk, "book_appointment", _agreed(when, wish),
                        **more)

    def move(self, at, when, wish, who=None, **more):
        return self._do("move", at, who or self.clerk, "move_appointment", _agreed(when, wish),
                        **more)

    def order(self, when, wish="CUSTOMER"):
        """Filled, contacted and booked on the telephone: complete two minutes after the report."""
        self.fill(self.at + some(self.ref + "f", 25, 50) * SECOND)
        self.contact(self.at + some(self.ref + "k", 60, 90) * SECOND)
        self.book(self.at + 2 * MINUTE, when, wish)

    def assign(self, at, to, clerk=None, outcome="APPLIED", reason=None):
        self._do("assign", at, clerk or self.clerk, "assign", {"account": account(to)},
                 outcome=(outcome, reason))

    def urge(self, at, clerk=None):
        self._do("urge", at, clerk or self.clerk, "urge", {"note": "用户催办"})

    def cancel(self, at, why, clerk=None, **more):
        self._do("cancel", at, clerk or self.clerk, "cancel", {"reason": why}, **more)

    def reopen(self, at, why, clerk=None):
        self._do("reopen", at, clerk or self.clerk, "reopen", {"reason": why})

    def transfer(self, at, to, takes_over, why="地址属于该区域", clerk=None):
        """The job goes on in another territory; takes_over: its clerk. Returns the ticket there."""
        line = self._do("transfer", at, clerk or self.clerk, "transfer",
                        {"territory": to, "reason": why})
        there = copy.copy(self)
        there.ref, there.clerk, there.at = self.ref + "~", takes_over, instant(at)
        there.territory = Territory(self.day, to)
        there.verdicts, there.dues, there.came, there.asked = [], {}, {}, []
        there.returned, there.caps, there.causes, there.returns = [], [], [], []
        line.taken_over_by = self.day.tickets[there.ref] = there
        return there

    def answer(self, at, words, clerk=None, **more):
        self._do("answer", at, clerk or self.clerk, "answer_complaint",
                 {"channel": "PHONE", "text": words}, **more)

    def make_urgent(self, at, why, clerk=None):
        self._do("urgent", at, clerk or self.clerk, "set_urgency", {"urgent": True, "reason": why})

    def correct_address(self, at, address, km, clerk=None, **more):
        self._do("address", at, clerk or self.clerk, "correct_address",
                 {"address": address, "distance_m": round(km * 1000)}, **more)

    def register_delay(self, at, clerk=None, **more):
        self._do("delay-noted", at, clerk or self.clerk, "register_delay",
                 {"note": "已登记并告知用户"}, **more)

    def callback(self, at, clerk=None, reached=True, satisfaction=5, redo=False,
                 outcome="APPLIED", reason=None, typed=None, sent=None, **answers):
        """answers: question=True, False or an amount in fen; a content customer if none."""
        value = {"reached": reached}
        if reached:
            answers = answers or {"fixed": True, "on_time": True, "attitude": True}
            value["answers"] = [_answer(question, said) for question, said in answers.items()]
            value["satisfaction"] = satisfaction
        if redo:
            value["redo"] = True
        self._do("callback", at, clerk or self.clerk, "record_callback", value,
                 outcome=(outcome, reason), typed=typed, sent=sent)

    # ---- the technician ----

    def accept(self, at, who, outcome="APPLIED", reason=None, **more):
        return self._do("accept", at, who, "accept", {}, outcome=outcome and (outcome, reason),
                        **more)

    def reject(self, at, who, why):
        self._do("reject", at, who, "reject", {"reason": why}, outcome="APPLIED")

    def check_in(self, at, who, present=False, absent=False, **more):
        value = {"latitude": 28.9 + some(self.ref, 0, 99) / 1000,
                 "longitude": 111.4 + some(self.ref + "l", 0, 99) / 1000}
        if present:
            value["customer_present"] = True
        if absent:
            value["customer_absent"] = True
        line = self._do("check-in", at, who, "check_in", value, **more)
        if not absent:
            self.came[who] = self.day.judged_ms(line)
            self.day.work.append((who, self.day.judged_ms(line), None, self.ref))
        return line

    def delay(self, at, who, reason, note):
        self._do("delay", at, who, "report_delay", {"reason": reason, "note": note})
        if who in self.came:
            self._leaves(who, instant(at))

    def resume(self, at, who):
        self._do("resume", at, who, "resume", {"note": "可以继续"})

    def complete(self, at, who, **more):
        line = self._do("complete", at, who, "complete", {}, **more)
        self._leaves(who, self.day.judged_ms(line))
        return line

    def leave(self, at, who):
        """He goes without being done and says nothing: no command, only the day's possibility."""
        self._leaves(who, instant(at))

    def _leaves(self, who, ms):
        begin = self.came.pop(who, None)
        self.day.work.append((who, ms if begin is None else begin, begin and ms, self.ref))

    def file(self, at, who, labour=None, parts=0, ref=None, **more):
        if self.sort == "system":
            value = {"fixed": True, "note": "已办理"}
        elif self.sort == "service":
            value = {"fixed": True, "note": "已向用户答复"}
        elif self.sort == "install":
            value = {"fixed": True, "remedy": "按规范安装调试,讲解使用", "labour_fen": 0,
                     "parts_fen": parts, "tariff_fen": 0}
        else:
            cause, remedy, tariff = USUAL[self.category]
            value = {"fixed": True, "cause": cause, "remedy": remedy,
                     "labour_fen": tariff if labour is None else labour, "parts_fen": parts,
                     "tariff_fen": tariff}
        return self._do("result", at, who, "file_result", value, ref=ref or self.number, **more)

    def done(self, who, accept=None, contact=None, check_in=None, complete=None, file=None,
             callback=None, clerk=None):
        """The usual steps, as far as a time is given for them."""
        if accept:
            self.accept(accept, who)
        if contact:
            self.contact(contact, who)
        if check_in:
            self.check_in(check_in, who)
        if complete:
            self.complete(complete, who)
        if file:
            self.file(file, who)
        if callback:
            self.callback(callback, clerk)

    # ---- what is expected ----

    def offers(self, *names):
        self.asked = [account(name) for name in names]

    def judged(self, signs):
        self.verdicts = read_signs(signs)

    def all_kept(self, more=""):
        self.judged(CLOCKS[self.sort] + " " + more)

    def fine(self, clause, whose, cause, due, actual=None, reason="FINAL_BREACH"):
        """actual: when it was done after all, if that was known before the verdict was final."""
        self.day.entry(clause, whose, "{%s}/%s" % (self.ref, cause), "{%s}" % self.ref,
                       FEN[clause], due, actual, reason)


def _agreed(when, wish):
    begin, end = window(when)
    return {"from_ms": stamp(begin), "to_ms": stamp(end), "wish": wish}


def _answer(question, said):
    if question == "charged_fen":
        return {"question": "CHARGED_FEN", "amount_fen": said}
    return {"question": question.upper(), "yes": said}
