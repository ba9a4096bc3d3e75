/* SPDX-License-Identifier: MIT
 *
 * The archive of cases: what makes room for what, and that counts and evidence do not depend on the
 * order in which facts arrive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dispatcher/cases.h"
#include "dispatcher/dispatcher.h"
#include "engine/feed.h"
#include "engine/world.h"
#include "rulebook_files.h"
#include "sim/prng.h"

enum { HOUR_MS = 3600000 };
enum { P = 7, FACTS_MAX = 128, SAID_MAX = 256, SEEDS = 400, SHUFFLES = 3 };

static const int64_t MARCH_MS = INT64_C(1172678400000);
static const int64_t LATE_MAX_MS = INT64_C(86400000);

/* ---- the dispatcher alone, fed with what intake would say ---- */

struct fact {
    enum ds_event_type type;
    int64_t at_ms, arrives_ms;
    unsigned ticket, product, cycle, remedy; /* remedy 0: not fixed */
    unsigned number;
    const char *symptom;
    uint64_t luck;
};

struct stage {
    struct ds_world world;
    uint64_t seq;
    char *said[SAID_MAX]; /* owned */
    size_t n;
};

static void say(struct stage *stage, const char *text)
{
    assert_true(stage->n < SAID_MAX);
    stage->said[stage->n] = strdup(text);
    assert_non_null(stage->said[stage->n++]);
}

static void keep(void *self, enum ds_source source, uint32_t partition, const uint8_t *bytes,
                 size_t len)
{
    Ds__Batch *batch = ds__batch__unpack(NULL, len, bytes);
    char text[256];

    (void)source, (void)partition;
    for (size_t i = 0; i < batch->n_events; i++) {
        const Ds__Event *event = batch->events[i];
        if (event->body_case != DS__EVENT__BODY_CASE_NOT_ANALYSED) continue;
        const Ds__CaseNotAnalysed *said = event->case_not_analysed;
        snprintf(text, sizeof text, "not analysed: %s #%u by %s, due %lld, %s", event->subject,
                 said->n, ds_str(said->account), (long long)said->due_at_ms, said->repeated_by);
        say(self, text);
    }
    ds__batch__free_unpacked(batch, NULL);
}

static void open_stage(struct stage *stage, const struct files *files)
{
    static const struct ds_service *const services[] = {NULL, &dispatcher_service, NULL, NULL,
                                                        NULL};
    struct feed activated = {0};
    struct ds_problems problems;
    struct made made;

    *stage = (struct stage){0};
    ds_world_init(&stage->world, services, PARTITIONS, keep, stage);
    assert_int_equal(make(&files->rulebook, &files->directory, &made, &problems), 0);
    ds_world_add_version(&stage->world,
                         ds_version_compile(made.bytes, made.len, 1, PARTITIONS, &problems));
    free(made.bytes);
    feed_begin(&activated, DS_INTAKE, ++stage->seq);
    activated.partition = P;
    feed_activated(&activated, 1, MARCH_MS);
    feed_seal(&activated);
    struct ds_batch_peek peek = feed_peek(&activated);
    ds_world_feed(&stage->world, activated.buf.bytes, activated.buf.len, &peek);
    feed_finish(&activated);
    ds_world_set_time(&stage->world, MARCH_MS);
}

/* What is known when nothing more can happen. */
static void close_stage(struct stage *stage)
{
    struct ds_part *part = &stage->world.parts[DS_DISPATCHER - 1][P];
    char text[1024];

    for (uint32_t i = 0; i < part->table.cap; i++) {
        const struct ds_entity *entity = part->table.slots[i];
        if (!entity || entity->gone) continue;
        assert_int_not_equal(entity->key[0], 'H'); /* products are forgotten */
        if (entity->key[0] != 'K') continue;
        Ds__DispatchCase *state = ds__dispatch_case__unpack(NULL, entity->len, entity->bytes);
        for (size_t r = 0; r < state->n_rows; r++) {
            snprintf(text, sizeof text, "%s/%s: %s %u %u", state->model, state->symptom,
                     state->rows[r]->remedy, state->rows[r]->worked, state->rows[r]->failed);
            say(stage, text);
        }
        ds__dispatch_case__free_unpacked(state, NULL);
    }
    ds_world_finish(&stage->world);
}

