/* SPDX-License-Identifier: MIT
 *
 * The one table of sentences for people, in English and zh-CN: error codes, what was expected,
 * reasons, words for clocks, verdicts and events. Rules never see texts; they return codes and
 * reasons. */
#ifndef DS_TEXT_H
#define DS_TEXT_H

#include <stddef.h>

#include "domain/codes.h"
#include "domain/vocabulary.h"

enum ds_lang { DS_EN, DS_ZH };

/* From LC_ALL, LC_MESSAGES, LANG (first that is set); anything that starts with "zh" is DS_ZH. */
enum ds_lang ds_lang_from_env(void);

/* "unknown_ticket" for DS_CODE_UNKNOWN_TICKET, and back (DS_CODE_COUNT if there is none). */
const char *ds_code_name(enum ds_code code);

/* Longest {expected} with its NUL. */
enum { DS_TEXT_EXPECTED_MAX = 200 };

/* Sentence of a code with {field} and {expected} filled in; expected is English as the fault has it
 * and is translated by expected.def. Always NUL-terminates. */
void ds_code_text(char *buf, size_t size, enum ds_lang lang, enum ds_code code, const char *field,
                  const char *expected);

/* Chinese of what was expected, by expected.def; what has no row stays as it is. NUL-terminates. */
void ds_expected_zh(char *buf, size_t size, const char *expected);

/* strerror(number) in the language. */
const char *ds_errno_text(enum ds_lang lang, int number);

/* Sentence of a reason (Ds__Reason__Name number); "" for an unknown one. */
const char *ds_reason_text(enum ds_lang lang, int reason);

/* What happened, in a few words; type = enum ds_event_type. "" for a number that is no event. */
const char *ds_event_word(enum ds_lang lang, int type);

/* How a clause is decided; "" for one that is a rulebook's own. */
const char *ds_clause_sentence(enum ds_lang lang, const char *clause);

/* A promise of the department: what, from when to when; who answers for it; what its breach does.
 */
struct ds_clock_text {
    const char *promise, *owner, *breach;
};
struct ds_clock_text ds_clock_sentences(enum ds_lang lang, enum ds_clock clock);

/* A key of the clocks in the rulebook ("grace"), in words. */
const char *ds_clock_key_word(enum ds_lang lang, const char *key);

enum ds_word {
#define DS_WORD(name, en, zh) DS_WORD_##name,
#include "text/words.def"
#undef DS_WORD
    DS_WORD_COUNT
};
const char *ds_word(enum ds_lang lang, enum ds_word word);

/* A category of products; one that is known to the directory alone stands for itself. */
const char *ds_category_word(enum ds_lang lang, const char *category);

/* Words of the domain. */
const char *ds_clock_word(enum ds_lang lang, enum ds_clock clock);
const char *ds_verdict_word(enum ds_lang lang, enum ds_verdict verdict);

#endif
