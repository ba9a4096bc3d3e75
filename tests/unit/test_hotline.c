/* SPDX-License-Identifier: MIT
 *
 * The watcher keeps calls in order and judges again only what can have changed. Random days of the
 * phone (late, reordered and repeated reports, gaps, lunch, two territories, a new rulebook,
 * restarts) must come out word for word like the slow oracle. A seed of one's own:
 * test_hotline SEED COUNT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendar_plan.h"
#include "domain/ids.h"
#include "hotline_stage.h"
#include "sla-watcher/lines.h"
#include "sim/prng.h"

enum { S = 1000, M = 60000, H = 3600000, CALLS_MAX = 40, LINES_MAX = 12000 };

static uint64_t first_seed = 1, seeds = 1500;
static struct oracle oracle;

/* ---- a day of the phone ---- */

struct line {
    struct ds_event event;
    Ds__Event msg;
    Ds__CallOffer offer;
    Ds__CallAnswer answer;
    Ds__CallEnd end;
    Ds__FeedGap gap;
    char call[16];
};

static struct day {
    uint32_t n;
    struct line lines[LINES_MAX];
    int64_t lag_ms;      /* marks run behind the clock by this much */
    int64_t new_from_ms; /* version 2 is in force */
    unsigned restarts;   /* per mille of the steps */
} day;

static struct line *add(enum ds_event_type type, const char *call, const char *territory,
                        int64_t at_ms, int64_t received_ms)
{
    struct line *line = &day.lines[day.n++];

    assert_true(day.n <= LINES_MAX);
    *line = (struct line){.event = {.type = type, .at_ms = at_ms, .stamp_ms = received_ms}};
    ds__event__init(&line->msg);
    ds__call_offer__init(&line->offer);
    ds__call_answer__init(&line->answer);
    ds__call_end__init(&line->end);
    ds__feed_gap__init(&line->gap);
    snprintf(line->call, sizeof line->call, "%s", call);
    line->msg.territory = (char *)territory;
    DS_SET(&line->msg, occurred_at_ms, at_ms);
    return line;
}

static void offered(const char *call, const char *territory, const char *caller, int64_t at_ms,
                    int64_t received_ms)
{
    add(DS_EV_CALL_OFFERED, call, territory, at_ms, received_ms)->offer.caller = (char *)caller;
}

static void answered(const char *call, const char *agent, int64_t at_ms, int64_t received_ms)
{
    struct line *line = add(DS_EV_CALL_ANSWERED, call, "county", at_ms, received_ms);

    line->answer.agent = (char *)agent;
    line->answer.answered_by =
        agent ? DS__ANSWERED_BY__NAME__PERSON : DS__ANSWERED_BY__NAME__VOICEMAIL;
}

static void ended(const char *call, int64_t at_ms, int64_t received_ms)
{
    add(DS_EV_CALL_ENDED, call, "county", at_ms, received_ms);
}

static void gap(const char *territory, int64_t from_ms, int64_t to_ms, int64_t received_ms)
{
    struct line *line = add(DS_EV_FEED_GAP, "", territory, received_ms, received_ms);

    line->gap.from_ms = from_ms;
    line->gap.to_ms = to_ms;
}

static int by_arrival(const void *a, const void *b)
{
    const struct line *one = a, *two = b;

    if (one->event.stamp_ms != two->event.stamp_ms)
        return one->event.stamp_ms < two->event.stamp_ms ? -1 : 1;
    return strcmp(one->call, two->call);
}

/* Hangs messages together, once lines stay where they are. */
static void complete(struct line *line, uint64_t seq)
{
    line->event.msg = &line->msg;
    line->event.ref = (struct ds_ref){DS_INTAKE, seq};
    line->event.rulebook = line->event.stamp_ms >= day.new_from_ms ? 2 : 1;
    line->msg.subject = line->call;
    line->offer.call = line->answer.call = line->end.call = line->call;
    if (line->event.type == DS_EV_CALL_OFFERED) line->msg.call_offered = &line->offer;
    if (line->event.type == DS_EV_CALL_ANSWERED) line->msg.call_answered = &line->answer;
    if (line->event.type == DS_EV_CALL_ENDED) line->msg.call_ended = &line->end;
    if (line->event.type == DS_EV_FEED_GAP) line->msg.feed_gap = &line->gap;
}

