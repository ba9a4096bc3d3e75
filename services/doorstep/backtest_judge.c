/* SPDX-License-Identifier: MIT
 *
 * One side, partition by partition. Tickets are told again one at a time, all events of each; phone
 * calls and the sheets of the month, which hang on one another, go through the watcher itself. Of
 * what that says only what can cost something reaches the ledger, which is the ledger itself: what
 * is settled after a month was closed finds it closed whatever order things are worked off in, and
 * the manager's word comes when everything that he was asked about is there. */
#include <stdlib.h>
#include <string.h>

#include "domain/ids.h"
#include "doorstep/arrivals.h"
#include "doorstep/backtest.h"
#include "doorstep/replay_follow.h"
#include "engine/part.h"
#include "penalty-ledger/ledger.h"
#include "rulebook/rulebook.h"
#include "sla-watcher/retell.h"

/* A verdict that was judged again: what it changes comes among the manager's decisions. */
struct rejudged {
    uint8_t *bytes; /* owned */
    size_t len;
    int64_t at_ms;
    uint32_t rulebook;
};

struct judging {
    struct side *side;
    uint32_t partition;
    struct ds_env env;
    struct ds_part ledger;
    struct ds_commit commit;
    uint64_t said;          /* events of the watcher so far */
    struct rejudged *again; /* owned */
    size_t n_again;
    struct watch_retelling telling;
    struct watch_rules rules, recorded;
    struct arrivals arrivals;
};

static struct judging judging; /* large */

static const struct ds_version *rules_of(const void *self, uint32_t number)
{
    const struct side *side = self;

    return side->versions[number >= DS_VERSIONS_MAX ? number - DS_VERSIONS_MAX : number];
}

static const struct ds_version *version(void *self, uint32_t number)
{
    return rules_of(((struct judging *)self)->side, number);
}

static const struct ds_version *recorded_of(const void *self, uint32_t number)
{
    return ((const struct side *)self)->past->recorded.versions[number];
}

/* ---- the ledger ---- */

static void seal(void)
{
    struct ds_commit *commit = &judging.commit;

    if (!ds_part_pending(&judging.ledger)) return;
    ds_part_seal(&judging.ledger, commit);
    if (commit->batch.len > 0 &&
        archive_add_batch(&judging.side->books, commit->bytes.bytes + commit->batch.at,
                          commit->batch.len) != 0)
        abort(); /* it was made a moment ago */
}

static void book(enum ds_source source, uint64_t seq, const Ds__Event *msg, uint32_t rulebook)
{
    ds_part_apply_one(&judging.ledger, source, seq, msg, rulebook);
    if (!ds_part_room(&judging.ledger)) seal();
}

static void book_recorded(const struct happened *happened, enum ds_source source)
{
    book(source, happened->seq, happened->msg, happened->rulebook);
}

/* When the same was said then; at_ms if it was not. */
static int64_t rejudged_ms(const Ds__Event *event, int64_t at_ms)
{
    const struct happened_list *list = &judging.side->past->parts[judging.partition].of[DS_WATCHER];
    const Ds__Rejudged *said = event->rejudged;

    for (size_t i = 0; i < list->n; i++) {
        const Ds__Rejudged *then = list->list[i].msg->rejudged;
        if (strcmp(list->list[i].msg->subject, event->subject) == 0 &&
            then->number == said->number && then->before->clock == said->before->clock &&
            then->before->n == said->before->n)
            return list->list[i].stamp_ms;
    }
    return at_ms;
}

static void keep_rejudged(Ds__Event *said, uint32_t rulebook, int64_t at_ms)
{
    judging.again = realloc(judging.again, (judging.n_again + 1) * sizeof judging.again[0]);
    if (!judging.again) abort();
    struct rejudged *again = &judging.again[judging.n_again++];

    *again = (struct rejudged){.at_ms = rejudged_ms(said, at_ms), .rulebook = rulebook};
    DS_SET(said, received_at_ms, again->at_ms);
    again->len = ds__event__get_packed_size(said);
    again->bytes = malloc(again->len);
    if (!again->bytes) abort();
    ds__event__pack(said, again->bytes);
}

