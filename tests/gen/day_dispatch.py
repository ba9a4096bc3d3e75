# SPDX-License-Identifier: MIT
"""The county's front desk and its technicians: orders, offers, acceptance, first contact.

An order taken on the telephone is complete two minutes after the report; the best technician is
asked that instant and has 30 minutes of working time (8-12, 14-18) to accept."""


def nobody_answers_the_offer(county):
    """7.1: Wang lets the offer lapse, the job goes to Chen by itself, Wang pays."""
    t = county.install("d001", "08:06:30", "zhou", "陈国庆", "城东 沿江路 18 号 2 栋 301",
                       "air_conditioner KFR-35GW/A", "新购空调要求安装")
    t.order("15:00-17:00")                       # complete 08:08:30, Wang has until 08:38:30
    taken = t.accept("08:39:20", "chen")
    county.day.again(taken, "08:39:35")          # no answer yet, so his phone asks once more
    t.done("chen", contact="08:39:50", check_in="15:25", complete="16:35", file="16:50",
           callback="03-02 09:05")
    t.offers("wang", "chen")
    t.judged("order+ dispatch+ accept- accept#2+ contact#2+ visit+ result+ callback+")
    t.fine("7.1", "wang", "dispatch#1", due="08:38:30")


def phone_in_a_dead_spot(county):
    """Wang accepted in time where there was no signal: nobody has accepted since, so he keeps it."""
    t = county.repair("d002", "08:07:00", "lin", "李桂英", "城东 解放路 46 号 1 单元 502",
                      "air_conditioner KFR-26GW", "开机不制冷,室外机不转")
    t.order("10:00-12:00")                       # Wang until 08:39:00, then Chen
    t.accept("08:31:00", "wang", sent="08:58:00", reason="EARLIER_ACCEPTANCE_ARRIVED")
    t.contact("08:36:00", "wang", sent="08:58:03")  # due 08:41
    t.done("wang", check_in="10:15", complete="11:20", file="11:45")
    # reached on Monday at 17:40, written down after the due (Monday's end of work)
    t.callback("03-05 17:40", "lin", typed="03-05 18:50")
    t.offers("wang", "chen")
    t.judged("order+ dispatch+ accept+~ accept#2x contact+~ visit+ complaint+ result+ callback+~")


def second_man_keeps_it(county):
    """Chen accepted in a cellar; when that arrives Wang has accepted. Wang keeps it, nobody pays."""
    t = county.repair("d003", "08:11:20", "zhou", "王建军", "城西 文昌路 9 号 3 栋 102",
                      "air_conditioner KFR-32GW", "制热效果差,结霜")
    t.order("14:00-16:00")                       # Chen until 08:43:20, then Wang
    t.accept("08:40:10", "chen", sent="09:20:00", outcome="NO_EFFECT",
             reason="EARLIER_ACCEPTANCE_TOO_LATE")
    t.done("wang", accept="09:02:00", contact="09:08:00", check_in="14:05", complete="14:40",
           file="14:45")
    t.callback("03-06 10:00", "zhou")            # due Monday 18:00: nobody thought of it
    t.offers("chen", "wang")
    t.judged("order+ dispatch+ accept+~ accept#2+ contact#2+ visit+ complaint+ result+ callback-")


def acceptance_after_the_grace(county):
    """Huang's acceptance lay in a phone in the van overnight: the fine stands until it is reversed.
    """
    t = county.repair("d004", "08:11:40", "lin", "刘志强", "城东 东门巷 27 号",
                      "television C29SK8", "有声音没有图像")
    t.order("10:00-12:00")                       # Huang until 08:43:40, final two hours later
    t.accept("08:30:00", "huang", sent="03-02 08:20:00", outcome="NO_EFFECT",
             reason="TICKET_CLOSED")
    t.done("xu", accept="08:49:00", contact="08:54:00", check_in="10:10", complete="10:50",
           file="10:58", callback="03-02 09:25")
    t.offers("huang", "xu")
    t.judged("order+ dispatch+ accept- accept#2+ contact#2+ visit+ complaint+ result+ callback+")
    t.fine("7.1", "huang", "dispatch#1", due="08:43:40")
    entry = "7.1/person:huang/{d004}/dispatch#1"
    county.day.manager("m-reverse", "03-02 10:05", "reverse_entry",
                       {"entry": entry, "reason": "手机记录证明 08:30 已接单,系网络故障"}, "county")
    county.day.manager("m-reverse-again", "03-02 10:06", "reverse_entry",
                       {"entry": entry, "reason": "重复点击"}, "county", "REFUSED",
                       "ALREADY_REVERSED")
    county.day.entry("7.1", "huang", entry, "{d004}", 5000, actual="03-02 10:05",
                     reason="REVERSED_BY_MANAGER", key="reversal/" + entry)


