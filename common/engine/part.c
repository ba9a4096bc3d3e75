/* SPDX-License-Identifier: MIT
 *
 * The way of an event through a service, between "it has been read" and "it is sealed". */
#include "engine/part.h"

#include <stdlib.h>
#include <string.h>

#include "domain/assert.h"

/* Intake's entity for the version that waits for its day. */
static const char waiting_key[] = "V";

enum { STATE_ARENA = 1024 * 1024, ROOM_STEP = 64 };

void ds_env_init(struct ds_env *env, const struct ds_version *(*version)(void *, uint32_t),
                 void *self)
{
    env->version = version;
    env->self = self;
    ds_arena_init(&env->batch_arena, DS_BATCH_ARENA);
    ds_arena_init(&env->state_arena, STATE_ARENA);
    ds_out_reset(&env->out);
}

void ds_env_finish(struct ds_env *env)
{
    ds_arena_finish(&env->batch_arena);
    ds_arena_finish(&env->state_arena);
}

void ds_part_init(struct ds_part *part, const struct ds_service *service, struct ds_env *env,
                  uint32_t partition)
{
    *part = (struct ds_part){.service = service, .env = env, .partition = partition};
    ds_table_init(&part->table);
    if (service->memory_size > 0) {
        part->memory = calloc(1, service->memory_size);
        if (!part->memory) abort();
    }
}

void ds_part_finish(struct ds_part *part)
{
    if (part->memory && part->service->unloaded) part->service->unloaded(part);
    free(part->memory);
    if (part->table.slots) ds_table_finish(&part->table);
    ds_buf_finish(&part->batch);
    ds_buf_finish(&part->receipts);
    free(part->dirty);
    *part = (struct ds_part){0};
}

/* ---- entities ---- */

void *ds_part_unpack(struct ds_part *part, const struct ds_entity *entity,
                     const ProtobufCMessageDescriptor *type)
{
    return protobuf_c_message_unpack(type, &part->env->state_arena.allocator, entity->len,
                                     entity->bytes);
}

void ds_part_corrupt(struct ds_part *part, const char *key, const char *why)
{
    if (part->env->corrupt) part->env->corrupt(part->env->self, part->partition, key, why);
    abort();
}

void *ds_part_get(struct ds_part *part, const char *key, const ProtobufCMessageDescriptor *type)
{
    const struct ds_entity *entity = ds_table_find(&part->table, key);

    if (!entity || entity->gone) return NULL;
    void *state = ds_part_unpack(part, entity, type);
    DS_ASSERT(state); /* looked at when it was loaded */
    return state;
}

bool ds_part_has(const struct ds_part *part, const char *key)
{
    const struct ds_entity *entity = ds_table_find(&part->table, key);

    return entity && !entity->gone;
}

static void make_dirty(struct ds_part *part, struct ds_entity *entity)
{
    part->changed = true;
    if (entity->dirty) return;
    if (part->n_dirty == part->dirty_cap) {
        part->dirty_cap = part->dirty_cap ? part->dirty_cap * 2 : 64;
        part->dirty = realloc(part->dirty, part->dirty_cap * sizeof(struct ds_entity *));
        if (!part->dirty) abort();
    }
    part->dirty[part->n_dirty++] = entity;
    entity->dirty = true;
}

static size_t put_due(uint8_t *at, int kind, int64_t due_ms)
{
    uint64_t number = (uint64_t)due_ms;
    size_t n = 0;

    if (due_ms == DS_NO_DUE) return 0;
    at[n++] = (uint8_t)((kind + 1) << 3); /* field kind + 1, varint */
    for (; number >= 0x80; number >>= 7)
        at[n++] = (uint8_t)(number | 0x80);
    at[n++] = (uint8_t)number;
    return n;
}

void ds_part_put(struct ds_part *part, const char *key, const ProtobufCMessage *state,
                 const struct ds_dues *dues)
{
    static const struct ds_dues none = {{DS_NO_DUE, DS_NO_DUE, DS_NO_DUE}};
    struct ds_entity *entity = ds_table_make(&part->table, key);
    size_t size = protobuf_c_message_get_packed_size(state);
    size_t room = (size + DS_DUE_KINDS * 11 + ROOM_STEP - 1) / ROOM_STEP * ROOM_STEP;

    if (!dues) dues = &none;
    if (entity->cap < room) {
        entity->bytes = realloc(entity->bytes, room);
        if (!entity->bytes) abort();
        entity->cap = (uint32_t)room;
    }
    size_t n = 0;
    for (int k = 0; k < DS_DUE_KINDS; k++)
        n += put_due(entity->bytes + n, k, dues->at_ms[k]);
    n += protobuf_c_message_pack(state, entity->bytes + n);
    part->table.bytes += n - entity->len;
    entity->len = (uint32_t)n;
    entity->gone = false;
    ds_table_set_dues(&part->table, entity, dues);
    make_dirty(part, entity);
}

