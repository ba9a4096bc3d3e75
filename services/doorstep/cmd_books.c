/* SPDX-License-Identifier: MIT
 *
 * Subcommands that show what waits for a decision, and which months are closed: proposals,
 * obligations, appeals, month. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/books.h"
#include "doorstep/store_read.h"
#include "wire/json.h"

enum list { PROPOSALS, OBLIGATIONS, APPEALS };

/* Something that was opened, and perhaps closed. */
struct item {
    const struct record *opened;
    const struct record *closed; /* NULL: open */
    const char *key;
    const char *account;
    const char *text; /* what is owed; why it is appealed; "" */
    const char *text_zh;
    int64_t amount_fen;
    int64_t until_ms; /* can be decided until then; 0: no end */
};

struct items {
    struct item *list; /* owned */
    size_t n;
};

/* ---- from the journal ---- */

static const Ds__Entry *entry_of(const struct archive *archive, const char *key)
{
    for (size_t i = 0; i < archive->n; i++)
        if (archive->records[i].entry && strcmp(archive->records[i].entry->key, key) == 0)
            return archive->records[i].entry;
    return NULL;
}

static bool open_item(const struct archive *archive, const struct record *record, enum list which,
                      struct item *item)
{
    const Ds__Event *msg = record->msg;
    int type = (int)msg->body_case;

    *item = (struct item){.opened = record, .text = "", .text_zh = ""};
    if (which == PROPOSALS && type == DS_EV_PROPOSED) {
        item->key = msg->proposed->entry->key;
        item->account = msg->proposed->entry->account;
        item->amount_fen = msg->proposed->entry->amount_fen;
        item->until_ms = msg->proposed->expires_at_ms;
        return true;
    }
    if (which == OBLIGATIONS && type == DS_EV_OBLIGATION_OPENED) {
        item->key = msg->obligation_opened->key;
        item->account = msg->obligation_opened->account;
        item->text = msg->obligation_opened->obligation;
        item->text_zh = ds_str(msg->obligation_opened->obligation_zh);
        return true;
    }
    if (which == APPEALS && type == DS_EV_APPEAL_OPENED) {
        const Ds__Entry *entry = entry_of(archive, msg->appeal_opened->entry);
        item->key = msg->appeal_opened->entry;
        item->account = entry ? entry->account : "";
        item->amount_fen = entry ? entry->amount_fen : 0;
        item->text = item->text_zh = ds_str(msg->appeal_opened->reason);
        return true;
    }
    return false;
}

/* Key of what an event closes; NULL: nothing. */
static const char *closed_key(const Ds__Event *msg)
{
    switch ((int)msg->body_case) {
    case DS_EV_PROPOSAL_CONFIRMED: return msg->proposal_confirmed->proposal;
    case DS_EV_PROPOSAL_REJECTED: return msg->proposal_rejected->proposal;
    case DS_EV_PROPOSAL_EXPIRED: return msg->proposal_expired->proposal;
    case DS_EV_OBLIGATION_CLOSED: return msg->obligation_closed->key;
    case DS_EV_APPEAL_DECIDED: return msg->appeal_decided->entry;
    default: return NULL;
    }
}

static bool closes(enum list which, int type)
{
    if (which == OBLIGATIONS) return type == DS_EV_OBLIGATION_CLOSED;
    if (which == APPEALS) return type == DS_EV_APPEAL_DECIDED;
    return type == DS_EV_PROPOSAL_CONFIRMED || type == DS_EV_PROPOSAL_REJECTED ||
           type == DS_EV_PROPOSAL_EXPIRED;
}

static struct items collect(const struct archive *archive, enum list which)
{
    struct items items = {.list = calloc(archive->n + 1, sizeof(struct item))};

    if (!items.list) abort();
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (open_item(archive, record, which, &items.list[items.n])) items.n++;
        if (!closes(which, (int)record->msg->body_case)) continue;
        for (size_t k = 0; k < items.n; k++)
            if (strcmp(items.list[k].key, closed_key(record->msg)) == 0)
                items.list[k].closed = record;
    }
    return items;
}

