/* SPDX-License-Identifier: MIT
 *
 * The table of what clients may put into a field, and the judges of its forms. Says nothing about
 * whether a value makes sense to the department: that is for intake and the rules. */
#include "wire/constraint.h"

#include <stdbool.h>
#include <string.h>

#include "domain/calendar.h"
#include "domain/limits.h"
#include "proto/intake.pb-c.h"
#include "proto/ledger.pb-c.h"
#include "wire/check.h"
#include "wire/utf8.h"

#define FILE_MAX INT64_C(524288)
#define FEN_MAX  DS_FEN_MAX

#define ID          DS_FORM_ID, 1, DS_ID_MAX, "1..64 of [0-9A-Za-z._~-]"
#define ACCOUNT     DS_FORM_ACCOUNT, 8, 71, "person:<id> or outlet:<id>"
#define KEY         DS_FORM_KEY, 1, DS_ENTRY_KEY_MAX, "1..240 of [0-9A-Za-z._~/:#-]"
#define PHONE       DS_FORM_PHONE, 1, 32, "1..32 of [0-9+*#-], or anonymous, or unknown"
#define CLAUSE      DS_FORM_CLAUSE, 3, 7, "the number of a clause, such as 7.24"
#define DATE        DS_FORM_DATE, 10, 10, "a date of 2000..2060 as YYYY-MM-DD"
#define TRACEPARENT DS_FORM_TRACEPARENT, 55, 55, "a W3C traceparent, 00-<32 hex>-<16 hex>-<2 hex>"
#define HASH        DS_FORM_HASH, 64, 64, "64 of [0-9a-f]"
#define TEXT        DS_FORM_TEXT, 0, DS_TEXT_MAX, "at most 2000 bytes"
#define WHOLE_FILE  DS_FORM_TEXT, 0, FILE_MAX, "at most 524288 bytes"
#define METRES      DS_FORM_INTEGER, 0, 2000000, "0..2000000 metres"
#define MONTH       DS_FORM_INTEGER, 200001, 206012, "a month as yyyymm, 200001..206012"
#define MONTHS      DS_FORM_INTEGER, 2, DS_INSTALMENTS_MAX, "2..60 months"
#define VERSION     DS_FORM_INTEGER, 1, DS_VERSIONS_MAX - 1, "1..1023"
#define NUMBER      DS_FORM_INTEGER, 0, 4095, "0..4095"
#define MARK        DS_FORM_INTEGER, 1, 5, "1..5"
#define FEN         DS_FORM_INTEGER, 0, FEN_MAX, "0..1000000000000 fen"
#define SIGNED_FEN  DS_FORM_INTEGER, -FEN_MAX, FEN_MAX, "at most 1000000000000 fen either way"
#define INSTANT                                                                                    \
    DS_FORM_INTEGER, DS_TIME_MIN_MS, DS_TIME_MAX_MS - 1, "an instant of 2000..2060 in UTC ms"
#define DURATION    DS_FORM_INTEGER, 0, DS_TIME_MAX_MS, "0 or more ms"
#define ANY_INTEGER DS_FORM_INTEGER, INT64_MIN, INT64_MAX, "an integer"
#define LATITUDE    DS_FORM_REAL, -90, 90, "-90..90 degrees"
#define LONGITUDE   DS_FORM_REAL, -180, 180, "-180..180 degrees"
#define BY_INTAKE   DS_FORM_BY_INTAKE, 0, 0, "intake works it out"

enum { LETTERS = 26, ROWS_PER_LETTER = 10 };

