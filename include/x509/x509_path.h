/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef X509_PATH_H
#define X509_PATH_H

#include "x509_certificate.h"

#define X509_PATH_MAX 10

/* certificates[0] is the leaf, the last one the anchor (a self-issued certificate of the trust). */
struct x509_path {
    const struct x509_certificate *certificates[X509_PATH_MAX];
    unsigned length;
};

struct x509_set {
    const struct x509_certificate *certificates;
    unsigned count;
};

/*
 * Finds the path leaf -> anchor by issuer name and key identifier: each issuer is looked for among
 * the certificates that the peer sent, then in our own trust; the path ends at a certificate that
 * is octet for octet in the trust and is self-issued. What is not on the path is ignored. False
 * when no such path exists, or none within a bounded number of steps. Of several candidates those
 * go first whose key identifier is the one wanted; one with another identifier is no candidate.
 * Signatures are not checked: the TLS library did. Borrowed pointers; no allocation.
 */
bool x509_path_build(const struct x509_certificate *leaf, struct x509_set sent,
                     struct x509_set trust, struct x509_path *out);

/*
 * The way from the leaf as far as the sent certificates lead, whoever is trusted: each time to the
 * issuer that would be tried first. At least the leaf.
 */
void x509_path_follow(const struct x509_certificate *leaf, struct x509_set sent,
                      struct x509_path *out);

#endif
