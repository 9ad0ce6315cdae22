/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"

#include "sip_digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Calls of ours: INVITEs within them, calls that are given up, and calls that are cut short. */

static const struct metrics_zone *counted(const struct lab *lab) {
    return &lab->shard.zones[0];
}

static const struct sip_reply answered = {.status = 200, .contact_host = "far.example.test"};

static void dial(struct lab *lab, struct lab_peer *peer) {
    lab_init(lab, TLS_VERSION_1_3);
    lab->zone.dialog = NODE_DIALOG_INVITE;
    lab->zone.hold_ns = 3600 * BASE_NS_PER_S;
    lab_peer_is_dialled(lab, peer);
    SIP_LAB_HEARS(lab, peer, 1);
}

/* One that is held: its INVITE and its ACK were heard and are forgotten. */
static void call(struct lab *lab, struct lab_peer *peer, uint64_t reinvite_ns) {
    dial(lab, peer);
    lab->zone.reinvite_ns = reinvite_ns;
    sip_lab_answer(peer, answered);
    SIP_LAB_HEARS(lab, peer, 2);
    lab_peer_forget(peer);
}

static void expect_over(struct lab *lab, struct lab_peer *peer, enum conn_outcome outcome,
                        enum fault fault) {
    LAB_UNTIL(lab, peer, peer->read_end);
    lab_peer_hang_up(peer, false);
    LAB_UNTIL(lab, peer, lab->done);
    cr_expect_eq(lab->conn->outcome, outcome);
    cr_expect_eq(lab->conn->fault, fault, "%s", base_fault_key(lab->conn->fault));
    cr_expect_eq(lab->environment.calls.free_count, LAB_SLOTS);
    cr_expect_eq(lab->environment.leaving, 0);
    lab_expect_nothing_held(lab);
    sip_lab_expect_sums(counted(lab));
    lab_peer_finish(peer);
    lab_finish(lab);
}

static void invite_again(struct lab *lab, struct lab_peer *peer) {
    conn_expire(lab->conn, &lab->environment);
    lab_peer_forget(peer);
    SIP_LAB_HEARS(lab, peer, 1);
}

Test(conn_call, is_invited_again_within_its_dialog) {
    const uint64_t reinvite_ns = 30 * BASE_NS_PER_S;
    struct lab lab;
    struct lab_peer peer;
    call(&lab, &peer, reinvite_ns);
    for (unsigned cseq = 2; cseq <= 3; cseq++) {
        char line[32];
        uint64_t due_ns = lab.conn->timer.deadline_ns;
        cr_expect_leq(due_ns, base_clock_now_ns() + reinvite_ns);
        invite_again(&lab, &peer);
        snprintf(line, sizeof line, "CSeq: %u INVITE\r\n", cseq);
        cr_expect(sip_lab_says(&peer, line));
        cr_expect(sip_lab_says(&peer, cseq == 2 ? "INVITE sip:far.example.test;transport=tls SIP"
                                                : "INVITE sip:moved.example.test;transport=tls "));
        cr_expect(sip_lab_says(&peer, ";tag=000000000000000b\r\n"));
        cr_expect(sip_lab_says(&peer, "Content-Type: application/sdp\r\n"));
        sip_lab_answer(&peer,
                       (struct sip_reply){.status = 200, .contact_host = "moved.example.test"});
        SIP_LAB_HEARS(&lab, &peer, 2);
        cr_expect(sip_lab_says(&peer, "ACK sip:moved.example.test;transport=tls SIP/2.0\r\n"));
    }
    cr_expect_eq(metrics_read(&counted(&lab)->established), 1);
    cr_expect_eq(metrics_read(&counted(&lab)->calls), 0);
    cr_expect_eq(counted(&lab)->latency[METRICS_ESTABLISH].count, 1);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_call, that_is_invited_again_ends_when_its_time_is_over) {
    struct lab lab;
    struct lab_peer peer;
    dial(&lab, &peer);
    lab.zone.hold_ns = 40 * BASE_NS_PER_MS;
    lab.zone.reinvite_ns = 30 * BASE_NS_PER_MS;
    lab.zone.stays_open = false;
    sip_lab_answer(&peer, answered);
    SIP_LAB_HEARS(&lab, &peer, 3);
    cr_expect(sip_lab_says(&peer, "INVITE sip:far"));
    sip_lab_answer(&peer, answered);
    SIP_LAB_HEARS(&lab, &peer, 5);
    cr_expect(sip_lab_says(&peer, "BYE sip:far"));
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    cr_expect_eq(metrics_read(&counted(&lab)->calls), 1);
    expect_over(&lab, &peer, CONN_OUTCOME_CLOSED, FAULT_NONE);
}

