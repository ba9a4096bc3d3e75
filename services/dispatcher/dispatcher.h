/* SPDX-License-Identifier: MIT
 *
 * Dispatcher: offers jobs, takes them back when they are not accepted in time (clause 7.1, handbook
 * 3.5), keeps who holds what. Every offer, lapse and assignment is a recorded decision with its
 * real time. It judges nobody: the fine is the watcher's verdict and the ledger's entry. */
#ifndef DISPATCHER_H
#define DISPATCHER_H

#include "domain/out.h"
#include "domain/version.h"
#include "engine/service.h"
#include "proto/state.pb-c.h"

extern const struct ds_service dispatcher_service;

/* A ticket at work: the stored form with room for more offers. */
struct dispatch_ticket {
    char id[DS_ID_MAX + 1];
    Ds__DispatchTicket state;
    Ds__PastOffer *offers[DS_CYCLE_OFFERS + 1];
    Ds__PastOffer made[DS_CYCLE_OFFERS + 1]; /* those made by this step */
    uint32_t n_made;
    uint8_t case_key[16]; /* of a repair, for the archive of cases */
    uint8_t product_key[16];
    bool known;  /* there is such a ticket */
    bool forget; /* out: nothing can come any more */
};

/* Jobs that an account has on its hands, offered or held. */
struct dispatch_load {
    uint32_t (*open_jobs)(const void *self, const char *account);
    const void *self;
};

/* What the archive of cases knows that helps with this job. */
struct dispatch_help {
    void (*fill)(const void *self, const struct dispatch_ticket *ticket, Ds__Offered *offered,
                 struct ds_out *out);
    const void *self;
};

/* ---- rank.c: pure ---- */

enum { DISPATCH_RANKED_MAX = 4 };

struct dispatch_ranked {
    const struct ds_account *account;
    uint32_t open_jobs;
    bool area_match;
};

/* Whom to ask for this job, best first: of the territory, able (skills), in reach (zone), with room
 * for one more, not yet refused it. An account of the ticket's area comes before others, then the
 * one with fewer open jobs, then by key. Writes at most DISPATCH_RANKED_MAX; returns how many. */
uint32_t dispatch_rank(const struct ds_version *version, const struct dispatch_load *load,
                       const struct dispatch_ticket *ticket,
                       struct dispatch_ranked ret[DISPATCH_RANKED_MAX]);

/* What speaks against asking somebody of the ticket's territory. */
enum dispatch_against {
    DISPATCH_UNSKILLED = 1,
    DISPATCH_OUT_OF_REACH = 2,
    DISPATCH_REFUSED = 4,
    DISPATCH_FULL = 8,
};

/* The ranking's view of one account: all that speaks against it, 0 if it would be asked. */
uint32_t dispatch_appraise(const struct ds_version *version, const struct dispatch_load *load,
                           const struct dispatch_ticket *ticket, const struct ds_account *account,
                           struct dispatch_ranked *ret);

/* Is a asked before b? */
bool dispatch_is_preferred(const struct dispatch_ranked *a, const struct dispatch_ranked *b);

/* ---- dispatch_rules.c: pure ---- */

struct dispatch_context {
    const struct ds_version *version; /* in force now: offers are made under it */
    const struct dispatch_load *load;
    struct dispatch_help help;
    int64_t now_ms;
};

/* Advances one ticket by one event of intake.
 *   ticket  in/out
 *   event   in     borrowed
 *   out     out    offers, take-backs, assignments, outcomes */
void dispatch_step(struct dispatch_ticket *ticket, const struct ds_event *event,
                   const struct dispatch_context *context, struct ds_out *out);

/* The current offer's due has passed and nobody accepted: take back and offer to the next, one
 * decision (handbook 3.5). */
void dispatch_lapse(struct dispatch_ticket *ticket, const struct dispatch_context *context,
                    struct ds_out *out);

/* Account of the offer or job at hand; NULL when there is none. */
const Ds__PastOffer *dispatch_current(const struct dispatch_ticket *ticket);

/* Instant after which the current offer lapses; INT64_MAX if nothing is offered. */
int64_t dispatch_lapses_at_ms(const struct dispatch_ticket *ticket);

#endif
