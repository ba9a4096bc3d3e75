/* SPDX-License-Identifier: MIT */
#include "doorstep/watch_read.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "sla-watcher/watch_state.h"

static struct watch_ticket ticket; /* large; one at a time */
static struct watch_bench bench;

static const struct ds_version *rules_of(const void *self, uint32_t number)
{
    const struct archive *archive = self;

    return archive->versions[number];
}

static bool knows_rules(const struct archive *archive)
{
    for (uint32_t i = 0; i < ticket.n_facts; i++) {
        uint32_t number = ticket.facts[i].rulebook;
        if (number >= DS_VERSIONS_MAX || !archive->versions[number]) return false;
    }
    return true;
}

/* Judges a stored ticket; instances are in bench.verdicts. */
static bool judge(const struct archive *archive, uint32_t partition, const char *id,
                  const redisReply *bytes)
{
    struct watch_rules rules = {rules_of, archive};
    Ds__WatchTicket *stored =
        ds__watch_ticket__unpack(NULL, bytes->len, (const uint8_t *)bytes->str);

    if (!stored) return false;
    static Ds__WatchTicket *before; /* strings of the ticket at hand live in it */
    if (before) ds__watch_ticket__free_unpacked(before, NULL);
    before = stored;
    watch_load(&ticket, id, stored);
    ticket.partition = partition;
    if (!knows_rules(archive)) return false;
    watch_tell(&ticket, &rules, WATCH_NEVER, WATCH_NEVER, &bench.story);
    watch_judge(&bench.story, &bench.verdicts);
    return true;
}

/* A final verdict stands, whatever still goes on. */
static bool is_final(const struct watch_instance *instance)
{
    for (uint32_t i = 0; i < ticket.n_said; i++)
        if (ticket.said[i].clock == instance->clock && ticket.said[i].n == instance->n)
            return ticket.said[i].final;
    return false;
}

bool watch_is_open(const struct watch_instance *instance, int64_t now_ms)
{
    return instance->stop_ms == WATCH_NEVER && instance->cancel_ms > now_ms && !is_final(instance);
}

const struct watch_bench *watch_judge_stored(const struct archive *archive, uint32_t partition,
                                             const char *id, const redisReply *bytes)
{
    return judge(archive, partition, id, bytes) ? &bench : NULL;
}

static void print_instance(FILE *to, enum ds_lang lang, const struct watch_instance *instance,
                           int64_t now_ms, const struct ds_zone *zone)
{
    enum ds_verdict verdict = watch_verdict(instance);
    char due[32], left[32], stop[32];

    cli_local_time(due, instance->due_ms, zone);
    fprintf(to, "  ");
    cli_put(to, ds_clock_word(lang, instance->clock), 22);
    fprintf(to, " #%-4u", instance->n);
    if (instance->due_ms == WATCH_NEVER) {
        fprintf(to, " %s", ds_word(lang, DS_WORD_PAUSED));
    } else if (watch_is_open(instance, now_ms)) {
        bool late = now_ms > instance->due_ms;
        cli_duration(left, late ? now_ms - instance->due_ms : instance->due_ms - now_ms);
        fprintf(to, " %s %s, %s %s", ds_word(lang, DS_WORD_DUE), due,
                ds_word(lang, late ? DS_WORD_LATE_BY : DS_WORD_LEFT), left);
    } else {
        cli_local_time(stop, instance->stop_ms, zone);
        fprintf(to, " %s (%s)", ds_verdict_word(lang, verdict),
                instance->stop_ms == WATCH_NEVER ? due : stop);
    }
    if (instance->owner[0]) fprintf(to, ", %s", instance->owner);
    fprintf(to, "\n");
}

static json_t *instance_json(const struct watch_instance *instance)
{
    json_t *object =
        json_pack("{ss si ss sI}", "clock", ds_clock_name(instance->clock), "n", (int)instance->n,
                  "owner", instance->owner, "start_at_ms", (json_int_t)instance->start_ms);

    if (instance->due_ms != WATCH_NEVER)
        json_object_set_new(object, "due_at_ms", json_integer(instance->due_ms));
    if (instance->stop_ms != WATCH_NEVER)
        json_object_set_new(object, "stop_at_ms", json_integer(instance->stop_ms));
    return object;
}

static void print_ticket(struct cli *cli, FILE *to, int64_t now_ms, const struct ds_zone *zone)
{
    json_t *list = cli->json ? json_array() : NULL;

    if (!cli->json) fprintf(to, "%s\n", ticket.id);
    for (uint32_t i = 0; i < bench.verdicts.n; i++) {
        if (list)
            json_array_append_new(list, instance_json(&bench.verdicts.list[i]));
        else
            print_instance(to, cli->lang, &bench.verdicts.list[i], now_ms, zone);
    }
    if (!list) return;
    json_t *object =
        json_pack("{ss sI so}", "ticket", ticket.id, "now_ms", (json_int_t)now_ms, "clocks", list);
    char *text = json_dumps(object, JSON_COMPACT);
    if (!text) abort();
    fprintf(to, "%s\n", text);
    free(text);
    json_decref(object);
}

