/* SPDX-License-Identifier: MIT
 *
 * 8.1 to 8.7, clause by clause. Dates are local days; money is integer fen. Pure. */
#include "sla-watcher/return_right.h"

#include <string.h>

#include "domain/assert.h"

#define REASON(name) DS__REASON__NAME__##name

enum { MONTHS_A_YEAR = 12 };

/* ---- intervals and dates ---- */

static bool is_empty(const struct watch_interval *interval)
{
    return interval->to_ms <= interval->from_ms;
}

/* A customer who moves the date, or has none, is waited for at his own cost. */
static bool is_customers(const struct watch_interval *interval)
{
    return interval->kind == DS__RETURN_INTERVAL__KIND__CUSTOMER;
}

/* Waits that are not of the repairer's making (8.4). */
static bool is_of_others(const struct watch_interval *interval)
{
    return is_customers(interval) || interval->kind == DS__RETURN_INTERVAL__KIND__PARTS;
}

/* Is all of [from, to) covered by the union of the intervals of one sort? */
static bool covered(const struct watch_return_case *facts,
                    bool (*sort)(const struct watch_interval *), int64_t from_ms, int64_t to_ms)
{
    while (from_ms < to_ms) {
        int64_t reach_ms = from_ms;
        for (uint32_t i = 0; i < facts->n_intervals; i++) {
            const struct watch_interval *interval = &facts->intervals[i];
            if (sort(interval) && interval->from_ms <= from_ms && interval->to_ms > reach_ms)
                reach_ms = interval->to_ms;
        }
        if (reach_ms == from_ms) return false;
        from_ms = reach_ms;
    }
    return true;
}

/* 8.6: does any repair, or wait for one, touch this date, the time that the customer moved away not
 * counted? Overlaps count once because dates are counted, not intervals. */
static bool touched(const struct watch_return_case *facts, int32_t day)
{
    int64_t begin_ms = ds_from_local(facts->zone, day, 0);
    int64_t end_ms = ds_from_local(facts->zone, day + 1, 0);

    for (uint32_t i = 0; i < facts->n_intervals; i++) {
        const struct watch_interval *interval = &facts->intervals[i];
        int64_t from_ms = interval->from_ms > begin_ms ? interval->from_ms : begin_ms;
        int64_t to_ms = interval->to_ms < end_ms ? interval->to_ms : end_ms;
        /* a customer's own wait is covered by itself */
        if (from_ms < to_ms && !covered(facts, is_customers, from_ms, to_ms)) return true;
    }
    return false;
}

static bool fully_waited(const struct watch_return_case *facts, int32_t day)
{
    return covered(facts, is_of_others, ds_from_local(facts->zone, day, 0),
                   ds_from_local(facts->zone, day + 1, 0));
}

/* The repair of this fault: the latest that began on or after the day of its report. */
static const struct watch_interval *this_repair(const struct watch_return_case *facts,
                                                int32_t since_day, int32_t until_day)
{
    const struct watch_interval *found = NULL;

    for (uint32_t i = 0; i < facts->n_intervals; i++) {
        const struct watch_interval *interval = &facts->intervals[i];
        if (interval->kind != DS__RETURN_INTERVAL__KIND__REPAIR || is_empty(interval)) continue;
        int32_t day = ds_local_day(facts->zone, interval->from_ms);
        if ((since_day != WATCH_NO_DATE && day < since_day) || day > until_day) continue;
        bool later = !found || interval->from_ms > found->from_ms ||
                     (interval->from_ms == found->from_ms && interval->to_ms > found->to_ms);
        if (later) found = interval;
    }
    return found;
}

/* A manufacturer's part was waited for while this repair went on (8.3). */
static bool awaited_part(const struct watch_return_case *facts, const struct watch_interval *repair)
{
    for (uint32_t i = 0; i < facts->n_intervals; i++) {
        const struct watch_interval *wait = &facts->intervals[i];
        if (wait->kind != DS__RETURN_INTERVAL__KIND__PARTS || is_empty(wait)) continue;
        if (wait->from_ms < repair->to_ms && wait->to_ms > repair->from_ms) return true;
    }
    return false;
}

