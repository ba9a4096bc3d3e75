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

int64_t report_last_ms(const struct archive *archive)
{
    int64_t last_ms = DS_TIME_MIN_MS;

    for (size_t i = 0; i < archive->n; i++)
        if (archive->records[i].source == DS_INTAKE &&
            archive->records[i].msg->received_at_ms > last_ms)
            last_ms = archive->records[i].msg->received_at_ms;
    return last_ms;
}
