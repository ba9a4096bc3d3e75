/* SPDX-License-Identifier: MIT */
#include "gateway/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/event_json.h"
#include "gateway/accounts.h"
#include "gateway/gateway.h"
#include "runtime/clock.h"

struct stream {
    struct streams *streams;
    struct MHD_Connection *connection;
    /* "\nperson:luo\n" and "\noutlet:qihe\n": events that speak of him, or of where he works; "":
     * all */
    char person[DS_ACCOUNT_MAX + 3], account[DS_ACCOUNT_MAX + 3];
    bool alerts;
    bool suspended, closing;
    bool reading;      /* a range is on its way; the stream must stay */
    bool gone;         /* the client is not there any more */
    uint64_t at;       /* next item of the ring */
    struct ds_buf out; /* what comes before the ring */
    size_t out_at;
    struct cursor *from;   /* owned; catching up: what was given; NULL: caught up */
    struct cursor *until;  /* owned; ... and where the ring takes over */
    int64_t ahead_mono_ms; /* its cursor is ahead of us until then at the latest; 0: not */
    struct stream *newer, *older;
};

/* ---- items ---- */

static bool is_alert(const Ds__Event *event)
{
    switch ((int)event->body_case) {
    case DS__EVENT__BODY_WARNED:
    case DS__EVENT__BODY_BREACHED:
    case DS__EVENT__BODY_BREACH_WITHDRAWN:
    case DS__EVENT__BODY_CAP_REACHED:
    case DS__EVENT__BODY_CALL_UNANSWERED:
    case DS__EVENT__BODY_RETURNED_TO_CLERK: return true;
    case DS__EVENT__BODY_JUDGED: return event->judged->verdict == DS__VERDICT__NAME__BREACHED;
    default: return false;
    }
}

/* "id: CURSOR\ndata: {...}\n\n" behind what is there. */
static void put_event(struct ds_buf *to, const struct cursor *cursor, uint32_t partitions,
                      char *scratch, const struct record *record)
{
    char *json = event_text(record);

    ds_buf_put_text(to, "id: ");
    ds_buf_put(to, scratch, cursor_text(cursor, partitions, scratch));
    ds_buf_put_text(to, "\ndata: ");
    ds_buf_put_text(to, json);
    ds_buf_put_text(to, "\n\n");
    free(json);
}

static struct record record_of(enum ds_source source, uint32_t partition, uint64_t seq,
                               uint32_t rulebook, Ds__Event *event)
{
    struct record record = {source, partition, seq, rulebook, event, NULL};

    if (event->body_case == DS__EVENT__BODY_ENTRY_POSTED)
        record.entry = ds__entry__unpack(NULL, event->entry_posted->entry.len,
                                         event->entry_posted->entry.data);
    return record;
}

/* Of whom it speaks, and whose job it speaks of. */
static void put_accounts(const struct streams *streams, const struct record *record,
                         struct ds_buf *to)
{
    accounts_of(record, to);
    holders_put(&streams->gateway->holders, record->msg, to);
    ds_buf_put(to, "", 1);
}

static bool wants(const struct stream *stream, bool alert, const char *accounts)
{
    if (stream->alerts && !alert) return false;
    return !stream->person[0] || strstr(accounts, stream->person) != NULL ||
           strstr(accounts, stream->account) != NULL;
}

/* ---- the ring ---- */

static void drop_first(struct streams *streams)
{
    struct stream_item *item = &streams->ring[streams->first++ & (STREAM_RING - 1)];

    streams->bytes -= item->len;
    free(item->text);
    free(item->accounts);
    *item = (struct stream_item){0};
}

static void wake(struct stream *stream)
{
    if (!stream->suspended) return;
    stream->suspended = false;
    http_resume(&stream->streams->gateway->http, stream->connection);
}

static bool wants_item(const struct stream *stream, const struct stream_item *item)
{
    return !item->accounts || wants(stream, item->alert, item->accounts);
}

static void push(struct streams *streams, struct stream_item item)
{
    while (streams->next - streams->first == STREAM_RING ||
           (streams->bytes + item.len > STREAM_RING_BYTES_MAX && streams->next > streams->first))
        drop_first(streams);
    streams->ring[streams->next++ & (STREAM_RING - 1)] = item;
    streams->bytes += item.len;
    for (struct stream *stream = streams->newest; stream; stream = stream->older)
        if (stream->ahead_mono_ms || (!stream->from && wants_item(stream, &item))) wake(stream);
}

