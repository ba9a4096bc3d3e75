/* SPDX-License-Identifier: MIT
 *
 * Which repairs of a product did not last, and 7.14: the case of one that did not is to be analysed
 * once the product has been repaired again. All of it is told anew from what is known of the
 * product, so it does not matter in which order that arrived. Pure. */
#include <string.h>

#include "dispatcher/cases.h"
#include "domain/assert.h"
#include "domain/ids.h"

#define REASON(name) DS__REASON__NAME__##name

uint64_t dispatch_life(uint64_t ticket, uint32_t cycle)
{
    return ticket * DS_CYCLES_MAX + cycle;
}

static uint32_t cycle_of(uint64_t life)
{
    return (uint32_t)(life % DS_CYCLES_MAX);
}

void dispatch_load_product(struct dispatch_product *product, uint32_t partition,
                           const Ds__DispatchProduct *stored)
{
    product->partition = partition;
    ds__dispatch_product__init(&product->state);
    if (stored) {
        product->state = *stored;
        ds_copy_bytes(product->repairs, stored->repairs,
                      stored->n_repairs * sizeof product->repairs[0]);
        ds_copy_bytes(product->analysed_at_ms, stored->analysed_at_ms,
                      stored->n_analysed_at_ms * sizeof product->analysed_at_ms[0]);
    }
    product->state.repairs = product->repairs;
    product->state.analysed_at_ms = product->analysed_at_ms;
}

Ds__ProductRepair *dispatch_find_repair(const struct dispatch_product *product, uint64_t life)
{
    for (size_t i = 0; i < product->state.n_repairs; i++)
        if (product->repairs[i]->life == life) return product->repairs[i];
    return NULL;
}

Ds__ProductRepair *dispatch_repair_at(const struct dispatch_product *product, uint64_t ticket,
                                      int64_t at_ms)
{
    Ds__ProductRepair *found = NULL;

    for (size_t i = 0; i < product->state.n_repairs; i++) {
        Ds__ProductRepair *repair = product->repairs[i];
        if (repair->life / DS_CYCLES_MAX != ticket) continue;
        /* what was put down afterwards may have happened before it was reported; what came before
         * a reopening is of a life that may be forgotten */
        bool begun = repair->reported_at_ms <= at_ms || cycle_of(repair->life) == 0;
        if (begun && (!found || repair->life > found->life)) found = repair;
    }
    return found;
}

/* Another repair repeats the same one, and was reported and over no later: what is asked about that
 * one is asked by the other alone. */
static bool is_one_more(const struct dispatch_product *product, const Ds__ProductRepair *repair)
{
    for (size_t i = 0; i < product->state.n_repairs; i++) {
        const Ds__ProductRepair *other = product->repairs[i];
        if (other != repair && other->has_repeats && other->repeats == repair->repeats &&
            other->has_ended_at_ms && other->ended_at_ms <= repair->ended_at_ms &&
            other->reported_at_ms <= repair->reported_at_ms)
            return true;
    }
    return false;
}

static bool asks_for_nothing(const struct dispatch_product *product,
                             const Ds__ProductRepair *repair)
{
    if (!repair->has_ended_at_ms || (repair->failed && !repair->decided)) return false;
    return !repair->has_repeats || !dispatch_find_repair(product, repair->repeats) ||
           is_one_more(product, repair);
}

static void make_room(struct dispatch_product *product)
{
    Ds__DispatchProduct *state = &product->state;
    size_t goes = 0;

    if (state->n_repairs < DISPATCH_PRODUCT_REPAIRS) return;
    for (size_t i = 1; i < state->n_repairs; i++) {
        const Ds__ProductRepair *repair = product->repairs[i], *other = product->repairs[goes];
        bool one = asks_for_nothing(product, repair), two = asks_for_nothing(product, other);
        if (one != two ? one : repair->reported_at_ms < other->reported_at_ms) goes = i;
    }
    state->n_repairs--;
    memmove(&product->repairs[goes], &product->repairs[goes + 1],
            (state->n_repairs - goes) * sizeof product->repairs[0]);
}

Ds__ProductRepair *dispatch_add_repair(struct dispatch_product *product, uint64_t life,
                                       const struct ds_event *event)
{
    Ds__ProductRepair *made = &product->made;

    make_room(product);
    ds__product_repair__init(made);
    DS_SET(made, life, life);
    DS_SET(made, reported_at_ms, event->at_ms);
    DS_SET(made, reported_seq, event->ref.seq);
    product->repairs[product->state.n_repairs++] = made;
    return made;
}

