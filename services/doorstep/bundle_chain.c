/* SPDX-License-Identifier: MIT
 *
 * A piece of the ledger's hash chain: chain = BLAKE2b-256(previous chain || entry). The lines of
 * other people are not in a proof unless they are asked for, only the hashes; asked for, they lead
 * to a head that was printed elsewhere. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/bundle.h"

enum { HEAD_MAX = 128 }; /* of a line of chain.txt: two numbers and a hash */

void chain_finish(struct chain *chain)
{
    for (size_t i = 0; i < chain->n; i++)
        free(chain->links[i].entry);
    free(chain->links);
    *chain = (struct chain){0};
}

struct chain_link *chain_add(struct chain *chain)
{
    if (chain->n == chain->cap) {
        chain->cap = chain->cap ? chain->cap * 2 : 64;
        chain->links = realloc(chain->links, chain->cap * sizeof *chain->links);
        if (!chain->links) abort();
    }
    struct chain_link *link = &chain->links[chain->n++];
    *link = (struct chain_link){0};
    return link;
}

static bool follows(const struct chain_link *before, const struct chain_link *link,
                    const uint8_t *entry, size_t len)
{
    uint8_t hash[BUNDLE_HASH];
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, before->hash, sizeof before->hash);
    crypto_generichash_update(&state, entry, len);
    crypto_generichash_final(&state, hash, sizeof hash);
    return memcmp(hash, link->hash, sizeof hash) == 0;
}

const struct chain_link *chain_find(const struct chain *chain, uint64_t seq)
{
    size_t from = 1, to = chain->n; /* the first link is that of another line */

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (chain->links[middle].seq == seq) return &chain->links[middle];
        if (chain->links[middle].seq < seq)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static bool entry_fits(const struct chain *chain, const struct record *record, uint64_t *ret_at)
{
    const Ds__EntryPosted *posted = record->msg->entry_posted;
    const struct chain_link *link = chain_find(chain, record->seq);

    *ret_at = link ? link->position : 1;
    return link && posted->chain.len == BUNDLE_HASH &&
           memcmp(posted->chain.data, link->hash, BUNDLE_HASH) == 0 &&
           follows(link - 1, link, posted->entry.data, posted->entry.len);
}

size_t chain_check(const struct chain *chain, const struct archive *archive, uint64_t *ret_broken)
{
    size_t checked = 0;
    uint64_t at;

    *ret_broken = 0;
    for (size_t i = 0; i < archive->n; i++) {
        const struct record *record = &archive->records[i];
        if (record->msg->body_case != DS__EVENT__BODY_ENTRY_POSTED) continue;
        checked++;
        if (!entry_fits(chain, record, &at) && *ret_broken == 0) *ret_broken = at;
    }
    for (size_t i = 1; i < chain->n; i++) {
        const struct chain_link *link = &chain->links[i];
        if (!link->entry || archive_find(archive, chain->partition, DS_LEDGER, link->seq)) continue;
        checked++;
        if (!follows(link - 1, link, link->entry, link->entry_len) && *ret_broken == 0)
            *ret_broken = link->position;
    }
    return checked;
}

void chain_print(FILE *to, const struct chain *chain)
{
    char hex[BUNDLE_HEX];

    fprintf(to, "partition %u\n", chain->partition);
    for (size_t i = 0; i < chain->n; i++) {
        const struct chain_link *link = &chain->links[i];
        sodium_bin2hex(hex, sizeof hex, link->hash, sizeof link->hash);
        fprintf(to, "%llu %llu %s", (unsigned long long)link->position,
                (unsigned long long)link->seq, hex);
        if (link->entry) fputc(' ', to);
        for (size_t b = 0; link->entry && b < link->entry_len; b++)
            fprintf(to, "%02x", link->entry[b]);
        fputc('\n', to);
    }
}

static bool parse_link(const char *line, size_t len, struct chain *chain)
{
    unsigned long long position, seq;
    const struct chain_link *last = chain->n ? &chain->links[chain->n - 1] : NULL;
    char head[HEAD_MAX], hex[BUNDLE_HEX];
    int used = 0;
    size_t n;

    /* a copy: sscanf measures all that follows, for every line */
    snprintf(head, sizeof head, "%.*s", (int)(len < HEAD_MAX ? len : HEAD_MAX), line);
    if (sscanf(head, "%llu %llu %64[0-9a-f]%n", &position, &seq, hex, &used) != 3) return false;
    if (last && (position != last->position + 1 || seq <= last->seq)) return false;
    struct chain_link *link = chain_add(chain);
    link->position = position;
    link->seq = seq;
    if (sodium_hex2bin(link->hash, sizeof link->hash, hex, strlen(hex), NULL, &n, NULL) != 0 ||
        n != sizeof link->hash)
        return false;
    size_t at = (size_t)used;
    if (at == len) return true;
    link->entry = malloc(len);
    if (!link->entry) abort();
    return line[at] == ' ' && sodium_hex2bin(link->entry, len, line + at + 1, len - at - 1, NULL,
                                             &link->entry_len, NULL) == 0;
}

bool chain_parse(const char *text, size_t len, struct chain *ret)
{
    char head[HEAD_MAX];
    size_t at = 0;

    *ret = (struct chain){0};
    snprintf(head, sizeof head, "%.*s", (int)(len < HEAD_MAX ? len : HEAD_MAX), text);
    if (sscanf(head, "partition %3u", &ret->partition) != 1) return false;
    while (at < len) {
        const char *end = memchr(text + at, '\n', len - at);
        if (!end) return false;
        size_t n = (size_t)(end - text) - at;
        if (at > 0 && !parse_link(text + at, n, ret)) return false;
        at += n + 1;
    }
    return ret->n >= 2;
}
