# SPDX-License-Identifier: MIT
"""The county's visits: bands, windows, who moved what and when, and clause 7.6.

While nothing is agreed a customer in the city is visited within 24 hours of the report, up to 20 km
out within 48 and beyond that within 72 (the river townships show those); an agreed time replaces
the band. A missed time costs nothing by itself, only together with a complaint about it."""


def any_time_today(county):
    """No time was agreed ("somebody is always in"): the order is late for that, the visit is not.
    Yang writes the result at 20:30 without a signal, it arrives next morning: due was 03:00."""
    t = county.repair("d019", "09:10:00", "lin", "唐少华", "城西 渔父路 66 号",
                      "washing_machine XQB42-1", "不进水", channel="MESSAGE")
    t.fill("09:11:00")
    t.contact("09:12:30")
    t.assign("09:14:00", "yang")
    t.done("yang", accept="09:22:00", contact="09:27:00", check_in="14:20", complete="15:00")
    t.file("20:30:00", "yang", sent="03-02 08:10:00")
    t.callback("03-02 10:20")
    t.offers("yang")
    t.judged("order- accept+ contact+ visit+ complaint+ result+~ callback+")


def nobody_reached_for_a_day(county):
    """A written report, nobody answers the telephone until the band of 24 hours is over: the time
    agreed seventeen minutes later opens a second visit, the first stays broken."""
    t = county.repair("d020", "09:15:00", "lin", "邓国华", "城东 东门巷 3 号",
                      "small_appliance WD800", "微波炉不加热", channel="MESSAGE")
    t.fill("09:18:00")
    for at in ("09:25:00", "10:45:00", "16:30:00"):
        t.contact(at, failed=True)
    t.contact("03-02 09:30:00")
    t.book("03-02 09:32:00", "03-02 15:00-17:00")
    t.done("xu", accept="03-02 09:45", contact="03-02 09:50", check_in="03-02 15:40",
           complete="03-02 16:10", file="03-02 16:20", callback="03-03 09:20")
    t.offers("xu")
    t.judged("order- dispatch+ accept+ contact+ visit- visit#2+ complaint+ result+ callback+")


def moved_in_the_last_millisecond(county):
    """The customer moves a window of 14-16 at 16:00:00.000: that still counts."""
    t = county.repair("d014", "08:35:20", "zhou", "胡志平", "近郊 青林乡 三组", "television C29",
                      "自动关机", km=14)
    t.order("14:00-16:00")
    t.done("huang", accept="08:49:00", contact="08:55:00")
    t.phone_call("16:00:00", "c2")
    t.move("16:00:00.000", "03-02 14:00-16:00", "CUSTOMER")
    t.done("huang", check_in="03-02 14:25", complete="03-02 15:05", file="03-02 15:20",
           callback="03-03 09:25")
    t.offers("huang")
    t.all_kept()


def moved_a_millisecond_late(county):
    """The same at 16:00:00.001: written down, but the old time stays broken and the new one is a
    visit of its own. Nobody complains, so nobody pays."""
    t = county.repair("d024", "09:35:00", "lin", "谢国平", "城西 西街 47 号 1 单元 201",
                      "small_appliance FS40", "电风扇摇头失灵")
    t.order("14:00-16:00")
    t.done("xu", accept="09:44:00", contact="09:52:00")
    t.phone_call("16:00:00", "c2")
    t.move("16:00:00.001", "03-02 09:00-11:00", "CUSTOMER")
    t.done("xu", check_in="03-02 09:20", complete="03-02 09:50", file="03-02 10:00",
           callback="03-03 09:30")
    t.offers("xu")
    t.judged("order+ dispatch+ accept+ contact+ visit- visit#2+ complaint+ result+ callback+")


def moved_by_us_in_time(county):
    """We may move a window until it begins: at 08:30 for one that begins at nine."""
    t = county.install("d041", "16:10:00", "lin", "韩雪梅", "近郊 青林乡 桃源组",
                       "water_heater DSZF-60", "电热水器安装", km=9.5)
    t.order("03-02 09:00-11:00")
    t.done("wu", accept="16:20:00", contact="16:26:00")
    t.move("03-02 08:30", "03-02 15:00-17:00", "COMPANY", who="zhou")
    t.done("wu", check_in="03-02 15:30", complete="03-02 16:20", file="03-02 16:30",
           callback="03-03 09:35")
    t.offers("wu")
    t.all_kept()


