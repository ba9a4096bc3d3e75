/* SPDX-License-Identifier: MIT
 *
 * Rule time as arithmetic on readings: slewed, never back, alarmed by jumps. All readings are in ms
 * and made up; M0 and W0 are what the two clocks of the machine say at the start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/clock.h"
#include "sim/prng.h"

#define M0 INT64_C(1000000)
#define W0 INT64_C(1172678400000)

/* The machine after mono_ms of its own time, with a wall that is ahead by ahead_ms. */
static struct rt_reading reading(int64_t mono_ms, int64_t ahead_ms)
{
    return (struct rt_reading){M0 + mono_ms, W0 + mono_ms + ahead_ms};
}

static struct rt_clock started(void)
{
    struct rt_clock clock = {.mode = RT_CLOCK_REAL};

    rt_clock_start(&clock, reading(0, 0), 0);
    return clock;
}

/* ---- a table of readings ---- */

struct step {
    int64_t mono_ms;  /* since the start */
    int64_t ahead_ms; /* of the wall, against what it said at the start */
    int64_t now_ms;   /* expected, since W0 */
    bool alarm;
};

static void run(const struct step *steps, size_t n)
{
    struct rt_clock clock = started();

    for (size_t i = 0; i < n; i++) {
        int64_t now_ms = rt_clock_now(&clock, reading(steps[i].mono_ms, steps[i].ahead_ms));
        if (now_ms != W0 + steps[i].now_ms) fail_msg("step %zu: %lld", i, (long long)(now_ms - W0));
        assert_int_equal(clock.alarm, steps[i].alarm);
        assert_true(clock.now_ms == now_ms);
    }
}

#define RUN(steps) run(steps, sizeof steps / sizeof steps[0])

static void test_follows_a_steady_wall(void **state)
{
    static const struct step steps[] = {
        {0, 0, 0, false},   {0, 0, 0, false},         {1, 0, 1, false},
        {99, 0, 99, false}, {10000, 0, 10000, false}, {86400000, 0, 86400000, false},
    };

    (void)state;
    RUN(steps);
}

/* At most 1 ms for each 100 ms that pass. */
static void test_slews_forward(void **state)
{
    static const struct step steps[] = {
        {0, 0, 0, false},        {99, 50, 99, false}, /* 99 ms passed: nothing yet */
        {100, 50, 101, false},                        /* 1 % of 100 */
        {199, 50, 200, false},                        /* 99 ms since the last correction */
        {300, 50, 303, false},                        /* 200 ms since: 2 more */
        {5000, 50, 5050, false},                      /* 47 of the 47 that are left */
        {6000, 50, 6050, false},                      /* and there it stays */
    };

    (void)state;
    RUN(steps);
}

static void test_slews_back_without_going_back(void **state)
{
    static const struct step steps[] = {
        {0, 0, 0, false},         {100, -50, 99, false},
        {101, -50, 100, false},   {1000, -50, 990, false}, /* slower, by 1 % */
        {5000, -50, 4950, false}, {5001, -50, 4951, false},
    };

    (void)state;
    RUN(steps);
}

static void test_a_long_step_is_slewed_as_a_whole(void **state)
{
    static const struct step steps[] = {
        {0, 0, 0, false},
        {100000, 3000, 101000, false}, /* 1 % of 100 s; 2 s are still to come */
        {200000, 3000, 202000, false},
        {300000, 3000, 303000, false},
        {400000, 3000, 403000, false},
    };

    (void)state;
    RUN(steps);
}

/* Up to 5 s is drift, one ms more is a jump: then the wall is not followed at all. */
static void test_alarm_beyond_five_seconds(void **state)
{
    static const struct step forward[] = {
        {0, 0, 0, false},           {1000, 5000, 1010, false},   {2000, 5010, 2020, false},
        {3000, 5021, 3020, true},   {4000, 3600000, 4020, true}, {60000, 3600000, 60020, true},
        {61000, 5021, 61020, true},
    };
    static const struct step backward[] = {
        {0, 0, 0, false},
        {1000, -5000, 990, false},
        {2000, -5011, 1990, true},
        {60000, -3600000, 59990, true},
    };

    (void)state;
    RUN(forward);
    RUN(backward);
}

/* Time runs on with the monotonic clock while the alarm lasts, and the alarm ends by itself. */
static void test_the_alarm_ends_when_the_wall_is_back(void **state)
{
    static const struct step steps[] = {
        {0, 0, 0, false},       {1000, -7200000, 1000, true}, {1050, -7200000, 1050, true},
        {1100, 0, 1100, false}, {2000, 0, 2000, false},
    };

    (void)state;
    RUN(steps);
}

