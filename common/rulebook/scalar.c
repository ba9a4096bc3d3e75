/* SPDX-License-Identifier: MIT
 *
 * Typed readers of scalars without a unit. The whole text must fit its form: no blanks, no leading
 * zeros, no other number bases. Nothing is read as a float. */
#include "rulebook/node.h"

#include <stdio.h>
#include <string.h>

#include "wire/check.h"

enum { NUMBER_MAX_DIGITS = 15 }; /* fits an int64 with room for any of our units */

static const char *const bools[] = {"false", "true", NULL};
const char *const rb_weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};

bool rb_take_number(const char **at, int64_t *ret)
{
    const char *p = *at;
    int64_t value = 0;
    int digits = 0;
    if (p[0] == '0' && rb_is_digit(p[1])) return false; /* would be octal for others */
    for (; rb_is_digit(*p); p++) {
        if (++digits > NUMBER_MAX_DIGITS) return false;
        value = value * 10 + (*p - '0');
    }
    if (digits == 0) return false;
    *at = p;
    *ret = value;
    return true;
}

bool rb_range_problem(struct ds_yaml *doc, const struct ds_yaml_node *node, int64_t min,
                      int64_t max)
{
    char expected[64];
    (void)snprintf(expected, sizeof(expected), "%lld..%lld", (long long)min, (long long)max);
    ds_yaml_problem(doc, node, "out_of_range", expected);
    return false;
}

/* ---- texts ---- */

static bool text_up_to(struct ds_yaml *doc, const struct ds_yaml_node *node, size_t max,
                       const char **ret)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    /* What other readers of YAML take for "nothing" is no text here either. */
    const bool nothing = node->plain && (strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
    if (text[0] == '\0' || nothing) {
        ds_yaml_problem(doc, node, "bad_text", "");
        return false;
    }
    if (strlen(text) > max) {
        char expected[24];
        (void)snprintf(expected, sizeof(expected), "%zu", max);
        ds_yaml_problem(doc, node, "too_long", expected);
        return false;
    }
    *ret = text;
    return true;
}

bool ds_yaml_text(struct ds_yaml *doc, const struct ds_yaml_node *node, const char **ret)
{
    return text_up_to(doc, node, DS_TEXT_MAX, ret);
}

bool rb_yaml_short_text(struct ds_yaml *doc, const struct ds_yaml_node *node, const char **ret)
{
    return text_up_to(doc, node, DS_ID_MAX, ret);
}

bool ds_yaml_id(struct ds_yaml *doc, const struct ds_yaml_node *node, const char **ret)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    if (!ds_check_id(text)) {
        ds_yaml_problem(doc, node, "bad_id", "1..64 [0-9A-Za-z._~-]");
        return false;
    }
    *ret = text;
    return true;
}

bool rb_yaml_number(struct ds_yaml *doc, const struct ds_yaml_node *node, const char **ret)
{
    static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ._~+*#-";
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    const size_t len = strlen(text);
    if (len == 0 || len > DS_ID_MAX || strspn(text, allowed) != len) {
        ds_yaml_problem(doc, node, "bad_phone", "1..64 [0-9A-Za-z._~+*#-]");
        return false;
    }
    *ret = text;
    return true;
}

bool rb_yaml_clause(struct ds_yaml *doc, const struct ds_yaml_node *node, const char **ret)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    const char *at = text;
    int64_t part = 0;
    int parts = 0;
    bool good = strlen(text) <= 16;
    while (good) { /* 7, 7.1 or 7.1.2; 7.10 is not 7.1 */
        good = rb_take_number(&at, &part) && ++parts <= 3;
        if (*at != '.') break;
        at++;
    }
    if (!good || *at != '\0') {
        ds_yaml_problem(doc, node, "bad_clause", "\"7.1\"");
        return false;
    }
    *ret = text;
    return true;
}

/* ---- numbers and words ---- */

bool ds_yaml_int(struct ds_yaml *doc, const struct ds_yaml_node *node, int64_t min, int64_t max,
                 int64_t *ret)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    const bool minus = text[0] == '-';
    const char *at = text + (minus ? 1 : 0);
    int64_t value = 0;
    if (!node->plain || !rb_take_number(&at, &value) || *at != '\0' || (minus && value == 0)) {
        ds_yaml_problem(doc, node, "bad_number", "7");
        return false;
    }
    if (minus) value = -value;
    if (value < min || value > max) return rb_range_problem(doc, node, min, max);
    *ret = value;
    return true;
}

bool ds_yaml_bool(struct ds_yaml *doc, const struct ds_yaml_node *node, bool *ret)
{
    const char *text = rb_scalar(doc, node);
    if (!text) return false;
    for (int i = 0; node->plain && bools[i]; i++) {
        if (strcmp(text, bools[i]) != 0) continue;
        *ret = i == 1;
        return true;
    }
    ds_yaml_problem(doc, node, "bad_bool", "true, false");
    return false;
}

bool rb_yaml_weekday(struct ds_yaml *doc, const struct ds_yaml_node *node, int32_t *ret_weekday)
{
    int index = 0;
    if (!ds_yaml_word(doc, node, rb_weekdays, &index)) return false;
    *ret_weekday = index;
    return true;
}
