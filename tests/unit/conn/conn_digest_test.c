/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"

#include "profile_plan.h"
#include "sip_digest.h"
#include "tls_session.h"

#include <stdio.h>
#include <string.h>

/* Digest authentication: with us as the client first, then with us as the server. */

#define REALM "edge.example.test"

static const struct sip_credentials good = {.username = "traversal", .password = "secret"};
static const struct sip_credentials wrong = {.username = "traversal", .password = "guess"};

static const struct metrics_zone *counted(const struct lab *lab) {
    return &lab->shard.zones[0];
}

static void dial(struct lab *lab, struct lab_peer *peer, enum node_dialog dialog,
                 bool has_credentials) {
    lab_init(lab, TLS_VERSION_1_3);
    lab->zone.dialog = dialog;
    if (has_credentials) {
        lab->zone.credentials =
            (struct node_credentials){.username = good.username, .password = good.password};
    }
    lab_peer_is_dialled(lab, peer);
    SIP_LAB_HEARS(lab, peer, 1);
}

/* Answers what was heard last. */
static void challenge(struct lab *lab, struct lab_peer *peer, uint64_t nonce, bool stale) {
    uint8_t octets[512];
    struct base_buffer lines = {.data = octets, .capacity = sizeof octets};
    uint64_t answers = metrics_read(&counted(lab)->sip_responses[401]);
    const struct sip_digest_demand demand = {.realm = REALM, .nonce = nonce};
    cr_assert(sip_digest_write_challenge(&lines, &demand, stale));
    sip_lab_answer(peer,
                   (struct sip_reply){.status = 401, .header_lines = base_buffer_bytes(&lines)});
    LAB_UNTIL(lab, peer, metrics_read(&counted(lab)->sip_responses[401]) > answers);
}

/* Of the request number `heard`. */
static enum sip_digest_verdict judge(struct lab *lab, struct lab_peer *peer, unsigned heard,
                                     uint64_t nonce, uint32_t *nonce_count) {
    SIP_LAB_HEARS(lab, peer, heard);
    const struct sip_message request = sip_lab_last(peer);
    const struct sip_digest_demand demand = {.realm = REALM, .nonce = nonce};
    return sip_digest_check(&request, &demand, &good, nonce_count);
}

static void expect_failure(struct lab *lab, struct lab_peer *peer) {
    LAB_UNTIL(lab, peer, peer->read_end);
    lab_peer_hang_up(peer, false);
    LAB_UNTIL(lab, peer, lab->done);
    cr_expect_eq(lab->conn->outcome, CONN_OUTCOME_FAILED);
    cr_expect_eq(lab->conn->fault, FAULT_SIP_AUTH_FAILED, "%s", base_fault_key(lab->conn->fault));
    cr_expect_eq(sip_lab_event(lab, JOURNAL_REQUEST_REJECTED).fault, FAULT_SIP_AUTH_FAILED);
    cr_expect_str_eq(counted(lab)->reasons.cells[0].text, "401 Unauthorized");
    cr_expect_eq(lab->environment.challenges.free_count, LAB_SLOTS);
    sip_lab_expect_sums(counted(lab));
    lab_expect_nothing_held(lab);
    lab_peer_finish(peer);
    lab_finish(lab);
}

