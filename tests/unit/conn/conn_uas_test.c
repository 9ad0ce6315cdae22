/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"

#include "tls_session.h"

#include <stdio.h>
#include <string.h>

/* Requests that are for us, over an accepted and over an opened connection. */

#define HERE "sip:core.example.test"

struct uas_case {
    const char *method;
    unsigned answers;
    unsigned status; /* of the last one */
    const char *says;
    enum metrics_method counted;
};

static const struct uas_case cases[] = {
    {"OPTIONS", 1, 200, "Allow: ", METRICS_METHOD_OPTIONS},
    {"REGISTER", 1, 200, "Contact: <sip:phone@10.0.0.1>;expires=60\r\n", METRICS_METHOD_REGISTER},
    {"INVITE", 2, 200, "Contact: <sip:core.example.test;transport=tls>\r\n", METRICS_METHOD_INVITE},
    {"INVITE", 2, 200, "Record-Route: <sip:proxy;lr>\r\n", METRICS_METHOD_INVITE},
    {"INVITE", 2, 200, "Content-Type: application/sdp\r\n", METRICS_METHOD_INVITE},
    {"BYE", 1, 200, "", METRICS_METHOD_BYE},
    {"CANCEL", 1, 200, "", METRICS_METHOD_OTHER},
    {"MESSAGE", 1, 200, "", METRICS_METHOD_OTHER},
    {"INFO", 1, 481, "", METRICS_METHOD_OTHER},
    {"PUBLISH", 1, 405, "Allow: ", METRICS_METHOD_OTHER},
    {"UNHEARD-OF", 1, 501, "", METRICS_METHOD_OTHER},
};

#define CASES (sizeof cases / sizeof cases[0])

static void expect_every_answer(struct lab *lab, struct lab_peer *peer) {
    for (unsigned i = 0; i < CASES; i++) {
        const struct uas_case *row = &cases[i];
        lab_peer_forget(peer);
        sip_lab_ask(peer, row->method, HERE,
                    "Contact: <sip:phone@10.0.0.1>;expires=60\r\n"
                    "Record-Route: <sip:proxy;lr>\r\nMax-Forwards: 0\r\n");
        SIP_LAB_HEARS(lab, peer, row->answers);
        cr_expect_eq(sip_lab_last(peer).status, row->status, "%s", row->method);
        cr_expect(sip_lab_says(peer, row->says), "%s: no %s", row->method, row->says);
        if (row->answers == 2) {
            cr_expect_eq(lab_peer_count(peer, "SIP/2.0 180 Ringing\r\n"), 1);
        }
    }
}

Test(conn_uas, an_acceptor_answers_every_method) {
    struct lab lab;
    struct lab_peer peer;
    uint64_t expected[METRICS_METHODS] = {0};
    lab_init(&lab, TLS_VERSION_1_3);
    lab_peer_dials(&lab, &peer);
    LAB_UNTIL(&lab, &peer, tls_session_is_open(peer.session));
    expect_every_answer(&lab, &peer);
    for (unsigned i = 0; i < CASES; i++) {
        expected[cases[i].counted]++;
    }
    for (unsigned method = 0; method < METRICS_METHODS; method++) {
        cr_expect_eq(metrics_read(&lab.shard.listeners[0].sip_methods[method]), expected[method],
                     "%s", metrics_method_name((enum metrics_method)method));
    }
    cr_expect_eq(metrics_read(&lab.shard.listeners[0].sip_requests), CASES);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_uas, an_initiator_answers_every_method) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    expect_every_answer(&lab, &peer);
    cr_expect(lab.conn->awaits_response);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_uas, ringing_and_the_answer_carry_one_tag) {
    struct lab lab;
    struct lab_peer peer;
    char tag[32] = "";
    lab_init(&lab, TLS_VERSION_1_3);
    lab_peer_dials(&lab, &peer);
    LAB_UNTIL(&lab, &peer, tls_session_is_open(peer.session));
    sip_lab_ask(&peer, "INVITE", HERE, "");
    SIP_LAB_HEARS(&lab, &peer, 2);
    const struct sip_message answer = sip_lab_last(&peer);
    cr_assert(answer.to_tag.length > 0 && answer.to_tag.length < sizeof tag);
    memcpy(tag, answer.to_tag.data, answer.to_tag.length);
    cr_expect_eq(lab_peer_count(&peer, tag), 2);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_uas, an_acknowledgement_is_answered_by_nothing) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab_peer_dials(&lab, &peer);
    LAB_UNTIL(&lab, &peer, tls_session_is_open(peer.session));
    sip_lab_ask(&peer, "ACK", HERE, "");
    sip_lab_ask(&peer, "OPTIONS", HERE, "");
    SIP_LAB_HEARS(&lab, &peer, 1);
    lab_turn(&lab, &peer);
    cr_expect_eq(sip_lab_heard(&peer), 1);
    cr_expect(sip_lab_says(&peer, "CSeq: 1 OPTIONS\r\n"));
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

/* A request may be as long as a framer takes, and what an answer copies of it with it. */
Test(conn_uas, a_request_too_long_to_answer_costs_nothing_but_itself) {
    static char lines[15800];
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab_peer_dials(&lab, &peer);
    LAB_UNTIL(&lab, &peer, tls_session_is_open(peer.session));
    char *at = lines;
    while (at < lines + sizeof lines - 64) {
        at = stpcpy(at, "Via: SIP/2.0/TLS a;branch=z9hG4bKa\r\n");
    }
    char request[17000];
    int length = snprintf(request, sizeof request,
                          "INVITE " HERE " SIP/2.0\r\n%s"
                          "From: <sip:a@b>;tag=a\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\n"
                          "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n",
                          lines);
    cr_assert_leq(length, 16384);
    lab_peer_write(&peer, base_bytes(request, (size_t)length));
    sip_lab_ask(&peer, "OPTIONS", HERE, "");
    LAB_UNTIL(&lab, &peer, lab_peer_count(&peer, "CSeq: 1 OPTIONS\r\n") == 1);
    cr_expect_eq(lab.conn->phase, CONN_OPEN);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}
