/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_certificate.h"
#include "x509_der.h"
#include "x509_string.h"

static bool is_common_name(struct bytes oid) {
    return oid.length == 3 && oid.data[0] == 0x55 && oid.data[1] == 0x04 && oid.data[2] == 0x03;
}

/* Looks through one RelativeDistinguishedName. False when it is malformed or holds no CN. */
static bool find_in_rdn(struct bytes rdn, struct x509_der_value *found) {
    while (rdn.length > 0) {
        struct bytes attribute;
        struct bytes type;
        if (!x509_der_take(&rdn, X509_DER_SEQUENCE, &attribute) ||
            !x509_der_take(&attribute, X509_DER_OID, &type) || !x509_der_next(&attribute, found)) {
            return false;
        }
        if (is_common_name(type)) {
            return true;
        }
    }
    return false;
}

bool x509_certificate_common_name(const struct x509_certificate *certificate, char *out,
                                  size_t out_size) {
    struct bytes name = certificate->subject;
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
        if (!find_in_rdn(rdn, &value)) {
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
