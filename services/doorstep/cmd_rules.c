/* SPDX-License-Identifier: MIT
 *
 * Subcommands about rules: rulebook check, activate. */
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "doorstep/client.h"
#include "doorstep/rules_diff_print.h"
#include "doorstep/rules_files.h"
#include "doorstep/rules_list.h"
#include "rulebook/rulebook.h"
#include "runtime/clock.h"
#include "wire/json.h"

enum { RECEIPT_TIMEOUT_MS = 15000 };

enum { OPT_STRICT, OPT_CSV, OPT_XLSX, OPT_LIVE };

static const struct option_spec rulebook_options[] = {
    [OPT_STRICT] = {"--strict", NULL, "check: warnings fail, too"},
    [OPT_CSV] = {"--csv", NULL, "diff: for a spreadsheet"},
    [OPT_XLSX] = {"--xlsx", "FILE", "diff: a workbook to be printed; -: to stdout"},
    [OPT_LIVE] = {"--live", NULL, "diff: what it would have cost in the running installation"},
    {NULL, NULL, NULL},
};

/* ---- rulebook ---- */

static int run_rulebook(struct cli *cli)
{
    struct rules_files files = {0};

    if (strcmp(cli->argv[0], "list") == 0 && cli->argc == 1) return rules_list(cli);
    if (strcmp(cli->argv[0], "show") == 0 && cli->argc <= 2)
        return rules_show(cli, cli->argc == 2 ? cli->argv[1] : NULL);
    if (strcmp(cli->argv[0], "diff") == 0) {
        struct rules_diff_ask ask = {cli->values[OPT_CSV], cli->values[OPT_LIVE],
                                     cli->values[OPT_XLSX]};
        return rules_diff_run(cli, &ask);
    }
    if (strcmp(cli->argv[0], "check") != 0 || cli->argc > 3)
        return cli_fail(cli, EXIT_USAGE, SAID_RULEBOOK_WORDS);
    int code = cli->argc == 3 ? rules_read_two(cli, cli->argv[1], cli->argv[2], &files)
                              : rules_read(cli, cli->argc == 2 ? cli->argv[1] : cli->dir, &files);
    struct ds_version *version =
        code == EXIT_FINE ? rules_compile(cli, &files, 1, DS_PARTITIONS_MAX) : NULL;
    uint32_t warnings = version ? rules_warn(cli, &files, version) : 0;
    if (warnings > 0 && cli->values[OPT_STRICT]) code = EXIT_REJECTED;
    if (version && cli->json)
        printf("{\"version\":\"%s\",\"clauses\":%u,\"territories\":%u,\"people\":%u}\n",
               version->hash, version->n_clauses, version->n_territories, version->n_people);
    else if (version)
        printf(cli->lang == DS_ZH ? "规则可用:%u 条款,%u 个区域,%u 人;版本 %.12s\n"
                                  : "fine: %u clauses, %u territories, %u people; version %.12s\n",
               version->n_clauses, version->n_territories, version->n_people, version->hash);
    else if (code == EXIT_FINE)
        code = EXIT_REJECTED;
    ds_version_destroy(version);
    rules_finish(&files);
    return code;
}

const struct command command_rulebook = {
    .name = "rulebook",
    .arguments =
        "check [DIR | RULEBOOK DIRECTORY] | list | show [N] | diff OLD NEW [JOURNALS | FILE...]",
    .summary = "check rulebook.yaml and directory.yaml; list versions; say what changes for whom",
    .details =
        "  doorstep rulebook check deploy\n"
        "  doorstep rulebook check rulebook.yaml directory.yaml\n"
        "  doorstep rulebook list\n"
        "  doorstep rulebook show > rulebook.yaml        (in force; with --json directory.yaml, "
        "too)\n"
        "  doorstep rulebook diff --live in-force next.yaml\n"
        "  doorstep rulebook diff deploy next.yaml /tmp/journals\n\n"
        "OLD and NEW are directories with both files, a rulebook (with the directory.yaml beside "
        "it, else\nthe other's), numbers of `rulebook list`, or in-force. With journals or files "
        "of commands "
        "each change has\nbeside it what `doorstep backtest` says of its clause.\n\n"
        "With --json each problem is a line: file, line, column, code, path, found, expected,\n"
        "did_you_mean, text, text_zh; a warning also has level. Warnings (a clause that nothing\n"
        "books, a holiday on days off) do not keep a version from being activated.\n",
    .min_arguments = 1,
    .max_arguments = 512,
    .options = rulebook_options,
    .run = run_rulebook,
};

/* ---- activate ---- */

enum { OPT_BY, OPT_FROM };

/* Rule time of the installation, which a command's made_at_ms has to fit. */
static int64_t ask_now_ms(struct client *client)
{
    Ds__ControlRequest request = DS__CONTROL_REQUEST__INIT;
    int64_t now_ms = rt_clock_read().wall_ms;

    request.ask_case = DS__CONTROL_REQUEST__ASK_STATUS;
    request.status = true;
    Ds__ControlReply *reply = client_ask(client, DS_INTAKE, &request, RECEIPT_TIMEOUT_MS);
    if (reply && reply->status) now_ms = reply->status->now_ms;
    if (reply) ds__control_reply__free_unpacked(reply, NULL);
    return now_ms;
}

