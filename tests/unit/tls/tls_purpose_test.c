/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tls_forge.h"
#include "tls_lab.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CA           "critical,CA:TRUE"
#define SIGNS        "critical,keyCertSign,cRLSign"
#define ABSENT       ""

TestSuite(tls_purpose, .init = lab_start, .fini = lab_stop);

/*
 * A path of three. What a row does not say is ordinary: authorities that may sign, a leaf with
 * digitalSignature, no extended key usage anywhere. ABSENT leaves an extension out.
 */
struct path_case {
    const char *root_usages;
    const char *middle_usages;
    const char *middle_basic;
    const char *middle_key_usage;
    const char *leaf_usages;
    const char *leaf_key_usage;
    const char *leaf_basic;
    const char *root_basic;
    const char *root_key_usage;
};

static const struct path_case path_cases[] = {
    {.leaf_usages = NULL},
    {.leaf_key_usage = ABSENT},
    {.leaf_usages = "serverAuth"},
    {.leaf_usages = "clientAuth"},
    {.leaf_usages = "serverAuth,clientAuth"},
    {.leaf_usages = "critical,serverAuth,clientAuth"},
    {.leaf_usages = "anyExtendedKeyUsage"},
    {.leaf_usages = "1.3.6.1.5.5.7.3.20"},
    {.leaf_usages = "critical,1.3.6.1.5.5.7.3.20"},
    {.leaf_usages = "codeSigning"},
    {.leaf_usages = "emailProtection,1.2.3.4.5"},
    {.leaf_usages = "msSGC"},
    {.leaf_usages = "nsSGC"},
    {.leaf_usages = "clientAuth,1.3.6.1.5.5.7.3.20"},
    {.leaf_usages = "serverAuth,anyExtendedKeyUsage"},
    {.leaf_key_usage = "keyEncipherment"},
    {.leaf_key_usage = "keyAgreement"},
    {.leaf_key_usage = "nonRepudiation"},
    {.leaf_key_usage = "dataEncipherment"},
    {.leaf_key_usage = "keyCertSign"},
    {.leaf_usages = "serverAuth,clientAuth", .leaf_key_usage = "keyEncipherment"},
    {.root_usages = "serverAuth"},
    {.root_usages = "clientAuth"},
    {.root_usages = "serverAuth,clientAuth"},
    {.root_usages = "anyExtendedKeyUsage"},
    {.middle_usages = "serverAuth"},
    {.middle_usages = "clientAuth"},
    {.middle_usages = "msSGC"},
    {.middle_usages = "anyExtendedKeyUsage", .leaf_usages = "clientAuth"},
    {.middle_usages = "codeSigning", .leaf_usages = "serverAuth,clientAuth"},
    {.root_usages = "serverAuth", .middle_usages = "clientAuth"},
    {.middle_key_usage = "critical,cRLSign"},
    {.middle_key_usage = "digitalSignature"},
    {.middle_key_usage = ABSENT},
    {.middle_basic = "CA:FALSE"},
    {.middle_basic = ABSENT},
    {.middle_basic = ABSENT, .middle_key_usage = ABSENT},
    {.middle_basic = "critical,CA:TRUE,pathlen:0"},
    {.leaf_key_usage = "digitalSignature,keyCertSign", .leaf_basic = "CA:TRUE"},
    {.root_basic = ABSENT},
    {.root_basic = ABSENT, .root_key_usage = ABSENT},
    {.root_basic = "CA:FALSE"},
    {.root_key_usage = ABSENT},
    {.root_key_usage = "cRLSign"},
    {.root_basic = "CA:TRUE,pathlen:0"},
    {.root_basic = "CA:TRUE,pathlen:1"},
    {.leaf_basic = ABSENT},
};

static const char *or_ordinary(const char *given, const char *ordinary) {
    if (given == NULL) {
        return ordinary;
    }
    return given[0] == '\0' ? NULL : given;
}

struct path {
    struct forged leaf;
    struct forged middle;
    struct forged root;
};

