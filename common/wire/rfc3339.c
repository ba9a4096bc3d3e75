/* SPDX-License-Identifier: MIT
 *
 * RFC 3339 instants of the years we serve. No leap seconds, no guesses at missing parts, no clock.
 */
#include "wire/json.h"

#include <stdbool.h>
#include <stdio.h>

#include "domain/calendar.h"

/* Reads exactly n digits; moves at behind them. */
static bool digits(const char **at, int n, int32_t *ret)
{
    int32_t value = 0;

    for (int i = 0; i < n; i++, (*at)++) {
        if (**at < '0' || **at > '9') return false;
        value = value * 10 + (**at - '0');
    }
    *ret = value;
    return true;
}

/* Reads one of two characters. */
static bool one(const char **at, char a, char b)
{
    if (**at != a && **at != b) return false;
    (*at)++;
    return true;
}

static int32_t days_of_month(int32_t year, int32_t month)
{
    static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0; /* no exception from 1999 to 2061 */

    return month == 2 && leap ? 29 : days[month - 1];
}

static bool read_day(const char **at, int32_t *ret_day)
{
    struct ds_date date;

    if (!digits(at, 4, &date.year) || !one(at, '-', '-')) return false;
    if (!digits(at, 2, &date.month) || !one(at, '-', '-') || !digits(at, 2, &date.day))
        return false;
    /* One year more at both ends: the offset decides whether the instant is inside. */
    if (date.year < 1999 || date.year > 2061 || date.month < 1 || date.month > 12) return false;
    if (date.day < 1 || date.day > days_of_month(date.year, date.month)) return false;
    *ret_day = ds_day_of(date);
    return true;
}

static bool read_time(const char **at, int64_t *ret_ms)
{
    int32_t hour, minute, second;
    int64_t ms = 0;

    if (!digits(at, 2, &hour) || !one(at, ':', ':') || !digits(at, 2, &minute)) return false;
    if (!one(at, ':', ':') || !digits(at, 2, &second)) return false;
    if (hour > 23 || minute > 59 || second > 59) return false;
    if (one(at, '.', '.')) {
        int64_t unit = 100;
        const char *first = *at;
        for (; **at >= '0' && **at <= '9' && unit > 0; (*at)++, unit /= 10)
            ms += unit * (**at - '0');
        if (*at == first) return false;
    }
    *ret_ms = hour * INT64_C(3600000) + minute * INT64_C(60000) + second * INT64_C(1000) + ms;
    return true;
}

static bool read_offset(const char **at, int64_t *ret_ms)
{
    int32_t hour, minute;
    int64_t sign = **at == '-' ? -1 : 1;

    *ret_ms = 0;
    if (one(at, 'Z', 'z')) return true;
    if (!one(at, '+', '-') || !digits(at, 2, &hour) || !one(at, ':', ':')) return false;
    if (!digits(at, 2, &minute) || hour > 23 || minute > 59) return false;
    *ret_ms = sign * (hour * INT64_C(3600000) + minute * INT64_C(60000));
    return true;
}

int ds_rfc3339_parse(const char *text, int64_t *ret_ms)
{
    int32_t day;
    int64_t time_ms, offset_ms;

    if (!read_day(&text, &day) || !one(&text, 'T', 't')) return -1;
    if (!read_time(&text, &time_ms) || !read_offset(&text, &offset_ms) || *text) return -1;
    int64_t at_ms = (int64_t)day * DS_DAY_MS + time_ms - offset_ms;
    if (at_ms < DS_TIME_MIN_MS || at_ms >= DS_TIME_MAX_MS) return -1;
    *ret_ms = at_ms;
    return 0;
}

static int64_t between(int64_t value, int64_t low, int64_t high)
{
    if (value < low) return low;
    return value > high ? high : value;
}

void ds_rfc3339_format(int64_t at_ms, int32_t offset_s, char buf[30])
{
    /* Only a bug of ours gets here with something outside; a wrong year shows it without harm. */
    int64_t utc_ms = between(at_ms, DS_TIME_MIN_MS, DS_TIME_MAX_MS - 1);
    int32_t offset = (int32_t)between(offset_s / 60, -23 * 60 - 59, 23 * 60 + 59);
    int64_t local_ms = utc_ms + (int64_t)offset * DS_MINUTE_MS; /* positive: after 1999 */
    struct ds_date date = ds_date_of((int32_t)(local_ms / DS_DAY_MS));
    unsigned ms = (unsigned)(local_ms % DS_DAY_MS);
    unsigned minutes = (unsigned)(offset < 0 ? -offset : offset);
    char zone[7] = "Z";

    if (offset != 0)
        snprintf(zone, sizeof zone, "%c%02u:%02u", offset < 0 ? '-' : '+', minutes / 60 % 24,
                 minutes % 60);
    snprintf(buf, 30, "%04u-%02u-%02uT%02u:%02u:%02u.%03u%s", (unsigned)date.year % 10000,
             (unsigned)date.month % 100, (unsigned)date.day % 100, ms / DS_HOUR_MS % 24,
             ms / DS_MINUTE_MS % 60, ms / DS_SECOND_MS % 60, ms % 1000, zone);
}
