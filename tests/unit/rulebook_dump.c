/* SPDX-License-Identifier: MIT
 *
 * All of a version as text, so that two of them can be compared and differences read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rulebook_files.h"

static long long ll(int64_t value)
{
    return (long long)value;
}

static const char *name_or(const char *name)
{
    return name ? name : "-";
}

static void dump_rules(FILE *out, const struct ds_version *v)
{
    fprintf(out, "%u %s %s\n", v->number, v->hash, v->name);
    fprintf(out, "times %lld %lld %lld\n", ll(v->ahead_max_ms), ll(v->late_max_ms),
            ll(v->follow_up_ms));
    for (int i = 0; i < DS_CLOCK_COUNT; i++) {
        const struct ds_clock_rule *c = &v->clocks[i];
        fprintf(out, "clock %d: %d %lld %d %d %lld, %d, %lld %d, %lld, \"%s\"\n", i,
                (int)c->limit.form, ll(c->limit.span_ms), c->limit.workdays, c->limit.weekday,
                ll(c->limit.time_ms), (int)c->base, ll(c->warn_after_ms), c->warn_permille,
                ll(c->grace_ms), c->clause);
    }
    for (int i = 0; i < DS_ZONE_COUNT; i++)
        fprintf(out, "band %lld\n", ll(v->band_ms[i]));
    fprintf(out, "near %lld early %lld urgent %lld held %lld %lld late %lld \"%s\"\n",
            ll(v->near_up_to_m), ll(v->early_arrival_ms), ll(v->complaint_urgent_ms),
            ll(v->auto_held_ms), ll(v->auto_held_urgent_ms), ll(v->not_on_time_window_ms),
            v->not_on_time_clause);
    fprintf(out, "cases %lld %lld \"%s\"\n", ll(v->repeat_within_ms), ll(v->analyse_within_ms),
            v->analysis_clause);
    for (int i = 0; i < DS_DELAY_COUNT; i++)
        fprintf(out, "pause %lld %d\n", ll(v->pauses[i].cap_ms), (int)v->pauses[i].at_cap);
    fprintf(out, "hotline %lld %lld callback %d %d key %lld tolerance %lld decide %lld %lld\n",
            ll(v->hotline_ring_ms), ll(v->hotline_occasion_ms), v->callback_attempts,
            v->callback_days, ll(v->key_purchases_fen), ll(v->charge_tolerance_fen),
            ll(v->proposal_expires_ms), ll(v->appeal_within_ms));
    fprintf(out, "reports %lld\n", ll(v->repair_cost_target_fen));
    for (int i = 0; i < DS_RIGHT_COUNT; i++)
        fprintf(out, "right %s %d \"%s\" \"%s\"\n", v->returns.rights[i].id,
                v->returns.rights[i].limit_days, v->returns.rights[i].text_en,
                v->returns.rights[i].text_zh);
    for (uint32_t i = 0; i < v->returns.n_guarantees; i++)
        fprintf(out, "guarantee %s %d\n", v->returns.guarantees[i].category,
                v->returns.guarantees[i].months);
    fprintf(out, "other %d rate %d/%d \"%s\" \"%s\" \"%s\" %s\n", v->returns.other_months,
            v->returns.rate_over, v->returns.rate_under, v->returns.lacks_clause,
            v->returns.workmanship_clause, v->returns.placement_clause,
            v->returns.placement_category);
    fprintf(out, "times of day %d %lld %lld sheet %d %d %d\n", v->callback_times_of_day,
            ll(v->callback_afternoon_ms), ll(v->callback_evening_ms), v->sheet_repairs,
            v->sheet_installs, v->sheet_blocks);
    for (uint32_t i = 0; i < v->n_clauses; i++) {
        const struct ds_clause *c = &v->clauses[i];
        fprintf(out, "clause %s %d %d %d %lld %d %d \"%s\" \"%s\" \"%s\" \"%s\"\n", c->id,
                (int)c->kind, (int)c->how, (int)c->amount_form, ll(c->amount_fen), c->multiple,
                c->instalments, c->obligation.en, c->serious.en, c->text_en, c->text_zh);
    }
    for (uint32_t i = 0; i < v->n_piece_rates; i++)
        fprintf(out, "piece %d \"%s\" %d %lld\n", (int)v->piece_rates[i].kind,
                v->piece_rates[i].category, (int)v->piece_rates[i].zone,
                ll(v->piece_rates[i].rate_fen));
    for (int i = 0; i < DS_QUESTION_COUNT; i++)
        fprintf(out, "question %d \"%s\" %d\n", v->questions[i].used, v->questions[i].clause,
                v->questions[i].bad_when_yes);
}

static void dump_calendars(FILE *out, const struct ds_version *v)
{
    for (uint32_t i = 0; i < v->n_calendars; i++) {
        const struct ds_calendar *c = &v->calendars[i];
        fprintf(out, "calendar %s %s %d %u %u\n", c->name, c->zone->name, c->first_day, c->n_days,
                c->n_spans);
        for (uint32_t k = 0; k < c->zone->n; k++)
            fprintf(out, "%lld %d\n", ll(c->zone->at_ms[k]), c->zone->offset_s[k]);
        for (uint32_t k = 0; k < c->n_spans; k++)
            fprintf(out, "%lld %lld %lld\n", ll(c->spans[k].from_ms), ll(c->spans[k].to_ms),
                    ll(c->spans[k].before_ms));
        for (uint32_t k = 0; k <= c->n_days; k++)
            fprintf(out, "%u\n", c->day_span[k]);
    }
}

static void dump_directory(FILE *out, const struct ds_version *v)
{
    for (uint32_t i = 0; i < v->n_skills; i++)
        fprintf(out, "skill %s\n", v->skills[i]);
    for (uint32_t i = 0; i < v->n_areas; i++)
        fprintf(out, "area %s\n", v->areas[i]);
    for (uint32_t i = 0; i < v->n_makers; i++)
        fprintf(out, "maker %s\n", v->makers[i]);
    for (uint32_t i = 0; i < v->n_territories; i++) {
        const struct ds_territory *t = &v->territories[i];
        fprintf(out, "territory %s \"%s\" %u %d %s:", t->id, t->name, t->partition, (int)t->mode,
                t->calendar->name);
        for (uint32_t k = 0; k < t->n_numbers; k++)
            fprintf(out, " %s", t->numbers[k]);
        fprintf(out, "\n");
    }
    for (uint32_t i = 0; i < v->n_accounts; i++) {
        const struct ds_account *a = &v->accounts[i];
        fprintf(out, "account %s \"%s\" %s %s %llx %llx %llx %x %u %d\n", a->key, a->name,
                a->territory->id, a->calendar->name, (unsigned long long)a->skills,
                (unsigned long long)a->areas[0], (unsigned long long)a->areas[1], a->zones,
                a->max_open, (int)a->place);
    }
    for (uint32_t i = 0; i < v->n_people; i++) {
        const struct ds_person *p = &v->people[i];
        fprintf(out, "person %s \"%s\" %d %s %s %s %s\n", p->id, p->name, (int)p->role,
                name_or(p->territory ? p->territory->id : NULL),
                name_or(p->account ? p->account->key : NULL), p->account_key,
                name_or(p->calendar ? p->calendar->name : NULL));
    }
    for (uint32_t i = 0; i < v->n_roster; i++) {
        const struct ds_roster_row *r = &v->roster[i];
        fprintf(out, "roster %s %d %d %x %d %lld %lld:", r->territory->id, r->first_day,
                r->last_day, r->weekdays, r->replaces, ll(r->from_ms), ll(r->to_ms));
        for (uint32_t k = 0; k < r->n_people; k++)
            fprintf(out, " %s", r->people[k]->id);
        fprintf(out, "\n");
    }
}

char *dumped(const struct ds_version *version)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    dump_rules(out, version);
    dump_calendars(out, version);
    dump_directory(out, version);
    assert_int_equal(fclose(out), 0);
    return text;
}
