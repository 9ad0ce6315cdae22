/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run_command.h"

#include "base_nearest.h"
#include "run_amount.h"
#include "run_control.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

enum rest { REST_NONE, REST_SWITCH, REST_AMOUNT };

struct row {
    enum run_command_kind kind;
    enum rest rest; /* what may follow: nothing; On or Off; a zone and how much */
    bool takes_node;
    const char *words; /* as it is compared */
    const char *name;
    const char *help;
};

static const struct row rows[] = {
    {RUN_COMMAND_EKU_MODE, REST_SWITCH, true,
     "xconfiguration sip tls certificate extendedkeyusage checking mode",
     "xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode",
     "check the extended key usage of new connections (: On) or not (: Off); alone: tell"},
    {RUN_COMMAND_SERVER_EKU_UPLOAD, REST_SWITCH, true,
     "xconfiguration xcp tls certificate cvs enableserverekuupload",
     "xConfiguration XCP TLS Certificate CVS EnableServerEkuUpload",
     "Expressway-E x15.4: let reload take certificates without clientAuth (: On) or not (: Off); "
     "alone: tell"},
    {RUN_COMMAND_RELOAD, REST_NONE, true, "reload", "reload",
     "read the nodes' certificates again; new connections present them"},
    {RUN_COMMAND_RATE, REST_AMOUNT, false, "set rate", "set rate",
     "[ZONE] RATE: new connections of a zone with `rate`, as 500/s, +10/s, -10/s, or `profile`: "
     "what "
     "it began with; without RATE: tell"},
    {RUN_COMMAND_CONNECTIONS, REST_AMOUNT, false, "set connections", "set connections",
     "[ZONE] N: how many a zone keeps open, or has at once with `concurrency`: 100, +10, -10, or "
     "`profile`; without N: tell"},
    {RUN_COMMAND_PAUSE, REST_NONE, false, "pause", "pause",
     "begin nothing new, no connection and no request; what is open stays"},
    {RUN_COMMAND_RESUME, REST_NONE, false, "resume", "resume", "go on after a pause"},
    {RUN_COMMAND_DIAL, REST_NONE, false, "dial", "dial",
     "connections that wait for their retry dial at once"},
    {RUN_COMMAND_STATUS, REST_NONE, false, "status", "status", "zones and tunnels at present"},
    {RUN_COMMAND_QUIT, REST_NONE, false, "quit", "quit",
     "end the run in order, with the verdict of what it did so far"},
    {RUN_COMMAND_HELP, REST_NONE, false, "help", "help", "these lines"},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])
#define TEXT_SIZE (RUN_CONTROL_LINE_MAX + 1)

/* The curly quotes of a document (U+201C, U+201D). */
static bool is_curly_quote(const char *at) {
    return strncmp(at, "\xe2\x80\x9c", 3) == 0 || strncmp(at, "\xe2\x80\x9d", 3) == 0;
}

/* Lower case, words apart by one blank, neither quotes nor colons; "?" for what is no ASCII text.
 */
static void normalize(char out[TEXT_SIZE], const char *line) {
    size_t length = 0;
    bool apart = false;
    for (const char *at = line; *at != '\0' && length + 2 < TEXT_SIZE; at++) {
        if (is_curly_quote(at)) {
            at += 2;
            continue;
        }
        unsigned char octet = (unsigned char)*at;
        if (isspace(octet) || octet == ':') {
            apart = length > 0;
        } else if (octet != '"' && octet != '\'') {
            if (apart) {
                out[length++] = ' ';
                apart = false;
            }
            out[length++] = (char)(octet > ' ' && octet < 127 ? tolower(octet) : '?');
        }
    }
    out[length] = '\0';
}

