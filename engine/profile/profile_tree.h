/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROFILE_TREE_H
#define PROFILE_TREE_H

#include "base_error.h"
#include "profile_arena.h"

#include <stddef.h>
#include <stdint.h>

enum {
    PROFILE_TREE_DEPTH_MAX = 32,
    PROFILE_TREE_NODES_MAX = 100000,
};

enum profile_tree_kind { PROFILE_TREE_SCALAR, PROFILE_TREE_LIST, PROFILE_TREE_MAPPING };

/* A YAML value that knows where it came from. Lives in the document's arena. */
struct profile_tree {
    enum profile_tree_kind kind;
    bool is_quoted;
    bool is_flow;
    uint32_t line;       /* of its key, or of itself */
    const char *setting; /* the --set text that put it here; NULL: the file */
    const char *key;     /* in the mapping above; NULL in a list */
    const char *text;    /* of a scalar */
    struct profile_tree *parent;
    struct profile_tree *first;
    struct profile_tree *last;
    struct profile_tree *next;
    uint32_t count; /* of a list or a mapping */
};

/* One profile on its way to a plan. */
struct profile_document {
    struct profile_arena *arena;
    const char *path;
    uint32_t node_count;
    struct profile_tree *root;
};

/* NULL, with `error` set, beyond PROFILE_TREE_NODES_MAX or without memory. */
struct profile_tree *profile_tree_create(struct profile_document *document,
                                         enum profile_tree_kind kind, struct base_error *error);
void profile_tree_append(struct profile_tree *parent, struct profile_tree *child);
void profile_tree_remove(struct profile_tree *child);

/* `old`, with its key and its place, becomes what `value` is. */
void profile_tree_replace(struct profile_tree *old, const struct profile_tree *value);

/* NULL when `mapping` is none, or has no such key. */
struct profile_tree *profile_tree_find(const struct profile_tree *mapping, const char *key);
struct profile_tree *profile_tree_item(const struct profile_tree *list, uint32_t index);

/*
 * The one sentence of a profile error: "FILE:LINE: nodes.edge.listners: ..." or "--set ...: ...".
 * Always false. What the file said is cut to a bearable length, without control characters.
 */
bool profile_complain(const struct profile_document *document, const struct profile_tree *at,
                      struct base_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool profile_out_of_memory(struct base_error *error);

/* For use in a sentence: "\"15 seconds\"", "a list", "nothing". */
enum { PROFILE_QUOTE_SIZE = 96 };
const char *profile_quote(const struct profile_tree *tree, char out[PROFILE_QUOTE_SIZE]);

/* `text`, cut to `out_size`, control characters replaced. */
void profile_tree_clean(char *out, size_t out_size, const char *text);

#endif
