/* SPDX-License-Identifier: MIT */
#include "doorstep/cases_read.h"

#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"

static redisReply *read_state(redisContext *redis, uint32_t partition)
{
    redisReply *all = redisCommand(redis, "HGETALL {p%03u}:dispatcher:state", partition);

    if (all && all->type == REDIS_REPLY_ARRAY) return all;
    if (all) freeReplyObject(all);
    return NULL;
}

static char *copy(const char *text)
{
    char *made = strdup(ds_str(text));

    if (!made) abort();
    return made;
}

/* ---- the archive ---- */

static bool same(const char *a, const char *b)
{
    char one[DISPATCH_CASE_TEXT + 1], two[DISPATCH_CASE_TEXT + 1];

    dispatch_compared(a, one);
    dispatch_compared(b, two);
    return strcmp(one, two) == 0;
}

static struct case_read *case_of(struct cases_read *cases, const Ds__DispatchCase *state)
{
    const char *model = state->model ? state->model : ds_str(state->category);

    for (size_t i = 0; i < cases->n; i++)
        if (same(cases->list[i].model, model) && same(cases->list[i].symptom, state->symptom))
            return &cases->list[i];
    cases->list = realloc(cases->list, (cases->n + 1) * sizeof cases->list[0]);
    if (!cases->list) abort();
    struct case_read *made = &cases->list[cases->n++];
    *made = (struct case_read){.model = copy(model), .symptom = copy(state->symptom)};
    return made;
}

static void add_row(struct case_read *to, const Ds__CaseRow *row)
{
    for (size_t i = 0; i < to->n_rows; i++) {
        Ds__CaseRow *known = &to->rows[i];
        if (strcmp(known->cause, row->cause) != 0 || strcmp(known->remedy, row->remedy) != 0)
            continue;
        known->worked += row->worked;
        known->failed += row->failed;
        if (row->used_at_ms > known->used_at_ms) known->used_at_ms = row->used_at_ms;
        return;
    }
    to->rows = realloc(to->rows, (to->n_rows + 1) * sizeof to->rows[0]);
    if (!to->rows) abort();
    Ds__CaseRow *made = &to->rows[to->n_rows++];
    *made = *row;
    made->cause = copy(row->cause);
    made->remedy = copy(row->remedy);
}

bool cases_read(redisContext *redis, uint32_t partition, struct cases_read *cases)
{
    redisReply *all = read_state(redis, partition);

    for (size_t i = 0; all && i + 1 < all->elements; i += 2) {
        const redisReply *bytes = all->element[i + 1];
        if (all->element[i]->str[0] != 'K') continue;
        Ds__DispatchCase *state =
            ds__dispatch_case__unpack(NULL, bytes->len, (const uint8_t *)bytes->str);
        if (!state) continue; /* `doorstep check` tells of it */
        if (state->symptom) {
            struct case_read *to = case_of(cases, state);
            for (size_t r = 0; r < state->n_rows; r++)
                if (state->rows[r]->cause && state->rows[r]->remedy) add_row(to, state->rows[r]);
        }
        ds__dispatch_case__free_unpacked(state, NULL);
    }
    if (!all) return false;
    freeReplyObject(all);
    return true;
}

static int by_text(const void *a, const void *b)
{
    const struct case_read *one = a, *two = b;
    int order = strcmp(one->model, two->model);

    return order ? order : strcmp(one->symptom, two->symptom);
}

static int best_first(const void *a, const void *b)
{
    return dispatch_is_better(a, b) ? -1 : 1;
}

void cases_sort(struct cases_read *cases)
{
    if (cases->n == 0) return;
    qsort(cases->list, cases->n, sizeof cases->list[0], by_text);
    for (size_t i = 0; i < cases->n; i++)
        if (cases->list[i].n_rows > 0)
            qsort(cases->list[i].rows, cases->list[i].n_rows, sizeof cases->list[i].rows[0],
                  best_first);
}

