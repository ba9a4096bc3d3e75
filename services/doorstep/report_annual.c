/* SPDX-License-Identifier: MIT
 *
 * The annual report, in the shape of the department's own (R): each figure with the clause it
 * comes from, the year before, and how it is counted. What is added up is in report_year.c. */
#include <string.h>

#include "doorstep/books.h"
#include "doorstep/report_year.h"

/* A figure of the list. */
struct figure {
    const char *key;
    const char *clause;
    const char *en, *zh;
    enum table_type type;
    bool change; /* worth comparing in per cent */
    const char *how_en, *how_zh;
    /* False: not known, or nothing to divide by. */
    bool (*value)(const struct year_count *count, int year, int64_t *ret);
};

static int64_t sum_of(const struct year_count *count, int year, enum year_sum sum)
{
    return count->all.sums[year][sum];
}

/* ---- figures that are one sum, or two ---- */

#define ONE_SUM(name, sum)                                                                         \
    static bool name(const struct year_count *count, int year, int64_t *ret)                       \
    {                                                                                              \
        *ret = sum_of(count, year, sum);                                                           \
        return true;                                                                               \
    }
#define TWO_SUMS(name, one, two)                                                                   \
    static bool name(const struct year_count *count, int year, int64_t *ret)                       \
    {                                                                                              \
        *ret = sum_of(count, year, one);                                                           \
        return report_add(ret, sum_of(count, year, two));                                          \
    }

ONE_SUM(repair_reports, YEAR_REPAIR_REPORTS)
ONE_SUM(service_reports, YEAR_SERVICE_REPORTS)
ONE_SUM(inhouse, YEAR_REPAIRS_INHOUSE)
ONE_SUM(outlets, YEAR_REPAIRS_OUTLETS)
ONE_SUM(cost_inhouse, YEAR_COST_INHOUSE_FEN)
ONE_SUM(cost_outlets, YEAR_COST_OUTLETS_FEN)
ONE_SUM(installs, YEAR_INSTALLS)
ONE_SUM(install_cost, YEAR_INSTALL_COST_FEN)
ONE_SUM(key_customers, YEAR_KEY_CUSTOMERS)
ONE_SUM(key_jobs, YEAR_KEY_JOBS)
ONE_SUM(returned, YEAR_RETURNED)
ONE_SUM(exchanged, YEAR_EXCHANGED)
ONE_SUM(fines, YEAR_FINES_FEN)
ONE_SUM(rewards, YEAR_REWARDS_FEN)
TWO_SUMS(received, YEAR_REPAIR_REPORTS, YEAR_SERVICE_REPORTS)
TWO_SUMS(repairs, YEAR_REPAIRS_INHOUSE, YEAR_REPAIRS_OUTLETS)

/* ---- figures that are computed ---- */

static bool workload(const struct year_count *count, int year, int64_t *ret)
{
    *ret = sum_of(count, year, YEAR_REPAIRS_INHOUSE);
    return report_add(ret, sum_of(count, year, YEAR_REPAIRS_OUTLETS)) &&
           report_add(ret, sum_of(count, year, YEAR_INSTALLS)) &&
           report_add(ret, sum_of(count, year, YEAR_OTHER_JOBS));
}

static bool cost_per_repair(const struct year_count *count, int year, int64_t *ret)
{
    int64_t n = sum_of(count, year, YEAR_REPAIRS_INHOUSE);

    if (n == 0) return false;
    *ret = year_tenths(sum_of(count, year, YEAR_COST_INHOUSE_FEN), n);
    return true;
}

static bool cost_target(const struct year_count *count, int year, int64_t *ret)
{
    const struct ds_version *rules = year_rules(count, count->year - year);

    if (!rules || rules->repair_cost_target_fen == 0) return false;
    *ret = year_tenths(rules->repair_cost_target_fen, 1);
    return true;
}

