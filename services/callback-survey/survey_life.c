/* SPDX-License-Identifier: MIT
 *
 * What the callback of each life of a ticket comes to. It is told anew from all that happened, in
 * the order in which it happened: a result, a callback or a visit may arrive in any order within
 * the grace. Pure. */
#include "callback-survey/survey.h"
#include "domain/assert.h"
#include "domain/callback.h"

uint32_t survey_lives(const struct survey_ticket *ticket)
{
    return (uint32_t)ticket->state.n_reopened_at_ms + 1;
}

static void begin(const struct survey_ticket *ticket, uint32_t number, struct survey_life *ret)
{
    const Ds__SurveyTask *state = &ticket->state;

    *ret = (struct survey_life){
        .number = number,
        .task = (state->first_cycle + number) * DS_CYCLE_INSTANCES + 1,
        .from_ms = state->has_first_from_ms ? state->first_from_ms : INT64_MIN,
        .until_ms = INT64_MAX,
        .done_ms = INT64_MAX,
        .visitor = "",
    };
    if (number > 0) ret->from_ms = state->reopened_at_ms[number - 1];
    if (number < state->n_reopened_at_ms) ret->until_ms = state->reopened_at_ms[number];
}

/* Of a result and a cancellation at one instant the cancellation comes first. */
static bool ends_earlier(const Ds__SurveyEnd *end, const Ds__SurveyEnd *than)
{
    return !than || (end->at_ms == than->at_ms && end->cancelled && !than->cancelled);
}

static void find_end(const struct survey_ticket *ticket, int64_t upto_ms, struct survey_life *life)
{
    for (size_t i = 0; i < ticket->state.n_ends; i++) {
        const Ds__SurveyEnd *end = ticket->ends[i];
        bool here = life->from_ms <= end->at_ms && end->at_ms < life->until_ms;
        if (here && end->received_ms <= upto_ms && ends_earlier(end, life->end)) life->end = end;
    }
}

static void find_done(const struct survey_ticket *ticket, int64_t upto_ms,
                      const struct ds_version *rules, struct survey_life *life)
{
    const struct ds_territory *territory = ds_find_territory(rules, ticket->state.territory);
    const Ds__SurveyAttempt *made[DS_FACTS_MAX];
    struct ds_attempt attempts[DS_FACTS_MAX];
    uint32_t n = 0;

    DS_ASSERT(territory); /* territories never disappear */
    if (life->end->transferred) {
        life->done_ms = life->end->at_ms;
        return;
    }
    for (size_t i = 0; i < ticket->state.n_attempts; i++) {
        const Ds__SurveyAttempt *attempt = ticket->attempts[i];
        if (attempt->received_ms > upto_ms || attempt->at_ms < life->end->at_ms ||
            attempt->at_ms >= life->until_ms)
            continue;
        made[n] = attempt;
        attempts[n++] = (struct ds_attempt){attempt->at_ms, attempt->reached};
    }
    life->done_ms = ds_callback_done_ms(rules, territory->calendar->zone, attempts, n);
    for (uint32_t i = 0; i < n && attempts[i].at_ms <= life->done_ms; i++) {
        life->attempts++;
        if (!life->answer && attempts[i].reached) life->answer = made[i];
    }
}

/* What the customer's words are about: the result he knew of, and who had been there by then. */
static void find_subject(const struct survey_ticket *ticket, int64_t upto_ms,
                         struct survey_life *life)
{
    for (size_t i = 0; i < ticket->state.n_ends; i++) {
        Ds__SurveyEnd *end = ticket->ends[i];
        if (!end->cancelled && end->received_ms <= upto_ms && life->from_ms <= end->at_ms &&
            end->at_ms <= life->done_ms)
            life->result = end;
    }
    for (size_t i = 0; i < ticket->state.n_visits; i++) {
        const Ds__SurveyVisit *visit = ticket->visits[i];
        if (visit->received_ms <= upto_ms && life->from_ms <= visit->at_ms &&
            visit->at_ms <= life->done_ms)
            life->visitor = visit->account;
    }
}

void survey_tell(const struct survey_ticket *ticket, uint32_t number, int64_t upto_ms,
                 const struct survey_versions *versions, struct survey_life *ret)
{
    begin(ticket, number, ret);
    find_end(ticket, upto_ms, ret);
    if (!ret->end) return;
    find_done(ticket, upto_ms, versions->of(versions->self, ret->end->rulebook), ret);
    if (ret->answer) find_subject(ticket, upto_ms, ret);
}

/* ---- final ---- */

static int64_t sooner(int64_t received_ms, int64_t after_ms, int64_t than_ms)
{
    return received_ms > after_ms && received_ms < than_ms ? received_ms : than_ms;
}

/* First arrival of anything after an instant; INT64_MAX. */
static int64_t next_arrival_ms(const struct survey_ticket *ticket, int64_t after_ms)
{
    int64_t next_ms = INT64_MAX;

    for (size_t i = 0; i < ticket->state.n_ends; i++)
        next_ms = sooner(ticket->ends[i]->received_ms, after_ms, next_ms);
    for (size_t i = 0; i < ticket->state.n_attempts; i++)
        next_ms = sooner(ticket->attempts[i]->received_ms, after_ms, next_ms);
    for (size_t i = 0; i < ticket->state.n_visits; i++)
        next_ms = sooner(ticket->visits[i]->received_ms, after_ms, next_ms);
    return next_ms;
}

int64_t survey_final_ms(const struct survey_ticket *ticket, uint32_t number,
                        const struct survey_versions *versions, struct survey_life *ret)
{
    int64_t upto_ms = next_arrival_ms(ticket, INT64_MIN);

    for (int64_t next_ms; upto_ms != INT64_MAX; upto_ms = next_ms) {
        next_ms = next_arrival_ms(ticket, upto_ms);
        survey_tell(ticket, number, upto_ms, versions, ret);
        int64_t over_ms = ret->done_ms < ret->until_ms ? ret->done_ms : ret->until_ms;
        if (!ret->end || over_ms == INT64_MAX) continue;
        const struct ds_version *rules = versions->of(versions->self, ret->end->rulebook);
        int64_t final_ms = over_ms + rules->clocks[DS_CLOCK_CALLBACK].grace_ms;
        if (final_ms < upto_ms) final_ms = upto_ms;
        if (final_ms < next_ms) return final_ms;
    }
    return INT64_MAX;
}

int64_t survey_due_ms(const struct survey_ticket *ticket, const struct survey_versions *versions)
{
    uint32_t lives = survey_lives(ticket);
    struct survey_life life;
    int64_t due_ms = INT64_MAX;

    for (uint32_t i = 0; i < lives; i++) {
        if (ticket->state.said >> i & 1) continue;
        int64_t final_ms = survey_final_ms(ticket, i, versions, &life);
        if (final_ms < due_ms) due_ms = final_ms;
    }
    if (due_ms != INT64_MAX || !(ticket->state.said >> (lives - 1) & 1)) return due_ms;
    due_ms = survey_final_ms(ticket, lives - 1, versions, &life);
    return due_ms +
           versions->of(versions->self, life.end->rulebook)->clocks[DS_CLOCK_CALLBACK].grace_ms;
}
