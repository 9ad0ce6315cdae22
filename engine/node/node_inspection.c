/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_inspection_internal.h"

#include "tls_offline.h"
#include "x509_distinguished.h"

#include <assert.h>
#include <stdio.h>

void node_inspection_name(const struct x509_certificate *certificate,
                          char out[NODE_INSPECTION_NAME_SIZE]) {
    x509_distinguished_to_text(certificate->subject, out, NODE_INSPECTION_NAME_SIZE);
    if (out[0] == '\0') {
        snprintf(out, NODE_INSPECTION_NAME_SIZE, "a certificate without a name");
    }
}

unsigned node_inspection_finds_no_authority(const struct x509_path *path) {
    for (unsigned i = 1; i < path->length; i++) {
        const struct x509_certificate *issuer = path->certificates[i];
        bool may_sign =
            !issuer->has_key_usage || (issuer->key_usage & X509_KEY_USAGE_CERT_SIGN) != 0;
        /* An old root may say so by its key usage alone. */
        bool is_old_root =
            i + 1 == path->length && !issuer->has_basic_constraints && issuer->has_key_usage;
        if (!may_sign || (!issuer->is_ca && !is_old_root)) {
            return i;
        }
    }
    return 0;
}

static bool names_subject(struct x509_set set, struct bytes name) {
    for (unsigned i = 0; i < set.count; i++) {
        if (base_bytes_equal(set.certificates[i].subject, name)) {
            return true;
        }
    }
    return false;
}

/*
 * Why no path leads into the trust: a certificate is missing between, or the chain belongs to an
 * authority that is not trusted. A handshake tells them apart by the same question.
 */
static enum fault tell_why_untrusted(const struct node_inspection_case *subject) {
    const struct x509_certificate *leaf = &subject->chain.certificates[0];
    return names_subject(subject->chain, leaf->issuer) ||
                   names_subject(tls_trust_certificates(subject->trust), leaf->issuer)
               ? FAULT_TLS_PEER_UNTRUSTED
               : FAULT_TLS_PEER_CHAIN_INCOMPLETE;
}

static void find_path(struct node_inspection *out, const struct node_inspection_case *subject) {
    const struct x509_certificate *leaf = &subject->chain.certificates[0];
    out->trust_given = subject->trust != NULL;
    out->trusted =
        out->trust_given &&
        x509_path_build(leaf, subject->chain, tls_trust_certificates(subject->trust), &out->path);
    if (!out->trusted) {
        x509_path_follow(leaf, subject->chain, &out->path);
    }
    enum fault fault = tls_offline_check(&out->path, subject->now_s);
    out->chain_fault = fault;
    /* As in a handshake, an authority that is not trusted is found before the rest. */
    if (out->trust_given && !out->trusted) {
        out->chain_fault = tell_why_untrusted(subject);
    }
}

void node_inspect(struct node_inspection *out, struct x509_set chain, const struct tls_trust *trust,
                  int64_t now_s) {
    const struct node_inspection_case subject = {.chain = chain, .trust = trust, .now_s = now_s};
    assert(chain.count > 0);
    *out = (struct node_inspection){.row_count = 0};
    find_path(out, &subject);
    node_inspection_fill_rows(out, &subject);
    node_inspection_fill_notes(out, &subject);
    node_inspection_fill_sunset(out, &subject);
}
