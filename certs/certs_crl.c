/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "certs_authority_state.h"
#include "certs_pem.h"

#include <stdlib.h>

enum {
    CRL_VALID_DAYS = 30,
    CRL_CLOCK_SLACK_SECONDS = 3600, /* the reader's clock may be behind ours */
};

static bool crl_write(struct certs_authority *authority, struct certs_issuer *issuer, int64_t now,
                      struct certs_der *crl) {
    struct certs_signer signer = certs_authority_signer(authority, issuer);
    struct certs_revocations revocations = {
        .entries = certs_der_bytes(&issuer->revoked),
        .number = authority->crl_number,
        .this_update = now - CRL_CLOCK_SLACK_SECONDS,
        .next_update = now + (int64_t)CRL_VALID_DAYS * CERTS_DAY_SECONDS,
    };
    return !issuer->revoked.failed && certs_signed_crl(&signer, &revocations, crl);
}

/* Grows from one list to the next (RFC 5280 section 5.2.3), also when an authority is loaded anew.
 */
static uint64_t crl_number_after(uint64_t last, int64_t now) {
    return now > 0 && (uint64_t)now > last ? (uint64_t)now : last + 1;
}

char *certs_authority_crl_pem(struct certs_authority *authority, struct base_error *error) {
    struct certs_der crls[CERTS_CHAIN_MAX] = {0};
    struct bytes ders[CERTS_CHAIN_MAX];
    unsigned count = 0;
    char *text = NULL;
    int64_t now = certs_authority_now();
    bool done = true;
    authority->crl_number = crl_number_after(authority->crl_number, now);
    for (unsigned i = 0; done && i < authority->count; i++) {
        struct certs_issuer *issuer = &authority->issuers[i];
        if (issuer->key.kind != NULL && issuer->may_sign_crls) {
            done = crl_write(authority, issuer, now, &crls[count]);
            ders[count] = certs_der_bytes(&crls[count]);
            count++;
        }
    }
    if (done && count > 0) {
        text = certs_pem_text("X509 CRL", ders, count);
    }
    for (unsigned i = 0; i < count; i++) {
        certs_der_finish(&crls[i]);
    }
    if (count == 0) {
        base_error_set(error, BASE_ERROR_USAGE,
                       "authority %s cannot revoke: its certificate's key usage lacks cRLSign",
                       authority->name);
    } else if (text == NULL) {
        base_error_set(error, BASE_ERROR_MACHINE, "authority %s cannot sign its revocation lists",
                       authority->name);
    }
    return text;
}
