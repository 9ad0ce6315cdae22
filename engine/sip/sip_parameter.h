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

/* Whether `;name`, with or without a value, is among those at the front of `parameters`. */
bool sip_parameter_is_given(struct bytes parameters, struct bytes lower_name);

/*
 * Takes the address of From, To, Contact or Route (RFC 3261 section 20.10) off `rest`, which then
 * begins with the header's own parameters. `uri` is what stands in the angle brackets, or all of an
 * address without them; what it holds is not looked at.
 */
bool sip_parameter_take_address(struct bytes *rest, struct bytes *uri);

/* Past a quoted-string; `at` stands on the opening quote. NULL when the closing one is missing. */
const uint8_t *sip_parameter_skip_quoted(const uint8_t *at, const uint8_t *end);

/* Past a parameter's value, quoted or not. NULL when a quote does not end. */
const uint8_t *sip_parameter_skip_value(const uint8_t *at, const uint8_t *end);

#endif
