/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_FAULT_H
#define TLS_FAULT_H

#include "base_fault.h"

/*
 * wolfSSL's negative codes, translated once, here. Never FAULT_NONE: whatever has no row of its own
 * is FAULT_TLS_PROTOCOL_ERROR.
 */
enum fault tls_fault_from_wolfssl(int error);

/*
 * The code under which the verify callback refuses, chosen for the alert that wolfSSL sends for it:
 * the one that OpenSSL, and so the product, sends for the same cause.
 */
int tls_fault_to_wolfssl(enum fault judgement);

#endif
