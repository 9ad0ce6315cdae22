/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "http_message.h"
#include "http_text.h"

enum http_coding { HTTP_CODING_NONE, HTTP_CODING_LENGTH, HTTP_CODING_CHUNKED };

/* A message up to its empty line. Framer and parser both read it here, so that they cannot disagree
 * about what a message is. */
struct http_head {
    struct http_message message; /* its body is not known yet */
    enum http_coding coding;
    size_t body_length; /* of HTTP_CODING_LENGTH, else 0 */
    size_t length;      /* start line, fields and empty line */
};

/* OK, INCOMPLETE or MALFORMED. */
enum http_read http_head_read(struct bytes stream, struct http_head *out);

/* 1xx, 204 and 304 end with their head, whatever it says (RFC 9112 section 6.3). */
bool http_head_status_has_body(unsigned status);

#endif
