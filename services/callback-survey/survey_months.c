/* SPDX-License-Identifier: MIT
 *
 * A month's answers in live state, the act of drawing its sheet, and its hand-in. The seed is made
 * here, as the ledger's chain is, because it is a hash and rules use none.
 *
 * Nobody can choose it: numbers of events and instants of arrival are the server's, so whoever adds
 * an answer does not know what sheet will come of it, and afterwards it stands. */
#include <sodium.h>
#include <string.h>

#include "callback-survey/survey.h"
#include "domain/assert.h"
#include "domain/ids.h"
#include "engine/part.h"

enum { SEED_BYTES = 32 };

/* prefix, territory / yyyymm, and / chunk unless it is negative */
static void make_key(char key[DS_KEY_MAX + 1], char prefix, const char *territory, uint32_t month,
                     int64_t chunk)
{
    key[0] = prefix;
    ds_copy(key + 1, DS_KEY_MAX, territory);
    size_t n = strlen(key);
    key[n++] = '/';
    n += ds_decimal(key + n, month);
    if (chunk >= 0) {
        key[n++] = '/';
        n += ds_decimal(key + n, (uint64_t)chunk);
    }
    key[n] = '\0';
}

static Ds__SurveyMonth *load_month(struct ds_part *part, const char *territory, uint32_t month)
{
    char key[DS_KEY_MAX + 1];

    make_key(key, 'M', territory, month, -1);
    return ds_part_get(part, key, &ds__survey_month__descriptor);
}

static void store_month(struct ds_part *part, Ds__SurveyMonth *state)
{
    const struct ds_version *rules = ds_part_rules_of(part, state->rulebook);
    struct ds_dues dues = {{DS_NO_DUE, state->draw_at_ms, DS_NO_DUE}};
    char key[DS_KEY_MAX + 1];

    if (state->drawn) dues.at_ms[DS_HARD] += rules->follow_up_ms;
    make_key(key, 'M', state->territory, state->month, -1);
    state->has_soft_due_ms = state->has_hard_due_ms = state->has_operational_due_ms = 0;
    ds_part_put(part, key, &state->base, &dues);
}

void survey_open_month(struct ds_part *part, const struct ds_event *event,
                       const Ds__TicketHead *head)
{
    const struct ds_version *rules = ds_part_rules_of(part, event->rulebook);
    const struct ds_zone *zone = ds_find_territory(rules, head->territory)->calendar->zone;
    uint32_t month = ds_month_of(zone, event->at_ms);
    Ds__SurveyMonth state = DS__SURVEY_MONTH__INIT;

    if (head->kind == DS__KIND__NAME__SYSTEM || load_month(part, head->territory, month)) return;
    state.territory = head->territory;
    DS_SET(&state, month, month);
    DS_SET(&state, rulebook, event->rulebook);
    DS_SET(&state, draw_at_ms, survey_draw_ms(rules, zone, month));
    /* later than any fact of the month may be: rules that allowed more have been replaced */
    if (event->stamp_ms <= state.draw_at_ms) store_month(part, &state);
}

static void append(struct ds_part *part, const Ds__SurveyMonth *month, uint64_t ticket,
                   uint64_t answer)
{
    uint64_t tickets[SURVEY_CHUNK_ROWS], answers[SURVEY_CHUNK_ROWS];
    Ds__SurveyRows rows = DS__SURVEY_ROWS__INIT;
    char key[DS_KEY_MAX + 1];

    make_key(key, 'S', month->territory, month->month, month->rows / SURVEY_CHUNK_ROWS);
    const Ds__SurveyRows *before = ds_part_get(part, key, &ds__survey_rows__descriptor);
    size_t n = before ? before->n_ticket : 0;
    DS_ASSERT(n == month->rows % SURVEY_CHUNK_ROWS);
    if (before) {
        ds_copy_bytes(tickets, before->ticket, n * sizeof tickets[0]);
        ds_copy_bytes(answers, before->answer, n * sizeof answers[0]);
    }
    tickets[n] = ticket;
    answers[n] = answer;
    rows.ticket = tickets;
    rows.answer = answers;
    rows.n_ticket = rows.n_answer = n + 1;
    ds_part_put(part, key, &rows.base, NULL);
}

