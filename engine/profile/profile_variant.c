/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_variant.h"

#include "base_nearest.h"
#include "profile_section.h"
#include "profile_setting.h"

#include <stdio.h>
#include <string.h>

static bool read_variant(struct profile_reader *reader, struct profile_tree *mapping,
                         char **out_name) {
    struct profile_variant_head head = {0};
    struct profile_tree *set;
    if (!profile_reader_name(reader, mapping, out_name) ||
        !profile_section_read(reader, &profile_section_variant, mapping, &head)) {
        return false;
    }
    set = profile_tree_find(mapping, "set");
    return set == NULL || profile_reader_expect(reader, set, PROFILE_TREE_MAPPING);
}

bool profile_variant_read_all(struct profile_reader *reader) {
    struct profile_tree *variants = profile_tree_find(reader->document->root, "variants");
    struct profile_texts *names = &reader->plan->variants;
    if (variants == NULL) {
        return true;
    }
    if (!profile_reader_expect(reader, variants, PROFILE_TREE_MAPPING)) {
        return false;
    }
    if (variants->count > PROFILE_VARIANTS_MAX) {
        return profile_complain(reader->document, variants, reader->error,
                                "expected at most %u variants", PROFILE_VARIANTS_MAX);
    }
    names->items = profile_reader_array(reader, variants->count, sizeof *names->items);
    if (names->items == NULL) {
        return false;
    }
    for (struct profile_tree *value = variants->first; value != NULL; value = value->next) {
        if (!read_variant(reader, value, &names->items[names->count])) {
            return false;
        }
        names->count++;
    }
    return true;
}

static bool unknown_variant(const struct profile_reader *reader, const char *name) {
    const struct profile_texts *names = &reader->plan->variants;
    struct base_nearest nearest = base_nearest_begin(name);
    char hint[BASE_NEAREST_SIZE];
    char known[400] = "";
    char path[192];
    char wanted[64];
    size_t length = 0;
    for (uint32_t i = 0; i < names->count; i++) {
        base_nearest_offer(&nearest, names->items[i]);
        if (length < sizeof known) {
            length += (size_t)snprintf(known + length, sizeof known - length, "%s%s",
                                       i == 0 ? "" : ", ", names->items[i]);
        }
    }
    profile_tree_clean(path, sizeof path, reader->document->path);
    profile_tree_clean(wanted, sizeof wanted, name);
    return base_error_set(reader->error, BASE_ERROR_USAGE, "%s: no variant is named \"%s\"%s%s",
                          path, wanted,
                          names->count == 0      ? "; it has none"
                          : nearest.best == NULL ? "; it has "
                                                 : base_nearest_hint(&nearest, hint),
                          names->count == 0 || nearest.best != NULL ? "" : known);
}

/* The variant's own, if it has one, in the place of the profile's. */
static void replace_part(struct profile_tree *root, const struct profile_tree *variant,
                         const char *key) {
    struct profile_tree *part = profile_tree_find(variant, key);
    struct profile_tree *present = profile_tree_find(root, key);
    if (part == NULL) {
        return;
    }
    if (present != NULL) {
        profile_tree_remove(present);
    }
    profile_tree_remove(part);
    profile_tree_append(root, part);
}

bool profile_variant_choose(struct profile_reader *reader, const char *name) {
    struct profile_document *document = reader->document;
    struct profile_tree *root = document->root;
    struct profile_tree *variants = profile_tree_find(root, "variants");
    struct profile_tree *variant = name == NULL ? NULL : profile_tree_find(variants, name);
    struct profile_tree *set = profile_tree_find(variant, "set");
    if (variants != NULL) {
        profile_tree_remove(variants);
    }
    if (variant == NULL) {
        return name == NULL || unknown_variant(reader, name);
    }
    replace_part(root, variant, "proves");
    replace_part(root, variant, "expect");
    replace_part(root, variant, "thresholds");
    for (struct profile_tree *entry = set == NULL ? NULL : set->first; entry != NULL;) {
        struct profile_tree *next = entry->next;
        if (!profile_setting_place(document, entry, reader->error)) {
            return false;
        }
        entry = next;
    }
    return profile_reader_copy(reader, name, &reader->plan->variant);
}
