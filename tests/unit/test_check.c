/* SPDX-License-Identifier: MIT
 *
 * ds_check_message by tables: what is refused, with code and field, and what is not. Random bytes
 * are test_check_random.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "odd_types.h"
#include "proto/commands.pb-c.h"
#include "proto/envelope.pb-c.h"
#include "wire/check.h"
#include "wire_script.h"

struct refused {
    const char *script;
    enum ds_code code;
    const char *field;
    const char *expected; /* stands in fault.expected; NULL: not asked */
};

#define ID65    "\"a\"*65"
#define TEXT    "at most 2000 bytes"
#define INSTANT "2000..2060"

static const struct refused commands[] = {
    /* tags, lengths, varints */
    {"x80", DS_CODE_MALFORMED, "", NULL},
    {"x00", DS_CODE_MALFORMED, "", NULL},
    {"x0201", DS_CODE_MALFORMED, "", NULL},         /* field number 0, a length */
    {"x0b0c", DS_CODE_MALFORMED, "", NULL},         /* a group */
    {"x0c", DS_CODE_MALFORMED, "", NULL},           /* the end of one */
    {"x0e", DS_CODE_MALFORMED, "", NULL},           /* wire type 6 */
    {"x0f", DS_CODE_MALFORMED, "", NULL},           /* wire type 7 */
    {"x8a8080808000", DS_CODE_MALFORMED, "", NULL}, /* a tag of six bytes */
    {"xfaffffff7f", DS_CODE_MALFORMED, "", NULL},   /* a tag beyond 32 bits */
    {"xc201 { x80 }", DS_CODE_MALFORMED, "register", NULL},
    {"1:\"c1\" x80", DS_CODE_MALFORMED, "", NULL},
    {"x0a", DS_CODE_MALFORMED, "id", NULL},
    {"x0a8000", DS_CODE_BAD_VALUE, "id", "1..64"},      /* a long form of length 0 */
    {"x0a808080808000", DS_CODE_MALFORMED, "id", NULL}, /* a length of six bytes */
    {"x0a02 x61", DS_CODE_MALFORMED, "id", NULL},
    {"x0affffffff0f", DS_CODE_MALFORMED, "id", NULL},
    {"x0affffffff7f", DS_CODE_MALFORMED, "id", NULL},
    {"x10", DS_CODE_MALFORMED, "made_at_ms", NULL},
    {"x1080", DS_CODE_MALFORMED, "made_at_ms", NULL},
    {"x10 xffffffffffffffffff02", DS_CODE_MALFORMED, "made_at_ms", NULL}, /* 65 bits */
    {"x10 xffffffffffffffffffff01", DS_CODE_MALFORMED, "made_at_ms", NULL},
    {"24:{10:{xaa}}", DS_CODE_MALFORMED, "register.customer", NULL},
    {"24:{10:{x0a05 x31}}", DS_CODE_MALFORMED, "register.customer.phone", NULL},
    {"24:{x52 x7f}", DS_CODE_MALFORMED, "register.customer", NULL},
    {"39:{x09 x00000000000000}", DS_CODE_MALFORMED, "check_in.latitude", NULL},
    {"45:{x12 x09 x08}", DS_CODE_MALFORMED, "record_callback.answers[0]", NULL},

    /* fields that are not there */
    {"11:5", DS_CODE_UNKNOWN_FIELD, "#11", "it has id, made_at_ms, "},
    {"19:\"x\"", DS_CODE_UNKNOWN_FIELD, "#19", NULL},
    {"51:{}", DS_CODE_UNKNOWN_FIELD, "#51", NULL},
    {"536870911:1", DS_CODE_UNKNOWN_FIELD, "#536870911", NULL},
    {"37:{1:1}", DS_CODE_UNKNOWN_FIELD, "accept.#1", "it has no fields"},
    {"24:{14:1}", DS_CODE_UNKNOWN_FIELD, "register.#14", "kind, complaint_type, subject"},
    {"24:{10:{9:1}}", DS_CODE_UNKNOWN_FIELD, "register.customer.#9", NULL},
    {"45:{2:{1:1} 2:{1:2 4:0}}", DS_CODE_UNKNOWN_FIELD, "record_callback.answers[1].#4",
     "it has question, yes, amount_fen"},

    /* wire types */
    {"1:5", DS_CODE_WRONG_TYPE, "id", "wire type 2"},
    {"1:d5", DS_CODE_WRONG_TYPE, "id", "wire type 2"},
    {"1:f5", DS_CODE_WRONG_TYPE, "id", "wire type 2"},
    {"2:\"5\"", DS_CODE_WRONG_TYPE, "made_at_ms", "wire type 0"},
    {"2:d5", DS_CODE_WRONG_TYPE, "made_at_ms", "wire type 0"},
    {"24:1", DS_CODE_WRONG_TYPE, "register", "wire type 2"},
    {"24:{4:\"1\"}", DS_CODE_WRONG_TYPE, "register.urgent", "wire type 0"},
    {"24:{1:{1}}", DS_CODE_WRONG_TYPE, "register.kind", "wire type 0"},
    {"39:{1:30}", DS_CODE_WRONG_TYPE, "check_in.latitude", "wire type 1"},
    {"39:{1:f30}", DS_CODE_WRONG_TYPE, "check_in.latitude", "wire type 1"},
    {"45:{2:1}", DS_CODE_WRONG_TYPE, "record_callback.answers", "wire type 2"},

    /* twice, two of one kind, too many */
    {"1:\"a\" 1:\"a\"", DS_CODE_DUPLICATE_FIELD, "id", NULL},
    {"1:\"a\" 4:\"b\" 1:\"c\"", DS_CODE_DUPLICATE_FIELD, "id", NULL},
    {"24:{1:1 1:2}", DS_CODE_DUPLICATE_FIELD, "register.kind", NULL},
    {"24:{} 24:{}", DS_CODE_DUPLICATE_FIELD, "register", NULL},
    {"24:{10:{1:\"1\"} 10:{2:\"b\"}}", DS_CODE_DUPLICATE_FIELD, "register.customer", NULL},
    {"45:{2:{1:1 1:1}}", DS_CODE_DUPLICATE_FIELD, "record_callback.answers[0].question", NULL},
    {"37:{} 38:{}", DS_CODE_DUPLICATE_FIELD, "reject", "accept stands already"},
    {"50:{} 1:\"a\" 20:{}", DS_CODE_DUPLICATE_FIELD, "call_offered", "activate stands already"},

    /* enums and bools */
    {"24:{1:0}", DS_CODE_UNKNOWN_VALUE, "register.kind", "INSTALL, COMPLAINT, SYSTEM"},
    {"24:{1:4}", DS_CODE_UNKNOWN_VALUE, "register.kind", "INSTALL, COMPLAINT, SYSTEM"},
    {"24:{1:-1}", DS_CODE_UNKNOWN_VALUE, "register.kind", NULL},
    {"24:{1:4294967297}", DS_CODE_UNKNOWN_VALUE, "register.kind", NULL}, /* 1 in its low bits */
    {"21:{2:5}", DS_CODE_UNKNOWN_VALUE, "call_answered.answered_by", "PERSON, VOICEMAIL, IVR"},
    {"40:{1:9}", DS_CODE_UNKNOWN_VALUE, "report_delay.reason", "PARTS, MAJOR_REPAIR"},
    {"45:{2:{1:1} 2:{1:1} 2:{1:0}}", DS_CODE_UNKNOWN_VALUE, "record_callback.answers[2].question",
     "FIXED, ON_TIME"},
    {"24:{4:2}", DS_CODE_BAD_VALUE, "register.urgent", "true (1) or false (0)"},
    {"24:{4:-1}", DS_CODE_BAD_VALUE, "register.urgent", NULL},
    {"24:{4:4294967296}", DS_CODE_BAD_VALUE, "register.urgent", NULL},

    /* text that is none */
    {"1:{x6100}", DS_CODE_BAD_TEXT, "id", NULL},
    {"1:{x00}", DS_CODE_BAD_TEXT, "id", NULL},
    {"1:{xff}", DS_CODE_BAD_TEXT, "id", NULL},
    {"31:{1:{x610062}}", DS_CODE_BAD_TEXT, "urge.note", NULL},
    {"31:{1:{x80}}", DS_CODE_BAD_TEXT, "urge.note", NULL}, /* a tail alone */
    {"31:{1:{xc3}}", DS_CODE_BAD_TEXT, "urge.note", NULL}, /* no tail */
    {"31:{1:{xe7a9}}", DS_CODE_BAD_TEXT, "urge.note", NULL},
    {"31:{1:{xc080}}", DS_CODE_BAD_TEXT, "urge.note", NULL},     /* overlong NUL */
    {"31:{1:{xc1bf}}", DS_CODE_BAD_TEXT, "urge.note", NULL},     /* overlong */
    {"31:{1:{xe09fbf}}", DS_CODE_BAD_TEXT, "urge.note", NULL},   /* overlong */
    {"31:{1:{xf08fbfbf}}", DS_CODE_BAD_TEXT, "urge.note", NULL}, /* overlong */
    {"31:{1:{xeda080}}", DS_CODE_BAD_TEXT, "urge.note", NULL},   /* surrogate */
    {"31:{1:{xedbfbf}}", DS_CODE_BAD_TEXT, "urge.note", NULL},   /* surrogate */
    {"31:{1:{xf4908080}}", DS_CODE_BAD_TEXT, "urge.note", NULL}, /* U+110000 */
    {"31:{1:{xf8888080}}", DS_CODE_BAD_TEXT, "urge.note", NULL},
    {"31:{1:{x6162636465666768 xff}}", DS_CODE_BAD_TEXT, "urge.note", NULL},
    {"31:{1:{x616263646566006768}}", DS_CODE_BAD_TEXT, "urge.note", NULL},
    {"50:{2:{x61626364 xff}}", DS_CODE_BAD_TEXT, "activate.directory", NULL},

    /* forms of texts */
    {"1:\"\"", DS_CODE_BAD_VALUE, "id", "1..64 of [0-9A-Za-z._~-]"},
    {"1:" ID65, DS_CODE_BAD_VALUE, "id", "1..64"},
    {"1:\"a b\"", DS_CODE_BAD_VALUE, "id", NULL},
    {"1:\"a/b\"", DS_CODE_BAD_VALUE, "id", NULL},
    {"1:\"{p007}\"", DS_CODE_BAD_VALUE, "id", NULL},
    {"1:\"单\"", DS_CODE_BAD_VALUE, "id", NULL},
    {"4:\"person:x\"", DS_CODE_BAD_VALUE, "by", NULL},
    {"5:\"\"", DS_CODE_BAD_VALUE, "person", NULL},
    {"6:\" \"", DS_CODE_BAD_VALUE, "territory", NULL},
    {"7:\"T007#1\"", DS_CODE_BAD_VALUE, "ticket", NULL},
    {"8:" ID65, DS_CODE_BAD_VALUE, "ref", NULL},
    {"9:\"\"", DS_CODE_BAD_VALUE, "supersedes", NULL},
    {"20:{1:\"a*\"}", DS_CODE_BAD_VALUE, "call_offered.call", NULL},
    {"20:{2:\"\"}", DS_CODE_BAD_VALUE, "call_offered.called", "1..32 of [0-9+*#-]"},
    {"20:{2:\"1\"*33}", DS_CODE_BAD_VALUE, "call_offered.called", NULL},
    {"20:{3:\"138 0013\"}", DS_CODE_BAD_VALUE, "call_offered.caller", "anonymous"},
    {"20:{3:\"Anonymous\"}", DS_CODE_BAD_VALUE, "call_offered.caller", NULL},
    {"20:{3:\"anonymous1\"}", DS_CODE_BAD_VALUE, "call_offered.caller", NULL},
    {"21:{3:\"a@b\"}", DS_CODE_BAD_VALUE, "call_answered.agent", NULL},
    {"24:{8:\"\"}", DS_CODE_BAD_VALUE, "register.about", NULL},
    {"24:{9:\"?\"}", DS_CODE_BAD_VALUE, "register.about_ref", NULL},
    {"24:{10:{1:\"call me\"}}", DS_CODE_BAD_VALUE, "register.customer.phone", NULL},
    {"24:{11:{5:\"2007-02-29\"}}", DS_CODE_BAD_VALUE, "register.product.invoiced_on", "YYYY-MM-DD"},
    {"24:{11:{5:\"2007-2-1\"}}", DS_CODE_BAD_VALUE, "register.product.invoiced_on", NULL},
    {"24:{11:{5:\"\"}}", DS_CODE_BAD_VALUE, "register.product.invoiced_on", NULL},
    {"27:{1:\"A 1\"}", DS_CODE_BAD_VALUE, "fill_order.order_no", NULL},
    {"36:{1:\"zhang\"}", DS_CODE_BAD_VALUE, "assign.account", "person:<id> or outlet:<id>"},
    {"36:{1:\"person:\"}", DS_CODE_BAD_VALUE, "assign.account", NULL},
    {"36:{1:\"outlet:a:b\"}", DS_CODE_BAD_VALUE, "assign.account", NULL},
    {"36:{1:\"Person:a\"}", DS_CODE_BAD_VALUE, "assign.account", NULL},
    {"36:{1:\"personnel:a\"}", DS_CODE_BAD_VALUE, "assign.account", NULL},
    {"44:{1:\"2007-13-01\"}", DS_CODE_BAD_VALUE, "report_day.date", NULL},
    {"44:{1:\"2007-03-01T\"}", DS_CODE_BAD_VALUE, "report_day.date", NULL},
    {"46:{1:\"7\"}", DS_CODE_BAD_VALUE, "report_violation.clause", "7.24"},
    {"46:{1:\"7.\"}", DS_CODE_BAD_VALUE, "report_violation.clause", NULL},
    {"46:{1:\".1\"}", DS_CODE_BAD_VALUE, "report_violation.clause", NULL},
    {"46:{1:\"7.01\"}", DS_CODE_BAD_VALUE, "report_violation.clause", NULL},
    {"46:{1:\"7.1.1\"}", DS_CODE_BAD_VALUE, "report_violation.clause", NULL},
    {"46:{1:\"7.1000\"}", DS_CODE_BAD_VALUE, "report_violation.clause", NULL},
    {"46:{1:\"7.a\"}", DS_CODE_BAD_VALUE, "report_violation.clause", NULL},
    {"47:{1:\"\"}", DS_CODE_BAD_VALUE, "confirm_proposal.proposal", "1..240"},
    {"48:{1:\"a\"*241}", DS_CODE_BAD_VALUE, "reject_proposal.proposal", NULL},
    {"49:{1:\"a b\"}", DS_CODE_BAD_VALUE, "reverse_entry.entry", NULL},
    {"10:\"\"", DS_CODE_BAD_VALUE, "traceparent", "traceparent"},
    {"10:\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0\"", DS_CODE_BAD_VALUE,
     "traceparent", NULL},
    {"10:\"00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"", DS_CODE_BAD_VALUE,
     "traceparent", NULL},
    {"10:\"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"", DS_CODE_BAD_VALUE,
     "traceparent", NULL},
    {"10:\"00-00000000000000000000000000000000-b7ad6b7169203331-01\"", DS_CODE_BAD_VALUE,
     "traceparent", NULL},
    {"10:\"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01\"", DS_CODE_BAD_VALUE,
     "traceparent", NULL},
    {"10:\"00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"", DS_CODE_BAD_VALUE,
     "traceparent", NULL},

    /* ranges */
    {"31:{1:\"a\"*2001}", DS_CODE_OUT_OF_RANGE, "urge.note", TEXT},
    {"34:{2:\"空\"*667}", DS_CODE_OUT_OF_RANGE, "answer_complaint.text", TEXT},
    {"24:{10:{2:\"a\"*2001}}", DS_CODE_OUT_OF_RANGE, "register.customer.name", TEXT},
    {"50:{1:\"a\"*524289}", DS_CODE_OUT_OF_RANGE, "activate.rulebook", "524288"},
    {"2:0", DS_CODE_OUT_OF_RANGE, "made_at_ms", INSTANT},
    {"2:946684799999", DS_CODE_OUT_OF_RANGE, "made_at_ms", INSTANT},
    {"2:2871763200000", DS_CODE_OUT_OF_RANGE, "made_at_ms", INSTANT},
    {"3:-1", DS_CODE_OUT_OF_RANGE, "occurred_at_ms", INSTANT},
    {"23:{1:1}", DS_CODE_OUT_OF_RANGE, "feed_gap.from_ms", INSTANT},
    {"29:{2:9223372036854775807}", DS_CODE_OUT_OF_RANGE, "book_appointment.to_ms", INSTANT},
    {"24:{10:{6:-1}}", DS_CODE_OUT_OF_RANGE, "register.customer.distance_m", "0..2000000"},
    {"24:{10:{6:2000001}}", DS_CODE_OUT_OF_RANGE, "register.customer.distance_m", NULL},
    {"24:{10:{8:-1}}", DS_CODE_OUT_OF_RANGE, "register.customer.purchases_fen", "0..1000000000000"},
    {"43:{4:1000000000001}", DS_CODE_OUT_OF_RANGE, "file_result.labour_fen", NULL},
    {"46:{4:-5000}", DS_CODE_OUT_OF_RANGE, "report_violation.amount_fen", NULL},
    {"39:{1:d90.000001}", DS_CODE_OUT_OF_RANGE, "check_in.latitude", "-90..90"},
    {"39:{1:d-91}", DS_CODE_OUT_OF_RANGE, "check_in.latitude", NULL},
    {"39:{2:d180.5}", DS_CODE_OUT_OF_RANGE, "check_in.longitude", "-180..180"},
    {"39:{2:dnan}", DS_CODE_OUT_OF_RANGE, "check_in.longitude", NULL},
    {"39:{1:dinf}", DS_CODE_OUT_OF_RANGE, "check_in.latitude", NULL},
    {"45:{3:0}", DS_CODE_OUT_OF_RANGE, "record_callback.satisfaction", "1..5"},
    {"45:{3:6}", DS_CODE_OUT_OF_RANGE, "record_callback.satisfaction", "1..5"},
    {"45:{3:4294967297}", DS_CODE_OUT_OF_RANGE, "record_callback.satisfaction", "32-bit"},
    {"45:{3:-1}", DS_CODE_OUT_OF_RANGE, "record_callback.satisfaction", NULL},

    /* set by intake */
    {"25:{5:1}", DS_CODE_NOT_ALLOWED_HERE, "correct_address.zone", NULL},
    {"25:{1:\"a\" 5:0}", DS_CODE_NOT_ALLOWED_HERE, "correct_address.zone", NULL},
};