static bool above_target(const struct year_count *count, int year, int64_t *ret)
{
    int64_t target;

    if (!cost_per_repair(count, year, ret) || !cost_target(count, year, &target)) return false;
    *ret -= target;
    return true;
}

static bool first_time_rate(const struct year_count *count, int year, int64_t *ret)
{
    int64_t n;

    if (!repairs(count, year, &n) || n == 0) return false;
    *ret = report_permille(sum_of(count, year, YEAR_FIRST_TIME), n);
    return true;
}

static bool makers(const struct year_count *count, int year, int64_t *ret)
{
    const struct ds_version *rules = year_rules(count, count->year - year);

    if (rules) *ret = rules->n_makers;
    return rules != NULL;
}

static bool places(const struct year_count *count, int year, int place, int64_t *ret)
{
    const struct ds_version *rules = year_rules(count, count->year - year);

    *ret = 0;
    for (uint32_t i = 0; rules && i < rules->n_accounts; i++) {
        const struct ds_account *account = &rules->accounts[i];
        *ret += strncmp(account->key, "outlet:", 7) == 0 &&
                report_wants(count->ask, account->territory->id) &&
                (place < 0 || (int)account->place == place);
    }
    return rules != NULL;
}

static bool network(const struct year_count *count, int year, int64_t *ret)
{
    return places(count, year, -1, ret);
}

static bool network_city(const struct year_count *count, int year, int64_t *ret)
{
    return places(count, year, DS_PLACE_CITY, ret);
}

static bool network_township(const struct year_count *count, int year, int64_t *ret)
{
    return places(count, year, DS_PLACE_TOWNSHIP, ret);
}

/* ---- the list ---- */

#define AT_ONCE_EN                                                                                 \
    "share of the repairs: the first result says fixed, there was one visit at most, the ticket "  \
    "was not reopened and the same product not reported again within repeat_within of the "        \
    "rulebook (same category and serial number, or without one same telephone, category and "      \
    "model)"
#define AT_ONCE_ZH                                                                                 \
    "占维修总数的比例:首次填报结果为已修复,上门不超过一次,"               \
    "且在规则 repeat_within 期限内未重开、同一产品未再报修"                     \
    "(类别与序列号相同;无序列号者电话、类别、型号相同)"

