/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_VIA_H
#define SIP_VIA_H

#include "sip_text.h"

/* One value of a Via header (RFC 3261 section 20.42). */
struct sip_via {
    struct bytes host;   /* of sent-by, an IPv6 address with its brackets; empty: unreadable */
    struct bytes branch; /* empty: none (RFC 2543) */
};

/* Reads the first value of `rest` and leaves there what follows: nothing, or a comma. */
bool sip_via_read(struct bytes *rest, struct sip_via *out);

#endif
