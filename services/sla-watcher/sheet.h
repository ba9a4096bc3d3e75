/* SPDX-License-Identifier: MIT
 *
 * Sheets that are to be handed in (P3.2, P4, 7.2). */
#ifndef WATCH_SHEET_H
#define WATCH_SHEET_H

#include "sla-watcher/watch.h"

struct watch_sheet {
    const char *key; /* territory/yyyymm, person/Monday: the subject of its verdict */
    enum ds_clock clock;
    const struct ds_calendar *calendar;
    const struct ds_version *rules; /* version it started under */
    Ds__WatchSheet state;
    Ds__WatchedInstance said;
    Ds__EventRef start, handed_in;
};

/* First local day of the week that an instant belongs to. */
int32_t watch_monday_of(const struct ds_zone *zone, int64_t at_ms);

/* The month of a territory is over: its sheet is due. drawn_ms: when it was really drawn. */
void watch_sheet_of_month(struct watch_sheet *sheet, const struct ds_territory *territory,
                          uint32_t month, int64_t drawn_ms);

/* Somebody has worked in a week: his sheet is due after its end. */
void watch_sheet_of_week(struct watch_sheet *sheet, const struct ds_person *person, int32_t monday);

/* The sheet was handed in. The earliest that arrives within the grace counts. */
void watch_sheet_handed_in(struct watch_sheet *sheet, int64_t at_ms, int64_t received_ms,
                           const Ds__EventRef *event);

/* As watch_notice and watch_finalise; final at T = due + grace. */
struct watch_dues watch_sheet_notice(struct watch_sheet *sheet, int64_t now_ms, struct ds_out *out);
void watch_sheet_finalise(struct watch_sheet *sheet, int64_t final_ms, struct ds_out *out);

#endif