/* ---- living it twice ---- */

static void same_words(const struct stage *stage, uint64_t seed)
{
    if (stage->heard.n_said == oracle.n_said && stage->heard.text_len == oracle.text_len &&
        memcmp(stage->heard.text, oracle.text, oracle.text_len) == 0)
        return;
    fail_msg("seed %llu: the watcher says\n%.*sand the oracle\n%.*s", (unsigned long long)seed,
             (int)stage->heard.text_len, stage->heard.text, (int)oracle.text_len, oracle.text);
}

static void fire_until(struct stage *stage, int64_t mark_ms, int64_t now_ms, uint64_t seed)
{
    for (;;) {
        int64_t due_ms = ORACLE_NEVER, its_due_ms = ORACLE_NEVER;
        struct oracle_call *call = oracle_first(&oracle, &due_ms);
        const char *id = stage_first(stage, &its_due_ms);
        if (!call != !id || due_ms != its_due_ms || (call && strcmp(call->id, id) != 0))
            fail_msg("seed %llu: %s is due, not %s", (unsigned long long)seed, id ? id : "nothing",
                     call ? call->id : "nothing");
        if (!call || due_ms > mark_ms) return;
        char key[16];
        ds_copy(key, sizeof key, id);
        stage_fire(stage, key, due_ms, now_ms);
        oracle_fire(&oracle, call, due_ms);
        same_words(stage, seed);
    }
}

static void play(uint64_t seed)
{
    struct stage *stage = stage_new();
    struct prng prng = {seed};

    memset(&oracle, 0, sizeof oracle);
    qsort(day.lines, day.n, sizeof day.lines[0], by_arrival);
    for (uint32_t i = 0; i < day.n; i++) {
        struct line *line = &day.lines[i];
        int64_t now_ms = line->event.stamp_ms;
        complete(line, i + 1);
        fire_until(stage, now_ms - day.lag_ms, now_ms, seed);
        stage_apply(stage, &line->event, now_ms);
        oracle_apply(&oracle, &line->event, stage_versions[line->event.rulebook], now_ms);
        same_words(stage, seed);
        if (prng_below(&prng, 1000) < day.restarts) stage_restart(stage, prng_next(&prng));
    }
    fire_until(stage, ORACLE_NEVER - 1, ORACLE_NEVER - 1, seed);
    stage_free(stage);
}

/* ---- random days ---- */

static int64_t arrival(struct prng *prng, int64_t at_ms, unsigned late)
{
    if (prng_chance(prng, late)) return at_ms + prng_between(prng, 0, 3 * H);
    return at_ms + prng_between(prng, 0, 2) * S;
}

static void random_call(struct prng *prng, int i, int64_t base_ms, int64_t spread_ms, unsigned late,
                        bool grid)
{
    static const char *const callers[] = {"1", "2", "1", "3", "anonymous"};
    static const char *const agents[] = {"lin", "zhou", "tan", "lin", "zhou", NULL};
    const char *territory = prng_chance(prng, 75) ? "county" : "river";
    int64_t at_ms = base_ms + prng_between(prng, 0, spread_ms), end_ms = at_ms;
    char call[16];

    if (grid) end_ms = at_ms -= at_ms % (10 * S); /* the same instants, exact limits */
    snprintf(call, sizeof call, "c%d", i);
    offered(call, territory, callers[prng_below(prng, 5)], at_ms, arrival(prng, at_ms, late));
    if (prng_chance(prng, 45)) {
        int64_t up_ms = at_ms + prng_between(prng, 0, 4) * 5 * S;
        answered(call, agents[prng_below(prng, 6)], up_ms, arrival(prng, up_ms, late));
        end_ms = up_ms + prng_between(prng, 0, prng_chance(prng, 20) ? 3 * H : 15 * M);
    } else {
        end_ms += prng_chance(prng, 10) ? prng_between(prng, 0, 3 * H)
                                        : prng_between(prng, 1, 6) * 10 * S;
    }
    if (prng_chance(prng, 92)) ended(call, end_ms, arrival(prng, end_ms, late));
    if (prng_chance(prng, 8)) /* said again, otherwise */
        ended(call, end_ms - prng_between(prng, -20, 40) * S,
              end_ms + prng_between(prng, 0, 3 * H));
    if (prng_chance(prng, 8)) {
        int64_t up_ms = at_ms + prng_between(prng, 0, 30) * S;
        answered(call, agents[prng_below(prng, 6)], up_ms, up_ms + prng_between(prng, 0, 3 * H));
    }
    if (prng_chance(prng, 5))
        offered(call, territory, "2", at_ms + 5 * S, arrival(prng, at_ms, 50));
}

