/* SPDX-License-Identifier: MIT
 *
 * `doorstep users`: who may log in at the gateway. A change holds at once, whether it runs or not.
 */
#include <sodium.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "doorstep/users_file.h"

enum { OPT_ROLE, OPT_PERSON, OPT_KEEP };
enum { LINE_SIZE = USERS_PASSWORD_MAX + 3 };

/* ---- the list ---- */

static bool print_user(void *self, const struct user *user)
{
    const struct cli *cli = self;
    char login[32];

    users_time(login, user->login_at_ms);
    cli_put(stdout, user->name, 20);
    putchar(' ');
    cli_put(stdout, gateway_role_name(user->role), 10);
    putchar(' ');
    cli_put(stdout, user->person[0] ? user->person : "-", 16);
    printf(" %-16s%s%s\n", login, user->disabled ? cli_say(cli, "  disabled", "  已停用") : "",
           user->must_change ? cli_say(cli, "  must change the password", "  须改密码") : "");
    return true;
}

static bool print_user_json(void *self, const struct user *user)
{
    (void)self;
    json_t *object = json_pack(
        "{ss ss ss sb sb sI sI}", "name", user->name, "role", gateway_role_name(user->role),
        "person", user->person, "disabled", user->disabled, "must_change", user->must_change,
        "made_at_ms", (json_int_t)user->made_at_ms, "login_at_ms", (json_int_t)user->login_at_ms);
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
    return true;
}

/* ---- passwords ---- */

/* One line without its end; false if there is none or it is too long for a password. */
static bool read_line(char line[LINE_SIZE])
{
    if (!fgets(line, LINE_SIZE, stdin)) return false;
    size_t len = strcspn(line, "\r\n");
    bool whole = line[len] != '\0' || len < LINE_SIZE - 1;
    line[len] = '\0';
    return whole;
}

/* Asked for on a terminal without showing it. Ctrl-C is a letter meanwhile, so that the terminal is
 * never left as it is here. */
static bool ask_line(const char *prompt, char line[LINE_SIZE])
{
    struct termios before, silent;

    if (tcgetattr(STDIN_FILENO, &before) != 0) return false;
    silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) != 0) return false;
    fputs(prompt, stderr);
    bool read = read_line(line);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return read && !strchr(line, '\003');
}

/* From a terminal twice, else the first line of stdin; its hash. */
static int take_password(struct cli *cli, const char *name, char ret_hash[USERS_HASH_SIZE])
{
    char line[LINE_SIZE], again[LINE_SIZE];
    enum users_result result = USERS_BAD_PASSWORD;
    int code = EXIT_FINE;

    if (isatty(STDIN_FILENO) == 1) {
        if (ask_line(cli_say(cli, "Password: ", "密码:"), line) &&
            (result = users_check_password(line)) == USERS_OK &&
            !(ask_line(cli_say(cli, "Once more: ", "再输一次:"), again) && !strcmp(line, again)))
            code = cli_fail(cli, EXIT_USAGE, SAID_NOT_THE_SAME);
    } else if (read_line(line)) {
        result = users_check_password(line);
    }
    if (code == EXIT_FINE && result == USERS_OK) result = users_hash(NULL, line, ret_hash);
    sodium_memzero(line, sizeof line);
    sodium_memzero(again, sizeof again);
    return code == EXIT_FINE ? users_refused(cli, result, name) : code;
}

/* ---- what is done ---- */

static int list(struct cli *cli, struct users *users)
{
    return users_refused(cli, users_list(users, cli->json ? print_user_json : print_user, cli),
                         cli->dir);
}

