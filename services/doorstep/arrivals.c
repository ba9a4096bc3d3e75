/* SPDX-License-Identifier: MIT */
#include "doorstep/arrivals.h"

#include <stdlib.h>

#include "domain/ids.h"

enum { NONE = UINT32_MAX };

struct told {
    struct happened *happened;
    uint32_t next;
    bool complaint; /* about this ticket, recorded on another */
};

enum ds_source arrivals_source(const struct arrivals *arrivals, const struct happened *happened)
{
    const struct past_partition *part = arrivals->part;

    for (int s = DS_INTAKE; s < DS_SURVEY; s++) {
        const struct happened_list *list = &part->of[s];
        if (happened >= list->list && happened < list->list + list->n) return (enum ds_source)s;
    }
    return DS_SURVEY;
}

static struct ds_event event_of(const struct arrivals *arrivals, const struct happened *happened)
{
    const Ds__Event *msg = happened->msg;
    struct ds_event event = {.type = (enum ds_event_type)msg->body_case,
                             .ref = {arrivals_source(arrivals, happened), happened->seq},
                             .stamp_ms = happened->stamp_ms,
                             .at_ms = happened->stamp_ms,
                             .rulebook = happened->rulebook,
                             .msg = msg};

    if (msg->has_occurred_at_ms) event.at_ms = msg->occurred_at_ms;
    if (msg->has_judged_at_ms) event.at_ms = msg->judged_at_ms;
    return event;
}

/* ---- in the order of arrival ---- */

static int by_arrival(const struct happened *a, enum ds_source of_a, const struct happened *b,
                      enum ds_source of_b)
{
    if (a->stamp_ms != b->stamp_ms) return a->stamp_ms < b->stamp_ms ? -1 : 1;
    if (of_a != of_b) return of_a < of_b ? -1 : 1;
    return a->seq < b->seq ? -1 : 1;
}

static void merge(struct arrivals *arrivals)
{
    const struct past_partition *part = arrivals->part;
    size_t at[DS_SURVEY + 1] = {0}, end[DS_SURVEY + 1], n = 0;

    for (int s = DS_INTAKE; s <= DS_SURVEY; s++) {
        end[s] = part->of[s].n;
        while (end[s] > 0 && part->of[s].list[end[s] - 1].seq > part->watched[s])
            end[s]--;
        n += end[s];
    }
    arrivals->list = malloc((n + 1) * sizeof arrivals->list[0]);
    arrivals->told = malloc((2 * n + 1) * sizeof arrivals->told[0]);
    if (!arrivals->list || !arrivals->told) abort();
    while (arrivals->n < n) {
        int first = 0;
        for (int s = DS_INTAKE; s <= DS_SURVEY; s++) {
            if (at[s] == end[s]) continue;
            if (!first || by_arrival(&part->of[s].list[at[s]], (enum ds_source)s,
                                     &part->of[first].list[at[first]], (enum ds_source)first) < 0)
                first = s;
        }
        arrivals->list[arrivals->n++] = &part->of[first].list[at[first]++];
    }
}

/* ---- tickets ---- */

static void add_told(struct arrivals *arrivals, uint64_t ticket, struct happened *happened,
                     bool complaint)
{
    uint32_t at = arrivals->n_told++;

    arrivals->told[at] = (struct told){happened, NONE, complaint};
    if (arrivals->first[ticket] == NONE)
        arrivals->first[ticket] = at;
    else
        arrivals->told[arrivals->last[ticket]].next = at;
    arrivals->last[ticket] = at;
}

/* Numbers of tickets are numbers of the events that opened them, so there is room for each. */
static void make_room(struct arrivals *arrivals)
{
    const struct happened_list *intake = &arrivals->part->of[DS_INTAKE];

    arrivals->tickets = intake->n ? intake->list[intake->n - 1].seq + 1 : 0;
    arrivals->first = malloc((arrivals->tickets + 1) * sizeof arrivals->first[0]);
    arrivals->last = malloc((arrivals->tickets + 1) * sizeof arrivals->last[0]);
    if (!arrivals->first || !arrivals->last) abort();
    for (uint64_t t = 0; t < arrivals->tickets; t++)
        arrivals->first[t] = NONE;
}

bool arrivals_ticket(const struct arrivals *arrivals, const char *subject, uint64_t *ret)
{
    uint32_t partition;

    return subject && ds_parse_ticket_id(subject, &partition, ret) && *ret < arrivals->tickets;
}

void arrivals_init(struct arrivals *arrivals, const struct past_partition *part)
{
    struct watch_fact fact;
    const char *about;
    uint64_t ticket;

    *arrivals = (struct arrivals){.part = part};
    merge(arrivals);
    make_room(arrivals);
    for (size_t i = 0; i < arrivals->n; i++) {
        struct happened *happened = arrivals->list[i];
        if (!watcher_service.concerns(happened->type) || happened->type == DS_EV_SHEET_DRAWN ||
            happened->type == DS_EV_SHEET_HANDED_IN ||
            !arrivals_ticket(arrivals, happened->msg->subject, &ticket))
            continue;
        add_told(arrivals, ticket, happened, false);
        if (happened->type != DS_EV_REGISTERED) continue;
        const struct ds_event event = event_of(arrivals, happened);
        if (watch_complaint_of(&event, &fact, &about) && arrivals_ticket(arrivals, about, &ticket))
            add_told(arrivals, ticket, happened, true);
    }
}

void arrivals_tell(const struct arrivals *arrivals, uint32_t partition, uint64_t ticket,
                   struct watch_retelling *telling)
{
    char id[DS_TICKET_ID_MAX];

    if (ticket >= arrivals->tickets || arrivals->first[ticket] == NONE) return;
    ds_ticket_id(id, partition, ticket);
    int64_t last_ms = arrivals->told[arrivals->last[ticket]].happened->stamp_ms;
    watch_retell_begin(telling, id, partition, past_mark_ms(arrivals->part, ticket, last_ms));
    for (uint32_t i = arrivals->first[ticket]; i != NONE; i = arrivals->told[i].next) {
        const struct told *told = &arrivals->told[i];
        const struct ds_event event = event_of(arrivals, told->happened);
        if (told->complaint)
            watch_retell_complaint(telling, &event);
        else
            watch_retell(telling, &event);
    }
    watch_retell_to(telling, arrivals->part->mark_ms);
}

void arrivals_finish(struct arrivals *arrivals)
{
    free(arrivals->list);
    free(arrivals->told);
    free(arrivals->first);
    free(arrivals->last);
    *arrivals = (struct arrivals){0};
}
