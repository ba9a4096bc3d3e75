/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "doorstep/rules_files.h"
#include "doorstep/up.h"
#include "redis_conf.h"
#include "rulebook/rulebook.h"
#include "runtime/clock.h"

enum { LEFTOVERS_LIMIT_MS = 15000, PARTITIONS = 16 };

static int make_dirs(const char *path)
{
    char part[1024];

    for (size_t i = 1; path[i]; i++) {
        if (path[i] != '/') continue;
        snprintf(part, sizeof part, "%.*s", (int)i, path);
        if (mkdir(part, 0755) != 0 && errno != EEXIST) return -1;
    }
    return mkdir(path, 0700) != 0 && errno != EEXIST ? -1 : 0;
}

/* Nobody's folder is filled, or set aside, by a slip in --dir. A store alone is a backup. */
static int check_dir(const struct cli *cli)
{
    char conf[1024], store[1024];
    DIR *dir = opendir(cli->dir);
    bool empty = true;

    if (!dir) return EXIT_FINE; /* it is to be made, or whoever makes it says why not */
    for (struct dirent *entry; empty && (entry = readdir(dir));)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(dir);
    snprintf(conf, sizeof conf, "%s/doorstep.yaml", cli->dir);
    snprintf(store, sizeof store, "%s/redis/appendonlydir", cli->dir);
    if (empty || access(conf, F_OK) == 0 || access(store, F_OK) == 0) return EXIT_FINE;
    return cli_fail(cli, EXIT_USAGE, SAID_FOREIGN_DIR, cli->dir);
}

/* A short directory for sockets, only ours: a socket's address has room for 107 bytes. */
static int make_run(char *run, size_t size)
{
    const char *base = getenv("XDG_RUNTIME_DIR");

    if (!base || strlen(base) > 40 || access(base, W_OK) != 0) base = "/tmp";
    snprintf(run, size, "%s/doorstep-XXXXXX", base);
    return mkdtemp(run) ? 0 : -1;
}

/* Locks a directory until the descriptor is closed everywhere; -1 if somebody has it. */
static int lock_dir(const char *path, int flags)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | flags);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static void unlock(int *fd)
{
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

/* Two that run one store would ruin it. DATA is held by this process alone. */
static int lock_data(struct up *up)
{
    up->data_lock = lock_dir(up->cli->dir, O_CLOEXEC);
    if (up->data_lock >= 0) return EXIT_FINE;
    return cli_fail(up->cli, EXIT_UNAVAILABLE, SAID_DATA_IN_USE, up->cli->dir);
}

/* RUN is held by everything that we start, too: processes whose `up` was killed end a moment after
 * it, and until then the store is theirs. */
static int lock_run(struct up *up)
{
    int64_t begin_ms = rt_mono_ms();
    bool said = false;

    while ((up->run_lock = lock_dir(up->conf.run, 0)) < 0) {
        int64_t waited_ms = rt_mono_ms() - begin_ms;
        if (waited_ms > LEFTOVERS_LIMIT_MS || *up->stop)
            return cli_fail(up->cli, EXIT_UNAVAILABLE, SAID_RUN_IN_USE, up->conf.run, up->cli->dir);
        if (!said && waited_ms > 200) said = cli_tell(up->cli, SAID_WAITING_EARLIER) > 0;
        up_pause_ms(20);
    }
    return EXIT_FINE;
}

/* RUN may have been swept away since the last start; it must be nobody else's. */
static int check_run(struct up *up)
{
    struct stat st;

    if (mkdir(up->conf.run, 0700) == 0) return EXIT_FINE;
    if (errno == EEXIST && stat(up->conf.run, &st) == 0 && S_ISDIR(st.st_mode) &&
        st.st_uid == geteuid() && (st.st_mode & 077) == 0)
        return EXIT_FINE;
    return cli_fail(up->cli, EXIT_UNAVAILABLE, SAID_RUN_MODE, up->conf.run);
}

static int write_text(struct cli *cli, const char *dir, const char *name, const char *text)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "we");
    if (!file) return cli_fail(cli, EXIT_UNAVAILABLE, SAID_FILE, path, cli_errno(cli, errno));
    fputs(text, file);
    if (fclose(file) != 0)
        return cli_fail(cli, EXIT_UNAVAILABLE, SAID_FILE, path, cli_errno(cli, errno));
    return EXIT_FINE;
}

