/* SPDX-License-Identifier: MIT
 *
 * A clock for a person: what is promised, in which time, by whom, what comes of a breach, and where
 * it is judged. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "doorstep/cli.h"
#include "doorstep/rules_diff.h"
#include "sla-watcher/clocks.h"
#include "wire/json.h"

static void put_row(FILE *to, enum ds_lang lang, enum ds_word label, const char *text)
{
    fprintf(to, "  ");
    cli_put(to, ds_word(lang, label), 32);
    fprintf(to, "%s\n", text);
}

/* Clause that a final breach may cost; a visit's only with a complaint. */
static const char *cost_of(const struct ds_version *v, enum ds_clock clock)
{
    return clock == DS_CLOCK_VISIT ? v->not_on_time_clause : v->clocks[clock].clause;
}

static const char *distance(struct rules_diff *in, int64_t m)
{
    char *buf = rules_buf(in);
    bool whole = m % 1000 == 0;

    snprintf(buf, sizeof in->bufs[0], "%lld %s", (long long)(whole ? m / 1000 : m),
             whole ? rules_in(in, "km", "公里") : rules_in(in, "m", "米"));
    return buf;
}

/* The limit, with what some clocks have beside it. */
static void put_limit(FILE *to, struct rules_diff *in, const struct ds_version *v,
                      enum ds_clock clock)
{
    const struct ds_limit *limit = &v->clocks[clock].limit;
    const char *words = rules_limit_text(in, limit);

    fprintf(to, "  ");
    cli_put(to, ds_word(in->lang, DS_WORD_LIMIT), 32);
    if (clock == DS_CLOCK_VISIT)
        fprintf(to,
                rules_in(in,
                         "%s in the city, %s up to %s, %s beyond; once agreed, the window's end",
                         "市区 %s,近郊 %s(%s以内),更远 %s;约定后以时段结束为准"),
                rules_span(in, v->band_ms[DS_CITY]), rules_span(in, v->band_ms[DS_NEAR]),
                distance(in, v->near_up_to_m), rules_span(in, v->band_ms[DS_FAR]));
    else if (clock == DS_CLOCK_HOTLINE)
        fprintf(to,
                rules_in(in, "%s of ringing; one caller's calls within %s are one occasion",
                         "振铃 %s;同一来电者 %s内为同一事由"),
                rules_span(in, v->hotline_ring_ms), rules_span(in, v->hotline_occasion_ms));
    else if (clock == DS_CLOCK_COMPLAINT)
        fprintf(to, rules_in(in, "%s; an urgent one within %s", "%s;紧急的 %s内"), words,
                rules_span(in, v->complaint_urgent_ms));
    else if (clock == DS_CLOCK_CALLBACK)
        fprintf(to,
                rules_in(in, "%s; %d attempts on %d days at %d times of the day are enough",
                         "%s;尝试满 %d 次、%d 天、%d 个时段即可"),
                words, v->callback_attempts, v->callback_days, v->callback_times_of_day);
    else if (clock == DS_CLOCK_SURVEY_SHEET)
        fprintf(to,
                rules_in(in, "%s; blocks of %d repair(s) to %d install(s), at most %d",
                         "%s;每组维修 %d、安装 %d,最多 %d 组"),
                words, v->sheet_repairs, v->sheet_installs, v->sheet_blocks);
    else
        fprintf(to, "%s", words);
    fprintf(to, "\n");
}

void clock_put_ours(FILE *to, enum ds_lang lang, uint32_t ours)
{
    const char *before = " ";

    fprintf(to, "%s:", ds_word(lang, DS_WORD_OUR_DEFAULTS));
    for (int i = 0; ds_clock_keys[i]; i++) {
        if (!(ours & 1u << i)) continue;
        fprintf(to, "%s%s", before, ds_clock_key_word(lang, ds_clock_keys[i]));
        before = lang == DS_ZH ? "、" : ", ";
    }
    fprintf(to, "\n");
}

