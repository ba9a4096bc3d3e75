/* SPDX-License-Identifier: MIT
 *
 * `doorstep submit`: commands from a file to the door, one receipt a line, in the order of input.
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "domain/ids.h"
#include "doorstep/client.h"
#include "doorstep/day.h"
#include "doorstep/line_names.h"
#include "doorstep/outcomes.h"
#include "runtime/clock.h"
#include "wire/check.h"
#include "wire/json.h"

enum {
    IN_FLIGHT_MAX = 256,
    SILENCE_MS = 1000,      /* no answer for so long: what is open is sent again, byte for byte */
    PATIENCE = 30,          /* so often without any answer in between */
    OUTCOME_WAIT_MS = 5000, /* for what became of commands after they were recorded */
    OUTCOME_LOOK_MS = 20,
};

struct sent {
    struct day_line line;
    char id[DS_ID_MAX + 1]; /* names it in its answer; one of a kind in the window */
    enum ds_source owner;   /* who says what became of it; DS_SOURCE_NONE */
    int column;             /* of what cannot be read; 0 */
    int copies;             /* sent and not answered */
    bool forget;            /* named by this run: if not recorded, the next one names it anew */
    struct line_key key;
    Ds__Receipt *receipt;
};

struct submit {
    struct cli *cli;
    const char *file;
    struct line_names *names; /* of lines without an id */
    const char *run;
    struct client client;
    bool sent_again; /* answers may come that nobody waits for any more */
    struct outcomes outcomes;
    struct sent window[IN_FLIGHT_MAX];
    uint32_t n;
    size_t rejected;
};

/* ---- answers ---- */

static void print_json(const struct sent *sent, const Ds__Event *outcome)
{
    json_t *object = ds_json_of(&sent->receipt->base);

    json_object_set_new(object, "line", json_integer(sent->line.number));
    if (sent->column) json_object_set_new(object, "column", json_integer(sent->column));
    if (outcome) json_object_set_new(object, "outcome", ds_json_of(&outcome->base));
    char *text = json_dumps(object, JSON_COMPACT);
    if (!text) abort();
    printf("%s\n", text);
    free(text);
    json_decref(object);
}

static void print_instant(const char *word, int64_t at_ms)
{
    char at[30];

    ds_rfc3339_format(at_ms, 0, at);
    printf(", %s %s", word, at);
}

static void print_outcome(const struct submit *submit, const Ds__Event *outcome)
{
    static const enum ds_word words[] = {DS_WORD_OUTCOME_PENDING, DS_WORD_APPLIED,
                                         DS_WORD_NO_EFFECT, DS_WORD_REFUSED};
    enum ds_lang lang = submit->cli->lang;

    printf(" -> %s", ds_word(lang, words[outcome ? (int)outcome->outcome->outcome : 0]));
    const char *why = outcome ? ds_reason_text(lang, (int)outcome->reason) : "";
    if (why[0]) printf(": %s", why);
    if (outcome && ds_str(outcome->clause)[0]) printf(" [%s]", outcome->clause);
    if (outcome && outcome->outcome->has_not_before_ms)
        print_instant(ds_word(lang, DS_WORD_NOT_BEFORE), outcome->outcome->not_before_ms);
    if (outcome && outcome->outcome->has_since_ms)
        print_instant(ds_word(lang, DS_WORD_CLOSED_SINCE), outcome->outcome->since_ms);
}

static bool is_known(const Ds__Receipt *receipt)
{
    return receipt->status == DS__RECEIPT__STATUS__DUPLICATE;
}

static bool awaits_outcome(const struct sent *sent)
{
    return sent->owner != DS_SOURCE_NONE &&
           (sent->receipt->status == DS__RECEIPT__STATUS__RECORDED || is_known(sent->receipt));
}

/* Where intake recorded a line: "intake/p007/12". */
static bool recorded_at(const struct sent *sent, uint32_t *ret_partition, uint64_t *ret_seq)
{
    unsigned long long seq;

    if (sscanf(ds_str(sent->receipt->event), "intake/p%u/%llu", ret_partition, &seq) != 2)
        return false;
    *ret_seq = seq;
    return *ret_partition < DS_PARTITIONS_MAX;
}

static const Ds__Event *outcome_of(const struct submit *submit, const struct sent *sent)
{
    uint32_t partition;
    uint64_t seq;

    if (!recorded_at(sent, &partition, &seq)) return NULL;
    return outcomes_find(&submit->outcomes, partition, seq);
}

