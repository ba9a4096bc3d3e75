/* SPDX-License-Identifier: MIT
 *
 * The way of an event through the watcher: load the ticket, day or call it is about, add the fact,
 * judge, say what is new, store. */
#include <string.h>

#include "domain/assert.h"
#include "domain/ids.h"
#include "engine/part.h"
#include "sla-watcher/watch.h"

/* Large, and used by one event at a time. */
static struct watch_ticket ticket;
static struct watch_bench bench;
static struct watch_columns columns;

static const struct ds_version *rules_of(const void *self, uint32_t number)
{
    return ds_part_rules_of(self, number);
}

static void make_key(char key[DS_KEY_MAX + 1], char prefix, const char *id)
{
    key[0] = prefix;
    ds_copy(key + 1, DS_KEY_MAX, id);
}

/* ---- tickets ---- */

static void load_ticket(struct ds_part *part, const char *id)
{
    char key[DS_KEY_MAX + 1];

    make_key(key, 'T', id);
    watch_load(&ticket, id, ds_part_get(part, key, &ds__watch_ticket__descriptor));
    ticket.partition = part->partition;
}

static void notice_and_store(struct ds_part *part, struct ds_out *out)
{
    struct watch_rules rules = {rules_of, part};
    struct watch_dues due = watch_notice(&ticket, &rules, part->now_ms, &bench, out);
    struct ds_dues dues = {{due.soft_ms, due.hard_ms, DS_NO_DUE}};
    Ds__WatchTicket state;
    char key[DS_KEY_MAX + 1];

    make_key(key, 'T', ticket.id);
    if (watch_is_over(&ticket, &bench)) {
        ds_part_delete(part, key);
        return;
    }
    watch_store(&ticket, &state, &columns);
    ds_part_put(part, key, &state.base, &dues);
}

static bool begins(const struct ds_event *event)
{
    return event->type == DS_EV_REGISTERED || event->type == DS_EV_REOPENED;
}

static void apply_to_ticket(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    const struct ds_version *version = ds_part_rules_of(part, event->rulebook);
    struct watch_fact fact;

    load_ticket(part, event->msg->subject);
    if (!ticket.known && !begins(event)) return; /* all its clocks were final long ago */
    if (!watch_fact_of(&ticket, event, version, &fact)) return;
    watch_add_fact(&ticket, &fact);
    notice_and_store(part, out);
}

/* A complaint that another ticket's visit was not on time (7.6). */
static void complain(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    const Ds__TicketHead *head = event->msg->registered->head;
    struct watch_fact fact = {.kind = FACT_COMPLAINED,
                              .source = event->ref.source,
                              .seq = event->ref.seq,
                              .at_ms = event->at_ms,
                              .received_ms = event->stamp_ms,
                              .rulebook = event->rulebook,
                              .tie = ds_hash(DS_HASH_START, &event->ref.seq, sizeof event->ref.seq)};
    uint32_t partition;
    uint64_t seq = 0;

    if (head->subject != DS__SUBJECT__NAME__NOT_ON_TIME || !head->about) return;
    bool parsed = ds_parse_ticket_id(event->msg->subject, &partition, &seq);
    DS_ASSERT(parsed);
    fact.a = (int64_t)seq;
    load_ticket(part, head->about);
    if (!ticket.known) { /* every visit of it is final */
        watch_say_visits_final(out, head->about, event->msg->subject, &fact);
        return;
    }
    if (ticket.n_facts == WATCH_FACTS_MAX) return;
    watch_add_fact(&ticket, &fact);
    notice_and_store(part, out);
}

/* ---- days ---- */

static bool is_work(const struct ds_event *event)
{
    if (event->type == DS_EV_COMPLETED) return true;
    return event->type == DS_EV_CHECKED_IN && !event->msg->checked_in->customer_absent;
}

static bool is_report(const struct ds_event *event)
{
    return event->type == DS_EV_DAY_REPORTED || event->type == DS_EV_RESULT_FILED ||
           event->type == DS_EV_DELAY_REPORTED;
}