def moved_by_us_too_late(county):
    """Wu is stuck elsewhere and moves a window that has begun: the old time stays broken. The
    complaint comes next day, after that verdict is final: 7.6 for the latest broken time before it.
    """
    t = county.install("d010", "08:26:00", "lin", "冯玉珍", "近郊 木塘垸乡 五组",
                       "water_heater JSQ20-E", "燃气热水器安装", km=8)
    t.order("09:30-11:30")
    t.done("wu", accept="08:44:00", contact="08:50:00")
    t.move("10:10:00", "16:00-18:00", "COMPANY", who="wu")
    t.done("wu", check_in="16:40", complete="17:25", file="17:40", callback="03-02 16:20")
    t.offers("wu")
    t.judged("order+ dispatch+ accept+ contact+ visit- visit#2+ result+ callback+")
    k = county.service("k5", "03-02 14:20:00", "lin", t, "NOT_ON_TIME",
                       "说好上午来,等到下午四点多,要求给个说法")
    k.fill("03-02 14:20:30")
    k.contact("03-02 14:20:40")
    k.answer("03-02 15:00", "已当面致歉,经理将按制度处理")
    k.file("03-02 15:05", "lin")
    k.callback("03-03 10:10")
    k.all_kept()
    t.fine("7.6", "wu", "visit#1", due="11:30:00", reason="NOT_ON_TIME_AND_COMPLAINT")


def late_and_complained_at_once(county):
    """Yang comes at 17:20 for a window of 14-16; the complaint at 16:35 is there before anything is
    final: 7.6 all the same."""
    t = county.repair("d016", "08:45:00", "zhou", "郑秋菊", "城东 解放路 77 号 2 单元 401",
                      "refrigerator BCD-186", "冷藏室不制冷")
    t.order("14:00-16:00")
    t.done("yang", accept="08:58:00", contact="09:04:00")
    k = county.service("k2", "16:35:00", "zhou", t, "NOT_ON_TIME", "约好两点到四点,现在还没人来")
    k.fill("16:35:20")
    k.contact("16:35:30")
    k.answer("17:40:00", "技术员已上门,向用户致歉")
    k.file("17:45:00", "zhou")
    k.callback("03-02 10:05")
    k.all_kept()
    t.done("yang", check_in="17:20:00", complete="17:50", file="18:05", callback="03-02 10:30")
    t.offers("yang")
    t.judged("order+ dispatch+ accept+ contact+ visit- complaint+ result+ callback+")
    t.fine("7.6", "yang", "visit#1", due="16:00:00", actual="17:20:00",
           reason="NOT_ON_TIME_AND_COMPLAINT")


def complaint_against_a_kept_time(county):
    """Huang was there in time, his phone was not: the breach is withdrawn, and the husband's
    complaint that nobody came costs nobody anything."""
    t = county.repair("d012", "08:30:20", "zhou", "曹爱莲", "近郊 木塘垸乡 九组", "television C25",
                      "雪花大,收不到台", km=9)
    t.order("10:00-12:00")
    t.done("huang", accept="08:48:00", contact="08:53:00")
    t.check_in("11:20:00", "huang", sent="15:40:00")
    t.complete("11:50:00", "huang", sent="15:40:20")
    k = county.service("k1", "14:11:00", "lin", t, "NOT_ON_TIME", "丈夫来电:上午没有人来过")
    k.fill("14:11:30")
    k.contact("14:11:40")
    k.answer("16:00:00", "技术员 11:20 已上门修好,由用户妻子签字")
    k.file("16:05:00", "lin")
    k.callback("03-02 09:30")
    k.all_kept()
    t.done("huang", file="15:45:00", callback="03-02 09:40")
    t.offers("huang")
    t.judged("order+ dispatch+ accept+ contact+ visit+~ complaint+ result+ callback+")


def nobody_at_home(county):
    """Inside the window, but the customer is out: kept. The new time is a new visit."""
    t = county.install("d013", "08:31:00", "lin", "彭永红", "城东 沿江路 2 号 3 栋 502",
                       "washing_machine XQB55", "波轮洗衣机安装")
    t.order("03-02 10:00-12:00")
    t.done("wu", accept="08:46:00", contact="08:52:00")
    t.check_in("03-02 10:20", "wu", absent=True)
    t.book("03-02 10:40", "03-03 10:00-12:00", who="wu")
    t.done("wu", check_in="03-03 10:15", complete="03-03 11:00", file="03-03 11:15",
           callback="03-05 09:50", clerk="lin")
    t.offers("wu")
    t.judged("order+ dispatch+ accept+ contact+ visit+ visit#2+ result+ callback+")


