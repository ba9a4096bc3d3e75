/* SPDX-License-Identifier: MIT
 *
 * One version of the rules as the services use it: rulebook and directory, checked and compiled.
 * Plain read-only data; common/rulebook builds it, rules only read it. Everything lives in one
 * block owned by whoever compiled it. */
#ifndef DS_DOMAIN_VERSION_H
#define DS_DOMAIN_VERSION_H

#include "domain/calendar.h"
#include "domain/limits.h"
#include "domain/vocabulary.h"

/* ---- clocks ---- */

enum ds_base { DS_BASE_ELAPSED, DS_BASE_WORKING, DS_BASE_CALENDAR };

enum ds_limit_form {
    DS_LIMIT_SPAN,        /* span_ms of the base */
    DS_LIMIT_END_OF_DAY,  /* last ms of the start's local day */
    DS_LIMIT_END_OF_WORK, /* end of work on the workdays-th working day after the start's day */
    DS_LIMIT_WEEKDAY,     /* first `weekday` at time_ms local that is not before the start */
};

struct ds_limit {
    enum ds_limit_form form;
    int64_t span_ms;
    int32_t workdays;
    int32_t weekday; /* 0 = Monday */
    int64_t time_ms; /* local time of day */
};

struct ds_clock_rule {
    struct ds_limit limit; /* visit and complaint: the far band, the regular complaint */
    enum ds_base base;
    int64_t warn_after_ms; /* time used at which the owner is warned, in the base; 0 = none */
    int32_t warn_permille; /* the same as a share of the limit; 0 = none. At most one is set */
    int64_t grace_ms;      /* how long after the due evidence still counts */
    const char *clause;    /* assessment rule of a final breach, or "" */
    uint32_t ours; /* bit i: the value of ds_clock_keys[i] is our default, not the document's */
};

/* Keys of clocks in the rulebook whose values may be our defaults; NULL-terminated. */
extern const char *const ds_clock_keys[];

enum ds_at_cap { DS_AT_CAP_ALERT_KEEP, DS_AT_CAP_RESUME };

struct ds_pause_rule {
    int64_t cap_ms;
    enum ds_at_cap at_cap;
};

/* ---- clauses ---- */

enum ds_clause_kind { DS_CLAUSE_FINE, DS_CLAUSE_REWARD };
enum ds_clause_how { DS_HOW_AUTO, DS_HOW_CONFIRM, DS_HOW_MANUAL };
enum ds_amount_form {
    DS_AMOUNT_FIXED,    /* amount_fen */
    DS_AMOUNT_MULTIPLE, /* multiple x the repair fee */
    DS_AMOUNT_ASSESSED, /* the manager says how much */
};

struct ds_owed {
    const char *en, *zh;
};

struct ds_clause {
    const char *id; /* "7.1" */
    enum ds_clause_kind kind;
    enum ds_clause_how how;
    enum ds_amount_form amount_form;
    int64_t amount_fen; /* positive */
    int32_t multiple;
    struct ds_owed obligation; /* beside the money: "apology", ...; "" if none */
    struct ds_owed serious;    /* owed as well in a serious case; "": the clause knows none */
    int32_t instalments;       /* it may be deducted over so many months; 0: at once */
    const char *text_en;
    const char *text_zh;
};

/* An answer of the callback that proposes an entry. */
struct ds_question_rule {
    bool used;
    const char *clause; /* of the proposal when the answer is bad */
    bool bad_when_yes;
};

/* ---- exchange and return (8.1-8.7) ---- */

enum ds_right { DS_8_1, DS_8_2, DS_8_3, DS_8_4, DS_8_5, DS_8_6, DS_8_7, DS_RIGHT_COUNT };

struct ds_right_rule {
    const char *id;     /* "8.1" */
    int32_t limit_days; /* 8.1, 8.2: not more than; 8.3, 8.4: more than; else 0 */
    const char *text_en;
    const char *text_zh;
};

struct ds_guarantee {
    const char *category;
    int32_t months;
};

struct ds_return_rules {
    struct ds_right_rule rights[DS_RIGHT_COUNT];
    int32_t rate_over; /* 8.6: depreciation a day is price x rate_over / rate_under */
    int32_t rate_under;
    uint32_t n_guarantees;
    const struct ds_guarantee *guarantees; /* in the order of the file */
    int32_t other_months;                  /* of any other category */
    const char *lacks_clause;              /* taken in without all that belongs to it */
    const char *workmanship_clause;        /* what a return is caused by */
    const char *placement_clause;
    const char *placement_category; /* the one category that it is about */
};

