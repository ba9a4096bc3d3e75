/* SPDX-License-Identifier: MIT
 *
 * What jobs pay by the piece (R3.1, P5.3). The first line that fits a job counts, so the special
 * ones stand before the general ones; a line that can never be reached is a slip. */
#include "rulebook/build.h"

#include <string.h>

static const char *const keys[] = {"kind", "category", "zone", "rate", NULL};
static const char *const kinds[] = {[DS_PIECE_INSTALL] = "install",
                                    [DS_PIECE_REPAIR] = "repair",
                                    [DS_PIECE_SERVICE] = "service",
                                    [DS_PIECE_SYSTEM] = "system",
                                    NULL};
static const char *const zones[] = {"city", "near", "far", NULL};

static const struct ds_yaml_node *list_of(const struct rb_build *b)
{
    return ds_yaml_get(ds_yaml_root(b->rulebook), "piece_rates");
}

size_t rb_piece_rates_bytes(const struct rb_build *b)
{
    return RB_BYTES(ds_yaml_count(list_of(b)), struct ds_piece_rate);
}

static void read_category(struct rb_build *b, const struct ds_yaml_node *node,
                          struct ds_piece_rate *rate)
{
    const char *category = "";
    if (!rb_yaml_short_text(b->rulebook, node, &category)) return;
    rate->category = rb_keep(b, category);
    if (b->v->n_skills == 0) return; /* the list of skills has problems of its own */
    if (ds_find_skill(b->v, category) < 0)
        rb_problem_near(b->rulebook, node, "unknown_skill", "", b->v->skills, b->v->n_skills,
                        sizeof(*b->v->skills));
}

/* Does an earlier line take every job that this one fits? */
static bool is_covered(const struct ds_piece_rate *rates, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (rates[i].kind != rates[n].kind) continue;
        if (rates[i].category[0] && strcmp(rates[i].category, rates[n].category) != 0) continue;
        if (rates[i].zone == DS_ZONE_NONE || rates[i].zone == rates[n].zone) return true;
    }
    return false;
}

static void read_rate(struct rb_build *b, const struct ds_yaml_node *node,
                      struct ds_piece_rate *rates, uint32_t n)
{
    struct ds_yaml *doc = b->rulebook;
    struct ds_piece_rate *rate = &rates[n];
    const uint32_t problems = doc->problems->n;
    int word = 0;
    rate->category = "";
    if (!ds_yaml_mapping(doc, node, keys)) return;
    if (ds_yaml_word(doc, ds_yaml_need(doc, node, "kind"), kinds, &word))
        rate->kind = (enum ds_piece)word;
    read_category(b, ds_yaml_get(node, "category"), rate);
    if (ds_yaml_word(doc, ds_yaml_get(node, "zone"), zones, &word))
        rate->zone = (enum ds_zone_band)(DS_CITY + word);
    (void)ds_yaml_money(doc, ds_yaml_need(doc, node, "rate"), &rate->rate_fen);
    if (doc->problems->n == problems && is_covered(rates, n))
        ds_yaml_problem(doc, node, "never_reached", "");
}

void rb_read_piece_rates(struct rb_build *b)
{
    const struct ds_yaml_node *list =
        ds_yaml_need(b->rulebook, ds_yaml_root(b->rulebook), "piece_rates");
    const uint32_t n = rb_list(b->rulebook, list, DS_PIECE_RATES_MAX);
    struct ds_piece_rate *rates = rb_take(b, n, sizeof(*rates));
    for (uint32_t i = 0; i < n; i++)
        read_rate(b, ds_yaml_item(list, i), rates, i);
    b->v->piece_rates = rates;
    b->v->n_piece_rates = n;
}