/* A day begins where the first territory of the new directory is. */
static bool read_from(const char *text, const struct ds_version *version, int64_t *ret_ms)
{
    int32_t day;

    if (!ds_parse_date(text, &day)) return ds_rfc3339_parse(text, ret_ms) == 0;
    *ret_ms = ds_end_of_day(version->territories[0].calendar->zone, day - 1) + 1;
    return true;
}

static int send_activate(struct cli *cli, struct client *client, const struct rules_files *files,
                         int64_t from_ms)
{
    Ds__Command command = DS__COMMAND__INIT;
    Ds__Activate activate = DS__ACTIVATE__INIT;
    char id[64];
    int64_t now_ms = ask_now_ms(client);

    snprintf(id, sizeof id, "activate-%lld", (long long)now_ms);
    command.id = id;
    command.by = (char *)cli->values[OPT_BY];
    DS_SET(&command, made_at_ms, now_ms);
    command.body_case = DS__COMMAND__BODY_ACTIVATE;
    command.activate = &activate;
    activate.rulebook = files->rulebook;
    activate.directory = files->directory;
    if (from_ms > 0) DS_SET(&activate, effective_from_ms, from_ms);
    size_t len = ds__command__get_packed_size(&command);
    uint8_t *bytes = malloc(len + 1);
    if (!bytes) abort();
    ds__command__pack(&command, bytes);
    Ds__Receipt *receipt = client_command(client, bytes, len, RECEIPT_TIMEOUT_MS);
    free(bytes);
    if (!receipt) return cli_fail(cli, EXIT_UNAVAILABLE, SAID_NO_INTAKE);
    int code = EXIT_FINE;
    bool recorded = receipt->status == DS__RECEIPT__STATUS__RECORDED;
    if (cli->json)
        cli_print_message(stdout, &receipt->base);
    else if (recorded && from_ms > 0)
        cli_print(cli, SAID_SCHEDULED, receipt->event);
    else if (recorded)
        cli_print(cli, SAID_ACTIVE, receipt->event);
    if (!recorded)
        code = cli_fail(cli, EXIT_REJECTED, SAID_REFUSED, ds_str(receipt->code),
                        cli->lang == DS_ZH ? ds_str(receipt->text_zh) : ds_str(receipt->text));
    ds__receipt__free_unpacked(receipt, NULL);
    return code;
}

static int run_activate(struct cli *cli)
{
    struct rules_files files;
    struct client client;
    struct rt_conf conf;

    if (!cli->values[OPT_BY]) return cli_fail(cli, EXIT_USAGE, SAID_BY);
    int code = cli_conf(cli, &conf);
    if (code != EXIT_FINE) return code;
    code = rules_read_two(cli, cli->argv[0], cli->argv[1], &files);
    if (code != EXIT_FINE) return code;
    struct ds_version *version = rules_compile(cli, &files, 1, (uint32_t)conf.partitions);
    if (!version) {
        rules_finish(&files);
        return EXIT_REJECTED; /* with every problem, not only the first */
    }
    int64_t from_ms = 0;
    const char *from = cli->values[OPT_FROM];
    bool good = !from || read_from(from, version, &from_ms);
    ds_version_destroy(version);
    if (!good) {
        rules_finish(&files);
        return cli_fail(cli, EXIT_USAGE, SAID_FROM);
    }
    client_open(&client, conf.run);
    code = send_activate(cli, &client, &files, from_ms);
    client_close(&client);
    rules_finish(&files);
    return code;
}

static const struct option_spec activate_options[] = {
    [OPT_BY] = {"--by", "PERSON", "the manager who activates it; must be said"},
    [OPT_FROM] = {"--from", "TIME", "in force from a day on (2007-04-01) or an instant (RFC 3339)"},
    {NULL, NULL, NULL},
};

const struct command command_activate = {
    .name = "activate",
    .arguments = "RULEBOOK DIRECTORY",
    .summary = "put a rulebook and directory in force, for all services at the same point",
    .details = "  doorstep activate --by liu deploy/rulebook.yaml deploy/directory.yaml\n\n"
               "  doorstep activate --by liu --from 2007-04-01 rulebook.yaml directory.yaml\n\n"
               "With --from the version is stored now and comes into force then, everywhere at "
               "the same instant.\nOne version waits at most: the next activation takes its "
               "place, so to withdraw it activate\nwhat is in force.\n\n"
               "Running clocks keep the version they started under. The first activation of an\n"
               "installation may come from anybody; later ones need a manager of the directory in "
               "force.\n",
    .min_arguments = 2,
    .max_arguments = 2,
    .options = activate_options,
    .run = run_activate,
};
