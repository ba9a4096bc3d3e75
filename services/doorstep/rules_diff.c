/* SPDX-License-Identifier: MIT */
#include "doorstep/rules_diff.h"

#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words of values ---- */

char *rules_buf(struct rules_diff *diff)
{
    return diff->bufs[diff->next++ % 8];
}

const char *rules_span(struct rules_diff *diff, int64_t span_ms)
{
    static const struct {
        int64_t ms;
        const char *en, *zh;
    } units[] = {{DS_DAY_MS, "d", " 天"},
                 {DS_HOUR_MS, "h", " 小时"},
                 {DS_MINUTE_MS, "m", " 分钟"},
                 {DS_SECOND_MS, "s", " 秒"},
                 {1, "ms", " 毫秒"}};
    char *buf = rules_buf(diff);
    size_t unit = 0;

    /* working time is never told in days, and a day is said as 24h */
    while (span_ms % units[unit].ms != 0 || span_ms / units[unit].ms < (unit == 0 ? 4 : 1))
        if (++unit + 1 == sizeof units / sizeof units[0]) break;
    if (span_ms == 0) unit = 2;
    snprintf(buf, sizeof diff->bufs[0], RULES_EDGE "%lld%s" RULES_EDGE,
             (long long)(span_ms / units[unit].ms), rules_in(diff, units[unit].en, units[unit].zh));
    return buf;
}

const char *rules_money(struct rules_diff *diff, int64_t fen)
{
    char *buf = rules_buf(diff), yuan[32];

    cli_yuan(yuan, fen);
    snprintf(buf, sizeof diff->bufs[0], rules_in(diff, "%s yuan", RULES_EDGE "%s 元" RULES_EDGE),
             yuan);
    return buf;
}

const char *rules_time(struct rules_diff *diff, int64_t time_ms)
{
    char *buf = rules_buf(diff);

    snprintf(buf, sizeof diff->bufs[0], "%02d:%02d", (int)(time_ms / DS_HOUR_MS),
             (int)(time_ms / DS_MINUTE_MS % 60));
    return buf;
}

const char *rules_or_none(const struct rules_diff *diff, const char *text)
{
    return text && text[0] ? text : rules_in(diff, "none", RULES_EDGE "无" RULES_EDGE);
}

void rules_concern_text(enum ds_lang lang, uint32_t concern, char *buf, size_t size)
{
    static const char *const words[][2] = {{"technicians", "技术员"},
                                           {"outlets", "网点"},
                                           {"clerks", "信息员"},
                                           {"customers", "用户"},
                                           {"the manager", "经理"}};
    size_t n = 0;

    buf[0] = '\0';
    for (int i = 0; i < 5; i++)
        if (concern & 1u << i && n < size)
            n += (size_t)snprintf(buf + n, size - n, "%s%s",
                                  n == 0          ? ""
                                  : lang == DS_ZH ? "、"
                                                  : ", ",
                                  words[i][lang == DS_ZH]);
}

static bool is_ideograph(char first)
{
    return (unsigned char)first >= 0xe4 && (unsigned char)first <= 0xe9;
}

/* Lead byte of the character that ends before `at`; 0: none. */
static char last_of(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at - 1] & 0xc0) == 0x80)
        at--;
    return at > 0 ? text[at - 1] : '\0';
}

void rules_set_spaces(const char *text, bool zh, char *ret)
{
    size_t n = 0;

    for (const char *at = text; *at; at++) {
        if (*at != RULES_EDGE[0]) {
            ret[n++] = *at;
            continue;
        }
        if (!zh) continue;
        bool spaced = n > 0 && ret[n - 1] == ' ';
        if (spaced) n--;
        while (at[1] == ' ' || at[1] == RULES_EDGE[0]) {
            spaced |= at[1] == ' ';
            at++;
        }
        bool before = is_ideograph(last_of(ret, n)), after = is_ideograph(at[1]);
        bool mixed = (before && isalnum((unsigned char)at[1])) ||
                     (after && n > 0 && isalnum((unsigned char)ret[n - 1]));
        if (mixed || (spaced && !(before && after))) ret[n++] = ' ';
    }
    ret[n] = '\0';
}

