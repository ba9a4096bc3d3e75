/* SPDX-License-Identifier: MIT
 *
 * What changes between two versions of the rules, and for whom: one sentence for each value that
 * differs once both are compiled. Comments, order and layout of the files are no difference.
 *
 *   rules_diff.c          times, amounts, limits that stand alone
 *   rules_diff_clocks.c   the clocks
 *   rules_diff_clauses.c  clauses, questions, piece rates, exchange and return
 *   rules_diff_places.c   working hours, territories, people */
#ifndef DOORSTEP_RULES_DIFF_H
#define DOORSTEP_RULES_DIFF_H

#include "domain/version.h"
#include "doorstep/cli.h"

/* Whom a change concerns: bits. */
enum {
    FOR_TECHNICIANS = 1,
    FOR_OUTLETS = 2,
    FOR_CLERKS = 4,
    FOR_CUSTOMERS = 8,
    FOR_MANAGER = 16,
    FOR_FIELD = FOR_TECHNICIANS | FOR_OUTLETS,
    FOR_STAFF = FOR_FIELD | FOR_CLERKS,
    FOR_ALL = 31,
};

struct rules_change {
    char *text;       /* owned */
    char path[96];    /* clocks.result.limit */
    char clause[64];  /* what it may cost: a clause or several, "7.1, 7.8"; "*": any; "": nothing */
    uint32_t concern; /* whom */
};

struct rules_diff {
    enum ds_lang lang;
    const struct ds_version *old, *new;
    struct rules_change *list; /* owned */
    size_t n, cap;
    char bufs[8][160]; /* texts of values, in turn */
    unsigned next;
};

void rules_diff(struct rules_diff *diff, enum ds_lang lang, const struct ds_version *old,
                const struct ds_version *new);
void rules_diff_finish(struct rules_diff *diff);

/* "technicians, outlets" */
void rules_concern_text(enum ds_lang lang, uint32_t concern, char *buf, size_t size);

/* ---- for the files named above ---- */

void rules_diff_clocks(struct rules_diff *diff);
void rules_diff_clauses(struct rules_diff *diff);
void rules_diff_places(struct rules_diff *diff);

/* Adds a sentence. Both formats take the same arguments. */
void rules_say(struct rules_diff *diff, const char *path, uint32_t concern, const char *clause,
               const char *en, const char *zh, ...);

/* Clauses that hang on working hours. */
const char *rules_hours_clauses(struct rules_diff *diff);

/* Stands before and after the text of a value, which may be of either script: in Chinese rules_say
 * sets a space there, or none, by what meets. */
#define RULES_EDGE "\x01"
/* Takes the edges out, and in Chinese sets the spaces there: none between two ideographs, one
 * between an ideograph and a letter or digit. ret: as large as text, or text itself. */
void rules_set_spaces(const char *text, bool zh, char *ret);

/* A buffer for the text of a value; eight at a time. */
char *rules_buf(struct rules_diff *diff);

/* "12h" or "12 小时"; the largest unit that leaves nothing over. */
const char *rules_span(struct rules_diff *diff, int64_t span_ms);
const char *rules_money(struct rules_diff *diff, int64_t fen);
const char *rules_time(struct rules_diff *diff, int64_t time_ms); /* of day: "14:00" */

/* "within 12h", "all time counts", "75.0% of the limit" of a clock */
const char *rules_limit_text(struct rules_diff *diff, const struct ds_limit *limit);
const char *rules_base_text(const struct rules_diff *diff, enum ds_base base);
const char *rules_warn_text(struct rules_diff *diff, const struct ds_clock_rule *rule);

/* The text, or a word for none. */
const char *rules_or_none(const struct rules_diff *diff, const char *text);

static inline const char *rules_in(const struct rules_diff *diff, const char *en, const char *zh)
{
    return diff->lang == DS_ZH ? zh : en;
}

#endif
