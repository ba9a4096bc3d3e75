/* SPDX-License-Identifier: MIT */
#include "text/text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/event.h"
#include "proto/reasons.pb-c.h"

struct sentence {
    const char *words[2]; /* by enum ds_lang */
};

static const struct {
    const char *name; /* upper case */
    struct sentence text;
} codes[DS_CODE_COUNT] = {
#define DS_CODE(name, en, zh) [DS_CODE_##name] = {#name, {{en, zh}}},
#include "domain/codes.def"
#undef DS_CODE
};

static const struct {
    int reason;
    struct sentence text;
} reasons[] = {
#define DS_REASON(name, en, zh) {DS__REASON__NAME__##name, {{en, zh}}},
#include "text/reasons.def"
#undef DS_REASON
};

static const struct sentence clocks[DS_CLOCK_COUNT] = {
    [DS_CLOCK_NONE] = {{"", ""}},
    [DS_CLOCK_ORDER] = {{"fill the order", "填单"}},
    [DS_CLOCK_DISPATCH] = {{"dispatch", "派工"}},
    [DS_CLOCK_ACCEPT] = {{"accept", "接单"}},
    [DS_CLOCK_CONTACT] = {{"call the customer", "联系用户"}},
    [DS_CLOCK_VISIT] = {{"be on site", "上门"}},
    [DS_CLOCK_COMPLAINT] = {{"settle the complaint", "处理投诉"}},
    [DS_CLOCK_FEEDBACK] = {{"daily feedback", "当日反馈"}},
    [DS_CLOCK_DELAY] = {{"register the delay", "延迟登记"}},
    [DS_CLOCK_RESULT] = {{"file the result", "填报结果"}},
    [DS_CLOCK_CALLBACK] = {{"call back", "回访"}},
    [DS_CLOCK_SURVEY_SHEET] = {{"satisfaction sheet", "满意度调查"}},
    [DS_CLOCK_WEEKLY_SHEET] = {{"weekly sheet", "周进度表"}},
    [DS_CLOCK_HOTLINE] = {{"answer the phone", "接听电话"}},
};

static const struct sentence verdicts[] = {
    [DS_VERDICT_NONE] = {{"running", "进行中"}},
    [DS_MET] = {{"met", "达成"}},
    [DS_BREACHED] = {{"breached", "违约"}},
    [DS_CANCELLED] = {{"cancelled", "取消"}},
    [DS_CLOSED_PAUSED] = {{"met while paused", "延迟中结束"}},
};

static const struct {
    enum ds_event_type type;
    struct sentence text;
} events[] = {
#define DS_EVENT(name, en, zh) {DS_EV_##name, {{en, zh}}},
#include "text/events.def"
#undef DS_EVENT
};

static const struct {
    const char *id;
    struct sentence text;
} clauses[] = {
#define DS_CLAUSE(id, en, zh) {id, {{en, zh}}},
#include "text/clauses.def"
#undef DS_CLAUSE
};

