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

enum { SURVEY_ATTEMPTS_MAX = 32 };

struct survey_ticket {
    char *id; /* the event's own: what is said about the ticket outlives this structure */
    Ds__SurveyTask state;
    Ds__SurveyAttempt *attempts[SURVEY_ATTEMPTS_MAX + 1];
    Ds__SurveyAttempt made; /* the attempt that this step adds */
    Ds__EventRef result;
    bool known;
};

/* ---- survey_rules.c: pure ---- */

/* Advances one ticket by one event of intake. rules: of the event's version. */
void survey_step(struct survey_ticket *ticket, const struct ds_event *event,
                 const struct ds_version *rules, struct ds_out *out);

/* ---- answers.c: pure ---- */

/* Compares the answers of a callback with the filed result; each contradiction is an event. */
void survey_compare(const struct survey_ticket *ticket, const Ds__RecordCallback *callback,
                    const struct ds_version *rules, struct ds_out *out);

#endif
