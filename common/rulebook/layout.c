/* SPDX-License-Identifier: MIT
 *
 * Lays calendars out: zones and the spans of every day of 2000..2060 into the version's block. Only
 * arithmetic on what calendars.c has read; finds no problems any more. */
#include "rulebook/build.h"

#include <assert.h>
#include <string.h>

#include "domain/assert.h"

static_assert(RB_FIRST_DAY * (int64_t)DS_DAY_MS == DS_TIME_MIN_MS,
              "the first day begins the window");
static_assert((RB_LAST_DAY + 1) * (int64_t)DS_DAY_MS == DS_TIME_MAX_MS, "the last day ends it");

uint32_t rb_count_spans(const struct rb_calendar *cal)
{
    uint32_t n = 0;
    for (int32_t i = 0; i < RB_DAYS; i++)
        n += cal->patterns[cal->days[i]].n;
    return n;
}

size_t rb_calendars_bytes(const struct rb_build *b)
{
    size_t bytes =
        RB_BYTES(b->n_calendars, struct ds_calendar) + RB_BYTES(b->n_zones, struct ds_zone);
    for (uint32_t i = 0; i < b->n_zones; i++)
        bytes += RB_BYTES(b->zones[i]->n, int64_t) + RB_BYTES(b->zones[i]->n, int32_t) +
                 sizeof(b->zones[i]->name);
    for (uint32_t i = 0; b->lay_out && i < b->n_calendars; i++)
        bytes += RB_BYTES(rb_count_spans(b->calendars[i]), struct ds_span) +
                 RB_BYTES(RB_DAYS + 1, uint32_t);
    return bytes;
}

static struct ds_zone *place_zones(struct rb_build *b)
{
    struct ds_zone *zones = rb_take(b, b->n_zones, sizeof(*zones));
    for (uint32_t i = 0; i < b->n_zones; i++) {
        const struct rb_zone *from = b->zones[i];
        int64_t *at_ms = rb_take(b, from->n, sizeof(*at_ms));
        int32_t *offset_s = rb_take(b, from->n, sizeof(*offset_s));
        memcpy(at_ms, from->at_ms, from->n * sizeof(*at_ms));
        memcpy(offset_s, from->offset_s, from->n * sizeof(*offset_s));
        zones[i] = (struct ds_zone){rb_keep(b, from->name), from->n, at_ms, offset_s};
    }
    return zones;
}

static void lay_out_days(struct rb_build *b, const struct rb_calendar *from,
                         struct ds_calendar *cal)
{
    struct ds_span *spans = rb_take(b, rb_count_spans(from), sizeof(*spans));
    uint32_t *day_span = rb_take(b, RB_DAYS + 1, sizeof(*day_span));
    uint32_t n = 0;
    int64_t work_ms = 0;
    for (int32_t i = 0; i < RB_DAYS; i++) {
        const struct rb_hours *hours = &from->patterns[from->days[i]];
        day_span[i] = n;
        for (uint32_t k = 0; k < hours->n; k++) {
            const int64_t from_ms = ds_from_local(cal->zone, RB_FIRST_DAY + i, hours->from_ms[k]);
            const int64_t to_ms = ds_from_local(cal->zone, RB_FIRST_DAY + i, hours->to_ms[k]);
            if (to_ms == from_ms) continue; /* all of it skipped by a zone change */
            DS_ASSERT(to_ms > from_ms && (n == 0 || spans[n - 1].to_ms <= from_ms));
            spans[n++] = (struct ds_span){from_ms, to_ms, work_ms};
            work_ms += to_ms - from_ms;
        }
    }
    day_span[RB_DAYS] = n;
    cal->n_spans = n;
    cal->spans = spans;
    cal->first_day = RB_FIRST_DAY;
    cal->n_days = RB_DAYS;
    cal->day_span = day_span;
}

void rb_place_calendars(struct rb_build *b)
{
    const struct ds_zone *zones = place_zones(b);
    b->placed = rb_take(b, b->n_calendars, sizeof(*b->placed));
    for (uint32_t i = 0; i < b->n_calendars; i++) {
        const struct rb_calendar *from = b->calendars[i];
        struct ds_calendar *cal = &b->placed[i];
        cal->name = rb_keep(b, from->id);
        if (from->zone < 0) continue;
        cal->zone = &zones[from->zone];
        if (b->lay_out) lay_out_days(b, from, cal);
    }
    b->v->calendars = b->placed;
    b->v->n_calendars = b->n_calendars;
}

const struct ds_calendar *rb_named_calendar(struct rb_build *b, const struct ds_yaml_node *node)
{
    const char *name = rb_scalar(b->directory, node);
    if (!name) return NULL;
    for (uint32_t i = 0; i < b->n_calendars; i++) {
        if (strcmp(b->placed[i].name, name) == 0) return &b->placed[i];
    }
    rb_problem_near(b->directory, node, "unknown_calendar", "", b->placed, b->n_calendars,
                    sizeof(*b->placed));
    return NULL;
}
