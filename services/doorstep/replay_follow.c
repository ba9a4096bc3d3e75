/* SPDX-License-Identifier: MIT */
#include "doorstep/replay_follow.h"

#include <string.h>

#include "penalty-ledger/ledger.h"

bool replay_is_of_manager(int type)
{
    return type == DS_EV_CONFIRM_REQUESTED || type == DS_EV_REJECT_REQUESTED ||
           type == DS_EV_REVERSAL_REQUESTED || type == DS_EV_OBLIGATION_CLOSE_REQUESTED ||
           type == DS_EV_ENTRY_APPEALED || type == DS_EV_APPEAL_DECISION_REQUESTED ||
           type == DS_EV_INSTALMENTS_REQUESTED || type == DS_EV_REJUDGED;
}

void replay_keep_proposals(struct ds_part *part, const struct ds_entity *entity,
                           enum ds_due_kind kind, int64_t due_ms, struct ds_out *out)
{
    if (entity->key[0] != 'Q') return ledger_service.fire(part, entity, kind, due_ms, out);
    Ds__LedgerProposal *proposal = ds_part_unpack(part, entity, &ds__ledger_proposal__descriptor);
    proposal->has_hard_due_ms = 0;
    ds_part_put(part, entity->key, &proposal->base, NULL);
}

/* The verdict that was judged again, as this replay has it. */
static const struct record *made_again(const struct archive *made, const struct record *recorded)
{
    const Ds__Rejudged *wanted = recorded->msg->rejudged;

    for (size_t i = 0; i < made->n; i++) {
        const struct record *found = &made->records[i];
        if (found->partition != recorded->partition ||
            found->msg->body_case != DS__EVENT__BODY_REJUDGED ||
            strcmp(found->msg->subject, recorded->msg->subject) != 0)
            continue;
        const Ds__Rejudged *rejudged = found->msg->rejudged;
        if (rejudged->number == wanted->number &&
            rejudged->before->clock == wanted->before->clock &&
            rejudged->before->n == wanted->before->n)
            return found;
    }
    return NULL;
}

/* What the ledger was asked when it did this; NULL: it did it by itself, or nothing came of it. */
static const struct record *asked_for(const struct archive *recorded, const struct record *answer,
                                      const struct archive *made)
{
    const Ds__EventRef *cause = answer->msg->cause;
    const struct record *asked =
        cause ? archive_find(recorded, answer->partition, (enum ds_source)cause->source, cause->seq)
              : NULL;

    if (!asked || !replay_is_of_manager((int)asked->msg->body_case)) return NULL;
    if (asked->msg->body_case == DS__EVENT__BODY_REJUDGED) return made_again(made, asked);
    return answer->msg->body_case == DS__EVENT__BODY_OUTCOME &&
                   answer->msg->outcome->outcome == DS__OUTCOME_CODE__NAME__APPLIED
               ? asked
               : NULL;
}

void replay_follow_manager(struct ds_world *world, const struct archive *recorded, uint32_t p,
                           const struct archive *made)
{
    struct ds_part *ledger = &world->parts[DS_LEDGER - DS_INTAKE][p];
    uint64_t last = 0; /* several lines may come of one verdict */

    for (size_t i = 0; i < recorded->n; i++) {
        const struct record *answer = &recorded->records[i];
        if (answer->partition != p || answer->source != DS_LEDGER) continue;
        const struct record *asked = asked_for(recorded, answer, made);
        if (!asked || (asked->source == DS_WATCHER && asked->seq == last)) continue;
        if (asked->source == DS_WATCHER) last = asked->seq;
        ds_part_apply_one(ledger, asked->source, asked->seq, asked->msg, asked->rulebook);
        if (!ds_part_room(ledger)) ds_world_advance(world, world->now_ms);
    }
    ds_world_advance(world, world->now_ms);
}
