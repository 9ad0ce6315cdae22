/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"
#include "tls_context.h"

#include <string.h>

#define MS BASE_NS_PER_MS

static const struct metrics_zone *counted(const struct lab *lab) {
    return &lab->shard.zones[0];
}

static const struct metrics_histogram *recovery(const struct lab *lab) {
    return &counted(lab)->latency[METRICS_FLOW_RECOVERY];
}

/* A zone that is asked for something now, and then not for an hour. */
static void establish(struct lab *lab, struct lab_peer *peer) {
    lab_peer_is_dialled(lab, peer);
    SIP_LAB_HEARS(lab, peer, 1);
    sip_lab_answer_status(peer, 200);
    LAB_UNTIL(lab, peer, lab->conn->answered);
    lab_peer_forget(peer);
}

static void expect_pings(struct lab *lab, struct lab_peer *peer, uint64_t count) {
    LAB_UNTIL(lab, peer, metrics_read(&counted(lab)->keepalives_sent) == count);
    LAB_UNTIL(lab, peer, lab_peer_count(peer, SIP_PING) == 1);
    cr_assert(lab->conn->awaits_pong);
    lab_peer_forget(peer);
    lab_peer_write(peer, base_bytes_of_text(SIP_PONG));
    LAB_UNTIL(lab, peer, !lab->conn->awaits_pong);
}

static uint64_t pause_of(const struct lab *lab) {
    return lab->conn->timer.deadline_ns - lab->environment.now_ns;
}

Test(conn_flow, is_kept_alive_between_requests_that_are_far_apart) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.keep_alive_ns = 20 * MS;
    establish(&lab, &peer);
    uint64_t due_ns = lab.conn->due_ns;
    cr_assert_geq(due_ns, lab.conn->request_ns + 3600 * BASE_NS_PER_S);
    for (uint64_t i = 1; i <= 3; i++) {
        expect_pings(&lab, &peer, i);
        cr_assert_eq(lab.conn->due_ns, due_ns, "the request is due when it was");
        cr_assert(lab.conn->kept_alive);
    }
    cr_assert_eq(metrics_read(&counted(&lab)->sip_requests), 1);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_flow, that_is_only_kept_alive_does_not_answer_as_it_should) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.keep_alive_ns = 20 * MS;
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    sip_lab_answer_status(&peer, 503);
    LAB_UNTIL(&lab, &peer, lab.conn->established);
    lab_peer_forget(&peer);
    expect_pings(&lab, &peer, 1);
    cr_assert_eq(metrics_read(&counted(&lab)->answering), 0);
    cr_assert_eq(metrics_read(&counted(&lab)->answered), 0);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_flow, is_not_kept_alive_when_requests_do_it) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.keep_alive_ns = 120 * BASE_NS_PER_S;
    lab.zone.options_interval_ns = 5 * MS;
    establish(&lab, &peer);
    for (unsigned i = 0; i < 5; i++) {
        SIP_LAB_HEARS(&lab, &peer, 1);
        lab.conn->answered = false;
        sip_lab_answer_status(&peer, 200);
        LAB_UNTIL(&lab, &peer, lab.conn->answered);
        lab_peer_forget(&peer);
    }
    cr_assert_eq(metrics_read(&counted(&lab)->keepalives_sent), 0);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