bool dispatch_ends_earlier(const Ds__ProductRepair *repair, int64_t at_ms, bool cancelled,
                           uint64_t tie)
{
    if (!repair->has_ended_at_ms) return true;
    if (at_ms != repair->ended_at_ms) return at_ms < repair->ended_at_ms;
    if (cancelled != (bool)repair->cancelled) return cancelled;
    return tie < repair->tie;
}

/* Of two at one instant the first of the list. */
static bool is_before(const struct dispatch_product *product, size_t a, size_t b)
{
    const int64_t *at_ms = product->analysed_at_ms;

    return at_ms[a] < at_ms[b] || (at_ms[a] == at_ms[b] && a < b);
}

static bool is_first_after(const struct dispatch_product *product, size_t analysis,
                           const Ds__ProductRepair *report)
{
    if (product->analysed_at_ms[analysis] < report->reported_at_ms) return false;
    for (size_t i = 0; i < product->state.n_analysed_at_ms; i++)
        if (is_before(product, i, analysis) && product->analysed_at_ms[i] >= report->reported_at_ms)
            return false;
    return true;
}

static bool can_decide(const struct dispatch_product *product, size_t analysis)
{
    bool last = true;

    for (size_t i = 0; i < product->state.n_repairs; i++)
        if (is_first_after(product, analysis, product->repairs[i])) return true;
    for (size_t i = 0; i < product->state.n_analysed_at_ms; i++)
        last &= !is_before(product, analysis, i);
    return last;
}

void dispatch_add_analysis(struct dispatch_product *product, int64_t at_ms)
{
    int64_t kept_at_ms[DISPATCH_PRODUCT_ANALYSES];
    size_t n = 0;

    product->analysed_at_ms[product->state.n_analysed_at_ms++] = at_ms;
    for (size_t i = 0; i < product->state.n_analysed_at_ms; i++)
        if (can_decide(product, i)) kept_at_ms[n++] = product->analysed_at_ms[i];
    memcpy(product->analysed_at_ms, kept_at_ms, n * sizeof kept_at_ms[0]);
    product->state.n_analysed_at_ms = n;
}

/* ---- what repeats what ---- */

static const struct ds_version *rules_of(const Ds__ProductRepair *repair,
                                         const struct dispatch_versions *versions)
{
    return versions->of(versions->self, repair->rulebook);
}

/* The repair before this report that was to last until then: the latest that fixed it. A report
 * that is called off repeats nothing, nobody saw a fault. Met iff reported within repeat_within. */
static const Ds__ProductRepair *repeated_by(const struct dispatch_product *product,
                                            const Ds__ProductRepair *report,
                                            const struct dispatch_versions *versions)
{
    const Ds__ProductRepair *found = NULL;

    if (report->cancelled) return NULL;
    for (size_t i = 0; i < product->state.n_repairs; i++) {
        const Ds__ProductRepair *repair = product->repairs[i];
        /* what was put down afterwards may have ended before it was reported */
        if (repair == report || !repair->fixed || repair->ended_at_ms >= report->reported_at_ms)
            continue;
        int64_t after_ms = report->reported_at_ms - repair->ended_at_ms;
        if (after_ms > rules_of(repair, versions)->repeat_within_ms) continue;
        if (!found || repair->ended_at_ms > found->ended_at_ms ||
            (repair->ended_at_ms == found->ended_at_ms && repair->life > found->life))
            found = repair;
    }
    return found;
}

static char *ticket_text(const struct dispatch_product *product, uint64_t life, struct ds_out *out)
{
    char *id = ds_out_room(out, DS_TICKET_ID_MAX);

    ds_ticket_id(id, product->partition, life / DS_CYCLES_MAX);
    return id;
}

static void tell_repeat(const struct dispatch_product *product, const Ds__ProductRepair *repair,
                        struct ds_out *out, Ds__RepeatFound *ret)
{
    ret->repeats = ticket_text(product, repair->life, out);
    ret->cause = repair->cause;
    ret->remedy = repair->remedy;
    ret->account = repair->account;
    DS_SET(ret, fixed_at_ms, repair->ended_at_ms);
    ret->result = ds_out_ref(out, DS_INTAKE, repair->ended_seq);
}