void ds_part_delete(struct ds_part *part, const char *key)
{
    static const struct ds_dues none = {{DS_NO_DUE, DS_NO_DUE, DS_NO_DUE}};
    struct ds_entity *entity = ds_table_find(&part->table, key);

    if (!entity || entity->gone) return;
    entity->gone = true;
    ds_table_set_dues(&part->table, entity, &none);
    make_dirty(part, entity);
}

/* Reads fields 1..3, which the engine wrote first. */
static bool read_dues(const uint8_t *bytes, size_t len, struct ds_dues *dues)
{
    size_t i = 0;

    for (int k = 0; k < DS_DUE_KINDS; k++) {
        dues->at_ms[k] = DS_NO_DUE;
        if (i >= len || bytes[i] != (k + 1) << 3) continue;
        uint64_t number = 0;
        i++;
        for (int shift = 0;; shift += 7) {
            if (i >= len || shift > 56) return false;
            number |= (uint64_t)(bytes[i] & 0x7f) << shift;
            if (!(bytes[i++] & 0x80)) break;
        }
        dues->at_ms[k] = (int64_t)number;
    }
    return true;
}

static bool waiting_loaded(const Ds__WaitingVersion *version)
{
    return version && version->number > 0 && version->has_effective_from_ms && version->hash;
}

const char *ds_part_load(struct ds_part *part, const char *key, const uint8_t *bytes, size_t len,
                         int64_t score_ms)
{
    static const char unreadable[] = "its state cannot be read";
    struct ds_dues dues;
    size_t key_len = strlen(key);

    if (key_len == 0 || key_len > DS_KEY_MAX || !read_dues(bytes, len, &dues)) return unreadable;
    if (ds_dues_first(&dues) != score_ms) return "state and due disagree";
    struct ds_entity *entity = ds_table_make(&part->table, key);
    entity->bytes = malloc(len ? len : 1);
    if (!entity->bytes) abort();
    memcpy(entity->bytes, bytes, len);
    entity->len = entity->cap = (uint32_t)len;
    entity->stored = true;
    entity->stored_due_ms = score_ms;
    part->table.bytes += len;
    ds_table_set_dues(&part->table, entity, &dues);
    ds_arena_reset(&part->env->state_arena);
    if (strcmp(key, waiting_key) == 0 && part->service->take)
        return waiting_loaded(ds_part_waiting(part)) ? NULL : unreadable;
    return part->service->loaded(part, entity) ? NULL : unreadable;
}

bool ds_part_full(const struct ds_part *part)
{
    return part->entities_max > 0 && part->table.n >= part->entities_max;
}

/* ---- rules ---- */

const struct ds_version *ds_part_rules(const struct ds_part *part)
{
    return ds_part_rules_of(part, part->rulebook);
}

const struct ds_version *ds_part_rules_of(const struct ds_part *part, uint32_t number)
{
    DS_ASSERT(number > 0);
    const struct ds_version *version = part->env->version(part->env->self, number);
    DS_ASSERT(version);
    return version;
}

/* ---- steps ---- */

/* The instant of a step is the stamp of what it decides: neither before its cause nor before what
 * was decided last, although another process's clock may be a little ahead. */
static void begin_step(struct ds_part *part, int64_t cause_ms)
{
    if (part->now_ms < part->last_stamp_ms) part->now_ms = part->last_stamp_ms;
    if (part->now_ms < cause_ms) part->now_ms = cause_ms;
    part->last_stamp_ms = part->now_ms;
    ds_arena_reset(&part->env->state_arena);
    ds_out_reset(&part->env->out);
}

uint64_t ds_part_seq_of(const struct ds_part *part, uint32_t n)
{
    return part->tail + 1 + n;
}

/* Stamps, numbers and packs what the step decided. cause = the upstream event, if one caused it. */
static void end_step(struct ds_part *part, const struct ds_event *cause)
{
    struct ds_out *out = &part->env->out;
    Ds__EventRef ref = DS__EVENT_REF__INIT;

    if (cause) {
        DS_SET(&ref, source, (Ds__Source__Name)cause->ref.source);
        DS_SET(&ref, seq, cause->ref.seq);
    }
    for (uint32_t i = 0; i < out->n; i++) {
        Ds__Event *event = &out->events[i];
        DS_SET(event, received_at_ms, part->now_ms);
        if (cause && !event->cause) event->cause = &ref;
        if (cause && !event->traceparent) event->traceparent = cause->msg->traceparent;
        if (part->batch_count == 0) part->batch_rulebook = part->rulebook;
        ds_batch_add(&part->batch, event);
        part->batch_count++;
        part->tail++;
        part->changed = true;
        if (event->body_case == DS__EVENT__BODY_ACTIVATED)
            part->rulebook = event->activated->number;
    }
}

