/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_SUITE_H
#define TLS_SUITE_H

#include "base_error.h"

#include <stddef.h>

#define TLS_SUITE_MAX 32
#define TLS_GROUP_MAX 8

/* IANA names in order of preference, joined by colons: what wolfSSL takes. */
struct tls_suite_list {
    char names[TLS_SUITE_MAX * 48];
    size_t length;
};

/* TLS NamedGroup numbers, in order of preference. */
struct tls_group_list {
    int numbers[TLS_GROUP_MAX];
    unsigned count;
};

/* `names` NULL: the forward-secret AEAD suites. An unknown name is an error that lists the known.
 */
bool tls_suite_list_fill(struct tls_suite_list *out, const char *const *names, unsigned count,
                         struct base_error *error);

/* `names` NULL: secp256r1, secp384r1, x25519. An unknown name is an error that lists the known. */
bool tls_group_list_fill(struct tls_group_list *out, const char *const *names, unsigned count,
                         struct base_error *error);

#endif
