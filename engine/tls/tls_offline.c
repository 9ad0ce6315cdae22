/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_offline.h"
#include "tls_chain.h"
#include "x509_key.h"
#include "x509_signature.h"

#include <stdlib.h>
#include <string.h>

#define RSA_BITS_MAX 4096 /* of the library as we build it */

static bool is_known_key(const struct x509_certificate *issuer) {
    char key[32];
    x509_key_to_text(issuer, key, sizeof key);
    if (strncmp(key, "rsa-", 4) == 0) {
        return strtoul(key + 4, NULL, 10) <= RSA_BITS_MAX;
    }
    return strncmp(key, "ecdsa-", 6) == 0 || strcmp(key, "ed25519") == 0;
}

static bool is_known_signature(const struct x509_certificate *certificate) {
    static const char *const known[] = {
        "sha256WithRSAEncryption", "sha384WithRSAEncryption", "sha512WithRSAEncryption",
        "sha1WithRSAEncryption",   "ecdsa-with-SHA256",       "ecdsa-with-SHA384",
        "ecdsa-with-SHA512",       "ecdsa-with-SHA1",         "ED25519",
    };
    char signature[64];
    x509_signature_to_text(certificate, signature, sizeof signature);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(signature, known[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* What the library cannot make sense of although it knows the kind is damaged. */
static enum fault check_signature(const struct x509_certificate *certificate,
                                  const struct x509_certificate *issuer) {
    enum fault fault = tls_chain_check_signature(certificate, issuer);
    bool is_damaged =
        fault == FAULT_LOCAL_ERROR && is_known_key(issuer) && is_known_signature(certificate);
    return is_damaged ? FAULT_TLS_PEER_BAD_CERTIFICATE : fault;
}

enum fault tls_offline_check(const struct x509_path *path, int64_t now_s) {
    enum fault fault = tls_chain_check_dates(path, now_s);
    for (unsigned i = 0; fault == FAULT_NONE && i + 1 < path->length; i++) {
        fault = check_signature(path->certificates[i], path->certificates[i + 1]);
    }
    return fault;
}
