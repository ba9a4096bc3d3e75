/* SPDX-License-Identifier: MIT
 *
 * Counters and latency histograms, read through the control socket. */
#ifndef DS_RUNTIME_STATS_H
#define DS_RUNTIME_STATS_H

#include <stdint.h>

enum rt_counter {
    RT_COMMANDS,
    RT_RECORDED,
    RT_REJECTED,
    RT_DUPLICATES,
    RT_BUSY,
    RT_EVENTS_IN,
    RT_EVENTS_OUT,
    RT_COMMITS,
    RT_COMMITS_RESENT,
    RT_FIRED,
    RT_PUBLISHED,
    RT_FRAMES_IN,
    RT_FRAMES_DROPPED,
    RT_RANGE_READS,
    RT_RECONNECTS,
    RT_CORRUPT,
    RT_COUNTERS
};

enum rt_histogram {
    RT_COMMIT_US, /* from sending a flush to its last reply */
    RT_BATCH,     /* events per committed batch */
    RT_LATE_MS,   /* real time between a deadline and its firing */
    RT_HISTOGRAMS
};

enum { RT_BUCKETS = 32 };

struct rt_stats {
    uint64_t counters[RT_COUNTERS];
    struct {
        uint64_t count, sum, max;
        uint64_t buckets[RT_BUCKETS];
    } histograms[RT_HISTOGRAMS];
};

void rt_observe(struct rt_stats *stats, enum rt_histogram histogram, int64_t value);
const char *rt_counter_name(enum rt_counter counter);
const char *rt_histogram_name(enum rt_histogram histogram);

#endif
