/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_ALIAS_H
#define SIP_ALIAS_H

#include "sip_message.h"

/*
 * Does whoever sent this request offer its connection for requests in the other direction (RFC 5923
 * section 5: `;alias` in the topmost Via)? `host`, NUL-terminated, is then who it says it is: what
 * stands in sent-by, an IPv6 address without its brackets. False, too, when that does not fit.
 */
bool sip_alias_read(const struct sip_message *request, char *host, size_t host_size);

#endif
