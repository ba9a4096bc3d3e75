/* SPDX-License-Identifier: MIT */
#include "doorstep/outcomes.h"

#include <stdlib.h>
#include <string.h>

static const enum ds_source owners[] = {DS_DISPATCHER, DS_SURVEY, DS_LEDGER};
enum { OWNERS = sizeof owners / sizeof owners[0] };

static void read_tail(struct outcomes *outcomes, enum ds_source owner, uint32_t partition)
{
    redisReply *tail = NULL;

    if (redisGetReply(outcomes->redis, (void **)&tail) != REDIS_OK) return;
    if (tail->type == REDIS_REPLY_STRING)
        outcomes->seen[owner][partition] = strtoull(tail->str, NULL, 10);
    freeReplyObject(tail);
}

int outcomes_open(struct cli *cli, const struct rt_conf *conf, struct outcomes *outcomes)
{
    outcomes->cli = cli;
    outcomes->redis = store_open(cli, conf);
    if (!outcomes->redis) return EXIT_UNAVAILABLE;
    for (size_t o = 0; o < OWNERS; o++)
        for (uint32_t p = 0; p < (uint32_t)conf->partitions; p++)
            redisAppendCommand(outcomes->redis, "HGET {p%03u}:%s:meta tail", p,
                               ds_source_name(owners[o]));
    for (size_t o = 0; o < OWNERS; o++)
        for (uint32_t p = 0; p < (uint32_t)conf->partitions; p++)
            read_tail(outcomes, owners[o], p);
    return outcomes->redis->err ? cli_fail(cli, EXIT_UNAVAILABLE, "Redis went away") : EXIT_FINE;
}

void outcomes_close(struct outcomes *outcomes)
{
    if (outcomes->redis) redisFree(outcomes->redis);
    archive_finish(&outcomes->archive);
}

enum ds_source outcomes_owner(Ds__Command__BodyCase type)
{
    switch ((int)type) {
    case DS__COMMAND__BODY_ASSIGN:
    case DS__COMMAND__BODY_ACCEPT:
    case DS__COMMAND__BODY_REJECT: return DS_DISPATCHER;
    case DS__COMMAND__BODY_SUBMIT_SHEET:
    case DS__COMMAND__BODY_RECORD_CALLBACK: return DS_SURVEY;
    case DS__COMMAND__BODY_REPORT_VIOLATION:
    case DS__COMMAND__BODY_CONFIRM_PROPOSAL:
    case DS__COMMAND__BODY_REJECT_PROPOSAL:
    case DS__COMMAND__BODY_REVERSE_ENTRY: return DS_LEDGER;
    default: return DS_SOURCE_NONE;
    }
}

int outcomes_read(struct outcomes *outcomes, enum ds_source owner, uint32_t partition)
{
    uint64_t *seen = &outcomes->seen[owner][partition];

    return store_journal(outcomes->cli, outcomes->redis, owner, partition, *seen,
                         &outcomes->archive, seen);
}

const Ds__Event *outcomes_find(const struct outcomes *outcomes, const char *command_id)
{
    for (size_t i = 0; i < outcomes->archive.n; i++) {
        const Ds__Event *msg = outcomes->archive.records[i].msg;
        if (msg->body_case == DS__EVENT__BODY_OUTCOME &&
            strcmp(ds_str(msg->outcome->command_id), command_id) == 0)
            return msg;
    }
    return NULL;
}

void outcomes_forget(struct outcomes *outcomes)
{
    archive_finish(&outcomes->archive);
    outcomes->archive = (struct archive){0};
}