static void free_said(struct stage *stage)
{
    for (size_t i = 0; i < stage->n; i++)
        free(stage->said[i]);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void tell(const struct fact *fact, struct feed *next)
{
    static Ds__Event event;
    static Ds__Registered registered;
    static Ds__Reopened reopened;
    static Ds__ResultFiled filed;
    static Ds__FileResult result;
    static Ds__Cancelled cancelled;
    static Ds__CaseAnalysed analysed;
    static Ds__TicketHead head;
    static char serial[32], remedy[32], subject[32], id[64];

    ds__event__init(&event);
    ds__registered__init(&registered);
    ds__reopened__init(&reopened);
    ds__result_filed__init(&filed);
    ds__file_result__init(&result);
    ds__cancelled__init(&cancelled);
    ds__case_analysed__init(&analysed);
    ds__ticket_head__init(&head);
    snprintf(serial, sizeof serial, "SN-%04u", fact->product);
    snprintf(remedy, sizeof remedy, "remedy %u", fact->remedy);
    snprintf(subject, sizeof subject, "T007-%u", fact->ticket + 1);
    snprintf(id, sizeof id, "c-%u", fact->number);
    DS_SET(&head, kind, DS__KIND__NAME__COMPLAINT);
    DS_SET(&head, complaint_type, DS__COMPLAINT_TYPE__NAME__REPAIR);
    head.territory = (char *)"county";
    head.category = (char *)"television";
    head.model = (char *)"A1";
    head.serial = serial;
    head.symptom = (char *)fact->symptom;
    registered.head = reopened.head = filed.head = cancelled.head = analysed.head = &head;
    DS_SET(&reopened, cycle, fact->cycle);
    DS_SET(&result, fixed, fact->remedy > 0);
    result.remedy = remedy;
    filed.result = &result;
    event.subject = subject;
    event.by = (char *)(fact->remedy % 2 ? "huang" : "xu");
    event.command_id = id;
    event.body_case = (Ds__Event__BodyCase)fact->type;
    event.registered = &registered;
    if (fact->type == DS_EV_REOPENED) event.reopened = &reopened;
    if (fact->type == DS_EV_RESULT_FILED) event.result_filed = &filed;
    if (fact->type == DS_EV_CANCELLED) event.cancelled = &cancelled;
    if (fact->type == DS_EV_CASE_ANALYSED) event.case_analysed = &analysed;
    DS_SET(&event, occurred_at_ms, fact->at_ms);
    DS_SET(&event, received_at_ms, fact->arrives_ms);
    feed_event(next, &event);
}

static void run_until(struct stage *stage, int64_t to_ms)
{
    for (int64_t due_ms; (due_ms = ds_world_next_due(&stage->world)) < to_ms - 1;) {
        int64_t next_ms = due_ms + 1 > stage->world.now_ms ? due_ms + 1 : stage->world.now_ms + 1;
        ds_world_feed_mark(&stage->world, next_ms - 1);
        ds_world_advance(&stage->world, next_ms);
    }
}

static void arrive(struct stage *stage, const struct fact *fact)
{
    struct feed next = {0};

    run_until(stage, fact->arrives_ms);
    if (fact->arrives_ms > stage->world.now_ms) {
        ds_world_feed_mark(&stage->world, fact->arrives_ms - 1);
        ds_world_advance(&stage->world, fact->arrives_ms);
    }
    feed_begin(&next, DS_INTAKE, ++stage->seq);
    next.partition = P;
    tell(fact, &next);
    feed_seal(&next);
    struct ds_batch_peek peek = feed_peek(&next);
    ds_world_feed(&stage->world, next.buf.bytes, next.buf.len, &peek);
    ds_world_advance(&stage->world, stage->world.now_ms);
    feed_finish(&next);
}

/* ---- any order of arrival ---- */

struct tale {
    struct fact facts[FACTS_MAX];
    size_t n;
    struct prng prng;
};

static struct fact *add(struct tale *tale, enum ds_event_type type, unsigned ticket,
                        unsigned product, int64_t at_ms)
{
    assert_true(tale->n < FACTS_MAX);
    struct fact *fact = &tale->facts[tale->n++];

    *fact = (struct fact){.type = type,
                          .ticket = ticket,
                          .product = product,
                          .number = (unsigned)tale->n,
                          .at_ms = at_ms,
                          .arrives_ms = at_ms,
                          .symptom = "not cold"};
    return fact;
}

/* One or two results, sometimes called off; at the very instant of another now and then. */
static int64_t live(struct tale *tale, unsigned ticket, unsigned product, int64_t from_ms)
{
    struct prng *prng = &tale->prng;
    int64_t last_ms = from_ms + prng_between(prng, 1, 5 * (int64_t)DS_DAY_MS);
    unsigned ends = 1 + prng_chance(prng, 30);

    for (unsigned i = 0; i < ends; i++) {
        bool cancelled = prng_chance(prng, 15);
        int64_t at_ms = prng_chance(prng, 20) ? last_ms : prng_between(prng, from_ms, last_ms);
        struct fact *fact = add(tale, cancelled ? DS_EV_CANCELLED : DS_EV_RESULT_FILED, ticket,
                                product, i == 0 ? last_ms : at_ms);
        fact->remedy = prng_chance(prng, 80) ? 1 + (unsigned)prng_below(prng, 3) : 0;
    }
    return last_ms;
}

static void make_tale(struct tale *tale, uint64_t seed)
{
    struct prng *prng = &tale->prng;

    *tale = (struct tale){.prng = {seed}};
    for (unsigned ticket = 0; ticket < 8; ticket++) {
        unsigned product = ticket % 2;
        int64_t from_ms = MARCH_MS + prng_between(prng, 1, 60 * (int64_t)DS_DAY_MS);
        add(tale, DS_EV_REGISTERED, ticket, product, from_ms);
        int64_t last_ms = live(tale, ticket, product, from_ms);
        if (prng_chance(prng, 40)) { /* a reopening is recorded when it happens */
            from_ms = last_ms + prng_between(prng, 1, 3 * (int64_t)DS_DAY_MS);
            add(tale, DS_EV_REOPENED, ticket, product, from_ms)->cycle = 1;
            last_ms = live(tale, ticket, product, from_ms);
        }
        for (int64_t n = prng_chance(prng, 60) ? prng_between(prng, 1, 8) : 0; n > 0; n--)
            add(tale, DS_EV_CASE_ANALYSED, ticket, product,
                last_ms + prng_between(prng, 0, 9 * (int64_t)DS_DAY_MS));
    }
}

static int by_arrival(const void *a, const void *b)
{
    const struct fact *one = a, *two = b;

    if (one->arrives_ms != two->arrives_ms) return one->arrives_ms < two->arrives_ms ? -1 : 1;
    return one->luck < two->luck ? -1 : one->luck > two->luck;
}

static void deal(struct tale *tale, bool at_once)
{
    for (size_t i = 0; i < tale->n; i++) {
        struct fact *fact = &tale->facts[i];
        bool begins = fact->type == DS_EV_REGISTERED || fact->type == DS_EV_REOPENED;
        fact->luck = begins ? 0 : 1 + prng_below(&tale->prng, 1000);
        if (begins || at_once) continue;
        fact->arrives_ms = prng_chance(&tale->prng, 25)
                               ? fact->at_ms + LATE_MAX_MS
                               : prng_between(&tale->prng, fact->at_ms, fact->at_ms + LATE_MAX_MS);
    }
    qsort(tale->facts, tale->n, sizeof tale->facts[0], by_arrival);
}

static void judge(struct tale *tale, const struct files *files, struct stage *stage)
{
    open_stage(stage, files);
    for (size_t i = 0; i < tale->n; i++)
        arrive(stage, &tale->facts[i]);
    run_until(stage, INT64_MAX);
    close_stage(stage);
    if (stage->n > 0) qsort(stage->said, stage->n, sizeof stage->said[0], by_text);
}

static void test_any_order(void **state)
{
    static struct stage first, again;
    static struct tale tale;
    size_t said = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        make_tale(&tale, seed);
        deal(&tale, true);
        judge(&tale, *state, &first);
        said += first.n;
        for (int shuffle = 0; shuffle < SHUFFLES; shuffle++) {
            deal(&tale, false);
            judge(&tale, *state, &again);
            bool equal = first.n == again.n;
            for (size_t i = 0; equal && i < first.n; i++)
                equal = strcmp(first.said[i], again.said[i]) == 0;
            for (size_t i = 0; !equal && i < first.n; i++)
                print_message("- %s\n", first.said[i]);
            for (size_t i = 0; !equal && i < again.n; i++)
                print_message("+ %s\n", again.said[i]);
            if (!equal) fail_msg("seed %llu", (unsigned long long)seed);
            free_said(&again);
        }
        free_said(&first);
    }
    assert_true(said > SEEDS);
}

