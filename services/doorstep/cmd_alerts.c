/* SPDX-License-Identifier: MIT
 *
 * `doorstep alerts`: what the watcher says, from a cursor on; --follow keeps going. Reads journals,
 * so nothing is missed and nothing comes twice, whatever is killed meanwhile. */
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "doorstep/store_read.h"
#include "runtime/clock.h"
#include "runtime/store.h"

enum { OPT_FOLLOW, OPT_AFTER };
enum { STILL_MS = 3000 };

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

/* Cursor: one varint a partition, the last event seen, as base64url. */
static void cursor_text(const uint64_t *seen, uint32_t partitions, char *text, size_t size)
{
    unsigned char bytes[DS_PARTITIONS_MAX * 10];
    size_t n = 0;

    for (uint32_t p = 0; p < partitions; p++) {
        uint64_t number = seen[p];
        for (; number >= 0x80; number >>= 7)
            bytes[n++] = (unsigned char)(number | 0x80);
        bytes[n++] = (unsigned char)number;
    }
    sodium_bin2base64(text, size, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool cursor_read(const char *text, uint64_t *seen, uint32_t partitions)
{
    unsigned char bytes[DS_PARTITIONS_MAX * 10];
    size_t len = 0, at = 0;

    if (sodium_base642bin(bytes, sizeof bytes, text, strlen(text), NULL, &len, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return false;
    for (uint32_t p = 0; p < partitions; p++) {
        int shift = 0;
        seen[p] = 0;
        do {
            if (at == len || shift > 56) return false;
            seen[p] |= (uint64_t)(bytes[at] & 0x7f) << shift;
            shift += 7;
        } while (bytes[at++] & 0x80);
    }
    return at == len;
}

/* Reads and prints what is new of every partition; of a store that goes away meanwhile, what was
 * read till then, so that the cursor and what was shown agree. */
static int print_new(struct cli *cli, redisContext *redis, uint32_t partitions, uint64_t *seen,
                     struct archive *rules, size_t *ret_n)
{
    struct archive fresh = {.borrowed_versions = true};
    char cursor[DS_PARTITIONS_MAX * 14];
    int code = EXIT_FINE;

    for (uint32_t p = 0; p < partitions && code == EXIT_FINE; p++)
        code = store_journal(cli, redis, DS_WATCHER, p, seen[p], &fresh, &seen[p]);
    if (fresh.n > 0 && !archive_rules(rules) && code == EXIT_FINE)
        code = store_versions(cli, redis, partitions, rules); /* activated since we began */
    *ret_n = fresh.n;
    archive_sort_by_time(&fresh);
    for (size_t i = 0; i < fresh.n; i++) {
        const struct record *record = &fresh.records[i];
        if (cli->json)
            cli_print_event(stdout, record);
        else
            cli_print_alert(stdout, cli->lang, record, archive_zone(rules, record->partition));
    }
    if (fresh.n > 0) {
        cursor_text(seen, partitions, cursor, sizeof cursor);
        if (cli->json) printf("{\"cursor\":\"%s\"}\n", cursor);
    }
    archive_finish(&fresh);
    return code;
}

/* It comes back; so do we. Meanwhile a word now and then. */
static bool come_back(struct cli *cli, const struct rt_conf *conf, redisContext **redis)
{
    static int64_t away_mono_ms, said_mono_ms;
    int64_t now_ms = rt_mono_ms();

    if (*redis) away_mono_ms = said_mono_ms = now_ms;
    if (*redis) redisFree(*redis);
    *redis = rt_store_open(conf->redis_socket, 1000);
    redisReply *pong = *redis ? redisCommand(*redis, "PING") : NULL;
    bool answers = pong && pong->type == REDIS_REPLY_STATUS;
    if (pong) freeReplyObject(pong);
    if (answers) return true;
    if (*redis) redisFree(*redis);
    *redis = NULL;
    if (now_ms - said_mono_ms >= STILL_MS) {
        cli_tell(cli, SAID_STILL_WAITING, "Redis", (long long)(now_ms - away_mono_ms) / 1000);
        said_mono_ms = now_ms;
    }
    return false;
}

static int run(struct cli *cli)
{
    uint64_t seen[DS_PARTITIONS_MAX] = {0};
    struct timespec pause = {0, 100 * 1000000};
    struct archive rules = {0};
    struct rt_conf conf;
    char cursor[DS_PARTITIONS_MAX * 14];
    size_t n;
    int code = cli_conf(cli, &conf);
    bool follow = cli->values[OPT_FOLLOW] != NULL;

    if (code != EXIT_FINE) return code;
    signal(SIGINT, on_signal); /* the cursor is still to be said */
    signal(SIGTERM, on_signal);
    uint32_t partitions = (uint32_t)conf.partitions;
    if (cli->values[OPT_AFTER] && !cursor_read(cli->values[OPT_AFTER], seen, partitions))
        return cli_fail(cli, EXIT_USAGE, SAID_CURSOR);
    redisContext *redis = store_open(cli, &conf);
    if (!redis) return EXIT_UNAVAILABLE;
    code = store_versions(cli, redis, partitions, &rules);
    do {
        n = 0;
        if (code == EXIT_FINE) code = print_new(cli, redis, partitions, seen, &rules, &n);
        if (follow && n == 0) nanosleep(&pause, NULL);
        if (follow && code == EXIT_UNAVAILABLE && come_back(cli, &conf, &redis)) code = EXIT_FINE;
        if (ferror(stdout)) stop = 1; /* nobody reads any more */
    } while (follow && !stop && (code == EXIT_FINE || code == EXIT_UNAVAILABLE));
    cursor_text(seen, partitions, cursor, sizeof cursor);
    if (!cli->json && code == EXIT_FINE) fprintf(stderr, "cursor: %s\n", cursor);
    if (redis) redisFree(redis);
    archive_finish(&rules);
    return code;
}

static const struct option_spec options[] = {
    [OPT_FOLLOW] = {"--follow", NULL, "go on; alerts are printed as they are committed"},
    [OPT_AFTER] = {"--after", "CURSOR", "only what came after this cursor"},
    {NULL, NULL, NULL},
};

const struct command command_alerts = {
    .name = "alerts",
    .arguments = "",
    .summary = "warnings, breaches, withdrawals, final verdicts",
    .details =
        "  doorstep alerts --follow\n"
        "  doorstep alerts --after AQUB          (the cursor that the last run printed)\n\n"
        "With --json each line is an event, and a line {\"cursor\":\"...\"} follows each group: "
        "take up "
        "a group\n"
        "when its cursor is there, and what is killed at any time goes on with --after, missing "
        "nothing\n"
        "and taking nothing twice. Without --json the cursor is the last line on stderr, after "
        "Ctrl-C too.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run,
};
