/* SPDX-License-Identifier: MIT */
#include "gateway/recall.h"

#include <stdlib.h>

#include "gateway/gateway.h"
#include "wire/batch.h"
#include "wire/json.h"

struct recall {
    struct commands *commands;
    enum ds_source owner;
    uint32_t partition;
    uint64_t seq; /* intake's event */
    /* the first batch that has applied it ends at low or behind it, and before high */
    uint64_t low, middle, high;
};

static void end(struct recall *recall)
{
    recall->commands->n_recalls--;
    free(recall);
}

static void tell(void *self, enum ds_source source, uint32_t partition, uint64_t seq,
                 uint32_t rulebook, Ds__Event *event)
{
    struct recall *recall = self;

    (void)source, (void)seq, (void)rulebook;
    if (event->body_case == DS__EVENT__BODY_OUTCOME && event->cause &&
        event->cause->source == DS__SOURCE__NAME__INTAKE && event->cause->seq == recall->seq)
        command_told(recall->commands, partition, recall->seq, ds_json_of(&event->base));
}

static void on_batch(void *self, uint32_t tag, redisReply *reply);

static void ask(struct recall *recall)
{
    struct feed *feed = &recall->commands->gateway->feed;

    recall->middle = recall->low + (recall->high - recall->low) / 2;
    if (!feed_read(feed, recall->owner, recall->partition, recall->middle - 1, 1, on_batch, recall))
        end(recall);
}

static void on_batch(void *self, uint32_t tag, redisReply *reply)
{
    struct recall *recall = self;
    struct ds_arena *arena = &recall->commands->gateway->feed.arena;
    struct ds_batch_peek peek;
    size_t batches;

    (void)tag;
    if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 1) return end(recall);
    const redisReply *fields = reply->element[0]->element[1];
    const redisReply *bytes = fields->elements == 2 ? fields->element[1] : NULL;
    if (!bytes ||
        ds_batch_peek((const uint8_t *)bytes->str, bytes->len, arena, &peek) != DS_BATCH_FINE)
        return end(recall);
    if (recall->low == recall->high) {
        feed_each(arena, reply, 0, UINT64_MAX, tell, recall, &batches);
        return end(recall);
    }
    if (peek.applied[DS_INTAKE] >= recall->seq)
        recall->high = recall->middle;
    else
        recall->low = peek.last + 1;
    ask(recall); /* not decided yet: there is no batch at the end, and the feed will bring it */
}

void recall_start(struct commands *commands, enum ds_source owner, uint32_t partition, uint64_t seq)
{
    struct recall *recall;

    if (commands->n_recalls == RECALLS_MAX || !(recall = calloc(1, sizeof *recall))) return;
    commands->n_recalls++;
    *recall = (struct recall){.commands = commands,
                              .owner = owner,
                              .partition = partition,
                              .seq = seq,
                              .low = 1,
                              .high = commands->gateway->feed.journals[owner][partition].tail + 1};
    ask(recall);
}
