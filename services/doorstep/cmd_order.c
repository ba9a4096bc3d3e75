/* SPDX-License-Identifier: MIT
 *
 * `doorstep order`: what is printed on the service order (安装维修服务单) that a technician takes
 * with him. */
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "doorstep/board.h"
#include "doorstep/books.h"
#include "wire/json.h"

enum { OPT_PERSON };

struct order {
    const struct cli *cli;
    struct live *live;
    const char *id;
    const char *account;  /* only if the job is his; NULL: whoever asks */
    struct archive story; /* events of this ticket */
    json_t *row;          /* NULL: not live, or not his */
    uint32_t partition;
};

static void take(void *self, const struct live_ticket *ticket)
{
    struct order *order = self;

    if (order->account && !board_is_of(ticket, order->account)) return;
    order->row = board_row(order->live, ticket);
}

static bool is_of_ticket(void *self, const struct record *record)
{
    const struct order *order = self;

    return strcmp(ds_str(record->msg->subject), order->id) == 0;
}

/* ---- what the events say, the last of each kind ---- */

struct facts {
    const Ds__Register *report;
    const Ds__CorrectAddress *address;
    const Ds__FillOrder *filled;
    const Ds__FileResult *result;
};

static struct facts facts_of(const struct archive *story)
{
    struct facts facts = {0};

    for (size_t i = 0; i < story->n; i++) {
        const Ds__Event *msg = story->records[i].msg;
        switch ((int)msg->body_case) {
        case DS_EV_REGISTERED: facts.report = msg->registered->report; break;
        case DS_EV_ADDRESS_CORRECTED: facts.address = msg->address_corrected; break;
        case DS_EV_ORDER_FILLED: facts.filled = msg->order_filled; break;
        case DS_EV_REOPENED: facts.result = NULL; break;
        case DS_EV_RESULT_FILED: facts.result = msg->result_filed->result; break;
        default: break;
        }
    }
    return facts;
}

static json_t *customer_json(const struct facts *facts)
{
    json_t *object = facts->report && facts->report->customer
                         ? ds_json_of(&facts->report->customer->base)
                         : json_object();

    if (facts->address) {
        json_t *corrected = ds_json_of(&facts->address->base);
        json_object_del(corrected, "zone");
        json_object_update(object, corrected);
        json_decref(corrected);
    }
    return object;
}

static json_t *line_json(const char *key, enum ds_word word, protobuf_c_boolean has, int64_t fen)
{
    json_t *line = json_pack("{ss ss ss}", "key", key, "label", ds_word(DS_EN, word), "label_zh",
                             ds_word(DS_ZH, word));

    if (has) json_object_set_new(line, "amount_fen", json_integer(fen));
    return line;
}

/* To be filled in by hand, until a result has been filed. */
static json_t *charges_json(const Ds__FileResult *result)
{
    static const Ds__FileResult blank = DS__FILE_RESULT__INIT;
    const Ds__FileResult *filed = result ? result : &blank;
    bool all = filed->has_labour_fen && filed->has_parts_fen;

    return json_pack(
        "[o o o o]", line_json("labour", DS_WORD_LABOUR, filed->has_labour_fen, filed->labour_fen),
        line_json("parts", DS_WORD_PARTS, filed->has_parts_fen, filed->parts_fen),
        line_json("tariff", DS_WORD_TARIFF, filed->has_tariff_fen, filed->tariff_fen),
        line_json("total", DS_WORD_ALL, all, all ? filed->labour_fen + filed->parts_fen : 0));
}

static json_t *signatures_json(void)
{
    return json_pack("[o o o]", line_json("customer", DS_WORD_SIGNED_CUSTOMER, 0, 0),
                     line_json("technician", DS_WORD_SIGNED_TECHNICIAN, 0, 0),
                     line_json("clerk", DS_WORD_SIGNED_CLERK, 0, 0));
}

/* Whoever holds it, else whom it is offered to. */
static json_t *technician_json(const struct order *order)
{
    const json_t *dispatch = json_object_get(order->row, "dispatch");
    const char *key = json_string_value(json_object_get(dispatch, "holder"));
    const json_t *offer = json_object_get(dispatch, "offer");
    const struct ds_version *rules = archive_in_force(&order->live->archive);

    if (json_is_object(offer)) key = json_string_value(json_object_get(offer, "account"));
    if (!key || !key[0]) return json_null();
    const struct ds_account *account = rules ? ds_find_account(rules, key) : NULL;
    return json_pack("{ss ss}", "account", key, "name", account ? account->name : "");
}

/* When we promised to be there, and when the complaint is to be settled. */
static json_t *promises_json(const struct order *order)
{
    json_t *list = json_array(), *clock;
    size_t i;

    json_array_foreach(json_object_get(order->row, "clocks"), i, clock)
    {
        const char *name = json_string_value(json_object_get(clock, "clock"));
        if (strcmp(name, "visit") == 0 || strcmp(name, "complaint") == 0)
            json_array_append(list, clock);
    }
    return list;
}