static void say_repeat(const struct dispatch_product *product, Ds__ProductRepair *report,
                       const Ds__ProductRepair *repair, struct ds_out *out)
{
    char *subject = ticket_text(product, report->life, out);

    if (report->has_repeats) {
        ds_out_add(out, DS_EV_REPEAT_WITHDRAWN, subject, REASON(REPEAT_WAS_NONE), "")
            ->repeat_withdrawn.repeats = ticket_text(product, report->repeats, out);
        report->has_repeats = 0;
        report->repeats = 0;
    }
    if (!repair) return;
    tell_repeat(product, repair, out,
                &ds_out_add(out, DS_EV_REPEAT_FOUND, subject, REASON(REPAIR_DID_NOT_LAST), "")
                     ->repeat_found);
    DS_SET(report, repeats, repair->life);
}

static bool is_repeated(const struct dispatch_product *product, const Ds__ProductRepair *repair)
{
    for (size_t i = 0; i < product->state.n_repairs; i++)
        if (product->repairs[i]->has_repeats && product->repairs[i]->repeats == repair->life)
            return true;
    return false;
}

void dispatch_settle(struct dispatch_product *product, const struct dispatch_versions *versions,
                     const struct dispatch_book *book, struct ds_out *out)
{
    for (size_t i = 0; i < product->state.n_repairs; i++) {
        Ds__ProductRepair *report = product->repairs[i];
        /* what it repeats has made room for later ones: it stays as it was said */
        if (report->has_repeats && !dispatch_find_repair(product, report->repeats)) continue;
        const Ds__ProductRepair *repair = repeated_by(product, report, versions);
        if ((repair ? repair->life : 0) != report->repeats)
            say_repeat(product, report, repair, out);
    }
    for (size_t i = 0; i < product->state.n_repairs; i++) {
        Ds__ProductRepair *repair = product->repairs[i];
        bool failed = is_repeated(product, repair);
        if (failed == (bool)repair->failed) continue;
        DS_SET(repair, failed, failed);
        if (repair->has_case_key) book->count(book->self, repair, 0, failed ? 1 : -1);
    }
}

Ds__RepeatFound *dispatch_tried(const struct dispatch_product *product, uint64_t life,
                                struct ds_out *out)
{
    const Ds__ProductRepair *report = dispatch_find_repair(product, life);
    const Ds__ProductRepair *repair =
        report && report->has_repeats ? dispatch_find_repair(product, report->repeats) : NULL;
    if (!repair) return NULL;
    Ds__RepeatFound *tried = ds_out_room(out, sizeof *tried);

    ds__repeat_found__init(tried);
    tell_repeat(product, repair, out, tried);
    return tried;
}

/* ---- 7.14 ---- */

int64_t dispatch_analyse_due_ms(const struct dispatch_product *product,
                                const Ds__ProductRepair *failed,
                                const struct dispatch_versions *versions,
                                const Ds__ProductRepair **ret_again)
{
    const Ds__ProductRepair *again = NULL;

    for (size_t i = 0; i < product->state.n_repairs; i++) {
        const Ds__ProductRepair *repair = product->repairs[i];
        if (!repair->has_repeats || repair->repeats != failed->life || !repair->has_ended_at_ms ||
            repair->cancelled)
            continue;
        if (!again || repair->ended_at_ms < again->ended_at_ms ||
            (repair->ended_at_ms == again->ended_at_ms && repair->life < again->life))
            again = repair;
    }
    if (ret_again) *ret_again = again;
    return again ? again->ended_at_ms + rules_of(again, versions)->analyse_within_ms : INT64_MAX;
}

bool dispatch_is_analysed(const struct dispatch_product *product, const Ds__ProductRepair *failed,
                          int64_t due_ms)
{
    int64_t from_ms = INT64_MAX;

    for (size_t i = 0; i < product->state.n_repairs; i++) {
        const Ds__ProductRepair *report = product->repairs[i];
        if (report->has_repeats && report->repeats == failed->life &&
            report->reported_at_ms < from_ms)
            from_ms = report->reported_at_ms;
    }
    for (size_t i = 0; i < product->state.n_analysed_at_ms; i++)
        if (product->analysed_at_ms[i] >= from_ms && product->analysed_at_ms[i] <= due_ms)
            return true;
    return false;
}