/* What the watcher says: a copy is packed by the ledger, nothing of it is kept. */
static void watcher_says(void *self, const Ds__Event *event, uint32_t rulebook, int64_t at_ms)
{
    Ds__Event said = *event;

    (void)self;
    DS_SET(&said, received_at_ms, at_ms);
    switch ((int)event->body_case) {
    case DS_EV_JUDGED:
        if (event->judged->verdict != DS__VERDICT__NAME__BREACHED) return;
        break;
    case DS_EV_VISITS_FINAL:
    case DS_EV_RETURN_CAUSE_FOUND: break;
    case DS_EV_REJUDGED: keep_rejudged(&said, rulebook, at_ms); return;
    default: return;
    }
    book(DS_WATCHER, ++judging.said, &said, rulebook);
}

/* ---- tickets ---- */

static void ready_to_tell(bool (*wanted)(const struct watch_instance *instance),
                          void (*say)(void *, const Ds__Event *, uint32_t, int64_t), void *self)
{
    judging.telling.rules = &judging.rules;
    judging.telling.recorded = &judging.recorded;
    judging.telling.wanted = wanted;
    judging.telling.say = say;
    judging.telling.self = self;
}

static void tell_tickets(void)
{
    ready_to_tell(NULL, watcher_says, NULL);
    for (uint64_t t = 0; t < judging.arrivals.tickets; t++)
        arrivals_tell(&judging.arrivals, judging.partition, t, &judging.telling);
}

/* ---- calls and sheets ---- */

static bool is_of_lines(int type)
{
    return type == DS_EV_CALL_OFFERED || type == DS_EV_CALL_ANSWERED || type == DS_EV_CALL_ENDED ||
           type == DS_EV_FEED_GAP || type == DS_EV_SHEET_DRAWN || type == DS_EV_SHEET_HANDED_IN;
}

static void fire_lines(struct ds_part *part, const struct ds_entity *entity, enum ds_due_kind kind,
                       int64_t due_ms, struct ds_out *out)
{
    uint32_t said = out->n;

    watcher_service.fire(part, entity, kind, due_ms, out);
    for (; said < out->n; said++)
        if (out->events[said].body_case == DS__EVENT__BODY_JUDGED)
            watcher_says(NULL, &out->events[said], out->events[said].judged->rulebook,
                         out->events[said].judged->final_at_ms);
}

/* Everything up to an instant is there. */
static void pass_to(struct ds_part *part, struct ds_commit *unread, int64_t mark_ms)
{
    for (int s = DS_INTAKE; s <= DS_SURVEY; s++)
        part->up[s].mark_ms = mark_ms;
    if (part->now_ms < mark_ms + 1) part->now_ms = mark_ms + 1;
    while (ds_part_fire(part, UINT32_MAX, true, NULL, NULL) > 0 && !ds_part_room(part))
        ds_part_seal(part, unread);
}

static void judge_lines(const struct past_partition *past)
{
    static struct ds_service watcher;
    static struct ds_env env; /* large */
    struct ds_commit unread = {0};
    struct ds_part part;
    bool any = false;

    watcher = watcher_service;
    watcher.fire = fire_lines;
    for (size_t i = 0; i < judging.arrivals.n; i++) {
        const struct happened *happened = judging.arrivals.list[i];
        if (!is_of_lines(happened->type)) continue;
        if (!any) {
            ds_env_init(&env, version, &judging);
            ds_part_init(&part, &watcher, &env, judging.partition);
            any = true;
        }
        part.rulebook = happened->rulebook;
        pass_to(&part, &unread, watch_min_ms(happened->stamp_ms - 1, past->mark_ms));
        ds_part_apply_one(&part, arrivals_source(&judging.arrivals, happened), happened->seq,
                          happened->msg, happened->rulebook);
        if (!ds_part_room(&part)) ds_part_seal(&part, &unread);
    }
    if (!any) return;
    pass_to(&part, &unread, past->mark_ms);
    ds_part_finish(&part);
    ds_commit_finish(&unread);
    ds_env_finish(&env);
}

