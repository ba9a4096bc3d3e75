/* SPDX-License-Identifier: MIT
 *
 * The archive of cases (R5): what was the matter when a model showed a symptom, what helped, and
 * which repairs did not last. Pure. */
#ifndef DISPATCHER_CASES_H
#define DISPATCHER_CASES_H

#include "domain/out.h"
#include "domain/version.h"
#include "proto/state.pb-c.h"

enum {
    DISPATCH_CASE_KEY = 16,        /* bytes of BLAKE2b */
    DISPATCH_CASE_TEXT = 240,      /* bytes of a text in the archive; what is longer is cut */
    DISPATCH_CASE_ROWS = 16,       /* of one case: the one that is ranked last makes room */
    DISPATCH_CASES_MAX = 2048,     /* of a partition: the one that is used least makes room */
    DISPATCH_BEST = 3,             /* remedies that an offer carries */
    DISPATCH_PRODUCT_REPAIRS = 16, /* of one product: see dispatch_add_repair */
    DISPATCH_PRODUCT_ANALYSES = DISPATCH_PRODUCT_REPAIRS + 1, /* see dispatch_add_analysis */
    DISPATCH_PRODUCT_TEXT = 4 * (DISPATCH_CASE_TEXT + 1),     /* with the NUL */
    DISPATCH_SERIAL_MIN = 5, /* letters and digits of a serial number that tells products apart */
};

/* ---- cases.c: texts, rows and their order ---- */

/* Text as it is compared: only letters and digits are left, full-width ones as their plain forms,
 * A-Z as a-z; where anything stood between two digits, one space stays ("3.5" is not "35"). */
void dispatch_compared(const char *text, char ret[DISPATCH_CASE_TEXT + 1]);

/* Text as it is shown and as remedies are told apart: white space at its ends goes, inside it
 * becomes one space. Two wordings are two remedies: nobody can tell whether they mean the same. */
void dispatch_wording(const char *text, char ret[DISPATCH_CASE_TEXT + 1]);

/* Which product a report is about: two reports with the same text are of one. Category and serial
 * number, as they are compared; where no serial number is known, telephone, category and model.
 * What people write when they have none ("-", "1", "none", "00000") is none: it has no digit, or
 * fewer than DISPATCH_SERIAL_MIN letters and digits, or only one of them over and over. */
void dispatch_product_text(const Ds__TicketHead *head, char ret[DISPATCH_PRODUCT_TEXT]);

/* A case at work: the stored form with room for one more row. */
struct dispatch_case {
    Ds__DispatchCase state;
    Ds__CaseRow *rows[DISPATCH_CASE_ROWS + 1];
    Ds__CaseRow made;
};

void dispatch_load_case(struct dispatch_case *at, const Ds__DispatchCase *stored);

/* Adds to (or, negative, takes from) what is counted of a remedy. A row of which nothing is left
 * goes; the 17th takes the place of the one that is ranked last. */
void dispatch_count(struct dispatch_case *at, const Ds__ProductRepair *repair, int worked,
                    int failed);

/* How often it lasted, times the share that lasted, in thousandths: 0 for what never did. */
uint64_t dispatch_score(const Ds__CaseRow *row);

/* Is a shown before b? By score, then what was used later, then by the texts. */
bool dispatch_is_better(const Ds__CaseRow *a, const Ds__CaseRow *b);

/* The best of a case; those that never lasted are none. Returns how many. */
uint32_t dispatch_best(const Ds__DispatchCase *stored, const Ds__CaseRow *ret[DISPATCH_BEST]);

/* Results in all that a case was counted for. */
uint32_t dispatch_case_uses(const Ds__DispatchCase *stored);

/* ---- repeats.c: which repair did not last ---- */

/* The repairs of a product, with room for one more. */
struct dispatch_product {
    uint32_t partition;
    Ds__DispatchProduct state;
    Ds__ProductRepair *repairs[DISPATCH_PRODUCT_REPAIRS + 1];
    Ds__ProductRepair made;
    int64_t analysed_at_ms[DISPATCH_PRODUCT_ANALYSES + 1];
};

struct dispatch_versions {
    const struct ds_version *(*of)(const void *self, uint32_t number);
    const void *self;
};

/* The book in which remedies are counted. */
struct dispatch_book {
    void (*count)(void *self, const Ds__ProductRepair *repair, int worked, int failed);
    void *self;
};

void dispatch_load_product(struct dispatch_product *product, uint32_t partition,
                           const Ds__DispatchProduct *stored);

/* Number of a life of a ticket. */
uint64_t dispatch_life(uint64_t ticket, uint32_t cycle);

Ds__ProductRepair *dispatch_find_repair(const struct dispatch_product *product, uint64_t life);

/* The life of this ticket that an instant falls into; NULL: it is not known. */
Ds__ProductRepair *dispatch_repair_at(const struct dispatch_product *product, uint64_t ticket,
                                      int64_t at_ms);

/* A report or a reopening. Returns the new repair, which lives in product. The 17th takes the place
 * of the oldest that is over and asks for nothing: neither its own case waits to be analysed nor
 * that of the one it repeats, unless another asks for that. If all 16 wait the oldest goes, and
 * nobody asks for its case any more. */
Ds__ProductRepair *dispatch_add_repair(struct dispatch_product *product, uint64_t life,
                                       const struct ds_event *event);

/* Does this result or cancellation end the life earlier than what is known? Of two at one instant a
 * cancellation comes first, then the smaller hash of the command id. */
bool dispatch_ends_earlier(const Ds__ProductRepair *repair, int64_t at_ms, bool cancelled,
                           uint64_t tie);

/* Keeps what can decide, whatever came first: after each report the first analysis that follows it,
 * and the last of all, for a report that is recorded later than it was made. */
void dispatch_add_analysis(struct dispatch_product *product, int64_t at_ms);

/* Tells anew which repair each report repeats, says what is new of it, and keeps the book: a repair
 * has failed as long as a report repeats it. */
void dispatch_settle(struct dispatch_product *product, const struct dispatch_versions *versions,
                     const struct dispatch_book *book, struct ds_out *out);

/* Until when a failed repair is to be analysed (7.14): so long after the first result of a repair
 * that repeats it. INT64_MAX: nothing asks for it.
 *   ret_again  that repair; may be NULL */
int64_t dispatch_analyse_due_ms(const struct dispatch_product *product,
                                const Ds__ProductRepair *failed,
                                const struct dispatch_versions *versions,
                                const Ds__ProductRepair **ret_again);

/* Somebody has analysed it, after the fault was reported again and not after the due. */
bool dispatch_is_analysed(const struct dispatch_product *product, const Ds__ProductRepair *failed,
                          int64_t due_ms);

/* What becomes of an analysis. */
void dispatch_answer_analysis(const struct dispatch_product *product, const struct ds_event *event,
                              const struct dispatch_versions *versions, struct ds_out *out);

/* Decides what is final at an instant: evidence for whatever nobody analysed in time. */
void dispatch_decide_cases(struct dispatch_product *product, int64_t final_ms,
                           const struct dispatch_versions *versions, struct ds_out *out);

/* Next instant at which something of it is final; INT64_MAX. *ret_over: it is all over then. */
int64_t dispatch_product_due_ms(const struct dispatch_product *product,
                                const struct dispatch_versions *versions, bool *ret_over);

/* What a report repeats, for its offer; NULL: nothing. */
Ds__RepeatFound *dispatch_tried(const struct dispatch_product *product, uint64_t life,
                                struct ds_out *out);

#endif
