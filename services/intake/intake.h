/* SPDX-License-Identifier: MIT
 *
 * Intake: the only door. Decides what is recorded and to which ticket it belongs, looking at the
 * fact itself and never at how far the ticket has come; what a fact means is decided further right.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include "domain/codes.h"
#include "domain/out.h"
#include "domain/version.h"
#include "engine/service.h"
#include "proto/commands.pb-c.h"
#include "proto/state.pb-c.h"
#include "wire/check.h"

extern const struct ds_service intake_service;

enum {
    INTAKE_CUSTOMER_ROWS = 32, /* tickets of one customer that are remembered */
    INTAKE_REFS_MAX = 16,      /* order numbers of reports that repeated one */
    INTAKE_CALLS_MAX = 16384,  /* calls of two days, per partition */
};

/* ---- intake_rules.c: pure ---- */

/* Who stands behind a command. */
struct intake_actor {
    const struct ds_person *by;     /* who sends it */
    const struct ds_person *person; /* who did it */
};

/* Are the fields there without which the command says nothing? */
enum ds_code intake_check_required(const Ds__Command *command, struct ds_fault *fault);

/* Do the fields fit each other (windows, amounts, complaint types)? */
enum ds_code intake_check_sense(const Ds__Command *command, struct ds_fault *fault);

/* Is it a fact about a ticket, which the command then has to name? */
bool intake_is_fact(const Ds__Command *command);

/* The people of a command; either is NULL if the directory does not have him. */
struct intake_actor intake_actor_of(const struct ds_version *version, const Ds__Command *command);

/* May these people say this? */
enum ds_code intake_check_people(const struct ds_version *version, const Ds__Command *command,
                                 struct ds_fault *fault);

/* People who belong to a territory speak of that one only. */
enum ds_code intake_check_territory(const struct intake_actor *actor, const char *territory,
                                    struct ds_fault *fault);

/* Fills the envelope of a recorded fact and decides the instant it is judged at (handbook 3.2). */
void intake_stamp(Ds__Event *event, const Ds__Command *command, const struct ds_version *version,
                  const struct intake_actor *actor, int64_t now_ms);

/* The instant a stamped fact is judged at. */
int64_t intake_judged_ms(const Ds__Event *event);

/* Hash that recognises the same fact under another command id: kind, person, occurred-at; of a wish
 * whom to offer a job to, also to whom. */
uint64_t intake_fact_hash(const Ds__Command *command);

/* ---- intake_customers.c ---- */

/* Row of an open ticket that this report repeats (P1.2), or NULL; and the closed one it follows. */
const Ds__IntakeCustomer__Row *intake_find_open(const Ds__IntakeCustomer *customer,
                                                const Ds__Register *report, const char *about);
const Ds__IntakeCustomer__Row *intake_find_closed(const Ds__IntakeCustomer *customer,
                                                  const Ds__Register *report);

/* Who is on duty in a territory at the next opening; NULL: nobody is rostered. */
const char *intake_next_clerk(const struct ds_version *version,
                              const struct ds_territory *territory, int64_t at_ms);

/* What every service needs to know of a new ticket. about: ticket complained about, or NULL. */
void intake_fill_head(Ds__TicketHead *head, const struct ds_version *version,
                      const Ds__Command *command, const struct intake_actor *actor,
                      const struct ds_territory *territory, const char *about,
                      int64_t reported_at_ms);

/* Fills fault and returns code (intake_rules.c). */
enum ds_code intake_fail(struct ds_fault *fault, enum ds_code code, const char *field,
                         const char *expected);

/* Is there more than white space in a text? NULL says nothing. */
bool intake_says_something(const char *text);

/* ---- intake_returns.c: exchange and return (8.1 to 8.7) ---- */

bool intake_is_return(const Ds__Command *command);

/* Who is said to answer for a proposal: somebody of the directory, and of its territory. */
enum ds_code intake_check_answerer(const struct ds_version *version,
                                   const Ds__ConfirmProposal *confirm, const char *territory,
                                   struct ds_fault *fault);

/* Does such a command say what it must, and do its fields fit each other? */
enum ds_code intake_check_return(const Ds__Command *command, struct ds_fault *fault);

/* ---- intake_transfer.c: to another territory (P2.1) ---- */

enum ds_code intake_check_transfer(const struct ds_version *version, const Ds__IntakeTicket *ticket,
                                   const Ds__Transfer *transfer, struct ds_fault *fault);

/* ---- intake_route.c: which partition a command belongs to ---- */

enum ds_code intake_route(void *lookup_self, ds_part_lookup lookup,
                          const struct ds_version *version, const Ds__Command *command,
                          uint32_t *ret_partition, struct ds_fault *fault);

/* Territory of the account, proposal or entry that a manager's command names; NULL if it names none
 * or that belongs to no territory.
 *   ret_field  out  where it stands in the command */
const struct ds_territory *intake_territory_named(const struct ds_version *version,
                                                  const Ds__Command *command,
                                                  const char **ret_field);

/* Territory a command names by itself, by a called number, a person or an account; NULL if none. */
const struct ds_territory *intake_territory_of(const struct ds_version *version,
                                               const Ds__Command *command);

#endif
