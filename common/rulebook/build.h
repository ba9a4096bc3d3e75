/* SPDX-License-Identifier: MIT
 *
 * A version while it is being read; for the files of this folder only. Reading goes on after a
 * problem, so every reader leaves a usable value behind and nobody looks at the result before the
 * problems are counted. Order of work: calendars first (their size decides the block's), then the
 * block, then everything else into it. */
#ifndef DS_RULEBOOK_BUILD_H
#define DS_RULEBOOK_BUILD_H

#include "proto/intake.pb-c.h"
#include "rulebook/node.h"
#include "rulebook/zone.h"

enum {
    RB_DAY_SPANS_MAX = 4,   /* spans of one day */
    RB_MAKE_UP_MAX = 200,   /* make-up days of one calendar */
    RB_HALF_DAYS_MAX = 40,  /* different hours of its half days */
    RB_HOLIDAYS_MAX = 1000, /* lines of holidays of one calendar */
    /* patterns: the weekdays 0..6, a day off, hours of half days, make-up days */
    RB_OFF = 7,
    RB_HALF_DAY = RB_OFF + 1,
    RB_MAKE_UP = RB_HALF_DAY + RB_HALF_DAYS_MAX,
    RB_PATTERNS = RB_MAKE_UP + RB_MAKE_UP_MAX,
    RB_NUMBERS_MAX = 32,    /* public numbers of one territory */
    RB_ROWS_MAX = 128,      /* lines of one territory's hotline roster */
    RB_ROW_PEOPLE_MAX = 64, /* people in one of them */
    RB_FIRST_DAY = 10957,   /* 2000-01-01 */
    RB_LAST_DAY = 33237,    /* 2060-12-31 */
    RB_DAYS = RB_LAST_DAY - RB_FIRST_DAY + 1,
};

/* Working hours of one kind of day, on the wall. */
struct rb_hours {
    uint32_t n;
    int64_t from_ms[RB_DAY_SPANS_MAX];
    int64_t to_ms[RB_DAY_SPANS_MAX];
};

/* A calendar as read, before its days are laid out. */
struct rb_calendar {
    const char *id;
    int zone; /* index in the build's zones, -1: a problem was found */
    uint32_t n_half_days;
    uint32_t n_make_up;
    struct rb_hours patterns[RB_PATTERNS];
    uint8_t days[RB_DAYS]; /* which pattern each day follows */
};

struct rb_build {
    struct ds_yaml *rulebook;
    struct ds_yaml *directory;
    const Ds__Version *stored; /* zones come from here; NULL: from this machine */
    bool lay_out;              /* the version will be used: lay out the days of the calendars */
    uint32_t partitions;

    struct rb_zone **zones; /* each named once */
    uint32_t n_zones;
    struct rb_calendar **calendars;
    uint32_t n_calendars;

    uint8_t *block; /* the version and all it points to */
    size_t block_size;
    size_t block_used;
    struct ds_version *v;
    struct ds_calendar *placed;  /* the calendars inside the block */
    struct ds_account *accounts; /* outlets first, sorted at the end */
    struct ds_person *people;
    uint32_t n_outlets;
    struct ds_roster_row *roster;
};

/* Memory of the block, zeroed and 8-aligned; and a copy of a text in it. The block was measured
 * before, so running out of it is our own bug. RB_BYTES is what one rb_take needs at most. */
#define RB_BYTES(n, type) ((size_t)(n) * sizeof(type) + 8)
void *rb_take(struct rb_build *b, size_t n, size_t size);
const char *rb_keep(struct rb_build *b, const char *text);

/* Adds duplicate_id at node and returns false if one of the n known texts (stride bytes apart, as
 * in rb_nearest) is id. */
bool rb_is_new(struct ds_yaml *doc, const struct ds_yaml_node *node, const char *id,
               const void *known, uint32_t n, size_t stride);

/* How many entries of a list (or mapping) to read: adds too_many when there are more than max. */
uint32_t rb_list(struct ds_yaml *doc, const struct ds_yaml_node *node, uint32_t max);

/* Reads hours ("08:00-12:00", or a list of them, possibly empty): rising, not overlapping. */
bool rb_hours(struct ds_yaml *doc, const struct ds_yaml_node *node, struct rb_hours *ret);

/* Spans of all days of a calendar, before zone changes swallow any. */
uint32_t rb_count_spans(const struct rb_calendar *cal);

/* The parts of the two files, in this order. */
void rb_read_calendars(struct rb_build *b);          /* into b->calendars; needs no block */
size_t rb_calendars_bytes(const struct rb_build *b); /* of the block, once placed */
void rb_place_calendars(struct rb_build *b);
void rb_read_clauses(struct rb_build *b);
void rb_read_piece_rates(struct rb_build *b);
size_t rb_piece_rates_bytes(const struct rb_build *b);
void rb_read_times(struct rb_build *b); /* and the other small sections */
/* Key of a clock in the rulebook. */
const char *rb_clock_name(enum ds_clock clock);
void rb_read_clocks(struct rb_build *b);
size_t rb_returns_bytes(const struct rb_build *b);
void rb_read_returns(struct rb_build *b);
void rb_read_reports(struct rb_build *b);
void rb_read_makers(struct rb_build *b);
size_t rb_makers_bytes(const struct rb_build *b);
void rb_read_directory(struct rb_build *b);
size_t rb_directory_bytes(const struct rb_build *b);
size_t rb_roster_bytes(const struct rb_build *b);
void rb_read_people(struct rb_build *b);
void rb_read_roster(struct rb_build *b);

/* Sorts elements by the text they begin with. */
void rb_sort(void *array, uint32_t n, size_t size);

/* Clause that a clock or question names: its text kept in the block, or "" with a problem. */
const char *rb_named_clause(struct rb_build *b, const struct ds_yaml_node *node);

/* Territory that an outlet or person names; NULL with a problem, and for no node. */
const struct ds_territory *rb_named_territory(struct rb_build *b, const struct ds_yaml_node *node);

/* Calendar that a territory, outlet or person names; NULL with a problem, and for no node. */
const struct ds_calendar *rb_named_calendar(struct rb_build *b, const struct ds_yaml_node *node);

#endif
