/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_INSTANCE_H
#define SIP_INSTANCE_H

#include "base_bytes.h"

/* "urn:uuid:" and a UUID. */
#define SIP_INSTANCE_LENGTH 45

/*
 * Names the device behind an address of record for good (RFC 5626 section 4.1): a UUID of version 5
 * (RFC 9562), so that the same user has the same one in every run.
 */
void sip_instance_write(struct bytes address_of_record, uint8_t out[SIP_INSTANCE_LENGTH]);

#endif
