/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_FRAMER_H
#define SIP_FRAMER_H

#include "base_bytes.h"

/* Larger messages are malformed: a load tester's peer has no reason to send them. */
#define SIP_MESSAGE_MAX 16384

enum sip_frame_kind {
    SIP_FRAME_NEEDS_MORE,
    SIP_FRAME_MESSAGE,
    SIP_FRAME_PING, /* CRLF CRLF before a message (RFC 5626 section 3.5.1) */
    SIP_FRAME_PONG, /* CRLF, when the caller waits for one */
    SIP_FRAME_SKIP, /* a lone CRLF before a start line (RFC 3261 section 7.5) */
    SIP_FRAME_MALFORMED,
};

struct sip_frame {
    enum sip_frame_kind kind;
    size_t length; /* octets to consume; 0 for NEEDS_MORE and MALFORMED */
};

/*
 * Cuts the next message off a byte stream by Content-Length, which is mandatory over TLS (RFC 3261
 * section 18.3). Stateless: call again with the same start and more octets after NEEDS_MORE. Never
 * trusts a length: Content-Length beyond SIP_MESSAGE_MAX, negative, repeated with another value or
 * not a number is malformed, and so is a header section that does not start like SIP: at the first
 * octet that proves it. NEEDS_MORE means that `stream` is shorter than SIP_MESSAGE_MAX. Where the
 * stream was cut changes no frame; a pong that `awaits_pong` asks for is taken before a ping is
 * thought of.
 */
struct sip_frame sip_framer_next(struct bytes stream, bool awaits_pong);

#endif
