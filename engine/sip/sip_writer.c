/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_writer.h"

#include "sip_header.h"
#include "sip_identifier.h"

#include <assert.h>
#include <string.h>

#define USER "ekuload"

/* Fills the free end of a buffer. Once something did not fit the whole text is given up. */
struct pen {
    uint8_t *at;
    const uint8_t *end;
    bool fits;
};

static struct pen pen_take_up(const struct base_buffer *buffer) {
    if (buffer->length >= buffer->capacity) {
        return (struct pen){0};
    }
    return (struct pen){
        .at = buffer->data + buffer->length,
        .end = buffer->data + buffer->capacity,
        .fits = true,
    };
}

static bool pen_put_down(const struct pen *pen, struct base_buffer *buffer) {
    if (pen->fits) {
        buffer->length = (size_t)(pen->at - buffer->data);
    }
    return pen->fits;
}

static inline void put(struct pen *pen, const void *data, size_t length) {
    if (!pen->fits || (size_t)(pen->end - pen->at) < length) {
        pen->fits = false;
        return;
    }
    memcpy(pen->at, data, length);
    pen->at += length;
}

#define PUT_TEXT(pen, literal) put(pen, literal, sizeof(literal) - 1)

static inline void put_bytes(struct pen *pen, struct bytes span) {
    if (span.length != 0) {
        put(pen, span.data, span.length);
    }
}

static inline void put_identifier(struct pen *pen, uint64_t identifier) {
    uint8_t digits[SIP_IDENTIFIER_DIGITS];
    sip_identifier_write(identifier, digits);
    put(pen, digits, sizeof(digits));
}