static const struct figure figures[] = {
    {"received", "R2", "complaints received", "投诉总量", TABLE_COUNT, true,
     "complaints by the day they were reported; calls about an open ticket are not counted again",
     "按报告日计;催办及对未结单的重复来电不另计", received},
    {"repair_reports", "R2", "of these about a product", "其中:报修", TABLE_COUNT, true, NULL, NULL,
     repair_reports},
    {"service_reports", "R2", "of these about service", "其中:投诉服务", TABLE_COUNT, true, NULL,
     NULL, service_reports},
    {"repairs", "R3.1", "repairs", "维修总数", TABLE_COUNT, true,
     "tickets by the day of their first filed result; a reopened one is the same repair",
     "按首次填报结果之日计;重开仍为同一维修", repairs},
    {"repairs_inhouse", "R3.1", "of these in-house", "其中:本部维修", TABLE_COUNT, true,
     "the job is not paid to an outlet", "工单不由网点结算", inhouse},
    {"repairs_outlets", "R3.1", "of these by outlets", "其中:网点维修", TABLE_COUNT, true,
     "the job is paid to an outlet", "工单由网点结算", outlets},
    {"cost_inhouse_fen", "R3.1", "cost of repairs in-house", "本部维修费", TABLE_FEN, true,
     "piece rates of these jobs, as in the statements; without parts",
     "按结算单的计件标准;不含配件", cost_inhouse},
    {"cost_per_repair_yuan_10", "R3.1", "cost per repair in-house", "单台维修费", TABLE_YUAN_10,
     true, "cost over number of repairs in-house, to the nearest tenth of a yuan, halves up",
     "本部维修费除以本部维修数,保留一位小数,四舍五入", cost_per_repair},
    {"cost_target_yuan_10", "R3.1", "target of it", "单台维修费目标", TABLE_YUAN_10, false,
     "reports.repair_cost_target of the rulebook in force at the year's end: our default unless "
     "changed",
     "年末所用规则的 reports.repair_cost_target;未改动时为默认值", cost_target},
    {"above_target_yuan_10", "R3.1", "above its target", "超出目标", TABLE_YUAN_10, false, NULL,
     NULL, above_target},
    {"cost_outlets_fen", "R3.1", "cost of repairs by outlets", "网点维修费", TABLE_FEN, true,
     "piece rates of these jobs; not in the figures above", "按计件标准;不计入以上各项",
     cost_outlets},
    {"installs", "R3.2", "installs", "安装总数", TABLE_COUNT, true,
     "tickets by the day of their first filed result", "按首次填报结果之日计", installs},
    {"install_cost_fen", "R3.2", "cost of installs", "安装费", TABLE_FEN, true,
     "piece rates; without sales promotions, which are none of ours",
     "按计件标准;不含销售的优惠政策", install_cost},
    {"first_time_permille", "R3.2", "first-time-fix rate", "一次性维修率", TABLE_PERMILLE, false,
     AT_ONCE_EN, AT_ONCE_ZH, first_time_rate},
    {"jobs", "R4", "jobs done in all", "工作量", TABLE_COUNT, true,
     "tickets of every kind by the day of their first filed result",
     "各类工单,按首次填报结果之日计", workload},
    {"makers", "R4", "makers' designated point", "厂家指定维修点", TABLE_COUNT, true,
     "makers of the directory at the year's end", "年末名录中的厂家", makers},
    {"outlets", "R1", "outlets", "服务网点", TABLE_COUNT, true,
     "outlets of the directory at the year's end", "年末名录中的网点", network},
    {"outlets_city", "P5.1", "of these in the city", "其中:城内网点", TABLE_COUNT, true,
     "those whose place is city; the plan is 4 to 6", "place 为 city 者;规划 4-6 家", network_city},
    {"outlets_township", "P5.2", "of these in townships", "其中:乡镇网点", TABLE_COUNT, true,
     "those whose place is township; the plan is 8 to 10", "place 为 township 者;规划 8-10 个",
     network_township},
    {"key_customers", "P2.2", "key customers", "重点客户", TABLE_COUNT, true,
     "institutions, and purchases of customers.key_purchases, with a report in the year; by "
     "telephone",
     "机关单位及购买达 customers.key_purchases 者,当年有报告;按电话计", key_customers},
    {"key_customer_jobs", "P2.2", "reports of key customers", "其报告数", TABLE_COUNT, true, NULL,
     NULL, key_jobs},
    {"returned", "8", "units returned", "退货", TABLE_COUNT, true,
     "units taken in for a return, by the day; of a ticket the last word counts",
     "按收回之日计;一单以最后记录为准", returned},
    {"exchanged", "8", "units exchanged", "换货", TABLE_COUNT, true,
     "units taken in for an exchange", "收回用于换货者", exchanged},
    {"fines_fen", "7", "fines", "负激励合计", TABLE_FEN, true,
     "entries of the ledger's months; reversals take theirs back", "按账目月份;冲销相抵", fines},
    {"rewards_fen", "7.23-7.24", "rewards", "正激励合计", TABLE_FEN, true, NULL, NULL, rewards},
};

static const struct table_column figure_columns[] = {
    {"name", "figure", "项目", TABLE_TEXT, TABLE_SHOWN},
    {"clause", "clause", "条款", TABLE_TEXT, TABLE_SHOWN},
    {"now", "this year", "本年", TABLE_COUNT, TABLE_SHOWN},
    {"before", "year before", "上年", TABLE_COUNT, TABLE_SHOWN},
    {"change_permille", "change", "同比", TABLE_PERMILLE, TABLE_SHOWN},
    {"how", "how it is counted", "口径", TABLE_TEXT, TABLE_BELOW},
    {"figure", "key", "代号", TABLE_TEXT, TABLE_PROGRAMS},
    {0},
};

