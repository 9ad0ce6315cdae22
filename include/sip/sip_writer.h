/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_WRITER_H
#define SIP_WRITER_H

#include "sip_message.h"
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
};

/*
 * Appends an OPTIONS request (RFC 3261 section 11.1) with Via/branch, Max-Forwards, From tag, To,
 * Call-ID, CSeq, Contact, Accept, Content-Length. False when it does not fit; nothing is appended
 * then.
 */
bool sip_writer_options(struct base_buffer *out, const struct sip_endpoints *endpoints,
                        const struct sip_transaction *transaction);

/*
 * Appends a response to `request` (RFC 3261 section 8.2.6): every Via in order, From, To with
 * `to_tag` when the request had none and status > 100, Call-ID, CSeq, Content-Length: 0; Allow in a
 * 200 to OPTIONS and in a 405. `status` is 100..699. False when it does not fit; nothing is
 * appended then.
 */
bool sip_writer_response(struct base_buffer *out, const struct sip_message *request,
                         unsigned status, uint64_t to_tag);

#endif