void cases_finish(struct cases_read *cases)
{
    for (size_t i = 0; i < cases->n; i++) {
        for (size_t r = 0; r < cases->list[i].n_rows; r++) {
            free(cases->list[i].rows[r].cause);
            free(cases->list[i].rows[r].remedy);
        }
        free(cases->list[i].rows);
        free(cases->list[i].model);
        free(cases->list[i].symptom);
    }
    free(cases->list);
}

/* ---- those that nobody has analysed ---- */

static const struct ds_version *rules_of(const void *self, uint32_t number)
{
    const struct archive *archive = self;

    return archive->versions[number];
}

static bool knows_rules(const struct archive *archive, const Ds__DispatchProduct *state)
{
    for (size_t i = 0; i < state->n_repairs; i++) {
        uint32_t number = state->repairs[i]->rulebook;
        bool ended = state->repairs[i]->has_ended_at_ms;
        if (ended && (number >= DS_VERSIONS_MAX || !archive->versions[number])) return false;
    }
    return true;
}

/* The last report that repeats a repair; NULL. */
static const Ds__ProductRepair *last_repeat(const struct dispatch_product *product,
                                            const Ds__ProductRepair *failed)
{
    const Ds__ProductRepair *last = NULL;

    for (size_t i = 0; i < product->state.n_repairs; i++) {
        const Ds__ProductRepair *report = product->repairs[i];
        if (!report->has_repeats || report->repeats != failed->life) continue;
        if (!last || report->reported_at_ms > last->reported_at_ms) last = report;
    }
    return last;
}

static void take_open(const struct dispatch_product *product, const struct archive *archive,
                      void (*take)(void *self, const struct case_open *open), void *self)
{
    const struct dispatch_versions versions = {rules_of, archive};

    for (size_t i = 0; i < product->state.n_repairs; i++) {
        const Ds__ProductRepair *failed = product->repairs[i];
        const Ds__ProductRepair *report = last_repeat(product, failed);
        if (!report || failed->decided) continue;
        struct case_open open = {.fixed_at_ms = failed->ended_at_ms,
                                 .due_at_ms =
                                     dispatch_analyse_due_ms(product, failed, &versions, NULL)};
        if (dispatch_is_analysed(product, failed, open.due_at_ms)) continue;
        ds_ticket_id(open.ticket, product->partition, failed->life / DS_CYCLES_MAX);
        ds_ticket_id(open.repeated_by, product->partition, report->life / DS_CYCLES_MAX);
        ds_copy(open.account, sizeof open.account, ds_str(failed->account));
        ds_copy(open.cause, sizeof open.cause, ds_str(failed->cause));
        ds_copy(open.remedy, sizeof open.remedy, ds_str(failed->remedy));
        open.zone = archive_zone(archive, product->partition);
        take(self, &open);
    }
}

bool cases_open(redisContext *redis, uint32_t partition, const struct archive *archive,
                void (*take)(void *self, const struct case_open *open), void *self)
{
    static struct dispatch_product product; /* large; one at a time */
    redisReply *all = read_state(redis, partition);

    for (size_t i = 0; all && i + 1 < all->elements; i += 2) {
        const redisReply *bytes = all->element[i + 1];
        if (all->element[i]->str[0] != 'H') continue;
        Ds__DispatchProduct *state =
            ds__dispatch_product__unpack(NULL, bytes->len, (const uint8_t *)bytes->str);
        if (state && state->n_repairs <= DISPATCH_PRODUCT_REPAIRS &&
            state->n_analysed_at_ms <= DISPATCH_PRODUCT_ANALYSES && knows_rules(archive, state)) {
            dispatch_load_product(&product, partition, state);
            take_open(&product, archive, take, self);
        }
        if (state) ds__dispatch_product__free_unpacked(state, NULL);
    }
    if (!all) return false;
    freeReplyObject(all);
    return true;
}
