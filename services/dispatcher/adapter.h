/* SPDX-License-Identifier: MIT
 *
 * The dispatcher's adapter: what its files share. Entities by key: T ticket, K case of the archive,
 * H repairs of a product. */
#ifndef DISPATCHER_ADAPTER_H
#define DISPATCHER_ADAPTER_H

#include "dispatcher/cases.h"
#include "dispatcher/dispatcher.h"
#include "engine/part.h"

/* ---- case_archive.c ---- */

/* Derived: which cases there are, and how much each is used. */
struct archive_rows {
    uint32_t n;
    struct archive_row {
        uint8_t key[DISPATCH_CASE_KEY];
        uint32_t uses;
        int64_t used_at_ms;
    } rows[DISPATCH_CASES_MAX];
};

/* The archive's part in the derived memory of a partition. */
struct archive_rows *dispatcher_archive(struct ds_part *part);

/* Keys of a ticket's case and product, for the offers of its jobs; none if it is no repair. */
void archive_keys(const Ds__TicketHead *head, struct dispatch_ticket *ticket);

/* What an event of a repair means to the archive. */
void archive_apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out);

/* Puts into an offer what has helped before, and what did not last. */
void archive_fill_offer(struct ds_part *part, const struct dispatch_ticket *ticket,
                        Ds__Offered *offered, struct ds_out *out);

void archive_fire(struct ds_part *part, const char *entity_key, int64_t due_ms, struct ds_out *out);

/* False: nothing that could have been stored. */
bool archive_case_loaded(struct ds_part *part, const char *entity_key,
                         const Ds__DispatchCase *state);
bool archive_product_loaded(const char *entity_key, const Ds__DispatchProduct *state);

#endif
