/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_lab.h"
#include "tls_session.h"

#include <stdio.h>
#include <string.h>

static unsigned versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};

static const struct metrics_zone *counted(const struct lab *lab) {
    return &lab->shard.zones[0];
}

static void expect_the_sums(const struct lab *lab) {
    const struct metrics_zone *zone = counted(lab);
    uint64_t faults = 0;
    uint64_t lost_faults = 0;
    for (unsigned fault = 0; fault < FAULT_COUNT; fault++) {
        faults += metrics_read(&zone->faults[fault]);
        lost_faults += metrics_read(&zone->lost_faults[fault]);
    }
    cr_assert_eq(metrics_read(&zone->faults[FAULT_NONE]), 0);
    cr_assert_eq(metrics_read(&zone->lost_faults[FAULT_NONE]), 0);
    cr_assert_eq(metrics_read(&zone->failed), faults);
    cr_assert_eq(metrics_read(&zone->lost), lost_faults);
    cr_assert_eq(metrics_read(&zone->attempts), metrics_read(&zone->established) +
                                                    metrics_read(&zone->failed) +
                                                    metrics_read(&zone->unconfirmed));
    cr_assert_eq(metrics_read(&zone->established),
                 metrics_read(&zone->lost) + metrics_read(&zone->closed));
    cr_assert_eq(metrics_read(&zone->answering), 0);
}

/* The value of a header of the request that the peer received. */
static const char *header(const struct lab_peer *peer, const char *name, char out[256]) {
    const char *at = memmem(peer->plaintext.data, peer->plaintext.length, name, strlen(name));
    cr_assert_not_null(at, "no %s", name);
    at += strlen(name);
    size_t length = strcspn(at, "\r");
    cr_assert_lt(length, 256);
    memcpy(out, at, length);
    out[length] = '\0';
    return out;
}

static void await_request(struct lab *lab, struct lab_peer *peer) {
    lab_peer_is_dialled(lab, peer);
    LAB_UNTIL(lab, peer, lab_peer_count(peer, "OPTIONS sip:") == 1);
}

/* A response to the request that was received, or, `astray`, to one that nobody sent. */
static void send_response(struct lab_peer *peer, const char *status, bool astray) {
    char via[256];
    char from[256];
    char to[256];
    char call_id[256];
    char cseq[256];
    char response[2048];
    header(peer, "Via: ", via);
    if (astray) {
        strstr(via, "z9hG4bK")[7] = 'x'; /* ours are hexadecimal */
    }
    snprintf(response, sizeof response,
             "SIP/2.0 %s\r\nVia: %s\r\nFrom: %s\r\nTo: %s;tag=b\r\nCall-ID: %s\r\nCSeq: %s\r\n"
             "Content-Length: 0\r\n\r\n",
             status, via, header(peer, "From: ", from), header(peer, "To: ", to),
             header(peer, "Call-ID: ", call_id), header(peer, "CSeq: ", cseq));
    lab_peer_write(peer, base_bytes_of_text(response));
}

