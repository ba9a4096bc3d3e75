/* SPDX-License-Identifier: MIT
 *
 * Local and working time (handbook: calendars). Pure: zone rows and spans are given, nothing reads
 * a clock or zone files. All instants are UTC ms; a local day is days since 1970-01-01.
 * Elapsed and working time come from the same spans, so a due and the time used never disagree. */
#ifndef DS_DOMAIN_CALENDAR_H
#define DS_DOMAIN_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DS_SECOND_MS = 1000,
    DS_MINUTE_MS = 60 * DS_SECOND_MS,
    DS_HOUR_MS = 60 * DS_MINUTE_MS,
    DS_DAY_MS = 24 * DS_HOUR_MS,
};

/* Instants outside [DS_TIME_MIN_MS, DS_TIME_MAX_MS) are refused at the edge. */
#define DS_TIME_MIN_MS INT64_C(946684800000)  /* 2000-01-01T00:00:00Z */
#define DS_TIME_MAX_MS INT64_C(2871763200000) /* 2061-01-01T00:00:00Z */

/* From at_ms[i] on, local = UTC + offset_s[i]; before at_ms[0] too. n >= 1, at_ms rising. */
struct ds_zone {
    const char *name;
    uint32_t n;
    const int64_t *at_ms;
    const int32_t *offset_s;
};

/* Working time [from_ms, to_ms). before_ms = working time of all spans before this one. */
struct ds_span {
    int64_t from_ms;
    int64_t to_ms;
    int64_t before_ms;
};

struct ds_calendar {
    const char *name;
    const struct ds_zone *zone;
    uint32_t n_spans;
    const struct ds_span *spans; /* rising, not touching within a day's gap */
    int32_t first_day;           /* local day of day_span[0] */
    uint32_t n_days;
    const uint32_t *day_span; /* n_days + 1: first span of each day; equal to the next = day off */
};

struct ds_date {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

/* Proleptic Gregorian date of a local day, and back. ds_day_of asserts a valid date. */
struct ds_date ds_date_of(int32_t day);
int32_t ds_day_of(struct ds_date date);

/* 0 = Monday .. 6 = Sunday. */
int ds_weekday(int32_t day);

/* Reads "YYYY-MM-DD" (exactly 10 bytes, a date that exists, years 2000..2060) into *ret_day.
 * Returns false and leaves *ret_day alone otherwise. */
bool ds_parse_date(const char *text, int32_t *ret_day);

/* Offset in force at an instant. */
int32_t ds_zone_offset_s(const struct ds_zone *zone, int64_t at_ms);

/* Local day that contains an instant. */
int32_t ds_local_day(const struct ds_zone *zone, int64_t at_ms);

/* UTC instant of local wall time day + time_ms. A wall time skipped by a zone change gives the
 * instant of the change; one that occurs twice gives the first. */
int64_t ds_from_local(const struct ds_zone *zone, int32_t day, int64_t time_ms);

/* Last ms of a local day (inclusive: 23:59:59.999 belongs to it). */
int64_t ds_end_of_day(const struct ds_zone *zone, int32_t day);

/* yyyymm of the local month that contains an instant, and the last ms of such a month. */
uint32_t ds_month_of(const struct ds_zone *zone, int64_t at_ms);
int64_t ds_end_of_month(const struct ds_zone *zone, uint32_t yyyymm);

/* Is t inside a span? [from, to). */
bool ds_cal_is_open(const struct ds_calendar *cal, int64_t t_ms);

/* Earliest instant >= t_ms inside a span; DS_TIME_MAX_MS when there is none. */
int64_t ds_cal_next_open(const struct ds_calendar *cal, int64_t t_ms);

/* Working ms in [from_ms, to_ms); 0 if to_ms <= from_ms. */
int64_t ds_cal_between(const struct ds_calendar *cal, int64_t from_ms, int64_t to_ms);

/* Earliest t >= start_ms with ds_cal_between(start_ms, t) == working_ms: the end of a span rather
 * than the next opening. DS_TIME_MAX_MS when the calendar ends first. working_ms >= 0. */
int64_t ds_cal_add(const struct ds_calendar *cal, int64_t start_ms, int64_t working_ms);

/* End of work (end of the last span) of the n-th working day after the local day of t_ms; n >= 1.
 * DS_TIME_MAX_MS when the calendar ends first. */
int64_t ds_cal_end_of_work(const struct ds_calendar *cal, int64_t t_ms, int32_t n);

#endif
