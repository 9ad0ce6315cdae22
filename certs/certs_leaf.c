/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_alt_names.h"
#include "certs_authority_state.h"
#include "certs_pem.h"
#include "certs_subject.h"
#include "certs_usages.h"
#include "x509_certificate.h"

#include <stdlib.h>
#include <string.h>

enum {
    SERIAL_OCTETS_MAX = 20, /* RFC 5280 section 4.1.2.2 */
};

/* The parts of a leaf that the spec decides, encoded. */
struct leaf_parts {
    struct certs_der usages;
    struct certs_der alt_names;
    struct certs_der subject;
    uint8_t random_serial[CERTS_SERIAL_SIZE];
    struct bytes serial;
};

static void leaf_parts_finish(struct leaf_parts *parts) {
    certs_der_finish(&parts->usages);
    certs_der_finish(&parts->alt_names);
    certs_der_finish(&parts->subject);
}

/* What a public authority stopped doing; see the door. */
static bool may_issue(const struct certs_authority *authority, const struct certs_leaf_spec *spec,
                      struct base_error *error) {
    const char *cause = "the absence of an extended key usage";
    if (spec->usages.present) {
        cause = certs_usages_client_auth(&spec->usages);
    }
    if (!authority->is_public || cause == NULL) {
        return true;
    }
    if (authority->client_auth_until != 0 && spec->not_before < authority->client_auth_until) {
        return true;
    }
    return base_error_set(error, BASE_ERROR_USAGE,
                          "authority %s is public and issues no client authentication%s, which %s "
                          "would allow: ask for serverAuth alone, take an internal authority, or "
                          "set client_auth_until after not_before",
                          authority->name,
                          authority->client_auth_until == 0 ? "" : " at this not_before", cause);
}

static bool write_alt_names(const struct certs_leaf_spec *spec, struct certs_der *out,
                            struct base_error *error) {
    for (unsigned i = 0; i < spec->name_count; i++) {
        if (!certs_alt_names_write(spec->names[i], out, error)) {
            return false;
        }
    }
    return certs_der_is_whole(out, error);
}

static bool write_subject(const struct certs_leaf_spec *spec, struct certs_der *out,
                          struct base_error *error) {
    bool subject_is_empty = spec->subject == NULL || spec->subject[0] == '\0';
    if (subject_is_empty && spec->name_count == 0) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "a certificate needs a subject or at least one name");
    }
    if (spec->subject != NULL) {
        return certs_subject_write(spec->subject, out, error);
    }
    /* A longer name does not fit into a common name and stands among the names alone. */
    if (strlen(spec->names[0]) > CERTS_COMMON_NAME_MAX) {
        return certs_subject_write("", out, error);
    }
    return certs_subject_write_common_name(spec->names[0], out, error);
}

static bool choose_serial(struct certs_authority *authority, const struct certs_leaf_spec *spec,
                          struct leaf_parts *parts, struct base_error *error) {
    struct bytes serial = spec->serial;
    if (serial.length == 0) {
        parts->serial = base_bytes(parts->random_serial, sizeof parts->random_serial);
        return certs_authority_random_serial(authority, parts->random_serial, error);
    }
    while (serial.length > 0 && serial.data[0] == 0) {
        serial = base_bytes_after(serial, 1);
    }
    if (serial.length == 0) {
        return base_error_set(error, BASE_ERROR_USAGE, "a serial must not be zero");
    }
    /* A first bit that is set costs an octet in front, or the number would be negative. */
    if (serial.length + (serial.data[0] >> 7) > SERIAL_OCTETS_MAX) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "the serial has %zu octets: expected at most %d, and the first of "
                              "%d below 80",
                              serial.length, SERIAL_OCTETS_MAX, SERIAL_OCTETS_MAX);
    }
    parts->serial = serial;
    return true;
}

static bool dates_are_sound(const struct certs_leaf_spec *spec, struct base_error *error) {
    if (!certs_der_time_exists(spec->not_before) || !certs_der_time_exists(spec->not_after)) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "a certificate's dates must lie in the years 0 to 9999");
    }
    if (spec->not_after < spec->not_before) {
        return base_error_set(error, BASE_ERROR_USAGE, "not_after lies before not_before");
    }
    return true;
}

