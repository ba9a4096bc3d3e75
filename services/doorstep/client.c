/* SPDX-License-Identifier: MIT */
#include "doorstep/client.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "engine/table.h"
#include "runtime/clock.h"

enum { ADVANCE_TIMEOUT_MS = 60000, LOOK_MS = 100 };

static void *dealer(struct client *client, const char *service, const char *suffix)
{
    char address[RT_PATH_MAX + 64];
    void *socket = zmq_socket(client->context, ZMQ_DEALER);
    int linger_ms = 500, hwm = 100000;

    snprintf(address, sizeof address, "ipc://%s/%s.%s", client->run, service, suffix);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
    zmq_connect(socket, address);
    return socket;
}

void client_open(struct client *client, const char *run)
{
    *client = (struct client){.context = zmq_ctx_new(), .run = run};
    client->door = dealer(client, "intake", "cmd");
}

void client_close(struct client *client)
{
    zmq_close(client->door);
    for (int s = 0; s < DS_SOURCE_COUNT; s++)
        if (client->controls[s]) zmq_close(client->controls[s]);
    zmq_ctx_term(client->context);
}

void client_send(struct client *client, const uint8_t *bytes, size_t len)
{
    zmq_send(client->door, bytes, len, 0);
}

static bool arrives(const struct client *client, void *socket, int timeout_ms)
{
    zmq_pollitem_t item = {socket, 0, ZMQ_POLLIN, 0};
    int64_t until_ms = rt_mono_ms() + timeout_ms, left_ms = timeout_ms;

    do {
        if (zmq_poll(&item, 1, left_ms < LOOK_MS ? (long)left_ms : LOOK_MS) > 0) return true;
        if (client->hopeless && client->hopeless(client->self)) return false;
        left_ms = until_ms - rt_mono_ms();
    } while (left_ms > 0);
    return false;
}

/* Next message of a socket, malloc'd; NULL on time-out. */
static uint8_t *receive(const struct client *client, void *socket, int timeout_ms, size_t *ret_len)
{
    zmq_msg_t message;
    uint8_t *bytes = NULL;

    if (!arrives(client, socket, timeout_ms)) return NULL;
    zmq_msg_init(&message);
    if (zmq_msg_recv(&message, socket, 0) >= 0) {
        *ret_len = zmq_msg_size(&message);
        bytes = malloc(*ret_len + 1);
        if (!bytes) abort();
        memcpy(bytes, zmq_msg_data(&message), *ret_len);
    }
    zmq_msg_close(&message);
    return bytes;
}

Ds__Receipt *client_receive(struct client *client, int timeout_ms)
{
    size_t len = 0;
    uint8_t *bytes = receive(client, client->door, timeout_ms, &len);
    Ds__Receipt *receipt = bytes ? ds__receipt__unpack(NULL, len, bytes) : NULL;

    free(bytes);
    return receipt;
}

/* The receipt of an id within the time; others are late answers to what was sent twice. */
static Ds__Receipt *receipt_of(struct client *client, const char *id, int64_t until_ms)
{
    for (;;) {
        int64_t left_ms = until_ms - rt_mono_ms();
        Ds__Receipt *receipt = client_receive(client, left_ms > 0 ? (int)left_ms : 0);
        /* a refusal of an id that is none names none */
        if (!receipt || !ds_str(receipt->id)[0] || strcmp(receipt->id, id) == 0) return receipt;
        ds__receipt__free_unpacked(receipt, NULL);
    }
}

Ds__Receipt *client_command(struct client *client, const uint8_t *bytes, size_t len, int timeout_ms)
{
    Ds__Command *command = ds__command__unpack(NULL, len, bytes);
    int64_t until_ms = rt_mono_ms() + timeout_ms;
    Ds__Receipt *receipt = NULL;

    if (!command) return NULL;
    do {
        if (receipt) { /* busy: the door says when to come again */
            arrives(client, client->door, (int)receipt->retry_after_ms);
            ds__receipt__free_unpacked(receipt, NULL);
        }
        client_send(client, bytes, len);
        receipt = receipt_of(client, ds_str(command->id), until_ms);
    } while (receipt && receipt->status == DS__RECEIPT__STATUS__BUSY && rt_mono_ms() < until_ms);
    ds__command__free_unpacked(command, NULL);
    return receipt;
}

Ds__ControlReply *client_ask(struct client *client, enum ds_source service,
                             const Ds__ControlRequest *request, int timeout_ms)
{
    uint8_t packed[64];
    size_t len = 0;

    if (!client->controls[service])
        client->controls[service] = dealer(client, ds_source_name(service), "ctl");
    void *socket = client->controls[service];
    zmq_send(socket, packed, ds__control_request__pack(request, packed), 0);
    uint8_t *bytes = receive(client, socket, timeout_ms, &len);
    if (!bytes) { /* neither a late answer nor a late question is to meet the next one */
        int none = 0;
        zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
        zmq_close(socket);
        client->controls[service] = NULL;
        return NULL;
    }
    Ds__ControlReply *reply = ds__control_reply__unpack(NULL, len, bytes);
    free(bytes);
    return reply;
}

int client_advance(struct client *client, enum ds_source service, int64_t to_ms, bool inputs_follow,
                   int64_t *ret_due_ms)
{
    Ds__ControlRequest request = DS__CONTROL_REQUEST__INIT;
    Ds__Advance advance = DS__ADVANCE__INIT;
    int status = -1;

    DS_SET(&advance, to_ms, to_ms);
    if (inputs_follow) DS_SET(&advance, inputs_follow, true);
    request.ask_case = DS__CONTROL_REQUEST__ASK_ADVANCE;
    request.advance = &advance;
    Ds__ControlReply *reply = client_ask(client, service, &request, ADVANCE_TIMEOUT_MS);
    if (reply && reply->advanced) {
        *ret_due_ms = reply->advanced->has_next_due_ms ? reply->advanced->next_due_ms : DS_NO_DUE;
        status = 0;
    }
    if (reply) ds__control_reply__free_unpacked(reply, NULL);
    return status;
}
