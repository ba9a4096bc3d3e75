/* SPDX-License-Identifier: MIT
 *
 * The list of clauses: what is fined or rewarded, how much, and who decides. Never posts anything.
 */
#include "rulebook/build.h"

#include <string.h>

static const char *const keys[] = {"id",      "kind",        "how", "amount", "obligation",
                                   "serious", "instalments", "en",  "zh",     NULL};
static const char *const owed_keys[] = {"en", "zh", NULL};
static const char *const kinds[] = {[DS_CLAUSE_FINE] = "fine", [DS_CLAUSE_REWARD] = "reward", NULL};
static const char *const hows[] = {
    [DS_HOW_AUTO] = "auto", [DS_HOW_CONFIRM] = "confirm", [DS_HOW_MANUAL] = "manual", NULL};

/* "50.00元", "10x" (of the repair fee), "assessed" (the manager says how much). */
static void read_amount(struct rb_build *b, const struct ds_yaml_node *node,
                        struct ds_clause *clause)
{
    const char *text = rb_scalar(b->rulebook, node);
    if (!text) return;
    const size_t len = strlen(text);
    if (strcmp(text, "assessed") == 0) {
        clause->amount_form = DS_AMOUNT_ASSESSED;
    } else if (len > 0 && text[len - 1] == 'x') {
        clause->amount_form = DS_AMOUNT_MULTIPLE;
        (void)rb_yaml_multiple(b->rulebook, node, &clause->multiple);
    } else if (rb_is_digit(text[0]) || text[0] == '-') {
        clause->amount_form = DS_AMOUNT_FIXED;
        if (ds_yaml_money(b->rulebook, node, &clause->amount_fen) && clause->amount_fen == 0)
            ds_yaml_problem(b->rulebook, node, "not_positive", "");
    } else {
        ds_yaml_problem(b->rulebook, node, "bad_amount", "50.00元 5000fen 10x assessed");
    }
}

/* Only a loss is ever too much for one month; a fixed fine is deducted at once. */
static void read_instalments(struct rb_build *b, const struct ds_yaml_node *node,
                             struct ds_clause *clause)
{
    int64_t months = 0;
    if (!ds_yaml_int(b->rulebook, node, 2, DS_INSTALMENTS_MAX, &months)) return;
    clause->instalments = (int32_t)months;
    if (clause->amount_form != DS_AMOUNT_ASSESSED)
        ds_yaml_problem(b->rulebook, node->key, "not_assessed", "assessed");
}

static const char *kept_text(struct rb_build *b, const struct ds_yaml_node *node)
{
    const char *text = "";
    (void)ds_yaml_text(b->rulebook, node, &text);
    return rb_keep(b, text);
}

static const char *short_text(struct rb_build *b, const struct ds_yaml_node *node)
{
    const char *text = "";
    (void)rb_yaml_short_text(b->rulebook, node, &text);
    return rb_keep(b, text);
}

/* {en: apology at the door, zh: ...}: whoever owes it reads it. */
static struct ds_owed read_owed(struct rb_build *b, const struct ds_yaml_node *node)
{
    struct ds_yaml *doc = b->rulebook;
    if (!node || !ds_yaml_mapping(doc, node, owed_keys)) return (struct ds_owed){"", ""};
    return (struct ds_owed){short_text(b, ds_yaml_need(doc, node, "en")),
                            short_text(b, ds_yaml_need(doc, node, "zh"))};
}

static void read_clause(struct rb_build *b, const struct ds_yaml_node *node,
                        struct ds_clause *clauses, uint32_t n)
{
    struct ds_yaml *doc = b->rulebook;
    struct ds_clause *clause = &clauses[n];
    const char *id = "";
    int word = 0;
    (void)ds_yaml_mapping(doc, node, keys);
    const struct ds_yaml_node *id_node = ds_yaml_need(doc, node, "id");
    if (rb_yaml_clause(doc, id_node, &id))
        (void)rb_is_new(doc, id_node, id, clauses, n, sizeof(*clauses));
    clause->id = rb_keep(b, id);
    if (ds_yaml_word(doc, ds_yaml_need(doc, node, "kind"), kinds, &word))
        clause->kind = (enum ds_clause_kind)word;
    if (ds_yaml_word(doc, ds_yaml_need(doc, node, "how"), hows, &word))
        clause->how = (enum ds_clause_how)word;
    read_amount(b, ds_yaml_need(doc, node, "amount"), clause);
    read_instalments(b, ds_yaml_get(node, "instalments"), clause);
    clause->obligation = read_owed(b, ds_yaml_get(node, "obligation"));
    clause->serious = read_owed(b, ds_yaml_get(node, "serious"));
    clause->text_en = kept_text(b, ds_yaml_need(doc, node, "en"));
    clause->text_zh = kept_text(b, ds_yaml_need(doc, node, "zh"));
}

void rb_read_clauses(struct rb_build *b)
{
    const struct ds_yaml_node *list =
        ds_yaml_need(b->rulebook, ds_yaml_root(b->rulebook), "clauses");
    const uint32_t n = rb_list(b->rulebook, list, DS_CLAUSES_MAX);
    struct ds_clause *clauses = rb_take(b, n, sizeof(*clauses));
    for (uint32_t i = 0; i < n; i++)
        read_clause(b, ds_yaml_item(list, i), clauses, i);
    b->v->clauses = clauses;
    b->v->n_clauses = n;
}

const char *rb_named_clause(struct rb_build *b, const struct ds_yaml_node *node)
{
    const char *id = NULL;
    if (!rb_yaml_clause(b->rulebook, node, &id)) return "";
    const struct ds_clause *clause = ds_find_clause(b->v, id);
    if (!clause) {
        rb_problem_near(b->rulebook, node, "unknown_clause", "", b->v->clauses, b->v->n_clauses,
                        sizeof(*b->v->clauses));
        return "";
    }
    if (clause->kind != DS_CLAUSE_FINE) ds_yaml_problem(b->rulebook, node, "not_a_fine", "");
    return clause->id;
}
