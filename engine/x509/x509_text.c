/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_text.h"

#include <stdio.h>
#include <string.h>

struct x509_text x509_text_start(char *out, size_t size) {
    if (size > 0) {
        out[0] = '\0';
    }
    return (struct x509_text){.out = out, .size = size};
}

bool x509_text_put(struct x509_text *text, const char *piece) {
    size_t length = strlen(piece);
    if (length >= text->size - text->length) {
        return false;
    }
    memcpy(text->out + text->length, piece, length + 1);
    text->length += length;
    return true;
}

bool x509_text_put_escaped(struct x509_text *text, struct bytes octets) {
    for (size_t i = 0; i < octets.length; i++) {
        uint8_t octet = octets.data[i];
        bool plain = octet > ' ' && octet < 0x7f && octet != ',' && octet != '\\';
        char piece[8];
        snprintf(piece, sizeof piece, plain ? "%c" : "\\x%02x", octet);
        if (!x509_text_put(text, piece)) {
            return false;
        }
    }
    return true;
}

void x509_text_cut(struct x509_text *text, size_t length) {
    text->length = length;
    if (length < text->size) {
        text->out[length] = '\0';
    }
}