def rejected_with_a_reason(county):
    """Chen says no and why: no fine, Wang is asked at once."""
    t = county.install("d005", "08:16:10", "zhou", "赵美兰", "城西 西街 112 号 4 栋 601",
                       "air_conditioner KFR-72LW", "柜机安装,需打墙孔")
    t.order("03-02 09:00-11:00")                 # complete 08:18:10
    t.reject("08:24:00", "chen", "水钻在维修,打不了孔")
    t.done("wang", accept="08:27:30", contact="08:30:20", check_in="03-02 10:40",
           complete="03-02 11:45", file="03-02 11:55", callback="03-03 09:00")
    t.offers("chen", "wang")
    t.judged("order+ dispatch+ accept+ accept#2+ contact#2+ visit+ result+ callback+")


def nobody_can_install_it(county):
    """No technician installs refrigerators: back to the clerk at once, who sends one in time. He
    comes an hour early and the customer is there, which counts."""
    t = county.install("d006", "08:16:30", "lin", "孙红梅", "城西 渔父路 5 号 1 栋 201",
                       "refrigerator BCD-268WS", "对开门冰箱就位安装", key={"purchases_fen": 1286000})
    t.order("03-02 14:00-16:00")                 # complete 08:18:30: 30 minutes to dispatch it
    t.assign("08:29:00", "yang")
    t.done("yang", accept="08:33:00", contact="08:37:00")
    came = t.check_in("03-02 13:00", "yang", present=True)
    county.day.again(came, "03-02 13:04", "d006-check-in-by-telephone", "yang")
    t.done("yang", complete="03-02 13:50", file="03-02 14:00", callback="03-03 09:05")
    t.offers("yang")
    t.returned = [1]
    t.all_kept()


def back_to_the_clerk_too_late(county):
    """The only one for water heaters rejects; the clerk finds another after 42 minutes, not 30."""
    t = county.repair("d007", "08:20:50", "zhou", "周德明", "城西 菜园巷 33 号",
                      "water_heater JSQ16-D", "打不着火")
    t.order("14:00-16:00")                       # complete 08:22:50
    t.reject("08:35:00", "chen", "下午已排满两家")
    t.assign("09:17:30", "wu")                   # due 09:05
    t.done("wu", accept="09:25:00", contact="09:29:00", check_in="14:10", complete="15:10",
           file="15:30", callback="03-02 09:35")
    t.offers("chen", "wu")
    t.returned = [2]
    t.judged("order+ dispatch+ dispatch#2- accept+ accept#2+ contact#2+ visit+ complaint+ result+ "
             "callback+")
    return t


def contact_told_late(county):
    """Wu called the customer in time, his phone told us later. Then nobody picks up when the desk
    calls back: three attempts on one day are not enough, the fourth on the second day is."""
    t = county.install("d009", "08:25:30", "zhou", "黄丽华", "城东 桃花路 71 号 3 单元 402",
                       "washing_machine XQG52-8", "滚筒洗衣机安装")
    t.order("10:00-12:00")
    t.done("wu", accept="08:41:00")
    t.contact("08:46:00", "wu", sent="09:25:00")  # due 08:51
    t.done("wu", check_in="10:05", complete="11:30", file="11:50")
    for at in ("03-02 09:00", "03-02 11:00", "03-02 15:00", "03-03 10:00"):
        t.callback(at, reached=False)
    t.offers("wu")
    t.judged("order+ dispatch+ accept+ contact+~ visit+ result+ callback+")


def makers_dispatch_in_time(county):
    """A maker's job lies in our inbox: the clerk on duty takes it after eight minutes. On the day
    Wu checks in exactly 30 minutes before the window, the earliest that counts."""
    t = county.install("d011", "08:30:00", "maker", "郭小平", "城东 沿江路 90 号 5 栋 103",
                       "washing_machine XQB60-9", "厂家派工:安装", channel="MAKER")
    t.clerk = "zhou"
    t.accept("08:38:30", "zhou", reason="ACCEPTED")   # until 09:00
    t.fill("08:39:20")
    t.contact("08:40:30")
    t.book("08:42:10", "03-03 15:00-17:00")
    t.done("wu", accept="08:55:00", contact="09:01:00", check_in="03-03 14:30:00",
           complete="03-03 15:20", file="03-03 15:35", callback="03-05 09:20")
    t.offers("wu")
    t.all_kept("accept#0+")


