/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_DER_H
#define X509_DER_H

#include "base_bytes.h"

/*
 * A bounded reader of DER (X.690 section 10): every function takes one value off the front of
 * `rest` and leaves `rest` alone when it answers false. Definite, minimal lengths of at most four
 * octets and tags of one octet only; nothing else stands in a certificate.
 */
#define X509_DER_TAG_NUMBER 0x1f /* all ones: the tag goes on in further octets */

enum {
    X509_DER_BOOLEAN = 0x01,
    X509_DER_INTEGER = 0x02,
    X509_DER_BIT_STRING = 0x03,
    X509_DER_OCTET_STRING = 0x04,
    X509_DER_OID = 0x06,
    X509_DER_UTF8_STRING = 0x0c,
    X509_DER_PRINTABLE_STRING = 0x13,
    X509_DER_TELETEX_STRING = 0x14,
    X509_DER_IA5_STRING = 0x16,
    X509_DER_UTC_TIME = 0x17,
    X509_DER_GENERALIZED_TIME = 0x18,
    X509_DER_BMP_STRING = 0x1e,
    X509_DER_SEQUENCE = 0x30,
    X509_DER_SET = 0x31,
    X509_DER_CONTEXT = 0x80, /* [0], implicit */
    X509_DER_CONTEXT_CONSTRUCTED = 0xa0,
};

struct x509_der_value {
    struct bytes content;
    struct bytes whole; /* header included */
    uint8_t tag;
};

/* The length of `span` when it takes more than one octet, and how long the header is then. */
bool x509_der_long_length(struct bytes span, size_t *header, size_t *length);

/* Any value. Inline: as a call of its own it doubles the time that a certificate takes. */
static inline bool x509_der_next(struct bytes *rest, struct x509_der_value *value) {
    struct bytes span = *rest;
    if (span.length < 2 || (span.data[0] & X509_DER_TAG_NUMBER) == X509_DER_TAG_NUMBER) {
        return false;
    }
    size_t header = 2;
    size_t length = span.data[1];
    if (length >= 0x80 && !x509_der_long_length(span, &header, &length)) {
        return false;
    }
    if (length > span.length - header) {
        return false;
    }
    value->tag = span.data[0];
    value->content = base_bytes(span.data + header, length);
    value->whole = base_bytes(span.data, header + length);
    *rest = base_bytes(span.data + header + length, span.length - header - length);
    return true;
}

/* Only a value with this tag; its content, or the whole of it. */
bool x509_der_take(struct bytes *rest, uint8_t tag, struct bytes *content);
bool x509_der_take_whole(struct bytes *rest, uint8_t tag, struct bytes *whole);

/* DER knows two booleans, 0x00 and 0xff. */
bool x509_der_take_boolean(struct bytes *rest, bool *value);

/* The content octets: at least one, no padding. */
bool x509_der_take_integer(struct bytes *rest, struct bytes *content);

/* The octets after the count of unused bits, which are zero. */
bool x509_der_take_bits(struct bytes *rest, struct bytes *bits);

bool x509_der_oid_is_valid(struct bytes content);

static inline bool x509_der_is_next(struct bytes rest, uint8_t tag) {
    return rest.length > 0 && rest.data[0] == tag;
}

#endif