Test(conn_initiator, counts_one_answer_among_many) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    await_request(&lab, &peer);
    send_response(&peer, "100 Trying", false);
    send_response(&peer, "503 Service Unavailable", true);
    send_response(&peer, "200 OK", false);
    send_response(&peer, "200 OK", false);
    send_response(&peer, "486 Busy Here", false);
    LAB_UNTIL(&lab, &peer, lab.conn->answered);
    cr_assert_eq(metrics_read(&counted(&lab)->sip_responses[200]), 1);
    cr_assert_eq(metrics_read(&counted(&lab)->sip_responses[100]), 0);
    cr_assert_eq(metrics_read(&counted(&lab)->sip_responses[503]), 0);
    cr_assert_eq(metrics_read(&counted(&lab)->answering), 1);
    lab_peer_close_notify(&peer);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    lab_peer_hang_up(&peer, false);
    LAB_UNTIL(&lab, &peer, lab.done);
    cr_assert_eq(metrics_read(&counted(&lab)->sip_responses[486]), 0);
    cr_assert_eq(lab.conn->outcome, CONN_OUTCOME_CLOSED);
    expect_the_sums(&lab);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_initiator, an_answer_and_a_close_in_one_read_are_an_end_in_order) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.options_interval_ns = 0;
    await_request(&lab, &peer);
    send_response(&peer, "200 OK", false);
    lab_peer_close_notify(&peer);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    lab_peer_hang_up(&peer, false);
    LAB_UNTIL(&lab, &peer, lab.done);
    cr_assert_eq(lab.conn->outcome, CONN_OUTCOME_CLOSED, "%s", base_fault_key(lab.conn->fault));
    cr_assert_eq(metrics_read(&counted(&lab)->sip_requests), 1);
    expect_the_sums(&lab);
    lab_expect_nothing_held(&lab);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_initiator, what_follows_its_last_answer_does_not_matter) {
    static char noise[15000];
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.stays_open = false;
    await_request(&lab, &peer);
    memset(noise, 'x', sizeof noise);
    send_response(&peer, "200 OK", false);
    lab_peer_write(&peer, base_bytes(noise, sizeof noise));
    LAB_UNTIL(&lab, &peer, peer.read_end);
    lab_peer_hang_up(&peer, false);
    LAB_UNTIL(&lab, &peer, lab.done);
    cr_assert_eq(lab.conn->outcome, CONN_OUTCOME_CLOSED, "%s", base_fault_key(lab.conn->fault));
    lab_expect_nothing_held(&lab);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_initiator, answers_pings_and_requests_of_the_peer) {
    static const char request[] =
        "OPTIONS sip:core.example.test SIP/2.0\r\nVia: SIP/2.0/TLS edge.example.test;branch=z9h"
        "G4bK2\r\nFrom: <sip:edge.example.test>;tag=c\r\nTo: <sip:core.example.test>\r\n"
        "Call-ID: 2\r\nCSeq: 7 OPTIONS\r\nContent-Length: 0\r\n\r\n";
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    await_request(&lab, &peer);
    lab_peer_forget(&peer);
    lab_peer_write(&peer, base_bytes_of_text("\r\n\r\n"));
    lab_peer_write(&peer, base_bytes_of_text(request));
    LAB_UNTIL(&lab, &peer, lab_peer_count(&peer, "\r\nSIP/2.0 200 OK\r\n") == 1);
    cr_assert(lab.conn->awaits_response);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

/* How far the peer goes before it hangs up. */
enum progress { ACCEPTED, HELLO, OPEN, ANSWERED, PONG, PROGRESSES };

static void go_as_far_as(struct lab *lab, struct lab_peer *peer, enum progress progress) {
    if (progress == PONG) {
        lab->zone.dialog = NODE_DIALOG_NONE;
        lab_peer_is_dialled(lab, peer);
        LAB_UNTIL(lab, peer, lab_peer_count(peer, "\r\n\r\n") == 1);
        lab_peer_write(peer, base_bytes_of_text("\r\n"));
        LAB_UNTIL(lab, peer, lab->conn->answered);
        return;
    }
    if (progress >= OPEN) {
        await_request(lab, peer);
    } else {
        lab_peer_is_dialled(lab, peer);
    }
    if (progress == HELLO) {
        lab_turn(lab, peer);
        peer->reads = false;
        lab_turn(lab, peer);
    }
    if (progress == ANSWERED) {
        send_response(peer, "200 OK", false);
        LAB_UNTIL(lab, peer, lab->conn->answered);
    }
}

struct end_case {
    unsigned version;
    enum progress progress;
    bool reset;
};

static struct criterion_test_params every_end(void) {
    static struct end_case cases[2 * PROGRESSES * 2];
    for (unsigned i = 0; i < 2 * PROGRESSES * 2; i++) {
        cases[i] = (struct end_case){
            .version = versions[i & 1], .reset = (i & 2) != 0, .progress = (enum progress)(i / 4)};
    }
    return cr_make_param_array(struct end_case, cases, 2 * PROGRESSES * 2);
}

ParameterizedTestParameters(conn_initiator, is_free_again_wherever_the_peer_hangs_up) {
    return every_end();
}

ParameterizedTest(struct end_case *row, conn_initiator, is_free_again_wherever_the_peer_hangs_up) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, row->version);
    go_as_far_as(&lab, &peer, row->progress);
    lab_peer_hang_up(&peer, row->reset);
    LAB_UNTIL(&lab, &peer, lab.done);
    lab_expect_nothing_held(&lab);
    expect_the_sums(&lab);
    cr_assert_eq(lab.conn->outcome,
                 row->progress >= ANSWERED ? CONN_OUTCOME_LOST : CONN_OUTCOME_FAILED);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

ParameterizedTestParameters(conn_initiator, is_free_again_wherever_it_is_stopped) {
    return every_end();
}

/* `reset`: the zone closes by reset. */
ParameterizedTest(struct end_case *row, conn_initiator, is_free_again_wherever_it_is_stopped) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, row->version);
    lab.zone.reset_on_close = row->reset;
    go_as_far_as(&lab, &peer, row->progress);
    lab.environment.frozen = true;
    lab.environment.now_ns = base_clock_now_ns();
    cr_assert_eq(conn_stop(lab.conn, &lab.environment, false), CONN_GOES_ON);
    LAB_UNTIL(&lab, &peer, lab.done);
    lab_expect_nothing_held(&lab);
    cr_assert_eq(metrics_read(&counted(&lab)->lost) + metrics_read(&counted(&lab)->failed), 0);
    peer.reads = true;
    LAB_UNTIL(&lab, &peer, peer.read_end);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

static const struct {
    uint64_t behind_ns;
    uint64_t delay_us;
    uint64_t late;
} starts[] = {
    {0, 0, 0},
    {BASE_NS_PER_MS, 1000, 0},
    {5 * BASE_NS_PER_MS, 5000, 1},
};

Test(conn_initiator, tells_how_late_it_began) {
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        lab_init(&lab, TLS_VERSION_1_3);
        lab.behind_ns = starts[i].behind_ns;
        await_request(&lab, &peer);
        cr_expect_eq(counted(&lab)->latency[METRICS_START_DELAY].count, 1);
        cr_expect_eq(counted(&lab)->latency[METRICS_START_DELAY].max, starts[i].delay_us);
        cr_expect_eq(metrics_read(&counted(&lab)->late), starts[i].late);
        lab_peer_hang_up(&peer, false);
        LAB_UNTIL(&lab, &peer, lab.done);
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}

Test(conn_initiator, is_unconfirmed_when_no_pong_comes) {
    struct lab lab;
    struct lab_peer peer;
    lab_init(&lab, TLS_VERSION_1_3);
    lab.zone.dialog = NODE_DIALOG_NONE;
    lab_peer_is_dialled(&lab, &peer);
    LAB_UNTIL(&lab, &peer, peer.read_end);
    lab_peer_hang_up(&peer, false);
    LAB_UNTIL(&lab, &peer, lab.done);
    cr_assert_eq(lab.conn->outcome, CONN_OUTCOME_UNCONFIRMED);
    expect_the_sums(&lab);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}
