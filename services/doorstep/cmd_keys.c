/* SPDX-License-Identifier: MIT
 *
 * `doorstep keys`: with what programs come in at the gateway. */
#include <string.h>

#include "doorstep/users_file.h"

enum { OPT_ROLE, OPT_PERSON };

static bool print_key(void *self, const struct users_key *key)
{
    const struct cli *cli = self;
    char made[32], used[32];

    users_time(made, key->made_at_ms);
    users_time(used, key->used_at_ms);
    cli_put(stdout, key->name, 20);
    putchar(' ');
    cli_put(stdout, gateway_role_name(key->role), 10);
    putchar(' ');
    cli_put(stdout, key->person[0] ? key->person : "-", 16);
    printf(" %-16s %-16s%s\n", made, used,
           key->revoked_at_ms ? cli_say(cli, "  revoked", "  已撤销") : "");
    return true;
}

static bool print_key_json(void *self, const struct users_key *key)
{
    (void)self;
    json_t *object =
        json_pack("{ss ss ss sI sI sI}", "name", key->name, "role", gateway_role_name(key->role),
                  "person", key->person, "made_at_ms", (json_int_t)key->made_at_ms, "used_at_ms",
                  (json_int_t)key->used_at_ms, "revoked_at_ms", (json_int_t)key->revoked_at_ms);
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
    return true;
}

static int list(struct cli *cli, struct users *users)
{
    return users_refused(cli, users_list_keys(users, cli->json ? print_key_json : print_key, cli),
                         cli->dir);
}

static int make(struct cli *cli, struct users *users)
{
    char key[USERS_KEY_SIZE];
    enum gateway_role role;
    const char *person;

    int code = users_take_role(cli, cli->values[OPT_ROLE], cli->values[OPT_PERSON], &role, &person);
    if (code != EXIT_FINE) return code;
    code = users_refused(
        cli, users_new_key(users, cli->argv[1], role, person, &users_console, users_now_ms(), key),
        cli->argv[1]);
    if (code != EXIT_FINE) return code;
    if (cli->json)
        printf("{\"key\":\"%s\"}\n", key);
    else
        printf("%s\n", key);
    cli_tell(cli, SAID_KEY_ONCE);
    return EXIT_FINE;
}

static int revoke(struct cli *cli, struct users *users)
{
    return users_refused(cli, users_revoke_key(users, cli->argv[1], &users_console, users_now_ms()),
                         cli->argv[1]);
}

static int run(struct cli *cli)
{
    const char *word = cli->argc ? cli->argv[0] : "list";
    struct users *users;
    int (*what)(struct cli *, struct users *) = NULL;

    if (cli->argc <= 1 && strcmp(word, "list") == 0) what = list;
    if (cli->argc == 2 && strcmp(word, "new") == 0) what = make;
    if (cli->argc == 2 && strcmp(word, "revoke") == 0) what = revoke;
    if (!what) return cli_fail(cli, EXIT_USAGE, SAID_KEYS_WORDS);
    int code = users_file_open(cli, &users);
    if (code != EXIT_FINE) return code;
    code = what(cli, users);
    users_close(users);
    return code;
}

static const struct option_spec options[] = {
    [OPT_ROLE] = {"--role", "ROLE", "admin, manager, clerk, technician, board or phone"},
    [OPT_PERSON] = {"--person", "ID", "for whom it acts; admin and board may be nobody"},
    {NULL, NULL, NULL},
};

const struct command command_keys = {
    .name = "keys",
    .arguments = "list | new NAME | revoke NAME",
    .summary = "with what programs come in at the gateway",
    .details =
        "  doorstep keys new pbx --role phone --person phone\n"
        "  doorstep keys revoke pbx\n\n"
        "A key is shown once, when it is made; programs send it as `Authorization: Bearer KEY`. "
        "One that is\nrevoked lets nobody in from then on, also while the gateway runs; its name "
        "stays taken.\n",
    .min_arguments = 0,
    .max_arguments = 2,
    .options = options,
    .run = run,
};
