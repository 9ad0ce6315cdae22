/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_trust.h"
#include "base_clock.h"
#include "tls_certificates.h"
#include "tls_revoked.h"
#include "x509_pem.h"

#include <user_settings.h>
#include <wolfssl/ssl.h>

#include <stdlib.h>
#include <string.h>

struct tls_trust {
    struct tls_certificates authorities;
    struct base_buffer crl_der;
    struct x509_crl *crls;
    unsigned crl_count;
    struct tls_revoked revoked;
};

static bool out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "no memory for a trusted CA library");
}

/* Loads every authority into a context nobody uses, so that a connection never meets one that
 * fails. */
static bool load_on_trial(WOLFSSL_CTX *trial, const struct tls_trust *trust, struct tls_pem pem,
                          struct base_error *error) {
    for (unsigned i = 0; i < trust->authorities.count; i++) {
        struct bytes der = trust->authorities.certificates[i].der;
        int result = wolfSSL_CTX_load_verify_buffer_ex(trial, der.data, (long)der.length,
                                                       WOLFSSL_FILETYPE_ASN1, 0,
                                                       WOLFSSL_LOAD_FLAG_DATE_ERR_OKAY);
        if (result != WOLFSSL_SUCCESS) {
            return base_error_set(error, BASE_ERROR_USAGE,
                                  "%s: certificate %u cannot be used as an authority: %s", pem.name,
                                  i + 1, wolfSSL_ERR_reason_error_string((unsigned long)result));
        }
    }
    return true;
}

static bool parse_crls(struct tls_trust *trust, struct tls_pem pem, struct base_error *error) {
    size_t capacity = pem.text.length;
    trust->crl_der = (struct base_buffer){.data = malloc(capacity + 1), .capacity = capacity};
    /* The shortest CRL takes more than 64 octets of text. */
    trust->crls = calloc(capacity / 64 + 1, sizeof *trust->crls);
    if (trust->crl_der.data == NULL || trust->crls == NULL) {
        return out_of_memory(error);
    }
    struct bytes rest = pem.text;
    for (;;) {
        size_t start = trust->crl_der.length;
        enum x509_pem_result result = x509_pem_next(&rest, "X509 CRL", &trust->crl_der);
        if (result == X509_PEM_END) {
            return true;
        }
        struct bytes der = base_bytes(trust->crl_der.data + start, trust->crl_der.length - start);
        if (result == X509_PEM_MALFORMED || trust->crl_count == capacity / 64 ||
            !x509_crl_parse(der, &trust->crls[trust->crl_count])) {
            return base_error_set(error, BASE_ERROR_USAGE, "%s: CRL %u is malformed", pem.name,
                                  trust->crl_count + 1);
        }
        trust->crl_count++;
    }
}

/* Among our own authorities; several may share a name across a change of keys. */
static bool find_issuer(const struct tls_trust *trust, const struct x509_crl *crl, bool *may_sign) {
    bool found = false;
    *may_sign = false;
    for (unsigned i = 0; i < trust->authorities.count; i++) {
        const struct x509_certificate *authority = &trust->authorities.certificates[i];
        if (base_bytes_equal(authority->subject, crl->issuer)) {
            found = true;
            *may_sign |=
                !authority->has_key_usage || (authority->key_usage & X509_KEY_USAGE_CRL_SIGN) != 0;
        }
    }
    return found;
}

/*
 * A CRL whose issuer does not stand in the trust (an intermediate that only peers send) cannot be
 * checked. It comes from the same hand as the trust itself, so it revokes all the same.
 */
static bool check_crl(WOLFSSL_CTX *trial, const struct tls_trust *trust, unsigned index,
                      struct tls_pem pem, struct base_error *error) {
    const struct x509_crl *crl = &trust->crls[index];
    bool may_sign = false;
    if (!find_issuer(trust, crl, &may_sign)) {
        return true;
    }
    if (!may_sign) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s: the issuer of CRL %u has no key usage cRLSign", pem.name,
                              index + 1);
    }
    int64_t now = base_clock_wall_ns() / (int64_t)BASE_NS_PER_S;
    if (crl->next_update != 0 && crl->next_update < now) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s: CRL %u is out of date (its nextUpdate has passed)", pem.name,
                              index + 1);
    }
    if (wolfSSL_CertManagerLoadCRLBuffer(wolfSSL_CTX_GetCertManager(trial), crl->der.data,
                                         (long)crl->der.length,
                                         WOLFSSL_FILETYPE_ASN1) != WOLFSSL_SUCCESS) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s: the signature of CRL %u is not its issuer's", pem.name,
                              index + 1);
    }
    return true;
}

static bool check_with_wolfssl(const struct tls_trust *trust, struct tls_pem authorities,
                               struct tls_pem crls, struct base_error *error) {
    WOLFSSL_CTX *trial = wolfSSL_CTX_new(wolfTLSv1_3_client_method());
    if (trial == NULL) {
        return out_of_memory(error);
    }
    bool good = load_on_trial(trial, trust, authorities, error);
    for (unsigned i = 0; good && i < trust->crl_count; i++) {
        good = check_crl(trial, trust, i, crls, error);
    }
    wolfSSL_CTX_free(trial);
    return good;
}

bool tls_trust_create(struct tls_trust **out, struct tls_pem authorities, struct tls_pem crls,
                      struct base_error *error) {
    *out = NULL;
    struct tls_trust *trust = calloc(1, sizeof *trust);
    if (trust == NULL) {
        return out_of_memory(error);
    }
    if (!tls_certificates_init(&trust->authorities, authorities, error) ||
        !parse_crls(trust, crls, error) || !check_with_wolfssl(trust, authorities, crls, error)) {
        tls_trust_destroy(trust);
        return false;
    }
    if (!tls_revoked_init(&trust->revoked, trust->crls, trust->crl_count)) {
        tls_trust_destroy(trust);
        return out_of_memory(error);
    }
    *out = trust;
    return true;
}

void tls_trust_destroy(struct tls_trust *trust) {
    if (trust == NULL) {
        return;
    }
    tls_revoked_finish(&trust->revoked);
    free(trust->crls);
    free(trust->crl_der.data);
    tls_certificates_finish(&trust->authorities);
    free(trust);
}

struct x509_set tls_trust_certificates(const struct tls_trust *trust) {
    return (struct x509_set){.certificates = trust->authorities.certificates,
                             .count = trust->authorities.count};
}

bool tls_trust_is_revoked(const struct tls_trust *trust,
                          const struct x509_certificate *certificate) {
    return tls_revoked_contains(&trust->revoked, certificate->issuer, certificate->serial);
}
