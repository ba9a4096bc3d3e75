/* SPDX-License-Identifier: MIT
 *
 * The clocks of the rulebook: limits, warnings, graces. Checks that they make sense together; never
 * runs one. */
#include "rulebook/build.h"

#include <assert.h>
#include <string.h>

static const char *const names[] = {
    "order", "dispatch", "accept",   "contact",      "visit",        "complaint", "feedback",
    "delay", "result",   "callback", "survey_sheet", "weekly_sheet", "hotline",   NULL};
static_assert(sizeof(names) / sizeof(names[0]) == DS_CLOCK_COUNT, "a name for every clock");

static const char *const plain_keys[] = {"limit", "base",   "warn", "warn_after",
                                         "grace", "clause", "ours", NULL};
static const char *const visit_keys[] = {
    "bands", "near_up_to", "early_arrival", "base", "warn", "warn_after", "grace", "ours", NULL};
static const char *const complaint_keys[] = {
    "limit", "urgent", "base", "warn", "warn_after", "auto_held", "auto_held_urgent",
    "grace", "clause", "ours", NULL};
static const char *const callback_keys[] = {
    "limit",     "base",    "warn",  "warn_after", "attempts", "days", "times_of_day",
    "afternoon", "evening", "grace", "clause",     "ours",     NULL};
static const char *const sheet_keys[] = {"limit",   "base",     "warn",   "warn_after",
                                         "repairs", "installs", "blocks", "grace",
                                         "clause",  "ours",     NULL};
static const char *const hotline_keys[] = {"ring",   "occasion", "base", "grace",
                                           "clause", "ours",     NULL};
static const char *const band_keys[] = {"city", "near", "far", NULL};
static const char *const bases[] = {[DS_BASE_ELAPSED] = "elapsed",
                                    [DS_BASE_WORKING] = "working",
                                    [DS_BASE_CALENDAR] = "calendar",
                                    NULL};
static const char *const moments[] = {"end_of_day", "end_of_work", "weekday", NULL};
static const char *const moment_keys[] = {"at", "workdays", "day", "time", NULL};

const char *rb_clock_name(enum ds_clock clock)
{
    return names[clock - DS_CLOCK_ORDER];
}

/* One clock while it is read. */
struct clock {
    struct rb_build *b;
    struct ds_yaml *doc;
    const struct ds_yaml_node *node;
    struct ds_clock_rule *rule;
    const struct ds_yaml_node *least; /* the shortest of its limits, where one is a duration */
    int64_t least_ms;
};

static void need_duration(struct clock *c, const char *key, int64_t *ret_ms)
{
    const bool days_allowed = c->rule->base != DS_BASE_WORKING;
    (void)ds_yaml_duration(c->doc, ds_yaml_need(c->doc, c->node, key), days_allowed, ret_ms);
}

/* The base is read first: it decides which units a limit may have. */
static void read_base(struct clock *c)
{
    int word = DS_BASE_ELAPSED;
    (void)ds_yaml_word(c->doc, ds_yaml_need(c->doc, c->node, "base"), bases, &word);
    c->rule->base = (enum ds_base)word;
}

static void check_base(struct clock *c, const char *expected)
{
    const struct ds_yaml_node *base = ds_yaml_get(c->node, "base");
    if (!base || base->kind != RB_SCALAR || strcmp(base->text, expected) == 0) return;
    ds_yaml_problem(c->doc, base, "wrong_base", expected);
}

/* ---- limits ---- */

static void only_with(struct clock *c, const struct ds_yaml_node *node, const char *key,
                      bool needed)
{
    const struct ds_yaml_node *value = ds_yaml_get(node, key);
    if (value && !needed) ds_yaml_problem(c->doc, value->key, "unknown_key", "at");
    if (!value && needed) ds_yaml_problem(c->doc, node, "missing_key", key);
}