static void print_refusal(const struct submit *submit, const struct sent *sent)
{
    const Ds__Receipt *receipt = sent->receipt;
    const char *text = submit->cli->lang == DS_ZH ? receipt->text_zh : receipt->text;

    printf(" %s:%u:", submit->file, sent->line.number);
    if (sent->column) printf("%d:", sent->column);
    printf(" %s: %s", receipt->code, ds_str(text));
}

/* Prints one line; counts what was turned down. */
static void print_receipt(struct submit *submit, const struct sent *sent)
{
    const Ds__Receipt *receipt = sent->receipt;
    const Ds__Event *outcome = awaits_outcome(sent) ? outcome_of(submit, sent) : NULL;

    if (receipt->status != DS__RECEIPT__STATUS__RECORDED && !is_known(receipt)) submit->rejected++;
    if (outcome && outcome->outcome->outcome == DS__OUTCOME_CODE__NAME__REFUSED) submit->rejected++;
    if (submit->cli->json) return print_json(sent, outcome);
    const char *status =
        protobuf_c_enum_descriptor_get_value(&ds__receipt__status__descriptor, (int)receipt->status)
            ->name;
    printf("%s %s", status, ds_str(receipt->id)[0] ? receipt->id : "-");
    if (receipt->ticket) printf(" %s", receipt->ticket);
    if (receipt->event) printf(" %s", receipt->event);
    if (receipt->code) print_refusal(submit, sent);
    if (awaits_outcome(sent)) print_outcome(submit, outcome);
    printf("\n");
}

/* The line of an id that waits for its answer; NULL if none does. */
static struct sent *find_open(struct submit *submit, const char *id)
{
    for (uint32_t i = 0; i < submit->n; i++) {
        struct sent *sent = &submit->window[i];
        if (!sent->receipt && strcmp(sent->id, id) == 0) return sent;
    }
    return NULL;
}

static void send_line(struct submit *submit, struct sent *sent)
{
    client_send(&submit->client, sent->line.bytes, sent->line.len);
    sent->copies++;
}

static void send_open(struct submit *submit)
{
    submit->sent_again = true;
    for (uint32_t i = 0; i < submit->n; i++)
        if (!submit->window[i].receipt) send_line(submit, &submit->window[i]);
}

static void wait_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

/* Receives until every line of the window has its answer. A service that is being restarted, or is
 * busy, gets the same bytes again: it recognises what it has recorded. */
static int receive_all(struct submit *submit)
{
    uint32_t open = 0;

    for (uint32_t i = 0; i < submit->n; i++)
        open += !submit->window[i].receipt;
    for (int silent = 0; open > 0;) {
        Ds__Receipt *receipt = client_receive(&submit->client, SILENCE_MS);
        if (!receipt && ++silent < PATIENCE) {
            send_open(submit);
            continue;
        }
        if (!receipt) return cli_fail(submit->cli, EXIT_UNAVAILABLE, SAID_NO_RECEIPTS);
        struct sent *sent = find_open(submit, ds_str(receipt->id));
        bool busy = receipt->status == DS__RECEIPT__STATUS__BUSY && ++silent < PATIENCE * 10;
        if (sent && busy) {
            wait_ms(receipt->retry_after_ms < 1000 ? (long)receipt->retry_after_ms : 1000);
            sent->copies--;
            send_line(submit, sent);
        }
        if (!sent || busy) { /* an answer to bytes sent twice, or none yet */
            ds__receipt__free_unpacked(receipt, NULL);
            continue;
        }
        sent->receipt = receipt;
        silent = 0;
        open--;
    }
    return EXIT_FINE;
}

/* ---- outcomes ---- */

/* Reads the journal in which the outcome of a line is, as far as it is needed. An exit code. */
static int look_for_outcome(struct submit *submit, const struct sent *sent)
{
    uint32_t partition;
    uint64_t seq;

    if (!recorded_at(sent, &partition, &seq)) return EXIT_INTERNAL;
    if (is_known(sent->receipt)) /* may have been told long ago */
        return outcomes_read_at(&submit->outcomes, sent->owner, partition, seq);
    return outcomes_read(&submit->outcomes, sent->owner, partition);
}

