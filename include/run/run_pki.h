/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_PKI_H
#define RUN_PKI_H

#include "base_error.h"
#include "profile_plan.h"

#include <stdint.h>

/* One certificate of a store as PEM texts on the heap. */
struct run_credential {
    char *chain_pem;
    char *key_pem;
    uint32_t identity; /* index in the plan's store */
    bool revoked;
};

struct run_store {
    struct run_credential *credentials;
    uint32_t count;
};

/* What fills one node. A client store that is a copy of the server's holds its own copies. */
struct run_node_pki {
    bool known; /* false: external equipment */
    struct run_store server;
    struct run_store client;
    char *trust_pem;
    char *crl_pem;
};

/* All certificates of a profile, indexed like the plan's nodes and authorities. */
struct certs_authority;
struct run_pki {
    struct run_node_pki *nodes;
    uint32_t node_count;
    char **root_pem; /* per authority */
    char **intermediates_pem;
    char **crl_pem;
    uint32_t authority_count;
    struct certs_authority **authorities; /* who issued it; NULL: it was loaded */
};

/* Issues everything the profile asks for; keys are made anew. Finish with run_pki_finish() in any
 * case. */
bool run_pki_issue(struct run_pki *pki, const struct profile_plan *plan, struct base_error *error);

/* The same once more by the authorities of an earlier one that was issued, which lives on: new
 * keys, new serials. */
bool run_pki_renew(struct run_pki *pki, const struct run_pki *earlier,
                   const struct profile_plan *plan, struct base_error *error);

/* Reads what run_pki_write() wrote. */
bool run_pki_load(struct run_pki *pki, const struct profile_plan *plan, const char *directory,
                  struct base_error *error);

/*
 * DIR/nodes/<node>/: server.pem privkey.pem client.pem clientprivkey.pem (further identities:
 * server-1.pem ...), ca.pem, client-ca.crl; keys with mode 0600. `with_authorities`: also
 * DIR/authorities/<name>/ with root.pem, intermediates.pem, crl.pem.
 */
bool run_pki_write(const struct run_pki *pki, const struct profile_plan *plan,
                   const char *directory, bool with_authorities, struct base_error *error);

void run_pki_finish(struct run_pki *pki);

#endif
