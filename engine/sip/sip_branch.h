/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_BRANCH_H
#define SIP_BRANCH_H

#include "sip_message.h"
#include "sip_pen.h"

/*
 * Puts the branch of a stateless proxy (RFC 3261 section 16.11): the cookie, a hash of what names
 * the request's transaction, which ACK and CANCEL share with their INVITE, "." and the token.
 */
void sip_branch_put(struct sip_pen *pen, const struct sip_message *request, uint64_t token);

/* The token of a branch that sip_branch_put() wrote; false for any other. */
bool sip_branch_read_token(struct bytes branch, uint64_t *token);

#endif
