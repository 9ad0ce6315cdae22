/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_openssl_peer.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct certs_authority *authority;
static struct tls_trust *trust;
static char *root_pem;

static void setup(void) {
    lab_start();
    authority = lab_authority("ca1", 1);
    trust = lab_trust_in(authority);
    root_pem = lab_root_pem(authority);
}

TestSuite(tls_openssl, .init = setup, .fini = lab_stop);

static const unsigned versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};

static struct certs_identity issue(const char *usages, const char *key) {
    struct certs_leaf_spec leaf = lab_leaf(usages);
    leaf.key = key;
    return lab_issue(authority, &leaf);
}

static SSL_CTX *peer_context(enum tls_role role, unsigned version, const char *usages) {
    struct certs_identity issued = issue(usages, "ecdsa-p256");
    SSL_CTX *context = openssl_context(role, version, issued.chain_pem, issued.key_pem, root_pem);
    return context;
}

static struct tls_context *our_context(enum tls_role role, unsigned version, const char *usages) {
    struct certs_leaf_spec leaf = lab_leaf(usages);
    const struct tls_identity *identity = lab_identity(authority, &leaf);
    struct tls_context_options options = lab_options(role, &identity, trust, version);
    return lab_context(&options);
}

struct meeting {
    struct openssl_peer peer;
    struct lab_end end;
};

/* Ours in `role`, OpenSSL in the other; both present both usages. */
static struct meeting *meet(enum tls_role role, unsigned version, SSL_CTX *theirs) {
    struct meeting *meeting = lab_keep(calloc(1, sizeof *meeting), free);
    lab_end_init(&meeting->end, our_context(role, version, "serverAuth clientAuth"));
    openssl_peer_init(&meeting->peer, theirs);
    lab_feed(&meeting->end, base_bytes(NULL, 0));
    openssl_join(&meeting->peer, &meeting->end);
    return meeting;
}

static enum tls_role other(enum tls_role role) {
    return role == TLS_ROLE_CLIENT ? TLS_ROLE_SERVER : TLS_ROLE_CLIENT;
}

static void write_both_ways(struct meeting *meeting, size_t count) {
    uint8_t *data = lab_keep(calloc(1, count), free);
    memset(data, 'x', count);
    size_t before = meeting->peer.received_total;
    size_t before_us = meeting->end.plaintext.length;
    meeting->end.exchange.output = &meeting->end.output;
    cr_assert_eq(
        tls_session_write(meeting->end.session, base_bytes(data, count), &meeting->end.exchange),
        FAULT_NONE);
    cr_assert_eq(SSL_write(meeting->peer.ssl, data, (int)count), (int)count);
    openssl_join(&meeting->peer, &meeting->end);
    cr_assert_eq(meeting->peer.received_total, before + count);
    cr_assert_eq(meeting->end.plaintext.length, before_us + count);
    cr_assert_eq(meeting->end.fault, FAULT_NONE);
}

struct role_case {
    enum tls_role role; /* ours */
    unsigned version;
};

#define EVERY_ROLE_AND_VERSION                                                                     \
    {TLS_ROLE_CLIENT, TLS_VERSION_1_2}, {TLS_ROLE_CLIENT, TLS_VERSION_1_3},                        \
        {TLS_ROLE_SERVER, TLS_VERSION_1_2}, {                                                      \
        TLS_ROLE_SERVER, TLS_VERSION_1_3                                                           \
    }

ParameterizedTestParameters(tls_openssl, talks_with_openssl) {
    static struct role_case cases[] = {EVERY_ROLE_AND_VERSION};
    return cr_make_param_array(struct role_case, cases, COUNT(cases));
}

