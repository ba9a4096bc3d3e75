/* SPDX-License-Identifier: MIT
 *
 * Calendars: weekly hours, holidays, make-up working days, and laying them out as spans for every
 * day of 2000..2060. Never decides a due; that is common/domain/calendar.c over the spans. */
#include "rulebook/build.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static_assert(RB_PATTERNS <= 256, "a pattern fits the byte of a day");

static const char *const keys[] = {"id", "zone", "week", "holidays", "make_up", NULL};
static const char *const holiday_keys[] = {"from", "to", "name", NULL};
static const char *const half_day_keys[] = {"date", "hours", "name", NULL};
static const char *const make_up_keys[] = {"date", "like", "hours", NULL};

/* ---- hours ---- */

static bool add_hours(struct ds_yaml *doc, const struct ds_yaml_node *node, struct rb_hours *hours)
{
    int64_t from_ms = 0;
    int64_t to_ms = 0;
    if (!ds_yaml_span(doc, node, &from_ms, &to_ms)) return false;
    if (hours->n > 0 && from_ms < hours->to_ms[hours->n - 1]) {
        ds_yaml_problem(doc, node, "overlapping_spans", "");
        return false;
    }
    hours->from_ms[hours->n] = from_ms;
    hours->to_ms[hours->n++] = to_ms;
    return true;
}

bool rb_hours(struct ds_yaml *doc, const struct ds_yaml_node *node, struct rb_hours *ret)
{
    if (!node) return false;
    struct rb_hours hours = {0};
    bool good = true;
    if (node->kind == RB_SCALAR) {
        good = add_hours(doc, node, &hours);
    } else {
        if (!ds_yaml_sequence(doc, node)) return false;
        const uint32_t n = rb_list(doc, node, RB_DAY_SPANS_MAX);
        for (uint32_t i = 0; i < n; i++)
            good &= add_hours(doc, ds_yaml_item(node, i), &hours);
    }
    if (good) *ret = hours;
    return good;
}

/* ---- zones ---- */

static bool zone_from_rows(const Ds__ZoneRows *rows, struct rb_zone *ret)
{
    if (rows->n_at_ms != rows->n_offset_s) return false;
    if (rows->n_at_ms < 1 || rows->n_at_ms > RB_ZONE_ROWS_MAX) return false;
    ret->n = (uint32_t)rows->n_at_ms;
    (void)snprintf(ret->name, sizeof(ret->name), "%s", rows->name);
    for (uint32_t i = 0; i < ret->n; i++) {
        const int32_t offset_s = rows->offset_s[i];
        if (offset_s < -RB_ZONE_OFFSET_MAX_S || offset_s > RB_ZONE_OFFSET_MAX_S) return false;
        if (i > 0 && rows->at_ms[i] <= rows->at_ms[i - 1]) return false;
        ret->at_ms[i] = rows->at_ms[i];
        ret->offset_s[i] = offset_s;
    }
    /* The first row must reach back to the first local day of any zone. */
    return ret->at_ms[0] < DS_TIME_MIN_MS - 2 * (int64_t)DS_DAY_MS && ret->at_ms[0] >= 0;
}

/* The rows stored with the version if there is one, else those of this machine. */
static bool load_zone(const struct rb_build *b, const char *name, struct rb_zone *ret)
{
    if (!b->stored) return rb_zone_expand(name, ret);
    for (size_t i = 0; i < b->stored->n_zones; i++) {
        const Ds__ZoneRows *rows = b->stored->zones[i];
        if (rows->name && strcmp(rows->name, name) == 0) return zone_from_rows(rows, ret);
    }
    return false;
}

static void unknown_zone(const struct rb_build *b, const struct ds_yaml_node *node)
{
    char near[DS_ID_MAX + 1] = "";
    const char *known = near;
    if (!b->stored) rb_zone_suggest(node->text, near, sizeof(near));
    rb_problem_near(b->rulebook, node, "unknown_zone", "", &known, near[0] ? 1 : 0, sizeof(known));
}

/* Index of a zone in b->zones, loaded at its first use; -1 with a problem. */
static int read_zone(struct rb_build *b, const struct ds_yaml_node *node)
{
    const char *name = rb_scalar(b->rulebook, node);
    if (!name) return -1;
    if (!rb_zone_name_ok(name)) {
        ds_yaml_problem(b->rulebook, node, "bad_zone_name", "Asia/Shanghai");
        return -1;
    }
    for (uint32_t i = 0; i < b->n_zones; i++) {
        if (strcmp(b->zones[i]->name, name) == 0) return (int)i;
    }
    struct rb_zone *zone = rb_alloc(1, sizeof(*zone));
    if (load_zone(b, name, zone)) {
        b->zones[b->n_zones] = zone;
        return (int)b->n_zones++;
    }
    free(zone);
    unknown_zone(b, node);
    return -1;
}

