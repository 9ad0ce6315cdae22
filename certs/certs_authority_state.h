/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CERTS_AUTHORITY_STATE_H
#define CERTS_AUTHORITY_STATE_H

#include "certs_authority.h"
#include "certs_signed.h"

enum {
    CERTS_INTERMEDIATES_MAX = 8, /* with root and leaf as long as a path that x509_path takes */
    CERTS_CHAIN_MAX = CERTS_INTERMEDIATES_MAX + 1,
};

/* One certificate of an authority. A loaded authority has the key of the issuing one only. */
struct certs_issuer {
    struct certs_key key;
    struct certs_der certificate;
    struct certs_der subject; /* Name, header included */
    struct certs_der key_id;  /* empty: the certificate has none */
    struct certs_der revoked; /* entries of its revocation list */
    bool may_sign_crls;
};

struct certs_authority {
    char *name;
    bool is_public;
    int64_t client_auth_until;
    WC_RNG rng;
    bool rng_ready;
    uint64_t crl_number; /* of the last one written */
    unsigned count;
    struct certs_issuer issuers[CERTS_CHAIN_MAX]; /* the root first, the one that issues last */
};

/* An authority without certificates yet. */
bool certs_authority_begin(struct certs_authority **out, const struct certs_authority_spec *spec,
                           struct base_error *error);

struct certs_signer certs_authority_signer(struct certs_authority *authority,
                                           struct certs_issuer *issuer);

/*
 * Appends the certificate of `key` with the given content, in which public key and key identifier
 * are still missing; tells the key identifier.
 */
bool certs_authority_certify(struct certs_authority *authority, struct certs_issuer *issuer,
                             struct certs_key *key, const struct certs_content *content,
                             struct certs_der *certificate, uint8_t key_id[CERTS_KEY_ID_SIZE],
                             struct base_error *error);

/* Seconds since 1970. */
int64_t certs_authority_now(void);

enum {
    CERTS_SERIAL_SIZE = 16,
    CERTS_DAY_SECONDS = 86400,
};

/* The first octet is neither zero nor negative, so that the length never varies. */
bool certs_authority_random_serial(struct certs_authority *authority,
                                   uint8_t out[CERTS_SERIAL_SIZE], struct base_error *error);

#endif
