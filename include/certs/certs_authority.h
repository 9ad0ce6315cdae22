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

/*
 * Usages by name: serverAuth clientAuth any sipDomain codeSigning emailProtection timeStamping
 * OCSPSigning, or dotted OIDs, in the order in which they are to appear. None while present is an
 * error: the extension cannot be empty.
 */
struct certs_usages {
    const char *const *names;
    unsigned count;
    bool present; /* false: no extension at all */
    bool critical;
};

struct certs_authority_spec {
    const char *name; /* in the subjects "ca1 root", "ca1 intermediate 1", and in errors */
    bool is_public;   /* refuses to issue clientAuth */
    /* A public one issues clientAuth to leaves whose not_before is earlier; 0: never. */
    int64_t client_auth_until;
    /* "rsa-2048" "rsa-3072" "rsa-4096" "ecdsa-p256" "ecdsa-p384" "ed25519"; NULL: the first. */
    const char *key;
    unsigned intermediates; /* 0: the root issues leaves itself; at most 8 */
    struct certs_usages root_usages;
    struct certs_usages intermediate_usages;
};

struct certs_leaf_spec {
    const char *key; /* as in certs_authority_spec */
    struct certs_usages usages;
    /*
     * "CN=edge.example.test,O=Example": CN O OU C ST L, in the order written, a comma in a value as
     * "\,". NULL: CN = first name, or nothing when that has more than 64 characters.
     */
    const char *subject;
    const char *const *names; /* DNS names, "sip:" and "sips:" URIs, IP addresses */
    unsigned name_count;
    /* Big-endian, written as the minimal positive INTEGER; empty: random, 16 octets. */
    struct bytes serial;
    int64_t not_before; /* seconds since 1970 */
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
 * An authority from PEM files: certificates (the issuing one first, its issuers after it, up to the
 * self-signed root) and the issuing one's key. Of `spec` only the name, is_public and
 * client_auth_until count.
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

/*
 * PEM on the heap, NUL-terminated, the caller frees it: the root; the intermediates, from the root
 * downwards, empty when there are none. NULL when memory runs out.
 */
char *certs_authority_root_pem(const struct certs_authority *authority);
char *certs_authority_intermediates_pem(const struct certs_authority *authority);

/*
 * One PEM CRL per certificate of the authority (root and intermediates), revocations as issued so
 * far; the caller frees it. A loaded authority has the issuing certificate's CRL only, since it has
 * no other key. NULL with `error` set when it cannot be signed.
 */
char *certs_authority_crl_pem(struct certs_authority *authority, struct base_error *error);

#endif