/* What a kind of job pays (R3.1, P5.3). */
enum ds_piece { DS_PIECE_INSTALL, DS_PIECE_REPAIR, DS_PIECE_SERVICE, DS_PIECE_SYSTEM };

struct ds_piece_rate {
    enum ds_piece kind;
    const char *category;   /* of the product; "": any */
    enum ds_zone_band zone; /* DS_ZONE_NONE: any */
    int64_t rate_fen;
};

/* ---- directory ---- */

enum ds_dispatch_mode { DS_DISPATCH_AUTO, DS_DISPATCH_CLERK };

struct ds_territory {
    const char *id;
    const char *name;
    uint32_t partition;
    enum ds_dispatch_mode mode;
    const struct ds_calendar *calendar;
    uint32_t n_numbers;
    const char *const *numbers; /* public numbers, as the exchange names them */
};

enum ds_role { DS_ROLE_CLERK, DS_ROLE_TECHNICIAN, DS_ROLE_MANAGER, DS_ROLE_SYSTEM };

/* Where an outlet is (P5.1, P5.2). */
enum ds_place { DS_PLACE_UNSAID, DS_PLACE_CITY, DS_PLACE_TOWNSHIP };

/* Somebody who can hold jobs: a technician of the department, or an outlet. */
struct ds_account {
    const char *key; /* "person:<id>" or "outlet:<id>" */
    const char *name;
    const struct ds_territory *territory;
    const struct ds_calendar *calendar; /* his own, else the territory's */
    uint64_t skills;                    /* bit i = version.skills[i] */
    uint64_t areas[DS_AREAS_MAX / 64];  /* bit i = version.areas[i]; none = no area of his own */
    uint32_t zones;                     /* bit (1 << enum ds_zone_band) */
    uint32_t max_open;                  /* jobs at a time */
    enum ds_place place;                /* of an outlet */
};

struct ds_person {
    const char *id;
    const char *name;
    enum ds_role role;
    const struct ds_territory *territory; /* NULL: all (managers, systems) */
    const struct ds_account *account;     /* whose jobs he works: own, his outlet's, or NULL */
    const char *account_key;              /* what his entries are booked to; never NULL */
    const struct ds_calendar *calendar;   /* own, outlet's, territory's; NULL for systems */
    const char *extension;                /* his telephone at work, as the exchange names it; "" */
};

/* These people are on duty at the hotline at [from_ms, to_ms) local time of these days. */
struct ds_roster_row {
    const struct ds_territory *territory;
    int32_t first_day; /* local days, inclusive; a weekly row spans the whole validity */
    int32_t last_day;
    uint32_t weekdays; /* bit 0 = Monday */
    bool replaces;     /* a dated row: replaces the weekly rows of its days */
    int64_t from_ms;
    int64_t to_ms;
    uint32_t n_people;
    const struct ds_person *const *people; /* in roster order: the first answers for the line */
};

/* ---- the version ---- */

struct ds_version {
    uint32_t number;
    char hash[65]; /* hex BLAKE2b-256 of the stored form */
    const char *name;

    int64_t ahead_max_ms; /* occurred-at may lead received-at by this much */
    int64_t late_max_ms;  /* and lag it by this much */
    int64_t follow_up_ms; /* a closed ticket can be reopened, or followed, for so long */

