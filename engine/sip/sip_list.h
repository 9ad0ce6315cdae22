/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_LIST_H
#define SIP_LIST_H

#include "sip_text.h"

/*
 * Takes the next value, trimmed, off a header's comma-separated list of addresses (RFC 3261 section
 * 7.3.1). Commas in quotes and angle brackets are none of the list's, and empty values are passed
 * over. END when nothing is left, MALFORMED when a quote or a bracket does not end.
 */
enum sip_read sip_list_next(struct bytes *rest, struct bytes *value);

#endif
