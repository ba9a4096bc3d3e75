# SPDX-License-Identifier: MIT
"""A ticket of the year: from its report to its callback, with what comes between in a real year:
late and forgotten jobs, times that were missed, parts that had to be waited for, repairs that did
not last, units that came back, complaints about us."""
from year_time import DAY, HOUR, MINUTE, WINDOW, local, midnight

# what is wrong, what it was, what helped; the first helps more often than the second
FAULTS = {
    "air_conditioner": [("不制冷", "缺氟", "检漏、补焊、加氟"), ("不制冷", "电容坏", "换电容"),
                        ("室内机漏水", "排水管堵", "疏通排水管")],
    "refrigerator": [("不停机", "温控器坏", "换温控器"), ("不制冷", "压缩机不启动", "换启动器"),
                     ("不制冷", "内漏", "开背检漏")],
    "water_heater": [("打不着火", "电池没电", "换电池"), ("打不着火", "水气联动阀坏", "换阀"),
                     ("不加热", "加热管坏", "换加热管")],
    "washing_machine": [("不脱水", "刹车带断", "换刹车带"), ("不进水", "进水阀堵", "清洗进水阀"),
                        ("漏水", "水封老化", "换水封")],
    "television": [("没有图像", "高压包坏", "换高压包"), ("没有彩色", "晶振坏", "换晶振"),
                   ("没有声音", "功放坏", "换功放块")],
    "small_appliance": [("不加热", "熔断器断", "换熔断器"), ("不通电", "插座接触不良", "修插座"),
                        ("控制失灵", "按键板受潮", "换按键板")],
}
MODELS = {
    "air_conditioner": ("KFR-35GW/A", "KFR-26GW", "KFR-50LW", "KFR-72LW/D"),
    "refrigerator": ("BCD-181", "BCD-205", "BCD-239W"),
    "water_heater": ("JSQ16-8", "DSE-50", "SR-150"),
    "washing_machine": ("XPB60", "XQG50-801", "XQB42"),
    "television": ("C21", "C25S", "LC-32"),
    "small_appliance": ("SR-21", "JYD-11", "MB-17A"),
}
INHOUSE = {"air_conditioner": ("wang", "chen", "gao"), "refrigerator": ("yang", "gao", "he"),
           "washing_machine": ("yang", "wu", "he"), "television": ("huang", "xu", "deng"),
           "water_heater": ("chen", "wu", "he"), "small_appliance": ("xu", "deng", "tang")}
OUTLETS = ("dongmen", "ximen", "nanmen", "beimen", "hedong", "hexi")
CLERKS = {"county": ("lin", "zhou"), "river": ("tan", "peng")}
HOTLINE = {"county": "07365550007", "river": "07365550003"}
NAMES = "陈国庆 李桂英 王建军 张秀兰 刘志强 杨小红 周大爷 吴秀英 郑卫东 孙丽 马老师 胡春生".split()
STREETS = "解放路 沿江路 人民路 建设路 渡口街 杨家坪村 石板滩村 学堂巷".split()
INSTITUTIONS = ("县第一小学", "县人民医院", "县政府招待所", "县电信局", "县供电局", "教师进修学校",
                "县邮政局", "沅水宾馆")
GRIEVANCES = (("NOT_ON_TIME", "约好时间没有来人", "已致歉,并说明当日路上耽搁"),
              ("ATTITUDE", "师傅说话难听", "经理已批评教育并电话致歉"),
              ("NOT_ON_TIME", "等了一上午,误了工", "已致歉,责任人按制度处理"),
              ("CHARGE", "收费没有看到标准", "已当面出示收费标准,用户认可"),
              ("WORKMANSHIP", "装得不平,有响声", "已安排返工,用户满意"),
              ("OTHER", "旧件没有留给用户", "旧件已送还用户"))