/* A repair that did not last: reported on the first day, again on the fifth. */
static void repeat_once(struct tale *tale)
{
    for (unsigned ticket = 0; ticket < 2; ticket++) {
        int64_t from_ms = MARCH_MS + (1 + 4 * (int64_t)ticket) * DS_DAY_MS;
        add(tale, DS_EV_REGISTERED, ticket, 0, from_ms);
        add(tale, DS_EV_RESULT_FILED, ticket, 0, from_ms + HOUR_MS)->remedy = 1 - ticket;
    }
}

static const int64_t ANALYSE_DUE_MS = MARCH_MS + 12 * (int64_t)DS_DAY_MS + HOUR_MS;

static size_t evidence(const struct stage *stage)
{
    size_t n = 0;

    for (size_t i = 0; i < stage->n; i++)
        n += strncmp(stage->said[i], "not analysed", 12) == 0;
    return n;
}

/* More analyses than are kept, all told in one hour: whether one was in time decides, not which of
 * them was told first. */
static void test_many_analyses(void **state)
{
    static struct stage stage;
    static struct tale tale;

    for (uint64_t seed = 1; seed <= 40; seed++) {
        tale = (struct tale){.prng = {seed}};
        repeat_once(&tale);
        for (unsigned i = 0; i < 3 * DISPATCH_PRODUCT_ANALYSES; i++) {
            int64_t at_ms = ANALYSE_DUE_MS + (i == 0 ? -(int64_t)(seed % 2) : 60000 * (int64_t)i);
            if (seed % 4 == 0) at_ms++; /* none of them was in time */
            struct fact *fact = add(&tale, DS_EV_CASE_ANALYSED, i % 2, 0, at_ms);
            fact->arrives_ms = ANALYSE_DUE_MS + 12 * HOUR_MS;
            fact->luck = i == 0 && seed < 10 ? 0 : 1 + prng_below(&tale.prng, 1000);
        }
        qsort(tale.facts, tale.n, sizeof tale.facts[0], by_arrival);
        judge(&tale, *state, &stage);
        assert_int_equal(evidence(&stage), seed % 4 == 0);
        free_said(&stage);
    }
}

