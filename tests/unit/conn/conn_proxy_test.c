/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_house.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CUCM  "sip:cucm.example.test"
#define WEBEX "sip:room@sip.webex.example.test"

Test(conn_proxy, a_request_goes_over_what_the_peer_opened_and_its_answer_comes_back) {
    struct house house;
    house_init(&house);
    house_join_core_and_edge(&house);
    struct lab_peer *cucm = house_open_zone(&house, HOUSE_CUCM);
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    sip_lab_ask(phone, "REGISTER", CUCM, "Max-Forwards: 10\r\nContact: <sip:phone@10.0.0.1>\r\n");
    HOUSE_HEARS(&house, cucm, 1);
    cr_expect(sip_lab_says(cucm, "REGISTER " CUCM " SIP/2.0\r\n"
                                 "Via: SIP/2.0/TLS core.example.test;branch=z9hG4bK"));
    cr_expect_eq(lab_peer_count(cucm, "Via: "), 3);
    cr_expect_not(sip_lab_says(cucm, "Record-Route"));
    cr_expect_eq(sip_lab_last(cucm).max_forwards, 8);
    sip_lab_answer(cucm, (struct sip_reply){.status = 200, .copies_contact = true});
    HOUSE_HEARS(&house, phone, 1);
    cr_expect_eq(sip_lab_last(phone).status, 200);
    cr_expect_eq(lab_peer_count(phone, "Via: "), 1);
    cr_expect(sip_lab_says(phone, "Via: SIP/2.0/TLS phone.example.test;branch=z9hG4bKphone\r\n"));
    cr_expect_eq(metrics_read(&house.lab.shard.listeners[HOUSE_SIP].relayed), 1);
    cr_expect_eq(metrics_read(&house.lab.shard.zones[HOUSE_CORE_UC].relayed), 1);
    cr_expect_eq(metrics_read(&house.lab.shard.zones[HOUSE_CUCM].sip_requests), 1);
    house_finish(&house);
}

Test(conn_proxy, a_call_passes_where_it_passed_before) {
    struct house house;
    house_init(&house);
    house_join_core_and_edge(&house);
    struct lab_peer *cucm = house_open_zone(&house, HOUSE_CUCM);
    struct lab_peer *webex = house_open_zone(&house, HOUSE_WEBEX);
    sip_lab_ask(cucm, "INVITE", WEBEX, "");
    HOUSE_HEARS(&house, webex, 1);
    cr_expect(sip_lab_says(webex, "Record-Route: <sip:edge.example.test;transport=tls;lr>\r\n"));
    cr_expect(sip_lab_says(webex, "Record-Route: <sip:core.example.test;transport=tls;lr>\r\n"));
    sip_lab_answer_status(webex, 180);
    sip_lab_answer(webex, (struct sip_reply){.status = 200,
                                             .contact_host = "media.example.test",
                                             .copies_record_route = true});
    HOUSE_HEARS(&house, cucm, 2);
    cr_expect_eq(lab_peer_count(cucm, "SIP/2.0 180 Ringing\r\n"), 1);
    cr_expect_eq(sip_lab_last(cucm).status, 200);

    /* In the dialog: nobody here knows media.example.test, and nobody must. */
    static const char routes[] = "Route: <sip:core.example.test;transport=tls;lr>\r\n"
                                 "Route: <sip:edge.example.test;transport=tls;lr>\r\n"
                                 "Route: <sip:sip.webex.example.test;lr>\r\n";
    lab_peer_forget(webex);
    lab_peer_forget(cucm);
    sip_lab_ask(cucm, "ACK", "sip:media.example.test", routes);
    sip_lab_ask(cucm, "BYE", "sip:media.example.test", routes);
    HOUSE_HEARS(&house, webex, 2);
    cr_expect_eq(lab_peer_count(webex, "ACK sip:media.example.test SIP/2.0\r\n"), 1);
    cr_expect(sip_lab_says(webex, "BYE sip:media.example.test SIP/2.0\r\n"));
    cr_expect_eq(lab_peer_count(webex, "\r\nRoute: "), 2);
    sip_lab_answer_status(webex, 200);
    HOUSE_HEARS(&house, cucm, 1);
    cr_expect(sip_lab_says(cucm, "CSeq: 1 BYE\r\n"));
    house_finish(&house);
}

Test(conn_proxy, an_answer_of_one_of_us_goes_back_to_who_asked) {
    struct house house;
    house_init(&house);
    house_join_core_and_edge(&house);
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    sip_lab_ask(phone, "OPTIONS", "sip:core.example.test", "");
    HOUSE_HEARS(&house, phone, 1);
    cr_expect_eq(sip_lab_last(phone).status, 200);
    cr_expect_eq(metrics_read(&house.lab.shard.zones[HOUSE_CORE_UC].sip_requests), 1);
    cr_expect_eq(metrics_read(&house.lab.shard.listeners[HOUSE_SIP].relayed), 1);
    house_finish(&house);
}