void streams_saw(struct streams *streams, enum ds_source source, uint32_t partition, uint64_t seq,
                 uint32_t rulebook, Ds__Event *event)
{
    struct feed *feed = &streams->gateway->feed;
    struct ds_buf text = {0}, accounts = {0};

    if (streams->n == 0) return; /* whoever comes later begins behind it, or reads the journal */
    struct record record = record_of(source, partition, seq, rulebook, event);
    put_event(&text, &feed->taken, feed->partitions, streams->cursor, &record);
    put_accounts(streams, &record, &accounts);
    if (record.entry) ds__entry__free_unpacked(record.entry, NULL);
    push(streams, (struct stream_item){(char *)text.bytes, (char *)accounts.bytes, text.len,
                                       is_alert(event)});
}

/* Where we are and how far the services have come; its id spares a client that gets nothing else
 * from reading everything again. */
static void on_mark(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct streams *streams = timer->data;
    struct feed *feed = &streams->gateway->feed;
    struct ds_buf text = {0};
    char line[512];
    int n;

    (void)loop, (void)events;
    if (streams->n == 0) return;
    ds_buf_put_text(&text, "id: ");
    ds_buf_put(&text, streams->cursor,
               cursor_text(&feed->taken, feed->partitions, streams->cursor));
    n = snprintf(line, sizeof line,
                 "\nevent: mark\ndata: {\"now_ms\":%lld,\"store\":\"%s\",\"marks\":{",
                 (long long)feed_now_ms(feed), feed->up ? "up" : "down");
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        n += snprintf(line + n, sizeof line - (size_t)n, "%s\"%s\":%lld", s == DS_INTAKE ? "" : ",",
                      ds_source_name((enum ds_source)s),
                      (long long)feed_mark_ms(feed, (enum ds_source)s));
    ds_buf_put(&text, line, (size_t)n);
    ds_buf_put_text(&text, "}}\n\n");
    push(streams, (struct stream_item){(char *)text.bytes, NULL, text.len, false});
}

/* ---- catching up ---- */

static void read_more(struct stream *stream);

static void stop_catching_up(struct stream *stream)
{
    free(stream->from);
    free(stream->until);
    stream->from = stream->until = NULL;
}

static void free_stream(struct stream *stream)
{
    stop_catching_up(stream);
    ds_buf_finish(&stream->out);
    free(stream);
}

static void take_old(void *self, enum ds_source source, uint32_t partition, uint64_t seq,
                     uint32_t rulebook, Ds__Event *event)
{
    struct stream *stream = self;
    struct streams *streams = stream->streams;
    struct record record = record_of(source, partition, seq, rulebook, event);
    struct ds_buf accounts = {0};

    stream->from->seen[source][partition] = seq;
    put_accounts(streams, &record, &accounts);
    if (wants(stream, is_alert(event), (char *)accounts.bytes))
        put_event(&stream->out, stream->from, streams->gateway->feed.partitions, streams->cursor,
                  &record);
    ds_buf_finish(&accounts);
    if (record.entry) ds__entry__free_unpacked(record.entry, NULL);
}

/* Places are free: oldest first, so that nobody waits for ever. */
static void read_next(struct streams *streams)
{
    struct stream *newer;

    if (!streams->queued || streams->reading >= STREAMS_CATCHING_UP_MAX / 2) return;
    streams->queued = false;
    for (struct stream *stream = streams->oldest; stream; stream = newer) {
        newer = stream->newer;
        if (stream->from && !stream->ahead_mono_ms && !stream->reading && !stream->closing &&
            stream->out.len == 0)
            read_more(stream);
        if (streams->queued) break;
    }
}

