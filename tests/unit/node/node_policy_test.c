/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node.h"

#include <criterion/criterion.h>

#include "certs_authority.h"

#include <stdlib.h>

static struct profile_plan plan_with(bool checking, enum profile_eku_policy on,
                                     enum profile_off_policy off) {
    static struct profile_node row;
    row = (struct profile_node){.name = (char[]){"edge"},
                                .product = profile_product_find("generic", NULL),
                                .eku_checking = checking,
                                .eku_policy = on,
                                .off_policy = off};
    return (struct profile_plan){.nodes = &row, .node_count = 1};
}

/* A node with empty stores that trusts one authority. */
static struct node *create_node(const struct profile_plan *plan) {
    const struct certs_authority_spec spec = {.name = "ca", .key = "ecdsa-p256"};
    struct certs_authority *authority;
    struct base_error error;
    struct node *node;
    cr_assert(certs_authority_create(&authority, &spec, &error), "%s", error.text);
    char *root = certs_authority_root_pem(authority);
    const struct node_material material = {.trust = {.text = root, .name = "trust"},
                                           .crls = {.text = "", .name = "lists"}};
    cr_assert(node_create(&node, plan, 0, &material, &error), "%s", error.text);
    free(root);
    certs_authority_destroy(authority);
    return node;
}

static void assert_policy(const struct node *node, enum profile_eku_check check,
                          const char *expected, bool expected_checks) {
    const struct profile_listener listener = {.eku_check = check};
    bool checks = !expected_checks;
    cr_assert_str_eq(node_listener_policy(node, &listener, &checks), expected);
    cr_assert_eq(checks, expected_checks);
}

Test(node_policy, follows_the_mode_unless_the_listener_says_otherwise) {
    const struct profile_plan plan =
        plan_with(true, PROFILE_POLICY_PKIX, PROFILE_OFF_SERVER_IF_PRESENT);
    struct node *node = create_node(&plan);
    assert_policy(node, PROFILE_EKU_CHECK_NODE, "pkix", true);
    assert_policy(node, PROFILE_EKU_CHECK_ALWAYS, "pkix", true);
    assert_policy(node, PROFILE_EKU_CHECK_NEVER, "any", false);
    node_destroy(node);
}

Test(node_policy, an_always_checking_listener_does_not_hear_of_mode_off) {
    const struct profile_plan plan =
        plan_with(false, PROFILE_POLICY_EXPRESSWAY, PROFILE_OFF_SERVER_OR_CLIENT);
    struct node *node = create_node(&plan);
    assert_policy(node, PROFILE_EKU_CHECK_NODE, "server-or-client", false);
    assert_policy(node, PROFILE_EKU_CHECK_ALWAYS, "expressway", true);
    node_destroy(node);
}

Test(node_policy, a_mode_set_while_running_counts_from_then_on) {
    const struct profile_plan plan = plan_with(true, PROFILE_POLICY_EXPRESSWAY, PROFILE_OFF_ANY);
    struct node *node = create_node(&plan);
    node_set_eku_checking(node, false);
    cr_assert_not(node_eku_checking(node));
    assert_policy(node, PROFILE_EKU_CHECK_NODE, "any", false);
    node_set_eku_checking(node, true);
    assert_policy(node, PROFILE_EKU_CHECK_NODE, "expressway", true);
    node_destroy(node);
}
