/* SPDX-License-Identifier: MIT
 *
 * `doorstep submit`: commands from a file to the door, one receipt a line, in the order of input.
 */
#include <errno.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "domain/ids.h"
#include "doorstep/client.h"
#include "doorstep/day.h"
#include "doorstep/outcomes.h"
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
    char id[DS_ID_MAX + 1];
    enum ds_source owner; /* who says what became of it; DS_SOURCE_NONE */
    Ds__Receipt *receipt;
};

struct submit {
    struct cli *cli;
    const char *file;
    FILE *ids; /* ids given to lines without one, written before they are sent */
    struct client client;
    struct outcomes outcomes;
    struct sent window[IN_FLIGHT_MAX];
    uint32_t n;
    size_t rejected;
};

/* ---- answers ---- */

static void print_json(const struct sent *sent, const Ds__Event *outcome)
{
    json_t *object = ds_json_of(&sent->receipt->base);

    if (outcome) json_object_set_new(object, "outcome", ds_json_of(&outcome->base));
    char *text = json_dumps(object, JSON_COMPACT);
    if (!text) abort();
    printf("%s\n", text);
    free(text);
    json_decref(object);
}

static void print_outcome(const struct submit *submit, const Ds__Event *outcome)
{
    static const enum ds_word words[] = {DS_WORD_OUTCOME_PENDING, DS_WORD_APPLIED,
                                         DS_WORD_NO_EFFECT, DS_WORD_REFUSED};
    enum ds_lang lang = submit->cli->lang;

    printf(" -> %s", ds_word(lang, words[outcome ? (int)outcome->outcome->outcome : 0]));
    if (outcome) printf(": %s", ds_reason_text(lang, (int)outcome->reason));
    if (outcome && ds_str(outcome->clause)[0]) printf(" [%s]", outcome->clause);
}

static bool awaits_outcome(const struct sent *sent)
{
    return sent->owner != DS_SOURCE_NONE && sent->receipt->status == DS__RECEIPT__STATUS__RECORDED;
}

/* Prints one line; counts what was turned down. */
static void print_receipt(struct submit *submit, const struct sent *sent)
{
    const Ds__Receipt *receipt = sent->receipt;
    const Ds__Event *outcome =
        awaits_outcome(sent) ? outcomes_find(&submit->outcomes, sent->id) : NULL;

    if (receipt->status != DS__RECEIPT__STATUS__RECORDED &&
        receipt->status != DS__RECEIPT__STATUS__DUPLICATE)
        submit->rejected++;
    if (outcome && outcome->outcome->outcome == DS__OUTCOME_CODE__NAME__REFUSED) submit->rejected++;
    if (submit->cli->json) return print_json(sent, outcome);
    const char *status =
        protobuf_c_enum_descriptor_get_value(&ds__receipt__status__descriptor, (int)receipt->status)
            ->name;
    printf("%s %s", status, ds_str(receipt->id));
    if (receipt->ticket) printf(" %s", receipt->ticket);
    if (receipt->event) printf(" %s", receipt->event);
    if (receipt->code)
        printf(" %s:%u: %s: %s", submit->file, sent->line.number, receipt->code,
               submit->cli->lang == DS_ZH ? ds_str(receipt->text_zh) : ds_str(receipt->text));
    if (awaits_outcome(sent)) print_outcome(submit, outcome);
    printf("\n");
}

/* The line that a receipt answers; a frame so bad that it has no id was the oldest one. */
static struct sent *find_sent(struct submit *submit, const Ds__Receipt *receipt)
{
    struct sent *oldest = NULL;

    for (uint32_t i = 0; i < submit->n; i++) {
        struct sent *sent = &submit->window[i];
        if (sent->receipt) continue;
        if (strcmp(sent->id, ds_str(receipt->id)) == 0) return sent;
        if (!oldest) oldest = sent;
    }
    return ds_str(receipt->id)[0] ? NULL : oldest;
}

