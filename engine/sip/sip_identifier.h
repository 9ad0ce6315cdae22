/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_IDENTIFIER_H
#define SIP_IDENTIFIER_H

#include <stdint.h>

/* Says that a branch is unique across space and time (RFC 3261 section 8.1.1.7). */
#define SIP_BRANCH_COOKIE "z9hG4bK"

/* How a random identifier looks in Call-ID, tags and branches: lower-case hexadecimal. */
#define SIP_IDENTIFIER_DIGITS 16

static inline void sip_identifier_write(uint64_t identifier, uint8_t *out) {
    for (unsigned i = SIP_IDENTIFIER_DIGITS; i-- > 0; identifier >>= 4) {
        out[i] = (uint8_t) "0123456789abcdef"[identifier & 15];
    }
}

#endif
