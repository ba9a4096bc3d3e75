/* SPDX-License-Identifier: MIT
 *
 * From an activate command to a compiled version, with the first thing that is wrong as an answer
 * to whoever sent it. The same for a running installation and a replay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/event.h"
#include "rulebook/rulebook.h"

static enum ds_code fault_of(struct ds_fault *fault, enum ds_code code, const char *expected)
{
    fault->code = code;
    fault->field[0] = '\0';
    (void)snprintf(fault->expected, sizeof(fault->expected), "%s", expected);
    return code;
}

/* A territory keeps its partition for ever, or its tickets would be lost to it. */
static bool territories_stay(const struct ds_version *before, const struct ds_version *after,
                             struct ds_fault *fault)
{
    for (uint32_t i = 0; i < before->n_territories; i++) {
        const struct ds_territory *old = &before->territories[i];
        const struct ds_territory *new = ds_find_territory(after, old->id);
        if (new &&new->partition == old->partition) continue;
        (void)snprintf(fault->field, sizeof(fault->field), "%s", old->id);
        return false;
    }
    return true;
}

static enum ds_code compile(struct ds_activation *made, uint32_t number, uint32_t partitions,
                            const struct ds_version *in_force, struct ds_problems *problems,
                            struct ds_fault *fault)
{
    made->version = ds_version_compile(made->bytes, made->len, number, partitions, problems);
    if (!made->version || number >= DS_VERSIONS_MAX)
        return fault_of(fault, DS_CODE_BAD_RULEBOOK, "a version that compiles");
    if (!in_force || territories_stay(in_force, made->version, fault)) return DS_CODE_OK;
    fault->expected[0] = '\0';
    return fault->code = DS_CODE_TERRITORY_MOVED;
}

enum ds_code ds_activation_make(const Ds__Activate *activate, uint32_t number, uint32_t partitions,
                                const struct ds_version *in_force, struct ds_activation *ret,
                                struct ds_fault *fault)
{
    static struct ds_problems problems; /* large */
    const char *rulebook = ds_str(activate->rulebook), *directory = ds_str(activate->directory);
    char line[sizeof(fault->expected)];

    *ret = (struct ds_activation){0};
    problems = (struct ds_problems){0};
    if (ds_version_make(rulebook, strlen(rulebook), directory, strlen(directory), partitions,
                        &ret->bytes, &ret->len, ret->hash, &problems) != 0) {
        (void)ds_problem_format(line, sizeof(line), &problems.list[0], 0);
        (void)ds_problem_format(fault->expected_zh, sizeof(fault->expected_zh), &problems.list[0],
                                1);
        return fault_of(fault, DS_CODE_BAD_RULEBOOK, line);
    }
    enum ds_code code = compile(ret, number, partitions, in_force, &problems, fault);
    if (code != DS_CODE_OK) ds_activation_finish(ret);
    return code;
}

void ds_activation_finish(struct ds_activation *made)
{
    ds_version_destroy(made->version);
    free(made->bytes);
    *made = (struct ds_activation){0};
}
