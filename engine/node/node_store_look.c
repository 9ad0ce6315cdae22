/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_store_pair.h"
#include "tls_certificates.h"
#include "tls_trust.h"
#include "x509_distinguished.h"
#include "x509_key.h"
#include "x509_name.h"

#include <stdio.h>
#include <string.h>

static void describe(struct node_store_content *out, const struct x509_certificate *leaf) {
    unsigned usages =
        leaf->eku.present ? leaf->eku.usages : X509_USAGE_SERVER_AUTH | X509_USAGE_CLIENT_AUTH;
    x509_distinguished_to_text(leaf->subject, out->subject, sizeof out->subject);
    x509_name_list(leaf, out->names, sizeof out->names);
    x509_serial_to_text(leaf, out->serial, sizeof out->serial);
    x509_eku_to_text(leaf, out->usages, sizeof out->usages);
    x509_key_to_text(leaf, out->key, sizeof out->key);
    out->has_server_auth = (usages & X509_USAGE_SERVER_AUTH) != 0;
    out->has_client_auth = (usages & X509_USAGE_CLIENT_AUTH) != 0;
    out->not_before = leaf->not_before;
    out->not_after = leaf->not_after;
}

static bool leads_to(const struct tls_certificates *chain, const struct tls_trust *trust) {
    struct x509_path path;
    const struct x509_set sent = {.certificates = chain->certificates, .count = chain->count};
    return trust != NULL &&
           x509_path_build(&chain->certificates[0], sent, tls_trust_certificates(trust), &path);
}

/* Kept until both stores were read: their certificates are compared. */
struct found {
    struct node_store_text text;
    struct tls_certificates chain;
};

static void look_at_certificate(struct node_store_content *out, struct found *found,
                                const struct node_store_folder *folder,
                                const struct node_store_pair *pair, const struct tls_trust *trust) {
    if (!node_store_text_read(&found->text, folder, pair->certificate, &out->trouble) ||
        !tls_certificates_init(&found->chain, node_store_pem(&found->text), &out->trouble)) {
        return;
    }
    if (found->chain.count == 0) {
        (void)base_error_set(&out->trouble, BASE_ERROR_USAGE, "%s is empty", found->text.name);
        return;
    }
    describe(out, &found->chain.certificates[0]);
    out->chain_length = found->chain.count;
    out->leads_to_trust = leads_to(&found->chain, trust);
}

static void look_at_pair(struct node_store_content *out, const struct node_store_folder *folder,
                         enum node_store_role role) {
    struct tls_identity *identity = NULL;
    if (out->trouble.kind == BASE_ERROR_NONE && out->has_certificate && out->has_key) {
        (void)node_store_pair_read(&identity, folder, role, &out->trouble);
    }
    tls_identity_destroy(identity);
}

static void look_at_store(struct node_store_content *out, struct found *found,
                          const struct node_store_folder *folder, enum node_store_role role,
                          const struct tls_trust *trust) {
    struct node_store_pair pair = node_store_pair_of(role);
    out->has_certificate = node_store_folder_holds(folder, pair.certificate);
    out->has_key = node_store_folder_holds(folder, pair.key);
    if (out->has_certificate) {
        look_at_certificate(out, found, folder, &pair, trust);
    }
    if (out->has_certificate && !out->has_key && out->trouble.kind == BASE_ERROR_NONE) {
        (void)base_error_set(&out->trouble, BASE_ERROR_USAGE,
                             "%.512s/%s has no private key: %s is "
                             "missing",
                             folder->path, pair.certificate, pair.key);
    }
    look_at_pair(out, folder, role);
}

static struct tls_trust *read_trust(const struct node_store_folder *folder,
                                    struct base_error *error) {
    static const struct tls_pem no_lists = {.name = "no lists"};
    struct tls_trust *trust = NULL;
    struct node_store_text text;
    if (node_store_text_read(&text, folder, NODE_STORE_TRUST, error)) {
        (void)tls_trust_create(&trust, node_store_pem(&text), no_lists, error);
        node_store_text_finish(&text);
    }
    return trust;
}

static bool have_one_leaf(const struct found *a, const struct found *b) {
    return a->chain.count > 0 && b->chain.count > 0 &&
           base_bytes_equal(a->chain.certificates[0].der, b->chain.certificates[0].der);
}

bool node_store_look(struct node_store_view *out, const char *path, struct base_error *error) {
    struct node_store_folder folder;
    struct found found[NODE_STORE_ROLES];
    const char *name;
    memset(out, 0, sizeof *out);
    memset(found, 0, sizeof found);
    if (!node_store_folder_open(&folder, path, false, error)) {
        return false;
    }
    struct tls_trust *trust = read_trust(&folder, &out->trust_trouble);
    for (unsigned role = 0; role < NODE_STORE_ROLES; role++) {
        look_at_store(&out->stores[role], &found[role], &folder, (enum node_store_role)role, trust);
    }
    out->same_certificate = have_one_leaf(&found[NODE_STORE_SERVER], &found[NODE_STORE_CLIENT]);
    for (unsigned i = 0; (name = node_store_product_file(i)) != NULL; i++) {
        out->present |= node_store_folder_holds(&folder, name) ? UINT32_C(1) << i : 0;
        out->interrupted |= node_store_folder_has_former(&folder, name);
    }
    for (unsigned role = 0; role < NODE_STORE_ROLES; role++) {
        tls_certificates_finish(&found[role].chain);
        node_store_text_finish(&found[role].text);
    }
    tls_trust_destroy(trust);
    node_store_folder_close(&folder);
    return true;
}
