/* SPDX-License-Identifier: MIT */
#include "gateway/cti_form.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "domain/ids.h"
#include "wire/utf8.h"

/* Fields of the form in the order of `values`. */
enum { EVENT, FROM, TO, DIRECTION, CALL, USER, ANSWERING, QUEUE, CAUSE, FIELDS };

static const char *const names[FIELDS] = {
    "event", "from", "to", "direction", "callId", "user", "answeringNumber", "queue", "cause"};

struct values {
    char of[FIELDS][CTI_VALUE_MAX];
    int n_users;
    const char *too_long; /* name of a field */
};

/* Users are sent as user or as user[], the latter also more than once. */
static int field_of(const char *key)
{
    if (strcmp(key, "user[]") == 0) return USER;
    for (int i = 0; i < FIELDS; i++)
        if (strcmp(key, names[i]) == 0) return i;
    return FIELDS;
}

static void put(struct values *values, int field, const char *text, size_t len, size_t at)
{
    if (field == FIELDS) return; /* of another version of the form, and nothing to us */
    if (field == USER && at == 0) values->n_users++;
    if (at + len >= CTI_VALUE_MAX) {
        values->too_long = names[field];
        return;
    }
    memcpy(values->of[field] + at, text, len);
    values->of[field][at + len] = '\0';
}

/* ---- the body ---- */

static enum MHD_Result take_pair(void *self, enum MHD_ValueKind kind, const char *key,
                                 const char *filename, const char *type, const char *encoding,
                                 const char *text, uint64_t at, size_t len)
{
    struct values *values = self;

    (void)kind, (void)filename, (void)type, (void)encoding;
    put(values, key ? field_of(key) : FIELDS, text, len, (size_t)at);
    return MHD_YES;
}

static bool read_pairs(struct http_request *request, struct values *values)
{
    struct MHD_PostProcessor *reader =
        MHD_create_post_processor(request->connection, 1024, take_pair, values);

    if (!reader) return false; /* neither of the two media types of forms */
    bool read =
        MHD_post_process(reader, (const char *)request->body.bytes, request->body.len) == MHD_YES;
    return MHD_destroy_post_processor(reader) == MHD_YES && read;
}

static void take_json(struct values *values, int field, const json_t *value)
{
    char number[24];

    if (json_is_string(value)) {
        put(values, field, json_string_value(value), json_string_length(value), 0);
    } else if (json_is_integer(value)) {
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        put(values, field, number, strlen(number), 0);
    }
}

static bool read_json(struct http_request *request, struct values *values)
{
    json_t *body = json_loadb((const char *)request->body.bytes, request->body.len,
                              JSON_REJECT_DUPLICATES, NULL);
    const char *key;
    json_t *value, *item;
    size_t i;

    if (!json_is_object(body)) {
        json_decref(body);
        return false;
    }
    json_object_foreach(body, key, value)
    {
        if (json_is_array(value)) {
            json_array_foreach(value, i, item) take_json(values, field_of(key), item);
        } else {
            take_json(values, field_of(key), value);
        }
    }
    json_decref(body);
    return true;
}

/* ---- numbers ---- */

static bool is_hidden(const char *number)
{
    static const char *const words[] = {"", "anonymous", "private", "restricted", "withheld"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(number, words[i]) == 0) return true;
    return false;
}

/* Without what people and exchanges write around the digits: "sip:+86 (736) 555-0101@x". */
static bool digits_of(const char *text, char ret[CTI_NUMBER_MAX])
{
    size_t n = 0;

    if (strncasecmp(text, "sip:", 4) == 0 || strncasecmp(text, "tel:", 4) == 0) text += 4;
    for (; *text && *text != '@' && *text != ';'; text++) {
        if (strchr(" -./()", *text)) continue;
        if (!strchr("0123456789+*#", *text) || n == CTI_NUMBER_MAX - 1) return false;
        ret[n++] = *text;
    }
    ret[n] = '\0';
    return n > 0;
}

void cti_national(const char *number, char ret[CTI_NUMBER_MAX])
{
    const char *rest = number;
    size_t len;

    if (strncmp(number, "+86", 3) == 0)
        rest = number + 3;
    else if (strncmp(number, "0086", 4) == 0)
        rest = number + 4;
    else if (strncmp(number, "86", 2) == 0 && strlen(number) >= 12)
        rest = number + 2;
    len = strlen(rest);
    /* mobiles have eleven digits and no area code; an area code is written with 0 at home */
    bool area = rest != number && rest[0] != '0' && !(rest[0] == '1' && len == 11);
    snprintf(ret, CTI_NUMBER_MAX, "%s%s", area ? "0" : "", rest);
}