void dispatch_answer_analysis(const struct dispatch_product *product, const struct ds_event *event,
                              const struct dispatch_versions *versions, struct ds_out *out)
{
    bool in_time = false, late = false;

    for (size_t i = 0; i < product->state.n_repairs; i++) {
        const Ds__ProductRepair *repair = product->repairs[i];
        if (!repair->failed || repair->decided) continue;
        if (event->at_ms <= dispatch_analyse_due_ms(product, repair, versions, NULL))
            in_time = true;
        else
            late = true;
    }
    ds_out_outcome(out, event,
                   in_time ? DS__OUTCOME_CODE__NAME__APPLIED : DS__OUTCOME_CODE__NAME__NO_EFFECT,
                   in_time ? REASON(CASE_ANALYSED)
                   : late  ? REASON(ANALYSED_TOO_LATE)
                           : REASON(NO_CASE_TO_ANALYSE),
                   "7.14");
}

static void say_not_analysed(const struct dispatch_product *product,
                             const Ds__ProductRepair *failed, const Ds__ProductRepair *again,
                             int64_t due_ms, const char *clause, struct ds_out *out)
{
    Ds__CaseNotAnalysed *said =
        &ds_out_add(out, DS_EV_CASE_NOT_ANALYSED, ticket_text(product, failed->life, out),
                    REASON(CASE_NOT_ANALYSED), clause)
             ->case_not_analysed;

    said->clause = (char *)clause;
    DS_SET(said, n, cycle_of(failed->life) * DS_CYCLE_INSTANCES + 1);
    said->account = failed->account;
    DS_SET(said, due_at_ms, due_ms);
    said->repeated_by = ticket_text(product, again->life, out);
    said->result = ds_out_ref(out, DS_INTAKE, failed->ended_seq);
    said->reported = ds_out_ref(out, DS_INTAKE, again->reported_seq);
    said->again = ds_out_ref(out, DS_INTAKE, again->ended_seq);
    /* the time ran from there, whichever event finds that it is over */
    ds_out_last(out)->cause = said->again;
}

/* When nothing that was in time can arrive any more. */
static int64_t final_ms_of(const struct dispatch_product *product, const Ds__ProductRepair *failed,
                           const struct dispatch_versions *versions, int64_t *ret_due_ms,
                           const Ds__ProductRepair **ret_again)
{
    if (!failed->failed || failed->decided) return INT64_MAX;
    *ret_due_ms = dispatch_analyse_due_ms(product, failed, versions, ret_again);
    if (*ret_due_ms == INT64_MAX) return INT64_MAX;
    return *ret_due_ms + rules_of(*ret_again, versions)->late_max_ms;
}

void dispatch_decide_cases(struct dispatch_product *product, int64_t final_ms,
                           const struct dispatch_versions *versions, struct ds_out *out)
{
    for (size_t i = 0; i < product->state.n_repairs; i++) {
        Ds__ProductRepair *failed = product->repairs[i];
        const Ds__ProductRepair *again;
        int64_t due_ms;
        if (final_ms_of(product, failed, versions, &due_ms, &again) > final_ms) continue;
        DS_SET(failed, decided, true);
        if (!dispatch_is_analysed(product, failed, due_ms))
            say_not_analysed(product, failed, again, due_ms,
                             rules_of(again, versions)->analysis_clause, out);
    }
}

/* A repair can be repeated for so long, and what ends a life can turn out to be earlier. */
static int64_t over_ms_of(const Ds__ProductRepair *repair, const struct dispatch_versions *versions)
{
    if (!repair->has_ended_at_ms) return INT64_MAX;
    const struct ds_version *rules = rules_of(repair, versions);

    return repair->ended_at_ms + rules->late_max_ms + (repair->fixed ? rules->repeat_within_ms : 0);
}

int64_t dispatch_product_due_ms(const struct dispatch_product *product,
                                const struct dispatch_versions *versions, bool *ret_over)
{
    int64_t next_ms = INT64_MAX, over_ms = 0;

    for (size_t i = 0; i < product->state.n_repairs; i++) {
        const Ds__ProductRepair *repair = product->repairs[i], *again;
        int64_t due_ms, final_ms = final_ms_of(product, repair, versions, &due_ms, &again);
        if (final_ms < next_ms) next_ms = final_ms;
        int64_t repair_over_ms = over_ms_of(repair, versions);
        if (repair_over_ms > over_ms) over_ms = repair_over_ms;
    }
    *ret_over = next_ms == INT64_MAX;
    return *ret_over ? over_ms : next_ms;
}
