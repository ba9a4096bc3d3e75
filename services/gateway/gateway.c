/* SPDX-License-Identifier: MIT
 *
 * Start, the turn of the loop, stop. */
#include "gateway/gateway.h"

#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "gateway/routes.h"
#include "runtime/log.h"

enum { EXIT_ARGUMENTS = 64, EXIT_UNAVAILABLE = 69, EXIT_LOCKED = 75 };

static struct gateway gateway; /* large */

struct turn {
    ev_prepare prepare;
    ev_idle idle; /* there is more to receive: do not sleep */
    ev_signal term, interrupt;
};

/* ZeroMQ's descriptors only wake the loop; whether there is something is asked here. */
static void on_prepare(struct ev_loop *loop, ev_prepare *prepare, int events)
{
    struct turn *turn = prepare->data;

    (void)events;
    door_receive(&gateway.door);
    if (feed_receive(&gateway.feed))
        ev_idle_start(loop, &turn->idle);
    else
        ev_idle_stop(loop, &turn->idle);
    rt_store_write(&gateway.feed.store);
    http_turn(&gateway.http);
}

static void on_idle(struct ev_loop *loop, ev_idle *idle, int events)
{
    (void)loop, (void)idle, (void)events;
}

static void on_signal(struct ev_loop *loop, ev_signal *watcher, int events)
{
    (void)watcher, (void)events;
    ev_break(loop, EVBREAK_ALL);
}

/* One gateway an installation: two would each believe to keep the bounds. */
static int lock(const struct rt_conf *conf)
{
    char path[RT_PATH_MAX + 32];

    snprintf(path, sizeof path, "%s/gateway.lock", conf->run);
    int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0) {
        rt_log(RT_FATAL, "another gateway runs", "lock=%s error=\"%s\"", path, strerror(errno));
        return -1;
    }
    return fd;
}

/* Whoever comes after a port that was chosen finds it here. */
static void write_address(const char *run, int port)
{
    char path[RT_PATH_MAX + 32], whole[RT_PATH_MAX + 32];

    snprintf(path, sizeof path, "%s/gateway.port~", run);
    snprintf(whole, sizeof whole, "%s/gateway.port", run);
    FILE *file = fopen(path, "we");
    if (!file) return;
    fprintf(file, "%d\n", port);
    if (fclose(file) == 0) rename(path, whole); /* whoever reads it reads all of it */
}

struct arguments {
    const char *dir, *listen, *pages;
    bool routes; /* only say which there are */
};

static int parse(int argc, char *argv[], struct arguments *ret)
{
    static const struct option options[] = {{"dir", required_argument, NULL, 'd'},
                                            {"listen", required_argument, NULL, 'l'},
                                            {"pages", required_argument, NULL, 'p'},
                                            {"routes", no_argument, NULL, 'r'},
                                            {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'd')
            ret->dir = optarg;
        else if (option == 'l')
            ret->listen = optarg;
        else if (option == 'p')
            ret->pages = optarg;
        else if (option == 'r')
            ret->routes = true;
        else
            return -1;
    }
    return (ret->dir || ret->routes) && optind == argc ? 0 : -1;
}

static int open_users(void)
{
    char path[600];

    snprintf(path, sizeof path, "%s/gateway.sqlite", gateway.conf.dir);
    enum users_result result = users_open(path, NULL, &gateway.users);
    if (result != USERS_OK)
        rt_log(RT_FATAL, "cannot open the users", "file=%s code=%s expected=\"%s\"", path,
               users_code(result), users_expected(DS_EN, result));
    return result == USERS_OK ? 0 : -1;
}

/* 0, or an exit status. */
static int start(const struct arguments *arguments)
{
    signal(SIGPIPE, SIG_IGN);
    if (open_users() != 0) return EXIT_UNAVAILABLE;
    if (pages_load(&gateway.pages, arguments->pages) != 0) return EXIT_ARGUMENTS;
    gateway.loop = ev_default_loop(0);
    gateway.zmq = zmq_ctx_new();
    if (http_start(&gateway.http, &gateway,
                   arguments->listen ? arguments->listen : gateway.conf.listen) != 0)
        return EXIT_UNAVAILABLE;
    signins_start(&gateway.signins, &gateway);
    commands_start(&gateway.commands, &gateway);
    door_start(&gateway.door, &gateway);
    streams_start(&gateway.streams, &gateway);
    papers_start(&gateway.papers, &gateway);
    holders_start(&gateway.holders, &gateway);
    feed_start(&gateway.feed, &gateway);
    cti_start(&gateway.cti, &gateway);
    return 0;
}

/* Everybody who waits gets an answer; then the connections end. */
static void stop(void)
{
    signins_stop(&gateway.signins);
    door_stop(&gateway.door);
    commands_stop(&gateway.commands);
    cti_stop(&gateway.cti);
    streams_stop(&gateway.streams);
    papers_stop(&gateway.papers);
    http_stop(&gateway.http);
    feed_stop(&gateway.feed);
    holders_stop(&gateway.holders);
    pages_free(&gateway.pages);
    rt_versions_finish(&gateway.cti.versions);
    users_close(gateway.users);
    zmq_ctx_term(gateway.zmq);
    ev_loop_destroy(gateway.loop);
}

static void run(struct turn *turn)
{
    ev_prepare_init(&turn->prepare, on_prepare);
    ev_idle_init(&turn->idle, on_idle);
    ev_signal_init(&turn->term, on_signal, SIGTERM);
    ev_signal_init(&turn->interrupt, on_signal, SIGINT);
    turn->prepare.data = turn;
    ev_prepare_start(gateway.loop, &turn->prepare);
    ev_signal_start(gateway.loop, &turn->term);
    ev_signal_start(gateway.loop, &turn->interrupt);
    ev_run(gateway.loop, 0);
}

int gateway_main(int argc, char *argv[])
{
    static struct turn turn;
    static char bin[600];
    struct arguments arguments = {NULL, NULL, DOORSTEP_PAGES, false};

    rt_log_start("gateway", false);
    if (sodium_init() < 0 || parse(argc, argv, &arguments) != 0) {
        fprintf(stderr,
                "usage: %s --dir DATA [--listen ADDRESS:PORT] [--pages DIR]\n"
                "       %s --routes\n",
                argv[0], argv[0]);
        return EXIT_ARGUMENTS;
    }
    if (arguments.routes) {
        routes_print();
        return 0;
    }
    if (rt_conf_load(&gateway.conf, arguments.dir, stderr) != 0) return EXIT_ARGUMENTS;
    if (readlink("/proc/self/exe", bin, sizeof bin - 1) < 0) return EXIT_ARGUMENTS;
    gateway.bin = dirname(bin);
    int locked = lock(&gateway.conf);
    if (locked < 0) return EXIT_LOCKED;
    int status = start(&arguments);
    if (status != 0) return status;
    write_address(gateway.conf.run, gateway.http.port);
    rt_log(RT_INFO, "ready", "listen=http://127.0.0.1:%d", gateway.http.port);
    run(&turn);
    stop();
    close(locked);
    return 0;
}
