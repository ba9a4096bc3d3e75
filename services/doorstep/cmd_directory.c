/* SPDX-License-Identifier: MIT
 *
 * `doorstep directory`: territories, people and outlets of the rules in force. */
#include <jansson.h>
#include <string.h>

#include "doorstep/store_read.h"

static const char outlet_prefix[] = "outlet:";
static const char *const modes[] = {"auto", "clerk"};
static const char *const roles[] = {"clerk", "technician", "manager", "system"};

static json_t *skills_json(const struct ds_version *rules, uint64_t skills)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < rules->n_skills; i++)
        if (skills >> i & 1) json_array_append_new(list, json_string(rules->skills[i]));
    return list;
}

static json_t *areas_json(const struct ds_version *rules, const struct ds_account *account)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < rules->n_areas; i++)
        if (account->areas[i / 64] >> (i % 64) & 1)
            json_array_append_new(list, json_string(rules->areas[i]));
    return list;
}

/* Id of the outlet behind an account; "" if it is a person's own. */
static const char *outlet_of(const struct ds_account *account)
{
    if (!account || strncmp(account->key, outlet_prefix, sizeof outlet_prefix - 1) != 0) return "";
    return account->key + sizeof outlet_prefix - 1;
}

static json_t *territory_json(const struct ds_territory *territory)
{
    json_t *numbers = json_array();

    for (uint32_t i = 0; i < territory->n_numbers; i++)
        json_array_append_new(numbers, json_string(territory->numbers[i]));
    return json_pack("{ss ss ss ss si so}", "id", territory->id, "name", territory->name, "zone",
                     territory->calendar->zone->name, "mode", modes[territory->mode], "partition",
                     (int)territory->partition, "numbers", numbers);
}

static json_t *person_json(const struct ds_version *rules, const struct ds_person *person)
{
    return json_pack("{ss ss ss ss ss so ss}", "id", person->id, "name", person->name, "role",
                     roles[person->role], "territory",
                     person->territory ? person->territory->id : "", "account", person->account_key,
                     "skills", skills_json(rules, person->account ? person->account->skills : 0),
                     "outlet", outlet_of(person->account));
}

static json_t *outlet_json(const struct ds_version *rules, const struct ds_account *account)
{
    static const char *const places[] = {"", "city", "township"};

    return json_pack("{ss ss ss ss so so si}", "id", outlet_of(account), "name", account->name,
                     "territory", account->territory->id, "place", places[account->place], "skills",
                     skills_json(rules, account->skills), "areas", areas_json(rules, account),
                     "max_open", (int)account->max_open);
}

static void print_json(const struct ds_version *rules)
{
    json_t *territories = json_array(), *people = json_array(), *outlets = json_array();

    for (uint32_t i = 0; i < rules->n_territories; i++)
        json_array_append_new(territories, territory_json(&rules->territories[i]));
    for (uint32_t i = 0; i < rules->n_people; i++)
        json_array_append_new(people, person_json(rules, &rules->people[i]));
    for (uint32_t i = 0; i < rules->n_accounts; i++)
        if (outlet_of(&rules->accounts[i])[0])
            json_array_append_new(outlets, outlet_json(rules, &rules->accounts[i]));
    cli_print_json(json_pack("{si so so so}", "version", (int)rules->number, "territories",
                             territories, "people", people, "outlets", outlets));
}

static void print_people(const struct cli *cli, const struct ds_version *rules,
                         const struct ds_territory *territory)
{
    static const enum ds_word words[] = {DS_WORD_ROLE_CLERK, DS_WORD_ROLE_TECHNICIAN,
                                         DS_WORD_ROLE_MANAGER, DS_WORD_ROLE_SYSTEM};

    for (uint32_t i = 0; i < rules->n_people; i++) {
        const struct ds_person *person = &rules->people[i];
        if (person->territory != territory) continue;
        printf("  ");
        cli_put(stdout, person->id, 14);
        cli_put(stdout, person->name, 14);
        cli_put(stdout, ds_word(cli->lang, words[person->role]), 12);
        printf("%s\n", person->account_key);
    }
}

static void print_lists(const struct cli *cli, const struct ds_version *rules)
{
    for (uint32_t i = 0; i < rules->n_territories; i++) {
        const struct ds_territory *territory = &rules->territories[i];
        printf("%s  %s  %s  p%03u\n", territory->id, territory->name, modes[territory->mode],
               territory->partition);
        print_people(cli, rules, territory);
    }
    printf("%s\n", ds_word(cli->lang, DS_WORD_EVERYWHERE));
    print_people(cli, rules, NULL);
}

static int run(struct cli *cli)
{
    struct archive archive = {0};
    int code = store_read(cli, UINT32_MAX, 0, &archive);
    const struct ds_version *rules = archive_in_force(&archive);

    if (code == EXIT_FINE && !rules) code = cli_fail(cli, EXIT_REJECTED, SAID_NOTHING_YET);
    if (code == EXIT_FINE && cli->json)
        print_json(rules);
    else if (code == EXIT_FINE)
        print_lists(cli, rules);
    archive_finish(&archive);
    return code;
}

static const struct option_spec no_options[] = {{NULL, NULL, NULL}};

const struct command command_directory = {
    .name = "directory",
    .arguments = "",
    .summary = "territories, people and outlets of the rules in force",
    .details = "  doorstep directory --json\n",
    .min_arguments = 0,
    .max_arguments = 0,
    .options = no_options,
    .run = run,
};
