/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli_common.h"

#include "run_control.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A run answers within two ticks, a reload when its workers have new contexts. */
#define PATIENCE_MS 60000

/* More than anybody wants to read; what is left out is counted. */
#define FOUND_MAX 16

/* Stands for the minus of `set rate -10/s`, which is no option. */
#define MINUS '\1'

enum { KEY_SOCKET = 256, KEY_PID, KEY_NODE };

static const struct argp_option options[] = {
    {"socket", KEY_SOCKET, "PATH", 0, "The socket of the run (`ekuload run --socket PATH`)", 0},
    {"pid", KEY_PID, "N", 0, "The process that runs; default: the only one", 0},
    {"node", KEY_NODE, "NODE", 0, "For this node alone; default: every one that runs there", 0},
    {0},
};

struct arguments {
    const char *socket;
    long pid;
    const char *node;
    char line[RUN_CONTROL_LINE_MAX + 2]; /* with its newline */
    size_t length;
};

static void add_text(struct arguments *arguments, struct argp_state *state, const char *text) {
    size_t length = strlen(text);
    if (arguments->length + length > RUN_CONTROL_LINE_MAX) {
        argp_error(state, "a command has at most %d octets", RUN_CONTROL_LINE_MAX);
    }
    memcpy(arguments->line + arguments->length, text, length);
    arguments->length += length;
}

static void add_word(struct arguments *arguments, struct argp_state *state, const char *word) {
    if (strpbrk(word, "\n\r") != NULL) {
        argp_error(state, "a command is one line");
    }
    add_text(arguments, state, arguments->length == 0 ? "" : " ");
    add_text(arguments, state, word[0] == MINUS ? "-" : "");
    add_text(arguments, state, word[0] == MINUS ? word + 1 : word);
}

static long parse_pid(struct argp_state *state, const char *text) {
    char *end;
    errno = 0;
    long pid = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || pid < 1) {
        argp_error(state, "--pid: the number of a process was expected, not \"%s\"", text);
    }
    return pid;
}

