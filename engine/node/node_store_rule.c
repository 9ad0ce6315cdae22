/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_store_rule.h"

#include "tls_certificates.h"

#include <string.h>

static const char *release_of(const struct profile_product *product) {
    return product->release == NULL ? "of any release" : product->release;
}

bool node_store_rule_check_stores(const struct node_store_upload *upload,
                                  struct base_error *error) {
    const struct profile_product *product = upload->product;
    if (product->stores == PROFILE_STORES_NONE) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s presents no certificate: it has no store", product->product);
    }
    if (product->stores == PROFILE_STORES_ONE &&
        (upload->role == NODE_STORE_CLIENT || upload->as_client)) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s %s has one certificate for both roles: upload-server without "
                              "--as-client replaces it",
                              product->product, release_of(product));
    }
    if (upload->server_eku_upload && !product->has_server_eku_upload) {
        return base_error_set(error, BASE_ERROR_USAGE, "%s %s does not know EnableServerEkuUpload",
                              product->product, release_of(product));
    }
    return true;
}

bool node_store_rule_check_upgrade(const struct profile_product *product,
                                   struct base_error *error) {
    return product->stores == PROFILE_STORES_TWO ||
           base_error_set(error, BASE_ERROR_USAGE,
                          "%s %s has no client store: there is nothing to upgrade to",
                          product->product, release_of(product));
}

static bool holds(struct bytes text, const char *word) {
    return text.length > 0 && memmem(text.data, text.length, word, strlen(word)) != NULL;
}

static bool is_swapped(struct bytes chain, struct bytes key) {
    static const char certificate[] = "-----BEGIN CERTIFICATE-----";
    static const char private_key[] = "PRIVATE KEY-----";
    return !holds(chain, certificate) && holds(chain, private_key) && holds(key, certificate) &&
           !holds(key, private_key);
}

bool node_store_rule_check_texts(const struct node_store_upload *upload, struct tls_pem chain,
                                 struct tls_pem key, struct base_error *error) {
    struct tls_certificates certificates;
    if (upload->key_path != NULL && is_swapped(chain.text, key.text)) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s holds a private key and %s a certificate: the certificate goes "
                              "first",
                              chain.name, key.name);
    }
    bool good = tls_certificates_init(&certificates, chain, error);
    for (unsigned i = 1; good && i < certificates.count; i++) {
        if (!base_bytes_equal(certificates.certificates[i].subject,
                              certificates.certificates[i - 1].issuer)) {
            good = base_error_set(error, BASE_ERROR_USAGE,
                                  "%s: certificate %u did not issue certificate %u: the node's own "
                                  "certificate goes first, each issuer right after what it issued",
                                  chain.name, i + 1, i);
        }
    }
    tls_certificates_finish(&certificates);
    return good;
}

/* A node with one certificate initiates with it, too; only a switch of some releases lets it off.
 */
static bool needs_client_auth(const struct node_store_upload *upload) {
    if (upload->role == NODE_STORE_CLIENT) {
        return true;
    }
    return upload->product->is_expressway && upload->product->stores == PROFILE_STORES_ONE &&
           !upload->server_eku_upload;
}

bool node_store_rule_check_leaf(const struct node_store_upload *upload,
                                const struct x509_certificate *leaf, struct base_error *error) {
    if (upload->now > leaf->not_after) {
        char date[X509_DATE_SIZE];
        x509_date_to_text(leaf->not_after, date);
        return base_error_set(error, BASE_ERROR_USAGE, "%.512s expired on %.10s",
                              upload->certificate_path, date);
    }
    bool can_be_client = leaf->eku.present && (leaf->eku.usages & X509_USAGE_CLIENT_AUTH) != 0;
    if (needs_client_auth(upload) && !can_be_client) {
        return base_error_set(error, BASE_ERROR_USAGE, "%s", PROFILE_STORE_UPLOAD_ERROR);
    }
    return true;
}
