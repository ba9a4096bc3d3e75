/* SPDX-License-Identifier: MIT
 *
 * Wrong directories: each gives its one problem, at its place, with its suggestion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rulebook_wrong.h"

static const struct wrong wrong[] = {
    {"  - repair\n", "  - repair\n  - repair\n", "duplicate_id", "repair\n  - air_con", NULL,
     false},
    {"  - repair\n", "  - re pair\n  - repair\n", "bad_id", "re pair", NULL, false},
    {"  - 城东\n", "  - 城东\n  - 城东\n", "duplicate_id", "城东\n  - 城西", NULL, false},
    {"partition: 7", "partition: 16", "unknown_partition", "16\n    mode", NULL, false},
    {"partition: 7", "partition: 256", "out_of_range", "256\n", NULL, false},
    {"partition: 7", "partition: -1", "out_of_range", "-1\n", NULL, false},
    {"partition: 7", "partition: p007", "bad_number", "p007", NULL, false},
    {"partition: 7", "partition: 007", "bad_number", "007\n", NULL, false},
    {"mode: auto", "mode: atuo", "unknown_word", "atuo", "auto", false},
    {"mode: auto\n    calendar: county", "mode: auto\n    calendar: country", "unknown_calendar",
     "country", "county", false},
    {"numbers: [\"07365550201\"]", "numbers: [\"07365550101\"]", "duplicate_id", "\"07365550101\"]",
     NULL, false},
    {"numbers: [\"07365550201\"]", "numbers: [\"0736 5550201\"]", "bad_phone", "\"0736 5550201\"",
     NULL, false},
    {"numbers: [\"07365550201\"]", "numbers: \"07365550201\"", "not_a_list", "\"07365550201\"",
     NULL, false},
    {"  - id: river\n", "  - id: county\n", "duplicate_id", "county\n    name: River", NULL, true},
    {"people: [lin, zhou]", "people: [lin, zho]", "unknown_person", "zho]", "zhou", false},
    {"people: [lin, zhou]", "people: [lin, lin]", "duplicate_id", "lin]\n      - days: [thu", NULL,
     false},
    {"people: [lin, zhou]", "people: [lin, wang]", "not_a_clerk", "wang]", NULL, false},
    {"people: [lin, zhou]", "people: [lin, tan]", "other_territory", "tan]\n      - days: [thu",
     NULL, false},
    {"- days: [mon, tue, wed]\n", "- days: [mon, tue, wd]\n", "unknown_word", "wd]", "wed", false},
    {"- days: [mon, tue, wed]\n", "-\n", "missing_key",
     "hours: [\"08:00-12:00\", \"14:00-18:00\"]\n        people: [lin, zhou]", NULL, false},
    {"to: 2007-02-25\n        hours: [\"08:00-12:00\", \"14:00-18:00\"]\n        people: [lin]",
     "to: 2007-02-24\n        hours: [\"08:00-12:00\", \"14:00-18:00\"]\n        people: [lin]",
     "reversed_dates", "2007-02-24", NULL, false},
    {"to: 2007-02-25\n        hours: [\"08:00-12:00\", \"14:00-18:00\"]\n        people: [lin]",
     "hours: [\"08:00-12:00\", \"14:00-18:00\"]\n        people: [lin]", "missing_key",
     "from: 2007-02-25    # the", NULL, false},
    {"- id: jiaqiao\n", "- id: qihe\n", "duplicate_id", "qihe\n    name: 架桥", NULL, true},
    {"- id: wang\n", "- id: qihe\n", "id_of_outlet", "qihe\n    name: 王", NULL, false},
    {"skills: [install, repair, air_conditioner]", "skills: [install, repair, airconditioner]",
     "unknown_skill", "airconditioner", "air_conditioner", false},
    {"areas: [城东]\n", "areas: [城冬]\n", "unknown_area", "城冬", NULL, false},
    {"zones: [city]\n    areas: [城西]", "zones: [cty]\n    areas: [城西]", "unknown_word", "cty",
     "city", false},
    {"max_open: 8", "max_open: 0", "out_of_range", "0\n  - id: sun", NULL, false},
    {"max_open: 8", "max_open: 8.0", "bad_number", "8.0", NULL, false},
    {"    max_open: 8\n", "", "missing_key", "id: xu\n", NULL, false},
    {"id: zhou, name", "id: lin, name", "duplicate_id", "lin, name: 周敏", NULL, true},
    {"id: zhou, name", "id: \"zh ou\", name", "bad_id", "\"zh ou\"", NULL, true},
    {"id: maker, ", "id: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, ",
     "bad_id", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,", NULL, false},
    {"name: 刘经理, role: manager, calendar: county", "name: 刘经理, role: manager", "missing_key",
     "{id: liu", NULL, false},
    {"name: 刘经理, role: manager", "name: 刘经理, role: mananger", "unknown_word", "mananger",
     "manager", false},
    {"role: clerk, territory: river}\n  - {id: peng",
     "role: clerk, territory: rvier}\n  - {id: peng", "unknown_territory", "rvier", "river", false},
    {"name: technicians' app, role: system",
     "name: technicians' app, role: system, calendar: county", "not_for_role",
     "calendar: county}\n  - {id: maker", NULL, false},
    {"name: technicians' app, role: system", "name: technicians' app, role: system, outlet: qihe",
     "not_for_role", "outlet: qihe}\n  - {id: maker", NULL, false},
    {"makers: [洞庭空调, 沅水冰箱]", "makers: [洞庭空调, 洞庭空调]", "duplicate_id", "洞庭空调]",
     NULL, false},
    {"max_open: 6\n    place: township", "max_open: 6\n    place: village", "unknown_word",
     "village", NULL, false},
    {"territory: river, outlet: jiaqiao}", "territory: river, outlet: jiaqia}", "unknown_outlet",
     "jiaqia}", "jiaqiao", false},
    {"territory: river, outlet: jiaqiao}", "territory: county, outlet: jiaqiao}", "other_territory",
     "jiaqiao}", NULL, false},
    {"territory: river, outlet: jiaqiao}", "territory: river, outlet: jiaqiao, zones: [far]}",
     "not_for_role", "zones: [far]}", NULL, false},
    {"territory: river, outlet: jiaqiao}", "territory: [river, county], outlet: jiaqiao}",
     "not_a_scalar", "[river, county]", NULL, false},
    {"territory: river, outlet: jiaqiao}", "outlet: jiaqiao}", "missing_key", "{id: jiaqiao-luo",
     NULL, false},
};

static void test_each_has_its_problem(void **state)
{
    assert_int_equal(count_failed(*state, wrong, sizeof(wrong) / sizeof(wrong[0]), true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_has_its_problem),
    };
    return cmocka_run_group_tests_name("directory_wrong", tests, read_files, free_files);
}
