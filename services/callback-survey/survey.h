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
    SURVEY_ROWS_MAX = 4096, /* answered callbacks of a territory and month that can be drawn */
    SURVEY_CHUNK_ROWS = 64, /* of them stored together */
};

/* Rules of a version number; pure look-up supplied by the caller. */
struct survey_versions {
    const struct ds_version *(*of)(const void *self, uint32_t number);
    const void *self;
};

/* What is known of a ticket. Visits, ends and attempts are in canonical order: (at, command id). */
struct survey_ticket {
    char *id; /* the event's own: what is said about the ticket outlives this structure */
    Ds__SurveyTask state;
    Ds__SurveyAttempt *attempts[DS_FACTS_MAX + 1];
    Ds__SurveyVisit *visits[DS_FACTS_MAX + 1];
    Ds__SurveyEnd *ends[DS_FACTS_MAX + 1];
    int64_t reopened_at_ms[DS_CYCLES_MAX];
    Ds__SurveyAttempt attempt; /* what this step adds */
    Ds__SurveyVisit visit;
    Ds__SurveyEnd end;
    Ds__EventRef end_event;
    bool known;
};

/* ---- survey_life.c: pure ---- */

/* One life of a ticket, from registration or a reopening to the next, and its callback, by what was
 * received up to some instant. */
struct survey_life {
    uint32_t number; /* 0: the first that is known */
    uint32_t task;
    int64_t from_ms;
    int64_t until_ms;                /* the next begins; INT64_MAX */
    const Ds__SurveyEnd *end;        /* first result or cancellation, asks for the callback; NULL */
    int64_t done_ms;                 /* reached, or attempts used up; INT64_MAX */
    uint32_t attempts;               /* up to then */
    const Ds__SurveyAttempt *answer; /* the one that reached the customer; NULL */
    const Ds__SurveyEnd *result;     /* the last one before it: what the answers are about; NULL */
    const char *visitor;             /* who was last at the customer's before it; "" */
};

uint32_t survey_lives(const struct survey_ticket *ticket);
void survey_tell(const struct survey_ticket *ticket, uint32_t number, int64_t upto_ms,
                 const struct survey_versions *versions, struct survey_life *ret);

/* Instant from which nothing that counts can change what a life's callback came to: its end and the
 * grace of the callback clock. Fills *ret as of then. INT64_MAX while it goes on. */
int64_t survey_final_ms(const struct survey_ticket *ticket, uint32_t number,
                        const struct survey_versions *versions, struct survey_life *ret);

/* When something is next to be said or, with nothing left to say, forgotten; INT64_MAX: never. */
int64_t survey_due_ms(const struct survey_ticket *ticket, const struct survey_versions *versions);

/* ---- survey_rules.c: pure ---- */

/* Advances one ticket by one event of intake. */
void survey_step(struct survey_ticket *ticket, const struct ds_event *event,
                 const struct survey_versions *versions, struct ds_out *out);

/* Says what a life's callback came to; life: as of its final instant. */
void survey_close(struct survey_ticket *ticket, const struct survey_life *life,
                  const struct survey_versions *versions, struct ds_out *out);

/* ---- answers.c: pure ---- */

/* Compares the answers of a life's callback with the filed result; each contradiction is an event.
 */
void survey_compare(const struct survey_ticket *ticket, const struct survey_life *life,
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

/* A result was filed in the local month of at_ms: there will be a sheet, whether the ticket is
 * still known here or not. */
void survey_open_month(struct ds_part *part, const struct ds_event *event,
                       const Ds__TicketHead *head);

/* A customer answered; counts in the month in which the result was filed. */
void survey_note_answer(struct ds_part *part, const struct survey_ticket *ticket,
                        const struct survey_life *life);
void survey_submit(struct ds_part *part, const struct ds_event *event, struct ds_out *out);
void survey_fire_month(struct ds_part *part, const char *key, struct ds_out *out);
bool survey_month_loaded(const Ds__SurveyMonth *state);
bool survey_rows_loaded(const Ds__SurveyRows *state);

#endif
