/* SPDX-License-Identifier: MIT
 *
 * What a customer answered to the callback, and what follows from it: the question, the answer,
 * what was filed, and how the amount comes from the clause's row. */
#include <string.h>

#include "doorstep/explain.h"

enum ds_word answer_question(int question)
{
    static const enum ds_word words[DS_QUESTION_COUNT] = {
        [DS_Q_FIXED] = DS_WORD_Q_FIXED,
        [DS_Q_ON_TIME] = DS_WORD_Q_ON_TIME,
        [DS_Q_WORK_CLOTHES] = DS_WORD_Q_WORK_CLOTHES,
        [DS_Q_ATTITUDE] = DS_WORD_Q_ATTITUDE,
        [DS_Q_CHARGED_FEN] = DS_WORD_Q_CHARGED_FEN,
        [DS_Q_SHOE_COVERS] = DS_WORD_Q_SHOE_COVERS,
        [DS_Q_TOOK_NOTHING] = DS_WORD_Q_TOOK_NOTHING,
        [DS_Q_NO_EXAGGERATION] = DS_WORD_Q_NO_EXAGGERATION,
        [DS_Q_VISITED] = DS_WORD_Q_VISITED,
    };

    return words[question];
}

/* "75.00 yuan" */
static void put_yuan(FILE *to, enum ds_lang lang, int64_t fen)
{
    char yuan[32];

    cli_yuan(yuan, fen);
    fprintf(to, "%s %s", yuan, ds_word(lang, DS_WORD_YUAN));
}

static void put_said(FILE *to, enum ds_lang lang, const Ds__Answer *answer)
{
    if (answer->question == DS__QUESTION__NAME__CHARGED_FEN)
        put_yuan(to, lang, answer->amount_fen);
    else
        fputs(ds_word(lang, answer->yes ? DS_WORD_YES : DS_WORD_NO), to);
}

void answer_put(FILE *to, enum ds_lang lang, const Ds__Answer *answer)
{
    if ((int)answer->question >= DS_QUESTION_COUNT) return; /* of a later version */
    fprintf(to, "%s ", ds_word(lang, answer_question((int)answer->question)));
    put_said(to, lang, answer);
}

/* ---- what follows from an answer ---- */

/* "; label " */
static void put_label(FILE *to, enum ds_lang lang, enum ds_word label)
{
    fprintf(to, "%s%s ", lang == DS_ZH ? ";" : "; ", ds_word(lang, label));
}

/* "30.00 + 45.00 = 75.00 yuan", with words for what the first two are. */
static void put_sum(FILE *to, enum ds_lang lang, int64_t labour_fen, int64_t parts_fen)
{
    char labour[32], parts[32];

    cli_yuan(labour, labour_fen);
    cli_yuan(parts, parts_fen);
    fprintf(to, "%s %s + %s %s = ", ds_word(lang, DS_WORD_LABOUR), labour,
            ds_word(lang, DS_WORD_PARTS), parts);
    put_yuan(to, lang, labour_fen + parts_fen);
}

/* The answer that the survey compared: of the callback that the occasion is. */
static const Ds__Answer *answer_of(const struct archive *archive, const struct record *record)
{
    const Ds__ContradictionFound *found = record->msg->contradiction_found;

    for (size_t i = 0; i < archive->n; i++) {
        const struct record *call = &archive->records[i];
        if (call->msg->body_case != DS__EVENT__BODY_CALLBACK_RECORDED ||
            strcmp(ds_str(call->msg->subject), ds_str(record->msg->subject)) != 0 ||
            record_at_ms(call) != found->at_ms)
            continue;
        const Ds__RecordCallback *callback = call->msg->callback_recorded;
        for (size_t a = 0; a < callback->n_answers; a++)
            if (callback->answers[a]->question == found->question) return callback->answers[a];
    }
    return NULL;
}

