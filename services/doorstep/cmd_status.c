/* SPDX-License-Identifier: MIT
 *
 * Subcommands that ask running services: status, clock. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/client.h"
#include "wire/json.h"

enum { ANSWER_TIMEOUT_MS = 1000 };

static const struct option_spec no_options[] = {{NULL, NULL, NULL}};

struct sums {
    uint64_t tail, behind, armed, entities, bytes;
    int64_t mark_ms;
};

static struct sums sum_up(const Ds__StatusReply *status)
{
    struct sums sums = {.mark_ms = INT64_MAX};

    for (size_t i = 0; i < status->n_partitions; i++) {
        const Ds__PartitionStatus *partition = status->partitions[i];
        sums.tail += partition->tail;
        sums.armed += partition->armed;
        sums.entities += partition->entities;
        sums.bytes += partition->state_bytes;
        if (partition->tail > 0 && partition->mark_ms < sums.mark_ms)
            sums.mark_ms = partition->mark_ms;
        for (size_t l = 0; l < partition->n_lags; l++)
            sums.behind += partition->lags[l]->behind;
    }
    return sums;
}

static const Ds__Histogram *histogram_of(const Ds__StatusReply *status, const char *name)
{
    for (size_t i = 0; i < status->n_histograms; i++)
        if (strcmp(status->histograms[i]->name, name) == 0) return status->histograms[i];
    return NULL;
}

/* Upper bound of the bucket that holds the p-th permille. */
static uint64_t permille(const Ds__Histogram *histogram, uint64_t p)
{
    uint64_t seen = 0;

    if (!histogram || histogram->count == 0) return 0;
    for (size_t i = 0; i < histogram->n_buckets; i++) {
        seen += histogram->buckets[i];
        if (seen * 1000 >= histogram->count * p)
            return UINT64_C(1) << i < histogram->max ? UINT64_C(1) << i : histogram->max;
    }
    return histogram->max;
}

static void print_status(const struct cli *cli, const Ds__StatusReply *status)
{
    struct sums sums = sum_up(status);
    const Ds__Histogram *late = histogram_of(status, "late_ms");
    const Ds__Histogram *commit = histogram_of(status, "commit_us");
    char mark[32];

    cli_print(cli, SAID_STATUS_HEAD, status->service, status->pid, status->clock,
              status->caught_up ? cli_say(cli, SAID_CAUGHT_UP) : cli_say(cli, SAID_CATCHING_UP));
    if (strcmp(status->store, "up") != 0) cli_print(cli, SAID_STORE, status->store);
    printf("\n    ");
    if (sums.mark_ms > 0 && sums.mark_ms != INT64_MAX) {
        cli_local_time(mark, sums.mark_ms, &archive_utc);
        cli_print(cli, SAID_STATUS_MARK, (unsigned long long)sums.tail,
                  (unsigned long long)sums.behind, mark);
    } else {
        cli_print(cli, SAID_STATUS_NO_MARK, (unsigned long long)sums.tail,
                  (unsigned long long)sums.behind);
    }
    printf("    ");
    cli_print(cli, SAID_STATUS_LIVE, (unsigned long long)sums.entities,
              (unsigned long long)sums.bytes, (unsigned long long)sums.armed);
    cli_print(cli, SAID_STATUS_LATE, (unsigned long long)permille(late, 500),
              (unsigned long long)permille(late, 990), (unsigned long long)(late ? late->max : 0));
    printf("    ");
    cli_print(cli, SAID_STATUS_COMMITS, (unsigned long long)(commit ? commit->count : 0),
              (unsigned long long)permille(commit, 500), (unsigned long long)permille(commit, 990));
    if (status->clock_alarm) cli_print(cli, SAID_STATUS_ALARM);
    printf("\n");
}

static int run_status(struct cli *cli)
{
    Ds__ControlRequest request = DS__CONTROL_REQUEST__INIT;
    struct client client;
    struct rt_conf conf;
    int code = cli_conf(cli, &conf);

    if (code != EXIT_FINE) return code;
    request.ask_case = DS__CONTROL_REQUEST__ASK_STATUS;
    request.status = true;
    client_open(&client, conf.run);
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++) {
        Ds__ControlReply *reply =
            client_ask(&client, (enum ds_source)s, &request, ANSWER_TIMEOUT_MS);
        if (!reply || !reply->status) {
            const char *name = ds_source_name((enum ds_source)s);
            if (cli->json)
                printf("{\"service\":\"%s\",\"store\":\"no answer\"}\n", name);
            else
                cli_print(cli, SAID_NO_ANSWER, name);
            code = EXIT_UNAVAILABLE;
        } else if (cli->json) {
            cli_print_message(stdout, &reply->status->base);
        } else {
            print_status(cli, reply->status);
        }
        if (reply) ds__control_reply__free_unpacked(reply, NULL);
    }
    client_close(&client);
    return code;
}

const struct command command_status = {
    .name = "status",
    .arguments = "",
    .summary = "per service: events, lag, mark, deadlines armed, lateness, commits",
    .details = "  doorstep status\n\n"
               "The mark is rule time: all that was due up to then has been judged. How late "
               "deadlines were\n"
               "noticed is real time, on a fast clock too. Exit code 69 if a service does not "
               "answer.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = no_options,
    .run = run_status,
};

/* ---- clock ---- */

static int run_clock(struct cli *cli)
{
    Ds__ControlRequest request = DS__CONTROL_REQUEST__INIT;
    struct client client;
    struct rt_conf conf;

    if (strcmp(cli->argv[0], "accept") != 0) return cli_fail(cli, EXIT_USAGE, SAID_CLOCK_WORDS);
    int code = cli_conf(cli, &conf);
    if (code != EXIT_FINE) return code;
    request.ask_case = DS__CONTROL_REQUEST__ASK_ACCEPT_CLOCK;
    request.accept_clock = true;
    client_open(&client, conf.run);
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++) {
        Ds__ControlReply *reply =
            client_ask(&client, (enum ds_source)s, &request, ANSWER_TIMEOUT_MS);
        if (!reply)
            code = cli_fail(cli, EXIT_UNAVAILABLE, SAID_SILENT, ds_source_name((enum ds_source)s));
        else if (cli->json)
            printf("{\"service\":\"%s\",\"accepted\":true}\n", ds_source_name((enum ds_source)s));
        if (reply) ds__control_reply__free_unpacked(reply, NULL);
    }
    client_close(&client);
    return code;
}

const struct command command_clock = {
    .name = "clock",
    .arguments = "accept",
    .summary = "after a clock alarm: take the wall clock as it is now",
    .details = "  doorstep clock accept\n\n"
               "When the machine's clock jumps by more than five seconds, warnings go on, but "
               "nothing becomes\n"
               "final and no job is taken back until the clock is right again or this is said.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = no_options,
    .run = run_clock,
};
