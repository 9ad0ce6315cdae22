/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_VERIFY_H
#define TLS_VERIFY_H

#include "tls_session.h"

#include <user_settings.h>
#include <wolfssl/ssl.h>

/* What became of the peer's certificate in one handshake. */
enum tls_verify_outcome {
    TLS_VERIFY_PENDING,  /* the callback was not asked about a leaf */
    TLS_VERIFY_ABSENT,   /* the peer was asked for a certificate and sent an empty list */
    TLS_VERIFY_ACCEPTED, /* judged, and good */
    TLS_VERIFY_REFUSED,
};

/* A session's part in it, and the context of the callback. */
struct tls_verify {
    struct tls_context *context;
    struct tls_judgement *judgement; /* of the call under way, else NULL */
    enum fault fault;                /* why it was refused */
    enum tls_verify_outcome outcome;
    uint8_t *leaf; /* the peer's, when the context keeps it; the session frees it */
    size_t leaf_length;
};

/* The verify callback: never turns a failure that wolfSSL found into acceptance. */
int tls_verify_peer(int ok, WOLFSSL_X509_STORE_CTX *store);

/*
 * The handshake is complete: may the session be used? FAULT_NONE only when the peer's certificate
 * was judged good, or none had to be shown, or the session goes on from one of which this was true
 * (`is_resumed`); a handshake that came by without a judgement is refused.
 */
enum fault tls_verify_conclude(const struct tls_verify *verify, bool is_resumed);

#endif
