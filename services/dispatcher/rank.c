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

static bool has_skill(const struct ds_version *version, const struct ds_account *account,
                      const char *name)
{
    if (!name) return true;
    int skill = ds_find_skill(version, name);

    return skill >= 0 && (account->skills >> skill & 1);
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

static bool area_matches(const struct ds_version *version, const struct ds_account *account,
                         const char *name)
{
    int area = ds_find_area(version, name);

    return area >= 0 && (account->areas[area / 64] >> (area % 64) & 1);
}

static bool may_ask(const struct ds_version *version, const struct dispatch_ticket *ticket,
                    const struct ds_account *account, uint32_t open_jobs)
{
    const Ds__DispatchTicket *state = &ticket->state;

    return strcmp(account->territory->id, state->territory) == 0 && open_jobs < account->max_open &&
           has_skill(version, account, kind_skill(ticket)) &&
           has_skill(version, account, state->category) &&
           (!state->has_zone || (account->zones >> state->zone & 1)) &&
           !has_refused(ticket, account->key);
}

static bool better(const struct dispatch_ranked *a, const struct dispatch_ranked *b)
{
    if (a->area_match != b->area_match) return a->area_match;
    if (a->open_jobs != b->open_jobs) return a->open_jobs < b->open_jobs;
    return strcmp(a->account->key, b->account->key) < 0;
}

uint32_t dispatch_rank(const struct ds_version *version, const struct dispatch_load *load,
                       const struct dispatch_ticket *ticket,
                       struct dispatch_ranked ret[DISPATCH_RANKED_MAX])
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < version->n_accounts; i++) {
        struct dispatch_ranked one = {.account = &version->accounts[i]};
        one.open_jobs = load->open_jobs(load->self, one.account->key);
        if (!may_ask(version, ticket, one.account, one.open_jobs)) continue;
        one.area_match = area_matches(version, one.account, ticket->state.area);
        uint32_t at = n;
        while (at > 0 && better(&one, &ret[at - 1]))
            at--;
        if (at == DISPATCH_RANKED_MAX) continue;
        if (n < DISPATCH_RANKED_MAX) n++;
        memmove(&ret[at + 1], &ret[at], (n - 1 - at) * sizeof ret[0]);
        ret[at] = one;
    }
    return n;
}