static const Ds__FileResult *result_of(const struct archive *archive, const struct record *record)
{
    const Ds__EventRef *ref = record->msg->contradiction_found->result;
    const struct record *filed =
        ref ? archive_find(archive, record->partition, (enum ds_source)ref->source, ref->seq)
            : NULL;

    return filed && filed->msg->body_case == DS__EVENT__BODY_RESULT_FILED
               ? filed->msg->result_filed->result
               : NULL;
}

/* What the filed money says, and which fee follows: the labour collected, or the tariff's if that
 * is more (as callback-survey/answers.c compares). */
static void put_charges(FILE *to, enum ds_lang lang, const Ds__FileResult *result,
                        int64_t charged_fen, int64_t fee_fen)
{
    char charged[32], parts[32];

    put_label(to, lang, DS_WORD_CB_FILED);
    put_sum(to, lang, result->labour_fen, result->parts_fen);
    if (result->has_tariff_fen) {
        put_label(to, lang, DS_WORD_CB_BY_TARIFF);
        put_sum(to, lang, result->tariff_fen, result->parts_fen);
    }
    put_label(to, lang, DS_WORD_CB_FEE);
    if (fee_fen == charged_fen - result->parts_fen) {
        cli_yuan(charged, charged_fen);
        cli_yuan(parts, result->parts_fen);
        fprintf(to, "%s - %s = ", charged, parts);
    } else {
        fprintf(to, "%s ", ds_word(lang, DS_WORD_CB_BY_TARIFF));
    }
    put_yuan(to, lang, fee_fen);
}

/* "10 x 50.00 = 500.00 yuan", or what the row says. */
static void put_amount(FILE *to, enum ds_lang lang, const struct ds_clause *clause, int64_t fee_fen)
{
    char fee[32];

    if (clause->amount_form == DS_AMOUNT_ASSESSED) return;
    put_label(to, lang, DS_WORD_CB_COMES_TO);
    if (clause->amount_form == DS_AMOUNT_FIXED) return put_yuan(to, lang, clause->amount_fen);
    cli_yuan(fee, fee_fen);
    fprintf(to, "%d x %s = ", clause->multiple, fee);
    put_yuan(to, lang, clause->multiple * fee_fen);
}

void answer_explain(FILE *to, enum ds_lang lang, const struct archive *archive,
                    const struct record *record)
{
    const Ds__ContradictionFound *found = record->msg->contradiction_found;
    const struct ds_version *version = archive->versions[record->rulebook];
    const struct ds_clause *clause =
        version ? ds_find_clause(version, ds_str(found->clause)) : NULL;
    const Ds__FileResult *result = result_of(archive, record);
    const Ds__Answer *answer = answer_of(archive, record);

    if ((int)found->question >= DS_QUESTION_COUNT) return; /* of a later version */
    fprintf(to, "%s %s", ds_word(lang, DS_WORD_CB_ASKED),
            ds_word(lang, answer_question((int)found->question)));
    if (answer) {
        fprintf(to, "%s%s ", lang == DS_ZH ? "," : ", ", ds_word(lang, DS_WORD_CB_ANSWERED));
        put_said(to, lang, answer);
    }
    if (!found->result)
        fprintf(to, "%s%s", lang == DS_ZH ? ";" : "; ", ds_word(lang, DS_WORD_CB_NOTHING_FILED));
    if (result && answer && answer->question == DS__QUESTION__NAME__CHARGED_FEN)
        put_charges(to, lang, result, answer->amount_fen, found->repair_fee_fen);
    if (result && found->question == DS__QUESTION__NAME__FIXED) {
        put_label(to, lang, DS_WORD_CB_FILED);
        fputs(ds_word(lang, result->fixed ? DS_WORD_FIXED : DS_WORD_NOT_FIXED), to);
    }
    if (result && found->question == DS__QUESTION__NAME__VISITED) {
        put_label(to, lang, DS_WORD_CB_FILED);
        fputs(ds_str(result->remedy)[0]
                  ? result->remedy
                  : ds_word(lang, result->fixed ? DS_WORD_FIXED : DS_WORD_NOT_FIXED),
              to);
    }
    if (clause) put_amount(to, lang, clause, found->repair_fee_fen);
}
