/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http_lab.h"

#include "tls_session.h"

#include <stdio.h>
#include <string.h>

#define GET_CUCM "GET /phone.cnf.xml HTTP/1.1\r\nHost: cucm.example.test:6972\r\n"
#define GET_EDGE "GET / HTTP/1.1\r\nHost: edge.example.test\r\n\r\n"

static void answer(struct lab_peer *peer, unsigned long long channel, const char *body) {
    char text[256];
    snprintf(text, sizeof text,
             "HTTP/1.1 200 OK\r\nTunnel-Channel: %llu\r\nContent-Length: %zu\r\n\r\n%s", channel,
             strlen(body), body);
    chain_say(peer, text);
}

static struct lab_peer *dial(struct chain *chain) {
    struct lab_peer *client = chain_dial(chain, CHAIN_PROVISIONING);
    CHAIN_UNTIL(chain, tls_session_is_open(client->session));
    return client;
}

static void expect_nothing_pending(const struct chain *chain) {
    cr_expect_eq(chain->lab.environment.exchanges.free_count, chain->free_exchanges);
}

Test(conn_tunnel, a_client_is_answered_through_the_tunnel) {
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *tunnel = chain_open_tunnel_of_edge(&chain);
    struct lab_peer *client = dial(&chain);
    chain_say(client, GET_CUCM "tunnel-channel: 1\r\nX: y\r\nTunnel-Channel: 2\r\n\r\n");
    CHAIN_UNTIL(&chain, chain_heard(tunnel, "\r\n\r\n"));
    cr_expect(chain_heard(tunnel, "X: y\r\n"));
    cr_expect_not(chain_heard(tunnel, "tunnel-channel"));
    cr_expect_gt(chain_channel(tunnel), 2);
    chain_say(tunnel, "HTTP/1.1 100 Continue\r\n\r\n"); /* no channel: dropped */
    answer(tunnel, chain_channel(tunnel), "<device/>");
    CHAIN_UNTIL(&chain, chain_heard(client, "<device/>"));
    cr_expect(chain_heard(client, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
    cr_expect_not(chain_heard(client, "Tunnel-Channel"));
    const struct metrics_listener *listeners = chain.lab.shard.listeners;
    cr_expect_eq(metrics_read(&listeners[CHAIN_PROVISIONING].relayed), 1);
    cr_expect_eq(metrics_read(&listeners[CHAIN_TUNNEL_LISTENER].unroutable), 1);
    expect_nothing_pending(&chain);
    chain_finish(&chain);
}

Test(conn_tunnel, no_channel_reaches_who_did_not_ask_there) {
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *tunnel = chain_open_tunnel_of_edge(&chain);
    struct lab_peer *other = chain_open_tunnel_of_edge(&chain);
    struct lab_peer *client = dial(&chain);
    chain_say(client, GET_CUCM "\r\n");
    CHAIN_UNTIL(&chain, chain_heard(tunnel, "\r\n\r\n") || chain_heard(other, "\r\n\r\n"));
    struct lab_peer *asked = chain_heard(tunnel, "\r\n\r\n") ? tunnel : other;
    struct lab_peer *unasked = asked == tunnel ? other : tunnel;
    unsigned long long channel = chain_channel(asked);
    const unsigned long long guesses[] = {
        0, 1, channel + 1, channel - 1, channel + (1ull << 32), channel ^ (1ull << 63), UINT64_MAX};
    for (unsigned i = 0; i < sizeof guesses / sizeof *guesses; i++) {
        answer(asked, guesses[i], "forged");
    }
    answer(unasked, channel, "forged");
    const struct metrics_listener *tunnels = &chain.lab.shard.listeners[CHAIN_TUNNEL_LISTENER];
    CHAIN_UNTIL(&chain, metrics_read(&tunnels->unroutable) == 8);
    answer(asked, channel, "first");
    answer(asked, channel, "forged");
    CHAIN_UNTIL(&chain, metrics_read(&tunnels->unroutable) == 9);
    CHAIN_UNTIL(&chain, chain_heard(client, "first"));
    cr_expect_not(chain_heard(client, "forged"));
    expect_nothing_pending(&chain);
    chain_finish(&chain);
}

Test(conn_tunnel, a_client_reads_answers_in_the_order_of_its_requests) {
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *tunnel = chain_open_tunnel_of_edge(&chain);
    struct lab_peer *client = dial(&chain);
    chain_say(client, GET_CUCM "\r\n" GET_EDGE);
    CHAIN_UNTIL(&chain, chain_heard(tunnel, "\r\n\r\n"));
    chain_say(client, GET_EDGE "GET /late");
    struct conn *conn = chain.lab.conn;
    CHAIN_UNTIL(&chain, conn->inbox_length == 2 * strlen(GET_EDGE) + 9);
    cr_expect_eq(client->plaintext.length, 0);
    answer(tunnel, chain_channel(tunnel), "<first/>");
    CHAIN_UNTIL(&chain, lab_peer_count(client, "</device>") == 2);
    cr_expect(memmem(client->plaintext.data, client->plaintext.length, "<first/>", 8) <
              memmem(client->plaintext.data, client->plaintext.length, "</device>", 9));
    cr_expect_eq(conn->inbox_length, 9);
    chain_finish(&chain);
}

Test(conn_tunnel, a_client_that_wants_to_close_is_answered_first) {
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *tunnel = chain_open_tunnel_of_edge(&chain);
    struct lab_peer *client = dial(&chain);
    chain_say(client, GET_CUCM "Connection: close\r\n\r\n");
    CHAIN_UNTIL(&chain, chain_heard(tunnel, "\r\n\r\n"));
    answer(tunnel, chain_channel(tunnel), "<device/>");
    CHAIN_UNTIL(&chain, client->read_end);
    cr_expect(chain_heard(client, "<device/>"));
    cr_expect_eq(chain.lab.conn->fault, FAULT_NONE);
    cr_expect_not(tunnel->read_end);
    chain_finish(&chain);
}

Test(conn_tunnel, a_tunnel_that_ends_leaves_nobody_waiting) {
    for (int in_order = 0; in_order < 2; in_order++) {
        struct chain chain;
        chain_init(&chain);
        struct lab_peer *tunnel = chain_open_tunnel_of_edge(&chain);
        struct lab_peer *one = dial(&chain);
        struct lab_peer *two = dial(&chain);
        chain_say(one, GET_CUCM "\r\n");
        chain_say(two, GET_CUCM "\r\n");
        CHAIN_UNTIL(&chain, lab_peer_count(tunnel, "\r\n\r\n") == 2);
        if (in_order != 0) {
            lab_peer_close_notify(tunnel);
        } else {
            chain_say(tunnel, "nonsense");
        }
        CHAIN_UNTIL(&chain, chain_heard(one, "\r\n\r\n") && chain_heard(two, "\r\n\r\n"));
        cr_expect(chain_heard(one, "HTTP/1.1 502 the connection over edge.tunnel ended"));
        cr_expect_eq(chain_heard(two, "that are not HTTP/1.1\r\n"), in_order == 0);
        expect_nothing_pending(&chain);
        /* Both go on. */
        lab_peer_forget(one);
        chain_say(one, GET_EDGE);
        CHAIN_UNTIL(&chain, chain_heard(one, "</device>"));
        chain_finish(&chain);
    }
}

Test(conn_tunnel, an_answer_to_a_client_that_left_is_dropped) {
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *tunnel = chain_open_tunnel_of_edge(&chain);
    struct lab_peer *client = dial(&chain);
    chain_say(client, GET_CUCM "\r\n");
    CHAIN_UNTIL(&chain, chain_heard(tunnel, "\r\n\r\n"));
    lab_peer_hang_up(client, true);
    CHAIN_UNTIL(&chain, chain.lab.done);
    struct lab_peer *next = dial(&chain); /* the same slot, another life */
    chain_say(next, GET_EDGE);
    CHAIN_UNTIL(&chain, chain_heard(next, "</device>"));
    answer(tunnel, chain_channel(tunnel), "stale");
    chain_say(tunnel, "\r\n\r\n");
    lab_peer_forget(tunnel);
    CHAIN_UNTIL(&chain, chain_heard(tunnel, "\r\n"));
    chain_turn(&chain);
    cr_expect_not(chain_heard(next, "stale"));
    expect_nothing_pending(&chain);
    chain_finish(&chain);
}

/* The Core's side. */

static void ask(struct lab_peer *tunnel, unsigned channel, const char *path) {
    char text[256];
    snprintf(text, sizeof text,
             "GET /%s HTTP/1.1\r\nHost: cucm.example.test\r\nTunnel-Channel: %u\r\n\r\n", path,
             channel);
    chain_say(tunnel, text);
}

Test(conn_tunnel, requests_out_of_it_are_answered_in_their_channels) {
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *tunnel = chain_open_tunnel_of_core(&chain);
    struct lab_peer *server = chain_open_server(&chain);
    ask(tunnel, 7, "one");
    ask(tunnel, 9, "two");
    ask(tunnel, 7, "three");
    CHAIN_UNTIL(&chain, lab_peer_count(server, "\r\n\r\n") == 3);
    cr_expect_not(chain_heard(server, "Tunnel-Channel"));
    chain_say(server, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"
                      "HTTP/1.1 404 Not Found\r\nTunnel-Channel: 1\r\nContent-Length: 3\r\n\r\ntwo"
                      "HTTP/1.1 100 Continue\r\n\r\n"
                      "HTTP/1.1 200 OK\r\n\r\n");
    CHAIN_UNTIL(&chain, lab_peer_count(tunnel, "\r\n\r\n") == 4);
    cr_expect(chain_heard(
        tunnel, "HTTP/1.1 200 OK\r\nTunnel-Channel: 7\r\nContent-Length: 3\r\n\r\none"
                "HTTP/1.1 404 Not Found\r\nTunnel-Channel: 9\r\nContent-Length: 3\r\n\r\ntwo"
                "HTTP/1.1 100 Continue\r\nTunnel-Channel: 7\r\n\r\n"
                "HTTP/1.1 200 OK\r\nTunnel-Channel: 7\r\nContent-Length: 0\r\n\r\n"));
    cr_expect_eq(metrics_read(&chain.lab.shard.zones[CHAIN_TUNNEL_ZONE].relayed), 3);
    cr_expect_eq(metrics_read(&chain.lab.shard.zones[CHAIN_TFTP].sip_responses[404]), 0);
    expect_nothing_pending(&chain);
    chain_finish(&chain);
}

Test(conn_tunnel, requests_out_of_it_never_go_back_into_one) {
    static const struct {
        const char *request;
        const char *answer; /* NULL: none can be sent */
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: core.example.test\r\nTunnel-Channel: 3\r\n\r\n",
         "HTTP/1.1 200 OK\r\nTunnel-Channel: 3\r\n"},
        {"GET / HTTP/1.1\r\nHost: cucm.example.test\r\nTunnel-Channel: 3\r\n\r\n",
         "HTTP/1.1 503 no connection is open on core.tftp\r\nTunnel-Channel: 3\r\n"},
        {"GET / HTTP/1.1\r\nHost: edge.example.test\r\nTunnel-Channel: 3\r\n\r\n",
         "HTTP/1.1 508 a tunnel leads into no other tunnel\r\nTunnel-Channel: 3\r\n"},
        {"GET / HTTP/1.1\r\nHost: nowhere\r\nTunnel-Channel: 3\r\n\r\n",
         "HTTP/1.1 404 no route to nowhere\r\nTunnel-Channel: 3\r\n"},
        {"GET / HTTP/1.1\r\nHost: core.example.test\r\n\r\n", NULL},
        {"GET / HTTP/1.1\r\nHost: core.example.test\r\nTunnel-Channel: x\r\n\r\n", NULL},
    };
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *tunnel = chain_open_tunnel_of_core(&chain);
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        lab_peer_forget(tunnel);
        chain_say(tunnel, cases[i].request);
        chain_say(tunnel, "\r\n\r\n");
        CHAIN_UNTIL(&chain, tunnel->plaintext.length >= 2 &&
                                memcmp(tunnel->plaintext.data + tunnel->plaintext.length - 2,
                                       "\r\n", 2) == 0);
        cr_expect_eq(chain_heard(tunnel, "HTTP/1.1"), cases[i].answer != NULL, "%s",
                     cases[i].request);
        cr_expect(cases[i].answer == NULL || chain_heard(tunnel, cases[i].answer), "%s gives %.*s",
                  cases[i].request, (int)tunnel->plaintext.length,
                  (const char *)tunnel->plaintext.data);
    }
    cr_expect_eq(metrics_read(&chain.lab.shard.zones[CHAIN_TUNNEL_ZONE].unroutable), 5);
    expect_nothing_pending(&chain);
    chain_finish(&chain);
}

