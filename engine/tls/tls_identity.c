/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_identity.h"
#include "tls_certificates.h"
#include "x509_pem.h"

#include <user_settings.h>
#include <wolfssl/ssl.h>

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct tls_identity {
    struct tls_certificates chain;
    struct base_buffer chain_pem;
    struct base_buffer key_pem;
};

static bool out_of_memory(struct base_error *error) {
    return base_error_set(error, BASE_ERROR_MACHINE, "no memory for an identity");
}

/* Base64 with line breaks, and two lines around it, for each of `count` certificates. */
static bool buffer_for_pem(struct base_buffer *out, size_t der_length, unsigned count) {
    size_t capacity = der_length * 2 + count * 128U;
    *out = (struct base_buffer){.data = malloc(capacity), .capacity = capacity};
    return out->data != NULL;
}

static bool write_chain(struct tls_identity *identity, struct base_error *error) {
    const struct tls_certificates *chain = &identity->chain;
    if (!buffer_for_pem(&identity->chain_pem, chain->der.length, chain->count)) {
        return out_of_memory(error);
    }
    for (unsigned i = 0; i < chain->count; i++) {
        if (!x509_pem_write(&identity->chain_pem, "CERTIFICATE", chain->certificates[i].der)) {
            return out_of_memory(error);
        }
    }
    return true;
}

static bool holds(struct bytes text, const char *word) {
    return text.length > 0 && memmem(text.data, text.length, word, strlen(word)) != NULL;
}

static bool key_unusable(struct tls_pem key, struct base_error *error) {
    if (key.text.length > 0 && key.text.data[0] == 0x30) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s is DER; a private key in PEM form was expected", key.name);
    }
    if (holds(key.text, "BEGIN ENCRYPTED PRIVATE KEY") ||
        holds(key.text, "Proc-Type: 4,ENCRYPTED")) {
        return base_error_set(error, BASE_ERROR_USAGE,
                              "%s: the private key is encrypted; an unencrypted one was expected "
                              "(openssl pkey decrypts it)",
                              key.name);
    }
    return base_error_set(error, BASE_ERROR_USAGE, "%s holds no private key in PEM form", key.name);
}

/* Keeps the first private key of the text, whatever else stands there. */
static bool read_key(struct tls_identity *identity, struct tls_pem key, struct base_error *error) {
    static const char *const labels[] = {"PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"};
    if (holds(key.text, "ENCRYPTED")) {
        return key_unusable(key, error);
    }
    struct base_buffer der = {.data = malloc(key.text.length + 1), .capacity = key.text.length};
    if (der.data == NULL || !buffer_for_pem(&identity->key_pem, key.text.length, 1)) {
        free(der.data);
        return out_of_memory(error);
    }
    bool found = false;
    for (size_t i = 0; i < COUNT(labels) && !found; i++) {
        struct bytes rest = key.text;
        der.length = 0;
        found = x509_pem_next(&rest, labels[i], &der) == X509_PEM_BLOCK &&
                x509_pem_write(&identity->key_pem, labels[i], base_buffer_bytes(&der));
    }
    explicit_bzero(der.data, der.capacity);
    free(der.data);
    return found || key_unusable(key, error);
}

/* wolfSSL is the judge of whether it can use the two, and together. */
static bool try_out(const struct tls_identity *identity, struct tls_pem chain, struct tls_pem key,
                    struct base_error *error) {
    struct bytes chain_pem = tls_identity_chain_pem(identity);
    struct bytes key_pem = tls_identity_key_pem(identity);
    WOLFSSL_CTX *trial = wolfSSL_CTX_new(wolfTLSv1_3_client_method());
    if (trial == NULL) {
        return out_of_memory(error);
    }
    bool usable = true;
    if (wolfSSL_CTX_use_certificate_chain_buffer(trial, chain_pem.data, (long)chain_pem.length) !=
        WOLFSSL_SUCCESS) {
        usable = base_error_set(error, BASE_ERROR_USAGE,
                                "%s: the certificate's key or signature is of an unsupported kind",
                                chain.name);
    } else if (wolfSSL_CTX_use_PrivateKey_buffer(trial, key_pem.data, (long)key_pem.length,
                                                 WOLFSSL_FILETYPE_PEM) != WOLFSSL_SUCCESS) {
        usable =
            base_error_set(error, BASE_ERROR_USAGE,
                           "%s: the private key is malformed or of an unsupported kind", key.name);
    } else if (wolfSSL_CTX_check_private_key(trial) != WOLFSSL_SUCCESS) {
        usable =
            base_error_set(error, BASE_ERROR_USAGE,
                           "%s: the private key does not belong to the first certificate of %s",
                           key.name, chain.name);
    }
    wolfSSL_CTX_free(trial);
    return usable;
}

bool tls_identity_create(struct tls_identity **out, struct tls_pem chain, struct tls_pem key,
                         struct base_error *error) {
    *out = NULL;
    struct tls_identity *identity = calloc(1, sizeof *identity);
    if (identity == NULL) {
        return out_of_memory(error);
    }
    if (chain.text.length == 0) {
        (void)base_error_set(error, BASE_ERROR_USAGE, "%s holds no certificate in PEM form",
                             chain.name);
    } else if (tls_certificates_init(&identity->chain, chain, error) &&
               write_chain(identity, error) && read_key(identity, key, error) &&
               try_out(identity, chain, key, error)) {
        *out = identity;
        return true;
    }
    tls_identity_destroy(identity);
    return false;
}

void tls_identity_destroy(struct tls_identity *identity) {
    if (identity == NULL) {
        return;
    }
    if (identity->key_pem.data != NULL) {
        explicit_bzero(identity->key_pem.data, identity->key_pem.capacity);
    }
    free(identity->key_pem.data);
    free(identity->chain_pem.data);
    tls_certificates_finish(&identity->chain);
    free(identity);
}

const struct x509_certificate *tls_identity_leaf(const struct tls_identity *identity) {
    return &identity->chain.certificates[0];
}

struct bytes tls_identity_chain_pem(const struct tls_identity *identity) {
    return base_buffer_bytes(&identity->chain_pem);
}

struct bytes tls_identity_key_pem(const struct tls_identity *identity) {
    return base_buffer_bytes(&identity->key_pem);
}
