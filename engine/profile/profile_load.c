/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_load.h"

#include "profile_emit.h"
#include "profile_file.h"
#include "profile_parse.h"
#include "profile_part.h"
#include "profile_script.h"
#include "profile_setting.h"
#include "profile_variant.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the door calls a plan, with the memory that all of it lies in. */
struct owned_plan {
    struct profile_plan plan;
    struct profile_arena arena;
};

void profile_plan_destroy(struct profile_plan *plan) {
    /* The plan is the first member. */
    struct owned_plan *owned = (struct owned_plan *)(void *)plan;
    if (owned != NULL) {
        profile_script_destroy_all(owned->plan.scripts);
        profile_arena_finish(&owned->arena);
        free(owned);
    }
}

/* What is loaded, once for the profile and once for each of its variants. */
struct source {
    const char *path;
    struct bytes text;
    const char *const *settings;
    size_t setting_count;
    int64_t now;
    bool is_survey;
};

static bool read_document(struct profile_reader *reader, const struct source *source,
                          const char *variant) {
    struct profile_document *document = reader->document;
    struct base_error *error = reader->error;
    bool sound = profile_parse(document, source->text, NULL, &document->root, error);
    if (sound && document->root->kind != PROFILE_TREE_MAPPING) {
        sound = profile_complain(document, document->root, error,
                                 "expected a mapping with the keys name and nodes");
    }
    sound = sound && profile_variant_read_all(reader) && profile_variant_choose(reader, variant);
    for (size_t i = 0; sound && i < source->setting_count; i++) {
        const char *setting = source->settings[i];
        char *kept = profile_arena_text(document->arena, setting, strlen(setting));
        sound = kept != NULL ? profile_setting_apply(document, kept, error)
                             : profile_out_of_memory(error);
    }
    return sound;
}

/* The folder of results is called after it. */
static bool check_name(const struct profile_reader *reader, const char *name) {
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t length = strspn(name, allowed);
    return (name[length] == '\0' && length <= 100 && name[0] != '.' && name[0] != '-') ||
           profile_reader_unexpected(reader, profile_tree_find(reader->document->root, "name"),
                                     "at most 100 letters, digits, dots, underscores and hyphens, "
                                     "a letter or digit first");
}

static bool read_plan(struct profile_reader *reader) {
    struct profile_tree *root = reader->document->root;
    struct profile_plan *plan = reader->plan;
    struct profile_tree *nodes;
    struct profile_head head = {0};
    if (!profile_section_read(reader, &profile_section_profile, root, &head) ||
        !check_name(reader, head.name)) {
        return false;
    }
    nodes = profile_tree_find(root, "nodes");
    plan->name = head.name;
    plan->proves = head.proves;
    plan->seed = head.seed;
    plan->authorized = head.authorized;
    plan->dns = head.dns;
    plan->thresholds = head.thresholds.items;
    plan->threshold_count = head.thresholds.count;
    return profile_authority_read_all(reader, profile_tree_find(root, "authorities")) &&
           profile_node_read_all(reader, nodes) && profile_listener_read_all(reader, nodes) &&
           profile_zone_read_all(reader, nodes, profile_tree_find(root, "load")) &&
           profile_after_read_all(reader, nodes) && profile_route_read_all(reader, nodes) &&
           profile_expectation_read_all(reader, profile_tree_find(root, "expect"));
}

/* Both in the arena; false without memory, or without a working directory. */
static bool find_folders(struct profile_reader *reader, const char *path) {
    struct profile_arena *arena = reader->document->arena;
    const char *slash = strrchr(path, '/');
    int length = slash == NULL ? 0 : (int)(slash - path);
    char *working = getcwd(NULL, 0);
    if (working == NULL) {
        return base_error_set(reader->error, BASE_ERROR_MACHINE,
                              "the working directory cannot be read: %s", strerror(errno));
    }
    reader->working = profile_arena_text(arena, working, strlen(working));
    reader->folder = path[0] == '/' ? profile_arena_format(arena, "%.*s", length, path)
                                    : profile_arena_format(arena, "%s%s%.*s", working,
                                                           length == 0 ? "" : "/", length, path);
    free(working);
    return (reader->working != NULL && reader->folder != NULL) ||
           profile_out_of_memory(reader->error);
}

static bool fill(struct owned_plan *owned, const struct source *source, const char *variant,
                 struct base_error *error) {
    struct profile_document document = {.arena = &owned->arena};
    struct profile_reader reader = {.document = &document,
                                    .plan = &owned->plan,
                                    .now = source->now,
                                    .is_survey = source->is_survey,
                                    .error = error};
    owned->plan.path = profile_arena_text(&owned->arena, source->path, strlen(source->path));
    if (owned->plan.path == NULL) {
        return profile_out_of_memory(error);
    }
    document.path = owned->plan.path;
    if (!find_folders(&reader, source->path) || !read_document(&reader, source, variant) ||
        !read_plan(&reader)) {
        return false;
    }
    owned->plan.text = profile_emit(&document);
    return owned->plan.text != NULL || profile_out_of_memory(error);
}

/* NULL, with the error set, when it is refused. */
static struct profile_plan *load_one(const struct source *source, const char *variant,
                                     struct base_error *error) {
    struct owned_plan *owned = calloc(1, sizeof *owned);
    if (owned == NULL) {
        profile_out_of_memory(error);
        return NULL;
    }
    if (!fill(owned, source, variant, error)) {
        profile_plan_destroy(&owned->plan);
        return NULL;
    }
    return &owned->plan;
}

/* A variant's mistakes show as soon as the profile is used, not when the variant is. */
static bool try_variants(const struct source *source, const struct profile_texts *variants,
                         struct base_error *error) {
    for (uint32_t i = 0; i < variants->count; i++) {
        struct profile_plan *plan = load_one(source, variants->items[i], error);
        if (plan == NULL) {
            return false;
        }
        profile_plan_destroy(plan);
    }
    return true;
}

static bool load_named(struct profile_plan **out, const char *name_or_path, const char *variant,
                       struct source *source, struct base_error *error) {
    char *path = profile_file_find(name_or_path, error);
    char *text = NULL;
    size_t length = 0;
    *out = NULL;
    if (path != NULL && profile_file_read(path, &text, &length, error)) {
        source->path = path;
        source->text = base_bytes(text, length);
        *out = load_one(source, variant, error);
    }
    if (*out != NULL && variant == NULL && !try_variants(source, &(*out)->variants, error)) {
        profile_plan_destroy(*out);
        *out = NULL;
    }
    free(text);
    free(path);
    return *out != NULL;
}

bool profile_load(struct profile_plan **out, const char *name_or_path, const char *variant,
                  const char *const *settings, size_t setting_count, int64_t now,
                  struct base_error *error) {
    struct source source = {.settings = settings, .setting_count = setting_count, .now = now};
    return load_named(out, name_or_path, variant, &source, error);
}

bool profile_survey(struct profile_plan **out, const char *name_or_path, const char *variant,
                    const char *const *settings, size_t setting_count, int64_t now,
                    struct base_error *error) {
    struct source source = {
        .settings = settings, .setting_count = setting_count, .now = now, .is_survey = true};
    return load_named(out, name_or_path, variant, &source, error);
}
