/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_CONTEXT_BODY_H
#define TLS_CONTEXT_BODY_H

#include "tls_chain.h"
#include "tls_context.h"
#include "tls_leaves.h"
#include "tls_resume.h"

#include <user_settings.h>
#include <wolfssl/ssl.h>

#define TLS_NAME_MISMATCH_SIZE 120

struct tls_context {
    /*
     * One for each identity: switching a session's identity would leave it with the suites of the
     * first.
     */
    WOLFSSL_CTX **wolfssl;
    unsigned wolfssl_count;
    struct tls_context_options options;
    const struct tls_identity *own; /* a CLIENT's: what options.identities points to */
    enum tls_role role;
    enum tls_client_certificate client_certificate;
    struct tls_judge_rules rules; /* a server's eku_policy is sampled anew for each connection */
    const struct tls_trust *trust;
    const _Atomic(unsigned) *eku_policy; /* NULL: rules.eku_policy stays */
    uint64_t check_delay_ns;
    struct tls_leaves expected;
    struct base_buffer *peer_chain; /* NULL: not wanted, or filled */
    struct tls_chain chain;
    char name_mismatch[TLS_NAME_MISMATCH_SIZE]; /* see struct tls_judgement */
    struct tls_resume resume;
    struct tls_session *spare; /* ended ones, whose memory serves the next: no allocation of ours
                                  per connection once the load has risen */
};

/* What was put off until the first use. False without memory. */
bool tls_context_make(struct tls_context *context, struct base_error *error);

/* Frees what tls_session_destroy() kept. */
void tls_session_free_spare(struct tls_context *context);

/* The one whose leaf bears this server name, or the first. */
WOLFSSL_CTX *tls_context_wolfssl_for(const struct tls_context *context, const char *server_name);

#endif