static void set_caller(struct cti_form *form, const char *from)
{
    char digits[CTI_NUMBER_MAX];

    if (is_hidden(from))
        ds_copy(form->caller, sizeof form->caller, "anonymous");
    else if (digits_of(from, digits))
        cti_national(digits, form->caller);
    else
        ds_copy(form->caller, sizeof form->caller, "unknown");
}

/* ---- words ---- */

/* What of a hangup is told on: as the example day has it, else the exchange's own word. */
static const char *cause_of(const char *sent, bool *ret_answered)
{
    static const char *const causes[][2] = {
        {"normalClearing", "normal"}, {"cancel", "caller hung up"},
        {"noAnswer", "no answer"},    {"busy", "busy"},
        {"congestion", "congestion"}, {"notFound", "not found"},
        {"forwarded", "forwarded"},
    };

    *ret_answered = strcasecmp(sent, "normalClearing") == 0;
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (strcasecmp(sent, causes[i][0]) == 0) return causes[i][1];
    return "other";
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0) return true;
    return false;
}

Ds__AnsweredBy__Name cti_answered_by(const struct cti_form *form)
{
    static const char *const mail[] = {"voicemail", "mailbox", "语音信箱", NULL};
    static const char *const menu[] = {"ivr", "menu", "自动语音", NULL};
    static const char *const queue[] = {"queue", "队列", NULL};
    const char *who = form->answering[0] ? form->answering : form->user;

    if (is_one_of(who, mail)) return DS__ANSWERED_BY__NAME__VOICEMAIL;
    if (is_one_of(who, menu)) return DS__ANSWERED_BY__NAME__IVR;
    if (is_one_of(who, queue)) return DS__ANSWERED_BY__NAME__QUEUE;
    return DS__ANSWERED_BY__NAME__PERSON;
}

static void set_call(struct cti_form *form, const char *id)
{
    unsigned char hash[16];

    if (ds_check_id(id)) {
        ds_copy(form->call, sizeof form->call, id);
        return;
    }
    crypto_generichash(hash, sizeof hash, (const unsigned char *)id, strlen(id), NULL, 0);
    memcpy(form->call, "cti-", 4);
    sodium_bin2hex(form->call + 4, sizeof form->call - 4, hash, sizeof hash);
}

/* ---- the whole ---- */

static bool wrong(struct http_request *request, int field, const char *expected)
{
    http_problem(request, MHD_HTTP_UNPROCESSABLE_CONTENT, "bad_value", names[field], expected);
    return false;
}

static bool is_clean(const struct values *values, int *ret_field)
{
    for (int i = 0; i < FIELDS; i++)
        if (!ds_utf8_clean(values->of[i], strlen(values->of[i]))) {
            *ret_field = i;
            return false;
        }
    return true;
}

static bool understand(struct http_request *request, const struct values *values,
                       struct cti_form *form)
{
    static const char *const kinds[CTI_KINDS] = {"newCall", "answer", "hangup"};
    int field;

    while (form->kind < CTI_KINDS && strcmp(values->of[EVENT], kinds[form->kind]) != 0)
        form->kind++;
    if (form->kind == CTI_KINDS) return wrong(request, EVENT, "newCall, answer or hangup");
    form->inbound = strcmp(values->of[DIRECTION], "in") == 0;
    if (!form->inbound && strcmp(values->of[DIRECTION], "out") != 0)
        return wrong(request, DIRECTION, "in or out");
    if (!form->inbound) return true;
    if (values->too_long) return wrong(request, field_of(values->too_long), "at most 255 bytes");
    if (!is_clean(values, &field)) return wrong(request, field, "UTF-8");
    if (!values->of[CALL][0]) return wrong(request, CALL, "the exchange's id of the call");
    if (!digits_of(values->of[TO], form->called)) return wrong(request, TO, "the number dialled");
    set_call(form, values->of[CALL]);
    set_caller(form, values->of[FROM]);
    ds_copy(form->answering, sizeof form->answering, values->of[ANSWERING]);
    if (values->n_users == 1) ds_copy(form->user, sizeof form->user, values->of[USER]);
    ds_copy(form->queue, sizeof form->queue, values->of[QUEUE]);
    form->cause = cause_of(values->of[CAUSE], &form->was_answered);
    return true;
}

bool cti_read(struct http_request *request, struct cti_form *ret)
{
    const char *type = http_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
    struct values values = {0};
    bool json = type && strncasecmp(type, "application/json", 16) == 0;

    *ret = (struct cti_form){0};
    if (!(json ? read_json : read_pairs)(request, &values)) {
        http_problem(request, MHD_HTTP_BAD_REQUEST, json ? "bad_json" : "bad_value",
                     json ? "" : "Content-Type",
                     json ? "an object" : "application/json or a form of pairs");
        return false;
    }
    return understand(request, &values, ret);
}
