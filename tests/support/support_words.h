/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUPPORT_WORDS_H
#define SUPPORT_WORDS_H

/* A command line under construction; the texts are owned by it. */
#define SUPPORT_WORDS_MAX 96
struct support_words {
    char *items[SUPPORT_WORDS_MAX + 1];
    unsigned count;
};

void support_words_add(struct support_words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Each word of `line`, split at blanks. */
void support_words_split(struct support_words *words, const char *line);

void support_words_finish(struct support_words *words);

#endif
