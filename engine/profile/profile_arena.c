/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct profile_arena_piece {
    struct profile_arena_piece *next;
    max_align_t memory[];
};

void *profile_arena_take(struct profile_arena *arena, size_t size) {
    struct profile_arena_piece *piece;
    if (size > SIZE_MAX - sizeof *piece) {
        return NULL;
    }
    piece = calloc(1, sizeof *piece + size);
    if (piece == NULL) {
        return NULL;
    }
    piece->next = arena->pieces;
    arena->pieces = piece;
    return piece->memory;
}

void *profile_arena_array(struct profile_arena *arena, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        return NULL;
    }
    return profile_arena_take(arena, total);
}

char *profile_arena_text(struct profile_arena *arena, const char *text, size_t length) {
    char *copy = profile_arena_take(arena, length + 1);
    if (copy != NULL && length > 0) {
        memcpy(copy, text, length);
    }
    return copy;
}

char *profile_arena_format(struct profile_arena *arena, const char *format, ...) {
    va_list arguments;
    int length;
    char *text;
    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return NULL;
    }
    text = profile_arena_take(arena, (size_t)length + 1);
    if (text != NULL) {
        va_start(arguments, format);
        vsnprintf(text, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    return text;
}

void profile_arena_finish(struct profile_arena *arena) {
    while (arena->pieces != NULL) {
        struct profile_arena_piece *piece = arena->pieces;
        arena->pieces = piece->next;
        free(piece);
    }
}
