/* SPDX-License-Identifier: MIT
 *
 * Problems as sentences for people, in English and Chinese. The one table of problem codes; the
 * sentences may change, the codes never do. */
#include "rulebook/node.h"

#include <stdio.h>
#include <string.h>

#include "wire/utf8.h"

struct sentence {
    const char *code;
    const char
        *en; /* {found} and {expected} are filled in; only the latter of syntax is translated */
    const char *zh;
};

static const struct sentence sentences[] = {
    /* bytes and YAML */
    {"too_large", "larger than {expected} bytes", "文件超过 {expected} 字节"},
    {"not_utf8", "not UTF-8", "不是 UTF-8 编码"},
    {"byte_order_mark", "a byte order mark; save the file as UTF-8 without one",
     "含有字节顺序标记(BOM);请存为无 BOM 的 UTF-8"},
    {"control_character", "an invisible control character", "含有不可见的控制字符"},
    {"syntax", "not valid YAML: {expected}", "YAML 语法错误:{expected}"},
    {"empty", "the file says nothing", "文件没有内容"},
    {"several_documents", "only one document per file", "一个文件只能有一个文档"},
    {"directive", "% directives are not allowed", "不允许使用 % 指令"},
    {"anchor", "anchors (&) are not allowed; write the value out",
     "不允许使用锚点(&);请直接写出内容"},
    {"alias", "aliases (*) are not allowed; write the value out",
     "不允许使用别名(*);请直接写出内容"},
    {"merge_key", "merge keys (<<) are not allowed; write the keys out",
     "不允许使用合并键(<<);请直接写出各键"},
    {"tag", "tags (!) are not allowed", "不允许使用标签(!)"},
    {"multi_line", "a value must stand on one line", "值必须写在一行内"},
    {"too_deep", "nested deeper than {expected} levels", "嵌套超过 {expected} 层"},
    {"too_many", "more entries than {expected}", "条目超过 {expected} 个"},
    {"duplicate_key", "the key \"{found}\" stands twice", "键“{found}”重复出现"},
    {"bad_key", "a key must be a plain word", "键必须是普通文字"},
    /* shape */
    {"not_a_mapping", "found \"{found}\", expected keys with values",
     "写的是“{found}”,应为带值的键"},
    {"not_a_list", "found \"{found}\", expected a list", "写的是“{found}”,应为列表"},
    {"not_a_scalar", "found a list or keys, expected one value", "写的是列表或键,应为单个值"},
    {"unknown_key", "unknown key \"{found}\"; known here: {expected}",
     "未知的键“{found}”;此处可用:{expected}"},
    {"missing_key", "\"{expected}\" is missing", "缺少“{expected}”"},
    {"one_of_keys", "say exactly one of {expected}", "必须且只能写以下之一:{expected}"},
    {"not_for_role", "\"{found}\" does not belong here; only {expected} has it",
     "“{found}”不应写在这里;只用于 {expected}"},
    /* values */
    {"bad_text", "expected a text", "应为文字"},
    {"too_long", "longer than {expected} bytes", "超过 {expected} 字节"},
    {"bad_id", "found \"{found}\", expected an id: {expected}",
     "写的是“{found}”,应为编号:{expected}"},
    {"bad_number", "found \"{found}\", expected a whole number like {expected}",
     "写的是“{found}”,应为整数,如 {expected}"},
    {"out_of_range", "found \"{found}\", allowed is {expected}",
     "写的是“{found}”,允许范围:{expected}"},
    {"bad_bool", "found \"{found}\", expected one of the words {expected}",
     "写的是“{found}”,应为以下文字之一:{expected}"},
    {"bad_duration", "found \"{found}\", expected a duration like {expected}",
     "写的是“{found}”,应为时长,如 {expected}"},
    {"not_positive", "found \"{found}\", expected more than nothing", "写的是“{found}”,应大于零"},
    {"negative", "found \"{found}\", expected nothing negative", "写的是“{found}”,不能为负"},
    {"days_not_allowed",
     "found \"{found}\"; d is not allowed here, a working day has no fixed length; expected "
     "{expected}",
     "写的是“{found}”;此处不能用天(d),工作日长短不一;应如 {expected}"},
    {"bad_money", "found \"{found}\", expected money with its unit like {expected}",
     "写的是“{found}”,应为带单位的金额,如 {expected}"},
    {"bad_amount", "found \"{found}\", expected an amount like {expected}",
     "写的是“{found}”,应为金额,如 {expected}"},
    {"bad_distance", "found \"{found}\", expected a distance like {expected}",
     "写的是“{found}”,应为距离,如 {expected}"},
    {"bad_percent", "found \"{found}\", expected a share like {expected}",
     "写的是“{found}”,应为百分比,如 {expected}"},
    {"bad_days", "found \"{found}\", expected whole days like {expected}",
     "写的是“{found}”,应为整天数,如 {expected}"},
    {"bad_months", "found \"{found}\", expected months like {expected}",
     "写的是“{found}”,应为月数,如 {expected}"},
    {"bad_rate", "found \"{found}\", expected a rate like {expected}",
     "写的是“{found}”,应为比率,如 {expected}"},
    {"bad_date", "found \"{found}\", expected a date like {expected}",
     "写的是“{found}”,应为日期,如 {expected}"},
    {"bad_time", "found \"{found}\", expected a time of day like {expected}",
     "写的是“{found}”,应为时刻,如 {expected}"},
    {"bad_span", "found \"{found}\", expected hours like {expected}",
     "写的是“{found}”,应为时段,如 {expected}"},
    {"unknown_word", "found \"{found}\", expected one of {expected}",
     "写的是“{found}”,应为以下之一:{expected}"},
    {"bad_clause", "found \"{found}\", expected the number of a clause like {expected}",
     "写的是“{found}”,应为条款号,如 {expected}"},
    {"bad_phone", "found \"{found}\", expected a telephone number: {expected}",
     "写的是“{found}”,应为电话号码:{expected}"},
    {"bad_path", "found \"{found}\", expected an absolute path of at most {expected} bytes",
     "写的是“{found}”,应为至多 {expected} 字节的绝对路径"},
    /* meaning: the rulebook */
    {"unknown_clause", "no clause \"{found}\" in this rulebook", "本规则中没有条款“{found}”"},
    {"not_a_fine", "clause \"{found}\" is a reward, expected a fine",
     "条款“{found}”是奖励,应为处罚"},
    {"not_assessed", "only a loss is deducted in instalments; expected the amount {expected}",
     "只有核定损失可以分期扣除;金额应为 {expected}"},
    /* warnings */
    {"never_booked", "nothing books this clause by itself; in fact it is {expected}",
     "没有任何时限会自动记此条款,实为 {expected}"},
    {"never_proposed", "no question and no return proposes this clause; in fact it is {expected}",
     "没有任何回访问题或退换会提出此条款,实为 {expected}"},
    {"alert_only", "a breach of this clock is an alert; no clause of it is ever booked",
     "此时限违约只作预警,所列条款不会入账"},
    {"books_by_itself",
     "a final breach books this clause by itself, but its \"how\" is not {expected}",
     "终判违约会直接记此条款,而其 how 不是 {expected}"},
    {"grace_beyond_late",
     "evidence older than late_max, {expected}, counts from its arrival: more grace than that "
     "helps nobody",
     "超过 late_max({expected})的证据按收到时间计,更长的宽限没有作用"},
    {"cuts_nothing", "no day of this holiday is a working day", "此假期内没有工作日,不起作用"},
    {"nobody_on_duty", "nobody is on duty that day at the hotline of {expected}",
     "{expected} 的服务电话当天无人值班"},
    /* rules, continued */
    {"never_reached", "a line before this one takes every job that fits it",
     "前面的行已包含此行的全部工单,此行永远用不到"},
    {"wrong_base", "found \"{found}\"; with this limit expected {expected}",
     "写的是“{found}”;与此时限相配的应为 {expected}"},
    {"warn_after_limit",
     "found \"{found}\"; the warning would not come before the limit {expected}",
     "写的是“{found}”;提醒不会早于时限 {expected}"},
    {"warn_without_limit", "a share needs a limit that is a duration; write {expected}",
     "百分比提醒只用于时长式的时限;请写 {expected}"},
    {"band_shrinks", "found \"{found}\"; further away must not be faster than {expected}",
     "写的是“{found}”;更远的区域不能比 {expected} 更快"},
    {"urgent_is_slower", "found \"{found}\"; urgent must not be slower than {expected}",
     "写的是“{found}”;紧急时限不能比 {expected} 更慢"},
    {"more_days_than_attempts", "found \"{found}\"; there are only {expected} attempts",
     "写的是“{found}”;总共只有 {expected} 次尝试"},
    {"right_shrinks", "found \"{found}\"; the lesser right must not end before {expected}",
     "写的是“{found}”;较小的权利不能早于 {expected} 到期"},
    {"evening_before_afternoon", "found \"{found}\"; the afternoon begins at {expected}",
     "写的是“{found}”;下午从 {expected} 开始"},
    /* meaning: calendars */
    {"bad_zone_name", "found \"{found}\", expected the name of a time zone like {expected}",
     "写的是“{found}”,应为时区名,如 {expected}"},
    {"unknown_zone", "this machine knows no time zone \"{found}\"", "本机没有时区“{found}”"},
    {"unknown_calendar", "no calendar \"{found}\" in the rulebook", "规则中没有日历“{found}”"},
    {"reversed_span", "found \"{found}\", expected an end after the beginning",
     "写的是“{found}”,结束应晚于开始"},
    {"overlapping_spans", "\"{found}\" begins before the span before it ends",
     "“{found}”与前一时段重叠"},
    {"reversed_dates", "found \"{found}\", expected a day not before {expected}",
     "写的是“{found}”,不应早于 {expected}"},
    {"already_working", "\"{found}\" is a working day as it is", "“{found}”本来就是工作日"},
    {"holiday_and_make_up", "\"{found}\" is a holiday and a make-up day at once",
     "“{found}”既是假日又是补班日"},
    {"not_usual_hours",
     "the hours left of \"{found}\" must lie within those usually worked that day",
     "“{found}”所余时段应在当日正常工作时段之内"},
    {"no_hours", "\"{found}\" has no working hours to copy", "“{found}”没有可沿用的工作时段"},
    {"no_working_time", "this calendar has no working time at all", "此日历没有任何工作时间"},
    /* meaning: the directory */
    {"duplicate_id", "\"{found}\" stands twice", "“{found}”重复出现"},
    {"id_of_outlet", "\"{found}\" is the id of an outlet already", "“{found}”已是网点的编号"},
    {"unknown_skill", "no skill \"{found}\" in the list of skills", "技能列表中没有“{found}”"},
    {"unknown_area", "no area \"{found}\" in the list of areas", "片区列表中没有“{found}”"},
    {"unknown_territory", "no territory \"{found}\"", "没有区域“{found}”"},
    {"unknown_outlet", "no outlet \"{found}\"", "没有网点“{found}”"},
    {"unknown_person", "nobody has the id \"{found}\"", "没有编号为“{found}”的人"},
    {"not_a_clerk", "\"{found}\" is not a clerk", "“{found}”不是信息员"},
    {"other_territory", "\"{found}\" belongs to the territory {expected}",
     "“{found}”属于区域 {expected}"},
    {"unknown_partition", "found \"{found}\"; this installation has the partitions {expected}",
     "写的是“{found}”;本系统的分区为 {expected}"},
    /* a stored version */
    {"bad_version", "the stored version is damaged: {expected}", "保存的规则版本已损坏:{expected}"},
};

