/* SPDX-License-Identifier: MIT
 *
 * Random messages. What clients may send is listed here once more, apart from the code under
 * test: examples of every form, and plain text for all other names. */
#include "random_message.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "domain/calendar.h"
#include "wire/layout.h"

uint64_t random_next(struct random *random)
{
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15); /* splitmix64 */

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint64_t random_below(struct random *random, uint64_t n)
{
    return random_next(random) % n;
}

struct filler {
    struct random *random;
    struct ds_arena *arena;
    enum random_kind kind;
};

static void *take(const struct filler *filler, size_t size)
{
    void *at = ds_arena_alloc(filler->arena, size);

    if (!at) abort(); /* the test's arena is too small */
    return at;
}

static uint64_t below(const struct filler *filler, uint64_t n)
{
    return random_below(filler->random, n);
}

/* ---- texts ---- */

static char *copy(const struct filler *filler, const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(take(filler, size), text, size);
}

static char *any_text(const struct filler *filler)
{
    static const char *const pieces[] = {"a",
                                         "Zz",
                                         "0",
                                         " ",
                                         "\"",
                                         "\\",
                                         "/",
                                         "\n",
                                         "\t",
                                         "\x01",
                                         "\x7f",
                                         "空调",
                                         "é",
                                         "😀",
                                         "\xE2\x80\xA8",
                                         "\xEF\xBB\xBF",
                                         "\xEF\xBF\xBF",
                                         "\xF4\x8F\xBF\xBF",
                                         "{",
                                         "null"};
    enum { PIECES_MAX = 24, PIECE_BYTES_MAX = 6 };
    char *text = take(filler, PIECES_MAX * PIECE_BYTES_MAX + 1);
    size_t len = 0;

    for (uint64_t n = below(filler, PIECES_MAX); n > 0; n--) {
        const char *piece = pieces[below(filler, sizeof pieces / sizeof pieces[0])];
        memcpy(text + len, piece, strlen(piece));
        len += strlen(piece);
    }
    text[len] = '\0';
    return text;
}

enum { EXAMPLES = 4 };

static const char *const ids[EXAMPLES] = {
    "T007-1", "x", "Az09._~-", "0123456789012345678901234567890123456789012345678901234567890123"};
static const char *const phones[EXAMPLES] = {"13800138000", "+86-10*1#", "anonymous", "unknown"};
static const char *const accounts[EXAMPLES] = {"person:zhang", "outlet:a", "person:A.b_c~d-e",
                                               "outlet:North-2"};
static const char *const clauses[EXAMPLES] = {"7.1", "7.24", "12.3", "999.999"};
static const char *const keys[EXAMPLES] = {"7.1/person:li/T007-9/visit#1", "k", "a/b:c#d",
                                           "reversal:7.2/outlet:a/m"};
static const char *const dates[EXAMPLES] = {"2000-01-01", "2007-03-01", "2008-02-29", "2060-12-31"};
static const char *const traces[EXAMPLES] = {
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-00000000000000000000000000000001-0000000000000001-00",
    "fe-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff",
    "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"};

static const struct {
    const char *name;
    const char *const *examples;
} forms[] = {
    {"id", ids},
    {"by", ids},
    {"person", ids},
    {"ticket", ids},
    {"ref", ids},
    {"call", ids},
    {"territory", ids},
    {"agent", ids},
    {"supersedes", ids},
    {"about", ids},
    {"about_ref", ids},
    {"order_no", ids},
    {"called", phones},
    {"caller", phones},
    {"phone", phones},
    {"account", accounts},
    {"clause", clauses},
    {"proposal", keys},
    {"entry", keys},
    {"obligation", keys},
    {"invoiced_on", dates},
    {"reported_on", dates},
    {"returned_on", dates},
    {"unpacked_on", dates},
    {"installed_on", dates},
    {"date", dates},
    {"week", dates},
    {"traceparent", traces},
};

static char *text_of(const struct filler *filler, const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0] && filler->kind == RANDOM_GOOD; i++)
        if (strcmp(name, forms[i].name) == 0)
            return copy(filler, forms[i].examples[below(filler, EXAMPLES)]);
    return any_text(filler);
}

/* ---- numbers ---- */

static bool ends_with(const char *name, const char *ending)
{
    size_t len = strlen(name), n = strlen(ending);

    return len >= n && strcmp(name + len - n, ending) == 0;
}

/* All sizes alike, the ends among them. */
static uint64_t any_bits(const struct filler *filler)
{
    uint64_t bits = random_next(filler->random) >> below(filler, 64);

    switch (below(filler, 8)) {
    case 0: return ~bits;
    case 1: return UINT64_C(1) << below(filler, 64);
    case 2: return (UINT64_C(1) << below(filler, 64)) - 1;
    case 3: return 0;
    default: return bits;
    }
}

