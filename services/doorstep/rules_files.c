/* SPDX-License-Identifier: MIT */
#include "doorstep/rules_files.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rulebook/rulebook.h"

enum { READ_MAX = 64 * 1024 * 1024 }; /* the bound on rules is checked with all others */

int rules_read_two(struct cli *cli, const char *rulebook, const char *directory,
                   struct rules_files *ret)
{
    *ret = (struct rules_files){0};
    snprintf(ret->rulebook_path, sizeof ret->rulebook_path, "%s", rulebook);
    snprintf(ret->directory_path, sizeof ret->directory_path, "%s", directory);
    ret->rulebook = cli_read_file(cli, rulebook, READ_MAX, &ret->rulebook_len);
    ret->directory = cli_read_file(cli, directory, READ_MAX, &ret->directory_len);
    if (ret->rulebook && ret->directory) return EXIT_FINE;
    rules_finish(ret);
    return EXIT_USAGE;
}

int rules_read_one(struct cli *cli, const char *rulebook, const char *directory,
                   struct rules_files *ret)
{
    if (directory) return rules_read_two(cli, rulebook, directory, ret);
    *ret = (struct rules_files){0};
    snprintf(ret->rulebook_path, sizeof ret->rulebook_path, "%s", rulebook);
    ret->rulebook = cli_read_file(cli, rulebook, READ_MAX, &ret->rulebook_len);
    return ret->rulebook ? EXIT_FINE : EXIT_USAGE;
}

int rules_read_one_of(struct cli *cli, const char *name, const char *directory,
                      struct rules_files *ret)
{
    struct stat found;
    char rulebook[1024];

    if (stat(name, &found) != 0 || !S_ISDIR(found.st_mode))
        return rules_read_one(cli, name, directory, ret);
    snprintf(rulebook, sizeof rulebook, "%s/rulebook.yaml", name);
    return rules_read_one(cli, rulebook, directory, ret);
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

static void put(json_t *object, const char *name, const char *text)
{
    if (text[0]) json_object_set_new(object, name, json_string(text));
}

/* One problem as a line of JSON; what has nothing to say is left out. */
static void print_json(const struct ds_problem *problem, bool warning)
{
    json_t *object = json_object();
    char text[1024];

    if (warning) put(object, "level", "warning");
    put(object, "file", problem->file);
    json_object_set_new(object, "line", json_integer(problem->line));
    json_object_set_new(object, "column", json_integer(problem->column));
    put(object, "code", problem->code);
    put(object, "path", problem->path);
    put(object, "found", problem->found);
    put(object, "expected", problem->expected);
    put(object, "did_you_mean", problem->suggestion);
    ds_problem_sentence(text, sizeof text, problem, 0);
    put(object, "text", text);
    ds_problem_sentence(text, sizeof text, problem, 1);
    put(object, "text_zh", text);
    char *line = json_dumps(object, JSON_COMPACT);
    if (!line) abort();
    printf("%s\n", line);
    free(line);
    json_decref(object);
}

/* By the paths of the files that were read. */
static void print_problems(struct cli *cli, const struct rules_files *files,
                           const struct ds_problems *problems, bool warnings)
{
    char line[1024];

    for (uint32_t i = 0; i < problems->n; i++) {
        struct ds_problem problem = problems->list[i];
        if (strcmp(problem.file, "rulebook.yaml") == 0) problem.file = files->rulebook_path;
        if (strcmp(problem.file, "directory.yaml") == 0) problem.file = files->directory_path;
        if (cli->json) {
            print_json(&problem, warnings);
            continue;
        }
        ds_problem_format(line, sizeof line, &problem, cli->lang == DS_ZH);
        fprintf(stderr, "%s%s\n", warnings ? ds_word(cli->lang, DS_WORD_WARNING) : "", line);
    }
    if (problems->more) cli_tell(cli, SAID_MORE_PROBLEMS, problems->more);
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
    if (!version) print_problems(cli, files, &problems, false);
    return version;
}

uint32_t rules_warn(struct cli *cli, const struct rules_files *files,
                    const struct ds_version *version)
{
    static struct ds_problems warnings; /* large */

    ds_version_lint(version, files->rulebook, files->rulebook_len, &warnings);
    print_problems(cli, files, &warnings, true);
    return warnings.n;
}
