/* SPDX-License-Identifier: MIT */
#include "gateway/holder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/event.h"
#include "domain/ids.h"
#include "gateway/gateway.h"
#include "proto/state.pb-c.h"
#include "rulebook/rulebook.h"
#include "runtime/log.h"

/* ---- the table ---- */

static uint32_t hash_of(const char *ticket)
{
    uint32_t hash = 2166136261u;

    for (; *ticket; ticket++)
        hash = (hash ^ (unsigned char)*ticket) * 16777619u;
    return hash;
}

static struct holder_row *find(const struct holders *holders, const char *ticket)
{
    uint32_t hash = hash_of(ticket);

    for (uint32_t i = 0; i < HOLDER_PROBES; i++) {
        const struct holder_row *row = &holders->rows[(hash + i) & (HOLDER_TICKETS - 1)];
        if (strcmp(row->ticket, ticket) == 0) return (struct holder_row *)row;
    }
    return NULL;
}

static struct holder_row *find_or_make(struct holders *holders, const char *ticket)
{
    uint32_t hash = hash_of(ticket);
    struct holder_row *oldest = find(holders, ticket);

    if (!oldest) {
        oldest = &holders->rows[hash & (HOLDER_TICKETS - 1)];
        for (uint32_t i = 1; i < HOLDER_PROBES; i++) {
            struct holder_row *row = &holders->rows[(hash + i) & (HOLDER_TICKETS - 1)];
            if (row->touched < oldest->touched) oldest = row;
        }
        *oldest = (struct holder_row){0};
        ds_copy(oldest->ticket, sizeof oldest->ticket, ticket);
    }
    oldest->touched = ++holders->touches;
    return oldest;
}

/* From now on, or until then. */
static void set(struct holder_row *row, const char *account, int64_t until_ms)
{
    int at = 0;

    while (at < HOLDER_ACCOUNTS - 1 && strcmp(row->accounts[at].account, account) != 0)
        at++;
    memmove(&row->accounts[1], &row->accounts[0], (size_t)at * sizeof row->accounts[0]);
    ds_copy(row->accounts[0].account, sizeof row->accounts[0].account, account);
    row->accounts[0].until_ms = until_ms;
}

void holders_put(const struct holders *holders, const Ds__Event *event, struct ds_buf *to)
{
    bool named = event->subject && event->subject[0];
    const struct holder_row *row = named ? find(holders, event->subject) : NULL;

    for (int i = 0; row && i < HOLDER_ACCOUNTS && row->accounts[i].account[0]; i++) {
        if (event->received_at_ms > row->accounts[i].until_ms) continue;
        ds_buf_put_text(to, row->accounts[i].account);
        ds_buf_put_text(to, "\n");
    }
}

/* ---- the rules: who works for which outlet ---- */

static void on_rules(void *self, uint32_t tag, redisReply *reply)
{
    static struct ds_problems problems; /* large */
    struct holders *holders = self;

    if (!reply || reply->type != REDIS_REPLY_STRING) return;
    problems = (struct ds_problems){0};
    struct ds_version *rules = ds_version_compile((const uint8_t *)reply->str, reply->len, tag,
                                                  holders->gateway->feed.partitions, &problems);
    if (!rules) {
        rt_log(RT_ALARM, "rules that cannot be read", "rulebook=%u", tag);
        return;
    }
    if (holders->rules) ds_version_destroy(holders->rules);
    holders->rules = rules;
}

static void on_versions(void *self, uint32_t tag, redisReply *reply)
{
    struct holders *holders = self;
    const char *hash = NULL;
    uint32_t newest = 0;
    char key[128];

    (void)tag;
    if (!reply || reply->type != REDIS_REPLY_ARRAY) return;
    for (size_t i = 0; i + 1 < reply->elements; i += 2) {
        uint32_t number = (uint32_t)strtoul(reply->element[i]->str, NULL, 10);
        if (number <= newest) continue;
        newest = number;
        hash = reply->element[i + 1]->str;
    }
    if (!hash) return;
    snprintf(key, sizeof key, "doorstep:version:%s", hash);
    const char *argv[] = {"GET", key};
    rt_store_send(&holders->gateway->feed.store, on_rules, holders, newest, 2, argv, NULL);
}

static void read_rules(struct holders *holders)
{
    const char *argv[] = {"HGETALL", "doorstep:versions"};

    rt_store_send(&holders->gateway->feed.store, on_versions, holders, 0, 2, argv, NULL);
}

const char *holders_account(const struct holders *holders, const char *person)
{
    const struct ds_person *found = holders->rules ? ds_find_person(holders->rules, person) : NULL;

    return found ? found->account_key : "";
}

/* ---- loading ---- */

/* What an event has told already is newer than the state. */
static void take_state(struct holders *holders, const char *ticket, const redisReply *bytes)
{
    Ds__DispatchTicket *state =
        ds__dispatch_ticket__unpack(NULL, bytes->len, (const uint8_t *)bytes->str);

    if (state && state->current > 0 && state->current <= state->n_offers &&
        state->offers[state->current - 1]->account && !find(holders, ticket))
        set(find_or_make(holders, ticket), state->offers[state->current - 1]->account, INT64_MAX);
    if (state) ds__dispatch_ticket__free_unpacked(state, NULL);
}

static void scan(struct holders *holders, const char *cursor);

static void on_scan(void *self, uint32_t tag, redisReply *reply)
{
    struct holders *holders = self;

    (void)tag;
    holders->busy = false;
    if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) return;
    const redisReply *rows = reply->element[1];
    for (size_t i = 0; i + 1 < rows->elements; i += 2)
        take_state(holders, rows->element[i]->str + 1, rows->element[i + 1]);
    if (strcmp(reply->element[0]->str, "0") != 0) return scan(holders, reply->element[0]->str);
    holders->loading++;
    holders_load(holders);
}

static void scan(struct holders *holders, const char *cursor)
{
    char key[64], count[16];

    snprintf(key, sizeof key, "{p%03u}:dispatcher:state", holders->loading);
    snprintf(count, sizeof count, "%d", HOLDER_AT_ONCE);
    const char *argv[] = {"HSCAN", key, cursor, "MATCH", "T*", "COUNT", count};
    holders->busy =
        rt_store_send(&holders->gateway->feed.store, on_scan, holders, 0, 7, argv, NULL);
}

void holders_load(struct holders *holders)
{
    if (!holders->rules) read_rules(holders);
    if (!holders->busy && !holders_are_known(holders)) scan(holders, "0");
}

bool holders_are_known(const struct holders *holders)
{
    return holders->loading == holders->gateway->feed.partitions;
}

/* ---- events ---- */

void holders_saw(struct holders *holders, const Ds__Event *event)
{
    const char *subject = event->subject;

    if (event->body_case == DS__EVENT__BODY_ACTIVATED) return read_rules(holders);
    if (!subject || !subject[0]) return;
    switch ((int)event->body_case) {
    case DS__EVENT__BODY_OFFERED:
        return set(find_or_make(holders, subject), ds_str(event->offered->account), INT64_MAX);
    case DS__EVENT__BODY_ASSIGNED:
        return set(find_or_make(holders, subject), ds_str(event->assigned->account), INT64_MAX);
    case DS__EVENT__BODY_TAKEN_BACK:
        return set(find_or_make(holders, subject), ds_str(event->taken_back->account),
                   event->received_at_ms);
    default: return;
    }
}

void holders_start(struct holders *holders, struct gateway *gateway)
{
    holders->gateway = gateway;
}

void holders_stop(struct holders *holders)
{
    if (holders->rules) ds_version_destroy(holders->rules);
}
