/* SPDX-License-Identifier: MIT
 *
 * `doorstep customer`: who calls, and what is under way for him. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/board.h"
#include "wire/json.h"

enum { IDS_MAX = 256, ID_SIZE = DS_ID_MAX + 1 };

struct customer {
    const struct cli *cli;
    const struct live *live;
    char ids[IDS_MAX][ID_SIZE];
    const char *named[IDS_MAX];
    size_t n;
    json_t *open, *recent;
    size_t shown;
};

/* He may have tickets in several territories. */
static bool find(struct customer *customer, const struct live *live, const char *phone)
{
    bool good = true;

    for (uint32_t p = 0; p < live->partitions; p++)
        redisAppendCommand(live->redis, "HGET {p%03u}:intake:state U%s", p, phone);
    for (uint32_t p = 0; p < live->partitions; p++) {
        void *got;
        if (redisGetReply(live->redis, &got) != REDIS_OK) return false;
        redisReply *reply = got;
        good = good && reply->type != REDIS_REPLY_ERROR;
        Ds__IntakeCustomer *state =
            reply->type == REDIS_REPLY_STRING
                ? ds__intake_customer__unpack(NULL, reply->len, (const uint8_t *)reply->str)
                : NULL;
        for (size_t i = 0; state && i < state->n_rows && customer->n < IDS_MAX; i++) {
            snprintf(customer->ids[customer->n], ID_SIZE, "%s", ds_str(state->rows[i]->ticket));
            customer->named[customer->n] = customer->ids[customer->n];
            customer->n++;
        }
        if (state) ds__intake_customer__free_unpacked(state, NULL);
        freeReplyObject(reply);
    }
    return good;
}

static void print_line(const struct customer *customer, const struct live_ticket *ticket)
{
    const Ds__TicketHead *head = ticket->intake->head;
    const Ds__PastOffer *offer = live_offer(ticket->dispatch);
    enum ds_lang lang = customer->cli->lang;
    bool open = ticket->intake->phase == DS__PHASE__NAME__OPEN;
    char at[32];

    cli_local_time(at, head->reported_at_ms,
                   archive_zone(&customer->live->archive, ticket->partition));
    cli_put(stdout, ticket->id, 14);
    cli_put(stdout, ds_word(lang, board_kind(head)), 18);
    cli_put(stdout, ds_word(lang, open ? DS_WORD_STATE_OPEN : DS_WORD_DONE), 10);
    cli_put(stdout, at, 24);
    cli_put(stdout, offer ? offer->account : "", 20);
    printf(" %s %s %s\n", ds_str(head->category), ds_str(head->model), ds_str(head->symptom));
}

static void take(void *self, const struct live_ticket *ticket)
{
    struct customer *customer = self;
    bool open = ticket->intake->phase == DS__PHASE__NAME__OPEN;

    customer->shown++;
    if (!customer->cli->json)
        print_line(customer, ticket);
    else if (open)
        json_array_append_new(customer->open, board_row(customer->live, ticket));
    else
        json_array_append_new(customer->recent,
                              json_pack("{ss so ss}", "ticket", ticket->id, "head",
                                        ds_json_of(&ticket->intake->head->base), "phase",
                                        board_phase(ticket->intake)));
}

static int run(struct cli *cli)
{
    static struct live live; /* large */
    static struct customer customer;
    const char *phone = cli->argv[0];

    customer = (struct customer){
        .cli = cli, .live = &live, .open = json_array(), .recent = json_array()};
    int code = live_open(cli, &live);
    if (code == EXIT_FINE && !find(&customer, &live, phone))
        code = cli_fail(cli, EXIT_UNAVAILABLE, SAID_REDIS_WENT);
    if (code == EXIT_FINE && customer.n > 0)
        code = live_tickets(cli, &live, customer.named, customer.n, take, &customer);
    if (code == EXIT_FINE && cli->json)
        cli_print_json(json_pack("{ss sO sO}", "phone", phone, "open", customer.open, "recent",
                                 customer.recent));
    else if (code == EXIT_FINE && customer.shown == 0)
        printf("%s\n", ds_word(cli->lang, DS_WORD_NO_TICKETS));
    json_decref(customer.open);
    json_decref(customer.recent);
    live_close(&live);
    return code;
}

static const struct option_spec no_options[] = {{NULL, NULL, NULL}};

const struct command command_customer = {
    .name = "customer",
    .arguments = "PHONE",
    .summary = "what is under way for a customer, and what was done for him of late",
    .details = "  doorstep customer 13907360001\n\n"
               "Remembered is what is open, and what was closed as long ago as a ticket can be "
               "reopened.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = no_options,
    .run = run,
};
