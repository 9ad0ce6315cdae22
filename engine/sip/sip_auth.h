/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_AUTH_H
#define SIP_AUTH_H

#include "sip_text.h"

/* The parameters of a challenge and of credentials that this room reads (RFC 7616 section 3). */
enum sip_auth_field {
    SIP_AUTH_REALM,
    SIP_AUTH_NONCE,
    SIP_AUTH_OPAQUE,
    SIP_AUTH_ALGORITHM,
    SIP_AUTH_QOP,
    SIP_AUTH_STALE,
    SIP_AUTH_USERNAME,
    SIP_AUTH_URI,
    SIP_AUTH_RESPONSE,
    SIP_AUTH_CNONCE,
    SIP_AUTH_NC,
    SIP_AUTH_FIELDS,
};

/* One challenge, or one set of credentials. Values are without their quotes, escapes as they are.
 */
struct sip_auth {
    bool is_digest;
    bool is_sound; /* no field that stands twice */
    bool has[SIP_AUTH_FIELDS];
    struct bytes fields[SIP_AUTH_FIELDS];
};

/*
 * Takes the next one off the value of an authentication header, which may hold several with a comma
 * between. False when nothing is left, or the rest cannot be read.
 */
bool sip_auth_next(struct bytes *rest, struct sip_auth *out);

/* A field without its escapes, NUL-terminated. False when it does not fit or holds a control
 * character. */
bool sip_auth_copy(struct bytes field, char *out, size_t size);

/* Compares a field without its escapes in a time that depends on lengths only. */
bool sip_auth_equals(struct bytes field, struct bytes text);

#endif