/* ---- properties, at random ---- */

/* Walls that drift, are set anew within 5 s, and jump for a moment: rule time is never back, never
 * frozen, and over any window it runs at most 1 % fast or slow. */
static void test_never_back_never_frozen(void **state)
{
    struct prng prng = {18};
    struct rt_clock clock = started();
    enum { N = 100000, WINDOW = 200 };
    static int64_t mono[N], now[N];
    int64_t ahead_ms = 0;
    uint32_t alarms = 0, corrected = 0;

    (void)state;
    for (int i = 0; i < N; i++) {
        mono[i] = (i ? mono[i - 1] : 0) + prng_between(&prng, 0, 40);
        ahead_ms += prng_between(&prng, -1, 1);
        if (prng_below(&prng, 200) == 0) ahead_ms = prng_between(&prng, -2400, 2400);
        bool jumped = prng_chance(&prng, 5);
        int64_t jump_ms = jumped ? prng_between(&prng, -1, 1) * 86400000 : 0;
        now[i] = rt_clock_now(&clock, reading(mono[i], ahead_ms + jump_ms));
        assert_int_equal(clock.alarm, jump_ms != 0);
        alarms += clock.alarm;
        if (i < WINDOW) continue;
        assert_true(now[i] >= now[i - 1]);
        int64_t passed_ms = mono[i] - mono[i - WINDOW], ran_ms = now[i] - now[i - WINDOW];
        /* what was left over before the window began may be used in it: some 500 ms more */
        assert_in_range(ran_ms, passed_ms - (passed_ms + 500) / 100 - 1,
                        passed_ms + (passed_ms + 500) / 100 + 1);
        corrected += ran_ms != passed_ms;
    }
    assert_true(alarms > 2000 && corrected > N / 2);
}

static void test_pure(void **state)
{
    struct rt_clock one = started(), other = started();

    (void)state;
    for (int i = 0; i < 100; i++) {
        struct rt_reading at = reading(i * 137, i % 7 * 900);
        assert_true(rt_clock_now(&one, at) == rt_clock_now(&other, at));
    }
    /* asking again at the same instant changes nothing */
    struct rt_reading at = reading(20000, 300);
    int64_t now_ms = rt_clock_now(&one, at);
    for (int i = 0; i < 100; i++)
        assert_true(rt_clock_now(&one, at) == now_ms);
}

/* ---- start ---- */

static void test_start_at_the_wall(void **state)
{
    struct rt_clock clock = {.mode = RT_CLOCK_REAL};

    (void)state;
    rt_clock_start(&clock, reading(0, 0), W0 - 1);
    assert_true(rt_clock_now(&clock, reading(0, 0)) == W0);
    assert_false(clock.alarm);
}

/* The last durable mark lies before us, whatever the wall says: the wall may have been set back
 * while nobody was running. */
