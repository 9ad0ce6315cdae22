/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base_bytes.h"

/* FNV-1a, of text after text: base_hash(base_hash(BASE_HASH_BEGIN, a), b). Not against those who
 * choose the octets. */
#define BASE_HASH_BEGIN UINT64_C(0xcbf29ce484222325)

static inline uint64_t base_hash(uint64_t hash, struct bytes text) {
    for (size_t i = 0; i < text.length; i++) {
        hash = (hash ^ text.data[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

#endif
