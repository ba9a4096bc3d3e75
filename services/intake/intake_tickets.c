/* SPDX-License-Identifier: MIT
 *
 * Tickets and customers in live state: finding, loading, storing. */
#include <string.h>

#include "domain/assert.h"
#include "intake/adapter.h"

void intake_key(char *buf, size_t size, char prefix, const char *a, const char *b)
{
    buf[0] = prefix;
    ds_copy(buf + 1, size - 1, a);
    if (!b) return;
    size_t n = strlen(buf);
    buf[n] = '/';
    ds_copy(buf + n + 1, size - n - 1, b);
}

bool intake_load_ticket(struct ds_part *part, struct ticket_view *view, const char *id)
{
    ds_copy(view->id, sizeof view->id, id);
    intake_key(view->key, sizeof view->key, 'T', id, NULL);
    const Ds__IntakeTicket *stored = ds_part_get(part, view->key, &ds__intake_ticket__descriptor);
    if (!stored) return false;
    DS_ASSERT(stored->n_fact <= DS_FACTS_MAX && stored->n_fact == stored->n_fact_seq);
    view->state = *stored;
    view->evict_at_ms = stored->has_hard_due_ms ? stored->hard_due_ms : DS_NO_DUE;
    ds_copy_bytes(view->facts, stored->fact, stored->n_fact * sizeof view->facts[0]);
    ds_copy_bytes(view->fact_seqs, stored->fact_seq, stored->n_fact * sizeof view->fact_seqs[0]);
    view->state.fact = view->facts;
    view->state.fact_seq = view->fact_seqs;
    ds_copy_bytes(view->also_refs, stored->also_ref,
                  stored->n_also_ref * sizeof view->also_refs[0]);
    view->state.also_ref = view->also_refs;
    return true;
}

void intake_store_ticket(struct ds_part *part, struct ticket_view *view)
{
    struct ds_dues dues = {{DS_NO_DUE, view->evict_at_ms, DS_NO_DUE}};
    Ds__IntakeTicket *state = &view->state;

    state->has_soft_due_ms = state->has_hard_due_ms = state->has_operational_due_ms = 0;
    ds_part_put(part, view->key, &state->base, &dues);
}

enum ds_code intake_find_ticket(struct ds_part *part, const struct ds_version *version,
                                const Ds__Command *command, struct ticket_view *view,
                                struct ds_fault *fault)
{
    const char *ticket = command->ticket;
    char key[DS_KEY_MAX];

    if (ticket && !intake_load_ticket(part, view, ticket))
        return intake_fail(fault,
                           intake_was_ticket(part, ticket) ? DS_CODE_TICKET_ARCHIVED
                                                           : DS_CODE_UNKNOWN_TICKET,
                           "ticket", "");
    if (!command->ref) return DS_CODE_OK;
    const char *territory =
        ticket ? view->state.head->territory : intake_territory_of(version, command)->id;
    intake_key(key, sizeof key, 'R', territory, command->ref);
    const Ds__IntakeRef *named = ds_part_get(part, key, &ds__intake_ref__descriptor);
    if (!named) return intake_fail(fault, DS_CODE_UNKNOWN_TICKET, "ref", "");
    if (ticket && strcmp(ticket, named->ticket) != 0)
        return intake_fail(fault, DS_CODE_REF_MISMATCH, "ref", "");
    if (named->archived) return intake_fail(fault, DS_CODE_TICKET_ARCHIVED, "ref", "");
    if (!ticket && !intake_load_ticket(part, view, named->ticket))
        ds_part_corrupt(part, named->ticket,
                        "an order number names this ticket, which is not there");
    return DS_CODE_OK;
}

bool intake_was_ticket(const struct ds_part *part, const char *id)
{
    uint32_t partition;
    uint64_t seq;

    return ds_parse_ticket_id(id, &partition, &seq) && partition == part->partition &&
           seq <= part->tail;
}

uint64_t intake_ticket_seq(const char *id)
{
    uint32_t partition;
    uint64_t seq = 0;

    bool parsed = ds_parse_ticket_id(id, &partition, &seq);
    DS_ASSERT(parsed);
    return seq;
}

/* ---- archived ---- */

/* Order numbers are unique in their territory for ever, and who names one later hears what became
 * of it. */
static void archive_ref(struct ds_part *part, const Ds__TicketHead *head, const char *ref,
                        const char *ticket)
{
    Ds__IntakeRef state = DS__INTAKE_REF__INIT;
    char key[DS_KEY_MAX];

    if (!ref) return;
    intake_key(key, sizeof key, 'R', head->territory, ref);
    state.ticket = (char *)ticket;
    DS_SET(&state, archived, true);
    ds_part_put(part, key, &state.base, NULL);
}

void intake_archive(struct ds_part *part, const char *ticket, int64_t due_ms)
{
    static struct ticket_view view; /* large; one at a time */
    const Ds__IntakeTicket *state = &view.state;

    if (!intake_load_ticket(part, &view, ticket)) return;
    if (intake_is_under_way(state)) {
        view.evict_at_ms = due_ms + DS_DAY_MS;
        return intake_store_ticket(part, &view);
    }
    intake_change_row(part, state->head->phone, ticket, INTAKE_ROW_FORGET);
    archive_ref(part, state->head, state->head->ref, ticket);
    for (size_t i = 0; i < state->n_also_ref; i++)
        archive_ref(part, state->head, state->also_ref[i], ticket);
    ds_part_delete(part, view.key);
}

/* ---- customers ---- */

void intake_load_customer(struct ds_part *part, struct customer_view *view, const char *phone)
{
    intake_key(view->key, sizeof view->key, 'U', phone, NULL);
    ds__intake_customer__init(&view->state);
    const Ds__IntakeCustomer *stored =
        ds_part_get(part, view->key, &ds__intake_customer__descriptor);
    if (stored) {
        DS_ASSERT(stored->n_rows <= INTAKE_CUSTOMER_ROWS);
        ds_copy_bytes(view->rows, stored->rows, stored->n_rows * sizeof view->rows[0]);
        view->state.n_rows = stored->n_rows;
    }
    view->state.rows = view->rows;
}

void intake_store_customer(struct ds_part *part, struct customer_view *view)
{
    if (view->state.n_rows == 0)
        ds_part_delete(part, view->key);
    else
        ds_part_put(part, view->key, &view->state.base, NULL);
}

void intake_remove_row(struct customer_view *view, size_t i)
{
    memmove(&view->rows[i], &view->rows[i + 1],
            (view->state.n_rows - i - 1) * sizeof view->rows[0]);
    view->state.n_rows--;
}

void intake_change_row(struct ds_part *part, const char *phone, const char *ticket,
                       enum intake_row_change change)
{
    struct customer_view view;

    if (!phone) return;
    intake_load_customer(part, &view, phone);
    for (size_t i = 0; i < view.state.n_rows; i++) {
        if (strcmp(view.rows[i]->ticket, ticket) != 0) continue;
        if (change == INTAKE_ROW_FORGET)
            intake_remove_row(&view, i);
        else
            DS_SET(view.rows[i], open, change == INTAKE_ROW_OPEN);
        return intake_store_customer(part, &view);
    }
}
