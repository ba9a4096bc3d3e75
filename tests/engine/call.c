/* SPDX-License-Identifier: MIT */
#include "call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

uint64_t arg_number(struct arg arg)
{
    uint64_t number = 0;

    assert_in_range(arg.len, 1, 20);
    assert_true(arg.at[0] != '0' || arg.len == 1);
    for (size_t i = 0; i < arg.len; i++) {
        assert_in_range(arg.at[i], '0', '9');
        number = number * 10 + (uint64_t)(arg.at[i] - '0');
    }
    return number;
}

int64_t arg_instant(struct arg arg)
{
    bool negative = arg.len > 0 && arg.at[0] == '-';
    struct arg digits = {arg.at + negative, arg.len - negative};
    int64_t number = (int64_t)arg_number(digits);

    return negative ? -number : number;
}

bool arg_is(struct arg arg, const char *text)
{
    return arg.len == strlen(text) && memcmp(arg.at, text, arg.len) == 0;
}

/* The group that begins at *at; moves *at behind it. */
static struct group read_group(const struct call *call, uint32_t *at, uint32_t width)
{
    assert_true(*at < call->n_args);
    uint64_t n = arg_number(call->args[*at]);
    struct group group = {call->args + *at + 1, (uint32_t)n, width};

    assert_true(n * width <= call->n_args - *at - 1);
    *at += 1 + group.n * width;
    return group;
}

void call_read(struct call *call, const struct ds_commit *commit)
{
    *call = (struct call){.n_args = commit->n_args};
    call->args = calloc(commit->n_args, sizeof *call->args);
    assert_non_null(call->args);
    for (uint32_t i = 0; i < commit->n_args; i++) {
        const struct ds_slice *slice = &commit->args[i];
        assert_true((size_t)slice->at + slice->len <= commit->bytes.len);
        call->args[i] = (struct arg){commit->bytes.bytes + slice->at, slice->len};
    }
    assert_true(call->n_args > 6);
    call->epoch = arg_number(call->args[0]);
    call->bno = arg_number(call->args[1]);
    call->crc = arg_number(call->args[2]);
    call->first = arg_number(call->args[3]);
    call->last = arg_number(call->args[4]);
    call->batch = call->args[5];
    uint32_t at = 6;
    call->meta = read_group(call, &at, 2);
    call->puts = read_group(call, &at, 2);
    call->deletes = read_group(call, &at, 1);
    call->sets = read_group(call, &at, 2);
    call->clears = read_group(call, &at, 1);
    assert_int_equal(at, call->n_args - 1); /* the receipts and nothing else */
    call->receipts = call->args[at];
    /* what the runtime takes from the commit beside the arguments says the same */
    assert_int_equal(commit->bno, call->bno);
    assert_int_equal(commit->first, call->first);
    assert_int_equal(commit->last, call->last);
    assert_int_equal(commit->batch.len, call->batch.len);
    assert_int_equal(commit->batch.at, commit->args[DS_ARG_BATCH].at);
}

void call_finish(struct call *call)
{
    free(call->args);
    *call = (struct call){0};
}

const struct arg *group_find(struct group group, uint32_t column, const char *text)
{
    const struct arg *found = NULL;

    for (uint32_t i = 0; i < group.n; i++) {
        const struct arg *row = group.args + i * group.width;
        if (!arg_is(row[column], text)) continue;
        assert_null(found);
        found = row;
    }
    return found;
}

struct arg call_meta(const struct call *call, const char *field)
{
    const struct arg *row = group_find(call->meta, 0, field);

    assert_non_null(row);
    return row[1];
}

Ds__Batch *call_batch(const struct call *call, struct ds_arena *arena)
{
    Ds__Batch *batch = NULL;

    assert_int_equal(ds_batch_open(call->batch.at, call->batch.len, arena, &batch), DS_BATCH_FINE);
    return batch;
}
