/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_openssl_peer.h"

#include <criterion/criterion.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

static X509 *next_certificate(BIO *pem) {
    X509 *certificate = PEM_read_bio_X509(pem, NULL, NULL, NULL);
    ERR_clear_error();
    return certificate;
}

static void load_identity(SSL_CTX *context, const char *chain_pem, const char *key_pem) {
    BIO *chain = BIO_new_mem_buf(chain_pem, -1);
    BIO *key = BIO_new_mem_buf(key_pem, -1);
    X509 *certificate = next_certificate(chain);
    cr_assert(SSL_CTX_use_certificate(context, certificate));
    X509_free(certificate);
    while ((certificate = next_certificate(chain)) != NULL) {
        cr_assert(SSL_CTX_add0_chain_cert(context, certificate));
    }
    EVP_PKEY *private_key = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
    cr_assert(SSL_CTX_use_PrivateKey(context, private_key));
    EVP_PKEY_free(private_key);
    BIO_free(chain);
    BIO_free(key);
}

static void release_context(void *context) {
    SSL_CTX_free(context);
}

SSL_CTX *openssl_context(enum tls_role role, unsigned version, const char *chain_pem,
                         const char *key_pem, const char *root_pem) {
    SSL_CTX *context =
        lab_keep(SSL_CTX_new(role == TLS_ROLE_CLIENT ? TLS_client_method() : TLS_server_method()),
                 release_context);
    int number = version == TLS_VERSION_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
    cr_assert(SSL_CTX_set_min_proto_version(context, number));
    cr_assert(SSL_CTX_set_max_proto_version(context, number));
    BIO *trust = BIO_new_mem_buf(root_pem, -1);
    X509 *certificate = NULL;
    while ((certificate = next_certificate(trust)) != NULL) {
        cr_assert(X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate));
        X509_free(certificate);
    }
    BIO_free(trust);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    if (chain_pem != NULL) {
        load_identity(context, chain_pem, key_pem);
    }
    return context;
}

static void release_ssl(void *ssl) {
    SSL_free(ssl);
}

static void note_alert(const SSL *ssl, int where, int value) {
    struct openssl_peer *peer = SSL_get_app_data(ssl);
    if ((where & SSL_CB_ALERT) != 0 && (where & SSL_CB_READ) != 0) {
        peer->alert = value & 0xFF;
    }
}

void openssl_peer_init(struct openssl_peer *peer, SSL_CTX *context) {
    *peer = (struct openssl_peer){.ssl = lab_keep(SSL_new(context), release_ssl),
                                  .input = BIO_new(BIO_s_mem()),
                                  .output = BIO_new(BIO_s_mem()),
                                  .alert = -1};
    cr_assert(peer->input != NULL && peer->output != NULL);
    SSL_set_bio(peer->ssl, peer->input, peer->output);
    SSL_set_app_data(peer->ssl, peer);
    SSL_set_info_callback(peer->ssl, note_alert);
    if (SSL_is_server(peer->ssl)) {
        SSL_set_accept_state(peer->ssl);
    } else {
        SSL_set_connect_state(peer->ssl);
    }
}

void openssl_peer_advance(struct openssl_peer *peer) {
    char buffer[4096];
    ERR_clear_error();
    if (!peer->open) {
        peer->open = SSL_do_handshake(peer->ssl) == 1;
    }
    int count = 0;
    while (peer->open && (count = SSL_read(peer->ssl, buffer, sizeof buffer)) > 0) {
        size_t kept = (size_t)count < sizeof peer->received ? (size_t)count : sizeof peer->received;
        memcpy(peer->received, buffer + count - kept, kept);
        peer->received_total += (size_t)count;
    }
}

void openssl_join(struct openssl_peer *peer, struct lab_end *end) {
    bool moved = true;
    while (moved) {
        moved = false;
        openssl_peer_advance(peer);
        char *data = NULL;
        long length = BIO_get_mem_data(peer->output, &data);
        if (length > 0) {
            moved = true;
            if (end->fault == FAULT_NONE) {
                lab_feed(end, base_bytes(data, (size_t)length));
            }
            (void)BIO_reset(peer->output);
        }
        if (end->output.length > 0) {
            moved = true;
            cr_assert_gt(BIO_write(peer->input, end->output.data, (int)end->output.length), 0);
            end->output.length = 0;
        }
    }
}
