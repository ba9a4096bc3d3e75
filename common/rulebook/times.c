/* SPDX-License-Identifier: MIT
 *
 * The small sections of the rulebook: how far two times may lie apart, pauses, what answers of the
 * callback mean, charges, who is a key customer. The clocks are in clocks.c. */
#include "rulebook/build.h"

#include <assert.h>

static const char *const times_keys[] = {"ahead_max", "late_max", "follow_up", NULL};
static const char *const pause_keys[] = {"cap", "at_cap", NULL};
static const char *const delays[] = {"parts", "major_repair", "customer", "other", NULL};
static const char *const at_caps[] = {
    [DS_AT_CAP_ALERT_KEEP] = "alert_keep", [DS_AT_CAP_RESUME] = "resume", NULL};
static const char *const question_keys[] = {"clause", "bad_when", NULL};
static const char *const questions[] = {
    "fixed",       "on_time",      "work_clothes",    "attitude", "charged_fen",
    "shoe_covers", "took_nothing", "no_exaggeration", "visited",  NULL};
static const char *const answers[] = {"no", "yes", NULL};
static const char *const charge_keys[] = {"tolerance", NULL};
static const char *const not_on_time_keys[] = {"window", "clause", NULL};
static const char *const decision_keys[] = {"proposals_expire", "appeal_within", NULL};
static const char *const case_keys[] = {"repeat_within", "analyse_within", "clause", NULL};
static const char *const customer_keys[] = {"key_purchases", NULL};

static_assert(sizeof(delays) / sizeof(delays[0]) == DS_DELAY_COUNT, "a name for every reason");
static_assert(sizeof(questions) / sizeof(questions[0]) == DS_QUESTION_COUNT, "and every question");

static const struct ds_yaml_node *section(struct rb_build *b, const char *name,
                                          const char *const *keys)
{
    const struct ds_yaml_node *node = ds_yaml_need(b->rulebook, ds_yaml_root(b->rulebook), name);
    return ds_yaml_mapping(b->rulebook, node, keys) ? node : NULL;
}

static void need_duration(struct rb_build *b, const struct ds_yaml_node *node, const char *key,
                          int64_t *ret_ms)
{
    (void)ds_yaml_duration(b->rulebook, ds_yaml_need(b->rulebook, node, key), true, ret_ms);
}

static void read_pauses(struct rb_build *b)
{
    const struct ds_yaml_node *pauses = section(b, "pauses", delays);
    for (int i = 0; pauses && delays[i]; i++) {
        struct ds_pause_rule *rule = &b->v->pauses[DS_DELAY_PARTS + i];
        const struct ds_yaml_node *node = ds_yaml_need(b->rulebook, pauses, delays[i]);
        int word = 0;
        if (!ds_yaml_mapping(b->rulebook, node, pause_keys)) continue;
        need_duration(b, node, "cap", &rule->cap_ms);
        if (ds_yaml_word(b->rulebook, ds_yaml_need(b->rulebook, node, "at_cap"), at_caps, &word))
            rule->at_cap = (enum ds_at_cap)word;
    }
}

static void read_question(struct rb_build *b, const struct ds_yaml_node *node,
                          enum ds_question question)
{
    struct ds_question_rule *rule = &b->v->questions[question];
    int word = 0;
    rule->clause = "";
    if (!ds_yaml_mapping(b->rulebook, node, question_keys)) return;
    rule->used = true;
    rule->clause = rb_named_clause(b, ds_yaml_need(b->rulebook, node, "clause"));
    if (question == DS_Q_CHARGED_FEN) { /* an amount is neither yes nor no; charges judges it */
        const struct ds_yaml_node *bad_when = ds_yaml_get(node, "bad_when");
        if (bad_when) ds_yaml_problem(b->rulebook, bad_when->key, "unknown_key", "clause");
    } else if (ds_yaml_word(b->rulebook, ds_yaml_need(b->rulebook, node, "bad_when"), answers,
                            &word)) {
        rule->bad_when_yes = word == 1;
    }
}

static void read_questions(struct rb_build *b)
{
    const struct ds_yaml_node *node = section(b, "questions", questions);
    b->v->questions[DS_QUESTION_NONE].clause = "";
    for (int i = 0; questions[i]; i++) /* a question without an entry proposes nothing */
        read_question(b, ds_yaml_get(node, questions[i]), (enum ds_question)(DS_Q_FIXED + i));
}

void rb_read_times(struct rb_build *b)
{
    struct ds_yaml *doc = b->rulebook;
    struct ds_version *v = b->v;
    const struct ds_yaml_node *times = section(b, "times", times_keys);
    need_duration(b, times, "ahead_max", &v->ahead_max_ms);
    need_duration(b, times, "late_max", &v->late_max_ms);
    need_duration(b, times, "follow_up", &v->follow_up_ms);
    read_pauses(b);
    read_questions(b);
    const struct ds_yaml_node *charges = section(b, "charges", charge_keys);
    (void)ds_yaml_money(doc, ds_yaml_need(doc, charges, "tolerance"), &v->charge_tolerance_fen);
    const struct ds_yaml_node *customers = section(b, "customers", customer_keys);
    (void)ds_yaml_money(doc, ds_yaml_need(doc, customers, "key_purchases"), &v->key_purchases_fen);
    const struct ds_yaml_node *decisions = section(b, "decisions", decision_keys);
    need_duration(b, decisions, "proposals_expire", &v->proposal_expires_ms);
    need_duration(b, decisions, "appeal_within", &v->appeal_within_ms);
    const struct ds_yaml_node *late = section(b, "not_on_time", not_on_time_keys);
    need_duration(b, late, "window", &v->not_on_time_window_ms);
    v->not_on_time_clause = rb_named_clause(b, ds_yaml_need(doc, late, "clause"));
    const struct ds_yaml_node *cases = section(b, "cases", case_keys);
    need_duration(b, cases, "repeat_within", &v->repeat_within_ms);
    need_duration(b, cases, "analyse_within", &v->analyse_within_ms);
    v->analysis_clause = rb_named_clause(b, ds_yaml_need(doc, cases, "clause"));
}
