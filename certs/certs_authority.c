/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base_clock.h"
#include "certs_authority_state.h"
#include "certs_pem.h"
#include "certs_subject.h"
#include "certs_usages.h"
#include "x509_certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wolfssl/wolfcrypt/wc_port.h>

enum {
    NAME_SIZE = 256,
    /* Long both ways: leaves may be asked for that were issued years ago or end years from now. */
    VALID_DAYS_PAST = 10 * 365,
    VALID_DAYS_AHEAD = 10 * 365,
};

int64_t certs_authority_now(void) {
    return base_clock_wall_ns() / (int64_t)BASE_NS_PER_S;
}

bool certs_authority_begin(struct certs_authority **out, const struct certs_authority_spec *spec,
                           struct base_error *error) {
    struct certs_authority *authority;
    if (spec->name == NULL || spec->name[0] == '\0') {
        return base_error_set(error, BASE_ERROR_USAGE, "an authority needs a name");
    }
    authority = calloc(1, sizeof *authority);
    if (authority == NULL) {
        return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
    }
    *out = authority;
    authority->name = strdup(spec->name);
    authority->is_public = spec->is_public;
    authority->client_auth_until = spec->client_auth_until;
    if (authority->name != NULL && wolfCrypt_Init() == 0) {
        authority->rng_ready = wc_InitRng(&authority->rng) == 0;
        if (authority->rng_ready) {
            return true;
        }
        wolfCrypt_Cleanup();
    }
    certs_authority_destroy(authority);
    *out = NULL;
    return base_error_set(error, BASE_ERROR_MACHINE,
                          "wolfCrypt cannot start: no random numbers or no memory");
}

void certs_authority_destroy(struct certs_authority *authority) {
    if (authority == NULL) {
        return;
    }
    for (unsigned i = 0; i < CERTS_CHAIN_MAX; i++) {
        struct certs_issuer *issuer = &authority->issuers[i];
        certs_key_finish(&issuer->key);
        certs_der_finish(&issuer->certificate);
        certs_der_finish(&issuer->subject);
        certs_der_finish(&issuer->key_id);
        certs_der_finish(&issuer->revoked);
    }
    if (authority->rng_ready) {
        wc_FreeRng(&authority->rng);
        wolfCrypt_Cleanup();
    }
    free(authority->name);
    free(authority);
}

struct certs_signer certs_authority_signer(struct certs_authority *authority,
                                           struct certs_issuer *issuer) {
    return (struct certs_signer){.key = &issuer->key,
                                 .rng = &authority->rng,
                                 .name = certs_der_bytes(&issuer->subject),
                                 .key_id = certs_der_bytes(&issuer->key_id)};
}

bool certs_authority_random_serial(struct certs_authority *authority,
                                   uint8_t out[CERTS_SERIAL_SIZE], struct base_error *error) {
    if (wc_RNG_GenerateBlock(&authority->rng, out, CERTS_SERIAL_SIZE) != 0) {
        return base_error_set(error, BASE_ERROR_MACHINE, "no random numbers for a serial");
    }
    out[0] = (uint8_t)((out[0] & 0x7f) | 0x40);
    return true;
}

bool certs_authority_certify(struct certs_authority *authority, struct certs_issuer *issuer,
                             struct certs_key *key, const struct certs_content *content,
                             struct certs_der *certificate, uint8_t key_id[CERTS_KEY_ID_SIZE],
                             struct base_error *error) {
    struct certs_signer signer = certs_authority_signer(authority, issuer);
    struct certs_content complete = *content;
    struct certs_der public_key = {0};
    bool done = certs_key_write_public(key, &public_key, key_id);
    if (done) {
        complete.public_key = certs_der_bytes(&public_key);
        complete.key_id = base_bytes(key_id, CERTS_KEY_ID_SIZE);
        done = certs_signed_certificate(&signer, &complete, certificate);
    }
    certs_der_finish(&public_key);
    if (!done) {
        return base_error_set(error, BASE_ERROR_MACHINE, "authority %s cannot sign a certificate",
                              authority->name);
    }
    return true;
}

static bool issuer_name(struct certs_authority *authority, unsigned position,
                        struct base_error *error) {
    struct certs_der *subject = &authority->issuers[position].subject;
    char name[NAME_SIZE];
    int length;
    if (position == 0) {
        length = snprintf(name, sizeof name, "%s root", authority->name);
    } else {
        length = snprintf(name, sizeof name, "%s intermediate %u", authority->name, position);
    }
    if (length < 0 || (size_t)length >= sizeof name) {
        return base_error_set(error, BASE_ERROR_USAGE, "the authority's name is too long: %s",
                              authority->name);
    }
    return certs_subject_write_common_name(name, subject, error);
}

