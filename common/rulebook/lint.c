/* SPDX-License-Identifier: MIT
 *
 * What a version that compiles probably does not mean: clauses that nothing ever books, holidays on
 * days off, make-up days that nobody is rostered for, evidence that is waited for longer than it
 * counts. Warnings, not problems: such a
 * version judges as well as any other. */
#include "rulebook/build.h"

#include <string.h>

static bool named_by_question(const struct ds_version *v, const char *id)
{
    for (int q = 0; q < DS_QUESTION_COUNT; q++)
        if (v->questions[q].used && strcmp(v->questions[q].clause, id) == 0) return true;
    return false;
}

static bool named_by_return(const struct ds_version *v, const char *id)
{
    return strcmp(v->returns.lacks_clause, id) == 0 ||
           strcmp(v->returns.workmanship_clause, id) == 0 ||
           strcmp(v->returns.placement_clause, id) == 0;
}

static bool named_by_case(const struct ds_version *v, const char *id)
{
    return strcmp(v->analysis_clause, id) == 0;
}

/* Clocks whose final breach the ledger books; the others are alerts, whatever clause they name. */
static bool costs(int clock)
{
    return clock == DS_CLOCK_ACCEPT || clock == DS_CLOCK_COMPLAINT || clock == DS_CLOCK_RESULT ||
           clock == DS_CLOCK_SURVEY_SHEET || clock == DS_CLOCK_HOTLINE;
}

static bool named_by_clock(const struct ds_version *v, const char *id)
{
    for (int c = DS_CLOCK_ORDER; c < DS_CLOCK_COUNT; c++)
        if (costs(c) && strcmp(v->clocks[c].clause, id) == 0) return true;
    return strcmp(v->not_on_time_clause, id) == 0;
}

static void lint_clauses(struct ds_yaml *doc, const struct ds_version *v)
{
    const struct ds_yaml_node *list = ds_yaml_get(ds_yaml_root(doc), "clauses");

    for (uint32_t i = 0; i < ds_yaml_count(list); i++) {
        const struct ds_yaml_node *node = ds_yaml_item(list, i);
        const struct ds_yaml_node *how = ds_yaml_get(node, "how");
        const struct ds_clause *clause = ds_find_clause(v, ds_yaml_get(node, "id")->text);
        if (clause->how == DS_HOW_AUTO && !named_by_clock(v, clause->id))
            ds_yaml_problem(doc, how, "never_booked", "manual");
        if (clause->how == DS_HOW_CONFIRM && !named_by_question(v, clause->id) &&
            !named_by_return(v, clause->id) && !named_by_case(v, clause->id))
            ds_yaml_problem(doc, how, "never_proposed", "manual");
    }
}

static void lint_clocks(struct ds_yaml *doc, const struct ds_version *v)
{
    const struct ds_yaml_node *clocks = ds_yaml_get(ds_yaml_root(doc), "clocks");
    const struct ds_yaml_node *late_max =
        ds_yaml_get(ds_yaml_get(ds_yaml_root(doc), "times"), "late_max");

    for (int c = DS_CLOCK_ORDER; c < DS_CLOCK_COUNT; c++) {
        const struct ds_yaml_node *node = ds_yaml_get(clocks, rb_clock_name((enum ds_clock)c));
        const struct ds_yaml_node *named = ds_yaml_get(node, "clause");
        const struct ds_clause *clause = named ? ds_find_clause(v, named->text) : NULL;
        if (v->clocks[c].grace_ms > v->late_max_ms)
            ds_yaml_problem(doc, ds_yaml_get(node, "grace"), "grace_beyond_late", late_max->text);
        if (clause && !costs(c))
            ds_yaml_problem(doc, named, "alert_only", "");
        else if (clause && clause->how != DS_HOW_AUTO)
            ds_yaml_problem(doc, named, "books_by_itself", "auto");
    }
}

static bool works_on(const struct ds_yaml_node *week, int32_t day)
{
    const struct ds_yaml_node *hours = ds_yaml_get(week, rb_weekdays[ds_weekday(day)]);

    return hours && (hours->kind == RB_SCALAR || ds_yaml_count(hours) > 0);
}

static void lint_holiday(struct ds_yaml *doc, const struct ds_yaml_node *week,
                         const struct ds_yaml_node *holiday)
{
    const bool one = holiday->kind == RB_SCALAR;
    int32_t from = 0, to = 0;

    (void)ds_yaml_date(doc, one ? holiday : ds_yaml_get(holiday, "from"), &from);
    (void)ds_yaml_date(doc, one ? holiday : ds_yaml_get(holiday, "to"), &to);
    for (int32_t day = from; day <= to; day++)
        if (works_on(week, day)) return;
    ds_yaml_problem(doc, one ? holiday : ds_yaml_get(holiday, "from"), "cuts_nothing", "");
}

/* Work is made up for on a day on which no hotline is staffed: whose calls are those? */
static void lint_make_up(struct ds_yaml *doc, const struct ds_version *v, const char *calendar,
                         const struct ds_yaml_node *make_up)
{
    const struct ds_yaml_node *date = ds_yaml_get(make_up, "date");
    const struct ds_person *anybody;
    int32_t day = 0;

    (void)ds_yaml_date(doc, date, &day);
    for (uint32_t i = 0; i < v->n_territories; i++) {
        const struct ds_territory *territory = &v->territories[i];
        if (strcmp(territory->calendar->name, calendar) != 0) continue;
        int64_t midnight_ms = ds_from_local(territory->calendar->zone, day, 0);
        int64_t opening_ms = ds_cal_next_open(territory->calendar, midnight_ms);
        if (ds_on_duty(v, territory, opening_ms, &anybody, 1) == 0)
            ds_yaml_problem(doc, date, "nobody_on_duty", territory->id);
    }
}

static void lint_calendars(struct ds_yaml *doc, const struct ds_version *v)
{
    const struct ds_yaml_node *list = ds_yaml_get(ds_yaml_root(doc), "calendars");

    for (uint32_t i = 0; i < ds_yaml_count(list); i++) {
        const struct ds_yaml_node *calendar = ds_yaml_item(list, i);
        const struct ds_yaml_node *holidays = ds_yaml_get(calendar, "holidays");
        for (uint32_t h = 0; h < ds_yaml_count(holidays); h++)
            lint_holiday(doc, ds_yaml_get(calendar, "week"), ds_yaml_item(holidays, h));
        const struct ds_yaml_node *make_up = ds_yaml_get(calendar, "make_up");
        for (uint32_t m = 0; m < ds_yaml_count(make_up); m++)
            lint_make_up(doc, v, ds_yaml_get(calendar, "id")->text, ds_yaml_item(make_up, m));
    }
}

void ds_version_lint(const struct ds_version *version, const char *rulebook, size_t len,
                     struct ds_problems *warnings)
{
    *warnings = (struct ds_problems){0};
    struct ds_yaml *doc = ds_yaml_parse(rulebook, len, "rulebook.yaml", warnings);
    if (!doc) return; /* it compiled, so it is there */
    lint_clocks(doc, version);
    lint_clauses(doc, version);
    lint_calendars(doc, version);
    ds_yaml_destroy(doc);
}
