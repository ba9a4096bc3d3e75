# SPDX-License-Identifier: MIT
"""The river townships, where a clerk dispatches: Tan in the morning, Peng in the afternoon. Far
addresses, outlets, bands that run because no time could be agreed, and clauses on outlets."""
from day_book import OUTLETS, instant, some, window
from day_ticket import MINUTE, SECOND


def before_we_opened(river):
    """Two reports on the answering machine. The ordinary one starts at eight: on site on Saturday
    at 07:20 is within 48 hours. The urgent one never waits: 24 hours from 06:50."""
    t = river.repair("r001", "06:40:00", "tan", "向老汉", "近河 杨家坪村 二组", "television C21",
                     "没有彩色", km=9, channel="MESSAGE", typed="08:03:00")
    t.fill("08:05:00")
    t.contact("08:09:00")                        # no time agreed: somebody is always in
    t.assign("08:10:30", "ma")
    t.done("ma", accept="08:20:00", contact="08:26:00", check_in="03-03 07:20",
           complete="03-03 07:50", file="03-03 07:58", callback="03-05 09:00")
    t.offers("ma")
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")
    t = river.repair("r002", "06:50:00", "tan", "覃大姐", "近河 石板滩村 卫生室",
                     "washing_machine XPB60", "外壳漏电,手麻", km=15, urgent=True,
                     channel="MESSAGE", typed="08:06:00")
    t.fill("08:07:00")
    t.contact("08:08:10")
    t.book("08:09:20", "16:00-18:00", wish="COMPANY")
    t.assign("08:11:00", "ma")
    t.done("ma", accept="08:22:00", contact="08:28:00", check_in="16:30")
    t.leave("17:00", "ma")
    t.done("ma", check_in="03-02 07:05", complete="03-02 07:30", file="03-02 07:45",
           callback="03-03 09:00")
    t.offers("ma")
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint- result+ callback+")
    t.fine("7.3", "ma", "complaint#1", due="03-02 06:50:00", actual="03-02 07:30")


def dispatched_late_to_a_fast_clock(river):
    """Tan needs 45 minutes to dispatch. Zeng's phone is six minutes ahead, more than is believed:
    what it says is judged when it arrives, so his check-in at "16:03" is in time at 15:57."""
    t = river.repair("r004", "08:18:00", "tan", "田桂花", "剪市 街上 供销社旁", "water_heater DSZF-40",
                     "不出热水", km=29)
    t.order("14:00-16:00")
    t.assign("09:05:00", "jianshi")              # due 08:50
    zeng = "jianshi-zeng"
    for step, at, sent in ((t.accept, "09:21:00", "09:15:00"), (t.contact, "09:27:00", "09:21:00"),
                           (t.check_in, "16:03:00", "15:57:00"),
                           (t.complete, "16:41:00", "16:35:00"), (t.file, "16:50:00", "16:44:00")):
        step(at, zeng, sent=sent)
    t.callback("03-02 09:10")
    t.offers("jianshi")
    t.judged("order+ dispatch- accept+ contact+ visit+ complaint+ result+ callback+")


def twenty_kilometres(river):
    """Exactly 20 km is near, one metre more is far. On Saturday morning Sun is two hours late for
    the one and a day early for the other."""
    t = river.repair("r006", "08:50:00", "tan", "邹家大院", "近河 黄石村 八组", "refrigerator BCD-215",
                     "结冰严重", km=20)
    t.fill("08:50:40")
    t.contact("08:51:10")
    t.assign("08:54:00", "sun")
    t.done("sun", accept="09:01:00", contact="09:07:00", check_in="03-03 10:20",
           complete="03-03 10:50", file="03-03 11:00", callback="03-05 09:05")
    t.offers("sun")
    t.judged("order- accept+ contact+ visit- complaint+ result+ callback+")
    t = river.repair("r007", "08:56:00", "tan", "龚家铺子", "远河 黄石村 九组",
                     "air_conditioner KFR-25GW", "不制热", km=20.001)
    t.fill("08:56:40")
    t.contact("08:57:10")
    t.assign("09:00:00", "sun")
    t.done("sun", accept="09:05:00", contact="09:13:00", check_in="03-03 11:10",
           complete="03-03 11:50", file="03-03 11:58", callback="03-05 09:10")
    t.offers("sun")
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")