void rules_say(struct rules_diff *diff, const char *path, uint32_t concern, const char *clause,
               const char *en, const char *zh, ...)
{
    va_list args;

    if (diff->n == diff->cap) {
        diff->cap = diff->cap ? 2 * diff->cap : 32;
        diff->list = realloc(diff->list, diff->cap * sizeof diff->list[0]);
        if (!diff->list) abort();
    }
    struct rules_change *change = &diff->list[diff->n++];
    *change = (struct rules_change){.concern = concern};
    snprintf(change->path, sizeof change->path, "%s", path);
    snprintf(change->clause, sizeof change->clause, "%s", clause);
    va_start(args, zh);
    char *text;
    if (vasprintf(&text, rules_in(diff, en, zh), args) < 0) abort();
    va_end(args);
    change->text = malloc(2 * strlen(text) + 1);
    if (!change->text) abort();
    rules_set_spaces(text, diff->lang == DS_ZH, change->text);
    free(text);
}

/* ---- values that stand alone ---- */

enum type { SPAN, COUNT, FEN, METRES, TIME, TEXT };

struct value {
    size_t offset;
    enum type type;
    const char *path;
    uint32_t concern;
    const char *clause; /* "@": that of not_on_time */
    const char *en;     /* new, then old */
    const char *zh;
};

#define AT(field) offsetof(struct ds_version, field)