static void date_text(int32_t local_day, char text[11])
{
    struct ds_date date = ds_date_of(local_day);
    uint32_t parts[] = {(uint32_t)date.year, (uint32_t)date.month, (uint32_t)date.day};

    for (int i = 0; i < 4; i++, parts[0] /= 10)
        text[3 - i] = (char)('0' + parts[0] % 10);
    text[4] = text[7] = '-';
    for (int p = 1; p < 3; p++) {
        text[3 * p + 2] = (char)('0' + parts[p] / 10);
        text[3 * p + 3] = (char)('0' + parts[p] % 10);
    }
    text[10] = '\0';
}

static void load_day(struct ds_part *part, struct watch_day *day, const char *person, int32_t local_day)
{
    char date[11], key[DS_KEY_MAX + 1];

    date_text(local_day, date);
    ds_copy(day->key, sizeof day->key, person);
    size_t n = strlen(day->key);
    day->key[n] = '/';
    ds_copy(day->key + n + 1, sizeof day->key - n - 1, date);
    make_key(key, 'F', day->key);
    const Ds__WatchDay *stored = ds_part_get(part, key, &ds__watch_day__descriptor);
    day->known = stored != NULL;
    ds__watch_day__init(&day->state);
    ds__watched_instance__init(&day->said);
    if (stored) {
        DS_ASSERT(stored->n_facts <= WATCH_DAY_FACTS_MAX);
        day->state = *stored;
        ds_copy_bytes(day->facts, stored->facts, stored->n_facts * sizeof day->facts[0]);
        if (stored->instance) day->said = *stored->instance;
    }
    day->state.facts = day->facts;
    day->state.instance = &day->said;
}

static void store_day(struct ds_part *part, struct watch_day *day, struct watch_dues due)
{
    struct ds_dues dues = {{due.soft_ms, due.hard_ms, DS_NO_DUE}};
    char key[DS_KEY_MAX + 1];

    make_key(key, 'F', day->key);
    day->state.has_soft_due_ms = day->state.has_hard_due_ms = 0;
    day->state.has_operational_due_ms = 0;
    ds_part_put(part, key, &day->state.base, &dues);
}

static void apply_to_day(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    static struct watch_day day; /* one event at a time */
    const struct ds_version *version = ds_part_rules_of(part, event->rulebook);
    const struct ds_person *person = ds_find_person(version, event->msg->by);
    bool whole_day = event->type == DS_EV_DAY_REPORTED;

    if (!person || person->role != DS_ROLE_TECHNICIAN || !person->territory) return;
    const struct ds_zone *zone = person->territory->calendar->zone;
    int32_t local_day = ds_local_day(zone, event->at_ms);
    if (whole_day && !ds_parse_date(event->msg->day_reported->date, &local_day)) return;
    /* after its verdict nothing counts any more */
    int64_t grace_ms = version->clocks[DS_CLOCK_FEEDBACK].grace_ms;
    if (event->stamp_ms > ds_end_of_day(zone, local_day) + grace_ms) return;
    load_day(part, &day, person->id, local_day);
    if (!day.known) {
        day.state.person = (char *)person->id;
        day.state.account = (char *)person->account_key;
        day.state.territory = (char *)person->territory->id;
        DS_SET(&day.state, rulebook, event->rulebook);
    }
    watch_day_add(&day, event, whole_day ? NULL : event->msg->subject, is_report(event));
    version = ds_part_rules_of(part, day.state.rulebook);
    store_day(part, &day, watch_day_notice(&day, version, local_day, part->now_ms, out));
}

static void fire_day(struct ds_part *part, const char *subject, enum ds_due_kind kind, int64_t due_ms,
                     struct ds_out *out)
{
    static struct watch_day day; /* one deadline at a time */
    char person[DS_ID_MAX + 1], key[DS_KEY_MAX + 1];
    const char *slash = strrchr(subject, '/');
    int32_t local_day = 0;

    DS_ASSERT(slash && (size_t)(slash - subject) < sizeof person);
    memcpy(person, subject, (size_t)(slash - subject));
    person[slash - subject] = '\0';
    bool parsed = ds_parse_date(slash + 1, &local_day);
    DS_ASSERT(parsed);
    load_day(part, &day, person, local_day);
    const struct ds_version *version = ds_part_rules_of(part, day.state.rulebook);
    if (kind == DS_SOFT) {
        store_day(part, &day, watch_day_notice(&day, version, local_day, part->now_ms, out));
        return;
    }
    watch_day_finalise(&day, version, local_day, due_ms, out);
    make_key(key, 'F', subject);
    ds_part_delete(part, key);
}

