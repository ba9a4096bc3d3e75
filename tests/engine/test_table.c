/* SPDX-License-Identifier: MIT
 *
 * The table of entities and its three heaps against a model that only knows arrays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dies.h"
#include "engine/table.h"
#include "sim/prng.h"

enum { OPERATIONS = 100000, KEYS_MAX = 20000, KEY_ROOM = 24 };

static const struct ds_dues no_dues = {{DS_NO_DUE, DS_NO_DUE, DS_NO_DUE}};

/* ---- the model ---- */

struct model_row {
    char key[KEY_ROOM];
    bool there;
    struct ds_dues dues;
};

struct model {
    uint32_t n;
    uint32_t there;
    struct model_row rows[KEYS_MAX];
};

/* Keys that begin with one another, differ only in their ends, or hold bytes beyond ASCII. */
static void name_keys(struct model *model, uint32_t n)
{
    static const char *const forms[] = {"T%u", "T%u~2", "U\xe5\xbc\xa0%u", "R\x01%u", "T00%u"};

    *model = (struct model){.n = n};
    for (uint32_t i = 0; i < n; i++) {
        snprintf(model->rows[i].key, KEY_ROOM, forms[i % 5], i / 5);
        model->rows[i].dues = no_dues;
    }
}

static const struct model_row *model_first(const struct model *model, int kind)
{
    const struct model_row *first = NULL;

    for (uint32_t i = 0; i < model->n; i++) {
        const struct model_row *row = &model->rows[i];
        if (!row->there || row->dues.at_ms[kind] == DS_NO_DUE) continue;
        if (first && first->dues.at_ms[kind] < row->dues.at_ms[kind]) continue;
        if (first && first->dues.at_ms[kind] == row->dues.at_ms[kind] &&
            strcmp(first->key, row->key) < 0)
            continue;
        first = row;
    }
    return first;
}

/* ---- table and model ---- */

static void check_row(const struct ds_table *table, const struct model_row *row)
{
    const struct ds_entity *entity = ds_table_find(table, row->key);

    if (!row->there) {
        assert_null(entity);
        return;
    }
    assert_non_null(entity);
    assert_string_equal(entity->key, row->key);
    assert_int_equal(entity->key_len, strlen(row->key));
    assert_memory_equal(&entity->dues, &row->dues, sizeof row->dues);
}

static void check_firsts(const struct ds_table *table, const struct model *model)
{
    for (int k = 0; k < DS_DUE_KINDS; k++) {
        const struct ds_entity *entity = ds_table_first(table, (enum ds_due_kind)k);
        const struct model_row *row = model_first(model, k);
        if (!row) {
            assert_null(entity);
            continue;
        }
        assert_non_null(entity);
        assert_string_equal(entity->key, row->key);
    }
}

static void check_all(const struct ds_table *table, const struct model *model)
{
    assert_int_equal(table->n, model->there);
    for (uint32_t i = 0; i < model->n; i++)
        check_row(table, &model->rows[i]);
    check_firsts(table, model);
}

/* Few instants, so that many entities are due at once; sometimes none at all. */
static struct ds_dues random_dues(struct prng *prng)
{
    struct ds_dues dues = no_dues;

    for (int k = 0; k < DS_DUE_KINDS; k++)
        if (prng_chance(prng, 70)) dues.at_ms[k] = prng_between(prng, -3, 12);
    return dues;
}

static void operate(struct ds_table *table, struct model *model, struct prng *prng)
{
    struct model_row *row = &model->rows[prng_below(prng, model->n)];
    unsigned what = (unsigned)prng_below(prng, 10);

    if (what < 3 && row->there) {
        ds_table_remove(table, ds_table_find(table, row->key));
        row->there = false;
        row->dues = no_dues;
        model->there--;
    } else if (what < 7) {
        struct ds_entity *before = ds_table_find(table, row->key);
        struct ds_entity *entity = ds_table_make(table, row->key);
        if (row->there)
            assert_ptr_equal(entity, before); /* it stays where it is */
        else
            model->there++;
        row->there = true;
    } else if (row->there) {
        row->dues = random_dues(prng);
        ds_table_set_dues(table, ds_table_find(table, row->key), &row->dues);
    }
    check_row(table, row);
}

