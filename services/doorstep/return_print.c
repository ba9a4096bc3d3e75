/* SPDX-License-Identifier: MIT
 *
 * Exchange and return on paper: what was said, and the decision with all that it went by. */
#include <string.h>

#include "doorstep/cli.h"

static const enum ds_word options[] = {
    [DS__RETURN_OPTION__NAME__REPAIR] = DS_WORD_OPT_REPAIR,
    [DS__RETURN_OPTION__NAME__EXCHANGE] = DS_WORD_OPT_EXCHANGE,
    [DS__RETURN_OPTION__NAME__OTHER_MODEL] = DS_WORD_OPT_OTHER_MODEL,
    [DS__RETURN_OPTION__NAME__RETURN] = DS_WORD_OPT_RETURN,
};
static const enum ds_word kinds[] = {
    [DS__RETURN_INTERVAL__KIND__REPAIR] = DS_WORD_IV_REPAIR,
    [DS__RETURN_INTERVAL__KIND__PARTS] = DS_WORD_IV_PARTS,
    [DS__RETURN_INTERVAL__KIND__CUSTOMER] = DS_WORD_IV_CUSTOMER,
    [DS__RETURN_INTERVAL__KIND__OTHER] = DS_WORD_IV_OTHER,
};
static const enum ds_word reports[] = {
    [DS__APPRAISAL__NAME__MISSING] = DS_WORD_RP_MISSING,
    [DS__APPRAISAL__NAME__MATCHES] = DS_WORD_RP_MATCHES,
    [DS__APPRAISAL__NAME__DIFFERS] = DS_WORD_RP_DIFFERS,
};
static const enum ds_word causes[] = {
    [DS__RETURN_CAUSE__NAME__PRODUCT] = DS_WORD_CA_PRODUCT,
    [DS__RETURN_CAUSE__NAME__WORKMANSHIP] = DS_WORD_CA_WORKMANSHIP,
    [DS__RETURN_CAUSE__NAME__PLACEMENT] = DS_WORD_CA_PLACEMENT,
    [DS__RETURN_CAUSE__NAME__INSTALLATION] = DS_WORD_CA_INSTALLATION,
};

/* ", label text" */
static void put(FILE *to, enum ds_lang lang, enum ds_word label, const char *text)
{
    if (text && text[0]) fprintf(to, ", %s %s", ds_word(lang, label), text);
}

static void put_yuan(FILE *to, enum ds_lang lang, enum ds_word label, int64_t fen)
{
    char yuan[32];

    cli_yuan(yuan, fen);
    fprintf(to, ", %s %s %s", ds_word(lang, label), yuan, ds_word(lang, DS_WORD_YUAN));
}

static void put_known(FILE *to, enum ds_lang lang, bool has_report, Ds__Appraisal__Name report,
                      bool has_complete, bool complete)
{
    if (has_report) put(to, lang, DS_WORD_REPORT, ds_word(lang, reports[report]));
    if (has_complete)
        fprintf(
            to, ", %s",
            ds_word(lang, complete ? DS_WORD_ACCESSORIES_COMPLETE : DS_WORD_ACCESSORIES_LACKING));
}

static void put_cause(FILE *to, enum ds_lang lang, bool has_cause, Ds__ReturnCause__Name cause,
                      const char *account)
{
    if (has_cause) put(to, lang, DS_WORD_CAUSE, ds_word(lang, causes[cause]));
    put(to, lang, DS_WORD_OWNER, account);
}

void return_print_check(FILE *to, enum ds_lang lang, const Ds__CheckReturn *check)
{
    fprintf(to, " %s", ds_category_word(lang, check->category));
    put(to, lang, DS_WORD_INVOICED, check->invoiced_on);
    put_yuan(to, lang, DS_WORD_PRICE, check->price_fen);
    put(to, lang, DS_WORD_FAULT_REPORTED, check->reported_on);
    if (check->has_wish) put(to, lang, DS_WORD_WISHED, ds_word(lang, options[check->wish]));
    put_known(to, lang, check->has_report, check->report, check->has_accessories_complete,
              check->accessories_complete);
    put_cause(to, lang, check->has_cause, check->cause, check->account);
}

void return_print_record(FILE *to, enum ds_lang lang, const Ds__RecordReturn *record)
{
    put_known(to, lang, record->has_report, record->report, record->has_accessories_complete,
              record->accessories_complete);
    put_cause(to, lang, record->has_cause, record->cause, record->account);
    if (record->has_taken_in)
        put(to, lang, DS_WORD_TAKEN_IN_FOR, ds_word(lang, options[record->taken_in]));
    for (size_t i = 0; i < record->n_lacks; i++)
        put(to, lang, DS_WORD_LACKS, record->lacks[i]);
    if (record->has_goes)
        fprintf(to, ", %s",
                ds_word(lang, record->goes == DS__UNIT_GOES__NAME__FACTORY
                                  ? DS_WORD_GO_FACTORY
                                  : DS_WORD_GO_DEPARTMENT));
}

/* ---- the decision ---- */