static void put_value(struct table *table, const struct figure *figure, bool known, int64_t value)
{
    if (known)
        table_typed(table, figure->type, value);
    else
        table_empty(table);
}

static void put_figure(struct table *table, const struct year_count *count,
                       const struct figure *figure)
{
    int64_t now = 0, before = 0;
    bool has_now = figure->value(count, NOW, &now);
    bool has_before = count->has_before && figure->value(count, BEFORE, &before);
    bool zh = table->lang == DS_ZH;

    table_row(table);
    table_text(table, zh ? figure->zh : figure->en);
    table_text(table, figure->clause);
    put_value(table, figure, has_now, now);
    put_value(table, figure, has_before, before);
    /* of what is taken away: more fines are more, although the sum is less */
    int64_t was = before < 0 ? -before : before, is = before < 0 ? -now : now;
    if (figure->change && has_now && has_before && before != 0)
        table_number(table, report_permille(is - was, was));
    else
        table_empty(table);
    table_text(table, zh ? figure->how_zh : figure->how_en);
    table_text(table, figure->key);
}

static void put_figures(struct paper *paper, const struct year_count *count)
{
    struct table *table =
        paper_table(paper, "figures", "annual report", "年度报告", figure_columns);

    table_title(table, "The year's figures", "年度指标");
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        put_figure(table, count, &figures[i]);
    if (!count->has_before)
        table_note(table, "The journals hold no job done in the year before.",
                   "日志中没有上年完成的工单。");
}

/* ---- by territory ---- */

/* What was done and what it cost: of a territory, of a month. */
#define SUM_COLUMNS                                                                                \
    {"received", "received", "投诉总量", TABLE_COUNT, TABLE_SHOWN},                                \
        {"repairs_inhouse", "repairs in-house", "本部维修", TABLE_COUNT, TABLE_SHOWN},             \
        {"repairs_outlets", "repairs by outlets", "网点维修", TABLE_COUNT, TABLE_SHOWN},           \
        {"cost_inhouse_fen", "cost in-house", "本部维修费", TABLE_FEN, TABLE_SHOWN},               \
        {"cost_per_repair_yuan_10", "per repair", "单台维修费", TABLE_YUAN_10, TABLE_SHOWN},       \
        {"cost_outlets_fen", "cost of outlets", "网点维修费", TABLE_FEN, TABLE_SHOWN},             \
        {"installs", "installs", "安装总数", TABLE_COUNT, TABLE_SHOWN},                            \
        {"install_cost_fen", "cost of installs", "安装费", TABLE_FEN, TABLE_SHOWN},                \
        {"first_time_permille", "first-time fix", "一次性维修率", TABLE_PERMILLE, TABLE_SHOWN},    \
        {"returned", "returned", "退货", TABLE_COUNT, TABLE_SHOWN},                                \
        {"exchanged", "exchanged", "换货", TABLE_COUNT, TABLE_SHOWN},                              \
        {"fines_fen", "fines", "负激励", TABLE_FEN, TABLE_SHOWN},                                  \
    {                                                                                              \
        "rewards_fen", "rewards", "正激励", TABLE_FEN, TABLE_SHOWN                                 \
    }

static const struct table_column territory_columns[] = {
    {"territory", "territory", "片区", TABLE_TEXT, TABLE_SHOWN},
    SUM_COLUMNS,
    {0},
};

static const struct table_column month_columns[] = {
    {"month", "month", "月份", TABLE_TEXT, TABLE_SHOWN},
    SUM_COLUMNS,
    {0},
};