/* ---- days ---- */

static void read_week(struct rb_build *b, const struct ds_yaml_node *week, struct rb_calendar *cal)
{
    (void)ds_yaml_mapping(b->rulebook, week, rb_weekdays);
    for (uint32_t i = 0; i < 7; i++) /* a weekday that is not named is a day off */
        (void)rb_hours(b->rulebook, ds_yaml_get(week, rb_weekdays[i]), &cal->patterns[i]);
    for (int32_t day = RB_FIRST_DAY; day <= RB_LAST_DAY; day++)
        cal->days[day - RB_FIRST_DAY] = (uint8_t)ds_weekday(day);
}

static bool is_half_day(const struct ds_yaml_node *node)
{
    return node->kind == RB_MAPPING && ds_yaml_get(node, "hours");
}

static void read_holiday(struct rb_build *b, const struct ds_yaml_node *node,
                         struct rb_calendar *cal)
{
    struct ds_yaml *doc = b->rulebook;
    int32_t from = 0;
    int32_t to = 0;
    if (node->kind == RB_SCALAR) {
        if (!ds_yaml_date(doc, node, &from)) return;
        to = from;
    } else {
        const char *name = NULL;
        if (!ds_yaml_mapping(doc, node, holiday_keys)) return;
        const struct ds_yaml_node *first = ds_yaml_need(doc, node, "from");
        const struct ds_yaml_node *last = ds_yaml_need(doc, node, "to");
        (void)ds_yaml_text(doc, ds_yaml_get(node, "name"), &name); /* for readers of the file */
        if (!ds_yaml_date(doc, first, &from) || !ds_yaml_date(doc, last, &to)) return;
        if (to < from) ds_yaml_problem(doc, last, "reversed_dates", first->text);
    }
    for (int32_t day = from; day <= to; day++)
        cal->days[day - RB_FIRST_DAY] = RB_OFF;
}

/* Does a day with some hours keep within those of another? */
static bool lies_within(const struct rb_hours *hours, const struct rb_hours *usual)
{
    for (uint32_t i = 0; i < hours->n; i++) {
        bool within = false;
        for (uint32_t k = 0; k < usual->n; k++)
            within |= hours->from_ms[i] >= usual->from_ms[k] && hours->to_ms[i] <= usual->to_ms[k];
        if (!within) return false;
    }
    return true;
}

/* Half days of a calendar mostly keep the same hours: one pattern for them all. */
static uint8_t half_day_pattern(struct ds_yaml *doc, const struct ds_yaml_node *node,
                                const struct rb_hours *hours, struct rb_calendar *cal)
{
    if (hours->n == 0) return RB_OFF;
    for (uint32_t i = 0; i < cal->n_half_days; i++)
        if (memcmp(&cal->patterns[RB_HALF_DAY + i], hours, sizeof(*hours)) == 0)
            return (uint8_t)(RB_HALF_DAY + i);
    if (cal->n_half_days == RB_HALF_DAYS_MAX) {
        ds_yaml_problem(doc, node, "too_many", "40");
        return RB_OFF;
    }
    cal->patterns[RB_HALF_DAY + cal->n_half_days] = *hours;
    return (uint8_t)(RB_HALF_DAY + cal->n_half_days++);
}

/* A holiday that leaves some of a day's hours; more than those would be a make-up day. */
static void read_half_day(struct rb_build *b, const struct ds_yaml_node *node,
                          struct rb_calendar *cal)
{
    struct ds_yaml *doc = b->rulebook;
    struct rb_hours hours = {0};
    const char *name = NULL;
    int32_t day = 0;
    if (!ds_yaml_mapping(doc, node, half_day_keys)) return;
    const struct ds_yaml_node *date = ds_yaml_need(doc, node, "date");
    const bool good = rb_hours(doc, ds_yaml_get(node, "hours"), &hours);
    (void)ds_yaml_text(doc, ds_yaml_get(node, "name"), &name); /* for readers of the file */
    if (!ds_yaml_date(doc, date, &day) || !good) return;
    uint8_t *pattern = &cal->days[day - RB_FIRST_DAY];
    if (*pattern > RB_OFF)
        ds_yaml_problem(doc, date, "duplicate_id", "");
    else if (!lies_within(&hours, &cal->patterns[*pattern]))
        ds_yaml_problem(doc, date, "not_usual_hours", "");
    else
        *pattern = half_day_pattern(doc, date, &hours, cal);
}

