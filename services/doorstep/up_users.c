/* SPDX-License-Identifier: MIT
 *
 * The first users of an installation. One whose work is real gets an admin, with a random password
 * that is shown this once. One that a written-down day is played on also gets a login of each kind
 * of work to look around with; what they are is kept beside the store, to be shown at each start.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/rules_files.h"
#include "doorstep/up_session.h"
#include "doorstep/users_file.h"
#include "rulebook/rulebook.h"

enum { NOTE_MAX = 64 * 1024 };

static FILE *words(const struct cli *cli)
{
    return cli->json ? stderr : stdout;
}

static void note_path(const struct cli *cli, char buf[600])
{
    snprintf(buf, 600, "%s/demo-logins", cli->dir);
}

/* Lines "name role password" of the file that says what the demo logins are. */
static void show_demo(struct cli *cli)
{
    char path[600], name[DS_ID_MAX + 1], role[16], password[RANDOM_PASSWORD_SIZE];

    note_path(cli, path);
    FILE *file = fopen(path, "re");
    if (!file) return; /* the work is real */
    fputs(cli_say(cli, "Logins to look around with, on this example only:\n",
                  "以下登录仅供查看本示例:\n"),
          words(cli));
    while (fscanf(file, "%64s %15s %19s", name, role, password) == 3) {
        enum gateway_role known = gateway_role_of(role);
        if (known == GATEWAY_ROLE_COUNT) break;
        fputs("  ", words(cli));
        cli_put(words(cli), name, 14);
        cli_put(words(cli), gateway_role_word(cli->lang, known), 16);
        fprintf(words(cli), " %s\n", password);
    }
    fclose(file);
}

static int add(struct cli *cli, struct users *users, const char *name, enum gateway_role role,
               const char *person, const char *hash, bool must_change)
{
    struct user user = {.role = role, .must_change = must_change};

    snprintf(user.name, sizeof user.name, "%s", name);
    snprintf(user.person, sizeof user.person, "%s", person);
    return users_refused(cli, users_new(users, &user, hash, &users_console, users_now_ms()), name);
}

/* What somebody of the directory does at the gateway; GATEWAY_ROLE_COUNT: nothing. */
static enum gateway_role role_of(const struct ds_person *person)
{
    switch (person->role) {
    case DS_ROLE_MANAGER: return GATEWAY_MANAGER;
    case DS_ROLE_CLERK: return GATEWAY_CLERK;
    case DS_ROLE_TECHNICIAN: return GATEWAY_TECHNICIAN;
    case DS_ROLE_SYSTEM: break;
    }
    return GATEWAY_ROLE_COUNT;
}

/* Demo users share one password and so its hash: it is made once, and nobody is to be safe from
 * another. */
static int add_demo(struct cli *cli, struct users *users, const struct ds_version *version,
                    const char *password, const char *hash)
{
    char path[600];

    note_path(cli, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!file) return cli_fail(cli, EXIT_UNAVAILABLE, SAID_FILE, path, cli_errno(cli, errno));
    int code = add(cli, users, "board", GATEWAY_BOARD, "", hash, false);
    fprintf(file, "admin admin %s\nboard board %s\n", password, password);
    for (uint32_t i = 0; code == EXIT_FINE && i < version->n_people; i++) {
        const struct ds_person *person = &version->people[i];
        enum gateway_role role = role_of(person);
        struct user other;
        if (role == GATEWAY_ROLE_COUNT || strchr(person->id, '~') ||
            users_find(users, person->id, &other) == USERS_OK)
            continue;
        code = add(cli, users, person->id, role, person->id, hash, false);
        fprintf(file, "%s %s %s\n", person->id, gateway_role_name(role), password);
    }
    if (fclose(file) != 0 && code == EXIT_FINE)
        code = cli_fail(cli, EXIT_UNAVAILABLE, SAID_FILE, path, cli_errno(cli, errno));
    return code;
}

static int make_first(struct session *session, struct users *users)
{
    char password[RANDOM_PASSWORD_SIZE], hash[USERS_HASH_SIZE];
    struct cli *cli = session->cli;
    struct rules_files files = {0};
    bool demo = session->day.n > 0;

    users_random_password(password);
    int code = users_refused(cli, users_hash(NULL, password, hash), "admin");
    if (code == EXIT_FINE) code = add(cli, users, "admin", GATEWAY_ADMIN, "", hash, !demo);
    if (code != EXIT_FINE) return code;
    if (!demo) {
        fprintf(words(cli),
                cli_say(cli, "First login: admin, password %s. It is not shown again.\n",
                        "首个登录:admin,密码 %s。此密码不再显示。\n"),
                password);
        return EXIT_FINE;
    }
    code = rules_read(cli, cli->dir, &files);
    if (code != EXIT_FINE) return code;
    struct ds_version *version =
        rules_compile(cli, &files, 1, (uint32_t)session->up.conf.partitions);
    rules_finish(&files);
    if (!version) return EXIT_REJECTED;
    code = add_demo(cli, users, version, password, hash);
    ds_version_destroy(version);
    return code;
}

int up_users(struct session *session)
{
    struct users *users;

    int code = users_file_open(session->cli, &users);
    if (code != EXIT_FINE) return code;
    uint32_t count = users_count(users);
    if (count == UINT32_MAX)
        code = users_refused(session->cli, USERS_STORE, session->cli->dir);
    else if (count == 0)
        code = make_first(session, users);
    users_close(users);
    if (code == EXIT_FINE) show_demo(session->cli);
    return code;
}
