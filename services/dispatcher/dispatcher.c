/* SPDX-License-Identifier: MIT
 *
 * The way of an event through the dispatcher: load the ticket, step, store it, keep the load. */
#include "dispatcher/adapter.h"

#include <stdlib.h>
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"

/* ---- load: jobs per account, derived from the tickets ---- */

struct load_row {
    char account[DS_ACCOUNT_MAX + 1];
    uint32_t open_jobs;
};

struct load {
    uint32_t n;
    struct load_row rows[DS_ACCOUNTS_MAX]; /* sorted by account */
};

/* Derived memory of a partition. */
struct memory {
    struct load load;
    struct archive_rows archive;
};

struct archive_rows *dispatcher_archive(struct ds_part *part)
{
    struct memory *memory = part->memory;

    return &memory->archive;
}

static struct load *load_of(struct ds_part *part)
{
    struct memory *memory = part->memory;

    return &memory->load;
}

/* Where an account's row is, or would be. */
static uint32_t row_at(const struct load *load, const char *account)
{
    uint32_t from = 0, to = load->n;

    while (from < to) {
        uint32_t middle = (from + to) / 2;
        if (strcmp(load->rows[middle].account, account) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static bool row_is(const struct load *load, uint32_t at, const char *account)
{
    return at < load->n && strcmp(load->rows[at].account, account) == 0;
}

static uint32_t open_jobs(const void *self, const char *account)
{
    const struct load *load = self;
    uint32_t at = row_at(load, account);

    return row_is(load, at, account) ? load->rows[at].open_jobs : 0;
}

static void change_load(struct load *load, const char *account, int by)
{
    uint32_t at = row_at(load, account);

    if (!row_is(load, at, account)) {
        DS_ASSERT(load->n < DS_ACCOUNTS_MAX && by > 0);
        memmove(&load->rows[at + 1], &load->rows[at], (load->n - at) * sizeof load->rows[0]);
        load->n++;
        load->rows[at].open_jobs = 0;
        ds_copy(load->rows[at].account, sizeof load->rows[at].account, account);
    }
    load->rows[at].open_jobs = (uint32_t)((int)load->rows[at].open_jobs + by);
    if (load->rows[at].open_jobs > 0) return;
    memmove(&load->rows[at], &load->rows[at + 1], (load->n - at - 1) * sizeof load->rows[0]);
    load->n--;
}

static bool has_key(const ProtobufCBinaryData *key, bool has)
{
    return !has || key->len == DISPATCH_CASE_KEY;
}

static bool ticket_loaded(struct ds_part *part, const Ds__DispatchTicket *state)
{
    if (!state || !state->territory || state->n_offers > DS_CYCLE_OFFERS ||
        state->current > state->n_offers || !has_key(&state->case_key, state->has_case_key) ||
        !has_key(&state->product_key, state->has_product_key))
        return false;
    for (size_t i = 0; i < state->n_offers; i++)
        if (!state->offers[i]->account) return false;
    if (state->current) change_load(load_of(part), state->offers[state->current - 1]->account, 1);
    return true;
}

static bool loaded(struct ds_part *part, const struct ds_entity *entity)
{
    switch (entity->key[0]) {
    case 'T':
        return ticket_loaded(part, ds_part_unpack(part, entity, &ds__dispatch_ticket__descriptor));
    case 'K':
        return archive_case_loaded(part, entity->key,
                                   ds_part_unpack(part, entity, &ds__dispatch_case__descriptor));
    case 'H':
        return archive_product_loaded(
            entity->key, ds_part_unpack(part, entity, &ds__dispatch_product__descriptor));
    default: return false;
    }
}

/* ---- tickets ---- */

static void load_ticket(struct ds_part *part, struct dispatch_ticket *ticket, const char *id)
{
    char key[DS_KEY_MAX] = "T";

    ds_copy(key + 1, sizeof key - 1, id);
    ds_copy(ticket->id, sizeof ticket->id, id);
    ticket->n_made = 0;
    ticket->forget = false;
    const Ds__DispatchTicket *stored = ds_part_get(part, key, &ds__dispatch_ticket__descriptor);
    ticket->known = stored != NULL;
    if (!stored) {
        ds__dispatch_ticket__init(&ticket->state);
    } else {
        DS_ASSERT(stored->n_offers <= DS_CYCLE_OFFERS);
        ticket->state = *stored;
        ds_copy_bytes(ticket->offers, stored->offers, stored->n_offers * sizeof ticket->offers[0]);
    }
    ticket->state.offers = ticket->offers;
}

static void fill_offer(const void *self, const struct dispatch_ticket *ticket, Ds__Offered *offered,
                       struct ds_out *out)
{
    archive_fill_offer((struct ds_part *)self, ticket, offered, out);
}

static int64_t longest_grace_ms(const struct ds_version *version)
{
    int64_t longest_ms = 0;

    for (int c = 0; c < DS_CLOCK_COUNT; c++)
        if (version->clocks[c].grace_ms > longest_ms) longest_ms = version->clocks[c].grace_ms;
    return longest_ms;
}

static void store_ticket(struct ds_part *part, struct dispatch_ticket *ticket)
{
    Ds__DispatchTicket *state = &ticket->state;
    struct ds_dues dues = {{DS_NO_DUE, DS_NO_DUE, DS_NO_DUE}};
    char key[DS_KEY_MAX] = "T";

    if (!ticket->known) return;
    ds_copy(key + 1, sizeof key - 1, ticket->id);
    dues.at_ms[DS_OPERATIONAL] = dispatch_lapses_at_ms(ticket);
    if (state->phase == DS__DISPATCH_PHASE__NAME__DONE ||
        state->phase == DS__DISPATCH_PHASE__NAME__CANCELLED)
        dues.at_ms[DS_HARD] = state->has_hard_due_ms
                                  ? state->hard_due_ms
                                  : part->now_ms + longest_grace_ms(ds_part_rules(part));
    state->has_soft_due_ms = state->has_hard_due_ms = state->has_operational_due_ms = 0;
    ds_part_put(part, key, &state->base, &dues);
}

/* Runs one step and keeps the load in step with who has the job. */
static void with_ticket(struct ds_part *part, const char *id, const struct ds_event *event,
                        struct ds_out *out)
{
    static struct dispatch_ticket ticket; /* large; one event at a time */
    struct dispatch_load load = {open_jobs, load_of(part)};
    struct dispatch_context context = {
        ds_part_rules(part), &load, {fill_offer, part}, part->now_ms};
    char before[DS_ACCOUNT_MAX + 1] = "";

    load_ticket(part, &ticket, id);
    if (dispatch_current(&ticket))
        ds_copy(before, sizeof before, dispatch_current(&ticket)->account);
    if (event && event->type == DS_EV_REGISTERED)
        archive_keys(event->msg->registered->head, &ticket);
    if (event && event->type == DS_EV_REOPENED) archive_keys(event->msg->reopened->head, &ticket);
    if (before[0]) change_load(load_of(part), before, -1); /* asking does not count his own job */
    if (event)
        dispatch_step(&ticket, event, &context, out);
    else
        dispatch_lapse(&ticket, &context, out);
    if (dispatch_current(&ticket))
        change_load(load_of(part), dispatch_current(&ticket)->account, 1);
    store_ticket(part, &ticket);
}

static bool about_ticket(const struct ds_event *event)
{
    uint32_t partition;
    uint64_t seq;

    return event->msg->subject && ds_parse_ticket_id(event->msg->subject, &partition, &seq);
}

static void apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    if (!about_ticket(event)) return;
    archive_apply(part, event, out);
    with_ticket(part, event->msg->subject, event, out);
}

static void fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out)
{
    char key[DS_KEY_MAX];

    ds_copy(key, sizeof key, entity->key);
    if (key[0] == 'H')
        archive_fire(part, key, due_ms, out);
    else if (kind == DS_OPERATIONAL)
        with_ticket(part, key + 1, NULL, out);
    else
        ds_part_delete(part, key);
}

const struct ds_service dispatcher_service = {
    .name = "dispatcher",
    .source = DS_DISPATCHER,
    .upstreams = 1u << DS_INTAKE,
    .memory_size = sizeof(struct memory),
    .loaded = loaded,
    .apply = apply,
    .fire = fire,
};
