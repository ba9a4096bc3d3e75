/* SPDX-License-Identifier: MIT
 *
 * `doorstep prove`: what one ledger entry hangs on, as a directory that proves it elsewhere. */
#include <sodium.h>
#include <string.h>

#include "doorstep/bundle.h"

enum { OPT_OUT, OPT_TO_HEAD };

static void print(const struct cli *cli, const struct found_proof *found,
                  const struct bundle_out *out, const char *seal)
{
    const struct chain_link *head = &found->chain.links[found->chain.n - 1];
    const struct chain_link *link = chain_find(&found->chain, found->entry->seq);
    const Ds__Entry *entry = found->entry->entry;
    char hash[BUNDLE_HEX], yuan[32];

    sodium_bin2hex(hash, sizeof hash, head->hash, sizeof head->hash);
    cli_yuan(yuan, entry->amount_fen);
    if (cli->json) {
        cli_print_object(json_pack("{ss sI sI sI sI ss ss}", "entry", entry->key, "files",
                                   (json_int_t)out->files, "bytes", (json_int_t)out->bytes,
                                   "position", (json_int_t)link->position, "entries",
                                   (json_int_t)head->position, "head", hash, "seal", seal));
        return;
    }
    cli_print(cli, SAID_PROVED, entry->key, yuan, out->files, out->bytes, out->dir,
              found->chain.partition, (unsigned long long)link->position,
              (unsigned long long)head->position, hash, seal);
}

static int prove(struct cli *cli, redisContext *redis, uint32_t partitions)
{
    static struct found_proof found; /* large */
    struct bundle_out out = {.cli = cli, .dir = cli->values[OPT_OUT]};
    char seal[BUNDLE_HEX];

    int code =
        prove_find(cli, redis, partitions, cli->argv[0], cli->values[OPT_TO_HEAD] != NULL, &found);
    if (code == EXIT_FINE && !chain_find(&found.chain, found.entry->seq))
        code = cli_fail(cli, EXIT_REJECTED, SAID_NOT_BOOKED, cli->argv[0]);
    if (code == EXIT_FINE) {
        const struct proof proof = {.key = found.entry->entry->key,
                                    .partition = found.what.partition,
                                    .archive = &found.archive,
                                    .chain = &found.chain,
                                    .mark_ms = found.mark_ms,
                                    .story = {found.story[0], found.story[1]}};
        code = bundle_write(&out, redis, &proof, seal);
    }
    if (code == EXIT_FINE) print(cli, &found, &out, seal);
    prove_finish(&found);
    return code;
}

static int run(struct cli *cli)
{
    struct rt_conf conf;

    if (!cli->values[OPT_OUT]) return cli_fail(cli, EXIT_USAGE, SAID_OUT);
    if (!strchr(cli->argv[0], '/') || strlen(cli->argv[0]) > DS_KEY_MAX)
        return cli_fail(cli, EXIT_USAGE, SAID_PROVE_WHAT, cli->argv[0]);
    int code = cli_conf(cli, &conf);
    redisContext *redis = code == EXIT_FINE ? store_open(cli, &conf) : NULL;
    if (code == EXIT_FINE && !redis) code = EXIT_UNAVAILABLE;
    if (code == EXIT_FINE) code = prove(cli, redis, (uint32_t)conf.partitions);
    if (redis) redisFree(redis);
    return code;
}

static const struct option_spec options[] = {
    [OPT_OUT] = {"--out", "DIR", "a new directory for the proof"},
    [OPT_TO_HEAD] = {"--to-head", NULL,
                     "with the lines after it, whoever they are about: the chain can be followed"},
    {NULL, NULL, NULL},
};

const struct command command_prove = {
    .name = "prove",
    .arguments = "ENTRY",
    .summary = "all that one ledger entry hangs on, to be checked elsewhere",
    .details =
        "  doorstep prove 7.1/person:wang/T007-6/dispatch#1 --out /tmp/proof\n"
        "  doorstep replay --recorded /tmp/proof --seal DIGEST\n\n"
        "ENTRY is the key of a line of the ledger, or its cause alone (T007-6/dispatch#1) if that "
        "is "
        "of\n"
        "no other; a reversal is a line, too. Written are the events of the\n"
        "ticket, call or sheet it is about and those that its verdict and booking go by, from all "
        "five\n"
        "journals; the rulebook versions; the story in both languages; its place in the hash "
        "chain, with\n"
        "the hashes up to the head. A ticket's own customer is in it, and who complained about "
        "its visits;\n"
        "no other customer is. Who works where is (the directory belongs to the rules).\n\n"
        "MANIFEST knows each piece of each file; `replay --recorded` names what was changed. Its "
        "digest,\n"
        "the seal, is printed here: keep it apart from the proof, as you keep a printed head of "
        "the chain\n"
        "(`doorstep ledger verify`), for `replay --seal` and, of a\n"
        "proof made with --to-head, `--head`.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = options,
    .run = run,
};
