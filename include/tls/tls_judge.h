/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TLS_JUDGE_H
#define TLS_JUDGE_H

#include "base_fault.h"
#include "tls_trust.h"

/* The side of the TLS handshake a socket is on; also which store it presents. */
enum tls_role { TLS_ROLE_CLIENT, TLS_ROLE_SERVER, TLS_ROLE_COUNT };

/*
 * What an acceptor demands of the initiator's extended key usage. An absent extension passes in
 * every one but strict RFC 5924 readings that we do not offer.
 */
enum tls_eku_policy {
    TLS_EKU_EXPRESSWAY, /* OpenSSL's sslclient purpose: clientAuth on the whole path, CAs included
                         */
    TLS_EKU_PKIX,       /* RFC 5280: clientAuth or any, leaf only */
    TLS_EKU_RFC5924,    /* sipDomain or any, leaf only */
    TLS_EKU_SERVER_OR_CLIENT, /* present must carry serverAuth, clientAuth or any, leaf only */
    TLS_EKU_ANY,              /* no EKU rule */
    TLS_EKU_SERVER_IF_PRESENT /* present must carry serverAuth, leaf only */
};

struct tls_judge_rules {
    enum tls_role peer_role;        /* CLIENT: we accepted, the peer initiated */
    enum tls_eku_policy eku_policy; /* used when peer_role is CLIENT; an acceptor is always judged
                                       by OpenSSL's sslserver purpose on the whole path */
    const char *verify_name;        /* NULL: any name */
};

/*
 * The one judge. Called when the TLS library found nothing wrong with the chain; decides in this
 * order: path complete, revocation, basic constraints and key usage, extended key usage, name.
 * Fails closed: whatever cannot be read is refused. `sent[0]` is the leaf. `leaf_checked` says
 * whether the leaf's EKU was judged, that is, whether its chain was good. No allocation; any
 * thread.
 */
enum fault tls_judge(const struct tls_judge_rules *rules, struct x509_set sent,
                     const struct tls_trust *trust, bool *leaf_checked);

/*
 * The same decision about a path that is already there: what tls_judge() does once it has found
 * one. A path that does not end in the trust is judged as far as it leads. `trust` is asked about
 * revocation alone; NULL: nothing is revoked.
 */
enum fault tls_judge_path(const struct tls_judge_rules *rules, const struct x509_path *path,
                          const struct tls_trust *trust, bool *leaf_checked);

#endif
