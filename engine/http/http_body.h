/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "http_head.h"

/*
 * How long the message with this head is, from the start of `stream`: OK, INCOMPLETE or MALFORMED.
 * OK by Content-Length may be longer than the stream: an announced excess is known before it
 * arrives.
 */
enum http_read http_body_measure(struct bytes stream, const struct http_head *head, size_t *length);

#endif
