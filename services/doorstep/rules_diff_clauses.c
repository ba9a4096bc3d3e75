/* SPDX-License-Identifier: MIT
 *
 * Clauses, what callbacks propose, piece rates, exchange and return of two versions. */
#include <stdio.h>
#include <string.h>

#include "doorstep/rules_diff.h"

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* ---- clauses ---- */

static const char *amount_text(struct rules_diff *diff, const struct ds_clause *clause)
{
    char *buf = rules_buf(diff);

    switch (clause->amount_form) {
    case DS_AMOUNT_FIXED: return rules_money(diff, clause->amount_fen);
    case DS_AMOUNT_MULTIPLE:
        snprintf(buf, sizeof diff->bufs[0],
                 rules_in(diff, "%d times the repair fee", "%d 倍工时费"), clause->multiple);
        return buf;
    case DS_AMOUNT_ASSESSED: return rules_in(diff, "what the manager assesses", "由经理核定");
    }
    return "";
}

static const char *how_text(const struct rules_diff *diff, enum ds_clause_how how)
{
    static const enum ds_word words[] = {DS_WORD_HOW_AUTO, DS_WORD_HOW_CONFIRM, DS_WORD_HOW_MANUAL};

    return ds_word(diff->lang, words[how]);
}

static const char *kind_text(const struct rules_diff *diff, enum ds_clause_kind kind)
{
    return ds_word(diff->lang, kind == DS_CLAUSE_FINE ? DS_WORD_FINE : DS_WORD_REWARD);
}

static const char *path_of(struct rules_diff *diff, const struct ds_clause *clause, const char *key)
{
    char *buf = rules_buf(diff);

    snprintf(buf, sizeof diff->bufs[0], "clauses.%s%s%s", clause->id, key[0] ? "." : "", key);
    return buf;
}

static const char *owed_text(const struct rules_diff *diff, const struct ds_owed *owed)
{
    return rules_or_none(diff, rules_in(diff, owed->en, owed->zh));
}

static void diff_texts(struct rules_diff *diff, const struct ds_clause *old,
                       const struct ds_clause *new)
{
    if (!same(old->obligation.en, new->obligation.en) ||
        !same(old->obligation.zh, new->obligation.zh))
        rules_say(diff, path_of(diff, new, "obligation"), FOR_STAFF, new->id,
                  "Clause %s: owed beside the money: %s (was: %s)", "第 %s 条:另须履行:%s(原为:%s)",
                  new->id, owed_text(diff, &new->obligation), owed_text(diff, &old->obligation));
    if (!same(old->serious.en, new->serious.en) || !same(old->serious.zh, new->serious.zh))
        rules_say(diff, path_of(diff, new, "serious"), FOR_STAFF, new->id,
                  "Clause %s: in a serious case also: %s (was: %s)",
                  "第 %s 条:情节严重时另须:%s(原为:%s)", new->id, owed_text(diff, &new->serious),
                  owed_text(diff, &old->serious));
    if (!same(old->text_en, new->text_en))
        rules_say(diff, path_of(diff, new, "en"), FOR_STAFF, new->id,
                  "Clause %s: its English words are now \"%s\"", "第 %s 条:英文条文改为“%s”",
                  new->id, new->text_en);
    if (!same(old->text_zh, new->text_zh))
        rules_say(diff, path_of(diff, new, "zh"), FOR_STAFF, new->id,
                  "Clause %s: its Chinese words are now \"%s\"", "第 %s 条:中文条文改为“%s”",
                  new->id, new->text_zh);
}

