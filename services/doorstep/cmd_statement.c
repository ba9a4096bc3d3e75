/* SPDX-License-Identifier: MIT
 *
 * Subcommand statement: what somebody is paid for a month, with everything it is made of. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/books.h"
#include "doorstep/store_read.h"

enum { OPT_ACCOUNT, OPT_MONTH, OPT_CSV, OPT_PERSON };

/* The month of the last thing that happened, if none is said. */
static uint32_t month_of(const struct archive *archive, const char *text, const char *account)
{
    int64_t last_ms = DS_TIME_MIN_MS;

    if (text) return books_parse_month(text);
    for (size_t i = 0; i < archive->n; i++)
        if (archive->records[i].source == DS_INTAKE &&
            archive->records[i].msg->received_at_ms > last_ms)
            last_ms = archive->records[i].msg->received_at_ms;
    return ds_month_of(books_territory(archive, account)->calendar->zone, last_ms);
}

static int print(struct cli *cli, const struct archive *archive)
{
    const char *account;
    struct statement statement;

    int code =
        books_whose(cli, archive, cli->values[OPT_PERSON], cli->values[OPT_ACCOUNT], &account);
    if (code != EXIT_FINE) return code;
    uint32_t month = month_of(archive, cli->values[OPT_MONTH], account);
    statement_make(&statement, archive, account, month);
    if (statement.overflow)
        code = cli_fail(cli, EXIT_REJECTED, SAID_SUM_TOO_LARGE, account);
    else if (cli->json)
        statement_print_json(stdout, &statement);
    else if (cli->values[OPT_CSV])
        statement_print_csv(stdout, &statement);
    else
        statement_print(stdout, cli->lang, &statement);
    statement_finish(&statement);
    return code;
}

static int run_statement(struct cli *cli)
{
    struct archive archive = {0};

    if (!cli->values[OPT_ACCOUNT] && !cli->values[OPT_PERSON])
        return cli_fail(cli, EXIT_USAGE, SAID_WHOSE);
    if (cli->values[OPT_MONTH] && books_parse_month(cli->values[OPT_MONTH]) == 0)
        return cli_fail(cli, EXIT_USAGE, SAID_MONTH);
    int code = store_read(cli, UINT32_MAX, 1u << DS_INTAKE | 1u << DS_LEDGER, &archive);
    if (code == EXIT_FINE) code = print(cli, &archive);
    archive_finish(&archive);
    return code;
}

static const struct option_spec options[] = {
    [OPT_ACCOUNT] = {"--account", "ID", "person:id or outlet:id, or the id alone"},
    [OPT_MONTH] = {"--month", "YYYY-MM", "the month; the last one unless said"},
    [OPT_CSV] = {"--csv", NULL, "one line a row, for a spreadsheet"},
    [OPT_PERSON] = {"--person", "ID", "of the account this person works on: his or his outlet's"},
    {NULL, NULL, NULL},
};

const struct command command_statement = {
    .name = "statement",
    .arguments = "",
    .summary = "a person's or outlet's month: piece rates, fines, rewards, instalments, settlement",
    .details = "  doorstep statement --account person:wang --month 2007-03\n\n"
               "settlement = piece rates + fines + rewards + what is carried on in instalments. A "
               "job counts\n"
               "once, in the month of its first filed result, for whoever was last at the "
               "customer's. Rates\n"
               "stand under piece_rates in the rulebook; the shipped ones are examples. A loss "
               "(7.13, 7.17)\n"
               "may be deducted over several months; the ledger has all of it at once and does not "
               "change:\n\n"
               "  "
               "{\"by\":\"liu\",\"set_instalments\":{\"entry\":\"7.17/outlet:qihe/intake/p003/"
               "9\",\"months\":6}"
               "}\n\n"
               "Until its month is closed a statement may still change; see doorstep month.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run_statement,
};