void ds_part_step(struct ds_part *part, int64_t cause_ms,
                  void (*step)(void *self, struct ds_part *part, struct ds_out *out), void *self)
{
    begin_step(part, cause_ms);
    step(self, part, &part->env->out);
    end_step(part, NULL);
}

enum ds_code ds_part_take(struct ds_part *part, struct ds_command *command, struct ds_fault *fault)
{
    begin_step(part, INT64_MIN);
    command->now_ms = part->now_ms;
    enum ds_code code = part->service->take(part, command, &part->env->out, fault);
    if (code != DS_CODE_OK) {
        DS_ASSERT(part->env->out.n == 0);
        return code;
    }
    end_step(part, NULL);
    return DS_CODE_OK;
}

/* ---- versions of the rules ---- */

static void sign(Ds__Event *event, const Ds__Command *command)
{
    if (!command) return;
    event->by = command->by;
    event->command_id = command->id;
    DS_SET(event, made_at_ms, command->made_at_ms);
}

void ds_part_activate(struct ds_part *part, const Ds__Command *command, const char *hash,
                      uint32_t number)
{
    begin_step(part, INT64_MIN);
    Ds__Activated *activated =
        &ds_out_add(&part->env->out, DS_EV_ACTIVATED, "", DS__REASON__NAME__NONE, "")->activated;

    activated->hash = (char *)hash;
    DS_SET(activated, number, number);
    sign(ds_out_last(&part->env->out), command);
    ds_part_delete(part, waiting_key);
    end_step(part, NULL);
}

void ds_part_schedule(struct ds_part *part, const Ds__Command *command,
                      const Ds__WaitingVersion *version)
{
    struct ds_dues dues = {{version->effective_from_ms - 1, DS_NO_DUE, DS_NO_DUE}};

    begin_step(part, INT64_MIN);
    Ds__ActivationScheduled *scheduled =
        &ds_out_add(&part->env->out, DS_EV_ACTIVATION_SCHEDULED, "", DS__REASON__NAME__NONE, "")
             ->activation_scheduled;
    scheduled->hash = version->hash;
    DS_SET(scheduled, number, version->number);
    DS_SET(scheduled, effective_from_ms, version->effective_from_ms);
    sign(ds_out_last(&part->env->out), command);
    ds_part_put(part, waiting_key, &version->base, &dues);
    end_step(part, NULL);
}

const Ds__WaitingVersion *ds_part_waiting(struct ds_part *part)
{
    return ds_part_get(part, waiting_key, &ds__waiting_version__descriptor);
}

void ds_part_come_into_force(struct ds_part *part)
{
    if (!ds_part_has(part, waiting_key)) return;
    begin_step(part, INT64_MIN);
    const Ds__WaitingVersion *version = ds_part_waiting(part);
    if (version->effective_from_ms > part->now_ms) return;
    Ds__Activated *activated =
        &ds_out_add(&part->env->out, DS_EV_ACTIVATED, "", DS__REASON__NAME__DAY_HAS_COME, "")
             ->activated;
    activated->hash = version->hash;
    DS_SET(activated, number, version->number);
    DS_SET(activated, effective_from_ms, version->effective_from_ms);
    ds_out_last(&part->env->out)->by = version->by;
    ds_part_delete(part, waiting_key);
    end_step(part, NULL);
}

enum ds_ready ds_part_ready(const struct ds_part *part, const struct ds_batch_peek *batch)
{
    uint64_t position = part->up[batch->source].position;

    if (batch->last <= position) return DS_OLD;
    if (batch->first > position + 1) return DS_GAP;
    for (int s = 0; s < DS_SOURCE_COUNT; s++)
        if (part->service->upstreams & 1u << s && part->up[s].position < batch->applied[s])
            return DS_WAITS;
    return DS_READY;
}

void ds_part_apply_one(struct ds_part *part, enum ds_source source, uint64_t seq,
                       const Ds__Event *msg, uint32_t rulebook)
{
    struct ds_event event = {
        .type = (enum ds_event_type)msg->body_case,
        .ref = {source, seq},
        .stamp_ms = msg->received_at_ms,
        .at_ms = msg->received_at_ms,
        .rulebook = rulebook,
        .msg = msg,
    };

    if (msg->has_occurred_at_ms) event.at_ms = msg->occurred_at_ms;
    if (msg->has_judged_at_ms) event.at_ms = msg->judged_at_ms;
    begin_step(part, event.stamp_ms);
    part->service->apply(part, &event, &part->env->out);
    end_step(part, &event);
}

