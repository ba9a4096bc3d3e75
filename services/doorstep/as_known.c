/* SPDX-License-Identifier: MIT */
#include "doorstep/as_known.h"

#include "doorstep/explain.h"
#include "sla-watcher/watch_state.h"

static struct as_known known; /* large */
static const struct archive *from;

static const struct ds_version *rules_of(const void *self, uint32_t number)
{
    const struct archive *archive = self;

    return archive->versions[number];
}

void as_known_begin(const struct archive *archive, const char *id, uint32_t partition)
{
    from = archive;
    watch_load(&known.ticket, id, NULL);
    known.ticket.partition = partition;
}

void as_known_add(const struct record *record)
{
    const struct ds_version *version = from->versions[record->rulebook];
    struct ds_event event = explain_event(record);
    struct watch_fact fact;

    if (record->source > DS_SURVEY || !version) return;
    if (known.ticket.n_facts < WATCH_FACTS_MAX &&
        watch_fact_of(&known.ticket, &event, version, &fact))
        watch_add_fact(&known.ticket, &fact);
}

const struct as_known *as_known_judge(void)
{
    const struct watch_rules rules = {rules_of, from};

    watch_tell(&known.ticket, &rules, WATCH_NEVER, WATCH_NEVER, &known.bench.story);
    watch_judge(&known.bench.story, &known.bench.verdicts);
    return &known;
}

int64_t as_known_stop_ms(enum ds_clock clock, uint32_t n)
{
    const struct watch_verdicts *verdicts = &known.bench.verdicts;

    for (uint32_t i = 0; i < verdicts->n; i++)
        if (verdicts->list[i].clock == clock && verdicts->list[i].n == n)
            return verdicts->list[i].stop_ms;
    return WATCH_NEVER;
}
