/* SPDX-License-Identifier: MIT
 *
 * The archive of cases in live state: finding, counting, storing. */
#include <sodium.h>
#include <string.h>

#include "dispatcher/adapter.h"
#include "domain/assert.h"
#include "domain/ids.h"

enum { KEY_TEXT = 2 + 2 * DISPATCH_CASE_KEY }; /* prefix, hex, NUL */

static const struct ds_version *rules_of(const void *self, uint32_t number)
{
    return ds_part_rules_of(self, number);
}

/* ---- keys ---- */

static bool is_repair(const Ds__TicketHead *head)
{
    return head && head->kind == DS__KIND__NAME__COMPLAINT &&
           head->complaint_type == DS__COMPLAINT_TYPE__NAME__REPAIR;
}

/* BLAKE2b-128 of texts, each ended by a line feed: no text that is hashed has one inside. */
static void hash_texts(const char *const *texts, uint8_t ret[DISPATCH_CASE_KEY])
{
    crypto_generichash_state hash;

    crypto_generichash_init(&hash, NULL, 0, DISPATCH_CASE_KEY);
    for (; *texts; texts++) {
        crypto_generichash_update(&hash, (const uint8_t *)*texts, strlen(*texts));
        crypto_generichash_update(&hash, (const uint8_t *)"\n", 1);
    }
    crypto_generichash_final(&hash, ret, DISPATCH_CASE_KEY);
}

/* Without a symptom there is no case: nobody knows what was to be helped. */
static bool case_key(const Ds__TicketHead *head, uint8_t ret[DISPATCH_CASE_KEY])
{
    char model[DISPATCH_CASE_TEXT + 1], symptom[DISPATCH_CASE_TEXT + 1];

    dispatch_compared(ds_str(head->model), model);
    dispatch_compared(ds_str(head->symptom), symptom);
    if (!symptom[0]) return false;
    if (model[0])
        hash_texts((const char *const[]){"model", model, symptom, NULL}, ret);
    else
        hash_texts((const char *const[]){"category", ds_str(head->category), symptom, NULL}, ret);
    return true;
}

static void product_key(const Ds__TicketHead *head, uint8_t ret[DISPATCH_CASE_KEY])
{
    char text[DISPATCH_PRODUCT_TEXT];

    dispatch_product_text(head, text);
    hash_texts((const char *const[]){text, NULL}, ret);
}

void archive_keys(const Ds__TicketHead *head, struct dispatch_ticket *ticket)
{
    ticket->state.has_case_key = ticket->state.has_product_key = false;
    if (!is_repair(head)) return;
    product_key(head, ticket->product_key);
    DS_SET(&ticket->state, product_key,
           ((ProtobufCBinaryData){DISPATCH_CASE_KEY, ticket->product_key}));
    if (case_key(head, ticket->case_key))
        DS_SET(&ticket->state, case_key,
               ((ProtobufCBinaryData){DISPATCH_CASE_KEY, ticket->case_key}));
}

static void entity_key(char ret[KEY_TEXT], char prefix, const uint8_t key[DISPATCH_CASE_KEY])
{
    ret[0] = prefix;
    sodium_bin2hex(ret + 1, KEY_TEXT - 1, key, DISPATCH_CASE_KEY);
}

static bool is_key(const char *text, uint8_t ret[DISPATCH_CASE_KEY])
{
    size_t n;

    return strlen(text) == KEY_TEXT - 1 &&
           sodium_hex2bin(ret, DISPATCH_CASE_KEY, text + 1, KEY_TEXT - 2, NULL, &n, NULL) == 0 &&
           n == DISPATCH_CASE_KEY;
}

/* ---- cases ---- */

static int64_t used_at_ms(const Ds__DispatchCase *state)
{
    int64_t at_ms = 0;

    for (size_t i = 0; i < state->n_rows; i++)
        if (state->rows[i]->used_at_ms > at_ms) at_ms = state->rows[i]->used_at_ms;
    return at_ms;
}

static uint32_t row_of(const struct archive_rows *archive, const uint8_t *key)
{
    uint32_t i = 0;

    while (i < archive->n && memcmp(archive->rows[i].key, key, DISPATCH_CASE_KEY) != 0)
        i++;
    return i;
}

static bool is_used_less(const struct archive_row *a, const struct archive_row *b)
{
    if (a->uses != b->uses) return a->uses < b->uses;
    if (a->used_at_ms != b->used_at_ms) return a->used_at_ms < b->used_at_ms;
    return memcmp(a->key, b->key, DISPATCH_CASE_KEY) < 0;
}

