/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_string.h"

#include "x509_der.h"

/* The length of a UTF-8 sequence and the payload of its first octet; 0: no such first octet. */
static unsigned utf8_start(uint8_t octet, uint32_t *payload) {
    if (octet < 0x80) {
        *payload = octet;
        return 1;
    }
    if ((octet & 0xe0) == 0xc0) {
        *payload = octet & 0x1fU;
        return 2;
    }
    if ((octet & 0xf0) == 0xe0) {
        *payload = octet & 0x0fU;
        return 3;
    }
    if ((octet & 0xf8) == 0xf0) {
        *payload = octet & 0x07U;
        return 4;
    }
    return 0;
}

static bool take_utf8(struct bytes *rest, uint32_t *code) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned length = utf8_start(rest->data[0], code);
    if (length == 0 || length > rest->length) {
        return false;
    }
    for (unsigned i = 1; i < length; i++) {
        if ((rest->data[i] & 0xc0) != 0x80) {
            return false;
        }
        *code = *code << 6 | (rest->data[i] & 0x3fU);
    }
    *rest = base_bytes_after(*rest, length);
    return *code >= least[length] && *code <= 0x10ffff;
}

bool x509_string_next(uint8_t tag, struct bytes *rest, uint32_t *code) {
    switch (tag) {
    case X509_DER_UTF8_STRING:
        return take_utf8(rest, code);
    case X509_DER_BMP_STRING:
        if (rest->length < 2) {
            return false;
        }
        *code = (uint32_t)(rest->data[0] << 8 | rest->data[1]);
        *rest = base_bytes_after(*rest, 2);
        return true;
    case X509_DER_PRINTABLE_STRING:
    case X509_DER_IA5_STRING:
    case X509_DER_TELETEX_STRING: /* in practice Latin-1 */
        *code = rest->data[0];
        *rest = base_bytes_after(*rest, 1);
        return *code < 0x80 || tag == X509_DER_TELETEX_STRING;
    default:
        return false;
    }
}

/* Control characters could steer the terminal that a name is printed on. */
static bool is_text(uint32_t code) {
    return code >= 0x20 && !(code >= 0x7f && code < 0xa0) && !(code >= 0xd800 && code < 0xe000);
}

unsigned x509_string_encode_utf8(uint32_t code, uint8_t octets[4]) {
    if (code < 0x80) {
        octets[0] = (uint8_t)code;
        return 1;
    }
    unsigned length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (unsigned i = length - 1; i > 0; i--) {
        octets[i] = (uint8_t)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    octets[0] = (uint8_t)((0xf00U >> length) | code);
    return length;
}

bool x509_string_to_utf8(uint8_t tag, struct bytes content, char *out, size_t out_size) {
    struct base_buffer buffer = {.data = (uint8_t *)out, .capacity = out_size};
    while (content.length > 0) {
        uint32_t code;
        uint8_t octets[4];
        if (!x509_string_next(tag, &content, &code) || !is_text(code) ||
            !base_buffer_append(&buffer,
                                base_bytes(octets, x509_string_encode_utf8(code, octets)))) {
            return false;
        }
    }
    return base_buffer_append(&buffer, base_bytes("", 1));
}