struct refusal_case {
    const char *method;
    const char *uri;
    const char *lines;
    const char *status_line;
    const char *reason; /* in the event log */
};

Test(conn_proxy, what_cannot_be_sent_on_is_refused_with_a_reason) {
    static const struct refusal_case rows[] = {
        {"REGISTER", CUCM, "", "SIP/2.0 503 no connection is open on edge.uc-traversal\r\n",
         "no connection is open on edge.uc-traversal"},
        {"INVITE", WEBEX, "", "SIP/2.0 503 no connection is open on edge.webex\r\n",
         "no connection is open on edge.webex"},
        {"INVITE", "sip:nobody.example.test", "", "SIP/2.0 404 no route to nobody.example.test\r\n",
         "no route to nobody.example.test"},
        {"INVITE", CUCM, "Max-Forwards: 0\r\n", "SIP/2.0 483 Too Many Hops\r\n", "Too Many Hops"},
        {"INVITE", "tel:+123", "", "SIP/2.0 400 Bad Request\r\n", "Bad Request"},
    };
    struct house house;
    house_init(&house);
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lab_peer_forget(phone);
        sip_lab_ask(phone, "ACK", rows[i].uri, rows[i].lines);
        sip_lab_ask(phone, rows[i].method, rows[i].uri, rows[i].lines);
        HOUSE_HEARS(&house, phone, 1);
        cr_expect(sip_lab_says(phone, rows[i].status_line), "%s", rows[i].status_line);
        cr_expect_eq(sip_lab_heard(phone), 1, "an ACK was answered");
        struct journal_event event = sip_lab_event(&house.lab, JOURNAL_REQUEST_UNROUTABLE);
        cr_expect_str_eq(event.reason, rows[i].reason);
        cr_expect(event.on_listener);
        cr_expect_eq(event.subject, HOUSE_SIP);
        cr_expect_eq(metrics_read(&house.lab.shard.listeners[HOUSE_SIP].unroutable), i + 1);
    }
    cr_expect_eq(metrics_read(&house.lab.shard.listeners[HOUSE_SIP].relayed), 0);
    house_finish(&house);
}

Test(conn_proxy, a_request_never_goes_back_over_the_connection_it_came_from) {
    struct house house;
    house_init(&house);
    struct lab_peer *core = house_open_listener(&house, HOUSE_UC);
    sip_lab_ask(core, "INVITE", CUCM, "");
    HOUSE_HEARS(&house, core, 1);
    cr_expect(sip_lab_says(core, "SIP/2.0 482 Loop Detected\r\n"));
    lab_peer_forget(core);

    struct lab_peer *other = house_open_listener(&house, HOUSE_UC);
    for (unsigned i = 1; i <= 4; i++) {
        sip_lab_ask(core, "INVITE", CUCM, "");
        HOUSE_HEARS(&house, other, i);
    }
    cr_expect_eq(sip_lab_heard(core), 0);
    house_finish(&house);
}

/* Two Cores in turn; then one of them dies with a request that nobody will answer. */
Test(conn_proxy, carriers_are_taken_in_turn_and_a_dead_one_is_not_missed) {
    struct house house;
    house_init(&house);
    struct lab_peer *first = house_open_listener(&house, HOUSE_UC);
    struct lab_peer *second = house_open_listener(&house, HOUSE_UC);
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    sip_lab_ask(phone, "REGISTER", CUCM, "");
    sip_lab_ask(phone, "REGISTER", CUCM, "");
    HOUSE_HEARS(&house, first, 1);
    HOUSE_HEARS(&house, second, 1);
    lab_peer_hang_up(first, true);
    HOUSE_UNTIL(&house, house.lab.done);
    sip_lab_answer_status(second, 200);
    sip_lab_ask(phone, "REGISTER", CUCM, "");
    sip_lab_ask(phone, "REGISTER", CUCM, "");
    HOUSE_HEARS(&house, second, 3);
    HOUSE_HEARS(&house, phone, 1);
    cr_expect_eq(sip_lab_last(phone).status, 200);
    lab_peer_forget(phone);
    house.lab.done = false;
    lab_peer_hang_up(second, false);
    HOUSE_UNTIL(&house, house.lab.done);
    sip_lab_ask(phone, "REGISTER", CUCM, "");
    HOUSE_HEARS(&house, phone, 1);
    cr_expect(sip_lab_says(phone, "SIP/2.0 503 no connection is open on edge.uc-traversal: "
                                  "the peer closed the connection\r\n"));
    house_finish(&house);
}

