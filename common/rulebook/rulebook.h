/* SPDX-License-Identifier: MIT
 *
 * From YAML texts to a checked ds_version. Not pure (heap, libyaml, zone files) and not hot: runs
 * when a version is checked or activated. Every problem names file:line:column, what was found,
 * what was expected, and the nearest known word. */
#ifndef DS_RULEBOOK_H
#define DS_RULEBOOK_H

#include <stddef.h>
#include <stdint.h>

#include "domain/version.h"
#include "proto/intake.pb-c.h"
#include "wire/check.h"

enum { DS_PROBLEMS_MAX = 20, DS_RULEBOOK_BYTES_MAX = 512 * 1024, DS_YAML_DEPTH_MAX = 8 };

/* Codes of problems; they never change, their sentences (sentence.c) may.
 *   bytes     too_large not_utf8 byte_order_mark control_character
 *   YAML      syntax empty several_documents directive anchor alias merge_key tag multi_line
 *             too_deep too_many duplicate_key bad_key
 *   shape     not_a_mapping not_a_list not_a_scalar unknown_key missing_key one_of_keys
 *             not_for_role
 *   values    bad_text too_long bad_id bad_number out_of_range bad_bool bad_duration not_positive
 *             negative days_not_allowed bad_money bad_amount bad_distance bad_percent bad_date
 *             bad_time bad_span unknown_word bad_clause bad_phone
 *   rules     unknown_clause not_a_fine not_assessed wrong_base warn_after_limit warn_without_limit
 *             never_reached band_shrinks urgent_is_slower more_days_than_attempts
 *             evening_before_afternoon
 *   calendars bad_zone_name unknown_zone unknown_calendar reversed_span overlapping_spans
 *             reversed_dates already_working holiday_and_make_up not_usual_hours no_hours
 *             no_working_time
 *   directory duplicate_id id_of_outlet unknown_skill unknown_area unknown_territory unknown_outlet
 *             unknown_person not_a_clerk other_territory unknown_partition
 *   stored    bad_version
 *   warnings  never_booked never_proposed alert_only books_by_itself grace_beyond_late cuts_nothing
 *             nobody_on_duty
 */
struct ds_problem {
    const char *file; /* "rulebook.yaml" or "directory.yaml"; not owned */
    uint32_t line;    /* 1-based */
    uint32_t column;
    const char *code; /* stable name, e.g. "unknown_key", "bad_duration" */
    char path[128];   /* where in the document, e.g. clocks.order.limit */
    char found[64];
    char expected[200];  /* words and figures that need no translation: "10m 24h", "auto, clerk" */
    char suggestion[64]; /* "did you mean", or "" */
};

struct ds_problems {
    uint32_t n; /* at most DS_PROBLEMS_MAX; further ones are counted in `more` */
    uint32_t more;
    struct ds_problem list[DS_PROBLEMS_MAX];
};

/* Writes one problem as a line for a person, without a newline:
 *   rulebook.yaml:12:10: clocks.order.limit: found "10mn", expected a duration like 10m or 24h ...
 * lang_zh picks the language. Returns the length it wanted, like snprintf. */
int ds_problem_format(char *buf, size_t size, const struct ds_problem *problem, int lang_zh);

/* The same without the place: the sentence alone. */
int ds_problem_sentence(char *buf, size_t size, const struct ds_problem *problem, int lang_zh);

/* Running out of memory ends the process: the texts are bounded, so it was out of memory anyway. */

/* Checks both texts and expands the zones they name into the stored form of a version.
 *   rulebook, directory  texts, any bytes; need not be NUL-terminated
 *   partitions           how many partitions this installation has; territories must fit
 *   ret_bytes, ret_len   the packed ds.Version; free() it
 *   ret_hash             its hex BLAKE2b-256, 65 bytes with NUL
 * Returns 0, or -1 with problems filled (and nothing returned). */
int ds_version_make(const char *rulebook, size_t rulebook_len, const char *directory,
                    size_t directory_len, uint32_t partitions, uint8_t **ret_bytes, size_t *ret_len,
                    char ret_hash[65], struct ds_problems *problems);

/* Compiles a stored version. number is its activation number.
 * Returns the version, or NULL with problems filled; free with ds_version_destroy (NULL is fine).
 * The same bytes compile to the same rules everywhere: nothing but the bytes is read. */
struct ds_version *ds_version_compile(const uint8_t *bytes, size_t len, uint32_t number,
                                      uint32_t partitions, struct ds_problems *problems);
void ds_version_destroy(struct ds_version *version);

/* What a version that compiled from this text probably does not mean: */
void ds_version_lint(const struct ds_version *version, const char *rulebook, size_t len,
                     struct ds_problems *warnings);

/* What an activate command asks for, checked and compiled. */
struct ds_activation {
    struct ds_version *version; /* owned; whoever keeps it sets it to NULL */
    uint8_t *bytes;             /* owned: the stored form */
    size_t len;
    char hash[65];
};

/* number is the one it is to have; in_force (NULL: none) says which territories have to stay.
 * Returns DS_CODE_OK with *ret to be finished, or a code with *fault filled. */
enum ds_code ds_activation_make(const Ds__Activate *activate, uint32_t number, uint32_t partitions,
                                const struct ds_version *in_force, struct ds_activation *ret,
                                struct ds_fault *fault);
void ds_activation_finish(struct ds_activation *made);

#endif