static void random_day(uint64_t seed)
{
    static const char *const bases[] = {"2007-03-01 10:00:00.000", "2007-03-01 11:50:00.000",
                                        "2007-03-01 13:55:00.000", "2007-03-01 17:50:00.000"};
    struct prng prng = {seed * 7919};
    int64_t base_ms = china(bases[prng_below(&prng, 4)]);
    int64_t spread_ms = prng_chance(&prng, 50) ? 20 * M : 90 * M;
    int n = (int)prng_between(&prng, 1, CALLS_MAX);
    unsigned late = prng_chance(&prng, 50) ? 5 : 50;
    bool grid = prng_chance(&prng, 30);

    day.n = 0;
    day.lag_ms = (int64_t[]){0, 10 * S, 20 * M}[prng_below(&prng, 3)];
    day.new_from_ms = prng_chance(&prng, 30) ? base_ms + prng_between(&prng, 0, 2 * H) : INT64_MAX;
    day.restarts = prng_chance(&prng, 30) ? 100 : 0;
    for (int i = 0; i < n; i++)
        random_call(&prng, i, base_ms, spread_ms, late, grid);
    for (unsigned i = prng_chance(&prng, 50) ? 0 : (unsigned)prng_below(&prng, 4); i > 0; i--) {
        int64_t from_ms = base_ms + prng_between(&prng, 0, spread_ms);
        int64_t to_ms = from_ms + prng_between(&prng, 0, 10 * M);
        gap(prng_chance(&prng, 70) ? "county" : "river", from_ms, to_ms,
            arrival(&prng, to_ms, late));
    }
}

static void test_random_days_like_the_oracle(void **state)
{
    (void)state;
    for (uint64_t seed = first_seed; seed < first_seed + seeds; seed++) {
        random_day(seed);
        play(seed);
    }
}

/* ---- what random days hardly meet ---- */

static void begin_day(void)
{
    day.n = 0;
    day.lag_ms = 0;
    day.new_from_ms = INT64_MAX;
    day.restarts = 0;
}

/* Rang for 30 s, all reports in time. Only the call's id is copied. */
static void unanswered(const char *call, const char *caller, int64_t at_ms)
{
    offered(call, "county", caller, at_ms, at_ms);
    ended(call, at_ms + 30 * S, at_ms + 30 * S);
}

/* More is to be taken back than one step may say; the rest follows with the next event. */
static void test_a_gap_over_hundreds_of_calls(void **state)
{
    const int64_t from_ms = china("2007-03-01 10:00:00.000");
    char call[16];

    (void)state;
    begin_day();
    day.restarts = 5;
    for (int i = 0; i < 270; i++) {
        snprintf(call, sizeof call, "c%d", i);
        unanswered(call, "anonymous", from_ms + i * 100);
    }
    gap("county", from_ms, from_ms + 10 * M, from_ms + 20 * M);
    for (int i = 0; i < 3; i++) {
        snprintf(call, sizeof call, "late%d", i);
        unanswered(call, "anonymous", from_ms + (30 + i) * M);
    }
    play(0);
}

/* 64 gaps are kept: the calls of the oldest are judged without it from then on. */
static void test_more_gaps_than_are_kept(void **state)
{
    const int64_t from_ms = china("2007-03-01 10:00:00.000");
    char call[16];

    (void)state;
    begin_day();
    for (int i = 0; i < 3; i++) {
        snprintf(call, sizeof call, "c%d", i);
        unanswered(call, "anonymous", from_ms + i * M);
    }
    for (int i = 0; i < 66; i++)
        gap("county", from_ms + i * M, from_ms + i * M + 45 * S, from_ms + 20 * M + i * S);
    play(0);
}