/* RFC 5626 section 4.4.1: 96 to 120 s of 120 s. */
Test(conn_flow, is_kept_alive_at_random_intervals) {
    struct lab lab;
    struct lab_peer peer;
    uint64_t shortest_ns = UINT64_MAX;
    uint64_t longest_ns = 0;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.dialog = NODE_DIALOG_NONE;
    lab.zone.ping_ns = 120 * BASE_NS_PER_S;
    lab_peer_is_dialled(&lab, &peer);
    for (uint64_t i = 1; i <= 30; i++) {
        expect_pings(&lab, &peer, i);
        uint64_t pause_ns = pause_of(&lab);
        shortest_ns = pause_ns < shortest_ns ? pause_ns : shortest_ns;
        longest_ns = pause_ns > longest_ns ? pause_ns : longest_ns;
        cr_assert_eq(conn_expire(lab.conn, &lab.environment), CONN_GOES_ON);
    }
    cr_assert_geq(shortest_ns, 96 * BASE_NS_PER_S - MS);
    cr_assert_leq(longest_ns, 120 * BASE_NS_PER_S);
    cr_assert_geq(longest_ns - shortest_ns, 5 * BASE_NS_PER_S, "no two stay in step");
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_flow, is_asked_once_when_keep_alives_are_off) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.dialog = NODE_DIALOG_NONE;
    lab_peer_is_dialled(&lab, &peer);
    expect_pings(&lab, &peer, 1);
    cr_assert(lab.conn->established);
    cr_assert_not(lab.conn->kept_alive, "the first one is what establishes it");
    cr_assert_eq(lab.conn->timer.deadline_ns, 0);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_flow, that_does_not_answer_within_ten_seconds_has_failed_and_is_recovered) {
    struct lab lab;
    struct lab_peer peer;
    struct lab_peer next;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.keep_alive_ns = 5 * MS;
    establish(&lab, &peer);
    LAB_UNTIL(&lab, &peer, lab.conn->awaits_pong);
    cr_assert_geq(pause_of(&lab), 10 * BASE_NS_PER_S - LAB_PATIENCE_NS);
    cr_assert_leq(pause_of(&lab), 10 * BASE_NS_PER_S + MS);
    conn_expire(lab.conn, &lab.environment);
    LAB_UNTIL(&lab, &peer, lab.done);
    lab_peer_finish(&peer);
    cr_assert_eq(lab.conn->outcome, CONN_OUTCOME_LOST);
    cr_assert_eq(metrics_read(&counted(&lab)->lost_faults[FAULT_SIP_TIMEOUT]), 1);
    cr_assert_eq(metrics_read(&counted(&lab)->recovered), 0);
    lab.zone.keep_alive_ns = 0;
    establish(&lab, &next);
    cr_assert_eq(metrics_read(&counted(&lab)->recovered), 1);
    cr_assert_eq(recovery(&lab)->count, 1);
    cr_assert_lt(recovery(&lab)->max, LAB_PATIENCE_NS / 1000);
    cr_assert_eq(lab.environment.loss_count, 0);
    lab_peer_finish(&next);
    lab_finish(&lab);
}

Test(conn_flow, that_the_peer_closed_in_order_is_no_failure) {
    struct lab lab;
    struct lab_peer peer;
    struct lab_peer next;
    lab_init(&lab, TLS_VERSION_1_3);
    establish(&lab, &peer);
    lab_peer_close_notify(&peer);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    lab_peer_hang_up(&peer, false);
    LAB_UNTIL(&lab, &peer, lab.done);
    lab_peer_finish(&peer);
    establish(&lab, &next);
    cr_assert_eq(metrics_read(&counted(&lab)->recovered), 0);
    lab_peer_finish(&next);
    lab_finish(&lab);
}

Test(conn_flow, whose_seat_was_given_up_is_not_recovered_by_the_next_in_its_place) {
    struct lab lab;
    struct lab_peer peer;
    struct lab_peer next;
    lab_init(&lab, TLS_VERSION_1_3);
    establish(&lab, &peer);
    lab_peer_hang_up(&peer, true);
    LAB_UNTIL(&lab, &peer, lab.done);
    lab_peer_finish(&peer);
    cr_assert_eq(lab.environment.loss_count, 1);
    conn_forget_loss(lab.conn, &lab.environment);
    establish(&lab, &next);
    cr_assert_eq(metrics_read(&counted(&lab)->recovered), 0);
    cr_assert_eq(lab.environment.loss_count, 0);
    lab_peer_finish(&next);
    lab_finish(&lab);
}

Test(conn_flow, asks_nothing_in_a_pause_but_stays_alive) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.options_interval_ns = 0;
    lab.zone.keep_alive_ns = 5 * MS;
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    lab.environment.paused = true;
    sip_lab_answer_status(&peer, 200);
    lab_peer_forget(&peer);
    LAB_UNTIL(&lab, &peer, lab.conn->answered);
    expect_pings(&lab, &peer, 1);
    expect_pings(&lab, &peer, 2);
    lab.zone.keep_alive_ns = 0;
    expect_pings(&lab, &peer, 3);
    cr_assert_eq(metrics_read(&counted(&lab)->sip_requests), 1);
    lab.environment.paused = false;
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_assert_eq(metrics_read(&counted(&lab)->sip_requests), 2);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}
