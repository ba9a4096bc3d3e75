/* SPDX-License-Identifier: MIT */
#include "domain/callback.h"

int64_t ds_callback_done_ms(const struct ds_version *version, const struct ds_zone *zone,
                            const struct ds_attempt *attempts, uint32_t n)
{
    int32_t days = 0, last_day = INT32_MIN;

    for (uint32_t i = 0; i < n; i++) {
        int32_t day = ds_local_day(zone, attempts[i].at_ms);
        if (day != last_day) days++;
        last_day = day;
        if (attempts[i].reached) return attempts[i].at_ms;
        if ((int64_t)i + 1 >= version->callback_attempts && days >= version->callback_days)
            return attempts[i].at_ms;
    }
    return INT64_MAX;
}