static enum ds_word state_word(const struct item *item)
{
    const Ds__Event *msg = item->closed ? item->closed->msg : NULL;

    switch (msg ? (int)msg->body_case : 0) {
    case DS_EV_PROPOSAL_CONFIRMED: return DS_WORD_STATE_CONFIRMED;
    case DS_EV_PROPOSAL_REJECTED: return DS_WORD_STATE_REJECTED;
    case DS_EV_PROPOSAL_EXPIRED: return DS_WORD_STATE_EXPIRED;
    case DS_EV_OBLIGATION_CLOSED: return DS_WORD_STATE_DONE;
    case DS_EV_APPEAL_DECIDED:
        return msg->appeal_decided->granted ? DS_WORD_STATE_GRANTED : DS_WORD_STATE_UPHELD;
    default: return DS_WORD_STATE_OPEN;
    }
}

/* ---- out ---- */

static void print_item(const struct cli *cli, const struct archive *archive,
                       const struct item *item)
{
    const Ds__Event *msg = item->opened->msg;
    char at[32], until[32], yuan[32];
    const struct ds_zone *zone = archive_zone(archive, item->opened->partition);

    cli_local_time(at, msg->received_at_ms, zone);
    cli_yuan(yuan, item->amount_fen);
    printf("%s\n  %s %s, %s", item->key, ds_word(cli->lang, state_word(item)), at, item->account);
    if (item->amount_fen) printf(", %s %s", yuan, ds_word(cli->lang, DS_WORD_YUAN));
    if (item->text[0]) printf(", %s", cli_say(cli, item->text, item->text_zh));
    printf(", %s", ds_reason_text(cli->lang, (int)msg->reason));
    if (item->until_ms && !item->closed) {
        cli_local_time(until, item->until_ms, zone);
        printf(", %s %s", ds_word(cli->lang, DS_WORD_UNTIL), until);
    }
    if (item->closed) {
        cli_local_time(at, item->closed->msg->received_at_ms, zone);
        printf("\n  %s %s", at, ds_reason_text(cli->lang, (int)item->closed->msg->reason));
    }
    printf("\n");
}

static void put_why(json_t *object, const char *en, const char *zh, const Ds__Event *msg)
{
    json_object_set_new(object, en, json_string(ds_reason_text(DS_EN, (int)msg->reason)));
    json_object_set_new(object, zh, json_string(ds_reason_text(DS_ZH, (int)msg->reason)));
}

static json_t *item_json(const struct item *item)
{
    char fen[32], at[30];
    json_t *object = json_pack("{ss ss ss ss}", "key", item->key, "account", item->account, "state",
                               ds_word(DS_EN, state_word(item)), "text", item->text);
    json_object_set_new(object, "text_zh", json_string(item->text_zh));

    snprintf(fen, sizeof fen, "%lld", (long long)item->amount_fen);
    json_object_set_new(object, "amount_fen", json_string(fen));
    ds_rfc3339_format(item->opened->msg->received_at_ms, 0, at);
    json_object_set_new(object, "opened_at", json_string(at));
    if (item->until_ms) {
        ds_rfc3339_format(item->until_ms, 0, at);
        json_object_set_new(object, "until", json_string(at));
    }
    put_why(object, "why", "why_zh", item->opened->msg);
    if (item->opened->msg->body_case == DS__EVENT__BODY_PROPOSED) /* what it would become */
        json_object_set_new(object, "entry", ledger_entry_json(item->opened->msg->proposed->entry));
    if (item->closed) {
        ds_rfc3339_format(item->closed->msg->received_at_ms, 0, at);
        json_object_set_new(object, "closed_at", json_string(at));
        put_why(object, "closed_why", "closed_why_zh", item->closed->msg);
    }
    return object;
}

enum { OPT_ACCOUNT, OPT_ALL, OPT_PERSON };

