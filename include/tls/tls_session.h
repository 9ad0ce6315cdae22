/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_SESSION_H
#define TLS_SESSION_H

#include "base_bytes.h"
#include "tls_context.h"

#define TLS_SERIAL_MAX 20

/* What was found when the peer's certificate was judged. Once per full handshake. */
struct tls_judgement {
    bool made;
    bool leaf_checked;          /* the chain was good, so the EKU was judged */
    bool presented_expected;    /* the leaf is one of the context's expected leaves */
    bool presented_unexpected;  /* leaves were expected and this is none of them */
    enum fault fault;           /* FAULT_NONE: accepted */
    enum tls_eku_policy policy; /* as sampled */
    uint32_t judge_ns;          /* time spent in tls_judge() */
    uint8_t serial[TLS_SERIAL_MAX];
    uint8_t serial_length; /* a longer serial is cut */
    /* Of FAULT_TLS_PEER_NAME: "wanted edge.example.test, presented core.example.test (2 more)",
     * with nothing but printable ASCII in it; until the context judges another one. Else NULL. */
    const char *name_mismatch;
};

/*
 * What one call reads and writes. The caller owns all of it; a worker keeps one and reuses it.
 */
struct tls_exchange {
    struct bytes input;             /* ciphertext from the peer, consumed by the call */
    struct base_buffer *output;     /* ciphertext for the peer is appended */
    struct base_buffer *plaintext;  /* application data from the peer is appended */
    struct tls_judgement judgement; /* cleared by the call, filled when it happens in it */
};

#define TLS_RECORD_MAX (16384 + 2048)

struct tls_session;

/*
 * A session in memory: bytes in, bytes out, no socket. NULL when there is no memory. Owning worker
 * only. Destroy it before its context, which keeps its memory for the next one.
 */
struct tls_session *tls_session_create(struct tls_context *context);
void tls_session_destroy(struct tls_session *session);

/*
 * Of an initiator whose context resumes, before it is fed: whom it dials, by any number of the
 * caller's, and whether it is to offer the session that the context keeps of that peer, if any.
 * What a full handshake brings is kept when the session is destroyed.
 */
void tls_session_dial(struct tls_session *session, uint64_t peer, bool resume);

/*
 * Goes on with the handshake, then decrypts. Call it once with empty input to start an initiator.
 * `plaintext` needs room for input.length + TLS_RECORD_MAX octets. FAULT_NONE also means "needs
 * more input". On a fault, an alert for the peer may stand in `output` and should be sent. A fault
 * is final: call nothing but destroy afterwards.
 */
enum fault tls_session_feed(struct tls_session *session, struct tls_exchange *exchange);

/* Encrypts application data into exchange->output; `exchange->input` is not read. Needs an open
 * session. */
enum fault tls_session_write(struct tls_session *session, struct bytes plaintext,
                             struct tls_exchange *exchange);

/* Appends close_notify (RFC 8446 section 6.1) when the session is open. Reading may go on. */
void tls_session_close(struct tls_session *session, struct tls_exchange *exchange);

/* Our side of the handshake is complete. In TLS 1.3 the acceptor may still refuse an initiator. */
bool tls_session_is_open(const struct tls_session *session);

/* The peer sent close_notify. */
bool tls_session_peer_closed(const struct tls_session *session);

/* Does the certificate that the peer showed in this handshake name this host (RFC 5922)? Only where
 * the context keeps it; a session that was resumed has none. */
bool tls_session_peer_is(const struct tls_session *session, const char *name);

/* Facts of an open session. */
bool tls_session_is_resumed(const struct tls_session *session);
enum tls_version tls_session_version(const struct tls_session *session);
unsigned tls_session_suite(const struct tls_session *session);

#endif
