/* SPDX-License-Identifier: MIT
 *
 * A proof of one ledger entry (`doorstep prove`): a directory of parts of the journals, rulebook
 * versions, the chain and the story, from which `doorstep replay --recorded` reaches the same entry
 * elsewhere. MANIFEST lists every file piece by piece, with a digest of each piece, so that what
 * was changed can be named; each of its own lines ends with a digest of that line.
 *
 *   prove_find.c      which events an entry hangs on       bundle_write.c    the files
 *   bundle_chain.c    its place in the hash chain          bundle_check.c    what was changed?
 *   bundle_piece.c    what a piece is called               bundle_replay.c   judging it anew
 *   cmd_prove.c       the command */
#ifndef DOORSTEP_BUNDLE_H
#define DOORSTEP_BUNDLE_H

#include "doorstep/explain.h"
#include "doorstep/export_read.h"
#include "wire/buf.h"

#define BUNDLE_MANIFEST "MANIFEST"
#define BUNDLE_FORMAT   "doorstep-proof 1"
#define BUNDLE_CHAIN    "chain.txt"

enum {
    BUNDLE_HASH = 32,       /* bytes of a digest */
    BUNDLE_HEX = 65,        /* the same in hex, with its NUL */
    BUNDLE_SHORT = 8,       /* bytes of the digest of a piece or a line */
    BUNDLE_SHORT_HEX = 17,  /* */
    BUNDLE_FILES_MAX = 300, /* five journals, the chain, the stories, versions */
    BUNDLE_NAME_MAX = 96,
    BUNDLE_BYTES_MAX = 256 * 1024 * 1024, /* of all files */
};

/* ---- the chain ---- */

/* One position of a partition's chain. */
struct chain_link {
    uint64_t position; /* from 1; 0: before the first */
    uint64_t seq;      /* of the ledger's event */
    uint8_t hash[BUNDLE_HASH];
    uint8_t *entry; /* owned; NULL: this line's bytes are not here */
    size_t entry_len;
};

struct chain {
    uint32_t partition;
    struct chain_link *links; /* owned; positions without gap, seq rising, up to the head */
    size_t n;
    size_t cap;
};
void chain_finish(struct chain *chain);
struct chain_link *chain_add(struct chain *chain);

/* The line that the ledger said with this event; NULL. */
const struct chain_link *chain_find(const struct chain *chain, uint64_t seq);

/* Does each line's hash follow from the one before, as far as lines are here (in the chain or among
 * the archive's entries)? Returns how many links were looked at; *ret_broken: first position that
 * does not follow, or is not that of the archive's entry; 0: none. */
size_t chain_check(const struct chain *chain, const struct archive *archive, uint64_t *ret_broken);

/* "POSITION SEQ HASH [ENTRY]" a line, after "partition N". */
void chain_print(FILE *to, const struct chain *chain);
bool chain_parse(const char *text, size_t len, struct chain *ret);

/* ---- writing ---- */

struct bundle_out {
    struct cli *cli;
    const char *dir;
    struct ds_buf manifest;
    struct ds_buf file;   /* the one at hand */
    struct ds_buf pieces; /* its lines of the manifest, each ends with a NUL */
    char name[BUNDLE_NAME_MAX];
    size_t files;
    size_t bytes;
};

/* What a bundle is made of. */
struct proof {
    const char *key; /* of the entry */
    uint32_t partition;
    const struct archive *archive; /* the events that it hangs on, sorted */
    const struct chain *chain;
    int64_t mark_ms; /* as far as the watcher had come */
    char *story[2];  /* by enum ds_lang */
};

/* Writes the directory. 0 or an exit code; *ret_seal: digest of the manifest, in hex. */
int bundle_write(struct bundle_out *out, redisContext *redis, const struct proof *proof,
                 char ret_seal[BUNDLE_HEX]);

/* ---- looking it over ---- */

struct bundle {
    char key[DS_KEY_MAX + 1];
    char seal[BUNDLE_HEX];
    size_t files;
    size_t bytes;
};

/* *ret_is: is this directory a proof? 0, or an exit code if it cannot be read or is what is left of
 * one. */
int bundle_find(struct cli *cli, const char *dir, bool *ret_is);

/* Reads everything, byte by byte; says what is changed, cut, missing or too much. 0, or an exit
 * code. */
int bundle_check(struct cli *cli, const char *dir, struct bundle *ret);

/* What a piece is called in the manifest, in the reader's language. */
const char *bundle_piece(enum ds_lang lang, const char *what, char buf[512]);

/* Hex digests. */
void bundle_digest(const void *bytes, size_t len, char ret[BUNDLE_HEX]);
void bundle_short_digest(const void *bytes, size_t len, char ret[BUNDLE_SHORT_HEX]);

/* ---- replaying it ---- */

struct bundle_asked {
    const char *out;  /* directory for the results; NULL: none */
    const char *seal; /* digest that the manifest must have; NULL: any */
    const char *head; /* hash that must be one of the chain's; NULL: none */
    bool statements;
};
int bundle_replay(struct cli *cli, const char *dir, const struct bundle_asked *asked);

/* ---- prove_find.c ---- */

/* All that a ledger entry hangs on, its place in the chain and its story in both languages. id: its
 * key, or its cause if that is of no other. 0 or an exit code. */
struct found_proof {
    struct archive archive;
    struct explain what;
    struct chain chain;
    const struct record *entry; /* that is proved; in the archive */
    int64_t mark_ms;
    char *story[2]; /* owned */
};
int prove_find(struct cli *cli, redisContext *redis, uint32_t partitions, const char *id,
               bool to_head, struct found_proof *ret);
void prove_finish(struct found_proof *found);

#endif
