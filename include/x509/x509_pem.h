/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_PEM_H
#define X509_PEM_H

#include "base_bytes.h"

/*
 * Takes the next PEM block with this label ("CERTIFICATE", "X509 CRL") off `rest` and decodes it
 * into `out` (appended; RFC 7468). Text between blocks and blocks of other labels are skipped.
 */
enum x509_pem_result {
    X509_PEM_BLOCK,
    X509_PEM_END,
    X509_PEM_MALFORMED, /* broken base64, no END line, or `out` is too small; `out` as before */
};
enum x509_pem_result x509_pem_next(struct bytes *rest, const char *label, struct base_buffer *out);

/* Appends one PEM block, 64 characters a line. False when it does not fit. */
bool x509_pem_write(struct base_buffer *out, const char *label, struct bytes der);

#endif