/* What libyaml says of syntax, and what is damaged in a version. */
static const struct {
    const char *en;
    const char *zh;
} technical[] = {
    {"block sequence entries are not allowed in this context", "此处不能写列表项"},
    {"mapping keys are not allowed in this context", "此处不能写键"},
    {"mapping values are not allowed in this context", "此处不能再写“键: 值”"},
    {"could not find expected ':'", "缺少冒号"},
    {"did not find expected ',' or ']'", "缺少逗号或 ]"},
    {"did not find expected ',' or '}'", "缺少逗号或 }"},
    {"did not find expected '-' indicator", "缺少列表项的 -"},
    {"did not find expected key", "缺少键,或缩进不对"},
    {"did not find expected node content", "缺少内容"},
    {"did not find expected <document start>", "文档的开始不对"},
    {"did not find expected comment or line break", "此处应换行"},
    {"did not find expected whitespace or line break", "此处应有空格或换行"},
    {"did not find expected hexdecimal number", "应为十六进制数"},
    {"found a tab character that violates indentation", "缩进中有制表符"},
    {"found a tab character where an indentation space is expected", "缩进中有制表符"},
    {"found character that cannot start any token", "此处不能有这个字符"},
    {"found unexpected ':'", "多余的冒号"},
    {"found unexpected document indicator", "多余的文档标记"},
    {"found unexpected end of stream", "没有写完"},
    {"found unknown escape character", "未知的转义字符"},
    {"found invalid Unicode character escape code", "无效的 Unicode 转义"},
    {"bytes", "字节"},
    {"format", "格式"},
    {"texts", "文本"},
    {"zones", "时区"},
    {"length", "长度"},
};

