/* SPDX-License-Identifier: MIT
 *
 * What a person sees while an installation runs: alerts as they fire, clocks running down, the
 * ledger at the end. Reads Redis like any other reader. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "domain/ids.h"
#include "doorstep/up.h"
#include "doorstep/watch_read.h"
#include "runtime/clock.h"

enum { CLOCKS_SHOWN = 5, CLOCKS_MAX = 4096, BAR = 20 };

/* What was said before this start is history; see `doorstep alerts`. */
static void skip_seen(struct up_show *show)
{
    static const enum ds_source sources[] = {DS_WATCHER, DS_DISPATCHER};

    for (int s = 0; s < 2; s++)
        for (uint32_t p = 0; p < show->partitions; p++) {
            redisReply *tail = redisCommand(show->redis, "HGET {p%03u}:%s:meta tail", p,
                                            ds_source_name(sources[s]));
            if (tail && tail->type == REDIS_REPLY_STRING)
                show->seen[s][p] = strtoull(tail->str, NULL, 10);
            if (tail) freeReplyObject(tail);
        }
}

int show_open(struct up_show *show, struct up *up)
{
    *show = (struct up_show){.cli = up->cli, .partitions = (uint32_t)up->conf.partitions};
    show->redis = store_open(up->cli, &up->conf);
    if (!show->redis) return EXIT_UNAVAILABLE;
    skip_seen(show);
    return store_versions(up->cli, show->redis, show->partitions, &show->rules);
}

void show_close(struct up_show *show)
{
    if (show->redis) redisFree(show->redis);
    show->redis = NULL;
    archive_finish(&show->rules);
}

bool show_connected(struct up_show *show)
{
    if (show->redis->err) redisReconnect(show->redis);
    redisReply *pong = show->redis->err ? NULL : redisCommand(show->redis, "PING");
    bool answers = pong && pong->type == REDIS_REPLY_STATUS;

    if (pong) freeReplyObject(pong);
    return answers;
}

int show_alerts(struct up_show *show)
{
    static const enum ds_source sources[] = {DS_WATCHER, DS_DISPATCHER};
    struct archive fresh = {.borrowed_versions = true};
    int code = EXIT_FINE;

    for (int s = 0; s < 2; s++)
        for (uint32_t p = 0; p < show->partitions && code == EXIT_FINE; p++)
            code = store_journal(show->cli, show->redis, sources[s], p, show->seen[s][p], &fresh,
                                 &show->seen[s][p]);
    archive_sort_by_time(&fresh);
    for (size_t i = 0; i < fresh.n; i++) {
        const struct record *record = &fresh.records[i];
        if (show->cli->json)
            cli_print_event(stdout, record);
        else
            cli_print_alert(stdout, show->cli->lang, record,
                            archive_zone(&show->rules, record->partition));
    }
    archive_finish(&fresh);
    return code;
}

static int bar_of(const struct running_clock *clock, int64_t now_ms)
{
    int64_t whole_ms = clock->due_ms - clock->start_ms, left_ms = clock->due_ms - now_ms;
    int filled = whole_ms > 0 ? (int)(left_ms * BAR / whole_ms) : 0;

    if (filled > BAR) filled = BAR;
    return filled < 0 ? 0 : filled;
}

/* Is there anything that the last picture did not show? A file has no use for shorter bars. */
static bool is_news(struct up_show *show, const struct running_clock *clocks, int n, int64_t now_ms)
{
    bool moving = isatty(STDOUT_FILENO) == 1;
    char picture[sizeof show->clocks];
    size_t len = (size_t)snprintf(picture, sizeof picture, "%d", n);

    for (int i = 0; i < n && i < CLOCKS_SHOWN && len < sizeof picture; i++)
        len += (size_t)snprintf(picture + len, sizeof picture - len, " %s/%d/%u/%lld/%s/%d",
                                clocks[i].ticket, (int)clocks[i].clock, clocks[i].n,
                                (long long)clocks[i].due_ms, clocks[i].owner,
                                moving ? bar_of(&clocks[i], now_ms) : 0);
    if (strcmp(picture, show->clocks) == 0) return false;
    ds_copy(show->clocks, sizeof show->clocks, picture);
    return true;
}

static void print_clock(const struct up_show *show, const struct running_clock *clock,
                        int64_t now_ms)
{
    char left[32], bar[BAR + 1];

    memset(bar, '.', BAR);
    memset(bar, '#', (size_t)bar_of(clock, now_ms));
    bar[BAR] = '\0';
    cli_duration(left, clock->due_ms - now_ms);
    printf("    [%s] %10s  %-12s ", bar, left, clock->ticket);
    cli_put(stdout, ds_clock_word(show->cli->lang, clock->clock), 22);
    printf(" %s\n", clock->owner);
}

void show_clocks(struct up_show *show, int64_t now_ms, int64_t interval_ms)
{
    static struct running_clock clocks[CLOCKS_MAX]; /* large */
    char at[32];
    int n = 0;

    if (show->cli->json || rt_mono_ms() - show->shown_mono_ms < interval_ms) return;
    show->shown_mono_ms = rt_mono_ms();
    for (uint32_t p = 0; p < show->partitions; p++) {
        int more = watch_running(show->redis, p, &show->rules, clocks + n, CLOCKS_MAX - n);
        if (more > 0) n += more;
    }
    if (n == 0) return;
    qsort(clocks, (size_t)n, sizeof clocks[0], running_by_due);
    if (!is_news(show, clocks, n, now_ms)) return;
    cli_local_time(at, now_ms, archive_zone(&show->rules, UINT32_MAX));
    printf(show->cli->lang == DS_ZH ? "-- %s,运行中的时限 %d 个,最紧的:\n"
                                    : "-- %s, %d clocks running, the nearest:\n",
           at, n);
    for (int i = 0; i < n && i < CLOCKS_SHOWN; i++)
        if (clocks[i].due_ms != INT64_MAX) print_clock(show, &clocks[i], now_ms);
}

int show_ledger(struct up_show *show)
{
    struct ledger_filter all = {0};
    struct archive archive = {.borrowed_versions = true};

    memcpy(archive.versions, show->rules.versions, sizeof archive.versions);
    int code = store_archive(show->cli, show->redis, show->partitions, UINT32_MAX, 1u << DS_LEDGER,
                             &archive);
    if (code == EXIT_FINE && show->cli->json)
        ledger_print_lines(stdout, &archive);
    else if (code == EXIT_FINE)
        ledger_print_table(stdout, show->cli->lang, &archive, &all);
    for (size_t i = 0; i < archive.n && !show->ticket[0]; i++)
        if (archive.records[i].entry)
            ds_copy(show->ticket, sizeof show->ticket, ds_str(archive.records[i].entry->ticket));
    archive_finish(&archive);
    return code;
}
