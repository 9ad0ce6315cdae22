/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_judge.h"
#include "x509_name.h"

#include <assert.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* An extension that is present must carry one of `usages`; an absent one passes. */
struct eku_rule {
    enum { SCOPE_NOTHING, SCOPE_LEAF, SCOPE_PATH } scope;
    unsigned usages;
};

static const struct eku_rule initiator_rules[] = {
    [TLS_EKU_EXPRESSWAY] = {SCOPE_PATH, X509_USAGE_CLIENT_AUTH},
    [TLS_EKU_PKIX] = {SCOPE_LEAF, X509_USAGE_CLIENT_AUTH | X509_USAGE_ANY},
    [TLS_EKU_RFC5924] = {SCOPE_LEAF, X509_USAGE_SIP_DOMAIN | X509_USAGE_ANY},
    [TLS_EKU_SERVER_OR_CLIENT] = {SCOPE_LEAF,
                                  X509_USAGE_SERVER_AUTH | X509_USAGE_CLIENT_AUTH | X509_USAGE_ANY},
    [TLS_EKU_ANY] = {SCOPE_NOTHING, 0},
    [TLS_EKU_SERVER_IF_PRESENT] = {SCOPE_LEAF, X509_USAGE_SERVER_AUTH},
};

static const struct eku_rule acceptor_rule = {SCOPE_PATH, X509_USAGE_SERVER_AUTH | X509_USAGE_SGC};

/* Whatever is not in the tables is judged by a rule that only an absent extension passes. */
static const struct eku_rule strictest_rule = {SCOPE_PATH, 0};

/* OpenSSL's X509_PURPOSE_SSL_CLIENT and X509_PURPOSE_SSL_SERVER: a leaf's keyUsage needs one of
 * these. */
static const unsigned leaf_key_usages[TLS_ROLE_COUNT] = {
    [TLS_ROLE_CLIENT] = X509_KEY_USAGE_DIGITAL_SIGNATURE | X509_KEY_USAGE_KEY_AGREEMENT,
    [TLS_ROLE_SERVER] = X509_KEY_USAGE_DIGITAL_SIGNATURE | X509_KEY_USAGE_KEY_ENCIPHERMENT |
                        X509_KEY_USAGE_KEY_AGREEMENT,
};

static const struct eku_rule *rule_for(const struct tls_judge_rules *rules) {
    if (rules->peer_role == TLS_ROLE_SERVER) {
        return &acceptor_rule;
    }
    if ((size_t)rules->eku_policy < COUNT(initiator_rules)) {
        return &initiator_rules[rules->eku_policy];
    }
    return &strictest_rule;
}

static bool has_key_usage(const struct x509_certificate *certificate, unsigned any_of) {
    return !certificate->has_key_usage || (certificate->key_usage & any_of) != 0;
}

static bool has_usage(const struct x509_certificate *certificate, unsigned any_of) {
    return !certificate->eku.present || (certificate->eku.usages & any_of) != 0;
}

static bool is_revoked(const struct x509_path *path, const struct tls_trust *trust) {
    for (unsigned i = 0; i < path->length; i++) {
        if (tls_trust_is_revoked(trust, path->certificates[i])) {
            return true;
        }
    }
    return false;
}

/* RFC 5280 section 4.2.1.9: how many intermediates that are not self-issued may stand below this
 * one. */
static bool path_fits(const struct x509_path *path, unsigned index) {
    int limit = path->certificates[index]->path_length;
    int below = 0;
    for (unsigned i = 1; i < index; i++) {
        const struct x509_certificate *between = path->certificates[i];
        below += base_bytes_equal(between->subject, between->issuer) ? 0 : 1;
    }
    return limit < 0 || below <= limit;
}

/* OpenSSL takes an anchor without basicConstraints when its keyUsage says that it signs
 * certificates. */
static bool is_authority(const struct x509_path *path, unsigned index) {
    const struct x509_certificate *certificate = path->certificates[index];
    bool is_anchor = index + 1 == path->length;
    return certificate->is_ca ||
           (is_anchor && !certificate->has_basic_constraints && certificate->has_key_usage);
}

static enum fault judge_authorities(const struct x509_path *path) {
    for (unsigned i = 1; i < path->length; i++) {
        const struct x509_certificate *authority = path->certificates[i];
        if (!is_authority(path, i) || !path_fits(path, i)) {
            return FAULT_TLS_PEER_UNTRUSTED;
        }
        if (!has_key_usage(authority, X509_KEY_USAGE_CERT_SIGN)) {
            return FAULT_TLS_PEER_KEY_USAGE;
        }
    }
    return FAULT_NONE;
}

static bool eku_allows(const struct eku_rule *rule, const struct x509_path *path) {
    unsigned judged = rule->scope == SCOPE_PATH ? path->length : rule->scope == SCOPE_LEAF ? 1 : 0;
    for (unsigned i = 0; i < judged; i++) {
        if (!has_usage(path->certificates[i], rule->usages)) {
            return false;
        }
    }
    return true;
}

enum fault tls_judge_path(const struct tls_judge_rules *rules, const struct x509_path *path,
                          const struct tls_trust *trust, bool *leaf_checked) {
    const struct x509_certificate *leaf = path->certificates[0];
    assert((unsigned)rules->peer_role < TLS_ROLE_COUNT && path->length > 0);
    *leaf_checked = false;
    if (trust != NULL && is_revoked(path, trust)) {
        return FAULT_TLS_PEER_REVOKED;
    }
    enum fault fault = judge_authorities(path);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!has_key_usage(leaf, leaf_key_usages[rules->peer_role])) {
        return FAULT_TLS_PEER_KEY_USAGE;
    }
    *leaf_checked = true;
    if (!eku_allows(rule_for(rules), path)) {
        return FAULT_TLS_PEER_EKU;
    }
    if (rules->verify_name != NULL && !x509_name_matches(leaf, rules->verify_name)) {
        return FAULT_TLS_PEER_NAME;
    }
    return FAULT_NONE;
}

enum fault tls_judge(const struct tls_judge_rules *rules, struct x509_set sent,
                     const struct tls_trust *trust, bool *leaf_checked) {
    *leaf_checked = false;
    struct x509_path path = {.length = 0};
    if (sent.count == 0) {
        return FAULT_TLS_PEER_NO_CERTIFICATE;
    }
    if (!x509_path_build(&sent.certificates[0], sent, tls_trust_certificates(trust), &path)) {
        return FAULT_TLS_PEER_CHAIN_INCOMPLETE;
    }
    return tls_judge_path(rules, &path, trust, leaf_checked);
}
