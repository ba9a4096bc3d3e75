/* SPDX-License-Identifier: MIT
 *
 * Of a recorded run: what the ledger did because somebody asked it to, done again. */
#ifndef DOORSTEP_REPLAY_FOLLOW_H
#define DOORSTEP_REPLAY_FOLLOW_H

#include "doorstep/archive.h"
#include "engine/world.h"

/* What people ask of the ledger (about a proposal, an entry, an obligation) is answered by what
 * stands there when it is asked. That answer was given to them: it is a decision like an offer, and
 * not made again. */
bool replay_is_of_manager(int type);

/* The ledger's deadlines, but that no proposal expires: whoever confirmed it was in time. */
void replay_keep_proposals(struct ds_part *part, const struct ds_entity *entity,
                           enum ds_due_kind kind, int64_t due_ms, struct ds_out *out);

/* Carries out in one partition what the ledger did for the manager, in its order, on the proposals
 * and entries that were made anew. made: what the replay has said so far. */
void replay_follow_manager(struct ds_world *world, const struct archive *recorded, uint32_t p,
                           const struct archive *made);

#endif
