/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_REGISTRATION_H
#define SIP_REGISTRATION_H

#include "sip_message.h"

/*
 * For how many seconds the 200 to our REGISTER binds `contact`, a URI as we wrote it (RFC 3261
 * section 10.2.4). A registrar may write it otherwise: without an equal one the shortest that it
 * lists counts, and when it lists none, Expires, or else what we asked for. 0: bound no longer.
 */
uint32_t sip_registration_granted_s(const struct sip_message *response, struct bytes contact,
                                    uint32_t asked_s);

/* Min-Expires of a 423; 0: it has none, or none that can be read. */
uint32_t sip_registration_minimum_s(const struct sip_message *response);

#endif