/* By first letter, because every field of every command is looked up here. */
static const struct ds_constraint rows[LETTERS][ROWS_PER_LETTER] = {
    ['a' - 'a'] = {{"about", NULL, ID},
                   {"about_ref", NULL, ID},
                   {"account", NULL, ACCOUNT},
                   {"address", NULL, TEXT},
                   {"agent", NULL, ID},
                   {"amount_fen", &ds__entry__descriptor, SIGNED_FEN},
                   {"area", NULL, TEXT},
                   {"at_ms", &ds__zone_rows__descriptor, ANY_INTEGER}},
    ['b' - 'a'] = {{"by", NULL, ID}, {"brand", NULL, TEXT}},
    ['c' - 'a'] = {{"call", NULL, ID},
                   {"called", NULL, PHONE},
                   {"caller", NULL, PHONE},
                   {"category", NULL, TEXT},
                   {"cause", NULL, TEXT},
                   {"clause", NULL, CLAUSE},
                   {"command_id", NULL, ID}},
    ['d' - 'a'] = {{"date", NULL, DATE},
                   {"directory", NULL, WHOLE_FILE},
                   {"distance_m", NULL, METRES}},
    ['e' - 'a'] = {{"entry", NULL, KEY}},
    ['h' - 'a'] = {{"hash", NULL, HASH}},
    ['i' - 'a'] = {{"id", NULL, ID}, {"installed_on", NULL, DATE}, {"invoiced_on", NULL, DATE}},
    ['k' - 'a'] = {{"key", NULL, KEY}},
    ['l' - 'a'] = {{"late_ms", NULL, DURATION},
                   {"lacks", NULL, TEXT},
                   {"latitude", NULL, LATITUDE},
                   {"longitude", NULL, LONGITUDE}},
    ['m' - 'a'] = {{"model", NULL, TEXT},
                   {"month", &ds__close_month__descriptor, MONTH},
                   {"month", &ds__submit_sheet__descriptor, MONTH},
                   {"months", &ds__set_instalments__descriptor, MONTHS}},
    ['n' - 'a'] = {{"n", &ds__rejudge__descriptor, NUMBER},
                   {"name", NULL, TEXT},
                   {"note", NULL, TEXT}},
    ['o' - 'a'] = {{"obligation", &ds__close_obligation__descriptor, KEY}, {"order_no", NULL, ID}},
    ['p' - 'a'] = {{"person", NULL, ID}, {"phone", NULL, PHONE}, {"proposal", NULL, KEY}},
    ['q' - 'a'] = {{"queue", NULL, TEXT}},
    ['r' - 'a'] = {{"rang_ms", NULL, DURATION},
                   {"reason", NULL, TEXT},
                   {"ref", NULL, ID},
                   {"remedy", NULL, TEXT},
                   {"reported_on", NULL, DATE},
                   {"retry_after_ms", NULL, DURATION},
                   {"returned_on", NULL, DATE},
                   {"rulebook", NULL, WHOLE_FILE},
                   {"rulebook_hash", NULL, HASH},
                   {"running_ms", NULL, DURATION}},
    ['s' - 'a'] = {{"satisfaction", NULL, MARK},
                   {"serial", NULL, TEXT},
                   {"supersedes", NULL, ID},
                   {"symptom", NULL, TEXT}},
    ['t' - 'a'] = {{"territory", NULL, ID},
                   {"text", NULL, TEXT},
                   {"ticket", NULL, ID},
                   {"traceparent", NULL, TRACEPARENT}},
    ['u' - 'a'] = {{"under", &ds__rejudge__descriptor, VERSION}, {"unpacked_on", NULL, DATE}},
    ['w' - 'a'] = {{"week", NULL, DATE}},
    ['z' - 'a'] = {{"zone", &ds__correct_address__descriptor, BY_INTAKE}},
};

/* For names without a row of their own. */
static const struct ds_constraint ends_in_ms = {"_ms", NULL, INSTANT};
static const struct ds_constraint ends_in_fen = {"_fen", NULL, FEN};
static const struct ds_constraint free_of_form = {"", NULL, DS_FORM_FREE, 0, 0, ""};

const struct ds_constraint *ds_constraint_of(const ProtobufCMessageDescriptor *type,
                                             const ProtobufCFieldDescriptor *field)
{
    const char *name = field->name;
    unsigned letter = (unsigned)(name[0] - 'a');

    if (letter >= LETTERS) return &free_of_form;
    for (size_t i = 0; i < ROWS_PER_LETTER && rows[letter][i].name; i++) {
        const struct ds_constraint *row = &rows[letter][i];
        if (row->name[1] != name[1]) continue; /* spares most of the calls below */
        if (strcmp(row->name, name) == 0 && (!row->in || row->in == type)) return row;
    }
    size_t len = strlen(name);
    if (len > 3 && memcmp(name + len - 3, "_ms", 3) == 0) return &ends_in_ms;
    if (len > 4 && memcmp(name + len - 4, "_fen", 4) == 0) return &ends_in_fen;
    return &free_of_form;
}

/* ---- characters ---- */

enum { IN_ID = 1, IN_KEY = 2, IN_PHONE = 4, IN_HEX = 8 };

static const uint8_t classes[256] = {
    ['0' ... '9'] = IN_ID | IN_KEY | IN_PHONE | IN_HEX,
    ['A' ... 'Z'] = IN_ID | IN_KEY,
    ['a' ... 'f'] = IN_ID | IN_KEY | IN_HEX,
    ['g' ... 'z'] = IN_ID | IN_KEY,
    ['.'] = IN_ID | IN_KEY,
    ['_'] = IN_ID | IN_KEY,
    ['~'] = IN_ID | IN_KEY,
    ['-'] = IN_ID | IN_KEY | IN_PHONE,
    ['/'] = IN_KEY,
    [':'] = IN_KEY,
    ['#'] = IN_KEY | IN_PHONE,
    ['+'] = IN_PHONE,
    ['*'] = IN_PHONE,
};

