/* SPDX-License-Identifier: MIT
 *
 * The story of a ticket, a call or a day for a person: a line for each event, and under a verdict
 * or a decision what fits no single line. */
#include <string.h>

#include "doorstep/explain.h"

/* Values of the clock that are our defaults and not the document's word. */
static void print_ours(const struct page *page, const struct ds_version *version,
                       const Ds__Judged *judged)
{
    uint32_t ours = version ? version->clocks[judged->clock].ours : 0;

    if (!ours) return;
    fprintf(page->to, "%-25s", "");
    clock_put_ours(page->to, page->lang, ours);
}

/* Pauses and holders of a verdict, which fit no single line. */
static void print_judged(const struct page *page, const Ds__Judged *judged)
{
    char from[32], end[32], span[32];

    for (size_t i = 0; i < judged->n_pauses; i++) {
        const Ds__Pause *pause = judged->pauses[i];
        cli_local_time(from, pause->from_ms, page->zone);
        cli_local_time(end, pause->to_ms, page->zone);
        fprintf(page->to, "%-25s%s %s .. %s", "", ds_word(page->lang, DS_WORD_PAUSED), from,
                pause->has_to_ms ? end : "");
        explain_put_delay(page, pause->reason);
        fprintf(page->to, "\n");
    }
    for (size_t i = 0; i < judged->n_holdings; i++) {
        cli_duration(span, judged->holdings[i]->running_ms);
        fprintf(page->to, "%-25s%s %s: %s\n", "", ds_word(page->lang, DS_WORD_HELD_BY),
                ds_str(judged->holdings[i]->account), span);
    }
}

/* Dates of a decision are those of its territory. */
static void print_return(const struct page *page, const struct archive *archive,
                         const struct record *record)
{
    const Ds__ReturnDecided *decided = record->msg->return_decided;
    const struct ds_version *version = archive->versions[decided->rulebook];

    if (!version) return;
    for (uint32_t i = 0; i < version->n_territories; i++)
        if (version->territories[i].partition == record->partition) {
            const struct ds_zone *zone = version->territories[i].calendar->zone;
            return return_print_decided(page->to, page->lang, decided, version, zone, 25);
        }
}

void explain_print(FILE *to, enum ds_lang lang, const struct archive *archive,
                   const struct explain *what)
{
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        const Ds__Outcome *outcome =
            record->msg->body_case == DS__EVENT__BODY_OUTCOME ? record->msg->outcome : NULL;
        if (outcome && outcome->outcome == DS__OUTCOME_CODE__NAME__APPLIED) continue;
        struct page page = {to, lang, archive_zone(archive, record->partition), archive};
        explain_put_line(&page, record, what);
        if (record->msg->body_case == DS__EVENT__BODY_JUDGED) {
            print_judged(&page, record->msg->judged);
            print_ours(&page, archive->versions[record->msg->judged->rulebook],
                       record->msg->judged);
        }
        if (record->msg->body_case == DS__EVENT__BODY_CONTRADICTION_FOUND) {
            fprintf(to, "%-25s", "");
            answer_explain(to, lang, archive, record);
            fputc('\n', to);
        }
        if (record->msg->body_case == DS__EVENT__BODY_RETURN_DECIDED)
            print_return(&page, archive, record);
    }
    explain_print_sum(to, lang, archive, what);
}
