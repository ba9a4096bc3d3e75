/* SPDX-License-Identifier: MIT */
#include "gateway/cti.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/event.h"
#include "domain/ids.h"
#include "gateway/cti_form.h"
#include "gateway/gateway.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "wire/check.h"

enum { ID_SIZE = 4 + 32 + 1, COMMAND_BYTES_MAX = 4096 };

/* One of the commands of a request. */
struct cti_sent {
    struct cti_wait *wait;
    bool is_gap;
};

struct cti_wait {
    struct cti *cti;
    struct http_request *request; /* NULL: the client has left; what it said is recorded */
    struct cti_sender *sender;
    char person[DS_ID_MAX + 1]; /* who sends the commands */
    bool is_event;              /* else a heartbeat */
    struct cti_form form;
    const struct ds_version *version;
    const struct ds_territory *territory; /* of the number dialled */
    int64_t at_ms, at_wall_ms;            /* rule time and real time of its arrival */
    int64_t gap_from_ms;                  /* a gap that is told on the way; CTI_WHOLE */
    struct cti_sent *sent;                /* owned; one a command */
    uint32_t n_sent, n_open;
    int failed; /* status of what went wrong first; 0 */
    char code[32], field[96], expected[128];
    char status[16], event[DS_EVENT_ID_MAX]; /* of the receipt of the event itself */
    struct cti_wait *next, **at;
};

/* ---- senders ---- */

static struct cti_sender *find_sender(struct cti *cti, const char *name)
{
    for (uint32_t i = 0; i < cti->n_senders; i++)
        if (strcmp(cti->senders[i].name, name) == 0) return &cti->senders[i];
    if (cti->n_senders == CTI_SENDERS_MAX) return NULL;
    struct cti_sender *sender = &cti->senders[cti->n_senders++];
    *sender = (struct cti_sender){.broken_from_ms = CTI_WHOLE};
    ds_copy(sender->name, sizeof sender->name, name);
    return sender;
}