#define VERSION &ds__version__descriptor
#define ROWS    &ds__zone_rows__descriptor
#define EVENT   &ds__event__descriptor
#define BATCH   &ds__batch__descriptor
#define HEART   &ds__heartbeat__descriptor
#define RECEIPT &ds__receipt__descriptor
#define ODD     &odd_type

static const struct {
    const ProtobufCMessageDescriptor *type;
    struct refused row;
} others[] = {
    /* repeated numbers, packed and not */
    {VERSION, {"4:{2:{x80}}", DS_CODE_MALFORMED, "zones[0].at_ms[0]", NULL}},
    {VERSION, {"4:{} 4:{3:z2147483648}", DS_CODE_OUT_OF_RANGE, "zones[1].offset_s[0]", "32-bit"}},
    {VERSION, {"4:{} 4:{3:{z1 z2147483648}}", DS_CODE_OUT_OF_RANGE, "zones[1].offset_s[1]", NULL}},
    {ROWS, {"3:{z1 z2} 3:z-2147483649", DS_CODE_OUT_OF_RANGE, "offset_s[2]", NULL}},
    {ROWS, {"2:d5", DS_CODE_WRONG_TYPE, "at_ms", "wire type 0"}},
    {ROWS, {"2:f5", DS_CODE_WRONG_TYPE, "at_ms", "wire type 0"}},
    {ROWS, {"x12050102", DS_CODE_MALFORMED, "at_ms", NULL}},
    {ROWS, {"1:\"a\" 1:\"b\"", DS_CODE_DUPLICATE_FIELD, "name", NULL}},
    {BATCH, {"7:{8:{2:1 2:1}}", DS_CODE_UNKNOWN_FIELD, "#7", "events, header, crc"}},
    {BATCH, {"2:{8:{2:1} 8:{2:1 2:1}}", DS_CODE_DUPLICATE_FIELD, "header.applied[1].seq", NULL}},

    /* fixed and unsigned numbers */
    {BATCH, {"15:5", DS_CODE_WRONG_TYPE, "crc", "wire type 5"}},
    {BATCH, {"x7d0000", DS_CODE_MALFORMED, "crc", NULL}},
    {HEART, {"2:{1:4294967296}", DS_CODE_OUT_OF_RANGE, "rows[0].partition", "32-bit"}},
    {HEART, {"2:{1:1} 2:{1:-1}", DS_CODE_OUT_OF_RANGE, "rows[1].partition", "32-bit"}},

    {ODD, {"1:2147483648", DS_CODE_OUT_OF_RANGE, "a", "32-bit"}},
    {ODD, {"1:-2147483649", DS_CODE_OUT_OF_RANGE, "a", NULL}},
    {ODD, {"2:f4294967291", DS_CODE_OUT_OF_RANGE, "late_ms", "0 or more"}}, /* -5 */
    {ODD, {"2:d1", DS_CODE_WRONG_TYPE, "late_ms", "wire type 5"}},
    {ODD, {"3:d0", DS_CODE_OUT_OF_RANGE, "made_at_ms", "2000..2060"}},
    {ODD, {"3:f0", DS_CODE_WRONG_TYPE, "made_at_ms", "wire type 1"}},
    {ODD, {"4:f1119223808", DS_CODE_OUT_OF_RANGE, "latitude", "-90..90"}}, /* 91 */
    {ODD, {"4:f2143289344", DS_CODE_OUT_OF_RANGE, "latitude", NULL}},      /* NaN */
    {ODD, {"6:{f1 x000000}", DS_CODE_MALFORMED, "floats[1]", NULL}},
    {ODD, {"6:5", DS_CODE_WRONG_TYPE, "floats", "wire type 5"}},

    /* names that mean something else elsewhere */
    {RECEIPT, {"2:0", DS_CODE_UNKNOWN_VALUE, "status", "RECORDED, DUPLICATE, REJECTED"}},
    {RECEIPT, {"10:-1", DS_CODE_OUT_OF_RANGE, "retry_after_ms", "0 or more"}},
    {EVENT, {"9:999", DS_CODE_UNKNOWN_VALUE, "reason", ", ..."}},
    {EVENT, {"121:{6:-1}", DS_CODE_OUT_OF_RANGE, "breached.late_ms", NULL}},
    {EVENT,
     {"141:{1:{6:-1000000000001}}", DS_CODE_OUT_OF_RANGE, "proposed.entry.amount_fen", NULL}},
    {EVENT, {"50:{1:\"a\"*63}", DS_CODE_BAD_VALUE, "activated.hash", "64 of [0-9a-f]"}},
    {EVENT, {"50:{1:\"A\"*64}", DS_CODE_BAD_VALUE, "activated.hash", NULL}},
    {EVENT, {"7:\"\"", DS_CODE_BAD_VALUE, "command_id", "1..64"}},
    {EVENT, {"141:{1:{1:\"7.1 x\"}}", DS_CODE_BAD_VALUE, "proposed.entry.key", "1..240"}},
    {EVENT, {"140:{1:5}", DS_CODE_WRONG_TYPE, "entry_posted.entry", "wire type 2"}},
    {EVENT, {"140:{x0a0200}", DS_CODE_MALFORMED, "entry_posted.entry", NULL}},
};

