/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_distinguished.h"

#include "x509_der.h"
#include "x509_oid.h"
#include "x509_string.h"

#include <stdio.h>
#include <string.h>

/* A real name has a dozen at most. */
#define ATTRIBUTES_MAX 32
#define COUNT(array)   (sizeof(array) / sizeof((array)[0]))

/* 2.5.4.n, 0.9.2342.19200300.100.1.n and 1.3.6.1.4.1.311.60.2.1.n */
#define ID_AT           "\x55\x04"
#define ID_UCL          "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01"
#define ID_JURISDICTION "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01"

static const struct x509_oid_row types[] = {
    {X509_OID(ID_AT "\x03"), "CN"},
    {X509_OID(ID_AT "\x04"), "SN"},
    {X509_OID(ID_AT "\x05"), "serialNumber"},
    {X509_OID(ID_AT "\x06"), "C"},
    {X509_OID(ID_AT "\x07"), "L"},
    {X509_OID(ID_AT "\x08"), "ST"},
    {X509_OID(ID_AT "\x09"), "street"},
    {X509_OID(ID_AT "\x0a"), "O"},
    {X509_OID(ID_AT "\x0b"), "OU"},
    {X509_OID(ID_AT "\x0c"), "title"},
    {X509_OID(ID_AT "\x0f"), "businessCategory"},
    {X509_OID(ID_AT "\x11"), "postalCode"},
    {X509_OID(ID_AT "\x2a"), "GN"},
    {X509_OID(ID_AT "\x2e"), "dnQualifier"},
    {X509_OID(ID_AT "\x61"), "organizationIdentifier"},
    {X509_OID("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"), "emailAddress"},
    {X509_OID(ID_UCL "\x01"), "UID"},
    {X509_OID(ID_UCL "\x19"), "DC"},
    {X509_OID(ID_JURISDICTION "\x01"), "jurisdictionL"},
    {X509_OID(ID_JURISDICTION "\x02"), "jurisdictionST"},
    {X509_OID(ID_JURISDICTION "\x03"), "jurisdictionC"},
};

struct attribute {
    struct bytes type;
    struct x509_der_value value;
    bool joins_previous; /* of the same RDN */
};

static bool take_attribute(struct bytes *rdn, struct attribute *attribute) {
    struct bytes content;
    return x509_der_take(rdn, X509_DER_SEQUENCE, &content) &&
           x509_der_take(&content, X509_DER_OID, &attribute->type) &&
           x509_der_next(&content, &attribute->value);
}

/* False when some could not be read, or are too many. */
static bool collect(struct bytes name, struct attribute *attributes, size_t *count) {
    struct bytes rdns;
    *count = 0;
    if (!x509_der_take(&name, X509_DER_SEQUENCE, &rdns)) {
        return false;
    }
    while (rdns.length > 0) {
        struct bytes rdn;
        if (!x509_der_take(&rdns, X509_DER_SET, &rdn)) {
            return false;
        }
        for (size_t start = *count; rdn.length > 0; ++*count) {
            if (*count == ATTRIBUTES_MAX || !take_attribute(&rdn, &attributes[*count])) {
                return false;
            }
            attributes[*count].joins_previous = *count > start;
        }
    }
    return true;
}

/* Control characters, and those that make a terminal show text in another order, or not at all. */
static bool steers_terminal(uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200b && code < 0x2010) ||
           (code >= 0x2028 && code < 0x202f) || (code >= 0x2060 && code < 0x2070) || code == 0xfeff;
}

static bool ends_value(uint32_t code, bool first, bool last) {
    return (code < 0x80 && code != 0 && strchr(",+\"\\<>;", (int)code) != NULL) ||
           (code == ' ' && (first || last)) || (code == '#' && first);
}

static bool put_code(struct x509_text *text, uint32_t code, bool first, bool last) {
    uint8_t octets[4];
    char piece[16] = "";
    unsigned count = x509_string_encode_utf8(code, octets);
    for (unsigned i = 0; i < count; i++) {
        size_t length = strlen(piece);
        snprintf(piece + length, sizeof piece - length, steers_terminal(code) ? "\\%02X" : "%c",
                 octets[i]);
    }
    return x509_text_put(text, ends_value(code, first, last) ? "\\" : "") &&
           x509_text_put(text, piece);
}

