/* SPDX-License-Identifier: MIT */
#include "doorstep/books.h"

#include <stdlib.h>
#include <string.h>

static const struct ds_version *rules_of(const void *self, uint32_t number)
{
    const struct archive *archive = self;
    const struct ds_version *version = number < DS_VERSIONS_MAX ? archive->versions[number] : NULL;

    return version ? version : archive_in_force(archive);
}

struct ledger_view books_view(const struct archive *archive, uint32_t partition)
{
    const struct ds_version *in_force = archive_in_force(archive);

    return (struct ledger_view){.rules = rules_of,
                                .self = archive,
                                .partition = partition,
                                .rulebook = in_force ? in_force->number : 0};
}

const struct ds_territory *books_territory(const struct archive *archive, const char *account)
{
    struct ledger_view view = books_view(archive, UINT32_MAX);

    return ledger_territory(&view, archive_in_force(archive), account);
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
    const struct ds_version *rules = archive_in_force(archive);

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

/* ---- whose ---- */

typedef const char *finder(const struct ds_version *version, const char *wanted);

static const char *by_key(const struct ds_version *version, const char *key)
{
    const struct ds_account *account = ds_find_account(version, key);

    if (account) return account->key;
    for (uint32_t i = 0; i < version->n_people; i++)
        if (strcmp(version->people[i].account_key, key) == 0) return version->people[i].account_key;
    return NULL;
}

static const char *by_person(const struct ds_version *version, const char *id)
{
    const struct ds_person *person = ds_find_person(version, id);

    return person ? person->account_key : NULL;
}

static const char *by_outlet(const struct ds_version *version, const char *id)
{
    char key[DS_ACCOUNT_MAX + 1];

    snprintf(key, sizeof key, "outlet:%s", id);
    return by_key(version, key);
}

static const char *find(const struct archive *archive, finder *look, const char *wanted)
{
    const struct ds_version *in_force = archive_in_force(archive);

    for (uint32_t v = in_force ? in_force->number + 1 : 0; v-- > 0;) {
        const char *key = archive->versions[v] ? look(archive->versions[v], wanted) : NULL;
        if (key) return key;
    }
    return NULL;
}

int books_whose(const struct cli *cli, const struct archive *archive, const char *person,
                const char *account, const char **ret)
{
    const char *wanted = person ? person : account;

    *ret = NULL;
    if (person && account) return cli_fail(cli, EXIT_USAGE, SAID_ONE_OF_WHOSE);
    if (!wanted) return EXIT_FINE;
    const char *outlet = account ? find(archive, by_outlet, account) : NULL;
    *ret = find(archive, strchr(wanted, ':') ? by_key : by_person, wanted);
    if (*ret && outlet && strcmp(*ret, outlet) != 0)
        return cli_fail(cli, EXIT_REJECTED, SAID_WHICH_WHOSE, account, account, account);
    if (!*ret) *ret = outlet;
    return *ret ? EXIT_FINE : cli_fail(cli, EXIT_REJECTED, SAID_NOBODY, wanted);
}
