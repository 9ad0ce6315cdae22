/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http_lab.h"

#include "conn_mail.h"
#include "tls_session.h"

#include <stdlib.h>
#include <string.h>

/* What stands between two workers, of which the chain is one. */

#define GET_CUCM "GET /phone.cnf.xml HTTP/1.1\r\nHost: cucm.example.test:6972\r\n\r\n"
#define GET_EDGE "GET / HTTP/1.1\r\nHost: edge.example.test\r\n\r\n"

static const struct node_hop tunnels = {.is_listener = true, .index = CHAIN_TUNNEL_LISTENER};

static struct conn_mail *join_two_workers(struct chain *chain, unsigned worker) {
    struct conn_mail *mail;
    struct base_error error;
    cr_assert(conn_mail_create(&mail, 2, CHAIN_ZONES, CHAIN_LISTENERS, &error), "%s", error.text);
    chain->lab.environment.mail = mail;
    chain->lab.environment.worker = worker;
    return mail;
}

static bool says(const struct conn_letter *letter, const char *text) {
    return memmem(letter->octets, letter->length, text, strlen(text)) != NULL;
}

Test(conn_http_mail, a_client_is_answered_through_another_worker_s_tunnel) {
    struct chain chain;
    chain_init(&chain);
    struct conn_mail *mail = join_two_workers(&chain, 0);
    conn_mail_announce(mail, 1, tunnels, true);
    struct lab_peer *client = chain_dial(&chain, CHAIN_PROVISIONING);
    struct conn *conn = chain.lab.conn;
    CHAIN_UNTIL(&chain, tls_session_is_open(client->session));
    chain_say(client, GET_CUCM GET_EDGE);
    CHAIN_UNTIL(&chain, conn->awaits_response);
    struct conn_letter *asked = conn_mail_take(mail, 1);
    cr_assert_not_null(asked);
    cr_expect_null(asked->next);
    cr_expect_not(asked->is_answer);
    cr_expect(asked->hop.is_listener && asked->hop.index == CHAIN_TUNNEL_LISTENER);
    cr_expect_eq(asked->channel, 0);
    cr_expect(says(asked, "GET /phone.cnf.xml HTTP/1.1\r\nTunnel-Channel: "));
    cr_expect_eq(metrics_read(&chain.lab.shard.listeners[CHAIN_PROVISIONING].relayed), 1);
    cr_expect_eq(client->plaintext.length, 0);

    struct conn_letter *answer =
        conn_letter_create(base_bytes_of_text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
    answer->is_answer = true;
    answer->protocol = NODE_PROTOCOL_HTTP;
    answer->node = asked->node;
    answer->token = asked->token;
    conn_take_letter(&chain.lab.environment, answer);
    CHAIN_UNTIL(&chain, chain_heard(client, "</device>"));
    cr_expect_eq(memcmp(client->plaintext.data, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", 36), 0);
    free(asked);
    free(answer);
    chain.lab.environment.mail = NULL;
    conn_mail_destroy(mail);
    chain_finish(&chain);
}

static struct conn_letter *ask_from_worker_0(uint64_t token, uint64_t channel, struct node_hop hop,
                                             uint32_t node) {
    struct conn_letter *letter = conn_letter_create(
        base_bytes_of_text("GET / HTTP/1.1\r\nTunnel-Channel: 72057598332895234\r\n"
                           "Host: cucm.example.test\r\n\r\n"));
    letter->protocol = NODE_PROTOCOL_HTTP;
    letter->node = node;
    letter->hop = hop;
    letter->token = token;
    letter->channel = channel;
    return letter;
}

#define TOKEN_OF_WORKER_0 ((UINT64_C(1) << 56) + (UINT64_C(1) << 32) + 2)

Test(conn_http_mail, another_worker_s_client_is_answered_there) {
    struct chain chain;
    chain_init(&chain);
    struct conn_mail *mail = join_two_workers(&chain, 1);
    struct lab_peer *tunnel = chain_open_tunnel_of_edge(&chain);
    struct conn_letter *asked = ask_from_worker_0(TOKEN_OF_WORKER_0, 0, tunnels, CHAIN_EDGE);
    conn_take_letter(&chain.lab.environment, asked);
    CHAIN_UNTIL(&chain, chain_heard(tunnel, "\r\n\r\n"));
    cr_assert_eq(chain_channel(tunnel), TOKEN_OF_WORKER_0);
    chain_say(tunnel, "HTTP/1.1 200 OK\r\nTunnel-Channel: 72057598332895234\r\n\r\n");
    struct conn_letter *answer = NULL;
    CHAIN_UNTIL(&chain, (answer = conn_mail_take(mail, 0)) != NULL);
    cr_expect(answer->is_answer);
    cr_expect_eq(answer->token, TOKEN_OF_WORKER_0);
    cr_expect_eq(answer->node, CHAIN_EDGE);
    cr_expect(says(answer, "HTTP/1.1 200 OK\r\n"));
    cr_expect_not(says(answer, "Tunnel-Channel"));
    cr_expect_eq(chain.lab.environment.exchanges.free_count, chain.free_exchanges);
    free(asked);
    free(answer);
    chain.lab.environment.mail = NULL;
    conn_mail_destroy(mail);
    chain_finish(&chain);
}

Test(conn_http_mail, another_worker_s_client_is_told_that_nothing_is_open_here_either) {
    struct chain chain;
    chain_init(&chain);
    struct conn_mail *mail = join_two_workers(&chain, 1);
    const struct node_hop server = {.index = CHAIN_TFTP};
    struct conn_letter *asked = ask_from_worker_0(TOKEN_OF_WORKER_0, 9, server, CHAIN_CORE);
    asked->asker = (struct node_hop){.index = CHAIN_TUNNEL_ZONE};
    conn_take_letter(&chain.lab.environment, asked);
    struct conn_letter *answer = conn_mail_take(mail, 0);
    cr_assert_not_null(answer);
    cr_expect(answer->is_answer);
    cr_expect(says(answer, "HTTP/1.1 503 no connection is open on core.tftp\r\n"
                           "Tunnel-Channel: 9\r\n"));
    struct journal_event event;
    cr_assert(journal_ring_pop(chain.lab.environment.journal, &event));
    cr_expect_eq(event.kind, JOURNAL_REQUEST_UNROUTABLE);
    cr_expect_str_eq(event.reason, "no connection is open on core.tftp");
    cr_expect_not(event.on_listener);
    cr_expect_eq(event.subject, CHAIN_TUNNEL_ZONE);
    cr_expect_eq(metrics_read(&chain.lab.shard.zones[CHAIN_TUNNEL_ZONE].unroutable), 1);
    cr_expect_eq(chain.lab.environment.exchanges.free_count, chain.free_exchanges);
    free(asked);
    free(answer);
    chain.lab.environment.mail = NULL;
    conn_mail_destroy(mail);
    chain_finish(&chain);
}
