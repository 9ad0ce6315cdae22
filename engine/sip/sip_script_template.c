/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_script_internal.h"

#include "sip_framer.h"
#include "sip_start_line.h"

#include <stdlib.h>
#include <string.h>

#define CRLF "\r\n"

/* A text on its way to parts. */
struct compiler {
    struct sip_script *script;
    struct sip_script_template *template;
    struct sip_script_mistake *mistake;
    size_t length;       /* of the octets */
    uint32_t first_line; /* of the text that the octets begin with, from 1 */
};

/* Blank lines in front go, lines end with CRLF: nobody has to think of that in a file. */
static bool take_text(struct compiler *compiler, const char *text) {
    size_t length = strlen(text);
    uint8_t *at = malloc(2 * length + 8);
    compiler->template->octets = at;
    compiler->first_line = 1;
    if (at == NULL) {
        return sip_script_complain(compiler->mistake, 0, "out of memory");
    }
    for (; *text == '\n' || *text == '\r'; text++) {
        compiler->first_line += *text == '\n';
    }
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            *at++ = '\r';
        }
        if (*text != '\r') {
            *at++ = (uint8_t)*text;
        }
    }
    compiler->length = (size_t)(at - compiler->template->octets);
    return compiler->length > 0 && compiler->length <= SIP_MESSAGE_MAX
               ? true
               : sip_script_complain(compiler->mistake, 0, "expected a message of 1 to %u octets",
                                     SIP_MESSAGE_MAX);
}

/* Where the headers end, their last CRLF included, and where the body begins. */
static void find_ends(struct compiler *compiler, size_t *head, size_t *body) {
    uint8_t *octets = compiler->template->octets;
    const uint8_t *gap = memmem(octets, compiler->length, CRLF CRLF, 4);
    if (gap != NULL) {
        *head = (size_t)(gap - octets) + 2;
        *body = *head + 2;
        return;
    }
    if (compiler->length < 2 || memcmp(octets + compiler->length - 2, CRLF, 2) != 0) {
        memcpy(octets + compiler->length, CRLF, 2);
        compiler->length += 2;
    }
    *head = compiler->length;
    *body = compiler->length;
}

static uint32_t line_at(const struct compiler *compiler, const uint8_t *at) {
    uint32_t line = compiler->first_line;
    for (const uint8_t *octet = compiler->template->octets; octet < at; octet++) {
        line += *octet == '\n';
    }
    return line;
}

static struct sip_script_part *next_part(struct compiler *compiler) {
    return &compiler->template->parts[compiler->template->part_count++];
}

static void add_literal(struct compiler *compiler, struct bytes text) {
    if (text.length > 0) {
        *next_part(compiler) = (struct sip_script_part){.text = text};
    }
}

/* Whole lines come of it, so it begins one. */
static bool check_place(const struct compiler *compiler, const struct sip_script_part *part,
                        const uint8_t *bracket, bool in_body) {
    bool is_lines = part->variable == SIP_SCRIPT_ROUTES || part->variable == SIP_SCRIPT_LAST;
    bool begins_line = bracket > compiler->template->octets && bracket[-1] == '\n';
    if (is_lines && (in_body || !begins_line)) {
        return sip_script_complain(compiler->mistake, line_at(compiler, bracket),
                                   "[routes] and [last_NAME:] are whole header lines: expected one "
                                   "at the beginning of a line above the body");
    }
    compiler->template->has_cseq |= part->variable == SIP_SCRIPT_CSEQ;
    compiler->template->has_branch |= part->variable == SIP_SCRIPT_BRANCH;
    return part->variable != SIP_SCRIPT_LEN || !in_body ||
           sip_script_complain(compiler->mistake, line_at(compiler, bracket),
                               "[len] is the length of the body, so it cannot stand in it");
}

/* `at` stands on the bracket; moves past the closing one. */
static bool take_variable(struct compiler *compiler, const uint8_t **at, const uint8_t *end,
                          bool in_body) {
    const uint8_t *begin = *at + 1;
    const uint8_t *close = begin;
    while (close < end && *close != ']' && *close != '\r' && *close != '[') {
        close++;
    }
    uint32_t line = line_at(compiler, *at);
    if (close == end || *close != ']') {
        return sip_script_complain(compiler->mistake, line,
                                   "expected ] behind [ in the same line; a bracket that is meant "
                                   "as such is written \\[");
    }
    struct sip_script_part *part = next_part(compiler);
    *part = (struct sip_script_part){0};
    if (!sip_script_find_variable(compiler->script, sip_text_span(begin, close), part, line,
                                  compiler->mistake) ||
        !check_place(compiler, part, *at, in_body)) {
        return false;
    }
    *at = close + 1;
    return true;
}

