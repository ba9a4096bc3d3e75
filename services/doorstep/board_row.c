/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "dispatcher/cases.h"
#include "doorstep/board.h"
#include "wire/json.h"

const char *board_phase(const Ds__IntakeTicket *intake)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&ds__phase__name__descriptor, (int)intake->phase);

    return value ? value->name : "NONE";
}

enum ds_word board_kind(const Ds__TicketHead *head)
{
    if (head->kind == DS__KIND__NAME__INSTALL) return DS_WORD_INSTALL;
    if (head->kind == DS__KIND__NAME__SYSTEM) return DS_WORD_SYSTEM;
    return head->complaint_type == DS__COMPLAINT_TYPE__NAME__SERVICE ? DS_WORD_SERVICE_COMPLAINT
                                                                     : DS_WORD_REPAIR;
}

bool board_goes_on(const struct live *live, const struct live_ticket *ticket)
{
    if (ticket->intake->phase == DS__PHASE__NAME__OPEN) return true;
    for (uint32_t i = 0; ticket->watch && i < ticket->watch->verdicts.n; i++)
        if (watch_is_open(&ticket->watch->verdicts.list[i], live->now_ms)) return true;
    return false;
}

static bool is_at_hand(const Ds__DispatchTicket *dispatch)
{
    return live_offer(dispatch) && (dispatch->phase == DS__DISPATCH_PHASE__NAME__OFFERED ||
                                    dispatch->phase == DS__DISPATCH_PHASE__NAME__HELD);
}

bool board_is_of(const struct live_ticket *ticket, const char *account)
{
    return ticket->dispatch && is_at_hand(ticket->dispatch) &&
           strcmp(live_offer(ticket->dispatch)->account, account) == 0;
}

/* ---- dispatch ---- */

static json_t *refused_json(const Ds__DispatchTicket *dispatch)
{
    json_t *list = json_array();

    for (size_t i = 0; i < dispatch->n_offers; i++)
        if (dispatch->offers[i]->ended == DS__TAKEN_BACK_WHY__NAME__LAPSED ||
            dispatch->offers[i]->ended == DS__TAKEN_BACK_WHY__NAME__REJECTED)
            json_array_append_new(list, json_string(dispatch->offers[i]->account));
    return list;
}

static json_t *remedies_json(const Ds__DispatchCase *past)
{
    const Ds__CaseRow *best[DISPATCH_BEST];
    uint32_t n = past ? dispatch_best(past, best) : 0;
    json_t *list = json_array();

    for (uint32_t i = 0; i < n; i++)
        json_array_append_new(list, json_pack("{ss ss sI sI}", "cause", ds_str(best[i]->cause),
                                              "remedy", ds_str(best[i]->remedy), "worked",
                                              (json_int_t)best[i]->worked, "failed",
                                              (json_int_t)best[i]->failed));
    return list;
}

static json_t *offer_json(const Ds__DispatchTicket *dispatch, const Ds__PastOffer *offer)
{
    int n = (int)(dispatch->cycle * DS_CYCLE_OFFERS + dispatch->current);

    return json_pack("{si ss sI}", "n", n, "account", offer->account, "accept_due_at_ms",
                     (json_int_t)offer->accept_due_at_ms);
}

/* Where the dispatcher has let it go, or has not heard of it: as it must have been, or will be. */
static const char *dispatch_phase(const struct live_ticket *ticket)
{
    bool open = ticket->intake->phase == DS__PHASE__NAME__OPEN;
    const ProtobufCEnumValue *phase = protobuf_c_enum_descriptor_get_value(
        &ds__dispatch_phase__name__descriptor, ticket->dispatch ? (int)ticket->dispatch->phase : 0);

    if (ticket->dispatch && phase) return phase->name;
    if (open) return "FILLING";
    return ticket->intake->phase == DS__PHASE__NAME__FINISHED ? "DONE" : "CANCELLED";
}

static json_t *dispatch_json(const struct live_ticket *ticket)
{
    static const Ds__DispatchTicket nothing = DS__DISPATCH_TICKET__INIT;
    const Ds__DispatchTicket *dispatch = ticket->dispatch ? ticket->dispatch : &nothing;
    const Ds__PastOffer *offer = live_offer(dispatch);
    bool offered = offer && dispatch->phase == DS__DISPATCH_PHASE__NAME__OFFERED;

    return json_pack("{ss ss so so so}", "phase", dispatch_phase(ticket), "holder",
                     offer && !offered ? offer->account : "", "offer",
                     offered ? offer_json(dispatch, offer) : json_null(), "refused",
                     refused_json(dispatch), "remedies", remedies_json(ticket->past));
}

