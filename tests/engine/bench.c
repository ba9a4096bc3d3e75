/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/state.pb-c.h"

/* ---- the tiny services ---- */

static void write_down(struct bench *bench, struct ds_part *part, const struct ds_event *event)
{
    assert_true(bench->n_heard < BENCH_NOTES);
    struct heard *heard = &bench->heard[bench->n_heard++];

    *heard = (struct heard){.type = event->type,
                            .decided_ms = part->now_ms,
                            .ref = event->ref,
                            .stamp_ms = event->stamp_ms,
                            .at_ms = event->at_ms,
                            .rulebook = event->rulebook};
    if (part->rulebook > 0) heard->in_force = ds_part_rules(part)->number;
    snprintf(heard->subject, sizeof heard->subject, "%s", ds_str(event->msg->subject));
}

static void count_name(struct ds_part *part, const char *name)
{
    Ds__IntakeCall state = DS__INTAKE_CALL__INIT;
    char key[64], text[16];

    snprintf(key, sizeof key, "K%s", name);
    const Ds__IntakeCall *known = ds_part_get(part, key, &ds__intake_call__descriptor);
    snprintf(text, sizeof text, "%d", known ? atoi(known->territory) + 1 : 1);
    state.territory = text;
    ds_part_put(part, key, &state.base, NULL);
}

static void echo_apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    char name[32];
    int times = 1;

    write_down(part->env->self, part, event);
    snprintf(name, sizeof name, "%s", ds_str(event->msg->subject));
    char *star = strchr(name, '*');
    if (star) {
        times = atoi(star + 1);
        *star = '\0';
    }
    if (!name[0]) return;
    char *subject = ds_out_text(out, (const char *const[]){name, NULL});
    for (int i = 0; i < times; i++)
        ds_out_add(out, DS_EV_OUTCOME, subject, DS__REASON__NAME__NONE, "");
    count_name(part, name);
}

static void no_fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                    int64_t due_ms, struct ds_out *out)
{
    (void)part, (void)entity, (void)kind, (void)due_ms, (void)out;
    fail_msg("the echo has no deadlines");
}

static void timer_apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    (void)out;
    write_down(part->env->self, part, event);
}

static void clear_deadline(struct ds_part *part, const struct ds_entity *entity,
                           enum ds_due_kind kind)
{
    const Ds__IntakeCall *known = ds_part_unpack(part, entity, &ds__intake_call__descriptor);
    Ds__IntakeCall state = DS__INTAKE_CALL__INIT;
    struct ds_dues dues = entity->dues;

    state.territory = known->territory;
    dues.at_ms[kind] = NONE;
    ds_part_put(part, entity->key, &state.base, &dues);
}

static void timer_fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                       int64_t due_ms, struct ds_out *out)
{
    struct bench *bench = part->env->self;

    assert_true(bench->n_fired < BENCH_NOTES);
    struct fired *fired = &bench->fired[bench->n_fired++];
    *fired = (struct fired){.kind = kind, .due_ms = due_ms};
    snprintf(fired->key, sizeof fired->key, "%s", entity->key);
    if (bench->on_fire) return bench->on_fire(part, entity, kind, due_ms, out);
    clear_deadline(part, entity, kind);
}

static bool loaded(struct ds_part *part, const struct ds_entity *entity)
{
    struct bench *bench = part->env->self;
    uint32_t *remembered = part->memory;

    /* what is derived at start comes from the stored form */
    if (!ds_part_unpack(part, entity, &ds__intake_call__descriptor)) return false;
    *remembered += 1;
    bench->n_loaded++;
    return true;
}

static void unloaded(struct ds_part *part)
{
    struct bench *bench = part->env->self;

    bench->n_unloaded++;
}

const struct ds_service tiny_echo = {
    .name = "echo",
    .source = DS_WATCHER,
    .upstreams = 1u << DS_INTAKE | 1u << DS_DISPATCHER | 1u << DS_SURVEY,
    .memory_size = sizeof(uint32_t),
    .loaded = loaded,
    .unloaded = unloaded,
    .apply = echo_apply,
    .fire = no_fire,
};

const struct ds_service tiny_timer = {
    .name = "timer",
    .source = DS_SURVEY,
    .upstreams = 1u << DS_INTAKE | 1u << DS_DISPATCHER,
    .apply = timer_apply,
    .fire = timer_fire,
};

/* ---- the bench ---- */

static const struct ds_version *version(void *self, uint32_t number)
{
    struct bench *bench = self;

    return number < BENCH_VERSIONS ? &bench->versions[number] : NULL;
}

static void start_part(struct bench *bench, const struct ds_service *service)
{
    ds_part_init(&bench->part, service, &bench->env, 7);
    bench->part.epoch = 1;
    bench->part.now_ms = 1000;
    bench->part.rulebook = 1;
}

struct bench *bench_new(const struct ds_service *service)
{
    struct bench *bench = calloc(1, sizeof *bench);

    assert_non_null(bench);
    for (uint32_t i = 0; i < BENCH_VERSIONS; i++)
        bench->versions[i].number = i;
    ds_env_init(&bench->env, version, bench);
    ds_arena_init(&bench->arena, DS_BATCH_ARENA);
    start_part(bench, service);
    return bench;
}

void bench_free(struct bench *bench)
{
    ds_part_finish(&bench->part);
    ds_commit_finish(&bench->commit);
    call_finish(&bench->call);
    feed_finish(&bench->feed);
    ds_arena_finish(&bench->arena);
    ds_env_finish(&bench->env);
    free(bench);
}

void bench_restart(struct bench *bench)
{
    const struct ds_service *service = bench->part.service;

    ds_part_finish(&bench->part);
    start_part(bench, service);
}

void bench_say(struct bench *bench, enum ds_source source, const char *subject, int64_t stamp_ms)
{
    feed_begin(&bench->feed, source, bench->part.up[source].position + 1);
    feed_say(&bench->feed, subject, stamp_ms);
    feed_seal(&bench->feed);
    assert_true(feed_apply(&bench->feed, &bench->part));
}

void bench_put(struct bench *bench, const char *key, const char *text, int64_t soft_ms,
               int64_t hard_ms, int64_t operational_ms)
{
    const struct ds_dues dues = {{soft_ms, hard_ms, operational_ms}};
    Ds__IntakeCall state = DS__INTAKE_CALL__INIT;

    state.territory = (char *)text;
    ds_part_put(&bench->part, key, &state.base, &dues);
}

const char *bench_text(struct bench *bench, const char *key)
{
    const Ds__IntakeCall *state = ds_part_get(&bench->part, key, &ds__intake_call__descriptor);

    return state ? state->territory : NULL;
}

const struct call *bench_seal(struct bench *bench)
{
    ds_part_seal(&bench->part, &bench->commit);
    call_finish(&bench->call);
    call_read(&bench->call, &bench->commit);
    return &bench->call;
}

const Ds__Batch *bench_emitted(struct bench *bench)
{
    return call_batch(bench_seal(bench), &bench->arena);
}
