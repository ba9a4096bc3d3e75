/* SPDX-License-Identifier: MIT
 *
 * The shipped rulebook and directory as compiled: every figure they promise. A change of the files
 * is a change of this test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rulebook_files.h"

enum { M = 60000, H = 60 * M };
static const int64_t D = 24 * (int64_t)H;

static void test_shipped_clocks(void **state)
{
    static const struct {
        enum ds_clock clock;
        enum ds_limit_form form;
        enum ds_base base;
        int64_t span_ms, warn_after_ms, grace_ms;
        int32_t permille;
        const char *clause;
    } cases[] = {
        {DS_CLOCK_ORDER, DS_LIMIT_SPAN, DS_BASE_WORKING, 30 * M, 0, 2 * H, 500, ""},
        {DS_CLOCK_DISPATCH, DS_LIMIT_SPAN, DS_BASE_WORKING, 30 * M, 0, 2 * H, 500, ""},
        {DS_CLOCK_ACCEPT, DS_LIMIT_SPAN, DS_BASE_WORKING, 30 * M, 10 * M, 2 * H, 0, "7.1"},
        {DS_CLOCK_CONTACT, DS_LIMIT_SPAN, DS_BASE_WORKING, 10 * M, 0, 2 * H, 500, ""},
        {DS_CLOCK_VISIT, DS_LIMIT_SPAN, DS_BASE_ELAPSED, 72 * H, 0, 12 * H, 750, ""},
        {DS_CLOCK_COMPLAINT, DS_LIMIT_SPAN, DS_BASE_ELAPSED, 72 * H, 0, 14 * H, 750, "7.3"},
        {DS_CLOCK_FEEDBACK, DS_LIMIT_END_OF_DAY, DS_BASE_CALENDAR, 0, 0, 2 * H, 0, ""},
        {DS_CLOCK_DELAY, DS_LIMIT_SPAN, DS_BASE_WORKING, 30 * M, 0, 2 * H, 500, ""},
        {DS_CLOCK_RESULT, DS_LIMIT_SPAN, DS_BASE_ELAPSED, 12 * H, 0, 12 * H, 750, "7.4"},
        {DS_CLOCK_CALLBACK, DS_LIMIT_END_OF_WORK, DS_BASE_WORKING, 0, 0, 2 * H, 0, ""},
        {DS_CLOCK_SURVEY_SHEET, DS_LIMIT_END_OF_WORK, DS_BASE_WORKING, 0, 0, 0, 0, "7.2"},
        {DS_CLOCK_WEEKLY_SHEET, DS_LIMIT_WEEKDAY, DS_BASE_CALENDAR, 0, 0, 0, 0, ""},
        {DS_CLOCK_HOTLINE, DS_LIMIT_SPAN, DS_BASE_WORKING, 20000, 0, 2 * H, 0, "7.8"},
    };
    struct ds_version *v = compiled(*state);
    assert_int_equal(sizeof(cases) / sizeof(cases[0]), DS_CLOCK_COUNT - 1);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct ds_clock_rule *rule = &v->clocks[cases[i].clock];
        assert_int_equal(cases[i].clock, i + 1);
        assert_int_equal(rule->limit.form, cases[i].form);
        assert_int_equal(rule->limit.span_ms, cases[i].span_ms);
        assert_int_equal(rule->base, cases[i].base);
        assert_int_equal(rule->warn_after_ms, cases[i].warn_after_ms);
        assert_int_equal(rule->warn_permille, cases[i].permille);
        assert_int_equal(rule->grace_ms, cases[i].grace_ms);
        assert_string_equal(rule->clause, cases[i].clause);
    }
    assert_int_equal(v->clocks[DS_CLOCK_CALLBACK].limit.workdays, 3);
    assert_int_equal(v->clocks[DS_CLOCK_SURVEY_SHEET].limit.workdays, 3);
    assert_int_equal(v->clocks[DS_CLOCK_WEEKLY_SHEET].limit.weekday, 0);
    assert_int_equal(v->clocks[DS_CLOCK_WEEKLY_SHEET].limit.time_ms, 12 * H);
    ds_version_destroy(v);
}

static void test_shipped_values(void **state)
{
    struct ds_version *v = compiled(*state);
    const int64_t pairs[][2] = {
        {v->number, 7},
        {v->ahead_max_ms, 2 * M},
        {v->late_max_ms, 24 * H},
        {v->follow_up_ms, 30 * D},
        {v->band_ms[DS_CITY], 24 * H},
        {v->band_ms[DS_NEAR], 48 * H},
        {v->band_ms[DS_FAR], 72 * H},
        {v->near_up_to_m, 20000},
        {v->early_arrival_ms, 30 * M},
        {v->complaint_urgent_ms, 24 * H},
        {v->auto_held_ms, 24 * H},
        {v->auto_held_urgent_ms, 8 * H},
        {v->not_on_time_window_ms, 30 * D},
        {v->repeat_within_ms, 30 * D},
        {v->analyse_within_ms, 7 * D},
        {v->hotline_ring_ms, 20000},
        {v->hotline_occasion_ms, 10 * M},
        {v->callback_attempts, 3},
        {v->callback_days, 2},
        {v->callback_times_of_day, 2},
        {v->callback_afternoon_ms, 12 * H},
        {v->callback_evening_ms, 18 * H},
        {v->sheet_repairs, 5},
        {v->sheet_installs, 1},
        {v->sheet_blocks, 10},
        {v->charge_tolerance_fen, 100},
        {v->proposal_expires_ms, 60 * D},
        {v->appeal_within_ms, 30 * D},
        {v->n_piece_rates, 8},
        {v->key_purchases_fen, 1000000},
        {v->pauses[DS_DELAY_PARTS].cap_ms, 15 * D},
        {v->pauses[DS_DELAY_PARTS].at_cap, DS_AT_CAP_ALERT_KEEP},
        {v->pauses[DS_DELAY_MAJOR_REPAIR].cap_ms, 7 * D},
        {v->pauses[DS_DELAY_MAJOR_REPAIR].at_cap, DS_AT_CAP_RESUME},
        {v->pauses[DS_DELAY_CUSTOMER].cap_ms, 7 * D},
        {v->pauses[DS_DELAY_CUSTOMER].at_cap, DS_AT_CAP_ALERT_KEEP},
        {v->pauses[DS_DELAY_OTHER].cap_ms, 7 * D},
        {v->pauses[DS_DELAY_OTHER].at_cap, DS_AT_CAP_RESUME},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (pairs[i][0] != pairs[i][1]) fail_msg("value %zu is wrong", i);
    }
    assert_string_equal(v->not_on_time_clause, "7.6");
    assert_string_equal(v->analysis_clause, "7.14");
    ds_version_destroy(v);
}

/* The first line that fits; a kind without a line pays nothing by the piece. */
static void test_shipped_piece_rates(void **state)
{
    static const struct {
        enum ds_piece kind;
        const char *category;
        enum ds_zone_band zone;
        int64_t fen;
    } cases[] = {
        {DS_PIECE_INSTALL, "air_conditioner", DS_FAR, 6000},
        {DS_PIECE_INSTALL, "air_conditioner", DS_NEAR, 4500},
        {DS_PIECE_INSTALL, "television", DS_FAR, 2500},
        {DS_PIECE_INSTALL, NULL, DS_CITY, 1500},
        {DS_PIECE_REPAIR, "air_conditioner", DS_FAR, 4000},
        {DS_PIECE_REPAIR, "air_conditioner", DS_CITY, 3000},
        {DS_PIECE_REPAIR, "water_heater", DS_FAR, 2500},
        {DS_PIECE_REPAIR, "nothing we know", DS_ZONE_NONE, 1600},
        {DS_PIECE_SERVICE, "", DS_CITY, -1},
        {DS_PIECE_SYSTEM, NULL, DS_ZONE_NONE, -1},
    };
    struct ds_version *v = compiled(*state);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct ds_piece_rate *rate =
            ds_find_piece_rate(v, cases[i].kind, cases[i].category, cases[i].zone);
        assert_int_equal(rate ? rate->rate_fen : -1, cases[i].fen);
    }
    ds_version_destroy(v);
}

