/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"

#include <string.h>

/* Our own requests: REGISTER and calls. */

static const struct metrics_zone *counted(const struct lab *lab) {
    return &lab->shard.zones[0];
}

static void set_up(struct lab *lab, enum node_dialog dialog) {
    lab_init(lab, TLS_VERSION_1_3);
    lab->zone.dialog = dialog;
    lab->zone.user = "user";
    strcpy(lab->zone.target_host, "cucm.example.test");
    strcpy(lab->zone.target_uri, "sip:room@webex.example.test");
}

static void expect_over(struct lab *lab, struct lab_peer *peer, enum conn_outcome outcome,
                        enum fault fault) {
    LAB_UNTIL(lab, peer, peer->read_end);
    lab_peer_hang_up(peer, false);
    LAB_UNTIL(lab, peer, lab->done);
    cr_expect_eq(lab->conn->outcome, outcome);
    cr_expect_eq(lab->conn->fault, fault, "%s", base_fault_key(lab->conn->fault));
    lab_expect_nothing_held(lab);
    cr_expect_eq(lab->environment.calls.free_count, LAB_SLOTS);
    cr_expect_eq(lab->environment.challenges.free_count, LAB_SLOTS);
    sip_lab_expect_sums(counted(lab));
    lab_peer_finish(peer);
    lab_finish(lab);
}

Test(conn_uac, a_registration_is_established_by_its_200_and_refreshed) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_REGISTER);
    lab.zone.options_interval_ns = 0;
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect(sip_lab_says(&peer, "REGISTER sip:cucm.example.test SIP/2.0\r\n"));
    cr_expect(sip_lab_says(&peer, "To: <sip:user1@cucm.example.test>\r\n"));
    cr_expect(sip_lab_says(&peer, "From: <sip:user1@cucm.example.test>;tag="));
    cr_expect(sip_lab_says(&peer, "Expires: 3600\r\n"));
    sip_lab_answer_status(&peer, 100);
    LAB_UNTIL(&lab, &peer, lab.conn->admitted);
    cr_expect_eq(metrics_read(&counted(&lab)->established), 0);

    sip_lab_answer_status(&peer, 200);
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect_eq(metrics_read(&counted(&lab)->established), 1);
    cr_expect_eq(metrics_read(&counted(&lab)->answered), 1);
    cr_expect_eq(metrics_read(&counted(&lab)->answering), 1);
    cr_expect_eq(counted(&lab)->latency[METRICS_ESTABLISH].count, 1);
    cr_expect(sip_lab_says(&peer, "CSeq: 2 REGISTER\r\n"));
    lab.zone.options_interval_ns = 3600 * BASE_NS_PER_S;
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, metrics_read(&counted(&lab)->sip_responses[200]) == 2);
    cr_expect_eq(counted(&lab)->latency[METRICS_ESTABLISH].count, 1);
    cr_expect_eq(counted(&lab)->latency[METRICS_SIP_RESPONSE].count, 2);
    lab_peer_close_notify(&peer);
    expect_over(&lab, &peer, CONN_OUTCOME_CLOSED, FAULT_NONE);
}

Test(conn_uac, a_refused_registration_says_why) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_REGISTER);
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    sip_lab_answer(&peer, (struct sip_reply){.status = 503, .reason = "no \"tunnel\" is open"});
    LAB_UNTIL(&lab, &peer, lab.conn->phase == CONN_CLOSE);
    struct journal_event event = sip_lab_event(&lab, JOURNAL_REQUEST_REJECTED);
    cr_expect_eq(event.status, 503);
    cr_expect_eq(event.fault, FAULT_SIP_REJECTED);
    cr_expect_not(event.on_listener);
    cr_expect_str_eq(event.reason, "no ?tunnel? is open");
    cr_expect_str_eq(counted(&lab)->reasons.cells[0].text, "503 no ?tunnel? is open");
    cr_expect_eq(metrics_read(&counted(&lab)->established), 0);
    cr_expect_eq(counted(&lab)->latency[METRICS_ESTABLISH].count, 1);
    expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_SIP_REJECTED);
}

Test(conn_uac, a_registration_that_is_refused_later_is_lost) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_REGISTER);
    lab.zone.options_interval_ns = 0;
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    sip_lab_answer_status(&peer, 200);
    SIP_LAB_HEARS(&lab, &peer, 2);
    sip_lab_answer_status(&peer, 404);
    expect_over(&lab, &peer, CONN_OUTCOME_LOST, FAULT_SIP_REJECTED);
}

static const struct sip_reply answered = {
    .status = 200,
    .contact_host = "webex.example.test",
    .copies_record_route = true,
    .header_lines = {(const uint8_t *)"Record-Route: <sip:edge;lr>\r\n"
                                      "Record-Route: <sip:core;lr>\r\n",
                     58}};

