/* SPDX-License-Identifier: MIT
 *
 * A clause for a person: its words, what it costs, how it is decided and from what, and which of
 * its numbers are our defaults. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/explain.h"
#include "penalty-ledger/ledger.h"
#include "wire/json.h"

static const char *const question_names[DS_QUESTION_COUNT] = {
    [DS_QUESTION_NONE] = "",
    [DS_Q_FIXED] = "fixed",
    [DS_Q_ON_TIME] = "on_time",
    [DS_Q_WORK_CLOTHES] = "work_clothes",
    [DS_Q_ATTITUDE] = "attitude",
    [DS_Q_CHARGED_FEN] = "charged_fen",
    [DS_Q_SHOE_COVERS] = "shoe_covers",
    [DS_Q_TOOK_NOTHING] = "took_nothing",
    [DS_Q_NO_EXAGGERATION] = "no_exaggeration",
    [DS_Q_VISITED] = "visited",
};
static const char *const how_names[] = {"auto", "confirm", "manual"};

static void put_amount(FILE *to, enum ds_lang lang, const struct ds_clause *clause)
{
    char yuan[32];

    switch (clause->amount_form) {
    case DS_AMOUNT_FIXED:
        cli_yuan(yuan, ledger_amount_fen(clause, 0));
        fprintf(to, "%s %s", yuan, ds_word(lang, DS_WORD_YUAN));
        return;
    case DS_AMOUNT_MULTIPLE:
        fprintf(to, "%s%d %s", clause->kind == DS_CLAUSE_FINE ? "-" : "", clause->multiple,
                ds_word(lang, DS_WORD_TIMES_THE_FEE));
        return;
    case DS_AMOUNT_ASSESSED: fprintf(to, "%s", ds_word(lang, DS_WORD_ASSESSED)); return;
    }
}

static void put_row(FILE *to, enum ds_lang lang, enum ds_word label, const char *text)
{
    if (!text[0]) return;
    fprintf(to, "  ");
    cli_put(to, ds_word(lang, label), 32);
    fprintf(to, "%s\n", text);
}

static void put_span(FILE *to, enum ds_lang lang, enum ds_word label, int64_t span_ms)
{
    char span[32];

    cli_duration(span, span_ms);
    put_row(to, lang, label, span);
}

/* What a decision on exchange and return is made from: what is asked and said of the product, and
 * the events whose intervals pause the clocks of its repair. */
static const enum ds_event_type right_feeds[] = {
    DS_EV_REGISTERED, DS_EV_DELAY_REPORTED, DS_EV_RESUMED,         DS_EV_COMPLETED,
    DS_EV_CANCELLED,  DS_EV_RETURN_CHECKED, DS_EV_RETURN_RECORDED, 0,
};

void clause_put_feeds(FILE *to, enum ds_lang lang, const enum ds_event_type *feeds)
{
    const char *gap = "";

    fprintf(to, "  ");
    cli_put(to, ds_word(lang, DS_WORD_FED_BY), 32);
    for (int i = 0; feeds[i]; i++) {
        fprintf(to, "%s%s (%s)", gap, ds_event_word(lang, (int)feeds[i]),
                ds_event_name((int)feeds[i]));
        gap = ", ";
    }
    fprintf(to, "\n");
}

/* The clock's own values that are ours; explain shows them beside its verdicts, too. */
static void put_clock(FILE *to, enum ds_lang lang, const struct ds_version *version,
                      enum ds_clock clock)
{
    if (clock == DS_CLOCK_NONE) return;
    put_row(to, lang, DS_WORD_CLOCK, ds_clock_word(lang, clock));
    if (!version->clocks[clock].ours) return;
    fprintf(to, "  ");
    clock_put_ours(to, lang, version->clocks[clock].ours);
}

static const char *owed_text(enum ds_lang lang, const struct ds_owed *owed)
{
    return lang == DS_ZH ? owed->zh : owed->en;
}

static bool feeds_on(const struct ledger_clause *decided, enum ds_event_type type)
{
    for (int i = 0; decided && decided->feeds[i]; i++)
        if (decided->feeds[i] == type) return true;
    return false;
}

