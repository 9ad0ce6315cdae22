/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTTP_TEXT_H
#define HTTP_TEXT_H

#include "base_bytes.h"

/* What reading a piece of a stream came to. */
enum http_read {
    HTTP_READ_OK,
    HTTP_READ_END,        /* the empty line behind the fields was read */
    HTTP_READ_INCOMPLETE, /* right so far, but the stream ends here */
    HTTP_READ_MALFORMED,  /* no octet that may follow can mend it */
};

/* Character classes of RFC 9110 section 5.6 and RFC 3986; an octet may be in several. */
#define HTTP_TEXT_TOKEN  1u
#define HTTP_TEXT_METHOD 2u  /* every registered method is made of these */
#define HTTP_TEXT_TARGET 4u  /* printable ASCII without quotes and angle brackets */
#define HTTP_TEXT_VALUE  8u  /* inside a field value: no control but the tab */
#define HTTP_TEXT_SPACE  16u /* space and tab */
#define HTTP_TEXT_DIGIT  32u
#define HTTP_TEXT_HEX    64u
#define HTTP_TEXT_HOST   128u /* registered names and IPv4 addresses */

/* Where a reader stands in a stream. */
struct http_cursor {
    const uint8_t *at;
    const uint8_t *end;
};

static inline struct http_cursor http_cursor_of(struct bytes text) {
    /* Adding 0 to no address is undefined all the same. */
    return (struct http_cursor){
        .at = text.data,
        .end = text.length == 0 ? text.data : text.data + text.length,
    };
}

bool http_text_is(uint8_t octet, unsigned classes);

/* Takes octets of these classes, perhaps none. */
struct bytes http_text_take(struct http_cursor *cursor, unsigned classes);

/* Takes one octet, or these octets in a row. OK, INCOMPLETE or MALFORMED. */
enum http_read http_text_expect(struct http_cursor *cursor, char octet);
enum http_read http_text_expect_all(struct http_cursor *cursor, const char *octets);

/* A CR or LF on its own is malformed: peers disagree about what it means, which is how requests get
 * smuggled (RFC 9112 section 11.2). */
enum http_read http_text_expect_line_end(struct http_cursor *cursor);

/* ASCII letters only, whatever the locale. `lower` is in lower case. */
bool http_text_equals_lower(struct bytes text, const char *lower);

/* Without spaces and tabs at either end. */
struct bytes http_text_trim(struct bytes text);

/* Digits only, at least one. False when the number is above `max`. */
bool http_text_decimal(struct bytes text, uint64_t max, uint64_t *out);

#endif
