/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "http_message.h"

#include "http_body.h"

bool http_message_parse(struct bytes text, struct http_message *out) {
    struct http_head head;
    size_t length;
    if (http_head_read(text, &head) != HTTP_READ_OK ||
        http_body_measure(text, &head, &length) != HTTP_READ_OK || length != text.length) {
        return false;
    }
    *out = head.message;
    out->body = base_bytes_after(text, head.length);
    return true;
}
