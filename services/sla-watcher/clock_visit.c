/* SPDX-License-Identifier: MIT
 *
 * P2.1 and handbook 3.3: on site within the band of the address, or by the end of the agreed
 * window. Every agreed appointment is an instance of its own; the band is the due of the first one
 * only while nothing is agreed. A final breach of an appointment is one half of clause 7.6. */
#include "sla-watcher/watch.h"

enum { PRESENT_EARLY = 1, ABSENT = 2 };

/* What the sweep keeps of a life's visits. A new one is begun while the one before it runs out: an
 * agreement that comes too late leaves the old window as it was. */
struct visits {
    struct watch_instance *list; /* in order of their beginning */
    uint32_t n;
    enum ds_zone_band zone;
};

/* The last one can be agreed anew and, however late, come to; NULL: none has begun. */
static struct watch_instance *newest(const struct visits *visits)
{
    return visits->n ? &visits->list[visits->n - 1] : NULL;
}

static bool has_ended(const struct watch_instance *visit)
{
    return visit->stop_ms != WATCH_NEVER || visit->cancel_ms != WATCH_NEVER;
}

/* Can what happens at an instant still end it? An older one only until its own due. */
static bool is_open(const struct visits *visits, const struct watch_instance *visit, int64_t at_ms)
{
    return !has_ended(visit) && (visit == newest(visits) || at_ms <= visit->due_ms);
}

static void set_band(const struct watch_life *life, const struct visits *visits)
{
    struct watch_instance *visit = newest(visits);

    visit->due_ms =
        watch_due_with_pauses(life, visit->start_ms, life->rules->band_ms[visits->zone]);
}

static void begin_visit(const struct watch_life *life, struct watch_verdicts *verdicts,
                        struct visits *visits, const struct watch_fact *start, int64_t start_ms)
{
    visits->n++;
    struct watch_instance *visit =
        watch_add(verdicts, life, DS_CLOCK_VISIT, life->cycle * DS_CYCLE_INSTANCES + visits->n);

    watch_start(visit, start, start_ms);
    visit->pausable = true;
}

static void agree(struct watch_instance *visit, const struct watch_fact *agreed)
{
    visit->due_ms = agreed->b >> 2;
    visit->due_fact = agreed;
    visit->pausable = false; /* pauses never move an agreed time */
    visit->from_appointment = true;
    visit->window_from_ms = agreed->a;
    /* agreed before the next opening, perhaps for a time before it: it runs from then on */
    visit->start_ms = watch_min_ms(visit->start_ms, agreed->at_ms);
}

/* May this agreement still re-date the visit? By the band's due while nothing was agreed; a window
 * can be moved until its end if the customer wished it, until its start if we did. */
static bool in_time(const struct watch_instance *visit, const struct watch_fact *agreed)
{
    bool customers_wish = (agreed->b & 3) == DS__WISH__NAME__CUSTOMER;

    if (visit->from_appointment && !customers_wish) return agreed->at_ms <= visit->window_from_ms;
    return agreed->at_ms <= visit->due_ms;
}

static void on_appointment(const struct watch_life *life, struct watch_verdicts *verdicts,
                           struct visits *visits, const struct watch_fact *agreed)
{
    struct watch_instance *visit = newest(visits);

    if (agreed->b >> 2 < agreed->at_ms) return; /* no fact sets a due before its own time */
    if (!visit || has_ended(visit) || !in_time(visit, agreed)) {
        if (visits->n == DS_CYCLE_INSTANCES) return;
        begin_visit(life, verdicts, visits, agreed, agreed->at_ms);
    }
    agree(newest(visits), agreed);
}

static void on_address(const struct watch_life *life, struct visits *visits,
                       const struct watch_fact *address)
{
    struct watch_instance *visit = newest(visits);

    visits->zone = (enum ds_zone_band)address->a;
    if (!visit || has_ended(visit) || visit->from_appointment || address->at_ms > visit->due_ms)
        return;
    set_band(life, visits);
    /* a nearer address cannot have made us late before it was known */
    visit->due_ms = watch_max_ms(visit->due_ms, address->at_ms);
}

