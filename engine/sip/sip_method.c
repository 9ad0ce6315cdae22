/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sip_method.h"

#include <assert.h>

const char *sip_method_name(enum sip_method method) {
    static const char *const names[SIP_METHODS] = {
        [SIP_OPTIONS] = "OPTIONS", [SIP_REGISTER] = "REGISTER", [SIP_INVITE] = "INVITE",
        [SIP_ACK] = "ACK",         [SIP_BYE] = "BYE",           [SIP_CANCEL] = "CANCEL",
    };
    assert((unsigned)method < SIP_METHODS);
    return names[method];
}