static bool all_of(unsigned class, const char *text, size_t len)
{
    unsigned common = class;

    for (size_t i = 0; i < len; i++)
        common &= classes[(uint8_t)text[i]];
    return common != 0;
}

static bool is(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(text, word, len) == 0;
}

/* ---- forms ---- */

static bool is_account(const char *text, size_t len)
{
    const size_t kind = strlen("person:"); /* and "outlet:" */

    if (len <= kind || len > kind + DS_ID_MAX) return false;
    if (!is(text, kind, "person:") && !is(text, kind, "outlet:")) return false;
    return all_of(IN_ID, text + kind, len - kind);
}

/* 1..3 digits without a leading 0; returns how many, 0 if it is none. */
static size_t clause_part(const char *text, size_t len)
{
    size_t n = 0;

    while (n < len && text[n] >= '0' && text[n] <= '9')
        n++;
    return n <= 3 && n > 0 && text[0] != '0' ? n : 0;
}

static bool is_clause(const char *text, size_t len)
{
    size_t chapter = clause_part(text, len);

    if (chapter == 0 || chapter == len || text[chapter] != '.') return false;
    size_t number = clause_part(text + chapter + 1, len - chapter - 1);
    return number != 0 && chapter + 1 + number == len;
}

static bool is_date(const char *text, size_t len)
{
    char date[11] = {0};
    int32_t day;

    if (len != 10) return false;
    memcpy(date, text, len);
    return ds_parse_date(date, &day);
}

/* Hexadecimal digits that are not all 0. */
static bool is_trace_id(const char *text, size_t len)
{
    if (!all_of(IN_HEX, text, len)) return false;
    for (size_t i = 0; i < len; i++)
        if (text[i] != '0') return true;
    return false;
}

static bool is_traceparent(const char *text, size_t len)
{
    if (len != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
    if (!all_of(IN_HEX, text, 2) || is(text, 2, "ff")) return false;
    return is_trace_id(text + 3, 32) && is_trace_id(text + 36, 16) && all_of(IN_HEX, text + 53, 2);
}

static bool has_form(enum ds_form form, const char *text, size_t len)
{
    switch (form) {
    case DS_FORM_ID: return all_of(IN_ID, text, len);
    case DS_FORM_ACCOUNT: return is_account(text, len);
    case DS_FORM_KEY: return all_of(IN_KEY, text, len);
    case DS_FORM_PHONE:
        return all_of(IN_PHONE, text, len) || is(text, len, "anonymous") ||
               is(text, len, "unknown");
    case DS_FORM_CLAUSE: return is_clause(text, len);
    case DS_FORM_DATE: return is_date(text, len);
    case DS_FORM_TRACEPARENT: return is_traceparent(text, len);
    case DS_FORM_HASH: return all_of(IN_HEX, text, len);
    case DS_FORM_TEXT:
    case DS_FORM_INTEGER:
    case DS_FORM_REAL:
    case DS_FORM_BY_INTAKE:
    case DS_FORM_FREE: break;
    }
    return true;
}

static bool is_about_text(enum ds_form form)
{
    return form < DS_FORM_INTEGER;
}

enum ds_code ds_constraint_text(const struct ds_constraint *row, const char *text, size_t len)
{
    enum ds_code fault = DS_CODE_OK;

    if (row->form == DS_FORM_TEXT) {
        if (len > (size_t)row->max) return DS_CODE_OUT_OF_RANGE;
    } else if (is_about_text(row->form)) {
        /* All these forms are ASCII: what has one is clean. */
        bool fits = len >= (size_t)row->min && len <= (size_t)row->max;
        if (fits && has_form(row->form, text, len)) return DS_CODE_OK;
        fault = DS_CODE_BAD_VALUE;
    }
    return ds_utf8_clean(text, len) ? fault : DS_CODE_BAD_TEXT;
}

enum ds_code ds_constraint_integer(const struct ds_constraint *row, int64_t value)
{
    if (row->form != DS_FORM_INTEGER) return DS_CODE_OK;
    return value >= row->min && value <= row->max ? DS_CODE_OK : DS_CODE_OUT_OF_RANGE;
}

enum ds_code ds_constraint_real(const struct ds_constraint *row, double value)
{
    if (row->form != DS_FORM_REAL) return DS_CODE_OK;
    bool inside = value >= (double)row->min && value <= (double)row->max;
    return inside ? DS_CODE_OK : DS_CODE_OUT_OF_RANGE;
}

int ds_check_id(const char *text)
{
    size_t len = strnlen(text, DS_ID_MAX + 1);

    return len >= 1 && len <= DS_ID_MAX && all_of(IN_ID, text, len);
}