class Job:
    """One ticket. grievance: what the customer is going to complain about, if anything."""

    def __init__(self, book, number, kind, category, outlet, at_ms, grievance=None):
        self.book, self.n, self.calendar = book, book.numbers, book.calendar
        self.kind, self.category, self.outlet, self.at_ms = kind, category, outlet, at_ms
        self.number, self.grievance, self.done = number, grievance, {}
        self.ref = "%s%02d%05d" % ("i" if kind == "INSTALL" else "c", book.calendar.year % 100,
                                   number)
        self.territory = "river" if outlet else "county"
        self.clerk = CLERKS[self.territory][number % 2]
        self.customer = self.product = None
        self.choose()

    def choose(self, other_than=None):
        """Who is to do it."""
        if self.outlet:
            self.outlet = self.n.one_of([one for one in OUTLETS if one != other_than]) \
                if other_than else self.outlet
            self.who, self.account = self.outlet + "-man", "outlet:" + self.outlet
        else:
            self.who = self.n.one_of([one for one in INHOUSE[self.category] if one != other_than])
            self.account = "person:" + self.who

    def say(self, at_ms, what, by, body, value=None):
        """The same thing twice has a number."""
        self.done[what] = self.done.get(what, 0) + 1
        name = what + (str(self.done[what]) if self.done[what] > 1 else "")
        self.book.say(at_ms, "%s-%s" % (self.ref, name), by, self.territory, body, value or {},
                      ref=self.ref)

    # ---- the front desk ----

    def somebody(self):
        """A new customer and product, an institution that had others, or the product of a repair
        that did not last."""
        n = self.n
        again = self.book.comes_again(self) if self.kind == "COMPLAINT" else None
        if again:
            return again
        product = {"category": self.category, "model": n.one_of(MODELS[self.category]),
                   "serial": "S%d%05d" % (self.calendar.year, self.number)}
        if not self.outlet and n.chance(2):
            which = n.below(len(INSTITUTIONS))
            phone = "1380000%04d" % which
            if self.book.is_free(phone, self.kind, self.category, self.at_ms):
                return {"phone": phone, "name": INSTITUTIONS[which], "city": True,
                        "address": "%s %d 号" % (STREETS[which % 5], 10 + which),
                        "institution": True}, product
        customer = {"phone": "139%08d" % (self.calendar.year % 10 * 10**7 + self.number * 2 +
                                          (self.kind == "INSTALL")),
                    "name": n.one_of(NAMES),
                    "address": "%s %d 号" % (n.one_of(STREETS), n.between(1, 180))}
        customer.update({"distance_m": n.between(6, 32) * 1000} if self.outlet else {"city": True})
        if n.chance(0.4):
            customer["purchases_fen"] = n.between(90, 240) * 10000
        return customer, product

    def report(self, fault):
        self.customer, self.product = self.somebody()
        channel = ("PHONE" if self.n.chance(10) else
                   "COUNTER" if self.n.chance(20) else "MESSAGE")
        body = {"kind": self.kind, "channel": channel, "ref": self.ref, "customer": self.customer,
                "product": self.product}
        if self.kind == "COMPLAINT":
            body.update(complaint_type="REPAIR", symptom=fault[0])
        if channel == "PHONE":
            body["call"] = self.book.call(self.ref, self.territory, self.customer["phone"],
                                          self.at_ms, self.clerk)
        self.book.say(self.at_ms, self.ref, self.clerk, self.territory, "register", body)

    def agree(self, at_ms, soonest_ms, skip=6):
        """A time to come; None: somebody is always at home."""
        begin_ms = self.calendar.window(soonest_ms, self.n.below(skip))
        self.say(at_ms, "book", self.clerk, "book_appointment",
                 {"from_ms": begin_ms, "to_ms": begin_ms + WINDOW, "wish": "CUSTOMER"})
        return begin_ms

    def order(self):
        """The clerk's half hour: order, telephone, a time. (now, begin of the time or None)"""
        n = self.n
        at_ms = self.at_ms + n.between(2, 8) * MINUTE + (35 * MINUTE if n.chance(1) else 0)
        self.say(at_ms, "fill", self.clerk, "fill_order", {"order_no": self.ref})
        self.say(at_ms + MINUTE, "spoke", self.clerk, "contact_customer")
        at_ms += 2 * MINUTE
        year_ms = midnight(self.calendar.days[0])
        if self.grievance == "NOT_ON_TIME" or at_ms < year_ms or not n.chance(6):
            return at_ms, self.agree(at_ms, max(at_ms + 2 * HOUR, year_ms))
        return at_ms, None

    # ---- the job goes out ----

    def dispatch(self, at_ms):
        """Asked, accepted, called. One in a hundred does not answer, fewer have a reason not to."""
        n = self.n
        self.say(at_ms + MINUTE, "assign", self.clerk, "assign", {"account": self.account})
        at_ms += MINUTE
        if n.chance(1):
            at_ms = self.calendar.worked(at_ms, n.between(33, 50) * MINUTE)
            self.ask_another(at_ms)
        elif n.chance(0.5):
            at_ms += n.between(2, 15) * MINUTE
            self.say(at_ms, "reject", self.who, "reject", {"reason": "在外乡镇,当天赶不回"})
            at_ms = self.calendar.worked(at_ms, 5 * MINUTE)
            self.ask_another(at_ms)
        at_ms += n.between(1, 20) * MINUTE
        self.say(at_ms, "accept", self.who, "accept")
        at_ms += n.between(1, 8) * MINUTE + (5 * MINUTE if n.chance(2) else 0)
        self.say(at_ms, "call", self.who, "contact_customer")
        return at_ms

    def ask_another(self, at_ms):
        self.choose(other_than=self.outlet or self.who)
        self.say(at_ms, "assign", self.clerk, "assign", {"account": self.account})

    # ---- at the customer's ----

    def come(self, at_ms, begin_ms):
        """When he is there: in the time agreed, or some hours after it."""
        n = self.n
        if begin_ms is None:
            at_ms = self.calendar.open_at(at_ms + n.between(1, 12) * HOUR)
        elif self.grievance == "NOT_ON_TIME" or n.chance(2):
            at_ms = max(at_ms, begin_ms + WINDOW) + n.between(10, 110) * MINUTE
        else:
            at_ms = max(at_ms + 10 * MINUTE, begin_ms + n.below(WINDOW * 9 // 10))
            if n.chance(1):
                return self.nobody_there(at_ms)
        self.there(at_ms)
        return at_ms

    def nobody_there(self, at_ms):
        self.say(at_ms, "there", self.who, "check_in", {"customer_absent": True})
        at_ms = self.calendar.open_at(at_ms + 30 * MINUTE)
        begin_ms = self.agree(at_ms, at_ms + 4 * HOUR, 4)
        at_ms = begin_ms + self.n.below(WINDOW)
        self.there(at_ms)
        return at_ms

    def there(self, at_ms):
        self.say(at_ms, "there", self.who, "check_in", {"customer_present": True})
        self.book.worked(self.who, self.territory, at_ms)

    def wait(self, at_ms):
        """Parts, the workshop, a customer who has no time: reported, registered, later resumed."""
        n = self.n
        drawn = n.below(100)
        reason = "PARTS" if drawn < 70 else "MAJOR_REPAIR" if drawn < 85 else "CUSTOMER"
        days = {"PARTS": n.between(2, 9) if n.chance(94) else 18, "MAJOR_REPAIR": n.between(2, 6),
                "CUSTOMER": n.between(1, 5)}[reason]
        note = {"PARTS": "等配件", "MAJOR_REPAIR": "拉回修理", "CUSTOMER": "用户另定日期"}[reason]
        at_ms += n.between(20, 40) * MINUTE
        self.say(at_ms, "delay", self.who, "report_delay", {"reason": reason, "note": note})
        noted_ms = self.calendar.worked(at_ms, n.between(4, 25) * MINUTE +
                                        (HOUR if n.chance(4) else 0))
        self.say(noted_ms, "noted", self.clerk, "register_delay", {"note": "已登记并告知用户"})
        at_ms = self.calendar.open_at(max(noted_ms, at_ms + days * DAY) + MINUTE)
        self.say(at_ms, "resume", self.who, "resume", {"note": "可以继续"})
        begin_ms = self.agree(at_ms + MINUTE, at_ms + HOUR, 4)
        at_ms = begin_ms + n.below(WINDOW)
        self.there(at_ms)
        return at_ms

    def finish(self, at_ms, fault, fixed):
        """(result filed, what was paid)"""
        n = self.n
        at_ms += n.between(20, 90) * MINUTE
        self.say(at_ms, "done", self.who, "complete")
        at_ms += n.between(5, 120) * MINUTE + (13 * HOUR if n.chance(1) else 0)
        result = {"fixed": fixed, "labour_fen": 0, "parts_fen": 0, "tariff_fen": 0}
        if self.kind == "COMPLAINT":
            labour_fen = n.between(2, 12) * 500
            result.update(cause=fault[1], remedy=fault[2], labour_fen=labour_fen,
                          tariff_fen=labour_fen, parts_fen=n.between(0, 8) * 700)
        self.say(at_ms, "result", self.who, "file_result", result)
        self.book.finished(self, at_ms)
        return at_ms, result["labour_fen"] + result["parts_fen"]

    # ---- afterwards ----

    def take_back(self, at_ms):
        """The unit had its fault in the first days (8.1, 8.2): one in three is returned."""
        n = self.n
        days = n.between(0, 15)
        option = "RETURN" if days <= 7 and n.chance(50) else "EXCHANGE"
        invoiced = local(self.at_ms - days * DAY).date().isoformat()
        self.say(at_ms + 5 * MINUTE, "check", self.clerk, "check_return", {
            "category": self.category, "price_fen": n.between(40, 420) * 1000,
            "invoiced_on": invoiced, "main_fault": True, "wish": option, "report": "MATCHES",
            "accessories_complete": True, "cause": "PRODUCT"})
        taken = {"taken_in": option, "goes": "FACTORY"}
        if n.chance(15):
            taken["lacks"] = ["包装箱"]
        self.say(at_ms + 15 * MINUTE, "back", self.who, "record_return", taken)

    def call_back(self, at_ms, charged_fen, redo=False):
        n = self.n
        at_ms = self.calendar.open_at(at_ms + n.between(4, 20) * HOUR)
        if not redo and n.chance(5):
            self.say(at_ms, "callback", self.clerk, "record_callback", {"reached": False})
            at_ms = self.calendar.open_at(at_ms + n.between(18, 26) * HOUR)
        answers = {"FIXED": not redo, "ON_TIME": self.grievance != "NOT_ON_TIME",
                   "WORK_CLOTHES": not n.chance(0.5), "ATTITUDE": not n.chance(0.3),
                   "SHOE_COVERS": not n.chance(1)}
        said = [{"question": question, "yes": yes} for question, yes in answers.items()]
        said.append({"question": "CHARGED_FEN",
                     "amount_fen": charged_fen + (2000 if n.chance(0.2) else 0)})
        value = {"reached": True, "answers": said,
                 "satisfaction": 2 if redo or self.grievance else n.between(3, 5)}
        if redo:
            value["redo"] = True
        self.say(at_ms, "callback", self.clerk, "record_callback", value)
        return at_ms

    def again(self, at_ms, fault):
        """It was not repaired: reopened, another day, and what was learnt from it (7.14)."""
        n = self.n
        at_ms += 3 * MINUTE
        self.say(at_ms, "reopen", self.clerk, "reopen", {"reason": "用户称故障仍在"})
        begin_ms = self.agree(at_ms + 2 * MINUTE, at_ms + 3 * HOUR)
        at_ms = self.come(self.dispatch(at_ms + 2 * MINUTE), begin_ms)
        at_ms, charged_fen = self.finish(at_ms, fault, True)
        if not n.chance(20):
            self.say(self.calendar.open_at(at_ms + DAY), "analyse", self.who, "analyse_case",
                     {"note": "初次检查不全,已列入培训案例"})
        return self.call_back(at_ms, charged_fen)

    def whole(self):
        n = self.n
        faults = FAULTS[self.category]
        fault = (faults * 2)[n.below(4)] if self.kind == "COMPLAINT" else None
        fixed = self.kind == "INSTALL" or not n.chance(5)
        self.report(fault)
        at_ms, begin_ms = self.order()
        at_ms = self.come(self.dispatch(at_ms), begin_ms)
        if self.grievance:
            self.book.complain(self, at_ms)
        # nothing waits beyond the year: its repairs are those of the document
        if self.kind == "COMPLAINT" and local(at_ms + 30 * DAY).year == self.calendar.year and \
                n.chance(3):
            at_ms = self.wait(at_ms)
        at_ms, charged_fen = self.finish(at_ms, fault, fixed)
        if fixed and self.kind == "COMPLAINT" and n.chance(0.6):
            self.take_back(at_ms)
        at_ms = self.call_back(at_ms, charged_fen, redo=not fixed)
        if not fixed:
            self.again(at_ms, faults[(faults.index(fault) + 1) % len(faults)])
