/* SPDX-License-Identifier: MIT
 *
 * What the page shows, from the ticket's events: they are judged by the watcher's own rules, and
 * where a verdict is final it stands as it was said. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/as_known.h"
#include "doorstep/explain_page.h"

static const struct as_known *known; /* large; one at a time */

static bool is_about(const struct page_story *story, const struct record *record)
{
    return strcmp(ds_str(record->msg->subject), story->id) == 0;
}

/* Everything that the watcher was told of the ticket, by now. */
static void load(const struct page_story *story)
{
    as_known_begin(story->archive, story->id, story->partition);
    for (size_t i = 0; i < story->archive->n; i++)
        if (is_about(story, &story->archive->records[i])) as_known_add(&story->archive->records[i]);
    known = as_known_judge();
}

/* ---- clocks ---- */

static void add_pause(struct page_clock *clock, int64_t from_ms, int64_t to_ms,
                      enum ds_delay reason)
{
    if (clock->n_pauses == DS_CYCLE_INSTANCES) return;
    clock->pauses[clock->n_pauses++] =
        (struct page_span){.from_ms = from_ms, .to_ms = to_ms, .reason = reason};
}

static void take_instance(struct page_story *story, const struct watch_instance *instance)
{
    struct page_clock *clock = &story->clocks[story->n_clocks++];

    *clock = (struct page_clock){.clock = instance->clock,
                                 .n = instance->n,
                                 .verdict = watch_verdict(instance),
                                 .start_ms = instance->start_ms,
                                 .due_ms = instance->due_ms,
                                 .stop_ms = instance->stop_ms,
                                 .owner = instance->owner,
                                 .clause = instance->clause,
                                 .rulebook = instance->rules->number};
    if (clock->verdict == DS_BREACHED) clock->verdict = DS_VERDICT_NONE; /* not yet final */
    for (uint32_t p = 0; instance->pausable && p < instance->life->n_pauses; p++) {
        const struct watch_pause *pause = &instance->life->pauses[p];
        if (pause->from_ms < instance->due_ms && pause->to_ms > instance->start_ms)
            add_pause(clock, pause->from_ms, pause->to_ms, pause->reason);
    }
}

/* What came after the verdict does not change it, but it happened: then it was done at last. */
static int64_t stop_of(const Ds__Judged *judged)
{
    if (judged->has_stop_at_ms) return judged->stop_at_ms;
    if (judged->verdict != DS__VERDICT__NAME__BREACHED) return PAGE_NEVER;
    return as_known_stop_ms((enum ds_clock)judged->clock, judged->n);
}

static void take_judged(struct page_story *story, const Ds__Judged *judged, int reason)
{
    struct page_clock *clock = NULL;

    for (uint32_t i = 0; i < story->n_clocks && !clock; i++)
        if ((int)story->clocks[i].clock == (int)judged->clock && story->clocks[i].n == judged->n)
            clock = &story->clocks[i];
    if (!clock) {
        if (story->n_clocks == PAGE_CLOCKS_MAX) return;
        clock = &story->clocks[story->n_clocks++];
    }
    *clock = (struct page_clock){
        .clock = (enum ds_clock)judged->clock,
        .n = judged->n,
        .verdict = (enum ds_verdict)judged->verdict,
        .final = true,
        .start_ms = judged->start_at_ms,
        .due_ms = judged->has_due_at_ms ? judged->due_at_ms : PAGE_NEVER,
        .stop_ms = stop_of(judged),
        .owner = ds_str(judged->owner),
        .clause = ds_str(judged->clause),
        .reason = reason,
        .rulebook = judged->rulebook,
    };
    for (size_t i = 0; i < judged->n_pauses; i++)
        add_pause(clock, judged->pauses[i]->from_ms,
                  judged->pauses[i]->has_to_ms ? judged->pauses[i]->to_ms : PAGE_NEVER,
                  (enum ds_delay)judged->pauses[i]->reason);
}

static int by_start(const void *a, const void *b)
{
    const struct page_clock *one = a, *two = b;

    if (one->start_ms != two->start_ms) return one->start_ms < two->start_ms ? -1 : 1;
    if (one->clock != two->clock) return one->clock < two->clock ? -1 : 1;
    return one->n < two->n ? -1 : one->n > two->n;
}

static void take_clocks(struct page_story *story)
{
    for (uint32_t i = 0; i < known->bench.verdicts.n; i++)
        take_instance(story, &known->bench.verdicts.list[i]);
    for (size_t i = 0; i < story->archive->n; i++) {
        const struct record *record = &story->archive->records[i];
        if (!is_about(story, record)) continue;
        if (record->msg->body_case == DS__EVENT__BODY_JUDGED)
            take_judged(story, record->msg->judged, (int)record->msg->reason);
        if (record->msg->body_case == DS__EVENT__BODY_REJUDGED)
            take_judged(story, record->msg->rejudged->now, (int)record->msg->rejudged->now_why);
    }
    for (uint32_t i = 0; story->account && i < story->n_clocks; i++)
        if (strcmp(ds_str(story->clocks[i].owner), story->account) != 0)
            story->clocks[i].clause = "";
    qsort(story->clocks, story->n_clocks, sizeof story->clocks[0], by_start);
}

/* ---- lanes ---- */

static int64_t life_ends_ms(const struct page_story *story, const struct watch_life *life)
{
    const struct watch_fact *end = watch_end(life);

    if (end) return end->at_ms;
    return life->ends_ms != WATCH_NEVER ? life->ends_ms : story->now_ms;
}

