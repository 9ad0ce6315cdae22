/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_list.h"

#include "base_fault.h"
#include "base_nearest.h"
#include "profile_part.h"
#include "profile_value.h"

#include <string.h>

static bool check_size(const struct profile_reader *reader, const struct profile_tree *value) {
    return value->count <= PROFILE_LIST_MAX ||
           profile_complain(reader->document, value, reader->error,
                            "expected at most %d items, not %u", PROFILE_LIST_MAX, value->count);
}

static bool check_fault(const struct profile_reader *reader, const struct profile_tree *item) {
    struct base_nearest nearest = base_nearest_begin(item->text);
    char quote[PROFILE_QUOTE_SIZE];
    char hint[BASE_NEAREST_SIZE];
    if (base_fault_from_key(item->text) != FAULT_NONE) {
        return true;
    }
    for (unsigned i = FAULT_NONE + 1; i < FAULT_COUNT; i++) {
        base_nearest_offer(&nearest, base_fault_key((enum fault)i));
    }
    return profile_complain(reader->document, item, reader->error, "no fault is named %s%s",
                            profile_quote(item, quote), base_nearest_hint(&nearest, hint));
}

static bool check_item(const struct profile_reader *reader, const struct profile_option *option,
                       const struct profile_tree *item) {
    if (item->kind != PROFILE_TREE_SCALAR) {
        return profile_reader_unexpected(reader, item, "a text");
    }
    if (option->type == PROFILE_OPTION_FAULTS) {
        return check_fault(reader, item);
    }
    if (option->type == PROFILE_OPTION_SOURCES) {
        return profile_value_is_source(item->text) || profile_address_is_word(item->text) ||
               profile_reader_unexpected(
                   reader, item, "an address, a range such as 127.0.1.0/24, internal or external");
    }
    if (option->type == PROFILE_OPTION_USAGES) {
        return profile_value_is_usage(item->text) ||
               profile_reader_unexpected(reader, item,
                                         "serverAuth, clientAuth, any, sipDomain, codeSigning, "
                                         "emailProtection or a dotted OID");
    }
    return true;
}

static bool read_texts(struct profile_reader *reader, const struct profile_option *option,
                       struct profile_tree *value, struct profile_texts *out) {
    bool is_list = value->kind == PROFILE_TREE_LIST;
    uint32_t count = is_list ? value->count : 1;
    const struct profile_tree *item = is_list ? value->first : value;
    char **items;
    if (value->kind == PROFILE_TREE_MAPPING) {
        return profile_reader_unexpected(reader, value, "a list");
    }
    if (!check_size(reader, value)) {
        return false;
    }
    items = profile_reader_array(reader, count, sizeof *items);
    if (items == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!check_item(reader, option, item) || !profile_reader_text(reader, item, &items[i])) {
            return false;
        }
        item = item->next;
    }
    *out = (struct profile_texts){.items = items, .count = count};
    return true;
}

static bool read_usages(struct profile_reader *reader, const struct profile_option *option,
                        struct profile_tree *value, struct profile_eku *out) {
    struct profile_eku eku = {.present = true};
    if (value->kind == PROFILE_TREE_SCALAR && strcmp(value->text, "none") == 0) {
        *out = (struct profile_eku){0};
        return true;
    }
    if (value->kind == PROFILE_TREE_LIST && value->count == 0) {
        return profile_complain(reader->document, value, reader->error,
                                "expected at least one usage, or none for a certificate without "
                                "the extension");
    }
    if (!read_texts(reader, option, value, &eku.usages)) {
        return false;
    }
    *out = eku;
    return true;
}

static bool read_versions(struct profile_reader *reader, const struct profile_option *option,
                          struct profile_tree *value, unsigned *out) {
    struct profile_texts texts;
    unsigned versions = 0;
    if (!read_texts(reader, option, value, &texts)) {
        return false;
    }
    for (uint32_t i = 0; i < texts.count; i++) {
        unsigned version = strcmp(texts.items[i], "1.2") == 0   ? PROFILE_TLS_1_2
                           : strcmp(texts.items[i], "1.3") == 0 ? PROFILE_TLS_1_3
                                                                : 0;
        if (version == 0) {
            return profile_reader_unexpected(
                reader, value->kind == PROFILE_TREE_LIST ? profile_tree_item(value, i) : value,
                "1.2 or 1.3");
        }
        versions |= version;
    }
    *out = versions;
    return versions != 0 ||
           profile_complain(reader->document, value, reader->error, "expected 1.2, 1.3 or both");
}

bool profile_list_read(struct profile_reader *reader, const struct profile_option *option,
                       struct profile_tree *value, void *field) {
    if (option->type == PROFILE_OPTION_USAGES) {
        return read_usages(reader, option, value, field);
    }
    if (option->type == PROFILE_OPTION_VERSIONS) {
        return read_versions(reader, option, value, field);
    }
    return read_texts(reader, option, value, field);
}

bool profile_list_read_trust(struct profile_reader *reader, struct profile_tree *value,
                             void *target) {
    struct profile_node *node = target;
    bool is_list = value->kind == PROFILE_TREE_LIST;
    uint32_t count = is_list ? value->count : 1;
    const struct profile_tree *item = is_list ? value->first : value;
    if (!check_size(reader, value)) {
        return false;
    }
    node->trust = profile_reader_array(reader, count, sizeof *node->trust);
    if (node->trust == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!profile_reader_authority(reader, item, &node->trust[i])) {
            return false;
        }
        item = item->next;
    }
    node->trust_count = count;
    return true;
}
