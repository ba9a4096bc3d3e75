/* SPDX-License-Identifier: MIT
 *
 * Subcommands that only look: ticket, explain, ledger. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "doorstep/event_json.h"
#include "doorstep/books.h"
#include "doorstep/explain_page.h"
#include "doorstep/rules_files.h"
#include "doorstep/watch_read.h"
#include "rulebook/rulebook.h"
#include "sla-watcher/clocks.h"

static const struct option_spec no_options[] = {{NULL, NULL, NULL}};

/* Partition of a ticket id; false with a message if it is none. */
static bool ticket_partition(struct cli *cli, const char *id, uint32_t *ret)
{
    uint64_t seq;

    if (ds_parse_ticket_id(id, ret, &seq)) return true;
    cli_fail(cli, EXIT_USAGE, SAID_TICKET_ID, id);
    return false;
}

/* ---- ticket ---- */

static int run_ticket(struct cli *cli)
{
    struct archive archive = {0};
    struct rt_conf conf;
    uint32_t partition;

    if (!ticket_partition(cli, cli->argv[0], &partition)) return EXIT_USAGE;
    int code = cli_conf(cli, &conf);
    redisContext *redis = code == EXIT_FINE ? store_open(cli, &conf) : NULL;
    if (code == EXIT_FINE && !redis) code = EXIT_UNAVAILABLE;
    if (code == EXIT_FINE) code = store_versions(cli, redis, (uint32_t)conf.partitions, &archive);
    if (code == EXIT_FINE)
        code = watch_print_running(cli, redis, partition, cli->argv[0], &archive, stdout);
    if (redis) redisFree(redis);
    archive_finish(&archive);
    return code;
}

const struct command command_ticket = {
    .name = "ticket",
    .arguments = "ID",
    .summary = "the running clocks of a live ticket, with time left",
    .details = "  doorstep ticket T007-2\n\nA ticket whose clocks are all final is history: see "
               "explain.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = no_options,
    .run = run_ticket,
};

/* ---- explain ---- */

enum { OPT_RULES, OPT_PAGE, OPT_STORY, OPT_FOR, OPT_LANG, OPT_WHO };

/* "7.6", "P2.1", "visit": no ticket is called so. */
static bool is_clause(const char *text)
{
    if (watch_find_clock(text, 0)) return true;
    return text[0] >= '0' && text[0] <= '9' && strspn(text, "0123456789.") == strlen(text);
}

/* By its name one, by its clause a list of all that are promised there. */
static int explain_clocks(struct cli *cli, const struct ds_version *version)
{
    const struct watch_clock *clock = watch_find_clock(cli->argv[0], 0);
    bool named = strcmp(cli->argv[0], ds_clock_name(clock->clock)) == 0;
    uint32_t i;

    for (i = 0; (clock = watch_find_clock(cli->argv[0], i)) != NULL; i++) {
        if (cli->json && named)
            cli_print_json(clock_to_json(version, clock));
        else if (cli->json)
            cli_put_item(stdout, i, clock_to_json(version, clock));
        else
            clock_print(stdout, cli->lang, version, clock);
    }
    if (cli->json && !named) cli_put_end(stdout, i);
    return EXIT_FINE;
}

static int explain_clause(struct cli *cli, const struct ds_version *version)
{
    const struct ds_clause *clause = ds_find_clause(version, cli->argv[0]);
    const struct ds_right_rule *right = ds_find_right(version, cli->argv[0]);

    if (!clause && !right && watch_find_clock(cli->argv[0], 0)) return explain_clocks(cli, version);
    if (!clause && !right) return cli_fail(cli, EXIT_REJECTED, SAID_NO_CLAUSE, cli->argv[0]);
    if (clause && cli->json)
        cli_print_json(clause_to_json(version, clause));
    else if (clause)
        clause_print(stdout, cli->lang, version, clause);
    else if (cli->json)
        cli_print_json(right_to_json(version, right));
    else
        right_print(stdout, cli->lang, version, right);
    return EXIT_FINE;
}

