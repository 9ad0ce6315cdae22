/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PEER         UINT64_C(7)

static struct certs_authority *authority;
static const struct tls_identity *identity;
static struct tls_trust *trust;
static const uint8_t keys[2][TLS_TICKET_KEY_SIZE] = {{1}, {2}};

static void setup(void) {
    lab_start();
    struct certs_leaf_spec leaf = lab_leaf("clientAuth serverAuth");
    authority = lab_authority("ca1", 1);
    identity = lab_identity(authority, &leaf);
    trust = lab_trust_in(authority);
}

TestSuite(tls_resume, .init = setup, .fini = lab_stop);

static struct tls_context_options client_options(enum tls_resumption resumption, unsigned version) {
    struct tls_context_options options = lab_options(TLS_ROLE_CLIENT, &identity, trust, version);
    options.resumption = resumption;
    return options;
}

static struct tls_context_options server_options(enum tls_resumption resumption, unsigned version) {
    struct tls_context_options options = lab_options(TLS_ROLE_SERVER, &identity, trust, version);
    options.resumption = resumption;
    options.ticket_key = keys[0];
    return options;
}

struct outcome {
    bool open;
    bool resumed;
    bool judged; /* the initiator's certificate was */
    enum fault server_fault;
    enum fault client_fault;
};

static void expect_data_both_ways(struct lab_pair *pair) {
    struct bytes hello = base_bytes_of_text("OPTIONS");
    pair->client.exchange.output = &pair->client.output;
    pair->server.exchange.output = &pair->server.output;
    cr_assert_eq(tls_session_write(pair->client.session, hello, &pair->client.exchange),
                 FAULT_NONE);
    cr_assert(lab_carry(&pair->client, &pair->server));
    cr_assert(base_bytes_equal(base_buffer_bytes(&pair->server.plaintext), hello));
    cr_assert_eq(tls_session_write(pair->server.session, hello, &pair->server.exchange),
                 FAULT_NONE);
    cr_assert(lab_carry(&pair->server, &pair->client));
    cr_assert(base_bytes_equal(base_buffer_bytes(&pair->client.plaintext), hello));
}

/* A whole connection of an initiator that dials `peer`. */
static struct outcome dial(struct tls_context *client, struct tls_context *server, uint64_t peer,
                           bool resume) {
    struct lab_pair pair;
    lab_pair_init(&pair, client, server);
    tls_session_dial(pair.client.session, peer, resume);
    lab_shake(&pair);
    struct outcome outcome = {
        .open = lab_both_open(&pair),
        .judged = pair.server.judgement.made,
        .server_fault = pair.server.fault,
        .client_fault = pair.client.fault,
    };
    if (outcome.open) {
        expect_data_both_ways(&pair);
        outcome.resumed = tls_session_is_resumed(pair.client.session);
        cr_assert_eq(tls_session_is_resumed(pair.server.session), outcome.resumed);
        cr_assert_eq(pair.client.judgement.made, !outcome.resumed);
        cr_assert_eq(outcome.judged, !outcome.resumed);
    }
    lab_pair_finish(&pair);
    return outcome;
}