def cancelled_but_typed_later(river):
    """Cancelled at 09:27, typed at 09:47, and the dispatch was due 09:34: withdrawn."""
    t = river.repair("r008", "09:02:00", "tan", "卢师母", "架桥 老街 41 号", "television C25",
                     "遥控失灵", km=12)
    t.order("03-02 09:00-11:00")
    t.cancel("09:27:00", "遥控器电池装反,已自行解决", typed="09:47:00")
    t.callback("03-02 15:00", "peng")
    t.judged("order+ dispatchx~ visitx complaintx callback+")


def near_and_quick(river):
    """No time agreed, on site within the morning. The family writes a letter of praise."""
    t = river.repair("r009", "09:08:00", "tan", "钟老师", "近河 枫树岗小学", "television C29", "无伴音",
                     km=11)
    t.fill("09:09:00")
    t.contact("09:09:40")
    t.assign("09:11:00", "ma")
    t.done("ma", accept="09:20:00", contact="09:26:00", check_in="10:40", complete="11:20",
           file="11:30", callback="03-02 09:20")
    t.offers("ma")
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")


def far_and_late(river):
    """38 km: 72 hours end on Sunday at 09:20, Zeng comes on Monday. An install, so only a table."""
    t = river.install("r010", "09:20:00", "tan", "莫家四兄弟", "剪市 两河口村", "water_heater DSZF-80",
                      "电热水器安装", km=38)
    t.fill("09:21:00")
    t.contact("09:21:50")
    t.assign("09:24:00", "jianshi")
    t.accept("09:38:00", "jianshi-zeng", sent="09:32:00")
    t.contact("09:44:00", "jianshi-zeng", sent="09:38:00")
    t.done("jianshi-zeng", check_in="03-05 09:30", complete="03-05 10:40", file="03-05 10:50",
           callback="03-06 09:00")
    t.offers("jianshi")
    t.judged("order- accept+ contact+ visit- result+ callback+")


def the_wall_is_not_ready(river):
    """The customer has no date yet: the band of 72 hours stands still from Thursday 11:00 to Monday
    09:00, 94 hours, and ends on Thursday the 8th at 07:40. Hu comes the day before."""
    t = river.install("r011", "09:40:00", "tan", "覃建国", "凌津滩 码头 7 号",
                      "air_conditioner KFR-35GW", "新房未粉刷,装空调", km=42)
    t.fill("09:41:00")
    t.contact("09:42:00")
    t.assign("09:43:30", "lingjintan")
    t.done("lingjintan-hu", accept="09:55:00", contact="10:02:00")
    t.delay("11:00:00", "lingjintan-hu", "CUSTOMER", "墙面未干,用户另定日期")
    t.register_delay("11:06:00")
    t.resume("03-05 09:00:00", "lingjintan-hu")
    t.done("lingjintan-hu", check_in="03-07 10:00", complete="03-07 12:00", file="03-07 12:30",
           callback="03-08 09:30")
    t.offers("lingjintan")
    t.judged("order- accept+ contact+ visit+ delay+ result+ callback+")


def farther_than_he_said(river):
    """12 km become 31 on Friday, before the 48 hours are over: 72 from the same start."""
    t = river.repair("r012", "09:50:00", "tan", "瞿三姑", "近河 沙坪村", "washing_machine XPB65",
                     "波轮不转", km=12)
    t.fill("09:50:40")
    t.contact("09:51:20")
    t.assign("09:54:00", "ma")
    t.done("ma", accept="10:00:00", contact="10:08:00")
    t.correct_address("03-02 15:00", "沙坪村大山片 十二组", 31, clerk="peng")
    t.done("ma", check_in="03-03 14:00", complete="03-03 14:40", file="03-03 14:50",
           callback="03-05 09:30")
    t.offers("ma")
    t.judged("order- accept+ contact+ visit+ complaint+ result+ callback+")


def outlet_lets_it_lapse(river):
    """The clerk's choice lapses like any other: offered to the next by itself, 7.1 on the outlet."""
    t = river.repair("r013", "10:00:00", "tan", "文昌宫茶馆", "漆河 正街 3 号",
                     "air_conditioner KFR-72LW", "柜机不制冷", km=8)
    t.order("03-02 09:00-11:00")
    t.assign("10:03:00", "qihe")                 # until 10:33
    t.done("sun", accept="10:44:00", contact="10:50:00", check_in="03-02 09:30",
           complete="03-02 10:10", file="03-02 10:20", callback="03-03 09:20")
    t.offers("qihe", "sun")
    t.judged("order+ dispatch+ accept- accept#2+ contact#2+ visit+ complaint+ result+ callback+")
    t.fine("7.1", "qihe", "dispatch#1", due="10:33:00")


