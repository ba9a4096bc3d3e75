/* SPDX-License-Identifier: MIT
 *
 * While services run, each journal is a little ahead of those to its right: an event may be there
 * that nobody has judged, a verdict that nobody has booked. The past ends where the ledger stands:
 * with what it has applied, and with as much as the watcher had applied when it said the last
 * verdict of that. */
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "domain/limits.h"
#include "doorstep/past.h"

void past_stand(struct past_stands *stands, const struct past_stand *stand)
{
    if (stands->n == stands->cap) {
        stands->cap = stands->cap ? 2 * stands->cap : 64;
        stands->list = realloc(stands->list, stands->cap * sizeof stands->list[0]);
        if (!stands->list) abort();
    }
    stands->list[stands->n++] = *stand;
}

void past_stand_of(struct past_stands *stands, const Ds__BatchHeader *header)
{
    struct past_stand stand = {.tail = header->first_seq + header->count - 1,
                               .mark_ms = header->mark_ms,
                               .full = header->count >= DS_BATCH_EVENTS_MAX};

    for (size_t i = 0; i < header->n_applied; i++)
        if ((int)header->applied[i]->source >= 0 &&
            (int)header->applied[i]->source < DS_SOURCE_COUNT)
            stand.applied[header->applied[i]->source] = header->applied[i]->seq;
    past_stand(stands, &stand);
}

static void make_room(struct past_partition *part, uint64_t ticket)
{
    uint64_t n = part->n_told ? part->n_told : 1024;

    while (n <= ticket)
        n *= 2;
    if (n == part->n_told) return;
    part->told_ms = realloc(part->told_ms, n * sizeof part->told_ms[0]);
    if (!part->told_ms) abort();
    memset(part->told_ms + part->n_told, 0, (n - part->n_told) * sizeof part->told_ms[0]);
    part->n_told = n;
}

void past_told(struct past_partition *part, const Ds__Event *said, int64_t mark_ms)
{
    uint32_t partition;
    uint64_t ticket;

    if (!said->subject || !ds_parse_ticket_id(said->subject, &partition, &ticket) ||
        ticket > UINT32_MAX)
        return;
    make_room(part, ticket);
    int64_t upto_ms =
        said->body_case == DS__EVENT__BODY_JUDGED ? said->judged->final_at_ms : mark_ms;
    if (upto_ms > part->told_ms[ticket]) part->told_ms[ticket] = upto_ms;
}

int64_t past_mark_ms(const struct past_partition *part, uint64_t ticket, int64_t last_ms)
{
    if (last_ms <= part->mark_ms || !part->told_ms) return part->mark_ms;
    int64_t told_ms = ticket < part->n_told ? part->told_ms[ticket] : 0;
    return told_ms < part->mark_ms ? told_ms : part->mark_ms;
}

static int by_tail(const void *a, const void *b)
{
    uint64_t tail = *(const uint64_t *)a, other = ((const struct past_stand *)b)->tail;

    return tail < other ? -1 : tail > other;
}

/* Where the watcher stood when it had said so much; NULL: in the middle of saying more. */
static const struct past_stand *watcher_at(const struct past_partition *part, uint64_t said)
{
    static const struct past_stand nothing;
    const struct past_stands *batches = &part->stands[DS_WATCHER];
    const struct past_stand *now = &part->now[DS_WATCHER], *found = NULL;

    if (batches->n > 0)
        found = bsearch(&said, batches->list, batches->n, sizeof batches->list[0], by_tail);
    /* after a full batch it goes on at the same instant, unless it has come further since */
    if (now->tail == said && !(found && found->full && now->mark_ms <= found->mark_ms)) return now;
    if (said == 0) return &nothing;
    return found && !found->full ? found : NULL;
}

static void cut_list(struct happened_list *list, uint64_t last)
{
    while (list->n > 0 && list->list[list->n - 1].seq > last)
        list->n--;
}

static void cut_at(struct past_partition *part, const struct past_stand *ledger,
                   const struct past_stand *watcher)
{
    for (int s = DS_INTAKE; s <= DS_WATCHER; s++)
        cut_list(&part->of[s], ledger->applied[s]);
    memcpy(part->watched, watcher->applied, sizeof part->watched);
    part->mark_ms = watcher->mark_ms;
    part->booked = ledger->tail;
}

static void cut_partition(struct past_partition *part)
{
    static const struct past_stand nothing;
    const struct past_stands *batches = &part->stands[DS_LEDGER];
    const struct past_stand *ledger = &part->now[DS_LEDGER], *watcher;

    for (size_t i = batches->n; !(watcher = watcher_at(part, ledger->applied[DS_WATCHER]));)
        ledger = i > 0 ? &batches->list[--i] : &nothing;
    cut_at(part, ledger, watcher);
}

static bool is_booked(void *self, const struct record *record)
{
    const struct past *past = self;

    return record->seq <= past->parts[record->partition].booked;
}

void past_cut(struct past *past)
{
    for (uint32_t p = 0; p < past->partitions; p++)
        cut_partition(&past->parts[p]);
    archive_keep(&past->recorded, is_booked, past);
}

void past_whole(struct past *past)
{
    for (uint32_t p = 0; p < past->partitions; p++)
        for (int s = 0; s < DS_SOURCE_COUNT; s++)
            past->parts[p].watched[s] = UINT64_MAX;
}
