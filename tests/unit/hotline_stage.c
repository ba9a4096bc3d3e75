/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calendar_plan.h"
#include "hotline_stage.h"

enum { H = 3600000 };

/* ---- the rules ---- */

static struct table hours;
static const struct ds_territory territories[] = {
    {.id = "county", .partition = 7, .calendar = &hours.cal},
    {.id = "river", .partition = 7, .calendar = &hours.cal},
};
static const struct ds_person people[] = {
    {.id = "lin", .account_key = "person:lin"},
    {.id = "liu", .role = DS_ROLE_MANAGER, .account_key = "person:liu"},
    {.id = "tan", .account_key = "person:tan"},
    {.id = "zhou", .account_key = "person:zhou"},
};
static const struct ds_person *const lin_zhou[] = {&people[0], &people[3]};
static const struct ds_person *const zhou_lin[] = {&people[3], &people[0]};
static const struct ds_person *const only_tan[] = {&people[2]};
static const struct ds_roster_row roster[] = {
    {&territories[0], 0, 99999, 0x3F, false, 8 * H, 12 * H, 2, lin_zhou},
    {&territories[0], 0, 99999, 0x3F, false, 14 * H, 18 * H, 1, zhou_lin},
    {&territories[1], 0, 99999, 0x3F, false, 8 * H, 12 * H, 1, only_tan},
};
static const struct ds_roster_row new_roster[] = {
    {&territories[0], 0, 99999, 0x3F, false, 8 * H, 18 * H, 2, zhou_lin},
    {&territories[1], 0, 99999, 0x3F, false, 8 * H, 12 * H, 1, only_tan},
};

static struct ds_version old_rules = {.number = 1,
                                      .hotline_ring_ms = 20000,
                                      .hotline_occasion_ms = 600000,
                                      .n_territories = 2,
                                      .territories = territories,
                                      .n_people = 4,
                                      .people = people,
                                      .n_roster = 3,
                                      .roster = roster};
static struct ds_version new_rules = {.number = 2,
                                      .hotline_ring_ms = 30000,
                                      .hotline_occasion_ms = 900000,
                                      .n_territories = 2,
                                      .territories = territories,
                                      .n_people = 4,
                                      .people = people,
                                      .n_roster = 2,
                                      .roster = new_roster};
struct ds_version *stage_versions[3] = {NULL, &old_rules, &new_rules};

static const struct ds_version *version_of(void *self, uint32_t number)
{
    (void)self;
    return stage_versions[number];
}

/* ---- the part ---- */

static void begin_part(struct stage *stage)
{
    ds_part_init(&stage->part, &watcher_service, &stage->env, 7);
    stage->part.rulebook = 1;
}

struct stage *stage_new(void)
{
    struct stage *stage = calloc(1, sizeof *stage);

    assert_non_null(stage);
    lay_out(&county, &hours);
    for (int i = 1; i < 3; i++) {
        stage_versions[i]->clocks[DS_CLOCK_HOTLINE].grace_ms = 2 * H;
        stage_versions[i]->clocks[DS_CLOCK_HOTLINE].clause = "7.8";
    }
    ds_env_init(&stage->env, version_of, NULL);
    begin_part(stage);
    return stage;
}

void stage_free(struct stage *stage)
{
    ds_part_finish(&stage->part);
    ds_env_finish(&stage->env);
    free(stage);
}

void stage_restart(struct stage *stage, uint64_t luck)
{
    struct ds_part old = stage->part;

    begin_part(stage);
    uint32_t from = old.table.cap ? (uint32_t)(luck % old.table.cap) : 0;
    for (uint32_t i = 0; i < old.table.cap; i++) {
        const struct ds_entity *entity = old.table.slots[(from + i) % old.table.cap];
        if (!entity || entity->gone) continue;
        assert_null(ds_part_load(&stage->part, entity->key, entity->bytes, entity->len,
                                 ds_dues_first(&entity->dues)));
    }
    ds_part_finish(&old);
}

/* ---- steps ---- */

static void hear(struct oracle *heard, const Ds__Event *event)
{
    const char *id = event->subject;
    int reason = (int)event->reason;

    if (event->body_case == DS__EVENT__BODY_CALL_UNANSWERED) {
        oracle_say(heard, "unanswered %s reason %d rang %lld\n", id, reason,
                   (long long)event->call_unanswered->rang_ms);
    } else if (event->body_case == DS__EVENT__BODY_BREACHED) {
        const Ds__Breached *said = event->breached;
        oracle_say(heard, "breached %s reason %d no %u due %lld late %lld owner %s\n", id, reason,
                   said->verdict_no, (long long)said->due_at_ms, (long long)said->late_ms,
                   said->owner);
    } else if (event->body_case == DS__EVENT__BODY_BREACH_WITHDRAWN) {
        const Ds__BreachWithdrawn *said = event->breach_withdrawn;
        oracle_say(heard, "withdrawn %s reason %d no %u due %lld\n", id, reason, said->verdict_no,
                   (long long)said->due_at_ms);
    } else {
        assert_int_equal(event->body_case, DS__EVENT__BODY_JUDGED);
        const Ds__Judged *said = event->judged;
        oracle_say(heard, "judged %s reason %d verdict %d due %lld stop %lld owner %s rules %u\n",
                   id, reason, (int)said->verdict, (long long)said->due_at_ms,
                   (long long)said->stop_at_ms, said->owner, said->rulebook);
    }
}

static struct ds_out *begin_step(struct stage *stage, int64_t now_ms)
{
    stage->part.now_ms = now_ms;
    stage->heard.n_said = 0;
    stage->heard.text_len = 0;
    stage->heard.text[0] = '\0';
    ds_arena_reset(&stage->env.state_arena);
    ds_out_reset(&stage->env.out);
    return &stage->env.out;
}

static void end_step(struct stage *stage)
{
    for (uint32_t i = 0; i < stage->env.out.n; i++)
        hear(&stage->heard, &stage->env.out.events[i]);
}

void stage_apply(struct stage *stage, const struct ds_event *event, int64_t now_ms)
{
    watch_apply_to_lines(&stage->part, event, begin_step(stage, now_ms));
    end_step(stage);
}

void stage_fire(struct stage *stage, const char *id, int64_t due_ms, int64_t now_ms)
{
    watch_fire_call(&stage->part, id, due_ms, begin_step(stage, now_ms));
    end_step(stage);
}

const char *stage_first(const struct stage *stage, int64_t *ret_due_ms)
{
    const struct ds_entity *entity = ds_table_first(&stage->part.table, DS_HARD);

    if (!entity) return NULL;
    *ret_due_ms = entity->dues.at_ms[DS_HARD];
    return entity->key + 1;
}