static void diff_clause(struct rules_diff *diff, const struct ds_clause *old,
                        const struct ds_clause *new)
{
    if (old->kind != new->kind)
        rules_say(diff, path_of(diff, new, "kind"), FOR_STAFF, new->id,
                  "Clause %s is now a %s (was a %s)", "第 %s 条改为%s(原为%s)", new->id,
                  kind_text(diff, new->kind), kind_text(diff, old->kind));
    if (old->amount_form != new->amount_form || old->amount_fen != new->amount_fen ||
        old->multiple != new->multiple)
        rules_say(diff, path_of(diff, new, "amount"), FOR_STAFF, new->id,
                  "Clause %s (%s): %s for each case (was: %s)", "第 %s 条(%s):每次 %s(原为 %s)",
                  new->id, diff->lang == DS_ZH ? new->text_zh : new->text_en,
                  amount_text(diff, new), amount_text(diff, old));
    if (old->how != new->how)
        rules_say(diff, path_of(diff, new, "how"), FOR_STAFF | FOR_MANAGER, new->id,
                  "Clause %s is now %s (was: %s)", "第 %s 条改为%s(原为:%s)", new->id,
                  how_text(diff, new->how), how_text(diff, old->how));
    if (old->instalments != new->instalments)
        rules_say(diff, path_of(diff, new, "instalments"), FOR_STAFF, new->id,
                  "Clause %s: it may be deducted over up to %d months (was %d; 0: at once)",
                  "第 %s 条:最多可分 %d 个月扣除(原为 %d;0 为一次扣清)", new->id, new->instalments,
                  old->instalments);
    diff_texts(diff, old, new);
}

static void diff_all_clauses(struct rules_diff *diff)
{
    for (uint32_t i = 0; i < diff->old->n_clauses; i++) {
        const struct ds_clause *old = &diff->old->clauses[i];
        const struct ds_clause *new = ds_find_clause(diff->new, old->id);
        if (new)
            diff_clause(diff, old, new);
        else
            rules_say(diff, path_of(diff, old, ""), FOR_STAFF | FOR_MANAGER, old->id,
                      "Clause %s is gone: %s", "取消第 %s 条:%s", old->id,
                      diff->lang == DS_ZH ? old->text_zh : old->text_en);
    }
    for (uint32_t i = 0; i < diff->new->n_clauses; i++) {
        const struct ds_clause *new = &diff->new->clauses[i];
        if (!ds_find_clause(diff->old, new->id))
            rules_say(diff, path_of(diff, new, ""), FOR_STAFF | FOR_MANAGER, new->id,
                      "Clause %s is new (%s, %s): %s", "新增第 %s 条(%s,%s):%s", new->id,
                      amount_text(diff, new), how_text(diff, new->how),
                      diff->lang == DS_ZH ? new->text_zh : new->text_en);
    }
}

/* ---- callbacks ---- */

static void diff_questions(struct rules_diff *diff)
{
    static const struct {
        const char *key, *en, *zh;
    } questions[DS_QUESTION_COUNT] = {
        [DS_Q_FIXED] = {"fixed", "is it fixed", "是否修好"},
        [DS_Q_ON_TIME] = {"on_time", "was somebody there on time", "是否按时上门"},
        [DS_Q_WORK_CLOTHES] = {"work_clothes", "work clothes", "是否穿工作服"},
        [DS_Q_ATTITUDE] = {"attitude", "manners", "态度"},
        [DS_Q_CHARGED_FEN] = {"charged_fen", "what was charged", "收费金额"},
        [DS_Q_SHOE_COVERS] = {"shoe_covers", "shoe covers", "是否套鞋套"},
        [DS_Q_TOOK_NOTHING] = {"took_nothing", "was nothing taken", "是否未收受财物"},
        [DS_Q_NO_EXAGGERATION] = {"no_exaggeration", "was nothing exaggerated", "是否未夸大故障"},
        [DS_Q_VISITED] = {"visited", "was somebody there", "是否上门"},
    };
    char path[64];

    for (int q = DS_QUESTION_NONE + 1; q < DS_QUESTION_COUNT; q++) {
        const struct ds_question_rule *old = &diff->old->questions[q],
                                      *new = &diff->new->questions[q];
        const char *word = rules_in(diff, questions[q].en, questions[q].zh);
        const char *before = old->used ? old->clause : "", *after = new->used ? new->clause : "";
        snprintf(path, sizeof path, "questions.%s", questions[q].key);
        if (!same(before, after))
            rules_say(diff, path, FOR_FIELD | FOR_CUSTOMERS, after[0] ? after : before,
                      "A bad answer of the callback to \"%s\" proposes clause %s (was %s)",
                      "回访“%s”答案不好时提议第 %s 条(原为 %s)", word, rules_or_none(diff, after),
                      rules_or_none(diff, before));
        if (old->used && new->used && old->bad_when_yes != new->bad_when_yes)
            rules_say(diff, path, FOR_FIELD | FOR_CUSTOMERS, after,
                      "To \"%s\" the bad answer is now \"%s\"", "“%s”以“%s”为不好", word,
                      ds_word(diff->lang, new->bad_when_yes ? DS_WORD_YES : DS_WORD_NO));
    }
}