static void test_shipped_clauses(void **state)
{
    /* amount in yuan; -10: ten times the fee; 0: assessed */
    static const struct {
        const char *id;
        int yuan;
        enum ds_clause_how how;
    } cases[] = {
        {"7.1", 50, DS_HOW_AUTO},      {"7.2", 50, DS_HOW_AUTO},     {"7.3", 50, DS_HOW_AUTO},
        {"7.4", 50, DS_HOW_AUTO},      {"7.5", 100, DS_HOW_CONFIRM}, {"7.6", 50, DS_HOW_AUTO},
        {"7.7", 500, DS_HOW_MANUAL},   {"7.8", 50, DS_HOW_AUTO},     {"7.9", 50, DS_HOW_CONFIRM},
        {"7.10", 100, DS_HOW_CONFIRM}, {"7.11", 100, DS_HOW_MANUAL}, {"7.12", 100, DS_HOW_CONFIRM},
        {"7.13", 0, DS_HOW_MANUAL},    {"7.14", 100, DS_HOW_MANUAL}, {"7.15", 100, DS_HOW_MANUAL},
        {"7.16", 50, DS_HOW_MANUAL},   {"7.17", 0, DS_HOW_MANUAL},   {"7.18", 100, DS_HOW_MANUAL},
        {"7.19", 500, DS_HOW_MANUAL},  {"7.20", 20, DS_HOW_CONFIRM}, {"7.21", 50, DS_HOW_CONFIRM},
        {"7.22", -10, DS_HOW_CONFIRM}, {"7.23", 100, DS_HOW_MANUAL}, {"7.24", 200, DS_HOW_MANUAL},
    };
    struct ds_version *v = compiled(*state);
    assert_int_equal(v->n_clauses, 24);
    for (uint32_t i = 0; i < 24; i++) {
        const struct ds_clause *c = &v->clauses[i];
        assert_string_equal(c->id, cases[i].id);
        assert_ptr_equal(ds_find_clause(v, cases[i].id), c);
        assert_int_equal(c->how, cases[i].how);
        assert_int_equal(c->kind, i >= 22 ? DS_CLAUSE_REWARD : DS_CLAUSE_FINE);
        assert_int_equal(c->amount_fen, cases[i].yuan > 0 ? cases[i].yuan * 100 : 0);
        assert_int_equal(c->multiple, cases[i].yuan < 0 ? 10 : 0);
        assert_int_equal(c->amount_form, cases[i].yuan > 0   ? DS_AMOUNT_FIXED
                                         : cases[i].yuan < 0 ? DS_AMOUNT_MULTIPLE
                                                             : DS_AMOUNT_ASSESSED);
        assert_true(strlen(c->text_en) > 10 && strlen(c->text_zh) > 10);
    }
    assert_string_equal(ds_find_clause(v, "7.7")->obligation.en, "");
    assert_string_equal(ds_find_clause(v, "7.7")->serious.en, "dismissal decision");
    assert_string_equal(ds_find_clause(v, "7.22")->obligation.en, "apology at the door");
    assert_string_equal(ds_find_clause(v, "7.22")->serious.en, "dismissal decision");
    assert_int_equal(ds_find_clause(v, "7.13")->instalments, 12);
    assert_int_equal(ds_find_clause(v, "7.17")->instalments, 12);
    assert_int_equal(ds_find_clause(v, "7.22")->instalments, 0);
    assert_string_equal(ds_find_clause(v, "7.8")->obligation.en, "");
    static const char *const clauses[DS_QUESTION_COUNT] = {[DS_Q_FIXED] = "7.5",
                                                           [DS_Q_WORK_CLOTHES] = "7.9",
                                                           [DS_Q_ATTITUDE] = "7.10",
                                                           [DS_Q_CHARGED_FEN] = "7.22",
                                                           [DS_Q_SHOE_COVERS] = "7.20",
                                                           [DS_Q_TOOK_NOTHING] = "7.21",
                                                           [DS_Q_NO_EXAGGERATION] = "7.12",
                                                           [DS_Q_VISITED] = "7.5"};
    for (int i = 0; i < DS_QUESTION_COUNT; i++) {
        assert_int_equal(v->questions[i].used, clauses[i] != NULL);
        assert_string_equal(v->questions[i].clause, clauses[i] ? clauses[i] : "");
        assert_false(v->questions[i].bad_when_yes);
    }
    ds_version_destroy(v);
}

