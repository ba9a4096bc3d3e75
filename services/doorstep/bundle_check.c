/* SPDX-License-Identifier: MIT
 *
 * Has anything of a proof been changed, and what? First the manifest, line by line, then each file
 * that it lists, then whether there are others. Damage is named by file, offset and what stands
 * there. Whoever makes new digests for what he changed gets another seal, which is why `prove`
 * prints it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doorstep/bundle.h"
#include "wire/utf8.h"

enum { LINE_END = 2 + 2 * BUNDLE_SHORT }; /* " ~" and the line's digest */

/* Lines of the manifest between which something is looked for. */
struct manifest {
    char *text; /* owned */
    size_t len;
    size_t seal_at; /* where the last line begins */
};

struct checker {
    struct cli *cli;
    const char *dir;
    struct bundle *bundle;
    struct manifest manifest;
    char names[BUNDLE_FILES_MAX][BUNDLE_NAME_MAX];
    size_t n_names;
    int code;
};

int bundle_find(struct cli *cli, const char *dir, bool *ret_is)
{
    struct stat found;
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    *ret_is = false;
    if (fd < 0) return cli_fail(cli, EXIT_REJECTED, SAID_FILE, dir, cli_errno(cli, errno));
    *ret_is = fstatat(fd, BUNDLE_MANIFEST, &found, AT_SYMLINK_NOFOLLOW) == 0;
    bool was = fstatat(fd, BUNDLE_CHAIN, &found, AT_SYMLINK_NOFOLLOW) == 0;
    close(fd);
    return *ret_is || !was ? EXIT_FINE : cli_fail(cli, EXIT_REJECTED, SAID_NO_MANIFEST, dir);
}

/* ---- the manifest ---- */

/* Nothing that a terminal would obey. */
static bool is_text(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f) return false;
    return ds_utf8_clean(text, len);
}

/* Text of the line at `at`, without its digest, in buf. False: the line is not as it was written.
 */
static bool read_line(const struct manifest *manifest, size_t at, char *buf, size_t size,
                      size_t *ret_next)
{
    char hex[BUNDLE_SHORT_HEX];
    const char *text = manifest->text + at;
    const char *stop = memchr(text, '\n', manifest->len - at);
    size_t n = stop ? (size_t)(stop - text) : manifest->len - at;

    *ret_next = at + n + (stop ? 1 : 0);
    if (!stop || n <= LINE_END || n - LINE_END >= size || !is_text(text, n)) return false;
    n -= LINE_END;
    bundle_short_digest(text, n, hex);
    if (memcmp(text + n, " ~", 2) != 0 || memcmp(text + n + 2, hex, 2 * (size_t)BUNDLE_SHORT) != 0)
        return false;
    memcpy(buf, text, n);
    buf[n] = '\0';
    return true;
}

static int bad_line(const struct checker *checker, size_t from, size_t to, unsigned number)
{
    return cli_fail(checker->cli, EXIT_REJECTED, SAID_MANIFEST_LINE, checker->dir, from,
                    to > from ? to - 1 : to, number);
}

/* Every line is what was written, and all of them are what was sealed. */
static int check_manifest(struct checker *checker)
{
    struct manifest *manifest = &checker->manifest;
    char line[512], hex[BUNDLE_HEX];
    size_t at = 0, next = 0;
    unsigned number = 0;

    line[0] = '\0';
    while (at < manifest->len) {
        if (!read_line(manifest, at, line, sizeof line, &next))
            return bad_line(checker, at, next, number + 1);
        number++;
        if (number == 1 && strcmp(line, BUNDLE_FORMAT) != 0)
            return bad_line(checker, at, next, number);
        if (number == 2 && sscanf(line, "entry %252[^\n]", checker->bundle->key) != 1)
            return bad_line(checker, at, next, number);
        manifest->seal_at = at;
        at = next;
    }
    bundle_digest(manifest->text, manifest->seal_at, hex);
    if (strncmp(line, "seal ", 5) != 0 || strcmp(line + 5, hex) != 0)
        return cli_fail(checker->cli, EXIT_REJECTED, SAID_MANIFEST_SEAL, checker->dir);
    snprintf(checker->bundle->seal, sizeof checker->bundle->seal, "%s", hex);
    return EXIT_FINE;
}

/* ---- a file ---- */

