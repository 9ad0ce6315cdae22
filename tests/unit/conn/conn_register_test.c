/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"

#include "tls_session.h"

#include <stdio.h>
#include <string.h>

/* How long registrations of ours live, and how they end. */

#define CONTACT "Contact: <sip:user1@core.example.test;transport=tls>"

static const struct metrics_zone *counted(const struct lab *lab) {
    return &lab->shard.zones[0];
}

static void dial(struct lab *lab, struct lab_peer *peer) {
    lab_init(lab, TLS_VERSION_1_3);
    lab->zone.dialog = NODE_DIALOG_REGISTER;
    lab->zone.user = "user";
    lab->zone.expires_s = 1000;
    strcpy(lab->zone.target_host, "cucm.example.test");
    lab_peer_is_dialled(lab, peer);
    SIP_LAB_HEARS(lab, peer, 1);
    cr_expect(sip_lab_says(peer, "Expires: 1000\r\n"));
}

static void answer(struct lab_peer *peer, unsigned status, const char *lines) {
    sip_lab_answer(peer,
                   (struct sip_reply){.status = status, .header_lines = base_bytes_of_text(lines)});
}

static void expect_over(struct lab *lab, struct lab_peer *peer, enum conn_outcome outcome,
                        enum fault fault) {
    LAB_UNTIL(lab, peer, peer->read_end);
    lab_peer_hang_up(peer, false);
    LAB_UNTIL(lab, peer, lab->done);
    cr_expect_eq(lab->conn->outcome, outcome);
    cr_expect_eq(lab->conn->fault, fault, "%s", base_fault_key(lab->conn->fault));
    cr_expect_eq(lab->environment.leaving, 0);
    lab_expect_nothing_held(lab);
    sip_lab_expect_sums(counted(lab));
    lab_peer_finish(peer);
    lab_finish(lab);
}

Test(conn_register, is_refreshed_before_what_was_granted_is_over) {
    static const struct {
        const char *lines;
        uint64_t interval_s;
        uint64_t earliest_s;
        uint64_t latest_s;
    } rows[] = {
        {CONTACT ";expires=100\r\n", 86400, 80, 90},
        {"Expires: 200\r\n", 86400, 160, 180},
        {"", 86400, 800, 900},
        {CONTACT ";expires=100\r\n", 30, 30, 30},
        {CONTACT ";expires=0\r\n", 86400, 0, 1},
        {CONTACT ";expires=4294967295\r\n", 86400, 86400, 86400},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        dial(&lab, &peer);
        lab.zone.options_interval_ns = rows[i].interval_s * BASE_NS_PER_S;
        answer(&peer, 200, rows[i].lines);
        LAB_UNTIL(&lab, &peer, metrics_read(&counted(&lab)->answered) == 1);
        uint64_t due_ns = lab.conn->timer.deadline_ns - lab.conn->request_ns;
        cr_expect_geq(due_ns, rows[i].earliest_s * BASE_NS_PER_S, "row %u", i);
        cr_expect_leq(due_ns, rows[i].latest_s * BASE_NS_PER_S, "row %u", i);
        conn_expire(lab.conn, &lab.environment);
        lab_peer_forget(&peer);
        SIP_LAB_HEARS(&lab, &peer, 1);
        cr_expect(sip_lab_says(&peer, "CSeq: 2 REGISTER\r\n"));
        cr_expect(sip_lab_says(&peer, "Expires: 1000\r\n"));
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}

/* RFC 3261 section 10.2.8. */
Test(conn_register, that_is_too_brief_asks_for_longer) {
    struct lab lab;
    struct lab_peer peer;
    dial(&lab, &peer);
    answer(&peer, 423, "Min-Expires: 7200\r\n");
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect(sip_lab_says(&peer, "Expires: 7200\r\n"));
    cr_expect(sip_lab_says(&peer, "CSeq: 2 REGISTER\r\n"));
    cr_expect_eq(metrics_read(&counted(&lab)->established), 0);
    answer(&peer, 200, "");
    LAB_UNTIL(&lab, &peer, metrics_read(&counted(&lab)->established) == 1);
    conn_expire(lab.conn, &lab.environment);
    SIP_LAB_HEARS(&lab, &peer, 3);
    cr_expect(sip_lab_says(&peer, "Expires: 7200\r\n"));
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_register, that_is_always_too_brief_gives_up) {
    static const char *const rows[] = {
        "Min-Expires: 1000\r\n", /* what it asked for */
        "Min-Expires: x\r\n",
        "",
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        dial(&lab, &peer);
        answer(&peer, 423, rows[i]);
        expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_SIP_REJECTED);
    }
    struct lab lab;
    struct lab_peer peer;
    dial(&lab, &peer);
    for (unsigned tries = 1; lab.conn->phase == CONN_OPEN; tries++) {
        char lines[64];
        uint64_t answers = metrics_read(&counted(&lab)->sip_responses[423]);
        cr_assert_lt(tries, 4, "it goes on for ever");
        snprintf(lines, sizeof lines, "Min-Expires: %u\r\n", 1000 + tries);
        SIP_LAB_HEARS(&lab, &peer, tries);
        answer(&peer, 423, lines);
        LAB_UNTIL(&lab, &peer, metrics_read(&counted(&lab)->sip_responses[423]) > answers);
    }
    expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_SIP_REJECTED);
}