/* ---- clocks ---- */

static const char *state_of(const struct watch_instance *instance, int64_t now_ms)
{
    if (watch_is_open(instance, now_ms)) {
        if (instance->due_ms == WATCH_NEVER) return "paused";
        return now_ms > instance->due_ms ? "late" : "running";
    }
    switch (watch_verdict(instance)) {
    case DS_MET:
    case DS_CLOSED_PAUSED: return "met";
    case DS_BREACHED: return "breached";
    case DS_CANCELLED:
    case DS_VERDICT_NONE: return "cancelled";
    }
    return "cancelled";
}

static void set_ms(json_t *object, const char *key, int64_t at_ms)
{
    if (at_ms != WATCH_NEVER) json_object_set_new_nocheck(object, key, json_integer(at_ms));
}

static json_t *clock_json(const struct watch_instance *instance, int64_t now_ms)
{
    json_t *object = json_object();

    json_object_set_new_nocheck(object, "clock", json_string(ds_clock_name(instance->clock)));
    json_object_set_new_nocheck(object, "n", json_integer(instance->n));
    json_object_set_new_nocheck(object, "owner", json_string(instance->owner));
    json_object_set_new_nocheck(object, "state", json_string(state_of(instance, now_ms)));
    set_ms(object, "start_at_ms", instance->start_ms);
    set_ms(object, "due_at_ms", instance->due_ms);
    set_ms(object, "stop_at_ms", instance->stop_ms);
    if (watch_is_open(instance, now_ms)) set_ms(object, "warn_at_ms", watch_warn_ms(instance));
    if (instance->closed_paused) json_object_set_new(object, "closed_paused", json_true());
    return object;
}

static json_t *clocks_json(const struct live_ticket *ticket, int64_t now_ms)
{
    json_t *list = json_array();

    for (uint32_t i = 0; ticket->watch && i < ticket->watch->verdicts.n; i++)
        json_array_append_new(list, clock_json(&ticket->watch->verdicts.list[i], now_ms));
    return list;
}

/* The time last agreed in this life of the ticket. */
static json_t *appointment_json(const struct live_ticket *ticket)
{
    const struct watch_instance *last = NULL;
    uint32_t n_lives = ticket->watch ? ticket->watch->story.n_lives : 0;

    for (uint32_t i = 0; n_lives > 0 && i < ticket->watch->verdicts.n; i++) {
        const struct watch_instance *visit = &ticket->watch->verdicts.list[i];
        if (visit->clock == DS_CLOCK_VISIT && visit->from_appointment &&
            visit->life == &ticket->watch->story.lives[n_lives - 1])
            last = visit;
    }
    if (!last) return json_null();
    return json_pack("{si sI sI}", "n", (int)last->n, "from_ms", (json_int_t)last->window_from_ms,
                     "to_ms", (json_int_t)last->due_ms);
}

static void add_wait(void *self, const struct waiting *waiting)
{
    static const char *const reasons[DS_DELAY_COUNT] = {"", "PARTS", "MAJOR_REPAIR", "CUSTOMER",
                                                        "OTHER"};

    json_array_append_new(self, json_pack("{si ss sI sI}", "delay", (int)waiting->delay, "reason",
                                          reasons[waiting->reason], "since_ms",
                                          (json_int_t)waiting->since_ms, "cap_at_ms",
                                          (json_int_t)waiting->cap_at_ms));
}

json_t *board_row(const struct live *live, const struct live_ticket *ticket)
{
    const Ds__IntakeTicket *intake = ticket->intake;
    json_t *waits = json_array();

    if (ticket->watch) watch_take_waits(live->now_ms, add_wait, waits);
    return json_pack("{ss ss so ss si so so so so}", "ticket", ticket->id, "ref",
                     ds_str(intake->head->ref), "head", ds_json_of(&intake->head->base), "phase",
                     board_phase(intake), "cycle", (int)intake->cycle, "dispatch",
                     dispatch_json(ticket), "appointment", appointment_json(ticket), "clocks",
                     clocks_json(ticket, live->now_ms), "waits", waits);
}