void clause_print(FILE *to, enum ds_lang lang, const struct ds_version *version,
                  const struct ds_clause *clause)
{
    static const enum ds_word hows[] = {DS_WORD_HOW_AUTO, DS_WORD_HOW_CONFIRM, DS_WORD_HOW_MANUAL};
    const struct ledger_clause *decided = ledger_find_clause(clause->id);
    bool proposed = clause->how != DS_HOW_MANUAL || feeds_on(decided, DS_EV_CONFIRM_REQUESTED);
    enum ds_word how =
        clause->how == DS_HOW_MANUAL && proposed ? DS_WORD_HOW_BOTH : hows[clause->how];
    char months[64];

    fprintf(to, "%s  %s\n  %s, ", clause->id, lang == DS_ZH ? clause->text_zh : clause->text_en,
            ds_word(lang, clause->kind == DS_CLAUSE_FINE ? DS_WORD_FINE : DS_WORD_REWARD));
    put_amount(to, lang, clause);
    fprintf(to, ", %s\n", ds_word(lang, how));
    put_row(to, lang, DS_WORD_DECIDED, ds_clause_sentence(lang, clause->id));
    if (decided) {
        clause_put_feeds(to, lang, decided->feeds);
        put_clock(to, lang, version, decided->clock);
    }
    for (int q = DS_QUESTION_NONE + 1; q < DS_QUESTION_COUNT; q++)
        if (version->questions[q].used && strcmp(version->questions[q].clause, clause->id) == 0)
            put_row(to, lang, DS_WORD_QUESTION, ds_word(lang, answer_question(q)));
    if (strcmp(version->not_on_time_clause, clause->id) == 0)
        put_span(to, lang, DS_WORD_COMPLAINT_WITHIN, version->not_on_time_window_ms);
    if (strcmp(version->analysis_clause, clause->id) == 0) {
        put_span(to, lang, DS_WORD_REPEATED_WITHIN, version->repeat_within_ms);
        put_span(to, lang, DS_WORD_ANALYSED_WITHIN, version->analyse_within_ms);
    }
    if (strcmp(version->questions[DS_Q_CHARGED_FEN].clause, clause->id) == 0) {
        cli_yuan(months, version->charge_tolerance_fen);
        put_row(to, lang, DS_WORD_TOLERANCE, months);
    }
    put_row(to, lang, DS_WORD_OWED, owed_text(lang, &clause->obligation));
    put_row(to, lang, DS_WORD_SERIOUS, owed_text(lang, &clause->serious));
    snprintf(months, sizeof months, "%d %s", clause->instalments, ds_word(lang, DS_WORD_MONTHS));
    if (clause->instalments) put_row(to, lang, DS_WORD_INSTALMENTS_UP_TO, months);
    if (proposed) put_span(to, lang, DS_WORD_PROPOSAL_LASTS, version->proposal_expires_ms);
    put_span(to, lang, DS_WORD_APPEAL_LASTS, version->appeal_within_ms);
}

void right_print(FILE *to, enum ds_lang lang, const struct ds_version *version,
                 const struct ds_right_rule *right)
{
    char number[32];

    fprintf(to, "%s  %s\n", right->id, lang == DS_ZH ? right->text_zh : right->text_en);
    put_row(to, lang, DS_WORD_DECIDED, ds_clause_sentence(lang, right->id));
    clause_put_feeds(to, lang, right_feeds);
    snprintf(number, sizeof number, "%d", right->limit_days);
    if (right->limit_days) put_row(to, lang, DS_WORD_LIMIT_DAYS, number);
    snprintf(number, sizeof number, "%d/%d", version->returns.rate_over,
             version->returns.rate_under);
    if (right == &version->returns.rights[DS_8_6]) put_row(to, lang, DS_WORD_RATE_A_DAY, number);
}

json_t *clause_feeds_json(const enum ds_event_type *feeds)
{
    json_t *array = json_array();

    for (int i = 0; feeds && feeds[i]; i++)
        json_array_append_new(array, json_string(ds_event_name((int)feeds[i])));
    return array;
}

json_t *right_to_json(const struct ds_version *version, const struct ds_right_rule *right)
{
    json_t *object = json_pack(
        "{ss ss ss ss so ss ss}", "clause", right->id, "file", "return_right.c", "en",
        right->text_en, "zh", right->text_zh, "feeds", clause_feeds_json(right_feeds), "decided_en",
        ds_clause_sentence(DS_EN, right->id), "decided_zh", ds_clause_sentence(DS_ZH, right->id));

    if (right->limit_days)
        json_object_set_new(object, "limit_days", json_integer(right->limit_days));
    if (right == &version->returns.rights[DS_8_6]) {
        json_object_set_new(object, "rate_over", json_integer(version->returns.rate_over));
        json_object_set_new(object, "rate_under", json_integer(version->returns.rate_under));
    }
    return object;
}

json_t *clause_to_json(const struct ds_version *version, const struct ds_clause *clause)
{
    const struct ledger_clause *decided = ledger_find_clause(clause->id);
    json_t *questions = json_array();
    json_t *object = json_pack(
        "{ss ss ss ss ss ss so ss ss si}", "clause", clause->id, "kind",
        clause->kind == DS_CLAUSE_FINE ? "fine" : "reward", "how", how_names[clause->how], "file",
        decided ? decided->file : "manager.c", "en", clause->text_en, "zh", clause->text_zh,
        "feeds", clause_feeds_json(decided ? decided->feeds : NULL), "obligation",
        clause->obligation.en, "serious", clause->serious.en, "instalments", clause->instalments);

    for (int q = DS_QUESTION_NONE + 1; q < DS_QUESTION_COUNT; q++)
        if (version->questions[q].used && strcmp(version->questions[q].clause, clause->id) == 0)
            json_array_append_new(questions, json_string(question_names[q]));
    json_object_set_new(object, "obligation_zh", json_string(clause->obligation.zh));
    json_object_set_new(object, "serious_zh", json_string(clause->serious.zh));
    json_object_set_new(object, "questions", questions);
    json_object_set_new(object, "decided_en", json_string(ds_clause_sentence(DS_EN, clause->id)));
    json_object_set_new(object, "decided_zh", json_string(ds_clause_sentence(DS_ZH, clause->id)));
    json_object_set_new(object, "decided_how", json_string(decided ? how_names[decided->how] : ""));
    if (clause->amount_form == DS_AMOUNT_FIXED)
        json_object_set_new(object, "amount_fen", json_integer(ledger_amount_fen(clause, 0)));
    return object;
}