static const char *expected_of(const struct ds_problem *p, int lang_zh)
{
    const int named = strcmp(p->code, "syntax") != 0;
    if (!lang_zh || (named && strcmp(p->code, "bad_version") != 0)) return p->expected;
    for (size_t i = 0; i < sizeof(technical) / sizeof(technical[0]); i++) {
        if (strcmp(technical[i].en, p->expected) == 0) return technical[i].zh;
    }
    return named ? p->expected : "无法理解";
}

/* Writes like snprintf: counts everything, keeps what fits. */
struct out {
    char *buf;
    size_t size;
    size_t len;
};

static void put(struct out *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (out->len + 1 < out->size) out->buf[out->len] = text[i];
        out->len++;
    }
}

static void put_text(struct out *out, const char *text)
{
    put(out, text, strlen(text));
}

static void put_sentence(struct out *out, const char *sentence, const struct ds_problem *p,
                         int lang_zh)
{
    static const char found[] = "{found}";
    static const char expected[] = "{expected}";
    while (*sentence) {
        if (strncmp(sentence, found, sizeof(found) - 1) == 0) {
            put_text(out, p->found);
            sentence += sizeof(found) - 1;
        } else if (strncmp(sentence, expected, sizeof(expected) - 1) == 0) {
            put_text(out, expected_of(p, lang_zh));
            sentence += sizeof(expected) - 1;
        } else {
            put(out, sentence++, 1);
        }
    }
}

