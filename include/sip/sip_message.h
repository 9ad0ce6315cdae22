/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_MESSAGE_H
#define SIP_MESSAGE_H

#include "base_bytes.h"

/* What was read of one framed message. All spans borrow from it. */
struct sip_message {
    bool is_request;
    struct bytes method;      /* of the request line, or of CSeq in a response */
    struct bytes request_uri; /* requests only */
    unsigned status;          /* responses only: 100..699 */
    struct bytes reason;      /* responses only: trimmed; may be empty */
    struct bytes headers;     /* all header lines, without the empty line */
    struct bytes via_branch;  /* branch of the topmost Via; empty: none (RFC 2543) */
    struct bytes from;        /* header values, trimmed; folds inside are left as they are */
    struct bytes from_tag;
    struct bytes to;
    struct bytes to_tag; /* empty: none */
    struct bytes call_id;
    uint32_t cseq;
    unsigned max_forwards; /* 70 when absent */
    struct bytes body;
};

/*
 * Reads the message that sip_framer_next() cut. False when it is malformed or lacks a mandatory
 * header: Via, From, To, Call-ID, CSeq (RFC 3261 section 8.1.1). Compact forms, folded lines and
 * any letter case are understood. Malformed too: one of these but Via twice, a CSeq above 2^31 - 1
 * or of another method than the request's, Max-Forwards above 255, a control character in the
 * reason. `out` means nothing after false. No allocation.
 */
bool sip_message_parse(struct bytes text, struct sip_message *out);

#endif
