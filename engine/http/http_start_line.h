/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTTP_START_LINE_H
#define HTTP_START_LINE_H

#include "http_text.h"

/* What a message begins with, of either kind. */
struct http_start_line {
    struct bytes method; /* empty: a response */
    struct bytes target;
    struct bytes authority; /* of a target that is a whole URI; NULL: it is none */
    unsigned status;        /* 0: a request */
    struct bytes reason;
    bool is_1_0;
};

/* Reads it with its CRLF (RFC 9112 sections 3 and 4): OK, INCOMPLETE or MALFORMED. */
enum http_read http_start_line_read(struct http_cursor *cursor, struct http_start_line *out);

#endif
