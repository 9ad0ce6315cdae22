/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_crl.h"

#include "x509_der.h"
#include "x509_extension.h"
#include "x509_time.h"

enum { DELTA_CRL = 27, ISSUING_DISTRIBUTION_POINT = 28 };
#define INDIRECT_CRL (X509_DER_CONTEXT | 4)

/*
 * An indirect CRL lists certificates of other issuers too, so its serials must not be taken for
 * this issuer's (RFC 5280 section 5.2.5).
 */
static bool is_direct(struct bytes distribution_point) {
    struct bytes fields;
    if (!x509_der_take(&distribution_point, X509_DER_SEQUENCE, &fields) ||
        distribution_point.length > 0) {
        return false;
    }
    while (fields.length > 0) {
        struct x509_der_value field;
        if (!x509_der_next(&fields, &field) || field.tag == INDIRECT_CRL) {
            return false;
        }
    }
    return true;
}

/* A critical extension that is not understood forbids using the list (RFC 5280 section 5.2). */
static bool check_list_extensions(struct bytes list) {
    while (list.length > 0) {
        struct x509_extension extension;
        if (!x509_extension_take(&list, &extension)) {
            return false;
        }
        int id_ce = x509_extension_id_ce(extension.id);
        if (id_ce == DELTA_CRL ||
            (id_ce == ISSUING_DISTRIBUTION_POINT && !is_direct(extension.value)) ||
            (extension.critical && id_ce != ISSUING_DISTRIBUTION_POINT)) {
            return false;
        }
    }
    return true;
}

static bool take_entry(struct bytes *rest, struct bytes *serial) {
    struct bytes entry;
    struct bytes extensions = {0};
    int64_t revoked_at;
    if (!x509_der_take(rest, X509_DER_SEQUENCE, &entry) || !x509_der_take_integer(&entry, serial) ||
        !x509_time_take(&entry, &revoked_at) ||
        (entry.length > 0 && !x509_der_take(&entry, X509_DER_SEQUENCE, &extensions)) ||
        entry.length > 0) {
        return false;
    }
    while (extensions.length > 0) {
        struct x509_extension extension;
        if (!x509_extension_take(&extensions, &extension) || extension.critical) {
            return false;
        }
    }
    return true;
}

static bool check_entries(struct bytes list) {
    struct bytes serial;
    while (list.length > 0) {
        if (!take_entry(&list, &serial)) {
            return false;
        }
    }
    return true;
}

static bool next_is_time(struct bytes rest) {
    return x509_der_is_next(rest, X509_DER_UTC_TIME) ||
           x509_der_is_next(rest, X509_DER_GENERALIZED_TIME);
}

/* version, when present, is 2; extensions belong to it. */
static bool read_version(struct bytes *tbs, bool *is_version_2) {
    struct bytes version;
    *is_version_2 = x509_der_is_next(*tbs, X509_DER_INTEGER);
    return !*is_version_2 ||
           (x509_der_take_integer(tbs, &version) && version.length == 1 && version.data[0] == 1);
}

static bool read_extensions(struct bytes *tbs, bool is_version_2) {
    struct bytes explicit_value;
    struct bytes list;
    if (!x509_der_is_next(*tbs, X509_DER_CONTEXT_CONSTRUCTED | 0)) {
        return true;
    }
    return is_version_2 && x509_der_take(tbs, X509_DER_CONTEXT_CONSTRUCTED | 0, &explicit_value) &&
           x509_der_take(&explicit_value, X509_DER_SEQUENCE, &list) && explicit_value.length == 0 &&
           check_list_extensions(list);
}

static bool read_tbs(struct bytes tbs, struct x509_crl *out) {
    bool is_version_2;
    struct bytes inner_algorithm;
    if (!read_version(&tbs, &is_version_2) ||
        !x509_der_take_whole(&tbs, X509_DER_SEQUENCE, &inner_algorithm) ||
        !base_bytes_equal(inner_algorithm, out->signature_algorithm) ||
        !x509_der_take_whole(&tbs, X509_DER_SEQUENCE, &out->issuer) ||
        !x509_time_take(&tbs, &out->this_update)) {
        return false;
    }
    if (next_is_time(tbs) && !x509_time_take(&tbs, &out->next_update)) {
        return false;
    }
    if (x509_der_is_next(tbs, X509_DER_SEQUENCE) &&
        (!x509_der_take(&tbs, X509_DER_SEQUENCE, &out->revoked) || !check_entries(out->revoked))) {
        return false;
    }
    return read_extensions(&tbs, is_version_2) && tbs.length == 0;
}

bool x509_crl_parse(struct bytes der, struct x509_crl *out) {
    struct bytes rest = der;
    struct bytes list;
    struct x509_der_value tbs;
    *out = (struct x509_crl){.der = der};
    if (!x509_der_take(&rest, X509_DER_SEQUENCE, &list) || rest.length > 0 ||
        !x509_der_is_next(list, X509_DER_SEQUENCE) || !x509_der_next(&list, &tbs) ||
        !x509_der_take_whole(&list, X509_DER_SEQUENCE, &out->signature_algorithm) ||
        !x509_der_take_bits(&list, &out->signature) || list.length > 0) {
        return false;
    }
    out->tbs = tbs.whole;
    return read_tbs(tbs.content, out);
}

bool x509_crl_next(struct bytes *rest, struct bytes *serial) {
    return rest->length > 0 && take_entry(rest, serial);
}
