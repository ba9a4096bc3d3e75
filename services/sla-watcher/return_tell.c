/* SPDX-License-Identifier: MIT
 *
 * From the messages of a check to the case that is decided, and from the decision to the message
 * that tells it. Decides nothing. */
#include "domain/assert.h"
#include "sla-watcher/return_right.h"

void watch_add_intervals(struct watch_return_case *facts, const Ds__CheckReturn *check)
{
    for (size_t i = 0; i < check->n_intervals; i++) {
        const Ds__ReturnInterval *said = check->intervals[i];
        DS_ASSERT(facts->n_intervals < WATCH_INTERVALS_MAX);
        facts->intervals[facts->n_intervals++] = (struct watch_interval){
            said->kind, said->from_ms, said->has_to_ms ? said->to_ms : INT64_MAX};
    }
}

/* YYYY-MM-DD in out's memory; NULL for no date. */
static char *date_text(struct ds_out *out, int32_t day)
{
    if (day == WATCH_NO_DATE) return NULL;
    struct ds_date date = ds_date_of(day);
    char *text = ds_out_room(out, 11);
    int32_t digits[] = {date.year / 1000,
                        date.year / 100 % 10,
                        date.year / 10 % 10,
                        date.year % 10,
                        -1,
                        date.month / 10,
                        date.month % 10,
                        -1,
                        date.day / 10,
                        date.day % 10};

    for (int i = 0; i < 10; i++)
        text[i] = digits[i] < 0 ? '-' : (char)('0' + digits[i]);
    text[10] = '\0';
    return text;
}

static void tell_rights(struct ds_out *out, const struct watch_return_case *facts,
                        const struct watch_return *decided, Ds__ReturnDecided *ret)
{
    ret->rights = ds_out_room(out, WATCH_RIGHTS * sizeof ret->rights[0]);
    for (int i = 0; i < WATCH_RIGHTS; i++) {
        const struct ds_right_rule *rule = &facts->rules->returns.rights[i];
        Ds__ReturnRight *right = ds_out_room(out, sizeof *right);
        ds__return_right__init(right);
        right->clause = (char *)rule->id;
        DS_SET(right, holds, decided->rights[i].holds);
        DS_SET(right, reason, decided->rights[i].reason);
        if (rule->limit_days) {
            DS_SET(right, days, decided->rights[i].days);
            DS_SET(right, limit_days, rule->limit_days);
        }
        ret->rights[ret->n_rights++] = right;
    }
}

static void tell_choices(struct ds_out *out, const struct watch_return_case *facts,
                         const struct watch_return *decided, Ds__ReturnDecided *ret)
{
    ret->choices = ds_out_room(out, WATCH_CHOICES_MAX * sizeof ret->choices[0]);
    for (uint32_t i = 0; i < decided->n_choices; i++) {
        const struct watch_choice *from = &decided->choices[i];
        Ds__ReturnChoice *choice = ds_out_room(out, sizeof *choice);
        ds__return_choice__init(choice);
        DS_SET(choice, option, from->option);
        choice->clause = (char *)facts->rules->returns.rights[from->right].id;
        DS_SET(choice, reason, from->reason);
        if (from->option == DS__RETURN_OPTION__NAME__RETURN) {
            DS_SET(choice, amount_fen, from->amount_fen);
            DS_SET(choice, depreciation_fen, from->depreciation_fen);
        }
        if (from->account[0]) choice->account = (char *)from->account;
        if (from->option != DS__RETURN_OPTION__NAME__REPAIR)
            DS_SET(choice, blocked, decided->n_blocked > 0);
        ret->choices[ret->n_choices++] = choice;
    }
}

static void tell_intervals(struct ds_out *out, const struct watch_return_case *facts,
                           Ds__ReturnDecided *ret)
{
    ret->intervals = ds_out_room(out, facts->n_intervals * sizeof ret->intervals[0]);
    for (uint32_t i = 0; i < facts->n_intervals; i++) {
        const struct watch_interval *from = &facts->intervals[i];
        Ds__ReturnInterval *interval = ds_out_room(out, sizeof *interval);
        ds__return_interval__init(interval);
        DS_SET(interval, kind, from->kind);
        DS_SET(interval, from_ms, from->from_ms);
        if (from->to_ms != INT64_MAX) DS_SET(interval, to_ms, from->to_ms);
        ret->intervals[ret->n_intervals++] = interval;
    }
}

void watch_tell_return(struct ds_out *out, const struct watch_return_case *facts,
                       const struct watch_return *decided, Ds__ReturnDecided *ret)
{
    ret->category = facts->said->category;
    ret->invoiced_on = facts->said->invoiced_on;
    DS_SET(ret, price_fen, facts->said->price_fen);
    ret->reported_on = date_text(out, decided->reported_day);
    ret->sent_on = date_text(out, decided->sent_day);
    ret->returned_on = date_text(out, decided->returned_day);
    ret->guarantee_until = date_text(out, decided->guarantee_day);
    DS_SET(ret, days, decided->days);
    DS_SET(ret, repair_days, decided->repair_days);
    DS_SET(ret, used_days, decided->used_days);
    tell_rights(out, facts, decided, ret);
    tell_choices(out, facts, decided, ret);
    ret->blocked = ds_out_room(out, WATCH_BLOCKS_MAX * sizeof ret->blocked[0]);
    for (uint32_t i = 0; i < decided->n_blocked; i++)
        ret->blocked[ret->n_blocked++] = decided->blocked[i];
    if (facts->said->has_wish) {
        DS_SET(ret, wish, facts->said->wish);
        DS_SET(ret, wish_granted, watch_wish_granted(decided, facts->said->wish));
    }
    tell_intervals(out, facts, ret);
    DS_SET(ret, rulebook, facts->rules->number);
}
