/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_NAME_H
#define TLS_NAME_H

#include "tls_context_body.h"

/* "wanted edge.example.test, presented core.example.test (2 more)"; names that are long are cut. */
void tls_name_describe(const char *wanted, const struct x509_certificate *leaf,
                       char out[TLS_NAME_MISMATCH_SIZE]);

#endif