/* ---- what makes room ---- */

/* Reported again and again, each time over within the hour; nobody analyses anything. */
static void come_back(struct tale *tale, int64_t from_ms)
{
    for (unsigned i = 0; i < 2 * DISPATCH_PRODUCT_REPAIRS; i++) {
        int64_t at_ms = from_ms + i * (int64_t)HOUR_MS;
        add(tale, DS_EV_REGISTERED, 2 + i, 0, at_ms);
        add(tale, DS_EV_RESULT_FILED, 2 + i, 0, at_ms + HOUR_MS / 2);
    }
}

/* A case that waits is not crowded out by the reports that repeat it. */
static void test_what_waits_stays(void **state)
{
    static struct stage stage;
    static struct tale tale;

    tale = (struct tale){0};
    repeat_once(&tale);
    come_back(&tale, ANALYSE_DUE_MS - 3 * (int64_t)DS_DAY_MS);
    judge(&tale, *state, &stage);
    assert_int_equal(evidence(&stage), 1);
    free_said(&stage);
}

/* All of it is read at once, long afterwards: what was due before a report is decided before it. */
static void test_read_late(void **state)
{
    static struct stage stage;
    static struct tale tale;
    struct feed all = {0};

    tale = (struct tale){0};
    repeat_once(&tale);
    for (unsigned i = 2; i < 12; i++) /* each of these would wait, if the first did not */
        add(&tale, DS_EV_REGISTERED, i, 0, ANALYSE_DUE_MS + LATE_MAX_MS + i);
    come_back(&tale, ANALYSE_DUE_MS + 2 * LATE_MAX_MS);
    open_stage(&stage, *state);
    feed_begin(&all, DS_INTAKE, stage.seq + 1);
    all.partition = P;
    for (size_t i = 0; i < tale.n; i++)
        tell(&tale.facts[i], &all);
    feed_seal(&all);
    struct ds_batch_peek peek = feed_peek(&all);
    ds_world_feed(&stage.world, all.buf.bytes, all.buf.len, &peek);
    ds_world_advance(&stage.world, tale.facts[tale.n - 1].at_ms);
    feed_finish(&all);
    assert_int_equal(evidence(&stage), 1);
    ds_world_finish(&stage.world);
    free_said(&stage);
}