/* {at: end_of_work, workdays: 3}, {at: end_of_day}, {at: weekday, day: mon, time: "12:00"} */
static void read_moment(struct clock *c, const struct ds_yaml_node *node, struct ds_limit *ret)
{
    int word = 0;
    int64_t workdays = 1;
    (void)ds_yaml_mapping(c->doc, node, moment_keys);
    if (!ds_yaml_word(c->doc, ds_yaml_need(c->doc, node, "at"), moments, &word)) return;
    ret->form = word == 0   ? DS_LIMIT_END_OF_DAY
                : word == 1 ? DS_LIMIT_END_OF_WORK
                            : DS_LIMIT_WEEKDAY;
    only_with(c, node, "workdays", ret->form == DS_LIMIT_END_OF_WORK);
    only_with(c, node, "day", ret->form == DS_LIMIT_WEEKDAY);
    only_with(c, node, "time", ret->form == DS_LIMIT_WEEKDAY);
    (void)ds_yaml_int(c->doc, ds_yaml_get(node, "workdays"), 1, 60, &workdays);
    ret->workdays = (int32_t)workdays;
    (void)rb_yaml_weekday(c->doc, ds_yaml_get(node, "day"), &ret->weekday);
    (void)ds_yaml_time(c->doc, ds_yaml_get(node, "time"), &ret->time_ms);
    check_base(c, ret->form == DS_LIMIT_END_OF_WORK ? "working" : "calendar");
}

static void read_limit(struct clock *c)
{
    const struct ds_yaml_node *node = ds_yaml_need(c->doc, c->node, "limit");
    struct ds_limit *limit = &c->rule->limit;
    limit->form = DS_LIMIT_SPAN;
    if (node && node->kind == RB_MAPPING) {
        read_moment(c, node, limit);
        return;
    }
    if (!ds_yaml_duration(c->doc, node, c->rule->base != DS_BASE_WORKING, &limit->span_ms)) return;
    c->least = node;
    c->least_ms = limit->span_ms;
    if (c->rule->base == DS_BASE_CALENDAR) /* a duration has no calendar to be measured by */
        ds_yaml_problem(c->doc, ds_yaml_get(c->node, "base"), "wrong_base", "working, elapsed");
}

static void read_bands(struct clock *c)
{
    struct ds_version *v = c->b->v;
    const struct ds_yaml_node *bands = ds_yaml_need(c->doc, c->node, "bands");
    const struct ds_yaml_node *before = NULL;
    const bool days_allowed = c->rule->base != DS_BASE_WORKING;
    if (!ds_yaml_mapping(c->doc, bands, band_keys)) return;
    for (int i = 0; band_keys[i]; i++) { /* in the order of the enum: further and further away */
        int64_t *band_ms = &v->band_ms[DS_CITY + i];
        const struct ds_yaml_node *node = ds_yaml_need(c->doc, bands, band_keys[i]);
        if (!ds_yaml_duration(c->doc, node, days_allowed, band_ms)) continue;
        if (before && *band_ms < band_ms[-1])
            ds_yaml_problem(c->doc, node, "band_shrinks", before->text);
        before = node;
        if (c->least) continue;
        c->least = node;
        c->least_ms = *band_ms;
    }
    if (c->rule->base == DS_BASE_CALENDAR)
        ds_yaml_problem(c->doc, ds_yaml_get(c->node, "base"), "wrong_base", "working, elapsed");
    c->rule->limit = (struct ds_limit){.form = DS_LIMIT_SPAN, .span_ms = v->band_ms[DS_FAR]};
}

static void read_urgent(struct clock *c)
{
    struct ds_version *v = c->b->v;
    const struct ds_yaml_node *urgent = ds_yaml_need(c->doc, c->node, "urgent");
    need_duration(c, "auto_held", &v->auto_held_ms);
    need_duration(c, "auto_held_urgent", &v->auto_held_urgent_ms);
    const bool days_allowed = c->rule->base != DS_BASE_WORKING;
    if (!ds_yaml_duration(c->doc, urgent, days_allowed, &v->complaint_urgent_ms)) return;
    if (c->least && v->complaint_urgent_ms > c->least_ms)
        ds_yaml_problem(c->doc, urgent, "urgent_is_slower", c->least->text);
    c->least = urgent;
    c->least_ms = v->complaint_urgent_ms;
}

