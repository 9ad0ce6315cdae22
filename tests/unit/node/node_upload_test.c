/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node.h"

#include <criterion/criterion.h>

#include "certs_authority.h"

#include <stdlib.h>
#include <string.h>

struct upload {
    const char *usage; /* NULL: no extension */
    bool unchecked;
    bool copied; /* from the server store, by the product's checkbox */
    bool accepted;
};

static bool upload(const struct upload *row, struct base_error *error) {
    const struct certs_authority_spec spec = {.name = "ca", .key = "ecdsa-p256"};
    static const char *const names[] = {"edge.example.test"};
    const struct certs_leaf_spec leaf = {
        .key = "ecdsa-p256",
        .usages = {.names = &row->usage,
                   .count = row->usage != NULL,
                   .present = row->usage != NULL},
        .names = names,
        .name_count = 1,
        .not_before = 1767225600,
        .not_after = 2082758400,
    };
    struct certs_authority *authority;
    struct certs_identity issued;
    cr_assert(certs_authority_create(&authority, &spec, error), "%s", error->text);
    cr_assert(certs_authority_issue(authority, &leaf, &issued, error), "%s", error->text);
    char *root = certs_authority_root_pem(authority);
    struct profile_identity identity = {.certificate_path = (char[]){"/from/a/file.pem"},
                                        .unchecked = row->unchecked};
    struct profile_node plan_row = {.name = (char[]){"edge"},
                                    .client_store = {.kind = row->copied
                                                                 ? PROFILE_STORE_COPY_OF_SERVER
                                                                 : PROFILE_STORE_IDENTITIES,
                                                     .identities = &identity,
                                                     .identity_count = 1}};
    const struct profile_plan plan = {.nodes = &plan_row, .node_count = 1};
    const struct node_credential credential = {.chain = {issued.chain_pem, "chain"},
                                               .key = {issued.key_pem, "key"}};
    const struct node_material material = {
        .client = &credential, .client_count = 1, .trust = {root, "trust"}, .crls = {"", "lists"}};
    struct node *node;
    bool accepted = node_create(&node, &plan, 0, &material, error);
    node_destroy(node);
    free(root);
    certs_identity_finish(&issued);
    certs_authority_destroy(authority);
    return accepted;
}

Test(node_upload, a_client_store_refuses_a_certificate_without_clientauth) {
    static const struct upload rows[] = {
        {.usage = "clientAuth", .accepted = true},
        {.usage = "serverAuth", .accepted = false},
        {.usage = "any", .accepted = false},
        {.usage = NULL, .accepted = false},
        {.usage = "serverAuth", .unchecked = true, .accepted = true},
        {.usage = "serverAuth", .copied = true, .accepted = true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct base_error error = {.kind = BASE_ERROR_NONE};
        cr_assert_eq(upload(&rows[i], &error), rows[i].accepted, "row %zu: %s", i, error.text);
        if (!rows[i].accepted) {
            cr_assert_eq(error.kind, BASE_ERROR_USAGE);
            cr_assert_not_null(strstr(error.text, "Invalid certificate: The file provided does not "
                                                  "have a client usage attribute. Services "
                                                  "requiring mutual TLS may not work."));
        }
    }
}