static int64_t least(int64_t a_ms, int64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

static void ignore_reply(void *self, uint32_t tag, redisReply *reply)
{
    (void)self, (void)tag, (void)reply; /* what is not kept makes the next gap longer, no more */
}

/* "UP_TO_MS WALL_MS BEATS": up to when nothing is missing. */
static void keep(struct cti *cti, const struct cti_sender *sender)
{
    char text[64];

    if (sender->heard_ms == 0) return;
    snprintf(text, sizeof text, "%lld %lld %d",
             (long long)least(sender->heard_ms, sender->broken_from_ms),
             (long long)sender->heard_wall_ms, sender->beats);
    const char *argv[] = {"HSET", "doorstep:cti", sender->name, text};
    rt_store_send(&cti->gateway->feed.store, ignore_reply, cti, 0, 4, argv, NULL);
}

static void load(struct cti_sender *sender, const char *text)
{
    long long up_to_ms, wall_ms;
    int beats;

    sender->loaded = true;
    if (!text || sscanf(text, "%lld %lld %d", &up_to_ms, &wall_ms, &beats) != 3) return;
    sender->heard_ms = up_to_ms;
    sender->heard_wall_ms = wall_ms;
    sender->beats = beats != 0;
    sender->broken_from_ms = up_to_ms; /* there was no gateway in between, or another one */
}

/* ---- the answer ---- */

static void fail(struct cti_wait *wait, int status, const char *code, const char *field,
                 const char *expected)
{
    if (wait->failed) return;
    wait->failed = status;
    snprintf(wait->code, sizeof wait->code, "%s", code);
    snprintf(wait->field, sizeof wait->field, "%s", field);
    snprintf(wait->expected, sizeof wait->expected, "%s", expected);
}

static void answer(struct cti_wait *wait)
{
    struct http_request *request = wait->request;

    if (!request) return;
    request->over = NULL;
    if (wait->failed == MHD_HTTP_SERVICE_UNAVAILABLE) return http_busy(request, DOOR_AGAIN_MS);
    if (wait->failed)
        return http_problem(request, wait->failed, wait->code, wait->field, wait->expected);
    json_t *body = json_pack("{ss}", "status", wait->status);
    if (wait->event[0]) json_object_set_new(body, "event", json_string(wait->event));
    if (wait->gap_from_ms != CTI_WHOLE)
        json_object_set_new(body, "gap_from_ms", json_integer(wait->gap_from_ms));
    http_answer_json(request, MHD_HTTP_OK, body);
}

/* Nothing is on its way any more. A number that is not ours interrupts nothing. */
static void finish(struct cti_wait *wait)
{
    struct cti_sender *sender = wait->sender;
    int64_t lost_from_ms = least(wait->gap_from_ms, wait->at_ms);

    if (wait->failed) {
        if (strcmp(wait->code, "unknown_number") != 0)
            sender->broken_from_ms = least(sender->broken_from_ms, lost_from_ms);
    } else if (wait->at_ms > sender->heard_ms) {
        sender->heard_ms = wait->at_ms;
        sender->heard_wall_ms = wait->at_wall_ms;
    }
    if (!wait->is_event && !wait->failed) sender->beats = true;
    keep(wait->cti, sender);
    answer(wait);
    *wait->at = wait->next;
    if (wait->next) wait->next->at = wait->at;
    free(wait->sent);
    free(wait);
}

/* ---- commands ---- */

static void on_receipt(void *self, const Ds__Receipt *receipt)
{
    struct cti_sent *sent = self;
    struct cti_wait *wait = sent->wait;
    const char *code = receipt ? ds_str(receipt->code) : "";

    if (!receipt) {
        fail(wait, MHD_HTTP_GATEWAY_TIMEOUT, "timeout", "", "");
    } else if (receipt->status == DS__RECEIPT__STATUS__RECORDED ||
               receipt->status == DS__RECEIPT__STATUS__DUPLICATE ||
               strcmp(code, "id_reused") == 0) {
        /* sent again it is of another instant, and the first one counts */
        bool fresh = receipt->status == DS__RECEIPT__STATUS__RECORDED;
        if (!sent->is_gap) {
            snprintf(wait->status, sizeof wait->status, fresh ? "RECORDED" : "DUPLICATE");
            snprintf(wait->event, sizeof wait->event, "%s", ds_str(receipt->event));
            wait->cti->events++;
        }
    } else {
        fail(wait, MHD_HTTP_UNPROCESSABLE_CONTENT, code, ds_str(receipt->field),
             ds_str(receipt->expected));
    }
    if (--wait->n_open == 0) finish(wait);
}

static void send_command(struct cti_wait *wait, Ds__Command *command)
{
    uint8_t bytes[COMMAND_BYTES_MAX];
    size_t len = ds__command__get_packed_size(command);
    struct cti_sent *sent = &wait->sent[wait->n_sent++];
    struct ds_fault fault;

    *sent = (struct cti_sent){wait, command->body_case == DS__COMMAND__BODY_FEED_GAP};
    DS_ASSERT(len <= sizeof bytes); /* every text of it is bounded */
    ds__command__pack(command, bytes);
    if (ds_check_message(&ds__command__descriptor, bytes, len, &fault) != DS_CODE_OK)
        return fail(wait, MHD_HTTP_UNPROCESSABLE_CONTENT, ds_code_name(fault.code), fault.field,
                    fault.expected);
    if (!door_send(&wait->cti->gateway->door, command->id, bytes, len, on_receipt, sent))
        return fail(wait, MHD_HTTP_SERVICE_UNAVAILABLE, "busy", "", "");
    wait->n_open++;
}

/* Follows from what the telephone system said, and from nothing else. */
static void derive_id(char id[ID_SIZE], const char *of, const char *what, const char *more)
{
    crypto_generichash_state state;
    unsigned char hash[16];

    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)of, strlen(of) + 1);
    crypto_generichash_update(&state, (const unsigned char *)what, strlen(what) + 1);
    crypto_generichash_update(&state, (const unsigned char *)more, strlen(more) + 1);
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(id, "cti-", 4);
    sodium_bin2hex(id + 4, ID_SIZE - 4, hash, sizeof hash);
}

static Ds__Command command_of(struct cti_wait *wait, const char *territory, char id[ID_SIZE])
{
    Ds__Command command = DS__COMMAND__INIT;

    command.id = id;
    command.by = wait->person;
    command.territory = (char *)territory;
    DS_SET(&command, made_at_ms, wait->at_ms);
    return command;
}

static void send_gap(struct cti_wait *wait, const char *territory, int64_t to_ms)
{
    char id[ID_SIZE], span[64];
    Ds__FeedGap gap = DS__FEED_GAP__INIT;

    snprintf(span, sizeof span, "%lld %lld", (long long)wait->gap_from_ms, (long long)to_ms);
    derive_id(id, territory, "gap", span);
    Ds__Command command = command_of(wait, territory, id);
    DS_SET(&gap, from_ms, wait->gap_from_ms);
    DS_SET(&gap, to_ms, to_ms);
    command.body_case = DS__COMMAND__BODY_FEED_GAP;
    command.feed_gap = &gap;
    send_command(wait, &command);
    wait->cti->gaps++;
}

static void send_offer(struct cti_wait *wait, const char *called)
{
    char id[ID_SIZE];
    Ds__CallOffer offer = DS__CALL_OFFER__INIT;

    derive_id(id, wait->form.call, "newCall", "");
    Ds__Command command = command_of(wait, wait->territory->id, id);
    offer.call = wait->form.call;
    offer.called = (char *)called;
    offer.caller = wait->form.caller;
    if (wait->form.queue[0]) offer.queue = wait->form.queue;
    command.body_case = DS__COMMAND__BODY_CALL_OFFERED;
    command.call_offered = &offer;
    send_command(wait, &command);
}

