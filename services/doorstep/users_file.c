/* SPDX-License-Identifier: MIT */
#include "doorstep/users_file.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

#include "doorstep/rules_files.h"
#include "rulebook/rulebook.h"
#include "runtime/clock.h"

const struct users_actor users_console = {"console", ""};

int users_file_open(struct cli *cli, struct users **ret)
{
    char path[sizeof cli->dir + 32];
    struct rt_conf conf;

    int code = cli_conf(cli, &conf);
    if (code != EXIT_FINE) return code;
    snprintf(path, sizeof path, "%s/gateway.sqlite", cli->dir);
    return users_refused(cli, users_open(path, NULL, ret), path);
}

int users_refused(struct cli *cli, enum users_result result, const char *what)
{
    int code = EXIT_UNAVAILABLE;

    if (result == USERS_OK) return EXIT_FINE;
    if (strcmp(users_code(result), "bad_value") == 0)
        code = EXIT_USAGE;
    else if (users_field(result)[0])
        code = EXIT_REJECTED;
    return cli_fail(cli, code, SAID_USERS_WANTED, what, users_expected(cli->lang, result));
}

static int check_person(struct cli *cli, const char *person)
{
    struct rules_files files;
    struct rt_conf conf;

    int code = cli_conf(cli, &conf);
    if (code == EXIT_FINE) code = rules_read(cli, cli->dir, &files);
    if (code != EXIT_FINE) return code;
    struct ds_version *version = rules_compile(cli, &files, 1, (uint32_t)conf.partitions);
    rules_finish(&files);
    if (!version) return EXIT_REJECTED;
    bool known = ds_find_person(version, person) != NULL;
    ds_version_destroy(version);
    return known ? EXIT_FINE : cli_fail(cli, EXIT_REJECTED, SAID_NO_PERSON, cli->dir, person);
}

int users_take_role(struct cli *cli, const char *role, const char *person,
                    enum gateway_role *ret_role, const char **ret_person)
{
    enum gateway_role found = role ? gateway_role_of(role) : GATEWAY_ROLE_COUNT;

    if (found == GATEWAY_ROLE_COUNT) return users_refused(cli, USERS_BAD_ROLE, role ? role : "");
    if (!person && gateway_role_acts(found)) return users_refused(cli, USERS_BAD_PERSON, role);
    int code = person ? check_person(cli, person) : EXIT_FINE;
    if (code != EXIT_FINE) return code;
    *ret_role = found;
    *ret_person = person ? person : "";
    return EXIT_FINE;
}

int64_t users_now_ms(void)
{
    return rt_clock_read().wall_ms;
}

void users_time(char buf[32], int64_t at_ms)
{
    time_t at_s = (time_t)(at_ms / 1000);
    struct tm tm;

    localtime_r(&at_s, &tm);
    if (!at_ms || strftime(buf, 32, "%Y-%m-%d %H:%M", &tm) == 0) snprintf(buf, 32, "-");
}

void users_random_password(char ret[RANDOM_PASSWORD_SIZE])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz023456789"; /* none looks like another */
    size_t n = 0;

    for (int i = 0; i < 12; i++) {
        if (i && i % 4 == 0) ret[n++] = '-';
        ret[n++] = letters[randombytes_uniform(32)];
    }
    ret[n] = '\0';
}
