/* SPDX-License-Identifier: MIT
 *
 * Working hours, territories, accounts and people of two versions. Hours are compared day by day,
 * as they come out: a holiday that was a day off anyway is no difference. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/rules_diff.h"

enum {
    HOURS_BYTES = 96,
    HABIT = 20
}; /* so many equal changes of one weekday are its usual hours */

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* ---- working hours ---- */

static void hours_of(const struct rules_diff *diff, const struct ds_calendar *cal, int32_t day,
                     char buf[HOURS_BYTES])
{
    int64_t i = (int64_t)day - cal->first_day;
    size_t n = 0;

    buf[0] = '\0';
    if (i < 0 || i >= cal->n_days) return;
    for (uint32_t s = cal->day_span[i]; s < cal->day_span[i + 1] && n < HOURS_BYTES; s++) {
        int64_t midnight_ms = ds_from_local(cal->zone, day, 0);
        int from = (int)((cal->spans[s].from_ms - midnight_ms) / DS_MINUTE_MS);
        int to = (int)((cal->spans[s].to_ms - midnight_ms) / DS_MINUTE_MS);
        n += (size_t)snprintf(buf + n, HOURS_BYTES - n, "%s%02d:%02d-%02d:%02d", n ? " " : "",
                              from / 60, from % 60, to / 60, to % 60);
    }
    if (n == 0) snprintf(buf, HOURS_BYTES, "%s", rules_in(diff, "day off", "休息"));
}

struct day_change {
    int32_t day;
    char old[HOURS_BYTES], new[HOURS_BYTES];
    bool usual;
};

static bool alike(const struct day_change *a, const struct day_change *b)
{
    return same(a->old, b->old) && same(a->new, b->new);
}

static const char *date(struct rules_diff *diff, int32_t day)
{
    struct ds_date at = ds_date_of(day);
    char *buf = rules_buf(diff);

    snprintf(buf, sizeof diff->bufs[0], "%04d-%02d-%02d", at.year, at.month, at.day);
    return buf;
}

/* Changes of the week's usual hours, one sentence for each weekday; they are marked. */
static void say_week(struct rules_diff *diff, const char *name, struct day_change *changes,
                     size_t n)
{
    static const char *const weekdays[][2] = {
        {"Mondays", "周一"}, {"Tuesdays", "周二"},  {"Wednesdays", "周三"}, {"Thursdays", "周四"},
        {"Fridays", "周五"}, {"Saturdays", "周六"}, {"Sundays", "周日"}};

    for (size_t i = 0; i < n; i++) {
        size_t equal = 0;
        if (changes[i].usual) continue;
        for (size_t j = i; j < n; j++)
            equal += !changes[j].usual && alike(&changes[i], &changes[j]) &&
                     ds_weekday(changes[i].day) == ds_weekday(changes[j].day);
        if (equal < HABIT) continue;
        struct day_change one = changes[i];
        for (size_t j = i; j < n; j++)
            changes[j].usual |=
                alike(&one, &changes[j]) && ds_weekday(one.day) == ds_weekday(changes[j].day);
        rules_say(diff, "calendars.week", FOR_STAFF, rules_hours_clauses(diff),
                  "%s, %s: %s (was: %s)", "%s,%s:%s(原为:%s)", name,
                  weekdays[ds_weekday(one.day)][diff->lang == DS_ZH], one.new, one.old);
    }
}

static void say_days(struct rules_diff *diff, const char *name, const struct day_change *changes,
                     size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        if (changes[i].usual) {
            i++;
            continue;
        }
        while (end < n && !changes[end].usual && changes[end].day == changes[end - 1].day + 1 &&
               alike(&changes[i], &changes[end]))
            end++;
        rules_say(diff, "calendars.days", FOR_STAFF, rules_hours_clauses(diff),
                  "%s, %s to %s: %s (was: %s)", "%s,%s 至 %s:%s(原为:%s)", name,
                  date(diff, changes[i].day), date(diff, changes[end - 1].day), changes[i].new,
                  changes[i].old);
        i = end;
    }
}

