/* SPDX-License-Identifier: MIT
 *
 * A typed walk over a small, strict part of YAML: mappings, sequences and plain or quoted scalars.
 * Refused with a problem: duplicate keys, unknown keys, anchors, aliases, merge keys, tags, several
 * documents, directives, values over several lines, depth over DS_YAML_DEPTH_MAX, numbers in octal,
 * hex, exponent or NaN form, bytes that editors do not show (rb_text_fault in bytes.c).
 * Units are always written: a duration or an amount of money is never a bare number. */
#ifndef DS_RULEBOOK_YAML_H
#define DS_RULEBOOK_YAML_H

#include <stdbool.h>

#include "rulebook/rulebook.h"

struct ds_yaml;      /* a parsed document */
struct ds_yaml_node; /* a node of it; NULL stands for "absent" and every reader accepts it */

/* Parses text. Returns NULL with problems on bad YAML, several if several faults can be told apart.
 * `file` and `problems` are kept, not copied. The text need not outlive the call. */
struct ds_yaml *ds_yaml_parse(const char *text, size_t len, const char *file,
                              struct ds_problems *problems);
void ds_yaml_destroy(struct ds_yaml *doc);
const struct ds_yaml_node *ds_yaml_root(const struct ds_yaml *doc);

/* Adds a problem at a node (or at the document's start when node is NULL). */
void ds_yaml_problem(struct ds_yaml *doc, const struct ds_yaml_node *node, const char *code,
                     const char *expected);

/* Checks that node is a mapping whose keys are all in `keys` (NULL-terminated); unknown keys become
 * problems with the nearest known key as suggestion, and true is returned all the same. NULL keys:
 * any key is allowed (maps by id). */
bool ds_yaml_mapping(struct ds_yaml *doc, const struct ds_yaml_node *node, const char *const *keys);

/* Value of a key; NULL when absent. ds_yaml_need adds a "missing_key" problem at the mapping. */
const struct ds_yaml_node *ds_yaml_get(const struct ds_yaml_node *node, const char *key);
const struct ds_yaml_node *ds_yaml_need(struct ds_yaml *doc, const struct ds_yaml_node *node,
                                        const char *key);

/* Entries of a mapping or sequence. For a sequence the key is NULL. */
uint32_t ds_yaml_count(const struct ds_yaml_node *node);
const struct ds_yaml_node *ds_yaml_item(const struct ds_yaml_node *node, uint32_t i);
const char *ds_yaml_key(const struct ds_yaml_node *node, uint32_t i);
const struct ds_yaml_node *ds_yaml_key_node(const struct ds_yaml_node *node, uint32_t i);
bool ds_yaml_sequence(struct ds_yaml *doc, const struct ds_yaml_node *node);

/* Typed scalars: read node into *ret and return true, or add a problem and return false with *ret
 * untouched. A NULL node returns false without a problem (the caller used ds_yaml_need). */
bool ds_yaml_text(struct ds_yaml *doc, const struct ds_yaml_node *node, const char **ret);
bool ds_yaml_id(struct ds_yaml *doc, const struct ds_yaml_node *node, const char **ret);
bool ds_yaml_int(struct ds_yaml *doc, const struct ds_yaml_node *node, int64_t min, int64_t max,
                 int64_t *ret);
bool ds_yaml_bool(struct ds_yaml *doc, const struct ds_yaml_node *node, bool *ret);
bool ds_yaml_duration(struct ds_yaml *doc, const struct ds_yaml_node *node, bool days_allowed,
                      int64_t *ret_ms); /* 20s 10m 24h 3d, never 0; d only for elapsed days */
bool ds_yaml_money(struct ds_yaml *doc, const struct ds_yaml_node *node,
                   int64_t *ret_fen); /* 50.00元 or 5000fen */
bool ds_yaml_metres(struct ds_yaml *doc, const struct ds_yaml_node *node,
                    int64_t *ret_m); /* 20km 300m, never 0 */
bool ds_yaml_date(struct ds_yaml *doc, const struct ds_yaml_node *node, int32_t *ret_day);
bool ds_yaml_time(struct ds_yaml *doc, const struct ds_yaml_node *node,
                  int64_t *ret_ms); /* "08:00", "24:00" */
bool ds_yaml_span(struct ds_yaml *doc, const struct ds_yaml_node *node, int64_t *ret_from_ms,
                  int64_t *ret_to_ms); /* "08:00-12:00" */
/* One of words (NULL-terminated); *ret = its index. */
bool ds_yaml_word(struct ds_yaml *doc, const struct ds_yaml_node *node, const char *const *words,
                  int *ret);

#endif
