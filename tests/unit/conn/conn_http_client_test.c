/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_http_lab.h"

#include <string.h>

#define GET  "GET /phone.cnf.xml HTTP/1.1\r\n"
#define GOOD "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

static const struct metrics_zone *counted(const struct chain *chain) {
    return &chain->lab.shard.zones[CHAIN_TFTP];
}

static struct lab_peer *await_get(struct chain *chain) {
    struct lab_peer *peer = chain_be_dialled(chain, CHAIN_TFTP);
    CHAIN_UNTIL(chain, chain_heard(peer, "\r\n\r\n"));
    return peer;
}

Test(conn_http_client, asks_for_its_target_at_once) {
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *peer = await_get(&chain);
    cr_expect(chain_heard(peer, GET "Host: cucm.example.test:6972\r\n"));
    cr_expect_eq(metrics_read(&counted(&chain)->sip_requests), 1);
    cr_expect_eq(metrics_read(&counted(&chain)->established), 0);
    chain_say(peer, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n");
    chain_say(peer, GOOD);
    CHAIN_UNTIL(&chain, chain.lab.conn->answered);
    cr_expect_eq(metrics_read(&counted(&chain)->established), 1);
    cr_expect_eq(metrics_read(&counted(&chain)->answering), 1);
    cr_expect_eq(metrics_read(&counted(&chain)->sip_responses[200]), 1);
    cr_expect_eq(metrics_read(&counted(&chain)->sip_responses[100]), 0);
    cr_expect_eq(lab_peer_count(peer, GET), 1);
    cr_expect_eq(chain.lab.environment.exchanges.free_count, chain.free_exchanges);
    chain_finish(&chain);
}

Test(conn_http_client, asks_again_while_it_stays_open) {
    struct chain chain;
    chain_init(&chain);
    chain.zones[CHAIN_TFTP].options_interval_ns = 0;
    struct lab_peer *peer = await_get(&chain);
    for (unsigned round = 1; round < 5; round++) {
        chain_say(peer, GOOD);
        CHAIN_UNTIL(&chain, lab_peer_count(peer, GET) == round + 1);
    }
    cr_expect_eq(metrics_read(&counted(&chain)->established), 1);
    cr_expect_eq(metrics_read(&counted(&chain)->sip_responses[200]), 4);
    chain_finish(&chain);
}

struct answer_case {
    const char *text;
    enum fault fault;
    enum conn_outcome outcome;
    const char *reason; /* NULL: none is counted */
};

Test(conn_http_client, ends_as_the_answer_says) {
    static const struct answer_case cases[] = {
        {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", FAULT_NONE,
         CONN_OUTCOME_CLOSED, NULL},
        {"HTTP/1.0 302 Found\r\nLocation: /login\r\n\r\n", FAULT_NONE, CONN_OUTCOME_CLOSED, NULL},
        {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", FAULT_HTTP_REJECTED,
         CONN_OUTCOME_FAILED, "404 Not Found"},
        {"HTTP/1.1 503 no tunnel is open on edge.tunnel: unsupported certificate purpose\r\n\r\n",
         FAULT_HTTP_REJECTED, CONN_OUTCOME_FAILED,
         "503 no tunnel is open on edge.tunnel: unsupported certificate purpose"},
        {"HTTP/1.1 500 \x01\r\n\r\n", FAULT_HTTP_MALFORMED, CONN_OUTCOME_FAILED, NULL},
        {"HTTP/1.1 500\r\n\r\n", FAULT_HTTP_REJECTED, CONN_OUTCOME_FAILED, "500"},
        {"HTTP/1.1 101 Switching Protocols\r\n\r\n", FAULT_HTTP_MALFORMED, CONN_OUTCOME_FAILED,
         NULL},
        {"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", FAULT_HTTP_MALFORMED, CONN_OUTCOME_FAILED,
         NULL},
        {"GET / HTTP/1.1\r\nHost: core.example.test\r\n\r\n", FAULT_HTTP_MALFORMED,
         CONN_OUTCOME_FAILED, NULL},
        {GOOD GOOD, FAULT_HTTP_MALFORMED, CONN_OUTCOME_LOST, NULL},
    };
    for (const struct answer_case *row = cases; row < cases + sizeof cases / sizeof *cases; row++) {
        struct chain chain;
        chain_init(&chain);
        struct lab_peer *peer = await_get(&chain);
        chain_say(peer, row->text);
        CHAIN_UNTIL(&chain, peer->read_end);
        lab_peer_hang_up(peer, false);
        CHAIN_UNTIL(&chain, chain.lab.done);
        cr_expect_eq(chain.lab.conn->fault, row->fault, "%s after %s",
                     base_fault_key(chain.lab.conn->fault), row->text);
        cr_expect_eq(chain.lab.conn->outcome, row->outcome, "%d after %s", chain.lab.conn->outcome,
                     row->text);
        cr_expect_str_eq(counted(&chain)->reasons.cells[0].text,
                         row->reason != NULL ? row->reason : "");
        cr_expect_eq(chain.lab.environment.exchanges.free_count, chain.free_exchanges);
        chain_finish(&chain);
    }
}

Test(conn_http_client, a_peer_that_says_nothing_is_a_timeout) {
    struct chain chain;
    chain_init(&chain);
    struct lab_peer *peer = await_get(&chain);
    chain.zones[CHAIN_TFTP].options_interval_ns = 0;
    chain.zones[CHAIN_TFTP].timeout_ns = BASE_NS_PER_MS;
    chain_say(peer, GOOD);
    CHAIN_UNTIL(&chain, peer->read_end);
    cr_expect_eq(chain.lab.conn->fault, FAULT_HTTP_TIMEOUT, "%s",
                 base_fault_key(chain.lab.conn->fault));
    cr_expect_eq(chain.lab.conn->outcome, CONN_OUTCOME_LOST);
    cr_expect_eq(metrics_read(&counted(&chain)->sip_timeouts), 1);
    cr_expect_eq(lab_peer_count(peer, GET), 2);
    cr_expect_eq(chain.lab.environment.exchanges.free_count, chain.free_exchanges);
    chain_finish(&chain);
}

Test(conn_http_client, a_peer_that_hangs_up_owes_an_answer) {
    for (int in_order = 0; in_order < 2; in_order++) {
        struct chain chain;
        chain_init(&chain);
        struct lab_peer *peer = await_get(&chain);
        chain_say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh");
        if (in_order != 0) {
            lab_peer_close_notify(peer);
            CHAIN_UNTIL(&chain, peer->read_end);
        } else {
            CHAIN_UNTIL(&chain, chain.lab.conn->admitted);
        }
        lab_peer_hang_up(peer, false);
        CHAIN_UNTIL(&chain, chain.lab.done);
        cr_expect_eq(chain.lab.conn->fault, FAULT_HTTP_CLOSED, "%s",
                     base_fault_key(chain.lab.conn->fault));
        cr_expect_eq(chain.lab.conn->outcome, CONN_OUTCOME_FAILED);
        cr_expect_eq(chain.lab.environment.exchanges.free_count, chain.free_exchanges);
        chain_finish(&chain);
    }
}
