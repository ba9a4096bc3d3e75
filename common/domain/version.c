/* SPDX-License-Identifier: MIT
 *
 * Look-ups in a compiled version and the dues that follow from it alone. Never changes a version
 * and knows nothing of pauses, tickets or evidence. */
#include "domain/version.h"

#include <assert.h>
#include <string.h>

#include "domain/assert.h"

const char *const ds_clock_keys[] = {"limit",     "base",       "warn",          "warn_after",
                                     "grace",     "urgent",     "auto_held",     "auto_held_urgent",
                                     "bands",     "near_up_to", "early_arrival", "attempts",
                                     "days",      "ring",       "occasion",      "times_of_day",
                                     "afternoon", "evening",    "repairs",       "installs",
                                     "blocks",    NULL};

/* find() compares the text at the beginning of each element. */
static_assert(offsetof(struct ds_territory, id) == 0, "id first");
static_assert(offsetof(struct ds_account, key) == 0, "key first");
static_assert(offsetof(struct ds_person, id) == 0, "id first");

/* Index in an array of n elements of size bytes sorted by the text they begin with, or -1. */
static int find(const void *array, uint32_t n, size_t size, const char *text)
{
    if (!text) return -1;
    uint32_t low = 0;
    uint32_t high = n;
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;
        const char *const *element =
            (const char *const *)(const void *)((const char *)array + mid * size);
        const int order = strcmp(*element, text);
        if (order == 0) return (int)mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return -1;
}

const struct ds_right_rule *ds_find_right(const struct ds_version *v, const char *id)
{
    if (!id) return NULL;
    for (int i = 0; i < DS_RIGHT_COUNT; i++) {
        if (strcmp(v->returns.rights[i].id, id) == 0) return &v->returns.rights[i];
    }
    return NULL;
}

const struct ds_clause *ds_find_clause(const struct ds_version *v, const char *id)
{
    if (!id) return NULL;
    for (uint32_t i = 0; i < v->n_clauses; i++) { /* few, and in the order of the file */
        if (strcmp(v->clauses[i].id, id) == 0) return &v->clauses[i];
    }
    return NULL;
}

const struct ds_piece_rate *ds_find_piece_rate(const struct ds_version *v, enum ds_piece kind,
                                               const char *category, enum ds_zone_band zone)
{
    for (uint32_t i = 0; i < v->n_piece_rates; i++) {
        const struct ds_piece_rate *rate = &v->piece_rates[i];
        if (rate->kind != kind) continue;
        if (rate->category[0] && (!category || strcmp(rate->category, category) != 0)) continue;
        if (rate->zone == DS_ZONE_NONE || rate->zone == zone) return rate;
    }
    return NULL;
}

const struct ds_territory *ds_find_territory(const struct ds_version *v, const char *id)
{
    const int i = find(v->territories, v->n_territories, sizeof(*v->territories), id);
    return i < 0 ? NULL : &v->territories[i];
}

const struct ds_territory *ds_find_number(const struct ds_version *v, const char *called)
{
    if (!called) return NULL;
    for (uint32_t i = 0; i < v->n_territories; i++) {
        const struct ds_territory *t = &v->territories[i];
        for (uint32_t k = 0; k < t->n_numbers; k++) {
            if (strcmp(t->numbers[k], called) == 0) return t;
        }
    }
    return NULL;
}

const struct ds_account *ds_find_account(const struct ds_version *v, const char *key)
{
    const int i = find(v->accounts, v->n_accounts, sizeof(*v->accounts), key);
    return i < 0 ? NULL : &v->accounts[i];
}

const struct ds_person *ds_find_person(const struct ds_version *v, const char *id)
{
    const int i = find(v->people, v->n_people, sizeof(*v->people), id);
    return i < 0 ? NULL : &v->people[i];
}

int ds_find_skill(const struct ds_version *v, const char *name)
{
    return find(v->skills, v->n_skills, sizeof(*v->skills), name);
}

int ds_find_area(const struct ds_version *v, const char *name)
{
    return find(v->areas, v->n_areas, sizeof(*v->areas), name);
}

enum ds_zone_band ds_zone_of(const struct ds_version *v, bool city, int64_t distance_m)
{
    if (city) return DS_CITY;
    return distance_m <= v->near_up_to_m ? DS_NEAR : DS_FAR;
}

/* ---- the hotline roster ---- */

static bool row_covers_day(const struct ds_roster_row *row, int32_t day)
{
    return day >= row->first_day && day <= row->last_day &&
           (row->weekdays & (UINT32_C(1) << ds_weekday(day))) != 0;
}

/* One moment at one territory: its rows, and whether that day is ruled by dated rows. */
struct shift {
    const struct ds_roster_row *rows;
    uint32_t n;
    int32_t day;
    int64_t time_ms; /* on the wall */
    bool dated;
};