static int64_t at(const struct ds_version *v, const char *date, int64_t time_ms)
{
    int32_t day = 0;
    assert_true(ds_parse_date(date, &day));
    return ds_from_local(v->calendars[0].zone, day, time_ms);
}

static void test_shipped_calendar(void **state)
{
    struct ds_version *v = compiled(*state);
    const struct ds_calendar *cal = &v->calendars[0];
    assert_int_equal(v->n_calendars, 1);
    assert_string_equal(cal->name, "county");
    assert_string_equal(cal->zone->name, "Asia/Shanghai");
    assert_int_equal(cal->n_days, 22281); /* 61 years, 16 of them leap years */
    /* 2007: 365 days, 52 Sundays less the one made up, less the six other days of the festival */
    assert_int_equal(ds_cal_between(cal, at(v, "2007-01-01", 0), at(v, "2008-01-01", 0)),
                     (365 - 51 - 6) * 8 * (int64_t)H);
    assert_true(ds_cal_is_open(cal, at(v, "2007-02-17", 9 * H)));
    assert_false(ds_cal_is_open(cal, at(v, "2007-02-19", 9 * H)));
    assert_true(ds_cal_is_open(cal, at(v, "2007-02-25", 9 * H)));
    assert_false(ds_cal_is_open(cal, at(v, "2007-03-04", 9 * H)));
    assert_true(ds_cal_is_open(cal, at(v, "2060-12-31", 18 * H - 1)));
    assert_int_equal(ds_cal_end_of_work(cal, at(v, "2007-02-16", 10 * H), 2),
                     at(v, "2007-02-25", 18 * H));
    /* the tables agree with each other */
    for (uint32_t i = 1; i < cal->n_spans; i++) {
        const struct ds_span *s = &cal->spans[i];
        assert_true(s->from_ms >= s[-1].to_ms && s->to_ms > s->from_ms);
        assert_int_equal(s->before_ms, s[-1].before_ms + s[-1].to_ms - s[-1].from_ms);
    }
    for (uint32_t i = 0; i < cal->n_days; i++) {
        const int32_t day = cal->first_day + (int32_t)i;
        for (uint32_t k = cal->day_span[i]; k < cal->day_span[i + 1]; k++)
            assert_int_equal(ds_local_day(cal->zone, cal->spans[k].from_ms), day);
    }
    assert_int_equal(cal->day_span[cal->n_days], cal->n_spans);
    ds_version_destroy(v);
}

