/* SPDX-License-Identifier: MIT
 *
 * P4: the satisfaction sheet of a month, five repairs to one install, by lot. The lot is a function
 * of the seed and the tickets alone, so that anyone can draw it again (proto/README.md):
 *
 *   a ticket's rank is the output of SplitMix64 with the state seed + number of the ticket times
 *   0x9e3779b97f4a7c15; of the repairs those with the smallest ranks are on the sheet, of the
 *   installs too.
 *
 * Pure. */
#include "callback-survey/survey.h"

Ds__Kind__Name survey_kind(const Ds__TicketHead *head)
{
    bool repair = head->complaint_type == DS__COMPLAINT_TYPE__NAME__REPAIR;

    if (head->kind == DS__KIND__NAME__INSTALL) return DS__KIND__NAME__INSTALL;
    return repair ? DS__KIND__NAME__COMPLAINT : DS__KIND__NAME__NONE;
}

/* A fact is judged by its own time if it arrives at most late_max after it (handbook 3.2). */
int64_t survey_draw_ms(const struct ds_version *rules, const struct ds_zone *zone, uint32_t month)
{
    return ds_end_of_month(zone, month) + rules->late_max_ms;
}

uint32_t survey_sort_rows(struct survey_row *rows, uint32_t n)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < n; i++) { /* they come nearly sorted */
        struct survey_row row = rows[i];
        uint32_t at = kept;
        while (at > 0 && rows[at - 1].ticket > row.ticket)
            at--;
        if (at > 0 && rows[at - 1].ticket == row.ticket) {
            if (rows[at - 1].answer < row.answer) rows[at - 1] = row;
            continue;
        }
        for (uint32_t j = kept; j > at; j--)
            rows[j] = rows[j - 1];
        rows[at] = row;
        kept++;
    }
    return kept;
}

static uint64_t rank_of(uint64_t seed, uint64_t ticket)
{
    uint64_t z = seed + ticket * UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Appends the wanted tickets with the smallest ranks; the smallest comes first. */
static void draw(const uint64_t *tickets, size_t n, size_t wanted, uint64_t seed,
                 Ds__SheetDrawn *drawn)
{
    uint64_t *list = drawn->drawn + drawn->n_drawn;
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t rank = rank_of(seed, tickets[i]);
        size_t at = kept;
        while (at > 0 && rank_of(seed, list[at - 1]) > rank)
            at--;
        if (at == wanted) continue;
        if (kept < wanted) kept++;
        for (size_t j = kept - 1; j > at; j--)
            list[j] = list[j - 1];
        list[at] = tickets[i];
    }
    drawn->n_drawn += kept;
}

static uint32_t blocks(const struct ds_version *rules, const Ds__SheetDrawn *drawn)
{
    uint32_t k = (uint32_t)rules->sheet_blocks;
    uint32_t of_repairs = drawn->repairs / (uint32_t)rules->sheet_repairs;
    uint32_t of_installs = drawn->installs / (uint32_t)rules->sheet_installs;

    if (of_repairs < k) k = of_repairs;
    return of_installs < k ? of_installs : k;
}

void survey_draw(const struct ds_version *rules, const struct survey_row *rows, uint32_t n,
                 uint64_t seed, struct ds_out *out, Ds__SheetDrawn *drawn)
{
    drawn->repair = ds_out_room(out, n * sizeof drawn->repair[0]);
    drawn->repair_answer = ds_out_room(out, n * sizeof drawn->repair[0]);
    drawn->install = ds_out_room(out, n * sizeof drawn->repair[0]);
    drawn->install_answer = ds_out_room(out, n * sizeof drawn->repair[0]);
    drawn->drawn = ds_out_room(out, n * sizeof drawn->repair[0]);
    for (uint32_t i = 0; i < n; i++) {
        if (rows[i].install) {
            drawn->install[drawn->n_install++] = rows[i].ticket;
            drawn->install_answer[drawn->n_install_answer++] = rows[i].answer;
        } else {
            drawn->repair[drawn->n_repair++] = rows[i].ticket;
            drawn->repair_answer[drawn->n_repair_answer++] = rows[i].answer;
        }
    }
    DS_SET(drawn, repairs, (uint32_t)drawn->n_repair);
    DS_SET(drawn, installs, (uint32_t)drawn->n_install);
    DS_SET(drawn, blocks, blocks(rules, drawn));
    bool all = drawn->blocks == 0; /* a short month */
    size_t repairs = all ? n : drawn->blocks * (size_t)rules->sheet_repairs;
    size_t installs = all ? n : drawn->blocks * (size_t)rules->sheet_installs;
    draw(drawn->repair, drawn->n_repair, repairs, seed, drawn);
    draw(drawn->install, drawn->n_install, installs, seed, drawn);
}

Ds__Reason__Name survey_submission(const Ds__SurveyMonth *month, int64_t at_ms)
{
    if (!month) return DS__REASON__NAME__NO_SUCH_SHEET;
    if (!month->drawn || at_ms <= month->draw_at_ms) return DS__REASON__NAME__SHEET_NOT_DRAWN;
    if (month->has_handed_in_at_ms && at_ms >= month->handed_in_at_ms)
        return DS__REASON__NAME__SHEET_HANDED_IN_BEFORE;
    return DS__REASON__NAME__SHEET_HANDED_IN;
}
