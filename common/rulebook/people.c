/* SPDX-License-Identifier: MIT
 *
 * Who can hold jobs (accounts), and who acts (people). A technician of the department has an
 * account of his own; one of an outlet works on the outlet's. Never decides who gets a job. */
#include "rulebook/build.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const outlet_keys[] = {"id",    "name",  "territory", "calendar", "skills",
                                          "areas", "zones", "max_open",  "place",    NULL};
static const char *const person_keys[] = {"id",     "name",     "role",      "territory",
                                          "outlet", "calendar", "skills",    "areas",
                                          "zones",  "max_open", "extension", NULL};
static const char *const account_keys[] = {"skills", "areas", "zones", "max_open", NULL};
static const char *const roles[] = {[DS_ROLE_CLERK] = "clerk",
                                    [DS_ROLE_TECHNICIAN] = "technician",
                                    [DS_ROLE_MANAGER] = "manager",
                                    [DS_ROLE_SYSTEM] = "system",
                                    NULL};
static const char *const places[] = {"city", "township", NULL};
static const char *const bands[] = {"city", "near", "far", NULL};

static_assert(DS_ACCOUNT_MAX >= DS_ID_MAX + 7, "a key holds its prefix and an id");
static_assert(DS_SKILLS_MAX <= 64, "skills fit their bits");

/* ---- accounts ---- */

static void read_skills(struct rb_build *b, const struct ds_yaml_node *list, uint64_t *ret)
{
    const uint32_t n = rb_list(b->directory, list, DS_SKILLS_MAX);
    for (uint32_t i = 0; i < n; i++) {
        const struct ds_yaml_node *node = ds_yaml_item(list, i);
        const char *name = rb_scalar(b->directory, node);
        const int skill = ds_find_skill(b->v, name);
        if (skill >= 0)
            *ret |= UINT64_C(1) << skill;
        else if (name)
            rb_problem_near(b->directory, node, "unknown_skill", "", b->v->skills, b->v->n_skills,
                            sizeof(*b->v->skills));
    }
}

static void read_areas(struct rb_build *b, const struct ds_yaml_node *list, uint64_t *ret)
{
    const uint32_t n = rb_list(b->directory, list, DS_AREAS_MAX);
    for (uint32_t i = 0; i < n; i++) {
        const struct ds_yaml_node *node = ds_yaml_item(list, i);
        const char *name = rb_scalar(b->directory, node);
        const int area = ds_find_area(b->v, name);
        if (area >= 0)
            ret[area / 64] |= UINT64_C(1) << (area % 64);
        else if (name)
            rb_problem_near(b->directory, node, "unknown_area", "", b->v->areas, b->v->n_areas,
                            sizeof(*b->v->areas));
    }
}

static void read_zones(struct rb_build *b, const struct ds_yaml_node *list, uint32_t *ret)
{
    const uint32_t n = rb_list(b->directory, list, DS_ZONE_COUNT);
    for (uint32_t i = 0; i < n; i++) {
        int band = 0;
        if (ds_yaml_word(b->directory, ds_yaml_item(list, i), bands, &band))
            *ret |= UINT32_C(1) << (DS_CITY + band);
    }
}

/* ---- what outlets and people have in common ---- */

struct entry {
    const char *id; /* all texts are the document's own */
    const char *name;
    const struct ds_territory *territory;
    const struct ds_calendar *calendar; /* its own; NULL when none is named */
};

static void read_entry(struct rb_build *b, const struct ds_yaml_node *node, struct entry *ret)
{
    struct ds_yaml *doc = b->directory;
    *ret = (struct entry){.id = "", .name = ""};
    (void)ds_yaml_id(doc, ds_yaml_need(doc, node, "id"), &ret->id);
    (void)rb_yaml_short_text(doc, ds_yaml_need(doc, node, "name"), &ret->name);
    ret->territory = rb_named_territory(b, ds_yaml_get(node, "territory"));
    ret->calendar = rb_named_calendar(b, ds_yaml_get(node, "calendar"));
}

static const char *keep_key(struct rb_build *b, const char *prefix, const char *id)
{
    char key[DS_ACCOUNT_MAX + 1];
    (void)snprintf(key, sizeof(key), "%s%s", prefix, id);
    return rb_keep(b, key);
}

