/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http_lab.h"

#include "tls_session.h"

#include <stdio.h>
#include <string.h>

#define FOR_US   "Host: edge.example.test:8443\r\n\r\n"
#define FOR_CUCM "Host: cucm.example.test:6972\r\n\r\n"

static const struct metrics_listener *counted(const struct chain *chain) {
    return &chain->lab.shard.listeners[CHAIN_PROVISIONING];
}

static struct lab_peer *dial(struct chain *chain) {
    return chain_dial(chain, CHAIN_PROVISIONING);
}

struct server_case {
    const char *request;
    const char *start; /* of the answer */
    const char *end;   /* what it ends with */
    unsigned unroutable;
};

Test(conn_http_server, answers_whatever_it_is_asked) {
    static const struct server_case cases[] = {
        {"GET /phone.cnf.xml HTTP/1.1\r\n" FOR_US, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n",
         "</device>\n", 0},
        {"POST /login HTTP/1.1\r\nContent-Length: 2\r\n" FOR_US "hi", "HTTP/1.1 200 OK\r\n",
         "</device>\n", 0},
        {"HEAD / HTTP/1.1\r\n" FOR_US, "HTTP/1.1 200 OK\r\n", "\r\n\r\n", 0},
        {"DELETE / HTTP/1.1\r\n" FOR_US, "HTTP/1.1 501 Not Implemented\r\n", "\r\n\r\n", 0},
        {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Host is missing\r\n", "\r\n\r\n", 0},
        {"GET / HTTP/1.1\r\nHost: elsewhere.example.test\r\n\r\n",
         "HTTP/1.1 404 no route to elsewhere.example.test\r\n", "\r\n\r\n", 1},
        {"GET / HTTP/1.1\r\n" FOR_CUCM, "HTTP/1.1 503 no tunnel is open on edge.tunnel\r\n",
         "\r\n\r\n", 1},
        {"HEAD / HTTP/1.1\r\n" FOR_CUCM, "HTTP/1.1 501 HEAD is not sent on\r\n", "\r\n\r\n", 1},
        {"GET / HTTP/1.1\r\nTunnel-Channel: 4\r\n" FOR_US,
         "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n", "</device>\n", 0},
    };
    for (const struct server_case *row = cases; row < cases + sizeof cases / sizeof *cases; row++) {
        struct chain chain;
        chain_init(&chain);
        struct lab_peer *peer = dial(&chain);
        CHAIN_UNTIL(&chain, tls_session_is_open(peer->session));
        chain_say(peer, row->request);
        CHAIN_UNTIL(&chain, chain_heard(peer, row->end));
        cr_expect_eq(memcmp(peer->plaintext.data, row->start, strlen(row->start)), 0, "%.*s",
                     (int)peer->plaintext.length, (const char *)peer->plaintext.data);
        cr_expect_not(chain_heard(peer, "Tunnel-Channel"));
        cr_expect_eq(metrics_read(&counted(&chain)->sip_requests), 1);
        cr_expect_eq(metrics_read(&counted(&chain)->unroutable), row->unroutable);
        cr_expect_eq(metrics_read(&counted(&chain)->relayed), 0);
        cr_expect_eq(chain.lab.environment.exchanges.free_count, chain.free_exchanges);
        chain_finish(&chain);
    }
}

Test(conn_http_server, says_why_the_tunnel_is_down) {
    struct chain chain;
    chain_init(&chain);
    chain.lab.environment.listener_carriers[CHAIN_TUNNEL_LISTENER].last_fault = FAULT_TLS_PEER_EKU;
    struct lab_peer *peer = dial(&chain);
    CHAIN_UNTIL(&chain, tls_session_is_open(peer->session));
    chain_say(peer, "GET / HTTP/1.1\r\n" FOR_CUCM);
    CHAIN_UNTIL(&chain, chain_heard(peer, "\r\n\r\n"));
    cr_expect(chain_heard(peer, "HTTP/1.1 503 no tunnel is open on edge.tunnel: "));
    cr_expect(chain_heard(peer, base_fault_text(FAULT_TLS_PEER_EKU)));
    chain_finish(&chain);
}

Test(conn_http_server, a_login_page_is_served_to_browsers) {
    struct chain chain;
    chain_init(&chain);
    chain.planned_listeners[CHAIN_PROVISIONING].service = PROFILE_SERVICE_WEBRTC;
    struct lab_peer *peer = dial(&chain);
    CHAIN_UNTIL(&chain, tls_session_is_open(peer->session));
    chain_say(peer, "GET / HTTP/1.1\r\n" FOR_US);
    CHAIN_UNTIL(&chain, chain_heard(peer, "</html>\n"));
    cr_expect(chain_heard(peer, "Content-Type: text/html\r\n"));
    chain_finish(&chain);
}

struct ending_case {
    const char *text;
    enum fault fault;
    size_t answers;
};

Test(conn_http_server, closes_when_it_is_told_to_or_must) {
    static const struct ending_case cases[] = {
        {"GET / HTTP/1.1\r\nConnection: close\r\n" FOR_US "GET / HTTP/1.1\r\n" FOR_US, FAULT_NONE,
         1},
        {"GET / HTTP/1.0\r\n" FOR_US, FAULT_NONE, 1},
        {"GET / HTTP/1.1\r\n" FOR_US "SSH-2.0", FAULT_HTTP_MALFORMED, 1},
        {"HTTP/1.1 200 OK\r\n\r\n", FAULT_HTTP_MALFORMED, 0},
        {"CONNECT cucm.example.test:443 HTTP/1.1\r\n" FOR_CUCM, FAULT_HTTP_MALFORMED, 0},
    };
    for (const struct ending_case *row = cases; row < cases + sizeof cases / sizeof *cases; row++) {
        struct chain chain;
        chain_init(&chain);
        struct lab_peer *peer = dial(&chain);
        CHAIN_UNTIL(&chain, tls_session_is_open(peer->session));
        chain_say(peer, row->text);
        CHAIN_UNTIL(&chain, peer->read_end);
        lab_peer_hang_up(peer, false);
        CHAIN_UNTIL(&chain, chain.lab.done);
        cr_expect_eq(chain.lab.conn->fault, row->fault, "%s after %s",
                     base_fault_key(chain.lab.conn->fault), row->text);
        cr_expect_eq(lab_peer_count(peer, "HTTP/1.1 200 OK\r\n"), row->answers, "%s", row->text);
        chain_finish(&chain);
    }
}

/* The connection ends with it: an answer that comes later is nobody's. */
Test(conn_http_server, a_client_is_told_when_no_answer_comes_back) {
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *tunnel = chain_open_tunnel_of_edge(&chain);
    struct lab_peer *client = dial(&chain);
    struct conn *conn = chain.lab.conn;
    CHAIN_UNTIL(&chain, tls_session_is_open(client->session));
    chain_say(client, "GET / HTTP/1.1\r\n" FOR_CUCM);
    CHAIN_UNTIL(&chain, chain_heard(tunnel, "GET / HTTP/1.1\r\n"));
    cr_assert(conn->awaits_response);
    cr_expect_neq(conn->timer.deadline_ns, 0, "it would wait for ever");
    conn_expire(conn, &chain.lab.environment);
    CHAIN_UNTIL(&chain, client->read_end);
    cr_expect(chain_heard(client, "HTTP/1.1 504 Gateway Timeout\r\n"));
    cr_expect_eq(metrics_read(&counted(&chain)->unroutable), 1);
    char answer[128];
    snprintf(answer, sizeof answer, "HTTP/1.1 200 Late\r\nTunnel-Channel: %llu\r\n\r\n\r\n\r\n",
             chain_channel(tunnel));
    lab_peer_forget(tunnel);
    chain_say(tunnel, answer);
    CHAIN_UNTIL(&chain, chain_heard(tunnel, "\r\n"));
    cr_expect_not(chain_heard(client, "Late"));
    cr_expect_eq(chain.lab.environment.exchanges.free_count, chain.free_exchanges);
    chain_finish(&chain);
}

Test(conn_http_server, an_answer_ends_the_wait) {
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *tunnel = chain_open_tunnel_of_edge(&chain);
    struct lab_peer *client = dial(&chain);
    struct conn *conn = chain.lab.conn;
    char answer[128];
    CHAIN_UNTIL(&chain, tls_session_is_open(client->session));
    chain_say(client, "GET / HTTP/1.1\r\n" FOR_CUCM);
    CHAIN_UNTIL(&chain, chain_heard(tunnel, "GET / HTTP/1.1\r\n"));
    snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nTunnel-Channel: %llu\r\n\r\n",
             chain_channel(tunnel));
    chain_say(tunnel, answer);
    CHAIN_UNTIL(&chain, chain_heard(client, "HTTP/1.1 200 OK\r\n"));
    cr_expect_eq(conn->timer.deadline_ns, 0);
    chain_finish(&chain);
}

Test(conn_http_server, a_client_is_told_when_too_many_wait) {
    struct chain chain;
    chain_init(&chain);
    chain_open_tunnel_of_edge(&chain);
    while (base_pool_borrow(&chain.lab.environment.exchanges) != BASE_POOL_NONE) {
    }
    struct lab_peer *client = dial(&chain);
    CHAIN_UNTIL(&chain, tls_session_is_open(client->session));
    chain_say(client, "GET / HTTP/1.1\r\n" FOR_CUCM);
    CHAIN_UNTIL(&chain, chain_heard(client, "\r\n\r\n"));
    cr_expect(chain_heard(client, "HTTP/1.1 503 too much waits on edge.tunnel already\r\n"));
    chain_finish(&chain);
}
