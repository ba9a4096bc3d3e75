/* SPDX-License-Identifier: MIT
 *
 * The versions of a side. Under a new rulebook each recorded version becomes one of that rulebook
 * and its own directory: people are where they were. */
#include <stdlib.h>
#include <string.h>

#include "doorstep/backtest.h"
#include "rulebook/rulebook.h"

void side_as_it_was(const struct past *past, struct side *ret)
{
    *ret = (struct side){.past = past};
    memcpy(ret->versions, past->recorded.versions, sizeof ret->versions);
}

/* Tickets of a territory that went would have no hours and nobody to answer for them. */
static const char *missing_territory(const struct ds_version *before,
                                     const struct ds_version *after)
{
    for (uint32_t i = 0; i < before->n_territories; i++) {
        const struct ds_territory *old = &before->territories[i];
        const struct ds_territory *now = ds_find_territory(after, old->id);
        if (!now || now->partition != old->partition) return old->id;
    }
    return NULL;
}

/* The version in place of `number`. What a clock was recorded under and what it is judged by are
 * two versions: two numbers. */
static int make(struct cli *cli, const struct past *past, const struct rules_files *files,
                uint32_t number, struct side *side)
{
    const struct ds_version *before = past->recorded.versions[number];
    const struct ds_version *made =
        rules_compile(cli, files, DS_VERSIONS_MAX + number, DS_PARTITIONS_MAX);

    if (!made) return EXIT_REJECTED;
    side->versions[number] = made;
    const char *missing = missing_territory(before, made);
    return missing ? cli_fail(cli, EXIT_REJECTED, SAID_TERRITORY_GONE, missing) : EXIT_FINE;
}

/* The same two texts make the same rules: most installations change one at a time. */
static const struct ds_version *made_before(const struct past *past, const struct side *side,
                                            uint32_t number, bool any)
{
    for (uint32_t v = 1; v < number; v++)
        if (side->versions[v] &&
            (any || strcmp(past->directories[v], past->directories[number]) == 0))
            return side->versions[v];
    return NULL;
}

/* The directory of one recorded version, in place of the one that was asked for: none. */
static void take_directory(const struct past *past, uint32_t number, struct rules_files *files)
{
    files->directory = past->directories[number];
    files->directory_len = strlen(files->directory);
    snprintf(files->directory_path, sizeof files->directory_path, "directory.yaml");
}

int side_under(struct cli *cli, const struct past *past, const struct rules_files *asked,
               struct side *ret)
{
    struct rules_files files = *asked; /* borrowed texts */
    bool warned = cli->json;

    *ret = (struct side){.past = past, .owned = true};
    for (uint32_t v = 1; v < DS_VERSIONS_MAX; v++) {
        if (!past->recorded.versions[v]) continue;
        ret->versions[v] = made_before(past, ret, v, asked->directory != NULL);
        if (ret->versions[v]) continue;
        if (!asked->directory) take_directory(past, v, &files);
        int code = make(cli, past, &files, v, ret);
        if (code != EXIT_FINE) return code;
        if (!warned) rules_warn(cli, &files, ret->versions[v]);
        warned = true;
    }
    return EXIT_FINE;
}

void side_finish(struct side *side)
{
    for (uint32_t v = 1; v < DS_VERSIONS_MAX && side->owned; v++) {
        const struct ds_version *version = side->versions[v];
        for (uint32_t w = v; version && w < DS_VERSIONS_MAX; w++)
            if (side->versions[w] == version) side->versions[w] = NULL;
        ds_version_destroy((struct ds_version *)version);
    }
    archive_finish(&side->books);
    *side = (struct side){0};
}
