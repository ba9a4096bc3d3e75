/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "callback-survey/survey.h"
#include "dispatcher/dispatcher.h"
#include "doorstep/check.h"
#include "engine/part.h"
#include "engine/receipts.h"
#include "intake/intake.h"
#include "penalty-ledger/ledger.h"
#include "sla-watcher/watch.h"

static const struct ds_service *const services[DS_SOURCE_COUNT] = {
    [DS_INTAKE] = &intake_service, [DS_DISPATCHER] = &dispatcher_service,
    [DS_SURVEY] = &survey_service, [DS_WATCHER] = &watcher_service,
    [DS_LEDGER] = &ledger_service,
};

static const struct ds_version *no_version(void *self, uint32_t number)
{
    (void)self, (void)number;
    return NULL;
}

/* A member of the sorted set of deadlines. */
struct score {
    const char *key;
    int64_t due_ms;
    bool seen; /* it has an entity */
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct score *)a)->key, ((const struct score *)b)->key);
}

static struct score *read_scores(const redisReply *due, size_t n)
{
    struct score *scores = calloc(n + 1, sizeof scores[0]);

    if (!scores) abort();
    for (size_t i = 0; i < n; i++)
        scores[i] =
            (struct score){due->element[2 * i]->str, atoll(due->element[2 * i + 1]->str), false};
    if (n > 0) qsort(scores, n, sizeof scores[0], by_key);
    return scores;
}

static int64_t take_score(struct score *scores, size_t n, const char *key)
{
    struct score *found =
        n > 0 ? bsearch(&(struct score){.key = key}, scores, n, sizeof scores[0], by_key) : NULL;

    if (!found) return DS_NO_DUE;
    found->seen = true;
    return found->due_ms;
}

/* Loads them as the service would. */
static void check_entities(struct check *check, enum ds_source source, uint32_t p,
                           const redisReply *state, const redisReply *due)
{
    size_t n = due->elements / 2;
    struct score *scores = read_scores(due, n);
    struct ds_env env;
    struct ds_part part;

    ds_env_init(&env, no_version, NULL);
    ds_part_init(&part, services[source], &env, p);
    for (size_t i = 0; i + 1 < state->elements; i += 2) {
        const redisReply *key = state->element[i], *value = state->element[i + 1];
        const char *fault = ds_part_load(&part, key->str, (const uint8_t *)value->str, value->len,
                                         take_score(scores, n, key->str));
        if (fault)
            check_violated(check, VIOLATED_ENTITY, ds_source_name(source), p, key->str,
                           check_say(check, fault, VIOLATED_STATE_ZH));
    }
    for (size_t i = 0; i < n; i++)
        if (!scores[i].seen)
            check_violated(check, VIOLATED_DUE, ds_source_name(source), p, scores[i].key);
    ds_part_finish(&part);
    ds_env_finish(&env);
    free(scores);
}

/* ---- receipts ---- */

static const Ds__Event *event_at(const struct archive *archive, const size_t *index, uint64_t seq)
{
    return index[seq] == SIZE_MAX ? NULL : archive->records[index[seq]].msg;
}

static void check_receipt(struct check *check, uint32_t p, const struct archive *archive,
                          const size_t *index, const struct ds_receipt_row *row)
{
    struct ds_receipt_row digest;
    uint64_t tail = check->tails[DS_INTAKE][p];
    const Ds__Event *event = row->seq <= tail ? event_at(archive, index, row->seq) : NULL;

    if (!event)
        return check_violated(check, VIOLATED_RECEIPT_EVENT, p, (unsigned long long)row->seq);
    ds_receipts_digest(&digest, ds_str(event->command_id), (const uint8_t *)"", 0);
    /* a fact recorded under another id answers with the first one's event */
    bool own = memcmp(digest.id, row->id, sizeof row->id) == 0;
    const Ds__Event *ticket = row->ticket_seq && row->ticket_seq <= tail
                                  ? event_at(archive, index, row->ticket_seq)
                                  : NULL;
    if (row->ticket_seq && (!ticket || ticket->body_case != DS__EVENT__BODY_REGISTERED))
        check_violated(check, VIOLATED_RECEIPT_TICKET, p, p, (unsigned long long)row->ticket_seq);
    if (own && row->ticket_seq &&
        strcmp(ds_str(event->subject), ds_str(ticket ? ticket->subject : "")) != 0)
        check_violated(check, VIOLATED_RECEIPT_OTHER, p, (unsigned long long)row->seq);
}

static int check_receipts(struct check *check, uint32_t p, const struct archive *archive,
                          const size_t *index)
{
    redisReply *keys = redisCommand(check->redis, "KEYS {p%03u}:intake:rcpt:*", p);

    for (size_t k = 0; keys && k < keys->elements; k++) {
        redisReply *rows = redisCommand(check->redis, "GET %s", keys->element[k]->str);
        if (rows && rows->type == REDIS_REPLY_STRING && rows->len % DS_RECEIPT_RECORD != 0)
            check_violated(check, VIOLATED_RECEIPT_CUT, keys->element[k]->str);
        for (size_t at = 0;
             rows && rows->type == REDIS_REPLY_STRING && at + DS_RECEIPT_RECORD <= rows->len;
             at += DS_RECEIPT_RECORD) {
            struct ds_receipt_row row;
            ds_receipts_read(&row, (const uint8_t *)rows->str + at);
            check_receipt(check, p, archive, index, &row);
        }
        if (rows) freeReplyObject(rows);
    }
    if (keys) freeReplyObject(keys);
    return EXIT_FINE;
}

/* Where each event of intake's journal is in the archive. */
static size_t *index_intake(const struct check *check, uint32_t p, const struct archive *archive)
{
    uint64_t tail = check->tails[DS_INTAKE][p];
    size_t *index = malloc((tail + 1) * sizeof *index);

    if (!index) abort();
    for (uint64_t i = 0; i <= tail; i++)
        index[i] = SIZE_MAX;
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (record->partition == p && record->source == DS_INTAKE && record->seq <= tail)
            index[record->seq] = i;
    }
    return index;
}

int check_state(struct check *check, const struct archive *archive)
{
    for (uint32_t p = 0; p < check->partitions; p++) {
        for (int s = 1; s < DS_SOURCE_COUNT; s++) {
            const char *name = ds_source_name((enum ds_source)s);
            redisReply *state = redisCommand(check->redis, "HGETALL {p%03u}:%s:state", p, name);
            redisReply *due =
                redisCommand(check->redis, "ZRANGE {p%03u}:%s:due 0 -1 WITHSCORES", p, name);
            bool good =
                state && due && state->type == REDIS_REPLY_ARRAY && due->type == REDIS_REPLY_ARRAY;
            if (good) check_entities(check, (enum ds_source)s, p, state, due);
            if (state) freeReplyObject(state);
            if (due) freeReplyObject(due);
            if (!good) return cli_fail(check->cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
        }
        size_t *index = index_intake(check, p, archive);
        check_receipts(check, p, archive, index);
        free(index);
    }
    return EXIT_FINE;
}
