/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node_inspection_internal.h"

#include "x509_key.h"
#include "x509_name.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_PER_DAY   86400
#define RSA_BITS_MAX      4096 /* the practical limit: a zone with larger keys may not activate */
#define EXPIRES_SOON_DAYS 30
#define PUBLIC_DAYS_MAX   200
#define PUBLIC_DAYS_SINCE INT64_C(1773532800) /* 2026-03-15 */
#define ALTERNATIVE_NAMES 8192

static void note(struct node_inspection *out, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void note(struct node_inspection *out, const char *key, const char *format, ...) {
    if (out->note_count == NODE_INSPECTION_NOTES_MAX) {
        return;
    }
    struct node_inspection_note *slot = &out->notes[out->note_count++];
    va_list arguments;
    va_start(arguments, format);
    slot->key = key;
    vsnprintf(slot->sentence, sizeof slot->sentence, format, arguments);
    va_end(arguments);
}

static const struct x509_certificate *last_of(const struct x509_path *path) {
    return path->certificates[path->length - 1];
}

static bool is_self_issued(const struct x509_certificate *certificate) {
    return base_bytes_equal(certificate->subject, certificate->issuer);
}

static void note_dates(struct node_inspection *out, int64_t now_s) {
    for (unsigned i = 0; i < out->path.length; i++) {
        const struct x509_certificate *certificate = out->path.certificates[i];
        char name[NODE_INSPECTION_NAME_SIZE];
        char date[X509_DATE_SIZE];
        node_inspection_name(certificate, name);
        x509_date_to_text(certificate->not_after, date);
        if (now_s > certificate->not_after) {
            note(out, "expired", "%s expired on %.10s", name, date);
        } else if (certificate->not_after - now_s < EXPIRES_SOON_DAYS * SECONDS_PER_DAY) {
            note(out, "expires_soon", "%s expires on %.10s", name, date);
        }
        if (now_s < certificate->not_before) {
            x509_date_to_text(certificate->not_before, date);
            note(out, "not_yet_valid", "%s is not valid before %s", name, date);
        }
    }
}

static void note_chain(struct node_inspection *out, const struct node_inspection_case *subject) {
    const struct x509_certificate *last = last_of(&out->path);
    char name[NODE_INSPECTION_NAME_SIZE];
    char issuer[NODE_INSPECTION_NAME_SIZE];
    node_inspection_name(last, name);
    struct x509_certificate of_issuer = {.subject = last->issuer};
    node_inspection_name(&of_issuer, issuer);
    if (out->chain_fault == FAULT_TLS_PEER_CHAIN_INCOMPLETE ||
        (out->trust_given && !out->trusted && !is_self_issued(last))) {
        note(out, "chain_incomplete",
             "the certificate of %s, who issued %s, is neither in the chain nor in the trust: an "
             "intermediate must be appended to the chain, a root put into the trust",
             issuer, name);
    } else if (out->trust_given && !out->trusted) {
        note(out, "untrusted", "%s is not in the trust: a private authority must be put there",
             name);
    } else if (!out->trust_given && is_self_issued(last)) {
        note(out, "trust_assumed", "judged as if far ends trusted %s; --cacert names a trust",
             name);
    } else if (!out->trust_given) {
        note(out, "trust_assumed",
             "judged as if far ends trusted %s: its certificate is not here; if it is no root of "
             "theirs, it must be appended; --cacert names a trust",
             issuer);
    }
    if (out->chain_fault == FAULT_TLS_PEER_BAD_CERTIFICATE) {
        note(out, "bad_signature",
             "a signature on the path is not its issuer's, or a certificate is damaged or has a "
             "critical extension that is not known");
    }
    if (out->chain_fault == FAULT_LOCAL_ERROR) {
        note(out, "signature_unchecked",
             "a signature or key on the path is of a kind that cannot be checked here");
    }
    for (unsigned i = 0; subject->trust != NULL && i < out->path.length; i++) {
        if (tls_trust_is_revoked(subject->trust, out->path.certificates[i])) {
            node_inspection_name(out->path.certificates[i], name);
            note(out, "revoked", "%s is revoked", name);
        }
    }
}

static void note_authorities(struct node_inspection *out) {
    unsigned index = node_inspection_finds_no_authority(&out->path);
    if (index > 0) {
        char name[NODE_INSPECTION_NAME_SIZE];
        node_inspection_name(out->path.certificates[index], name);
        note(out, "invalid_authority",
             "%s stands on the path as an issuer, but is no authority (CA:FALSE, or a key usage "
             "without keyCertSign)",
             name);
    }
}

/* OpenSSL judges the path: an authority's own list restricts whatever is issued under it. */
static void note_restrictions(struct node_inspection *out) {
    for (unsigned i = 1; i < out->path.length; i++) {
        const struct x509_certificate *authority = out->path.certificates[i];
        unsigned usages = authority->eku.usages;
        bool clients = !authority->eku.present || (usages & X509_USAGE_CLIENT_AUTH) != 0;
        bool servers =
            !authority->eku.present || (usages & (X509_USAGE_SERVER_AUTH | X509_USAGE_SGC)) != 0;
        if (clients && servers) {
            continue;
        }
        char name[NODE_INSPECTION_NAME_SIZE];
        char usage_text[128];
        node_inspection_name(authority, name);
        x509_eku_to_text(authority, usage_text, sizeof usage_text);
        note(out, "restricted_authority",
             "the authority %s carries the usages %s alone: every %s under it is refused at depth "
             "%u (error 26), whatever its own certificate says",
             name, usage_text,
             !clients && !servers ? "node"
             : clients            ? "acceptor"
                                  : "initiator",
             i);
    }
}

static void note_key(struct node_inspection *out) {
    for (unsigned i = 0; i < out->path.length; i++) {
        char key[32];
        char name[NODE_INSPECTION_NAME_SIZE];
        x509_key_to_text(out->path.certificates[i], key, sizeof key);
        if (strncmp(key, "rsa-", 4) == 0 && strtoul(key + 4, NULL, 10) > RSA_BITS_MAX) {
            node_inspection_name(out->path.certificates[i], name);
            note(out, "rsa_too_large",
                 "the key of %s is %s: RSA keys over %u bits may keep a zone from activating", name,
                 key, RSA_BITS_MAX);
        }
    }
}

static void note_validity(struct node_inspection *out, const struct x509_certificate *leaf) {
    /* The last second counts. */
    int64_t days = (leaf->not_after - leaf->not_before + 1) / SECONDS_PER_DAY;
    if (days > PUBLIC_DAYS_MAX && leaf->not_before >= PUBLIC_DAYS_SINCE && !leaf->is_ca) {
        note(out, "long_validity",
             "valid for %lld days: since 2026-03-15 a public authority issues %d at most, so this "
             "one is private, or a renewal comes sooner than before",
             (long long)days, PUBLIC_DAYS_MAX);
    }
}

static void note_names(struct node_inspection *out, const struct x509_certificate *leaf) {
    char names[ALTERNATIVE_NAMES];
    char common_name[256];
    x509_name_list(leaf, names, sizeof names);
    bool has_common_name = x509_certificate_common_name(leaf, common_name, sizeof common_name);
    if (strchr(names, '*') != NULL || (names[0] == '\0' && strchr(common_name, '*') != NULL)) {
        note(out, "wildcard_name",
             "a wildcard never matches a zone's TLS verify name (RFC 5922 section 7.2)");
    }
    if (names[0] == '\0' && has_common_name) {
        note(out, "common_name_only",
             "there is no subject alternative name: it matches no peer but one that still looks at "
             "the CN");
    } else if (names[0] == '\0') {
        note(out, "no_name",
             "there is neither a subject alternative name nor a CN: it matches no "
             "zone's TLS verify name");
    }
}

static bool is_on_path(const struct x509_path *path, const struct x509_certificate *certificate) {
    for (unsigned i = 0; i < path->length; i++) {
        if (base_bytes_equal(path->certificates[i]->der, certificate->der)) {
            return true;
        }
    }
    return false;
}

static void note_order(struct node_inspection *out, struct x509_set chain) {
    unsigned unused = 0;
    char name[NODE_INSPECTION_NAME_SIZE];
    bool has_leaf = false;
    for (unsigned i = 1; i < chain.count; i++) {
        has_leaf |= !chain.certificates[i].is_ca;
        if (!is_on_path(&out->path, &chain.certificates[i]) && unused++ == 0) {
            node_inspection_name(&chain.certificates[i], name);
        }
    }
    if (chain.certificates[0].is_ca) {
        note(out, has_leaf ? "leaf_not_first" : "authority_certificate",
             has_leaf ? "the first certificate is an authority's, and it is the first one that a "
                        "node presents: its own must stand first"
                      : "this is an authority's certificate (CA:TRUE), not a node's");
    }
    if (unused > 0) {
        note(out, "unused_certificates",
             "%u of the certificates sent along %s not on the path, the first one %s; that does no "
             "harm",
             unused, unused == 1 ? "is" : "are", name);
    }
}

void node_inspection_fill_notes(struct node_inspection *out,
                                const struct node_inspection_case *subject) {
    const struct x509_certificate *leaf = &subject->chain.certificates[0];
    note_order(out, subject->chain);
    note_dates(out, subject->now_s);
    note_chain(out, subject);
    note_authorities(out);
    note_restrictions(out);
    note_key(out);
    note_validity(out, leaf);
    note_names(out, leaf);
}
