/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CERTS_SIGNED_H
#define CERTS_SIGNED_H

#include "certs_key.h"

/* Who signs: the key and what the signed thing says about it. */
struct certs_signer {
    struct certs_key *key;
    WC_RNG *rng;
    struct bytes name;   /* Name, header included */
    struct bytes key_id; /* subject key identifier; empty: no authority key identifier is written */
};

/* Everything a certificate says, beyond what its signer adds. Spans are borrowed. */
struct certs_content {
    struct bytes serial;     /* big-endian value */
    struct bytes subject;    /* Name, header included */
    struct bytes public_key; /* SubjectPublicKeyInfo, header included */
    struct bytes key_id;
    int64_t not_before; /* seconds since 1970 */
    int64_t not_after;
    bool is_ca;
    int path_length;     /* -1: no constraint */
    unsigned key_usage;  /* enum x509_key_usage */
    struct bytes usages; /* OBJECT IDENTIFIERs; empty: no extension */
    bool usages_critical;
    struct bytes alt_names; /* GeneralNames; empty: no extension */
};

/* Everything a revocation list says. */
struct certs_revocations {
    struct bytes entries; /* as certs_signed_revocation() wrote them */
    uint64_t number;
    int64_t this_update;
    int64_t next_update;
};

/* Appends a Certificate (RFC 5280 section 4.1). False: signing or memory failed. */
bool certs_signed_certificate(const struct certs_signer *signer,
                              const struct certs_content *content, struct certs_der *out);

/* Appends a CertificateList of version 2 (RFC 5280 section 5.1). */
bool certs_signed_crl(const struct certs_signer *signer,
                      const struct certs_revocations *revocations, struct certs_der *out);

/* Appends one entry of revokedCertificates. */
void certs_signed_revocation(struct certs_der *entries, struct bytes serial, int64_t when);

#endif
