/* SPDX-License-Identifier: MIT
 *
 * Clauses 7.5, 7.9, 7.10, 7.12, 7.20, 7.21, 7.22: which answers of a customer propose an entry.
 * Which question belongs to which clause stands in the rulebook. Pure. */
#include "callback-survey/survey.h"

/* 7.5 is about who filed the result; all the others about who was at the customer's. */
static bool is_about_result(const Ds__Answer *answer)
{
    return answer->question == DS__QUESTION__NAME__FIXED ||
           answer->question == DS__QUESTION__NAME__VISITED;
}

/* Who answers for conduct at the customer's: who was there; without a word of that, the technician
 * who filed the result. Nobody ("") is the manager's to find out. */
static const char *visitor_of(const struct survey_life *life)
{
    if (life->visitor[0]) return life->visitor;
    return life->result && life->result->technician ? life->result->account : "";
}

static void contradiction(const struct survey_ticket *ticket, const struct survey_life *life,
                          const Ds__Answer *answer, const struct ds_question_rule *rule,
                          Ds__Reason__Name reason, int64_t repair_fee_fen, struct ds_out *out)
{
    const Ds__SurveyEnd *result = life->result;
    Ds__ContradictionFound *found =
        &ds_out_add(out, DS_EV_CONTRADICTION_FOUND, ticket->id, reason, rule->clause)
             ->contradiction_found;

    DS_SET(found, task, life->task);
    DS_SET(found, question, answer->question);
    found->clause = (char *)rule->clause;
    found->account = is_about_result(answer) ? result->account : (char *)visitor_of(life);
    if (result) found->result = result->event;
    DS_SET(found, at_ms, life->answer->at_ms);
    if (repair_fee_fen > 0) DS_SET(found, repair_fee_fen, repair_fee_fen);
}

/* 7.22: charged more than the tariff or than what was filed, or less than either by more than the
 * tolerance. The fee that is multiplied is the labour collected or the tariff's, without parts. */
static void compare_charge(const struct survey_ticket *ticket, const struct survey_life *life,
                           const Ds__Answer *answer, const struct ds_version *rules,
                           struct ds_out *out)
{
    const Ds__SurveyEnd *result = life->result;
    int64_t paid_fen = answer->amount_fen;
    int64_t filed_fen = result->labour_fen + result->parts_fen;
    int64_t tariff_labour_fen = result->has_tariff_fen ? result->tariff_fen : result->labour_fen;
    int64_t tariff_fen = tariff_labour_fen + result->parts_fen;
    int64_t most_fen = filed_fen < tariff_fen ? filed_fen : tariff_fen;
    int64_t least_fen =
        (filed_fen < tariff_fen ? tariff_fen : filed_fen) - rules->charge_tolerance_fen;

    if (least_fen <= paid_fen && paid_fen <= most_fen) return;
    int64_t labour_fen = paid_fen - result->parts_fen;
    int64_t fee_fen = labour_fen > tariff_labour_fen ? labour_fen : tariff_labour_fen;
    contradiction(ticket, life, answer, &rules->questions[answer->question],
                  DS__REASON__NAME__ANSWER_CONTRADICTS_RESULT, fee_fen, out);
}

/* Nothing was filed for a job that was called off: there is nothing to contradict, but whoever took
 * money for it took the job privately (7.22, the fee is what was collected). */
static void hear_of_cancelled(const struct survey_ticket *ticket, const struct survey_life *life,
                              const Ds__Answer *answer, const struct ds_question_rule *rule,
                              struct ds_out *out)
{
    bool money = answer->question == DS__QUESTION__NAME__CHARGED_FEN;
    bool bad = money ? answer->amount_fen > 0
                     : !is_about_result(answer) && (bool)answer->yes == rule->bad_when_yes;

    if (bad)
        contradiction(ticket, life, answer, rule, DS__REASON__NAME__ANSWER_BREAKS_RULE,
                      money ? answer->amount_fen : 0, out);
}

static void hear_of_finished(const struct survey_ticket *ticket, const struct survey_life *life,
                             const Ds__Answer *answer, const struct ds_question_rule *rule,
                             const struct ds_version *rules, struct ds_out *out)
{
    if (answer->question == DS__QUESTION__NAME__CHARGED_FEN)
        return compare_charge(ticket, life, answer, rules, out);
    if ((bool)answer->yes != rule->bad_when_yes) return;
    if (answer->question == DS__QUESTION__NAME__FIXED && !life->result->fixed)
        return; /* that it is not fixed is what was filed */
    contradiction(ticket, life, answer, rule,
                  is_about_result(answer) ? DS__REASON__NAME__ANSWER_CONTRADICTS_RESULT
                                          : DS__REASON__NAME__ANSWER_BREAKS_RULE,
                  0, out);
}

void survey_compare(const struct survey_ticket *ticket, const struct survey_life *life,
                    const struct ds_version *rules, struct ds_out *out)
{
    const Ds__RecordCallback *callback = life->answer->callback;

    for (size_t i = 0; callback && i < callback->n_answers; i++) {
        const Ds__Answer *answer = callback->answers[i];
        const struct ds_question_rule *rule = &rules->questions[answer->question];
        if (!rule->used) continue;
        if (life->result)
            hear_of_finished(ticket, life, answer, rule, rules, out);
        else
            hear_of_cancelled(ticket, life, answer, rule, out);
    }
}