static void diff_calendar(struct rules_diff *diff, const struct ds_calendar *old,
                          const struct ds_calendar *new)
{
    int32_t first = old->first_day < new->first_day ? new->first_day : old->first_day;
    int32_t last_old = old->first_day + (int32_t)old->n_days;
    int32_t last = new->first_day + (int32_t) new->n_days;
    size_t n = 0;

    if (last_old < last) last = last_old;
    if (!same(old->zone->name, new->zone->name))
        rules_say(diff, "calendars.zone", FOR_ALL, "*", "%s: local time is that of %s (was %s)",
                  "%s:当地时间按 %s(原为 %s)", new->name, new->zone->name, old->zone->name);
    struct day_change *changes =
        calloc((size_t)(last > first ? last - first : 0) + 1, sizeof *changes);
    if (!changes) abort();
    for (int32_t day = first; day < last; day++) {
        struct day_change *change = &changes[n];
        hours_of(diff, old, day, change->old);
        hours_of(diff, new, day, change->new);
        change->day = day;
        n += !same(change->old, change->new);
    }
    memset(&changes[n], 0, sizeof changes[n]);
    say_week(diff, new->name, changes, n);
    say_days(diff, new->name, changes, n);
    free(changes);
}

static const struct ds_calendar *find_calendar(const struct ds_version *version, const char *name)
{
    for (uint32_t i = 0; i < version->n_calendars; i++)
        if (same(version->calendars[i].name, name)) return &version->calendars[i];
    return NULL;
}

static void diff_calendars(struct rules_diff *diff)
{
    for (uint32_t i = 0; i < diff->old->n_calendars; i++) {
        const struct ds_calendar *old = &diff->old->calendars[i];
        const struct ds_calendar *new = find_calendar(diff->new, old->name);
        if (new)
            diff_calendar(diff, old, new);
        else
            rules_say(diff, "calendars", FOR_STAFF, "*", "The calendar %s is gone",
                      "取消工作日历 %s", old->name);
    }
    for (uint32_t i = 0; i < diff->new->n_calendars; i++)
        if (!find_calendar(diff->old, diff->new->calendars[i].name))
            rules_say(diff, "calendars", FOR_STAFF, "*", "The calendar %s is new",
                      "新增工作日历 %s", diff->new->calendars[i].name);
}

/* ---- territories ---- */

static bool same_numbers(const struct ds_territory *a, const struct ds_territory *b)
{
    bool equal = a->n_numbers == b->n_numbers;

    for (uint32_t i = 0; equal && i < a->n_numbers; i++)
        equal = same(a->numbers[i], b->numbers[i]);
    return equal;
}

static bool same_row(const struct ds_roster_row *a, const struct ds_roster_row *b)
{
    bool equal = same(a->territory->id, b->territory->id) && a->first_day == b->first_day &&
                 a->last_day == b->last_day && a->weekdays == b->weekdays &&
                 a->replaces == b->replaces && a->from_ms == b->from_ms && a->to_ms == b->to_ms &&
                 a->n_people == b->n_people;

    for (uint32_t i = 0; equal && i < a->n_people; i++)
        equal = same(a->people[i]->id, b->people[i]->id);
    return equal;
}

static bool same_roster(const struct ds_version *old, const struct ds_version *new,
                        const char *territory)
{
    uint32_t i = 0, j = 0;

    for (;; i++, j++) {
        while (i < old->n_roster && !same(old->roster[i].territory->id, territory))
            i++;
        while (j < new->n_roster && !same(new->roster[j].territory->id, territory))
            j++;
        if (i == old->n_roster || j == new->n_roster)
            return i == old->n_roster && j == new->n_roster;
        if (!same_row(&old->roster[i], &new->roster[j])) return false;
    }
}