static int set_aside(struct up *up)
{
    struct cli *cli = up->cli;
    char path[1024], stamp[32];
    time_t now = time(NULL);
    struct tm tm;

    if (access(cli->dir, F_OK) != 0) return EXIT_FINE;
    int code = lock_data(up);
    if (code != EXIT_FINE) return code;
    localtime_r(&now, &tm);
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &tm);
    snprintf(path, sizeof path, "%s.%s", cli->dir, stamp);
    if (rename(cli->dir, path) != 0)
        return cli_fail(cli, EXIT_UNAVAILABLE, SAID_FILE, path, cli_errno(cli, errno));
    unlock(&up->data_lock);
    cli_tell(cli, SAID_SET_ASIDE, cli->dir, path);
    return EXIT_FINE;
}

static int make_conf(struct cli *cli)
{
    char path[1024], run[128];

    snprintf(path, sizeof path, "%s/doorstep.yaml", cli->dir);
    if (access(path, F_OK) == 0) return EXIT_FINE;
    if (make_run(run, sizeof run) != 0)
        return cli_fail(cli, EXIT_UNAVAILABLE, SAID_SOCKET_DIR, cli_errno(cli, errno));
    if (rt_conf_write_default(path, run, PARTITIONS) == 0) return EXIT_FINE;
    return cli_fail(cli, EXIT_UNAVAILABLE, SAID_FILE, path, cli_errno(cli, errno));
}

/* Rules for an installation that has none yet, looked at before anything is made. An exit code. */
static int read_rules(struct up *up, const char *rules, bool fresh, struct rules_files *ret)
{
    struct cli *cli = up->cli;
    uint32_t partitions = PARTITIONS;
    char path[1024];

    snprintf(path, sizeof path, "%s/rulebook.yaml", cli->dir);
    if (!fresh && access(path, F_OK) == 0) return EXIT_FINE;
    if (!rules) return cli_fail(cli, EXIT_USAGE, SAID_NEEDS_RULES);
    snprintf(path, sizeof path, "%s/doorstep.yaml", cli->dir);
    if (!fresh && access(path, F_OK) == 0) {
        int code = cli_conf(cli, &up->conf);
        if (code != EXIT_FINE) return code;
        partitions = (uint32_t)up->conf.partitions;
    }
    if (rules_read(cli, rules, ret) != EXIT_FINE) return EXIT_USAGE;
    struct ds_version *version = rules_compile(cli, ret, 1, partitions);
    if (!version) return EXIT_REJECTED;
    ds_version_destroy(version);
    return EXIT_FINE;
}

/* The installation's own copy, to be edited and activated. */
static int copy_rules(struct cli *cli, const struct rules_files *files)
{
    int code = EXIT_FINE;

    if (files->rulebook) code = write_text(cli, cli->dir, "rulebook.yaml", files->rulebook);
    if (files->rulebook && code == EXIT_FINE)
        code = write_text(cli, cli->dir, "directory.yaml", files->directory);
    return code;
}

/* DATA and RUN with what belongs into them. */
static int make_all(struct up *up, const struct rules_files *files)
{
    struct cli *cli = up->cli;
    char path[1024];

    if (make_dirs(cli->dir) != 0)
        return cli_fail(cli, EXIT_UNAVAILABLE, SAID_FILE, cli->dir, cli_errno(cli, errno));
    int code = lock_data(up);
    if (code == EXIT_FINE) code = make_conf(cli); /* first of all: by it we know what is ours */
    snprintf(path, sizeof path, "%s/redis", cli->dir);
    if (code == EXIT_FINE && make_dirs(path) != 0)
        code = cli_fail(cli, EXIT_UNAVAILABLE, SAID_FILE, path, cli_errno(cli, errno));
    if (code == EXIT_FINE) code = cli_conf(cli, &up->conf);
    if (code == EXIT_FINE) code = copy_rules(cli, files);
    if (code == EXIT_FINE) code = write_text(cli, cli->dir, "redis.conf", redis_conf);
    if (code == EXIT_FINE) code = check_run(up);
    if (code == EXIT_FINE) code = lock_run(up);
    return code;
}

int up_prepare(struct up *up, const char *rules, bool fresh)
{
    struct rules_files files = {0};

    int code = check_dir(up->cli);
    if (code == EXIT_FINE) code = read_rules(up, rules, fresh, &files);
    if (code == EXIT_FINE && fresh) code = set_aside(up);
    if (code == EXIT_FINE) code = make_all(up, &files);
    rules_finish(&files);
    return code;
}

void up_leave(struct up *up)
{
    DIR *dir = up->run_lock >= 0 ? opendir(up->conf.run) : NULL;
    struct stat st;

    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            (S_ISSOCK(st.st_mode) || st.st_size == 0 || /* locks are empty */
             strcmp(entry->d_name, UP_PORT_FILE) == 0))
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir) closedir(dir);
    if (up->run_lock >= 0) rmdir(up->conf.run); /* only if nothing else is in it */
    unlock(&up->run_lock);
    unlock(&up->data_lock);
}
