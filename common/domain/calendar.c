/* SPDX-License-Identifier: MIT
 *
 * Local and working time over given zone rows and spans. Never reads a clock, a zone file or the
 * environment, and never allocates: the same arguments give the same answer on every machine. */
#include "domain/calendar.h"

#include "domain/assert.h"

/* No place on earth is further from UTC; compiled zones are checked against it. */
static const int64_t offset_max_ms = 26 * INT64_C(3600000);

static int64_t floor_div(int64_t a, int64_t b)
{
    const int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

/* ---- dates ---- */

static bool is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int32_t days_in_month(int32_t year, int32_t month)
{
    static const int8_t days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Years are counted from 1 March here, so that the leap day is the last day of a year and months
 * have a regular length; an era is the 400 years after which the calendar repeats. */
enum { ERA_DAYS = 146097, ERA_YEARS = 400, EPOCH_FROM_ERA = 719468 };

struct ds_date ds_date_of(int32_t day)
{
    const int64_t shifted = (int64_t)day + EPOCH_FROM_ERA;
    const int64_t era = floor_div(shifted, ERA_DAYS);
    const int64_t of_era = shifted - era * ERA_DAYS;
    const int64_t year_of_era =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / (ERA_DAYS - 1)) / 365;
    const int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t march_month = (5 * of_year + 2) / 153;
    const int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
    return (struct ds_date){
        .year = (int32_t)(era * ERA_YEARS + year_of_era + (month <= 2)),
        .month = (int32_t)month,
        .day = (int32_t)(of_year - (153 * march_month + 2) / 5 + 1),
    };
}

int32_t ds_day_of(struct ds_date date)
{
    DS_ASSERT(date.month >= 1 && date.month <= 12);
    DS_ASSERT(date.day >= 1 && date.day <= days_in_month(date.year, date.month));
    const int64_t year = (int64_t)date.year - (date.month <= 2);
    const int64_t era = floor_div(year, ERA_YEARS);
    const int64_t year_of_era = year - era * ERA_YEARS;
    const int64_t march_month = date.month > 2 ? date.month - 3 : date.month + 9;
    const int64_t of_year = (153 * march_month + 2) / 5 + date.day - 1;
    const int64_t of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + of_year;
    return (int32_t)(era * ERA_DAYS + of_era - EPOCH_FROM_ERA);
}

int ds_weekday(int32_t day)
{
    const int64_t from_monday = (int64_t)day + 3; /* 1970-01-01 was a Thursday */
    return (int)(from_monday - floor_div(from_monday, 7) * 7);
}

bool ds_parse_date(const char *text, int32_t *ret_day)
{
    static const char form[] = "dddd-dd-dd";
    int32_t part[3] = {0, 0, 0};
    int at = 0;
    for (int i = 0; i < 10; i++) { /* stops at the NUL of a shorter text */
        if (form[i] == '-') {
            if (text[i] != '-') return false;
            at++;
            continue;
        }
        if (text[i] < '0' || text[i] > '9') return false;
        part[at] = part[at] * 10 + (text[i] - '0');
    }
    if (text[10] != '\0') return false;
    if (part[0] < 2000 || part[0] > 2060) return false;
    if (part[1] < 1 || part[1] > 12) return false;
    if (part[2] < 1 || part[2] > days_in_month(part[0], part[1])) return false;
    *ret_day = ds_day_of((struct ds_date){part[0], part[1], part[2]});
    return true;
}

/* ---- zones ---- */

/* Last row that begins at or before an instant; the first one for anything earlier. */
static uint32_t row_at(const struct ds_zone *zone, int64_t at_ms)
{
    DS_ASSERT(zone->n >= 1);
    uint32_t low = 0;
    uint32_t high = zone->n;
    while (high - low > 1) {
        const uint32_t mid = low + (high - low) / 2;
        if (zone->at_ms[mid] <= at_ms)
            low = mid;
        else
            high = mid;
    }
    return low;
}

static int64_t row_offset_ms(const struct ds_zone *zone, uint32_t row)
{
    return (int64_t)zone->offset_s[row] * DS_SECOND_MS;
}

int32_t ds_zone_offset_s(const struct ds_zone *zone, int64_t at_ms)
{
    return zone->offset_s[row_at(zone, at_ms)];
}

int32_t ds_local_day(const struct ds_zone *zone, int64_t at_ms)
{
    return (int32_t)floor_div(at_ms + row_offset_ms(zone, row_at(zone, at_ms)), DS_DAY_MS);
}

/* The earliest instant whose wall time is not before the asked one: that is the change itself for a
 * skipped time, the first pass for a repeated one, and it never decreases as the wall time grows,
 * so spans that do not overlap on the wall do not overlap in UTC either. */
int64_t ds_from_local(const struct ds_zone *zone, int32_t day, int64_t time_ms)
{
    const int64_t wall_ms = (int64_t)day * DS_DAY_MS + time_ms;
    uint32_t row = row_at(zone, wall_ms - offset_max_ms);
    while (row + 1 < zone->n && zone->at_ms[row + 1] + row_offset_ms(zone, row) <= wall_ms)
        row++;
    const int64_t at_ms = wall_ms - row_offset_ms(zone, row);
    return row > 0 && at_ms < zone->at_ms[row] ? zone->at_ms[row] : at_ms;
}

int64_t ds_end_of_day(const struct ds_zone *zone, int32_t day)
{
    return ds_from_local(zone, day + 1, 0) - 1;
}

uint32_t ds_month_of(const struct ds_zone *zone, int64_t at_ms)
{
    const struct ds_date date = ds_date_of(ds_local_day(zone, at_ms));
    return (uint32_t)(date.year * 100 + date.month);
}

int64_t ds_end_of_month(const struct ds_zone *zone, uint32_t yyyymm)
{
    struct ds_date next = {.year = (int32_t)(yyyymm / 100), .month = (int32_t)(yyyymm % 100)};
    DS_ASSERT(next.month >= 1 && next.month <= 12);
    next.day = 1;
    next.month++;
    if (next.month > 12) {
        next.month = 1;
        next.year++;
    }
    return ds_from_local(zone, ds_day_of(next), 0) - 1;
}

/* ---- working time ---- */

/* Nothing is ever due after the end of time, whatever the zone makes of the last day. */
static int64_t clip(int64_t at_ms)
{
    return at_ms < DS_TIME_MAX_MS ? at_ms : DS_TIME_MAX_MS;
}

/* How many spans begin at or before an instant. */
static uint32_t spans_begun(const struct ds_calendar *cal, int64_t t_ms)
{
    uint32_t low = 0;
    uint32_t high = cal->n_spans;
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;
        if (cal->spans[mid].from_ms <= t_ms)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* How many spans have less than this working time before them. */
static uint32_t spans_before_work(const struct ds_calendar *cal, int64_t work_ms)
{
    uint32_t low = 0;
    uint32_t high = cal->n_spans;
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;
        if (cal->spans[mid].before_ms < work_ms)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Working time from the calendar's beginning to an instant. */
static int64_t work_until(const struct ds_calendar *cal, int64_t t_ms)
{
    const uint32_t begun = spans_begun(cal, t_ms);
    if (begun == 0) return 0;
    const struct ds_span *span = &cal->spans[begun - 1];
    const int64_t until_ms = t_ms < span->to_ms ? t_ms : span->to_ms;
    return span->before_ms + (until_ms - span->from_ms);
}

bool ds_cal_is_open(const struct ds_calendar *cal, int64_t t_ms)
{
    const uint32_t begun = spans_begun(cal, t_ms);
    return begun > 0 && t_ms < cal->spans[begun - 1].to_ms;
}

int64_t ds_cal_next_open(const struct ds_calendar *cal, int64_t t_ms)
{
    const uint32_t begun = spans_begun(cal, t_ms);
    if (begun > 0 && t_ms < cal->spans[begun - 1].to_ms) return clip(t_ms);
    return begun < cal->n_spans ? clip(cal->spans[begun].from_ms) : DS_TIME_MAX_MS;
}

int64_t ds_cal_between(const struct ds_calendar *cal, int64_t from_ms, int64_t to_ms)
{
    if (to_ms <= from_ms) return 0;
    const int64_t work_ms = work_until(cal, to_ms) - work_until(cal, from_ms);
    DS_ASSERT(work_ms >= 0 && work_ms <= to_ms - from_ms);
    return work_ms;
}

int64_t ds_cal_add(const struct ds_calendar *cal, int64_t start_ms, int64_t working_ms)
{
    DS_ASSERT(working_ms >= 0);
    if (working_ms == 0) return start_ms;
    if (working_ms >= DS_TIME_MAX_MS) return DS_TIME_MAX_MS;
    const int64_t work_ms = work_until(cal, start_ms) + working_ms;
    const uint32_t n = spans_before_work(cal, work_ms);
    if (n == 0) return DS_TIME_MAX_MS;
    const struct ds_span *span = &cal->spans[n - 1];
    const int64_t at_ms = span->from_ms + (work_ms - span->before_ms);
    if (at_ms > span->to_ms) return DS_TIME_MAX_MS;
    DS_ASSERT(at_ms > start_ms);
    return clip(at_ms);
}

/* Index of the day that a span belongs to: the last one that begins with it or before it. */
static uint32_t day_of_span(const struct ds_calendar *cal, uint32_t span)
{
    uint32_t low = 0;
    uint32_t high = cal->n_days;
    while (high - low > 1) {
        const uint32_t mid = low + (high - low) / 2;
        if (cal->day_span[mid] <= span)
            low = mid;
        else
            high = mid;
    }
    DS_ASSERT(cal->day_span[low] <= span && span < cal->day_span[low + 1]);
    return low;
}

int64_t ds_cal_end_of_work(const struct ds_calendar *cal, int64_t t_ms, int32_t n)
{
    DS_ASSERT(n >= 1);
    const int64_t next = (int64_t)ds_local_day(cal->zone, t_ms) + 1 - cal->first_day;
    if (next >= (int64_t)cal->n_days) return DS_TIME_MAX_MS;
    uint32_t span = cal->day_span[next > 0 ? next : 0];
    for (int32_t i = 0; i < n; i++) { /* each turn skips the days off before a working day */
        if (span >= cal->n_spans) return DS_TIME_MAX_MS;
        span = cal->day_span[day_of_span(cal, span) + 1];
    }
    return clip(cal->spans[span - 1].to_ms);
}