static int32_t add_months(int32_t day, int32_t months)
{
    struct ds_date date = ds_date_of(day);
    int32_t month = date.month - 1 + months;
    struct ds_date next = {date.year + (month + 1) / MONTHS_A_YEAR, (month + 1) % MONTHS_A_YEAR + 1,
                           1};

    date.year += month / MONTHS_A_YEAR;
    date.month = month % MONTHS_A_YEAR + 1;
    int32_t last = ds_date_of(ds_day_of(next) - 1).day;
    if (date.day > last) date.day = last; /* no such day: the month's last */
    return ds_day_of(date);
}

/* Last day of the guarantee: the dates of earlier repairs inside it lengthen it. The repair that is
 * asked about begins with the report and cannot bring itself inside. */
static int32_t guarantee_end(const struct watch_return_case *facts,
                             const struct watch_return *decided)
{
    int32_t months = ds_guarantee_months(facts->rules, facts->said->category);
    int32_t end = add_months(decided->invoiced_day, months);

    for (int32_t day = decided->invoiced_day + 1; day <= end && day < decided->reported_day; day++)
        if (touched(facts, day)) end++;
    return end;
}

static int32_t date_or(const char *date, int32_t otherwise)
{
    int32_t day = otherwise;

    if (date) (void)ds_parse_date(date, &day); /* intake has seen that it is one */
    return day;
}

/* ---- rights ---- */

static void hold(struct watch_right *right, bool holds, Ds__Reason__Name yes, Ds__Reason__Name no)
{
    right->holds = holds;
    right->reason = holds ? yes : no;
}

/* The day of the invoice is not counted, the last day of the limit is inside. */
static void judge_fault(const struct watch_return_case *facts, enum ds_right right,
                        struct watch_return *ret)
{
    int32_t limit = facts->rules->returns.rights[right].limit_days;

    ret->rights[right].days = ret->days;
    if (!facts->said->main_fault)
        return hold(&ret->rights[right], false, REASON(NONE),
                    ret->days <= limit ? REASON(NO_MAIN_FAULT) : REASON(NO_MAIN_FAULT_AND_LATE));
    hold(&ret->rights[right], ret->days <= limit, REASON(FAULT_WITHIN_DAYS),
         REASON(FAULT_AFTER_DAYS));
}

static void judge_first_days(const struct watch_return_case *facts, struct watch_return *ret)
{
    judge_fault(facts, DS_8_1, ret);
}

static void judge_days_after(const struct watch_return_case *facts, struct watch_return *ret)
{
    judge_fault(facts, DS_8_2, ret);
}

static bool repaired_by(const struct watch_return_case *facts, const struct watch_interval *repair,
                        int32_t day)
{
    return repair->to_ms != INT64_MAX && ds_local_day(facts->zone, repair->to_ms) <= day;
}

/* 8.3: all days since it was sent count, whatever it waited for. */
static void judge_part(const struct watch_return_case *facts, struct watch_return *ret)
{
    const struct watch_interval *repair = ret->repair;
    struct watch_right *right = &ret->rights[DS_8_3];

    if (!repair || repaired_by(facts, repair, ret->returned_day))
        return hold(right, false, REASON(NONE), REASON(NOT_IN_REPAIR));
    right->days = ret->returned_day - ret->sent_day;
    if (ret->sent_day > ret->guarantee_day)
        return hold(right, false, REASON(NONE), REASON(AFTER_GUARANTEE));
    if (!awaited_part(facts, repair))
        return hold(right, false, REASON(NONE), REASON(NO_PART_AWAITED));
    hold(right, right->days > facts->rules->returns.rights[DS_8_3].limit_days,
         REASON(PART_NOT_SUPPLIED), REASON(DAYS_NOT_EXCEEDED));
}

