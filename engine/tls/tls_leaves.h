/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_LEAVES_H
#define TLS_LEAVES_H

#include "base_bytes.h"

#include <stdbool.h>

/* The certificates that a peer's store may hold, found by their octets. A zeroed one is empty. */
struct tls_leaves {
    const struct bytes *leaves; /* borrowed */
    unsigned count;
    uint32_t *slots; /* index + 1 into leaves; 0: free */
    size_t mask;
};

/* False when there is no memory. */
bool tls_leaves_init(struct tls_leaves *out, const struct bytes *leaves, unsigned count);
void tls_leaves_finish(struct tls_leaves *leaves);
bool tls_leaves_contain(const struct tls_leaves *leaves, struct bytes der);

#endif
