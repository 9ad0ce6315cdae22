/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CERTS_DER_H
#define CERTS_DER_H

#include "base_bytes.h"
#include "base_error.h"

#include <stdint.h>

/*
 * Writes DER (X.690) front to back. The text grows as needed; when memory runs out, `failed` is set
 * and stays set, further calls do nothing, so that callers ask once, at the end. What it held is
 * wiped when it grows and when it is finished.
 */
struct certs_der {
    uint8_t *data;
    size_t length;
    size_t capacity;
    bool failed;
};

enum certs_der_tag {
    CERTS_DER_BOOLEAN = 0x01,
    CERTS_DER_INTEGER = 0x02,
    CERTS_DER_BIT_STRING = 0x03,
    CERTS_DER_OCTET_STRING = 0x04,
    CERTS_DER_OID = 0x06,
    CERTS_DER_UTF8_STRING = 0x0c,
    CERTS_DER_PRINTABLE_STRING = 0x13,
    CERTS_DER_UTC_TIME = 0x17,
    CERTS_DER_GENERALIZED_TIME = 0x18,
    CERTS_DER_SEQUENCE = 0x30,
    CERTS_DER_SET = 0x31,
    CERTS_DER_CONTEXT = 0x80,             /* plus its number; primitive */
    CERTS_DER_CONTEXT_CONSTRUCTED = 0xa0, /* likewise */
};

/* All zero is an empty writer; finish frees and makes it empty again. */
void certs_der_finish(struct certs_der *der);
struct bytes certs_der_bytes(const struct certs_der *der);

/* False, and the error says so, when memory ran out. */
bool certs_der_is_whole(const struct certs_der *der, struct base_error *error);

void certs_der_raw(struct certs_der *der, struct bytes encoded);
void certs_der_value(struct certs_der *der, unsigned tag, struct bytes content);

/* What is written between the two becomes the content of `tag`; close takes what open returned. */
size_t certs_der_open(struct certs_der *der, unsigned tag);
void certs_der_close(struct certs_der *der, size_t start);

void certs_der_true(struct certs_der *der);

/* The INTEGER of a big-endian value of any length: minimal, never negative. */
void certs_der_unsigned(struct certs_der *der, struct bytes value);
void certs_der_number(struct certs_der *der, uint64_t value);

/* A BIT STRING of whole octets. */
void certs_der_bit_string(struct certs_der *der, struct bytes content);

/* A BIT STRING with named bits 0 to 7, bit n of `bits` being named bit n (X.690 section 11.2.2). */
void certs_der_named_bits(struct certs_der *der, unsigned bits);

/* UTCTime from 1950 to 2049, else GeneralizedTime (RFC 5280 section 4.1.2.5). */
void certs_der_time(struct certs_der *der, int64_t seconds);

/* Years 0 to 9999: what an ASN.1 time can say. */
bool certs_der_time_exists(int64_t seconds);

/*
 * The OBJECT IDENTIFIER of a dotted text. Arcs may have up to 128 bits, as those under 2.25 do
 * (X.667). False, and nothing written, when the text is not one.
 */
bool certs_der_oid(struct certs_der *der, const char *dotted);

#endif
