/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_chain.h"

#include <user_settings.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

#include <stdlib.h>
#include <string.h>

static bool is_known(const struct tls_chain *chain, const struct x509_certificate *authority,
                     const struct x509_certificate *issuer) {
    size_t length = authority->der.length + issuer->public_key.length;
    for (unsigned i = 0; i < chain->count; i++) {
        struct bytes known = chain->known[i];
        if (known.length == length &&
            memcmp(known.data, authority->der.data, authority->der.length) == 0 &&
            memcmp(known.data + authority->der.length, issuer->public_key.data,
                   issuer->public_key.length) == 0) {
            return true;
        }
    }
    return false;
}

/* When it is full, or there is no memory, the next connection verifies again: slower, not laxer. */
static void remember(struct tls_chain *chain, const struct x509_certificate *authority,
                     const struct x509_certificate *issuer) {
    if (chain->count == TLS_CHAIN_KNOWN_MAX) {
        return;
    }
    size_t length = authority->der.length + issuer->public_key.length;
    uint8_t *copy = malloc(length);
    if (copy == NULL) {
        return;
    }
    memcpy(copy, authority->der.data, authority->der.length);
    memcpy(copy + authority->der.length, issuer->public_key.data, issuer->public_key.length);
    chain->known[chain->count++] = base_bytes(copy, length);
}

/* With `issuer` as the only authority there is, wolfSSL can accept nothing but its signature. */
enum fault tls_chain_check_signature(const struct x509_certificate *certificate,
                                     const struct x509_certificate *issuer) {
    enum fault fault = FAULT_LOCAL_ERROR;
    WOLFSSL_CTX *alone = wolfSSL_CTX_new(wolfTLSv1_3_client_method());
    if (alone == NULL) {
        return fault;
    }
    if (wolfSSL_CTX_load_verify_buffer_ex(alone, issuer->der.data, (long)issuer->der.length,
                                          WOLFSSL_FILETYPE_ASN1, 0,
                                          WOLFSSL_LOAD_FLAG_DATE_ERR_OKAY) == WOLFSSL_SUCCESS) {
        int result = wolfSSL_CertManagerVerifyBuffer(
            wolfSSL_CTX_GetCertManager(alone), certificate->der.data, (long)certificate->der.length,
            WOLFSSL_FILETYPE_ASN1);
        /* No signer: the key identifiers say that it is another one. */
        bool is_wrong =
            result == ASN_SIG_CONFIRM_E || result == ASN_CRIT_EXT_E || result == ASN_NO_SIGNER_E;
        fault = result == WOLFSSL_SUCCESS ? FAULT_NONE
                : is_wrong                ? FAULT_TLS_PEER_BAD_CERTIFICATE
                                          : FAULT_LOCAL_ERROR;
    }
    wolfSSL_CTX_free(alone);
    return fault;
}

enum fault tls_chain_check_dates(const struct x509_path *path, int64_t now_s) {
    for (unsigned i = 0; i < path->length; i++) {
        if (now_s > path->certificates[i]->not_after) {
            return FAULT_TLS_PEER_EXPIRED;
        }
        if (now_s < path->certificates[i]->not_before) {
            return FAULT_TLS_PEER_NOT_YET_VALID;
        }
    }
    return FAULT_NONE;
}

enum fault tls_chain_check(struct tls_chain *chain, const struct x509_path *path, int64_t now_s) {
    enum fault fault = tls_chain_check_dates(path, now_s);
    if (fault != FAULT_NONE) {
        return fault;
    }
    /* The leaf is wolfSSL's, the anchor is ours octet for octet. */
    for (unsigned i = 1; i + 1 < path->length; i++) {
        const struct x509_certificate *authority = path->certificates[i];
        const struct x509_certificate *issuer = path->certificates[i + 1];
        if (is_known(chain, authority, issuer)) {
            continue;
        }
        if (tls_chain_check_signature(authority, issuer) != FAULT_NONE) {
            return FAULT_TLS_PEER_BAD_CERTIFICATE;
        }
        remember(chain, authority, issuer);
    }
    return FAULT_NONE;
}

void tls_chain_finish(struct tls_chain *chain) {
    for (unsigned i = 0; i < chain->count; i++) {
        free((void *)(uintptr_t)chain->known[i].data);
    }
    chain->count = 0;
}