static void invite(struct lab *lab, struct lab_peer *peer) {
    lab_peer_is_dialled(lab, peer);
    SIP_LAB_HEARS(lab, peer, 1);
    cr_expect(sip_lab_says(peer, "INVITE sip:room@webex.example.test SIP/2.0\r\n"));
    cr_expect(sip_lab_says(peer, "From: <sip:user1@core.example.test>;tag="));
    cr_expect(sip_lab_says(peer, "Content-Type: application/sdp\r\n"));
    sip_lab_answer_status(peer, 100);
    sip_lab_answer_status(peer, 180);
    LAB_UNTIL(lab, peer, lab->conn->admitted);
    cr_expect_eq(metrics_read(&counted(lab)->established), 0);
}

Test(conn_uac, a_call_is_acknowledged_along_its_route_and_ended) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_INVITE);
    lab.zone.stays_open = false;
    invite(&lab, &peer);
    sip_lab_answer(&peer, answered);
    lab_peer_forget(&peer);
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect_eq(lab_peer_count(&peer, "ACK sip:webex.example.test;transport=tls SIP/2.0\r\n"), 1);
    cr_expect_eq(lab_peer_count(&peer, "Route: <sip:core;lr>\r\nRoute: <sip:edge;lr>\r\n"), 2);
    cr_expect_eq(lab_peer_count(&peer, ";tag=000000000000000b\r\n"), 2);
    cr_expect_eq(lab_peer_count(&peer, "CSeq: 1 ACK\r\n"), 1);
    cr_expect(sip_lab_says(&peer, "BYE sip:webex.example.test;transport=tls SIP/2.0\r\n"));
    cr_expect(sip_lab_says(&peer, "CSeq: 2 BYE\r\n"));
    cr_expect_eq(metrics_read(&counted(&lab)->established), 1);
    cr_expect_eq(metrics_read(&counted(&lab)->calls), 0);
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    cr_expect_eq(metrics_read(&counted(&lab)->calls), 1);
    expect_over(&lab, &peer, CONN_OUTCOME_CLOSED, FAULT_NONE);
}

Test(conn_uac, calls_follow_each_other_on_one_connection) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_INVITE);
    lab.zone.options_interval_ns = 0;
    invite(&lab, &peer);
    for (unsigned call = 1; call <= 3; call++) {
        uint64_t dialog = lab.conn->dialog;
        sip_lab_answer(&peer, answered);
        lab_peer_forget(&peer);
        SIP_LAB_HEARS(&lab, &peer, 2);
        sip_lab_answer_status(&peer, 200);
        lab_peer_forget(&peer);
        SIP_LAB_HEARS(&lab, &peer, 1);
        cr_expect(sip_lab_says(&peer, "INVITE sip:room@webex.example.test SIP/2.0\r\n"));
        cr_expect_neq(lab.conn->dialog, dialog);
        cr_expect_eq(metrics_read(&counted(&lab)->calls), call);
    }
    cr_expect_eq(metrics_read(&counted(&lab)->established), 1);
    sip_lab_answer(&peer, answered);
    lab_peer_forget(&peer);
    SIP_LAB_HEARS(&lab, &peer, 2);
    sip_lab_answer_status(&peer, 481);
    expect_over(&lab, &peer, CONN_OUTCOME_LOST, FAULT_SIP_REJECTED);
}

Test(conn_uac, a_call_is_held_and_acknowledged_as_often_as_it_is_answered) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_INVITE);
    lab.zone.hold_ns = 60 * BASE_NS_PER_MS;
    invite(&lab, &peer);
    sip_lab_answer(&peer, answered);
    sip_lab_answer(&peer, answered);
    sip_lab_answer_status(&peer, 180);
    uint64_t answered_ns = base_clock_now_ns();
    lab_peer_forget(&peer);
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect_eq(lab_peer_count(&peer, "ACK sip:"), 2);
    SIP_LAB_HEARS(&lab, &peer, 3);
    cr_expect(sip_lab_says(&peer, "BYE sip:"));
    cr_expect_geq(base_clock_now_ns() - answered_ns, lab.zone.hold_ns);
    lab_peer_hang_up(&peer, true);
    LAB_UNTIL(&lab, &peer, lab.done);
    cr_expect_eq(lab.environment.calls.free_count, LAB_SLOTS);
    cr_expect_eq(lab.conn->outcome, CONN_OUTCOME_LOST);
    lab_expect_nothing_held(&lab);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_uac, a_refused_call_is_acknowledged_in_its_own_transaction) {
    struct lab lab;
    struct lab_peer peer;
    char branch[64] = "";
    set_up(&lab, NODE_DIALOG_INVITE);
    invite(&lab, &peer);
    const struct sip_message request = sip_lab_last(&peer);
    cr_assert_lt(request.via_branch.length, sizeof branch);
    memcpy(branch, request.via_branch.data, request.via_branch.length);
    sip_lab_answer_status(&peer, 486);
    lab_peer_forget(&peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect(sip_lab_says(&peer, "ACK sip:room@webex.example.test SIP/2.0\r\n"));
    cr_expect(sip_lab_says(&peer, branch));
    cr_expect(sip_lab_says(&peer, ";tag=000000000000000b\r\n"));
    cr_expect_str_eq(counted(&lab)->reasons.cells[0].text, "486 Busy Here");
    expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_SIP_REJECTED);
}