/* ---- what all clocks have ---- */

static void read_warning(struct clock *c)
{
    const struct ds_yaml_node *share = ds_yaml_get(c->node, "warn");
    const struct ds_yaml_node *after = ds_yaml_get(c->node, "warn_after");
    const bool days_allowed = c->rule->base != DS_BASE_WORKING;
    if (share && after) {
        ds_yaml_problem(c->doc, after->key, "one_of_keys", "warn, warn_after");
        return;
    }
    if (share && c->rule->limit.form != DS_LIMIT_SPAN) {
        ds_yaml_problem(c->doc, share, "warn_without_limit", "warn_after");
        return;
    }
    (void)rb_yaml_permille(c->doc, share, &c->rule->warn_permille);
    if (after && c->rule->base == DS_BASE_CALENDAR) {
        ds_yaml_problem(c->doc, ds_yaml_get(c->node, "base"), "wrong_base", "working, elapsed");
        return;
    }
    if (!ds_yaml_duration(c->doc, after, days_allowed, &c->rule->warn_after_ms)) return;
    if (c->least && c->rule->warn_after_ms >= c->least_ms)
        ds_yaml_problem(c->doc, after, "warn_after_limit", c->least->text);
}

/* Which of its values the department's own rules leave open: `explain` says so. */
static void read_ours(struct clock *c)
{
    const struct ds_yaml_node *ours = ds_yaml_get(c->node, "ours");
    if (!ours || !ds_yaml_sequence(c->doc, ours)) return;
    for (uint32_t i = 0; i < ds_yaml_count(ours); i++) {
        int word = 0;
        if (ds_yaml_word(c->doc, ds_yaml_item(ours, i), ds_clock_keys, &word))
            c->rule->ours |= 1u << word;
    }
}

static void read_common(struct clock *c)
{
    read_warning(c);
    (void)rb_yaml_grace(c->doc, ds_yaml_need(c->doc, c->node, "grace"), &c->rule->grace_ms);
    c->rule->clause = rb_named_clause(c->b, ds_yaml_get(c->node, "clause"));
    read_ours(c);
}

/* ---- the clocks that differ ---- */

static void read_visit(struct clock *c)
{
    struct ds_version *v = c->b->v;
    read_bands(c);
    (void)ds_yaml_metres(c->doc, ds_yaml_need(c->doc, c->node, "near_up_to"), &v->near_up_to_m);
    (void)rb_yaml_grace(c->doc, ds_yaml_need(c->doc, c->node, "early_arrival"),
                        &v->early_arrival_ms);
}

/* Attempts are to be spread over parts of the day, too. */
static void read_times_of_day(struct clock *c, const struct ds_yaml_node *attempts,
                              int64_t n_attempts)
{
    struct ds_version *v = c->b->v;
    const struct ds_yaml_node *times = ds_yaml_need(c->doc, c->node, "times_of_day");
    const struct ds_yaml_node *afternoon = ds_yaml_need(c->doc, c->node, "afternoon");
    const struct ds_yaml_node *evening = ds_yaml_need(c->doc, c->node, "evening");
    int64_t n = 1;
    if (ds_yaml_int(c->doc, times, 1, 3, &n) && n > n_attempts)
        ds_yaml_problem(c->doc, times, "more_days_than_attempts", attempts->text);
    v->callback_times_of_day = (int32_t)n;
    if (ds_yaml_time(c->doc, afternoon, &v->callback_afternoon_ms) &&
        ds_yaml_time(c->doc, evening, &v->callback_evening_ms) &&
        v->callback_evening_ms <= v->callback_afternoon_ms)
        ds_yaml_problem(c->doc, evening, "evening_before_afternoon", afternoon->text);
}

