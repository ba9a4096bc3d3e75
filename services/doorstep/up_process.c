/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "doorstep/up.h"
#include "runtime/clock.h"
#include "runtime/store.h"

enum {
    READY_LIMIT_MS = 60000,
    STOP_LIMIT_MS = 20000,
    SHORT_LIFE_MS = 2000,
    FAILURES_MAX = 20,
    EXIT_ARGUMENTS = 64,
    EXIT_MUST_NOT = 70,
    EXIT_NO_PROGRAM = 127,
    GATEWAY_LIMIT_MS = 10000,
    STILL_MS = 3000, /* between two words about what is being waited for */
};

void up_pause_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

/* Child: output to a log in the data directory, ends when we end. */
static void become(struct up *up, pid_t parent, const char *log, char *const argv[])
{
    char path[1024];

    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(EXIT_ARGUMENTS); /* it was gone before we asked to be told */
    setpgid(0, 0);                                  /* Ctrl-C is ours to pass on */
    signal(SIGPIPE, SIG_DFL);
    snprintf(path, sizeof path, "%s/%s.log", up->cli->dir, log);
    int fd = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fd < 0 || null < 0) _exit(EXIT_NO_PROGRAM);
    dup2(null, 0);
    dup2(fd, 1);
    dup2(fd, 2);
    execvp(argv[0], argv);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(EXIT_NO_PROGRAM);
}

static void spawn(struct up *up, int which, const char *log, char *const argv[])
{
    pid_t parent = getpid(), pid = fork();

    if (pid == 0) become(up, parent, log, argv);
    up->processes[which].pid = pid > 0 ? pid : 0;
    up->processes[which].started_mono_ms = rt_mono_ms();
}

static const char *name_of(int which)
{
    if (which == UP_GATEWAY) return "gateway";
    return which ? ds_source_name((enum ds_source)which) : "redis-server";
}

static void program_of(const struct up *up, int which, char *path, size_t size)
{
    snprintf(path, size, "%s/doorstep-%s", up->bin, name_of(which));
}

static bool in_path(const char *program)
{
    const char *path = getenv("PATH");
    char file[1024];

    while (path && *path) {
        size_t len = strcspn(path, ":");
        snprintf(file, sizeof file, "%.*s/%s", (int)len, path, program);
        if (access(file, X_OK) == 0) return true;
        path += len + (path[len] == ':');
    }
    return false;
}

int up_check_programs(const struct up *up)
{
    char path[600];

    if (!in_path("redis-server")) return cli_fail(up->cli, EXIT_UNAVAILABLE, SAID_NO_REDIS_SERVER);
    for (int s = DS_INTAKE; s < UP_PROCESSES; s++) {
        program_of(up, s, path, sizeof path);
        if (access(path, X_OK) != 0)
            return cli_fail(up->cli, EXIT_UNAVAILABLE, SAID_NO_SERVICE, path,
                            cli_errno(up->cli, errno));
    }
    return EXIT_FINE;
}

/* A line now and then, so that a long wait has a reason. */
static void say_still(const struct up *up, const char *name, int64_t begin_mono_ms,
                      int64_t *said_mono_ms)
{
    int64_t now_ms = rt_mono_ms();

    if (now_ms - *said_mono_ms < STILL_MS) return;
    *said_mono_ms = now_ms;
    long long waited_s = (now_ms - begin_mono_ms) / 1000;
    if (strcmp(name, "redis-server") == 0)
        cli_tell(up->cli, SAID_STILL_LOADING, name, waited_s);
    else
        cli_tell(up->cli, SAID_STILL_WAITING, name, waited_s);
}

static bool redis_answers(const struct up *up)
{
    redisContext *redis = rt_store_open(up->conf.redis_socket, 1000);
    redisReply *pong = redis ? redisCommand(redis, "PING") : NULL;
    bool answers = pong && pong->type == REDIS_REPLY_STATUS;

    if (pong) freeReplyObject(pong);
    if (redis) redisFree(redis);
    return answers;
}

/* A bound for the store, so that intake says busy before the machine runs out: 60 % of its memory.
 */
static int64_t store_memory(void)
{
    return (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) / 10 * 6;
}

int up_start_redis(struct up *up)
{
    char conf[600], dir[600], memory[32];
    int64_t begin_ms = rt_mono_ms(), said_ms = begin_ms;
    struct up_process *redis = &up->processes[0];

    snprintf(conf, sizeof conf, "%s/redis.conf", up->cli->dir);
    snprintf(dir, sizeof dir, "%s/redis", up->cli->dir);
    snprintf(memory, sizeof memory, "%lld", (long long)store_memory());
    char *argv[] = {"redis-server",        conf,    "--unixsocket",
                    up->conf.redis_socket, "--dir", dir,
                    "--maxmemory",         memory,  NULL};
    spawn(up, 0, "redis", argv);
    while (!redis_answers(up)) {
        int status = 0;
        if (redis->pid != 0 && waitpid(redis->pid, &status, WNOHANG) == redis->pid) redis->pid = 0;
        if (redis->pid == 0 && WIFSIGNALED(status) && ++redis->failures <= FAILURES_MAX)
            spawn(up, 0, "redis", argv); /* killed while it was loading */
        if (redis->pid == 0)
            return cli_fail(up->cli, EXIT_UNAVAILABLE, SAID_REDIS_NOT_STARTED, up->cli->dir);
        if (*up->stop) return EXIT_UNAVAILABLE;
        if (rt_mono_ms() - begin_ms > READY_LIMIT_MS)
            return cli_fail(up->cli, EXIT_UNAVAILABLE, SAID_REDIS_MUTE, up->cli->dir);
        say_still(up, "redis-server", begin_ms, &said_ms);
        up_pause_ms(20);
    }
    return EXIT_FINE;
}

