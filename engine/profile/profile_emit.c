/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_emit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum {
    LINE_WIDTH = 100,
};

static bool emit_scalar(yaml_emitter_t *emitter, const char *text, bool is_quoted) {
    yaml_event_t event;
    /* The emitter takes the bytes as they are and only lacks the const. */
    yaml_char_t *value = (yaml_char_t *)(uintptr_t)text;
    return yaml_scalar_event_initialize(&event, NULL, NULL, value, (int)strlen(text), 1, 1,
                                        is_quoted ? YAML_SINGLE_QUOTED_SCALAR_STYLE
                                                  : YAML_PLAIN_SCALAR_STYLE) &&
           yaml_emitter_emit(emitter, &event);
}

static bool emit_begin(yaml_emitter_t *emitter, const struct profile_tree *tree) {
    yaml_event_t event;
    int made = tree->kind == PROFILE_TREE_LIST
                   ? yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
                                                          tree->is_flow ? YAML_FLOW_SEQUENCE_STYLE
                                                                        : YAML_BLOCK_SEQUENCE_STYLE)
                   : yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
                                                         tree->is_flow ? YAML_FLOW_MAPPING_STYLE
                                                                       : YAML_BLOCK_MAPPING_STYLE);
    return made && yaml_emitter_emit(emitter, &event);
}

static bool emit_end(yaml_emitter_t *emitter, const struct profile_tree *tree) {
    yaml_event_t event;
    int made = tree->kind == PROFILE_TREE_LIST ? yaml_sequence_end_event_initialize(&event)
                                               : yaml_mapping_end_event_initialize(&event);
    return made && yaml_emitter_emit(emitter, &event);
}

/* As deep as the tree, which is bounded. */
static bool emit_tree(yaml_emitter_t *emitter, const struct profile_tree *tree) {
    if (tree->kind == PROFILE_TREE_SCALAR) {
        return emit_scalar(emitter, tree->text, tree->is_quoted);
    }
    if (!emit_begin(emitter, tree)) {
        return false;
    }
    for (const struct profile_tree *child = tree->first; child != NULL; child = child->next) {
        if (tree->kind == PROFILE_TREE_MAPPING && !emit_scalar(emitter, child->key, false)) {
            return false;
        }
        if (!emit_tree(emitter, child)) {
            return false;
        }
    }
    return emit_end(emitter, tree);
}

static bool emit_document(yaml_emitter_t *emitter, const struct profile_tree *root) {
    yaml_event_t event;
    return yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) &&
           yaml_emitter_emit(emitter, &event) &&
           yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1) &&
           yaml_emitter_emit(emitter, &event) && emit_tree(emitter, root) &&
           yaml_document_end_event_initialize(&event, 1) && yaml_emitter_emit(emitter, &event) &&
           yaml_stream_end_event_initialize(&event) && yaml_emitter_emit(emitter, &event) &&
           yaml_emitter_flush(emitter);
}

char *profile_emit(struct profile_document *document) {
    yaml_emitter_t emitter;
    char *written = NULL;
    size_t length = 0;
    char *text = NULL;
    FILE *memory = open_memstream(&written, &length);
    if (memory == NULL) {
        return NULL;
    }
    if (yaml_emitter_initialize(&emitter)) {
        yaml_emitter_set_output_file(&emitter, memory);
        yaml_emitter_set_unicode(&emitter, 1);
        yaml_emitter_set_width(&emitter, LINE_WIDTH);
        bool sound = emit_document(&emitter, document->root);
        yaml_emitter_delete(&emitter);
        if (fflush(memory) == 0 && sound) {
            text = profile_arena_text(document->arena, written, length);
        }
    }
    fclose(memory);
    free(written);
    return text;
}
