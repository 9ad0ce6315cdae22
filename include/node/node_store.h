/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_STORE_H
#define NODE_STORE_H

#include "base_error.h"
#include "profile_product.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A node's certificates as a folder with the product's file names: two stores of a certificate and
 * a key each, one Trusted CA library.
 */
enum node_store_role { NODE_STORE_SERVER, NODE_STORE_CLIENT, NODE_STORE_ROLES };
enum node_store_part { NODE_STORE_CERTIFICATE, NODE_STORE_KEY };

#define NODE_STORE_TRUST     "ca.pem"
#define NODE_STORE_REVOKED   "client-ca.crl"
#define NODE_STORE_NAME_SIZE 64

/* "server.pem", "clientprivkey.pem"; "server-1.pem" for the second of several (`index` 1). */
void node_store_file_name(enum node_store_role role, enum node_store_part part, uint32_t index,
                          char out[NODE_STORE_NAME_SIZE]);

/* What the product keeps in the folder, stores first; a folder ends with a slash. NULL at the end.
 */
const char *node_store_product_file(unsigned index);

struct node_store_upload {
    const struct profile_product *product; /* whose rules hold */
    bool server_eku_upload;                /* x15.4: EnableServerEkuUpload is On */
    enum node_store_role role;
    const char *certificate_path; /* PEM: the node's own certificate, then its issuers in order */
    const char *key_path;         /* NULL: the key that is in the store, which must fit */
    bool as_client;               /* copied to the client store, too, where nobody checks it */
    int64_t now;                  /* seconds since 1970 */
};

/*
 * Puts a certificate and its key into a store. Refused with one sentence, and the folder stays
 * octet for octet as it was: what breaks the product's rule, an expired certificate, a key that
 * does not fit, a chain out of order, what is no PEM. A crash in the midst leaves both files of
 * before, both new ones, or a pair that the next upload puts back first. One upload at a time.
 */
bool node_store_upload(const char *folder, const struct node_store_upload *upload,
                       struct base_error *error);

/* x15.4 or earlier to `product`: the server store becomes the client store, too. Refused when there
 * is a client store. */
bool node_store_upgrade(const char *folder, const struct profile_product *product,
                        struct base_error *error);

/* What a store holds. Texts are "" where nothing could be read. */
struct node_store_content {
    bool has_certificate;
    bool has_key;
    struct base_error trouble; /* BASE_ERROR_NONE: it can be presented */
    char subject[256];         /* "CN=edge.example.test,O=Example" */
    char names[512];
    char serial[64]; /* hexadecimal, as the product shows it */
    char usages[256];
    char key[32];         /* "rsa-2048" */
    bool has_server_auth; /* or no extension */
    bool has_client_auth; /* likewise */
    int64_t not_before;
    int64_t not_after;
    uint32_t chain_length;
    bool leads_to_trust; /* the chain ends at an authority of the Trusted CA library */
};

struct node_store_view {
    struct node_store_content stores[NODE_STORE_ROLES];
    bool same_certificate;           /* both stores hold it: as after an upgrade */
    struct base_error trust_trouble; /* BASE_ERROR_NONE: the Trusted CA library can be read */
    uint32_t present;                /* bit i: node_store_product_file(i) is there */
    bool interrupted; /* an upload was killed half-way: the next one puts the earlier pair back when
                         the files do not fit */
};

/* Changes nothing. False when the folder itself cannot be read. */
bool node_store_look(struct node_store_view *out, const char *folder, struct base_error *error);

#endif
