/* SPDX-License-Identifier: MIT
 *
 * `doorstep return check`: 8.1 to 8.7 for one product, from options or a file, without an
 * installation. What is asked has the form of the command check_return; a file has one on each
 * line.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/rules_files.h"
#include "intake/intake.h"
#include "rulebook/rulebook.h"
#include "sla-watcher/return_right.h"
#include "wire/json.h"

enum { READ_MAX = 16 * 1024 * 1024, ARENA = 1024 * 1024 };

enum {
    OPT_CATEGORY,
    OPT_INVOICED,
    OPT_PRICE,
    OPT_REPORTED,
    OPT_RETURNED,
    OPT_FAULT,
    OPT_DEFORMED,
    OPT_UNPACKED,
    OPT_INSTALLED,
    OPT_CUSTOMER,
    OPT_NO_SAME,
    OPT_WISH,
    OPT_REPORT,
    OPT_COMPLETE,
    OPT_INTERVALS,
    OPT_RULES,
    OPT_TERRITORY,
};

static const struct option_spec options[] = {
    [OPT_CATEGORY] = {"--category", "NAME", "e.g. television"},
    [OPT_INVOICED] = {"--invoiced", "DATE", "date of the invoice, YYYY-MM-DD"},
    [OPT_PRICE] = {"--price-fen", "FEN", "price on the invoice"},
    [OPT_REPORTED] = {"--reported", "DATE", "this fault for the first time (or REPAIR's from)"},
    [OPT_RETURNED] = {"--returned", "DATE", "day of the exchange or return"},
    [OPT_FAULT] = {"--main-fault", NULL, "a fault of main performance"},
    [OPT_DEFORMED] = {"--deformed", NULL, "badly deformed when just unpacked"},
    [OPT_UNPACKED] = {"--unpacked", "DATE", "day of unpacking (8.5)"},
    [OPT_INSTALLED] = {"--installed", "DATE", "day of installation (8.5)"},
    [OPT_CUSTOMER] = {"--by-customer", NULL, "the deformation is the customer's doing"},
    [OPT_NO_SAME] = {"--no-same-model", NULL, "the same model is not to be had"},
    [OPT_WISH] = {"--wish", "WHAT", "REPAIR EXCHANGE OTHER_MODEL RETURN"},
    [OPT_REPORT] = {"--report", "STATE", "MISSING MATCHES DIFFERS"},
    [OPT_COMPLETE] = {"--complete", NULL, "accessories are complete"},
    [OPT_INTERVALS] = {"--intervals", "LIST", "KIND=FROM/TO,... (RFC 3339; no TO: still open)"},
    [OPT_RULES] = {"--rules", "DIR", "with rulebook.yaml and directory.yaml (or --dir)"},
    [OPT_TERRITORY] = {"--territory", "ID", "whose local dates (the first one)"},
    {NULL, NULL, NULL},
};

/* Options as the field of the message that they stand for; NULL: not one of it. */
static const char *const fields[] = {
    [OPT_CATEGORY] = "category",      [OPT_INVOICED] = "invoiced_on",
    [OPT_PRICE] = "price_fen",        [OPT_REPORTED] = "reported_on",
    [OPT_RETURNED] = "returned_on",   [OPT_FAULT] = "main_fault",
    [OPT_DEFORMED] = "deformed",      [OPT_UNPACKED] = "unpacked_on",
    [OPT_INSTALLED] = "installed_on", [OPT_CUSTOMER] = "by_customer",
    [OPT_NO_SAME] = "no_same_model",  [OPT_WISH] = "wish",
    [OPT_REPORT] = "report",          [OPT_COMPLETE] = "accessories_complete",
};

/* ---- what is asked ---- */

static int fail(const struct cli *cli, const char *where, const struct ds_fault *fault)
{
    static const char prefix[] = "check_return.";
    char text[512];
    const char *field = fault->field;

    if (strncmp(field, prefix, strlen(prefix)) == 0) field += strlen(prefix);
    ds_code_text(text, sizeof text, cli->lang, fault->code, field, fault->expected);
    return cli_fail(cli, EXIT_REJECTED, SAID_LINE_REFUSED, where, ds_code_name(fault->code), text);
}

