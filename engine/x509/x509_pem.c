/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_pem.h"

#include <string.h>

#define LINE_LENGTH 64
#define DASHES      "-----"

static bool is_blank(uint8_t octet) {
    return octet == ' ' || octet == '\t' || octet == '\r';
}

/* The next line without its end and without blanks around it. False at the end of the text. */
static bool take_line(struct bytes *rest, struct bytes *line) {
    if (rest->length == 0) {
        return false;
    }
    const uint8_t *end = memchr(rest->data, '\n', rest->length);
    size_t length = end == NULL ? rest->length : (size_t)(end - rest->data);
    *line = base_bytes(rest->data, length);
    *rest = base_bytes_after(*rest, end == NULL ? length : length + 1);
    while (line->length > 0 && is_blank(line->data[line->length - 1])) {
        line->length--;
    }
    while (line->length > 0 && is_blank(line->data[0])) {
        *line = base_bytes_after(*line, 1);
    }
    return true;
}

static bool take_text(struct bytes *line, const char *text) {
    size_t length = strlen(text);
    if (line->length < length || memcmp(line->data, text, length) != 0) {
        return false;
    }
    *line = base_bytes_after(*line, length);
    return true;
}

/* -----BEGIN label----- or -----END label----- */
static bool is_boundary(struct bytes line, const char *word, const char *label) {
    return take_text(&line, DASHES) && take_text(&line, word) && take_text(&line, label) &&
           take_text(&line, DASHES) && line.length == 0;
}

/* Base64 (RFC 4648 section 4), four symbols at a time; strict, so that one DER has one text. */
struct decoder {
    struct base_buffer *out;
    uint32_t bits;
    unsigned symbols;
    unsigned padding;
};

static bool symbol_value(uint8_t symbol, uint32_t *value) {
    if (symbol >= 'A' && symbol <= 'Z') {
        *value = symbol - 'A';
    } else if (symbol >= 'a' && symbol <= 'z') {
        *value = symbol - 'a' + 26U;
    } else if (symbol >= '0' && symbol <= '9') {
        *value = symbol - '0' + 52U;
    } else if (symbol == '+' || symbol == '/') {
        *value = symbol == '+' ? 62 : 63;
    } else {
        return false;
    }
    return true;
}

static bool decode_symbol(struct decoder *decoder, uint8_t symbol) {
    uint32_t value = 0;
    if (symbol == '=') {
        if (decoder->symbols < 2 || ++decoder->padding > 2) {
            return false;
        }
    } else if (decoder->padding > 0 || !symbol_value(symbol, &value)) {
        return false;
    }
    decoder->bits = decoder->bits << 6 | value;
    if (++decoder->symbols < 4) {
        return true;
    }
    uint8_t octets[3] = {(uint8_t)(decoder->bits >> 16), (uint8_t)(decoder->bits >> 8),
                         (uint8_t)decoder->bits};
    size_t count = 3 - decoder->padding;
    decoder->symbols = 0;
    decoder->bits = 0;
    for (size_t i = count; i < 3; i++) {
        if (octets[i] != 0) {
            return false;
        }
    }
    return base_buffer_append(decoder->out, base_bytes(octets, count));
}

static bool decode_line(struct decoder *decoder, struct bytes line) {
    for (size_t i = 0; i < line.length; i++) {
        if (!decode_symbol(decoder, line.data[i])) {
            return false;
        }
    }
    return true;
}

static bool decode_block(struct bytes *rest, const char *label, struct base_buffer *out) {
    struct decoder decoder = {.out = out};
    size_t start = out->length;
    struct bytes line;
    while (take_line(rest, &line)) {
        if (is_boundary(line, "END ", label)) {
            return decoder.symbols == 0 && out->length > start;
        }
        if (!decode_line(&decoder, line)) {
            return false;
        }
    }
    return false;
}

enum x509_pem_result x509_pem_next(struct bytes *rest, const char *label, struct base_buffer *out) {
    size_t start = out->length;
    struct bytes line;
    while (take_line(rest, &line)) {
        if (!is_boundary(line, "BEGIN ", label)) {
            continue;
        }
        if (decode_block(rest, label, out)) {
            return X509_PEM_BLOCK;
        }
        out->length = start;
        return X509_PEM_MALFORMED;
    }
    return X509_PEM_END;
}

static bool put_text(struct base_buffer *out, const char *text) {
    return base_buffer_append(out, base_bytes_of_text(text));
}

static bool put_boundary(struct base_buffer *out, const char *word, const char *label) {
    return put_text(out, DASHES) && put_text(out, word) && put_text(out, label) &&
           put_text(out, DASHES "\n");
}

static bool put_base64(struct base_buffer *out, struct bytes der) {
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t in_line = 0;
    while (der.length > 0) {
        size_t count = der.length < 3 ? der.length : 3;
        uint32_t bits = 0;
        char quad[4] = {'=', '=', '=', '='};
        for (size_t i = 0; i < 3; i++) {
            bits = bits << 8 | (i < count ? der.data[i] : 0U);
        }
        for (size_t i = 0; i <= count; i++) {
            quad[i] = alphabet[bits >> (18 - 6 * i) & 63];
        }
        der = base_bytes_after(der, count);
        in_line += sizeof quad;
        if (!base_buffer_append(out, base_bytes(quad, sizeof quad))) {
            return false;
        }
        if (in_line == LINE_LENGTH || der.length == 0) {
            in_line = 0;
            if (!put_text(out, "\n")) {
                return false;
            }
        }
    }
    return true;
}

bool x509_pem_write(struct base_buffer *out, const char *label, struct bytes der) {
    size_t start = out->length;
    if (put_boundary(out, "BEGIN ", label) && put_base64(out, der) &&
        put_boundary(out, "END ", label)) {
        return true;
    }
    out->length = start;
    return false;
}
