/* SPDX-License-Identifier: MIT
 *
 * The watcher's lines on a part without anything around it: phone events in, what is said of calls
 * out as text. */
#ifndef DS_TEST_HOTLINE_STAGE_H
#define DS_TEST_HOTLINE_STAGE_H

#include "hotline_oracle.h"
#include "sla-watcher/adapter.h"

/* Territories county (lin and zhou on duty, zhou alone on Thursday afternoon) and river (tan in the
 * morning, nobody in the afternoon); work 08:00-12:00 and 14:00-18:00. Under version 2 it has to
 * ring for 30 s, an occasion lasts 15 minutes, and zhou comes first. */
extern struct ds_version *stage_versions[3];

struct stage {
    struct ds_env env;
    struct ds_part part;
    uint64_t seq;
    struct oracle heard; /* only its text: what the watcher said in this step */
};

struct stage *stage_new(void);
void stage_free(struct stage *stage);

/* Starts again from what was stored, entities in an order that `luck` decides. */
void stage_restart(struct stage *stage, uint64_t luck);

/* The watcher's share of one step; what it says stands in stage->heard. */
void stage_apply(struct stage *stage, const struct ds_event *event, int64_t now_ms);
void stage_fire(struct stage *stage, const char *id, int64_t due_ms, int64_t now_ms);

/* Id of the call with the earliest deadline; NULL if none. */
const char *stage_first(const struct stage *stage, int64_t *ret_due_ms);

#endif
