/* SPDX-License-Identifier: MIT */
#include "domain/callback.h"

/* How far attempts are spread. */
struct spread {
    uint32_t n;
    int32_t days;
    int32_t last_day;
    uint32_t parts; /* bit (1 << enum ds_day_part) */
};

static const struct spread no_spread = {.last_day = INT32_MIN};

static int32_t parts_of(const struct spread *spread)
{
    return (int32_t)((spread->parts & 1) + (spread->parts >> 1 & 1) + (spread->parts >> 2 & 1));
}

enum ds_day_part ds_day_part_of(const struct ds_version *version, const struct ds_zone *zone,
                                int64_t at_ms)
{
    int64_t local_ms = at_ms + (int64_t)ds_zone_offset_s(zone, at_ms) * DS_SECOND_MS;
    int64_t time_ms = local_ms - (int64_t)ds_local_day(zone, at_ms) * DS_DAY_MS;

    if (time_ms >= version->callback_evening_ms) return DS_EVENING;
    return time_ms >= version->callback_afternoon_ms ? DS_AFTERNOON : DS_MORNING;
}

static void add(struct spread *spread, const struct ds_version *version, const struct ds_zone *zone,
                int64_t at_ms)
{
    int32_t day = ds_local_day(zone, at_ms);

    spread->n++;
    if (day != spread->last_day) spread->days++;
    spread->last_day = day;
    spread->parts |= 1u << ds_day_part_of(version, zone, at_ms);
}

static int32_t or_zero(int32_t n)
{
    return n > 0 ? n : 0;
}

/* Attempts that are still needed at least: each can bring a new day and a new part at once. */
static int32_t needed(const struct spread *spread, const struct ds_version *version)
{
    int32_t attempts = or_zero(version->callback_attempts - (int32_t)spread->n);
    int32_t days = or_zero(version->callback_days - spread->days);
    int32_t parts = or_zero(version->callback_times_of_day - parts_of(spread));
    int32_t spreading = days > parts ? days : parts;

    return attempts > spreading ? attempts : spreading;
}

int64_t ds_callback_done_ms(const struct ds_version *version, const struct ds_zone *zone,
                            const struct ds_attempt *attempts, uint32_t n)
{
    struct spread spread = no_spread;

    for (uint32_t i = 0; i < n; i++) {
        if (attempts[i].reached) return attempts[i].at_ms;
        add(&spread, version, zone, attempts[i].at_ms);
        if (needed(&spread, version) == 0) return attempts[i].at_ms;
    }
    return INT64_MAX;
}

/* Beginning of the next part of the day. */
static int64_t next_part_ms(const struct ds_version *version, const struct ds_zone *zone,
                            int64_t at_ms)
{
    int32_t day = ds_local_day(zone, at_ms);

    switch (ds_day_part_of(version, zone, at_ms)) {
    case DS_MORNING: return ds_from_local(zone, day, version->callback_afternoon_ms);
    case DS_AFTERNOON: return ds_from_local(zone, day, version->callback_evening_ms);
    case DS_EVENING: break;
    }
    return ds_from_local(zone, day + 1, 0);
}

int64_t ds_callback_next_ms(const struct ds_version *version, const struct ds_calendar *calendar,
                            const struct ds_attempt *attempts, uint32_t n, int64_t from_ms)
{
    const struct ds_zone *zone = calendar->zone;
    struct spread spread = no_spread;
    int64_t at_ms = from_ms;

    for (uint32_t i = 0; i < n; i++)
        add(&spread, version, zone, attempts[i].at_ms);
    while ((at_ms = ds_cal_next_open(calendar, at_ms)) < DS_TIME_MAX_MS) {
        struct spread then = spread;
        add(&then, version, zone, at_ms);
        if (needed(&then, version) < needed(&spread, version)) break;
        int64_t next_ms = next_part_ms(version, zone, at_ms);
        at_ms = next_ms > at_ms ? next_ms : at_ms + DS_DAY_MS; /* a clock that was set back */
    }
    return at_ms;
}