static struct path forge_path(const struct path_case *row) {
    struct path path;
    struct forge_spec root = {.name = "root",
                              .basic = or_ordinary(row->root_basic, CA),
                              .key_usage = or_ordinary(row->root_key_usage, SIGNS),
                              .usages = row->root_usages};
    struct forge_spec middle = {.name = "intermediate",
                                .basic = or_ordinary(row->middle_basic, CA),
                                .key_usage = or_ordinary(row->middle_key_usage, SIGNS),
                                .usages = row->middle_usages};
    struct forge_spec leaf = {.name = "leaf",
                              .basic = or_ordinary(row->leaf_basic, "CA:FALSE"),
                              .key_usage = or_ordinary(row->leaf_key_usage, "digitalSignature"),
                              .usages = row->leaf_usages};
    path.root = forge(&root, NULL, NULL);
    path.middle = forge(&middle, &path.root, NULL);
    path.leaf = forge(&leaf, &path.middle, NULL);
    return path;
}

static int openssl_error(const struct path *path, int purpose) {
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    STACK_OF(X509) *sent = sk_X509_new_null();
    cr_assert(store != NULL && context != NULL && sent != NULL);
    cr_assert(X509_STORE_add_cert(store, path->root.certificate));
    cr_assert(sk_X509_push(sent, path->middle.certificate));
    cr_assert(X509_STORE_CTX_init(context, store, path->leaf.certificate, sent));
    cr_assert(X509_STORE_CTX_set_purpose(context, purpose));
    int error = X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
    sk_X509_free(sent);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return error;
}

static void release_der(void *der) {
    OPENSSL_free(der);
}

/* The judge alone, without a handshake. */
static enum fault our_fault(const struct path *path, enum tls_role peer_role) {
    const struct forged *const root[] = {&path->root};
    const struct forged *const chain[] = {&path->leaf, &path->middle};
    struct tls_trust *trust = lab_trust(forge_pem(root, 1), NULL);
    struct x509_certificate sent[2];
    for (unsigned i = 0; i < 2; i++) {
        unsigned char *der = NULL;
        int length = i2d_X509(chain[i]->certificate, &der);
        cr_assert(x509_certificate_parse(base_bytes(lab_keep(der, release_der), (size_t)length),
                                         &sent[i]));
    }
    struct tls_judge_rules rules = {.peer_role = peer_role, .eku_policy = TLS_EKU_EXPRESSWAY};
    bool leaf_checked = false;
    enum fault fault = tls_judge(&rules, (struct x509_set){.certificates = sent, .count = 2}, trust,
                                 &leaf_checked);
    return fault;
}

ParameterizedTestParameters(tls_purpose, judge_agrees_with_openssl) {
    static size_t rows[COUNT(path_cases)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        rows[i] = i;
    }
    return cr_make_param_array(size_t, rows, COUNT(rows));
}

ParameterizedTest(size_t *index, tls_purpose, judge_agrees_with_openssl) {
    struct path path = forge_path(&path_cases[*index]);
    static const int purposes[] = {
        [TLS_ROLE_CLIENT] = X509_PURPOSE_SSL_CLIENT, [TLS_ROLE_SERVER] = X509_PURPOSE_SSL_SERVER};
    for (unsigned role = 0; role < TLS_ROLE_COUNT; role++) {
        int error = openssl_error(&path, purposes[role]);
        enum fault fault = our_fault(&path, (enum tls_role)role);
        cr_expect_eq(fault == FAULT_NONE, error == X509_V_OK,
                     "row %zu role %u: openssl %d (%s), we %s", *index, role, error,
                     X509_verify_cert_error_string(error), base_fault_key(fault));
        if (error == X509_V_ERR_INVALID_PURPOSE) {
            cr_expect(fault == FAULT_TLS_PEER_EKU || fault == FAULT_TLS_PEER_KEY_USAGE,
                      "row %zu: %s", *index, base_fault_key(fault));
        }
    }
}