static const struct ds_clock_text promises[DS_CLOCK_COUNT][2] = {
#define DS_CLOCK_TEXT(name, promise, promise_zh, owner, owner_zh, breach, breach_zh)               \
    [DS_CLOCK_##name] = {{promise, owner, breach}, {promise_zh, owner_zh, breach_zh}},
#include "text/clocks.def"
#undef DS_CLOCK_TEXT
};

static const struct {
    const char *key;
    struct sentence text;
} clock_keys[] = {
#define DS_CLOCK_KEY(key, en, zh) {key, {{en, zh}}},
#include "text/clocks.def"
#undef DS_CLOCK_KEY
};

static const struct sentence words[DS_WORD_COUNT] = {
#define DS_WORD(name, en, zh) [DS_WORD_##name] = {{en, zh}},
#include "text/words.def"
#undef DS_WORD
};

static const struct {
    const char *en, *zh;
} phrases[] = {
#define DS_EXPECTED(en, zh) {en, zh},
#include "text/expected.def"
#undef DS_EXPECTED
};

enum { PHRASES = sizeof phrases / sizeof phrases[0] };

const char *ds_word(enum ds_lang lang, enum ds_word word)
{
    return words[word].words[lang];
}

const char *ds_category_word(enum ds_lang lang, const char *category)
{
    static const struct {
        const char *category;
        enum ds_word word;
    } categories[] = {
        {"air_conditioner", DS_WORD_CT_AIR_CONDITIONER},
        {"refrigerator", DS_WORD_CT_REFRIGERATOR},
        {"washing_machine", DS_WORD_CT_WASHING_MACHINE},
        {"television", DS_WORD_CT_TELEVISION},
        {"water_heater", DS_WORD_CT_WATER_HEATER},
        {"small_appliance", DS_WORD_CT_SMALL_APPLIANCE},
    };

    for (size_t i = 0; category && i < sizeof categories / sizeof categories[0]; i++)
        if (strcmp(category, categories[i].category) == 0) return ds_word(lang, categories[i].word);
    return category ? category : "";
}

const char *ds_event_word(enum ds_lang lang, int type)
{
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        if ((int)events[i].type == type) return events[i].text.words[lang];
    return "";
}

const char *ds_clause_sentence(enum ds_lang lang, const char *clause)
{
    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++)
        if (strcmp(clauses[i].id, clause) == 0) return clauses[i].text.words[lang];
    return "";
}

struct ds_clock_text ds_clock_sentences(enum ds_lang lang, enum ds_clock clock)
{
    return promises[clock][lang];
}

const char *ds_clock_key_word(enum ds_lang lang, const char *key)
{
    for (size_t i = 0; i < sizeof clock_keys / sizeof clock_keys[0]; i++)
        if (strcmp(clock_keys[i].key, key) == 0) return clock_keys[i].text.words[lang];
    return key;
}

enum ds_lang ds_lang_from_env(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value && value[0]) return strncmp(value, "zh", 2) == 0 ? DS_ZH : DS_EN;
    }
    return DS_EN;
}

const char *ds_code_name(enum ds_code code)
{
    static char lower[DS_CODE_COUNT][32];
    const char *name = codes[code].name;

    for (size_t i = 0; name[i] && !lower[code][i]; i++)
        lower[code][i] = (char)(name[i] == '_' ? '_' : name[i] | 0x20);
    return lower[code];
}

/* Appends as much of text as fits; returns the new length. */
static size_t append(char *buf, size_t size, size_t len, const char *text, size_t text_len)
{
    size_t n = len + text_len < size ? text_len : size - 1 - len;

    memcpy(buf + len, text, n);
    buf[len + n] = '\0';
    return len + n;
}

/* What {} stood for in a row. */
struct hole {
    const char *text;
    size_t len;
};

enum { HOLES_MAX = 3 };

/* Is text that row with something in each {}? */
static bool fits(const char *row, const char *text, struct hole holes[HOLES_MAX])
{
    for (int n = 0;; n++) {
        const char *hole = strstr(row, "{}");
        size_t len = hole ? (size_t)(hole - row) : strlen(row);
        if (!hole || n == HOLES_MAX) return strcmp(row, text) == 0;
        if (strncmp(row, text, len) != 0) return false;
        row = hole + 2;
        text += len;
        const char *next = strstr(row, "{}");
        size_t between = next ? (size_t)(next - row) : strlen(row);
        const char *end = between ? text : text + strlen(text);
        while (*end && (next ? strncmp(end, row, between) : strcmp(end, row)) != 0)
            end++;
        if (between && !*end) return false;
        holes[n] = (struct hole){text, (size_t)(end - text)};
        text = end;
    }
}

/* Where text goes into a row next: {} as it is, {*} if it may be a row itself; else its end. */
static const char *next_hole(const char *row)
{
    const char *hole = strstr(row, "{}"), *of_row = strstr(row, "{*}");

    if (!hole || (of_row && of_row < hole)) hole = of_row;
    return hole ? hole : row + strlen(row);
}

