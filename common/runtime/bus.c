/* SPDX-License-Identifier: MIT
 *
 * ZeroMQ inside the loop. ZMQ_FD is edge-triggered and any call on the socket may eat the edge, so
 * nothing is ever concluded from the descriptor alone: it only wakes the loop, and every turn of
 * the loop asks each socket whether it has something (rt_bus_receive, run before the loop blocks).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "domain/assert.h"
#include "proto/envelope.pb-c.h"
#include "runtime/log.h"
#include "runtime/rt_priv.h"

/* Messages a peer may be behind. A subscriber that misses batches reads them from the journal; a
 * client that does not take its receipts asks again. */
enum { PUBLISHED_MAX = 1000, REQUESTS_MAX = 1000, ANSWERS_MAX = 10000 };

/* ZeroMQ closes the connection of whoever sends more, without a word. So there is room above the
 * largest command: what is too large by a little is told so. */
static const int64_t frame_max = DS_CONNECTION_FRAME_MAX;

static void wake(struct ev_loop *loop, ev_io *io, int events)
{
    (void)loop, (void)io, (void)events; /* the turn itself does the work */
}

static void set(void *socket, int option, int value)
{
    int rc = zmq_setsockopt(socket, option, &value, sizeof value);
    DS_ASSERT(rc == 0);
}

static void watch(struct rt *rt, void *socket)
{
    int fd;
    size_t size = sizeof fd;
    ev_io *io = &rt->bus.ios[rt->bus.n_ios++];

    int rc = zmq_getsockopt(socket, ZMQ_FD, &fd, &size);
    DS_ASSERT(rc == 0);
    ev_io_init(io, wake, fd, EV_READ);
    ev_io_start(rt->loop, io);
}

static void *open_socket(struct rt *rt, int type, bool bind, const char *name, const char *suffix)
{
    char address[RT_PATH_MAX + 64];
    void *socket = zmq_socket(rt->bus.context, type);

    DS_ASSERT(socket);
    set(socket, ZMQ_LINGER, 0);
    set(socket, ZMQ_SNDHWM, type == ZMQ_ROUTER ? ANSWERS_MAX : PUBLISHED_MAX);
    set(socket, ZMQ_RCVHWM, type == ZMQ_ROUTER ? REQUESTS_MAX : PUBLISHED_MAX);
    set(socket, ZMQ_RECONNECT_IVL, 50);
    set(socket, ZMQ_RECONNECT_IVL_MAX, 2000);
    int rc = zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max);
    DS_ASSERT(rc == 0);
    if (type == ZMQ_ROUTER) set(socket, ZMQ_ROUTER_MANDATORY, 1);
    snprintf(address, sizeof address, "ipc://%s/%s.%s", rt->conf.run, name, suffix);
    rc = bind ? zmq_bind(socket, address) : zmq_connect(socket, address);
    if (rc != 0)
        rt_die(64, "cannot open a socket", "address=%s error=\"%s\"", address,
               zmq_strerror(zmq_errno()));
    return socket;
}

void rt_bus_start(struct rt *rt)
{
    rt->bus.context = zmq_ctx_new();
    DS_ASSERT(rt->bus.context);
    rt->bus.pub = open_socket(rt, ZMQ_PUB, true, rt->service->name, "pub");
    rt->bus.control = open_socket(rt, ZMQ_ROUTER, true, rt->service->name, "ctl");
    watch(rt, rt->bus.control);
    for (int s = 1; s < DS_SOURCE_COUNT && rt->conf.bus; s++) {
        if (!(rt->service->upstreams & 1u << s)) continue;
        void *sub = open_socket(rt, ZMQ_SUB, false, ds_source_name((enum ds_source)s), "pub");
        int rc = zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "", 0);
        DS_ASSERT(rc == 0);
        rt->bus.subs[s] = sub;
        watch(rt, sub);
    }
}

