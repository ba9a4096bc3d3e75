/* SPDX-License-Identifier: MIT
 *
 * Callback-survey: every finished install and complaint is called back (P-2.1); what the customer
 * says is compared with what was filed. It books nothing: contradictions go to the ledger as
 * proposals for the manager. */
#ifndef SURVEY_H
#define SURVEY_H

#include "domain/out.h"
#include "domain/version.h"
#include "engine/service.h"
#include "proto/state.pb-c.h"

extern const struct ds_service survey_service;

enum {
    SURVEY_ATTEMPTS_MAX = 32,
    SURVEY_ROWS_MAX = 4096, /* answered callbacks of a territory and month that can be drawn */
    SURVEY_CHUNK_ROWS = 64, /* of them stored together */
};

struct survey_ticket {
    char *id; /* the event's own: what is said about the ticket outlives this structure */
    Ds__SurveyTask state;
    Ds__SurveyAttempt *attempts[SURVEY_ATTEMPTS_MAX + 1];
    Ds__SurveyAttempt made; /* the attempt that this step adds */
    Ds__EventRef result;
    bool known;
    bool answered; /* this step brought the customer's answers */
};

/* ---- survey_rules.c: pure ---- */

/* Advances one ticket by one event of intake. rules: of the event's version; for a callback, of the
 * version in force when it was asked for, as the watcher's clock goes by. */
void survey_step(struct survey_ticket *ticket, const struct ds_event *event,
                 const struct ds_version *rules, struct ds_out *out);

/* ---- answers.c: pure ---- */

/* Compares the answers of a callback with the filed result; each contradiction is an event. */
void survey_compare(const struct survey_ticket *ticket, const Ds__RecordCallback *callback,
                    const struct ds_version *rules, struct ds_out *out);

/* ---- sheet.c: pure; the monthly satisfaction sheet (P4, 7.2) ---- */

/* One answered callback of the month. */
struct survey_row {
    uint64_t ticket; /* number */
    uint64_t answer; /* event of intake */
    bool install;    /* else a repair */
};

/* What a ticket is on the sheet: an install, a complaint to repair, NONE: neither. */
Ds__Kind__Name survey_kind(const Ds__TicketHead *head);

/* Instant from which no fact of the month can arrive any more that is judged in it. */
int64_t survey_draw_ms(const struct ds_version *rules, const struct ds_zone *zone, uint32_t month);

/* Sorts rows by ticket and keeps the last answer of each; returns how many are left. */
uint32_t survey_sort_rows(struct survey_row *rows, uint32_t n);

/* Draws from sorted rows; fills all of drawn but territory, month, seed and answered_at_ms.
 *   seed  first eight bytes of the published one, as a number */
void survey_draw(const struct ds_version *rules, const struct survey_row *rows, uint32_t n,
                 uint64_t seed, struct ds_out *out, Ds__SheetDrawn *drawn);

/* What a submission leads to: SHEET_HANDED_IN if it is taken. month: NULL if there is none. */
Ds__Reason__Name survey_submission(const Ds__SurveyMonth *month, int64_t at_ms);

/* ---- survey_months.c ---- */

/* A result was filed in the local month of at_ms: there will be a sheet. */
void survey_open_month(struct ds_part *part, const struct ds_event *event, const char *territory);

/* A customer answered; counts in the month in which the result was filed. */
void survey_note_answer(struct ds_part *part, const struct ds_event *event,
                        const struct survey_ticket *ticket);
void survey_submit(struct ds_part *part, const struct ds_event *event, struct ds_out *out);
void survey_fire_month(struct ds_part *part, const char *key, struct ds_out *out);
bool survey_month_loaded(const Ds__SurveyMonth *state);
bool survey_rows_loaded(const Ds__SurveyRows *state);

#endif
