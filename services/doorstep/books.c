/* SPDX-License-Identifier: MIT */
#include "doorstep/books.h"

#include <stdlib.h>
#include <string.h>

static const struct ds_version *rules_of(const void *self, uint32_t number)
{
    const struct archive *archive = self;
    const struct ds_version *version = number < DS_VERSIONS_MAX ? archive->versions[number] : NULL;

    return version ? version : archive_rules(archive);
}

struct ledger_view books_view(const struct archive *archive, uint32_t partition)
{
    const struct ds_version *newest = archive_rules(archive);

    return (struct ledger_view){.rules = rules_of,
                                .self = archive,
                                .partition = partition,
                                .rulebook = newest ? newest->number : 0};
}

const struct ds_territory *books_territory(const struct archive *archive, const char *account)
{
    struct ledger_view view = books_view(archive, UINT32_MAX);

    return ledger_territory(&view, archive_rules(archive), account);
}

const Ds__MonthClosed *books_closing(const struct archive *archive, const char *territory)
{
    const Ds__MonthClosed *last = NULL;

    for (size_t i = 0; i < archive->n; i++) {
        const Ds__Event *msg = archive->records[i].msg;
        if (msg->body_case == DS__EVENT__BODY_MONTH_CLOSED &&
            strcmp(msg->month_closed->territory, territory) == 0)
            last = msg->month_closed;
    }
    return last;
}

bool books_is_closed(const struct archive *archive, const char *account, uint32_t month)
{
    const struct ds_version *rules = archive_rules(archive);

    for (uint32_t i = 0; i < rules->n_territories; i++) {
        const struct ds_territory *territory = &rules->territories[i];
        struct ledger_view view = books_view(archive, territory->partition);
        if (ledger_territory(&view, rules, account) != territory) continue;
        const Ds__MonthClosed *closing = books_closing(archive, territory->id);
        if (!closing || month > closing->month) return false;
    }
    return true;
}

uint32_t books_parse_month(const char *text)
{
    char digits[7] = "", *end;

    if (strlen(text) == 7 && text[4] == '-')
        snprintf(digits, sizeof digits, "%.4s%.2s", text, text + 5);
    else if (strlen(text) == 6)
        snprintf(digits, sizeof digits, "%s", text);
    unsigned long month = strtoul(digits, &end, 10);
    bool good = *end == '\0' && digits[0] >= '1' && digits[0] <= '9' && month >= 200001 &&
                month <= 206012 && month % 100 >= 1 && month % 100 <= 12;
    return good ? (uint32_t)month : 0;
}

void books_month_text(char buf[16], uint32_t month)
{
    snprintf(buf, 16, "%04u-%02u", month / 100 % 10000, month % 100);
}

const char *books_account(const struct archive *archive, const char *wanted)
{
    for (size_t v = DS_VERSIONS_MAX; v-- > 0;) {
        const struct ds_version *version = archive->versions[v];
        for (uint32_t i = 0; version && i < version->n_accounts; i++)
            if (ledger_is_account(version->accounts[i].key, wanted))
                return version->accounts[i].key;
        for (uint32_t i = 0; version && i < version->n_people; i++)
            if (strcmp(version->people[i].id, wanted) == 0 ||
                ledger_is_account(version->people[i].account_key, wanted))
                return version->people[i].account_key;
    }
    return NULL;
}
