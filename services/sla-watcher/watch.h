/* SPDX-License-Identifier: MIT
 *
 * SLA watcher: says of every promise whether it was kept, the moment that can be said, and finally
 * once nothing can change it. It acts on nothing and nobody.
 *
 * It keeps the facts of a live ticket and judges them by one sweep in canonical order; on each new
 * fact it sweeps again and says what is different. There are no counters to patch.
 *
 *   facts.c      canonical order of facts                 watch_rules.c  event -> fact (switch)
 *   story.c      lives of a ticket, holders, pauses       judge.c        all clocks of a ticket
 *   clock_*.c    one file per clock: start, due, stop     settle.c       alerts, final verdicts
 *   day.c        feedback clock of a technician's day     lines.h        calls, clause 7.8
 *   return_*.c   exchange and return, 8.1 to 8.7, from the records of what work waited for
 *   sheet.c      monthly and weekly sheets, clause 7.2
 *   clocks.h     which clock is judged where
 */
#ifndef WATCH_H
#define WATCH_H

#include "domain/out.h"
#include "domain/version.h"
#include "engine/service.h"
#include "proto/state.pb-c.h"

extern const struct ds_service watcher_service;

#define WATCH_NEVER INT64_MAX

static inline int64_t watch_min_ms(int64_t a_ms, int64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

static inline int64_t watch_max_ms(int64_t a_ms, int64_t b_ms)
{
    return a_ms > b_ms ? a_ms : b_ms;
}

enum {
    /* facts of intake, and decisions of the dispatcher (three per offer) */
    WATCH_FACTS_MAX = DS_FACTS_MAX + DS_CYCLES_MAX * (3 * DS_CYCLE_OFFERS + 16),
    WATCH_WHO_MAX = DS_FACTS_MAX + 64,
    WATCH_INSTANCES_MAX = DS_CYCLES_MAX * (3 * DS_CYCLE_OFFERS + 5 * DS_CYCLE_INSTANCES + 8),
    WATCH_CAUSES_MAX = 2 * DS_RETURN_FACTS_MAX, /* what lacks, and a cause, of each fact */
    WATCH_HOLDERS_MAX = DS_CYCLE_OFFERS + 1,
};

/* ---- facts ---- */

/* In canonical rank order: of two facts at one instant the smaller kind comes first. */
enum watch_fact_kind {
    FACT_REGISTERED = 1, /* a = flags of watch_head, b = zone; of a ticket taken over from another
                            territory + promised from * 32, + first report * 8 */
    FACT_OFFERED,        /* a = dispatch, b = accept due */
    FACT_TAKEN_BACK,     /* a = dispatch, b = why */
    FACT_ASSIGNED,       /* a = dispatch, b = accepted at */
    FACT_RETURNED,       /* a = dispatch number that is waited for */
    FACT_DELAY_REPORTED, /* a = reason */
    FACT_RESUMED,
    FACT_ADDRESS,     /* a = zone */
    FACT_URGENCY,     /* a = urgent */
    FACT_APPOINTMENT, /* a = from, b = to * 4 + wish */
    FACT_REOPENED,    /* a = cycle * 32 + flags of watch_head, b = first report * 8 + zone */
    FACT_CANCELLED,
    FACT_ORDER_FILLED,
    FACT_CONTACTED, /* a = 1: nobody reached */
    FACT_DELAY_REGISTERED,
    FACT_ACCEPTED,
    FACT_REJECTED,
    FACT_CHECKED_IN, /* a = bit 0 customer there although early, bit 1 customer absent */
    FACT_COMPLETED,
    FACT_ANSWERED,
    FACT_RESULT_FILED, /* a = WATCH_NOT_FIXED if it says so */
    FACT_CALLBACK,     /* a = 1: reached */
    FACT_COMPLAINED,   /* somebody complains that we were not on time; a = seq of his ticket */
};

enum { WATCH_NOT_FIXED = 1 };

struct watch_fact {
    enum watch_fact_kind kind;
    enum ds_source source; /* with seq: the event */
    uint64_t seq;
    int64_t at_ms;       /* instant it is judged at */
    int64_t received_ms; /* stamp of the event */
    uint32_t by;         /* index into who; 0 = nobody */
    uint32_t rulebook;
    uint64_t tie; /* hash of the command id; 0 for decisions of services */
    int64_t a;
    int64_t b;
};

/* What has been said about one instance. */
struct watch_said {
    enum ds_clock clock;
    uint32_t n;
    int64_t warned_due_ms;   /* WATCH_NEVER: not warned */
    int64_t breached_due_ms; /* of the provisional breach that stands; WATCH_NEVER: none */
    uint32_t verdict_no;
    int64_t capped_at_ms; /* WATCH_NEVER: no cap announced */
    bool final;
    uint32_t under; /* version by which the final verdict stands, if it was judged again; 0 */
};

struct watch_ticket {
    char id[DS_ID_MAX + 1];
    bool known;
    const char *territory;
    uint32_t partition;
    uint32_t n_who; /* entries 1..n_who */
    const char *who[WATCH_WHO_MAX + 1];
    uint32_t n_facts;
    struct watch_fact facts[WATCH_FACTS_MAX];
    uint32_t n_said;
    struct watch_said said[WATCH_INSTANCES_MAX];
    int64_t settled_ms; /* finals are decided for every T before this */
    uint32_t n_complaints_said;
    uint64_t complaints_said[DS_COMPLAINTS_MAX];
    uint32_t n_returns; /* facts about an exchange or return, in canonical order */
    Ds__WatchReturn *returns[DS_RETURN_FACTS_MAX];
    uint32_t returns_decided;
    uint32_t n_causes_found;
    char *causes_found[WATCH_CAUSES_MAX]; /* clause/account */
    uint32_t rejudges;                    /* how often something was judged again */
    uint32_t n_asked;                     /* to be judged again, in the order of their stamps */
    Ds__WatchRejudge *asked[DS_REJUDGES_MAX];
};

/* What registration or reopening fixes, packed into a fact's a. */
struct watch_head {
    enum ds_kind kind;
    bool service; /* a complaint about our service */
    bool urgent;
    bool by_maker; /* came from a maker into our inbox */
};

/* Index of an account in who, added if new; 0 for NULL or "". */
uint32_t watch_who(struct watch_ticket *ticket, const char *account);

/* Inserts a fact at its place in canonical order: (at, kind, tie, source, seq). */
void watch_add_fact(struct watch_ticket *ticket, const struct watch_fact *fact);

int64_t watch_pack_head(const struct watch_head *head);
struct watch_head watch_unpack_head(int64_t packed);

/* ---- story: one life of a ticket, from registration or reopening to the next ---- */

/* Rules of a version number; pure look-up supplied by the caller. */
struct watch_rules {
    const struct ds_version *(*of)(const void *self, uint32_t number);
    const void *self;
};

struct watch_holder {
    const char *account;
    uint32_t dispatch;
    int64_t from_ms;  /* acceptance */
    int64_t until_ms; /* taken back; WATCH_NEVER */
};

struct watch_pause {
    int64_t from_ms;
    int64_t to_ms; /* WATCH_NEVER: open */
    enum ds_delay reason;
    const struct watch_fact *fact;
};

struct watch_life {
    const struct watch_ticket *ticket;
    uint32_t cycle;
    const struct watch_fact *begin;        /* registration or reopening */
    const struct watch_fact *const *facts; /* of this life, canonical order */
    uint32_t n;
    struct watch_head head;
    enum ds_zone_band zone;
    int64_t reported_ms; /* for the first time, in whichever life */
    int64_t promised_ms; /* what is promised to the customer counts from here */
    int64_t here_ms;     /* what is asked of us counts from here */
    bool taken_over;     /* goes on with a ticket of another territory */
    int64_t ends_ms;     /* next life begins; WATCH_NEVER */
    const struct ds_version *rules;
    const struct ds_calendar *calendar;
    const struct watch_rules *versions;
    const char *clerk;
    uint32_t n_holders;
    struct watch_holder holders[WATCH_HOLDERS_MAX];
    uint32_t n_pauses;
    struct watch_pause pauses[DS_CYCLE_INSTANCES];
};

/* The facts received up to upto_ms, split into lives. A life is over at its first result or
 * cancellation: what people report after that, but for callbacks and complaints, starts nothing
 * until the ticket is reopened. */
struct watch_story {
    uint32_t n_facts;
    const struct watch_fact *facts[WATCH_FACTS_MAX];
    uint32_t n_lives;
    struct watch_life lives[DS_CYCLES_MAX];
};
/* asof_ms: people's facts that happened later are left out, WATCH_NEVER for none. The beginning of
 * a life is always told, and so are decisions of services: they are dated when they were taken,
 * later than what they decide on. */
void watch_tell(const struct watch_ticket *ticket, const struct watch_rules *rules, int64_t upto_ms,
                int64_t asof_ms, struct watch_story *story);

/* Rules in force when a fact was recorded: a clock that it starts goes by them. */
const struct ds_version *watch_rules_at(const struct watch_life *life,
                                        const struct watch_fact *fact);

/* Account of a fact; "" for nobody. */
const char *watch_name(const struct watch_life *life, const struct watch_fact *fact);

/* First fact of a kind in a life; NULL if none. */
const struct watch_fact *watch_first(const struct watch_life *life, enum watch_fact_kind kind);

/* What ended a life: its first result or cancellation; NULL while it goes on. */
const struct watch_fact *watch_end(const struct watch_life *life);

/* Who answers for the job at an instant: its holder, else the clerk. */
const char *watch_owner_at(const struct watch_life *life, int64_t at_ms);

/* First fact that shows that the account of an offer had accepted it (acceptance, or a later step
 * that proves it); NULL if none. */
const struct watch_fact *watch_acceptance(const struct watch_life *life,
                                          const struct watch_fact *offer);
/* The same for a rejection. */
const struct watch_fact *watch_rejection(const struct watch_life *life,
                                         const struct watch_fact *offer);
const struct watch_fact *watch_offer(const struct watch_life *life, int64_t dispatch);

/* Is this a delay that counts: reported by whom the job was offered to or who held it at that
 * instant, an outlet's people for the outlet; of the reason OTHER, by the manager? */
bool watch_is_delay(const struct watch_life *life, const struct watch_fact *fact);

/* Instant at which `limit_ms` have passed since start, the union of the life's pauses not counted;
 * WATCH_NEVER while a pause is open. Pauses that begin at or after it change nothing. */
int64_t watch_due_with_pauses(const struct watch_life *life, int64_t start_ms, int64_t limit_ms);
/* Paused time within [from, to). */
int64_t watch_paused_between(const struct watch_life *life, int64_t from_ms, int64_t to_ms);
bool watch_paused_at(const struct watch_life *life, int64_t at_ms);

/* ---- judge: clock instances ---- */

struct watch_instance {
    enum ds_clock clock;
    uint32_t n;
    const struct watch_life *life;
    const struct ds_version *rules; /* version it started under */
    const struct ds_clock_rule *rule;
    const struct ds_calendar *calendar; /* its working time */
    int64_t start_ms;
    int64_t due_ms;
    int64_t stop_ms;
    int64_t cancel_ms;
    const struct watch_fact *start_fact;
    const struct watch_fact *due_fact; /* what set the due, if not the start */
    const struct watch_fact *stop_fact;
    const char *owner;  /* at the due */
    const char *clause; /* of a final breach; "" */
    bool pausable;      /* its due is moved by the life's pauses */
    bool closed_paused; /* stopped while a pause was open */
    bool from_appointment;
    int64_t window_from_ms;
    bool sole_holder;
    bool urgent;           /* complaint: at the due */
    bool appointed_beyond; /* complaint: we agreed a time beyond the due, the owner is who did */
};

struct watch_verdicts {
    uint32_t n;
    struct watch_instance list[WATCH_INSTANCES_MAX];
};

/* Adds an instance with nothing but its name and rule; never returns NULL. */
struct watch_instance *watch_add(struct watch_verdicts *verdicts, const struct watch_life *life,
                                 enum ds_clock clock, uint32_t n);

/* Says what an instance starts at, and pins it to the rules of that. */
void watch_start(struct watch_instance *instance, const struct watch_fact *start, int64_t start_ms);

/* One function per clock; each adds the instances of one life. */
void watch_clock_order(const struct watch_life *life, struct watch_verdicts *verdicts);
void watch_clock_dispatch(const struct watch_life *life, struct watch_verdicts *verdicts);
void watch_clock_accept(const struct watch_life *life, struct watch_verdicts *verdicts);
void watch_clock_contact(const struct watch_life *life, struct watch_verdicts *verdicts);
void watch_clock_visit(const struct watch_life *life, struct watch_verdicts *verdicts);
void watch_clock_complaint(const struct watch_life *life, struct watch_verdicts *verdicts);
void watch_clock_delay(const struct watch_life *life, struct watch_verdicts *verdicts);
void watch_clock_result(const struct watch_life *life, struct watch_verdicts *verdicts);
void watch_clock_callback(const struct watch_life *life, struct watch_verdicts *verdicts);

/* Instant at which the order of a life was complete (P1.3); WATCH_NEVER. */
int64_t watch_order_complete_ms(const struct watch_life *life, const struct watch_fact **ret_fact);

/* Does an answer with content settle the job (handbook 3.4)? Not while the customer of a repair
 * waits for an agreed visit. Visits must have been judged. */
bool watch_answer_settles(const struct watch_life *life, const struct watch_verdicts *verdicts,
                          const struct watch_fact *answer);

/* Start of visit and complaint, promises to the customer of span_ms, urgent_span_ms when urgent:
 * the report, or the next opening unless it is, or before that becomes, urgent. A ticket taken over
 * from another territory: as there, unless that time was over by then; a broken promise is theirs,
 * and here it is made anew. */
int64_t watch_promise_start_ms(const struct watch_life *life, int64_t span_ms,
                               int64_t urgent_span_ms);

/* Running time of each holder of a complaint up to its due; gaps are the clerk's (handbook 3.4). */
struct watch_holding {
    const char *account;
    int64_t running_ms;
};
uint32_t watch_holdings(const struct watch_instance *instance,
                        struct watch_holding ret[WATCH_HOLDERS_MAX + 1]);

/* All instances of a story. */
void watch_judge(const struct watch_story *story, struct watch_verdicts *verdicts);

/* Verdict as far as the instance tells; DS_VERDICT_NONE while only time can tell. */
enum ds_verdict watch_verdict(const struct watch_instance *instance);

/* min(stop, cancel, due): nothing later can change the verdict. */
int64_t watch_decisive_ms(const struct watch_instance *instance);

/* Instant at which the owner is warned; WATCH_NEVER for none. */
int64_t watch_warn_ms(const struct watch_instance *instance);

/* ---- settle: from verdicts to events ---- */

struct watch_dues {
    int64_t soft_ms;
    int64_t hard_ms;
};

/* Scratch memory of a settling; large, one per process is enough. */
struct watch_bench {
    struct watch_story story;
    struct watch_verdicts verdicts;
    struct watch_story final_story; /* as of one verdict's decisive instant */
    struct watch_verdicts final_verdicts;
};

/* Who hears of verdicts that become final. */
struct watch_finals {
    void (*say)(void *self, struct watch_ticket *ticket, const struct watch_instance *instance,
                int64_t final_ms);
    bool (*wanted)(const struct watch_instance *instance); /* NULL: each; the others become final
                                                              without a word */
    void *self;
    uint32_t room; /* for so many; UINT32_MAX: no bound */
};

/* Tells every verdict that becomes final at some T <= mark_ms, in the order of T. False: there is
 * more, which the next call tells. */
bool watch_settle(struct watch_ticket *ticket, const struct watch_rules *rules, int64_t mark_ms,
                  struct watch_bench *bench, const struct watch_finals *finals);

/* Says what is new: warnings, provisional breaches, withdrawals, caps. Returns the next instants at
 * which something could change by time alone. */
struct watch_dues watch_notice(struct watch_ticket *ticket, const struct watch_rules *rules,
                               int64_t now_ms, struct watch_bench *bench, struct ds_out *out);

/* Says every verdict that has become final at some T <= mark_ms (the earliest T with
 * d(F_T) + grace <= T). mark_ms: no fact received at or before it can still arrive. */
bool watch_finalise(struct watch_ticket *ticket, const struct watch_rules *rules, int64_t mark_ms,
                    struct watch_bench *bench, struct ds_out *out);

/* The same; of verdicts that are not wanted nothing is said. */
bool watch_finalise_wanted(struct watch_ticket *ticket, const struct watch_rules *rules,
                           int64_t mark_ms, struct watch_bench *bench,
                           bool (*wanted)(const struct watch_instance *instance),
                           struct ds_out *out);

/* Nothing of the ticket can become final before: its first fact's time and the smallest grace, or
 * as far as it was settled. */
int64_t watch_first_undecided_ms(const struct watch_ticket *ticket,
                                 const struct watch_rules *rules);

/* After watch_notice. Instant after which nothing that happened in the last life can still count,
 * and nobody comes back to a return that was begun; WATCH_NEVER while it goes on. */
int64_t watch_over_ms(const struct watch_ticket *ticket, const struct watch_bench *bench);

/* After watch_notice. Nothing can come any more: closed, all graces over, and every clock final. */
bool watch_is_over(struct watch_ticket *ticket, const struct watch_bench *bench);

/* ---- final.c ---- */

/* When clause 7.6 can next be decided for a complaint about this ticket, and saying that it can. */
int64_t watch_complaints_due_ms(struct watch_ticket *ticket, const struct watch_bench *bench,
                                int64_t last_received_ms);
void watch_say_complaints(struct watch_ticket *ticket, int64_t mark_ms, struct watch_bench *bench,
                          struct ds_out *out);
void watch_say_visits_final(struct ds_out *out, const char *subject, const char *complaint,
                            const struct watch_fact *complained);

/* Fills in what a final verdict says, and why. */
void watch_fill_final(struct ds_out *out, Ds__Judged *judged, const struct watch_instance *instance,
                      int64_t final_ms);
Ds__Reason__Name watch_reason_of(const struct watch_instance *instance);

/* Adds a Judged event. */
void watch_say_final(struct ds_out *out, const char *subject, const struct watch_instance *instance,
                     int64_t final_ms, uint32_t verdict_no);

/* ---- return_case.c: exchange and return ---- */

/* Adds a fact about a return at its place in canonical order: (at, tie, seq). */
void watch_add_return(struct watch_ticket *ticket, Ds__WatchReturn *fact);

/* Decides by all facts about the return, of which the event is one, and says the decision, who
 * answers for the return and what became of the command. story: NULL for a ticket that is over and
 * forgotten: nothing is decided, but whoever answers for a unit that came back still does. */
void watch_decide_returns(struct watch_ticket *ticket, const struct watch_story *story,
                          const struct ds_version *rules, const struct ds_event *event,
                          struct ds_out *out);

/* How long a return that was begun is remembered; 0 without one. */
int64_t watch_keep_returns_ms(const struct watch_ticket *ticket, const struct ds_version *rules);

/* ---- watch_rules.c ---- */

/* Fills a fact about an exchange or return from its event. */
void watch_return_of(const struct ds_event *event, const struct ds_version *version,
                     Ds__WatchReturn *ret);

/* A registration that complains that another ticket's visit was not on time (7.6): the fact for
 * that ticket, and which. False for any other event. */
bool watch_complaint_of(const struct ds_event *event, struct watch_fact *ret,
                        const char **ret_about);

/* Turns an event about a ticket into a fact. False: the event says nothing about clocks. */
bool watch_fact_of(struct watch_ticket *ticket, const struct ds_event *event,
                   const struct ds_version *version, struct watch_fact *ret);

/* ---- facts.c ---- */

/* Empties a ticket: nothing is known of it. */
void watch_empty(struct watch_ticket *ticket, const char *id);

#endif
