/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_setting.h"

#include "profile_parse.h"
#include "profile_part.h"
#include "profile_value.h"

#include <stdio.h>
#include <string.h>

struct setting {
    struct profile_document *document;
    const char *text;                 /* of --set; NULL: see `entry` */
    const struct profile_tree *entry; /* where a variant says it */
    struct base_error *error;
    char *steps[PROFILE_TREE_DEPTH_MAX];
    unsigned count;
};

static bool complain(const struct setting *setting, const char *what) {
    char text[128];
    if (setting->text == NULL) {
        return profile_complain(setting->document, setting->entry, setting->error, "%s", what);
    }
    profile_tree_clean(text, sizeof text, setting->text);
    return base_error_set(setting->error, BASE_ERROR_USAGE, "--set %s: %s", text, what);
}

static bool split(struct setting *setting, char *path) {
    char *rest = path;
    do {
        char *step = strsep(&rest, ".");
        if (*step == '\0') {
            return complain(setting,
                            setting->text != NULL
                                ? "expected PATH=VALUE, such as nodes.edge.eku_checking=off"
                                : "expected a path, such as nodes.edge.eku_checking");
        }
        if (setting->count == PROFILE_TREE_DEPTH_MAX) {
            return complain(setting, "the path is longer than any in a profile");
        }
        setting->steps[setting->count++] = step;
    } while (rest != NULL);
    return strcmp(setting->steps[0], "variants") != 0 ||
           complain(setting, "variants cannot be changed: change what they set");
}

/* The first `count` steps from `from` as one key: subjects of `expect` have a dot in them. */
static char *join(const struct setting *setting, unsigned from, unsigned count) {
    char *joined = setting->steps[from];
    for (unsigned i = 1; joined != NULL && i < count; i++) {
        joined = profile_arena_format(setting->document->arena, "%s.%s", joined,
                                      setting->steps[from + i]);
    }
    return joined;
}

static struct profile_tree *create_below(const struct setting *setting, struct profile_tree *above,
                                         const char *key) {
    struct profile_tree *tree =
        profile_tree_create(setting->document, PROFILE_TREE_MAPPING, setting->error);
    if (tree != NULL) {
        tree->key = key;
        tree->setting = setting->text;
        tree->line = setting->text == NULL ? setting->entry->line : 0;
        profile_tree_append(above, tree);
    }
    return tree;
}

static struct profile_tree *enter_mapping(const struct setting *setting, struct profile_tree *at,
                                          unsigned *step) {
    unsigned left = setting->count - *step;
    bool has_dotted_keys = at->parent == setting->document->root && strcmp(at->key, "expect") == 0;
    unsigned length = has_dotted_keys && left > 1 ? 2 : 1;
    char *key = join(setting, *step, length);
    struct profile_tree *found;
    *step += length;
    if (key == NULL) {
        profile_out_of_memory(setting->error);
        return NULL;
    }
    found = profile_tree_find(at, key);
    return found != NULL ? found : create_below(setting, at, key);
}

static struct profile_tree *enter_list(const struct setting *setting, struct profile_tree *at,
                                       unsigned *step) {
    uint64_t index;
    if (!profile_value_integer(setting->steps[*step], &index) || index > at->count) {
        char expected[96];
        snprintf(expected, sizeof expected, "expected a list index from 0 to %u in the path",
                 at->count);
        complain(setting, expected);
        return NULL;
    }
    ++*step;
    return index < at->count ? profile_tree_item(at, (uint32_t)index)
                             : create_below(setting, at, NULL);
}

/* `sip: 5061` is `sip: { port: 5061 }` in short. */
static bool lengthen_listener(const struct setting *setting, struct profile_tree *at) {
    struct profile_tree whole = {.kind = PROFILE_TREE_MAPPING, .line = at->line};
    struct profile_tree *port;
    if (at->parent == NULL || at->parent->key == NULL ||
        strcmp(at->parent->key, "listeners") != 0) {
        char expected[PROFILE_QUOTE_SIZE + 96];
        char quote[PROFILE_QUOTE_SIZE];
        snprintf(expected, sizeof expected, "the path leads through %s, which has no keys",
                 profile_quote(at, quote));
        return complain(setting, expected);
    }
    port = profile_tree_create(setting->document, PROFILE_TREE_SCALAR, setting->error);
    if (port == NULL) {
        return false;
    }
    *port = *at;
    port->key = "port";
    profile_tree_append(&whole, port);
    whole.setting = at->setting;
    whole.is_flow = true;
    profile_tree_replace(at, &whole);
    return true;
}

/* What has no keys as it is written may stand for something that has. */
static bool lengthen(const struct setting *setting, struct profile_tree *at) {
    if (at->key != NULL && strcmp(at->key, "listeners") == 0 &&
        !profile_listener_expand(setting->document, at->parent, setting->error)) {
        return false;
    }
    return at->kind == PROFILE_TREE_MAPPING || lengthen_listener(setting, at);
}

static struct profile_tree *enter(const struct setting *setting, struct profile_tree *at,
                                  unsigned *step) {
    if (at->kind == PROFILE_TREE_LIST) {
        return enter_list(setting, at, step);
    }
    if (at->kind == PROFILE_TREE_SCALAR && !lengthen(setting, at)) {
        return NULL;
    }
    return enter_mapping(setting, at, step);
}

/* Or a profile's rate could not be tried on a zone that keeps connections. */
static void displace_other_shapes(struct profile_tree *placed) {
    static const char *const shapes[] = {"connections", "rate", "concurrency", "stages"};
    const unsigned count = sizeof shapes / sizeof shapes[0];
    struct profile_tree *mapping = placed->parent;
    bool is_shape = false;
    for (unsigned i = 0; placed->key != NULL && i < count; i++) {
        is_shape |= strcmp(placed->key, shapes[i]) == 0;
    }
    for (unsigned i = 0; is_shape && i < count; i++) {
        struct profile_tree *other = profile_tree_find(mapping, shapes[i]);
        if (other != NULL && other != placed && other->setting == NULL) {
            profile_tree_remove(other);
        }
    }
}

/* `path` is taken apart. */
static bool place(struct setting *setting, char *path, struct profile_tree *value) {
    struct profile_tree *at = setting->document->root;
    if (path == NULL) {
        return profile_out_of_memory(setting->error);
    }
    if (!split(setting, path)) {
        return false;
    }
    for (unsigned step = 0; at != NULL && step < setting->count;) {
        at = enter(setting, at, &step);
    }
    if (at == NULL) {
        return false;
    }
    profile_tree_replace(at, value);
    displace_other_shapes(at);
    return true;
}

bool profile_setting_apply(struct profile_document *document, const char *text,
                           struct base_error *error) {
    struct setting setting = {.document = document, .text = text, .error = error};
    const char *equals = strchr(text, '=');
    size_t length = equals == NULL ? 0 : (size_t)(equals - text);
    struct profile_tree *value;
    if (length == 0) {
        return complain(&setting, "expected PATH=VALUE, such as nodes.edge.eku_checking=off");
    }
    if (equals[1] == '\0') {
        return complain(&setting, "expected a value after =");
    }
    return profile_parse(document, base_bytes_of_text(equals + 1), text, &value, error) &&
           place(&setting, profile_arena_text(document->arena, text, length), value);
}

bool profile_setting_place(struct profile_document *document, struct profile_tree *entry,
                           struct base_error *error) {
    struct setting setting = {.document = document, .entry = entry, .error = error};
    return place(&setting, profile_arena_text(document->arena, entry->key, strlen(entry->key)),
                 entry);
}