static void forget_least(struct ds_part *part, struct archive_rows *archive)
{
    char key[KEY_TEXT];
    uint32_t least = 0;

    for (uint32_t i = 1; i < archive->n; i++)
        if (is_used_less(&archive->rows[i], &archive->rows[least])) least = i;
    entity_key(key, 'K', archive->rows[least].key);
    ds_part_delete(part, key);
    archive->rows[least] = archive->rows[--archive->n];
}

/* Keeps the list of cases in step with one of them. */
static void note_case(struct archive_rows *archive, const uint8_t *key,
                      const Ds__DispatchCase *state)
{
    uint32_t i = row_of(archive, key);

    if (state->n_rows == 0) {
        if (i < archive->n) archive->rows[i] = archive->rows[--archive->n];
        return;
    }
    if (i == archive->n) {
        DS_ASSERT(archive->n < DISPATCH_CASES_MAX);
        archive->n++;
        memcpy(archive->rows[i].key, key, DISPATCH_CASE_KEY);
    }
    archive->rows[i].uses = dispatch_case_uses(state);
    archive->rows[i].used_at_ms = used_at_ms(state);
}

/* Of the wordings of one text the smallest is shown: whichever came first. */
static char *shown(struct ds_out *out, char *known, const char *text)
{
    char wording[DISPATCH_CASE_TEXT + 1];

    dispatch_wording(ds_str(text), wording);
    if (!wording[0] || (known && strcmp(known, wording) <= 0)) return known;
    return ds_out_text(out, (const char *const[]){wording, NULL});
}

static void name_case(Ds__DispatchCase *state, const Ds__TicketHead *head, struct ds_out *out)
{
    state->model = shown(out, state->model, head->model);
    state->symptom = shown(out, state->symptom, head->symptom);
    if (!state->model) state->category = head->category;
}

/* Where remedies are counted while an event is at hand. */
struct counter {
    struct ds_part *part;
    const Ds__TicketHead *head; /* of the ticket whose result is counted */
    struct ds_out *out;
};

static void count(void *self, const Ds__ProductRepair *repair, int worked, int failed)
{
    const struct counter *counter = self;
    struct archive_rows *archive = dispatcher_archive(counter->part);
    struct dispatch_case at;
    char key[KEY_TEXT];

    entity_key(key, 'K', repair->case_key.data);
    const Ds__DispatchCase *stored =
        ds_part_get(counter->part, key, &ds__dispatch_case__descriptor);
    if (!stored && worked <= 0) return; /* it has made room for another */
    if (!stored && archive->n == DISPATCH_CASES_MAX) forget_least(counter->part, archive);
    dispatch_load_case(&at, stored);
    if (worked > 0) name_case(&at.state, counter->head, counter->out);
    dispatch_count(&at, repair, worked, failed);
    note_case(archive, repair->case_key.data, &at.state);
    if (at.state.n_rows > 0)
        ds_part_put(counter->part, key, &at.state.base, NULL);
    else
        ds_part_delete(counter->part, key);
}

/* ---- products ---- */

static void store_product(struct ds_part *part, const char *key, struct dispatch_product *product,
                          const struct dispatch_versions *versions)
{
    struct ds_dues dues = {{DS_NO_DUE, DS_NO_DUE, DS_NO_DUE}};
    Ds__DispatchProduct *state = &product->state;
    bool over;

    dues.at_ms[DS_HARD] = dispatch_product_due_ms(product, versions, &over);
    state->has_soft_due_ms = state->has_hard_due_ms = state->has_operational_due_ms = 0;
    ds_part_put(part, key, &state->base, &dues);
}

static char *wording_of(struct ds_out *out, const char *text)
{
    char wording[DISPATCH_CASE_TEXT + 1];

    dispatch_wording(ds_str(text), wording);
    return wording[0] ? ds_out_text(out, (const char *const[]){wording, NULL}) : NULL;
}

/* Who answers for a result: whoever filed it, if he holds jobs. Of one that the office typed in for
 * nobody the manager finds out. */
static char *account_of(struct ds_part *part, const struct ds_event *event)
{
    const struct ds_version *rules = ds_part_rules_of(part, event->rulebook);
    const struct ds_person *person = ds_find_person(rules, event->msg->by);

    return person && person->account ? (char *)person->account->key : NULL;
}

