/* SPDX-License-Identifier: MIT */
#include "doorstep/live_read.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "dispatcher/cases.h"
#include "domain/ids.h"

/* A ticket to be looked at; keys of the entities live in it. */
struct look {
    uint32_t partition;
    uint64_t seq;
    char key[DS_ID_MAX + 2];                    /* "T" and the id */
    char case_key[2 + 2 * DISPATCH_CASE_KEY];   /* "K" and hex; "" */
    const redisReply *watched;                  /* borrowed */
    const redisReply *intake, *dispatch, *past; /* the same */
};

enum { REPLIES = 4 * DS_PARTITIONS_MAX };

struct looks {
    struct look *list; /* owned */
    size_t n, cap;
    redisReply *watched[DS_PARTITIONS_MAX]; /* owned, as those that follow */
    redisReply *replies[REPLIES];
    size_t n_replies;
};

int live_open(struct cli *cli, struct live *live)
{
    struct rt_conf conf;

    *live = (struct live){0};
    int code = cli_conf(cli, &conf);
    if (code != EXIT_FINE) return code;
    live->partitions = (uint32_t)conf.partitions;
    live->redis = store_open(cli, &conf);
    if (!live->redis) return EXIT_UNAVAILABLE;
    code = store_versions(cli, live->redis, live->partitions, &live->archive);
    if (code == EXIT_FINE && !store_now_ms(live->redis, &live->now_ms))
        code = cli_fail(cli, EXIT_UNAVAILABLE, SAID_NO_TIME);
    return code;
}

void live_close(struct live *live)
{
    if (live->redis) redisFree(live->redis);
    archive_finish(&live->archive);
}

/* ---- the cursor ---- */

static void ask_meta(const struct live *live)
{
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < live->partitions; p++)
            redisAppendCommand(live->redis, "HMGET {p%03u}:%s:meta tail mark ck:1 ck:2 ck:3", p,
                               ds_source_name((enum ds_source)s));
}

static uint64_t number_at(const redisReply *reply, size_t i)
{
    const char *text = reply->type == REDIS_REPLY_ARRAY ? reply->element[i]->str : NULL;

    return text ? strtoull(text, NULL, 10) : 0;
}

static void lower(uint64_t *at, uint64_t to)
{
    if (to < *at) *at = to;
}

/* A state has what its service has applied, not what its upstream has said since: dispatcher and
 * watcher are asked how far they have read. */
static void take_meta(struct live *live, enum ds_source source, uint32_t p, const redisReply *meta)
{
    int64_t mark_ms = (int64_t)number_at(meta, 1);

    live->cursor[source][p] = number_at(meta, 0);
    if (mark_ms > live->marks_ms[source]) live->marks_ms[source] = mark_ms;
    if (source != DS_DISPATCHER && source != DS_WATCHER) return;
    lower(&live->cursor[DS_INTAKE][p], number_at(meta, 2));
    if (source != DS_WATCHER) return;
    lower(&live->cursor[DS_DISPATCHER][p], number_at(meta, 3));
    lower(&live->cursor[DS_SURVEY][p], number_at(meta, 4));
}

static bool read_meta(struct live *live)
{
    bool good = true;

    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++) {
        for (uint32_t p = 0; p < live->partitions; p++) {
            void *reply;
            if (redisGetReply(live->redis, &reply) != REDIS_OK) return false;
            good = good && ((redisReply *)reply)->type == REDIS_REPLY_ARRAY;
            if (good) take_meta(live, (enum ds_source)s, p, reply);
            freeReplyObject(reply);
        }
    }
    return good;
}

static size_t put_number(unsigned char *bytes, size_t n, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        bytes[n++] = (unsigned char)(number | 0x80);
    bytes[n++] = (unsigned char)number;
    return n;
}