Test(conn_tunnel, a_server_that_hangs_up_is_told_in_the_channel) {
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *tunnel = chain_open_tunnel_of_core(&chain);
    struct lab_peer *server = chain_open_server(&chain);
    ask(tunnel, 7, "one");
    ask(tunnel, 9, "two");
    CHAIN_UNTIL(&chain, lab_peer_count(server, "\r\n\r\n") == 2);
    lab_peer_hang_up(server, true);
    CHAIN_UNTIL(&chain, lab_peer_count(tunnel, "\r\n\r\n") == 2);
    cr_expect(chain_heard(tunnel, "HTTP/1.1 502 the connection over core.tftp ended: "));
    cr_expect(chain_heard(tunnel, "Tunnel-Channel: 7\r\n"));
    cr_expect(chain_heard(tunnel, "Tunnel-Channel: 9\r\n"));
    expect_nothing_pending(&chain);
    chain_finish(&chain);
}

Test(conn_tunnel, a_tunnel_of_ours_without_a_pong_is_unconfirmed) {
    struct chain chain;
    chain_init(&chain);
    chain_be_dialled(&chain, CHAIN_TUNNEL_ZONE);
    CHAIN_UNTIL(&chain, chain.peers[0].read_end);
    cr_expect_eq(chain.lab.conn->outcome, CONN_OUTCOME_UNCONFIRMED);
    chain_finish(&chain);
}