/* ---- piece rates ---- */

static const char *rate_name(struct rules_diff *diff, const struct ds_piece_rate *rate)
{
    static const enum ds_word kinds[] = {DS_WORD_INSTALL, DS_WORD_REPAIR, DS_WORD_SERVICE_COMPLAINT,
                                         DS_WORD_SYSTEM};
    static const enum ds_word zones[] = {DS_WORD_ALL, DS_WORD_CITY, DS_WORD_NEAR, DS_WORD_FAR};
    char *buf = rules_buf(diff);

    snprintf(buf, sizeof diff->bufs[0], "%s%s%s%s%s", ds_word(diff->lang, kinds[rate->kind]),
             rate->category[0] ? ", " : "", rate->category, rate->zone ? ", " : "",
             rate->zone ? ds_word(diff->lang, zones[rate->zone]) : "");
    return buf;
}

static const struct ds_piece_rate *find_rate(const struct ds_version *version,
                                             const struct ds_piece_rate *like)
{
    for (uint32_t i = 0; i < version->n_piece_rates; i++) {
        const struct ds_piece_rate *rate = &version->piece_rates[i];
        if (rate->kind == like->kind && rate->zone == like->zone &&
            same(rate->category, like->category))
            return rate;
    }
    return NULL;
}

/* Lines that both have, in another order: the first that fits a job pays it. */
static bool other_order(const struct rules_diff *diff)
{
    const struct ds_piece_rate *last = NULL;

    for (uint32_t i = 0; i < diff->old->n_piece_rates; i++) {
        const struct ds_piece_rate *found = find_rate(diff->new, &diff->old->piece_rates[i]);
        if (found && last && found < last) return true;
        if (found) last = found;
    }
    return false;
}

static void diff_rates(struct rules_diff *diff)
{
    for (uint32_t i = 0; i < diff->old->n_piece_rates; i++) {
        const struct ds_piece_rate *old = &diff->old->piece_rates[i];
        const struct ds_piece_rate *new = find_rate(diff->new, old);
        if (!new)
            rules_say(diff, "piece_rates", FOR_FIELD, "",
                      "There is no rate of its own any more: %s", "不再单列计件标准:%s",
                      rate_name(diff, old));
        else if (new->rate_fen != old->rate_fen)
            rules_say(diff, "piece_rates", FOR_FIELD, "", "A job pays %2$s (was %3$s): %1$s",
                      "计件(%1$s):%2$s(原为 %3$s)", rate_name(diff, new),
                      rules_money(diff, new->rate_fen), rules_money(diff, old->rate_fen));
    }
    for (uint32_t i = 0; i < diff->new->n_piece_rates; i++) {
        const struct ds_piece_rate *new = &diff->new->piece_rates[i];
        if (!find_rate(diff->old, new))
            rules_say(diff, "piece_rates", FOR_FIELD, "", "A new rate, %2$s: %1$s",
                      "新增计件标准(%1$s):%2$s", rate_name(diff, new),
                      rules_money(diff, new->rate_fen));
    }
    if (other_order(diff))
        rules_say(diff, "piece_rates", FOR_FIELD, "",
                  "The lines of the piece rates stand in another order: the first that fits a job "
                  "pays it",
                  "计件标准的先后改变:以第一条符合的为准");
}

/* ---- exchange and return ---- */

static void diff_rights(struct rules_diff *diff)
{
    char path[64];

    for (int r = 0; r < DS_RIGHT_COUNT; r++) {
        const struct ds_right_rule *old = &diff->old->returns.rights[r],
                                   *new = &diff->new->returns.rights[r];
        snprintf(path, sizeof path, "returns.rights.%s", new->id);
        if (old->limit_days != new->limit_days)
            rules_say(diff, path, FOR_CUSTOMERS, "", "%s: %d days (was %d): %s",
                      "%s:%d 天(原为 %d 天):%s", new->id, new->limit_days, old->limit_days,
                      diff->lang == DS_ZH ? new->text_zh : new->text_en);
        if (!same(old->text_en, new->text_en))
            rules_say(diff, path, FOR_CUSTOMERS, "", "%s: its English words are now \"%s\"",
                      "%s:英文条文改为“%s”", new->id, new->text_en);
        if (!same(old->text_zh, new->text_zh))
            rules_say(diff, path, FOR_CUSTOMERS, "", "%s: its Chinese words are now \"%s\"",
                      "%s:中文条文改为“%s”", new->id, new->text_zh);
    }
}