void live_cursor_text(const struct live *live, char text[LIVE_CURSOR_TEXT])
{
    static unsigned char bytes[DS_SOURCE_COUNT * DS_PARTITIONS_MAX * 10 + 5];
    redisReply *reply = redisCommand(live->redis, "GET doorstep:installation");
    bool known = reply && reply->type == REDIS_REPLY_STRING;
    size_t n = put_number(bytes, 0, known ? strtoul(reply->str, NULL, 10) & UINT32_MAX : 0);

    if (reply) freeReplyObject(reply);
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < live->partitions; p++)
            n = put_number(bytes, n, live->cursor[s][p]);
    sodium_bin2base64(text, LIVE_CURSOR_TEXT, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* ---- which tickets ---- */

static struct look *add_look(struct looks *looks, const char *id)
{
    struct look look = {0};

    if (strlen(id) > DS_ID_MAX || !ds_parse_ticket_id(id, &look.partition, &look.seq)) return NULL;
    look.key[0] = 'T';
    ds_copy(look.key + 1, sizeof look.key - 1, id);
    if (looks->n == looks->cap) {
        looks->cap = looks->cap ? 2 * looks->cap : 256;
        looks->list = realloc(looks->list, looks->cap * sizeof looks->list[0]);
        if (!looks->list) abort();
    }
    looks->list[looks->n] = look;
    return &looks->list[looks->n++];
}

static int by_id(const void *a, const void *b)
{
    const struct look *one = a, *two = b;

    if (one->partition != two->partition) return one->partition < two->partition ? -1 : 1;
    if (one->seq != two->seq) return one->seq < two->seq ? -1 : 1;
    return strcmp(one->key, two->key);
}

/* The watcher has every ticket of which anything is still to come, and nothing that stays. */
static bool read_watched(struct live *live, struct looks *looks)
{
    for (uint32_t p = 0; p < live->partitions; p++) {
        void *reply;
        if (redisGetReply(live->redis, &reply) != REDIS_OK) return false;
        const redisReply *all = looks->watched[p] = reply;
        if (all->type != REDIS_REPLY_ARRAY) return false;
        for (size_t i = 0; i + 1 < all->elements; i += 2) {
            if (all->element[i]->str[0] != 'T') continue;
            struct look *look = add_look(looks, all->element[i]->str + 1);
            if (look) look->watched = all->element[i + 1];
        }
    }
    return true;
}

/* ---- their states ---- */

/* Where an answer is to be put. */
enum part { WATCHED, INTAKE, DISPATCH, PAST };

static const char *key_of(const struct look *look, enum part part)
{
    return part == PAST ? look->case_key : look->key;
}

static void put(struct look *look, enum part part, const redisReply *reply)
{
    const redisReply *bytes = reply->type == REDIS_REPLY_STRING ? reply : NULL;

    switch (part) {
    case WATCHED: look->watched = bytes; return;
    case INTAKE: look->intake = bytes; return;
    case DISPATCH: look->dispatch = bytes; return;
    case PAST: look->past = bytes; return;
    }
}

/* End of the run of looks of one partition. */
static size_t run_end(const struct looks *looks, size_t from)
{
    size_t to = from;

    while (to < looks->n && looks->list[to].partition == looks->list[from].partition)
        to++;
    return to;
}

static void ask_states(struct live *live, const struct looks *looks, enum part part)
{
    static const char *const services[] = {"sla-watcher", "intake", "dispatcher", "dispatcher"};
    const char **words = calloc(looks->n + 2, sizeof words[0]);
    char key[48];

    if (!words) abort();
    for (size_t from = 0, to; from < looks->n; from = to) {
        int n = 2;
        to = run_end(looks, from);
        snprintf(key, sizeof key, "{p%03u}:%s:state", looks->list[from].partition, services[part]);
        words[0] = "HMGET";
        words[1] = key;
        for (size_t i = from; i < to; i++)
            words[n++] = key_of(&looks->list[i], part);
        redisAppendCommandArgv(live->redis, n, words, NULL);
    }
    free(words);
}

static bool read_states(struct live *live, struct looks *looks, enum part part)
{
    for (size_t from = 0, to; from < looks->n; from = to) {
        void *reply;
        to = run_end(looks, from);
        if (redisGetReply(live->redis, &reply) != REDIS_OK) return false;
        const redisReply *all = looks->replies[looks->n_replies++] = reply;
        if (all->type != REDIS_REPLY_ARRAY || all->elements != to - from) return false;
        for (size_t i = from; i < to; i++)
            put(&looks->list[i], part, all->element[i - from]);
    }
    return true;
}

/* Once the dispatcher has said which fault it is. */
static void find_past(struct looks *looks)
{
    for (size_t i = 0; i < looks->n; i++) {
        struct look *look = &looks->list[i];
        if (!look->dispatch) continue;
        Ds__DispatchTicket *state = ds__dispatch_ticket__unpack(
            NULL, look->dispatch->len, (const uint8_t *)look->dispatch->str);
        if (state && state->has_case_key && state->case_key.len == DISPATCH_CASE_KEY) {
            look->case_key[0] = 'K';
            sodium_bin2hex(look->case_key + 1, sizeof look->case_key - 1, state->case_key.data,
                           state->case_key.len);
        }
        if (state) ds__dispatch_ticket__free_unpacked(state, NULL);
    }
}

static bool read_all(struct live *live, struct looks *looks, bool named)
{
    ask_meta(live);
    if (named)
        ask_states(live, looks, WATCHED);
    else
        for (uint32_t p = 0; p < live->partitions; p++)
            redisAppendCommand(live->redis, "HGETALL {p%03u}:sla-watcher:state", p);
    if (!read_meta(live)) return false;
    if (named ? !read_states(live, looks, WATCHED) : !read_watched(live, looks)) return false;
    if (looks->n > 0) qsort(looks->list, looks->n, sizeof looks->list[0], by_id);
    ask_states(live, looks, INTAKE);
    ask_states(live, looks, DISPATCH);
    if (!read_states(live, looks, INTAKE) || !read_states(live, looks, DISPATCH)) return false;
    find_past(looks);
    ask_states(live, looks, PAST);
    return read_states(live, looks, PAST);
}

#define UNPACK(type, reply)                                                                        \
    ((reply) ? ds__##type##__unpack(NULL, (reply)->len, (const uint8_t *)(reply)->str) : NULL)

static void take_one(const struct live *live, const struct look *look, live_take take, void *self)
{
    struct live_ticket ticket = {.id = look->key + 1, .partition = look->partition};

    ticket.intake = UNPACK(intake_ticket, look->intake);
    ticket.dispatch = UNPACK(dispatch_ticket, look->dispatch);
    ticket.past = UNPACK(dispatch_case, look->past);
    if (look->watched)
        ticket.watch =
            watch_judge_stored(&live->archive, look->partition, ticket.id, look->watched);
    if (ticket.intake && ticket.intake->head) take(self, &ticket);
    if (ticket.intake) ds__intake_ticket__free_unpacked(ticket.intake, NULL);
    if (ticket.dispatch) ds__dispatch_ticket__free_unpacked(ticket.dispatch, NULL);
    if (ticket.past) ds__dispatch_case__free_unpacked(ticket.past, NULL);
}

int live_tickets(struct cli *cli, struct live *live, const char *const *ids, size_t n,
                 live_take take, void *self)
{
    static struct looks looks; /* large */
    int code = EXIT_FINE;

    looks = (struct looks){0};
    for (size_t i = 0; i < n; i++) {
        const struct look *look = add_look(&looks, ids[i]);
        if (look && look->partition >= live->partitions) looks.n--;
    }
    if (n > 0 && looks.n > 0) qsort(looks.list, looks.n, sizeof looks.list[0], by_id);
    if (!read_all(live, &looks, n > 0)) code = cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
    for (size_t i = 0; code == EXIT_FINE && i < looks.n; i++)
        if (i == 0 || by_id(&looks.list[i - 1], &looks.list[i]) != 0) /* named twice */
            take_one(live, &looks.list[i], take, self);
    for (uint32_t p = 0; p < DS_PARTITIONS_MAX; p++)
        if (looks.watched[p]) freeReplyObject(looks.watched[p]);
    for (size_t i = 0; i < looks.n_replies; i++)
        freeReplyObject(looks.replies[i]);
    free(looks.list);
    return code;
}

/* ---- single things ---- */

redisReply *live_entity(const struct live *live, uint32_t partition, enum ds_source source,
                        char prefix, const char *key)
{
    redisReply *reply = redisCommand(live->redis, "HGET {p%03u}:%s:state %c%s", partition,
                                     ds_source_name(source), prefix, key);

    if (reply && reply->type == REDIS_REPLY_STRING) return reply;
    if (reply) freeReplyObject(reply);
    return NULL;
}

const Ds__PastOffer *live_offer(const Ds__DispatchTicket *dispatch)
{
    if (!dispatch || dispatch->current == 0 || dispatch->current > dispatch->n_offers) return NULL;
    return dispatch->offers[dispatch->current - 1];
}