def fifty_minutes_early(county):
    """Xu comes at 13:10 for a window of 14-16, finds nobody and does not return that day: that is
    no visit. The customer urges; an urge is no complaint, so nobody pays."""
    t = county.repair("d037", "14:45:00", "lin", "萧汉生", "城西 文昌路 101 号",
                      "small_appliance DCL20", "电磁炉报警")
    t.order("03-02 14:00-16:00")
    t.done("xu", accept="14:58:00", contact="15:04:00")
    t.check_in("03-02 13:10", "xu")
    t.leave("03-02 13:20", "xu")
    t.phone_call("03-02 16:30:00", "c2", clerk="zhou")
    t.urge("03-02 16:30:00", "zhou")
    t.done("xu", check_in="03-03 10:40", complete="03-03 11:10", file="03-03 11:20",
           callback="03-05 10:00")
    t.offers("xu")
    t.judged("order+ dispatch+ accept+ contact+ visit- complaint+ result+ callback+")


def told_a_day_too_late(county):
    """Wang lost his phone. What he tells 25 hours later is kept, but judged as of its arrival."""
    t = county.repair("d038", "14:50:00", "zhou", "程立新", "城东 桃花路 28 号 1 栋 101",
                      "air_conditioner KFR-23GW", "遥控器无反应")
    t.order("16:00-18:00")
    t.done("wang", accept="14:58:00", contact="15:03:00")
    t.check_in("16:20:00", "wang", typed="03-02 17:30:00")
    t.complete("17:10:00", "wang", typed="03-02 17:31:00")
    t.done("wang", file="03-02 17:40", callback="03-03 11:00")
    t.offers("wang")
    t.judged("order+ dispatch+ accept+ contact+ visit- complaint+ result+ callback+")


def paper_left_lying(county):
    """Huang calls the customer late, does the work in time and files it next morning, more than
    twelve hours later: for an install that costs nothing, and his day's feedback is broken too."""
    t = county.install("d015", "08:36:00", "lin", "袁秀英", "城西 西街 88 号 2 栋 302",
                       "television LT37", "液晶电视挂装")
    t.order("16:00-18:00")
    t.done("huang", accept="08:50:00", contact="09:12:00")  # call due 09:00
    t.done("huang", check_in="16:30", complete="17:10", file="03-02 09:00",  # due 05:10
           callback="03-03 09:40")
    t.offers("huang")
    t.judged("order+ dispatch+ accept+ contact- visit+ result- callback+")
    county.day.evening("huang", "03-01", "-")


def ordinary(county):
    """Two that go as they should."""
    t = county.repair("d043", "17:30:00", "lin", "蒋小兰", "城西 文昌路 12 号 1 栋 202",
                      "air_conditioner KFR-32GW", "不启动")
    t.order("03-03 09:00-11:00")
    t.done("chen", accept="17:41:00", contact="17:48:00", check_in="03-03 09:30",
           complete="03-03 10:30", file="03-03 10:45", callback="03-05 10:05")
    t.offers("chen")
    t.all_kept()
    t = county.repair("d044", "17:36:00", "zhou", "沈巧云", "城东 沿江路 120 号",
                      "small_appliance YJ50", "电压力锅漏气")
    t.order("03-03 14:00-16:00")
    t.done("xu", accept="17:45:00", contact="17:52:00", check_in="03-03 14:20",
           complete="03-03 14:50", file="03-03 14:55", callback="03-05 10:10")
    t.offers("xu")
    t.all_kept()


def tell(county):
    any_time_today(county)
    nobody_reached_for_a_day(county)
    moved_in_the_last_millisecond(county)
    moved_a_millisecond_late(county)
    moved_by_us_in_time(county)
    moved_by_us_too_late(county)
    late_and_complained_at_once(county)
    complaint_against_a_kept_time(county)
    nobody_at_home(county)
    fifty_minutes_early(county)
    told_a_day_too_late(county)
    paper_left_lying(county)
    ordinary(county)
