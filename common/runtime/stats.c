/* SPDX-License-Identifier: MIT */
#include "runtime/stats.h"

void rt_observe(struct rt_stats *stats, enum rt_histogram histogram, int64_t value)
{
    uint64_t positive = value > 0 ? (uint64_t)value : 0;
    int bucket = 0;

    while (bucket < RT_BUCKETS - 1 && positive > UINT64_C(1) << bucket)
        bucket++;
    stats->histograms[histogram].buckets[bucket]++;
    stats->histograms[histogram].count++;
    stats->histograms[histogram].sum += positive;
    if (positive > stats->histograms[histogram].max) stats->histograms[histogram].max = positive;
}

const char *rt_counter_name(enum rt_counter counter)
{
    static const char *const names[RT_COUNTERS] = {
        [RT_COMMANDS] = "commands",
        [RT_RECORDED] = "recorded",
        [RT_REJECTED] = "rejected",
        [RT_DUPLICATES] = "duplicates",
        [RT_BUSY] = "busy",
        [RT_EVENTS_IN] = "events_in",
        [RT_EVENTS_OUT] = "events_out",
        [RT_COMMITS] = "commits",
        [RT_COMMITS_RESENT] = "commits_resent",
        [RT_FIRED] = "fired",
        [RT_PUBLISHED] = "published",
        [RT_FRAMES_IN] = "frames_in",
        [RT_FRAMES_DROPPED] = "frames_dropped",
        [RT_RANGE_READS] = "range_reads",
        [RT_RECONNECTS] = "reconnects",
        [RT_CORRUPT] = "corrupt",
    };
    return names[counter];
}

const char *rt_histogram_name(enum rt_histogram histogram)
{
    static const char *const names[RT_HISTOGRAMS] = {
        [RT_COMMIT_US] = "commit_us",
        [RT_BATCH] = "batch_events",
        [RT_LATE_MS] = "late_ms",
    };
    return names[histogram];
}