/* A call is picked up more than once: by a queue, then by a person. Each has an id of its own. */
static void send_answer(struct cti_wait *wait, const char *agent)
{
    char id[ID_SIZE], who[DS_ID_MAX + 16];
    Ds__CallAnswer answered = DS__CALL_ANSWER__INIT;
    Ds__AnsweredBy__Name by = cti_answered_by(&wait->form);

    snprintf(who, sizeof who, "%d %s", (int)by, agent);
    derive_id(id, wait->form.call, "answer", who);
    Ds__Command command = command_of(wait, wait->territory->id, id);
    answered.call = wait->form.call;
    DS_SET(&answered, answered_by, by);
    if (by == DS__ANSWERED_BY__NAME__PERSON) answered.agent = (char *)agent;
    command.body_case = DS__COMMAND__BODY_CALL_ANSWERED;
    command.call_answered = &answered;
    send_command(wait, &command);
}

static void send_end(struct cti_wait *wait)
{
    char id[ID_SIZE];
    Ds__CallEnd end = DS__CALL_END__INIT;

    derive_id(id, wait->form.call, "hangup", "");
    Ds__Command command = command_of(wait, wait->territory->id, id);
    end.call = wait->form.call;
    end.cause = (char *)wait->form.cause;
    command.body_case = DS__COMMAND__BODY_CALL_ENDED;
    command.call_ended = &end;
    send_command(wait, &command);
}

/* ---- the directory ---- */

static bool is_he(const struct ds_person *person, const char *text)
{
    size_t user = strcspn(text, "@"); /* lin@office is lin */

    return strcmp(person->extension, text) == 0 || strcmp(person->name, text) == 0 ||
           (strlen(person->id) == user && strncmp(person->id, text, user) == 0);
}

/* Who is meant by an extension, name or id; NULL: nobody, or it is not clear who. */
static const char *find_agent(const struct ds_version *version, const char *text)
{
    const char *found = NULL;

    if (!text[0]) return NULL;
    for (uint32_t i = 0; i < version->n_people; i++) {
        if (!is_he(&version->people[i], text)) continue;
        if (found) return NULL;
        found = version->people[i].id;
    }
    return found;
}

static const char *agent_of(const struct cti_wait *wait)
{
    const char *agent = find_agent(wait->version, wait->form.answering);

    return agent ? agent : find_agent(wait->version, wait->form.user);
}

/* The number as the directory has it: as it was sent, else as it is dialled within the country. */
static const struct ds_territory *find_called(const struct ds_version *version, char *called)
{
    char national[CTI_NUMBER_MAX];
    const struct ds_territory *territory = ds_find_number(version, called);

    if (territory) return territory;
    cti_national(called, national);
    memcpy(called, national, sizeof national);
    return ds_find_number(version, called);
}

/* ---- one request ---- */

/* A gap ends before an offer, which was heard from its beginning; what else is heard first may have
 * missed an answer, and lies in it. */
static void send_gaps(struct cti_wait *wait)
{
    struct cti_sender *sender = wait->sender;
    bool begins = !wait->is_event || wait->form.kind == CTI_NEW_CALL;
    int64_t to_ms = wait->at_ms + !begins;
    bool silent = sender->beats && wait->at_wall_ms - sender->heard_wall_ms >
                                       wait->cti->gateway->conf.phone_silence_ms;

    wait->gap_from_ms = least(sender->broken_from_ms, silent ? sender->heard_ms : CTI_WHOLE);
    if (wait->gap_from_ms >= to_ms) wait->gap_from_ms = CTI_WHOLE;
    if (wait->gap_from_ms == CTI_WHOLE) return;
    sender->broken_from_ms = CTI_WHOLE; /* again, if this is in vain */
    rt_log(RT_INFO, "the telephone was not heard", "sender=%s from_ms=%lld to_ms=%lld",
           sender->name, (long long)wait->gap_from_ms, (long long)to_ms);
    for (uint32_t i = 0; i < wait->version->n_territories; i++) {
        const struct ds_territory *territory = &wait->version->territories[i];
        const struct ds_person *person = ds_find_person(wait->version, wait->person);
        bool his = !person || !person->territory || person->territory == territory;
        if (territory->n_numbers > 0 && his) send_gap(wait, territory->id, to_ms);
    }
}

static void send_event(struct cti_wait *wait)
{
    struct cti_form *form = &wait->form;

    switch (form->kind) {
    case CTI_NEW_CALL: return send_offer(wait, form->called);
    case CTI_ANSWER: {
        const char *agent = agent_of(wait);
        return send_answer(wait, agent ? agent : "unknown");
    }
    case CTI_HANGUP: {
        const char *agent = agent_of(wait);
        /* they talked, and it says who: an answer that was lost on its way fines nobody */
        if (form->was_answered && agent) send_answer(wait, agent);
        return send_end(wait);
    }
    case CTI_KINDS: break;
    }
    DS_UNREACHABLE();
}