/* Two calls of one caller in one millisecond are one occasion, and the first one's verdict does not
 * keep the second from being looked at. */
static void test_two_offers_at_one_instant(void **state)
{
    const int64_t at_ms = china("2007-03-01 10:00:00.000");

    (void)state;
    begin_day();
    unanswered("a", "1", at_ms);
    unanswered("b", "1", at_ms);
    unanswered("c", "2", at_ms);
    answered("c", "lin", at_ms + 5 * S, at_ms + 5 * S);
    unanswered("d", "2", at_ms);
    play(0);
}

/* A call that old rules call unanswered still covers one that new rules judge. */
static void test_each_call_by_the_rules_at_its_offer(void **state)
{
    const int64_t at_ms = china("2007-03-01 15:00:00.000");

    (void)state;
    begin_day();
    day.new_from_ms = at_ms + M;
    offered("a", "county", "1", at_ms, at_ms);
    ended("a", at_ms + 25 * S, at_ms + 25 * S);
    unanswered("b", "1", at_ms + 5 * M);
    play(0);
}

/* ---- how much work it is ---- */

/* Plays n calls, each ended after 30 s or (odd ones of busy days) answered and talked for three
 * minutes. Returns judgements per call, in hundredths. */
static uint64_t work(int n, bool one_caller, bool busy)
{
    static const char *const agents[] = {"lin", "zhou"};
    const int64_t from_ms = china("2007-03-01 08:05:00.000"), step_ms = 2 * H / n;
    struct stage *stage = stage_new();
    char call[16], caller[16] = "1";

    begin_day();
    for (int i = 0; i < n; i++) {
        int64_t at_ms = from_ms + i * step_ms;
        snprintf(call, sizeof call, "c%d", i);
        if (!busy || i % 2 == 0) {
            unanswered(call, "", at_ms);
            continue;
        }
        offered(call, "county", "", at_ms, at_ms);
        answered(call, agents[i / 2 % 2], at_ms + 5 * S, at_ms + 5 * S);
        ended(call, at_ms + 3 * M, at_ms + 3 * M);
    }
    qsort(day.lines, day.n, sizeof day.lines[0], by_arrival);
    for (uint32_t i = 0; i < day.n; i++) {
        struct line *line = &day.lines[i];
        complete(line, i + 1);
        if (!one_caller) snprintf(caller, sizeof caller, "%s", line->call);
        line->offer.caller = caller;
        stage_apply(stage, &line->event, line->event.stamp_ms);
    }
    int64_t due_ms;
    for (const char *id; (id = stage_first(stage, &due_ms)) != NULL;) {
        ds_copy(call, sizeof call, id);
        stage_fire(stage, call, due_ms, due_ms);
    }
    uint64_t judgements = ((const struct watch_lines *)stage->part.memory)->n_judgements;
    stage_free(stage);
    return judgements * 100 / (uint64_t)n;
}

/* Judgements per call do not grow with the number of calls. */
static void test_work_is_near_linear(void **state)
{
    (void)state;
    for (int busy = 0; busy < 2; busy++)
        for (int one_caller = 0; one_caller < 2; one_caller++)
            for (int n = 1000; n <= 4000; n *= 2)
                if (work(n, one_caller, busy) > 400)
                    fail_msg("%d calls, one caller %d, busy %d: %llu judgements per 100 calls", n,
                             one_caller, busy, (unsigned long long)work(n, one_caller, busy));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_days_like_the_oracle),
        cmocka_unit_test(test_a_gap_over_hundreds_of_calls),
        cmocka_unit_test(test_more_gaps_than_are_kept),
        cmocka_unit_test(test_two_offers_at_one_instant),
        cmocka_unit_test(test_each_call_by_the_rules_at_its_offer),
        cmocka_unit_test(test_work_is_near_linear),
    };

    if (argc == 3) {
        first_seed = strtoull(argv[1], NULL, 10);
        seeds = strtoull(argv[2], NULL, 10);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
