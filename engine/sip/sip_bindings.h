/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_BINDINGS_H
#define SIP_BINDINGS_H

#include "sip_pen.h"

/*
 * Puts a Contact line for every binding that a REGISTER with these headers leaves, with the
 * parameter expires (RFC 3261 section 10.3 step 8): what it removes is not listed, nor is a value
 * that cannot be read.
 */
void sip_bindings_put(struct sip_pen *pen, struct bytes headers);

#endif