static const struct value values[] = {
    {AT(name), TEXT, "name", FOR_MANAGER, "", "The rules are called \"%s\" (were: \"%s\")",
     "规则名称为“%s”(原为“%s”)"},
    {AT(ahead_max_ms), SPAN, "times.ahead_max", FOR_STAFF, "*",
     "A device's clock may be ahead of ours by %s (was %s); what is later counts from its arrival",
     "设备时钟最多可比我方快 %s(原为 %s),超出的按收到时间计"},
    {AT(late_max_ms), SPAN, "times.late_max", FOR_STAFF, "*",
     "What is reported counts from when it happened if it arrives within %s (was %s)",
     "补报在 %s 内收到的按发生时间计(原为 %s)"},
    {AT(follow_up_ms), SPAN, "times.follow_up", FOR_CUSTOMERS | FOR_CLERKS, "",
     "A finished ticket can be reopened or followed for %s (was %s)",
     "已结的服务单可在 %s 内重开或接续(原为 %s)"},
    {AT(band_ms[DS_CITY]), SPAN, "clocks.visit.bands.city", FOR_FIELD | FOR_CUSTOMERS, "@",
     "In the city somebody has to be on site within %s (was %s)", "市区须在 %s 内上门(原为 %s)"},
    {AT(band_ms[DS_NEAR]), SPAN, "clocks.visit.bands.near", FOR_FIELD | FOR_CUSTOMERS, "@",
     "Near the city somebody has to be on site within %s (was %s)", "近郊须在 %s 内上门(原为 %s)"},
    {AT(band_ms[DS_FAR]), SPAN, "clocks.visit.bands.far", FOR_FIELD | FOR_CUSTOMERS, "@",
     "Far from the city somebody has to be on site within %s (was %s)",
     "远郊须在 %s 内上门(原为 %s)"},
    {AT(near_up_to_m), METRES, "clocks.visit.near_up_to", FOR_FIELD | FOR_CUSTOMERS, "@",
     "Up to %s an address is near (was %s)", "距离不超过 %s 的为近郊(原为 %s)"},
    {AT(early_arrival_ms), SPAN, "clocks.visit.early_arrival", FOR_FIELD, "@",
     "An arrival up to %s before the agreed window counts (was %s)",
     "比约定时间早到不超过 %s 的算按时(原为 %s)"},
    {AT(complaint_urgent_ms), SPAN, "clocks.complaint.urgent", FOR_FIELD | FOR_CUSTOMERS, "7.3",
     "An urgent complaint has to be settled or answered within %s (was %s)",
     "紧急投诉须在 %s 内处理或答复(原为 %s)"},
    {AT(auto_held_ms), SPAN, "clocks.complaint.auto_held", FOR_FIELD | FOR_MANAGER, "7.3",
     "Whoever held a late complaint for %s pays without the manager (was %s)",
     "逾期投诉持单满 %s 的直接入账,不经经理(原为 %s)"},
    {AT(auto_held_urgent_ms), SPAN, "clocks.complaint.auto_held_urgent", FOR_FIELD | FOR_MANAGER,
     "7.3", "Whoever held a late urgent complaint for %s pays without the manager (was %s)",
     "逾期紧急投诉持单满 %s 的直接入账,不经经理(原为 %s)"},
    {AT(not_on_time_window_ms), SPAN, "not_on_time.window", FOR_FIELD | FOR_CUSTOMERS, "@",
     "A complaint about a missed appointment counts up to %s after it (was %s)",
     "误约的投诉在到期后 %s 内有效(原为 %s)"},
    {AT(not_on_time_clause), TEXT, "not_on_time.clause", FOR_FIELD, "@",
     "A missed appointment with a complaint costs clause %s (was %s)",
     "误约并被投诉按第 %s 条处理(原为 %s)"},
    {AT(hotline_ring_ms), SPAN, "clocks.hotline.ring", FOR_CLERKS | FOR_CUSTOMERS, "7.8",
     "The phone has to be answered within %s of ringing (was %s)",
     "电话须在振铃 %s 内接听(原为 %s)"},
    {AT(hotline_occasion_ms), SPAN, "clocks.hotline.occasion", FOR_CLERKS, "7.8",
     "Unanswered calls of one caller within %s count once (was %s)",
     "同一来电在 %s 内未接只计一次(原为 %s)"},
    {AT(callback_attempts), COUNT, "clocks.callback.attempts", FOR_CLERKS | FOR_CUSTOMERS, "",
     "A customer who is not reached is called %s times (was %s)",
     "未接通的用户须回访 %s 次(原为 %s)"},
    {AT(callback_days), COUNT, "clocks.callback.days", FOR_CLERKS | FOR_CUSTOMERS, "",
     "These attempts are spread over %s days (was %s)", "回访至少分布在 %s 天(原为 %s)"},
    {AT(callback_times_of_day), COUNT, "clocks.callback.times_of_day", FOR_CLERKS | FOR_CUSTOMERS,
     "", "And over %s parts of the day (was %s)", "且至少分布在 %s 个时段(原为 %s)"},
    {AT(callback_afternoon_ms), TIME, "clocks.callback.afternoon", FOR_CLERKS | FOR_CUSTOMERS, "",
     "For callbacks the afternoon begins at %s (was %s)", "回访的下午从 %s 开始(原为 %s)"},
    {AT(callback_evening_ms), TIME, "clocks.callback.evening", FOR_CLERKS | FOR_CUSTOMERS, "",
     "For callbacks the evening begins at %s (was %s)", "回访的晚间从 %s 开始(原为 %s)"},
    {AT(sheet_repairs), COUNT, "clocks.survey_sheet.repairs", FOR_CLERKS, "",
     "A block of the satisfaction sheet has %s repairs (was %s)",
     "满意度调查表每组抽维修 %s 单(原为 %s)"},
    {AT(sheet_installs), COUNT, "clocks.survey_sheet.installs", FOR_CLERKS, "",
     "A block of the satisfaction sheet has %s installations (was %s)",
     "满意度调查表每组抽安装 %s 单(原为 %s)"},
    {AT(sheet_blocks), COUNT, "clocks.survey_sheet.blocks", FOR_CLERKS, "",
     "The satisfaction sheet has at most %s blocks (was %s)", "满意度调查表最多 %s 组(原为 %s)"},
    {AT(key_purchases_fen), FEN, "customers.key_purchases", FOR_CUSTOMERS | FOR_CLERKS, "",
     "Purchases of %s in all make a key customer (was %s)", "累计购买满 %s 的为重点客户(原为 %s)"},
    {AT(charge_tolerance_fen), FEN, "charges.tolerance", FOR_FIELD, "7.22",
     "Charging up to %s below the tariff is passed over (was %s)", "少收不超过 %s 的不计(原为 %s)"},
    {AT(proposal_expires_ms), SPAN, "decisions.proposals_expire", FOR_MANAGER | FOR_STAFF, "",
     "A proposal that the manager leaves for %s is dropped (was %s)",
     "经理超过 %s 未决定的提议作废(原为 %s)"},
    {AT(appeal_within_ms), SPAN, "decisions.appeal_within", FOR_STAFF, "",
     "An entry can be appealed for %s (was %s)", "账目可在 %s 内申诉(原为 %s)"},
    {AT(repeat_within_ms), SPAN, "cases.repeat_within", FOR_FIELD | FOR_MANAGER, "",
     "A repair counts as repeated if the product is reported again within %s (was %s)",
     "修后 %s 内再报修的算重复维修(原为 %s)"},
    {AT(analyse_within_ms), SPAN, "cases.analyse_within", FOR_FIELD, "",
     "The case of a repair that did not last has to be analysed within %s (was %s)",
     "未修好的案例须在 %s 内分析(原为 %s)"},
    {AT(analysis_clause), TEXT, "cases.clause", FOR_FIELD, "",
     "A case that is not analysed is put before the manager under clause %s (was %s)",
     "未分析的案例按第 %s 条提交经理(原为 %s)"},
    {AT(repair_cost_target_fen), FEN, "reports.repair_cost_target", FOR_MANAGER, "",
     "The annual report measures a repair's cost against %s (was %s)",
     "年度报告以每台 %s 为维修费目标(原为 %s)"},
};

