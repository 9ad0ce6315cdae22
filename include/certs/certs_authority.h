/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CERTS_AUTHORITY_H
#define CERTS_AUTHORITY_H

#include "base_bytes.h"
#include "base_error.h"

#include <stdint.h>

/*
 * Issues test PKIs: authorities with intermediates, leaf certificates with any extended key usage,
 * and CRLs. Keys are generated here and never leave the machine. Set-up time only; one thread.
 */

/* Usages by name: serverAuth clientAuth any sipDomain codeSigning emailProtection, or dotted OIDs. */
struct certs_usages {
    const char *const *names;
    unsigned count;
    bool present; /* false: no extension at all */
    bool critical;
};

struct certs_authority_spec {
    const char *name;          /* goes into the subjects: "ca1 root", "ca1 intermediate 1" */
    bool is_public;            /* refuses to issue clientAuth */
    int64_t client_auth_until; /* a public one issues clientAuth to leaves whose not_before is earlier; 0: never */
    const char *key;           /* "rsa-2048" "rsa-3072" "rsa-4096" "ecdsa-p256" "ecdsa-p384" "ed25519" */
    unsigned intermediates;    /* 0: the root issues leaves itself */
    struct certs_usages root_usages;
    struct certs_usages intermediate_usages;
};

struct certs_leaf_spec {
    const char *key;
    struct certs_usages usages;
    const char *subject;      /* "CN=edge.example.test,O=Example" (RFC 4514 order as written), or NULL: CN = first name */
    const char *const *names; /* DNS names, "sip:" URIs, IP addresses */
    unsigned name_count;
    struct bytes serial; /* INTEGER content; empty: random, 16 octets */
    int64_t not_before;  /* seconds since 1970 */
    int64_t not_after;
    bool omit_chain; /* the issued chain holds the leaf alone */
    bool revoked;    /* enters the issuer's CRL */
};

/* NUL-terminated PEM texts on the heap; certs_identity_finish() wipes the key and frees both. */
struct certs_identity {
    char *chain_pem; /* leaf first, then intermediates; never the root */
    char *key_pem;   /* PKCS#8 */
};

struct certs_authority;

/*
 * Generates the keys and certificates of one authority. `error` names what was wrong with the spec.
 * Destroy with certs_authority_destroy().
 */
bool certs_authority_create(struct certs_authority **out, const struct certs_authority_spec *spec,
                            struct base_error *error);

/*
 * An authority from PEM files: certificate (the issuing one first, its issuers after it) and key.
 */
bool certs_authority_load(struct certs_authority **out, const struct certs_authority_spec *spec,
                          const char *certificate_path, const char *key_path,
                          struct base_error *error);
void certs_authority_destroy(struct certs_authority *authority);

/*
 * Issues one leaf with a fresh key. A public authority refuses every certificate that would allow
 * client authentication (clientAuth, any, or no extension at all), with a sentence that says why.
 */
bool certs_authority_issue(struct certs_authority *authority, const struct certs_leaf_spec *spec,
                           struct certs_identity *out, struct base_error *error);
void certs_identity_finish(struct certs_identity *identity);

/* PEM on the heap, NUL-terminated, the caller frees it: the root, then the intermediates. */
char *certs_authority_root_pem(const struct certs_authority *authority);
char *certs_authority_intermediates_pem(const struct certs_authority *authority);

/* One PEM CRL per certificate of the authority (root and intermediates), revocations as issued so far. */
char *certs_authority_crl_pem(struct certs_authority *authority, struct base_error *error);

#endif