/* RFC 3261 section 14.1. */
Test(conn_call, stays_as_it_was_when_it_cannot_be_invited_again) {
    static const struct {
        unsigned status;
        bool ends;
    } rows[] = {{491, false}, {488, false}, {500, false}, {481, true}, {408, true}};
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        call(&lab, &peer, 30 * BASE_NS_PER_S);
        invite_again(&lab, &peer);
        sip_lab_answer_status(&peer, rows[i].status);
        SIP_LAB_HEARS(&lab, &peer, 2);
        cr_expect(sip_lab_says(&peer, "ACK sip:far.example.test;transport=tls SIP/2.0\r\n"));
        if (rows[i].ends) {
            expect_over(&lab, &peer, CONN_OUTCOME_LOST, FAULT_SIP_REJECTED);
            continue;
        }
        invite_again(&lab, &peer);
        sip_lab_answer(&peer, answered);
        SIP_LAB_HEARS(&lab, &peer, 2);
        cr_expect_eq(metrics_read(&counted(&lab)->answering), 1);
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}

Test(conn_call, ends_in_order_when_it_is_stopped) {
    struct lab lab;
    struct lab_peer peer;
    call(&lab, &peer, 0);
    lab.environment.frozen = true;
    cr_assert(conn_owes_a_word(lab.conn, &lab.environment));
    conn_stop(lab.conn, &lab.environment, false);
    cr_expect_eq(lab.environment.leaving, 1);
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect(sip_lab_says(&peer, "BYE sip:far.example.test;transport=tls SIP/2.0\r\n"));
    cr_expect_not(peer.read_end);
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    lab_peer_hang_up(&peer, false);
    LAB_UNTIL(&lab, &peer, lab.done);
    cr_expect_eq(lab.environment.leaving, 0);
    cr_expect_eq(lab.environment.calls.free_count, LAB_SLOTS);
    lab_expect_nothing_held(&lab);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_call, that_is_ending_is_not_ended_twice) {
    struct lab lab;
    struct lab_peer peer;
    call(&lab, &peer, 0);
    conn_expire(lab.conn, &lab.environment);
    SIP_LAB_HEARS(&lab, &peer, 1);
    conn_stop(lab.conn, &lab.environment, false);
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    cr_expect_eq(lab_peer_count(&peer, "BYE sip:"), 1);
    cr_expect_eq(metrics_read(&counted(&lab)->calls), 1);
    expect_over(&lab, &peer, CONN_OUTCOME_CLOSED, FAULT_NONE);
}

