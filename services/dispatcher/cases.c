/* SPDX-License-Identifier: MIT
 *
 * A case of the archive: its texts, its remedies, and which of them to try first. Pure. */
#include "dispatcher/cases.h"

#include <string.h>

#include "domain/ids.h"

/* ---- texts ---- */

/* One character of clean UTF-8 and its length in bytes. */
static uint32_t decode(const char *text, size_t *ret_len)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t len = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    uint32_t code = len == 1 ? at[0] : at[0] & (0x7fu >> len);

    for (size_t i = 1; i < len; i++)
        code = code << 6 | (at[i] & 0x3fu);
    *ret_len = len;
    return code;
}

/* U+FF01..U+FF5E are the ASCII characters, as wide as a Chinese one. */
static uint32_t narrow(uint32_t code)
{
    return code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code;
}

static bool is_space(uint32_t code)
{
    return code <= 0x20 || code == 0x85 || code == 0xa0 || (code >= 0x2000 && code <= 0x200b) ||
           code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

/* Everything but white space, ASCII and Latin-1 signs, general and Chinese punctuation; U+3005 and
 * U+3007 repeat a character and write a zero. */
static bool is_letter(uint32_t code)
{
    if (code < 0x80)
        return is_digit(code) || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    if (is_space(code) || code < 0xc0 || code == 0xd7 || code == 0xf7) return false;
    if (code >= 0x2010 && code <= 0x206f) return false;
    if (code >= 0x3001 && code <= 0x303f) return code == 0x3005 || code == 0x3007;
    return !(code >= 0xfe30 && code <= 0xfe6f) && !(code >= 0xff5f && code <= 0xff65);
}

/* Adds one character as it came, or as the ASCII one that it stands for; false: no room. */
static bool put(char ret[DISPATCH_CASE_TEXT + 1], size_t *n, const char *from, size_t len,
                uint32_t code)
{
    if (code < 0x80) len = 1;
    if (*n + len > DISPATCH_CASE_TEXT) return false;
    if (code < 0x80)
        ret[*n] = (char)code;
    else
        memcpy(ret + *n, from, len);
    *n += len;
    return true;
}

void dispatch_compared(const char *text, char ret[DISPATCH_CASE_TEXT + 1])
{
    bool gap = false; /* something was left out after the last character */
    size_t n = 0;

    for (size_t len; *text; text += len) {
        uint32_t code = narrow(decode(text, &len));
        if (!is_letter(code)) {
            gap = true;
            continue;
        }
        if (gap && n > 0 && is_digit(code) && is_digit((unsigned char)ret[n - 1]) &&
            !put(ret, &n, " ", 1, ' '))
            break;
        gap = false;
        if (code >= 'A' && code <= 'Z') code += 'a' - 'A';
        if (!put(ret, &n, text, len, code)) break;
    }
    ret[n] = '\0';
}

void dispatch_wording(const char *text, char ret[DISPATCH_CASE_TEXT + 1])
{
    bool gap = false;
    size_t n = 0;

    for (size_t len; *text; text += len) {
        uint32_t code = decode(text, &len);
        if (is_space(code)) {
            gap = n > 0;
            continue;
        }
        if (n + gap + len > DISPATCH_CASE_TEXT) break;
        if (gap) ret[n++] = ' ';
        gap = false;
        put(ret, &n, text, len, code);
    }
    ret[n] = '\0';
}

/* ---- products ---- */

static bool is_serial(const char *compared)
{
    bool digit = false, varied = false;
    uint32_t n = 0, first = 0;

    for (size_t len; *compared; compared += len) {
        uint32_t code = decode(compared, &len);
        if (code == ' ') continue; /* between two digits */
        if (n++ == 0) first = code;
        digit |= is_digit(code);
        varied |= code != first;
    }
    return digit && varied && n >= DISPATCH_SERIAL_MIN;
}

static size_t add_line(char *ret, size_t n, const char *text)
{
    if (n > 0) ret[n++] = '\n';
    dispatch_compared(ds_str(text), ret + n);
    return n + strlen(ret + n);
}

void dispatch_product_text(const Ds__TicketHead *head, char ret[DISPATCH_PRODUCT_TEXT])
{
    char serial[DISPATCH_CASE_TEXT + 1];

    dispatch_compared(ds_str(head->serial), serial);
    bool known = is_serial(serial);
    size_t n = add_line(ret, 0, known ? "serial" : "customer");
    if (!known) n = add_line(ret, n, head->phone);
    n = add_line(ret, n, head->category);
    add_line(ret, n, known ? serial : head->model);
}

/* ---- rows ---- */

uint64_t dispatch_score(const Ds__CaseRow *row)
{
    if (row->failed >= row->worked) return 0;
    uint64_t lasted = row->worked - row->failed;

    return lasted * lasted * 1000 / row->worked;
}

bool dispatch_is_better(const Ds__CaseRow *a, const Ds__CaseRow *b)
{
    uint64_t one = dispatch_score(a), two = dispatch_score(b);

    if (one != two) return one > two;
    if (a->used_at_ms != b->used_at_ms) return a->used_at_ms > b->used_at_ms;
    int order = strcmp(a->remedy, b->remedy);
    return order ? order < 0 : strcmp(a->cause, b->cause) < 0;
}

uint32_t dispatch_best(const Ds__DispatchCase *stored, const Ds__CaseRow *ret[DISPATCH_BEST])
{
    uint32_t n = 0;

    for (size_t i = 0; i < stored->n_rows; i++) {
        const Ds__CaseRow *row = stored->rows[i];
        uint32_t at = n;
        if (dispatch_score(row) == 0) continue;
        while (at > 0 && dispatch_is_better(row, ret[at - 1]))
            at--;
        if (at == DISPATCH_BEST) continue;
        if (n < DISPATCH_BEST) n++;
        memmove(&ret[at + 1], &ret[at], (n - 1 - at) * sizeof ret[0]);
        ret[at] = row;
    }
    return n;
}

uint32_t dispatch_case_uses(const Ds__DispatchCase *stored)
{
    uint32_t uses = 0;

    for (size_t i = 0; i < stored->n_rows; i++)
        uses += stored->rows[i]->worked;
    return uses;
}

void dispatch_load_case(struct dispatch_case *at, const Ds__DispatchCase *stored)
{
    ds__dispatch_case__init(&at->state);
    if (stored) {
        at->state = *stored;
        ds_copy_bytes(at->rows, stored->rows, stored->n_rows * sizeof at->rows[0]);
    }
    at->state.rows = at->rows;
}

static void remove_row(struct dispatch_case *at, size_t i)
{
    at->state.n_rows--;
    memmove(&at->rows[i], &at->rows[i + 1], (at->state.n_rows - i) * sizeof at->rows[0]);
}

static size_t find_row(const struct dispatch_case *at, const Ds__ProductRepair *repair)
{
    size_t i = 0;

    while (i < at->state.n_rows && (strcmp(at->rows[i]->cause, repair->cause) != 0 ||
                                    strcmp(at->rows[i]->remedy, repair->remedy) != 0))
        i++;
    return i;
}

static void add_row(struct dispatch_case *at, const Ds__ProductRepair *repair)
{
    size_t last = 0;

    if (at->state.n_rows == DISPATCH_CASE_ROWS) {
        for (size_t i = 1; i < at->state.n_rows; i++)
            if (dispatch_is_better(at->rows[last], at->rows[i])) last = i;
        remove_row(at, last);
    }
    ds__case_row__init(&at->made);
    at->made.cause = repair->cause;
    at->made.remedy = repair->remedy;
    at->rows[at->state.n_rows++] = &at->made;
}

static uint32_t changed(uint32_t number, int by)
{
    return by < 0 && number < (uint32_t)-by ? 0 : number + (uint32_t)by;
}

void dispatch_count(struct dispatch_case *at, const Ds__ProductRepair *repair, int worked,
                    int failed)
{
    size_t i = find_row(at, repair);

    if (i == at->state.n_rows) {
        if (worked <= 0) return; /* it has made room for another */
        add_row(at, repair);
        i = at->state.n_rows - 1;
    }
    Ds__CaseRow *row = at->rows[i];
    DS_SET(row, worked, changed(row->worked, worked));
    DS_SET(row, failed, changed(row->failed, failed));
    if (worked > 0 && repair->ended_at_ms > row->used_at_ms)
        DS_SET(row, used_at_ms, repair->ended_at_ms);
    if (row->worked == 0) remove_row(at, i);
}
