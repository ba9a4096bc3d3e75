/* SPDX-License-Identifier: MIT
 *
 * doorstep.yaml: refused with a line about it, or values within their bounds. */
#include <unistd.h>

#include "fuzz.h"
#include "runtime/conf.h"

static char dir[] = "/tmp/dsfuzzXXXXXX";
static char path[64];

static void clean_up(void)
{
    unlink(path);
    rmdir(dir);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct rt_conf conf;
    char said[65536] = "";

    if (!path[0]) {
        FUZZ_MUST(mkdtemp(dir));
        snprintf(path, sizeof path, "%s/doorstep.yaml", dir);
        atexit(clean_up);
    }
    FILE *file = fopen(path, "wb");
    FUZZ_MUST(file);
    FUZZ_MUST(len == 0 || fwrite(bytes, 1, len, file) == len);
    fclose(file);
    FILE *err = fmemopen(said, sizeof said, "w");
    FUZZ_MUST(err);
    int status = rt_conf_load(&conf, dir, err);
    fclose(err);
    if (status != 0) {
        FUZZ_MUST(said[0]);
        return 0;
    }
    FUZZ_MUST(conf.partitions >= 1 && conf.partitions <= 256);
    FUZZ_MUST(conf.run[0] == '/' && memchr(conf.run, 0, sizeof conf.run));
    FUZZ_MUST(memchr(conf.redis_socket, 0, sizeof conf.redis_socket));
    FUZZ_MUST(conf.busy_memory_percent >= 10 && conf.busy_memory_percent <= 100);
    return 0;
}