static void diff_territory(struct rules_diff *diff, const struct ds_territory *old,
                           const struct ds_territory *new)
{
    if (!same(old->name, new->name))
        rules_say(diff, "territories.name", FOR_CUSTOMERS, "", "Territory %s is called %s (was %s)",
                  "片区 %s 名称为 %s(原为 %s)", new->id, new->name, old->name);
    if (old->mode != new->mode)
        rules_say(diff, "territories.mode", FOR_STAFF, "7.1",
                  "In territory %s jobs are given out %s", "片区 %s 的工单%s", new->id,
                  new->mode == DS_DISPATCH_AUTO ? rules_in(diff, "by themselves", "自动派出")
                                                : rules_in(diff, "by the clerk", "由信息员派出"));
    if (old->partition != new->partition)
        rules_say(diff, "territories.partition", FOR_MANAGER, "",
                  "Territory %s: partition %u (was %u)", "片区 %s:分区 %u(原为 %u)", new->id,
                  new->partition, old->partition);
    if (!same(old->calendar->name, new->calendar->name))
        rules_say(diff, "territories.calendar", FOR_STAFF, "*",
                  "Territory %s works by the calendar %s (was %s)",
                  "片区 %s 按日历 %s 工作(原为 %s)", new->id, new->calendar->name,
                  old->calendar->name);
    if (!same_numbers(old, new))
        rules_say(diff, "territories.numbers", FOR_CUSTOMERS | FOR_CLERKS, "7.8",
                  "Territory %s has other public numbers", "片区 %s 的公布电话有变", new->id);
    if (!same_roster(diff->old, diff->new, new->id))
        rules_say(diff, "territories.hotline", FOR_CLERKS, "7.8",
                  "Territory %s has another roster for the phone", "片区 %s 的值班安排有变",
                  new->id);
}

static void diff_territories(struct rules_diff *diff)
{
    for (uint32_t i = 0; i < diff->old->n_territories; i++) {
        const struct ds_territory *old = &diff->old->territories[i];
        const struct ds_territory *new = ds_find_territory(diff->new, old->id);
        if (new)
            diff_territory(diff, old, new);
        else
            rules_say(diff, "territories", FOR_ALL, "*", "Territory %s is gone", "取消片区 %s",
                      old->id);
    }
    for (uint32_t i = 0; i < diff->new->n_territories; i++)
        if (!ds_find_territory(diff->old, diff->new->territories[i].id))
            rules_say(diff, "territories", FOR_ALL, "", "Territory %s is new", "新增片区 %s",
                      diff->new->territories[i].id);
}

/* ---- people ---- */

static const char *role_text(const struct rules_diff *diff, enum ds_role role)
{
    static const char *const words[][2] = {
        {"clerk", "信息员"}, {"technician", "技术员"}, {"manager", "经理"}, {"system", "系统"}};

    return words[role][diff->lang == DS_ZH];
}

static const char *place(const struct rules_diff *diff, const struct ds_territory *territory)
{
    return territory ? territory->id : rules_in(diff, "all", "全部");
}

static void diff_person(struct rules_diff *diff, const struct ds_person *old,
                        const struct ds_person *new)
{
    uint32_t whom = new->role == DS_ROLE_TECHNICIAN ? FOR_FIELD
                    : new->role == DS_ROLE_CLERK    ? FOR_CLERKS
                                                    : FOR_MANAGER;

    if (!same(old->name, new->name))
        rules_say(diff, "people.name", whom, "", "%s is called %s (was %s)",
                  "%s 姓名为 %s(原为 %s)", new->id, new->name, old->name);
    if (old->role != new->role)
        rules_say(diff, "people.role", whom, "*", "%s is now a %s (was a %s)", "%s 现为%s(原为%s)",
                  new->id, role_text(diff, new->role), role_text(diff, old->role));
    if (!same(place(diff, old->territory), place(diff, new->territory)))
        rules_say(diff, "people.territory", whom, "*", "%s works in %s (was %s)",
                  "%s 在片区 %s 工作(原为 %s)", new->id, place(diff, new->territory),
                  place(diff, old->territory));
    if (!same(old->account_key, new->account_key))
        rules_say(diff, "people.outlet", whom, "*", "What %s does is booked to %s (was %s)",
                  "%s 的账目记入 %s(原为 %s)", new->id, new->account_key, old->account_key);
    const char *before = old->calendar ? old->calendar->name : "",
               *after = new->calendar ? new->calendar->name : "";
    if (!same(before, after))
        rules_say(diff, "people.calendar", whom, "*", "%s works by the calendar %s (was %s)",
                  "%s 按日历 %s 工作(原为 %s)", new->id, rules_or_none(diff, after),
                  rules_or_none(diff, before));
}

static void diff_people(struct rules_diff *diff)
{
    for (uint32_t i = 0; i < diff->old->n_people; i++) {
        const struct ds_person *old = &diff->old->people[i];
        const struct ds_person *new = ds_find_person(diff->new, old->id);
        if (new)
            diff_person(diff, old, new);
        else
            rules_say(diff, "people", FOR_STAFF, "", "%s (%s) is no longer there", "%s(%s)不再列入",
                      old->id, role_text(diff, old->role));
    }
    for (uint32_t i = 0; i < diff->new->n_people; i++)
        if (!ds_find_person(diff->old, diff->new->people[i].id))
            rules_say(diff, "people", FOR_STAFF, "", "%s (%s) is new", "新增 %s(%s)",
                      diff->new->people[i].id, role_text(diff, diff->new->people[i].role));
}