/* On site: in the window or up to the rulebook's time before it, earlier only if the customer was
 * there. Nobody had to be at home before the window. */
static bool counts(const struct watch_instance *visit, const struct watch_fact *came)
{
    if (!visit->from_appointment) return true;
    if (came->a & ABSENT) return came->at_ms >= visit->window_from_ms;
    if (came->a & PRESENT_EARLY) return true;
    return came->at_ms >= visit->window_from_ms - visit->rules->early_arrival_ms;
}

/* He came, or work that is done proves that somebody was there. */
static void on_site(const struct watch_life *life, struct visits *visits,
                    const struct watch_fact *stop)
{
    for (uint32_t i = 0; i < visits->n; i++) {
        struct watch_instance *visit = &visits->list[i];
        if (!is_open(visits, visit, stop->at_ms)) continue;
        if (stop->kind == FACT_CHECKED_IN && !counts(visit, stop)) continue;
        visit->stop_ms = stop->at_ms;
        visit->stop_fact = stop;
        visit->closed_paused = visit->pausable && watch_paused_at(life, stop->at_ms);
    }
}

bool watch_answer_settles(const struct watch_life *life, const struct watch_verdicts *verdicts,
                          const struct watch_fact *answer)
{
    const struct watch_instance *last = NULL;

    for (uint32_t i = 0; i < verdicts->n; i++) {
        const struct watch_instance *visit = &verdicts->list[i];
        if (visit->clock == DS_CLOCK_VISIT && visit->life == life &&
            visit->start_ms <= answer->at_ms)
            last = visit;
    }
    return life->head.service || !last || !last->from_appointment ||
           last->stop_ms <= answer->at_ms || last->cancel_ms <= answer->at_ms;
}

static void cancel_all(struct visits *visits, int64_t at_ms)
{
    for (uint32_t i = 0; i < visits->n; i++)
        if (is_open(visits, &visits->list[i], at_ms)) visits->list[i].cancel_ms = at_ms;
}

static void sweep(const struct watch_life *life, struct watch_verdicts *verdicts,
                  struct visits *visits, const struct watch_fact *fact)
{
    switch (fact->kind) {
    case FACT_ADDRESS: on_address(life, visits, fact); return;
    case FACT_APPOINTMENT: on_appointment(life, verdicts, visits, fact); return;
    case FACT_CHECKED_IN:
    case FACT_COMPLETED:
    case FACT_RESULT_FILED: on_site(life, visits, fact); return;
    case FACT_ANSWERED:
        if (watch_answer_settles(life, verdicts, fact)) cancel_all(visits, fact->at_ms);
        return;
    case FACT_CANCELLED: cancel_all(visits, fact->at_ms); return;
    case FACT_REGISTERED:
    case FACT_OFFERED:
    case FACT_TAKEN_BACK:
    case FACT_ASSIGNED:
    case FACT_RETURNED:
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
    struct visits visits = {.list = &verdicts->list[verdicts->n], .zone = life->zone};

    if (life->head.kind == DS_SYSTEM) return;
    if (!life->head.service) { /* a service complaint is visited only if it is booked */
        int64_t band_ms = life->rules->band_ms[life->zone];
        begin_visit(life, verdicts, &visits, life->begin,
                    watch_promise_start_ms(life, band_ms, band_ms));
        set_band(life, &visits);
    }
    for (uint32_t i = 0; i < life->n; i++)
        sweep(life, verdicts, &visits, life->facts[i]);
    cancel_all(&visits, life->ends_ms);
    for (uint32_t i = 0; i < visits.n; i++)
        visits.list[i].owner = watch_owner_at(life, watch_decisive_ms(&visits.list[i]));
}