def makers_dispatch_overlooked(county):
    """The same, but nobody looks for 47 minutes: 7.1 for the clerk on duty, and a late order."""
    t = county.install("d040", "15:05:00", "maker", "何春生", "城东 解放路 8 号 2 栋 404",
                       "television LT32", "厂家派工:壁挂安装", channel="MAKER")
    t.clerk = "zhou"
    t.accept("15:52:00", "zhou", reason="ACCEPTED")   # due 15:35
    t.fill("15:53:00")
    t.contact("15:55:00")
    t.book("15:57:00", "03-03 14:00-16:00")
    t.done("huang", accept="16:05:00", contact="16:10:00", check_in="03-03 14:15",
           complete="03-03 15:00", file="03-03 15:10", callback="03-05 09:30")
    t.offers("huang")
    t.judged("accept#0- order- dispatch+ accept+ contact+ visit+ result+ callback+")
    t.fine("7.1", "zhou", "dispatch#0", due="15:35:00", actual="15:52:00")


def two_lapses(county):
    """Chen and then Wang let it lapse, nobody is left: two fines for two dispatches of one ticket.
    The second offer is made the millisecond after the first one's due."""
    t = county.repair("d017", "08:50:00", "zhou", "吴秀珍", "城西 文昌路 54 号 2 栋 301",
                      "air_conditioner KFR-25GW", "室内机漏水")
    t.order("03-02 14:00-16:00")                 # Chen until 09:22:00
    t.assign("10:03:00", "wang")                 # back since 09:52:00.002, due 10:22:00.002
    t.done("wang", accept="10:04:00", contact="10:06:00", check_in="03-02 14:20",
           complete="03-02 15:00", file="03-02 15:10", callback="03-03 09:10")
    t.offers("chen", "wang", "wang")
    t.returned = [3]
    t.judged("order+ dispatch+ dispatch#2+ accept- accept#2- accept#3+ contact#3+ visit+ "
             "complaint+ result+ callback+")
    t.fine("7.1", "chen", "dispatch#1", due="09:22:00")
    t.fine("7.1", "wang", "dispatch#2", due="09:52:00.001")


def order_written_down_late(county):
    """The clerk called from her own telephone at 09:17 and typed it at 09:47: no late order."""
    t = county.install("d018", "09:02:00", "lin", "徐文斌", "城东 东门巷 61 号 1 栋 502",
                       "television P42", "等离子电视挂装", channel="MESSAGE")
    t.fill("09:06:00")
    t.contact("09:17:40", typed="09:47:00")
    t.book("09:18:50", "14:00-16:00", typed="09:47:30")  # due 09:32; dispatch due 09:48:50
    t.done("huang", accept="09:58:00", contact="10:04:00", check_in="14:20", complete="15:00",
           file="15:20", callback="03-02 09:45")
    t.offers("huang")
    t.judged("order+~ dispatch+ accept+ contact+ visit+ result+ callback+")


def taken_over_before_he_called(county):
    """Wang accepts, his van breaks down, the clerk gives the job to Chen: Wang's call is no longer
    owed. The desk also tries what cannot be done. Chen files the result 17 hours later: 7.4."""
    t = county.repair("d028", "10:26:00", "lin", "马晓燕", "城东 桃花路 15 号 2 单元 301",
                      "air_conditioner KFR-35GW", "噪音大,外机振动")
    t.order("14:00-16:00")                       # complete 10:28:00
    t.done("wang", accept="10:30:00")            # his call is due 10:40
    t.assign("10:33:00", "outlet:qihe", outcome="REFUSED", reason="OTHER_TERRITORY")
    t.assign("10:34:00", "chen")
    t.assign("10:36:00", "chen", outcome="REFUSED", reason="ALREADY_HELD_BY_YOU")
    t.done("chen", accept="10:37:00", contact="10:42:00", check_in="14:10", complete="15:00",
           file="03-02 08:40", callback="03-03 09:50")
    t.offers("wang", "chen")
    t.judged("order+ dispatch+ accept+ accept#2+ contactx contact#2+ visit+ complaint+ result- "
             "callback+")
    t.fine("7.4", "chen", "completion#1", due="03-02 03:00:00", actual="03-02 08:40")


