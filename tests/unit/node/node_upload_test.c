/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node.h"

#include <criterion/criterion.h>

#include "certs_authority.h"

#include <stdlib.h>
#include <string.h>

struct upload {
    const char *usage; /* NULL: no extension */
    bool unchecked;
    bool copied;           /* from the server store, by the product's checkbox */
    const char *one_store; /* into the one store of this product at x15.4; NULL: a client store */
    bool switched_on;      /* there: EnableServerEkuUpload */
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
    const struct profile_store store = {.kind = row->copied || row->one_store != NULL
                                                    ? PROFILE_STORE_COPY_OF_SERVER
                                                    : PROFILE_STORE_IDENTITIES,
                                        .identities = &identity,
                                        .identity_count = 1};
    struct profile_node plan_row = {
        .name = (char[]){"edge"},
        .product = row->one_store == NULL ? profile_product_find("expressway-e", NULL)
                                          : profile_product_find(row->one_store, "x15.4"),
        .server_eku_upload = row->switched_on,
        .client_store = store,
    };
    if (row->one_store != NULL) {
        plan_row.server_store = store;
        plan_row.server_store.kind = PROFILE_STORE_IDENTITIES;
    }
    const struct profile_plan plan = {.nodes = &plan_row, .node_count = 1};
    const struct node_credential credential = {.chain = {issued.chain_pem, "chain"},
                                               .key = {issued.key_pem, "key"}};
    const struct node_material material = {.server = &credential,
                                           .server_count = row->one_store != NULL,
                                           .client = &credential,
                                           .client_count = 1,
                                           .trust = {root, "trust"},
                                           .crls = {"", "lists"}};
    struct node *node;
    bool accepted = node_create(&node, &plan, 0, &material, error);
    node_destroy(node);
    free(root);
    certs_identity_finish(&issued);
    certs_authority_destroy(authority);
    return accepted;
}

Test(node_upload, a_store_that_is_a_clients_refuses_a_certificate_without_clientauth) {
    static const struct upload rows[] = {
        {.usage = "clientAuth", .accepted = true},
        {.usage = "serverAuth", .accepted = false},
        {.usage = "any", .accepted = false},
        {.usage = NULL, .accepted = false},
        {.usage = "serverAuth", .unchecked = true, .accepted = true},
        {.usage = "serverAuth", .copied = true, .accepted = true},
        {.usage = "clientAuth", .one_store = "expressway-e", .accepted = true},
        {.usage = "serverAuth", .one_store = "expressway-e", .accepted = false},
        {.usage = "serverAuth", .one_store = "expressway-e", .switched_on = true, .accepted = true},
        {.usage = "serverAuth", .one_store = "expressway-c", .accepted = false},
        {.usage = "serverAuth", .one_store = "expressway-c", .unchecked = true, .accepted = true},
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
