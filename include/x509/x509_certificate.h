/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_CERTIFICATE_H
#define X509_CERTIFICATE_H

#include "base_bytes.h"

#include <stdbool.h>
#include <stdint.h>

/* Extended key usages (RFC 5280 section 4.2.1.12, RFC 5924 section 3) as bits. */
enum x509_usage {
    X509_USAGE_SERVER_AUTH = 1 << 0,
    X509_USAGE_CLIENT_AUTH = 1 << 1,
    X509_USAGE_ANY = 1 << 2,
    X509_USAGE_SIP_DOMAIN = 1 << 3,
    X509_USAGE_CODE_SIGNING = 1 << 4,
    X509_USAGE_EMAIL_PROTECTION = 1 << 5,
    X509_USAGE_TIME_STAMPING = 1 << 6,
    X509_USAGE_OCSP_SIGNING = 1 << 7,
    X509_USAGE_SGC = 1 << 8, /* msSGC or nsSGC, which OpenSSL counts as serverAuth */
    X509_USAGE_OTHER = 1 << 9,
};

/* Key usage bits (RFC 5280 section 4.2.1.3). */
enum x509_key_usage {
    X509_KEY_USAGE_DIGITAL_SIGNATURE = 1 << 0,
    X509_KEY_USAGE_KEY_ENCIPHERMENT = 1 << 2,
    X509_KEY_USAGE_KEY_AGREEMENT = 1 << 4,
    X509_KEY_USAGE_CERT_SIGN = 1 << 5,
    X509_KEY_USAGE_CRL_SIGN = 1 << 6,
};

struct x509_eku {
    bool present; /* false: the extension is absent, every use is allowed */
    bool critical;
    unsigned usages; /* enum x509_usage bits; 0 with `present`: grants nothing */
};

/* What was read of one certificate. Every span borrows from `der`; absent fields are empty. */
struct x509_certificate {
    struct bytes der;
    struct bytes tbs;        /* the signed TBSCertificate, header included */
    struct bytes serial;     /* content octets of the INTEGER, as in the DER */
    struct bytes issuer;     /* Name, header included, compared octet by octet */
    struct bytes subject;    /* likewise */
    struct bytes public_key; /* SubjectPublicKeyInfo, header included */
    struct bytes subject_key_id;
    struct bytes authority_key_id;
    struct bytes alt_names; /* content of GeneralNames */
    struct bytes eku_list;  /* content of ExtKeyUsageSyntax: OBJECT IDENTIFIERs */
    int64_t not_before;     /* seconds since 1970 UTC */
    int64_t not_after;
    struct x509_eku eku;
    bool is_ca; /* basicConstraints CA:TRUE, or a version 1 self-issued certificate */
    bool has_basic_constraints;
    bool has_key_usage;
    unsigned key_usage; /* enum x509_key_usage bits; meaningful when has_key_usage */
    int path_length;    /* pathLenConstraint, -1: none */
};

/*
 * Reads one DER certificate (RFC 5280 section 4.1). False when it is malformed: wrong tags, lengths
 * that leave the span, trailing octets, an extension twice, unreadable dates. Signatures are not
 * checked. No allocation; any thread; takes octets from anyone.
 */
bool x509_certificate_parse(struct bytes der, struct x509_certificate *out);

/*
 * The first CN of the subject as UTF-8. False, and an empty text, when there is none, when it does
 * not fit, or when it holds what is no text: a NUL or another control character, broken UTF-8.
 */
bool x509_certificate_common_name(const struct x509_certificate *certificate, char *out,
                                  size_t out_size);

/* The serial in lower-case hexadecimal, without the octet that only keeps it positive. */
void x509_serial_to_text(const struct x509_certificate *certificate, char *out, size_t out_size);

/* One of its dates, of whatever year: "2026-01-02T03:04:05Z". */
#define X509_DATE_SIZE 32
void x509_date_to_text(int64_t seconds, char out[X509_DATE_SIZE]);

/*
 * "serverAuth, clientAuth" ..., in the certificate's order; dotted decimal for OIDs without a name;
 * "none" when absent, "" for a list that grants nothing.
 */
void x509_eku_to_text(const struct x509_certificate *certificate, char *out, size_t out_size);

#endif
