/* SPDX-License-Identifier: MIT
 *
 * What jobs pay by the piece under both rulebooks (R3.1, P5.3). Who did which job when, and so in
 * whose statement and of which month it is, stays as recorded. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/backtest.h"
#include "doorstep/books.h"

static bool same_rates(const struct ds_version *a, const struct ds_version *b)
{
    bool equal = a->n_piece_rates == b->n_piece_rates;

    for (uint32_t i = 0; equal && i < a->n_piece_rates; i++) {
        const struct ds_piece_rate *one = &a->piece_rates[i], *two = &b->piece_rates[i];
        equal = one->kind == two->kind && one->zone == two->zone &&
                one->rate_fen == two->rate_fen && strcmp(one->category, two->category) == 0;
    }
    return equal;
}

static bool any_differ(const struct side *before, const struct side *after)
{
    for (uint32_t v = 1; v < DS_VERSIONS_MAX; v++)
        if (before->versions[v] && after->versions[v] &&
            !same_rates(before->versions[v], after->versions[v]))
            return true;
    return false;
}

/* The events of one partition as statements read them; borrowed, but for the list. */
static struct archive jobs_told(const struct past *past, uint32_t p)
{
    const struct happened_list *intake = &past->parts[p].of[DS_INTAKE];
    struct archive told = {.n = intake->n};

    memcpy(told.versions, past->recorded.versions, sizeof told.versions);
    told.records = calloc(intake->n + 1, sizeof told.records[0]);
    if (!told.records) abort();
    for (size_t i = 0; i < intake->n; i++)
        told.records[i] = (struct record){.source = DS_INTAKE,
                                          .partition = p,
                                          .seq = intake->list[i].seq,
                                          .rulebook = intake->list[i].rulebook,
                                          .msg = (Ds__Event *)intake->list[i].msg};
    return told;
}

static int64_t rate_fen(const struct side *side, const struct paid_job *job)
{
    const struct ds_version *version = side->versions[job->result->rulebook];
    const Ds__TicketHead *head = job->result->msg->result_filed->head;
    const struct ds_piece_rate *rate =
        version ? ds_find_piece_rate(version, statement_piece_of(head), head->category, job->zone)
                : NULL;

    return rate ? rate->rate_fen : 0;
}

static void add(struct backtest *test, const struct archive *told, const struct paid_job *job,
                const struct side *before, const struct side *after)
{
    const struct ds_territory *territory = books_territory(told, job->account);
    const struct ds_zone *zone =
        territory ? territory->calendar->zone : archive_zone(told, job->result->partition);

    if (test->n_pieces == test->pieces_cap) {
        test->pieces_cap = test->pieces_cap ? 2 * test->pieces_cap : 256;
        test->pieces = realloc(test->pieces, test->pieces_cap * sizeof test->pieces[0]);
        if (!test->pieces) abort();
    }
    struct backtest_pieces *pieces = &test->pieces[test->n_pieces++];
    *pieces = (struct backtest_pieces){.month = ds_month_of(zone, record_at_ms(job->result)),
                                       .jobs = 1,
                                       .before_fen = rate_fen(before, job),
                                       .after_fen = rate_fen(after, job)};
    snprintf(pieces->account, sizeof pieces->account, "%s", job->account);
}

static int by_account(const void *a, const void *b)
{
    const struct backtest_pieces *one = a, *two = b;
    int order = strcmp(one->account, two->account);

    if (order != 0) return order;
    return one->month < two->month ? -1 : one->month > two->month;
}

/* One line for each account and month. */
static void add_up(struct backtest *test)
{
    size_t n = 0;

    if (test->n_pieces > 1) qsort(test->pieces, test->n_pieces, sizeof test->pieces[0], by_account);
    test->paid = (struct backtest_pieces){0};
    for (size_t i = 0; i < test->n_pieces; i++) {
        const struct backtest_pieces one = test->pieces[i];
        test->paid.jobs += one.jobs;
        test->paid.before_fen += one.before_fen;
        test->paid.after_fen += one.after_fen;
        if (n > 0 && by_account(&test->pieces[n - 1], &one) == 0) {
            test->pieces[n - 1].jobs += one.jobs;
            test->pieces[n - 1].before_fen += one.before_fen;
            test->pieces[n - 1].after_fen += one.after_fen;
        } else {
            test->pieces[n++] = one;
        }
    }
    test->n_pieces = n;
}

void backtest_add_pieces(struct backtest *test, const struct past *past, const struct side *before,
                         const struct side *after)
{
    if (!any_differ(before, after)) return;
    test->rates_differ = true;
    for (uint32_t p = 0; p < past->partitions; p++) {
        struct archive told = jobs_told(past, p);
        size_t n;
        struct paid_job *jobs = statement_jobs(&told, &n);
        for (size_t i = 0; i < n; i++)
            if (jobs[i].account[0]) add(test, &told, &jobs[i], before, after);
        free(jobs);
        free(told.records);
    }
    add_up(test);
}