static int run_list(struct cli *cli, enum list which)
{
    struct archive archive = {0};
    const char *account = NULL;
    size_t shown = 0;
    int code = store_read(cli, UINT32_MAX, 1u << DS_LEDGER, &archive);

    if (code == EXIT_FINE)
        code =
            books_whose(cli, &archive, cli->values[OPT_PERSON], cli->values[OPT_ACCOUNT], &account);
    if (code == EXIT_FINE) {
        struct items items = collect(&archive, which);
        for (size_t i = 0; i < items.n; i++) {
            const struct item *item = &items.list[i];
            if (item->closed && !cli->values[OPT_ALL]) continue;
            if (account && strcmp(item->account, account) != 0) continue;
            if (cli->json)
                cli_put_item(stdout, shown, item_json(item));
            else
                print_item(cli, &archive, item);
            shown++;
        }
        free(items.list);
        if (cli->json) cli_put_end(stdout, shown);
        if (shown == 0 && !cli->json) printf("%s\n", ds_word(cli->lang, DS_WORD_NOTHING_OPEN));
    }
    archive_finish(&archive);
    return code;
}

static int run_proposals(struct cli *cli)
{
    return run_list(cli, PROPOSALS);
}

static int run_obligations(struct cli *cli)
{
    return run_list(cli, OBLIGATIONS);
}

static int run_appeals(struct cli *cli)
{
    return run_list(cli, APPEALS);
}

static const struct option_spec list_options[] = {
    [OPT_ACCOUNT] = {"--account", "ID", "only this account: person:id, outlet:id, or the id alone"},
    [OPT_ALL] = {"--all", NULL, "what was decided or done, too"},
    [OPT_PERSON] = {"--person", "ID",
                    "only of the account this person works on: his or his outlet's"},
    {NULL, NULL, NULL},
};

const struct command command_proposals = {
    .name = "proposals",
    .arguments = "",
    .summary = "what the manager is asked to confirm or to reject, and until when",
    .details =
        "  doorstep proposals --account wang\n\n"
        "A proposal costs nothing until a manager confirms it. He does it by its key, with "
        "submit:\n\n"
        "  "
        "{\"by\":\"liu\",\"confirm_proposal\":{\"proposal\":\"7.9/person:wang/T007-6/"
        "callback#1\"}}\n"
        "  {\"by\":\"liu\",\"reject_proposal\":{\"proposal\":\"...\",\"reason\":\"photo shows the "
        "uniform\"}}\n\n"
        "A loss (7.17) wants \"amount_fen\" with the confirmation; \"serious\":true says that a "
        "case "
        "is serious\n(7.22). \"account\" says who answers for what is before the manager himself, "
        "because "
        "nobody was known.\nWhat nobody decides is dropped after the rulebook's time.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = list_options,
    .run = run_proposals,
};

const struct command command_obligations = {
    .name = "obligations",
    .arguments = "",
    .summary = "what is owed beside money: apologies, giving back, decisions on dismissal",
    .details =
        "  doorstep obligations --all\n\n"
        "An obligation stays open until a manager says that it was done, with submit:\n\n"
        "  {\"by\":\"liu\",\"close_obligation\":{\"obligation\":\"7.22/person:sun/intake/p003/"
        "9/owed#1\",\"note\":\"went there with him\"}}\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = list_options,
    .run = run_obligations,
};

const struct command command_appeals = {
    .name = "appeals",
    .arguments = "",
    .summary = "entries that somebody does not agree with, for the manager to decide",
    .details =
        "  doorstep appeals\n\n"
        "Whose entry it is (for an outlet: one of its people) appeals once, in time, with "
        "submit:\n\n"
        "  "
        "{\"by\":\"wang\",\"appeal_entry\":{\"entry\":\"7.1/person:wang/T007-6/"
        "dispatch#1\",\"reason"
        "\":\"no network in the cellar\"}}\n"
        "  {\"by\":\"liu\",\"decide_appeal\":{\"entry\":\"...\",\"grant\":true,\"reason\":\"so it "
        "was\"}}\n\n"
        "An entry is never edited: a granted appeal books its reversal.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = list_options,
    .run = run_appeals,
};

/* ---- month ---- */

static uint32_t after(uint32_t month)
{
    return month % 100 == 12 ? month + 100 - 11 : month + 1;
}

