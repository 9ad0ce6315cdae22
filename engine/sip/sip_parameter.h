/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_PARAMETER_H
#define SIP_PARAMETER_H

#include "sip_text.h"

/*
 * Reads `;name=value` parameters from the front of `rest` and leaves what follows them there:
 * nothing, or a comma. `value` is that of the parameter `lower_name`, empty when it is not among
 * them. False when a quote does not end, or the parameter has no value or comes twice. Empty
 * parameters are passed over.
 */
bool sip_parameter_find(struct bytes *rest, struct bytes lower_name, struct bytes *value);

/* Past the address of From or To (RFC 3261 section 20.10), up to the header's own parameters. */
bool sip_parameter_skip_address(struct bytes *rest);

/* Past protocol and host of the first Via in a comma-separated list, up to its parameters. */
bool sip_parameter_skip_sent_by(struct bytes *rest);

#endif