/* Takes the earliest of a kind away until there is none: the order in which deadlines fire. */
static void drain(struct ds_table *table, struct model *model, int kind)
{
    struct ds_entity *entity;
    int64_t last_ms = INT64_MIN;
    char last_key[KEY_ROOM] = "";

    while ((entity = ds_table_first(table, (enum ds_due_kind)kind))) {
        struct ds_dues dues = entity->dues;
        assert_true(dues.at_ms[kind] >= last_ms);
        if (dues.at_ms[kind] == last_ms) assert_true(strcmp(entity->key, last_key) > 0);
        last_ms = dues.at_ms[kind];
        snprintf(last_key, sizeof last_key, "%s", entity->key);
        dues.at_ms[kind] = DS_NO_DUE;
        ds_table_set_dues(table, entity, &dues);
    }
    for (uint32_t i = 0; i < model->n; i++)
        model->rows[i].dues.at_ms[kind] = DS_NO_DUE;
}

/* The model looks at every key for every question, so with many keys it is asked less often. */
static uint32_t run_random(uint32_t keys, uint32_t firsts_every, uint32_t all_every)
{
    struct model *model = calloc(1, sizeof *model);
    struct prng prng = {keys};
    struct ds_table table;
    uint32_t most = 0;

    assert_non_null(model);
    name_keys(model, keys);
    ds_table_init(&table);
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        operate(&table, model, &prng);
        if (i % firsts_every == 0) check_firsts(&table, model);
        if (i % all_every == 0) check_all(&table, model);
        if (table.n > most) most = table.n;
    }
    check_all(&table, model);
    for (int k = 0; k < DS_DUE_KINDS; k++)
        drain(&table, model, k);
    check_all(&table, model);
    ds_table_finish(&table);
    free(model);
    return most;
}

static void test_random_few_keys(void **state)
{
    (void)state;
    assert_in_range(run_random(48, 1, 3), 36, 48); /* of 64 slots: as full as it ever gets */
}

static void test_random_more_keys(void **state)
{
    (void)state;
    assert_in_range(run_random(380, 1, 101), 200, 380);
}

static void test_random_many_keys(void **state)
{
    (void)state;
    assert_in_range(run_random(KEYS_MAX, 300, 3000), 8000, KEYS_MAX);
}

/* ---- what is stored never shows ---- */

/* The same 300 entities by another way: made in another order, among others that come and go. */
static void fill_by(struct ds_table *table, uint64_t seed)
{
    enum { N = 300 };
    struct prng prng = {seed};
    uint32_t order[N];
    char key[KEY_ROOM];

    for (uint32_t i = 0; i < N; i++)
        order[i] = i;
    for (uint32_t i = N - 1; i > 0; i--) {
        uint32_t other = (uint32_t)prng_below(&prng, i + 1), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
    for (uint32_t i = 0; i < N; i++) {
        snprintf(key, sizeof key, "gone%u", i);
        struct ds_entity *gone = ds_table_make(table, key);
        struct ds_dues dues = random_dues(&prng);
        ds_table_set_dues(table, gone, &dues);
        snprintf(key, sizeof key, "K%u", order[i]);
        struct ds_entity *entity = ds_table_make(table, key);
        dues = random_dues(&prng); /* where it stood before must not matter either */
        ds_table_set_dues(table, entity, &dues);
        dues = (struct ds_dues){{order[i] % 7, order[i] % 3, DS_NO_DUE}};
        ds_table_set_dues(table, entity, &dues);
        ds_table_remove(table, gone);
    }
}

static void test_order_does_not_show_the_past(void **state)
{
    struct ds_table one, other;
    const struct ds_entity *a;

    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        ds_table_init(&one);
        ds_table_init(&other);
        fill_by(&one, seed);
        fill_by(&other, seed + 100);
        assert_int_equal(one.n, other.n);
        for (int k = 0; k < DS_DUE_KINDS; k++)
            while ((a = ds_table_first(&one, (enum ds_due_kind)k))) {
                const struct ds_entity *b = ds_table_first(&other, (enum ds_due_kind)k);
                assert_non_null(b);
                assert_string_equal(a->key, b->key);
                assert_memory_equal(&a->dues, &b->dues, sizeof a->dues);
                ds_table_remove(&one, ds_table_find(&one, a->key));
                ds_table_remove(&other, ds_table_find(&other, b->key));
            }
        assert_int_equal(one.n, 0);
        assert_int_equal(other.n, 0);
        ds_table_finish(&one);
        ds_table_finish(&other);
    }
}

