/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CERTS_PEM_H
#define CERTS_PEM_H

#include "base_bytes.h"

/*
 * One PEM block per element, NUL-terminated, on the heap; no copy of it is left elsewhere there.
 * NULL when memory runs out. No elements make the empty text.
 */
char *certs_pem_text(const char *label, const struct bytes *ders, unsigned count);

#endif
