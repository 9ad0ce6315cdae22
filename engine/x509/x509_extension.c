/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_extension.h"

#include "x509_der.h"
#include "x509_eku.h"

#define OTHERS_MAX             32 /* extensions outside id-ce; real certificates carry a handful */
#define PATH_LENGTH_OCTETS_MAX 3

enum { SUBJECT_KEY_ID = 14, KEY_USAGE = 15, ALT_NAMES = 17, BASIC_CONSTRAINTS = 19 };
enum { AUTHORITY_KEY_ID = 35, EXTENDED_KEY_USAGE = 37 };

/* Which extensions were there already: a bit for 2.5.29.n, a list for the rest. */
struct seen {
    uint64_t id_ce[2];
    unsigned other_count;
    struct bytes others[OTHERS_MAX];
};

static bool remember(struct seen *seen, struct bytes id, int id_ce) {
    if (id_ce >= 0) {
        uint64_t bit = UINT64_C(1) << (id_ce % 64);
        uint64_t *word = &seen->id_ce[id_ce / 64];
        bool is_new = (*word & bit) == 0;
        *word |= bit;
        return is_new;
    }
    for (unsigned i = 0; i < seen->other_count; i++) {
        if (base_bytes_equal(seen->others[i], id)) {
            return false;
        }
    }
    if (seen->other_count == OTHERS_MAX) {
        return false;
    }
    seen->others[seen->other_count++] = id;
    return true;
}

/* SEQUENCE and nothing after it. */
static bool only_sequence(struct bytes value, struct bytes *content) {
    return x509_der_take(&value, X509_DER_SEQUENCE, content) && value.length == 0;
}

static bool read_subject_key_id(struct bytes value, struct x509_certificate *out) {
    return x509_der_take(&value, X509_DER_OCTET_STRING, &out->subject_key_id) && value.length == 0;
}

/* AuthorityKeyIdentifier: [0] keyIdentifier, [1] authorityCertIssuer, [2] serial, all optional. */
static bool read_authority_key_id(struct bytes value, struct x509_certificate *out) {
    static const uint8_t tags[] = {X509_DER_CONTEXT | 0, X509_DER_CONTEXT_CONSTRUCTED | 1,
                                   X509_DER_CONTEXT | 2};
    struct bytes fields[3] = {{0}};
    struct bytes content;
    if (!only_sequence(value, &content)) {
        return false;
    }
    for (unsigned i = 0; i < 3; i++) {
        if (x509_der_is_next(content, tags[i]) && !x509_der_take(&content, tags[i], &fields[i])) {
            return false;
        }
    }
    out->authority_key_id = fields[0];
    return content.length == 0;
}

static bool read_key_usage(struct bytes value, struct x509_certificate *out) {
    struct bytes bits;
    if (!x509_der_take_bits(&value, &bits) || value.length > 0) {
        return false;
    }
    /* Bit 0 of a BIT STRING is the highest of its first octet. */
    for (unsigned i = 0; i < 16 && i / 8 < bits.length; i++) {
        if ((bits.data[i / 8] & (0x80U >> (i % 8))) != 0) {
            out->key_usage |= 1U << i;
        }
    }
    out->has_key_usage = true;
    return true;
}

/*
 * At least one name (RFC 5280 section 4.2.1.6): an empty span means that the extension is absent.
 * Walked here once, so that a name which matches is never followed by octets that are not a name.
 */
static bool read_alt_names(struct bytes value, struct x509_certificate *out) {
    struct x509_der_value name;
    if (!only_sequence(value, &out->alt_names) || out->alt_names.length == 0) {
        return false;
    }
    struct bytes rest = out->alt_names;
    while (rest.length > 0) {
        if (!x509_der_next(&rest, &name)) {
            return false;
        }
    }
    return true;
}

static bool read_basic_constraints(struct bytes value, struct x509_certificate *out) {
    struct bytes content;
    struct bytes path_length;
    out->has_basic_constraints = true;
    if (!only_sequence(value, &content)) {
        return false;
    }
    /* An explicit FALSE is not DER, but issuers write it. */
    if (x509_der_is_next(content, X509_DER_BOOLEAN) &&
        !x509_der_take_boolean(&content, &out->is_ca)) {
        return false;
    }
    if (content.length == 0) {
        return true;
    }
    if (!x509_der_take_integer(&content, &path_length) || content.length > 0 ||
        path_length.length > PATH_LENGTH_OCTETS_MAX || (path_length.data[0] & 0x80) != 0) {
        return false;
    }
    out->path_length = 0;
    for (size_t i = 0; i < path_length.length; i++) {
        out->path_length = out->path_length * 256 + path_length.data[i];
    }
    return true;
}

static bool read_eku(const struct x509_extension *extension, struct x509_certificate *out) {
    out->eku.present = true;
    out->eku.critical = extension->critical;
    return only_sequence(extension->value, &out->eku_list) &&
           x509_eku_usages(out->eku_list, &out->eku.usages);
}

static bool read_known(const struct x509_extension *extension, int id_ce,
                       struct x509_certificate *out) {
    switch (id_ce) {
    case SUBJECT_KEY_ID:
        return read_subject_key_id(extension->value, out);
    case KEY_USAGE:
        return read_key_usage(extension->value, out);
    case ALT_NAMES:
        return read_alt_names(extension->value, out);
    case BASIC_CONSTRAINTS:
        return read_basic_constraints(extension->value, out);
    case AUTHORITY_KEY_ID:
        return read_authority_key_id(extension->value, out);
    case EXTENDED_KEY_USAGE:
        return read_eku(extension, out);
    default:
        return true;
    }
}

bool x509_extension_take(struct bytes *rest, struct x509_extension *extension) {
    struct bytes content;
    extension->critical = false;
    if (!x509_der_take(rest, X509_DER_SEQUENCE, &content) ||
        !x509_der_take(&content, X509_DER_OID, &extension->id)) {
        return false;
    }
    if (x509_der_is_next(content, X509_DER_BOOLEAN) &&
        !x509_der_take_boolean(&content, &extension->critical)) {
        return false;
    }
    return x509_der_take(&content, X509_DER_OCTET_STRING, &extension->value) && content.length == 0;
}

int x509_extension_id_ce(struct bytes id) {
    if (id.length != 3 || id.data[0] != 0x55 || id.data[1] != 0x1d || id.data[2] >= 0x80) {
        return -1;
    }
    return id.data[2];
}

bool x509_extension_read_all(struct bytes list, struct x509_certificate *out) {
    struct seen seen;
    seen.id_ce[0] = 0;
    seen.id_ce[1] = 0;
    seen.other_count = 0;
    if (list.length == 0) {
        return false;
    }
    while (list.length > 0) {
        struct x509_extension extension;
        if (!x509_extension_take(&list, &extension)) {
            return false;
        }
        int id_ce = x509_extension_id_ce(extension.id);
        if ((id_ce < 0 && !x509_der_oid_is_valid(extension.id)) ||
            !remember(&seen, extension.id, id_ce) || !read_known(&extension, id_ce, out)) {
            return false;
        }
    }
    return true;
}
