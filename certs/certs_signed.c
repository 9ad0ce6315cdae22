/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_signed.h"

/* Last arcs of the extensions' identifiers, 2.5.29.n. */
enum extension {
    EXTENSION_SUBJECT_KEY_ID = 14,
    EXTENSION_KEY_USAGE = 15,
    EXTENSION_ALT_NAMES = 17,
    EXTENSION_BASIC_CONSTRAINTS = 19,
    EXTENSION_CRL_NUMBER = 20,
    EXTENSION_AUTHORITY_KEY_ID = 35,
    EXTENSION_EXTENDED_KEY_USAGE = 37,
};

enum {
    VERSION_3_CERTIFICATE = 2,
    VERSION_2_CRL = 1,
};

/* The content of an extension is written between open and close. */
struct extension_frame {
    size_t sequence;
    size_t octets;
};

static struct extension_frame extension_open(struct certs_der *out, enum extension extension,
                                             bool critical) {
    const uint8_t oid[] = {0x55, 0x1d, (uint8_t)extension};
    struct extension_frame frame;
    frame.sequence = certs_der_open(out, CERTS_DER_SEQUENCE);
    certs_der_value(out, CERTS_DER_OID, base_bytes(oid, sizeof oid));
    if (critical) {
        certs_der_true(out);
    }
    frame.octets = certs_der_open(out, CERTS_DER_OCTET_STRING);
    return frame;
}

static void extension_close(struct certs_der *out, struct extension_frame frame) {
    certs_der_close(out, frame.octets);
    certs_der_close(out, frame.sequence);
}

static void write_basic_constraints(struct certs_der *out, const struct certs_content *content) {
    struct extension_frame frame = extension_open(out, EXTENSION_BASIC_CONSTRAINTS, true);
    size_t start = certs_der_open(out, CERTS_DER_SEQUENCE);
    if (content->is_ca) {
        certs_der_true(out);
    }
    if (content->is_ca && content->path_length >= 0) {
        certs_der_number(out, (uint64_t)content->path_length);
    }
    certs_der_close(out, start);
    extension_close(out, frame);
}

static void write_key_usage(struct certs_der *out, unsigned key_usage) {
    struct extension_frame frame = extension_open(out, EXTENSION_KEY_USAGE, true);
    certs_der_named_bits(out, key_usage);
    extension_close(out, frame);
}

static void write_list(struct certs_der *out, enum extension extension, bool critical,
                       struct bytes content) {
    struct extension_frame frame;
    if (content.length == 0) {
        return;
    }
    frame = extension_open(out, extension, critical);
    certs_der_value(out, CERTS_DER_SEQUENCE, content);
    extension_close(out, frame);
}

static void write_subject_key_id(struct certs_der *out, struct bytes key_id) {
    struct extension_frame frame = extension_open(out, EXTENSION_SUBJECT_KEY_ID, false);
    certs_der_value(out, CERTS_DER_OCTET_STRING, key_id);
    extension_close(out, frame);
}

static void write_authority_key_id(struct certs_der *out, struct bytes key_id) {
    struct extension_frame frame;
    size_t start;
    if (key_id.length == 0) {
        return;
    }
    frame = extension_open(out, EXTENSION_AUTHORITY_KEY_ID, false);
    start = certs_der_open(out, CERTS_DER_SEQUENCE);
    certs_der_value(out, CERTS_DER_CONTEXT, key_id);
    certs_der_close(out, start);
    extension_close(out, frame);
}

/* An empty subject makes the alternative names the only ones, hence critical (section 4.2.1.6). */
static bool is_empty_name(struct bytes name) {
    return name.length == 2;
}

static void write_extensions(struct certs_der *out, const struct certs_signer *signer,
                             const struct certs_content *content) {
    size_t tagged = certs_der_open(out, CERTS_DER_CONTEXT_CONSTRUCTED + 3);
    size_t start = certs_der_open(out, CERTS_DER_SEQUENCE);
    write_basic_constraints(out, content);
    write_key_usage(out, content->key_usage);
    write_list(out, EXTENSION_EXTENDED_KEY_USAGE, content->usages_critical, content->usages);
    write_list(out, EXTENSION_ALT_NAMES, is_empty_name(content->subject), content->alt_names);
    write_subject_key_id(out, content->key_id);
    write_authority_key_id(out, signer->key_id);
    certs_der_close(out, start);
    certs_der_close(out, tagged);
}

