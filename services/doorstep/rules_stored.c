/* SPDX-License-Identifier: MIT
 *
 * Rules as they were activated, word for word: `doorstep rulebook show`, and what a diff compares
 * with. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/rules_list.h"
#include "doorstep/store_read.h"
#include "wire/json.h"

struct wanted_version {
    uint32_t number;
    struct rules_files *files;
};

static bool take_version(void *self, uint32_t number, const uint8_t *bytes, size_t len)
{
    const struct wanted_version *wanted = self;

    if (number != wanted->number) return true;
    Ds__Version *stored = ds__version__unpack(NULL, len, bytes);
    if (!stored) return false;
    struct rules_files *files = wanted->files;
    files->rulebook = strdup(stored->rulebook ? stored->rulebook : "");
    files->directory = strdup(stored->directory ? stored->directory : "");
    if (!files->rulebook || !files->directory) abort();
    files->rulebook_len = strlen(files->rulebook);
    files->directory_len = strlen(files->directory);
    snprintf(files->rulebook_path, sizeof files->rulebook_path, "rulebook.yaml");
    snprintf(files->directory_path, sizeof files->directory_path, "directory.yaml");
    ds__version__free_unpacked(stored, NULL);
    return true;
}

int rules_read_stored(struct cli *cli, uint32_t number, struct rules_files *files)
{
    struct wanted_version wanted = {number, files};
    struct rt_conf conf;
    int code = cli_conf(cli, &conf);

    if (code == EXIT_FINE && number == 0) code = rules_in_force(cli, &wanted.number);
    if (code != EXIT_FINE) return code;
    redisContext *redis = store_open(cli, &conf);
    if (!redis) return EXIT_UNAVAILABLE;
    code = store_each_version(cli, redis, take_version, &wanted);
    redisFree(redis);
    if (code == EXIT_FINE && !files->rulebook)
        code = cli_fail(cli, EXIT_REJECTED, SAID_NO_SUCH_VERSION, (int)wanted.number);
    return code;
}

bool rules_is_number(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

int rules_show(struct cli *cli, const char *name)
{
    bool newest = !name || strcmp(name, RULES_IN_FORCE) == 0;
    struct rules_files files = {0};

    if (!newest && !rules_is_number(name)) return cli_fail(cli, EXIT_USAGE, SAID_RULEBOOK_WORDS);
    int code = rules_read_stored(cli, newest ? 0 : (uint32_t)strtoul(name, NULL, 10), &files);
    if (code == EXIT_FINE && cli->json)
        cli_print_json(
            json_pack("{ss ss}", "rulebook", files.rulebook, "directory", files.directory));
    else if (code == EXIT_FINE)
        printf("%s", files.rulebook);
    rules_finish(&files);
    return code;
}
