/* SPDX-License-Identifier: MIT
 *
 * P2.1 and handbook 3.3: on site within the band of the address, or by the end of the agreed
 * window. Every agreed appointment is an instance of its own; the band is the due of the first one
 * only while nothing is agreed. A final breach of an appointment is one half of clause 7.6. */
#include "sla-watcher/watch.h"

enum { PRESENT_EARLY = 1, ABSENT = 2 };

/* The instance that the sweep is in. */
struct visit {
    struct watch_instance *at; /* NULL: none is open */
    uint32_t opened;           /* so far in this life */
    enum ds_zone_band zone;
    int64_t window_to_ms;
};

static void set_band(const struct watch_life *life, struct visit *visit)
{
    int64_t limit_ms = life->rules->band_ms[visit->zone];

    visit->at->due_ms = watch_due_with_pauses(life, visit->at->start_ms, limit_ms);
}

static void begin_visit(const struct watch_life *life, struct watch_verdicts *verdicts,
                        struct visit *visit, const struct watch_fact *start, int64_t start_ms)
{
    visit->opened++;
    visit->at =
        watch_add(verdicts, life, DS_CLOCK_VISIT, life->cycle * DS_CYCLE_INSTANCES + visit->opened);
    visit->at->start_ms = start_ms;
    visit->at->start_fact = start;
    visit->at->pausable = true;
}

static void close_at(struct visit *visit, const struct watch_life *life,
                     const struct watch_fact *stop)
{
    visit->at->stop_ms = stop->at_ms > visit->at->start_ms ? stop->at_ms : visit->at->start_ms;
    visit->at->stop_fact = stop;
    visit->at->closed_paused = visit->at->pausable && watch_paused_at(life, stop->at_ms);
    visit->at = NULL;
}

static void agree(struct visit *visit, const struct watch_fact *agreed, int64_t from_ms,
                  int64_t to_ms)
{
    visit->at->due_ms = to_ms;
    visit->at->due_fact = agreed;
    visit->at->pausable = false; /* pauses never move an agreed time */
    visit->at->from_appointment = true;
    visit->at->window_from_ms = from_ms;
    visit->window_to_ms = to_ms;
}

/* May this agreement still re-date the open instance? By the band's due while nothing was agreed; a
 * window can be moved until its end if the customer wished it, until its start if we did. */
static bool in_time(const struct visit *visit, const struct watch_fact *agreed, bool customers_wish)
{
    if (!visit->at->from_appointment) return agreed->at_ms <= visit->at->due_ms;
    return agreed->at_ms <= (customers_wish ? visit->window_to_ms : visit->at->window_from_ms);
}

static void on_appointment(const struct watch_life *life, struct watch_verdicts *verdicts,
                           struct visit *visit, const struct watch_fact *agreed)
{
    int64_t from_ms = agreed->a, to_ms = agreed->b >> 2;
    bool customers_wish = (agreed->b & 3) == DS__WISH__NAME__CUSTOMER;

    if (to_ms < agreed->at_ms) return; /* no fact sets a due before its own time */
    if (visit->at && in_time(visit, agreed, customers_wish))
        return agree(visit, agreed, from_ms, to_ms);
    if (visit->opened == DS_CYCLE_INSTANCES) return;
    begin_visit(life, verdicts, visit, agreed, agreed->at_ms);
    agree(visit, agreed, from_ms, to_ms);
}

/* On site: in the window or up to the rulebook's time before it, earlier only if the customer was
 * there. Nobody at home counts inside the window. */
static void on_check_in(const struct watch_life *life, struct visit *visit,
                        const struct watch_fact *came)
{
    if (!visit->at) return;
    if (visit->at->from_appointment && !(came->a & PRESENT_EARLY) &&
        came->at_ms < visit->at->window_from_ms - life->rules->early_arrival_ms)
        return;
    close_at(visit, life, came);
}

static void on_cancelled(struct visit *visit, const struct watch_fact *cancelled)
{
    if (!visit->at) return;
    visit->at->cancel_ms = cancelled->at_ms;
    visit->at = NULL;
}

static void sweep(const struct watch_life *life, struct watch_verdicts *verdicts,
                  struct visit *visit, const struct watch_fact *fact)
{
    switch (fact->kind) {
    case FACT_ADDRESS:
        visit->zone = (enum ds_zone_band)fact->a;
        if (visit->at && !visit->at->from_appointment && fact->at_ms <= visit->at->due_ms) {
            set_band(life, visit);
            /* a nearer address cannot have made us late before it was known */
            visit->at->due_ms = watch_max_ms(visit->at->due_ms, fact->at_ms);
        }
        return;
    case FACT_APPOINTMENT: on_appointment(life, verdicts, visit, fact); return;
    case FACT_CHECKED_IN: on_check_in(life, visit, fact); return;
    case FACT_COMPLETED:
    case FACT_RESULT_FILED: /* work that is done proves that somebody was there */
        if (visit->at) close_at(visit, life, fact);
        return;
    case FACT_ANSWERED: /* settled without a visit */
    case FACT_CANCELLED: on_cancelled(visit, fact); return;
    case FACT_REGISTERED:
    case FACT_OFFERED:
    case FACT_TAKEN_BACK:
    case FACT_ASSIGNED:
    case FACT_RETURNED:
    case FACT_CALLBACK_REQUESTED:
    case FACT_DELAY_REPORTED:
    case FACT_RESUMED:
    case FACT_URGENCY:
    case FACT_REOPENED:
    case FACT_ORDER_FILLED:
    case FACT_CONTACTED:
    case FACT_DELAY_REGISTERED:
    case FACT_ACCEPTED:
    case FACT_REJECTED:
    case FACT_CALLBACK:
    case FACT_COMPLAINED: return;
    }
}

void watch_clock_visit(const struct watch_life *life, struct watch_verdicts *verdicts)
{
    struct visit visit = {.zone = life->zone};
    uint32_t first = verdicts->n;

    if (life->head.kind == DS_SYSTEM) return;
    if (!life->head.service) { /* a service complaint is visited only if it is booked */
        begin_visit(life, verdicts, &visit, life->begin, watch_report_start_ms(life));
        set_band(life, &visit);
    }
    for (uint32_t i = 0; i < life->n; i++)
        sweep(life, verdicts, &visit, life->facts[i]);
    if (visit.at) visit.at->cancel_ms = life->ends_ms;
    for (uint32_t i = first; i < verdicts->n; i++)
        verdicts->list[i].owner = watch_owner_at(life, watch_decisive_ms(&verdicts->list[i]));
}
