/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_ROUTE_H
#define SIP_ROUTE_H

#include "sip_text.h"

/* Reads the host of a Route value: `<sip:HOST;lr>;parameters`, with or without brackets. */
bool sip_route_host(struct bytes value, struct bytes *host);

/*
 * What stays of a Route header's value when the addresses of `own_host` at its front are taken off.
 * Empty when none other is there, and all of it from the first that cannot be read.
 */
struct bytes sip_route_without_own(struct bytes values, struct bytes own_host);

#endif