/* No way out of the directory. */
static bool is_name(const char *name)
{
    size_t n = strspn(name, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_/");

    return n == strlen(name) && n > 0 && name[0] != '/' && !strstr(name, "..");
}

/* Names the first piece that is not as it was. */
static int name_damage(const struct checker *checker, const char *name, const char *bytes,
                       size_t len, size_t at)
{
    const struct manifest *manifest = &checker->manifest;
    char line[512], hex[BUNDLE_HEX], what[256], found[BUNDLE_SHORT_HEX], told[512];
    size_t from, n, next, seen = 0;

    for (; at < manifest->seal_at && read_line(manifest, at, line, sizeof line, &next); at = next) {
        if (sscanf(line, "piece %zu %zu %16[0-9a-f] %255[^\n]", &from, &n, hex, what) != 4) break;
        seen = from + n;
        bundle_piece(checker->cli->lang, what, told);
        if (from > len || n > len - from)
            return cli_fail(checker->cli, EXIT_REJECTED, SAID_PIECE_CUT, checker->dir, name, len,
                            told);
        bundle_short_digest(bytes + from, n, found);
        if (strcmp(found, hex) != 0)
            return cli_fail(checker->cli, EXIT_REJECTED, SAID_PIECE_CHANGED, checker->dir, name,
                            from, from + n - 1, told);
    }
    return cli_fail(checker->cli, EXIT_REJECTED, SAID_PIECE_MORE, checker->dir, name, seen,
                    len - seen);
}

/* line: "file NAME SIZE DIGEST"; at: where the lines of its pieces begin. */
static void check_file(struct checker *checker, const char *line, size_t at)
{
    char path[1024], name[BUNDLE_NAME_MAX], hex[BUNDLE_HEX], found[BUNDLE_HEX];
    size_t size, len = 0;

    if (sscanf(line, "file %95s %zu %64[0-9a-f]", name, &size, hex) != 3 || !is_name(name) ||
        checker->n_names == BUNDLE_FILES_MAX) {
        checker->code = bad_line(checker, at, at, 0);
        return;
    }
    snprintf(checker->names[checker->n_names++], BUNDLE_NAME_MAX, "%s", name);
    snprintf(path, sizeof path, "%s/%s", checker->dir, name);
    char *bytes =
        cli_read_plain(checker->cli, path, BUNDLE_BYTES_MAX - checker->bundle->bytes, &len);
    if (!bytes) {
        checker->code = EXIT_REJECTED;
        return;
    }
    bundle_digest(bytes, len, found);
    checker->bundle->files++;
    checker->bundle->bytes += len;
    if (len != size || strcmp(hex, found) != 0)
        checker->code = name_damage(checker, name, bytes, len, at);
    free(bytes);
}

static void check_files(struct checker *checker)
{
    const struct manifest *manifest = &checker->manifest;
    char line[512];
    size_t at = 0, next = 0;

    for (; at < manifest->seal_at && read_line(manifest, at, line, sizeof line, &next); at = next)
        if (strncmp(line, "file ", 5) == 0) check_file(checker, line, next);
}

/* ---- what else lies there ---- */

static bool is_listed(const struct checker *checker, const char *name)
{
    if (strcmp(name, BUNDLE_MANIFEST) == 0) return true;
    for (size_t i = 0; i < checker->n_names; i++)
        if (strcmp(checker->names[i], name) == 0) return true;
    return false;
}

/* below: "" or "versions". */
static void check_others(struct checker *checker, const char *below)
{
    char path[1024], name[300];
    struct dirent *entry;

    snprintf(path, sizeof path, "%s/%s", checker->dir, below);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    if (!entries)
        checker->code =
            cli_fail(checker->cli, EXIT_REJECTED, SAID_FILE, path, cli_errno(checker->cli, errno));
    while (entries && (entry = readdir(entries))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (!below[0] && strcmp(entry->d_name, "versions") == 0) continue;
        snprintf(name, sizeof name, "%s%s%s", below, below[0] ? "/" : "", entry->d_name);
        if (is_listed(checker, name)) continue;
        checker->code = cli_fail(checker->cli, EXIT_REJECTED, SAID_NOT_LISTED, checker->dir, name);
    }
    if (entries) closedir(entries);
}

int bundle_check(struct cli *cli, const char *dir, struct bundle *ret)
{
    static struct checker checker; /* large */
    char path[1024];

    *ret = (struct bundle){0};
    checker = (struct checker){.cli = cli, .dir = dir, .bundle = ret};
    snprintf(path, sizeof path, "%s/" BUNDLE_MANIFEST, dir);
    checker.manifest.text = cli_read_plain(cli, path, BUNDLE_BYTES_MAX, &checker.manifest.len);
    if (!checker.manifest.text) return EXIT_REJECTED;
    ret->files = 1;
    ret->bytes = checker.manifest.len;
    checker.code = check_manifest(&checker);
    if (checker.code == EXIT_FINE) {
        check_files(&checker);
        check_others(&checker, "");
        check_others(&checker, "versions");
    }
    free(checker.manifest.text);
    return checker.code;
}