static void take_range(struct stream *stream, uint32_t tag, redisReply *reply)
{
    enum ds_source source = (enum ds_source)(tag >> 16);
    uint32_t partition = tag & 0xffff;
    size_t batches;

    if (stream->gone) return free_stream(stream);
    if (!reply || reply->type != REDIS_REPLY_ARRAY ||
        !feed_each(&stream->streams->gateway->feed.arena, reply,
                   stream->from->seen[source][partition], stream->until->seen[source][partition],
                   take_old, stream, &batches) ||
        batches == 0)
        stream->closing = true; /* it comes back when the store does */
    else if (stream->out.len == 0)
        return read_more(stream);
    wake(stream);
}

static void on_range(void *self, uint32_t tag, redisReply *reply)
{
    struct stream *stream = self;
    struct streams *streams = stream->streams;

    stream->reading = false;
    streams->reading--;
    take_range(stream, tag, reply);
    read_next(streams);
}

/* Next journal in which something is missing, in the order of the flow; false: none. */
static bool next_gap(const struct stream *stream, enum ds_source *ret_source, uint32_t *ret_part)
{
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < stream->streams->gateway->feed.partitions; p++)
            if (stream->from->seen[s][p] < stream->until->seen[s][p]) {
                *ret_source = (enum ds_source)s;
                *ret_part = p;
                return true;
            }
    return false;
}

/* Reads the next range, or joins the ring; if that has gone on without us, once more. */
static void read_more(struct stream *stream)
{
    struct streams *streams = stream->streams;
    enum ds_source source;
    uint32_t partition;

    if (!next_gap(stream, &source, &partition)) {
        if (stream->at >= streams->first) {
            stop_catching_up(stream);
            return wake(stream);
        }
        *stream->until = streams->gateway->feed.taken;
        stream->at = streams->next;
        if (!next_gap(stream, &source, &partition)) return read_more(stream);
    }
    if (streams->reading >= STREAMS_CATCHING_UP_MAX) {
        streams->queued = true;
        return;
    }
    stream->reading =
        feed_read(&streams->gateway->feed, source, partition, stream->from->seen[source][partition],
                  STREAM_BATCHES_AT_ONCE, on_range, stream);
    if (stream->reading)
        streams->reading++;
    else
        stream->closing = true;
    if (stream->closing) wake(stream);
}

static void on_turn(struct ev_loop *loop, ev_timer *timer, int events)
{
    on_mark(loop, timer, events);
    read_next(timer->data);
}

/* ---- the connection ---- */

static ssize_t wait_more(struct stream *stream)
{
    if (stream->closing) return MHD_CONTENT_READER_END_OF_STREAM;
    stream->suspended = true;
    MHD_suspend_connection(stream->connection);
    return 0;
}

static ssize_t give_out(struct stream *stream, char *buf, size_t max)
{
    size_t left = stream->out.len - stream->out_at, n = left < max ? left : max;

    memcpy(buf, stream->out.bytes + stream->out_at, n);
    stream->out_at += n;
    if (stream->out_at == stream->out.len) stream->out.len = stream->out_at = 0;
    return (ssize_t)n;
}

static bool is_ahead(const struct feed *feed, const struct cursor *cursor)
{
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        for (uint32_t p = 0; p < feed->partitions; p++)
            if (cursor->seen[s][p] > feed->taken.seen[s][p]) return true;
    return false;
}

static void reset(struct stream *stream)
{
    stop_catching_up(stream);
    stream->ahead_mono_ms = 0;
    stream->at = stream->streams->next;
    ds_buf_put_text(&stream->out, "event: reset\ndata: {}\n\n");
}

/* A read looks into the store and may know more than was published to us: a moment later we know
 * it, too. False: not yet. A cursor that we never reach is of a journal that has lost its end. */
static bool reach(struct stream *stream)
{
    const struct feed *feed = &stream->streams->gateway->feed;

    if (!is_ahead(feed, stream->from)) {
        *stream->until = feed->taken;
        stream->at = stream->streams->next;
        stream->ahead_mono_ms = 0;
        return true;
    }
    if (rt_mono_ms() < stream->ahead_mono_ms) return false;
    reset(stream);
    return true;
}

