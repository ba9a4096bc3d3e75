/* SPDX-License-Identifier: MIT
 *
 * The directory: lists of skills and areas, territories. People are in people.c, the hotline's
 * roster in roster.c. Order of reading: what is pointed at comes first, sorted, and never moves
 * again. */
#include "rulebook/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const top_keys[] = {"format",      "name",    "skills", "areas", "makers",
                                       "territories", "outlets", "people", NULL};
static const char *const territory_keys[] = {"id",       "name",    "partition", "mode",
                                             "calendar", "numbers", "hotline",   NULL};
static const char *const modes[] = {
    [DS_DISPATCH_AUTO] = "auto", [DS_DISPATCH_CLERK] = "clerk", NULL};

/* Orders elements by the text they begin with. */
static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void rb_sort(void *array, uint32_t n, size_t size)
{
    if (n > 1) qsort(array, n, size, by_text);
}

/* ---- skills and areas ---- */

typedef bool text_reader(struct ds_yaml *doc, const struct ds_yaml_node *node, const char **ret);

static const char *const *read_words(struct rb_build *b, const char *key, uint32_t max,
                                     text_reader *reader, uint32_t *ret_n)
{
    const struct ds_yaml_node *list = ds_yaml_need(b->directory, ds_yaml_root(b->directory), key);
    const uint32_t count = rb_list(b->directory, list, max);
    const char **words = rb_take(b, count, sizeof(*words));
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct ds_yaml_node *node = ds_yaml_item(list, i);
        const char *word = NULL;
        if (!reader(b->directory, node, &word)) continue;
        if (!rb_is_new(b->directory, node, word, words, n, sizeof(*words))) continue;
        words[n++] = rb_keep(b, word);
    }
    rb_sort(words, n, sizeof(*words));
    *ret_n = n;
    return words;
}

/* ---- territories ---- */

static void read_numbers(struct rb_build *b, const struct ds_yaml_node *list,
                         struct ds_territory *territories, uint32_t n_territories)
{
    const uint32_t count = rb_list(b->directory, list, RB_NUMBERS_MAX);
    const char **numbers = rb_take(b, count, sizeof(*numbers));
    struct ds_territory *t = &territories[n_territories];
    for (uint32_t i = 0; i < count; i++) {
        const struct ds_yaml_node *node = ds_yaml_item(list, i);
        const char *number = NULL;
        bool fresh = rb_yaml_number(b->directory, node, &number);
        for (uint32_t k = 0; fresh && k < n_territories; k++) /* a number is of one territory */
            fresh = rb_is_new(b->directory, node, number, territories[k].numbers,
                              territories[k].n_numbers, sizeof(*numbers));
        if (!fresh) continue;
        if (!rb_is_new(b->directory, node, number, numbers, t->n_numbers, sizeof(*numbers)))
            continue;
        numbers[t->n_numbers++] = rb_keep(b, number);
    }
    t->numbers = numbers;
}

static void read_partition(struct rb_build *b, const struct ds_yaml_node *node, uint32_t *ret)
{
    int64_t partition = 0;
    if (!ds_yaml_int(b->directory, node, 0, DS_PARTITIONS_MAX - 1, &partition)) return;
    if (partition < b->partitions) {
        *ret = (uint32_t)partition;
        return;
    }
    char expected[32];
    (void)snprintf(expected, sizeof(expected), "0..%u", b->partitions - 1);
    ds_yaml_problem(b->directory, node, "unknown_partition", expected);
}

static void read_territory(struct rb_build *b, const struct ds_yaml_node *node,
                           struct ds_territory *territories, uint32_t n)
{
    struct ds_yaml *doc = b->directory;
    struct ds_territory *t = &territories[n];
    const char *id = "";
    const char *name = "";
    int word = 0;
    (void)ds_yaml_mapping(doc, node, territory_keys);
    const struct ds_yaml_node *id_node = ds_yaml_need(doc, node, "id");
    if (ds_yaml_id(doc, id_node, &id))
        (void)rb_is_new(doc, id_node, id, territories, n, sizeof(*territories));
    t->id = rb_keep(b, id);
    (void)rb_yaml_short_text(doc, ds_yaml_need(doc, node, "name"), &name);
    t->name = rb_keep(b, name);
    read_partition(b, ds_yaml_need(doc, node, "partition"), &t->partition);
    if (ds_yaml_word(doc, ds_yaml_need(doc, node, "mode"), modes, &word))
        t->mode = (enum ds_dispatch_mode)word;
    t->calendar = rb_named_calendar(b, ds_yaml_need(doc, node, "calendar"));
    read_numbers(b, ds_yaml_get(node, "numbers"), territories, n);
}

