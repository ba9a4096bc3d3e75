/* SPDX-License-Identifier: MIT
 *
 * Load for benchmarks: whole lives of tickets, pipelined through one client, a window of commands
 * in flight. Prints commands, seconds and latencies as JSON.
 *
 *   load RUN REDIS --tickets N --territories N [--window N] [--rate N] [--open PERCENT] [--from N]
 * [--steps N]
 *
 * --rate: commands per second (0: as fast as it goes). --open: so many tickets of 100 stop after
 * the technician's contact and stay live. --from: first ticket number. */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#include "domain/event.h"
#include "proto/commands.pb-c.h"

enum {
    TECHNICIANS_MAX = 100, /* of a territory; tests/bench/rules.py makes as many */
    ACCOUNTS = 960,        /* of all territories */
    /* as in rules.py */ STEPS = 10,
    STEPS_OPEN = 6,
    SAMPLES_MAX = 4 * 1000 * 1000,
    LANES = 64
};

static int64_t mono_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int64_t wall_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

struct load {
    void *socket;
    long tickets, territories, window, rate, open, from, steps;
    int64_t clock_factor, clock_real_ms, clock_rule_ms;
    long sent, answered, rejected, busy;
    int64_t *sent_us; /* ring by command number, window + slack */
    long ring;
    uint32_t *latency_us; /* samples */
    long n_latency;
};

static void read_clock(struct load *load, const char *path)
{
    redisContext *redis = redisConnectUnix(path);
    redisReply *reply = redisCommand(redis, "HMGET doorstep:clock factor real_ms rule_ms");

    load->clock_factor = 1;
    if (reply && reply->elements == 3 && reply->element[0]->str) {
        load->clock_factor = atoll(reply->element[0]->str);
        load->clock_real_ms = atoll(reply->element[1]->str);
        load->clock_rule_ms = atoll(reply->element[2]->str);
    }
    freeReplyObject(reply);
    redisFree(redis);
}

static int64_t rule_now_ms(const struct load *load)
{
    if (load->clock_real_ms == 0) return wall_ms();
    return load->clock_rule_ms + (wall_ms() - load->clock_real_ms) * load->clock_factor;
}

/* ---- the commands of a ticket's life ---- */

union body {
    Ds__Register report;
    Ds__FillOrder fill;
    Ds__ContactCustomer contact;
    Ds__Appointment window;
    Ds__Accept accept;
    Ds__CheckIn check_in;
    Ds__Complete complete;
    Ds__FileResult result;
    Ds__RecordCallback callback;
};

static const Ds__Command__BodyCase steps[STEPS] = {
    DS__COMMAND__BODY_REGISTER,         DS__COMMAND__BODY_FILL_ORDER,
    DS__COMMAND__BODY_CONTACT_CUSTOMER, DS__COMMAND__BODY_BOOK_APPOINTMENT,
    DS__COMMAND__BODY_ACCEPT,           DS__COMMAND__BODY_CONTACT_CUSTOMER,
    DS__COMMAND__BODY_CHECK_IN,         DS__COMMAND__BODY_COMPLETE,
    DS__COMMAND__BODY_FILE_RESULT,      DS__COMMAND__BODY_RECORD_CALLBACK,
};

static long technicians(const struct load *load)
{
    long fair = ACCOUNTS / load->territories;

    return fair < TECHNICIANS_MAX ? fair : TECHNICIANS_MAX;
}

static size_t make(const struct load *load, long ticket, int step, int64_t now_ms, uint8_t *bytes)
{
    Ds__Command command = DS__COMMAND__INIT;
    union body body;
    Ds__Customer customer = DS__CUSTOMER__INIT;
    Ds__Product product = DS__PRODUCT__INIT;
    char id[48], ref[32], phone[32], territory[32], clerk[32], technician[64], area[32];
    bool field_step = step >= 4 && step <= 8;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&ds__command__descriptor, (unsigned)steps[step]);

    protobuf_c_message_init(field->descriptor, &body);
    snprintf(id, sizeof id, "b%ld-%d", ticket, step);
    snprintf(ref, sizeof ref, "R%ld", ticket);
    snprintf(territory, sizeof territory, "t%ld", ticket % load->territories);
    snprintf(clerk, sizeof clerk, "c%ld", ticket % load->territories);
    snprintf(technician, sizeof technician, "w%ld-%ld", ticket % load->territories,
             ticket / load->territories % technicians(load));
    snprintf(area, sizeof area, "a%ld", ticket / load->territories % technicians(load));
    command.id = id;
    command.by = field_step ? technician : clerk;
    command.territory = territory;
    DS_SET(&command, made_at_ms, now_ms);
    command.body_case = steps[step];
    command.accept = &body.accept;
    if (step > 0) command.ref = ref;
    if (step == 0) {
        snprintf(phone, sizeof phone, "13%09ld", ticket);
        DS_SET(&body.report, kind, DS__KIND__NAME__COMPLAINT);
        DS_SET(&body.report, complaint_type, DS__COMPLAINT_TYPE__NAME__REPAIR);
        DS_SET(&body.report, channel, DS__CHANNEL__NAME__PHONE);
        body.report.ref = ref;
        body.report.customer = &customer;
        body.report.product = &product;
        body.report.symptom = "does not cool";
        customer.phone = phone;
        customer.name = "somebody";
        customer.address = "a street of the town, number 17";
        customer.area = area;
        DS_SET(&customer, city, true);
        product.category = "air_conditioner";
        product.model = "KFR-35GW";
    }
    if (step == 3) {
        DS_SET(&body.window, from_ms, now_ms + 3600000);
        DS_SET(&body.window, to_ms, now_ms + 7200000);
        DS_SET(&body.window, wish, DS__WISH__NAME__CUSTOMER);
    }
    if (step == 6) DS_SET(&body.check_in, customer_present, true);
    if (step == 8) {
        DS_SET(&body.result, fixed, true);
        DS_SET(&body.result, labour_fen, 5000);
        DS_SET(&body.result, tariff_fen, 5000);
    }
    if (step == 9) DS_SET(&body.callback, reached, true);
    return ds__command__pack(&command, bytes);
}

