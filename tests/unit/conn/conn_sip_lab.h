/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONN_SIP_LAB_H
#define CONN_SIP_LAB_H

#include "conn_lab.h"
#include "sip_message.h"
#include "sip_writer.h"

/* What a peer that the test moves by hand heard, and what it says to it. */

/* Whole messages heard since lab_peer_forget(). */
unsigned sip_lab_heard(const struct lab_peer *peer);

/* The last of them; there must be one. Borrows from the peer. */
struct sip_message sip_lab_last(const struct lab_peer *peer);

/* Answers the last one. A To tag is added. */
void sip_lab_answer(struct lab_peer *peer, struct sip_reply reply);
void sip_lab_answer_status(struct lab_peer *peer, unsigned status);

/* "INVITE", a header line's beginning ...: stands in the last message. */
bool sip_lab_says(const struct lab_peer *peer, const char *text);

/* One that a client would send: `uri` with CSeq 1, and `lines` (whole ones) among its headers. */
void sip_lab_ask(struct lab_peer *peer, const char *method, const char *uri, const char *lines);

#define SIP_LAB_HEARS(lab, peer, count) LAB_UNTIL(lab, peer, sip_lab_heard(peer) >= (count))

/* The next event that the worker put into the journal; there must be one of this kind. */
struct journal_event sip_lab_event(struct lab *lab, enum journal_kind kind);

/* Every attempt and every established connection is accounted for. */
void sip_lab_expect_sums(const struct metrics_zone *zone);

#endif
