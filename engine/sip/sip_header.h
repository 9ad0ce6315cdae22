/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_HEADER_H
#define SIP_HEADER_H

#include "sip_text.h"

/* The headers this room reads; full and compact names (RFC 3261 section 7.3.3) are one. */
enum sip_header_name {
    SIP_HEADER_OTHER,
    SIP_HEADER_VIA,
    SIP_HEADER_FROM,
    SIP_HEADER_TO,
    SIP_HEADER_CALL_ID,
    SIP_HEADER_CSEQ,
    SIP_HEADER_MAX_FORWARDS,
    SIP_HEADER_CONTENT_LENGTH,
    SIP_HEADER_ROUTE,
    SIP_HEADER_RECORD_ROUTE,
    SIP_HEADER_CONTACT,
    SIP_HEADER_EXPIRES,
    SIP_HEADER_MIN_EXPIRES,
    SIP_HEADER_AUTHORIZATION,
    SIP_HEADER_WWW_AUTHENTICATE,
    SIP_HEADER_PROXY_AUTHENTICATE,
};

struct sip_header {
    enum sip_header_name name;
    struct bytes value; /* trimmed; folds inside are left as they are */
    struct bytes line;  /* everything, folds and the final CRLF included */
};

struct sip_header_reader {
    const uint8_t *at;
    const uint8_t *end;
    /* A header's last line is known only by what follows it, unless nothing can follow. */
    bool ends_here;
};

/*
 * The next header, folded lines joined. END behind the empty line, or at the end of a section that
 * `ends_here`; `at` has moved past it. After INCOMPLETE or MALFORMED the reader is of no more use.
 */
enum sip_read sip_header_next(struct sip_header_reader *reader, struct sip_header *out);

/* Over the headers of a message that was parsed: nothing but OK and END comes. */
static inline struct sip_header_reader sip_header_read_again(struct bytes headers) {
    return (struct sip_header_reader){
        .at = headers.data,
        .end = headers.data + headers.length,
        .ends_here = true,
    };
}

/* The next header of that name; false when none is left. */
bool sip_header_find(struct sip_header_reader *reader, enum sip_header_name name,
                     struct sip_header *out);

#endif
