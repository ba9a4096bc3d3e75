/* SPDX-License-Identifier: MIT
 *
 * Reads the system's zone files. A version stores the rows, so this runs where a version is made
 * and never where it is compiled. Never touches TZ, tzset or localtime. */
#include "rulebook/zone.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rulebook/node.h"

#define ZONE_FOLDER "/usr/share/zoneinfo/"

enum { FILE_MAX = 64 * 1024, HEADER = 44, INDEX_MAX = 512 * 1024, NAMES_MAX = 2048 };

/* A week of margin on both sides covers any local day of the window. */
static const int64_t margin_s = 7 * 86400;
static const int64_t min_s = DS_TIME_MIN_MS / DS_SECOND_MS;
static const int64_t max_s = DS_TIME_MAX_MS / DS_SECOND_MS;

bool rb_zone_name_ok(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_+-/";
    const size_t len = strlen(name);
    if (len == 0 || len > DS_ID_MAX || strspn(name, allowed) != len) return false;
    if (name[len - 1] == '/' || strstr(name, "//")) return false;
    /* Lower case begins what is no zone of its own: localtime, posixrules, right/... */
    return name[0] >= 'A' && name[0] <= 'Z';
}

bool rb_zone_add(struct rb_zone *zone, int64_t at_s, int32_t offset_s)
{
    if (offset_s < -RB_ZONE_OFFSET_MAX_S || offset_s > RB_ZONE_OFFSET_MAX_S) return false;
    if (at_s >= max_s + margin_s) return true;
    const int64_t begin_s = min_s - margin_s;
    const int64_t at_ms = (at_s > begin_s ? at_s : begin_s) * DS_SECOND_MS;
    if (zone->n > 0) {
        if (zone->offset_s[zone->n - 1] == offset_s) return true;
        if (at_ms < zone->at_ms[zone->n - 1]) return false;
        if (at_ms == zone->at_ms[zone->n - 1]) { /* the row before lasted no time */
            zone->n--;
            if (zone->n > 0 && zone->offset_s[zone->n - 1] == offset_s) return true;
        }
    }
    if (zone->n == RB_ZONE_ROWS_MAX) return false;
    zone->at_ms[zone->n] = at_ms;
    zone->offset_s[zone->n++] = offset_s;
    return true;
}

/* ---- TZif ---- */

static int64_t big_endian(const uint8_t *at, size_t size)
{
    uint64_t value = at[0] >= 0x80 ? UINT64_MAX : 0; /* keeps the sign of short ones */
    for (size_t i = 0; i < size; i++)
        value = value << 8 | at[i];
    return (int64_t)value;
}

struct header {
    uint64_t n_isut;
    uint64_t n_isstd;
    uint64_t n_leap;
    uint64_t n_times;
    uint64_t n_types;
    uint64_t n_chars;
};

