/* SPDX-License-Identifier: MIT
 *
 * Counts over an archive: report.json and one line a ticket. Everything sorted, so that the same
 * events give the same bytes. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/cli.h"

static const char *const verdict_names[] = {"running", "met", "breached", "cancelled",
                                            "closed_paused"};

static void add(json_t *object, const char *key, json_int_t by)
{
    json_t *old = json_object_get(object, key);

    json_object_set_new(object, key, json_integer((old ? json_integer_value(old) : 0) + by));
}

/* Member that is an object, made if it is not there. */
static json_t *member(json_t *object, const char *key)
{
    json_t *found = json_object_get(object, key);

    if (found) return found;
    json_object_set_new(object, key, json_object());
    return json_object_get(object, key);
}

static void count_record(json_t *report, const struct record *record)
{
    const Ds__Event *msg = record->msg;

    add(member(report, "events"), ds_event_name((int)msg->body_case), 1);
    if (msg->body_case == DS__EVENT__BODY_JUDGED) {
        const Ds__Judged *judged = msg->judged;
        add(member(member(report, "verdicts"), ds_clock_name((enum ds_clock)judged->clock)),
            verdict_names[judged->verdict], 1);
    }
    if (!record->entry) return;
    json_t *ledger = member(report, "ledger");
    add(member(member(ledger, "by_clause"), ds_str(record->entry->clause)), "entries", 1);
    add(member(member(ledger, "by_clause"), ds_str(record->entry->clause)), "sum_fen",
        record->entry->amount_fen);
    add(member(member(ledger, "by_account"), ds_str(record->entry->account)), "entries", 1);
    add(member(member(ledger, "by_account"), ds_str(record->entry->account)), "sum_fen",
        record->entry->amount_fen);
    add(ledger, "entries", 1);
    add(ledger, "sum_fen", record->entry->amount_fen);
}

static void print_json(FILE *to, json_t *object, size_t flags)
{
    char *text = json_dumps(object, flags | JSON_SORT_KEYS | JSON_ENSURE_ASCII);

    if (!text) abort();
    fprintf(to, "%s\n", text);
    free(text);
    json_decref(object);
}

void report_print_json(FILE *to, const struct archive *archive)
{
    json_t *report = json_object();

    for (size_t i = 0; i < archive->n; i++)
        count_record(report, &archive->records[i]);
    print_json(to, report, JSON_INDENT(2));
}

/* ---- tickets ---- */

static void note_head(json_t *ticket, const Ds__TicketHead *head)
{
    static const char *const kinds[] = {"", "install", "complaint", "system"};
    static const char *const zones[] = {"", "city", "near", "far"};

    json_object_set_new(ticket, "kind", json_string(kinds[head->kind]));
    json_object_set_new(ticket, "territory", json_string(ds_str(head->territory)));
    json_object_set_new(ticket, "zone", json_string(zones[head->zone]));
    if (head->ref) json_object_set_new(ticket, "ref", json_string(head->ref));
    if (head->category) json_object_set_new(ticket, "category", json_string(head->category));
    if (head->urgent) json_object_set_new(ticket, "urgent", json_true());
}

static void note_record(json_t *ticket, const struct record *record)
{
    const Ds__Event *msg = record->msg;
    char instance[64];

    switch ((int)msg->body_case) {
    case DS_EV_REGISTERED:
        note_head(ticket, msg->registered->head);
        json_object_set_new(ticket, "phase", json_string("open"));
        return;
    case DS_EV_REOPENED: json_object_set_new(ticket, "phase", json_string("open")); return;
    case DS_EV_RESULT_FILED: json_object_set_new(ticket, "phase", json_string("finished")); return;
    case DS_EV_CANCELLED: json_object_set_new(ticket, "phase", json_string("cancelled")); return;
    case DS_EV_ASSIGNED:
        json_object_set_new(ticket, "holder", json_string(msg->assigned->account));
        return;
    case DS_EV_JUDGED:
        snprintf(instance, sizeof instance, "%s#%u",
                 ds_clock_name((enum ds_clock)msg->judged->clock), msg->judged->n);
        json_object_set_new(member(ticket, "verdicts"), instance,
                            json_string(verdict_names[msg->judged->verdict]));
        return;
    default: return;
    }
}

/* T007-2 before T007-10. */
static int by_id(const void *a, const void *b)
{
    const char *one = *(const char *const *)a, *two = *(const char *const *)b;
    size_t n = strlen(one), m = strlen(two);
    int partition = strncmp(one, two, 5);

    if (partition != 0) return partition;
    if (n != m) return n < m ? -1 : 1;
    return strcmp(one, two);
}

void tickets_print_json(FILE *to, const struct archive *archive)
{
    json_t *tickets = json_object();
    const char *key;
    json_t *ticket;
    size_t n = 0;

    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        const char *subject = ds_str(record->msg->subject);
        if (record->msg->body_case != DS__EVENT__BODY_REGISTERED &&
            !json_object_get(tickets, subject))
            continue;
        note_record(member(tickets, subject), record);
    }
    const char **ids = calloc(json_object_size(tickets) + 1, sizeof *ids);
    if (!ids) abort();
    json_object_foreach(tickets, key, ticket) ids[n++] = key;
    qsort(ids, n, sizeof ids[0], by_id);
    for (size_t i = 0; i < n; i++) {
        json_t *line = json_object_get(tickets, ids[i]);
        json_object_set_new(line, "ticket", json_string(ids[i]));
        json_incref(line);
        print_json(to, line, JSON_COMPACT);
    }
    free(ids);
    json_decref(tickets);
}
