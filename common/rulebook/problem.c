/* SPDX-License-Identifier: MIT
 *
 * Collecting problems: where in the file, where in the document, what was found. Never prints; the
 * sentences for people are in sentence.c. */
#include "rulebook/node.h"

#include <stdio.h>
#include <string.h>

static struct ds_problem *add(struct ds_yaml *doc, uint32_t line, uint32_t column, const char *code,
                              const char *expected)
{
    struct ds_problems *problems = doc->problems;
    if (problems->n == DS_PROBLEMS_MAX) {
        problems->more++;
        return NULL;
    }
    struct ds_problem *p = &problems->list[problems->n++];
    *p = (struct ds_problem){.file = doc->file, .line = line, .column = column, .code = code};
    rb_copy_text(p->expected, sizeof(p->expected), expected);
    return p;
}

void rb_problem_at(struct ds_yaml *doc, uint32_t line, uint32_t column, const char *code,
                   const char *expected)
{
    (void)add(doc, line, column, code, expected);
}

/* The text of `id` if the node is a mapping that has one: people think in names, not in places. */
static const char *id_of(const struct ds_yaml_node *node)
{
    const struct ds_yaml_node *id = ds_yaml_get(node, "id");
    return id && id->kind == RB_SCALAR ? id->text : NULL;
}

static void append_step(char *buf, size_t size, const struct ds_yaml_node *node)
{
    char step[DS_ID_MAX + 16];
    if (node->key)
        (void)snprintf(step, sizeof(step), "%s%.*s", buf[0] ? "." : "", DS_ID_MAX, node->key->text);
    else if (id_of(node))
        (void)snprintf(step, sizeof(step), "[%.*s]", DS_ID_MAX, id_of(node));
    else
        (void)snprintf(step, sizeof(step), "[#%u]", node->index + 1);
    const size_t used = strlen(buf);
    rb_copy_text(buf + used, size - used, step);
}

/* clocks.order.limit, clauses[7.3].amount, territories[#2].name */
static void write_path(char *buf, size_t size, const struct ds_yaml_node *node)
{
    const struct ds_yaml_node *chain[DS_YAML_DEPTH_MAX + 2];
    uint32_t n = 0;
    for (; node && node->parent && n < DS_YAML_DEPTH_MAX + 2; node = node->parent)
        chain[n++] = node;
    buf[0] = '\0';
    while (n > 0)
        append_step(buf, size, chain[--n]);
}

static const char *found_in(const struct ds_yaml_node *node)
{
    switch (node->kind) {
    case RB_SCALAR: return node->text;
    case RB_MAPPING: return "{...}";
    case RB_SEQUENCE: return "[...]";
    }
    return "";
}

static struct ds_problem *add_at_node(struct ds_yaml *doc, const struct ds_yaml_node *node,
                                      const char *code, const char *expected)
{
    struct ds_problem *p = add(doc, node ? node->line : 1, node ? node->column : 1, code, expected);
    if (!p || !node) return p;
    write_path(p->path, sizeof(p->path), node);
    rb_copy_text(p->found, sizeof(p->found), found_in(node));
    return p;
}

void ds_yaml_problem(struct ds_yaml *doc, const struct ds_yaml_node *node, const char *code,
                     const char *expected)
{
    (void)add_at_node(doc, node, code, expected);
}

void rb_problem_near(struct ds_yaml *doc, const struct ds_yaml_node *node, const char *code,
                     const char *expected, const void *known, uint32_t n, size_t stride)
{
    struct ds_problem *p = add_at_node(doc, node, code, expected);
    if (!p || !node || node->kind != RB_SCALAR) return;
    const char *near = rb_nearest(node->text, known, n, stride);
    if (near) rb_copy_text(p->suggestion, sizeof(p->suggestion), near);
}