static json_t *order_json(const struct order *order)
{
    struct facts facts = facts_of(&order->story);
    const Ds__Register *report = facts.report;
    const json_t *head = json_object_get(order->row, "head");
    json_t *remedies = json_object_get(json_object_get(order->row, "dispatch"), "remedies");

    return json_pack("{ss sO ss so so ss ss sO so so sO so so}", "ticket", order->id, "head", head,
                     "order_no", facts.filled ? ds_str(facts.filled->order_no) : "", "customer",
                     customer_json(&facts), "product",
                     report && report->product ? ds_json_of(&report->product->base) : json_object(),
                     "symptom", report ? ds_str(report->symptom) : "", "note",
                     report ? ds_str(report->note) : "", "appointment",
                     json_object_get(order->row, "appointment"), "promises", promises_json(order),
                     "technician", technician_json(order), "remedies", remedies, "charges",
                     charges_json(facts.result), "signatures", signatures_json());
}

/* ---- for people ---- */

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static void put_row(const struct cli *cli, enum ds_word label, const char *a, const char *b,
                    const char *c)
{
    printf("  ");
    cli_put(stdout, ds_word(cli->lang, label), 20);
    printf("%s%s%s%s%s\n", a, b[0] ? "  " : "", b, c[0] ? "  " : "", c);
}

static void put_promises(const struct order *order, const json_t *printed)
{
    char due[32];
    json_t *clock;
    size_t i;

    json_array_foreach(json_object_get(printed, "promises"), i, clock)
    {
        const json_t *at = json_object_get(clock, "due_at_ms");
        due[0] = '\0';
        if (at)
            cli_local_time(due, json_integer_value(at),
                           archive_zone(&order->live->archive, order->partition));
        put_row(order->cli, DS_WORD_PROMISED,
                ds_clock_word(order->cli->lang, strcmp(text_at(clock, "clock"), "visit") == 0
                                                    ? DS_CLOCK_VISIT
                                                    : DS_CLOCK_COMPLAINT),
                at ? due : ds_word(order->cli->lang, DS_WORD_PAUSED), "");
    }
}

static void put_lines(const struct cli *cli, const json_t *lines)
{
    json_t *line;
    size_t i;
    char yuan[32];

    json_array_foreach(lines, i, line)
    {
        const json_t *fen = json_object_get(line, "amount_fen");
        cli_yuan(yuan, json_integer_value(fen));
        printf("  ");
        cli_put(stdout, text_at(line, cli->lang == DS_ZH ? "label_zh" : "label"), 20);
        printf("%s\n", fen ? yuan : "____________");
    }
}

static void print_paper(const struct order *order, const json_t *printed)
{
    const struct cli *cli = order->cli;
    const json_t *customer = json_object_get(printed, "customer"),
                 *product = json_object_get(printed, "product"),
                 *technician = json_object_get(printed, "technician");
    json_t *remedy;
    size_t i;

    printf("%s  %s  %s\n", ds_word(cli->lang, DS_WORD_SERVICE_ORDER), order->id,
           text_at(printed, "order_no"));
    put_row(cli, DS_WORD_PG_CUSTOMER, text_at(customer, "name"), text_at(customer, "phone"),
            text_at(customer, "address"));
    put_row(cli, DS_WORD_PG_PRODUCT, text_at(product, "category"), text_at(product, "brand"),
            text_at(product, "model"));
    put_row(cli, DS_WORD_PG_FAULT, text_at(printed, "symptom"), "", "");
    put_promises(order, printed);
    put_row(cli, DS_WORD_ROLE_TECHNICIAN, text_at(technician, "name"),
            text_at(technician, "account"), "");
    json_array_foreach(json_object_get(printed, "remedies"), i, remedy) put_row(
        cli, DS_WORD_HELPED_BEFORE, text_at(remedy, "cause"), text_at(remedy, "remedy"), "");
    put_lines(cli, json_object_get(printed, "charges"));
    put_lines(cli, json_object_get(printed, "signatures"));
}

/* ---- */

static int read_story(struct cli *cli, struct order *order)
{
    order->story = (struct archive){.wanted = is_of_ticket, .self = order};
    return store_archive(cli, order->live->redis, order->live->partitions, order->partition,
                         1u << DS_INTAKE, &order->story);
}

static int run(struct cli *cli)
{
    static struct live live; /* large */
    struct order order = {.cli = cli, .live = &live, .id = cli->argv[0]};
    const char *person = cli->values[OPT_PERSON];
    uint64_t seq;

    if (!ds_parse_ticket_id(order.id, &order.partition, &seq))
        return cli_fail(cli, EXIT_USAGE, SAID_TICKET_ID, order.id);
    int code = live_open(cli, &live);
    if (code == EXIT_FINE) code = books_whose(cli, &live.archive, person, NULL, &order.account);
    if (code == EXIT_FINE) code = live_tickets(cli, &live, &order.id, 1, take, &order);
    if (code == EXIT_FINE && !order.row)
        code = cli_fail(cli, EXIT_REJECTED, SAID_NO_LIVE_TICKET, order.id, order.id);
    if (code == EXIT_FINE) code = read_story(cli, &order);
    json_t *printed = code == EXIT_FINE ? order_json(&order) : NULL;
    if (printed && cli->json)
        cli_print_json(json_incref(printed));
    else if (printed)
        print_paper(&order, printed);
    json_decref(printed);
    json_decref(order.row);
    archive_finish(&order.story);
    live_close(&live);
    return code;
}

static const struct option_spec options[] = {
    [OPT_PERSON] = {"--person", "ID", "only if the job is offered to or held by him"},
    {NULL, NULL, NULL},
};

const struct command command_order = {
    .name = "order",
    .arguments = "TICKET",
    .summary = "the service order to be printed: customer, product, promises, lines to fill in",
    .details = "  doorstep order T007-2\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = options,
    .run = run,
};