/* An OpenSSL acceptor of TLS 1.3 sends two NewSessionTickets, which come with its first data. */
ParameterizedTest(struct role_case *row, tls_openssl, talks_with_openssl) {
    SSL_CTX *theirs = peer_context(other(row->role), row->version, "serverAuth clientAuth");
    struct meeting *meeting = meet(row->role, row->version, theirs);
    cr_assert(meeting->peer.open);
    cr_assert(tls_session_is_open(meeting->end.session));
    if (row->role == TLS_ROLE_CLIENT) {
        cr_assert_eq(SSL_get_negotiated_group(meeting->peer.ssl), NID_X9_62_prime256v1);
    }
    write_both_ways(meeting, 20 * 1024);
    cr_assert_eq(SSL_shutdown(meeting->peer.ssl), 0);
    openssl_join(&meeting->peer, &meeting->end);
    cr_assert(tls_session_peer_closed(meeting->end.session));
    cr_assert_eq(meeting->end.fault, FAULT_NONE);
    meeting->end.exchange.output = &meeting->end.output;
    tls_session_close(meeting->end.session, &meeting->end.exchange);
    openssl_join(&meeting->peer, &meeting->end);
    cr_assert_eq(SSL_get_shutdown(meeting->peer.ssl), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

ParameterizedTestParameters(tls_openssl, takes_tiny_records) {
    static struct role_case cases[] = {EVERY_ROLE_AND_VERSION};
    return cr_make_param_array(struct role_case, cases, COUNT(cases));
}

ParameterizedTest(struct role_case *row, tls_openssl, takes_tiny_records) {
    SSL_CTX *theirs = peer_context(other(row->role), row->version, "serverAuth clientAuth");
    cr_assert(SSL_CTX_set_max_send_fragment(theirs, 512));
    /* wolfSSL does not put a ticket together that comes in pieces after the handshake. */
    cr_assert(SSL_CTX_set_num_tickets(theirs, 0));
    struct meeting *meeting = meet(row->role, row->version, theirs);
    cr_assert(tls_session_is_open(meeting->end.session), "%s", base_fault_key(meeting->end.fault));
    write_both_ways(meeting, 20 * 1024);
}

/* The acceptor there judges by OpenSSL's sslclient purpose: `expressway` must come to the same. */
static const char *const usage_sets[] = {
    NULL,
    "serverAuth",
    "clientAuth",
    "any",
    "sipDomain",
    "serverAuth clientAuth",
    "codeSigning",
    "clientAuth sipDomain",
    "serverAuth any",
};

ParameterizedTestParameters(tls_openssl, both_acceptors_judge_an_initiator_alike) {
    static struct role_case cases[COUNT(usage_sets) * 2];
    for (size_t i = 0; i < COUNT(cases); i++) {
        /* `role` carries the row here. */
        cases[i] = (struct role_case){(enum tls_role)(i / 2), versions[i % 2]};
    }
    return cr_make_param_array(struct role_case, cases, COUNT(cases));
}

ParameterizedTest(struct role_case *row, tls_openssl, both_acceptors_judge_an_initiator_alike) {
    const char *usages = usage_sets[row->role];
    struct lab_end initiator;
    struct openssl_peer acceptor;
    lab_end_init(&initiator, our_context(TLS_ROLE_CLIENT, row->version, usages));
    openssl_peer_init(&acceptor, peer_context(TLS_ROLE_SERVER, row->version, "serverAuth"));
    lab_feed(&initiator, base_bytes(NULL, 0));
    openssl_join(&acceptor, &initiator);

    struct openssl_peer their_initiator;
    struct lab_end our_acceptor;
    openssl_peer_init(&their_initiator, peer_context(TLS_ROLE_CLIENT, row->version, usages));
    lab_end_init(&our_acceptor, our_context(TLS_ROLE_SERVER, row->version, "serverAuth"));
    openssl_join(&their_initiator, &our_acceptor);

    if (acceptor.open) {
        cr_assert_eq(initiator.fault, FAULT_NONE);
        cr_assert_eq(our_acceptor.fault, FAULT_NONE);
        cr_assert_eq(their_initiator.alert, -1);
    } else {
        cr_assert_eq(initiator.fault, FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE);
        cr_assert_eq(our_acceptor.fault, FAULT_TLS_PEER_EKU);
        cr_assert_eq(their_initiator.alert, SSL_AD_UNSUPPORTED_CERTIFICATE);
    }
}

ParameterizedTestParameters(tls_openssl, key_updates_are_answered) {
    static struct role_case cases[] = {{TLS_ROLE_CLIENT, TLS_VERSION_1_3},
                                       {TLS_ROLE_SERVER, TLS_VERSION_1_3}};
    return cr_make_param_array(struct role_case, cases, COUNT(cases));
}

ParameterizedTest(struct role_case *row, tls_openssl, key_updates_are_answered) {
    SSL_CTX *theirs = peer_context(other(row->role), row->version, "serverAuth clientAuth");
    struct meeting *meeting = meet(row->role, row->version, theirs);
    for (unsigned i = 0; i < 3; i++) {
        cr_assert(SSL_key_update(meeting->peer.ssl, SSL_KEY_UPDATE_REQUESTED));
        cr_assert_eq(SSL_do_handshake(meeting->peer.ssl), 1);
        char *data = NULL;
        long length = BIO_get_mem_data(meeting->peer.output, &data);
        cr_assert_gt(length, 0);
        lab_feed(&meeting->end, base_bytes(data, (size_t)length));
        (void)BIO_reset(meeting->peer.output);
        cr_assert_eq(meeting->end.fault, FAULT_NONE);
        cr_assert_gt(meeting->end.output.length, 0, "no answer to the KeyUpdate");
        write_both_ways(meeting, 1000);
    }
}

/* A client brings whatever it has: our own session ID, or a ticket of another server. */
ParameterizedTestParameters(tls_openssl, nothing_is_resumed) {
    static struct role_case cases[] = {{TLS_ROLE_SERVER, TLS_VERSION_1_2},
                                       {TLS_ROLE_SERVER, TLS_VERSION_1_3}};
    return cr_make_param_array(struct role_case, cases, COUNT(cases));
}

static void release_session(void *session) {
    SSL_SESSION_free(session);
}

static SSL_SESSION *session_of(struct openssl_peer *client) {
    return lab_keep(SSL_get1_session(client->ssl), release_session);
}

/* What an OpenSSL acceptor hands out. */
static SSL_SESSION *foreign_ticket(SSL_CTX *client_context, unsigned version) {
    struct openssl_peer client;
    struct openssl_peer server;
    openssl_peer_init(&client, client_context);
    openssl_peer_init(&server, peer_context(TLS_ROLE_SERVER, version, "serverAuth"));
    for (unsigned i = 0; i < 6; i++) {
        char *data = NULL;
        openssl_peer_advance(&client);
        long length = BIO_get_mem_data(client.output, &data);
        if (length > 0) {
            BIO_write(server.input, data, (int)length);
            (void)BIO_reset(client.output);
        }
        openssl_peer_advance(&server);
        length = BIO_get_mem_data(server.output, &data);
        if (length > 0) {
            BIO_write(client.input, data, (int)length);
            (void)BIO_reset(server.output);
        }
    }
    cr_assert(client.open && server.open);
    cr_assert(SSL_SESSION_is_resumable(SSL_get_session(client.ssl)));
    return session_of(&client);
}

ParameterizedTest(struct role_case *row, tls_openssl, nothing_is_resumed) {
    SSL_CTX *theirs = peer_context(TLS_ROLE_CLIENT, row->version, "serverAuth clientAuth");
    struct tls_context *ours = our_context(TLS_ROLE_SERVER, row->version, "serverAuth");
    SSL_SESSION *offered = foreign_ticket(theirs, row->version);
    for (unsigned i = 0; i < 3; i++) {
        struct openssl_peer client;
        struct lab_end server;
        openssl_peer_init(&client, theirs);
        cr_assert(SSL_set_session(client.ssl, offered));
        lab_end_init(&server, ours);
        openssl_join(&client, &server);
        cr_assert(client.open, "round %u: %s", i, base_fault_key(server.fault));
        cr_assert_not(SSL_session_reused(client.ssl));
        cr_assert_not(tls_session_is_resumed(server.session));
        cr_assert(server.judgement.made);
        offered = session_of(&client);
        cr_assert_not(SSL_SESSION_has_ticket(offered));
    }
}

Test(tls_openssl, initiators_do_not_resume_what_an_acceptor_offers) {
    for (size_t i = 0; i < COUNT(versions); i++) {
        SSL_CTX *theirs = peer_context(TLS_ROLE_SERVER, versions[i], "serverAuth");
        static const unsigned char name[] = "test";
        cr_assert(SSL_CTX_set_session_id_context(theirs, name, sizeof name));
        struct tls_context *ours = our_context(TLS_ROLE_CLIENT, versions[i], "clientAuth");
        for (unsigned round = 0; round < 3; round++) {
            struct openssl_peer server;
            struct lab_end client;
            openssl_peer_init(&server, theirs);
            lab_end_init(&client, ours);
            lab_feed(&client, base_bytes(NULL, 0));
            openssl_join(&server, &client);
            cr_assert(server.open);
            cr_assert_not(SSL_session_reused(server.ssl));
            cr_assert(client.judgement.made);
            lab_end_finish(&client);
        }
    }
}

/* RFC 5246: the handshake again on an open connection, which could bring another certificate. */
ParameterizedTestParameters(tls_openssl, renegotiation_is_refused) {
    static struct role_case cases[] = {{TLS_ROLE_CLIENT, TLS_VERSION_1_2},
                                       {TLS_ROLE_SERVER, TLS_VERSION_1_2}};
    return cr_make_param_array(struct role_case, cases, COUNT(cases));
}

ParameterizedTest(struct role_case *row, tls_openssl, renegotiation_is_refused) {
    SSL_CTX *theirs = peer_context(other(row->role), row->version, "serverAuth clientAuth");
    SSL_CTX_set_options(theirs, SSL_OP_ALLOW_CLIENT_RENEGOTIATION |
                                    SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION);
    struct meeting *meeting = meet(row->role, row->version, theirs);
    cr_assert(meeting->peer.open);
    cr_assert(SSL_renegotiate(meeting->peer.ssl));
    (void)SSL_do_handshake(meeting->peer.ssl);
    meeting->end.judgement.made = false;
    openssl_join(&meeting->peer, &meeting->end);
    cr_assert_not(meeting->end.judgement.made);
    cr_assert_eq(SSL_num_renegotiations(meeting->peer.ssl) > 0 &&
                     SSL_is_init_finished(meeting->peer.ssl),
                 0);
}

Test(tls_openssl, a_hello_retry_request_is_followed) {
    static const char *const groups[] = {"P-384", "X25519"};
    for (size_t i = 0; i < COUNT(groups); i++) {
        SSL_CTX *theirs = peer_context(TLS_ROLE_SERVER, TLS_VERSION_1_3, "serverAuth");
        cr_assert(SSL_CTX_set1_groups_list(theirs, groups[i]));
        struct meeting *meeting = meet(TLS_ROLE_CLIENT, TLS_VERSION_1_3, theirs);
        cr_assert(meeting->peer.open, "%s: %s", groups[i], base_fault_key(meeting->end.fault));
        write_both_ways(meeting, 100);
    }
}

static char key_lines[8192];

static void collect_key_line(const SSL *ssl, const char *line) {
    (void)ssl;
    strncat(key_lines, line, sizeof key_lines - strlen(key_lines) - 2);
    strcat(key_lines, "\n");
}

/* Random values and secrets are hexadecimal in either case. */
static bool file_holds(const char *path, const char *line) {
    char text[8192] = "";
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return strcasestr(text, line) != NULL;
}

Test(tls_openssl, key_log_holds_what_openssl_logs, .init = NULL, .fini = NULL) {
    char path[] = "/tmp/ekuload-keylog-XXXXXX";
    int descriptor = mkstemp(path);
    cr_assert_geq(descriptor, 0);
    close(descriptor);
    cr_assert_eq(setenv("SSLKEYLOGFILE", path, 1), 0);
    setup();
    for (size_t i = 0; i < 4; i++) {
        enum tls_role role = i % 2 == 0 ? TLS_ROLE_CLIENT : TLS_ROLE_SERVER;
        SSL_CTX *theirs = peer_context(other(role), versions[i / 2], "serverAuth clientAuth");
        SSL_CTX_set_keylog_callback(theirs, collect_key_line);
        struct meeting *meeting = meet(role, versions[i / 2], theirs);
        cr_assert(tls_session_is_open(meeting->end.session));
        write_both_ways(meeting, 100);
    }
    unsigned lines = 0;
    for (char *line = strtok(key_lines, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        /* No traffic is encrypted with it. */
        if (strncmp(line, "EXPORTER_SECRET", strlen("EXPORTER_SECRET")) != 0) {
            cr_assert(file_holds(path, line), "%s", line);
            lines++;
        }
    }
    cr_assert_eq(lines, 2 + 2 * 4);
    unlink(path);
    lab_stop();
}

Test(tls_openssl, keys_and_authorities_of_every_kind_mix) {
    static const char *const keys[] = {"rsa-2048", "ecdsa-p256", "ecdsa-p384", "ed25519"};
    for (size_t i = 0; i < COUNT(keys) * COUNT(versions) * 2; i++) {
        const char *key = keys[i / 4];
        enum tls_role role = i % 2 == 0 ? TLS_ROLE_CLIENT : TLS_ROLE_SERVER;
        unsigned version = versions[i / 2 % 2];
        struct certs_leaf_spec leaf = lab_leaf("serverAuth clientAuth");
        leaf.key = key;
        const struct tls_identity *identity = lab_identity(authority, &leaf);
        struct tls_context_options options = lab_options(role, &identity, trust, version);
        struct openssl_peer peer;
        struct lab_end end;
        lab_end_init(&end, lab_context(&options));
        openssl_peer_init(&peer, peer_context(other(role), version, "serverAuth clientAuth"));
        lab_feed(&end, base_bytes(NULL, 0));
        openssl_join(&peer, &end);
        cr_assert(peer.open && end.fault == FAULT_NONE, "%s, version %u, role %u: %s", key, version,
                  role, base_fault_key(end.fault));
    }
}
