/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_openssl_peer.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Our initiators resume with OpenSSL's acceptors, and the other way round. */
static struct certs_authority *authority;
static struct tls_trust *trust;
static char *root_pem;

static void setup(void) {
    lab_start();
    authority = lab_authority("ca1", 1);
    trust = lab_trust_in(authority);
    root_pem = lab_root_pem(authority);
}

TestSuite(tls_openssl_resume, .init = setup, .fini = lab_stop);

static SSL_CTX *peer_context(enum tls_role role, unsigned version) {
    struct certs_leaf_spec leaf = lab_leaf("serverAuth clientAuth");
    leaf.key = "ecdsa-p256";
    struct certs_identity issued = lab_issue(authority, &leaf);
    return openssl_context(role, version, issued.chain_pem, issued.key_pem, root_pem);
}

static void release_session(void *session) {
    SSL_SESSION_free(session);
}

static SSL_SESSION *session_of(struct openssl_peer *client) {
    return lab_keep(SSL_get1_session(client->ssl), release_session);
}

static const struct {
    enum tls_resumption resumption;
    unsigned version;
} ways[] = {
    {TLS_RESUMPTION_TICKETS, TLS_VERSION_1_2},
    {TLS_RESUMPTION_TICKETS, TLS_VERSION_1_3},
    {TLS_RESUMPTION_SESSION_ID, TLS_VERSION_1_2},
};

static struct tls_context *resuming_context(enum tls_role role, size_t way) {
    static const uint8_t key[TLS_TICKET_KEY_SIZE] = {1};
    struct certs_leaf_spec leaf = lab_leaf("serverAuth clientAuth");
    const struct tls_identity *identity = lab_identity(authority, &leaf);
    const struct tls_identity **kept = lab_keep(malloc(sizeof(const struct tls_identity *)), free);
    *kept = identity;
    struct tls_context_options options = lab_options(role, kept, trust, ways[way].version);
    options.resumption = ways[way].resumption;
    options.ticket_key = key;
    return lab_context(&options);
}

Test(tls_openssl_resume, initiators_resume_what_an_acceptor_granted) {
    for (size_t i = 0; i < COUNT(ways); i++) {
        static const unsigned char name[] = "test";
        SSL_CTX *theirs = peer_context(TLS_ROLE_SERVER, ways[i].version);
        cr_assert(SSL_CTX_set_session_id_context(theirs, name, sizeof name));
        if (ways[i].resumption == TLS_RESUMPTION_SESSION_ID) {
            SSL_CTX_set_options(theirs, SSL_OP_NO_TICKET);
        }
        struct tls_context *ours = resuming_context(TLS_ROLE_CLIENT, i);
        for (unsigned round = 0; round < 4; round++) {
            struct openssl_peer server;
            struct lab_end client;
            openssl_peer_init(&server, theirs);
            lab_end_init(&client, ours);
            tls_session_dial(client.session, 1, true);
            lab_feed(&client, base_bytes(NULL, 0));
            openssl_join(&server, &client);
            cr_assert(server.open, "way %zu round %u: %s", i, round, base_fault_key(client.fault));
            cr_assert_eq(SSL_session_reused(server.ssl), round > 0, "way %zu round %u", i, round);
            cr_assert_eq(tls_session_is_resumed(client.session), round > 0);
            cr_assert_eq(client.judgement.made, round == 0);
            lab_end_finish(&client);
        }
    }
}

/* What the acceptor does not know any more is a full handshake, and no failure. */
Test(tls_openssl_resume, initiators_take_it_when_an_acceptor_forgot_them) {
    for (size_t i = 0; i < COUNT(ways); i++) {
        struct tls_context *ours = resuming_context(TLS_ROLE_CLIENT, i);
        for (unsigned round = 0; round < 4; round++) {
            static const unsigned char name[] = "test";
            SSL_CTX *theirs = peer_context(TLS_ROLE_SERVER, ways[i].version);
            struct openssl_peer server;
            struct lab_end client;
            cr_assert(SSL_CTX_set_session_id_context(theirs, name, sizeof name));
            openssl_peer_init(&server, theirs);
            lab_end_init(&client, ours);
            tls_session_dial(client.session, 1, true);
            lab_feed(&client, base_bytes(NULL, 0));
            openssl_join(&server, &client);
            cr_assert(server.open, "way %zu round %u: %s", i, round, base_fault_key(client.fault));
            cr_assert_not(tls_session_is_resumed(client.session));
            cr_assert(client.judgement.made);
            lab_end_finish(&client);
        }
    }
}

Test(tls_openssl_resume, acceptors_grant_what_an_initiator_resumes) {
    for (size_t i = 0; i < COUNT(ways); i++) {
        SSL_CTX *theirs = peer_context(TLS_ROLE_CLIENT, ways[i].version);
        struct tls_context *ours = resuming_context(TLS_ROLE_SERVER, i);
        SSL_SESSION *granted = NULL;
        for (unsigned round = 0; round < 3; round++) {
            struct openssl_peer client;
            struct lab_end server;
            openssl_peer_init(&client, theirs);
            cr_assert(granted == NULL || SSL_set_session(client.ssl, granted));
            lab_end_init(&server, ours);
            openssl_join(&client, &server);
            cr_assert(client.open, "way %zu round %u: %s", i, round, base_fault_key(server.fault));
            cr_assert_eq(SSL_session_reused(client.ssl), round > 0, "way %zu round %u", i, round);
            cr_assert_eq(tls_session_is_resumed(server.session), round > 0);
            cr_assert_eq(server.judgement.made, round == 0);
            granted = session_of(&client);
        }
    }
}