void rt_bus_open_door(struct rt *rt)
{
    if (!rt->service->take || rt->bus.door) return;
    rt->bus.door = open_socket(rt, ZMQ_ROUTER, true, rt->service->name, "cmd");
    watch(rt, rt->bus.door);
}

void rt_bus_stop(struct rt *rt)
{
    for (uint32_t i = 0; i < rt->bus.n_ios; i++)
        ev_io_stop(rt->loop, &rt->bus.ios[i]);
    for (int s = 0; s < DS_SOURCE_COUNT; s++)
        if (rt->bus.subs[s]) zmq_close(rt->bus.subs[s]);
    if (rt->bus.door) {
        set(rt->bus.door, ZMQ_LINGER, 200); /* last receipts */
        zmq_close(rt->bus.door);
    }
    if (rt->bus.control) {
        set(rt->bus.control, ZMQ_LINGER, 200);
        zmq_close(rt->bus.control);
    }
    if (rt->bus.pub) zmq_close(rt->bus.pub);
    if (rt->bus.context) zmq_ctx_term(rt->bus.context);
}

/* ---- sending ---- */

void rt_bus_publish(struct rt *rt, uint32_t partition, const uint8_t *bytes, size_t len)
{
    char topic[8];

    if (!rt->conf.bus) return;
    int n = snprintf(topic, sizeof topic, "p%03u|", partition);
    if (zmq_send(rt->bus.pub, topic, (size_t)n, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) return;
    if (zmq_send(rt->bus.pub, bytes, len, ZMQ_DONTWAIT) < 0) return;
    rt->stats.counters[RT_PUBLISHED]++;
}

void rt_bus_heartbeat(struct rt *rt)
{
    Ds__Heartbeat beat = DS__HEARTBEAT__INIT;
    Ds__Heartbeat__Row rows[DS_PARTITIONS_MAX];
    Ds__Heartbeat__Row *list[DS_PARTITIONS_MAX];
    uint8_t bytes[DS_PARTITIONS_MAX * 48 + 64];

    if (!rt->conf.bus) return;
    DS_SET(&beat, source, (Ds__Source__Name)rt->service->source);
    if (rt_is_busy(rt)) DS_SET(&beat, busy, true);
    for (uint32_t p = 0; p < rt->n_lanes; p++) {
        ds__heartbeat__row__init(&rows[p]);
        DS_SET(&rows[p], partition, p);
        DS_SET(&rows[p], epoch, rt->parts[p].epoch);
        DS_SET(&rows[p], published_seq, rt->lanes[p].committed_tail);
        DS_SET(&rows[p], mark_ms, rt->lanes[p].committed_mark_ms);
        list[p] = &rows[p];
    }
    beat.n_rows = rt->n_lanes;
    beat.rows = list;
    DS_ASSERT(ds__heartbeat__get_packed_size(&beat) <= sizeof bytes);
    size_t len = ds__heartbeat__pack(&beat, bytes);
    if (zmq_send(rt->bus.pub, "hb|", 3, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) return;
    zmq_send(rt->bus.pub, bytes, len, ZMQ_DONTWAIT);
}

/* who: length of the routing id, the id, and 1 if the client wants an empty delimiter. */
static void reply(void *socket, const uint8_t *who, size_t who_len, const void *bytes, size_t len)
{
    size_t id_len = who[0];

    DS_ASSERT(who_len == id_len + 2);
    if (zmq_send(socket, who + 1, id_len, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) return; /* gone */
    if (who[id_len + 1]) zmq_send(socket, "", 0, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    zmq_send(socket, bytes, len, ZMQ_DONTWAIT);
}

void rt_bus_answer(struct rt *rt, const uint8_t *who, size_t who_len, const void *bytes, size_t len)
{
    reply(rt->bus.door, who, who_len, bytes, len);
}

void rt_bus_reply_control(struct rt *rt, const uint8_t *who, size_t who_len, const void *bytes,
                          size_t len)
{
    reply(rt->bus.control, who, who_len, bytes, len);
}

/* ---- receiving ---- */

static bool receive_frame(void *socket, zmq_msg_t *frame)
{
    zmq_msg_init(frame);
    if (zmq_msg_recv(frame, socket, ZMQ_DONTWAIT) >= 0) return true;
    zmq_msg_close(frame);
    return false;
}

/* Drops the rest of a multipart message of the wrong shape. */
static void skip_rest(void *socket, bool more)
{
    zmq_msg_t frame;

    while (more && receive_frame(socket, &frame)) {
        more = zmq_msg_more(&frame);
        zmq_msg_close(&frame);
    }
}

static bool receive_published(struct rt *rt, enum ds_source source)
{
    zmq_msg_t topic, body;
    void *socket = rt->bus.subs[source];

    if (!receive_frame(socket, &topic)) return false;
    if (!zmq_msg_more(&topic) || !receive_frame(socket, &body)) {
        zmq_msg_close(&topic);
        return true;
    }
    bool more = zmq_msg_more(&body);
    bool beat = zmq_msg_size(&topic) == 3 && memcmp(zmq_msg_data(&topic), "hb|", 3) == 0;
    rt->stats.counters[RT_FRAMES_IN]++;
    if (beat)
        rt_inbox_heartbeat(rt, source, zmq_msg_data(&body), zmq_msg_size(&body));
    else
        rt_inbox_frame(rt, source, zmq_msg_data(&body), zmq_msg_size(&body));
    zmq_msg_close(&topic);
    zmq_msg_close(&body);
    skip_rest(socket, more);
    return true;
}

typedef void (*request_fn)(struct rt *rt, const uint8_t *who, size_t who_len, const uint8_t *bytes,
                           size_t len);

/* One request: routing id, an empty delimiter if the client is a REQ, then one or more payloads,
 * each answered by itself. One that is empty, alone, is a payload. */
static bool receive_request(struct rt *rt, void *socket, request_fn take)
{
    uint8_t who[RT_ENVELOPE_MAX];
    zmq_msg_t frame;
    bool first = true;

    if (!receive_frame(socket, &frame)) return false;
    size_t id_len = zmq_msg_size(&frame);
    bool more = zmq_msg_more(&frame);
    DS_ASSERT(id_len > 0 && id_len + 2 <= sizeof who);
    who[0] = (uint8_t)id_len;
    memcpy(who + 1, zmq_msg_data(&frame), id_len);
    who[id_len + 1] = 0;
    zmq_msg_close(&frame);
    while (more && receive_frame(socket, &frame)) {
        more = zmq_msg_more(&frame);
        if (first && more && zmq_msg_size(&frame) == 0)
            who[id_len + 1] = 1;
        else
            take(rt, who, id_len + 2, zmq_msg_data(&frame), zmq_msg_size(&frame));
        first = false;
        zmq_msg_close(&frame);
    }
    return true;
}

static bool has_more(void *socket)
{
    int events;
    size_t size = sizeof events;

    return zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size) == 0 && events & ZMQ_POLLIN;
}

bool rt_bus_receive(struct rt *rt)
{
    bool more = false;

    for (int s = 1; s < DS_SOURCE_COUNT; s++) {
        int n = 0;
        if (!rt->bus.subs[s]) continue;
        while (n < RT_RECEIVE_MAX && receive_published(rt, (enum ds_source)s))
            n++;
        more |= has_more(rt->bus.subs[s]);
    }
    for (int n = 0; n < RT_RECEIVE_MAX && receive_request(rt, rt->bus.control, rt_control); n++)
        ;
    more |= has_more(rt->bus.control);
    if (!rt->bus.door) return more;
    /* while a flush is under way the next batch fills up; a full one waits in the socket */
    for (int n = 0; n < RT_RECEIVE_MAX && rt_may_take(rt); n++)
        if (!receive_request(rt, rt->bus.door, rt_take_frame)) break;
    return more || (rt_may_take(rt) && has_more(rt->bus.door));
}