Test(tls_resume, both_ends_must_want_it_in_the_same_way) {
    static const struct {
        enum tls_resumption client;
        enum tls_resumption server;
        unsigned version;
        bool resumed;
    } cases[] = {
        {TLS_RESUMPTION_TICKETS, TLS_RESUMPTION_TICKETS, TLS_VERSION_1_2, true},
        {TLS_RESUMPTION_TICKETS, TLS_RESUMPTION_TICKETS, TLS_VERSION_1_3, true},
        {TLS_RESUMPTION_SESSION_ID, TLS_RESUMPTION_SESSION_ID, TLS_VERSION_1_2, true},
        {TLS_RESUMPTION_SESSION_ID, TLS_RESUMPTION_SESSION_ID, TLS_VERSION_1_3, false},
        {TLS_RESUMPTION_TICKETS, TLS_RESUMPTION_SESSION_ID, TLS_VERSION_1_2, false},
        {TLS_RESUMPTION_TICKETS, TLS_RESUMPTION_SESSION_ID, TLS_VERSION_1_3, false},
        {TLS_RESUMPTION_SESSION_ID, TLS_RESUMPTION_TICKETS, TLS_VERSION_1_2, false},
        {TLS_RESUMPTION_SESSION_ID, TLS_RESUMPTION_TICKETS, TLS_VERSION_1_3, false},
        {TLS_RESUMPTION_TICKETS, TLS_RESUMPTION_OFF, TLS_VERSION_1_2, false},
        {TLS_RESUMPTION_TICKETS, TLS_RESUMPTION_OFF, TLS_VERSION_1_3, false},
        {TLS_RESUMPTION_SESSION_ID, TLS_RESUMPTION_OFF, TLS_VERSION_1_2, false},
        {TLS_RESUMPTION_OFF, TLS_RESUMPTION_TICKETS, TLS_VERSION_1_2, false},
        {TLS_RESUMPTION_OFF, TLS_RESUMPTION_TICKETS, TLS_VERSION_1_3, false},
        {TLS_RESUMPTION_OFF, TLS_RESUMPTION_SESSION_ID, TLS_VERSION_1_2, false},
        {TLS_RESUMPTION_OFF, TLS_RESUMPTION_OFF, TLS_VERSION_1_3, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct tls_context_options client = client_options(cases[i].client, cases[i].version);
        struct tls_context_options server = server_options(cases[i].server, cases[i].version);
        struct tls_context *initiator = lab_context(&client);
        struct tls_context *acceptor = lab_context(&server);
        for (unsigned round = 0; round < 4; round++) {
            struct outcome outcome = dial(initiator, acceptor, PEER, true);
            cr_assert(outcome.open, "case %zu round %u: %s, %s", i, round,
                      base_fault_key(outcome.client_fault), base_fault_key(outcome.server_fault));
            cr_assert_eq(outcome.resumed, round > 0 && cases[i].resumed, "case %zu round %u", i,
                         round);
        }
    }
}

static const struct {
    enum tls_resumption resumption;
    unsigned version;
} ways[] = {
    {TLS_RESUMPTION_TICKETS, TLS_VERSION_1_2},
    {TLS_RESUMPTION_TICKETS, TLS_VERSION_1_3},
    {TLS_RESUMPTION_SESSION_ID, TLS_VERSION_1_2},
};

Test(tls_resume, a_resumed_session_passes_by_a_policy_that_changed) {
    struct certs_leaf_spec leaf = lab_leaf("serverAuth");
    const struct tls_identity *server_auth_only = lab_identity(authority, &leaf);
    for (size_t i = 0; i < COUNT(ways); i++) {
        static _Atomic(unsigned) policy;
        struct tls_context_options client = client_options(ways[i].resumption, ways[i].version);
        struct tls_context_options server = server_options(ways[i].resumption, ways[i].version);
        client.identities = &server_auth_only;
        server.eku_policy = &policy;
        struct tls_context *initiator = lab_context(&client);
        struct tls_context *acceptor = lab_context(&server);
        atomic_store(&policy, TLS_EKU_SERVER_OR_CLIENT);
        cr_assert(dial(initiator, acceptor, PEER, true).open);
        atomic_store(&policy, TLS_EKU_EXPRESSWAY);
        struct outcome resumed = dial(initiator, acceptor, PEER, true);
        cr_assert(resumed.open && resumed.resumed, "way %zu", i);
        struct outcome full = dial(initiator, acceptor, PEER, false);
        cr_assert_eq(full.server_fault, FAULT_TLS_PEER_EKU, "way %zu", i);
        cr_assert_eq(full.client_fault, FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE, "way %zu", i);
    }
}

Test(tls_resume, what_one_peer_granted_is_not_offered_to_another) {
    for (size_t i = 0; i < COUNT(ways); i++) {
        struct tls_context_options client = client_options(ways[i].resumption, ways[i].version);
        struct tls_context_options server = server_options(ways[i].resumption, ways[i].version);
        struct tls_context *initiator = lab_context(&client);
        struct tls_context *acceptor = lab_context(&server);
        cr_assert_not(dial(initiator, acceptor, 1, true).resumed);
        cr_assert_not(dial(initiator, acceptor, 2, true).resumed);
        cr_assert(dial(initiator, acceptor, 1, true).resumed);
        cr_assert(dial(initiator, acceptor, 2, true).resumed);
        cr_assert_not(dial(initiator, acceptor, 1, false).resumed);
        cr_assert(dial(initiator, acceptor, 1, true).resumed);
    }
}

Test(tls_resume, no_more_than_a_few_peers_are_remembered) {
    struct tls_context_options client = client_options(TLS_RESUMPTION_TICKETS, TLS_VERSION_1_3);
    struct tls_context_options server = server_options(TLS_RESUMPTION_TICKETS, TLS_VERSION_1_3);
    struct tls_context *initiator = lab_context(&client);
    struct tls_context *acceptor = lab_context(&server);
    for (uint64_t peer = 0; peer < 20; peer++) {
        cr_assert_not(dial(initiator, acceptor, peer, true).resumed);
    }
    cr_assert(dial(initiator, acceptor, 19, true).resumed);
    cr_assert_not(dial(initiator, acceptor, 0, true).resumed);
}

/* The contexts of two workers, of two listeners, of two nodes. */
Test(tls_resume, tickets_are_good_where_they_were_granted) {
    static const struct {
        const uint8_t *key;
        uint32_t scope;
        bool resumed;
    } others[] = {{keys[0], 3, true}, {keys[0], 4, false}, {keys[1], 3, false}};
    static const unsigned versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};
    for (size_t i = 0; i < 2 * COUNT(others); i++) {
        unsigned version = versions[i % 2];
        struct tls_context_options client = client_options(TLS_RESUMPTION_TICKETS, version);
        struct tls_context_options server = server_options(TLS_RESUMPTION_TICKETS, version);
        struct tls_context *initiator = lab_context(&client);
        server.resumption_scope = 3;
        cr_assert(dial(initiator, lab_context(&server), PEER, true).open);
        server.ticket_key = others[i / 2].key;
        server.resumption_scope = others[i / 2].scope;
        struct tls_context *other = lab_context(&server);
        struct outcome outcome = dial(initiator, other, PEER, true);
        cr_assert(outcome.open, "case %zu: %s, %s", i, base_fault_key(outcome.client_fault),
                  base_fault_key(outcome.server_fault));
        cr_assert_eq(outcome.resumed, others[i / 2].resumed, "case %zu", i);
        /* A ticket that was turned down is not offered again. */
        (void)dial(initiator, other, PEER, true);
        cr_assert(dial(initiator, other, PEER, true).resumed, "case %zu", i);
    }
}

