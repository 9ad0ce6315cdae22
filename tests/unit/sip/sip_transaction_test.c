/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_sample.h"
#include "sip_transaction.h"
#include "sip_writer.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct sip_transaction transaction = {
    .dialog = 0x0123456789abcdef,
    .branch = 0x00000000deadbeef,
    .cseq = 42,
};

#define BRANCH "z9hG4bK00000000deadbeef"
#define ANSWER(line, branch, cseq)                                                                 \
    line "\r\nVia: SIP/2.0/TLS a;" branch "\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>;tag=2\r\n"       \
         "Call-ID: 1@a\r\nCSeq: " cseq "\r\nContent-Length: 0\r\n\r\n"

struct answer_case {
    const char *text;
    bool matches;
};

Test(sip_transaction, is_told_by_branch_and_cseq) {
    static const struct answer_case cases[] = {
        {ANSWER("SIP/2.0 200 OK", "branch=" BRANCH, "42 OPTIONS"), true},
        {ANSWER("SIP/2.0 100 Trying", "rport=1;branch=" BRANCH ";received=1.2.3.4", "042 OPTIONS"),
         true},
        {ANSWER("SIP/2.0 503 Down", "branch=" BRANCH, "42 OPTIONS"), true},
        {ANSWER("SIP/2.0 200 OK", "branch=z9hG4bK00000000deadbeee", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=" BRANCH "0", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=z9hG4bK00000000deadbee", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=z9hG4bKdeadbeef", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=00000000deadbeef", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "rport", "42 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=" BRANCH, "43 OPTIONS"), false},
        {ANSWER("SIP/2.0 200 OK", "branch=" BRANCH, "42 INVITE"), false},
        {ANSWER("OPTIONS sip:a SIP/2.0", "branch=" BRANCH, "42 OPTIONS"), false},
    };
    for (const struct answer_case *row = cases; row < cases + LENGTH_OF(cases); row++) {
        struct sip_message message;
        cr_assert(sample_parses(base_bytes_of_text(row->text), &message));
        cr_assert_eq(sip_transaction_matches(&message, &transaction, SIP_OPTIONS), row->matches,
                     "%s", row->text);
    }
}

Test(sip_transaction, is_of_the_pending_method_only) {
    for (unsigned answered = 0; answered < SIP_METHODS; answered++) {
        char text[512];
        struct sip_message message;
        snprintf(text, sizeof(text), ANSWER("SIP/2.0 200 OK", "branch=" BRANCH, "42 %s"),
                 sip_method_name((enum sip_method)answered));
        cr_assert(sample_parses(base_bytes_of_text(text), &message));
        for (unsigned pending = 0; pending < SIP_METHODS; pending++) {
            cr_assert_eq(sip_transaction_matches(&message, &transaction, (enum sip_method)pending),
                         answered == pending, "%u answers %u", answered, pending);
        }
    }
}

Test(sip_transaction, ends_where_it_began) {
    const struct sip_endpoints endpoints = {.local_name = "a", .remote_name = "b"};
    const struct sip_request invite = {
        .method = SIP_INVITE,
        .endpoints = &endpoints,
        .transaction = transaction,
        .uri = base_bytes_of_text("sip:b"),
        .to_uri = base_bytes_of_text("sip:b"),
    };
    const struct sip_reply ringing = {.status = 180, .to_tag = 7};
    uint8_t sent[SIP_MESSAGE_MAX];
    uint8_t received[SIP_MESSAGE_MAX];
    struct base_buffer request = {.data = sent, .capacity = sizeof(sent)};
    struct base_buffer response = {.data = received, .capacity = sizeof(received)};
    struct sip_message message;
    cr_assert(sip_writer_request(&request, &invite));
    cr_assert(sample_parses(base_buffer_bytes(&request), &message));
    cr_assert(sip_writer_reply(&response, &message, &ringing));
    cr_assert(sample_parses(base_buffer_bytes(&response), &message));
    cr_assert(sip_transaction_matches(&message, &transaction, SIP_INVITE));
    struct sip_transaction next = transaction;
    next.branch++;
    cr_assert_not(sip_transaction_matches(&message, &next, SIP_INVITE));
}
