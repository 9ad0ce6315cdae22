/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_nearest.h"
#include "profile_part.h"

#include <stdio.h>
#include <string.h>

/* "expressway-e x15.4", "webex". */
enum { TITLE_SIZE = 64 };
static const char *title_of(const struct profile_product *row, char out[TITLE_SIZE]) {
    snprintf(out, TITLE_SIZE, "%s%s%s", row->product, row->release == NULL ? "" : " ",
             row->release == NULL ? "" : row->release);
    return out;
}

static bool unknown_product(const struct profile_reader *reader, const struct profile_tree *value) {
    struct base_nearest nearest = base_nearest_begin(value->text);
    char quote[PROFILE_QUOTE_SIZE];
    char hint[BASE_NEAREST_SIZE];
    char known[256] = "";
    const char *last = "";
    const struct profile_product *row;
    for (uint32_t i = 0; (row = profile_product_at(i)) != NULL; i++) {
        if (strcmp(row->product, last) != 0) {
            size_t length = strlen(known);
            snprintf(known + length, sizeof known - length, "%s%s", length == 0 ? "" : ", ",
                     row->product);
            base_nearest_offer(&nearest, row->product);
        }
        last = row->product;
    }
    return profile_complain(reader->document, value, reader->error, "no product is named %s%s%s",
                            profile_quote(value, quote),
                            nearest.best == NULL ? "; known are "
                                                 : base_nearest_hint(&nearest, hint),
                            nearest.best == NULL ? known : "");
}

static bool unknown_release(const struct profile_reader *reader, const struct profile_tree *value,
                            const char *product) {
    char quote[PROFILE_QUOTE_SIZE];
    char known[128] = "";
    const struct profile_product *row;
    for (uint32_t i = 0; (row = profile_product_at(i)) != NULL; i++) {
        if (strcmp(row->product, product) == 0) {
            size_t length = strlen(known);
            snprintf(known + length, sizeof known - length, "%s%s", length == 0 ? "" : ", ",
                     row->release);
        }
    }
    return profile_complain(reader->document, value, reader->error,
                            "%s is known in the releases %s, not %s", product, known,
                            profile_quote(value, quote));
}

bool profile_node_choose_product(struct profile_reader *reader, const struct profile_tree *mapping,
                                 struct profile_node *node) {
    const struct profile_tree *product = profile_tree_find(mapping, "product");
    if (!profile_reader_expect(reader, product, PROFILE_TREE_SCALAR)) {
        return false;
    }
    if (profile_product_find(product->text, NULL) == NULL) {
        return unknown_product(reader, product);
    }
    node->product = profile_product_find(product->text, node->release);
    if (node->product == NULL) {
        return unknown_release(reader, profile_tree_find(mapping, "release"), product->text);
    }
    return node->release != NULL || node->product->release == NULL ||
           profile_reader_copy(reader, node->product->release, &node->release);
}

/* The rows of a product stand from its newest release to its oldest. */
static const char *first_with_switch(const char *product) {
    const char *release = "";
    const struct profile_product *row;
    for (uint32_t i = 0; (row = profile_product_at(i)) != NULL; i++) {
        if (strcmp(row->product, product) == 0 && row->has_eku_switch) {
            release = row->release;
        }
    }
    return release;
}

static bool check_switch(const struct profile_reader *reader, const struct profile_tree *mapping,
                         const struct profile_node *node) {
    const struct profile_product *row = node->product;
    char title[TITLE_SIZE];
    return node->eku_checking || !row->is_expressway || row->has_eku_switch ||
           profile_complain(reader->document, profile_tree_find(mapping, "eku_checking"),
                            reader->error,
                            "%s always checks: xConfiguration SIP TLS Certificate "
                            "ExtendedKeyUsage Checking Mode came with %s",
                            title_of(row, title), first_with_switch(row->product));
}

/* Where the switch is missing, nobody can turn it. */
static bool check_turns(const struct profile_reader *reader, const struct profile_tree *mapping,
                        const struct profile_node *node) {
    char title[TITLE_SIZE];
    return node->eku_turns_ns == 0 || !node->product->is_expressway ||
           node->product->has_eku_switch ||
           profile_complain(reader->document, profile_tree_find(mapping, "eku_checking_turns"),
                            reader->error, "%s always checks", title_of(node->product, title));
}

static bool check_upload_switch(const struct profile_reader *reader,
                                const struct profile_tree *mapping,
                                const struct profile_node *node) {
    const struct profile_tree *value = profile_tree_find(mapping, "enable_server_eku_upload");
    char title[TITLE_SIZE];
    return value == NULL || node->product->has_server_eku_upload ||
           profile_complain(reader->document, value, reader->error,
                            "%s has no use for it: xConfiguration XCP TLS Certificate CVS "
                            "EnableServerEkuUpload is for expressway-e x15.4",
                            title_of(node->product, title));
}

static bool is_word(const struct profile_tree *value, const char *word) {
    return value->kind == PROFILE_TREE_SCALAR && strcmp(value->text, word) == 0;
}

static bool check_endpoint(const struct profile_reader *reader, const struct profile_tree *mapping,
                           const struct profile_node *node) {
    static const char *const stores[] = {"server_store", "client_store"};
    const struct profile_tree *listeners = profile_tree_find(mapping, "listeners");
    for (unsigned i = 0; i < sizeof stores / sizeof stores[0]; i++) {
        const struct profile_tree *store = profile_tree_find(mapping, stores[i]);
        if (store != NULL && !is_word(store, "none")) {
            return profile_complain(reader->document, store, reader->error,
                                    "%s presents no certificate: it has no store",
                                    node->product->product);
        }
    }
    return listeners == NULL ||
           (listeners->kind == PROFILE_TREE_MAPPING && listeners->count == 0) ||
           profile_complain(reader->document, listeners, reader->error,
                            "%s presents no certificate: it cannot listen", node->product->product);
}

static bool check_one_store(const struct profile_reader *reader, const struct profile_tree *mapping,
                            const struct profile_node *node) {
    const struct profile_tree *client = profile_tree_find(mapping, "client_store");
    char title[TITLE_SIZE];
    return client == NULL || is_word(client, "copy-of-server") ||
           profile_complain(reader->document, client, reader->error,
                            "%s has one certificate store: leave client_store away, or say "
                            "copy-of-server",
                            title_of(node->product, title));
}

bool profile_node_check_product(const struct profile_reader *reader,
                                const struct profile_tree *mapping,
                                const struct profile_node *node) {
    if (!check_switch(reader, mapping, node) || !check_turns(reader, mapping, node) ||
        !check_upload_switch(reader, mapping, node)) {
        return false;
    }
    switch (node->product->stores) {
    case PROFILE_STORES_ONE:
        return check_one_store(reader, mapping, node);
    case PROFILE_STORES_NONE:
        return check_endpoint(reader, mapping, node);
    case PROFILE_STORES_TWO:
    default:
        return true;
    }
}
