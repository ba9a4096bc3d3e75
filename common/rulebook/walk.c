/* SPDX-License-Identifier: MIT
 *
 * Walking a parsed document: keys, items and what must be there. Never reads a scalar's meaning. */
#include "rulebook/node.h"

#include <string.h>

const struct ds_yaml_node *ds_yaml_root(const struct ds_yaml *doc)
{
    return doc ? doc->root : NULL;
}

const struct ds_yaml_node *ds_yaml_get(const struct ds_yaml_node *node, const char *key)
{
    if (!node || node->kind != RB_MAPPING) return NULL;
    for (uint32_t i = 0; i < node->n; i++) {
        if (strcmp(node->items[i]->key->text, key) == 0) return node->items[i];
    }
    return NULL;
}

const struct ds_yaml_node *ds_yaml_need(struct ds_yaml *doc, const struct ds_yaml_node *node,
                                        const char *key)
{
    const struct ds_yaml_node *value = ds_yaml_get(node, key);
    if (!value && node && node->kind == RB_MAPPING) ds_yaml_problem(doc, node, "missing_key", key);
    return value;
}

uint32_t ds_yaml_count(const struct ds_yaml_node *node)
{
    return node ? node->n : 0;
}

const struct ds_yaml_node *ds_yaml_item(const struct ds_yaml_node *node, uint32_t i)
{
    return node && i < node->n ? node->items[i] : NULL;
}

const struct ds_yaml_node *ds_yaml_key_node(const struct ds_yaml_node *node, uint32_t i)
{
    return node && i < node->n && node->kind == RB_MAPPING ? node->items[i]->key : NULL;
}

const char *ds_yaml_key(const struct ds_yaml_node *node, uint32_t i)
{
    const struct ds_yaml_node *key = ds_yaml_key_node(node, i);
    return key ? key->text : NULL;
}

static bool in_list(const char *const *words, const char *word)
{
    for (; *words; words++) {
        if (strcmp(*words, word) == 0) return true;
    }
    return false;
}

static uint32_t count_words(const char *const *words)
{
    uint32_t n = 0;
    while (words[n])
        n++;
    return n;
}

bool ds_yaml_mapping(struct ds_yaml *doc, const struct ds_yaml_node *node, const char *const *keys)
{
    if (!node) return false;
    if (node->kind != RB_MAPPING) {
        ds_yaml_problem(doc, node, "not_a_mapping", "");
        return false;
    }
    for (uint32_t i = 0; keys && i < node->n; i++) {
        if (in_list(keys, ds_yaml_key(node, i))) continue;
        char expected[sizeof(((struct ds_problem *)0)->expected)];
        rb_join(expected, sizeof(expected), keys);
        rb_problem_near(doc, ds_yaml_key_node(node, i), "unknown_key", expected, keys,
                        count_words(keys), sizeof(*keys));
    }
    return true;
}

bool ds_yaml_sequence(struct ds_yaml *doc, const struct ds_yaml_node *node)
{
    if (!node) return false;
    if (node->kind == RB_SEQUENCE) return true;
    ds_yaml_problem(doc, node, "not_a_list", "");
    return false;
}

const char *rb_scalar(struct ds_yaml *doc, const struct ds_yaml_node *node)
{
    if (!node) return NULL;
    if (node->kind == RB_SCALAR) return node->text;
    ds_yaml_problem(doc, node, "not_a_scalar", "");
    return NULL;
}

bool ds_yaml_word(struct ds_yaml *doc, const struct ds_yaml_node *node, const char *const *words,
                  int *ret)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], text) != 0) continue;
        *ret = i;
        return true;
    }
    char expected[sizeof(((struct ds_problem *)0)->expected)];
    rb_join(expected, sizeof(expected), words);
    rb_problem_near(doc, node, "unknown_word", expected, words, count_words(words), sizeof(*words));
    return false;
}
