/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NODE_STORE_RULE_H
#define NODE_STORE_RULE_H

#include "node_store.h"
#include "tls_identity.h"

/* Does the product have this store, and this switch? */
bool node_store_rule_check_stores(const struct node_store_upload *upload, struct base_error *error);
bool node_store_rule_check_upgrade(const struct profile_product *product, struct base_error *error);

/* The two files before anybody reads keys: not each in the other's place, and the chain in order.
 */
bool node_store_rule_check_texts(const struct node_store_upload *upload, struct tls_pem chain,
                                 struct tls_pem key, struct base_error *error);

/* Not expired, and what the product demands of its usages. */
bool node_store_rule_check_leaf(const struct node_store_upload *upload,
                                const struct x509_certificate *leaf, struct base_error *error);

#endif