def order_over_lunch(county):
    """Twenty minutes before lunch and ten after it make thirty; the clerk needs forty-five."""
    t = county.repair("d034", "11:40:00", "lin", "高玉芳", "城西 西街 20 号",
                      "washing_machine XQB45", "脱水时剧烈晃动", channel="COUNTER")
    t.fill("11:43:00")
    t.contact("14:20:00")
    t.book("14:25:00", "03-02 08:00-10:00")      # due 14:10
    t.done("yang", accept="14:33:00", contact="14:39:00", check_in="03-02 08:20",
           complete="03-02 09:05", file="03-02 09:20", callback="03-03 09:15")
    t.offers("yang")
    t.judged("order- dispatch+ accept+ contact+ visit+ complaint+ result+ callback+")


def cancelled_before_the_dispatch(county):
    """He finds the plug pulled out and calls it off: cancelled clocks, one verifying callback."""
    t = county.repair("d033", "11:25:00", "zhou", "罗永福", "城东 解放路 130 号",
                      "television C21", "不通电")
    t.fill("11:25:40")
    t.contact("11:26:10")
    t.phone_call("11:37:00", "c2", clerk="lin")
    t.cancel("11:37:00", "用户自查为插头松脱", clerk="lin")
    t.callback("03-02 14:35", "zhou")
    t.judged("orderx visitx complaintx callback+")


def cancelled_after_the_acceptance(county):
    """The customer buys a new one: the technician is let go, one verifying callback."""
    t = county.repair("d025", "09:40:00", "zhou", "梁素云", "城西 菜园巷 8 号",
                      "small_appliance CFXB40", "电饭煲不加热")
    t.order("03-02 14:00-16:00")
    t.done("xu", accept="09:50:00", contact="09:55:00")
    t.phone_call("11:30:00", "c2", clerk="lin")
    t.cancel("11:30:00", "用户已另购新机", clerk="lin")
    t.callback("03-02 14:25", "zhou")
    t.offers("xu")
    t.judged("order+ dispatch+ accept+ contact+ visitx complaintx callback+")


def reported_twice_and_urged(county):
    """The same complaint next morning, on a fresh order form, finds the open ticket and starts
    nothing; an urge starts nothing either. Huang files under the second form's number."""
    t = county.repair("d042", "17:00:00", "zhou", "宋建华", "城东 沿江路 45 号 1 栋 602",
                      "television C34", "图像抖动")
    t.order("03-03 09:00-11:00")
    t.done("huang", accept="17:20:00", contact="17:27:00")
    call = t.phone_call("03-02 08:15:00", "c2", clerk="lin")
    report = dict(t.report, ref="d045", call=call, symptom="昨天报的电视,图像还是抖")
    county.day.send("d045-register", "03-02 08:15:00", "lin", "register", report, "county")
    t.phone_call("03-02 15:10:00", "c3", clerk="lin")
    t.urge("03-02 15:10:00", "lin")
    t.done("huang", check_in="03-03 09:20", complete="03-03 10:05")
    t.file("03-03 10:15", "huang", ref="d045")
    t.callback("03-05 09:40", "lin")
    t.offers("huang")
    t.all_kept()


def internal_work(county):
    """Work of our own: only the acceptance is clocked. The second job changes hands before anybody
    accepted it; two minutes before the end of work and 28 of the next morning make thirty."""
    t = county.system("s1", "17:40:00", "lin", "三月配件库盘点")
    t.assign("17:41:00", "yang")
    t.done("yang", accept="17:55:00", complete="03-02 17:30", file="03-02 17:35")
    t.offers("yang")
    t.all_kept()
    t = county.system("s2", "17:45:00", "lin", "工具车年检")
    t.assign("17:46:00", "huang")
    t.assign("17:58:00", "wu")                   # Huang's Friday is full; Wu has until 08:28
    t.done("wu", accept="03-02 08:10", complete="03-02 08:50", file="03-02 08:55")
    t.offers("huang", "wu")
    t.judged("acceptx accept#2+")


def tell(county):
    nobody_answers_the_offer(county)
    phone_in_a_dead_spot(county)
    second_man_keeps_it(county)
    acceptance_after_the_grace(county)
    rejected_with_a_reason(county)
    nobody_can_install_it(county)
    rude = back_to_the_clerk_too_late(county)
    contact_told_late(county)
    makers_dispatch_in_time(county)
    makers_dispatch_overlooked(county)
    two_lapses(county)
    order_written_down_late(county)
    taken_over_before_he_called(county)
    order_over_lunch(county)
    cancelled_before_the_dispatch(county)
    cancelled_after_the_acceptance(county)
    reported_twice_and_urged(county)
    internal_work(county)
    return rude