static const struct {
    const char *script;
    const ProtobufCMessageDescriptor *type;
} good_others[] = {
    {"2:{z0 z-9223372036854775808} 2:z9223372036854775807 3:{} 3:z-43200", ROWS},
    {"4:{1:\"Asia/Shanghai\" 2:{z-1} 3:{z28800}} 4:{}", VERSION},
    {"15:f4294967295 2:{4:18446744073709551615}", BATCH},
    {"10:5000", RECEIPT},
    {"1:-2147483648 2:f5 4:f3266576384 5:d-1 6:{f1 f2} 6:f3", ODD},
    {"121:{6:5000}", EVENT},
    {"125:{3:20000}", EVENT},
    {"141:{1:{6:-5000 13:100}}", EVENT},
    {"50:{1:\"0123456789abcdef\"*4}", EVENT},
    {"25:{5:1}", EVENT}, /* intake did set it */
    {"140:{1:{x00ff} 2:\"\"}", EVENT},
};

static const char *const good_commands[] = {
    "",
    "1:\"c-1\" 2:1172736000000 4:\"wang\" 6:\"north\" 7:\"T007-1\" 37:{}",
    "37:{} 1:\"order.of~fields_is-free\"",
    "1:\"a\"*64",
    "2:946684800000 3:2871763199999",
    "10:\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"",
    "20:{1:\"1172736000.17\" 2:\"95105\" 3:\"+86-138*00#\" 4:\"\"}",
    "20:{3:\"anonymous\"}",
    "20:{3:\"unknown\" 2:\"1\"*32}",
    "24:{1:1 4:1 10:{2:\"张三\" 5:0 6:0 8:1000000000000} 11:{5:\"2008-02-29\"} 12:\"不制冷 😀\"}",
    "24:{x20 x8100 x08 x81808080808080808000}", /* long forms are legal: of numbers, */
    "x8a80808000 x8180808000 x61",              /* tags and lengths */
    "25:{1:\"x\" 2:\"y\" 3:1 4:2000000}",
    "31:{1:\"a\"*2000}",
    "31:{1:{xc280dfbfe0a080ed9fbfee8080efbfbff0908080f48fbfbf}}",
    "36:{1:\"outlet:a\"}",
    "39:{1:d-90 2:d180 3:1 4:0}",
    "45:{1:1 2:{1:1 2:1} 2:{1:5 3:0} 2:{} 3:5}",
    "46:{1:\"7.24\" 2:\"person:li\" 4:0}",
    "49:{1:\"7.2/person:li/T007-9/visit#1\"}",
    "50:{1:\"a\"*524288 2:\"\"}",
};

