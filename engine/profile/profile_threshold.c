/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_list.h"
#include "profile_part.h"

static bool read_one(struct profile_reader *reader, struct profile_tree *item,
                     struct profile_threshold *out) {
    static const char *const only_aborting[] = {"delay", NULL};
    out->line = item->line;
    if (item->kind == PROFILE_TREE_SCALAR) {
        return profile_reader_text(reader, item, &out->expression);
    }
    if (item->kind != PROFILE_TREE_MAPPING) {
        return profile_reader_unexpected(
            reader, item, "a text, or a mapping with threshold, abort_on_fail and delay");
    }
    return profile_section_read(reader, &profile_section_threshold, item, out) &&
           (out->abort_on_fail ||
            profile_reader_refuse(reader, item, only_aborting, "goes with abort_on_fail: on"));
}

bool profile_threshold_read(struct profile_reader *reader, struct profile_tree *value,
                            void *target) {
    struct profile_thresholds *thresholds = target;
    bool is_list = value->kind == PROFILE_TREE_LIST;
    uint32_t count = is_list ? value->count : 1;
    struct profile_tree *item = is_list ? value->first : value;
    if (value->kind == PROFILE_TREE_MAPPING) {
        return profile_reader_unexpected(reader, value, "a list");
    }
    if (count > PROFILE_LIST_MAX) {
        return profile_complain(reader->document, value, reader->error,
                                "expected at most %d items, not %u", PROFILE_LIST_MAX, count);
    }
    thresholds->items = profile_reader_array(reader, count, sizeof *thresholds->items);
    if (thresholds->items == NULL) {
        return false;
    }
    for (; thresholds->count < count; item = item->next) {
        if (!read_one(reader, item, &thresholds->items[thresholds->count])) {
            return false;
        }
        thresholds->count++;
    }
    return true;
}