void survey_note_answer(struct ds_part *part, const struct survey_ticket *ticket,
                        const struct survey_life *life)
{
    const Ds__SurveyTask *task = &ticket->state;
    const struct ds_version *rules = ds_part_rules_of(part, life->end->rulebook);
    const struct ds_zone *zone = ds_find_territory(rules, task->territory)->calendar->zone;
    const Ds__SurveyAttempt *answer = life->answer;
    uint32_t month = ds_month_of(zone, answer->at_ms), partition;
    uint64_t number;

    if (!answer->callback || task->kind == DS__KIND__NAME__NONE || !life->result) return;
    if (ds_month_of(zone, life->result->at_ms) != month) return;
    Ds__SurveyMonth *state = load_month(part, task->territory, month);
    if (!state || state->drawn || answer->received_ms > state->draw_at_ms) return;
    bool parsed = ds_parse_ticket_id(ticket->id, &partition, &number);
    DS_ASSERT(parsed);
    if (state->rows == SURVEY_ROWS_MAX) {
        DS_SET(state, left_out, state->left_out + 1);
    } else {
        append(part, state, number << 1 | (task->kind == DS__KIND__NAME__INSTALL), answer->seq);
        DS_SET(state, rows, state->rows + 1);
        if (answer->received_ms > state->answered_at_ms)
            DS_SET(state, answered_at_ms, answer->received_ms);
    }
    store_month(part, state);
}

/* ---- drawing ---- */

/* Takes the answers of a month out of live state. */
static uint32_t take_rows(struct ds_part *part, const Ds__SurveyMonth *month,
                          struct survey_row rows[SURVEY_ROWS_MAX])
{
    uint32_t n = 0;

    for (uint32_t chunk = 0; n < month->rows; chunk++) {
        char key[DS_KEY_MAX + 1];
        make_key(key, 'S', month->territory, month->month, chunk);
        const Ds__SurveyRows *stored = ds_part_get(part, key, &ds__survey_rows__descriptor);
        if (!stored || n + stored->n_ticket > month->rows)
            ds_part_corrupt(part, key, "does not fit its month");
        for (size_t i = 0; i < stored->n_ticket; i++)
            rows[n++] = (struct survey_row){stored->ticket[i] >> 1, stored->answer[i],
                                            stored->ticket[i] & 1};
        ds_part_delete(part, key);
    }
    return n;
}

static void hash_number(crypto_generichash_state *hash, uint64_t number, const char *after)
{
    char digits[24];
    size_t n = ds_decimal(digits, number);

    crypto_generichash_update(hash, (const uint8_t *)digits, n);
    crypto_generichash_update(hash, (const uint8_t *)after, strlen(after));
}

static void hash_text(crypto_generichash_state *hash, const char *text)
{
    crypto_generichash_update(hash, (const uint8_t *)text, strlen(text));
}

/* BLAKE2b-256 of lines of text: "satisfaction sheet", territory, month, instant of the last
 * arrival, then "ticket answer" of each row. */
static void make_seed(const Ds__SurveyMonth *month, const struct survey_row *rows, uint32_t n,
                      uint8_t seed[SEED_BYTES])
{
    crypto_generichash_state hash;

    crypto_generichash_init(&hash, NULL, 0, SEED_BYTES);
    hash_text(&hash, "satisfaction sheet\n");
    hash_text(&hash, month->territory);
    hash_text(&hash, "\n");
    hash_number(&hash, month->month, "\n");
    hash_number(&hash, (uint64_t)month->answered_at_ms, "\n");
    for (uint32_t i = 0; i < n; i++) {
        hash_number(&hash, rows[i].ticket, " ");
        hash_number(&hash, rows[i].answer, "\n");
    }
    crypto_generichash_final(&hash, seed, SEED_BYTES);
}