/* Returns how many outcomes may still come. Those that cannot be read are not waited for. */
static uint32_t look_for_outcomes(struct submit *submit, int *ret_code)
{
    uint32_t missing = 0;

    *ret_code = EXIT_FINE;

    for (uint32_t i = 0; i < submit->n; i++) {
        const struct sent *sent = &submit->window[i];
        if (!awaits_outcome(sent) || outcome_of(submit, sent)) continue;
        int code = look_for_outcome(submit, sent);
        if (code != EXIT_FINE) *ret_code = code;
        missing += code == EXIT_FINE && !outcome_of(submit, sent);
    }
    return missing;
}

/* Surely not: turned down in the only copy that was ever sent. What made it so, an instant that was
 * none perhaps, is not to follow the line into the next run. */
static bool was_not_recorded(const struct sent *sent)
{
    return sent->forget && sent->receipt && sent->copies == 1 &&
           sent->receipt->status == DS__RECEIPT__STATUS__REJECTED;
}

static int settle(struct submit *submit)
{
    int code = receive_all(submit), looked = EXIT_FINE;
    int64_t until_ms = rt_mono_ms() + OUTCOME_WAIT_MS;

    if (code == EXIT_FINE)
        while (look_for_outcomes(submit, &looked) > 0 && rt_mono_ms() < until_ms)
            wait_ms(OUTCOME_LOOK_MS);
    if (looked != EXIT_FINE) code = looked;
    for (uint32_t i = 0; i < submit->n; i++) {
        struct sent *sent = &submit->window[i];
        if (sent->receipt) print_receipt(submit, sent);
        if (was_not_recorded(sent)) line_names_forget(submit->names, &sent->key);
        if (sent->receipt) ds__receipt__free_unpacked(sent->receipt, NULL);
        free(sent->line.bytes);
    }
    submit->n = 0;
    outcomes_forget(&submit->outcomes);
    if (submit->sent_again) { /* a late answer must not be taken for that of a line to come */
        client_close(&submit->client);
        client_open(&submit->client, submit->run);
        submit->sent_again = false;
    }
    return code;
}

/* ---- lines ---- */

/* Completes a command without id: with what an earlier run gave it, or anew. */
static int give_name(struct submit *submit, Ds__Command *command, const char *text, size_t len,
                     struct sent *sent)
{
    struct line_name name;
    int code = line_names_give(submit->names, submit->outcomes.redis, text, len, &sent->key, &name);

    if (code != EXIT_FINE) return code;
    sent->forget = name.fresh;
    command->id = strdup(name.id);
    if (!command->id) abort();
    if (!command->has_made_at_ms) DS_SET(command, made_at_ms, name.made_at_ms);
    day_pack(command, &sent->line);
    return EXIT_FINE;
}

/* The answer to a line that is not sent: what cannot be read, or what intake could not name. */
static Ds__Receipt *refusal(const struct ds_fault *fault, const char *id)
{
    Ds__Receipt receipt = DS__RECEIPT__INIT;
    char text[2][512];
    uint8_t packed[2048];

    DS_SET(&receipt, status, DS__RECEIPT__STATUS__REJECTED);
    receipt.id = (char *)id;
    receipt.code = (char *)ds_code_name(fault->code);
    if (fault->field[0]) receipt.field = (char *)fault->field;
    if (fault->expected[0]) receipt.expected = (char *)fault->expected;
    for (int lang = 0; lang < 2; lang++)
        ds_code_text(text[lang], sizeof text[lang], (enum ds_lang)lang, fault->code, fault->field,
                     fault->expected);
    receipt.text = text[DS_EN];
    receipt.text_zh = text[DS_ZH];
    return ds__receipt__unpack(NULL, ds__receipt__pack(&receipt, packed), packed);
}

/* Everything but the sending: id, owner, or the refusal of a line whose id is none. */
static int prepare(struct submit *submit, const char *text, size_t len, struct sent *sent)
{
    Ds__Command *command = ds__command__unpack(NULL, sent->line.len, sent->line.bytes);
    struct ds_fault fault;
    int code = EXIT_FINE;

    if (!command) abort(); /* packed a moment ago */
    if (!command->id) code = give_name(submit, command, text, len, sent);
    if (code == EXIT_FINE && ds_check_id(command->id)) {
        ds_copy(sent->id, sizeof sent->id, command->id);
        sent->owner = outcomes_owner(command->body_case);
    } else if (code == EXIT_FINE) {
        /* the id is what stands first */
        ds_check_message(&ds__command__descriptor, sent->line.bytes, sent->line.len, &fault);
        sent->receipt = refusal(&fault, "");
    }
    ds__command__free_unpacked(command, NULL);
    return code;
}