Test(conn_call, that_rings_is_cancelled_when_it_is_stopped) {
    struct lab lab;
    struct lab_peer peer;
    dial(&lab, &peer);
    sip_lab_answer_status(&peer, 180);
    LAB_UNTIL(&lab, &peer, lab.conn->rings);
    cr_expect_not(conn_owes_a_word(lab.conn, &lab.environment));
    conn_stop(lab.conn, &lab.environment, false);
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect(sip_lab_says(&peer, "CANCEL sip:edge.example.test SIP/2.0\r\n"));
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

static void ring_until_given_up(struct lab *lab, struct lab_peer *peer) {
    dial(lab, peer);
    lab->zone.cancel_after_ns = 60 * BASE_NS_PER_S;
    sip_lab_answer_status(peer, 100);
    sip_lab_answer_status(peer, 180);
    LAB_UNTIL(lab, peer,
              lab->conn->timer.deadline_ns == lab->conn->request_ns + 60 * BASE_NS_PER_S);
    lab->environment.now_ns = lab->conn->timer.deadline_ns;
    conn_expire(lab->conn, &lab->environment);
    SIP_LAB_HEARS(lab, peer, 2);
    cr_expect(sip_lab_says(peer, "CANCEL sip:edge.example.test SIP/2.0\r\n"));
    cr_expect_eq(lab_peer_count(peer, "CSeq: 1 CANCEL\r\n"), 1);
}

/* Answers the INVITE, although a CANCEL was heard after it. */
static void answer_invite(struct lab_peer *peer, uint64_t branch, struct sip_reply reply) {
    char text[1024];
    snprintf(text, sizeof text,
             "SIP/2.0 %u X\r\nVia: SIP/2.0/TLS core.example.test;branch=z9hG4bK%016llx\r\n"
             "From: <sip:core.example.test>;tag=a\r\nTo: <sip:edge.example.test>;tag=b\r\n"
             "Call-ID: x\r\nCSeq: 1 INVITE\r\nContact: <sip:far.example.test>\r\n"
             "Content-Length: 0\r\n\r\n",
             reply.status, (unsigned long long)branch);
    lab_peer_write(peer, base_bytes_of_text(text));
}

Test(conn_call, that_rings_for_too_long_is_given_up) {
    struct lab lab;
    struct lab_peer peer;
    ring_until_given_up(&lab, &peer);
    lab.zone.stays_open = false;
    sip_lab_answer_status(&peer, 200); /* to the CANCEL: nobody waits for it */
    answer_invite(&peer, lab.conn->branch, (struct sip_reply){.status = 487});
    SIP_LAB_HEARS(&lab, &peer, 3);
    cr_expect(sip_lab_says(&peer, "ACK sip:edge.example.test SIP/2.0\r\n"));
    LAB_UNTIL(&lab, &peer, metrics_read(&counted(&lab)->established) == 1);
    cr_expect_eq(metrics_read(&counted(&lab)->answered), 1);
    cr_expect_eq(metrics_read(&counted(&lab)->calls), 0);
    cr_expect_eq(metrics_read(&counted(&lab)->sip_responses[487]), 1);
    expect_over(&lab, &peer, CONN_OUTCOME_CLOSED, FAULT_NONE);
}

Test(conn_call, that_was_answered_before_its_cancel_arrived_ends_at_once) {
    struct lab lab;
    struct lab_peer peer;
    ring_until_given_up(&lab, &peer);
    answer_invite(&peer, lab.conn->branch, (struct sip_reply){.status = 200});
    SIP_LAB_HEARS(&lab, &peer, 4);
    cr_expect_eq(lab_peer_count(&peer, "ACK sip:far.example.test SIP/2.0\r\n"), 1);
    cr_expect(sip_lab_says(&peer, "BYE sip:far.example.test SIP/2.0\r\n"));
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_call, that_was_given_up_without_an_answer_is_a_timeout) {
    struct lab lab;
    struct lab_peer peer;
    ring_until_given_up(&lab, &peer);
    cr_expect_eq(metrics_read(&counted(&lab)->sip_timeouts), 0);
    cr_expect_eq(lab.conn->timer.deadline_ns,
                 lab.conn->request_ns + lab.zone.cancel_after_ns + lab.zone.timeout_ns);
    conn_expire(lab.conn, &lab.environment);
    cr_expect_eq(metrics_read(&counted(&lab)->sip_timeouts), 1);
    expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_SIP_TIMEOUT);
}

/* Where the value of the last message's Authorization begins; NULL: it has none. */
static char *authorization(const struct lab_peer *peer) {
    const struct sip_message message = sip_lab_last(peer);
    char *text = strndup((const char *)message.headers.data, message.headers.length);
    char *begin = strstr(text, "\nAuthorization: ");
    char *line = begin == NULL ? NULL : strndup(begin + 1, strcspn(begin + 1, "\r"));
    free(text);
    return line;
}

static void challenge(struct lab_peer *peer) {
    uint8_t octets[512];
    struct base_buffer lines = {.data = octets, .capacity = sizeof octets};
    const struct sip_digest_demand demand = {.realm = "far", .nonce = 7};
    cr_assert(sip_digest_write_challenge(&lines, &demand, false));
    sip_lab_answer(peer,
                   (struct sip_reply){.status = 401, .header_lines = base_buffer_bytes(&lines)});
}

/* RFC 3261 section 22.1. */
Test(conn_call, acknowledges_with_the_credentials_of_its_invite) {
    static const unsigned statuses[] = {200, 486};
    for (unsigned i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        dial(&lab, &peer);
        lab.zone.credentials = (struct node_credentials){.username = "u", .password = "p"};
        challenge(&peer);
        SIP_LAB_HEARS(&lab, &peer, 3);
        cr_expect_eq(lab_peer_count(&peer, "ACK sip:"), 1);
        cr_expect_eq(lab_peer_count(&peer, "\r\nAuthorization: "), 1, "the first ACK has none");
        char *of_invite = authorization(&peer);
        struct sip_reply reply = answered;
        reply.status = statuses[i];
        sip_lab_answer(&peer, reply);
        SIP_LAB_HEARS(&lab, &peer, 4);
        char *of_ack = authorization(&peer);
        cr_assert(of_invite != NULL && of_ack != NULL);
        cr_expect(sip_lab_says(&peer, "ACK sip:"));
        cr_expect_str_eq(of_ack, of_invite);
        free(of_invite);
        free(of_ack);
        if (statuses[i] == 200) {
            lab_peer_forget(&peer);
            conn_expire(lab.conn, &lab.environment);
            SIP_LAB_HEARS(&lab, &peer, 1);
            cr_expect(sip_lab_says(&peer, "BYE sip:"));
            cr_expect(sip_lab_says(&peer, "nc=00000002"), "an ACK does not count");
        }
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}
