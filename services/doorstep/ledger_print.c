/* SPDX-License-Identifier: MIT
 *
 * The ledger for people, spreadsheets and programs. Rows are sorted by key: the same ledger gives
 * the same bytes, in whatever order it was booked. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "doorstep/cli.h"
#include "wire/json.h"

struct rows {
    const struct record **list; /* owned */
    size_t n;
};

static bool is_wanted(const struct record *record, const struct ledger_filter *filter)
{
    const Ds__Entry *entry = record->entry;

    if (!entry) return false;
    if (filter->month && entry->month != filter->month) return false;
    return !filter->account || strcmp(ds_str(entry->account), filter->account) == 0;
}

static int by_key(const void *a, const void *b)
{
    const struct record *const *one = a, *const *two = b;

    return strcmp((*one)->entry->key, (*two)->entry->key);
}

static struct rows find_rows(const struct archive *archive, const struct ledger_filter *filter)
{
    struct rows rows = {.list = calloc(archive->n + 1, sizeof *rows.list)};

    if (!rows.list) abort();
    for (size_t i = 0; i < archive->n; i++)
        if (is_wanted(&archive->records[i], filter)) rows.list[rows.n++] = &archive->records[i];
    qsort(rows.list, rows.n, sizeof rows.list[0], by_key);
    return rows;
}

static const char *reason_name(int reason)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&ds__reason__name__descriptor, reason);

    return value ? value->name : "";
}

static void put_field(FILE *to, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fprintf(to, "%s,", text);
        return;
    }
    fputc('"', to);
    for (; *text; text++) {
        if (*text == '"') fputc('"', to);
        fputc(*text, to);
    }
    fprintf(to, "\",");
}

static void put_time(FILE *to, const struct archive *archive, const struct record *record,
                     protobuf_c_boolean has, int64_t at_ms)
{
    char time[30];

    if (has) {
        ds_rfc3339_format(at_ms, ds_zone_offset_s(archive_zone(archive, record->partition), at_ms),
                          time);
        fprintf(to, "%s", time);
    }
    fputc(',', to);
}

static void put_events(FILE *to, const struct record *record, bool without_watcher)
{
    char id[DS_EVENT_ID_MAX];
    const char *gap = "";

    for (size_t i = 0; i < record->entry->n_events; i++) {
        const Ds__EventRef *ref = record->entry->events[i];
        if (without_watcher && ref->source == DS__SOURCE__NAME__WATCHER) continue;
        ds_event_id(id, (enum ds_source)ref->source, record->partition, ref->seq);
        fprintf(to, "%s%s", gap, id);
        gap = " ";
    }
}

void ledger_print_csv(FILE *to, const struct archive *archive, const struct ledger_filter *filter)
{
    struct rows rows = find_rows(archive, filter);

    fprintf(to, "key,clause,account,cause,ticket,amount_fen,month,due_at,actual_at,owner,rulebook,"
                "reason,relates_to,events\n");
    for (size_t i = 0; i < rows.n; i++) {
        const Ds__Entry *entry = rows.list[i]->entry;
        put_field(to, ds_str(entry->key));
        put_field(to, ds_str(entry->clause));
        put_field(to, ds_str(entry->account));
        put_field(to, ds_str(entry->cause));
        put_field(to, ds_str(entry->ticket));
        fprintf(to, "%lld,%u,", (long long)entry->amount_fen, entry->month);
        put_time(to, archive, rows.list[i], entry->has_due_at_ms, entry->due_at_ms);
        put_time(to, archive, rows.list[i], entry->has_actual_at_ms, entry->actual_at_ms);
        put_field(to, ds_str(entry->owner));
        fprintf(to, "%u,%s,", entry->rulebook, reason_name((int)entry->reason));
        if (entry->has_relates_to) fprintf(to, "%u", entry->relates_to);
        fputc(',', to);
        put_events(to, rows.list[i], filter->without_watcher);
        fputc('\n', to);
    }
    free(rows.list);
}

