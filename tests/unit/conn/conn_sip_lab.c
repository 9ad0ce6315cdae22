/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conn_sip_lab.h"

#include "sip_framer.h"

#include <stdio.h>
#include <string.h>

static unsigned read_all(const struct lab_peer *peer, struct bytes *last) {
    struct bytes rest = base_buffer_bytes(&peer->plaintext);
    unsigned count = 0;
    while (rest.length > 0) {
        struct sip_frame frame = sip_framer_next(rest, false);
        cr_assert_neq(frame.kind, SIP_FRAME_MALFORMED);
        if (frame.kind == SIP_FRAME_NEEDS_MORE) {
            break;
        }
        if (frame.kind == SIP_FRAME_MESSAGE) {
            *last = base_bytes(rest.data, frame.length);
            count++;
        }
        rest = base_bytes_after(rest, frame.length);
    }
    return count;
}

unsigned sip_lab_heard(const struct lab_peer *peer) {
    struct bytes last;
    return read_all(peer, &last);
}

struct sip_message sip_lab_last(const struct lab_peer *peer) {
    struct sip_message message = {0};
    struct bytes last;
    cr_assert_gt(read_all(peer, &last), 0);
    cr_assert(sip_message_parse(last, &message));
    return message;
}

bool sip_lab_says(const struct lab_peer *peer, const char *text) {
    struct bytes last;
    return read_all(peer, &last) > 0 && memmem(last.data, last.length, text, strlen(text)) != NULL;
}

void sip_lab_answer(struct lab_peer *peer, struct sip_reply reply) {
    uint8_t octets[4096];
    struct base_buffer message = {.data = octets, .capacity = sizeof octets};
    const struct sip_message request = sip_lab_last(peer);
    reply.to_tag = 0xb;
    cr_assert(sip_writer_reply(&message, &request, &reply));
    lab_peer_write(peer, base_buffer_bytes(&message));
}

void sip_lab_answer_status(struct lab_peer *peer, unsigned status) {
    sip_lab_answer(peer, (struct sip_reply){.status = status});
}

void sip_lab_ask(struct lab_peer *peer, const char *method, const char *uri, const char *lines) {
    char message[8192];
    int length = snprintf(message, sizeof message,
                          "%s %s SIP/2.0\r\n"
                          "Via: SIP/2.0/TLS phone.example.test;branch=z9hG4bKphone\r\n"
                          "From: <sip:phone@example.test>;tag=a\r\nTo: <sip:x@example.test>\r\n"
                          "Call-ID: call\r\nCSeq: 1 %s\r\n%sContent-Length: 0\r\n\r\n",
                          method, uri, method, lines);
    cr_assert_lt((size_t)length, sizeof message);
    lab_peer_write(peer, base_bytes(message, (size_t)length));
}

struct journal_event sip_lab_event(struct lab *lab, enum journal_kind kind) {
    struct journal_event event = {0};
    cr_assert(journal_ring_pop(lab->environment.journal, &event), "nothing was journaled");
    cr_assert_eq(event.kind, kind);
    return event;
}

void sip_lab_expect_sums(const struct metrics_zone *zone) {
    uint64_t faults = 0;
    uint64_t lost_faults = 0;
    for (unsigned fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        faults += metrics_read(&zone->faults[fault]);
        lost_faults += metrics_read(&zone->lost_faults[fault]);
    }
    cr_expect_eq(metrics_read(&zone->failed), faults);
    cr_expect_eq(metrics_read(&zone->lost), lost_faults);
    cr_expect_eq(metrics_read(&zone->attempts), metrics_read(&zone->established) +
                                                    metrics_read(&zone->failed) +
                                                    metrics_read(&zone->unconfirmed));
    cr_expect_eq(metrics_read(&zone->established),
                 metrics_read(&zone->lost) + metrics_read(&zone->closed));
    cr_expect_eq(metrics_read(&zone->answering), 0);
}
