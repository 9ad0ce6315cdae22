/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_OPENSSL_PEER_H
#define TLS_OPENSSL_PEER_H

#include "tls_lab.h"

#include <openssl/ssl.h>

/* An OpenSSL end in memory, to be joined with one of ours. */
struct openssl_peer {
    SSL *ssl;
    BIO *input;
    BIO *output;
    bool open;
    int alert;            /* received; -1: none */
    uint8_t received[64]; /* the end of what was read */
    size_t received_total;
};

/* `chain_pem` and `key_pem` may be NULL: no certificate. Its trust is `root_pem`. */
SSL_CTX *openssl_context(enum tls_role role, unsigned version, const char *chain_pem,
                         const char *key_pem, const char *root_pem);

void openssl_peer_init(struct openssl_peer *peer, SSL_CTX *context);

/* Handshake or read, whichever is next. */
void openssl_peer_advance(struct openssl_peer *peer);

/* Carries octets between the two until both are silent. */
void openssl_join(struct openssl_peer *peer, struct lab_end *end);

#endif