static void put_sums(struct table *table, const char *name, const int64_t sums[YEAR_SUMS])
{
    int64_t inhouse_n = sums[YEAR_REPAIRS_INHOUSE];
    int64_t repairs_n = inhouse_n + sums[YEAR_REPAIRS_OUTLETS];

    table_text(table, name);
    table_number(table, sums[YEAR_REPAIR_REPORTS] + sums[YEAR_SERVICE_REPORTS]);
    table_number(table, inhouse_n);
    table_number(table, sums[YEAR_REPAIRS_OUTLETS]);
    table_number(table, sums[YEAR_COST_INHOUSE_FEN]);
    if (inhouse_n > 0)
        table_number(table, year_tenths(sums[YEAR_COST_INHOUSE_FEN], inhouse_n));
    else
        table_empty(table);
    table_number(table, sums[YEAR_COST_OUTLETS_FEN]);
    table_number(table, sums[YEAR_INSTALLS]);
    table_number(table, sums[YEAR_INSTALL_COST_FEN]);
    if (repairs_n > 0)
        table_number(table, report_permille(sums[YEAR_FIRST_TIME], repairs_n));
    else
        table_empty(table);
    table_number(table, sums[YEAR_RETURNED]);
    table_number(table, sums[YEAR_EXCHANGED]);
    table_number(table, sums[YEAR_FINES_FEN]);
    table_number(table, sums[YEAR_REWARDS_FEN]);
}

static void put_territories(struct paper *paper, const struct year_count *count)
{
    struct table *table =
        paper_table(paper, "territories", "territories", "各片区", territory_columns);

    for (uint32_t i = 0; i < count->rules->n_territories; i++) {
        const struct ds_territory *territory = &count->rules->territories[i];
        if (!report_wants(count->ask, territory->id)) continue;
        table_row(table);
        put_sums(table, territory->id, count->territories[i].sums[NOW]);
    }
    table_sum_row(table);
    put_sums(table, paper->lang == DS_ZH ? "合计" : "all", count->all.sums[NOW]);
}

static void put_months(struct paper *paper, const struct year_count *count)
{
    struct table *table = paper_table(paper, "months", "months", "各月", month_columns);
    char month[16];

    for (uint32_t i = 0; i < 12; i++) {
        books_month_text(month, (uint32_t)count->year * 100 + i + 1);
        table_row(table);
        put_sums(table, month, count->months[i]);
    }
    table_sum_row(table);
    put_sums(table, paper->lang == DS_ZH ? "合计" : "all", count->all.sums[NOW]);
}

/* ---- by clause, key customers, makers ---- */

static const struct table_column clause_columns[] = {
    {"clause", "clause", "条款", TABLE_TEXT, TABLE_SHOWN},
    {"text", "what", "内容", TABLE_TEXT, TABLE_SHOWN},
    {"entries", "entries", "笔数", TABLE_COUNT, TABLE_SHOWN},
    {"reversed", "reversed", "冲销", TABLE_COUNT, TABLE_SHOWN},
    {"sum_fen", "sum", "金额", TABLE_FEN, TABLE_SHOWN},
    {"sum_before_fen", "year before", "上年", TABLE_FEN, TABLE_SHOWN},
    {0},
};

static void put_clause_row(struct table *table, const char *id, const char *text,
                           const struct year_clause *clause, bool has_before)
{
    table_text(table, id);
    table_text(table, text);
    table_number(table, clause->entries);
    table_number(table, clause->reversed);
    table_number(table, clause->sum_fen);
    if (has_before)
        table_number(table, clause->sum_before_fen);
    else
        table_empty(table);
}

