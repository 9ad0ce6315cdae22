/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_WRITER_H
#define SIP_WRITER_H

#include "sip_message.h"
#include "sip_method.h"
#include "sip_transaction.h"

#define SIP_PING "\r\n\r\n"
#define SIP_PONG "\r\n"

/*
 * Who speaks on a connection, and to whom. Prepared once per zone; texts are borrowed and go onto
 * the wire as they are: IPv6 addresses in brackets, and nowhere a control character.
 */
struct sip_endpoints {
    const char *local_name;  /* host of From, Contact and Via: "core.example.test" or an address */
    const char *remote_name; /* host of the Request-URI and To */
    const char *user_agent;  /* NULL: none */
    bool is_alias;           /* Via says that requests may come back this way (RFC 5923) */
    bool is_secure;          /* our own URIs are sips: (RFC 5630), else sip: with transport=tls */
};

/* One request of ours. Spans and texts are borrowed and go onto the wire as they are. */
struct sip_request {
    enum sip_method method;
    const struct sip_endpoints *endpoints;
    struct sip_transaction transaction;
    const char *local_user;     /* user part of From and Contact; NULL: none */
    struct bytes uri;           /* Request-URI: "sip:core.example.test" */
    struct bytes to_uri;        /* of To */
    struct bytes to_tag;        /* empty outside a dialog */
    struct bytes routes;        /* whole Route lines, CRLF included; may be empty */
    struct bytes authorization; /* whole header lines, CRLF included; may be empty */
    unsigned expires;           /* of a REGISTER, in seconds */
    /* Of a REGISTER that sets up a flow (RFC 5626 section 4.2): who we are, as
     * sip_instance_write() puts it; empty: no outbound. */
    struct bytes instance;
};

/*
 * Appends a request (RFC 3261 section 8.1.1) with Via/branch, Max-Forwards, From tag, To, Call-ID,
 * CSeq, User-Agent, Content-Length. OPTIONS, REGISTER and INVITE carry Contact; an INVITE an SDP
 * offer (RFC 8866) with one audio stream that nothing is sent to, an OPTIONS Accept, a REGISTER
 * Expires. From of a REGISTER is To. False when it does not fit, or is longer than SIP_MESSAGE_MAX;
 * nothing is appended then.
 */
bool sip_writer_request(struct base_buffer *out, const struct sip_request *request);

/* Appends the URI that stands in our Contact: "sip:alice@core.example.test;transport=tls". False
 * when it does not fit; nothing is appended then. */
bool sip_writer_contact(struct base_buffer *out, const struct sip_endpoints *endpoints,
                        const char *local_user);

/* What a response says besides what it copies from its request. */
struct sip_reply {
    unsigned status;    /* 100..699 */
    const char *reason; /* NULL: the usual one; a control character becomes a space */
    uint64_t to_tag;    /* used when the request had none and status > 100 */
    /* Contact: <sip:HOST;transport=tls>, or <sips:HOST> when the request is for a sips: URI (RFC
     * 3261 section 12.1.1); NULL: none. */
    const char *contact_host;
    bool copies_record_route;  /* 180 and 2xx to an INVITE: RFC 3261 section 12.1.1 */
    bool copies_contact;       /* 200 to a REGISTER: the bindings that it leaves, with expires */
    bool has_sdp;              /* an SDP answer: PCMU inactive, every other stream refused */
    struct bytes header_lines; /* further whole lines, CRLF included; may be empty */
};

/*
 * Appends a response to `request` (RFC 3261 section 8.2.6): every Via in order, From, To, Call-ID,
 * CSeq, Content-Length; Allow in a 200 to OPTIONS and in a 405. False when it does not fit, or is
 * longer than SIP_MESSAGE_MAX; nothing is appended then.
 */
bool sip_writer_reply(struct base_buffer *out, const struct sip_message *request,
                      const struct sip_reply *reply);

#endif