static enum ds_code check(const ProtobufCMessageDescriptor *type, const char *script,
                          struct ds_fault *fault)
{
    size_t len;
    uint8_t *bytes = wire_script_exact(script, &len);
    enum ds_code code = ds_check_message(type, bytes, len, fault);

    assert_int_equal(code, fault->code);
    free(bytes);
    return code;
}

static void refuse(const ProtobufCMessageDescriptor *type, const struct refused *row)
{
    struct ds_fault fault;
    bool wrong = check(type, row->script, &fault) != row->code;

    wrong = wrong || strcmp(fault.field, row->field) != 0;
    wrong = wrong || strstr(fault.expected, "NONE"); /* never a choice */
    wrong = wrong || (row->expected && !strstr(fault.expected, row->expected));
    if (wrong)
        fail_msg("%.60s: code %d (not %d), field \"%s\" (not \"%s\"), expected \"%s\"", row->script,
                 fault.code, row->code, fault.field, row->field, fault.expected);
}

static void refuses(void **state)
{
    const size_t n = sizeof commands / sizeof commands[0];

    (void)state;
    for (size_t i = 0; i < n; i++)
        refuse(&ds__command__descriptor, &commands[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        refuse(others[i].type, &others[i].row);
    printf("%zu wrong messages\n", n + sizeof others / sizeof others[0]);
}

static void accept(const char *script, const ProtobufCMessageDescriptor *type)
{
    struct ds_fault fault;

    if (check(type, script, &fault) != DS_CODE_OK)
        fail_msg("%.60s: code %d, field \"%s\"", script, fault.code, fault.field);
    assert_string_equal(fault.field, "");
    assert_string_equal(fault.expected, "");
}

static void accepts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good_commands / sizeof good_commands[0]; i++)
        accept(good_commands[i], &ds__command__descriptor);
    for (size_t i = 0; i < sizeof good_others / sizeof good_others[0]; i++)
        accept(good_others[i].script, good_others[i].type);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses),
        cmocka_unit_test(accepts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
