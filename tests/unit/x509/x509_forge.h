/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_FORGE_H
#define X509_FORGE_H

#include "x509_certificate.h"

/* Writes certificates octet by octet, wrong ones too. Nobody signs them: the room checks no
 * signature. */
struct forge {
    uint8_t data[8192];
    size_t length;
};

/* A string literal as octets, NULs inside included. */
#define OCTETS(literal) base_bytes((literal), sizeof(literal) - 1)

void forge_raw(struct forge *forge, struct bytes octets);
void forge_value(struct forge *forge, uint8_t tag, struct bytes content);

/* What is written between the two becomes the content of one value. */
size_t forge_open(struct forge *forge, uint8_t tag);
void forge_close(struct forge *forge, size_t mark);

/* Name with one CN, a UTF8String. */
void forge_name(struct forge *forge, struct bytes common_name);

/* Extension 2.5.29.`id` that is not critical. */
void forge_extension(struct forge *forge, uint8_t id, struct bytes value);

struct forge_plan {
    struct bytes subject; /* CN */
    struct bytes issuer;  /* CN */
    struct bytes subject_key_id;
    struct bytes authority_key_id;
    struct bytes alt_names;        /* content of GeneralNames */
    struct bytes eku_list;         /* content of ExtKeyUsageSyntax, written when has_eku */
    struct bytes extensions;       /* further ones, as they are */
    struct bytes raw_version;      /* what stands before the serial; empty: [0] 2 */
    struct bytes raw_serial;       /* whole INTEGER; empty: 1 */
    struct bytes raw_validity;     /* content of Validity; empty: 2026 to 2027 */
    struct bytes raw_public_key;   /* whole SubjectPublicKeyInfo; empty: something well-formed */
    struct bytes inner_algorithm;  /* whole AlgorithmIdentifier; empty: the outer one */
    struct bytes after_extensions; /* at the end of the TBSCertificate */
    bool has_eku;
    bool is_ca;
    bool without_extensions;
};

struct bytes forge_certificate(struct forge *forge, const struct forge_plan *plan);

/* Forges and parses; the test fails when that does not work. `forge` must outlive the certificate.
 */
struct x509_certificate forge_parsed(struct forge *forge, const struct forge_plan *plan);

#endif