/* What follows `--node NODE`; NULL with a sentence. A node's name keeps its letter case. */
static const char *take_node(struct run_command *out, const char *line, struct base_error *error) {
    static const char option[] = "--node";
    line += strspn(line, " \t");
    if (strncmp(line, option, sizeof option - 1) != 0) {
        return line;
    }
    line += sizeof option - 1;
    size_t apart = strspn(line, " \t=");
    line += apart;
    size_t length = strcspn(line, " \t\r");
    if (apart == 0 || length == 0 || length >= sizeof out->node) {
        base_error_set(error, BASE_ERROR_USAGE, "--node: the name of a node was expected");
        return NULL;
    }
    memcpy(out->node, line, length);
    out->node[length] = '\0';
    return line + length;
}

/* The beginning of `text`, with no more words than `model`: what follows is a value. */
static void copy_as_many_words(char out[TEXT_SIZE], const char *text, const char *model) {
    size_t length = strcspn(text, " ");
    for (; *model != '\0'; model++) {
        if (*model == ' ' && text[length] == ' ') {
            length += 1 + strcspn(text + length + 1, " ");
        }
    }
    memcpy(out, text, length);
    out[length] = '\0';
}

static bool unknown(const char *text, struct base_error *error) {
    const char *name = NULL;
    unsigned distance = UINT_MAX;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        char head[TEXT_SIZE];
        copy_as_many_words(head, text, rows[i].words);
        struct base_nearest nearest = base_nearest_begin(head);
        base_nearest_offer(&nearest, rows[i].words);
        if (nearest.best != NULL && nearest.distance < distance) {
            distance = nearest.distance;
            name = rows[i].name;
        }
    }
    if (name == NULL) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "there is no command \"%.200s\"; `help` lists them", text);
    }
    return base_error_set(error, BASE_ERROR_USAGE,
                          "there is no command \"%.200s\"; did you mean \"%s\"?", text, name);
}

/* What follows the row's own words; NULL: the text is another command. */
static const char *rest_of(const char *text, const struct row *row) {
    size_t length = strlen(row->words);
    if (strncmp(text, row->words, length) != 0 || (text[length] != ' ' && text[length] != '\0')) {
        return NULL;
    }
    return text[length] == ' ' ? text + length + 1 : text + length;
}

static bool read_switch(struct run_command *out, const char *rest, struct base_error *error) {
    out->value = strcmp(rest, "on") == 0    ? RUN_COMMAND_ON
                 : strcmp(rest, "off") == 0 ? RUN_COMMAND_OFF
                                            : RUN_COMMAND_ASKS;
    return rest[0] == '\0' || out->value != RUN_COMMAND_ASKS ||
           base_error_set(error, BASE_ERROR_USAGE, "%s: On or Off was expected, not \"%.200s\"",
                          out->name, rest);
}

static bool read_rest(struct run_command *out, const struct row *row, const char *rest,
                      struct base_error *error) {
    out->kind = row->kind;
    out->name = row->name;
    if (out->node[0] != '\0' && !row->takes_node) {
        return base_error_set(error, BASE_ERROR_USAGE, "%s is for the whole run: leave --node out",
                              row->name);
    }
    switch (row->rest) {
    case REST_SWITCH:
        return read_switch(out, rest, error);
    case REST_AMOUNT:
        return run_amount_read(out, rest, error);
    case REST_NONE:
    default:
        return rest[0] == '\0' ||
               base_error_set(error, BASE_ERROR_USAGE, "%s stands alone: \"%.200s\" is too much",
                              row->name, rest);
    }
}

bool run_command_read(struct run_command *out, const char *line, struct base_error *error) {
    char text[TEXT_SIZE];
    *out = (struct run_command){.value = RUN_COMMAND_ASKS};
    line = take_node(out, line, error);
    if (line == NULL) {
        return false;
    }
    normalize(text, line);
    if (text[0] == '\0') {
        return base_error_set(error, BASE_ERROR_USAGE, "a command was expected; `help` lists them");
    }
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const char *rest = rest_of(text, &rows[i]);
        if (rest != NULL) {
            return read_rest(out, &rows[i], rest, error);
        }
    }
    return unknown(text, error);
}

void run_command_help(FILE *out) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        fprintf(out, "%s\n    %s\n", rows[i].name, rows[i].help);
    }
}
