/* SPDX-License-Identifier: MIT
 *
 * Facts in canonical order. Two facts at one instant are ordered by kind (what was decided comes
 * before what was asked, pauses before resumes, stops last), then by the hash of the command's id;
 * services' own decisions, which have no command, by where they stand. Arrival plays no part. */
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "sla-watcher/watch.h"

uint32_t watch_who(struct watch_ticket *ticket, const char *account)
{
    if (!account || !account[0]) return 0;
    for (uint32_t i = 1; i <= ticket->n_who; i++)
        if (strcmp(ticket->who[i], account) == 0) return i;
    DS_ASSERT(ticket->n_who < WATCH_WHO_MAX);
    ticket->who[++ticket->n_who] = account;
    return ticket->n_who;
}

void watch_empty(struct watch_ticket *ticket, const char *id)
{
    ds_copy(ticket->id, sizeof ticket->id, id);
    ticket->known = false;
    ticket->territory = "";
    ticket->n_who = ticket->n_facts = ticket->n_said = ticket->n_complaints_said = 0;
    ticket->n_returns = ticket->returns_decided = ticket->n_causes_found = 0;
    ticket->settled_ms = 0;
    ticket->rejudges = ticket->n_asked = 0;
}

static bool comes_before(const struct watch_fact *a, const struct watch_fact *b)
{
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms;
    if (a->kind != b->kind) return a->kind < b->kind;
    if (a->tie != b->tie) return a->tie < b->tie;
    if (a->source != b->source) return a->source < b->source;
    return a->seq < b->seq;
}

void watch_add_fact(struct watch_ticket *ticket, const struct watch_fact *fact)
{
    uint32_t at = ticket->n_facts;

    DS_ASSERT(ticket->n_facts < WATCH_FACTS_MAX);
    while (at > 0 && comes_before(fact, &ticket->facts[at - 1]))
        at--;
    memmove(&ticket->facts[at + 1], &ticket->facts[at],
            (ticket->n_facts - at) * sizeof ticket->facts[0]);
    ticket->facts[at] = *fact;
    ticket->n_facts++;
}

enum { HEAD_KIND = 3, HEAD_SERVICE = 4, HEAD_URGENT = 8, HEAD_MAKER = 16 };

int64_t watch_pack_head(const struct watch_head *head)
{
    return (int64_t)head->kind | (head->service ? HEAD_SERVICE : 0) |
           (head->urgent ? HEAD_URGENT : 0) | (head->by_maker ? HEAD_MAKER : 0);
}

struct watch_head watch_unpack_head(int64_t packed)
{
    return (struct watch_head){
        .kind = (enum ds_kind)(packed & HEAD_KIND),
        .service = packed & HEAD_SERVICE,
        .urgent = packed & HEAD_URGENT,
        .by_maker = packed & HEAD_MAKER,
    };
}