static bool put_clauses(struct paper *paper, const struct year_count *count)
{
    struct table *table =
        paper_table(paper, "clauses", "fines and rewards", "正负激励", clause_columns);
    struct year_clause all = {0};
    bool fits = true, zh = paper->lang == DS_ZH;

    for (size_t i = 0; i < count->n_clauses; i++) {
        const struct year_clause *clause = &count->clauses[i];
        const struct ds_clause *rule = ds_find_clause(count->rules, clause->id);
        if (clause->entries + clause->reversed == 0 && clause->sum_before_fen == 0) continue;
        table_row(table);
        put_clause_row(table, clause->id, rule ? zh ? rule->text_zh : rule->text_en : "", clause,
                       count->has_before);
        all.entries += clause->entries;
        all.reversed += clause->reversed;
        fits &= report_add(&all.sum_fen, clause->sum_fen) &&
                report_add(&all.sum_before_fen, clause->sum_before_fen);
    }
    table_sum_row(table);
    put_clause_row(table, zh ? "合计" : "all", NULL, &all, count->has_before);
    return fits;
}

static const struct table_column customer_columns[] = {
    {"name", "customer", "用户", TABLE_TEXT, TABLE_SHOWN},
    {"phone", "telephone", "电话", TABLE_TEXT, TABLE_SHOWN},
    {"territory", "territory", "片区", TABLE_TEXT, TABLE_SHOWN},
    {"institution", "institution", "机关单位", TABLE_TEXT, TABLE_SHOWN},
    {"purchases_fen", "purchases", "累计购买", TABLE_FEN, TABLE_SHOWN},
    {"repairs", "repairs", "报修", TABLE_COUNT, TABLE_SHOWN},
    {"installs", "installs", "安装", TABLE_COUNT, TABLE_SHOWN},
    {"service", "about service", "投诉服务", TABLE_COUNT, TABLE_SHOWN},
    {0},
};

static void put_customers(struct paper *paper, const struct year_count *count)
{
    struct table *table =
        paper_table(paper, "key_customers", "key customers", "重点客户", customer_columns);

    table_title(table, "Key customers with a report in the year (P2.2)",
                "当年有报告的重点客户(P2.2)");
    table->shown_max = 10;
    for (size_t i = 0; i < count->n_customers; i++) {
        const struct key_customer *row = &count->customers[i];
        if (row->year != NOW) continue;
        table_row(table);
        table_text(table, row->name);
        table_text(table, row->phone);
        table_text(table, row->territory->id);
        table_text(table, row->institution ? ds_word(paper->lang, DS_WORD_YES) : NULL);
        if (row->purchases_fen > 0)
            table_number(table, row->purchases_fen);
        else
            table_empty(table);
        table_number(table, row->repairs);
        table_number(table, row->installs);
        table_number(table, row->service);
    }
}

static const struct table_column maker_columns[] = {
    {"maker", "maker", "厂家", TABLE_TEXT, TABLE_SHOWN},
    {0},
};

static void put_makers(struct paper *paper, const struct year_count *count)
{
    const struct ds_version *rules = year_rules(count, count->year);

    if (!rules || rules->n_makers == 0) return;
    struct table *table = paper_table(paper, "makers", "makers", "厂家指定维修点", maker_columns);
    table_title(table, "Makers whose designated repair point we are (R4)", "厂家指定维修点(R4)");
    for (uint32_t i = 0; i < rules->n_makers; i++) {
        table_row(table);
        table_text(table, rules->makers[i]);
    }
}

int report_annual(struct paper *paper, const struct report_ask *ask, int32_t year)
{
    struct year_count count;

    year_count_make(&count, ask, year);
    paper_title(paper, "Annual report %d%s%s", "%d 年度售后工作报告%s%s", year,
                ask->territory ? ", " : "", ask->territory ? ask->territory : "");
    put_figures(paper, &count);
    put_territories(paper, &count);
    put_months(paper, &count);
    bool fits = put_clauses(paper, &count) && !count.overflow;
    /* names and telephones are copied, so the count may go */
    put_customers(paper, &count);
    put_makers(paper, &count);
    year_count_finish(&count);
    return fits ? EXIT_FINE : EXIT_REJECTED;
}