static int32_t own_months(const struct ds_return_rules *returns, const char *category)
{
    for (uint32_t i = 0; i < returns->n_guarantees; i++)
        if (same(returns->guarantees[i].category, category)) return returns->guarantees[i].months;
    return -1;
}

static void say_months(struct rules_diff *diff, const char *category, int32_t new, int32_t old)
{
    if (new == old) return;
    rules_say(diff, "returns.guarantee", FOR_CUSTOMERS, "",
              "Guarantee of %s: %d months (was %d; -1: as any other)",
              "%s 三包有效期 %d 个月(原为 %d;-1 为同其他)", category, new, old);
}

static void diff_guarantees(struct rules_diff *diff)
{
    const struct ds_return_rules *old = &diff->old->returns, *new = &diff->new->returns;

    for (uint32_t i = 0; i < old->n_guarantees; i++)
        say_months(diff, old->guarantees[i].category, own_months(new, old->guarantees[i].category),
                   old->guarantees[i].months);
    for (uint32_t i = 0; i < new->n_guarantees; i++)
        if (own_months(old, new->guarantees[i].category) < 0)
            say_months(diff, new->guarantees[i].category, new->guarantees[i].months, -1);
    say_months(diff, rules_in(diff, "any other product", "其他产品"), new->other_months,
               old->other_months);
}

static void diff_returns(struct rules_diff *diff)
{
    const struct ds_return_rules *old = &diff->old->returns, *new = &diff->new->returns;

    diff_rights(diff);
    diff_guarantees(diff);
    if (old->rate_over != new->rate_over || old->rate_under != new->rate_under)
        rules_say(diff, "returns.rights.8.6.rate", FOR_CUSTOMERS, "",
                  "A day of use costs %d/%d of the price (was %d/%d)",
                  "每使用一天折旧价款的 %d/%d(原为 %d/%d)", new->rate_over, new->rate_under,
                  old->rate_over, old->rate_under);
    if (!same(old->lacks_clause, new->lacks_clause))
        rules_say(diff, "returns.lacks", FOR_FIELD, new->lacks_clause,
                  "A unit taken in without all its parts is a matter of clause %s (was %s)",
                  "收回的机器缺件按第 %s 条处理(原为 %s)", rules_or_none(diff, new->lacks_clause),
                  rules_or_none(diff, old->lacks_clause));
    if (!same(old->workmanship_clause, new->workmanship_clause))
        rules_say(diff, "returns.workmanship", FOR_FIELD, new->workmanship_clause,
                  "A return caused by workmanship is a matter of clause %s (was %s)",
                  "手艺造成的退换机按第 %s 条处理(原为 %s)",
                  rules_or_none(diff, new->workmanship_clause),
                  rules_or_none(diff, old->workmanship_clause));
    if (!same(old->placement_clause, new->placement_clause))
        rules_say(diff, "returns.placement.clause", FOR_FIELD, new->placement_clause,
                  "A return caused by where it was placed is a matter of clause %s (was %s)",
                  "位置不当造成的退换机按第 %s 条处理(原为 %s)",
                  rules_or_none(diff, new->placement_clause),
                  rules_or_none(diff, old->placement_clause));
    if (!same(old->placement_category, new->placement_category))
        rules_say(diff, "returns.placement.category", FOR_FIELD, new->placement_clause,
                  "Where it was placed is asked of %s (was %s)", "位置不当适用于 %s(原为 %s)",
                  rules_or_none(diff, new->placement_category),
                  rules_or_none(diff, old->placement_category));
}

void rules_diff_clauses(struct rules_diff *diff)
{
    diff_all_clauses(diff);
    diff_questions(diff);
    diff_rates(diff);
    diff_returns(diff);
}
