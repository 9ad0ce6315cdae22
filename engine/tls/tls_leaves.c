/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_leaves.h"

#include <stdlib.h>
#include <string.h>

/* A certificate ends with its signature, so its last octets are as good as random. */
static size_t hash_of(struct bytes der) {
    uint64_t tail = 0;
    size_t octets = der.length < sizeof tail ? der.length : sizeof tail;
    if (octets > 0) {
        memcpy(&tail, der.data + der.length - octets, octets);
    }
    tail *= UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(tail >> 32);
}

static uint32_t *slot_for(const struct tls_leaves *leaves, struct bytes der) {
    size_t at = hash_of(der) & leaves->mask;
    while (leaves->slots[at] != 0 &&
           !base_bytes_equal(leaves->leaves[leaves->slots[at] - 1], der)) {
        at = (at + 1) & leaves->mask;
    }
    return &leaves->slots[at];
}

bool tls_leaves_init(struct tls_leaves *out, const struct bytes *leaves, unsigned count) {
    *out = (struct tls_leaves){.leaves = leaves, .count = count};
    if (count == 0) {
        return true;
    }
    size_t slots = 4;
    while (slots < 2 * (size_t)count) {
        slots *= 2;
    }
    out->slots = calloc(slots, sizeof *out->slots);
    if (out->slots == NULL) {
        return false;
    }
    out->mask = slots - 1;
    for (unsigned i = 0; i < count; i++) {
        *slot_for(out, leaves[i]) = i + 1;
    }
    return true;
}

void tls_leaves_finish(struct tls_leaves *leaves) {
    free(leaves->slots);
    *leaves = (struct tls_leaves){0};
}

bool tls_leaves_contain(const struct tls_leaves *leaves, struct bytes der) {
    return leaves->slots != NULL && *slot_for(leaves, der) != 0;
}
