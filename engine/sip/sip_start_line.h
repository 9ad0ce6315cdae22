/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_START_LINE_H
#define SIP_START_LINE_H

#include "sip_text.h"

/* Longer methods are malformed, so that text which is not SIP shows itself early. */
#define SIP_METHOD_MAX 64

struct sip_start_line {
    struct bytes method;      /* requests only */
    struct bytes request_uri; /* requests only */
    unsigned status;          /* responses only: 100..699; 0 in a request */
    struct bytes reason;      /* responses only */
    size_t length;            /* octets of the line, CRLF included */
};

/*
 * Reads a request line or a status line (RFC 3261 sections 7.1 and 7.2). `text` may be any
 * beginning of a stream; what cannot become SIP 2.0 is MALFORMED at the first octet that proves it.
 */
enum sip_read sip_start_line_read(struct bytes text, struct sip_start_line *out);

#endif