/* 8.4: until it was repaired; dates on which only others were waited for do not count. */
static void judge_repairer(const struct watch_return_case *facts, struct watch_return *ret)
{
    const struct watch_interval *repair = ret->repair;
    struct watch_right *right = &ret->rights[DS_8_4];
    int32_t until = ret->returned_day;

    if (!repair) return hold(right, false, REASON(NONE), REASON(NOT_IN_REPAIR));
    if (repaired_by(facts, repair, until)) until = ds_local_day(facts->zone, repair->to_ms);
    for (int32_t day = ret->sent_day + 1; day <= until; day++)
        if (!fully_waited(facts, day)) right->days++;
    hold(right, right->days > facts->rules->returns.rights[DS_8_4].limit_days,
         REASON(REPAIRER_TOO_SLOW), REASON(DAYS_NOT_EXCEEDED));
}

/* 8.5 */
static void judge_unpacked(const struct watch_return_case *facts, struct watch_return *ret)
{
    const Ds__CheckReturn *said = facts->said;
    struct watch_right *right = &ret->rights[DS_8_5];
    bool that_day = date_or(said->unpacked_on, WATCH_NO_DATE) == ret->reported_day ||
                    date_or(said->installed_on, WATCH_NO_DATE) == ret->reported_day;

    if (!said->deformed) return hold(right, false, REASON(NONE), REASON(NOT_DEFORMED));
    if (said->by_customer) return hold(right, false, REASON(NONE), REASON(DEFORMED_BY_CUSTOMER));
    hold(right, that_day, REASON(DEFORMED_UNPACKED), REASON(NOT_REPORTED_THAT_DAY));
}

/* ---- what may be chosen ---- */

static struct watch_choice *offer(struct watch_return *ret, Ds__ReturnOption__Name option,
                                  enum ds_right right, Ds__Reason__Name reason)
{
    DS_ASSERT(ret->n_choices < WATCH_CHOICES_MAX);
    struct watch_choice *choice = &ret->choices[ret->n_choices++];

    *choice =
        (struct watch_choice){.option = option, .right = right, .reason = reason, .account = ""};
    return choice;
}

/* First clause that gives an exchange, or with repair said one that gives a repair, too: all but
 * 8.4. DS_RIGHT_COUNT: none. */
static enum ds_right first_right(const struct watch_return *ret, bool repair)
{
    for (int i = DS_8_1; i < WATCH_RIGHTS; i++)
        if (ret->rights[i].holds && !(repair && i == DS_8_4)) return (enum ds_right)i;
    return DS_RIGHT_COUNT;
}

/* 8.6: floor(price x used days x rate), at most the price. */
static int64_t depreciation_fen(const struct watch_return_case *facts, int32_t used_days)
{
    const struct ds_return_rules *rules = &facts->rules->returns;
    int64_t fen = facts->said->price_fen * used_days * rules->rate_over / rules->rate_under;

    return fen < facts->said->price_fen ? fen : facts->said->price_fen;
}

static void offer_return(const struct watch_return_case *facts, struct watch_return *ret)
{
    struct watch_choice *choice;

    if (ret->rights[DS_8_1].holds) {
        choice = offer(ret, DS__RETURN_OPTION__NAME__RETURN, DS_8_1, ret->rights[DS_8_1].reason);
    } else if (ret->reported_day > ret->guarantee_day) {
        return; /* 8.6 is for the time of the guarantee */
    } else if (facts->said->no_same_model) {
        choice = offer(ret, DS__RETURN_OPTION__NAME__RETURN, DS_8_6, REASON(NO_SAME_MODEL));
    } else {
        choice = offer(ret, DS__RETURN_OPTION__NAME__RETURN, DS_8_6, REASON(LESS_DEPRECIATION));
        choice->depreciation_fen = depreciation_fen(facts, ret->used_days);
    }
    choice->amount_fen = facts->said->price_fen - choice->depreciation_fen;
}

