/* SPDX-License-Identifier: MIT
 *
 * `doorstep waits`: jobs that stand still because of a reported delay (P3.3), oldest first: for
 * what, since when, until when that is allowed. Judged from the watcher's live state, so a wait is
 * over here exactly when it no longer pauses a clock. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "domain/calendar.h"
#include "doorstep/books.h"
#include "doorstep/watch_read.h"

enum { OPT_TERRITORY, OPT_REASON, OPT_CSV, OPT_PERSON };

static const char *const reasons[DS_DELAY_COUNT] = {
    [DS_DELAY_PARTS] = "parts",
    [DS_DELAY_MAJOR_REPAIR] = "major_repair",
    [DS_DELAY_CUSTOMER] = "customer",
    [DS_DELAY_OTHER] = "other",
};

struct waits {
    const struct cli *cli;
    const char *account;  /* NULL: whoever holds the job */
    struct waiting *list; /* owned */
    size_t n;
};

static void take(void *self, const struct waiting *waiting)
{
    struct waits *waits = self;
    const char *territory = waits->cli->values[OPT_TERRITORY];
    const char *reason = waits->cli->values[OPT_REASON];

    if (territory && strcmp(territory, waiting->territory) != 0) return;
    if (reason && strcmp(reason, reasons[waiting->reason]) != 0) return;
    if (waits->account && strcmp(waits->account, waiting->owner) != 0) return;
    waits->list = realloc(waits->list, (waits->n + 1) * sizeof waits->list[0]);
    if (!waits->list) abort();
    waits->list[waits->n++] = *waiting;
}

static int oldest_first(const void *a, const void *b)
{
    const struct waiting *one = a, *two = b;

    if (one->since_ms != two->since_ms) return one->since_ms < two->since_ms ? -1 : 1;
    int order = strcmp(one->ticket, two->ticket);
    return order ? order : (one->delay > two->delay) - (one->delay < two->delay);
}

static int64_t days(const struct waiting *waiting)
{
    return (waiting->now_ms - waiting->since_ms) / DS_DAY_MS;
}

static json_t *waiting_json(const struct waiting *waiting)
{
    json_t *object =
        json_pack("{ss ss si ss sI sI sI sb ss}", "ticket", waiting->ticket, "territory",
                  waiting->territory, "delay", (int)waiting->delay, "reason",
                  reasons[waiting->reason], "since_ms", (json_int_t)waiting->since_ms, "age_days",
                  (json_int_t)days(waiting), "cap_at_ms", (json_int_t)waiting->cap_at_ms,
                  "past_cap", waiting->now_ms > waiting->cap_at_ms, "owner", waiting->owner);

    return object;
}

static void print_csv(const struct waiting *waiting)
{
    char since[32], cap[32];

    cli_local_time(since, waiting->since_ms, waiting->zone);
    cli_local_time(cap, waiting->cap_at_ms, waiting->zone);
    printf("%s,%s,%u,%s,%s,%lld,%s,%s\n", waiting->ticket, waiting->territory, waiting->delay,
           reasons[waiting->reason], since, (long long)days(waiting), cap, waiting->owner);
}

static void print_line(const struct cli *cli, const struct waiting *waiting)
{
    static const enum ds_word words[] = {
        [DS_DELAY_PARTS] = DS_WORD_DELAY_PARTS,
        [DS_DELAY_MAJOR_REPAIR] = DS_WORD_DELAY_MAJOR_REPAIR,
        [DS_DELAY_CUSTOMER] = DS_WORD_DELAY_CUSTOMER,
        [DS_DELAY_OTHER] = DS_WORD_DELAY_OTHER,
    };
    bool past = waiting->now_ms > waiting->cap_at_ms;
    char since[32], cap[32], age[32];

    cli_local_time(since, waiting->since_ms, waiting->zone);
    cli_local_time(cap, waiting->cap_at_ms, waiting->zone);
    cli_duration(age, waiting->now_ms - waiting->since_ms);
    cli_put(stdout, waiting->ticket, 14);
    printf(" %s %s %s (%s), %s %s, %s\n", ds_word(cli->lang, words[waiting->reason]),
           ds_word(cli->lang, DS_WORD_SINCE), since, age,
           ds_word(cli->lang, past ? DS_WORD_PAST_CAP : DS_WORD_CAP), cap, waiting->owner);
}

