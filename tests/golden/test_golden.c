/* SPDX-License-Identifier: MIT
 *
 * Stored forms of the past, byte by byte: what a journal, a receipt, a ticket or a version looked
 * like under each format number is read by today's code and written again to the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <sodium.h>

#include "engine/receipts.h"
#include "proto/state.pb-c.h"
#include "rulebook/rulebook.h"
#include "wire/batch.h"

enum { LINE_MAX_BYTES = 64 * 1024, PARTITIONS = 16 };

static const ProtobufCMessageDescriptor *const messages[] = {
    &ds__intake_ticket__descriptor,     &ds__intake_customer__descriptor,
    &ds__intake_ref__descriptor,        &ds__intake_call__descriptor,
    &ds__dispatch_ticket__descriptor,   &ds__dispatch_case__descriptor,
    &ds__dispatch_product__descriptor,  &ds__survey_task__descriptor,
    &ds__watch_ticket__descriptor,      &ds__watch_day__descriptor,
    &ds__watch_call__descriptor,        &ds__watch_partition__descriptor,
    &ds__ledger_ticket__descriptor,     &ds__ledger_month__descriptor,
    &ds__ledger_entry__descriptor,      &ds__ledger_proposal__descriptor,
    &ds__ledger_obligation__descriptor, &ds__ledger_closings__descriptor,
    &ds__ledger_partition__descriptor,  &ds__survey_month__descriptor,
    &ds__survey_rows__descriptor,       &ds__watch_sheet__descriptor,
};

enum { MESSAGES = sizeof messages / sizeof messages[0] };

/* A file of a format, e.g. "1", "receipts.txt". */
static FILE *open_golden(const char *format, const char *name)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/tests/golden/%s/%s", DS_SOURCE_DIR, format, name);
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s is missing", path);
    return file;
}

/* ---- journals ---- */

/* Next record of a journal file, malloc'd; NULL at its end. */
static uint8_t *next_record(FILE *file, size_t *ret_len)
{
    uint8_t prefix[4];

    if (fread(prefix, 1, sizeof prefix, file) != sizeof prefix) return NULL;
    *ret_len = (size_t)prefix[0] | (size_t)prefix[1] << 8 | (size_t)prefix[2] << 16 |
               (size_t)prefix[3] << 24;
    assert_true(*ret_len <= DS_BATCH_BYTES_MAX);
    uint8_t *bytes = malloc(*ret_len + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *ret_len, file), *ret_len);
    return bytes;
}

static void check_header(FILE *file, const char *name)
{
    size_t len;
    uint8_t magic[4], packed[128];

    assert_int_equal(fread(magic, 1, sizeof magic, file), sizeof magic);
    assert_memory_equal(magic, "DSJ1", sizeof magic);
    uint8_t *bytes = next_record(file, &len);
    assert_non_null(bytes);
    Ds__ExportHeader *header = ds__export_header__unpack(NULL, len, bytes);
    assert_non_null(header);
    assert_int_equal(header->format, 1);
    assert_int_equal(strncmp(name, ds_source_name((enum ds_source)header->source),
                             strlen(ds_source_name((enum ds_source)header->source))),
                     0);
    assert_int_equal(ds__export_header__pack(header, packed), len);
    assert_memory_equal(packed, bytes, len);
    ds__export_header__free_unpacked(header, NULL);
    free(bytes);
}

/* Reads a batch with every check and seals it anew. Returns how many events it has. */
static size_t check_batch(const uint8_t *bytes, size_t len, struct ds_arena *arena)
{
    struct ds_buf again = {0};
    Ds__Batch *batch = NULL;

    assert_int_equal(ds_batch_open(bytes, len, arena, &batch), DS_BATCH_FINE);
    for (size_t i = 0; i < batch->n_events; i++)
        ds_batch_add(&again, batch->events[i]);
    ds_batch_seal(&again, batch->header);
    assert_int_equal(again.len, len);
    assert_memory_equal(again.bytes, bytes, len);
    size_t n = batch->n_events;
    ds_buf_finish(&again);
    return n;
}

static void test_journals(void **state)
{
    static const char *const names[] = {"intake-p007.journal", "dispatcher-p007.journal",
                                        "callback-survey-p007.journal", "sla-watcher-p007.journal",
                                        "penalty-ledger-p007.journal"};
    struct ds_arena arena;

    (void)state;
    ds_arena_init(&arena, DS_BATCH_ARENA);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        FILE *file = open_golden("1", names[i]);
        size_t len, events = 0;
        uint8_t *bytes;
        check_header(file, names[i]);
        while ((bytes = next_record(file, &len))) {
            events += check_batch(bytes, len, &arena);
            free(bytes);
        }
        assert_true(events > 0);
        fclose(file);
    }
    ds_arena_finish(&arena);
}

