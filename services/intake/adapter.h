/* SPDX-License-Identifier: MIT
 *
 * Intake's adapter: what its files share. Entities by key: T ticket, U customer, R order number,
 * C call, X ticket of another territory that goes on here, as long as it does not say so itself. */
#ifndef INTAKE_ADAPTER_H
#define INTAKE_ADAPTER_H

#include "domain/ids.h"
#include "engine/part.h"
#include "intake/intake.h"

/* The next step of a transfer waits for the batch of the last one to be durable, 0 if that was
 * loaded. Noted where it was made: with the ticket (what it says was changed), or with its mark. */
struct intake_transfer {
    char ticket[DS_TICKET_ID_MAX + DS_ID_MAX];
    bool mark;
    uint64_t seq; /* of the transfer: they are carried on in this order, whoever dies meanwhile */
    uint64_t bno;
};

/* Derived: how many calls are remembered, which transfers are under way. */
struct intake_memory {
    uint32_t calls;
    uint32_t n_transfers, transfers_cap;
    struct intake_transfer *transfers; /* owned */
};

/* What is known of the ticket at hand; arrays have room for one more fact. */
struct ticket_view {
    char id[DS_TICKET_ID_MAX + DS_ID_MAX];
    char key[DS_TICKET_ID_MAX + DS_ID_MAX];
    Ds__IntakeTicket state;
    int64_t evict_at_ms; /* when it is archived; DS_NO_DUE while it is open */
    uint64_t facts[DS_FACTS_MAX + 1];
    uint64_t fact_seqs[DS_FACTS_MAX + 1];
    char *also_refs[INTAKE_REFS_MAX];
};

/* prefix, a, and "/" b unless b is NULL. */
void intake_key(char *buf, size_t size, char prefix, const char *a, const char *b);

/* ---- intake_tickets.c ---- */

bool intake_load_ticket(struct ds_part *part, struct ticket_view *view, const char *id);
void intake_store_ticket(struct ds_part *part, struct ticket_view *view);

/* Finds the ticket that a command names by id or by territory and ref. */
enum ds_code intake_find_ticket(struct ds_part *part, const struct ds_version *version,
                                const Ds__Command *command, struct ticket_view *view,
                                struct ds_fault *fault);

/* Closed long ago: lets go of the ticket and its customer's memory of it; only order numbers stay.
 * One that is under way to another territory, intake having been away for so long, is kept for a
 * day more. */
void intake_archive(struct ds_part *part, const char *ticket, int64_t due_ms);

/* Can there be, or have been, a ticket of this id here? */
bool intake_was_ticket(const struct ds_part *part, const char *id);

/* Sequence number in a ticket id of ours. */
uint64_t intake_ticket_seq(const char *id);

/* Opens, closes or forgets the row of a ticket with its customer. */
enum intake_row_change { INTAKE_ROW_OPEN, INTAKE_ROW_CLOSE, INTAKE_ROW_FORGET };
void intake_change_row(struct ds_part *part, const char *phone, const char *ticket,
                       enum intake_row_change change);

struct customer_view {
    char key[DS_KEY_MAX];
    Ds__IntakeCustomer state;
    Ds__IntakeCustomer__Row *rows[INTAKE_CUSTOMER_ROWS + 1];
};

/* A customer that is not known has no rows. Storing one without rows deletes it. */
void intake_load_customer(struct ds_part *part, struct customer_view *view, const char *phone);
void intake_store_customer(struct ds_part *part, struct customer_view *view);
void intake_remove_row(struct customer_view *view, size_t i);

/* ---- intake_register.c ---- */

enum ds_code intake_register(struct ds_part *part, struct ds_command *command, struct ds_out *out,
                             const struct ds_version *version, const struct intake_actor *actor,
                             struct ds_fault *fault);

/* Makes room for one more ticket of a customer; false if too many are open. */
bool intake_make_room(struct customer_view *view);

/* Stores what `registered` says is new: ticket, order number, and the customer's row of it.
 *   customer  with room for a row, or NULL */
void intake_keep_new(struct ds_part *part, const char *id, const struct ds_territory *territory,
                     Ds__TicketHead *head, struct customer_view *customer,
                     Ds__Registered *registered);

/* ---- intake_transfer.c ---- */

/* Says it of the ticket at hand: as its n-th end. */
void intake_pass_transferred(struct ds_out *out, struct ticket_view *view, const char *subject,
                             const Ds__Command *command, uint32_t n);

/* Keeps with the ticket what is promised: from a reopening on, or urgent since then. */
void intake_keep_promise(struct ticket_view *view, const Ds__Command *command, int64_t at_ms);

/* The ticket was transferred by event seq, in the batch yet to be sealed. */
void intake_transferred(struct ds_part *part, struct ticket_view *view, int64_t at_ms,
                        uint64_t seq);

/* Is this ticket another territory's and not known to be there? Then it is not archived. */
bool intake_is_under_way(const Ds__IntakeTicket *state);

/* Notes what was loaded. */
void intake_note_transfer(struct ds_part *part, const struct intake_transfer *transfer);
void intake_unload(struct ds_part *part);
bool intake_hand_over(struct ds_part *parts, uint32_t p, uint64_t bno);

#endif
