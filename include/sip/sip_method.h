/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_METHOD_H
#define SIP_METHOD_H

/* The methods of requests that we send ourselves; any other passes through a proxy as it came. */
enum sip_method {
    SIP_OPTIONS,
    SIP_REGISTER,
    SIP_INVITE,
    SIP_ACK,
    SIP_BYE,
    SIP_CANCEL,
    SIP_METHODS
};

const char *sip_method_name(enum sip_method method);

#endif
