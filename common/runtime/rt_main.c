/* SPDX-License-Identifier: MIT
 *
 * The life of a service process: settings, lock, claim, catch up, run, stop. */
#include "runtime/rt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "rulebook/rulebook.h"
#include "runtime/log.h"
#include "runtime/rt_priv.h"

enum { EXIT_ARGUMENTS = 64, EXIT_UNAVAILABLE = 69, EXIT_MUST_NOT = 70, EXIT_LOCKED = 75 };
enum { FORGET_BEATS = 300, FORGET_HOURS = 14 * 24 };

void rt_die(int status, const char *msg, const char *fields, ...)
{
    char text[512];
    va_list args;

    va_start(args, fields);
    vsnprintf(text, sizeof text, fields, args);
    va_end(args);
    rt_log(RT_FATAL, msg, "%s", text);
    _exit(status);
}

/* ---- the store comes and goes ---- */

static int on_check(void *self, redisContext *redis)
{
    struct rt *rt = self;

    if (rt_store_check(rt, redis) != 0) return -1;
    return rt_recheck(rt, redis);
}

static void on_up(void *self)
{
    struct rt *rt = self;

    rt->store_up = true;
    rt->stats.counters[RT_RECONNECTS]++;
    rt_resend(rt);
    rt_inbox_poll(rt);
}

static void on_down(void *self)
{
    struct rt *rt = self;

    rt->store_up = false;
}

static void on_resend(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct rt *rt = timer->data;

    (void)loop, (void)events;
    if (rt->store_up) rt_resend(rt);
}

/* ---- once in a while ---- */

static void on_memory(void *self, uint32_t tag, redisReply *reply)
{
    struct rt *rt = self;
    unsigned long long used = 0, max = 0;
    const char *at;

    (void)tag;
    if (!reply || reply->type != REDIS_REPLY_STRING) return;
    if ((at = strstr(reply->str, "used_memory:"))) used = strtoull(at + 12, NULL, 10);
    if ((at = strstr(reply->str, "maxmemory:"))) max = strtoull(at + 10, NULL, 10);
    bool full =
        max > 0 && used / 100 >= max / 100 * (unsigned long long)rt->conf.busy_memory_percent / 100;
    if (full != rt->memory_full)
        rt_log(full ? RT_ALARM : RT_INFO,
               full ? "the store is nearly full: the door says busy" : "the store has room again",
               "used=%llu max=%llu", used, max);
    rt->memory_full = full;
}

/* The anchor of a fast clock may be set anew, and a stepped one be let go. */
static void on_clock(void *self, uint32_t tag, redisReply *reply)
{
    struct rt *rt = self;

    (void)tag;
    if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 4) return;
    for (size_t i = 0; i < 4; i++)
        if (!reply->element[i]->str) return;
    if (strcmp(reply->element[0]->str, "fast") != 0) return;
    rt->clock.mode = RT_CLOCK_FAST;
    rt->clock.factor = atoll(reply->element[1]->str);
    rt->clock.anchor_real_ms = atoll(reply->element[2]->str);
    rt->clock.anchor_rule_ms = atoll(reply->element[3]->str);
}

static void on_forgotten(void *self, uint32_t tag, redisReply *reply)
{
    (void)self, (void)tag, (void)reply; /* a bucket that stays is tried again at the next start */
}

/* Hours beyond the horizon, also those that passed while nobody was running. */
static void forget_receipts(struct rt *rt)
{
    int64_t last = rt->clock.now_ms / DS_HOUR_MS - DS_RECEIPT_HOURS - 2;
    int64_t first = last - FORGET_HOURS + 1;
    char keys[FORGET_HOURS][48];
    const char *argv[1 + FORGET_HOURS] = {"UNLINK"};

    if (first <= rt->forgotten_hour) first = rt->forgotten_hour + 1;
    for (uint32_t p = 0; p < rt->n_lanes && first <= last; p++) {
        int n = 1;
        for (int64_t hour = first; hour <= last; hour++, n++) {
            snprintf(keys[n - 1], sizeof keys[0], "{p%03u}:intake:rcpt:%lld", p, (long long)hour);
            argv[n] = keys[n - 1];
        }
        rt_store_send(&rt->store, on_forgotten, rt, 0, n, argv, NULL);
    }
    rt->forgotten_hour = last;
}

