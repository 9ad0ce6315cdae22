/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    FILE_TEXT_SIZE = 192,
    SETTING_TEXT_SIZE = 128,
    KEY_TEXT_SIZE = 64,
    PATH_TEXT_SIZE = 320,
    MESSAGE_SIZE = 480,
};

bool profile_out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "out of memory for the profile");
}

struct profile_tree *profile_tree_create(struct profile_document *document,
                                         enum profile_tree_kind kind, struct base_error *error) {
    struct profile_tree *tree;
    if (document->node_count >= PROFILE_TREE_NODES_MAX) {
        base_error_set(error, BASE_ERROR_USAGE, "%s: more than %d values are no profile",
                       document->path, PROFILE_TREE_NODES_MAX);
        return NULL;
    }
    tree = profile_arena_take(document->arena, sizeof *tree);
    if (tree == NULL) {
        profile_out_of_memory(error);
        return NULL;
    }
    document->node_count++;
    tree->kind = kind;
    return tree;
}

void profile_tree_append(struct profile_tree *parent, struct profile_tree *child) {
    child->parent = parent;
    child->next = NULL;
    if (parent->last == NULL) {
        parent->first = child;
    } else {
        parent->last->next = child;
    }
    parent->last = child;
    parent->count++;
}

void profile_tree_remove(struct profile_tree *child) {
    struct profile_tree *parent = child->parent;
    struct profile_tree *before = NULL;
    for (struct profile_tree *at = parent->first; at != child; at = at->next) {
        before = at;
    }
    if (before == NULL) {
        parent->first = child->next;
    } else {
        before->next = child->next;
    }
    if (parent->last == child) {
        parent->last = before;
    }
    parent->count--;
}

void profile_tree_replace(struct profile_tree *old, const struct profile_tree *value) {
    struct profile_tree kept = *old;
    *old = *value;
    old->key = kept.key;
    old->parent = kept.parent;
    old->next = kept.next;
    for (struct profile_tree *child = old->first; child != NULL; child = child->next) {
        child->parent = old;
    }
}

struct profile_tree *profile_tree_find(const struct profile_tree *mapping, const char *key) {
    if (mapping == NULL || mapping->kind != PROFILE_TREE_MAPPING) {
        return NULL;
    }
    for (struct profile_tree *child = mapping->first; child != NULL; child = child->next) {
        if (strcmp(child->key, key) == 0) {
            return child;
        }
    }
    return NULL;
}

struct profile_tree *profile_tree_item(const struct profile_tree *list, uint32_t index) {
    struct profile_tree *item = list->first;
    while (item != NULL && index > 0) {
        item = item->next;
        index--;
    }
    return item;
}

/* Where a cut of at most `length` octets does not fall into a UTF-8 sequence. */
static size_t cut_at(const char *text, size_t length) {
    while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) {
        length--;
    }
    return length;
}

void profile_tree_clean(char *out, size_t out_size, const char *text) {
    size_t length = strlen(text);
    const char *tail = "";
    if (length >= out_size) {
        tail = "...";
        length = cut_at(text, out_size - sizeof "...");
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char octet = (unsigned char)text[i];
        out[i] = octet < 0x20 || octet == 0x7f ? '?' : text[i];
    }
    memcpy(out + length, tail, strlen(tail) + 1);
}

const char *profile_quote(const struct profile_tree *tree, char out[PROFILE_QUOTE_SIZE]) {
    char text[PROFILE_QUOTE_SIZE - 2];
    if (tree->kind == PROFILE_TREE_LIST) {
        return "a list";
    }
    if (tree->kind == PROFILE_TREE_MAPPING) {
        return "a mapping";
    }
    if (tree->text[0] == '\0' && !tree->is_quoted) {
        return "nothing";
    }
    profile_tree_clean(text, sizeof text, tree->text);
    snprintf(out, PROFILE_QUOTE_SIZE, "\"%s\"", text);
    return out;
}

static void print_where(const struct profile_document *document, const struct profile_tree *at,
                        char *out, size_t out_size) {
    if (at->setting != NULL) {
        char setting[SETTING_TEXT_SIZE];
        profile_tree_clean(setting, sizeof setting, at->setting);
        snprintf(out, out_size, "--set %s: ", setting);
        return;
    }
    size_t length = strlen(document->path);
    const char *path = document->path;
    /* The end of a long path is what tells files apart. */
    if (length >= FILE_TEXT_SIZE) {
        path += length - FILE_TEXT_SIZE + 1;
    }
    char file[FILE_TEXT_SIZE];
    profile_tree_clean(file, sizeof file, path);
    snprintf(out, out_size, "%s:%u: ", file, at->line);
}

/* "nodes.edge.trust.1"; empty for the root. */
static void print_path(const struct profile_tree *at, char *out, size_t out_size) {
    const struct profile_tree *steps[4 * PROFILE_TREE_DEPTH_MAX];
    unsigned count = 0;
    size_t length = 0;
    out[0] = '\0';
    for (; at->parent != NULL && count < sizeof steps / sizeof *steps; at = at->parent) {
        steps[count++] = at;
    }
    while (count > 0 && length + KEY_TEXT_SIZE + 1 < out_size) {
        const struct profile_tree *step = steps[--count];
        if (length > 0) {
            out[length++] = '.';
        }
        if (step->key != NULL) {
            profile_tree_clean(out + length, KEY_TEXT_SIZE, step->key);
        } else {
            uint32_t index = 0;
            for (const struct profile_tree *item = step->parent->first; item != step;
                 item = item->next) {
                index++;
            }
            snprintf(out + length, KEY_TEXT_SIZE, "%u", index);
        }
        length += strlen(out + length);
    }
}

bool profile_complain(const struct profile_document *document, const struct profile_tree *at,
                      struct base_error *error, const char *format, ...) {
    char where[FILE_TEXT_SIZE + 32];
    char path[PATH_TEXT_SIZE];
    char message[MESSAGE_SIZE];
    va_list arguments;
    print_where(document, at, where, sizeof where);
    print_path(at, path, sizeof path);
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return base_error_set(error, BASE_ERROR_USAGE, "%s%s%s%s", where, path,
                          path[0] == '\0' ? "" : ": ", message);
}