static struct bytes signature_algorithm(const struct certs_signer *signer) {
    return certs_key_kind_signature_algorithm(signer->key->kind);
}

static void write_certificate_body(struct certs_der *out, const struct certs_signer *signer,
                                   const struct certs_content *content) {
    size_t start = certs_der_open(out, CERTS_DER_SEQUENCE);
    size_t version = certs_der_open(out, CERTS_DER_CONTEXT_CONSTRUCTED);
    size_t validity;
    certs_der_number(out, VERSION_3_CERTIFICATE);
    certs_der_close(out, version);
    certs_der_unsigned(out, content->serial);
    certs_der_raw(out, signature_algorithm(signer));
    certs_der_raw(out, signer->name);
    validity = certs_der_open(out, CERTS_DER_SEQUENCE);
    certs_der_time(out, content->not_before);
    certs_der_time(out, content->not_after);
    certs_der_close(out, validity);
    certs_der_raw(out, content->subject);
    certs_der_raw(out, content->public_key);
    write_extensions(out, signer, content);
    certs_der_close(out, start);
}

/* Certificates and revocation lists alike: the body, the algorithm, the signature of the body. */
static bool write_signed(struct certs_der *out, const struct certs_signer *signer,
                         const struct certs_der *body) {
    size_t start = certs_der_open(out, CERTS_DER_SEQUENCE);
    certs_der_raw(out, certs_der_bytes(body));
    certs_der_raw(out, signature_algorithm(signer));
    if (body->failed || !certs_key_sign(signer->key, signer->rng, certs_der_bytes(body), out)) {
        return false;
    }
    certs_der_close(out, start);
    return !out->failed;
}

bool certs_signed_certificate(const struct certs_signer *signer,
                              const struct certs_content *content, struct certs_der *out) {
    struct certs_der body = {0};
    bool written;
    write_certificate_body(&body, signer, content);
    written = write_signed(out, signer, &body);
    certs_der_finish(&body);
    return written;
}

void certs_signed_revocation(struct certs_der *entries, struct bytes serial, int64_t when) {
    size_t start = certs_der_open(entries, CERTS_DER_SEQUENCE);
    certs_der_unsigned(entries, serial);
    certs_der_time(entries, when);
    certs_der_close(entries, start);
}

static void write_crl_extensions(struct certs_der *out, const struct certs_signer *signer,
                                 uint64_t number) {
    size_t tagged = certs_der_open(out, CERTS_DER_CONTEXT_CONSTRUCTED);
    size_t start = certs_der_open(out, CERTS_DER_SEQUENCE);
    struct extension_frame frame;
    write_authority_key_id(out, signer->key_id);
    frame = extension_open(out, EXTENSION_CRL_NUMBER, false);
    certs_der_number(out, number);
    extension_close(out, frame);
    certs_der_close(out, start);
    certs_der_close(out, tagged);
}

bool certs_signed_crl(const struct certs_signer *signer,
                      const struct certs_revocations *revocations, struct certs_der *out) {
    struct certs_der body = {0};
    bool written;
    size_t start = certs_der_open(&body, CERTS_DER_SEQUENCE);
    certs_der_number(&body, VERSION_2_CRL);
    certs_der_raw(&body, signature_algorithm(signer));
    certs_der_raw(&body, signer->name);
    certs_der_time(&body, revocations->this_update);
    certs_der_time(&body, revocations->next_update);
    /* The list must be absent rather than empty (RFC 5280 section 5.1.2.6). */
    if (revocations->entries.length > 0) {
        certs_der_value(&body, CERTS_DER_SEQUENCE, revocations->entries);
    }
    write_crl_extensions(&body, signer, revocations->number);
    certs_der_close(&body, start);
    written = write_signed(out, signer, &body);
    certs_der_finish(&body);
    return written;
}
