/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_SDP_H
#define SIP_SDP_H

#include "sip_pen.h"

/* Who describes a session (RFC 8866 section 5.2). */
struct sip_sdp_origin {
    struct bytes host; /* an IPv6 address with its brackets; empty: unknown */
    uint64_t session;
};

/* Puts one PCMU stream to the discard port, inactive: a session that needs no media. */
void sip_sdp_put_offer(struct sip_pen *pen, const struct sip_sdp_origin *origin);

/*
 * Puts the answer to `offer` (RFC 3264 section 6): a line for each of its streams, in order; the
 * first that is audio with PCMU is taken and inactive, the others are refused. An offer without
 * streams is answered with an offer of our own.
 */
void sip_sdp_put_answer(struct sip_pen *pen, const struct sip_sdp_origin *origin,
                        struct bytes offer);

#endif