static error_t parse_option(int key, char *value, struct argp_state *state) {
    struct arguments *arguments = state->input;
    switch (key) {
    case KEY_SOCKET:
        arguments->socket = value;
        return 0;
    case KEY_PID:
        arguments->pid = parse_pid(state, value);
        return 0;
    case KEY_NODE:
        arguments->node = value;
        return 0;
    case ARGP_KEY_ARGS: /* options come first in the line, and are known by now */
        if (arguments->node != NULL) {
            add_word(arguments, state, "--node");
            add_word(arguments, state, arguments->node);
        }
        for (int i = state->next; i < state->argc; i++) {
            add_word(arguments, state, state->argv[i]);
        }
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which command? `ekuload ctl help` lists them");
        return 0;
    case ARGP_KEY_END:
        if (arguments->socket != NULL && arguments->pid != 0) {
            argp_error(state, "--socket or --pid, not both");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp argp = {
    .options = options,
    .parser = parse_option,
    .args_doc = "COMMAND...",
    .doc = "Steers a running `ekuload run`. `ekuload ctl help` lists the commands of the run. Exit "
           "status: 0 when the answer ends with OK, 2 when the command was refused or nothing "
           "runs.",
};

static bool none_found(struct base_error *error) {
    char folder[RUN_CONTROL_PATH_SIZE];
    struct base_error cause;
    bool known = run_control_folder(folder, &cause);
    return base_error_set(error, BASE_ERROR_USAGE, "there is no run to steer: %.200s%s",
                          known ? folder : cause.text, known ? " holds no socket of one" : "");
}

static bool several_found(const struct run_control_found *found, size_t count,
                          struct base_error *error) {
    char list[FOUND_MAX * 24] = "";
    size_t length = 0;
    for (size_t i = 0; i < count && i < FOUND_MAX; i++) {
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%ld", i == 0 ? "" : ", ",
                                   found[i].pid);
    }
    return base_error_set(error, BASE_ERROR_USAGE,
                          "%zu runs are under way: choose one with --pid (%s%s)", count, list,
                          count > FOUND_MAX ? ", ..." : "");
}

/* The socket of --pid, or of the only run. */
static bool choose(char path[RUN_CONTROL_PATH_SIZE], long pid, struct base_error *error) {
    struct run_control_found found[FOUND_MAX];
    if (pid != 0) {
        return run_control_path_of(path, pid, error) || none_found(error);
    }
    size_t count = run_control_find(found, FOUND_MAX);
    if (count == 1) {
        memcpy(path, found[0].path, RUN_CONTROL_PATH_SIZE);
    }
    return count == 1 || (count == 0 ? none_found(error) : several_found(found, count, error));
}

static bool send_line(int descriptor, const struct arguments *arguments, struct base_error *error) {
    char line[RUN_CONTROL_LINE_MAX + 2];
    memcpy(line, arguments->line, arguments->length);
    line[arguments->length] = '\n';
    /* It fits into the socket's buffer whole. */
    return send(descriptor, line, arguments->length + 1, MSG_NOSIGNAL) ==
               (ssize_t)(arguments->length + 1) ||
           base_error_set(error, BASE_ERROR_USAGE, "the run went away");
}

/* The whole answer, on the heap; NULL with a sentence. */
static char *receive(int descriptor, struct base_error *error) {
    struct pollfd entry = {.fd = descriptor, .events = POLLIN};
    char *answer = NULL;
    size_t length = 0;
    size_t room = 0;
    for (;;) {
        if (length + 1 >= room) {
            room = room == 0 ? 4096 : 2 * room;
            char *grown = realloc(answer, room);
            if (grown == NULL) {
                free(answer);
                base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
                return NULL;
            }
            answer = grown;
        }
        int ready = poll(&entry, 1, PATIENCE_MS);
        ssize_t got = ready > 0 ? recv(descriptor, answer + length, room - length - 1, 0) : 0;
        if (ready == 0) {
            free(answer);
            base_error_set(error, BASE_ERROR_MACHINE, "no answer within %d s", PATIENCE_MS / 1000);
            return NULL;
        }
        if (got <= 0) {
            answer[length] = '\0';
            return answer;
        }
        length += (size_t)got;
    }
}

/* "OK" or "ERROR: ...", or "" when it was cut off. */
static const char *last_line(const char *answer) {
    const char *last = answer;
    const char *end = strrchr(answer, '\n');
    if (end == NULL || end[1] != '\0') {
        return "";
    }
    for (const char *at = answer; at < end; at++) {
        last = *at == '\n' ? at + 1 : last;
    }
    return last;
}

static int talk(int descriptor, const struct arguments *arguments) {
    struct base_error error;
    char *answer = send_line(descriptor, arguments, &error) ? receive(descriptor, &error) : NULL;
    if (answer == NULL) {
        return cli_complain(&error);
    }
    bool good = strcmp(last_line(answer), "OK\n") == 0;
    bool refused = strncmp(last_line(answer), "ERROR", 5) == 0;
    fputs(answer, stdout);
    free(answer);
    if (!good && !refused) {
        base_error_set(&error, BASE_ERROR_USAGE, "the run ended before it had answered");
        return cli_complain(&error);
    }
    return good ? CLI_PASS : CLI_USAGE;
}

static void hide_minus_of_numbers(int argc, char **argv) {
    for (int i = 2; i < argc; i++) {
        bool is_value = strncmp(argv[i - 1], "--", 2) == 0;
        if (!is_value && argv[i][0] == '-' && argv[i][1] >= '0' && argv[i][1] <= '9') {
            argv[i][0] = MINUS;
        }
    }
}

int cli_ctl(int argc, char **argv) {
    struct arguments arguments = {0};
    char path[RUN_CONTROL_PATH_SIZE];
    struct base_error error;
    hide_minus_of_numbers(argc, argv);
    cli_parse(&argp, argc, argv, &arguments);
    if (arguments.socket == NULL && !choose(path, arguments.pid, &error)) {
        return cli_complain(&error);
    }
    int descriptor =
        run_control_connect(arguments.socket != NULL ? arguments.socket : path, &error);
    if (descriptor < 0) {
        return cli_complain(&error);
    }
    int status = talk(descriptor, &arguments);
    close(descriptor);
    return status;
}
