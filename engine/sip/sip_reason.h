/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIP_REASON_H
#define SIP_REASON_H

/* The reason phrase of a status 100..699; that of its class when nobody registered it. */
const char *sip_reason_of(unsigned status);

#endif
