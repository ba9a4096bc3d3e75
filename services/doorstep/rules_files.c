/* SPDX-License-Identifier: MIT */
#include "doorstep/rules_files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rulebook/rulebook.h"

enum { READ_MAX = 64 * 1024 * 1024 }; /* the bound on rules is checked with all others */

int rules_read_two(struct cli *cli, const char *rulebook, const char *directory,
                   struct rules_files *ret)
{
    *ret = (struct rules_files){0};
    ret->rulebook = cli_read_file(cli, rulebook, READ_MAX, &ret->rulebook_len);
    ret->directory = cli_read_file(cli, directory, READ_MAX, &ret->directory_len);
    if (ret->rulebook && ret->directory) return EXIT_FINE;
    rules_finish(ret);
    return EXIT_USAGE;
}

int rules_read(struct cli *cli, const char *dir, struct rules_files *ret)
{
    char rulebook[1024], directory[1024];

    snprintf(rulebook, sizeof rulebook, "%s/rulebook.yaml", dir);
    snprintf(directory, sizeof directory, "%s/directory.yaml", dir);
    return rules_read_two(cli, rulebook, directory, ret);
}

void rules_finish(struct rules_files *files)
{
    free(files->rulebook);
    free(files->directory);
    *files = (struct rules_files){0};
}

bool rules_beside(const char *file, char *buf, size_t size)
{
    static const char *const places[] = {"", "../"};
    const char *slash = strrchr(file, '/');
    int len = slash ? (int)(slash - file + 1) : 0;
    char path[1024];

    for (int i = 0; i < 2; i++) {
        snprintf(buf, size, "%.*s%s.", len, file, places[i]);
        snprintf(path, sizeof path, "%s/rulebook.yaml", buf);
        if (access(path, R_OK) == 0) return true;
    }
    return false;
}

static void print_problems(struct cli *cli, const struct ds_problems *problems)
{
    char line[1024];

    for (uint32_t i = 0; i < problems->n; i++) {
        ds_problem_format(line, sizeof line, &problems->list[i], cli->lang == DS_ZH);
        fprintf(stderr, "%s\n", line);
    }
    if (problems->more) fprintf(stderr, "... and %u more\n", problems->more);
}

struct ds_version *rules_compile(struct cli *cli, const struct rules_files *files, uint32_t number,
                                 uint32_t partitions)
{
    static struct ds_problems problems; /* large */
    struct ds_version *version = NULL;
    uint8_t *bytes = NULL;
    size_t len = 0;
    char hash[65];

    problems = (struct ds_problems){0};
    if (ds_version_make(files->rulebook, files->rulebook_len, files->directory,
                        files->directory_len, partitions, &bytes, &len, hash, &problems) == 0)
        version = ds_version_compile(bytes, len, number, partitions, &problems);
    free(bytes);
    if (!version) print_problems(cli, &problems);
    return version;
}
