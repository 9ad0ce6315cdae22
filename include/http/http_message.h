/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

#include "base_bytes.h"

/* What was read of one framed message. All spans borrow from it. */
struct http_message {
    bool is_request;
    struct bytes method;  /* requests only */
    struct bytes target;  /* requests only: "/phone.cnf.xml" */
    unsigned status;      /* responses only: 100..599 */
    struct bytes reason;  /* responses only */
    struct bytes headers; /* all header lines, without the empty line */
    struct bytes host;    /* of a whole URI, else Host; without its port; empty: absent */
    struct bytes body;    /* as it stands on the wire, chunks included */
    uint64_t channel;     /* Tunnel-Channel; 0: absent, no number, or given twice */
    bool wants_close;     /* Connection: close, or HTTP/1.0 */
};

/* What http_framer_next() cut off parses; else false when it is malformed. No allocation. */
bool http_message_parse(struct bytes text, struct http_message *out);

/*
 * A tunnel carries many exchanges at once: whoever sends a request into it names the exchange in
 * the header Tunnel-Channel, and the answer comes back with the same one.
 */

/*
 * Appends `message` with Tunnel-Channel as given (0: without), whatever it said there. The rest is
 * copied; a response that says nothing of its length now says 0, or others would read on. False
 * when it does not fit, or grows beyond HTTP_MESSAGE_MAX; nothing is appended then.
 */
bool http_message_relay(struct base_buffer *out, const struct http_message *message,
                        uint64_t channel);

/* Appends GET (RFC 9110 section 9.3.1). `host` as it goes into Host. */
bool http_message_write_get(struct base_buffer *out, const char *path, const char *host,
                            const char *user_agent);

/* Appends a response with a text body, which may be empty. `reason` goes into the status line. */
bool http_message_write_response(struct base_buffer *out, unsigned status, const char *reason,
                                 const char *content_type, struct bytes body, uint64_t channel);

#endif
