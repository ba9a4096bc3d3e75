/* SPDX-License-Identifier: MIT
 *
 * Wrong rulebooks: clauses, calendars and the small sections: each gives its one problem, at its
 * place, with its suggestion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rulebook_wrong.h"

static const struct wrong wrong[] = {
    /* the small sections */
    {"cap: 15d, at_cap: alert_keep", "cap: 0d, at_cap: alert_keep", "not_positive", "0d, at_cap",
     NULL, false},
    {"cap: 15d, at_cap: alert_keep", "cap: 15d, at_cap: alertkeep", "unknown_word", "alertkeep",
     "alert_keep", false},
    {"  other: {cap: 7d, at_cap: resume}", "", "missing_key", "parts: {cap", NULL, false},
    {"fixed: {clause: \"7.5\"", "fixd: {clause: \"7.5\"", "unknown_key", "fixd", "fixed", false},
    {"fixed: {clause: \"7.5\", bad_when: \"no\"}", "fixed: {clause: \"7.5\", bad_when: false}",
     "unknown_word", "false}", NULL, false},
    {"fixed: {clause: \"7.5\", bad_when: \"no\"}", "fixed: {clause: \"8.5\", bad_when: \"no\"}",
     "unknown_clause", "\"8.5\"", "7.5", false},
    {"charged_fen: {clause: \"7.22\"}", "charged_fen: {clause: \"7.22\", bad_when: \"no\"}",
     "unknown_key", "bad_when: \"no\"}    # an amount", NULL, false},
    {"tolerance: 1.00元", "tolerance: 1.00", "bad_money", "1.00    # our", NULL, false},
    {"tolerance: 1.00元", "tolerance: 100", "bad_money", "100    # our", NULL, false},
    {"tolerance: 1.00元", "tolerance: 1元", "bad_money", "1元", NULL, false},
    {"tolerance: 1.00元", "tolerance: 1.0元", "bad_money", "1.0元", NULL, false},
    {"tolerance: 1.00元", "tolerance: 1.000元", "bad_money", "1.000元", NULL, false},
    {"tolerance: 1.00元", "tolerance: 0100fen", "bad_money", "0100fen", NULL, false},
    {"tolerance: 1.00元", "tolerance: 1e2fen", "bad_money", "1e2fen", NULL, false},
    {"tolerance: 1.00元", "tolerance: -1.00元", "negative", "-1.00元", NULL, false},
    {"tolerance: 1.00元", "tolerance: 1000000.01元", "out_of_range", "1000000.01元", NULL, false},
    {"tolerance: 1.00元", "tolerance: 99999999999999.00元", "bad_money", "99999999999999.00元",
     NULL, false},
    {"  window: 30d ", "  windw: 30d\n  window: 30d ", "unknown_key", "windw", "window", false},
    /* clauses */
    {"- id: \"7.24\"\n", "- id: \"7.23\"\n", "duplicate_id",
     "\"7.23\"\n    kind: reward\n    amount: 200", NULL, false},
    {"- id: \"7.24\"\n", "- id: \"7.024\"\n", "bad_clause", "\"7.024\"", NULL, false},
    {"- id: \"7.24\"\n", "- id: \"7.24.1.1\"\n", "bad_clause", "\"7.24.1.1\"", NULL, false},
    {"- id: \"7.24\"\n", "- id: \"7.24.\"\n", "bad_clause", "\"7.24.\"", NULL, false},
    {"clauses:\n", "clauses:\n  - x\n", "not_a_mapping", "x\n  - id: \"7.1\"", NULL, false},
    {"- id: \"7.7\"\n    kind: fine\n", "- id: \"7.7\"\n    kind: fin\n", "unknown_word", "fin\n",
     "fine", false},
    {"- id: \"7.7\"\n    kind: fine\n    amount: 500.00元",
     "- id: \"7.7\"\n    kind: fine\n    amount: 0.00元", "not_positive",
     "0.00元\n    how: manual\n    serious: dis", NULL, false},
    {"- id: \"7.7\"\n    kind: fine\n    amount: 500.00元",
     "- id: \"7.7\"\n    kind: fine\n    amount: 0x", "out_of_range", "0x\n    how: manual", NULL,
     false},
    {"- id: \"7.7\"\n    kind: fine\n    amount: 500.00元",
     "- id: \"7.7\"\n    kind: fine\n    amount: lots", "bad_amount", "lots", NULL, false},
    {"- id: \"7.7\"\n    kind: fine\n", "- id: \"7.7\"\n    note: x\n    kind: fine\n",
     "unknown_key", "note: x", NULL, false},
    {"    en: Nobody picked up the service phone in working time\n", "", "missing_key",
     "id: \"7.8\"", NULL, false},
    {"obligation: give back what was taken",
     "obligation: 123456789 123456789 123456789 123456789 123456789 123456789 12345", "too_long",
     "123456789 123456789 123456789 123456789 123456789 123456789 12345", NULL, false},
    {"instalments: 12    # our default\n    en: Work",
     "instalments: 1    # our default\n    en: Work", "out_of_range",
     "1    # our default\n    en: Work", NULL, false},
    {"instalments: 12    # our default\n    en: Work",
     "instalments: 61    # our default\n    en: Work", "out_of_range",
     "61    # our default\n    en: Work", NULL, false},
    {"    obligation: apology at the door\n",
     "    obligation: apology at the door\n    instalments: 3\n", "not_assessed", "instalments: 3",
     NULL, false},
    {"amount: 10x", "amount: 1001x", "out_of_range", "1001x", NULL, false},
    {"proposals_expire: 60d", "proposals_expire: 0d", "not_positive", "0d    # our default\n  app",
     NULL, false},
    {"appeal_within: 30d", "appeal_with: 30d\n  appeal_within: 30d", "unknown_key",
     "appeal_with: ", "appeal_within", false},
    /* piece rates */
    {"kind: install, zone: far", "kind: instal, zone: far", "unknown_word", "instal, zone",
     "install", false},
    {"category: air_conditioner, zone: far, rate: 60.00元",
     "category: air_conditoner, zone: far, rate: 60.00元", "unknown_skill", "air_conditoner",
     "air_conditioner", false},
    {"{kind: install, rate: 15.00元}", "{kind: install, rate: 15}", "bad_money", "15}", NULL,
     false},
    {"{kind: install, rate: 15.00元}", "{kind: install, rate: 1000000.01元}", "out_of_range",
     "1000000.01元", NULL, false},
    {"{kind: install, rate: 15.00元}", "{kind: install}", "missing_key", "{kind: install}", NULL,
     false},
    {"{kind: install, rate: 15.00元}",
     "{kind: install, rate: 15.00元}\n  - {kind: install, zone: city, rate: 9.00元}",
     "never_reached", "{kind: install, zone: city", NULL, false},
    /* calendars */
    {"zone: Asia/Shanghai", "zone: Asia/Shangai", "unknown_zone", "Asia/Shangai", "Asia/Shanghai",
     false},
    {"zone: Asia/Shanghai", "zone: ../Asia/Shanghai", "bad_zone_name", "../Asia", NULL, false},
    {"zone: Asia/Shanghai", "zone: /etc/passwd", "bad_zone_name", "/etc/passwd", NULL, false},
    {"zone: Asia/Shanghai", "zone: localtime", "bad_zone_name", "localtime", NULL, false},
    {"zone: Asia/Shanghai", "zone: right/Asia/Shanghai", "bad_zone_name", "right/Asia", NULL,
     false},
    {"zone: Asia/Shanghai", "zone: Asia", "unknown_zone", "Asia\n", NULL, false},
    {"mon: [\"08:00-12:00\", \"14:00-18:00\"]", "mon: [\"08:00-12:00\", \"11:59-18:00\"]",
     "overlapping_spans", "\"11:59", NULL, false},
    {"mon: [\"08:00-12:00\", \"14:00-18:00\"]", "mon: [\"14:00-18:00\", \"08:00-12:00\"]",
     "overlapping_spans", "\"08:00-12:00\"]\n", NULL, false},
    {"mon: [\"08:00-12:00\", \"14:00-18:00\"]", "mon: [\"12:00-08:00\"]", "reversed_span",
     "\"12:00-08:00\"", NULL, false},
    {"mon: [\"08:00-12:00\", \"14:00-18:00\"]", "mon: [\"08:00-08:00\"]", "reversed_span",
     "\"08:00-08:00\"", NULL, false},
    {"mon: [\"08:00-12:00\", \"14:00-18:00\"]", "mon: [\"8:00-12:00\"]", "bad_span",
     "\"8:00-12:00\"", NULL, false},
    {"mon: [\"08:00-12:00\", \"14:00-18:00\"]", "mon: 08:00 - 12:00", "bad_span", "08:00 - 12:00",
     NULL, false},
    {"mon: [\"08:00-12:00\", \"14:00-18:00\"]", "mon: [\"00:00-25:00\"]", "bad_span",
     "\"00:00-25:00\"", NULL, false},
    {"mon: [\"08:00-12:00\", \"14:00-18:00\"]",
     "mon: [\"01:00-02:00\", \"03:00-04:00\", \"05:00-06:00\", \"07:00-08:00\", \"09:00-10:00\"]",
     "too_many", "[\"01:00-02:00\"", NULL, false},
    {"from: 2007-02-18", "from: 2007-02-29", "bad_date", "2007-02-29", NULL, false},
    {"to: 2007-02-24", "to: 2007-02-17", "reversed_dates", "2007-02-17, name", NULL, false},
    {"date: 2007-02-25", "date: 2007-02-17", "already_working", "2007-02-17, like", NULL, false},
    {"date: 2007-02-25", "date: 2007-02-24", "holiday_and_make_up", "2007-02-24, like", NULL,
     false},
    {"      - {date: 2007-02-25, like: fri}",
     "      - {date: 2007-02-25, like: fri}\n      - {date: 2007-02-25, like: mon}", "duplicate_id",
     "2007-02-25, like: mon", NULL, false},
    {"like: fri", "like: sun", "no_hours", "sun}", NULL, false},
    {"2007-02-25, like: fri", "2007-02-25", "one_of_keys", "{date: 2007-02-25}", NULL, false},
    {"- id: county", "- id: county seat", "bad_id", "county seat", NULL, true},
    /* form */
    {"name: after-sales rules 2007", "name: &a rules", "anchor", "&a", NULL, false},
    {"name: after-sales rules 2007", "name: !!str rules", "tag", "!!str", NULL, false},
    {"near: 48h", "near: 48h\n      near: 48h", "duplicate_key", "near: 48h\n      far", NULL,
     false},
    {"near: 48h", "near: 48h\n      <<: {a: b}", "merge_key", "<<", NULL, false},
};

static void test_each_has_its_problem(void **state)
{
    assert_int_equal(count_failed(*state, wrong, sizeof(wrong) / sizeof(wrong[0]), false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_has_its_problem),
    };
    return cmocka_run_group_tests_name("clauses_wrong", tests, read_files, free_files);
}