/* ---- the hotline ---- */

static struct watch_call *find_call(struct watch_lines *lines, const char *id)
{
    for (uint32_t i = 0; i < lines->n_calls; i++)
        if (strcmp(lines->calls[i].id, id) == 0) return &lines->calls[i];
    return NULL;
}

static int64_t or_never(protobuf_c_boolean has, int64_t ms)
{
    return has ? ms : WATCH_NEVER;
}

static void load_call(struct watch_call *call, const char *id, const Ds__WatchCall *stored)
{
    *call = (struct watch_call){
        .rulebook = stored->rulebook,
        .offered_at_ms = stored->offered_at_ms,
        .offered_received_ms = stored->offered_received_ms,
        .answered_at_ms = or_never(stored->has_answered_at_ms, stored->answered_at_ms),
        .answered_received_ms =
            or_never(stored->has_answered_received_ms, stored->answered_received_ms),
        .ended_at_ms = or_never(stored->has_ended_at_ms, stored->ended_at_ms),
        .ended_received_ms = or_never(stored->has_ended_received_ms, stored->ended_received_ms),
        .offered_seq = stored->offered_seq,
        .answered_seq = stored->answered_seq,
        .ended_seq = stored->ended_seq,
        .verdict_no = stored->verdict_no,
        .breach_said = stored->breach_said,
        .unanswered_said = stored->unanswered_said,
        .final = stored->final,
        .occasion_ms = or_never(stored->has_occasion_ms, stored->occasion_ms),
    };
    ds_copy(call->id, sizeof call->id, id);
    ds_copy(call->territory, sizeof call->territory, ds_str(stored->territory));
    ds_copy(call->caller, sizeof call->caller, ds_str(stored->caller));
    ds_copy(call->agent, sizeof call->agent, ds_str(stored->agent));
}

static void fill_call(Ds__WatchCall *state, struct watch_call *call)
{
    ds__watch_call__init(state);
    state->territory = call->territory;
    state->caller = call->caller;
    if (call->agent[0]) state->agent = call->agent;
    DS_SET(state, rulebook, call->rulebook);
    DS_SET(state, offered_at_ms, call->offered_at_ms);
    DS_SET(state, offered_received_ms, call->offered_received_ms);
    DS_SET(state, offered_seq, call->offered_seq);
    if (call->answered_at_ms != WATCH_NEVER) {
        DS_SET(state, answered_at_ms, call->answered_at_ms);
        DS_SET(state, answered_received_ms, call->answered_received_ms);
        DS_SET(state, answered_seq, call->answered_seq);
    }
    if (call->ended_at_ms != WATCH_NEVER) {
        DS_SET(state, ended_at_ms, call->ended_at_ms);
        DS_SET(state, ended_received_ms, call->ended_received_ms);
        DS_SET(state, ended_seq, call->ended_seq);
    }
    DS_SET(state, verdict_no, call->verdict_no);
    DS_SET(state, breach_said, call->breach_said);
    DS_SET(state, unanswered_said, call->unanswered_said);
    DS_SET(state, final, call->final);
    if (call->occasion_ms != WATCH_NEVER) DS_SET(state, occasion_ms, call->occasion_ms);
}

/* How long a call is remembered: busy lines and occasions of later calls look back at it. */
static int64_t forget_ms(const struct watch_call *call, const struct ds_version *version)
{
    if (call->ended_at_ms == WATCH_NEVER) return call->offered_at_ms + DS_DAY_MS;
    return watch_call_final_ms(call, version) + version->clocks[DS_CLOCK_HOTLINE].grace_ms +
           version->hotline_occasion_ms;
}

static void store_call(struct ds_part *part, struct watch_call *call)
{
    const struct ds_version *version = ds_part_rules_of(part, call->rulebook);
    struct ds_dues dues = {{DS_NO_DUE, forget_ms(call, version), DS_NO_DUE}};
    Ds__WatchCall state;
    char key[DS_KEY_MAX + 1];

    if (!call->final && call->ended_at_ms != WATCH_NEVER)
        dues.at_ms[DS_HARD] = watch_call_final_ms(call, version);
    make_key(key, 'C', call->id);
    fill_call(&state, call);
    ds_part_put(part, key, &state.base, &dues);
}

