/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "doorstep/report.h"

bool report_wants(const struct report_ask *ask, const char *territory)
{
    return !ask->territory || strcmp(ask->territory, territory) == 0;
}

const char *report_name(const struct archive *archive, const char *account)
{
    const struct ds_version *rules = archive_rules(archive);
    const struct ds_account *found = rules ? ds_find_account(rules, account) : NULL;

    if (found) return found->name;
    const struct ds_person *person =
        rules && strncmp(account, "person:", 7) == 0 ? ds_find_person(rules, account + 7) : NULL;
    return person ? person->name : account;
}

int64_t report_permille(int64_t a, int64_t b)
{
    __int128 twice = (__int128)a * 2000 + (a < 0 ? -(__int128)b : b);

    return (int64_t)(twice / ((__int128)b * 2));
}

bool report_add(int64_t *sum, int64_t number)
{
    return !__builtin_add_overflow(*sum, number, sum);
}

/* Activations alone are no work. */
static bool is_said(const struct record *record)
{
    return record->source == DS_INTAKE && record->msg->body_case != DS__EVENT__BODY_ACTIVATED;
}

void report_note_days(struct paper *paper, const struct report_ask *ask, int32_t from, int32_t to)
{
    const struct ds_territory *where =
        ask->territory ? ds_find_territory(archive_rules(ask->archive), ask->territory)
                       : &archive_rules(ask->archive)->territories[0];
    const struct ds_zone *zone = where->calendar->zone;
    int32_t first = INT32_MAX, last = INT32_MIN;
    bool any = false;
    char buf[32];

    for (size_t i = 0; i < ask->archive->n; i++) {
        const struct record *record = &ask->archive->records[i];
        if (!is_said(record)) continue;
        int32_t day = ds_local_day(zone, record->msg->received_at_ms);
        if (day < first) first = day;
        if (day > last) last = day;
        any |= day >= from && day <= to;
    }
    if (first > last) {
        table_note(&paper->tables[0], "Nothing was recorded yet.", "尚无任何记录。");
    } else if (!any) {
        struct ds_date a = ds_date_of(first), b = ds_date_of(last);
        table_note(&paper->tables[0],
                   "Nothing was recorded in this time: the journals go from %04d-%02d-%02d to "
                   "%04d-%02d-%02d.",
                   "这段时间没有任何记录:日志自 %04d-%02d-%02d 至 %04d-%02d-%02d。", a.year,
                   a.month, a.day, b.year, b.month, b.day);
    } else if (paper->as_of_ms < ds_end_of_day(zone, to) && last <= to) {
        cli_local_time(buf, paper->as_of_ms / DS_SECOND_MS * DS_SECOND_MS, zone);
        table_note(&paper->tables[0], "This time may not be over: what was recorded up to %s.",
                   "这段时间可能尚未结束:所记截至 %s。", buf);
    }
}

int64_t report_last_ms(const struct archive *archive)
{
    int64_t last_ms = DS_TIME_MIN_MS;

    for (size_t i = 0; i < archive->n; i++)
        if (archive->records[i].source == DS_INTAKE &&
            archive->records[i].msg->received_at_ms > last_ms)
            last_ms = archive->records[i].msg->received_at_ms;
    return last_ms;
}
