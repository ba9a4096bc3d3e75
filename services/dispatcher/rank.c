/* SPDX-License-Identifier: MIT
 *
 * P2.1: who is asked first. Pure; ties end at the account's key, so the choice never depends on
 * order in memory. */
#include <string.h>

#include "dispatcher/dispatcher.h"

/* Skill that a kind of job asks for beside the product's category. */
static const char *kind_skill(const struct dispatch_ticket *ticket)
{
    if (ticket->state.kind == DS__KIND__NAME__INSTALL) return "install";
    if (ticket->state.kind == DS__KIND__NAME__COMPLAINT) return "repair";
    return NULL;
}

/* What a ticket asks of whoever takes it, looked up once. */
struct wanted {
    const struct ds_territory *territory;
    uint64_t skills;
    int area;       /* -1: none that anybody knows best */
    uint32_t zones; /* 0: any */
};

/* False: it asks for a skill that nobody can have. */
static bool what_is_wanted(const struct ds_version *version, const struct dispatch_ticket *ticket,
                           struct wanted *ret)
{
    const char *names[] = {kind_skill(ticket), ticket->state.category};

    *ret = (struct wanted){.territory = ds_find_territory(version, ticket->state.territory),
                           .area = ds_find_area(version, ticket->state.area),
                           .zones = ticket->state.has_zone ? 1u << ticket->state.zone : 0};
    for (int i = 0; i < 2; i++) {
        int skill = names[i] ? ds_find_skill(version, names[i]) : 0;
        if (skill < 0) return false;
        if (names[i]) ret->skills |= UINT64_C(1) << skill;
    }
    return true;
}

static bool has_refused(const struct dispatch_ticket *ticket, const char *account)
{
    for (size_t i = 0; i < ticket->state.n_offers; i++)
        if ((ticket->offers[i]->ended == DS__TAKEN_BACK_WHY__NAME__LAPSED ||
             ticket->offers[i]->ended == DS__TAKEN_BACK_WHY__NAME__REJECTED) &&
            strcmp(ticket->offers[i]->account, account) == 0)
            return true;
    return false;
}

static bool is_skilled(const struct ds_account *account, const struct wanted *wanted)
{
    return (account->skills & wanted->skills) == wanted->skills;
}

static bool reaches(const struct ds_account *account, const struct wanted *wanted)
{
    return wanted->zones == 0 || (account->zones & wanted->zones) != 0;
}

static bool is_able(const struct ds_account *account, const struct wanted *wanted)
{
    return account->territory == wanted->territory && is_skilled(account, wanted) &&
           reaches(account, wanted);
}

static bool knows_area(const struct ds_account *account, int area)
{
    return area >= 0 && (account->areas[area / 64] >> (area % 64) & 1);
}

bool dispatch_is_preferred(const struct dispatch_ranked *a, const struct dispatch_ranked *b)
{
    if (a->area_match != b->area_match) return a->area_match;
    if (a->open_jobs != b->open_jobs) return a->open_jobs < b->open_jobs;
    return strcmp(a->account->key, b->account->key) < 0;
}

uint32_t dispatch_rank(const struct ds_version *version, const struct dispatch_load *load,
                       const struct dispatch_ticket *ticket,
                       struct dispatch_ranked ret[DISPATCH_RANKED_MAX])
{
    struct wanted wanted;
    uint32_t n = 0;

    if (!what_is_wanted(version, ticket, &wanted)) return 0;
    for (uint32_t i = 0; i < version->n_accounts; i++) {
        struct dispatch_ranked one = {.account = &version->accounts[i]};
        if (!is_able(one.account, &wanted) || has_refused(ticket, one.account->key)) continue;
        one.open_jobs = load->open_jobs(load->self, one.account->key);
        if (one.open_jobs >= one.account->max_open) continue;
        one.area_match = knows_area(one.account, wanted.area);
        uint32_t at = n;
        while (at > 0 && dispatch_is_preferred(&one, &ret[at - 1]))
            at--;
        if (at == DISPATCH_RANKED_MAX) continue;
        if (n < DISPATCH_RANKED_MAX) n++;
        memmove(&ret[at + 1], &ret[at], (n - 1 - at) * sizeof ret[0]);
        ret[at] = one;
    }
    return n;
}

uint32_t dispatch_appraise(const struct ds_version *version, const struct dispatch_load *load,
                           const struct dispatch_ticket *ticket, const struct ds_account *account,
                           struct dispatch_ranked *ret)
{
    struct wanted wanted;
    uint32_t against = 0;

    if (!what_is_wanted(version, ticket, &wanted) || !is_skilled(account, &wanted))
        against |= DISPATCH_UNSKILLED;
    if (!reaches(account, &wanted)) against |= DISPATCH_OUT_OF_REACH;
    if (has_refused(ticket, account->key)) against |= DISPATCH_REFUSED;
    *ret = (struct dispatch_ranked){.account = account,
                                    .open_jobs = load->open_jobs(load->self, account->key),
                                    .area_match = knows_area(account, wanted.area)};
    if (ret->open_jobs >= account->max_open) against |= DISPATCH_FULL;
    return against;
}