/* Of the rules in force here, or of files. */
static int run_clause(struct cli *cli)
{
    struct archive archive = {0};
    struct rules_files files = {0};

    if (!cli->values[OPT_RULES]) {
        int code = store_read(cli, UINT32_MAX, 0, &archive);
        if (code == EXIT_FINE && !archive_rules(&archive))
            code = cli_fail(cli, EXIT_REJECTED, SAID_NO_RULES_YET);
        if (code == EXIT_FINE) code = explain_clause(cli, archive_in_force(&archive));
        archive_finish(&archive);
        return code;
    }
    int code = rules_read(cli, cli->values[OPT_RULES], &files);
    struct ds_version *version =
        code == EXIT_FINE ? rules_compile(cli, &files, 1, DS_PARTITIONS_MAX) : NULL;
    if (code == EXIT_FINE) code = version ? explain_clause(cli, version) : EXIT_REJECTED;
    ds_version_destroy(version);
    rules_finish(&files);
    return code;
}

static bool wants_page(const struct cli *cli)
{
    return cli->values[OPT_PAGE] || cli->values[OPT_STORY];
}

static bool is_stdout(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

/* --for and --lang; both only with a page. */
static int check_page(struct cli *cli)
{
    const char *whom = cli->values[OPT_FOR], *lang = cli->values[OPT_LANG];
    uint32_t partition;

    if (!wants_page(cli))
        return whom || lang ? cli_fail(cli, EXIT_USAGE, SAID_ONLY_A_PAGE) : EXIT_FINE;
    if (!ticket_partition(cli, cli->argv[0], &partition)) return EXIT_USAGE;
    if (is_stdout(cli->values[OPT_PAGE]) && (cli->json || cli->values[OPT_STORY]))
        return cli_fail(cli, EXIT_USAGE, SAID_PAGE_ALONE);
    if (whom && strcmp(whom, "staff") != 0 && strcmp(whom, "customer") != 0)
        return cli_fail(cli, EXIT_USAGE, SAID_FOR);
    if (lang && strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0)
        return cli_fail(cli, EXIT_USAGE, SAID_LANG);
    return EXIT_FINE;
}

static int write_page(struct cli *cli, const struct page_story *story)
{
    const char *path = cli->values[OPT_PAGE];
    FILE *to = path && !is_stdout(path) ? fopen(path, "we") : NULL;

    if (is_stdout(path))
        page_html(stdout, story);
    else if (path && !to)
        return cli_fail(cli, EXIT_USAGE, SAID_FILE, path, cli_errno(cli, errno));
    if (to) page_html(to, story);
    if (to && cli_close(cli, to, path) != EXIT_FINE) return EXIT_INTERNAL;
    if (cli->json)
        page_json(stdout, story);
    else if (cli->values[OPT_STORY])
        page_text(stdout, story);
    return EXIT_FINE;
}

static int explain_page(struct cli *cli, redisContext *redis, const struct archive *archive,
                        const struct explain *what)
{
    static struct page_story story; /* large */
    const char *whom = cli->values[OPT_FOR], *lang = cli->values[OPT_LANG];

    story = (struct page_story){.archive = archive,
                                .id = what->id,
                                .partition = what->partition,
                                .lang = cli->lang,
                                .account = what->account,
                                .for_customer = whom && strcmp(whom, "customer") == 0};
    if (lang) story.lang = strcmp(lang, "zh") == 0 ? DS_ZH : DS_EN;
    if (!store_now_ms(redis, &story.now_ms)) return cli_fail(cli, EXIT_UNAVAILABLE, SAID_NO_TIME);
    if (!page_gather(&story)) return cli_fail(cli, EXIT_REJECTED, SAID_NO_TICKET, what->id);
    return write_page(cli, &story);
}

static void explain_story(struct cli *cli, redisContext *redis, const struct archive *archive,
                          const struct explain *what)
{
    const char *id = cli->argv[0];

    for (size_t i = 0; cli->json && i < archive->n; i++)
        cli_put_item(stdout, i, event_json(&archive->records[i]));
    if (cli->json) cli_put_end(stdout, archive->n);
    if (cli->json) return;
    if (strcmp(what->id, id) != 0) printf("%s: %s\n", id, what->id);
    explain_print(stdout, cli->lang, archive, what);
    if (what->kind == EXPLAIN_TICKET)
        watch_print_open(cli, redis, what->partition, what->id, archive, stdout);
}

static int run_explain(struct cli *cli)
{
    static struct explain what; /* large */
    const char *id = cli->argv[0];
    struct archive archive = {0};
    struct rt_conf conf;

    if ((is_clause(id) || cli->values[OPT_RULES]) && !wants_page(cli)) return run_clause(cli);
    int code = check_page(cli);
    if (code == EXIT_FINE) code = explain_check_id(cli, id);
    if (code == EXIT_FINE) code = cli_conf(cli, &conf);
    if (code != EXIT_FINE) return code;
    redisContext *redis = store_open(cli, &conf);
    if (!redis) return EXIT_UNAVAILABLE;
    uint32_t partitions = (uint32_t)conf.partitions;
    what = (struct explain){.person = cli->values[OPT_WHO]};
    code = store_versions(cli, redis, partitions, &archive);
    if (code == EXIT_FINE) code = books_whose(cli, &archive, what.person, NULL, &what.account);
    if (code == EXIT_FINE) code = explain_find(cli, redis, partitions, id, &archive, &what);
    if (code == EXIT_FINE && what.account && !explain_narrow(&archive, &what, id))
        code = explain_not_his(cli, &what);
    if (code == EXIT_FINE && wants_page(cli))
        code = explain_page(cli, redis, &archive, &what);
    else if (code == EXIT_FINE)
        explain_story(cli, redis, &archive, &what);
    redisFree(redis);
    archive_finish(&archive);
    return code;
}

static const struct option_spec explain_options[] = {
    [OPT_RULES] = {"--rules", "DIR", "a clause or clock of these rules, not of those in force"},
    [OPT_PAGE] = {"--page", "FILE.html",
                  "a ticket as a page to print (-: to stdout); with --json that, too"},
    [OPT_STORY] = {"--story", NULL, "the same page in the terminal; with --json for programs"},
    [OPT_FOR] = {"--for", "WHOM", "staff (default), or customer: no money, no accounts"},
    [OPT_LANG] = {"--lang", "zh|en", "of the page; else that of the locale"},
    [OPT_WHO] = {"--person", "ID",
                 "only if it was offered, or is booked, to this person or his outlet; without "
                 "what others are fined"},
    {NULL, NULL, NULL},
};

const struct command command_explain = {
    .name = "explain",
    .arguments = "ID | CLAUSE | CLOCK",
    .summary = "the whole story of a ticket, a call, a technician's day, a ledger entry, with "
               "reasons; or a clause or a clock",
    .details =
        "  doorstep explain T007-2               (a ticket: events, clocks, pauses, verdicts, "
        "money)\n"
        "  doorstep explain miss-1               (a call, by the telephone system's id, with the "
        "other\n"
        "                                         calls of its occasion)\n"
        "  doorstep explain wang/2007-03-01      (a technician's day: what he worked on, what "
        "reported it)\n"
        "  doorstep explain 7.1/person:wang/T007-6/dispatch#1    (what a ledger entry is about, by "
        "its key\n"
        "                                         or by its cause alone: T007-6/dispatch#1)\n"
        "  doorstep explain 7.22                 (a clause: its words, its price, how it is "
        "decided, which\n"
        "                                         events feed it, which numbers are our defaults; "
        "or with\n"
        "                                         --rules DIR, of files)\n"
        "  doorstep explain visit                (a clock: what is promised, its limit, who "
        "answers "
        "for it,\n"
        "                                         what a breach does; P2.1: all clocks promised "
        "there)\n"
        "  doorstep explain T007-2 --page T007-2.html --for customer --lang zh    (one page to "
        "print:\n"
        "                                         clocks as drawn lines, who held it, why)\n"
        "  doorstep explain T007-2 --story       (the same in the terminal)\n\n"
        "Reads the journals from their beginning, those of one partition for a ticket, of all of "
        "them to\n"
        "find a call, a day or an entry; what was settled long ago is found like what is going "
        "on. Memory\n"
        "holds what is printed, not what is read.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = explain_options,
    .run = run_explain,
};

/* ---- ledger ---- */

enum { OPT_PERSON, OPT_MONTH, OPT_CSV };

struct verify {
    const struct cli *cli;
    size_t broken;
};

static void chain_broken(void *self, const struct record *record)
{
    struct verify *verify = self;

    verify->broken++;
    if (!verify->cli->json)
        cli_print(verify->cli, SAID_CHAIN_AT, record->partition, (unsigned long long)record->seq,
                  record->entry
                      ? record->entry->key
                      : cli_say(verify->cli, "an entry that cannot be read", "无法读取的账目"));
}

/* For keeping elsewhere: what a proof is held against. */
static void print_heads(const struct cli *cli, const struct archive *archive)
{
    size_t position = 0;
    char hex[65];

    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i], *next = record + 1;
        const Ds__Event *msg = record->msg;
        if (msg->body_case == DS__EVENT__BODY_ENTRY_POSTED && msg->entry_posted->chain.len == 32) {
            position++;
            sodium_bin2hex(hex, sizeof hex, msg->entry_posted->chain.data, 32);
        }
        if (i + 1 < archive->n && next->partition == record->partition) continue;
        if (position > 0) cli_print(cli, SAID_CHAIN_HEAD, record->partition, position, hex);
        position = 0;
    }
}