static int make(struct cli *cli, struct users *users)
{
    struct user user = {.must_change = !cli->values[OPT_KEEP]};
    const char *name = cli->argv[1], *person;
    char hash[USERS_HASH_SIZE];

    int code =
        users_take_role(cli, cli->values[OPT_ROLE], cli->values[OPT_PERSON], &user.role, &person);
    if (code != EXIT_FINE) return code;
    if (strlen(name) > DS_ID_MAX) return users_refused(cli, USERS_BAD_NAME, name);
    snprintf(user.name, sizeof user.name, "%s", name);
    snprintf(user.person, sizeof user.person, "%s", person);
    code = take_password(cli, name, hash);
    if (code != EXIT_FINE) return code;
    return users_refused(cli, users_new(users, &user, hash, &users_console, users_now_ms()), name);
}

static int change(struct cli *cli, struct users *users, const struct users_change *what)
{
    return users_refused(
        cli, users_change(users, cli->argv[1], what, &users_console, users_now_ms()), cli->argv[1]);
}

static int set_password(struct cli *cli, struct users *users)
{
    char hash[USERS_HASH_SIZE];
    struct users_change what = {.hash = hash, .must_change = !cli->values[OPT_KEEP]};
    struct user user;

    int code = users_refused(cli, users_find(users, cli->argv[1], &user), cli->argv[1]);
    if (code == EXIT_FINE) code = take_password(cli, cli->argv[1], hash);
    return code == EXIT_FINE ? change(cli, users, &what) : code;
}

static int disable(struct cli *cli, struct users *users)
{
    bool disabled = strcmp(cli->argv[0], "disable") == 0;
    struct users_change what = {.disabled = &disabled};

    return change(cli, users, &what);
}

static int set_role(struct cli *cli, struct users *users)
{
    const char *person = cli->values[OPT_PERSON];
    enum gateway_role role;
    struct user user;
    struct users_change what = {.role = &role};

    int code = users_refused(cli, users_find(users, cli->argv[1], &user), cli->argv[1]);
    if (code != EXIT_FINE) return code;
    if (!person && user.person[0]) person = user.person;
    code = users_take_role(cli, cli->argv[2], person, &role, &what.person);
    return code == EXIT_FINE ? change(cli, users, &what) : code;
}

static const struct {
    const char *word;
    int arguments;
    int (*run)(struct cli *cli, struct users *users);
} words[] = {
    {"list", 1, list},       {"new", 2, make},       {"password", 2, set_password},
    {"disable", 2, disable}, {"enable", 2, disable}, {"role", 3, set_role},
};

static int run(struct cli *cli)
{
    size_t i = 0, n = sizeof words / sizeof words[0];
    struct users *users;

    while (i < n && cli->argc && strcmp(cli->argv[0], words[i].word) != 0)
        i++;
    if (i == n || (cli->argc && cli->argc != words[i].arguments))
        return cli_fail(cli, EXIT_USAGE, SAID_USERS_WORDS);
    int code = users_file_open(cli, &users);
    if (code != EXIT_FINE) return code;
    code = words[i].run(cli, users);
    users_close(users);
    return code;
}

static const struct option_spec options[] = {
    [OPT_ROLE] = {"--role", "ROLE", "admin, manager, clerk, technician, board or phone"},
    [OPT_PERSON] = {"--person", "ID", "who he is in directory.yaml; admin and board may be nobody"},
    [OPT_KEEP] = {"--keep", NULL, "the password is the user's own: he need not choose another"},
    {NULL, NULL, NULL},
};

const struct command command_users = {
    .name = "users",
    .arguments = "list | new NAME | password NAME | disable NAME | enable NAME | role NAME ROLE",
    .summary = "who may log in at the gateway, and as what",
    .details =
        "  doorstep users new lin --role clerk --person lin\n"
        "  doorstep users password admin --keep\n\n"
        "A password has 10 characters or more; it is asked for without being shown, or is the "
        "first line of\nstdin. Whoever is changed is logged out everywhere. A new password also "
        "lets in somebody who was\nlocked out after too many attempts. The last admin can be "
        "neither disabled nor made something else.\n",
    .min_arguments = 0,
    .max_arguments = 3,
    .options = options,
    .run = run,
};