/* Gives what is there; suspends the connection when nothing is. */
static ssize_t on_read(void *self, uint64_t position, char *buf, size_t max)
{
    struct stream *stream = self;
    struct streams *streams = stream->streams;

    (void)position;
    for (;;) {
        if (stream->out.len > 0) return give_out(stream, buf, max);
        if (stream->closing) return MHD_CONTENT_READER_END_OF_STREAM;
        if (stream->ahead_mono_ms) {
            if (!reach(stream)) return wait_more(stream);
            continue;
        }
        if (stream->from) {
            if (!stream->reading) read_more(stream);
            if (stream->from) return wait_more(stream);
            continue;
        }
        if (stream->at < streams->first) {
            streams->overrun++;
            return MHD_CONTENT_READER_END_OF_STREAM;
        }
        if (stream->at == streams->next) return wait_more(stream);
        const struct stream_item *item = &streams->ring[stream->at++ & (STREAM_RING - 1)];
        if (wants_item(stream, item)) ds_buf_put(&stream->out, item->text, item->len);
    }
}

static void on_gone(void *self)
{
    struct stream *stream = self;
    struct streams *streams = stream->streams;

    *(stream->newer ? &stream->newer->older : &streams->newest) = stream->older;
    *(stream->older ? &stream->older->newer : &streams->oldest) = stream->newer;
    streams->n--;
    stream->gone = true;
    if (!stream->reading) free_stream(stream);
}

/* Where it begins: now, or at a cursor. False when the request was answered. */
static bool begin_at(struct http_request *request, struct stream *stream)
{
    const struct feed *feed = &request->gateway->feed;
    const char *cursor = http_header(request, "Last-Event-ID");

    if (!cursor) cursor = http_query(request, "after");
    stream->at = stream->streams->next;
    if (!cursor || !cursor[0]) return true;
    stream->from = malloc(sizeof *stream->from);
    stream->until = malloc(sizeof *stream->until);
    if (!stream->from || !stream->until) abort();
    *stream->until = feed->taken;
    if (!cursor_read(cursor, feed->partitions, stream->from)) {
        http_problem(request, MHD_HTTP_BAD_REQUEST, "bad_cursor", "after", "");
        return false;
    }
    if (stream->from->installation != feed->taken.installation)
        reset(stream);
    else if (is_ahead(feed, stream->from))
        stream->ahead_mono_ms = rt_mono_ms() + STREAM_AHEAD_MS;
    return true;
}

static void start(struct http_request *request, bool alerts)
{
    struct streams *streams = &request->gateway->streams;
    const struct caller *caller = &request->caller;

    if (!feed_is_live(&request->gateway->feed) || streams->n == STREAMS_MAX)
        return http_busy(request, 1000);
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream) abort();
    *stream =
        (struct stream){.streams = streams, .connection = request->connection, .alerts = alerts};
    if (caller->role == GATEWAY_TECHNICIAN) {
        const char *account = holders_account(&request->gateway->holders, caller->person);
        snprintf(stream->person, sizeof stream->person, "\nperson:%s\n", caller->person);
        snprintf(stream->account, sizeof stream->account, "\n%s\n", account[0] ? account : "?");
    }
    ds_buf_put_text(&stream->out, "retry: 1000\n\n");
    if (!begin_at(request, stream)) return free_stream(stream);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, on_read, stream, on_gone);
    if (!response) abort();
    MHD_add_response_header(response, "Content-Type", "text/event-stream");
    MHD_add_response_header(response, "X-Accel-Buffering", "no");
    stream->older = streams->newest;
    *(streams->newest ? &streams->newest->newer : &streams->oldest) = stream;
    streams->newest = stream;
    streams->n++;
    streams->opened++;
    http_answer_with(request, MHD_HTTP_OK, response);
}

void stream_feed(struct http_request *request)
{
    start(request, false);
}

void stream_alerts(struct http_request *request)
{
    start(request, true);
}

void streams_close(struct streams *streams)
{
    for (struct stream *stream = streams->newest; stream; stream = stream->older) {
        stream->closing = true;
        wake(stream);
    }
}

void streams_start(struct streams *streams, struct gateway *gateway)
{
    streams->gateway = gateway;
    ev_timer_init(&streams->mark, on_turn, STREAM_MARK_MS / 1000., STREAM_MARK_MS / 1000.);
    streams->mark.data = streams;
    ev_timer_start(gateway->loop, &streams->mark);
}

void streams_stop(struct streams *streams)
{
    ev_timer_stop(streams->gateway->loop, &streams->mark);
    streams_close(streams);
}