static void on_heartbeat(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct rt *rt = timer->data;
    static unsigned beats;

    (void)loop, (void)events;
    if (rt->live) rt_bus_heartbeat(rt);
    if (!rt->store_up) return;
    if (rt->clock.mode != RT_CLOCK_REAL) {
        const char *argv[] = {"HMGET", "doorstep:clock", "mode", "factor", "real_ms", "rule_ms"};
        rt_store_send(&rt->store, on_clock, rt, 0, 6, argv, NULL);
    }
    if (!rt->service->take || ++beats % 5 != 0) return;
    const char *argv[] = {"INFO", "memory"};
    rt_store_send(&rt->store, on_memory, rt, 0, 2, argv, NULL);
    if (beats % FORGET_BEATS == 5) forget_receipts(rt);
}

static void on_signal(struct ev_loop *loop, ev_signal *signal, int events)
{
    struct rt *rt = signal->data;

    (void)loop, (void)events;
    rt_log(RT_INFO, "stopping", "signal=%d", signal->signum);
    rt->stopping = true;
}

/* ---- activation (intake) ---- */

static enum ds_code make_version(void *self, const Ds__Activate *activate, char hash[65],
                                 uint32_t *ret_number, struct ds_fault *fault)
{
    struct rt *rt = self;
    uint32_t number = ds_door_last_version(&rt->door) + 1, in_force = rt->parts[0].rulebook;
    struct ds_activation made;

    enum ds_code code =
        ds_activation_make(activate, number, rt->n_lanes,
                           in_force > 0 ? rt_version(&rt->versions, in_force) : NULL, &made, fault);
    if (code != DS_CODE_OK) return code;
    memcpy(hash, made.hash, sizeof made.hash);
    *ret_number = number;
    if (rt_version_store(&rt->versions, number, hash, made.bytes, made.len) != 0) {
        ds_activation_finish(&made);
        fault->code = DS_CODE_BUSY;
        snprintf(fault->expected, sizeof fault->expected, "the store is away");
        return fault->code;
    }
    /* needed in a moment, when the store may be busy */
    ds_version_destroy(rt->versions.list[number]);
    rt->versions.list[number] = made.version;
    made.version = NULL;
    ds_activation_finish(&made);
    return DS_CODE_OK;
}

/* ---- start and stop ---- */

static void on_corrupt(void *self, uint32_t partition, const char *key, const char *why)
{
    (void)self;
    rt_die(EXIT_MUST_NOT, "a stored entity is corrupt", "part=%u entity=%s fault=\"%s\"", partition,
           key, why);
}

/* One instance per installation: the lock dies with the process. RUN may lie where a restart of the
 * machine sweeps it away. */
static void take_lock(struct rt *rt)
{
    char path[RT_PATH_MAX + 64];

    if (mkdir(rt->conf.run, 0700) != 0 && errno != EEXIST)
        rt_die(EXIT_UNAVAILABLE, "the directory for sockets cannot be made", "run=%s error=\"%s\"",
               rt->conf.run, strerror(errno));
    snprintf(path, sizeof path, "%s/%s.lock", rt->conf.run, rt->service->name);
    rt->lock_fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (rt->lock_fd < 0)
        rt_die(EXIT_UNAVAILABLE, "cannot open the lock", "path=%s error=\"%s\"", path,
               strerror(errno));
    if (flock(rt->lock_fd, LOCK_EX | LOCK_NB) != 0)
        rt_die(EXIT_LOCKED, "another instance is running", "path=%s", path);
}

static void make_parts(struct rt *rt)
{
    rt->n_lanes = (uint32_t)rt->conf.partitions;
    rt->parts = calloc(rt->n_lanes, sizeof *rt->parts);
    rt->lanes = calloc(rt->n_lanes, sizeof *rt->lanes);
    if (!rt->parts || !rt->lanes) abort();
    rt->versions.redis_path = rt->conf.redis_socket;
    rt->versions.partitions = rt->n_lanes;
    rt->versions.timeout_ms = rt->conf.store_timeout_ms;
    ds_env_init(&rt->env, rt_version, &rt->versions);
    rt->env.corrupt = on_corrupt;
    for (uint32_t p = 0; p < rt->n_lanes; p++) {
        ds_part_init(&rt->parts[p], rt->service, &rt->env, p);
        rt->parts[p].entities_max = (uint32_t)rt->conf.entities_max;
    }
    if (!rt->service->take) return;
    ds_door_init(&rt->door, rt->parts, rt->n_lanes, (uint32_t)rt->conf.receipts_max);
    rt->door.make_version = make_version;
    rt->door.self = rt;
}

