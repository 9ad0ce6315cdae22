/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resolve_trail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A server's words do not reach a terminal as they are. */
static void defuse(char *text) {
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || (unsigned char)*text >= 0x7f) {
            *text = '?';
        }
    }
}

static void append(struct resolve_answer *answer, const char *format, va_list arguments) {
    size_t length = strlen(answer->trail);
    vsnprintf(answer->trail + length, sizeof answer->trail - length, format, arguments);
    defuse(answer->trail + length);
}

void resolve_trail_tell(struct resolve_answer *answer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    append(answer, format, arguments);
    va_end(arguments);
}

void resolve_trail_ask(struct resolve_answer *answer, const char *type, const char *name) {
    resolve_trail_tell(answer, "%s%s %.255s: ", answer->trail[0] == '\0' ? "" : "; ", type, name);
}
