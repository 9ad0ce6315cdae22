/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_instance.h"
#include "node_internal.h"

#include <stdio.h>
#include <string.h>

/* Of a store with thousands of certificates the first ones tell enough. */
#define SERIALS_TOLD 4

bool node_instance_expect_like(struct node_instance *instance,
                               const struct node_instance *successor) {
    bool widened = true;
    for (uint32_t i = 0; widened && i < instance->zone_count; i++) {
        const struct node_zone *zone = &instance->zones[i];
        for (uint32_t j = 0; widened && j < zone->presented_count; j++) {
            widened = tls_context_expect_like(zone->presented[j].context,
                                              successor->zones[i].presented[0].context);
        }
    }
    for (uint32_t i = 0; widened && i < instance->listener_count; i++) {
        struct tls_context *context = instance->listeners[i].context;
        widened =
            context == NULL || tls_context_expect_like(context, successor->listeners[i].context);
    }
    return widened;
}

/* A text that grows within `size`; what does not fit is cut. */
struct text {
    char *at;
    size_t size;
};

static void add(struct text *text, const char *word) {
    size_t length = strlen(word);
    if (length >= text->size) {
        length = text->size - 1;
    }
    memcpy(text->at, word, length);
    text->at += length;
    text->size -= length;
    *text->at = '\0';
}

static void add_serial(struct text *text, const struct x509_certificate *leaf) {
    char digits[2 * 64 + 1];
    x509_serial_to_text(leaf, digits, sizeof digits);
    add(text, digits);
}

static void add_store(struct text *text, const struct node_store *store, const char *name) {
    char rest[32];
    add(text, name);
    for (uint32_t i = 0; i < store->count && i < SERIALS_TOLD; i++) {
        add(text, i == 0 ? " " : ", ");
        add_serial(text, tls_identity_leaf(store->identities[i]));
    }
    if (store->count == 0) {
        add(text, " none");
    } else if (store->count > SERIALS_TOLD) {
        snprintf(rest, sizeof rest, " and %u more", store->count - SERIALS_TOLD);
        add(text, rest);
    }
}

void node_presents_text(const struct node *node, char *out, size_t out_size) {
    struct text text = {.at = out, .size = out_size};
    add_store(&text, &node->stores[TLS_ROLE_SERVER], "server");
    add(&text, "; ");
    add_store(&text, &node->stores[TLS_ROLE_CLIENT], "client");
}
