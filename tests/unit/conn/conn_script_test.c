/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"

#include "profile_plan.h"
#include "sip_script.h"

#include <string.h>

/* Dialogs of a user's own, opposite a peer that is moved by hand. */

#define HEAD(method)                                                                               \
    method " [target] SIP/2.0\n"                                                                   \
           "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"                    \
           "From: <sip:[user]@[local_host]>;tag=[from_tag]\nTo: <[target]>[peer_tag_param]\n"      \
           "Call-ID: [call_id]\nCSeq: [cseq] " method "\n"

static const struct sip_script_draft asks = {
    .kind = SIP_SCRIPT_SEND, .message = HEAD("MESSAGE") "\nhello [user]", .authenticate = true};
static const struct sip_script_draft calls = {
    .kind = SIP_SCRIPT_SEND, .message = HEAD("INVITE"), .authenticate = true};
static const struct sip_script_draft confirms = {.kind = SIP_SCRIPT_SEND, .message = HEAD("ACK")};
static const struct sip_script_draft ends = {.kind = SIP_SCRIPT_SEND, .message = HEAD("BYE")};
static const struct sip_script_draft success = {.kind = SIP_SCRIPT_EXPECT, .expect = "2xx"};
static const struct sip_script_draft ringing = {
    .kind = SIP_SCRIPT_EXPECT, .expect = "180", .optional = true};

static const struct metrics_zone *counted(const struct lab *lab) {
    return &lab->shard.zones[0];
}

static struct sip_script *compile(const struct sip_script_draft *steps, uint32_t count) {
    struct sip_script_mistake mistake;
    struct sip_script *script = sip_script_create(steps, count, &mistake);
    cr_assert_not_null(script, "step %u: %s", mistake.step, mistake.text);
    return script;
}

static void set_up(struct lab *lab, struct lab_peer *peer, const struct sip_script_draft *steps,
                   uint32_t count) {
    lab_init(lab, TLS_VERSION_1_3);
    lab->zone.dialog = NODE_DIALOG_SCRIPT;
    lab->zone.script = compile(steps, count);
    lab->zone.user = "user";
    strcpy(lab->zone.target_uri, "sip:room@webex.example.test");
    lab_peer_is_dialled(lab, peer);
}

static void tear_down(struct lab *lab, struct lab_peer *peer) {
    struct sip_script *script = (struct sip_script *)(uintptr_t)lab->zone.script;
    cr_expect_eq(lab->environment.scripts.free_count, LAB_SLOTS);
    cr_expect_eq(lab->environment.challenges.free_count, LAB_SLOTS);
    sip_lab_expect_sums(counted(lab));
    lab_peer_finish(peer);
    lab_finish(lab);
    sip_script_destroy(script);
}

static void expect_over(struct lab *lab, struct lab_peer *peer, enum conn_outcome outcome,
                        enum fault fault) {
    LAB_UNTIL(lab, peer, peer->read_end);
    lab_peer_hang_up(peer, false);
    LAB_UNTIL(lab, peer, lab->done);
    cr_expect_eq(lab->conn->outcome, outcome);
    cr_expect_eq(lab->conn->fault, fault, "%s", base_fault_key(lab->conn->fault));
    lab_expect_nothing_held(lab);
    tear_down(lab, peer);
}