/* ---- one at a time ---- */

static void test_new_entity_is_empty(void **state)
{
    struct ds_table table;

    (void)state;
    ds_table_init(&table);
    assert_null(ds_table_find(&table, "T1"));
    const struct ds_entity *entity = ds_table_make(&table, "T1");
    assert_int_equal(entity->len, 0);
    assert_null(entity->bytes);
    assert_memory_equal(&entity->dues, &no_dues, sizeof no_dues);
    assert_true(entity->stored_due_ms == DS_NO_DUE);
    assert_false(entity->dirty || entity->gone || entity->stored);
    for (int k = 0; k < DS_DUE_KINDS; k++)
        assert_null(ds_table_first(&table, (enum ds_due_kind)k));
    ds_table_finish(&table);
}

/* Bytes are counted by whoever stores them and given back when the entity goes. */
static void test_remove_gives_bytes_back(void **state)
{
    struct ds_table table;

    (void)state;
    ds_table_init(&table);
    struct ds_entity *entity = ds_table_make(&table, "T1");
    entity->bytes = malloc(7);
    entity->len = entity->cap = 7;
    table.bytes = 10;
    ds_table_remove(&table, entity);
    assert_int_equal(table.bytes, 3);
    ds_table_finish(&table);
}

static void test_kinds_do_not_meet(void **state)
{
    struct ds_table table;
    const struct ds_dues a = {{30, 10, DS_NO_DUE}}, b = {{20, DS_NO_DUE, 5}};

    (void)state;
    ds_table_init(&table);
    ds_table_set_dues(&table, ds_table_make(&table, "a"), &a);
    ds_table_set_dues(&table, ds_table_make(&table, "b"), &b);
    assert_string_equal(ds_table_first(&table, DS_SOFT)->key, "b");
    assert_string_equal(ds_table_first(&table, DS_HARD)->key, "a");
    assert_string_equal(ds_table_first(&table, DS_OPERATIONAL)->key, "b");
    ds_table_set_dues(&table, ds_table_find(&table, "b"), &no_dues);
    assert_string_equal(ds_table_first(&table, DS_SOFT)->key, "a");
    assert_null(ds_table_first(&table, DS_OPERATIONAL));
    ds_table_finish(&table);
}

static void test_first_due_of_an_entity(void **state)
{
    static const struct {
        struct ds_dues dues;
        int64_t first_ms;
    } cases[] = {
        {{{DS_NO_DUE, DS_NO_DUE, DS_NO_DUE}}, DS_NO_DUE},
        {{{5, 6, 7}}, 5},
        {{{9, 6, 7}}, 6},
        {{{9, 8, 7}}, 7},
        {{{DS_NO_DUE, DS_NO_DUE, 3}}, 3},
        {{{-1, DS_NO_DUE, 3}}, -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_true(ds_dues_first(&cases[i].dues) == cases[i].first_ms);
}

static void make_key_of(void *self)
{
    struct ds_table table;

    ds_table_init(&table);
    ds_table_make(&table, self);
    ds_table_finish(&table);
}

static void test_keys_have_a_bound(void **state)
{
    char key[DS_KEY_MAX + 2];

    (void)state;
    memset(key, 'k', sizeof key);
    key[DS_KEY_MAX] = '\0';
    assert_false(dies(make_key_of, key));
    key[DS_KEY_MAX] = 'k';
    key[DS_KEY_MAX + 1] = '\0';
    assert_true(dies(make_key_of, key));
    key[0] = '\0';
    assert_true(dies(make_key_of, key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_few_keys),
        cmocka_unit_test(test_random_more_keys),
        cmocka_unit_test(test_random_many_keys),
        cmocka_unit_test(test_order_does_not_show_the_past),
        cmocka_unit_test(test_new_entity_is_empty),
        cmocka_unit_test(test_remove_gives_bytes_back),
        cmocka_unit_test(test_kinds_do_not_meet),
        cmocka_unit_test(test_first_due_of_an_entity),
        cmocka_unit_test(test_keys_have_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