static bool row_counts(const struct shift *shift, const struct ds_roster_row *row)
{
    return row_covers_day(row, shift->day) && row->replaces == shift->dated &&
           shift->time_ms >= row->from_ms && shift->time_ms < row->to_ms;
}

/* Rows may overlap; somebody named by two of them is still one person on duty. */
static bool named_before(const struct shift *shift, const struct ds_roster_row *row,
                         const struct ds_person *person)
{
    for (const struct ds_roster_row *r = shift->rows; r < row; r++) {
        if (!row_counts(shift, r)) continue;
        for (uint32_t i = 0; i < r->n_people; i++) {
            if (r->people[i] == person) return true;
        }
    }
    return false;
}

static struct shift shift_at(const struct ds_version *v, const struct ds_territory *t,
                             int64_t at_ms)
{
    uint32_t low = 0;
    uint32_t high = v->n_roster;
    while (low < high) { /* rows are grouped in the order of the territories */
        const uint32_t mid = low + (high - low) / 2;
        if (v->roster[mid].territory < t)
            low = mid + 1;
        else
            high = mid;
    }
    const struct ds_zone *zone = t->calendar->zone;
    struct shift shift = {.rows = v->n_roster > 0 ? &v->roster[low] : NULL};
    shift.day = ds_local_day(zone, at_ms);
    shift.time_ms = at_ms + (int64_t)ds_zone_offset_s(zone, at_ms) * DS_SECOND_MS -
                    (int64_t)shift.day * DS_DAY_MS;
    for (; low < v->n_roster && v->roster[low].territory == t; low++) {
        shift.n++;
        if (v->roster[low].replaces && row_covers_day(&v->roster[low], shift.day))
            shift.dated = true;
    }
    return shift;
}

uint32_t ds_on_duty(const struct ds_version *v, const struct ds_territory *t, int64_t at_ms,
                    const struct ds_person **ret_people, uint32_t max)
{
    const struct shift shift = shift_at(v, t, at_ms);
    uint32_t n = 0;
    for (uint32_t i = 0; i < shift.n; i++) {
        const struct ds_roster_row *row = &shift.rows[i];
        if (!row_counts(&shift, row)) continue;
        for (uint32_t k = 0; k < row->n_people; k++) {
            if (named_before(&shift, row, row->people[k])) continue;
            if (n < max) ret_people[n] = row->people[k];
            n++;
        }
    }
    return n;
}

/* ---- dues ---- */

static int64_t clip(int64_t at_ms)
{
    return at_ms < DS_TIME_MAX_MS ? at_ms : DS_TIME_MAX_MS;
}

static int64_t due_of_span(const struct ds_calendar *cal, int64_t span_ms, enum ds_base base,
                           int64_t start_ms)
{
    switch (base) {
    case DS_BASE_WORKING: return ds_cal_add(cal, start_ms, span_ms);
    case DS_BASE_ELAPSED:
    case DS_BASE_CALENDAR: return clip(start_ms + span_ms);
    }
    DS_UNREACHABLE();
}

static int64_t due_of_weekday(const struct ds_zone *zone, const struct ds_limit *limit,
                              int64_t start_ms)
{
    const int32_t today = ds_local_day(zone, start_ms);
    const int32_t day = today + (limit->weekday - ds_weekday(today) + 7) % 7;
    const int64_t due_ms = ds_from_local(zone, day, limit->time_ms);
    return clip(due_ms >= start_ms ? due_ms : ds_from_local(zone, day + 7, limit->time_ms));
}

int64_t ds_due(const struct ds_calendar *cal, const struct ds_limit *limit, enum ds_base base,
               int64_t start_ms)
{
    switch (limit->form) {
    case DS_LIMIT_SPAN: return due_of_span(cal, limit->span_ms, base, start_ms);
    case DS_LIMIT_END_OF_DAY:
        return clip(ds_end_of_day(cal->zone, ds_local_day(cal->zone, start_ms)));
    case DS_LIMIT_END_OF_WORK: return ds_cal_end_of_work(cal, start_ms, limit->workdays);
    case DS_LIMIT_WEEKDAY: return due_of_weekday(cal->zone, limit, start_ms);
    }
    DS_UNREACHABLE();
}

int64_t ds_accept_due(const struct ds_version *v, const struct ds_account *account,
                      int64_t offered_at_ms)
{
    const struct ds_clock_rule *rule = &v->clocks[DS_CLOCK_ACCEPT];
    return ds_due(account->calendar, &rule->limit, rule->base, offered_at_ms);
}

int32_t ds_guarantee_months(const struct ds_version *v, const char *category)
{
    const struct ds_return_rules *returns = &v->returns;

    for (uint32_t i = 0; i < returns->n_guarantees; i++)
        if (strcmp(returns->guarantees[i].category, category) == 0)
            return returns->guarantees[i].months;
    return returns->other_months;
}
