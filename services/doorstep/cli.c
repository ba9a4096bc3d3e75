/* SPDX-License-Identifier: MIT
 *
 * Arguments, help, errors. Every subcommand is a row of options and a function. */
#include "doorstep/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "wire/utf8.h"

static const struct command *const commands[] = {
    &command_up,          &command_activate,   &command_submit,    &command_play,
    &command_ticket,      &command_explain,    &command_alerts,    &command_ledger,
    &command_statement,   &command_month,      &command_proposals, &command_appeals,
    &command_obligations, &command_status,     &command_check,     &command_replay,
    &command_export,      &command_rulebook,   &command_clock,     &command_return,
    &command_callbacks,   &command_waits,      &command_cases,     &command_sheet,
    &command_prove,       &command_report,     &command_backtest,  &command_board,
    &command_customer,    &command_candidates, &command_calls,     &command_directory,
    &command_order,       &command_users,      &command_keys,
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static const char exit_codes[] =
    "Exit codes: 0 fine (a command without effect too), 1 rejected or a check failed, 2 wrong "
    "usage,\n"
    "69 services or store unavailable, 70 internal error. Data: --dir, else $DOORSTEP_DIR, else\n"
    "~/.local/state/doorstep. Language: LC_ALL, LC_MESSAGES, LANG (zh* is Chinese).\n";

static void print_commands(FILE *to)
{
    fprintf(to, "doorstep keeps an after-sales department's promises.\n\n"
                "usage: doorstep COMMAND [OPTIONS] [ARGUMENTS]\n\n");
    for (int i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-11s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(to,
            "\n`doorstep COMMAND --help` or `doorstep help COMMAND` explains one of them, with an "
            "example;\n`doorstep --version` says which one this is.\n%s",
            exit_codes);
}

static void print_help(FILE *to, const struct command *command)
{
    fprintf(to, "usage: doorstep %s [OPTIONS]%s%s\n\n%s\n\n", command->name,
            command->arguments[0] ? " " : "", command->arguments, command->summary);
    for (const struct option_spec *option = command->options; option->name; option++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", option->name, option->value ? " " : "",
                 option->value ? option->value : "");
        fprintf(to, "  %-20s %s\n", left, option->help);
    }
    fprintf(to, "  %-20s %s\n", "--dir DATA", "data directory");
    fprintf(to, "  %-20s %s\n", "--json", "print JSON");
    fprintf(to, "\n%s\n%s", command->details, exit_codes);
}

const char *cli_say(const struct cli *cli, const char *en, const char *zh)
{
    return cli->lang == DS_ZH ? zh : en;
}

int cli_tell(const struct cli *cli, const char *en, const char *zh, ...)
{
    va_list args;

    va_start(args, zh);
    int n = vfprintf(stderr, cli->lang == DS_ZH ? zh : en, args);
    va_end(args);
    return n;
}

void cli_print(const struct cli *cli, const char *en, const char *zh, ...)
{
    va_list args;

    va_start(args, zh);
    vprintf(cli->lang == DS_ZH ? zh : en, args);
    va_end(args);
}

const char *cli_errno(const struct cli *cli, int number)
{
    return ds_errno_text(cli->lang, number);
}

void cli_print_object(json_t *object)
{
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

int cli_fail(const struct cli *cli, int code, const char *en, const char *zh, ...)
{
    va_list args;

    fprintf(stderr, "doorstep%s%s: ", cli->command[0] ? " " : "", cli->command);
    va_start(args, zh);
    vfprintf(stderr, cli->lang == DS_ZH ? zh : en, args);
    va_end(args);
    fprintf(stderr, "\n");
    return code;
}

int cli_width(const char *text)
{
    int columns = 0;

    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        columns += *at >= 0xe3 ? 2 : (*at & 0xc0) != 0x80; /* from U+3000 on: Chinese */
    return columns;
}

void cli_put(FILE *to, const char *text, int columns)
{
    fputs(text, to);
    for (columns -= cli_width(text); columns > 0; columns--)
        fputc(' ', to);
}

static void default_dir(struct cli *cli)
{
    const char *dir = getenv("DOORSTEP_DIR"), *home = getenv("HOME");
    const struct passwd *user = home && home[0] ? NULL : getpwuid(geteuid());

    if (user) home = user->pw_dir;
    if (dir && dir[0])
        snprintf(cli->dir, sizeof cli->dir, "%s", dir);
    else
        snprintf(cli->dir, sizeof cli->dir, "%s/.local/state/doorstep", home ? home : "");
}

int cli_printed(const struct cli *cli, int code)
{
    struct stat found;
    bool cut = fflush(stdout) != 0;

    if ((!cut && !ferror(stdout)) || code != EXIT_FINE) return code;
    /* whoever closed the pipe (`| head`) had enough */
    if (fstat(STDOUT_FILENO, &found) == 0 && S_ISFIFO(found.st_mode)) return code;
    return cli_fail(cli, EXIT_INTERNAL, SAID_NOT_PRINTED);
}

/* Takes one option at argv[*i]; false with a message if it is none. */
static bool take_option(struct cli *cli, const struct command *command, int argc, char *argv[],
                        int *i)
{
    const char *arg = argv[*i];

    if (strcmp(arg, "--json") == 0) {
        cli->json = true;
        return true;
    }
    if (strcmp(arg, "--dir") == 0 && *i + 1 < argc) {
        if (strlen(argv[*i + 1]) >= sizeof cli->dir) {
            cli_fail(cli, EXIT_USAGE, SAID_DIR_TOO_LONG, sizeof cli->dir - 1);
            return false;
        }
        snprintf(cli->dir, sizeof cli->dir, "%s", argv[++*i]);
        return true;
    }
    for (int o = 0; command->options[o].name; o++) {
        if (strcmp(arg, command->options[o].name) != 0) continue;
        if (!command->options[o].value) {
            cli->values[o] = "";
            return true;
        }
        if (*i + 1 == argc) break;
        cli->values[o] = argv[++*i];
        return true;
    }
    cli_fail(cli, EXIT_USAGE, SAID_OPTION, arg, command->name);
    return false;
}

static bool is_help(const char *arg)
{
    return strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0;
}

static void wrong_arguments(const struct cli *cli, const struct command *command)
{
    if (command->arguments[0])
        cli_fail(cli, EXIT_USAGE, SAID_ARGUMENTS, command->arguments, command->name);
    else
        cli_fail(cli, EXIT_USAGE, SAID_NO_ARGUMENTS, command->name);
}

static int run(const struct command *command, int argc, char *argv[])
{
    struct cli cli = {.lang = ds_lang_from_env(), .command = command->name};
    char **rest = calloc((size_t)argc + 1, sizeof *rest);
    bool options_end = false;

    if (!rest) abort();
    cli.argv = rest;
    default_dir(&cli);
    for (int i = 0; i < argc; i++) {
        if (!options_end && is_help(argv[i])) {
            print_help(stdout, command);
            free(rest);
            return EXIT_FINE;
        }
        if (!options_end && strcmp(argv[i], "--") == 0)
            options_end = true;
        else if (options_end || argv[i][0] != '-' || strcmp(argv[i], "-") == 0)
            rest[cli.argc++] = argv[i];
        else if (!take_option(&cli, command, argc, argv, &i)) {
            free(rest);
            return EXIT_USAGE;
        }
    }
    int code = EXIT_USAGE;
    if (cli.argc < command->min_arguments || cli.argc > command->max_arguments)
        wrong_arguments(&cli, command);
    else
        code = cli_printed(&cli, command->run(&cli));
    free(rest);
    return code;
}

static const struct command *command_of(const char *name)
{
    for (int i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
    struct cli cli = {.lang = ds_lang_from_env(), .command = ""};
    cli_fail(&cli, EXIT_USAGE, SAID_NO_SUCH_COMMAND, name);
    return NULL;
}

static int help(int argc, char *argv[])
{
    const struct command *command = argc > 0 ? command_of(argv[0]) : NULL;

    if (argc == 0) print_commands(stdout);
    if (command) print_help(stdout, command);
    return argc == 0 || command ? EXIT_FINE : EXIT_USAGE;
}

/* What is printed, searched and stored of them is text. */
static int check_text(int argc, char *argv[])
{
    const struct cli cli = {.lang = ds_lang_from_env(), .command = ""};

    for (int i = 1; i < argc; i++)
        if (!ds_utf8_clean(argv[i], strlen(argv[i])))
            return cli_fail(&cli, EXIT_USAGE, SAID_NOT_UTF8, i);
    return EXIT_FINE;
}

int cli_main(int argc, char *argv[])
{
    if (sodium_init() < 0) return EXIT_INTERNAL;
    umask(0077); /* what is written names customers: it is for whoever wrote it */
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN); /* Redis may go away, and so may whoever reads what we print */
    if (argc < 2) {
        print_commands(stderr);
        return EXIT_USAGE;
    }
    if (check_text(argc, argv) != EXIT_FINE) return EXIT_USAGE;
    if (is_help(argv[1]) || strcmp(argv[1], "help") == 0) return help(argc - 2, argv + 2);
    if (strcmp(argv[1], "--version") == 0) {
        printf("doorstep %s\n", DOORSTEP_VERSION);
        return EXIT_FINE;
    }
    const struct command *command = command_of(argv[1]);
    return command ? run(command, argc - 2, argv + 2) : EXIT_USAGE;
}

/* ---- shared by subcommands ---- */

int cli_conf(struct cli *cli, struct rt_conf *conf)
{
    char path[sizeof cli->dir + 32];

    snprintf(path, sizeof path, "%s/doorstep.yaml", cli->dir);
    if (access(path, F_OK) != 0)
        return cli_fail(cli, EXIT_UNAVAILABLE, SAID_NO_INSTALLATION, cli->dir);
    if (rt_conf_load(conf, cli->dir, stderr) == 0) return EXIT_FINE;
    return cli_fail(cli, EXIT_UNAVAILABLE, SAID_CONF, path);
}

static bool is_second_time(const struct ds_zone *zone, int64_t at_ms, int32_t offset_s)
{
    if (at_ms >= DS_TIME_MAX_MS) return false; /* never */
    int32_t day = ds_local_day(zone, at_ms);
    return ds_from_local(zone, day, at_ms + offset_s * 1000LL - day * (int64_t)DS_DAY_MS) != at_ms;
}

void cli_local_time(char buf[32], int64_t at_ms, const struct ds_zone *zone)
{
    int32_t offset_s = ds_zone_offset_s(zone, at_ms);
    time_t local = (time_t)(at_ms / 1000 + offset_s);
    struct tm tm;

    gmtime_r(&local, &tm);
    size_t n = strftime(buf, 24, "%Y-%m-%d %H:%M:%S", &tm);
    if (at_ms % 1000) n += (size_t)snprintf(buf + n, 32 - n, ".%03d", (int)(at_ms % 1000));
    if (!is_second_time(zone, at_ms, offset_s)) return;
    int minutes = abs(offset_s) / 60;
    snprintf(buf + n, 32 - n, "%c%02d:%02d", offset_s < 0 ? '-' : '+', minutes / 60 % 24,
             minutes % 60);
}

void cli_duration(char buf[32], int64_t span_ms)
{
    const char *sign = span_ms < 0 ? "-" : "";
    long long s = (span_ms < 0 ? -span_ms : span_ms) / 1000;

    if (s < 60)
        snprintf(buf, 32, "%s%llds", sign, s);
    else if (s < 3600)
        snprintf(buf, 32, "%s%lldm %02llds", sign, s / 60, s % 60);
    else if (s < 86400)
        snprintf(buf, 32, "%s%lldh %02lldm", sign, s / 3600, s / 60 % 60);
    else
        snprintf(buf, 32, "%s%lldd %02lldh", sign, s / 86400, s / 3600 % 24);
}

void cli_yuan(char buf[32], int64_t fen)
{
    long long positive = fen < 0 ? -fen : fen;

    snprintf(buf, 32, "%s%lld.%02lld", fen < 0 ? "-" : "", positive / 100, positive % 100);
}

int cli_close(const struct cli *cli, FILE *file, const char *path)
{
    bool cut = ferror(file) != 0; /* earlier: what for is not known any more */

    if (fclose(file) != 0)
        return cli_fail(cli, EXIT_INTERNAL, SAID_FILE, path, cli_errno(cli, errno));
    return cut ? cli_fail(cli, EXIT_INTERNAL, SAID_NOT_WRITTEN, path) : EXIT_FINE;
}

static char *read_all(const struct cli *cli, FILE *file, const char *path, size_t max,
                      size_t *ret_len)
{
    size_t cap = 64 * 1024, len = 0;
    char *text = NULL;

    for (;;) {
        text = realloc(text, cap + 1);
        if (!text) abort();
        len += fread(text + len, 1, cap - len, file);
        if (len < cap) break;
        cap *= 2;
        if (cap > max * 2) break;
    }
    int error = ferror(file) ? errno : 0; /* e.g. a directory */
    if (file != stdin) fclose(file);
    text[len] = '\0';
    if (error || len > max) {
        if (error)
            cli_fail(cli, 0, SAID_FILE, path, cli_errno(cli, error));
        else
            cli_fail(cli, 0, SAID_TOO_LARGE, path, max);
        free(text);
        return NULL;
    }
    *ret_len = len;
    return text;
}

char *cli_read_file(const struct cli *cli, const char *path, size_t max, size_t *ret_len)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");

    if (file) return read_all(cli, file, path, max, ret_len);
    cli_fail(cli, 0, SAID_FILE, path, cli_errno(cli, errno));
    return NULL;
}

char *cli_read_plain(const struct cli *cli, const char *path, size_t max, size_t *ret_len)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), number = errno;
    struct stat found;
    bool plain = fd >= 0 && fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
    FILE *file = plain ? fdopen(fd, "r") : NULL;

    if (file) return read_all(cli, file, path, max, ret_len);
    if (fd >= 0) close(fd);
    if (fd >= 0 || number == ELOOP || number == ENXIO) /* a link, a socket */
        cli_fail(cli, 0, SAID_NOT_PLAIN, path);
    else
        cli_fail(cli, 0, SAID_FILE, path, cli_errno(cli, number));
    return NULL;
}

void cli_print_json(json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);

    if (!text) abort();
    printf("%s\n", text);
    free(text);
    json_decref(value);
}

void cli_put_item(FILE *to, size_t n, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);

    if (!text) abort();
    fprintf(to, "%s%s", n ? ",\n" : "[", text);
    free(text);
    json_decref(value);
}

void cli_put_end(FILE *to, size_t n)
{
    fprintf(to, n ? "]\n" : "[]\n");
}