/* ---- lines of hexadecimal ---- */

/* Bytes of the last word of a line; its length in *ret_len. */
static uint8_t *unhex(char *line, size_t *ret_len)
{
    static uint8_t bytes[LINE_MAX_BYTES];
    char *word = strrchr(line, ' ');

    line[strcspn(line, "\n")] = '\0';
    word = word ? word + 1 : line;
    assert_int_equal(sodium_hex2bin(bytes, sizeof bytes, word, strlen(word), NULL, ret_len, NULL),
                     0);
    return bytes;
}

static void test_receipts(void **state)
{
    static char line[LINE_MAX_BYTES];
    FILE *file = open_golden("1", "receipts.txt");
    size_t n = 0, len;

    (void)state;
    for (; fgets(line, sizeof line, file); n++) {
        struct ds_receipt_row row = {0};
        struct ds_buf again = {0};
        const uint8_t *bytes = unhex(line, &len);
        assert_int_equal(len, DS_RECEIPT_RECORD);
        ds_receipts_read(&row, bytes);
        assert_true(row.seq > 0);
        ds_receipts_record(&again, &row);
        assert_int_equal(again.len, len);
        assert_memory_equal(again.bytes, bytes, len);
        ds_buf_finish(&again);
    }
    assert_true(n > 10);
    fclose(file);
}

/* Every state message stands there once at least, and no field of it is unknown today. */
static void test_state(void **state)
{
    static char line[LINE_MAX_BYTES];
    static uint8_t again[LINE_MAX_BYTES];
    FILE *file = open_golden("1", "state.txt");
    bool seen[MESSAGES] = {false};
    char service[64], name[64];
    size_t len;

    (void)state;
    while (fgets(line, sizeof line, file)) {
        size_t m = 0;
        assert_int_equal(sscanf(line, "%63s %63s", service, name), 2);
        while (m < MESSAGES && strcmp(messages[m]->short_name, name) != 0)
            m++;
        assert_true(m < MESSAGES);
        const uint8_t *bytes = unhex(line, &len);
        ProtobufCMessage *message = protobuf_c_message_unpack(messages[m], NULL, len, bytes);
        assert_non_null(message);
        assert_int_equal(message->n_unknown_fields, 0);
        assert_int_equal(protobuf_c_message_get_packed_size(message), len);
        protobuf_c_message_pack(message, again);
        assert_memory_equal(again, bytes, len);
        protobuf_c_message_free_unpacked(message, NULL);
        seen[m] = true;
    }
    for (size_t m = 0; m < MESSAGES; m++)
        if (!seen[m]) fail_msg("no %s in tests/golden/1", messages[m]->short_name);
    fclose(file);
}

/* ---- versions ---- */

static void check_version(const char *name)
{
    static struct ds_problems problems; /* large */
    char path[300], hex[65];
    uint8_t hash[32];

    snprintf(path, sizeof path, "versions/%s", name);
    FILE *file = open_golden("1", path);
    uint8_t *bytes = malloc(DS_RULEBOOK_BYTES_MAX * 4);
    assert_non_null(bytes);
    size_t len = fread(bytes, 1, DS_RULEBOOK_BYTES_MAX * 4, file);
    fclose(file);
    crypto_generichash(hash, sizeof hash, bytes, len, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    assert_int_equal(strncmp(strchr(name, '-') + 1, hex, 12), 0);
    problems = (struct ds_problems){0};
    struct ds_version *version = ds_version_compile(bytes, len, 1, PARTITIONS, &problems);
    assert_non_null(version);
    ds_version_destroy(version);
    Ds__Version *stored = ds__version__unpack(NULL, len, bytes);
    assert_non_null(stored);
    uint8_t *again = malloc(len + 1);
    assert_non_null(again);
    assert_int_equal(ds__version__get_packed_size(stored), len);
    ds__version__pack(stored, again);
    assert_memory_equal(again, bytes, len);
    ds__version__free_unpacked(stored, NULL);
    free(again);
    free(bytes);
}

static void test_versions(void **state)
{
    DIR *dir = opendir(DS_SOURCE_DIR "/tests/golden/1/versions");
    size_t n = 0;

    (void)state;
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.') continue;
        check_version(entry->d_name);
        n++;
    }
    assert_true(n > 0);
    closedir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_journals),
        cmocka_unit_test(test_receipts),
        cmocka_unit_test(test_state),
        cmocka_unit_test(test_versions),
    };

    if (sodium_init() < 0) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