/* "PARTS=2007-03-01T08:00:00+08:00/2007-03-05T08:00:00+08:00", the end perhaps missing. */
static json_t *interval_of(char *text)
{
    json_t *interval = json_object();
    char *from = strchr(text, '=');
    char *end = from ? strchr(from, '/') : NULL;

    if (from) *from++ = '\0';
    if (end) *end++ = '\0';
    json_object_set_new(interval, "kind", json_string(text));
    if (from) json_object_set_new(interval, "from_ms", json_string(from));
    if (end && end[0]) json_object_set_new(interval, "to_ms", json_string(end));
    return interval;
}

static json_t *of_options(const struct cli *cli)
{
    json_t *object = json_object();

    for (size_t o = 0; o < sizeof fields / sizeof fields[0]; o++) {
        if (!cli->values[o]) continue;
        json_object_set_new(object, fields[o],
                            options[o].value ? json_string(cli->values[o]) : json_true());
    }
    if (!cli->values[OPT_INTERVALS]) return object;
    char *list = strdup(cli->values[OPT_INTERVALS]), *rest = list;
    json_t *intervals = json_array();
    for (char *one; (one = strsep(&rest, ","));)
        json_array_append_new(intervals, interval_of(one));
    json_object_set_new(object, "intervals", intervals);
    free(list);
    return object;
}

/* The form of every field, as the door checks it, then what the fields say together. */
static enum ds_code check(Ds__CheckReturn *asked, struct ds_fault *fault)
{
    Ds__Command command = DS__COMMAND__INIT;

    command.body_case = DS__COMMAND__BODY_CHECK_RETURN;
    command.check_return = asked;
    command.ticket = (char *)"T000-1"; /* on the bus it is asked of a ticket */
    size_t len = ds__command__get_packed_size(&command);
    uint8_t *bytes = malloc(len);
    if (!bytes) abort();
    ds__command__pack(&command, bytes);
    enum ds_code code = ds_check_message(&ds__command__descriptor, bytes, len, fault);
    free(bytes);
    if (code == DS_CODE_OK) code = intake_check_required(&command, fault);
    if (code == DS_CODE_OK) code = intake_check_sense(&command, fault);
    if (code == DS_CODE_OK && !asked->returned_on)
        code = intake_fail(fault, DS_CODE_MISSING_FIELD, "returned_on",
                           "the day of the exchange or return, YYYY-MM-DD");
    return code;
}

/* ---- the answer ---- */

static void answer(const struct cli *cli, const struct ds_version *version,
                   const struct ds_zone *zone, const Ds__CheckReturn *asked)
{
    static struct watch_return_case facts; /* large */
    static struct ds_out out;
    struct watch_return decided;
    Ds__ReturnDecided told = DS__RETURN_DECIDED__INIT;

    facts = (struct watch_return_case){.rules = version,
                                       .zone = zone,
                                       .said = asked,
                                       .returned_day = WATCH_NO_DATE,
                                       .reported_day = WATCH_NO_DATE,
                                       .report = asked->report,
                                       .accessories_complete = asked->accessories_complete,
                                       .repairer = ds_str(asked->account)};
    if (ds_find_skill(version, asked->category) < 0)
        cli_fail(cli, 0, SAID_UNKNOWN_CATEGORY, asked->category);
    watch_add_intervals(&facts, asked);
    watch_decide_return(&facts, &decided);
    ds_out_reset(&out);
    watch_tell_return(&out, &facts, &decided, &told);
    if (cli->json)
        cli_print_message(stdout, &told.base);
    else
        return_print_decided(stdout, cli->lang, &told, version, zone, 0);
}

static int take(const struct cli *cli, const struct ds_version *version, const struct ds_zone *zone,
                const json_t *object, const char *where)
{
    struct ds_arena arena;
    struct ds_fault fault = {0};
    int code = EXIT_FINE;

    ds_arena_init(&arena, ARENA);
    Ds__CheckReturn *asked =
        (Ds__CheckReturn *)ds_json_to(&ds__check_return__descriptor, object, &arena, &fault);
    if (!asked || check(asked, &fault) != DS_CODE_OK)
        code = fail(cli, where, &fault);
    else
        answer(cli, version, zone, asked);
    ds_arena_finish(&arena);
    return code;
}

