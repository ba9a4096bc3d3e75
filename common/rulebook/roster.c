/* SPDX-License-Identifier: MIT
 *
 * Who sits at the hotline when: weekly rows, and dated rows that replace them on their days. Never
 * decides who was at fault; see ds_on_duty. */
#include "rulebook/build.h"

#include <string.h>

static const char *const row_keys[] = {"days", "from", "to", "hours", "people", NULL};
enum { ALL_DAYS = 0x7F };

/* One line of a territory's list. */
struct line {
    struct rb_build *b;
    struct ds_yaml *doc;
    const struct ds_yaml_node *node;
    struct ds_roster_row row; /* but for its hours */
};

static void read_days(struct line *line)
{
    const struct ds_yaml_node *days = ds_yaml_get(line->node, "days");
    const uint32_t n = rb_list(line->doc, days, 7);
    line->row.weekdays = days ? 0 : ALL_DAYS;
    for (uint32_t i = 0; i < n; i++) {
        int32_t weekday = 0;
        if (rb_yaml_weekday(line->doc, ds_yaml_item(days, i), &weekday))
            line->row.weekdays |= UINT32_C(1) << weekday;
    }
}

/* Weekly rows have days; dated rows have from and to, and may have days. */
static void read_dates(struct line *line)
{
    struct ds_roster_row *row = &line->row;
    row->first_day = RB_FIRST_DAY;
    row->last_day = RB_LAST_DAY;
    row->replaces = ds_yaml_get(line->node, "from") || ds_yaml_get(line->node, "to");
    if (!row->replaces) {
        (void)ds_yaml_need(line->doc, line->node, "days");
        return;
    }
    const struct ds_yaml_node *from = ds_yaml_need(line->doc, line->node, "from");
    const struct ds_yaml_node *to = ds_yaml_need(line->doc, line->node, "to");
    if (!ds_yaml_date(line->doc, from, &row->first_day)) return;
    if (!ds_yaml_date(line->doc, to, &row->last_day)) return;
    if (row->last_day < row->first_day)
        ds_yaml_problem(line->doc, to, "reversed_dates", from->text);
}

static const struct ds_person *named_clerk(struct line *line, const struct ds_yaml_node *node)
{
    const struct ds_version *v = line->b->v;
    const char *id = rb_scalar(line->doc, node);
    if (!id) return NULL;
    const struct ds_person *person = ds_find_person(v, id);
    if (!person) {
        rb_problem_near(line->doc, node, "unknown_person", "", v->people, v->n_people,
                        sizeof(*v->people));
    } else if (person->role != DS_ROLE_CLERK) {
        ds_yaml_problem(line->doc, node, "not_a_clerk", "");
    } else if (person->territory && person->territory != line->row.territory) {
        ds_yaml_problem(line->doc, node, "other_territory", person->territory->id);
    }
    return person;
}

static void read_row_people(struct line *line)
{
    const struct ds_yaml_node *list = ds_yaml_need(line->doc, line->node, "people");
    const uint32_t count = rb_list(line->doc, list, RB_ROW_PEOPLE_MAX);
    const struct ds_person **people = rb_take(line->b, count, sizeof(*people));
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct ds_yaml_node *node = ds_yaml_item(list, i);
        const struct ds_person *person = named_clerk(line, node);
        bool fresh = person != NULL;
        for (uint32_t k = 0; fresh && k < n; k++)
            fresh = people[k] != person;
        if (person && !fresh) ds_yaml_problem(line->doc, node, "duplicate_id", "");
        if (fresh) people[n++] = person;
    }
    line->row.people = people;
    line->row.n_people = n;
}

static void read_line(struct rb_build *b, const struct ds_yaml_node *node,
                      const struct ds_territory *territory)
{
    struct line line = {.b = b, .doc = b->directory, .node = node, .row.territory = territory};
    struct rb_hours hours = {0};
    if (!ds_yaml_mapping(b->directory, node, row_keys)) return;
    read_days(&line);
    read_dates(&line);
    read_row_people(&line);
    (void)rb_hours(b->directory, ds_yaml_need(b->directory, node, "hours"), &hours);
    for (uint32_t i = 0; i < hours.n; i++) {
        line.row.from_ms = hours.from_ms[i];
        line.row.to_ms = hours.to_ms[i];
        b->roster[b->v->n_roster++] = line.row;
    }
}

static const struct ds_yaml_node *lines_of(const struct rb_build *b, const char *territory)
{
    const struct ds_yaml_node *list = ds_yaml_get(ds_yaml_root(b->directory), "territories");
    for (uint32_t i = 0; i < ds_yaml_count(list); i++) {
        const struct ds_yaml_node *id = ds_yaml_get(ds_yaml_item(list, i), "id");
        if (id && id->kind == RB_SCALAR && strcmp(id->text, territory) == 0)
            return ds_yaml_get(ds_yaml_item(list, i), "hotline");
    }
    return NULL;
}

/* Rows that the lines of one territory may become. */
static uint32_t count_rows(const struct ds_yaml_node *lines)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < ds_yaml_count(lines); i++) {
        const struct ds_yaml_node *hours = ds_yaml_get(ds_yaml_item(lines, i), "hours");
        if (!hours) continue;
        n += hours->kind == RB_SCALAR ? 1 : ds_yaml_count(hours);
    }
    return n;
}

size_t rb_roster_bytes(const struct rb_build *b)
{
    const struct ds_yaml_node *list = ds_yaml_get(ds_yaml_root(b->directory), "territories");
    size_t bytes = RB_BYTES(0, struct ds_roster_row);
    for (uint32_t i = 0; i < ds_yaml_count(list); i++) {
        const struct ds_yaml_node *lines = ds_yaml_get(ds_yaml_item(list, i), "hotline");
        bytes += RB_BYTES(count_rows(lines), struct ds_roster_row);
        for (uint32_t k = 0; k < ds_yaml_count(lines); k++) {
            const struct ds_yaml_node *people = ds_yaml_get(ds_yaml_item(lines, k), "people");
            bytes += RB_BYTES(ds_yaml_count(people), const struct ds_person *);
        }
    }
    return bytes;
}

void rb_read_roster(struct rb_build *b)
{
    uint32_t n_rows = 0;
    for (uint32_t i = 0; i < b->v->n_territories; i++)
        n_rows += count_rows(lines_of(b, b->v->territories[i].id));
    b->roster = rb_take(b, n_rows, sizeof(*b->roster));
    b->v->roster = b->roster;
    for (uint32_t i = 0; i < b->v->n_territories; i++) {
        const struct ds_territory *territory = &b->v->territories[i];
        const struct ds_yaml_node *lines = lines_of(b, territory->id);
        const uint32_t n = rb_list(b->directory, lines, RB_ROWS_MAX);
        for (uint32_t k = 0; k < n; k++)
            read_line(b, ds_yaml_item(lines, k), territory);
    }
}
