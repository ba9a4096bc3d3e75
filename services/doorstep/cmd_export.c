/* SPDX-License-Identifier: MIT
 *
 * `doorstep export`: journals and versions as files, for proof, backup and replay elsewhere. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "doorstep/export_write.h"
#include "doorstep/store_read.h"

enum { OPT_OUT };
enum { BATCHES_AT_ONCE = 256 };

static int put_header(struct cli *cli, redisContext *redis, FILE *to, enum ds_source source,
                      uint32_t partition, uint64_t *ret_tail)
{
    uint64_t applied[DS_SOURCE_COUNT];
    int64_t mark_ms;

    if (!store_place(redis, source, partition, ret_tail, &mark_ms, applied))
        return cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
    export_put_header(to, source, partition, *ret_tail, mark_ms, applied);
    return EXIT_FINE;
}

static int put_batches(struct cli *cli, redisContext *redis, FILE *to, enum ds_source source,
                       uint32_t partition, uint64_t tail)
{
    uint64_t last = 0;

    while (last < tail) {
        redisReply *reply = redisCommand(
            redis, "XRANGE {p%03u}:%s:j %llu-0 %llu COUNT %d", partition, ds_source_name(source),
            (unsigned long long)last + 1, (unsigned long long)tail, BATCHES_AT_ONCE);
        if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements == 0) {
            if (reply) freeReplyObject(reply);
            return cli_fail(cli, EXIT_UNAVAILABLE, SAID_ENDS_EARLY, ds_source_name(source));
        }
        for (size_t i = 0; i < reply->elements; i++) {
            const redisReply *bytes = reply->element[i]->element[1]->element[1];
            export_put_record(to, bytes->str, bytes->len);
            last = strtoull(reply->element[i]->element[0]->str, NULL, 10);
        }
        freeReplyObject(reply);
    }
    return EXIT_FINE;
}

static int export_journal(struct cli *cli, redisContext *redis, const char *dir,
                          enum ds_source source, uint32_t partition)
{
    char path[1024];
    uint64_t tail = 0;

    snprintf(path, sizeof path, "%s/%s-p%03u.journal", dir, ds_source_name(source), partition);
    FILE *to = fopen(path, "we");
    if (!to) return cli_fail(cli, EXIT_USAGE, SAID_FILE, path, cli_errno(cli, errno));
    int code = put_header(cli, redis, to, source, partition, &tail);
    if (code == EXIT_FINE) code = put_batches(cli, redis, to, source, partition, tail);
    int closed = export_close(cli, to, path);
    return code == EXIT_FINE ? closed : code;
}

static int export_version(struct cli *cli, redisContext *redis, const char *dir, const char *number,
                          const char *hash)
{
    char path[1024];
    redisReply *bytes = redisCommand(redis, "GET doorstep:version:%s", hash);
    int code = EXIT_FINE;

    if (!bytes || bytes->type != REDIS_REPLY_STRING) {
        if (bytes) freeReplyObject(bytes);
        return cli_fail(cli, EXIT_UNAVAILABLE, SAID_VERSION_UNREADABLE, number);
    }
    snprintf(path, sizeof path, "%s/versions/%s-%.12s.version", dir, number, hash);
    FILE *to = fopen(path, "we");
    if (!to)
        code = cli_fail(cli, EXIT_USAGE, SAID_FILE, path, cli_errno(cli, errno));
    else {
        export_put(to, bytes->str, bytes->len);
        code = export_close(cli, to, path);
    }
    freeReplyObject(bytes);
    return code;
}

static int export_versions(struct cli *cli, redisContext *redis, const char *dir, size_t *ret_n)
{
    char path[1024];
    redisReply *all = redisCommand(redis, "HGETALL doorstep:versions");
    int code = EXIT_FINE;

    snprintf(path, sizeof path, "%s/versions", dir);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        code = cli_fail(cli, EXIT_USAGE, SAID_FILE, path, cli_errno(cli, errno));
    for (size_t i = 0; all && i + 1 < all->elements && code == EXIT_FINE; i += 2)
        code = export_version(cli, redis, dir, all->element[i]->str, all->element[i + 1]->str);
    *ret_n = all ? all->elements / 2 : 0;
    if (all) freeReplyObject(all);
    return code;
}

static int run(struct cli *cli)
{
    const char *dir = cli->values[OPT_OUT];
    struct rt_conf conf;
    size_t versions = 0;

    if (!dir) return cli_fail(cli, EXIT_USAGE, SAID_OUT);
    int code = cli_conf(cli, &conf);
    if (code != EXIT_FINE) return code;
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return cli_fail(cli, EXIT_USAGE, SAID_FILE, dir, cli_errno(cli, errno));
    redisContext *redis = store_open(cli, &conf);
    if (!redis) return EXIT_UNAVAILABLE;
    /* right to left: what a journal was decided on is then in the files too */
    for (int s = DS_SOURCE_COUNT - 1; s > 0 && code == EXIT_FINE; s--)
        for (uint32_t p = 0; p < (uint32_t)conf.partitions && code == EXIT_FINE; p++)
            code = export_journal(cli, redis, dir, (enum ds_source)s, p);
    if (code == EXIT_FINE) code = export_versions(cli, redis, dir, &versions);
    redisFree(redis);
    int journals = (DS_SOURCE_COUNT - 1) * (int)conf.partitions;
    if (code == EXIT_FINE && cli->json)
        printf("{\"journals\":%d,\"versions\":%zu}\n", journals, versions);
    else if (code == EXIT_FINE)
        cli_print(cli, SAID_EXPORTED, journals, versions);
    return code;
}

static const struct option_spec options[] = {
    [OPT_OUT] = {"--out", "DIR", "directory for the files"},
    {NULL, NULL, NULL},
};

const struct command command_export = {
    .name = "export",
    .arguments = "",
    .summary = "write journals and rulebook versions to files",
    .details =
        "  doorstep export --out /tmp/journals\n\n"
        "One <service>-p007.journal for each journal, as proto/envelope.proto describes it, and\n"
        "versions/. `doorstep replay --recorded DIR` judges and books them again.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run,
};