static struct ds_account *add_account(struct rb_build *b, const struct ds_yaml_node *node,
                                      const struct entry *entry, const char *key)
{
    struct ds_yaml *doc = b->directory;
    struct ds_account *account = &b->accounts[b->v->n_accounts];
    int64_t max_open = 1;
    if (b->v->n_accounts == DS_ACCOUNTS_MAX) {
        ds_yaml_problem(doc, node, "too_many", "1024");
        return NULL;
    }
    b->v->n_accounts++;
    account->key = key;
    account->name = rb_keep(b, entry->name);
    account->territory = entry->territory;
    account->calendar = entry->territory ? entry->territory->calendar : NULL;
    if (entry->calendar) account->calendar = entry->calendar;
    read_skills(b, ds_yaml_need(doc, node, "skills"), &account->skills);
    read_areas(b, ds_yaml_get(node, "areas"), account->areas);
    read_zones(b, ds_yaml_need(doc, node, "zones"), &account->zones);
    (void)ds_yaml_int(doc, ds_yaml_need(doc, node, "max_open"), 1, 1000000, &max_open);
    account->max_open = (uint32_t)max_open;
    return account;
}

/* ---- outlets ---- */

static void read_outlet(struct rb_build *b, const struct ds_yaml_node *node)
{
    struct entry entry;
    if (!ds_yaml_mapping(b->directory, node, outlet_keys)) return;
    (void)ds_yaml_need(b->directory, node, "territory");
    read_entry(b, node, &entry);
    const char *key = keep_key(b, "outlet:", entry.id);
    if (entry.id[0])
        (void)rb_is_new(b->directory, ds_yaml_get(node, "id"), key, b->accounts, b->v->n_accounts,
                        sizeof(*b->accounts));
    struct ds_account *account = add_account(b, node, &entry, key);
    int word = 0;
    if (account && ds_yaml_word(b->directory, ds_yaml_get(node, "place"), places, &word))
        account->place = (enum ds_place)(DS_PLACE_CITY + word);
}

/* The outlet that somebody works for; NULL with a problem. Accounts are not sorted yet. */
static const struct ds_account *named_outlet(struct rb_build *b, const struct ds_yaml_node *node)
{
    const char *id = rb_scalar(b->directory, node);
    const char *ids[DS_ACCOUNTS_MAX];
    if (!id) return NULL;
    for (uint32_t i = 0; i < b->n_outlets; i++) {
        ids[i] = b->accounts[i].key + strlen("outlet:");
        if (strcmp(ids[i], id) == 0) return &b->accounts[i];
    }
    rb_problem_near(b->directory, node, "unknown_outlet", "", ids, b->n_outlets, sizeof(*ids));
    return NULL;
}

/* An id names one of them: what a person may see is asked for by his. */
static void refuse_outlets_id(struct rb_build *b, const struct ds_yaml_node *node, const char *id)
{
    for (uint32_t i = 0; i < b->n_outlets; i++)
        if (id[0] && strcmp(b->accounts[i].key + strlen("outlet:"), id) == 0)
            ds_yaml_problem(b->directory, node, "id_of_outlet", "");
}

/* ---- people ---- */

static void refuse(struct rb_build *b, const struct ds_yaml_node *node, const char *key,
                   const char *who)
{
    const struct ds_yaml_node *value = ds_yaml_get(node, key);
    if (value) ds_yaml_problem(b->directory, value->key, "not_for_role", who);
}

static void refuse_account(struct rb_build *b, const struct ds_yaml_node *node, const char *who)
{
    for (int i = 0; account_keys[i]; i++)
        refuse(b, node, account_keys[i], who);
}

static void read_technician(struct rb_build *b, const struct ds_yaml_node *node,
                            const struct entry *entry, struct ds_person *person)
{
    const struct ds_yaml_node *outlet_node = ds_yaml_get(node, "outlet");
    const struct ds_account *account = NULL;
    if (outlet_node) {
        refuse_account(b, node, "outlets");
        account = named_outlet(b, outlet_node);
        if (account && account->territory && entry->territory &&
            account->territory != entry->territory)
            ds_yaml_problem(b->directory, outlet_node, "other_territory", account->territory->id);
    } else {
        account = add_account(b, node, entry, keep_key(b, "person:", entry->id));
    }
    if (!account) return;
    person->account_key = account->key;
    if (!person->calendar) person->calendar = account->calendar;
}