static void free_parts(struct rt *rt)
{
    for (uint32_t p = 0; p < rt->n_lanes; p++)
        ds_part_finish(&rt->parts[p]);
    if (rt->service->take) ds_door_finish(&rt->door);
    ds_env_finish(&rt->env);
    rt_versions_finish(&rt->versions);
    free(rt->parts);
    free(rt->lanes);
}

/* Waits for Redis to be there and to have loaded, up to the time-out, then claims and loads; from
 * the beginning when Redis goes away over it. */
static void load(struct rt *rt)
{
    int64_t until_ms = rt_mono_ms() + 12 * rt->conf.store_timeout_ms;
    struct timespec pause = {0, 50 * 1000000};

    for (;;) {
        redisContext *redis = rt_store_open(rt->conf.redis_socket, rt->conf.store_timeout_ms);
        bool good = redis && rt_store_check(rt, redis) == 0;
        bool loaded = good && rt_load(rt, redis);
        if (redis) redisFree(redis);
        if (loaded) return;
        if (good) {
            free_parts(rt);
            make_parts(rt);
        }
        if (rt_mono_ms() > until_ms)
            rt_die(EXIT_UNAVAILABLE, "no store", "socket=%s", rt->conf.redis_socket);
        nanosleep(&pause, NULL);
    }
}

static void start_loop(struct rt *rt)
{
    static const int stops[] = {SIGTERM, SIGINT};

    for (int i = 0; i < 2; i++) {
        ev_signal_init(&rt->signals[i], on_signal, stops[i]);
        rt->signals[i].data = rt;
        ev_signal_start(rt->loop, &rt->signals[i]);
    }
    ev_timer_init(&rt->heartbeat, on_heartbeat, 0.01, RT_HEARTBEAT_MS / 1000.);
    ev_timer_init(&rt->resend, on_resend, 0., 0.);
    rt->heartbeat.data = rt->resend.data = rt;
    ev_timer_start(rt->loop, &rt->heartbeat);
    /* SUB is connected before the tails are read, so nothing falls between the two */
    rt_bus_start(rt);
    rt->store = (struct rt_store){.loop = rt->loop,
                                  .path = rt->conf.redis_socket,
                                  .timeout_ms = rt->conf.store_timeout_ms,
                                  .check = on_check,
                                  .up = on_up,
                                  .down = on_down,
                                  .self = rt};
    rt_cycle_start(rt);
    rt_store_start(&rt->store);
}

static void finish(struct rt *rt)
{
    rt_bus_stop(rt);
    rt_store_stop(&rt->store);
    rt_inbox_finish(rt);
    for (uint32_t p = 0; p < rt->n_lanes; p++) {
        ds_commit_finish(&rt->lanes[p].commit);
        ds_buf_finish(&rt->lanes[p].acks);
        ds_buf_finish(&rt->lanes[p].acks_sealed);
    }
    free_parts(rt);
    close(rt->lock_fd);
}

int rt_main(const struct ds_service *service, int argc, char *argv[])
{
    static struct rt rt; /* large */

    rt.service = service;
    rt_log_start(service->name, false);
    if (argc != 3 || strcmp(argv[1], "--dir") != 0) {
        fprintf(stderr, "usage: %s --dir DATA\n", argv[0]);
        return EXIT_ARGUMENTS;
    }
    if (sodium_init() < 0) abort();
    signal(SIGPIPE, SIG_IGN); /* Redis may go away before the loop runs, too */
    if (rt_conf_load(&rt.conf, argv[2], stderr) != 0) return EXIT_ARGUMENTS;
    rt_log_start(service->name, rt.conf.log_debug);
    rt_functions_init();
    take_lock(&rt);
    make_parts(&rt);
    load(&rt);
    rt.loop = ev_default_loop(0);
    start_loop(&rt);
    ev_run(rt.loop, 0);
    finish(&rt);
    RT_CAPTURE(rt_capture_end());
    rt_log(RT_INFO, "stopped", "status=0");
    return 0;
}