static int64_t number_at(const struct ds_version *version, const struct value *value)
{
    const char *at = (const char *)version + value->offset;
    int32_t small;
    int64_t large;

    if (value->type == COUNT) {
        memcpy(&small, at, sizeof small);
        return small;
    }
    memcpy(&large, at, sizeof large);
    return large;
}

static const char *text_at(const struct ds_version *version, const struct value *value)
{
    const char *text;

    memcpy(&text, (const char *)version + value->offset, sizeof text);
    return text;
}

static const char *show(struct rules_diff *diff, const struct ds_version *version,
                        const struct value *value)
{
    char *buf;

    switch (value->type) {
    case SPAN: return rules_span(diff, number_at(version, value));
    case FEN: return rules_money(diff, number_at(version, value));
    case TIME: return rules_time(diff, number_at(version, value));
    case TEXT: return rules_or_none(diff, text_at(version, value));
    case COUNT:
    case METRES: break;
    }
    buf = rules_buf(diff);
    snprintf(buf, sizeof diff->bufs[0], value->type == METRES ? "%lldm" : "%lld",
             (long long)number_at(version, value));
    return buf;
}

static bool differs(const struct rules_diff *diff, const struct value *value)
{
    if (value->type == TEXT)
        return strcmp(text_at(diff->old, value), text_at(diff->new, value)) != 0;
    return number_at(diff->old, value) != number_at(diff->new, value);
}

static void diff_values(struct rules_diff *diff)
{
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const struct value *value = &values[i];
        if (!differs(diff, value)) continue;
        const char *clause =
            value->clause[0] == '@' ? diff->new->not_on_time_clause : value->clause;
        rules_say(diff, value->path, value->concern, clause, value->en, value->zh,
                  show(diff, diff->new, value), show(diff, diff->old, value));
    }
}

/* ---- delays ---- */

static void diff_pauses(struct rules_diff *diff)
{
    static const struct {
        const char *key;
        enum ds_word word;
    } pauses[DS_DELAY_COUNT] = {
        [DS_DELAY_PARTS] = {"parts", DS_WORD_DELAY_PARTS},
        [DS_DELAY_MAJOR_REPAIR] = {"major_repair", DS_WORD_DELAY_MAJOR_REPAIR},
        [DS_DELAY_CUSTOMER] = {"customer", DS_WORD_DELAY_CUSTOMER},
        [DS_DELAY_OTHER] = {"other", DS_WORD_DELAY_OTHER}};
    char path[64];

    for (int d = DS_DELAY_PARTS; d < DS_DELAY_COUNT; d++) {
        const struct ds_pause_rule *old = &diff->old->pauses[d], *new = &diff->new->pauses[d];
        const char *word = ds_word(diff->lang, pauses[d].word);
        snprintf(path, sizeof path, "pauses.%s.cap", pauses[d].key);
        if (old->cap_ms != new->cap_ms)
            rules_say(diff, path, FOR_FIELD | FOR_CUSTOMERS, "7.3",
                      "A job may wait for %2$s (was %3$s): %1$s", "延迟(%1$s)最长 %2$s(原为 %3$s)",
                      word, rules_span(diff, new->cap_ms), rules_span(diff, old->cap_ms));
        snprintf(path, sizeof path, "pauses.%s.at_cap", pauses[d].key);
        if (old->at_cap == new->at_cap) continue;
        if (new->at_cap == DS_AT_CAP_RESUME)
            rules_say(diff, path, FOR_FIELD | FOR_CUSTOMERS, "7.3",
                      "At its cap a wait ends by itself (it went on, with an alert): %s",
                      "延迟(%s)到限后自动恢复计时(原为报警后继续)", word);
        else
            rules_say(diff, path, FOR_FIELD | FOR_CUSTOMERS, "7.3",
                      "At its cap a wait goes on, with an alert (it ended by itself): %s",
                      "延迟(%s)到限后报警并继续(原为自动恢复计时)", word);
    }
}

void rules_diff(struct rules_diff *diff, enum ds_lang lang, const struct ds_version *old,
                const struct ds_version *new)
{
    *diff = (struct rules_diff){.lang = lang, .old = old, .new = new};
    rules_diff_clocks(diff);
    diff_values(diff);
    diff_pauses(diff);
    rules_diff_clauses(diff);
    rules_diff_places(diff);
}

void rules_diff_finish(struct rules_diff *diff)
{
    for (size_t i = 0; i < diff->n; i++)
        free(diff->list[i].text);
    free(diff->list);
    *diff = (struct rules_diff){0};
}
