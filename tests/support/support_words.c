/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "support_words.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(struct support_words *words, char *word) {
    cr_assert(word != NULL && words->count < SUPPORT_WORDS_MAX, "too many words");
    words->items[words->count++] = word;
    words->items[words->count] = NULL;
}

void support_words_add(struct support_words *words, const char *format, ...) {
    va_list arguments;
    char *word = NULL;
    va_start(arguments, format);
    int length = vasprintf(&word, format, arguments);
    va_end(arguments);
    append(words, length < 0 ? NULL : word);
}

void support_words_split(struct support_words *words, const char *line) {
    const char *rest = line + strspn(line, " ");
    while (*rest != '\0') {
        size_t length = strcspn(rest, " ");
        append(words, strndup(rest, length));
        rest += length;
        rest += strspn(rest, " ");
    }
}

void support_words_finish(struct support_words *words) {
    for (unsigned i = 0; i < words->count; i++) {
        free(words->items[i]);
    }
    *words = (struct support_words){.count = 0};
}