/* ---- sending and receiving ---- */

static void take_answer(struct load *load)
{
    char bytes[4096];
    int n = zmq_recv(load->socket, bytes, sizeof bytes, 0);
    Ds__Receipt *receipt = n > 0 ? ds__receipt__unpack(NULL, (size_t)n, (uint8_t *)bytes) : NULL;

    if (!receipt) exit(1);
    if (receipt->status != DS__RECEIPT__STATUS__RECORDED) {
        if (load->rejected++ < 5)
            fprintf(stderr, "%s: %s %s\n", receipt->id, receipt->code, receipt->text);
    }
    ds__receipt__free_unpacked(receipt, NULL);
    /* answers of one partition come in order; across partitions nearly so: close enough for a ring
     */
    int64_t us = mono_us() - load->sent_us[load->answered % load->ring];
    if (load->n_latency < SAMPLES_MAX) load->latency_us[load->n_latency++] = (uint32_t)us;
    load->answered++;
}

static void drain(struct load *load, bool wait)
{
    zmq_pollitem_t item = {load->socket, 0, ZMQ_POLLIN, 0};

    while (zmq_poll(&item, 1, wait ? 10000 : 0) > 0) {
        take_answer(load);
        wait = false;
    }
    if (wait) {
        fprintf(stderr, "no answer for 10 s: %ld sent, %ld answered\n", load->sent, load->answered);
        exit(1);
    }
}

static void send_one(struct load *load, long ticket, int step, int64_t now_ms, int64_t start_us)
{
    uint8_t bytes[1024];
    size_t len = make(load, ticket, step, now_ms, bytes);

    while (load->sent - load->answered >= load->window)
        drain(load, true);
    if (load->rate > 0) {
        int64_t due_us = start_us + load->sent * 1000000 / load->rate;
        while (mono_us() < due_us) {
            zmq_pollitem_t item = {load->socket, 0, ZMQ_POLLIN, 0};
            if (zmq_poll(&item, 1, (due_us - mono_us()) / 1000) > 0) drain(load, false);
        }
    }
    load->sent_us[load->sent++ % load->ring] = mono_us();
    zmq_send(load->socket, bytes, len, 0);
    if (load->sent % 64 == 0) drain(load, false);
}

/* LANES tickets at a time, step by step, so that a ticket's steps are not all in one batch. */
static void run(struct load *load)
{
    int64_t start_us = mono_us();

    for (long first = 0; first < load->tickets; first += LANES)
        for (int step = 0; step < load->steps; step++) {
            int64_t now_ms = rule_now_ms(load);
            for (long t = first; t < first + LANES && t < load->tickets; t++)
                if (step < STEPS_OPEN || t % 100 >= load->open)
                    send_one(load, load->from + t, step, now_ms, start_us);
        }
    while (load->answered < load->sent)
        drain(load, true);
}

static int by_value(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;

    return one < two ? -1 : one > two;
}

int main(int argc, char *argv[])
{
    struct load load = {.tickets = 1000, .territories = 4, .window = 1024, .steps = STEPS};
    char address[256];
    int hwm = 1000000;

    if (argc < 3) return 2;
    for (int i = 3; i + 1 < argc; i += 2) {
        long value = atol(argv[i + 1]);
        if (strcmp(argv[i], "--tickets") == 0) load.tickets = value;
        if (strcmp(argv[i], "--territories") == 0) load.territories = value;
        if (strcmp(argv[i], "--window") == 0) load.window = value;
        if (strcmp(argv[i], "--rate") == 0) load.rate = value;
        if (strcmp(argv[i], "--open") == 0) load.open = value;
        if (strcmp(argv[i], "--from") == 0) load.from = value;
        if (strcmp(argv[i], "--steps") == 0) load.steps = value;
    }
    load.ring = load.window + 16;
    load.sent_us = calloc((size_t)load.ring, sizeof *load.sent_us);
    load.latency_us = malloc(SAMPLES_MAX * sizeof *load.latency_us);
    if (!load.sent_us || !load.latency_us) return 1;
    read_clock(&load, argv[2]);
    void *context = zmq_ctx_new();
    load.socket = zmq_socket(context, ZMQ_DEALER);
    zmq_setsockopt(load.socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
    zmq_setsockopt(load.socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
    snprintf(address, sizeof address, "ipc://%s/intake.cmd", argv[1]);
    zmq_connect(load.socket, address);
    int64_t start_us = mono_us();
    run(&load);
    double seconds = (double)(mono_us() - start_us) / 1e6;
    qsort(load.latency_us, (size_t)load.n_latency, sizeof load.latency_us[0], by_value);
    printf("{\"commands\":%ld,\"rejected\":%ld,\"seconds\":%.3f,\"p50_us\":%u,\"p99_us\":%u,"
           "\"max_us\":%u}\n",
           load.answered, load.rejected, seconds, load.latency_us[load.n_latency / 2],
           load.latency_us[load.n_latency * 99 / 100], load.latency_us[load.n_latency - 1]);
    zmq_close(load.socket);
    zmq_ctx_term(context);
    return load.rejected > 0;
}