/* The library's cache is the process's: a listener that looks into it may find another's. */
Test(tls_resume, session_ids_of_another_listener_are_refused) {
    struct tls_context_options client = client_options(TLS_RESUMPTION_SESSION_ID, TLS_VERSION_1_2);
    struct tls_context_options server = server_options(TLS_RESUMPTION_SESSION_ID, TLS_VERSION_1_2);
    struct tls_context *initiator = lab_context(&client);
    server.resumption_scope = 3;
    struct tls_context *granting = lab_context(&server);
    cr_assert(dial(initiator, granting, PEER, true).open);
    cr_assert(dial(initiator, lab_context(&server), PEER, true).resumed);
    server.resumption_scope = 4;
    struct tls_context *other = lab_context(&server);
    cr_assert_eq(dial(initiator, other, PEER, true).server_fault, FAULT_TLS_PEER_NO_CERTIFICATE);
}

Test(tls_resume, a_context_made_on_first_use_serves_as_any) {
    struct tls_context_options client = client_options(TLS_RESUMPTION_TICKETS, TLS_VERSION_1_3);
    struct tls_context_options server = server_options(TLS_RESUMPTION_TICKETS, TLS_VERSION_1_3);
    client.on_first_use = true;
    struct tls_context *initiator = lab_context(&client);
    client.identities = NULL;
    struct tls_context *acceptor = lab_context(&server);
    cr_assert(dial(initiator, acceptor, PEER, true).judged);
    cr_assert(dial(initiator, acceptor, PEER, true).resumed);
}