static int verify_chain(const struct cli *cli, const struct archive *archive)
{
    struct verify verify = {cli, 0};
    size_t entries = archive_chain(archive, chain_broken, &verify);

    if (cli->json)
        printf("{\"entries\":%zu,\"broken\":%zu}\n", entries, verify.broken);
    else
        cli_print(cli, SAID_CHAIN, entries, verify.broken);
    if (!cli->json) print_heads(cli, archive);
    return verify.broken ? EXIT_REJECTED : EXIT_FINE;
}

static int run_ledger(struct cli *cli)
{
    struct archive archive = {0};
    struct ledger_filter filter = {0};
    bool verify = cli->argc == 1 && strcmp(cli->argv[0], "verify") == 0;

    if (cli->argc == 1 && !verify) return cli_fail(cli, EXIT_USAGE, SAID_LEDGER_WORDS);
    if (cli->values[OPT_MONTH]) {
        filter.month = books_parse_month(cli->values[OPT_MONTH]);
        if (filter.month == 0) return cli_fail(cli, EXIT_USAGE, SAID_MONTH);
    }
    int code = store_read(cli, UINT32_MAX, 1u << DS_LEDGER, &archive);
    if (code == EXIT_FINE)
        code = books_whose(cli, &archive, cli->values[OPT_PERSON], NULL, &filter.account);
    if (code == EXIT_FINE && verify)
        code = verify_chain(cli, &archive);
    else if (code == EXIT_FINE && cli->json)
        ledger_print_json(stdout, &archive, &filter);
    else if (code == EXIT_FINE && cli->values[OPT_CSV])
        ledger_print_csv(stdout, &archive, &filter);
    else if (code == EXIT_FINE)
        ledger_print_table(stdout, cli->lang, &archive, &filter);
    archive_finish(&archive);
    return code;
}

static const struct option_spec ledger_options[] = {
    [OPT_PERSON] = {"--person", "ID", "only this person, or his outlet; or an account (outlet:id)"},
    [OPT_MONTH] = {"--month", "YYYY-MM", "only this month"},
    [OPT_CSV] = {"--csv", NULL, "all columns, for a spreadsheet"},
    {NULL, NULL, NULL},
};

const struct command command_ledger = {
    .name = "ledger",
    .arguments = "[verify]",
    .summary = "fines and rewards, with sums per account; `verify` checks the hash chain",
    .details = "  doorstep ledger --month 2007-03 --person wang\n"
               "  doorstep ledger --csv > ledger.csv\n"
               "  doorstep ledger verify\n",
    .min_arguments = 0,
    .max_arguments = 1,
    .options = ledger_options,
    .run = run_ledger,
};
