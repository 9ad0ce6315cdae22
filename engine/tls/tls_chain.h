/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_CHAIN_H
#define TLS_CHAIN_H

#include "base_fault.h"
#include "x509_path.h"

#define TLS_CHAIN_KNOWN_MAX 64

/*
 * Authorities whose signature on a path was found good, so that each is verified once per context.
 * A zeroed one is empty. One thread.
 */
struct tls_chain {
    struct bytes
        known[TLS_CHAIN_KNOWN_MAX]; /* on the heap: the certificate, then its issuer's key */
    unsigned count;
};

/*
 * Dates of the whole path, and the signatures between its authorities. wolfSSL checks dates of what
 * was sent only, and lets an authority pass unverified when it finds no issuer for it: a path found
 * by names could lead over a forged one, if only the leaf is verified against an authority seen
 * before.
 */
enum fault tls_chain_check(struct tls_chain *chain, const struct x509_path *path, int64_t now_s);

/* Its parts. The second: FAULT_LOCAL_ERROR when the signature or the issuer is of a kind that
 * cannot be used here. */
enum fault tls_chain_check_dates(const struct x509_path *path, int64_t now_s);
enum fault tls_chain_check_signature(const struct x509_certificate *certificate,
                                     const struct x509_certificate *issuer);

void tls_chain_finish(struct tls_chain *chain);

#endif
