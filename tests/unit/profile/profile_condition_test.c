/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "profile_sample.h"

#include <criterion/criterion.h>
#include <string.h>

/* What the article says of a condition: who holds which certificate, and what must happen. */
struct condition {
    const char *profile;
    bool core_client_is_copy;
    bool edge_checks;
    uint32_t uc_connections_min;
    enum profile_state uc;
    enum profile_state tunnel;
};

static const struct condition conditions[] = {
    {"condition-2.1", false, true, 4100, PROFILE_STATE_ACTIVE, PROFILE_STATE_ACTIVE},
    {"condition-2-test-case-1", true, true, 500, PROFILE_STATE_FAILED, PROFILE_STATE_FAILED},
    {"condition-2-test-case-2", true, false, 500, PROFILE_STATE_ACTIVE, PROFILE_STATE_FAILED},
};

static bool has_usages(const struct profile_identity *identity, const char *first,
                       const char *second) {
    const struct profile_texts *usages = &identity->eku.usages;
    return identity->eku.present && usages->count == (second == NULL ? 1 : 2) &&
           strcmp(usages->items[0], first) == 0 &&
           (second == NULL || strcmp(usages->items[1], second) == 0);
}

static void check_public_server(const struct profile_plan *plan, const struct profile_node *node) {
    const struct profile_identity *identity = node->server_store.identities;
    cr_assert_eq(node->server_store.identity_count, 1);
    cr_expect_eq(plan->authorities[identity->issuer].kind, PROFILE_AUTHORITY_PUBLIC);
    cr_expect(has_usages(identity, "serverAuth", NULL));
    cr_expect_str_eq(identity->key, "rsa-2048");
}

static void check_stores(const struct profile_plan *plan, const struct condition *condition) {
    const struct profile_node *edge = &plan->nodes[profile_plan_find_node(plan, "edge")];
    const struct profile_node *core = &plan->nodes[profile_plan_find_node(plan, "core")];
    cr_expect_eq(edge->trust_count, 2);
    cr_expect_eq(core->trust_count, 2);
    check_public_server(plan, edge);
    check_public_server(plan, core);
    cr_expect_eq(edge->client_store.kind, PROFILE_STORE_COPY_OF_SERVER);
    cr_expect_eq(edge->eku_checking, condition->edge_checks, "%s", condition->profile);
    if (condition->core_client_is_copy) {
        cr_expect_eq(core->client_store.kind, PROFILE_STORE_COPY_OF_SERVER);
        return;
    }
    const struct profile_identity *identity = core->client_store.identities;
    cr_assert_eq(core->client_store.kind, PROFILE_STORE_IDENTITIES);
    cr_expect_eq(plan->authorities[identity->issuer].kind, PROFILE_AUTHORITY_INTERNAL);
    cr_expect(has_usages(identity, "serverAuth", "clientAuth"));
}

static void check_zone(const struct profile_plan *plan, const char *name, uint32_t port,
                       uint32_t connections, enum profile_state state) {
    uint32_t index = profile_plan_find_zone(plan, name);
    cr_assert_neq(index, PROFILE_NONE);
    const struct profile_zone *zone = &plan->zones[index];
    const struct profile_listener *peer = &plan->listeners[zone->peer_listener];
    cr_expect_eq(peer->port, port);
    cr_expect_str_eq(plan->nodes[peer->node].name, "edge");
    cr_expect_eq(zone->load.shape, PROFILE_SHAPE_HOLD);
    cr_expect_geq(zone->load.connections, connections);
    for (uint32_t i = 0; i < plan->expectation_count; i++) {
        if (plan->expectations[i].zone == index) {
            cr_expect_eq(plan->expectations[i].state, state, "%s of %s", name, plan->name);
            return;
        }
    }
    cr_expect_fail("%s has no expectation of %s", plan->name, name);
}

Test(profile_condition, has_the_certificates_of_the_article) {
    for (size_t i = 0; i < LENGTH_OF(conditions); i++) {
        const struct condition *condition = &conditions[i];
        struct profile_plan *plan;
        struct base_error error;
        cr_assert(profile_load(&plan, condition->profile, NULL, NULL, 0, SAMPLE_NOW, &error), "%s",
                  error.text);
        check_stores(plan, condition);
        check_zone(plan, "core.uc", 7001, condition->uc_connections_min, condition->uc);
        check_zone(plan, "core.tunnel", 2222, 1, condition->tunnel);
        profile_plan_destroy(plan);
    }
}

Test(profile_condition, tunnels_demand_a_client_certificate_whatever_the_mode) {
    for (size_t i = 0; i < LENGTH_OF(conditions); i++) {
        struct profile_plan *plan;
        struct base_error error;
        cr_assert(profile_load(&plan, conditions[i].profile, NULL, NULL, 0, SAMPLE_NOW, &error));
        for (uint32_t j = 0; j < plan->listener_count; j++) {
            const struct profile_listener *listener = &plan->listeners[j];
            cr_expect_eq(listener->eku_check, listener->service == PROFILE_SERVICE_TUNNEL
                                                  ? PROFILE_EKU_CHECK_ALWAYS
                                                  : PROFILE_EKU_CHECK_NODE);
        }
        profile_plan_destroy(plan);
    }
}

/* Nothing may stand between the engine and itself but the handshake. */
Test(profile_condition, null_profile_is_a_closed_loop_between_plain_nodes) {
    struct profile_plan *plan;
    struct base_error error;
    cr_assert(profile_load(&plan, "null", NULL, NULL, 0, SAMPLE_NOW, &error), "%s", error.text);
    const struct profile_zone *zone = &plan->zones[0];
    cr_expect_eq(plan->zone_count, 1);
    cr_expect_str_eq(plan->nodes[0].product->product, "generic");
    cr_expect_str_eq(plan->nodes[1].product->product, "generic");
    cr_expect_eq(zone->type, PROFILE_ZONE_NEIGHBOR);
    cr_expect_eq(zone->load.shape, PROFILE_SHAPE_CONCURRENCY);
    cr_expect_eq(zone->load.concurrency, 32);
    cr_expect_eq(zone->load.hold_ns, 0);
    cr_expect_eq(zone->load.dialog, PROFILE_DIALOG_OPTIONS);
    cr_expect_eq(plan->duration_ns, 5000000000);
    profile_plan_destroy(plan);
}
