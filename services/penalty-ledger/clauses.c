/* SPDX-License-Identifier: MIT
 *
 * Where is clause 7.x decided? Here is the list. An automatic clause has a file of its own and a
 * clock whose final breach it is; what the callback proposes is found by callback-survey's
 * answers.c and confirmed in proposals.c; the rest is the manager's to report. Numbers are in the
 * rulebook, sentences in common/text/clauses.def. */
#include <string.h>

#include "penalty-ledger/ledger.h"

#define EV(name) DS_EV_##name

static const struct ledger_clause clauses[] = {
    {"7.1",
     DS_HOW_AUTO,
     "clause_7_1.c",
     DS_CLOCK_ACCEPT,
     {EV(OFFERED), EV(ACCEPTED), EV(REJECTED), EV(CUSTOMER_CONTACTED), EV(CHECKED_IN), EV(JUDGED)}},
    {"7.2", DS_HOW_AUTO, "clause_7_2.c", DS_CLOCK_SURVEY_SHEET, {EV(JUDGED)}},
    {"7.3",
     DS_HOW_AUTO,
     "clause_7_3.c",
     DS_CLOCK_COMPLAINT,
     {EV(REGISTERED), EV(DELAY_REPORTED), EV(APPOINTMENT_BOOKED), EV(COMPLETED),
      EV(COMPLAINT_ANSWERED), EV(JUDGED)}},
    {"7.4",
     DS_HOW_AUTO,
     "clause_7_4.c",
     DS_CLOCK_RESULT,
     {EV(COMPLETED), EV(RESULT_FILED), EV(JUDGED)}},
    {"7.5",
     DS_HOW_CONFIRM,
     "proposals.c",
     DS_CLOCK_NONE,
     {EV(RESULT_FILED), EV(CALLBACK_RECORDED), EV(CONTRADICTION_FOUND), EV(CONFIRM_REQUESTED),
      EV(VIOLATION_REPORTED)}},
    {"7.6",
     DS_HOW_AUTO,
     "clause_7_6.c",
     DS_CLOCK_VISIT,
     {EV(APPOINTMENT_BOOKED), EV(APPOINTMENT_MOVED), EV(CHECKED_IN), EV(JUDGED), EV(REGISTERED),
      EV(VISITS_FINAL)}},
    {"7.7", DS_HOW_MANUAL, "manager.c", DS_CLOCK_NONE, {EV(VIOLATION_REPORTED)}},
    {"7.8",
     DS_HOW_AUTO,
     "clause_7_8.c",
     DS_CLOCK_HOTLINE,
     {EV(CALL_OFFERED), EV(CALL_ANSWERED), EV(CALL_ENDED), EV(FEED_GAP), EV(JUDGED)}},
    {"7.9",
     DS_HOW_CONFIRM,
     "proposals.c",
     DS_CLOCK_NONE,
     {EV(RESULT_FILED), EV(CALLBACK_RECORDED), EV(CONTRADICTION_FOUND), EV(CONFIRM_REQUESTED),
      EV(VIOLATION_REPORTED)}},
    {"7.10",
     DS_HOW_CONFIRM,
     "proposals.c",
     DS_CLOCK_NONE,
     {EV(RESULT_FILED), EV(CALLBACK_RECORDED), EV(CONTRADICTION_FOUND), EV(CONFIRM_REQUESTED),
      EV(VIOLATION_REPORTED)}},
    {"7.11", DS_HOW_MANUAL, "manager.c", DS_CLOCK_NONE, {EV(VIOLATION_REPORTED)}},
    {"7.12",
     DS_HOW_CONFIRM,
     "proposals.c",
     DS_CLOCK_NONE,
     {EV(RESULT_FILED), EV(CALLBACK_RECORDED), EV(CONTRADICTION_FOUND), EV(CONFIRM_REQUESTED),
      EV(VIOLATION_REPORTED)}},
    {"7.13", DS_HOW_MANUAL, "manager.c", DS_CLOCK_NONE, {EV(VIOLATION_REPORTED)}},
    {"7.14",
     DS_HOW_MANUAL,
     "case_analysis.c",
     DS_CLOCK_NONE,
     {EV(REPEAT_FOUND), EV(CASE_ANALYSED), EV(CASE_NOT_ANALYSED), EV(CONFIRM_REQUESTED),
      EV(VIOLATION_REPORTED)}},
    {"7.15", DS_HOW_MANUAL, "manager.c", DS_CLOCK_NONE, {EV(VIOLATION_REPORTED)}},
    {"7.16", DS_HOW_MANUAL, "manager.c", DS_CLOCK_NONE, {EV(VIOLATION_REPORTED)}},
    {"7.17", DS_HOW_MANUAL, "manager.c", DS_CLOCK_NONE, {EV(VIOLATION_REPORTED)}},
    {"7.18", DS_HOW_MANUAL, "manager.c", DS_CLOCK_NONE, {EV(VIOLATION_REPORTED)}},
    {"7.19", DS_HOW_MANUAL, "manager.c", DS_CLOCK_NONE, {EV(VIOLATION_REPORTED)}},
    {"7.20",
     DS_HOW_CONFIRM,
     "proposals.c",
     DS_CLOCK_NONE,
     {EV(RESULT_FILED), EV(CALLBACK_RECORDED), EV(CONTRADICTION_FOUND), EV(CONFIRM_REQUESTED),
      EV(VIOLATION_REPORTED)}},
    {"7.21",
     DS_HOW_CONFIRM,
     "proposals.c",
     DS_CLOCK_NONE,
     {EV(RESULT_FILED), EV(CALLBACK_RECORDED), EV(CONTRADICTION_FOUND), EV(CONFIRM_REQUESTED),
      EV(VIOLATION_REPORTED)}},
    {"7.22",
     DS_HOW_CONFIRM,
     "proposals.c",
     DS_CLOCK_NONE,
     {EV(RESULT_FILED), EV(CALLBACK_RECORDED), EV(CONTRADICTION_FOUND), EV(CONFIRM_REQUESTED),
      EV(VIOLATION_REPORTED)}},
    {"7.23", DS_HOW_MANUAL, "manager.c", DS_CLOCK_NONE, {EV(VIOLATION_REPORTED)}},
    {"7.24", DS_HOW_MANUAL, "manager.c", DS_CLOCK_NONE, {EV(VIOLATION_REPORTED)}},
};

const struct ledger_clause *ledger_find_clause(const char *id)
{
    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++)
        if (strcmp(clauses[i].id, id) == 0) return &clauses[i];
    return NULL;
}
