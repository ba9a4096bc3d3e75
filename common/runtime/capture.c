/* SPDX-License-Identifier: MIT
 *
 * Keeps the commit calls as they are sent, for the benchmark's raw loop. Compiled in only with
 * -DDS_CAPTURE=ON; DS_CAPTURE_TO names a directory. One record a flush: number of calls, bytes. */
#include "runtime/rt_priv.h"

#ifdef DS_CAPTURE
#include <stdio.h>
#include <stdlib.h>

static struct {
    FILE *file;
    struct ds_buf buf;
    uint32_t calls;
} capture;

void rt_capture_call(const struct rt *rt, int argc, const char **argv, const size_t *argv_len)
{
    const char *dir = getenv("DS_CAPTURE_TO");
    char path[600], *bytes;

    if (!dir) return;
    if (!capture.file) {
        snprintf(path, sizeof path, "%s/%s.calls", dir, rt->service->name);
        capture.file = fopen(path, "we");
        if (!capture.file) abort();
    }
    long long len = redisFormatCommandArgv(&bytes, argc, argv, argv_len);
    ds_buf_put(&capture.buf, bytes, (size_t)len);
    redisFreeCommand(bytes);
    capture.calls++;
}

void rt_capture_flush(void)
{
    uint32_t head[] = {capture.calls, (uint32_t)capture.buf.len};

    if (capture.calls == 0) return;
    fwrite(head, sizeof head, 1, capture.file);
    fwrite(capture.buf.bytes, 1, capture.buf.len, capture.file);
    capture.buf.len = 0;
    capture.calls = 0;
}

void rt_capture_end(void)
{
    if (capture.file) fclose(capture.file);
    ds_buf_finish(&capture.buf);
}
#else
typedef int rt_capture_is_empty; /* ISO C wants something here */
#endif