def his_call_accepts(river):
    """Deng never presses "accept", but he calls the customer: that proves it."""
    t = river.repair("r014", "10:08:00", "tan", "熊婆婆", "漆河 双溪口村", "refrigerator BCD-170",
                     "压缩机不启动", km=6)
    t.order("16:00-18:00")
    t.assign("10:11:00", "qihe")
    t.done("qihe-deng", contact="10:20:00", check_in="16:20", complete="17:00", file="17:10",
           callback="03-02 09:40")
    t.offers("qihe")
    t.all_kept()


def sunday_in_the_hills(river):
    """On site on Sunday at nine, heard of at six in the evening; the 72 hours ended at 10:14."""
    t = river.install("r015", "10:14:00", "tan", "李支书", "凌津滩 云盘山村", "air_conditioner KFR-46LW",
                      "村部安装空调", km=36, key={"institution": True})
    t.fill("10:15:00")
    t.contact("10:16:00")
    t.assign("10:17:30", "lingjintan")
    hu = "lingjintan-hu"
    t.done(hu, accept="10:25:00", contact="10:31:00")
    t.check_in("03-04 09:00", hu, sent="03-04 18:00:00")
    t.complete("03-04 11:30", hu, sent="03-04 18:00:20")
    t.done(hu, file="03-04 18:30", callback="03-05 15:00", clerk="peng")
    t.offers("lingjintan")
    t.judged("order- accept+ contact+ visit+~ result+ callback+")


def major_repair_capped(river):
    """A major repair stops the clock for seven days at most. 5:05 h were used before, so 66:55 h
    later, on Sunday the 11th at 10:25, the complaint is due; nobody said that the wait was over."""
    t = river.repair("r016", "10:25:00", "tan", "车溪饭店", "近河 车溪村 公路边", "refrigerator SC-320",
                     "冷柜不冷,疑压缩机", km=25, key={"purchases_fen": 2150000})
    t.order("14:30-16:30")
    t.assign("10:28:00", "sun")
    t.done("sun", accept="10:40:00", contact="10:46:00", check_in="15:00")
    t.delay("15:30:00", "sun", "MAJOR_REPAIR", "压缩机拉回更换")
    t.register_delay("15:41:00", "peng")
    t.done("sun", check_in="03-12 08:50", complete="03-12 09:30", file="03-12 09:50",
           callback="03-13 09:00")
    t.offers("sun")
    t.caps = [1]
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint- delay+ result+ callback+")
    t.fine("7.3", "sun", "complaint#1", due="03-11 10:25:00")


def result_left_lying(river):
    """Luo is done at 16:00 and files at ten next morning: 7.4 on his outlet."""
    t = river.repair("r017", "10:40:00", "tan", "印师傅", "架桥 新街 18 号", "television C29SK",
                     "开机即保护", km=8)
    t.order("14:00-16:00")
    t.assign("10:43:00", "jiaqiao")
    t.done("jiaqiao-luo", accept="10:52:00", contact="10:58:00", check_in="14:30",
           complete="16:00:00", file="03-02 10:00", callback="03-03 09:30")
    t.offers("jiaqiao")
    t.judged("order+ dispatch+ accept+ contact+ visit+ complaint+ result- callback+")
    t.fine("7.4", "jiaqiao", "completion#1", due="03-02 04:00:00", actual="03-02 10:00")


def proposal_rejected(river):
    """Handed to the outlet on Saturday afternoon, due on Sunday 11:10: the manager is asked and
    says no, the part came only on Monday."""
    t = river.repair("r018", "11:10:00", "tan", "邱幺妹", "架桥 邱家湾", "small_appliance WP700",
                     "微波炉打火", km=10)
    t.order("03-02 14:00-16:00")
    t.assign("11:13:00", "ma")
    t.done("ma", accept="11:22:00", contact="11:28:00", check_in="03-02 14:30")
    t.leave("03-02 14:50", "ma")
    t.assign("03-03 17:00", "jiaqiao", clerk="peng")
    t.done("jiaqiao-luo", accept="03-03 17:10", contact="03-03 17:16", check_in="03-05 09:10",
           complete="03-05 09:50", file="03-05 10:00", callback="03-06 09:30")
    t.offers("ma", "jiaqiao")
    t.judged("order+ dispatch+ accept+ accept#2+ contact+ contact#2+ visit+ complaint- result+ "
             "callback+")
    key = "{r018}/complaint#1"
    river.day.propose("7.3", "jiaqiao", key)
    river.day.manager("m-reject-7.3", "03-06 09:10", "reject_proposal",
                      {"proposal": "7.3/outlet:jiaqiao/" + key, "reason": "磁控管周一才到货"}, "river")