static int submit_line(struct submit *submit, uint32_t number, const char *text, size_t len)
{
    struct sent sent = {0};
    struct day_fault why;
    int code = EXIT_FINE;

    if (day_read_line(number, text, len, &sent.line, &why) != 0) {
        sent.receipt = refusal(&why.fault, why.id);
        sent.column = why.column;
    } else if (sent.line.bytes) {
        code = prepare(submit, text, len, &sent);
    } else {
        return EXIT_FINE;
    }
    /* two lines of one id: each gets its own answer */
    if (code == EXIT_FINE && !sent.receipt && find_open(submit, sent.id)) code = settle(submit);
    if (code != EXIT_FINE) {
        free(sent.line.bytes);
        return code;
    }
    submit->window[submit->n++] = sent;
    if (!sent.receipt) send_line(submit, &submit->window[submit->n - 1]);
    return submit->n == IN_FLIGHT_MAX ? settle(submit) : EXIT_FINE;
}

static int submit_lines(struct submit *submit, FILE *input)
{
    char *text = NULL;
    size_t cap = 0;
    int code = EXIT_FINE;
    uint32_t number = 0;
    ssize_t len;

    while (code == EXIT_FINE && (len = getline(&text, &cap, input)) >= 0)
        code = submit_line(submit, ++number, text, (size_t)len);
    int error = ferror(input) ? errno : 0; /* e.g. a directory */
    free(text);
    int settled = settle(submit); /* what was sent is answered for, whatever else went wrong */
    if (code == EXIT_FINE) code = settled;
    if (code == EXIT_FINE && error)
        code = cli_fail(submit->cli, EXIT_USAGE, SAID_FILE, submit->file,
                        cli_errno(submit->cli, error));
    return code;
}

static int run(struct cli *cli)
{
    static struct submit submit; /* large */
    struct rt_conf conf;
    int code = cli_conf(cli, &conf);

    if (code != EXIT_FINE) return code;
    submit.cli = cli;
    submit.file = cli->argv[0];
    FILE *input = strcmp(submit.file, "-") == 0 ? stdin : fopen(submit.file, "re");
    if (!input) return cli_fail(cli, EXIT_USAGE, SAID_FILE, submit.file, cli_errno(cli, errno));
    submit.names = line_names_open(cli, submit.file, &code);
    if (code == EXIT_FINE) code = outcomes_open(cli, &conf, &submit.outcomes);
    if (code == EXIT_FINE) {
        submit.run = conf.run;
        client_open(&submit.client, submit.run);
        code = submit_lines(&submit, input);
        client_close(&submit.client);
    }
    outcomes_close(&submit.outcomes);
    line_names_close(submit.names);
    if (input != stdin) fclose(input);
    if (code == EXIT_FINE && submit.rejected > 0) code = EXIT_REJECTED;
    return code;
}

static const struct option_spec options[] = {{NULL, NULL, NULL}};

const struct command command_submit = {
    .name = "submit",
    .arguments = "FILE|-",
    .summary = "send commands (NDJSON) and print a receipt for each",
    .details =
        "One command a line, in the JSON form of proto/commands.proto. A line without id gets one, "
        "and\n"
        "the installation's time if it has no made_at_ms, kept in FILE.ids before they are sent, "
        "so\n"
        "that running the same file again sends nothing twice, with other lines between them, too; "
        "a\n"
        "line that was rejected gets a new one. Nothing is kept for -: a line from standard input "
        "that\n"
        "may have to be sent again needs an id of its own. A line that cannot be read, or has "
        "more\n"
        "than 2 MiB, is not sent; its receipt says line and column.\n\n"
        "  echo '{\"by\":\"lin\",\"ticket\":\"T007-2\",\"fill_order\":{\"order_no\":\"A-17\"}}' |\n"
        "      doorstep submit -\n\n"
        "RECORDED means durable, DUPLICATE that it was so before. For a command that another "
        "service\n"
        "decides about (assign, accept, reject, record_callback, submit_sheet, the manager's) what "
        "became of it\n"
        "follows after \"->\"; it is waited for at most 5 s. Exit code 1 if a line was rejected "
        "or\n"
        "refused.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = options,
    .run = run,
};
