/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "doorstep/rules_files.h"
#include "doorstep/up.h"
#include "redis_conf.h"

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

/* A short directory for sockets, only ours: a socket's address has room for 107 bytes. */
static int make_run(char *run, size_t size)
{
    const char *base = getenv("XDG_RUNTIME_DIR");

    if (!base || strlen(base) > 40 || access(base, W_OK) != 0) base = "/tmp";
    snprintf(run, size, "%s/doorstep-XXXXXX", base);
    return mkdtemp(run) ? 0 : -1;
}

/* RUN may have been swept away since the last start; it must be nobody else's. */
static int check_run(struct up *up)
{
    struct stat st;

    if (mkdir(up->conf.run, 0700) == 0) return EXIT_FINE;
    if (errno == EEXIST && stat(up->conf.run, &st) == 0 && S_ISDIR(st.st_mode) &&
        st.st_uid == geteuid() && (st.st_mode & 077) == 0)
        return EXIT_FINE;
    return cli_fail(up->cli, EXIT_UNAVAILABLE, "%s must be a directory of yours with mode 0700",
                    up->conf.run);
}

static int write_text(struct cli *cli, const char *dir, const char *name, const char *text)
{
    char path[1024];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "we");
    if (!file) return cli_fail(cli, EXIT_UNAVAILABLE, "%s: %s", path, strerror(errno));
    fputs(text, file);
    if (fclose(file) != 0) return cli_fail(cli, EXIT_UNAVAILABLE, "%s: %s", path, strerror(errno));
    return EXIT_FINE;
}

static int set_aside(struct cli *cli)
{
    char path[1024], stamp[32];
    time_t now = time(NULL);
    struct tm tm;

    if (access(cli->dir, F_OK) != 0) return EXIT_FINE;
    localtime_r(&now, &tm);
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &tm);
    snprintf(path, sizeof path, "%s.%s", cli->dir, stamp);
    if (rename(cli->dir, path) != 0)
        return cli_fail(cli, EXIT_UNAVAILABLE, "%s: %s", path, strerror(errno));
    printf("%s was set aside as %s\n", cli->dir, path);
    return EXIT_FINE;
}

static int make_conf(struct cli *cli)
{
    char path[1024], run[128];

    snprintf(path, sizeof path, "%s/doorstep.yaml", cli->dir);
    if (access(path, F_OK) == 0) return EXIT_FINE;
    if (make_run(run, sizeof run) != 0)
        return cli_fail(cli, EXIT_UNAVAILABLE, "cannot make a directory for sockets: %s",
                        strerror(errno));
    if (rt_conf_write_default(path, run, 16) == 0) return EXIT_FINE;
    return cli_fail(cli, EXIT_UNAVAILABLE, "%s: %s", path, strerror(errno));
}

/* The installation's own copy of the rules, to be edited and activated. */
static int copy_rules(struct cli *cli, const char *rules)
{
    struct rules_files files;
    char path[1024];

    snprintf(path, sizeof path, "%s/rulebook.yaml", cli->dir);
    if (access(path, F_OK) == 0) return EXIT_FINE;
    if (!rules)
        return cli_fail(cli, EXIT_USAGE,
                        "the first start needs --rules DIR (deploy/ has an example)");
    if (rules_read(cli, rules, &files) != EXIT_FINE) return EXIT_USAGE;
    int code = write_text(cli, cli->dir, "rulebook.yaml", files.rulebook);
    if (code == EXIT_FINE) code = write_text(cli, cli->dir, "directory.yaml", files.directory);
    rules_finish(&files);
    return code;
}

int up_prepare(struct up *up, const char *rules, bool fresh)
{
    struct cli *cli = up->cli;
    char path[1024];

    int code = fresh ? set_aside(cli) : EXIT_FINE;
    if (code != EXIT_FINE) return code;
    snprintf(path, sizeof path, "%s/redis", cli->dir);
    if (make_dirs(cli->dir) != 0 || make_dirs(path) != 0)
        return cli_fail(cli, EXIT_UNAVAILABLE, "%s: %s", cli->dir, strerror(errno));
    code = make_conf(cli);
    if (code == EXIT_FINE) code = copy_rules(cli, rules);
    if (code == EXIT_FINE) code = write_text(cli, cli->dir, "redis.conf", redis_conf);
    if (code == EXIT_FINE) code = cli_conf(cli, &up->conf);
    if (code == EXIT_FINE) code = check_run(up);
    return code;
}