static void register_to_take_back(struct lab *lab, struct lab_peer *peer) {
    dial(lab, peer);
    lab->zone.deregisters = true;
    answer(peer, 200, CONTACT ";expires=100\r\n");
    LAB_UNTIL(lab, peer, metrics_read(&counted(lab)->established) == 1);
    lab_peer_forget(peer);
}

Test(conn_register, is_taken_back_when_it_is_stopped) {
    struct lab lab;
    struct lab_peer peer;
    register_to_take_back(&lab, &peer);
    cr_assert(conn_owes_a_word(lab.conn, &lab.environment));
    conn_stop(lab.conn, &lab.environment, false);
    cr_expect_not(conn_owes_a_word(lab.conn, &lab.environment));
    cr_expect_eq(lab.environment.leaving, 1);
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect(sip_lab_says(&peer, "REGISTER sip:cucm.example.test SIP/2.0\r\n"));
    cr_expect(sip_lab_says(&peer, "Expires: 0\r\n"));
    cr_expect(sip_lab_says(&peer, CONTACT "\r\n"));
    cr_expect_not(peer.read_end);
    answer(&peer, 200, "");
    expect_over(&lab, &peer, CONN_OUTCOME_CLOSED, FAULT_NONE);
}

Test(conn_register, is_taken_back_after_its_hold_time) {
    struct lab lab;
    struct lab_peer peer;
    dial(&lab, &peer);
    lab.zone.deregisters = true;
    lab.zone.stays_open = false;
    answer(&peer, 200, CONTACT ";expires=100\r\n");
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect(sip_lab_says(&peer, "Expires: 0\r\n"));
    cr_expect_eq(metrics_read(&counted(&lab)->closed), 0);
    answer(&peer, 200, "");
    expect_over(&lab, &peer, CONN_OUTCOME_CLOSED, FAULT_NONE);
}

Test(conn_register, is_taken_back_only_where_that_is_asked_for) {
    static const struct {
        bool deregisters;
        bool resets;
        const char *granted;
    } rows[] = {
        {false, false, CONTACT ";expires=100\r\n"},
        {true, true, CONTACT ";expires=100\r\n"},
        {true, false, CONTACT ";expires=0\r\n"},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        dial(&lab, &peer);
        lab.zone.deregisters = rows[i].deregisters;
        lab.zone.reset_on_close = rows[i].resets;
        answer(&peer, 200, rows[i].granted);
        LAB_UNTIL(&lab, &peer, metrics_read(&counted(&lab)->established) == 1);
        cr_expect_not(conn_owes_a_word(lab.conn, &lab.environment), "row %u", i);
        conn_stop(lab.conn, &lab.environment, false);
        LAB_UNTIL(&lab, &peer, peer.read_end);
        cr_expect_eq(sip_lab_heard(&peer), 1, "row %u", i);
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}

/* RFC 3261 section 10.2: one REGISTER after the other. */
Test(conn_register, that_is_being_refreshed_is_taken_back_afterwards) {
    struct lab lab;
    struct lab_peer peer;
    register_to_take_back(&lab, &peer);
    conn_expire(lab.conn, &lab.environment);
    SIP_LAB_HEARS(&lab, &peer, 1);
    conn_stop(lab.conn, &lab.environment, false);
    answer(&peer, 200, CONTACT ";expires=100\r\n");
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect_eq(lab_peer_count(&peer, "Expires: 1000\r\n"), 1);
    cr_expect(sip_lab_says(&peer, "Expires: 0\r\n"));
    answer(&peer, 200, CONTACT ";expires=100\r\n"); /* a registrar that keeps it all the same */
    expect_over(&lab, &peer, CONN_OUTCOME_CLOSED, FAULT_NONE);
}

Test(conn_register, does_not_wait_for_ever_to_be_taken_back) {
    struct lab lab;
    struct lab_peer peer;
    register_to_take_back(&lab, &peer);
    conn_stop(lab.conn, &lab.environment, false);
    SIP_LAB_HEARS(&lab, &peer, 1);
    conn_stop(lab.conn, &lab.environment, false);
    expect_over(&lab, &peer, CONN_OUTCOME_CLOSED, FAULT_NONE);

    register_to_take_back(&lab, &peer);
    conn_stop(lab.conn, &lab.environment, false);
    SIP_LAB_HEARS(&lab, &peer, 1);
    conn_expire(lab.conn, &lab.environment);
    cr_expect_eq(metrics_read(&counted(&lab)->sip_timeouts), 1);
    expect_over(&lab, &peer, CONN_OUTCOME_LOST, FAULT_SIP_TIMEOUT);
}

Test(conn_register, of_a_flow_names_its_device) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.dialog = NODE_DIALOG_REGISTER;
    lab.zone.is_outbound = true;
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect(sip_lab_says(&peer, ";transport=tls>;reg-id=1;+sip.instance=\"<urn:uuid:"));
    cr_expect(sip_lab_says(&peer, "Supported: path, outbound\r\n"));
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_register, is_as_secure_as_its_zone_says) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.dialog = NODE_DIALOG_REGISTER;
    lab.zone.user = "user";
    lab.zone.is_secure = true;
    lab_peer_is_dialled(&lab, &peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect(sip_lab_says(&peer, "REGISTER sips:edge.example.test SIP/2.0\r\n"));
    cr_expect(sip_lab_says(&peer, "To: <sips:user1@edge.example.test>\r\n"));
    cr_expect(sip_lab_says(&peer, "Contact: <sips:user1@core.example.test>\r\n"));
    lab_peer_finish(&peer);
    lab_finish(&lab);
}
