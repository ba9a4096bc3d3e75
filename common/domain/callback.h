/* SPDX-License-Identifier: MIT
 *
 * When a callback is done (P-2.1): the customer was reached, or enough attempts on enough local
 * days were made. Used by callback-survey, which closes the task, and by the watcher, whose clock
 * it stops. Pure. */
#ifndef DS_DOMAIN_CALLBACK_H
#define DS_DOMAIN_CALLBACK_H

#include "domain/version.h"

struct ds_attempt {
    int64_t at_ms;
    bool reached;
};

/* Instant at which the callback is done, INT64_MAX if it is not.
 *   attempts  rising by at_ms */
int64_t ds_callback_done_ms(const struct ds_version *version, const struct ds_zone *zone,
                            const struct ds_attempt *attempts, uint32_t n);

#endif
