/* SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>

#include "doorstep/check.h"

const char *check_say(const struct check *check, const char *en, const char *zh)
{
    return check->cli->json ? en : cli_say(check->cli, en, zh);
}

void check_violated(struct check *check, const char *en, const char *zh, ...)
{
    va_list args;
    char *text;

    check->violations++;
    va_start(args, zh);
    int n = vasprintf(&text, check_say(check, en, zh), args);
    va_end(args);
    if (n < 0) abort();
    json_t *line = json_pack("{ss}", "violation", text);
    /* the text of damaged bytes need not be UTF-8; then it is only counted */
    char *json = line ? json_dumps(line, JSON_COMPACT) : NULL;
    if (!check->cli->json)
        printf("%s\n", text);
    else if (json)
        printf("%s\n", json);
    free(json);
    json_decref(line);
    free(text);
}

static int run(struct cli *cli)
{
    static struct check check; /* large */
    struct archive archive = {0};
    struct rt_conf conf;
    int code = cli_conf(cli, &conf);

    if (code != EXIT_FINE) return code;
    check = (struct check){.cli = cli, .partitions = (uint32_t)conf.partitions};
    check.redis = store_open(cli, &conf);
    if (!check.redis) return EXIT_UNAVAILABLE;
    code = check_journals(&check);
    if (code == EXIT_FINE)
        code = store_archive(cli, check.redis, check.partitions, UINT32_MAX, ALL_SOURCES, &archive);
    if (code == EXIT_FINE) code = check_state(&check, &archive);
    if (code == EXIT_FINE) check_facts(&check, &archive);
    if (cli->json)
        printf("{\"journals\":%zu,\"events\":%zu,\"violations\":%zu}\n", check.journals,
               check.events, check.violations);
    else
        cli_print(cli, SAID_CHECKED, check.journals, check.events, check.violations);
    redisFree(check.redis);
    archive_finish(&archive);
    if (code == EXIT_FINE && check.violations > 0) code = EXIT_REJECTED;
    return code;
}

static const struct option_spec options[] = {{NULL, NULL, NULL}};

const struct command command_check = {
    .name = "check",
    .arguments = "",
    .summary = "check the invariants of everything stored, reading only Redis",
    .details =
        "Journals without hole and with good checksums, stamps above earlier marks, checkpoints "
        "that\n"
        "exist, state and deadlines that agree, receipts that point at their events, every "
        "verdict,\n"
        "offer, callback and entry once, every entry founded and every final breach booked, the "
        "hash\n"
        "chain and the month sums. At rest: a running installation moves between two looks.\n\n"
        "  doorstep check\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run,
};
