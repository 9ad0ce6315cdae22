/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_fault.h"

#include <user_settings.h>
#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/error-crypt.h>

#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    int error;
    enum fault fault;
} known_errors[] = {
    {ASN_AFTER_DATE_E, FAULT_TLS_PEER_EXPIRED},
    {ASN_BEFORE_DATE_E, FAULT_TLS_PEER_NOT_YET_VALID},
    {ASN_NO_SIGNER_E, FAULT_TLS_PEER_UNTRUSTED},
    {ASN_SELF_SIGNED_E, FAULT_TLS_PEER_UNTRUSTED},
    {CRL_CERT_REVOKED, FAULT_TLS_PEER_REVOKED},
    {EXTKEYUSE_AUTH_E, FAULT_TLS_PEER_EKU},
    {KEYUSE_SIGNATURE_E, FAULT_TLS_PEER_KEY_USAGE},
    {KEYUSE_ENCIPHER_E, FAULT_TLS_PEER_KEY_USAGE},
    {DOMAIN_NAME_MISMATCH, FAULT_TLS_PEER_NAME},
    {NO_PEER_CERT, FAULT_TLS_PEER_NO_CERTIFICATE},
    {VERIFY_CERT_ERROR, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {PEER_KEY_ERROR, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {MAX_CHAIN_ERROR, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {RSA_KEY_SIZE_E, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {ECC_KEY_SIZE_E, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {ASN_PATHLEN_SIZE_E, FAULT_TLS_PEER_UNTRUSTED},
    {ASN_PATHLEN_INV_E, FAULT_TLS_PEER_UNTRUSTED},
    {ASN_CRIT_EXT_E, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {ASN_SIG_OID_E, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {ASN_SIG_CONFIRM_E, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {ASN_SIG_HASH_E, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {ASN_SIG_KEY_E, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {ASN_NAME_INVALID_E, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {ASN_ECC_KEY_E, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {ECC_CURVE_OID_E, FAULT_TLS_PEER_BAD_CERTIFICATE},
    {MEMORY_E, FAULT_LOCAL_ERROR},
    {MEMORY_ERROR, FAULT_LOCAL_ERROR},
    {BAD_MUTEX_E, FAULT_LOCAL_ERROR},
    {RNG_FAILURE_E, FAULT_LOCAL_ERROR},
    {OPEN_RAN_E, FAULT_LOCAL_ERROR},
    {READ_RAN_E, FAULT_LOCAL_ERROR},
    {NO_PRIVATE_KEY, FAULT_LOCAL_ERROR},
};

enum fault tls_fault_from_wolfssl(int error) {
    for (size_t i = 0; i < COUNT(known_errors); i++) {
        if (known_errors[i].error == error) {
            return known_errors[i].fault;
        }
    }
    /* The rest of the certificate parser's range: malformed in one way or another. */
    if (error <= ASN_PARSE_E && error >= ASN_NO_PEM_HEADER) {
        return FAULT_TLS_PEER_BAD_CERTIFICATE;
    }
    return FAULT_TLS_PROTOCOL_ERROR;
}

int tls_fault_to_wolfssl(enum fault judgement) {
    static const struct {
        enum fault fault;
        int error;
    } refusals[] = {
        {FAULT_TLS_PEER_EKU, EXTKEYUSE_AUTH_E},
        /* OpenSSL's purpose check covers key usage as well: one error, one alert. */
        {FAULT_TLS_PEER_KEY_USAGE, EXTKEYUSE_AUTH_E},
        {FAULT_TLS_PEER_REVOKED, CRL_CERT_REVOKED},
        {FAULT_TLS_PEER_UNTRUSTED, ASN_NO_SIGNER_E},
        {FAULT_TLS_PEER_CHAIN_INCOMPLETE, ASN_NO_SIGNER_E},
        {FAULT_TLS_PEER_EXPIRED, ASN_AFTER_DATE_E},
        {FAULT_TLS_PEER_NOT_YET_VALID, ASN_BEFORE_DATE_E},
        {FAULT_TLS_PEER_NO_CERTIFICATE, NO_PEER_CERT},
    };
    for (size_t i = 0; i < COUNT(refusals); i++) {
        if (refusals[i].fault == judgement) {
            return refusals[i].error;
        }
    }
    return VERIFY_CERT_ERROR;
}