bool ds_part_room(const struct ds_part *part)
{
    return part->batch_count < DS_BATCH_EVENTS_MAX && part->batch.len < DS_FLUSH_BYTES_MAX / 2 &&
           part->n_dirty < DS_BATCH_ENTITIES_MAX;
}

bool ds_part_apply(struct ds_part *part, const Ds__Batch *batch)
{
    const Ds__BatchHeader *header = batch->header;
    struct ds_upstream *up = &part->up[header->source];
    uint32_t rulebook = header->rulebook;

    for (size_t i = 0; i < batch->n_events; i++) {
        const Ds__Event *msg = batch->events[i];
        uint64_t seq = header->first_seq + i;
        if (msg && msg->body_case == DS__EVENT__BODY_ACTIVATED) {
            /* a batch is of one version: it is how readers know under which its events were said */
            if (seq > up->position && part->batch_count > 0) return false;
            rulebook = msg->activated->number;
            if (rulebook > part->rulebook) part->rulebook = rulebook;
        }
        if (seq <= up->position) continue;
        if (!ds_part_room(part)) return false;
        if (msg) /* NULL: does not concern it */
            ds_part_apply_one(part, (enum ds_source)header->source, seq, msg, rulebook);
        up->position = seq;
        part->moved = true;
    }
    ds_part_note_mark(part, (enum ds_source)header->source, up->position, header->mark_ms);
    return true;
}

/* ---- time ---- */

void ds_part_note_mark(struct ds_part *part, enum ds_source source, uint64_t seq, int64_t mark_ms)
{
    struct ds_upstream *up = &part->up[source];

    if (up->position < seq || mark_ms <= up->mark_ms) return;
    up->mark_ms = mark_ms;
    part->moved = true;
}

int64_t ds_part_joint_mark(const struct ds_part *part)
{
    int64_t mark_ms = part->held ? part->mark_ms : part->now_ms - 1;

    for (int s = 0; s < DS_SOURCE_COUNT; s++)
        if (part->service->upstreams & 1u << s && part->up[s].mark_ms < mark_ms)
            mark_ms = part->up[s].mark_ms;
    return mark_ms;
}

/* Earliest entity that may fire now, by (due, kind, key). */
static struct ds_entity *next_to_fire(const struct ds_part *part, bool operational,
                                      enum ds_due_kind *ret_kind)
{
    const int64_t up_to_ms[DS_DUE_KINDS] = {
        [DS_SOFT] = part->now_ms - 1,
        [DS_HARD] = ds_part_joint_mark(part),
        [DS_OPERATIONAL] = operational ? part->now_ms - 1 : INT64_MIN,
    };
    struct ds_entity *first = NULL;

    for (int k = 0; k < DS_DUE_KINDS; k++) {
        struct ds_entity *entity = ds_table_first(&part->table, (enum ds_due_kind)k);
        if (!entity || entity->dues.at_ms[k] > up_to_ms[k]) continue;
        if (first && first->dues.at_ms[*ret_kind] <= entity->dues.at_ms[k]) continue;
        first = entity;
        *ret_kind = (enum ds_due_kind)k;
    }
    return first;
}

uint32_t ds_part_fire(struct ds_part *part, uint32_t max, bool operational,
                      void (*late)(void *self, int64_t late_ms), void *self)
{
    uint32_t n = 0;

    if (part->rulebook == 0) return 0;
    for (; n < max && ds_part_room(part); n++) {
        enum ds_due_kind kind = DS_SOFT;
        struct ds_entity *entity = next_to_fire(part, operational, &kind);
        if (!entity) break;
        int64_t due_ms = entity->dues.at_ms[kind];
        if (late) late(self, part->now_ms - due_ms);
        if (strcmp(entity->key, waiting_key) == 0 && part->service->take) {
            ds_part_come_into_force(part);
            continue;
        }
        begin_step(part, INT64_MIN);
        part->service->fire(part, entity, kind, due_ms, &part->env->out);
        DS_ASSERT(entity->dues.at_ms[kind] > due_ms || part->env->out.n > 0); /* no progress */
        end_step(part, NULL);
    }
    return n;
}

int64_t ds_part_next_due(const struct ds_part *part)
{
    int64_t first_ms = DS_NO_DUE;

    for (int k = 0; k < DS_DUE_KINDS; k++) {
        const struct ds_entity *entity = ds_table_first(&part->table, (enum ds_due_kind)k);
        if (entity && entity->dues.at_ms[k] < first_ms) first_ms = entity->dues.at_ms[k];
    }
    return first_ms;
}
