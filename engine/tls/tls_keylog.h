/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_KEYLOG_H
#define TLS_KEYLOG_H

#include "base_error.h"

#include <user_settings.h>
#include <wolfssl/ssl.h>

/*
 * Secrets for a capture's reader, in the form of NSS: appended to the file that SSLKEYLOGFILE
 * names, and to one that this run was told, a write per line, by every thread. Without either
 * nothing below does anything.
 */
bool tls_keylog_start(struct base_error *error);
/* `path`: that second file, instead of an earlier one; NULL: none. While no session lives. */
bool tls_keylog_also(const char *path, struct base_error *error);
void tls_keylog_stop(void);

/* A session that is about to shake hands. */
void tls_keylog_attach(WOLFSSL *wolfssl);

/* Its handshake is complete. */
void tls_keylog_conclude(WOLFSSL *wolfssl);

#endif
