/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_revoked.h"

#include <stdlib.h>

/* FNV-1a. Serials are random or counted; the issuer tells equal ones apart only on comparison. */
static size_t hash_of(struct bytes serial) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < serial.length; i++) {
        hash = (hash ^ serial.data[i]) * UINT64_C(0x100000001B3);
    }
    return (size_t)(hash ^ (hash >> 32));
}

static struct tls_revoked_entry *slot_for(const struct tls_revoked *revoked, struct bytes issuer,
                                          struct bytes serial) {
    size_t at = hash_of(serial) & revoked->mask;
    while (revoked->slots[at].issuer.length > 0 &&
           !(base_bytes_equal(revoked->slots[at].serial, serial) &&
             base_bytes_equal(revoked->slots[at].issuer, issuer))) {
        at = (at + 1) & revoked->mask;
    }
    return &revoked->slots[at];
}

static size_t count_serials(const struct x509_crl *crls, unsigned count) {
    size_t serials = 0;
    struct bytes serial;
    for (unsigned i = 0; i < count; i++) {
        struct bytes rest = crls[i].revoked;
        while (x509_crl_next(&rest, &serial)) {
            serials++;
        }
    }
    return serials;
}

bool tls_revoked_init(struct tls_revoked *out, const struct x509_crl *crls, unsigned count) {
    *out = (struct tls_revoked){0};
    size_t serials = count_serials(crls, count);
    if (serials == 0) {
        return true;
    }
    size_t slots = 8;
    while (slots < 2 * serials) {
        slots *= 2;
    }
    out->slots = calloc(slots, sizeof *out->slots);
    if (out->slots == NULL) {
        return false;
    }
    out->mask = slots - 1;
    for (unsigned i = 0; i < count; i++) {
        struct bytes rest = crls[i].revoked;
        struct bytes serial;
        while (x509_crl_next(&rest, &serial)) {
            *slot_for(out, crls[i].issuer, serial) =
                (struct tls_revoked_entry){.issuer = crls[i].issuer, .serial = serial};
        }
    }
    return true;
}

void tls_revoked_finish(struct tls_revoked *revoked) {
    free(revoked->slots);
    *revoked = (struct tls_revoked){0};
}

bool tls_revoked_contains(const struct tls_revoked *revoked, struct bytes issuer,
                          struct bytes serial) {
    return revoked->slots != NULL && slot_for(revoked, issuer, serial)->issuer.length > 0;
}
