/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTTP_FRAMER_H
#define HTTP_FRAMER_H

#include "base_bytes.h"

/* Larger messages are malformed: what is relayed here is configuration files and login forms. */
#define HTTP_MESSAGE_MAX 16384

/* A tunnel keeps itself alive between messages, as SIP does (RFC 5626 section 3.5.1). */
#define HTTP_PING "\r\n\r\n"
#define HTTP_PONG "\r\n"

enum http_frame_kind {
    HTTP_FRAME_NEEDS_MORE,
    HTTP_FRAME_MESSAGE,
    HTTP_FRAME_PING, /* CRLF CRLF before a message */
    HTTP_FRAME_PONG, /* CRLF, when the caller waits for one */
    HTTP_FRAME_SKIP, /* a lone CRLF before a start line (RFC 9112 section 2.2) */
    HTTP_FRAME_MALFORMED,
};

struct http_frame {
    enum http_frame_kind kind;
    size_t length; /* octets to consume; 0 for NEEDS_MORE and MALFORMED */
};

/*
 * Cuts the next HTTP/1.1 message off a byte stream (RFC 9112 section 6): by Content-Length, or by
 * the chunked coding. Stateless: call again with the same start and more octets after NEEDS_MORE,
 * which means that `stream` is shorter than HTTP_MESSAGE_MAX. Never trusts a length. A message with
 * both lengths, a Content-Length given twice, or another transfer coding is malformed (request
 * smuggling, RFC 9112 section 6.3); a response without either has no body, and 1xx, 204 and 304
 * never have one. The answer to a HEAD cannot be told from others: never send one on. CONNECT, a
 * request with Upgrade and 101 are malformed: what follows them is no HTTP. Where the stream was
 * cut changes no frame; a pong that `awaits_pong` asks for is taken before a ping is thought of.
 */
struct http_frame http_framer_next(struct bytes stream, bool awaits_pong);

#endif