void ds_expected_zh(char *buf, size_t size, const char *expected)
{
    struct hole holes[HOLES_MAX];
    char part[DS_TEXT_EXPECTED_MAX], put[2 * DS_TEXT_EXPECTED_MAX];
    const char *zh = NULL;
    size_t len = 0;

    buf[0] = '\0';
    for (size_t i = 0; i < PHRASES && !zh; i++)
        if (strcmp(phrases[i].en, expected) == 0) zh = phrases[i].zh;
    for (size_t i = 0; i < PHRASES && !zh; i++)
        if (strstr(phrases[i].en, "{}") && fits(phrases[i].en, expected, holes)) zh = phrases[i].zh;
    if (!zh) {
        append(buf, size, 0, expected, strlen(expected));
        return;
    }
    for (int n = 0; *zh; n++) {
        const char *hole = next_hole(zh);
        len = append(buf, size, len, zh, (size_t)(hole - zh));
        if (!*hole) return;
        snprintf(part, sizeof part, "%.*s", (int)holes[n].len, holes[n].text);
        if (hole[1] == '*')
            ds_expected_zh(put, sizeof put, part);
        else
            snprintf(put, sizeof put, "%s", part);
        len = append(buf, size, len, put, strlen(put));
        zh = strchr(hole, '}') + 1;
    }
}

void ds_code_text(char *buf, size_t size, enum ds_lang lang, enum ds_code code, const char *field,
                  const char *expected)
{
    const char *at = codes[code].text.words[lang];
    char chinese[4 * DS_TEXT_EXPECTED_MAX];
    size_t len = 0;

    buf[0] = '\0';
    if (!field[0] && strncmp(at, "{field}", 7) == 0) field = lang == DS_ZH ? "内容" : "the frame";
    if (lang == DS_ZH) {
        ds_expected_zh(chinese, sizeof chinese, expected);
        expected = chinese;
    }
    while (*at) {
        size_t n = strcspn(at, "{");
        len = append(buf, size, len, at, n);
        at += n;
        if (strncmp(at, "{field}", 7) == 0) {
            len = append(buf, size, len, field, strlen(field));
            at += 7;
        } else if (strncmp(at, "{expected}", 10) == 0) {
            len = append(buf, size, len, expected, strlen(expected));
            at += 10;
        } else if (*at) {
            len = append(buf, size, len, at++, 1);
        }
    }
}

const char *ds_errno_text(enum ds_lang lang, int number)
{
    static const struct {
        int number;
        const char *zh;
    } rows[] = {
        {ENOENT, "没有这个文件或目录"},
        {EACCES, "没有权限"},
        {EPERM, "不允许此操作"},
        {EEXIST, "文件已存在"},
        {EISDIR, "是一个目录"},
        {ENOTDIR, "不是目录"},
        {ENOTEMPTY, "目录不为空"},
        {ENOSPC, "磁盘空间不足"},
        {EDQUOT, "超出磁盘配额"},
        {EROFS, "文件系统只读"},
        {EIO, "读写出错"},
        {EFBIG, "文件过大"},
        {EMFILE, "打开的文件过多"},
        {ENFILE, "系统打开的文件过多"},
        {ENOMEM, "内存不足"},
        {ENAMETOOLONG, "路径过长"},
        {ELOOP, "符号链接层数过多"},
        {EXDEV, "跨文件系统"},
        {EBUSY, "正被占用"},
        {ETXTBSY, "程序正在被写入"},
        {ENOEXEC, "不是可执行的程序"},
    };
    static char other[32];

    if (lang == DS_EN) return strerror(number);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].number == number) return rows[i].zh;
    snprintf(other, sizeof other, "系统错误 %d", number);
    return other;
}

const char *ds_reason_text(enum ds_lang lang, int reason)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].reason == reason) return reasons[i].text.words[lang];
    return "";
}

const char *ds_clock_word(enum ds_lang lang, enum ds_clock clock)
{
    return clock < DS_CLOCK_COUNT ? clocks[clock].words[lang] : "";
}

const char *ds_verdict_word(enum ds_lang lang, enum ds_verdict verdict)
{
    return (size_t)verdict < sizeof verdicts / sizeof verdicts[0] ? verdicts[verdict].words[lang]
                                                                  : "";
}
