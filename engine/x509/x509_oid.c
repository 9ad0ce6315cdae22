/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_oid.h"

#include <stdio.h>
#include <string.h>

const char *x509_oid_name(const struct x509_oid_row *rows, size_t count, struct bytes oid) {
    for (size_t i = 0; i < count; i++) {
        if (rows[i].oid_length == oid.length && memcmp(rows[i].oid, oid.data, oid.length) == 0) {
            return rows[i].name;
        }
    }
    return NULL;
}

/* False when an arc is beyond 64 bits; RFC 5280 asks for 28. */
static bool next_arc(struct bytes *oid, uint64_t *arc) {
    *arc = 0;
    while (oid->length > 0) {
        uint8_t octet = oid->data[0];
        *oid = base_bytes_after(*oid, 1);
        if (*arc >> 57 != 0) {
            return false;
        }
        *arc = *arc << 7 | (octet & 0x7fU);
        if ((octet & 0x80) == 0) {
            return true;
        }
    }
    return false;
}

bool x509_oid_put_dotted(struct x509_text *text, struct bytes oid) {
    uint64_t arc;
    char number[48];
    if (!next_arc(&oid, &arc)) {
        return x509_text_put(text, "oid-out-of-range");
    }
    /* The first two arcs share a number (X.690 section 8.19.4). */
    uint64_t first = arc < 80 ? arc / 40 : 2;
    snprintf(number, sizeof number, "%llu.%llu", (unsigned long long)first,
             (unsigned long long)(arc - first * 40));
    size_t mark = text->length;
    if (!x509_text_put(text, number)) {
        return false;
    }
    while (oid.length > 0) {
        if (!next_arc(&oid, &arc)) {
            x509_text_cut(text, mark);
            return x509_text_put(text, "oid-out-of-range");
        }
        snprintf(number, sizeof number, ".%llu", (unsigned long long)arc);
        if (!x509_text_put(text, number)) {
            return false;
        }
    }
    return true;
}