Test(conn_uac, a_call_that_rings_too_long_is_cancelled) {
    struct lab lab;
    struct lab_peer peer;
    char branch[64] = "";
    set_up(&lab, NODE_DIALOG_INVITE);
    invite(&lab, &peer);
    const struct sip_message request = sip_lab_last(&peer);
    cr_assert_lt(request.via_branch.length, sizeof branch);
    memcpy(branch, request.via_branch.data, request.via_branch.length);
    LAB_UNTIL(&lab, &peer, lab.conn->rings);
    lab_peer_forget(&peer);
    conn_expire(lab.conn, &lab.environment);
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect(sip_lab_says(&peer, "CANCEL sip:room@webex.example.test SIP/2.0\r\n"));
    cr_expect(sip_lab_says(&peer, branch));
    cr_expect(sip_lab_says(&peer, "To: <sip:room@webex.example.test>\r\n"));
    cr_expect(sip_lab_says(&peer, "CSeq: 1 CANCEL\r\n"));
    cr_expect_eq(metrics_read(&counted(&lab)->sip_requests), 1);
    cr_expect_eq(metrics_read(&counted(&lab)->sip_timeouts), 1);
    expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_SIP_TIMEOUT);
}

/* RFC 3261 section 9.1: a CANCEL might overtake the INVITE. */
Test(conn_uac, a_call_that_nobody_answered_at_all_is_not_cancelled) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_INVITE);
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    conn_expire(lab.conn, &lab.environment);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    cr_expect_eq(sip_lab_heard(&peer), 1);
    expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_SIP_TIMEOUT);
}

Test(conn_uac, no_two_workers_use_one_number) {
    static const char *const users[] = {"<sip:user1@", "<sip:user2@", "<sip:user3@"};
    for (unsigned worker = 0; worker < 3; worker++) {
        struct lab lab;
        struct lab_peer peer;
        set_up(&lab, NODE_DIALOG_REGISTER);
        lab.environment.worker = worker;
        lab.environment.worker_count = 3;
        lab_peer_is_dialled(&lab, &peer);
        SIP_LAB_HEARS(&lab, &peer, 1);
        cr_expect(sip_lab_says(&peer, users[worker]), "%s", users[worker]);
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}

Test(conn_uac, a_call_that_cannot_be_acknowledged_is_none) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_INVITE);
    invite(&lab, &peer);
    sip_lab_answer_status(&peer, 200); /* without Contact */
    expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_SIP_MALFORMED);
}

Test(conn_uac, a_close_behind_a_provisional_answer_is_a_failure) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_INVITE);
    invite(&lab, &peer);
    lab_peer_close_notify(&peer);
    expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_SIP_CLOSED);
}

Test(conn_uac, a_call_that_the_peer_cuts_off_is_lost) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_INVITE);
    lab.zone.hold_ns = 3600 * BASE_NS_PER_S;
    invite(&lab, &peer);
    sip_lab_answer(&peer, answered);
    lab_peer_forget(&peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    lab_peer_close_notify(&peer);
    expect_over(&lab, &peer, CONN_OUTCOME_LOST, FAULT_SIP_CLOSED);
}

Test(conn_uac, the_interval_runs_from_one_invite_to_the_next) {
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, NODE_DIALOG_INVITE);
    invite(&lab, &peer);
    uint64_t invited_ns = lab.conn->request_ns;
    sip_lab_answer(&peer, answered);
    lab_peer_forget(&peer);
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_assert_gt(lab.conn->request_ns, invited_ns);
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, metrics_read(&counted(&lab)->calls) == 1);
    cr_expect_eq(lab.conn->timer.deadline_ns, invited_ns + lab.zone.options_interval_ns);
    lab_peer_close_notify(&peer);
    expect_over(&lab, &peer, CONN_OUTCOME_CLOSED, FAULT_NONE);
}
