/* SPDX-License-Identifier: MIT
 *
 * Ledger's adapter: what its files share. Entities by key: E entry, Q proposal, O obligation,
 * T ticket with broken visits, M month and account, C closed months of a territory, P partition. */
#ifndef LEDGER_ADAPTER_H
#define LEDGER_ADAPTER_H

#include "domain/ids.h"
#include "engine/part.h"
#include "penalty-ledger/ledger.h"

enum { LEDGER_CHAIN_BYTES = 32 };

void ledger_key(char key[DS_KEY_MAX + 1], char prefix, const char *id);

/* ---- ledger_books.c ---- */

/* Books a decision: the events that say so, and what is remembered of it. */
void ledger_carry_out(struct ds_part *part, const struct ledger_decision *decision,
                      struct ds_out *out);

/* A proposal's last instant has passed. */
void ledger_expire(struct ds_part *part, const char *key, int64_t due_ms, struct ds_out *out);

/* Everything up to the closing of a month is booked. */
void ledger_announce_closing(struct ds_part *part, const char *key, int64_t due_ms,
                             struct ds_out *out);

#endif
