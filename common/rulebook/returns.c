/* SPDX-License-Identifier: MIT
 *
 * The section about exchange and return: guarantees, the days and the rate of 8.1 to 8.7, and who
 * is put before the manager when a unit comes back. Never decides a case. */
#include "rulebook/build.h"

#include <string.h>

static const char *const keys[] = {"guarantee",   "rights",    "lacks",
                                   "workmanship", "placement", NULL};
static const char *const ids[] = {"8.1", "8.2", "8.3", "8.4", "8.5", "8.6", "8.7", NULL};
static const char *const within_keys[] = {"within", "en", "zh", NULL};
static const char *const over_keys[] = {"over", "en", "zh", NULL};
static const char *const rate_keys[] = {"rate", "en", "zh", NULL};
static const char *const plain_keys[] = {"en", "zh", NULL};
static const char *const clause_keys[] = {"clause", NULL};
static const char *const placement_keys[] = {"clause", "category", NULL};
static const char other[] = "other";

static const struct ds_yaml_node *guarantee_of(const struct rb_build *b)
{
    const struct ds_yaml_node *returns = ds_yaml_get(ds_yaml_root(b->rulebook), "returns");
    const struct ds_yaml_node *guarantee = ds_yaml_get(returns, "guarantee");
    return guarantee && guarantee->kind == RB_MAPPING ? guarantee : NULL;
}

size_t rb_returns_bytes(const struct rb_build *b)
{
    return RB_BYTES(ds_yaml_count(guarantee_of(b)), struct ds_guarantee);
}

/* Categories are the department's own words; `other` stands for all that are not named. */
static void read_guarantees(struct rb_build *b, const struct ds_yaml_node *returns)
{
    struct ds_yaml *doc = b->rulebook;
    struct ds_return_rules *rules = &b->v->returns;
    const struct ds_yaml_node *node = ds_yaml_need(doc, returns, "guarantee");
    uint32_t n = ds_yaml_count(guarantee_of(b));
    struct ds_guarantee *rows = rb_take(b, n, sizeof(*rows));
    if (node && node->kind != RB_MAPPING) {
        ds_yaml_problem(doc, node, "not_a_mapping", "");
        return;
    }
    if (n > DS_GUARANTEES_MAX) {
        ds_yaml_problem(doc, node, "too_many", "64");
        return;
    }
    (void)rb_yaml_months(doc, ds_yaml_need(doc, node, other), &rules->other_months);
    for (uint32_t i = 0; i < n; i++) {
        const struct ds_yaml_node *months = node->items[i];
        if (strcmp(months->key->text, other) == 0) continue;
        struct ds_guarantee *row = &rows[rules->n_guarantees];
        if (!rb_yaml_months(doc, months, &row->months)) continue;
        row->category = rb_keep(b, months->key->text);
        rules->n_guarantees++;
    }
    rules->guarantees = rows;
}

static const char *const *keys_of(enum ds_right right)
{
    switch (right) {
    case DS_8_1:
    case DS_8_2: return within_keys;
    case DS_8_3:
    case DS_8_4: return over_keys;
    case DS_8_6: return rate_keys;
    case DS_8_5:
    case DS_8_7:
    case DS_RIGHT_COUNT: return plain_keys;
    }
    return plain_keys;
}

static const char *sentence(struct rb_build *b, const struct ds_yaml_node *node, const char *key)
{
    const char *text = "";
    (void)ds_yaml_text(b->rulebook, ds_yaml_need(b->rulebook, node, key), &text);
    return rb_keep(b, text);
}

static void read_right(struct rb_build *b, const struct ds_yaml_node *node, enum ds_right right)
{
    struct ds_yaml *doc = b->rulebook;
    struct ds_return_rules *rules = &b->v->returns;
    struct ds_right_rule *rule = &rules->rights[right];
    const char *const *known = keys_of(right);
    rule->id = ids[right];
    rule->text_en = rule->text_zh = "";
    if (!ds_yaml_mapping(doc, node, known)) return;
    if (known == rate_keys)
        (void)rb_yaml_rate(doc, ds_yaml_need(doc, node, "rate"), &rules->rate_over,
                           &rules->rate_under);
    else if (known != plain_keys)
        (void)rb_yaml_days(doc, ds_yaml_need(doc, node, known[0]), &rule->limit_days);
    rule->text_en = sentence(b, node, "en");
    rule->text_zh = sentence(b, node, "zh");
}

static void read_rights(struct rb_build *b, const struct ds_yaml_node *returns)
{
    struct ds_yaml *doc = b->rulebook;
    const struct ds_right_rule *rules = b->v->returns.rights;
    const struct ds_yaml_node *rights = ds_yaml_need(doc, returns, "rights");
    const bool good = ds_yaml_mapping(doc, rights, ids);
    for (int i = 0; i < DS_RIGHT_COUNT; i++)
        read_right(b, good ? ds_yaml_need(doc, rights, ids[i]) : NULL, (enum ds_right)i);
    if (rules[DS_8_2].limit_days > 0 && rules[DS_8_2].limit_days < rules[DS_8_1].limit_days)
        ds_yaml_problem(doc, ds_yaml_get(ds_yaml_get(rights, "8.2"), "within"), "right_shrinks",
                        ds_yaml_get(ds_yaml_get(rights, "8.1"), "within")->text);
}

static const char *clause_in(struct rb_build *b, const struct ds_yaml_node *returns,
                             const char *key, const char *const *known)
{
    const struct ds_yaml_node *node = ds_yaml_need(b->rulebook, returns, key);
    if (!ds_yaml_mapping(b->rulebook, node, known)) return "";
    return rb_named_clause(b, ds_yaml_need(b->rulebook, node, "clause"));
}

void rb_read_returns(struct rb_build *b)
{
    struct ds_yaml *doc = b->rulebook;
    struct ds_return_rules *rules = &b->v->returns;
    const struct ds_yaml_node *node = ds_yaml_need(doc, ds_yaml_root(doc), "returns");
    const char *category = "";
    if (!ds_yaml_mapping(doc, node, keys)) node = NULL;
    read_guarantees(b, node);
    read_rights(b, node);
    rules->lacks_clause = clause_in(b, node, "lacks", clause_keys);
    rules->workmanship_clause = clause_in(b, node, "workmanship", clause_keys);
    rules->placement_clause = clause_in(b, node, "placement", placement_keys);
    const struct ds_yaml_node *placement = ds_yaml_get(node, "placement");
    (void)rb_yaml_short_text(doc, ds_yaml_need(doc, placement, "category"), &category);
    rules->placement_category = rb_keep(b, category);
}