/* Usages as they go into the certificates, by position: the root's, then every intermediate's. */
struct issuer_usages {
    struct certs_der root;
    struct certs_der intermediate;
};

static bool issuer_certify(struct certs_authority *authority, unsigned position,
                           const struct certs_authority_spec *spec,
                           const struct issuer_usages *usages, struct base_error *error) {
    bool is_root = position == 0;
    struct certs_issuer *issuer = &authority->issuers[position];
    /* The root's key identifier is still unknown: a self-signed certificate needs not repeat it. */
    struct certs_issuer *above = is_root ? issuer : issuer - 1;
    int64_t now = certs_authority_now();
    uint8_t serial[CERTS_SERIAL_SIZE];
    uint8_t key_id[CERTS_KEY_ID_SIZE];
    const struct certs_content content = {
        .serial = base_bytes(serial, sizeof serial),
        .subject = certs_der_bytes(&issuer->subject),
        .not_before = now - (int64_t)VALID_DAYS_PAST * CERTS_DAY_SECONDS,
        .not_after = now + (int64_t)VALID_DAYS_AHEAD * CERTS_DAY_SECONDS,
        .is_ca = true,
        .path_length = is_root ? -1 : (int)(spec->intermediates - position),
        .key_usage = X509_KEY_USAGE_CERT_SIGN | X509_KEY_USAGE_CRL_SIGN,
        .usages = certs_der_bytes(is_root ? &usages->root : &usages->intermediate),
        .usages_critical =
            is_root ? spec->root_usages.critical : spec->intermediate_usages.critical,
    };
    if (!certs_authority_random_serial(authority, serial, error) ||
        !certs_authority_certify(authority, above, &issuer->key, &content, &issuer->certificate,
                                 key_id, error)) {
        return false;
    }
    certs_der_raw(&issuer->key_id, base_bytes(key_id, sizeof key_id));
    issuer->may_sign_crls = true;
    authority->count = position + 1;
    return certs_der_is_whole(&issuer->key_id, error);
}

static bool authority_fill(struct certs_authority *authority,
                           const struct certs_authority_spec *spec,
                           const struct issuer_usages *usages, struct base_error *error) {
    const struct certs_key_kind *kind = certs_key_kind_find(spec->key, error);
    if (kind == NULL) {
        return false;
    }
    for (unsigned i = 0; i <= spec->intermediates; i++) {
        if (!issuer_name(authority, i, error) ||
            !certs_key_generate(&authority->issuers[i].key, kind, &authority->rng, error) ||
            !issuer_certify(authority, i, spec, usages, error)) {
            return false;
        }
    }
    return true;
}

bool certs_authority_create(struct certs_authority **out, const struct certs_authority_spec *spec,
                            struct base_error *error) {
    struct issuer_usages usages = {0};
    bool done;
    *out = NULL;
    if (spec->intermediates > CERTS_INTERMEDIATES_MAX) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%u intermediates are too many: expected 0 to %d",
                              spec->intermediates, CERTS_INTERMEDIATES_MAX);
    }
    done = certs_usages_write(&spec->root_usages, &usages.root, error) &&
           certs_usages_write(&spec->intermediate_usages, &usages.intermediate, error) &&
           certs_authority_begin(out, spec, error);
    if (done && !authority_fill(*out, spec, &usages, error)) {
        certs_authority_destroy(*out);
        *out = NULL;
        done = false;
    }
    certs_der_finish(&usages.root);
    certs_der_finish(&usages.intermediate);
    return done;
}

char *certs_authority_root_pem(const struct certs_authority *authority) {
    struct bytes root = certs_der_bytes(&authority->issuers[0].certificate);
    return certs_pem_text("CERTIFICATE", &root, 1);
}

char *certs_authority_intermediates_pem(const struct certs_authority *authority) {
    struct bytes ders[CERTS_CHAIN_MAX];
    unsigned count = 0;
    for (unsigned i = 1; i < authority->count; i++) {
        ders[count++] = certs_der_bytes(&authority->issuers[i].certificate);
    }
    return certs_pem_text("CERTIFICATE", ders, count);
}
