/* SPDX-License-Identifier: MIT
 *
 * The watcher's adapter: what its files share. Entities by key: T ticket, F person and day, C call,
 * P the partition, M month of a territory, W person and week. */
#ifndef WATCH_ADAPTER_H
#define WATCH_ADAPTER_H

#include "engine/part.h"
#include "sla-watcher/day.h"
#include "sla-watcher/sheet.h"

void watch_key(char key[DS_KEY_MAX + 1], char prefix, const char *id);

/* ---- watcher_days.c ---- */

void watch_apply_to_day(struct ds_part *part, const struct ds_event *event, struct ds_out *out);
bool watch_day_loaded(const char *subject, const Ds__WatchDay *state);
void watch_fire_day(struct ds_part *part, const char *subject, enum ds_due_kind kind,
                    int64_t due_ms, struct ds_out *out);

/* "2007-03-08", NUL-terminated */
void watch_date_text(int32_t local_day, char text[11]);

/* ---- watcher_sheets.c ---- */

void watch_apply_to_month(struct ds_part *part, const struct ds_event *event, struct ds_out *out);
void watch_apply_to_week(struct ds_part *part, const struct ds_event *event, struct ds_out *out);
void watch_fire_sheet(struct ds_part *part, const char *entity_key, enum ds_due_kind kind,
                      int64_t due_ms, struct ds_out *out);
bool watch_sheet_loaded(const char *subject, const Ds__WatchSheet *state);

/* ---- watcher_lines.c ---- */

void watch_apply_to_lines(struct ds_part *part, const struct ds_event *event, struct ds_out *out);
void watch_fire_call(struct ds_part *part, const char *id, int64_t due_ms, struct ds_out *out);

/* Rebuilds the lines from one stored call or the stored gaps; false if it is neither. */
bool watch_gaps_loaded(struct ds_part *part, const Ds__WatchPartition *state);
bool watch_call_loaded(struct ds_part *part, const char *id, const Ds__WatchCall *state);
void watch_unload_lines(struct ds_part *part);

#endif
