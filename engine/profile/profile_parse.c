/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* The tree grows at open[depth - 1]. */
struct composer {
    struct profile_document *document;
    struct bytes text;
    const char *setting;
    struct base_error *error;
    struct profile_tree *root;
    struct profile_tree *open[PROFILE_TREE_DEPTH_MAX];
    unsigned depth;
    const char *key; /* read, its value not yet */
    uint32_t key_line;
    bool is_done;
};

/* "FILE:12:3: ..." or "--set x=[1: column 3: ..."; lines and columns count from 0 here. */
static bool complain_at(const struct composer *composer, size_t line, size_t column,
                        const char *problem, const char *context) {
    char where[192];
    const char *joint = context == NULL ? "" : ": ";
    context = context == NULL ? "" : context;
    profile_tree_clean(where, sizeof where,
                       composer->setting != NULL ? composer->setting : composer->document->path);
    if (composer->setting != NULL) {
        return base_error_set(composer->error, BASE_ERROR_USAGE, "--set %s: column %zu: %s%s%s",
                              where, column + 1, context, joint, problem);
    }
    return base_error_set(composer->error, BASE_ERROR_USAGE, "%s:%zu:%zu: %s%s%s", where, line + 1,
                          column + 1, context, joint, problem);
}

static bool complain_of_event(const struct composer *composer, const yaml_event_t *event,
                              const char *problem) {
    return complain_at(composer, event->start_mark.line, event->start_mark.column, problem, NULL);
}

/* An octet that is no text has an offset only. */
static bool complain_of_reader(const struct composer *composer, const yaml_parser_t *parser) {
    size_t line = 0;
    size_t column = 0;
    for (size_t i = 0; i < parser->problem_offset && i < composer->text.length; i++) {
        bool is_break = composer->text.data[i] == '\n';
        line += is_break;
        column = is_break ? 0 : column + 1;
    }
    return complain_at(composer, line, column, parser->problem, "not readable as UTF-8");
}

static bool complain_of_parser(const struct composer *composer, const yaml_parser_t *parser) {
    if (parser->error == YAML_MEMORY_ERROR) {
        return profile_out_of_memory(composer->error);
    }
    if (parser->error == YAML_READER_ERROR) {
        return complain_of_reader(composer, parser);
    }
    return complain_at(composer, parser->problem_mark.line, parser->problem_mark.column,
                       parser->problem == NULL ? "not YAML" : parser->problem, parser->context);
}

static bool expects_key(const struct composer *composer) {
    return composer->depth > 0 && composer->key == NULL &&
           composer->open[composer->depth - 1]->kind == PROFILE_TREE_MAPPING;
}

static struct profile_tree *add(struct composer *composer, const yaml_event_t *event,
                                enum profile_tree_kind kind) {
    struct profile_tree *tree = profile_tree_create(composer->document, kind, composer->error);
    if (tree == NULL) {
        return NULL;
    }
    tree->setting = composer->setting;
    tree->line = composer->key != NULL ? composer->key_line : (uint32_t)event->start_mark.line + 1;
    tree->key = composer->key;
    composer->key = NULL;
    if (composer->depth == 0) {
        composer->root = tree;
    } else {
        profile_tree_append(composer->open[composer->depth - 1], tree);
    }
    return tree;
}

static bool take_scalar(struct composer *composer, const yaml_event_t *event) {
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    struct profile_tree *tree;
    char *text;
    if (event->data.scalar.tag != NULL) {
        return complain_of_event(composer, event, "tags are not supported");
    }
    if (strlen(value) != length) {
        return complain_of_event(composer, event, "a text cannot hold a NUL octet");
    }
    text = profile_arena_text(composer->document->arena, value, length);
    if (text == NULL) {
        return profile_out_of_memory(composer->error);
    }
    if (expects_key(composer)) {
        composer->key = text;
        composer->key_line = (uint32_t)event->start_mark.line + 1;
        return length > 0 || complain_of_event(composer, event, "expected a key");
    }
    tree = add(composer, event, PROFILE_TREE_SCALAR);
    if (tree == NULL) {
        return false;
    }
    tree->text = text;
    tree->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return true;
}

