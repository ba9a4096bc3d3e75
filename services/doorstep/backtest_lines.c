/* SPDX-License-Identifier: MIT
 *
 * Two books side by side: lines are the same by their key, which is clause, account and cause. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/backtest.h"

/* ---- lines of one side, by partition and key ---- */

struct row {
    uint32_t partition;
    const Ds__Entry *entry;
};

struct rows {
    struct row *list; /* owned */
    size_t n;
};

static int by_key(const void *a, const void *b)
{
    const struct row *one = a, *two = b;

    if (one->partition != two->partition) return one->partition < two->partition ? -1 : 1;
    return strcmp(ds_str(one->entry->key), ds_str(two->entry->key));
}

static struct rows rows_of(const struct archive *books)
{
    struct rows rows = {malloc((books->n + 1) * sizeof *rows.list), 0};

    if (!rows.list) abort();
    for (size_t i = 0; i < books->n; i++)
        if (books->records[i].entry)
            rows.list[rows.n++] =
                (struct row){books->records[i].partition, books->records[i].entry};
    qsort(rows.list, rows.n, sizeof rows.list[0], by_key);
    return rows;
}

/* Calls for each line that either side has; NULL for the side that lacks it. */
static void each_pair(const struct rows *one, const struct rows *two, void *self,
                      void (*pair)(void *self, const struct row *one, const struct row *two))
{
    size_t i = 0, j = 0;

    while (i < one->n || j < two->n) {
        int order = i == one->n ? 1 : j == two->n ? -1 : by_key(&one->list[i], &two->list[j]);
        pair(self, order <= 0 ? &one->list[i] : NULL, order >= 0 ? &two->list[j] : NULL);
        i += order <= 0;
        j += order >= 0;
    }
}

static bool same_money(const Ds__Entry *a, const Ds__Entry *b)
{
    return a->amount_fen == b->amount_fen && a->month == b->month &&
           strcmp(ds_str(a->account), ds_str(b->account)) == 0;
}

static bool same_rest(const Ds__Entry *a, const Ds__Entry *b)
{
    return a->has_due_at_ms == b->has_due_at_ms && a->due_at_ms == b->due_at_ms &&
           a->has_actual_at_ms == b->has_actual_at_ms && a->actual_at_ms == b->actual_at_ms &&
           a->reason == b->reason && strcmp(ds_str(a->owner), ds_str(b->owner)) == 0;
}

/* ---- sums ---- */

static struct backtest_sum *sum_of(struct backtest_sums *sums, const char *name)
{
    for (size_t i = sums->n; i-- > 0;)
        if (strcmp(sums->list[i].name, name) == 0) return &sums->list[i];
    if (sums->n == sums->cap) {
        sums->cap = sums->cap ? 2 * sums->cap : 64;
        sums->list = realloc(sums->list, sums->cap * sizeof sums->list[0]);
        if (!sums->list) abort();
    }
    struct backtest_sum *sum = &sums->list[sums->n++];
    *sum = (struct backtest_sum){0};
    snprintf(sum->name, sizeof sum->name, "%s", name);
    return sum;
}

static void count(struct backtest_sum *sum, const Ds__Entry *entry, bool after)
{
    if (after) {
        sum->n_after++;
        sum->after_fen += entry->amount_fen;
    } else {
        sum->n_before++;
        sum->before_fen += entry->amount_fen;
    }
}

static void add_to_sums(struct backtest *test, const Ds__Entry *entry, bool after)
{
    char month[16];

    snprintf(month, sizeof month, "%04u-%02u", entry->month / 100, entry->month % 100);
    count(sum_of(&test->clauses, ds_str(entry->clause)), entry, after);
    count(sum_of(&test->accounts, ds_str(entry->account)), entry, after);
    count(sum_of(&test->months, month), entry, after);
    count(&test->all, entry, after);
}

/* Clauses by their numbers: 7.9 before 7.10. */
static int by_name(const void *a, const void *b)
{
    return strverscmp(((const struct backtest_sum *)a)->name,
                      ((const struct backtest_sum *)b)->name);
}

static void sort(struct backtest_sums *sums)
{
    if (sums->n > 1) qsort(sums->list, sums->n, sizeof sums->list[0], by_name);
}

/* ---- what differs ---- */

struct adding {
    struct backtest *test;
    const struct past *past;
};

static void compare(void *self, const struct row *one, const struct row *two)
{
    const struct adding *adding = self;
    struct backtest *test = adding->test;

    if (one) add_to_sums(test, one->entry, false);
    if (two) add_to_sums(test, two->entry, true);
    if (one && two && same_money(one->entry, two->entry)) {
        test->same++;
        test->same_but_due += !same_rest(one->entry, two->entry);
        return;
    }
    if (test->n_lines == test->lines_cap) {
        test->lines_cap = test->lines_cap ? 2 * test->lines_cap : 256;
        test->lines = realloc(test->lines, test->lines_cap * sizeof test->lines[0]);
        if (!test->lines) abort();
    }
    test->lines[test->n_lines++] =
        (struct backtest_line){.input = adding->past->name,
                               .past = adding->past,
                               .partition = one ? one->partition : two->partition,
                               .before = one ? one->entry : NULL,
                               .after = two ? two->entry : NULL};
}

static void compare_recorded(void *self, const struct row *one, const struct row *two)
{
    size_t *drifted = self;

    *drifted +=
        !one || !two || !same_money(one->entry, two->entry) || !same_rest(one->entry, two->entry);
}

static size_t open_proposals(const struct archive *books)
{
    size_t open = 0;

    for (size_t i = 0; i < books->n; i++) {
        int type = (int)books->records[i].msg->body_case;
        open += type == DS_EV_PROPOSED;
        open -= type == DS_EV_PROPOSAL_CONFIRMED || type == DS_EV_PROPOSAL_REJECTED;
    }
    return open;
}

