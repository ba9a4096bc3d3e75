/* SPDX-License-Identifier: MIT
 *
 * The clocks of two versions: limit, base, warning, grace, clause. */
#include <stdio.h>
#include <string.h>

#include "doorstep/rules_diff.h"

/* What is to be done, for "... within 12h". Visits go by their bands, the phone by its ringing. */
static const struct {
    const char *en, *zh;
    uint32_t concern;
} clocks[DS_CLOCK_COUNT] = {
    [DS_CLOCK_ORDER] = {"After a report the order is to be complete",
                        "报修后工单须填写完整:", FOR_CLERKS | FOR_CUSTOMERS},
    [DS_CLOCK_DISPATCH] = {"A complete order is to be dispatched", "工单填妥后须派出:", FOR_CLERKS},
    [DS_CLOCK_ACCEPT] = {"A dispatched job is to be accepted", "派出的工单须接收:", FOR_FIELD},
    [DS_CLOCK_CONTACT] = {"After acceptance the customer is to be called",
                          "接单后须联系用户:", FOR_FIELD | FOR_CUSTOMERS},
    [DS_CLOCK_VISIT] = {"Somebody is to be on site", "须上门:", FOR_FIELD | FOR_CUSTOMERS},
    [DS_CLOCK_COMPLAINT] = {"A complaint is to be settled or answered",
                            "投诉须处理或答复:", FOR_FIELD | FOR_CUSTOMERS},
    [DS_CLOCK_FEEDBACK] = {"A day's work is to be reported", "当天的工作须反馈:", FOR_TECHNICIANS},
    [DS_CLOCK_DELAY] = {"A reported delay is to be registered", "上报的延迟须登记:", FOR_CLERKS},
    [DS_CLOCK_RESULT] = {"After the work its result is to be filed",
                         "完工后须填报结果:", FOR_FIELD},
    [DS_CLOCK_CALLBACK] = {"After a result the customer is to be called back",
                           "填报结果后须回访用户:", FOR_CLERKS | FOR_CUSTOMERS},
    [DS_CLOCK_SURVEY_SHEET] = {"The month's satisfaction sheet is to be handed in",
                               "月度满意度调查表须上交:", FOR_CLERKS},
    [DS_CLOCK_WEEKLY_SHEET] = {"The week's sheet is to be handed in",
                               "周报须上交:", FOR_TECHNICIANS},
    [DS_CLOCK_HOTLINE] = {"A call is to be answered", "来电须接听:", FOR_CLERKS | FOR_CUSTOMERS},
};

static const char *weekday(enum ds_lang lang, int32_t day)
{
    static const char *const words[][2] = {
        {"Monday", "周一"}, {"Tuesday", "周二"},  {"Wednesday", "周三"}, {"Thursday", "周四"},
        {"Friday", "周五"}, {"Saturday", "周六"}, {"Sunday", "周日"}};

    return words[day % 7][lang == DS_ZH];
}

const char *rules_limit_text(struct rules_diff *diff, const struct ds_limit *limit)
{
    char *buf = rules_buf(diff);
    size_t size = sizeof diff->bufs[0];

    switch (limit->form) {
    case DS_LIMIT_SPAN:
        snprintf(buf, size, rules_in(diff, "within %s", "%s内"), rules_span(diff, limit->span_ms));
        return buf;
    case DS_LIMIT_END_OF_DAY: return rules_in(diff, "by the end of the day", "当日结束前");
    case DS_LIMIT_END_OF_WORK:
        snprintf(buf, size,
                 rules_in(diff, "by the end of work, %d working day(s) later",
                          "其后第 %d 个工作日下班前"),
                 (int)limit->workdays);
        return buf;
    case DS_LIMIT_WEEKDAY:
        snprintf(buf, size, rules_in(diff, "by %s, %s", "%s %s 前"),
                 weekday(diff->lang, limit->weekday), rules_time(diff, limit->time_ms));
        return buf;
    }
    return "";
}

static bool same_limit(const struct ds_limit *a, const struct ds_limit *b)
{
    return a->form == b->form && a->span_ms == b->span_ms && a->workdays == b->workdays &&
           a->weekday == b->weekday && a->time_ms == b->time_ms;
}

const char *rules_base_text(const struct rules_diff *diff, enum ds_base base)
{
    if (base == DS_BASE_ELAPSED) return rules_in(diff, "all time counts", "按自然时间");
    if (base == DS_BASE_WORKING) return rules_in(diff, "working time counts", "按工作时间");
    return rules_in(diff, "the calendar's day counts", "按日历时点");
}

const char *rules_warn_text(struct rules_diff *diff, const struct ds_clock_rule *rule)
{
    char *buf = rules_buf(diff);

    if (rule->warn_after_ms > 0) return rules_span(diff, rule->warn_after_ms);
    if (rule->warn_permille == 0) return rules_in(diff, "never", RULES_EDGE "不预警" RULES_EDGE);
    snprintf(buf, sizeof diff->bufs[0],
             rules_in(diff, "%d.%d%% of the limit", RULES_EDGE "期限的 %d.%d%%"),
             (int)(rule->warn_permille / 10), (int)(rule->warn_permille % 10));
    return buf;
}

