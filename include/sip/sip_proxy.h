/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_PROXY_H
#define SIP_PROXY_H

#include "sip_message.h"

/*
 * A stateless proxy (RFC 3261 section 16.11): where a response must go back to stands in our own
 * Via. Nothing is kept between messages.
 */

/* Where a request goes next. Spans borrow from the request. */
struct sip_next_hop {
    struct bytes host;  /* of the next Route that is not ours, else of the Request-URI; an IPv6
                           address with its brackets */
    bool had_own_route; /* the topmost Routes named us (loose routing): they come off on the way */
    bool is_last;       /* no Route is left: `host` is that of the Request-URI */
};

/* False when the URI or the Route cannot be read, or is not sip: or sips:. `own_name`: our host in
 * Record-Route, compared without letter case. */
bool sip_proxy_next_hop(const struct sip_message *request, const char *own_name,
                        struct sip_next_hop *out);

struct sip_forward {
    const char *own_name; /* host of our Via and Record-Route */
    uint64_t token;       /* comes back in our Via: the connection that the request came from */
    bool record_route;    /* a dialog begins: in-dialog requests shall pass here again */
};

/*
 * Appends the request as it goes on (RFC 3261 section 16.6): our own Routes taken off, Max-Forwards
 * less one, our Via on top with a branch that is a function of the one below it (16.11) and
 * carries the token, Record-Route when asked for (sip:NAME;transport=tls;lr), the rest as it came.
 * False when it does not fit, is longer than SIP_MESSAGE_MAX, or had Max-Forwards 0, which whoever
 * calls has answered with 483 before; nothing is appended then. What it appends can be parsed.
 */
bool sip_proxy_forward_request(struct base_buffer *out, const struct sip_message *request,
                               const struct sip_forward *forward);

/* The token of the topmost Via if that is ours; false when it is not. */
bool sip_proxy_read_token(const struct sip_message *response, const char *own_name,
                          uint64_t *token);

/*
 * Appends the response without its topmost Via. False, and nothing appended, when it does not fit,
 * or when the Via below is missing or cannot be read: the next hop would take that for a broken
 * peer. What it appends can be parsed.
 */
bool sip_proxy_forward_response(struct base_buffer *out, const struct sip_message *response);

#endif
