/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report_dump_item.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static bool is_control(char octet) {
    return (unsigned char)octet < 0x20 || octet == 0x7f;
}

static void write_escaped(FILE *out, const char *text) {
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc(is_control(*text) ? ' ' : *text, out);
        }
    }
}

static void write_quoted(FILE *out, const char *text) {
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', out);
        }
        fputc(is_control(*text) ? ' ' : *text, out);
    }
    fputc('"', out);
}

static void write_text(struct report_dump *dump, const char *path, const char *value) {
    fprintf(dump->out, "*%s ", dump->command);
    for (const char *at = path; *at != '\0'; at++) {
        fputc(*at == '/' ? ' ' : *at, dump->out);
    }
    fputs(": ", dump->out);
    write_quoted(dump->out, value);
    fputc('\n', dump->out);
}

/* "Zone 1" is the element Zone, its item 1; "Subject Name" the element SubjectName. */
static void write_tag(FILE *out, const char *element, size_t length, bool opens) {
    size_t name = length;
    while (name > 0 && element[name - 1] >= '0' && element[name - 1] <= '9') {
        name--;
    }
    bool has_item = name < length && name > 1 && element[name - 1] == ' ';
    fputs(opens ? "<" : "</", out);
    for (size_t i = 0; i < (has_item ? name - 1 : length); i++) {
        if (element[i] != ' ') {
            fputc(element[i], out);
        }
    }
    if (opens && has_item) {
        fprintf(out, " item=\"%.*s\"", (int)(length - name), element + name);
    }
    fputs(">", out);
}

static unsigned depth_of(const char *path) {
    unsigned depth = 0;
    for (; *path != '\0'; path++) {
        depth += *path == '/';
    }
    return depth;
}

static void indent(FILE *out, unsigned depth) {
    fprintf(out, "%*s", (int)(2 * (depth + 1)), "");
}

/* Closes what is open beyond the first `kept` octets. */
static void close_elements(struct report_dump *dump, size_t kept) {
    size_t length = strlen(dump->open);
    while (length > kept) {
        dump->open[length - 1] = '\0'; /* the slash behind the innermost */
        const char *slash = strrchr(dump->open, '/');
        size_t start = slash == NULL ? 0 : (size_t)(slash - dump->open) + 1;
        indent(dump->out, depth_of(dump->open));
        write_tag(dump->out, dump->open + start, length - 1 - start, false);
        fputc('\n', dump->out);
        dump->open[start] = '\0';
        length = start;
    }
}

/* Up to the last slash that both have. */
static size_t common_part(const char *open, const char *path) {
    size_t common = 0;
    for (size_t i = 0; open[i] != '\0' && open[i] == path[i]; i++) {
        if (open[i] == '/') {
            common = i + 1;
        }
    }
    return common;
}

static void write_xml(struct report_dump *dump, const char *path, const char *value) {
    close_elements(dump, common_part(dump->open, path));
    const char *slash;
    const char *element = path + strlen(dump->open);
    while ((slash = strchr(element, '/')) != NULL) {
        indent(dump->out, depth_of(dump->open));
        write_tag(dump->out, element, (size_t)(slash - element), true);
        fputc('\n', dump->out);
        snprintf(dump->open, sizeof dump->open, "%.*s", (int)(slash + 1 - path), path);
        element = slash + 1;
    }
    indent(dump->out, depth_of(dump->open));
    write_tag(dump->out, element, strlen(element), true);
    write_escaped(dump->out, value);
    write_tag(dump->out, element, strlen(element), false);
    fputc('\n', dump->out);
}

static void write_value(struct report_dump *dump, const char *value, const char *format,
                        va_list arguments) {
    char path[REPORT_DUMP_PATH];
    vsnprintf(path, sizeof path, format, arguments);
    (dump->form == REPORT_DUMP_XML ? write_xml : write_text)(dump, path, value);
}

void report_dump_begin(struct report_dump *dump, const struct profile_node *node) {
    dump->open[0] = '\0';
    if (dump->form == REPORT_DUMP_XML) {
        fprintf(dump->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s product=\"",
                dump->root);
        write_escaped(dump->out, node->product->title);
        fputs("\" version=\"", dump->out);
        write_escaped(dump->out, node->release == NULL ? "" : node->release);
        fputs("\">\n", dump->out);
    }
}

void report_dump_item(struct report_dump *dump, const char *value, const char *path, ...) {
    va_list arguments;
    va_start(arguments, path);
    if (value != NULL) {
        write_value(dump, value, path, arguments);
    }
    va_end(arguments);
}

void report_dump_number(struct report_dump *dump, uint64_t value, const char *path, ...) {
    char text[24];
    va_list arguments;
    va_start(arguments, path);
    snprintf(text, sizeof text, "%" PRIu64, value);
    write_value(dump, text, path, arguments);
    va_end(arguments);
}

bool report_dump_end(struct report_dump *dump) {
    if (dump->form == REPORT_DUMP_XML) {
        close_elements(dump, 0);
        fprintf(dump->out, "</%s>\n", dump->root);
    }
    return fflush(dump->out) == 0 && ferror(dump->out) == 0;
}