/* ---- decisions that meet nothing ---- */

static const char *key_of(const Ds__Event *asked)
{
    static char month[16];

    switch ((int)asked->body_case) {
    case DS_EV_CONFIRM_REQUESTED: return asked->confirm_requested->proposal;
    case DS_EV_REJECT_REQUESTED: return asked->reject_requested->proposal;
    case DS_EV_REVERSAL_REQUESTED: return asked->reversal_requested->entry;
    case DS_EV_OBLIGATION_CLOSE_REQUESTED: return asked->obligation_close_requested->obligation;
    case DS_EV_ENTRY_APPEALED: return asked->entry_appealed->entry;
    case DS_EV_APPEAL_DECISION_REQUESTED: return asked->appeal_decision_requested->entry;
    case DS_EV_INSTALMENTS_REQUESTED: return asked->instalments_requested->entry;
    case DS_EV_VIOLATION_REPORTED: return asked->violation_reported->clause;
    case DS_EV_MONTH_CLOSE_REQUESTED:
        snprintf(month, sizeof month, "%u", asked->month_close_requested->month);
        return month;
    default: return "";
    }
}

static int by_seq(const void *a, const void *b)
{
    uint64_t seq = *(const uint64_t *)a, other = ((const struct happened *)b)->seq;

    return seq < other ? -1 : seq > other;
}

static const Ds__Event *asked_for(const struct past *past, const struct record *answer)
{
    const Ds__EventRef *cause = answer->msg->cause;

    if (answer->msg->body_case != DS__EVENT__BODY_OUTCOME || !cause ||
        cause->source != DS__SOURCE__NAME__INTAKE)
        return NULL;
    const struct happened_list *intake = &past->parts[answer->partition].of[DS_INTAKE];
    const struct happened *found =
        bsearch(&cause->seq, intake->list, intake->n, sizeof intake->list[0], by_seq);
    return found ? found->msg : NULL;
}

/* What a command of intake's was refused, by partition and number. */
struct refusal {
    uint32_t partition;
    uint64_t seq;
};

static int by_command(const void *a, const void *b)
{
    const struct refusal *one = a, *two = b;

    if (one->partition != two->partition) return one->partition < two->partition ? -1 : 1;
    return one->seq < two->seq ? -1 : one->seq > two->seq;
}

static bool is_refusal(const struct record *record)
{
    return record->msg->body_case == DS__EVENT__BODY_OUTCOME && record->msg->cause &&
           record->msg->cause->source == DS__SOURCE__NAME__INTAKE &&
           record->msg->outcome->outcome == DS__OUTCOME_CODE__NAME__REFUSED;
}

static struct refusal *refusals(const struct archive *books, size_t *ret_n)
{
    struct refusal *list = malloc((books->n + 1) * sizeof *list);

    if (!list) abort();
    *ret_n = 0;
    for (size_t i = 0; i < books->n; i++)
        if (is_refusal(&books->records[i]))
            list[(*ret_n)++] =
                (struct refusal){books->records[i].partition, books->records[i].msg->cause->seq};
    qsort(list, *ret_n, sizeof *list, by_command);
    return list;
}

/* What was refused on the other side, too, is not lost. */
static void find_lost(struct backtest *test, const struct past *past, const struct archive *before,
                      const struct archive *after)
{
    size_t n;
    struct refusal *there = refusals(before, &n);

    for (size_t i = 0; i < after->n; i++) {
        const struct record *answer = &after->records[i];
        const Ds__Event *asked = asked_for(past, answer);
        if (!asked || !is_refusal(answer)) continue;
        const struct refusal this = {answer->partition, answer->msg->cause->seq};
        if (bsearch(&this, there, n, sizeof *there, by_command)) continue;
        if (test->n_lost == test->lost_cap) {
            test->lost_cap = test->lost_cap ? 2 * test->lost_cap : 16;
            test->lost = realloc(test->lost, test->lost_cap * sizeof test->lost[0]);
            if (!test->lost) abort();
        }
        char *key = strdup(key_of(asked));
        if (!key) abort();
        test->lost[test->n_lost++] =
            (struct backtest_lost){ds_event_name((int)asked->body_case), key, answer->msg->reason};
    }
    free(there);
}

void backtest_add(struct backtest *test, const struct past *past, struct side *before,
                  struct side *after)
{
    struct adding adding = {test, past};
    struct rows recorded = rows_of(&past->recorded), one = rows_of(&before->books),
                two = rows_of(&after->books);
    size_t first = test->n_lines;

    if (!past->unbooked) each_pair(&recorded, &one, &test->drifted, compare_recorded);
    test->unbooked |= past->unbooked;
    each_pair(&one, &two, &adding, compare);
    free(recorded.list);
    free(one.list);
    free(two.list);
    test->open_before += open_proposals(&before->books);
    test->open_after += open_proposals(&after->books);
    find_lost(test, past, &before->books, &after->books);
    backtest_add_pieces(test, past, before, after);
    test->events += past->events;
    test->judged += past->judged;
    if (test->want_verdicts) {
        side_verdicts(after, test->lines + first, test->n_lines - first, true);
        side_verdicts(before, test->lines + first, test->n_lines - first, false);
    }
    sort(&test->clauses);
    sort(&test->accounts);
    sort(&test->months);
}

void backtest_finish(struct backtest *test)
{
    for (size_t i = 0; i < test->n_lost; i++)
        free(test->lost[i].key);
    free(test->lost);
    free(test->lines);
    free(test->pieces);
    free(test->clauses.list);
    free(test->accounts.list);
    free(test->months.list);
    *test = (struct backtest){0};
}
