/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_TICKET_H
#define TLS_TICKET_H

#include <user_settings.h>
#include <wolfssl/ssl.h>

/*
 * Seals and opens a session ticket (AES-256-GCM) with the key and for the scope of `context`, a
 * struct tls_context: all workers of a listener open each other's tickets, and nobody else's.
 * wolfSSL's own callback has a key per context.
 */
int tls_ticket_crypt(WOLFSSL *wolfssl, unsigned char *key_name, unsigned char *iv,
                     unsigned char *mac, int seal, unsigned char *ticket, int length,
                     int *out_length, void *context);

#endif
