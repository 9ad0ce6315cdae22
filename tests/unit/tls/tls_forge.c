/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_forge.h"
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY 86400L

static void add_extension(X509 *certificate, X509V3_CTX *context, int nid, const char *value) {
    if (value == NULL) {
        return;
    }
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, context, nid, value);
    cr_assert_not_null(extension, "%s", value);
    cr_assert(X509_add_ext(certificate, extension, -1));
    X509_EXTENSION_free(extension);
}

static void add_key_ids(X509 *certificate, X509V3_CTX *context, const struct forge_spec *spec) {
    if (!spec->without_key_ids) {
        add_extension(certificate, context, NID_subject_key_identifier, "hash");
    }
    bool self_signed = context->issuer_cert == certificate;
    if (spec->authority_key_id == NULL && !self_signed &&
        X509_get0_subject_key_id(context->issuer_cert) != NULL) {
        add_extension(certificate, context, NID_authority_key_identifier, "keyid");
    }
    if (spec->authority_key_id == NULL) {
        return;
    }
    char der[128];
    size_t length = strlen(spec->authority_key_id) / 2;
    snprintf(der, sizeof der, "DER:30%02zx80%02zx%s", length + 2, length, spec->authority_key_id);
    add_extension(certificate, context, NID_authority_key_identifier, der);
}

static void set_subject(X509 *certificate, const char *name) {
    X509_NAME *subject = X509_get_subject_name(certificate);
    cr_assert(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name,
                                         -1, -1, 0));
}

static void set_serial(X509 *certificate) {
    BIGNUM *serial = BN_new();
    cr_assert(BN_rand(serial, 120, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY));
    cr_assert_not_null(BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate)));
    BN_free(serial);
}

static void release_certificate(void *certificate) {
    X509_free(certificate);
}

static void release_key(void *key) {
    EVP_PKEY_free(key);
}

struct forged forge(const struct forge_spec *spec, const struct forged *issuer, EVP_PKEY *key) {
    struct forged made = {lab_keep(X509_new(), release_certificate), key};
    if (key == NULL) {
        made.key = lab_keep(EVP_EC_gen("P-256"), release_key);
    }
    bool dated = spec->not_before_days != 0 || spec->not_after_days != 0;
    cr_assert(X509_set_version(made.certificate, X509_VERSION_3));
    set_serial(made.certificate);
    set_subject(made.certificate, spec->name);
    X509 *signer = issuer != NULL ? issuer->certificate : made.certificate;
    cr_assert(X509_set_issuer_name(made.certificate, X509_get_subject_name(signer)));
    X509_gmtime_adj(X509_getm_notBefore(made.certificate),
                    DAY * (dated ? spec->not_before_days : -30));
    X509_gmtime_adj(X509_getm_notAfter(made.certificate),
                    DAY * (dated ? spec->not_after_days : 30));
    cr_assert(X509_set_pubkey(made.certificate, made.key));
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer, made.certificate, NULL, NULL, 0);
    add_extension(made.certificate, &context, NID_basic_constraints, spec->basic);
    add_extension(made.certificate, &context, NID_key_usage, spec->key_usage);
    add_extension(made.certificate, &context, NID_ext_key_usage, spec->usages);
    add_key_ids(made.certificate, &context, spec);
    cr_assert(X509_sign(made.certificate, issuer != NULL ? issuer->key : made.key, EVP_sha256()));
    return made;
}

static char *text_of(BIO *bio) {
    char *data = NULL;
    long length = BIO_get_mem_data(bio, &data);
    char *text = lab_keep(strndup(data, (size_t)length), free);
    BIO_free(bio);
    return text;
}

char *forge_pem(const struct forged *const *certificates, unsigned count) {
    BIO *bio = BIO_new(BIO_s_mem());
    for (unsigned i = 0; i < count; i++) {
        cr_assert(PEM_write_bio_X509(bio, certificates[i]->certificate));
    }
    return text_of(bio);
}

char *forge_key_pem(const struct forged *certificate) {
    BIO *bio = BIO_new(BIO_s_mem());
    cr_assert(PEM_write_bio_PrivateKey(bio, certificate->key, NULL, NULL, 0, NULL, NULL));
    return text_of(bio);
}