static void print_waits(const struct cli *cli, const struct waits *waits)
{
    if (waits->n > 0) qsort(waits->list, waits->n, sizeof waits->list[0], oldest_first);
    if (cli->values[OPT_CSV] && !cli->json)
        printf("ticket,territory,delay,reason,since,age_days,cap_at,owner\n");
    else if (waits->n == 0 && !cli->json)
        printf("%s\n", ds_word(cli->lang, DS_WORD_NO_WAITS));
    for (size_t i = 0; i < waits->n; i++) {
        if (cli->json)
            cli_put_item(stdout, i, waiting_json(&waits->list[i]));
        else if (cli->values[OPT_CSV])
            print_csv(&waits->list[i]);
        else
            print_line(cli, &waits->list[i]);
    }
    if (cli->json) cli_put_end(stdout, waits->n);
}

static bool is_reason(const char *text)
{
    for (int i = DS_DELAY_PARTS; i < DS_DELAY_COUNT; i++)
        if (strcmp(text, reasons[i]) == 0) return true;
    return false;
}

static int run(struct cli *cli)
{
    struct archive archive = {0};
    struct waits waits = {.cli = cli};
    struct rt_conf conf;
    const char *reason = cli->values[OPT_REASON], *wanted = cli->values[OPT_TERRITORY];

    if (reason && !is_reason(reason)) return cli_fail(cli, EXIT_USAGE, SAID_NO_REASON, reason);
    int code = cli_conf(cli, &conf);
    redisContext *redis = code == EXIT_FINE ? store_open(cli, &conf) : NULL;
    if (code == EXIT_FINE && !redis) code = EXIT_UNAVAILABLE;
    if (code == EXIT_FINE) code = store_versions(cli, redis, (uint32_t)conf.partitions, &archive);
    const struct ds_version *rules = archive_in_force(&archive);
    if (code == EXIT_FINE && wanted && !(rules && ds_find_territory(rules, wanted)))
        code = cli_fail(cli, EXIT_REJECTED, SAID_NO_TERRITORY, wanted);
    if (code == EXIT_FINE)
        code = books_whose(cli, &archive, cli->values[OPT_PERSON], NULL, &waits.account);
    for (uint32_t p = 0; code == EXIT_FINE && p < (uint32_t)conf.partitions; p++)
        if (!watch_waits(redis, p, &archive, take, &waits))
            code = cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
    if (redis) redisFree(redis);
    if (code == EXIT_FINE) print_waits(cli, &waits);
    free(waits.list);
    archive_finish(&archive);
    return code;
}

static const struct option_spec options[] = {
    [OPT_TERRITORY] = {"--territory", "ID", "only of this territory"},
    [OPT_REASON] = {"--reason", "REASON", "parts, major_repair, customer or other"},
    [OPT_CSV] = {"--csv", NULL, "for a spreadsheet"},
    [OPT_PERSON] = {"--person", "ID", "only of jobs that this person, or his outlet, holds"},
    {NULL, NULL, NULL},
};

const struct command command_waits = {
    .name = "waits",
    .arguments = "",
    .summary =
        "jobs that wait for a part, a major repair or the customer: since when, how long yet",
    .details =
        "  doorstep waits --reason parts\n"
        "  doorstep waits --territory county --csv > waits.csv\n\n"
        "A wait begins with a technician's report_delay and ends with resume, with a result or a\n"
        "cancellation; while it lasts the complaint's clock stands still. Its cap is in the "
        "rulebook\n(pauses). At the cap some waits end by themselves; the others stay here, past "
        "their cap, and\nneed somebody: `doorstep explain TICKET` tells what has been done.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run,
};