static void send_open(struct submit *submit)
{
    for (uint32_t i = 0; i < submit->n; i++) {
        const struct sent *sent = &submit->window[i];
        if (!sent->receipt) client_send(&submit->client, sent->line.bytes, sent->line.len);
    }
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
    uint32_t open = submit->n;

    for (int silent = 0; open > 0;) {
        Ds__Receipt *receipt = client_receive(&submit->client, SILENCE_MS);
        if (!receipt && ++silent < PATIENCE) {
            send_open(submit);
            continue;
        }
        if (!receipt)
            return cli_fail(
                submit->cli, EXIT_UNAVAILABLE,
                "no answer from intake; the lines not answered may be sent again as they are");
        struct sent *sent = find_sent(submit, receipt);
        bool busy = receipt->status == DS__RECEIPT__STATUS__BUSY && ++silent < PATIENCE * 10;
        if (sent && busy) {
            wait_ms(receipt->retry_after_ms < 1000 ? (long)receipt->retry_after_ms : 1000);
            client_send(&submit->client, sent->line.bytes, sent->line.len);
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

/* Reads the journals in which an outcome is still missing. Returns how many are missing. */
static uint32_t look_for_outcomes(struct submit *submit)
{
    uint32_t missing = 0, partition;
    char service[32];

    for (uint32_t i = 0; i < submit->n; i++) {
        const struct sent *sent = &submit->window[i];
        if (!awaits_outcome(sent) || outcomes_find(&submit->outcomes, sent->id)) continue;
        if (sscanf(ds_str(sent->receipt->event), "%31[^/]/p%u/", service, &partition) != 2)
            continue;
        if (outcomes_read(&submit->outcomes, sent->owner, partition % DS_PARTITIONS_MAX) !=
            EXIT_FINE)
            return 0;
        missing += outcomes_find(&submit->outcomes, sent->id) == NULL;
    }
    return missing;
}

static int settle(struct submit *submit)
{
    int code = receive_all(submit);

    if (code == EXIT_FINE)
        for (int waited_ms = 0; look_for_outcomes(submit) > 0 && waited_ms < OUTCOME_WAIT_MS;
             waited_ms += OUTCOME_LOOK_MS)
            wait_ms(OUTCOME_LOOK_MS);
    for (uint32_t i = 0; i < submit->n; i++) {
        struct sent *sent = &submit->window[i];
        if (sent->receipt) print_receipt(submit, sent);
        if (sent->receipt) ds__receipt__free_unpacked(sent->receipt, NULL);
        free(sent->line.bytes);
    }
    submit->n = 0;
    outcomes_forget(&submit->outcomes);
    return code;
}

/* ---- lines ---- */

/* A fresh id for a line without one; kept in FILE.ids before it is used. */
static const char *fresh_id(struct submit *submit, uint32_t number, char id[DS_ID_MAX + 1])
{
    unsigned char random[12];
    char hex[25], path[1024];

    randombytes_buf(random, sizeof random);
    sodium_bin2hex(hex, sizeof hex, random, sizeof random);
    snprintf(id, DS_ID_MAX + 1, "cli-%s", hex);
    if (strcmp(submit->file, "-") == 0) return id;
    if (!submit->ids) {
        snprintf(path, sizeof path, "%s.ids", submit->file);
        submit->ids = fopen(path, "ae");
        if (!submit->ids) {
            cli_fail(submit->cli, 0, "%s: %s", path, strerror(errno));
            return NULL;
        }
    }
    fprintf(submit->ids, "%u %s\n", number, id);
    return fflush(submit->ids) == 0 ? id : NULL;
}

/* Ids that an earlier, interrupted run gave to the lines of this file; NULL if none. */
static char **read_ids(const char *file, size_t *ret_n)
{
    char path[1024], id[DS_ID_MAX + 1];
    unsigned number;
    char **ids = NULL;
    size_t n = 0;

    *ret_n = 0;
    snprintf(path, sizeof path, "%s.ids", file);
    FILE *kept = strcmp(file, "-") == 0 ? NULL : fopen(path, "re");
    if (!kept) return NULL;
    while (fscanf(kept, "%u %64s", &number, id) == 2) {
        if (number >= n) {
            ids = realloc(ids, (number + 1) * sizeof *ids);
            if (!ids) abort();
            while (n <= number)
                ids[n++] = NULL;
        }
        free(ids[number]);
        ids[number] = strdup(id);
    }
    fclose(kept);
    *ret_n = n;
    return ids;
}

static bool has_id(const char *text)
{
    return strstr(text, "\"id\"") != NULL;
}

/* What is kept of a line beside its bytes. */
static void note_command(struct sent *sent)
{
    Ds__Command *command = ds__command__unpack(NULL, sent->line.len, sent->line.bytes);

    if (!command) return;
    ds_copy(sent->id, sizeof sent->id, ds_str(command->id));
    sent->owner = outcomes_owner(command->body_case);
    ds__command__free_unpacked(command, NULL);
}

static int submit_lines(struct submit *submit, FILE *input)
{
    size_t n_ids, cap = 0;
    char **ids = read_ids(submit->file, &n_ids), *text = NULL, fresh[DS_ID_MAX + 1];
    int code = EXIT_FINE;
    uint32_t number = 0;
    ssize_t len;

    while (code == EXIT_FINE && (len = getline(&text, &cap, input)) >= 0) {
        struct sent *sent = &submit->window[submit->n];
        number++;
        const char *id = number < n_ids ? ids[number] : NULL;
        if (!id && !has_id(text) && text[0] == '{') id = fresh_id(submit, number, fresh);
        *sent = (struct sent){0};
        if (day_read_line(submit->cli, submit->file, number, text, (size_t)len, id, &sent->line) !=
            0) {
            submit->rejected++;
            continue;
        }
        if (!sent->line.bytes) continue;
        note_command(sent);
        client_send(&submit->client, sent->line.bytes, sent->line.len);
        if (++submit->n == IN_FLIGHT_MAX) code = settle(submit);
    }
    if (code == EXIT_FINE) code = settle(submit);
    for (size_t i = 0; i < n_ids; i++)
        free(ids[i]);
    free(ids);
    free(text);
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
    if (!input) return cli_fail(cli, EXIT_USAGE, "%s: %s", submit.file, strerror(errno));
    code = outcomes_open(cli, &conf, &submit.outcomes);
    if (code == EXIT_FINE) {
        client_open(&submit.client, conf.run);
        code = submit_lines(&submit, input);
        client_close(&submit.client);
    }
    outcomes_close(&submit.outcomes);
    if (submit.ids) fclose(submit.ids);
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
        "kept\n"
        "in FILE.ids before it is sent, so that running the same file again sends nothing "
        "twice.\n\n"
        "  echo "
        "'{\"id\":\"c-1\",\"made_at_ms\":\"2026-11-23T09:00:00+08:00\",\"by\":\"lin\",\"ticket\":"
        "\"T007-2\",\n"
        "         \"fill_order\":{\"order_no\":\"A-17\"}}' | tr -d '\\n' | doorstep submit -\n\n"
        "RECORDED means durable. For a command that another service decides about (assign, "
        "accept,\n"
        "reject, record_callback, the manager's) what became of it follows after \"->\"; it is "
        "waited\n"
        "for at most 5 s. Exit code 1 if a line was rejected or refused.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = options,
    .run = run,
};