static char *subject_of(struct ds_out *out, const Ds__SurveyMonth *month)
{
    return ds_out_text(
        out, (const char *const[]){month->territory, "/", ds_out_number(out, month->month), NULL});
}

static void draw_month(struct ds_part *part, Ds__SurveyMonth *month, struct ds_out *out)
{
    static struct survey_row rows[SURVEY_ROWS_MAX]; /* one month at a time */
    const struct ds_version *rules = ds_part_rules_of(part, month->rulebook);
    char *hex = ds_out_room(out, 2 * SEED_BYTES + 1);
    uint8_t seed[SEED_BYTES];
    uint64_t number = 0;

    uint32_t n = survey_sort_rows(rows, take_rows(part, month, rows));
    make_seed(month, rows, n, seed);
    for (int i = 0; i < 8; i++)
        number = number << 8 | seed[i];
    sodium_bin2hex(hex, 2 * SEED_BYTES + 1, seed, SEED_BYTES);
    Ds__SheetDrawn *drawn = &ds_out_add(out, DS_EV_SHEET_DRAWN, subject_of(out, month),
                                        DS__REASON__NAME__SHEET_OF_MONTH, "7.2")
                                 ->sheet_drawn;
    drawn->territory = month->territory;
    DS_SET(drawn, month, month->month);
    drawn->seed = hex;
    if (month->has_answered_at_ms) DS_SET(drawn, answered_at_ms, month->answered_at_ms);
    if (month->has_left_out) DS_SET(drawn, left_out, month->left_out);
    survey_draw(rules, rows, n, number, out, drawn);
    if (drawn->blocks == 0) DS_SET(ds_out_last(out), reason, DS__REASON__NAME__SHEET_TOO_SHORT);
    DS_SET(month, drawn, true);
    store_month(part, month);
}

/* ---- handing in ---- */

void survey_submit(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    Ds__SurveyMonth *month =
        load_month(part, event->msg->territory, event->msg->sheet_submitted->month);
    Ds__Reason__Name reason = survey_submission(month, event->at_ms);
    bool taken = reason == DS__REASON__NAME__SHEET_HANDED_IN;
    if (taken) {
        Ds__SheetHandedIn *handed_in =
            &ds_out_add(out, DS_EV_SHEET_HANDED_IN, subject_of(out, month), reason, "7.2")
                 ->sheet_handed_in;
        handed_in->territory = month->territory;
        DS_SET(handed_in, month, month->month);
        DS_SET(handed_in, handed_in_at_ms, event->at_ms);
        DS_SET(handed_in, received_at_ms, event->stamp_ms);
        handed_in->submitted = ds_out_ref(out, event->ref.source, event->ref.seq);
        DS_SET(month, handed_in_at_ms, event->at_ms);
        store_month(part, month);
    }
    Ds__OutcomeCode__Name code = taken ? DS__OUTCOME_CODE__NAME__APPLIED
                                 : reason == DS__REASON__NAME__SHEET_HANDED_IN_BEFORE
                                     ? DS__OUTCOME_CODE__NAME__NO_EFFECT
                                     : DS__OUTCOME_CODE__NAME__REFUSED;
    ds_out_outcome(out, event, code, reason, "7.2");
}

void survey_fire_month(struct ds_part *part, const char *key, struct ds_out *out)
{
    Ds__SurveyMonth *month = ds_part_get(part, key, &ds__survey_month__descriptor);

    if (month->drawn)
        ds_part_delete(part, key); /* nobody asks for it any more */
    else
        draw_month(part, month, out);
}

bool survey_month_loaded(const Ds__SurveyMonth *state)
{
    return state && state->territory && state->rulebook > 0 && state->rows <= SURVEY_ROWS_MAX;
}

bool survey_rows_loaded(const Ds__SurveyRows *state)
{
    return state && state->n_ticket == state->n_answer && state->n_ticket <= SURVEY_CHUNK_ROWS;
}
