/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_authority_state.h"
#include "certs_file.h"
#include "x509_certificate.h"
#include "x509_pem.h"

#include <stdlib.h>
#include <string.h>

enum {
    SUBJECT_TEXT_SIZE = 128,
};

/* Certificates as the file has them: the issuing one first, the root last. */
struct loaded_chain {
    const char *path;
    struct base_buffer octets;
    struct x509_certificate certificates[CERTS_CHAIN_MAX];
    unsigned count;
};

/* The common name, for messages. */
static const char *subject_text(const struct x509_certificate *certificate,
                                char text[SUBJECT_TEXT_SIZE]) {
    bool found = x509_certificate_common_name(certificate, text, SUBJECT_TEXT_SIZE);
    return found ? text : "a certificate without a common name";
}

static bool is_self_issued(const struct x509_certificate *certificate) {
    return base_bytes_equal(certificate->issuer, certificate->subject);
}

static bool chain_read(struct loaded_chain *chain, struct bytes text, struct base_error *error) {
    for (;;) {
        size_t start = chain->octets.length;
        struct bytes der;
        enum x509_pem_result result = x509_pem_next(&text, "CERTIFICATE", &chain->octets);
        if (result == X509_PEM_END && chain->count > 0) {
            return true;
        }
        der = base_bytes_after(base_buffer_bytes(&chain->octets), start);
        if (result == X509_PEM_BLOCK && chain->count == CERTS_CHAIN_MAX) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "%s: more than %d certificates are no authority's chain",
                                  chain->path, CERTS_CHAIN_MAX);
        }
        if (result != X509_PEM_BLOCK ||
            !x509_certificate_parse(der, &chain->certificates[chain->count])) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "%s: certificate %u is missing or malformed: expected PEM, the "
                                  "issuing certificate first, its issuers after it",
                                  chain->path, chain->count + 1);
        }
        chain->count++;
    }
}

/* Each may sign certificates and is followed by its issuer; the last one is a root. */
static bool chain_is_sound(const struct loaded_chain *chain, struct base_error *error) {
    char subject[SUBJECT_TEXT_SIZE];
    for (unsigned i = 0; i < chain->count; i++) {
        const struct x509_certificate *certificate = &chain->certificates[i];
        bool is_last = i + 1 == chain->count;
        bool may_sign =
            !certificate->has_key_usage || (certificate->key_usage & X509_KEY_USAGE_CERT_SIGN) != 0;
        if (!certificate->is_ca || !may_sign) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "%s: %s may not issue certificates: expected an authority's",
                                  chain->path, subject_text(certificate, subject));
        }
        if (is_last && !is_self_issued(certificate)) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "%s: the chain ends with %s, which is not self-signed: append "
                                  "its issuers up to the root",
                                  chain->path, subject_text(certificate, subject));
        }
        if (!is_last && !base_bytes_equal(certificate->issuer, certificate[1].subject)) {
            return base_error_set(error, BASE_ERROR_USAGE, "%s: %s is not followed by its issuer",
                                  chain->path, subject_text(certificate, subject));
        }
    }
    return true;
}

/* The first private key of the text, whatever its form. */
static bool key_decode(struct certs_key *key, struct bytes text, WC_RNG *rng) {
    static const char *const labels[] = {"PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"};
    struct base_buffer der = {.data = malloc(text.length + 1), .capacity = text.length + 1};
    bool found = false;
    for (unsigned i = 0; der.data != NULL && !found && i < sizeof labels / sizeof *labels; i++) {
        struct bytes rest = text;
        found = x509_pem_next(&rest, labels[i], &der) == X509_PEM_BLOCK &&
                certs_key_decode(key, base_buffer_bytes(&der), rng);
        der.length = 0;
    }
    certs_file_finish(&der);
    return found;
}

static bool key_read(struct certs_key *key, const char *path, WC_RNG *rng,
                     struct base_error *error) {
    struct base_buffer text;
    bool done = certs_file_read(path, &text, error);
    if (done && !key_decode(key, base_buffer_bytes(&text), rng)) {
        done = base_error_set(
            error, BASE_ERROR_USAGE,
            "%s: expected an undamaged, unencrypted PEM private key: RSA of 2048, 3072 or "
            "4096 bits, ECDSA P-256 or P-384, or Ed25519",
            path);
    }
    certs_file_finish(&text);
    return done;
}

static bool key_belongs(struct certs_key *key, const struct x509_certificate *certificate) {
    struct certs_der public_key = {0};
    uint8_t key_id[CERTS_KEY_ID_SIZE];
    bool belongs = certs_key_write_public(key, &public_key, key_id) &&
                   base_bytes_equal(certs_der_bytes(&public_key), certificate->public_key);
    certs_der_finish(&public_key);
    return belongs;
}

static bool issuer_adopt(struct certs_issuer *issuer, const struct x509_certificate *certificate) {
    certs_der_raw(&issuer->certificate, certificate->der);
    certs_der_raw(&issuer->subject, certificate->subject);
    certs_der_raw(&issuer->key_id, certificate->subject_key_id);
    issuer->may_sign_crls =
        !certificate->has_key_usage || (certificate->key_usage & X509_KEY_USAGE_CRL_SIGN) != 0;
    return !issuer->certificate.failed && !issuer->subject.failed && !issuer->key_id.failed;
}

static bool authority_adopt(struct certs_authority *authority, const struct loaded_chain *chain,
                            const char *key_path, struct base_error *error) {
    struct certs_issuer *issuing = &authority->issuers[chain->count - 1];
    for (unsigned i = 0; i < chain->count; i++) {
        if (!issuer_adopt(&authority->issuers[chain->count - 1 - i], &chain->certificates[i])) {
            return base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
        }
    }
    authority->count = chain->count;
    if (!key_read(&issuing->key, key_path, &authority->rng, error)) {
        return false;
    }
    if (!key_belongs(&issuing->key, &chain->certificates[0])) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s is not the key of the first certificate in %s", key_path,
                              chain->path);
    }
    return true;
}

/* `chain` borrows from the octets it decodes to, which are as many as the text has at most. */
static bool chain_load(struct loaded_chain *chain, struct base_error *error) {
    struct base_buffer text;
    bool done = certs_file_read(chain->path, &text, error);
    if (done) {
        chain->octets.capacity = text.length + 1;
        chain->octets.data = malloc(chain->octets.capacity);
        done = chain->octets.data != NULL;
        if (!done) {
            base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
        }
    }
    done =
        done && chain_read(chain, base_buffer_bytes(&text), error) && chain_is_sound(chain, error);
    certs_file_finish(&text);
    return done;
}

bool certs_authority_load(struct certs_authority **out, const struct certs_authority_spec *spec,
                          const char *certificate_path, const char *key_path,
                          struct base_error *error) {
    struct loaded_chain chain = {.path = certificate_path};
    bool done;
    *out = NULL;
    done = chain_load(&chain, error) && certs_authority_begin(out, spec, error);
    if (done && !authority_adopt(*out, &chain, key_path, error)) {
        certs_authority_destroy(*out);
        *out = NULL;
        done = false;
    }
    free(chain.octets.data);
    return done;
}