Test(conn_script, a_dialog_is_played_and_counted_once) {
    struct lab lab;
    struct lab_peer peer;
    const struct sip_script_draft steps[] = {calls, ringing, success, confirms, ends, success};
    set_up(&lab, &peer, steps, 6);
    lab.zone.stays_open = false;
    lab.zone.dialogs = 1;
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect(sip_lab_says(&peer, "INVITE sip:room@webex.example.test SIP/2.0\r\n"));
    cr_expect(sip_lab_says(&peer, "Via: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bK"));
    cr_expect(sip_lab_says(&peer, "From: <sip:user1@core.example.test>;tag="));
    cr_expect(sip_lab_says(&peer, "To: <sip:room@webex.example.test>\r\n"));
    sip_lab_answer_status(&peer, 100);
    sip_lab_answer_status(&peer, 180);
    sip_lab_answer_status(&peer, 180);
    LAB_UNTIL(&lab, &peer, lab.conn->admitted);
    cr_expect_eq(metrics_read(&counted(&lab)->established), 0);
    sip_lab_answer_status(&peer, 200);
    lab_peer_forget(&peer);
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect_eq(lab_peer_count(&peer, "CSeq: 1 ACK\r\n"), 1);
    cr_expect_eq(lab_peer_count(&peer, "To: <sip:room@webex.example.test>;tag=000000000000000b"),
                 2);
    cr_expect(sip_lab_says(&peer, "CSeq: 2 BYE\r\n"));
    cr_expect_eq(metrics_read(&counted(&lab)->established), 1);
    cr_expect_eq(metrics_read(&counted(&lab)->calls), 0);
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    cr_expect_eq(metrics_read(&counted(&lab)->calls), 1);
    cr_expect_eq(metrics_read(&counted(&lab)->sip_requests), 2);
    cr_expect_eq(metrics_read(&counted(&lab)->sip_responses[200]), 2);
    cr_expect_eq(counted(&lab)->latency[METRICS_ESTABLISH].count, 1);
    expect_over(&lab, &peer, CONN_OUTCOME_CLOSED, FAULT_NONE);
}

Test(conn_script, another_playing_follows_on_a_connection_that_stays) {
    struct lab lab;
    struct lab_peer peer;
    char call_id[96] = "";
    const struct sip_script_draft steps[] = {asks, success};
    set_up(&lab, &peer, steps, 2);
    lab.zone.options_interval_ns = 0;
    SIP_LAB_HEARS(&lab, &peer, 1);
    const struct bytes first = sip_lab_last(&peer).call_id;
    cr_assert_lt(first.length, sizeof call_id);
    memcpy(call_id, first.data, first.length);
    sip_lab_answer_status(&peer, 202);
    lab_peer_forget(&peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect_not(sip_lab_says(&peer, call_id));
    cr_expect(sip_lab_says(&peer, "CSeq: 1 MESSAGE\r\n"));
    cr_expect(sip_lab_says(&peer, "Content-Length: 11\r\n\r\nhello user1"));
    cr_expect_eq(metrics_read(&counted(&lab)->answering), 1);
    lab_peer_close_notify(&peer);
    expect_over(&lab, &peer, CONN_OUTCOME_LOST, FAULT_SIP_CLOSED);
}

struct refusal {
    unsigned status;
    enum fault fault;
    const char *reason;
};

Test(conn_script, an_answer_that_is_not_expected_ends_it_and_is_named) {
    static const struct refusal rows[] = {
        {404, FAULT_SIP_REJECTED, "404 Not Found"},
        {401, FAULT_SIP_AUTH_FAILED, "401 Unauthorized"},
        {200, FAULT_SIP_REJECTED, "200 OK, which was not expected"},
    };
    const struct sip_script_draft absent = {.kind = SIP_SCRIPT_EXPECT, .expect = "486"};
    const struct sip_script_draft steps[] = {asks, absent};
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        set_up(&lab, &peer, steps, 2);
        lab.zone.credentials.username = "mufasa";
        lab.zone.credentials.password = "circle";
        SIP_LAB_HEARS(&lab, &peer, 1);
        sip_lab_answer_status(&peer, rows[i].status);
        LAB_UNTIL(&lab, &peer, lab.conn->phase == CONN_CLOSE);
        cr_expect_str_eq(counted(&lab)->reasons.cells[0].text, rows[i].reason);
        expect_over(&lab, &peer, CONN_OUTCOME_FAILED, rows[i].fault);
    }
}

Test(conn_script, what_does_not_come_in_time_is_a_timeout) {
    struct lab lab;
    struct lab_peer peer;
    const struct sip_script_draft soon = {
        .kind = SIP_SCRIPT_EXPECT, .expect = "200", .timeout_ns = 5 * BASE_NS_PER_S};
    const struct sip_script_draft steps[] = {asks, ringing, soon};
    set_up(&lab, &peer, steps, 3);
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect_leq(lab.conn->timer.deadline_ns, base_clock_now_ns() + 5 * BASE_NS_PER_S);
    conn_expire(lab.conn, &lab.environment);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    cr_expect_eq(metrics_read(&counted(&lab)->sip_timeouts), 1);
    expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_SIP_TIMEOUT);
}

