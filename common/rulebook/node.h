/* SPDX-License-Identifier: MIT
 *
 * The inside of a parsed document; for the files of this folder only. */
#ifndef DS_RULEBOOK_NODE_H
#define DS_RULEBOOK_NODE_H

#include "rulebook/yaml.h"

enum rb_node_kind { RB_SCALAR, RB_MAPPING, RB_SEQUENCE };

struct ds_yaml_node {
    enum rb_node_kind kind;
    bool plain; /* a scalar without quotes */
    uint32_t line;
    uint32_t column;
    const struct ds_yaml_node *parent; /* NULL: the root */
    const struct ds_yaml_node *key;    /* scalar it stands under; itself for a key; NULL in lists */
    uint32_t index;                    /* in a list, from 0 */
    uint32_t n;
    uint32_t capacity;
    const struct ds_yaml_node **items; /* values of a mapping, items of a list */
    struct ds_yaml_node *next;         /* all nodes of the document, for freeing */
    char text[];                       /* of a scalar, NUL-terminated */
};

struct ds_yaml {
    const char *file; /* not owned */
    struct ds_problems *problems;
    struct ds_yaml_node *root;
    struct ds_yaml_node *all;
    size_t text_bytes; /* of all scalars with their NULs */
};

/* Memory or the end of the process: the rulebook is bounded, and a service that cannot have a few
 * megabytes restarts better than it limps. Zeroed. */
void *rb_alloc(size_t n, size_t size);

/* Where text stops being acceptable: UTF-8 without control characters, byte order marks, characters
 * that reorder text, and line breaks other than \n and \r\n. Returns the code of the fault with its
 * byte offset, or NULL. With line_breaks false none are allowed at all. */
const char *rb_text_fault(const char *text, size_t len, bool line_breaks, size_t *ret_offset);

/* Adds a problem at a place of the document that has no node. */
void rb_problem_at(struct ds_yaml *doc, uint32_t line, uint32_t column, const char *code,
                   const char *expected);

/* Adds a problem at a node with the nearest of known (n texts, stride bytes apart, each element
 * beginning with a pointer to its text) to what the node says as a suggestion. */
void rb_problem_near(struct ds_yaml *doc, const struct ds_yaml_node *node, const char *code,
                     const char *expected, const void *known, uint32_t n, size_t stride);

/* Nearest of n texts to word by edit distance, or NULL when none is near enough to be a slip of the
 * finger. `known` as above. */
const char *rb_nearest(const char *word, const void *known, uint32_t n, size_t stride);

/* "a, b, c" of a NULL-terminated list, cut at a whole word. */
void rb_join(char *buf, size_t size, const char *const *words);

/* Copies as much of text as fits without cutting a character; control characters become '?'. */
void rb_copy_text(char *buf, size_t size, const char *text);

/* The text of a scalar; NULL without a problem for no node, with one for a mapping or list. */
const char *rb_scalar(struct ds_yaml *doc, const struct ds_yaml_node *node);

static inline bool rb_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads decimal digits without a leading zero at *at and moves behind them; false when there are
 * none, too many, or a leading zero. */
bool rb_take_number(const char **at, int64_t *ret);

/* Adds an out_of_range problem; returns false for the reader to return. */
bool rb_range_problem(struct ds_yaml *doc, const struct ds_yaml_node *node, int64_t min,
                      int64_t max);

/* Readers that only the rulebook needs; the same manners as those of yaml.h. */
bool rb_yaml_grace(struct ds_yaml *doc, const struct ds_yaml_node *node,
                   int64_t *ret_ms); /* as a duration; zero is fine */
bool rb_yaml_permille(struct ds_yaml *doc, const struct ds_yaml_node *node,
                      int32_t *ret_permille); /* 75% 12.5%, more than 0% and less than 100% */
bool rb_yaml_multiple(struct ds_yaml *doc, const struct ds_yaml_node *node,
                      int32_t *ret_multiple); /* 10x */
bool rb_yaml_days(struct ds_yaml *doc, const struct ds_yaml_node *node,
                  int32_t *ret_days); /* 7d: whole days only, 1 to 3660 */
bool rb_yaml_months(struct ds_yaml *doc, const struct ds_yaml_node *node,
                    int32_t *ret_months); /* 12months, 1 to 240 */
bool rb_yaml_rate(struct ds_yaml *doc, const struct ds_yaml_node *node, int32_t *ret_over,
                  int32_t *ret_under); /* 1/1000: 1..100 / 1..1000000, at most 1 */
bool rb_yaml_clause(struct ds_yaml *doc, const struct ds_yaml_node *node,
                    const char **ret); /* an id like 7.1 */
bool rb_yaml_weekday(struct ds_yaml *doc, const struct ds_yaml_node *node,
                     int32_t *ret_weekday); /* mon .. sun; 0 = Monday */
bool rb_yaml_short_text(struct ds_yaml *doc, const struct ds_yaml_node *node,
                        const char **ret); /* a name: at most DS_ID_MAX bytes */
bool rb_yaml_number(struct ds_yaml *doc, const struct ds_yaml_node *node,
                    const char **ret); /* a telephone number: 1..DS_ID_MAX of [0-9A-Za-z._~+*#-] */

extern const char *const rb_weekdays[]; /* mon .. sun, NULL */

#endif
