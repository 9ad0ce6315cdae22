/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_offline.h"
#include "tls_chain.h"

enum fault tls_offline_check(const struct x509_path *path, int64_t now_s) {
    enum fault fault = tls_chain_check_dates(path, now_s);
    for (unsigned i = 0; fault == FAULT_NONE && i + 1 < path->length; i++) {
        fault = tls_chain_check_signature(path->certificates[i], path->certificates[i + 1]);
    }
    return fault;
}
