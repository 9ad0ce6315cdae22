/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_LINE_H
#define SIP_LINE_H

#include "sip_text.h"

#include <string.h>

/*
 * Finds the CRLF that ends the line at `from`, and what comes `after` it. A CR or LF on its own is
 * malformed: peers disagree about what it means, which is how messages get smuggled.
 */
static inline enum sip_read sip_line_end(const uint8_t *from, const uint8_t *end,
                                         const uint8_t **after) {
    const uint8_t *lf = memchr(from, '\n', (size_t)(end - from));
    const uint8_t *limit = lf != NULL ? lf : end;
    const uint8_t *cr = memchr(from, '\r', (size_t)(limit - from));
    if (cr != NULL && cr + 1 != limit) {
        return SIP_READ_MALFORMED;
    }
    if (lf == NULL) {
        return SIP_READ_INCOMPLETE;
    }
    *after = lf + 1;
    return cr != NULL ? SIP_READ_OK : SIP_READ_MALFORMED;
}

#endif