static void test_shipped_directory(void **state)
{
    struct ds_version *v = compiled(*state);
    const struct ds_territory *county = ds_find_territory(v, "county");
    const struct ds_territory *river = ds_find_territory(v, "river");
    assert_true(county->partition == 7 && county->mode == DS_DISPATCH_AUTO);
    assert_true(river->partition == 3 && river->mode == DS_DISPATCH_CLERK);
    assert_ptr_equal(ds_find_number(v, "07365550102"), county);
    assert_null(ds_find_number(v, "07365550199"));
    uint32_t roles[4] = {0};
    for (uint32_t i = 0; i < v->n_people; i++) {
        const struct ds_person *p = &v->people[i];
        roles[p->role]++;
        assert_ptr_equal(ds_find_person(v, p->id), p);
        assert_non_null(p->account_key);
        assert_int_equal(p->calendar == NULL, p->role == DS_ROLE_SYSTEM);
        assert_ptr_equal(p->account, ds_find_account(v, p->account_key));
        assert_int_equal(p->account != NULL, p->role == DS_ROLE_TECHNICIAN);
    }
    assert_true(roles[DS_ROLE_CLERK] == 4 && roles[DS_ROLE_TECHNICIAN] == 12);
    assert_true(roles[DS_ROLE_MANAGER] == 1 && roles[DS_ROLE_SYSTEM] == 3);
    const struct ds_account *wang = ds_find_account(v, "person:wang");
    assert_ptr_equal(wang->territory, county);
    assert_int_equal(wang->zones, 1 << DS_CITY | 1 << DS_NEAR);
    assert_int_equal(wang->max_open, 5);
    assert_int_equal(wang->skills, UINT64_C(1) << ds_find_skill(v, "install") |
                                       UINT64_C(1) << ds_find_skill(v, "repair") |
                                       UINT64_C(1) << ds_find_skill(v, "air_conditioner"));
    assert_int_equal(wang->areas[0], UINT64_C(1) << ds_find_area(v, "城东"));
    assert_string_equal(ds_find_person(v, "qihe-deng")->account_key, "outlet:qihe");
    assert_null(ds_find_person(v, "liu")->territory);
    const struct ds_person *duty[4];
    assert_int_equal(ds_on_duty(v, county, at(v, "2007-03-01", 9 * H), duty, 4), 2);
    assert_string_equal(duty[0]->id, "zhou"); /* a Thursday */
    assert_int_equal(ds_on_duty(v, county, at(v, "2007-02-25", 9 * H), duty, 4), 1);
    assert_int_equal(ds_on_duty(v, county, at(v, "2007-03-04", 9 * H), duty, 4), 0);
    assert_int_equal(ds_on_duty(v, river, at(v, "2007-03-01", 15 * H), duty, 4), 1);
    assert_string_equal(duty[0]->id, "peng");
    ds_version_destroy(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_clocks),      cmocka_unit_test(test_shipped_values),
        cmocka_unit_test(test_shipped_piece_rates), cmocka_unit_test(test_shipped_clauses),
        cmocka_unit_test(test_shipped_calendar),    cmocka_unit_test(test_shipped_directory),
    };
    return cmocka_run_group_tests_name("rulebook", tests, read_files, free_files);
}
