/* SPDX-License-Identifier: MIT
 *
 * Typed readers of scalars with a unit: durations, money, distances, shares, dates and times. The
 * unit is always written. Nothing is read as a float. */
#include "rulebook/node.h"

#include <string.h>

static const int64_t duration_max_ms = INT64_C(3660) * DS_DAY_MS;
static const int64_t money_max_fen = INT64_C(100000000); /* a million yuan */
static const int64_t distance_max_m = INT64_C(10000000);

static bool take_two_digits(const char **at, int64_t *ret)
{
    if (!rb_is_digit((*at)[0]) || !rb_is_digit((*at)[1])) return false;
    *ret = ((*at)[0] - '0') * 10 + ((*at)[1] - '0');
    *at += 2;
    return true;
}

/* "-2h" is a wrong sign rather than a wrong form, if the rest is a number at all. */
static const char *sign_or(const char *text, const char *code)
{
    return text[0] == '-' && rb_is_digit(text[1]) ? "negative" : code;
}

/* ---- durations ---- */

static int64_t unit_ms(const char *unit)
{
    if (strcmp(unit, "s") == 0) return DS_SECOND_MS;
    if (strcmp(unit, "m") == 0) return DS_MINUTE_MS;
    if (strcmp(unit, "h") == 0) return DS_HOUR_MS;
    if (strcmp(unit, "d") == 0) return DS_DAY_MS;
    return 0;
}

static bool duration(struct ds_yaml *doc, const struct ds_yaml_node *node, bool days_allowed,
                     int64_t *ret_ms)
{
    const char *examples = days_allowed ? "20s 10m 24h 3d" : "20s 10m 24h";
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    const char *at = text;
    int64_t value = 0;
    const int64_t unit = rb_take_number(&at, &value) ? unit_ms(at) : 0;
    if (unit == 0) {
        ds_yaml_problem(doc, node, sign_or(text, "bad_duration"), examples);
        return false;
    }
    if (unit == DS_DAY_MS && !days_allowed) {
        ds_yaml_problem(doc, node, "days_not_allowed", examples);
        return false;
    }
    if (value > duration_max_ms / unit) {
        ds_yaml_problem(doc, node, "out_of_range", "<= 3660d");
        return false;
    }
    *ret_ms = value * unit;
    return true;
}

bool rb_yaml_grace(struct ds_yaml *doc, const struct ds_yaml_node *node, int64_t *ret_ms)
{
    return duration(doc, node, true, ret_ms);
}

bool ds_yaml_duration(struct ds_yaml *doc, const struct ds_yaml_node *node, bool days_allowed,
                      int64_t *ret_ms)
{
    int64_t ms = 0;
    if (!duration(doc, node, days_allowed, &ms)) return false;
    if (ms == 0) {
        ds_yaml_problem(doc, node, "not_positive", "");
        return false;
    }
    *ret_ms = ms;
    return true;
}

/* ---- money, distances, shares ---- */

bool ds_yaml_money(struct ds_yaml *doc, const struct ds_yaml_node *node, int64_t *ret_fen)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    const char *at = text;
    int64_t fen = 0;
    int64_t cents = 0;
    bool good = rb_take_number(&at, &fen);
    if (good && strcmp(at, "fen") != 0) { /* yuan always have their two decimals */
        good = *at++ == '.' && take_two_digits(&at, &cents) && strcmp(at, "元") == 0 &&
               fen <= money_max_fen;
        fen = good ? fen * 100 + cents : 0;
    }
    if (!good) {
        ds_yaml_problem(doc, node, sign_or(text, "bad_money"), "50.00元 5000fen");
        return false;
    }
    if (fen > money_max_fen) {
        ds_yaml_problem(doc, node, "out_of_range", "<= 1000000.00元");
        return false;
    }
    *ret_fen = fen;
    return true;
}

bool ds_yaml_metres(struct ds_yaml *doc, const struct ds_yaml_node *node, int64_t *ret_m)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    const char *at = text;
    int64_t value = 0;
    int64_t unit = 0;
    if (rb_take_number(&at, &value)) unit = strcmp(at, "km") == 0 ? 1000 : strcmp(at, "m") == 0;
    if (unit == 0) {
        ds_yaml_problem(doc, node, sign_or(text, "bad_distance"), "20km 300m");
        return false;
    }
    if (value == 0 || value > distance_max_m / unit) {
        ds_yaml_problem(doc, node, "out_of_range", "1m..10000km");
        return false;
    }
    *ret_m = value * unit;
    return true;
}

