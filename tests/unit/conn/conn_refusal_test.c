/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"

#include "tls_session.h"

/* How a refused connection is named, and what is said about it. */

static unsigned versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};

static void be_refused(struct lab *lab, unsigned version, enum node_protocol protocol) {
    struct lab_peer peer;
    lab_init(lab, version);
    lab_present_wrong_purpose(lab);
    lab->zone.protocol = protocol;
    lab->zone.dialog = NODE_DIALOG_NONE;
    lab_peer_is_dialled(lab, &peer);
    LAB_UNTIL(lab, &peer, peer.fault != FAULT_NONE);
    LAB_UNTIL(lab, &peer, peer.read_end || lab->done);
    lab_peer_hang_up(&peer, false);
    LAB_UNTIL(lab, &peer, lab->done);
    cr_expect_eq(lab->conn->outcome, CONN_OUTCOME_FAILED);
    sip_lab_expect_sums(&lab->shard.zones[0]);
    lab_expect_nothing_held(lab);
    lab_peer_finish(&peer);
}

static const char text_of_43[] =
    "alert 43: the peer refuses our certificate's purpose (extended key usage)";

ParameterizedTestParameters(conn_refusal, a_refused_tunnel_is_denied_permission) {
    return cr_make_param_array(unsigned, versions, 2);
}

ParameterizedTest(unsigned *version, conn_refusal, a_refused_tunnel_is_denied_permission) {
    struct lab lab;
    be_refused(&lab, *version, NODE_PROTOCOL_TUNNEL);
    cr_expect_eq(lab.conn->fault, FAULT_TUNNEL_PERMISSION_DENIED);
    cr_expect_eq(metrics_read(&lab.shard.zones[0].faults[FAULT_TUNNEL_PERMISSION_DENIED]), 1);
    struct journal_event event = sip_lab_event(&lab, JOURNAL_TUNNEL_ERROR);
    cr_expect_eq(event.fault, FAULT_TUNNEL_PERMISSION_DENIED);
    cr_expect_str_eq(event.reason, text_of_43);
    cr_expect_not(event.on_listener);
    cr_expect_not(journal_ring_pop(lab.environment.journal, &event), "and nothing else");
    cr_expect_eq(lab.environment.zone_carriers[0].last_fault, FAULT_TUNNEL_PERMISSION_DENIED);
    lab_finish(&lab);
}

ParameterizedTestParameters(conn_refusal, a_refused_zone_keeps_the_alert_s_name) {
    return cr_make_param_array(unsigned, versions, 2);
}

ParameterizedTest(unsigned *version, conn_refusal, a_refused_zone_keeps_the_alert_s_name) {
    struct lab lab;
    be_refused(&lab, *version, NODE_PROTOCOL_SIP);
    cr_expect_eq(lab.conn->fault, FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE);
    struct journal_event event = sip_lab_event(&lab, JOURNAL_OUTBOUND_TLS_ERROR);
    cr_expect_eq(event.fault, FAULT_TLS_ALERT_UNSUPPORTED_CERTIFICATE);
    cr_expect_not(event.on_listener);
    lab_finish(&lab);
}

Test(conn_refusal, a_tunnel_that_nobody_answers_timed_out) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.protocol = NODE_PROTOCOL_TUNNEL;
    lab.zone.dialog = NODE_DIALOG_NONE;
    lab.zone.timeout_ns = 50 * BASE_NS_PER_MS;
    lab_peer_is_dialled(&lab, &peer);
    peer.reads = false;
    LAB_UNTIL(&lab, &peer, lab.conn->phase == CONN_CLOSE);
    lab_peer_hang_up(&peer, true);
    LAB_UNTIL(&lab, &peer, lab.done);
    cr_expect_eq(lab.conn->fault, FAULT_TUNNEL_TIMEOUT, "%s", base_fault_key(lab.conn->fault));
    struct journal_event event = sip_lab_event(&lab, JOURNAL_TUNNEL_ERROR);
    cr_expect_eq(event.fault, FAULT_TUNNEL_TIMEOUT);
    cr_expect_str_eq(event.reason, base_fault_text(FAULT_TLS_TIMEOUT));
    sip_lab_expect_sums(&lab.shard.zones[0]);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_refusal, a_usage_is_counted_under_the_policy_that_judged_it) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    /* The peer takes our zone's place, and its certificate. */
    lab_present_wrong_purpose(&lab);
    struct tls_context *own = lab.peer_client;
    lab.peer_client = lab.presented.context;
    lab_peer_dials(&lab, &peer);
    LAB_UNTIL(&lab, &peer, lab.conn->phase == CONN_CLOSE);
    lab.peer_client = own;
    const struct metrics_listener *listener = &lab.shard.listeners[0];
    for (unsigned policy = 0; policy < METRICS_POLICIES; policy++) {
        uint64_t expected = policy == TLS_EKU_EXPRESSWAY ? 1 : 0;
        cr_expect_eq(metrics_read(&listener->eku_checked_by_policy[policy]), expected);
        cr_expect_eq(metrics_read(&listener->eku_refused_by_policy[policy]), expected);
    }
    cr_expect_eq(lab.environment.listener_carriers[0].last_fault, FAULT_TLS_PEER_EKU);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    lab_peer_hang_up(&peer, false);
    LAB_UNTIL(&lab, &peer, lab.done);
    cr_expect(sip_lab_event(&lab, JOURNAL_INBOUND_TLS_ERROR).on_listener);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_refusal, a_tunnel_that_stood_was_not_refused) {
    struct lab lab;
    struct lab_peer peer;
    struct journal_event event;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.protocol = NODE_PROTOCOL_TUNNEL;
    lab.zone.dialog = NODE_DIALOG_NONE;
    lab_peer_is_dialled(&lab, &peer);
    LAB_UNTIL(&lab, &peer, lab_peer_count(&peer, "\r\n\r\n") == 1);
    lab_peer_write(&peer, base_bytes_of_text("\r\n"));
    LAB_UNTIL(&lab, &peer, lab.conn->established);
    lab_peer_hang_up(&peer, true);
    LAB_UNTIL(&lab, &peer, lab.done);
    cr_expect_eq(lab.conn->outcome, CONN_OUTCOME_LOST);
    cr_expect_eq(lab.conn->fault, FAULT_TCP_RESET, "%s", base_fault_key(lab.conn->fault));
    cr_expect_not(journal_ring_pop(lab.environment.journal, &event));
    sip_lab_expect_sums(&lab.shard.zones[0]);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}
