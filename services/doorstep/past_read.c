/* SPDX-License-Identifier: MIT
 *
 * Where the past comes from. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/export_read.h"
#include "doorstep/past.h"
#include "doorstep/store_read.h"
#include "rulebook/rulebook.h"

static bool of_the_ledger(void *self, const struct record *record)
{
    (void)self;
    return record->entry || record->msg->body_case == DS__EVENT__BODY_OUTCOME;
}

static void begin(struct cli *cli, const char *name, struct past *past)
{
    *past = (struct past){.cli = cli, .name = name};
    past->recorded.wanted = of_the_ledger;
}

/* A version with the text of its directory, from its stored form. */
static bool add_version(struct past *past, uint32_t number, const uint8_t *bytes, size_t len)
{
    static struct ds_problems problems; /* large */
    Ds__Version *stored = ds__version__unpack(NULL, len, bytes);

    if (!stored) return false;
    problems = (struct ds_problems){0};
    past->recorded.versions[number] =
        ds_version_compile(bytes, len, number, DS_PARTITIONS_MAX, &problems);
    past->directories[number] = strdup(stored->directory ? stored->directory : "");
    if (!past->directories[number]) abort();
    ds__version__free_unpacked(stored, NULL);
    return past->recorded.versions[number] != NULL;
}

/* ---- an export ---- */

struct taking {
    struct past *past;
    const struct export *export;
};

static int take_batch(void *self, const char *path, size_t at, const uint8_t *bytes, size_t len,
                      const struct ds_batch_peek *of, uint64_t *ret_last)
{
    const struct taking *taking = self;
    struct past *past = taking->past;

    past->alive = taking->export->alive;
    if (past_take(past, of->source, of->partition, bytes, len, ret_last) == 0) return EXIT_FINE;
    return export_damaged(past->cli, path, at, SAID_NOT_A_BATCH);
}

static int take_version(void *self, const char *path, uint32_t number, const uint8_t *bytes,
                        size_t len)
{
    struct past *past = ((const struct taking *)self)->past;

    if (past->recorded.versions[number])
        return cli_fail(past->cli, EXIT_REJECTED, SAID_VERSION_TWICE, path, number);
    if (add_version(past, number, bytes, len)) return EXIT_FINE;
    return cli_fail(past->cli, EXIT_REJECTED, SAID_NO_VERSION, path);
}

static void take_places(struct past_partition *part, uint32_t p, const struct export *export)
{
    for (int s = DS_WATCHER; s <= DS_LEDGER; s++) {
        const struct export_place *place = &export->places[s][p];
        part->now[s] = (struct past_stand){.tail = place->tail, .mark_ms = place->mark_ms};
        memcpy(part->now[s].applied, place->applied, sizeof place->applied);
    }
    part->mark_ms = export->places[DS_WATCHER][p].mark_ms;
}

static int check_versions(const struct past *past)
{
    const char *hash = NULL;

    for (uint32_t p = 0; p < past->partitions; p++)
        for (int s = DS_INTAKE; s <= DS_SURVEY; s++) {
            const struct happened_list *list = &past->parts[p].of[s];
            for (size_t i = 0; i < list->n; i++) {
                uint32_t number = list->list[i].rulebook;
                const Ds__Activated *activated =
                    list->list[i].type == DS_EV_ACTIVATED ? list->list[i].msg->activated : NULL;
                if (activated && export_other_version(past->cli, past->name, activated,
                                                      past->recorded.versions) != EXIT_FINE)
                    return EXIT_REJECTED;
                if (activated && activated->number == number) hash = activated->hash;
                if (number > 0 && !past->recorded.versions[number])
                    return export_no_version(past->cli, past->name, number, hash);
            }
        }
    return EXIT_FINE;
}

int past_read_export(struct cli *cli, const char *dir, char *const *only, size_t n_only,
                     struct past *past)
{
    static struct export export; /* large */
    struct taking taking = {past, &export};
    const struct export_reader reader = {take_batch, take_version, &taking};

