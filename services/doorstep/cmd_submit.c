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

#include "doorstep/client.h"
#include "doorstep/day.h"
#include "wire/json.h"

enum { OPT_OUTCOMES };
enum { IN_FLIGHT_MAX = 256, RECEIPT_TIMEOUT_MS = 10000, BUSY_RETRIES = 40 };

struct sent {
    struct day_line line;
    Ds__Receipt *receipt;
};

struct submit {
    struct cli *cli;
    const char *file;
    FILE *ids; /* ids given to lines without one, written before they are sent */
    struct client client;
    struct sent window[IN_FLIGHT_MAX];
    uint32_t n;
    size_t rejected;
};

/* ---- answers ---- */

static void print_receipt(struct submit *submit, const struct sent *sent)
{
    const Ds__Receipt *receipt = sent->receipt;

    if (submit->cli->json) {
        json_t *object = ds_json_of(&receipt->base);
        char *text = json_dumps(object, JSON_COMPACT);
        if (!text) abort();
        printf("%s\n", text);
        free(text);
        json_decref(object);
        return;
    }
    const char *status =
        protobuf_c_enum_descriptor_get_value(&ds__receipt__status__descriptor, (int)receipt->status)
            ->name;
    printf("%s %s", status, ds_str(receipt->id));
    if (receipt->ticket) printf(" %s", receipt->ticket);
    if (receipt->event) printf(" %s", receipt->event);
    if (receipt->code)
        printf(" %s:%u: %s: %s", submit->file, sent->line.number, receipt->code,
               submit->cli->lang == DS_ZH ? ds_str(receipt->text_zh) : ds_str(receipt->text));
    printf("\n");
}

static struct sent *find_sent(struct submit *submit, const Ds__Receipt *receipt)
{
    for (uint32_t i = 0; i < submit->n; i++) {
        Ds__Command *command =
            ds__command__unpack(NULL, submit->window[i].line.len, submit->window[i].line.bytes);
        bool same = command && strcmp(ds_str(command->id), ds_str(receipt->id)) == 0;
        if (command) ds__command__free_unpacked(command, NULL);
        if (same && !submit->window[i].receipt) return &submit->window[i];
    }
    return NULL;
}

/* Receives until every line of the window has its final answer; busy ones are sent again. */
static int settle(struct submit *submit)
{
    uint32_t open = submit->n;
    int busy = 0;

    while (open > 0) {
        Ds__Receipt *receipt = client_receive(&submit->client, RECEIPT_TIMEOUT_MS);
        if (!receipt)
            return cli_fail(
                submit->cli, EXIT_UNAVAILABLE,
                "no answer from intake; the lines not answered may be sent again as they are");
        struct sent *sent = find_sent(submit, receipt);
        if (!sent) { /* a frame so bad that it has no id: it was the oldest */
            sent = &submit->window[submit->n - open];
        }
        if (receipt->status == DS__RECEIPT__STATUS__BUSY && busy++ < BUSY_RETRIES * IN_FLIGHT_MAX) {
            struct timespec pause = {
                0,
                1000000L * (receipt->retry_after_ms < 999 ? (long)receipt->retry_after_ms : 999)};
            ds__receipt__free_unpacked(receipt, NULL);
            nanosleep(&pause, NULL);
            client_send(&submit->client, sent->line.bytes, sent->line.len);
            continue;
        }
        sent->receipt = receipt;
        open--;
    }
    for (uint32_t i = 0; i < submit->n; i++) {
        struct sent *sent = &submit->window[i];
        print_receipt(submit, sent);
        submit->rejected += sent->receipt->status != DS__RECEIPT__STATUS__RECORDED &&
                            sent->receipt->status != DS__RECEIPT__STATUS__DUPLICATE;
        ds__receipt__free_unpacked(sent->receipt, NULL);
        free(sent->line.bytes);
    }
    submit->n = 0;
    return EXIT_FINE;
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
    client_open(&submit.client, conf.run);
    code = submit_lines(&submit, input);
    client_close(&submit.client);
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
        "RECORDED means durable. Exit code 1 if a line was rejected.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = options,
    .run = run,
};