/* ---- what people asked of the ledger ---- */

static int by_number(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;

    return one < two ? -1 : one > two;
}

/* Numbers of intake's events that the ledger answered with: applied. Sorted. */
static uint64_t *applied(size_t *ret_n)
{
    const struct archive *recorded = &judging.side->past->recorded;
    uint64_t *list = malloc((recorded->n + 1) * sizeof *list);

    if (!list) abort();
    *ret_n = 0;
    for (size_t i = 0; i < recorded->n; i++) {
        const struct record *record = &recorded->records[i];
        const Ds__EventRef *cause = record->msg->cause;
        if (record->partition == judging.partition && cause &&
            record->msg->body_case == DS__EVENT__BODY_OUTCOME &&
            record->msg->outcome->outcome == DS__OUTCOME_CODE__NAME__APPLIED &&
            cause->source == DS__SOURCE__NAME__INTAKE)
            list[(*ret_n)++] = cause->seq;
    }
    qsort(list, *ret_n, sizeof *list, by_number);
    return list;
}

static void book_again(int64_t before_ms, size_t *at)
{
    for (; *at < judging.n_again && judging.again[*at].at_ms < before_ms; (*at)++) {
        struct rejudged *again = &judging.again[*at];
        Ds__Event *event = ds__event__unpack(NULL, again->len, again->bytes);
        book(DS_WATCHER, ++judging.said, event, again->rulebook);
        ds__event__free_unpacked(event, NULL);
        free(again->bytes);
    }
}

static int by_instant(const void *a, const void *b)
{
    const struct rejudged *one = a, *two = b;

    return one->at_ms < two->at_ms ? -1 : one->at_ms > two->at_ms;
}

/* As they were answered: what was refused then is not asked again. */
static void follow_manager(const struct past_partition *part)
{
    size_t n, at = 0;
    uint64_t *list = applied(&n);

    if (judging.n_again > 1)
        qsort(judging.again, judging.n_again, sizeof judging.again[0], by_instant);
    for (size_t i = 0; i < part->of[DS_INTAKE].n; i++) {
        const struct happened *happened = &part->of[DS_INTAKE].list[i];
        if (!replay_is_of_manager(happened->type) ||
            !bsearch(&happened->seq, list, n, sizeof *list, by_number))
            continue;
        book_again(happened->stamp_ms, &at);
        book_recorded(happened, DS_INTAKE);
    }
    book_again(INT64_MAX, &at);
    free(list);
    free(judging.again);
    judging.again = NULL;
    judging.n_again = 0;
}

/* No proposal expires from here on. */
static void let_proposals_stand(void)
{
    struct ds_part *part = &judging.ledger;

    part->now_ms = DS_TIME_MAX_MS;
    for (int s = 0; s < DS_SOURCE_COUNT; s++)
        part->up[s].mark_ms = DS_TIME_MAX_MS;
    while (ds_part_fire(part, UINT32_MAX, true, NULL, NULL) > 0 && !ds_part_room(part))
        seal();
}

/* ---- a partition ---- */

static void book_all(const struct past_partition *part, enum ds_source source, int type)
{
    const struct happened_list *list = &part->of[source];

    for (size_t i = 0; i < list->n; i++) {
        if (list->list[i].type != type) continue;
        judging.ledger.rulebook = list->list[i].rulebook;
        book_recorded(&list->list[i], source);
    }
}

static uint32_t last_rulebook(const struct past_partition *part)
{
    const struct happened_list *intake = &part->of[DS_INTAKE];

    return intake->n ? intake->list[intake->n - 1].rulebook : 0;
}

static void begin(struct side *side, uint32_t p)
{
    judging.side = side;
    judging.partition = p;
    judging.rules = (struct watch_rules){rules_of, side};
    judging.recorded = (struct watch_rules){recorded_of, side};
    judging.said = 0;
    arrivals_init(&judging.arrivals, &side->past->parts[p]);
}