static bool is_text(struct x509_der_value value) {
    while (value.content.length > 0) {
        uint32_t code;
        if (!x509_string_next(value.tag, &value.content, &code) ||
            (code >= 0xd800 && code < 0xe000)) {
            return false;
        }
    }
    return true;
}

static bool put_text_value(struct x509_text *text, struct x509_der_value value) {
    struct bytes rest = value.content;
    while (rest.length > 0) {
        uint32_t code;
        bool first = rest.data == value.content.data;
        if (!x509_string_next(value.tag, &rest, &code) ||
            !put_code(text, code, first, rest.length == 0)) {
            return false;
        }
    }
    return true;
}

static bool put_der(struct x509_text *text, struct bytes der) {
    bool fits = x509_text_put(text, "#");
    for (size_t i = 0; fits && i < der.length; i++) {
        char piece[4];
        snprintf(piece, sizeof piece, "%02X", der.data[i]);
        fits = x509_text_put(text, piece);
    }
    return fits;
}

static bool put_attribute(struct x509_text *text, const struct attribute *attribute) {
    const char *name = x509_oid_name(types, COUNT(types), attribute->type);
    if (!(name != NULL ? x509_text_put(text, name) : x509_oid_put_dotted(text, attribute->type)) ||
        !x509_text_put(text, "=")) {
        return false;
    }
    return name != NULL && is_text(attribute->value) ? put_text_value(text, attribute->value)
                                                     : put_der(text, attribute->value.whole);
}

void x509_distinguished_to_text(struct bytes name, char *out, size_t out_size) {
    static const char left_out[] = "...";
    struct attribute attributes[ATTRIBUTES_MAX];
    size_t count;
    bool whole = collect(name, attributes, &count);
    if (out_size < sizeof left_out) {
        (void)x509_text_start(out, out_size);
        return;
    }
    /* Room for the dots is kept to the end. */
    struct x509_text text = x509_text_start(out, out_size - (sizeof left_out - 1));
    bool fits = whole || x509_text_put(&text, left_out);
    for (size_t i = count; fits && i > 0; i--) {
        size_t mark = text.length;
        bool joins = i < count && attributes[i].joins_previous;
        fits = x509_text_put(&text, mark == 0 ? ""
                                    : joins   ? "+"
                                              : ",") &&
               put_attribute(&text, &attributes[i - 1]);
        if (!fits) {
            x509_text_cut(&text, mark);
        }
    }
    if (!fits) {
        memcpy(out + text.length, left_out, sizeof left_out);
    }
}

/* Looks through one RelativeDistinguishedName. False when it is malformed or holds none. */
static bool find_in_rdn(struct bytes rdn, const char *type, struct x509_der_value *found) {
    while (rdn.length > 0) {
        struct attribute attribute;
        if (!take_attribute(&rdn, &attribute)) {
            return false;
        }
        const char *name = x509_oid_name(types, COUNT(types), attribute.type);
        if (name != NULL && strcmp(name, type) == 0) {
            *found = attribute.value;
            return true;
        }
    }
    return false;
}

bool x509_distinguished_find(struct bytes name, const char *type, char *out, size_t out_size) {
    struct bytes rdns;
    struct bytes rdn;
    if (out_size == 0) {
        return false;
    }
    out[0] = '\0';
    if (!x509_der_take(&name, X509_DER_SEQUENCE, &rdns)) {
        return false;
    }
    while (x509_der_take(&rdns, X509_DER_SET, &rdn)) {
        struct x509_der_value value;
        if (!find_in_rdn(rdn, type, &value)) {
            continue;
        }
        if (x509_string_to_utf8(value.tag, value.content, out, out_size)) {
            return true;
        }
        out[0] = '\0';
        return false;
    }
    return false;
}