static uint32_t count_cases(struct stage *stage, uint64_t *ret_bytes)
{
    const struct ds_part *part = &stage->world.parts[DS_DISPATCHER - 1][P];
    uint32_t n = 0;

    *ret_bytes = 0;
    for (uint32_t i = 0; i < part->table.cap; i++) {
        const struct ds_entity *entity = part->table.slots[i];
        if (!entity || entity->gone || entity->key[0] != 'K') continue;
        *ret_bytes += entity->len + entity->key_len;
        n++;
    }
    return n;
}

/* One case more than there is room for: the one that was used once, longest ago, goes. */
static void test_least_used_goes(void **state)
{
    static struct stage stage;
    char symptom[32];
    uint64_t bytes;

    open_stage(&stage, *state);
    for (unsigned i = 0; i <= DISPATCH_CASES_MAX + 1; i++) {
        int64_t at_ms = MARCH_MS + 60000 * (int64_t)(i + 1);
        /* the first symptom comes twice, so it is kept */
        snprintf(symptom, sizeof symptom, "symptom %u", i == 1 ? 0 : i);
        struct fact fact = {.type = DS_EV_REGISTERED,
                            .ticket = i,
                            .product = i,
                            .at_ms = at_ms,
                            .arrives_ms = at_ms,
                            .symptom = symptom};
        arrive(&stage, &fact);
        fact.type = DS_EV_RESULT_FILED;
        fact.remedy = 1;
        fact.at_ms++;
        fact.arrives_ms++;
        arrive(&stage, &fact);
    }
    assert_int_equal(count_cases(&stage, &bytes), DISPATCH_CASES_MAX);
    print_message("%llu bytes a case\n", (unsigned long long)bytes / DISPATCH_CASES_MAX);
    struct ds_part *part = &stage.world.parts[DS_DISPATCHER - 1][P];
    uint32_t first = 0, second = 0;
    for (uint32_t i = 0; i < part->table.cap; i++) {
        const struct ds_entity *entity = part->table.slots[i];
        if (!entity || entity->gone || entity->key[0] != 'K') continue;
        Ds__DispatchCase *known = ds__dispatch_case__unpack(NULL, entity->len, entity->bytes);
        first += strcmp(known->symptom, "symptom 0") == 0;
        second += strcmp(known->symptom, "symptom 2") == 0;
        ds__dispatch_case__free_unpacked(known, NULL);
    }
    assert_int_equal(first, 1);
    assert_int_equal(second, 0);
    ds_world_finish(&stage.world);
    free_said(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_order),        cmocka_unit_test(test_many_analyses),
        cmocka_unit_test(test_what_waits_stays), cmocka_unit_test(test_read_late),
        cmocka_unit_test(test_least_used_goes),
    };

    return cmocka_run_group_tests(tests, read_files, free_files);
}
