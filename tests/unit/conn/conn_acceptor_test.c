/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_lab.h"
#include "tls_session.h"

#include <errno.h>
#include <string.h>

#define REQUEST                                                                                    \
    "OPTIONS sip:edge.example.test SIP/2.0\r\n"                                                    \
    "Via: SIP/2.0/TLS core.example.test;branch=z9hG4bK1\r\n"                                       \
    "Max-Forwards: 70\r\nFrom: <sip:core.example.test>;tag=a\r\nTo: <sip:edge.example.test>\r\n"   \
    "Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 4\r\n\r\nbody"

static unsigned versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};

static struct bytes text(const char *octets) {
    return base_bytes_of_text(octets);
}

static const struct metrics_listener *counted(const struct lab *lab) {
    return &lab->shard.listeners[0];
}

static void expect_the_sum(const struct lab *lab) {
    const struct metrics_listener *listener = counted(lab);
    cr_assert_eq(metrics_read(&listener->accepted), metrics_read(&listener->admitted) +
                                                        metrics_read(&listener->refused) +
                                                        metrics_read(&listener->aborted));
    cr_assert_eq(metrics_read(&listener->closed), metrics_read(&listener->admitted));
}

static void shake_hands(struct lab *lab, struct lab_peer *peer) {
    lab_peer_dials(lab, peer);
    LAB_UNTIL(lab, peer, lab->conn->phase == CONN_OPEN && tls_session_is_open(peer->session));
}

ParameterizedTestParameters(conn_acceptor, answers_a_message_that_was_cut_anywhere) {
    return cr_make_param_array(unsigned, versions, 2);
}

ParameterizedTest(unsigned *version, conn_acceptor, answers_a_message_that_was_cut_anywhere) {
    const char stream[] = REQUEST "\r\n\r\n" REQUEST;
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, *version);
    shake_hands(&lab, &peer);
    for (size_t cut = 1; cut < sizeof stream - 1; cut++) {
        lab_peer_forget(&peer);
        lab_peer_write(&peer, base_bytes(stream, cut));
        lab_turn(&lab, &peer);
        lab_peer_write(&peer, base_bytes(stream + cut, sizeof stream - 1 - cut));
        LAB_UNTIL(&lab, &peer, lab_peer_count(&peer, "SIP/2.0 200 OK\r\n") == 2);
        /* The pong stands between the two answers. */
        cr_assert_eq(lab_peer_count(&peer, "\r\n\r\n\r\nSIP/2.0 200 OK\r\n"), 1, "cut %zu", cut);
        cr_assert_eq(lab.conn->inbox, BASE_POOL_NONE);
    }
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

ParameterizedTestParameters(conn_acceptor, reads_records_that_come_in_pieces) {
    return cr_make_param_array(unsigned, versions, 2);
}

