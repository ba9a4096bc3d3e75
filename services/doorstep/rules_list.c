/* SPDX-License-Identifier: MIT
 *
 * Every version that was ever activated, as intake's journal tells it: by whom, when, in force from
 * when. All partitions tell the same, so one is read. */
#include "doorstep/rules_list.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/archive.h"
#include "doorstep/store_read.h"
#include "sla-watcher/clocks.h"
#include "wire/json.h"

enum state { PAST, IN_FORCE, WAITS, WITHDRAWN };

struct row {
    uint32_t number;
    const char *hash; /* this and by: borrowed from the archive */
    const char *by;
    int64_t activated_at_ms;
    int64_t effective_from_ms;
    enum state state;
};

struct rows {
    uint32_t n;
    struct row list[DS_VERSIONS_MAX];
};

static bool is_activation(void *self, const struct record *record)
{
    (void)self;
    return record->msg->body_case == DS__EVENT__BODY_ACTIVATED ||
           record->msg->body_case == DS__EVENT__BODY_ACTIVATION_SCHEDULED;
}

static struct row *row_of(struct rows *rows, uint32_t number, const Ds__Event *msg,
                          const char *hash)
{
    for (uint32_t i = 0; i < rows->n; i++)
        if (rows->list[i].number == number) return &rows->list[i];
    if (rows->n == DS_VERSIONS_MAX) return NULL;
    struct row *row = &rows->list[rows->n++];
    *row = (struct row){.number = number,
                        .hash = ds_str(hash),
                        .by = ds_str(msg->by),
                        .activated_at_ms = msg->received_at_ms,
                        .effective_from_ms = msg->received_at_ms};
    return row;
}

/* Whatever is activated takes the place of what waits; what comes into force, of what was. */
static void end_others(struct rows *rows, const struct row *row, enum state from, enum state to)
{
    for (uint32_t i = 0; i < rows->n; i++)
        if (&rows->list[i] != row && rows->list[i].state == from) rows->list[i].state = to;
}

static void collect(struct rows *rows, const struct archive *archive)
{
    for (size_t i = 0; i < archive->n; i++) {
        const Ds__Event *msg = archive->records[i].msg;
        const Ds__ActivationScheduled *waits = msg->activation_scheduled;
        bool now = msg->body_case == DS__EVENT__BODY_ACTIVATED;
        struct row *row = row_of(rows, now ? msg->activated->number : waits->number, msg,
                                 now ? msg->activated->hash : waits->hash);
        if (!row) continue;
        row->state = now ? IN_FORCE : WAITS;
        row->effective_from_ms = now ? msg->received_at_ms : waits->effective_from_ms;
        end_others(rows, row, WAITS, WITHDRAWN);
        if (now) end_others(rows, row, IN_FORCE, PAST);
    }
}

static json_t *row_json(const struct row *row)
{
    static const char *const names[] = {"past", "in_force", "waits", "withdrawn"};
    char at[30];
    json_t *object = json_object();

    json_object_set_new(object, "number", json_integer(row->number));
    json_object_set_new(object, "hash", json_string(row->hash));
    if (row->by[0]) json_object_set_new(object, "by", json_string(row->by));
    ds_rfc3339_format(row->activated_at_ms, 0, at);
    json_object_set_new(object, "activated_at", json_string(at));
    ds_rfc3339_format(row->effective_from_ms, 0, at);
    json_object_set_new(object, "effective_from", json_string(at));
    json_object_set_new(object, "state", json_string(names[row->state]));
    return object;
}

/* The versions, and of the one in force all that can be said of its clauses and clocks. */
static void print_json(const struct rows *rows, const struct archive *archive)
{
    json_t *versions = json_array(), *clauses = json_array(), *rights = json_array(),
           *clocks = json_array();
    const struct ds_version *rules = archive_in_force(archive);
    const struct watch_clock *clock;

    for (uint32_t i = 0; i < rows->n; i++)
        json_array_append_new(versions, row_json(&rows->list[i]));
    for (uint32_t i = 0; rules && i < rules->n_clauses; i++)
        json_array_append_new(clauses, clause_to_json(rules, &rules->clauses[i]));
    for (int r = 0; rules && r < DS_RIGHT_COUNT; r++)
        json_array_append_new(rights, right_to_json(rules, &rules->returns.rights[r]));
    for (int c = DS_CLOCK_NONE + 1; rules && c < DS_CLOCK_COUNT; c++) {
        clock = watch_find_clock(ds_clock_name((enum ds_clock)c), 0);
        if (clock) json_array_append_new(clocks, clock_to_json(rules, clock));
    }
    cli_print_json(json_pack("{so so so so}", "versions", versions, "clauses", clauses, "rights",
                             rights, "clocks", clocks));
}

static void print_row(const struct cli *cli, const struct archive *archive, const struct row *row)
{
    static const enum ds_word words[] = {DS_WORD_STATE_PAST, DS_WORD_STATE_IN_FORCE,
                                         DS_WORD_STATE_WAITS, DS_WORD_STATE_WITHDRAWN};
    char from[32], at[32];

    cli_local_time(from, row->effective_from_ms, archive_zone(archive, UINT32_MAX));
    cli_local_time(at, row->activated_at_ms, archive_zone(archive, UINT32_MAX));
    printf("%u  %.12s  %s  %s %s, %s %s", row->number, row->hash,
           ds_word(cli->lang, words[row->state]), ds_word(cli->lang, DS_WORD_EFFECTIVE_FROM), from,
           ds_word(cli->lang, DS_WORD_ACTIVATED_AT), at);
    if (row->by[0]) printf(", %s %s", ds_word(cli->lang, DS_WORD_BY), row->by);
    printf("\n");
}

int rules_in_force(struct cli *cli, uint32_t *ret_number)
{
    static struct rows rows; /* large */
    struct archive archive = {.wanted = is_activation};
    int code = store_read(cli, 0, 1u << DS_INTAKE, &archive);

    rows.n = 0;
    if (code == EXIT_FINE) collect(&rows, &archive);
    archive_finish(&archive);
    for (uint32_t i = 0; i < rows.n; i++)
        if (rows.list[i].state == IN_FORCE) {
            *ret_number = rows.list[i].number;
            return EXIT_FINE;
        }
    return code == EXIT_FINE ? cli_fail(cli, EXIT_REJECTED, SAID_NOTHING_YET) : code;
}

int rules_list(struct cli *cli)
{
    static struct rows rows; /* large */
    struct archive archive = {.wanted = is_activation};
    int code = store_read(cli, 0, 1u << DS_INTAKE, &archive);

    if (code == EXIT_FINE) {
        rows.n = 0;
        collect(&rows, &archive);
        if (cli->json) print_json(&rows, &archive);
        for (uint32_t i = 0; !cli->json && i < rows.n; i++)
            print_row(cli, &archive, &rows.list[i]);
    }
    archive_finish(&archive);
    return code;
}