    begin(cli, dir, past);
    int code = export_each(cli, dir, only, n_only, &reader, &export);
    for (uint32_t p = 0; p < past->partitions; p++)
        take_places(&past->parts[p], p, &export);
    if (code == EXIT_FINE && export.alive)
        past_cut(past);
    else
        past_whole(past);
    if (code == EXIT_FINE && past->partitions == 0)
        code = cli_fail(cli, EXIT_REJECTED, SAID_NO_JOURNALS, dir);
    return code == EXIT_FINE ? check_versions(past) : code;
}

/* ---- a file of commands ---- */

static void take_played(void *self, enum ds_source source, uint32_t partition, const uint8_t *bytes,
                        size_t len)
{
    uint64_t last;

    if (past_take(self, source, partition, bytes, len, &last) != 0) abort(); /* made just now */
}

static void take_rules(void *self, struct ds_version *version, const char *rulebook,
                       const char *directory)
{
    struct past *past = self;

    (void)rulebook;
    past->recorded.versions[version->number] = version;
    past->directories[version->number] = strdup(directory);
    if (!past->directories[version->number]) abort();
}

int past_read_commands(struct cli *cli, const char *file, const char *rules, uint32_t partitions,
                       struct past *past)
{
    struct replay_play *play = calloc(1, sizeof *play);
    struct stage_result result;

    if (!play) abort();
    begin(cli, file, past);
    past->recorded.borrowed_versions = true;
    past->play = play;
    *play = (struct replay_play){.cli = cli,
                                 .file = file,
                                 .rules = rules,
                                 .partitions = partitions,
                                 .until_ms = INT64_MAX,
                                 .only_happened = true,
                                 .batch = take_played,
                                 .version = take_rules,
                                 .self = past};
    int code = replay_play(play, &result);
    past->unbooked = play->unbooked;
    past->until_ms = result.end_ms;
    for (uint32_t p = 0; p < past->partitions; p++) /* nothing is to come any more */
        past->parts[p].mark_ms = DS_TIME_MAX_MS;
    past_whole(past);
    return code;
}

/* ---- a running installation ---- */

struct from_store {
    struct past *past;
    enum ds_source source;
    uint32_t partition;
};

static int take_stored(void *self, const uint8_t *bytes, size_t len)
{
    const struct from_store *from = self;
    uint64_t last;

    return past_take(from->past, from->source, from->partition, bytes, len, &last);
}

static int read_partition(struct cli *cli, redisContext *redis, uint32_t p, struct past *past)
{
    struct past_stand now[DS_SOURCE_COUNT] = {0};
    int code = EXIT_FINE;

    /* from the right: what a journal was decided on is then there, too */
    for (int s = DS_SOURCE_COUNT - 1; s > 0 && code == EXIT_FINE; s--) {
        struct from_store from = {past, (enum ds_source)s, p};
        uint64_t last = 0;
        if (!store_place(redis, from.source, p, &now[s].tail, &now[s].mark_ms, now[s].applied))
            return cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
        code = store_batches(cli, redis, from.source, p, take_stored, &from, &last);
    }
    if (p < past->partitions) memcpy(past->parts[p].now, now, sizeof now);
    return code;
}

static bool keep_version(void *self, uint32_t number, const uint8_t *bytes, size_t len)
{
    return add_version(self, number, bytes, len);
}

int past_read_store(struct cli *cli, struct past *past)
{
    struct rt_conf conf;

    begin(cli, "", past);
    past->alive = true;
    int code = cli_conf(cli, &conf);
    if (code != EXIT_FINE) return code;
    redisContext *redis = store_open(cli, &conf);
    if (!redis) return EXIT_UNAVAILABLE;
    for (uint32_t p = 0; p < (uint32_t)conf.partitions && code == EXIT_FINE; p++)
        code = read_partition(cli, redis, p, past);
    if (code == EXIT_FINE) code = store_each_version(cli, redis, keep_version, past);
    redisFree(redis);
    if (code == EXIT_FINE) past_cut(past);
    return code;
}
