/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_SESSION_IO_H
#define TLS_SESSION_IO_H

#include <user_settings.h>
#include <wolfssl/ssl.h>

/* wolfSSL's transport is the exchange of the call under way; `session` is a struct tls_session. */
int tls_session_receive(WOLFSSL *wolfssl, char *out, int size, void *session);
int tls_session_send(WOLFSSL *wolfssl, char *data, int size, void *session);

#endif