static void take_result(struct ds_part *part, const struct ds_event *event,
                        const Ds__TicketHead *head, Ds__ProductRepair *repair, struct ds_out *out)
{
    const Ds__FileResult *result = event->msg->result_filed->result;
    uint8_t *key = ds_out_room(out, DISPATCH_CASE_KEY);

    DS_SET(repair, fixed, result->fixed);
    repair->account = account_of(part, event);
    repair->cause = wording_of(out, result->cause);
    repair->remedy = wording_of(out, result->remedy);
    /* what was done is counted when somebody said what it was, and that it helped */
    repair->has_case_key = result->fixed && repair->remedy && case_key(head, key);
    repair->case_key = (ProtobufCBinaryData){DISPATCH_CASE_KEY, key};
    if (repair->has_case_key && !repair->cause) repair->cause = (char *)"";
}

/* A result or a cancellation: the first of a life ends it, whichever arrives first. */
static void end_repair(struct counter *counter, const struct ds_event *event,
                       Ds__ProductRepair *repair)
{
    bool cancelled = event->type == DS_EV_CANCELLED;
    const char *id = ds_str(event->msg->command_id);
    uint64_t tie = ds_hash(DS_HASH_START, id, strlen(id));

    if (!dispatch_ends_earlier(repair, event->at_ms, cancelled, tie)) return;
    if (repair->has_case_key) count(counter, repair, -1, repair->failed ? -1 : 0);
    repair->has_case_key = repair->failed = repair->fixed = false;
    repair->cause = repair->remedy = repair->account = NULL;
    DS_SET(repair, ended_at_ms, event->at_ms);
    DS_SET(repair, ended_seq, event->ref.seq);
    DS_SET(repair, tie, tie);
    DS_SET(repair, cancelled, cancelled);
    DS_SET(repair, rulebook, event->rulebook);
    if (!cancelled) take_result(counter->part, event, counter->head, repair, counter->out);
    if (repair->has_case_key) count(counter, repair, 1, 0);
}

static const Ds__TicketHead *head_of(const struct ds_event *event)
{
    switch ((int)event->type) {
    case DS_EV_REGISTERED: return event->msg->registered->head;
    case DS_EV_REOPENED: return event->msg->reopened->head;
    case DS_EV_RESULT_FILED: return event->msg->result_filed->head;
    case DS_EV_CANCELLED: return event->msg->cancelled->head;
    case DS_EV_CASE_ANALYSED: return event->msg->case_analysed->head;
    default: return NULL;
    }
}

static void change(struct dispatch_product *product, const struct ds_event *event,
                   struct counter *counter)
{
    uint32_t partition;
    uint64_t ticket = 0;

    bool parsed = ds_parse_ticket_id(event->msg->subject, &partition, &ticket);
    DS_ASSERT(parsed);
    if (event->type == DS_EV_REGISTERED || event->type == DS_EV_REOPENED) {
        uint32_t cycle = event->type == DS_EV_REOPENED ? event->msg->reopened->cycle : 0;
        dispatch_add_repair(product, dispatch_life(ticket, cycle), event);
    } else if (event->type == DS_EV_CASE_ANALYSED) {
        dispatch_add_analysis(product, event->at_ms);
    } else {
        Ds__ProductRepair *repair = dispatch_repair_at(product, ticket, event->at_ms);
        if (repair) end_repair(counter, event, repair);
    }
}

void archive_apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    static struct dispatch_product product; /* large; one event at a time */
    const Ds__TicketHead *head = head_of(event);
    const struct dispatch_versions versions = {rules_of, part};
    struct counter counter = {part, head, out};
    const struct dispatch_book book = {count, &counter};
    bool begins = event->type == DS_EV_REGISTERED || event->type == DS_EV_REOPENED;
    uint8_t hash[DISPATCH_CASE_KEY];
    char key[KEY_TEXT];

    if (!head) return;
    dispatch_load_product(&product, part->partition, NULL);
    if (is_repair(head)) {
        product_key(head, hash);
        entity_key(key, 'H', hash);
        const Ds__DispatchProduct *stored =
            ds_part_get(part, key, &ds__dispatch_product__descriptor);
        dispatch_load_product(&product, part->partition, stored);
        if (stored || begins) {
            /* as if no time had passed between a due and the event after it, however late both are
             * read: what is undecided might make room for it */
            dispatch_decide_cases(&product, event->stamp_ms - 1, &versions, out);
            change(&product, event, &counter);
            dispatch_settle(&product, &versions, &book, out);
            store_product(part, key, &product, &versions);
        }
    }
    if (event->type == DS_EV_CASE_ANALYSED)
        dispatch_answer_analysis(&product, event, &versions, out);
}