static void check_role(struct rb_build *b, const struct ds_yaml_node *node, enum ds_role role)
{
    struct ds_yaml *doc = b->directory;
    switch (role) {
    case DS_ROLE_TECHNICIAN: (void)ds_yaml_need(doc, node, "territory"); return;
    case DS_ROLE_CLERK: (void)ds_yaml_need(doc, node, "territory"); break;
    case DS_ROLE_MANAGER: /* somebody of all territories still has working hours */
        if (!ds_yaml_get(node, "territory")) (void)ds_yaml_need(doc, node, "calendar");
        break;
    case DS_ROLE_SYSTEM: refuse(b, node, "calendar", "clerk, technician, manager"); break;
    }
    refuse(b, node, "outlet", "technician");
    refuse_account(b, node, "technician");
}

static void read_person(struct rb_build *b, const struct ds_yaml_node *node)
{
    struct ds_yaml *doc = b->directory;
    struct ds_person *person = &b->people[b->v->n_people];
    struct entry entry;
    const struct ds_yaml_node *extension_node = ds_yaml_get(node, "extension");
    const char *extension = "";
    int role = 0;
    if (!ds_yaml_mapping(doc, node, person_keys)) return;
    read_entry(b, node, &entry);
    if (entry.id[0])
        (void)rb_is_new(doc, ds_yaml_get(node, "id"), entry.id, b->people, b->v->n_people,
                        sizeof(*b->people));
    refuse_outlets_id(b, ds_yaml_get(node, "id"), entry.id);
    b->v->n_people++;
    if (extension_node) (void)rb_yaml_number(doc, extension_node, &extension);
    *person = (struct ds_person){.id = rb_keep(b, entry.id),
                                 .name = rb_keep(b, entry.name),
                                 .territory = entry.territory,
                                 .calendar = entry.calendar,
                                 .extension = extension[0] ? rb_keep(b, extension) : ""};
    if (!ds_yaml_word(doc, ds_yaml_need(doc, node, "role"), roles, &role)) return;
    person->role = (enum ds_role)role;
    check_role(b, node, person->role);
    if (person->role == DS_ROLE_TECHNICIAN)
        read_technician(b, node, &entry, person);
    else
        person->account_key = keep_key(b, "person:", entry.id);
    if (!person->calendar && entry.territory && person->role != DS_ROLE_SYSTEM)
        person->calendar = entry.territory->calendar;
}

void rb_read_people(struct rb_build *b)
{
    const struct ds_yaml_node *root = ds_yaml_root(b->directory);
    const struct ds_yaml_node *outlets = ds_yaml_get(root, "outlets");
    const struct ds_yaml_node *people = ds_yaml_need(b->directory, root, "people");
    const uint32_t n_outlets = rb_list(b->directory, outlets, DS_ACCOUNTS_MAX);
    const uint32_t n_people = rb_list(b->directory, people, DS_PEOPLE_MAX);
    b->accounts = rb_take(b, n_outlets + n_people, sizeof(*b->accounts));
    b->people = rb_take(b, n_people, sizeof(*b->people));
    for (uint32_t i = 0; i < n_outlets; i++)
        read_outlet(b, ds_yaml_item(outlets, i));
    b->n_outlets = b->v->n_accounts;
    for (uint32_t i = 0; i < n_people; i++)
        read_person(b, ds_yaml_item(people, i));
    rb_sort(b->accounts, b->v->n_accounts, sizeof(*b->accounts));
    rb_sort(b->people, b->v->n_people, sizeof(*b->people));
    b->v->accounts = b->accounts;
    b->v->people = b->people;
    for (uint32_t i = 0; i < b->v->n_people; i++) /* now that accounts stay where they are */
        b->people[i].account = ds_find_account(b->v, b->people[i].account_key);
}