/* Everything that can be wrong with a spec is found here, before a key is made. */
static bool leaf_parts_write(struct certs_authority *authority, const struct certs_leaf_spec *spec,
                             struct leaf_parts *parts, struct base_error *error) {
    return certs_usages_write(&spec->usages, &parts->usages, error) &&
           may_issue(authority, spec, error) && dates_are_sound(spec, error) &&
           write_alt_names(spec, &parts->alt_names, error) &&
           write_subject(spec, &parts->subject, error) &&
           choose_serial(authority, spec, parts, error);
}

static bool leaf_certify(struct certs_authority *authority, const struct certs_leaf_spec *spec,
                         const struct leaf_parts *parts, struct certs_key *key,
                         struct certs_der *certificate, struct base_error *error) {
    struct certs_issuer *issuer = &authority->issuers[authority->count - 1];
    uint8_t key_id[CERTS_KEY_ID_SIZE];
    struct certs_content content = {
        .serial = parts->serial,
        .subject = certs_der_bytes(&parts->subject),
        .not_before = spec->not_before,
        .not_after = spec->not_after,
        .key_usage = X509_KEY_USAGE_DIGITAL_SIGNATURE,
        .usages = certs_der_bytes(&parts->usages),
        .usages_critical = spec->usages.critical,
        .alt_names = certs_der_bytes(&parts->alt_names),
    };
    if (certs_key_kind_enciphers(key->kind)) {
        content.key_usage |= X509_KEY_USAGE_KEY_ENCIPHERMENT;
    }
    return certs_authority_certify(authority, issuer, key, &content, certificate, key_id, error);
}

/* The leaf, then the intermediates from the issuing one upwards. */
static char *chain_pem(const struct certs_authority *authority, const struct certs_der *leaf,
                       bool omit_chain) {
    struct bytes ders[CERTS_CHAIN_MAX];
    unsigned count = 0;
    ders[count++] = certs_der_bytes(leaf);
    for (unsigned i = authority->count; !omit_chain && i > 1; i--) {
        ders[count++] = certs_der_bytes(&authority->issuers[i - 1].certificate);
    }
    return certs_pem_text("CERTIFICATE", ders, count);
}

static char *key_pem(struct certs_key *key) {
    struct certs_der der = {0};
    char *text = NULL;
    if (certs_key_write_private(key, &der)) {
        struct bytes bytes = certs_der_bytes(&der);
        text = certs_pem_text("PRIVATE KEY", &bytes, 1);
    }
    certs_der_finish(&der);
    return text;
}

static bool leaf_issue(struct certs_authority *authority, const struct certs_leaf_spec *spec,
                       const struct leaf_parts *parts, struct certs_key *key,
                       struct certs_identity *out, struct base_error *error) {
    struct certs_issuer *issuer = &authority->issuers[authority->count - 1];
    struct certs_der certificate = {0};
    if (!leaf_certify(authority, spec, parts, key, &certificate, error)) {
        certs_der_finish(&certificate);
        return false;
    }
    out->chain_pem = chain_pem(authority, &certificate, spec->omit_chain);
    out->key_pem = key_pem(key);
    certs_der_finish(&certificate);
    if (spec->revoked) {
        certs_signed_revocation(&issuer->revoked, parts->serial, certs_authority_now());
    }
    if (out->chain_pem == NULL || out->key_pem == NULL || issuer->revoked.failed) {
        certs_identity_finish(out);
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    return true;
}

bool certs_authority_issue(struct certs_authority *authority, const struct certs_leaf_spec *spec,
                           struct certs_identity *out, struct base_error *error) {
    const struct certs_key_kind *kind = certs_key_kind_find(spec->key, error);
    struct leaf_parts parts = {0};
    struct certs_key key = {0};
    bool done;
    *out = (struct certs_identity){0};
    if (kind == NULL) {
        return false;
    }
    done = leaf_parts_write(authority, spec, &parts, error) &&
           certs_key_generate(&key, kind, &authority->rng, error) &&
           leaf_issue(authority, spec, &parts, &key, out, error);
    certs_key_finish(&key);
    leaf_parts_finish(&parts);
    return done;
}

void certs_identity_finish(struct certs_identity *identity) {
    if (identity->key_pem != NULL) {
        explicit_bzero(identity->key_pem, strlen(identity->key_pem));
    }
    free(identity->key_pem);
    free(identity->chain_pem);
    *identity = (struct certs_identity){0};
}