static bool begin(struct composer *composer, const yaml_event_t *event,
                  enum profile_tree_kind kind) {
    bool is_list = kind == PROFILE_TREE_LIST;
    struct profile_tree *tree;
    if ((is_list ? event->data.sequence_start.tag : event->data.mapping_start.tag) != NULL) {
        return complain_of_event(composer, event, "tags are not supported");
    }
    if (expects_key(composer)) {
        return complain_of_event(composer, event, "a key must be a text");
    }
    if (composer->depth == PROFILE_TREE_DEPTH_MAX) {
        return complain_of_event(composer, event, "nested deeper than any profile");
    }
    tree = add(composer, event, kind);
    if (tree == NULL) {
        return false;
    }
    tree->is_flow = is_list ? event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
                            : event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    composer->open[composer->depth++] = tree;
    return true;
}

static int compare_keys(const void *left, const void *right) {
    const struct profile_tree *a = *(const struct profile_tree *const *)left;
    const struct profile_tree *b = *(const struct profile_tree *const *)right;
    int order = strcmp(a->key, b->key);
    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

/* Sorted, because a hostile file may have all its values in one mapping. */
static bool keys_are_unique(const struct composer *composer, const struct profile_tree *mapping) {
    const struct profile_tree **keys;
    uint32_t count = 0;
    bool unique = true;
    if (mapping->count < 2) {
        return true;
    }
    keys = malloc(mapping->count * sizeof(const struct profile_tree *));
    if (keys == NULL) {
        return profile_out_of_memory(composer->error);
    }
    for (const struct profile_tree *child = mapping->first; child != NULL; child = child->next) {
        keys[count++] = child;
    }
    qsort(keys, count, sizeof(const struct profile_tree *), compare_keys);
    for (uint32_t i = 1; unique && i < count; i++) {
        if (strcmp(keys[i - 1]->key, keys[i]->key) == 0) {
            unique =
                profile_complain(composer->document, keys[i], composer->error,
                                 "duplicate key; the first one is in line %u", keys[i - 1]->line);
        }
    }
    free(keys);
    return unique;
}

static bool end(struct composer *composer) {
    const struct profile_tree *tree = composer->open[--composer->depth];
    return tree->kind != PROFILE_TREE_MAPPING || keys_are_unique(composer, tree);
}

static bool has_anchor(const yaml_event_t *event) {
    return (event->type == YAML_SCALAR_EVENT && event->data.scalar.anchor != NULL) ||
           (event->type == YAML_SEQUENCE_START_EVENT &&
            event->data.sequence_start.anchor != NULL) ||
           (event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.anchor != NULL);
}

static bool take(struct composer *composer, const yaml_event_t *event) {
    if (event->type == YAML_ALIAS_EVENT || has_anchor(event)) {
        return complain_of_event(composer, event, "anchors and aliases are not supported");
    }
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return composer->root == NULL ||
               complain_of_event(composer, event, "expected one YAML document only");
    case YAML_SCALAR_EVENT:
        return take_scalar(composer, event);
    case YAML_SEQUENCE_START_EVENT:
        return begin(composer, event, PROFILE_TREE_LIST);
    case YAML_MAPPING_START_EVENT:
        return begin(composer, event, PROFILE_TREE_MAPPING);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return end(composer);
    case YAML_STREAM_END_EVENT:
        composer->is_done = true;
        return composer->root != NULL ||
               complain_of_event(composer, event, "expected YAML, found nothing");
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_ALIAS_EVENT:
    default:
        return true;
    }
}

bool profile_parse(struct profile_document *document, struct bytes text, const char *setting,
                   struct profile_tree **out, struct base_error *error) {
    struct composer composer = {
        .document = document, .text = text, .setting = setting, .error = error};
    yaml_parser_t parser;
    bool sound = true;
    if (!yaml_parser_initialize(&parser)) {
        return profile_out_of_memory(error);
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, text.data, text.length);
    while (sound && !composer.is_done) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            sound = complain_of_parser(&composer, &parser);
            break;
        }
        sound = take(&composer, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    *out = composer.root;
    return sound;
}