static void drop_call(struct ds_part *part, struct watch_lines *lines, struct watch_call *call)
{
    char key[DS_KEY_MAX + 1];

    make_key(key, 'C', call->id);
    ds_part_delete(part, key);
    *call = lines->calls[--lines->n_calls];
}

static void offer_call(struct watch_lines *lines, const struct ds_event *event)
{
    const Ds__CallOffer *offer = event->msg->call_offered;

    if (lines->n_calls == WATCH_CALLS_MAX || find_call(lines, offer->call)) return;
    struct watch_call *call = &lines->calls[lines->n_calls++];
    *call = (struct watch_call){.rulebook = event->rulebook,
                                .offered_at_ms = event->at_ms,
                                .offered_received_ms = event->stamp_ms,
                                .offered_seq = event->ref.seq,
                                .answered_at_ms = WATCH_NEVER,
                                .answered_received_ms = WATCH_NEVER,
                                .ended_at_ms = WATCH_NEVER,
                                .ended_received_ms = WATCH_NEVER,
                                .occasion_ms = WATCH_NEVER};
    ds_copy(call->id, sizeof call->id, offer->call);
    ds_copy(call->caller, sizeof call->caller, offer->caller);
    ds_copy(call->territory, sizeof call->territory, ds_str(event->msg->territory));
}

static void answer_call(struct watch_call *call, const struct ds_event *event)
{
    const Ds__CallAnswer *answer = event->msg->call_answered;

    if (answer->answered_by != DS__ANSWERED_BY__NAME__PERSON) return;
    if (call->answered_at_ms <= event->at_ms) return;
    call->answered_at_ms = event->at_ms;
    call->answered_received_ms = event->stamp_ms;
    call->answered_seq = event->ref.seq;
    ds_copy(call->agent, sizeof call->agent, answer->agent);
}

static void end_call(struct watch_call *call, const struct ds_event *event)
{
    if (call->ended_at_ms <= event->at_ms) return;
    call->ended_at_ms = event->at_ms;
    call->ended_received_ms = event->stamp_ms;
    call->ended_seq = event->ref.seq;
}

static void store_gaps(struct ds_part *part, struct watch_lines *lines)
{
    Ds__WatchPartition state = DS__WATCH_PARTITION__INIT;
    Ds__WatchPartition__Gap gaps[WATCH_GAPS_MAX];
    Ds__WatchPartition__Gap *list[WATCH_GAPS_MAX];

    for (uint32_t i = 0; i < lines->n_gaps; i++) {
        ds__watch_partition__gap__init(&gaps[i]);
        DS_SET(&gaps[i], from_ms, lines->gaps[i].from_ms);
        DS_SET(&gaps[i], to_ms, lines->gaps[i].to_ms);
        DS_SET(&gaps[i], received_ms, lines->gaps[i].received_ms);
        gaps[i].territory = lines->gaps[i].territory;
        list[i] = &gaps[i];
    }
    state.n_gaps = lines->n_gaps;
    state.gaps = list;
    ds_part_put(part, "P", &state.base, NULL);
}

/* The newest gaps are kept; what the oldest covered is final by then. */
static void add_gap(struct ds_part *part, struct watch_lines *lines, const struct ds_event *event)
{
    if (lines->n_gaps == WATCH_GAPS_MAX) {
        memmove(&lines->gaps[0], &lines->gaps[1], (WATCH_GAPS_MAX - 1) * sizeof lines->gaps[0]);
        lines->n_gaps--;
    }
    struct watch_gap *gap = &lines->gaps[lines->n_gaps++];
    *gap = (struct watch_gap){.from_ms = event->msg->feed_gap->from_ms,
                              .to_ms = event->msg->feed_gap->to_ms,
                              .received_ms = event->stamp_ms};
    ds_copy(gap->territory, sizeof gap->territory, ds_str(event->msg->territory));
    store_gaps(part, lines);
}

/* What is now known may change what was said of calls nearby. */
static void renotice_calls(struct ds_part *part, struct watch_lines *lines, struct ds_out *out)
{
    for (uint32_t i = 0; i < lines->n_calls && out->n < DS_OUT_EVENTS_MAX / 2; i++) {
        struct watch_call *call = &lines->calls[i];
        uint32_t said = out->n;
        if (call->final || call->ended_at_ms == WATCH_NEVER) continue;
        watch_notice_call(lines, call, ds_part_rules_of(part, call->rulebook), part->now_ms, out);
        if (out->n > said) store_call(part, call);
    }
}

