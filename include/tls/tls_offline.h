/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_OFFLINE_H
#define TLS_OFFLINE_H

#include "base_fault.h"
#include "x509_path.h"

/*
 * What a handshake finds out about a path before the judge is asked, for certificates that none
 * brought: dates, then each signature by the next certificate's key. The last one's own signature
 * is not checked. FAULT_LOCAL_ERROR: one of them is of a kind that cannot be checked here.
 */
enum fault tls_offline_check(const struct x509_path *path, int64_t now_s);

#endif