/* With all that is to be known: sends what there is. */
static void go_on(struct cti_wait *wait)
{
    struct gateway *gateway = wait->cti->gateway;
    uint32_t rulebook = gateway->feed.rulebook;

    if (rulebook > 0) wait->version = rt_version_if_there(&wait->cti->versions, rulebook);
    if (!wait->version) {
        fail(wait, MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable", "", "");
        return finish(wait);
    }
    if (wait->is_event && !(wait->territory = find_called(wait->version, wait->form.called))) {
        fail(wait, MHD_HTTP_UNPROCESSABLE_CONTENT, "unknown_number", "to", "");
        return finish(wait);
    }
    wait->sent = calloc(wait->version->n_territories + 2, sizeof *wait->sent);
    if (!wait->sent) abort();
    send_gaps(wait);
    if (wait->is_event) send_event(wait);
    if (wait->n_open == 0) finish(wait);
}

static void on_loaded(void *self, uint32_t tag, redisReply *reply)
{
    struct cti_wait *wait = self;

    (void)tag;
    if (!reply || (reply->type != REDIS_REPLY_STRING && reply->type != REDIS_REPLY_NIL)) {
        fail(wait, MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable", "", "");
        return finish(wait);
    }
    if (!wait->sender->loaded) load(wait->sender, reply->str);
    go_on(wait);
}

static void on_over(struct http_request *request)
{
    struct cti_wait *wait = request->self;

    wait->request = NULL;
}

static struct cti_wait *begin(struct http_request *request, struct cti_sender *sender)
{
    struct cti *cti = &request->gateway->cti;
    struct cti_wait *wait = calloc(1, sizeof *wait);

    if (!wait) abort();
    wait->cti = cti;
    wait->request = request;
    wait->sender = sender;
    wait->at_ms = feed_now_ms(&request->gateway->feed);
    wait->at_wall_ms = rt_clock_read().wall_ms;
    wait->gap_from_ms = CTI_WHOLE;
    ds_copy(wait->person, sizeof wait->person, request->caller.person);
    ds_copy(wait->status, sizeof wait->status, "HEARD");
    wait->next = cti->waits;
    wait->at = &cti->waits;
    if (wait->next) wait->next->at = &wait->next;
    cti->waits = wait;
    return wait;
}

static void run(struct cti_wait *wait)
{
    struct http_request *request = wait->request;
    struct rt_store *store = &wait->cti->gateway->feed.store;
    const char *argv[] = {"HGET", "doorstep:cti", wait->sender->name};

    request->self = wait;
    request->over = on_over;
    http_wait(request);
    if (wait->sender->loaded) return go_on(wait);
    if (rt_store_send(store, on_loaded, wait, 0, 3, argv, NULL)) return;
    fail(wait, MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable", "", "");
    finish(wait);
}

static struct cti_sender *sender_of(struct http_request *request)
{
    struct cti_sender *sender = find_sender(&request->gateway->cti, request->caller.name);

    if (!sender) http_busy(request, DOOR_AGAIN_MS);
    return sender;
}

void cti_post(struct http_request *request)
{
    struct cti_sender *sender = sender_of(request);
    struct cti_form form;

    if (!sender) return;
    if (!cti_read(request, &form)) {
        int64_t now_ms = feed_now_ms(&request->gateway->feed);
        sender->broken_from_ms = least(sender->broken_from_ms, now_ms);
        return; /* something happened, and nobody knows what */
    }
    if (!form.inbound)
        return http_answer_json(request, MHD_HTTP_OK, json_pack("{ss}", "status", "IGNORED"));
    struct cti_wait *wait = begin(request, sender);
    wait->is_event = true;
    wait->form = form;
    run(wait);
}

void cti_alive(struct http_request *request)
{
    struct cti_sender *sender = sender_of(request);

    if (sender) run(begin(request, sender));
}

void cti_start(struct cti *cti, struct gateway *gateway)
{
    *cti = (struct cti){.gateway = gateway};
    cti->versions = (struct rt_versions){.redis_path = gateway->conf.redis_socket,
                                         .partitions = (uint32_t)gateway->conf.partitions,
                                         .timeout_ms = 1000};
}

void cti_stop(struct cti *cti)
{
    for (struct cti_wait *wait = cti->waits; wait; wait = wait->next) {
        fail(wait, MHD_HTTP_SERVICE_UNAVAILABLE, "unavailable", "", "");
        answer(wait); /* the store tells it the rest, if anything */
        wait->request = NULL;
    }
}