#define CHALLENGE "WWW-Authenticate: Digest realm=\"edge\", nonce=\"abc\", qop=\"auth\"\r\n"

static void challenge(struct lab_peer *peer) {
    sip_lab_answer(
        peer, (struct sip_reply){.status = 401, .header_lines = base_bytes_of_text(CHALLENGE)});
}

Test(conn_script, a_challenge_is_answered_by_the_same_request_as_another_one) {
    struct lab lab;
    struct lab_peer peer;
    const struct sip_script_draft steps[] = {calls, success, confirms, ends, success};
    set_up(&lab, &peer, steps, 5);
    lab.zone.credentials.username = "mufasa";
    lab.zone.credentials.password = "circle";
    SIP_LAB_HEARS(&lab, &peer, 1);
    challenge(&peer);
    lab_peer_forget(&peer);
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect_eq(lab_peer_count(&peer, "CSeq: 1 ACK\r\n"), 1);
    cr_expect_eq(lab_peer_count(&peer, "tag=000000000000000b\r\n"), 1);
    cr_expect(sip_lab_says(&peer, "CSeq: 2 INVITE\r\n"));
    cr_expect(sip_lab_says(&peer, "Authorization: Digest username=\"mufasa\""));
    cr_expect(sip_lab_says(&peer, "\r\n\r\n"));
    cr_expect_eq(metrics_read(&counted(&lab)->established), 0);
    challenge(&peer);
    expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_SIP_AUTH_FAILED);
}

Test(conn_script, requests_of_the_peer_are_answered_by_the_script_or_as_ever) {
    struct lab lab;
    struct lab_peer peer;
    const struct sip_script_draft waits = {.kind = SIP_SCRIPT_EXPECT, .expect = "NOTIFY"};
    const struct sip_script_draft answers = {
        .kind = SIP_SCRIPT_SEND,
        .message = "SIP/2.0 202 Taken\n[last_Via:]\n[last_From:]\n[last_To:];tag=[from_tag]\n"
                   "[last_Record-Route:]\n[last_Call-ID:]\n[last_CSeq:]\n"};
    const struct sip_script_draft steps[] = {asks, success, waits, answers, asks, success};
    set_up(&lab, &peer, steps, 6);
    SIP_LAB_HEARS(&lab, &peer, 1);
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, lab.conn->established);
    lab_peer_forget(&peer);
    sip_lab_ask(&peer, "OPTIONS", "sip:core.example.test", "");
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect_eq(sip_lab_last(&peer).status, 200);
    lab_peer_forget(&peer);
    sip_lab_ask(&peer, "NOTIFY", "sip:core.example.test", "Via: SIP/2.0/TLS b;branch=z9hG4bKb\r\n");
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect_eq(lab_peer_count(&peer, "SIP/2.0 202 Taken\r\nVia: SIP/2.0/TLS phone"), 1);
    cr_expect_eq(lab_peer_count(&peer, "Via: SIP/2.0/TLS b;branch=z9hG4bKb\r\nFrom: "), 1);
    cr_expect_eq(lab_peer_count(&peer, "Call-ID: call\r\nCSeq: 1 NOTIFY\r\nContent-Length: 0"), 1);
    cr_expect(sip_lab_says(&peer, "CSeq: 2 MESSAGE\r\n"));
    lab_peer_close_notify(&peer);
    expect_over(&lab, &peer, CONN_OUTCOME_LOST, FAULT_SIP_CLOSED);
}