bool rb_yaml_permille(struct ds_yaml *doc, const struct ds_yaml_node *node, int32_t *ret_permille)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    const char *at = text;
    int64_t value = 0;
    bool good = rb_take_number(&at, &value) && value <= 1000;
    value *= 10;
    if (good && at[0] == '.' && rb_is_digit(at[1])) {
        value += at[1] - '0';
        at += 2;
    }
    if (!good || strcmp(at, "%") != 0) {
        ds_yaml_problem(doc, node, sign_or(text, "bad_percent"), "75%");
        return false;
    }
    if (value == 0) {
        ds_yaml_problem(doc, node, "not_positive", "75%");
        return false;
    }
    if (value >= 1000) {
        ds_yaml_problem(doc, node, "warn_after_limit", "100%");
        return false;
    }
    *ret_permille = (int32_t)value;
    return true;
}

bool rb_yaml_multiple(struct ds_yaml *doc, const struct ds_yaml_node *node, int32_t *ret_multiple)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    const char *at = text;
    int64_t value = 0;
    if (!rb_take_number(&at, &value) || strcmp(at, "x") != 0) {
        ds_yaml_problem(doc, node, sign_or(text, "bad_amount"), "10x");
        return false;
    }
    if (value < 1 || value > DS_MULTIPLE_MAX)
        return rb_range_problem(doc, node, 1, DS_MULTIPLE_MAX);
    *ret_multiple = (int32_t)value;
    return true;
}

/* ---- rights of exchange and return ---- */

static bool count(struct ds_yaml *doc, const struct ds_yaml_node *node, const char *unit,
                  int64_t max, const char *code, int32_t *ret)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    const char *at = text;
    int64_t value = 0;
    if (!rb_take_number(&at, &value) || strcmp(at, unit) != 0) {
        ds_yaml_problem(doc, node, sign_or(text, code), unit[0] == 'd' ? "7d" : "12months");
        return false;
    }
    if (value < 1 || value > max) return rb_range_problem(doc, node, 1, max);
    *ret = (int32_t)value;
    return true;
}

bool rb_yaml_days(struct ds_yaml *doc, const struct ds_yaml_node *node, int32_t *ret_days)
{
    return count(doc, node, "d", 3660, "bad_days", ret_days);
}

bool rb_yaml_months(struct ds_yaml *doc, const struct ds_yaml_node *node, int32_t *ret_months)
{
    return count(doc, node, "months", 240, "bad_months", ret_months);
}

bool rb_yaml_rate(struct ds_yaml *doc, const struct ds_yaml_node *node, int32_t *ret_over,
                  int32_t *ret_under)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    const char *at = text;
    int64_t over = 0;
    int64_t under = 0;
    bool good = rb_take_number(&at, &over) && *at++ == '/' && rb_take_number(&at, &under);
    if (!good || *at != '\0') {
        ds_yaml_problem(doc, node, sign_or(text, "bad_rate"), "1/1000");
        return false;
    }
    if (over < 1 || over > 100 || under > 1000000 || over > under) {
        ds_yaml_problem(doc, node, "out_of_range", "1/1000000..1/1, 1..100 / 1..1000000");
        return false;
    }
    *ret_over = (int32_t)over;
    *ret_under = (int32_t)under;
    return true;
}

/* ---- dates and times ---- */

bool ds_yaml_date(struct ds_yaml *doc, const struct ds_yaml_node *node, int32_t *ret_day)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    if (ds_parse_date(text, ret_day)) return true;
    ds_yaml_problem(doc, node, "bad_date", "2007-02-18 (2000..2060)");
    return false;
}

/* HH:MM at *at, 24:00 included; moves behind it. */
static bool take_time(const char **at, int64_t *ret_ms)
{
    int64_t hours = 0;
    int64_t minutes = 0;
    if (!take_two_digits(at, &hours) || *(*at)++ != ':' || !take_two_digits(at, &minutes))
        return false;
    if (minutes > 59 || hours * 60 + minutes > 24 * 60) return false;
    *ret_ms = hours * DS_HOUR_MS + minutes * DS_MINUTE_MS;
    return true;
}

bool ds_yaml_time(struct ds_yaml *doc, const struct ds_yaml_node *node, int64_t *ret_ms)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    int64_t ms = 0;
    if (take_time(&text, &ms) && *text == '\0') {
        *ret_ms = ms;
        return true;
    }
    ds_yaml_problem(doc, node, "bad_time", "08:00 24:00");
    return false;
}

bool ds_yaml_span(struct ds_yaml *doc, const struct ds_yaml_node *node, int64_t *ret_from_ms,
                  int64_t *ret_to_ms)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    int64_t from_ms = 0;
    int64_t to_ms = 0;
    if (!take_time(&text, &from_ms) || *text++ != '-' || !take_time(&text, &to_ms) ||
        *text != '\0') {
        ds_yaml_problem(doc, node, "bad_span", "08:00-12:00");
        return false;
    }
    if (to_ms <= from_ms) {
        ds_yaml_problem(doc, node, "reversed_span", "08:00-12:00");
        return false;
    }
    *ret_from_ms = from_ms;
    *ret_to_ms = to_ms;
    return true;
}
