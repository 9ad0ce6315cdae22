/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_RESUME_H
#define TLS_RESUME_H

#include "tls_context.h"

#include <user_settings.h>
#include <wolfssl/ssl.h>

/* A session that an initiator may offer again, and of whom it has it. */
struct tls_kept {
    uint64_t peer;
    WOLFSSL_SESSION *session; /* NULL: a free place */
};

/* What a context remembers of its peers: a zone seldom has more of them. */
#define TLS_KEPT_MAX 8u
struct tls_resume {
    struct tls_kept *kept; /* TLS_KEPT_MAX of them, or NULL while there is none */
    uint32_t oldest;       /* the place that is taken over when all are taken */
};

/* Settings of `wolfssl` by options->resumption; tickets are sealed by `context`. */
bool tls_resume_set_up(WOLFSSL_CTX *wolfssl, const struct tls_context *context,
                       struct base_error *error);

/* Before the handshake of an acceptor: the session that it may grant is good here alone. */
void tls_resume_begin(const struct tls_context *context, WOLFSSL *wolfssl);

/* A handshake is complete: was it a resumed one, of a session that was granted here? */
bool tls_resume_is_sound(const struct tls_context *context, WOLFSSL *wolfssl);

/* Before the handshake of an initiator. False: nothing is kept of that peer, and nothing offered.
 */
bool tls_resume_offer(struct tls_context *context, WOLFSSL *wolfssl, uint64_t peer);

/* After a full handshake: keeps its session, if it is one that the context may offer. */
void tls_resume_keep(struct tls_context *context, WOLFSSL *wolfssl, uint64_t peer);
void tls_resume_forget(struct tls_context *context, uint64_t peer);
void tls_resume_finish(struct tls_resume *resume);

#endif