int watch_print_running(struct cli *cli, redisContext *redis, uint32_t partition, const char *id,
                        const struct archive *archive, FILE *to)
{
    redisReply *bytes = redisCommand(redis, "HGET {p%03u}:sla-watcher:state T%s", partition, id);
    int code = EXIT_FINE;

    if (!bytes) return cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
    if (bytes->type != REDIS_REPLY_STRING || !judge(archive, partition, id, bytes)) {
        code = cli_fail(cli, EXIT_REJECTED, SAID_NO_LIVE_TICKET, id, id);
    } else {
        int64_t now_ms;
        if (store_now_ms(redis, &now_ms))
            print_ticket(cli, to, now_ms, archive_zone(archive, partition));
        else
            code = cli_fail(cli, EXIT_UNAVAILABLE, SAID_NO_TIME);
    }
    freeReplyObject(bytes);
    return code;
}

void watch_print_open(struct cli *cli, redisContext *redis, uint32_t partition, const char *id,
                      const struct archive *archive, FILE *to)
{
    redisReply *bytes = redisCommand(redis, "HGET {p%03u}:sla-watcher:state T%s", partition, id);
    bool live = bytes && bytes->type == REDIS_REPLY_STRING && judge(archive, partition, id, bytes);
    bool first = true;
    int64_t now_ms;

    live = live && store_now_ms(redis, &now_ms);
    for (uint32_t i = 0; live && i < bench.verdicts.n; i++) {
        if (!watch_is_open(&bench.verdicts.list[i], now_ms)) continue;
        if (first) fprintf(to, "%s\n", ds_word(cli->lang, DS_WORD_CLOCKS_NOW));
        first = false;
        print_instance(to, cli->lang, &bench.verdicts.list[i], now_ms,
                       archive_zone(archive, partition));
    }
    if (bytes) freeReplyObject(bytes);
}

/* ---- many tickets ---- */

int running_by_due(const void *a, const void *b)
{
    const struct running_clock *one = a, *two = b;

    if (one->due_ms != two->due_ms) return one->due_ms < two->due_ms ? -1 : 1;
    return strcmp(one->ticket, two->ticket);
}

static int add_running(struct running_clock *ret, int n, int max, int64_t now_ms)
{
    for (uint32_t i = 0; i < bench.verdicts.n && n < max; i++) {
        const struct watch_instance *instance = &bench.verdicts.list[i];
        if (instance->stop_ms != WATCH_NEVER || instance->cancel_ms <= now_ms) continue;
        if (instance->due_ms < now_ms) continue;
        struct running_clock *clock = &ret[n++];
        *clock = (struct running_clock){.clock = instance->clock,
                                        .n = instance->n,
                                        .start_ms = instance->start_ms,
                                        .due_ms = instance->due_ms};
        ds_copy(clock->ticket, sizeof clock->ticket, ticket.id);
        ds_copy(clock->owner, sizeof clock->owner, instance->owner);
    }
    return n;
}

int watch_running(redisContext *redis, uint32_t partition, const struct archive *archive,
                  struct running_clock *ret, int max)
{
    redisReply *all = redisCommand(redis, "HGETALL {p%03u}:sla-watcher:state", partition);
    int64_t now_ms;
    int n = 0;

    if (!store_now_ms(redis, &now_ms) || !all || all->type != REDIS_REPLY_ARRAY) {
        if (all) freeReplyObject(all);
        return -1;
    }
    for (size_t i = 0; i + 1 < all->elements; i += 2) {
        if (all->element[i]->str[0] != 'T') continue;
        if (judge(archive, partition, all->element[i]->str + 1, all->element[i + 1]))
            n = add_running(ret, n, max, now_ms);
    }
    freeReplyObject(all);
    qsort(ret, (size_t)n, sizeof ret[0], running_by_due);
    return n;
}

/* ---- waits ---- */

void watch_take_waits(int64_t now_ms, void (*take)(void *self, const struct waiting *waiting),
                      void *self)
{
    if (bench.story.n_lives == 0) return;
    const struct watch_life *life = &bench.story.lives[bench.story.n_lives - 1];
    uint32_t p = 0;

    for (uint32_t i = 0; i < bench.verdicts.n; i++) {
        const struct watch_instance *delay = &bench.verdicts.list[i];
        if (delay->clock != DS_CLOCK_DELAY || delay->life != life) continue;
        const struct watch_pause *pause = &life->pauses[p++]; /* one per instance, same order */
        if (pause->from_ms > now_ms || pause->to_ms <= now_ms) continue;
        if (delay->cancel_ms <= now_ms) continue; /* the job is over */
        struct waiting waiting = {.delay = delay->n,
                                  .reason = pause->reason,
                                  .since_ms = pause->from_ms,
                                  .cap_at_ms =
                                      pause->from_ms + life->rules->pauses[pause->reason].cap_ms,
                                  .now_ms = now_ms,
                                  .zone = life->calendar->zone};
        ds_copy(waiting.ticket, sizeof waiting.ticket, ticket.id);
        ds_copy(waiting.territory, sizeof waiting.territory, ticket.territory);
        ds_copy(waiting.owner, sizeof waiting.owner, watch_owner_at(life, now_ms));
        take(self, &waiting);
    }
}

bool watch_waits(redisContext *redis, uint32_t partition, const struct archive *archive,
                 void (*take)(void *self, const struct waiting *waiting), void *self)
{
    redisReply *all = redisCommand(redis, "HGETALL {p%03u}:sla-watcher:state", partition);
    int64_t now_ms;
    bool good = store_now_ms(redis, &now_ms) && all && all->type == REDIS_REPLY_ARRAY;

    for (size_t i = 0; good && i + 1 < all->elements; i += 2) {
        const char *key = all->element[i]->str;
        if (key[0] == 'T' && judge(archive, partition, key + 1, all->element[i + 1]))
            watch_take_waits(now_ms, take, self);
    }
    if (all) freeReplyObject(all);
    return good;
}
