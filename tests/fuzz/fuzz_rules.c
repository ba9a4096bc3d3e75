/* SPDX-License-Identifier: MIT
 *
 * rulebook.yaml (first byte even) or directory.yaml (odd) beside the shipped other one: refused
 * with problems, or a version that compiles. */
#include "fuzz.h"
#include "rulebook/rulebook.h"

enum { TEXT_MAX = 256 * 1024, PARTITIONS = 16 };

struct text {
    char bytes[TEXT_MAX];
    size_t len;
};

static struct text shipped[2];

static void read_shipped(struct text *text, const char *path)
{
    FILE *file = fopen(path, "rb");

    FUZZ_MUST(file);
    text->len = fread(text->bytes, 1, sizeof text->bytes, file);
    fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct ds_problems problems; /* large */
    const char *texts[2] = {shipped[0].bytes, shipped[1].bytes};
    size_t lens[2] = {shipped[0].len, shipped[1].len}, packed_len;
    uint8_t *packed = NULL;
    char hash[65], line[1024];

    if (!shipped[0].len) {
        read_shipped(&shipped[0], DS_SOURCE_DIR "/deploy/rulebook.yaml");
        read_shipped(&shipped[1], DS_SOURCE_DIR "/deploy/directory.yaml");
        return 0;
    }
    if (len == 0) return 0;
    texts[bytes[0] & 1] = (const char *)bytes + 1;
    lens[bytes[0] & 1] = len - 1;
    problems = (struct ds_problems){0};
    if (ds_version_make(texts[0], lens[0], texts[1], lens[1], PARTITIONS, &packed, &packed_len,
                        hash, &problems) == 0) {
        struct ds_version *version =
            ds_version_compile(packed, packed_len, 1, PARTITIONS, &problems);
        FUZZ_MUST(version);
        ds_version_destroy(version);
        free(packed);
    } else {
        FUZZ_MUST(problems.n > 0);
    }
    for (uint32_t i = 0; i < problems.n; i++)
        FUZZ_MUST(ds_problem_format(line, sizeof line, &problems.list[i], (int)i % 2) > 0);
    return 0;
}