static void judge_partition(struct side *side, uint32_t p)
{
    const struct past_partition *part = &side->past->parts[p];
    static struct ds_service ledger;

    if (last_rulebook(part) == 0) return; /* nothing ever happened here */
    ledger = ledger_service;
    ledger.fire = replay_keep_proposals;
    ds_env_init(&judging.env, version, &judging);
    ds_part_init(&judging.ledger, &ledger, &judging.env, p);
    begin(side, p);
    book_all(part, DS_INTAKE, DS_EV_MONTH_CLOSE_REQUESTED);
    judging.ledger.rulebook = last_rulebook(part);
    judge_lines(part);
    tell_tickets();
    book_all(part, DS_DISPATCHER, DS_EV_CASE_NOT_ANALYSED);
    book_all(part, DS_SURVEY, DS_EV_CONTRADICTION_FOUND);
    book_all(part, DS_INTAKE, DS_EV_VIOLATION_REPORTED);
    let_proposals_stand();
    follow_manager(part);
    seal();
    arrivals_finish(&judging.arrivals);
    ds_part_finish(&judging.ledger);
    ds_commit_finish(&judging.commit);
    ds_env_finish(&judging.env);
    judging.commit = (struct ds_commit){0};
}

void side_judge(struct side *side)
{
    for (uint32_t p = 0; p < side->past->partitions; p++)
        judge_partition(side, p);
    for (size_t i = 0; i < side->books.n; i++) { /* under the number that it stands for */
        Ds__Entry *entry = side->books.records[i].entry;
        if (entry && entry->rulebook >= DS_VERSIONS_MAX) entry->rulebook -= DS_VERSIONS_MAX;
    }
    memcpy(side->books.versions, side->past->recorded.versions, sizeof side->books.versions);
    side->books.borrowed_versions = true;
    archive_sort(&side->books);
}

/* ---- why a line came or went ---- */

static bool any_verdict(const struct watch_instance *instance)
{
    (void)instance;
    return true;
}

static const Ds__Entry *one_sided(const struct backtest_line *line, bool after)
{
    if (line->before && line->after) return NULL;
    return after ? line->before : line->after;
}

/* Is it the verdict that the line's cause names? Its parts are forgotten after the step. */
static void compare_cause(void *self, const Ds__Event *event, uint32_t rulebook, int64_t at_ms)
{
    static struct ds_out out; /* large */
    struct backtest_line *line = self;
    const Ds__Judged *judged = event->judged;
    const Ds__Entry *entry = line->before ? line->before : line->after;

    (void)rulebook, (void)at_ms;
    if (event->body_case != DS__EVENT__BODY_JUDGED) return;
    ds_out_reset(&out);
    if (strcmp(ledger_cause(&out, event->subject, (enum ds_clock)judged->clock, judged->n),
               ds_str(entry->cause)) != 0)
        return;
    line->verdict = *judged;
    line->verdict.n_holdings = line->verdict.n_pauses = 0;
    line->verdict.start_event = line->verdict.due_event = line->verdict.stop_event = NULL;
    line->judged = true;
}

void side_verdicts(struct side *side, struct backtest_line *lines, size_t n, bool after)
{
    for (uint32_t p = 0; p < side->past->partitions; p++) {
        bool begun = false;
        for (size_t i = 0; i < n; i++) {
            const Ds__Entry *entry = one_sided(&lines[i], after);
            uint64_t ticket;
            if (!entry || lines[i].past != side->past || lines[i].partition != p) continue;
            if (!begun) begin(side, p);
            begun = true;
            if (!arrivals_ticket(&judging.arrivals, entry->ticket, &ticket)) continue;
            ready_to_tell(any_verdict, compare_cause, &lines[i]);
            arrivals_tell(&judging.arrivals, p, ticket, &judging.telling);
        }
        if (begun) arrivals_finish(&judging.arrivals);
    }
}