static void read_territories(struct rb_build *b)
{
    const struct ds_yaml_node *list =
        ds_yaml_need(b->directory, ds_yaml_root(b->directory), "territories");
    const uint32_t n = rb_list(b->directory, list, DS_TERRITORIES_MAX);
    struct ds_territory *territories = rb_take(b, n, sizeof(*territories));
    if (list && list->kind == RB_SEQUENCE && n == 0)
        ds_yaml_problem(b->directory, list, "not_positive", "");
    for (uint32_t i = 0; i < n; i++)
        read_territory(b, ds_yaml_item(list, i), territories, i);
    rb_sort(territories, n, sizeof(*territories));
    b->v->territories = territories;
    b->v->n_territories = n;
}

const struct ds_territory *rb_named_territory(struct rb_build *b, const struct ds_yaml_node *node)
{
    const char *id = rb_scalar(b->directory, node);
    if (!id) return NULL;
    const struct ds_territory *t = ds_find_territory(b->v, id);
    if (!t)
        rb_problem_near(b->directory, node, "unknown_territory", "", b->v->territories,
                        b->v->n_territories, sizeof(*b->v->territories));
    return t;
}

/* ---- the whole ---- */

size_t rb_directory_bytes(const struct rb_build *b)
{
    const struct ds_yaml_node *root = ds_yaml_root(b->directory);
    const struct ds_yaml_node *territories = ds_yaml_get(root, "territories");
    const uint32_t n_outlets = ds_yaml_count(ds_yaml_get(root, "outlets"));
    const uint32_t n_people = ds_yaml_count(ds_yaml_get(root, "people"));
    size_t bytes = RB_BYTES(ds_yaml_count(ds_yaml_get(root, "skills")), const char *) +
                   RB_BYTES(ds_yaml_count(ds_yaml_get(root, "areas")), const char *) +
                   RB_BYTES(ds_yaml_count(territories), struct ds_territory) +
                   RB_BYTES(n_outlets + n_people, struct ds_account) +
                   RB_BYTES(n_people, struct ds_person);
    for (uint32_t i = 0; i < ds_yaml_count(territories); i++) {
        const struct ds_yaml_node *numbers = ds_yaml_get(ds_yaml_item(territories, i), "numbers");
        bytes += RB_BYTES(ds_yaml_count(numbers), const char *);
    }
    /* Somebody's name stands in his entry and his account, his id also in his account's key. */
    return bytes + rb_makers_bytes(b) + rb_roster_bytes(b) + 2 * b->directory->text_bytes +
           (size_t)(n_outlets + n_people) * 16;
}

void rb_read_directory(struct rb_build *b)
{
    const struct ds_yaml_node *root = ds_yaml_root(b->directory);
    const char *name = "";
    int64_t format = 0;
    if (!ds_yaml_mapping(b->directory, root, top_keys)) return;
    (void)ds_yaml_int(b->directory, ds_yaml_need(b->directory, root, "format"), 1, 1, &format);
    (void)ds_yaml_text(b->directory, ds_yaml_get(root, "name"), &name);
    b->v->department = rb_keep(b, name);
    b->v->skills = read_words(b, "skills", DS_SKILLS_MAX, ds_yaml_id, &b->v->n_skills);
    b->v->areas = read_words(b, "areas", DS_AREAS_MAX, rb_yaml_short_text, &b->v->n_areas);
    rb_read_makers(b);
    read_territories(b);
    rb_read_people(b);
    rb_read_roster(b);
}