Test(conn_script, what_was_extracted_is_said_and_what_is_missing_is_named) {
    static const struct sip_script_draft_extract extracts[] = {
        {.variable = "tag", .header = "to", .match = "tag=([^;]+)"}};
    const struct sip_script_draft takes = {
        .kind = SIP_SCRIPT_EXPECT, .expect = "1xx", .extracts = extracts, .extract_count = 1};
    const struct sip_script_draft quotes = {.kind = SIP_SCRIPT_SEND,
                                            .message = HEAD("MESSAGE") "\n[$tag], [$tag]"};
    const struct sip_script_draft steps[] = {asks, takes, quotes, takes};
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, &peer, steps, 4);
    SIP_LAB_HEARS(&lab, &peer, 1);
    sip_lab_answer_status(&peer, 180);
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect(sip_lab_says(&peer, "\r\n\r\n000000000000000b, 000000000000000b"));
    lab_peer_write(&peer, base_bytes_of_text("SIP/2.0 183 Soon\r\nVia: SIP/2.0/TLS a;branch=b\r\n"
                                             "From: <sip:a>;tag=a\r\nTo: <sip:b>\r\nCall-ID: x\r\n"
                                             "CSeq: 2 MESSAGE\r\nContent-Length: 0\r\n\r\n"));
    lab_peer_forget(&peer);
    sip_lab_ask(&peer, "OPTIONS", "sip:core.example.test", "");
    SIP_LAB_HEARS(&lab, &peer, 1); /* another dialog's answer is none of ours */
    cr_expect_eq(lab.conn->phase, CONN_OPEN);
    lab_peer_hang_up(&peer, true);
    LAB_UNTIL(&lab, &peer, lab.done);
    tear_down(&lab, &peer);
}

Test(conn_script, a_pause_sends_nothing_until_it_is_over) {
    struct lab lab;
    struct lab_peer peer;
    const struct sip_script_draft pause = {.kind = SIP_SCRIPT_PAUSE,
                                           .pause = {.ns = 3600 * BASE_NS_PER_S}};
    const struct sip_script_draft steps[] = {asks, success, pause, asks, success};
    set_up(&lab, &peer, steps, 5);
    SIP_LAB_HEARS(&lab, &peer, 1);
    sip_lab_answer_status(&peer, 200);
    sip_lab_answer_status(&peer, 200); /* comes again: nobody minds */
    LAB_UNTIL(&lab, &peer, metrics_read(&counted(&lab)->sip_responses[200]) == 1);
    lab_turn(&lab, &peer);
    cr_expect_eq(sip_lab_heard(&peer), 1);
    conn_expire(lab.conn, &lab.environment);
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect_eq(metrics_read(&counted(&lab)->sip_responses[200]), 1);
    lab_peer_close_notify(&peer);
    expect_over(&lab, &peer, CONN_OUTCOME_LOST, FAULT_SIP_CLOSED);
}

/* A pause of the run begins nothing; what was begun is played to its end. */
Test(conn_script, a_dialog_under_way_goes_on_while_the_run_pauses) {
    struct lab lab;
    struct lab_peer peer;
    const struct sip_script_draft pause = {.kind = SIP_SCRIPT_PAUSE,
                                           .pause = {.ns = BASE_NS_PER_MS}};
    const struct sip_script_draft steps[] = {calls, success, confirms, pause, ends, success};
    set_up(&lab, &peer, steps, 6);
    lab.zone.options_interval_ns = 0;
    SIP_LAB_HEARS(&lab, &peer, 1);
    lab.environment.paused = true;
    sip_lab_answer_status(&peer, 200);
    SIP_LAB_HEARS(&lab, &peer, 3);
    cr_expect(sip_lab_says(&peer, "CSeq: 2 BYE\r\n"));
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, metrics_read(&counted(&lab)->calls) == 1);
    conn_expire(lab.conn, &lab.environment);
    cr_expect_eq(sip_lab_heard(&peer), 3, "another one is not begun");
    lab.environment.paused = false;
    conn_expire(lab.conn, &lab.environment);
    SIP_LAB_HEARS(&lab, &peer, 4);
    lab_peer_hang_up(&peer, true);
    LAB_UNTIL(&lab, &peer, lab.done);
    tear_down(&lab, &peer);
}