ParameterizedTest(unsigned *version, conn_acceptor, reads_records_that_come_in_pieces) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, *version);
    lab_peer_dials(&lab, &peer);
    peer.dribble = 3;
    LAB_UNTIL(&lab, &peer, lab.conn->phase == CONN_OPEN && tls_session_is_open(peer.session));
    lab_peer_write(&peer, text(REQUEST));
    LAB_UNTIL(&lab, &peer, lab_peer_count(&peer, "SIP/2.0 200 OK\r\n") == 1);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_acceptor, answers_a_burst_of_requests_one_by_one) {
    enum { BURST = 2000 };
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    shake_hands(&lab, &peer);
    for (unsigned i = 0; i < BURST; i++) {
        lab_peer_write(&peer, text(REQUEST));
    }
    LAB_UNTIL(&lab, &peer, lab.done || lab_peer_count(&peer, "SIP/2.0 200 OK\r\n") == BURST);
    cr_assert_not(lab.done, "%s", base_fault_key(lab.conn->fault));
    cr_assert_eq(metrics_read(&counted(&lab)->sip_requests), BURST);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

struct flood_case {
    char unit[400];
};

ParameterizedTestParameters(conn_acceptor, ends_with_a_peer_that_asks_and_never_reads) {
    static struct flood_case floods[] = {{REQUEST}, {"\r\n\r\n"}};
    return cr_make_param_array(struct flood_case, floods, 2);
}

ParameterizedTest(struct flood_case *row, conn_acceptor,
                  ends_with_a_peer_that_asks_and_never_reads) {
    static char flood[16000];
    const struct bytes unit = text(row->unit);
    struct base_buffer block = {.data = (uint8_t *)flood, .capacity = sizeof flood};
    struct lab lab;
    struct lab_peer peer;
    while (base_buffer_append(&block, unit)) {
    }
    lab_init(&lab, TLS_VERSION_1_3);
    shake_hands(&lab, &peer);
    peer.reads = false;
    uint64_t deadline_ns = base_clock_now_ns() + LAB_PATIENCE_NS;
    while (!lab.done && base_clock_now_ns() < deadline_ns) {
        if (peer.output.length < peer.output.capacity / 2) {
            lab_peer_write(&peer, base_buffer_bytes(&block));
        }
        lab_turn(&lab, &peer);
    }
    cr_assert(lab.done, "it was held for ever");
    lab_expect_nothing_held(&lab);
    expect_the_sum(&lab);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

/* How far the peer goes before it hangs up. */
enum progress { CONNECTED, HALF_A_HELLO, HELLO, OPEN, HALF_A_MESSAGE, ANSWERED, PROGRESSES };

static void go_as_far_as(struct lab *lab, struct lab_peer *peer, enum progress progress) {
    lab_peer_dials(lab, peer);
    if (progress == HALF_A_HELLO) {
        peer->dribble = peer->output.length / 2;
        lab_turn(lab, peer);
        return;
    }
    if (progress == HELLO) {
        peer->reads = false;
        lab_turn(lab, peer);
    }
    if (progress >= OPEN) {
        LAB_UNTIL(lab, peer, lab->conn->phase == CONN_OPEN && tls_session_is_open(peer->session));
    }
    if (progress == HALF_A_MESSAGE) {
        lab_peer_write(peer, base_bytes(REQUEST, 40));
        LAB_UNTIL(lab, peer, lab->conn->admitted);
    }
    if (progress == ANSWERED) {
        lab_peer_write(peer, text(REQUEST));
        LAB_UNTIL(lab, peer, lab_peer_count(peer, "200 OK") == 1);
    }
}

struct end_case {
    unsigned version;
    enum progress progress;
    bool reset;
    bool frozen;
};

static struct criterion_test_params every_end(void) {
    static struct end_case cases[2 * PROGRESSES * 2 * 2];
    size_t count = 0;
    for (unsigned i = 0; i < 2 * PROGRESSES * 2 * 2; i++) {
        cases[count++] = (struct end_case){.version = versions[i & 1],
                                           .reset = (i & 2) != 0,
                                           .frozen = (i & 4) != 0,
                                           .progress = (enum progress)(i / 8)};
    }
    return cr_make_param_array(struct end_case, cases, count);
}

ParameterizedTestParameters(conn_acceptor, is_free_again_wherever_the_peer_hangs_up) {
    return every_end();
}

ParameterizedTest(struct end_case *row, conn_acceptor, is_free_again_wherever_the_peer_hangs_up) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, row->version);
    go_as_far_as(&lab, &peer, row->progress);
    lab.environment.frozen = row->frozen;
    lab_peer_hang_up(&peer, row->reset);
    LAB_UNTIL(&lab, &peer, lab.done);
    lab_expect_nothing_held(&lab);
    if (row->frozen) {
        cr_assert_eq(metrics_read(&counted(&lab)->aborted), 0);
        cr_assert_eq(metrics_read(&counted(&lab)->closed), 0);
    } else {
        expect_the_sum(&lab);
    }
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

ParameterizedTestParameters(conn_acceptor, is_free_again_wherever_it_is_stopped) {
    return every_end();
}

/* `reset` stands for "at once". */
ParameterizedTest(struct end_case *row, conn_acceptor, is_free_again_wherever_it_is_stopped) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, row->version);
    go_as_far_as(&lab, &peer, row->progress);
    lab.environment.frozen = true;
    lab.environment.now_ns = base_clock_now_ns();
    cr_assert_eq(conn_stop(lab.conn, &lab.environment, row->reset), CONN_GOES_ON);
    /* A second order changes nothing. */
    cr_assert_eq(conn_stop(lab.conn, &lab.environment, row->reset), CONN_GOES_ON);
    peer.dribble = 0;
    LAB_UNTIL(&lab, &peer, lab.done);
    lab_expect_nothing_held(&lab);
    cr_assert_eq(metrics_read(&counted(&lab)->closed), 0);
    peer.reads = true;
    LAB_UNTIL(&lab, &peer, peer.read_end);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_acceptor, does_not_receive_again_once_it_was_cancelled) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    go_as_far_as(&lab, &peer, ANSWERED);
    lab.environment.now_ns = base_clock_now_ns();
    conn_stop(lab.conn, &lab.environment, true);
    /* The kernel ran dry of buffers before it saw the cancel. */
    const struct net_event dry = {.ticket = {.slot = lab.conn->slot,
                                             .generation = lab.conn->generation,
                                             .operation = CONN_RECEIVE},
                                  .result = -ENOBUFS};
    conn_step(lab.conn, &lab.environment, &dry);
    LAB_UNTIL(&lab, &peer, lab.done);
    lab_expect_nothing_held(&lab);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}