static uint64_t bits_of(const struct filler *filler, const char *name)
{
    if (filler->kind == RANDOM_ANY) return any_bits(filler);
    if (ends_with(name, "_ms"))
        return (uint64_t)DS_TIME_MIN_MS +
               below(filler, (uint64_t)(DS_TIME_MAX_MS - DS_TIME_MIN_MS));
    if (ends_with(name, "_fen")) return below(filler, UINT64_C(1000000000001));
    if (strcmp(name, "distance_m") == 0) return below(filler, 2000001);
    if (strcmp(name, "satisfaction") == 0) return 1 + below(filler, 5);
    if (strcmp(name, "month") == 0) return 200001 + below(filler, 6012);
    if (strcmp(name, "months") == 0) return 2 + below(filler, 59);
    if (strcmp(name, "under") == 0) return 1 + below(filler, 1023);
    if (strcmp(name, "n") == 0) return below(filler, 4096);
    abort(); /* a new number: say here what a client may send */
}

static double real_of(const struct filler *filler)
{
    if (filler->kind == RANDOM_GOOD) return (double)below(filler, 180000001) / 1e6 - 90;
    switch (below(filler, 4)) {
    case 0: return 0.1 * (double)below(filler, 1000) - 50;
    case 1: return (double)(int64_t)random_next(filler->random);
    case 2: return 1.0 / (double)(1 + (random_next(filler->random) >> below(filler, 63)));
    default: return below(filler, 2) ? 1.7976931348623157e308 : -5e-324;
    }
}

static int enum_of(const struct filler *filler, const ProtobufCEnumDescriptor *type)
{
    for (;;) {
        int value = type->values[below(filler, type->n_values)].value;
        if (value != 0 || filler->kind == RANDOM_ANY) return value;
    }
}

/* ---- messages ---- */

static void fill_value(const struct filler *filler, const ProtobufCFieldDescriptor *field, void *to)
{
    ProtobufCBinaryData *bytes = to;

    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: *(char **)to = text_of(filler, field->name); break;
    case PROTOBUF_C_TYPE_BYTES:
        bytes->len = below(filler, 12);
        bytes->data = take(filler, bytes->len);
        for (size_t i = 0; i < bytes->len; i++)
            bytes->data[i] = (uint8_t)below(filler, 256);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)to =
            random_message(field->descriptor, 0, filler->kind, filler->random, filler->arena);
        break;
    case PROTOBUF_C_TYPE_ENUM: *(int *)to = enum_of(filler, field->descriptor); break;
    case PROTOBUF_C_TYPE_BOOL: *(protobuf_c_boolean *)to = (int)below(filler, 2); break;
    case PROTOBUF_C_TYPE_DOUBLE: *(double *)to = real_of(filler); break;
    case PROTOBUF_C_TYPE_FLOAT: *(float *)to = (float)below(filler, 1000) / 8; break;
    default:
        if (ds_member_size(field->type) == sizeof(uint64_t))
            *(uint64_t *)to = bits_of(filler, field->name);
        else
            *(uint32_t *)to = (uint32_t)bits_of(filler, field->name);
    }
}

static bool set_by_intake(const ProtobufCMessageDescriptor *type,
                          const ProtobufCFieldDescriptor *field)
{
    return strcmp(type->name, "ds.CorrectAddress") == 0 && strcmp(field->name, "zone") == 0;
}

static void fill_field(const struct filler *filler, ProtobufCMessage *message,
                       const ProtobufCFieldDescriptor *field)
{
    void *quantifier = ds_member(message, field->quantifier_offset);
    char *to = ds_member(message, field->offset);

    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t n = 1 + below(filler, 3);
        size_t size = ds_member_size(field->type);
        char *members = take(filler, n * size);
        for (size_t i = 0; i < n; i++)
            fill_value(filler, field, members + i * size);
        *(size_t *)quantifier = n;
        *(char **)(void *)to = members;
        return;
    }
    fill_value(filler, field, to);
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        *(uint32_t *)quantifier = field->id;
    else if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE)
        *(protobuf_c_boolean *)quantifier = 1;
}

ProtobufCMessage *random_message(const ProtobufCMessageDescriptor *type, uint32_t member,
                                 enum random_kind kind, struct random *random,
                                 struct ds_arena *arena)
{
    struct filler filler = {random, arena, kind};
    ProtobufCMessage *message = take(&filler, type->sizeof_message);
    unsigned start = type->n_fields ? (unsigned)below(&filler, type->n_fields) : 0;
    bool in_oneof = false;

    protobuf_c_message_init(type, message);
    for (unsigned k = 0; k < type->n_fields; k++) { /* from anywhere: no member is favoured */
        const ProtobufCFieldDescriptor *field = &type->fields[(start + k) % type->n_fields];
        bool one = field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
        bool wanted = one && field->id == member;
        if (one && (in_oneof || (member && !wanted))) continue;
        if (kind == RANDOM_GOOD && set_by_intake(type, field)) continue;
        if (!wanted && below(&filler, 4) == 0) continue;
        fill_field(&filler, message, field);
        in_oneof = in_oneof || one;
    }
    return message;
}