def slips_of_the_hand(river):
    """What a clerk cannot assign: nobody's account, and somebody of the other territory."""
    t = river.install("r020", "11:30:00", "tan", "包家兄弟", "架桥 水井边", "television P42",
                      "平板电视挂装", km=7)
    t.order("03-02 09:00-11:00")
    t.assign("11:33:00", "person:nobody", outcome="REFUSED", reason="UNKNOWN_ACCOUNT")
    t.assign("11:34:00", "wang", outcome="REFUSED", reason="OTHER_TERRITORY")
    t.assign("11:36:00", "jiaqiao")
    t.done("jiaqiao-luo", accept="11:44:00", contact="11:50:00", check_in="03-02 09:10",
           complete="03-02 09:50", file="03-02 10:05", callback="03-03 09:40")
    t.offers("jiaqiao")
    t.all_kept()


def there_although_delayed(river):
    """The key was lost, so the band stands still; Deng goes there anyway: closed while paused."""
    t = river.install("r024", "14:40:00", "peng", "陶家新屋", "漆河 牛头坡村", "air_conditioner KFR-32GW",
                      "空调安装", km=33)
    t.fill("14:41:00")
    t.contact("14:42:00")
    t.assign("14:44:00", "qihe")
    t.done("qihe-deng", accept="14:55:00", contact="15:01:00")
    t.delay("03-02 09:00", "qihe-deng", "CUSTOMER", "用户钥匙丢失,改期")
    t.register_delay("03-02 09:12", "tan")
    t.done("qihe-deng", check_in="03-03 10:00", complete="03-03 11:30", file="03-03 11:40",
           callback="03-05 10:00", clerk="tan")
    t.offers("qihe")
    t.judged("order- accept+ contact+ visit= delay+ result+ callback+")


def taken_over_and_missed(river):
    """Sun is ill, the outlet takes over his time with the job and misses it: 7.6 is the outlet's."""
    t = river.repair("r027", "15:30:00", "peng", "汪家豆腐坊", "漆河 正街 59 号",
                     "air_conditioner KFR-50LW", "外机不转", km=8)
    t.order("03-02 14:00-16:00")
    t.assign("15:33:00", "sun")
    t.done("sun", accept="15:40:00", contact="15:46:00")
    t.assign("03-02 09:00", "qihe", clerk="tan")
    t.done("qihe-deng", accept="03-02 09:10", contact="03-02 09:16")
    k = river.service("q2", "03-02 16:20:00", "peng", t, "NOT_ON_TIME", "两点等到四点没人来")
    k.fill("03-02 16:20:30")
    k.contact("03-02 16:20:40")
    k.answer("03-02 17:00", "网点师傅已在路上,向用户致歉")
    k.file("03-02 17:05", "peng")
    k.callback("03-03 11:00", "tan")
    k.all_kept()
    t.done("qihe-deng", check_in="03-02 17:10", complete="03-02 17:50", file="03-02 18:00",
           callback="03-03 10:00", clerk="tan")
    t.offers("sun", "qihe")
    t.judged("order+ dispatch+ accept+ accept#2+ contact+ contact#2+ visit- complaint+ result+ "
             "callback+")
    t.fine("7.6", "qihe", "visit#1", due="03-02 16:00:00", actual="03-02 17:10",
           reason="NOT_ON_TIME_AND_COMPLAINT")


def answered_but_not_filed(river, about):
    """Peng answers a complaint at 17:20 and goes home; it is filed next morning: 7.4 is hers."""
    k = river.service("q1", "16:45:00", "peng", about, "CHARGE", "修洗衣机收费没有票据")
    k.fill("16:46:00")
    k.contact("16:46:30")
    k.answer("17:20:00", "费用按标准收取,票据明日补寄")
    k.file("03-02 09:00", "tan")
    k.callback("03-03 09:50", "tan")
    k.judged("order+ complaint+ result- callback+")
    k.fine("7.4", "peng", "completion#1", due="03-02 05:20:00", actual="03-02 09:00")


def internal_work(river):
    t = river.system("s3", "11:45:00", "tan", "乡镇巡回服务点布置")
    t.assign("11:46:00", "ma")
    t.done("ma", accept="11:50:00", complete="03-02 08:40", file="03-02 08:45")
    t.offers("ma")
    t.all_kept()


