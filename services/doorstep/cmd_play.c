/* SPDX-License-Identifier: MIT
 *
 * `doorstep play`: a written-down day on a running installation whose clock is stepped. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/stage.h"
#include "wire/json.h"

enum { OPT_UNTIL };

struct play {
    struct cli *cli;
    const char *file;
    struct live_stage live;
    struct stage inner;
};

static int set_time(void *self, int64_t to_ms)
{
    struct play *play = self;

    return play->inner.set_time(&play->live, to_ms);
}

static const Ds__Receipt *take(void *self, const struct day_line *line)
{
    struct play *play = self;

    return play->inner.take(&play->live, line);
}

static int advance(void *self, int64_t to_ms, int64_t *ret_due_ms)
{
    struct play *play = self;

    return play->inner.advance(&play->live, to_ms, ret_due_ms);
}

static void answered(void *self, const struct day_line *line, const Ds__Receipt *receipt)
{
    const struct play *play = self;

    if (receipt->status == DS__RECEIPT__STATUS__RECORDED ||
        receipt->status == DS__RECEIPT__STATUS__DUPLICATE)
        return;
    fprintf(stderr, "%s:%u: %s: %s\n", play->file, line->number, ds_str(receipt->code),
            play->cli->lang == DS_ZH ? ds_str(receipt->text_zh) : ds_str(receipt->text));
}

static int run(struct cli *cli)
{
    struct play play = {.cli = cli, .file = cli->argv[0]};
    struct stage stage = {set_time, take, advance, answered, NULL, NULL, &play};
    struct stage_result result;
    struct client client;
    struct rt_conf conf;
    struct day day;
    int64_t until_ms = INT64_MAX;

    if (cli->values[OPT_UNTIL] && ds_rfc3339_parse(cli->values[OPT_UNTIL], &until_ms) != 0)
        return cli_fail(cli, EXIT_USAGE, SAID_UNTIL);
    int code = cli_conf(cli, &conf);
    if (code == EXIT_FINE) code = day_read(cli, cli->argv[0], &day);
    if (code != EXIT_FINE) return code;
    client_open(&client, conf.run);
    play.live.client = &client;
    play.inner = live_stage(&play.live);
    code = stage_play(&stage, &day, INT64_MIN, until_ms, &result);
    if (code != EXIT_FINE)
        cli_fail(cli, code, SAID_NOT_STEP);
    else if (cli->json)
        printf("{\"recorded\":%zu,\"duplicates\":%zu,\"rejected\":%zu}\n", result.recorded,
               result.duplicates, result.rejected);
    else
        cli_print(cli, SAID_PLAYED, result.recorded, result.duplicates, result.rejected);
    if (code == EXIT_FINE && result.rejected > 0) code = EXIT_REJECTED;
    if (play.live.receipt) ds__receipt__free_unpacked(play.live.receipt, NULL);
    client_close(&client);
    day_finish(&day);
    return code;
}

static const struct option_spec options[] = {
    [OPT_UNTIL] = {"--until", "TIME", "stop before this instant (RFC 3339)"},
    {NULL, NULL, NULL},
};

const struct command command_play = {
    .name = "play",
    .arguments = "FILE",
    .summary = "play a written-down day on an installation whose clock is stepped",
    .details =
        "  doorstep play deploy/examples/day.ndjson\n\n"
        "Each line is sent at its send_at (or made_at_ms); between lines time goes to whatever is\n"
        "due next, and on after the last one until everything is final.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = options,
    .run = run,
};