Test(conn_script, a_peer_that_hangs_up_in_the_middle_does_not_end_it_in_order) {
    struct lab lab;
    struct lab_peer peer;
    const struct sip_script_draft pause = {.kind = SIP_SCRIPT_PAUSE,
                                           .pause = {.ns = 3600 * BASE_NS_PER_S}};
    const struct sip_script_draft steps[] = {asks, success, pause, asks, success};
    set_up(&lab, &peer, steps, 5);
    SIP_LAB_HEARS(&lab, &peer, 1);
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, lab.conn->established);
    lab_peer_close_notify(&peer);
    expect_over(&lab, &peer, CONN_OUTCOME_LOST, FAULT_SIP_CLOSED);
}

Test(conn_script, challenges_of_a_proxy_and_of_the_target_are_both_answered) {
    struct lab lab;
    struct lab_peer peer;
    const struct sip_script_draft steps[] = {asks, success};
    set_up(&lab, &peer, steps, 2);
    lab.zone.credentials.username = "mufasa";
    lab.zone.credentials.password = "circle";
    SIP_LAB_HEARS(&lab, &peer, 1);
    sip_lab_answer(
        &peer,
        (struct sip_reply){.status = 407,
                           .header_lines = base_bytes_of_text(
                               "Proxy-Authenticate: Digest realm=\"proxy\", nonce=\"def\"\r\n")});
    lab_peer_forget(&peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    challenge(&peer);
    lab_peer_forget(&peer);
    SIP_LAB_HEARS(&lab, &peer, 1);
    cr_expect_eq(lab_peer_count(&peer, "Proxy-Authorization: Digest username=\"mufasa\""), 1);
    cr_expect_eq(lab_peer_count(&peer, "\r\nAuthorization: Digest username=\"mufasa\""), 1);
    sip_lab_answer_status(&peer, 200);
    LAB_UNTIL(&lab, &peer, lab.conn->established);
    lab_peer_hang_up(&peer, true);
    LAB_UNTIL(&lab, &peer, lab.done);
    tear_down(&lab, &peer);
}

Test(conn_script, users_are_handed_out_in_their_order) {
    static const char *fields[] = {"alice", "secret", "bob", "hidden"};
    const struct sip_script_draft steps[] = {asks, success};
    struct profile_user_table table = {
        .order = PROFILE_USERS_SEQUENTIAL, .fields = fields, .row_count = 2, .column_count = 2};
    const struct profile_users users = {.table = &table, .username = 0, .password = 1};
    for (unsigned attempt = 0; attempt < 3; attempt++) {
        struct lab lab;
        struct lab_peer peer;
        set_up(&lab, &peer, steps, 2);
        lab.zone.users = &users;
        lab.environment.next_users[0] = attempt;
        SIP_LAB_HEARS(&lab, &peer, 1);
        cr_expect(sip_lab_says(&peer, attempt == 1 ? "hello bob" : "hello alice"));
        challenge(&peer);
        lab_peer_forget(&peer);
        SIP_LAB_HEARS(&lab, &peer, 1);
        cr_expect(sip_lab_says(&peer, attempt == 1 ? "username=\"bob\"" : "username=\"alice\""));
        lab_peer_hang_up(&peer, true);
        LAB_UNTIL(&lab, &peer, lab.done);
        tear_down(&lab, &peer);
    }
}

Test(conn_script, values_that_make_no_message_are_never_sent) {
    static const char *fields[] = {"no\rname"};
    const struct sip_script_draft odd = {.kind = SIP_SCRIPT_SEND,
                                         .message = HEAD("MESSAGE") "[field0]: x\n"};
    const struct sip_script_draft steps[] = {odd, success};
    struct profile_user_table table = {.fields = fields, .row_count = 1, .column_count = 1};
    const struct profile_users users = {
        .table = &table, .username = PROFILE_NONE, .password = PROFILE_NONE};
    struct lab lab;
    struct lab_peer peer;
    set_up(&lab, &peer, steps, 2);
    lab.zone.users = &users;
    LAB_UNTIL(&lab, &peer, lab.conn->phase == CONN_CLOSE);
    cr_expect_str_eq(counted(&lab)->reasons.cells[0].text,
                     "step 1 of the dialog file: its values make no message");
    expect_over(&lab, &peer, CONN_OUTCOME_FAILED, FAULT_LOCAL_ERROR);
}
