/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_store.h"

#include <stddef.h>
#include <stdio.h>

static const char *const stems[NODE_STORE_ROLES][2] = {
    [NODE_STORE_SERVER] = {[NODE_STORE_CERTIFICATE] = "server", [NODE_STORE_KEY] = "privkey"},
    [NODE_STORE_CLIENT] = {[NODE_STORE_CERTIFICATE] = "client", [NODE_STORE_KEY] = "clientprivkey"},
};

void node_store_file_name(enum node_store_role role, enum node_store_part part, uint32_t index,
                          char out[NODE_STORE_NAME_SIZE]) {
    if (index == 0) {
        snprintf(out, NODE_STORE_NAME_SIZE, "%s.pem", stems[role][part]);
        return;
    }
    snprintf(out, NODE_STORE_NAME_SIZE, "%s-%u.pem", stems[role][part], index);
}

const char *node_store_product_file(unsigned index) {
    static const char *const files[] = {
        "server.pem",
        "privkey.pem",
        "client.pem",
        "clientprivkey.pem",
        NODE_STORE_TRUST,
        NODE_STORE_REVOKED,
        "client-ca.crl.default",
        "mtls_ca.pem",
        "server-ssh.pem",
        "client-ssh.pem",
        "policy-services.crl",
        "policy-services.crl.default",
        "crl-update.conf",
        "generated_csr/",
        "multidomaincerts/",
        "saml/",
    };
    return index < sizeof files / sizeof files[0] ? files[index] : NULL;
}