Test(conn_digest, a_client_answers_a_challenge_and_reuses_it) {
    struct lab lab;
    struct lab_peer peer;
    uint32_t nonce_count = 0;
    dial(&lab, &peer, NODE_DIALOG_OPTIONS, true);
    lab.zone.options_interval_ns = 0;
    cr_expect_not(sip_lab_says(&peer, "Authorization"));
    uint64_t dialog = lab.conn->dialog;
    challenge(&lab, &peer, 7, false);
    cr_expect_eq(judge(&lab, &peer, 2, 7, &nonce_count), SIP_DIGEST_GOOD);
    cr_expect(sip_lab_says(&peer, "CSeq: 2 OPTIONS\r\n"));
    cr_expect_eq(lab.conn->dialog, dialog);
    cr_expect_eq(metrics_read(&counted(&lab)->established), 0);
    cr_expect_eq(metrics_read(&counted(&lab)->sip_responses[401]), 1);
    cr_expect_eq(counted(&lab)->latency[METRICS_ESTABLISH].count, 0);
    sip_lab_answer_status(&peer, 200);
    cr_expect_eq(judge(&lab, &peer, 3, 7, &nonce_count), SIP_DIGEST_GOOD);
    cr_expect_eq(nonce_count, 2);
    cr_expect_eq(metrics_read(&counted(&lab)->established), 1);
    cr_expect_eq(metrics_read(&counted(&lab)->answering), 1);
    cr_expect_eq(counted(&lab)->latency[METRICS_ESTABLISH].count, 1);

    challenge(&lab, &peer, 8, true);
    nonce_count = 0;
    cr_expect_eq(judge(&lab, &peer, 4, 8, &nonce_count), SIP_DIGEST_GOOD);
    cr_expect_eq(metrics_read(&counted(&lab)->answering), 1);
    sip_lab_answer_status(&peer, 200);
    SIP_LAB_HEARS(&lab, &peer, 5);

    /* Some forget to say that it is only stale: a request of its own may be challenged anew. */
    challenge(&lab, &peer, 9, false);
    nonce_count = 0;
    cr_expect_eq(judge(&lab, &peer, 6, 9, &nonce_count), SIP_DIGEST_GOOD);
    lab_peer_hang_up(&peer, false);
    LAB_UNTIL(&lab, &peer, lab.done);
    cr_expect_eq(lab.environment.challenges.free_count, LAB_SLOTS);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_digest, a_client_that_is_challenged_twice_gives_up) {
    static const enum node_dialog dialogs[] = {NODE_DIALOG_OPTIONS, NODE_DIALOG_REGISTER,
                                               NODE_DIALOG_INVITE};
    for (unsigned i = 0; i < sizeof dialogs / sizeof dialogs[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        dial(&lab, &peer, dialogs[i], true);
        challenge(&lab, &peer, 7, false);
        bool is_call = dialogs[i] == NODE_DIALOG_INVITE;
        SIP_LAB_HEARS(&lab, &peer, is_call ? 3 : 2); /* its ACK stands between the two INVITEs */
        cr_expect_eq(lab_peer_count(&peer, "ACK sip:"), is_call ? 1 : 0);
        challenge(&lab, &peer, 8, false);
        expect_failure(&lab, &peer);
    }
}

Test(conn_digest, a_client_whose_every_nonce_is_stale_gives_up) {
    struct lab lab;
    struct lab_peer peer;
    dial(&lab, &peer, NODE_DIALOG_OPTIONS, true);
    for (uint64_t nonce = 1; lab.conn->phase == CONN_OPEN; nonce++) {
        cr_assert_lt(nonce, 10, "it goes on for ever");
        SIP_LAB_HEARS(&lab, &peer, nonce);
        challenge(&lab, &peer, nonce, true);
    }
    expect_failure(&lab, &peer);
}

/* RFC 3261 section 22.3: a proxy on the way and whom the request is for may both want to know. */
Test(conn_digest, a_client_answers_the_proxy_and_the_registrar) {
    static const char of_proxy[] =
        "Proxy-Authenticate: Digest realm=\"proxy\", nonce=\"p\", qop=\"auth\"\r\n";
    struct lab lab;
    struct lab_peer peer;
    uint32_t nonce_count = 0;
    dial(&lab, &peer, NODE_DIALOG_REGISTER, true);
    lab.zone.options_interval_ns = 0;
    sip_lab_answer(&peer,
                   (struct sip_reply){.status = 407, .header_lines = base_bytes_of_text(of_proxy)});
    SIP_LAB_HEARS(&lab, &peer, 2);
    cr_expect(sip_lab_says(&peer, "\r\nProxy-Authorization: Digest "));
    cr_expect_not(sip_lab_says(&peer, "\r\nAuthorization: "));
    challenge(&lab, &peer, 7, false);
    cr_expect_eq(judge(&lab, &peer, 3, 7, &nonce_count), SIP_DIGEST_GOOD);
    cr_expect(sip_lab_says(&peer, "\r\nProxy-Authorization: Digest "));
    sip_lab_answer_status(&peer, 200);
    cr_expect_eq(judge(&lab, &peer, 4, 7, &nonce_count), SIP_DIGEST_GOOD);
    cr_expect(sip_lab_says(&peer, "\r\nProxy-Authorization: Digest "));
    cr_expect_eq(lab_peer_count(&peer, "realm=\"proxy\", nonce=\"p\""), 3);
    cr_expect(sip_lab_says(&peer, "nc=00000003"));
    challenge(&lab, &peer, 8, false);
    SIP_LAB_HEARS(&lab, &peer, 5);
    challenge(&lab, &peer, 9, false);
    LAB_UNTIL(&lab, &peer, lab.conn->phase == CONN_CLOSE);
    cr_expect_eq(lab.conn->fault, FAULT_SIP_AUTH_FAILED);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

Test(conn_digest, a_challenge_that_nobody_can_answer_is_a_failure) {
    static const char *const lines[] = {
        "WWW-Authenticate: Negotiate\r\n",
        "WWW-Authenticate: Digest realm=\"x\"\r\n",
        "",
    };
    for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        dial(&lab, &peer, NODE_DIALOG_OPTIONS, true);
        sip_lab_answer(
            &peer, (struct sip_reply){.status = 401, .header_lines = base_bytes_of_text(lines[i])});
        expect_failure(&lab, &peer);
    }
}

Test(conn_digest, without_credentials_a_challenge_is_no_answer) {
    struct lab lab;
    struct lab_peer peer;
    dial(&lab, &peer, NODE_DIALOG_OPTIONS, false);
    challenge(&lab, &peer, 7, false);
    cr_expect_eq(metrics_read(&counted(&lab)->established), 1);
    cr_expect_eq(metrics_read(&counted(&lab)->answering), 0);
    cr_expect_eq(metrics_read(&counted(&lab)->answered), 0);
    lab_peer_finish(&peer);
    lab_finish(&lab);
    dial(&lab, &peer, NODE_DIALOG_REGISTER, false);
    challenge(&lab, &peer, 7, false);
    expect_failure(&lab, &peer);
}

/* The other way round: a listener that challenges. */
static void be_dialled(struct lab *lab, struct lab_peer *peer) {
    lab_init(lab, TLS_VERSION_1_3);
    strcpy(lab->self.name, REALM);
    lab->listener.credentials =
        (struct node_credentials){.username = good.username, .password = good.password};
    lab_peer_dials(lab, peer);
    LAB_UNTIL(lab, peer, tls_session_is_open(peer->session));
}

static void ask_for(struct lab *lab, struct lab_peer *peer, const char *method,
                    struct sip_challenge *asked, const struct sip_credentials *credentials) {
    static const char uri[] = "sip:edge.example.test";
    uint8_t octets[1024];
    struct base_buffer lines = {.data = octets, .capacity = sizeof octets - 1};
    if (asked != NULL) {
        cr_assert(sip_digest_write_authorization(&lines, asked, credentials, method,
                                                 base_bytes_of_text(uri), 5));
    }
    octets[lines.length] = '\0';
    lab_peer_forget(peer);
    sip_lab_ask(peer, method, uri, (const char *)octets);
    SIP_LAB_HEARS(lab, peer, 1);
}

static void ask(struct lab *lab, struct lab_peer *peer, struct sip_challenge *asked,
                const struct sip_credentials *credentials) {
    ask_for(lab, peer, "OPTIONS", asked, credentials);
}

Test(conn_digest, a_server_challenges_until_the_credentials_are_good) {
    struct lab lab;
    struct lab_peer peer;
    struct sip_challenge asked;
    be_dialled(&lab, &peer);
    ask(&lab, &peer, NULL, NULL);
    struct sip_message response = sip_lab_last(&peer);
    cr_assert_eq(response.status, 401);
    cr_assert(sip_digest_read_challenge(&response, &asked));
    cr_expect_str_eq(asked.realm, REALM);
    cr_expect_not(asked.stale);
    cr_expect(base_list_is_empty(&lab.environment.listener_carriers[0].list));

    ask(&lab, &peer, &asked, &wrong);
    cr_expect_eq(sip_lab_last(&peer).status, 401);
    cr_expect(sip_lab_event(&lab, JOURNAL_AUTHENTICATION_FAILED).on_listener);
    cr_expect(base_list_is_empty(&lab.environment.listener_carriers[0].list));

    ask(&lab, &peer, &asked, &good);
    cr_expect_eq(sip_lab_last(&peer).status, 200);
    cr_expect_not(base_list_is_empty(&lab.environment.listener_carriers[0].list));
    ask(&lab, &peer, &asked, &good);
    cr_expect_eq(sip_lab_last(&peer).status, 200);

    asked.nonce_count = 0; /* a replay */
    ask(&lab, &peer, &asked, &good);
    response = sip_lab_last(&peer);
    cr_assert_eq(response.status, 401);
    cr_assert(sip_digest_read_challenge(&response, &asked));
    cr_expect(asked.stale);
    ask(&lab, &peer, &asked, &good);
    cr_expect_eq(sip_lab_last(&peer).status, 200);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

/* Offers what the listener says, in its order, and takes nothing else. */
Test(conn_digest, a_registrar_challenges_with_the_algorithms_of_its_listener) {
    static const struct {
        uint8_t algorithms[NODE_DIGESTS];
        uint8_t count;
        enum sip_digest_algorithm first;
    } rows[] = {
        {{PROFILE_DIGEST_MD5}, 0, SIP_DIGEST_MD5},
        {{PROFILE_DIGEST_MD5}, 1, SIP_DIGEST_MD5},
        {{PROFILE_DIGEST_SHA_256}, 1, SIP_DIGEST_SHA_256},
        {{PROFILE_DIGEST_SHA_512_256}, 1, SIP_DIGEST_SHA_512_256},
        {{PROFILE_DIGEST_SHA_512_256, PROFILE_DIGEST_SHA_256, PROFILE_DIGEST_MD5},
         3,
         SIP_DIGEST_SHA_512_256},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        struct sip_challenge asked;
        be_dialled(&lab, &peer);
        memcpy(lab.listener.credentials.algorithms, rows[i].algorithms, NODE_DIGESTS);
        lab.listener.credentials.algorithm_count = rows[i].count;
        ask_for(&lab, &peer, "REGISTER", NULL, NULL);
        struct sip_message response = sip_lab_last(&peer);
        cr_assert_eq(response.status, 401);
        cr_assert(sip_digest_read_challenge(&response, &asked));
        cr_expect_eq(asked.algorithm, rows[i].first, "row %u", i);
        cr_expect_eq(lab_peer_count(&peer, "WWW-Authenticate: "),
                     rows[i].count == 0 ? 1 : rows[i].count);
        ask_for(&lab, &peer, "REGISTER", &asked, &wrong);
        cr_expect_eq(sip_lab_last(&peer).status, 401);
        ask_for(&lab, &peer, "REGISTER", &asked, &good);
        cr_expect_eq(sip_lab_last(&peer).status, 200, "row %u", i);
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}

Test(conn_digest, a_client_that_leaves_with_wrong_credentials_left_because_of_them) {
    static const bool corrects[] = {false, true};
    for (unsigned i = 0; i < sizeof corrects / sizeof corrects[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        struct sip_challenge asked;
        be_dialled(&lab, &peer);
        ask(&lab, &peer, NULL, NULL);
        const struct sip_message response = sip_lab_last(&peer);
        cr_assert(sip_digest_read_challenge(&response, &asked));
        ask(&lab, &peer, &asked, &wrong);
        if (corrects[i]) {
            ask(&lab, &peer, &asked, &good);
        }
        lab_peer_hang_up(&peer, false);
        LAB_UNTIL(&lab, &peer, lab.done);
        bool blamed = lab.environment.listener_carriers[0].last_fault == FAULT_SIP_AUTH_FAILED;
        cr_expect_neq(blamed, corrects[i]);
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}

Test(conn_digest, a_nonce_that_was_never_given_opens_nothing) {
    struct lab lab;
    struct lab_peer peer;
    struct sip_challenge made_up = {.realm = REALM, .nonce = "0000000000000000", .has_qop = true};
    be_dialled(&lab, &peer);
    ask(&lab, &peer, &made_up, &good);
    struct sip_message response = sip_lab_last(&peer);
    cr_expect_eq(response.status, 401);
    lab_peer_finish(&peer);
    lab_finish(&lab);
}

/* Each user of the list has the own password; a name that is not in it opens nothing. */
Test(conn_digest, a_registrar_knows_each_user_of_its_list) {
    static const char *fields[] = {"bob", "builder", "alice", "wonderland", "carol", ""};
    static const uint32_t by_name[] = {1, 0, 2};
    static const struct profile_user_table table = {
        .fields = fields, .row_count = 3, .column_count = 2};
    static const struct profile_users users = {
        .table = &table, .username = 0, .password = 1, .by_name = by_name};
    static const struct {
        struct sip_credentials who;
        unsigned status;
    } rows[] = {
        {{"alice", "wonderland"}, 200}, {{"bob", "builder"}, 200}, {{"carol", ""}, 200},
        {{"alice", "builder"}, 401},    {{"bob", ""}, 401},        {{"", ""}, 401},
        {{"alic", "wonderland"}, 401},  {{"dave", ""}, 401},       {{"traversal", "secret"}, 401},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct lab lab;
        struct lab_peer peer;
        struct sip_challenge asked;
        be_dialled(&lab, &peer);
        lab.listener.credentials = (struct node_credentials){.users = &users};
        cr_expect(base_list_is_empty(&lab.environment.listener_carriers[0].list));
        ask_for(&lab, &peer, "REGISTER", NULL, NULL);
        const struct sip_message response = sip_lab_last(&peer);
        cr_assert_eq(response.status, 401);
        cr_assert(sip_digest_read_challenge(&response, &asked));
        ask_for(&lab, &peer, "REGISTER", &asked, &rows[i].who);
        cr_expect_eq(sip_lab_last(&peer).status, rows[i].status, "%s/%s", rows[i].who.username,
                     rows[i].who.password);
        lab_peer_finish(&peer);
        lab_finish(&lab);
    }
}

Test(conn_digest, only_requests_of_users_and_first_ones_are_challenged) {
    static const struct {
        const char *method;
        const char *to_tag;
        unsigned status;
    } rows[] = {
        {"REGISTER", "", 401}, {"MESSAGE", "", 401},       {"MESSAGE", ";tag=b", 200},
        {"BYE", "", 200},      {"OPTIONS", ";tag=b", 200}, {"OPTIONS", "", 401},
    };
    struct lab lab;
    struct lab_peer peer;
    be_dialled(&lab, &peer);
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char request[512];
        snprintf(request, sizeof request,
                 "%s sip:edge.example.test SIP/2.0\r\nVia: SIP/2.0/TLS a;branch=z9hG4bKa\r\n"
                 "From: <sip:a@b>;tag=a\r\nTo: <sip:c@d>%s\r\nCall-ID: 1\r\nCSeq: 1 %s\r\n"
                 "Content-Length: 0\r\n\r\n",
                 rows[i].method, rows[i].to_tag, rows[i].method);
        lab_peer_forget(&peer);
        lab_peer_write(&peer, base_bytes_of_text(request));
        SIP_LAB_HEARS(&lab, &peer, 1);
        cr_expect_eq(sip_lab_last(&peer).status, rows[i].status, "%s", rows[i].method);
    }
    lab_peer_finish(&peer);
    lab_finish(&lab);
}