static void port_path(const struct up *up, char path[RT_PATH_MAX + 32])
{
    snprintf(path, RT_PATH_MAX + 32, "%s/" UP_PORT_FILE, up->conf.run);
}

static void start_service(struct up *up, int which)
{
    char program[600];

    program_of(up, which, program, sizeof program);
    if (which == UP_GATEWAY) { /* what the one before has written says nothing */
        char path[RT_PATH_MAX + 32];
        port_path(up, path);
        unlink(path);
    }
    char *argv[] = {program, "--dir", up->cli->dir, NULL, NULL, NULL};
    char listen_at[64];
    if (which == UP_GATEWAY && up->gateway_port) { /* its clients know it by this address */
        int host = (int)strcspn(up->conf.listen, ":");
        snprintf(listen_at, sizeof listen_at, "%.*s:%d", host, up->conf.listen, up->gateway_port);
        argv[3] = "--listen";
        argv[4] = listen_at;
    }
    spawn(up, which, name_of(which), argv);
}

static bool has_gateway(const struct up *up)
{
    return strcmp(up->conf.listen, "off") != 0;
}

void up_start_services(struct up *up)
{
    for (int s = DS_INTAKE; s < UP_PROCESSES; s++)
        if (up->processes[s].pid == 0 && (s != UP_GATEWAY || has_gateway(up))) start_service(up, s);
}

int up_gateway_port(struct up *up)
{
    int64_t until_ms = rt_mono_ms() + GATEWAY_LIMIT_MS;
    char path[RT_PATH_MAX + 32];
    int port = 0;

    port_path(up, path);
    while (has_gateway(up) && !*up->stop && rt_mono_ms() < until_ms) {
        FILE *file = fopen(path, "re");
        bool read = file && fscanf(file, "%d", &port) == 1;
        if (file) fclose(file);
        if (read) return up->gateway_port = port;
        if (up_supervise(up) != EXIT_FINE) break;
        up_pause_ms(5);
    }
    return 0;
}

/* A process has ended: start it again, unless it says that it must not go on. */
static int restart(struct up *up, int which, int status)
{
    struct up_process *process = &up->processes[which];
    const char *name = name_of(which);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    bool young = rt_mono_ms() - process->started_mono_ms < SHORT_LIFE_MS;

    process->pid = 0;
    up->restarts++;
    process->failures = young ? process->failures + 1 : 0;
    if (code == EXIT_MUST_NOT || code == EXIT_ARGUMENTS || code == EXIT_NO_PROGRAM ||
        process->failures > FAILURES_MAX)
        return cli_fail(up->cli, EXIT_INTERNAL, SAID_ENDED, name, code, up->cli->dir,
                        which ? name : "redis");
    if (WIFSIGNALED(status))
        cli_tell(up->cli, SAID_ENDED_BY_SIGNAL, name, WTERMSIG(status));
    else
        cli_tell(up->cli, SAID_ENDED_AGAIN, name, code);
    if (which == 0) return up_start_redis(up);
    if (young) up_pause_ms(50L * process->failures);
    start_service(up, which);
    return EXIT_FINE;
}

int up_supervise(struct up *up)
{
    int status, code = EXIT_FINE;
    pid_t pid;

    while (code == EXIT_FINE && (pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < UP_PROCESSES; i++)
            if (up->processes[i].pid == pid) code = restart(up, i, status);
    return code;
}

int up_wait_ready(struct up *up, struct client *client)
{
    Ds__ControlRequest request = DS__CONTROL_REQUEST__INIT;
    int64_t begin_ms = rt_mono_ms(), said_ms = begin_ms;

    request.ask_case = DS__CONTROL_REQUEST__ASK_STATUS;
    request.status = true;
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT;) {
        int code = up_supervise(up);
        if (code != EXIT_FINE) return code;
        Ds__ControlReply *reply = client_ask(client, (enum ds_source)s, &request, 100);
        bool ready = reply && reply->status && reply->status->caught_up &&
                     strcmp(ds_str(reply->status->store), "up") == 0;
        if (reply) ds__control_reply__free_unpacked(reply, NULL);
        const char *name = ds_source_name((enum ds_source)s);
        if (*up->stop) return EXIT_UNAVAILABLE;
        if (ready) {
            s++;
            continue;
        }
        if (rt_mono_ms() - begin_ms > READY_LIMIT_MS)
            return cli_fail(up->cli, EXIT_UNAVAILABLE, SAID_NOT_READY, name, up->cli->dir, name);
        say_still(up, name, begin_ms, &said_ms);
        up_pause_ms(5);
    }
    return EXIT_FINE;
}

static void end(struct up *up, int which)
{
    struct up_process *process = &up->processes[which];
    int64_t until_ms = rt_mono_ms() + STOP_LIMIT_MS;

    if (process->pid == 0) return;
    kill(process->pid, SIGTERM);
    while (waitpid(process->pid, NULL, WNOHANG) == 0) {
        if (rt_mono_ms() > until_ms) kill(process->pid, SIGKILL);
        up_pause_ms(5);
    }
    process->pid = 0;
}

void up_stop(struct up *up)
{
    end(up, UP_GATEWAY);
    for (int s = DS_INTAKE; s < DS_SOURCE_COUNT; s++)
        end(up, s);
    end(up, 0);
}
