/* SPDX-License-Identifier: MIT
 *
 * The rule at the end of a zone file: what goes on after its last listed change. The POSIX form
 * with the extension of RFC 8536 (times from -167 to 167 hours). Any text is safe. */
#include "rulebook/zone.h"

#include <string.h>

#include "rulebook/node.h"

enum { FIRST_YEAR = 1999, LAST_YEAR = 2061, HOUR_S = 3600, DAY_S = 86400 };

enum change_form {
    CHANGE_MONTH_WEEK, /* Mm.w.d: d-th weekday of the w-th week; week 5 is the last */
    CHANGE_JULIAN,     /* Jn: 1..365, 29 February never counted */
    CHANGE_DAY,        /* n: 0..365, 29 February counted */
};

struct change {
    enum change_form form;
    int32_t month;
    int32_t week;
    int32_t weekday; /* 0 = Sunday, as POSIX has it */
    int32_t day;
    int32_t time_s;
};

struct rule {
    int32_t std_s; /* offsets, east positive */
    int32_t dst_s;
    bool has_dst;
    struct change begin; /* on the wall of standard time */
    struct change end;   /* on the wall of summer time */
};

static bool take_up_to(const char **at, int32_t max, int32_t *ret)
{
    int32_t value = 0;
    int digits = 0;
    for (; rb_is_digit(**at) && digits < 4; (*at)++, digits++)
        value = value * 10 + (**at - '0');
    *ret = value;
    return digits > 0 && value <= max;
}

static bool take(const char **at, char c)
{
    if (**at != c) return false;
    (*at)++;
    return true;
}

/* "CET", or anything in angle brackets. */
static bool take_name(const char **at)
{
    const char *p = *at;
    if (*p == '<') {
        p = strchr(p, '>');
        if (!p) return false;
        *at = p + 1;
        return true;
    }
    while ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
        p++;
    const bool good = p - *at >= 3;
    *at = p;
    return good;
}

/* [+-]hh[:mm[:ss]] */
static bool take_clock(const char **at, int32_t hours_max, int32_t *ret_s)
{
    int32_t hours = 0;
    int32_t minutes = 0;
    int32_t seconds = 0;
    const bool minus = take(at, '-');
    if (!minus) (void)take(at, '+');
    if (!take_up_to(at, hours_max, &hours)) return false;
    if (take(at, ':')) {
        if (!take_up_to(at, 59, &minutes)) return false;
        if (take(at, ':') && !take_up_to(at, 59, &seconds)) return false;
    }
    const int32_t total = hours * HOUR_S + minutes * 60 + seconds;
    *ret_s = minus ? -total : total;
    return true;
}

static bool take_change(const char **at, struct change *ret)
{
    *ret = (struct change){.time_s = 2 * HOUR_S};
    if (!take(at, ',')) return false;
    if (take(at, 'M')) {
        ret->form = CHANGE_MONTH_WEEK;
        if (!take_up_to(at, 12, &ret->month) || !take(at, '.')) return false;
        if (!take_up_to(at, 5, &ret->week) || !take(at, '.')) return false;
        if (!take_up_to(at, 6, &ret->weekday)) return false;
        if (ret->month < 1 || ret->week < 1) return false;
    } else {
        ret->form = take(at, 'J') ? CHANGE_JULIAN : CHANGE_DAY;
        if (!take_up_to(at, 365, &ret->day)) return false;
        if (ret->form == CHANGE_JULIAN && ret->day < 1) return false;
    }
    return !take(at, '/') || take_clock(at, 167, &ret->time_s);
}

static bool read_rule(const char *text, struct rule *ret)
{
    int32_t west_s = 0;
    *ret = (struct rule){0};
    if (!take_name(&text) || !take_clock(&text, 24, &west_s)) return false;
    ret->std_s = -west_s; /* POSIX counts offsets to the west */
    if (*text == '\0') return true;
    ret->has_dst = true;
    ret->dst_s = ret->std_s + HOUR_S;
    if (!take_name(&text)) return false;
    if (*text != ',') {
        if (!take_clock(&text, 24, &west_s)) return false;
        ret->dst_s = -west_s;
    }
    return take_change(&text, &ret->begin) && take_change(&text, &ret->end) && *text == '\0';
}

static int32_t day_of_change(const struct change *change, int32_t year)
{
    const int32_t new_year = ds_day_of((struct ds_date){year, 1, 1});
    const int32_t march = ds_day_of((struct ds_date){year, 3, 1});
    switch (change->form) {
    case CHANGE_DAY: return new_year + change->day;
    case CHANGE_JULIAN: {
        const bool after_leap_day = march - new_year == 60 && change->day >= 60;
        return new_year + change->day - (after_leap_day ? 0 : 1);
    }
    case CHANGE_MONTH_WEEK: break;
    }
    const int32_t first = ds_day_of((struct ds_date){year, change->month, 1});
    const int32_t next = change->month == 12
                             ? ds_day_of((struct ds_date){year + 1, 1, 1})
                             : ds_day_of((struct ds_date){year, change->month + 1, 1});
    const int32_t wanted = (change->weekday + 6) % 7; /* ours begin on Monday */
    int32_t day = first + (wanted - ds_weekday(first) + 7) % 7 + (change->week - 1) * 7;
    if (day >= next) day -= 7;
    return day;
}

static int64_t instant(const struct change *change, int32_t year, int32_t offset_s)
{
    return (int64_t)day_of_change(change, year) * DAY_S + change->time_s - offset_s;
}

bool rb_zone_add_rule(struct rb_zone *zone, const char *text, int64_t from_s)
{
    struct rule rule;
    if (*text == '\0') return true;
    if (!read_rule(text, &rule)) return false;
    if (!rule.has_dst) return rb_zone_add(zone, from_s, rule.std_s);
    for (int32_t year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        const int64_t begin_s = instant(&rule.begin, year, rule.std_s);
        const int64_t end_s = instant(&rule.end, year, rule.dst_s);
        const bool north = begin_s < end_s;
        const int64_t at_s[2] = {north ? begin_s : end_s, north ? end_s : begin_s};
        const int32_t offset_s[2] = {north ? rule.dst_s : rule.std_s,
                                     north ? rule.std_s : rule.dst_s};
        for (int i = 0; i < 2; i++) {
            if (at_s[i] > from_s && !rb_zone_add(zone, at_s[i], offset_s[i])) return false;
        }
    }
    return true;
}
