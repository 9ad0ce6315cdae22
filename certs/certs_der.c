/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_der.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    FIRST_CAPACITY = 1024, /* most certificates fit */
    LENGTH_OCTETS_MAX = 5,
};

/* Private keys pass through here too, and realloc would leave copies of them behind. */
static void der_release(uint8_t *data, size_t capacity) {
    if (data != NULL) {
        explicit_bzero(data, capacity);
        free(data);
    }
}

void certs_der_finish(struct certs_der *der) {
    der_release(der->data, der->capacity);
    *der = (struct certs_der){0};
}

struct bytes certs_der_bytes(const struct certs_der *der) {
    return base_bytes(der->data, der->length);
}

bool certs_der_is_whole(const struct certs_der *der, struct base_error *error) {
    return !der->failed || base_error_set(error, BASE_ERROR_MACHINE, "out of memory");
}

static bool der_reserve(struct certs_der *der, size_t more) {
    size_t capacity = der->capacity == 0 ? FIRST_CAPACITY : der->capacity;
    uint8_t *grown;
    if (der->failed || more > UINT32_MAX - der->length) {
        der->failed = true;
        return false;
    }
    if (more <= der->capacity - der->length) {
        return true;
    }
    while (capacity - der->length < more) {
        capacity *= 2;
    }
    grown = malloc(capacity);
    if (grown == NULL) {
        der->failed = true;
        return false;
    }
    if (der->length > 0) {
        memcpy(grown, der->data, der->length);
    }
    der_release(der->data, der->capacity);
    der->data = grown;
    der->capacity = capacity;
    return true;
}

void certs_der_raw(struct certs_der *der, struct bytes encoded) {
    if (encoded.length > 0 && der_reserve(der, encoded.length)) {
        memcpy(der->data + der->length, encoded.data, encoded.length);
        der->length += encoded.length;
    }
}

static void der_octet(struct certs_der *der, unsigned octet) {
    uint8_t one = (uint8_t)octet;
    certs_der_raw(der, base_bytes(&one, 1));
}

/* The length octets of X.690 section 8.1.3; returns how many. */
static size_t length_octets(size_t length, uint8_t out[LENGTH_OCTETS_MAX]) {
    size_t count = 0;
    if (length < 0x80) {
        out[0] = (uint8_t)length;
        return 1;
    }
    for (size_t rest = length; rest > 0; rest >>= 8) {
        count++;
    }
    out[0] = (uint8_t)(0x80 | count);
    for (size_t i = count; i > 0; i--) {
        out[i] = (uint8_t)length;
        length >>= 8;
    }
    return count + 1;
}

void certs_der_value(struct certs_der *der, unsigned tag, struct bytes content) {
    uint8_t length[LENGTH_OCTETS_MAX];
    size_t count = length_octets(content.length, length);
    der_octet(der, tag);
    certs_der_raw(der, base_bytes(length, count));
    certs_der_raw(der, content);
}

size_t certs_der_open(struct certs_der *der, unsigned tag) {
    der_octet(der, tag);
    der_octet(der, 0);
    return der->length;
}

void certs_der_close(struct certs_der *der, size_t start) {
    uint8_t length[LENGTH_OCTETS_MAX];
    size_t content = der->length - start;
    size_t count;
    if (der->failed) {
        return;
    }
    count = length_octets(content, length);
    if (!der_reserve(der, count - 1)) {
        return;
    }
    memmove(der->data + start + count - 1, der->data + start, content);
    memcpy(der->data + start - 1, length, count);
    der->length += count - 1;
}

void certs_der_true(struct certs_der *der) {
    certs_der_value(der, CERTS_DER_BOOLEAN, base_bytes("\xff", 1));
}

void certs_der_unsigned(struct certs_der *der, struct bytes value) {
    size_t start;
    while (value.length > 1 && value.data[0] == 0) {
        value = base_bytes_after(value, 1);
    }
    start = certs_der_open(der, CERTS_DER_INTEGER);
    if (value.length == 0 || (value.data[0] & 0x80) != 0) {
        der_octet(der, 0);
    }
    certs_der_raw(der, value);
    certs_der_close(der, start);
}

void certs_der_number(struct certs_der *der, uint64_t value) {
    uint8_t octets[sizeof value];
    for (size_t i = sizeof octets; i > 0; i--) {
        octets[i - 1] = (uint8_t)value;
        value >>= 8;
    }
    certs_der_unsigned(der, base_bytes(octets, sizeof octets));
}

void certs_der_bit_string(struct certs_der *der, struct bytes content) {
    size_t start = certs_der_open(der, CERTS_DER_BIT_STRING);
    der_octet(der, 0);
    certs_der_raw(der, content);
    certs_der_close(der, start);
}

void certs_der_named_bits(struct certs_der *der, unsigned bits) {
    size_t start = certs_der_open(der, CERTS_DER_BIT_STRING);
    unsigned octet = 0;
    unsigned unused = 8;
    for (unsigned i = 0; i < 8; i++) {
        if ((bits >> i & 1) != 0) {
            octet |= 0x80u >> i;
            unused = 7 - i;
        }
    }
    der_octet(der, unused % 8);
    if (octet != 0) {
        der_octet(der, octet);
    }
    certs_der_close(der, start);
}

bool certs_der_time_exists(int64_t seconds) {
    const int64_t year_0 = INT64_C(-62167219200);
    const int64_t year_10000 = INT64_C(253402300800);
    return seconds >= year_0 && seconds < year_10000;
}

void certs_der_time(struct certs_der *der, int64_t seconds) {
    time_t time = (time_t)seconds;
    struct tm utc;
    char text[80];
    int year;
    gmtime_r(&time, &utc);
    year = utc.tm_year + 1900;
    snprintf(text, sizeof text, "%04d%02d%02d%02d%02d%02dZ", year, utc.tm_mon + 1, utc.tm_mday,
             utc.tm_hour, utc.tm_min, utc.tm_sec);
    if (year >= 1950 && year < 2050) {
        certs_der_value(der, CERTS_DER_UTC_TIME, base_bytes_of_text(text + 2));
        return;
    }
    certs_der_value(der, CERTS_DER_GENERALIZED_TIME, base_bytes_of_text(text));
}