static void put_clock(FILE *to, enum ds_lang lang, const struct ds_version *v,
                      const struct watch_clock *watched)
{
    enum ds_clock clock = watched->clock;
    const struct ds_clock_rule *rule = &v->clocks[clock];
    const struct ds_clock_text text = ds_clock_sentences(lang, clock);
    const struct ds_clause *cost = ds_find_clause(v, cost_of(v, clock));
    struct rules_diff in = {.lang = lang};

    fprintf(to, "%s  %s (%s)\n", watched->clause, ds_clock_word(lang, clock), ds_clock_name(clock));
    put_row(to, lang, DS_WORD_PROMISED, text.promise);
    put_limit(to, &in, v, clock);
    put_row(to, lang, DS_WORD_BASE, rules_base_text(&in, rule->base));
    put_row(to, lang, DS_WORD_OWNER, text.owner);
    put_row(to, lang, DS_WORD_WARNED_AFTER, rules_warn_text(&in, rule));
    put_row(to, lang, DS_WORD_GRACE, rules_span(&in, rule->grace_ms));
    put_row(to, lang, DS_WORD_A_BREACH, text.breach);
    if (cost) {
        fprintf(to, "  ");
        cli_put(to, ds_word(lang, DS_WORD_CLAUSE), 32);
        fprintf(to, "%s  %s\n", cost->id, lang == DS_ZH ? cost->text_zh : cost->text_en);
    }
    clause_put_feeds(to, lang, watched->feeds);
    put_row(to, lang, DS_WORD_JUDGED_IN, watched->file);
    if (!rule->ours) return;
    fprintf(to, "  ");
    clock_put_ours(to, lang, rule->ours);
}

void clock_print(FILE *to, enum ds_lang lang, const struct ds_version *version,
                 const struct watch_clock *clock)
{
    char *text = NULL;
    size_t len = 0;
    FILE *lines = open_memstream(&text, &len);

    if (!lines) abort();
    put_clock(lines, lang, version, clock);
    if (fclose(lines) != 0) abort();
    rules_set_spaces(text, lang == DS_ZH, text);
    fputs(text, to);
    free(text);
}

static json_t *limit_json(const struct ds_version *v, enum ds_clock clock)
{
    const struct ds_limit *limit = &v->clocks[clock].limit;

    if (clock == DS_CLOCK_VISIT)
        return json_pack("{sI sI sI sI}", "city_ms", (json_int_t)v->band_ms[DS_CITY], "near_ms",
                         (json_int_t)v->band_ms[DS_NEAR], "far_ms", (json_int_t)v->band_ms[DS_FAR],
                         "near_up_to_m", (json_int_t)v->near_up_to_m);
    switch (limit->form) {
    case DS_LIMIT_SPAN: break;
    case DS_LIMIT_END_OF_DAY: return json_pack("{ss}", "at", "end_of_day");
    case DS_LIMIT_END_OF_WORK:
        return json_pack("{ss si}", "at", "end_of_work", "workdays", limit->workdays);
    case DS_LIMIT_WEEKDAY:
        return json_pack("{ss si sI}", "at", "weekday", "day", limit->weekday, "time_ms",
                         (json_int_t)limit->time_ms);
    }
    json_t *span = json_pack("{sI}", "span_ms", (json_int_t)limit->span_ms);
    if (clock == DS_CLOCK_COMPLAINT)
        json_object_set_new(span, "urgent_ms", json_integer(v->complaint_urgent_ms));
    return span;
}

json_t *clock_to_json(const struct ds_version *v, const struct watch_clock *watched)
{
    static const char *const bases[] = {"elapsed", "working", "calendar"};
    const struct ds_clock_rule *rule = &v->clocks[watched->clock];
    const struct ds_clock_text en = ds_clock_sentences(DS_EN, watched->clock),
                               zh = ds_clock_sentences(DS_ZH, watched->clock);
    json_t *ours = json_array();
    json_t *object = json_pack(
        "{ss ss ss ss so ss sI so ss ss ss ss ss ss}", "clock", ds_clock_name(watched->clock),
        "clause", watched->clause, "file", watched->file, "cost", cost_of(v, watched->clock),
        "limit", limit_json(v, watched->clock), "base", bases[rule->base], "grace_ms",
        (json_int_t)rule->grace_ms, "feeds", clause_feeds_json(watched->feeds), "promise_en",
        en.promise, "promise_zh", zh.promise, "owner_en", en.owner, "owner_zh", zh.owner,
        "breach_en", en.breach, "breach_zh", zh.breach);

    for (int i = 0; ds_clock_keys[i]; i++)
        if (rule->ours & 1u << i) json_array_append_new(ours, json_string(ds_clock_keys[i]));
    json_object_set_new(object, "ours", ours);
    if (rule->warn_after_ms > 0)
        json_object_set_new(object, "warn_after_ms", json_integer(rule->warn_after_ms));
    if (rule->warn_permille > 0)
        json_object_set_new(object, "warn_permille", json_integer(rule->warn_permille));
    return object;
}