# Eleven that go as they should: order, report, customer, product, who goes there, agreed window,
# minutes after its beginning, minutes of work, callback.
ORDINARY = [
    ("r003", "08:12:00", "repair", "卜家客栈", "凌津滩 渡口 2 号", 24, "air_conditioner KFR-26GW",
     "制冷弱", "lingjintan", "14:00-16:00", 20, 45, "03-02 08:40"),
    ("r005", "08:24:00", "repair", "万寿堂", "漆河 正街 27 号", 6, "washing_machine XPB58",
     "漏水", "qihe", "14:00-16:00", 40, 40, "03-02 08:50"),
    ("r019", "11:20:00", "repair", "丁家屋场", "剪市 竹园村", 27, "refrigerator BCD-186",
     "冷冻室不冷", "qihe", "03-02 10:00-12:00", 30, 50, "03-03 08:40"),
    ("r021", "14:06:00", "install", "杜秋香", "漆河 花园路 4 号", 7, "air_conditioner KFR-35GW",
     "挂机安装", "qihe", "03-02 13:00-15:00", 30, 90, "03-03 08:50"),
    ("r022", "14:15:00", "repair", "鲁木匠", "近河 楠木坪村", 13, "washing_machine XPB70",
     "甩干桶不转", "ma", "03-02 10:00-12:00", 20, 40, "03-03 10:10"),
    ("r023", "14:25:00", "repair", "滩头小店", "凌津滩 上街 11 号", 26, "television C21",
     "图像偏色", "lingjintan", "03-02 10:00-12:00", 10, 50, "03-03 10:20"),
    ("r025", "14:55:00", "install", "卫生院", "凌津滩 下街 1 号", 30, "water_heater DSZF-100",
     "热水器安装", "lingjintan", "03-02 14:00-16:00", 30, 70, "03-03 10:30"),
    ("r026", "15:10:00", "repair", "易老师", "架桥 中学宿舍", 9, "small_appliance DCL18",
     "电磁炉不加热", "jiaqiao", "03-02 14:00-16:00", 20, 30, "03-03 10:40"),
    ("r028", "16:00:00", "repair", "舒家面馆", "近河 三汊港", 11, "air_conditioner KFR-60LW",
     "滴水", "sun", "03-02 15:00-17:00", 20, 40, "03-03 10:50"),
    ("r029", "16:30:00", "install", "阳光发廊", "架桥 新街 6 号", 8, "television LT32",
     "挂墙安装", "jiaqiao", "03-03 09:00-11:00", 20, 50, "03-05 09:40"),
    ("r030", "17:00:00", "repair", "贺家肉铺", "漆河 菜市场", 5, "refrigerator BCD-208",
     "噪音大", "qihe", "03-03 14:00-16:00", 10, 40, "03-05 09:50"),
]


def ordinary(river, row):
    ref, at, sort, name, address, km, product, words, to, when, after, minutes, callback = row
    who = OUTLETS.get(to, to)
    clerk = "tan" if instant(at) < instant("12:00") else "peng"
    t = getattr(river, sort)(ref, at, clerk, name, address, product, words, km=km)
    t.order(when)
    asked = t.at + 210 * SECOND
    t.assign(asked, to)
    accepted = asked + some(ref + "a", 300, 840) * SECOND
    came = window(when)[0] + after * MINUTE
    done = came + minutes * MINUTE
    t.done(who, accept=accepted, contact=accepted + some(ref + "c", 120, 480) * SECOND,
           check_in=came, complete=done, file=done + some(ref + "f", 4, 12) * MINUTE,
           callback=callback, clerk="tan")
    t.offers(to)
    t.all_kept()
    return t


def tell(river):
    told = {row[0]: ordinary(river, row) for row in ORDINARY}
    before_we_opened(river)
    dispatched_late_to_a_fast_clock(river)
    twenty_kilometres(river)
    cancelled_but_typed_later(river)
    near_and_quick(river)
    far_and_late(river)
    the_wall_is_not_ready(river)
    farther_than_he_said(river)
    outlet_lets_it_lapse(river)
    his_call_accepts(river)
    sunday_in_the_hills(river)
    major_repair_capped(river)
    result_left_lying(river)
    proposal_rejected(river)
    slips_of_the_hand(river)
    there_although_delayed(river)
    taken_over_and_missed(river)
    answered_but_not_filed(river, told["r005"])
    internal_work(river)
