/* SPDX-License-Identifier: MIT
 *
 * What reports measure against, and the makers whose designated repair point the department is
 * (R4). Nothing is judged by any of it, so all of it may be left out. */
#include "rulebook/build.h"

static const char *const keys[] = {"repair_cost_target", NULL};

void rb_read_reports(struct rb_build *b)
{
    struct ds_yaml *doc = b->rulebook;
    const struct ds_yaml_node *node = ds_yaml_get(ds_yaml_root(doc), "reports");

    if (!node || !ds_yaml_mapping(doc, node, keys)) return;
    (void)ds_yaml_money(doc, ds_yaml_get(node, "repair_cost_target"),
                        &b->v->repair_cost_target_fen);
}

size_t rb_makers_bytes(const struct rb_build *b)
{
    return RB_BYTES(ds_yaml_count(ds_yaml_get(ds_yaml_root(b->directory), "makers")), const char *);
}

void rb_read_makers(struct rb_build *b)
{
    const struct ds_yaml_node *list = ds_yaml_get(ds_yaml_root(b->directory), "makers");
    const uint32_t count = list ? rb_list(b->directory, list, DS_MAKERS_MAX) : 0;
    const char **makers = rb_take(b, count, sizeof(*makers));

    for (uint32_t i = 0; i < count; i++) {
        const struct ds_yaml_node *item = ds_yaml_item(list, i);
        const char *name = NULL;
        if (!rb_yaml_short_text(b->directory, item, &name)) continue;
        if (!rb_is_new(b->directory, item, name, makers, b->v->n_makers, sizeof(*makers))) continue;
        makers[b->v->n_makers++] = rb_keep(b, name);
    }
    b->v->makers = makers;
}
