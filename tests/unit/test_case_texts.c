/* SPDX-License-Identifier: MIT
 *
 * The archive of cases: how texts are compared, remedies ranked and products told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dispatcher/cases.h"

static void test_compared(void **state)
{
    static const struct {
        const char *text, *compared;
    } rows[] = {
        {"", ""},
        {" \u3000!?", ""},
        {"E1: Not  Cold", "e1notcold"},
        {"ＫＦＲ－３５ＧＷ／Ａ", "kfr35gwa"},
        {"KFR-35/12 GW", "kfr35 12gw"},
        {"3.3uF", "3 3uf"},
        {"3..3", "3 3"},
        {"不制冷，漏水。", "不制冷漏水"},
        {"不制冷 漏水", "不制冷漏水"},
        {"〇号々", "〇号々"},
        {"É·ü", "Éü"},
    };
    char text[DISPATCH_CASE_TEXT + 1], many[1000];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        dispatch_compared(rows[i].text, text);
        assert_string_equal(text, rows[i].compared);
    }
    for (size_t i = 0; i + 3 < sizeof many; i += 3) /* cut between characters */
        memcpy(many + i, "冷", 4);
    many[0] = 'x';
    many[1] = many[2] = 'y';
    dispatch_compared(many, text);
    assert_int_equal(strlen(text), DISPATCH_CASE_TEXT);
    memmove(many + 1, many, 900);
    dispatch_compared(many, text);
    assert_int_equal(strlen(text), DISPATCH_CASE_TEXT - 2);
    dispatch_wording(many, text);
    assert_int_equal(strlen(text), DISPATCH_CASE_TEXT - 2);
    dispatch_wording(" \t换\u3000\n保险. ", text);
    assert_string_equal(text, "换 保险.");
}

static Ds__CaseRow row_of(const char *remedy, uint32_t worked, uint32_t failed, int64_t used_ms)
{
    Ds__CaseRow row = DS__CASE_ROW__INIT;

    row.cause = (char *)"";
    row.remedy = (char *)remedy;
    row.worked = worked;
    row.failed = failed;
    row.used_at_ms = used_ms;
    return row;
}

static void test_ranked(void **state)
{
    Ds__CaseRow often = row_of("often", 10, 1, 1), once = row_of("once", 1, 0, 9);
    Ds__CaseRow twice = row_of("twice", 2, 1, 9), never = row_of("never", 3, 3, 99);
    Ds__CaseRow later = row_of("later", 1, 0, 10), a = row_of("a", 1, 0, 9);
    Ds__CaseRow *rows[] = {&never, &twice, &once, &later, &often};
    Ds__DispatchCase found = DS__DISPATCH_CASE__INIT;
    const Ds__CaseRow *best[DISPATCH_BEST];

    (void)state;
    assert_int_equal(dispatch_score(&often), 8100);
    assert_int_equal(dispatch_score(&twice), 500);
    assert_int_equal(dispatch_score(&never), 0);
    assert_true(dispatch_is_better(&a, &once));
    found.rows = rows;
    found.n_rows = 5;
    assert_int_equal(dispatch_best(&found, best), 3);
    assert_string_equal(best[0]->remedy, "often");
    assert_string_equal(best[1]->remedy, "later");
    assert_string_equal(best[2]->remedy, "once");
    found.n_rows = 1;
    assert_int_equal(dispatch_best(&found, best), 0);
}

/* Which of two products: NULL where the telephone tells. */
static void test_products(void **state)
{
    static const struct {
        const char *serial, *text;
    } rows[] = {
        {NULL, NULL},
        {"", NULL},
        {"-", NULL},
        {"无", NULL},
        {"1", NULL},
        {"SN-1", NULL},
        {"S12-3", NULL},
        {"unknown", NULL},
        {"000 00", NULL},
        {"号12三", NULL},
        {"３３３３３３", NULL},
        {"S1-234", "s1 234"},
        {"00001", "00001"},
        {"号12三 ", NULL},
        {"号12三４", "号12三4"},
    };
    Ds__TicketHead head = DS__TICKET_HEAD__INIT;
    char text[DISPATCH_PRODUCT_TEXT], wanted[DISPATCH_PRODUCT_TEXT], many[1000];

    (void)state;
    head.phone = (char *)"13000010001";
    head.category = (char *)"television";
    head.model = (char *)"KF-3";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        head.serial = (char *)rows[i].serial;
        strcpy(wanted,
               rows[i].text ? "serial\ntelevision\n" : "customer\n13000010001\ntelevision\n");
        strcat(wanted, rows[i].text ? rows[i].text : "kf3");
        dispatch_product_text(&head, text);
        assert_string_equal(text, wanted);
    }
    memset(many, 'x', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    head.phone = head.category = head.model = head.serial = many;
    dispatch_product_text(&head, text); /* cut, line by line */
    assert_int_equal(strlen(text), strlen("customer") + 3 * (1 + DISPATCH_CASE_TEXT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compared),
        cmocka_unit_test(test_ranked),
        cmocka_unit_test(test_products),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