/* Whole days first: a half day within them is a mistake, whichever line stands first. */
static void read_holidays(struct rb_build *b, const struct ds_yaml_node *list,
                          struct rb_calendar *cal)
{
    const uint32_t n = rb_list(b->rulebook, list, RB_HOLIDAYS_MAX);
    for (uint32_t i = 0; i < n; i++)
        if (!is_half_day(ds_yaml_item(list, i))) read_holiday(b, ds_yaml_item(list, i), cal);
    for (uint32_t i = 0; i < n; i++)
        if (is_half_day(ds_yaml_item(list, i))) read_half_day(b, ds_yaml_item(list, i), cal);
}

/* Hours of a make-up day: its own, or those of a weekday. */
static bool make_up_hours(struct rb_build *b, const struct ds_yaml_node *node,
                          const struct rb_calendar *cal, struct rb_hours *ret)
{
    struct ds_yaml *doc = b->rulebook;
    const struct ds_yaml_node *like = ds_yaml_get(node, "like");
    const struct ds_yaml_node *hours = ds_yaml_get(node, "hours");
    if (!like == !hours) {
        ds_yaml_problem(doc, node, "one_of_keys", "like, hours");
        return false;
    }
    int32_t weekday = 0;
    if (hours && !rb_hours(doc, hours, ret)) return false;
    if (like && !rb_yaml_weekday(doc, like, &weekday)) return false;
    if (like) *ret = cal->patterns[weekday];
    if (ret->n > 0) return true;
    ds_yaml_problem(doc, like ? like : hours, "no_hours", "");
    return false;
}

static void read_make_up(struct rb_build *b, const struct ds_yaml_node *node,
                         struct rb_calendar *cal)
{
    struct ds_yaml *doc = b->rulebook;
    struct rb_hours hours = {0};
    int32_t day = 0;
    if (!ds_yaml_mapping(doc, node, make_up_keys)) return;
    const struct ds_yaml_node *date = ds_yaml_need(doc, node, "date");
    const bool good = make_up_hours(b, node, cal, &hours);
    if (!ds_yaml_date(doc, date, &day)) return;
    uint8_t *pattern = &cal->days[day - RB_FIRST_DAY];
    if (*pattern == RB_OFF) {
        ds_yaml_problem(doc, date, "holiday_and_make_up", "");
    } else if (*pattern >= RB_MAKE_UP) {
        ds_yaml_problem(doc, date, "duplicate_id", "");
    } else if (cal->patterns[*pattern].n > 0) {
        ds_yaml_problem(doc, date, "already_working", "");
    } else if (good) {
        *pattern = (uint8_t)(RB_MAKE_UP + cal->n_make_up);
        cal->patterns[RB_MAKE_UP + cal->n_make_up++] = hours;
    }
}

static void check_calendar_id(const struct rb_build *b, const struct ds_yaml_node *id)
{
    for (uint32_t i = 0; i < b->n_calendars; i++) {
        if (strcmp(b->calendars[i]->id, id->text) != 0) continue;
        ds_yaml_problem(b->rulebook, id, "duplicate_id", "");
        return;
    }
}

static void read_calendar(struct rb_build *b, const struct ds_yaml_node *node,
                          struct rb_calendar *cal)
{
    struct ds_yaml *doc = b->rulebook;
    const uint32_t before = b->rulebook->problems->n;
    cal->zone = -1;
    if (!ds_yaml_mapping(doc, node, keys)) return;
    const struct ds_yaml_node *id = ds_yaml_need(doc, node, "id");
    if (ds_yaml_id(doc, id, &cal->id)) check_calendar_id(b, id);
    cal->zone = read_zone(b, ds_yaml_need(doc, node, "zone"));
    read_week(b, ds_yaml_need(doc, node, "week"), cal);
    const struct ds_yaml_node *make_up = ds_yaml_get(node, "make_up");
    const uint32_t n_make_up = rb_list(doc, make_up, RB_MAKE_UP_MAX);
    read_holidays(b, ds_yaml_get(node, "holidays"), cal);
    for (uint32_t i = 0; i < n_make_up; i++)
        read_make_up(b, ds_yaml_item(make_up, i), cal);
    if (doc->problems->n == before && rb_count_spans(cal) == 0)
        ds_yaml_problem(doc, node, "no_working_time", "");
}

void rb_read_calendars(struct rb_build *b)
{
    const struct ds_yaml_node *list =
        ds_yaml_need(b->rulebook, ds_yaml_root(b->rulebook), "calendars");
    const uint32_t n = rb_list(b->rulebook, list, DS_CALENDARS_MAX);
    b->zones = rb_alloc(n, sizeof(*b->zones));
    b->calendars = rb_alloc(n, sizeof(*b->calendars));
    for (uint32_t i = 0; i < n; i++) {
        struct rb_calendar *cal = rb_alloc(1, sizeof(*cal));
        read_calendar(b, ds_yaml_item(list, i), cal);
        if (!cal->id) cal->id = "";
        b->calendars[b->n_calendars++] = cal;
    }
}
