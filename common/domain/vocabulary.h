/* SPDX-License-Identifier: MIT
 *
 * The enums that rules switch on. Same numbers as proto/types.proto (asserted in vocabulary.c);
 * they exist because the generated enums carry an extra value that defeats -Wswitch. */
#ifndef DS_DOMAIN_VOCABULARY_H
#define DS_DOMAIN_VOCABULARY_H

enum ds_source {
    DS_SOURCE_NONE,
    DS_INTAKE,
    DS_DISPATCHER,
    DS_SURVEY,
    DS_WATCHER,
    DS_LEDGER,
    DS_SOURCE_COUNT
};

enum ds_kind { DS_KIND_NONE, DS_INSTALL, DS_COMPLAINT, DS_SYSTEM };

enum ds_zone_band { DS_ZONE_NONE, DS_CITY, DS_NEAR, DS_FAR, DS_ZONE_COUNT };

enum ds_delay {
    DS_DELAY_NONE,
    DS_DELAY_PARTS,
    DS_DELAY_MAJOR_REPAIR,
    DS_DELAY_CUSTOMER,
    DS_DELAY_OTHER,
    DS_DELAY_COUNT
};

enum ds_clock {
    DS_CLOCK_NONE,
    DS_CLOCK_ORDER,
    DS_CLOCK_DISPATCH,
    DS_CLOCK_ACCEPT,
    DS_CLOCK_CONTACT,
    DS_CLOCK_VISIT,
    DS_CLOCK_COMPLAINT,
    DS_CLOCK_FEEDBACK,
    DS_CLOCK_DELAY,
    DS_CLOCK_RESULT,
    DS_CLOCK_CALLBACK,
    DS_CLOCK_SURVEY_SHEET,
    DS_CLOCK_WEEKLY_SHEET,
    DS_CLOCK_HOTLINE,
    DS_CLOCK_COUNT
};

enum ds_verdict { DS_VERDICT_NONE, DS_MET, DS_BREACHED, DS_CANCELLED, DS_CLOSED_PAUSED };

enum ds_question {
    DS_QUESTION_NONE,
    DS_Q_FIXED,
    DS_Q_ON_TIME,
    DS_Q_WORK_CLOTHES,
    DS_Q_ATTITUDE,
    DS_Q_CHARGED_FEN,
    DS_Q_SHOE_COVERS,
    DS_Q_TOOK_NOTHING,
    DS_Q_NO_EXAGGERATION,
    DS_Q_VISITED,
    DS_QUESTION_COUNT
};

/* Names as in the proto, lower case: "visit", "delay", ... NULL for NONE and unknown. */
const char *ds_source_name(enum ds_source source); /* "sla-watcher", ... */
const char *ds_clock_name(enum ds_clock clock);

#endif
