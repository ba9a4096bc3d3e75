/* SPDX-License-Identifier: MIT
 *
 * The way of an event through callback-survey: load the task, step, store it. Entities by key:
 * T ticket, M month, S some of a month's answers. */
#include "callback-survey/survey.h"

#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "engine/part.h"

static const struct ds_version *rules_of(const void *self, uint32_t number)
{
    return ds_part_rules_of(self, number);
}

static void load_ticket(struct ds_part *part, struct survey_ticket *ticket, char *id)
{
    Ds__SurveyTask *state = &ticket->state;
    char key[DS_KEY_MAX] = "T";

    ds_copy(key + 1, sizeof key - 1, id);
    ticket->id = id;
    const Ds__SurveyTask *stored = ds_part_get(part, key, &ds__survey_task__descriptor);
    ticket->known = stored != NULL;
    if (!stored) {
        ds__survey_task__init(state);
    } else {
        *state = *stored;
        ds_copy_bytes(ticket->attempts, stored->attempts,
                      stored->n_attempts * sizeof ticket->attempts[0]);
        ds_copy_bytes(ticket->visits, stored->visits, stored->n_visits * sizeof ticket->visits[0]);
        ds_copy_bytes(ticket->ends, stored->ends, stored->n_ends * sizeof ticket->ends[0]);
        ds_copy_bytes(ticket->reopened_at_ms, stored->reopened_at_ms,
                      stored->n_reopened_at_ms * sizeof ticket->reopened_at_ms[0]);
    }
    state->attempts = ticket->attempts;
    state->visits = ticket->visits;
    state->ends = ticket->ends;
    state->reopened_at_ms = ticket->reopened_at_ms;
}

static void store_ticket(struct ds_part *part, struct survey_ticket *ticket)
{
    const struct survey_versions versions = {rules_of, part};
    Ds__SurveyTask *state = &ticket->state;
    struct ds_dues dues = {{DS_NO_DUE, survey_due_ms(ticket, &versions), DS_NO_DUE}};
    char key[DS_KEY_MAX] = "T";

    ds_copy(key + 1, sizeof key - 1, ticket->id);
    state->has_soft_due_ms = state->has_hard_due_ms = state->has_operational_due_ms = 0;
    ds_part_put(part, key, &state->base, &dues);
}

static bool concerns(int type)
{
    return type == DS_EV_REGISTERED || type == DS_EV_REOPENED || type == DS_EV_CHECKED_IN ||
           type == DS_EV_COMPLETED || type == DS_EV_RESULT_FILED || type == DS_EV_CANCELLED ||
           type == DS_EV_CALLBACK_RECORDED || type == DS_EV_SHEET_SUBMITTED;
}

static void fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out);

/* Everything of intake up to an instant is here when a later event is. After an outage a sheet may
 * come in before the callbacks of its month were closed and its lot was drawn from them: that is
 * made up for. What does not fit into one step follows in its time, and the sheet is to be sent
 * again. */
static void fire_overdue(struct ds_part *part, int64_t before_ms, struct ds_out *out)
{
    const struct ds_entity *entity;

    while (out->n < DS_OUT_EVENTS_MAX / 2 && (entity = ds_table_first(&part->table, DS_HARD)) &&
           entity->dues.at_ms[DS_HARD] < before_ms)
        fire(part, entity, DS_HARD, entity->dues.at_ms[DS_HARD], out);
}

static void apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    static struct survey_ticket ticket; /* large; one event at a time */
    const struct survey_versions versions = {rules_of, part};

    if (!concerns((int)event->type)) return;
    if (event->type == DS_EV_SHEET_SUBMITTED) {
        fire_overdue(part, event->stamp_ms, out);
        return survey_submit(part, event, out);
    }
    if (event->type == DS_EV_RESULT_FILED)
        survey_open_month(part, event, event->msg->result_filed->head);
    load_ticket(part, &ticket, event->msg->subject);
    survey_step(&ticket, event, &versions, out);
    if (ticket.known) store_ticket(part, &ticket);
}

/* Says what the callbacks came to that are final by now. With nothing left to say and its grace
 * over, too, nothing asks for the ticket any more: at once if the rulebook grants no grace. */
static void fire_ticket(struct ds_part *part, char *id, int64_t due_ms, struct ds_out *out)
{
    static struct survey_ticket ticket;
    const struct survey_versions versions = {rules_of, part};
    struct survey_life life;
    bool said = false;

    load_ticket(part, &ticket, id);
    DS_ASSERT(ticket.known);
    for (uint32_t i = 0; i < survey_lives(&ticket); i++) {
        if (ticket.state.said >> i & 1) continue;
        if (survey_final_ms(&ticket, i, &versions, &life) > due_ms) continue;
        survey_close(&ticket, &life, &versions, out);
        if (life.answer) survey_note_answer(part, &ticket, &life);
        said = true;
    }
    if (said && survey_due_ms(&ticket, &versions) > due_ms) return store_ticket(part, &ticket);
    char key[DS_KEY_MAX] = "T";
    ds_copy(key + 1, sizeof key - 1, id);
    ds_part_delete(part, key);
}

static void fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out)
{
    char key[DS_KEY_MAX];

    (void)kind;
    ds_copy(key, sizeof key, entity->key);
    if (key[0] == 'M') return survey_fire_month(part, key, out);
    fire_ticket(part, ds_out_text(out, (const char *const[]){key + 1, NULL}), due_ms, out);
}

static bool ends_fit(const Ds__SurveyTask *state)
{
    for (size_t i = 0; i < state->n_ends; i++)
        if (state->ends[i]->rulebook == 0 || !state->ends[i]->event) return false;
    return true;
}

static bool loaded(struct ds_part *part, const struct ds_entity *entity)
{
    const Ds__SurveyTask *state;

    switch (entity->key[0]) {
    case 'T':
        state = ds_part_unpack(part, entity, &ds__survey_task__descriptor);
        return state && state->territory && state->n_attempts <= DS_FACTS_MAX &&
               state->n_visits <= DS_FACTS_MAX && state->n_ends <= DS_FACTS_MAX &&
               state->n_reopened_at_ms < DS_CYCLES_MAX && ends_fit(state);
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