    struct ds_clock_rule clocks[DS_CLOCK_COUNT];
    int64_t band_ms[DS_ZONE_COUNT]; /* visit limits by zone */
    int64_t near_up_to_m;           /* this many metres and less is near */
    int64_t early_arrival_ms;       /* a check-in so long before the window counts */
    int64_t complaint_urgent_ms;
    int64_t auto_held_ms; /* 7.3: the owner pays by himself if he held it so long */
    int64_t auto_held_urgent_ms;
    int64_t not_on_time_window_ms;  /* 7.6: complaint received up to so long after the due */
    const char *not_on_time_clause; /* the clause that such a complaint and a missed visit make */
    struct ds_pause_rule pauses[DS_DELAY_COUNT];
    int64_t hotline_ring_ms;
    int64_t hotline_occasion_ms;
    int32_t callback_attempts;
    int32_t callback_days;
    int32_t callback_times_of_day; /* parts of the day; the morning is what is before the others */
    int64_t callback_afternoon_ms; /* local time of day */
    int64_t callback_evening_ms;
    int32_t sheet_repairs; /* a block of the satisfaction sheet: so many repairs ... */
    int32_t sheet_installs;
    int32_t sheet_blocks;         /* and at most so many blocks */
    int64_t key_purchases_fen;    /* P2.2: purchases in all that make a key customer */
    int64_t charge_tolerance_fen; /* 7.22: charging below tariff by more than this */
    int64_t proposal_expires_ms;  /* a proposal that nobody decided so long is dropped */
    int64_t appeal_within_ms;     /* an entry can be appealed so long after it was booked */

    int64_t repeat_within_ms;  /* R5: a fault of a product so soon after its repair is a repeat */
    int64_t analyse_within_ms; /* 7.14: and its case is to be analysed so soon after that */
    const char *analysis_clause;
    int64_t repair_cost_target_fen; /* of a repair, for the annual report; 0: none */

    struct ds_return_rules returns;

    uint32_t n_clauses;
    const struct ds_clause *clauses; /* in the order of the file */
    struct ds_question_rule questions[DS_QUESTION_COUNT];
    uint32_t n_piece_rates;
    const struct ds_piece_rate *piece_rates; /* the first that fits a job pays it */

    uint32_t n_calendars;
    const struct ds_calendar *calendars;
    const char *department; /* as the directory calls it; "" if it does not */
    uint32_t n_territories;
    const struct ds_territory *territories; /* sorted by id */
    uint32_t n_accounts;
    const struct ds_account *accounts; /* sorted by key */
    uint32_t n_people;
    const struct ds_person *people; /* sorted by id */
    uint32_t n_roster;
    const struct ds_roster_row *roster; /* grouped, in the order of the territories */
    uint32_t n_skills;
    const char *const *skills; /* sorted */
    uint32_t n_areas;
    const char *const *areas; /* sorted */
    uint32_t n_makers;
    const char *const *makers; /* whose designated repair point we are; in the order of the file */
};

/* Look-ups; NULL (or -1) when there is none. Texts are NUL-terminated; NULL finds nothing. */
const struct ds_clause *ds_find_clause(const struct ds_version *v, const char *id);
const struct ds_right_rule *ds_find_right(const struct ds_version *v, const char *id);
const struct ds_territory *ds_find_territory(const struct ds_version *v, const char *id);
const struct ds_territory *ds_find_number(const struct ds_version *v, const char *called);
const struct ds_account *ds_find_account(const struct ds_version *v, const char *key);
const struct ds_person *ds_find_person(const struct ds_version *v, const char *id);
int ds_find_skill(const struct ds_version *v, const char *name);
int ds_find_area(const struct ds_version *v, const char *name);

/* Rate of a job; NULL when none fits. */
const struct ds_piece_rate *ds_find_piece_rate(const struct ds_version *v, enum ds_piece kind,
                                               const char *category, enum ds_zone_band zone);

/* Distance band of an address: city flag first, then exactly near_up_to_m is still near. */
enum ds_zone_band ds_zone_of(const struct ds_version *v, bool city, int64_t distance_m);

/* Months of guarantee of a category of products. */
int32_t ds_guarantee_months(const struct ds_version *v, const char *category);

/* People on duty at the hotline of a territory at an instant, in roster order.
 * Writes at most max; returns how many are on duty. Somebody named by two rows counts once. */
uint32_t ds_on_duty(const struct ds_version *v, const struct ds_territory *t, int64_t at_ms,
                    const struct ds_person **ret_people, uint32_t max);

/* Due of a limit that starts at start_ms (no pauses). cal gives working time and local days. The
 * base matters for DS_LIMIT_SPAN alone. DS_TIME_MAX_MS when the due lies beyond it. */
int64_t ds_due(const struct ds_calendar *cal, const struct ds_limit *limit, enum ds_base base,
               int64_t start_ms);

/* Due of an offer made to an account at offered_at_ms (7.1): the one place that decides it. */
int64_t ds_accept_due(const struct ds_version *v, const struct ds_account *account,
                      int64_t offered_at_ms);

#endif
