/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_CONTEXT_H
#define TLS_CONTEXT_H

#include "tls_judge.h"

#include <stdatomic.h>
#include <stdint.h>

enum tls_version { TLS_VERSION_1_2 = 1 << 0, TLS_VERSION_1_3 = 1 << 1 };

enum tls_client_certificate {
    TLS_CLIENT_CERTIFICATE_REQUIRE,
    TLS_CLIENT_CERTIFICATE_REQUEST,
    TLS_CLIENT_CERTIFICATE_NONE,
};

/*
 * By what sessions are resumed: then the peer shows no certificate, and nobody judges it. Tickets
 * serve TLS 1.2 (RFC 5077) and 1.3 (RFC 8446 section 4.6.1); session IDs serve TLS 1.2 alone, and
 * with them TLS 1.3 resumes nothing.
 */
enum tls_resumption { TLS_RESUMPTION_OFF, TLS_RESUMPTION_TICKETS, TLS_RESUMPTION_SESSION_ID };

#define TLS_TICKET_KEY_SIZE 32

/* Everything borrowed must outlive the context; arrays too, but a CLIENT's `identities`. */
struct tls_context_options {
    enum tls_role role;                           /* of our socket */
    const struct tls_identity *const *identities; /* CLIENT: at most one. SERVER: chosen by SNI, the
                                                     first when no name matches */
    unsigned identity_count;                      /* 0: no certificate (CLIENT only) */
    const struct tls_trust *trust;
    const _Atomic(unsigned)
        *eku_policy; /* enum tls_eku_policy in force, sampled once per connection when the
                        certificate is judged; not read by a CLIENT */
    enum tls_client_certificate client_certificate; /* SERVER only */
    const char *verify_name;                        /* NULL: any */
    const char *server_name;                        /* SNI to send, NULL: none */
    unsigned versions;                              /* enum tls_version bits */
    const char *const *suites; /* IANA names; NULL: forward-secret AEAD suites */
    unsigned suite_count;
    const char *const *groups; /* "secp256r1" "secp384r1" "x25519"; NULL: these, in this order */
    unsigned group_count;
    const struct bytes *expected_leaves; /* DER of what the peer's store may hold; none: unknown */
    unsigned expected_count;
    struct base_buffer *peer_chain; /* the certificates of the first peer that sends some are
                                       appended as PEM, leaf first, whatever becomes of them; one
                                       that does not fit is left out; NULL: not wanted */
    uint64_t check_delay_ns; /* how much longer a check of the initiator's usages takes while one of
                                the policies of mode On is in force: slow equipment */
    bool keeps_leaf;         /* for tls_session_peer_is() */
    bool on_first_use;       /* CLIENT: the costly part is made with the first session */
    enum tls_resumption resumption;
    const uint8_t *ticket_key; /* SERVER with tickets: TLS_TICKET_KEY_SIZE secret octets; contexts
                                  of one key and scope resume each other's sessions */
    uint32_t resumption_scope; /* SERVER: sessions are resumed where they were granted */
};

/* One worker's TLS settings for one zone and identity, or one listener. Not shared. */
struct tls_context;

/* An unknown suite or group is a usage error that lists the known ones. */
bool tls_context_create(struct tls_context **out, const struct tls_context_options *options,
                        struct base_error *error);
void tls_context_destroy(struct tls_context *context);

/*
 * From now on `context` expects of its peers the leaves that `other` does, whose array must outlive
 * it; handshakes under way included. Owning thread. False, and nothing changed, without memory.
 */
bool tls_context_expect_like(struct tls_context *context, const struct tls_context *other);

/*
 * Once per process, before any other call of this room, and at its end. From then on the secrets of
 * all sessions are appended to the file that SSLKEYLOGFILE names, when it is set.
 */
bool tls_library_start(struct base_error *error);
void tls_library_stop(void);

/*
 * The same secrets also go to this file, which is made with mode 0600, instead of an earlier one;
 * NULL: no longer. Only while no session lives.
 */
bool tls_library_log_keys(const char *path, struct base_error *error);

const char *tls_library_version(void);

/* IANA name of a cipher suite by its number, or NULL. */
const char *tls_suite_name(unsigned number);

#endif
