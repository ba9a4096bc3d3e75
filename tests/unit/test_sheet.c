/* SPDX-License-Identifier: MIT
 *
 * The lot of the monthly satisfaction sheet (P4) against a slow reference, and when the sheet is
 * due (7.2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendar_plan.h"
#include "callback-survey/survey.h"
#include "sim/prng.h"
#include "sla-watcher/sheet.h"

static const struct ds_version five_to_one = {
    .sheet_repairs = 5, .sheet_installs = 1, .sheet_blocks = 10};

static struct survey_row rows[SURVEY_ROWS_MAX];
static struct ds_out out; /* large */

static Ds__SheetDrawn draw(uint32_t n, uint64_t seed)
{
    Ds__SheetDrawn drawn = DS__SHEET_DRAWN__INIT;

    ds_out_reset(&out);
    survey_draw(&five_to_one, rows, n, seed, &out, &drawn);
    return drawn;
}

/* ---- who is on the sheet ---- */

static void test_what_is_on_the_sheet(void **state)
{
    static const struct {
        Ds__Kind__Name kind;
        Ds__ComplaintType__Name type;
        Ds__Kind__Name on_sheet;
    } cases[] = {
        {DS__KIND__NAME__INSTALL, DS__COMPLAINT_TYPE__NAME__NONE, DS__KIND__NAME__INSTALL},
        {DS__KIND__NAME__COMPLAINT, DS__COMPLAINT_TYPE__NAME__REPAIR, DS__KIND__NAME__COMPLAINT},
        {DS__KIND__NAME__COMPLAINT, DS__COMPLAINT_TYPE__NAME__SERVICE, DS__KIND__NAME__NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Ds__TicketHead head = DS__TICKET_HEAD__INIT;
        DS_SET(&head, kind, cases[i].kind);
        DS_SET(&head, complaint_type, cases[i].type);
        assert_int_equal(survey_kind(&head), cases[i].on_sheet);
    }
}

static void test_blocks(void **state)
{
    static const uint32_t cases[][4] = {
        /* repairs, installs, blocks, on the sheet */
        {0, 0, 0, 0},     {4, 3, 0, 7},     {5, 0, 0, 5},       {0, 6, 0, 6},    {5, 1, 1, 6},
        {9, 2, 1, 6},     {10, 1, 1, 6},    {10, 2, 2, 12},     {49, 10, 9, 54}, {50, 9, 9, 54},
        {50, 10, 10, 60}, {55, 11, 10, 60}, {4000, 96, 10, 60},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t n = cases[i][0] + cases[i][1];
        for (uint32_t r = 0; r < n; r++)
            rows[r] = (struct survey_row){r + 1, 9000 + r, r >= cases[i][0]};
        Ds__SheetDrawn drawn = draw(n, 1);
        assert_int_equal(drawn.repairs, cases[i][0]);
        assert_int_equal(drawn.installs, cases[i][1]);
        assert_int_equal(drawn.blocks, cases[i][2]);
        assert_int_equal(drawn.n_drawn, cases[i][3]);
    }
}

/* ---- the lot ---- */

static uint64_t order_seed;

/* The ticket-th number of a generator that begins with the seed. */
static uint64_t rank(const uint64_t *ticket)
{
    struct prng prng = {order_seed + (*ticket - 1) * UINT64_C(0x9e3779b97f4a7c15)};

    return prng_next(&prng);
}

static int by_rank(const void *a, const void *b)
{
    uint64_t one = rank(a), two = rank(b);

    return one < two ? -1 : one > two;
}

static void demand_smallest(const uint64_t *tickets, size_t n, size_t wanted, const uint64_t *found)
{
    uint64_t *list = malloc((n + 1) * sizeof *list);

    assert_non_null(list);
    if (n > 0) memcpy(list, tickets, n * sizeof *list);
    qsort(list, n, sizeof *list, by_rank);
    if (wanted > 0) assert_memory_equal(list, found, wanted * sizeof *list);
    free(list);
}

static void test_smallest_ranks_in_any_order(void **state)
{
    struct prng prng = {7};

    (void)state;
    for (int round = 0; round < 300; round++) {
        uint32_t n = (uint32_t)prng_below(&prng, 120);
        uint64_t seed = prng_next(&prng);
        for (uint32_t i = 0; i < n; i++)
            rows[i] =
                (struct survey_row){1 + prng_below(&prng, 200), 1 + i, prng_chance(&prng, 20)};
        n = survey_sort_rows(rows, n);
        for (uint32_t i = 1; i < n; i++)
            assert_true(rows[i - 1].ticket < rows[i].ticket);
        Ds__SheetDrawn drawn = draw(n, seed);
        bool all = drawn.blocks == 0;
        size_t repairs = all ? drawn.n_repair : 5 * (size_t)drawn.blocks;
        size_t installs = all ? drawn.n_install : drawn.blocks;
        order_seed = seed;
        assert_int_equal(drawn.n_drawn, repairs + installs);
        demand_smallest(drawn.repair, drawn.n_repair, repairs, drawn.drawn);
        demand_smallest(drawn.install, drawn.n_install, installs, drawn.drawn + repairs);
    }
}

static void test_the_last_answer_of_a_ticket(void **state)
{
    static const struct survey_row told[] = {
        {5, 30, false}, {3, 31, true}, {5, 40, false}, {5, 35, false}, {3, 20, true}};

    (void)state;
    memcpy(rows, told, sizeof told);
    assert_int_equal(survey_sort_rows(rows, 5), 2);
    assert_int_equal(rows[0].ticket, 3);
    assert_int_equal(rows[0].answer, 31);
    assert_int_equal(rows[1].ticket, 5);
    assert_int_equal(rows[1].answer, 40);
}

/* The most that a month can have, all of it on the sheet, with large numbers: fits a frame. */
static void test_the_largest_sheet(void **state)
{
    char hex[65];

    (void)state;
    for (uint32_t i = 0; i < SURVEY_ROWS_MAX; i++)
        rows[i] = (struct survey_row){UINT64_C(1) << 34 | i, UINT64_C(1) << 33 | i, false};
    memset(hex, 'f', 64);
    hex[64] = '\0';
    Ds__SheetDrawn drawn = draw(SURVEY_ROWS_MAX, 1);
    drawn.seed = hex;
    drawn.territory = hex;
    assert_int_equal(drawn.n_drawn, SURVEY_ROWS_MAX);
    assert_in_range(ds__sheet_drawn__get_packed_size(&drawn), 1, DS_FRAME_MAX - 1024);
}

/* ---- handing in ---- */

static void test_submissions(void **state)
{
    Ds__SurveyMonth month = DS__SURVEY_MONTH__INIT;

    (void)state;
    DS_SET(&month, draw_at_ms, 1000);
    assert_int_equal(survey_submission(NULL, 2000), DS__REASON__NAME__NO_SUCH_SHEET);
    assert_int_equal(survey_submission(&month, 2000), DS__REASON__NAME__SHEET_NOT_DRAWN);
    DS_SET(&month, drawn, true);
    assert_int_equal(survey_submission(&month, 1000), DS__REASON__NAME__SHEET_NOT_DRAWN);
    assert_int_equal(survey_submission(&month, 1001), DS__REASON__NAME__SHEET_HANDED_IN);
    DS_SET(&month, handed_in_at_ms, 2000);
    assert_int_equal(survey_submission(&month, 1999), DS__REASON__NAME__SHEET_HANDED_IN);
    assert_int_equal(survey_submission(&month, 2000), DS__REASON__NAME__SHEET_HANDED_IN_BEFORE);
}

/* Drawn a day late at most, it is due as ever; later, by the instant at which it was drawn. */
static void test_a_sheet_that_was_drawn_late(void **state)
{
    static const struct {
        const char *drawn, *due;
    } cases[] = {
        {"2007-04-02 00:00:00.000", "2007-04-04 18:00:00.000"},
        {"2007-04-02 23:59:59.999", "2007-04-04 18:00:00.000"},
        {"2007-04-03 00:00:00.000", "2007-04-06 18:00:00.000"},
        {"2007-04-20 09:00:00.000", "2007-04-24 18:00:00.000"},
    };
    static struct table table; /* large */
    static struct ds_version rules = {.late_max_ms = DS_DAY_MS};
    const struct ds_territory territory = {.id = "county", .calendar = &table.cal};

    (void)state;
    lay_out(&county, &table);
    rules.clocks[DS_CLOCK_SURVEY_SHEET] = (struct ds_clock_rule){
        .limit = {.form = DS_LIMIT_END_OF_WORK, .workdays = 3}, .base = DS_BASE_WORKING};
    assert_int_equal(survey_draw_ms(&rules, table.cal.zone, 200703),
                     china("2007-04-01 23:59:59.999"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct watch_sheet sheet = {
            .clock = DS_CLOCK_SURVEY_SHEET, .calendar = &table.cal, .rules = &rules};
        ds__watch_sheet__init(&sheet.state);
        watch_sheet_of_month(&sheet, &territory, 200703, china(cases[i].drawn));
        assert_int_equal(sheet.state.due_ms, china(cases[i].due));
        assert_null(sheet.state.owner); /* nobody is on this roster */
    }
    /* rules that wait five days for late facts: drawn on the 5th, the day after the due */
    struct watch_sheet sheet = {
        .clock = DS_CLOCK_SURVEY_SHEET, .calendar = &table.cal, .rules = &rules};
    ds__watch_sheet__init(&sheet.state);
    rules.late_max_ms = 5 * (int64_t)DS_DAY_MS;
    watch_sheet_of_month(&sheet, &territory, 200703, china("2007-04-06 00:00:00.000"));
    assert_int_equal(sheet.state.due_ms, china("2007-04-10 18:00:00.000"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_on_the_sheet),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_smallest_ranks_in_any_order),
        cmocka_unit_test(test_the_last_answer_of_a_ticket),
        cmocka_unit_test(test_the_largest_sheet),
        cmocka_unit_test(test_submissions),
        cmocka_unit_test(test_a_sheet_that_was_drawn_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