/* Next instant after at_ms at which the holder may be another. */
static int64_t next_change_ms(const struct watch_life *life, int64_t at_ms, int64_t end_ms)
{
    int64_t next_ms = end_ms;

    for (uint32_t h = 0; h < life->n_holders; h++) {
        const struct watch_holder *holder = &life->holders[h];
        if (holder->from_ms > at_ms) next_ms = watch_min_ms(next_ms, holder->from_ms);
        if (holder->until_ms > at_ms) next_ms = watch_min_ms(next_ms, holder->until_ms);
    }
    return next_ms;
}

static void take_holders(struct page_story *story, const struct watch_life *life)
{
    int64_t end_ms = life_ends_ms(story, life);

    for (int64_t at_ms = life->begin->at_ms, to_ms; at_ms < end_ms; at_ms = to_ms) {
        const char *account = watch_owner_at(life, at_ms);
        struct page_span *last = story->n_holds ? &story->holds[story->n_holds - 1] : NULL;
        to_ms = next_change_ms(life, at_ms, end_ms);
        if (last && last->to_ms == at_ms && strcmp(last->account, account) == 0)
            last->to_ms = to_ms;
        else if (story->n_holds < PAGE_HOLDS_MAX)
            story->holds[story->n_holds++] =
                (struct page_span){.from_ms = at_ms, .to_ms = to_ms, .account = account};
    }
}

/* He had to act from the offer on, until he took the job, or it was taken from him. */
static void take_offers(struct page_story *story, const struct watch_life *life)
{
    for (uint32_t i = 0; i < life->n && story->n_offers < PAGE_OFFERS_MAX; i++) {
        const struct watch_fact *offer = life->facts[i];
        if (offer->kind != FACT_OFFERED) continue;
        int64_t to_ms = life_ends_ms(story, life);
        for (uint32_t k = 0; k < life->n; k++) {
            const struct watch_fact *fact = life->facts[k];
            if (fact->a != offer->a) continue;
            if (fact->kind == FACT_ASSIGNED) to_ms = watch_min_ms(to_ms, fact->b);
            if (fact->kind == FACT_TAKEN_BACK) to_ms = watch_min_ms(to_ms, fact->at_ms);
        }
        story->offers[story->n_offers++] =
            (struct page_span){.from_ms = offer->at_ms,
                               .to_ms = watch_max_ms(to_ms, offer->at_ms),
                               .account = watch_name(life, offer)};
    }
}

static void take_waits(struct page_story *story, const struct watch_life *life)
{
    for (uint32_t p = 0; p < life->n_pauses && story->n_waits < PAGE_WAITS_MAX; p++) {
        int64_t over_ms = watch_end(life) ? watch_end(life)->at_ms : WATCH_NEVER;
        story->waits[story->n_waits++] =
            (struct page_span){.from_ms = life->pauses[p].from_ms,
                               .to_ms = watch_min_ms(life->pauses[p].to_ms, over_ms),
                               .reason = life->pauses[p].reason};
    }
}

static void take_lanes(struct page_story *story)
{
    for (uint32_t i = 0; i < known->bench.story.n_lives; i++) {
        take_holders(story, &known->bench.story.lives[i]);
        if (!story->for_customer) take_offers(story, &known->bench.story.lives[i]);
        take_waits(story, &known->bench.story.lives[i]);
    }
    for (uint32_t i = 0; i < known->ticket.n_facts && story->n_windows < PAGE_WINDOWS_MAX; i++) {
        const struct watch_fact *fact = &known->ticket.facts[i];
        if (fact->kind != FACT_APPOINTMENT) continue;
        story->windows[story->n_windows++] =
            (struct page_span){.from_ms = fact->a,
                               .to_ms = fact->b >> 2,
                               .customers_wish = (fact->b & 3) == DS__WISH__NAME__CUSTOMER};
    }
}

/* From the report to the last that happened, or now. */
static void take_axis(struct page_story *story)
{
    const struct watch_life *last = &known->bench.story.lives[known->bench.story.n_lives - 1];
    const struct watch_fact *end = watch_end(last);

    story->state = !end                             ? DS_WORD_PG_GOING_ON
                   : end->kind == FACT_RESULT_FILED ? DS_WORD_PG_FINISHED
                                                    : DS_WORD_PG_CALLED_OFF;
    story->from_ms = last->reported_ms;
    for (uint32_t i = 0; i < known->bench.story.n_lives; i++)
        story->from_ms = watch_min_ms(story->from_ms, known->bench.story.lives[i].begin->at_ms);
    story->to_ms = end ? end->at_ms : story->now_ms;
    for (uint32_t i = 0; i < known->ticket.n_facts; i++)
        if (known->ticket.facts[i].kind != FACT_COMPLAINED)
            story->to_ms = watch_max_ms(story->to_ms, known->ticket.facts[i].at_ms);
    if (story->to_ms <= story->from_ms) story->to_ms = story->from_ms + 1;
}

bool page_gather(struct page_story *story)
{
    story->registered = NULL;
    for (size_t i = 0; i < story->archive->n; i++) {
        const struct record *record = &story->archive->records[i];
        if (is_about(story, record) && record->msg->body_case == DS__EVENT__BODY_REGISTERED)
            story->registered = record->msg->registered;
    }
    if (!story->registered) return false;
    story->n_clocks = story->n_holds = story->n_offers = story->n_windows = story->n_waits = 0;
    load(story);
    take_clocks(story);
    take_lanes(story);
    take_axis(story);
    return true;
}
