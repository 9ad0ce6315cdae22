/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_part.h"
#include "profile_service.h"
#include "profile_value.h"

#include <stdio.h>
#include <string.h>

enum {
    LISTENERS_MAX = 4000,
};

/* A listener that bears the name of a service needs say nothing else. */
static bool find_service(const char *name, enum profile_service *out) {
    for (unsigned i = 0; profile_plan_services[i] != NULL; i++) {
        if (strcmp(profile_plan_services[i], name) == 0) {
            *out = (enum profile_service)i;
            return true;
        }
    }
    return false;
}

static bool unknown_service(const struct profile_reader *reader, const struct profile_tree *mapping,
                            const char *name) {
    char known[128] = "";
    for (unsigned i = 0; profile_plan_services[i] != NULL; i++) {
        size_t length = strlen(known);
        snprintf(known + length, sizeof known - length, "%s%s", i == 0 ? "" : ", ",
                 profile_plan_services[i]);
    }
    return profile_complain(reader->document, mapping, reader->error,
                            "the key \"service\" is missing: %s is not the name of one (%s)", name,
                            known);
}

/* What real equipment holds is not known. */
static bool check_identity(const struct profile_reader *reader, const struct profile_tree *mapping,
                           const struct profile_listener *listener) {
    const struct profile_node *node = &reader->plan->nodes[listener->node];
    return listener->identity == PROFILE_NONE ||
           listener->identity < node->server_store.identity_count || node->external != NULL ||
           profile_complain(reader->document, profile_tree_find(mapping, "identity"), reader->error,
                            "%s's server_store holds %u identities, the first is 0", node->name,
                            node->server_store.identity_count);
}

/* Clients without a certificate have no identity to bind an alias to: theirs are RFC 5626's flows.
 */
static void choose_reuse(const struct profile_tree *mapping, struct profile_listener *listener) {
    bool is_plain =
        listener->service == PROFILE_SERVICE_SIP || listener->service == PROFILE_SERVICE_SIP_MTLS;
    if (profile_tree_find(mapping, "reuse") == NULL && is_plain &&
        listener->client_certificate == PROFILE_CLIENT_CERTIFICATE_REQUIRE) {
        listener->reuse = PROFILE_REUSE_ALIAS;
    }
}

/* Who is not asked for a certificate shows none. A setting may leave the other key behind. */
static bool check_eku(const struct profile_reader *reader, const struct profile_tree *mapping,
                      const struct profile_listener *listener) {
    const struct profile_tree *check = profile_tree_find(mapping, "eku_check");
    const struct profile_tree *asked = profile_tree_find(mapping, "client_certificate");
    bool is_left_behind =
        check != NULL && check->setting == NULL && asked != NULL && asked->setting != NULL;
    return check == NULL || listener->eku_check != PROFILE_EKU_CHECK_ALWAYS ||
           listener->client_certificate != PROFILE_CLIENT_CERTIFICATE_NONE || is_left_behind ||
           profile_complain(reader->document, check, reader->error,
                            "always goes with client_certificate: require or request, and this "
                            "listener asks for none");
}

static bool derive(const struct profile_reader *reader, const struct profile_tree *mapping,
                   struct profile_listener *listener) {
    const struct profile_service_row *row;
    enum profile_service named;
    bool is_named = find_service(listener->name, &named);
    if (profile_tree_find(mapping, "service") == NULL) {
        if (!is_named) {
            return unknown_service(reader, mapping, listener->name);
        }
        listener->service = named;
    }
    row = profile_service_row(listener->service);
    if (listener->port == 0) {
        if (!is_named) {
            return profile_complain(reader->document, mapping, reader->error,
                                    "the key \"port\" is missing");
        }
        listener->port = profile_service_row(named)->port;
    }
    if (profile_tree_find(mapping, "eku_check") == NULL) {
        listener->eku_check = row->eku_check;
    }
    if (profile_tree_find(mapping, "client_certificate") == NULL) {
        listener->client_certificate = row->client_certificate;
    }
    choose_reuse(mapping, listener);
    if (listener->limit_per_s > 0 && profile_listener_protocol(listener) != PROFILE_PROTOCOL_SIP) {
        return profile_complain(reader->document, profile_tree_find(mapping, "limit"),
                                reader->error, "only a SIP listener has a limit of sessions");
    }
    return check_identity(reader, mapping, listener) && check_eku(reader, mapping, listener) &&
           profile_credentials_finish_listener(reader, mapping, listener);
}

/* `sip: 5061` is `sip: { port: 5061 }`. */
static bool read_values(struct profile_reader *reader, struct profile_tree *value,
                        struct profile_listener *listener) {
    struct profile_tree whole = *value;
    struct profile_tree port = *value;
    if (value->kind != PROFILE_TREE_SCALAR) {
        return profile_section_read(reader, &profile_section_listener, value, listener) &&
               derive(reader, value, listener);
    }
    port.key = "port";
    port.next = NULL;
    port.parent = &whole;
    whole.kind = PROFILE_TREE_MAPPING;
    whole.first = whole.last = &port;
    whole.count = 1;
    return profile_section_read(reader, &profile_section_listener, &whole, listener) &&
           derive(reader, &whole, listener);
}