static void apply_to_lines(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    struct watch_lines *lines = part->memory;
    const char *id = event->type == DS_EV_FEED_GAP ? "" : event->msg->subject;

    if (event->type == DS_EV_FEED_GAP) {
        add_gap(part, lines, event);
    } else if (event->type == DS_EV_CALL_OFFERED) {
        offer_call(lines, event);
    }
    struct watch_call *call = find_call(lines, id);
    if (call && event->type == DS_EV_CALL_ANSWERED) answer_call(call, event);
    if (call && event->type == DS_EV_CALL_ENDED) end_call(call, event);
    if (call) store_call(part, call);
    renotice_calls(part, lines, out);
}

static void fire_call(struct ds_part *part, const char *id, int64_t due_ms, struct ds_out *out)
{
    struct watch_lines *lines = part->memory;
    struct watch_call *call = find_call(lines, id);
    DS_ASSERT(call);
    const struct ds_version *version = ds_part_rules_of(part, call->rulebook);

    if (call->final || call->ended_at_ms == WATCH_NEVER) return drop_call(part, lines, call);
    watch_finalise_call(lines, call, version, due_ms, out);
    store_call(part, call);
}

static void load_gaps(struct watch_lines *lines, const Ds__WatchPartition *state)
{
    DS_ASSERT(state->n_gaps <= WATCH_GAPS_MAX);
    for (size_t i = 0; i < state->n_gaps; i++) {
        struct watch_gap *gap = &lines->gaps[lines->n_gaps++];
        *gap = (struct watch_gap){.from_ms = state->gaps[i]->from_ms,
                                  .to_ms = state->gaps[i]->to_ms,
                                  .received_ms = state->gaps[i]->received_ms};
        ds_copy(gap->territory, sizeof gap->territory, ds_str(state->gaps[i]->territory));
    }
}

static void loaded(struct ds_part *part, const struct ds_entity *entity)
{
    struct watch_lines *lines = part->memory;

    if (entity->key[0] == 'P')
        load_gaps(lines, ds_part_unpack(part, entity, &ds__watch_partition__descriptor));
    if (entity->key[0] == 'C' && lines->n_calls < WATCH_CALLS_MAX)
        load_call(&lines->calls[lines->n_calls++], entity->key + 1,
                  ds_part_unpack(part, entity, &ds__watch_call__descriptor));
}

/* ---- the service ---- */

static bool about_ticket(const struct ds_event *event)
{
    uint32_t partition;
    uint64_t seq;

    return event->msg->subject && ds_parse_ticket_id(event->msg->subject, &partition, &seq);
}

static void apply(struct ds_part *part, const struct ds_event *event, struct ds_out *out)
{
    bool line = event->type == DS_EV_CALL_OFFERED || event->type == DS_EV_CALL_ANSWERED ||
                event->type == DS_EV_CALL_ENDED || event->type == DS_EV_FEED_GAP;

    if (line) return apply_to_lines(part, event, out);
    if (is_work(event) || is_report(event)) apply_to_day(part, event, out);
    if (!about_ticket(event)) return;
    apply_to_ticket(part, event, out);
    if (event->type == DS_EV_REGISTERED) complain(part, event, out);
}

static void fire(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                 int64_t due_ms, struct ds_out *out)
{
    struct watch_rules rules = {rules_of, part};
    char id[DS_KEY_MAX + 1];

    ds_copy(id, sizeof id, entity->key + 1);
    switch (entity->key[0]) {
    case 'T':
        load_ticket(part, id);
        DS_ASSERT(ticket.known);
        if (kind == DS_HARD)
            watch_finalise(&ticket, &rules, ds_part_joint_mark(part), &bench, out);
        notice_and_store(part, out);
        return;
    case 'F': fire_day(part, id, kind, due_ms, out); return;
    case 'C': fire_call(part, id, due_ms, out); return;
    default: DS_UNREACHABLE();
    }
}

const struct ds_service watcher_service = {
    .name = "sla-watcher",
    .source = DS_WATCHER,
    .upstreams = 1u << DS_INTAKE | 1u << DS_DISPATCHER | 1u << DS_SURVEY,
    .memory_size = sizeof(struct watch_lines),
    .loaded = loaded,
    .apply = apply,
    .fire = fire,
};
