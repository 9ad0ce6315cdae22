/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTTP_FIELD_H
#define HTTP_FIELD_H

#include "http_text.h"

#define HTTP_FIELD_CHANNEL "Tunnel-Channel"

/* The fields that this room reads. */
enum http_field_name {
    HTTP_FIELD_OTHER,
    HTTP_FIELD_HOST,
    HTTP_FIELD_CONTENT_LENGTH,
    HTTP_FIELD_TRANSFER_ENCODING,
    HTTP_FIELD_CONNECTION,
    HTTP_FIELD_UPGRADE,
    HTTP_FIELD_TUNNEL_CHANNEL,
};

struct http_field {
    enum http_field_name name;
    struct bytes value; /* trimmed */
    struct bytes line;  /* everything, the final CRLF included */
};

/*
 * The next field line (RFC 9112 section 5); END behind the empty line, which is taken. A folded
 * line and a space before the colon are malformed. After INCOMPLETE or MALFORMED the cursor is of
 * no more use.
 */
enum http_read http_field_next(struct http_cursor *cursor, struct http_field *out);

#endif