void archive_fire(struct ds_part *part, const char *entity_key_text, int64_t due_ms,
                  struct ds_out *out)
{
    static struct dispatch_product product; /* large; one event at a time */
    const struct dispatch_versions versions = {rules_of, part};
    char key[KEY_TEXT];
    bool over;

    ds_copy(key, sizeof key, entity_key_text);
    dispatch_load_product(&product, part->partition,
                          ds_part_get(part, key, &ds__dispatch_product__descriptor));
    dispatch_decide_cases(&product, due_ms, &versions, out);
    if (dispatch_product_due_ms(&product, &versions, &over) <= due_ms && over)
        ds_part_delete(part, key);
    else
        store_product(part, key, &product, &versions);
}

/* ---- offers ---- */

static void fill_remedies(struct ds_part *part, const struct dispatch_ticket *ticket,
                          Ds__Offered *offered, struct ds_out *out)
{
    const Ds__CaseRow *best[DISPATCH_BEST];
    char key[KEY_TEXT];

    entity_key(key, 'K', ticket->case_key);
    const Ds__DispatchCase *stored = ds_part_get(part, key, &ds__dispatch_case__descriptor);
    if (!stored) return;
    uint32_t n = dispatch_best(stored, best);
    offered->remedies = ds_out_room(out, DISPATCH_BEST * sizeof offered->remedies[0]);
    for (uint32_t i = 0; i < n; i++) {
        Ds__Remedy *remedy = ds_out_room(out, sizeof *remedy);
        ds__remedy__init(remedy);
        remedy->cause = best[i]->cause[0] ? best[i]->cause : NULL;
        remedy->remedy = best[i]->remedy;
        DS_SET(remedy, worked, best[i]->worked);
        DS_SET(remedy, failed, best[i]->failed);
        offered->remedies[offered->n_remedies++] = remedy;
    }
}

void archive_fill_offer(struct ds_part *part, const struct dispatch_ticket *ticket,
                        Ds__Offered *offered, struct ds_out *out)
{
    static struct dispatch_product product; /* large; one event at a time */
    uint32_t partition;
    uint64_t seq;
    char key[KEY_TEXT];

    if (ticket->state.has_case_key) fill_remedies(part, ticket, offered, out);
    if (!ticket->state.has_product_key || !ds_parse_ticket_id(ticket->id, &partition, &seq)) return;
    entity_key(key, 'H', ticket->product_key);
    dispatch_load_product(&product, part->partition,
                          ds_part_get(part, key, &ds__dispatch_product__descriptor));
    offered->tried = dispatch_tried(&product, dispatch_life(seq, ticket->state.cycle), out);
}

/* ---- loading ---- */

bool archive_case_loaded(struct ds_part *part, const char *entity_key_text,
                         const Ds__DispatchCase *state)
{
    struct archive_rows *archive = dispatcher_archive(part);
    uint8_t key[DISPATCH_CASE_KEY];

    if (!is_key(entity_key_text, key) || !state || !state->symptom || state->n_rows == 0 ||
        state->n_rows > DISPATCH_CASE_ROWS || archive->n == DISPATCH_CASES_MAX)
        return false;
    for (size_t i = 0; i < state->n_rows; i++)
        if (!state->rows[i]->cause || !state->rows[i]->remedy || state->rows[i]->worked == 0)
            return false;
    note_case(archive, key, state);
    return true;
}

static bool is_sound(const Ds__ProductRepair *repair)
{
    if (repair->has_ended_at_ms && repair->rulebook == 0) return false;
    if (repair->fixed && !repair->has_ended_at_ms) return false;
    return !repair->has_case_key || (repair->case_key.len == DISPATCH_CASE_KEY && repair->cause &&
                                     repair->remedy && repair->fixed);
}

bool archive_product_loaded(const char *entity_key_text, const Ds__DispatchProduct *state)
{
    uint8_t key[DISPATCH_CASE_KEY];

    if (!is_key(entity_key_text, key) || !state || state->n_repairs > DISPATCH_PRODUCT_REPAIRS ||
        state->n_analysed_at_ms > DISPATCH_PRODUCT_ANALYSES)
        return false;
    for (size_t i = 0; i < state->n_repairs; i++)
        if (!is_sound(state->repairs[i])) return false;
    return true;
}
