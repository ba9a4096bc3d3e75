/* SPDX-License-Identifier: MIT
 *
 * `doorstep calls --unanswered`: the list of those to be called back because nobody picked up
 * (7.8). */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "domain/calendar.h"
#include "doorstep/store_read.h"

enum { OPT_UNANSWERED, OPT_DATE, OPT_TERRITORY };

/* A call that was offered and went unanswered as far as is known. */
struct call {
    const struct record *said;
    const struct ds_territory *territory; /* NULL: the number is not in the directory any more */
    bool answered;                        /* said later than that, of an earlier time */
};

struct calls {
    struct call *list; /* owned */
    size_t n;
};

static bool is_about_calls(void *self, const struct record *record)
{
    (void)self;
    switch ((int)record->msg->body_case) {
    case DS_EV_CALL_OFFERED:
    case DS_EV_CALL_ANSWERED:
    case DS_EV_CALL_UNANSWERED: return true;
    default: return false;
    }
}

static struct call *find(struct calls *calls, const struct record *record, const char *id)
{
    for (size_t i = 0; i < calls->n; i++)
        if (calls->list[i].said->partition == record->partition &&
            strcmp(ds_str(calls->list[i].said->msg->subject), id) == 0)
            return &calls->list[i];
    return NULL;
}

/* The unanswered ones first: the other events only say more of them. */
static struct calls collect(const struct archive *archive)
{
    const struct ds_version *rules = archive_in_force(archive);
    struct calls calls = {.list = calloc(archive->n + 1, sizeof(struct call))};

    if (!calls.list) abort();
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (record->msg->body_case == DS__EVENT__BODY_CALL_UNANSWERED &&
            !find(&calls, record, ds_str(record->msg->subject)))
            calls.list[calls.n++] = (struct call){.said = record};
    }
    for (size_t i = 0; i < archive->n; i++) {
        const Ds__Event *msg = archive->records[i].msg;
        bool offered = msg->body_case == DS__EVENT__BODY_CALL_OFFERED;
        bool answered = msg->body_case == DS__EVENT__BODY_CALL_ANSWERED &&
                        msg->call_answered->answered_by == DS__ANSWERED_BY__NAME__PERSON;
        struct call *call =
            offered || answered ? find(&calls, &archive->records[i], ds_str(msg->subject)) : NULL;
        if (call && offered && rules)
            call->territory = ds_find_number(rules, ds_str(msg->call_offered->called));
        if (call && answered) call->answered = true;
    }
    return calls;
}

static const struct ds_zone *zone_of(const struct archive *archive, const struct call *call)
{
    return call->territory ? call->territory->calendar->zone
                           : archive_zone(archive, call->said->partition);
}

static bool is_wanted(const struct cli *cli, const struct archive *archive, const struct call *call,
                      int32_t day)
{
    const char *wanted = cli->values[OPT_TERRITORY];
    int64_t at_ms = call->said->msg->call_unanswered->offered_at_ms;

    if (call->answered) return false;
    if (wanted && !(call->territory && strcmp(call->territory->id, wanted) == 0)) return false;
    return !cli->values[OPT_DATE] || ds_local_day(zone_of(archive, call), at_ms) == day;
}

static json_t *call_json(const struct call *call)
{
    const Ds__Event *msg = call->said->msg;
    const Ds__CallUnanswered *said = msg->call_unanswered;

    return json_pack("{ss ss ss sI sI sb sb ss ss}", "call", ds_str(msg->subject), "territory",
                     call->territory ? call->territory->id : "", "caller", ds_str(said->caller),
                     "offered_at_ms", (json_int_t)said->offered_at_ms, "rang_ms",
                     (json_int_t)said->rang_ms, "all_busy", (int)said->all_busy, "in_gap",
                     (int)said->in_gap, "why", ds_reason_text(DS_EN, (int)msg->reason), "why_zh",
                     ds_reason_text(DS_ZH, (int)msg->reason));
}

static void print_line(const struct cli *cli, const struct archive *archive,
                       const struct call *call)
{
    const Ds__CallUnanswered *said = call->said->msg->call_unanswered;
    char at[32], rang[32];

    cli_local_time(at, said->offered_at_ms, zone_of(archive, call));
    cli_duration(rang, said->rang_ms);
    cli_put(stdout, at, 24);
    cli_put(stdout, ds_str(said->caller), 16);
    cli_put(stdout, rang, 9);
    cli_put(stdout, call->territory ? call->territory->id : "", 14);
    printf("%s\n", ds_reason_text(cli->lang, (int)call->said->msg->reason));
}

static void print(const struct cli *cli, const struct archive *archive, int32_t day)
{
    struct calls calls = collect(archive);
    json_t *list = json_array();
    size_t shown = 0;

    for (size_t i = 0; i < calls.n; i++) {
        if (!is_wanted(cli, archive, &calls.list[i], day)) continue;
        shown++;
        if (cli->json)
            json_array_append_new(list, call_json(&calls.list[i]));
        else
            print_line(cli, archive, &calls.list[i]);
    }
    if (cli->json)
        cli_print_json(json_incref(list));
    else if (shown == 0)
        printf("%s\n", ds_word(cli->lang, DS_WORD_NO_UNANSWERED));
    json_decref(list);
    free(calls.list);
}

static int run(struct cli *cli)
{
    struct archive archive = {.wanted = is_about_calls};
    const char *date = cli->values[OPT_DATE], *wanted = cli->values[OPT_TERRITORY];
    int32_t day = 0;

    if (!cli->values[OPT_UNANSWERED]) return cli_fail(cli, EXIT_USAGE, SAID_UNANSWERED);
    if (date && !ds_parse_date(date, &day)) return cli_fail(cli, EXIT_USAGE, SAID_DATE);
    int code = store_read(cli, UINT32_MAX, 1u << DS_INTAKE | 1u << DS_WATCHER, &archive);
    const struct ds_version *rules = archive_in_force(&archive);
    if (code == EXIT_FINE && wanted && !(rules && ds_find_territory(rules, wanted)))
        code = cli_fail(cli, EXIT_REJECTED, SAID_NO_TERRITORY, wanted);
    archive_sort_by_time(&archive);
    if (code == EXIT_FINE) print(cli, &archive, day);
    archive_finish(&archive);
    return code;
}

static const struct option_spec options[] = {
    [OPT_UNANSWERED] = {"--unanswered", NULL, "those that nobody answered; must be said"},
    [OPT_DATE] = {"--date", "DAY", "only of this day, YYYY-MM-DD, there"},
    [OPT_TERRITORY] = {"--territory", "ID", "only of this territory"},
    {NULL, NULL, NULL},
};

const struct command command_calls = {
    .name = "calls",
    .arguments = "",
    .summary = "calls that nobody answered: whom to call back",
    .details = "  doorstep calls --unanswered --date 2007-03-01\n\n"
               "All of them, those too that cost nobody anything: outside working time, all busy, "
               "in a gap of the\nfeed.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = options,
    .run = run,
};