static void put_dates(FILE *to, enum ds_lang lang, const Ds__ReturnDecided *decided, int indent)
{
    fprintf(to, "%*s%s %s", indent, "", ds_word(lang, DS_WORD_INVOICED),
            ds_str(decided->invoiced_on));
    put(to, lang, DS_WORD_FAULT_REPORTED, decided->reported_on);
    fprintf(to, " (%d %s)", decided->days, ds_word(lang, DS_WORD_DAYS));
    put(to, lang, DS_WORD_SENT, decided->sent_on);
    put(to, lang, DS_WORD_RETURNED, decided->returned_on);
    put(to, lang, DS_WORD_GUARANTEE_UNTIL, decided->guarantee_until);
    fprintf(to, "\n%*s%s %d %s, %s %d %s\n", indent, "", ds_word(lang, DS_WORD_IN_USE),
            decided->used_days, ds_word(lang, DS_WORD_DAYS), ds_word(lang, DS_WORD_IN_REPAIR),
            decided->repair_days, ds_word(lang, DS_WORD_DAYS));
}

static void put_right(FILE *to, enum ds_lang lang, const Ds__ReturnRight *right,
                      const struct ds_version *version, int indent)
{
    const struct ds_right_rule *rule = ds_find_right(version, right->clause);

    fprintf(to, "%*s%s ", indent, "", ds_str(right->clause));
    cli_put(to, ds_word(lang, right->holds ? DS_WORD_HOLDS : DS_WORD_HOLDS_NOT),
            lang == DS_ZH ? 7 : 4);
    if (right->limit_days)
        fprintf(to, "%d/%d %s, ", right->days, right->limit_days, ds_word(lang, DS_WORD_DAYS));
    fprintf(to, "%s", ds_reason_text(lang, (int)right->reason));
    /* the clause in its own words, where it gives a right */
    if (right->holds && rule)
        fprintf(to, "\n%*s%s", indent + 8, "", lang == DS_ZH ? rule->text_zh : rule->text_en);
    fprintf(to, "\n");
}

static void put_choice(FILE *to, enum ds_lang lang, const Ds__ReturnChoice *choice, int indent)
{
    fprintf(to, "%*s%s: %s [%s]", indent, "", ds_word(lang, DS_WORD_MAY_CHOOSE),
            ds_word(lang, options[choice->option]), ds_str(choice->clause));
    if (choice->has_amount_fen) {
        put_yuan(to, lang, DS_WORD_REFUND, choice->amount_fen);
        put_yuan(to, lang, DS_WORD_DEPRECIATION, choice->depreciation_fen);
    }
    put(to, lang, DS_WORD_AT_THE_COST_OF, choice->account);
    fprintf(to, ": %s", ds_reason_text(lang, (int)choice->reason));
    /* for now: what has to be cured has lines of its own */
    if (choice->blocked) fprintf(to, " (%s)", ds_word(lang, DS_WORD_BLOCKED));
    fprintf(to, "\n");
}

/* A right that is only blocked is not refused. */
static enum ds_word wish_word(const Ds__ReturnDecided *decided)
{
    if (decided->wish_granted) return DS_WORD_GRANTED;
    for (size_t i = 0; i < decided->n_choices; i++)
        if (decided->choices[i]->option == decided->wish && decided->choices[i]->blocked)
            return DS_WORD_BLOCKED;
    return DS_WORD_NOT_GRANTED;
}

static void put_interval(FILE *to, enum ds_lang lang, const Ds__ReturnInterval *interval,
                         const struct ds_zone *zone, int indent)
{
    char from[32], end[32];

    cli_local_time(from, interval->from_ms, zone);
    cli_local_time(end, interval->to_ms, zone);
    fprintf(to, "%*s%s .. %s %s\n", indent, "", from,
            interval->has_to_ms ? end : ds_word(lang, DS_WORD_STILL_OPEN),
            ds_word(lang, kinds[interval->kind]));
}

void return_print_decided(FILE *to, enum ds_lang lang, const Ds__ReturnDecided *decided,
                          const struct ds_version *version, const struct ds_zone *zone, int indent)
{
    put_dates(to, lang, decided, indent);
    for (size_t i = 0; i < decided->n_rights; i++)
        put_right(to, lang, decided->rights[i], version, indent);
    for (size_t i = 0; i < decided->n_choices; i++)
        put_choice(to, lang, decided->choices[i], indent);
    if (decided->n_choices == 0)
        fprintf(to, "%*s%s\n", indent, "", ds_word(lang, DS_WORD_NOTHING_ALLOWED));
    for (size_t i = 0; i < decided->n_blocked && decided->n_choices > 0; i++)
        fprintf(to, "%*s%s %s\n", indent, "", ds_word(lang, DS_WORD_BLOCKED),
                ds_reason_text(lang, (int)decided->blocked[i]));
    if (decided->has_wish)
        fprintf(to, "%*s%s %s: %s\n", indent, "", ds_word(lang, DS_WORD_WISHED),
                ds_word(lang, options[decided->wish]), ds_word(lang, wish_word(decided)));
    for (size_t i = 0; i < decided->n_intervals; i++)
        put_interval(to, lang, decided->intervals[i], zone, indent);
    if (decided->n_rights > 0)
        fprintf(to, "%*s%s: %s\n", indent, "", ds_word(lang, DS_WORD_OUR_DEFAULTS),
                ds_word(lang, DS_WORD_RETURN_OURS));
}