#define TOO_MUCH "SIP/2.0 503 too much waits on edge.uc-traversal already\r\n"

/* Long REGISTERs, until one of them is refused. */
static void ask_until_refused(struct house *house, struct lab_peer *phone) {
    static char lines[3900];
    memset(lines, 'x', sizeof lines - 1);
    memcpy(lines, "Subject: ", 9);
    memcpy(lines + sizeof lines - 3, "\r\n", 3);
    uint64_t give_up_ns = base_clock_now_ns() + LAB_PATIENCE_NS;
    while (lab_peer_count(phone, TOO_MUCH) == 0 && base_clock_now_ns() < give_up_ns) {
        for (unsigned i = 0; i < 64 && phone->output.length < phone->output.capacity / 2; i++) {
            sip_lab_ask(phone, "REGISTER", CUCM, lines);
        }
        house_turn(house);
    }
    cr_assert_gt(lab_peer_count(phone, TOO_MUCH), 0, "it was held for ever");
}

/* It loses nothing that it was given; who asks is told, or gets another one. */
Test(conn_proxy, a_carrier_that_does_not_read_is_passed_by) {
    static const int small = 65536;
    struct house house;
    house_init(&house);
    struct lab_peer *core = house_open_listener(&house, HOUSE_UC);
    struct conn *carrier = house.lab.conn;
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    struct conn *caller = house.lab.conn;
    cr_assert_eq(setsockopt(core->socket, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    core->reads = false;
    ask_until_refused(&house, phone);
    cr_expect_eq(carrier->phase, CONN_OPEN);
    cr_expect_eq(caller->phase, CONN_OPEN);
    HOUSE_UNTIL(&house, phone->output.length == 0);

    /* Two: what is shorter than the one that was too much may still find room. */
    struct lab_peer *other = house_open_listener(&house, HOUSE_UC);
    sip_lab_ask(phone, "REGISTER", "sip:other@cucm.example.test", "");
    sip_lab_ask(phone, "REGISTER", "sip:other@cucm.example.test", "");
    HOUSE_HEARS(&house, other, 1);

    /* When it reads again it takes its turn again. */
    core->reads = true;
    HOUSE_UNTIL(&house, carrier->flying == BASE_POOL_NONE && carrier->waiting == BASE_POOL_NONE);
    sip_lab_ask(phone, "REGISTER", "sip:again@cucm.example.test", "");
    sip_lab_ask(phone, "REGISTER", "sip:again@cucm.example.test", "");
    HOUSE_UNTIL(&house, lab_peer_count(core, "REGISTER sip:again@cucm") == 1);
    cr_expect_eq(lab_peer_count(core, "REGISTER " CUCM),
                 metrics_read(&house.lab.shard.listeners[HOUSE_SIP].relayed) - 4);
    house_finish(&house);
}

/* The response's topmost Via is ours, its token is the attacker's. */
static void answer_with_token(struct lab_peer *peer, const char *branch, uint64_t token) {
    char response[1024];
    int length = snprintf(response, sizeof response,
                          "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS edge.example.test;branch=%.24s%016llx"
                          "\r\nVia: SIP/2.0/TLS phone.example.test;branch=z9hG4bKphone\r\n"
                          "From: <sip:a@b>;tag=a\r\nTo: <sip:c@d>;tag=b\r\nCall-ID: forged\r\n"
                          "CSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n",
                          branch, (unsigned long long)token);
    lab_peer_write(peer, base_bytes(response, (size_t)length));
}

Test(conn_proxy, a_forged_token_reaches_nobody) {
    struct house house;
    char branch[64] = "";
    house_init(&house);
    house_join_core_and_edge(&house);
    struct lab_peer *cucm = house_open_zone(&house, HOUSE_CUCM); /* the Core's, not the Edge's */
    struct lab_peer *core = house_open_listener(&house, HOUSE_UC);
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    const struct conn *caller = house.lab.conn;
    while (!sip_lab_heard(core)) { /* the Core that is ours takes its turn, too */
        sip_lab_ask(phone, "REGISTER", CUCM, "");
        house_turn(&house);
    }
    const struct sip_message relayed = sip_lab_last(core);
    cr_assert_eq(relayed.via_branch.length, 40);
    memcpy(branch, relayed.via_branch.data, 40);
    uint64_t token = strtoull(branch + 24, NULL, 16);
    uint64_t slot = UINT64_C(1) << 32;
    const uint64_t forged[] = {
        0,
        UINT64_MAX,
        token + 1,                          /* a later life of the slot */
        token + LAB_SLOTS * slot,           /* no slot */
        token | (UINT64_C(0xffffff) << 32), /* the last slot that a token can name */
        token + (UINT64_C(1) << 56),        /* another worker's */
        token & ((UINT64_C(1) << 56) - 1),  /* nobody's */
        (UINT64_C(1) << 56) + HOUSE_CUCM * slot + house.lab.conns[HOUSE_CUCM].generation,
    };
    for (unsigned i = 0; i < sizeof forged / sizeof forged[0]; i++) {
        answer_with_token(core, branch, forged[i]);
    }
    answer_with_token(core, branch, token);
    HOUSE_UNTIL(&house, lab_peer_count(phone, "Call-ID: forged\r\n") > 0);
    /* What comes to it afterwards comes behind whatever was forged. */
    sip_lab_ask(cucm, "OPTIONS", "sip:core.example.test", "");
    HOUSE_UNTIL(&house, lab_peer_count(cucm, "SIP/2.0 200 OK\r\n") > 0);
    cr_expect_eq(lab_peer_count(cucm, "Call-ID: forged\r\n"), 0);
    cr_expect_eq(lab_peer_count(phone, "Call-ID: forged\r\n"), 1);
    cr_expect_eq(caller->phase, CONN_OPEN);
    cr_expect_eq(house.lab.conns[HOUSE_CORE_UC].phase, CONN_OPEN);
    house_finish(&house);
}

/* A token says slot and generation: who knows its own must not know its neighbour's. */
Test(conn_proxy, generations_begin_anywhere) {
    struct house house;
    house_init(&house);
    house_open_listener(&house, HOUSE_UC);
    uint32_t first = house.lab.conn->generation;
    house_open_listener(&house, HOUSE_SIP);
    uint32_t second = house.lab.conn->generation;
    cr_expect_gt(first, 1000);
    cr_expect_gt(second, 1000);
    cr_expect_gt(first > second ? first - second : second - first, 1000);
    house_finish(&house);
}

/* The phone could not read it, and would hang up. */
Test(conn_proxy, an_answer_without_the_phone_s_via_is_dropped) {
    struct house house;
    char response[512];
    house_init(&house);
    struct lab_peer *core = house_open_listener(&house, HOUSE_UC);
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    sip_lab_ask(phone, "REGISTER", CUCM, "");
    HOUSE_HEARS(&house, core, 1);
    const struct bytes branch = sip_lab_last(core).via_branch;
    int length = snprintf(response, sizeof response,
                          "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS edge.example.test;branch=%.*s\r\n"
                          "From: <sip:a@b>;tag=a\r\nTo: <sip:c@d>;tag=b\r\nCall-ID: naked\r\n"
                          "CSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n",
                          (int)branch.length, (const char *)branch.data);
    lab_peer_write(core, base_bytes(response, (size_t)length));
    sip_lab_answer_status(core, 200);
    HOUSE_UNTIL(&house, lab_peer_count(phone, "Call-ID: call\r\n") > 0);
    cr_expect_eq(lab_peer_count(phone, "Call-ID: naked\r\n"), 0);
    house_finish(&house);
}

Test(conn_proxy, an_answer_for_a_phone_that_hung_up_is_dropped) {
    struct house house;
    house_init(&house);
    struct lab_peer *core = house_open_listener(&house, HOUSE_UC);
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    sip_lab_ask(phone, "REGISTER", CUCM, "");
    HOUSE_HEARS(&house, core, 1);
    lab_peer_hang_up(phone, false);
    HOUSE_UNTIL(&house, house.lab.done);
    sip_lab_answer_status(core, 200);
    sip_lab_ask(core, "OPTIONS", "sip:edge.example.test", "");
    HOUSE_HEARS(&house, core, 2);
    cr_expect_eq(sip_lab_last(core).status, 200);
    house_finish(&house);
}

/* Between a send that failed and the end of what is still to be read. */
Test(conn_proxy, a_carrier_that_cannot_send_any_more_is_passed_by) {
    struct house house;
    house_init(&house);
    house_open_listener(&house, HOUSE_UC);
    struct conn *carrier = house.lab.conn;
    struct lab_peer *phone = house_open_listener(&house, HOUSE_SIP);
    const struct net_event failed = {.ticket = {.slot = carrier->slot,
                                                .generation = carrier->generation,
                                                .operation = CONN_SEND},
                                     .result = -EPIPE,
                                     .more = true};
    cr_assert_eq(conn_step(carrier, &house.lab.environment, &failed), CONN_GOES_ON);
    cr_assert_eq(carrier->phase, CONN_OPEN);
    sip_lab_ask(phone, "REGISTER", CUCM, "");
    HOUSE_HEARS(&house, phone, 1);
    cr_expect(sip_lab_says(phone, "SIP/2.0 503 no connection is open on edge.uc-traversal\r\n"));
    cr_expect_eq(metrics_read(&house.lab.shard.listeners[HOUSE_SIP].relayed), 0);
    house_finish(&house);
}