/* The first month in which anything happened there. */
static uint32_t first_month(const struct archive *archive, const struct ds_territory *territory)
{
    for (size_t i = 0; i < archive->n; i++)
        if (archive->records[i].partition == territory->partition)
            return ds_month_of(territory->calendar->zone, archive->records[i].msg->received_at_ms);
    return 0;
}

/* n: of how many before it. */
static void print_month(const struct cli *cli, const struct archive *archive, size_t n,
                        const struct ds_territory *territory)
{
    const struct ds_zone *zone = territory->calendar->zone;
    const Ds__MonthClosed *closing = books_closing(archive, territory->id);
    struct ledger_view view = books_view(archive, territory->partition);
    uint32_t next = closing ? after(closing->month) : first_month(archive, territory);
    char month[16] = "", open[16] = "", at[32] = "", from[32] = "";
    int64_t from_ms = next ? ledger_month_final_ms(&view, zone, next) + 1 : 0;

    if (closing) books_month_text(month, closing->month);
    if (closing) cli_local_time(at, closing->closed_at_ms, zone);
    if (next) books_month_text(open, next);
    if (next) cli_local_time(from, from_ms, zone);
    if (cli->json) {
        char from_text[32];
        snprintf(from_text, sizeof from_text, "%lld", (long long)from_ms);
        cli_put_item(stdout, n,
                     json_pack("{ss ss ss ss}", "territory", territory->id, "closed", month, "next",
                               open, "not_before_ms", from_text));
        return;
    }
    printf("%-12s ", territory->id);
    if (closing)
        printf("%s %s (%s)", ds_word(cli->lang, DS_WORD_CLOSED_UP_TO), month, at);
    else
        printf("%s", ds_word(cli->lang, DS_WORD_NONE_CLOSED));
    if (next)
        printf(", %s %s, %s %s", ds_word(cli->lang, DS_WORD_NEXT_MONTH), open,
               ds_word(cli->lang, DS_WORD_NOT_BEFORE), from);
    printf("\n");
}

enum { OPT_OF };

/* The territory of whoever is named; NULL: he belongs to all. */
static int find_home(struct cli *cli, const struct archive *archive,
                     const struct ds_territory **ret)
{
    const char *account;

    int code = books_whose(cli, archive, cli->values[OPT_OF], NULL, &account);
    if (code == EXIT_FINE) *ret = books_territory(archive, account);
    return code;
}

static int run_month(struct cli *cli)
{
    struct archive archive = {0};
    int code = store_read(cli, UINT32_MAX, 1u << DS_INTAKE | 1u << DS_LEDGER, &archive);
    const struct ds_version *rules = archive_in_force(&archive);

    const struct ds_territory *only = NULL;
    size_t n = 0;

    if (code == EXIT_FINE && cli->values[OPT_OF]) code = find_home(cli, &archive, &only);
    for (uint32_t i = 0; code == EXIT_FINE && rules && i < rules->n_territories; i++)
        if (!only || only == &rules->territories[i])
            print_month(cli, &archive, n++, &rules->territories[i]);
    if (code == EXIT_FINE && cli->json) cli_put_end(stdout, n);
    archive_finish(&archive);
    return code;
}

static const struct option_spec month_options[] = {
    [OPT_OF] = {"--person", "ID",
                "only the territory of this person, or of an account (outlet:id)"},
    {NULL, NULL, NULL},
};

const struct command command_month = {
    .name = "month",
    .arguments = "",
    .summary = "which months are closed, and from when the next one may be",
    .details =
        "  doorstep month\n\n"
        "A month may be closed when nothing can be judged in it any more: its end, the longest "
        "grace\n"
        "of any clock, and as long as a phone may have been out of reach. A manager does it, with "
        "submit:\n\n"
        "  {\"by\":\"liu\",\"territory\":\"county\",\"close_month\":{\"month\":200703}}\n\n"
        "Months before it that are still open are closed with it. Nothing opens a month again: "
        "what\n"
        "comes later is booked in the earliest open month and says which one it relates to.\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = month_options,
    .run = run_month,
};