json_t *ledger_entry_json(const Ds__Entry *entry)
{
    json_t *object = ds_json_of(&entry->base);

    json_object_set_new(object, "why", json_string(ds_reason_text(DS_EN, (int)entry->reason)));
    json_object_set_new(object, "why_zh", json_string(ds_reason_text(DS_ZH, (int)entry->reason)));
    return object;
}

void ledger_print_json(FILE *to, const struct archive *archive, const struct ledger_filter *filter)
{
    struct rows rows = find_rows(archive, filter);

    for (size_t i = 0; i < rows.n; i++)
        cli_put_item(to, i, ledger_entry_json(rows.list[i]->entry));
    cli_put_end(to, rows.n);
    free(rows.list);
}

void ledger_print_lines(FILE *to, const struct archive *archive)
{
    struct ledger_filter all = {0};
    struct rows rows = find_rows(archive, &all);

    for (size_t i = 0; i < rows.n; i++)
        cli_print_message(to, &rows.list[i]->entry->base);
    free(rows.list);
}

/* ---- for people ---- */

struct account_sum {
    const char *account;
    int64_t sum_fen;
    unsigned entries;
};

static int by_account(const void *a, const void *b)
{
    return strcmp(((const struct account_sum *)a)->account,
                  ((const struct account_sum *)b)->account);
}

static void print_sum(FILE *to, enum ds_lang lang, const char *name, int64_t fen, size_t entries)
{
    char yuan[32];

    cli_yuan(yuan, fen);
    fprintf(to, "  ");
    cli_put(to, name, 24);
    fprintf(to, " %12s %s  %3zu %s\n", yuan, ds_word(lang, DS_WORD_YUAN), entries,
            ds_word(lang, DS_WORD_ENTRIES));
}

static void print_sums(FILE *to, enum ds_lang lang, const struct rows *rows)
{
    struct account_sum *sums = calloc(rows->n + 1, sizeof *sums);
    size_t n = 0;
    int64_t all_fen = 0;

    if (!sums) abort();
    for (size_t i = 0; i < rows->n; i++) {
        const Ds__Entry *entry = rows->list[i]->entry;
        size_t at = 0;
        while (at < n && strcmp(sums[at].account, entry->account) != 0)
            at++;
        if (at == n) sums[n++].account = entry->account;
        sums[at].sum_fen += entry->amount_fen;
        sums[at].entries++;
        all_fen += entry->amount_fen;
    }
    qsort(sums, n, sizeof sums[0], by_account);
    fprintf(to, "\n");
    for (size_t i = 0; i < n; i++)
        print_sum(to, lang, sums[i].account, sums[i].sum_fen, sums[i].entries);
    print_sum(to, lang, ds_word(lang, DS_WORD_ALL), all_fen, rows->n);
    free(sums);
}

void ledger_print_table(FILE *to, enum ds_lang lang, const struct archive *archive,
                        const struct ledger_filter *filter)
{
    struct rows rows = find_rows(archive, filter);
    char yuan[32], due[32];

    for (size_t i = 0; i < rows.n; i++) {
        const Ds__Entry *entry = rows.list[i]->entry;
        int64_t at_ms = entry->has_due_at_ms ? entry->due_at_ms : entry->actual_at_ms;
        cli_yuan(yuan, entry->amount_fen);
        cli_local_time(due, at_ms, archive_zone(archive, rows.list[i]->partition));
        fprintf(to, "%-6s %-18s %10s  %-23s %s  %s", ds_str(entry->clause), ds_str(entry->account),
                yuan, due, ds_str(entry->cause), ds_reason_text(lang, (int)entry->reason));
        if (entry->has_relates_to)
            fprintf(to, ", %s %04u-%02u", ds_word(lang, DS_WORD_RELATES_TO),
                    entry->relates_to / 100, entry->relates_to % 100);
        fprintf(to, "\n");
    }
    print_sums(to, lang, &rows);
    free(rows.list);
}