/* `listeners: default` is an empty mapping for each service of the product. */
bool profile_listener_expand(struct profile_document *document, struct profile_tree *node,
                             struct base_error *error) {
    struct profile_tree *listeners = profile_tree_find(node, "listeners");
    const struct profile_tree *product = profile_tree_find(node, "product");
    const struct profile_tree *release = profile_tree_find(node, "release");
    const struct profile_product *row = NULL;
    struct profile_tree whole = {.kind = PROFILE_TREE_MAPPING};
    if (listeners == NULL || listeners->kind != PROFILE_TREE_SCALAR ||
        strcmp(listeners->text, "default") != 0) {
        return true;
    }
    if (product != NULL && product->kind == PROFILE_TREE_SCALAR &&
        (release == NULL || release->kind == PROFILE_TREE_SCALAR)) {
        row = profile_product_find(product->text, release == NULL ? NULL : release->text);
    }
    for (unsigned i = 0; row != NULL && row->services[i] != NULL; i++) {
        struct profile_tree *one = profile_tree_create(document, PROFILE_TREE_MAPPING, error);
        if (one == NULL) {
            return false;
        }
        one->key = row->services[i];
        one->line = listeners->line;
        one->setting = listeners->setting;
        one->is_flow = true;
        profile_tree_append(&whole, one);
    }
    whole.line = listeners->line;
    whole.setting = listeners->setting;
    if (whole.count > 0) {
        profile_tree_replace(listeners, &whole);
    }
    return true;
}

static const char *address_of(const struct profile_plan *plan,
                              const struct profile_listener *listener) {
    return listener->address != NULL ? listener->address : plan->nodes[listener->node].address;
}

static bool is_wildcard(const uint8_t address[16], bool is_v4) {
    static const uint8_t zeros[16];
    return is_v4 ? memcmp(address + 12, zeros, 4) == 0 : memcmp(address, zeros, 16) == 0;
}

static bool collide(const struct profile_plan *plan, const struct profile_listener *a,
                    const struct profile_listener *b) {
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    uint8_t left[16];
    uint8_t right[16];
    if (a->port != b->port || !profile_value_address(address_of(plan, a), left) ||
        !profile_value_address(address_of(plan, b), right)) {
        return false;
    }
    bool left_is_v4 = memcmp(left, mapped, sizeof mapped) == 0;
    bool right_is_v4 = memcmp(right, mapped, sizeof mapped) == 0;
    return left_is_v4 == right_is_v4 &&
           (memcmp(left, right, sizeof left) == 0 || is_wildcard(left, left_is_v4) ||
            is_wildcard(right, right_is_v4));
}

static bool check_place(const struct profile_reader *reader, const struct profile_tree *value,
                        const struct profile_listener *listener) {
    const struct profile_plan *plan = reader->plan;
    if (plan->nodes[listener->node].external != NULL) {
        return true;
    }
    for (uint32_t i = 0; i < plan->listener_count; i++) {
        const struct profile_listener *other = &plan->listeners[i];
        if (plan->nodes[other->node].external == NULL && collide(plan, listener, other)) {
            return profile_complain(
                reader->document, value, reader->error, "%s port %u is taken by %s (line %u)",
                address_of(plan, listener), listener->port, other->full_name, other->line);
        }
    }
    return true;
}

static bool read_of_node(struct profile_reader *reader, struct profile_tree *listeners,
                         uint32_t node) {
    struct profile_plan *plan = reader->plan;
    for (struct profile_tree *value = listeners->first; value != NULL; value = value->next) {
        struct profile_listener *listener = &plan->listeners[plan->listener_count];
        listener->node = node;
        listener->line = value->line;
        listener->identity = PROFILE_NONE;
        if (!profile_reader_name(reader, value, &listener->name)) {
            return false;
        }
        listener->full_name = profile_arena_format(reader->document->arena, "%s.%s",
                                                   plan->nodes[node].name, listener->name);
        if (listener->full_name == NULL) {
            return profile_out_of_memory(reader->error);
        }
        if (!read_values(reader, value, listener) || !check_place(reader, value, listener)) {
            return false;
        }
        plan->listener_count++;
    }
    return true;
}

bool profile_listener_read_all(struct profile_reader *reader, struct profile_tree *nodes) {
    struct profile_plan *plan = reader->plan;
    uint32_t count = 0;
    uint32_t node = 0;
    for (struct profile_tree *value = nodes->first; value != NULL; value = value->next) {
        struct profile_tree *listeners = profile_tree_find(value, "listeners");
        if (listeners != NULL && listeners->kind != PROFILE_TREE_MAPPING) {
            return profile_reader_unexpected(reader, listeners,
                                             "a mapping of names to listeners, or default");
        }
        count += listeners == NULL ? 0 : listeners->count;
    }
    if (count > LISTENERS_MAX) {
        return profile_complain(reader->document, nodes, reader->error,
                                "expected at most %d listeners", LISTENERS_MAX);
    }
    plan->listeners = profile_reader_array(reader, count, sizeof *plan->listeners);
    if (plan->listeners == NULL) {
        return false;
    }
    for (struct profile_tree *value = nodes->first; value != NULL; value = value->next, node++) {
        struct profile_tree *listeners = profile_tree_find(value, "listeners");
        if (listeners != NULL && !read_of_node(reader, listeners, node)) {
            return false;
        }
    }
    return true;
}