static void read_callback(struct clock *c)
{
    struct ds_version *v = c->b->v;
    const struct ds_yaml_node *attempts = ds_yaml_need(c->doc, c->node, "attempts");
    const struct ds_yaml_node *days = ds_yaml_need(c->doc, c->node, "days");
    int64_t n_attempts = 1;
    int64_t n_days = 1;
    read_limit(c);
    const bool both = ds_yaml_int(c->doc, attempts, 1, 20, &n_attempts);
    if (ds_yaml_int(c->doc, days, 1, 20, &n_days) && both && n_days > n_attempts)
        ds_yaml_problem(c->doc, days, "more_days_than_attempts", attempts->text);
    v->callback_attempts = (int32_t)n_attempts;
    v->callback_days = (int32_t)n_days;
    read_times_of_day(c, attempts, both ? n_attempts : 3);
}

/* The proportion of the satisfaction sheet (P4). */
static void read_sheet(struct clock *c)
{
    struct ds_version *v = c->b->v;
    int32_t *const values[] = {&v->sheet_repairs, &v->sheet_installs, &v->sheet_blocks};
    static const char *const keys[] = {"repairs", "installs", "blocks"};
    read_limit(c);
    for (int i = 0; i < 3; i++) {
        int64_t n = 1;
        (void)ds_yaml_int(c->doc, ds_yaml_need(c->doc, c->node, keys[i]), 1, 100, &n);
        *values[i] = (int32_t)n;
    }
}

static void read_hotline(struct clock *c)
{
    struct ds_version *v = c->b->v;
    need_duration(c, "ring", &v->hotline_ring_ms);
    need_duration(c, "occasion", &v->hotline_occasion_ms);
    check_base(c, "working"); /* a phone that rings at night is nobody's fault */
    c->rule->limit = (struct ds_limit){.form = DS_LIMIT_SPAN, .span_ms = v->hotline_ring_ms};
}

static const char *const *keys_of(enum ds_clock clock)
{
    switch (clock) {
    case DS_CLOCK_VISIT: return visit_keys;
    case DS_CLOCK_COMPLAINT: return complaint_keys;
    case DS_CLOCK_CALLBACK: return callback_keys;
    case DS_CLOCK_HOTLINE: return hotline_keys;
    case DS_CLOCK_SURVEY_SHEET: return sheet_keys;
    case DS_CLOCK_ORDER:
    case DS_CLOCK_DISPATCH:
    case DS_CLOCK_ACCEPT:
    case DS_CLOCK_CONTACT:
    case DS_CLOCK_FEEDBACK:
    case DS_CLOCK_DELAY:
    case DS_CLOCK_RESULT:
    case DS_CLOCK_WEEKLY_SHEET:
    case DS_CLOCK_NONE:
    case DS_CLOCK_COUNT: return plain_keys;
    }
    return plain_keys;
}

static void read_clock(struct rb_build *b, const struct ds_yaml_node *node, enum ds_clock clock)
{
    struct clock c = {.b = b, .doc = b->rulebook, .node = node, .rule = &b->v->clocks[clock]};
    const char *const *keys = keys_of(clock);
    c.rule->clause = "";
    if (!ds_yaml_mapping(c.doc, node, keys)) return;
    read_base(&c);
    if (keys == visit_keys)
        read_visit(&c);
    else if (keys == callback_keys)
        read_callback(&c);
    else if (keys == hotline_keys)
        read_hotline(&c);
    else if (keys == sheet_keys)
        read_sheet(&c);
    else
        read_limit(&c);
    if (keys == complaint_keys) read_urgent(&c);
    read_common(&c);
}

void rb_read_clocks(struct rb_build *b)
{
    const struct ds_yaml_node *clocks =
        ds_yaml_need(b->rulebook, ds_yaml_root(b->rulebook), "clocks");
    (void)ds_yaml_mapping(b->rulebook, clocks, names);
    b->v->clocks[DS_CLOCK_NONE].clause = "";
    for (int i = DS_CLOCK_ORDER; i < DS_CLOCK_COUNT; i++)
        read_clock(b, ds_yaml_need(b->rulebook, clocks, names[i - 1]), (enum ds_clock)i);
}