static bool split(struct compiler *compiler, const uint8_t *at, const uint8_t *end, bool in_body) {
    const uint8_t *literal = at;
    while (at < end) {
        if (*at == '\\' && at + 1 < end && at[1] == '[') {
            add_literal(compiler, sip_text_span(literal, at));
            literal = at + 1;
            at += 2;
        } else if (*at == '[') {
            add_literal(compiler, sip_text_span(literal, at));
            if (!take_variable(compiler, &at, end, in_body)) {
                return false;
            }
            literal = at;
        } else {
            at++;
        }
    }
    add_literal(compiler, sip_text_span(literal, end));
    return true;
}

/* The line's value when it is Content-Length. */
static bool is_length_line(struct bytes line, struct bytes *value) {
    const uint8_t *end = line.data + line.length;
    const uint8_t *colon = sip_text_skip(line.data, end, SIP_TEXT_TOKEN);
    struct bytes name = sip_text_span(line.data, colon);
    colon = sip_text_skip(colon, end, SIP_TEXT_LWS);
    if (colon == end || *colon != ':' ||
        !(sip_text_equals_lower(name, "content-length", 14) ||
          sip_text_equals_lower(name, "l", 1))) {
        return false;
    }
    *value = sip_text_trim(sip_text_span(colon + 1, end));
    return true;
}

/* A number would be wrong as soon as a variable of the body is of another length. */
static bool check_length(const struct compiler *compiler, size_t head, bool *is_given) {
    const uint8_t *at = compiler->template->octets;
    const uint8_t *end = at + head;
    *is_given = false;
    while (at < end) {
        const uint8_t *next = (const uint8_t *)memchr(at, '\n', (size_t)(end - at)) + 1;
        struct bytes value;
        if (is_length_line(sip_text_span(at, next), &value)) {
            if (*is_given || !base_bytes_equal(value, base_bytes_of_text("[len]"))) {
                return sip_script_complain(compiler->mistake, line_at(compiler, at),
                                           "expected Content-Length: [len], once, or none: it is "
                                           "computed");
            }
            *is_given = true;
        }
        at = next;
    }
    return true;
}

/* What the identifiers of a message are depends on its method, so that is no variable. */
static bool take_method(struct compiler *compiler) {
    const uint8_t *octets = compiler->template->octets;
    const uint8_t *end = octets + compiler->length;
    const uint8_t *at = sip_text_skip(octets, end, SIP_TEXT_TOKEN);
    struct bytes word = sip_text_span(octets, at);
    if (at < end && *at == '/' && sip_text_equals_lower(word, "sip", 3)) {
        return true;
    }
    compiler->template->method = word;
    return (word.length > 0 && word.length <= SIP_METHOD_MAX && at < end && *at == ' ') ||
           sip_script_complain(compiler->mistake, compiler->first_line,
                               "expected a request line such as MESSAGE [target] SIP/2.0, or a "
                               "status line such as SIP/2.0 200 OK");
}

static bool compile(struct compiler *compiler, const char *text) {
    struct sip_script_template *template = compiler->template;
    size_t head;
    size_t body;
    bool has_length;
    if (!take_text(compiler, text) || !take_method(compiler)) {
        return false;
    }
    find_ends(compiler, &head, &body);
    if (!check_length(compiler, head, &has_length)) {
        return false;
    }
    /* Each part but for the few of the last lines ends with a bracket or begins with one. */
    template->parts = calloc(compiler->length + 8, sizeof(*template->parts));
    if (template->parts == NULL) {
        return sip_script_complain(compiler->mistake, 0, "out of memory");
    }
    if (!split(compiler, template->octets, template->octets + head, false)) {
        return false;
    }
    if (!has_length) {
        add_literal(compiler, base_bytes_of_text("Content-Length: "));
        next_part(compiler)->variable = SIP_SCRIPT_LEN;
        add_literal(compiler, base_bytes_of_text(CRLF));
    }
    add_literal(compiler, base_bytes_of_text(CRLF));
    template->body_first = template->part_count;
    return split(compiler, template->octets + body, template->octets + compiler->length, true);
}

struct sip_script_template *sip_script_template_create(struct sip_script *script, const char *text,
                                                       struct sip_script_mistake *mistake) {
    struct sip_script_template *template = calloc(1, sizeof(*template));
    struct compiler compiler = {.script = script, .template = template, .mistake = mistake};
    if (template == NULL) {
        sip_script_complain(mistake, 0, "out of memory");
        return NULL;
    }
    if (!compile(&compiler, text) || !sip_script_trial(script, template, mistake)) {
        sip_script_template_destroy(template);
        return NULL;
    }
    struct sip_script_part *fitting =
        realloc(template->parts, template->part_count * sizeof(*template->parts));
    template->parts = fitting != NULL ? fitting : template->parts;
    return template;
}

void sip_script_template_destroy(struct sip_script_template *template) {
    if (template != NULL) {
        free(template->octets);
        free(template->parts);
        free(template);
    }
}