static void put_place(struct out *out, const struct ds_problem *p)
{
    char place[48];
    put_text(out, p->file ? p->file : "");
    (void)snprintf(place, sizeof(place), ":%u:%u: ", p->line, p->column);
    put_text(out, place);
    if (!p->path[0]) return;
    put_text(out, p->path);
    put_text(out, ": ");
}

/* Ends the text; a character cut in half by a small buffer goes. */
static void end_text(struct out *out)
{
    if (out->size == 0) return;
    size_t end = out->len < out->size ? out->len : out->size - 1;
    if (end < out->len) {
        size_t i = 0;
        while (i < end) {
            const size_t step = ds_utf8_step(out->buf + i, end - i);
            if (step == 0) break;
            i += step;
        }
        end = i;
    }
    out->buf[end] = '\0';
}

static int format(char *buf, size_t size, const struct ds_problem *problem, int lang_zh,
                  bool with_place)
{
    struct sentence s = {problem->code, "found \"{found}\", expected {expected}",
                         "写的是“{found}”,应为 {expected}"};
    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
        if (strcmp(sentences[i].code, problem->code) == 0) s = sentences[i];
    }
    struct out out = {.buf = buf, .size = size};
    if (with_place) put_place(&out, problem);
    put_sentence(&out, lang_zh ? s.zh : s.en, problem, lang_zh);
    if (problem->suggestion[0]) {
        put_text(&out, lang_zh ? ";是不是“" : "; did you mean \"");
        put_text(&out, problem->suggestion);
        put_text(&out, lang_zh ? "”?" : "\"?");
    }
    end_text(&out);
    return (int)out.len;
}

int ds_problem_format(char *buf, size_t size, const struct ds_problem *problem, int lang_zh)
{
    return format(buf, size, problem, lang_zh, true);
}

int ds_problem_sentence(char *buf, size_t size, const struct ds_problem *problem, int lang_zh)
{
    return format(buf, size, problem, lang_zh, false);
}