/* Bits by name, whatever their order in either version. */
static bool same_names(const char *const *old, uint32_t n_old, const uint64_t *old_bits,
                       const char *const *new, uint32_t n_new, const uint64_t *new_bits)
{
    uint32_t set_old = 0, set_new = 0, both = 0;

    for (uint32_t j = 0; j < n_new; j++)
        set_new += (new_bits[j / 64] >> j % 64 & 1) != 0;
    for (uint32_t i = 0; i < n_old; i++) {
        if (!(old_bits[i / 64] >> i % 64 & 1)) continue;
        set_old++;
        for (uint32_t j = 0; j < n_new; j++)
            both += (new_bits[j / 64] >> j % 64 & 1) && same(old[i], new[j]);
    }
    return set_old == set_new && both == set_old;
}

static void diff_account(struct rules_diff *diff, const struct ds_account *old,
                         const struct ds_account *new)
{
    const struct ds_version *v = diff->old, *w = diff->new;

    if (strncmp(new->key, "outlet:", 7) == 0 && !same(old->name, new->name))
        rules_say(diff, "outlets.name", FOR_OUTLETS, "", "%s is called %s (was %s)",
                  "%s 名称为 %s(原为 %s)", new->key, new->name, old->name);
    if (strncmp(new->key, "outlet:", 7) == 0 && !same(old->territory->id, new->territory->id))
        rules_say(diff, "outlets.territory", FOR_OUTLETS, "*", "%s works in %s (was %s)",
                  "%s 在片区 %s 工作(原为 %s)", new->key, new->territory->id, old->territory->id);
    if (strncmp(new->key, "outlet:", 7) == 0 && !same(old->calendar->name, new->calendar->name))
        rules_say(diff, "outlets.calendar", FOR_OUTLETS, "*",
                  "%s works by the calendar %s (was %s)", "%s 按日历 %s 工作(原为 %s)", new->key,
                  new->calendar->name, old->calendar->name);
    if (!same_names(v->skills, v->n_skills, &old->skills, w->skills, w->n_skills, &new->skills))
        rules_say(diff, "skills", FOR_FIELD, "", "%s is offered jobs for other skills",
                  "%s 的技能有变", new->key);
    if (!same_names(v->areas, v->n_areas, old->areas, w->areas, w->n_areas, new->areas))
        rules_say(diff, "areas", FOR_FIELD, "", "%s is offered jobs of other areas",
                  "%s 的责任区有变", new->key);
    if (old->zones != new->zones)
        rules_say(diff, "zones", FOR_FIELD, "", "%s is offered jobs at other distances",
                  "%s 的服务距离有变", new->key);
    if (old->max_open != new->max_open)
        rules_say(diff, "max_open", FOR_FIELD, "", "%s holds at most %u jobs at a time (was %u)",
                  "%s 同时最多持 %u 单(原为 %u)", new->key, new->max_open, old->max_open);
}

static void diff_accounts(struct rules_diff *diff)
{
    for (uint32_t i = 0; i < diff->old->n_accounts; i++) {
        const struct ds_account *old = &diff->old->accounts[i];
        const struct ds_account *new = ds_find_account(diff->new, old->key);
        if (new)
            diff_account(diff, old, new);
        else if (strncmp(old->key, "outlet:", 7) == 0)
            rules_say(diff, "outlets", FOR_OUTLETS, "", "%s is no longer there", "%s 不再列入",
                      old->key);
    }
    for (uint32_t i = 0; i < diff->new->n_accounts; i++)
        if (strncmp(diff->new->accounts[i].key, "outlet:", 7) == 0 &&
            !ds_find_account(diff->old, diff->new->accounts[i].key))
            rules_say(diff, "outlets", FOR_OUTLETS, "", "%s is new", "新增 %s",
                      diff->new->accounts[i].key);
}

void rules_diff_places(struct rules_diff *diff)
{
    diff_calendars(diff);
    diff_territories(diff);
    diff_people(diff);
    diff_accounts(diff);
}
