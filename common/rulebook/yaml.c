/* SPDX-License-Identifier: MIT
 *
 * From libyaml's events to a tree of nodes that remember their place. Events rather than libyaml's
 * documents, because those have already followed aliases and forgotten anchors and duplicates.
 * Never guesses a type: a scalar stays text until a typed reader asks (scalar.c). */
#include "rulebook/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "domain/assert.h"

/* Our own mappings have a dozen keys, our longest list holds people. */
enum { KEYS_MAX = 256, ITEMS_MAX = 4096 };

struct reader {
    struct ds_yaml *doc;
    struct ds_yaml_node *stack[DS_YAML_DEPTH_MAX]; /* open mappings and lists */
    uint32_t depth;
    const struct ds_yaml_node *key; /* of the innermost mapping, waiting for its value */
    bool begun;                     /* a document was seen */
    bool stop;                      /* nothing sensible can follow */
};

void *rb_alloc(size_t n, size_t size)
{
    void *memory = calloc(n > 0 ? n : 1, size);
    DS_ASSERT(memory);
    return memory;
}

static void problem(struct reader *r, yaml_mark_t mark, const char *code, const char *expected)
{
    rb_problem_at(r->doc, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1, code, expected);
}

static struct ds_yaml_node *new_node(struct reader *r, enum rb_node_kind kind, yaml_mark_t mark,
                                     const char *text, size_t len)
{
    struct ds_yaml_node *node = rb_alloc(1, sizeof(*node) + len + 1);
    node->kind = kind;
    node->line = (uint32_t)mark.line + 1;
    node->column = (uint32_t)mark.column + 1;
    if (len > 0) memcpy(node->text, text, len);
    node->next = r->doc->all;
    r->doc->all = node;
    if (kind == RB_SCALAR) r->doc->text_bytes += len + 1;
    return node;
}

static void push_item(struct ds_yaml_node *to, const struct ds_yaml_node *item)
{
    if (to->n == to->capacity) {
        to->capacity = to->capacity > 0 ? to->capacity * 2 : 8;
        void *items = realloc(to->items, to->capacity * sizeof(struct ds_yaml_node *));
        DS_ASSERT(items);
        to->items = items;
    }
    to->items[to->n++] = item;
}

/* ---- the tree ---- */

static void take_key(struct reader *r, struct ds_yaml_node *mapping, struct ds_yaml_node *key)
{
    key->parent = mapping;
    key->key = key;
    r->key = key;
    if (key->plain && strcmp(key->text, "<<") == 0)
        ds_yaml_problem(r->doc, key, "merge_key", "");
    else if (ds_yaml_get(mapping, key->text))
        ds_yaml_problem(r->doc, key, "duplicate_key", "");
}

/* Puts a node where the document is. Returns false if it cannot stand there. */
static bool place(struct reader *r, struct ds_yaml_node *node, yaml_mark_t mark)
{
    if (r->depth == 0) {
        r->doc->root = node;
        return true;
    }
    struct ds_yaml_node *top = r->stack[r->depth - 1];
    if (top->kind == RB_MAPPING && !r->key) {
        if (node->kind == RB_SCALAR) {
            take_key(r, top, node);
            return true;
        }
        problem(r, mark, "bad_key", "");
        return false;
    }
    const uint32_t max = top->kind == RB_MAPPING ? KEYS_MAX : ITEMS_MAX;
    if (top->n == max) {
        char expected[24];
        (void)snprintf(expected, sizeof(expected), "%u", max);
        problem(r, mark, "too_many", expected);
        return false;
    }
    node->parent = top;
    node->key = r->key;
    node->index = top->n;
    r->key = NULL;
    push_item(top, node);
    return true;
}

/* ---- events ---- */

static void on_scalar(struct reader *r, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    const size_t len = event->data.scalar.length;
    size_t offset = 0;
    const char *fault = rb_text_fault(text, len, false, &offset);
    const bool one_line = event->start_mark.line == event->end_mark.line;
    if (event->data.scalar.anchor) problem(r, event->start_mark, "anchor", "");
    if (event->data.scalar.tag) problem(r, event->start_mark, "tag", "");
    if (!one_line)
        problem(r, event->start_mark, "multi_line", "");
    else if (fault)
        problem(r, event->start_mark, fault, "");
    const bool usable = one_line && !fault;
    struct ds_yaml_node *node = new_node(r, RB_SCALAR, event->start_mark, text, usable ? len : 0);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    r->stop = !place(r, node, event->start_mark);
}

