/* SPDX-License-Identifier: MIT */
#include "doorstep/stage.h"

#include "engine/table.h"

enum { RECEIPT_TIMEOUT_MS = 30000 };

/* Sends every line of this instant; returns the index behind them, or SIZE_MAX. */
static size_t take_lines(const struct stage *stage, const struct day *day, size_t at,
                         struct stage_result *result)
{
    int64_t now_ms = day->lines[at].send_at_ms;

    for (; at < day->n && day->lines[at].send_at_ms == now_ms; at++) {
        const Ds__Receipt *receipt = stage->take(stage->self, &day->lines[at]);
        if (!receipt) return SIZE_MAX;
        if (receipt->status == DS__RECEIPT__STATUS__RECORDED)
            result->recorded++;
        else if (receipt->status == DS__RECEIPT__STATUS__DUPLICATE)
            result->duplicates++;
        else
            result->rejected++;
        if (stage->answered) stage->answered(stage->self, &day->lines[at], receipt);
    }
    return at;
}

int stage_play(const struct stage *stage, const struct day *day, int64_t from_ms, int64_t until_ms,
               struct stage_result *result)
{
    int64_t due_ms = DS_NO_DUE, now_ms = 0;
    size_t at = 0;

    *result = (struct stage_result){0};
    while (at < day->n && day->lines[at].send_at_ms < from_ms)
        at++;
    if (from_ms != INT64_MIN) due_ms = now_ms = from_ms - 1; /* what is due then is not known yet */
    while (at < day->n || due_ms != DS_NO_DUE) {
        int64_t next_ms = due_ms == DS_NO_DUE ? INT64_MAX : due_ms + 1;
        if (next_ms <= now_ms) next_ms = now_ms + 1;
        if (at < day->n && day->lines[at].send_at_ms <= next_ms)
            next_ms = day->lines[at].send_at_ms;
        if (next_ms >= until_ms) break;
        if (stage->pace) next_ms = stage->pace(stage->self, next_ms);
        if (next_ms < 0) break;
        now_ms = next_ms;
        if (at < day->n && day->lines[at].send_at_ms == now_ms) {
            if (stage->set_time(stage->self, now_ms) != 0) return EXIT_UNAVAILABLE;
            at = take_lines(stage, day, at, result);
            if (at == SIZE_MAX) return EXIT_UNAVAILABLE;
        }
        if (stage->advance(stage->self, now_ms, &due_ms) != 0) return EXIT_UNAVAILABLE;
        result->end_ms = now_ms;
        if (stage->stepped && !stage->stepped(stage->self, now_ms)) break;
    }
    return EXIT_FINE;
}

/* ---- a running installation ---- */

static int live_set_time(void *self, int64_t to_ms)
{
    struct live_stage *live = self;
    int64_t ignored;

    return client_advance(live->client, DS_INTAKE, to_ms, true, &ignored);
}

static const Ds__Receipt *live_take(void *self, const struct day_line *line)
{
    struct live_stage *live = self;

    if (live->receipt) ds__receipt__free_unpacked(live->receipt, NULL);
    live->receipt = client_command(live->client, line->bytes, line->len, RECEIPT_TIMEOUT_MS);
    return live->receipt;
}

static int live_advance(void *self, int64_t to_ms, int64_t *ret_due_ms)
{
    struct live_stage *live = self;
    int64_t due_ms;

    *ret_due_ms = live->due_ms = DS_NO_DUE;
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++) {
        if (client_advance(live->client, (enum ds_source)s, to_ms, false, &due_ms) != 0) return -1;
        if (due_ms < *ret_due_ms) *ret_due_ms = due_ms;
        if (due_ms < live->due_ms && s != DS_INTAKE) live->due_ms = due_ms;
    }
    return 0;
}

struct stage live_stage(struct live_stage *live)
{
    return (struct stage){
        .set_time = live_set_time, .take = live_take, .advance = live_advance, .self = live};
}