static void test_start_behind_the_last_mark(void **state)
{
    static const struct {
        int64_t mark_ms; /* since W0 */
        int64_t now_ms;
        bool alarm;
    } cases[] = {
        {-1, 0, false},      {0, 1, false},      {100, 101, false},
        {4999, 5000, false}, {5000, 5001, true}, {3600000, 3600001, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rt_clock clock = {.mode = RT_CLOCK_REAL};
        rt_clock_start(&clock, reading(0, 0), W0 + cases[i].mark_ms);
        assert_true(rt_clock_now(&clock, reading(0, 0)) == W0 + cases[i].now_ms);
        assert_int_equal(clock.alarm, cases[i].alarm);
        /* it runs from there, it does not stand still until the wall has caught up */
        int64_t later_ms = rt_clock_now(&clock, reading(1000, 0));
        assert_in_range(later_ms - W0 - cases[i].now_ms, 990, 1000);
    }
}

/* ---- accept ---- */

static void test_accept_a_jump_forward(void **state)
{
    struct rt_clock clock = started();

    (void)state;
    assert_true(rt_clock_now(&clock, reading(1000, 3600000)) == W0 + 1000);
    assert_true(clock.alarm);
    rt_clock_accept(&clock, reading(1000, 3600000));
    assert_false(clock.alarm);
    assert_true(rt_clock_now(&clock, reading(1000, 3600000)) == W0 + 3601000);
    assert_false(clock.alarm);
    assert_true(rt_clock_now(&clock, reading(2000, 3600000)) == W0 + 3602000);
    assert_true(rt_clock_now(&clock, reading(3000, 0)) == W0 + 3603000); /* the old one jumps now */
    assert_true(clock.alarm);
}

/* A wall that is behind within the range of drift: time goes on from where it is. */
static void test_accept_never_goes_back(void **state)
{
    struct rt_clock clock = started();

    (void)state;
    rt_clock_now(&clock, reading(1000, 0));
    rt_clock_accept(&clock, reading(1000, -4000));
    assert_true(rt_clock_now(&clock, reading(1000, -4000)) == W0 + 1000);
    assert_false(clock.alarm);
    assert_true(rt_clock_now(&clock, reading(2000, -4000)) == W0 + 1990);
    rt_clock_accept(&clock, reading(2000, -7200000));
    assert_true(rt_clock_now(&clock, reading(2000, -7200000)) == W0 + 1990);
    assert_true(rt_clock_now(&clock, reading(3000, -7200000)) >= W0 + 2980);
}

/* ---- fast and stepped time ---- */

static void test_fast(void **state)
{
    struct rt_clock clock = {
        .mode = RT_CLOCK_FAST, .factor = 600, .anchor_real_ms = W0, .anchor_rule_ms = 5000};

    (void)state;
    rt_clock_start(&clock, reading(0, 0), 0);
    assert_true(rt_clock_now(&clock, reading(0, 0)) == 5000);
    assert_true(rt_clock_now(&clock, reading(1, 0)) == 5600);
    assert_true(rt_clock_now(&clock, reading(1000, 0)) == 605000);
    assert_true(rt_clock_now(&clock, reading(900, 0)) == 605000); /* never back */
    assert_true(rt_clock_now(&clock, reading(1000, 0)) == 605000);
    /* every process reads the same wall: nobody slews for himself, and nothing is alarmed */
    assert_true(rt_clock_now(&clock, reading(1000, 100000)) == 60605000);
    assert_false(clock.alarm);
    /* the anchor moves, by the operator: at once, but not back */
    clock.anchor_rule_ms = 70000000;
    clock.anchor_real_ms = W0 + 1000;
    assert_true(rt_clock_now(&clock, reading(1000, 0)) == 70000000);
    clock.anchor_rule_ms = 0;
    assert_true(rt_clock_now(&clock, reading(1000, 0)) == 70000000);
}

static void test_fast_starts_behind_the_last_mark(void **state)
{
    struct rt_clock clock = {
        .mode = RT_CLOCK_FAST, .factor = 10, .anchor_real_ms = W0, .anchor_rule_ms = 0};

    (void)state;
    rt_clock_start(&clock, reading(0, 0), 800);
    assert_true(rt_clock_now(&clock, reading(0, 0)) == 801);
    assert_true(rt_clock_now(&clock, reading(50, 0)) == 801);
    assert_true(rt_clock_now(&clock, reading(90, 0)) == 900);
}

static void test_step(void **state)
{
    struct rt_clock clock = {.mode = RT_CLOCK_STEP};

    (void)state;
    rt_clock_start(&clock, reading(0, 0), 499);
    assert_true(rt_clock_now(&clock, reading(0, 0)) == 500);
    assert_true(rt_clock_now(&clock, reading(86400000, 7777777)) == 500); /* it stands */
    assert_false(clock.alarm);
    rt_clock_step(&clock, 2000);
    assert_true(rt_clock_now(&clock, reading(0, 0)) == 2000);
    rt_clock_step(&clock, 1999);
    assert_true(rt_clock_now(&clock, reading(0, 0)) == 2000);
}

/* ---- waiting ---- */

/* Nothing fires at its due: 1 ms later is soon enough, and not later. */
static void test_wait(void **state)
{
    static const struct {
        enum rt_clock_mode mode;
        int64_t factor, now_ms, due_ms, wait_ms;
    } cases[] = {
        {RT_CLOCK_REAL, 0, 1000, 1000, 1},
        {RT_CLOCK_REAL, 0, 1000, 999, 0},
        {RT_CLOCK_REAL, 0, 1000, 0, 0},
        {RT_CLOCK_REAL, 0, 1000, 1500, 501},
        {RT_CLOCK_FAST, 600, 1000, 1000, 1},
        {RT_CLOCK_FAST, 600, 1000, 1599, 1},
        {RT_CLOCK_FAST, 600, 1000, 1600, 2},
        {RT_CLOCK_FAST, 600, 1000, 61000, 101},
        {RT_CLOCK_FAST, 600, 1000, 999, 0},
        {RT_CLOCK_FAST, 1, 1000, 1500, 501},
        {RT_CLOCK_STEP, 0, 1000, 1000, INT64_MAX},
        {RT_CLOCK_STEP, 0, 1000, 5000, INT64_MAX},
        {RT_CLOCK_STEP, 0, 1000, 999, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct rt_clock clock = {
            .mode = cases[i].mode, .factor = cases[i].factor, .now_ms = cases[i].now_ms};
        if (rt_clock_wait_ms(&clock, cases[i].due_ms) != cases[i].wait_ms) fail_msg("case %zu", i);
    }
}

/* After the wait, and not before, the deadline is past. */
static void test_wait_is_exact(void **state)
{
    (void)state;
    for (int64_t factor = 1; factor < 700; factor += 13)
        for (int64_t due_ms = 0; due_ms < 5000; due_ms += 97) {
            struct rt_clock clock = {.mode = RT_CLOCK_FAST,
                                     .factor = factor,
                                     .anchor_real_ms = W0,
                                     .anchor_rule_ms = 100};
            rt_clock_now(&clock, reading(0, 0));
            int64_t wait_ms = rt_clock_wait_ms(&clock, due_ms);
            if (wait_ms > 0) assert_true(rt_clock_now(&clock, reading(wait_ms - 1, 0)) <= due_ms);
            assert_true(rt_clock_now(&clock, reading(wait_ms, 0)) > due_ms);
        }
}

static void test_the_machine_has_clocks(void **state)
{
    struct rt_reading first = rt_clock_read(), second = rt_clock_read();

    (void)state;
    assert_true(first.mono_ms > 0 && first.wall_ms > INT64_C(1577836800000)); /* 2020 */
    assert_true(second.mono_ms >= first.mono_ms);
    assert_in_range(rt_mono_ms() - first.mono_ms, 0, 60000);
}

/* An operator accepts a wall that is an hour behind: no alarm while it is waited for, at 1 %. */
static void test_a_wall_behind_is_accepted(void **state)
{
    const int64_t hour_ms = 3600000;
    struct rt_clock clock = started();
    int64_t before_ms = 0;

    (void)state;
    rt_clock_now(&clock, reading(1000, -hour_ms));
    assert_true(clock.alarm);
    rt_clock_accept(&clock, reading(1000, -hour_ms));
    for (int64_t mono_ms = 1200; mono_ms < 2 * hour_ms; mono_ms += 200) {
        int64_t now_ms = rt_clock_now(&clock, reading(mono_ms, -hour_ms));
        assert_false(clock.alarm);
        assert_true(now_ms > before_ms);
        before_ms = now_ms;
    }
    rt_clock_now(&clock, reading(2 * hour_ms, -hour_ms - 6000));
    assert_true(clock.alarm); /* the next jump is one all the same */
}

/* What passes during an alarm is not made up for in one go afterwards. */
static void test_no_jump_when_an_alarm_ends(void **state)
{
    struct rt_clock clock = started();

    (void)state;
    rt_clock_now(&clock, reading(1000, 60000));
    int64_t before_ms = rt_clock_now(&clock, reading(3600000, 60000));
    assert_true(clock.alarm);
    int64_t after_ms = rt_clock_now(&clock, reading(3600200, 4900));
    assert_false(clock.alarm);
    assert_true(after_ms - before_ms <= 202);
}

/* A mark from the future at the start: in doubt until somebody accepts the machine's clock. */
static void test_a_mark_from_the_future(void **state)
{
    struct rt_clock clock = {.mode = RT_CLOCK_REAL};

    (void)state;
    rt_clock_start(&clock, reading(0, 0), W0 + 3600000);
    rt_clock_now(&clock, reading(200, 0));
    assert_true(clock.alarm);
    rt_clock_accept(&clock, reading(200, 0));
    rt_clock_now(&clock, reading(100000, 0));
    assert_false(clock.alarm);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_follows_a_steady_wall),
        cmocka_unit_test(test_slews_forward),
        cmocka_unit_test(test_slews_back_without_going_back),
        cmocka_unit_test(test_a_long_step_is_slewed_as_a_whole),
        cmocka_unit_test(test_alarm_beyond_five_seconds),
        cmocka_unit_test(test_the_alarm_ends_when_the_wall_is_back),
        cmocka_unit_test(test_never_back_never_frozen),
        cmocka_unit_test(test_pure),
        cmocka_unit_test(test_start_at_the_wall),
        cmocka_unit_test(test_start_behind_the_last_mark),
        cmocka_unit_test(test_accept_a_jump_forward),
        cmocka_unit_test(test_accept_never_goes_back),
        cmocka_unit_test(test_fast),
        cmocka_unit_test(test_fast_starts_behind_the_last_mark),
        cmocka_unit_test(test_step),
        cmocka_unit_test(test_wait),
        cmocka_unit_test(test_wait_is_exact),
        cmocka_unit_test(test_the_machine_has_clocks),
        cmocka_unit_test(test_a_wall_behind_is_accepted),
        cmocka_unit_test(test_no_jump_when_an_alarm_ends),
        cmocka_unit_test(test_a_mark_from_the_future),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
