/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_DIALOG_H
#define SIP_DIALOG_H

#include "sip_message.h"

/* What a caller keeps of a call (RFC 3261 section 12.1.2). Texts are not NUL-terminated. */
struct sip_dialog {
    char target[256];    /* the remote target: the Request-URI of ACK and BYE */
    char remote_tag[96]; /* of To */
    char routes[896];    /* whole Route lines, CRLF included, in the order they are to be visited */
    uint16_t target_length;
    uint16_t remote_tag_length;
    uint16_t routes_length;
};

/* From the 2xx that answered our INVITE. False when it has no Contact or To tag, or does not fit.
 */
bool sip_dialog_from_response(struct sip_dialog *out, const struct sip_message *response);

/* The peer may have moved: the 2xx to a re-INVITE names its target anew (section 12.2.1.2). One
 * that names none, or that does not fit, changes nothing. */
void sip_dialog_refresh(struct sip_dialog *dialog, const struct sip_message *response);

#endif
