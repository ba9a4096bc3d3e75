/* SPDX-License-Identifier: MIT */
#include "batch_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "domain/event.h"

int batch_setup(void **state)
{
    struct batch_kit *f = calloc(1, sizeof *f);

    if (!f) return -1;
    ds_arena_init(&f->arena, DS_BATCH_ARENA);
    *state = f;
    return 0;
}

int batch_teardown(void **state)
{
    struct batch_kit *f = *state;

    ds_arena_finish(&f->arena);
    ds_buf_finish(&f->buf);
    free(f);
    return 0;
}

void batch_header(struct batch_kit *f, uint32_t n)
{
    static const Ds__Source__Name sources[3] = {DS__SOURCE__NAME__SURVEY, DS__SOURCE__NAME__INTAKE,
                                                DS__SOURCE__NAME__DISPATCHER};

    ds__batch_header__init(&f->header);
    DS_SET(&f->header, format, DS_BATCH_FORMAT);
    DS_SET(&f->header, source, DS__SOURCE__NAME__WATCHER);
    DS_SET(&f->header, partition, 13);
    DS_SET(&f->header, epoch, UINT64_C(5000000021));
    DS_SET(&f->header, bno, 431);
    DS_SET(&f->header, first_seq, 7001);
    DS_SET(&f->header, count, n);
    DS_SET(&f->header, mark_ms, INT64_C(1172678400123));
    DS_SET(&f->header, rulebook, 6);
    for (int i = 0; i < 3; i++) {
        ds__position__init(&f->positions[i]);
        DS_SET(&f->positions[i], source, sources[i]);
        DS_SET(&f->positions[i], seq, (uint64_t)(90 + i));
        f->applied[i] = &f->positions[i];
    }
    f->header.n_applied = 3;
    f->header.applied = f->applied;
}

void batch_urged(struct batch_kit *f, const char *subject, char *note)
{
    Ds__Event event = DS__EVENT__INIT;
    Ds__Urge urge = DS__URGE__INIT;

    event.subject = (char *)subject;
    DS_SET(&event, received_at_ms, INT64_C(1172678400124));
    urge.note = note;
    event.body_case = DS__EVENT__BODY_URGED;
    event.urged = &urge;
    size_t before = f->buf.len, size = ds_batch_add(&f->buf, &event);
    assert_int_equal(size, f->buf.len - before);
}

void batch_good(struct batch_kit *f)
{
    f->buf.len = 0;
    batch_header(f, 2);
    batch_urged(f, "T013-1", "first");
    batch_urged(f, "T013-2", NULL);
    ds_batch_seal(&f->buf, &f->header);
}

enum ds_batch_fault batch_open_copy(struct batch_kit *f, const uint8_t *bytes, size_t len)
{
    Ds__Batch *batch = NULL;
    uint8_t *exact = malloc(len ? len : 1);

    assert_non_null(exact);
    memcpy(exact, bytes, len);
    enum ds_batch_fault fault = ds_batch_open(exact, len, &f->arena, &batch);
    assert_true((fault == DS_BATCH_FINE) == (batch != NULL));
    free(exact);
    return fault;
}

enum ds_batch_fault batch_peek_copy(struct batch_kit *f, const uint8_t *bytes, size_t len)
{
    struct ds_batch_peek peek;
    uint8_t *exact = malloc(len ? len : 1);

    assert_non_null(exact);
    memcpy(exact, bytes, len);
    enum ds_batch_fault fault = ds_batch_peek(exact, len, &f->arena, &peek);
    free(exact);
    return fault;
}

void batch_check(struct batch_kit *f, enum ds_batch_fault open, enum ds_batch_fault peek)
{
    assert_int_equal(batch_open_copy(f, f->buf.bytes, f->buf.len), open);
    assert_int_equal(batch_peek_copy(f, f->buf.bytes, f->buf.len), peek);
}

void batch_raw(struct batch_kit *f, const void *bytes, size_t len)
{
    f->buf.len = 0;
    ds_buf_put(&f->buf, bytes, len);
    uint32_t crc = ds_crc32c(0, f->buf.bytes, f->buf.len);
    const uint8_t tail[5] = {0x7d, (uint8_t)crc, (uint8_t)(crc >> 8), (uint8_t)(crc >> 16),
                             (uint8_t)(crc >> 24)};
    ds_buf_put(&f->buf, tail, sizeof tail);
}