static inline void put_decimal(struct pen *pen, uint32_t number) {
    uint8_t digits[10];
    size_t first = sizeof(digits);
    do {
        digits[--first] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    put(pen, digits + first, sizeof(digits) - first);
}

bool sip_writer_options(struct base_buffer *out, const struct sip_endpoints *endpoints,
                        const struct sip_transaction *transaction) {
    struct bytes local = base_bytes(endpoints->local_name, strlen(endpoints->local_name));
    struct bytes remote = base_bytes(endpoints->remote_name, strlen(endpoints->remote_name));
    struct pen pen = pen_take_up(out);
    PUT_TEXT(&pen, "OPTIONS sip:");
    put_bytes(&pen, remote);
    PUT_TEXT(&pen, ";transport=tls SIP/2.0\r\nVia: SIP/2.0/TLS ");
    put_bytes(&pen, local);
    PUT_TEXT(&pen, ";branch=" SIP_BRANCH_COOKIE);
    put_identifier(&pen, transaction->branch);
    PUT_TEXT(&pen, ";rport\r\nMax-Forwards: 70\r\nFrom: <sip:" USER "@");
    put_bytes(&pen, local);
    PUT_TEXT(&pen, ">;tag=");
    put_identifier(&pen, transaction->dialog);
    PUT_TEXT(&pen, "\r\nTo: <sip:");
    put_bytes(&pen, remote);
    PUT_TEXT(&pen, ">\r\nCall-ID: ");
    put_identifier(&pen, transaction->dialog);
    PUT_TEXT(&pen, "@");
    put_bytes(&pen, local);
    PUT_TEXT(&pen, "\r\nCSeq: ");
    put_decimal(&pen, transaction->cseq);
    PUT_TEXT(&pen, " OPTIONS\r\nContact: <sip:" USER "@");
    put_bytes(&pen, local);
    PUT_TEXT(&pen, ";transport=tls>\r\nAccept: application/sdp\r\n");
    if (endpoints->user_agent != NULL) {
        PUT_TEXT(&pen, "User-Agent: ");
        put(&pen, endpoints->user_agent, strlen(endpoints->user_agent));
        PUT_TEXT(&pen, "\r\n");
    }
    PUT_TEXT(&pen, "Content-Length: 0\r\n\r\n");
    return pen_put_down(&pen, out);
}

/* Reasons of RFC 3261 section 21, the frequent ones first. */
static const struct {
    unsigned status;
    const char *reason;
} reasons[] = {
    {200, "OK"},
    {100, "Trying"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {503, "Service Unavailable"},
    {180, "Ringing"},
    {181, "Call Is Being Forwarded"},
    {182, "Queued"},
    {183, "Session Progress"},
    {202, "Accepted"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Moved Temporarily"},
    {305, "Use Proxy"},
    {400, "Bad Request"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {410, "Gone"},
    {413, "Request Entity Too Large"},
    {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Unsupported URI Scheme"},
    {420, "Bad Extension"},
    {421, "Extension Required"},
    {423, "Interval Too Brief"},
    {480, "Temporarily Unavailable"},
    {481, "Call/Transaction Does Not Exist"},
    {482, "Loop Detected"},
    {483, "Too Many Hops"},
    {484, "Address Incomplete"},
    {485, "Ambiguous"},
    {486, "Busy Here"},
    {487, "Request Terminated"},
    {488, "Not Acceptable Here"},
    {491, "Request Pending"},
    {493, "Undecipherable"},
    {500, "Server Internal Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {504, "Server Time-out"},
    {505, "Version Not Supported"},
    {513, "Message Too Large"},
    {600, "Busy Everywhere"},
    {603, "Decline"},
    {604, "Does Not Exist Anywhere"},
    {606, "Not Acceptable"},
};

/* The classes of RFC 3261 section 7.2 stand in for what the table does not know. */
static const char *const class_reasons[] = {
    "Provisional", "Success", "Redirection", "Request Failure", "Server Failure", "Global Failure",
};

static const char *reason_of(unsigned status) {
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return class_reasons[status / 100 - 1];
}

static void put_status_line(struct pen *pen, unsigned status) {
    const char *reason = reason_of(status);
    PUT_TEXT(pen, "SIP/2.0 ");
    put_decimal(pen, status);
    PUT_TEXT(pen, " ");
    put(pen, reason, strlen(reason));
    PUT_TEXT(pen, "\r\n");
}

static void put_vias(struct pen *pen, struct bytes headers) {
    struct sip_header_reader reader = {
        .at = headers.data,
        .end = headers.data + headers.length,
        .ends_here = true,
    };
    struct sip_header header;
    while (sip_header_next(&reader, &header) == SIP_READ_OK) {
        if (header.name == SIP_HEADER_VIA) {
            put_bytes(pen, header.line);
        }
    }
}

/* RFC 3261 sections 11.2 and 21.4.6; a node understands no other method. */
static bool tells_methods(const struct sip_message *request, unsigned status) {
    return status == 405 ||
           (status == 200 && base_bytes_equal(request->method, base_bytes("OPTIONS", 7)));
}

bool sip_writer_response(struct base_buffer *out, const struct sip_message *request,
                         unsigned status, uint64_t to_tag) {
    assert(request->is_request && status >= 100 && status <= 699);
    struct pen pen = pen_take_up(out);
    put_status_line(&pen, status);
    put_vias(&pen, request->headers);
    PUT_TEXT(&pen, "From: ");
    put_bytes(&pen, request->from);
    PUT_TEXT(&pen, "\r\nTo: ");
    put_bytes(&pen, request->to);
    if (request->to_tag.length == 0 && status > 100) {
        PUT_TEXT(&pen, ";tag=");
        put_identifier(&pen, to_tag);
    }
    PUT_TEXT(&pen, "\r\nCall-ID: ");
    put_bytes(&pen, request->call_id);
    PUT_TEXT(&pen, "\r\nCSeq: ");
    put_decimal(&pen, request->cseq);
    PUT_TEXT(&pen, " ");
    put_bytes(&pen, request->method);
    if (tells_methods(request, status)) {
        PUT_TEXT(&pen, "\r\nAllow: OPTIONS");
    }
    PUT_TEXT(&pen, "\r\nContent-Length: 0\r\n\r\n");
    return pen_put_down(&pen, out);
}
