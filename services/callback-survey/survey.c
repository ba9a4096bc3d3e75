/* SPDX-License-Identifier: MIT
 *
 * The way of an event through callback-survey: load the task, step, store it. Entities by key:
 * T ticket, M month, S some of a month's answers. */
#include "callback-survey/survey.h"

#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "engine/part.h"

static void load_ticket(struct ds_part *part, struct survey_ticket *ticket, char *id)
{
    char key[DS_KEY_MAX] = "T";

    ds_copy(key + 1, sizeof key - 1, id);
    ticket->id = id;
    const Ds__SurveyTask *stored = ds_part_get(part, key, &ds__survey_task__descriptor);
    ticket->known = stored != NULL;
    if (!stored) {
        ds__survey_task__init(&ticket->state);
    } else {
        DS_ASSERT(stored->n_attempts <= SURVEY_ATTEMPTS_MAX);
        ticket->state = *stored;
        ds_copy_bytes(ticket->attempts, stored->attempts,
                      stored->n_attempts * sizeof ticket->attempts[0]);
    }
    ticket->state.attempts = ticket->attempts;
    ticket->answered = false;
}

static void store_ticket(struct ds_part *part, struct survey_ticket *ticket)
{
    Ds__SurveyTask *state = &ticket->state;
    struct ds_dues dues = {{DS_NO_DUE, DS_NO_DUE, DS_NO_DUE}};
    char key[DS_KEY_MAX] = "T";

    if (!ticket->known) return;
    ds_copy(key + 1, sizeof key - 1, ticket->id);
    if (!state->open)
        dues.at_ms[DS_HARD] =
            part->now_ms + ds_part_rules(part)->clocks[DS_CLOCK_CALLBACK].grace_ms;
    state->has_soft_due_ms = state->has_hard_due_ms = state->has_operational_due_ms = 0;
    ds_part_put(part, key, &state->base, &dues);
}

static bool concerns(int type)
{
    return type == DS_EV_RESULT_FILED || type == DS_EV_CANCELLED ||
           type == DS_EV_CALLBACK_RECORDED || type == DS_EV_REOPENED ||
           type == DS_EV_SHEET_SUBMITTED;
}

static void apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    struct survey_ticket ticket;

    if (!concerns((int)event->type)) return;
    if (event->type == DS_EV_SHEET_SUBMITTED) return survey_submit(part, event, out);
    load_ticket(part, &ticket, event->msg->subject);
    bool asked = event->type == DS_EV_CALLBACK_RECORDED && ticket.known;
    uint32_t rulebook = asked ? ticket.state.rulebook : event->rulebook;
    survey_step(&ticket, event, ds_part_rules_of(part, rulebook), out);
    store_ticket(part, &ticket);
    if (ticket.answered) survey_note_answer(part, event, &ticket);
    if (event->type == DS_EV_RESULT_FILED && ticket.known)
        survey_open_month(part, event, ticket.state.territory);
}

/* Closed, and its grace is over: nothing asks for it any more. */
static void fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out)
{
    char key[DS_KEY_MAX];

    (void)kind, (void)due_ms;
    ds_copy(key, sizeof key, entity->key);
    if (key[0] == 'M') return survey_fire_month(part, key, out);
    ds_part_delete(part, key);
}

static bool loaded(struct ds_part *part, const struct ds_entity *entity)
{
    const Ds__SurveyTask *state;

    switch (entity->key[0]) {
    case 'T':
        state = ds_part_unpack(part, entity, &ds__survey_task__descriptor);
        return state && state->territory && state->rulebook > 0 &&
               state->n_attempts <= SURVEY_ATTEMPTS_MAX;
    case 'M':
        return survey_month_loaded(ds_part_unpack(part, entity, &ds__survey_month__descriptor));
    case 'S': return survey_rows_loaded(ds_part_unpack(part, entity, &ds__survey_rows__descriptor));
    default: return false;
    }
}

const struct ds_service survey_service = {
    .name = "callback-survey",
    .source = DS_SURVEY,
    .upstreams = 1u << DS_INTAKE | 1u << DS_DISPATCHER,
    .loaded = loaded,
    .concerns = concerns,
    .apply = apply,
    .fire = fire,
};
