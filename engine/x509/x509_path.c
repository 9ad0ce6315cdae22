/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "x509_path.h"

/*
 * Cross-signed names multiply the ways to go, and a peer chooses what it sends: this many steps are
 * far more than any real set of authorities needs.
 */
#define STEPS_MAX 512

/* A depth-first search. cursors[i] is the next candidate to try as issuer of certificates[i]. */
struct search {
    struct x509_set sent;
    struct x509_set trust;
    struct x509_path *path;
    size_t cursors[X509_PATH_MAX];
    unsigned steps;
};

/* Equal key identifiers are tried first, candidates where one of the two is missing later. */
enum rank { RANK_KEY_ID_EQUAL, RANK_KEY_ID_UNKNOWN, RANK_COUNT };

static bool is_issuer_with_rank(const struct x509_certificate *child,
                                const struct x509_certificate *candidate, enum rank rank) {
    if (!base_bytes_equal(child->issuer, candidate->subject)) {
        return false;
    }
    if (child->authority_key_id.length == 0 || candidate->subject_key_id.length == 0) {
        return rank == RANK_KEY_ID_UNKNOWN;
    }
    return rank == RANK_KEY_ID_EQUAL &&
           base_bytes_equal(child->authority_key_id, candidate->subject_key_id);
}

static bool is_on_path(const struct x509_path *path, const struct x509_certificate *candidate) {
    for (unsigned i = 0; i < path->length; i++) {
        if (base_bytes_equal(path->certificates[i]->der, candidate->der)) {
            return true;
        }
    }
    return false;
}

/* What the peer sent comes before our own trust. */
static const struct x509_certificate *candidate_at(const struct search *search, size_t index) {
    if (index < search->sent.count) {
        return &search->sent.certificates[index];
    }
    return &search->trust.certificates[index - search->sent.count];
}

static const struct x509_certificate *next_issuer(struct search *search) {
    unsigned top = search->path->length - 1;
    const struct x509_certificate *child = search->path->certificates[top];
    size_t count = (size_t)search->sent.count + search->trust.count;
    while (search->cursors[top] < count * RANK_COUNT) {
        size_t cursor = search->cursors[top]++;
        enum rank rank = cursor < count ? RANK_KEY_ID_EQUAL : RANK_KEY_ID_UNKNOWN;
        const struct x509_certificate *candidate = candidate_at(search, cursor % count);
        if (is_issuer_with_rank(child, candidate, rank) && !is_on_path(search->path, candidate)) {
            return candidate;
        }
    }
    return NULL;
}

/* The copy in the trust of a self-issued certificate, or NULL. */
static const struct x509_certificate *anchor_of(struct x509_set trust,
                                                const struct x509_certificate *certificate) {
    if (!base_bytes_equal(certificate->subject, certificate->issuer)) {
        return NULL;
    }
    for (unsigned i = 0; i < trust.count; i++) {
        if (base_bytes_equal(trust.certificates[i].der, certificate->der)) {
            return &trust.certificates[i];
        }
    }
    return NULL;
}

/* Appends `certificate`. True when that completes the path. */
static bool extend(struct search *search, const struct x509_certificate *certificate) {
    const struct x509_certificate *anchor = anchor_of(search->trust, certificate);
    search->cursors[search->path->length] = 0;
    search->path->certificates[search->path->length++] = anchor != NULL ? anchor : certificate;
    return anchor != NULL;
}

bool x509_path_build(const struct x509_certificate *leaf, struct x509_set sent,
                     struct x509_set trust, struct x509_path *out) {
    struct search search = {.sent = sent, .trust = trust, .path = out};
    *out = (struct x509_path){0};
    if (extend(&search, leaf)) {
        return true;
    }
    while (out->length > 0) {
        const struct x509_certificate *issuer =
            out->length < X509_PATH_MAX ? next_issuer(&search) : NULL;
        if (issuer == NULL) {
            out->length--;
            continue;
        }
        if (extend(&search, issuer)) {
            return true;
        }
        if (++search.steps == STEPS_MAX) {
            break;
        }
    }
    *out = (struct x509_path){0};
    return false;
}

void x509_path_follow(const struct x509_certificate *leaf, struct x509_set sent,
                      struct x509_path *out) {
    struct search search = {.sent = sent, .path = out};
    *out = (struct x509_path){0};
    do {
        (void)extend(&search, leaf);
        leaf = out->length < X509_PATH_MAX ? next_issuer(&search) : NULL;
    } while (leaf != NULL);
}
