/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"

#include <stdlib.h>
#include <string.h>

/* Every whole message, in the order it was sent or received; no pings, no pieces. */

static void expect_traced(struct lab *lab, bool sent, const char *begins) {
    uint8_t octets[4096];
    struct base_buffer message = {.data = octets, .capacity = sizeof octets};
    struct journal_trace_record record;
    cr_assert(journal_trace_pop(lab->environment.trace, &record, &message), "no %s", begins);
    cr_expect_eq(record.sent, sent);
    cr_expect_not(record.on_listener);
    cr_assert_geq(message.length, strlen(begins));
    cr_expect_eq(memcmp(octets, begins, strlen(begins)), 0, "no %s", begins);
    cr_expect_eq(memcmp(octets + message.length - 4, "\r\n\r\n", 4), 0);
}

Test(conn_trace, shows_each_message_once) {
    struct lab lab;
    struct lab_peer peer;
    struct journal_trace_record record;
    uint8_t octet;
    struct base_buffer rest = {.data = &octet, .capacity = 1};
    lab_init(&lab, TLS_VERSION_1_3);
    lab.environment.trace = journal_trace_create(65536);
    lab.environment.ends = calloc(LAB_SLOTS, sizeof *lab.environment.ends);
    cr_assert(lab.environment.trace != NULL && lab.environment.ends != NULL);
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    lab_peer_write(&peer, base_bytes_of_text("\r\n\r\n"));
    sip_lab_answer_status(&peer, 200);
    sip_lab_ask(&peer, "OPTIONS", "sip:core.example.test", "");
    SIP_LAB_HEARS(&lab, &peer, 2);
    expect_traced(&lab, true, "OPTIONS sip:edge.example.test SIP/2.0\r\n");
    expect_traced(&lab, false, "SIP/2.0 200 OK\r\n");
    expect_traced(&lab, false, "OPTIONS sip:core.example.test SIP/2.0\r\n");
    expect_traced(&lab, true, "SIP/2.0 200 OK\r\n");
    cr_expect_not(journal_trace_pop(lab.environment.trace, &record, &rest));
    lab_peer_finish(&peer);
    journal_trace_destroy(lab.environment.trace);
    lab_finish(&lab);
}