static void on_begin(struct reader *r, enum rb_node_kind kind, yaml_mark_t mark, bool anchor,
                     bool tag)
{
    if (anchor) problem(r, mark, "anchor", "");
    if (tag) problem(r, mark, "tag", "");
    if (r->depth == DS_YAML_DEPTH_MAX) {
        char expected[24];
        (void)snprintf(expected, sizeof(expected), "%d", DS_YAML_DEPTH_MAX);
        problem(r, mark, "too_deep", expected);
        r->stop = true;
        return;
    }
    struct ds_yaml_node *node = new_node(r, kind, mark, "", 0);
    r->stop = !place(r, node, mark);
    if (!r->stop) r->stack[r->depth++] = node;
}

static void on_document(struct reader *r, const yaml_event_t *event)
{
    if (r->begun) {
        problem(r, event->start_mark, "several_documents", "");
        r->stop = true;
    }
    r->begun = true;
    if (event->data.document_start.version_directive ||
        event->data.document_start.tag_directives.start !=
            event->data.document_start.tag_directives.end)
        problem(r, event->start_mark, "directive", "");
}

static void on_event(struct reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT: on_document(r, event); return;
    case YAML_SCALAR_EVENT: on_scalar(r, event); return;
    case YAML_MAPPING_START_EVENT:
        on_begin(r, RB_MAPPING, event->start_mark, event->data.mapping_start.anchor,
                 event->data.mapping_start.tag);
        return;
    case YAML_SEQUENCE_START_EVENT:
        on_begin(r, RB_SEQUENCE, event->start_mark, event->data.sequence_start.anchor,
                 event->data.sequence_start.tag);
        return;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT: r->depth--; return;
    case YAML_ALIAS_EVENT: /* an empty scalar in its place lets the rest be read */
        problem(r, event->start_mark, "alias", "");
        r->stop = !place(r, new_node(r, RB_SCALAR, event->start_mark, "", 0), event->start_mark);
        return;
    case YAML_STREAM_END_EVENT: r->stop = true; return;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT: return;
    }
}

/* ---- the document ---- */

/* Line and column of a byte, counted as editors do: in characters, from 1. */
static yaml_mark_t mark_of(const char *text, size_t offset)
{
    yaml_mark_t mark = {.index = offset};
    for (size_t i = 0; i < offset; i++) {
        if (text[i] == '\n') {
            mark.line++;
            mark.column = 0;
        } else if (((uint8_t)text[i] & 0xC0) != 0x80) {
            mark.column++;
        }
    }
    return mark;
}

static bool bytes_are_fine(struct reader *r, const char *text, size_t len)
{
    size_t offset = 0;
    if (len > DS_RULEBOOK_BYTES_MAX) {
        char expected[24];
        (void)snprintf(expected, sizeof(expected), "%d", DS_RULEBOOK_BYTES_MAX);
        problem(r, (yaml_mark_t){0}, "too_large", expected);
        return false;
    }
    const char *fault = rb_text_fault(text, len, true, &offset);
    if (fault) problem(r, mark_of(text, offset), fault, "");
    return !fault;
}

static void read_events(struct reader *r, const char *text, size_t len)
{
    yaml_parser_t parser;
    DS_ASSERT(yaml_parser_initialize(&parser));
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    while (!r->stop) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            DS_ASSERT(parser.error != YAML_MEMORY_ERROR);
            problem(r, parser.problem_mark, "syntax", parser.problem ? parser.problem : "");
            break;
        }
        on_event(r, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
}

struct ds_yaml *ds_yaml_parse(const char *text, size_t len, const char *file,
                              struct ds_problems *problems)
{
    const uint32_t before = problems->n + problems->more;
    struct ds_yaml *doc = rb_alloc(1, sizeof(*doc));
    struct reader r = {.doc = doc};
    doc->file = file;
    doc->problems = problems;
    if (bytes_are_fine(&r, text, len)) {
        read_events(&r, text, len);
        if (!doc->root && problems->n + problems->more == before)
            problem(&r, (yaml_mark_t){0}, "empty", "");
    }
    if (problems->n + problems->more == before) return doc;
    ds_yaml_destroy(doc);
    return NULL;
}

void ds_yaml_destroy(struct ds_yaml *doc)
{
    if (!doc) return;
    while (doc->all) {
        struct ds_yaml_node *node = doc->all;
        doc->all = node->next;
        free(node->items);
        free(node);
    }
    free(doc);
}