static bool read_header(const uint8_t *at, size_t len, struct header *ret)
{
    if (len < HEADER || memcmp(at, "TZif", 4) != 0 || at[4] < '2') return false;
    uint64_t counts[6];
    for (size_t i = 0; i < 6; i++) {
        const int64_t count = big_endian(at + 20 + i * 4, 4);
        if (count < 0 || count > FILE_MAX) return false;
        counts[i] = (uint64_t)count;
    }
    *ret = (struct header){counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
    return ret->n_types >= 1 && ret->n_leap == 0;
}

static size_t body_size(const struct header *h, size_t time_size)
{
    return h->n_times * time_size + h->n_times + h->n_types * 6 + h->n_chars +
           h->n_leap * (time_size + 4) + h->n_isstd + h->n_isut;
}

static bool read_times(const uint8_t *body, const struct header *h, struct rb_zone *zone,
                       int64_t *ret_last_s)
{
    const uint8_t *times = body;
    const uint8_t *which = times + h->n_times * 8;
    const uint8_t *types = which + h->n_times;
    int64_t last_s = INT64_MIN;
    if (!rb_zone_add(zone, INT64_MIN, (int32_t)big_endian(types, 4))) return false;
    for (size_t i = 0; i < h->n_times; i++) {
        const int64_t at_s = big_endian(times + i * 8, 8);
        if (which[i] >= h->n_types || at_s <= last_s) return false;
        const int64_t offset_s = big_endian(types + which[i] * 6, 4);
        if (!rb_zone_add(zone, at_s, (int32_t)offset_s)) return false;
        last_s = at_s;
    }
    *ret_last_s = last_s;
    return true;
}

/* The footer between two newlines; false when it is not there or too long. */
static bool read_footer(const uint8_t *at, size_t len, char *buf, size_t size)
{
    if (len < 2 || at[0] != '\n') return false;
    const uint8_t *end = memchr(at + 1, '\n', len - 1);
    if (!end || (size_t)(end - at) > size) return false;
    const size_t n = (size_t)(end - at) - 1;
    memcpy(buf, at + 1, n);
    buf[n] = '\0';
    return strlen(buf) == n;
}

bool rb_zone_from_tzif(const uint8_t *bytes, size_t len, struct rb_zone *ret)
{
    struct header h;
    char rule[64];
    int64_t last_s = 0;
    if (len > FILE_MAX || !read_header(bytes, len, &h)) return false;
    const size_t first = HEADER + body_size(&h, 4); /* the 32-bit half is only for old readers */
    if (first > len || !read_header(bytes + first, len - first, &h)) return false;
    const uint8_t *body = bytes + first + HEADER;
    const size_t left = len - first - HEADER;
    const size_t size = body_size(&h, 8);
    if (size > left || !read_footer(body + size, left - size, rule, sizeof(rule))) return false;
    ret->n = 0;
    return read_times(body, &h, ret, &last_s) && rb_zone_add_rule(ret, rule, last_s);
}

/* ---- files ---- */

/* Whole file of at most max bytes; *ret_len = 0 and NULL when there is none. */
static uint8_t *read_file(const char *path, size_t max, size_t *ret_len)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    uint8_t *bytes = rb_alloc(max + 1, 1);
    size_t len = 0;
    ssize_t got = 0;
    while (len < max && (got = read(fd, bytes + len, max - len)) > 0)
        len += (size_t)got;
    (void)close(fd);
    if (got >= 0 && len > 0) {
        *ret_len = len;
        return bytes;
    }
    free(bytes); /* a folder, for instance */
    return NULL;
}

bool rb_zone_expand(const char *name, struct rb_zone *ret)
{
    char path[sizeof(ZONE_FOLDER) + DS_ID_MAX];
    size_t len = 0;
    if (!rb_zone_name_ok(name)) return false;
    (void)snprintf(path, sizeof(path), ZONE_FOLDER "%s", name);
    uint8_t *bytes = read_file(path, FILE_MAX, &len);
    if (!bytes) return false;
    const bool good = rb_zone_from_tzif(bytes, len, ret);
    free(bytes);
    if (good) (void)snprintf(ret->name, sizeof(ret->name), "%s", name);
    return good;
}

/* Names stand in tzdata.zi as "Z name ..." and "L target name". */
static char *zone_name_of_line(char *line)
{
    if (line[0] != 'Z' && line[0] != 'L') return NULL;
    char *save = NULL;
    (void)strtok_r(line, " ", &save);
    char *word = strtok_r(NULL, " ", &save);
    return line[0] == 'L' ? strtok_r(NULL, " ", &save) : word;
}

void rb_zone_suggest(const char *name, char *buf, size_t size)
{
    size_t len = 0;
    buf[0] = '\0';
    char *text = (char *)read_file(ZONE_FOLDER "tzdata.zi", INDEX_MAX, &len);
    if (!text) return;
    const char **names = rb_alloc(NAMES_MAX, sizeof(*names));
    uint32_t n = 0;
    char *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line && n < NAMES_MAX;
         line = strtok_r(NULL, "\n", &save)) {
        const char *known = zone_name_of_line(line);
        if (known) names[n++] = known;
    }
    const char *near = rb_nearest(name, names, n, sizeof(*names));
    if (near) rb_copy_text(buf, size, near);
    free(names);
    free(text);
}