/* What a verdict of this clock may cost: visits only through a complaint. */
static const char *clause_of(const struct rules_diff *diff, enum ds_clock clock)
{
    const char *clause = diff->new->clocks[clock].clause;

    if (clock == DS_CLOCK_VISIT) return diff->new->not_on_time_clause;
    return clause[0] ? clause : diff->old->clocks[clock].clause;
}

const char *rules_hours_clauses(struct rules_diff *diff)
{
    char *buf = rules_buf(diff);
    size_t n = 0;

    buf[0] = '\0';
    for (int c = DS_CLOCK_ORDER; c < DS_CLOCK_COUNT; c++) {
        const struct ds_clock_rule *rule = &diff->new->clocks[c];
        const char *clause = clause_of(diff, (enum ds_clock)c);
        /* visits and complaints run through the night, but what is reported at night starts later
         */
        bool hours = rule->base == DS_BASE_WORKING || rule->limit.form == DS_LIMIT_END_OF_WORK ||
                     c == DS_CLOCK_VISIT || c == DS_CLOCK_COMPLAINT || c == DS_CLOCK_HOTLINE;
        if (hours && clause[0] && !strstr(buf, clause) && n < 48)
            n += (size_t)snprintf(buf + n, 64 - n, "%s%s", n > 0 ? ", " : "", clause);
    }
    return buf;
}

static void diff_ours(struct rules_diff *diff, enum ds_clock clock)
{
    uint32_t old = diff->old->clocks[clock].ours, new = diff->new->clocks[clock].ours;
    char path[64];

    for (int i = 0; ds_clock_keys[i]; i++) {
        if (((old ^ new) & 1u << i) == 0) continue;
        snprintf(path, sizeof path, "clocks.%s.ours", ds_clock_name(clock));
        if (new & 1u << i)
            rules_say(diff, path, FOR_MANAGER, "",
                      "%s: `%s` is now called our default, not the document's word",
                      "%s:`%s` 现标为默认值,非文件原文", ds_clock_word(diff->lang, clock),
                      ds_clock_keys[i]);
        else
            rules_say(diff, path, FOR_MANAGER, "",
                      "%s: `%s` is now called the document's word, no longer our default",
                      "%s:`%s` 现标为文件原文,不再是默认值", ds_clock_word(diff->lang, clock),
                      ds_clock_keys[i]);
    }
}

static void diff_rest(struct rules_diff *diff, enum ds_clock clock)
{
    const struct ds_clock_rule *old = &diff->old->clocks[clock], *new = &diff->new->clocks[clock];
    const char *word = ds_clock_word(diff->lang, clock), *clause = clause_of(diff, clock);
    uint32_t concern = clocks[clock].concern;
    char path[64];

    snprintf(path, sizeof path, "clocks.%s.base", ds_clock_name(clock));
    if (old->base != new->base)
        rules_say(diff, path, concern, clause, "%s: %s (before: %s)", "%s:%s(原为%s)", word,
                  rules_base_text(diff, new->base), rules_base_text(diff, old->base));
    snprintf(path, sizeof path, "clocks.%s.warn", ds_clock_name(clock));
    if (old->warn_after_ms != new->warn_after_ms || old->warn_permille != new->warn_permille)
        rules_say(diff, path, concern, "", "%s: whoever is responsible is warned after %s (was %s)",
                  "%s:责任人在 %s 后收到预警(原为 %s)", word, rules_warn_text(diff, new),
                  rules_warn_text(diff, old));
    snprintf(path, sizeof path, "clocks.%s.grace", ds_clock_name(clock));
    if (old->grace_ms != new->grace_ms)
        rules_say(diff, path, concern, clause,
                  "%s: evidence of being in time counts up to %s after the due (was %s)",
                  "%s:到期后 %s 内补到的证据有效(原为 %s)", word, rules_span(diff, new->grace_ms),
                  rules_span(diff, old->grace_ms));
    snprintf(path, sizeof path, "clocks.%s.clause", ds_clock_name(clock));
    if (strcmp(old->clause, new->clause) != 0)
        rules_say(diff, path, concern, clause,
                  "%s: a final breach is a matter of clause %s (was %s)",
                  "%s:终判违约按第 %s 条处理(原为 %s)", word, rules_or_none(diff, new->clause),
                  rules_or_none(diff, old->clause));
    diff_ours(diff, clock);
}

void rules_diff_clocks(struct rules_diff *diff)
{
    char path[64];

    for (int c = DS_CLOCK_ORDER; c < DS_CLOCK_COUNT; c++) {
        const struct ds_limit *old = &diff->old->clocks[c].limit,
                              *new = &diff->new->clocks[c].limit;
        bool own = c != DS_CLOCK_VISIT && c != DS_CLOCK_HOTLINE; /* these have values elsewhere */
        snprintf(path, sizeof path, "clocks.%s.limit", ds_clock_name((enum ds_clock)c));
        if (own && !same_limit(old, new))
            rules_say(diff, path, clocks[c].concern, clause_of(diff, (enum ds_clock)c),
                      "%s %s (was: %s)", "%s%s(原为%s)", rules_in(diff, clocks[c].en, clocks[c].zh),
                      rules_limit_text(diff, new), rules_limit_text(diff, old));
        diff_rest(diff, (enum ds_clock)c);
    }
}
