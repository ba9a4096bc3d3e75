/* SPDX-License-Identifier: MIT
 *
 * When a callback is done (P-2.1): the customer was reached, or enough attempts were made, on
 * enough local days and at enough times of the day. Used by callback-survey, which closes the task,
 * and by the watcher, whose clock it stops. Pure. */
#ifndef DS_DOMAIN_CALLBACK_H
#define DS_DOMAIN_CALLBACK_H

#include "domain/version.h"

struct ds_attempt {
    int64_t at_ms;
    bool reached;
};

enum ds_day_part { DS_MORNING, DS_AFTERNOON, DS_EVENING };

/* Part of the local day that an instant belongs to; the bounds are the rulebook's. */
enum ds_day_part ds_day_part_of(const struct ds_version *version, const struct ds_zone *zone,
                                int64_t at_ms);

/* Instant at which the callback is done, INT64_MAX if it is not.
 *   attempts  rising by at_ms */
int64_t ds_callback_done_ms(const struct ds_version *version, const struct ds_zone *zone,
                            const struct ds_attempt *attempts, uint32_t n);

/* Earliest working time from from_ms on at which one more attempt helps: as long as enough are left
 * it always does, otherwise it has to fall on another day, or another part of the day, than those
 * before. The callback is not done. */
int64_t ds_callback_next_ms(const struct ds_version *version, const struct ds_calendar *calendar,
                            const struct ds_attempt *attempts, uint32_t n, int64_t from_ms);

#endif
