/* SPDX-License-Identifier: MIT */
#include "gateway/door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "gateway/gateway.h"
#include "runtime/clock.h"

static uint32_t slot_of(const char *id)
{
    uint32_t hash = 2166136261u;

    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * 16777619u;
    return hash % DOOR_SLOTS;
}

static void put_on_wire(struct door *door, struct door_command *command, int64_t now_ms)
{
    command->again_mono_ms = now_ms + DOOR_AGAIN_MS;
    command->busy = false; /* from here on it may be recorded */
    if (zmq_send(door->socket, command->bytes, command->len, ZMQ_DONTWAIT) >= 0) door->sent++;
}

struct door_command *door_send(struct door *door, const char *id, const uint8_t *bytes, size_t len,
                               door_fn done, void *self)
{
    int64_t now_ms = rt_mono_ms();
    struct door_command **slot = &door->slots[slot_of(id)];

    if (door->n == DOOR_PENDING_MAX || len > DOOR_BYTES_MAX - door->bytes) return NULL;
    struct door_command *command = calloc(1, sizeof *command);
    if (!command || !(command->bytes = malloc(len))) abort();
    memcpy(command->bytes, bytes, len);
    snprintf(command->id, sizeof command->id, "%s", id);
    command->len = len;
    command->until_mono_ms = now_ms + DOOR_PATIENCE_MS;
    command->done = done;
    command->self = self;
    command->next = *slot;
    *slot = command;
    command->older = door->newest;
    *(door->newest ? &door->newest->newer : &door->oldest) = command;
    door->newest = command;
    door->n++;
    door->bytes += len;
    put_on_wire(door, command, now_ms);
    return command;
}

void door_forget(struct door *door, struct door_command *command)
{
    struct door_command **at = &door->slots[slot_of(command->id)];

    while (*at != command)
        at = &(*at)->next;
    *at = command->next;
    *(command->newer ? &command->newer->older : &door->newest) = command->older;
    *(command->older ? &command->older->newer : &door->oldest) = command->newer;
    door->n--;
    door->bytes -= command->len;
    free(command->bytes);
    free(command);
}

/* Everybody who sent this id learns what became of it. A refusal that names no id is nobody's: ours
 * are checked before they are sent. */
static void take(struct door *door, const Ds__Receipt *receipt)
{
    const char *id = receipt->id ? receipt->id : "";
    struct door_command *next;

    for (struct door_command *at = door->slots[slot_of(id)]; at; at = next) {
        next = at->next;
        if (strcmp(at->id, id) != 0) continue;
        if (receipt->status == DS__RECEIPT__STATUS__BUSY) {
            at->busy = true;
            at->again_mono_ms =
                rt_mono_ms() +
                (receipt->retry_after_ms > 0 ? receipt->retry_after_ms : DOOR_AGAIN_MS);
            continue;
        }
        door_fn done = at->done;
        void *self = at->self;
        door->answered++;
        door_forget(door, at);
        done(self, receipt);
        next = door->slots[slot_of(id)]; /* whatever the callee did with the table */
    }
}

void door_receive(struct door *door)
{
    zmq_msg_t frame;

    for (;;) {
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, door->socket, ZMQ_DONTWAIT) < 0) break;
        Ds__Receipt *receipt =
            ds__receipt__unpack(NULL, zmq_msg_size(&frame), zmq_msg_data(&frame));
        zmq_msg_close(&frame);
        if (!receipt) continue;
        take(door, receipt);
        ds__receipt__free_unpacked(receipt, NULL);
    }
    zmq_msg_close(&frame);
}

/* The oldest are at the end of their time first. */
static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct door *door = timer->data;
    Ds__Receipt busy = DS__RECEIPT__INIT;
    int64_t now_ms = rt_mono_ms();

    (void)loop, (void)events;
    busy.status = DS__RECEIPT__STATUS__BUSY;
    while (door->oldest && door->oldest->until_mono_ms <= now_ms) {
        door_fn done = door->oldest->done;
        void *self = door->oldest->self;
        const Ds__Receipt *last = door->oldest->busy ? &busy : NULL;
        door->silent++;
        door_forget(door, door->oldest);
        done(self, last);
    }
    for (struct door_command *at = door->oldest; at; at = at->newer)
        if (at->again_mono_ms <= now_ms) put_on_wire(door, at, now_ms);
}

static void wake(struct ev_loop *loop, ev_io *io, int events)
{
    (void)loop, (void)io, (void)events; /* the turn itself does the work */
}

void door_start(struct door *door, struct gateway *gateway)
{
    char address[RT_PATH_MAX + 64];
    int fd, hwm = 2 * DOOR_PENDING_MAX, none = 0, only_if_there = 1;
    size_t size = sizeof fd;

    *door = (struct door){.gateway = gateway};
    door->socket = zmq_socket(gateway->zmq, ZMQ_DEALER);
    DS_ASSERT(door->socket);
    snprintf(address, sizeof address, "ipc://%s/intake.cmd", gateway->conf.run);
    zmq_setsockopt(door->socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(door->socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
    zmq_setsockopt(door->socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
    /* while intake is away nothing piles up for it: what still waits is sent again */
    zmq_setsockopt(door->socket, ZMQ_IMMEDIATE, &only_if_there, sizeof only_if_there);
    int rc = zmq_connect(door->socket, address);
    DS_ASSERT(rc == 0);
    rc = zmq_getsockopt(door->socket, ZMQ_FD, &fd, &size);
    DS_ASSERT(rc == 0);
    ev_io_init(&door->readable, wake, fd, EV_READ);
    ev_timer_init(&door->timer, on_timer, 0.1, 0.1);
    door->timer.data = door;
    ev_io_start(gateway->loop, &door->readable);
    ev_timer_start(gateway->loop, &door->timer);
}

void door_stop(struct door *door)
{
    ev_io_stop(door->gateway->loop, &door->readable);
    ev_timer_stop(door->gateway->loop, &door->timer);
    while (door->oldest) {
        door_fn done = door->oldest->done;
        void *self = door->oldest->self;
        door_forget(door, door->oldest);
        done(self, NULL);
    }
    zmq_close(door->socket);
}