/* 8.6: what the rights come to, and where an exchange is due, the return beside it. */
static void offer_all(const struct watch_return_case *facts, struct watch_return *ret)
{
    enum ds_right exchange = first_right(ret, false);
    enum ds_right repair = first_right(ret, true);

    if (exchange == DS_RIGHT_COUNT) return;
    if (repair != DS_RIGHT_COUNT)
        offer(ret, DS__RETURN_OPTION__NAME__REPAIR, repair, ret->rights[repair].reason);
    if (facts->said->no_same_model) {
        offer(ret, DS__RETURN_OPTION__NAME__OTHER_MODEL, DS_8_6, REASON(NO_SAME_MODEL));
    } else {
        struct watch_choice *choice =
            offer(ret, DS__RETURN_OPTION__NAME__EXCHANGE, exchange, ret->rights[exchange].reason);
        if (exchange == DS_8_4 && strncmp(facts->repairer, "outlet:", 7) == 0)
            choice->account = facts->repairer;
    }
    offer_return(facts, ret);
}

/* 8.7 blocks every exchange and return, and takes none of them away. */
static void block(const struct watch_return_case *facts, struct watch_return *ret)
{
    if (facts->report == DS__APPRAISAL__NAME__DIFFERS)
        ret->blocked[ret->n_blocked++] = REASON(REPORT_DIFFERS);
    else if (facts->report != DS__APPRAISAL__NAME__MATCHES)
        ret->blocked[ret->n_blocked++] = REASON(REPORT_MISSING);
    if (!facts->accessories_complete) ret->blocked[ret->n_blocked++] = REASON(ACCESSORIES_MISSING);
}

/* ---- all of it ---- */

/* Where is clause 8.x decided? Here is the list; each builds on those before it. Days and the rate
 * are in the rulebook, sentences in common/text/clauses.def. */
static void (*const clauses[DS_RIGHT_COUNT])(const struct watch_return_case *,
                                             struct watch_return *) = {
    [DS_8_1] = judge_first_days,
    [DS_8_2] = judge_days_after,
    [DS_8_3] = judge_part,
    [DS_8_4] = judge_repairer,
    [DS_8_5] = judge_unpacked,
    [DS_8_6] = offer_all,
    [DS_8_7] = block,
};

static void find_days(const struct watch_return_case *facts, struct watch_return *ret)
{
    int32_t since = date_or(facts->said->reported_on, facts->reported_day);

    ret->invoiced_day = date_or(facts->said->invoiced_on, WATCH_NO_DATE);
    ret->returned_day = date_or(facts->said->returned_on, facts->returned_day);
    const struct watch_interval *repair = this_repair(facts, since, ret->returned_day);
    ret->repair = repair;
    ret->sent_day = repair ? ds_local_day(facts->zone, repair->from_ms) : WATCH_NO_DATE;
    if (since == WATCH_NO_DATE) since = repair ? ret->sent_day : ret->returned_day;
    ret->reported_day = since;
    ret->days = ret->reported_day - ret->invoiced_day;
    if (ret->returned_day < ret->reported_day) ret->days = -1;
}

void watch_decide_return(const struct watch_return_case *facts, struct watch_return *ret)
{
    *ret = (struct watch_return){.n_choices = 0};
    find_days(facts, ret);
    ret->guarantee_day = guarantee_end(facts, ret);
    if (ret->days < 0) return;
    for (int32_t day = ret->invoiced_day + 1; day <= ret->returned_day; day++)
        if (touched(facts, day)) ret->repair_days++;
    ret->used_days = ret->returned_day - ret->invoiced_day - ret->repair_days;
    for (int i = 0; i < DS_RIGHT_COUNT; i++)
        clauses[i](facts, ret);
}

bool watch_wish_granted(const struct watch_return *decided, Ds__ReturnOption__Name wish)
{
    for (uint32_t i = 0; i < decided->n_choices; i++)
        if (decided->choices[i].option == wish)
            return decided->n_blocked == 0 || wish == DS__RETURN_OPTION__NAME__REPAIR;
    return false;
}
