/* SPDX-License-Identifier: MIT
 *
 * `doorstep candidates`: whom the dispatcher would ask for a job, in its own order and by its own
 * rules, and what speaks against the others. */
#include <stdlib.h>
#include <string.h>

#include "dispatcher/dispatcher.h"
#include "domain/ids.h"
#include "doorstep/live_read.h"

struct candidate {
    struct dispatch_ranked ranked;
    uint32_t against;
    bool current; /* he is asked, or holds it */
};

struct candidates {
    struct live *live;
    const struct ds_version *rules;
    const char *id;
    uint32_t partition;
    Ds__DispatchTicket **others; /* owned; of the partition, without this one */
    size_t n_others;
    struct dispatch_ticket ticket;
    Ds__DispatchTicket *state; /* owned; NULL: not live */
    struct candidate list[DS_ACCOUNTS_MAX];
    size_t n;
};

/* Jobs on somebody's hands; asking does not count the job at hand. */
static uint32_t open_jobs(const void *self, const char *account)
{
    const struct candidates *all = self;
    uint32_t jobs = 0;

    for (size_t i = 0; i < all->n_others; i++) {
        const Ds__PastOffer *offer = live_offer(all->others[i]);
        jobs += offer && strcmp(offer->account, account) == 0;
    }
    return jobs;
}

static bool read_tickets(struct candidates *all)
{
    redisReply *reply =
        redisCommand(all->live->redis, "HGETALL {p%03u}:dispatcher:state", all->partition);
    bool good = reply && reply->type == REDIS_REPLY_ARRAY;

    all->others = calloc(good ? reply->elements / 2 + 1 : 1, sizeof all->others[0]);
    if (!all->others) abort();
    for (size_t i = 0; good && i + 1 < reply->elements; i += 2) {
        const redisReply *key = reply->element[i], *value = reply->element[i + 1];
        if (key->str[0] != 'T') continue;
        Ds__DispatchTicket *state =
            ds__dispatch_ticket__unpack(NULL, value->len, (const uint8_t *)value->str);
        if (state && strcmp(key->str + 1, all->id) == 0)
            all->state = state;
        else if (state)
            all->others[all->n_others++] = state;
    }
    if (reply) freeReplyObject(reply);
    return good;
}

static int best_first(const void *a, const void *b)
{
    const struct candidate *one = a, *two = b;

    if (!one->against != !two->against) return one->against ? 1 : -1;
    return dispatch_is_preferred(&one->ranked, &two->ranked) ? -1 : 1;
}

static void appraise(struct candidates *all)
{
    struct dispatch_load load = {open_jobs, all};
    const struct ds_territory *territory = ds_find_territory(all->rules, all->state->territory);
    const Ds__PastOffer *current = live_offer(all->state);
    struct dispatch_ticket *ticket = &all->ticket;

    ticket->state = *all->state;
    if (all->state->n_offers > 0)
        memcpy(ticket->offers, all->state->offers, all->state->n_offers * sizeof ticket->offers[0]);
    ticket->state.offers = ticket->offers;
    for (uint32_t i = 0; i < all->rules->n_accounts; i++) {
        const struct ds_account *account = &all->rules->accounts[i];
        if (account->territory != territory) continue;
        struct candidate *one = &all->list[all->n++];
        one->against = dispatch_appraise(all->rules, &load, ticket, account, &one->ranked);
        one->current = current && strcmp(current->account, account->key) == 0;
    }
    if (all->n > 0) qsort(all->list, all->n, sizeof all->list[0], best_first);
}

/* ---- out ---- */

enum { REASONS_MAX = 7, REASON_TEXT = 80 };