static int take_line(const struct cli *cli, const struct ds_version *version,
                     const struct ds_zone *zone, const char *text, size_t len, unsigned number)
{
    struct ds_fault fault = {0};
    char where[600];
    int line, column;

    if (len == 0 || text[0] == '#') return EXIT_FINE;
    json_t *object = ds_json_load(text, len, &fault, &line, &column);
    if (!object) {
        snprintf(where, sizeof where, "%s:%u:%d: ", cli->argv[1], number, column);
        return fail(cli, where, &fault);
    }
    snprintf(where, sizeof where, "%s:%u: ", cli->argv[1], number);
    int code = take(cli, version, zone, object, where);
    json_decref(object);
    return code;
}

static int take_file(const struct cli *cli, const struct ds_version *version,
                     const struct ds_zone *zone)
{
    size_t len;
    char *text = cli_read_file(cli, cli->argv[1], READ_MAX, &len);
    int worst = EXIT_FINE;
    unsigned number = 1;

    if (!text) return EXIT_USAGE;
    for (const char *at = text, *end; at < text + len; at = end + 1, number++) {
        end = memchr(at, '\n', (size_t)(text + len - at));
        if (!end) end = text + len;
        int code = take_line(cli, version, zone, at, (size_t)(end - at), number);
        if (code != EXIT_FINE) worst = code;
    }
    free(text);
    return worst;
}

static const struct ds_zone *zone_of(const struct cli *cli, const struct ds_version *version)
{
    const char *id = cli->values[OPT_TERRITORY];
    const struct ds_territory *territory =
        id ? ds_find_territory(version, id) : &version->territories[0];

    if (!territory) cli_fail(cli, EXIT_USAGE, SAID_NO_TERRITORY, id);
    return territory ? territory->calendar->zone : NULL;
}

static int run_return(struct cli *cli)
{
    struct rules_files files = {0};

    if (strcmp(cli->argv[0], "check") != 0) return cli_fail(cli, EXIT_USAGE, SAID_RETURN_WORDS);
    for (size_t o = 0; cli->argc == 2 && o <= OPT_INTERVALS; o++)
        if (cli->values[o]) return cli_fail(cli, EXIT_USAGE, SAID_BESIDE_A_FILE, options[o].name);
    const char *dir = cli->values[OPT_RULES] ? cli->values[OPT_RULES] : cli->dir;
    int code = rules_read(cli, dir, &files);
    if (code != EXIT_FINE) return code;
    struct ds_version *version = rules_compile(cli, &files, 1, DS_PARTITIONS_MAX);
    const struct ds_zone *zone = version ? zone_of(cli, version) : NULL;
    if (!version) {
        code = EXIT_REJECTED;
    } else if (!zone) {
        code = EXIT_USAGE;
    } else if (cli->argc == 2) {
        code = take_file(cli, version, zone);
    } else {
        json_t *object = of_options(cli);
        code = take(cli, version, zone, object, "");
        json_decref(object);
    }
    ds_version_destroy(version);
    rules_finish(&files);
    return code;
}

const struct command command_return = {
    .name = "return",
    .arguments = "check [FILE]",
    .summary = "may a product be exchanged or returned, why, and for how much (8.1 to 8.7)",
    .details =
        "  doorstep return check --rules deploy --category television --price-fen 299900 "
        "--invoiced 2007-03-01 --reported 2007-03-08 --returned 2007-03-09 --main-fault\n"
        "  doorstep return check --rules deploy --json checks.ndjson\n\n"
        "A line of FILE is the body of the command check_return (\"-\" is standard input).\n"
        "Intervals: REPAIR from the report of a fault until it was repaired; PARTS, CUSTOMER and\n"
        "OTHER are waits within it. On the bus a ticket adds its own; one that is long over has\n"
        "forgotten them: reopen it, or register the fault anew. These are company rules, not all "
        "of a customer's legal "
        "rights.\n",
    .min_arguments = 1,
    .max_arguments = 2,
    .options = options,
    .run = run_return,
};
