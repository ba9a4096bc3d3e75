/* SPDX-License-Identifier: MIT
 *
 * rulebook.yaml and directory.yaml on disk. */
#ifndef DOORSTEP_RULES_FILES_H
#define DOORSTEP_RULES_FILES_H

#include "doorstep/cli.h"

struct rules_files {
    char *rulebook; /* owned texts, of any size and content until they are compiled */
    char *directory;
    size_t rulebook_len;
    size_t directory_len;
    char rulebook_path[1024]; /* as problems name them */
    char directory_path[1024];
};

/* Reads two files, or those of a directory. 0, or EXIT_USAGE with a message. */
int rules_read_two(struct cli *cli, const char *rulebook, const char *directory,
                   struct rules_files *ret);
/* The same with a directory or without (NULL). */
int rules_read_one(struct cli *cli, const char *rulebook, const char *directory,
                   struct rules_files *ret);
/* A rulebook, or a directory that has one: its rulebook.yaml alone. */
int rules_read_one_of(struct cli *cli, const char *name, const char *directory,
                      struct rules_files *ret);
int rules_read(struct cli *cli, const char *dir, struct rules_files *ret);
void rules_finish(struct rules_files *files);

/* Directory of the rules that belong to a file of commands: beside it, or one level up. Writes to
 * buf; false if neither has them. */
bool rules_beside(const char *file, char *buf, size_t size);

/* Checks both texts and compiles version `number`; prints every problem. NULL on problems. */
struct ds_version *rules_compile(struct cli *cli, const struct rules_files *files, uint32_t number,
                                 uint32_t partitions);

/* Prints what a version that compiles probably does not mean. Returns how much that is. */
uint32_t rules_warn(struct cli *cli, const struct rules_files *files,
                    const struct ds_version *version);

#endif
