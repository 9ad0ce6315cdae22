/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_certificate.h"

#include "x509_der.h"
#include "x509_extension.h"
#include "x509_time.h"

enum version { VERSION_1, VERSION_2, VERSION_3 };

static bool read_version(struct bytes *tbs, enum version *version) {
    struct bytes explicit_value;
    struct bytes number;
    *version = VERSION_1;
    if (!x509_der_is_next(*tbs, X509_DER_CONTEXT_CONSTRUCTED | 0)) {
        return true;
    }
    if (!x509_der_take(tbs, X509_DER_CONTEXT_CONSTRUCTED | 0, &explicit_value) ||
        !x509_der_take_integer(&explicit_value, &number) || explicit_value.length > 0 ||
        number.length != 1 || number.data[0] > VERSION_3) {
        return false;
    }
    *version = (enum version)number.data[0];
    return true;
}

static bool read_validity(struct bytes *tbs, struct x509_certificate *out) {
    struct bytes validity;
    return x509_der_take(tbs, X509_DER_SEQUENCE, &validity) &&
           x509_time_take(&validity, &out->not_before) &&
           x509_time_take(&validity, &out->not_after) && validity.length == 0;
}

/* SubjectPublicKeyInfo: algorithm, key; what is inside them is the TLS library's matter. */
static bool read_public_key(struct bytes *tbs, struct x509_certificate *out) {
    struct x509_der_value info;
    struct bytes algorithm;
    struct bytes key;
    if (!x509_der_is_next(*tbs, X509_DER_SEQUENCE) || !x509_der_next(tbs, &info)) {
        return false;
    }
    out->public_key = info.whole;
    return x509_der_take(&info.content, X509_DER_SEQUENCE, &algorithm) &&
           x509_der_take_bits(&info.content, &key) && info.content.length == 0;
}

/* issuerUniqueID and subjectUniqueID, version 2: read over. */
static bool skip_unique_ids(struct bytes *tbs, enum version version) {
    for (uint8_t number = 1; number <= 2; number++) {
        struct bytes unique_id;
        uint8_t tag = (uint8_t)(X509_DER_CONTEXT | number);
        if (x509_der_is_next(*tbs, tag) &&
            (version == VERSION_1 || !x509_der_take(tbs, tag, &unique_id))) {
            return false;
        }
    }
    return true;
}

static bool read_extensions(struct bytes *tbs, enum version version, struct x509_certificate *out) {
    struct bytes explicit_value;
    struct bytes list;
    if (!x509_der_is_next(*tbs, X509_DER_CONTEXT_CONSTRUCTED | 3)) {
        out->is_ca = version == VERSION_1 && base_bytes_equal(out->issuer, out->subject);
        return true;
    }
    return version == VERSION_3 &&
           x509_der_take(tbs, X509_DER_CONTEXT_CONSTRUCTED | 3, &explicit_value) &&
           x509_der_take(&explicit_value, X509_DER_SEQUENCE, &list) && explicit_value.length == 0 &&
           x509_extension_read_all(list, out);
}

/* `algorithm` is the outer one: both must agree (RFC 5280 section 4.1.1.2). */
static bool read_tbs(struct bytes tbs, struct bytes algorithm, struct x509_certificate *out) {
    enum version version;
    struct bytes inner_algorithm;
    return read_version(&tbs, &version) && x509_der_take_integer(&tbs, &out->serial) &&
           x509_der_take_whole(&tbs, X509_DER_SEQUENCE, &inner_algorithm) &&
           base_bytes_equal(inner_algorithm, algorithm) &&
           x509_der_take_whole(&tbs, X509_DER_SEQUENCE, &out->issuer) && read_validity(&tbs, out) &&
           x509_der_take_whole(&tbs, X509_DER_SEQUENCE, &out->subject) &&
           read_public_key(&tbs, out) && skip_unique_ids(&tbs, version) &&
           read_extensions(&tbs, version, out) && tbs.length == 0;
}

bool x509_certificate_parse(struct bytes der, struct x509_certificate *out) {
    struct bytes rest = der;
    struct bytes certificate;
    struct x509_der_value tbs;
    struct bytes algorithm;
    struct bytes signature;
    *out = (struct x509_certificate){.der = der, .path_length = -1};
    if (!x509_der_take(&rest, X509_DER_SEQUENCE, &certificate) || rest.length > 0 ||
        !x509_der_is_next(certificate, X509_DER_SEQUENCE) || !x509_der_next(&certificate, &tbs) ||
        !x509_der_take_whole(&certificate, X509_DER_SEQUENCE, &algorithm) ||
        !x509_der_take_bits(&certificate, &signature) || certificate.length > 0) {
        return false;
    }
    out->tbs = tbs.whole;
    return read_tbs(tbs.content, algorithm, out);
}
