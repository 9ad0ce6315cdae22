/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_ARENA_H
#define PROFILE_ARENA_H

#include <stddef.h>

/*
 * Memory that lives as long as one profile: a refused profile leaves nothing behind, whatever was
 * half done. Each piece is an allocation of its own, so that a sanitizer sees its ends.
 */
struct profile_arena_piece;

struct profile_arena {
    struct profile_arena_piece *pieces;
};

/* Zeroed; NULL when there is no memory. */
void *profile_arena_take(struct profile_arena *arena, size_t size);
void *profile_arena_array(struct profile_arena *arena, size_t count, size_t size);
char *profile_arena_text(struct profile_arena *arena, const char *text, size_t length);
char *profile_arena_format(struct profile_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void profile_arena_finish(struct profile_arena *arena);

#endif
