/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_internal.h"

#include <string.h>

static bool has_client_auth(const struct x509_certificate *leaf) {
    return leaf->eku.present && (leaf->eku.usages & X509_USAGE_CLIENT_AUTH) != 0;
}

/* Where there is one store only, the rule is on it. */
static bool one_store_asks(const struct node *node) {
    return node->plan->product->demands_client_usage && !node->mode->server_eku_upload;
}

/*
 * The product's upload rule, for certificates that came as files; what we issue was checked when
 * the profile was loaded.
 */
static bool check_upload(const struct node_store *store, const struct profile_store *row,
                         const struct profile_node *plan, const char *store_name,
                         struct base_error *error) {
    for (uint32_t i = 0; row->kind == PROFILE_STORE_IDENTITIES && i < store->count; i++) {
        const struct profile_identity *identity = &row->identities[store->identity_of[i]];
        if (identity->certificate_path != NULL && !identity->unchecked &&
            !has_client_auth(tls_identity_leaf(store->identities[i]))) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "nodes.%s.%s: %s: " PROFILE_STORE_UPLOAD_ERROR, plan->name,
                                  store_name, identity->certificate_path);
        }
    }
    return true;
}

/* A copy of the server store escapes the client store's rule, as the product's checkbox does. */
static bool check_uploads(const struct node *node, struct base_error *error) {
    const struct profile_node *plan = node->plan;
    return check_upload(&node->stores[TLS_ROLE_CLIENT], &plan->client_store, plan, "client_store",
                        error) &&
           (!one_store_asks(node) ||
            check_upload(&node->stores[TLS_ROLE_SERVER], &plan->server_store, plan, "server_store",
                         error));
}

/* False when one of them is an OID of its own: such a list is not compared. */
static bool usages_of(const struct profile_eku *eku, unsigned *usages) {
    static const struct {
        const char *name;
        enum x509_usage usage;
    } known[] = {
        {"serverAuth", X509_USAGE_SERVER_AUTH},
        {"clientAuth", X509_USAGE_CLIENT_AUTH},
        {"any", X509_USAGE_ANY},
        {"sipDomain", X509_USAGE_SIP_DOMAIN},
        {"codeSigning", X509_USAGE_CODE_SIGNING},
        {"emailProtection", X509_USAGE_EMAIL_PROTECTION},
    };
    *usages = 0;
    for (uint32_t i = 0; i < eku->usages.count; i++) {
        size_t row = 0;
        while (row < sizeof known / sizeof known[0] &&
               strcmp(known[row].name, eku->usages.items[i]) != 0) {
            row++;
        }
        if (row == sizeof known / sizeof known[0]) {
            return false;
        }
        *usages |= known[row].usage;
    }
    return true;
}

/*
 * Certificates read back (--pki) may have been issued for another profile, or before a --set: the
 * run would prove something else than its profile says.
 */
static bool check_issued(const struct node_store *store, const struct profile_store *row,
                         const struct node *node, const char *store_name,
                         struct base_error *error) {
    for (uint32_t i = 0; row->kind == PROFILE_STORE_IDENTITIES && i < store->count; i++) {
        const struct profile_identity *identity = &row->identities[store->identity_of[i]];
        const struct x509_certificate *leaf = tls_identity_leaf(store->identities[i]);
        unsigned usages;
        char found[256];
        if (identity->certificate_path != NULL || !usages_of(&identity->eku, &usages) ||
            (leaf->eku.present == identity->eku.present && leaf->eku.usages == usages)) {
            continue;
        }
        x509_eku_to_text(leaf, found, sizeof found);
        return base_error_set(error, BASE_ERROR_USAGE,
                              "nodes.%s.%s: the certificate's extended key usage (%s) is not what "
                              "the profile asks for: issue the certificates again with `ekuload "
                              "certs` and the same --set, or take the store as it lies with "
                              "--set 'nodes.%s.%s={folder: DIR}'",
                              node->plan->name, store_name, found, node->plan->name, store_name);
    }
    return true;
}

bool node_check_stores(const struct node *node, struct base_error *error) {
    const struct profile_node *plan = node->plan;
    const struct profile_store *client = plan->client_store.kind == PROFILE_STORE_COPY_OF_SERVER
                                             ? &plan->server_store
                                             : &plan->client_store;
    return check_uploads(node, error) &&
           check_issued(&node->stores[TLS_ROLE_SERVER], &plan->server_store, node, "server_store",
                        error) &&
           check_issued(&node->stores[TLS_ROLE_CLIENT], client, node, "client_store", error);
}

static bool was_presented(const struct node_store *store, struct bytes leaf) {
    for (uint32_t i = 0; i < store->leaf_count; i++) {
        if (base_bytes_equal(store->leaves[i], leaf)) {
            return true;
        }
    }
    return false;
}

bool node_check_renewal(const struct node *node, const struct node *previous,
                        struct base_error *error) {
    const struct profile_node *plan = node->plan;
    const struct node_store *store = &node->stores[TLS_ROLE_SERVER];
    for (uint32_t i = 0; one_store_asks(node) && i < store->count; i++) {
        const struct x509_certificate *leaf = tls_identity_leaf(store->identities[i]);
        if (!plan->server_store.identities[store->identity_of[i]].unchecked &&
            !has_client_auth(leaf) &&
            !was_presented(&previous->stores[TLS_ROLE_SERVER], leaf->der)) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "%s's certificate: " PROFILE_STORE_UPLOAD_ERROR "%s", plan->name,
                                  plan->product->has_server_eku_upload
                                      ? " (To upload it all the same: xConfiguration XCP TLS "
                                        "Certificate CVS EnableServerEkuUpload: On)"
                                      : "");
        }
    }
    return true;
}