/* Why, or why not. Returns how many. */
static int reasons_of(const struct candidate *one, enum ds_lang lang,
                      char ret[REASONS_MAX][REASON_TEXT])
{
    static const struct {
        uint32_t against;
        enum ds_word word;
    } rows[] = {{DISPATCH_UNSKILLED, DS_WORD_UNSKILLED},
                {DISPATCH_OUT_OF_REACH, DS_WORD_OUT_OF_REACH},
                {DISPATCH_REFUSED, DS_WORD_HAS_REFUSED},
                {DISPATCH_FULL, DS_WORD_HANDS_FULL}};
    int n = 0;

    if (one->current) ds_copy(ret[n++], REASON_TEXT, ds_word(lang, DS_WORD_HAS_IT_NOW));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (one->against & rows[i].against)
            ds_copy(ret[n++], REASON_TEXT, ds_word(lang, rows[i].word));
    if (one->ranked.area_match) ds_copy(ret[n++], REASON_TEXT, ds_word(lang, DS_WORD_KNOWS_AREA));
    snprintf(ret[n++], REASON_TEXT, lang == DS_ZH ? "在手 %u 单,至多 %u 单" : "%u of %u jobs",
             one->ranked.open_jobs, one->ranked.account->max_open);
    return n;
}

static json_t *reasons_json(const struct candidate *one, enum ds_lang lang)
{
    char reasons[REASONS_MAX][REASON_TEXT];
    int n = reasons_of(one, lang, reasons);
    json_t *list = json_array();

    for (int i = 0; i < n; i++)
        json_array_append_new(list, json_string(reasons[i]));
    return list;
}

static void print_json(const struct candidates *all)
{
    json_t *list = json_array();

    for (size_t i = 0; i < all->n; i++) {
        const struct candidate *one = &all->list[i];
        bool fits = one->against == 0;
        json_array_append_new(
            list, json_pack("{ss ss so sb so so sI sI}", "account", one->ranked.account->key,
                            "name", one->ranked.account->name, "rank",
                            fits ? json_integer((json_int_t)i + 1) : json_null(), "fits", fits,
                            "reasons", reasons_json(one, DS_EN), "reasons_zh",
                            reasons_json(one, DS_ZH), "load", (json_int_t)one->ranked.open_jobs,
                            "max_open", (json_int_t)one->ranked.account->max_open));
    }
    cli_print_json(json_pack("{ss so}", "ticket", all->id, "candidates", list));
}

static void print_table(const struct cli *cli, const struct candidates *all)
{
    char reasons[REASONS_MAX][REASON_TEXT], rank[24];

    for (size_t i = 0; i < all->n; i++) {
        const struct candidate *one = &all->list[i];
        int n = reasons_of(one, cli->lang, reasons);
        snprintf(rank, sizeof rank, "%zu", i + 1);
        printf("%3s  ", one->against ? "-" : rank);
        cli_put(stdout, one->ranked.account->key, 20);
        cli_put(stdout, one->ranked.account->name, 14);
        for (int r = 0; r < n; r++)
            printf("%s%s", r ? (cli->lang == DS_ZH ? ";" : "; ") : " ", reasons[r]);
        printf("\n");
    }
}

static int run(struct cli *cli)
{
    static struct live live; /* large */
    static struct candidates all;
    uint64_t seq;

    all = (struct candidates){.live = &live, .id = cli->argv[0]};
    if (!ds_parse_ticket_id(all.id, &all.partition, &seq))
        return cli_fail(cli, EXIT_USAGE, SAID_TICKET_ID, all.id);
    int code = live_open(cli, &live);
    all.rules = archive_in_force(&live.archive);
    if (code == EXIT_FINE && !read_tickets(&all))
        code = cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
    if (code == EXIT_FINE && (!all.state || !all.rules))
        code = cli_fail(cli, EXIT_REJECTED, SAID_NO_LIVE_TICKET, all.id, all.id);
    if (code == EXIT_FINE) appraise(&all);
    if (code == EXIT_FINE && cli->json)
        print_json(&all);
    else if (code == EXIT_FINE)
        print_table(cli, &all);
    for (size_t i = 0; i < all.n_others; i++)
        ds__dispatch_ticket__free_unpacked(all.others[i], NULL);
    if (all.state) ds__dispatch_ticket__free_unpacked(all.state, NULL);
    free(all.others);
    live_close(&live);
    return code;
}

static const struct option_spec no_options[] = {{NULL, NULL, NULL}};

const struct command command_candidates = {
    .name = "candidates",
    .arguments = "TICKET",
    .summary = "whom to ask for a job, best first, and what speaks against the others",
    .details = "  doorstep candidates T007-2\n\n"
               "By the dispatcher's own rules: skills, reach, who has refused, room for one more; "
               "then whoever\nknows the area, then the one with fewer jobs.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = no_options,
    .run = run,
};
